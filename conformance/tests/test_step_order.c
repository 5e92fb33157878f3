/* `step K` counts the steps of a scenario, children of a `together` in its place. */
#include <CUnit/CUnit.h>
#include <string.h>

#include "conformance/language/parser.h"
#include "conformance/language/step_order.h"

static struct scenario *parse(const char *text) {
    struct language_error error;
    struct scenario *scenario = scenario_parse("test", text, strlen(text), &error);
    if (scenario == NULL) CU_FAIL_FATAL("the scenario of this test does not parse");
    return scenario;
}

static void steps_are_numbered_in_order(void) {
    struct scenario *scenario = parse("scenario plain\n\nprocess app\n\napp: WSACleanup() -> ok\nadvance 1ms\n");
    static struct step_order order;
    step_order_fill(&order, scenario);
    CU_ASSERT_EQUAL_FATAL(order.count, 2);
    CU_ASSERT_EQUAL(order.steps[0]->kind, STEP_CALL);
    CU_ASSERT_EQUAL(order.steps[1]->kind, STEP_ADVANCE);
    scenario_free(scenario);
}

static void children_of_a_together_stand_in_its_place(void) {
    struct scenario *scenario = parse("scenario both\n\nprocess app\nthread  app.t2\n\nadvance 1ms\ntogether\n"
                                      "  app: SleepEx(0) -> ok\n  app.t2: SleepEx(0) -> ok\nadvance 2ms\n");
    static struct step_order order;
    step_order_fill(&order, scenario);
    CU_ASSERT_EQUAL_FATAL(order.count, 4);
    CU_ASSERT_EQUAL(order.steps[0]->kind, STEP_ADVANCE);
    CU_ASSERT_PTR_NULL(order.together[0]);
    CU_ASSERT_PTR_NOT_NULL(order.together[1]);
    CU_ASSERT_EQUAL(order.steps[1]->thread, 0);
    CU_ASSERT_EQUAL(order.steps[2]->thread, 1);
    CU_ASSERT_EQUAL(order.steps[3]->number, 2000000);
    scenario_free(scenario);
}

void register_step_order_tests(void);

void register_step_order_tests(void) {
    CU_pSuite suite = CU_add_suite("steps are counted in the order in which they are played", NULL, NULL);
    CU_add_test(suite, "steps are numbered in order", steps_are_numbered_in_order);
    CU_add_test(suite, "children of a together stand in its place", children_of_a_together_stand_in_its_place);
}
