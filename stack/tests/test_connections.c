/* The connections and packets of a world, asked directly: what no single call shows at each of its bounds. */
#include <string.h>

#include "stack/model/model.h"
#include "stack/ports/holder.h"
#include "stack/sdk/option_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/system/handles.h"
#include "stack/tests/fixture_events.h"
#include "stack/transport/connections.h"
#include "stack/transport/network_events.h"
#include "stack/transport/wire/packets.h"

void register_connections_tests(void);

static unsigned row_of(const struct machine *m, uint64_t socket) {
    return handle_find(m->world, PROCESS_APP, HANDLE_SOCKET, socket);
}

static struct connection_row *connection_of(const struct machine *m, uint64_t socket) {
    return world_connection(m->world, world_socket(m->world, row_of(m, socket))->connection);
}

/* From ESTABLISHED on, and until TIME-WAIT, where a listener accepted it; of its own port and family alone. */
static void what_was_accepted_lives_from_established_to_time_wait(void) {
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    struct connection_row *row = connection_of(&m, talk.server), *client = connection_of(&m, talk.client);
    CU_ASSERT_TRUE(row->tcp.passive);
    for (unsigned state = TCP_CLOSED; state < TCP_STATES_COUNT; state++) {
        bool lives =
            state != TCP_CLOSED && state != TCP_SYN_SENT && state != TCP_SYN_RECEIVED && state != TCP_TIME_WAIT;
        row->tcp.state = (uint8_t)state;
        CU_ASSERT_EQUAL(connection_accepted_lives(m.world, FAMILY_V4, talk.port), lives);
        CU_ASSERT_EQUAL(connection_accepted_lives(m.world, FAMILY_BOTH, talk.port), lives);
        CU_ASSERT_FALSE(connection_accepted_lives(m.world, FAMILY_V6, talk.port));
        CU_ASSERT_FALSE(connection_accepted_lives(m.world, FAMILY_V4, talk.port + 1));
        /* It shares a chain with the other port. */
        CU_ASSERT_FALSE(connection_accepted_lives(m.world, FAMILY_V4, talk.port ^ m.world->connection_chains));
        CU_ASSERT_FALSE(connection_accepted_lives(m.world, FAMILY_V4, client->tcp.local_port));
    }
    row->tcp.state = TCP_ESTABLISHED;
    row->tcp.family = 6;
    CU_ASSERT_TRUE(connection_accepted_lives(m.world, FAMILY_V6, talk.port));
    CU_ASSERT_FALSE(connection_accepted_lives(m.world, FAMILY_V4, talk.port));
}

/* Each connection in line is awaited by the AcceptEx in its place; FD_ACCEPT tells of one that none awaits (W185). */
static void fd_accept_tells_of_what_no_accept_ex_takes(void) {
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    uint64_t event = new_event(&m, true, false);
    unsigned listener = row_of(&m, talk.listener);
    expect_ok(select_events(&m, talk.listener, event, FD_ACCEPT));
    for (unsigned takers = 0; takers <= 2; takers++) {
        if (takers > 0) expect_error(WSA_IO_PENDING, accept_ex(&m, talk.listener, tcp(&m), 0));
        for (unsigned waiting = 0; waiting <= 3; waiting++) {
            static struct machine other;
            other = m;
            other.world = (void *)other.memory;
            other.chooser = &other.simulating.chooser;
            for (unsigned i = 0; i < waiting; i++) {
                unsigned index = i < 2 ? i : world_take(other.world, TABLE_CONNECTIONS);
                struct connection_row *row = world_connection(other.world, index);
                row->used = 1;
                row->socket = NO_ROW;
                row->listener = (uint16_t)listener;
                row->serial = i + 1;
            }
            network_event_happened(other.world, other.chooser, listener, FD_ACCEPT);
            bool told = network_events_take(other.world, listener) != 0;
            CU_ASSERT_EQUAL(told, takers == 0 || waiting > takers);
        }
    }
}

/* No row is left: a connect says so of a stream and of datagrams, and a SYN from outside is refused; a row less, and
 * there is a connection. What is full is noted, so that no one takes the answer for Windows's. */
static void a_connection_wants_a_row(void) {
    for (unsigned stream = 0; stream < 2; stream++) {
        struct machine m;
        machine_begin(&m);
        struct talk talk = talking(&m);
        uint64_t s = stream ? tcp(&m) : udp(&m);
        unsigned last = NO_ROW;
        for (unsigned i = world_take(m.world, TABLE_CONNECTIONS); i != NO_ROW;
             i = world_take(m.world, TABLE_CONNECTIONS)) {
            world_connection(m.world, i)->serial = 1; /* so that it is not free, and in use by no one */
            last = i;
        }
        CU_ASSERT_NOT_EQUAL_FATAL(last, NO_ROW);
        m.world->full = 0;
        expect_error(WSAENOBUFS, connect_to(&m, s, LOOPBACK_V4, talk.port));
        CU_ASSERT_EQUAL(m.world->full, TABLE_CONNECTIONS + 1);
        CU_ASSERT_EQUAL(world_socket(m.world, row_of(&m, s))->connection, NO_ROW);
        world_free(m.world, TABLE_CONNECTIONS, last);
        m.world->full = 0;
        if (!stream) expect_ok(connect_to(&m, s, LOOPBACK_V4, talk.port));
        else expect_error(WSAECONNREFUSED, connect_to(&m, s, LOOPBACK_V4, talk.port)); /* none for the other end */
        CU_ASSERT_EQUAL(m.world->full, stream ? TABLE_CONNECTIONS + 1 : 0);
    }
}

/* Q54: whose block is released while he is connected has neither his port nor his peer any more. */
static void who_loses_his_port_loses_his_peer(void) {
    for (unsigned stream = 0; stream < 2; stream++) {
        struct machine m;
        struct grant grant;
        machine_with_reading(&m, Q54_RELEASE_WHILE_BOUND, Q54_BINDING_LOST);
        struct talk talk = talking(&m);
        uint64_t acquirer = stream ? tcp(&m) : udp(&m), s = stream ? tcp(&m) : udp(&m);
        expect_ok(acquire(&m, acquirer, 0, 1, &grant));
        expect_ok(associate(&m, s, grant.token));
        expect_ok(bind_at(&m, s, LOOPBACK_V4, 0));
        expect_ok(connect_to(&m, s, LOOPBACK_V4, talk.port));
        const struct socket_row *row = world_socket(m.world, row_of(&m, s));
        unsigned connection = row->connection;
        CU_ASSERT_NOT_EQUAL_FATAL(connection, NO_ROW);
        CU_ASSERT_EQUAL(row->state, SOCKET_CONNECTED);
        expect_ok(release(&m, acquirer, grant.token));
        CU_ASSERT_EQUAL(row->state, SOCKET_OPEN);
        CU_ASSERT_EQUAL(row->port, 0);
        CU_ASSERT_EQUAL(row->connection, NO_ROW);
        bool there = connection < world_top(m.world, TABLE_CONNECTIONS);
        CU_ASSERT_FALSE(there && world_connection(m.world, connection)->used);
    }
}

static struct socket_row *socket_of(const struct machine *m, uint64_t socket) {
    return world_socket(m->world, row_of(m, socket));
}

static void expect_row(const struct socket_row *expected, const struct socket_row *row) {
    CU_ASSERT_EQUAL(memcmp(expected, row, sizeof *row), 0);
}

/* What its listener has by options and by its place (W143) the accepted socket has, too; not what the listener is, nor
 * what it has of its own: its backlog, its block, its handle. */
static void an_accepted_socket_is_like_its_listener(void) {
    struct machine m;
    uint64_t server;
    machine_begin(&m);
    uint64_t listener = tcp(&m), client = tcp(&m);
    struct grant grant = granted(&m, listener, 20000, 1);
    expect_ok(set_option(&m, listener, SO_KEEPALIVE, 1));
    expect_ok(set_option(&m, listener, SO_SNDTIMEO, 700));
    expect_ok(set_option(&m, listener, REUSE_ADDRESS, 1));
    expect_ok(set_nonblocking(&m, listener));
    expect_ok(associate(&m, listener, grant.token));
    expect_ok(bind_port(&m, listener, 0));
    expect_ok(listen_on(&m, listener));
    expect_ok(connect_to(&m, client, LOOPBACK_V4, 20000));
    m.unchecked = true;
    socket_of(&m, listener)->reused = 1;
    socket_of(&m, listener)->handle_unknown = 1;
    struct socket_row expected = *socket_of(&m, listener);
    expect_ok(accept_on(&m, listener, &server));
    const struct socket_row *row = socket_of(&m, server);
    CU_ASSERT_EQUAL(world_connection(m.world, row->connection)->socket, row_of(&m, server));
    CU_ASSERT_NOT_EQUAL(row->numbers, NO_ROW);
    CU_ASSERT_NOT_EQUAL(row->numbers, expected.numbers);
    expected.state = SOCKET_CONNECTED;
    expected.address = socket_of(&m, client)->address; /* 127.0.0.1, as the client's */
    expected.accepted = 1;
    expected.references = 1;
    expected.backlog = expected.reused = expected.handle_unknown = 0;
    expected.reservation = NO_ROW;
    expected.reservation_serial = 0;
    expected.connection = row->connection;
    expected.numbers = row->numbers;
    expect_row(&expected, row);
}

/* DisconnectEx with TF_REUSE_SOCKET, until nothing is left of the connection. */
static void disconnect_for_reuse(struct machine *m, uint64_t socket) {
    enum { OVERLAPPED_AT = 0x39000, TIME_WAITS_MS = 4 * 60 * 1000 };
    static const uint8_t overlapped[OVERLAPPED_SIZE];
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_DisconnectEx;
    call.arguments[DisconnectEx_s] = socket;
    call.arguments[DisconnectEx_dwFlags] = TF_REUSE_SOCKET;
    point_at_contents(&call, DisconnectEx_lpOverlapped, OVERLAPPED_AT, overlapped, sizeof overlapped);
    run_call(m, &call);
    CU_ASSERT_EQUAL(m->result.error, WSA_IO_PENDING);
    for (unsigned i = 0; i < 2; i++) pass_time(m, TIME_WAITS_MS);
}

/* The accept socket of an AcceptEx has its listener's port and address for as long as it is connected, and keeps what
 * it was set to. */
static void an_accept_socket_is_open_again_after_its_connection(void) {
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    uint64_t acceptor = tcp(&m), client = tcp(&m);
    expect_ok(set_option(&m, acceptor, SO_KEEPALIVE, 1));
    socket_of(&m, acceptor)->reused = 1;
    struct socket_row before = *socket_of(&m, acceptor), expected = before;
    expect_error(WSA_IO_PENDING, accept_ex(&m, talk.listener, acceptor, 0));
    expect_row(&before, socket_of(&m, acceptor));
    expect_ok(connect_to(&m, client, LOOPBACK_V4, talk.port));
    const struct socket_row *row = socket_of(&m, acceptor);
    CU_ASSERT_EQUAL(world_connection(m.world, row->connection)->socket, row_of(&m, acceptor));
    expected.state = SOCKET_CONNECTED;
    expected.address = socket_of(&m, client)->address;
    expected.port = (uint16_t)talk.port;
    expected.accepted = 1;
    expected.reused = 0;
    expected.connection = row->connection;
    expect_row(&expected, row);
    expect_ok(update_accept_context(&m, acceptor, talk.listener));
    expect_ok(shut_down(&m, acceptor, SD_RECEIVE));
    expect_ok(close_socket(&m, client));
    disconnect_for_reuse(&m, acceptor);
    before.flags = socket_of(&m, talk.listener)->flags; /* as its context was updated */
    before.reused = 1;
    before.handle_event = socket_of(&m, acceptor)->handle_event; /* a request without an event waited at its handle */
    expect_row(&before, socket_of(&m, acceptor));
}

/* Q139: what was made ready for AcceptEx or ConnectEx is for these alone, until it is bound anew. */
static void what_is_bound_anew_is_an_ordinary_socket(void) {
    struct machine m;
    machine_with_reading(&m, Q139_REUSED_BIND, Q139_BOUND_ANEW);
    struct talk talk = talking(&m);
    uint64_t acceptor = tcp(&m), client = tcp(&m);
    expect_error(WSA_IO_PENDING, accept_ex(&m, talk.listener, acceptor, 0));
    expect_ok(connect_to(&m, client, LOOPBACK_V4, talk.port));
    expect_ok(close_socket(&m, client));
    disconnect_for_reuse(&m, acceptor);
    CU_ASSERT_TRUE(socket_of(&m, acceptor)->reused);
    plain_call(&m, FUNCTION_listen, acceptor, 5, 0);
    CU_ASSERT_EQUAL(m.result.error, WSAEINVAL); /* not bound */
    CU_ASSERT_TRUE(socket_of(&m, acceptor)->reused);
    expect_ok(bind_at(&m, acceptor, LOOPBACK_V4, 20000));
    CU_ASSERT_FALSE(socket_of(&m, acceptor)->reused);
    expect_ok(connect_to(&m, acceptor, LOOPBACK_V4, talk.port));
}

/* A socket that has connected stays where it was bound. */
static void a_client_is_bound_after_its_connection(void) {
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    struct socket_row expected = *socket_of(&m, talk.client);
    expect_ok(close_socket(&m, talk.server));
    disconnect_for_reuse(&m, talk.client);
    expected.state = SOCKET_BOUND;
    expected.reused = 1;
    expected.handle_event = socket_of(&m, talk.client)->handle_event;
    expected.connection = NO_ROW;
    expect_row(&expected, socket_of(&m, talk.client));
}

/* From one byte to as many as a packet of this world has, and while there is a place for it. */
static void a_packet_is_as_long_as_the_world_has_room_for(void) {
    static const uint8_t bytes[UINT16_MAX];
    struct machine m;
    machine_begin(&m);
    const uint32_t most = m.world->limits.packet_bytes;
    CU_ASSERT_FALSE(model_packet_arrives(m.world, bytes, 0));
    CU_ASSERT_FALSE(model_packet_arrives(m.world, bytes, most + 1));
    CU_ASSERT_EQUAL(m.world->packets_count, 0);
    const uint32_t lengths[] = { most, 1 };
    for (unsigned i = 0; i < m.world->limits.packets; i++) {
        CU_ASSERT_TRUE(model_packet_arrives(m.world, bytes, lengths[i % 2]));
        CU_ASSERT_EQUAL(packet_nth(m.world, i)->bytes, lengths[i % 2]);
        CU_ASSERT_PTR_NULL(model_check(m.world));
    }
    CU_ASSERT_FALSE(model_packet_arrives(m.world, bytes, 1));
    settle(&m);
    CU_ASSERT_EQUAL(m.world->packets_count, 0);
}

void register_connections_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/transport connections", NULL, NULL);
    CU_add_test(suite, "what was accepted lives from ESTABLISHED to TIME-WAIT",
                what_was_accepted_lives_from_established_to_time_wait);
    CU_add_test(suite, "FD_ACCEPT tells of what no AcceptEx takes", fd_accept_tells_of_what_no_accept_ex_takes);
    CU_add_test(suite, "a connection wants a row", a_connection_wants_a_row);
    CU_add_test(suite, "who loses his port loses his peer", who_loses_his_port_loses_his_peer);
    CU_add_test(suite, "an accepted socket is like its listener", an_accepted_socket_is_like_its_listener);
    CU_add_test(suite, "an accept socket is open again after its connection",
                an_accept_socket_is_open_again_after_its_connection);
    CU_add_test(suite, "what is bound anew is an ordinary socket", what_is_bound_anew_is_an_ordinary_socket);
    CU_add_test(suite, "a client is bound after its connection", a_client_is_bound_after_its_connection);
    CU_add_test(suite, "a packet is as long as the world has room for", a_packet_is_as_long_as_the_world_has_room_for);
}
