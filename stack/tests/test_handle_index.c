/* The handle index of a large world, nearly as full as it can be: whatever was opened and closed before, each number is
 * found in its own process, and no other is. */
#include <stdlib.h>

#include "stack/system/handle_index.h"
#include "stack/tests/fixture.h"
#include "stack/tests/fixture_pair.h"

void register_handle_index_tests(void);

enum { ROWS = 60000, PROCESSES = 3, CHANGES = 60000, LOOKS = 3 };

static struct world *world_of_handles(void) {
    struct world_limits limits = world_limits_small();
    limits.indexed = 1;
    limits.handles = ROWS;
    void *memory = calloc(1, world_bytes(&limits));
    struct world *world = memory == NULL ? NULL : world_create(memory, &limits);
    for (unsigned row = 0; world != NULL && row < ROWS; row++) world_take_at(world, TABLE_HANDLES, row);
    return world;
}

/* The same number in each process by turns: rows of one number are neighbours in nothing but that. */
static void open_in(struct world *world, unsigned row, uint32_t round) {
    struct handle *handle = world_handle(world, row);
    handle->kind = HANDLE_EVENT;
    handle->process = row % PROCESSES & (HANDLE_PROCESSES_MAX - 1);
    handle->number = (row / PROCESSES + 1 + round * ROWS) * 4;
    handle_index_add(world, row);
}

static void close_in(struct world *world, unsigned row) {
    handle_index_remove(world, row);
    world_handle(world, row)->kind = HANDLE_FREE;
}

static void look_for(const struct world *world, unsigned row, bool open) {
    const struct handle *handle = world_handle_at(world, row);
    unsigned wanted = open ? row : (unsigned)NO_ROW;
    CU_ASSERT_EQUAL(handle_index_find(world, handle->process, handle->number), wanted);
    CU_ASSERT_EQUAL(handle_index_find(world, PROCESSES, handle->number), NO_ROW);
    CU_ASSERT_EQUAL(handle_index_find(world, handle->process, handle->number + 2), NO_ROW);
}

static void each_is_found_whatever_went_before(void) {
    struct world *world = world_of_handles();
    CU_ASSERT_PTR_NOT_NULL_FATAL(world);
    roll_from(1);
    for (unsigned row = 0; row < ROWS; row++) open_in(world, row, 0);
    for (uint32_t i = 0; i < CHANGES; i++) {
        unsigned row = roll(ROWS);
        bool open = world_handle(world, row)->kind != HANDLE_FREE;
        if (open) close_in(world, row);
        else open_in(world, row, 1 + i % 7);
        look_for(world, row, !open);
        for (unsigned k = 0; k < LOOKS; k++) {
            unsigned other = roll(ROWS);
            look_for(world, other, world_handle(world, other)->kind != HANDLE_FREE);
        }
    }
    for (unsigned row = 0; row < ROWS; row++) look_for(world, row, world_handle(world, row)->kind != HANDLE_FREE);
    free(world);
}

/* Once all are closed the index is as empty as it was: nothing was left behind. */
static void nothing_is_left_behind(void) {
    struct world *world = world_of_handles();
    CU_ASSERT_PTR_NOT_NULL_FATAL(world);
    CU_ASSERT(handle_index_present(world));
    roll_from(2);
    for (unsigned row = 0; row < ROWS; row++) open_in(world, row, 0);
    for (unsigned closed = 0, row = 0; closed < ROWS; closed++, row = (row + 7919) % ROWS) close_in(world, row);
    const uint8_t *index = (const uint8_t *)world + world->handle_index_offset;
    unsigned left = 0;
    for (unsigned i = 0; i < HANDLE_INDEX_BYTES; i++) left += index[i] != 0;
    CU_ASSERT_EQUAL(left, 0);
    free(world);
}

void register_handle_index_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/system handle index", NULL, NULL);
    CU_add_test(suite, "each is found, whatever went before", each_is_found_whatever_went_before);
    CU_add_test(suite, "nothing is left behind", nothing_is_left_behind);
}
