/* The sets that the model chooses a member of: what is a member, at both bounds and on both sides of them, and that a
 * walk through the members finds the same. A chooser looks at each set on its way to the one that answers. */
#include "stack/ports/exclusions.h"
#include "stack/sdk/option_values.h"
#include "stack/tests/fixture_wire.h"

void register_choice_sets_tests(void);

enum { LOW = 50000, PORTS = 10, SCALABILITY = 0x3006, REUSE_UNICASTPORT = 0x3007 };

/* --- the chooser that looks --------------------------------------------------------------------------------------- */

enum { WIDEST = 64 };

struct looking {
    struct chooser chooser;
    struct chooser *inner;
    enum choice what; /* the set it looks at */
    unsigned looked;  /* how often there was one */
    uint64_t first, last, start, floor, ceiling;
    uint64_t members; /* bit n: `first` + n is one; of a set that is wider than that: 0 */
};

static bool outside_is_no_member(const struct choice_set *set) {
    if (set->first > 0 && set->contains(set, set->first - 1)) return false;
    return !set->contains(set, set->last + 1);
}

static void walks_through(const struct choice_set *set) {
    uint64_t next = UINT64_MAX; /* the least member from here on */
    for (uint64_t from = set->last + 1; from-- > set->first;) {
        uint64_t found = 0;
        if (set->contains(set, from)) next = from;
        CU_ASSERT_EQUAL(set->next(set, from, &found), next != UINT64_MAX);
        if (next != UINT64_MAX) CU_ASSERT_EQUAL(found, next);
    }
}

/* Of many members the first and the last, and what is next to them. */
static void walks_from_end_to_end(const struct choice_set *set) {
    const uint64_t places[] = { set->first, set->first + 1, set->last - 1, set->last };
    for (unsigned i = 0; i < 4; i++) {
        uint64_t found = 0;
        CU_ASSERT_TRUE(set->contains(set, places[i]));
        CU_ASSERT_TRUE(set->next(set, places[i], &found));
        CU_ASSERT_EQUAL(found, places[i]);
    }
}

static uint64_t look(struct chooser *chooser, enum choice what, const struct choice_set *set) {
    struct looking *self = (struct looking *)chooser;
    if (what == self->what) {
        self->looked++;
        self->first = set->first;
        self->last = set->last;
        self->start = set->start;
        self->floor = set->floor;
        self->ceiling = set->ceiling;
        self->members = 0;
        CU_ASSERT_TRUE(outside_is_no_member(set));
        if (set->last - set->first < WIDEST) walks_through(set);
        else walks_from_end_to_end(set);
        for (uint64_t i = 0; i < WIDEST && set->last - set->first < WIDEST; i++)
            self->members |= (uint64_t)set->contains(set, set->first + i) << i;
    }
    return choose_member(self->inner, what, set);
}

/* Padding is of any value, so that there is a set; all else is the inner chooser's. */
static unsigned answer(struct chooser *chooser, enum choice what, unsigned count) {
    return what == CHOICE_PADDING ? count - 1 : choose(((struct looking *)chooser)->inner, what, count);
}

static void look_at(struct machine *m, struct looking *looking, enum choice what) {
    *looking = (struct looking){ .chooser = { answer, look }, .inner = &m->simulating.chooser, .what = what };
    m->chooser = &looking->chooser;
}

/* --- handles ------------------------------------------------------------------------------------------------------ */

/* The least member from each of the first numbers on, found by hand. */
static uint64_t look_at_numbers(struct chooser *chooser, enum choice what, const struct choice_set *set) {
    struct looking *self = (struct looking *)chooser;
    if (what == self->what) {
        self->looked++;
        for (uint64_t from = 0; from < WIDEST; from++) {
            uint64_t found = 0, least = from;
            while (!set->contains(set, least)) least++;
            CU_ASSERT_TRUE(set->next(set, from, &found));
            CU_ASSERT_EQUAL(found, least);
        }
    }
    return choose_member(self->inner, what, set);
}

static void handles_are_multiples_of_four(void) {
    struct machine m;
    struct looking looking;
    machine_begin(&m);
    look_at(&m, &looking, CHOICE_HANDLE);
    looking.chooser.choose_member = look_at_numbers;
    for (unsigned i = 0; i < 5; i++) CU_ASSERT_EQUAL(udp(&m) % 4, 0);
    CU_ASSERT_EQUAL(looking.looked, 5);
}

/* --- ports -------------------------------------------------------------------------------------------------------- */

/* A machine whose dynamic range has ten ports. */
static void machine_of_ten_ports(struct machine *m) {
    machine_begin(m);
    for (unsigned protocol = 0; protocol < PROTOCOLS_COUNT; protocol++) {
        m->world->dynamic_first[protocol] = LOW;
        m->world->dynamic_last[protocol] = LOW + PORTS - 1;
    }
}

/* One set was looked at, of all ports of the range but these; any port can be repaired to. */
static void ports_were_all_but(const struct looking *looking, uint64_t missing, unsigned start) {
    CU_ASSERT_EQUAL(looking->looked, 1);
    CU_ASSERT_EQUAL(looking->first, LOW);
    CU_ASSERT_EQUAL(looking->last, LOW + PORTS - 1);
    CU_ASSERT_EQUAL(looking->members, ((UINT64_C(1) << PORTS) - 1) & ~missing);
    CU_ASSERT_EQUAL(looking->start, start);
    CU_ASSERT_EQUAL(looking->floor, 1);
    CU_ASSERT_EQUAL(looking->ceiling, 65535);
}

static void the_whole_dynamic_range_may_be_given(void) {
    struct machine m;
    struct looking looking;
    machine_of_ten_ports(&m);
    look_at(&m, &looking, CHOICE_PORT);
    expect_ok(bind_port(&m, tcp(&m), 0));
    ports_were_all_but(&looking, 0, LOW);
}

/* Bound, excluded and reserved ports are not given, at the ends of the range or within. */
static void what_is_held_is_not_given(void) {
    struct machine m;
    struct looking looking;
    machine_of_ten_ports(&m);
    expect_ok(bind_port(&m, tcp(&m), LOW));
    expect_ok(bind_port(&m, tcp(&m), LOW + PORTS - 1));
    CU_ASSERT_NOT_EQUAL(exclusion_add(m.world, PROTOCOL_TCP, LOW + 3, LOW + 4, true), NO_ROW);
    granted(&m, tcp(&m), LOW + 6, 2);
    look_at(&m, &looking, CHOICE_PORT);
    expect_ok(bind_port(&m, tcp(&m), 0));
    ports_were_all_but(&looking, 1 | 1 << 9 | 1 << 3 | 1 << 4 | 1 << 6 | 1 << 7, LOW + 1);
}

/* SO_PORT_SCALABILITY (T8.2.1): a port that another address has is in this one's pool, one of the wildcard in none. An
 * ordinary machine shares none before it has to. */
static void a_pool_of_an_address_has_what_others_have(void) {
    struct machine m;
    struct looking looking;
    machine_of_ten_ports(&m);
    expect_ok(bind_at(&m, tcp(&m), OTHER_LOOPBACK_V4, LOW));
    expect_ok(bind_at(&m, tcp(&m), LOOPBACK_V4, LOW + 1));
    expect_ok(bind_at(&m, tcp(&m), ANY_V4, LOW + 2));
    expect_ok(bind_at(&m, tcp(&m), OTHER_LOOPBACK_V4, LOW + PORTS - 1));
    granted(&m, tcp(&m), LOW + 5, 1);
    uint64_t s = tcp(&m);
    expect_ok(set_option(&m, s, SCALABILITY, 1));
    look_at(&m, &looking, CHOICE_PORT);
    expect_ok(bind_at(&m, s, LOOPBACK_V4, 0));
    ports_were_all_but(&looking, 1 << 1 | 1 << 2 | 1 << 5, LOW + 3);
}

/* Q125: a dual-stack socket of UDP has what IPv4 alone has, where it could be bound beside it: by its name the port is
 * shared (W93), but not by a socket with SO_EXCLUSIVEADDRUSE. */
static void a_dual_stack_socket_has_the_ports_of_ipv4(void) {
    struct machine m;
    struct looking looking;
    machine_of_ten_ports(&m);
    also_read(&m, Q125_DUAL_BESIDE_V4, Q125_GIVEN);
    uint64_t exclusive = dual_stack_udp(&m);
    expect_ok(bind_port(&m, udp(&m), LOW));
    expect_ok(bind_port(&m, dual_stack_udp(&m), LOW + 1));
    expect_ok(bind_port(&m, udp(&m), LOW + PORTS - 1));
    look_at(&m, &looking, CHOICE_PORT);
    expect_ok(bind_port(&m, dual_stack_udp(&m), 0));
    ports_were_all_but(&looking, 1 << 1, LOW + 2);
    uint64_t of_ipv6 = 0, sharing = dual_stack_udp(&m); /* where it could be bound as well, but that is not asked */
    expect_ok(make_socket(&m, AF_V6, DATAGRAM, UDP, &of_ipv6));
    expect_ok(set_option(&m, of_ipv6, REUSE_ADDRESS, 1));
    expect_ok(set_option(&m, sharing, REUSE_ADDRESS, 1));
    expect_ok(bind_at(&m, of_ipv6, ANY_V6, LOW + 5));
    looking.looked = 0;
    expect_ok(bind_port(&m, sharing, 0));
    ports_were_all_but(&looking, 1 << 1 | 1 << 2 | 1 << 5, LOW + 3);
    expect_ok(set_option(&m, exclusive, EXCLUSIVE_ADDRESS, 1));
    looking.looked = 0;
    expect_ok(bind_port(&m, exclusive, 0));
    ports_were_all_but(&looking, 1 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 5 | 1 << 9, LOW + 4);
}

/* Q124: a port that is put off is chosen with the peer, one for each. */
static void a_port_for_each_peer_is_shared_with_other_peers(void) {
    struct machine m;
    struct looking looking;
    uint64_t sockets[3];
    machine_of_ten_ports(&m);
    world_settle_reading(m.world, Q124_REUSE_UNICASTPORT, Q124_PUT_OFF);
    for (unsigned i = 0; i < 2; i++) {
        uint64_t listener = tcp(&m);
        expect_ok(bind_at(&m, listener, LOOPBACK_V4, 9000 + i));
        expect_ok(listen_on(&m, listener));
    }
    for (unsigned i = 0; i < 3; i++) {
        sockets[i] = tcp(&m);
        expect_ok(set_option(&m, sockets[i], REUSE_UNICASTPORT, 1));
        expect_ok(bind_at(&m, sockets[i], ANY_V4, 0));
    }
    look_at(&m, &looking, CHOICE_PORT);
    expect_ok(connect_to(&m, sockets[0], LOOPBACK_V4, 9000));
    ports_were_all_but(&looking, 0, LOW);
    looking.looked = 0;
    expect_ok(connect_to(&m, sockets[1], LOOPBACK_V4, 9001)); /* LOW is not free, and may be had all the same */
    ports_were_all_but(&looking, 0, LOW + 1);
    expect_ok(bind_port(&m, tcp(&m), LOW + 4));                                   /* for itself */
    expect_error(WSAENETUNREACH, connect_to(&m, sockets[2], ELSEWHERE_V4, 9000)); /* and it is put off still */
    looking.looked = 0;
    expect_ok(connect_to(&m, sockets[2], LOOPBACK_V4, 9000));
    ports_were_all_but(&looking, 1 | 1 << 4, LOW + 2);
}

/* SO_RANDOMIZE_PORT: any port of the block that is not bound. */
static void a_block_gives_any_port_that_is_not_bound(void) {
    struct machine m;
    struct looking looking;
    machine_begin(&m);
    struct grant grant = granted(&m, tcp(&m), LOW, PORTS);
    for (unsigned i = 0; i < 3; i++) {
        uint64_t s = tcp(&m);
        expect_ok(set_option(&m, s, RANDOMIZE_PORT, 1));
        expect_ok(associate(&m, s, grant.token));
        if (i == 2) expect_ok(bind_port(&m, tcp(&m), 0)); /* it is asked from there alone */
        look_at(&m, &looking, CHOICE_PORT);
        expect_ok(bind_port(&m, s, 0));
        ports_were_all_but(&looking, (1u << i) - 1, LOW + i);
    }
}

/* --- blocks ------------------------------------------------------------------------------------------------------- */

/* Q17: a block of three lies anywhere in the range where three ports are free, the last three among them. */
static void a_block_lies_wherever_it_fits(void) {
    struct machine m;
    struct looking looking;
    struct grant grant;
    machine_of_ten_ports(&m);
    also_read(&m, Q17_WILDCARD_PLACEMENT, Q17_ANYWHERE);
    uint64_t s = tcp(&m);
    look_at(&m, &looking, CHOICE_BLOCK_START);
    expect_ok(acquire(&m, s, 0, 3, &grant));
    CU_ASSERT_EQUAL(looking.members, 0xff);
    CU_ASSERT_EQUAL(looking.start, LOW);
    expect_ok(release(&m, s, grant.token));
    expect_ok(bind_port(&m, tcp(&m), LOW + 4));
    looking.looked = 0;
    expect_ok(acquire(&m, s, 0, 3, &grant));
    CU_ASSERT_EQUAL(looking.looked, 1);
    CU_ASSERT_EQUAL(looking.first, LOW);
    CU_ASSERT_EQUAL(looking.last, LOW + PORTS - 3);
    CU_ASSERT_EQUAL(looking.members, 1 | 1 << 1 | 1 << 5 | 1 << 6 | 1 << 7);
    CU_ASSERT_EQUAL(looking.floor, 1);
    CU_ASSERT_EQUAL(looking.ceiling, 65536 - 3);
}

/* --- numbers ------------------------------------------------------------------------------------------------------ */

static void numbers_were(const struct looking *looking, uint64_t first, uint64_t last) {
    CU_ASSERT_EQUAL(looking->looked, 1);
    CU_ASSERT_EQUAL(looking->first, first);
    CU_ASSERT_EQUAL(looking->last, last);
}

/* What is not zeroed padding may be anything else. */
static void padding_is_any_number_but_0(void) {
    struct machine m;
    struct looking looking;
    struct grant grant;
    machine_begin(&m);
    uint64_t s = tcp(&m);
    look_at(&m, &looking, CHOICE_PADDING_BYTES);
    expect_ok(acquire(&m, s, 0, 1, &grant));
    numbers_were(&looking, 1, UINT32_MAX);
    CU_ASSERT(looking.floor > looking.ceiling);
}

/* An int that is not negative; a host that says otherwise is believed. */
static void a_buffer_of_a_socket_is_any_int(void) {
    struct machine m;
    struct looking looking;
    uint32_t value = 0, again = 0;
    machine_begin(&m);
    uint64_t s = tcp(&m);
    look_at(&m, &looking, CHOICE_OPTION);
    expect_ok(get_option(&m, s, SO_RCVBUF, &value));
    numbers_were(&looking, 0, INT32_MAX);
    CU_ASSERT_EQUAL(value, looking.start);
    CU_ASSERT_EQUAL(looking.floor, 0);
    CU_ASSERT_EQUAL(looking.ceiling, UINT32_MAX);
    expect_ok(get_option(&m, s, SO_RCVBUF, &again)); /* asked once, and remembered */
    CU_ASSERT_EQUAL(looking.looked, 1);
    CU_ASSERT_EQUAL(again, value);
}

/* Whole seconds, as many as have passed or more; 0xffffffff says that there is no connection (the page of the
 * options). */
static void the_time_of_a_connection_is_at_least_what_has_passed(void) {
    struct machine m;
    struct looking looking;
    uint32_t value = 0;
    machine_begin(&m);
    struct talk talk = talking(&m);
    for (unsigned seconds = 0; seconds < 3; seconds++) {
        look_at(&m, &looking, CHOICE_CONNECT_TIME);
        expect_ok(get_option(&m, talk.client, SO_CONNECT_TIME, &value));
        numbers_were(&looking, seconds, UINT32_MAX - 1);
        CU_ASSERT_EQUAL(looking.start, seconds);
        CU_ASSERT(looking.floor > looking.ceiling);
        pass_time(&m, 1000);
    }
    m.world->now_ns--; /* a nanosecond short of three seconds */
    look_at(&m, &looking, CHOICE_CONNECT_TIME);
    expect_ok(get_option(&m, talk.client, SO_CONNECT_TIME, &value));
    numbers_were(&looking, 2, UINT32_MAX - 1);
    uint64_t s = tcp(&m);
    look_at(&m, &looking, CHOICE_CONNECT_TIME);
    expect_ok(get_option(&m, s, SO_CONNECT_TIME, &value));
    CU_ASSERT_EQUAL(value, UINT32_MAX);
    CU_ASSERT_EQUAL(looking.looked, 0);
}

void register_choice_sets_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/choice, sets", NULL, NULL);
    CU_add_test(suite, "handles are multiples of four", handles_are_multiples_of_four);
    CU_add_test(suite, "the whole dynamic range may be given", the_whole_dynamic_range_may_be_given);
    CU_add_test(suite, "what is held is not given", what_is_held_is_not_given);
    CU_add_test(suite, "a pool of an address", a_pool_of_an_address_has_what_others_have);
    CU_add_test(suite, "a dual-stack socket has the ports of IPv4", a_dual_stack_socket_has_the_ports_of_ipv4);
    CU_add_test(suite, "a port for each peer", a_port_for_each_peer_is_shared_with_other_peers);
    CU_add_test(suite, "a block gives any port that is not bound", a_block_gives_any_port_that_is_not_bound);
    CU_add_test(suite, "a block lies wherever it fits", a_block_lies_wherever_it_fits);
    CU_add_test(suite, "padding is any number but 0", padding_is_any_number_but_0);
    CU_add_test(suite, "a buffer of a socket is any int", a_buffer_of_a_socket_is_any_int);
    CU_add_test(suite, "the time of a connection", the_time_of_a_connection_is_at_least_what_has_passed);
}
