/* Why the model answered so: the open questions on which the answer depends, each with what it would have been
 * otherwise.
 *
 * They are found by trying: the scenario is played again for each question that was asked and each of its candidates,
 * and a question counts where the answers part for the first time. What no candidate changes is sure, as far as the
 * model is. */
#ifndef RESERVOIR_REPORTS_REASONS_H
#define RESERVOIR_REPORTS_REASONS_H

#include "conformance/base/text.h"
#include "reports/commands/played.h"

struct reasons;

/* Plays every alternative to `played`, which is `instance` by `profile` with `seed`. All are borrowed and must outlive
 * it. */
struct reasons *reasons_find(const struct scenario *instance, const struct profile *profile, uint64_t seed,
                             const struct played *played);
void reasons_free(struct reasons *reasons); /* NULL is allowed */

/* Adds the reasons of the answer to step `index`: what an error means, the questions with their candidates, the clauses
 * that these touch, and after a conflict who holds the ports. Lines begin with `indent`. */
void reasons_add(const struct reasons *reasons, unsigned index, const char *indent, struct text *out);

#endif
