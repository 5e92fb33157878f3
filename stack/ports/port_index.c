#include "stack/ports/port_index.h"

#include <assert.h>
#include <string.h>

enum { WORDS = PORTS_END / 64, SUMMARY_WORDS = WORDS / 64, FAMILY_SETS = 3 };

/* Live reservations of one layer never overlap (P2): one of both families stands in the first two. */
enum layer { LAYER_V4, LAYER_V6, LAYER_PERSISTENT, LAYERS };

static const uint64_t ALL_ONES = UINT64_MAX;

/* Who holds a port, told apart so far that each view can be made of these: sockets by family, reservations by layer,
 * exclusions. */
enum source {
    SOURCE_SOCKETS_V4,
    SOURCE_SOCKETS_V6,
    SOURCE_LAYERS,
    SOURCE_EXCLUSIONS = SOURCE_LAYERS + LAYERS,
    SOURCES
};

struct port_view {
    uint64_t held[WORDS];
    uint64_t full[SUMMARY_WORDS];
    uint64_t any[SUMMARY_WORDS];
};

/* Links of a chain are rows + 1, so that zeroed memory is an index of nothing. */
struct port_index {
    uint64_t sources[PROTOCOLS_COUNT][SOURCES][WORDS];
    struct port_view views[PROTOCOLS_COUNT][VIEW_KINDS_COUNT][FAMILY_SETS];
    uint16_t first_sockets[PROTOCOLS_COUNT][PORTS_END];
    uint16_t next_sockets[PORTS_END]; /* of each row */
    uint16_t reservations[PROTOCOLS_COUNT][LAYERS][PORTS_END];
};

_Static_assert(sizeof(struct port_index) == PORT_INDEX_BYTES, "world.h knows the size");

bool port_index_present(const struct world *world) { return world->index_offset != 0; }

static struct port_index *index_of(const struct world *world) {
    assert(port_index_present(world));
    uint8_t *base = (uint8_t *)(uintptr_t)world + world->index_offset;
    return (struct port_index *)(void *)base;
}

static const struct port_view *view_of(const struct world *world, enum protocol protocol, enum view_kind kind,
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

/* --- views of sources ------------------------------------------------------------------------------------------- */

/* What a view holds of the 64 ports of a word. Persistent reservations and exclusions are of both families. */
static uint64_t held_in_view(const uint64_t sources[SOURCES][WORDS], enum view_kind kind, unsigned families,
                             unsigned word) {
    uint64_t held = 0;
    for (unsigned family = 0; family < 2; family++)
        if ((families >> family & 1) != 0) held |= sources[SOURCE_SOCKETS_V4 + family][word];
    if (kind == VIEW_SOCKETS) return held;
    for (unsigned layer = 0; layer < LAYERS; layer++) {
        bool meets = layer == LAYER_PERSISTENT || (families >> layer & 1) != 0;
        if (kind == VIEW_ALL || meets) held |= sources[SOURCE_LAYERS + layer][word];
    }
    return held | sources[SOURCE_EXCLUSIONS][word];
}

/* The sources of these ports have changed. */
static void refresh(struct port_index *index, enum protocol protocol, unsigned first, unsigned last) {
    for (unsigned word = first / 64; word <= last / 64; word++)
        for (unsigned kind = 0; kind < VIEW_KINDS_COUNT; kind++)
            for (unsigned families = 1; families <= FAMILY_SETS; families++) {
                struct port_view *view = &index->views[protocol][kind][families - 1];
                view->held[word] = held_in_view(index->sources[protocol], (enum view_kind)kind, families, word);
                set_bit(view->full, word, view->held[word] == ALL_ONES);
                set_bit(view->any, word, view->held[word] != 0);
            }
}

static void set_range(uint64_t *words, unsigned first, unsigned count, bool on) {
    assert(first + count <= PORTS_END);
    for (unsigned port = first; port < first + count;) {
        unsigned end = (port / 64 + 1) * 64 < first + count ? (port / 64 + 1) * 64 : first + count;
        uint64_t mask = (end - port == 64 ? ALL_ONES : (UINT64_C(1) << (end - port)) - 1) << port % 64;
        words[port / 64] = on ? words[port / 64] | mask : words[port / 64] & ~mask;
        port = end;
    }
}

/* --- who comes and goes ----------------------------------------------------------------------------------------- */

/* The link that names the socket, or would name it: the first one that does not name a lower row. */
static uint16_t *link_to(struct port_index *index, const struct holder *holder) {
    uint16_t *link = &index->first_sockets[holder->protocol][holder->first];
    while (*link != 0 && *link < holder->row + 1) link = &index->next_sockets[*link - 1];
    return link;
}

static void chain(struct world *world, const struct holder *holder) {
    assert(holder->row < NO_ROW && holder->count == 1);
    struct port_index *index = index_of(world);
    uint16_t *link = link_to(index, holder);
    assert(*link != holder->row + 1);
    index->next_sockets[holder->row] = *link;
    *link = (uint16_t)(holder->row + 1);
}

static void unchain(struct world *world, const struct holder *holder) {
    struct port_index *index = index_of(world);
    uint16_t *link = link_to(index, holder);
    assert(*link == holder->row + 1);
    *link = index->next_sockets[holder->row];
    index->next_sockets[holder->row] = 0;
}

static unsigned families_of_chain(const struct world *world, enum protocol protocol, unsigned port) {
    unsigned families = 0;
    unsigned socket = port_index_next_socket(world, protocol, port, NO_ROW);
    for (; socket != NO_ROW; socket = port_index_next_socket(world, protocol, port, socket))
        families |= socket_families(world_socket_at(world, socket));
    return families;
}

/* The sockets of a port are others now. */
static void note_sockets(struct world *world, const struct holder *holder) {
    unsigned families = families_of_chain(world, holder->protocol, holder->first);
    for (unsigned family = 0; family < 2; family++)
        set_bit(index_of(world)->sources[holder->protocol][SOURCE_SOCKETS_V4 + family], holder->first,
                (families >> family & 1) != 0);
}

/* Writes `link` at each port of a reservation, where `expected` stands. */
static void enter_reservation(struct world *world, const struct holder *holder, unsigned expected, unsigned link) {
    struct port_index *index = index_of(world);
    for (unsigned layer = 0; layer < LAYERS; layer++) {
        bool meets = layer == LAYER_PERSISTENT ? holder->persistent
                                               : !holder->persistent && (holder->families >> layer & 1) != 0;
        if (!meets) continue;
        uint16_t *ports = &index->reservations[holder->protocol][layer][holder->first];
        for (unsigned i = 0; i < holder->count; i++) {
            assert(ports[i] == expected);
            ports[i] = (uint16_t)link;
        }
        set_range(index->sources[holder->protocol][SOURCE_LAYERS + layer], holder->first, holder->count, link != 0);
    }
    (void)expected;
}

/* Exclusions may overlap. */
static void note_exclusions(struct world *world, const struct holder *holder) {
    uint64_t *excluded = index_of(world)->sources[holder->protocol][SOURCE_EXCLUSIONS];
    set_range(excluded, holder->first, holder->count, false);
    for (unsigned i = 0; i < world_top(world, TABLE_EXCLUSIONS); i++) {
        const struct exclusion *row = world_exclusion_at(world, i);
        if (row->state != EXCLUSION_ACTIVE || row->protocol != holder->protocol) continue;
        if (row->first < holder->first + holder->count && holder->first <= row->last)
            set_range(excluded, row->first, row->last - row->first + 1u, true);
    }
}

void port_index_add(struct world *world, const struct holder *holder) {
    if (!port_index_present(world) || holder->count == 0) return;
    struct port_index *index = index_of(world);
    switch (holder->kind) {
    case HOLDER_SOCKET:
        chain(world, holder);
        note_sockets(world, holder);
        break;
    case HOLDER_RESERVATION: enter_reservation(world, holder, 0, holder->row + 1); break;
    case HOLDER_EXCLUSION:
        set_range(index->sources[holder->protocol][SOURCE_EXCLUSIONS], holder->first, holder->count, true);
        break;
    }
    refresh(index, holder->protocol, holder->first, holder->first + holder->count - 1);
}

void port_index_remove(struct world *world, const struct holder *holder) {
    if (!port_index_present(world) || holder->count == 0) return;
    switch (holder->kind) {
    case HOLDER_SOCKET:
        unchain(world, holder);
        note_sockets(world, holder);
        break;
    case HOLDER_RESERVATION: enter_reservation(world, holder, holder->row + 1, 0); break;
    case HOLDER_EXCLUSION: note_exclusions(world, holder); break;
    }
    refresh(index_of(world), holder->protocol, holder->first, holder->first + holder->count - 1);
}

unsigned port_index_next_socket(const struct world *world, enum protocol protocol, unsigned port, unsigned after) {
    assert(protocol < PROTOCOLS_COUNT && port < PORTS_END);
    const struct port_index *index = index_of(world);
    uint16_t link = after == NO_ROW ? index->first_sockets[protocol][port] : index->next_sockets[after];
    return link == 0 ? (unsigned)NO_ROW : link - 1u;
}

unsigned port_index_reservation(const struct world *world, enum protocol protocol, unsigned families, unsigned port) {
    assert(protocol < PROTOCOLS_COUNT && port < PORTS_END);
    unsigned found = NO_ROW;
    for (unsigned layer = 0; layer < LAYERS; layer++) {
        unsigned link = index_of(world)->reservations[protocol][layer][port];
        if (link == 0 || link - 1 >= found) continue;
        if ((world_reservation_at(world, link - 1)->families & families) != 0) found = link - 1;
    }
    return found;
}

bool port_index_sockets_alone(const struct world *world, enum protocol protocol, unsigned port) {
    assert(port < PORTS_END);
    uint64_t others = 0;
    for (unsigned source = SOURCE_LAYERS; source < SOURCES; source++)
        others |= index_of(world)->sources[protocol][source][port / 64];
    return (others >> port % 64 & 1) == 0;
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

/* Where `count` clear bits in a row begin in a word, at most 63 of them; 64: nowhere. Of the starts of shorter runs
 * those stay after which another such run begins; the runs grow to twice their length. */
static unsigned run_within(uint64_t word, unsigned count) {
    uint64_t starts = ~word;
    for (unsigned length = 1; length < count && starts != 0;) {
        unsigned step = length < count - length ? length : count - length;
        starts &= starts >> step;
        length += step;
    }
    return starts == 0 ? 64 : lowest_bit(starts);
}

unsigned port_index_next_run(const struct world *world, enum protocol protocol, enum view_kind kind, unsigned families,
                             unsigned from, unsigned last, unsigned count) {
    assert(count >= 1 && last < PORTS_END);
    const uint64_t *held = view_of(world, protocol, kind, families)->held;
    unsigned run = 0; /* clear ports right before the word */
    for (unsigned word = from / 64; word <= last / 64; word++) {
        uint64_t bits = held[word];
        if (word == from / 64) bits |= ~(ALL_ONES << from % 64);
        if (word == last / 64 && last % 64 != 63) bits |= ALL_ONES << (last % 64 + 1);
        unsigned leading = bits == 0 ? 64 : lowest_bit(bits);
        if (run + leading >= count) return word * 64 - run;
        unsigned within = bits == 0 || count >= 64 ? 64 : run_within(bits, count);
        if (within < 64) return word * 64 + within;
        run = bits == 0 ? run + 64 : (unsigned)__builtin_clzll(bits);
    }
    return PORTS_END;
}

/* --- invariants ----------------------------------------------------------------------------------------------- */

/* What the rows hold. */
static void fill_sources(const struct world *world, enum protocol protocol, uint64_t sources[SOURCES][WORDS]) {
    memset(sources, 0, SOURCES * sizeof sources[0]);
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKETS); i++) {
        const struct socket_row *row = world_socket_at(world, i);
        if (!socket_holds_port(row) || row->protocol != protocol) continue;
        for (unsigned family = 0; family < 2; family++)
            if ((socket_families(row) >> family & 1) != 0)
                set_bit(sources[SOURCE_SOCKETS_V4 + family], row->port, true);
    }
    for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++) {
        const struct reservation *row = world_reservation_at(world, i);
        if (!reservation_is_live(row) || row->protocol != protocol) continue;
        bool persistent = row->kind == RESERVATION_PERSISTENT;
        for (unsigned layer = 0; layer < LAYERS; layer++)
            if (layer == LAYER_PERSISTENT ? persistent : !persistent && (row->families >> layer & 1) != 0)
                set_range(sources[SOURCE_LAYERS + layer], row->first, row->count, true);
    }
    for (unsigned i = 0; i < world_top(world, TABLE_EXCLUSIONS); i++) {
        const struct exclusion *row = world_exclusion_at(world, i);
        if (row->state == EXCLUSION_ACTIVE && row->protocol == protocol)
            set_range(sources[SOURCE_EXCLUSIONS], row->first, row->last - row->first + 1u, true);
    }
}

static const char *check_view(const struct world *world, enum protocol protocol, enum view_kind kind,
                              unsigned families) {
    const struct port_view *view = view_of(world, protocol, kind, families);
    for (unsigned word = 0; word < WORDS; word++) {
        uint64_t held = held_in_view(index_of(world)->sources[protocol], kind, families, word);
        if (view->held[word] != held) return "X2: a view holds other ports than its sources";
        if ((view->full[word / 64] >> word % 64 & 1) != (held == ALL_ONES)) return "X2: `full` is wrong";
        if ((view->any[word / 64] >> word % 64 & 1) != (held != 0)) return "X2: `any` is wrong";
    }
    return NULL;
}

static const char *check_protocol(const struct world *world, enum protocol protocol) {
    uint64_t sources[SOURCES][WORDS];
    fill_sources(world, protocol, sources);
    if (memcmp(sources, index_of(world)->sources[protocol], sizeof sources) != 0)
        return "X1: a source has other ports than its rows hold";
    const char *broken = NULL;
    for (unsigned kind = 0; kind < VIEW_KINDS_COUNT; kind++)
        for (unsigned families = 1; families <= FAMILY_SETS && broken == NULL; families++)
            broken = check_view(world, protocol, (enum view_kind)kind, families);
    return broken;
}

static const char *check_reservations(const struct world *world) {
    unsigned ports = 0, entered = 0;
    const struct port_index *index = index_of(world);
    for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++) {
        const struct reservation *row = world_reservation_at(world, i);
        if (!reservation_is_live(row)) continue;
        bool persistent = row->kind == RESERVATION_PERSISTENT;
        for (unsigned layer = 0; layer < LAYERS; layer++) {
            if (layer == LAYER_PERSISTENT ? !persistent : persistent || (row->families >> layer & 1) == 0) continue;
            for (unsigned k = 0; k < row->count; k++)
                if (index->reservations[row->protocol][layer][row->first + k] != i + 1)
                    return "X4: a port does not name its reservation";
            ports += row->count;
        }
    }
    const uint16_t *links = &index->reservations[0][0][0];
    for (unsigned i = 0; i < PROTOCOLS_COUNT * LAYERS * PORTS_END; i++) entered += links[i] != 0;
    return entered == ports ? NULL : "X4: a port names a reservation that it is not in";
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
    const char *broken = check_chains(world);
    if (broken == NULL) broken = check_reservations(world);
    for (unsigned protocol = 0; protocol < PROTOCOLS_COUNT && broken == NULL; protocol++)
        broken = check_protocol(world, (enum protocol)protocol);
    return broken;
}
