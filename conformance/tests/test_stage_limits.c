/* A limit of the model is never an answer of Windows: the world is as large as the scenario needs. */
#include <CUnit/CUnit.h>

#include <stdio.h>
#include <string.h>

#include "conformance/base/text.h"
#include "conformance/language/expand.h"
#include "conformance/language/language_error.h"
#include "conformance/language/parser.h"
#include "conformance/language/step_order.h"
#include "conformance/stage/stage_limits.h"
#include "conformance/subjects/subject.h"
#include "stack/readings.h"

void register_stage_limits_tests(void);

static struct scenario *instance_of(const struct text *text) {
    struct language_error error;
    struct scenario *scenario = scenario_parse("limits.scn", text->bytes, text->length, &error);
    if (scenario == NULL) printf("\n    line %u: %s", (unsigned)error.position.line, error.message);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    struct scenario *instance = scenario_expand(scenario, 0);
    scenario_free(scenario);
    return instance;
}

/* How many steps the model answers by `word`; the reason of the first that it does not answer. */
static unsigned answered(struct scenario *instance, enum outcome_word word, struct reason *reason) {
    struct step_order order;
    struct step_answer step = { .result = STEP_DONE };
    uint16_t ports_first[PORTS_MAX];
    unsigned count = 0;
    struct subject *subject = subject_model(profile_named("windows"), 0);
    enum step_result begun = subject_begin(subject, instance, "", ports_first, reason);
    step_order_fill(&order, instance);
    for (unsigned i = 0; begun == STEP_DONE && i < order.count; i++) {
        subject_step(subject, i, order.steps[i], &step);
        count += step.result == STEP_SEEN && step.seen.word == (uint32_t)word;
        if (step.result != STEP_SEEN && step.result != STEP_DONE) {
            *reason = step.detail;
            break;
        }
    }
    struct reason ended;
    subject_end(subject, &ended);
    subject_free(subject);
    step_answer_free(&step);
    return count;
}

static void expect_all_ok(struct text *text, unsigned count) {
    struct reason reason = { "" };
    struct scenario *instance = instance_of(text);
    CU_ASSERT_EQUAL(answered(instance, OUTCOME_OK, &reason), count);
    CU_ASSERT_STRING_EQUAL(reason.text, "");
    scenario_free(instance);
    text_free(text);
}

static void as_many_sockets_as_steps(void) {
    struct text text = { 0 };
    text_add(&text, "scenario limits\n\nprocess app\n\n");
    for (unsigned i = 0; i < 500; i++) text_add(&text, "app: socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ...\n");
    expect_all_ok(&text, 500);
}

static void as_many_processes_as_threads(void) {
    struct text text = { 0 };
    text_add(&text, "scenario limits\n\n");
    for (unsigned i = 0; i < THREADS_MAX; i++) text_add(&text, "process p%u\n", i);
    for (unsigned i = 0; i < THREADS_MAX; i++)
        text_add(&text, "p%u: socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ...\n", i);
    expect_all_ok(&text, THREADS_MAX);
}

/* By either door. */
static void as_many_blocks_as_steps(void) {
    static const char *const doors[] = { "WSAIoctl", "WSPIoctl" };
    for (unsigned door = 0; door < 2; door++) {
        struct text text = { 0 };
        text_add(&text,
                 "scenario limits\n\nprocess app\n\napp: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ...\n");
        for (unsigned i = 0; i < 300; i++)
            text_add(&text, "app: %s(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 2}, cbOut=16) -> ...\n", doors[door]);
        expect_all_ok(&text, 301);
    }
}

static void as_many_events_files_and_exclusions(void) {
    struct text text = { 0 };
    text_add(&text, "scenario limits\n\n");
    for (unsigned i = 0; i < 60; i++)
        text_add(&text, "world exclusion tcp %u-%u%s\n", 2000 + 10 * i, 2001 + 10 * i,
                 i % 2 == 0 ? " administered" : "");
    text_add(&text, "process app\n\n");
    for (unsigned i = 0; i < 80; i++) text_add(&text, "app: CreateEventW() -> ...\n");
    expect_all_ok(&text, 80);
}

/* 90 sockets of which each keeps an option, and of which none does. */
static void options_of_as_many_sockets_as_steps(void) {
    struct text text = { 0 };
    text_add(&text, "scenario limits\n\nprocess app\n\n");
    for (unsigned i = 0; i < 90; i++) {
        text_add(&text, "app: s%u = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ...\n", i);
        text_add(&text, "app: setsockopt(s%u, SOL_SOCKET, SO_SNDTIMEO, 700) -> ...\n", i);
    }
    expect_all_ok(&text, 180);
}

static void handles_that_children_inherit(void) {
    struct text text = { 0 };
    text_add(&text, "scenario limits\n\nprocess app\nprocess one of app\nprocess two of one\n\n");
    for (unsigned i = 0; i < 90; i++) text_add(&text, "app: socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ...\n");
    text_add(
        &text,
        "app: CreateProcess(one, bInheritHandles=TRUE) -> ...\none: CreateProcess(two, bInheritHandles=TRUE) -> ...\n");
    expect_all_ok(&text, 92);
}

/* A walk that goes one row too far is noticed in a table that is full. */
static void a_world_is_full_once_all_is_made(void) {
    struct text text = { 0 };
    text_add(&text, "scenario limits\n\nprocess app\nthread app.t2\n\n"
                    "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ...\n"
                    "app: WSPIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 2}, cbOut=16) -> ...\n"
                    "app: CreateEventW() -> ...\n"
                    "app: CreateIoCompletionPort(INVALID_HANDLE_VALUE) -> ...\n");
    struct scenario *instance = instance_of(&text);
    const struct world_limits limits = stage_limits(instance, 0);
    CU_ASSERT_EQUAL(limits.processes, 1);
    CU_ASSERT_EQUAL(limits.threads, 2);
    CU_ASSERT_EQUAL(limits.sockets, 1);
    CU_ASSERT_EQUAL(limits.reservations, 1);
    CU_ASSERT_EQUAL(limits.events, 2); /* the socket's handle may have one, too */
    CU_ASSERT_EQUAL(limits.completion_ports, 1);
    scenario_free(instance);
    text_free(&text);
}

static void a_small_scenario_has_a_small_world(void) {
    struct text text = { 0 };
    text_add(&text, "scenario limits\n\nprocess app\n\napp: socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ...\n");
    struct scenario *instance = instance_of(&text);
    const struct world_limits limits = stage_limits(instance, 0), ordinary = world_limits_small();
    CU_ASSERT(world_bytes(&limits) * 2 < world_bytes(&ordinary));
    scenario_free(instance);
    text_free(&text);
}

/* The answer of the last step, a call whose arguments pass `more` beside a socket, buffers and an OVERLAPPED. */
static void expect_of_memory(const char *call, enum outcome_word word, unsigned count, const char *expected) {
    struct text text = { 0 };
    struct reason reason = { "" };
    text_add(&text, "scenario limits\n\nprocess app\n\napp: s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) -> ...\n"
                    "app: bind(s, 127.0.0.1:5000) -> ...\napp: b = buffer(512)\napp: c = buffer(512)\n"
                    "app: d = buffer(400)\n"
                    "app: o = overlapped()\n");
    text_add(&text, "app: %s -> ...\n", call);
    struct scenario *instance = instance_of(&text);
    unsigned found = answered(instance, word, &reason);
    if (found != count || strcmp(reason.text, expected) != 0) printf("\n    %s: %u, %s", call, found, reason.text);
    CU_ASSERT_EQUAL(found, count);
    CU_ASSERT_STRING_EQUAL(reason.text, expected);
    scenario_free(instance);
    text_free(&text);
}

/* A size that is larger than what is passed leaves room in the record for the arguments after it. */
static void a_large_size_takes_no_room_from_others(void) {
    expect_of_memory("WSAIoctl(s, SIO_UDP_CONNRESET, in=hex(00 00 00 00), cbIn=1024, ov=o)", OUTCOME_OK, 3, "");
    expect_of_memory("WSAIoctl(s, SIO_UDP_CONNRESET, in=hex(00 00 00 00), cbIn=65547, ov=o)", OUTCOME_OK, 3, "");
    expect_of_memory("WSASendTo(s, hex(01), lpTo=127.0.0.1:5000, iTolen=1024, lpOverlapped=o)", OUTCOME_OK, 3, "");
    expect_of_memory("sendto(s, hex(01), len=980, to=127.0.0.1:5000)", OUTCOME_OK, 3, "");
    expect_of_memory("sendto(s, hex(01), len=1020, to=127.0.0.1:5000)", OUTCOME_OK, 2,
                     "not modelled: what sendto does here");
}

/* What no record can hold is not asked for with less. */
static void more_memory_than_a_record_holds(void) {
    static const char *const too_much = "the call passes more than 1024 bytes of memory";
    expect_of_memory("WSASendTo(s, {b, d}, lpTo=127.0.0.1:5000, lpOverlapped=o)", OUTCOME_OK, 3, "");
    expect_of_memory("WSASendTo(s, {b, c}, lpTo=127.0.0.1:5000, lpOverlapped=o)", OUTCOME_OK, 2, too_much);
    expect_of_memory("WSARecvFrom(s, {b, c}, lpOverlapped=o)", OUTCOME_PENDING, 0, too_much);
    expect_of_memory("WSARecvFrom(s, {b, 400}, lpOverlapped=o)", OUTCOME_PENDING, 1, "");
}

void register_stage_limits_tests(void) {
    CU_pSuite suite = CU_add_suite("conformance/stage_limits", NULL, NULL);
    CU_add_test(suite, "as many sockets as steps", as_many_sockets_as_steps);
    CU_add_test(suite, "as many processes as threads", as_many_processes_as_threads);
    CU_add_test(suite, "as many blocks as steps", as_many_blocks_as_steps);
    CU_add_test(suite, "as many events, files and exclusions", as_many_events_files_and_exclusions);
    CU_add_test(suite, "options of as many sockets as steps", options_of_as_many_sockets_as_steps);
    CU_add_test(suite, "handles that children inherit", handles_that_children_inherit);
    CU_add_test(suite, "a world is full once all is made", a_world_is_full_once_all_is_made);
    CU_add_test(suite, "a small scenario has a small world", a_small_scenario_has_a_small_world);
    CU_add_test(suite, "a large size takes no room from others", a_large_size_takes_no_room_from_others);
    CU_add_test(suite, "more memory than a record holds", more_memory_than_a_record_holds);
}
