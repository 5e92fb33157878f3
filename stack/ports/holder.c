#include "stack/ports/holder.h"

#include <assert.h>

unsigned socket_families(const struct socket_row *socket) {
    assert(socket->family == 4 || socket->family == 6);
    if (socket->family == 4) return FAMILY_V4;
    return socket->v6only ? FAMILY_V6 : FAMILY_BOTH;
}

bool socket_holds_port(const struct socket_row *socket) { return socket->state >= SOCKET_BOUND && !socket->accepted; }

bool reservation_is_live(const struct reservation *reservation) {
    return reservation->kind == RESERVATION_RUNTIME || reservation->kind == RESERVATION_PERSISTENT;
}

struct holder socket_holder(const struct world *world, unsigned socket) {
    const struct socket_row *row = world_socket_at(world, socket);
    assert(socket_holds_port(row));
    return (struct holder){ .kind = HOLDER_SOCKET,
                            .protocol = (enum protocol)row->protocol,
                            .families = socket_families(row),
                            .first = row->port,
                            .count = 1,
                            .row = socket };
}

struct holder reservation_holder(const struct world *world, unsigned index) {
    const struct reservation *reservation = world_reservation_at(world, index);
    assert(reservation_is_live(reservation));
    return (struct holder){ .kind = HOLDER_RESERVATION,
                            .protocol = (enum protocol)reservation->protocol,
                            .families = reservation->families,
                            .first = reservation->first,
                            .count = reservation->count,
                            .row = index,
                            .persistent = reservation->kind == RESERVATION_PERSISTENT };
}

struct holder exclusion_holder(const struct exclusion *exclusion) {
    assert(exclusion->first <= exclusion->last);
    return (struct holder){ .kind = HOLDER_EXCLUSION,
                            .protocol = (enum protocol)exclusion->protocol,
                            .families = FAMILY_BOTH,
                            .first = exclusion->first,
                            .count = exclusion->last - exclusion->first + 1u };
}
