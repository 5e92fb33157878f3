/* The clause catalogue: every checkable statement of the reference page, from a table of tab-separated lines
 * (scenarios/clauses.tsv): id, section, statement, what contradicts it, decidable or not and why. */
#ifndef RESERVOIR_REPORTS_CATALOGUE_H
#define RESERVOIR_REPORTS_CATALOGUE_H

#include "conformance/language.h"

enum { CLAUSE_FIELDS = 5 };

struct clause {
    const char *id, *section, *statement;
    const char *contradicted;  /* what contradicts it or which question it touches; "-" for none */
    const char *decidable;     /* "decidable", or "undecidable: why" */
};

/* Zero-initialise; free with catalogue_free. */
struct catalogue {
    struct arena *arena;
    struct clause *clauses;
    uint32_t count;
};

/* Reads the table. False with *error filled. */
bool catalogue_read(struct catalogue *catalogue, const char *path, struct language_error *error);
const struct clause *catalogue_find(const struct catalogue *catalogue, const char *id);
void catalogue_free(struct catalogue *catalogue);

#endif
