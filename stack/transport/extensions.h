/* What ConnectEx, AcceptEx and DisconnectEx have in common: they return TRUE or FALSE, and an error at once leaves its
 * trace in the OVERLAPPED (W146). */
#ifndef RESERVOIR_STACK_TRANSPORT_EXTENSIONS_H
#define RESERVOIR_STACK_TRANSPORT_EXTENSIONS_H

#include "stack/system/context.h"

/* The socket of handle argument `argument`. NO_ROW: the call has ended with WSANOTINITIALISED or WSAENOTSOCK; or, of a
 * raw socket or one of AF_UNIX, as not modelled. `overlapped` is the index of its OVERLAPPED. */
unsigned begin_extension_call(struct context *context, unsigned argument, unsigned overlapped);

/* Ends the call with FALSE and this error: no completion follows. Internal says STATUS_PENDING all the same (W146). */
void extension_fail(struct context *context, unsigned overlapped, uint32_t error);

#endif
