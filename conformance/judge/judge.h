/* The judge: may a host answer this? If not, what was allowed?
 *
 * The judge keeps every world that the observations so far allow, each with its session and with the readings that it
 * relies on. For each observed step it tries, on copies, every sequence of answers that the model may ask for (an
 * odometer over prefixes), lets the observation name large domains (the port that bind took, the token), drops what
 * contradicts the observation, and merges what is equal. Worlds that differ in one reading only, with every candidate
 * present, become one in which the question is open again, so that the set stays small.
 *
 * When nothing is left, the step deviates: the report shows the observed outcome and every allowed one with the
 * readings that it needs, and the judge continues with the nearest world: one in which as much as possible of what was
 * observed came true, or, after a refused call, the world before it.
 *
 * A judge is used step by step, in the order in which the steps were played (children of a `together` in file order;
 * the judge tries their orders itself). The scenario is an expanded instance, borrowed. */
#ifndef RESERVOIR_CONFORMANCE_JUDGE_H
#define RESERVOIR_CONFORMANCE_JUDGE_H

#include "conformance/base/reason.h"
#include "conformance/judge/judgement.h"
#include "conformance/session/session.h"
#include "conformance/stage/stage_facts.h"

struct judge; /* opaque; heap */

/* `facts`: what the machine that answers says of itself (stage_facts.h), borrowed during the call. `profile`: readings
 * that it answers are fixed, those that it leaves open (0) are tried; NULL leaves all open. Returns NULL when facts or
 * world lines cannot be set on the model, or contradict each other (reason receives why). */
struct judge *judge_create(const struct scenario *scenario, const uint16_t *ports_first, struct machine_facts facts,
                           const struct profile *profile, struct reason *reason);
void judge_free(struct judge *judge);

/* A step that was played: `result` and, when STEP_SEEN, what was seen, and the session that has read all answers so
 * far:
 * it knows what was reported of earlier calls (NULL: nothing was). Steps that were not sent (STEP_NEEDS) change
 * nothing and are not passed in. The judge waits for all children of a `together`: the judgement of each child but the
 * last says allowed, the verdict on the last one is about the whole group. */
void judge_step(struct judge *judge, const struct step *step, enum step_result result, const struct observation *seen,
                const struct session *reader, struct judgement *judgement);

/* Is this port in the dynamic range of the machine that answers: the one of its facts, else of the scenario's world
 * lines, else Windows' own? */
bool judge_port_is_dynamic(const struct judge *judge, enum transport transport, uint64_t port);

/* Is there a world left in which all of these readings hold (an open question holds any)? True where worlds were
 * dropped, because there were too many: who cannot know refuses nothing. */
bool judge_readings_hold(const struct judge *judge, const struct source *sources, unsigned sources_count);

/* The candidates of a question that are still possible, as a bit set (bit 0: a). All bits when it was never asked, and
 * where worlds were dropped. */
unsigned judge_candidates(const struct judge *judge, unsigned question);

/* The same of all questions at once. Call it again with the same array after each step: it is written only when
 * something could have been learnt since. */
void judge_follow_candidates(struct judge *judge, uint8_t candidates[READINGS_MAX]);

#endif
