/* A trace up to a `reboot`, taken up: the session knows what it recorded, and the next steps continue from there. */
#include <CUnit/CUnit.h>

#include <stdio.h>
#include <string.h>

#include "conformance/base/reason.h"
#include "conformance/language/parser.h"
#include "conformance/player/play.h"
#include "conformance/player/rehearse.h"
#include "conformance/session/executor.h"
#include "conformance/session/session.h"
#include "conformance/session/session_evaluate.h"

#define HEAD "ports   p = 2 tcp%s\nprocess app\n\n"
#define BEFORE \
    "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok%s\n" \
    "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 4}, cbOut=16) -> ok%s\n"

static struct scenario *instance, *trace;
static struct session session;
static uint16_t ports_first[PORTS_MAX];
static struct reason reason;

static struct scenario *parsed(const char *text) {
    struct language_error error;
    struct scenario *scenario = scenario_parse("test", text, strlen(text), &error);
    if (scenario == NULL) printf("\n    %u: %s\n%s", (unsigned)error.position.line, error.message, text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    return scenario;
}

static int clean_up(void) {
    scenario_free(instance);
    scenario_free(trace);
    instance = trace = NULL;
    return 0;
}

/* The scenario with `behind`, and its trace so far with `end`. */
static void given(const char *behind, const char *end) {
    char text[1024];
    clean_up();
    snprintf(text, sizeof text, "scenario test\n\n" HEAD BEFORE "reboot\n%s", "", "", "", behind);
    instance = parsed(text);
    snprintf(text, sizeof text, "trace test\n  by agent\n\n" HEAD BEFORE "%s", "  #~ p=20000", " error=0",
             " error=0 bytes=16 StartPort=r NumberOfPorts=4 padding=untouched Token=t1  #~ r=50000 t1=0x77", end);
    trace = parsed(text);
    reason.text[0] = '\0';
}

static int name_of(const char *text) {
    int name = 0;
    while (name < (int)instance->names_count && strcmp(instance->names[name].text, text) != 0) name++;
    CU_ASSERT_TRUE_FATAL(name < (int)instance->names_count);
    return name;
}

static void names_have_the_values_that_were_reported(void) {
    uint16_t first = 0, count = 0;
    given("", "reboot\n# restart: mark\n");
    CU_ASSERT_TRUE_FATAL(rehearse(trace, instance, ports_first, &session, &reason));
    CU_ASSERT_EQUAL(ports_first[0], 20000);
    CU_ASSERT_TRUE(session_ports_of(&session, instance, name_of("p"), &first, &count));
    CU_ASSERT_EQUAL(first, 20000);
    CU_ASSERT_TRUE(session_ports_of(&session, instance, name_of("r"), &first, &count));
    CU_ASSERT_EQUAL(first, 50000);
    CU_ASSERT_EQUAL(count, 4);
    CU_ASSERT_EQUAL(session.live[name_of("r")].number, 0x77);
    CU_ASSERT_EQUAL(session.live[name_of("s")].state, LIVE_PAST); /* its process ended with the machine */
}

static void a_trace_of_another_version_is_refused(void) {
    given("", "app: closesocket(s) -> ok error=0\nreboot\n# restart: mark\n");
    CU_ASSERT_FALSE(rehearse(trace, instance, ports_first, &session, &reason));
    CU_ASSERT_PTR_NOT_NULL(strstr(reason.text, "the scenario has another step there"));
}

static void a_trace_that_did_not_stop_at_a_restart_is_refused(void) {
    given("", "");
    CU_ASSERT_FALSE(rehearse(trace, instance, ports_first, &session, &reason));
    CU_ASSERT_PTR_NOT_NULL(strstr(reason.text, "its last step is no reboot"));
}

void register_rehearse_tests(void);

void register_rehearse_tests(void) {
    CU_pSuite suite = CU_add_suite("rehearsal", NULL, clean_up);
    CU_add_test(suite, "names have the values that were reported", names_have_the_values_that_were_reported);
    CU_add_test(suite, "a trace of another version is refused", a_trace_of_another_version_is_refused);
    CU_add_test(suite, "a trace that did not stop at a restart is refused",
                a_trace_that_did_not_stop_at_a_restart_is_refused);
}
