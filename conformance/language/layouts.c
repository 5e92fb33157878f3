#include "conformance/language/layouts.h"

#include <assert.h>
#include <stddef.h>

struct control_layout control_layout_of(uint32_t code) {
    static const struct control_layout controls[] = {
        { 0x98000064, LAYOUT_PORT_RANGE, LAYOUT_PORT_INSTANCE }, /* ACQUIRE */
        { 0x98000065, LAYOUT_PORT_TOKEN, LAYOUT_NONE },          /* RELEASE */
        { 0x98000066, LAYOUT_PORT_TOKEN, LAYOUT_NONE },          /* ASSOCIATE */
        { 0x98000004, LAYOUT_KEEPALIVE, LAYOUT_NONE },           /* KEEPALIVE_VALS */
        { 0x98000015, LAYOUT_U16, LAYOUT_NONE },                 /* CPU_AFFINITY: a processor's number */
        { 0x28000004, LAYOUT_NONE, LAYOUT_NONE },                /* FLUSH */
        { 0x28000017, LAYOUT_NONE, LAYOUT_NONE },                /* ADDRESS_LIST_CHANGE */
        { 0x48000022, LAYOUT_NONE, LAYOUT_BYTES },               /* BASE_HANDLE */
        { 0x4004747F, LAYOUT_NONE, LAYOUT_BYTES },               /* GET_INTERFACE_LIST */
        { 0x8004667E, LAYOUT_U32, LAYOUT_NONE },                 /* FIONBIO */
        { 0x8004667D, LAYOUT_U32, LAYOUT_NONE },                 /* FIOASYNC */
        { 0x4004667F, LAYOUT_NONE, LAYOUT_U32 },                 /* FIONREAD */
    };
    for (unsigned i = 0; i < sizeof controls / sizeof controls[0]; i++) {
        if (controls[i].code == code) return controls[i];
    }
    return (struct control_layout){ code, LAYOUT_BYTES, LAYOUT_BYTES };
}

/* Sizes and fields of the layouts, in one table. */
static const struct {
    uint32_t size;
    unsigned fields_count;
    const char *fields[3];
} layouts[] = {
    [LAYOUT_NONE] = { 0, 0, { NULL } },
    [LAYOUT_BYTES] = { 0, 0, { NULL } },
    [LAYOUT_PORT_RANGE] = { 4, 2, { "StartPort", "NumberOfPorts" } },
    [LAYOUT_PORT_TOKEN] = { 8, 1, { "Token" } },
    [LAYOUT_PORT_INSTANCE] = { 16, 3, { "StartPort", "NumberOfPorts", "Token" } },
    [LAYOUT_KEEPALIVE] = { 12, 3, { "onoff", "keepalivetime", "keepaliveinterval" } },
    [LAYOUT_U32] = { 4, 1, { "value" } },
    [LAYOUT_U16] = { 2, 1, { "value" } },
};

uint32_t layout_size(enum layout layout) {
    assert((unsigned)layout < sizeof layouts / sizeof layouts[0]);
    return layouts[layout].size;
}

unsigned layout_fields_count(enum layout layout) {
    assert((unsigned)layout < sizeof layouts / sizeof layouts[0]);
    return layouts[layout].fields_count;
}

const char *layout_field_name(enum layout layout, unsigned index) {
    assert((unsigned)layout < sizeof layouts / sizeof layouts[0]);
    return index < layouts[layout].fields_count ? layouts[layout].fields[index] : NULL;
}
