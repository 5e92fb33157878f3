#include "stack/transport/connections.h"

#include <assert.h>
#include <string.h>

#include "stack/call/call.h"
#include "stack/call/catalogue.h"
#include "stack/chains.h"
#include "stack/ports/pool.h"
#include "stack/sdk/network_event_values.h"
#include "stack/transport/connection_index.h"
#include "stack/transport/kept_options.h"
#include "stack/transport/network_events.h"
#include "stack/transport/wire/packets.h"

struct tcp_buffers connection_buffers(struct world *world, unsigned connection) {
    uint32_t bytes = world->limits.stream_bytes;
    uint8_t *rings = world_stream(world, connection, 0);
    return (struct tcp_buffers){ rings, rings + bytes, bytes, bytes };
}

/* TIME_WAIT lasts two minutes at least; when they are over it is asked whether it lasts two more (Q116). */
static const uint64_t TIME_WAIT_NS = UINT64_C(120000000000);

/* How TCP behaves on this machine. Asks what becomes of a refused connect. */
static struct tcp_parameters connection_parameters(struct world *world, struct chooser *chooser) {
    bool retries = world_reading(world, chooser, Q103_REFUSED_CONNECT) == Q103_TRIED_AGAIN;
    struct tcp_parameters parameters = retries ? *tcp_parameters_windows() : *tcp_parameters_documented();
    parameters.segment_lifetime_ns = TIME_WAIT_NS / 2;
    return parameters;
}

static struct endpoint endpoint_of(const uint8_t *address, unsigned family, unsigned port) {
    struct endpoint endpoint = { .family = (uint8_t)family, .port = (uint16_t)port };
    memcpy(endpoint.address.bytes, address, sizeof endpoint.address.bytes);
    return endpoint;
}

struct endpoint connection_local(const struct world *world, unsigned connection) {
    const struct tcp_connection *tcp = &world_connection_at(world, connection)->tcp;
    return endpoint_of(tcp->local_address, tcp->family, tcp->local_port);
}

struct endpoint connection_remote(const struct world *world, unsigned connection) {
    const struct tcp_connection *tcp = &world_connection_at(world, connection)->tcp;
    return endpoint_of(tcp->remote_address, tcp->family, tcp->remote_port);
}

/* --- sending ------------------------------------------------------------------------------------------------------ */

static void send_segment(struct world *world, const struct segment *segment, const uint8_t *payload) {
    packet_send(world, segment, payload);
}

void connection_flush(struct world *world, struct chooser *chooser, unsigned connection) {
    struct connection_row *row = world_connection(world, connection);
    struct tcp_buffers buffers = connection_buffers(world, connection);
    struct tcp_parameters parameters = connection_parameters(world, chooser);
    struct segment segment;
    uint8_t elsewhere[2048]; /* for what is lost, because the queue is full */
    assert(row->used && row->tcp.own_segment_bytes <= sizeof elsewhere);
    for (;;) {
        uint8_t *payload = packet_payload_place(world, row->tcp.family);
        if (payload == NULL) payload = elsewhere;
        if (!tcp_output(&row->tcp, &buffers, &parameters, world->now_ns, &segment, payload)) break;
        send_segment(world, &segment, payload);
    }
    connection_index_note(world, connection);
}

/* What the largest packet leaves for payload. Where packets may be longer than an Ethernet's, it is for datagrams. */
static uint16_t segment_bytes_of(const struct world *world, unsigned family) {
    enum { OF_ETHERNET = 1500 };
    uint32_t headers = TCP_HEADER_BYTES + (family == 4 ? IPV4_HEADER_BYTES : IPV6_HEADER_BYTES);
    uint32_t packet = world->limits.packet_bytes < OF_ETHERNET ? world->limits.packet_bytes : OF_ETHERNET;
    assert(packet > headers);
    return (uint16_t)(packet - headers);
}

/* RFC 9293 3.4.1: a clock of four microseconds, apart for each pair of endpoints. No one guesses here, so no one is
 * asked. */
static uint32_t initial_sequence(const struct world *world, unsigned local_port, unsigned remote_port) {
    uint32_t apart = ((uint32_t)local_port * 2654435761u) ^ ((uint32_t)remote_port * 2246822519u);
    return (uint32_t)(world->now_ns / 4000) + apart;
}

static unsigned take_row(struct world *world, struct chooser *chooser, const struct endpoint *local,
                         const struct endpoint *remote) {
    unsigned index = world_take(world, TABLE_CONNECTIONS);
    if (index == NO_ROW) return NO_ROW;
    struct connection_row *row = world_connection(world, index);
    struct tcp_parameters parameters = connection_parameters(world, chooser);
    tcp_init(&row->tcp, local, remote, &parameters);
    row->used = 1;
    row->socket = row->listener = NO_ROW;
    connection_index_add(world, index);
    return index;
}

unsigned connection_note(struct world *world, struct chooser *chooser, unsigned socket, const struct endpoint *local,
                         const struct endpoint *remote) {
    assert(world_socket(world, socket)->protocol == PROTOCOL_UDP && world_socket(world, socket)->connection == NO_ROW);
    unsigned index = take_row(world, chooser, local, remote);
    if (index == NO_ROW) return NO_ROW;
    world_connection(world, index)->socket = (uint16_t)socket;
    world_socket(world, socket)->connection = (uint16_t)index;
    return index;
}

unsigned connection_open(struct world *world, struct chooser *chooser, unsigned socket, const struct endpoint *local,
                         const struct endpoint *remote) {
    assert(world_socket(world, socket)->connection == NO_ROW);
    unsigned index = take_row(world, chooser, local, remote);
    if (index == NO_ROW) return NO_ROW;
    struct tcp_buffers buffers = connection_buffers(world, index);
    struct connection_row *row = world_connection(world, index);
    row->socket = (uint16_t)socket;
    world_socket(world, socket)->connection = (uint16_t)index;
    tcp_connect(&row->tcp, &buffers, initial_sequence(world, local->port, remote->port),
                segment_bytes_of(world, local->family));
    connection_tune(world, socket);
    connection_flush(world, chooser, index);
    return index;
}

/* --- finding ------------------------------------------------------------------------------------------------------ */

static bool has_endpoints(const struct tcp_connection *tcp, const struct endpoint *local,
                          const struct endpoint *remote) {
    return tcp->local_port == local->port && tcp->remote_port == remote->port && tcp->family == local->family &&
           memcmp(tcp->local_address, local->address.bytes, 16) == 0 &&
           memcmp(tcp->remote_address, remote->address.bytes, 16) == 0;
}

unsigned connection_between(const struct world *world, const struct endpoint *local, const struct endpoint *remote) {
    unsigned i = port_connection_first(world, local->port);
    for (; i != NO_ROW; i = port_connection_next(world, i)) {
        const struct connection_row *row = world_connection_at(world, i);
        if (has_endpoints(&row->tcp, local, remote) && row->tcp.state != TCP_CLOSED) return i;
    }
    return NO_ROW;
}

unsigned connections_at(const struct world *world, unsigned listener) {
    unsigned count = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_CONNECTIONS); i++) {
        const struct connection_row *row = world_connection_at(world, i);
        count += row->used && row->listener == listener;
    }
    return count;
}

bool connection_accepted_lives(const struct world *world, unsigned families, unsigned port) {
    unsigned i = port_connection_first(world, port);
    for (; i != NO_ROW; i = port_connection_next(world, i)) {
        const struct connection_row *row = world_connection_at(world, i);
        bool lives = row->tcp.state > TCP_SYN_RECEIVED && row->tcp.state < TCP_TIME_WAIT;
        if (!lives || !row->tcp.passive || row->tcp.local_port != port) continue;
        if ((families & (row->tcp.family == 4 ? FAMILY_V4 : FAMILY_V6)) != 0) return true;
    }
    return false;
}

/* --- owners ------------------------------------------------------------------------------------------------------- */

static void free_row(struct world *world, unsigned connection) {
    connection_index_remove(world, connection);
    world_free(world, TABLE_CONNECTIONS, connection);
}

/* A connection without a socket that is closed has nothing left to do. */
static void free_if_over(struct world *world, unsigned connection) {
    struct connection_row *row = world_connection(world, connection);
    bool owned = row->socket != NO_ROW || row->listener != NO_ROW;
    if (!owned && row->tcp.state == TCP_CLOSED && !row->tcp.reset_now) free_row(world, connection);
}

static uint32_t bounded(uint64_t value, uint32_t most) { return value > most ? most : (uint32_t)value; }

/* A time of keep-alives, which the options have in seconds. None at all means the ordinary one. */
static uint32_t keepalive_ms(const struct world *world, unsigned socket, enum socket_option option) {
    uint32_t number = socket_number(world, socket, option);
    if ((number & KEEPALIVE_IN_MS) != 0) return number & ~KEEPALIVE_IN_MS;
    if (number == 0) number = option_row(option)->ordinary;
    return bounded(number * UINT64_C(1000), UINT32_MAX);
}

void connection_tune(struct world *world, unsigned socket) {
    const struct socket_row *row = world_socket_at(world, socket);
    if (row->protocol != PROTOCOL_TCP || row->connection == NO_ROW) return;
    struct tcp_connection *tcp = &world_connection(world, row->connection)->tcp;
    const struct keepalive_times keepalive = { .on = socket_flag(row, OPTION_SO_KEEPALIVE),
                                               .probes = (uint8_t)bounded(
                                                   socket_number(world, socket, OPTION_TCP_KEEPCNT), UINT8_MAX),
                                               .idle_ms = keepalive_ms(world, socket, OPTION_TCP_KEEPALIVE),
                                               .interval_ms = keepalive_ms(world, socket, OPTION_TCP_KEEPINTVL) };
    tcp->no_delay = row->no_delay;
    tcp->urgent_in_line = socket_flag(row, OPTION_SO_OOBINLINE);
    tcp_keep_alive(tcp, &keepalive, world->now_ns);
    connection_index_note(world, row->connection);
}

void connection_take(struct world *world, unsigned connection, unsigned socket) {
    struct connection_row *row = world_connection(world, connection);
    assert(row->used && row->socket == NO_ROW && row->serial != 0);
    row->listener = NO_ROW;
    row->socket = (uint16_t)socket;
    world_socket(world, socket)->connection = (uint16_t)connection;
    connection_tune(world, socket);
}

void connection_answer(struct world *world, struct chooser *chooser, unsigned connection) {
    struct connection_row *row = world_connection(world, connection);
    if (!row->held) return;
    row->held = 0;
    connection_flush(world, chooser, connection);
}

static bool is_connected_stream(const struct socket_row *row) {
    return row->protocol == PROTOCOL_TCP && row->state == SOCKET_CONNECTED;
}

bool connection_is_hidden(const struct world *world, unsigned socket) {
    const struct socket_row *row = world_socket_at(world, socket);
    return is_connected_stream(row) && world_connection_at(world, row->connection)->without_context;
}

bool connection_show(struct world *world, unsigned socket) {
    const struct socket_row *row = world_socket(world, socket);
    if (!is_connected_stream(row)) return false;
    world_connection(world, row->connection)->without_context = false;
    return true;
}

void connection_leave(struct world *world, struct chooser *chooser, unsigned connection, bool abort) {
    struct connection_row *row = world_connection(world, connection);
    assert(row->used);
    if (row->socket != NO_ROW) world_socket(world, row->socket)->connection = NO_ROW;
    row->socket = row->listener = NO_ROW;
    row->held = 0;
    row->tcp.reader_gone = 1;
    if (abort || row->tcp.receive_buffered > 0) tcp_abort(&row->tcp);
    else tcp_finish(&row->tcp);
    connection_flush(world, chooser, connection);
    free_if_over(world, connection);
}

void connection_forget(struct world *world, unsigned connection) {
    const struct connection_row *row = world_connection(world, connection);
    if (row->socket != NO_ROW) world_socket(world, row->socket)->connection = NO_ROW;
    free_row(world, connection);
}

void connections_leave_listener(struct world *world, struct chooser *chooser, unsigned listener) {
    for (unsigned i = 0; i < world_top(world, TABLE_CONNECTIONS); i++)
        if (world_connection(world, i)->used && world_connection(world, i)->listener == listener)
            connection_leave(world, chooser, i, true);
}

/* --- arriving ----------------------------------------------------------------------------------------------------- */

/* The listener that a connection to this endpoint reaches: the specific one before the wildcard one (W88). */
static unsigned listener_at(const struct world *world, const struct endpoint *wanted) {
    unsigned found = NO_ROW;
    unsigned i = pool_next_socket(world, PROTOCOL_TCP, wanted->port, NO_ROW);
    for (; i != NO_ROW; i = pool_next_socket(world, PROTOCOL_TCP, wanted->port, i)) {
        const struct socket_row *row = world_socket_at(world, i);
        if (row->state != SOCKET_LISTENING) continue;
        struct endpoint held = socket_endpoint(row);
        if (endpoint_same_address(&held, wanted)) return i;
        unsigned family = wanted->family == 4 ? FAMILY_V4 : FAMILY_V6;
        if (endpoint_is_wildcard(&held) && (socket_families(row) & family) != 0 && found == NO_ROW) found = i;
    }
    return found;
}

/* Does the listener leave the answer to a SYN to its condition? By the option's page it does; by the page of WSAAccept
 * the option is out of use (Q135). */
static bool holds_requests(struct world *world, struct chooser *chooser, unsigned listener) {
    bool conditional = socket_flag(world_socket(world, listener), OPTION_SO_CONDITIONAL_ACCEPT);
    return conditional && world_reading(world, chooser, Q135_CONDITIONAL_HANDSHAKE) == Q135_HELD;
}

static void refuse(struct world *world, const struct segment *segment) {
    struct segment reply;
    if (tcp_refuse(segment, &reply)) send_segment(world, &reply, NULL);
}

/* Stands in line at its listener from here on, which learns of it. */
static void begin_to_wait(struct world *world, struct chooser *chooser, struct connection_row *row) {
    row->serial = ++world->connection_serial;
    network_event_happened(world, chooser, row->listener, FD_ACCEPT);
}

/* A SYN for a listener. One whose queue is full refuses, as Windows does. Of requests that are held there is no such
 * queue: the option has no backlog (its page). */
static void arrive_at_listener(struct world *world, struct chooser *chooser, unsigned listener,
                               const struct segment *segment) {
    bool held = holds_requests(world, chooser, listener);
    bool full = !held && connections_at(world, listener) >= world_socket(world, listener)->backlog;
    unsigned index = full ? NO_ROW : take_row(world, chooser, &segment->destination, &segment->source);
    if (index == NO_ROW) {
        refuse(world, segment);
        return;
    }
    struct connection_row *row = world_connection(world, index);
    struct tcp_buffers buffers = connection_buffers(world, index);
    row->listener = (uint16_t)listener;
    uint32_t initial = initial_sequence(world, segment->destination.port, segment->source.port);
    tcp_accept(&row->tcp, &buffers, segment, initial, segment_bytes_of(world, segment->source.family));
    row->tcp.urgent_in_line = socket_flag(world_socket(world, listener), OPTION_SO_OOBINLINE);
    row->held = held;
    if (held) begin_to_wait(world, chooser, row);
    else connection_flush(world, chooser, index);
}

/* Nothing was said to the client yet, so that only the end of its request counts: its RST. It may ask again, with
 * another SYN. */
static void arrive_at_held(struct world *world, struct chooser *chooser, unsigned connection,
                           const struct segment *segment) {
    struct connection_row *row = world_connection(world, connection);
    unsigned listener = row->listener;
    bool again = (segment->flags & (SEGMENT_SYN | SEGMENT_ACK | SEGMENT_RST)) == SEGMENT_SYN &&
                 segment->sequence != row->tcp.receive_initial;
    bool ends = (segment->flags & SEGMENT_RST) != 0 && segment->sequence == row->tcp.receive_next;
    if (again || ends) connection_forget(world, connection);
    if (again) arrive_at_listener(world, chooser, listener, segment);
}

/* A socket that was bound to the wildcard learns its local address when it connects. */
static void socket_connected(struct world *world, unsigned socket, const struct endpoint *local) {
    struct socket_row *row = world_socket(world, socket);
    struct endpoint shown = endpoint_for_family(local, row->family);
    assert(row->state >= SOCKET_BOUND);
    row->state = SOCKET_CONNECTED;
    row->address = shown.address;
}

/* What a segment or a timer has made of the connection: it is established now, or gone before anybody took it. */
static void notice(struct world *world, struct chooser *chooser, unsigned connection,
                   const struct stream_state *before) {
    struct connection_row *row = world_connection(world, connection);
    if (!row->established && row->tcp.state >= TCP_ESTABLISHED) {
        row->established = 1;
        row->since_ns = world->now_ns;
    }
    if (row->listener != NO_ROW && row->serial == 0 && row->tcp.state >= TCP_ESTABLISHED)
        begin_to_wait(world, chooser, row);
    if (row->listener != NO_ROW && row->tcp.state == TCP_CLOSED && row->serial == 0) row->listener = NO_ROW;
    struct endpoint local = connection_local(world, connection);
    if (row->socket != NO_ROW && row->tcp.state >= TCP_ESTABLISHED) socket_connected(world, row->socket, &local);
    network_events_of_stream(world, chooser, connection, before);
    free_if_over(world, connection);
}

/* RFC 9293 3.10.7.1 and 3.10.7.2: what has neither SYN nor ACK nor RST says nothing to a listener. */
static void arrive_at_no_connection(struct world *world, struct chooser *chooser, const struct segment *segment) {
    unsigned asks = segment->flags & (SEGMENT_SYN | SEGMENT_ACK | SEGMENT_RST);
    bool for_listeners = (asks & (SEGMENT_ACK | SEGMENT_RST)) == 0;
    unsigned listener = for_listeners ? listener_at(world, &segment->destination) : NO_ROW;
    if (listener == NO_ROW) refuse(world, segment);
    else if (asks == SEGMENT_SYN) arrive_at_listener(world, chooser, listener, segment);
}

/* Has this segment begun TIME_WAIT, or begun it anew? Only a FIN does that a second time: any other may come at the
 * very instant at which its second two minutes have begun. */
static bool begins_time_wait_anew(const struct world *world, const struct connection_row *row,
                                  const struct segment *segment) {
    bool finishes = (segment->flags & (SEGMENT_FIN | SEGMENT_RST)) == SEGMENT_FIN;
    return finishes && row->tcp.state == TCP_TIME_WAIT && row->tcp.time_wait_at == world->now_ns + TIME_WAIT_NS;
}

void connection_arrive(struct world *world, struct chooser *chooser, const struct segment *segment,
                       const uint8_t *payload) {
    unsigned connection = connection_between(world, &segment->destination, &segment->source);
    if (connection != NO_ROW && world_connection(world, connection)->held) {
        arrive_at_held(world, chooser, connection, segment);
        return;
    }
    if (connection != NO_ROW) {
        struct tcp_buffers buffers = connection_buffers(world, connection);
        struct tcp_parameters parameters = connection_parameters(world, chooser);
        struct connection_row *row = world_connection(world, connection);
        const struct stream_state before = stream_state_of(world, connection);
        tcp_receive(&row->tcp, &buffers, &parameters, segment, payload, world->now_ns);
        if (begins_time_wait_anew(world, row, segment)) row->second_time_wait = 0;
        connection_flush(world, chooser, connection);
        notice(world, chooser, connection, &before);
        return;
    }
    arrive_at_no_connection(world, chooser, segment);
}

/* --- timers ------------------------------------------------------------------------------------------------------- */

bool connection_timer_is_due(const struct world *world) { return connection_index_deadline(world) <= world->now_ns; }

uint64_t connection_timer_in_ns(const struct world *world) {
    uint64_t earliest = connection_index_deadline(world);
    if (earliest == UINT64_MAX) return UINT64_MAX;
    return earliest <= world->now_ns ? 0 : earliest - world->now_ns;
}

/* Its two minutes of TIME_WAIT are over, and there are two more. */
static bool time_wait_goes_on(struct world *world, struct chooser *chooser, struct connection_row *row) {
    bool over = row->tcp.state == TCP_TIME_WAIT && row->tcp.time_wait_at <= world->now_ns;
    if (!over || row->second_time_wait || world_reading(world, chooser, Q116_TIME_WAIT) == Q116_TWO_MINUTES)
        return false;
    row->tcp.time_wait_at += TIME_WAIT_NS;
    row->second_time_wait = 1;
    return true;
}

void connections_advance(struct world *world, struct chooser *chooser) {
    struct tcp_parameters parameters = connection_parameters(world, chooser);
    for (unsigned i = connection_index_due(world, 0); i != NO_ROW; i = connection_index_due(world, i + 1)) {
        struct connection_row *row = world_connection(world, i);
        if (time_wait_goes_on(world, chooser, row)) {
            connection_index_note(world, i);
            continue;
        }
        const struct stream_state before = stream_state_of(world, i);
        tcp_advance(&row->tcp, &parameters, world->now_ns);
        connection_flush(world, chooser, i);
        notice(world, chooser, i, &before);
    }
}

/* --- invariants --------------------------------------------------------------------------------------------------- */

static const char *check_owner(const struct world *world, unsigned index) {
    const struct connection_row *row = world_connection_at(world, index);
    if (row->socket != NO_ROW) {
        const struct socket_row *socket = world_socket_at(world, row->socket);
        if (socket->state == SOCKET_FREE || socket->connection != index)
            return "C1: a connection and its socket disagree";
        if (row->listener != NO_ROW) return "C2: a connection of a socket waits at a listener";
        if (row->held) return "C5: a connection of a socket is held";
        return NULL;
    }
    if (row->held && (row->listener == NO_ROW || row->serial == 0 || row->tcp.state != TCP_SYN_RECEIVED))
        return "C5: a held connection does not wait at a listener";
    if (row->listener != NO_ROW)
        return world_socket_at(world, row->listener)->state == SOCKET_LISTENING
                   ? NULL
                   : "C2: a connection waits at no listener";
    return row->tcp.state == TCP_CLOSED && !row->tcp.reset_now ? "C3: a closed connection without a socket" : NULL;
}

const char *connections_check(const struct world *world) {
    for (unsigned i = 0; i < world_top(world, TABLE_CONNECTIONS); i++) {
        if (!world_connection_at(world, i)->used) continue;
        const struct tcp_buffers buffers = { .send_bytes = world->limits.stream_bytes,
                                             .receive_bytes = world->limits.stream_bytes };
        const char *broken = check_owner(world, i);
        if (broken == NULL) broken = tcp_check(&world_connection_at(world, i)->tcp, &buffers);
        if (broken != NULL) return broken;
    }
    return connection_index_check(world);
}
