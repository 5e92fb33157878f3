/* Data in several buffers and overlapped: who is served first, what ends a request, and what is stored where. */
#include <string.h>

#include "stack/call/catalogue.h"
#include "stack/io/requests.h"
#include "stack/sdk/option_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/tests/fixture_messages.h"
#include "stack/transport/control_data.h"

void register_data_tests(void);

enum { BUFFER_AT = 0xe000, OVERLAPPED_AT = 0x9000, COUNT_AT = 0xa000, FLAGS_AT = 0xb000 };

enum { DELAYED_MS = 500 }; /* a small segment waits for the acknowledgement of the one before, and that for more */

static struct range good(uint64_t address, uint32_t length) {
    return (struct range){ .state = RANGE_GOOD, .address = address, .length = length };
}

static void put_at(struct call *call, unsigned argument, uint64_t address, const void *bytes, uint32_t length) {
    call->arguments[argument] = address;
    call->ranges[argument] = good(address, length);
    bool put = call_put_bytes(call, argument, bytes, length);
    CU_ASSERT_TRUE_FATAL(put);
}

/* What a receive into buffers of these sizes is asked with; overlapped: 0 for none, else a number of one's own. */
struct asked {
    uint32_t sizes[CALL_BUFFERS_MAX];
    uint32_t flags;
    unsigned overlapped;
    bool empty; /* the first buffer has no bytes, and no address */
};

static uint64_t buffer_of(const struct asked *asked, unsigned buffer) {
    if (asked->empty && buffer == 0) return 0;
    return BUFFER_AT + asked->overlapped * 0x400u + buffer * 0x100u;
}

static uint32_t receive_with(struct machine *m, uint64_t socket, const struct asked *asked) {
    static const uint8_t overlapped[OVERLAPPED_SIZE];
    struct call call;
    uint8_t flags[4];
    call_clear(&call);
    call.function = FUNCTION_WSARecv;
    call.arguments[WSARecv_s] = socket;
    for (unsigned i = 0; i < CALL_BUFFERS_MAX && (asked->sizes[i] > 0 || (asked->empty && i == 0)); i++) {
        call.buffers[i].range = good(buffer_of(asked, i), asked->sizes[i]);
        call.buffers[i].length = asked->sizes[i];
        call.buffers_count = i + 1;
    }
    call.arguments[WSARecv_lpBuffers] = BUFFER_AT - 0x100;
    call.ranges[WSARecv_lpBuffers] = good(BUFFER_AT - 0x100, call.buffers_count * WSABUF_SIZE);
    call.arguments[WSARecv_dwBufferCount] = call.buffers_count;
    call.arguments[WSARecv_lpNumberOfBytesRecvd] = COUNT_AT;
    call.ranges[WSARecv_lpNumberOfBytesRecvd] = good(COUNT_AT, 4);
    store_u32(flags, asked->flags);
    put_at(&call, WSARecv_lpFlags, FLAGS_AT, flags, sizeof flags);
    call.ranges[WSARecv_lpOverlapped].state = call.ranges[WSARecv_lpCompletionRoutine].state = RANGE_NULL;
    if (asked->overlapped > 0)
        put_at(&call, WSARecv_lpOverlapped, OVERLAPPED_AT + asked->overlapped * 0x40u, overlapped, OVERLAPPED_SIZE);
    run_to_return(m, &call);
    if (m->result.status == RESULT_BLOCKED) return STILL_INSIDE;
    return m->result.value == UINT64_MAX ? m->result.error : 0;
}

/* What was stored last at an address, as a text of at most 15 bytes. */
static const char *stored_text(const struct machine *m, uint64_t address) {
    static char text[16];
    memset(text, 0, sizeof text);
    for (unsigned i = 0; i < m->result.writes_count; i++) {
        const struct result_write *write = &m->result.writes[i];
        if (write->address == address && write->length < sizeof text)
            memcpy(text, m->result.bytes + write->bytes_offset, write->length);
    }
    return text;
}

static uint32_t count_stored(const struct machine *m) {
    const uint8_t *count = written(m, COUNT_AT, 4);
    return count == NULL ? UINT32_MAX : load_u32(count);
}

/* Internal and InternalHigh of an OVERLAPPED, as far as the last call stored them: the status, and the bytes. */
static bool has_ended(const struct machine *m, unsigned overlapped, uint32_t status, uint32_t bytes) {
    for (unsigned i = 0; i < m->result.writes_count; i++) {
        const struct result_write *write = &m->result.writes[i];
        const uint8_t *stored = m->result.bytes + write->bytes_offset;
        if (write->address != OVERLAPPED_AT + overlapped * 0x40u || write->length != 16) continue;
        return load_u32(stored) == status && load_u64(stored + 8) == bytes;
    }
    return false;
}

static void receives_that_pend_are_filled_in_their_order(void) {
    static const struct asked first = { .sizes = { 2 }, .overlapped = 1 };
    static const struct asked second = { .sizes = { 1, 3 }, .overlapped = 2 };
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    CU_ASSERT_EQUAL(receive_with(&m, talk.server, &first), WSA_IO_PENDING);
    CU_ASSERT_EQUAL(receive_with(&m, talk.server, &second), WSA_IO_PENDING);
    expect_ok(send_text(&m, talk.client, "abcde"));
    CU_ASSERT_TRUE(has_ended(&m, 1, STATUS_SUCCESS, 2));
    CU_ASSERT_TRUE(has_ended(&m, 2, STATUS_SUCCESS, 3));
    CU_ASSERT_STRING_EQUAL(stored_text(&m, buffer_of(&first, 0)), "ab");
    CU_ASSERT_STRING_EQUAL(stored_text(&m, buffer_of(&second, 0)), "c");
    CU_ASSERT_STRING_EQUAL(stored_text(&m, buffer_of(&second, 1)), "de");
}

static uint32_t wait_for_result(struct machine *m, uint64_t socket, unsigned overlapped) {
    static const uint8_t still_pending[OVERLAPPED_SIZE] = { 0x03, 0x01 }; /* Internal is STATUS_PENDING */
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_WSAGetOverlappedResult;
    call.arguments[WSAGetOverlappedResult_s] = socket;
    put_at(&call, WSAGetOverlappedResult_ov, OVERLAPPED_AT + overlapped * 0x40u, still_pending, sizeof still_pending);
    call.arguments[WSAGetOverlappedResult_bytes] = COUNT_AT;
    call.ranges[WSAGetOverlappedResult_bytes] = good(COUNT_AT, 4);
    call.arguments[WSAGetOverlappedResult_flags] = FLAGS_AT;
    call.ranges[WSAGetOverlappedResult_flags] = good(FLAGS_AT, 4);
    call.arguments[WSAGetOverlappedResult_wait] = 1;
    run_call(m, &call);
    if (m->result.status == RESULT_BLOCKED) return STILL_INSIDE;
    return m->result.value == 0 ? m->result.error : 0;
}

/* Two threads wait, each for a receive of its own: who is served returns, and no one else. */
static void each_waits_for_its_own_result(void) {
    static const struct asked first = { .sizes = { 2 }, .overlapped = 1 }, second = { .sizes = { 2 }, .overlapped = 2 };
    enum { SPEAKER = TOOL };
    struct machine m;
    machine_begin(&m);
    model_thread_start(m.world, SPEAKER, PROCESS_APP);
    struct talk talk = talking(&m);
    CU_ASSERT_EQUAL(receive_with(&m, talk.server, &first), WSA_IO_PENDING);
    CU_ASSERT_EQUAL(wait_for_result(&m, talk.server, 1), STILL_INSIDE);
    speak_as(&m, APP_SECOND);
    CU_ASSERT_EQUAL(receive_with(&m, talk.server, &second), WSA_IO_PENDING);
    CU_ASSERT_EQUAL(wait_for_result(&m, talk.server, 2), STILL_INSIDE);
    speak_as(&m, SPEAKER);
    expect_ok(send_text(&m, talk.client, "ab"));
    CU_ASSERT_EQUAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(returned_to(&m, APP), 0);
    CU_ASSERT_EQUAL(returned_to(&m, APP_SECOND), STILL_INSIDE);
    expect_ok(send_text(&m, talk.client, "cd"));
    pass_time(&m, DELAYED_MS);
    CU_ASSERT_EQUAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(returned_to(&m, APP_SECOND), 0);
}

static void a_plain_receive_comes_after_one_that_pends(void) {
    static const struct asked pending = { .sizes = { 4 }, .overlapped = 1 };
    static const struct asked plain = { .sizes = { 4 } };
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    CU_ASSERT_EQUAL(receive_with(&m, talk.server, &pending), WSA_IO_PENDING);
    CU_ASSERT_EQUAL(receive_with(&m, talk.server, &plain), STILL_INSIDE);
    speak_as(&m, APP_SECOND);
    expect_ok(send_text(&m, talk.client, "one"));
    CU_ASSERT_TRUE(has_ended(&m, 1, STATUS_SUCCESS, 3));
    CU_ASSERT_EQUAL(returned_to(&m, APP), STILL_INSIDE);
    expect_ok(send_text(&m, talk.client, "two"));
    pass_time(&m, DELAYED_MS);
    CU_ASSERT_EQUAL(returned_to(&m, APP), 0);
    CU_ASSERT_EQUAL(count_stored(&m), 3);
    const uint8_t *flags = written(&m, FLAGS_AT, 4); /* there are none, which is stored */
    CU_ASSERT(flags != NULL && load_u32(flags) == 0);
}

static void a_close_aborts_the_receive_and_resets_the_peer(void) {
    static const struct asked pending = { .sizes = { 4 }, .overlapped = 1 };
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct talk talk = talking(&m);
    CU_ASSERT_EQUAL(receive_with(&m, talk.server, &pending), WSA_IO_PENDING);
    expect_ok(close_socket(&m, talk.server));
    CU_ASSERT_TRUE(has_ended(&m, 1, STATUS_CONNECTION_ABORTED, 0));
    CU_ASSERT_EQUAL(receive_text(&m, talk.client, heard), WSAECONNRESET);
}

/* Q54: who loses his port loses the connection that his receive pends on, which ends so. */
static void a_receive_ends_with_the_port_of_its_connection(void) {
    static const struct asked pending = { .sizes = { 4 }, .overlapped = 1 };
    struct machine m;
    struct grant grant;
    machine_with_reading(&m, Q54_RELEASE_WHILE_BOUND, Q54_BINDING_LOST);
    struct talk talk = talking(&m);
    uint64_t acquirer = tcp(&m), s = tcp(&m);
    expect_ok(acquire(&m, acquirer, 0, 1, &grant));
    expect_ok(associate(&m, s, grant.token));
    expect_ok(bind_at(&m, s, LOOPBACK_V4, 0));
    expect_ok(connect_to(&m, s, LOOPBACK_V4, talk.port));
    CU_ASSERT_EQUAL(receive_with(&m, s, &pending), WSA_IO_PENDING);
    expect_ok(release(&m, acquirer, grant.token));
    CU_ASSERT_TRUE(has_ended(&m, 1, STATUS_CONNECTION_ABORTED, 0));
}

/* "Where it was decided before it ends as it was" (T10.2); and with no receive pending the close resets no one
 * (W201). */
static void a_close_leaves_a_receive_that_was_cancelled_as_it_is(void) {
    static const struct asked pending = { .sizes = { 4 }, .overlapped = 1 };
    struct machine m;
    char heard[64] = "x";
    machine_begin(&m);
    struct talk talk = talking(&m);
    CU_ASSERT_EQUAL(receive_with(&m, talk.server, &pending), WSA_IO_PENDING);
    CU_ASSERT_EQUAL_FATAL(world_request(m.world, 0)->state, REQUEST_PENDING);
    request_cancel(m.world, 0, WSA_OPERATION_ABORTED, &m.result); /* and its end is still to come */
    expect_ok(close_socket(&m, talk.server));
    CU_ASSERT_TRUE(has_ended(&m, 1, STATUS_CANCELLED, 0));
    expect_ok(receive_text(&m, talk.client, heard));
    CU_ASSERT_STRING_EQUAL(heard, "");
}

/* Which error a call has that blocks (Q106) is no matter of a receive that only pends. */
static void a_close_with_no_call_inside_asks_nothing_of_such_calls(void) {
    static const struct asked pending = { .sizes = { 4 }, .overlapped = 1 };
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    CU_ASSERT_EQUAL(receive_with(&m, talk.server, &pending), WSA_IO_PENDING);
    expect_ok(close_socket(&m, talk.server));
    CU_ASSERT_EQUAL(m.world->readings[Q106_CLOSED_MEANWHILE], 0);
}

static void urgent_data_does_not_wait_for_a_receive_of_the_stream(void) {
    static const struct asked stream = { .sizes = { 4 }, .overlapped = 1 };
    static const struct asked urgent = { .sizes = { 4 }, .flags = MSG_OOB, .overlapped = 2 };
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    CU_ASSERT_EQUAL(receive_with(&m, talk.server, &stream), WSA_IO_PENDING);
    CU_ASSERT_EQUAL(receive_with(&m, talk.server, &urgent), WSA_IO_PENDING);
    expect_ok(send_urgent(&m, talk.client, "!"));
    CU_ASSERT_TRUE(has_ended(&m, 2, STATUS_SUCCESS, 1));
    CU_ASSERT_STRING_EQUAL(stored_text(&m, buffer_of(&urgent, 0)), "!");
    CU_ASSERT_FALSE(has_ended(&m, 1, STATUS_SUCCESS, 1));
}

/* Into no bytes the urgent byte does not fit, so it stays for the receive that has room (inferred, as a receive of no
 * bytes leaves the stream as it is). */
static void urgent_data_is_left_by_a_receive_of_nothing(void) {
    static const struct asked nothing = { .flags = MSG_OOB, .empty = true };
    static const struct asked urgent = { .sizes = { 1 }, .flags = MSG_OOB };
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    expect_ok(send_urgent(&m, talk.client, "!"));
    for (unsigned i = 0; i < 2; i++) {
        expect_ok(receive_with(&m, talk.server, &nothing));
        CU_ASSERT_EQUAL(count_stored(&m), 0);
    }
    expect_ok(receive_with(&m, talk.server, &urgent));
    CU_ASSERT_EQUAL(count_stored(&m), 1);
    CU_ASSERT_STRING_EQUAL(stored_text(&m, buffer_of(&urgent, 0)), "!");
}

/* A buffer of no bytes needs no memory. */
static void a_buffer_of_no_bytes_is_passed_over(void) {
    static const struct asked after_nothing = { .sizes = { 0, 2, 3 }, .empty = true };
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    expect_ok(send_text(&m, talk.client, "abcd"));
    expect_ok(receive_with(&m, talk.server, &after_nothing));
    CU_ASSERT_EQUAL(count_stored(&m), 4);
    CU_ASSERT_STRING_EQUAL(stored_text(&m, buffer_of(&after_nothing, 1)), "ab");
    CU_ASSERT_STRING_EQUAL(stored_text(&m, buffer_of(&after_nothing, 2)), "cd");
}

/* What comes before a connection is accepted is handled as its listener has it, whose options it will have (W143): in
 * line the urgent byte stays in the stream, where it is read by itself. */
static void urgent_data_before_accept_goes_by_the_listener_s_option(void) {
    for (unsigned in_line = 0; in_line < 2; in_line++) {
        static const struct asked urgent = { .sizes = { 4 }, .flags = MSG_OOB };
        struct machine m;
        char heard[64];
        machine_begin(&m);
        uint64_t listener = tcp(&m), client = tcp(&m), server;
        expect_ok(set_option(&m, listener, SO_OOBINLINE, in_line));
        expect_ok(bind_at(&m, listener, LOOPBACK_V4, 20000));
        expect_ok(listen_on(&m, listener));
        expect_ok(connect_to(&m, client, LOOPBACK_V4, 20000));
        expect_ok(send_urgent(&m, client, "ab!"));
        expect_ok(accept_on(&m, listener, &server));
        expect_ok(receive_text(&m, server, heard));
        CU_ASSERT_STRING_EQUAL(heard, "ab");
        if (in_line) {
            expect_error(WSAEINVAL, receive_with(&m, server, &urgent));
            expect_ok(receive_text(&m, server, heard));
            CU_ASSERT_STRING_EQUAL(heard, "!");
        } else {
            expect_ok(receive_with(&m, server, &urgent));
            CU_ASSERT_STRING_EQUAL(stored_text(&m, buffer_of(&urgent, 0)), "!");
        }
    }
}

/* As much as the ring holds is there, and so many messages are waited for: how much one receive gives of it. */
static uint32_t given_beside(unsigned messages) {
    enum { RING = 2048, PART = 64 };
    static const struct asked all = { .sizes = { RING } };
    struct machine m;
    char part[PART + 1] = { 0 };
    machine_begin(&m);
    struct talk talk = talking(&m);
    uint64_t s = udp(&m);
    expect_ok(bind_port(&m, s, 20000));
    for (unsigned i = 0; i < messages; i++) {
        struct message message = { .overlapped = true, .which = i, .control_room = 64, .name_length = 16 };
        expect_error(WSA_IO_PENDING, receive_message(&m, s, &message));
    }
    memset(part, 'x', PART);
    for (unsigned i = 0; i < RING / PART; i++) expect_ok(send_text(&m, talk.client, part));
    pass_time(&m, DELAYED_MS);
    expect_ok(receive_with(&m, talk.server, &all));
    return count_stored(&m);
}

/* All that ends at one instant stands in one record, so a stream's bytes leave room for eight requests, each with two
 * numbers of its OVERLAPPED, an address and its length; and for each message, and one more, its control data, the
 * length of that, and its flags. */
static void bytes_of_a_stream_leave_room_for_messages(void) {
    enum { OF_REQUESTS = 8 * (16 + SOCKADDR_IN6_SIZE + 4), OF_EACH_MESSAGE = CONTROL_DATA_MAX + 4 + 4, SEVERAL = 5 };
    for (unsigned i = 0; i <= SEVERAL; i++)
        CU_ASSERT_EQUAL(given_beside(i), RESULT_BYTES_MAX - OF_REQUESTS - (i + 1) * OF_EACH_MESSAGE);
}

static void a_receive_of_all_waits_until_its_buffers_are_full(void) {
    static const struct asked all = { .sizes = { 2, 2 }, .flags = MSG_WAITALL, .overlapped = 1 };
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    CU_ASSERT_EQUAL(receive_with(&m, talk.server, &all), WSA_IO_PENDING);
    expect_ok(send_text(&m, talk.client, "abc"));
    CU_ASSERT_FALSE(has_ended(&m, 1, STATUS_SUCCESS, 3));
    expect_ok(send_text(&m, talk.client, "de"));
    pass_time(&m, DELAYED_MS);
    CU_ASSERT_TRUE(has_ended(&m, 1, STATUS_SUCCESS, 4));
}

/* "WSAEOPNOTSUPP if combined with MSG_OOB, MSG_PEEK or MSG_PARTIAL"; MSG_OOB alone may be WSAEINVAL (Q144), and either
 * may be said of both. */
static void waiting_for_all_goes_with_nothing_else(void) {
    static const uint32_t others[] = { MSG_PEEK, MSG_PARTIAL, MSG_OOB };
    static const struct profile open = { .name = "open" };
    bool said[3] = { false, false, false };
    for (unsigned i = 0; i < 3; i++)
        for (uint64_t seed = 1; seed <= 12; seed++) {
            struct machine m;
            machine_begin(&m);
            struct talk talk = talking(&m);
            m.profile = open;
            simulating_chooser_init(&m.simulating, &m.profile, seed);
            const struct asked asked = { .sizes = { 4 }, .flags = MSG_WAITALL | others[i] };
            uint32_t error = receive_with(&m, talk.server, &asked);
            said[i] = said[i] || error == WSAEOPNOTSUPP;
            if (others[i] != MSG_OOB) CU_ASSERT_EQUAL(error, WSAEOPNOTSUPP);
        }
    for (unsigned i = 0; i < 3; i++) CU_ASSERT_TRUE(said[i]);
}

static void more_than_a_ring_holds_is_not_modelled(void) {
    static const struct asked all = { .sizes = { 4000 }, .flags = MSG_WAITALL };
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    receive_with(&m, talk.server, &all);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
}

/* send or WSASend of so many bytes by the speaker; what it returns, or STILL_INSIDE. */
static uint64_t sends_so_many(struct machine *m, uint64_t socket, bool plain, uint32_t length) {
    static const uint8_t data[CALL_BYTES_MAX];
    struct call call;
    call_clear(&call);
    call.arguments[plain ? send_s : WSASend_s] = socket;
    if (plain) {
        call.function = FUNCTION_send;
        put_at(&call, send_buf, BUFFER_AT, data, length);
        call.arguments[send_len] = length;
    } else {
        call.function = FUNCTION_WSASend;
        call.arguments[WSASend_dwBufferCount] = call.buffers_count = 1;
        call.ranges[WSASend_lpBuffers] = good(BUFFER_AT - 0x100, WSABUF_SIZE);
        call.arguments[WSASend_lpNumberOfBytesSent] = COUNT_AT;
        call.ranges[WSASend_lpNumberOfBytesSent] = good(COUNT_AT, 4);
        call.ranges[WSASend_lpOverlapped].state = call.ranges[WSASend_lpCompletionRoutine].state = RANGE_NULL;
        call.buffers[0].range = good(BUFFER_AT, length);
        call.buffers[0].length = length;
        CU_ASSERT_TRUE_FATAL(call_put_buffer_bytes(&call, 0, data, length));
    }
    run_call(m, &call); /* a window that stays closed is probed for ever */
    return m->result.status == RESULT_BLOCKED ? STILL_INSIDE : m->result.value;
}

/* send returns the count, and WSASend stores it and returns 0: at once, and when there is room after a wait. */
static void a_send_that_waits_returns_as_one_that_does_not(void) {
    enum { PART = 1000, MOST_PARTS = 10 };
    for (unsigned plain = 0; plain < 2; plain++) {
        static const struct asked all = { .sizes = { 2048 } };
        const uint64_t value = plain ? PART : 0;
        struct machine m;
        unsigned parts = 0;
        machine_begin(&m);
        struct talk talk = talking(&m);
        for (; parts < MOST_PARTS; parts++) {
            uint64_t returned = sends_so_many(&m, talk.client, plain, PART);
            if (returned == STILL_INSIDE) break;
            CU_ASSERT_EQUAL(returned, value);
            if (!plain) CU_ASSERT_EQUAL(count_stored(&m), PART);
        }
        CU_ASSERT(parts > 0 && parts < MOST_PARTS);
        speak_as(&m, APP_SECOND);
        for (unsigned i = 0; i < MOST_PARTS && returned_to(&m, APP) == STILL_INSIDE; i++) {
            expect_ok(receive_with(&m, talk.server, &all));
            if (returned_to(&m, APP) == STILL_INSIDE) pass_time(&m, DELAYED_MS);
        }
        CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
        CU_ASSERT_EQUAL(m.result.returns[0].thread, APP);
        CU_ASSERT_EQUAL(m.result.returns[0].value, value);
        if (!plain) CU_ASSERT_EQUAL(count_stored(&m), PART);
    }
}

/* The contents of one buffer stand wherever they were put, after those of other arguments too. */
static void one_buffer_is_sent_from_where_it_stands(void) {
    static const uint8_t overlapped[OVERLAPPED_SIZE];
    struct machine m;
    struct call call;
    char heard[64];
    machine_begin(&m);
    struct talk talk = talking(&m);
    call_clear(&call);
    call.function = FUNCTION_WSASend;
    call.arguments[WSASend_s] = talk.client;
    call.arguments[WSASend_dwBufferCount] = call.buffers_count = 1;
    call.ranges[WSASend_lpBuffers] = good(BUFFER_AT - 0x100, WSABUF_SIZE);
    call.ranges[WSASend_lpNumberOfBytesSent].state = call.ranges[WSASend_lpCompletionRoutine].state = RANGE_NULL;
    put_at(&call, WSASend_lpOverlapped, OVERLAPPED_AT, overlapped, OVERLAPPED_SIZE);
    call.buffers[0].range = good(BUFFER_AT, 5);
    call.buffers[0].length = 5;
    call.buffers[1].range.bytes_offset = 0;
    CU_ASSERT_TRUE_FATAL(call_put_buffer_bytes(&call, 0, "hello", 5));
    run_call(&m, &call);
    CU_ASSERT_TRUE(has_ended(&m, 0, STATUS_SUCCESS, 5));
    expect_ok(receive_text(&m, talk.server, heard));
    CU_ASSERT_STRING_EQUAL(heard, "hello");
}

/* A record holds at most CALL_BYTES_MAX bytes; the memory beyond is there all the same, so it is no WSAEFAULT. */
static void more_than_a_record_holds_is_not_modelled(void) {
    static const uint8_t data[CALL_BYTES_MAX];
    enum { FITS, TOO_MUCH, BAD, CASES };
    static const uint32_t lengths[CASES] = { CALL_BYTES_MAX - 600, 600, 600 },
                          there[CASES] = { CALL_BYTES_MAX - 600, CALL_BYTES_MAX - 600, 300 };
    for (unsigned i = 0; i < CASES; i++) {
        struct machine m;
        struct call call;
        machine_begin(&m);
        call_clear(&call);
        call.function = FUNCTION_WSASend;
        call.arguments[WSASend_s] = talking(&m).client;
        call.arguments[WSASend_dwBufferCount] = call.buffers_count = 2;
        call.ranges[WSASend_lpBuffers] = good(BUFFER_AT - 0x100, 2 * WSABUF_SIZE);
        call.ranges[WSASend_lpNumberOfBytesSent] = good(COUNT_AT, 4);
        call.arguments[WSASend_lpNumberOfBytesSent] = COUNT_AT;
        call.ranges[WSASend_lpOverlapped].state = call.ranges[WSASend_lpCompletionRoutine].state = RANGE_NULL;
        call.buffers[0].range = good(BUFFER_AT, 600);
        call.buffers[0].length = 600;
        CU_ASSERT_TRUE_FATAL(call_put_buffer_bytes(&call, 0, data, 600));
        call.buffers[1].range = good(BUFFER_AT + 0x1000, i == BAD ? there[i] : lengths[i]);
        call.buffers[1].length = lengths[i];
        CU_ASSERT_TRUE_FATAL(call_put_buffer_bytes(&call, 1, data, there[i]));
        if (i == BAD) call.buffers[1].range.state = RANGE_PARTLY_BAD;
        run_to_return(&m, &call);
        if (i == FITS) CU_ASSERT_EQUAL(count_stored(&m), CALL_BYTES_MAX);
        if (i == BAD) CU_ASSERT_EQUAL(m.result.error, WSAEFAULT);
        CU_ASSERT_EQUAL(m.result.status == RESULT_NOT_MODELLED, i == TOO_MUCH);
    }
}

static void each_buffer_of_what_pends_is_part_of_the_world(void) {
    static const struct asked two = { .sizes = { 2, 2 }, .overlapped = 1 };
    static struct machine one, other;
    machine_begin(&one);
    struct talk talk = talking(&one);
    CU_ASSERT_EQUAL(receive_with(&one, talk.server, &two), WSA_IO_PENDING);
    CU_ASSERT_EQUAL_FATAL(world_top(one.world, TABLE_TRANSFERS), 1);
    for (unsigned i = 0; i <= 2; i++) {
        other = one;
        other.world = (void *)other.memory;
        CU_ASSERT(same_world(&one, &other));
        struct transfer *transfer = world_transfer(other.world, 0);
        if (i < 2) transfer->buffers[i].length++;
        else transfer->buffers_count = 1;
        CU_ASSERT(!same_world(&one, &other));
    }
}

/* ICMP says so to who sent it there: a connected socket, which hears its own peer alone. */
static void a_connected_socket_hears_that_no_one_receives_at_its_peer(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    uint64_t s = udp(&m), listener = udp(&m);
    expect_ok(bind_at(&m, listener, LOOPBACK_V4, 40001));
    expect_ok(connect_to(&m, s, LOOPBACK_V4, 40000));
    expect_ok(set_nonblocking(&m, s));
    expect_ok(send_text(&m, s, "a"));
    expect_error(WSAECONNRESET, receive_text(&m, s, heard));
    expect_error(WSAEWOULDBLOCK, receive_text(&m, s, heard));
    expect_ok(connect_to(&m, s, LOOPBACK_V4, 40001));
    expect_ok(send_text(&m, s, "a"));
    expect_error(WSAEWOULDBLOCK, receive_text(&m, s, heard));
}

static void transfers_are_given_back(void) {
    static const struct asked pending = { .sizes = { 4 }, .overlapped = 1 };
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    for (unsigned i = 0; i < 20; i++) {
        CU_ASSERT_EQUAL(receive_with(&m, talk.server, &pending), WSA_IO_PENDING);
        expect_ok(send_text(&m, talk.client, "x"));
        if (i > 0) pass_time(&m, DELAYED_MS);
        CU_ASSERT_TRUE(has_ended(&m, 1, STATUS_SUCCESS, 1));
    }
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_TRANSFERS), 0);
}

void register_data_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/transport, overlapped data", NULL, NULL);
    CU_add_test(suite, "receives that pend are filled in their order", receives_that_pend_are_filled_in_their_order);
    CU_add_test(suite, "a plain receive comes after one that pends", a_plain_receive_comes_after_one_that_pends);
    CU_add_test(suite, "a close aborts the receive", a_close_aborts_the_receive_and_resets_the_peer);
    CU_add_test(suite, "a receive ends with the port of its connection",
                a_receive_ends_with_the_port_of_its_connection);
    CU_add_test(suite, "a send that waits returns as one that does not",
                a_send_that_waits_returns_as_one_that_does_not);
    CU_add_test(suite, "one buffer is sent from where it stands", one_buffer_is_sent_from_where_it_stands);
    CU_add_test(suite, "a close leaves a receive that was cancelled as it is",
                a_close_leaves_a_receive_that_was_cancelled_as_it_is);
    CU_add_test(suite, "a close with no call inside asks nothing of such calls",
                a_close_with_no_call_inside_asks_nothing_of_such_calls);
    CU_add_test(suite, "urgent data does not wait for a receive of the stream",
                urgent_data_does_not_wait_for_a_receive_of_the_stream);
    CU_add_test(suite, "urgent data is left by a receive of nothing", urgent_data_is_left_by_a_receive_of_nothing);
    CU_add_test(suite, "a buffer of no bytes is passed over", a_buffer_of_no_bytes_is_passed_over);
    CU_add_test(suite, "urgent data before accept goes by the listener's option",
                urgent_data_before_accept_goes_by_the_listener_s_option);
    CU_add_test(suite, "bytes of a stream leave room for messages", bytes_of_a_stream_leave_room_for_messages);
    CU_add_test(suite, "each buffer of what pends is part of the world",
                each_buffer_of_what_pends_is_part_of_the_world);
    CU_add_test(suite, "each waits for its own result", each_waits_for_its_own_result);
    CU_add_test(suite, "MSG_WAITALL goes with nothing else", waiting_for_all_goes_with_nothing_else);
    CU_add_test(suite, "MSG_WAITALL fills all buffers", a_receive_of_all_waits_until_its_buffers_are_full);
    CU_add_test(suite, "more than a ring holds is not modelled", more_than_a_ring_holds_is_not_modelled);
    CU_add_test(suite, "more than a record holds is not modelled", more_than_a_record_holds_is_not_modelled);
    CU_add_test(suite, "a connected socket hears that no one receives at its peer",
                a_connected_socket_hears_that_no_one_receives_at_its_peer);
    CU_add_test(suite, "transfers are given back", transfers_are_given_back);
}
