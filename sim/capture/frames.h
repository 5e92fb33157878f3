/* Frames: IP packets with the instant at which each crossed a link, in that order. What a capture is made of, and what
 * `expect packet` lines look at. */
#ifndef RESERVOIR_SIM_CAPTURE_FRAMES_H
#define RESERVOIR_SIM_CAPTURE_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frame {
    uint64_t at_ns;
    uint32_t length; /* bytes that stand here */
    uint32_t link;   /* on which it was, as whoever keeps the list counts them; 0 at first */
    size_t offset;   /* of them in frames.bytes */
};

/* A list that grows. Zero-initialise; free with frames_free(). */
struct frames {
    struct frame *list;
    size_t count, room;
    uint8_t *bytes;
    size_t bytes_count, bytes_room;
    bool lost; /* memory was exhausted: what came after that is not here */
};

void frames_add(struct frames *frames, uint64_t at_ns, const uint8_t *bytes, uint32_t length);
void frames_clear(struct frames *frames);
void frames_free(struct frames *frames);

/* The bytes of one; valid until the list changes. */
const uint8_t *frame_bytes(const struct frames *frames, size_t index);

enum { FRAME_TEXT_MAX = 256 };

/* One frame in words, without a line end: "tcp 127.0.0.1:49152 > 127.0.0.1:20000 SYN seq=17 win=8192 mss=1460 len=0".
 * What is no segment is said to be none, with the reason. `text` has FRAME_TEXT_MAX bytes. */
void frame_text(const uint8_t *bytes, uint32_t length, char *text);

/* Can a link have carried this packet? Its link layer says that it is one of IP version 4 or 6, of either, or that it
 * carries no IP. NULL, or what is the matter. What carries neither TCP nor UDP is believed as far as its IP header
 * goes, and a checksum that was left to hardware is no matter (segment_read_captured). */
enum { FRAME_VERSION_NONE = 0, FRAME_VERSION_ANY = 1 };
const char *frame_doubt(const uint8_t *packet, uint32_t length, unsigned version);

#endif
