/* Persistent reservations: the six functions, sockets that use their blocks, restarts, and the power that fails. */
#include <string.h>

#include "stack/ports/exclusions.h"
#include "stack/ports/pool.h"
#include "stack/tests/fixture_calls.h"
#include "stack/tests/fixture_persistent.h"

void register_persistent_tests(void);

enum { FIRST = 5000, COUNT = 4 };

static uint32_t create_tcp(struct machine *m, unsigned first, unsigned count) {
    uint64_t token = 0;
    return create_block(m, PROTOCOL_TCP, first, count, &token);
}

static uint32_t look_up_tcp(struct machine *m, unsigned first, unsigned count) {
    uint64_t token = 0;
    return look_up_block(m, PROTOCOL_TCP, first, count, &token);
}

/* --- the functions ------------------------------------------------------------------------------------------------ */

static void the_canonical_use(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t token = created(&m, PROTOCOL_TCP, FIRST, COUNT);
    CU_ASSERT_EQUAL(looked_up(&m, PROTOCOL_TCP, FIRST, COUNT), token);
    uint64_t s = tcp(&m);
    expect_ok(associate(&m, s, token));
    expect_ok(bind_port(&m, s, 0));
    CU_ASSERT_EQUAL(port_of(&m, s), FIRST);
    expect_ok(close_socket(&m, s));
    expect_ok(delete_block(&m, PROTOCOL_TCP, FIRST, COUNT));
    expect_error(ERROR_NOT_FOUND, look_up_tcp(&m, FIRST, COUNT));
    expect_error(ERROR_NOT_FOUND, delete_block(&m, PROTOCOL_TCP, FIRST, COUNT));
}

static void ports_travel_in_network_order(void) {
    struct machine m;
    machine_begin(&m);
    /* 0x1388 is 5000; a caller that forgets htons() passes it as it is and reserves 0x8813. */
    expect_ok(ask_oddly(&m, FUNCTION_CreatePersistentTcpPortReservation, 0x1388, 1, RANGE_GOOD));
    expect_ok(look_up_tcp(&m, 0x8813, 1));
    expect_error(ERROR_NOT_FOUND, look_up_tcp(&m, FIRST, 1));
}

static void zeros_and_ends_are_refused(void) {
    struct machine m;
    machine_begin(&m);
    expect_error(ERROR_INVALID_PARAMETER, create_tcp(&m, 0, 1));
    expect_error(ERROR_INVALID_PARAMETER, create_tcp(&m, FIRST, 0));
    expect_error(ERROR_INVALID_PARAMETER, create_tcp(&m, 65535, 2));
    expect_ok(create_tcp(&m, 65535, 1));
    expect_error(ERROR_INVALID_PARAMETER, look_up_tcp(&m, 0, 1));
    expect_error(ERROR_INVALID_PARAMETER, look_up_tcp(&m, FIRST, 0));
    expect_error(ERROR_INVALID_PARAMETER, delete_block(&m, PROTOCOL_TCP, 0, 1));
    expect_error(ERROR_INVALID_PARAMETER, delete_block(&m, PROTOCOL_TCP, FIRST, 0));
}

/* Q63: of a block of which a part is deleted the rest stays, before it and after it, and once more after a restart.
 * Every part that there is, and those that go beyond it. */
static void every_part_of_a_block_can_be_deleted(void) {
    enum { BLOCK_PORTS = 5, BLOCK_END = FIRST + BLOCK_PORTS };
    for (unsigned first = FIRST - 2; first < BLOCK_END; first++) {
        for (unsigned end = first + 1; end <= BLOCK_END + 2; end++) {
            struct machine m;
            const struct port_space space = { .protocol = PROTOCOL_TCP, .families = FAMILY_BOTH };
            machine_with_reading(&m, Q63_DELETE_PART, Q63_OVERLAP_DELETED);
            created(&m, PROTOCOL_TCP, FIRST, BLOCK_PORTS);
            bool shares = end > FIRST;
            expect_error(shares ? 0 : ERROR_NOT_FOUND, delete_block(&m, PROTOCOL_TCP, first, end - first));
            for (unsigned round = 0; round < 2; round++) {
                for (unsigned port = FIRST - 2; port < BLOCK_END + 2; port++) {
                    bool stays = port >= FIRST && port < BLOCK_END && (port < first || port >= end);
                    CU_ASSERT_EQUAL(pool_reservation_at(m.world, space, port) != NO_ROW, stays);
                }
                restart(&m);
            }
        }
    }
}

/* Q20: where port 0 is any port, it is so for Create alone; Lookup and Delete name a block that is there. */
static void port_zero_is_any_port_for_create_alone(void) {
    struct machine m;
    machine_with_reading(&m, Q20_PERSISTENT_PORT_0, Q20_WILDCARD);
    expect_ok(create_tcp(&m, 0, 1));
    expect_error(ERROR_INVALID_PARAMETER, look_up_tcp(&m, 0, 1));
    expect_error(ERROR_INVALID_PARAMETER, delete_block(&m, PROTOCOL_TCP, 0, 1));
    expect_error(ERROR_INVALID_PARAMETER, create_tcp(&m, 0, 0));
}

static void a_port_in_use_is_refused(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = tcp(&m);
    expect_ok(bind_port(&m, s, FIRST + 3));
    expect_error(ERROR_SHARING_VIOLATION, create_tcp(&m, FIRST, COUNT));
    expect_ok(create_tcp(&m, FIRST, COUNT - 1));
    expect_error(ERROR_SHARING_VIOLATION, create_tcp(&m, FIRST, COUNT - 1)); /* the same block */
    expect_error(ERROR_SHARING_VIOLATION, create_tcp(&m, FIRST - 2, 3));     /* its first port */
    expect_ok(create_tcp(&m, FIRST - 2, 2));
    CU_ASSERT_NOT_EQUAL(exclusion_add(m.world, PROTOCOL_TCP, 6000, 6009, false), NO_ROW); /* foreign, without a mark */
    expect_error(ERROR_SHARING_VIOLATION, create_tcp(&m, 6009, 1));
}

static void protocols_are_apart_and_families_are_not(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t token = created(&m, PROTOCOL_TCP, FIRST, COUNT);
    expect_error(ERROR_NOT_FOUND, delete_block(&m, PROTOCOL_UDP, FIRST, COUNT));
    uint64_t other = created(&m, PROTOCOL_UDP, FIRST, COUNT);
    CU_ASSERT_NOT_EQUAL(token, other);
    expect_error(WSAEINVAL, associate(&m, udp(&m), token));
    expect_error(WSAEACCES, bind_port(&m, tcp_v6(&m), FIRST));
    uint64_t v6 = tcp_v6(&m);
    expect_ok(associate(&m, v6, token));
    expect_ok(bind_port(&m, v6, FIRST));
}

static void the_pool_knows_the_block(void) {
    struct machine m;
    struct grant grant;
    machine_begin(&m);
    created(&m, PROTOCOL_TCP, 49152, 2);
    expect_error(WSAEADDRINUSE, acquire(&m, tcp(&m), 49153, 1, &grant));
    uint64_t s = tcp(&m);
    expect_ok(bind_port(&m, s, 0));
    CU_ASSERT_EQUAL(port_of(&m, s), 49154);
}

static void standard_users_may_only_look(void) {
    struct machine m;
    uint64_t token = 0;
    machine_begin(&m);
    created(&m, PROTOCOL_TCP, FIRST, COUNT);
    start_as_user(&m);
    speak_as(&m, TOOL);
    expect_error(ERROR_ACCESS_DENIED, create_tcp(&m, 6000, 1));
    expect_error(ERROR_ACCESS_DENIED, delete_block(&m, PROTOCOL_TCP, FIRST, COUNT));
    expect_ok(look_up_block(&m, PROTOCOL_TCP, FIRST, COUNT, &token));
    expect_error(WSAEACCES, associate(&m, tcp(&m), token));
    expect_error(ERROR_ACCESS_DENIED, delete_block(&m, PROTOCOL_TCP, 1, 1)); /* not even whether it is there */
}

static void winsock_need_not_be_started(void) {
    struct machine m;
    machine_begin(&m);
    model_process_start(m.world, PROCESS_TOOL, TOOL, 0, 0);
    speak_as(&m, TOOL);
    expect_ok(create_tcp(&m, FIRST, COUNT));
}

static void a_machine_without_memory_or_room_refuses(void) {
    struct machine m;
    machine_begin(&m);
    model_no_memory(m.world, true);
    expect_error(ERROR_NOT_ENOUGH_MEMORY, create_tcp(&m, FIRST, 1));
    model_no_memory(m.world, false);
    for (unsigned i = 0; i < m.world->limits.stored; i++) expect_ok(create_tcp(&m, FIRST + i, 1));
    expect_error(ERROR_NOT_ENOUGH_MEMORY, create_tcp(&m, FIRST + 100, 1));
    expect_ok(delete_block(&m, PROTOCOL_TCP, FIRST + 1, 1));
    expect_ok(create_tcp(&m, FIRST + 100, 1));
}

/* Answers CHOICE_TOKEN_LEFT by `left`, and nothing else. */
struct leaving {
    struct chooser chooser;
    struct chooser *inner;
    unsigned left;
};

static unsigned leave(struct chooser *chooser, enum choice what, unsigned count) {
    struct leaving *self = (struct leaving *)chooser;
    return what == CHOICE_TOKEN_LEFT ? self->left : choose(self->inner, what, count);
}

static uint64_t leave_member(struct chooser *chooser, enum choice what, const struct choice_set *set) {
    return choose_member(((struct leaving *)chooser)->inner, what, set);
}

/* What no source tells: of a function that fails, the token is left alone or is 0, all of it. */
static void a_token_is_left_or_is_zero_after_a_failure(void) {
    static const enum function functions[] = { FUNCTION_CreatePersistentTcpPortReservation,
                                               FUNCTION_LookupPersistentTcpPortReservation };
    for (unsigned i = 0; i < 4; i++) {
        struct machine m;
        machine_begin(&m);
        struct leaving leaving = { { leave, leave_member }, m.chooser, i & 1 };
        m.chooser = &leaving.chooser;
        struct call call;
        call_clear(&call);
        call.thread = APP;
        call.function = (uint16_t)functions[i / 2];
        call.arguments[CreatePersistentTcpPortReservation_StartPort] = 0x401f;
        call.arguments[CreatePersistentTcpPortReservation_NumberOfPorts] = i / 2 == 0 ? 0 : 1;
        call.arguments[CreatePersistentTcpPortReservation_Token] = 0x1000;
        call.ranges[CreatePersistentTcpPortReservation_Token] =
            (struct range){ .state = RANGE_GOOD, .address = 0x1000, .length = PORT_TOKEN_SIZE };
        run_call(&m, &call);
        CU_ASSERT_EQUAL(m.result.value, i / 2 == 0 ? ERROR_INVALID_PARAMETER : ERROR_NOT_FOUND);
        const uint8_t *token = written(&m, 0x1000, PORT_TOKEN_SIZE);
        CU_ASSERT_EQUAL(token != NULL, (i & 1) == 1);
        if (token != NULL) CU_ASSERT_EQUAL(load_u64(token), 0);
    }
}

/* --- several processes -------------------------------------------------------------------------------------------- */

static void any_privileged_process_consumes_the_block(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t token = created(&m, PROTOCOL_TCP, FIRST, 2);
    CU_ASSERT_EQUAL(take_port(&m, token), FIRST);
    start_as_administrator(&m);
    speak_as(&m, TOOL);
    CU_ASSERT_EQUAL(take_port(&m, token), FIRST + 1);
    uint64_t late = tcp(&m);
    expect_ok(associate(&m, late, token));
    expect_error(WSAEADDRINUSE, bind_port(&m, late, 0)); /* used up: Q46 */
    speak_as(&m, APP);
    model_process_end(m.world, m.chooser, PROCESS_TOOL, &m.result);
    expect_ok(look_up_tcp(&m, FIRST, 2));
}

static void delete_leaves_bound_sockets_alone(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t token = created(&m, PROTOCOL_TCP, FIRST, 2);
    uint64_t bound = tcp(&m), waiting = tcp(&m);
    expect_ok(associate(&m, bound, token));
    expect_ok(bind_port(&m, bound, 0));
    expect_ok(associate(&m, waiting, token));
    expect_ok(delete_block(&m, PROTOCOL_TCP, FIRST, 2));
    CU_ASSERT_EQUAL(port_of(&m, bound), FIRST);
    expect_error(WSAEINVAL, bind_port(&m, waiting, 0)); /* Q55 */
    expect_error(WSAEINVAL, associate(&m, tcp(&m), token));
    expect_ok(bind_port(&m, tcp(&m), FIRST + 1));                    /* anybody's again */
    expect_error(ERROR_SHARING_VIOLATION, create_tcp(&m, FIRST, 2)); /* while the socket lives */
}

static void parts_are_deleted_where_the_reading_says_so(void) {
    struct machine m;
    machine_with_reading(&m, Q63_DELETE_PART, Q63_OVERLAP_DELETED);
    uint64_t token = created(&m, PROTOCOL_TCP, FIRST, 10);
    expect_ok(delete_block(&m, PROTOCOL_TCP, FIRST + 4, 2));
    CU_ASSERT_EQUAL(looked_up(&m, PROTOCOL_TCP, FIRST, 4), token);
    CU_ASSERT_NOT_EQUAL(looked_up(&m, PROTOCOL_TCP, FIRST + 6, 4), token);
    expect_ok(delete_block(&m, PROTOCOL_TCP, FIRST, 1));
    CU_ASSERT_EQUAL(looked_up(&m, PROTOCOL_TCP, FIRST + 1, 3), token);
    expect_ok(delete_block(&m, PROTOCOL_TCP, FIRST - 10, 100));
    expect_error(ERROR_NOT_FOUND, delete_block(&m, PROTOCOL_TCP, FIRST - 10, 100));
    restart(&m);
    expect_ok(create_tcp(&m, FIRST, 10));
}

static void a_block_over_runtime_reservations_serves_its_own(void) {
    struct machine m;
    machine_with_reading(&m, Q31_PERSISTENT_OVER_RUNTIME, Q31_ALLOWED);
    uint64_t runtime = granted(&m, tcp(&m), FIRST, 1).token;
    uint64_t persistent = created(&m, PROTOCOL_TCP, FIRST, 2);
    uint64_t one = tcp(&m), other = tcp(&m);
    expect_ok(associate(&m, one, runtime));
    expect_ok(associate(&m, other, persistent));
    expect_ok(bind_port(&m, one, FIRST));
    expect_ok(bind_port(&m, other, 0));
    CU_ASSERT_EQUAL(port_of(&m, other), FIRST + 1);
}

/* --- restarts ----------------------------------------------------------------------------------------------------- */

static void blocks_survive_and_tokens_change(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t first = created(&m, PROTOCOL_TCP, FIRST, COUNT);
    uint64_t second = created(&m, PROTOCOL_UDP, FIRST, 1);
    granted(&m, tcp(&m), 6000, 1);
    restart(&m);
    expect_error(WSAEACCES, bind_port(&m, tcp(&m), FIRST));
    expect_ok(bind_port(&m, tcp(&m), 6000));
    expect_error(WSAEINVAL, associate(&m, tcp(&m), first));
    uint64_t now = looked_up(&m, PROTOCOL_TCP, FIRST, COUNT);
    CU_ASSERT_NOT_EQUAL(now, first);
    CU_ASSERT_EQUAL(looked_up(&m, PROTOCOL_TCP, FIRST, COUNT), now);
    CU_ASSERT_NOT_EQUAL(looked_up(&m, PROTOCOL_UDP, FIRST, 1), second);
    take_port(&m, now);
}

static void a_token_that_another_got_is_gone(void) {
    struct machine m;
    machine_with_reading(&m, Q93_TOKENS_AFTER_RESTART,
                         Q93_STAY); /* tokens stay, but the one of this block is given away first */
    created(&m, PROTOCOL_TCP, FIRST, COUNT);
    restart(&m);
    uint64_t old = m.world->reservation_serial + UINT64_C(1); /* the next that this machine gives */
    world_reservation(m.world, 0)->token = old;
    CU_ASSERT_EQUAL(granted(&m, tcp(&m), 6000, 1).token, old);
    CU_ASSERT_NOT_EQUAL(looked_up(&m, PROTOCOL_TCP, FIRST, COUNT), old);
}

static void another_machine_starts_with_this_ones_store(void) {
    struct machine m, other;
    struct store_findings findings = { 0 };
    machine_begin(&m);
    created(&m, PROTOCOL_TCP, FIRST, COUNT);
    created(&m, PROTOCOL_TCP, 7000, 1);
    machine_begin(&other);
    model_process_end(other.world, other.chooser, PROCESS_APP, &other.result);
    memcpy(world_store(other.world, PROTOCOL_TCP), world_store(m.world, PROTOCOL_TCP), world_store_bytes(m.world));
    memset(world_store(other.world, PROTOCOL_UDP), 'x', world_store_bytes(m.world));
    model_boot(other.world, &findings);
    CU_ASSERT_EQUAL(findings.count, 3); /* both copies of UDP's, and that nothing is left of it */
    restart(&other);
    expect_ok(look_up_tcp(&other, 7000, 1));
    expect_ok(look_up_tcp(&other, FIRST, COUNT));
    uint64_t token = 0;
    expect_ok(create_block(&other, PROTOCOL_UDP, 7000, 1, &token));
}

/* What another world reported must not be reported again as something new. */
static void a_machine_that_is_read_back_continues_to_count(void) {
    struct machine m, other;
    struct store_findings findings = { 0 };
    machine_begin(&m);
    uint64_t before = created(&m, PROTOCOL_TCP, FIRST, COUNT);
    machine_begin(&other);
    model_process_end(other.world, other.chooser, PROCESS_APP, &other.result);
    memcpy(world_store(other.world, PROTOCOL_TCP), world_store(m.world, PROTOCOL_TCP), world_store_bytes(m.world));
    reservations_count_from(other.world, 1000);
    model_boot(other.world, &findings);
    restart(&other);
    uint64_t now = looked_up(&other, PROTOCOL_TCP, FIRST, COUNT);
    CU_ASSERT_NOT_EQUAL(now, before);
    CU_ASSERT_TRUE(now > 1000);
}

/* --- the power fails ---------------------------------------------------------------------------------------------- */

static struct call creates_at_8000(void) {
    struct call call;
    call_clear(&call);
    call.thread = APP;
    call.function = FUNCTION_CreatePersistentTcpPortReservation;
    call.arguments[CreatePersistentTcpPortReservation_StartPort] = 0x401f; /* 8000 in network order */
    call.arguments[CreatePersistentTcpPortReservation_NumberOfPorts] = 3;
    call.arguments[CreatePersistentTcpPortReservation_Token] = 0x1000;
    call.ranges[CreatePersistentTcpPortReservation_Token] =
        (struct range){ .state = RANGE_GOOD, .address = 0x1000, .length = PORT_TOKEN_SIZE };
    return call;
}

/* A Create that loses the power at sector `sector`, which was not written (1) or torn (2). True: the block is there
 * after the restart. */
static bool block_survives(unsigned sector, unsigned answer, bool *crashed) {
    struct machine m;
    machine_begin(&m);
    for (unsigned i = 0; i < 6; i++) expect_ok(create_tcp(&m, FIRST + 10 * i, 2));
    struct failing_chooser failing;
    failing_chooser_init(&failing, m.chooser, sector, answer);
    const struct call call = creates_at_8000();
    model_power_fails(m.world, true);
    model_call(m.world, &failing.chooser, &call, &m.result);
    *crashed = m.world->power == POWER_LOST;
    CU_ASSERT_EQUAL(m.result.status, *crashed ? RESULT_BLOCKED : RESULT_RETURNED);
    CU_ASSERT_EQUAL(world_thread(m.world, APP)->state, *crashed ? THREAD_WAITING : THREAD_RUNNING);
    CU_ASSERT_PTR_NULL(model_check(m.world));
    restart(&m);
    for (unsigned i = 0; i < 6; i++) expect_ok(look_up_tcp(&m, FIRST + 10 * i, 2));
    uint32_t error = look_up_tcp(&m, 8000, 3);
    CU_ASSERT_TRUE(error == 0 || error == ERROR_NOT_FOUND);
    return error == 0;
}

/* Of a sector that is not written not a byte changes; of one that is torn, the first half. */
static void a_sector_that_is_not_written_is_as_it_was(void) {
    static uint8_t before[4096];
    for (unsigned answer = 1; answer <= 2; answer++) {
        struct machine m;
        machine_begin(&m);
        expect_ok(create_tcp(&m, FIRST, 2));
        uint32_t bytes = world_store_bytes(m.world), first = UINT32_MAX, last = 0;
        CU_ASSERT_FATAL(bytes > 0 && bytes <= sizeof before);
        memcpy(before, world_store_at(m.world, PROTOCOL_TCP), bytes);
        struct failing_chooser failing;
        failing_chooser_init(&failing, m.chooser, 0, answer);
        const struct call call = creates_at_8000();
        model_power_fails(m.world, true);
        model_call(m.world, &failing.chooser, &call, &m.result);
        CU_ASSERT_EQUAL(m.world->power, POWER_LOST);
        const uint8_t *after = world_store_at(m.world, PROTOCOL_TCP);
        for (uint32_t i = 0; i < bytes; i++) {
            if (after[i] == before[i]) continue;
            first = i < first ? i : first;
            last = i;
        }
        if (answer == 1) CU_ASSERT_EQUAL(first, UINT32_MAX);
        if (answer == 2) CU_ASSERT_EQUAL(first / STORE_SECTOR_BYTES, last / STORE_SECTOR_BYTES);
        if (answer == 2) CU_ASSERT(last % STORE_SECTOR_BYTES < STORE_SECTOR_BYTES / 2);
    }
}

static void the_old_or_the_new_store_is_there_after_the_restart(void) {
    bool crashed = true;
    for (unsigned sector = 0; crashed; sector++) {
        CU_ASSERT_TRUE_FATAL(sector < 16);
        for (unsigned answer = 1; answer <= 2; answer++) {
            bool survives = block_survives(sector, answer, &crashed);
            CU_ASSERT_TRUE(crashed || survives);
        }
    }
}

/* Passes on what it is asked, and notes whether this token is among those that may be drawn. */
struct watching_chooser {
    struct chooser chooser;
    struct chooser *inner;
    uint64_t token;
    unsigned draws, offers;
};

static unsigned watched_choice(struct chooser *chooser, enum choice what, unsigned count) {
    return choose(((struct watching_chooser *)chooser)->inner, what, count);
}

static uint64_t watched_member(struct chooser *chooser, enum choice what, const struct choice_set *set) {
    struct watching_chooser *self = (struct watching_chooser *)chooser;
    if (what == CHOICE_TOKEN) self->draws++;
    if (what == CHOICE_TOKEN) self->offers += set->contains(set, self->token);
    return choose_member(self->inner, what, set);
}

/* Q68=b: a token may change between two calls of Lookup, and need not. */
static void a_token_that_may_change_may_stay(void) {
    struct machine m;
    machine_with_reading(&m, Q68_TOKENS_IN_ONE_BOOT, Q68_CHANGING);
    struct watching_chooser watching = { .chooser = { watched_choice, watched_member }, .inner = m.chooser };
    watching.token = created(&m, PROTOCOL_TCP, FIRST, COUNT);
    m.chooser = &watching.chooser;
    looked_up(&m, PROTOCOL_TCP, FIRST, COUNT);
    CU_ASSERT_EQUAL(watching.draws, 1);
    CU_ASSERT_EQUAL(watching.offers, 1);
}

/* Q93: after a restart the token that was is among those that may be drawn where it may stay; where it stays none is
 * drawn. The second time it is asked for it is what it was reported to be. */
static void a_restart_offers_the_token_that_may_stay(void) {
    static const struct {
        unsigned reading, draws, offers;
    } cases[] = { { Q93_CHANGE, 1, 0 }, { Q93_STAY, 0, 0 }, { Q93_EITHER, 1, 1 } };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct machine m;
        machine_with_reading(&m, Q93_TOKENS_AFTER_RESTART, cases[i].reading);
        struct watching_chooser watching = { .chooser = { watched_choice, watched_member }, .inner = m.chooser };
        watching.token = created(&m, PROTOCOL_TCP, FIRST, COUNT);
        restart(&m);
        m.chooser = &watching.chooser;
        uint64_t token = looked_up(&m, PROTOCOL_TCP, FIRST, COUNT);
        CU_ASSERT_EQUAL(watching.draws, cases[i].draws);
        CU_ASSERT_EQUAL(watching.offers, cases[i].offers);
        CU_ASSERT_EQUAL(token == watching.token, cases[i].reading == Q93_STAY);
        CU_ASSERT_EQUAL(looked_up(&m, PROTOCOL_TCP, FIRST, COUNT), token);
        CU_ASSERT_EQUAL(watching.draws, cases[i].draws);
    }
}

/* Once a token was refused after a restart, Lookup gives another. */
static void a_token_that_was_refused_does_not_come_back(void) {
    struct machine m;
    machine_with_reading(&m, Q93_TOKENS_AFTER_RESTART, Q93_CHANGE);
    struct watching_chooser watching = { .chooser = { watched_choice, watched_member }, .inner = m.chooser };
    watching.token = created(&m, PROTOCOL_TCP, FIRST, COUNT);
    restart(&m);
    CU_ASSERT_NOT_EQUAL(associate(&m, tcp(&m), watching.token), 0);
    m.chooser = &watching.chooser;
    CU_ASSERT_NOT_EQUAL(looked_up(&m, PROTOCOL_TCP, FIRST, COUNT), watching.token);
    CU_ASSERT_EQUAL(watching.draws, 1);
    CU_ASSERT_EQUAL(watching.offers, 0);
}

/* A store may have room for one entry only. */
static void a_store_of_one_entry_keeps_it(void) {
    struct machine m;
    struct world_limits limits = world_limits_small();
    limits.stored = 1;
    machine_begin(&m);
    m.world = world_create(m.memory, &limits);
    model_process_start(m.world, PROCESS_APP, APP, 0, 0x0202);
    expect_ok(create_tcp(&m, FIRST, COUNT));
    expect_error(ERROR_NOT_ENOUGH_MEMORY, create_tcp(&m, FIRST + COUNT, 1));
    restart(&m);
    expect_ok(look_up_tcp(&m, FIRST, COUNT));
    expect_ok(delete_block(&m, PROTOCOL_TCP, FIRST, COUNT));
    expect_ok(create_tcp(&m, FIRST + COUNT, 1));
}

/* Q93=c: once an old token was found to hold, it holds, and once it was found to be gone, it is gone. */
static void an_old_token_is_asked_about_once(void) {
    enum { SEEDS = 16, TRIES = 6 };
    unsigned held = 0;
    for (unsigned seed = 0; seed < SEEDS; seed++) {
        struct machine m;
        machine_with_reading(&m, Q93_TOKENS_AFTER_RESTART, Q93_EITHER);
        simulating_chooser_init(&m.simulating, &m.profile, seed);
        uint64_t token = created(&m, PROTOCOL_TCP, 40000, 4);
        restart(&m);
        uint32_t first = associate(&m, tcp(&m), token);
        held += first == 0;
        for (unsigned i = 0; i < TRIES; i++) CU_ASSERT_EQUAL(associate(&m, tcp(&m), token), first);
    }
    CU_ASSERT(held > 0 && held < SEEDS);
}

void register_persistent_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/persistent", NULL, NULL);
    CU_add_test(suite, "the canonical use", the_canonical_use);
    CU_add_test(suite, "ports travel in network order", ports_travel_in_network_order);
    CU_add_test(suite, "a token that may change may stay", a_token_that_may_change_may_stay);
    CU_add_test(suite, "a restart offers the token that may stay", a_restart_offers_the_token_that_may_stay);
    CU_add_test(suite, "a token that was refused does not come back", a_token_that_was_refused_does_not_come_back);
    CU_add_test(suite, "a token is left or is zero after a failure", a_token_is_left_or_is_zero_after_a_failure);
    CU_add_test(suite, "zeros and ends are refused", zeros_and_ends_are_refused);
    CU_add_test(suite, "every part of a block can be deleted", every_part_of_a_block_can_be_deleted);
    CU_add_test(suite, "a sector that is not written is as it was", a_sector_that_is_not_written_is_as_it_was);
    CU_add_test(suite, "port zero is any port for Create alone", port_zero_is_any_port_for_create_alone);
    CU_add_test(suite, "a port in use is refused", a_port_in_use_is_refused);
    CU_add_test(suite, "protocols are apart and families are not", protocols_are_apart_and_families_are_not);
    CU_add_test(suite, "the pool knows the block", the_pool_knows_the_block);
    CU_add_test(suite, "standard users may only look", standard_users_may_only_look);
    CU_add_test(suite, "winsock need not be started", winsock_need_not_be_started);
    CU_add_test(suite, "a machine without memory or room refuses", a_machine_without_memory_or_room_refuses);
    CU_add_test(suite, "any privileged process consumes the block", any_privileged_process_consumes_the_block);
    CU_add_test(suite, "delete leaves bound sockets alone", delete_leaves_bound_sockets_alone);
    CU_add_test(suite, "parts are deleted where the reading says so", parts_are_deleted_where_the_reading_says_so);
    CU_add_test(suite, "a block over runtime reservations serves its own",
                a_block_over_runtime_reservations_serves_its_own);
    CU_add_test(suite, "blocks survive and tokens change", blocks_survive_and_tokens_change);
    CU_add_test(suite, "a token that another got is gone", a_token_that_another_got_is_gone);
    CU_add_test(suite, "another machine starts with this one's store", another_machine_starts_with_this_ones_store);
    CU_add_test(suite, "a store of one entry keeps it", a_store_of_one_entry_keeps_it);
    CU_add_test(suite, "a machine that is read back continues to count",
                a_machine_that_is_read_back_continues_to_count);
    CU_add_test(suite, "the old or the new store is there after the restart",
                the_old_or_the_new_store_is_there_after_the_restart);
    CU_add_test(suite, "an old token is asked about once", an_old_token_is_asked_about_once);
}
