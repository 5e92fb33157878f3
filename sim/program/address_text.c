#include "sim/program/address_text.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool text_read_v4(const char *text, uint8_t bytes[4], const char **end) {
    for (unsigned i = 0; i < 4; i++) {
        unsigned value = 0, digits = 0;
        if (i > 0 && *text++ != '.') return false;
        while (isdigit((unsigned char)*text) && digits < 3) value = value * 10 + (unsigned)(*text++ - '0'), digits++;
        if (digits == 0 || value > 255 || (digits > 1 && value < (digits == 2 ? 10u : 100u))) return false;
        bytes[i] = (uint8_t)value;
    }
    *end = text;
    return true;
}

static int hexadecimal(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

/* One number: 0x and hexadecimal, 0 and octal, or decimal. */
static bool read_part(const char **text, uint64_t *value) {
    unsigned base = 10;
    const char *at = *text;
    if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X')) base = 16, at += 2;
    else if (at[0] == '0') base = 8;
    const char *first = at;
    for (*value = 0; hexadecimal(*at) >= 0 && (unsigned)hexadecimal(*at) < base && at - first < 12; at++)
        *value = *value * base + (unsigned)hexadecimal(*at);
    *text = at;
    return at > first;
}

bool text_read_v4_parts(const char *text, uint8_t bytes[4], const char **end) {
    uint64_t address = 0, value = 0;
    unsigned count = 1;
    for (;; count++, text++) {
        if (!read_part(&text, &value)) return false;
        if (*text != '.' || count == 4) break;
        if (value > 255) return false;
        address |= value << (32 - 8 * count);
    }
    if (value >> (40 - 8 * count) != 0) return false;
    address |= value;
    for (unsigned i = 0; i < 4; i++) bytes[i] = (uint8_t)(address >> (24 - 8 * i));
    *end = text;
    return true;
}

bool text_read_v6(const char *text, uint8_t bytes[16], const char **end) {
    unsigned used = 0, gap = UINT_MAX;
    memset(bytes, 0, 16);
    if (text[0] == ':' && text[1] != ':') return false;
    if (text[0] == ':') text++;
    while (used < 16) {
        if (*text == ':') {
            if (gap != UINT_MAX) return false;
            gap = used;
            text++;
        }
        const char *group = text;
        unsigned value = 0;
        for (; hexadecimal(*text) >= 0 && text - group < 4; text++) value = value * 16 + (unsigned)hexadecimal(*text);
        if (*text == '.' && used <= 12) {
            if (!text_read_v4(group, bytes + used, &text)) return false;
            used += 4;
            break;
        }
        if (text == group) break;
        bytes[used++] = (uint8_t)(value >> 8);
        bytes[used++] = (uint8_t)value;
        if (*text != ':' || used == 16) break;
        if (hexadecimal(*++text) < 0 && *text != ':') return false;
    }
    if ((gap == UINT_MAX) != (used == 16)) return false;
    if (gap != UINT_MAX) {
        memmove(bytes + 16 - (used - gap), bytes + gap, used - gap);
        memset(bytes + gap, 0, 16 - used);
    }
    *end = text;
    return true;
}

void text_write_v4(const uint8_t bytes[4], char *text, size_t size) {
    snprintf(text, size, "%u.%u.%u.%u", bytes[0], bytes[1], bytes[2], bytes[3]);
}

/* The first of the longest runs of two or more groups that are 0; 8: there is none. */
static unsigned longest_run(const uint8_t bytes[16], unsigned *length) {
    unsigned best = 8;
    *length = 1;
    for (unsigned i = 0; i < 8; i++) {
        unsigned count = 0;
        while (i + count < 8 && bytes[2 * (i + count)] == 0 && bytes[2 * (i + count) + 1] == 0) count++;
        if (count <= *length) continue;
        best = i;
        *length = count;
    }
    return best;
}

/* An interface's identifier that has an IPv4 address in it (RFC 5214). */
static bool is_isatap(const uint8_t bytes[16]) {
    return (bytes[8] & 0xFD) == 0 && bytes[9] == 0 && bytes[10] == 0x5E && bytes[11] == 0xFE;
}

void text_write_v6(const uint8_t bytes[16], char *text, size_t size) {
    unsigned length = 0, run = longest_run(bytes, &length);
    bool is_v4 =
        (run == 0 && (length == 6 || (length == 5 && bytes[10] == 0xFF && bytes[11] == 0xFF))) || is_isatap(bytes);
    size_t used = 0;
    for (unsigned i = 0; i < 8; i++) {
        if (i == run) {
            used += (size_t)snprintf(text + used, size - used, "::");
            i += length - 1;
            continue;
        }
        if (i == 6 && is_v4) {
            text_write_v4(bytes + 12, text + used, size - used);
            return;
        }
        unsigned group = (unsigned)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
        used += (size_t)snprintf(text + used, size - used, "%x%s", group, i == 7 || i + 1 == run ? "" : ":");
    }
}

bool text_read_port(const char *text, uint16_t *port) {
    char *end = NULL;
    *port = 0;
    if (*text == '\0') return true;
    if (*text != ':' || !isdigit((unsigned char)text[1])) return false;
    unsigned long value = strtoul(text + 1, &end, 10);
    *port = (uint16_t)(value << 8 | value >> 8);
    return *end == '\0' && value <= 65535;
}
