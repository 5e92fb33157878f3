/* What no scenario shows yet, from a table of tab-separated lines (scenarios/planned.tsv): id of a clause or of a
 * question (Q35), the part of the work that it belongs to, why. Clauses and facts themselves:
 * conformance/citations/citations.h. */
#ifndef RESERVOIR_REPORTS_CATALOGUE_H
#define RESERVOIR_REPORTS_CATALOGUE_H

#include <stdbool.h>

#include "conformance/language/language_error.h"

enum { PLANNED_FIELDS = 3 };

struct planned {
    const char *id;   /* ASC-06, Q35 */
    const char *part; /* C persistent reservations and privilege; D completion and provider; E the wire */
    const char *reason;
};

/* Zero-initialise; free with catalogue_free. */
struct catalogue {
    struct arena *arena;
    struct planned *planned;
    uint32_t planned_count;
};

/* Reads the table. False with *error filled. */
bool catalogue_read_planned(struct catalogue *catalogue, const char *path, struct language_error *error);
const struct planned *catalogue_find_planned(const struct catalogue *catalogue, const char *id);

void catalogue_free(struct catalogue *catalogue);

#endif
