/* Scenarios by every mode: how an end is learnt, which differences are allowed, and what is noticed. */
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/language/expand.h"
#include "conformance/language/parser.h"
#include "conformance/language/printer.h"
#include "conformance/modes/mode_cancel.h"
#include "conformance/modes/mode_compare.h"
#include "stack/errors.h"
#include "stack/readings.h"

void register_modes_tests(void);

static struct scenario *instance_of(const char *text) {
    struct language_error error;
    struct scenario *scenario = scenario_parse("x.scn", text, strlen(text), &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    struct scenario *instance = scenario_expand(scenario, 0);
    scenario_free(scenario);
    return instance;
}

/* An instance by a mode, on the model. */
struct play {
    struct scenario *instance;
    struct mode_lines *lines;
    struct mode_played played;
    struct subject *subject;
};

static void play_by(struct play *play, const char *text, enum completion completion) {
    struct reason reason = { "" };
    play->instance = instance_of(text);
    play->lines = memory_zeroed(sizeof *play->lines);
    play->subject = subject_model(profile_named("windows"), 0);
    CU_ASSERT_TRUE_FATAL(mode_lines_make(play->instance, completion, play->lines, &reason));
    mode_play(play->subject, play->lines, "x", &play->played);
}

static void play_free(struct play *play) {
    mode_played_free(&play->played);
    mode_lines_free(play->lines);
    free(play->lines);
    subject_free(play->subject);
    scenario_free(play->instance);
}

#define APP "scenario x\nprocess app\napp: s = socket(2, 1, 6) -> ok\n"
#define ACQUIRES "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 4}, cbOut=16) -> ...\n"
#define KEEPS_ALIVE "app: WSAIoctl(s, SIO_KEEPALIVE_VALS, in={1, 1000, 1000}) -> ...\n"
#define UNKNOWN "app: WSAIoctl(s, 0x98000FFF) -> ...\n"

static const struct learnt *learnt_of(const struct play *play, unsigned line) {
    CU_ASSERT_FATAL(line < play->played.count);
    CU_ASSERT_TRUE(play->played.answers[line].is_control);
    CU_ASSERT_STRING_EQUAL(play->played.trouble.text, "");
    return &play->played.answers[line].learnt;
}

static void a_call_gets_the_lines_of_its_mode(void) {
    struct play play;
    struct text out = { 0 };
    play_by(&play, APP KEEPS_ALIVE, COMPLETION_PORT);
    scenario_print(play.lines->instance, &out);
    CU_ASSERT_PTR_NOT_NULL(strstr(out.bytes, "mode_p_1 = CreateIoCompletionPort(INVALID_HANDLE_VALUE)"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.bytes, "CreateIoCompletionPort(s, mode_p_1, 1)"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.bytes, "in={1, 1000, 1000}, ov=mode_o_1)"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.bytes, "GetQueuedCompletionStatus(mode_p_1, dwMilliseconds=2500)"));
    text_free(&out);
    play_free(&play);
}

/* What is learnt of three calls: one that stores something, one that fails later, one that succeeds at once. */
static void every_mode_learns_the_same_end(void) {
    for (unsigned mode = COMPLETION_SYNC; mode < COMPLETIONS_COUNT; mode++) {
        struct play play;
        play_by(&play, APP ACQUIRES UNKNOWN KEEPS_ALIVE, (enum completion)mode);
        const struct learnt *acquired = learnt_of(&play, 1), *unknown = learnt_of(&play, 2), *set = learnt_of(&play, 3);
        CU_ASSERT_EQUAL(acquired->ending, ENDING_OK);
        CU_ASSERT_EQUAL(acquired->bytes, 16);
        CU_ASSERT_PTR_NOT_NULL_FATAL(acquired->stored);
        CU_ASSERT_EQUAL(strlen(acquired->stored), 32);
        CU_ASSERT_EQUAL(unknown->ending, ENDING_FAILED);
        CU_ASSERT_EQUAL(unknown->error, mode == COMPLETION_PORT ? ERROR_NOT_SUPPORTED : WSAEOPNOTSUPP);
        CU_ASSERT_EQUAL(set->ending, ENDING_OK);
        CU_ASSERT_EQUAL(set->at_once, mode != COMPLETION_SYNC);
        play_free(&play);
    }
}

/* The thread is inside its call by one mode only; by every other one `returns` asks its OVERLAPPED. */
static void a_call_that_blocks_pends(void) {
    for (unsigned mode = COMPLETION_SYNC; mode < COMPLETIONS_COUNT; mode++) {
        struct play play;
        play_by(&play,
                "scenario x\nprocess app\nthread app.t2\napp: s = socket(2, 1, 6) -> ok\n"
                "app.t2: WSAIoctl(s, SIO_ADDRESS_LIST_CHANGE) -> blocks @W44\napp: CancelIoEx(s) -> ok\n"
                "app.t2: returns -> ...\n",
                (enum completion)mode);
        CU_ASSERT_EQUAL(learnt_of(&play, 1)->ending, ENDING_STAYS);
        CU_ASSERT_EQUAL(learnt_of(&play, 3)->ending, ENDING_FAILED);
        CU_ASSERT_EQUAL(learnt_of(&play, 3)->error, WSA_OPERATION_ABORTED);
        play_free(&play);
    }
}

static void an_ignored_overlapped_reports_nothing(void) {
    struct play sync, event;
    const char *text = "scenario x\nprocess app\napp: s = WSASocketW(2, 1, 6) -> ok\n" KEEPS_ALIVE;
    play_by(&sync, text, COMPLETION_SYNC);
    play_by(&event, text, COMPLETION_EVENT);
    CU_ASSERT_EQUAL(learnt_of(&event, 1)->ending, ENDING_UNREPORTED);
    int rule = mode_compare(event.lines, &sync.played, &event.played, 1);
    unsigned count = 0;
    CU_ASSERT_FATAL(rule >= 0);
    CU_ASSERT_STRING_EQUAL(mode_rules(&count)[rule].name, "ignored");
    play_free(&sync);
    play_free(&event);
}

/* Two scenarios that differ stand for one that differs by its mode. */
static int difference(const char *one, const char *other, enum completion completion, unsigned line) {
    struct play sync, played;
    play_by(&sync, one, COMPLETION_SYNC);
    play_by(&played, other, completion);
    int rule = mode_compare(played.lines, &sync.played, &played.played, line);
    play_free(&sync);
    play_free(&played);
    return rule;
}

static void no_other_difference_is_allowed(void) {
    CU_ASSERT_EQUAL(difference(APP KEEPS_ALIVE, APP KEEPS_ALIVE, COMPLETION_EVENT, 1), MODE_EQUAL);
    CU_ASSERT_EQUAL(difference(APP KEEPS_ALIVE, APP UNKNOWN, COMPLETION_EVENT, 1), MODE_FORBIDDEN);
    CU_ASSERT_EQUAL(difference(APP UNKNOWN, APP KEEPS_ALIVE, COMPLETION_PORT, 1), MODE_FORBIDDEN);
    CU_ASSERT_EQUAL(difference(APP ACQUIRES,
                               APP "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 5}, "
                                   "cbOut=16) -> ...\n",
                               COMPLETION_ROUTINE, 1),
                    MODE_FORBIDDEN);
    CU_ASSERT_EQUAL(difference(APP KEEPS_ALIVE "app: bind(s, 0.0.0.0:5000) -> ...\n",
                               APP KEEPS_ALIVE "app: bind(0, 0.0.0.0:5000) -> ...\n", COMPLETION_POLLING, 2),
                    MODE_FORBIDDEN);
}

static void what_a_mode_cannot_play_is_said(void) {
    struct mode_lines *lines = memory_zeroed(sizeof *lines);
    struct reason reason = { "" };
    struct scenario *hooked = instance_of("scenario x\nprocess app startup=1.1\napp: WSASetBlockingHook(good) -> ok\n");
    CU_ASSERT_FALSE(mode_lines_make(hooked, COMPLETION_EVENT, lines, &reason));
    CU_ASSERT_PTR_NOT_NULL(strstr(reason.text, "blocking hook"));
    mode_lines_free(lines);
    struct scenario *unnamed = instance_of("scenario x\nprocess app\napp: WSAIoctl(0, SIO_FLUSH) -> ...\n");
    CU_ASSERT_FALSE(mode_lines_make(unnamed, COMPLETION_PORT, lines, &reason));
    CU_ASSERT_PTR_NOT_NULL(strstr(reason.text, "line 3: what has no name"));
    mode_lines_free(lines);
    struct scenario *named = instance_of("scenario x\nprocess app\napp: mode_e = CreateEventW() -> ok\n");
    CU_ASSERT_FALSE(mode_lines_make(named, COMPLETION_EVENT, lines, &reason));
    CU_ASSERT_PTR_NOT_NULL(strstr(reason.text, "mode_e is a name"));
    mode_lines_free(lines);
    scenario_free(hooked);
    scenario_free(unnamed);
    scenario_free(named);
    free(lines);
}

static void every_rule_has_a_source_that_is_there(void) {
    unsigned count = 0;
    const struct mode_rule *rules = mode_rules(&count);
    for (unsigned i = 0; i < count; i++) {
        struct text line = { 0 };
        struct language_error error;
        text_add(&line, "scenario x\nprocess app\napp: WSACleanup() -> ok %s\n", rules[i].sources);
        struct scenario *scenario = scenario_parse("x.scn", line.bytes, line.length, &error);
        CU_ASSERT_PTR_NOT_NULL(scenario);
        CU_ASSERT_TRUE(scenario != NULL && scenario->steps[0].outcomes[0].sources_count > 0);
        scenario_free(scenario);
        text_free(&line);
    }
}

static void a_cancelled_call_ends_as_ever_or_never_was(void) {
    struct mode_cancelled cancelled;
    struct scenario *instance = instance_of(
        APP ACQUIRES
        "app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in=r.Token) -> ok\napp: bind(s, 0.0.0.0:0) -> ok\n");
    for (unsigned line = 1; line <= 2; line++) {
        mode_cancel(instance, profile_named("windows"), line, &cancelled);
        CU_ASSERT_STRING_EQUAL(cancelled.trouble.text, "");
        CU_ASSERT_EQUAL(cancelled.wrong.length, 0);
        CU_ASSERT_TRUE(cancelled.ended > 0 && cancelled.aborted > 0);
        CU_ASSERT_EQUAL(cancelled.orders, cancelled.ended + cancelled.aborted);
        mode_cancelled_free(&cancelled);
    }
    scenario_free(instance);
}

static void a_request_that_never_ends_is_always_aborted(void) {
    struct mode_cancelled cancelled;
    struct scenario *instance = instance_of(APP "app: WSAIoctl(s, SIO_ADDRESS_LIST_CHANGE) -> ...\n");
    mode_cancel(instance, profile_named("windows"), 1, &cancelled);
    CU_ASSERT_EQUAL(cancelled.wrong.length, 0);
    CU_ASSERT_EQUAL(cancelled.ended, 0);
    CU_ASSERT_TRUE(cancelled.aborted > 0);
    mode_cancelled_free(&cancelled);
    scenario_free(instance);
}

void register_modes_tests(void) {
    CU_pSuite suite = CU_add_suite("modes", NULL, NULL);
    CU_add_test(suite, "a call gets the lines of its mode", a_call_gets_the_lines_of_its_mode);
    CU_add_test(suite, "every mode learns the same end", every_mode_learns_the_same_end);
    CU_add_test(suite, "a call that blocks pends", a_call_that_blocks_pends);
    CU_add_test(suite, "an ignored OVERLAPPED reports nothing", an_ignored_overlapped_reports_nothing);
    CU_add_test(suite, "no other difference is allowed", no_other_difference_is_allowed);
    CU_add_test(suite, "what a mode cannot play is said", what_a_mode_cannot_play_is_said);
    CU_add_test(suite, "every rule has a source that is there", every_rule_has_a_source_that_is_there);
    CU_add_test(suite, "a cancelled call ends as ever, or never was", a_cancelled_call_ends_as_ever_or_never_was);
    CU_add_test(suite, "a request that never ends is always aborted", a_request_that_never_ends_is_always_aborted);
}
