/* The persistent store: which ports of one protocol are reserved or excluded across restarts.
 *
 * WHAT IS KNOWN. Windows keeps it in the registry, in a key of the TCP module and one of the UDP module. A value's name
 * is the first port (big-endian) and the count (little-endian), four bytes; its data begin with 12 00 ff ff. That is
 * field knowledge from administrators' tools, it is partial, and it was seen of netsh's exclusions; it is unknown what
 * the rest of the data means, nor how a persistent reservation's differ. An entry here is such a name and eight bytes
 * of data: the four that are known, then the kind, then zeros. The kind, and the frame around the entries, are our own.
 *
 * LAYOUT of a store: two copies, one after the other, each a whole number of sectors.
 *   copy:  "RPS1" | version (2) | entries (2) | generation (4) | checksum (4) | entries of 12 bytes
 * all little-endian but the ports. The checksum (CRC-32) is over the header before it, the protocol, and the entries.
 * The copy with a good checksum and the later generation is the store. Only the other copy is ever written, so a crash
 * between two sector writes, or within one, leaves the store as it was before or as it was to become. A store of
 * zero bytes throughout has never been written and is empty. Sizes stand in world.h.
 *
 * Reading trusts nothing: whatever is wrong becomes a finding, and the entries that are good are loaded. */
#ifndef RESERVOIR_STACK_SYSTEM_STORE_H
#define RESERVOIR_STACK_SYSTEM_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "stack/world.h"

enum store_entry_kind {
    STORE_RESERVATION, /* made by the functions of persistent reservations */
    STORE_EXCLUSION,   /* made by netsh */
    STORE_ENTRY_KINDS_COUNT
};

struct store_entry {
    uint16_t first; /* host order */
    uint16_t count;
    uint16_t kind; /* enum store_entry_kind */
};

/* The bytes of one protocol's store, with room for `capacity` entries. `length` is store_bytes(capacity), or less when
 * it was cut short. */
struct store {
    const uint8_t *bytes; /* borrowed */
    uint32_t length;
    uint16_t capacity;
    uint8_t protocol; /* enum protocol */
};

enum store_finding_kind {
    STORE_COPY_CUT_SHORT, /* the bytes end within a copy */
    STORE_COPY_FOREIGN,   /* a copy does not begin as ours do */
    STORE_COPY_VERSION,   /* a copy of a version that we do not know */
    STORE_COPY_DAMAGED,   /* its checksum is wrong: a write was torn, or the file was changed */
    STORE_LOST,           /* no copy is good: the store is taken as empty */
    STORE_ENTRY_ZERO_PORT,
    STORE_ENTRY_ZERO_COUNT,
    STORE_ENTRY_PAST_END, /* past port 65535 */
    STORE_ENTRY_OVERLAPS, /* an entry of its kind before it */
    STORE_ENTRY_FOREIGN_DATA,
};

enum { STORE_FINDINGS_MAX = 32 };

struct store_finding {
    uint8_t kind; /* enum store_finding_kind */
    uint8_t protocol;
    uint8_t copy; /* 0 or 1; STORE_COPIES where it does not matter */
    uint8_t padding;
    uint16_t first, count; /* of the entry, for the kinds about one */
};

struct store_findings {
    unsigned count; /* may be more than are listed */
    struct store_finding list[STORE_FINDINGS_MAX];
};

/* What is wrong, as the end of a sentence about a copy, a store or a block: `has a wrong checksum`. Static memory. */
const char *store_finding_text(const struct store_finding *finding);

/* Reads the good entries, in their order, into `entries` (store->capacity of them); returns how many. `findings` may be
 * NULL; what is found is added to it. Any bytes whatever may stand in the store. */
unsigned store_load(const struct store *store, struct store_entry *entries, struct store_findings *findings);

/* Where a store's sectors go. */
struct store_medium {
    /* Writes at most one sector, at a multiple of STORE_SECTOR_BYTES from the store's beginning; false: the machine has
     * lost its power, and how much of the sector was written is unknown. */
    bool (*write)(struct store_medium *medium, uint32_t offset, const uint8_t *bytes, uint32_t length);
};

/* Replaces the entries (at most store->capacity, asserted). `store` is what stands there before. Sector after sector;
 * false as soon as the medium says so. */
bool store_write(struct store_medium *medium, const struct store *store, const struct store_entry *entries,
                 unsigned count);

#endif
