/* Several machines in one scenario: how they and their links are written, who plays them, and that one seed is one
 * run. */
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#include "conformance/explorer/explore.h"
#include "conformance/judge/judge.h"
#include "conformance/judge/trace_judge.h"
#include "conformance/language/expand.h"
#include "conformance/language/parser.h"
#include "conformance/language/printer.h"
#include "conformance/player/play.h"
#include "conformance/stage/model_executor.h"
#include "sim/capture/frames.h"
#include "stack/readings.h"

void register_links_tests(void);

static struct scenario *parsed(const char *text) {
    struct language_error error;
    struct scenario *scenario = scenario_parse("links.scn", text, strlen(text), &error);
    if (scenario == NULL) printf("\n    line %u: %s\n", (unsigned)error.position.line, error.message);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    return scenario;
}

/* Refused at this place with these words. */
static void refused(const char *text, unsigned line, unsigned column, const char *words) {
    struct language_error error;
    struct scenario *scenario = scenario_parse("links.scn", text, strlen(text), &error);
    CU_ASSERT_PTR_NULL_FATAL(scenario);
    bool as_said =
        error.position.line == line && error.position.column == column && strstr(error.message, words) != NULL;
    if (!as_said) printf("\n    refused at %u:%u: %s", error.position.line, error.position.column, error.message);
    CU_ASSERT_TRUE(as_said);
}

#define MACHINES "scenario links\n\nmachine a 10.0.0.1\nmachine b 10.0.0.2 [fd00::2]\n"
#define START "near: CreateEventW() -> ok\n"
#define JOINED MACHINES "link    a-b delay=5ms\nprocess near on a\nprocess far on b\n\n"

/* --- written ------------------------------------------------------------------------------------------------------ */

static void what_is_said_of_links_is_printed_in_one_order(void) {
    struct scenario *scenario =
        parsed(MACHINES "link b-a late=2ms loss=10% partition corrupt=0.0025% duplicate=100% reorder=0.5% rate=64000 "
                        "delay=1500us\nprocess near on a\nprocess kin of near\n\n"
                        "near: CreateEventW() -> ok\nlink a-b whole loss=0%  # again\nlink b-a delay=1s\n");
    struct text once = { 0 }, twice = { 0 };
    scenario_print(scenario, &once);
    CU_ASSERT_STRING_EQUAL(once.bytes,
                           MACHINES "link    b-a delay=1500us rate=64000 loss=10% duplicate=100% reorder=0.5% "
                                    "corrupt=0.0025% late=2ms partition\nprocess near on a\nprocess kin of near\n\n"
                                    "near: CreateEventW() -> ok\nlink b-a loss=0% whole  # again\nlink b-a delay=1s\n");
    struct scenario *again = parsed(once.bytes), *instance = scenario_expand(again, 0);
    scenario_free(again);
    scenario_print(instance, &twice);
    CU_ASSERT_STRING_EQUAL(once.bytes, twice.bytes);
    CU_ASSERT_EQUAL(instance->processes[1].machine, 0); /* its parent's */
    text_free(&once);
    text_free(&twice);
    scenario_free(instance);
    scenario_free(scenario);
}

static void machines_are_refused_with_a_reason(void) {
    refused("scenario x\n\nmachine a\n", 3, 10, "expected");
    refused("scenario x\n\nmachine link 10.0.0.1\n", 3, 9, "word of the language");
    refused(MACHINES "machine a 10.0.0.3\n", 5, 9, "the machine a was given already");
    refused(MACHINES "machine c 10.0.0.2\n", 5, 11, "machine b has this address already");
    refused(MACHINES "machine c 10.0.0.3 10.0.0.3\n", 5, 20, "said twice");
    refused(MACHINES "machine c 127.0.0.1\n", 5, 11, "no machine has this address");
    refused(MACHINES "machine c [::]\n", 5, 11, "no machine has this address");
    refused(MACHINES "machine c 224.0.0.1\n", 5, 11, "no machine has this address");
    refused(MACHINES "machine c [::ffff:10.0.0.3]\n", 5, 11, "no machine has this address");
    refused(MACHINES "machine c 10.1.0.1 10.1.0.2 10.1.0.3 10.1.0.4 10.1.0.5\n", 5, 47, "more than 4 addresses");
    refused(MACHINES "process near\n", 5, 13, "expected `on` and the machine");
    refused(MACHINES "machine distant 10.0.0.3\nprocess near on distand\n", 6, 17,
            "unknown machine; the nearest is distant");
    refused(MACHINES "process near on a on b\n", 5, 19, "on is said twice");
    refused(MACHINES "process near on a\nprocess kin of near on b\n", 6, 21, "runs on that one's machine");
    refused(MACHINES "process near on a\nmachine c 10.0.0.3\n", 6, 9, "machine lines stand before process lines");
    refused("scenario x\n\nprocess near on a\n", 3, 17, "expected a machine that a line `machine` above gives");
    refused(JOINED START "machine c 10.0.0.3\n", 10, 1, "machine lines stand before the first step");
}

static void links_are_refused_with_a_reason(void) {
    refused(MACHINES "link a\n", 5, 6, "expected two machines with a dash between");
    refused(MACHINES "link a-\n", 5, 8, "expected a machine");
    refused(MACHINES "link a-c\n", 5, 8, "expected a machine");
    refused(MACHINES "link a-a\n", 5, 6, "not one with itself");
    refused(MACHINES "link a-b\nlink b-a\n", 6, 6, "joins these two machines already");
    refused(MACHINES "link a-b speed=1\n", 5, 10, "expected delay=, rate=, loss=");
    refused(MACHINES "link a-b delay=5\n", 5, 17, "expected a unit");
    refused(MACHINES "link a-b delay=2000000s\n", 5, 16, "at most 3600s");
    refused(MACHINES "link a-b loss=10\n", 5, 17, "'%'");
    refused(MACHINES "link a-b loss=101%\n", 5, 15, "a share of packets");
    refused(MACHINES "link a-b loss=100.0001%\n", 5, 15, "more than 100%");
    refused(MACHINES "link a-b loss=1.00001%\n", 5, 15, "at most 4 digits");
    refused(MACHINES "link a-b loss=1.%\n", 5, 15, "at most 4 digits");
    refused(MACHINES "link a-b rate=0\n", 5, 15, "at least one bit");
    refused(MACHINES "link a-b rate=1000000000001\n", 5, 15, "bits a second");
    refused(MACHINES "link a-b loss=1% loss=2%\n", 5, 18, "loss is said twice");
    refused(MACHINES "link a-b whole partition\n", 5, 16, "partition is said twice");
    refused(MACHINES "link a-b reorder=5%\n", 5, 20, "reorder= needs late=");
    refused(JOINED "link a-b loss=1%\n" START, 9, 6, "already; what a link is like at first stands in one line");
    refused(JOINED START "link a-b\n", 10, 9, "expected delay=, rate=, loss=");
    refused(JOINED START "link a-b loss=1% -> ok\n", 10, 18, "expected delay=, rate=");
    refused(JOINED START "together\n  link a-b loss=1%\n", 11, 8, "cannot stand inside `together`");
    refused("scenario x\n\nprocess near\n" START "link a-b loss=1%\n", 5, 6, "expected a machine");
    refused(MACHINES "machine c 10.0.0.3\nlink a-b\nprocess near on a\n" START "link a-c loss=1%\n", 9, 6,
            "no link line before the first step joins");
}

/* --- played ------------------------------------------------------------------------------------------------------- */

#define TALK \
    JOINED START \
        "link a-b loss=20% duplicate=20% reorder=20% corrupt=10% late=30ms\n" \
        "far: u = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) -> ok\nfar: bind(u, 10.0.0.2:4000) -> ok\n" \
        "near: v = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) -> ok\n" \
        "near: l = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\nnear: bind(l, 10.0.0.1:4001) -> ok\n" \
        "near: listen(l) -> ok\nfar: c = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n" \
        "far: ioctlsocket(c, FIONBIO, 1) -> ok\nfar: connect(c, 10.0.0.1:4001) -> ...\n" \
        "near: sendto(v, hex(01), to=10.0.0.2:4000) -> ...\nnear: sendto(v, hex(02), to=10.0.0.2:4000) -> ...\n" \
        "advance 20s\nnear: s = accept(l) -> ...\nnear: send(s, hex(03)) -> ...\nadvance 20s\ncheck invariants\n"

static void keep_packet(void *self, uint64_t at_ns, unsigned machine, unsigned link, const uint8_t *bytes,
                        uint32_t length) {
    (void)machine, (void)link;
    frames_add(self, at_ns, bytes, length);
}

/* Plays TALK, as far as it goes; the packets that were sent. */
static struct frames packets_of(struct model_executor *model) {
    struct frames frames = { .count = 0 };
    const struct stage_tap tap = { .self = &frames, .packet = keep_packet };
    struct player player;
    struct observation seen;
    struct scenario *scenario = parsed(TALK);
    model_executor_tap(model, &tap);
    CU_ASSERT_EQUAL_FATAL(player_begin(&player, scenario, model_executor_interface(model)), STEP_DONE);
    for (uint32_t i = 0; i < scenario->steps_count; i++) {
        enum step_result result = player_step(&player, &scenario->steps[i], &seen);
        CU_ASSERT(result == STEP_SEEN || result == STEP_DONE || result == STEP_NEEDS);
    }
    CU_ASSERT_EQUAL(player_end(&player), STEP_DONE); /* with all invariants of machines and links */
    model_executor_tap(model, NULL);
    scenario_free(scenario);
    return frames;
}

static bool same_frames(const struct frames *one, const struct frames *other) {
    bool same = one->count == other->count;
    for (size_t i = 0; same && i < one->count; i++)
        same = one->list[i].at_ns == other->list[i].at_ns && one->list[i].length == other->list[i].length &&
               memcmp(frame_bytes(one, i), frame_bytes(other, i), one->list[i].length) == 0;
    return same;
}

static void one_seed_is_one_run(void) {
    enum { SEEDS = 12 };
    struct frames first = { .count = 0 };
    unsigned others = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct model_executor model;
        CU_ASSERT_TRUE_FATAL(model_executor_init(&model, profile_named("windows"), seed));
        struct frames once = packets_of(&model), again = packets_of(&model);
        CU_ASSERT_TRUE(once.count >= 4);
        CU_ASSERT_TRUE(same_frames(&once, &again));
        if (seed > 0) others += !same_frames(&first, &once);
        if (seed == 0) first = once;
        else frames_free(&once);
        frames_free(&again);
        model_executor_free(&model);
    }
    CU_ASSERT_EQUAL(others, SEEDS - 1);
    frames_free(&first);
}

/* A packet is shown where it was sent, and not once more where it arrives. */
static void each_packet_is_shown_once(void) {
    struct model_executor model;
    CU_ASSERT_TRUE_FATAL(model_executor_init(&model, profile_named("windows"), 0));
    struct frames frames = packets_of(&model);
    unsigned datagrams = 0;
    for (size_t i = 0; i < frames.count; i++) datagrams += frame_bytes(&frames, i)[9] == 17; /* UDP */
    CU_ASSERT_EQUAL(datagrams, 2);
    frames_free(&frames);
    model_executor_free(&model);
}

/* A line that the model refuses, with its reason. */
static void unsupported(const char *text, const char *words) {
    struct model_executor model;
    struct player player;
    struct observation seen;
    struct scenario *scenario = parsed(text);
    CU_ASSERT_TRUE_FATAL(model_executor_init(&model, profile_named("windows"), 0));
    CU_ASSERT_EQUAL(player_begin(&player, scenario, model_executor_interface(&model)), STEP_DONE);
    CU_ASSERT_EQUAL(player_step(&player, &scenario->steps[0], &seen), STEP_UNSUPPORTED);
    CU_ASSERT_PTR_NOT_NULL(strstr(player.reason.text, words));
    player_end(&player);
    model_executor_free(&model);
    scenario_free(scenario);
}

static void what_would_be_of_one_machine_is_not_modelled(void) {
    unsupported(JOINED "reboot\n" START, "which one restarts or fails");
    unsupported(JOINED "fault network-down\n" START, "which one restarts or fails");
}

static void neither_judge_nor_explorer_take_several_machines(void) {
    struct reason reason = { "" };
    struct trace_verdict verdict;
    struct exploration exploration;
    struct scenario *scenario = parsed(TALK);
    const uint16_t ports[PORTS_MAX] = { 0 };
    CU_ASSERT_PTR_NULL(judge_create(scenario, ports, (struct machine_facts){ 0 }, NULL, &reason));
    CU_ASSERT_PTR_NOT_NULL(strstr(reason.text, "several machines"));
    explore(scenario, profile_named("windows"), &(struct explore_limits){ .orders_most = 10 }, &exploration);
    CU_ASSERT_PTR_NOT_NULL_FATAL(exploration.trouble.bytes);
    CU_ASSERT_PTR_NOT_NULL(strstr(exploration.trouble.bytes, "several machines"));
    exploration_free(&exploration);
    scenario_free(scenario);
    struct scenario *trace = parsed("trace links\n  by model\n\nmachine a 10.0.0.1\nprocess p on a\n\n"
                                    "p: closesocket(0) -> WSAENOTSOCK error=untouched\n");
    trace_judge(trace, NULL, &verdict);
    CU_ASSERT_EQUAL(verdict.answer, TRACE_NOT_JUDGED);
    trace_verdict_free(&verdict);
    scenario_free(trace);
}

void register_links_tests(void) {
    CU_pSuite suite = CU_add_suite("conformance/machines and links", NULL, NULL);
    CU_add_test(suite, "what is said of links is printed in one order", what_is_said_of_links_is_printed_in_one_order);
    CU_add_test(suite, "machines are refused with a reason", machines_are_refused_with_a_reason);
    CU_add_test(suite, "links are refused with a reason", links_are_refused_with_a_reason);
    CU_add_test(suite, "one seed is one run", one_seed_is_one_run);
    CU_add_test(suite, "each packet is shown once", each_packet_is_shown_once);
    CU_add_test(suite, "what would be of one machine is not modelled", what_would_be_of_one_machine_is_not_modelled);
    CU_add_test(suite, "neither judge nor explorer take several machines",
                neither_judge_nor_explorer_take_several_machines);
}
