/* What control codes carry in and out: structures, their sizes, and the names of their fields. */
#ifndef RESERVOIR_CONFORMANCE_LAYOUTS_H
#define RESERVOIR_CONFORMANCE_LAYOUTS_H

#include <stdint.h>

enum layout {
    LAYOUT_NONE,
    LAYOUT_BYTES,  /* no structure of ours */
    LAYOUT_OPAQUE, /* the machine's own: handles, pointers, addresses; only whether something was stored is observed */
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

/* Size in bytes and number of fields of a layout (0 for NONE, BYTES and OPAQUE). */
uint32_t layout_size(enum layout layout);
unsigned layout_fields_count(enum layout layout);
/* Name of a field; NULL past the last. */
const char *layout_field_name(enum layout layout, unsigned index);

#endif
