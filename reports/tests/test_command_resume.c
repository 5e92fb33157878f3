/* `reboot` on a host: a run stops, is recorded, and is resumed. The host is a shell script whose machine boots when a
 * file says so. */
#include <CUnit/CUnit.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/commands/commands.h"
#include "reports/tests/command_fixture.h"

/* It answers steps by their number, tells its boot as a mark and writes down how instances end. Files make it worse:
 * `dies-at-N`, `leave-breaks`. */
static const char agent[] =
    "cd \"$1\"; boot=$(cat boot); printf 'host fake\\nbuild %s\\nready\\n' \"${2:-7}\"\n"
    "while read word n m mark; do case $word in\n"
    "begin) head -c $((n + 1)) >/dev/null; echo ready ;;\n"
    "resume) head -c $((n + 1)) >/dev/null; head -c $((m + 1)) >so-far\n"
    "    if [ $mark = boot-$boot ]; then echo unsupported the machine has not restarted since; else echo ready; fi ;;\n"
    "step) [ ! -e dies-at-$n ] || exit 9\n"
    "    case $n in\n"
    "    0) echo 'app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok error=0' ;;\n"
    "    2) echo 'app: t = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok error=0' ;;\n"
    "    4) echo 'app: u = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok error=0' ;;\n"
    "    *) echo restart boot-$boot ;;\n"
    "    esac; echo . ;;\n"
    "leave|end) [ ! -e \"$word-breaks\" ] || echo broken a child is left; echo $word >>log; echo clean ;;\n"
    "quit) exit 0 ;;\n"
    "esac; done\n";

#define HEAD "process app\n\n"
#define SOCKET(name) "app: " name " = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
#define ANSWERED(name) "app: " name " = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok error=0\n"

static const char once[] = "scenario once\n\n" HEAD SOCKET("s") "reboot\n" SOCKET("t");
static const char twice[] = "scenario twice\n\n" HEAD SOCKET("s") "reboot\n" SOCKET("t") "reboot\n" SOCKET("u");
static const char plain[] = "scenario plain\n\n" HEAD SOCKET("s");

#define HOST " --on host --host sh\t@/agent.sh\t@ "
#define FACTS "  by    agent\n  host  fake\n  build 7\n\n" HEAD

static char *read_file(const char *name) {
    char path[FOLDER_PATH_MAX];
    size_t length = 0;
    command_path(name, path);
    char *bytes = file_read(path, 1 << 20, &length);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    return bytes;
}

static void holds(const char *name, const char *expected) {
    char *bytes = read_file(name);
    CU_ASSERT_STRING_EQUAL(bytes, expected);
    if (strcmp(bytes, expected) != 0) printf("\n    %s holds: %s", name, bytes);
    free(bytes);
}

static bool is_there(const char *name) {
    char path[FOLDER_PATH_MAX];
    command_path(name, path);
    return path_kind_of(path) == PATH_FILE;
}

static void drop(const char *name) {
    char path[FOLDER_PATH_MAX];
    command_path(name, path);
    remove(path);
}

/* Its file is named after it. */
static void add_scenario(const char *text) {
    char name[64];
    snprintf(name, sizeof name, "theme/%.*s.scn", (int)strcspn(text + 9, "\n"), text + 9);
    command_text(name, text);
}

/* A machine that has booted once, a restart command, and these scenarios; nothing is recorded. */
static void machine_with(const char *one, const char *other) {
    char command[2 * FOLDER_PATH_MAX], folder[FOLDER_PATH_MAX];
    command_path("", folder);
    snprintf(command, sizeof command, "rm -rf '%s'/* ", folder);
    CU_ASSERT_EQUAL_FATAL(system(command), 0);
    command_text("agent.sh", agent);
    command_text("restart.sh", "cd \"$1\"; echo $(($(cat boot) + 1)) >boot; echo restarting >>log\n");
    command_text("boot", "1\n");
    add_scenario(one);
    if (other != NULL) add_scenario(other);
}

static void the_machine_restarts(void) { command_text("boot", "2\n"); }

static void it_stopped_in_a_recording(const char *scenario) {
    machine_with(scenario, NULL);
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme" HOST "--record @/traces"), 0);
}

/* --- stopping ----------------------------------------------------------------------------------------------------- */

static void without_a_recording_nothing_is_left(void) {
    machine_with(once, NULL);
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme" HOST), 0);
    says(command_output(), "1 inconclusive");
    says(
        command_output(),
        "the machine has to restart here: only with --record DIR (then `reservoir resume DIR`) or --restart COMMAND can it continue");
    holds("log", "end\n");
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme --fail-on inconclusive" HOST), 1);
}

static void a_recording_keeps_what_is_needed(void) {
    char theme[FOLDER_PATH_MAX], expected[4 * FOLDER_PATH_MAX];
    it_stopped_in_a_recording(once);
    says(command_output(), "the machine has to restart here: restart it, then `reservoir resume ");
    holds("log", "leave\n");
    holds("traces/theme/once.trace", "trace once\n" FACTS ANSWERED("s") "reboot\n# restart: boot-1\n");
    command_path("theme", theme);
    int length = (int)strlen(theme) - (int)strlen("/theme");
    snprintf(expected, sizeof expected,
             "# For `reservoir resume`: what the instances that stopped here need to be resumed.\n"
             "--host=sh\t%.*s/agent.sh\t%.*s\n--scenarios=scenarios\n--\n%s\n",
             length, theme, length, theme, theme);
    holds("traces/resume", expected);
}

static void a_recording_without_restarts_keeps_traces_alone(void) {
    it_stopped_in_a_recording(plain);
    CU_ASSERT_FALSE(is_there("traces/resume"));
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces"), 2);
    says(command_errors(), "nothing to resume: no trace of these scenarios stops there at a restart");
}

/* Its agent could not leave the machine as it has to be: nothing can be resumed from there. */
static void what_was_not_left_does_not_wait(void) {
    machine_with(once, NULL);
    command_text("leave-breaks", "");
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme" HOST "--record @/traces"), 2);
    says(command_output(), "a child is left");
    holds("traces/theme/once.trace",
          "trace once\n" FACTS ANSWERED("s") "reboot\n# restart: boot-1\n# broken: a child is left\n");
    CU_ASSERT_FALSE(is_there("traces/resume"));
}

static void a_command_of_two_lines_is_kept(void) {
    machine_with(once, NULL);
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme --record @/traces --on host --host true\nsh\t@/agent.sh\t@"), 0);
    char *kept = read_file("traces/resume");
    says(kept, "\n--host=true\n\tsh\t");
    free(kept);
    the_machine_restarts();
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces"), 0);
    says(command_output(), "1 conform");
}

static void what_stopped_runs_once(void) {
    machine_with(once, NULL);
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme --repeat 3 --record @/traces" HOST), 0);
    holds("log", "leave\n");
}

static void a_recording_that_waits_is_not_written_over(void) {
    it_stopped_in_a_recording(once);
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme --record @/traces" HOST), 2);
    says(command_errors(), "a run that was recorded there waits for a restart of the machine");
    holds("traces/theme/once.trace", "trace once\n" FACTS ANSWERED("s") "reboot\n# restart: boot-1\n");
}

static void a_stopped_trace_can_be_judged_and_replayed(void) {
    it_stopped_in_a_recording(once);
    CU_ASSERT_EQUAL(run_command(command_judge, "@/traces"), 0);
    says(command_output(), "once.trace: allowed, 1 step\n");
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme --on host --host-trace @/traces"), 0);
    says(command_output(), "the recording stops at a restart of the machine");
}

/* --- going on ----------------------------------------------------------------------------------------------------- */

static void before_the_restart_it_stays_stopped(void) {
    it_stopped_in_a_recording(once);
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces"), 0);
    says(command_output(), "1 inconclusive");
    says(command_output(), "it could not be resumed: the machine has not restarted since");
    holds("traces/theme/once.trace", "trace once\n" FACTS ANSWERED("s") "reboot\n# restart: boot-1\n");
    CU_ASSERT_TRUE(is_there("traces/resume"));
    CU_ASSERT_FALSE(is_there("traces/theme/once.trace.part"));
}

static void after_the_restart_it_is_finished(void) {
    it_stopped_in_a_recording(once);
    the_machine_restarts();
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces --report text --report tap=@/result.tap"), 0);
    says(command_output(), "theme/once");
    says(command_output(), "1 conform");
    holds("so-far", "trace once\n" FACTS ANSWERED("s") "reboot\n# restart: boot-1\n\n");
    holds("traces/theme/once.trace", "trace once\n" FACTS ANSWERED("s") "reboot\n" ANSWERED("t"));
    holds("log", "leave\nend\n");
    CU_ASSERT_FALSE(is_there("traces/resume"));
    char *tap = read_file("result.tap");
    says(tap, "ok 1 - fake-7 theme/once\n");
    free(tap);
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces"), 2);
    says(command_errors(), "nothing to resume");
}

static void a_second_reboot_stops_again(void) {
    it_stopped_in_a_recording(twice);
    the_machine_restarts();
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces"), 0);
    says(command_output(), "1 inconclusive");
    holds("traces/theme/twice.trace",
          "trace twice\n" FACTS ANSWERED("s") "reboot\n" ANSWERED("t") "reboot\n# restart: boot-2\n");
    CU_ASSERT_TRUE(is_there("traces/resume"));
    command_text("boot", "3\n");
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces"), 0);
    says(command_output(), "1 conform");
    holds("traces/theme/twice.trace",
          "trace twice\n" FACTS ANSWERED("s") "reboot\n" ANSWERED("t") "reboot\n" ANSWERED("u"));
    holds("log", "leave\nleave\nend\n");
}

static void another_host_is_refused(void) {
    it_stopped_in_a_recording(once);
    the_machine_restarts();
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces --host sh\t@/agent.sh\t@\t8"), 2);
    says(command_output(), "it stopped on another host: its trace says build 7, this agent says 8");
    holds("traces/theme/once.trace", "trace once\n" FACTS ANSWERED("s") "reboot\n# restart: boot-1\n");
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces"), 0);
}

static void a_host_that_dies_loses_nothing(void) {
    it_stopped_in_a_recording(once);
    the_machine_restarts();
    command_text("dies-at-2", "");
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces"), 2);
    says(command_output(), "the host ended with exit status 9");
    holds("traces/theme/once.trace", "trace once\n" FACTS ANSWERED("s") "reboot\n# restart: boot-1\n");
    CU_ASSERT_FALSE(is_there("traces/theme/once.trace.part"));
    drop("dies-at-2");
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces"), 0);
    says(command_output(), "1 conform");
}

static void a_scenario_that_changed_is_refused(void) {
    it_stopped_in_a_recording(once);
    the_machine_restarts();
    add_scenario("scenario once\n\n" HEAD
                 "app: s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) -> ok\nreboot\n" SOCKET("t"));
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces"), 2);
    says(command_output(), "the trace so far cannot be taken up: the scenario has another step there (line 8)");
    holds("log", "leave\n");
    add_scenario("scenario once\n\n" HEAD SOCKET("s"));
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces"), 2);
    says(command_output(), "the scenario has another step there (line 9)");
    drop("theme/once.scn");
    add_scenario(plain);
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces"), 2);
    says(command_errors(), "once.trace: it stopped, but its scenario is not among those that are known");
    holds("traces/theme/once.trace", "trace once\n" FACTS ANSWERED("s") "reboot\n# restart: boot-1\n");
}

/* Whatever is left of a trace, it is not taken for one that stopped, and stays as it is. */
static void a_cut_trace_is_no_stopped_one(void) {
    it_stopped_in_a_recording(once);
    the_machine_restarts();
    char *whole = read_file("traces/theme/once.trace"), *cut = malloc(strlen(whole) + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(cut);
    command_text("dies-at-2", "");
    for (size_t length = 0; length < strlen(whole); length++) {
        memcpy(cut, whole, length);
        cut[length] = '\0';
        command_text("traces/theme/once.trace", cut);
        CU_ASSERT_EQUAL(run_command(command_resume, "@/traces --host sh\t@/agent.sh\t@ --scenarios @/theme"), 2);
        says(command_errors(), "nothing to resume");
        holds("traces/theme/once.trace", cut);
    }
    free(cut);
    free(whole);
}

/* --- --restart ---------------------------------------------------------------------------------------------------- */

#define RESTART " --restart sh\t@/restart.sh\t@ "

static void a_run_restarts_the_machine_itself(void) {
    machine_with(once, plain);
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme" HOST RESTART), 0);
    says(command_output(), "2 conform");
    holds("log", "leave\nend\nrestarting\nend\n"); /* all others come first */
}

static void it_restarts_once_for_all(void) {
    machine_with(once, twice);
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme --record @/traces" HOST RESTART), 0);
    says(command_output(), "2 conform");
    holds("boot", "3\n");
    holds("log", "leave\nleave\nrestarting\nend\nleave\nrestarting\nend\n");
    holds("traces/theme/once.trace", "trace once\n" FACTS ANSWERED("s") "reboot\n" ANSWERED("t"));
    holds("traces/theme/twice.trace",
          "trace twice\n" FACTS ANSWERED("s") "reboot\n" ANSWERED("t") "reboot\n" ANSWERED("u"));
    CU_ASSERT_FALSE(is_there("traces/resume"));
}

static void a_resumed_run_may_restart_too(void) {
    it_stopped_in_a_recording(twice);
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces" RESTART), 0);
    says(command_output(), "1 conform");
    holds("boot", "3\n");
}

static void a_restart_that_fails_breaks_what_stopped(void) {
    machine_with(once, plain);
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme --restart exit\t3 --record @/traces" HOST), 2);
    says(command_output(), "1 conform, 1 harness-broken");
    says(command_output(),
         "the machine was to be restarted by `exit 3`: it ended with exit status 3; `reservoir resume ");
    the_machine_restarts();
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces"), 0);
    says(command_output(), "1 conform");
}

static void what_no_one_keeps_is_removed_or_reported(void) {
    machine_with(once, NULL);
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme --restart false" HOST), 2);
    says(command_output(), "what the scenario left on the machine is still there: the machine has not restarted since");
    machine_with(once, NULL);
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme --restart echo\t2>@/boot;false" HOST), 2);
    CU_ASSERT_PTR_NULL(strstr(command_output(), "still there"));
    holds("log", "leave\nend\n");
}

static void a_restart_that_restarts_nothing_is_broken(void) {
    machine_with(once, NULL);
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme --restart true --record @/traces" HOST), 2);
    says(command_output(), "it could not be resumed: the machine has not restarted since");
    CU_ASSERT_TRUE(is_there("traces/resume"));
}

/* --- --abandon ---------------------------------------------------------------------------------------------------- */

static void abandoning_removes_what_was_left(void) {
    it_stopped_in_a_recording(once);
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces --abandon"), 2);
    says(command_output(),
         "/traces/theme/once.trace: not given up: the machine has not restarted since\n0 given up, 1 not\n");
    the_machine_restarts();
    CU_ASSERT_EQUAL(run_command(command_resume, "--abandon @/traces"), 0);
    says(command_output(),
         "/traces/theme/once.trace: given up; what it left on the machine is removed\n1 given up, 0 not\n");
    holds("log", "leave\nend\n");
    holds("traces/theme/once.trace",
          "trace once\n" FACTS ANSWERED("s") "reboot\n# restart: boot-1\n"
                                             "# unsupported: given up at this restart of the machine\n");
    CU_ASSERT_FALSE(is_there("traces/resume"));
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces"), 2);
}

/* --- words -------------------------------------------------------------------------------------------------------- */

static void wrong_words_are_reported(void) {
    machine_with(once, NULL);
    CU_ASSERT_EQUAL(run_command(command_resume, ""), 2);
    says(command_errors(), "reservoir resume: which folder?");
    CU_ASSERT_EQUAL(run_command(command_resume, "@/nowhere"), 2);
    says(command_errors(), "/nowhere: no such folder");
    CU_ASSERT_EQUAL(run_command(command_resume, "@/theme @/theme"), 2);
    says(command_errors(), "one folder is resumed at a time");
    CU_ASSERT_EQUAL(run_command(command_resume, "@/theme --repeat 2"), 2);
    says(command_errors(), "reservoir resume: unknown option --repeat");
    CU_ASSERT_EQUAL(run_command(command_resume, "@/theme --abandn"), 2);
    says(command_errors(), "did you mean --abandon?");
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme --restart true"), 2);
    says(command_errors(), "--restart requires --host 'COMMAND'");
    CU_ASSERT_EQUAL(run_command(command_resume, "--help"), 0);
    says(command_output(), "Examples:");
}

static void a_recording_without_its_file_wants_a_host(void) {
    it_stopped_in_a_recording(once);
    the_machine_restarts();
    drop("traces/resume");
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces --scenarios @/theme"), 2);
    says(command_errors(), "which host? ");
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces --scenarios @/theme --host sh\t@/agent.sh\t@"), 0);
    says(command_output(), "1 conform");
}

static void a_file_with_other_words_is_reported(void) {
    it_stopped_in_a_recording(once);
    command_text("traces/resume", "# comment\n--colour=red\n");
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces"), 2);
    says(command_errors(), "unknown option --colour");
    says(command_errors(), "/traces/resume\n");
}

static void each_agent_has_its_own_facts(void) {
    machine_with(
        "scenario once\n\nuser  admin is administrator\nprocess app as admin\n\n" SOCKET("s") "reboot\n" SOCKET("t"),
        plain);
    CU_ASSERT_EQUAL(run_command(command_run, "@/theme --record @/traces --host-as admin=sh\t@/agent.sh\t@\t8" HOST), 0);
    char *trace = read_file("traces/theme/once.trace");
    says(trace, "  build 8\n");
    free(trace);
    trace = read_file("traces/theme/plain.trace");
    says(trace, "  build 7\n");
    free(trace);
    the_machine_restarts();
    CU_ASSERT_EQUAL(run_command(command_resume, "@/traces"), 0); /* by the agent of that account */
    says(command_output(), "1 conform");
}

void register_command_resume_tests(void);
void register_command_resume_tests(void) {
    CU_pSuite suite = CU_add_suite("reservoir resume", command_begin, command_end);
    CU_add_test(suite, "without a recording nothing is left", without_a_recording_nothing_is_left);
    CU_add_test(suite, "a recording keeps what is needed", a_recording_keeps_what_is_needed);
    CU_add_test(suite, "a recording without restarts keeps traces alone",
                a_recording_without_restarts_keeps_traces_alone);
    CU_add_test(suite, "what was not left does not wait", what_was_not_left_does_not_wait);
    CU_add_test(suite, "a command of two lines is kept", a_command_of_two_lines_is_kept);
    CU_add_test(suite, "what stopped runs once", what_stopped_runs_once);
    CU_add_test(suite, "a recording that waits is not written over", a_recording_that_waits_is_not_written_over);
    CU_add_test(suite, "a stopped trace can be judged and replayed", a_stopped_trace_can_be_judged_and_replayed);
    CU_add_test(suite, "before the restart it stays stopped", before_the_restart_it_stays_stopped);
    CU_add_test(suite, "after the restart it is finished", after_the_restart_it_is_finished);
    CU_add_test(suite, "a second reboot stops again", a_second_reboot_stops_again);
    CU_add_test(suite, "another host is refused", another_host_is_refused);
    CU_add_test(suite, "a host that dies loses nothing", a_host_that_dies_loses_nothing);
    CU_add_test(suite, "a scenario that changed is refused", a_scenario_that_changed_is_refused);
    CU_add_test(suite, "a cut trace is no stopped one", a_cut_trace_is_no_stopped_one);
    CU_add_test(suite, "a run restarts the machine itself", a_run_restarts_the_machine_itself);
    CU_add_test(suite, "it restarts once for all", it_restarts_once_for_all);
    CU_add_test(suite, "a resumed run may restart too", a_resumed_run_may_restart_too);
    CU_add_test(suite, "a restart that fails breaks what stopped", a_restart_that_fails_breaks_what_stopped);
    CU_add_test(suite, "what no one keeps is removed or reported", what_no_one_keeps_is_removed_or_reported);
    CU_add_test(suite, "a restart that restarts nothing is broken", a_restart_that_restarts_nothing_is_broken);
    CU_add_test(suite, "abandoning removes what was left", abandoning_removes_what_was_left);
    CU_add_test(suite, "wrong words are reported", wrong_words_are_reported);
    CU_add_test(suite, "a recording without its file wants a host", a_recording_without_its_file_wants_a_host);
    CU_add_test(suite, "a file with other words is reported", a_file_with_other_words_is_reported);
    CU_add_test(suite, "each agent has its own facts", each_agent_has_its_own_facts);
}
