/* What a host is known not to show: runs that are unsupported or inconclusive there. Recorded like deviations, so that
 * a green run means what it meant yesterday: a run that shows nothing any more is noticed, and so is one that does
 * now.
 *
 * A record is a text, a line for each scenario (all its variants) or each instance; what follows `#` is a comment:
 *
 *     unsupported            persistent/create           # no function CreatePersistentTcpPortReservation here
 *     inconclusive           associate/by-event[tcp.v4]  # not sent: needs r, line 12
 *     sometimes inconclusive control/bind-any            # by chance; another time, or in another variant, it is seen
 *     without-capture inconclusive connections/keepalive # only where the host's packets are not captured
 *     unsupported            links/STAR                  # with an asterisk for STAR: all scenarios of the folder
 */
#ifndef RESERVOIR_CONFORMANCE_UNSEEN_H
#define RESERVOIR_CONFORMANCE_UNSEEN_H

#include "conformance/language/language_error.h"
#include "conformance/verdicts/run_record.h"

struct unseen_entry {
    const char *name; /* associate/by-event, or associate/by-event[tcp.v4] */
    enum verdict verdict;
    bool sometimes;
    bool without_capture;
    uint32_t line;
};

/* Zero-initialise; free with unseen_free. */
struct unseen {
    struct arena *arena;
    struct unseen_entry *entries;
    uint32_t count;
};

/* Adds the entries of a text. False with *error filled: file, line, and what was expected. A row that is there already
 * is an error: who takes one out would leave the other. */
bool unseen_parse(struct unseen *unseen, const char *file, const char *text, size_t length,
                  struct language_error *error);

/* The same of a file. One that is not there is an error. In the tree of scenarios, as TREE/hosts/NAME/unseen, the
 * scenarios that it names have to be there. */
bool unseen_read(struct unseen *unseen, const char *path, struct language_error *error);

void unseen_free(struct unseen *unseen);

/* Raises unseen-new for each instance of the subject that shows nothing and is not recorded so, and conform-unexpected
 * for each that is recorded and was seen. One that waits for a restart or of which no trace is recorded is left alone,
 * and so is one in which something deviated that happens sometimes. */
void unseen_check(const struct unseen *unseen, unsigned subject, struct run_record *record);

/* Adds the record that fits this run: what `before` says of scenarios that were not played stays, and what it called
 * inconclusive and was seen this time is so sometimes. So is what was seen only as a deviation that happens sometimes,
 * and has a step that was not sent. */
void unseen_print(const struct unseen *before, unsigned subject, const struct run_record *record, struct text *out);

#endif
