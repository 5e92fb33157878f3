/* getsockopt and setsockopt. Their errors stand above them in the .c file, in the order of their checks. */
#ifndef RESERVOIR_STACK_TRANSPORT_OPTIONS_H
#define RESERVOIR_STACK_TRANSPORT_OPTIONS_H

#include "stack/system/context.h"

void call_getsockopt(struct context *context);
void call_setsockopt(struct context *context);

#endif
