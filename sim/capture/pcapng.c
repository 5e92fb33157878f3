#include "sim/capture/pcapng.h"

#include <assert.h>
#include <string.h>

enum { BLOCK_SECTION = 0x0A0D0D0A, BLOCK_INTERFACE = 1, BLOCK_PACKET = 6 };
enum {
    OPTION_END = 0,
    OPTION_COMMENT = 1,
    OPTION_INTERFACE_NAME = 2,
    OPTION_INTERFACE_DESCRIPTION = 3,
    OPTION_APPLICATION = 4,
    OPTION_TIME_RESOLUTION = 9
};
enum { LENGTH_MAX = 65535, COMMENT_MAX = 60000, BLOCK_FRAME_BYTES = 12, NANOSECONDS = 9, ETHERNET_BYTES = 14 };

static const uint32_t BYTE_ORDER_MAGIC = 0x1A2B3C4D;

static bool put(FILE *file, const void *bytes, size_t length) {
    return length == 0 || fwrite(bytes, 1, length, file) == length;
}

static bool put_u16(FILE *file, uint32_t number) {
    const uint8_t bytes[2] = { (uint8_t)number, (uint8_t)(number >> 8) };
    return put(file, bytes, sizeof bytes);
}

static bool put_u32(FILE *file, uint32_t number) {
    return put_u16(file, number & 0xffff) && put_u16(file, number >> 16);
}

/* What fills up to a multiple of four bytes. */
static uint32_t fill_of(uint32_t length) { return (4 - length % 4) % 4; }

static bool put_fill(FILE *file, uint32_t length) {
    static const uint8_t zeros[4] = { 0 };
    return put(file, zeros, fill_of(length));
}

/* --- options ------------------------------------------------------------------------------------------------------ */

static uint32_t option_bytes(uint32_t length) { return 4 + length + fill_of(length); }

static bool put_option(FILE *file, uint32_t code, const void *bytes, uint32_t length) {
    return put_u16(file, code) && put_u16(file, length) && put(file, bytes, length) && put_fill(file, length);
}

static bool put_options_end(FILE *file) { return put_u32(file, OPTION_END); }

/* A comment that is longer than an option can be is cut. */
static uint32_t text_bytes(const char *text) {
    size_t length = strlen(text);
    return length > COMMENT_MAX ? (uint32_t)COMMENT_MAX : (uint32_t)length;
}

/* --- blocks ------------------------------------------------------------------------------------------------------- */

bool pcapng_begin(FILE *file) {
    static const char application[] = "Reservoir";
    uint32_t bytes = BLOCK_FRAME_BYTES + 16 + option_bytes(sizeof application - 1) + 4;
    assert(file != NULL);
    return put_u32(file, BLOCK_SECTION) && put_u32(file, bytes) && put_u32(file, BYTE_ORDER_MAGIC) &&
           put_u16(file, 1) && put_u16(file, 0) && put_u32(file, UINT32_MAX) &&
           put_u32(file, UINT32_MAX) /* the section's length is not said */ &&
           put_option(file, OPTION_APPLICATION, application, sizeof application - 1) && put_options_end(file) &&
           put_u32(file, bytes);
}

bool pcapng_interface(FILE *file, enum pcapng_link link, const char *name, const char *description) {
    const uint8_t resolution = NANOSECONDS;
    uint32_t name_bytes = text_bytes(name), description_bytes = text_bytes(description);
    uint32_t bytes =
        BLOCK_FRAME_BYTES + 8 + option_bytes(name_bytes) + option_bytes(description_bytes) + option_bytes(1) + 4;
    return put_u32(file, BLOCK_INTERFACE) && put_u32(file, bytes) && put_u16(file, link) && put_u16(file, 0) &&
           put_u32(file, LENGTH_MAX) && put_option(file, OPTION_INTERFACE_NAME, name, name_bytes) &&
           put_option(file, OPTION_INTERFACE_DESCRIPTION, description, description_bytes) &&
           put_option(file, OPTION_TIME_RESOLUTION, &resolution, 1) && put_options_end(file) && put_u32(file, bytes);
}

bool pcapng_packet(FILE *file, enum pcapng_link link, uint32_t interface, uint64_t at_ns, const uint8_t *bytes,
                   uint32_t length, const char *comment) {
    bool is_ipv6 = length > 0 && bytes[0] >> 4 == 6;
    const uint8_t ethernet[ETHERNET_BYTES] = { [12] = is_ipv6 ? 0x86 : 0x08, [13] = is_ipv6 ? 0xdd : 0x00 };
    uint32_t before = link == PCAPNG_ETHERNET ? (uint32_t)ETHERNET_BYTES : 0, frame = before + length;
    uint32_t comment_bytes = comment == NULL ? 0 : text_bytes(comment);
    uint32_t options = comment == NULL ? 0 : option_bytes(comment_bytes) + 4;
    uint32_t total = BLOCK_FRAME_BYTES + 20 + frame + fill_of(frame) + options;
    assert(frame <= LENGTH_MAX);
    bool written = put_u32(file, BLOCK_PACKET) && put_u32(file, total) && put_u32(file, interface) &&
                   put_u32(file, (uint32_t)(at_ns >> 32)) && put_u32(file, (uint32_t)at_ns) && put_u32(file, frame) &&
                   put_u32(file, frame) && put(file, ethernet, before) && put(file, bytes, length) &&
                   put_fill(file, frame);
    if (comment != NULL)
        written = written && put_option(file, OPTION_COMMENT, comment, comment_bytes) && put_options_end(file);
    return written && put_u32(file, total);
}
