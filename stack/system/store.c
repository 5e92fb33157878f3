#include "stack/system/store.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "stack/call/call.h"

enum {
    VERSION = 1,
    AT_VERSION = 4,
    AT_COUNT = 6,
    AT_GENERATION = 8,
    AT_CHECKSUM = 12,
    NAME_BYTES = 4,
    KNOWN_BYTES = 4,
    DATA_BYTES = 8
};

static const uint8_t magic[4] = { 'R', 'P', 'S', '1' };
static const uint8_t known_data[KNOWN_BYTES] = { 0x12, 0x00, 0xff, 0xff };

_Static_assert(NAME_BYTES + DATA_BYTES == STORE_ENTRY_BYTES, "an entry is its name and its data");

static uint32_t copy_bytes(unsigned capacity) { return store_bytes(capacity) / STORE_COPIES; }

/* --- a copy ------------------------------------------------------------------------------------------------------- */

/* CRC-32 as of IEEE 802.3, bit by bit: stores are small. */
static uint32_t crc32_more(uint32_t crc, const uint8_t *bytes, uint32_t length) {
    assert(bytes != NULL || length == 0);
    for (uint32_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (unsigned bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (UINT32_C(0xedb88320) & (0 - (crc & 1)));
    }
    return crc;
}

static uint32_t checksum_of(const uint8_t *copy, unsigned protocol, unsigned count) {
    const uint8_t protocol_byte = (uint8_t)protocol;
    uint32_t crc = crc32_more(UINT32_MAX, copy, AT_CHECKSUM);
    crc = crc32_more(crc, &protocol_byte, 1);
    return ~crc32_more(crc, copy + STORE_HEADER_BYTES, count * STORE_ENTRY_BYTES);
}

static bool is_blank(const uint8_t *bytes, uint32_t length) {
    for (uint32_t i = 0; i < length; i++)
        if (bytes[i] != 0) return false;
    return true;
}

enum copy_state { COPY_GOOD, COPY_BLANK, COPY_BAD };

/* What a copy is; for a bad one *kind says why. */
static enum copy_state look_at_copy(const struct store *store, unsigned copy, enum store_finding_kind *kind) {
    uint32_t size = copy_bytes(store->capacity), offset = copy * size;
    uint32_t length = store->length <= offset ? 0 : store->length - offset < size ? store->length - offset : size;
    const uint8_t *bytes = store->bytes + offset;
    *kind = STORE_COPY_CUT_SHORT;
    if (length < STORE_HEADER_BYTES) return COPY_BAD;
    if (is_blank(bytes, length)) return length == size ? COPY_BLANK : COPY_BAD;
    *kind = STORE_COPY_FOREIGN;
    if (memcmp(bytes, magic, sizeof magic) != 0) return COPY_BAD;
    unsigned count = load_u16(bytes + AT_COUNT);
    *kind = STORE_COPY_DAMAGED;
    if (count > store->capacity) return COPY_BAD;
    *kind = STORE_COPY_CUT_SHORT;
    if (length < STORE_HEADER_BYTES + count * STORE_ENTRY_BYTES) return COPY_BAD;
    *kind = STORE_COPY_DAMAGED;
    if (checksum_of(bytes, store->protocol, count) != load_u32(bytes + AT_CHECKSUM)) return COPY_BAD;
    *kind = STORE_COPY_VERSION;
    return load_u16(bytes + AT_VERSION) == VERSION ? COPY_GOOD : COPY_BAD;
}

static uint32_t generation_of(const struct store *store, unsigned copy) {
    return load_u32(store->bytes + copy * copy_bytes(store->capacity) + AT_GENERATION);
}

/* --- findings ----------------------------------------------------------------------------------------------------- */

static void add_finding(struct store_findings *findings, struct store_finding finding) {
    if (findings == NULL) return;
    if (findings->count < STORE_FINDINGS_MAX) findings->list[findings->count] = finding;
    findings->count++;
}

const char *store_finding_text(const struct store_finding *finding) {
    static const char *const texts[] = {
        [STORE_COPY_CUT_SHORT] = "is cut short",
        [STORE_COPY_FOREIGN] = "holds something else",
        [STORE_COPY_VERSION] = "is of an unknown version",
        [STORE_COPY_DAMAGED] = "has a wrong checksum",
        [STORE_LOST] = "has no good copy and is taken as empty",
        [STORE_ENTRY_ZERO_PORT] = "begins at port 0",
        [STORE_ENTRY_ZERO_COUNT] = "has no ports",
        [STORE_ENTRY_PAST_END] = "goes past port 65535",
        [STORE_ENTRY_OVERLAPS] = "overlaps one before it",
        [STORE_ENTRY_FOREIGN_DATA] = "has data of an unknown kind",
    };
    assert(finding->kind < sizeof texts / sizeof texts[0]);
    return texts[finding->kind];
}

/* --- loading ------------------------------------------------------------------------------------------------------ */

/* The copy that is the store; STORE_COPIES when there is none. */
static unsigned current_copy(const struct store *store, struct store_findings *findings) {
    unsigned current = STORE_COPIES, bad = 0;
    for (unsigned copy = 0; copy < STORE_COPIES; copy++) {
        enum store_finding_kind kind;
        enum copy_state state = look_at_copy(store, copy, &kind);
        if (state == COPY_BAD) {
            bad++;
            add_finding(findings, (struct store_finding){
                                      .kind = (uint8_t)kind, .protocol = store->protocol, .copy = (uint8_t)copy });
        }
        if (state != COPY_GOOD) continue;
        bool later =
            current == STORE_COPIES || (int32_t)(generation_of(store, copy) - generation_of(store, current)) > 0;
        if (later) current = copy;
    }
    if (current == STORE_COPIES && bad == STORE_COPIES)
        add_finding(findings,
                    (struct store_finding){ .kind = STORE_LOST, .protocol = store->protocol, .copy = STORE_COPIES });
    return current;
}

static bool overlaps_any(const struct store_entry *entries, unsigned count, struct store_entry entry) {
    for (unsigned i = 0; i < count; i++)
        if (entry.kind == entries[i].kind && entry.first < entries[i].first + entries[i].count &&
            entries[i].first < entry.first + entry.count)
            return true;
    return false;
}

/* Do the data have the known bytes, one of our kinds, and nothing more? */
static bool data_are_ours(const uint8_t *data) {
    return memcmp(data, known_data, KNOWN_BYTES) == 0 && data[KNOWN_BYTES] < STORE_ENTRY_KINDS_COUNT &&
           is_blank(data + KNOWN_BYTES + 1, DATA_BYTES - KNOWN_BYTES - 1);
}

/* What is wrong with an entry, given those before it; -1 when nothing is. */
static int fault_of(const struct store_entry *before, unsigned count, struct store_entry entry, const uint8_t *data) {
    if (entry.count == 0) return STORE_ENTRY_ZERO_COUNT;
    if (entry.first == 0) return STORE_ENTRY_ZERO_PORT;
    if ((unsigned)entry.first + entry.count > 65536) return STORE_ENTRY_PAST_END;
    if (!data_are_ours(data)) return STORE_ENTRY_FOREIGN_DATA;
    return overlaps_any(before, count, entry) ? STORE_ENTRY_OVERLAPS : -1;
}

unsigned store_load(const struct store *store, struct store_entry *entries, struct store_findings *findings) {
    assert(store->length <= store_bytes(store->capacity));
    if (store->capacity == 0) return 0;
    unsigned current = current_copy(store, findings);
    if (current == STORE_COPIES) return 0;
    const uint8_t *copy = store->bytes + current * copy_bytes(store->capacity);
    unsigned listed = load_u16(copy + AT_COUNT), good = 0;
    assert(listed <= store->capacity);
    for (unsigned i = 0; i < listed; i++) {
        const uint8_t *bytes = copy + STORE_HEADER_BYTES + i * STORE_ENTRY_BYTES;
        struct store_entry entry = { load_u16_network(bytes), load_u16(bytes + 2), bytes[NAME_BYTES + KNOWN_BYTES] };
        int fault = fault_of(entries, good, entry, bytes + NAME_BYTES);
        if (fault < 0) entries[good++] = entry;
        else
            add_finding(findings, (struct store_finding){ .kind = (uint8_t)fault,
                                                          .protocol = store->protocol,
                                                          .copy = (uint8_t)current,
                                                          .first = entry.first,
                                                          .count = entry.count });
    }
    return good;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

static void put_entry(uint8_t *bytes, struct store_entry entry) {
    store_u16_network(bytes, entry.first);
    store_u16(bytes + 2, entry.count);
    memset(bytes + NAME_BYTES, 0, DATA_BYTES);
    memcpy(bytes + NAME_BYTES, known_data, KNOWN_BYTES);
    bytes[NAME_BYTES + KNOWN_BYTES] = (uint8_t)entry.kind;
}

/* Byte `offset` of the copy that is being written. */
static uint8_t byte_of_copy(const uint8_t *header, const struct store_entry *entries, unsigned count, uint32_t offset) {
    if (offset < STORE_HEADER_BYTES) return header[offset];
    uint32_t entry = (offset - STORE_HEADER_BYTES) / STORE_ENTRY_BYTES;
    uint8_t bytes[STORE_ENTRY_BYTES];
    if (entry >= count) return 0;
    put_entry(bytes, entries[entry]);
    return bytes[(offset - STORE_HEADER_BYTES) % STORE_ENTRY_BYTES];
}

static void fill_header(uint8_t *header, unsigned protocol, uint32_t generation, const struct store_entry *entries,
                        unsigned count) {
    const uint8_t protocol_byte = (uint8_t)protocol;
    memcpy(header, magic, sizeof magic);
    store_u16(header + AT_VERSION, VERSION);
    store_u16(header + AT_COUNT, (uint16_t)count);
    store_u32(header + AT_GENERATION, generation);
    uint32_t crc = crc32_more(UINT32_MAX, header, AT_CHECKSUM);
    crc = crc32_more(crc, &protocol_byte, 1);
    for (unsigned i = 0; i < count; i++) {
        uint8_t bytes[STORE_ENTRY_BYTES];
        put_entry(bytes, entries[i]);
        crc = crc32_more(crc, bytes, sizeof bytes);
    }
    store_u32(header + AT_CHECKSUM, ~crc);
}

bool store_write(struct store_medium *medium, const struct store *store, const struct store_entry *entries,
                 unsigned count) {
    assert(count <= store->capacity);
    assert(store->length == store_bytes(store->capacity));
    unsigned current = current_copy(store, NULL);
    unsigned target = current == 0 ? 1 : 0;
    uint32_t generation = current == STORE_COPIES ? 1 : generation_of(store, current) + 1;
    uint8_t header[STORE_HEADER_BYTES];
    fill_header(header, store->protocol, generation, entries, count);
    uint32_t used = STORE_HEADER_BYTES + count * STORE_ENTRY_BYTES;
    for (uint32_t offset = 0; offset < used; offset += STORE_SECTOR_BYTES) {
        uint8_t sector[STORE_SECTOR_BYTES];
        for (uint32_t i = 0; i < STORE_SECTOR_BYTES; i++) sector[i] = byte_of_copy(header, entries, count, offset + i);
        if (!medium->write(medium, target * copy_bytes(store->capacity) + offset, sector, sizeof sector)) return false;
    }
    return true;
}
