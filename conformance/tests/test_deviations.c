#include <CUnit/CUnit.h>

#include <stdio.h>
#include <string.h>

#include "conformance/language/outcome_text.h"
#include "conformance/language/parser.h"
#include "conformance/verdicts/deviations.h"

static struct deviations deviations;
static struct language_error error;
static struct scenario *instance;

static const char scenario_text[] =
    "trace tiny[udp.v4]\n\nprocess app\n\n"
    "app: s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) -> ok error=0\n"
    "app: WSAIoctl(s, SIO_RELEASE_PORT_RESERVATION, in={1}, routine=good) -> WSAEOPNOTSUPP bytes=0\n"
    "app: bind(s, 0.0.0.0:0) -> ok error=0 port=s.port  #~ s.port=40000\n";

static int begin(void) {
    instance = scenario_parse("tiny.trace", scenario_text, strlen(scenario_text), &error);
    return instance != NULL ? 0 : 1;
}

static int end(void) {
    scenario_free(instance);
    deviations_free(&deviations);
    return 0;
}

static bool parse(const char *text) {
    deviations_free(&deviations);
    return deviations_parse(&deviations, "deviations", text, strlen(text), &error);
}

#define RULE(conditions, observed) \
    "deviation one\n  call WSAIoctl\n" conditions "  observed " observed \
    "\n  scenarios a/b\n  status reviewed\n  reason Because.\n"

/* --- matching ---------------------------------------------------------------------------------------------------- */

static const char *const not_a_socket[] = { "WSAENOTSOCK bytes=untouched|0" };

/* The second step, answered WSAEOPNOTSUPP where that one outcome was allowed. */
static struct deviating_step refused_instead_of(const char *const *allowed) {
    static struct observation seen;
    seen = (struct observation){ .word = OUTCOME_ERROR, .code = 10045 };
    return (struct deviating_step){ .instance = instance,
                                    .step = &instance->steps[1],
                                    .seen = &seen,
                                    .outcome = "WSAEOPNOTSUPP bytes=0",
                                    .allowed_count = 1,
                                    .allowed = allowed };
}

/* Does the parsed rule explain the second step, answered WSAEOPNOTSUPP where WSAENOTSOCK was allowed? */
static bool explains(const char *text) {
    struct deviating_step deviating = refused_instead_of(not_a_socket);
    CU_ASSERT_TRUE_FATAL(parse(text));
    return deviations_match(&deviations, &deviating) == 0;
}

static void a_rule_matches_by_call_and_outcome(void) {
    CU_ASSERT_TRUE(explains(RULE("", "WSAEOPNOTSUPP")));
    CU_ASSERT_TRUE(explains(RULE("", "WSAEOPNOTSUPP bytes=0")));
    CU_ASSERT_TRUE(explains(RULE("", "fails")));
    CU_ASSERT_FALSE(explains(RULE("", "WSAEINVAL")));
    CU_ASSERT_FALSE(explains(RULE("", "WSAEOPNOTSUPP bytes=4")));
    CU_ASSERT_FALSE(explains(RULE("", "routine-ran")));
}

static void observed_lines_are_alternatives(void) {
    CU_ASSERT_TRUE(explains(RULE("  observed ok\n", "WSAEOPNOTSUPP")));
}

static void conditions_all_have_to_hold(void) {
    CU_ASSERT_TRUE(explains(RULE("  when allowed=WSAENOTSOCK\n", "fails")));
    CU_ASSERT_TRUE(explains(RULE("  when allowed=bytes=0\n", "fails")));
    CU_ASSERT_FALSE(explains(RULE("  when allowed=ok\n", "fails")));
    CU_ASSERT_TRUE(explains(RULE("  when instance=udp routine=given ov=NULL\n", "fails")));
    CU_ASSERT_TRUE(explains(RULE("  when code=SIO_RELEASE_PORT_RESERVATION\n", "fails")));
    CU_ASSERT_FALSE(explains(RULE("  when code=SIO_ACQUIRE_PORT_RESERVATION\n", "fails")));
    CU_ASSERT_FALSE(explains(RULE("  when instance=tcp\n", "fails")));
    CU_ASSERT_FALSE(explains(RULE("  when routine=NULL\n", "fails")));
    CU_ASSERT_FALSE(explains(RULE("  when routine=given\n  when ov=given\n", "fails")));
}

static void a_port_is_outside_the_dynamic_range(void) {
    struct observation seen = { .word = OUTCOME_OK };
    struct deviating_step deviating = {
        .instance = instance, .step = &instance->steps[2], .seen = &seen, .outcome = "ok port=s.port"
    };
    CU_ASSERT_TRUE_FATAL(
        parse("deviation ports\n  call bind\n  observed ok port=outside-dynamic-range\n  scenarios a/b\n"
              "  status reviewed\n  happens sometimes\n  reason Because.\n"));
    CU_ASSERT_EQUAL(deviations_match(&deviations, &deviating), -1);
    deviating.port_is_outside = true;
    CU_ASSERT_EQUAL(deviations_match(&deviations, &deviating), 0);
    CU_ASSERT_TRUE(deviations.rules[0].sometimes);
}

static void a_rule_knows_its_witnesses(void) {
    CU_ASSERT_TRUE_FATAL(parse(RULE("", "ok")));
    CU_ASSERT_TRUE(rule_lists(&deviations.rules[0], "a/b"));
    CU_ASSERT_FALSE(rule_lists(&deviations.rules[0], "a/c"));
    CU_ASSERT_TRUE(rule_concerns(&deviations.rules[0], instance, &instance->steps[1]));
    CU_ASSERT_FALSE(rule_concerns(&deviations.rules[0], instance, &instance->steps[0]));
}

/* --- what is refused ---------------------------------------------------------------------------------------------- */

static void refuses(const char *text, unsigned line, unsigned column, const char *message) {
    CU_ASSERT_FALSE(parse(text));
    CU_ASSERT_EQUAL(error.position.line, line);
    CU_ASSERT_EQUAL(error.position.column, column);
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, message));
    if (strstr(error.message, message) == NULL) printf("\n    said: %s", error.message);
}

static void wrong_files_are_refused_with_their_place(void) {
    refuses("deviate one\n", 1, 1, "expected `deviation NAME`");
    refuses("deviation One\n", 1, 11, "expected a name: small letters");
    refuses("  call WSAIoctl\n", 1, 3, "expected `deviation NAME` at the start of a line before this");
    refuses("deviation one\n  call WSAIoctal\n", 2, 8, "unknown call");
    refuses("deviation one\n  calls WSAIoctl\n", 2, 3, "expected call, when, observed");
    refuses("deviation one\n  when allowed\n", 2, 8, "expected a condition");
    refuses("deviation one\n  when colour=red\n", 2, 8, "unknown condition");
    refuses("deviation one\n  status good\n", 2, 10, "expected reviewed or unreviewed");
    refuses("deviation one\n  scenarios a/b[udp]\n", 2, 13, "without the suffix");
    refuses("deviation one\n  call bind\n  observed ok\n  status reviewed\n  reason R.\n", 5, 1,
            "the rule one has no line `scenarios`");
    refuses(RULE("", "ok") RULE("", "ok"), 7, 11, "a rule of this name is there already");
}

static void comments_and_empty_lines_are_nothing(void) {
    CU_ASSERT_TRUE(parse("# Known.\n\n" RULE("  # a condition\n", "ok # and that is all")));
    CU_ASSERT_EQUAL(deviations.rules[0].observed[0].words_count, 1);
}

/* --- accepting ---------------------------------------------------------------------------------------------------- */

static void what_is_accepted_can_be_read_and_matches(void) {
    struct deviating_step deviating = refused_instead_of(not_a_socket);
    struct accepted accepted = { .count = 0 };
    struct text text = { 0 };
    deviations_free(&deviations);
    accepted_add(&accepted, "a/b", &deviating);
    accepted_add(&accepted, "a/b", &deviating);
    accepted_add(&accepted, "a/c", &deviating);
    accepted_print(&accepted, &deviations, &text);
    CU_ASSERT_STRING_EQUAL(text.bytes, "\ndeviation unreviewed-wsaioctl-1\n"
                                       "  call       WSAIoctl\n"
                                       "  when       allowed=WSAENOTSOCK\n"
                                       "  observed   WSAEOPNOTSUPP\n"
                                       "  scenarios  a/b a/c\n"
                                       "  status     unreviewed\n"
                                       "  reason     unreviewed: observed WSAEOPNOTSUPP, allowed were WSAENOTSOCK\n");
    CU_ASSERT_TRUE(deviations_parse(&deviations, "deviations", text.bytes, text.length, &error));
    CU_ASSERT_EQUAL(deviations_match(&deviations, &deviating), 0);
    CU_ASSERT_FALSE(deviations.rules[0].reviewed);
    text.length = 0;
    accepted_print(&accepted, &deviations, &text);
    CU_ASSERT_PTR_NOT_NULL(strstr(text.bytes, "deviation unreviewed-wsaioctl-2\n"));
    text_free(&text);
    accepted_free(&accepted);
}

/* What is allowed in one step and something else besides in another makes two rules; each explains its own step. */
static void each_accepted_rule_explains_its_own_steps(void) {
    static const char *const two[] = { "WSAENOTSOCK", "ok error=0" };
    struct deviating_step narrow = refused_instead_of(two), wide = refused_instead_of(not_a_socket);
    struct accepted accepted = { .count = 0 };
    struct text text = { 0 };
    deviations_free(&deviations);
    narrow.allowed_count = 2;
    accepted_add(&accepted, "a/wide", &wide);
    accepted_add(&accepted, "a/narrow", &narrow);
    accepted_print(&accepted, &deviations, &text);
    CU_ASSERT_PTR_NOT_NULL(strstr(text.bytes, "  when       allowed=WSAENOTSOCK allowed=ok\n"));
    CU_ASSERT_TRUE_FATAL(deviations_parse(&deviations, "deviations", text.bytes, text.length, &error));
    CU_ASSERT_TRUE(rule_lists(&deviations.rules[deviations_match(&deviations, &narrow)], "a/narrow"));
    CU_ASSERT_TRUE(rule_lists(&deviations.rules[deviations_match(&deviations, &wide)], "a/wide"));
    text_free(&text);
    accepted_free(&accepted);
}

static void an_allowed_fault_is_accepted_without_its_code(void) {
    static const char *const faults[] = { "fault(0xC0000005)" };
    struct deviating_step deviating = refused_instead_of(faults);
    struct accepted accepted = { .count = 0 };
    struct text text = { 0 };
    deviations_free(&deviations);
    accepted_add(&accepted, "a/b", &deviating);
    accepted_print(&accepted, &deviations, &text);
    CU_ASSERT_PTR_NOT_NULL(strstr(text.bytes, "  when       allowed=fault\n"));
    CU_ASSERT_TRUE(deviations_parse(&deviations, "deviations", text.bytes, text.length, &error));
    CU_ASSERT_EQUAL(deviations_match(&deviations, &deviating), 0);
    text_free(&text);
    accepted_free(&accepted);
}

/* --- outcomes as text --------------------------------------------------------------------------------------------- */

static void outcomes_that_differ_in_one_predicate_are_joined(void) {
    struct text joined = { 0 };
    CU_ASSERT_TRUE(outcome_text_join("ok error=0 bytes=4", "ok error=untouched bytes=4", &joined));
    CU_ASSERT_STRING_EQUAL(joined.bytes, "ok error=0|untouched bytes=4");
    joined.length = 0;
    CU_ASSERT_FALSE(outcome_text_join("ok error=0 bytes=4", "ok error=1 bytes=5", &joined));
    CU_ASSERT_FALSE(outcome_text_join("ok", "WSAEINVAL", &joined));
    CU_ASSERT_FALSE(outcome_text_join("ok", "ok bytes=4", &joined));
    CU_ASSERT_TRUE(outcome_text_has("ok error=0|untouched", "error=untouched"));
    CU_ASSERT_FALSE(outcome_text_has("ok error=0|untouched", "error=1"));
    text_free(&joined);
}

void register_deviations_tests(void);
void register_deviations_tests(void) {
    CU_pSuite suite = CU_add_suite("deviations", begin, end);
    CU_add_test(suite, "a rule matches by call and outcome", a_rule_matches_by_call_and_outcome);
    CU_add_test(suite, "observed lines are alternatives", observed_lines_are_alternatives);
    CU_add_test(suite, "conditions all have to hold", conditions_all_have_to_hold);
    CU_add_test(suite, "a port is outside the dynamic range", a_port_is_outside_the_dynamic_range);
    CU_add_test(suite, "a rule knows its witnesses", a_rule_knows_its_witnesses);
    CU_add_test(suite, "wrong files are refused with their place", wrong_files_are_refused_with_their_place);
    CU_add_test(suite, "comments and empty lines are nothing", comments_and_empty_lines_are_nothing);
    CU_add_test(suite, "what is accepted can be read and matches", what_is_accepted_can_be_read_and_matches);
    CU_add_test(suite, "each accepted rule explains its own steps", each_accepted_rule_explains_its_own_steps);
    CU_add_test(suite, "an allowed fault is accepted without its code", an_allowed_fault_is_accepted_without_its_code);
    CU_add_test(suite, "outcomes that differ in one predicate are joined",
                outcomes_that_differ_in_one_predicate_are_joined);
}
