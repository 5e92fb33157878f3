/* The matrix for people: as text, and as Markdown. */
#include "reports/formats/matrix.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "reports/formats/markdown_text.h"

static const enum verdict bad[] = { VERDICT_DEVIATE_KNOWN, VERDICT_CONFORM_UNEXPECTED, VERDICT_FLAKY,
                                    VERDICT_DEVIATE_NEW, VERDICT_HARNESS_BROKEN };

/* `12 conform, 3 deviate`: of those that say anything. */
static void summarise(const struct matrix *matrix, const char *theme, unsigned column, char cell[64]) {
    unsigned deviate = 0;
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) deviate += matrix_count(matrix, theme, column, bad[i]);
    unsigned conform = matrix_count(matrix, theme, column, VERDICT_CONFORM);
    unsigned all = matrix_count(matrix, theme, column, VERDICTS_COUNT);
    if (conform + deviate == 0) snprintf(cell, 64, "-");
    else snprintf(cell, 64, "%u/%u of %u", conform, deviate, all);
}

static const char *mark_of(const struct run_file_instance *cell) {
    if (cell == NULL) return "-";
    switch (cell->verdict) {
    case VERDICT_CONFORM: return "conform";
    case VERDICT_INCONCLUSIVE: return "?";
    case VERDICT_DEVIATE_KNOWN: return "deviate";
    case VERDICT_CONFORM_UNEXPECTED: return "unexpected";
    case VERDICT_FLAKY: return "flaky";
    case VERDICT_DEVIATE_NEW: return "deviate-new";
    case VERDICT_HARNESS_BROKEN: return "broken";
    case VERDICT_UNSUPPORTED:
    case VERDICT_NOT_MODELLED:
    case VERDICT_UNSEEN_NEW:
    case VERDICTS_COUNT: break;
    }
    return "-";
}

/* A row of which the marks are not all the same, where they are any. */
static bool differs(const struct matrix *matrix, const struct matrix_row *row) {
    const char *first = NULL;
    for (unsigned i = 0; i < matrix->columns_count; i++) {
        const char *mark = mark_of(row->cells[i]);
        if (strcmp(mark, "-") == 0 || strcmp(mark, "?") == 0) continue;
        if (first != NULL && strcmp(mark, first) != 0) return true;
        first = mark;
    }
    return false;
}

static int id_width(const struct matrix *matrix) {
    size_t width = 12;
    for (size_t i = 0; i < matrix->rows_count; i++)
        if (differs(matrix, &matrix->rows[i]) && strlen(matrix->rows[i].id) > width) width = strlen(matrix->rows[i].id);
    return width > 60 ? 60 : (int)width;
}

/* --- one table, two dialects -------------------------------------------------------------------------------------- */

struct table_style {
    bool markdown;
    int width; /* of the first column, in text */
};

static void add_cells(const struct matrix *matrix, struct table_style style, const char *head, const char *const *cells,
                      struct text *out) {
    if (style.markdown) text_add(out, "| %s |", head);
    else text_add(out, "%-*s", style.width, head);
    for (unsigned i = 0; i < matrix->columns_count; i++) text_add(out, style.markdown ? " %s |" : "  %-16s", cells[i]);
    while (!style.markdown && out->length > 0 && out->bytes[out->length - 1] == ' ') out->bytes[--out->length] = '\0';
    text_add(out, "\n");
}

static void add_head(const struct matrix *matrix, struct table_style style, const char *head, struct text *out) {
    const char *names[MATRIX_COLUMNS_MAX];
    for (unsigned i = 0; i < matrix->columns_count; i++) names[i] = matrix->columns[i].name;
    add_cells(matrix, style, head, names, out);
    for (unsigned i = 0; style.markdown && i <= matrix->columns_count; i++) text_add(out, "|---");
    if (style.markdown) text_add(out, "|\n");
}

static void add_theme(const struct matrix *matrix, struct table_style style, const char *theme, const char *head,
                      struct text *out) {
    char texts[MATRIX_COLUMNS_MAX][64];
    const char *cells[MATRIX_COLUMNS_MAX];
    for (unsigned i = 0; i < matrix->columns_count; i++) {
        summarise(matrix, theme, i, texts[i]);
        cells[i] = texts[i];
    }
    add_cells(matrix, style, head, cells, out);
}

static void add_themes(const struct matrix *matrix, struct table_style style, struct text *out) {
    char theme[64] = "";
    add_head(matrix, style, "theme", out);
    while (matrix_next_theme(matrix, theme)) add_theme(matrix, style, theme, theme, out);
    add_theme(matrix, style, "", "all", out);
}

static void add_rows(const struct matrix *matrix, struct table_style style, struct text *out) {
    add_head(matrix, style, "scenario", out);
    for (size_t i = 0; i < matrix->rows_count; i++) {
        const char *cells[MATRIX_COLUMNS_MAX];
        if (!differs(matrix, &matrix->rows[i])) continue;
        for (unsigned k = 0; k < matrix->columns_count; k++) cells[k] = mark_of(matrix->rows[i].cells[k]);
        add_cells(matrix, style, matrix->rows[i].id, cells, out);
    }
}

/* --- where neighbours part ---------------------------------------------------------------------------------------- */

static void add_ids(const struct matrix *matrix, const struct matrix_flip *flip, struct text *out) {
    enum { SHOWN = 4 };
    for (unsigned i = 0; i < flip->count && i < SHOWN; i++)
        text_add(out, "%s%s", i == 0 ? "" : ", ", matrix->rows[flip->rows[i]].id);
    if (flip->count > SHOWN) text_add(out, ", and %u more", flip->count - SHOWN);
}

static void add_side(const char *name, const char *answer, struct text *out) {
    text_add(out, "<br>%s: ", name);
    markdown_add_code(answer, false, out);
}

static void add_flip_markdown(const struct matrix *matrix, const struct matrix_flip *flip, struct text *out) {
    text_add(out, "- **%s**: ", flip->function);
    add_ids(matrix, flip, out);
    text_add(out, "<br>");
    markdown_add_code(flip->before->call, false, out);
    add_side(matrix->columns[flip->column - 1].name, flip->before->answer, out);
    add_side(matrix->columns[flip->column].name, flip->after->answer, out);
    text_add(out, "\n");
}

static void add_flip(const struct matrix *matrix, const struct matrix_flip *flip, bool markdown, struct text *out) {
    const char *was = matrix->columns[flip->column - 1].name, *now = matrix->columns[flip->column].name;
    if (markdown) {
        add_flip_markdown(matrix, flip, out);
        return;
    }
    int width = (int)(strlen(was) > strlen(now) ? strlen(was) : strlen(now));
    text_add(out, "  %s: ", flip->function);
    add_ids(matrix, flip, out);
    text_add(out, "\n    %s\n      %-*s  %s\n      %-*s  %s\n", flip->before->call, width, was, flip->before->answer,
             width, now, flip->after->answer);
}

static void add_neighbours(const struct matrix *matrix, unsigned column, bool markdown, struct text *out) {
    unsigned answers = 0, instances = 0;
    for (size_t i = 0; i < matrix->flips_count; i++) {
        if (matrix->flips[i].column != column) continue;
        answers++;
        instances += matrix->flips[i].count;
    }
    text_add(out, "\n%s%s and %s differ in %u answer%s, in %u instance%s; %u were played by one of them only.%s\n",
             markdown ? "### " : "", matrix->columns[column - 1].name, matrix->columns[column].name, answers,
             answers == 1 ? "" : "s", instances, instances == 1 ? "" : "s", matrix->one_sided[column],
             markdown ? "\n" : "");
    for (size_t i = 0; i < matrix->flips_count; i++)
        if (matrix->flips[i].column == column) add_flip(matrix, &matrix->flips[i], markdown, out);
}

static void add_all(const struct matrix *matrix, struct table_style style, struct text *out) {
    assert(matrix != NULL && out != NULL);
    text_add(out, "%sConform/deviate of all, by theme; what was not played or shows nothing is in neither.\n\n",
             style.markdown ? "## Hosts\n\n" : "");
    add_themes(matrix, style, out);
    text_add(out, "\n%sScenarios in which hosts differ; - was not played, ? shows nothing.\n\n",
             style.markdown ? "## Scenarios\n\n" : "");
    add_rows(matrix, style, out);
    for (unsigned i = 1; i < matrix->columns_count; i++) add_neighbours(matrix, i, style.markdown, out);
}

void matrix_text(const struct matrix *matrix, struct text *out) {
    add_all(matrix, (struct table_style){ false, id_width(matrix) }, out);
}

void matrix_markdown(const struct matrix *matrix, struct text *out) {
    add_all(matrix, (struct table_style){ true, 0 }, out);
}
