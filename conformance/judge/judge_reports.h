/* What a host reports of a call after the call's own outcome.
 *
 * An ACQUIRE that pends shows no block, and a connect that blocks no port; both come later, after `#~` or with
 * `returns`.
 * Until then the judge has to take something. When it is reported, the steps since are judged anew with what is known
 * now, so that no guess remains. What is reported and can be in no world is a contradiction of that call. */
#ifndef RESERVOIR_CONFORMANCE_JUDGE_REPORTS_H
#define RESERVOIR_CONFORMANCE_JUDGE_REPORTS_H

#include "conformance/judge/judge_worlds.h"
#include "stack/choice.h"

/* Takes what has been reported with the answer to `step`. `reader`: the session that read the answers so far. True when
 * the steps since the rewind's beginning have to be judged anew. */
bool judge_hear(struct judge *judge, const struct step *step, const struct observation *seen,
                const struct session *reader);

/* Tokens have their numbers (t1, t2) in the order in which the host showed them, in every state. */
void judge_number_tokens(struct judge *judge, const struct session *reader);

/* Names what has been reported of this call for the odometer. */
void judge_name_reported(const struct judge *judge, const struct step *step, struct odometer *odometer);

/* Is what has been reported of this call true in a state that follows it? */
bool judge_report_holds(const struct judge *judge, const struct step *step, const struct session *session);

/* Drops the states in which a report is not true; keeps all when it is true in none, and notes the contradiction. */
void judge_drop_contradicted(struct judge *judge);

/* The states before the step that was just judged are kept for a rewind: takes them over. */
void judge_keep_for_rewind(struct judge *judge, struct state_list *before, bool exhaustive);

/* A step that was judged, or a child that waits, goes into the history of a rewind. */
void judge_note_history(struct judge *judge, const struct waiting_child *played);

/* Goes back to where the history begins. */
void judge_go_back(struct judge *judge);

void judge_reports_free(struct judge *judge);

#endif
