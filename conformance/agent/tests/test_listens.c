/* What Windows Firewall would ask about, known from the text of a scenario. */
#include <CUnit/CUnit.h>
#include <stdio.h>

#include "conformance/agent/listens.h"
#include "conformance/agent/tests/agent_fixture.h"

/* One socket of this kind is bound to this address; `then` is a step, or "". */
static bool reaches(const char *socket, const char *address, const char *then) {
    char text[512];
    snprintf(text, sizeof text,
             "scenario one\n\nports p = 1 tcp\n\nprocess app\n\napp: s = socket(%s) -> ok\napp: bind(s, %s) -> ok\n%s",
             socket, address, then);
    struct scenario *scenario = agent_scenario(text);
    bool wide = listens_widely(scenario);
    scenario_free(scenario);
    return wide;
}

static const char stream[] = "AF_INET, SOCK_STREAM, IPPROTO_TCP", stream6[] = "AF_INET6, SOCK_STREAM, IPPROTO_TCP";
static const char datagrams[] = "AF_INET, SOCK_DGRAM, IPPROTO_UDP", listens[] = "app: listen(s) -> ok\n";

static void a_listener_on_every_address_is_reached(void) {
    CU_ASSERT_TRUE(reaches(stream, "0.0.0.0:p", listens));
    CU_ASSERT_TRUE(reaches(stream6, "[::]:0", listens));
    CU_ASSERT_TRUE(reaches(stream, "203.0.113.1:0", listens));
}

static void a_listener_on_a_loopback_address_is_not(void) {
    CU_ASSERT_FALSE(reaches(stream, "127.0.0.1:p", listens));
    CU_ASSERT_FALSE(reaches(stream, "127.8.9.10:0", listens));
    CU_ASSERT_FALSE(reaches(stream6, "[::1]:0", listens));
    CU_ASSERT_FALSE(reaches(stream6, "[::ffff:127.0.0.1]:0", listens));
}

static void a_bound_socket_that_does_not_listen_is_not(void) { CU_ASSERT_FALSE(reaches(stream, "0.0.0.0:p", "")); }

static void datagrams_need_no_listen(void) {
    CU_ASSERT_TRUE(reaches(datagrams, "0.0.0.0:0", ""));
    CU_ASSERT_FALSE(reaches(datagrams, "127.0.0.1:0", ""));
}

void register_listens_tests(void);

void register_listens_tests(void) {
    CU_pSuite suite = CU_add_suite("agent: who listens where others can reach", NULL, NULL);
    CU_add_test(suite, "a listener on every address is reached", a_listener_on_every_address_is_reached);
    CU_add_test(suite, "a listener on a loopback address is not", a_listener_on_a_loopback_address_is_not);
    CU_add_test(suite, "a bound socket that does not listen is not", a_bound_socket_that_does_not_listen_is_not);
    CU_add_test(suite, "datagrams need no listen", datagrams_need_no_listen);
}
