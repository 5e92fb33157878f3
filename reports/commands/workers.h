/* Spreads similar items over processes; output is the same as from one.
 *
 * Items 0..count-1 are divided into parts, one after the other. What each part prints to standard output and to
 * standard error is shown in the order of the parts, so that the output does not depend on how many there were. Where
 * processes cannot be had (Windows; a machine that refuses) this process does everything. */
#ifndef RESERVOIR_REPORTS_WORKERS_H
#define RESERVOIR_REPORTS_WORKERS_H

#include <stddef.h>
#include <stdio.h>

enum { WORKERS_MAX = 64, WORKER_COUNTS_MAX = 8 };

/* A process of its own that does something and leaves a file of what came of it. It may change nothing else that
 * anybody looks at later; what it prints is lost. */
struct worker;

/* `work` writes to `result`. NULL where no process can be had. */
struct worker *worker_start(void (*work)(void *self, FILE *result), void *self);

/* Waits for its end. Its result, to be read from the beginning, until worker_free(); NULL when it came to no good
 * end. */
FILE *worker_result(struct worker *worker);
void worker_free(struct worker *worker); /* ends it; NULL is allowed */

/* Does the items from..to-1 and adds to `counts`. It may change nothing else that anybody looks at later. */
typedef void worker_part(void *self, size_t from, size_t to, unsigned *counts);

/* As many as the machine has processors. */
unsigned workers_of_machine(void);

/* At most `workers` parts, each with at least `part_least` items. The counts of all are added to
 * counts[0..counts_count-1]. A worker that dies says nothing: its part is done again here, where what killed it can be
 * seen. */
void work_in_parts(size_t count, size_t part_least, unsigned workers, worker_part *work, void *self, unsigned *counts,
                   unsigned counts_count);

#endif
