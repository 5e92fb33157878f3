#include "conformance/port_view.h"

#include <assert.h>

struct port_row {
    unsigned first, last;
    bool administered;
};

/* Rows stand in two tables of the world; one index runs through both. */
static unsigned rows_top(const struct world *world) {
    return world_top(world, TABLE_EXCLUSIONS) + world_top(world, TABLE_RESERVATIONS);
}

/* The row at `index`; false when it is free, of the other protocol, or has no ports. */
static bool row_at(const struct world *world, enum protocol protocol, unsigned index, struct port_row *row) {
    unsigned exclusions = world_top(world, TABLE_EXCLUSIONS);
    assert(index < rows_top(world));
    if (index < exclusions) {
        const struct exclusion *exclusion = world_exclusion_at(world, index);
        *row = (struct port_row){ exclusion->first, exclusion->last, exclusion->administered != 0 };
        return exclusion->used && exclusion->protocol == protocol;
    }
    const struct reservation *reservation = world_reservation_at(world, index - exclusions);
    if (reservation->kind != RESERVATION_RUNTIME || reservation->protocol != protocol || reservation->count == 0) return false;
    *row = (struct port_row){ reservation->first, reservation->first + reservation->count - 1, false };
    return true;
}

/* Rows are ordered by first port; equal ones (blocks of two families, Q34=b) by their place in the world. */
static bool comes_before(unsigned first, unsigned index, unsigned other_first, unsigned other_index) {
    return first != other_first ? first < other_first : index < other_index;
}

/* The row behind *row, which is the one at *index (-1: none yet); false when there is none. */
static bool next_row(const struct world *world, enum protocol protocol, int *index, struct port_row *row) {
    unsigned after = row->first;
    int found = -1;
    for (unsigned i = 0; i < rows_top(world); i++) {
        struct port_row candidate;
        if (!row_at(world, protocol, i, &candidate)) continue;
        if (*index >= 0 && !comes_before(after, (unsigned)*index, candidate.first, i)) continue;
        if (found >= 0 && !comes_before(candidate.first, i, row->first, (unsigned)found)) continue;
        found = (int)i;
        *row = candidate;
    }
    *index = found;
    return found >= 0;
}

static void print_protocol(const struct world *world, enum protocol protocol, struct text *out) {
    struct port_row row = { 0, 0, false };
    int index = -1;
    text_add(out, "Protocol %s Port Exclusion Ranges\n\n", protocol == PROTOCOL_TCP ? "tcp" : "udp");
    text_add(out, "Start Port    End Port\n----------    --------\n");
    while (next_row(world, protocol, &index, &row))
        text_add(out, "%10u    %8u%s\n", row.first, row.last, row.administered ? "     *" : "");
}

void port_view_print(const struct world *world, struct text *out) {
    assert(world != NULL && out != NULL);
    print_protocol(world, PROTOCOL_TCP, out);
    text_add(out, "\n");
    print_protocol(world, PROTOCOL_UDP, out);
    text_add(out, "\n* - Administered port exclusions.\n");
}
