/* TCP between two connections: the dialogue of each transition, what happens when packets are lost, and that every byte
 * arrives once and in order whatever the link does. */
#include <stdio.h>
#include <string.h>

#include <CUnit/CUnit.h>

#include "stack/transport/wire/tcp_parts.h"
#include "stack/transport/wire/tests/duel.h"

void register_tcp_tests(void);

static struct duel duel;
static const uint64_t SECOND_NS = 1000000000;

static void expect_states(enum tcp_state ann, enum tcp_state bob) {
    CU_ASSERT_STRING_EQUAL(tcp_state_name((enum tcp_state)duel.side[ANN].state), tcp_state_name(ann));
    CU_ASSERT_STRING_EQUAL(tcp_state_name((enum tcp_state)duel.side[BOB].state), tcp_state_name(bob));
}

static void expect_heard(const char *lines) {
    CU_ASSERT_STRING_EQUAL(duel.heard, lines);
    if (strcmp(duel.heard, lines) != 0) printf("heard:\n%sexpected:\n%s", duel.heard, lines);
    duel_forget(&duel);
}

static uint32_t say(enum duel_side side, const char *words) {
    return tcp_write(&duel.side[side], &duel.buffers[side], (const uint8_t *)words, (uint32_t)strlen(words));
}

static void expect_said(enum duel_side side, const char *words) {
    char seen[200] = "";
    uint32_t count = tcp_read(&duel.side[side], &duel.buffers[side], (uint8_t *)seen, sizeof seen - 1, false);
    seen[count] = 0;
    CU_ASSERT_STRING_EQUAL(seen, words);
}

static void established(void) {
    duel_begin(&duel);
    duel_open(&duel);
    duel_settle(&duel);
    duel_forget(&duel);
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

static void three_segments_open_a_connection(void) {
    duel_begin(&duel);
    duel_open(&duel);
    expect_states(TCP_SYN_SENT, TCP_CLOSED);
    duel_step(&duel, UINT64_MAX - 1);
    expect_states(TCP_SYN_SENT, TCP_SYN_RECEIVED);
    duel_settle(&duel);
    expect_states(TCP_ESTABLISHED, TCP_ESTABLISHED);
    expect_heard("ann SYN seq=0\nbob SYN seq=5000 ack=1\nann seq=1 ack=5001\n");
    CU_ASSERT_EQUAL(duel.side[ANN].segment_bytes, DUEL_SEGMENT_BYTES);
}

static void both_may_open_at_once(void) {
    duel_begin(&duel);
    tcp_connect(&duel.side[ANN], &duel.buffers[ANN], 0, DUEL_SEGMENT_BYTES);
    tcp_connect(&duel.side[BOB], &duel.buffers[BOB], 5000, DUEL_SEGMENT_BYTES);
    duel_settle(&duel);
    expect_states(TCP_ESTABLISHED, TCP_ESTABLISHED);
    say(ANN, "hello");
    duel_settle(&duel);
    expect_said(BOB, "hello");
}

static void a_port_without_a_listener_refuses(void) {
    duel_begin(&duel);
    duel_open(&duel);
    duel.flying_count = 0; /* the SYN comes to a place without a listener */
    const struct segment reset = { .protocol = PROTOCOL_TCP, .flags = SEGMENT_RST | SEGMENT_ACK, .acknowledgement = 1 };
    const struct segment stranger = { .protocol = PROTOCOL_TCP,
                                      .flags = SEGMENT_RST | SEGMENT_ACK,
                                      .acknowledgement = 2 };
    duel_inject(&duel, ANN, &stranger, NULL);
    expect_states(TCP_SYN_SENT, TCP_CLOSED);
    duel_inject(&duel, ANN, &reset, NULL);
    expect_states(TCP_CLOSED, TCP_CLOSED);
    CU_ASSERT_EQUAL(duel.side[ANN].error, TCP_REFUSED);
}

/* W152: Windows sends the SYN again after each refusal, and gives up after two seconds. */
static void windows_asks_five_times_in_two_seconds(void) {
    duel_begin(&duel);
    duel.parameters = *tcp_parameters_windows();
    const struct segment reset = { .protocol = PROTOCOL_TCP, .flags = SEGMENT_RST | SEGMENT_ACK, .acknowledgement = 1 };
    duel_open(&duel);
    unsigned asked = 0;
    while (duel.side[ANN].state == TCP_SYN_SENT && asked < 20) {
        asked++;
        duel.flying_count = 0;
        duel_inject(&duel, ANN, &reset, NULL);
        if (duel.side[ANN].state == TCP_SYN_SENT) duel_step(&duel, UINT64_MAX - 1);
    }
    CU_ASSERT_EQUAL(asked, 5);
    CU_ASSERT_EQUAL(duel.now_ns, 2 * SECOND_NS);
    CU_ASSERT_EQUAL(duel.side[ANN].error, TCP_REFUSED);
}

static void a_syn_without_an_answer_times_out(void) {
    duel_begin(&duel);
    duel.faults.loss = 100;
    duel.parameters = *tcp_parameters_windows();
    duel_open(&duel);
    while (duel_step(&duel, UINT64_MAX - 1)) {
    }
    expect_heard("ann SYN seq=0\nann SYN seq=0\nann SYN seq=0\nann SYN seq=0\nann SYN seq=0\n");
    CU_ASSERT_EQUAL(duel.now_ns, 31 * SECOND_NS); /* 1 + 2 + 4 + 8 + 16 */
    CU_ASSERT_EQUAL(duel.side[ANN].error, TCP_TIMED_OUT);
}

static void a_stranger_is_answered_by_a_reset(void) {
    const struct segment data = { .protocol = PROTOCOL_TCP, .sequence = 100, .payload_bytes = 7 };
    const struct segment acknowledged = { .protocol = PROTOCOL_TCP, .flags = SEGMENT_ACK, .acknowledgement = 33 };
    const struct segment reset = { .protocol = PROTOCOL_TCP, .flags = SEGMENT_RST };
    struct segment reply;
    CU_ASSERT(tcp_refuse(&data, &reply));
    CU_ASSERT_EQUAL(reply.flags, SEGMENT_RST | SEGMENT_ACK);
    CU_ASSERT_EQUAL(reply.acknowledgement, 107);
    CU_ASSERT(tcp_refuse(&acknowledged, &reply));
    CU_ASSERT_EQUAL(reply.flags, SEGMENT_RST);
    CU_ASSERT_EQUAL(reply.sequence, 33);
    CU_ASSERT(!tcp_refuse(&reset, &reply));
}

/* --- closing ------------------------------------------------------------------------------------------------------ */

static void one_closes_then_the_other(void) {
    established();
    tcp_finish(&duel.side[ANN]);
    duel_settle(&duel);
    expect_states(TCP_FIN_WAIT_2, TCP_CLOSE_WAIT);
    say(BOB, "still here"); /* half a connection goes on */
    duel_settle(&duel);
    expect_said(ANN, "still here");
    tcp_finish(&duel.side[BOB]);
    duel_flush(&duel);
    expect_states(TCP_FIN_WAIT_2, TCP_LAST_ACK);
    duel_settle(&duel);
    expect_states(TCP_TIME_WAIT, TCP_CLOSED);
    expect_heard("ann FIN seq=1 ack=5001\nbob seq=5001 ack=2\nbob seq=5001 ack=2 bytes=10\nann seq=2 ack=5011\n"
                 "bob FIN seq=5011 ack=2\nann seq=2 ack=5012\n");
    duel_run(&duel, 2 * duel.parameters.segment_lifetime_ns - SECOND_NS);
    expect_states(TCP_TIME_WAIT, TCP_CLOSED);
    duel_run(&duel, SECOND_NS);
    expect_states(TCP_CLOSED, TCP_CLOSED);
    CU_ASSERT_EQUAL(duel.side[ANN].error, TCP_NO_ERROR);
}

static void both_close_at_once(void) {
    established();
    tcp_finish(&duel.side[ANN]);
    tcp_finish(&duel.side[BOB]);
    duel_flush(&duel);
    duel_step(&duel, UINT64_MAX - 1);
    expect_states(TCP_FIN_WAIT_1, TCP_CLOSING);
    duel_settle(&duel);
    expect_states(TCP_TIME_WAIT, TCP_TIME_WAIT);
}

static void what_is_queued_goes_before_fin(void) {
    established();
    say(ANN, "last words");
    tcp_finish(&duel.side[ANN]);
    CU_ASSERT_EQUAL(say(ANN, "too late"), 0);
    duel_settle(&duel);
    expect_said(BOB, "last words");
    CU_ASSERT(duel.side[BOB].finish_received);
    CU_ASSERT(tcp_all_acknowledged(&duel.side[ANN]));
}

static void a_listener_that_closes_early_sends_fin_once_it_is_established(void) {
    duel_begin(&duel);
    duel_open(&duel);
    duel_step(&duel, UINT64_MAX - 1);
    expect_states(TCP_SYN_SENT, TCP_SYN_RECEIVED);
    tcp_finish(&duel.side[BOB]);
    duel_settle(&duel);
    expect_states(TCP_CLOSE_WAIT, TCP_FIN_WAIT_2);
}

static void an_abort_resets_the_other(void) {
    established();
    say(ANN, "never read");
    tcp_abort(&duel.side[ANN]);
    duel_settle(&duel);
    expect_heard("ann RST seq=1 ack=5001\n");
    expect_states(TCP_CLOSED, TCP_CLOSED);
    CU_ASSERT_EQUAL(duel.side[ANN].error, TCP_ABORTED);
    CU_ASSERT_EQUAL(duel.side[BOB].error, TCP_RESET);
}

static void data_for_a_program_that_has_gone_resets(void) {
    established();
    duel.side[BOB].reader_gone = 1;
    tcp_finish(&duel.side[BOB]);
    duel_settle(&duel);
    say(ANN, "hello?");
    duel_settle(&duel);
    expect_states(TCP_CLOSED, TCP_CLOSED);
    CU_ASSERT_EQUAL(duel.side[ANN].error, TCP_RESET);
}

static void time_wait_answers_a_repeated_fin_and_begins_anew(void) {
    established();
    tcp_finish(&duel.side[ANN]);
    duel_settle(&duel);
    tcp_finish(&duel.side[BOB]);
    duel_settle(&duel);
    duel_forget(&duel);
    uint64_t before_ns = duel.side[ANN].time_wait_at;
    duel_run(&duel, SECOND_NS);
    const struct segment again = {
        .protocol = PROTOCOL_TCP, .flags = SEGMENT_FIN | SEGMENT_ACK, .sequence = 5001, .acknowledgement = 2
    };
    duel_inject(&duel, ANN, &again, NULL);
    expect_heard("ann seq=2 ack=5002\n");
    CU_ASSERT(duel.side[ANN].time_wait_at > before_ns);
}

/* --- loss --------------------------------------------------------------------------------------------------------- */

static void what_is_lost_is_sent_again_and_the_wait_doubles(void) {
    established();
    duel.faults.loss = 100;
    say(ANN, "x");
    uint64_t began_ns = duel.now_ns;
    duel_run(&duel, 8 * SECOND_NS); /* sent at 0, 1, 3, 7 */
    expect_heard(
        "ann seq=1 ack=5001 bytes=1\nann seq=1 ack=5001 bytes=1\nann seq=1 ack=5001 bytes=1\nann seq=1 ack=5001 bytes=1\n");
    duel.faults.loss = 0;
    duel_run(&duel, 10 * SECOND_NS);
    expect_said(BOB, "x");
    CU_ASSERT(duel.now_ns - began_ns == 18 * SECOND_NS);
    CU_ASSERT(tcp_all_acknowledged(&duel.side[ANN]));
}

static void a_peer_that_is_gone_times_the_connection_out(void) {
    established();
    duel.faults.loss = 100;
    say(ANN, "anyone?");
    duel_flush(&duel);
    while (duel.side[ANN].state != TCP_CLOSED && duel_step(&duel, UINT64_MAX - 1)) {
    }
    CU_ASSERT_EQUAL(duel.side[ANN].error, TCP_TIMED_OUT);
    CU_ASSERT(duel.now_ns > 100 * SECOND_NS); /* RFC 9293 3.8.3 */
}

static void three_duplicates_send_the_lost_segment_at_once(void) {
    static uint8_t bulk[DUEL_RING_BYTES];
    established();
    duel.side[ANN].congestion_window = 6000;
    tcp_write(&duel.side[ANN], &duel.buffers[ANN], bulk, 5000);
    duel_flush(&duel);
    memmove(duel.flying, duel.flying + 1, --duel.flying_count * sizeof duel.flying[0]); /* the first of five is lost */
    uint64_t began_ns = duel.now_ns;
    duel_settle(&duel);
    CU_ASSERT(duel.now_ns - began_ns < SECOND_NS / 2); /* no timer was needed */
    CU_ASSERT_EQUAL(duel.side[BOB].receive_buffered, 5000);
    CU_ASSERT(tcp_all_acknowledged(&duel.side[ANN]));
}

/* --- windows ------------------------------------------------------------------------------------------------------ */

static void a_closed_window_is_probed_until_it_opens(void) {
    static uint8_t bulk[DUEL_RING_BYTES], seen[DUEL_RING_BYTES];
    established();
    CU_ASSERT_EQUAL(tcp_write(&duel.side[ANN], &duel.buffers[ANN], bulk, sizeof bulk), sizeof bulk);
    duel_settle(&duel);
    CU_ASSERT_EQUAL(duel.side[BOB].receive_buffered, DUEL_RING_BYTES);
    CU_ASSERT_EQUAL(duel.side[ANN].send_window, 0);
    CU_ASSERT_EQUAL(tcp_write(&duel.side[ANN], &duel.buffers[ANN], bulk, 3000), 3000);
    duel_forget(&duel);
    duel_run(&duel, 600 * SECOND_NS); /* longer than any retransmission would last */
    expect_states(TCP_ESTABLISHED, TCP_ESTABLISHED);
    CU_ASSERT(strstr(duel.heard, " bytes=1\n") != NULL);
    CU_ASSERT_EQUAL(tcp_read(&duel.side[BOB], &duel.buffers[BOB], seen, sizeof seen, false), DUEL_RING_BYTES);
    duel_run(&duel, 120 * SECOND_NS);
    CU_ASSERT_EQUAL(duel.side[BOB].receive_buffered, 3000);
    CU_ASSERT(tcp_all_acknowledged(&duel.side[ANN]));
}

static void small_writes_wait_for_an_acknowledgement_unless_told_otherwise(void) {
    established();
    say(ANN, "a");
    duel_flush(&duel);
    say(ANN, "b");
    duel_flush(&duel);
    say(ANN, "c");
    duel_settle(&duel);
    expect_said(BOB, "abc");
    CU_ASSERT(strstr(duel.heard, "seq=2 ack=5001 bytes=2\n") != NULL);
    duel.side[ANN].no_delay = 1;
    duel_forget(&duel);
    say(ANN, "d");
    duel_flush(&duel);
    say(ANN, "e");
    duel_flush(&duel);
    expect_heard("ann seq=4 ack=5001 bytes=1\nann seq=5 ack=5001 bytes=1\n");
}

static void peeking_takes_nothing(void) {
    established();
    say(ANN, "peek");
    duel_settle(&duel);
    char seen[4];
    CU_ASSERT_EQUAL(tcp_read(&duel.side[BOB], &duel.buffers[BOB], (uint8_t *)seen, 4, true), 4);
    expect_said(BOB, "peek");
}

/* --- strangers (RFC 5961) and keep-alive -------------------------------------------------------------------------- */

static void a_reset_counts_only_at_the_exact_place(void) {
    established();
    const struct segment near = { .protocol = PROTOCOL_TCP, .flags = SEGMENT_RST, .sequence = 5100 };
    const struct segment exact = { .protocol = PROTOCOL_TCP, .flags = SEGMENT_RST, .sequence = 5001 };
    duel_inject(&duel, ANN, &near, NULL);
    expect_heard("ann seq=1 ack=5001\n"); /* a challenge */
    expect_states(TCP_ESTABLISHED, TCP_ESTABLISHED);
    duel_inject(&duel, ANN, &exact, NULL);
    CU_ASSERT_EQUAL(duel.side[ANN].error, TCP_RESET);
}

static void a_syn_in_an_open_connection_is_challenged(void) {
    established();
    const struct segment again = { .protocol = PROTOCOL_TCP, .flags = SEGMENT_SYN, .sequence = 5050 };
    duel_inject(&duel, ANN, &again, NULL);
    expect_heard("ann seq=1 ack=5001\n");
    expect_states(TCP_ESTABLISHED, TCP_ESTABLISHED);
}

static void an_acknowledgement_of_the_future_is_challenged(void) {
    established();
    const struct segment future = {
        .protocol = PROTOCOL_TCP, .flags = SEGMENT_ACK, .sequence = 5001, .acknowledgement = 900
    };
    duel_inject(&duel, ANN, &future, "poison");
    expect_heard("ann seq=1 ack=5001\n");
    expect_said(ANN, "");
}

/* Ranges that are filled leave nothing, so that machines in which the same came in another order are equal. */
static void a_hole_that_is_filled_leaves_nothing(void) {
    static const struct tcp_range none[TCP_RANGES_MAX] = { { 0, 0 } };
    established();
    struct segment piece = {
        .protocol = PROTOCOL_TCP, .flags = SEGMENT_ACK, .sequence = 5003, .acknowledgement = 1, .window = 4000
    };
    duel_inject(&duel, ANN, &piece, "c");
    piece.sequence = 5005;
    duel_inject(&duel, ANN, &piece, "e");
    CU_ASSERT_EQUAL(duel.side[ANN].ranges_count, 2);
    piece.sequence = 5001;
    duel_inject(&duel, ANN, &piece, "abcd");
    CU_ASSERT_EQUAL(duel.side[ANN].ranges_count, 0);
    CU_ASSERT_EQUAL(memcmp(duel.side[ANN].ranges, none, sizeof none), 0);
    expect_said(ANN, "abcde");
}

static void keepalive_notices_a_peer_that_is_gone(void) {
    established();
    duel.side[ANN].keepalive = 1;
    say(BOB, "x"); /* what is heard starts the clock */
    duel_settle(&duel);
    duel_forget(&duel);
    uint64_t idle_ns = duel.parameters.keepalive_idle_ns;
    duel_run(&duel, idle_ns + SECOND_NS);
    CU_ASSERT(strstr(duel.heard, "ann seq=0 ack=5002\n") != NULL);
    expect_states(TCP_ESTABLISHED, TCP_ESTABLISHED);
    duel.faults.loss = 100;
    duel_run(&duel, idle_ns + 20 * duel.parameters.keepalive_interval_ns);
    CU_ASSERT_EQUAL(duel.side[ANN].error, TCP_SILENT);
}

/* --- any link ----------------------------------------------------------------------------------------------------- */

/* The n-th byte that a side says; both directions differ. */
static uint8_t spoken(enum duel_side side, uint32_t position) {
    return (uint8_t)((position * 31 + position / 251 + side * 7) & 0xff);
}

struct stream {
    uint32_t said, heard, total;
};

static void talk(enum duel_side side, struct stream *stream) {
    uint8_t bytes[700];
    uint32_t wanted = stream->total - stream->said;
    if (wanted > sizeof bytes) wanted = sizeof bytes;
    for (uint32_t i = 0; i < wanted; i++) bytes[i] = spoken(side, stream->said + i);
    stream->said += tcp_write(&duel.side[side], &duel.buffers[side], bytes, wanted);
    if (stream->said == stream->total) tcp_finish(&duel.side[side]);
}

static void listen_to(enum duel_side side, struct stream *stream) {
    uint8_t bytes[900];
    uint32_t count = tcp_read(&duel.side[side], &duel.buffers[side], bytes, sizeof bytes, false);
    for (uint32_t i = 0; i < count; i++)
        CU_ASSERT_EQUAL_FATAL(bytes[i], spoken((enum duel_side)(1 - side), stream->heard + i));
    stream->heard += count;
    if (count == sizeof bytes) listen_to(side, stream);
}

/* Ends when both have heard all, or one of them reports an error. */
static void converse(struct stream *streams) {
    for (unsigned steps = 0; steps < 200000; steps++) {
        for (unsigned side = 0; side < 2; side++) {
            if (tcp_room(&duel.side[side], &duel.buffers[side]) > 0 && duel.side[side].state >= TCP_ESTABLISHED)
                talk((enum duel_side)side, &streams[side]);
            listen_to((enum duel_side)side, &streams[1 - side]);
        }
        duel_flush(&duel);
        if (!duel_step(&duel, UINT64_MAX - 1)) return;
    }
    CU_FAIL("no end");
}

static void every_byte_arrives_once_and_in_order_or_an_error_is_reported(void) {
    unsigned whole = 0, runs = 60;
    for (unsigned run = 0; run < runs; run++) {
        struct stream streams[2] = { { .total = 30000 + run * 17 }, { .total = run % 3 == 0 ? 0 : 20000 } };
        duel_begin(&duel);
        duel.random = run + 1;
        duel.faults = (struct duel_faults){ run % 20, run % 7, run % 40, run % 5 };
        duel_open(&duel);
        converse(streams);
        bool complete = streams[0].heard == streams[0].total && streams[1].heard == streams[1].total;
        bool reported = duel.side[ANN].error != TCP_NO_ERROR || duel.side[BOB].error != TCP_NO_ERROR;
        CU_ASSERT(complete || reported);
        whole += complete;
    }
    CU_ASSERT(whole >= runs - 3);
}

/* A row of plain data is used again: nothing of its last connection is left, and what was not agreed upon yet is as
 * RFC 9293 3.7.1 and 3.8.4 have it. */
static void a_connection_begins_with_nothing_of_the_last_one(void) {
    const struct endpoint here = { .family = 6, .port = 1, .address = { { 1 } } };
    const struct endpoint there = { .family = 6, .port = 2, .address = { { 2 } } };
    struct tcp_connection fresh = { 0 }, used;
    memset(&used, 0xa5, sizeof used);
    tcp_init(&fresh, &here, &there, tcp_parameters_documented());
    tcp_init(&used, &here, &there, tcp_parameters_documented());
    CU_ASSERT_EQUAL(memcmp(&fresh, &used, sizeof used), 0);
    CU_ASSERT_EQUAL(used.state, TCP_CLOSED);
    CU_ASSERT_EQUAL(used.segment_bytes, 0); /* the peer's SYN says */
    CU_ASSERT_EQUAL(used.keepalive, 0);
    CU_ASSERT_EQUAL(used.keepalive_idle_ms, 7200000);
    CU_ASSERT_EQUAL(used.keepalive_interval_ms, 75000);
    CU_ASSERT_EQUAL(used.keepalive_probes, 9);
    tcp_init(&used, &here, &there, tcp_parameters_windows()); /* as the options have it: TCP_KEEPINTVL, TCP_KEEPCNT */
    CU_ASSERT_EQUAL(used.keepalive_idle_ms, 7200000);
    CU_ASSERT_EQUAL(used.keepalive_interval_ms, 1000);
    CU_ASSERT_EQUAL(used.keepalive_probes, 10);
    CU_ASSERT_EQUAL(tcp_deadline(&used), UINT64_MAX);
}

/* RFC 5681 3.1: two, three or four segments, of more than 2190 bytes, of more than 1095, or of no more. */
static void the_first_window_depends_on_the_segments_size(void) {
    static const struct {
        uint16_t segment;
        uint32_t window;
    } rows[] = { { 1, 4 },           { 536, 4 * 536 },   { 1095, 4 * 1095 },  { 1096, 3 * 1096 },
                 { 2190, 3 * 2190 }, { 2191, 2 * 2191 }, { 65483, 2 * 65483 } };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tcp_connection connection = { .segment_bytes = rows[i].segment };
        tcp_congestion_begin(&connection);
        CU_ASSERT_EQUAL(connection.congestion_window, rows[i].window);
    }
}

/* What came ahead of a hole, and past the end that the peer then says there is, is nothing any more. */
static void what_lies_past_the_end_is_forgotten(void) {
    static const struct tcp_range none[TCP_RANGES_MAX];
    struct segment ahead = { .protocol = PROTOCOL_TCP,
                             .hop_limit = HOP_LIMIT_ORDINARY,
                             .window_scale = WINDOW_SCALE_NONE,
                             .flags = SEGMENT_ACK,
                             .sequence = 11,
                             .acknowledgement = 5001,
                             .window = 8000,
                             .payload_bytes = 4 };
    struct segment end = ahead;
    end.flags |= SEGMENT_FIN;
    end.sequence = 1;
    end.payload_bytes = 0;
    duel_begin(&duel);
    duel_open(&duel);
    duel_settle(&duel);
    duel_inject(&duel, BOB, &ahead, "past");
    duel_settle(&duel);
    CU_ASSERT_EQUAL(duel.side[BOB].ranges_count, 1);
    duel_inject(&duel, BOB, &end, "");
    duel_settle(&duel);
    CU_ASSERT_EQUAL(duel.side[BOB].state, TCP_CLOSE_WAIT);
    CU_ASSERT_EQUAL(duel.side[BOB].ranges_count, 0);
    CU_ASSERT_EQUAL(memcmp(duel.side[BOB].ranges, none, sizeof duel.side[BOB].ranges), 0);
}

/* RFC 9293 3.8.6.3 allows half a second: 200 ms, and 40 ms on Windows, are choices of ours. A single segment is
 * acknowledged after that, and not before. */
static void a_single_segment_is_acknowledged_after_the_delay(void) {
    static const struct {
        const struct tcp_parameters *(*parameters)(void);
        uint64_t delay_ms;
    } rows[] = { { tcp_parameters_documented, 200 }, { tcp_parameters_windows, 40 } };
    for (unsigned i = 0; i < 2; i++) {
        duel_begin(&duel);
        duel_open(&duel);
        duel_settle(&duel);
        duel.parameters = *rows[i].parameters();
        say(ANN, "x");
        duel_flush(&duel);
        uint64_t from_ns = duel.now_ns;
        while (duel.side[BOB].receive_buffered == 0 && duel_step(&duel, from_ns + SECOND_NS)) continue;
        CU_ASSERT_EQUAL(duel.side[BOB].acknowledge_at - duel.now_ns, rows[i].delay_ms * 1000000);
    }
}

/* RFC 7323 2.3: the least shift with which the whole buffer can be announced, and 14 at most. */
static void the_window_is_shifted_as_far_as_it_has_to_be(void) {
    static const struct {
        uint32_t bytes;
        uint8_t shift;
    } rows[] = { { 1, 0 },      { 65535, 0 },     { 65536, 1 },     { 131071, 1 },
                 { 131072, 2 }, { 1u << 29, 14 }, { 1u << 30, 14 }, { UINT32_MAX, 14 } };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct endpoint here = { .family = 4, .port = 1 }, there = { .family = 4, .port = 2 };
        const struct tcp_buffers buffers = { .send_bytes = 1, .receive_bytes = rows[i].bytes };
        struct tcp_connection connection;
        tcp_init(&connection, &here, &there, tcp_parameters_documented());
        tcp_connect(&connection, &buffers, 7, 1000);
        CU_ASSERT_EQUAL(connection.receive_shift, rows[i].shift);
        CU_ASSERT_EQUAL(connection.own_segment_bytes, 1000);
        CU_ASSERT_EQUAL(connection.send_first, 8);
    }
}

/* RFC 5681 3.1: below the threshold by what was acknowledged, and by a segment at most; from there on by a segment in a
 * round trip, and by a byte at least, as far as the number goes. */
static void the_window_grows_with_what_is_acknowledged(void) {
    static const struct {
        uint32_t window, threshold, acknowledged, then;
    } rows[] = {
        { 1000, 1001, 99, 1099 },
        { 1000, 1001, 100, 1100 },
        { 1000, 1001, 101, 1100 },
        { 1000, 1000, 1, 1010 },
        { 1000, 1, 100, 1010 },
        { 10000, 1, 100, 10001 },
        { 10001, 1, 100, 10002 }, /* a segment's square is less than the window */
        { UINT32_MAX - 1, 1, 100, UINT32_MAX },
        { UINT32_MAX, 1, 100, UINT32_MAX },
        { UINT32_MAX - 100, UINT32_MAX, 100, UINT32_MAX },
        { UINT32_MAX - 99, UINT32_MAX, 100, UINT32_MAX - 99 },
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tcp_connection connection = { .segment_bytes = 100,
                                             .congestion_window = rows[i].window,
                                             .slow_start_threshold = rows[i].threshold,
                                             .duplicates = 2 };
        tcp_congestion_acknowledged(&connection, rows[i].acknowledged);
        CU_ASSERT_EQUAL(connection.congestion_window, rows[i].then);
        CU_ASSERT_EQUAL(connection.slow_start_threshold, rows[i].threshold);
        CU_ASSERT_EQUAL(connection.duplicates, 0);
        CU_ASSERT_EQUAL(connection.resend_first, 0);
    }
}

/* RFC 5681 3.2, RFC 6582 3.2: the third duplicate sends the first segment again, with half of what is in flight and
 * three segments more for a window; each further one is a segment that has left the network. */
static void duplicates_begin_and_feed_a_recovery(void) {
    static const uint32_t flights[] = { 300, 400, 401, 402, 1000 };
    for (unsigned i = 0; i < sizeof flights / sizeof flights[0]; i++) {
        struct tcp_connection connection = { .segment_bytes = 100,
                                             .congestion_window = 5000,
                                             .slow_start_threshold = 7000,
                                             .send_unacknowledged = 1000,
                                             .send_highest = 1000 + flights[i],
                                             .measuring = 1 };
        uint32_t half = flights[i] / 2 > 200 ? flights[i] / 2 : 200;
        for (unsigned count = 1; count <= 300; count++) {
            tcp_congestion_duplicate(&connection);
            CU_ASSERT_EQUAL(connection.duplicates, count < UINT8_MAX ? count : UINT8_MAX);
            CU_ASSERT_EQUAL(connection.resend_first != 0, count == 3);
            CU_ASSERT_EQUAL(connection.recovering != 0, count >= 3);
            CU_ASSERT_EQUAL(connection.measuring != 0, count < 3);
            CU_ASSERT_EQUAL(connection.slow_start_threshold, count < 3 ? 7000 : half);
            CU_ASSERT_EQUAL(connection.congestion_window, count < 3 ? 5000 : half + count * 100);
            CU_ASSERT_EQUAL(connection.recover, count < 3 ? 0 : connection.send_highest);
            connection.resend_first = 0;
        }
    }
}

/* RFC 6582 3.2: less than all of it is a partial acknowledgement, after which the next segment is sent again; with all
 * of it the recovery is over, and the window is the threshold. */
static void a_recovery_ends_with_all_that_was_in_flight(void) {
    static const struct {
        uint32_t unacknowledged, bytes, then;
        bool recovers;
    } rows[] = { { 1999, 100, 5000, true }, { 1999, 5000, 100, true },  { 1999, 5001, 100, true },
                 { 1999, 4999, 101, true }, { 2000, 100, 3000, false }, { 2001, 100, 3000, false } };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tcp_connection connection = { .segment_bytes = 100,
                                             .congestion_window = 5000,
                                             .slow_start_threshold = 3000,
                                             .recovering = 1,
                                             .recover = 2000,
                                             .send_unacknowledged = rows[i].unacknowledged };
        tcp_congestion_acknowledged(&connection, rows[i].bytes);
        CU_ASSERT_EQUAL(connection.congestion_window, rows[i].then);
        CU_ASSERT_EQUAL(connection.recovering != 0, rows[i].recovers);
        CU_ASSERT_EQUAL(connection.resend_first != 0, rows[i].recovers);
    }
}

/* RFC 5681 3.1: one segment, and half of what was in flight when the first of several times ran out. */
static void what_times_out_begins_with_one_segment(void) {
    for (uint8_t retransmissions = 0; retransmissions < 3; retransmissions++) {
        struct tcp_connection connection = { .segment_bytes = 100,
                                             .congestion_window = 5000,
                                             .slow_start_threshold = 3000,
                                             .recovering = 1,
                                             .duplicates = 5,
                                             .send_highest = 1000,
                                             .retransmissions = retransmissions };
        tcp_congestion_timed_out(&connection);
        CU_ASSERT_EQUAL(connection.congestion_window, 100);
        CU_ASSERT_EQUAL(connection.slow_start_threshold, retransmissions == 0 ? 500 : 3000);
        CU_ASSERT_EQUAL(connection.recovering, 0);
        CU_ASSERT_EQUAL(connection.duplicates, 0);
    }
}

void register_tcp_tests(void) {
    CU_pSuite suite = CU_add_suite("TCP between two connections", NULL, NULL);
    CU_add_test(suite, "three segments open a connection", three_segments_open_a_connection);
    CU_add_test(suite, "both may open at once", both_may_open_at_once);
    CU_add_test(suite, "a port without a listener refuses", a_port_without_a_listener_refuses);
    CU_add_test(suite, "Windows asks five times in two seconds", windows_asks_five_times_in_two_seconds);
    CU_add_test(suite, "a SYN without an answer times out", a_syn_without_an_answer_times_out);
    CU_add_test(suite, "a stranger is answered by a reset", a_stranger_is_answered_by_a_reset);
    CU_add_test(suite, "one closes, then the other", one_closes_then_the_other);
    CU_add_test(suite, "both close at once", both_close_at_once);
    CU_add_test(suite, "what is queued goes before FIN", what_is_queued_goes_before_fin);
    CU_add_test(suite, "closing in SYN-RECEIVED", a_listener_that_closes_early_sends_fin_once_it_is_established);
    CU_add_test(suite, "an abort resets the other", an_abort_resets_the_other);
    CU_add_test(suite, "data for a program that has gone resets", data_for_a_program_that_has_gone_resets);
    CU_add_test(suite, "TIME-WAIT answers a repeated FIN", time_wait_answers_a_repeated_fin_and_begins_anew);
    CU_add_test(suite, "what is lost is sent again", what_is_lost_is_sent_again_and_the_wait_doubles);
    CU_add_test(suite, "a peer that is gone times the connection out", a_peer_that_is_gone_times_the_connection_out);
    CU_add_test(suite, "three duplicates send at once", three_duplicates_send_the_lost_segment_at_once);
    CU_add_test(suite, "a closed window is probed until it opens", a_closed_window_is_probed_until_it_opens);
    CU_add_test(suite, "small writes wait", small_writes_wait_for_an_acknowledgement_unless_told_otherwise);
    CU_add_test(suite, "peeking takes nothing", peeking_takes_nothing);
    CU_add_test(suite, "a reset counts only at the exact place", a_reset_counts_only_at_the_exact_place);
    CU_add_test(suite, "a SYN in an open connection is challenged", a_syn_in_an_open_connection_is_challenged);
    CU_add_test(suite, "an acknowledgement of the future is challenged",
                an_acknowledgement_of_the_future_is_challenged);
    CU_add_test(suite, "a hole that is filled leaves nothing", a_hole_that_is_filled_leaves_nothing);
    CU_add_test(suite, "keep-alive notices a peer that is gone", keepalive_notices_a_peer_that_is_gone);
    CU_add_test(suite, "nothing of the last connection is left", a_connection_begins_with_nothing_of_the_last_one);
    CU_add_test(suite, "the first window", the_first_window_depends_on_the_segments_size);
    CU_add_test(suite, "what lies past the end is forgotten", what_lies_past_the_end_is_forgotten);
    CU_add_test(suite, "a single segment is acknowledged after the delay",
                a_single_segment_is_acknowledged_after_the_delay);
    CU_add_test(suite, "the window is shifted as far as it has to be", the_window_is_shifted_as_far_as_it_has_to_be);
    CU_add_test(suite, "the window grows with what is acknowledged", the_window_grows_with_what_is_acknowledged);
    CU_add_test(suite, "duplicates begin and feed a recovery", duplicates_begin_and_feed_a_recovery);
    CU_add_test(suite, "a recovery ends with all that was in flight", a_recovery_ends_with_all_that_was_in_flight);
    CU_add_test(suite, "what times out begins with one segment", what_times_out_begins_with_one_segment);
    CU_add_test(suite, "every byte arrives once and in order",
                every_byte_arrives_once_and_in_order_or_an_error_is_reported);
}
