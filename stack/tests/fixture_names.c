#include "stack/tests/fixture_names.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "stack/io/completion_ports.h"

/* --- references --------------------------------------------------------------------------------------------------- */

static unsigned kind_of(const void *row) { return ((const struct handle *)row)->kind; }
static bool names_socket(const void *row) { return kind_of(row) == HANDLE_SOCKET; }
static bool names_event(const void *row) { return kind_of(row) == HANDLE_EVENT; }
static bool names_file(const void *row) { return kind_of(row) == HANDLE_FILE; }
static bool names_port(const void *row) { return kind_of(row) == HANDLE_PORT; }
static bool is_open(const void *row) { return ((const struct socket_row *)row)->state != SOCKET_FREE; }
static bool is_thread(const void *row) { return ((const struct thread *)row)->state != THREAD_FREE; }
static bool awaits_event(const void *row) { return ((const struct thread *)row)->awaited == AWAITED_EVENT; }
static bool awaits_port(const void *row) { return ((const struct thread *)row)->awaited == AWAITED_PORT; }
static bool is_pending(const void *row) { return ((const struct request *)row)->state == REQUEST_PENDING; }
static bool transfers(const void *row) {
    return is_pending(row) && ((const struct request *)row)->operation != OPERATION_IOCTL;
}
static bool accepts(const void *row) {
    return is_pending(row) && ((const struct request *)row)->operation == OPERATION_ACCEPT_EX;
}
static bool is_number(const void *row) { return ((const struct kept_number *)row)->used != 0; }
static bool is_event_wait(const void *row) { return ((const struct event_wait *)row)->used != 0; }
static bool is_socket_wait(const void *row) { return ((const struct socket_wait *)row)->state != SOCKET_WAIT_FREE; }
static bool is_reservation(const void *row) { return ((const struct reservation *)row)->kind == RESERVATION_RUNTIME; }
static bool is_duplicate(const void *row) { return ((const struct duplicate *)row)->serial != 0; }
static bool is_connection(const void *row) { return ((const struct connection_row *)row)->used != 0; }
static bool is_datagram(const void *row) { return ((const struct datagram_row *)row)->used != 0; }
static bool is_association(const void *row) { return ((const struct association *)row)->used != 0; }
static bool is_completion(const void *row) { return ((const struct completion *)row)->used != 0; }
static bool is_selection(const void *row) { return ((const struct selection *)row)->used != 0; }

#define REFERENCE(table, type, member, target, above, derived, applies) \
    { \
#type "." #member, table, target, (uint16_t)offsetof(struct type, member), sizeof(((struct type *)0)->member), \
            above, derived, applies \
    }
const struct reference references[] = {
    REFERENCE(TABLE_HANDLES, handle, object, TABLE_SOCKETS, 0, false, names_socket),
    REFERENCE(TABLE_HANDLES, handle, object, TABLE_EVENTS, 0, false, names_event),
    REFERENCE(TABLE_HANDLES, handle, object, TABLE_FILES, 0, false, names_file),
    REFERENCE(TABLE_HANDLES, handle, object, TABLE_COMPLETION_PORTS, 0, false, names_port),
    REFERENCE(TABLE_SOCKETS, socket_row, reservation, TABLE_RESERVATIONS, 0, true, is_open), /* with its serial */
    REFERENCE(TABLE_SOCKETS, socket_row, connection, TABLE_CONNECTIONS, 0, true, is_open),
    REFERENCE(TABLE_SOCKETS, socket_row, numbers, TABLE_NUMBERS, 0, true, is_open),
    REFERENCE(TABLE_SOCKETS, socket_row, handle_event, TABLE_EVENTS, 1, false, is_open),
    REFERENCE(TABLE_NUMBERS, kept_number, next, TABLE_NUMBERS, 0, true, is_number),
    REFERENCE(TABLE_REQUESTS, request, socket, TABLE_SOCKETS, 0, false, is_pending),
    REFERENCE(TABLE_REQUESTS, request, event, TABLE_EVENTS, 0, false, is_pending),
    REFERENCE(TABLE_REQUESTS, request, transfer, TABLE_TRANSFERS, 1, true, transfers),
    REFERENCE(TABLE_REQUESTS, request, code, TABLE_SOCKETS, 0, false, accepts),
    REFERENCE(TABLE_THREADS, thread, object, TABLE_EVENTS, 0, false, awaits_event),
    REFERENCE(TABLE_THREADS, thread, object, TABLE_COMPLETION_PORTS, 0, false, awaits_port),
    REFERENCE(TABLE_THREADS, thread, request, TABLE_REQUESTS, 0, false, is_thread),
    REFERENCE(TABLE_THREADS, thread, served_port, TABLE_COMPLETION_PORTS, 1, false, is_thread),
    REFERENCE(TABLE_EVENT_WAITS, event_wait, event, TABLE_EVENTS, 0, false, is_event_wait),
    REFERENCE(TABLE_SOCKET_WAITS, socket_wait, socket, TABLE_SOCKETS, 0, false, is_socket_wait),
    REFERENCE(TABLE_RESERVATIONS, reservation, socket, TABLE_SOCKETS, 0, false, is_reservation),
    REFERENCE(TABLE_DUPLICATES, duplicate, socket, TABLE_SOCKETS, 0, false, is_duplicate),
    REFERENCE(TABLE_CONNECTIONS, connection_row, socket, TABLE_SOCKETS, 0, false, is_connection),
    REFERENCE(TABLE_CONNECTIONS, connection_row, listener, TABLE_SOCKETS, 0, false, is_connection),
    REFERENCE(TABLE_DATAGRAMS, datagram_row, socket, TABLE_SOCKETS, 0, false, is_datagram),
    REFERENCE(TABLE_ASSOCIATIONS, association, socket, TABLE_SOCKETS, 0, false, is_association),
    REFERENCE(TABLE_ASSOCIATIONS, association, port, TABLE_COMPLETION_PORTS, 0, false, is_association),
    REFERENCE(TABLE_COMPLETIONS, completion, port, TABLE_COMPLETION_PORTS, 0, false, is_completion),
    REFERENCE(TABLE_SELECTIONS, selection, socket, TABLE_SOCKETS, 0, false, is_selection),
    REFERENCE(TABLE_SELECTIONS, selection, event, TABLE_EVENTS, 0, false, is_selection),
};
const unsigned references_count = sizeof references / sizeof references[0];

unsigned reference_get(const struct reference *reference, const void *row) {
    const uint8_t *at = (const uint8_t *)row + reference->offset;
    uint32_t number = 0;
    if (!reference->applies(row)) return NO_ROW;
    memcpy(&number, at, reference->bytes); /* the tests run on machines whose first byte of a number is its lowest */
    if (number >= PORT_GONE || number < reference->above) return NO_ROW;
    return number - reference->above;
}

void reference_set(const struct reference *reference, void *row, unsigned target) {
    uint32_t number = target + reference->above;
    memcpy((uint8_t *)row + reference->offset, &number, reference->bytes);
}

void *any_row(struct world *world, enum table table, unsigned index) {
    assert(index < world_top(world, table));
    return (uint8_t *)world + world->offsets[table] + (size_t)index * world_row_bytes(table);
}

/* --- other names -------------------------------------------------------------------------------------------------- */

enum { ROWS_MAX = 512, ROTATED = 5, TIMES = 3 };
static const uint64_t LATER_NS = UINT64_C(7777777777);

/* Where each row of each table goes. */
struct places {
    uint16_t of[TABLES_COUNT][ROWS_MAX];
};

static unsigned roll(uint64_t *dice, unsigned sides) {
    *dice = *dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(*dice >> 33) % sides;
}

/* Processes, threads and addresses have an identity. */
static bool has_identity(unsigned table) {
    return table == TABLE_PROCESSES || table == TABLE_THREADS || table == TABLE_ADDRESSES;
}

static void find_places(const struct world *world, struct places *places, uint64_t *dice) {
    for (unsigned table = 0; table < TABLES_COUNT; table++) {
        unsigned limit = world_table_limit(world, (enum table)table);
        assert(limit <= ROWS_MAX);
        for (unsigned i = 0; i < limit; i++) places->of[table][i] = (uint16_t)i;
        if (has_identity(table)) continue;
        for (unsigned i = limit; i > 1; i--) {
            unsigned other = roll(dice, i);
            uint16_t kept = places->of[table][i - 1];
            places->of[table][i - 1] = places->of[table][other];
            places->of[table][other] = kept;
        }
    }
}

static void move_rows(const struct world *from, struct world *to, const struct places *places) {
    for (unsigned table = 0; table < TABLES_COUNT; table++) {
        if (!has_identity(table)) to->tops[table] = (uint16_t)world_table_limit(from, (enum table)table);
        for (unsigned i = 0; i < world_top(from, (enum table)table); i++)
            memcpy(any_row(to, (enum table)table, places->of[table][i]),
                   any_row((struct world *)(uintptr_t)from, (enum table)table, i), world_row_bytes((enum table)table));
    }
}

static void rename_references(struct world *world, const struct places *places) {
    for (unsigned i = 0; i < references_count; i++) {
        const struct reference *reference = &references[i];
        for (unsigned row = 0; row < world_top(world, reference->table); row++) {
            void *at = any_row(world, reference->table, row);
            unsigned target = reference_get(reference, at);
            if (target != NO_ROW) reference_set(reference, at, places->of[reference->target][target]);
        }
    }
}

/* The bytes of a ring that count, which begins in another place. */
static void move_ring(uint8_t *to, const uint8_t *from, uint32_t size, uint32_t head, uint32_t count) {
    assert(count <= size);
    for (uint32_t i = 0; i < count; i++) to[(head + i + ROTATED) % size] = from[(head + i) % size];
}

static void move_rings(const struct world *from, struct world *to, const struct places *places) {
    for (unsigned i = 0; i < world_top(from, TABLE_CONNECTIONS); i++) {
        const struct tcp_connection *tcp = &world_connection_at(from, i)->tcp;
        uint32_t size = from->limits.stream_bytes;
        uint8_t *sent = world_stream(to, places->of[TABLE_CONNECTIONS][i], 0);
        uint8_t *received = world_stream(to, places->of[TABLE_CONNECTIONS][i], 1);
        move_ring(sent, world_stream_at(from, i, 0), size, tcp->send_head, tcp->send_queued);
        move_ring(received, world_stream_at(from, i, 1), size, tcp->receive_head, tcp->receive_buffered);
        for (unsigned k = 0; k < tcp->ranges_count; k++) {
            uint32_t ahead = tcp->receive_buffered + (tcp->ranges[k].first - tcp->receive_next);
            move_ring(received, world_stream_at(from, i, 1), size, tcp->receive_head + ahead,
                      tcp->ranges[k].end - tcp->ranges[k].first);
        }
    }
}

/* What belongs to rows and stands elsewhere: only so much of it counts. The ring of packets begins in another place. */
static void move_contents(const struct world *from, struct world *to, const struct places *places) {
    memset((uint8_t *)to + to->slots_offset, 0xa5, to->bytes - to->slots_offset);
    for (unsigned i = 0; i < world_top(from, TABLE_DATAGRAMS); i++)
        memcpy(world_datagram_slot(to, places->of[TABLE_DATAGRAMS][i]), world_datagram_slot_at(from, i),
               world_datagram_at(from, i)->bytes);
    for (unsigned i = 0; i < from->limits.packets; i++) {
        unsigned place = (i + ROTATED) % from->limits.packets;
        *world_packet(to, place) = *world_packet_at(from, i);
        memcpy(world_packet_slot(to, place), world_packet_slot_at(from, i), world_packet_at(from, i)->bytes);
    }
    to->packets_head = (uint16_t)((from->packets_head + ROTATED) % from->limits.packets);
    move_rings(from, to, places);
}

/* Numbers of which only the order counts. */
static void rename_numbers(struct world *world) {
    for (unsigned i = 0; i < world_top(world, TABLE_HANDLES); i++) world_handle(world, i)->number *= TIMES;
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKET_WAITS); i++) world_socket_wait(world, i)->handle *= TIMES;
    for (unsigned i = 0; i < world_top(world, TABLE_THREADS); i++) world_thread(world, i)->parked_serial *= TIMES;
    for (unsigned i = 0; i < world_top(world, TABLE_TRANSFERS); i++) world_transfer(world, i)->serial *= TIMES;
    for (unsigned i = 0; i < world_top(world, TABLE_ROUTINES); i++) world_routine(world, i)->serial *= TIMES;
    for (unsigned i = 0; i < world_top(world, TABLE_COMPLETIONS); i++) world_completion(world, i)->serial *= TIMES;
    for (unsigned i = 0; i < world_top(world, TABLE_DATAGRAMS); i++) world_datagram(world, i)->serial *= TIMES;
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKETS); i++) world_socket(world, i)->reservation_serial *= TIMES;
    for (unsigned i = 0; i < world->limits.packets; i++) world_packet(world, i)->serial *= TIMES;
    for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++) {
        world_reservation(world, i)->serial *= TIMES;
        world_reservation(world, i)->token *= TIMES;
    }
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        struct request *row = world_request(world, i);
        if (row->operation == OPERATION_IOCTL) row->token *= TIMES;
    }
    for (unsigned i = 0; i < world_top(world, TABLE_CONNECTIONS); i++) {
        struct connection_row *row = world_connection(world, i);
        row->serial *= TIMES;
        row->next = (uint16_t)(row->used * 7);
        row->urgency = row->used * 77u;
        row->tcp.send_head = row->used ? (row->tcp.send_head + ROTATED) % world->limits.stream_bytes : 0;
        row->tcp.receive_head = row->used ? (row->tcp.receive_head + ROTATED) % world->limits.stream_bytes : 0;
    }
    for (unsigned i = 0; i < world_top(world, TABLE_PROCESSES); i++)
        if (world_process(world, i)->alive) world_process(world, i)->handle_next *= TIMES;
}

static void put_off(uint64_t *instant_ns) {
    if (*instant_ns != UINT64_MAX) *instant_ns += LATER_NS;
}

static void rename_instants(struct world *world) {
    world->now_ns += LATER_NS;
    for (unsigned i = 0; i < world_top(world, TABLE_THREADS); i++)
        if (world_thread(world, i)->state == THREAD_WAITING) put_off(&world_thread(world, i)->deadline_ns);
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        struct request *row = world_request(world, i);
        if (row->state == REQUEST_PENDING && row->operation == OPERATION_IOCTL && !row->decided) put_off(&row->due_ns);
    }
    for (unsigned i = 0; i < world->limits.packets; i++) world_packet(world, i)->arrives_ns += LATER_NS;
    for (unsigned i = 0; i < world_top(world, TABLE_CONNECTIONS); i++) {
        struct connection_row *row = world_connection(world, i);
        struct tcp_connection *tcp = &row->tcp;
        uint64_t *const timers[] = { &tcp->retransmit_at, &tcp->persist_at,   &tcp->acknowledge_at,
                                     &tcp->time_wait_at,  &tcp->keepalive_at, &tcp->retry_at };
        if (!row->used) continue;
        for (unsigned k = 0; k < sizeof timers / sizeof timers[0]; k++) put_off(timers[k]);
        tcp->measured_from_ns += LATER_NS;
        if (!tcp->measuring) tcp->measured_sequence += 1;
        tcp->challenges_from_ns += LATER_NS;
        if (row->established) row->since_ns += LATER_NS;
    }
}

static struct world *world_renamed(const struct world *world, void *memory, uint64_t dice) {
    static struct places places;
    assert(!world->limits.indexed && world->limits.packets > 0);
    struct world *renamed = world_create(memory, &world->limits);
    *renamed = *world;
    size_t rest = world->offsets[TABLES_COUNT];
    memcpy((uint8_t *)renamed + rest, (const uint8_t *)world + rest, world->bytes - rest);
    find_places(world, &places, &dice);
    move_rows(world, renamed, &places);
    rename_references(renamed, &places);
    move_contents(world, renamed, &places);
    rename_numbers(renamed);
    rename_instants(renamed);
    uint32_t *const counters[] = { &renamed->reservation_serial, &renamed->routine_serial, &renamed->completion_serial,
                                   &renamed->parked_serial,      &renamed->packet_serial,  &renamed->connection_serial,
                                   &renamed->transfer_serial };
    for (unsigned i = 0; i < sizeof counters / sizeof counters[0]; i++) *counters[i] *= TIMES;
    return renamed;
}

bool encodes_alike_renamed(const struct world *world, uint64_t dice) {
    size_t bytes = world->bytes;
    uint8_t *memory = malloc(bytes), *one = malloc(2 * bytes), *other = malloc(2 * bytes);
    assert(memory != NULL && one != NULL && other != NULL);
    size_t length = world_encode(world, one);
    bool alike = world_encode(world_renamed(world, memory, dice), other) == length && memcmp(one, other, length) == 0;
    free(memory);
    free(one);
    free(other);
    return alike;
}
