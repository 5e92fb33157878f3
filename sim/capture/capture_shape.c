#include "sim/capture/capture_shape.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

enum { BLOCK_SECTION = 0x0A0D0D0A, BYTE_ORDER_MAGIC = 0x1A2B3C4D, PCAP_HEAD_BYTES = 24 };

/* Standard blocks, as they are registered. */
enum {
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET_OBSOLETE = 2,
    BLOCK_SIMPLE_PACKET = 3,
    BLOCK_NAMES = 4,
    BLOCK_STATISTICS = 5,
    BLOCK_ENHANCED_PACKET = 6,
    BLOCK_SECRETS = 10,
    BLOCK_CUSTOM = 0xBAD,
    BLOCK_CUSTOM_NOT_COPIED = 0x40000BAD,
};

/* A block's two lengths and its type; the longest that is read. */
enum { BLOCK_FRAME_BYTES = 12, BLOCK_BYTES_MAX = 16 * 1024 * 1024 };

struct shape {
    FILE *file;
    struct frames_error *error;
    bool swapped;          /* the file's byte order is not little-endian */
    uint64_t at;           /* where the block begins, in the file */
    uint32_t interfaces;   /* of this section, so far */
    uint64_t section_left; /* bytes that this section has to come; UINT64_MAX: it does not say */
};

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static bool
refuse(struct shape *shape, const char *format, ...) {
    struct frames_error *error = shape->error;
    va_list arguments;
    va_start(arguments, format);
    int used = snprintf(error->text, sizeof error->text, "at byte %" PRIu64 ": ", shape->at);
    assert(used > 0 && (size_t)used < sizeof error->text);
    vsnprintf(error->text + used, sizeof error->text - (size_t)used, format, arguments);
    va_end(arguments);
    return false;
}

static uint16_t u16(const struct shape *shape, const uint8_t *bytes) {
    return (uint16_t)(shape->swapped ? bytes[0] << 8 | bytes[1] : bytes[1] << 8 | bytes[0]);
}

static uint32_t u32(const struct shape *shape, const uint8_t *bytes) {
    uint32_t first = u16(shape, bytes), second = u16(shape, bytes + 2);
    return shape->swapped ? first << 16 | second : second << 16 | first;
}

/* --- pcap --------------------------------------------------------------------------------------------------------- */

static bool is_pcap(uint32_t magic) { return magic == 0xA1B2C3D4 || magic == 0xA1B23C4D; }

static bool check_pcap(struct shape *shape, const uint8_t *head) {
    if (u16(shape, head + 4) != 2 || u16(shape, head + 6) != 4)
        return refuse(shape, "version %u.%u of the format; expected 2.4", u16(shape, head + 4), u16(shape, head + 6));
    if (u32(shape, head + 8) != 0 || u32(shape, head + 12) != 0)
        return refuse(shape, "a time zone or a precision; expected zeros, which every program writes");
    return true;
}

/* --- pcapng ------------------------------------------------------------------------------------------------------- */

static uint32_t filled(uint32_t bytes) { return (bytes + 3) / 4 * 4; }

/* Options fill the rest of a block: code, length, value filled up to four bytes; the last one has the code 0, or is
 * missing. */
static bool check_options(struct shape *shape, const uint8_t *body, uint32_t at, uint32_t bytes) {
    while (at < bytes) {
        if (bytes - at < 4) return refuse(shape, "%" PRIu32 " bytes after the last option", bytes - at);
        uint32_t code = u16(shape, body + at), length = u16(shape, body + at + 2);
        if (code == 0 && (length != 0 || bytes - at != 4))
            return refuse(shape, "something follows the end of the options");
        if (filled(length) > bytes - at - 4)
            return refuse(shape, "option %" PRIu32 " has %" PRIu32 " bytes, and %" PRIu32 " are left of its block",
                          code, length, bytes - at - 4);
        at += 4 + filled(length);
    }
    return true;
}

static bool check_section(struct shape *shape, const uint8_t *body, uint32_t bytes) {
    if (bytes < 16) return refuse(shape, "a section header of %" PRIu32 " bytes; expected 16 or more", bytes);
    uint32_t major = u16(shape, body + 4), minor = u16(shape, body + 6);
    if (major != 1 || (minor != 0 && minor != 2))
        return refuse(shape, "version %" PRIu32 ".%" PRIu32 " of the format; expected 1.0", major, minor);
    uint64_t low = u32(shape, body + (shape->swapped ? 12 : 8)), high = u32(shape, body + (shape->swapped ? 8 : 12));
    shape->section_left = high << 32 | low;
    shape->interfaces = 0;
    return check_options(shape, body, 16, bytes);
}

static bool check_interface(struct shape *shape, const uint8_t *body, uint32_t bytes) {
    if (bytes < 8) return refuse(shape, "an interface of %" PRIu32 " bytes; expected 8 or more", bytes);
    if (u16(shape, body + 2) != 0) return refuse(shape, "an interface whose reserved field is not 0");
    shape->interfaces++;
    return check_options(shape, body, 8, bytes);
}

static bool check_packet(struct shape *shape, const uint8_t *body, uint32_t bytes) {
    if (bytes < 20) return refuse(shape, "a packet's block of %" PRIu32 " bytes; expected 20 or more", bytes);
    uint32_t interface = u32(shape, body), kept = u32(shape, body + 12), sent = u32(shape, body + 16);
    if (interface >= shape->interfaces)
        return refuse(shape, "a packet on interface %" PRIu32 "; the section has %" PRIu32 " so far", interface,
                      shape->interfaces);
    if (kept > bytes - 20 || filled(kept) > bytes - 20)
        return refuse(shape, "a packet of %" PRIu32 " bytes in a block that has room for %" PRIu32, kept, bytes - 20);
    if (kept > sent) return refuse(shape, "%" PRIu32 " bytes kept of a packet of %" PRIu32, kept, sent);
    return check_options(shape, body, 20 + filled(kept), bytes);
}

static bool check_statistics(struct shape *shape, const uint8_t *body, uint32_t bytes) {
    if (bytes < 12) return refuse(shape, "statistics of %" PRIu32 " bytes; expected 12 or more", bytes);
    if (u32(shape, body) >= shape->interfaces)
        return refuse(shape, "statistics of interface %" PRIu32 "; the section has %" PRIu32 " so far",
                      u32(shape, body), shape->interfaces);
    return check_options(shape, body, 12, bytes);
}

static bool check_body(struct shape *shape, uint32_t type, const uint8_t *body, uint32_t bytes) {
    switch (type) {
    case BLOCK_SECTION: return check_section(shape, body, bytes);
    case BLOCK_INTERFACE: return check_interface(shape, body, bytes);
    case BLOCK_ENHANCED_PACKET: return check_packet(shape, body, bytes);
    case BLOCK_STATISTICS: return check_statistics(shape, body, bytes);
    case BLOCK_PACKET_OBSOLETE:
    case BLOCK_SIMPLE_PACKET:
    case BLOCK_NAMES:
    case BLOCK_SECRETS:
    case BLOCK_CUSTOM:
    case BLOCK_CUSTOM_NOT_COPIED: return true;
    default: return refuse(shape, "a block of type 0x%" PRIX32 "; expected one that captures have", type);
    }
}

/* Its byte order comes before its length. */
static bool begin_section(struct shape *shape, uint8_t magic[4]) {
    if (fread(magic, 1, 4, shape->file) != 4) return refuse(shape, "the file ends in a block");
    shape->swapped = false;
    shape->swapped = u32(shape, magic) != BYTE_ORDER_MAGIC;
    shape->section_left = UINT64_MAX;
    return u32(shape, magic) == BYTE_ORDER_MAGIC || refuse(shape, "a section that tells no byte order");
}

/* The rest of a block whose first eight bytes are `head`. */
static bool check_block(struct shape *shape, const uint8_t *head) {
    uint8_t magic[4];
    uint32_t type = u32(shape, head), used = 0;
    if (type == BLOCK_SECTION) {
        used = sizeof magic;
        if (!begin_section(shape, magic)) return false;
    }
    uint32_t length = u32(shape, head + 4);
    if (length % 4 != 0 || length < BLOCK_FRAME_BYTES + used || length > BLOCK_BYTES_MAX)
        return refuse(shape, "a block of %" PRIu32 " bytes; expected a multiple of 4 from 12 on", length);
    if (length > shape->section_left)
        return refuse(shape, "a block of %" PRIu32 " bytes in a section of which %" PRIu64 " are left", length,
                      shape->section_left);
    if (shape->section_left != UINT64_MAX) shape->section_left -= length;
    uint32_t bytes = length - BLOCK_FRAME_BYTES;
    uint8_t *body = malloc((size_t)bytes + 4);
    if (body == NULL) return refuse(shape, "a block of %" PRIu32 " bytes, for which there is no memory", length);
    for (uint32_t i = 0; i < used; i++) body[i] = magic[i];
    bool good = fread(body + used, 1, (size_t)bytes + 4 - used, shape->file) == (size_t)bytes + 4 - used;
    if (!good) refuse(shape, "the file ends in a block");
    else if (u32(shape, body + bytes) != length)
        good = refuse(shape, "a block begins with the length %" PRIu32 " and ends with %" PRIu32, length,
                      u32(shape, body + bytes));
    good = good && check_body(shape, type, body, bytes);
    free(body);
    shape->at += length;
    return good;
}

static bool check_pcapng(struct shape *shape, uint8_t head[PCAP_HEAD_BYTES]) {
    for (size_t got = 8; got == 8; got = fread(head, 1, 8, shape->file)) {
        bool begins = u32(shape, head) == BLOCK_SECTION;
        if (begins && shape->section_left != 0 && shape->section_left != UINT64_MAX)
            return refuse(shape, "a section ends %" PRIu64 " bytes before it says", shape->section_left);
        if (!check_block(shape, head)) return false;
    }
    if (!feof(shape->file)) return refuse(shape, "the file cannot be read");
    if (shape->section_left != 0 && shape->section_left != UINT64_MAX)
        return refuse(shape, "the file ends %" PRIu64 " bytes before its section says", shape->section_left);
    return true;
}

bool capture_shape_check(FILE *file, struct frames_error *error) {
    uint8_t head[PCAP_HEAD_BYTES] = { 0 };
    struct shape shape = { .file = file, .error = error, .section_left = UINT64_MAX };
    assert(file != NULL && error != NULL);
    if (fread(head, 1, 8, file) != 8) return true;
    uint32_t magic = u32(&shape, head);
    if (magic == BLOCK_SECTION) return check_pcapng(&shape, head);
    shape.swapped = true;
    if (!is_pcap(magic) && !is_pcap(u32(&shape, head))) return true;
    if (fread(head + 8, 1, sizeof head - 8, file) != sizeof head - 8) return true;
    shape.swapped = !is_pcap(magic);
    return check_pcap(&shape, head);
}
