/* The clause catalogue: every checkable statement of the reference page, from a table of tab-separated lines
 * (scenarios/clauses.tsv): id, section, statement, what contradicts it, decidable or not and why. And what no scenario
 * shows yet (scenarios/planned.tsv): id of a clause or of a question (Q35), the part of the work that it belongs to, why. */
#ifndef RESERVOIR_REPORTS_CATALOGUE_H
#define RESERVOIR_REPORTS_CATALOGUE_H

#include <stdbool.h>

#include "conformance/language/language_error.h"

enum { CLAUSE_FIELDS = 5, PLANNED_FIELDS = 3 };

struct clause {
    const char *id, *section, *statement;
    const char *contradicted;  /* what contradicts it or which question it touches; "-" for none */
    const char *decidable;     /* "decidable", or "undecidable: why" */
};

struct planned {
    const char *id;      /* ASC-06, Q35 */
    const char *part;    /* C persistent reservations and privilege; D completion and provider; E the wire */
    const char *reason;
};

/* Zero-initialise; free with catalogue_free. */
struct catalogue {
    struct arena *arena;
    struct clause *clauses;
    uint32_t count;
    struct planned *planned;
    uint32_t planned_count;
};

/* Reads the table. False with *error filled. */
bool catalogue_read(struct catalogue *catalogue, const char *path, struct language_error *error);
const struct clause *catalogue_find(const struct catalogue *catalogue, const char *id);
bool clause_is_decidable(const struct clause *clause);

/* Reads what is planned into the same catalogue. False with *error filled. */
bool catalogue_read_planned(struct catalogue *catalogue, const char *path, struct language_error *error);
const struct planned *catalogue_find_planned(const struct catalogue *catalogue, const char *id);

void catalogue_free(struct catalogue *catalogue);

#endif
