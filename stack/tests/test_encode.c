/* The encoding of a world: each detail that can still make a difference changes it, and each in its own way; what only
 * makes names does not. A busy world, in which every kind of row is in use, has its details altered one bit at a
 * time. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "stack/ports/exclusions.h"
#include "stack/ports/pool.h"
#include "stack/tests/fixture_busy.h"
#include "stack/tests/fixture_waits.h"

void register_encode_tests(void);

/* --- alterations -------------------------------------------------------------------------------------------------- */

enum { ENCODED_BYTES = 2 * MACHINE_WORLD_BYTES, HASHES_MAX = 20000 };

static struct {
    struct machine machine;
    uint64_t hashes[HASHES_MAX];
    unsigned count;
    _Alignas(8) uint8_t encoded[ENCODED_BYTES];
} tried;

/* FNV-1a, 64 bits. */
static uint64_t hash_of_world(void) {
    uint64_t hash = UINT64_C(14695981039346656037);
    size_t length = world_encode(tried.machine.world, tried.encoded);
    for (size_t i = 0; i < length; i++) hash = (hash ^ tried.encoded[i]) * UINT64_C(1099511628211);
    return hash ^ length;
}

static void fail_at(const char *what, unsigned row, unsigned bit) {
    char text[160];
    snprintf(text, sizeof text, "%s, row %u, bit %u", what, row, bit);
    CU_assertImplementation(CU_FALSE, __LINE__, text, __FILE__, "", CU_FALSE);
}

static void note(const char *name, unsigned row, unsigned bit) {
    uint64_t hash = hash_of_world();
    CU_ASSERT_FATAL(tried.count < HASHES_MAX);
    for (unsigned i = 0; i < tried.count; i++)
        if (tried.hashes[i] == hash) {
            fail_at(name, row, bit);
            return;
        }
    tried.hashes[tried.count++] = hash;
}

/* A detail of a row: so many of its low bits mean something. */
struct detail {
    const char *name;
    uint16_t offset, bits;
};
#define DETAIL(type, member, bits) \
    { #type "." #member, (uint16_t)offsetof(struct type, member), bits }
enum { LIVE = 0x8000 }; /* with `bits`: 0 would say that the row is free, so it never becomes 0 */

static void flip(uint8_t *row, unsigned offset, unsigned bit) { row[offset + bit / 8] ^= (uint8_t)(1u << bit % 8); }

/* The tests run on machines whose first byte of a number is its lowest. */
static void alter(void *memory, unsigned index, const struct detail *details, unsigned count) {
    uint8_t *row = memory;
    for (unsigned i = 0; i < count; i++)
        for (unsigned bit = 0; bit < (details[i].bits & ~(unsigned)LIVE); bit++) {
            flip(row, details[i].offset, bit);
            if ((details[i].bits & LIVE) == 0 || row[details[i].offset] != 0) note(details[i].name, index, bit);
            flip(row, details[i].offset, bit);
        }
}
#define ALTER(row, index, details) alter(row, index, details, sizeof(details) / sizeof(details)[0])

static const struct detail process_details[] = {
    DETAIL(process, alive, 1),    DETAIL(process, startup_count, 8), DETAIL(process, startup_version, 16),
    DETAIL(process, account, 16), DETAIL(process, token, 1),         DETAIL(process, manifest, 2),
};
static const struct detail thread_details[] = {
    DETAIL(thread, process, 16),
    DETAIL(thread, impersonated, 16),
    DETAIL(thread, last_error, 32),
    DETAIL(thread, blocking_hook, 1),
};
static const struct detail wait_details[] = {
    DETAIL(thread, alertable, 1),
    DETAIL(thread, deadline_ns, 64),
};
static const struct detail socket_details[] = {
    DETAIL(socket_row, state, LIVE | 3), DETAIL(socket_row, account, 8),   DETAIL(socket_row, affinity, 8),
    DETAIL(socket_row, backlog, 8),      DETAIL(socket_row, process, 16),  DETAIL(socket_row, port, 16),
    DETAIL(socket_row, flags, 16),       DETAIL(socket_row, address, 128),
};
static const struct detail numbers_details[] = {
    DETAIL(kept_number, option, 3),
    DETAIL(kept_number, number, 32),
};
static const struct detail selection_details[] = {
    DETAIL(selection, send_blocked, 1), DETAIL(selection, mask, 16),          DETAIL(selection, recorded, 16),
    DETAIL(selection, disabled, 16),    DETAIL(selection, connect_error, 16), DETAIL(selection, close_error, 16),
};
static const struct detail address_details[] = { DETAIL(own_address, family, 3), DETAIL(own_address, address, 128) };
static const struct detail port_details[] = { DETAIL(completion_port, closed, 1) };
static const struct detail association_details[] = { DETAIL(association, modes, 8), DETAIL(association, key, 64) };
static const struct detail completion_details[] = {
    DETAIL(completion, status, 32),
    DETAIL(completion, information, 32),
    DETAIL(completion, key, 64),
};
static const struct detail request_details[] = {
    DETAIL(request, overlapped, 2),   DETAIL(request, decided, 1),        DETAIL(request, code, 32),
    DETAIL(request, range_first, 32), DETAIL(request, range_count, 32),   DETAIL(request, input_length, 32),
    DETAIL(request, due_ns, 64),      DETAIL(request, output_length, 32),
};
static const struct detail accept_details[] = {
    DETAIL(request, overlapped, 2),    DETAIL(request, decided, 1),        DETAIL(request, range_count, 32),
    DETAIL(request, input_length, 32), DETAIL(request, output_length, 32),
};
static const struct detail decided_details[] = { DETAIL(request, status, 32), DETAIL(request, information, 32) };
static const struct detail orphan_details[] = { DETAIL(request, process, 16) };
static const struct detail routine_details[] = { DETAIL(routine_row, error, 32), DETAIL(routine_row, bytes, 32) };
static const struct detail duplicate_details[] = { DETAIL(duplicate, process, 16) };
static const struct detail reservation_details[] = {
    DETAIL(reservation, protocol, 1), DETAIL(reservation, family, 2),      DETAIL(reservation, families, 2),
    DETAIL(reservation, first, 16),   DETAIL(reservation, count, 32),      DETAIL(reservation, process, 16),
    DETAIL(reservation, cursor, 16),  DETAIL(reservation, token_state, 2),
};
/* Of one that is not persistent: a persistent one has no socket. */
static const struct detail kind_details[] = { DETAIL(reservation, kind, LIVE | 2) };
static const struct detail exclusion_details[] = {
    DETAIL(exclusion, state, LIVE | 2), DETAIL(exclusion, protocol, 1), DETAIL(exclusion, administered, 1),
    DETAIL(exclusion, stored, 1),       DETAIL(exclusion, first, 16),   DETAIL(exclusion, last, 16),
};
static const struct detail datagram_details[] = {
    DETAIL(datagram_row, bytes, 1),
    DETAIL(datagram_row, source_port, 16),
    DETAIL(datagram_row, family, 2),
    DETAIL(datagram_row, unreachable, 1),
    DETAIL(datagram_row, source_address, 128),
    DETAIL(datagram_row, destination_address, 128),
};
static const struct detail connection_details[] = {
    DETAIL(connection_row, earlier_error, 8),
    DETAIL(connection_row, second_time_wait, 1),
    DETAIL(connection_row, held, 1),
};
static const struct detail packet_details[] = {
    DETAIL(packet_row, arrives_ns, 64),
    DETAIL(packet_row, bytes, 1),
    DETAIL(packet_row, outbound, 1),
};
static const struct detail machine_details[] = {
    DETAIL(world, dynamic_first, 32),
    DETAIL(world, dynamic_last, 32),
    DETAIL(world, dynamic_v6_first, 32),
    DETAIL(world, dynamic_v6_last, 32),
    DETAIL(world, dynamic_stored_first, 64),
    DETAIL(world, dynamic_stored_last, 64),
    DETAIL(world, block_cursor, 64),
    DETAIL(world, build, 32),
    DETAIL(world, network_down, 1),
    DETAIL(world, no_buffers, 1),
    DETAIL(world, no_handles, 1),
    DETAIL(world, no_memory, 1),
    DETAIL(world, enable_lua, 1),
    DETAIL(world, filter_administrator_token, 1),
    DETAIL(world, interfaces, 8),
    DETAIL(world, account_kinds, 8 * ACCOUNTS_MAX),
    DETAIL(world, provider_delay_ns, 64),
    DETAIL(world, power, 1),
};

/* An accept socket is another one, there is room for so many bytes of each part, and it has another place in line. */
static void alter_accept(struct world *world, unsigned index) {
    struct request *row = world_request(world, index);
    const uint32_t code = row->code;
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKETS); i++) {
        row->code = i;
        if (i != code) note("another accept socket", index, i);
    }
    row->code = code;
    ALTER(row, index, accept_details);
    CU_ASSERT_NOT_EQUAL_FATAL(row->transfer, 0);
    struct transfer *transfer = world_transfer(world, row->transfer - 1);
    for (unsigned i = 0; i < transfer->buffers_count; i++) {
        transfer->buffers[i].length ^= 1;
        note("a buffer of another length", index, i);
        transfer->buffers[i].length ^= 1;
    }
}

static void alter_request(struct world *world, unsigned index) {
    struct request *row = world_request(world, index);
    if (row->state != REQUEST_PENDING) return;
    if (row->operation == OPERATION_ACCEPT_EX) {
        alter_accept(world, index);
        return;
    }
    ALTER(row, index, request_details);
    if (row->thread == NO_ROW) ALTER(row, index, orphan_details);
    row->decided = 1;
    ALTER(row, index, decided_details);
    row->decided = 0;
    row->operation = OPERATION_RECEIVE;
    note("another operation", index, 0);
    row->operation = OPERATION_IOCTL;
}

/* A socket has this port, another one, one that is gone, or none and modes alone. */
static void alter_association(struct world *world, unsigned index) {
    struct association *row = world_association(world, index);
    const uint16_t port = row->port;
    if (!row->used) return;
    ALTER(row, index, association_details);
    for (unsigned i = 0; i < world_top(world, TABLE_COMPLETION_PORTS); i++) {
        row->port = (uint16_t)i;
        if (i != port) note("another port", index, i);
    }
    row->port = PORT_GONE;
    note("a port that is gone", index, 0);
    row->port = NO_ROW;
    note("no port", index, 0);
    row->port = port;
}

/* Of a connection every byte counts but where its rings begin and how full they are, which shows by their bytes; the
 * instants are those of timers. A measurement that does not run has no instant. */
static void alter_connection(struct world *world, unsigned index) {
    struct connection_row *row = world_connection(world, index);
    uint8_t *bytes = (uint8_t *)&row->tcp;
    for (unsigned i = 0; i < sizeof row->tcp; i++) {
        bool ring = (i >= offsetof(struct tcp_connection, send_head) &&
                     i < offsetof(struct tcp_connection, congestion_window)) ||
                    (i >= offsetof(struct tcp_connection, receive_head) &&
                     i < offsetof(struct tcp_connection, finish_sequence));
        bool measured = i >= offsetof(struct tcp_connection, measured_from_ns) &&
                        i < offsetof(struct tcp_connection, send_initial) && !row->tcp.measuring;
        bool switched = i == offsetof(struct tcp_connection, measuring);
        bool counted = i >= offsetof(struct tcp_connection, challenges_from_ns) &&
                       i < offsetof(struct tcp_connection, measured_sequence) && row->tcp.challenges == 0;
        bool ranges = i == offsetof(struct tcp_connection, ranges_count); /* below: their bytes stand in a ring */
        if (ring || measured || switched || counted || ranges) continue;
        for (unsigned bit = 0; bit < 8; bit += 7) {
            flip(bytes, i, bit);
            note("tcp_connection", index, 8 * i + bit);
            flip(bytes, i, bit);
        }
    }
    for (unsigned i = 0; i < row->tcp.receive_buffered; i++) {
        uint8_t *byte = world_stream(world, index, 1) + (row->tcp.receive_head + i) % world->limits.stream_bytes;
        flip(byte, 0, 3);
        note("a byte that was received", index, i);
        flip(byte, 0, 3);
    }
    ALTER(row, index, connection_details);
}

/* What is yes or no is a bit, which has no address. */
#define SWITCH(row, index, member) \
    do { \
        (row)->member = !(row)->member; \
        note(#member, index, 0); \
        (row)->member = !(row)->member; \
    } while (0)

/* Likewise what has two bits or three: the lowest two are altered. */
#define ALTER_BITS(row, index, member, mask) \
    for (unsigned bit = 0; bit < 2; bit++) { \
        (row)->member = ((row)->member ^ 1u << bit) & (mask); \
        note(#member, index, bit); \
        (row)->member = ((row)->member ^ 1u << bit) & (mask); \
    }

static void switch_socket(struct socket_row *row, unsigned index) {
    ALTER_BITS(row, index, family, 7u)
    ALTER_BITS(row, index, protocol, 3u)
    ALTER_BITS(row, index, other, 3u)
    SWITCH(row, index, overlapped);
    SWITCH(row, index, nonblocking);
    SWITCH(row, index, reuse);
    SWITCH(row, index, exclusive);
    SWITCH(row, index, v6only);
    SWITCH(row, index, randomize);
    SWITCH(row, index, port_scalability);
    SWITCH(row, index, reuse_unicastport);
    SWITCH(row, index, reuse_multicastport);
    SWITCH(row, index, broadcast);
    SWITCH(row, index, shut_receive);
    SWITCH(row, index, shut_send);
    SWITCH(row, index, udp_connreset);
    SWITCH(row, index, accepted);
    SWITCH(row, index, no_delay);
    SWITCH(row, index, port_shared);
    SWITCH(row, index, reused);
}

/* Associated with none, with one that is gone, and with each that is there. */
static void associate_otherwise(struct world *world, unsigned index) {
    struct socket_row *row = world_socket(world, index);
    const struct socket_row kept = *row;
    unsigned now = pool_association(world, row);
    row->reservation = NO_ROW;
    row->reservation_serial = 0;
    if (kept.reservation != NO_ROW) note("associated with none", index, 0);
    row->reservation = 0;
    row->reservation_serial = UINT32_MAX;
    if (kept.reservation == NO_ROW || now != NO_ROW) note("associated with one that is gone", index, 0);
    for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++) {
        const struct reservation *other = world_reservation(world, i);
        if (i == now || !reservation_is_live(other)) continue;
        row->reservation = (uint16_t)i;
        row->reservation_serial = other->serial;
        note("associated with another", index, i);
    }
    *row = kept;
}

static void alter_socket(struct world *world, unsigned index) {
    struct socket_row *row = world_socket(world, index);
    if (row->state == SOCKET_FREE) return;
    ALTER(row, index, socket_details);
    switch_socket(row, index);
    associate_otherwise(world, index);
}

static void alter_event(struct world *world, unsigned index) {
    struct event *row = world_event(world, index);
    if (!row->used) return;
    SWITCH(row, index, manual_reset);
    SWITCH(row, index, set);
}

static void alter_handle(struct world *world, unsigned index) {
    struct handle *row = world_handle(world, index);
    if (row->kind != HANDLE_FREE) SWITCH(row, index, inheritable);
}

static void alter_thread(struct world *world, unsigned index) {
    struct thread *row = world_thread(world, index);
    if (row->state == THREAD_FREE) return;
    ALTER(row, index, thread_details);
    if (row->state == THREAD_WAITING) ALTER(row, index, wait_details);
}

#define ALTER_ROWS(world, table, row_of, in_use, details) \
    for (unsigned i = 0; i < world_top(world, table); i++) \
        if (row_of(world, i)->in_use) ALTER(row_of(world, i), i, details)

static void alter_all(struct world *world) {
    for (unsigned i = 0; i < world_top(world, TABLE_PROCESSES); i++)
        if (world_process(world, i)->alive) ALTER(world_process(world, i), i, process_details);
    for (unsigned i = 0; i < world_top(world, TABLE_THREADS); i++) alter_thread(world, i);
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKETS); i++) alter_socket(world, i);
    for (unsigned i = 0; i < world_top(world, TABLE_HANDLES); i++) alter_handle(world, i);
    for (unsigned i = 0; i < world_top(world, TABLE_EVENTS); i++) alter_event(world, i);
    for (unsigned i = 0; i < world_top(world, TABLE_ADDRESSES); i++)
        ALTER(world_own_address(world, i), i, address_details);
    for (unsigned i = 0; i < world_top(world, TABLE_CONNECTIONS); i++)
        if (world_connection(world, i)->used) alter_connection(world, i);
    ALTER_ROWS(world, TABLE_SELECTIONS, world_selection, used, selection_details);
    ALTER_ROWS(world, TABLE_NUMBERS, world_number, used, numbers_details);
    ALTER_ROWS(world, TABLE_COMPLETION_PORTS, world_completion_port, used, port_details);
    for (unsigned i = 0; i < world_top(world, TABLE_ASSOCIATIONS); i++) alter_association(world, i);
    ALTER_ROWS(world, TABLE_COMPLETIONS, world_completion, used, completion_details);
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) alter_request(world, i);
    ALTER_ROWS(world, TABLE_ROUTINES, world_routine, used, routine_details);
    ALTER_ROWS(world, TABLE_DUPLICATES, world_duplicate, serial != 0, duplicate_details);
    ALTER_ROWS(world, TABLE_RESERVATIONS, world_reservation, kind != RESERVATION_FREE, reservation_details);
    ALTER_ROWS(world, TABLE_RESERVATIONS, world_reservation, kind % RESERVATION_PERSISTENT != RESERVATION_FREE,
               kind_details);
    ALTER_ROWS(world, TABLE_EXCLUSIONS, world_exclusion, state != EXCLUSION_FREE, exclusion_details);
    ALTER_ROWS(world, TABLE_DATAGRAMS, world_datagram, used, datagram_details);
    for (unsigned i = 0; i < world->packets_count; i++) {
        unsigned position = (world->packets_head + i) % world->limits.packets;
        ALTER(world_packet(world, position), i, packet_details);
        flip(world_packet_slot(world, position), 0, 5);
        note("a byte of a packet", i, 0);
        flip(world_packet_slot(world, position), 0, 5);
    }
    alter(world, 0, machine_details, sizeof machine_details / sizeof machine_details[0]);
}

static void each_detail_shows_in_its_own_way(void) {
    static const enum table tables[] = {
        TABLE_REQUESTS,    TABLE_ROUTINES,  TABLE_RESERVATIONS, TABLE_EXCLUSIONS,       TABLE_DUPLICATES,
        TABLE_CONNECTIONS, TABLE_DATAGRAMS, TABLE_EVENTS,       TABLE_COMPLETION_PORTS, TABLE_ASSOCIATIONS,
        TABLE_COMPLETIONS, TABLE_NUMBERS,   TABLE_ADDRESSES,    TABLE_SELECTIONS,
    };
    busy_world(&tried.machine, false);
    struct world *world = tried.machine.world;
    for (unsigned i = 0; i < sizeof tables / sizeof tables[0]; i++) CU_ASSERT(world_top(world, tables[i]) > 0);
    tried.count = 0;
    note("as it is", 0, 0);
    alter_all(world);
    CU_ASSERT(tried.count > 3000);
}

/* Handles, tokens, serials, the clock and the places of rows are names, and who came later is the same. */
static void a_past_that_is_gone_does_not_show(void) {
    static struct machine young, old;
    busy_world(&young, false);
    busy_world(&old, true);
    CU_ASSERT(old.world->packet_serial > young.world->packet_serial);
    CU_ASSERT(memcmp(young.memory, old.memory, young.world->bytes) != 0);
    CU_ASSERT(same_world(&young, &old));
}

/* What a provider that takes 50 ms has still to decide shows by the time that is left, not by the clock. */
static void a_delay_shows_by_what_is_left_of_it(void) {
    static struct machine machines[2];
    for (unsigned i = 0; i < 2; i++) {
        struct machine *m = &machines[i];
        machine_begin(m);
        pass_time(m, 1000 * i);
        m->world->provider_delay_ns = UINT64_C(50000000);
        control_acquire(m, tcp(m), 50000, 2);
        with_overlapped(m, 0, 0);
        expect_error(WSA_IO_PENDING, perform(m));
    }
    CU_ASSERT_TRUE(same_world(&machines[0], &machines[1]));
    pass_time(&machines[1], 10);
    CU_ASSERT_FALSE(same_world(&machines[0], &machines[1]));
    pass_time(&machines[0], 10);
    CU_ASSERT_TRUE(same_world(&machines[0], &machines[1]));
}

/* A name that was not given would be what the memory held before. */
static void what_the_memory_held_before_does_not_show(void) {
    static struct machine m;
    static _Alignas(8) uint8_t again[ENCODED_BYTES];
    machine_begin(&m);
    uint64_t s = tcp(&m);
    expect_ok(associate(&m, s, granted(&m, s, 50000, 2).token));
    memset(tried.encoded, 0x55, sizeof tried.encoded);
    memset(again, 0xaa, sizeof again);
    size_t length = world_encode(m.world, tried.encoded);
    CU_ASSERT_EQUAL_FATAL(world_encode(m.world, again), length);
    CU_ASSERT_EQUAL(memcmp(tried.encoded, again, length), 0);
}

/* --- rows in another order, and no row to spare ------------------------------------------------------------------- */

/* So many exclusions, taken in an order that `step` makes, which has no divisor with their number. */
static void many_exclusions(struct machine *m, unsigned step) {
    enum { COUNT = 7 };
    machine_begin(m);
    for (unsigned i = 0; i < COUNT; i++) {
        unsigned which = i * step % COUNT;
        unsigned first = 20000 + 10 * (which / 2);
        CU_ASSERT_NOT_EQUAL(
            exclusion_add(m->world, (enum protocol)(which % 2), first, first + which % 3, which % 4 == 0), NO_ROW);
    }
}

static void the_order_of_exclusions_does_not_show(void) {
    static struct machine ordered, other;
    many_exclusions(&ordered, 1);
    for (unsigned step = 2; step < 7; step++) {
        many_exclusions(&other, step);
        CU_ASSERT(same_world(&ordered, &other));
    }
}

/* Reservations of sockets that are there before, granted in an order that `step` makes; the last one is always the
 * same. */
static void many_reservations(struct machine *m, unsigned step) {
    enum { COUNT = 7 };
    uint64_t sockets[COUNT + 1];
    machine_begin(m);
    for (unsigned i = 0; i <= COUNT; i++) sockets[i] = i % 2 == 0 ? tcp(m) : udp(m);
    for (unsigned i = 0; i < COUNT; i++) {
        unsigned which = i * step % COUNT;
        struct grant grant = granted(m, sockets[which], 50000 + 10 * which, 2 + which);
        if (which == 3) expect_ok(associate(m, sockets[which], grant.token));
    }
    granted(m, sockets[COUNT], 60000, 2);
    granted(m, sockets[0], 61000, 2);
}

static void the_order_of_reservations_does_not_show(void) {
    static struct machine ordered, other;
    many_reservations(&ordered, 1);
    for (unsigned step = 2; step < 7; step++) {
        many_reservations(&other, step);
        CU_ASSERT(same_world(&ordered, &other));
    }
}

/* The same rows in tables that have no other: what looks past the last row in use would meet an assertion. */
static void a_world_without_a_row_to_spare_is_the_same(void) {
    static _Alignas(8) uint8_t memory[BUSY_BYTES], tight_encoded[ENCODED_BYTES];
    busy_world(&tried.machine, false);
    struct world *tight = world_with_spare_rows(tried.machine.world, memory, 0, TABLES_COUNT);
    for (unsigned second = 0; second < 12; second++) {
        CU_ASSERT_PTR_NULL(model_check(tight));
        size_t length = world_encode(tried.machine.world, tried.encoded);
        CU_ASSERT_EQUAL(world_encode(tight, tight_encoded), length);
        CU_ASSERT_EQUAL(memcmp(tight_encoded, tried.encoded, length), 0);
        pass_time(&tried.machine, 1000);
        struct result result;
        result_clear(&result);
        model_tick(tight, UINT64_C(1000000000));
        model_settle(tight, tried.machine.chooser, &result);
    }
}

/* --- orders and references ---------------------------------------------------------------------------------------- */

static unsigned rows_in_use(const struct world *world, enum table table, unsigned *rows, unsigned wanted) {
    unsigned found = 0;
    for (unsigned i = 0; i < world_top(world, table) && found < wanted; i++) {
        bool used = table == TABLE_COMPLETIONS ? world_completion_at(world, i)->used
                    : table == TABLE_ROUTINES  ? world_routine_at(world, i)->used
                    : table == TABLE_DATAGRAMS ? world_datagram_at(world, i)->used
                                               : world_request_at(world, i)->state == REQUEST_PENDING;
        if (used) rows[found++] = i;
    }
    return found;
}

static void swap(uint32_t *one, uint32_t *other) {
    uint32_t kept = *one;
    *one = *other;
    *other = kept;
}

static void what_came_first_shows(void) {
    unsigned rows[2];
    busy_world(&tried.machine, false);
    struct world *world = tried.machine.world;
    tried.count = 0;
    note("as it is", 0, 0);
    CU_ASSERT_EQUAL_FATAL(rows_in_use(world, TABLE_COMPLETIONS, rows, 2), 2);
    world_completion(world, rows[0])->port = world_completion(world, rows[1])->port;
    swap(&world_completion(world, rows[0])->serial, &world_completion(world, rows[1])->serial);
    note("packets at a port", rows[0], 0);
    CU_ASSERT_EQUAL_FATAL(rows_in_use(world, TABLE_ROUTINES, rows, 2), 2);
    world_routine(world, rows[0])->bytes ^= 1; /* lest both be the same */
    note("routines of a thread, another number", rows[0], 0);
    swap(&world_routine(world, rows[0])->serial, &world_routine(world, rows[1])->serial);
    note("routines of a thread", rows[0], 0);
    CU_ASSERT_EQUAL_FATAL(rows_in_use(world, TABLE_DATAGRAMS, rows, 2), 2);
    world_datagram_slot(world, rows[0])[0] ^= 1; /* lest both be the same */
    note("datagrams in a socket, another byte", rows[0], 0);
    swap(&world_datagram(world, rows[0])->serial, &world_datagram(world, rows[1])->serial);
    note("datagrams in a socket", rows[0], 0);
}

/* Two clients, the one of the higher port first or last, and nothing is accepted yet. */
static void two_wait_at_a_listener(struct machine *m, bool higher_first) {
    machine_begin(m);
    uint64_t listener = tcp(m), low = tcp(m), high = tcp(m);
    expect_ok(bind_at(m, listener, LOOPBACK_V4, 20000));
    expect_ok(listen_on(m, listener));
    expect_ok(bind_at(m, low, LOOPBACK_V4, 20001));
    expect_ok(bind_at(m, high, LOOPBACK_V4, 20002));
    expect_ok(connect_to(m, higher_first ? high : low, LOOPBACK_V4, 20000));
    expect_ok(connect_to(m, higher_first ? low : high, LOOPBACK_V4, 20000));
}

/* Who is accepted first is the only difference. */
static void who_waits_at_a_listener_first_shows(void) {
    static struct machine one, other;
    two_wait_at_a_listener(&one, false);
    two_wait_at_a_listener(&other, false);
    CU_ASSERT_TRUE(same_world(&one, &other));
    two_wait_at_a_listener(&other, true);
    CU_ASSERT_FALSE(same_world(&one, &other));
}

/* Addresses are named by first use: that two are one shows, and which two. */
static void which_addresses_are_one_shows(void) {
    unsigned rows[2];
    busy_world(&tried.machine, false);
    struct world *world = tried.machine.world;
    CU_ASSERT_EQUAL_FATAL(rows_in_use(world, TABLE_REQUESTS, rows, 2), 2);
    struct request *request = world_request(world, rows[0]);
    const struct request whole = *request;
    tried.count = 0;
    note("as it is", 0, 0);
    request->output_address = whole.overlapped_address;
    note("output", rows[0], 0);
    request->output_address = whole.overlapped_address + 1;
    note("another output", rows[0], 0);
    *request = whole;
    request->routine_address = whole.overlapped_address;
    note("routine", rows[0], 0);
    *request = whole;
    request->event = NO_ROW == request->event ? world_request(world, rows[1])->event : NO_ROW;
    note("event", rows[0], 0);
    *request = whole;
    request->socket = world_request(world, rows[0])->socket == 0 ? 1 : 0;
    note("socket", rows[0], 0);
}

/* What a thread waits for, and where what it stores goes. */
static void what_is_awaited_shows(void) {
    busy_world(&tried.machine, false);
    struct world *world = tried.machine.world;
    unsigned waiting = 0;
    tried.count = 0;
    note("as it is", 0, 0);
    for (unsigned i = 0; i < world_top(world, TABLE_THREADS); i++) {
        struct thread *row = world_thread(world, i);
        const struct thread whole = *row;
        if (row->state != THREAD_WAITING) continue;
        waiting++;
        bool stores = row->awaited != AWAITED_EVENT && row->awaited != AWAITED_ONE_OF &&
                      row->awaited != AWAITED_ALL_OF && row->awaited != AWAITED_SOCKETS;
        for (unsigned k = 0; stores && k < THREAD_OUTPUTS; k++) {
            row->outputs[k] = row->outputs[k] == 0 ? 1 : 0;
            note("an output", i, 2 * k);
            row->outputs[k] = row->outputs[(k + 1) % THREAD_OUTPUTS];
            note("another output", i, 2 * k + 1);
            *row = whole;
        }
        row->awaited = AWAITED_ONE_OF;
        if (!stores) note("one of them awaited", i, 0);
        row->awaited = AWAITED_NOTHING;
        note("nothing awaited", i, 0);
        row->awaited = AWAITED_RESULT;
        note("a result awaited", i, 0);
        row->outputs[THREAD_STATUS] = UINT64_C(0x500000000);
        note("a result with a status", i, 0);
        *row = whole;
    }
    CU_ASSERT(waiting >= 3);
}

/* Which sockets a thread waits for, in which set and place, and what is asked of them. */
static void what_sockets_are_awaited_shows(void) {
    busy_world(&tried.machine, false);
    struct world *world = tried.machine.world;
    tried.count = 0;
    note("as it is", 0, 0);
    CU_ASSERT_EQUAL_FATAL(world_top(world, TABLE_SOCKET_WAITS), 2);
    for (unsigned i = 0; i < 2; i++) {
        struct socket_wait *row = world_socket_wait(world, i);
        const struct socket_wait whole = *row;
        row->state = SOCKET_WAIT_GONE;
        note("gone", i, 0);
        *row = whole;
        row->set = 1;
        note("another set", i, 1);
        *row = whole;
        row->place = 1;
        note("another place", i, 2);
        *row = whole;
        row->events = 16;
        note("other events", i, 3);
        *row = whole;
        row->socket = world_socket_wait(world, 1 - i)->socket;
        note("another socket", i, 4);
        *row = whole;
        row->handle = world_socket_wait(world, 1 - i)->handle;
        note("another handle", i, 5);
        *row = whole;
    }
}

/* Which events a thread waits for, in which order, and whether for one or for all. */
static void what_events_are_awaited_shows(void) {
    static const uint8_t orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
    struct machine *m = &tried.machine;
    tried.count = 0;
    for (unsigned i = 0; i < sizeof orders / sizeof orders[0]; i++)
        for (unsigned count = 2; count <= 3; count++)
            for (unsigned all = 0; all < 2; all++) {
                const struct several several = { .count = count, .all = all != 0, .milliseconds = INFINITE };
                uint64_t events[3], awaited[3];
                machine_begin(m);
                for (unsigned k = 0; k < 3; k++) events[k] = new_event(m, true, false);
                for (unsigned k = 0; k < 3; k++) awaited[k] = events[orders[i][k]];
                CU_ASSERT_EQUAL_FATAL(wait_for_several(m, awaited, &several), WAIT_BLOCKS);
                note(all ? "all of them" : "one of them", i, count);
            }
}

/* Who has waited longer takes the next packet. */
static void who_waits_longest_shows(void) {
    busy_world(&tried.machine, false);
    struct world *world = tried.machine.world;
    tried.count = 0;
    note("as it is", 0, 0);
    struct thread *row = world_thread(world, THIRD);
    row->deadline_ns++; /* lest both be the same */
    note("another deadline", THIRD, 0);
    swap(&row->parked_serial, &world_thread(world, APP_SECOND)->parked_serial);
    note("who came later", THIRD, 0);
    row->object = world_thread(world, APP_SECOND)->object == 0 ? 1 : 0;
    note("another port", THIRD, 0);
}

/* A byte that came ahead of a hole will be read once the hole is filled. */
static void what_came_ahead_of_a_hole_shows(void) {
    enum { RECEIVE_RING = 1, AHEAD = 10 };
    unsigned connection = 0;
    busy_world(&tried.machine, false);
    struct world *world = tried.machine.world;
    while (!world_connection_at(world, connection)->used) connection++;
    struct tcp_connection *tcp = &world_connection(world, connection)->tcp;
    tcp->ranges[0] = (struct tcp_range){ tcp->receive_next + AHEAD, tcp->receive_next + AHEAD + 2 };
    tcp->ranges_count = 1;
    uint32_t place = tcp->receive_head + tcp->receive_buffered + AHEAD, size = world->limits.stream_bytes;
    uint8_t *ring = world_stream(world, connection, RECEIVE_RING);
    tried.count = 0;
    for (; tcp->ranges[0].end != tcp->ranges[0].first; tcp->ranges[0].end--) note("so many ahead", connection, 0);
    tcp->ranges[0].end += 2;
    for (uint8_t byte = 1; byte < 3; byte++) {
        ring[place % size] = byte;
        note("the first byte ahead", connection, byte);
        ring[(place + 1) % size] ^= 0xff;
        note("the second byte ahead", connection, byte);
    }
}

void register_encode_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model encoding", NULL, NULL);
    CU_add_test(suite, "each detail shows in its own way", each_detail_shows_in_its_own_way);
    CU_add_test(suite, "a past that is gone does not show", a_past_that_is_gone_does_not_show);
    CU_add_test(suite, "a delay shows by what is left of it", a_delay_shows_by_what_is_left_of_it);
    CU_add_test(suite, "what the memory held before does not show", what_the_memory_held_before_does_not_show);
    CU_add_test(suite, "the order of exclusions does not show", the_order_of_exclusions_does_not_show);
    CU_add_test(suite, "the order of reservations does not show", the_order_of_reservations_does_not_show);
    CU_add_test(suite, "a world without a row to spare is the same", a_world_without_a_row_to_spare_is_the_same);
    CU_add_test(suite, "what came first shows", what_came_first_shows);
    CU_add_test(suite, "which addresses are one shows", which_addresses_are_one_shows);
    CU_add_test(suite, "what is awaited shows", what_is_awaited_shows);
    CU_add_test(suite, "what sockets are awaited shows", what_sockets_are_awaited_shows);
    CU_add_test(suite, "what events are awaited shows", what_events_are_awaited_shows);
    CU_add_test(suite, "who waits longest shows", who_waits_longest_shows);
    CU_add_test(suite, "who waits at a listener first shows", who_waits_at_a_listener_first_shows);
    CU_add_test(suite, "what came ahead of a hole shows", what_came_ahead_of_a_hole_shows);
}
