#include <assert.h>
#include <stdio.h>

#include "reports/commands/commands.h"
#include "reports/formats/diff.h"
#include "reports/commands/options.h"

static const char help[] =
    "reservoir diff RUN-A RUN-B\n"
    "\n"
    "Compares two runs that `reservoir run --report json=FILE` wrote, the earlier one first: what was added, is gone, got\n"
    "worse, is fixed, changed; of each instance that is not the same both verdicts, and both answers of each step that\n"
    "differs. Verdicts get worse in this order: conform, unsupported, inconclusive, deviate-known, conform-unexpected,\n"
    "flaky, deviate-new, harness-broken.\n"
    "\n"
    "Examples:\n"
    "  reservoir run --report json=before.json\n"
    "  reservoir run --report json=after.json --profile documented\n"
    "  reservoir diff before.json after.json\n"
    "\n"
    "Exit status: 0; 1 when something got worse, or was added and fails; 2 wrong usage, or a file that is no such run.\n";

static const char *const known_options[] = { "--help", NULL };

static bool read_run(struct run_file *file, const char *path) {
    struct text trouble = { 0 };
    bool good = run_file_read(file, path, &trouble);
    if (!good) fprintf(stderr, "%s\n", trouble.bytes);
    text_free(&trouble);
    return good;
}

static int compare(const char *const *paths) {
    struct run_file before = { .arena = NULL }, after = { .arena = NULL };
    struct diff_counts counts;
    struct text text = { 0 };
    int status = EXIT_STATUS_BROKEN;
    bool read = read_run(&before, paths[0]);
    read &= read_run(&after, paths[1]);
    if (read) {
        diff_report(&before, &after, &text, &counts);
        fputs(text.bytes, stdout);
        status = diff_exit_status(&counts);
    }
    text_free(&text);
    run_file_free(&before);
    run_file_free(&after);
    return status;
}

int command_diff(int count, char **arguments) {
    struct options options = { .command = "diff", .help = help, .count = count, .arguments = arguments };
    const char *paths[2] = { NULL, NULL };
    unsigned paths_count = 0;
    assert(arguments != NULL);
    while (options_next(&options)) {
        if (options_helped(&options)) return 0;
        if (options.is_option) return options_unknown(&options, known_options);
        if (paths_count == 2) return options_wrong(&options, "two runs are compared; %s is a third", options.word);
        paths[paths_count++] = options.word;
    }
    if (paths_count < 2) return options_wrong(&options, "two runs are compared; name the earlier one and the later one");
    return compare(paths);
}
