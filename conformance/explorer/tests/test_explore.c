/* Every order: how many, which outcomes, the shortest way to each; four bugs of real programs and their cures. */
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#include "conformance/explorer/explore.h"
#include "conformance/language/expand.h"
#include "conformance/language/parser.h"
#include "stack/readings.h"

void register_explore_tests(void);

static struct scenario *parsed(const char *path) {
    struct language_error error;
    struct scenario *scenario = scenario_parse_file(path, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    return scenario;
}

static struct scenario *instance_of(const char *path) {
    struct scenario *scenario = parsed(path);
    struct scenario *instance = scenario_expand(scenario, 0);
    scenario_free(scenario);
    return instance;
}

struct expected {
    const char *name;
    unsigned orders, outcomes;
    const char *counterexample; /* NULL: there is none */
};

/* clang-format off */
static const struct expected bugs[] = {
    { "cancelled-means-aborted", 3, 2, "1" }, { "cancelled-means-aborted-cured", 3, 2, NULL },
    { "failed-packet", 15, 2, "1.0.1" },      { "failed-packet-cured", 15, 2, NULL },
    { "reused-overlapped", 3, 1, "-" },       { "reused-overlapped-cured", 2, 1, NULL },
    { "stored-too-late", 6, 2, "0.0.1" },     { "stored-too-late-cured", 3, 1, NULL },
};
/* clang-format on */

static void check_counterexample(const struct scenario *instance, const struct explored_outcome *outcome,
                                 const char *expected) {
    struct text order = { 0 }, account = { 0 };
    struct order parsed;
    order_print(&outcome->first, &order);
    CU_ASSERT_PTR_NOT_NULL_FATAL(expected);
    CU_ASSERT_STRING_EQUAL(order.bytes, expected);
    CU_ASSERT_TRUE(order_parse(order.bytes, &parsed));
    explore_tell(instance, profile_named("windows"), &parsed, &account);
    CU_ASSERT_PTR_NOT_NULL(strstr(account.bytes, "does not allow"));
    text_free(&order);
    text_free(&account);
}

static void bugs_are_found_and_their_cures_hold(void) {
    for (unsigned i = 0; i < sizeof bugs / sizeof bugs[0]; i++) {
        char path[120];
        struct exploration exploration;
        snprintf(path, sizeof path, "conformance/explorer/bugs/%s.scn", bugs[i].name);
        struct scenario *instance = instance_of(path);
        explore(instance, profile_named("windows"), &(struct explore_limits){ .orders_most = 1000 }, &exploration);
        CU_ASSERT_TRUE(exploration.exhaustive);
        CU_ASSERT_EQUAL(exploration.trouble.length, 0);
        CU_ASSERT_EQUAL(exploration.orders, bugs[i].orders);
        CU_ASSERT_EQUAL(exploration.outcomes_count, bugs[i].outcomes);
        unsigned forbidden = 0;
        for (unsigned k = 0; k < exploration.outcomes_count; k++) {
            if (exploration.outcomes[k].forbidden_line == 0) continue;
            forbidden++;
            check_counterexample(instance, &exploration.outcomes[k], bugs[i].counterexample);
        }
        CU_ASSERT_EQUAL(forbidden, bugs[i].counterexample != NULL);
        exploration_free(&exploration);
        scenario_free(instance);
    }
}

static void fewer_orders_than_there_are_are_not_all(void) {
    struct exploration exploration;
    struct scenario *instance = instance_of("conformance/explorer/bugs/failed-packet.scn");
    explore(instance, profile_named("windows"), &(struct explore_limits){ .orders_most = 14, .one_by_one = true },
            &exploration);
    CU_ASSERT_EQUAL(exploration.orders, 14);
    CU_ASSERT_FALSE(exploration.exhaustive);
    exploration_free(&exploration);
    explore(instance, profile_named("windows"), &(struct explore_limits){ .orders_most = 15, .one_by_one = true },
            &exploration);
    CU_ASSERT_TRUE(exploration.exhaustive);
    exploration_free(&exploration);
    scenario_free(instance);
}

/* Both ways: the same orders, the same outcomes with as many of them, the same shortest order to each. */
static void compare_ways_of(const struct scenario *instance, uint64_t *orders, uint64_t *runs) {
    struct exploration merged, one_by_one;
    explore(instance, profile_named("windows"), &(struct explore_limits){ .orders_most = 100000 }, &merged);
    explore(instance, profile_named("windows"), &(struct explore_limits){ .orders_most = 100000, .one_by_one = true },
            &one_by_one);
    CU_ASSERT_EQUAL(merged.orders, one_by_one.orders);
    CU_ASSERT_EQUAL(one_by_one.runs, one_by_one.orders);
    CU_ASSERT_EQUAL(one_by_one.states, 0);
    CU_ASSERT_EQUAL(merged.exhaustive, one_by_one.exhaustive);
    CU_ASSERT_EQUAL_FATAL(merged.outcomes_count, one_by_one.outcomes_count);
    for (unsigned i = 0; i < merged.outcomes_count; i++) {
        const struct explored_outcome *one = &merged.outcomes[i], *other = &one_by_one.outcomes[i];
        CU_ASSERT_STRING_EQUAL(one->answers.bytes, other->answers.bytes);
        CU_ASSERT_EQUAL(one->orders, other->orders);
        CU_ASSERT_EQUAL(one->forbidden_line, other->forbidden_line);
        CU_ASSERT_EQUAL(one->first.length, other->first.length);
        CU_ASSERT_EQUAL(memcmp(one->first.answers, other->first.answers, one->first.length), 0);
    }
    *orders += merged.orders;
    *runs += merged.runs;
    exploration_free(&merged);
    exploration_free(&one_by_one);
}

static void compare_ways(const char *path, uint64_t *orders, uint64_t *runs) {
    struct scenario *instance = instance_of(path);
    compare_ways_of(instance, orders, runs);
    scenario_free(instance);
}

static void merging_equal_states_changes_no_result(void) {
    uint64_t orders = 0, runs = 0;
    for (unsigned i = 0; i < sizeof bugs / sizeof bugs[0]; i++) {
        char path[120];
        snprintf(path, sizeof path, "conformance/explorer/bugs/%s.scn", bugs[i].name);
        compare_ways(path, &orders, &runs);
    }
    compare_ways("conformance/explorer/tests/independent.scn", &orders, &runs);
    printf("\n    %lu orders by %lu runs", (unsigned long)orders, (unsigned long)runs);
    CU_ASSERT_TRUE(runs * 2 < orders);
}

/* Of two orders of two lines the second one is played up to the state in which both end. So there is one state before
 * each line but the first, and one more inside the `together` for each order. */
static void expect_one_state(const struct scenario *instance, const struct exploration *exploration) {
    if (exploration->orders == 2) CU_ASSERT_EQUAL(exploration->states, instance->steps_count + 1);
    CU_ASSERT(exploration->orders == 2 || exploration->runs < exploration->orders);
    for (unsigned i = 0; i < exploration->outcomes_count; i++)
        CU_ASSERT_EQUAL(exploration->outcomes[i].forbidden_line, 0);
}

static void what_is_one_state_is_merged(void) {
    static const char *const names[] = { "one-state", "one-goes", "one-wait", "two-states" };
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[120];
        uint64_t orders = 0, runs = 0;
        snprintf(path, sizeof path, "conformance/explorer/tests/%s.scn", names[i]);
        struct scenario *scenario = parsed(path);
        for (unsigned k = 0; k < scenario_instances_count(scenario); k++) {
            struct exploration exploration;
            struct scenario *instance = scenario_expand(scenario, k);
            explore(instance, profile_named("windows"), &(struct explore_limits){ .orders_most = 1000 }, &exploration);
            CU_ASSERT(exploration.exhaustive && exploration.orders > 1);
            if (strncmp(names[i], "one", 3) == 0) expect_one_state(instance, &exploration);
            exploration_free(&exploration);
            compare_ways_of(instance, &orders, &runs);
            scenario_free(instance);
        }
        scenario_free(scenario);
    }
}

static void what_cannot_be_played_says_why(void) {
    static const char waits_for_socket[] =
        "scenario wait\n\nprocess app\n\napp: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
        "app: WaitForSingleObject(s, 0) -> ok\n";
    struct language_error error;
    struct exploration exploration;
    struct scenario *scenario = scenario_parse("wait.scn", waits_for_socket, sizeof waits_for_socket - 1, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    explore(scenario, profile_named("windows"), &(struct explore_limits){ .orders_most = 10 }, &exploration);
    CU_ASSERT_PTR_NOT_NULL_FATAL(exploration.trouble.bytes);
    CU_ASSERT_PTR_NOT_NULL(strstr(exploration.trouble.bytes, "line 6"));
    CU_ASSERT_PTR_NOT_NULL(strstr(exploration.trouble.bytes, "not modelled"));
    exploration_free(&exploration);
    scenario_free(scenario);
}

/* What is queued to a thread whose call has its data already stays queued; what is queued before runs in the call, even
 * where the data is on its way. So there are two outcomes, and three would be one too many. */
static void an_apc_and_data_come_in_either_order(void) {
    static const char race[] =
        "scenario race\n\nprocess app\nthread app.t2\n\n"
        "app: s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) -> ok\napp: bind(s, 127.0.0.1:0) -> ok\n"
        "app: there = getsockname(s) -> ok\napp.t2: recv(s, len=1) -> blocks @W118\n"
        "app: sendto(s, hex(01), to=127.0.0.1:there.port) -> ok\napp: QueueUserAPC(good, app.t2, 1) -> ok\n"
        "app.t2: returns -> ...\napp.t2: SleepEx(0) -> ...\n";
    struct language_error error;
    struct exploration exploration;
    struct scenario *scenario = scenario_parse("race.scn", race, sizeof race - 1, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    explore(scenario, profile_named("windows"), &(struct explore_limits){ .orders_most = 100 }, &exploration);
    CU_ASSERT_PTR_NULL(exploration.trouble.bytes);
    CU_ASSERT_EQUAL_FATAL(exploration.outcomes_count, 2);
    unsigned inside = 0, later = 0;
    for (unsigned i = 0; i < 2; i++) {
        inside += strstr(exploration.outcomes[i].answers.bytes,
                         "returns -> ok error=0 value=1 out=hex(01)\n  apc(1)") != NULL;
        later += strstr(exploration.outcomes[i].answers.bytes, "SleepEx(0) -> WAIT_IO_COMPLETION") != NULL;
    }
    CU_ASSERT_EQUAL(inside, 1);
    CU_ASSERT_EQUAL(later, 1);
    exploration_free(&exploration);
    scenario_free(scenario);
}

static void orders_are_text(void) {
    enum { THIRD = 2 };
    struct order order;
    struct text text = { 0 };
    CU_ASSERT_TRUE(order_parse("0.2.10.0", &order));
    CU_ASSERT_EQUAL(order.length, 4);
    CU_ASSERT_EQUAL(order.answers[THIRD], 10);
    order_print(&order, &text);
    CU_ASSERT_STRING_EQUAL(text.bytes, "0.2.10"); /* what follows is 0 anyhow */
    text_free(&text);
    CU_ASSERT_TRUE(order_parse("-", &order));
    order_print(&order, &text);
    CU_ASSERT_STRING_EQUAL(text.bytes, "-");
    text_free(&text);
    static const char *const others[] = { "", ".", "1.", "1..2", "x", "255", "1 2" };
    for (unsigned i = 0; i < sizeof others / sizeof others[0]; i++) CU_ASSERT_FALSE(order_parse(others[i], &order));
}

void register_explore_tests(void) {
    CU_pSuite suite = CU_add_suite("explorer", NULL, NULL);
    CU_add_test(suite, "bugs are found and their cures hold", bugs_are_found_and_their_cures_hold);
    CU_add_test(suite, "fewer orders than there are are not all", fewer_orders_than_there_are_are_not_all);
    CU_add_test(suite, "merging equal states changes no result", merging_equal_states_changes_no_result);
    CU_add_test(suite, "what is one state is merged", what_is_one_state_is_merged);
    CU_add_test(suite, "what cannot be played says why", what_cannot_be_played_says_why);
    CU_add_test(suite, "an APC and data come in either order", an_apc_and_data_come_in_either_order);
    CU_add_test(suite, "orders are text", orders_are_text);
}
