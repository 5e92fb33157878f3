/* What the real program does: on a terminal, with streams that are full or closed, with words a terminal would obey.
 * Nothing of it runs in this process, so that sanitizers and coverage leave this suite out. */
#define _DEFAULT_SOURCE /* popen */

#include <CUnit/CUnit.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reports/commands/commands.h"
#include "reports/tests/command_fixture.h"

/* What the real program answers to a command line of the shell, and its status. */
static char *shell(const char *line, int *status) {
    size_t length = 0, capacity = 1 << 20;
    char *output = calloc(1, capacity);
    FILE *pipe = popen(line, "r");
    CU_ASSERT_TRUE_FATAL(pipe != NULL && output != NULL);
    length = fread(output, 1, capacity - 1, pipe);
    output[length] = '\0';
    int ended = pclose(pipe);
    *status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
    return output;
}

static void a_dash_is_standard_input(void) {
    int status;
    if (access("build/reservoir", X_OK) != 0) return;
    char *output = shell("build/reservoir run - --report tap <scenarios/associate/after-bind.scn", &status);
    CU_ASSERT_EQUAL(status, 0);
    says(output, "ok 1 - model after-bind[tcp.v4]\n");
    free(output);
    output = shell("sed 's/ -> / ->     /' scenarios/associate/after-bind.scn | build/reservoir fmt - | "
                   "cmp - scenarios/associate/after-bind.scn && echo same",
                   &status);
    CU_ASSERT_STRING_EQUAL(output, "same\n");
    free(output);
    char line[FOLDER_PATH_MAX + 80], path[FOLDER_PATH_MAX];
    CU_ASSERT_EQUAL(run_command(command_run, "after-bind[tcp.v4] --record @/recorded"), 0);
    command_path("recorded/associate/after-bind[tcp.v4].trace", path);
    snprintf(line, sizeof line, "build/reservoir judge - <'%s'", path);
    output = shell(line, &status);
    CU_ASSERT_EQUAL(status, 0);
    says(output, "-: allowed");
    free(output);
}

/* --- terminals ---------------------------------------------------------------------------------------------------- */

/* Characters before the line end, without escape sequences. */
static unsigned shown_width(const char *line, size_t length) {
    unsigned width = 0;
    for (size_t i = 0; i < length; i++) {
        if (line[i] == '\033')
            while (i < length && line[i] != 'm' && line[i] != 'K') i++;
        else width += line[i] != '\r' && ((unsigned char)line[i] & 0xC0) != 0x80;
    }
    return width;
}

/* One word that is wider than the line cannot be helped. */
static bool can_be_broken(const char *line, size_t length) {
    while (length > 0 && (line[length - 1] == '\r' || line[length - 1] == ' ')) length--;
    while (length > 0 && *line == ' ') {
        line++;
        length--;
    }
    return memchr(line, ' ', length) != NULL;
}

/* A terminal of 80 columns, which script(1) makes. */
static char *on_terminal(const char *variables, const char *words) {
    char line[600];
    int status;
    snprintf(line, sizeof line,
             "script -qec 'stty cols 80; unset COLUMNS; %s build/reservoir %s 2>/dev/null' /dev/null </dev/null",
             variables, words);
    return shell(line, &status);
}

static void everything_fits_a_terminal_of_80_columns(void) {
    static const char *const commands[] = {
        "run",
        "run after-bind -v",
        "run --on host --host-trace scenarios/hosts/wine-8.0/traces",
        "list",
        "list clauses",
        "list readings",
        "list errors",
        "list functions",
        "list codes",
        "list options",
        "show function WSASendTo",
        "list profiles",
        "list hosts",
        "show clause ASC-02",
        "show reading Q38",
        "show error WSAEACCES",
        "ports after-bind",
        "help",
        "help run",
        "help resume",
        "run --help",
        "help judge",
        "help list",
        "help show",
        "help completion",
        "judge scenarios/hosts/wine-8.0/traces/control",
        "judge scenarios/hosts/wine-8.0/traces", /* by several workers */
        "explore cancel/associate-pending",
        "modes associate --no-cancel",
        "run errors --report errors",
        "run associate --report clauses",
        "try after-bind",
    };
    if (access("build/reservoir", X_OK) != 0 || system("command -v script >/dev/null") != 0) return;
    for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        char *output = on_terminal("", commands[i]);
        bool wide = false;
        CU_ASSERT_NOT_EQUAL(output[0], '\0');
        for (const char *at = output; *at != '\0' && !wide; at += strcspn(at, "\n") + (at[strcspn(at, "\n")] == '\n')) {
            size_t length = strcspn(at, "\n");
            wide = shown_width(at, length) > 80 && can_be_broken(at, length);
            if (wide) printf("\n    reservoir %s: %.*s", commands[i], (int)length, at);
        }
        CU_ASSERT_FALSE(wide);
        free(output);
    }
}

/* Is there a byte that a terminal obeys, but for line ends? */
static bool has_control(const char *text) {
    for (const char *at = text; *at != '\0'; at++)
        if (((unsigned char)*at < 0x20 && *at != '\n' && *at != '\r' && *at != '\t') || *at == 0x7F) return true;
    return false;
}

static void expect_no_control(char *output, const char *words) {
    CU_ASSERT_NOT_EQUAL(output[0], '\0');
    bool control = has_control(output);
    if (control) printf("\n    reservoir %s: a control character", words);
    CU_ASSERT_FALSE(control);
    free(output);
}

/* What a person or a folder gives a name to is shown as pictures: on standard error always. */
static void words_of_the_command_line_are_shown_as_pictures(void) {
    static const char *const commands[] = {
        "run $E",
        "resume $E",
        "judge $E",
        "list $E",
        "show $E",
        "show clause $E",
        "fmt $E",
        "ports $E",
        "try $E",
        "explore $E",
        "modes $E",
        "diff $E $E",
        "matrix $E",
        "add-host $E",
        "pack $E x",
        "help $E",
        "completion $E",
        "$E",
        "run --$E",
        "run --seed $E",
        "run --filter $E",
        "run --report $E",
        "run --profile $E",
        "run after-bind --deviations $E",
        "run --unseen $E",
        "run --reading $E",
        "run --fail-on $E",
        "run after-bind --on host --host-trace $E",
        "run --jobs $E",
        "run a --record $E",
        "judge --profile $E",
        "matrix --format $E x",
    };
    int status;
    if (access("build/reservoir", X_OK) != 0) return;
    for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        char line[400];
        snprintf(line, sizeof line, "E=$(printf 'a\\033[31mb\\007'); build/reservoir %s 2>&1 >/dev/null </dev/null",
                 commands[i]);
        expect_no_control(shell(line, &status), commands[i]);
    }
}

/* A trace whose folder has such a name, on a terminal. */
static void names_of_files_reach_no_terminal_raw(void) {
    static const char *const commands[] = { "judge build/$E", "run build/$E/x.scn", "run build/$E/x.scn --list",
                                            "fmt build/$E/y.scn" };
    if (access("build/reservoir", X_OK) != 0 || system("command -v script >/dev/null") != 0) return;
    for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        char line[900];
        int status;
        snprintf(line, sizeof line,
                 "export E=$(printf 'raw\\033]0;b\\007'); mkdir -p \"build/$E\"; "
                 "printf 'trace x\\n\\nprocess app\\n\\napp: WSACleanup() -> ok error=0\\n' >\"build/$E/x.trace\"; "
                 "printf 'scenario x\\n\\nprocess app\\n\\napp: WSACleanup() -> ...\\n' >\"build/$E/x.scn\"; "
                 "printf 'scenario y\\n\\nprocess app\\n\\napp: WSACleanup()  -> ...\\n' >\"build/$E/y.scn\"; "
                 "script -qec 'TERM=dumb build/reservoir %s' /dev/null </dev/null; rm -r \"build/$E\"",
                 commands[i]);
        expect_no_control(shell(line, &status), commands[i]);
    }
}

static bool has_colour(char *output) {
    bool colour = strstr(output, "\033[") != NULL;
    free(output);
    return colour;
}

static void colours_are_for_those_who_want_them(void) {
    int status;
    if (access("build/reservoir", X_OK) != 0 || system("command -v script >/dev/null") != 0) return;
    CU_ASSERT_TRUE(has_colour(on_terminal("TERM=xterm NO_COLOR= FORCE_COLOR=", "run after-bind")));
    CU_ASSERT_FALSE(has_colour(on_terminal("TERM=dumb NO_COLOR= FORCE_COLOR=", "run after-bind")));
    CU_ASSERT_FALSE(has_colour(on_terminal("TERM=xterm NO_COLOR=1 FORCE_COLOR=1", "run after-bind")));
    CU_ASSERT_TRUE(has_colour(shell("NO_COLOR= FORCE_COLOR=1 build/reservoir run after-bind", &status)));
    CU_ASSERT_FALSE(has_colour(shell("NO_COLOR= FORCE_COLOR= build/reservoir run after-bind", &status)));
    CU_ASSERT_FALSE(
        has_colour(shell("FORCE_COLOR=1 build/reservoir run after-bind --report text=/dev/stdout", &status)));
}

/* --- bytes that are lost ------------------------------------------------------------------------------------------ */

/* The status of the real program, with its standard output where nothing can be written. */
static int status_when_full(const char *words) {
    char line[600];
    snprintf(line, sizeof line, "build/reservoir %s >/dev/full 2>/dev/null", words);
    int status = system(line);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void every_lost_byte_is_status_2(void) {
    if (access("/dev/full", W_OK) != 0 || access("build/reservoir", X_OK) != 0) return;
    static const char *const commands[] = {
        "run after-bind",
        "run -v",
        "run after-bind --report tap",
        "run after-bind --report junit",
        "run after-bind --report json",
        "run after-bind --report markdown",
        "run after-bind --report table",
        "run after-bind --list",
        "run --on host --host-trace scenarios/hosts/wine-8.0/traces --report github sharing",
        "run --list",
        "judge scenarios/hosts/wine-8.0/traces/associate",
        "list",
        "list clauses",
        "list readings",
        "list errors",
        "list profiles",
        "list hosts",
        "show clause ASC-02",
        "show reading Q38",
        "show error WSAEACCES",
        "show scenario after-bind",
        "ports after-bind",
        "help",
        "help run",
        "help --man run",
        "run --help",
        "--help",
        "--version",
        "completion bash",
    };
    for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        int status = status_when_full(commands[i]);
        CU_ASSERT_EQUAL(status, 2);
        if (status != 2) printf("\n    status %d: reservoir %s >/dev/full", status, commands[i]);
    }
}

/* The status of a program that was started without its standard streams, as a service is. */
static int status_without(const char *closed, const char *words) {
    char line[600];
    snprintf(line, sizeof line, "build/reservoir %s >/dev/null 2>/dev/null %s", words, closed);
    int status = system(line);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void streams_that_are_closed_break_nothing(void) {
    if (access("build/reservoir", X_OK) != 0 || access("build/gcc/agent-model", X_OK) != 0) return;
    CU_ASSERT_EQUAL(status_without("<&-", "run after-bind --on host --host build/gcc/agent-model"), 0);
    CU_ASSERT_EQUAL(status_without("<&- 2>&-", "run after-bind --on host --host build/gcc/agent-model"), 0);
    CU_ASSERT_EQUAL(status_without("<&-", "run -"), 2);
    CU_ASSERT_EQUAL(status_without(">&-", "run after-bind"), 2);
}

void register_command_program_tests(void);
void register_command_program_tests(void) {
    CU_pSuite suite = CU_add_suite("command line: the program", command_begin, command_end);
    CU_add_test(suite, "a dash is standard input", a_dash_is_standard_input);
    CU_add_test(suite, "everything fits a terminal of 80 columns", everything_fits_a_terminal_of_80_columns);
    CU_add_test(suite, "words of the command line are shown as pictures",
                words_of_the_command_line_are_shown_as_pictures);
    CU_add_test(suite, "names of files reach no terminal raw", names_of_files_reach_no_terminal_raw);
    CU_add_test(suite, "colours are for those who want them", colours_are_for_those_who_want_them);
    CU_add_test(suite, "every lost byte is status 2", every_lost_byte_is_status_2);
    CU_add_test(suite, "streams that are closed break nothing", streams_that_are_closed_break_nothing);
}
