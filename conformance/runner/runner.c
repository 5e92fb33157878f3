#include "conformance/runner/runner.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/base/reason.h"
#include "conformance/language/expand.h"
#include "conformance/language/step_order.h"
#include "conformance/runner/agreement.h"
#include "conformance/runner/run_instance.h"
#include "conformance/runner/scenario_set.h"
#include "conformance/runner/stale_rules.h"
#include "conformance/subjects/host_process.h"
#include "conformance/subjects/said.h"

/* --- again ------------------------------------------------------------------------------------------------------ */

static struct instance_record *detached_record(void) {
    struct run_record lone = { .count = 0 };
    struct instance_record *record = run_record_add(&lone);
    free(lone.instances);
    return record;
}

/* Of two runs of an instance the worse one is what reports show. The trace that was recorded stays the first one's. */
static struct instance_record *keep_worse(struct instance_record *kept, struct instance_record *again) {
    if (again->verdict <= kept->verdict) {
        instance_record_free(again);
        return kept;
    }
    if (kept->trace_path != NULL) again->trace_path = instance_record_text(again, kept->trace_path);
    instance_record_free(kept);
    return again;
}

/* Runs the instance as often as the plan says, and notes whether its runs agree. */
static void run_again(struct instance_run *run, const struct scenario_file *file, unsigned instance,
                      struct instance_record **place) {
    const struct run_plan *plan = run->plan;
    struct agreement agreement = { .count = 0 };
    bool live = instance_run_subject(run)->kind == SUBJECT_MODEL;
    agreement_add(&agreement, *place, plan->compare_traces, live);
    for (unsigned again = 1; again < plan->repeat; again++) {
        run->record = detached_record();
        instance_run_take(run, file, instance);
        instance_run_play(run, false);
        agreement_add(&agreement, run->record, plan->compare_traces, live);
        *place = keep_worse(*place, run->record);
    }
    struct instance_record *record = run->record = *place;
    record->runs = agreement.runs;
    record->runs_other = agreement_others(&agreement);
    if (record->runs_other > 0 && record->verdict != VERDICT_HARNESS_BROKEN) {
        struct text text = { 0 };
        agreement_print(&agreement, &text);
        record->verdict = VERDICT_FLAKY; /* whatever the worst run was: none of them is proof */
        record->reason = instance_record_text(record, text.bytes);
        text_free(&text);
    }
    agreement_free(&agreement);
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
    if (record->trace_path != NULL) text_add(&text, "; `reservoir resume %s` continues", run->plan->record);
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

/* One instance on one subject; its record has the same number. */
struct job {
    size_t file;
    unsigned instance, subject;
};

struct jobs {
    struct job *list;
    size_t *order; /* numbers of jobs, as they are played */
    size_t count, capacity;
    unsigned *played; /* of each file: how many of its jobs */
};

static void add_jobs(struct jobs *jobs, const struct run_plan *plan, const struct scenario_set *set, size_t file) {
    for (unsigned i = 0; i < set->files[file].instances_count; i++) {
        for (unsigned subject = 0; subject < plan->subjects_count && scenario_file_has(&set->files[file], i);
             subject++) {
            jobs->list = memory_grow(jobs->list, jobs->count, &jobs->capacity, sizeof *jobs->list);
            jobs->list[jobs->count++] = (struct job){ file, i, subject };
        }
    }
}

/* SplitMix64: the next number, and the state after it. */
static uint64_t draw(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static void plan_jobs(struct jobs *jobs, const struct run_plan *plan, const struct scenario_set *set) {
    uint64_t state = plan->shuffle_seed;
    for (size_t i = 0; i < set->count; i++) add_jobs(jobs, plan, set, i);
    jobs->order = memory_resize(NULL, jobs->count, sizeof *jobs->order);
    for (size_t i = 0; i < jobs->count; i++) jobs->order[i] = i;
    for (size_t i = jobs->count; plan->shuffle && i > 1; i--) {
        size_t other = (size_t)(draw(&state) % i), kept = jobs->order[i - 1];
        jobs->order[i - 1] = jobs->order[other];
        jobs->order[other] = kept;
    }
    jobs->played = memory_resize(NULL, set->count, sizeof *jobs->played);
    memset(jobs->played, 0, set->count * sizeof *jobs->played);
}

static void jobs_free(struct jobs *jobs) {
    free(jobs->list);
    free(jobs->order);
    free(jobs->played);
}

static void play_job(struct instance_run *run, const struct scenario_file *file, const struct job *job,
                     struct instance_record **place) {
    const struct run_plan *plan = run->plan;
    uint64_t began = plan->clock_us == NULL ? 0 : plan->clock_us();
    run->subject = job->subject;
    run->record = *place;
    bool taken = instance_run_take(run, file, job->instance);
    if (taken) instance_run_play(run, true);
    if (taken && plan->repeat > 1 && !run->record->stopped) run_again(run, file, job->instance, place);
    if (plan->clock_us != NULL) (*place)->duration_us = plan->clock_us() - began;
}

/* The job that is the number-th to be played: where another process has asked the host, what it said is taken. */
static void play_or_ask(struct instance_run *run, const struct scenario_file *file, const struct job *job,
                        size_t number, struct instance_record **place) {
    const struct run_plan *plan = run->plan;
    struct subject *subject = plan->subjects[job->subject];
    uint64_t duration_us = 0;
    struct said *said = subject->kind == SUBJECT_HOST && plan->said_elsewhere != NULL
                            ? plan->said_elsewhere(plan->players, number, &duration_us)
                            : NULL;
    if (said != NULL) subject_take(subject, said);
    play_job(run, file, job, place);
    if (said == NULL) return;
    subject_take(subject, NULL);
    if (plan->clock_us != NULL) (*place)->duration_us = duration_us;
}

static bool may_be_forgotten(const struct run_plan *plan, const struct instance_record *instance) {
    /* Where there are rules, it is asked later which of its steps they are about. */
    bool asked_later = instance->stopped || plan->deviations[instance->subject] != NULL;
    return plan->forgets && instance->verdict == VERDICT_CONFORM && !asked_later;
}

static void play_in_place(struct instance_run *run, const struct scenario_file *file, const struct job *job,
                          size_t number, struct run_record *record, size_t place) {
    run_record_begin(record, place);
    play_or_ask(run, file, job, number, &record->instances[place]);
    if (may_be_forgotten(run->plan, record->instances[place])) run_record_forget(record, place);
}

/* The instance that is the number-th to be played: another process may have done that. */
static void play_or_take(struct instance_run *run, const struct scenario_file *file, const struct jobs *jobs,
                         struct run_record *record, size_t number) {
    const struct run_plan *plan = run->plan;
    size_t place = jobs->order[number];
    struct instance_record left;
    if (plan->played_elsewhere != NULL && plan->played_elsewhere(plan->elsewhere, number, &left))
        run_record_take_forgotten(record, place, &left);
    else play_in_place(run, file, &jobs->list[place], number, record, place);
}

/* Plays the jobs until all are played, or enough have failed. */
static void play_jobs(struct instance_run *run, const struct scenario_set *set, struct jobs *jobs,
                      struct run_record *record) {
    const struct run_plan *plan = run->plan;
    unsigned failed = 0;
    run_record_reserve(record, jobs->count);
    for (size_t i = 0; i < jobs->count && (plan->max_failures == 0 || failed < plan->max_failures); i++) {
        const struct job *job = &jobs->list[jobs->order[i]];
        const struct scenario_file *file = &set->files[job->file];
        if (plan->progress != NULL) plan->progress(plan->progress_context, i, jobs->count, file->id);
        play_or_take(run, file, jobs, record, i);
        jobs->played[job->file]++;
        failed += (plan->failures >> record->instances[jobs->order[i]]->verdict & 1) != 0;
    }
}

/* The places of jobs that were not played go. */
static void drop_unplayed(struct run_record *record) {
    size_t kept = 0;
    for (size_t i = 0; i < record->count; i++) {
        if (record->instances[i] != NULL) record->instances[kept++] = record->instances[i];
    }
    record->unplayed = record->count - kept;
    record->count = kept;
}

/* Rules that always happen are asked of each scenario that was played as a whole, the others of a run that was. */
static void ask_rules(const struct run_plan *plan, const struct scenario_set *set, const struct jobs *jobs,
                      struct run_record *record) {
    size_t first = 0;
    for (size_t i = 0; i < set->count; i++) {
        size_t end = first + jobs->played[i];
        bool whole = scenario_file_is_whole(&set->files[i]) &&
                     jobs->played[i] == scenario_file_count(&set->files[i]) * plan->subjects_count;
        if (whole) find_stale_rules(plan, false, record, first, end);
        first = end;
    }
    assert(first == record->count);
    if (record->unplayed == 0) find_stale_rules(plan, true, record, 0, record->count);
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
    instance_run_end(run);
    free(run->judgement);
    free(run);
}

void runner_run(const struct run_plan *plan, const struct scenario_set *set, struct run_record *record) {
    struct instance_run *run = instance_run_create(plan, record);
    struct jobs jobs = { .count = 0 };
    uint64_t began = plan->clock_us == NULL ? 0 : plan->clock_us();
    assert(plan->repeat >= 1);
    plan_jobs(&jobs, plan, set);
    play_jobs(run, set, &jobs, record);
    drop_unplayed(record);
    pass_restarts(run, record);
    ask_rules(plan, set, &jobs, record);
    if (plan->clock_us != NULL) record->duration_us = plan->clock_us() - began;
    jobs_free(&jobs);
    instance_run_free(run);
}

size_t runner_jobs_count(const struct run_plan *plan, const struct scenario_set *set) {
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++) count += scenario_file_count(&set->files[i]) * plan->subjects_count;
    return count;
}

void runner_run_part(const struct run_plan *plan, const struct scenario_set *set, size_t from, size_t to,
                     void (*report)(void *context, size_t number, const struct instance_record *left), void *context) {
    struct run_record record = { .count = 0 };
    struct instance_run *run = instance_run_create(plan, &record);
    struct jobs jobs = { .count = 0 };
    plan_jobs(&jobs, plan, set);
    assert(from <= to && to <= jobs.count);
    for (size_t i = from; i < to; i++) {
        const struct job *job = &jobs.list[jobs.order[i]];
        run_record_reserve(&record, 1);
        play_in_place(run, &set->files[job->file], job, i, &record, 0);
        if (record.instances[0]->forgotten) report(context, i, record.instances[0]);
        run_record_free(&record);
    }
    jobs_free(&jobs);
    instance_run_free(run);
}

/* --- a host that several processes ask ---------------------------------------------------------------------------- */

static bool may_be_asked_elsewhere(const struct run_plan *plan, const struct scenario_set *set, const struct job *job) {
    if (plan->subjects[job->subject]->kind != SUBJECT_HOST) return false;
    struct scenario *scenario = scenario_file_open(&set->files[job->file]);
    bool may = scenario != NULL && !steps_restart_machine(scenario->steps, scenario->steps_count);
    scenario_file_close(&set->files[job->file], scenario);
    return may;
}

struct host_jobs runner_host_jobs(const struct run_plan *plan, const struct scenario_set *set) {
    struct jobs jobs = { .count = 0 };
    struct host_jobs found = { .count = 0 };
    plan_jobs(&jobs, plan, set);
    found.numbers = memory_resize(NULL, jobs.count, sizeof *found.numbers);
    for (size_t i = 0; i < jobs.count; i++)
        if (may_be_asked_elsewhere(plan, set, &jobs.list[jobs.order[i]])) found.numbers[found.count++] = (uint32_t)i;
    jobs_free(&jobs);
    return found;
}

void host_jobs_free(struct host_jobs *jobs) {
    free(jobs->numbers);
    *jobs = (struct host_jobs){ .count = 0 };
}

/* Plays one, and keeps what the host said. */
static uint64_t ask_host(struct instance_run *run, const struct scenario_file *file, const struct job *job,
                         struct said *said) {
    struct run_record record = { .count = 0 };
    struct subject *host = run->plan->subjects[job->subject];
    run_record_reserve(&record, 1);
    run_record_begin(&record, 0);
    subject_keep(host, said);
    play_job(run, file, job, &record.instances[0]);
    subject_keep(host, NULL);
    uint64_t duration_us = record.instances[0]->duration_us;
    run_record_free(&record);
    return duration_us;
}

void runner_ask_host(const struct run_plan *plan, const struct scenario_set *set,
                     bool (*next)(void *, uint32_t *number),
                     void (*played)(void *, uint32_t number, uint64_t duration_us, struct said *said), void *context) {
    struct run_record record = { .count = 0 };
    struct instance_run *run = instance_run_create(plan, &record);
    struct jobs jobs = { .count = 0 };
    struct said said = { .at = 0 };
    uint32_t number = 0;
    assert(plan->record == NULL && plan->restart == NULL && plan->said_elsewhere == NULL);
    plan_jobs(&jobs, plan, set);
    while (next(context, &number)) {
        assert(number < jobs.count);
        const struct job *job = &jobs.list[jobs.order[number]];
        uint64_t duration_us = ask_host(run, &set->files[job->file], job, &said);
        played(context, number, duration_us, &said);
        said_free(&said);
    }
    jobs_free(&jobs);
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
        if (end - first == file->instances_count) find_stale_rules(plan, false, record, first, end);
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
