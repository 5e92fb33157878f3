#define _POSIX_C_SOURCE 200809L

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/store/store_file.h"
#include "stack/ports/exclusions.h"
#include "stack/ports/persistent.h"
#include "stack/model/model.h"

void register_store_file_tests(void);

enum { WORLD_BYTES = 12288 };

static const char pattern[] = "build/test-XXXXXX";
static char folder[sizeof pattern], path[64];

static int make_folder(void) {
    memcpy(folder, pattern, sizeof folder);
    if (mkdtemp(folder) == NULL) return 1;
    snprintf(path, sizeof path, "%s/store", folder);
    return 0;
}

static int remove_folder(void) {
    remove(path);
    return rmdir(folder);
}

struct machine_memory {
    _Alignas(8) uint64_t words[WORLD_BYTES / 8];
};

static struct world *new_world(struct machine_memory *memory) {
    const struct world_limits limits = world_limits_small();
    CU_ASSERT_TRUE_FATAL(world_bytes(&limits) <= sizeof memory->words);
    return world_create(memory->words, &limits);
}

/* A store with these blocks in a world's region, as store_write leaves it. */
struct region {
    struct store_medium medium;
    uint8_t *bytes;
};

static bool write_region(struct store_medium *medium, uint32_t offset, const uint8_t *bytes, uint32_t length) {
    memcpy(((struct region *)medium)->bytes + offset, bytes, length);
    return true;
}

static void put_blocks(struct world *world, enum protocol protocol, const struct store_entry *entries, unsigned count) {
    struct region region = { { write_region }, world_store(world, protocol) };
    const struct store store = { .bytes = region.bytes,
                                 .length = world_store_bytes(world),
                                 .capacity = world->limits.stored,
                                 .protocol = (uint8_t)protocol };
    CU_ASSERT_TRUE(store_write(&region.medium, &store, entries, count));
}

static unsigned blocks_in(const struct world *world, enum protocol protocol) {
    unsigned count = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++) {
        const struct reservation *row = world_reservation_at(world, i);
        count += row->kind == RESERVATION_PERSISTENT && row->protocol == protocol;
    }
    return count;
}

static const struct store_entry two[] = { { 5000, 20, STORE_RESERVATION }, { 52311, 1, STORE_RESERVATION } };

static void what_one_machine_saves_another_loads(void) {
    struct machine_memory memory;
    struct store_findings findings = { .count = 0 };
    remove(path);
    struct world *world = new_world(&memory);
    CU_ASSERT_EQUAL(store_file_load(path, world), STORE_FILE_DONE); /* no file: nothing is reserved */
    CU_ASSERT_EQUAL(blocks_in(world, PROTOCOL_TCP), 0);
    put_blocks(world, PROTOCOL_TCP, two, 2);
    put_blocks(world, PROTOCOL_UDP, two, 1);
    CU_ASSERT_EQUAL(store_file_save(path, world), STORE_FILE_DONE);
    world = new_world(&memory);
    CU_ASSERT_EQUAL(store_file_load(path, world), STORE_FILE_DONE);
    CU_ASSERT_EQUAL(blocks_in(world, PROTOCOL_TCP), 2);
    CU_ASSERT_EQUAL(blocks_in(world, PROTOCOL_UDP), 1);
    CU_ASSERT_PTR_NULL(model_check(world));
    CU_ASSERT_EQUAL(store_file_check(path, &findings), STORE_FILE_DONE);
    CU_ASSERT_EQUAL(findings.count, 0);
}

static void exclusions_are_kept_beside_reservations(void) {
    static const struct store_entry both[] = { { 5000, 20, STORE_RESERVATION }, { 5010, 3, STORE_EXCLUSION } };
    struct machine_memory memory;
    remove(path);
    struct world *world = new_world(&memory);
    put_blocks(world, PROTOCOL_UDP, both, 2);
    CU_ASSERT_EQUAL(store_file_save(path, world), STORE_FILE_DONE);
    world = new_world(&memory);
    CU_ASSERT_EQUAL(store_file_load(path, world), STORE_FILE_DONE);
    CU_ASSERT_EQUAL(blocks_in(world, PROTOCOL_UDP), 1);
    CU_ASSERT_NOT_EQUAL(exclusion_exact(world, PROTOCOL_UDP, 5010, 5012), NO_ROW);
    CU_ASSERT_EQUAL(exclusion_exact(world, PROTOCOL_UDP, 5000, 5019), NO_ROW);
    CU_ASSERT_PTR_NULL(model_check(world));
}

/* What stands in the file from there on is this text. */
static void write_over(long offset, const char *text) {
    FILE *file = fopen(path, "r+b");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fseek(file, offset, SEEK_SET), 0);
    CU_ASSERT_TRUE(fputs(text, file) >= 0);
    CU_ASSERT_EQUAL(fclose(file), 0);
}

static void a_damaged_byte_brings_the_store_before_back(void) {
    struct machine_memory memory;
    struct store_findings findings = { .count = 0 };
    remove(path);
    struct world *world = new_world(&memory);
    put_blocks(world, PROTOCOL_TCP, two, 1);
    CU_ASSERT_EQUAL(store_file_save(path, world), STORE_FILE_DONE);
    put_blocks(world, PROTOCOL_TCP, two, 2);
    CU_ASSERT_EQUAL(store_file_save(path, world), STORE_FILE_DONE);
    write_over(STORE_FILE_COPY_BYTES + STORE_HEADER_BYTES, "x");
    world = new_world(&memory);
    CU_ASSERT_EQUAL(store_file_load(path, world), STORE_FILE_DONE);
    CU_ASSERT_EQUAL(blocks_in(world, PROTOCOL_TCP), 1);
    CU_ASSERT_EQUAL(store_file_check(path, &findings), STORE_FILE_DONE);
    CU_ASSERT_EQUAL_FATAL(findings.count, 1);
    CU_ASSERT_EQUAL(findings.list[0].kind, STORE_COPY_DAMAGED);
}

static enum store_file_answer check_of(const void *bytes, size_t length) {
    struct store_findings findings = { .count = 0 };
    FILE *file = fopen(path, "wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fwrite(bytes, 1, length, file), length);
    fclose(file);
    return store_file_check(path, &findings);
}

/* Who gives a wrong path finds the file again as it was. */
static void a_file_of_something_else_is_refused(void) {
    static uint8_t bytes[PROTOCOLS_COUNT * STORE_COPIES * STORE_FILE_COPY_BYTES];
    static const char letter[] = "this is no store, but a letter";
    char text[160];
    CU_ASSERT_EQUAL(check_of(letter, sizeof letter - 1), STORE_FILE_FOREIGN);
    store_file_text(STORE_FILE_FOREIGN, text, sizeof text);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "no store"));
    CU_ASSERT_EQUAL(check_of("x", 1), STORE_FILE_FOREIGN);
    memset(bytes, 'x', sizeof bytes);
    CU_ASSERT_EQUAL(check_of(bytes, sizeof bytes), STORE_FILE_FOREIGN);
    CU_ASSERT_EQUAL(check_of(bytes, sizeof bytes / 2), STORE_FILE_FOREIGN);
    memset(bytes, 0, sizeof bytes);
    CU_ASSERT_EQUAL(check_of(bytes, sizeof bytes), STORE_FILE_DONE);
    CU_ASSERT_EQUAL(check_of(bytes, 7), STORE_FILE_DONE);
    CU_ASSERT_EQUAL(check_of(bytes, 0), STORE_FILE_DONE);
}

/* One store is of something else, the other one good: what is good is used. */
static void a_store_of_something_else_beside_a_good_one_is_replaced(void) {
    struct machine_memory memory;
    struct store_findings findings = { .count = 0 };
    remove(path);
    struct world *world = new_world(&memory);
    put_blocks(world, PROTOCOL_UDP, two, 2);
    CU_ASSERT_EQUAL(store_file_save(path, world), STORE_FILE_DONE);
    write_over(0, "this is no store, but a letter");
    CU_ASSERT_EQUAL(store_file_check(path, &findings), STORE_FILE_DONE);
    CU_ASSERT_TRUE(findings.count > 0);
    world = new_world(&memory);
    CU_ASSERT_EQUAL(store_file_load(path, world), STORE_FILE_DONE);
    CU_ASSERT_EQUAL(blocks_in(world, PROTOCOL_UDP), 2);
    put_blocks(world, PROTOCOL_TCP, two, 1);
    CU_ASSERT_EQUAL(store_file_save(path, world), STORE_FILE_DONE);
    world = new_world(&memory);
    CU_ASSERT_EQUAL(store_file_load(path, world), STORE_FILE_DONE);
    CU_ASSERT_EQUAL(blocks_in(world, PROTOCOL_TCP), 1);
    CU_ASSERT_EQUAL(blocks_in(world, PROTOCOL_UDP), 2);
}

static void more_blocks_than_a_world_holds_are_refused(void) {
    struct machine_memory memory;
    char text[160];
    remove(path);
    struct world_limits limits = world_limits_small();
    limits.stored = 16;
    void *large = malloc(world_bytes(&limits));
    CU_ASSERT_PTR_NOT_NULL_FATAL(large);
    struct world *world = world_create(large, &limits);
    struct store_entry entries[16];
    for (unsigned i = 0; i < 16; i++) entries[i] = (struct store_entry){ (uint16_t)(5000 + i), 1, STORE_RESERVATION };
    put_blocks(world, PROTOCOL_TCP, entries, 16);
    CU_ASSERT_EQUAL(store_file_save(path, world), STORE_FILE_DONE);
    free(large);
    enum store_file_answer answer = store_file_load(path, new_world(&memory));
    CU_ASSERT_EQUAL_FATAL(answer, STORE_FILE_TOO_MANY);
    store_file_text(answer, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "the store holds more blocks than the model has room for");
}

/* A pipe is not waited for, whether anyone writes into it or not. */
static void a_pipe_is_refused(void) {
    struct machine_memory memory;
    struct store_findings findings = { 0 };
    char text[160];
    remove(path);
    CU_ASSERT_EQUAL_FATAL(mkfifo(path, 0600), 0);
    enum store_file_answer answer = store_file_check(path, &findings);
    CU_ASSERT_EQUAL(answer, STORE_FILE_UNREADABLE);
    store_file_text(answer, text, sizeof text);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "seek"));
    CU_ASSERT_EQUAL(store_file_load(path, new_world(&memory)), STORE_FILE_UNREADABLE);
    remove(path);
}

void register_store_file_tests(void) {
    CU_pSuite suite = CU_add_suite("sim/store file", make_folder, remove_folder);
    CU_add_test(suite, "what one machine saves another loads", what_one_machine_saves_another_loads);
    CU_add_test(suite, "exclusions are kept beside reservations", exclusions_are_kept_beside_reservations);
    CU_add_test(suite, "a damaged byte brings the store before back", a_damaged_byte_brings_the_store_before_back);
    CU_add_test(suite, "a file of something else is refused", a_file_of_something_else_is_refused);
    CU_add_test(suite, "a pipe is refused", a_pipe_is_refused);
    CU_add_test(suite, "a store of something else beside a good one is replaced",
                a_store_of_something_else_beside_a_good_one_is_replaced);
    CU_add_test(suite, "more blocks than a world holds are refused", more_blocks_than_a_world_holds_are_refused);
}
