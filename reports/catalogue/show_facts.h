/* What `show` says of facts, of tables of facts and of clients, and what `list` says of them all. */
#ifndef RESERVOIR_REPORTS_SHOW_FACTS_H
#define RESERVOIR_REPORTS_SHOW_FACTS_H

#include "reports/catalogue/data.h"

/* Each adds to `out` and returns the exit status: 2 when there is no such thing or the tree below `folder` is broken,
 * which is reported on standard error. `id` in any case: W22, or a group such as T8.2; for show_table also just 8.2. */
int show_fact(const char *folder, const char *id, struct text *out);
int show_table(const char *folder, const char *id, struct text *out);
int show_client(const char *folder, const char *id, struct text *out);

/* False when something of the tree cannot be read; standard error says why. */
bool list_facts(const char *folder, struct text *out);
bool list_clients(const char *folder, struct text *out);

/* `  scenarios` and a line for each that cites such a source, or none. */
void show_citing(const struct data *data, const struct source *source, struct text *out);

/* Says on standard error that there is no such thing, and what was probably meant, or with NULL, where nothing is near,
 * which list has them all. Returns 2. */
int show_missing(const char *what, const char *id, const char *nearest);

/* The same words but for the case of their letters? */
bool words_are_alike(const char *one, const char *other);
bool words_begin_alike(const char *word, const char *beginning);

#endif
