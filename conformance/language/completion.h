/* How the caller of a control call learns of its end, and the lines that prepare the call for it.
 *
 *   sync      nothing: it has no OVERLAPPED, and its return is its end
 *   event     e_N = CreateEventW(), o_N = overlapped(event=e_N), and ov=o_N in the call
 *   routine   o_N = overlapped(), and ov=o_N, routine=good in the call
 *   port      p_N = CreateIoCompletionPort(INVALID_HANDLE_VALUE), CreateIoCompletionPort(s, p_N, N) where the call is
 *             the first on this socket, o_N = overlapped(), and ov=o_N in the call
 *   polling   o_N = overlapped(), and ov=o_N in the call
 *
 * The lines are what `by $completion` becomes (language.md). */
#ifndef RESERVOIR_CONFORMANCE_COMPLETION_H
#define RESERVOIR_CONFORMANCE_COMPLETION_H

#include "conformance/language/tree.h"

enum completion {
    COMPLETION_SYNC,
    COMPLETION_EVENT,
    COMPLETION_ROUTINE,
    COMPLETION_PORT,
    COMPLETION_POLLING,
    COMPLETIONS_COUNT
};

enum { COMPLETION_LINES_MAX = 3, COMPLETION_NAME_BYTES = 32 };

const char *completion_name(enum completion completion);
/* COMPLETIONS_COUNT: none has this name. */
enum completion completion_named(const char *name);

/* The name that line number `number` gives: e_2, or with the prefix mode_ mode_e_2. The letter is e, o or p. */
void completion_give_text(char text[COMPLETION_NAME_BYTES], const char *prefix, char letter, unsigned number);

/* Zero-initialise, then say the tree, the completion and the prefix. */
struct completing {
    struct scenario *to; /* gets the lines */
    enum completion completion;
    const char *prefix;              /* of the names that are given; "" for those of the language */
    enum outcome_word prepared;      /* of the lines that prepare: ok, or any */
    int port_of_socket[NAMES_MAX];   /* the name of its completion port plus one, or 0 */
    int16_t event, overlapped, port; /* what the last call was given; NO_NAME: none */
};

/* Adds the call to the steps, after the lines that prepare it; comments above it go above all of them. Its number
 * makes its names. A call by port has the plain name of a socket (asserted), a call by no means an OVERLAPPED of its
 * own. */
void completing_add_call(struct completing *completing, struct step *call, unsigned number);

/* The name of the socket that a control call is about, or NO_NAME where it is written in another way. */
int completion_socket(const struct step *call);

#endif
