#include "sim/capture/capture.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/capture/pcapng.h"
#include "stack/transport/wire/segment.h"

enum { CALL_TEXT_MAX = 4096, PROTOCOL_NUMBER_EXPERIMENT = 253, LINKS_INTERFACE = 0, CALLS_INTERFACE = 1 };

static const uint64_t SECOND_NS = 1000000000;

struct capture {
    FILE *file;                  /* NULL: the writer has it */
    struct frame_writer *writer; /* of the classic form */
    enum capture_form form;
    enum capture_clock clock;
    bool calls;
    char **names; /* of its interfaces; NULL for the one of all links, and for the one of calls */
    unsigned names_count;
    bool failed;
    bool begun;         /* a scenario has begun */
    uint64_t begins_ns; /* where the times of the scenario count from */
    uint64_t last_ns;   /* the last time that was written */
};

/* --- beginning and end -------------------------------------------------------------------------------------------- */

enum capture_form capture_form_of(const char *path) {
    static const char *const ends[CAPTURE_FORMS_COUNT] = { ".pcap", ".pcapng", ".txt" };
    size_t length = strlen(path);
    for (unsigned i = 0; i < CAPTURE_FORMS_COUNT; i++) {
        size_t end = strlen(ends[i]);
        if (length > end && strcmp(path + length - end, ends[i]) == 0) return (enum capture_form)i;
    }
    return CAPTURE_FORMS_COUNT;
}

static enum pcapng_link kind_of(const struct capture *capture) {
    bool several = capture->calls || capture->clock == CAPTURE_VIRTUAL_CLOCK;
    return several ? PCAPNG_ETHERNET : PCAPNG_RAW_IP;
}

/* One interface more: of a link with a name, of all links, or of calls. False, and noted: it could not be written. */
static bool add_interface(struct capture *capture, const char *name, const char *shown, const char *description) {
    char **names = realloc(capture->names, (capture->names_count + 1) * sizeof *names);
    char *copy = name == NULL ? NULL : malloc(strlen(name) + 1);
    if (names != NULL) capture->names = names;
    bool good = names != NULL && (name == NULL || copy != NULL);
    if (good && capture->form == CAPTURE_PCAPNG)
        good = pcapng_interface(capture->file, kind_of(capture), shown, description);
    if (good) {
        if (copy != NULL) strcpy(copy, name);
        names[capture->names_count++] = copy;
    } else {
        free(copy);
        capture->failed = true;
    }
    return good;
}

static bool add_link(struct capture *capture, const char *name) {
    return add_interface(capture, name, name, "a link between two machines, or within one");
}

static void free_capture(struct capture *capture) {
    for (unsigned i = 0; i < capture->names_count; i++) free(capture->names[i]);
    free(capture->names);
    free(capture);
}

/* Takes over the file of `blank`, which it copies. */
static struct capture *begin(const struct capture *blank, struct frames_error *error) {
    struct capture *capture = calloc(1, sizeof *capture);
    if (capture == NULL) {
        snprintf(error->text, sizeof error->text, "no memory");
        fclose(blank->file);
        return NULL;
    }
    *capture = *blank;
    if (capture->form == CAPTURE_PCAPNG) capture->failed = !pcapng_begin(capture->file);
    if (capture->form != CAPTURE_PCAP) return capture;
    capture->file = NULL;
    capture->writer = frame_writer_begin(blank->file, error);
    if (capture->writer != NULL) return capture;
    free_capture(capture);
    return NULL;
}

struct capture *capture_begin(FILE *file, enum capture_form form, enum capture_clock clock, bool calls,
                              struct frames_error *error) {
    assert(file != NULL && form < CAPTURE_FORMS_COUNT && (!calls || form != CAPTURE_PCAP));
    const struct capture blank = { .file = file, .form = form, .clock = clock, .calls = calls };
    struct capture *capture = begin(&blank, error);
    if (capture == NULL) return NULL;
    add_interface(capture, NULL, "links", "what crossed the links of the machine");
    if (calls) add_interface(capture, NULL, "calls", "calls of programs, as IP protocol 253");
    return capture;
}

struct capture *capture_begin_links(FILE *file, enum capture_form form, const char *const *links, unsigned count,
                                    struct frames_error *error) {
    assert(file != NULL && form < CAPTURE_FORMS_COUNT && count > 0);
    const struct capture blank = { .file = file, .form = form, .clock = CAPTURE_VIRTUAL_CLOCK };
    struct capture *capture = begin(&blank, error);
    for (unsigned i = 0; capture != NULL && i < count; i++) add_link(capture, links[i]);
    return capture;
}

unsigned capture_link(struct capture *capture, const char *name) {
    assert(capture->clock == CAPTURE_VIRTUAL_CLOCK);
    for (unsigned i = 0; i < capture->names_count; i++)
        if (capture->names[i] != NULL && strcmp(capture->names[i], name) == 0) return i;
    return add_link(capture, name) ? capture->names_count - 1 : (unsigned)LINKS_INTERFACE;
}

bool capture_end(struct capture *capture) {
    bool written = !capture->failed;
    if (capture->writer != NULL) written = frame_writer_end(capture->writer) && written;
    if (capture->file != NULL) written = fclose(capture->file) == 0 && written;
    free_capture(capture);
    return written;
}

/* --- what is written ---------------------------------------------------------------------------------------------- */

void capture_scenario(struct capture *capture, const char *id) {
    if (capture->begun && capture->clock == CAPTURE_VIRTUAL_CLOCK)
        capture->begins_ns = (capture->last_ns / SECOND_NS + 1) * SECOND_NS;
    capture->begun = true;
    if (capture->form == CAPTURE_TEXT && fprintf(capture->file, "# %s\n", id) < 0) capture->failed = true;
}

static uint64_t time_of(struct capture *capture, uint64_t at_ns) {
    capture->last_ns = capture->begins_ns + at_ns;
    return capture->last_ns;
}

static void write_line(struct capture *capture, uint64_t at_ns, const char *text) {
    int written = fprintf(capture->file, "%" PRIu64 ".%09" PRIu64 " %s\n", at_ns / SECOND_NS, at_ns % SECOND_NS, text);
    if (written < 0) capture->failed = true;
}

void capture_packet(struct capture *capture, uint64_t at_ns, const uint8_t *bytes, uint32_t length) {
    capture_packet_on(capture, LINKS_INTERFACE, at_ns, bytes, length);
}

void capture_packet_on(struct capture *capture, unsigned link, uint64_t at_ns, const uint8_t *bytes, uint32_t length) {
    char text[FRAME_TEXT_MAX], line[2 * FRAME_TEXT_MAX];
    assert(link < capture->names_count);
    const char *name = capture->names[link];
    uint64_t time_ns = time_of(capture, at_ns);
    switch (capture->form) {
    case CAPTURE_PCAP: frame_writer_add(capture->writer, time_ns, bytes, length); return;
    case CAPTURE_PCAPNG:
        if (!pcapng_packet(capture->file, kind_of(capture), link, time_ns, bytes, length, NULL)) capture->failed = true;
        return;
    case CAPTURE_TEXT:
        frame_text(bytes, length, text);
        snprintf(line, sizeof line, "%s%s%s", name == NULL ? "" : name, name == NULL ? "" : " ", text);
        write_line(capture, time_ns, line);
        return;
    case CAPTURE_FORMS_COUNT: break;
    }
    assert(!"every form is handled");
}

/* --- calls -------------------------------------------------------------------------------------------------------- */

/* The fields of a call, joined by `between`; cut where there is no room. Returns the length. */
static uint32_t call_text(const struct captured_call *call, const char *between, char *text) {
    char handle[24] = "";
    if (call->handle != 0) snprintf(handle, sizeof handle, "0x%" PRIx64, call->handle);
    const struct {
        const char *key, *value;
    } fields[] = {
        { "scenario", call->scenario }, { "process", call->process }, { "thread", call->thread },
        { "handle", handle },           { "call", call->call },       { "answer", call->answer },
    };
    size_t length = 0;
    text[0] = '\0';
    for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (fields[i].value == NULL || fields[i].value[0] == '\0') continue;
        int written = snprintf(text + length, CALL_TEXT_MAX - length, "%s%s: %s", length == 0 ? "" : between,
                               fields[i].key, fields[i].value);
        assert(written > 0);
        length += (size_t)written;
        if (length >= CALL_TEXT_MAX) length = CALL_TEXT_MAX - 1;
    }
    return (uint32_t)length;
}

/* The IPv4 packet that carries a call's text: from and to 127.0.0.1. Returns its length. */
static uint32_t call_packet(const char *text, uint32_t length, uint8_t *packet) {
    const uint8_t localhost[4] = { 127, 0, 0, 1 };
    uint32_t bytes = IPV4_HEADER_BYTES + length, sum = 0;
    memset(packet, 0, IPV4_HEADER_BYTES);
    packet[0] = 0x45;
    packet[2] = (uint8_t)(bytes >> 8);
    packet[3] = (uint8_t)bytes;
    packet[8] = 1; /* it goes nowhere */
    packet[9] = PROTOCOL_NUMBER_EXPERIMENT;
    memcpy(packet + 12, localhost, sizeof localhost);
    memcpy(packet + 16, localhost, sizeof localhost);
    for (unsigned i = 0; i < IPV4_HEADER_BYTES; i += 2) sum += (uint32_t)(packet[i] << 8 | packet[i + 1]);
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    packet[10] = (uint8_t)(~sum >> 8);
    packet[11] = (uint8_t)~sum;
    memcpy(packet + IPV4_HEADER_BYTES, text, length);
    return bytes;
}

void capture_call(struct capture *capture, const struct captured_call *call) {
    char text[CALL_TEXT_MAX], comment[CALL_TEXT_MAX];
    uint8_t packet[IPV4_HEADER_BYTES + CALL_TEXT_MAX];
    uint64_t time_ns = time_of(capture, call->at_ns);
    assert(capture->calls);
    call_text(call, "; ", comment);
    if (capture->form == CAPTURE_TEXT) {
        write_line(capture, time_ns, comment);
        return;
    }
    uint32_t length = call_packet(text, call_text(call, "\n", text), packet);
    if (!pcapng_packet(capture->file, PCAPNG_ETHERNET, CALLS_INTERFACE, time_ns, packet, length, comment))
        capture->failed = true;
}
