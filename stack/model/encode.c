/* The canonical encoding of a world: what can still make a difference, and nothing else.
 *
 * The walk begins at what has an identity of its own (processes and threads by index) and goes outwards through handles
 * in the order of their numbers, which is the order in which they were opened. Objects are renamed when they are first
 * met; tokens and serials by the order of their reservations, user addresses by first use. Counters that only make
 * names (handle_next, serials) and the clock itself (deadlines are relative) are left out. */
#include <assert.h>
#include <string.h>

#include "stack/io/completion_ports.h"
#include "stack/io/event_waits.h"
#include "stack/io/requests.h"
#include "stack/ports/pool.h"
#include "stack/call/call.h"
#include "stack/system/handles.h"
#include "stack/transport/socket_waits.h"
#include "stack/transport/wire/tcp.h"
#include "stack/world.h"

enum { ADDRESSES_MAX = 96, UNNAMED = 0xffff };

struct encoder {
    const struct world *world;
    uint8_t *out;
    size_t written;
    uint16_t *socket_names; /* scratch behind the output: new name of each row, or UNNAMED */
    uint16_t *event_names;
    uint16_t *file_names;
    uint16_t *port_names;
    uint16_t *reservation_names; /* of each row */
    uint16_t *reservations;      /* their rows in the order of their names */
    uint16_t *exclusions;        /* rows in their order */
    unsigned reservations_count;
    uint16_t sockets_count, events_count, files_count, ports_count;
    uint64_t addresses[ADDRESSES_MAX]; /* user addresses by first use */
    unsigned addresses_count;
};

static void put(struct encoder *encoder, uint64_t value, unsigned bytes) {
    assert(bytes <= 8);
    for (unsigned i = 0; i < bytes; i++) encoder->out[encoder->written++] = (uint8_t)(value >> 8 * i);
}

static void put_u8(struct encoder *encoder, uint64_t value) { put(encoder, value, sizeof(uint8_t)); }
static void put_u16(struct encoder *encoder, uint64_t value) { put(encoder, value, sizeof(uint16_t)); }
static void put_u32(struct encoder *encoder, uint64_t value) { put(encoder, value, sizeof(uint32_t)); }
static void put_u64(struct encoder *encoder, uint64_t value) { put(encoder, value, sizeof(uint64_t)); }

static void put_address(struct encoder *encoder, uint64_t address) {
    unsigned name = 0;
    while (name < encoder->addresses_count && encoder->addresses[name] != address) name++;
    assert(name < ADDRESSES_MAX);
    if (name == encoder->addresses_count) encoder->addresses[encoder->addresses_count++] = address;
    put_u16(encoder, address == 0 ? 0 : name + 1u);
}

static uint16_t renamed(uint16_t *names, uint16_t *count, unsigned index) {
    assert(index != NO_ROW);
    if (names[index] == UNNAMED) names[index] = (*count)++;
    return names[index];
}

/* A reservation's canonical name is its place in the order of (protocol, family, first port, serial). */
static bool comes_before(const struct reservation *one, const struct reservation *other) {
    if (one->protocol != other->protocol) return one->protocol < other->protocol;
    if (one->family != other->family) return one->family < other->family;
    if (one->first != other->first) return one->first < other->first;
    return one->serial < other->serial;
}

typedef bool row_order(const struct world *world, unsigned one, unsigned other);

static bool reservations_in_order(const struct world *world, unsigned one, unsigned other) {
    return comes_before(world_reservation_at(world, one), world_reservation_at(world, other));
}

/* Lets rows[place] sink in a heap of `count` rows with the last one on top. */
static void sink(const struct world *world, row_order *before, uint16_t *rows, unsigned count, unsigned place) {
    for (unsigned child = 2 * place + 1; child < count; child = 2 * place + 1) {
        if (child + 1 < count && before(world, rows[child], rows[child + 1])) child++;
        if (!before(world, rows[place], rows[child])) return;
        uint16_t kept = rows[place];
        rows[place] = rows[child];
        rows[child] = kept;
        place = child;
    }
}

static bool are_in_order(const struct world *world, row_order *before, const uint16_t *rows, unsigned count) {
    for (unsigned i = 1; i < count; i++)
        if (before(world, rows[i], rows[i - 1])) return false;
    return true;
}

/* Mostly they are in order already. Else a heap sort: no recursion, no memory of its own, and n log n whatever the
 * order is. */
static void sort_rows(const struct world *world, row_order *before, uint16_t *rows, unsigned count) {
    if (are_in_order(world, before, rows, count)) return;
    for (unsigned i = count / 2; i-- > 0;) sink(world, before, rows, count, i);
    for (unsigned left = count; left > 1;) {
        uint16_t kept = rows[--left];
        rows[left] = rows[0];
        rows[0] = kept;
        sink(world, before, rows, left, 0);
    }
}

static void name_reservations(struct encoder *encoder) {
    const struct world *world = encoder->world;
    for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++)
        if (world_reservation_at(world, i)->kind != RESERVATION_FREE)
            encoder->reservations[encoder->reservations_count++] = (uint16_t)i;
    sort_rows(world, reservations_in_order, encoder->reservations, encoder->reservations_count);
    for (unsigned i = 0; i < encoder->reservations_count; i++)
        encoder->reservation_names[encoder->reservations[i]] = (uint16_t)i;
}

static void put_bytes(struct encoder *encoder, const uint8_t *bytes, size_t count) {
    memcpy(encoder->out + encoder->written, bytes, count);
    encoder->written += count;
}

static void put_deadline(struct encoder *encoder, uint64_t deadline_ns) {
    put_u64(encoder, deadline_ns == UINT64_MAX ? UINT64_MAX : deadline_ns - encoder->world->now_ns);
}

/* Bytes of a ring from its head on. */
static void put_ring(struct encoder *encoder, unsigned connection, unsigned ring, uint32_t head, uint32_t count) {
    uint32_t size = encoder->world->limits.stream_bytes;
    assert(count <= size);
    const uint8_t *bytes = world_stream_at(encoder->world, connection, ring);
    put_u32(encoder, count);
    for (uint32_t i = 0; i < count; i++) put_u8(encoder, bytes[(head + i) % size]);
}

/* What came out of order stands in the receive ring already; the row says where. */
static void put_ahead_of_holes(struct encoder *encoder, unsigned connection, const struct tcp_connection *tcp) {
    for (unsigned i = 0; i < tcp->ranges_count; i++) {
        const struct tcp_range *range = &tcp->ranges[i];
        put_ring(encoder, connection, 1, tcp->receive_head + tcp->receive_buffered + (range->first - tcp->receive_next),
                 range->end - range->first);
    }
}

/* The row as it is but for its deadlines, which are relative to now, and what stands in its rings. */
static void put_connection(struct encoder *encoder, unsigned index) {
    const struct connection_row *row = world_connection_at(encoder->world, index);
    struct tcp_connection tcp = row->tcp;
    uint64_t *const deadlines[] = { &tcp.retransmit_at, &tcp.persist_at,   &tcp.acknowledge_at,
                                    &tcp.time_wait_at,  &tcp.keepalive_at, &tcp.retry_at };
    for (unsigned i = 0; i < sizeof deadlines / sizeof deadlines[0]; i++) {
        put_deadline(encoder, *deadlines[i]);
        *deadlines[i] = 0;
    }
    if (tcp.measuring) tcp.measured_from_ns = encoder->world->now_ns - tcp.measured_from_ns;
    else tcp.measured_from_ns = tcp.measured_sequence = 0;
    bool counts = tcp.challenges > 0 && encoder->world->now_ns - tcp.challenges_from_ns < TCP_CHALLENGES_NS;
    tcp.challenges_from_ns = counts ? encoder->world->now_ns - tcp.challenges_from_ns : 0;
    if (!counts) tcp.challenges = 0;
    put_ring(encoder, index, 0, tcp.send_head, tcp.send_queued);
    put_ring(encoder, index, 1, tcp.receive_head, tcp.receive_buffered);
    put_ahead_of_holes(encoder, index, &tcp);
    tcp.send_head = tcp.receive_head = 0;
    put_bytes(encoder, (const uint8_t *)&tcp, sizeof tcp);
    put_u8(encoder, row->earlier_error);
    put_u8(encoder, (uint64_t)row->second_time_wait | (uint64_t)row->without_context << 1 |
                        (uint64_t)row->established << 2 | (uint64_t)row->held << 3);
    put_u64(encoder, row->established ? encoder->world->now_ns - row->since_ns : 0);
}

/* What waits in a socket, oldest first. */
static void put_datagrams(struct encoder *encoder, unsigned socket) {
    for (uint32_t serial = 0;;) {
        unsigned found = NO_ROW;
        for (unsigned i = 0; i < world_top(encoder->world, TABLE_DATAGRAMS); i++) {
            const struct datagram_row *row = world_datagram_at(encoder->world, i);
            if (!row->used || row->socket != socket || row->serial <= serial) continue;
            if (found == NO_ROW || row->serial < world_datagram_at(encoder->world, found)->serial) found = i;
        }
        put_u8(encoder, found != NO_ROW);
        if (found == NO_ROW) return;
        const struct datagram_row *row = world_datagram_at(encoder->world, found);
        put_u16(encoder, row->bytes);
        put_u16(encoder, row->source_port);
        put_u8(encoder, (uint64_t)row->family | (uint64_t)row->unreachable << 4);
        put_bytes(encoder, row->source_address, sizeof row->source_address);
        put_bytes(encoder, row->destination_address, sizeof row->destination_address);
        put_bytes(encoder, world_datagram_slot_at(encoder->world, found), row->bytes);
        serial = row->serial;
    }
}

/* What waits at a port, oldest first. */
static void put_completions(struct encoder *encoder, unsigned port) {
    for (uint32_t serial = 0;;) {
        const struct completion *found = NULL;
        for (unsigned i = 0; i < world_top(encoder->world, TABLE_COMPLETIONS); i++) {
            const struct completion *row = world_completion_at(encoder->world, i);
            if (!row->used || row->port != port || row->serial <= serial) continue;
            if (found == NULL || row->serial < found->serial) found = row;
        }
        put_u8(encoder, found != NULL);
        if (found == NULL) return;
        put_u32(encoder, found->status);
        put_u32(encoder, found->information);
        put_u64(encoder, found->key);
        put_address(encoder, found->overlapped_address);
        serial = found->serial;
    }
}

/* A port's name; what waits there follows where it is met for the first time. */
static void put_named_port(struct encoder *encoder, unsigned port) {
    uint16_t before = encoder->ports_count;
    put_u16(encoder, renamed(encoder->port_names, &encoder->ports_count, port));
    if (before == encoder->ports_count) return;
    put_u8(encoder, world_completion_port_at(encoder->world, port)->closed);
    put_completions(encoder, port);
}

/* The completion port of a socket, its key, and its skip modes. */
static void put_association(struct encoder *encoder, unsigned socket) {
    unsigned index = association_of(encoder->world, socket);
    put_u8(encoder, index != NO_ROW);
    if (index == NO_ROW) return;
    const struct association *row = world_association_at(encoder->world, index);
    put_u8(encoder, row->modes);
    put_u64(encoder, row->key);
    put_u16(encoder, row->port >= PORT_GONE ? row->port : 0);
    if (row->port < PORT_GONE) put_named_port(encoder, row->port);
}

/* By option, in whatever order they were set. */
static void put_numbers(struct encoder *encoder, unsigned numbers) {
    const struct world *world = encoder->world;
    uint32_t values[SOCKET_NUMBERS];
    unsigned set = 0;
    for (unsigned i = numbers; i != NO_ROW; i = world_number_at(world, i)->next) {
        set |= 1u << world_number_at(world, i)->option;
        values[world_number_at(world, i)->option] = world_number_at(world, i)->number;
    }
    put_u16(encoder, set);
    for (unsigned i = 0; i < SOCKET_NUMBERS; i++)
        if ((set >> i & 1) != 0) put_u32(encoder, values[i]);
}

static void put_event(struct encoder *encoder, unsigned index) {
    const struct event *row = world_event_at(encoder->world, index);
    assert(row->used);
    put_u8(encoder, (uint64_t)row->manual_reset | (uint64_t)row->set << 1);
}

/* An event's name; its contents follow where it is met for the first time. */
static void put_named_event(struct encoder *encoder, unsigned index) {
    uint16_t before = encoder->events_count;
    put_u16(encoder, renamed(encoder->event_names, &encoder->events_count, index));
    if (before != encoder->events_count) put_event(encoder, index);
}

/* What WSAEventSelect was asked of a socket. */
static void put_selection(struct encoder *encoder, unsigned socket) {
    const struct selection *found = NULL;
    for (unsigned i = 0; i < world_top(encoder->world, TABLE_SELECTIONS); i++) {
        const struct selection *row = world_selection_at(encoder->world, i);
        if (row->used && row->socket == socket) found = row;
    }
    put_u8(encoder, found != NULL);
    if (found == NULL) return;
    put_u16(encoder, found->mask);
    if (found->mask != 0) put_named_event(encoder, found->event);
    put_u16(encoder, found->recorded);
    put_u16(encoder, found->disabled);
    put_u16(encoder, found->connect_error);
    put_u16(encoder, found->close_error);
    put_u8(encoder, found->send_blocked);
}

static void put_socket(struct encoder *encoder, unsigned index) {
    const struct socket_row *row = world_socket_at(encoder->world, index);
    assert(row->state != SOCKET_FREE);
    put_u8(encoder, row->state);
    put_u8(encoder, row->family);
    put_u8(encoder, row->protocol);
    put_u8(encoder, (uint64_t)row->overlapped | (uint64_t)row->nonblocking << 1 | (uint64_t)row->reuse << 2 |
                        (uint64_t)row->exclusive << 3 | (uint64_t)row->v6only << 4 | (uint64_t)row->randomize << 5);
    put_u16(encoder, row->process);
    put_u16(encoder, row->account);
    put_u16(encoder, row->port);
    put_u8(encoder, row->affinity);
    put_u8(encoder, (uint64_t)row->port_scalability | (uint64_t)row->reuse_unicastport << 1 |
                        (uint64_t)row->reuse_multicastport << 2 | (uint64_t)row->broadcast << 3 |
                        (uint64_t)row->other << 4);
    unsigned association = pool_association(encoder->world, row);
    enum { NEVER = 0xfffe, DIED = 0xffff };
    if (row->reservation == NO_ROW) put_u16(encoder, NEVER);
    else put_u16(encoder, association == NO_ROW ? (unsigned)DIED : encoder->reservation_names[association]);
    put_u8(encoder, (uint64_t)row->accepted | (uint64_t)row->shut_receive << 1 | (uint64_t)row->shut_send << 2 |
                        (uint64_t)row->udp_connreset << 3 | (uint64_t)(row->connection != NO_ROW) << 4 |
                        (uint64_t)row->port_shared << 5);
    put_u8(encoder, row->backlog);
    put_u8(encoder, (uint64_t)row->no_delay | (uint64_t)row->reused << 1);
    put_u16(encoder, row->flags);
    put_numbers(encoder, row->numbers);
    if (row->connection != NO_ROW) put_connection(encoder, row->connection);
    put_datagrams(encoder, index);
    put_association(encoder, index);
    put_u8(encoder, (uint64_t)(row->handle_event != 0) | (uint64_t)row->handle_unknown << 1);
    if (row->handle_event != 0) put_named_event(encoder, row->handle_event - 1u);
    put_selection(encoder, index);
    memcpy(encoder->out + encoder->written, row->address.bytes, sizeof row->address.bytes);
    encoder->written += sizeof row->address.bytes;
}

/* A socket's name; its contents follow where it is met for the first time. */
static void put_named_socket(struct encoder *encoder, unsigned index) {
    uint16_t before = encoder->sockets_count;
    put_u16(encoder, renamed(encoder->socket_names, &encoder->sockets_count, index));
    if (before != encoder->sockets_count) put_socket(encoder, index);
}

/* The object's name; its contents follow where it is met for the first time. */
static void put_handle(struct encoder *encoder, const struct handle *handle) {
    put_u8(encoder, (uint64_t)handle->kind | (uint64_t)handle->inheritable << 4 | (uint64_t)handle->duplicated << 5 |
                        (uint64_t)handle->unaware << 6);
    switch ((enum handle_kind)handle->kind) {
    case HANDLE_SOCKET: put_named_socket(encoder, handle->object); break;
    case HANDLE_EVENT: put_named_event(encoder, handle->object); break;
    case HANDLE_FILE: put_u16(encoder, renamed(encoder->file_names, &encoder->files_count, handle->object)); break;
    case HANDLE_PORT: put_named_port(encoder, handle->object); break;
    case HANDLE_THREAD: put_u16(encoder, handle->object); break;
    case HANDLE_FREE: assert(!"a free handle was walked"); break;
    }
}

static void put_process(struct encoder *encoder, unsigned index) {
    const struct process *row = world_process_at(encoder->world, index);
    put_u8(encoder, row->alive);
    if (!row->alive) return;
    put_u8(encoder, row->startup_count);
    put_u16(encoder, row->startup_version);
    put_u16(encoder, row->account);
    put_u8(encoder, (uint64_t)row->token | (uint64_t)row->manifest << 1);
    for (unsigned handle = handle_after(encoder->world, index, NO_ROW); handle != NO_ROW;
         handle = handle_after(encoder->world, index, handle))
        put_handle(encoder, world_handle_at(encoder->world, handle));
    put_u8(encoder, HANDLE_FREE);
}

/* How many threads were parked before this one: the order decides who takes a packet. */
static unsigned place_in_line(const struct world *world, const struct thread *thread) {
    unsigned before = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_THREADS); i++) {
        const struct thread *other = world_thread_at(world, i);
        before += other->state == THREAD_WAITING && other->awaited == AWAITED_PORT &&
                  other->parked_serial < thread->parked_serial;
    }
    return before;
}

/* The place of a handle among those of its process; those of a closed one are all the same. */
static unsigned place_of_handle(const struct world *world, unsigned process, uint32_t number) {
    unsigned place = 0;
    for (unsigned row = handle_after(world, process, NO_ROW); row != NO_ROW; row = handle_after(world, process, row)) {
        if (world_handle_at(world, row)->number == number) return place;
        place++;
    }
    return NO_ROW;
}

static void put_awaited_sockets(struct encoder *encoder, unsigned thread) {
    struct awaited_sockets awaited;
    socket_wait_list(encoder->world, thread, &awaited);
    put_u8(encoder, awaited.count);
    for (unsigned i = 0; i < awaited.count; i++) {
        const struct socket_wait *row = &awaited.rows[i];
        put_u8(encoder, (uint64_t)row->state | (uint64_t)row->set << 4);
        put_u8(encoder, row->place);
        put_u32(encoder, row->events);
        put_u16(encoder,
                place_of_handle(encoder->world, world_thread_at(encoder->world, thread)->process, row->handle));
        if (row->state == SOCKET_WAIT_LIVE)
            put_u16(encoder, renamed(encoder->socket_names, &encoder->sockets_count, row->socket));
    }
}

/* In their places: of a wait for one the lowest that is set ends it. */
static void put_awaited_events(struct encoder *encoder, unsigned thread) {
    uint16_t events[MAXIMUM_WAIT_OBJECTS];
    unsigned count = event_wait_list(encoder->world, thread, events);
    put_u8(encoder, count);
    for (unsigned i = 0; i < count; i++)
        put_u16(encoder, renamed(encoder->event_names, &encoder->events_count, events[i]));
}

static void put_wait(struct encoder *encoder, const struct thread *row) {
    put_u16(encoder, row->function);
    put_u8(encoder, (uint64_t)row->alertable | (uint64_t)row->awaited << 1);
    if (row->awaited == AWAITED_EVENT)
        put_u16(encoder, renamed(encoder->event_names, &encoder->events_count, row->object));
    if (row->awaited == AWAITED_ONE_OF || row->awaited == AWAITED_ALL_OF)
        put_awaited_events(encoder, (unsigned)(row - world_thread_at(encoder->world, 0)));
    if (row->awaited == AWAITED_PORT) {
        put_named_port(encoder, row->object);
        put_u16(encoder, place_in_line(encoder->world, row));
    }
    put_deadline(encoder, row->deadline_ns);
    if (row->awaited == AWAITED_SOCKETS)
        put_awaited_sockets(encoder, (unsigned)(row - world_thread_at(encoder->world, 0)));
    for (unsigned i = 0; i < THREAD_OUTPUTS; i++) {
        bool number = row->awaited == AWAITED_RESULT || row->awaited == AWAITED_REQUEST;
        if (i == THREAD_STATUS && number) put_u64(encoder, row->outputs[i]);
        else put_address(encoder, row->outputs[i]);
    }
}

static void put_thread(struct encoder *encoder, unsigned index) {
    const struct thread *row = world_thread_at(encoder->world, index);
    put_u8(encoder, row->state);
    if (row->state == THREAD_FREE) return;
    put_u16(encoder, row->process);
    put_u16(encoder, row->impersonated);
    put_u32(encoder, row->last_error);
    put_address(encoder, row->blocking_hook);
    put_u8(encoder, row->served_port != 0);
    if (row->served_port != 0) put_named_port(encoder, row->served_port - 1u);
    if (row->state == THREAD_WAITING) put_wait(encoder, row);
}

/* Requests of a thread in the order of their OVERLAPPED addresses: an address has one pending request at most. */
static const struct request *next_request(const struct world *world, unsigned thread, uint64_t above) {
    const struct request *found = NULL;
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        const struct request *row = world_request_at(world, i);
        if (row->state != REQUEST_PENDING || row->thread != thread || row->overlapped_address <= above) continue;
        if (found == NULL || row->overlapped_address < found->overlapped_address) found = row;
    }
    return found;
}

/* Of a request about a reservation: the one that is meant. */
static void put_token(struct encoder *encoder, const struct request *row) {
    enum { UNKNOWN = 0xffff };
    const struct socket_row *socket = world_socket_at(encoder->world, row->socket);
    unsigned found = pool_find_token(encoder->world, (enum protocol)socket->protocol, row->token);
    put_u16(encoder, found == NO_ROW ? (unsigned)UNKNOWN : encoder->reservation_names[found]);
}

/* Its place among those that wait for the same counts, not its serial. */
static void put_transfer(struct encoder *encoder, const struct request *row) {
    const struct world *world = encoder->world;
    if (row->transfer == 0) return;
    const struct transfer *transfer = request_transfer(world, row);
    unsigned place = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        const struct request *other = world_request_at(world, i);
        if (other->state != REQUEST_PENDING || other->socket != row->socket || other->operation != row->operation)
            continue;
        place += request_transfer(world, other)->serial < transfer->serial;
    }
    put_u16(encoder, place);
    put_u8(encoder, transfer->buffers_count);
    put_address(encoder, transfer->address_length_address);
    put_u16(encoder, transfer->control_bytes);
    put_address(encoder, transfer->control_address);
    put_address(encoder, transfer->control_length_address);
    put_address(encoder, transfer->message_flags_address);
    for (unsigned i = 0; i < transfer->buffers_count; i++) {
        put_address(encoder, transfer->buffers[i].address);
        put_u32(encoder, transfer->buffers[i].length);
    }
}

static void put_request(struct encoder *encoder, const struct request *row) {
    put_u8(encoder, (uint64_t)row->overlapped | (uint64_t)row->operation << 2 | (uint64_t)row->decided << 7);
    put_u16(encoder, renamed(encoder->socket_names, &encoder->sockets_count, row->socket));
    put_u16(encoder, row->event == NO_ROW ? (unsigned)UNNAMED
                                          : renamed(encoder->event_names, &encoder->events_count, row->event));
    if (row->operation == OPERATION_ACCEPT_EX)
        put_u32(encoder, renamed(encoder->socket_names, &encoder->sockets_count, row->code));
    else put_u32(encoder, row->code);
    if (row->operation == OPERATION_IOCTL) put_u32(encoder, row->range_first);
    else put_transfer(encoder, row);
    put_u32(encoder, row->range_count);
    put_u32(encoder, row->input_length);
    put_u32(encoder, row->output_length);
    if (row->decided) put_u64(encoder, (uint64_t)row->status << 32 | row->information);
    else if (row->operation == OPERATION_IOCTL) put_deadline(encoder, row->due_ns);
    if (row->operation == OPERATION_IOCTL) put_token(encoder, row);
    else put_address(encoder, row->address_address);
    put_address(encoder, row->overlapped_address);
    put_address(encoder, row->output_address);
    put_address(encoder, row->routine_address);
}

static const struct routine_row *next_routine(const struct world *world, unsigned thread, uint32_t above) {
    const struct routine_row *found = NULL;
    for (unsigned i = 0; i < world_top(world, TABLE_ROUTINES); i++) {
        const struct routine_row *row = world_routine_at(world, i);
        if (!row->used || row->thread != thread || row->serial <= above) continue;
        if (found == NULL || row->serial < found->serial) found = row;
    }
    return found;
}

/* Requests whose thread has ended. */
static void put_orphans(struct encoder *encoder) {
    uint64_t address = 0;
    for (const struct request *row = next_request(encoder->world, NO_ROW, address); row != NULL;
         row = next_request(encoder->world, NO_ROW, address)) {
        put_u16(encoder, row->process);
        put_request(encoder, row);
        address = row->overlapped_address;
    }
    put_u16(encoder, UNNAMED);
}

static void put_open_work(struct encoder *encoder, unsigned thread) {
    uint64_t address = 0;
    const struct thread *parked = world_thread_at(encoder->world, thread);
    bool inside = parked->state == THREAD_WAITING && parked->request != NO_ROW;
    put_u8(encoder, inside);
    if (inside) put_request(encoder, world_request_at(encoder->world, parked->request));
    for (const struct request *row = next_request(encoder->world, thread, address); row != NULL;
         row = next_request(encoder->world, thread, address)) {
        put_u8(encoder, 1);
        put_request(encoder, row);
        address = row->overlapped_address;
    }
    put_u8(encoder, 0);
    uint32_t serial = 0;
    for (const struct routine_row *row = next_routine(encoder->world, thread, serial); row != NULL;
         row = next_routine(encoder->world, thread, serial)) {
        put_u8(encoder, 1);
        put_u8(encoder, row->kind);
        put_u32(encoder, row->error);
        put_u32(encoder, row->bytes);
        put_address(encoder, row->routine_address);
        if (row->kind == RAN_APC) put_u64(encoder, row->overlapped_address);
        else put_address(encoder, row->overlapped_address);
        serial = row->serial;
    }
    put_u8(encoder, 0);
}

/* Duplicates on their way, oldest first. The serial is what the caller's memory holds, so it is kept as it is. */
static void put_duplicates(struct encoder *encoder) {
    uint32_t serial = 0;
    for (;;) {
        const struct duplicate *found = NULL;
        for (unsigned i = 0; i < world_top(encoder->world, TABLE_DUPLICATES); i++) {
            const struct duplicate *row = world_duplicate_at(encoder->world, i);
            if (row->serial > serial && (found == NULL || row->serial < found->serial)) found = row;
        }
        put_u32(encoder, found == NULL ? 0 : found->serial);
        if (found == NULL) return;
        put_u16(encoder, found->process);
        put_named_socket(encoder, found->socket);
        serial = found->serial;
    }
}

/* Connections that no socket names: those that wait at a listener in their order, then those that close alone, by their
 * ends. */
static uint64_t loose_order(const struct connection_row *row) {
    if (row->listener != NO_ROW && row->serial != 0) return row->serial;
    return (uint64_t)1 << 40 | (uint64_t)row->tcp.family << 32 | (uint64_t)row->tcp.local_port << 16 |
           row->tcp.remote_port;
}

static void put_loose_connections(struct encoder *encoder) {
    const struct world *world = encoder->world;
    for (uint64_t above = 0;;) {
        unsigned next = NO_ROW;
        for (unsigned i = 0; i < world_top(world, TABLE_CONNECTIONS); i++) {
            const struct connection_row *row = world_connection_at(world, i);
            if (!row->used || row->socket != NO_ROW || loose_order(row) <= above) continue;
            if (next == NO_ROW || loose_order(row) < loose_order(world_connection_at(world, next))) next = i;
        }
        put_u8(encoder, next != NO_ROW);
        if (next == NO_ROW) return;
        const struct connection_row *row = world_connection_at(world, next);
        put_u16(encoder, row->listener == NO_ROW
                             ? (unsigned)UNNAMED
                             : renamed(encoder->socket_names, &encoder->sockets_count, row->listener));
        put_connection(encoder, next);
        above = loose_order(row);
    }
}

static void put_packets(struct encoder *encoder) {
    const struct world *world = encoder->world;
    put_u16(encoder, world->packets_count);
    for (unsigned i = 0; i < world->packets_count; i++) {
        unsigned position = (world->packets_head + i) % world->limits.packets;
        const struct packet_row *row = world_packet_at(world, position);
        put_deadline(encoder, row->arrives_ns);
        put_u16(encoder, row->bytes);
        put_u8(encoder, row->outbound);
        put_bytes(encoder, world_packet_slot_at(world, position), row->bytes);
    }
}

static void put_reservations(struct encoder *encoder) {
    for (unsigned i = 0; i < encoder->reservations_count; i++) {
        const struct reservation *row = world_reservation_at(encoder->world, encoder->reservations[i]);
        put_u8(encoder, row->kind);
        put_u8(encoder, (uint64_t)row->protocol | (uint64_t)row->families << 2 | (uint64_t)row->family << 4);
        put_u16(encoder, row->first);
        put_u32(encoder, row->count);
        put_u16(encoder, row->process);
        put_u16(encoder, row->cursor);
        put_u8(encoder, row->token_state);
        if (row->kind == RESERVATION_RUNTIME)
            put_u16(encoder, renamed(encoder->socket_names, &encoder->sockets_count, row->socket));
    }
    put_u8(encoder, RESERVATION_FREE);
}

/* A number for each exclusion that orders them, whatever row they stand in. */
static uint64_t exclusion_order(const struct exclusion *row) {
    return (uint64_t)row->protocol << 40 | (uint64_t)row->first << 24 | (uint64_t)row->last << 8 |
           (uint64_t)row->administered << 4 | (uint64_t)row->stored << 3 | row->state;
}

static bool exclusions_in_order(const struct world *world, unsigned one, unsigned other) {
    return exclusion_order(world_exclusion_at(world, one)) < exclusion_order(world_exclusion_at(world, other));
}

static void put_exclusions(struct encoder *encoder) {
    const struct world *world = encoder->world;
    unsigned count = 0;
    uint64_t above = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_EXCLUSIONS); i++)
        if (world_exclusion_at(world, i)->state != EXCLUSION_FREE) encoder->exclusions[count++] = (uint16_t)i;
    sort_rows(world, exclusions_in_order, encoder->exclusions, count);
    for (unsigned i = 0; i < count; i++) {
        uint64_t order = exclusion_order(world_exclusion_at(world, encoder->exclusions[i]));
        if (order != above) put_u64(encoder, order);
        above = order;
    }
    put_u64(encoder, 0);
}

static void put_machine(struct encoder *encoder) {
    const struct world *world = encoder->world;
    for (unsigned protocol = 0; protocol < PROTOCOLS_COUNT; protocol++) {
        put_u16(encoder, world->dynamic_first[protocol]);
        put_u16(encoder, world->dynamic_last[protocol]);
        put_u16(encoder, world->dynamic_v6_first[protocol]);
        put_u16(encoder, world->dynamic_v6_last[protocol]);
        for (unsigned v6 = 0; v6 < 2; v6++) {
            put_u16(encoder, world->dynamic_stored_first[protocol][v6]);
            put_u16(encoder, world->dynamic_stored_last[protocol][v6]);
        }
        put_u32(encoder, world->block_cursor[protocol]);
    }
    put_u32(encoder, world->build);
    put_u8(encoder, (uint64_t)world->network_down | (uint64_t)world->no_buffers << 1 |
                        (uint64_t)world->no_handles << 2 | (uint64_t)world->no_memory << 3 |
                        (uint64_t)world->enable_lua << 4 | (uint64_t)world->filter_administrator_token << 5);
    put_u64(encoder, world->provider_delay_ns);
    put_u8(encoder, world->interfaces);
    for (unsigned i = 0; i < ACCOUNTS_MAX; i++) put_u8(encoder, world->account_kinds[i]);
    put_u8(encoder, world_top(world, TABLE_ADDRESSES));
    for (unsigned i = 0; i < world_top(world, TABLE_ADDRESSES); i++) {
        const struct own_address *row = world_own_address_at(world, i);
        put_u8(encoder, row->family);
        put_bytes(encoder, row->address.bytes, sizeof row->address.bytes);
    }
    put_exclusions(encoder);
    put_u8(encoder, world->power);
    if (world->power != POWER_LOST) return; /* the store holds what the pool does */
    for (unsigned protocol = 0; protocol < PROTOCOLS_COUNT; protocol++)
        for (uint32_t i = 0; i < world_store_bytes(world); i++) put_u8(encoder, world_store_at(world, protocol)[i]);
}

size_t world_encode(const struct world *world, uint8_t *out) {
    assert(world != NULL);
    assert(out != NULL);
    struct encoder encoder = { .world = world, .out = out };
    size_t names =
        (size_t)world->limits.sockets + world->limits.events + world->limits.files + world->limits.completion_ports;
    size_t rows = 2 * (size_t)world->limits.reservations + world->limits.exclusions;
    size_t scratch = ((size_t)world->bytes * 2 - (names + rows) * 2) & ~(size_t)7;
    memset(out + scratch, 0xff, names * 2);
    encoder.socket_names = (uint16_t *)(void *)(out + scratch);
    encoder.event_names = encoder.socket_names + world->limits.sockets;
    encoder.file_names = encoder.event_names + world->limits.events;
    encoder.port_names = encoder.file_names + world->limits.files;
    encoder.reservation_names = encoder.port_names + world->limits.completion_ports;
    encoder.reservations = encoder.reservation_names + world->limits.reservations;
    encoder.exclusions = encoder.reservations + world->limits.reservations;
    name_reservations(&encoder);
    put_machine(&encoder);
    for (unsigned i = 0; i < world_top(world, TABLE_PROCESSES); i++) put_process(&encoder, i);
    for (unsigned i = 0; i < world_top(world, TABLE_THREADS); i++) {
        put_thread(&encoder, i);
        if (world_thread_at(world, i)->state != THREAD_FREE) put_open_work(&encoder, i);
    }
    put_orphans(&encoder);
    put_duplicates(&encoder);
    put_loose_connections(&encoder);
    put_packets(&encoder);
    put_reservations(&encoder);
    assert(encoder.written <= scratch);
    return encoder.written;
}
