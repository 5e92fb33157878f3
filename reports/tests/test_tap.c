#include <CUnit/CUnit.h>

#include <string.h>

#include "conformance/tests/run_fixture.h"
#include "reports/formats/tap.h"
#include "reports/formats/text.h"
#include "stack/readings.h"

static struct run_fixture fixture;
static struct text out;

static int clean_up(void) {
    fixture_free(&fixture);
    text_free(&out);
    return 0;
}

static void run_on_model(const char *steps) {
    struct text text = { 0 };
    text_add(&text, "scenario tiny\n\nprocess app\n\napp: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n%s",
             steps);
    clean_up();
    fixture_scenario(&fixture, text.bytes);
    fixture_on_model(&fixture, "windows");
    fixture_run(&fixture);
    text_free(&text);
}

static void what_conforms_is_ok(void) {
    run_on_model("");
    tap_report(&fixture.record, &out);
    CU_ASSERT_STRING_EQUAL(out.bytes, "TAP version 13\n1..1\nok 1 - model tests/tiny\n");
}

static void what_deviates_is_reported_in_yaml(void) {
    run_on_model("app: getsockname(s) -> WSAEFAULT @W79\n");
    tap_report(&fixture.record, &out);
    CU_ASSERT_STRING_EQUAL(
        out.bytes,
        "TAP version 13\n1..1\nnot ok 1 - model tests/tiny\n"
        "  ---\n"
        "  verdict: \"deviate-new\"\n"
        "  file: \"test.scn\"\n"
        "  reason: \"the line does not hold on the model: expected WSAEFAULT, saw WSAEINVAL\"\n"
        "  steps:\n"
        "    - line: 6\n"
        "      verdict: \"deviate-new\"\n"
        "      call: \"app: getsockname(s)\"\n"
        "      observed: \"WSAEINVAL\"\n"
        "      allowed:\n"
        "        - outcome: \"WSAEFAULT\"\n"
        "          source: \"@W79\"\n"
        "      differs: \"WSAEINVAL instead of WSAEFAULT\"\n"
        "      says: \"W79: IPv6 with the old 24-byte address: WSAEFAULT; bogus scope id: WSAEADDRNOTAVAIL; scope "
        "0 accepted and filled in by getsockname.\"\n"
        "      note: \"the line does not hold on the model: expected WSAEFAULT, saw WSAEINVAL\"\n"
        "  ...\n");
}

static void what_was_not_seen_is_skipped(void) {
    clean_up();
    fixture_scenario(&fixture,
                     "scenario tiny\n\nprocess app\n\napp: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n");
    fixture_on_command(&fixture, "printf 'host fake\\nready\\n'; read word count; head -c $((count + 1)) >/dev/null; "
                                 "echo 'unsupported number # 7 \\ \"so\"'; cat >/dev/null");
    fixture_run(&fixture);
    tap_report(&fixture.record, &out);
    const char *expected = "ok 1 - fake tests/tiny # SKIP unsupported: number \\# 7 \\\\ \"so\"\n"
                           "  ---\n"
                           "  verdict: \"unsupported\"\n"
                           "  file: \"test.scn\"\n"
                           "  reason: \"number # 7 \\\\ \\\"so\\\"\"\n"
                           "  ...\n";
    CU_ASSERT_STRING_EQUAL(out.bytes + strlen("TAP version 13\n1..1\n"), expected);
}

static void a_known_deviation_is_a_todo(void) {
    clean_up();
    fixture_scenario(&fixture,
                     "scenario tiny\n\nprocess app\n\napp: closesocket(INVALID_SOCKET) -> WSAENOTSOCK @W99\n");
    fixture_deviations(&fixture, "deviation closes-all\n  call closesocket\n  observed ok\n  scenarios tests/tiny\n"
                                 "  status reviewed\n  reason It closes whatever it gets.\n");
    fixture_on_command(
        &fixture,
        "printf 'host fake\\nready\\n'; read word count; head -c $((count + 1)) >/dev/null; echo ready; "
        "read word number; printf 'app: closesocket(INVALID_SOCKET) -> ok error=0\\n.\\n'; read word; echo clean");
    fixture_run(&fixture);
    tap_report(&fixture.record, &out);
    CU_ASSERT_PTR_NOT_NULL(strstr(out.bytes, "not ok 1 - fake tests/tiny # TODO known deviation closes-all\n"));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(out.bytes, "      rule: \"closes-all\"\n      reason: \"It closes whatever it gets.\"\n"));
}

/* The summary of the same run. */
static void the_summary_lists_the_rule_with_its_reason(void) {
    struct text_report report = { .record = &fixture.record, .deviations = { &fixture.deviations } };
    out.length = 0;
    text_report(&report, &out);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(out.bytes, "Known deviations of fake\n  closes-all, 1 step\n    It closes whatever it gets.\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.bytes, "      observed  ok error=0\n      allowed   WSAENOTSOCK"));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(out.bytes, "  fake   1 run: 1 deviate-known\n         1 step\n         1 step deviates as recorded\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.bytes, "  Nothing new. Exit status 0.\n"));
    CU_ASSERT_PTR_NULL(strchr(out.bytes, '\033'));
}

/* Variants that were answered alike, where something else was allowed of each, are not one deviation. */
static void what_differs_in_what_was_allowed_is_not_merged(void) {
    clean_up();
    fixture_scenario(&fixture, "scenario tiny\n  variants which=one|two\n\nprocess app\n\n"
                               "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                               "app: listen(s) -> [one] WSAEACCES @inferred | [two] WSAEFAULT @inferred\n");
    fixture_on_model(&fixture, "windows");
    fixture_run(&fixture);
    struct text_report report = { .record = &fixture.record };
    text_report(&report, &out);
    CU_ASSERT_PTR_NOT_NULL(strstr(out.bytes, "      observed  WSAEINVAL\n      allowed   WSAEACCES  @inferred\n"
                                             "      differs   WSAEINVAL instead of WSAEACCES\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.bytes, "      observed  WSAEINVAL\n      allowed   WSAEFAULT  @inferred\n"
                                             "      differs   WSAEINVAL instead of WSAEFAULT\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.bytes, "  2 steps deviate newly\n"));
}

/* A host that refuses an ASSOCIATE and binds in the block all the same has one fault, and two answers that show it. */
static void what_follows_is_no_cause_of_its_own(void) {
    clean_up();
    fixture_scenario(&fixture, "scenario tiny\n\nprocess app\n\n"
                               "app: k = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                               "app: r = WSAIoctl(k, SIO_ACQUIRE_PORT_RESERVATION, in={any, 2}, cbOut=16) -> ok\n"
                               "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                               "app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in=r.Token) -> ok @ASC-01\n"
                               "app: bind(s, 0.0.0.0:0) -> ok @ASC-03\n");
    fixture_on_command(
        &fixture,
        "printf 'host fake\\nready\\n'; read word count; head -c $((count + 1)) >/dev/null; echo ready; "
        "for answer in 'app: k = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok error=0' "
        "'app: r = WSAIoctl(k, SIO_ACQUIRE_PORT_RESERVATION, in={any, 2}, cbOut=16) -> ok error=0 bytes=16 StartPort=r "
        "NumberOfPorts=2 padding=0 Token=t1  #~ r=49152 t1=0x1' "
        "'app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok error=0' "
        "'app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in=r.Token) -> WSAEFAULT bytes=0' "
        "'app: bind(s, 0.0.0.0:0) -> ok error=0 port=r'; "
        "do read word number; printf '%s\\n.\\n' \"$answer\"; done; read word; echo clean");
    fixture.plan.judged_by = profile_named("windows");
    const struct instance_record *record = fixture_run(&fixture);
    struct text_report report = { .record = &fixture.record };
    text_report(&report, &out);
    CU_ASSERT_EQUAL(record->verdict, VERDICT_DEVIATE_NEW);
    CU_ASSERT_PTR_NOT_NULL(strstr(out.bytes, "      differs   WSAEFAULT instead of "));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.bytes, "      says      ASC-01: "));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.bytes, "      because   49152 belongs to reservation t1 of app\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.bytes, "      follows   from line 8: "));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(out.bytes, "  2 steps deviate newly, 1 of them following from an earlier one: 1 cause\n"));
}

void register_tap_tests(void);
void register_tap_tests(void) {
    CU_pSuite suite = CU_add_suite("reports: TAP and text", NULL, clean_up);
    CU_add_test(suite, "what conforms is ok", what_conforms_is_ok);
    CU_add_test(suite, "what deviates is reported in YAML", what_deviates_is_reported_in_yaml);
    CU_add_test(suite, "what was not seen is skipped", what_was_not_seen_is_skipped);
    CU_add_test(suite, "a known deviation is a todo", a_known_deviation_is_a_todo);
    CU_add_test(suite, "the summary lists the rule with its reason", the_summary_lists_the_rule_with_its_reason);
    CU_add_test(suite, "what differs in what was allowed is not merged",
                what_differs_in_what_was_allowed_is_not_merged);
    CU_add_test(suite, "what follows is no cause of its own", what_follows_is_no_cause_of_its_own);
}
