/* sendto: as far as it goes without a wire. What matters here is that it binds a socket that is not bound yet. */
#ifndef RESERVOIR_STACK_TRANSPORT_SEND_H
#define RESERVOIR_STACK_TRANSPORT_SEND_H

#include "stack/system/context.h"

void call_sendto(struct context *context);

#endif
