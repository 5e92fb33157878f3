/* What the language says of shared sockets, sendto and faults: processes as arguments, opaque products, refusals. */
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#include "conformance/language/expand.h"
#include "conformance/language/parser.h"
#include "conformance/language/printer.h"
#include "conformance/session/session.h"
#include "conformance/session/session_observe.h"
#include "conformance/session/session_prepare.h"

void register_language_sharing_tests(void);

#define HEAD \
    "scenario sharing\n\nprocess app\nprocess other\n\napp: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
#define OPEN "WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, lpProtocolInfo="

static struct scenario *parsed(const char *text) {
    struct language_error error;
    struct scenario *scenario = scenario_parse("sharing.scn", text, strlen(text), &error);
    if (scenario == NULL) printf("\n    %s\n    %s\n", error.message, error.excerpt.bytes);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    return scenario;
}

static void check_refused(const char *text, const char *message) {
    struct language_error error;
    struct scenario *scenario = scenario_parse("sharing.scn", text, strlen(text), &error);
    CU_ASSERT_PTR_NULL(scenario);
    if (scenario == NULL)
        CU_assertImplementation(strstr(error.message, message) != NULL, __LINE__, error.message, __FILE__, "",
                                CU_FALSE);
    scenario_free(scenario);
}

static void what_was_printed_is_read_again(void) {
    struct scenario *scenario =
        parsed(HEAD "app: d = WSADuplicateSocketW(s, other) -> ok\n"
                    "other: t = " OPEN "d) -> ok\n"
                    "app: sendto(s, hex(00), to=127.0.0.1:9) -> ok value=1 @inferred\n"
                    "fault no-buffers\nfault buffers-back\nfault no-handles\nfault handles-back\n"
                    "fault no-memory\nfault memory-back\n");
    struct text once = { 0 }, twice = { 0 };
    scenario_print(scenario, &once);
    CU_ASSERT_PTR_NOT_NULL(strstr(once.bytes, "WSADuplicateSocketW(s, other)"));
    struct scenario *again = parsed(once.bytes);
    scenario_print(again, &twice);
    CU_ASSERT_STRING_EQUAL(once.bytes, twice.bytes);
    text_free(&once);
    text_free(&twice);
    scenario_free(scenario);
    scenario_free(again);
}

static void a_process_argument_becomes_its_id(void) {
    struct scenario *written =
        parsed(HEAD "app: WSADuplicateSocketW(s, other) -> ok\napp: WSADuplicateSocketW(s, 17) -> fails @inferred\n");
    struct scenario *scenario = scenario_expand(written, 0);
    static struct session session;
    struct call call;
    int needed = NO_NAME;
    session_begin(&session, scenario, NULL);
    session.live[0].state = LIVE_PRODUCED;
    CU_ASSERT_EQUAL(session_prepare(&session, scenario, &scenario->steps[1], &call, &needed), SESSION_READY);
    CU_ASSERT_EQUAL(call.arguments[WSADuplicateSocketW_dwProcessId], PROCESS_ID_FIRST + 1);
    CU_ASSERT_EQUAL(call.ranges[WSADuplicateSocketW_lpProtocolInfo].length, PROTOCOL_INFO_SIZE);
    CU_ASSERT_EQUAL(session_prepare(&session, scenario, &scenario->steps[2], &call, &needed), SESSION_READY);
    CU_ASSERT_EQUAL(call.arguments[WSADuplicateSocketW_dwProcessId], 17);
    scenario_free(scenario);
    scenario_free(written);
}

static void the_bytes_travel_whole(void) {
    struct scenario *written = parsed(HEAD "app: d = WSADuplicateSocketW(s, other) -> ok\nother: " OPEN "d) -> ok\n");
    struct scenario *scenario = scenario_expand(written, 0);
    static struct session session;
    struct call call;
    struct result result;
    struct observation seen;
    int needed = NO_NAME;
    uint8_t info[PROTOCOL_INFO_SIZE];
    for (unsigned i = 0; i < sizeof info; i++) info[i] = (uint8_t)(i * 3);
    session_begin(&session, scenario, NULL);
    session.live[0].state = LIVE_PRODUCED;
    CU_ASSERT_EQUAL(session_prepare(&session, scenario, &scenario->steps[2], &call, &needed), SESSION_NEEDS);
    CU_ASSERT_EQUAL(session_prepare(&session, scenario, &scenario->steps[1], &call, &needed), SESSION_READY);
    result_clear(&result);
    result_write(&result, call.arguments[WSADuplicateSocketW_lpProtocolInfo], info, sizeof info);
    memset(&seen, 0, sizeof seen);
    session_observe(&session, scenario, &scenario->steps[1], &call, &result, &seen);
    CU_ASSERT_EQUAL(session_prepare(&session, scenario, &scenario->steps[2], &call, &needed), SESSION_READY);
    const uint8_t *read = call_read(&call, WSASocketW_lpProtocolInfo, PROTOCOL_INFO_SIZE);
    CU_ASSERT_PTR_NOT_NULL_FATAL(read);
    CU_ASSERT_EQUAL(memcmp(read, info, sizeof info), 0);
    scenario_free(scenario);
    scenario_free(written);
}

static void what_does_not_fit_is_refused(void) {
    check_refused(HEAD "app: WSADuplicateSocketW(s, stranger) -> ok\n", "unknown process stranger");
    check_refused(HEAD "app: WSADuplicateSocketW(s, AF_INET) -> ok\n", "a process: its name or a number");
    check_refused(HEAD "app: WSADuplicateSocketW(s) -> ok\n", "needs its parameter dwProcessId");
    check_refused(HEAD "app: " OPEN "s) -> ok\n", "what WSADuplicateSocketW gave");
    check_refused(HEAD "app: WSASocketA(2, 1, 6, lpProtocolInfo=good) -> ok\n", "NULL or bad");
    check_refused(HEAD "app: WSAIoctl(s, SIO_CPU_AFFINITY, in=65536) -> ok\n", "a number of 16 bits");
    check_refused(HEAD "fault no-luck\n", "no-buffers");
}

static void there_is_room_for_a_few_only(void) {
    struct text text = { 0 };
    text_add(&text, "%s", HEAD);
    for (unsigned i = 0; i <= PROTOCOL_INFOS_MAX; i++)
        text_add(&text, "app: d%u = WSADuplicateSocketW(s, other) -> ok\n", i);
    check_refused(text.bytes, "more than 4 products of WSADuplicateSocketW");
    text_free(&text);
}

void register_language_sharing_tests(void) {
    CU_pSuite suite = CU_add_suite("conformance/language of sharing", NULL, NULL);
    CU_add_test(suite, "what was printed is read again", what_was_printed_is_read_again);
    CU_add_test(suite, "a process argument becomes its id", a_process_argument_becomes_its_id);
    CU_add_test(suite, "the bytes travel whole", the_bytes_travel_whole);
    CU_add_test(suite, "what does not fit is refused", what_does_not_fit_is_refused);
    CU_add_test(suite, "there is room for a few only", there_is_room_for_a_few_only);
}
