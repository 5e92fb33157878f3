#include "reports/commands/workers.h"

#include <assert.h>

unsigned workers_of_machine(void) { return 1; }

struct worker *worker_start(void (*work)(void *self, FILE *result), void *self) {
    (void)work, (void)self;
    return NULL;
}

FILE *worker_result(struct worker *worker) {
    (void)worker;
    return NULL;
}

void worker_free(struct worker *worker) { (void)worker; }

void work_in_parts(size_t count, size_t part_least, unsigned workers, worker_part *work, void *self, unsigned *counts,
                   unsigned counts_count) {
    assert(part_least > 0 && workers > 0);
    assert(counts_count <= WORKER_COUNTS_MAX);
    work(self, 0, count, counts);
}
