/* What a host's lines and answers tell of misused memory: the same as the model's player knows from its records. */
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/language/expand.h"
#include "conformance/language/parser.h"
#include "conformance/language/step_order.h"
#include "conformance/player/memory_watch.h"
#include "conformance/session/session_bind.h"
#include "conformance/session/session_objects.h"
#include "conformance/subjects/subject.h"
#include "stack/readings.h"

void register_memory_watch_tests(void);

#define APP \
    "scenario x\nprocess app\nthread app.t2\napp: s = socket(2, 2, 17) -> ok\napp: e = CreateEventW() -> ok\n" \
    "app: o = overlapped(event=e)\napp: b = buffer(64)\napp: bind(s, 127.0.0.1:0) -> ok\n"
#define ON_PORT "app: p = CreateIoCompletionPort(s, CompletionKey=1) -> ok\n"
#define PENDS "app: WSARecv(s, b, lpOverlapped=o) -> pending @W119\n"
#define CANCELLED PENDS "app: CancelIoEx(s) -> ok\n"
#define WAITED "app: WaitForSingleObject(e, 100) -> ...\n"
#define BY_ROUTINE "app: WSARecv(s, b, lpOverlapped=o, lpCompletionRoutine=good) -> pending @W7\n"

/* A player that learns from answers alone, as who asks a host does. */
struct following {
    struct session session;
    struct memory_watch watch;
};

static void follow(struct following *following, struct subject *model, const struct scenario *instance,
                   const struct step_order *order, unsigned index) {
    struct step_answer answer = { 0 };
    const struct step *step = order->steps[index];
    int needed;
    memory_watch_before(&following->watch, &following->session, instance, step);
    subject_step(model, index, step, &answer);
    if (answer.result == STEP_SEEN) session_learn(&following->session, instance, step, &answer.seen);
    bool declares = step->kind == STEP_OVERLAPPED || step->kind == STEP_BUFFER;
    if (answer.result == STEP_DONE && declares) session_declare(&following->session, instance, step, &needed);
    CU_ASSERT_TRUE(answer.result == STEP_SEEN || answer.result == STEP_DONE);
    memory_watch_after(&following->watch, instance, step, answer.result, &answer.seen);
    step_answer_free(&answer);
}

/* Plays the scenario on the model, and says what both see. */
static void misuses(const char *text, const char *expected) {
    struct language_error error;
    struct step_order order;
    struct reason detail;
    uint16_t ports_first[PORTS_MAX];
    uint32_t line;
    struct following *following = memory_zeroed(sizeof *following);
    struct subject *model = subject_model(profile_named("windows"), 0);
    struct scenario *scenario = scenario_parse("x.scn", text, strlen(text), &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    struct scenario *instance = scenario_expand(scenario, 0);
    step_order_fill(&order, instance);
    CU_ASSERT_EQUAL(subject_begin(model, instance, "x", ports_first, &detail), STEP_DONE);
    session_begin(&following->session, instance, ports_first);
    memory_watch_begin(&following->watch, instance);
    for (unsigned i = 0; i < order.count; i++) follow(following, model, instance, &order, i);
    const char *known = subject_misuse(model), *seen = memory_watch_misuse(&following->watch, &line);
    CU_ASSERT_STRING_EQUAL(known == NULL ? "" : known, expected);
    CU_ASSERT_STRING_EQUAL(seen == NULL ? "" : seen, expected);
    CU_ASSERT_EQUAL(line == 0, expected[0] == '\0');
    subject_end(model, &detail);
    subject_free(model);
    scenario_free(instance);
    scenario_free(scenario);
    free(following);
}

static void what_belongs_to_a_request_is_left_alone(void) {
    misuses(APP PENDS PENDS, "line 10 uses an OVERLAPPED again that belongs to the request of line 9");
    misuses(APP PENDS "app: show b -> ...\n", "line 10 reads a buffer that belongs to the request of line 9");
    misuses(APP PENDS "app: free o\n", "line 10 frees memory that belongs to the request of line 9");
    misuses(APP PENDS "app: free b\n", "line 10 frees memory that belongs to the request of line 9");
    misuses(APP PENDS "app: CloseHandle(e) -> ok\n", "line 10 closes the event of the request of line 9");
    misuses(APP "app: free b\n" PENDS, "line 10 uses memory that was given back in line 9");
}

static void until_its_end_is_learnt_of(void) {
    misuses(APP CANCELLED "app: free b\n", "line 11 frees memory that belongs to the request of line 9");
    misuses(APP CANCELLED WAITED "app: free b\napp: free o\n", "");
    misuses(APP CANCELLED "app: WSAGetOverlappedResult(s, o, wait=TRUE) -> ...\napp: show b -> ...\n", "");
    misuses(APP CANCELLED "app: show o -> ...\napp: free b\n", "");
    misuses(APP PENDS "app.t2: WSAGetOverlappedResult(s, o, wait=TRUE) -> blocks @T9.2.1\napp: CancelIoEx(s) -> ok\n"
                      "app.t2: returns -> ...\napp: free b\n",
            "");
    misuses(APP PENDS "app.t2: WaitForSingleObject(e, INFINITE) -> blocks @T9.7.1\napp: free b\n",
            "line 11 frees memory that belongs to the request of line 9");
}

static void by_its_packet_or_routine(void) {
    misuses(APP ON_PORT CANCELLED "app: free b\n", "line 12 frees memory that belongs to the request of line 10");
    misuses(APP ON_PORT CANCELLED "app: GetQueuedCompletionStatus(p, dwMilliseconds=0) -> ...\napp: free b\n", "");
    misuses(APP ON_PORT CANCELLED
            "app: GetQueuedCompletionStatusEx(p, ulCount=4, dwMilliseconds=0) -> ...\napp: free b\n",
            "");
    misuses(APP ON_PORT CANCELLED "app: GetQueuedCompletionStatus(p, dwMilliseconds=0) -> WAIT_TIMEOUT @T9.6.5\n",
            "line 12 takes for a time-out the packet of the failed request of line 10");
    misuses(APP BY_ROUTINE "app: CancelIoEx(s) -> ok\napp: free b\n",
            "line 11 frees memory that belongs to the request of line 9");
    misuses(APP BY_ROUTINE "app: CancelIoEx(s) -> ok\napp: SleepEx(0) -> ...\n  routine(o)\napp: free b\n", "");
}

static void what_is_closed_is_not_forgotten(void) {
    misuses(APP PENDS "app: closesocket(s) -> ok\n",
            "line 10 closes the socket of the request of line 9, and no line learns of its end");
    misuses(APP PENDS "app: closesocket(s) -> ok\n" WAITED, "");
    misuses(APP PENDS "app: closesocket(s) -> ok\napp exits\n", "");
    misuses(APP "app: closesocket(s) -> ok\napp: t = socket(2, 1, 6) -> ok\napp: getsockname(s) -> ...\n",
            "line 11 uses a closed socket, whose value the system may have given to the handle of line 10");
}

void register_memory_watch_tests(void) {
    CU_pSuite suite = CU_add_suite("player: memory of a host's scenario", NULL, NULL);
    CU_add_test(suite, "what belongs to a request is left alone", what_belongs_to_a_request_is_left_alone);
    CU_add_test(suite, "until its end is learnt of", until_its_end_is_learnt_of);
    CU_add_test(suite, "by its packet or routine", by_its_packet_or_routine);
    CU_add_test(suite, "what is closed is not forgotten", what_is_closed_is_not_forgotten);
}
