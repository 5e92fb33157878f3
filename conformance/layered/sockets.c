#include "conformance/layered/sockets.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { ACCESS = 10013, ADDRESS_IN_USE = 10048, INVALID = 10022, NO_BUFFERS = 10055 };

struct block {
    uint64_t token; /* 0: free */
    uint64_t owner; /* context of the acquiring socket */
    bool stream;
    uint16_t first, count;
    int placeholders[BLOCK_PORTS_MAX][2]; /* IPv4, IPv6; -1: the port is out */
};

static struct layered_socket sockets[LAYERED_SOCKETS_MAX];
static struct block blocks[BLOCKS_MAX];
static uint64_t last_token;

bool faulty(enum fault fault) {
    static const char *const names[] = {
        [FAULT_NONE] = "",
#define FAULT(name, clause, text) [FAULT_##name] = #name,
#include "conformance/layered/faults.def"
#undef FAULT
    };
    const char *wanted = getenv("LAYERED_FAULT");
    return wanted != NULL && strcmp(wanted, names[fault]) == 0;
}

/* --- the table ---------------------------------------------------------------------------------------------------- */

uint64_t socket_context(const struct layered_socket *socket) { return 0x100u + 4u * (uint64_t)(socket - sockets); }

struct layered_socket *socket_at(uint64_t context) {
    uint64_t row = (context - 0x100u) / 4u;
    bool good = context >= 0x100u && context % 4u == 0 && row < LAYERED_SOCKETS_MAX && sockets[row].used;
    return good ? &sockets[row] : NULL;
}

struct layered_socket *socket_in_row(unsigned row) {
    return sockets[row].used ? &sockets[row] : NULL;
}

/* Rows are taken in turn, so that what was closed stays so for long. */
struct layered_socket *socket_add(int lower, bool v6, bool stream) {
    static unsigned next;
    for (unsigned i = 0; i < LAYERED_SOCKETS_MAX; i++) {
        struct layered_socket *row = &sockets[next++ % LAYERED_SOCKETS_MAX];
        if (row->used) continue;
        *row = (struct layered_socket){ .used = true, .stream = stream, .v6 = v6, .lower = lower };
        return row;
    }
    return NULL;
}

/* --- placeholders ------------------------------------------------------------------------------------------------- */

static struct block *block_of(uint64_t token) {
    for (unsigned i = 0; token != 0 && i < BLOCKS_MAX; i++)
        if (blocks[i].token == token) return &blocks[i];
    return NULL;
}

static void let_go(struct block *block, unsigned port) {
    for (unsigned family = 0; family < 2; family++) {
        if (block->placeholders[port][family] >= 0) lower_close(block->placeholders[port][family]);
        block->placeholders[port][family] = -1;
    }
}

/* Both families, or neither. */
static int hold(struct block *block, unsigned port) {
    for (unsigned family = 0; family < 2; family++) {
        const struct lower_address wildcard = { .v6 = family == 1, .port = (uint16_t)(block->first + port) };
        int made = lower_socket(family == 1, block->stream);
        int error = made < 0 ? -made : lower_keep_others_off(made);
        if (error == 0) error = lower_bind(made, &wildcard);
        if (error == 0) {
            block->placeholders[port][family] = made;
            continue;
        }
        if (made >= 0) lower_close(made);
        let_go(block, port);
        return error;
    }
    return 0;
}

/* Both are there, or neither. */
static bool is_held(const struct block *block, unsigned port) { return block->placeholders[port][0] >= 0; }

static void free_block(struct block *block) {
    for (unsigned port = 0; port < block->count; port++) let_go(block, port);
    block->token = 0;
}

static int hold_all(struct block *block) {
    for (unsigned port = 0; port < block->count; port++) {
        int error = hold(block, port);
        if (error == 0) continue;
        if (error == ADDRESS_IN_USE && faulty(FAULT_block_shared)) continue;
        for (unsigned held = 0; held < port; held++) let_go(block, held);
        return error == NO_BUFFERS || error == 10024 ? NO_BUFFERS : ADDRESS_IN_USE;
    }
    return 0;
}

/* --- reservations ------------------------------------------------------------------------------------------------- */

static struct block *empty_block(void) {
    for (unsigned i = 0; i < BLOCKS_MAX; i++)
        if (blocks[i].token == 0) return &blocks[i];
    return NULL;
}

/* Somewhere in the dynamic range, as far up as it takes. */
static int hold_anywhere(struct block *block) {
    for (uint32_t first = FIRST_DYNAMIC; first + block->count <= 65536; first++) {
        block->first = (uint16_t)first;
        int error = hold_all(block);
        if (error != ADDRESS_IN_USE) return error;
    }
    return ADDRESS_IN_USE;
}

int block_acquire(const struct layered_socket *owner, uint16_t *first, uint16_t count, uint64_t *token) {
    if (count == 0 || (uint32_t)*first + count > 65536) return INVALID;
    struct block *block = empty_block();
    if (block == NULL || count > BLOCK_PORTS_MAX)
        return *first == 0 && count > 65536 - FIRST_DYNAMIC ? ADDRESS_IN_USE : NO_BUFFERS;
    memset(block->placeholders, 0xFF, sizeof block->placeholders);
    block->stream = owner->stream;
    block->first = *first;
    block->count = count;
    int error = *first != 0 ? hold_all(block) : hold_anywhere(block);
    if (error != 0) return error;
    block->owner = socket_context(owner);
    if (last_token == 0 || !faulty(FAULT_token_repeated)) last_token++;
    *token = block->token = last_token << 8 | 0x5Au;
    *first = block->first;
    return 0;
}

int block_associate(struct layered_socket *socket, uint64_t token) {
    const struct block *block = block_of(token);
    if (block == NULL && faulty(FAULT_unknown_token_accepted)) return 0;
    if (block == NULL && faulty(FAULT_wrong_error)) return 10057;
    if (block == NULL || (block->stream != socket->stream && !faulty(FAULT_other_protocol_accepted))) return INVALID;
    if (socket->bound) return INVALID;
    socket->association = token;
    const struct lower_address any = { .v6 = socket->v6 };
    return faulty(FAULT_associate_binds) ? layer_bind(socket, &any) : 0;
}

int block_release(const struct layered_socket *socket, uint64_t token) {
    struct block *block = block_of(token);
    if (block == NULL && faulty(FAULT_release_any)) return 0;
    if (block == NULL || block->stream != socket->stream) return INVALID;
    if (faulty(FAULT_release_keeps_block)) block->token = 0;
    else free_block(block);
    return 0;
}

/* --- bind --------------------------------------------------------------------------------------------------------- */

static bool is_wildcard(const struct lower_address *address) {
    static const uint8_t zero[16];
    return memcmp(address->bytes, zero, address->v6 ? 16 : 4) == 0;
}

/* What the program has set, on another descriptor: all but what is of binding. */
static int set_again(const struct layered_socket *socket) {
    int error = 0;
    for (int option = LOWER_V6_ONLY + 1; option < LOWER_OPTIONS && error == 0; option++)
        if ((socket->options_set >> option & 1u) != 0)
            error = lower_set(socket->lower, (enum lower_option)option, socket->options[option]);
    return error;
}

int layer_set(struct layered_socket *socket, enum lower_option option, int value) {
    int error = lower_set(socket->lower, option, value);
    if (error != 0) return error;
    socket->options_set |= (uint16_t)(1u << option);
    socket->options[option] = value;
    return 0;
}

/* One port of the block, held, for a socket that wants this address. */
static int take_port(struct layered_socket *socket, struct block *block, unsigned port, struct lower_address address) {
    address.port = (uint16_t)(block->first + port);
    bool same = is_wildcard(&address) && !socket->both_families;
    if (same) {
        int taken = lower_become(socket->lower, block->placeholders[port][address.v6]);
        if (taken < 0) return -taken;
        block->placeholders[port][address.v6] = -1;
        let_go(block, port);
        socket->lower = taken;
        if (faulty(FAULT_block_mode_lost)) socket->nonblocking = false;
        return set_again(socket);
    }
    let_go(block, port); /* the race: see sockets.h */
    int error = lower_bind(socket->lower, &address);
    if (error != 0) (void)hold(block, port);
    return error;
}

static int bind_from_block(struct layered_socket *socket, struct block *block, const struct lower_address *address) {
    if (address->port != 0) {
        unsigned port = (unsigned)(uint16_t)(address->port - block->first);
        if (port >= block->count) return ACCESS; /* Q49 */
        return is_held(block, port) ? take_port(socket, block, port, *address) : ADDRESS_IN_USE;
    }
    for (unsigned port = 0; port < block->count; port++)
        if (is_held(block, port)) return take_port(socket, block, port, *address);
    return ADDRESS_IN_USE;
}

/* The host has another dynamic range than Windows, so that a port is chosen here: the next one that can be had. Of a
 * port whose socket keeps others off, as a placeholder does, the host says ACCESS. */
static int bind_anywhere(struct layered_socket *socket, struct lower_address address) {
    static uint16_t next;
    int error = ADDRESS_IN_USE;
    for (unsigned tried = 0; tried < 65536 - FIRST_DYNAMIC; tried++) {
        address.port = (uint16_t)(FIRST_DYNAMIC + next++ % (65536 - FIRST_DYNAMIC));
        error = lower_bind(socket->lower, &address);
        if (error != ADDRESS_IN_USE && error != ACCESS) return error;
    }
    return error;
}

/* What a bind of a socket without an association does; `port` in place of the address's, if it is not 0. */
static int bind_plainly(struct layered_socket *socket, const struct lower_address *address, unsigned port) {
    struct lower_address other = *address;
    if (port != 0) other.port = (uint16_t)port;
    return other.port == 0 ? bind_anywhere(socket, other) : lower_bind(socket->lower, &other);
}

int layer_bind(struct layered_socket *socket, const struct lower_address *address) {
    struct block *block = block_of(socket->association);
    if (socket->bound) return INVALID;
    int error = 0;
    if (socket->association == 0 || faulty(FAULT_associate_ignored)) error = bind_plainly(socket, address, 0);
    else if (block == NULL) error = faulty(FAULT_unknown_token_accepted) ? bind_plainly(socket, address, 0) : INVALID;
    else if (faulty(FAULT_explicit_outside) && address->port == 0)
        error = bind_plainly(socket, address, block->first + block->count);
    else error = bind_from_block(socket, block, address);
    if (error == ADDRESS_IN_USE && block != NULL && faulty(FAULT_full_block_falls_back))
        error = bind_plainly(socket, address, 0);
    socket->bound = error == 0;
    return error;
}

/* --- close -------------------------------------------------------------------------------------------------------- */

/* The ports that are out, and were not taken back yet. */
static void hold_again(void) {
    for (unsigned i = 0; i < BLOCKS_MAX; i++)
        for (unsigned port = 0; blocks[i].token != 0 && port < blocks[i].count; port++)
            if (!is_held(&blocks[i], port)) (void)hold(&blocks[i], port);
}

int layer_close(struct layered_socket *socket) {
    uint64_t context = socket_context(socket);
    uint64_t association = socket->association;
    socket->used = false;
    int error = lower_close(socket->lower);
    for (unsigned i = 0; i < BLOCKS_MAX; i++) {
        bool its = blocks[i].owner == context && !faulty(FAULT_close_keeps_block);
        its |= blocks[i].token == association && faulty(FAULT_other_socket_ends_block);
        if (blocks[i].token != 0 && its) free_block(&blocks[i]);
    }
    hold_again();
    return error;
}

void sockets_close_all(void (*closed)(uint64_t handle)) {
    for (unsigned i = 0; i < LAYERED_SOCKETS_MAX; i++) {
        if (!sockets[i].used) continue;
        layer_close(&sockets[i]);
        closed(sockets[i].handle);
    }
    for (unsigned i = 0; i < BLOCKS_MAX; i++)
        if (blocks[i].token != 0) free_block(&blocks[i]);
}
