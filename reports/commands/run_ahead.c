#include "reports/commands/run_ahead.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "reports/commands/workers.h"

enum { JOBS_OF_A_PART = 400, TEXT_BYTES_MAX = 4 * FOLDER_PATH_MAX };

/* The instances from..to-1, in the order in which they are played. */
struct part {
    const struct run_plan *plan;
    const struct scenario_set *set;
    size_t from, to;
    struct worker *worker; /* NULL: none was to be had */
};

/* How an instance stands in a result: this, then its four texts, each with its NUL; "" stands for none. */
struct entry {
    uint64_t number, duration_us;
    uint32_t subject, runs, steps, steps_sent, not_implemented, texts_bytes;
};

struct run_ahead {
    struct part parts[WORKERS_MAX];
    size_t parts_count, at; /* `at`: the part whose result is read */
    bool has_entry;         /* `entry` and `texts` are the last that was read */
    struct entry entry;
    char texts[TEXT_BYTES_MAX];
};

/* --- in the other process ----------------------------------------------------------------------------------------- */

static size_t add_text(char *texts, size_t at, const char *text) {
    size_t length = text == NULL ? 0 : strlen(text);
    if (length >= TEXT_BYTES_MAX - at) return TEXT_BYTES_MAX;
    memcpy(texts + at, text == NULL ? "" : text, length + 1);
    return at + length + 1;
}

/* What does not fit is not reported: the run plays it again. */
static void write_entry(void *context, size_t number, const struct instance_record *left) {
    FILE *result = context;
    char texts[TEXT_BYTES_MAX];
    const char *const all[] = { left->scenario, left->id, left->path, left->trace_path };
    size_t length = 0;
    for (unsigned i = 0; i < 4 && length < sizeof texts; i++) length = add_text(texts, length, all[i]);
    if (length == sizeof texts || left->reason != NULL || left->runs_other > 0) return;
    const struct entry entry = { .number = number,
                                 .duration_us = left->duration_us,
                                 .subject = left->subject,
                                 .runs = left->runs,
                                 .steps = left->steps_forgotten,
                                 .steps_sent = left->steps_forgotten_sent,
                                 .not_implemented = left->not_implemented_forgotten,
                                 .texts_bytes = (uint32_t)length };
    fwrite(&entry, sizeof entry, 1, result);
    fwrite(texts, 1, length, result);
}

static void play_part(void *self, FILE *result) {
    const struct part *part = self;
    struct run_plan plan = *part->plan;
    plan.played_elsewhere = NULL;
    plan.progress = NULL;
    runner_run_part(&plan, part->set, part->from, part->to, write_entry, result);
}

/* --- in the run's ------------------------------------------------------------------------------------------------- */

/* The next entry of the result that is read, or of the next result. False: there is none. */
static bool read_entry(struct run_ahead *ahead) {
    for (; ahead->at < ahead->parts_count; ahead->at++) {
        struct worker *worker = ahead->parts[ahead->at].worker;
        FILE *result = worker == NULL ? NULL : worker_result(worker);
        bool read = result != NULL && fread(&ahead->entry, sizeof ahead->entry, 1, result) == 1;
        if (read && fread(ahead->texts, 1, ahead->entry.texts_bytes, result) == ahead->entry.texts_bytes) return true;
    }
    return false;
}

static const char *take_text(const char **at) {
    const char *text = *at;
    *at += strlen(text) + 1;
    return text[0] == '\0' ? NULL : text;
}

/* Entries stand in the order in which the run asks. */
static bool find_entry(struct run_ahead *ahead, size_t number) {
    if (number < ahead->parts[1].from) return false; /* the run's own part */
    while (!ahead->has_entry || ahead->entry.number < number) {
        ahead->has_entry = read_entry(ahead);
        if (!ahead->has_entry) return false;
    }
    return ahead->entry.number == number;
}

static bool played_ahead(void *context, size_t number, struct instance_record *left) {
    struct run_ahead *ahead = context;
    const struct entry *entry = &ahead->entry;
    const char *at = ahead->texts;
    if (!find_entry(ahead, number)) return false;
    *left = (struct instance_record){ .subject = entry->subject,
                                      .verdict = VERDICT_CONFORM,
                                      .runs = entry->runs,
                                      .duration_us = entry->duration_us,
                                      .forgotten = true,
                                      .steps_forgotten = entry->steps,
                                      .steps_forgotten_sent = entry->steps_sent,
                                      .not_implemented_forgotten = entry->not_implemented };
    left->scenario = take_text(&at);
    left->id = take_text(&at);
    left->path = take_text(&at);
    left->trace_path = take_text(&at);
    return true;
}

/* Would every process play as the run itself would, and report little? */
static bool can_be_divided(const struct run_plan *plan) {
    for (unsigned i = 0; i < plan->subjects_count; i++)
        if (plan->subjects[i]->kind != SUBJECT_MODEL) return false;
    return plan->forgets && plan->max_failures == 0;
}

struct run_ahead *run_ahead_begin(struct run_plan *plan, const struct scenario_set *set, unsigned jobs) {
    assert(plan->played_elsewhere == NULL && jobs >= 1 && jobs <= WORKERS_MAX);
    size_t count = runner_jobs_count(plan, set), parts_count = count / JOBS_OF_A_PART;
    if (parts_count > jobs) parts_count = jobs;
    if (parts_count < 2 || !can_be_divided(plan)) return NULL;
    struct run_ahead *ahead = memory_zeroed(sizeof *ahead);
    ahead->parts_count = parts_count;
    ahead->at = 1; /* the first part is the run's own */
    for (size_t i = 1; i < parts_count; i++) {
        ahead->parts[i] = (struct part){ plan, set, count * i / parts_count, count * (i + 1) / parts_count, NULL };
        ahead->parts[i].worker = worker_start(play_part, &ahead->parts[i]);
    }
    plan->played_elsewhere = played_ahead;
    plan->elsewhere = ahead;
    return ahead;
}

void run_ahead_end(struct run_ahead *ahead) {
    if (ahead == NULL) return;
    for (size_t i = 1; i < ahead->parts_count; i++) worker_free(ahead->parts[i].worker);
    free(ahead);
}
