/* `reservoir fmt`: scenarios in the canonical layout. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/base/text.h"
#include "conformance/language/language_error.h"
#include "conformance/language/all_errors.h"
#include "conformance/language/printer.h"
#include "conformance/language/tree.h"
#include "conformance/runner/scenario_set.h"
#include "reports/commands/commands.h"
#include "reports/commands/options.h"
#include "reports/formats/terminal.h"

struct fmt_options {
    bool check;
    struct path_list paths;
};

/* clang-format off */
static const struct option_row option_rows[] = {
    { .kind = OPTION_FLAG, .name = "--check", .member = offsetof(struct fmt_options, check),
      .help = "change nothing; name the files that would change, and end with status 1 if there are any" },
};
/* clang-format on */

static int take_path(void *target, struct options *options, const char *word) {
    struct fmt_options *fmt = target;
    (void)options;
    path_list_add(&fmt->paths, word);
    return 0;
}

const struct command command_fmt_is = {
    .name = "fmt",
    .synopsis = "[--check] FILE...",
    .summary = "bring scenarios into the canonical layout",
    .description =
        "Brings scenarios and traces into the canonical layout, in place. A folder stands for all *.scn below it. Formatting twice is "
        "formatting once. A file that is in order is not touched. `-` is standard input, whose layout goes to standard output.",
    .rows = option_rows,
    .rows_count = sizeof option_rows / sizeof option_rows[0],
    .examples = "reservoir fmt scenarios/associate/after-bind.scn\nreservoir fmt --check scenarios",
    .status = "0; 1 with --check, when something would change; 2 a file that cannot be read, parsed or written.",
    .take_word = take_path,
    .run = command_fmt,
};

struct formatting {
    bool check;
    unsigned changed, broken;
};

static void take_changed(struct formatting *formatting, const char *path, const struct text *text) {
    formatting->changed++;
    if (formatting->check) {
        output_say("%s\n", path);
    } else if (file_write(path, text->bytes, text->length)) {
        output_say("formatted %s\n", path);
    } else {
        errors_say("%s: cannot write: %s\n", path, strerror(errno));
        formatting->broken++;
    }
}

/* Standard input goes to standard output, whole. */
static void take_input(struct formatting *formatting, const struct text *text, bool same) {
    if (!formatting->check) fputs(text->bytes, stdout);
    else if (!same) take_changed(formatting, "-", text);
}

static void format_file(struct formatting *formatting, const char *path) {
    struct text text = { 0 }, errors = { 0 }, source = { 0 };
    assert(path != NULL);
    struct scenario *scenario = scenario_parse_file_all(path, NULL, &errors, &source);
    if (scenario == NULL) {
        errors_print(&errors);
        formatting->broken++;
    } else {
        scenario_print(scenario, &text);
        bool same = source.length == text.length && memcmp(source.bytes, text.bytes, text.length) == 0;
        if (strcmp(path, "-") == 0) take_input(formatting, &text, same);
        else if (!same) take_changed(formatting, path, &text);
    }
    scenario_free(scenario);
    text_free(&text);
    text_free(&errors);
    text_free(&source);
}

static void format_folder(struct formatting *formatting, const char *path) {
    struct path_list list = { 0 };
    struct text errors = { 0 };
    if (!scenarios_below(path, &list, &errors)) {
        errors_print(&errors);
        formatting->broken++;
    }
    text_free(&errors);
    for (size_t i = 0; i < list.count; i++) format_file(formatting, list.paths[i]);
    path_list_free(&list);
}

int command_fmt(int count, char **arguments) {
    const struct options words = { .command = &command_fmt_is };
    struct fmt_options options = { .check = false };
    int status = options_read(&command_fmt_is, &options, count, arguments);
    struct formatting formatting = { .check = options.check };
    if (status == 0 && options.paths.count == 0) status = options_wrong(&words, "which files?");
    for (size_t i = 0; status == 0 && i < options.paths.count; i++) {
        if (path_kind_of(options.paths.paths[i]) == PATH_FOLDER) format_folder(&formatting, options.paths.paths[i]);
        else format_file(&formatting, options.paths.paths[i]);
    }
    path_list_free(&options.paths);
    if (status != 0) return status < 0 ? 0 : status;
    if (formatting.broken > 0) return 2;
    return formatting.check && formatting.changed > 0 ? 1 : 0;
}
