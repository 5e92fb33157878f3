/* What the files of the session share; nobody else includes this.
 *
 *   session.c          names and their values: declare, evaluate, bind, learn
 *   session_prepare.c  a step becomes a call record
 *   session_observe.c  a result record becomes an observation
 *   session_print.c    an observation becomes text
 *   session_read.c     that text becomes the observation again
 *   session_match.c    an observation against what a scenario asserts
 *
 * USER ADDRESSES. The session invents them; an address tells what stands there:
 *   STEP_ADDRESSES + step * STEP_STRIDE + argument * PAGE_STRIDE   memory of one argument of one call
 *   OUTPUT_ADDRESSES + name * PAGE_STRIDE                          the output buffer, protocol info included, of a call
 *                                                                  that has a product
 *   OBJECT_ADDRESSES + name * PAGE_STRIDE                          an overlapped() or a buffer()
 * A page is never shared, so that what is written late finds its owner by arithmetic. */
#ifndef RESERVOIR_CONFORMANCE_SESSION_PARTS_H
#define RESERVOIR_CONFORMANCE_SESSION_PARTS_H

#include "conformance/session/session.h"
#include "stack/errors.h"

enum {
    PAGE_STRIDE = 0x1000,
    STEP_STRIDE = 0x10000,
    STEP_ADDRESSES = 0x10000000,
    OUTPUT_ADDRESSES = 0x60000000,
    OBJECT_ADDRESSES = 0x70000000,
    ROUTINE_ADDRESS = 0x7f000000,
    RANGE_LENGTH_MAX = 0xf00,       /* of a buffer of ours: a larger size argument gets this much memory */
    WSADATA_SIZE = 408,             /* of 64-bit Windows */
    SOCKADDR_STORAGE_SIZE = 128,
    TOKEN_LENGTH_MAX = 8,           /* of the text t1 .. t32 */
};

/* live_value.untold: what the next printed line still has to tell behind `#~`. */
enum untold { UNTOLD_NOTHING, UNTOLD_PORT, UNTOLD_LATE /* bound by a late write: no observable has shown it */ };

/* --- session.c ------------------------------------------------------------------------------------------------ */

/* The 64-bit value of a scalar expression. False with *needed when it names what was never produced. */
bool session_evaluate(const struct session *session, const struct scenario *scenario,
                      const struct expression *expression, uint64_t *value, int *needed);

/* The block of ports that a name stands for; false when it has none. */
bool session_ports_of(const struct session *session, const struct scenario *scenario, int name, uint16_t *first,
                      uint16_t *count);

/* Gives a name `wanted` bytes of session.memory as its image, filled with poison, or as many as are left. */
void session_memory_take(struct session *session, struct live_value *live, uint32_t wanted);

/* The name behind an address of an object (or of an output with a product), or NO_NAME; *offset within its page. */
int session_object_at(uint64_t address, uint32_t *offset);
int session_output_at(uint64_t address, uint32_t *offset);

/* Number of a token, from 1 on, in order of first sight; 0 when it was never seen. */
unsigned session_token_number(const struct session *session, uint64_t token);
void session_token_add(struct session *session, uint64_t token);

/* tN -> N for 1..SESSION_TOKENS_MAX, else 0. */
unsigned session_token_text(const char *text);

/* Gives the name of a control code's output its values from the image in session.memory. */
void session_bind_output(struct session *session, const struct scenario *scenario, int name, enum untold untold);

/* Binds what an observation shows: product, port of the socket, closed names. `handle` is the new handle. */
void session_bind(struct session *session, const struct scenario *scenario, const struct step *step,
                  const struct observation *seen, uint64_t handle);

/* Takes note of who ends with this step. */
void session_note_event(struct session *session, const struct scenario *scenario, const struct step *step);

/* The call that a `returns` step ends: the last call before it on its thread. `step` belongs to the scenario. */
const struct step *session_call_of(const struct scenario *scenario, const struct step *step);

/* The transport of the socket that is the call's first argument; 0 when it is not known. */
uint8_t session_transport(const struct session *session, const struct scenario *scenario, const struct step *call);

/* The name given as the first argument when it is a handle's name, else NO_NAME. */
int session_handle_name(const struct scenario *scenario, const struct step *step);

/* The written value of a parameter, or NULL when it was left out. */
const struct expression *session_argument(const struct step *step, unsigned parameter);

/* The control code of a WSAIoctl step, 0 when it is not a plain one. */
uint32_t session_control_code(const struct session *session, const struct scenario *scenario, const struct step *step);

enum error_family session_error_family(const struct step *call_step);

/* --- session_print.c ------------------------------------------------------------------------------------------ */

/* One observable's value, or the word of the outcome, as a trace prints it. */
void session_print_value(const struct session *session, const struct scenario *scenario, const struct step *step,
                         const struct observation *seen, enum observable observable, struct text *out);
void session_print_word(const struct scenario *scenario, const struct step *step, const struct observation *seen,
                        struct text *out);

#endif
