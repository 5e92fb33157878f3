#include "conformance/runner/run_instance.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/base/reason.h"
#include "conformance/judge/judge.h"
#include "conformance/language/expand.h"
#include "conformance/language/printer.h"
#include "conformance/language/step_order.h"
#include "conformance/runner/scenario_set.h"
#include "conformance/session/session_print.h"
#include "conformance/verdicts/compare.h"

struct subject *instance_run_subject(const struct instance_run *run) {
    return run->plan->subjects[run->subject];
}

/* --- a step ---------------------------------------------------------------------------------------------------- */

static void judge_played(struct instance_run *run, struct step_record *step) {
    struct comparison comparison = {
        .record = run->record,
        .subject = instance_run_subject(run),
        .judge = run->judge,
        .deviations = run->plan->deviations[run->subject],
        .instead = run->answer.detail.text,
    };
    assert(step->result == STEP_SEEN || step->result == STEP_DONE);
    memset(run->judgement, 0, sizeof *run->judgement);
    if (run->judge != NULL)
        judge_step(run->judge, step->step, step->result, &step->seen, subject_session(instance_run_subject(run)),
                   run->judgement);
    if (step->result == STEP_DONE) return;
    if (run->judge == NULL) compare_on_model(&comparison, step);
    else compare_on_host(&comparison, step, run->judgement);
}

/* What to do about an instance that stopped. */
static void add_stopped(const struct instance_run *run, struct text *out) {
    const struct run_plan *plan = run->plan;
    if (instance_run_subject(run)->kind == SUBJECT_TRACES)
        text_add(out, "the recording stops at a restart of the machine; `reservoir resume` continues it on the host");
    else if (plan->record != NULL)
        text_add(out, "the machine has to restart here: restart it, then `reservoir resume %s`", plan->record);
    else
        text_add(
            out,
            "the machine has to restart here: only with --record DIR (then `reservoir resume DIR`) or --restart COMMAND can it continue");
}

/* A verdict for what was not seen. */
static void take_unseen(struct instance_run *run, struct step_record *step) {
    struct text note = { 0 };
    const char *detail = run->answer.detail.text;
    switch (step->result) {
    case STEP_NEEDS:
        step->verdict = VERDICT_INCONCLUSIVE;
        text_add(&note, "not sent: needs %s, line %u", detail, (unsigned)step->step->position.line);
        break;
    case STEP_UNSUPPORTED:
        step->verdict = VERDICT_UNSUPPORTED;
        text_add(&note, "%s", detail);
        break;
    case STEP_NOT_MODELLED:
        step->verdict = VERDICT_NOT_MODELLED;
        text_add(&note, "%s", detail);
        break;
    case STEP_RESTART:
        step->verdict = VERDICT_INCONCLUSIVE;
        add_stopped(run, &note);
        break;
    default:
        step->verdict = VERDICT_HARNESS_BROKEN;
        text_add(&note, "%s", detail);
        break;
    }
    step->note = instance_record_text(run->record, note.bytes);
    text_free(&note);
}

static const char *print_call(struct instance_run *run, const struct step *step) {
    struct text text = { 0 };
    step_print_call(run->record->instance, step, &text);
    const char *call = instance_record_text(run->record, text.bytes);
    text_free(&text);
    return call;
}

static const char *print_outcome(struct instance_run *run, const struct step_record *step) {
    struct text text = { 0 };
    session_print_outcome(subject_session(instance_run_subject(run)), run->record->instance, step->step, &step->seen,
                          &text);
    const char *outcome = instance_record_text(run->record, text.bytes);
    text_free(&text);
    return outcome;
}

/* The machine has to restart; between the steps of a `together` it is unknown what has happened by then. */
static void stop_at_restart(struct instance_run *run, const struct step_record *step) {
    struct step_answer *answer = &run->answer;
    run->record->stopped = step->together == NULL;
    if (run->record->stopped) return;
    answer->result = STEP_UNSUPPORTED;
    reason_set(&answer->detail, "no machine restarts inside a `together`");
}

/* Plays, records and judges step number `index`. False when the rest is not to be played. */
static bool play_step(struct instance_run *run, const struct step_order *order, unsigned index) {
    struct instance_record *record = run->record;
    struct step_record *step = &record->steps[record->steps_count++];
    struct step_answer *answer = &run->answer;
    step->step = order->steps[index];
    step->together = order->together[index];
    step->call = print_call(run, step->step);
    step->alternative = step->continued_with = -1;
    subject_step(instance_run_subject(run), index, step->step, answer);
    if (answer->result == STEP_RESTART) stop_at_restart(run, step);
    step->result = answer->result;
    step->seen = answer->seen;
    trace_step(&run->trace, record->instance, step->step, step->together, answer->result, answer->line.bytes,
               answer->detail.text);
    if (answer->result == STEP_SEEN) {
        step->outcome = print_outcome(run, step);
        step->line = instance_record_text(record, answer->line.bytes);
    }
    if (answer->result == STEP_SEEN || answer->result == STEP_DONE) {
        record->steps_sent++;
        judge_played(run, step);
    } else {
        take_unseen(run, step);
    }
    instance_record_raise(record, step->verdict, step->note);
    return answer->result == STEP_SEEN || answer->result == STEP_DONE || answer->result == STEP_NEEDS;
}

/* --- an instance ------------------------------------------------------------------------------------------------ */

static void raise_text(struct instance_run *run, enum verdict verdict, const char *before, const char *reason) {
    struct text text = { 0 };
    text_add(&text, "%s%s", before, reason);
    instance_record_raise(run->record, verdict, instance_record_text(run->record, text.bytes));
    text_free(&text);
}

/* Where the plan wants the trace of the instance. False with errno when there is no such path. */
static bool find_trace_path(struct instance_run *run) {
    char folder[FOLDER_PATH_MAX], path[FOLDER_PATH_MAX];
    const struct run_plan *plan = run->plan;
    bool named = plan->subjects_count > 1;
    assert(plan->record != NULL && run->record->trace_path == NULL);
    int length = snprintf(folder, sizeof folder, "%s%s%s", plan->record, named ? "/" : "",
                          named ? instance_run_subject(run)->name : "");
    if (length < 0 || length >= (int)sizeof folder || !trace_path(folder, run->record->id, path)) {
        errno = ENAMETOOLONG;
        return false;
    }
    run->record->trace_path = instance_record_text(run->record, path);
    return true;
}

static bool begin_trace(struct instance_run *run, const char *path, const uint16_t *ports_first) {
    const struct fact_list *facts = subject_facts(instance_run_subject(run));
    return trace_begin(&run->trace, path, run->record->instance, facts, ports_first);
}

/* Puts the new trace in the place of the one from before the restart. */
static void replace_trace(struct instance_run *run) {
    if (run->trace_path_new[0] == '\0') return;
    assert(run->record->trace_path != NULL);
    if (!file_replace(run->trace_path_new, run->record->trace_path))
        raise_text(run, VERDICT_HARNESS_BROKEN, "the trace cannot be written: ", strerror(errno));
    run->trace_path_new[0] = '\0';
}

/* What the scenario does to memory that is not its own makes all that was seen worthless, whatever it was answered.
 * That is seen once the instance was played to its end; of a host, whose answers decide what is pending, only where all
 * of them conform. */
static void take_misuse(struct instance_run *run) {
    struct subject *subject = instance_run_subject(run);
    bool told = subject->kind == SUBJECT_MODEL || run->record->verdict == VERDICT_CONFORM;
    const char *misuse = told ? subject_misuse(subject) : NULL;
    if (misuse != NULL) raise_text(run, VERDICT_HARNESS_BROKEN, "the scenario misuses memory: ", misuse);
}

static void play_steps(struct instance_run *run, const uint16_t *ports_first) {
    struct step_order order;
    struct reason reason = { "" };
    struct instance_record *record = run->record;
    if (instance_run_subject(run)->kind != SUBJECT_MODEL) {
        const struct fact_list *said = subject_facts(instance_run_subject(run));
        const struct machine_facts facts = { said->facts, said->count };
        run->judge = judge_create(record->instance, ports_first, facts, run->plan->judged_by, &reason);
        if (run->judge == NULL) {
            raise_text(run, VERDICT_UNSUPPORTED, "it cannot be judged: ", reason.text);
            return;
        }
    }
    step_order_fill(&order, record->instance);
    record->steps = arena_allocate(record->arena, (order.count + 1) * sizeof *record->steps);
    unsigned played = 0;
    while (played < order.count && play_step(run, &order, played)) played++;
    if (played == order.count) take_misuse(run);
    judge_free(run->judge);
    run->judge = NULL;
}

/* Ends what was begun, and its trace. What that tells of a stopped instance stands in its place before the host is left
 * so that it can be resumed. */
static void end_instance(struct instance_run *run, bool keep) {
    struct reason detail;
    struct instance_record *record = run->record;
    struct subject *subject = instance_run_subject(run);
    bool can_go_on = run->plan->restart != NULL || record->trace_path != NULL;
    bool leave = keep && record->stopped && can_go_on && !run->trace.failed;
    if (leave) replace_trace(run);
    enum step_result ended = leave ? subject_leave(subject, &detail) : subject_end(subject, &detail);
    if (ended == STEP_BROKEN) {
        if (run->trace.text.length > 0) trace_ended_early(&run->trace, STEP_BROKEN, detail.text);
        raise_text(run, VERDICT_HARNESS_BROKEN, "", detail.text);
    }
    if (!trace_end(&run->trace))
        raise_text(run, VERDICT_HARNESS_BROKEN, "the trace cannot be written: ", "a write failed");
    if (record->verdict == VERDICT_HARNESS_BROKEN) record->stopped = false;
    else replace_trace(run);
    if (run->trace_path_new[0] != '\0') remove(run->trace_path_new);
    run->trace_path_new[0] = '\0';
    text_free(&record->trace);
    record->trace = run->trace.text;
    run->trace = (struct trace){ .file = NULL };
}

static bool waits_in_vain(const void *known, const struct step *step) {
    const struct instance_run *run = known;
    const struct instance_record *record = run->record;
    return deviations_expect_vain_wait(run->plan->deviations[run->subject], record->scenario, record->instance, step);
}

/* What the rules know of the host, before it is asked. */
static void tell_known(const struct instance_run *run) {
    bool rules = run->plan->deviations[run->subject] != NULL;
    subject_know_vain_waits(instance_run_subject(run), rules ? waits_in_vain : NULL, run);
}

void instance_run_play(struct instance_run *run, bool keep) {
    uint16_t ports_first[PORTS_MAX];
    struct reason detail;
    struct instance_record *record = run->record;
    bool write = keep && run->plan->record != NULL;
    tell_known(run);
    enum step_result begun =
        subject_begin(instance_run_subject(run), record->instance, record->id, ports_first, &detail);
    if (begun != STEP_DONE) {
        raise_text(run, begun == STEP_UNSUPPORTED ? VERDICT_UNSUPPORTED : VERDICT_HARNESS_BROKEN, "", detail.text);
    } else if ((write && !find_trace_path(run)) || !begin_trace(run, record->trace_path, ports_first)) {
        raise_text(run, VERDICT_HARNESS_BROKEN, "the trace cannot be written: ", strerror(errno));
    } else {
        play_steps(run, ports_first);
    }
    end_instance(run, keep);
}

/* --- an instance that stopped ------------------------------------------------------------------------------------- */

static const char *stopped_path(const struct instance_record *record) {
    return record->trace_path != NULL ? record->trace_path : record->id;
}

/* The name under which the new trace is written until it is complete. */
static bool find_part(struct instance_run *run) {
    if (run->record->trace_path == NULL) return true;
    int length = snprintf(run->trace_path_new, sizeof run->trace_path_new, "%s.part", run->record->trace_path);
    if (length > 0 && length < (int)sizeof run->trace_path_new) return true;
    run->trace_path_new[0] = '\0';
    errno = ENAMETOOLONG;
    return false;
}

/* The host did not resume it. */
static void take_refusal(struct instance_run *run, enum step_result begun, bool has_restarted, const char *detail) {
    struct reason ignored;
    struct instance_record *record = run->record;
    bool broken = begun == STEP_BROKEN || has_restarted;
    assert(begun == STEP_BROKEN || begun == STEP_UNSUPPORTED);
    subject_end(instance_run_subject(run), &ignored);
    raise_text(run, broken ? VERDICT_HARNESS_BROKEN : VERDICT_INCONCLUSIVE, "it could not be resumed: ", detail);
    if (broken) record->stopped = false;
}

void instance_run_resume(struct instance_run *run, bool has_restarted) {
    uint16_t ports_first[PORTS_MAX];
    struct reason detail;
    struct instance_record *record = run->record;
    assert(record->stopped && record->trace.length > 0);
    tell_known(run);
    enum step_result begun = subject_resume(instance_run_subject(run), record->instance, stopped_path(record),
                                            &record->trace, ports_first, &detail);
    if (begun != STEP_DONE) {
        take_refusal(run, begun, has_restarted, detail.text);
        return;
    }
    record->stopped = false;
    record->verdict = VERDICT_CONFORM;
    record->reason = NULL;
    record->steps_count = record->steps_sent = 0;
    if (find_part(run) && begin_trace(run, run->trace_path_new[0] == '\0' ? NULL : run->trace_path_new, ports_first)) {
        play_steps(run, ports_first);
        end_instance(run, true);
        return;
    }
    raise_text(run, VERDICT_HARNESS_BROKEN, "the trace cannot be written: ", strerror(errno));
    subject_leave(instance_run_subject(run), &detail); /* it can be resumed again, where that can be written */
    run->trace_path_new[0] = '\0';
}

/* The stopped trace with a further line, in the place of the stopped one. */
static bool write_given_up(struct instance_run *run) {
    const struct instance_record *record = run->record;
    struct trace trace = { .file = NULL };
    if (record->trace_path == NULL) return true;
    if (!find_part(run) || (trace.file = file_create(run->trace_path_new)) == NULL) return false;
    bool good = fwrite(record->trace.bytes, 1, record->trace.length, trace.file) == record->trace.length;
    trace_ended_early(&trace, STEP_UNSUPPORTED, "given up at this restart of the machine");
    good = trace_end(&trace) && good && file_replace(run->trace_path_new, record->trace_path);
    trace_free(&trace);
    run->trace_path_new[0] = '\0';
    return good;
}

bool instance_run_abandon(struct instance_run *run, struct reason *detail) {
    uint16_t ports_first[PORTS_MAX];
    struct reason ended;
    struct instance_record *record = run->record;
    assert(record->stopped && record->trace.length > 0);
    tell_known(run);
    enum step_result begun = subject_resume(instance_run_subject(run), record->instance, stopped_path(record),
                                            &record->trace, ports_first, detail);
    if (subject_end(instance_run_subject(run), &ended) == STEP_BROKEN) {
        *detail = ended;
        return false;
    }
    if (begun != STEP_DONE) return false;
    record->stopped = false;
    if (write_given_up(run)) return true;
    reason_set(detail, "it is removed, but its trace cannot be written: %s", strerror(errno));
    return false;
}

/* --- which instance ----------------------------------------------------------------------------------------------- */

static void name_instance(struct instance_record *record, const struct scenario_file *file) {
    const char *suffix = record->instance == NULL ? NULL : strchr(record->instance->name, '[');
    struct text id = { 0 };
    const char *own = strchr(file->id, '[');
    int length = own == NULL ? (int)strlen(file->id) : (int)(own - file->id);
    text_add(&id, "%.*s", length, file->id);
    record->scenario = instance_record_text(record, id.bytes);
    text_add(&id, "%s", suffix == NULL ? "" : suffix);
    record->id = instance_record_text(record, id.bytes);
    record->path = instance_record_text(record, file->path);
    text_free(&id);
}

static void close_file(struct instance_run *run) {
    if (run->file != NULL) scenario_file_close(run->file, run->scenario);
    run->file = NULL;
    run->scenario = NULL;
}

bool instance_run_take(struct instance_run *run, const struct scenario_file *file, unsigned instance) {
    if (run->file != file) {
        close_file(run);
        run->scenario = scenario_file_open(file);
        run->file = file;
    }
    run->record->subject = run->subject;
    if (run->scenario != NULL) run->record->instance = scenario_expand(run->scenario, instance);
    name_instance(run->record, file);
    if (run->scenario != NULL) return true;
    instance_record_raise(run->record, VERDICT_HARNESS_BROKEN,
                          "the file is not what it was when it was selected, or cannot be read any more");
    return false;
}

void instance_run_end(struct instance_run *run) {
    close_file(run);
    step_answer_free(&run->answer);
}
