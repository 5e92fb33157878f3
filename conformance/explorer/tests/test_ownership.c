/* Whose memory it is: what a scenario may not do between the line that begins a request and the one that learns of its
 * end, and what it may. */
#include <CUnit/CUnit.h>
#include <string.h>

#include "conformance/explorer/explore.h"
#include "conformance/language/expand.h"
#include "conformance/language/parser.h"
#include "stack/readings.h"

void register_ownership_tests(void);

#define APP \
    "scenario x\nprocess app\nthread app.t2\napp: s = socket(2, 1, 6) -> ok\napp: e = CreateEventW() -> ok\n" \
    "app: o = overlapped(event=e)\napp: b = buffer(64)\n"
#define ON_PORT "app: p = CreateIoCompletionPort(s, CompletionKey=1) -> ok\n"
#define PENDS "app: WSAIoctl(s, SIO_ADDRESS_LIST_CHANGE, out=b, cbOut=64, ov=o) -> pending @W43\n"
#define SETS "app: WSAIoctl(s, SIO_KEEPALIVE_VALS, in={1, 1000, 1000}, ov=o) -> ...\n"

/* What every order of the scenario misuses; "" when none does. */
static void misuses(const char *text, const char *expected) {
    struct language_error error;
    struct exploration exploration;
    struct scenario *scenario = scenario_parse("x.scn", text, strlen(text), &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    struct scenario *instance = scenario_expand(scenario, 0);
    explore(instance, profile_named("windows"), &(struct explore_limits){ .orders_most = 1000 }, &exploration);
    CU_ASSERT_EQUAL(exploration.trouble.length, 0);
    for (unsigned i = 0; i < exploration.outcomes_count; i++) {
        const char *answers = exploration.outcomes[i].answers.bytes;
        bool as_said = expected[0] == '\0' ? strstr(answers, "  (line ") == NULL : strstr(answers, expected) != NULL;
        CU_ASSERT_TRUE(as_said);
        if (!as_said) printf("expected %s in\n%s\n", expected, answers);
    }
    exploration_free(&exploration);
    scenario_free(instance);
    scenario_free(scenario);
}

static void an_overlapped_belongs_to_one_request(void) {
    misuses(APP PENDS PENDS, "(line 9 uses an OVERLAPPED again that belongs to the request of line 8)");
    misuses(APP PENDS "app: CancelIoEx(s) -> ok\napp: WaitForSingleObject(e, 100) -> ok @T10.2\n" PENDS, "");
    misuses(APP PENDS "app: CancelIoEx(s) -> ok\napp: WSAGetOverlappedResult(s, o, wait=TRUE) -> ...\n" PENDS, "");
    misuses(APP PENDS "app: CancelIoEx(s) -> ok\napp: WSAGetOverlappedResult(s, o, wait=TRUE) -> ...\n"
                      "app: show b -> ...\n",
            "");
}

/* Also one that has ended, until its packet was taken, or its routine has run. */
static void a_request_is_owned_until_its_packet_is_taken(void) {
    misuses(APP ON_PORT SETS SETS, "(line 10 uses an OVERLAPPED again that belongs to the request of line 9)");
    misuses(APP ON_PORT SETS "app: GetQueuedCompletionStatus(p, dwMilliseconds=0) -> ok\n" SETS, "");
    misuses(APP ON_PORT SETS "app: GetQueuedCompletionStatusEx(p, ulCount=4, dwMilliseconds=0) -> ...\n" SETS, "");
    misuses(APP SETS SETS, "");
    misuses(APP "app: WSAIoctl(s, SIO_KEEPALIVE_VALS, in={1, 1000, 1000}, ov=o, routine=good) -> ok\n" SETS,
            "(line 9 uses an OVERLAPPED again that belongs to the request of line 8)");
    misuses(APP "app: WSAIoctl(s, SIO_KEEPALIVE_VALS, in={1, 1000, 1000}, ov=o, routine=good) -> ok\n"
                "app: SleepEx(0) -> WAIT_IO_COMPLETION @W7\n  routine(o)\n" SETS,
            "");
}

/* A wait for several events tells of the one whose place it returns, of all where all were waited for. */
static void a_wait_for_several_tells_of_what_ended_it(void) {
#define CANCELLED APP "app: other = CreateEventW() -> ok\n" PENDS "app: CancelIoEx(s) -> ok\n"
    misuses(CANCELLED "app: WaitForMultipleObjects(2, {other, e}, FALSE, 100) -> 1 @T9.9.2\n" PENDS, "");
    misuses(CANCELLED "app: WSAWaitForMultipleEvents(1, {e}, TRUE, 100) -> ok @T9.9.3\n" PENDS, "");
    misuses(CANCELLED "app: SetEvent(other) -> ok\n"
                      "app: WaitForMultipleObjects(2, {other, e}, TRUE, 100) -> ok @T9.9.3\n" PENDS,
            "");
    misuses(CANCELLED "app: SetEvent(other) -> ok\n"
                      "app: WaitForMultipleObjects(2, {other, e}, FALSE, 100) -> ok @T9.9.2\n" PENDS,
            "(line 13 uses an OVERLAPPED again that belongs to the request of line 9)");
    misuses(CANCELLED "app: WaitForMultipleObjects(2, {other, e}, TRUE, 100) -> WAIT_TIMEOUT @T9.9.3\n" PENDS,
            "(line 12 uses an OVERLAPPED again that belongs to the request of line 9)");
#undef CANCELLED
}

static void a_buffer_is_not_read_early(void) {
    misuses(APP PENDS "app: show b -> ...\n", "(line 9 reads a buffer that belongs to the request of line 8)");
    misuses(APP PENDS "app: show o -> ...\n", "");
    misuses(APP PENDS "app: WSAIoctl(s, SIO_KEEPALIVE_VALS, in=b, cbIn=12) -> ...\n",
            "(line 9 reads a buffer that belongs to the request of line 8)");
}

static void memory_is_not_freed_early(void) {
    misuses(APP PENDS "app: free o\n", "(line 9 frees memory that belongs to the request of line 8)");
    misuses(APP PENDS "app: free b\n", "(line 9 frees memory that belongs to the request of line 8)");
    misuses(APP PENDS "app: CancelIoEx(s) -> ok\napp: free o\n",
            "(line 10 frees memory that belongs to the request of line 8)");
    misuses(APP PENDS "app: CancelIoEx(s) -> ok\napp: WaitForSingleObject(e, 100) -> ok @T10.2\n"
                      "app: free o\napp: free b\n",
            "");
}

static void what_was_freed_is_not_used(void) {
    misuses(APP "app: free o\n" PENDS, "(line 9 uses memory that was given back in line 8)");
    misuses(APP "app: free b\n" PENDS, "(line 9 uses memory that was given back in line 8)");
    misuses(APP "app: free b\napp: show b -> ...\n", "(line 9 uses memory that was given back in line 8)");
    misuses(APP "app: free b\napp: free b\n", "(line 9 uses memory that was given back in line 8)");
    misuses(APP "app: free b\napp: show o -> ...\n", "");
}

static void an_event_is_not_closed_early(void) {
    misuses(APP PENDS "app: CloseHandle(e) -> ok\n", "(line 9 closes the event of the request of line 8)");
}

static void a_request_is_not_forgotten(void) {
    misuses(APP PENDS "app: closesocket(s) -> ok\n",
            "(line 9 closes the socket of the request of line 8, and no line learns of its end)");
    misuses(APP PENDS "app: closesocket(s) -> ok\napp: WaitForSingleObject(e, 100) -> ok @T10.10\n", "");
    misuses(APP PENDS "app: closesocket(s) -> ok\napp exits\n", "");
}

static void a_failed_packet_is_no_time_out(void) {
    misuses(APP ON_PORT PENDS
            "app: CancelIoEx(s) -> ok\n"
            "app: GetQueuedCompletionStatus(p, dwMilliseconds=100) -> ok @T9.6.5 | WAIT_TIMEOUT @T9.6.5\n",
            "(line 11 takes for a time-out the packet of the failed request of line 9)");
    misuses(APP ON_PORT PENDS
            "app: CancelIoEx(s) -> ok\n"
            "app: GetQueuedCompletionStatus(p, dwMilliseconds=100) -> ERROR_OPERATION_ABORTED @T10.2\n",
            "");
}

static void a_closed_socket_may_be_another_one(void) {
    const char *closed = "app: closesocket(s) -> ok\n", *again = "app: t = socket(2, 1, 6) -> ok\n";
    struct text text = { 0 };
    text_add(&text, APP "%s%sapp: closesocket(s) -> ...\n", closed, again);
    misuses(text.bytes,
            "(line 10 uses a closed socket, whose value the system may have given to the handle of line 9)");
    text_free(&text);
    text_add(&text, APP "%sapp: closesocket(s) -> ...\n%s", closed, again);
    misuses(text.bytes, "");
    text_free(&text);
}

/* The line that uses it stands before the one that closes it, and is played after it in some orders. */
static void also_where_its_use_stands_above(void) {
    static const char text[] = APP "together\n"
                                   "  app.t2: getsockname(s) -> ...\n"
                                   "  app: closesocket(s) -> ok\n"
                                   "  app: t = socket(2, 1, 6) -> ok\n";
    struct language_error error;
    struct exploration exploration;
    unsigned misused = 0;
    struct scenario *scenario = scenario_parse("x.scn", text, strlen(text), &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    struct scenario *instance = scenario_expand(scenario, 0);
    explore(instance, profile_named("windows"), &(struct explore_limits){ .orders_most = 1000 }, &exploration);
    for (unsigned i = 0; i < exploration.outcomes_count; i++)
        misused += strstr(exploration.outcomes[i].answers.bytes, "(line 9 uses a closed socket") != NULL;
    CU_ASSERT_TRUE(misused > 0 && misused < exploration.outcomes_count);
    exploration_free(&exploration);
    scenario_free(instance);
    scenario_free(scenario);
}

/* Every kind of memory that a request may write to, looked at, given back and used again: each way is found in each
 * order. An OVERLAPPED may be looked at, and what no request has may be used in any way. */
static void each_kind_of_memory_is_lent(void) {
    struct language_error error;
    struct scenario *scenario = scenario_parse_file("conformance/explorer/tests/lent-memory.scn", &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    for (unsigned i = 0; i < scenario_instances_count(scenario); i++) {
        struct exploration exploration;
        struct scenario *instance = scenario_expand(scenario, i);
        bool may = strstr(instance->name, "[none.") != NULL || strstr(instance->name, "[overlapped.looks]") != NULL;
        explore(instance, profile_named("windows"), &(struct explore_limits){ .orders_most = 1000 }, &exploration);
        CU_ASSERT_TRUE(exploration.exhaustive && exploration.outcomes_count > 1);
        for (unsigned k = 0; k < exploration.outcomes_count; k++)
            CU_ASSERT_EQUAL(exploration.outcomes[k].forbidden_line == 0, may);
        exploration_free(&exploration);
        scenario_free(instance);
    }
    scenario_free(scenario);
}

void register_ownership_tests(void) {
    CU_pSuite suite = CU_add_suite("ownership", NULL, NULL);
    CU_add_test(suite, "an OVERLAPPED belongs to one request", an_overlapped_belongs_to_one_request);
    CU_add_test(suite, "a request is owned until its packet is taken", a_request_is_owned_until_its_packet_is_taken);
    CU_add_test(suite, "a wait for several tells of what ended it", a_wait_for_several_tells_of_what_ended_it);
    CU_add_test(suite, "a buffer is not read early", a_buffer_is_not_read_early);
    CU_add_test(suite, "memory is not freed early", memory_is_not_freed_early);
    CU_add_test(suite, "what was freed is not used", what_was_freed_is_not_used);
    CU_add_test(suite, "an event is not closed early", an_event_is_not_closed_early);
    CU_add_test(suite, "a request is not forgotten", a_request_is_not_forgotten);
    CU_add_test(suite, "a closed socket may be another one", a_closed_socket_may_be_another_one);
    CU_add_test(suite, "also where its use stands above", also_where_its_use_stands_above);
    CU_add_test(suite, "a failed packet is no time-out", a_failed_packet_is_no_time_out);
    CU_add_test(suite, "each kind of memory is lent", each_kind_of_memory_is_lent);
}
