/* `reservoir help` and `reservoir completion`. */
#include <stdio.h>
#include <string.h>

#include "conformance/base/nearest.h"
#include "reports/commands/commands.h"
#include "reports/commands/options.h"
#include "reports/commands/help.h"
#include "reports/formats/terminal.h"

const struct command *command_named(const char *name) {
    for (unsigned i = 0; i < commands_count; i++) {
        if (strcmp(commands_all[i]->name, name) == 0) return commands_all[i];
    }
    return NULL;
}

int command_unknown(const char *word) {
    struct nearest nearest = nearest_to(word, (unsigned)strlen(word));
    errors_say("reservoir: unknown command %s; expected ", word);
    for (unsigned i = 0; i < commands_count; i++) {
        nearest_offer(&nearest, commands_all[i]->name);
        errors_say("%s%s", i == 0 ? "" : i + 1 == commands_count ? " or " : ", ", commands_all[i]->name);
    }
    if (nearest.best != NULL) errors_say(" (did you mean %s?)", nearest.best);
    fputs("\nTry `reservoir help`.\n", stderr);
    return 2;
}

/* --- help --------------------------------------------------------------------------------------------------------- */

struct help_options {
    bool man;
    const char *word;
};

static int take_topic(void *target, struct options *options, const char *word) {
    struct help_options *help = target;
    if (help->word != NULL) return options_wrong(options, "one command at a time, not %s as well", word);
    help->word = word;
    return 0;
}

/* clang-format off */
static const struct option_row help_rows[] = {
    { OPTION_FLAG, 0, "--man", NULL, "prints a manual page instead, for `man -l -`; without COMMAND the program's",
      offsetof(struct help_options, man), 0, 0, NULL, OFFER_NOTHING, 0, NULL, NULL },
};
/* clang-format on */

static const struct command command_help_is = {
    .name = "help",
    .synopsis = "[--man] [COMMAND]",
    .summary = "explains a command, or says which commands there are",
    .description = "Prints the help of a command, as `reservoir COMMAND --help` does.",
    .rows = help_rows,
    .rows_count = sizeof help_rows / sizeof help_rows[0],
    .examples = "reservoir help run\nreservoir help --man run | man -l -",
    .status = "0; 2 there is no such command.",
    .take_word = take_topic,
    .run = command_help,
};

int command_help(int count, char **arguments) {
    struct help_options help = { .man = false };
    struct text text = { 0 };
    int status = options_read(&command_help_is, &help, count, arguments);
    if (status != 0) return status < 0 ? 0 : status;
    const struct command *command = help.word == NULL ? NULL : command_named(help.word);
    if (help.word != NULL && command == NULL) return command_unknown(help.word);
    if (help.man) man_add(command, &text);
    else if (command == NULL) help_add_all(&text);
    else help_add(command, &text);
    if (help.man) fputs(text.bytes, stdout);
    else help_print_text(&text);
    text_free(&text);
    return 0;
}

/* --- completion --------------------------------------------------------------------------------------------------- */

struct completion_options {
    const char *shell;
};

static int take_shell(void *target, struct options *options, const char *word) {
    struct completion_options *completion = target;
    if (completion->shell != NULL) return options_wrong(options, "one shell at a time, not %s as well", word);
    completion->shell = word;
    return 0;
}

/* clang-format off */
static const struct option_row completion_rows[] = {
    { .kind = OPTION_WORD, .name = "bash", .help = "to be sourced, or put into share/bash-completion/completions/reservoir" },
    { .kind = OPTION_WORD, .name = "zsh", .help = "to be put into a folder of $fpath as _reservoir" },
    { .kind = OPTION_WORD, .name = "fish", .help = "to be put into share/fish/vendor_completions.d/reservoir.fish" },
};
/* clang-format on */

static const struct command command_completion_is = {
    .name = "completion",
    .synopsis = "bash|zsh|fish",
    .summary = "prints a script that completes these words in a shell",
    .description =
        "Prints a script by which a shell completes reservoir's commands, options, and values where they are known.",
    .rows = completion_rows,
    .rows_count = sizeof completion_rows / sizeof completion_rows[0],
    .examples = ". <(reservoir completion bash)\nreservoir completion fish > ~/.config/fish/completions/reservoir.fish",
    .status = "0; 2 another shell.",
    .take_word = take_shell,
    .run = command_completion,
};

int command_completion(int count, char **arguments) {
    struct completion_options completion = { .shell = NULL };
    struct options words = { .command = &command_completion_is };
    struct text text = { 0 };
    int status = options_read(&command_completion_is, &completion, count, arguments);
    if (status != 0) return status < 0 ? 0 : status;
    if (completion.shell == NULL) return options_wrong(&words, "which shell? bash, zsh or fish");
    if (!completion_add(completion.shell, &text)) return options_no_word(&words, "completion for", completion.shell);
    fputs(text.bytes, stdout);
    text_free(&text);
    return 0;
}

/* --- all commands ------------------------------------------------------------------------------------------------- */

const struct command *const commands_all[] = {
    &command_run_is,      &command_resume_is, &command_judge_is, &command_list_is,
    &command_show_is,     &command_fmt_is,    &command_ports_is, &command_try_is,
    &command_explore_is,  &command_modes_is,  &command_diff_is,  &command_matrix_is,
    &command_add_host_is, &command_pack_is,   &command_help_is,  &command_completion_is,
};

const unsigned commands_count = sizeof commands_all / sizeof commands_all[0];
