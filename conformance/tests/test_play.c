#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/reason.h"
#include "conformance/language/parser.h"
#include "conformance/language/printer.h"
#include "conformance/player/play.h"
#include "conformance/session/session.h"
#include "conformance/session/session_bind.h"
#include "conformance/session/session_objects.h"
#include "conformance/session/session_print.h"
#include "conformance/session/session_read.h"
#include "conformance/session/step_limit.h"
#include "conformance/stage/model_executor.h"
#include "stack/readings.h"

void register_play_tests(void);

/* --- playing a text on the model ---------------------------------------------------------------------------------- */

static struct scenario *parsed(const char *lines) {
    struct language_error error;
    struct text text = { 0 };
    memset(&error, 0, sizeof error);
    text_add(&text, "scenario play\n\n%s", lines);
    struct scenario *scenario = scenario_parse("play.scn", text.bytes, text.length, &error);
    CU_ASSERT_STRING_EQUAL(error.message, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    text_free(&text);
    return scenario;
}

/* False when the rest is not to be played. */
static bool play_one(struct player *player, const struct step *step, struct text *out) {
    struct observation seen;
    switch (player_step(player, step, &seen)) {
    case STEP_SEEN: session_print_answer(&player->session, player->scenario, step, &seen, out); return true;
    case STEP_DONE: step_print(player->scenario, step, out); return true;
    case STEP_NEEDS: text_add(out, "needs %s\n", player->needed); return true;
    case STEP_UNSUPPORTED: text_add(out, "unsupported: %s\n", player->reason.text); return false;
    case STEP_NOT_MODELLED: text_add(out, "%s\n", player->reason.text); return false;
    case STEP_BROKEN: text_add(out, "broken: %s\n", player->reason.text); return false;
    case STEP_RESTART: text_add(out, "restart %s\n", player->reason.text); return false;
    }
    return false;
}

/* Everything that happens, line by line. The caller frees *out. */
static void play(struct executor executor, const struct scenario *scenario, struct text *out) {
    struct player player;
    enum step_result begun = player_begin(&player, scenario, executor);
    if (begun != STEP_DONE)
        text_add(out, "%s: %s\n", begun == STEP_UNSUPPORTED ? "unsupported" : "broken", player.reason.text);
    bool goes_on = begun == STEP_DONE;
    for (uint32_t i = 0; goes_on && i < scenario->steps_count; i++)
        goes_on = play_one(&player, &scenario->steps[i], out);
    if (player_end(&player) != STEP_DONE) text_add(out, "broken at the end: %s\n", player.reason.text);
}

/* What the model shows for `lines` under the leans of Windows, with seed 0. */
static void shows(const char *lines, const char *expected) {
    struct model_executor model;
    struct text out = { 0 };
    struct scenario *scenario = parsed(lines);
    CU_ASSERT_TRUE_FATAL(model_executor_init(&model, profile_named("windows"), 0));
    play(model_executor_interface(&model), scenario, &out);
    CU_ASSERT_STRING_EQUAL(out.bytes, expected);
    if (strcmp(out.bytes, expected) != 0) fprintf(stderr, "--- saw\n%s", out.bytes);
    text_free(&out);
    scenario_free(scenario);
    model_executor_free(&model);
}

#define SOCKET(name) "app: " name " = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)"
#define UDP_SOCKET(name) "app: " name " = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP)"
#define ACQUIRE "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 4}, cbOut=16)"

static void test_a_block_is_acquired_used_and_released(void) {
    shows("process app\n\n" SOCKET("s") " -> ok\n" ACQUIRE " -> ok\n" SOCKET(
              "z") " -> ok\n"
                   "app: WSAIoctl(z, SIO_ASSOCIATE_PORT_RESERVATION, in=r.Token) -> ok\n"
                   "app: bind(z, 0.0.0.0:any) -> ok\n"
                   "app: n = getsockname(z) -> ok\n"
                   "check invariants\n"
                   "app: closesocket(z) -> ok\n",
          SOCKET(
              "s") " -> ok error=0\n" ACQUIRE
                   " -> ok error=0 bytes=16 StartPort=r NumberOfPorts=4 padding=0 Token=t1  #~ r=49152 t1=0x1\n" SOCKET(
                       "z") " -> ok error=0\n"
                            "app: WSAIoctl(z, SIO_ASSOCIATE_PORT_RESERVATION, in=r.Token) -> ok error=0 bytes=0\n"
                            "app: bind(z, 0.0.0.0:any) -> ok error=0 port=r\n"
                            "app: n = getsockname(z) -> ok error=0 address=0.0.0.0 port=r\n"
                            "check invariants\n"
                            "app: closesocket(z) -> ok error=0\n");
}

static void test_a_step_without_its_input_is_not_sent(void) {
    shows(
        "process app\n\n" SOCKET(
            "s") " -> ok\n"
                 "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in=NULL, cbOut=16) -> fails @inferred\n"
                 "app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in=r.Token) -> ok\n",
        SOCKET(
            "s") " -> ok error=0\n"
                 "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in=NULL, cbOut=16) -> WSAEFAULT bytes=0 out=untouched\n"
                 "needs r\n");
}

static void test_what_is_not_modelled_has_no_answer(void) {
    shows("process app\n\n" SOCKET("s") " -> ok\n"
                                        "app: getsockopt(s, SOL_SOCKET, SO_RCVLOWAT) -> ok\n"
                                        "app: closesocket(s) -> ok\n",
          SOCKET("s") " -> ok error=0\n"
                      "not modelled: SO_RCVLOWAT\n");
    shows("process app\n\n" SOCKET("s") " -> ok\n"
                                        "app: WSAIoctl(s, SIO_TCP_INFO, in=hex(00 00 00 00), cbOut=88) -> ok\n",
          SOCKET("s") " -> ok error=0\n"
                      "not modelled: SIO_TCP_INFO\n");
    shows("process app\n\n" SOCKET("s") " -> ok\n"
                                        "app: ioctlsocket(s, SIO_RCVALL, 0) -> ok\n",
          SOCKET("s") " -> ok error=0\n"
                      "not modelled: SIO_RCVALL\n");
}

static void test_a_parked_thread_returns_when_asked(void) {
    shows("process app\nthread app.t2\n\n"
          "app: e = CreateEventW() -> ok\n"
          "app.t2: WaitForSingleObject(e, INFINITE) -> blocks @inferred\n"
          "app.t2: returns -> blocks @inferred\n"
          "app: show e -> ok\n"
          "app: SetEvent(e) -> ok\n"
          "app.t2: returns -> ok\n"
          "app.t2: returns -> ok\n",
          "app: e = CreateEventW() -> ok error=0\n"
          "app.t2: WaitForSingleObject(e, INFINITE) -> blocks\n"
          "app.t2: returns -> blocks\n"
          "app: show e -> ok event=unset\n"
          "app: SetEvent(e) -> ok error=0\n"
          "app.t2: returns -> ok error=untouched\n"
          "unsupported: thread app.t2 is not inside a call, so nothing can return there\n");
}

static void test_a_parked_thread_takes_no_other_call(void) {
    shows("process app\nthread app.t2\n\n"
          "app.t2: SleepEx(INFINITE) -> blocks @inferred\n"
          "app.t2: SleepEx(0) -> ok\n",
          "app.t2: SleepEx(INFINITE) -> blocks\n"
          "unsupported: thread app.t2 is still inside SleepEx of line 6\n");
}

static void test_a_wait_longer_than_patience_blocks(void) {
    shows("process app\nthread app.t2\n\n"
          "app.t2: SleepEx(1000) -> blocks @inferred\n"
          "advance 600ms\n"
          "app.t2: returns -> blocks @inferred\n"
          "advance 400ms\n"
          "app.t2: returns -> ok\n",
          "app.t2: SleepEx(1000) -> blocks\n"
          "advance 600ms\n"
          "app.t2: returns -> blocks\n"
          "advance 400ms\n"
          "app.t2: returns -> ok error=untouched\n");
}

static void test_a_short_wait_takes_virtual_time(void) {
    shows("process app\nthread app.t2\n\n"
          "app: e = CreateEventW() -> ok\n"
          "app.t2: WaitForSingleObject(e, 1000) -> blocks @inferred\n"
          "app: SleepEx(800) -> ok\n"
          "app.t2: returns -> WAIT_TIMEOUT @inferred | blocks @inferred\n",
          "app: e = CreateEventW() -> ok error=0\n"
          "app.t2: WaitForSingleObject(e, 1000) -> blocks\n"
          "app: SleepEx(800) -> ok error=untouched\n"
          "app.t2: returns -> WAIT_TIMEOUT error=untouched\n");
}

#define AS_ALICE(words) "user alice is administrator\nprocess app as alice" words "\n\n"
#define REQUIRES "app: CreateProcess(manifest=requireAdministrator)"

static void test_a_start_may_need_elevation(void) {
    shows(AS_ALICE("") REQUIRES " -> ok\n", REQUIRES " -> ERROR_ELEVATION_REQUIRED\n");
    shows(AS_ALICE(" elevated") REQUIRES " -> ok\n", REQUIRES " -> ok error=0\n");
    shows("world uac EnableLUA=0\n" AS_ALICE("") REQUIRES " -> ok\n", REQUIRES " -> ok error=0\n");
    shows("process app\n\n" REQUIRES " -> ok\n", REQUIRES " -> ok error=0\n"); /* no one says who it is: it may */
}

static void test_a_process_that_cannot_start_is_unsupported(void) {
    shows(AS_ALICE(" manifest=requireAdministrator") SOCKET("s") " -> ok\n",
          "unsupported: process app: it must be elevated to start so\n");
    shows(AS_ALICE(" elevated manifest=requireAdministrator") SOCKET("s") " -> ok\n", SOCKET("s") " -> ok error=0\n");
    shows("user bob is standard-user\nprocess app as bob elevated\n\n" SOCKET("s") " -> ok\n",
          "unsupported: process app: its account cannot be elevated to start so\n");
    shows("world uac FilterAdministratorToken=1\nuser root is builtin-administrator\n"
          "process app as root manifest=requireAdministrator\n\n" SOCKET("s") " -> ok\n",
          "unsupported: process app: it must be elevated to start so\n");
}

static void test_a_provider_without_the_codes(void) {
    shows("world implements no\n\nprocess app\n\n" SOCKET("s") " -> ok\n" ACQUIRE
                                                               " -> WSAEOPNOTSUPP @ERR-OPNOTSUPP-PROVIDER\n",
          SOCKET("s") " -> ok error=0\n" ACQUIRE " -> WSAEOPNOTSUPP bytes=0 out=untouched\n");
}

static void test_ports_lines_keep_clear_of_what_is_taken(void) {
    shows("world dynamic-range tcp 20000-30000\nworld exclusion tcp 30100-30150 administered\n\n"
          "ports p = 4 tcp\nports q = 150 tcp\nports u = 2 udp\n\nprocess app\n\n" UDP_SOCKET(
              "s") " -> ok\napp: bind(s, 0.0.0.0:u+1) -> ok\n" SOCKET("z") " -> ok\napp: bind(z, 0.0.0.0:p) -> ok\n",
          UDP_SOCKET("s") " -> ok error=0\napp: bind(s, 0.0.0.0:u+1) -> ok error=0 port=u+1\n" SOCKET(
              "z") " -> ok error=0\napp: bind(z, 0.0.0.0:p) -> ok error=0 port=p\n");
}

static void test_ports_are_the_same_in_every_run(void) {
    struct model_executor model;
    struct player player;
    struct scenario *scenario =
        parsed("world dynamic-range tcp 20000-30000\nworld exclusion tcp 30100-30150 administered\n\n"
               "ports p = 4 tcp\nports q = 150 tcp\nports u = 2 udp\n\nprocess app\n\n" SOCKET("s") " -> ok\n");
    CU_ASSERT_TRUE_FATAL(model_executor_init(&model, profile_named("documented"), 7));
    CU_ASSERT_EQUAL(player_begin(&player, scenario, model_executor_interface(&model)), STEP_DONE);
    CU_ASSERT_EQUAL(player.ports_first[0], 30200);
    CU_ASSERT_EQUAL(player.ports_first[1], 30300);
    CU_ASSERT_EQUAL(player.ports_first[2], 30500);
    CU_ASSERT_EQUAL(player_end(&player), STEP_DONE);
    model_executor_free(&model);
    scenario_free(scenario);
}

static void test_what_ended_is_gone(void) {
    shows("process app\nprocess tool\n\n" SOCKET(
              "s") " -> ok\n"
                   "tool: closesocket(s) -> fails @inferred\n"
                   "tool crashes\n"
                   "fault network-down\n"
                   "app: z = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> WSAENETDOWN @inferred\n"
                   "fault network-up\n"
                   "reboot\n"
                   "app: closesocket(s) -> WSAENOTSOCK @inferred\n",
          SOCKET("s") " -> ok error=0\n"
                      "tool: closesocket(s) -> WSAENOTSOCK\n"
                      "tool crashes\n"
                      "fault network-down\n"
                      "app: z = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> WSAENETDOWN\n"
                      "fault network-up\n"
                      "reboot\n"
                      "app: closesocket(s) -> WSAENOTSOCK\n");
}

static void test_a_run_does_not_depend_on_the_one_before(void) {
    struct model_executor model;
    struct text first = { 0 }, second = { 0 };
    struct scenario *scenario =
        parsed("process app\n\n" SOCKET("s") " -> ok\n" ACQUIRE " -> ok\napp: bind(s, 0.0.0.0:any) -> ok\n");
    CU_ASSERT_TRUE_FATAL(model_executor_init(&model, profile_named("windows"), 12345));
    play(model_executor_interface(&model), scenario, &first);
    play(model_executor_interface(&model), scenario, &second);
    CU_ASSERT_STRING_EQUAL(first.bytes, second.bytes);
    text_free(&first);
    text_free(&second);
    scenario_free(scenario);
    model_executor_free(&model);
}

/* --- a second session that was not there and learns from the lines alone ------------------------------------------ */

struct reader {
    struct scenario *scenario;
    struct session session;
};

static void reads(struct reader *reader, const struct step *step, const struct observation *seen, const char *line) {
    struct language_error error;
    struct step answered;
    struct observation read;
    memset(&error, 0, sizeof error);
    bool parsed = step_parse_answer(reader->scenario, step, line, strlen(line), &answered, &error);
    bool understood = parsed && session_read_answer(&reader->session, reader->scenario, step, &answered, &read, &error);
    CU_ASSERT_STRING_EQUAL(error.message, "");
    CU_ASSERT_TRUE(understood);
    if (!understood) return;
    CU_ASSERT_EQUAL(memcmp(&read, seen, sizeof read), 0);
    session_learn(&reader->session, reader->scenario, step, &read);
}

static void plays_and_is_read(struct player *player, struct reader *reader, const struct step *step) {
    struct observation seen;
    struct text line = { 0 };
    int needed = NO_NAME;
    enum step_result result = player_step(player, step, &seen);
    if (result == STEP_SEEN) {
        session_print_answer(&player->session, player->scenario, step, &seen, &line);
        reads(reader, step, &seen, line.bytes);
    } else if (step->kind == STEP_OVERLAPPED || step->kind == STEP_BUFFER) {
        CU_ASSERT_EQUAL(session_declare(&reader->session, reader->scenario, step, &needed), SESSION_READY);
    } else {
        CU_ASSERT_TRUE(result == STEP_DONE || result == STEP_NEEDS);
    }
    text_free(&line);
}

#define RICH \
    "ports p = 20 tcp\nprocess app\nprocess tool\nthread app.t2\n\n" \
    "app: s = WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, dwFlags=WSA_FLAG_OVERLAPPED) -> ok\n" \
    "app: e = CreateEventW() -> ok\n" \
    "app: o1 = overlapped(event=e)\n" \
    "app: o2 = overlapped()\n" \
    "app: b = buffer(24)\n" \
    "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={p+2, 4}, cbOut=16, ov=o1) -> ok | pending @inferred\n" \
    "app: show o1 -> ok\n" \
    "app: WSAGetOverlappedResult(s, o1) -> ok\n" \
    "app: w = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 2}, out=b) -> ok\n" \
    "app: show b -> ok\n" \
    "app: z = WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, dwFlags=WSA_FLAG_OVERLAPPED) -> ok\n" \
    "app: WSAIoctl(z, SIO_ASSOCIATE_PORT_RESERVATION, in=r.Token, ov=o2, routine=good) -> ok | pending @inferred\n" \
    "app: SleepEx(0) -> WAIT_IO_COMPLETION @inferred\n  routine(o2)\n" \
    "app: bind(z, 127.0.0.1:any) -> ok\n" \
    "app: n = getsockname(z) -> ok\n" \
    "app: v = getsockopt(z, SOL_SOCKET, SO_TYPE) -> ok\n" \
    "app: x = socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP) -> ok\n" \
    "app: bind(x, [::1]:any) -> ok\n" \
    "app: m = getsockname(x) -> ok\n" \
    "app: WSAIoctl(x, SIO_ASSOCIATE_PORT_RESERVATION, in=w.Token) -> fails @inferred\n" \
    "app: WSAIoctl(s, SIO_RELEASE_PORT_RESERVATION, in=hex(01 02), cbIn=2) -> fails @inferred\n" \
    "app: closesocket(x) -> ok\n" \
    "app: x2 = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n" \
    "app.t2: WaitForSingleObject(e, 50) -> ok | blocks @inferred\n" \
    "tool: closesocket(s) -> fails @inferred\n" \
    "app: WSAGetLastError() -> ok\n" \
    "app: closesocket(z) -> ok\n" \
    "app: y = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n" \
    "app: bind(y, 0.0.0.0:0) -> ok\n"

static void test_a_reader_sees_what_the_player_saw(void) {
    struct scenario *scenario = parsed(RICH);
    for (uint64_t seed = 0; seed < 40; seed++) {
        struct model_executor model;
        struct player player;
        struct reader reader = { .scenario = scenario };
        CU_ASSERT_TRUE_FATAL(
            model_executor_init(&model, profile_named(seed % 2 == 0 ? "windows" : "documented"), seed / 2));
        CU_ASSERT_EQUAL(player_begin(&player, scenario, model_executor_interface(&model)), STEP_DONE);
        session_begin(&reader.session, scenario, player.ports_first);
        for (uint32_t i = 0; i < scenario->steps_count; i++) plays_and_is_read(&player, &reader, &scenario->steps[i]);
        CU_ASSERT_EQUAL(reader.session.tokens_count, player.session.tokens_count);
        CU_ASSERT_EQUAL(player_end(&player), STEP_DONE);
        model_executor_free(&model);
    }
    scenario_free(scenario);
}

/* --- an executor of straw: what the player asks for, and what it makes of bad news -------------------------------- */

struct straw {
    unsigned call_limit_ms, show_limit_ms, processes_started, ended;
    enum executor_answer begin_answer, event_answer, end_answer;
    bool breaks;
};

static enum executor_answer straw_begin(void *self, const struct scenario *scenario, uint16_t *ports_first,
                                        struct reason *reason) {
    (void)scenario;
    (void)ports_first;
    reason_set(reason, "straw burns");
    return ((struct straw *)self)->begin_answer;
}

static enum executor_answer straw_process_start(void *self, unsigned process, struct reason *reason) {
    (void)process;
    (void)reason;
    ((struct straw *)self)->processes_started++;
    return EXECUTOR_READY;
}

static void straw_call(void *self, const struct call *call, unsigned limit_ms, struct result *result) {
    (void)call;
    ((struct straw *)self)->call_limit_ms = limit_ms;
    result_clear(result);
    result->status = ((struct straw *)self)->breaks ? RESULT_BROKEN : RESULT_RETURNED;
    result->value = 0x84;
}

static void straw_returns(void *self, unsigned thread, unsigned limit_ms, struct result *result) {
    (void)self;
    (void)thread;
    (void)limit_ms;
    result_clear(result);
    result->status = RESULT_BLOCKED;
}

static void straw_show(void *self, unsigned process, uint64_t address, uint64_t event, unsigned limit_ms,
                       struct result *result) {
    (void)process;
    (void)address;
    (void)event;
    ((struct straw *)self)->show_limit_ms = limit_ms;
    result_clear(result);
    result->value = 1;
}

static enum executor_answer straw_event(void *self, const struct step *step, struct result *result,
                                        struct reason *reason) {
    (void)step;
    (void)result;
    reason_set(reason, "straw does not reboot");
    return ((struct straw *)self)->event_answer;
}

static enum executor_answer straw_end(void *self, struct reason *reason) {
    reason_set(reason, "straw is left");
    ((struct straw *)self)->ended++;
    return ((struct straw *)self)->end_answer;
}

static const struct executor_operations straw_operations = {
    .begin = straw_begin,
    .process_start = straw_process_start,
    .call = straw_call,
    .returns = straw_returns,
    .show = straw_show,
    .event = straw_event,
    .end = straw_end,
};

static void test_limits_follow_from_what_the_line_allows(void) {
    struct straw straw = { 0 };
    struct player player;
    struct observation seen;
    struct scenario *scenario = parsed("process app\nprocess tool\n\n"
                                       "app: SleepEx(INFINITE) -> blocks @inferred\napp: SleepEx(0) -> ok\n"
                                       "app: o1 = overlapped()\n"
                                       "app: show o1 -> ok Internal=STATUS_PENDING @inferred\napp: show o1 -> ok\n");
    CU_ASSERT_EQUAL(player_begin(&player, scenario, (struct executor){ &straw, &straw_operations }), STEP_DONE);
    CU_ASSERT_EQUAL(straw.processes_started, 2);
    CU_ASSERT_EQUAL(player_step(&player, &scenario->steps[0], &seen), STEP_SEEN);
    CU_ASSERT_EQUAL(straw.call_limit_ms, LIMIT_BLOCKS_MS);
    CU_ASSERT_EQUAL(seen.word, OUTCOME_NUMBER);
    CU_ASSERT_EQUAL(player_step(&player, &scenario->steps[1], &seen), STEP_SEEN);
    CU_ASSERT_EQUAL(straw.call_limit_ms, LIMIT_RETURN_MS);
    CU_ASSERT_EQUAL(player_step(&player, &scenario->steps[3], &seen), STEP_NEEDS);
    CU_ASSERT_EQUAL(player_step(&player, &scenario->steps[2], &seen), STEP_DONE);
    CU_ASSERT_EQUAL(player_step(&player, &scenario->steps[3], &seen), STEP_SEEN);
    CU_ASSERT_EQUAL(straw.show_limit_ms, LIMIT_BLOCKS_MS);
    CU_ASSERT_EQUAL(player_step(&player, &scenario->steps[4], &seen), STEP_SEEN);
    CU_ASSERT_EQUAL(straw.show_limit_ms, LIMIT_RETURN_MS);
    CU_ASSERT_EQUAL(player_end(&player), STEP_DONE);
    CU_ASSERT_EQUAL(straw.ended, 1);
    scenario_free(scenario);
}

static void test_bad_news_is_passed_on(void) {
    struct straw straw = { .begin_answer = EXECUTOR_UNSUPPORTED };
    struct player player;
    struct observation seen;
    struct executor executor = { &straw, &straw_operations };
    struct scenario *scenario = parsed("process app\n\napp: SleepEx(0) -> ok\nreboot\n");
    CU_ASSERT_EQUAL(player_begin(&player, scenario, executor), STEP_UNSUPPORTED);
    CU_ASSERT_STRING_EQUAL(player.reason.text, "straw burns");
    CU_ASSERT_EQUAL(straw.processes_started, 0);
    straw.begin_answer = EXECUTOR_READY;
    straw.event_answer = EXECUTOR_UNSUPPORTED;
    straw.end_answer = EXECUTOR_BROKEN;
    straw.breaks = true;
    CU_ASSERT_EQUAL(player_begin(&player, scenario, executor), STEP_DONE);
    CU_ASSERT_EQUAL(player_step(&player, &scenario->steps[0], &seen), STEP_BROKEN);
    CU_ASSERT_STRING_EQUAL(player.reason.text, "line 5: the executor could not carry out this step");
    CU_ASSERT_EQUAL(player_step(&player, &scenario->steps[1], &seen), STEP_UNSUPPORTED);
    CU_ASSERT_STRING_EQUAL(player.reason.text, "straw does not reboot");
    CU_ASSERT_EQUAL(player_end(&player), STEP_BROKEN);
    CU_ASSERT_STRING_EQUAL(player.reason.text, "straw is left");
    scenario_free(scenario);
}

void register_play_tests(void) {
    CU_pSuite suite = CU_add_suite("play", NULL, NULL);
    CU_add_test(suite, "a block is acquired, used and released", test_a_block_is_acquired_used_and_released);
    CU_add_test(suite, "a step without its input is not sent", test_a_step_without_its_input_is_not_sent);
    CU_add_test(suite, "what is not modelled has no answer", test_what_is_not_modelled_has_no_answer);
    CU_add_test(suite, "a parked thread returns when asked", test_a_parked_thread_returns_when_asked);
    CU_add_test(suite, "a parked thread takes no other call", test_a_parked_thread_takes_no_other_call);
    CU_add_test(suite, "a wait longer than patience blocks", test_a_wait_longer_than_patience_blocks);
    CU_add_test(suite, "a short wait takes virtual time", test_a_short_wait_takes_virtual_time);
    CU_add_test(suite, "a start may need elevation", test_a_start_may_need_elevation);
    CU_add_test(suite, "a process that cannot start is unsupported", test_a_process_that_cannot_start_is_unsupported);
    CU_add_test(suite, "a provider without the codes", test_a_provider_without_the_codes);
    CU_add_test(suite, "ports lines keep clear of what is taken", test_ports_lines_keep_clear_of_what_is_taken);
    CU_add_test(suite, "ports are the same in every run", test_ports_are_the_same_in_every_run);
    CU_add_test(suite, "what ended is gone", test_what_ended_is_gone);
    CU_add_test(suite, "a run does not depend on the one before", test_a_run_does_not_depend_on_the_one_before);
    CU_add_test(suite, "a reader sees what the player saw", test_a_reader_sees_what_the_player_saw);
    CU_add_test(suite, "limits follow from what the line allows", test_limits_follow_from_what_the_line_allows);
    CU_add_test(suite, "bad news is passed on", test_bad_news_is_passed_on);
}
