/* Children of the agent: what they answer, and what becomes of one that dies, hangs or is not clean. */
#define _POSIX_C_SOURCE 200809L

#include "conformance/agent/system/windows_headers.h"

#include <CUnit/CUnit.h>
#include <signal.h>
#include <string.h>

#include "conformance/agent/child.h"
#include "conformance/agent/functions.h"
#include "conformance/agent/native_executor.h"
#include "conformance/agent/system/process.h"
#include "conformance/agent/tests/agent_fixture.h"

enum { MAIN_THREAD = 0, LIMIT_MS = 5000 };

static const struct account_start as_it_is = { .manifest = MANIFEST_AS_INVOKER, .restricted = false };

static void create(struct child *child) {
    struct reason reason = { "" };
    memset(child, 0, sizeof *child);
    CU_ASSERT_TRUE(child_create(child, as_it_is, &reason));
    CU_ASSERT_STRING_EQUAL(reason.text, "");
}

static bool ask(struct child *child, enum child_operation operation, struct reason *reason) {
    child->frame->operation = operation;
    child->frame->limit_ms = LIMIT_MS;
    return child_ask(child, reason);
}

/* A child that plays process 0, with Winsock started. */
static void start(struct child *child) {
    struct reason reason = { "" };
    create(child);
    child->frame->startup = 0x0202;
    CU_ASSERT_TRUE(ask(child, CHILD_START, &reason));
    CU_ASSERT_EQUAL(child->frame->success, 1);
}

static uint64_t call(struct child *child, enum function function, uint64_t a, uint64_t b, uint64_t c) {
    struct reason reason = { "" };
    call_clear(&child->frame->call);
    child->frame->call.function = (uint16_t)function;
    const uint64_t arguments[] = { a, b, c };
    memcpy(child->frame->call.arguments, arguments, sizeof arguments);
    CU_ASSERT_TRUE(ask(child, CHILD_CALL, &reason));
    return child->frame->result.value;
}

static void a_child_answers_calls_until_it_is_ended_clean(void) {
    struct child child;
    struct reason reason = { "" };
    start(&child);
    CU_ASSERT_NOT_EQUAL(child_process_id(&child), process_id());
    CU_ASSERT_NOT_EQUAL(call(&child, FUNCTION_socket, AF_INET, SOCK_STREAM, IPPROTO_TCP), UINT64_MAX);
    CU_ASSERT_EQUAL(call(&child, FUNCTION_socket, 99, SOCK_STREAM, IPPROTO_TCP), UINT64_MAX);
    CU_ASSERT_EQUAL(child.frame->result.error, WSAEAFNOSUPPORT);
    CU_ASSERT_TRUE(ask(&child, CHILD_END, &reason));
    CU_ASSERT_EQUAL(child.frame->success, 1);
    child_destroy(&child);
    CU_ASSERT_EQUAL(child.process, 0);
    child_destroy(&child); /* one that is not there is allowed */
}

static void a_parked_call_of_a_child_returns_later(void) {
    struct child child;
    struct reason reason = { "" };
    start(&child);
    child.frame->limit_ms = 0;
    call_clear(&child.frame->call);
    child.frame->call.function = FUNCTION_SleepEx;
    child.frame->call.arguments[SleepEx_dwMilliseconds] = 50;
    child.frame->operation = CHILD_CALL;
    CU_ASSERT_TRUE(child_ask(&child, &reason));
    CU_ASSERT_EQUAL(child.frame->result.status, RESULT_BLOCKED);
    child.frame->thread = MAIN_THREAD;
    CU_ASSERT_TRUE(ask(&child, CHILD_RETURNS, &reason));
    CU_ASSERT_EQUAL(child.frame->result.status, RESULT_RETURNED);
    CU_ASSERT_TRUE(ask(&child, CHILD_RETURNS, &reason)); /* once more there is nothing to return */
    CU_ASSERT_EQUAL(child.frame->result.status, RESULT_BROKEN);
    CU_ASSERT_STRING_EQUAL(child.frame->reason.text, "`returns` of a thread that is in no call");
    child_destroy(&child);
}

static void an_event_of_a_child_is_shown(void) {
    struct child child;
    struct reason reason = { "" };
    start(&child);
    uint64_t event = call(&child, FUNCTION_CreateEventW, 0, 1, 1);
    child.frame->address = 0;
    child.frame->event = event;
    CU_ASSERT_TRUE(ask(&child, CHILD_SHOW, &reason));
    CU_ASSERT_EQUAL(child.frame->result.value, 1);
    child.frame->event = event + 0x1000;
    CU_ASSERT_TRUE(ask(&child, CHILD_SHOW, &reason));
    CU_ASSERT_EQUAL(child.frame->result.value, UINT64_MAX);
    child_destroy(&child);
}

static void a_child_that_exits_is_awaited(void) {
    struct child child;
    create(&child);
    child.frame->operation = CHILD_EXIT;
    CU_ASSERT_TRUE(child_await_exit(&child));
    CU_ASSERT_EQUAL(child.process, 0);
}

static void a_child_that_is_killed_is_noticed_at_once(void) {
    struct child child;
    struct reason reason = { "" };
    create(&child);
    kill((pid_t)child.process, SIGKILL);
    CU_ASSERT_FALSE(ask(&child, CHILD_START, &reason));
    CU_ASSERT_STRING_EQUAL(reason.text, "the child was ended by signal 9");
    CU_ASSERT_EQUAL(child.process, 0);
}

static void a_child_that_ends_instead_of_answering_tells_its_status(void) {
    struct child child;
    struct reason reason = { "" };
    create(&child);
    CU_ASSERT_FALSE(ask(&child, CHILD_EXIT, &reason));
    CU_ASSERT_STRING_EQUAL(reason.text, "the child ended with exit status 0");
}

static void a_child_that_hangs_is_given_up(void) {
    struct child child;
    struct reason reason = { "" };
    create(&child);
    kill((pid_t)child.process, SIGSTOP);
    child.frame->operation = CHILD_START;
    child_give_question(&child);
    CU_ASSERT_FALSE(child_await_answer(&child, 20, &reason));
    CU_ASSERT_STRING_EQUAL(reason.text, "the child does not answer");
    child_destroy(&child);
}

static void a_token_or_a_manifest_cannot_be_had_here(void) {
    struct child child = { .process = 0 };
    struct reason reason = { "" };
    CU_ASSERT_FALSE(child_create(&child, (struct account_start){ MANIFEST_AS_INVOKER, true }, &reason));
    CU_ASSERT_STRING_EQUAL(reason.text, "this system has neither restricted tokens nor manifests");
    CU_ASSERT_FALSE(child_create(&child, (struct account_start){ MANIFEST_REQUIRE_ADMINISTRATOR, false }, &reason));
    CU_ASSERT_EQUAL(child.process, 0);
}

/* Whatever a question says, in the process that asks: the child's side alone. */
static void a_restricted_child_with_administrators_refuses_to_play(void) {
    static struct native_executor executor;
    static struct child_frame frame;
    const struct own_account before = *accounts_own(), administrator = { ACCOUNT_ADMINISTRATOR, true, false };
    accounts_assume(&administrator);
    frame.operation = CHILD_START;
    frame.restricted = 1;
    frame.success = 1;
    child_answer(&frame, &executor);
    accounts_assume(&before);
    CU_ASSERT_EQUAL(frame.success, 0);
    CU_ASSERT_STRING_EQUAL(frame.reason.text, "its restricted token has Administrators enabled all the same");
}

static void a_child_is_born_with_handles(void) {
    static struct native_executor executor;
    static struct child_frame frame;
    memset(&frame, 0, sizeof frame);
    frame.operation = CHILD_START;
    frame.start.inherited_count = 1;
    frame.start.inherited[0] = (struct inherited_handle){ .number = 0x84, .product = PRODUCT_EVENT };
    child_answer(&frame, &executor);
    CU_ASSERT_EQUAL(frame.success, 1);
    CU_ASSERT_EQUAL(executor.created_count, 1);
    frame.operation = CHILD_END;
    child_answer(&frame, &executor);
    CU_ASSERT_EQUAL(frame.success,
                    0); /* there is no such handle: the process is not clean, and its agent throws it away */
    CU_ASSERT_STRING_EQUAL(frame.reason.text, "a handle of the scenario cannot be closed");
}

/* --- a host with children ----------------------------------------------------------------------------------------- */

static const char two_processes[] = "scenario two\n\nprocess first\nprocess second\n\n"
                                    "first: a = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok @inferred\n"
                                    "second: b = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) -> ok @inferred\n"
                                    "second: bind(b, 127.0.0.1:0) -> ok @inferred\n"
                                    "second: o = overlapped()\n"
                                    "second: show o -> ok @inferred\n"
                                    "second exits\n"
                                    "second: closesocket(b) -> ok @inferred\n";

static void a_second_process_is_played_by_a_child(void) {
    struct agent_play *play = agent_play(true);
    CU_ASSERT_EQUAL(agent_begin(play, two_processes), STEP_DONE);
    CU_ASSERT_PTR_NOT_NULL(play->host.processes[0].local);
    CU_ASSERT_PTR_NOT_NULL(play->host.processes[1].child);
    CU_ASSERT_STRING_EQUAL(agent_step(play, 0), "first: a = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok error=0");
    CU_ASSERT_STRING_EQUAL(agent_step(play, 1), "second: b = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) -> ok error=0");
    CU_ASSERT_PTR_NOT_NULL(strstr(agent_step(play, 2), "-> ok error=0 port="));
    CU_ASSERT_STRING_EQUAL(agent_step(play, 3), "(done)");
    CU_ASSERT_STRING_EQUAL(agent_step(play, 4), "second: show o -> ok Internal=untouched InternalHigh=untouched");
    CU_ASSERT_STRING_EQUAL(agent_step(play, 5), "(done)");
    CU_ASSERT_STRING_EQUAL(agent_step(play, 6), "(needs: second)");
    CU_ASSERT_EQUAL(agent_end(play), STEP_DONE);
    agent_play_free(play);
}

static void a_child_is_kept_for_the_next_scenario_while_it_is_clean(void) {
    static const char text[] = "scenario two\n\nprocess first\nprocess second\n\n"
                               "second: b = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) -> ok @inferred\n";
    struct agent_play *play = agent_play(true);
    CU_ASSERT_EQUAL(agent_begin(play, text), STEP_DONE);
    uint64_t id = child_process_id(play->host.processes[1].child);
    agent_step(play, 0);
    agent_end(play);
    CU_ASSERT_EQUAL(agent_begin(play, text), STEP_DONE);
    CU_ASSERT_EQUAL(child_process_id(play->host.processes[1].child), id);
    CU_ASSERT_STRING_EQUAL(agent_step(play, 0), "second: b = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) -> ok error=0");
    agent_end(play);
    agent_play_free(play);
}

static void a_child_that_dies_is_broken_and_the_scenario_can_be_ended(void) {
    struct agent_play *play = agent_play(true);
    CU_ASSERT_EQUAL(agent_begin(play, two_processes), STEP_DONE);
    kill((pid_t)child_process_id(play->host.processes[1].child), SIGKILL);
    CU_ASSERT_STRING_EQUAL(agent_step(play, 1), "(broken: process second: the child was ended by signal 9)");
    CU_ASSERT_STRING_EQUAL(native_host_reason(&play->host), "process second: the child was ended by signal 9");
    CU_ASSERT_EQUAL(agent_end(play), STEP_DONE);
    agent_play_free(play);
}

static void a_process_that_a_scenario_ends_is_never_the_agent(void) {
    struct agent_play *play = agent_play(true);
    CU_ASSERT_EQUAL(agent_begin(play, "scenario one\n\nprocess only\n\nonly crashes\n"), STEP_DONE);
    CU_ASSERT_PTR_NULL(play->host.processes[0].local);
    CU_ASSERT_STRING_EQUAL(agent_step(play, 0), "(done)");
    CU_ASSERT_PTR_NULL(play->host.processes[0].child);
    agent_end(play);
    agent_play_free(play);
}

static void a_step_cannot_start_a_process_of_this_system(void) {
    struct agent_play *play = agent_play(true);
    CU_ASSERT_EQUAL(agent_begin(play, "scenario born\n\nprocess tool\nprocess app of tool\n\n"
                                      "tool: CreateProcess(app) -> ok @inferred\n"),
                    STEP_DONE);
    CU_ASSERT_STRING_EQUAL(
        agent_step(play, 0),
        "(broken: process app: only on Windows can a call of a scenario start a process of the system)");
    agent_end(play);
    agent_play_free(play);
}

void register_agent_children_tests(void);

void register_agent_children_tests(void) {
    CU_pSuite suite = CU_add_suite("agent: children", NULL, NULL);
    CU_add_test(suite, "a child answers calls until it is ended, clean", a_child_answers_calls_until_it_is_ended_clean);
    CU_add_test(suite, "a parked call of a child returns later", a_parked_call_of_a_child_returns_later);
    CU_add_test(suite, "an event of a child is shown", an_event_of_a_child_is_shown);
    CU_add_test(suite, "a child that exits is awaited", a_child_that_exits_is_awaited);
    CU_add_test(suite, "a child that is killed is noticed at once", a_child_that_is_killed_is_noticed_at_once);
    CU_add_test(suite, "a child that ends instead of answering tells its status",
                a_child_that_ends_instead_of_answering_tells_its_status);
    CU_add_test(suite, "a child that hangs is given up", a_child_that_hangs_is_given_up);
    CU_add_test(suite, "a token or a manifest cannot be had here", a_token_or_a_manifest_cannot_be_had_here);
    CU_add_test(suite, "a restricted child with Administrators refuses to play",
                a_restricted_child_with_administrators_refuses_to_play);
    CU_add_test(suite, "a child is born with handles", a_child_is_born_with_handles);
    CU_add_test(suite, "a second process is played by a child", a_second_process_is_played_by_a_child);
    CU_add_test(suite, "a child is kept for the next scenario while it is clean",
                a_child_is_kept_for_the_next_scenario_while_it_is_clean);
    CU_add_test(suite, "a child that dies is broken, and the scenario can be ended",
                a_child_that_dies_is_broken_and_the_scenario_can_be_ended);
    CU_add_test(suite, "a process that a scenario ends is never the agent",
                a_process_that_a_scenario_ends_is_never_the_agent);
    CU_add_test(suite, "a step cannot start a process of this system", a_step_cannot_start_a_process_of_this_system);
}
