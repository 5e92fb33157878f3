/* Runs of one instance that agree or not: whatever their order, the answer is one. */
#include <CUnit/CUnit.h>

#include <string.h>

#include "conformance/runner/agreement.h"

static struct deviation_rule by_chance = { .name = "by-chance", .sometimes = true };
static struct step_record chance_step = { .verdict = VERDICT_DEVIATE_KNOWN, .rule = &by_chance };

/* c conforms, d deviates newly, i is inconclusive, s deviates by a rule that happens sometimes, t conforms with another
 * trace */
static void add(struct agreement *agreement, char kind, bool traces) {
    struct instance_record run = { .verdict = VERDICT_CONFORM };
    text_add(&run.trace, kind == 't' ? "other  #~ p=1\n" : "same  #~ p=%u\n", agreement->runs);
    if (kind == 'd') run.verdict = VERDICT_DEVIATE_NEW;
    if (kind == 'i') run.verdict = VERDICT_INCONCLUSIVE;
    if (kind == 's') {
        run.verdict = VERDICT_DEVIATE_KNOWN;
        run.steps = &chance_step;
        run.steps_count = 1;
    }
    agreement_add(agreement, &run, traces, false);
    text_free(&run.trace);
}

static void says_of(const char *runs, bool traces, unsigned others, const char *text) {
    struct agreement agreement = { .count = 0 };
    struct text printed = { 0 };
    for (const char *kind = runs; *kind != '\0'; kind++) add(&agreement, *kind, traces);
    agreement_print(&agreement, &printed);
    CU_ASSERT_EQUAL(agreement_others(&agreement), others);
    CU_ASSERT_STRING_EQUAL(printed.bytes, text);
    agreement_free(&agreement);
    text_free(&printed);
}

static void the_order_makes_no_difference(void) {
    static const char *const orders[] = { "dcccc", "ccccd", "ccdcc" };
    for (unsigned i = 0; i < 3; i++) says_of(orders[i], false, 1, "of 5 runs 4 conform, 1 deviate-new");
    says_of("cdcdd", false, 2, "of 5 runs 2 conform, 3 deviate-new");
    says_of("ddddd", false, 0, "of 5 runs 5 deviate-new");
}

static void what_is_accounted_for_disagrees_with_no_one(void) {
    says_of("cscsc", false, 0, "of 5 runs 3 conform, 2 accounted for");
    says_of("ici", false, 0, "of 3 runs 1 conform, 2 accounted for");
    says_of("scd", false, 1, "of 3 runs 1 conform, 1 deviate-new, 1 accounted for");
}

static void traces_are_compared_on_request(void) {
    says_of("cct", false, 0, "of 3 runs 3 conform");
    struct agreement agreement = { .count = 0 };
    add(&agreement, 'c', true);
    add(&agreement, 't', true);
    add(&agreement, 'c', true);
    CU_ASSERT_EQUAL(agreement_others(&agreement), 1);
    agreement_free(&agreement);
}

void register_agreement_tests(void);
void register_agreement_tests(void) {
    CU_pSuite suite = CU_add_suite("agreement of runs", NULL, NULL);
    CU_add_test(suite, "the order makes no difference", the_order_makes_no_difference);
    CU_add_test(suite, "what is accounted for disagrees with no other run",
                what_is_accounted_for_disagrees_with_no_one);
    CU_add_test(suite, "traces are compared on request", traces_are_compared_on_request);
}
