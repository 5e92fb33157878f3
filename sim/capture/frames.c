#include "sim/capture/frames.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stack/transport/wire/segment.h"

/* --- the list ----------------------------------------------------------------------------------------------------- */

static bool grow(void **block, size_t *room, size_t wanted, size_t item_bytes) {
    if (wanted <= *room) return true;
    size_t more = wanted < 64 ? 64 : wanted * 2;
    void *grown = realloc(*block, more * item_bytes);
    if (grown == NULL) return false;
    *block = grown;
    *room = more;
    return true;
}

void frames_add(struct frames *frames, uint64_t at_ns, const uint8_t *bytes, uint32_t length) {
    void *list = frames->list, *all = frames->bytes;
    bool room = !frames->lost && grow(&list, &frames->room, frames->count + 1, sizeof *frames->list);
    frames->list = list;
    room = room && grow(&all, &frames->bytes_room, frames->bytes_count + length, 1);
    frames->bytes = all;
    if (!room) {
        frames->lost = true;
        return;
    }
    frames->list[frames->count++] = (struct frame){ .at_ns = at_ns, .length = length, .offset = frames->bytes_count };
    memcpy(frames->bytes + frames->bytes_count, bytes, length);
    frames->bytes_count += length;
}

void frames_clear(struct frames *frames) {
    frames->count = frames->bytes_count = 0;
    frames->lost = false;
}

void frames_free(struct frames *frames) {
    free(frames->list);
    free(frames->bytes);
    *frames = (struct frames){ .count = 0 };
}

const uint8_t *frame_bytes(const struct frames *frames, size_t index) {
    assert(index < frames->count);
    return frames->bytes + frames->list[index].offset;
}

static bool is_of_ip(enum segment_fault fault) {
    return fault == SEGMENT_GOOD || fault == SEGMENT_FRAGMENT || fault == SEGMENT_EXTENSION_HEADER ||
           fault == SEGMENT_OTHER_PROTOCOL;
}

const char *frame_doubt(const uint8_t *packet, uint32_t length, unsigned version) {
    struct segment segment;
    unsigned is = length == 0 ? 0 : packet[0] >> 4;
    if (version == FRAME_VERSION_NONE) {
        /* IPv6's header has no sum by which to know it. */
        enum segment_fault fault = segment_read(packet, length, &segment);
        bool carries_ip = fault == SEGMENT_GOOD || (is == 4 && is_of_ip(fault));
        return carries_ip ? "its link layer says that it carries no IP, and it carries a packet" : NULL;
    }
    if (version == 4 && is == 6) return "it is not of IPv4, as its link layer says";
    if (version == 6 && is == 4) return "it is not of IPv6, as its link layer says";
    enum segment_fault fault = segment_read_captured(packet, length, &segment);
    return is_of_ip(fault) ? NULL : segment_fault_text(fault);
}

/* --- in words ----------------------------------------------------------------------------------------------------- */

/* Text that is cut off where it does not fit. */
struct line {
    char *text;
    size_t length;
};

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static void
add(struct line *line, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int written = vsnprintf(line->text + line->length, FRAME_TEXT_MAX - line->length, format, arguments);
    va_end(arguments);
    assert(written >= 0);
    line->length += (size_t)written;
    if (line->length >= FRAME_TEXT_MAX) line->length = FRAME_TEXT_MAX - 1;
}

static void add_endpoint(struct line *line, const struct endpoint *endpoint) {
    const uint8_t *bytes = endpoint->address.bytes;
    if (endpoint->family == 4) {
        add(line, "%u.%u.%u.%u:%u", bytes[0], bytes[1], bytes[2], bytes[3], endpoint->port);
        return;
    }
    add(line, "[");
    for (unsigned i = 0; i < 16; i += 2) add(line, "%s%x", i == 0 ? "" : ":", (unsigned)(bytes[i] << 8 | bytes[i + 1]));
    add(line, "]:%u", endpoint->port);
}

static void add_tcp(struct line *line, const struct segment *segment) {
    static const struct {
        uint8_t flag;
        const char *name;
    } flags[] = {
        { SEGMENT_SYN, "SYN" }, { SEGMENT_FIN, "FIN" }, { SEGMENT_RST, "RST" },
        { SEGMENT_PSH, "PSH" }, { SEGMENT_ACK, "ACK" }, { SEGMENT_URG, "URG" },
    };
    const char *before = " ";
    for (unsigned i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if ((segment->flags & flags[i].flag) == 0) continue;
        add(line, "%s%s", before, flags[i].name);
        before = ",";
    }
    add(line, " seq=%" PRIu32, segment->sequence);
    if ((segment->flags & SEGMENT_ACK) != 0) add(line, " ack=%" PRIu32, segment->acknowledgement);
    add(line, " win=%u", segment->window);
    if (segment->maximum_segment_bytes != 0) add(line, " mss=%u", segment->maximum_segment_bytes);
    if (segment->window_scale != WINDOW_SCALE_NONE) add(line, " scale=%u", segment->window_scale);
}

void frame_text(const uint8_t *bytes, uint32_t length, char *text) {
    struct line line = { text, 0 };
    struct segment segment;
    text[0] = '\0';
    enum segment_fault fault = segment_read_unsummed(bytes, length, &segment);
    if (fault != SEGMENT_GOOD) {
        add(&line, "%" PRIu32 " bytes: %s", length, segment_fault_text(fault));
        return;
    }
    add(&line, "%s ", segment.protocol == PROTOCOL_TCP ? "tcp" : "udp");
    add_endpoint(&line, &segment.source);
    add(&line, " > ");
    add_endpoint(&line, &segment.destination);
    if (segment.protocol == PROTOCOL_TCP) add_tcp(&line, &segment);
    add(&line, " len=%" PRIu32, segment.payload_bytes);
    if (segment_read(bytes, length, &segment) != SEGMENT_GOOD) add(&line, " (bad checksum)");
}
