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

static void as_many_blocks_as_steps(void) {
    struct text text = { 0 };
    text_add(&text, "scenario limits\n\nprocess app\n\napp: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ...\n");
    for (unsigned i = 0; i < 300; i++)
        text_add(&text, "app: WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 2}, cbOut=16) -> ...\n");
    expect_all_ok(&text, 301);
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

static void a_small_scenario_has_a_small_world(void) {
    struct text text = { 0 };
    text_add(&text, "scenario limits\n\nprocess app\n\napp: socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ...\n");
    struct scenario *instance = instance_of(&text);
    const struct world_limits limits = stage_limits(instance, 0), ordinary = world_limits_small();
    CU_ASSERT(world_bytes(&limits) * 2 < world_bytes(&ordinary));
    scenario_free(instance);
    text_free(&text);
}

void register_stage_limits_tests(void) {
    CU_pSuite suite = CU_add_suite("conformance/stage_limits", NULL, NULL);
    CU_add_test(suite, "as many sockets as steps", as_many_sockets_as_steps);
    CU_add_test(suite, "as many processes as threads", as_many_processes_as_threads);
    CU_add_test(suite, "as many blocks as steps", as_many_blocks_as_steps);
    CU_add_test(suite, "as many events, files and exclusions", as_many_events_files_and_exclusions);
    CU_add_test(suite, "options of as many sockets as steps", options_of_as_many_sockets_as_steps);
    CU_add_test(suite, "handles that children inherit", handles_that_children_inherit);
    CU_add_test(suite, "a small scenario has a small world", a_small_scenario_has_a_small_world);
}
