#include "stack/transport/datagrams.h"

#include <assert.h>

#include "stack/ports/pool.h"
#include "stack/sdk/network_event_values.h"
#include "stack/transport/network_events.h"
#include "stack/transport/wire/address.h"
#include "stack/transport/wire/packets.h"

/* Does a connected socket hear from anybody but its peer? No. */
static bool hears(const struct world *world, const struct socket_row *row, const struct endpoint *source) {
    if (row->state != SOCKET_CONNECTED || row->connection == NO_ROW) return true;
    const struct tcp_connection *peer = &world_connection_at(world, row->connection)->tcp;
    struct endpoint remote = { .family = peer->family, .port = peer->remote_port };
    for (unsigned i = 0; i < sizeof remote.address.bytes; i++) remote.address.bytes[i] = peer->remote_address[i];
    return remote.port == source->port && endpoint_same_address(&remote, source);
}

/* How well a socket fits: a connected one before a specific one before the wildcard; 0: not at all. */
static unsigned fit(const struct world *world, const struct socket_row *row, const struct segment *segment) {
    struct endpoint held = socket_endpoint(row);
    unsigned family = segment->destination.family == 4 ? FAMILY_V4 : FAMILY_V6;
    if ((socket_families(row) & family) == 0 || !hears(world, row, &segment->source)) return 0;
    if (endpoint_is_wildcard(&held)) return 1;
    if (!endpoint_same_address(&held, &segment->destination)) return 0;
    return row->state == SOCKET_CONNECTED ? 3 : 2;
}

/* The best fit; among equals the one that was bound first, as far as rows tell (F36: only the first receives). */
static unsigned receiver_of(const struct world *world, const struct segment *segment) {
    unsigned found = NO_ROW, best = 0;
    unsigned i = pool_next_socket(world, PROTOCOL_UDP, segment->destination.port, NO_ROW);
    for (; i != NO_ROW; i = pool_next_socket(world, PROTOCOL_UDP, segment->destination.port, i)) {
        unsigned fits = fit(world, world_socket_at(world, i), segment);
        if (fits <= best) continue;
        best = fits;
        found = i;
    }
    return found;
}

static void add(struct world *world, struct chooser *chooser, unsigned socket, const struct segment *segment,
                const uint8_t *payload) {
    if (datagram_add(world, socket, segment, payload)) network_event_happened(world, chooser, socket, FD_READ);
}

/* What ICMP would tell the sender: that no one receives at `segment`'s destination. It needs no packet of its own,
 * because there is no router in between. */
static void tell_sender(struct world *world, struct chooser *chooser, const struct segment *segment) {
    struct segment back = *segment;
    back.source = segment->destination;
    back.destination = segment->source;
    unsigned sender = receiver_of(world, &back);
    if (sender != NO_ROW && world_socket(world, sender)->udp_connreset) add(world, chooser, sender, &back, NULL);
}

void datagram_arrive(struct world *world, struct chooser *chooser, const struct segment *segment,
                     const uint8_t *payload) {
    assert(segment->protocol == PROTOCOL_UDP);
    unsigned receiver = receiver_of(world, segment);
    if (receiver == NO_ROW) tell_sender(world, chooser, segment);
    else add(world, chooser, receiver, segment, payload);
}
