/* The encoding of a world under other names, which changes nothing, and with another reference, which does. */
#include <stdio.h>

#include "stack/sdk/option_values.h"
#include "stack/tests/fixture_busy.h"
#include "stack/tests/fixture_events.h"
#include "stack/tests/fixture_names.h"
#include "stack/tests/fixture_persistent.h"
#include "stack/tests/fixture_waits.h"

void register_encode_names_tests(void);

static void passes(struct machine *m, unsigned milliseconds) {
    m->unchecked = true;
    pass_time(m, milliseconds);
}

/* Every kind of row is in use at first; then one after another ends. */
static void other_names_change_nothing(void) {
    static struct machine m;
    busy_world(&m, false);
    for (unsigned second = 0; second < 12; second++) {
        for (uint64_t dice = 1; dice <= 8; dice++) CU_ASSERT(encodes_alike_renamed(m.world, 100 * second + dice));
        passes(&m, 1000);
    }
}

/* A socket with several options that are numbers, set in any order. */
static void the_order_of_options_changes_nothing(void) {
    static const int options[] = { SO_RCVBUF, SO_SNDBUF, SO_SNDTIMEO };
    static struct machine one, other;
    for (unsigned first = 0; first < 3; first++) {
        machine_begin(&one);
        machine_begin(&other);
        uint64_t s = tcp(&one), t = tcp(&other);
        for (unsigned i = 0; i < 3; i++) {
            unsigned k = (first + i) % 3;
            expect_ok(set_option(&one, s, options[i], 100 + i));
            expect_ok(set_option(&other, t, options[k], 100 + k));
        }
        CU_ASSERT(same_world(&one, &other));
        expect_ok(set_option(&other, t, SO_SNDBUF, 7));
        CU_ASSERT_FALSE(same_world(&one, &other));
    }
}

/* The first connection of a busy world, ten seconds later. */
static struct tcp_connection *talk_of(struct machine *m) {
    unsigned row = 0;
    busy_world(m, false);
    model_tick(m->world, UINT64_C(10000000000));
    while (!world_connection_at(m->world, row)->used) row++;
    return &world_connection(m->world, row)->tcp;
}

/* RFC 5961 7: so many in five seconds. Once these are over they do not matter. */
static void challenges_count_for_a_while(void) {
    static const uint64_t moments_ns[] = { 0, 1, UINT64_C(4999999999), UINT64_C(5000000000) };
    static struct machine m, other;
    for (unsigned i = 0; i < sizeof moments_ns / sizeof moments_ns[0]; i++)
        for (unsigned challenges = 1; challenges < 3; challenges++) {
            struct tcp_connection *tcp = talk_of(&m);
            struct tcp_connection *none = talk_of(&other);
            none->challenges_from_ns = 5; /* of no challenge */
            tcp->challenges = (uint8_t)challenges;
            tcp->challenges_from_ns = m.world->now_ns - moments_ns[i];
            CU_ASSERT_EQUAL(same_world(&m, &other), i == 3);
            CU_ASSERT(encodes_alike_renamed(m.world, 7));
            *none = *tcp;
            none->challenges_from_ns -= 1;
            CU_ASSERT_EQUAL(same_world(&m, &other), i == 3);
        }
}

/* What a segment is measured from shows while one is. */
static void a_measurement_shows_while_it_runs(void) {
    static struct machine m, other;
    for (unsigned measuring = 0; measuring < 2; measuring++) {
        struct tcp_connection *tcp = talk_of(&m);
        struct tcp_connection *its = talk_of(&other);
        tcp->measuring = its->measuring = (uint8_t)measuring;
        tcp->measured_from_ns = its->measured_from_ns = m.world->now_ns - 77;
        tcp->measured_sequence = its->measured_sequence = 5;
        CU_ASSERT(same_world(&m, &other));
        CU_ASSERT(encodes_alike_renamed(m.world, 8));
        its->measured_from_ns -= 1;
        CU_ASSERT_EQUAL(same_world(&m, &other), !measuring);
        its->measured_from_ns += 1;
        its->measured_sequence += 1;
        CU_ASSERT_EQUAL(same_world(&m, &other), !measuring);
    }
}

/* The store has what the pool has, in whatever order it was written; once the power is lost it is all that counts. */
static void a_store_counts_once_the_power_is_lost(void) {
    static struct machine one, other;
    machine_begin(&one);
    machine_begin(&other);
    created(&one, PROTOCOL_UDP, 30000, 3);
    created(&other, PROTOCOL_UDP, 30000, 3);
    world_store(other.world, PROTOCOL_UDP)[world_store_bytes(other.world) - 1] ^= 1;
    CU_ASSERT(same_world(&one, &other));
    one.world->power = other.world->power = POWER_LOST;
    CU_ASSERT_FALSE(same_world(&one, &other));
    world_store(other.world, PROTOCOL_UDP)[world_store_bytes(other.world) - 1] ^= 1;
    CU_ASSERT(same_world(&one, &other));
    world_store(other.world, PROTOCOL_TCP)[0] ^= 1;
    CU_ASSERT_FALSE(same_world(&one, &other));
}

/* Packets come to two ports, first to the later one, and one is taken; or threads wait there. */
static void use_ports(struct machine *m, bool packets) {
    static const uint8_t threads[] = { FOURTH + 1, THIRD, FOURTH };
    uint64_t ports[2];
    for (unsigned i = 0; i < 2; i++) ports[i] = plain_call(m, FUNCTION_CreateIoCompletionPort, UINT64_MAX, 0, 0);
    for (unsigned i = 0; i < 3; i++) {
        if (packets)
            CU_ASSERT_EQUAL(plain_call(m, FUNCTION_PostQueuedCompletionStatus, ports[(i + 1) % 2], 10 + i, 20), TRUE);
        model_thread_start(m->world, threads[i], PROCESS_APP);
        speak_as(m, threads[i]);
        if (!packets) call_for_packet(m, ports[(i + 1) % 2], INFINITE, RESULT_BLOCKED);
        speak_as(m, APP);
    }
    if (packets) call_for_packet(m, ports[1], INFINITE, RESULT_RETURNED);
}

static void block_there(struct machine *m, unsigned thread, uint64_t socket) {
    speak_as(m, thread);
    control(m, socket, SIO_ADDRESS_LIST_CHANGE);
    run_call(m, &m->call);
    CU_ASSERT_EQUAL(m->result.status, RESULT_BLOCKED);
}

/* A new thread waits for the first two sockets of its process. */
static void select_there(struct machine *m, unsigned thread, const uint64_t sockets[2]) {
    struct call call;
    model_thread_start(m->world, thread, PROCESS_APP);
    call_clear(&call);
    call.function = FUNCTION_select;
    put_set(&call, select_readfds, sockets, 2);
    call.arguments[select_timeout] = 9000;
    speak_as(m, thread);
    run_call(m, &call);
    CU_ASSERT_EQUAL(m->result.status, RESULT_BLOCKED);
    speak_as(m, APP);
}

/* Each with a block, of which the other asks later. */
static void reserve(struct machine *m, const uint64_t sockets[2]) {
    struct grant grants[2];
    for (unsigned i = 0; i < 2; i++) grants[i] = granted(m, sockets[i], 50000 + 10 * i, 2);
    m->world->provider_delay_ns = UINT64_C(60000000000);
    for (unsigned i = 0; i < 2; i++) {
        control_token(m, sockets[i], SIO_ASSOCIATE_PORT_RESERVATION, grants[1 - i].token);
        with_overlapped(m, 2 + i, 0);
        expect_error(WSA_IO_PENDING, perform(m));
    }
}

/* What a busy world has not: threads parked in requests and at two ports, one that a port has served, requests about
 * reservations, files, a socket with an event of its own, two that listen, two selections, packets at two ports. */
static void parked_world(struct machine *m, bool packets) {
    machine_begin(m);
    uint64_t sockets[4], listeners[2], file = 0;
    for (unsigned i = 0; i < 4; i++) sockets[i] = udp(m);
    for (unsigned i = 0; i < 2; i++) {
        expect_ok(bind_at(m, sockets[i], LOOPBACK_V4, 30000 + i));
        listeners[i] = tcp(m);
        expect_ok(bind_at(m, listeners[i], LOOPBACK_V4, 20000 + i));
        expect_ok(listen_on(m, listeners[i]));
        expect_ok(connect_to(m, tcp(m), LOOPBACK_V4, 20000 + i));
        expect_ok(open_file(m, "NUL", &file));
        expect_ok(select_events(m, sockets[i], new_event(m, true, false), i == 0 ? FD_READ : FD_WRITE));
    }
    control(m, sockets[3], SIO_ADDRESS_LIST_CHANGE);
    with_overlapped(m, 0, 0);
    expect_error(WSA_IO_PENDING, perform(m));
    CU_ASSERT_EQUAL(wait_for(m, sockets[3], 0), WAIT_RAN_OUT);
    use_ports(m, packets);
    select_there(m, FOURTH + 2, sockets);
    reserve(m, listeners);
    const uint64_t asked[2] = { udp(m), udp(m) };
    block_there(m, APP_SECOND, asked[0]);
    block_there(m, APP, asked[1]);
}

/* Where a row names another one than it does, the encoding is another. */
static unsigned expect_to_show(const struct machine *m, const struct reference *reference, unsigned row) {
    static struct machine other;
    unsigned tried = 0, now = reference_get(reference, any_row(m->world, reference->table, row));
    for (unsigned target = 0; now != NO_ROW && target < world_top(m->world, reference->target); target++) {
        if (target == now || world_row_is_free(m->world, reference->target, target)) continue;
        other = *m;
        other.world = (void *)other.memory;
        reference_set(reference, any_row(other.world, reference->table, row), target);
        tried++;
        if (!same_world(m, &other)) continue;
        char text[120];
        snprintf(text, sizeof text, "%s of row %u: %u or %u", reference->name, row, now, target);
        CU_assertImplementation(CU_FALSE, __LINE__, text, __FILE__, "", CU_FALSE);
    }
    return tried;
}

/* The numbers of two handles that a thread selects from, the other way round. */
static void the_handles_of_a_wait_show(void) {
    static struct machine m, other;
    parked_world(&m, false);
    other = m;
    other.world = (void *)other.memory;
    CU_ASSERT_EQUAL_FATAL(world_top(m.world, TABLE_SOCKET_WAITS), 2);
    world_socket_wait(other.world, 0)->handle = world_socket_wait_at(m.world, 1)->handle;
    CU_ASSERT_FALSE(same_world(&m, &other));
    world_socket_wait(other.world, 1)->handle = world_socket_wait_at(m.world, 0)->handle;
    CU_ASSERT_FALSE(same_world(&m, &other));
}

static void each_reference_shows(void) {
    static struct machine worlds[3];
    busy_world(&worlds[0], false);
    for (unsigned i = 1; i < 3; i++) {
        parked_world(&worlds[i], i == 1);
        for (uint64_t dice = 1; dice <= 16; dice++) CU_ASSERT(encodes_alike_renamed(worlds[i].world, dice));
    }
    for (unsigned i = 0; i < references_count; i++) {
        const struct reference *reference = &references[i];
        unsigned tried = 0;
        if (reference->derived) continue;
        for (unsigned k = 0; k < 3; k++)
            for (unsigned row = 0; row < world_top(worlds[k].world, reference->table); row++)
                tried += expect_to_show(&worlds[k], reference, row);
        if (tried == 0) CU_assertImplementation(CU_FALSE, __LINE__, reference->name, __FILE__, "", CU_FALSE);
    }
}

/* Each byte that waits to be sent or read. */
static void what_stands_in_a_ring_shows(void) {
    static struct machine m, other;
    unsigned tried[2] = { 0, 0 };
    busy_world(&m, false);
    for (unsigned i = 0; i < world_top(m.world, TABLE_CONNECTIONS); i++)
        for (unsigned ring = 0; ring < 2; ring++) {
            const struct tcp_connection *tcp = &world_connection_at(m.world, i)->tcp;
            uint32_t head = ring == 0 ? tcp->send_head : tcp->receive_head;
            uint32_t count = ring == 0 ? tcp->send_queued : tcp->receive_buffered;
            for (uint32_t k = 0; k < count; k++, tried[ring]++) {
                other = m;
                other.world = (void *)other.memory;
                world_stream(other.world, i, ring)[(head + k) % m.world->limits.stream_bytes] ^= 1;
                CU_ASSERT_FALSE(same_world(&m, &other));
            }
        }
    CU_ASSERT(tried[0] > 0 && tried[1] > 0);
}

void register_encode_names_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model encoding of names", NULL, NULL);
    CU_add_test(suite, "other names change nothing", other_names_change_nothing);
    CU_add_test(suite, "the order of options changes nothing", the_order_of_options_changes_nothing);
    CU_add_test(suite, "challenges count for a while", challenges_count_for_a_while);
    CU_add_test(suite, "a measurement shows while it runs", a_measurement_shows_while_it_runs);
    CU_add_test(suite, "a store counts once the power is lost", a_store_counts_once_the_power_is_lost);
    CU_add_test(suite, "what stands in a ring shows", what_stands_in_a_ring_shows);
    CU_add_test(suite, "the handles of a wait show", the_handles_of_a_wait_show);
    CU_add_test(suite, "each reference shows", each_reference_shows);
}
