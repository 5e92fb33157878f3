/* Urgent data of one connection: where the pointer points, what is taken out of the stream, and where the mark is. */
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

#include "stack/transport/wire/tests/duel.h"

void register_tcp_urgent_tests(void);

enum { BOBS_SEQUENCE = 5001 };

static struct duel duel;

static void open_duel(bool in_line) {
    duel_begin(&duel);
    duel_open(&duel);
    duel_settle(&duel);
    duel.side[BOB].urgent_in_line = in_line;
}

static void write_urgent(const char *text) {
    uint32_t count = (uint32_t)strlen(text);
    CU_ASSERT_EQUAL(tcp_write_urgent(&duel.side[ANN], &duel.buffers[ANN], (const uint8_t *)(const void *)text, count),
                    count);
}

static void write_plainly(const char *text) {
    uint32_t count = (uint32_t)strlen(text);
    CU_ASSERT_EQUAL(tcp_write(&duel.side[ANN], &duel.buffers[ANN], (const uint8_t *)(const void *)text, count), count);
}

/* One receive by Bob. */
static void reads(const char *expected) {
    uint8_t bytes[64] = { 0 };
    CU_ASSERT_EQUAL(tcp_readable(&duel.side[BOB]), strlen(expected));
    uint32_t count = tcp_read(&duel.side[BOB], &duel.buffers[BOB], bytes, sizeof bytes - 1, false);
    CU_ASSERT_EQUAL(count, strlen(expected));
    CU_ASSERT_STRING_EQUAL((const char *)bytes, expected);
    CU_ASSERT_PTR_NULL(tcp_check(&duel.side[BOB], &duel.buffers[BOB]));
}

/* A segment of Ann's, written by the test: `payload` at so many bytes from the beginning of her stream. */
static void from_ann(uint32_t offset, const char *payload, uint16_t urgent) {
    struct segment segment = { .protocol = PROTOCOL_TCP,
                               .hop_limit = HOP_LIMIT_ORDINARY,
                               .window_scale = WINDOW_SCALE_NONE,
                               .flags = SEGMENT_ACK | (urgent != 0 ? SEGMENT_URG : 0),
                               .sequence = 1 + offset,
                               .acknowledgement = BOBS_SEQUENCE,
                               .window = 8000,
                               .urgent = urgent,
                               .payload_bytes = (uint32_t)strlen(payload) };
    duel_inject(&duel, BOB, &segment, payload);
    duel_settle(&duel);
    CU_ASSERT_PTR_NULL(tcp_check(&duel.side[BOB], &duel.buffers[BOB]));
}

/* T14.7: BSD's pointer, which is RFC 9293's. */
static void the_pointer_names_what_follows_the_byte(void) {
    struct segment segment;
    uint8_t payload[DUEL_SEGMENT_BYTES];
    open_duel(false);
    write_urgent("abc");
    CU_ASSERT_TRUE(tcp_output(&duel.side[ANN], &duel.buffers[ANN], &duel.parameters, duel.now_ns, &segment, payload));
    CU_ASSERT_NOT_EQUAL(segment.flags & SEGMENT_URG, 0);
    CU_ASSERT_EQUAL(segment.urgent, 3);
    CU_ASSERT_EQUAL(segment.payload_bytes, 3);
}

/* Urgent data that does not fit a segment is announced by each on the way to it, and by none after it. */
static void urgent_data_is_announced_until_it_was_sent(void) {
    static char long_text[2 * DUEL_SEGMENT_BYTES + 1];
    struct segment segment;
    uint8_t payload[DUEL_SEGMENT_BYTES];
    open_duel(false);
    memset(long_text, 'x', sizeof long_text - 1);
    duel.side[ANN].no_delay = 1;
    write_urgent(long_text);
    write_plainly("after");
    for (unsigned i = 0; i < 3; i++) {
        bool sent = tcp_output(&duel.side[ANN], &duel.buffers[ANN], &duel.parameters, duel.now_ns, &segment, payload);
        CU_ASSERT_TRUE_FATAL(sent);
        CU_ASSERT_EQUAL((segment.flags & SEGMENT_URG) != 0, i < 2);
        CU_ASSERT_EQUAL(segment.urgent, i < 2 ? (2 - i) * DUEL_SEGMENT_BYTES : 0);
    }
}

/* Nothing was taken, so nothing is urgent: neither what is queued nor what comes later. */
static void a_full_buffer_takes_no_urgent_byte(void) {
    static char long_text[DUEL_RING_BYTES + 1];
    struct segment segment;
    uint8_t payload[DUEL_SEGMENT_BYTES];
    open_duel(false);
    memset(long_text, 'x', sizeof long_text - 1);
    write_plainly(long_text);
    CU_ASSERT_EQUAL(tcp_write_urgent(&duel.side[ANN], &duel.buffers[ANN], (const uint8_t *)"!", 1), 0);
    CU_ASSERT_TRUE(tcp_output(&duel.side[ANN], &duel.buffers[ANN], &duel.parameters, duel.now_ns, &segment, payload));
    CU_ASSERT_EQUAL(segment.payload_bytes, DUEL_SEGMENT_BYTES);
    CU_ASSERT_EQUAL(segment.flags & SEGMENT_URG, 0);
}

static void it_is_taken_out_of_the_stream(void) {
    open_duel(false);
    write_plainly("ab");
    write_urgent("cd");
    write_plainly("ef");
    duel_flush(&duel);
    duel_settle(&duel);
    CU_ASSERT_TRUE(tcp_has_urgent(&duel.side[BOB]));
    CU_ASSERT_EQUAL(tcp_read_urgent(&duel.side[BOB], true), 'd');
    reads("abc");
    CU_ASSERT_EQUAL(tcp_read_urgent(&duel.side[BOB], false), 'd');
    CU_ASSERT_FALSE(tcp_has_urgent(&duel.side[BOB]));
    CU_ASSERT_TRUE(duel.side[BOB].has_mark);
    reads("ef");
    CU_ASSERT_FALSE(duel.side[BOB].has_mark); /* it is passed */
    CU_ASSERT_FALSE(duel.side[ANN].urgent_sent);
}

static void in_line_it_is_read_by_itself(void) {
    open_duel(true);
    write_plainly("ab");
    write_urgent("cd");
    write_plainly("ef");
    duel_flush(&duel);
    duel_settle(&duel);
    CU_ASSERT_FALSE(tcp_has_urgent(&duel.side[BOB]));
    reads("abc");
    CU_ASSERT_TRUE(duel.side[BOB].has_mark);
    reads("d");
    CU_ASSERT_FALSE(duel.side[BOB].has_mark);
    reads("ef");
}

/* T14.4, and T14.6: what is new moves the mark. */
static void a_later_one_replaces_it(void) {
    open_duel(false);
    from_ann(0, "aX", 2);
    from_ann(2, "bY", 2);
    CU_ASSERT_EQUAL(tcp_read_urgent(&duel.side[BOB], false), 'Y');
    reads("ab");
    open_duel(true);
    from_ann(0, "aX", 2);
    from_ann(2, "bY", 2);
    reads("aXb");
    reads("Y");
}

/* It may be known before it is there, and what follows it may be there before. */
static void it_is_taken_when_the_hole_before_it_closes(void) {
    open_duel(false);
    from_ann(4, "efgh", 0);
    from_ann(2, "cd", 2);
    CU_ASSERT_FALSE(tcp_has_urgent(&duel.side[BOB]));
    from_ann(0, "ab", 4);
    CU_ASSERT_TRUE_FATAL(tcp_has_urgent(&duel.side[BOB]));
    CU_ASSERT_EQUAL(tcp_read_urgent(&duel.side[BOB], false), 'd');
    reads("abc");
    reads("efgh");
}

/* Bytes that wait behind another hole keep their places. */
static void what_waits_behind_a_hole_keeps_its_place(void) {
    open_duel(false);
    from_ann(6, "gh", 0);
    from_ann(0, "abX", 3);
    from_ann(3, "def", 0);
    CU_ASSERT_EQUAL(tcp_read_urgent(&duel.side[BOB], false), 'X');
    reads("ab");
    reads("defgh");
}

/* RFC 9293 3.10.7.4: the pointer counts where it is newer than what is known. */
static void old_and_empty_pointers_say_nothing(void) {
    open_duel(false);
    from_ann(0, "abcd", 0);
    from_ann(0, "abcd", 2); /* once more, with a pointer to what was taken long ago */
    CU_ASSERT_FALSE(tcp_has_urgent(&duel.side[BOB]));
    reads("abcd");
    from_ann(4, "ef", 6); /* ahead */
    from_ann(6, "gh", 3); /* less far ahead */
    CU_ASSERT_FALSE(tcp_has_urgent(&duel.side[BOB]));
    from_ann(8, "ij", 0);
    CU_ASSERT_EQUAL(tcp_read_urgent(&duel.side[BOB], false), 'j');
    reads("efghi");
}

/* --- many -------------------------------------------------------------------------------------------------------- */

static uint64_t random_state;

static unsigned roll(unsigned below) {
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(random_state >> 33) % below;
}

/* Whatever a peer says of urgent data, the connection stays whole. */
static void random_pointers_break_nothing(void) {
    static const char text[] = "abcdefghijklmnopqrstuvwxyz";
    for (unsigned run = 0; run < 300; run++) {
        random_state = run + 1;
        open_duel(run % 2 == 0);
        for (unsigned i = 0; i < 40; i++) {
            char payload[32];
            uint32_t count = roll(20);
            memcpy(payload, text + roll(5), count);
            payload[count] = '\0';
            from_ann(roll(60) + i * 5, payload, (uint16_t)(roll(4) == 0 ? roll(65536) : roll(30)));
            uint8_t bytes[64];
            if (roll(3) == 0) tcp_read(&duel.side[BOB], &duel.buffers[BOB], bytes, roll(40), roll(4) == 0);
            if (roll(3) == 0 && tcp_has_urgent(&duel.side[BOB])) tcp_read_urgent(&duel.side[BOB], roll(2) == 0);
            CU_ASSERT_PTR_NULL(tcp_check(&duel.side[BOB], &duel.buffers[BOB]));
        }
    }
}

/* Was all of it read, in order, but for urgent bytes (lower-case letters) that were taken out? One whose pointer had
 * moved on before it was sent is no longer urgent, and stays. */
static bool is_what_was_sent(const uint8_t *sent, unsigned sent_count, const uint8_t *got, unsigned got_count,
                             bool in_line) {
    unsigned at = 0;
    for (unsigned i = 0; i < sent_count; i++) {
        if (at < got_count && got[at] == sent[i]) at++;
        else if (in_line || sent[i] < 'a') return false;
    }
    return at == got_count;
}

/* Over a link that loses, repeats, damages and reorders. */
static void a_bad_link_mixes_nothing(void) {
    for (unsigned run = 0; run < 60; run++) {
        static uint8_t sent[4096], got[4096];
        unsigned sent_count = 0, got_count = 0;
        bool in_line = run % 2 == 0;
        random_state = run + 1;
        open_duel(in_line);
        duel.random = run + 1;
        duel.faults = (struct duel_faults){ 10, 5, 15, 5 };
        for (unsigned turn = 0; turn < 60; turn++) {
            char text[16];
            unsigned count = 1 + roll(10);
            bool urgent = roll(4) == 0;
            for (unsigned i = 0; i < count; i++) text[i] = (char)('A' + (sent_count + i) % 26);
            if (urgent) text[count - 1] = (char)(text[count - 1] + ('a' - 'A'));
            text[count] = '\0';
            if (urgent) write_urgent(text);
            else write_plainly(text);
            memcpy(sent + sent_count, text, count);
            sent_count += count;
            duel_flush(&duel);
            duel_run(&duel, UINT64_C(20000000));
            got_count += tcp_read(&duel.side[BOB], &duel.buffers[BOB], got + got_count, 1 + roll(30), false);
            CU_ASSERT_PTR_NULL(tcp_check(&duel.side[BOB], &duel.buffers[BOB]));
        }
        duel.faults = (struct duel_faults){ 0, 0, 0, 0 };
        duel_run(&duel, UINT64_C(120000000000));
        for (uint32_t more = 1; more > 0; got_count += more)
            more = tcp_read(&duel.side[BOB], &duel.buffers[BOB], got + got_count, sizeof got - got_count, false);
        CU_ASSERT_TRUE(is_what_was_sent(sent, sent_count, got, got_count, in_line));
        CU_ASSERT_EQUAL(got_count < sent_count, !in_line);
    }
}

void register_tcp_urgent_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/transport/wire urgent data", NULL, NULL);
    CU_add_test(suite, "the pointer names what follows the byte", the_pointer_names_what_follows_the_byte);
    CU_add_test(suite, "it is announced until it was sent", urgent_data_is_announced_until_it_was_sent);
    CU_add_test(suite, "a full buffer takes no urgent byte", a_full_buffer_takes_no_urgent_byte);
    CU_add_test(suite, "it is taken out of the stream", it_is_taken_out_of_the_stream);
    CU_add_test(suite, "in line it is read by itself", in_line_it_is_read_by_itself);
    CU_add_test(suite, "a later one replaces it", a_later_one_replaces_it);
    CU_add_test(suite, "it is taken when the hole before it closes", it_is_taken_when_the_hole_before_it_closes);
    CU_add_test(suite, "what waits behind a hole keeps its place", what_waits_behind_a_hole_keeps_its_place);
    CU_add_test(suite, "old and empty pointers say nothing", old_and_empty_pointers_say_nothing);
    CU_add_test(suite, "random pointers break nothing", random_pointers_break_nothing);
    CU_add_test(suite, "a bad link mixes nothing", a_bad_link_mixes_nothing);
}
