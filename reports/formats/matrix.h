/* Several hosts side by side: what came of each theme and scenario, and where neighbours part.
 *
 * Two neighbours differ in an instance where the same step was answered otherwise by each: the first such step counts,
 * since what follows may follow from it. Differences in the numbers of ports are none, nor is what a rule explains that
 * happens `sometimes`. Differences with the same function and the same two answers are one *answer* in which the hosts
 * differ, seen in several scenarios. What one of two did not play is counted apart. */
#ifndef RESERVOIR_REPORTS_MATRIX_H
#define RESERVOIR_REPORTS_MATRIX_H

#include "reports/formats/run_file.h"

enum { MATRIX_COLUMNS_MAX = 16 };

struct matrix_column {
    const struct run_file *file; /* borrowed */
    unsigned subject;
    const char *name;
};

/* An instance on each host; NULL where that run does not have it. */
struct matrix_row {
    const char *id;
    const struct run_file_instance *cells[MATRIX_COLUMNS_MAX];
};

/* One answer in which a host differs from the one to its left. */
struct matrix_flip {
    unsigned column; /* of the later one */
    const struct run_file_step *before, *after;
    char function[64];
    unsigned count; /* of instances */
    unsigned *rows; /* their numbers; owned */
    size_t capacity;
};

/* Zero-initialise; free with matrix_free. The files outlive it. */
struct matrix {
    unsigned columns_count;
    struct matrix_column columns[MATRIX_COLUMNS_MAX];
    struct matrix_row *rows; /* by id */
    size_t rows_count, rows_capacity;
    struct matrix_flip *flips; /* by column, then function */
    size_t flips_count, flips_capacity;
    unsigned one_sided[MATRIX_COLUMNS_MAX]; /* instances that one of a host and its left neighbour did not play */
};

/* Adds a column for each subject of the file that is no model, or for all with `models`. False: there are too many. */
bool matrix_add(struct matrix *matrix, const struct run_file *file, bool models);

/* When all columns are there: rows and flips. */
void matrix_compare(struct matrix *matrix);

void matrix_text(const struct matrix *matrix, struct text *out);
void matrix_markdown(const struct matrix *matrix, struct text *out);

/* False when this build has no JSON, or memory is exhausted. */
bool matrix_json(const struct matrix *matrix, struct text *out);

/* How many instances of a theme (all: "") have the verdict in a column; of VERDICTS_COUNT: are there at all. */
unsigned matrix_count(const struct matrix *matrix, const char *theme, unsigned column, enum verdict verdict);

/* The theme after this one, and the first after "". False after the last. */
bool matrix_next_theme(const struct matrix *matrix, char theme[64]);

void matrix_free(struct matrix *matrix);

#endif
