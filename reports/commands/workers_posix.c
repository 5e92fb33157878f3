#define _POSIX_C_SOURCE 200809L /* fork, dup2, fileno; and sysconf's count of processors, which all have */

#include "reports/commands/workers.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a worker leaves behind; files without a name. */
struct worker {
    pid_t process; /* or -1: none was to be had */
    FILE *output, *errors, *counts;
    size_t from, to;
};

unsigned workers_of_machine(void) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (processors < 1) return 1;
    return processors < WORKERS_MAX ? (unsigned)processors : (unsigned)WORKERS_MAX;
}

/* The worker's own life: it ends here. */
static void live(const struct worker *worker, worker_part *work, void *self, unsigned counts_count) {
    unsigned counts[WORKER_COUNTS_MAX] = { 0 };
    bool redirected =
        dup2(fileno(worker->output), STDOUT_FILENO) >= 0 && dup2(fileno(worker->errors), STDERR_FILENO) >= 0;
    if (!redirected) _exit(1);
    work(self, worker->from, worker->to, counts);
    bool written = fflush(stdout) == 0 &&
                   fwrite(counts, sizeof counts[0], counts_count, worker->counts) == counts_count &&
                   fflush(worker->counts) == 0;
    _exit(written ? 0 : 1);
}

static void start(struct worker *worker, worker_part *work, void *self, unsigned counts_count) {
    worker->process = -1;
    worker->output = tmpfile();
    worker->errors = tmpfile();
    worker->counts = tmpfile();
    if (worker->output == NULL || worker->errors == NULL || worker->counts == NULL) return;
    fflush(stdout); /* what waits there is not the worker's to say */
    fflush(stderr);
    worker->process = fork();
    if (worker->process == 0) live(worker, work, self, counts_count);
}

static void show(FILE *said, FILE *stream) {
    char bytes[16 * 1024];
    size_t length;
    rewind(said);
    while ((length = fread(bytes, 1, sizeof bytes, said)) > 0) fwrite(bytes, 1, length, stream);
}

/* False when the worker came to no good end. */
static bool add_counts(const struct worker *worker, unsigned *counts, unsigned counts_count) {
    unsigned counted[WORKER_COUNTS_MAX];
    int status = 0;
    if (worker->process < 0 || waitpid(worker->process, &status, 0) != worker->process) return false;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return false;
    rewind(worker->counts);
    if (fread(counted, sizeof counted[0], counts_count, worker->counts) != counts_count) return false;
    for (unsigned i = 0; i < counts_count; i++) counts[i] += counted[i];
    return true;
}

static void finish(struct worker *worker, worker_part *work, void *self, unsigned *counts, unsigned counts_count) {
    if (add_counts(worker, counts, counts_count)) {
        show(worker->output, stdout);
        show(worker->errors, stderr);
    } else {
        work(self, worker->from, worker->to, counts);
    }
    if (worker->output != NULL) fclose(worker->output);
    if (worker->errors != NULL) fclose(worker->errors);
    if (worker->counts != NULL) fclose(worker->counts);
}

void work_in_parts(size_t count, size_t part_least, unsigned workers, worker_part *work, void *self, unsigned *counts,
                   unsigned counts_count) {
    struct worker parts[WORKERS_MAX];
    assert(part_least > 0 && workers > 0 && workers <= WORKERS_MAX);
    assert(counts_count <= WORKER_COUNTS_MAX);
    size_t parts_count = count / part_least < workers ? count / part_least : workers;
    if (parts_count == 0) parts_count = 1;
    for (size_t i = 1; i < parts_count; i++) { /* the first part is done here */
        parts[i] = (struct worker){ .from = count * i / parts_count, .to = count * (i + 1) / parts_count };
        start(&parts[i], work, self, counts_count);
    }
    work(self, 0, count / parts_count, counts);
    for (size_t i = 1; i < parts_count; i++) finish(&parts[i], work, self, counts, counts_count);
}
