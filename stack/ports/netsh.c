/* netsh's three commands about excluded port ranges (`netsh interface ipv4 add|delete|show excludedportrange`), run by
 * the calling process with its token. One exclusion covers both families; TCP and UDP are apart (T8.4.8, N4.3.5).
 *
 * Two stores: `active` is what is in effect until the next restart, `persistent` is what every restart brings back.
 * What is added to or deleted from the persistent store takes effect at once as well: administrators' recipes add a
 * persistent exclusion and count on it without a restart (SQL Server, WinNAT).
 *
 * ONE REASON FOR EACH ERROR, which netsh prints as the system's text. add and delete: ERROR_INVALID_PARAMETER (port 0,
 * no ports, past port 65535), ERROR_ELEVATION_REQUIRED or ERROR_ACCESS_DENIED for a process without the privilege
 * (Q101); it is unknown which of the two kinds comes first. add: ERROR_NOT_ENOUGH_MEMORY (our tables are full, or the
 * machine is out of it); ERROR_SHARING_VIOLATION for a port in use (Q33), a reservation (Q95), another exclusion (Q94).
 * delete: ERROR_ACCESS_DENIED for a range without netsh's mark (Q98, Q100), ERROR_NOT_FOUND or another for what is not
 * there (Q96), and for a part (Q97). show cannot fail: of what netsh lists it reports the one row that has the port, as
 * 8 bytes: enum netsh_row (2), first port (2), ports (4), little-endian. */
#include <assert.h>

#include "stack/errors.h"
#include "stack/ports/exclusions.h"
#include "stack/ports/listing.h"
#include "stack/ports/persistent.h"
#include "stack/ports/pool.h"
#include "stack/ports/port_store.h"
#include "stack/system/context.h"
#include "stack/system/privilege.h"

/* Arguments of add and delete, which are the same; show has the same `protocol`. */
enum {
    PROTOCOL = netsh_add_excludedportrange_protocol,
    START_PORT = netsh_add_excludedportrange_startport,
    NUMBER_OF_PORTS = netsh_add_excludedportrange_numberofports,
    CHANGED_STORE = netsh_add_excludedportrange_store,
};
_Static_assert((int)netsh_delete_excludedportrange_startport == START_PORT, "delete as add");
_Static_assert((int)netsh_delete_excludedportrange_numberofports == NUMBER_OF_PORTS, "delete as add");
_Static_assert((int)netsh_delete_excludedportrange_store == CHANGED_STORE, "delete as add");
_Static_assert((int)netsh_show_excludedportrange_protocol == PROTOCOL, "show as add");

enum { IPPROTO_NUMBER_OF_UDP = 17 };

/* What add and delete are about: `count` ports, `first` to `last`. */
struct wanted {
    enum protocol protocol;
    unsigned first, last, count;
    enum netsh_store store;
};

static enum protocol protocol_of(const struct context *context) {
    return context->call->arguments[PROTOCOL] == IPPROTO_NUMBER_OF_UDP ? PROTOCOL_UDP : PROTOCOL_TCP;
}

static struct wanted wanted_of(const struct context *context) {
    unsigned first = (uint16_t)context->call->arguments[START_PORT],
             count = (uint16_t)context->call->arguments[NUMBER_OF_PORTS];
    return (struct wanted){ .protocol = protocol_of(context),
                            .first = first,
                            .last = first + count - 1,
                            .count = count,
                            .store = (enum netsh_store)context->call->arguments[CHANGED_STORE] };
}

/* netsh is a program of its own: the caller's last error stays as it is. */
static void end(struct context *context, uint32_t error) {
    context->result->value = error;
    context->result->error = ERROR_UNTOUCHED;
}

/* ERROR_INVALID_PARAMETER; ERROR_ELEVATION_REQUIRED or ERROR_ACCESS_DENIED (Q101): parallel. */
static uint32_t unfit(struct context *context, const struct wanted *wanted) {
    struct violations violations = { 0 };
    bool in_range = wanted->first > 0 && wanted->count > 0 && wanted->first + wanted->count <= PORTS_END;
    violate_if(&violations, !in_range, ERROR_INVALID_PARAMETER);
    if (!may_run_netsh(context))
        violate(&violations, reading(context, Q101_NETSH_PRIVILEGE) == Q101_ELEVATION_REQUIRED
                                 ? ERROR_ELEVATION_REQUIRED
                                 : ERROR_ACCESS_DENIED);
    return violation_chosen(context, &violations);
}

/* The first range from row `from` on that has one of the ports and fits, or NO_ROW. */
static unsigned range_in(const struct world *world, const struct wanted *wanted, unsigned from,
                         bool (*fits)(const struct exclusion *row, enum netsh_store store)) {
    unsigned found = exclusion_overlapping(world, wanted->protocol, wanted->first, wanted->last, from);
    while (found != NO_ROW && !fits(world_exclusion_at(world, found), wanted->store))
        found = exclusion_overlapping(world, wanted->protocol, wanted->first, wanted->last, found + 1);
    return found;
}

/* --- add ---------------------------------------------------------------------------------------------------------- */

/* Does the exclusion stand in a store that the command writes? One that is persistent is written to both. */
static bool is_in_the_way(const struct exclusion *row, enum netsh_store store) {
    return row->state == EXCLUSION_ACTIVE || store == NETSH_PERSISTENT;
}

static bool overlaps_another(const struct world *world, const struct wanted *wanted, unsigned exact) {
    unsigned found = range_in(world, wanted, 0, is_in_the_way);
    if (found == exact && found != NO_ROW) found = range_in(world, wanted, found + 1, is_in_the_way);
    return found != NO_ROW;
}

/* Q95: a reservation has the port. */
static bool reservation_conflicts(struct context *context, const struct wanted *wanted, unsigned port) {
    const struct port_space both = { .protocol = wanted->protocol, .families = FAMILY_BOTH };
    unsigned reservation = pool_reservation_at(context->world, both, port);
    if (reservation == NO_ROW) return false;
    unsigned allowed = world_reservation_at(context->world, reservation)->kind == RESERVATION_RUNTIME
                           ? Q95_RUNTIME_ALLOWED
                           : Q95_PERSISTENT_ALLOWED;
    return reading(context, Q95_NETSH_ADD_OVER_RESERVATION) != allowed;
}

/* Why the range cannot be excluded, or 0. `exact`: the administered exclusion of these very ports, or NO_ROW. */
static uint32_t conflict_of(struct context *context, const struct wanted *wanted, unsigned exact) {
    static const uint32_t there[] = { [Q94_SHARING_VIOLATION] = ERROR_SHARING_VIOLATION,
                                      [Q94_OBJECT_ALREADY_EXISTS] = ERROR_OBJECT_ALREADY_EXISTS,
                                      [Q94_ACCEPTED] = 0 };
    const struct world *world = context->world;
    if (overlaps_another(world, wanted, exact)) return ERROR_SHARING_VIOLATION;
    if (exact != NO_ROW && is_in_the_way(world_exclusion_at(world, exact), wanted->store))
        return there[reading(context, Q94_NETSH_ADD_AGAIN)];
    for (unsigned port = wanted->first; port <= wanted->last; port++) {
        if (persistent_port_is_bound(context, wanted->protocol, port)) return ERROR_SHARING_VIOLATION;
        if (reservation_conflicts(context, wanted, port)) return ERROR_SHARING_VIOLATION;
    }
    return 0;
}

static uint32_t add(struct context *context, const struct wanted *wanted) {
    struct world *world = context->world;
    unsigned row = exclusion_exact(world, wanted->protocol, wanted->first, wanted->last);
    bool stored = row != NO_ROW && world_exclusion(world, row)->stored;
    bool stores = wanted->store == NETSH_PERSISTENT && !stored;
    if (world->no_memory || (stores && !port_store_has_room(world, wanted->protocol, 1)))
        return ERROR_NOT_ENOUGH_MEMORY;
    uint32_t error = conflict_of(context, wanted, row);
    if (error != 0) return error;
    if (row == NO_ROW) row = exclusion_add(world, wanted->protocol, wanted->first, wanted->last, true);
    if (row == NO_ROW) return ERROR_NOT_ENOUGH_MEMORY;
    exclusion_change(world, row, EXCLUSION_ACTIVE, stored || stores);
    if (stores) port_store_save(world, context->chooser, wanted->protocol);
    return 0;
}

void call_netsh_add_excludedportrange(struct context *context) {
    const struct wanted wanted = wanted_of(context);
    uint32_t error = unfit(context, &wanted);
    if (error == 0) error = add(context, &wanted);
    if (!port_store_power_is_lost(context)) end(context, error);
}

/* --- delete ------------------------------------------------------------------------------------------------------- */

static bool is_in_store(const struct exclusion *row, enum netsh_store store) {
    return store == NETSH_ACTIVE ? row->state == EXCLUSION_ACTIVE : row->stored != 0;
}

/* A part of an exclusion that stays, as far as there is room. */
static void keep(struct world *world, const struct exclusion *row, unsigned first, unsigned end,
                 enum exclusion_state state) {
    if (first >= end || (row->stored && !port_store_has_room(world, (enum protocol)row->protocol, 1))) return;
    unsigned made = exclusion_add(world, (enum protocol)row->protocol, first, end - 1, true);
    if (made != NO_ROW) exclusion_change(world, made, state, row->stored);
}

/* Q99: what is deleted from only the active store stays in the persistent one. */
static bool stays_stored(struct context *context, const struct exclusion *row, enum netsh_store store) {
    return store == NETSH_ACTIVE && row->stored && reading(context, Q99_NETSH_DELETE_STORE) == Q99_NAMED_ONE;
}

/* Takes the wanted ports out of an exclusion. True: the store has to be written. */
static bool take_out(struct context *context, unsigned exclusion, const struct wanted *wanted) {
    struct world *world = context->world;
    const struct exclusion row = *world_exclusion(world, exclusion);
    bool whole = wanted->first <= row.first && row.last <= wanted->last;
    bool stays = stays_stored(context, &row, wanted->store);
    if (whole && stays) {
        exclusion_change(world, exclusion, EXCLUSION_DORMANT, true);
        return false;
    }
    unsigned first = wanted->first > row.first ? wanted->first : row.first;
    unsigned last = wanted->last < row.last ? wanted->last : row.last;
    exclusion_change(world, exclusion, EXCLUSION_FREE, false);
    keep(world, &row, row.first, first, (enum exclusion_state)row.state);
    if (stays) keep(world, &row, first, last + 1, EXCLUSION_DORMANT);
    keep(world, &row, last + 1, row.last + 1u, (enum exclusion_state)row.state);
    return row.stored != 0;
}

static unsigned live_reservation_in(const struct world *world, const struct wanted *wanted) {
    const struct port_space both = { .protocol = wanted->protocol, .families = FAMILY_BOTH };
    for (unsigned port = wanted->first; port <= wanted->last; port++) {
        unsigned found = pool_reservation_at(world, both, port);
        if (found != NO_ROW) return found;
    }
    return NO_ROW;
}

static bool is_foreign(const struct exclusion *row, enum netsh_store store) {
    (void)store;
    return !row->administered;
}

/* A foreign range that has one of the ports, or NO_ROW. */
static unsigned foreign_range_in(const struct world *world, const struct wanted *wanted) {
    return range_in(world, wanted, 0, is_foreign);
}

/* Ranges that are not netsh's: refused. Q98=b: and yet the range is gone, when it is the one that was named. */
static uint32_t refuse_unmarked(struct context *context, const struct wanted *wanted, unsigned foreign,
                                unsigned reservation) {
    struct world *world = context->world;
    if (reading(context, Q98_NETSH_DELETE_UNMARKED) == Q98_ACCESS_DENIED) return ERROR_ACCESS_DENIED;
    if (foreign != NO_ROW) {
        const struct exclusion *row = world_exclusion(world, foreign);
        if (row->first == wanted->first && row->last == wanted->last)
            exclusion_change(world, foreign, EXCLUSION_FREE, false);
    } else {
        const struct reservation *row = world_reservation(world, reservation);
        if (row->first == wanted->first && row->count == wanted->count) reservation_drop(world, reservation);
    }
    return ERROR_ACCESS_DENIED;
}

/* Q100: a block that the functions of persistent reservations made. */
static uint32_t delete_persistent(struct context *context, const struct wanted *wanted) {
    if (wanted->store == NETSH_ACTIVE || reading(context, Q100_EACH_OTHERS_ENTRIES) == Q100_KEPT)
        return ERROR_ACCESS_DENIED;
    return persistent_delete_ports(context, wanted->protocol, wanted->first, wanted->count);
}

/* An exclusion that has one of the ports in the store that is named, or NO_ROW. */
static unsigned exclusion_in(const struct world *world, const struct wanted *wanted) {
    return range_in(world, wanted, 0, is_in_store);
}

/* Q96, Q97: no exclusion of exactly these ports. What is taken out is in the named store no more, so that the loop
 * ends. */
static uint32_t delete_part(struct context *context, const struct wanted *wanted) {
    unsigned found = exclusion_in(context->world, wanted);
    if (found == NO_ROW || reading(context, Q97_NETSH_DELETE_PART) == Q97_AS_MISSING)
        return reading(context, Q96_NETSH_DELETE_MISSING) == Q96_NOT_FOUND ? ERROR_NOT_FOUND : ERROR_FILE_NOT_FOUND;
    bool stored = false;
    for (; found != NO_ROW; found = exclusion_in(context->world, wanted)) stored |= take_out(context, found, wanted);
    if (stored) port_store_save(context->world, context->chooser, wanted->protocol);
    return 0;
}

static uint32_t delete (struct context *context, const struct wanted *wanted) {
    struct world *world = context->world;
    unsigned exact = exclusion_exact(world, wanted->protocol, wanted->first, wanted->last);
    bool named = exact != NO_ROW && is_in_store(world_exclusion_at(world, exact), wanted->store);
    if (exact != NO_ROW && (named || reading(context, Q99_NETSH_DELETE_STORE) == Q99_BOTH)) {
        if (take_out(context, exact, wanted)) port_store_save(world, context->chooser, wanted->protocol);
        return 0;
    }
    unsigned foreign = foreign_range_in(world, wanted), reservation = live_reservation_in(world, wanted);
    bool persistent = reservation != NO_ROW && world_reservation_at(world, reservation)->kind == RESERVATION_PERSISTENT;
    if (foreign == NO_ROW && persistent) return delete_persistent(context, wanted);
    if (foreign != NO_ROW || reservation != NO_ROW) return refuse_unmarked(context, wanted, foreign, reservation);
    return delete_part(context, wanted);
}

void call_netsh_delete_excludedportrange(struct context *context) {
    const struct wanted wanted = wanted_of(context);
    uint32_t error = unfit(context, &wanted);
    if (error == 0) error = delete (context, &wanted);
    if (!port_store_power_is_lost(context)) end(context, error);
}

/* --- show --------------------------------------------------------------------------------------------------------- */

/* Q36 matters where a reservation has the port. */
static unsigned visibility_at(struct context *context, enum protocol protocol, enum netsh_store store, unsigned port) {
    for (unsigned i = 0; i < world_top(context->world, TABLE_RESERVATIONS); i++) {
        const struct reservation *row = world_reservation(context->world, i);
        if (!reservation_is_live(row) || row->protocol != protocol || port < row->first ||
            port >= row->first + row->count)
            continue;
        if (row->kind == RESERVATION_PERSISTENT || store == NETSH_ACTIVE) return reading(context, Q36_NETSH_LIST);
    }
    return Q36_UNMARKED;
}

void call_netsh_show_excludedportrange(struct context *context) {
    const struct call *call = context->call;
    unsigned port = (uint16_t)call->arguments[netsh_show_excludedportrange_port];
    struct listing listing = { .world = context->world,
                               .protocol = protocol_of(context),
                               .store = (enum netsh_store)call->arguments[netsh_show_excludedportrange_store] };
    listing.visibility = visibility_at(context, listing.protocol, listing.store, port);
    struct listed_range range = { 0 };
    uint8_t row[NETSH_ROW_SIZE] = { 0 };
    if (listing_find(&listing, port, &range)) {
        store_u16(row, range.administered ? NETSH_ROW_ADMINISTERED : NETSH_ROW_UNMARKED);
        store_u16(row + 2, (uint16_t)range.first);
        store_u32(row + 4, range.last - range.first + 1);
    }
    result_write(context->result, call->arguments[netsh_show_excludedportrange_row], row, sizeof row);
    end(context, 0);
}
