/* From the record of a run to its reports, its rules and its exit status. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/reason.h"
#include "conformance/base/version.h"
#include "conformance/base/folders.h"
#include "reports/catalogue/clause_table.h"
#include "reports/catalogue/error_table.h"
#include "reports/formats/github.h"
#include "reports/formats/json.h"
#include "reports/formats/junit.h"
#include "reports/formats/markdown.h"
#include "reports/commands/last_failed.h"
#include "reports/commands/run_work.h"
#include "reports/formats/table.h"
#include "reports/formats/tap.h"
#include "reports/formats/terminal.h"
#include "reports/formats/text.h"
#include "conformance/verdicts/unseen.h"

static void accept_step(struct accepted *accepted, const struct instance_record *instance,
                        const struct step_record *step) {
    const char *allowed[JUDGE_ALLOWED_MAX];
    for (unsigned i = 0; i < step->allowed_count; i++) allowed[i] = step->allowed[i].outcome;
    struct deviating_step deviating = {
        .instance = instance->instance,
        .step = step->step,
        .seen = &step->seen,
        .outcome = step->outcome,
        .allowed_count = step->allowed_count,
        .allowed = allowed,
        .port_is_outside = step->port_is_outside,
    };
    accepted_add(accepted, instance->scenario, &deviating);
}

static void collect_accepted(const struct run_work *work, struct accepted *accepted) {
    for (size_t i = 0; i < work->record.count; i++) {
        const struct instance_record *instance = work->record.instances[i];
        if (work->plan.subjects[instance->subject]->kind == SUBJECT_MODEL) continue;
        for (unsigned j = 0; j < instance->steps_count; j++) {
            if (instance->steps[j].verdict == VERDICT_DEVIATE_NEW) accept_step(accepted, instance, &instance->steps[j]);
        }
    }
}

/* Names that the file has already must not be given again. */
static bool read_accepting_file(const char *path, struct deviations *taken) {
    struct language_error error;
    if (path_kind_of(path) == PATH_MISSING) return true;
    if (deviations_read(taken, path, &error)) return true;
    language_error_complain(&error);
    return false;
}

static bool append_text(const struct run_work *work, const char *path, const struct text *text) {
    FILE *file = path_kind_of(path) == PATH_MISSING ? file_create(path) : file_open(path, "ab");
    bool written = file != NULL && fwrite(text->bytes, 1, text->length, file) == text->length;
    if (file != NULL && fclose(file) != 0) written = false;
    if (!written) errors_say("reservoir %s: %s: cannot write: %s\n", work->command, path, strerror(errno));
    return written;
}

static bool accept_new(const struct run_work *work) {
    struct accepted accepted = { .count = 0 };
    struct deviations taken = { .rules_count = 0 };
    struct text text = { 0 };
    const char *path = work->options.accept;
    if (path == NULL) return true;
    collect_accepted(work, &accepted);
    bool good = read_accepting_file(path, &taken);
    accepted_print(&accepted, &taken, &text);
    if (good && text.length > 0) good = append_text(work, path, &text);
    if (good)
        errors_say("reservoir %s: %u rules to be reviewed were written to %s\n", work->command,
                   (unsigned)accepted.count, path);
    text_free(&text);
    deviations_free(&taken);
    accepted_free(&accepted);
    return good;
}

/* --- what the host is known not to show --------------------------------------------------------------------------- */

/* The subject that is a host, or subjects_count. */
static unsigned host_of(const struct run_work *work) {
    for (unsigned i = 0; i < work->plan.subjects_count; i++)
        if (work->plan.subjects[i]->kind != SUBJECT_MODEL) return i;
    return work->plan.subjects_count;
}

static bool read_unseen(const char *path, struct unseen *unseen) {
    struct language_error error;
    if (unseen_read(unseen, path, &error)) return true;
    language_error_complain(&error);
    return false;
}

static bool write_unseen(const struct run_work *work, unsigned host) {
    static const char head[] =
        "# What this host does not show, as `reservoir run --accept-unseen` wrote it (conformance/verdicts/unseen.h).\n";
    struct unseen before = { .count = 0 };
    struct text text = { 0 };
    const char *path = work->options.accept_unseen;
    bool good = path_kind_of(path) == PATH_MISSING || read_unseen(path, &before);
    text_add(&text, "%s", head);
    if (good) unseen_print(&before, host, &work->record, &text);
    if (good && !file_write(path, text.bytes, text.length)) {
        errors_say("reservoir %s: %s: cannot write: %s\n", work->command, path, strerror(errno));
        good = false;
    }
    unseen_free(&before);
    text_free(&text);
    return good;
}

/* Before verdicts are raised for what the record does not have, a new record is written. */
static bool look_at_unseen(struct run_work *work) {
    struct unseen unseen = { .count = 0 };
    unsigned host = host_of(work);
    bool good = true;
    if (host == work->plan.subjects_count) return true;
    if (work->options.unseen != NULL) good = read_unseen(work->options.unseen, &unseen);
    if (good && work->options.accept_unseen != NULL) good = write_unseen(work, host);
    if (good && work->options.unseen != NULL) unseen_check(&unseen, host, &work->record);
    unseen_free(&unseen);
    return good;
}

/* Of a subject that was sent no step nothing was tested, however green its verdicts are. */
static bool was_tested(const struct run_work *work, unsigned subject) {
    struct run_counts counts;
    run_record_count(&work->record, subject, &counts);
    if (counts.instances == 0 || counts.steps_sent > 0) return true;
    for (size_t i = 0; i < work->record.count; i++) {
        if (work->record.instances[i]->subject == subject && work->record.instances[i]->stopped)
            return true; /* to be resumed */
    }
    struct text message = { 0 };
    text_add(&message, "reservoir %s: %s: no step was sent to it; nothing was tested\n", work->command,
             work->record.subjects[subject]->name);
    errors_print(&message);
    text_free(&message);
    return false;
}

static int status_of(const struct run_work *work) {
    struct run_counts counts;
    bool tested = true;
    for (unsigned i = 0; i < work->record.subjects_count; i++) tested &= was_tested(work, i);
    run_record_count(&work->record, SUBJECTS_MAX, &counts);
    if (work->set.broken_count > 0 || !tested) return EXIT_STATUS_BROKEN;
    int status = verdict_exit_status(counts.verdicts, work->options.fail_on);
    bool unreviewed = work->options.fail_on_unreviewed && counts.unreviewed > 0;
    return status == EXIT_STATUS_GOOD && unreviewed ? EXIT_STATUS_DEVIATES : status;
}

static void print_text(const struct run_work *work, const struct report_request *request, int status,
                       struct text *out) {
    struct text_report report = {
        .record = &work->record,
        .colourful = request->path == NULL && terminal_has_colour(stdout),
        .status = status,
        .files_broken = work->set.broken_count,
        .verbose = work->options.verbose,
        .quiet = work->options.quiet,
        .durations = (unsigned)work->options.durations,
    };
    for (unsigned i = 0; i < work->plan.subjects_count; i++) report.deviations[i] = work->plan.deviations[i];
    text_report(&report, out);
}

/* The page's errors by their causes. What is planned is named where the tree has its table. */
static void print_errors(const struct run_work *work, const struct report *report, struct text *out) {
    struct catalogue planned = { .arena = NULL };
    struct language_error error;
    char path[FOLDER_PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/planned.tsv", work->options.scenarios);
    bool known = length > 0 && length < (int)sizeof path && catalogue_read_planned(&planned, path, &error);
    error_table_report(report, known ? &planned : NULL, out);
    catalogue_free(&planned);
}

/* The reports that say what the run was made of. False when memory was exhausted on the way. */
static bool print_with_environment(const struct run_work *work, enum report_kind kind, int status, struct text *out) {
    const struct run_options *options = &work->options;
    const struct ci_service service = ci_service_find();
    struct reason reason;
    run_reason(options->reason, &service, &reason);
    struct report report = {
        .record = &work->record,
        .version = RESERVOIR_VERSION,
        .reason = reason.text,
        .profile = run_options_profile(options)->name,
        .judged_by = options->profile_name,
        .seed = options->seed,
        .repeat = (unsigned)options->repeat,
        .fail_on = options->fail_on,
        .files_broken = work->set.broken_count,
        .status = status,
    };
    environment_find(&report.environment);
    if (kind == REPORT_JUNIT) return junit_report(&report, out);
    if (kind == REPORT_JSON) return json_report(&report, out);
    assert(kind == REPORT_MARKDOWN || kind == REPORT_TABLE || kind == REPORT_ERRORS || kind == REPORT_GITHUB ||
           kind == REPORT_CLAUSES);
    if (kind == REPORT_CLAUSES) clause_table_report(&report, out);
    if (kind == REPORT_GITHUB) github_report(&report, out);
    if (kind == REPORT_MARKDOWN) markdown_report(&report, out);
    if (kind == REPORT_TABLE || kind == REPORT_ERRORS) print_errors(work, &report, out);
    if (kind == REPORT_TABLE) table_report(&report, out);
    return true;
}

static bool print_report(const struct run_work *work, const struct report_request *request, int status,
                         struct text *out) {
    switch (request->kind) {
    case REPORT_TEXT: print_text(work, request, status, out); return true;
    case REPORT_TAP: tap_report(&work->record, out); return true;
    default: return print_with_environment(work, request->kind, status, out);
    }
}

/* A report is there whole, or as it was before. Those that people read are fitted to their terminal; of the others it
 * gets no control characters either. */
static bool write_report(const struct report_request *request, const struct text *text) {
    if (request->path != NULL) return file_write(request->path, text->bytes, text->length);
    bool tables = request->kind == REPORT_TABLE || request->kind == REPORT_ERRORS || request->kind == REPORT_CLAUSES;
    if (request->kind == REPORT_TEXT) output_print_cleaned(text);
    else if (tables) output_print(text);
    else if (text->length > 0) fputs(text->bytes, stdout);
    return fflush(stdout) == 0 && !ferror(stdout);
}

static bool write_reports(const struct run_work *work, int status) {
    bool good = true;
    for (unsigned i = 0; i < work->options.reports_count; i++) {
        const struct report_request *request = &work->options.reports[i];
        struct text text = { 0 };
        bool printed = print_report(work, request, status, &text);
        bool written = printed && write_report(request, &text);
        if (!written)
            errors_say("reservoir %s: %s: cannot write: %s\n", work->command,
                       request->path == NULL ? "report" : request->path, strerror(errno));
        good &= written;
        text_free(&text);
    }
    return good;
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

/* Captures are complete. */
static bool finish_captures(const struct run_work *work) {
    bool good = true;
    for (unsigned i = 0; i < work->plan.subjects_count; i++) {
        struct reason reason;
        struct packet_watch *watch = work->plan.subjects[i]->watch;
        if (watch == NULL || packet_watch_finish(watch, &reason)) continue;
        errors_say("reservoir %s: %s\n", work->command, reason.text);
        good = false;
    }
    return good;
}

int run_work_finish(struct run_work *work) {
    terminal_progress_end();
    bool looked = look_at_unseen(work);
    int status = looked ? status_of(work) : EXIT_STATUS_BROKEN;
    if (!finish_captures(work)) status = EXIT_STATUS_BROKEN;
    last_failed_write(&work->record, work->plan.failures);
    if (!accept_new(work)) status = EXIT_STATUS_BROKEN;
    return write_reports(work, status) ? status : EXIT_STATUS_BROKEN;
}

void run_work_free(struct run_work *work) {
    assert(work != NULL);
    run_record_free(&work->record);
    for (unsigned i = 0; i < work->plan.subjects_count; i++) {
        subject_free(work->plan.subjects[i]);
        deviations_free(&work->deviations[i]);
    }
    scenario_set_free(&work->set);
    run_options_free(&work->options);
}
