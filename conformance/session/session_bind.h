/* Binding: the names of a step get the values that were observed. */
#ifndef RESERVOIR_CONFORMANCE_SESSION_BIND_H
#define RESERVOIR_CONFORMANCE_SESSION_BIND_H

#include "conformance/session/session.h"

/* Learns from an observation that another program made (a trace, the answer of a host) as if session_observe had made
 * it: binds the product's name, learns ports and tokens. */
void session_learn(struct session *session, const struct scenario *scenario, const struct step *step,
                   const struct observation *seen);

/* Binds what an observation shows: product, port of the socket, closed names. `handle` is the new handle. */
void session_bind(struct session *session, const struct scenario *scenario, const struct step *step,
                  const struct observation *seen, uint64_t handle);

/* Gives the name of a control code's output its values from the image in session.memory. */
void session_bind_output(struct session *session, const struct scenario *scenario, int name, enum unprinted unprinted);

/* What a session knows of the reservation that an output holds. */
struct reported_block {
    uint64_t token;
    uint16_t first, count;
};

/* False when the name is not the output of an ACQUIRE, or nothing has been reported of it. */
bool session_reported_block(const struct session *session, const struct scenario *scenario, int name,
                            struct reported_block *block);

#endif
