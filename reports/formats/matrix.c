#include "reports/formats/matrix.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "reports/formats/diff.h"

/* --- columns and rows --------------------------------------------------------------------------------------------- */

bool matrix_add(struct matrix *matrix, const struct run_file *file, bool models) {
    for (unsigned i = 0; i < file->subjects_count; i++) {
        if (!models && strcmp(file->subjects[i].kind, "model") == 0) continue;
        if (matrix->columns_count == MATRIX_COLUMNS_MAX) return false;
        matrix->columns[matrix->columns_count++] = (struct matrix_column){ file, i, file->subjects[i].name };
    }
    return true;
}

static int compare_rows(const void *one, const void *other) {
    return strcmp(((const struct matrix_row *)one)->id, ((const struct matrix_row *)other)->id);
}

/* A row for each cell, then those of one id made one. What a run has twice counts once. */
static void fill_rows(struct matrix *matrix) {
    for (unsigned column = 0; column < matrix->columns_count; column++) {
        const struct run_file *file = matrix->columns[column].file;
        for (unsigned i = 0; i < file->instances_count; i++) {
            if (file->instances[i].subject != matrix->columns[column].subject) continue;
            matrix->rows = memory_grow(matrix->rows, matrix->rows_count, &matrix->rows_capacity, sizeof *matrix->rows);
            struct matrix_row *row = &matrix->rows[matrix->rows_count++];
            *row = (struct matrix_row){ .id = file->instances[i].id };
            row->cells[column] = &file->instances[i];
        }
    }
    if (matrix->rows_count == 0) return;
    qsort(matrix->rows, matrix->rows_count, sizeof *matrix->rows, compare_rows);
    size_t last = 0;
    for (size_t i = 1; i < matrix->rows_count; i++) {
        if (strcmp(matrix->rows[last].id, matrix->rows[i].id) != 0) {
            matrix->rows[++last] = matrix->rows[i];
            continue;
        }
        for (unsigned column = 0; column < matrix->columns_count; column++)
            if (matrix->rows[i].cells[column] != NULL) matrix->rows[last].cells[column] = matrix->rows[i].cells[column];
    }
    matrix->rows_count = last + 1;
}

/* --- flips -------------------------------------------------------------------------------------------------------- */

static bool was_played(const struct run_file_instance *instance) {
    for (unsigned i = 0; instance != NULL && i < instance->steps_count; i++)
        if (instance->steps[i].seen) return true;
    return false;
}

/* The length of `error=0` or `error=untouched` at `at`, with the blank before it; 0 when it is none. */
static size_t error_length(const char *at) {
    static const char *const words[] = { " error=0", " error=untouched" };
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i]);
        if (strncmp(at, words[i], length) == 0 && (at[length] == ' ' || at[length] == '\0')) return length;
    }
    return 0;
}

/* Do two answers differ in nothing but whether a success cleared the last error? */
static bool same_but_error(const char *one, const char *other) {
    while (*one != '\0' || *other != '\0') {
        size_t length = error_length(one), other_length = error_length(other);
        one += length;
        other += other_length;
        if (length > 0 || other_length > 0) continue;
        if (*one != *other) return false;
        if (*one == '\0') return true;
        one++;
        other++;
    }
    return true;
}

/* The first step that both answered, and not alike; one that differs in the last error after a success only where no
 * other does, since a host in which that is so has it in every step. -1: there is none. */
static int first_difference(const struct run_file_instance *before, const struct run_file_instance *after) {
    int slight = -1;
    for (unsigned i = 0; i < before->steps_count && i < after->steps_count; i++) {
        const struct run_file_step *one = &before->steps[i], *other = &after->steps[i];
        if (strcmp(one->call, other->call) != 0)
            return slight; /* other versions of the scenario: nothing can be said */
        if (!one->seen || !other->seen || diff_same_but_ports(one->answer, other->answer)) continue;
        if (one->sometimes || other->sometimes) return slight;
        if (!same_but_error(one->answer, other->answer)) return (int)i;
        if (slight < 0) slight = (int)i;
    }
    return slight;
}

/* `bind` of `app: s = bind(...)`; the word of a line that is no call. */
static void name_function(const char *call, char function[64]) {
    const char *at = strstr(call, ": ");
    at = at == NULL ? call : at + 2;
    const char *equals = strstr(at, " = ");
    size_t open = strcspn(at, "(");
    if (equals != NULL && (size_t)(equals - at) < open) at = equals + 3;
    snprintf(function, 64, "%.*s", (int)strcspn(at, "( "), at);
}

static bool is_flip(const struct matrix_flip *flip, unsigned column, const char *function,
                    const struct run_file_step *before, const struct run_file_step *after) {
    return flip->column == column && strcmp(flip->function, function) == 0 &&
           diff_same_but_ports(flip->before->answer, before->answer) &&
           diff_same_but_ports(flip->after->answer, after->answer);
}

static struct matrix_flip *flip_of(struct matrix *matrix, unsigned column, const struct run_file_step *before,
                                   const struct run_file_step *after) {
    char function[64];
    name_function(before->call, function);
    for (size_t i = 0; i < matrix->flips_count; i++)
        if (is_flip(&matrix->flips[i], column, function, before, after)) return &matrix->flips[i];
    matrix->flips = memory_grow(matrix->flips, matrix->flips_count, &matrix->flips_capacity, sizeof *matrix->flips);
    struct matrix_flip *flip = &matrix->flips[matrix->flips_count++];
    *flip = (struct matrix_flip){ .column = column, .before = before, .after = after };
    memcpy(flip->function, function, sizeof function);
    return flip;
}

static void compare_cells(struct matrix *matrix, size_t row, unsigned column) {
    const struct run_file_instance *before = matrix->rows[row].cells[column - 1],
                                   *after = matrix->rows[row].cells[column];
    bool one = was_played(before), other = was_played(after);
    if (one != other) matrix->one_sided[column]++;
    if (!one || !other) return;
    int at = first_difference(before, after);
    if (at < 0) return;
    struct matrix_flip *flip = flip_of(matrix, column, &before->steps[at], &after->steps[at]);
    flip->rows = memory_grow(flip->rows, flip->count, &flip->capacity, sizeof *flip->rows);
    flip->rows[flip->count++] = (unsigned)row;
}

static int compare_flips(const void *one, const void *other) {
    const struct matrix_flip *a = one, *b = other;
    if (a->column != b->column) return a->column < b->column ? -1 : 1;
    int by_function = strcmp(a->function, b->function);
    if (by_function != 0) return by_function;
    return a->rows[0] < b->rows[0] ? -1 : a->rows[0] > b->rows[0];
}

void matrix_compare(struct matrix *matrix) {
    assert(matrix->rows == NULL);
    fill_rows(matrix);
    for (unsigned column = 1; column < matrix->columns_count; column++)
        for (size_t row = 0; row < matrix->rows_count; row++) compare_cells(matrix, row, column);
    if (matrix->flips_count > 0) qsort(matrix->flips, matrix->flips_count, sizeof *matrix->flips, compare_flips);
}

/* --- counting ----------------------------------------------------------------------------------------------------- */

static size_t theme_length(const char *id) { return strcspn(id, "/"); }

static bool is_in(const char *id, const char *theme) {
    size_t length = theme_length(id);
    return theme[0] == '\0' || (strlen(theme) == length && memcmp(theme, id, length) == 0);
}

unsigned matrix_count(const struct matrix *matrix, const char *theme, unsigned column, enum verdict verdict) {
    unsigned count = 0;
    for (size_t i = 0; i < matrix->rows_count; i++) {
        const struct run_file_instance *cell = matrix->rows[i].cells[column];
        if (cell == NULL || !is_in(matrix->rows[i].id, theme)) continue;
        count += verdict == VERDICTS_COUNT || cell->verdict == verdict;
    }
    return count;
}

bool matrix_next_theme(const struct matrix *matrix, char theme[64]) {
    bool passed = theme[0] == '\0';
    for (size_t i = 0; i < matrix->rows_count; i++) {
        const char *id = matrix->rows[i].id;
        bool here = !passed && is_in(id, theme);
        if (!passed && !here) continue;
        if (here) {
            while (i + 1 < matrix->rows_count && is_in(matrix->rows[i + 1].id, theme)) i++;
            passed = true;
            continue;
        }
        snprintf(theme, 64, "%.*s", (int)theme_length(id), id);
        return true;
    }
    return false;
}

void matrix_free(struct matrix *matrix) {
    for (size_t i = 0; i < matrix->flips_count; i++) free(matrix->flips[i].rows);
    free(matrix->flips);
    free(matrix->rows);
    *matrix = (struct matrix){ .columns_count = 0 };
}
