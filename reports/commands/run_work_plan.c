/* From the options of `reservoir run` or `resume` to a plan. */
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "reports/commands/last_failed.h"
#include "reports/commands/place.h"
#include "reports/commands/run_work.h"
#include "reports/formats/environment.h"
#include "reports/formats/terminal.h"
#include "sim/store/store_file.h"
#include "stack/readings.h"

enum { SCENARIOS_HELD = 1024 }; /* parsed; of a larger suite each further file is parsed again when it is played */

bool run_work_select(struct run_work *work) {
    struct run_options *options = &work->options;
    work->set.held_most = SCENARIOS_HELD;
    for (size_t i = 0; i < options->paths.count; i++)
        place_add_named(&work->set, options->scenarios, options->paths.paths[i]);
    if (work->player == 0) errors_print(&work->set.errors);
    for (unsigned i = 0; i < options->filters_count; i++) scenario_set_filter(&work->set, &options->filters[i]);
    if (options->last_failed) last_failed_keep(&work->set);
    if (options->shards > 0) scenario_set_shard(&work->set, options->shard, options->shards);
    if (work->set.count > 0) return true;
    if (work->set.broken_count == 0)
        errors_say("reservoir %s: nothing is selected: no scenario passes every --filter, --keyword and --shard\n",
                   work->command);
    return false;
}

static bool read_rules(struct run_work *work, unsigned index, const char *path) {
    struct language_error error;
    if (deviations_read(&work->deviations[index], path, &error)) {
        work->plan.deviations[index] = &work->deviations[index];
        return true;
    }
    language_error_complain(&error);
    return false;
}

/* What is known of a host: by its name, and by --deviations. A host that is not described there has no rules. */
static bool read_deviations(struct run_work *work, unsigned index) {
    char path[FOLDER_PATH_MAX];
    const struct subject *subject = work->plan.subjects[index];
    const struct run_options *options = &work->options;
    const char *name = options->host_name != NULL ? options->host_name : subject->name;
    assert(index < SUBJECTS_MAX);
    int length = snprintf(path, sizeof path, "%s/hosts/%s/deviations", options->scenarios, name);
    bool there = length > 0 && length < (int)sizeof path && path_kind_of(path) == PATH_FILE;
    if (!there && options->host_name != NULL && options->deviations_count == 0 && work->player == 0)
        errors_say("reservoir %s: note: %s is not there; every deviation is new\n", work->command, path);
    uint64_t device = 0, number = 0, other_device, other_number;
    if (there && !read_rules(work, index, path)) return false;
    if (there) path_identity(path, &device, &number);
    for (unsigned i = 0; i < options->deviations_count; i++) {
        path_identity(options->deviations[i], &other_device, &other_number);
        bool same = there && number != 0 && device == other_device && number == other_number;
        if (!same && !read_rules(work, index, options->deviations[i])) return false;
    }
    return true;
}

static void add_subject(struct run_work *work, struct subject *subject) {
    assert(work->plan.subjects_count < SUBJECTS_MAX);
    work->plan.subjects[work->plan.subjects_count++] = subject;
}

/* The model by this profile, under the profile's name. */
static void add_profile(struct run_work *work, const struct profile *profile) {
    struct subject *subject = subject_model(profile, work->options.seed);
    snprintf(subject->name, sizeof subject->name, "%s", profile->name);
    add_subject(work, subject);
}

static void tell_finding(const char *path, const struct store_finding *finding) {
    const char *protocol = finding->protocol == PROTOCOL_TCP ? "TCP" : "UDP", *text = store_finding_text(finding);
    if (finding->kind > STORE_LOST)
        errors_say("reservoir run: %s: the %s block of %u ports from %u on %s; it is left out\n", path, protocol,
                   (unsigned)finding->count, (unsigned)finding->first, text);
    else if (finding->kind == STORE_LOST) errors_say("reservoir run: %s: the store of %s %s\n", path, protocol, text);
    else errors_say("reservoir run: %s: copy %u of the store of %s %s\n", path, finding->copy + 1u, protocol, text);
}

/* The model keeps its store in a file; what is wrong with that is reported, and what is good is used. */
static bool keep_store(struct subject *model, const char *path) {
    struct store_findings findings = { .count = 0 };
    enum store_file_answer answer = store_file_check(path, &findings);
    if (answer == STORE_FILE_FOREIGN) findings.count = 0; /* of what is no store no copy is wrong */
    for (unsigned i = 0; i < findings.count && i < STORE_FINDINGS_MAX; i++) tell_finding(path, &findings.list[i]);
    subject_model_keep_store(model, path);
    if (answer == STORE_FILE_DONE) return true;
    char text[160];
    store_file_text(answer, text, sizeof text);
    errors_say("reservoir run: %s: %s\n", path, text);
    return false;
}

static bool complain(const struct run_work *work, const char *option, const struct reason *reason) {
    errors_say("reservoir %s: %s: %s\n", work->command, option, reason->text);
    return false;
}

/* Records an interface for the host, and keeps that where --capture says so. */
static bool watch_host(const struct run_work *work, struct subject *host) {
    const struct run_options *options = &work->options;
    struct reason reason;
    subject_watch(host, packet_watch_create());
    if (!packet_watch_record(host->watch, options->capture_live, &reason))
        return complain(work, "--capture-live", &reason);
    if (options->capture == NULL || packet_watch_keep(host->watch, options->capture, options->capture_calls, &reason))
        return true;
    return complain(work, "--capture", &reason);
}

static bool watch_file(const struct run_work *work, struct subject *traces) {
    struct reason reason;
    subject_watch(traces, packet_watch_create());
    return packet_watch_read(traces->watch, work->options.packets, &reason) || complain(work, "--packets", &reason);
}

/* The steps of what conforms are shown by no report that is asked for. Of one scenario the text shows them unasked. */
static bool forgets(const struct run_work *work) {
    const struct run_options *options = &work->options;
    for (unsigned i = 0; i < options->reports_count; i++) {
        enum report_kind kind = options->reports[i].kind;
        if (kind != REPORT_TEXT && kind != REPORT_TAP && kind != REPORT_GITHUB) return false;
    }
    return !options->verbose && work->set.count > 1;
}

static struct host_limits limits_of(const struct run_options *options) {
    enum { MILLISECONDS_PER_SECOND = 1000 };
    struct host_limits limits = host_limits_ordinary();
    if (options->step_limit_s != 0) limits.step_ms = (unsigned)options->step_limit_s * MILLISECONDS_PER_SECOND;
    return limits;
}

bool run_work_plan(struct run_work *work) {
    const struct run_options *options = &work->options;
    struct run_plan *plan = &work->plan;
    if (options->on_model) add_subject(work, subject_model(run_options_profile(options), options->seed));
    if (options->store != NULL && !keep_store(plan->subjects[0], options->store)) return false;
    for (unsigned i = 0; i < options->on_profiles_count; i++) add_profile(work, options->on_profiles[i]);
    struct reason reason;
    if (options->capture != NULL && options->capture_live == NULL &&
        !packet_watch_keep(plan->subjects[0]->watch, options->capture, options->capture_calls, &reason))
        return complain(work, "--capture", &reason);
    if (options->commands_count > 0)
        add_subject(work, subject_host(options->commands, options->commands_count, limits_of(options)));
    if (options->capture_live != NULL && !watch_host(work, plan->subjects[plan->subjects_count - 1])) return false;
    if (options->traces != NULL) add_subject(work, subject_traces(options->traces));
    if (options->packets != NULL && !watch_file(work, plan->subjects[plan->subjects_count - 1])) return false;
    plan->judged_by = run_options_judged_by(options);
    plan->forgets = forgets(work);
    plan->repeat = (unsigned)options->repeat;
    plan->compare_traces = options->twice;
    plan->record = options->record;
    plan->restart = options->restart;
    plan->progress = terminal_progress;
    plan->shuffle = options->shuffled;
    plan->shuffle_seed = options->shuffle_seed;
    plan->max_failures = (unsigned)options->max_failures;
    plan->failures = verdict_failures(options->fail_on);
    plan->clock_us = environment_clock_us;
    if (!options->no_times) work->record.started_s = (uint64_t)time(NULL);
    for (unsigned i = 0; i < plan->subjects_count; i++) {
        if (plan->subjects[i]->kind != SUBJECT_MODEL && !read_deviations(work, i)) return false;
    }
    return true;
}
