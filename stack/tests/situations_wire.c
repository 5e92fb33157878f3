/* Situations on the wire: what a time-out is, and what it leaves behind; what a connection that has ended holds. */
#include "stack/sdk/option_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/system/handles.h"
#include "stack/tests/fixture_messages.h"
#include "stack/tests/situations.h"
#include "stack/transport/wire/tcp_parts.h"

static const uint64_t MILLISECOND_NS = 1000000;

/* A receive with a time-out of 100 milliseconds: how many it takes. */
static uint32_t short_time_out(struct machine *m) {
    char heard[64];
    struct talk talk = talking(m);
    expect_ok(set_option(m, talk.client, SO_RCVTIMEO, 100));
    uint64_t before_ns = m->world->now_ns;
    expect_error(WSAETIMEDOUT, receive_text(m, talk.client, heard));
    return (uint32_t)((m->world->now_ns - before_ns) / MILLISECOND_NS);
}

/* A receive has timed out, then a word comes: what the next receive gives. */
static uint32_t receive_after_time_out(struct machine *m) {
    char heard[64];
    struct talk talk = talking(m);
    expect_ok(set_option(m, talk.client, SO_RCVTIMEO, 1000));
    expect_error(WSAETIMEDOUT, receive_text(m, talk.client, heard));
    send_text(m, talk.server, "late");
    return receive_text(m, talk.client, heard);
}

/* --- TIME_WAIT ---------------------------------------------------------------------------------------------------- */

/* A client at this port that has connected and closed first; the server has closed, too. Its listener stays. */
static struct talk closed_first(struct machine *m, uint64_t client, unsigned port) {
    struct talk talk = { .listener = tcp(m), .client = client };
    expect_ok(bind_at(m, talk.listener, LOOPBACK_V4, 0));
    expect_ok(listen_on(m, talk.listener));
    talk.port = port_of(m, talk.listener);
    expect_ok(bind_at(m, client, LOOPBACK_V4, port));
    expect_ok(connect_to(m, client, LOOPBACK_V4, talk.port));
    expect_ok(accept_on(m, talk.listener, &talk.server));
    expect_ok(close_socket(m, client));
    expect_ok(close_socket(m, talk.server));
    return talk;
}

static uint32_t acquire_of_port_in_time_wait(struct machine *m) {
    struct grant grant;
    closed_first(m, tcp(m), 20000);
    return acquire(m, tcp(m), 20000, 1, &grant);
}

/* The same two ends once more, after three minutes. */
static uint32_t connect_after_three_minutes(struct machine *m) {
    struct talk talk = closed_first(m, tcp(m), 20000);
    uint64_t again = tcp(m);
    pass_time(m, 120000);
    pass_time(m, 60000);
    expect_ok(bind_at(m, again, LOOPBACK_V4, 20000));
    return connect_to(m, again, LOOPBACK_V4, talk.port);
}

static uint32_t bind_in_block_in_time_wait(struct machine *m) {
    uint64_t keeper = tcp(m), first = tcp(m), second = tcp(m);
    struct grant grant = granted(m, keeper, 0, 1);
    expect_ok(associate(m, first, grant.token));
    closed_first(m, first, 0);
    expect_ok(associate(m, second, grant.token));
    return bind_at(m, second, LOOPBACK_V4, 0);
}

static uint32_t exclusive_bind_beside_accepted(struct machine *m) {
    struct talk talk = talking(m);
    uint64_t probe = tcp(m);
    expect_ok(close_socket(m, talk.listener));
    expect_ok(set_option(m, probe, EXCLUSIVE_ADDRESS, 1));
    return bind_at(m, probe, LOOPBACK_V4, talk.port);
}

/* Two sockets with SO_REUSE_UNICASTPORT are bound to port 0 where one port is left: what the second bind gives. */
static uint32_t second_bind_with_reuse(struct machine *m) {
    enum { REUSE_UNICASTPORT = 0x3007 };
    uint32_t error = 0;
    m->world->dynamic_first[PROTOCOL_TCP] = m->world->dynamic_last[PROTOCOL_TCP] = 50000;
    for (unsigned i = 0; i < 2; i++) {
        uint64_t s = tcp(m);
        expect_ok(set_option(m, s, REUSE_UNICASTPORT, 1));
        error = bind_at(m, s, ANY_V4, 0);
    }
    return error;
}

/* One dynamic port is left, and a socket of IPv4 has it: what bind to port 0 gives a dual-stack socket. */
static uint32_t dual_bind_beside_v4(struct machine *m) {
    uint64_t dual = dual_stack_udp(m);
    m->world->dynamic_first[PROTOCOL_UDP] = m->world->dynamic_last[PROTOCOL_UDP] = 50000;
    expect_ok(bind_at(m, udp(m), ANY_V4, 0));
    return bind_at(m, dual, ANY_V6, 0);
}

/* IPv6 has one dynamic port of its own, which a socket has: what bind to port 0 gives the next one. */
static uint32_t v6_bind_beside_v4s_range(struct machine *m) {
    uint64_t first = dual_stack_udp(m), second = dual_stack_udp(m);
    m->world->dynamic_v6_first[PROTOCOL_UDP] = m->world->dynamic_v6_last[PROTOCOL_UDP] = 40000;
    expect_ok(bind_at(m, first, LOOPBACK_V6, 40000));
    return bind_at(m, second, LOOPBACK_V6, 0);
}

static uint32_t exclusive_v4_after_dual(struct machine *m) {
    uint64_t dual = dual_stack_udp(m), v4 = udp(m);
    expect_ok(set_option(m, dual, EXCLUSIVE_ADDRESS, 1));
    expect_ok(set_option(m, v4, EXCLUSIVE_ADDRESS, 1));
    expect_ok(bind_at(m, dual, ANY_V6, 9000));
    return bind_at(m, v4, ANY_V4, 9000);
}

/* Keep-alives get no answer, which no packet on a machine of one can show; what a receive gives that begins after. */
static uint32_t receive_after_silence(struct machine *m) {
    char heard[64];
    struct talk talk = talking(m);
    unsigned socket = handle_find(m->world, PROCESS_APP, HANDLE_SOCKET, talk.client);
    struct tcp_connection *tcp = &world_connection(m->world, world_socket(m->world, socket)->connection)->tcp;
    tcp_fail(tcp, TCP_SILENT);
    return receive_text(m, talk.client, heard);
}

static uint32_t accept_ex_at_once(struct machine *m) {
    struct talk talk = talking(m);
    uint64_t another = tcp(m);
    expect_ok(connect_to(m, another, LOOPBACK_V4, talk.port));
    return accept_ex(m, talk.listener, tcp(m), 0);
}

static uint32_t accept_ex_of_associated(struct machine *m) {
    struct talk talk = talking(m);
    uint64_t acceptor = tcp(m);
    struct grant grant = granted(m, tcp(m), 0, 4);
    expect_ok(associate(m, acceptor, grant.token));
    return accept_ex(m, talk.listener, acceptor, 0);
}

/* The status that the last call stored in an OVERLAPPED. */
static uint32_t status_written(const struct machine *m) {
    for (unsigned i = 0; i < m->result.writes_count; i++) {
        const struct result_write *write = &m->result.writes[i];
        if (write->length == 2 * POINTER_SIZE) return load_u32(m->result.bytes + write->bytes_offset);
    }
    return 0;
}

/* What an AcceptEx ends with that waits for data when its accept socket closes. */
static uint32_t accept_socket_closed(struct machine *m) {
    struct talk talk = talking(m);
    uint64_t acceptor = tcp(m);
    expect_error(WSA_IO_PENDING, accept_ex(m, talk.listener, acceptor, 8));
    expect_ok(connect_to(m, tcp(m), LOOPBACK_V4, talk.port));
    expect_ok(close_socket(m, acceptor));
    return status_written(m);
}

/* A listener with SO_CONDITIONAL_ACCEPT. */
static uint64_t conditional_listener(struct machine *m) {
    uint64_t listener = tcp(m);
    expect_ok(bind_at(m, listener, LOOPBACK_V4, 0));
    expect_ok(set_option(m, listener, SO_CONDITIONAL_ACCEPT, 1));
    expect_ok(listen_on(m, listener));
    return listener;
}

static uint32_t connect_to_conditional(struct machine *m) {
    uint64_t listener = conditional_listener(m);
    return connect_to(m, tcp(m), LOOPBACK_V4, port_of(m, listener));
}

static uint32_t accept_without_condition(struct machine *m) {
    uint64_t accepted, listener = conditional_listener(m), client = tcp(m);
    expect_ok(set_nonblocking(m, client));
    expect_ok(set_nonblocking(m, listener));
    expect_error(WSAEWOULDBLOCK, connect_to(m, client, LOOPBACK_V4, port_of(m, listener)));
    return accept_on(m, listener, &accepted);
}

enum { OVERLAPPED_AT = 0xA000, BUFFER_AT = 0xA100, BUFFER_BYTES = 8 };

static void put_overlapped(struct call *call, unsigned argument) {
    static const uint8_t overlapped[OVERLAPPED_SIZE];
    call->arguments[argument] = OVERLAPPED_AT;
    call->ranges[argument] = (struct range){ .state = RANGE_GOOD, .address = OVERLAPPED_AT, .length = OVERLAPPED_SIZE };
    call_put_bytes(call, argument, overlapped, OVERLAPPED_SIZE);
}

static uint32_t disconnect_for_reuse(struct machine *m, uint64_t socket) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_DisconnectEx;
    call.arguments[DisconnectEx_s] = socket;
    call.arguments[DisconnectEx_dwFlags] = TF_REUSE_SOCKET;
    put_overlapped(&call, DisconnectEx_lpOverlapped);
    run_call(m, &call);
    return m->result.error;
}

/* A socket that AcceptEx had, and DisconnectEx gave back: bound to a port, and closed. What bind gives, and where it
 * was bound, whether the port is free again. */
static uint32_t bind_of_reused(struct machine *m) {
    struct talk talk = talking(m);
    uint64_t acceptor = tcp(m), client = tcp(m), another = tcp(m);
    expect_error(WSA_IO_PENDING, accept_ex(m, talk.listener, acceptor, 0));
    expect_ok(connect_to(m, client, LOOPBACK_V4, talk.port));
    expect_ok(shut_down(m, client, SD_SEND));
    expect_error(WSA_IO_PENDING, disconnect_for_reuse(m, acceptor));
    uint32_t error = bind_at(m, acceptor, LOOPBACK_V4, 20000);
    expect_ok(close_socket(m, acceptor));
    expect_ok(bind_at(m, another, LOOPBACK_V4, 20000));
    return error;
}

/* How an overlapped receive ends with its stream. */
static uint32_t closed_with_receive(struct machine *m) {
    struct talk talk = talking(m);
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_WSARecv;
    call.arguments[WSARecv_s] = talk.server;
    call.arguments[WSARecv_dwBufferCount] = 1;
    call.ranges[WSARecv_lpBuffers] = (struct range){ .state = RANGE_GOOD, .address = BUFFER_AT, .length = WSABUF_SIZE };
    call.buffers[0] = (struct call_buffer){
        .range = { .state = RANGE_GOOD, .address = BUFFER_AT + WSABUF_SIZE, .length = BUFFER_BYTES },
        .length = BUFFER_BYTES
    };
    call.buffers_count = 1;
    call.ranges[WSARecv_lpFlags] = (struct range){ .state = RANGE_GOOD, .address = BUFFER_AT + 0x40, .length = 4 };
    call_put_bytes(&call, WSARecv_lpFlags, (const uint8_t[4]){ 0 }, 4);
    call.ranges[WSARecv_lpNumberOfBytesRecvd].state = call.ranges[WSARecv_lpCompletionRoutine].state = RANGE_NULL;
    put_overlapped(&call, WSARecv_lpOverlapped);
    run_call(m, &call);
    CU_ASSERT_EQUAL(m->result.error, WSA_IO_PENDING);
    expect_ok(close_socket(m, talk.server));
    return status_written(m);
}

/* recv with flags on a socket that does not block; what came as a string. */
static uint32_t receive_flagged(struct machine *m, uint64_t socket, uint32_t flags) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_recv;
    call.arguments[recv_s] = socket;
    call.arguments[recv_buf] = BUFFER_AT;
    call.ranges[recv_buf] = (struct range){ .state = RANGE_GOOD, .address = BUFFER_AT, .length = BUFFER_BYTES };
    call.arguments[recv_len] = BUFFER_BYTES;
    call.arguments[recv_flags] = flags;
    run_call(m, &call);
    return m->result.value == UINT64_MAX ? m->result.error : 0;
}

static uint32_t no_urgent_data(struct machine *m) {
    struct talk talk = talking(m);
    expect_ok(set_nonblocking(m, talk.server));
    return receive_flagged(m, talk.server, MSG_OOB);
}

/* ioctlsocket that asks for a number. */
static uint32_t number_asked(struct machine *m, uint64_t socket, uint32_t command) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_ioctlsocket;
    call.arguments[ioctlsocket_s] = socket;
    call.arguments[ioctlsocket_cmd] = command;
    call.arguments[ioctlsocket_argp] = BUFFER_AT;
    call.ranges[ioctlsocket_argp] = (struct range){ .state = RANGE_GOOD, .address = BUFFER_AT, .length = 4 };
    call_put_bytes(&call, ioctlsocket_argp, (const uint8_t[4]){ 7 }, 4);
    run_call(m, &call);
    const uint8_t *stored = written(m, BUFFER_AT, 4);
    return stored == NULL ? UINT32_MAX : load_u32(stored);
}

/* SIOCATMARK with urgent data in line, before the mark and at it, and apart, at it: a bit each. */
static uint32_t at_mark(struct machine *m) {
    struct talk talk = talking(m);
    char text[64];
    expect_ok(set_option(m, talk.server, SO_OOBINLINE, 1));
    expect_ok(send_text(m, talk.client, "a"));
    expect_ok(send_urgent(m, talk.client, "b"));
    expect_ok(send_urgent(m, talk.server, "c"));
    uint32_t before = number_asked(m, talk.server, SIOCATMARK);
    expect_ok(receive_text(m, talk.server, text));
    uint32_t at = number_asked(m, talk.server, SIOCATMARK);
    return before | at << 1 | number_asked(m, talk.client, SIOCATMARK) << 2;
}

static uint32_t pending_datagrams(struct machine *m) {
    uint32_t sent;
    uint64_t receiver = udp(m), sender = udp(m);
    expect_ok(bind_at(m, receiver, LOOPBACK_V4, 20000));
    for (unsigned i = 0; i < 3; i++) expect_ok(send_byte(m, sender, TO_LOOPBACK, 20000, &sent));
    return number_asked(m, receiver, FIONREAD);
}

static uint32_t message_of_a_stream(struct machine *m) {
    struct talk talk = talking(m);
    struct message message = { .control_room = 64, .name_length = SOCKADDR_IN6_SIZE };
    expect_ok(send_text(m, talk.client, "x"));
    return receive_message(m, talk.server, &message);
}

static uint32_t message_before_bind(struct machine *m) {
    uint64_t receiver = udp(m);
    expect_ok(bind_at(m, receiver, LOOPBACK_V4, 20000));
    return send_message(m, udp(m), 20000, NULL, 0);
}

/* How much control data comes with a datagram over IPv4 where IPV6_PKTINFO alone is set. */
static uint32_t information_over_ipv4(struct machine *m) {
    uint32_t sent;
    uint64_t receiver = dual_stack_udp(m);
    struct message message = { .control_room = 64, .name_length = SOCKADDR_IN6_SIZE };
    expect_ok(bind_at(m, receiver, ANY_V6, 20000));
    expect_ok(want_packet_information(m, receiver, 6));
    expect_ok(send_byte(m, udp(m), TO_LOOPBACK, 20000, &sent));
    expect_ok(receive_message(m, receiver, &message));
    return message.control_length;
}

const struct situation *wire_situations(unsigned *count) {
    static const struct situation situations[] = {
        { Q35_TIME_WAIT_COUNTS, acquire_of_port_in_time_wait, { WSAEADDRINUSE, 0 } },
        { Q116_TIME_WAIT, connect_after_three_minutes, { WSAEADDRINUSE, 0 } },
        { Q117_CLOSING_PORT_OF_BLOCK, bind_in_block_in_time_wait, { WSAEADDRINUSE, 0 } },
        { Q118_EXCLUSIVE_BESIDE_ACCEPTED, exclusive_bind_beside_accepted, { WSAEADDRINUSE, 0 } },
        { Q124_REUSE_UNICASTPORT, second_bind_with_reuse, { WSAENOBUFS, 0 } },
        { Q125_DUAL_BESIDE_V4, dual_bind_beside_v4, { 0, WSAENOBUFS } },
        { Q130_RANGE_OF_V6, v6_bind_beside_v4s_range, { WSAENOBUFS, 0 } },
        { Q126_EXCLUSIVE_V4_AFTER_DUAL, exclusive_v4_after_dual, { WSAEACCES, WSAEADDRINUSE } },
        { Q128_AFTER_SILENCE, receive_after_silence, { WSAECONNRESET, WSAENOTCONN, WSAENETRESET } },
        { Q131_ACCEPT_EX_AT_ONCE, accept_ex_at_once, { 0, WSA_IO_PENDING } },
        { Q132_ACCEPT_ASSOCIATED, accept_ex_of_associated, { WSA_IO_PENDING, WSAEINVAL } },
        { Q133_ACCEPT_SOCKET_CLOSED, accept_socket_closed, { STATUS_CANCELLED, STATUS_CONNECTION_ABORTED } },
        { Q135_CONDITIONAL_HANDSHAKE, connect_to_conditional, { WSAETIMEDOUT, 0 } },
        { Q136_ACCEPT_WITHOUT_CONDITION, accept_without_condition, { 0, WSAEWOULDBLOCK } },
        { Q139_REUSED_BIND, bind_of_reused, { WSAEINVAL, 0 } },
        { Q144_NO_URGENT_DATA, no_urgent_data, { WSAEWOULDBLOCK, WSAEINVAL } },
        { Q145_AT_MARK, at_mark, { 3, 0, 6 } },
        { Q146_PENDING_DATAGRAMS, pending_datagrams, { 1, 3 } },
        { Q140_CLOSED_WITH_RECEIVE, closed_with_receive, { STATUS_CONNECTION_ABORTED, STATUS_NETWORK_NAME_DELETED } },
        { Q151_MESSAGE_OF_A_STREAM, message_of_a_stream, { WSAEOPNOTSUPP, WSAEINVAL, 0 } },
        { Q152_MESSAGE_BEFORE_BIND, message_before_bind, { 0, WSAEINVAL } },
        { Q153_MAPPED_PACKET_INFORMATION, information_over_ipv4, { 0, 40 } },
        { Q114_SHORT_TIME_OUT, short_time_out, { 100, 500 } },
        { Q115_AFTER_TIME_OUT, receive_after_time_out, { 0, WSAECONNABORTED } },
    };
    *count = sizeof situations / sizeof situations[0];
    return situations;
}
