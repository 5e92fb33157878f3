/* Traces: written while a scenario is played, read back as answers.
 *
 * A trace is the expanded instance with `trace` on its first line, facts about who answered, the ports that were found,
 * and of each step what was seen. A step that was not sent, and what ended a run early, stand there as comments:
 *   app: bind(s, 0.0.0.0:r) -> ...  # not sent: needs r
 *   # unsupported: REASON
 *   # not modelled: WHAT
 *   # broken: REASON
 *   # restart: MARK         after a last line `reboot`: resumed when the machine has restarted; MARK names the boot
 * It is text with LF ends on every system. */
#ifndef RESERVOIR_CONFORMANCE_TRACE_FILE_H
#define RESERVOIR_CONFORMANCE_TRACE_FILE_H

#include <stdio.h>

#include "conformance/base/arena.h"
#include "conformance/base/text.h"
#include "conformance/language/tree.h"
#include "conformance/session/observation.h"

enum { FACTS_MAX = 24 };

/* Facts of a trace's head, in order. */
struct fact_list {
    struct key_value facts[FACTS_MAX];
    uint32_t count;
    struct arena *arena; /* owns keys and values; made when the first comes */
};

/* Adds `key value`; what goes beyond FACTS_MAX is dropped. Both are copied. Zero-initialise a list. */
void fact_list_add(struct fact_list *list, const char *key, const char *value);
/* Adds all facts of another list. */
void fact_list_copy(struct fact_list *list, const struct fact_list *source);
/* The value of a key, or NULL. Valid until fact_list_free. */
const char *fact_list_value(const struct fact_list *list, const char *key);
void fact_list_free(struct fact_list *list);

/* A trace that is being written. Zero-initialise. */
struct trace {
    struct text text; /* all of it, to compare traces */
    FILE *file;       /* or NULL: kept in memory only */
    bool failed;      /* a write failed */
};

/* Where the trace of an instance belongs: FOLDER/ID.trace with ID such as associate/after-bind[udp.v6]. False when the
 * path is too long. `path` has FOLDER_PATH_MAX bytes. */
bool trace_path(const char *folder, const char *id, char *path);

/* Writes the head. `path` may be NULL. False when the file cannot be made (errno is set). */
bool trace_begin(struct trace *trace, const char *path, const struct scenario *instance, const struct fact_list *facts,
                 const uint16_t *ports_first);

/* Adds one step as it was played, and flushes, so that a death loses nothing. `line` is the trace line of STEP_SEEN;
 * `detail` the needed name of STEP_NEEDS, the reason of STEP_UNSUPPORTED and STEP_BROKEN, the mark of STEP_RESTART. */
void trace_step(struct trace *trace, const struct scenario *instance, const struct step *step,
                const struct step *together, enum step_result result, const char *line, const char *detail);

/* Adds `# unsupported: REASON` or `# broken: REASON` after the last step. */
void trace_ended_early(struct trace *trace, enum step_result result, const char *reason);

/* Closes the file; false when anything could not be written. The text stays until trace_free. */
bool trace_end(struct trace *trace);
void trace_free(struct trace *trace);

/* The port that the end of a ports line reports after `#~`, such as `p=50000`; false when it reports none. */
bool live_port(const char *live, uint16_t *port);

/* Ports that the `ports` lines of the trace report after `#~`, one for each. False when one has none. */
bool trace_ports(const struct scenario *trace, uint16_t *ports_first);

/* Is a step of the trace the same call, spelt as the canonical layout spells it, as a step of the instance? */
bool trace_same_call(const struct scenario *instance, const struct step *step, const struct scenario *trace,
                     const struct step *answered);

/* How the step of a trace was played: STEP_SEEN, STEP_DONE, or STEP_NEEDS with the name. Only `...` with the comment
 * that says so was not sent: any other answer was given, and one that was left out cannot be read (session_read.h). */
enum step_result trace_step_result(const struct step *step, const char **needed);

/* How a trace ended after its last step: STEP_DONE; or STEP_UNSUPPORTED or STEP_BROKEN with the reason; or STEP_RESTART
 * with the mark, when its last step is a `reboot`. What stands last counts. */
enum step_result trace_ending(const struct scenario *trace, const char **reason);

#endif
