/* What a step refers to: its arguments, the call that it ends, the socket and the process that it is about. */
#ifndef RESERVOIR_CONFORMANCE_SESSION_REFER_H
#define RESERVOIR_CONFORMANCE_SESSION_REFER_H

#include "conformance/session/session.h"
#include "stack/errors.h"

/* The written value of a parameter, or NULL when it was left out. */
const struct expression *session_argument(const struct step *step, unsigned parameter);

/* The name given as the first argument when it is a handle's name, else NO_NAME. */
int session_handle_name(const struct scenario *scenario, const struct step *step);

/* The call that a `returns` step ends: the last call before it on its thread that a blocking hook has not made. `step`
 * belongs to the scenario. */
const struct step *session_call_of(const struct scenario *scenario, const struct step *step);

/* The process that a call is to start, CreateProcess of one that has a line of its own; else NO_NAME. */
int session_child(const struct step *step);

/* The transport of the socket that is the call's first argument, or of the packet that is expected; 0 when it is not
 * known. */
uint8_t session_transport(const struct session *session, const struct scenario *scenario, const struct step *call);

/* The control code of a WSAIoctl step, 0 when it is not a plain one. */
uint32_t session_control_code(const struct session *session, const struct scenario *scenario, const struct step *step);

/* Which family of functions a step calls: its errors are named by it. ERROR_FAMILY_WINSOCK for NULL. */
enum error_family session_error_family(const struct step *call_step);

#endif
