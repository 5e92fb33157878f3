/* The scripts of rfc9293.md: each drives one connection and says all that it sends. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <CUnit/CUnit.h>

#include "stack/transport/wire/tcp.h"

void register_tcp_script_tests(void);

enum { RING_BYTES = 8192, SEGMENT_BYTES = 1000, LINE_MAX = 200, SENT_MAX = 32, ISS = 0, PEER_ISS = 5000 };

static const char *const path = "stack/transport/wire/tests/rfc9293.md";

/* One connection, and what it has sent that no line has expected yet. */
static struct {
    struct tcp_connection tcp;
    struct tcp_buffers buffers;
    struct tcp_parameters parameters;
    uint64_t now_ns;
    bool listens;
    uint32_t written, heard;
    struct segment sent[SENT_MAX];
    unsigned sent_count;
    char title[LINE_MAX];
    unsigned line;
} play;

static uint8_t rings[2][RING_BYTES];
static bool walked[TCP_STATES_COUNT][TCP_STATES_COUNT]; /* from, to: seen in some script */

static void fail(const char *why, const char *what) {
    char text[3 * LINE_MAX];
    snprintf(text, sizeof text, "%s:%u: %s: %s", path, play.line, why, what);
    printf("\n    %s\n    in: %s", text, play.title);
    CU_FAIL("a script is not followed");
}

/* --- the connection ----------------------------------------------------------------------------------------------- */

static void begin(const char *title) {
    static const struct endpoint here = { .family = 4, .port = 1000, .address = { { 10, 0, 0, 1 } } };
    static const struct endpoint there = { .family = 4, .port = 2000, .address = { { 10, 0, 0, 2 } } };
    memset(&play, 0, sizeof play);
    snprintf(play.title, sizeof play.title, "%s", title);
    play.parameters = *tcp_parameters_documented();
    play.buffers = (struct tcp_buffers){ rings[0], rings[1], RING_BYTES, RING_BYTES };
    tcp_init(&play.tcp, &here, &there, &play.parameters);
}

static void flush(void) {
    uint8_t payload[SEGMENT_BYTES];
    struct segment segment;
    while (tcp_output(&play.tcp, &play.buffers, &play.parameters, play.now_ns, &segment, payload)) {
        for (uint32_t i = 0; i < segment.payload_bytes; i++)
            if (payload[i] != (uint8_t)(segment.sequence + i)) fail("a byte was sent that was not written there", "");
        if (play.sent_count < SENT_MAX) play.sent[play.sent_count++] = segment;
    }
    const char *broken = tcp_check(&play.tcp, &play.buffers);
    if (broken != NULL) fail("an invariant", broken);
}

static void arrive(struct segment *segment) {
    static uint8_t payload[2 * RING_BYTES];
    bool opens = (segment->flags & (SEGMENT_SYN | SEGMENT_ACK | SEGMENT_RST)) == SEGMENT_SYN;
    segment->protocol = PROTOCOL_TCP;
    segment->window_scale = WINDOW_SCALE_NONE;
    segment->maximum_segment_bytes = (segment->flags & SEGMENT_SYN) != 0 ? SEGMENT_BYTES : 0;
    for (uint32_t i = 0; i < segment->payload_bytes; i++) payload[i] = (uint8_t)(segment->sequence + i);
    if (play.listens && opens && play.tcp.state == TCP_CLOSED) {
        tcp_accept(&play.tcp, &play.buffers, segment, ISS, SEGMENT_BYTES);
    } else {
        tcp_receive(&play.tcp, &play.buffers, &play.parameters, segment, payload, play.now_ns);
    }
}

static void wait_for(uint64_t nanoseconds) {
    uint64_t until_ns = play.now_ns + nanoseconds;
    while (tcp_deadline(&play.tcp) <= until_ns) {
        play.now_ns = tcp_deadline(&play.tcp);
        tcp_advance(&play.tcp, &play.parameters, play.now_ns);
        flush();
    }
    play.now_ns = until_ns;
}

static void write_bytes(uint32_t count) {
    uint8_t bytes[RING_BYTES];
    for (uint32_t i = 0; i < count; i++) bytes[i] = (uint8_t)(ISS + 1 + play.written + i);
    uint32_t taken = tcp_write(&play.tcp, &play.buffers, bytes, count);
    if (taken != count) fail("not all could be written", "");
    play.written += taken;
}

static void read_bytes(uint32_t count) {
    uint8_t bytes[RING_BYTES + 1];
    char seen[40];
    uint32_t read = tcp_read(&play.tcp, &play.buffers, bytes, sizeof bytes, false);
    snprintf(seen, sizeof seen, "%u bytes were there", (unsigned)read);
    if (read != count) fail("the program reads", seen);
    for (uint32_t i = 0; i < read; i++)
        if (bytes[i] != (uint8_t)(PEER_ISS + 1 + play.heard + i)) fail("a byte was heard that was not said there", "");
    play.heard += read;
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    uint8_t flag;
} flag_names[] = {
    { "FIN", SEGMENT_FIN }, { "SYN", SEGMENT_SYN }, { "RST", SEGMENT_RST },
    { "PSH", SEGMENT_PSH }, { "ACK", SEGMENT_ACK }, { "-", 0 },
};

static bool read_flags(char *word, uint8_t *flags) {
    *flags = 0;
    for (char *name = strtok(word, ","); name != NULL; name = strtok(NULL, ",")) {
        unsigned i = 0;
        while (i < sizeof flag_names / sizeof flag_names[0] && strcmp(flag_names[i].name, name) != 0) i++;
        if (i == sizeof flag_names / sizeof flag_names[0]) return false;
        *flags |= flag_names[i].flag;
    }
    return true;
}

/* FLAGS seq=N ack=N len=N win=N, the last three where they are wanted. */
static bool read_segment(const char *text, struct segment *segment) {
    char word[LINE_MAX];
    int used = 0;
    *segment = (struct segment){ .window = RING_BYTES };
    if (sscanf(text, "%199s%n", word, &used) != 1 || !read_flags(word, &segment->flags)) return false;
    for (text += used; sscanf(text, "%199s%n", word, &used) == 1; text += used) {
        char *value = strchr(word, '=');
        if (value == NULL) return false;
        *value++ = 0;
        uint32_t number = (uint32_t)strtoul(value, NULL, 10);
        if (strcmp(word, "seq") == 0) segment->sequence = number;
        else if (strcmp(word, "ack") == 0) segment->acknowledgement = number;
        else if (strcmp(word, "len") == 0) segment->payload_bytes = number;
        else if (strcmp(word, "win") == 0) segment->window = (uint16_t)number;
        else return false;
    }
    return true;
}

static void describe(const struct segment *segment, char *text) {
    int length = 0;
    for (unsigned i = 0; i + 1 < sizeof flag_names / sizeof flag_names[0]; i++)
        if ((segment->flags & flag_names[i].flag) != 0)
            length += sprintf(text + length, "%s%s", length > 0 ? "," : "", flag_names[i].name);
    sprintf(text + length, " seq=%u ack=%u len=%u", (unsigned)segment->sequence, (unsigned)segment->acknowledgement,
            (unsigned)segment->payload_bytes);
}

static void expect_sent(const struct segment *wanted) {
    char seen[LINE_MAX];
    if (play.sent_count == 0) {
        fail("nothing was sent, but expected was", "a segment");
        return;
    }
    const struct segment first = play.sent[0];
    memmove(play.sent, play.sent + 1, --play.sent_count * sizeof play.sent[0]);
    describe(&first, seen);
    bool same = first.flags == wanted->flags && first.sequence == wanted->sequence &&
                first.acknowledgement == wanted->acknowledgement && first.payload_bytes == wanted->payload_bytes;
    if (!same) fail("sent was", seen);
}

static void expect_silence(void) {
    char seen[LINE_MAX];
    if (play.sent_count == 0) return;
    describe(&play.sent[0], seen);
    fail("sent was, and no line expects it,", seen);
    play.sent_count = 0;
}

static void expect_state(const char *name) {
    const char *state = tcp_state_name((enum tcp_state)play.tcp.state);
    if (strcmp(state, name) != 0) fail("the state is", state);
}

static void expect_error(const char *name) {
    static const char *const words[] = { "none", "refused", "reset", "timed-out", "aborted" };
    if (strcmp(words[play.tcp.error], name) != 0) fail("the error is", words[play.tcp.error]);
}

static void follow(const char *line);

/* How each state is reached from another one. */
static void go_to(const char *state) {
    static const struct {
        const char *state, *from, *lines[3];
    } ways[] = {
        { "SYN-SENT", NULL, { "connect" } },
        { "SYN-RECEIVED", NULL, { "listen", "< SYN seq=5000" } },
        { "ESTABLISHED", "SYN-SENT", { "< SYN,ACK seq=5000 ack=1" } },
        { "FIN-WAIT-1", "ESTABLISHED", { "finish" } },
        { "FIN-WAIT-2", "FIN-WAIT-1", { "< ACK seq=5001 ack=2" } },
        { "CLOSING", "FIN-WAIT-1", { "< FIN,ACK seq=5001 ack=1" } },
        { "TIME-WAIT", "FIN-WAIT-2", { "< FIN,ACK seq=5001 ack=2" } },
        { "CLOSE-WAIT", "ESTABLISHED", { "< FIN,ACK seq=5001 ack=1" } },
        { "LAST-ACK", "CLOSE-WAIT", { "finish" } },
    };
    for (unsigned i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (strcmp(ways[i].state, state) != 0) continue;
        if (ways[i].from != NULL) go_to(ways[i].from);
        for (unsigned k = 0; k < 3 && ways[i].lines[k] != NULL; k++) {
            follow(ways[i].lines[k]);
            play.sent_count = 0;
        }
        expect_state(state);
        return;
    }
    fail("no way leads to the state", state);
}

/* What happens on a line: false when it is no event. */
static bool happen(const char *line) {
    struct segment segment;
    char word[LINE_MAX] = "", unit[LINE_MAX] = "";
    unsigned number = 0;
    if (sscanf(line, "in %199s", word) == 1) go_to(word);
    else if (strcmp(line, "connect") == 0) tcp_connect(&play.tcp, &play.buffers, ISS, SEGMENT_BYTES);
    else if (strcmp(line, "listen") == 0) play.listens = true;
    else if (strcmp(line, "finish") == 0) tcp_finish(&play.tcp);
    else if (strcmp(line, "abort") == 0) tcp_abort(&play.tcp);
    else if (strcmp(line, "leave") == 0) play.tcp.reader_gone = 1;
    else if (sscanf(line, "write %u", &number) == 1) write_bytes(number);
    else if (sscanf(line, "read %u", &number) == 1) read_bytes(number);
    else if (sscanf(line, "wait %u %199s", &number, unit) == 2)
        wait_for(number * (strcmp(unit, "s") == 0 ? UINT64_C(1000000000) : UINT64_C(1000000)));
    else if (line[0] == '<' && read_segment(line + 1, &segment)) arrive(&segment);
    else return false;
    return true;
}

static void follow(const char *line) {
    struct segment segment;
    char word[LINE_MAX];
    if (line[0] == '>' && read_segment(line + 1, &segment)) {
        expect_sent(&segment);
        return;
    }
    expect_silence();
    uint8_t before = play.tcp.state;
    if (sscanf(line, "state %199s", word) == 1) expect_state(word);
    else if (sscanf(line, "error %199s", word) == 1) expect_error(word);
    else if (!happen(line)) fail("a line that means nothing", line);
    flush();
    if (strncmp(line, "in ", 3) != 0) walked[before][play.tcp.state] = true;
}

/* --- the scripts -------------------------------------------------------------------------------------------------- */

static void every_script_is_followed(void) {
    char text[LINE_MAX];
    unsigned scripts = 0, line = 0;
    FILE *file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    while (fgets(text, sizeof text, file) != NULL) {
        line++;
        text[strcspn(text, "\r\n")] = 0;
        if (strncmp(text, "## ", 3) == 0) {
            if (scripts++ > 0) expect_silence();
            begin(text + 3);
        }
        play.line = line;
        if (scripts > 0 && strncmp(text, "    ", 4) == 0) follow(text + 4);
    }
    expect_silence();
    fclose(file);
    CU_ASSERT(scripts > 80);
}

/* The arrows of figure 5, as connections have them: LISTEN is CLOSED here (rfc9293.md). */
static void every_arrow_of_the_state_diagram_was_walked(void) {
    static const uint8_t arrows[][2] = {
        { TCP_CLOSED, TCP_SYN_SENT },         { TCP_CLOSED, TCP_SYN_RECEIVED },   { TCP_SYN_SENT, TCP_SYN_RECEIVED },
        { TCP_SYN_SENT, TCP_ESTABLISHED },    { TCP_SYN_SENT, TCP_CLOSED },       { TCP_SYN_RECEIVED, TCP_ESTABLISHED },
        { TCP_SYN_RECEIVED, TCP_FIN_WAIT_1 }, { TCP_SYN_RECEIVED, TCP_CLOSED },   { TCP_ESTABLISHED, TCP_FIN_WAIT_1 },
        { TCP_ESTABLISHED, TCP_CLOSE_WAIT },  { TCP_FIN_WAIT_1, TCP_FIN_WAIT_2 }, { TCP_FIN_WAIT_1, TCP_CLOSING },
        { TCP_FIN_WAIT_1, TCP_TIME_WAIT },    { TCP_FIN_WAIT_2, TCP_TIME_WAIT },  { TCP_CLOSING, TCP_TIME_WAIT },
        { TCP_CLOSE_WAIT, TCP_LAST_ACK },     { TCP_LAST_ACK, TCP_CLOSED },       { TCP_TIME_WAIT, TCP_CLOSED },
        { TCP_ESTABLISHED, TCP_CLOSED },      { TCP_FIN_WAIT_1, TCP_CLOSED },     { TCP_FIN_WAIT_2, TCP_CLOSED },
        { TCP_CLOSE_WAIT, TCP_CLOSED },       { TCP_CLOSING, TCP_CLOSED },
    };
    for (unsigned i = 0; i < sizeof arrows / sizeof arrows[0]; i++) {
        enum tcp_state from = (enum tcp_state)arrows[i][0], to = (enum tcp_state)arrows[i][1];
        if (!walked[from][to]) printf("\n    no script goes from %s to %s", tcp_state_name(from), tcp_state_name(to));
        CU_ASSERT(walked[from][to]);
    }
    for (unsigned from = 0; from < TCP_STATES_COUNT; from++)
        for (unsigned to = 0; to < TCP_STATES_COUNT; to++) {
            bool known = from == to || !walked[from][to];
            for (unsigned i = 0; i < sizeof arrows / sizeof arrows[0]; i++)
                known = known || (arrows[i][0] == from && arrows[i][1] == to);
            CU_ASSERT(known); /* no other arrow */
        }
}

void register_tcp_script_tests(void) {
    CU_pSuite suite = CU_add_suite("TCP, transition by transition", NULL, NULL);
    CU_add_test(suite, "every script is followed", every_script_is_followed);
    CU_add_test(suite, "every arrow of the state diagram was walked", every_arrow_of_the_state_diagram_was_walked);
}
