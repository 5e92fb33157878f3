#include "reports/commands/workers.h"

#include <assert.h>

unsigned workers_of_machine(void) { return 1; }

void work_in_parts(size_t count, size_t part_least, unsigned workers, worker_part *work, void *self, unsigned *counts,
                   unsigned counts_count) {
    assert(part_least > 0 && workers > 0);
    assert(counts_count <= WORKER_COUNTS_MAX);
    work(self, 0, count, counts);
}
