/* Whose memory it is, of an instance that a host plays: what ownership.h says of calls and results, from what was
 * observed of them. A host's records are not known where its answers arrive as text, nor are the values of its
 * handles. But the lines say which memory they hand over, and their answers which of them learns of an end.
 *
 * What cannot be known so: when the host wrote to the memory, and what the program read between two lines. */
#ifndef RESERVOIR_CONFORMANCE_MEMORY_WATCH_H
#define RESERVOIR_CONFORMANCE_MEMORY_WATCH_H

#include "conformance/player/ownership.h"
#include "conformance/session/observation.h"
#include "conformance/session/session.h"

struct memory_watch {
    struct ownership ownership;
    struct call call;                             /* of the step that is being played */
    bool is_prepared;                             /* its record is there */
    struct call parked[THREADS_MAX];              /* the call that each parked thread is in */
    const struct step *parked_steps[THREADS_MAX]; /* its step; NULL: the thread is not parked, or is not followed */
    struct session scratch;                       /* as the session that is watched, with a number for each handle */
};

/* An instance begins. Where it has nothing that could misuse memory (ownership_begin), the steps cost nothing. */
void memory_watch_begin(struct memory_watch *watch, const struct scenario *scenario);

/* A step is about to be played, with what the session knows so far. */
void memory_watch_before(struct memory_watch *watch, const struct session *session, const struct scenario *scenario,
                         const struct step *step);

/* It has been played: STEP_SEEN, with what was seen, or STEP_DONE. */
void memory_watch_after(struct memory_watch *watch, const struct scenario *scenario, const struct step *step,
                        enum step_result result, const struct observation *seen);

/* After the last step: what the instance did to memory that was not its own, with both lines, and the line of it; NULL:
 * nothing. */
const char *memory_watch_misuse(struct memory_watch *watch, uint32_t *line);

#endif
