/* listen and connect, as far as they matter to who holds which port: connect binds a socket that is not bound.
 *
 * There is no wire yet: a connection reaches a listener of the same machine at once, or nothing. */
#ifndef RESERVOIR_STACK_TRANSPORT_CONNECT_H
#define RESERVOIR_STACK_TRANSPORT_CONNECT_H

#include "stack/system/context.h"

/* Their errors stand above them in the .c file, in the order of their checks. */
void call_listen(struct context *context);
void call_connect(struct context *context);

#endif
