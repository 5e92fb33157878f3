/* The canonical encoding of a world: what can still make a difference, and nothing else.
 *
 * Each row is put whole, so that no fact can be forgotten; what is only a name is replaced in a copy of it before.
 * Names are the numbers of rows, serials, tokens and handle numbers. Sockets, events, files and completion ports are
 * named by the first reference, beginning at the handles in the order of their numbers, which is the order in which
 * they were opened; all other rows have an order of their own (struct key). Processes and threads have an identity, and
 * so have the addresses in a caller's memory. Counters that only make names are left out, and so is the clock: instants
 * are put as what is left until then. */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "stack/io/requests.h"
#include "stack/ports/pool.h"
#include "stack/transport/wire/tcp.h"
#include "stack/world.h"

struct encoder {
    const struct world *world;
    uint8_t *out;
    size_t written;
    /* Scratch behind the output. */
    uint16_t *names[TABLES_COUNT]; /* of each row, or NO_ROW */
    uint16_t *rows[TABLES_COUNT];  /* by their names */
    unsigned counts[TABLES_COUNT]; /* of the rows with a name */
};

static void put_bytes(struct encoder *encoder, const void *bytes, size_t count) {
    memcpy(encoder->out + encoder->written, bytes, count);
    encoder->written += count;
}

#define PUT(encoder, value) put_bytes(encoder, &(value), sizeof(value))
#define ERASE(member) memset(&(member), 0, sizeof(member))

/* What is not there, or is gone (PORT_GONE), is its own name. */
static uint16_t name_of(struct encoder *encoder, enum table table, unsigned row) {
    if (row >= PORT_GONE) return (uint16_t)row;
    assert(row < world_top(encoder->world, table));
    uint16_t *name = &encoder->names[table][row];
    if (*name == NO_ROW) {
        encoder->rows[table][encoder->counts[table]] = (uint16_t)row;
        *name = (uint16_t)encoder->counts[table]++;
    }
    return *name;
}

/* The same of what rows keep as a number of 1 and more, 0 for none. */
static uint16_t name_above_0(struct encoder *encoder, enum table table, unsigned row) {
    return name_of(encoder, table, (row - 1) & 0xffff);
}

/* What is left until then. */
static uint64_t from_now(const struct encoder *encoder, uint64_t instant_ns) {
    return instant_ns == UINT64_MAX ? UINT64_MAX : instant_ns - encoder->world->now_ns;
}

/* --- orders ------------------------------------------------------------------------------------------------------- */

/* Where a row stands in its table: by the first part, then by the next one. */
enum { KEY_PARTS = 5 };
struct key {
    uint64_t parts[KEY_PARTS];
};
typedef struct key key_of_row(struct encoder *encoder, unsigned row);

static bool transfers(const struct request *row) { return row->operation != OPERATION_IOCTL && row->transfer != 0; }

static struct key key_of_handle(struct encoder *encoder, unsigned index) {
    const struct handle *row = world_handle_at(encoder->world, index);
    return (struct key){ { row->process, row->number } };
}

/* Those that wait for the same in their order, all others by what is theirs alone. */
static struct key key_of_request(struct encoder *encoder, unsigned index) {
    const struct request *row = world_request_at(encoder->world, index);
    uint64_t serial = transfers(row) ? request_transfer(encoder->world, row)->serial : UINT64_MAX;
    unsigned socket = name_of(encoder, TABLE_SOCKETS, row->socket);
    return (struct key){ { socket, row->operation, serial, row->thread, row->overlapped_address } };
}

/* Those that wait at a port in their order: it decides who takes a packet. */
static struct key key_of_thread(struct encoder *encoder, unsigned index) {
    const struct thread *row = world_thread_at(encoder->world, index);
    if (row->awaited != AWAITED_PORT) return (struct key){ { NO_ROW, index } };
    return (struct key){ { name_of(encoder, TABLE_COMPLETION_PORTS, row->object), row->parked_serial } };
}

static struct key key_of_reservation(struct encoder *encoder, unsigned index) {
    const struct reservation *row = world_reservation_at(encoder->world, index);
    return (struct key){ { row->protocol, row->family, row->first, row->serial } };
}

static struct key key_of_exclusion(struct encoder *encoder, unsigned index) {
    const struct exclusion *row = world_exclusion_at(encoder->world, index);
    return (struct key){ { row->protocol, row->first, row->last, row->administered, row->stored } };
}

static struct key key_of_routine(struct encoder *encoder, unsigned index) {
    const struct routine_row *row = world_routine_at(encoder->world, index);
    return (struct key){ { row->thread, row->serial } };
}

static struct key key_of_duplicate(struct encoder *encoder, unsigned index) {
    return (struct key){ { world_duplicate_at(encoder->world, index)->serial } };
}

static struct key key_of_event_wait(struct encoder *encoder, unsigned index) {
    const struct event_wait *row = world_event_wait_at(encoder->world, index);
    return (struct key){ { row->thread, row->place } };
}

static struct key key_of_socket_wait(struct encoder *encoder, unsigned index) {
    const struct socket_wait *row = world_socket_wait_at(encoder->world, index);
    return (struct key){ { row->thread, row->set, row->place } };
}

/* Those that wait at a listener in their order, those that have not got so far, or close alone, by their ends. */
static struct key key_of_connection(struct encoder *encoder, unsigned index) {
    const struct connection_row *row = world_connection_at(encoder->world, index);
    unsigned socket = name_of(encoder, TABLE_SOCKETS, row->socket);
    unsigned listener = name_of(encoder, TABLE_SOCKETS, row->listener);
    uint32_t place = row->listener == NO_ROW ? 0 : row->serial;
    return (struct key){ { socket, listener, place, row->tcp.local_port, row->tcp.remote_port } };
}

static struct key key_of_datagram(struct encoder *encoder, unsigned index) {
    const struct datagram_row *row = world_datagram_at(encoder->world, index);
    return (struct key){ { name_of(encoder, TABLE_SOCKETS, row->socket), row->serial } };
}

static struct key key_of_association(struct encoder *encoder, unsigned index) {
    return (struct key){ { name_of(encoder, TABLE_SOCKETS, world_association_at(encoder->world, index)->socket) } };
}

static struct key key_of_selection(struct encoder *encoder, unsigned index) {
    return (struct key){ { name_of(encoder, TABLE_SOCKETS, world_selection_at(encoder->world, index)->socket) } };
}

static struct key key_of_completion(struct encoder *encoder, unsigned index) {
    const struct completion *row = world_completion_at(encoder->world, index);
    return (struct key){ { name_of(encoder, TABLE_COMPLETION_PORTS, row->port), row->serial } };
}

static bool comes_before(struct encoder *encoder, key_of_row *key_of, unsigned one, unsigned other) {
    struct key first = key_of(encoder, one), second = key_of(encoder, other);
    unsigned part = 0;
    while (part + 1 < KEY_PARTS && first.parts[part] == second.parts[part]) part++;
    return first.parts[part] < second.parts[part];
}

/* Shell's way: no recursion, no memory of its own, and one pass for each halving where they are in order already. */
static void sort(struct encoder *encoder, key_of_row *key_of, uint16_t *rows, unsigned count) {
    for (unsigned gap = count / 2; gap > 0; gap /= 2)
        for (unsigned i = gap; i < count; i++)
            for (unsigned k = i; k >= gap && comes_before(encoder, key_of, rows[k], rows[k - gap]); k -= gap) {
                uint16_t kept = rows[k];
                rows[k] = rows[k - gap];
                rows[k - gap] = kept;
            }
}

/* Names the rows of a table that are in use by their order. */
static void order(struct encoder *encoder, enum table table, key_of_row *key_of) {
    uint16_t *rows = encoder->rows[table];
    unsigned count = 0;
    for (unsigned i = 0; i < world_top(encoder->world, table); i++)
        if (!world_row_is_free(encoder->world, table, i)) rows[count++] = (uint16_t)i;
    sort(encoder, key_of, rows, count);
    for (unsigned i = 0; i < count; i++) (void)name_of(encoder, table, rows[i]);
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static void put_process(struct encoder *encoder, unsigned index) {
    struct process row = *world_process_at(encoder->world, index);
    ERASE(row.handle_next);
    PUT(encoder, row);
}

static void put_handle(struct encoder *encoder, unsigned index) {
    static const uint8_t tables[] = { [HANDLE_SOCKET] = TABLE_SOCKETS,
                                      [HANDLE_EVENT] = TABLE_EVENTS,
                                      [HANDLE_FILE] = TABLE_FILES,
                                      [HANDLE_PORT] = TABLE_COMPLETION_PORTS };
    struct handle row = *world_handle_at(encoder->world, index);
    ERASE(row.number);
    if (row.kind != HANDLE_THREAD) row.object = name_of(encoder, (enum table)tables[row.kind], row.object);
    PUT(encoder, row);
}

static void rename_thread(struct encoder *encoder, struct thread *row) {
    enum table awaited = row->awaited == AWAITED_PORT ? TABLE_COMPLETION_PORTS : TABLE_EVENTS;
    row->object = name_of(encoder, awaited, row->object);
    row->request = name_of(encoder, TABLE_REQUESTS, row->request);
    if (row->state == THREAD_WAITING) row->deadline_ns = from_now(encoder, row->deadline_ns);
    row->served_port = name_above_0(encoder, TABLE_COMPLETION_PORTS, row->served_port);
}

static void put_thread(struct encoder *encoder, unsigned index) {
    struct thread row = *world_thread_at(encoder->world, index);
    row.parked_serial = encoder->names[TABLE_THREADS][index];
    if (row.state != THREAD_FREE) rename_thread(encoder, &row);
    PUT(encoder, row);
}

/* Of a control call: the reservation that its token means, and what is left of its delay. */
static void rename_control(struct encoder *encoder, struct request *row) {
    const struct socket_row *socket = world_socket_at(encoder->world, row->socket);
    unsigned reservation = pool_find_token(encoder->world, (enum protocol)socket->protocol, row->token);
    row->token = name_of(encoder, TABLE_RESERVATIONS, reservation);
    if (!row->decided) row->due_ns = from_now(encoder, row->due_ns);
}

static void put_request(struct encoder *encoder, unsigned index) {
    struct request row = *world_request_at(encoder->world, index);
    if (row.operation == OPERATION_IOCTL) rename_control(encoder, &row);
    else row.transfer = name_above_0(encoder, TABLE_TRANSFERS, row.transfer);
    if (row.operation == OPERATION_ACCEPT_EX) row.code = name_of(encoder, TABLE_SOCKETS, row.code);
    row.socket = name_of(encoder, TABLE_SOCKETS, row.socket);
    row.event = name_of(encoder, TABLE_EVENTS, row.event);
    PUT(encoder, row);
}

/* Its place among those that wait for the same is its request's. */
static void put_transfer(struct encoder *encoder, unsigned index) {
    struct transfer row = *world_transfer_at(encoder->world, index);
    ERASE(row.serial);
    PUT(encoder, row);
}

static void put_routine(struct encoder *encoder, unsigned index) {
    struct routine_row row = *world_routine_at(encoder->world, index);
    ERASE(row.serial);
    PUT(encoder, row);
}

/* The serial is what the caller's memory holds, so it is kept as it is. */
static void put_duplicate(struct encoder *encoder, unsigned index) {
    struct duplicate row = *world_duplicate_at(encoder->world, index);
    row.socket = name_of(encoder, TABLE_SOCKETS, row.socket);
    PUT(encoder, row);
}

static void put_event_wait(struct encoder *encoder, unsigned index) {
    struct event_wait row = *world_event_wait_at(encoder->world, index);
    row.event = name_of(encoder, TABLE_EVENTS, row.event);
    PUT(encoder, row);
}

/* The handle of a process with this number, or NO_ROW: those that were closed are all the same. */
static unsigned handle_of(const struct world *world, unsigned process, uint32_t number) {
    for (unsigned i = 0; i < world_top(world, TABLE_HANDLES); i++) {
        const struct handle *row = world_handle_at(world, i);
        if (row->number == number && row->process == process) return i;
    }
    return NO_ROW;
}

static void put_socket_wait(struct encoder *encoder, unsigned index) {
    struct socket_wait row = *world_socket_wait_at(encoder->world, index);
    unsigned process = world_thread_at(encoder->world, row.thread)->process;
    row.handle = name_of(encoder, TABLE_HANDLES, handle_of(encoder->world, process, row.handle));
    row.socket = name_of(encoder, TABLE_SOCKETS, row.socket);
    PUT(encoder, row);
}

/* Its token is its place. */
static void put_reservation(struct encoder *encoder, unsigned index) {
    struct reservation row = *world_reservation_at(encoder->world, index);
    ERASE(row.serial);
    ERASE(row.token);
    if (row.kind == RESERVATION_RUNTIME) row.socket = name_of(encoder, TABLE_SOCKETS, row.socket);
    PUT(encoder, row);
}

static void put_exclusion(struct encoder *encoder, unsigned index) {
    PUT(encoder, *world_exclusion_at(encoder->world, index));
}

/* --- sockets and what belongs to one ------------------------------------------------------------------------------ */

/* Never associated, associated with one that died, or with one that is there. */
static void rename_association(struct encoder *encoder, struct socket_row *row) {
    enum { DIED = 0xfffe };
    if (row->reservation == NO_ROW) return;
    unsigned reservation = pool_association(encoder->world, row);
    row->reservation = reservation == NO_ROW ? (uint16_t)DIED : name_of(encoder, TABLE_RESERVATIONS, reservation);
    ERASE(row->reservation_serial);
}

static void put_socket(struct encoder *encoder, unsigned index) {
    struct socket_row row = *world_socket_at(encoder->world, index);
    rename_association(encoder, &row);
    ERASE(row.connection); /* which names the socket */
    row.numbers = name_of(encoder, TABLE_NUMBERS, row.numbers);
    row.handle_event = name_above_0(encoder, TABLE_EVENTS, row.handle_event);
    PUT(encoder, row);
}

/* Each names the next one of its socket, which is put after it. */
static void put_number(struct encoder *encoder, unsigned index) {
    struct kept_number row = *world_number_at(encoder->world, index);
    row.next = name_of(encoder, TABLE_NUMBERS, row.next);
    PUT(encoder, row);
}

/* Bytes of a ring from its head on. */
static void put_ring(struct encoder *encoder, unsigned connection, unsigned ring, uint32_t head, uint32_t count) {
    uint32_t size = encoder->world->limits.stream_bytes;
    assert(count <= size);
    const uint8_t *bytes = world_stream_at(encoder->world, connection, ring);
    for (uint32_t i = 0; i < count; i++) PUT(encoder, bytes[(head + i) % size]);
}

/* What stands in its rings. What came out of order stands in the receive ring already; the row says where. */
static void put_rings(struct encoder *encoder, unsigned index) {
    const struct tcp_connection *tcp = &world_connection_at(encoder->world, index)->tcp;
    put_ring(encoder, index, 0, tcp->send_head, tcp->send_queued);
    put_ring(encoder, index, 1, tcp->receive_head, tcp->receive_buffered);
    for (unsigned i = 0; i < tcp->ranges_count; i++) {
        uint32_t ahead = tcp->receive_buffered + (tcp->ranges[i].first - tcp->receive_next);
        put_ring(encoder, index, 1, tcp->receive_head + ahead, tcp->ranges[i].end - tcp->ranges[i].first);
    }
}

/* Timers, and what was measured or counted since an instant and still matters. */
static void rename_instants(const struct encoder *encoder, struct tcp_connection *tcp) {
    const uint64_t now_ns = encoder->world->now_ns;
    uint64_t *const timers[] = { &tcp->retransmit_at, &tcp->persist_at,   &tcp->acknowledge_at,
                                 &tcp->time_wait_at,  &tcp->keepalive_at, &tcp->retry_at };
    for (unsigned i = 0; i < sizeof timers / sizeof timers[0]; i++) *timers[i] = from_now(encoder, *timers[i]);
    tcp->measured_from_ns = now_ns - tcp->measured_from_ns;
    if (!tcp->measuring) ERASE(tcp->measured_from_ns);
    if (!tcp->measuring) ERASE(tcp->measured_sequence);
    tcp->challenges_from_ns = now_ns - tcp->challenges_from_ns;
    if (tcp->challenges_from_ns >= TCP_CHALLENGES_NS) ERASE(tcp->challenges);
    if (tcp->challenges == 0) ERASE(tcp->challenges_from_ns);
}

static void put_connection(struct encoder *encoder, unsigned index) {
    struct connection_row row = *world_connection_at(encoder->world, index);
    row.socket = name_of(encoder, TABLE_SOCKETS, row.socket);
    row.listener = name_of(encoder, TABLE_SOCKETS, row.listener);
    ERASE(row.serial);
    ERASE(row.next); /* this and the next one are of the index of connections */
    ERASE(row.urgency);
    if (row.established) row.since_ns = encoder->world->now_ns - row.since_ns;
    ERASE(row.tcp.send_head);
    ERASE(row.tcp.receive_head);
    rename_instants(encoder, &row.tcp);
    PUT(encoder, row);
    put_rings(encoder, index);
}

static void put_datagram(struct encoder *encoder, unsigned index) {
    struct datagram_row row = *world_datagram_at(encoder->world, index);
    ERASE(row.serial);
    row.socket = name_of(encoder, TABLE_SOCKETS, row.socket);
    PUT(encoder, row);
    put_bytes(encoder, world_datagram_slot_at(encoder->world, index), row.bytes);
}

static void put_association(struct encoder *encoder, unsigned index) {
    struct association row = *world_association_at(encoder->world, index);
    row.socket = name_of(encoder, TABLE_SOCKETS, row.socket);
    row.port = name_of(encoder, TABLE_COMPLETION_PORTS, row.port);
    PUT(encoder, row);
}

static void put_selection(struct encoder *encoder, unsigned index) {
    struct selection row = *world_selection_at(encoder->world, index);
    row.socket = name_of(encoder, TABLE_SOCKETS, row.socket);
    row.event = name_of(encoder, TABLE_EVENTS, row.event);
    PUT(encoder, row);
}

static void put_completion(struct encoder *encoder, unsigned index) {
    struct completion row = *world_completion_at(encoder->world, index);
    ERASE(row.serial);
    row.port = name_of(encoder, TABLE_COMPLETION_PORTS, row.port);
    PUT(encoder, row);
}

static void put_port(struct encoder *encoder, unsigned index) {
    PUT(encoder, *world_completion_port_at(encoder->world, index));
}

static void put_event(struct encoder *encoder, unsigned index) { PUT(encoder, *world_event_at(encoder->world, index)); }

/* --- all of it ---------------------------------------------------------------------------------------------------- */

static void put_packets(struct encoder *encoder) {
    const struct world *world = encoder->world;
    PUT(encoder, world->packets_count);
    for (unsigned i = 0; i < world->packets_count; i++) {
        unsigned position = (world->packets_head + i) % world->limits.packets;
        struct packet_row row = *world_packet_at(world, position);
        ERASE(row.serial);
        row.arrives_ns = from_now(encoder, row.arrives_ns);
        PUT(encoder, row);
        put_bytes(encoder, world_packet_slot_at(world, position), row.bytes);
    }
}

static void put_machine(struct encoder *encoder) {
    const struct world *world = encoder->world;
    const size_t first = offsetof(struct world, dynamic_first), end = offsetof(struct world, readings);
    put_bytes(encoder, (const uint8_t *)world + first, end - first);
    PUT(encoder, world->tops[TABLE_ADDRESSES]);
    for (unsigned i = 0; i < world_top(world, TABLE_ADDRESSES); i++) PUT(encoder, *world_own_address_at(world, i));
    if (world->power != POWER_LOST) return; /* the store holds what the pool does */
    for (unsigned protocol = 0; protocol < PROTOCOLS_COUNT; protocol++)
        put_bytes(encoder, world_store_at(world, (enum protocol)protocol), world_store_bytes(world));
}

typedef void put_row(struct encoder *encoder, unsigned row);

/* The rows of a table that have names. */
static void put_rows(struct encoder *encoder, enum table table, put_row *put) {
    PUT(encoder, encoder->counts[table]);
    for (unsigned i = 0; i < encoder->counts[table]; i++) put(encoder, encoder->rows[table][i]);
}

static void put_in_order(struct encoder *encoder, enum table table, key_of_row *key_of, put_row *put) {
    order(encoder, table, key_of);
    put_rows(encoder, table, put);
}

/* What is named by references comes after all that refers to it. */
static void put_all(struct encoder *encoder) {
    const struct world *world = encoder->world;
    put_machine(encoder);
    for (unsigned i = 0; i < world_top(world, TABLE_PROCESSES); i++) put_process(encoder, i);
    put_in_order(encoder, TABLE_HANDLES, key_of_handle, put_handle);
    order(encoder, TABLE_RESERVATIONS, key_of_reservation);
    order(encoder, TABLE_REQUESTS, key_of_request);
    order(encoder, TABLE_THREADS, key_of_thread);
    for (unsigned i = 0; i < world_top(world, TABLE_THREADS); i++) put_thread(encoder, i);
    put_rows(encoder, TABLE_REQUESTS, put_request);
    put_rows(encoder, TABLE_TRANSFERS, put_transfer);
    put_in_order(encoder, TABLE_ROUTINES, key_of_routine, put_routine);
    put_in_order(encoder, TABLE_DUPLICATES, key_of_duplicate, put_duplicate);
    put_in_order(encoder, TABLE_EVENT_WAITS, key_of_event_wait, put_event_wait);
    put_in_order(encoder, TABLE_SOCKET_WAITS, key_of_socket_wait, put_socket_wait);
    put_rows(encoder, TABLE_RESERVATIONS, put_reservation);
    put_in_order(encoder, TABLE_EXCLUSIONS, key_of_exclusion, put_exclusion);
    put_in_order(encoder, TABLE_CONNECTIONS, key_of_connection, put_connection);
    put_in_order(encoder, TABLE_DATAGRAMS, key_of_datagram, put_datagram);
    put_in_order(encoder, TABLE_ASSOCIATIONS, key_of_association, put_association);
    put_in_order(encoder, TABLE_SELECTIONS, key_of_selection, put_selection);
    put_rows(encoder, TABLE_SOCKETS, put_socket);
    put_rows(encoder, TABLE_NUMBERS, put_number);
    put_in_order(encoder, TABLE_COMPLETIONS, key_of_completion, put_completion);
    put_rows(encoder, TABLE_COMPLETION_PORTS, put_port);
    put_rows(encoder, TABLE_EVENTS, put_event);
    put_packets(encoder);
}

size_t world_encode(const struct world *world, uint8_t *out) {
    assert(world != NULL);
    assert(out != NULL);
    struct encoder encoder = { .world = world, .out = out };
    /* From the end of the output downwards. */
    uint16_t *scratch = (uint16_t *)(void *)(out + (size_t)world->bytes * 2);
    for (unsigned table = 0; table < TABLES_COUNT; table++) {
        scratch -= world_top(world, table);
        encoder.rows[table] = scratch;
        scratch -= world_top(world, table);
        encoder.names[table] = memset(scratch, 0xff, world_top(world, table) * sizeof *scratch);
    }
    put_all(&encoder);
    assert(out + encoder.written <= (uint8_t *)scratch);
    return encoder.written;
}
