#include "conformance/runner/runner.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/language/expand.h"
#include "conformance/runner/run_instance.h"
#include "conformance/runner/stale_rules.h"
#include "conformance/subjects/host_process.h"

/* --- again ------------------------------------------------------------------------------------------------------ */

/* Live values behind `#~` differ between two runs on a host; the rest may not. */
static size_t compared_length(const char *line, size_t length, bool live) {
    if (live) return length;
    for (size_t i = 0; i + 1 < length; i++) {
        if (line[i] == '#' && line[i + 1] == '~') return i;
    }
    return length;
}

/* The number of the first line that differs, or 0. */
static unsigned traces_differ(const struct text *one, const struct text *other, bool live) {
    const char *a = one->length == 0 ? "" : one->bytes, *b = other->length == 0 ? "" : other->bytes;
    for (unsigned line = 1; *a != '\0' || *b != '\0'; line++) {
        size_t a_length = strcspn(a, "\n"), b_length = strcspn(b, "\n");
        size_t a_compared = compared_length(a, a_length, live), b_compared = compared_length(b, b_length, live);
        if (a_compared != b_compared || memcmp(a, b, a_compared) != 0) return line;
        if ((a[a_length] == '\0') != (b[b_length] == '\0')) return line;
        a += a_length + (a[a_length] == '\n');
        b += b_length + (b[b_length] == '\n');
    }
    return 0;
}

static struct instance_record *detached_record(void) {
    struct run_record lone = { .count = 0 };
    struct instance_record *record = run_record_add(&lone);
    free(lone.instances);
    return record;
}

/* Runs the instance once more and notes whether it went as the first time. */
static void run_again(struct running *running, const struct scenario_file *file, unsigned instance) {
    struct instance_record *first = running->record;
    running->record = detached_record();
    running_take(running, file, instance);
    running_play(running, false);
    struct instance_record *again = running->record;
    running->record = first;
    bool live = running_subject(running)->kind == SUBJECT_MODEL;
    unsigned line = running->plan->compare_traces ? traces_differ(&first->trace, &again->trace, live) : 0;
    first->runs++;
    if (again->verdict != first->verdict || line != 0) {
        struct text text = { 0 };
        first->runs_other++;
        if (line != 0) text_add(&text, "two runs differ in line %u of their traces", line);
        else text_add(&text, "one run was %s, another %s", verdict_name(first->verdict), verdict_name(again->verdict));
        const char *reason = instance_record_text(first, text.bytes);
        bool broken = again->verdict == VERDICT_HARNESS_BROKEN;
        instance_record_raise(first, broken ? VERDICT_HARNESS_BROKEN : VERDICT_FLAKY, reason);
        text_free(&text);
    }
    instance_record_free(again);
}

/* --- restarts ------------------------------------------------------------------------------------------------------- */

static size_t stopped_count(const struct run_plan *plan, const struct run_record *record) {
    size_t count = 0;
    for (size_t i = 0; i < record->count; i++) {
        const struct instance_record *instance = record->instances[i];
        count += instance->stopped && plan->subjects[instance->subject]->kind == SUBJECT_HOST;
    }
    return count;
}

/* The command that restarts the machine failed: nothing goes on here. What no recording keeps is removed from the machine, as
 * far as that can be done. */
static void give_up_stopped(struct running *running, const char *reason) {
    char detail[EXECUTOR_REASON_MAX];
    struct instance_record *record = running->record;
    struct text text = { 0 };
    text_add(&text, "the machine was to be restarted by `%s`: %s", running->plan->restart, reason);
    if (record->trace_path != NULL)
        text_add(&text, "; `reservoir resume %s` can go on", running->plan->record);
    else if (!running_abandon(running, detail))
        text_add(&text, "; what the scenario left on the machine is still there: %s", detail);
    record->stopped = false;
    instance_record_raise(record, VERDICT_HARNESS_BROKEN, instance_record_text(record, text.bytes));
    text_free(&text);
}

/* One restart, and every stopped instance beyond it. */
static void restart_once(struct running *running, struct run_record *record) {
    const struct run_plan *plan = running->plan;
    char reason[HOST_REASON_MAX] = "";
    size_t done = 0, total = stopped_count(plan, record);
    for (unsigned i = 0; i < plan->subjects_count; i++) subject_quit(plan->subjects[i]);
    bool restarted = host_command_run(plan->restart, reason);
    for (size_t i = 0; i < record->count; i++) {
        running->record = record->instances[i];
        running->subject = running->record->subject;
        if (!running->record->stopped || running_subject(running)->kind != SUBJECT_HOST) continue;
        if (plan->progress != NULL) plan->progress(plan->progress_context, done++, total, running->record->id);
        if (restarted) running_resume(running, true);
        else give_up_stopped(running, reason);
    }
}

/* Each round gets every instance past one restart at least, so that there is a last one. */
static void pass_restarts(struct running *running, struct run_record *record) {
    while (running->plan->restart != NULL && stopped_count(running->plan, record) > 0) restart_once(running, record);
}

/* --- all -------------------------------------------------------------------------------------------------------- */

static size_t instances_total(const struct run_plan *plan, const struct scenario_set *set) {
    size_t total = 0;
    for (size_t i = 0; i < set->count; i++) total += scenario_instances_count(set->files[i].scenario);
    return total * plan->subjects_count;
}

static void run_file(struct running *running, const struct scenario_file *file, struct run_record *record, size_t total) {
    const struct run_plan *plan = running->plan;
    unsigned instances = scenario_instances_count(file->scenario);
    for (unsigned i = 0; i < instances; i++) {
        for (unsigned subject = 0; subject < plan->subjects_count; subject++) {
            size_t done = record->count;
            running->subject = subject;
            running->record = run_record_add(record);
            if (plan->progress != NULL) plan->progress(plan->progress_context, done, total, file->id);
            running_take(running, file, i);
            running_play(running, true);
            for (unsigned again = 1; again < plan->repeat && !running->record->stopped; again++) run_again(running, file, i);
        }
    }
}

static struct running *running_create(const struct run_plan *plan, struct run_record *record) {
    struct running *running = memory_resize(NULL, 1, sizeof *running);
    assert(plan != NULL && plan->subjects_count >= 1 && plan->subjects_count <= SUBJECTS_MAX);
    assert(record->count == 0);
    memset(running, 0, sizeof *running);
    running->plan = plan;
    running->judgement = memory_resize(NULL, 1, sizeof *running->judgement);
    record->subjects_count = plan->subjects_count;
    for (unsigned i = 0; i < plan->subjects_count; i++) record->subjects[i] = plan->subjects[i];
    return running;
}

static void running_free(struct running *running) {
    played_free(&running->played);
    free(running->judgement);
    free(running);
}

void runner_run(const struct run_plan *plan, const struct scenario_set *set, struct run_record *record) {
    struct running *running = running_create(plan, record);
    size_t total = instances_total(plan, set), first = 0;
    assert(plan->repeat >= 1);
    for (size_t i = 0; i < set->count; i++) run_file(running, &set->files[i], record, total);
    pass_restarts(running, record);
    for (size_t i = 0; i < set->count; i++) {
        size_t end = first + scenario_instances_count(set->files[i].scenario) * plan->subjects_count;
        find_stale_rules(plan, false, record, first, end);
        first = end;
    }
    assert(first == record->count);
    find_stale_rules(plan, true, record, 0, record->count);
    running_free(running);
}

/* --- what stopped earlier --------------------------------------------------------------------------------------------- */

/* The record of a stopped instance, as the run that stopped left it. */
static void take_stopped(struct running *running, const struct stopped_instance *stopped) {
    struct instance_record *record = running->record;
    running_take(running, stopped->file, stopped->instance);
    record->trace_path = instance_record_text(record, stopped->path);
    record->stopped = true;
    text_add(&record->trace, "%s", stopped->so_far.bytes);
}

void runner_resume(const struct run_plan *plan, const struct stopped_list *stopped, struct run_record *record) {
    struct running *running = running_create(plan, record);
    assert(plan->subjects_count == 1 && plan->subjects[0]->kind == SUBJECT_HOST);
    for (size_t i = 0; i < stopped->count; i++) {
        running->record = run_record_add(record);
        take_stopped(running, &stopped->instances[i]);
        if (plan->progress != NULL) plan->progress(plan->progress_context, i, stopped->count, running->record->id);
        running_resume(running, false);
    }
    pass_restarts(running, record);
    for (size_t first = 0, end = 0; first < stopped->count; first = end) {
        const struct scenario_file *file = stopped->instances[first].file;
        while (end < stopped->count && stopped->instances[end].file == file) end++;
        if (end - first == scenario_instances_count(file->scenario)) find_stale_rules(plan, false, record, first, end);
    }
    running_free(running);
}

bool runner_abandon(const struct run_plan *plan, const struct stopped_instance *stopped, char *detail) {
    struct run_record lone = { .count = 0 };
    struct running *running = running_create(plan, &lone);
    running->record = run_record_add(&lone);
    take_stopped(running, stopped);
    bool done = running_abandon(running, detail);
    running_free(running);
    run_record_free(&lone);
    return done;
}
