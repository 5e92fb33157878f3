/* The store: whatever happens to its bytes, the old or the new blocks are there, and nothing that is not a block. */
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

#include "stack/call/call.h"
#include "stack/system/store.h"
#include "stack/world.h"

void register_store_tests(void);

enum { CAPACITY = 12, BYTES_MAX = 512, EVERYTHING = BYTES_MAX };

/* A disk that loses its power after so many bytes; what is left of the sector then is the old, or noise. */
struct disk {
    struct store_medium medium;
    uint8_t bytes[BYTES_MAX];
    uint32_t power_left;
    bool noise;
    uint32_t written;
};

static bool write_to_disk(struct store_medium *medium, uint32_t offset, const uint8_t *bytes, uint32_t length) {
    struct disk *disk = (struct disk *)medium;
    CU_ASSERT_EQUAL(offset % STORE_SECTOR_BYTES, 0);
    CU_ASSERT_TRUE_FATAL(length <= STORE_SECTOR_BYTES && offset + length <= store_bytes(CAPACITY));
    uint32_t arrives = length < disk->power_left ? length : disk->power_left;
    memcpy(disk->bytes + offset, bytes, arrives);
    if (arrives > 0 && arrives < length && disk->noise) memset(disk->bytes + offset + arrives, 0xa5, length - arrives);
    disk->power_left -= arrives;
    disk->written += arrives;
    return arrives == length;
}

static struct disk blank_disk(void) { return (struct disk){ .medium = { write_to_disk }, .power_left = EVERYTHING }; }

static struct store store_on(const struct disk *disk) {
    return (struct store){
        .bytes = disk->bytes, .length = store_bytes(CAPACITY), .capacity = CAPACITY, .protocol = PROTOCOL_TCP
    };
}

static bool write_blocks(struct disk *disk, const struct store_entry *entries, unsigned count) {
    const struct store store = store_on(disk);
    disk->written = 0;
    return store_write(&disk->medium, &store, entries, count);
}

/* The blocks that a store holds. */
struct blocks {
    unsigned count;
    struct store_entry entries[CAPACITY];
};

static struct blocks load_with(const struct store *store, struct store_findings *findings) {
    struct blocks blocks = { 0 };
    memset(findings, 0, sizeof *findings);
    blocks.count = store_load(store, blocks.entries, findings);
    return blocks;
}

static struct blocks load(const struct disk *disk, struct store_findings *findings) {
    const struct store store = store_on(disk);
    return load_with(&store, findings);
}

static bool same(const struct blocks *one, const struct blocks *other) {
    return one->count == other->count && memcmp(one->entries, other->entries, one->count * sizeof one->entries[0]) == 0;
}

/* --- what is written is read -------------------------------------------------------------------------------------- */

#define BLOCK(first, count) \
    { first, count, STORE_RESERVATION }
#define RANGE(first, count) \
    { first, count, STORE_EXCLUSION }

/* clang-format off */
static const struct blocks histories[] = {
    { 1, { BLOCK(5000, 20) } },
    { 2, { BLOCK(5000, 20), RANGE(52311, 1) } },
    { 12, { BLOCK(1, 1), BLOCK(2, 2), RANGE(100, 3), BLOCK(200, 4), RANGE(300, 5), BLOCK(400, 6), BLOCK(500, 7), RANGE(600, 8),
            BLOCK(700, 9), BLOCK(800, 10), BLOCK(900, 11), BLOCK(65535, 1) } },
    { 3, { BLOCK(1, 1), BLOCK(400, 6), BLOCK(65535, 1) } },
    { 0, { BLOCK(0, 0) } },
    { 1, { RANGE(1, 65535) } },
    { 3, { BLOCK(5000, 20), RANGE(5000, 20), RANGE(4999, 1) } }, /* entries of two kinds may overlap */
};
/* clang-format on */
enum { HISTORIES = sizeof histories / sizeof histories[0] };

static void what_is_written_is_read(void) {
    struct store_findings findings;
    struct disk disk = blank_disk();
    struct blocks empty = load(&disk, &findings);
    CU_ASSERT_EQUAL(empty.count, 0);
    CU_ASSERT_EQUAL(findings.count, 0);
    for (unsigned i = 0; i < HISTORIES; i++) {
        disk.power_left = EVERYTHING;
        CU_ASSERT_TRUE(write_blocks(&disk, histories[i].entries, histories[i].count));
        struct blocks read = load(&disk, &findings);
        CU_ASSERT_TRUE(same(&read, &histories[i]));
        CU_ASSERT_EQUAL(findings.count, 0);
    }
}

/* A write takes the sectors that its entries need, not one more: each is a moment at which the power can fail. */
static void no_more_sectors_are_written_than_are_needed(void) {
    const struct blocks *full = &histories[2];
    for (unsigned count = 0; count <= full->count; count++) {
        struct disk disk = blank_disk();
        uint32_t bytes = STORE_HEADER_BYTES + count * STORE_ENTRY_BYTES;
        CU_ASSERT_TRUE(write_blocks(&disk, full->entries, count));
        CU_ASSERT_EQUAL(disk.written, (bytes + STORE_SECTOR_BYTES - 1) / STORE_SECTOR_BYTES * STORE_SECTOR_BYTES);
    }
}

/* Port 52311, one port: the name cc 57 01 00 that was seen in the field, and data that begin as those did. */
static void entries_are_named_as_in_the_registry(void) {
    static const uint8_t expected[] = { 0xcc, 0x57, 0x01, 0x00, 0x12, 0x00, 0xff, 0xff, STORE_EXCLUSION, 0, 0, 0 };
    struct disk disk = blank_disk();
    CU_ASSERT_TRUE(write_blocks(&disk, &(struct store_entry)RANGE(52311, 1), 1));
    CU_ASSERT_EQUAL(memcmp(disk.bytes + STORE_HEADER_BYTES, expected, sizeof expected), 0);
}

/* --- cut writes --------------------------------------------------------------------------------------------------- */

/* A crash after `power` bytes of the write from one history to the next. */
static void cut(const struct disk *before, const struct blocks *old, const struct blocks *new, uint32_t power,
                bool noise) {
    static const struct blocks later = { 2, { BLOCK(7000, 7), RANGE(8000, 8) } };
    struct store_findings findings;
    struct disk disk = *before;
    disk.power_left = power;
    disk.noise = noise;
    bool whole = write_blocks(&disk, new->entries, new->count);
    struct blocks read = load(&disk, &findings);
    CU_ASSERT_TRUE(whole ? same(&read, new) : same(&read, old) || same(&read, new));
    CU_ASSERT_TRUE(findings.count <= 1);
    disk.power_left = EVERYTHING;
    CU_ASSERT_TRUE(write_blocks(&disk, later.entries, later.count));
    read = load(&disk, &findings);
    CU_ASSERT_TRUE(same(&read, &later));
}

static void a_crash_at_every_byte_leaves_the_old_or_the_new_store(void) {
    static const struct blocks nothing = { 0 };
    unsigned cuts = 0;
    struct disk disk = blank_disk();
    for (unsigned round = 0; round < 3 * HISTORIES; round++) {
        const struct blocks *old = round == 0 ? &nothing : &histories[(round - 1) % HISTORIES];
        const struct blocks *new = &histories[round % HISTORIES];
        disk.power_left = EVERYTHING;
        struct disk whole = disk;
        CU_ASSERT_TRUE_FATAL(write_blocks(&whole, new->entries, new->count));
        for (uint32_t power = 0; power <= whole.written; power++, cuts++) {
            cut(&disk, old, new, power, false);
            cut(&disk, old, new, power, true);
        }
        disk = whole;
    }
    CU_ASSERT_TRUE(cuts > 1000);
}

/* A second crash, while the first one's damage is still there. */
static void a_crash_after_a_crash_loses_nothing(void) {
    struct store_findings findings;
    struct disk disk = blank_disk();
    CU_ASSERT_TRUE_FATAL(write_blocks(&disk, histories[2].entries, histories[2].count));
    for (uint32_t first = 0; first < 4 * STORE_HEADER_BYTES; first += 5) {
        for (uint32_t second = 0; second < 3 * STORE_SECTOR_BYTES; second += 7) {
            struct disk copy = disk;
            copy.noise = true;
            copy.power_left = first;
            (void)write_blocks(&copy, histories[0].entries, histories[0].count);
            copy.power_left = second;
            (void)write_blocks(&copy, histories[0].entries, histories[0].count);
            struct blocks read = load(&copy, &findings);
            CU_ASSERT_TRUE(same(&read, &histories[2]) || same(&read, &histories[0]));
        }
    }
}

/* --- broken stores ------------------------------------------------------------------------------------------------ */

static uint32_t crc_table[256];

/* Another implementation than the store's own, so that both can be wrong only in the same way. */
static uint32_t crc_of(uint32_t crc, const uint8_t *bytes, size_t length) {
    for (uint32_t i = 0; crc_table[255] == 0 && i < 256; i++) {
        uint32_t value = i;
        for (unsigned bit = 0; bit < 8; bit++)
            value = (value & 1) != 0 ? UINT32_C(0xedb88320) ^ value >> 1 : value >> 1;
        crc_table[i] = value;
    }
    crc = ~crc;
    while (length-- > 0) crc = crc_table[(crc ^ *bytes++) & 0xff] ^ crc >> 8;
    return ~crc;
}

/* Makes the checksum of the first copy right again. */
static void sign(struct disk *disk) {
    const uint8_t protocol = PROTOCOL_TCP;
    unsigned count = load_u16(disk->bytes + 6);
    if (count > CAPACITY) count = CAPACITY;
    uint32_t crc = crc_of(0, disk->bytes, 12);
    crc = crc_of(crc, &protocol, 1);
    store_u32(disk->bytes + 12, crc_of(crc, disk->bytes + STORE_HEADER_BYTES, count * STORE_ENTRY_BYTES));
}

static const struct store_finding *finding_of(const struct store_findings *findings, enum store_finding_kind kind) {
    for (unsigned i = 0; i < findings->count && i < STORE_FINDINGS_MAX; i++)
        if (findings->list[i].kind == kind) return &findings->list[i];
    return NULL;
}

static void expect_finding(const struct store_findings *findings, enum store_finding_kind kind, const char *text) {
    const struct store_finding *finding = finding_of(findings, kind);
    CU_ASSERT_PTR_NOT_NULL_FATAL(finding);
    CU_ASSERT_STRING_EQUAL(store_finding_text(finding), text);
}

static void bad_entries_are_reported_and_left_out(void) {
    static const struct store_entry entries[] = { BLOCK(5000, 10), BLOCK(5009, 2),  RANGE(6000, 0),
                                                  BLOCK(0, 5),     RANGE(65535, 2), RANGE(7000, 1) };
    static const struct blocks good = { 2, { BLOCK(5000, 10), RANGE(7000, 1) } };
    struct store_findings findings;
    struct disk disk = blank_disk();
    CU_ASSERT_TRUE(write_blocks(&disk, entries, 6));
    struct blocks read = load(&disk, &findings);
    CU_ASSERT_TRUE(same(&read, &good));
    CU_ASSERT_EQUAL(findings.count, 4);
    expect_finding(&findings, STORE_ENTRY_OVERLAPS, "overlaps one before it");
    CU_ASSERT_EQUAL(finding_of(&findings, STORE_ENTRY_OVERLAPS)->first, 5009);
    expect_finding(&findings, STORE_ENTRY_ZERO_COUNT, "has no ports");
    expect_finding(&findings, STORE_ENTRY_ZERO_PORT, "begins at port 0");
    expect_finding(&findings, STORE_ENTRY_PAST_END, "goes past port 65535");
}

/* Each of many, in the order of the entries. */
static void every_bad_entry_is_reported(void) {
    struct store_entry entries[CAPACITY];
    struct store_findings findings;
    struct disk disk = blank_disk();
    for (unsigned i = 0; i < CAPACITY; i++) entries[i] = (struct store_entry)BLOCK((uint16_t)(6000 + i), 0);
    CU_ASSERT_TRUE(write_blocks(&disk, entries, CAPACITY));
    CU_ASSERT_EQUAL(load(&disk, &findings).count, 0);
    CU_ASSERT_EQUAL_FATAL(findings.count, CAPACITY);
    for (unsigned i = 0; i < CAPACITY; i++) {
        CU_ASSERT_EQUAL(findings.list[i].kind, STORE_ENTRY_ZERO_COUNT);
        CU_ASSERT_EQUAL(findings.list[i].first, 6000 + i);
    }
}

static void foreign_data_are_reported(void) {
    struct store_findings findings;
    struct disk disk = blank_disk();
    CU_ASSERT_TRUE(write_blocks(&disk, histories[1].entries, histories[1].count));
    disk.bytes[STORE_HEADER_BYTES + 4] ^= 1;
    sign(&disk);
    struct blocks read = load(&disk, &findings);
    CU_ASSERT_EQUAL(read.count, 1);
    CU_ASSERT_EQUAL(read.entries[0].first, 52311);
    expect_finding(&findings, STORE_ENTRY_FOREIGN_DATA, "has data of an unknown kind");
}

/* The byte behind the known ones is the kind; the rest is zero. */
static void unknown_kinds_are_reported(void) {
    for (unsigned offset = 8; offset < STORE_ENTRY_BYTES; offset++) {
        struct store_findings findings;
        struct disk disk = blank_disk();
        CU_ASSERT_TRUE(write_blocks(&disk, histories[1].entries, histories[1].count));
        disk.bytes[STORE_HEADER_BYTES + offset] = STORE_ENTRY_KINDS_COUNT;
        sign(&disk);
        struct blocks read = load(&disk, &findings);
        CU_ASSERT_EQUAL(read.count, 1);
        CU_ASSERT_EQUAL(read.entries[0].kind, STORE_EXCLUSION);
        expect_finding(&findings, STORE_ENTRY_FOREIGN_DATA, "has data of an unknown kind");
    }
}

static void damaged_copies_are_reported(void) {
    struct store_findings findings;
    struct disk disk = blank_disk();
    CU_ASSERT_TRUE(write_blocks(&disk, histories[0].entries, histories[0].count));
    CU_ASSERT_TRUE(write_blocks(&disk, histories[1].entries, histories[1].count));
    struct disk second = disk, both = disk, version = disk;
    second.bytes[store_bytes(CAPACITY) / 2 + STORE_HEADER_BYTES] ^= 0x80;
    struct blocks read = load(&second, &findings);
    CU_ASSERT_TRUE(same(&read, &histories[0]));
    expect_finding(&findings, STORE_COPY_DAMAGED, "has a wrong checksum");
    memset(both.bytes, 'x', sizeof both.bytes);
    read = load(&both, &findings);
    CU_ASSERT_EQUAL(read.count, 0);
    expect_finding(&findings, STORE_COPY_FOREIGN, "holds something else");
    expect_finding(&findings, STORE_LOST, "has no good copy and is taken as empty");
    CU_ASSERT_EQUAL(finding_of(&findings, STORE_LOST)->copy, STORE_COPIES); /* it is about none of them */
    CU_ASSERT_EQUAL(finding_of(&findings, STORE_COPY_FOREIGN)->copy, 0);
    version.bytes[4] = 2;
    sign(&version);
    read = load(&version, &findings);
    CU_ASSERT_TRUE(same(&read, &histories[1]));
    expect_finding(&findings, STORE_COPY_VERSION, "is of an unknown version");
}

/* Wherever a file may have been cut: the first copy in its header, in its entries, and the second one likewise. */
static void short_files_are_reported_as_cut(void) {
    const uint32_t half = store_bytes(CAPACITY) / 2;
    const uint32_t lengths[] = { 0, 1, STORE_HEADER_BYTES - 1, STORE_HEADER_BYTES, half, half + 1 };
    struct disk disk = blank_disk();
    CU_ASSERT_TRUE(write_blocks(&disk, histories[0].entries, histories[0].count));
    CU_ASSERT_TRUE(write_blocks(&disk, histories[1].entries, histories[1].count));
    for (unsigned i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct store_findings findings;
        struct store cut = store_on(&disk);
        cut.length = lengths[i];
        (void)load_with(&cut, &findings);
        CU_ASSERT_PTR_NOT_NULL(finding_of(&findings, STORE_COPY_CUT_SHORT));
        for (unsigned k = 0; k < findings.count; k++)
            CU_ASSERT(findings.list[k].kind == STORE_COPY_CUT_SHORT || findings.list[k].kind == STORE_LOST);
    }
}

static void the_store_of_the_other_protocol_is_damaged(void) {
    struct store_findings findings;
    struct disk disk = blank_disk();
    CU_ASSERT_TRUE(write_blocks(&disk, histories[0].entries, histories[0].count));
    struct store udp = store_on(&disk);
    udp.protocol = PROTOCOL_UDP;
    CU_ASSERT_EQUAL(load_with(&udp, &findings).count, 0);
    CU_ASSERT_PTR_NOT_NULL(finding_of(&findings, STORE_COPY_DAMAGED));
}

static void a_store_that_was_cut_short_gives_what_is_whole(void) {
    struct store_findings findings;
    struct disk disk = blank_disk();
    CU_ASSERT_TRUE(write_blocks(&disk, histories[0].entries, histories[0].count));
    CU_ASSERT_TRUE(write_blocks(&disk, histories[2].entries, histories[2].count));
    for (uint32_t length = 0; length < store_bytes(CAPACITY); length++) {
        struct store store = store_on(&disk);
        uint8_t *exact = malloc(length > 0 ? length : 1); /* so that a sanitizer sees a step too far */
        CU_ASSERT_PTR_NOT_NULL_FATAL(exact);
        memcpy(exact, disk.bytes, length);
        store.bytes = exact;
        store.length = length;
        struct blocks read = load_with(&store, &findings);
        bool first = same(&read, &histories[0]), second = same(&read, &histories[2]), none = read.count == 0;
        CU_ASSERT_TRUE(first || second || (none && length < store_bytes(CAPACITY) / 2));
        CU_ASSERT_TRUE(second || findings.count > 0);
        /* What lies behind the end, even the rest of what was written, is none of it. */
        struct store_findings behind;
        struct store beside_more = store_on(&disk);
        beside_more.length = length;
        struct blocks again = load_with(&beside_more, &behind);
        CU_ASSERT_TRUE(same(&again, &read));
        CU_ASSERT_EQUAL(behind.count, findings.count);
        free(exact);
    }
}

/* splitmix64 */
static uint64_t draw(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* A store of random blocks, then damaged in one of several ways. */
static void break_disk(struct disk *disk, uint64_t *state) {
    struct store_entry entries[CAPACITY];
    for (unsigned write = 0; write < 2; write++) {
        unsigned count = (unsigned)(draw(state) % (CAPACITY + 1));
        for (unsigned i = 0; i < count; i++)
            entries[i] = (struct store_entry){ (uint16_t)draw(state),
                                               (uint16_t)(draw(state) % 3 == 0 ? draw(state) : draw(state) % 4),
                                               (uint16_t)(draw(state) % STORE_ENTRY_KINDS_COUNT) };
        (void)write_blocks(disk, entries, count);
    }
    unsigned way = (unsigned)(draw(state) % 4);
    for (unsigned i = 0; i < (way == 0 ? BYTES_MAX : 1 + draw(state) % 8); i++) {
        unsigned place =
            way == 0 ? i
                     : (unsigned)(draw(state) % (way == 1 ? (unsigned)STORE_HEADER_BYTES + 24 : (unsigned)BYTES_MAX));
        disk->bytes[place] = (uint8_t)draw(state);
    }
    if (way != 3) return;
    memcpy(disk->bytes, "RPS1\1\0", 6);
    sign(disk);
}

static bool blocks_are_good(const struct blocks *blocks) {
    for (unsigned i = 0; i < blocks->count; i++) {
        struct store_entry one = blocks->entries[i];
        if (one.first == 0 || one.count == 0 || one.first + one.count > 65536 || one.kind >= STORE_ENTRY_KINDS_COUNT)
            return false;
        for (unsigned k = 0; k < i; k++) {
            struct store_entry other = blocks->entries[k];
            if (one.kind == other.kind && one.first < other.first + other.count && other.first < one.first + one.count)
                return false;
        }
    }
    return true;
}

/* A store of no block has no bytes; a store of one block holds one. */
static void the_smallest_stores(void) {
    struct store_findings findings = { 0 };
    struct store_entry entry = { .first = 5000, .count = 4 }, read = { 0 };
    const struct store none = { .protocol = PROTOCOL_TCP };
    CU_ASSERT_EQUAL(store_load(&none, &read, &findings), 0);
    struct disk disk = blank_disk();
    struct store one = store_on(&disk);
    one.capacity = 1;
    one.length = store_bytes(1);
    CU_ASSERT_TRUE(store_write(&disk.medium, &one, &entry, 1));
    CU_ASSERT_EQUAL_FATAL(store_load(&one, &read, &findings), 1);
    CU_ASSERT_EQUAL(read.first, 5000);
    CU_ASSERT_EQUAL(read.count, 4);
    CU_ASSERT_EQUAL(findings.count, 0);
}

static void ten_thousand_broken_stores_are_loaded(void) {
    uint64_t state = 20260;
    unsigned reported = 0;
    for (unsigned i = 0; i < 10000; i++) {
        struct store_findings findings;
        struct disk disk = blank_disk();
        break_disk(&disk, &state);
        struct store store = store_on(&disk);
        if (draw(&state) % 4 == 0) store.length = (uint32_t)(draw(&state) % (store.length + 1));
        struct blocks read = load_with(&store, &findings);
        CU_ASSERT_TRUE(blocks_are_good(&read));
        reported += findings.count > 0;
        disk.power_left = EVERYTHING;
        CU_ASSERT_TRUE(write_blocks(&disk, histories[3].entries, histories[3].count));
        read = load(&disk, &findings);
        CU_ASSERT_TRUE(same(&read, &histories[3]));
    }
    CU_ASSERT_TRUE(reported > 5000);
}

/* What a report says of each kind of finding. */
static void each_finding_has_its_words(void) {
    static const struct {
        enum store_finding_kind kind;
        const char *words;
    } findings[] = {
        { STORE_COPY_CUT_SHORT, "is cut short" },
        { STORE_COPY_FOREIGN, "holds something else" },
        { STORE_COPY_VERSION, "is of an unknown version" },
        { STORE_COPY_DAMAGED, "has a wrong checksum" },
        { STORE_LOST, "has no good copy and is taken as empty" },
        { STORE_ENTRY_ZERO_PORT, "begins at port 0" },
        { STORE_ENTRY_ZERO_COUNT, "has no ports" },
        { STORE_ENTRY_PAST_END, "goes past port 65535" },
        { STORE_ENTRY_OVERLAPS, "overlaps one before it" },
        { STORE_ENTRY_FOREIGN_DATA, "has data of an unknown kind" },
    };
    for (unsigned i = 0; i < sizeof findings / sizeof findings[0]; i++) {
        const char *said = store_finding_text(&(struct store_finding){ .kind = (uint8_t)findings[i].kind });
        CU_ASSERT_PTR_NOT_NULL_FATAL(said);
        CU_ASSERT_STRING_EQUAL(said, findings[i].words);
    }
}

void register_store_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/store", NULL, NULL);
    CU_add_test(suite, "each finding has its words", each_finding_has_its_words);
    CU_add_test(suite, "what is written is read", what_is_written_is_read);
    CU_add_test(suite, "no more sectors are written than are needed", no_more_sectors_are_written_than_are_needed);
    CU_add_test(suite, "entries are named as in the registry", entries_are_named_as_in_the_registry);
    CU_add_test(suite, "a crash at every byte leaves the old or the new store",
                a_crash_at_every_byte_leaves_the_old_or_the_new_store);
    CU_add_test(suite, "a crash after a crash loses nothing", a_crash_after_a_crash_loses_nothing);
    CU_add_test(suite, "bad entries are reported and left out", bad_entries_are_reported_and_left_out);
    CU_add_test(suite, "every bad entry is reported", every_bad_entry_is_reported);
    CU_add_test(suite, "foreign data are reported", foreign_data_are_reported);
    CU_add_test(suite, "unknown kinds are reported", unknown_kinds_are_reported);
    CU_add_test(suite, "damaged copies are reported", damaged_copies_are_reported);
    CU_add_test(suite, "short files are reported as cut", short_files_are_reported_as_cut);
    CU_add_test(suite, "the store of the other protocol is damaged", the_store_of_the_other_protocol_is_damaged);
    CU_add_test(suite, "a store that was cut short gives what is whole",
                a_store_that_was_cut_short_gives_what_is_whole);
    CU_add_test(suite, "the smallest stores", the_smallest_stores);
    CU_add_test(suite, "ten thousand broken stores are loaded", ten_thousand_broken_stores_are_loaded);
}
