/* What `list` and `show` look at: the tree of scenarios, and what is planned in it. */
#ifndef RESERVOIR_REPORTS_DATA_H
#define RESERVOIR_REPORTS_DATA_H

#include "conformance/runner/scenario_set.h"
#include "reports/catalogue/catalogue.h"

struct data {
    const char *folder; /* of the scenarios; borrowed */
    struct scenario_set set;
    struct catalogue catalogue;
};

/* Reads all scenarios below `folder`, or complains on standard error. */
bool data_read_scenarios(struct data *data, const char *folder);
/* Reads FOLDER/planned.tsv into the catalogue, or complains. */
bool data_read_planned(struct data *data, const char *folder);
void data_free(struct data *data);

/* Adds identifiers of the scenarios that cite such a source (scenario_cites), each after `separator`; returns how many
 * they are. `out` may be NULL to count only. */
unsigned data_add_citing(const struct data *data, const struct source *source, const char *separator, struct text *out);

/* Adds text in lines of at most 100 columns, each after `indent`. */
void text_add_wrapped(struct text *out, const char *indent, const char *text);

#endif
