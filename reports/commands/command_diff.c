/* `reservoir diff`: what changed between two runs. */
#include <assert.h>
#include <stdio.h>

#include "reports/commands/commands.h"
#include "reports/formats/diff.h"
#include "reports/commands/options.h"
#include "reports/formats/terminal.h"

struct diff_options {
    const char *paths[2];
    unsigned paths_count;
};

static int take_path(void *target, struct options *options, const char *word) {
    struct diff_options *diff = target;
    if (diff->paths_count == 2) return options_wrong(options, "two runs are compared; %s is a third", word);
    diff->paths[diff->paths_count++] = word;
    return 0;
}

const struct command command_diff_is = {
    .name = "diff",
    .synopsis = "RUN-A RUN-B",
    .summary = "what got worse, was fixed or changed between two JSON reports",
    .description =
        "Compares two runs that `reservoir run --report json=FILE` wrote, the earlier one first: what was added, is gone, got worse, is "
        "fixed, changed; of each instance that is not the same both verdicts, and both answers of each step that differs. Verdicts get "
        "worse in this order: conform, unsupported, not-modelled, inconclusive, deviate-known, unseen-new, conform-unexpected, flaky, deviate-new, harness-broken.",
    .examples = "reservoir run --report json=before.json\n"
                "reservoir run --report json=after.json --profile documented\n"
                "reservoir diff before.json after.json",
    .status = "0; 1 when something got worse, or was added and fails; 2 wrong usage, or a file that is no such run.",
    .take_word = take_path,
    .run = command_diff,
};

static bool read_run(struct run_file *file, const char *path) {
    struct text trouble = { 0 };
    bool good = run_file_read(file, path, &trouble);
    if (!good) errors_say("%s\n", trouble.bytes);
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
        output_print(&text);
        status = diff_exit_status(&counts);
    }
    text_free(&text);
    run_file_free(&before);
    run_file_free(&after);
    return status;
}

int command_diff(int count, char **arguments) {
    const struct options words = { .command = &command_diff_is };
    struct diff_options options = { .paths_count = 0 };
    int status = options_read(&command_diff_is, &options, count, arguments);
    if (status != 0) return status < 0 ? 0 : status;
    if (options.paths_count < 2)
        return options_wrong(&words, "two runs are compared; name the earlier one and the later one");
    return compare(options.paths);
}
