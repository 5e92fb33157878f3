/* What the language says of processes that steps start: their lines, the call, and whose steps may follow. */
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#include "conformance/language/parser.h"
#include "conformance/language/printer.h"
#include "conformance/language/process_line.h"
#include "conformance/player/play.h"
#include "conformance/session/session.h"
#include "conformance/session/session_prepare.h"
#include "conformance/stage/model_executor.h"
#include "stack/readings.h"

void register_language_children_tests(void);

#define HEAD "scenario children\n\nprocess app\nprocess child of app manifest=highestAvailable\nprocess other\n\n"
#define START "app: CreateProcess(child) -> ok\n"
#define SOCKET(who) who ": socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"

static struct scenario *parsed(const char *text) {
    struct language_error error;
    struct scenario *scenario = scenario_parse("children.scn", text, strlen(text), &error);
    if (scenario == NULL) printf("\n    %s\n    %s\n", error.message, error.excerpt.bytes);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    return scenario;
}

static void refused(const char *text, const char *message) {
    struct language_error error;
    struct scenario *scenario = scenario_parse("children.scn", text, strlen(text), &error);
    CU_ASSERT_PTR_NULL(scenario);
    if (scenario == NULL)
        CU_assertImplementation(strcmp(error.message, message) == 0, __LINE__, error.message, __FILE__, "", CU_FALSE);
    scenario_free(scenario);
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

static void a_line_names_who_starts_the_process(void) {
    struct scenario *scenario = parsed(HEAD START "app: CreateProcess(child, bInheritHandles=TRUE) -> ok\n");
    CU_ASSERT_STRING_EQUAL(scenario->processes[1].parent, "app");
    CU_ASSERT_EQUAL(process_parent(scenario, 0), NO_NAME);
    CU_ASSERT_EQUAL(process_parent(scenario, 1), 0);
    CU_ASSERT_EQUAL(process_ancestor(scenario, 1), 0);
    CU_ASSERT_EQUAL(process_ancestor(scenario, 2), 2);
    struct text once = { 0 }, twice = { 0 };
    scenario_print(scenario, &once);
    CU_ASSERT_PTR_NOT_NULL(strstr(once.bytes, "process child of app manifest=highestAvailable\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(once.bytes, "app: CreateProcess(child, bInheritHandles=TRUE) -> ok\n"));
    struct scenario *again = parsed(once.bytes);
    scenario_print(again, &twice);
    CU_ASSERT_STRING_EQUAL(once.bytes, twice.bytes);
    text_free(&once);
    text_free(&twice);
    scenario_free(again);
    scenario_free(scenario);
}

static void its_token_is_its_parents(void) {
    static const char message[] = "a process of another one has that one's token; expected neither `as` nor `elevated`";
    refused("scenario x\nprocess app\nprocess child of app elevated\n" START, message);
    refused("scenario x\nprocess app\nprocess child elevated of app\n" START, message);
    refused("scenario x\nuser bob is standard-user\nprocess app\nprocess child of app as bob\n" START, message);
    refused("scenario x\nprocess app\nprocess child of app of app\n" START, "of is said twice");
    refused("scenario x\nprocess child of app\nprocess app\n" START,
            "unknown process app; expected a process that a line above gives");
    refused("scenario x\nprocess of\n" SOCKET("of"), "of is a word of the language; expected a name for the process");
    refused("scenario x\n  variants v=a|b\n\n[a] process app\nprocess child of app\n" START,
            "there is no process app in [b]");
}

/* --- steps -------------------------------------------------------------------------------------------------------- */

static void only_its_parent_starts_it(void) {
    refused(HEAD "other: CreateProcess(child) -> ok\n", "child is a process of app, and only that one starts it");
    refused(HEAD "app: CreateProcess(other) -> ok\n", "other runs from the beginning; expected a process of app");
    refused(HEAD "app: CreateProcess(stranger) -> ok\n", "unknown process stranger; expected a line `process` above");
    refused(HEAD "app: CreateProcess(child, manifest=asInvoker) -> ok\n",
            "CreateProcess starts a process, whose line has its manifest, or manifest=LEVEL");
    refused(HEAD "app: CreateProcess(manifest=asInvoker, bInheritHandles=TRUE) -> ok\n",
            "bInheritHandles goes with a process: what ends at once inherits nothing");
    refused(HEAD "app: CreateProcess(17) -> ok\n", "parameter lpApplicationName: expected a process with `of`");
}

static void no_step_before_its_start(void) {
    refused(HEAD SOCKET("child"), "no line above starts child; expected app: CreateProcess(child)");
    refused(HEAD "child exits\n", "no line above starts child; expected app: CreateProcess(child)");
    refused(HEAD START "reboot\n" SOCKET("child"), "no line above starts child; expected app: CreateProcess(child)");
    refused("scenario x\n  variants v=a|b\n\nprocess app\nprocess child of app\n\n[a] " START SOCKET("child"),
            "no line above starts child in [b]; expected app: CreateProcess(child)");
    refused(
        "scenario x\n  variants v=a|b\n\nprocess app\n[a] process child\n[b] process child of app\n\n" SOCKET("child"),
        "no line above starts child in [b]; expected app: CreateProcess(child)");
    scenario_free(parsed(
        "scenario x\n  variants v=a|b\n\nprocess app\n[a] process child\n[b] process child of app\n\n[b] " START SOCKET(
            "child")));
    scenario_free(parsed(HEAD START "reboot\n" START SOCKET("child")));
}

static void the_call_tells_what_starts(void) {
    struct scenario *scenario = parsed(HEAD START "app: CreateProcess(child, bInheritHandles=TRUE) -> ok\n"
                                                  "app: CreateProcess(manifest=requireAdministrator) -> ok\n");
    static struct session session;
    struct call call;
    int needed = NO_NAME;
    session_begin(&session, scenario, NULL);
    CU_ASSERT_EQUAL(session_prepare(&session, scenario, &scenario->steps[0], &call, &needed), SESSION_READY);
    CU_ASSERT_EQUAL(call.arguments[CreateProcess_lpApplicationName], PROCESS_ID_FIRST + 1);
    CU_ASSERT_EQUAL(call.arguments[CreateProcess_bInheritHandles], 0);
    CU_ASSERT_EQUAL(call.arguments[CreateProcess_manifest], MANIFEST_HIGHEST_AVAILABLE);
    CU_ASSERT_EQUAL(session_prepare(&session, scenario, &scenario->steps[1], &call, &needed), SESSION_READY);
    CU_ASSERT_EQUAL(call.arguments[CreateProcess_bInheritHandles], 1);
    CU_ASSERT_EQUAL(session_prepare(&session, scenario, &scenario->steps[2], &call, &needed), SESSION_READY);
    CU_ASSERT_EQUAL(call.arguments[CreateProcess_lpApplicationName], 0);
    CU_ASSERT_EQUAL(call.arguments[CreateProcess_manifest], MANIFEST_REQUIRE_ADMINISTRATOR);
    scenario_free(scenario);
}

/* --- playing ------------------------------------------------------------------------------------------------------ */

/* Plays `steps` on the model and writes a letter for each: Seen, Done, Needs, Unsupported, Broken. */
static void plays(const char *steps, const char *letters, const char *detail) {
    static struct player player;
    struct model_executor model;
    struct observation seen;
    struct text text = { 0 };
    char saw[16] = "";
    text_add(&text,
             "scenario children\n\nuser alice is administrator\nprocess app as alice\nprocess child of app\n"
             "process admin of app manifest=requireAdministrator\n\n%s",
             steps);
    struct scenario *scenario = parsed(text.bytes);
    CU_ASSERT_TRUE_FATAL(model_executor_init(&model, profile_named("windows"), 0));
    CU_ASSERT_EQUAL(player_begin(&player, scenario, model_executor_interface(&model)), STEP_DONE);
    for (uint32_t i = 0; i < scenario->steps_count && i + 1 < sizeof saw; i++)
        saw[i] = "SDNUB"[player_step(&player, &scenario->steps[i], &seen)];
    CU_ASSERT_STRING_EQUAL(saw, letters);
    if (detail != NULL) CU_ASSERT_STRING_EQUAL(player.needed != NULL ? player.needed : player.reason.text, detail);
    CU_ASSERT_EQUAL(player_end(&player), STEP_DONE);
    text_free(&text);
    scenario_free(scenario);
    model_executor_free(&model);
}

static void a_process_that_does_not_run_is_needed(void) {
    plays(START SOCKET("child"), "SS", NULL);
    plays("app: CreateProcess(admin) -> ok\n" SOCKET("admin"), "SN", "admin"); /* alice's token is filtered */
    plays(START "child exits\n" SOCKET("child"), "SDN", "child");
    plays(START "child crashes\nchild: o = overlapped()\n", "SDN", "child");
    plays(START "child exits\nchild exits\n", "SDN", "child");
    plays(START "child exits\n" START SOCKET("child"), "SDSS", NULL);
    plays(START "reboot\n" START SOCKET("child"), "SDSS", NULL);
    plays(START START, "SU", "process child is running already");
}

void register_language_children_tests(void) {
    CU_pSuite suite = CU_add_suite("conformance/language of children", NULL, NULL);
    CU_add_test(suite, "a line names who starts the process", a_line_names_who_starts_the_process);
    CU_add_test(suite, "its token is its parent's", its_token_is_its_parents);
    CU_add_test(suite, "only its parent starts it", only_its_parent_starts_it);
    CU_add_test(suite, "no step before its start", no_step_before_its_start);
    CU_add_test(suite, "the call tells what starts", the_call_tells_what_starts);
    CU_add_test(suite, "a process that does not run is needed", a_process_that_does_not_run_is_needed);
}
