#include "reports/catalogue/answer_lists.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/citations/citations.h"
#include "reports/catalogue/clause_shown.h"

#define INDENT "    "

/* --- columns ------------------------------------------------------------------------------------------------------ */

/* Cells of the answerers' columns, row by row, and how wide each column is. */
struct cells {
    struct text *texts;
    size_t *widths;
    size_t rows_count, columns_count;
};

static struct cells cells_create(const struct answers *answers, size_t rows_count) {
    struct cells cells = { .rows_count = rows_count, .columns_count = answers->count };
    size_t count = rows_count * answers->count;
    cells.texts = memory_resize(NULL, count + 1, sizeof *cells.texts);
    memset(cells.texts, 0, (count + 1) * sizeof *cells.texts);
    cells.widths = memory_resize(NULL, answers->count + 1, sizeof *cells.widths);
    for (size_t i = 0; i < answers->count; i++) cells.widths[i] = strlen(answers->answerers[i].name);
    return cells;
}

static struct text *cell_at(const struct cells *cells, size_t row, size_t column) {
    assert(row < cells->rows_count && column < cells->columns_count);
    return &cells->texts[row * cells->columns_count + column];
}

static void measure(struct cells *cells) {
    for (size_t row = 0; row < cells->rows_count; row++) {
        for (size_t column = 0; column < cells->columns_count; column++) {
            size_t length = cell_at(cells, row, column)->length;
            if (length > cells->widths[column]) cells->widths[column] = length;
        }
    }
}

static void cells_free(struct cells *cells) {
    for (size_t i = 0; i < cells->rows_count * cells->columns_count; i++) text_free(&cells->texts[i]);
    free(cells->texts);
    free(cells->widths);
}

static void add_head(const struct answers *answers, const struct cells *cells, int id_width, const char *id,
                     const char *title, struct text *out) {
    text_add(out, "%-*s", id_width, id);
    for (size_t i = 0; i < answers->count; i++)
        text_add(out, "  %-*s", (int)cells->widths[i], answers->answerers[i].name);
    text_add(out, "  %s\n", title);
}

static void add_row(const struct cells *cells, size_t row, int id_width, const char *id, struct text *out) {
    text_add(out, "%-*s", id_width, id);
    for (size_t i = 0; i < cells->columns_count; i++) {
        const struct text *cell = cell_at(cells, row, i);
        text_add(out, "  %-*s", (int)cells->widths[i], cell->length == 0 ? "" : cell->bytes);
    }
    text_add(out, "  ");
}

void add_planned(const struct data *data, const char *id, struct text *out) {
    const struct planned *planned = catalogue_find_planned(&data->catalogue, id);
    if (planned != NULL) text_add(out, INDENT "planned for part %s: %s\n", planned->part, planned->reason);
}

/* The names of its scenarios, or why there is none. */
static void add_scenarios(const struct data *data, const struct source *source, const char *id, struct text *out) {
    struct text names = { 0 };
    unsigned count = data_add_citing(data, source, " ", &names);
    if (count > 0) text_add_wrapped(out, INDENT, names.bytes + 1);
    else add_planned(data, id, out);
    text_free(&names);
}

static bool read_tree(struct data *data, const char *folder) {
    bool good = data_read_scenarios(data, folder);
    good &= data_read_planned(data, folder);
    return good;
}

/* --- clauses ------------------------------------------------------------------------------------------------------ */

enum { CLAUSE_WIDTH = 23 };

static void fill_clause_cells(const struct clause *clauses, const struct answers *answers, struct cells *cells) {
    for (size_t row = 0; row < cells->rows_count; row++) {
        for (size_t i = 0; i < answers->count; i++) {
            struct clause_tally tally = answers_to_clause(&answers->answerers[i], clauses[row].id);
            bool any = tally.conform + tally.deviates + tally.undecided > 0;
            if (any) text_add(cell_at(cells, row, i), "%3u /%2u /%3u", tally.conform, tally.deviates, tally.undecided);
            else text_add(cell_at(cells, row, i), "  -");
        }
    }
    measure(cells);
}

bool list_clauses(const char *folder, struct text *out) {
    struct data data = { .folder = NULL };
    struct answers answers = { .count = 0 };
    unsigned count = 0;
    const struct clause *clauses = known_clauses(&count);
    bool good = read_tree(&data, folder);
    answers_read(&answers, &data.set, folder, ANSWERS_ABOUT_CLAUSES);
    struct cells cells = cells_create(&answers, count);
    fill_clause_cells(clauses, &answers, &cells);
    text_add(
        out,
        "Of the steps that cite a clause: how many conform / deviate / do not decide. Below it the calls that the sentence is\n"
        "about, by WSAIoctl and by a provider's WSPIoctl; who answered so on them, how often, and where for the first time.\n"
        "A clause counts as shown when a named profile did; where the page names both doors, by each of them.\n\n");
    add_head(&answers, &cells, CLAUSE_WIDTH, "clause", "statement", out);
    for (unsigned row = 0; row < count; row++) {
        const struct clause *clause = &clauses[row];
        add_row(&cells, row, CLAUSE_WIDTH, clause->id, out);
        text_add(out, "%s\n", clause->statement);
        if (!clause_is_decidable(clause)) text_add(out, INDENT "%s\n", clause->decidable);
        add_clause_shown(&answers, &data, clause, out);
        add_scenarios(&data, &(struct source){ .kind = SOURCE_CLAUSE, .text = clause->id }, clause->id, out);
    }
    cells_free(&cells);
    answers_free(&answers);
    data_free(&data);
    return good;
}

void add_clause_answers(const struct answers *answers, const char *clause, struct text *out) {
    assert(answers != NULL && clause != NULL);
    for (size_t i = 0; i < answers->count; i++) {
        struct clause_tally tally = answers_to_clause(&answers->answerers[i], clause);
        text_add(out, INDENT "%-12s", answers->answerers[i].name);
        text_add(out, "%u conform", tally.conform);
        if (tally.deviates > 0) text_add(out, ", %u deviate", tally.deviates);
        if (tally.undecided > 0) text_add(out, ", %u not decided", tally.undecided);
        text_add(out, "\n");
    }
}

/* --- readings ----------------------------------------------------------------------------------------------------- */

enum { QUESTION_WIDTH = 3, CELL_WIDTH_MAX = 26 };

/* `show reading` has all of it. */
static void shorten(struct text *cell) {
    if (cell->length <= CELL_WIDTH_MAX) return;
    size_t end = CELL_WIDTH_MAX - 3;
    while (end > 0 && cell->bytes[end] != ' ') end--;
    cell->length = end == 0 ? CELL_WIDTH_MAX - 3 : end;
    cell->bytes[cell->length] = '\0';
    text_add(cell, "...");
}

static void fill_reading_cells(const struct reading *rows, const struct answers *answers, struct cells *cells) {
    for (size_t row = 0; row < cells->rows_count; row++) {
        for (size_t i = 0; i < answers->count; i++) {
            answers_add_reading(&answers->answerers[i], &rows[row], cell_at(cells, row, i));
            shorten(cell_at(cells, row, i));
        }
    }
    measure(cells);
}

static void add_judged(const struct answers *answers, struct text *out) {
    for (size_t i = 0; i < answers->count; i++) {
        const struct answerer *answerer = &answers->answerers[i];
        if (answerer->profile != NULL) continue;
        unsigned judged = answerer->traces_allowed + answerer->traces_rejected;
        text_add(out, "%s: by %u trace%s", answerer->name, judged, judged == 1 ? "" : "s");
        if (answerer->traces_rejected > 0)
            text_add(out, ", %u of them up to their first deviation", answerer->traces_rejected);
        if (answerer->traces_unreadable > 0) text_add(out, "; %u cannot be judged", answerer->traces_unreadable);
        text_add(out, "\n");
    }
}

bool list_readings(const char *folder, struct text *out) {
    struct data data = { .folder = NULL };
    struct answers answers = { .count = 0 };
    unsigned count = 0;
    const struct reading *rows = readings(&count);
    bool good = read_tree(&data, folder);
    answers_read(&answers, &data.set, folder, ANSWERS_ABOUT_READINGS);
    struct cells cells = cells_create(&answers, count);
    fill_reading_cells(rows, &answers, &cells);
    text_add(
        out,
        "Profiles: the candidate, and what the model then answers. Hosts: the candidates that their traces leave.\n");
    add_judged(&answers, out);
    text_add(out, "\n");
    add_head(&answers, &cells, QUESTION_WIDTH, "", "question", out);
    for (unsigned row = 0; row < count; row++) {
        char name[8];
        snprintf(name, sizeof name, "Q%u", (unsigned)rows[row].question);
        add_row(&cells, row, QUESTION_WIDTH, name, out);
        text_add(out, "%s%s\n", rows[row].title, rows[row].modelled ? "" : " (not asked)");
        add_scenarios(&data, &(struct source){ .kind = SOURCE_READING, .number = rows[row].question }, name, out);
    }
    cells_free(&cells);
    answers_free(&answers);
    data_free(&data);
    return good;
}

void add_reading_answers(const struct answers *answers, const struct reading *reading, struct text *out) {
    assert(answers != NULL && reading != NULL);
    for (size_t i = 0; i < answers->count; i++) {
        text_add(out, INDENT "%-12s", answers->answerers[i].name);
        answers_add_reading(&answers->answerers[i], reading, out);
        text_add(out, "\n");
    }
}
