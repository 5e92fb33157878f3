/* Who may bind beside whom: the documented table cell by cell, for one user and for two, and the dual-stack rules. */
#include "stack/ports/exclusions.h"
#include "stack/tests/fixture.h"
#include "stack/transport/connections.h"

void register_model_sharing_tests(void);

enum { PORT = 6000, KINDS = 6 };
enum { OK = 0, INUSE = WSAEADDRINUSE, ACCESS = WSAEACCES };

struct kind {
    int option; /* 0: none */
    bool specific;
};

static const struct kind kinds[KINDS] = {
    { 0, false },
    { 0, true },
    { REUSE_ADDRESS, false },
    { REUSE_ADDRESS, true },
    { EXCLUSIVE_ADDRESS, false },
    { EXCLUSIVE_ADDRESS, true },
};

/* Facts 8.1: rows are the first bind, columns the second; in the order of `kinds`. */
/* clang-format off */
static const uint32_t same_user[KINDS][KINDS] = {
    { INUSE, OK, ACCESS, OK, INUSE, OK },          { OK, INUSE, OK, ACCESS, INUSE, INUSE },
    { INUSE, OK, OK, OK, INUSE, OK },              { OK, INUSE, OK, OK, INUSE, INUSE },
    { INUSE, ACCESS, ACCESS, ACCESS, INUSE, ACCESS }, { OK, INUSE, OK, ACCESS, INUSE, INUSE },
};
/* clang-format on */
/* clang-format off */
static const uint32_t different_users[KINDS][KINDS] = {
    { INUSE, ACCESS, ACCESS, ACCESS, INUSE, ACCESS }, { OK, INUSE, OK, ACCESS, INUSE, INUSE },
    { INUSE, ACCESS, OK, OK, INUSE, ACCESS },      { OK, INUSE, OK, OK, INUSE, INUSE },
    { INUSE, ACCESS, ACCESS, ACCESS, INUSE, ACCESS }, { OK, INUSE, OK, ACCESS, INUSE, INUSE },
};
/* clang-format on */

static uint32_t bind_as(struct machine *m, uint64_t socket, const struct kind *kind, enum address specific,
                        enum address any) {
    if (kind->option != 0) expect_ok(set_option(m, socket, kind->option, 1));
    return bind_at(m, socket, kind->specific ? specific : any, PORT);
}

static void check_table(const uint32_t table[KINDS][KINDS], unsigned second_account, bool v6, bool with_udp) {
    for (unsigned first = 0; first < KINDS; first++)
        for (unsigned second = 0; second < KINDS; second++) {
            struct machine m;
            machine_begin(&m);
            start_tool(&m, second_account);
            enum address specific = v6 ? LOOPBACK_V6 : LOOPBACK_V4;
            enum address any = v6 ? ANY_V6 : ANY_V4;
            uint64_t s = v6 ? tcp_v6(&m) : with_udp ? udp(&m) : tcp(&m);
            expect_ok(bind_as(&m, s, &kinds[first], specific, any));
            speak_as(&m, TOOL);
            uint64_t t = v6 ? tcp_v6(&m) : with_udp ? udp(&m) : tcp(&m);
            uint32_t outcome = bind_as(&m, t, &kinds[second], specific, any);
            check_error("the second bind", table[first][second], outcome, __FILE__, first * 10 + second);
        }
}

static void cells_of_one_user(void) { check_table(same_user, 0, false, false); }
static void cells_of_two_users(void) { check_table(different_users, 7, false, false); }
static void cells_of_one_user_v6(void) { check_table(same_user, 0, true, false); }
static void cells_of_two_users_udp(void) { check_table(different_users, 7, false, true); }

static void different_specific_addresses_never_meet(void) {
    for (unsigned first = 1; first < KINDS; first += 2)
        for (unsigned second = 1; second < KINDS; second += 2) {
            struct machine m;
            machine_begin(&m);
            expect_ok(bind_as(&m, tcp(&m), &kinds[first], LOOPBACK_V4, ANY_V4));
            expect_ok(bind_as(&m, tcp(&m), &kinds[second], OTHER_LOOPBACK_V4, ANY_V4));
        }
}

/* --- two families ------------------------------------------------------------------------------------------------- */

enum socket_kind { V4, V6_ONLY_SOCKET, DUAL };

struct pair {
    enum socket_kind first;
    enum address first_address;
    int first_option;
    enum socket_kind second;
    enum address second_address;
    int second_option;
    uint32_t outcome;
    const char *rule;
};

/* clang-format off */
static const struct pair pairs[] = {
    { V4, ANY_V4, 0, V4, LOOPBACK_V4, 0, OK, "W88" },
    { V4, LOOPBACK_V4, 0, V4, ANY_V4, 0, OK, "W88, the other way" },
    { V4, LOOPBACK_V4, 0, V4, LOOPBACK_V4, REUSE_ADDRESS, ACCESS, "W84" },
    { V4, ANY_V4, EXCLUSIVE_ADDRESS, V4, LOOPBACK_V4, 0, ACCESS, "W90" },
    { DUAL, ANY_V6, EXCLUSIVE_ADDRESS, V4, LOOPBACK_V4, 0, ACCESS, "W90: dual exclusive, v4 specific" },
    { DUAL, ANY_V6, EXCLUSIVE_ADDRESS, V4, ANY_V4, 0, ACCESS, "W90: dual exclusive, v4 wildcard" },
    { V4, LOOPBACK_V4, 0, V4, ANY_V4, EXCLUSIVE_ADDRESS, INUSE, "W91" },
    { V4, LOOPBACK_V4, 0, DUAL, ANY_V6, EXCLUSIVE_ADDRESS, INUSE, "W91: v4 specific, dual exclusive" },
    { DUAL, MAPPED_LOOPBACK, 0, V4, ANY_V4, EXCLUSIVE_ADDRESS, INUSE, "W91: mapped specific, v4 exclusive" },
    { V4, LOOPBACK_V4, EXCLUSIVE_ADDRESS, V4, ANY_V4, 0, OK, "W92" },
    { V4, ANY_V4, 0, V4, LOOPBACK_V4, EXCLUSIVE_ADDRESS, OK, "W92, the other way" },
    { V4, LOOPBACK_V4, EXCLUSIVE_ADDRESS, V4, LOOPBACK_V4, 0, INUSE, "W92: the first exclusive" },
    { V4, LOOPBACK_V4, 0, V4, LOOPBACK_V4, EXCLUSIVE_ADDRESS, INUSE, "W92: the second exclusive" },
    { DUAL, ANY_V6, 0, V4, ANY_V4, 0, OK, "W93: dual, v4" },
    { DUAL, ANY_V6, 0, V4, ANY_V4, EXCLUSIVE_ADDRESS, OK, "W93: dual, v4 exclusive" },
    { DUAL, MAPPED_ANY, 0, V4, ANY_V4, 0, INUSE, "W93: mapped wildcard, v4 wildcard" },
    { V6_ONLY_SOCKET, LOOPBACK_V6, 0, V4, LOOPBACK_V4, 0, OK, "W93: ::1 and 127.0.0.1" },
    { V6_ONLY_SOCKET, LOOPBACK_V6, EXCLUSIVE_ADDRESS, V4, LOOPBACK_V4, EXCLUSIVE_ADDRESS, OK, "W93: even exclusive" },
    { V4, ANY_V4, 0, V6_ONLY_SOCKET, ANY_V6, 0, OK, "W93: v4 and v6only coexist" },
    { V6_ONLY_SOCKET, ANY_V6, EXCLUSIVE_ADDRESS, V4, ANY_V4, EXCLUSIVE_ADDRESS, OK, "W93: even exclusive" },
    { DUAL, ANY_V6, EXCLUSIVE_ADDRESS, V4, LOOPBACK_V4, REUSE_ADDRESS, ACCESS, "W93: dual exclusive, v4 reuse" },
    { DUAL, MAPPED_LOOPBACK, 0, V4, LOOPBACK_V4, 0, INUSE, "a mapped address is the v4 address" },
    { DUAL, ANY_V6, 0, DUAL, ANY_V6, 0, INUSE, "two dual wildcards" },
    { DUAL, ANY_V6, 0, V6_ONLY_SOCKET, ANY_V6, 0, INUSE, "both hold the v6 wildcard" },
    { DUAL, LOOPBACK_V6, 0, V4, ANY_V4, 0, OK, "a dual socket on ::1 is no v4 socket" },
};
/* clang-format on */

static uint64_t socket_of_kind(struct machine *m, enum socket_kind kind) {
    return kind == V4 ? tcp(m) : kind == DUAL ? dual_stack_tcp(m) : tcp_v6(m);
}

static void families_by_rule(void) {
    for (unsigned i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const struct pair *pair = &pairs[i];
        struct machine m;
        machine_begin(&m);
        uint64_t first = socket_of_kind(&m, pair->first);
        uint64_t second = socket_of_kind(&m, pair->second);
        if (pair->first_option != 0) expect_ok(set_option(&m, first, pair->first_option, 1));
        if (pair->second_option != 0) expect_ok(set_option(&m, second, pair->second_option, 1));
        expect_ok(bind_at(&m, first, pair->first_address, PORT));
        check_error(pair->rule, pair->outcome, bind_at(&m, second, pair->second_address, PORT), __FILE__, i);
    }
}

static void protocols_never_meet(void) {
    struct machine m;
    machine_begin(&m);
    expect_ok(bind_port(&m, tcp(&m), PORT));
    expect_ok(bind_port(&m, udp(&m), PORT));
}

/* W88: the specific listener gets the connection, whichever was first. */
static void the_specific_listener_is_reached(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t any = tcp(&m), specific = tcp(&m), client = tcp(&m);
    expect_ok(bind_at(&m, any, ANY_V4, PORT));
    expect_ok(bind_at(&m, specific, LOOPBACK_V4, PORT));
    expect_ok(listen_on(&m, any));
    expect_ok(listen_on(&m, specific));
    expect_ok(connect_to(&m, client, LOOPBACK_V4, PORT));
    CU_ASSERT_EQUAL(connections_at(m.world, 0), 0);
    CU_ASSERT_NOT_EQUAL(connection_waiting(m.world, 1), NO_ROW);
    expect_ok(close_socket(&m, specific));
    uint64_t late = tcp(&m);
    expect_ok(connect_to(&m, late, LOOPBACK_V4, PORT));
    CU_ASSERT_NOT_EQUAL(connection_waiting(m.world, 0), NO_ROW);
}

static void a_failed_bind_leaves_the_socket_as_it_was(void) {
    struct machine m;
    uint64_t first = world_with_bound_socket(&m, PORT);
    uint64_t second = tcp(&m);
    expect_error(WSAEADDRINUSE, bind_port(&m, second, PORT));
    expect_error(WSAEADDRNOTAVAIL, bind_at(&m, second, ELSEWHERE_V4, PORT));
    CU_ASSERT_EQUAL(port_of(&m, second), 0);
    expect_ok(close_socket(&m, first));
    expect_ok(bind_port(&m, second, PORT));
}

/* Facts 8.4: administered ranges only lose their place in the dynamic range; others refuse an explicit bind too. */
static void exclusions(void) {
    for (unsigned administered = 0; administered < 2; administered++) {
        struct machine m;
        struct grant grant;
        uint64_t s = world_with_open_socket(&m);
        CU_ASSERT_NOT_EQUAL(exclusion_add(m.world, PROTOCOL_TCP, 49152, 49161, administered), NO_ROW);
        expect_ok(bind_port(&m, s, 0));
        CU_ASSERT_EQUAL(port_of(&m, s), 49162);
        expect_error(administered ? 0 : WSAEACCES, bind_port(&m, tcp(&m), 49155));
        expect_error(WSAEADDRINUSE, acquire(&m, tcp(&m), 49161, 1, &grant));
        expect_ok(bind_port(&m, udp(&m), 49156));
    }
}

/* Q126 asks about two exclusive sockets. Where one of them is not, either reading gives the same. */
static void one_exclusive_socket_is_no_question(void) {
    for (unsigned exclusive = 0; exclusive < 2; exclusive++) {
        uint32_t errors[2];
        for (unsigned candidate = 0; candidate < 2; candidate++) {
            struct machine m;
            machine_with_reading(&m, Q126_EXCLUSIVE_V4_AFTER_DUAL, candidate);
            uint64_t sockets[2] = { dual_stack_udp(&m), udp(&m) };
            expect_ok(set_option(&m, sockets[exclusive], EXCLUSIVE_ADDRESS, 1));
            expect_ok(bind_at(&m, sockets[0], ANY_V6, PORT));
            errors[candidate] = bind_at(&m, sockets[1], ANY_V4, PORT);
        }
        CU_ASSERT_EQUAL(errors[0], errors[1]);
        if (exclusive == 0) CU_ASSERT_EQUAL(errors[0], WSAEACCES); /* W90 */
    }
}

/* F16: the system gives a dual-stack socket a port that sockets of IPv4 have, where it could have named it. */
static void the_system_s_choice_beside_ipv4_keeps_to_the_rules(void) {
    enum { ALONE, PLAIN, EXCLUSIVE, V6_TOO, SCENES };
    for (unsigned scene = ALONE; scene < SCENES; scene++) {
        struct machine m;
        machine_with_reading(&m, Q125_DUAL_BESIDE_V4, Q125_GIVEN);
        m.world->dynamic_first[PROTOCOL_UDP] = m.world->dynamic_last[PROTOCOL_UDP] = PORT;
        uint64_t elsewhere = udp(&m), v4 = udp(&m), dual = dual_stack_udp(&m), v6 = 0;
        expect_ok(bind_at(&m, elsewhere, ANY_V4, PORT + 1));
        if (scene == EXCLUSIVE) { /* F17 */
            expect_ok(set_option(&m, v4, EXCLUSIVE_ADDRESS, 1));
            expect_ok(set_option(&m, dual, EXCLUSIVE_ADDRESS, 1));
        }
        if (scene != ALONE) expect_ok(bind_at(&m, v4, ANY_V4, PORT));
        if (scene == V6_TOO) {
            expect_ok(make_socket(&m, AF_V6, DATAGRAM, UDP, &v6));
            expect_ok(bind_at(&m, v6, ANY_V6, PORT));
        }
        expect_error(scene <= PLAIN ? 0 : WSAENOBUFS, bind_at(&m, dual, ANY_V6, 0));
        if (scene <= PLAIN) CU_ASSERT_EQUAL(port_of(&m, dual), PORT);
    }
}

void register_model_sharing_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model sharing", NULL, NULL);
    CU_add_test(suite, "one exclusive socket is no question", one_exclusive_socket_is_no_question);
    CU_add_test(suite, "cells of one user", cells_of_one_user);
    CU_add_test(suite, "cells of two users", cells_of_two_users);
    CU_add_test(suite, "cells of one user, v6", cells_of_one_user_v6);
    CU_add_test(suite, "cells of two users, UDP", cells_of_two_users_udp);
    CU_add_test(suite, "different specific addresses never meet", different_specific_addresses_never_meet);
    CU_add_test(suite, "families by rule", families_by_rule);
    CU_add_test(suite, "protocols never meet", protocols_never_meet);
    CU_add_test(suite, "the specific listener is reached", the_specific_listener_is_reached);
    CU_add_test(suite, "a failed bind leaves the socket as it was", a_failed_bind_leaves_the_socket_as_it_was);
    CU_add_test(suite, "the system's choice beside IPv4", the_system_s_choice_beside_ipv4_keeps_to_the_rules);
    CU_add_test(suite, "exclusions", exclusions);
}
