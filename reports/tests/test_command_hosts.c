/* Hosts side by side, and into the tree: `reservoir matrix`, `pack`, `judge RESULT`, `add-host`. */
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/bundle.h"
#include "conformance/base/text.h"
#include "reports/commands/commands.h"
#include "reports/formats/json.h"
#include "reports/formats/matrix.h"
#include "reports/tests/command_fixture.h"

/* --- two hosts that differ in one answer -------------------------------------------------------------------------- */

static const char scenario[] =
    "scenario opened\n\nprocess app\n\napp: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
    "app: bind(s, 127.0.0.1:0) -> ok\n";

/* A trace of it, of a Wine of this version. */
static void given_a_trace(const char *folder, const char *wine, const char *socket, const char *bind) {
    char name[128];
    struct text text = { 0 };
    text_add(
        &text,
        "trace opened\n  by agent\n  host wine\n  wine %s\n  dynamic-range unknown\n  exclusions unknown\n\nprocess app\n\n"
        "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> %s\napp: bind(s, 127.0.0.1:0) -> %s\n",
        wine, socket, bind);
    snprintf(name, sizeof name, "%s/control/opened.trace", folder);
    command_text(name, text.bytes);
    snprintf(name, sizeof name, "%s/control/shut.trace", folder);
    memcpy(strstr(text.bytes, "opened"), "shut  ", 6);
    command_text(name, text.bytes);
    text_free(&text);
}

static void given_two_hosts(void) {
    static const char *const folders[] = { "tree", "old", "new", "inside" };
    for (unsigned i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        char path[FOLDER_PATH_MAX], removal[FOLDER_PATH_MAX + 16];
        command_path(folders[i], path);
        snprintf(removal, sizeof removal, "rm -rf '%s'", path);
        CU_ASSERT_EQUAL(system(removal), 0);
    }
    command_text("tree/control/opened.scn", scenario);
    struct text other = { 0 };
    text_add(&other, "%s", scenario);
    memcpy(strstr(other.bytes, "opened"), "shut\n\n", 6);
    command_text("tree/control/shut.scn", other.bytes);
    text_free(&other);
    given_a_trace("old", "7.0", "ok error=0", "ok error=0 port=s.port  #~ s.port=50001");
    given_a_trace("new", "9.0", "ok error=untouched", "WSAEADDRINUSE");
}

static void ran(const char *folder, const char *file) {
    char line[256];
    snprintf(line, sizeof line, "@/tree/control --on host --host-trace @/%s --scenarios @/tree --report json=@/%s",
             folder, file);
    run_command(command_run, line);
}

static void neighbours_part_at_one_answer(void) {
    if (!json_is_built_in()) return;
    given_two_hosts();
    ran("old", "old.json");
    ran("new", "new.json");
    CU_ASSERT_EQUAL(run_command(command_matrix, "@/old.json @/new.json"), 0);
    says(command_output(),
         "wine-7.0 and wine-9.0 differ in 1 answer, in 2 instances; 0 were played by one of them only.\n"
         "  bind: control/opened, control/shut\n"
         "    app: bind(s, 127.0.0.1:0)\n"
         "      wine-7.0  ok error=0 port=s.port\n"
         "      wine-9.0  WSAEADDRINUSE\n");
    CU_ASSERT_EQUAL(run_command(command_matrix, "@/old.json @/old.json"), 0);
    says(command_output(), "wine-7.0 and wine-7.0 differ in 0 answers, in 0 instances; 0 were played");
    CU_ASSERT_EQUAL(run_command(command_matrix, "--format markdown @/old.json @/new.json"), 0);
    says(command_output(), "| theme | wine-7.0 | wine-9.0 |\n|---|---|---|\n| control | 2/0 of 2 | 0/2 of 2 |\n");
    CU_ASSERT_EQUAL(run_command(command_matrix, "--format json @/old.json @/new.json"), 0);
    says(command_output(), "\"was\": \"ok error=0 port=s.port\"");
}

/* That a success leaves the last error alone shows in every step of such a host: where there is more, that counts. */
static void a_last_error_counts_only_alone(void) {
    if (!json_is_built_in()) return;
    given_two_hosts();
    given_a_trace("new", "9.0", "ok error=untouched", "ok error=untouched port=s.port  #~ s.port=50002");
    ran("old", "old.json");
    ran("new", "new.json");
    CU_ASSERT_EQUAL(run_command(command_matrix, "@/old.json @/new.json"), 0);
    says(command_output(), "differ in 1 answer, in 2 instances");
    says(command_output(), "  socket: control/opened, control/shut\n");
}

static void what_one_did_not_play_is_counted_apart(void) {
    if (!json_is_built_in()) return;
    char path[FOLDER_PATH_MAX];
    given_two_hosts();
    command_path("new/control/shut.trace", path);
    remove(path);
    ran("old", "old.json");
    ran("new", "new.json");
    CU_ASSERT_EQUAL(run_command(command_matrix, "@/old.json @/new.json"), 0);
    says(command_output(), "in 1 instance; 1 were played by one of them only.");
}

/* A run that is no longer as recorded has the verdict; the matrix is made of it as well. */
static void what_is_unseen_and_not_recorded_has_no_mark(void) {
    if (!json_is_built_in()) return;
    char path[FOLDER_PATH_MAX], line[FOLDER_PATH_MAX + 64];
    given_two_hosts();
    ran("old", "old.json");
    ran("new", "new.json");
    command_path("new.json", path);
    snprintf(line, sizeof line, "sed -i '/\"id\"/,/\"verdict\"/s/\"deviate-new\"/\"unseen-new\"/' '%s'", path);
    CU_ASSERT_EQUAL(system(line), 0);
    CU_ASSERT_EQUAL(run_command(command_matrix, "@/old.json @/new.json"), 0);
    says(command_output(), "2/0 of 2          -\n");
}

static void a_matrix_wants_runs_of_hosts(void) {
    CU_ASSERT_EQUAL(run_command(command_matrix, ""), 2);
    says(command_errors(), "name the runs");
    if (!json_is_built_in()) return;
    CU_ASSERT_EQUAL(run_command(command_matrix, "@/none.json"), 2);
    says(command_errors(), "there is no such file");
    given_two_hosts();
    run_command(command_run, "@/tree/control --report json=@/model.json");
    CU_ASSERT_EQUAL(run_command(command_matrix, "@/model.json"), 2);
    says(command_errors(), "no host in these runs");
    CU_ASSERT_EQUAL(run_command(command_matrix, "--models @/model.json"), 0);
}

/* --- one file ----------------------------------------------------------------------------------------------------- */

static void a_result_comes_back_as_it_was(void) {
    given_two_hosts();
    CU_ASSERT_EQUAL(run_command(command_pack, "@/old @/result"), 0);
    CU_ASSERT_EQUAL(run_command(command_judge, "@/result"), 0);
    says(command_output(), "2 allowed, 0 rejected, 0 could not be judged");
    CU_ASSERT_EQUAL(run_command(command_pack, "@/old"), 2);
    CU_ASSERT_EQUAL(run_command(command_pack, "@/nowhere @/result"), 2);
}

static bool unpacks(const char *text) {
    char file[FOLDER_PATH_MAX], folder[FOLDER_PATH_MAX];
    struct reason reason = { "" };
    command_text("foreign", text);
    command_path("foreign", file);
    command_path("inside/deep", folder);
    bool good = bundle_unpack(file, folder, &reason);
    CU_ASSERT_EQUAL(good, reason.text[0] == '\0');
    return good;
}

static void a_foreign_result_is_taken_whole_or_not_at_all(void) {
    char path[FOLDER_PATH_MAX];
    CU_ASSERT_TRUE(unpacks("reservoir result 1\n== a/b.trace 3\nxy\n== end 1\n"));
    CU_ASSERT_FALSE(unpacks("reservoir result 2\n== end 0\n"));
    CU_ASSERT_FALSE(unpacks("reservoir result 1\n== ../out.trace 3\nxy\n== end 1\n"));
    CU_ASSERT_FALSE(unpacks("reservoir result 1\n== a/../../out.trace 3\nxy\n== end 1\n"));
    CU_ASSERT_FALSE(unpacks("reservoir result 1\n== /out.trace 3\nxy\n== end 1\n"));
    CU_ASSERT_FALSE(unpacks("reservoir result 1\n== c:out.trace 3\nxy\n== end 1\n"));
    CU_ASSERT_FALSE(unpacks("reservoir result 1\n== a\\b.trace 3\nxy\n== end 1\n"));
    CU_ASSERT_FALSE(unpacks("reservoir result 1\n== new.trace 300\nxy\n== end 1\n"));
    CU_ASSERT_FALSE(unpacks("reservoir result 1\n== new.trace 3\nxy\n== end 2\n"));
    CU_ASSERT_FALSE(unpacks("reservoir result 1\n== new.trace 3\nxy\n"));
    CU_ASSERT_FALSE(unpacks("reservoir result 1\n== new.trace 99999999999999999999999\nxy\n== end 1\n"));
    command_path("inside/deep/new.trace", path);
    CU_ASSERT_EQUAL(path_kind_of(path), PATH_MISSING);
}

/* --- into the tree ------------------------------------------------------------------------------------------------ */

static void a_host_has_a_folder_of_its_own(void) {
    char path[FOLDER_PATH_MAX];
    given_two_hosts();
    CU_ASSERT_EQUAL(run_command(command_add_host, "@/old --scenarios @/tree"), 0);
    says(command_output(), "2 traces, 0 of them the words of no other host");
    CU_ASSERT_EQUAL(
        run_command(command_run,
                    "@/tree/control --on host --host-trace @/tree/hosts/wine-7.0/traces --scenarios @/tree"),
        0);
    says(command_output(), "2 conform");
    CU_ASSERT_EQUAL(run_command(command_list, "hosts --scenarios @/tree"), 0);
    says(command_output(), "wine-7.0                   2");
    command_path("tree/hosts/wine-7.0/facts", path);
    CU_ASSERT_EQUAL(path_kind_of(path), PATH_FILE);
    CU_ASSERT_EQUAL(run_command(command_pack, "@/new @/result"), 0);
    CU_ASSERT_EQUAL(run_command(command_add_host, "@/result --scenarios @/tree --like wine-7.0"), 1);
    says(command_output(), "observed  WSAEADDRINUSE");
    CU_ASSERT_EQUAL(
        run_command(command_run,
                    "@/tree/control --on host --host-trace @/tree/hosts/wine-9.0/traces --scenarios @/tree"),
        0);
    says(command_output(), "2 deviate-known");
}

/* The same words are not kept twice, and hold as long as the other host's trace is the same. */
static void a_host_that_is_like_another_keeps_what_differs(void) {
    given_two_hosts();
    given_a_trace("tree/hosts/wine-8.5/traces", "8.5", "ok error=0", "ok error=0 port=s.port  #~ s.port=50001");
    given_a_trace("new", "9.0", "ok error=0", "ok error=0 port=s.port  #~ s.port=60000");
    CU_ASSERT_EQUAL(run_command(command_add_host, "@/new --scenarios @/tree --like wine-8.5"),
                    2); /* nothing to inherit */
    command_text("tree/hosts/wine-8.5/deviations", "# none\n");
    CU_ASSERT_EQUAL(run_command(command_add_host, "@/new --scenarios @/tree --like wine-8.5"), 0);
    says(command_output(), "2 traces, 1 of them the words of wine-8.5");
    const char *const again =
        "@/tree/control --on host --host-trace @/tree/hosts/wine-9.0/traces --scenarios @/tree -v";
    CU_ASSERT_EQUAL(run_command(command_run, again), 0);
    says(command_output(), "2 conform");
    given_a_trace("tree/hosts/wine-8.5/traces", "8.5", "ok error=0", "WSAEADDRINUSE");
    CU_ASSERT_EQUAL(run_command(command_run, again), 0);
    says(command_output(), "no trace recorded since the scenario was changed");
}

/* A head says some things in a line for each protocol. What differs in one trace stands with that trace alone. */
static void facts_of_two_lines_stand_once(void) {
    static const char first[] = "dynamic-range tcp 50000-50001\n  dynamic-range udp 50000-50001",
                      second[] = "dynamic-range tcp 50000-50001\n  dynamic-range udp 40000-40001";
    given_two_hosts();
    for (unsigned i = 0; i < 2; i++) {
        struct text text = { 0 };
        text_add(&text,
                 "trace %s\n  by agent\n  host wine\n  wine 7.0\n  %s\n\nworld dynamic-range udp %s\nprocess app\n\n"
                 "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok error=0\n"
                 "app: bind(s, 127.0.0.1:0) -> ok error=0 port=s.port  #~ s.port=50001\n",
                 i == 0 ? "opened" : "shut", i == 0 ? first : second, i == 0 ? "50000-50001" : "40000-40001");
        command_text(i == 0 ? "old/control/opened.trace" : "old/control/shut.trace", text.bytes);
        text_free(&text);
        text_add(&text, "scenario %s\n\nworld dynamic-range udp %s\nprocess app\n\n%s", i == 0 ? "opened" : "shut",
                 i == 0 ? "50000-50001" : "40000-40001", strstr(scenario, "app: s"));
        command_text(i == 0 ? "tree/control/opened.scn" : "tree/control/shut.scn", text.bytes);
        text_free(&text);
    }
    CU_ASSERT_EQUAL(run_command(command_add_host, "@/old --scenarios @/tree"), 0);
    char path[FOLDER_PATH_MAX];
    size_t length = 0;
    command_path("tree/hosts/wine-7.0/traces/control.traces", path);
    char *traces = file_read(path, FILE_BYTES_MAX, &length);
    CU_ASSERT_PTR_NOT_NULL_FATAL(traces);
    const char *shut = strstr(traces, "trace shut");
    CU_ASSERT_PTR_NOT_NULL_FATAL(shut);
    const char *range = strstr(traces, "dynamic-range tcp");
    CU_ASSERT(range != NULL && range > shut); /* the first trace has none of its own */
    CU_ASSERT_PTR_NOT_NULL(strstr(shut, second));
    free(traces);
    CU_ASSERT_EQUAL(
        run_command(command_run,
                    "@/tree/control --on host --host-trace @/tree/hosts/wine-7.0/traces --scenarios @/tree"),
        0);
    says(command_output(), "2 conform");
}

static void contradictions_of_one_build_are_named(void) {
    given_two_hosts();
    CU_ASSERT_EQUAL(run_command(command_add_host, "@/old --scenarios @/tree"), 0);
    given_a_trace("new", "7.0", "ok error=0", "WSAEADDRINUSE");
    CU_ASSERT_EQUAL(run_command(command_add_host, "@/new --name other --scenarios @/tree"), 1);
    says(command_output(), "In 2 scenarios it contradicts hosts of the same build:\n  control/opened\n"
                           "    here  app: bind(s, 127.0.0.1:0) -> WSAEADDRINUSE\n"
                           "    wine-7.0  app: bind(s, 127.0.0.1:0) -> ok error=0 port=s.port\n");
}

/* As run.cmd writes it. */
static void an_ordinary_user_is_a_host_of_its_own(void) {
    char path[FOLDER_PATH_MAX];
    given_two_hosts();
    given_a_trace("both/admin", "7.0", "ok error=0", "ok error=0 port=s.port  #~ s.port=50001");
    given_a_trace("both/user", "7.0", "ok error=0", "ok error=0 port=s.port  #~ s.port=50001");
    CU_ASSERT_EQUAL(run_command(command_pack, "@/both @/result"), 0);
    CU_ASSERT_EQUAL(run_command(command_add_host, "@/result --scenarios @/tree"), 0);
    command_path("tree/hosts/wine-7.0/facts", path);
    CU_ASSERT_EQUAL(path_kind_of(path), PATH_FILE);
    command_path("tree/hosts/wine-7.0-user/facts", path);
    CU_ASSERT_EQUAL(path_kind_of(path), PATH_FILE);
}

/* 26100 is Windows 11 and Windows Server 2025, and x64 programs run on arm64. */
static void hosts_of_one_build_are_distinguished(void) {
    static const char trace[] =
        "trace opened\n  by agent\n  host windows\n  build 26100\n  product %s\n  native-architecture %s\n\n"
        "process app\n\napp: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok error=0\n";
    static const char *const wanted[][3] = { { "workstation", "x64", "hosts/windows-26100:" },
                                             { "server", "x64", "hosts/windows-26100-server:" },
                                             { "workstation", "arm64", "hosts/windows-26100-arm64:" } };
    for (unsigned i = 0; i < 3; i++) {
        char text[512];
        given_two_hosts();
        snprintf(text, sizeof text, trace, wanted[i][0], wanted[i][1]);
        command_text("windows/control/opened.trace", text);
        run_command(command_add_host, "@/windows --scenarios @/tree");
        says(command_output(), wanted[i][2]);
    }
}

static void two_machines_are_no_result(void) {
    given_two_hosts();
    given_a_trace("old/more", "9.0", "ok error=0", "WSAEADDRINUSE");
    CU_ASSERT_EQUAL(run_command(command_add_host, "@/old --scenarios @/tree"), 2);
    says(command_errors(), "is of another machine: its `wine` differs from the first trace's");
    CU_ASSERT_EQUAL(run_command(command_add_host, "@/tree --scenarios @/tree"), 2);
    CU_ASSERT_EQUAL(run_command(command_add_host, "@/old --like ../.. --scenarios @/tree"), 2);
    says(command_errors(), "--like wants the name of a host");
}

/* --- what is not seen --- */

static int played_with(const char *record) {
    given_two_hosts();
    command_text("tree/hosts/wine-9.0/deviations", "# none\n");
    command_text("tree/hosts/wine-9.0/unseen", record);
    return run_command(command_run,
                       "@/tree/control --on host --host-trace @/old --host-name wine-9.0 --scenarios @/tree "
                       "--unseen @/tree/hosts/wine-9.0/unseen");
}

/* A name that is misspelt would stand there for ever, and its scenario would be new. */
static void a_record_of_no_scenario_is_refused_with_its_place(void) {
    CU_ASSERT_EQUAL(played_with("sometimes inconclusive control/opened\nsometimes unsupported control/*\n"), 0);
    CU_ASSERT_EQUAL(played_with("sometimes inconclusive control/shut[v4]\n"), 0);
    CU_ASSERT_EQUAL(played_with("# no\nunsupported  control/open\n"), 2);
    says(command_errors(), "tree/hosts/wine-9.0/unseen:2:14: ");
    says(command_errors(), "there is no scenario control/open");
    CU_ASSERT_EQUAL(played_with("unsupported contrl/*\n"), 2);
    says(command_errors(), "there is no scenario contrl/*");
}

/* --- what is inherited -------------------------------------------------------------------------------------------- */

#define RULE(name) \
    "\ndeviation " name \
    "\n  call bind\n  observed WSAEADDRINUSE\n  scenarios control/opened control/shut\n  status reviewed\n" \
    "  reason Because.\n"

static int ran_with(const char *deviations) {
    given_two_hosts();
    command_text("tree/hosts/wine-9.0/deviations", deviations);
    command_text("tree/hosts/wine-8.0/deviations", "inherits wine-7.0\n" RULE("in-use"));
    command_text("tree/hosts/wine-7.0/deviations", "# none\n");
    return run_command(command_run, "@/tree/control --on host --host-trace @/new --scenarios @/tree");
}

static void rules_are_inherited_but_for_exceptions(void) {
    CU_ASSERT_EQUAL(ran_with("inherits wine-8.0\n"), 0);
    says(command_output(), "2 deviate-known");
    CU_ASSERT_EQUAL(ran_with("inherits wine-8.0\n  except in-use\n"), 1);
    says(command_output(), "2 deviate-new");
    CU_ASSERT_EQUAL(ran_with("inherits wine-8.0\n" RULE("in-use")), 0); /* its own one of that name */
    says(command_output(), "2 deviate-known");
}

static void what_cannot_be_inherited_is_refused_with_its_place(void) {
    CU_ASSERT_EQUAL(ran_with("inherits wine-8.0\n  except in-us\n"), 2);
    says(command_errors(), "tree/hosts/wine-9.0/deviations:2:10: ");
    says(command_errors(), "wine-8.0 has no rule in-us");
    CU_ASSERT_EQUAL(ran_with("inherits wine-1.0\n"), 2);
    says(command_errors(), "tree/hosts/wine-1.0/deviations");
    CU_ASSERT_EQUAL(ran_with("inherits wine-9.0\n"), 2);
    says(command_errors(), "hosts inherit in a circle");
    CU_ASSERT_EQUAL(ran_with("inherits ../wine-8.0\n"), 2);
    says(command_errors(), "expected the name of a host, such as wine-8.0");
    CU_ASSERT_EQUAL(ran_with("inherits wine-8.0\ninherits wine-7.0\n"), 2);
    says(command_errors(), "one host is inherited from");
    CU_ASSERT_EQUAL(ran_with(RULE("own") "\ninherits wine-8.0\n"), 2);
    says(command_errors(), "`inherits` stands before the rules");
}

void register_command_hosts_tests(void);

void register_command_hosts_tests(void) {
    CU_pSuite suite = CU_add_suite("command line: hosts", command_begin, command_end);
    CU_add_test(suite, "neighbours part at one answer", neighbours_part_at_one_answer);
    CU_add_test(suite, "a last error counts only alone", a_last_error_counts_only_alone);
    CU_add_test(suite, "what one did not play is counted apart", what_one_did_not_play_is_counted_apart);
    CU_add_test(suite, "what is unseen and not recorded has no mark", what_is_unseen_and_not_recorded_has_no_mark);
    CU_add_test(suite, "a matrix wants runs of hosts", a_matrix_wants_runs_of_hosts);
    CU_add_test(suite, "a result comes back as it was", a_result_comes_back_as_it_was);
    CU_add_test(suite, "a foreign result is taken whole or not at all", a_foreign_result_is_taken_whole_or_not_at_all);
    CU_add_test(suite, "a host has a folder of its own", a_host_has_a_folder_of_its_own);
    CU_add_test(suite, "a host that is like another keeps what differs",
                a_host_that_is_like_another_keeps_what_differs);
    CU_add_test(suite, "facts of two lines stand once", facts_of_two_lines_stand_once);
    CU_add_test(suite, "contradictions of one build are named", contradictions_of_one_build_are_named);
    CU_add_test(suite, "an ordinary user is a host of its own", an_ordinary_user_is_a_host_of_its_own);
    CU_add_test(suite, "hosts of one build are distinguished", hosts_of_one_build_are_distinguished);
    CU_add_test(suite, "two machines are no result", two_machines_are_no_result);
    CU_add_test(suite, "a record of no scenario is refused with its place",
                a_record_of_no_scenario_is_refused_with_its_place);
    CU_add_test(suite, "rules are inherited but for exceptions", rules_are_inherited_but_for_exceptions);
    CU_add_test(suite, "what cannot be inherited is refused with its place",
                what_cannot_be_inherited_is_refused_with_its_place);
}
