/* The constants of the real API that the language knows, and what the control codes carry in and out.
 * Values: facts section 1 (SDK headers). Error names and NTSTATUS names stand in stack/errors.h. */
#ifndef RESERVOIR_CONFORMANCE_CONSTANTS_H
#define RESERVOIR_CONFORMANCE_CONSTANTS_H

#include <stdint.h>

struct constant {
    const char *name;
    unsigned name_length;
    int64_t value;
};

/* By name (`length` bytes), or NULL. Static memory. */
const struct constant *constant_named(const char *name, unsigned length);

/* The name of a control code or a wait result, or NULL. */
const char *control_code_name(uint32_t code);
const char *wait_result_name(uint32_t value);

/* The known constant or error or status name nearest to what was written (Levenshtein distance at most a third of its
 * length), or NULL when nothing is near. */
const char *constant_nearest(const char *name, unsigned length);

enum layout {
    LAYOUT_NONE,
    LAYOUT_BYTES,         /* no structure of ours */
    LAYOUT_PORT_RANGE,    /* {StartPort (network order), NumberOfPorts} 4 bytes */
    LAYOUT_PORT_TOKEN,    /* {Token} 8 bytes */
    LAYOUT_PORT_INSTANCE, /* {StartPort, NumberOfPorts, Token} 16 bytes */
    LAYOUT_KEEPALIVE,     /* {onoff, keepalivetime, keepaliveinterval} 3 x 4 bytes */
    LAYOUT_U32,           /* {value} 4 bytes */
    LAYOUT_U16,           /* {value} 2 bytes */
};

struct control_layout {
    uint32_t code;
    enum layout input;
    enum layout output;
};

/* What a control code carries; {LAYOUT_BYTES, LAYOUT_BYTES} for one that is not in the table. */
struct control_layout control_layout_of(uint32_t code);

/* Size in bytes and number of fields of a layout (0 for NONE and BYTES). */
uint32_t layout_size(enum layout layout);
unsigned layout_fields_count(enum layout layout);
/* Name of a field; NULL past the last. */
const char *layout_field_name(enum layout layout, unsigned index);

#endif
