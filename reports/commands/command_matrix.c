/* `reservoir matrix`: several hosts side by side. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "reports/commands/commands.h"
#include "reports/commands/options.h"
#include "reports/formats/matrix.h"
#include "reports/formats/terminal.h"

struct matrix_options {
    const char *paths[MATRIX_COLUMNS_MAX];
    unsigned paths_count;
    const char *format;
    bool models;
};

static int take_path(void *target, struct options *options, const char *word) {
    struct matrix_options *matrix = target;
    if (matrix->paths_count == MATRIX_COLUMNS_MAX) return options_wrong(options, "these are too many runs: %s", word);
    matrix->paths[matrix->paths_count++] = word;
    return 0;
}

#define MEMBER(name) .member = offsetof(struct matrix_options, name)

static const char *const formats[] = { "text", "markdown", "json", NULL };

static const struct option_row rows[] = {
    { .kind = OPTION_TEXT,
      .name = "--format",
      .value = "FORMAT",
      MEMBER(format),
      .choices = formats,
      .help = "text (when not said), markdown or json" },
    { .kind = OPTION_FLAG, .name = "--models", MEMBER(models), .help = "a column for each profile of the model, too" },
};

const struct command command_matrix_is = {
    .name = "matrix",
    .synopsis = "[OPTION...] RUN...",
    .summary = "hosts side by side: by theme, by scenario, and where neighbours part",
    .description =
        "Reads runs that `reservoir run --report json=FILE` wrote, each of one host or of several, in the order in which they are to "
        "stand side by side, and shows what came of each theme on each host, the scenarios in which they differ, and, for each host "
        "and its left neighbour, every answer in which they differ: the first step of a scenario that each answered otherwise, "
        "those with the same function and the same two answers together.",
    .rows = rows,
    .rows_count = sizeof rows / sizeof rows[0],
    .examples = "reservoir matrix build/reports/wine-5.0.3/conform.json build/reports/conform.json\n"
                "reservoir matrix --format markdown old.json new.json >>$GITHUB_STEP_SUMMARY",
    .status = "0; 2 wrong usage, or a file that is no such run.",
    .take_word = take_path,
    .run = command_matrix,
};

static bool read_all(const struct matrix_options *options, struct run_file *files, struct matrix *matrix) {
    bool good = true;
    for (unsigned i = 0; i < options->paths_count; i++) {
        struct text trouble = { 0 };
        bool read = run_file_read(&files[i], options->paths[i], &trouble);
        if (!read) errors_say("%s\n", trouble.bytes);
        text_free(&trouble);
        if (read && !matrix_add(matrix, &files[i], options->models)) {
            errors_say("reservoir matrix: more than %d hosts do not fit side by side\n", MATRIX_COLUMNS_MAX);
            read = false;
        }
        good &= read;
    }
    if (good && matrix->columns_count == 0) {
        errors_say("reservoir matrix: no host in these runs, only the model; --models shows its profiles\n");
        good = false;
    }
    return good;
}

static int print_matrix(const struct matrix *matrix, const char *format) {
    struct text text = { 0 };
    bool good = true;
    if (format == NULL || strcmp(format, "text") == 0) matrix_text(matrix, &text);
    else if (strcmp(format, "markdown") == 0) matrix_markdown(matrix, &text);
    else good = matrix_json(matrix, &text);
    if (good) output_print(&text);
    else errors_say("reservoir matrix: the JSON cannot be made\n");
    text_free(&text);
    return good ? 0 : 2;
}

int command_matrix(int count, char **arguments) {
    const struct options words = { .command = &command_matrix_is };
    struct matrix_options options = { .paths_count = 0 };
    int status = options_read(&command_matrix_is, &options, count, arguments);
    if (status != 0) return status < 0 ? 0 : status;
    if (options.paths_count == 0) return options_wrong(&words, "name the runs that are to stand side by side");
    struct run_file *files = memory_zeroed(sizeof *files * MATRIX_COLUMNS_MAX);
    struct matrix matrix = { .columns_count = 0 };
    status = read_all(&options, files, &matrix) ? 0 : 2;
    if (status == 0) {
        matrix_compare(&matrix);
        status = print_matrix(&matrix, options.format);
    }
    matrix_free(&matrix);
    for (unsigned i = 0; i < options.paths_count; i++) run_file_free(&files[i]);
    free(files);
    return status;
}
