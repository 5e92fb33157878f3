/* What is alike for all calls that take an OVERLAPPED: whether it counts, what a request takes from it, and what is
 * stored in it when the call fails at once or pends.
 *
 * `overlapped` and `routine` are the indices of these parameters in the call's record; routine may be NO_PARAMETER. */
#ifndef RESERVOIR_STACK_TRANSPORT_OVERLAPPED_H
#define RESERVOIR_STACK_TRANSPORT_OVERLAPPED_H

#include "stack/system/context.h"

enum { NO_PARAMETER = 0xff };

/* Does the OVERLAPPED count? PAR-12, PAR-13, W120: on a socket without the attribute it is ignored. A handle that is no
 * socket is taken as one with the attribute: the pointer would be looked at. */
bool overlapped_counts(const struct context *context, unsigned socket, unsigned overlapped);

/* Makes a request one of an OVERLAPPED that counts and can be read (asserted): its event, its notice, its routine. */
void overlapped_fill(const struct context *context, unsigned overlapped, unsigned routine, struct request *request);

/* The call fails at once: no completion follows; Internal stays or says STATUS_PENDING (W26, W30, W50, W146). `failure`
 * is the value that it returns. */
void overlapped_fail_at_once(struct context *context, unsigned overlapped, uint64_t failure, uint32_t error);

/* Internal of the OVERLAPPED at this user address says STATUS_PENDING. */
void overlapped_store_pending(struct context *context, uint64_t address);

/* The call returns `failure` and WSA_IO_PENDING; the completion of the request is an internal step to come. */
void overlapped_return_pending(struct context *context, unsigned request, uint64_t failure);

#endif
