#include "conformance/runner/runner.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/base/reason.h"
#include "conformance/language/expand.h"
#include "conformance/runner/run_instance.h"
#include "conformance/runner/scenario_set.h"
#include "conformance/runner/stale_rules.h"
#include "conformance/subjects/host_process.h"

/* --- again ------------------------------------------------------------------------------------------------------ */

/* Live values after `#~` differ between two runs on a host; the rest may not. */
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
static void run_again(struct instance_run *run, const struct scenario_file *file, unsigned instance) {
    struct instance_record *first = run->record;
    run->record = detached_record();
    instance_run_take(run, file, instance);
    instance_run_play(run, false);
    struct instance_record *again = run->record;
    run->record = first;
    bool live = instance_run_subject(run)->kind == SUBJECT_MODEL;
    unsigned line = run->plan->compare_traces ? traces_differ(&first->trace, &again->trace, live) : 0;
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

/* --- restarts ----------------------------------------------------------------------------------------------------- */

static size_t stopped_count(const struct run_plan *plan, const struct run_record *record) {
    size_t count = 0;
    for (size_t i = 0; i < record->count; i++) {
        const struct instance_record *instance = record->instances[i];
        count += instance->stopped && plan->subjects[instance->subject]->kind == SUBJECT_HOST;
    }
    return count;
}

/* The command that restarts the machine failed: nothing can be resumed here. What no recording keeps is removed from
 * the machine, as far as that can be done. */
static void give_up_stopped(struct instance_run *run, const char *reason) {
    struct reason detail;
    struct instance_record *record = run->record;
    struct text text = { 0 };
    text_add(&text, "the machine was to be restarted by `%s`: %s", run->plan->restart, reason);
    if (record->trace_path != NULL)
        text_add(&text, "; `reservoir resume %s` can go on", run->plan->record);
    else if (!instance_run_abandon(run, &detail))
        text_add(&text, "; what the scenario left on the machine is still there: %s", detail.text);
    record->stopped = false;
    instance_record_raise(record, VERDICT_HARNESS_BROKEN, instance_record_text(record, text.bytes));
    text_free(&text);
}

/* One restart, and every stopped instance beyond it. */
static void restart_once(struct instance_run *run, struct run_record *record) {
    const struct run_plan *plan = run->plan;
    struct reason reason = { "" };
    size_t done = 0, total = stopped_count(plan, record);
    for (unsigned i = 0; i < plan->subjects_count; i++) subject_quit(plan->subjects[i]);
    bool restarted = host_command_run(plan->restart, &reason);
    for (size_t i = 0; i < record->count; i++) {
        run->record = record->instances[i];
        run->subject = run->record->subject;
        if (!run->record->stopped || instance_run_subject(run)->kind != SUBJECT_HOST) continue;
        if (plan->progress != NULL) plan->progress(plan->progress_context, done++, total, run->record->id);
        if (restarted) instance_run_resume(run, true);
        else give_up_stopped(run, reason.text);
    }
}

/* Each round gets every instance past one restart at least, so that there is a last one. */
static void pass_restarts(struct instance_run *run, struct run_record *record) {
    while (run->plan->restart != NULL && stopped_count(run->plan, record) > 0) restart_once(run, record);
}

/* --- all -------------------------------------------------------------------------------------------------------- */

static size_t instances_total(const struct run_plan *plan, const struct scenario_set *set) {
    size_t total = 0;
    for (size_t i = 0; i < set->count; i++) total += scenario_file_count(&set->files[i]);
    return total * plan->subjects_count;
}

static void run_file(struct instance_run *run, const struct scenario_file *file, struct run_record *record, size_t total) {
    const struct run_plan *plan = run->plan;
    unsigned instances = scenario_instances_count(file->scenario);
    for (unsigned i = 0; i < instances; i++) {
        for (unsigned subject = 0; subject < plan->subjects_count && scenario_file_has(file, i); subject++) {
            size_t done = record->count;
            run->subject = subject;
            run->record = run_record_add(record);
            if (plan->progress != NULL) plan->progress(plan->progress_context, done, total, file->id);
            instance_run_take(run, file, i);
            instance_run_play(run, true);
            for (unsigned again = 1; again < plan->repeat && !run->record->stopped; again++) run_again(run, file, i);
        }
    }
}

static struct instance_run *instance_run_create(const struct run_plan *plan, struct run_record *record) {
    struct instance_run *run = memory_resize(NULL, 1, sizeof *run);
    assert(plan != NULL && plan->subjects_count >= 1 && plan->subjects_count <= SUBJECTS_MAX);
    assert(record->count == 0);
    memset(run, 0, sizeof *run);
    run->plan = plan;
    run->judgement = memory_resize(NULL, 1, sizeof *run->judgement);
    record->subjects_count = plan->subjects_count;
    for (unsigned i = 0; i < plan->subjects_count; i++) record->subjects[i] = plan->subjects[i];
    return run;
}

static void instance_run_free(struct instance_run *run) {
    step_answer_free(&run->answer);
    free(run->judgement);
    free(run);
}

void runner_run(const struct run_plan *plan, const struct scenario_set *set, struct run_record *record) {
    struct instance_run *run = instance_run_create(plan, record);
    size_t total = instances_total(plan, set), first = 0;
    assert(plan->repeat >= 1);
    for (size_t i = 0; i < set->count; i++) run_file(run, &set->files[i], record, total);
    pass_restarts(run, record);
    for (size_t i = 0; i < set->count; i++) {
        size_t end = first + scenario_file_count(&set->files[i]) * plan->subjects_count;
        if (scenario_file_is_whole(&set->files[i])) find_stale_rules(plan, false, record, first, end);
        first = end;
    }
    assert(first == record->count);
    find_stale_rules(plan, true, record, 0, record->count);
    instance_run_free(run);
}

/* --- what stopped earlier ----------------------------------------------------------------------------------------- */

/* The record of a stopped instance, as the run that stopped left it. */
static void take_stopped(struct instance_run *run, const struct stopped_instance *stopped) {
    struct instance_record *record = run->record;
    instance_run_take(run, stopped->file, stopped->instance);
    record->trace_path = instance_record_text(record, stopped->path);
    record->stopped = true;
    text_add(&record->trace, "%s", stopped->so_far.bytes);
}

void runner_resume(const struct run_plan *plan, const struct stopped_list *stopped, struct run_record *record) {
    struct instance_run *run = instance_run_create(plan, record);
    assert(plan->subjects_count == 1 && plan->subjects[0]->kind == SUBJECT_HOST);
    for (size_t i = 0; i < stopped->count; i++) {
        run->record = run_record_add(record);
        take_stopped(run, &stopped->instances[i]);
        if (plan->progress != NULL) plan->progress(plan->progress_context, i, stopped->count, run->record->id);
        instance_run_resume(run, false);
    }
    pass_restarts(run, record);
    for (size_t first = 0, end = 0; first < stopped->count; first = end) {
        const struct scenario_file *file = stopped->instances[first].file;
        while (end < stopped->count && stopped->instances[end].file == file) end++;
        if (end - first == scenario_instances_count(file->scenario)) find_stale_rules(plan, false, record, first, end);
    }
    instance_run_free(run);
}

bool runner_abandon(const struct run_plan *plan, const struct stopped_instance *stopped, struct reason *detail) {
    struct run_record lone = { .count = 0 };
    struct instance_run *run = instance_run_create(plan, &lone);
    run->record = run_record_add(&lone);
    take_stopped(run, stopped);
    bool done = instance_run_abandon(run, detail);
    instance_run_free(run);
    run_record_free(&lone);
    return done;
}
