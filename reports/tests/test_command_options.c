/* The table of options: what is read, what help and completion make of it; scenarios by name, and data away from the
 * tree. */
#define _POSIX_C_SOURCE 200809L /* setenv */

#include <CUnit/CUnit.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reports/commands/commands.h"
#include "reports/commands/options.h"
#include "reports/commands/help.h"
#include "reports/formats/fit.h"
#include "reports/tests/command_fixture.h"

/* --- reading words ------------------------------------------------------------------------------------------------ */

struct taken {
    bool quiet, verbose;
    const char *name, *colour, *file;
    uint64_t number;
    char words[40];
};

static int take_word(void *target, struct options *options, const char *word) {
    struct taken *taken = target;
    if (strcmp(word, "bad") == 0) return options_wrong(options, "a bad word");
    strcat(strcat(taken->words, word), ";");
    return 0;
}

static const char *const colours[] = { "red", "green", NULL };

/* clang-format off */
static const struct option_row option_rows[] = {
    { .kind = OPTION_FLAG, .letter = 'q', .name = "--quiet", .member = offsetof(struct taken, quiet), .help = "says less" },
    { .kind = OPTION_FLAG, .letter = 'v', .name = "--verbose", .member = offsetof(struct taken, verbose), .help = "says more" },
    { .kind = OPTION_TEXT, .name = "--name", .value = "NAME", .member = offsetof(struct taken, name), .marks = OPTION_KEPT, .help = "who" },
    { .kind = OPTION_TEXT, .name = "--colour", .value = "COLOUR", .member = offsetof(struct taken, colour), .choices = colours, .help = "which" },
    { .kind = OPTION_TEXT, .name = "--into", .value = "FILE", .member = offsetof(struct taken, file), .offer = OFFER_FILES, .help = "where" },
    { .kind = OPTION_NUMBER, .letter = 'n', .name = "--number", .value = "N", .member = offsetof(struct taken, number), .least = 1,
      .most = UINT64_MAX, .help = "how many" },
};
/* clang-format on */

static const struct command example = {
    .name = "example",
    .synopsis = "[OPTION...]",
    .summary = "an example",
    .description = "One.\nTwo.",
    .rows = option_rows,
    .rows_count = sizeof option_rows / sizeof option_rows[0],
    .examples = "example",
    .status = "0.",
    .take_word = take_word,
};

static struct taken taken;

static int read_example(int count, char **arguments) {
    taken = (struct taken){ .quiet = false };
    return options_read(&example, &taken, count, arguments);
}

static void letters_are_joined_and_values_follow(void) {
    CU_ASSERT_EQUAL(run_command(read_example, "one -qvn12 --name=a=b two"), 0);
    CU_ASSERT_TRUE(taken.quiet && taken.verbose);
    CU_ASSERT_EQUAL(taken.number, 12);
    CU_ASSERT_EQUAL(run_command(read_example, "-n 0x10 --name you -- --quiet -"), 0);
    CU_ASSERT_EQUAL(taken.number, 16);
    CU_ASSERT_FALSE(taken.quiet);
    CU_ASSERT_STRING_EQUAL(taken.words, "--quiet;-;");
}

static void a_number_has_64_bits_and_limits(void) {
    CU_ASSERT_EQUAL(run_command(read_example, "--number 18446744073709551615"), 0);
    CU_ASSERT_EQUAL(taken.number, UINT64_MAX);
    CU_ASSERT_EQUAL(run_command(read_example, "--number 18446744073709551616"), 2);
    says(command_errors(), "--number wants a number from 1 to 18446744073709551615, not 18446744073709551616");
    static const char *const wrong[] = { "0", "-1", "1x", "0x", "0xg", "+1", "1.5" };
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char line[40];
        snprintf(line, sizeof line, "--number=%s", wrong[i]);
        CU_ASSERT_EQUAL(run_command(read_example, line), 2);
    }
}

static void wrong_words_are_reported_with_what_was_meant(void) {
    CU_ASSERT_EQUAL(run_command(read_example, "--verbsoe"), 2);
    says(command_errors(),
         "reservoir example: unknown option --verbsoe; did you mean --verbose?\nTry `reservoir help example`.\n");
    CU_ASSERT_EQUAL(run_command(read_example, "-qx"), 2);
    says(command_errors(), "unknown option -x");
    CU_ASSERT_EQUAL(run_command(read_example, "--quiet=yes"), 2);
    says(command_errors(), "--quiet takes no value");
    CU_ASSERT_EQUAL(run_command(read_example, "--name"), 2);
    says(command_errors(), "--name wants a value: NAME");
    CU_ASSERT_EQUAL(run_command(read_example, "--name="), 2);
    CU_ASSERT_EQUAL(run_command(read_example, "--colour geren"), 2);
    says(command_errors(), "--colour: no geren; expected red or green; did you mean green?");
    CU_ASSERT_EQUAL(run_command(read_example, "good bad good"), 2);
}

static void the_last_of_two_values_counts_but_two_files_are_refused(void) {
    CU_ASSERT_EQUAL(run_command(read_example, "--name you --number 1 --name me --number 2"), 0);
    CU_ASSERT_STRING_EQUAL(taken.name, "me");
    CU_ASSERT_EQUAL(taken.number, 2);
    CU_ASSERT_EQUAL(run_command(read_example, "--into here --into here"), 0);
    CU_ASSERT_STRING_EQUAL(taken.file, "here");
    CU_ASSERT_EQUAL(run_command(read_example, "--into here --into=there"), 2);
    says(command_errors(), "reservoir example: --into was given twice: here and there\n");
}

static void help_is_fitted_and_names_every_option(void) {
    CU_ASSERT_EQUAL(run_command(read_example, "-vh"), -1);
    says(command_output(), "reservoir example [OPTION...]\n\nOne.\n\nTwo.\n");
    says(command_output(), "  -q, --quiet                 says less\n");
    says(command_output(), "  -n, --number N              how many\n");
    for (unsigned i = 0; i < commands_count; i++) {
        char line[40];
        snprintf(line, sizeof line, "%s", commands_all[i]->name);
        CU_ASSERT_EQUAL(run_command(command_help, line), 0);
        for (unsigned j = 0; j < commands_all[i]->rows_count; j++) {
            if (command_has(commands_all[i], &commands_all[i]->rows[j]))
                says(command_output(), commands_all[i]->rows[j].name == NULL ? ":" : commands_all[i]->rows[j].name);
        }
        for (const char *at = command_output(); *at != '\0'; at += strcspn(at, "\n") + 1)
            CU_ASSERT_TRUE(strcspn(at, "\n") <= 100);
    }
}

static void what_is_kept_reads_back(void) {
    struct path_list words = { 0 };
    struct taken kept = { .name = "a b", .colour = "red" }, back = { .name = NULL }, other = { .name = "mine" };
    options_keep(&example, &kept, &words);
    CU_ASSERT_EQUAL_FATAL(words.count, 1);
    CU_ASSERT_STRING_EQUAL(words.paths[0], "--name=a b");
    CU_ASSERT_EQUAL(options_read_kept(&example, &back, &words, "kept"), 0);
    options_inherit(&example, &other, &back);
    CU_ASSERT_STRING_EQUAL(other.name, "mine");
    other.name = NULL;
    options_inherit(&example, &other, &back);
    CU_ASSERT_STRING_EQUAL(other.name, "a b");
    path_list_free(&words);
}

/* --- help and completion ------------------------------------------------------------------------------------------ */

static void help_of_what_is_no_command(void) {
    CU_ASSERT_EQUAL(run_command(command_help, "rnu"), 2);
    says(command_errors(), "unknown command rnu; expected run, resume,");
    says(command_errors(), "(did you mean run?)");
    CU_ASSERT_EQUAL(run_command(command_help, ""), 0);
    says(command_output(), "  reservoir run ");
    CU_ASSERT_EQUAL(run_command(command_help, "--man run"), 0);
    says(command_output(), ".TH RESERVOIR\\-run 1");
    says(command_output(), ".B \\-\\-seed N\n");
    CU_ASSERT_EQUAL(run_command(command_help, "--man"), 0);
    says(command_output(), ".BR reservoir\\-judge (1)");
}

static void completion_knows_every_option(void) {
    static const char *const shells[] = { "bash", "zsh", "fish" };
    for (unsigned i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(run_command(command_completion, shells[i]), 0);
        says(command_output(), i == 2 ? "-l host-trace -r" : "--host-trace");
        says(command_output(), "documented windows any");
    }
    CU_ASSERT_EQUAL(run_command(command_completion, "tcsh"), 2);
    CU_ASSERT_EQUAL(run_command(command_completion, "bahs"), 2);
    says(command_errors(), "did you mean bash?");
    CU_ASSERT_EQUAL(run_command(command_completion, ""), 2);
}

static void fits(const char *text, unsigned columns, const char *expected) {
    struct text out = { 0 };
    text_fit(text, columns, &out);
    CU_ASSERT_STRING_EQUAL(out.bytes, expected);
    if (strcmp(out.bytes, expected) != 0) printf("\n%s", out.bytes);
    text_free(&out);
}

static void text_is_continued_under_its_last_column(void) {
    fits("name    a table whose last column is a text of some length\nshort\n", 40,
         "name    a table whose last column is a\n        text of some length\nshort\n");
    fits("  an indented line that is longer than forty columns\n", 40,
         "  an indented line that is longer than\n      forty columns\n");
    fits("a paragraph at the margin that is long enough\n", 40, "a paragraph at the margin that is long\nenough\n");
    fits("a-word-that-is-longer-than-forty-columns-is-not-cut and more\n", 40,
         "a-word-that-is-longer-than-forty-columns-is-not-cut\nand more\n");
    fits("\033[1;31mcolours take no room here: it is so\033[0m\n", 40,
         "\033[1;31mcolours take no room here: it is so\033[0m\n");
    fits(
        "\303\244\303\244\303\244\303\244\303\244\303\244\303\244\303\244\303\244\303\244 ten letters of two bytes each\n",
        40,
        "\303\244\303\244\303\244\303\244\303\244\303\244\303\244\303\244\303\244\303\244 ten letters of two bytes each\n");
    fits("anything at all that is longer than forty columns\n", 0,
         "anything at all that is longer than forty columns\n");
}

/* --- names -------------------------------------------------------------------------------------------------------- */

static void given_a_tree(void) {
    static const char *const ids[] = { "red/after", "red/both", "blue/both", "blue/before" };
    for (unsigned i = 0; i < 4; i++) {
        char name[40], text[200];
        snprintf(name, sizeof name, "data/scenarios/%s.scn", ids[i]);
        snprintf(
            text, sizeof text,
            "scenario %s\n  title x\n  variants transport=tcp|udp family=v4\n\nprocess app\n\napp: s = socket($socket) -> ok\n",
            path_base(ids[i]));
        command_text(name, text);
    }
}

static void runs(const char *words, const char *expected) {
    char line[200];
    snprintf(line, sizeof line, "%s --scenarios @/data/scenarios --report tap", words);
    CU_ASSERT_EQUAL(run_command(command_run, line), 0);
    says(command_output(), expected);
}

static void scenarios_go_by_short_names(void) {
    given_a_tree();
    runs("after", "1..2\n");
    runs("red/after", "1..2\n");
    runs("scenarios/red/after.scn", "1..2\n");
    runs("red", "1..4\n");
    runs("blue/", "1..4\n");
    runs("blue/both[udp.v4]", "1..1\nok 1 - model blue/both[udp.v4]\n");
}

static void refuses(const char *word, const char *expected) {
    char line[200];
    snprintf(line, sizeof line, "%s --scenarios @/data/scenarios", word);
    CU_ASSERT_EQUAL(run_command(command_run, line), 2);
    says(command_errors(), expected);
}

static void names_that_name_nothing_or_several(void) {
    given_a_tree();
    refuses("both", "both: several scenarios have that name: blue/both, red/both; say which");
    refuses("aftre", "did you mean red/after?");
    refuses("red/beth", "did you mean red/both?");
    refuses("rde", "did you mean red?");
    refuses("after[tcp.v9]", "red/after has no instance [tcp.v9]; it has [tcp.v4] [udp.v4]");
}

static void a_file_is_played_once_however_often_it_is_named(void) {
    char folder[FOLDER_PATH_MAX], link_path[FOLDER_PATH_MAX];
    given_a_tree();
    runs("red red/after after[tcp.v4] @/data/scenarios/red/after.scn", "1..4\n");
    command_path("data/scenarios/red/up", link_path);
    command_path("data", folder);
    (void)unlink(link_path);
    CU_ASSERT_EQUAL(symlink("../../scenarios", link_path), 0);
    runs("@/data", "1..8\n");
    unlink(link_path);
}

static void data_is_where_the_variable_says(void) {
    char path[FOLDER_PATH_MAX];
    given_a_tree();
    command_path("data", path);
    setenv("RESERVOIR_DATA", path, 1);
    CU_ASSERT_EQUAL(run_command(command_run, "after --report tap"), 0);
    says(command_output(), "1..2\n");
    CU_ASSERT_EQUAL(run_command(command_list, ""), 0);
    says(command_output(), "blue/both");
    setenv("RESERVOIR_DATA", "/nonexistent", 1);
    CU_ASSERT_EQUAL(run_command(command_run, "after"), 2);
    says(
        command_errors(),
        "a name in /nonexistent/scenarios, which has no scenarios (RESERVOIR_DATA or --scenarios says where they are)");
    unsetenv("RESERVOIR_DATA");
}

void register_command_options_tests(void);
void register_command_options_tests(void) {
    CU_pSuite suite = CU_add_suite("command line: options", command_begin, command_end);
    CU_add_test(suite, "letters are joined and values follow", letters_are_joined_and_values_follow);
    CU_add_test(suite, "a number has 64 bits and limits", a_number_has_64_bits_and_limits);
    CU_add_test(suite, "wrong words are reported with what was meant", wrong_words_are_reported_with_what_was_meant);
    CU_add_test(suite, "the last of two values counts, but two files are refused",
                the_last_of_two_values_counts_but_two_files_are_refused);
    CU_add_test(suite, "help is fitted and names every option", help_is_fitted_and_names_every_option);
    CU_add_test(suite, "what is kept reads back", what_is_kept_reads_back);
    CU_add_test(suite, "help of what is no command", help_of_what_is_no_command);
    CU_add_test(suite, "completion knows every option", completion_knows_every_option);
    CU_add_test(suite, "text is continued under its last column", text_is_continued_under_its_last_column);
    CU_add_test(suite, "scenarios go by short names", scenarios_go_by_short_names);
    CU_add_test(suite, "names that name nothing or several", names_that_name_nothing_or_several);
    CU_add_test(suite, "a file is played once however often it is named",
                a_file_is_played_once_however_often_it_is_named);
    CU_add_test(suite, "data is where the variable says", data_is_where_the_variable_says);
}
