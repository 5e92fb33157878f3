/* What befalls a machine: processes end, the network goes down, it restarts. And the port pool's searches at their
 * edges. */
#include <string.h>

#include "stack/ports/exclusions.h"
#include "stack/ports/pool.h"
#include "stack/tests/fixture_busy.h"

void register_model_machine_tests(void);

static void end_process(struct machine *m, unsigned process) {
    result_clear(&m->result);
    model_process_end(m->world, m->chooser, process, &m->result);
    CU_ASSERT_PTR_NULL(model_check(m->world));
}

static void a_process_takes_all_with_it(void) {
    struct machine m;
    machine_begin(&m);
    struct machine empty;
    machine_with_two_processes(&empty);
    speak_as(&m, APP);
    start_tool(&m, 0);
    speak_as(&m, TOOL);
    uint64_t s = tcp(&m), file = 0;
    struct grant grant = granted(&m, s, 50000, 10);
    expect_ok(release(&m, s, grant.token));
    grant = granted(&m, s, 50000, 10);
    take_port(&m, grant.token);
    new_event(&m, true, false);
    expect_ok(open_file(&m, "NUL", &file));
    end_process(&m, PROCESS_TOOL);
    speak_as(&m, APP);
    expect_ok(bind_port(&m, tcp(&m), 50000));
    for (unsigned table = TABLE_HANDLES; table < TABLE_EXCLUSIONS; table++)
        CU_ASSERT_EQUAL(world_top(m.world, (enum table)table),
                        table == TABLE_HANDLES || table == TABLE_SOCKETS ? 1 : 0);
    start_tool(&m, 0);
    speak_as(&m, TOOL);
    expect_error(WSAEINVAL, associate(&m, tcp(&m), grant.token));
}

static void a_process_ends_with_parked_threads_and_open_requests(void) {
    struct machine m;
    machine_with_reading(&m, Q70_OVERLAPPED_SUCCESS, Q70_PENDING);
    start_tool(&m, 0);
    speak_as(&m, TOOL);
    uint64_t s = tcp(&m);
    uint64_t event = new_event(&m, true, false);
    control_acquire(&m, s, 0, 1);
    with_overlapped(&m, 0, event);
    with_routine(&m, RANGE_GOOD);
    expect_error(WSA_IO_PENDING, issue(&m));
    struct call wait;
    call_clear(&wait);
    wait.thread = TOOL_SECOND;
    wait.function = FUNCTION_WaitForSingleObject;
    wait.arguments[WaitForSingleObject_hHandle] = event;
    wait.arguments[WaitForSingleObject_dwMilliseconds] = UINT32_MAX;
    struct result result;
    model_call(m.world, m.chooser, &wait, &result);
    CU_ASSERT_EQUAL(result.status, RESULT_BLOCKED);
    end_process(&m, PROCESS_TOOL);
    CU_ASSERT_EQUAL(model_steps_enabled(m.world), 0);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_EVENTS), 0);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_ROUTINES), 0);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_RESERVATIONS), 0);
}

/* Nothing remains of a process: the world is as if it had never run. */
static void an_ended_process_leaves_no_trace(void) {
    struct machine m, never;
    machine_begin(&never);
    machine_begin(&m);
    start_tool(&m, 3);
    speak_as(&m, TOOL);
    take_port(&m, granted(&m, tcp(&m), 0, 4).token);
    end_process(&m, PROCESS_TOOL);
    memcpy(never.world->block_cursor, m.world->block_cursor,
           sizeof m.world->block_cursor); /* the next block is placed after it (Q17=b) */
    CU_ASSERT_TRUE(same_world(&m, &never));
}

static void a_restart_ends_everything_but_settings(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    CU_ASSERT_NOT_EQUAL(exclusion_add(m.world, PROTOCOL_TCP, 49152, 49200, false), NO_ROW);
    m.world->dynamic_last[PROTOCOL_UDP] = 60000;
    struct grant grant = granted(&m, s, 50000, 10);
    take_port(&m, grant.token);
    model_network_down(m.world, true);
    pass_time(&m, 5);
    model_reboot(m.world);
    CU_ASSERT_PTR_NULL(model_check(m.world));
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_PROCESSES), 0);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_SOCKETS), 0);
    CU_ASSERT_EQUAL(m.world->now_ns, 0);
    model_process_start(m.world, PROCESS_APP, APP, 0, 0x0202);
    expect_error(WSAEINVAL, associate(&m, tcp(&m), grant.token));
    uint64_t again = tcp(&m);
    expect_ok(bind_port(&m, again, 0));
    CU_ASSERT_EQUAL(port_of(&m, again), 49201);
    expect_ok(bind_port(&m, tcp(&m), 50000));
    CU_ASSERT_EQUAL(m.world->dynamic_last[PROTOCOL_UDP], 60000);
}

static void the_order_of_building_does_not_matter(void) {
    struct machine one, other;
    for (unsigned i = 0; i < 2; i++) {
        struct machine *m = i == 0 ? &one : &other;
        machine_begin(m);
        if (i == 1) expect_ok(close_socket(m, udp(m))); /* other rows, other numbers */
        uint64_t s = tcp(m);
        if (i == 1) granted(m, udp(m), 51000, 1);
        take_port(m, granted(m, s, 50000, 4).token);
        if (i == 0) granted(m, udp(m), 51000, 1);
    }
    CU_ASSERT_FALSE(same_world(&one, &other)); /* the handles come in another order */
    struct machine third = one;
    third.world = (void *)third.memory;
    third.chooser = &third.simulating.chooser;
    expect_ok(close_socket(&third, udp(&third)));
    CU_ASSERT_TRUE(same_world(&one, &third));
    uint64_t s = udp(&third);
    expect_ok(release(&third, s, granted(&third, s, 52000, 1).token));
    expect_ok(close_socket(&third, s));
    CU_ASSERT_FALSE(same_world(&one, &third)); /* a tombstone is a fact: Q60 */
}

static void a_clone_is_a_world_of_its_own(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    _Alignas(8) uint64_t copy[MACHINE_WORLD_BYTES / 8];
    world_clone(copy, m.world);
    CU_ASSERT_EQUAL(memcmp(copy, m.memory, m.world->slots_offset), 0);
    expect_ok(bind_port(&m, s, 7000));
    CU_ASSERT_EQUAL(world_socket_at((struct world *)(void *)copy, 0)->port, 0);
    CU_ASSERT_PTR_NULL(model_check((struct world *)(void *)copy));
}

/* The memory that it is cloned into was full of something else. Bytes of packets, datagrams and rings that count are
 * copied; the others may be anything. */
static void a_clone_of_a_busy_world_has_all_that_counts(void) {
    static struct machine busy, clone;
    busy_world(&busy, true);
    memset(clone.memory, 0xdb, sizeof clone.memory);
    world_clone(clone.memory, busy.world);
    clone.world = (struct world *)(void *)clone.memory;
    CU_ASSERT(clone.world->packets_count > 0);
    CU_ASSERT(world_top(clone.world, TABLE_DATAGRAMS) > 0);
    CU_ASSERT_PTR_NULL(model_check(clone.world));
    CU_ASSERT_TRUE(same_world(&busy, &clone));
}

/* A reading is none of what is compared; every byte of a packet, a datagram or a ring that counts is. */
static void a_copy_is_one_until_a_byte_that_counts_changes(void) {
    enum { RECEIVE_RING = 1 };
    static struct machine busy, clone;
    busy_world(&busy, true);
    memset(clone.memory, 0xdb, sizeof clone.memory);
    world_clone(clone.memory, busy.world);
    clone.world = (struct world *)(void *)clone.memory;
    CU_ASSERT_TRUE(world_is_copy_but_readings(busy.world, clone.world));
    clone.world->readings[Q6_BYTES_OF_ACQUIRE] ^= 1;
    CU_ASSERT_TRUE(world_is_copy_but_readings(busy.world, clone.world));
    unsigned packet = clone.world->packets_head, rings = 0;
    uint8_t *counting[8] = { &clone.world->power, world_packet_slot(clone.world, packet),
                             world_packet_slot(clone.world, packet) + world_packet_at(clone.world, packet)->bytes - 1,
                             world_datagram_slot(clone.world, 0) };
    unsigned count = 4;
    for (unsigned i = 0; i < world_top(clone.world, TABLE_CONNECTIONS) && count < 8; i++) {
        if (world_connection_at(clone.world, i)->tcp.receive_buffered == 0) continue;
        counting[count++] = world_stream(clone.world, i, RECEIVE_RING);
        rings++;
    }
    CU_ASSERT_TRUE(rings > 0);
    for (unsigned i = 0; i < count; i++) {
        *counting[i] ^= 1;
        CU_ASSERT_FALSE(world_is_copy_but_readings(busy.world, clone.world));
        *counting[i] ^= 1;
        CU_ASSERT_TRUE(world_is_copy_but_readings(busy.world, clone.world));
    }
}

/* What came ahead of a hole stands in the ring before any byte of it may be read. */
static void a_clone_has_what_came_ahead_of_a_hole(void) {
    enum { RECEIVE_RING = 1 };
    static struct machine busy, clone;
    unsigned connection = 0;
    busy_world(&busy, false);
    while (!world_connection_at(busy.world, connection)->used) connection++;
    struct tcp_connection *tcp = &world_connection(busy.world, connection)->tcp;
    uint32_t ahead = tcp->receive_next + 10, place = tcp->receive_head + tcp->receive_buffered + 10;
    tcp->ranges[0] = (struct tcp_range){ ahead, ahead + 1 };
    tcp->ranges_count = 1;
    tcp->receive_buffered = 0;
    world_stream(busy.world, connection, RECEIVE_RING)[place % busy.world->limits.stream_bytes] = 'h';
    memset(clone.memory, 0xdb, sizeof clone.memory);
    world_clone(clone.memory, busy.world);
    CU_ASSERT_EQUAL(world_stream((struct world *)(void *)clone.memory, connection,
                                 RECEIVE_RING)[place % busy.world->limits.stream_bytes],
                    'h');
}

/* From the first byte in it on a ring counts: it is copied, and two worlds differ by what it holds. */
static void a_ring_counts_from_its_first_byte_on(void) {
    enum { EMPTY, ONE_TO_SEND, ONE_TO_READ, ONE_AHEAD, HOLDINGS };
    static struct machine busy, clone;
    unsigned connection = 0;
    busy_world(&busy, false);
    while (!world_connection_at(busy.world, connection)->used) connection++;
    struct tcp_connection *tcp = &world_connection(busy.world, connection)->tcp;
    for (unsigned holds = 0; holds < HOLDINGS; holds++) {
        tcp->send_queued = holds == ONE_TO_SEND;
        tcp->receive_buffered = holds == ONE_TO_READ;
        tcp->ranges_count = holds == ONE_AHEAD;
        memset(clone.memory, 0xdb, sizeof clone.memory);
        world_clone(clone.memory, busy.world);
        clone.world = (struct world *)(void *)clone.memory;
        CU_ASSERT_TRUE(world_is_copy_but_readings(busy.world, clone.world));
        *world_stream(clone.world, connection, holds == ONE_TO_SEND ? 0 : 1) ^= 1;
        CU_ASSERT_EQUAL(world_is_copy_but_readings(busy.world, clone.world), holds == EMPTY);
    }
}

/* Where no one connects, nothing is paid for connections: it has no more than before there was a wire. */
static void a_small_world_is_small(void) {
    enum { BYTES_BEFORE_THE_WIRE = 7064 };
    struct world_limits limits = world_limits_small();
    CU_ASSERT(world_bytes(&limits) <= BYTES_BEFORE_THE_WIRE);
    world_limits_add_wire(&limits);
    CU_ASSERT(world_bytes(&limits) > BYTES_BEFORE_THE_WIRE);
}

/* Connections are found by their local port: a power of two of chains, one for each that there is room for and less
 * than twice as many. Blocks of them are urgent together, and the last block may be a part. */
static void connections_have_chains_and_blocks(void) {
    for (unsigned count = 0; count <= 2 * CONNECTION_BLOCK_ROWS + 1; count++) {
        static struct machine m;
        struct world_limits limits = world_limits_small();
        world_limits_add_wire(&limits);
        limits.connections = (uint16_t)count;
        limits.stream_bytes = limits.packet_bytes = 64;
        CU_ASSERT_TRUE_FATAL(world_bytes(&limits) <= sizeof m.memory);
        unsigned chains = world_create(m.memory, &limits)->connection_chains;
        unsigned rows = connection_blocks(&limits) * CONNECTION_BLOCK_ROWS;
        CU_ASSERT_EQUAL(chains & (chains - 1), 0);
        CU_ASSERT_TRUE(chains >= count && (chains < 2 * count || chains <= 4));
        CU_ASSERT_EQUAL(chains == 0, count == 0);
        CU_ASSERT_TRUE(rows >= count && rows < count + CONNECTION_BLOCK_ROWS);
    }
}

/* A token that was released long ago is as unknown as one that was never given; younger ones are remembered. */
static void tombstones_are_bounded(void) {
    struct world_limits limits = world_limits_small();
    struct machine m;
    machine_begin(&m);
    limits.sockets = 4;
    limits.handles = 8;
    limits.reservations = 2 * TOMBSTONES_MAX;
    _Alignas(8) uint64_t memory[MACHINE_WORLD_BYTES / 8];
    CU_ASSERT_FATAL(world_bytes(&limits) <= sizeof memory);
    m.world = world_create(memory, &limits);
    model_process_start(m.world, PROCESS_APP, APP, 0, 0x0202);
    also_read(&m, Q60_RELEASE_TWICE, Q60_SUCCEEDS);
    uint64_t s = tcp(&m);
    struct grant first = granted(&m, s, 50000, 1);
    expect_ok(release(&m, s, first.token));
    struct grant long_lived = granted(&m, s, 60000, 1);
    for (unsigned i = 1; i < TOMBSTONES_MAX; i++) expect_ok(release(&m, s, granted(&m, s, 50000, 1).token));
    expect_ok(release(&m, s, first.token));
    expect_ok(release(&m, s, long_lived.token));
    expect_error(WSAEINVAL, release(&m, s, first.token));
    expect_ok(release(&m, s, long_lived.token));
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_RESERVATIONS), TOMBSTONES_MAX + 1);
}

/* --- the pool's searches --- */

static const struct port_space tcp_space = { .protocol = PROTOCOL_TCP, .families = FAMILY_V4 };

static unsigned next_free(const struct machine *m, unsigned from, unsigned last) {
    return pool_next_free(m->world, tcp_space, from, last);
}
static unsigned next_run(const struct machine *m, unsigned from, unsigned last, unsigned count) {
    return pool_next_run(m->world, tcp_space, from, last, count);
}

static void free_ports(void) {
    struct machine m;
    uint64_t s = world_with_bound_socket(&m, 100);
    granted(&m, s, 101, 10);
    granted(&m, s, 111, 5);
    CU_ASSERT_EQUAL(next_free(&m, 99, 200), 99);
    CU_ASSERT_EQUAL(next_free(&m, 100, 200), 116);
    CU_ASSERT_EQUAL(next_free(&m, 105, 200), 116);
    CU_ASSERT_EQUAL(next_free(&m, 100, 115), PORTS_END);
    CU_ASSERT_EQUAL(next_free(&m, 200, 199), PORTS_END);
    CU_ASSERT_TRUE(pool_port_free(m.world, tcp_space, 99));
    CU_ASSERT_FALSE(pool_port_free(m.world, tcp_space, 115));
}

static void the_last_ports(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    CU_ASSERT_EQUAL(next_free(&m, 65535, 65535), 65535);
    CU_ASSERT_EQUAL(next_run(&m, 65535, 65535, 1), 65535);
    CU_ASSERT_EQUAL(next_run(&m, 65534, 65535, 3), PORTS_END);
    CU_ASSERT_EQUAL(next_run(&m, 1, 65535, 65535), 1);
    granted(&m, s, 65535, 1);
    CU_ASSERT_EQUAL(next_free(&m, 65535, 65535), PORTS_END);
    CU_ASSERT_EQUAL(next_free(&m, 65534, 65535), 65534);
    CU_ASSERT_EQUAL(next_run(&m, 65000, 65535, 535), 65000);
    CU_ASSERT_EQUAL(next_run(&m, 65000, 65535, 536), PORTS_END);
}

static void runs_between_blocks(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    granted(&m, s, 1000, 10);
    granted(&m, s, 1010, 10); /* adjacent */
    granted(&m, s, 1025, 5);  /* a gap of five: 1020..1024 */
    CU_ASSERT_EQUAL(next_run(&m, 1000, 2000, 5), 1020);
    CU_ASSERT_EQUAL(next_run(&m, 1000, 2000, 6), 1030);
    CU_ASSERT_EQUAL(next_run(&m, 1021, 2000, 5), 1030);
    CU_ASSERT_EQUAL(next_run(&m, 990, 1024, 10), 990);
    CU_ASSERT_EQUAL(next_run(&m, 991, 1024, 10), PORTS_END);
    CU_ASSERT_EQUAL(pool_next_unbound(m.world, tcp_space, 1000, 1009), 1000);
}

static void unbound_ports_look_at_sockets_alone(void) {
    struct machine m;
    struct grant grant = granted(&m, world_with_open_socket(&m), 1000, 3);
    take_port(&m, grant.token);
    CU_ASSERT_EQUAL(pool_next_unbound(m.world, tcp_space, 1000, 1002), 1001);
    struct port_space v6 = { .protocol = PROTOCOL_TCP, .families = FAMILY_V6 };
    CU_ASSERT_EQUAL(pool_next_unbound(m.world, v6, 1000, 1002), 1000);
    struct port_space both = { .protocol = PROTOCOL_TCP, .families = FAMILY_BOTH };
    CU_ASSERT_EQUAL(pool_next_unbound(m.world, both, 1000, 1000), PORTS_END);
}

/* One free port at the end of the range, and none. */
static void a_wildcard_bind_finds_the_last_free_port(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    granted(&m, s, 49152, 16383);
    uint64_t lucky = tcp(&m);
    expect_ok(bind_port(&m, lucky, 0));
    CU_ASSERT_EQUAL(port_of(&m, lucky), 65535);
    expect_error(WSAENOBUFS, bind_port(&m, tcp(&m), 0));
    uint64_t client = tcp(&m);
    expect_error(WSAENOBUFS, connect_to(&m, client, LOOPBACK_V4, 80));
}

void register_model_machine_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model machine", NULL, NULL);
    CU_add_test(suite, "a process takes all with it", a_process_takes_all_with_it);
    CU_add_test(suite, "a process ends with parked threads and open requests",
                a_process_ends_with_parked_threads_and_open_requests);
    CU_add_test(suite, "an ended process leaves no trace", an_ended_process_leaves_no_trace);
    CU_add_test(suite, "a restart ends everything but settings", a_restart_ends_everything_but_settings);
    CU_add_test(suite, "the order of building does not matter", the_order_of_building_does_not_matter);
    CU_add_test(suite, "a ring counts from its first byte on", a_ring_counts_from_its_first_byte_on);
    CU_add_test(suite, "a small world is small", a_small_world_is_small);
    CU_add_test(suite, "a clone is a world of its own", a_clone_is_a_world_of_its_own);
    CU_add_test(suite, "a clone of a busy world has all that counts", a_clone_of_a_busy_world_has_all_that_counts);
    CU_add_test(suite, "a copy is one until a byte that counts changes",
                a_copy_is_one_until_a_byte_that_counts_changes);
    CU_add_test(suite, "a clone has what came ahead of a hole", a_clone_has_what_came_ahead_of_a_hole);
    CU_add_test(suite, "connections have chains and blocks", connections_have_chains_and_blocks);
    CU_add_test(suite, "tombstones are bounded", tombstones_are_bounded);
    CU_add_test(suite, "free ports", free_ports);
    CU_add_test(suite, "the last ports", the_last_ports);
    CU_add_test(suite, "runs between blocks", runs_between_blocks);
    CU_add_test(suite, "unbound ports look at sockets alone", unbound_ports_look_at_sockets_alone);
    CU_add_test(suite, "a wildcard bind finds the last free port", a_wildcard_bind_finds_the_last_free_port);
}
