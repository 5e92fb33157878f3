#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "reports/commands.h"
#include "reports/json.h"
#include "reports/junit.h"
#include "reports/markdown.h"
#include "reports/run_options.h"
#include "reports/table.h"
#include "reports/tap.h"
#include "reports/terminal.h"
#include "reports/text.h"
#include "sim/store_file.h"
#include "stack/readings.h"

/* Everything that one run holds. */
struct running {
    struct run_options options;
    struct scenario_set set;
    struct run_plan plan;
    struct deviations deviations[SUBJECTS_MAX];
    struct run_record record;
};

/* --- before ------------------------------------------------------------------------------------------------------ */

static bool select_scenarios(struct running *running) {
    struct run_options *options = &running->options;
    for (size_t i = 0; i < options->paths.count; i++) scenario_set_add(&running->set, options->paths.paths[i]);
    if (running->set.errors.length > 0) fputs(running->set.errors.bytes, stderr);
    for (unsigned i = 0; i < options->filters_count; i++) scenario_set_filter(&running->set, &options->filters[i]);
    if (running->set.count > 0) return true;
    if (running->set.broken_count == 0) fputs("reservoir run: nothing is selected: no scenario passes every --filter\n", stderr);
    return false;
}

/* What is known of a host. A host that nobody has described has no rules. */
static bool read_deviations(struct running *running, unsigned index) {
    static struct language_error error; /* large */
    char path[FOLDER_PATH_MAX];
    const struct subject *subject = running->plan.subjects[index];
    const struct run_options *options = &running->options;
    const char *name = options->host_name != NULL ? options->host_name : subject->name;
    assert(index < SUBJECTS_MAX);
    int length = snprintf(path, sizeof path, "%s/hosts/%s/deviations", options->scenarios, name);
    bool there = length > 0 && length < (int)sizeof path && path_kind_of(path) == PATH_FILE;
    if (!there && options->host_name != NULL) fprintf(stderr, "reservoir run: note: %s is not there; every deviation is new\n", path);
    if (!there) return true;
    if (deviations_read(&running->deviations[index], path, &error)) {
        running->plan.deviations[index] = &running->deviations[index];
        return true;
    }
    struct text message = { 0 };
    language_error_print(&error, &message);
    fputs(message.bytes, stderr);
    text_free(&message);
    return false;
}

static void add_subject(struct running *running, struct subject *subject) {
    assert(running->plan.subjects_count < SUBJECTS_MAX);
    running->plan.subjects[running->plan.subjects_count++] = subject;
}

/* What the model answers by. */
static const struct profile *profile_of(const struct run_options *options) {
    const struct profile *profile = options->profile != NULL ? options->profile : profile_named("windows");
    assert(profile != NULL);
    return profile;
}

static void tell_finding(const char *path, const struct store_finding *finding) {
    const char *protocol = finding->protocol == PROTOCOL_TCP ? "TCP" : "UDP", *text = store_finding_text(finding);
    if (finding->kind > STORE_LOST)
        fprintf(stderr, "reservoir run: %s: the %s block of %u ports from %u on %s; it is left out\n", path, protocol,
                (unsigned)finding->count, (unsigned)finding->first, text);
    else if (finding->kind == STORE_LOST)
        fprintf(stderr, "reservoir run: %s: the store of %s %s\n", path, protocol, text);
    else
        fprintf(stderr, "reservoir run: %s: copy %u of the store of %s %s\n", path, finding->copy + 1u, protocol, text);
}

/* The model keeps its store in a file; what is wrong with that is told, and what is good is used. */
static bool keep_store(struct subject *model, const char *path) {
    struct store_findings findings = { .count = 0 };
    enum store_file_answer answer = store_file_check(path, &findings);
    for (unsigned i = 0; i < findings.count && i < STORE_FINDINGS_MAX; i++) tell_finding(path, &findings.list[i]);
    subject_model_keep_store(model, path);
    if (answer == STORE_FILE_DONE) return true;
    char text[160];
    store_file_text(answer, text, sizeof text);
    fprintf(stderr, "reservoir run: %s: %s\n", path, text);
    return false;
}

static bool make_plan(struct running *running) {
    const struct run_options *options = &running->options;
    struct run_plan *plan = &running->plan;
    if (options->on_model) add_subject(running, subject_model(profile_of(options), options->seed));
    if (options->store != NULL && !keep_store(plan->subjects[0], options->store)) return false;
    if (options->commands_count > 0) add_subject(running, subject_host(options->commands, options->commands_count, host_limits_ordinary()));
    if (options->traces != NULL) add_subject(running, subject_traces(options->traces));
    plan->judged_by = options->profile;
    plan->repeat = (unsigned)options->repeat;
    plan->compare_traces = options->twice;
    plan->record = options->record;
    plan->progress = terminal_progress;
    for (unsigned i = 0; i < plan->subjects_count; i++) {
        if (plan->subjects[i]->kind != SUBJECT_MODEL && !read_deviations(running, i)) return false;
    }
    return true;
}

/* --- after ------------------------------------------------------------------------------------------------------- */

static void accept_step(struct accepted *accepted, const struct instance_record *instance, const struct step_record *step) {
    const char *allowed[JUDGE_ALLOWED_MAX];
    for (unsigned i = 0; i < step->allowed_count; i++) allowed[i] = step->allowed[i].outcome;
    struct deviating_step deviating = {
        .instance = instance->instance, .step = step->step, .seen = &step->seen, .outcome = step->outcome,
        .allowed_count = step->allowed_count, .allowed = allowed,
    };
    accepted_add(accepted, instance->scenario, &deviating);
}

static void collect_accepted(const struct running *running, struct accepted *accepted) {
    for (size_t i = 0; i < running->record.count; i++) {
        const struct instance_record *instance = running->record.instances[i];
        if (running->plan.subjects[instance->subject]->kind == SUBJECT_MODEL) continue;
        for (unsigned j = 0; j < instance->steps_count; j++) {
            if (instance->steps[j].verdict == VERDICT_DEVIATE_NEW) accept_step(accepted, instance, &instance->steps[j]);
        }
    }
}

/* Names that the file has already must not be given again. */
static bool read_accepting_file(const char *path, struct deviations *taken) {
    static struct language_error error; /* large */
    if (path_kind_of(path) == PATH_MISSING) return true;
    if (deviations_read(taken, path, &error)) return true;
    struct text message = { 0 };
    language_error_print(&error, &message);
    fputs(message.bytes, stderr);
    text_free(&message);
    return false;
}

static bool append_text(const char *path, const struct text *text) {
    FILE *file = path_kind_of(path) == PATH_MISSING ? folder_create_file(path) : fopen(path, "ab");
    bool written = file != NULL && fwrite(text->bytes, 1, text->length, file) == text->length;
    if (file != NULL && fclose(file) != 0) written = false;
    if (!written) fprintf(stderr, "reservoir run: %s: cannot write: %s\n", path, strerror(errno));
    return written;
}

static bool accept_new(const struct running *running) {
    struct accepted accepted = { .count = 0 };
    struct deviations taken = { .rules_count = 0 };
    struct text text = { 0 };
    const char *path = running->options.accept;
    if (path == NULL) return true;
    collect_accepted(running, &accepted);
    bool good = read_accepting_file(path, &taken);
    accepted_print(&accepted, &taken, &text);
    if (good && text.length > 0) good = append_text(path, &text);
    if (good) fprintf(stderr, "reservoir run: %u rules to be reviewed were written to %s\n", (unsigned)accepted.count, path);
    text_free(&text);
    deviations_free(&taken);
    accepted_free(&accepted);
    return good;
}

static int status_of(const struct running *running) {
    struct run_counts counts;
    run_record_count(&running->record, SUBJECTS_MAX, &counts);
    if (running->set.broken_count > 0) return EXIT_STATUS_BROKEN;
    return verdict_exit_status(counts.verdicts, running->options.fail_on);
}

static void print_text(const struct running *running, const struct report_request *request, int status, struct text *out) {
    struct text_report report = {
        .record = &running->record, .colourful = request->path == NULL && terminal_has_colour(stdout), .status = status,
        .files_broken = running->set.broken_count,
    };
    for (unsigned i = 0; i < running->plan.subjects_count; i++) report.deviations[i] = running->plan.deviations[i];
    text_report(&report, out);
}

/* The reports that tell what the run was made of. False when memory was exhausted on the way. */
static bool print_with_environment(const struct running *running, enum report_kind kind, int status, struct text *out) {
    const struct run_options *options = &running->options;
    const struct ci_service service = ci_service_find();
    char reason[RUN_REASON_MAX];
    run_reason(options->reason, &service, reason);
    struct report report = {
        .record = &running->record, .version = RESERVOIR_VERSION, .reason = reason,
        .profile = profile_of(options)->name, .judged_by = options->profile == NULL ? NULL : options->profile->name,
        .seed = options->seed, .repeat = (unsigned)options->repeat, .fail_on = options->fail_on,
        .files_broken = running->set.broken_count, .status = status,
    };
    environment_find(&report.environment);
    if (kind == REPORT_JUNIT) return junit_report(&report, out);
    if (kind == REPORT_JSON) return json_report(&report, out);
    assert(kind == REPORT_MARKDOWN || kind == REPORT_TABLE);
    if (kind == REPORT_MARKDOWN) markdown_report(&report, out);
    else table_report(&report, out);
    return true;
}

static bool print_report(const struct running *running, const struct report_request *request, int status, struct text *out) {
    switch (request->kind) {
    case REPORT_TEXT: print_text(running, request, status, out); return true;
    case REPORT_TAP: tap_report(&running->record, out); return true;
    default: return print_with_environment(running, request->kind, status, out);
    }
}

static bool write_reports(const struct running *running, int status) {
    bool good = true;
    for (unsigned i = 0; i < running->options.reports_count; i++) {
        const struct report_request *request = &running->options.reports[i];
        struct text text = { 0 };
        bool printed = print_report(running, request, status, &text);
        FILE *file = request->path == NULL ? stdout : folder_create_file(request->path);
        bool written = printed && file != NULL && fwrite(text.bytes, 1, text.length, file) == text.length;
        if (file != NULL && file != stdout && fclose(file) != 0) written = false;
        if (!written) fprintf(stderr, "reservoir run: %s: cannot write: %s\n", request->path == NULL ? "report" : request->path, strerror(errno));
        good &= written;
        text_free(&text);
    }
    return good;
}

/* --- the command --------------------------------------------------------------------------------------------------- */

static int run_selected(struct running *running) {
    runner_run(&running->plan, &running->set, &running->record);
    terminal_progress_end();
    int status = status_of(running);
    if (!accept_new(running)) status = EXIT_STATUS_BROKEN;
    return write_reports(running, status) ? status : EXIT_STATUS_BROKEN;
}

static void free_all(struct running *running) {
    run_record_free(&running->record);
    for (unsigned i = 0; i < running->plan.subjects_count; i++) {
        subject_free(running->plan.subjects[i]);
        deviations_free(&running->deviations[i]);
    }
    scenario_set_free(&running->set);
    run_options_free(&running->options);
}

int command_run(int count, char **arguments) {
    static struct running running;
    memset(&running, 0, sizeof running);
    int status = run_options_read(&running.options, count, arguments);
    if (status == 0) {
        bool ready = select_scenarios(&running) && make_plan(&running);
        status = ready ? run_selected(&running) : EXIT_STATUS_BROKEN;
    }
    free_all(&running);
    return status < 0 ? 0 : status;
}
