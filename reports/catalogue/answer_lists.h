/* The tables of `list clauses` and `list readings`, and the paragraphs of `show clause` and `show reading`: for each
 * row its scenarios and what each profile and host answered. */
#ifndef RESERVOIR_REPORTS_ANSWER_LISTS_H
#define RESERVOIR_REPORTS_ANSWER_LISTS_H

#include "reports/catalogue/answers.h"
#include "reports/catalogue/data.h"

/* False when something of the tree cannot be read; standard error says why. */
bool list_clauses(const char *folder, struct text *out);
bool list_readings(const char *folder, struct text *out);

/* A line for each profile and host: `    wine-8.0    3 conform, 1 deviates, 2 not decided`. */
void add_clause_answers(const struct answers *answers, const char *clause, struct text *out);
/* `    wine-8.0    a|c` */
void add_reading_answers(const struct answers *answers, const struct reading *reading, struct text *out);

/* `    planned for part C: ...` when no scenario shows it yet. */
void add_planned(const struct data *data, const char *id, struct text *out);

#endif
