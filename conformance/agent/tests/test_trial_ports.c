/* Free ports for `ports` lines, on a machine whose listings a test writes. */
#include "conformance/agent/system/windows_headers.h"

#include <CUnit/CUnit.h>

#include "conformance/agent/tests/agent_fixture.h"

/* What netsh lists from now on: one range of TCP, in one store; none where count is 0. */
static enum netsh_store listed_in;
static struct port_range listed;
static unsigned failures; /* so many listings more are not whole */

static bool lists(enum transport transport, enum netsh_store store, struct port_range ports, struct host_exclusion *out,
                  unsigned room, unsigned *count) {
    bool meets = listed.count > 0 && transport == TRANSPORT_TCP && store == listed_in &&
                 ports.first < listed.first + listed.count && listed.first < ports.first + ports.count;
    *count = 0;
    if (failures > 0 && failures-- > 0) return false;
    if (!meets || room == 0) return true;
    out[(*count)++] = (struct host_exclusion){ transport, listed.first, listed.first + listed.count - 1, false };
    return true;
}

/* The first ports that the lines of this scenario get; they are let go at once. */
static void find(const char *text, uint16_t *first, unsigned lines) {
    struct agent_play *play = agent_play(false);
    play->functions.exclusions = lists;
    CU_ASSERT_EQUAL_FATAL(agent_begin(play, text), STEP_DONE);
    for (unsigned i = 0; i < lines; i++) first[i] = play->host.ports_first[i];
    CU_ASSERT_EQUAL(agent_end(play), STEP_DONE);
    agent_play_free(play);
}

static const char four[] = "scenario four\n\nports p = 4 tcp\nprocess app\n\ncheck invariants\n";

/* A bind succeeds there, and what is asked about them would be answered of someone else's range. */
static void ports_that_a_store_lists_are_not_taken(void) {
    static const enum netsh_store stores[2] = { NETSH_ACTIVE, NETSH_PERSISTENT };
    uint16_t before = 0, now = 0;
    listed.count = 0;
    find(four, &before, 1);
    for (unsigned i = 0; i < 2; i++) {
        for (unsigned at = 0; at < 4; at++) {
            listed_in = stores[i];
            listed = (struct port_range){ before + at, 1 };
            find(four, &now, 1);
            CU_ASSERT_TRUE(now > before + at || now + 4u <= before + at);
        }
    }
    listed.count = 0;
    find(four, &now, 1);
    CU_ASSERT_EQUAL(now, before);
}

/* netsh is asked three times; what it does not list then no one knows. */
static void where_a_store_is_not_listed_whole_no_port_is_free(void) {
    uint16_t before = 0, now = 0;
    listed.count = 0;
    find(four, &before, 1);
    failures = 2;
    find(four, &now, 1);
    CU_ASSERT_EQUAL(now, before);
    failures = 3;
    struct agent_play *play = agent_play(false);
    play->functions.exclusions = lists;
    CU_ASSERT_EQUAL(agent_begin(play, four), STEP_UNSUPPORTED);
    CU_ASSERT_STRING_EQUAL(play_text_reason(&play->play),
                           "ports p: netsh gives no whole listing of what is excluded, so no port is known to be free");
    CU_ASSERT_EQUAL(agent_end(play), STEP_DONE);
    agent_play_free(play);
    CU_ASSERT_EQUAL(failures, 0);
}

/* What is written of p must not be true of q by chance. */
static void lines_do_not_share_ports(void) {
    uint16_t first[3];
    listed.count = 0;
    find("scenario three\n\nports p = 4 tcp\nports q = 4 udp\nports r = 4 tcp\nprocess app\n\ncheck invariants\n",
         first, 3);
    for (unsigned i = 0; i < 3; i++)
        for (unsigned k = 0; k < i; k++) CU_ASSERT_TRUE(first[i] >= first[k] + 4 || first[k] >= first[i] + 4);
}

void register_agent_trial_ports_tests(void);

void register_agent_trial_ports_tests(void) {
    CU_pSuite suite = CU_add_suite("agent: trial ports", NULL, NULL);
    CU_add_test(suite, "ports that a store lists are not taken", ports_that_a_store_lists_are_not_taken);
    CU_add_test(suite, "where a store is not listed whole no port is free",
                where_a_store_is_not_listed_whole_no_port_is_free);
    CU_add_test(suite, "lines do not share ports", lines_do_not_share_ports);
}
