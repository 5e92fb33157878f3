/* A control call that is cancelled, at every point: issued overlapped, cancelled by CancelIoEx in the next line, and
 * awaited, in every order of what the model does meanwhile. Where the scenario does not say how its provider completes,
 * it is played on two: one that passes the call on and pends, having decided it, and one that has not decided it yet.
 *
 * In each order one of two things is so. Either the call ended as in an order without the cancellation, and the rest of
 * the scenario goes as there; or it ended with WSA_OPERATION_ABORTED, and the rest goes as if it had never been made.
 * What WSAGetLastError answers is not compared: the lines that cancel and ask are calls as well. */
#ifndef RESERVOIR_CONFORMANCE_MODE_CANCEL_H
#define RESERVOIR_CONFORMANCE_MODE_CANCEL_H

#include "conformance/base/reason.h"
#include "conformance/base/text.h"
#include "conformance/language/tree.h"
#include "stack/choice.h"

struct mode_cancelled {
    uint64_t orders, ended, aborted; /* orders in which it ended as ever, and in which it was aborted */
    struct text wrong;               /* an order in which neither is so, as it was played; empty: there is none */
    struct reason trouble;           /* why it cannot be played so, or "" */
};

/* Cancels the control call that is step number `at` of the instance, a step that the modes change (mode_lines.h).
 * Free with mode_cancelled_free(). */
void mode_cancel(const struct scenario *instance, const struct profile *profile, unsigned at,
                 struct mode_cancelled *cancelled);
void mode_cancelled_free(struct mode_cancelled *cancelled);

#endif
