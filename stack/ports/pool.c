#include "stack/ports/pool.h"

#include <assert.h>

#include "stack/chains.h"
#include "stack/ports/exclusions.h"
#include "stack/ports/port_index.h"

/* Whatever tables of a large world have, its index says of most ports at once that no exclusion covers them. */
static bool sockets_alone(const struct world *world, enum protocol protocol, unsigned port) {
    return port_index_present(world) && port_index_sockets_alone(world, protocol, port);
}

unsigned pool_reservation_at(const struct world *world, struct port_space space, unsigned port) {
    assert(port < PORTS_END);
    if (port_index_present(world))
        return port_index_reservation(world, space.protocol, space.families_apart ? space.families : FAMILY_BOTH, port);
    for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++) {
        const struct reservation *reservation = world_reservation_at(world, i);
        if (!reservation_is_live(reservation) || reservation->protocol != space.protocol) continue;
        if (space.families_apart && (reservation->families & space.families) == 0) continue;
        if (port >= reservation->first && port < reservation->first + reservation->count) return i;
    }
    return NO_ROW;
}

unsigned pool_exclusion_at(const struct world *world, enum protocol protocol, unsigned port) {
    assert(port < PORTS_END);
    if (sockets_alone(world, protocol, port)) return NO_ROW;
    for (unsigned i = 0; i < world_top(world, TABLE_EXCLUSIONS); i++) {
        const struct exclusion *exclusion = world_exclusion_at(world, i);
        if (exclusion->state == EXCLUSION_ACTIVE && exclusion->protocol == protocol && port >= exclusion->first &&
            port <= exclusion->last)
            return i;
    }
    return NO_ROW;
}

bool pool_port_bound(const struct world *world, struct port_space space, unsigned port) {
    assert(port < PORTS_END);
    if (port_index_present(world))
        return port_index_next_held(world, space.protocol, VIEW_SOCKETS, space.families, port, port) == port;
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKETS); i++) {
        const struct socket_row *socket = world_socket_at(world, i);
        if (socket->port != port || !socket_holds_port(socket) || socket->protocol != space.protocol) continue;
        if ((socket_families(socket) & space.families) != 0) return true;
    }
    return false;
}

unsigned pool_next_socket(const struct world *world, enum protocol protocol, unsigned port, unsigned after) {
    assert(port < PORTS_END);
    if (port_index_present(world)) return port_index_next_socket(world, protocol, port, after);
    for (unsigned i = after == NO_ROW ? 0 : after + 1; i < world_top(world, TABLE_SOCKETS); i++) {
        const struct socket_row *socket = world_socket_at(world, i);
        if (socket->port == port && socket_holds_port(socket) && socket->protocol == protocol) return i;
    }
    return NO_ROW;
}

bool pool_port_closing(const struct world *world, struct port_space space, unsigned port) {
    if (space.protocol != PROTOCOL_TCP) return false;
    unsigned i = port_connection_first(world, port);
    for (; i != NO_ROW; i = port_connection_next(world, i)) {
        const struct connection_row *row = world_connection_at(world, i);
        if (row->socket != NO_ROW || row->listener != NO_ROW || row->tcp.local_port != port) continue;
        if ((space.families & (row->tcp.family == 4 ? FAMILY_V4 : FAMILY_V6)) != 0) return true;
    }
    return false;
}

static bool closing_counts(const struct world *world, struct port_space space, unsigned port) {
    return space.with_closing && pool_port_closing(world, space, port);
}

/* The last port of whatever holds `port`, so that a search can continue after it; PORTS_END when nothing holds it. */
static unsigned held_until(const struct world *world, struct port_space space, unsigned port) {
    unsigned reservation = pool_reservation_at(world, space, port);
    if (reservation != NO_ROW) {
        const struct reservation *row = world_reservation_at(world, reservation);
        return row->first + row->count - 1;
    }
    unsigned exclusion = pool_exclusion_at(world, space.protocol, port);
    if (exclusion != NO_ROW) return world_exclusion_at(world, exclusion)->last;
    bool held = pool_port_bound(world, space, port) || closing_counts(world, space, port);
    return held ? port : (unsigned)PORTS_END;
}

/* The first port that first..end has of from..last, PORTS_END when they share none; an empty range has end < first. */
static unsigned first_shared(unsigned from, unsigned last, unsigned first, unsigned end) {
    unsigned port = first > from ? first : from;
    return port <= end && port <= last ? port : (unsigned)PORTS_END;
}

static unsigned lesser(unsigned one, unsigned other) { return one < other ? one : other; }

/* The first port of from..last that anything holds, PORTS_END when all are free. It looks at each row once, however
 * many ports there are. */
static unsigned first_held(const struct world *world, struct port_space space, unsigned from, unsigned last) {
    unsigned held = PORTS_END;
    for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++) {
        const struct reservation *row = world_reservation_at(world, i);
        if (!reservation_is_live(row) || row->protocol != space.protocol || row->count == 0) continue;
        if (space.families_apart && (row->families & space.families) == 0) continue;
        held = lesser(held, first_shared(from, last, row->first, row->first + row->count - 1));
    }
    for (unsigned i = 0; i < world_top(world, TABLE_EXCLUSIONS); i++) {
        const struct exclusion *row = world_exclusion_at(world, i);
        if (row->state != EXCLUSION_ACTIVE || row->protocol != space.protocol) continue;
        held = lesser(held, first_shared(from, last, row->first, row->last));
    }
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKETS); i++) {
        const struct socket_row *row = world_socket_at(world, i);
        if (!socket_holds_port(row) || row->protocol != space.protocol) continue;
        if ((socket_families(row) & space.families) == 0) continue;
        held = lesser(held, first_shared(from, last, row->port, row->port));
    }
    if (!space.with_closing || world_top(world, TABLE_CONNECTIONS) == 0) return held;
    unsigned port = from;
    while (port < held && port <= last && !closing_counts(world, space, port)) port++;
    return port <= last ? lesser(held, port) : held;
}

static enum view_kind view_of_space(struct port_space space) {
    return space.families_apart ? VIEW_ALL_FAMILIES_APART : VIEW_ALL;
}

bool pool_port_free(const struct world *world, struct port_space space, unsigned port) {
    return held_until(world, space, port) == PORTS_END;
}

/* The index knows sockets, reservations and exclusions. */
static unsigned next_by_index(const struct world *world, struct port_space space, enum view_kind view, unsigned from,
                              unsigned last) {
    unsigned port = port_index_next_free(world, space.protocol, view, space.families, from, last);
    while (port != PORTS_END && closing_counts(world, space, port))
        port = port == last ? (unsigned)PORTS_END
                            : port_index_next_free(world, space.protocol, view, space.families, port + 1, last);
    return port;
}

static unsigned next_run_by_index(const struct world *world, struct port_space space, unsigned from, unsigned last,
                                  unsigned count) {
    for (unsigned start = from; start <= last;) {
        start = port_index_next_run(world, space.protocol, view_of_space(space), space.families, start, last, count);
        if (start == PORTS_END || !space.with_closing) return start;
        unsigned port = start;
        while (port < start + count && !closing_counts(world, space, port)) port++;
        if (port == start + count) return start;
        start = port + 1;
    }
    return PORTS_END;
}

unsigned pool_next_free(const struct world *world, struct port_space space, unsigned from, unsigned last) {
    assert(last < PORTS_END);
    if (port_index_present(world)) return next_by_index(world, space, view_of_space(space), from, last);
    for (unsigned port = from; port <= last;) {
        unsigned held = held_until(world, space, port);
        if (held == PORTS_END) return port;
        assert(held >= port);
        port = held + 1;
    }
    return PORTS_END;
}

unsigned pool_next_run(const struct world *world, struct port_space space, unsigned from, unsigned last,
                       unsigned count) {
    assert(count >= 1);
    assert(last < PORTS_END);
    if (port_index_present(world)) return next_run_by_index(world, space, from, last, count);
    unsigned start = from;
    while (start + count - 1 <= last) {
        unsigned held = first_held(world, space, start, start + count - 1);
        if (held == PORTS_END) return start;
        start = held_until(world, space, held) + 1;
    }
    return PORTS_END;
}

unsigned pool_next_unbound(const struct world *world, struct port_space space, unsigned from, unsigned last) {
    assert(last < PORTS_END);
    if (port_index_present(world)) return next_by_index(world, space, VIEW_SOCKETS, from, last);
    for (unsigned port = from; port <= last; port++)
        if (!pool_port_bound(world, space, port) && !closing_counts(world, space, port)) return port;
    return PORTS_END;
}

/* --- by token, by socket ------------------------------------------------------------------------------------------ */

/* In which chain of a large world a row with this token stands. */
static unsigned bucket_of(const struct world *world, uint64_t token) {
    assert(token != 0);
    return (unsigned)((token * UINT64_C(0x9E3779B97F4A7C15)) >> 32) % world->limits.reservations;
}

static unsigned next_with_token_by_index(const struct world *world, uint64_t token, unsigned after) {
    unsigned bucket = bucket_of(world, token);
    do after = chain_next(world, CHAIN_TOKENS, bucket, after);
    while (after != NO_ROW && world_reservation_at(world, after)->token != token);
    return after;
}

/* The next row that has the token, whatever is known of it, after row `after` (NO_ROW: the first), or NO_ROW. */
static unsigned next_with_token(const struct world *world, uint64_t token, unsigned after) {
    if (chains_present(world)) return next_with_token_by_index(world, token, after);
    for (unsigned i = after == NO_ROW ? 0 : after + 1; i < world_top(world, TABLE_RESERVATIONS); i++) {
        const struct reservation *row = world_reservation_at(world, i);
        if (row->kind != RESERVATION_FREE && row->token == token) return i;
    }
    return NO_ROW;
}

/* The reservation of the protocol with a token of which this is known, or NO_ROW. */
static unsigned token_of(const struct world *world, enum protocol protocol, uint64_t token, enum token_state state) {
    if (token == 0) return NO_ROW;
    for (unsigned i = next_with_token(world, token, NO_ROW); i != NO_ROW; i = next_with_token(world, token, i)) {
        const struct reservation *row = world_reservation_at(world, i);
        if (row->token_state == state && row->protocol == protocol) return i;
    }
    return NO_ROW;
}

static enum protocol other_protocol(enum protocol protocol) {
    return protocol == PROTOCOL_TCP ? PROTOCOL_UDP : PROTOCOL_TCP;
}

static unsigned meant_by(const struct world *world, enum protocol protocol, uint64_t token, enum token_state state) {
    unsigned own = token_of(world, protocol, token, state);
    return own != NO_ROW ? own : token_of(world, other_protocol(protocol), token, state);
}

unsigned pool_find_token(const struct world *world, enum protocol protocol, uint64_t token) {
    return meant_by(world, protocol, token, TOKEN_REPORTED);
}

unsigned pool_find_old_token(const struct world *world, enum protocol protocol, uint64_t token) {
    return meant_by(world, protocol, token, TOKEN_OLD);
}

unsigned pool_next_acquired(const struct world *world, unsigned socket, unsigned after) {
    if (chains_present(world)) return chain_next(world, CHAIN_ACQUIRED, socket, after);
    for (unsigned i = after == NO_ROW ? 0 : after + 1; i < world_top(world, TABLE_RESERVATIONS); i++) {
        const struct reservation *row = world_reservation_at(world, i);
        if (row->kind == RESERVATION_RUNTIME && row->socket == socket) return i;
    }
    return NO_ROW;
}

unsigned pool_next_associated(const struct world *world, unsigned reservation, unsigned after) {
    assert(reservation_is_live(world_reservation_at(world, reservation)));
    if (chains_present(world)) return chain_next(world, CHAIN_ASSOCIATED, reservation, after);
    for (unsigned i = after == NO_ROW ? 0 : after + 1; i < world_top(world, TABLE_SOCKETS); i++) {
        const struct socket_row *row = world_socket_at(world, i);
        if (row->state != SOCKET_FREE && pool_association(world, row) == reservation) return i;
    }
    return NO_ROW;
}

void pool_associate(struct world *world, unsigned socket, unsigned reservation) {
    struct socket_row *row = world_socket(world, socket);
    unsigned before = pool_association(world, row);
    if (before != NO_ROW) chain_remove(world, CHAIN_ASSOCIATED, before, socket);
    row->reservation = (uint16_t)reservation;
    row->reservation_serial = reservation == NO_ROW ? 0 : world_reservation(world, reservation)->serial;
    if (reservation != NO_ROW) chain_append(world, CHAIN_ASSOCIATED, reservation, socket);
}

unsigned pool_association(const struct world *world, const struct socket_row *socket) {
    if (socket->reservation == NO_ROW) return NO_ROW;
    const struct reservation *reservation = world_reservation_at(world, socket->reservation);
    bool same = reservation_is_live(reservation) && reservation->serial == socket->reservation_serial;
    return same ? socket->reservation : (unsigned)NO_ROW;
}

bool pool_reservation_in_use(const struct world *world, unsigned reservation) {
    for (unsigned i = pool_next_associated(world, reservation, NO_ROW); i != NO_ROW;
         i = pool_next_associated(world, reservation, i))
        if (socket_holds_port(world_socket_at(world, i))) return true; /* one that AcceptEx connected has another */
    return false;
}

bool pool_reservation_associated(const struct world *world, unsigned reservation) {
    return pool_next_associated(world, reservation, NO_ROW) != NO_ROW;
}

struct token_search {
    const struct world *world;
    enum protocol protocol;
    unsigned own;     /* the reservation that the token is for, or NO_ROW */
    bool may_stay;    /* it may get the token that its row holds */
    bool may_collide; /* it may be one of the other protocol's */
};

static bool is_live_token(const struct world *world, enum protocol protocol, uint64_t token) {
    unsigned found = token_of(world, protocol, token, TOKEN_REPORTED);
    return found != NO_ROW && reservation_is_live(world_reservation_at(world, found));
}

static bool token_is_free(const struct choice_set *set, uint64_t token) {
    const struct token_search *search = set->context;
    if (token == 0) return false;
    if (search->own != NO_ROW && world_reservation_at(search->world, search->own)->token == token)
        return search->may_stay;
    if (is_live_token(search->world, search->protocol, token)) return false;
    return search->may_collide || !is_live_token(search->world, other_protocol(search->protocol), token);
}

static bool next_free_token(const struct choice_set *set, uint64_t from, uint64_t *member) {
    for (uint64_t token = from; token != 0; token++) {
        if (!token_is_free(set, token)) continue;
        *member = token;
        return true;
    }
    return false;
}

enum { ALL_TOMBSTONES = 0 }; /* the owner of their one chain */

/* The next tombstone after row `after` (NO_ROW: the first); in a large world in the order of their serials. */
static unsigned next_tombstone(const struct world *world, unsigned after) {
    if (chains_present(world)) return chain_next(world, CHAIN_TOMBSTONES, ALL_TOMBSTONES, after);
    for (unsigned i = after == NO_ROW ? 0 : after + 1; i < world_top(world, TABLE_RESERVATIONS); i++)
        if (world_reservation_at(world, i)->kind == RESERVATION_RELEASED) return i;
    return NO_ROW;
}

/* The tombstone of the reservation that was granted first, but not `except`, or NO_ROW. *count receives how many there
 * are. */
static unsigned oldest_tombstone(const struct world *world, unsigned except, unsigned *count) {
    unsigned oldest = NO_ROW;
    *count = 0;
    for (unsigned i = next_tombstone(world, NO_ROW); i != NO_ROW; i = next_tombstone(world, i)) {
        const struct reservation *row = world_reservation_at(world, i);
        ++*count;
        if (i != except && (oldest == NO_ROW || row->serial < world_reservation_at(world, oldest)->serial)) oldest = i;
    }
    return oldest;
}

static void bury(struct world *world, unsigned tombstone) {
    if (!chains_present(world)) return;
    uint32_t serial = world_reservation(world, tombstone)->serial;
    unsigned after = chain_before(world, CHAIN_TOMBSTONES, ALL_TOMBSTONES, NO_ROW);
    while (after != NO_ROW && world_reservation(world, after)->serial > serial)
        after = chain_before(world, CHAIN_TOMBSTONES, ALL_TOMBSTONES, after);
    chain_link(world, CHAIN_TOMBSTONES, ALL_TOMBSTONES, tombstone, after);
}

/* A free row, else the oldest tombstone's. */
static unsigned take_reservation(struct world *world) {
    uint8_t full = world->full;
    unsigned index = world_take(world, TABLE_RESERVATIONS);
    if (index != NO_ROW) return index;
    unsigned count = 0;
    unsigned oldest = oldest_tombstone(world, NO_ROW, &count);
    if (oldest == NO_ROW) return NO_ROW;
    reservation_drop(world, oldest);
    world->full = full; /* there is room after all */
    return world_take(world, TABLE_RESERVATIONS);
}

/* The token has just been reused: a tombstone that had it goes, and an old one of a persistent reservation is old for
 * good; the other protocol's stay where tokens are counted apart. */
static void take_token_away(struct world *world, const struct token_search *search, uint64_t token) {
    for (unsigned i = next_with_token(world, token, NO_ROW), after; i != NO_ROW; i = after) {
        struct reservation *row = world_reservation(world, i);
        after = next_with_token(world, token, i);
        if (search->may_collide && row->protocol != search->protocol) continue;
        if (row->kind == RESERVATION_RELEASED) reservation_drop(world, i);
        else if (i != search->own && row->token_state == TOKEN_OLD) row->token_state = TOKEN_CHANGED;
    }
}

/* Where an ordinary machine would look first: tokens count reservations, and one that may stay is not the first choice.
 * One whose protocols count apart gives what it gave the other protocol last. */
static uint64_t first_choice(const struct token_search *search) {
    const struct world *world = search->world;
    const struct reservation *row = search->own == NO_ROW ? NULL : world_reservation_at(world, search->own);
    if (search->may_stay) return row->token + 1 == 0 ? 1 : row->token + 1;
    uint64_t wanted = row == NULL ? world->reservation_serial + UINT64_C(1) : row->serial;
    bool again = search->may_collide && is_live_token(world, other_protocol(search->protocol), wanted - 1) &&
                 token_of(world, search->protocol, wanted - 1, TOKEN_REPORTED) == NO_ROW;
    return again ? wanted - 1 : wanted;
}

/* Q23 is asked where it matters: where the other protocol has reservations. */
static bool may_collide(struct world *world, struct chooser *chooser, enum protocol protocol) {
    return world->live_reservations[other_protocol(protocol)] > 0 &&
           world_reading(world, chooser, Q23_TOKEN_VALUES) == Q23_MAY_COLLIDE;
}

static uint64_t draw_token(struct world *world, struct chooser *chooser, enum protocol protocol, unsigned own,
                           bool may_stay) {
    const struct token_search search = { .world = world,
                                         .protocol = protocol,
                                         .own = own,
                                         .may_stay = may_stay,
                                         .may_collide = may_collide(world, chooser, protocol) };
    const struct choice_set set = { .contains = token_is_free,
                                    .next = next_free_token,
                                    .first = 1,
                                    .last = UINT64_MAX,
                                    .start = first_choice(&search),
                                    .floor = 1,
                                    .ceiling = 0,
                                    .context = &search };
    uint64_t token = choose_member(chooser, CHOICE_TOKEN, &set);
    take_token_away(world, &search, token);
    return token;
}

/* A row gets this token, which may be 0: none. */
static void set_token(struct world *world, unsigned index, uint64_t token) {
    struct reservation *row = world_reservation(world, index);
    if (row->token != 0) chain_remove(world, CHAIN_TOKENS, bucket_of(world, row->token), index);
    row->token = token;
    if (token != 0) chain_append(world, CHAIN_TOKENS, bucket_of(world, token), index);
}

/* How many runtime reservations of the protocol belong to this row's one family; NULL for a row that is of no such
 * kind. */
static uint16_t *granted_like(struct world *world, const struct reservation *row) {
    if (row->kind != RESERVATION_RUNTIME || row->families == FAMILY_BOTH) return NULL;
    return &world->granted[row->protocol][row->families == FAMILY_V6];
}

/* A live row's place among those of its ports, its socket and its kind; out of it again. */
static void enter_live(struct world *world, unsigned index) {
    const struct reservation *row = world_reservation(world, index);
    struct holder holder = reservation_holder(world, index);
    uint16_t *granted = granted_like(world, row);
    port_index_add(world, &holder);
    if (row->kind == RESERVATION_RUNTIME) chain_append(world, CHAIN_ACQUIRED, row->socket, index);
    if (granted != NULL) ++*granted;
    world->live_reservations[row->protocol]++;
}

static void leave_live(struct world *world, unsigned index) {
    const struct reservation *row = world_reservation(world, index);
    struct holder holder = reservation_holder(world, index);
    uint16_t *granted = granted_like(world, row);
    port_index_remove(world, &holder);
    if (row->kind == RESERVATION_RUNTIME) chain_remove(world, CHAIN_ACQUIRED, row->socket, index);
    if (granted != NULL) --*granted;
    world->live_reservations[row->protocol]--;
    /* Sockets that were associated keep the fact that they were. */
    while (chains_present(world) && chain_next(world, CHAIN_ASSOCIATED, index, NO_ROW) != NO_ROW)
        chain_remove(world, CHAIN_ASSOCIATED, index, chain_next(world, CHAIN_ASSOCIATED, index, NO_ROW));
}

/* Puts a new row in its place. */
static void enter(struct world *world, unsigned index, const struct reservation *made) {
    if (index >= world->tops[TABLE_RESERVATIONS]) world_take_at(world, TABLE_RESERVATIONS, index);
    struct reservation *row = world_reservation(world, index);
    assert(row->kind == RESERVATION_FREE && made->first + made->count <= PORTS_END);
    *row = *made;
    row->serial = ++world->reservation_serial;
    row->token = 0;
    set_token(world, index, made->token);
    enter_live(world, index);
}

void reservations_count_from(struct world *world, uint32_t serial) {
    assert(world_top(world, TABLE_RESERVATIONS) == 0);
    assert(world->reservation_serial == 0);
    world->reservation_serial = serial;
}

unsigned reservation_grant(struct world *world, struct chooser *chooser, unsigned process, unsigned socket,
                           unsigned first, unsigned count) {
    assert(first + count <= PORTS_END);
    const struct socket_row *acquirer = world_socket(world, socket);
    assert(acquirer->state != SOCKET_FREE);
    unsigned index = take_reservation(world);
    if (index == NO_ROW) return NO_ROW;
    uint64_t token = draw_token(world, chooser, (enum protocol)acquirer->protocol, NO_ROW, false);
    const struct reservation made = { .kind = RESERVATION_RUNTIME,
                                      .protocol = acquirer->protocol,
                                      .family = acquirer->family,
                                      .families = (uint8_t)socket_families(acquirer),
                                      .first = (uint16_t)first,
                                      .count = count,
                                      .process = (uint16_t)process,
                                      .socket = (uint16_t)socket,
                                      .token = token };
    enter(world, index, &made);
    world->block_cursor[made.protocol] = first + count;
    return index;
}

unsigned reservation_persist(struct world *world, enum protocol protocol, unsigned first, unsigned count) {
    assert(first > 0 && count > 0 && first + count <= PORTS_END);
    unsigned index = take_reservation(world);
    if (index == NO_ROW) return NO_ROW;
    const struct reservation made = { .kind = RESERVATION_PERSISTENT,
                                      .protocol = (uint8_t)protocol,
                                      .families = FAMILY_BOTH,
                                      .first = (uint16_t)first,
                                      .count = count,
                                      .process = NO_ROW,
                                      .socket = NO_ROW,
                                      .token_state = TOKEN_CHANGED };
    enter(world, index, &made);
    return index;
}

void reservation_give_token(struct world *world, struct chooser *chooser, unsigned reservation, bool may_stay) {
    struct reservation *row = world_reservation(world, reservation);
    assert(row->kind == RESERVATION_PERSISTENT);
    set_token(world, reservation, draw_token(world, chooser, (enum protocol)row->protocol, reservation, may_stay));
    row->token_state = TOKEN_REPORTED;
}

void reservation_narrow(struct world *world, unsigned reservation, unsigned first, unsigned count) {
    struct reservation *row = world_reservation(world, reservation);
    assert(row->kind == RESERVATION_PERSISTENT && count > 0);
    assert(first >= row->first && first + count <= row->first + row->count);
    struct holder holder = reservation_holder(world, reservation);
    port_index_remove(world, &holder);
    row->first = (uint16_t)first;
    row->count = count;
    row->cursor = 0;
    holder = reservation_holder(world, reservation);
    port_index_add(world, &holder);
}

void reservation_release(struct world *world, unsigned reservation) {
    struct reservation *row = world_reservation(world, reservation);
    assert(row->kind == RESERVATION_RUNTIME);
    leave_live(world, reservation);
    *row = (struct reservation){ .kind = RESERVATION_RELEASED,
                                 .protocol = row->protocol,
                                 .process = row->process,
                                 .serial = row->serial,
                                 .token = row->token };
    bury(world, reservation);
    unsigned count = 0;
    unsigned oldest = oldest_tombstone(world, reservation, &count);
    if (count > TOMBSTONES_MAX) reservation_drop(world, oldest);
}

void reservation_drop(struct world *world, unsigned reservation) {
    const struct reservation *row = world_reservation(world, reservation);
    assert(row->kind != RESERVATION_FREE);
    if (reservation_is_live(row)) leave_live(world, reservation);
    else chain_remove(world, CHAIN_TOMBSTONES, ALL_TOMBSTONES, reservation);
    set_token(world, reservation, 0);
    world_free(world, TABLE_RESERVATIONS, reservation);
}

void reservation_drop_of_socket(struct world *world, unsigned socket) {
    for (unsigned i = pool_next_acquired(world, socket, NO_ROW), after; i != NO_ROW; i = after) {
        after = pool_next_acquired(world, socket, i);
        reservation_drop(world, i);
    }
}

bool reservation_held_on(const struct world *world, unsigned process, unsigned socket) {
    for (unsigned i = pool_next_acquired(world, socket, NO_ROW); i != NO_ROW; i = pool_next_acquired(world, socket, i))
        if (world_reservation_at(world, i)->process == process) return true;
    return false;
}

void reservation_drop_of_owner(struct world *world, unsigned process, unsigned socket) {
    assert(world_socket(world, socket)->references > 0);
    for (unsigned i = pool_next_acquired(world, socket, NO_ROW), after; i != NO_ROW; i = after) {
        after = pool_next_acquired(world, socket, i);
        if (world_reservation(world, i)->process == process) reservation_drop(world, i);
    }
}

void reservation_drop_of_process(struct world *world, unsigned process) {
    for (unsigned i = world_top(world, TABLE_RESERVATIONS); i-- > 0;) {
        struct reservation *row = world_reservation(world, i);
        if (row->kind == RESERVATION_FREE || row->process != process) continue;
        if (row->kind == RESERVATION_RELEASED) reservation_drop(world, i);
        else row->process = NO_ROW;
    }
}

static bool spaces_meet(const struct world *world, const struct reservation *one, const struct reservation *other) {
    if (one->protocol != other->protocol) return false;
    bool families_apart = world_remembers(world, Q34_FAMILIES, Q34_APART);
    return !families_apart || (one->families & other->families) != 0;
}

/* Q31=b lets a persistent block lie over runtime reservations. */
static bool may_overlap(const struct world *world, const struct reservation *one, const struct reservation *other) {
    return one->kind != other->kind && world_remembers(world, Q31_PERSISTENT_OVER_RUNTIME, Q31_ALLOWED);
}

static const char *check_pair(const struct world *world, const struct reservation *one,
                              const struct reservation *other) {
    if (one->serial == other->serial) return "P4: two live reservations have the same serial";
    bool overlap = one->first < other->first + other->count && other->first < one->first + one->count;
    if (overlap && one->count > 0 && other->count > 0 && spaces_meet(world, one, other) &&
        !may_overlap(world, one, other))
        return "P2: two live reservations overlap";
    return NULL;
}

static const char *check_row(const struct world *world, const struct reservation *row) {
    bool persistent = row->kind == RESERVATION_PERSISTENT;
    if (row->first + row->count > PORTS_END) return "P1: a reservation ends after port 65535";
    if (row->count > 0 && row->first == 0) return "P1: a reservation begins at port 0";
    if (row->process != NO_ROW && (persistent || !world_process_at(world, row->process)->alive))
        return "P1: a reservation's process is dead";
    if (persistent ? row->socket != NO_ROW : world_socket_at(world, row->socket)->state == SOCKET_FREE)
        return "P1: a reservation's socket is closed";
    if (row->token_state == TOKEN_REPORTED && row->token == 0) return "P3: a live token is 0";
    if (row->serial == 0 || row->serial > world->reservation_serial) return "P4: a serial was never given";
    return NULL;
}

static bool has_its_token(const struct world *world, unsigned index) {
    const struct reservation *row = world_reservation_at(world, index);
    enum protocol protocol = (enum protocol)row->protocol, other = other_protocol(protocol);
    if (row->token == 0 || row->token_state != TOKEN_REPORTED) return true;
    bool apart = world_remembers(world, Q23_TOKEN_VALUES, Q23_MAY_COLLIDE);
    return token_of(world, protocol, row->token, TOKEN_REPORTED) == index &&
           (apart || token_of(world, other, row->token, TOKEN_REPORTED) == NO_ROW);
}

/* Is each row where it is looked for, and nowhere else? */
static const char *check_places(const struct world *world) {
    unsigned granted[PROTOCOLS_COUNT][2] = { { 0 } }, live[PROTOCOLS_COUNT] = { 0 };
    unsigned tokens = 0, acquired = 0, associated = 0, tombstones = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++) {
        const struct reservation *row = world_reservation_at(world, i);
        if (row->kind == RESERVATION_FREE) continue;
        tokens += row->token != 0;
        if (!has_its_token(world, i)) return "P3: two reservations have the same token, or a token is not found";
        live[row->protocol] += reservation_is_live(row);
        acquired += row->kind == RESERVATION_RUNTIME;
        tombstones += row->kind == RESERVATION_RELEASED;
        if (row->kind == RESERVATION_RUNTIME && row->families != FAMILY_BOTH)
            granted[row->protocol][row->families == FAMILY_V6]++;
    }
    for (unsigned i = 0; i < PROTOCOLS_COUNT * 2; i++)
        if (granted[i / 2][i % 2] != world->granted[i / 2][i % 2]) return "P6: world.granted is wrong";
    if (live[PROTOCOL_TCP] != world->live_reservations[PROTOCOL_TCP] ||
        live[PROTOCOL_UDP] != world->live_reservations[PROTOCOL_UDP])
        return "P6: world.live_reservations is wrong";
    if (!chains_present(world)) return NULL;
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKETS); i++) {
        const struct socket_row *row = world_socket_at(world, i);
        associated += row->state != SOCKET_FREE && pool_association(world, row) != NO_ROW;
        acquired -= chain_count(world, CHAIN_ACQUIRED, i);
        for (unsigned k = pool_next_acquired(world, i, NO_ROW); k != NO_ROW; k = pool_next_acquired(world, i, k))
            if (world_reservation_at(world, k)->socket != i) return "P7: a socket's chain is not what it acquired";
    }
    for (unsigned i = 0; i < world->limits.reservations; i++) {
        tokens -= chain_count(world, CHAIN_TOKENS, i);
        associated -= chain_count(world, CHAIN_ASSOCIATED, i);
        for (unsigned k = chain_next(world, CHAIN_ASSOCIATED, i, NO_ROW); k != NO_ROW;
             k = chain_next(world, CHAIN_ASSOCIATED, i, k))
            if (pool_association(world, world_socket_at(world, k)) != i)
                return "P7: a reservation's chain does not hold its sockets";
    }
    tombstones -= chain_count(world, CHAIN_TOMBSTONES, ALL_TOMBSTONES);
    return tokens == 0 && acquired == 0 && associated == 0 && tombstones == 0
               ? NULL
               : "P7: a row is in no chain, or in one too many";
}

const char *pool_check(const struct world *world) {
    assert(world != NULL);
    const char *broken_part = port_index_check(world);
    if (broken_part == NULL) broken_part = exclusions_check(world);
    if (broken_part == NULL) broken_part = check_places(world);
    if (broken_part != NULL) return broken_part;
    for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++) {
        const struct reservation *row = world_reservation_at(world, i);
        if (!reservation_is_live(row)) continue;
        const char *broken = check_row(world, row);
        if (broken != NULL) return broken;
        for (unsigned k = i + 1; k < world_top(world, TABLE_RESERVATIONS); k++) {
            const struct reservation *other = world_reservation_at(world, k);
            broken = reservation_is_live(other) ? check_pair(world, row, other) : NULL;
            if (broken != NULL) return broken;
        }
    }
    return NULL;
}
