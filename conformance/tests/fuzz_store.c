/* libFuzzer's entry: a store of persistent reservations, whatever stands in its file; and a machine that boots from
 * it. */
#include <stdio.h>
#include <stdlib.h>

#include "conformance/base/folders.h"
#include "sim/store/store_file.h"
#include "stack/model/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const path = "build/fuzz/store/x.store";
    static void *memory;
    struct store_findings findings = { .count = 0 };
    struct world_limits limits = world_limits_small();
    limits.stored = STORE_FILE_CAPACITY;
    limits.reservations = limits.exclusions = 2 * STORE_FILE_CAPACITY;
    if (memory == NULL) memory = malloc(world_bytes(&limits));
    if (memory == NULL || !file_write_at_once(path, (const char *)data, size)) return 0;
    struct world *world = world_create(memory, &limits);
    (void)store_file_check(path, &findings);
    if (store_file_load(path, world) != STORE_FILE_DONE) return 0;
    if (model_check(world) != NULL) abort();
    if (store_file_save(path, world) != STORE_FILE_DONE) abort();
    return 0;
}
