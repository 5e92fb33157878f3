/* SIO_ACQUIRE_PORT_RESERVATION, SIO_ASSOCIATE_PORT_RESERVATION, SIO_RELEASE_PORT_RESERVATION: their argument checks,
 * and their effects.
 *
 * A control call passes three gates in order. (1) The user-mode gate of control.c: handle, bytes pointer, OVERLAPPED,
 * routine. (2) The argument gate here: kinds of socket, sizes and pointers of the buffers. (3) The decision here:
 * values, tokens, conflicts, and the effect. A stage's checks are parallel: no page orders them. Gate 3 cannot be
 * reached with an argument that cannot be read, hence the order of 2 and 3; a NULL bytes pointer comes before the code
 * is looked at (W1, W31), hence the order of 1 and 2. */
#ifndef RESERVOIR_STACK_TRANSPORT_RESERVATION_CONTROL_H
#define RESERVOIR_STACK_TRANSPORT_RESERVATION_CONTROL_H

#include "stack/sdk/control_values.h"
#include "stack/system/context.h"

bool is_reservation_code(uint32_t code);

/* Gate 2 for one of the three codes. Adds what is violated. */
void violate_reservation_arguments(struct context *context, unsigned socket, struct violations *violations);

/* Reads the (good) input into a request. */
void load_reservation_request(struct context *context, struct request *request);

/* Gate 3 and the effect. Returns 0 with request->information and the output written to context->result, or the Winsock
 * error. `thread` of the request says which process asks; the context's own call is not looked at. */
uint32_t decide_reservation_request(struct context *context, struct request *request);

#endif
