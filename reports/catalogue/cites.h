/* Which clauses the outcomes of a step cite. */
#ifndef RESERVOIR_REPORTS_CITES_H
#define RESERVOIR_REPORTS_CITES_H

#include <stdbool.h>
#include <stdint.h>

#include "conformance/language/tree.h"

bool outcome_cites(const struct outcome *outcome, const char *clause);

/* Does an alternative of the line? */
bool step_cites(const struct step *step, const char *clause);

/* The clause as one bit of 64, drawn from its name, and those of all that an instance cites. An instance without the
 * clause's bit does not cite it; one with it may. */
uint64_t clause_bit(const char *clause);
uint64_t instance_clause_bits(const struct scenario *instance);

#endif
