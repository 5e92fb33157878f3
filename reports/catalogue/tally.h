/* What was answered, counted: for each key (a call, an outcome) how often by whom, and the scenarios that show it. */
#ifndef RESERVOIR_REPORTS_TALLY_H
#define RESERVOIR_REPORTS_TALLY_H

#include "conformance/language/step_order.h"
#include "reports/catalogue/answers.h"

enum { ANSWERERS_MAX = 16, TALLY_KEY_MAX = 48, TALLY_SCENARIOS_SHOWN = 3 };

struct tally_row {
    char key[TALLY_KEY_MAX];
    unsigned counts[ANSWERERS_MAX];               /* by answerer */
    const char *scenarios[TALLY_SCENARIOS_SHOWN]; /* the first ones; borrowed from the answers */
    unsigned scenarios_count;
    const char *last_scenario;
};

/* Zero-initialise; free with tally_free. */
struct tally {
    struct tally_row *rows;
    size_t count, capacity;
};

/* The key of a step that has an answer, or false: it does not count. `about` is the caller's. */
typedef bool tally_key(const struct step_order *order, unsigned index, const struct step_record *step,
                       const void *about, char key[TALLY_KEY_MAX]);

/* Counts every step of all answerers that has a key; afterwards what was answered most often stands first, and of what
 * was equally often, by name. */
void tally_answers(struct tally *tally, const struct answers *answers, tally_key *key_of, const void *about);
void tally_free(struct tally *tally);

/* A line for each row and who answered it how often, and a line of scenarios below it. */
void tally_print(const struct tally *tally, const struct answers *answers, struct text *out);

#endif
