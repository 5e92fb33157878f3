#include "conformance/stage/port_view.h"

#include <assert.h>

#include "stack/ports/listing.h"

static void print_protocol(const struct world *world, enum protocol protocol, struct text *out) {
    struct listing listing = { .world = world, .protocol = protocol, .store = NETSH_ACTIVE };
    struct listed_range range = { 0 };
    int index = -1;
    if (world_asked(world, Q36_NETSH_LIST)) listing.visibility = world->readings[Q36_NETSH_LIST] - 1u;
    text_add(out, "Protocol %s Port Exclusion Ranges\n\n", protocol == PROTOCOL_TCP ? "tcp" : "udp");
    text_add(out, "Start Port    End Port\n----------    --------\n");
    while (listing_next(&listing, &index, &range))
        text_add(out, "%10u    %8u%s\n", range.first, range.last, range.administered ? "     *" : "");
}

void port_view_print(const struct world *world, struct text *out) {
    assert(world != NULL && out != NULL);
    print_protocol(world, PROTOCOL_TCP, out);
    text_add(out, "\n");
    print_protocol(world, PROTOCOL_UDP, out);
    text_add(out, "\n* - Administered port exclusions.\n");
}
