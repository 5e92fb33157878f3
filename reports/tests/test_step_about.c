/* Which call a step shows something of (reports/catalogue/step_about.h). */
#include <CUnit/CUnit.h>

#include <string.h>

#include "conformance/language/parser.h"
#include "reports/catalogue/step_about.h"
#include "stack/call/signature.h"

static const char text[] = "scenario about\n\nprocess app\nthread  app.t2\n\n"
                           "app: e = CreateEventW() -> ok\n"
                           "app: o = overlapped(event=e)\n"
                           "app: k = overlapped()\n"
                           "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                           "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 1}, cbOut=16) -> ok\n"
                           "app: WSAIoctl(s, SIO_KEEPALIVE_VALS, in={1, 1, 1}, ov=k) -> ...\n"
                           "app: WaitForSingleObject(e, 0) -> ...\n"
                           "app: WSAIoctl(s, 0x98000066, in=r.Token, ov=o, routine=good) -> ...\n"
                           "app.t2: WSAGetLastError() -> ...\n"
                           "app: WSAGetLastError() -> ...\n"
                           "app: WSAGetLastError() -> ...\n"
                           "app.t2: SleepEx(0, TRUE) -> ...\n"
                           "app: SleepEx(0, TRUE) -> ...\n"
                           "app: show o -> ...\n"
                           "app: show k -> ...\n"
                           "app: WaitForSingleObject(e, 0) -> ...\n"
                           "app: WSAGetOverlappedResult(s, k) -> ...\n"
                           "app: WSAGetOverlappedResult(s, o) -> ...\n"
                           "app: bind(s, 0.0.0.0:0) -> ...\n"
                           "app: z = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                           "app: bind(z, 0.0.0.0:0) -> ...\n"
                           "app: WSAIoctl(s, SIO_RELEASE_PORT_RESERVATION, in=r.Token) -> ...\n"
                           "app: WSPIoctl(z, SIO_ASSOCIATE_PORT_RESERVATION, in=r.Token) -> ...\n"
                           "app: WSAGetLastError() -> ...\n";

static const char *const expected[] = {
    "CreateEventW",
    "",
    "",
    "socket",
    "ACQUIRE",
    "WSAIoctl",
    "WaitForSingleObject",
    "ASSOCIATE",
    "WSAGetLastError",
    "its-error",
    "WSAGetLastError",
    "SleepEx",
    "its-completion",
    "its-completion",
    "",
    "its-completion",
    "WSAGetOverlappedResult",
    "its-completion",
    "its-socket",
    "socket",
    "bind",
    "RELEASE",
    "ASSOCIATE",
    "its-error",
};

static bool is_word_of_three_codes(const char *word) {
    return words_hold_word("ASSOCIATE ACQUIRE RELEASE its-completion its-error its-socket", word) && *word != '\0';
}

static void each_step_is_about_its_call(void) {
    struct language_error error;
    struct step_order order;
    struct scenario *scenario = scenario_parse("about.scn", text, strlen(text), &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    step_order_fill(&order, scenario);
    CU_ASSERT_EQUAL_FATAL(order.count, sizeof expected / sizeof expected[0]);
    for (unsigned i = 0; i < order.count; i++) {
        CU_ASSERT_STRING_EQUAL(step_about(&order, i), expected[i]);
        const struct step *call = step_control_call(&order, i);
        CU_ASSERT_EQUAL(call != NULL, is_word_of_three_codes(expected[i]));
        if (call == NULL) continue;
        bool second_door = i + 2 >= order.count;
        CU_ASSERT_EQUAL(call->signature->function, second_door ? FUNCTION_WSPIoctl : FUNCTION_WSAIoctl);
    }
    scenario_free(scenario);
}

static void a_word_is_found_whole(void) {
    CU_ASSERT_TRUE(words_hold_word("ASSOCIATE its-socket", "its-socket"));
    CU_ASSERT_TRUE(words_hold_word("ASSOCIATE", "ASSOCIATE"));
    CU_ASSERT_FALSE(words_hold_word("ASSOCIATE its-socket", "its"));
    CU_ASSERT_FALSE(words_hold_word("", "its"));
    CU_ASSERT_TRUE(is_step_word("bind", 4));
    CU_ASSERT_TRUE(is_step_word("ASSOCIATE", 9));
    CU_ASSERT_FALSE(is_step_word("ASSOCIATED", 10));
}

void register_step_about_tests(void);
void register_step_about_tests(void) {
    CU_pSuite suite = CU_add_suite("which call a step is about", NULL, NULL);
    CU_add_test(suite, "each step is about its call", each_step_is_about_its_call);
    CU_add_test(suite, "a word is found whole", a_word_is_found_whole);
}
