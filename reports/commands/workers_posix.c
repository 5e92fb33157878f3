#define _POSIX_C_SOURCE 200809L /* fork, dup2, fileno; and sysconf's count of processors, which all have */

#include "reports/commands/workers.h"

#include <assert.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/base/text.h"
#include "reports/formats/terminal.h"

/* What a worker leaves are files without a name. */
struct worker {
    pid_t process; /* -1: it has been waited for */
    bool ended_well;
    FILE *output, *errors, *result;
};

unsigned workers_of_machine(void) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (processors < 1) return 1;
    return processors < WORKERS_MAX ? (unsigned)processors : (unsigned)WORKERS_MAX;
}

/* --- one ---------------------------------------------------------------------------------------------------------- */

/* The worker's own life: it ends here. */
static void live(const struct worker *worker, void (*work)(void *self, FILE *result), void *self) {
    bool redirected =
        dup2(fileno(worker->output), STDOUT_FILENO) >= 0 && dup2(fileno(worker->errors), STDERR_FILENO) >= 0;
    if (!redirected) _exit(1);
    work(self, worker->result);
    bool written = fflush(stdout) == 0 && fflush(worker->result) == 0 && !ferror(worker->result);
    _exit(written ? 0 : 1);
}

struct worker *worker_start(void (*work)(void *self, FILE *result), void *self) {
    struct worker *worker = calloc(1, sizeof *worker);
    if (worker == NULL) return NULL;
    worker->process = -1;
    worker->output = tmpfile();
    worker->errors = tmpfile();
    worker->result = tmpfile();
    bool files = worker->output != NULL && worker->errors != NULL && worker->result != NULL;
    fflush(stdout); /* what waits there is not the worker's to say */
    fflush(stderr);
    if (files) worker->process = fork();
    if (worker->process == 0) live(worker, work, self);
    if (worker->process > 0) return worker;
    worker_free(worker);
    return NULL;
}

FILE *worker_result(struct worker *worker) {
    int status = 0;
    assert(worker != NULL);
    if (worker->process >= 0) {
        bool known = waitpid(worker->process, &status, 0) == worker->process;
        worker->ended_well = known && WIFEXITED(status) && WEXITSTATUS(status) == 0;
        worker->process = -1;
        rewind(worker->result);
    }
    return worker->ended_well ? worker->result : NULL;
}

void worker_free(struct worker *worker) {
    if (worker == NULL) return;
    if (worker->process >= 0) {
        kill(worker->process, SIGKILL);
        waitpid(worker->process, NULL, 0);
    }
    if (worker->output != NULL) fclose(worker->output);
    if (worker->errors != NULL) fclose(worker->errors);
    if (worker->result != NULL) fclose(worker->result);
    free(worker);
}

/* --- parts -------------------------------------------------------------------------------------------------------- */

struct part {
    worker_part *work;
    void *self;
    size_t from, to;
    unsigned counts_count;
    struct worker *worker; /* NULL: none was to be had */
};

static void work_part(void *self, FILE *result) {
    const struct part *part = self;
    unsigned counts[WORKER_COUNTS_MAX] = { 0 };
    part->work(part->self, part->from, part->to, counts);
    fwrite(counts, sizeof counts[0], part->counts_count, result);
}

static struct text read_all(FILE *said) {
    struct text text = { 0 };
    char bytes[16 * 1024];
    size_t length;
    rewind(said);
    while ((length = fread(bytes, 1, sizeof bytes, said)) > 0) text_add_bytes(&text, bytes, length);
    return text;
}

/* To the worker its output is a file: whether a terminal gets it is known only here. */
static void show(FILE *output, FILE *errors) {
    struct text said = read_all(output), complaints = read_all(errors);
    output_print(&said);
    errors_print(&complaints);
    text_free(&said);
    text_free(&complaints);
}

/* False when the worker came to no good end. */
static bool add_counts(const struct part *part, unsigned *counts) {
    unsigned counted[WORKER_COUNTS_MAX];
    FILE *result = part->worker == NULL ? NULL : worker_result(part->worker);
    if (result == NULL || fread(counted, sizeof counted[0], part->counts_count, result) != part->counts_count)
        return false;
    for (unsigned i = 0; i < part->counts_count; i++) counts[i] += counted[i];
    return true;
}

static void finish(const struct part *part, unsigned *counts) {
    if (add_counts(part, counts)) {
        show(part->worker->output, part->worker->errors);
    } else {
        part->work(part->self, part->from, part->to, counts);
    }
    worker_free(part->worker);
}

void work_in_parts(size_t count, size_t part_least, unsigned workers, worker_part *work, void *self, unsigned *counts,
                   unsigned counts_count) {
    struct part parts[WORKERS_MAX];
    assert(part_least > 0 && workers > 0 && workers <= WORKERS_MAX);
    assert(counts_count <= WORKER_COUNTS_MAX);
    size_t parts_count = count / part_least < workers ? count / part_least : workers;
    if (parts_count == 0) parts_count = 1;
    for (size_t i = 1; i < parts_count; i++) { /* the first part is done here */
        parts[i] =
            (struct part){ work, self, count * i / parts_count, count * (i + 1) / parts_count, counts_count, NULL };
        parts[i].worker = worker_start(work_part, &parts[i]);
    }
    work(self, 0, count / parts_count, counts);
    for (size_t i = 1; i < parts_count; i++) finish(&parts[i], counts);
}
