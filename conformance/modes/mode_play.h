/* An instance played by one mode: what became of each of its lines, and how each control call ended, however that was
 * learnt. */
#ifndef RESERVOIR_CONFORMANCE_MODE_PLAY_H
#define RESERVOIR_CONFORMANCE_MODE_PLAY_H

#include "conformance/modes/mode_lines.h"
#include "conformance/subjects/subject.h"

/* How a control call ended.
 *
 *   NOT_SENT --the call--> OK, FAILED, FAULT              (its return is its end)
 *                          STAYS                          (it blocks, or pends)
 *   STAYS    --a wait, a question--> OK, FAILED
 *   OK at once, overlapped --a wait--> OK                 (its completion came)
 *                                      UNREPORTED         (none came)
 *   any end  --a second completion--> TWICE */
enum ending { ENDING_NOT_SENT, ENDING_OK, ENDING_FAILED, ENDING_STAYS, ENDING_FAULT, ENDING_UNREPORTED, ENDING_TWICE };

struct learnt {
    enum ending ending;
    uint32_t error;      /* FAILED: in the words of who said so; FAULT: the exception code */
    bool bytes_are_said; /* of OK */
    uint32_t bytes;
    bool at_once;       /* overlapped: the call itself has said so */
    bool left_alone;    /* OK at once: the call has not written lpcbBytesReturned */
    const char *stored; /* OK: what was stored in the product, in hexadecimal; or NULL */
};

struct mode_answer {
    const struct step *step; /* of the instance as this mode has it */
    bool is_control;         /* a control call or its `returns`: `learnt` counts, else `text` */
    struct learnt learnt;
    const char *text; /* as a trace has it, routines included; NULL: it was not sent, or has no answer */
};

struct mode_played {
    struct arena *arena;
    unsigned count; /* lines of the instance */
    struct mode_answer *answers;
    unsigned calls;        /* control calls that were sent */
    struct reason trouble; /* why it could not be played to its end by this mode, or "" */
};

/* Plays the lines on a subject. Free with mode_played_free(). */
void mode_play(struct subject *subject, const struct mode_lines *lines, const char *id, struct mode_played *played);
void mode_played_free(struct mode_played *played);

/* WSAEINVAL; `blocks or pends`; `ok, 8 bytes`: in words. */
void learnt_print(const struct learnt *learnt, struct text *out);

#endif
