/* The commands as scripts see them: exit status, standard output, standard error. */
#define _POSIX_C_SOURCE 200809L

#include <CUnit/CUnit.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/folders.h"
#include "reports/commands.h"

static const char pattern[] = "build/test-XXXXXX";
static char made[sizeof pattern];
static char *output, *errors;

static void in_folder(const char *name, char path[FOLDER_PATH_MAX]) { snprintf(path, FOLDER_PATH_MAX, "%s/%s", made, name); }

static void write_file(const char *name, const char *bytes, size_t length) {
    char path[FOLDER_PATH_MAX];
    in_folder(name, path);
    FILE *file = folder_create_file(path);
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

static int begin(void) {
    memcpy(made, pattern, sizeof made);
    return mkdtemp(made) == NULL;
}

static int remove_all(void) {
    char command[FOLDER_PATH_MAX];
    free(output);
    free(errors);
    output = errors = NULL;
    snprintf(command, sizeof command, "rm -r '%s'", made);
    return system(command) == 0 ? 0 : 1;
}

/* --- running a command -------------------------------------------------------------------------------------------- */

static int send_to_file(FILE *stream, const char *name) {
    char path[FOLDER_PATH_MAX];
    in_folder(name, path);
    fflush(stream);
    int kept = dup(fileno(stream));
    FILE *file = fopen(path, "wb");
    CU_ASSERT_TRUE_FATAL(kept >= 0 && file != NULL);
    CU_ASSERT_TRUE_FATAL(dup2(fileno(file), fileno(stream)) >= 0);
    fclose(file);
    return kept;
}

static char *take_back(FILE *stream, int kept, const char *name) {
    char path[FOLDER_PATH_MAX];
    size_t length = 0;
    in_folder(name, path);
    fflush(stream);
    dup2(kept, fileno(stream));
    close(kept);
    return folder_read_file(path, 1 << 24, &length);
}

/* Runs a command with the words of `line`; @ stands for the test's folder. */
static int run(int (*command)(int, char **), const char *line) {
    static char words[4096];
    char *arguments[32];
    int count = 0;
    size_t length = 0;
    for (const char *at = line; *at != '\0'; at++)
        length += (size_t)snprintf(words + length, sizeof words - length, *at == '@' ? "%s" : "%.1s", *at == '@' ? made : at);
    words[length] = '\0';
    for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " ")) arguments[count++] = word;
    free(output);
    free(errors);
    int kept_output = send_to_file(stdout, "output"), kept_errors = send_to_file(stderr, "errors");
    int status = command(count, arguments);
    output = take_back(stdout, kept_output, "output");
    errors = take_back(stderr, kept_errors, "errors");
    return status;
}

static void says(const char *where, const char *expected) {
    CU_ASSERT_PTR_NOT_NULL_FATAL(where);
    CU_ASSERT_PTR_NOT_NULL(strstr(where, expected));
    if (strstr(where, expected) == NULL) printf("\n    wanted: %s\n    said: %.600s", expected, where);
}

#define HEAD "process app\n\n"
static const char good[] = "scenario good\n\n" HEAD "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n";

static void write_scenario(const char *name, const char *text) { write_file(name, text, strlen(text)); }

/* --- bad input ------------------------------------------------------------------------------------------------------- */

static void a_missing_path(void) {
    CU_ASSERT_EQUAL(run(command_run, "@/nowhere"), 2);
    says(errors, "/nowhere: no such file or folder; expected a scenario (*.scn)");
}

static void an_empty_folder(void) {
    char path[FOLDER_PATH_MAX];
    in_folder("empty", path);
    mkdir(path, 0777);
    CU_ASSERT_EQUAL(run(command_run, "@/empty"), 2);
    says(errors, "/empty: no scenario (*.scn) is in this folder or below it");
    CU_ASSERT_EQUAL(run(command_fmt, "@/empty"), 2);
    CU_ASSERT_EQUAL(run(command_judge, "@/empty"), 2);
}

static void a_misspelt_constant(void) {
    write_scenario("misspelt.scn", "scenario misspelt\n\n" HEAD "app: s = socket(AF_INTE, SOCK_STREAM, IPPROTO_TCP) -> ok\n");
    CU_ASSERT_EQUAL(run(command_run, "@/misspelt.scn"), 2);
    says(errors, "/misspelt.scn:5:17: ");
    says(errors, "AF_INET");
}

static void a_missing_parenthesis(void) {
    write_scenario("open.scn", "scenario open\n\n" HEAD "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP -> ok\n");
    CU_ASSERT_EQUAL(run(command_run, "@/open.scn"), 2);
    says(errors, "/open.scn:5:");
}

static void an_unknown_and_a_doubled_name(void) {
    write_scenario("unknown.scn", "scenario unknown\n\n" HEAD "app: closesocket(t) -> ok\n");
    CU_ASSERT_EQUAL(run(command_run, "@/unknown.scn"), 2);
    says(errors, "/unknown.scn:5:18: ");
    write_scenario("doubled.scn", "scenario doubled\n\n" HEAD "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                                  "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n");
    CU_ASSERT_EQUAL(run(command_run, "@/doubled.scn"), 2);
    says(errors, "/doubled.scn:6:6: ");
}

static void a_line_of_ten_megabytes(void) {
    size_t length = 10u << 20;
    char *bytes = malloc(length);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    memset(bytes, 'x', length);
    write_file("long.scn", bytes, length);
    free(bytes);
    CU_ASSERT_EQUAL(run(command_run, "@/long.scn"), 2);
    says(errors, "/long.scn:1:");
}

static void a_nul_byte(void) {
    static const char bytes[] = "scenario nul\n\nprocess a\0pp\n";
    write_file("nul.scn", bytes, sizeof bytes - 1);
    CU_ASSERT_EQUAL(run(command_run, "@/nul.scn"), 2);
    says(errors, "/nul.scn:3:");
}

static void broken_files_do_not_hide_the_others(void) {
    write_scenario("some/good.scn", good);
    write_scenario("some/one.scn", "scenario one\n\nprocess\n");
    write_scenario("some/two.scn", "scenario two\n\nprocess\n");
    CU_ASSERT_EQUAL(run(command_run, "@/some"), 2);
    says(errors, "/some/one.scn:3:");
    says(errors, "/some/two.scn:3:");
    says(output, "some/good");
    says(output, "1 conform");
    says(output, "2 scenario files or paths could not be used");
}

/* --- wrong words ------------------------------------------------------------------------------------------------------- */

static void wrong_options_are_told(void) {
    CU_ASSERT_EQUAL(run(command_run, "--profil windows"), 2);
    says(errors, "reservoir run: unknown option --profil; did you mean --profile?");
    CU_ASSERT_EQUAL(run(command_run, "--profile vista"), 2);
    says(errors, "no profile vista; expected documented, windows or any");
    CU_ASSERT_EQUAL(run(command_run, "--on host"), 2);
    says(errors, "--on host wants --host 'COMMAND' or --host-trace DIR");
    CU_ASSERT_EQUAL(run(command_run, "--seed x"), 2);
    says(errors, "--seed wants a number");
    CU_ASSERT_EQUAL(run(command_run, "--repeat 0"), 2);
    CU_ASSERT_EQUAL(run(command_run, "--report html"), 2);
    CU_ASSERT_EQUAL(run(command_run, "--filter colour=red"), 2);
    CU_ASSERT_EQUAL(run(command_run, "--fail-on sadness"), 2);
    says(errors, "--fail-on: no verdict sadness");
    CU_ASSERT_EQUAL(run(command_run, "--record"), 2);
    says(errors, "--record wants a value");
    CU_ASSERT_EQUAL(run(command_list, "colours"), 2);
    CU_ASSERT_EQUAL(run(command_show, "reading"), 2);
    CU_ASSERT_EQUAL(run(command_show, "reading Q999"), 2);
    says(errors, "there is no reading Q999");
    CU_ASSERT_EQUAL(run(command_show, "error WSAEINVALL"), 2);
    says(errors, "did you mean WSAEINVAL?");
}

static void nothing_selected_is_an_error(void) {
    write_scenario("good.scn", good);
    CU_ASSERT_EQUAL(run(command_run, "@/good.scn --filter clause=ASC-99"), 2);
    says(errors, "nothing is selected");
}

static void help_is_no_error(void) {
    CU_ASSERT_EQUAL(run(command_run, "--help"), 0);
    says(output, "Examples:");
    CU_ASSERT_EQUAL(run(command_judge, "--help"), 0);
    CU_ASSERT_EQUAL(run(command_list, "--help"), 0);
    CU_ASSERT_EQUAL(run(command_show, "--help"), 0);
    CU_ASSERT_EQUAL(run(command_fmt, "--help"), 0);
    says(output, "Examples:");
}

/* --- what works ----------------------------------------------------------------------------------------------------------- */

static void a_trace_is_recorded_judged_and_run_again(void) {
    write_scenario("theme/good.scn", good);
    CU_ASSERT_EQUAL(run(command_run, "@/theme --record @/traces --twice --report tap=@/result.tap"), 0);
    CU_ASSERT_EQUAL(run(command_judge, "@/traces"), 0);
    says(output, "/traces/theme/good.trace: allowed, 1 steps");
    CU_ASSERT_EQUAL(run(command_run, "@/traces/theme/good.trace"), 0);
    CU_ASSERT_EQUAL(run(command_run, "@/theme --on host --host-trace @/traces"), 0);
    CU_ASSERT_EQUAL(run(command_run, "@/theme --on host --host-trace @/theme"), 2);
    says(output, "no trace (*.trace) is below this folder");
}

static void an_altered_trace_is_rejected(void) {
    write_scenario("altered.trace", "trace altered\n  by model\n\n" HEAD "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> WSAEPROCLIM\n");
    CU_ASSERT_EQUAL(run(command_judge, "@/altered.trace"), 1);
    says(output, "/altered.trace:6: rejected, 1 of 1 steps");
    says(output, "observed  WSAEPROCLIM");
    says(output, "allowed   ok");
}

/* Three hundred traces, of which each seventh is rejected and each fiftieth cannot be read. */
static void write_many_traces(void) {
    for (unsigned i = 0; i < 300; i++) {
        char name[40], text[200];
        snprintf(name, sizeof name, "many/%03u.trace", i);
        snprintf(text, sizeof text, "trace one\n  by model\n\n" HEAD "app: s = socket(AF_INET, SOCK_STREAM, %s) -> %s\n",
                 i % 50 == 0 ? "IPPROTO_TPC" : "IPPROTO_TCP", i % 7 == 0 ? "WSAEPROCLIM" : "ok error=0");
        write_scenario(name, text);
    }
}

static void how_many_judge_makes_no_difference(void) {
    write_many_traces();
    CU_ASSERT_EQUAL(run(command_judge, "--jobs 1 @/many"), 2);
    says(output, "252 allowed, 42 rejected, 6 could not be judged\n");
    char *output_of_one = output, *errors_of_one = errors;
    output = errors = NULL;
    CU_ASSERT_EQUAL(run(command_judge, "--jobs 3 @/many"), 2);
    CU_ASSERT_STRING_EQUAL(output, output_of_one);
    CU_ASSERT_STRING_EQUAL(errors, errors_of_one);
    says(errors, "/many/250.trace:6:");
    free(output_of_one);
    free(errors_of_one);
    CU_ASSERT_EQUAL(run(command_judge, "--jobs 0 @/many"), 2);
    says(errors, "reservoir judge: --jobs: at least one process is needed");
}

static void formatting_is_done_once(void) {
    write_scenario("format.scn", "scenario format\n\nprocess   app\n\napp:   s=socket( AF_INET,SOCK_STREAM,IPPROTO_TCP )->ok\n");
    CU_ASSERT_EQUAL(run(command_fmt, "--check @/format.scn"), 1);
    says(output, "/format.scn");
    CU_ASSERT_EQUAL(run(command_fmt, "@/format.scn"), 0);
    CU_ASSERT_EQUAL(run(command_fmt, "--check @/format.scn"), 0);
}

static void a_broken_host_keeps_the_models_results(void) {
    write_scenario("good.scn", good);
    CU_ASSERT_EQUAL(run(command_run, "@/good.scn --on model --on host --host false"), 2);
    says(output, "1 conform");
    says(output, "1 harness-broken");
    says(output, "the host ended with exit status 1");
}

static void ports_shows_a_block_come_and_go(void) {
    write_scenario("block.scn", "scenario block\n\n" HEAD
                                "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                                "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={6000, 10}, cbOut=16) -> ok\n"
                                "app: closesocket(s) -> ok\n");
    CU_ASSERT_EQUAL(run(command_ports, "@/block.scn"), 0);
    const char *acquired = strstr(output, "SIO_ACQUIRE_PORT_RESERVATION");
    CU_ASSERT_PTR_NOT_NULL_FATAL(acquired);
    const char *row = strstr(acquired, "6000        6009\n"); /* no mark: nobody administers it */
    CU_ASSERT_PTR_NOT_NULL_FATAL(row);
    CU_ASSERT_PTR_NULL(strstr(strstr(row, "closesocket"), "6009"));
    CU_ASSERT_EQUAL(run(command_ports, ""), 2);
    says(errors, "reservoir ports: nothing to play");
    CU_ASSERT_EQUAL(run(command_ports, "@/nowhere.scn"), 2);
    says(errors, "cannot read");
}

void register_command_line_tests(void);
void register_command_line_tests(void) {
    CU_pSuite suite = CU_add_suite("command line", begin, remove_all);
    CU_add_test(suite, "a missing path", a_missing_path);
    CU_add_test(suite, "an empty folder", an_empty_folder);
    CU_add_test(suite, "a misspelt constant", a_misspelt_constant);
    CU_add_test(suite, "a missing parenthesis", a_missing_parenthesis);
    CU_add_test(suite, "an unknown and a doubled name", an_unknown_and_a_doubled_name);
    CU_add_test(suite, "a line of ten megabytes", a_line_of_ten_megabytes);
    CU_add_test(suite, "a NUL byte", a_nul_byte);
    CU_add_test(suite, "broken files do not hide the others", broken_files_do_not_hide_the_others);
    CU_add_test(suite, "wrong options are told", wrong_options_are_told);
    CU_add_test(suite, "nothing selected is an error", nothing_selected_is_an_error);
    CU_add_test(suite, "help is no error", help_is_no_error);
    CU_add_test(suite, "a trace is recorded, judged and run again", a_trace_is_recorded_judged_and_run_again);
    CU_add_test(suite, "an altered trace is rejected", an_altered_trace_is_rejected);
    CU_add_test(suite, "how many judge makes no difference", how_many_judge_makes_no_difference);
    CU_add_test(suite, "formatting is done once", formatting_is_done_once);
    CU_add_test(suite, "ports shows a block come and go", ports_shows_a_block_come_and_go);
    CU_add_test(suite, "a broken host keeps the model's results", a_broken_host_keeps_the_models_results);
}
