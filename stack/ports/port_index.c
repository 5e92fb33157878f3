#include "stack/ports/port_index.h"

#include <assert.h>

enum { WORDS = PORTS_END / 64, SUMMARY_WORDS = WORDS / 64, FAMILY_SETS = 3 };

static const uint64_t ALL_ONES = UINT64_MAX;

struct port_view {
    uint16_t counts[PORTS_END];
    uint64_t held[WORDS];
    uint64_t full[SUMMARY_WORDS];
    uint64_t any[SUMMARY_WORDS];
};

/* Links of a chain are rows + 1, so that zeroed memory is an index of nothing. */
struct port_index {
    struct port_view views[PROTOCOLS_COUNT][VIEW_KINDS_COUNT][FAMILY_SETS];
    uint16_t first_sockets[PROTOCOLS_COUNT][PORTS_END];
    uint16_t next_sockets[PORTS_END]; /* of each row */
};

_Static_assert(sizeof(struct port_index) == PORT_INDEX_BYTES, "world.h knows the size");

bool port_index_present(const struct world *world) { return world->index_offset != 0; }

static struct port_index *index_of(const struct world *world) {
    assert(port_index_present(world));
    uint8_t *base = (uint8_t *)(uintptr_t)world + world->index_offset;
    return (struct port_index *)(void *)base;
}

static struct port_view *view_of(const struct world *world, enum protocol protocol, enum view_kind kind,
                                 unsigned families) {
    assert(families >= 1 && families <= FAMILY_SETS);
    return &index_of(world)->views[protocol][kind][families - 1];
}

static unsigned lowest_bit(uint64_t word) {
    assert(word != 0);
    return (unsigned)__builtin_ctzll(word);
}

static void set_bit(uint64_t *words, unsigned bit, bool on) {
    uint64_t mask = UINT64_C(1) << bit % 64;
    if (on) words[bit / 64] |= mask;
    else words[bit / 64] &= ~mask;
}

static void mark(struct port_view *view, unsigned port, bool held) {
    set_bit(view->held, port, held);
    uint64_t word = view->held[port / 64];
    set_bit(view->full, port / 64, word == ALL_ONES);
    set_bit(view->any, port / 64, word != 0);
}

static void change(struct port_view *view, const struct holder *holder, int by) {
    assert(holder->first + holder->count <= PORTS_END);
    for (unsigned port = holder->first; port < holder->first + holder->count; port++) {
        assert(by > 0 || view->counts[port] > 0);
        view->counts[port] = (uint16_t)(view->counts[port] + by);
        if (view->counts[port] == (by > 0 ? 1 : 0)) mark(view, port, by > 0);
    }
}

static bool view_sees(enum view_kind kind, unsigned families, const struct holder *holder) {
    bool meets = (families & holder->families) != 0;
    switch (holder->kind) {
    case HOLDER_SOCKET: return meets;
    case HOLDER_EXCLUSION: return kind != VIEW_SOCKETS;
    case HOLDER_RESERVATION: return kind == VIEW_ALL || (kind == VIEW_ALL_FAMILIES_APART && meets);
    }
    assert(!"a holder of no kind");
    return false;
}

static void change_all(struct world *world, const struct holder *holder, int by) {
    if (!port_index_present(world)) return;
    for (unsigned kind = 0; kind < VIEW_KINDS_COUNT; kind++)
        for (unsigned families = 1; families <= FAMILY_SETS; families++)
            if (view_sees((enum view_kind)kind, families, holder))
                change(view_of(world, holder->protocol, (enum view_kind)kind, families), holder, by);
}

/* The link that names the socket, or would name it: the first one that does not name a lower row. */
static uint16_t *link_to(struct port_index *index, const struct holder *holder) {
    uint16_t *link = &index->first_sockets[holder->protocol][holder->first];
    while (*link != 0 && *link < holder->socket + 1) link = &index->next_sockets[*link - 1];
    return link;
}

static void chain(struct world *world, const struct holder *holder) {
    assert(holder->socket < NO_ROW && holder->count == 1);
    struct port_index *index = index_of(world);
    uint16_t *link = link_to(index, holder);
    assert(*link != holder->socket + 1);
    index->next_sockets[holder->socket] = *link;
    *link = (uint16_t)(holder->socket + 1);
}

static void unchain(struct world *world, const struct holder *holder) {
    struct port_index *index = index_of(world);
    uint16_t *link = link_to(index, holder);
    assert(*link == holder->socket + 1);
    *link = index->next_sockets[holder->socket];
    index->next_sockets[holder->socket] = 0;
}

void port_index_add(struct world *world, const struct holder *holder) {
    change_all(world, holder, 1);
    if (port_index_present(world) && holder->kind == HOLDER_SOCKET) chain(world, holder);
}

void port_index_remove(struct world *world, const struct holder *holder) {
    change_all(world, holder, -1);
    if (port_index_present(world) && holder->kind == HOLDER_SOCKET) unchain(world, holder);
}

unsigned port_index_next_socket(const struct world *world, enum protocol protocol, unsigned port, unsigned after) {
    assert(protocol < PROTOCOLS_COUNT && port < PORTS_END);
    const struct port_index *index = index_of(world);
    uint16_t link = after == NO_ROW ? index->first_sockets[protocol][port] : index->next_sockets[after];
    return link == 0 ? (unsigned)NO_ROW : link - 1u;
}

bool port_index_sockets_alone(const struct world *world, enum protocol protocol, unsigned port) {
    assert(port < PORTS_END);
    const struct port_view *all = view_of(world, protocol, VIEW_ALL, FAMILY_BOTH);
    return all->counts[port] == view_of(world, protocol, VIEW_SOCKETS, FAMILY_BOTH)->counts[port];
}

/* The first set bit at or after `from` among the words, each word inverted by `inverted`; `summary` says which words
 * cannot have one (set: skip it, when skip_set; clear: skip it, otherwise). */
static unsigned next_word(const uint64_t *summary, bool skip_set, unsigned from) {
    for (unsigned place = from / 64; place < SUMMARY_WORDS; place++) {
        uint64_t candidates = skip_set ? ~summary[place] : summary[place];
        if (place == from / 64) candidates &= ALL_ONES << from % 64;
        if (candidates != 0) return place * 64 + lowest_bit(candidates);
    }
    return WORDS;
}

static unsigned next_bit(const struct port_view *view, bool held, unsigned from, unsigned last) {
    assert(last < PORTS_END);
    if (from > last) return PORTS_END;
    uint64_t first = (held ? view->held[from / 64] : ~view->held[from / 64]) & ALL_ONES << from % 64;
    unsigned found = PORTS_END;
    if (first != 0) {
        found = from / 64 * 64 + lowest_bit(first);
    } else if (from / 64 + 1 < WORDS) {
        unsigned word = next_word(held ? view->any : view->full, !held, from / 64 + 1);
        if (word < WORDS) found = word * 64 + lowest_bit(held ? view->held[word] : ~view->held[word]);
    }
    return found <= last ? found : (unsigned)PORTS_END;
}

unsigned port_index_next_free(const struct world *world, enum protocol protocol, enum view_kind kind, unsigned families,
                              unsigned from, unsigned last) {
    return next_bit(view_of(world, protocol, kind, families), false, from, last);
}

unsigned port_index_next_held(const struct world *world, enum protocol protocol, enum view_kind kind, unsigned families,
                              unsigned from, unsigned last) {
    return next_bit(view_of(world, protocol, kind, families), true, from, last);
}

/* --- invariants ----------------------------------------------------------------------------------------------- */

static unsigned holders_seen(const struct world *world, enum protocol protocol, enum view_kind kind, unsigned families,
                             unsigned port) {
    unsigned seen = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKETS); i++) {
        const struct socket_row *row = world_socket_at(world, i);
        if (!socket_holds_port(row) || row->port != port || row->protocol != protocol) continue;
        seen += (socket_families(row) & families) != 0;
    }
    if (kind == VIEW_SOCKETS) return seen;
    for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++) {
        const struct reservation *row = world_reservation_at(world, i);
        if (!reservation_is_live(row) || row->protocol != protocol) continue;
        if (port < row->first || port >= row->first + row->count) continue;
        seen += kind == VIEW_ALL || (row->families & families) != 0;
    }
    for (unsigned i = 0; i < world_top(world, TABLE_EXCLUSIONS); i++) {
        const struct exclusion *row = world_exclusion_at(world, i);
        seen += row->state == EXCLUSION_ACTIVE && row->protocol == protocol && port >= row->first && port <= row->last;
    }
    return seen;
}

static const char *check_view(const struct world *world, enum protocol protocol, enum view_kind kind,
                              unsigned families) {
    const struct port_view *view = view_of(world, protocol, kind, families);
    for (unsigned port = 0; port < PORTS_END; port++) {
        bool bit = (view->held[port / 64] >> port % 64 & 1) != 0;
        if (bit != (view->counts[port] != 0)) return "X2: a port's bit and its count differ";
        if (bit && view->counts[port] != holders_seen(world, protocol, kind, families, port))
            return "X1: a port's count is not the number of its holders";
    }
    for (unsigned word = 0; word < WORDS; word++) {
        if (((view->full[word / 64] >> word % 64 & 1) != 0) != (view->held[word] == ALL_ONES))
            return "X2: `full` is wrong";
        if (((view->any[word / 64] >> word % 64 & 1) != 0) != (view->held[word] != 0)) return "X2: `any` is wrong";
    }
    return NULL;
}

static const char *check_chains(const struct world *world) {
    unsigned chained = 0, bound = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKETS); i++)
        bound += socket_holds_port(world_socket_at(world, i));
    for (unsigned protocol = 0; protocol < PROTOCOLS_COUNT; protocol++)
        for (unsigned port = 0; port < PORTS_END; port++) {
            unsigned last = NO_ROW;
            unsigned socket = port_index_next_socket(world, (enum protocol)protocol, port, NO_ROW);
            for (; socket != NO_ROW; socket = port_index_next_socket(world, (enum protocol)protocol, port, socket)) {
                const struct socket_row *row = world_socket_at(world, socket);
                if (last != NO_ROW && socket <= last) return "X3: a port's chain is not in ascending order";
                if (!socket_holds_port(row) || row->port != port || row->protocol != protocol)
                    return "X3: a port's chain has a socket that is not bound to it";
                last = socket;
                chained++;
            }
        }
    return chained == bound ? NULL : "X3: a bound socket is in no chain";
}

const char *port_index_check(const struct world *world) {
    if (!port_index_present(world)) return NULL;
    const char *broken_chain = check_chains(world);
    if (broken_chain != NULL) return broken_chain;
    for (unsigned protocol = 0; protocol < PROTOCOLS_COUNT; protocol++)
        for (unsigned kind = 0; kind < VIEW_KINDS_COUNT; kind++)
            for (unsigned families = 1; families <= FAMILY_SETS; families++) {
                const char *broken = check_view(world, (enum protocol)protocol, (enum view_kind)kind, families);
                if (broken != NULL) return broken;
            }
    return NULL;
}
