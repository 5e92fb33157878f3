/* What the language says of netsh: words for protocols, stores and rows; exclusions of two stores in world lines. */
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#include "conformance/language/expand.h"
#include "conformance/language/parser.h"
#include "conformance/language/printer.h"
#include "conformance/session/session.h"
#include "conformance/session/session_observe.h"
#include "conformance/session/session_prepare.h"
#include "conformance/session/session_print.h"

void register_language_netsh_tests(void);

#define HEAD "scenario netsh\n\nports p = 4 tcp\nprocess tool\n\n"

static struct scenario *parsed(const char *text) {
    struct language_error error;
    struct scenario *scenario = scenario_parse("netsh.scn", text, strlen(text), &error);
    if (scenario == NULL) printf("\n    %s\n    %s\n", error.message, error.excerpt.bytes);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    return scenario;
}

static void check_refused(const char *text, const char *message) {
    struct language_error error;
    struct scenario *scenario = scenario_parse("netsh.scn", text, strlen(text), &error);
    CU_ASSERT_PTR_NULL(scenario);
    if (scenario == NULL)
        CU_assertImplementation(strstr(error.message, message) != NULL, __LINE__, error.message, __FILE__, "",
                                CU_FALSE);
    scenario_free(scenario);
}

static void check_step(const struct scenario *scenario, unsigned index, const char *expected) {
    struct text text = { 0 };
    step_print(scenario, &scenario->steps[index], &text);
    CU_assertImplementation(strcmp(text.bytes, expected) == 0, __LINE__, text.bytes, __FILE__, "", CU_FALSE);
    text_free(&text);
}

static void words_are_printed_as_they_were_written(void) {
    static const char *const lines[] = {
        "tool: netsh_add_excludedportrange(tcp, p, 4, store=active) -> ERROR_SHARING_VIOLATION @inferred\n",
        "tool: netsh_delete_excludedportrange(udp, startport=p+1, numberofports=2) -> ok\n",
        "tool: netsh_show_excludedportrange(tcp, p) -> ok row=administered StartPort=p NumberOfPorts=4 @inferred | ok row=none @inferred\n",
    };
    struct text text = { 0 };
    text_add(&text, "%s", HEAD);
    for (unsigned i = 0; i < 3; i++) text_add(&text, "%s", lines[i]);
    struct scenario *scenario = parsed(text.bytes);
    for (unsigned i = 0; i < 3; i++) check_step(scenario, i, lines[i]);
    scenario_free(scenario);
    text_free(&text);
}

static void exclusions_say_their_store(void) {
    static const char lines[] = "world   exclusion tcp 1-2\nworld   exclusion tcp 3-4 administered\n"
                                "world   exclusion udp 5-6 administered active\n";
    struct text text = { 0 }, printed = { 0 };
    text_add(&text, "scenario netsh\n\n%sprocess tool\n\ntool: WSACleanup() -> ok\n", lines);
    struct scenario *scenario = parsed(text.bytes);
    CU_ASSERT_FALSE(scenario->world_lines[1].active);
    CU_ASSERT_TRUE(scenario->world_lines[2].administered && scenario->world_lines[2].active);
    scenario_print(scenario, &printed);
    CU_ASSERT_PTR_NOT_NULL(strstr(printed.bytes, lines));
    scenario_free(scenario);
    text_free(&text);
    text_free(&printed);
}

static void the_variant_becomes_a_protocol(void) {
    struct scenario *written =
        parsed("scenario netsh\n  variants transport=tcp|udp\n\nports p = 4 $transport\nprocess tool\n\n"
               "tool: netsh_add_excludedportrange($transport, p, 4) -> ok\n");
    check_step(written, 0, "tool: netsh_add_excludedportrange($transport, p, 4) -> ok\n");
    for (unsigned i = 0; i < 2; i++) {
        struct scenario *scenario = scenario_expand(written, i);
        check_step(scenario, 0,
                   i == 0 ? "tool: netsh_add_excludedportrange(tcp, p, 4) -> ok\n"
                          : "tool: netsh_add_excludedportrange(udp, p, 4) -> ok\n");
        scenario_free(scenario);
    }
    scenario_free(written);
}

/* A session with p at 20000, and the record of a step. */
static struct scenario *staged(const char *line, struct session *session, struct call *call) {
    struct text text = { 0 };
    text_add(&text, HEAD "%s", line);
    struct scenario *scenario = parsed(text.bytes);
    text_free(&text);
    int needed = NO_NAME;
    session_begin(session, scenario, (const uint16_t[]){ 20000 });
    CU_ASSERT_EQUAL_FATAL(session_prepare(session, scenario, &scenario->steps[0], call, &needed), SESSION_READY);
    return scenario;
}

static void ports_are_numbers_in_a_record(void) {
    static struct session session;
    struct call call;
    struct scenario *scenario =
        staged("tool: netsh_add_excludedportrange(udp, p+1, 3, store=active) -> ok\n", &session, &call);
    CU_ASSERT_EQUAL(call.arguments[netsh_add_excludedportrange_protocol], TRANSPORT_UDP);
    CU_ASSERT_EQUAL(call.arguments[netsh_add_excludedportrange_startport], 20001);
    CU_ASSERT_EQUAL(call.arguments[netsh_add_excludedportrange_numberofports], 3);
    CU_ASSERT_EQUAL(call.arguments[netsh_add_excludedportrange_store], NETSH_ACTIVE);
    scenario_free(scenario);
    scenario = staged("tool: netsh_delete_excludedportrange(tcp, p, 4) -> ok\n", &session, &call);
    CU_ASSERT_EQUAL(call.arguments[netsh_add_excludedportrange_store], NETSH_PERSISTENT);
    scenario_free(scenario);
    scenario = staged("tool: netsh_show_excludedportrange(tcp, p) -> ok\n", &session, &call);
    CU_ASSERT_EQUAL(call.arguments[netsh_show_excludedportrange_store], NETSH_ACTIVE);
    CU_ASSERT_EQUAL(call.ranges[netsh_show_excludedportrange_row].length, NETSH_ROW_SIZE);
    scenario_free(scenario);
}

static void check_row(enum netsh_row row, unsigned first, unsigned count, const char *expected) {
    static struct session session;
    struct call call;
    struct result result;
    struct observation seen;
    struct text text = { 0 };
    uint8_t bytes[NETSH_ROW_SIZE];
    struct scenario *scenario = staged("tool: netsh_show_excludedportrange(tcp, p) -> ok\n", &session, &call);
    result_clear(&result);
    result.error = ERROR_UNTOUCHED;
    store_u16(bytes, (uint16_t)row);
    store_u16(bytes + 2, (uint16_t)first);
    store_u32(bytes + 4, count);
    result_write(&result, call.arguments[netsh_show_excludedportrange_row], bytes, sizeof bytes);
    memset(&seen, 0, sizeof seen);
    session_observe(&session, scenario, &scenario->steps[0], &call, &result, &seen);
    session_print_outcome(&session, scenario, &scenario->steps[0], &seen, &text);
    CU_ASSERT_STRING_EQUAL(text.bytes, expected);
    text_free(&text);
    scenario_free(scenario);
}

static void a_dynamic_range_is_reported_by_its_ports(void) {
    static struct session session;
    struct call call;
    struct result result;
    struct observation seen = { 0 };
    struct text text = { 0 };
    uint8_t bytes[NETSH_RANGE_SIZE];
    struct scenario *scenario =
        staged("tool: netsh_show_dynamicport(udp, family=ipv6, store=persistent) -> ok\n", &session, &call);
    CU_ASSERT_EQUAL(call.arguments[netsh_show_dynamicport_protocol], TRANSPORT_UDP);
    CU_ASSERT_EQUAL(call.arguments[netsh_show_dynamicport_family], NETSH_IPV6);
    CU_ASSERT_EQUAL(call.arguments[netsh_show_dynamicport_store], NETSH_PERSISTENT);
    CU_ASSERT_EQUAL(call.ranges[netsh_show_dynamicport_range].length, NETSH_RANGE_SIZE);
    result_clear(&result);
    result.error = ERROR_UNTOUCHED;
    store_u32(bytes, 1025);
    store_u32(bytes + 4, 64511);
    result_write(&result, call.arguments[netsh_show_dynamicport_range], bytes, sizeof bytes);
    memset(&seen, 0, sizeof seen);
    session_observe(&session, scenario, &scenario->steps[0], &call, &result, &seen);
    session_print_outcome(&session, scenario, &scenario->steps[0], &seen, &text);
    CU_ASSERT_STRING_EQUAL(text.bytes, "ok error=untouched StartPort=1025 NumberOfPorts=64511");
    text_free(&text);
    scenario_free(scenario);
}

static void a_row_is_reported_with_its_ports(void) {
    check_row(NETSH_ROW_NONE, 0, 0, "ok error=untouched row=none");
    check_row(NETSH_ROW_UNMARKED, 20002, 1, "ok error=untouched row=unmarked StartPort=p+2 NumberOfPorts=1");
    check_row(NETSH_ROW_ADMINISTERED, 1, 65535, "ok error=untouched row=administered StartPort=1 NumberOfPorts=65535");
}

static void what_does_not_fit_is_refused(void) {
    check_refused(HEAD "tool: netsh_add_excludedportrange(icmp, p, 4) -> ok\n",
                  "parameter protocol: expected tcp, udp or $transport");
    check_refused(HEAD "tool: netsh_add_excludedportrange($family, p, 4) -> ok\n", "needs the dimension family");
    check_refused(HEAD "tool: netsh_add_excludedportrange(tcp, p) -> ok\n", "needs its parameter numberofports");
    check_refused(HEAD "tool: netsh_add_excludedportrange(tcp, 65536, 4) -> ok\n", "a number of 16 bits");
    check_refused(HEAD "tool: netsh_add_excludedportrange(tcp, hex(88 13), 4) -> ok\n", "a port: a number or a name");
    check_refused(HEAD "tool: netsh_add_excludedportrange(tcp, p, 4, store=both) -> ok\n",
                  "parameter store: expected active or persistent");
    check_refused(HEAD "tool: netsh_show_dynamicport(tcp, family=ipx) -> ok\n", "expected ipv4 or ipv6");
    check_refused(HEAD "tool: netsh_show_dynamicport(tcp, range=good) -> ok\n", "the outcome reports the range");
    check_refused(HEAD "tool: netsh_set_dynamicport(tcp, 20000) -> ok\n", "needs its parameter numberofports");
    check_refused(HEAD "tool: netsh_show_excludedportrange(tcp, p, row=good) -> ok\n", "the outcome reports the row");
    check_refused(HEAD "tool: netsh_show_excludedportrange(tcp, p) -> ok row=starred @inferred\n",
                  "row: expected none, unmarked or administered");
    check_refused(HEAD "tool: x = netsh_show_excludedportrange(tcp, p) -> ok\n", "has no product to name");
    check_refused("scenario netsh\n\nworld exclusion tcp 1-2 active\nprocess tool\n\ntool: WSACleanup() -> ok\n",
                  "expected");
}

void register_language_netsh_tests(void) {
    CU_pSuite suite = CU_add_suite("conformance/language of netsh", NULL, NULL);
    CU_add_test(suite, "words are printed as they were written", words_are_printed_as_they_were_written);
    CU_add_test(suite, "exclusions say their store", exclusions_say_their_store);
    CU_add_test(suite, "the variant becomes a protocol", the_variant_becomes_a_protocol);
    CU_add_test(suite, "ports are numbers in a record", ports_are_numbers_in_a_record);
    CU_add_test(suite, "a dynamic range is reported by its ports", a_dynamic_range_is_reported_by_its_ports);
    CU_add_test(suite, "a row is reported with its ports", a_row_is_reported_with_its_ports);
    CU_add_test(suite, "what does not fit is refused", what_does_not_fit_is_refused);
}
