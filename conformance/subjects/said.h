/* What a host said while one process asked it, so that another can take it as if it had asked itself.
 *
 * Who plays gives its subject a `said` to keep (subject_keep): it gets how each instance began, what each step yielded
 * and how it ended. Whoever has these bytes gives them to a subject of the same host (subject_take), and plays the same
 * instances in the same order: what it begins, plays and ends is answered from there, and no agent is asked. Judging,
 * recording and reporting are the second one's alone, so that they do not depend on who played. */
#ifndef RESERVOIR_CONFORMANCE_SAID_H
#define RESERVOIR_CONFORMANCE_SAID_H

#include "conformance/base/reason.h"
#include "conformance/base/text.h"
#include "conformance/player/trace_file.h"
#include "conformance/session/executor.h"

/* Zero-initialise; free with said_free. The bytes are of this build alone. */
struct said {
    struct text bytes;
    size_t at;              /* how far they were taken */
    struct fact_list facts; /* of the agent that played the instance that was taken last */
};

void said_free(struct said *said);

/* How an instance of this name began: its PORTS_MAX ports, the facts of who plays it. Where what was said ends, or is
 * of another instance, it is STEP_BROKEN with `detail`. */
void said_keep_begin(struct said *said, const char *name, enum step_result result, const uint16_t *ports_first,
                     const struct fact_list *facts, const struct reason *detail);
enum step_result said_take_begin(struct said *said, const char *name, uint16_t *ports_first, struct reason *detail);

/* What a step yielded: after STEP_SEEN its line, which stays in `said`. */
void said_keep_step(struct said *said, enum step_result result, const struct text *line, const struct reason *detail);
enum step_result said_take_step(struct said *said, const char **line, size_t *length, struct reason *detail);

/* How it ended. */
void said_keep_end(struct said *said, enum step_result result, const struct reason *detail);
enum step_result said_take_end(struct said *said, struct reason *detail);

#endif
