#include "conformance/language/layouts.h"

#include <assert.h>
#include <stddef.h>

#include "stack/sdk/control_values.h"
#include "stack/sdk/socket_values.h"

struct control_layout control_layout_of(uint32_t code) {
    static const struct control_layout controls[] = {
        { SIO_ACQUIRE_PORT_RESERVATION, LAYOUT_PORT_RANGE, LAYOUT_PORT_INSTANCE },
        { SIO_RELEASE_PORT_RESERVATION, LAYOUT_PORT_TOKEN, LAYOUT_NONE },
        { SIO_ASSOCIATE_PORT_RESERVATION, LAYOUT_PORT_TOKEN, LAYOUT_NONE },
        { SIO_KEEPALIVE_VALS, LAYOUT_KEEPALIVE, LAYOUT_NONE },
        { SIO_CPU_AFFINITY, LAYOUT_U16, LAYOUT_NONE }, /* a processor's number */
        { SIO_FLUSH, LAYOUT_NONE, LAYOUT_NONE },
        { SIO_ADDRESS_LIST_CHANGE, LAYOUT_NONE, LAYOUT_NONE },
        { SIO_BASE_HANDLE, LAYOUT_NONE, LAYOUT_OPAQUE },
        { SIO_GET_INTERFACE_LIST, LAYOUT_NONE, LAYOUT_OPAQUE },
        { SIO_GET_EXTENSION_FUNCTION_POINTER, LAYOUT_BYTES, LAYOUT_OPAQUE },
        { SIO_UDP_CONNRESET, LAYOUT_U32, LAYOUT_NONE },
        { SIO_UDP_NETRESET, LAYOUT_U32, LAYOUT_NONE },
        { SIO_LOOPBACK_FAST_PATH, LAYOUT_U32, LAYOUT_NONE },
        { FIONBIO, LAYOUT_U32, LAYOUT_NONE },
        { FIOASYNC, LAYOUT_U32, LAYOUT_NONE },
        { FIONREAD, LAYOUT_NONE, LAYOUT_U32 },
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
    [LAYOUT_OPAQUE] = { 0, 0, { NULL } },
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
