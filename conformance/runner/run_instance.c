#include "conformance/runner/run_instance.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/language/expand.h"
#include "conformance/language/printer.h"
#include "conformance/session/session_print.h"
#include "conformance/verdicts/compare.h"

struct subject *running_subject(const struct running *running) { return running->plan->subjects[running->subject]; }

/* --- a step ---------------------------------------------------------------------------------------------------- */

static void judge_played(struct running *running, struct step_record *step) {
    struct comparison comparison = {
        .record = running->record, .subject = running_subject(running), .judge = running->judge,
        .deviations = running->plan->deviations[running->subject],
    };
    assert(step->result == STEP_SEEN || step->result == STEP_DONE);
    memset(running->judgement, 0, sizeof *running->judgement);
    if (running->judge != NULL) judge_step(running->judge, step->step, step->result, &step->seen, running->judgement);
    if (step->result == STEP_DONE) return;
    if (running->judge == NULL) compare_on_model(&comparison, step);
    else compare_on_host(&comparison, step, running->judgement);
}

/* What to do about an instance that stopped. */
static void add_stopped(const struct running *running, struct text *out) {
    const struct run_plan *plan = running->plan;
    if (running_subject(running)->kind == SUBJECT_TRACES)
        text_add(out, "the recording stops at a restart of the machine; `reservoir resume` goes on with it on the host");
    else if (plan->record != NULL)
        text_add(out, "the machine has to restart here: restart it, then `reservoir resume %s`", plan->record);
    else
        text_add(out, "the machine has to restart here: only with --record DIR (then `reservoir resume DIR`) or --restart COMMAND can it go on");
}

/* A verdict for what was not seen. */
static void take_unseen(struct running *running, struct step_record *step) {
    struct text note = { 0 };
    const char *detail = running->played.detail;
    switch (step->result) {
    case STEP_NEEDS:
        step->verdict = VERDICT_INCONCLUSIVE;
        text_add(&note, "not sent: needs %s, line %u", detail, (unsigned)step->step->position.line);
        break;
    case STEP_UNSUPPORTED:
        step->verdict = VERDICT_UNSUPPORTED;
        text_add(&note, "%s", detail);
        break;
    case STEP_RESTART:
        step->verdict = VERDICT_INCONCLUSIVE;
        add_stopped(running, &note);
        break;
    default:
        step->verdict = VERDICT_HARNESS_BROKEN;
        text_add(&note, "%s", detail);
        break;
    }
    step->note = instance_record_text(running->record, note.bytes);
    text_free(&note);
}

static const char *print_call(struct running *running, const struct step *step) {
    struct text text = { 0 };
    step_print_call(running->record->instance, step, &text);
    const char *call = instance_record_text(running->record, text.bytes);
    text_free(&text);
    return call;
}

static const char *print_outcome(struct running *running, const struct step_record *step) {
    struct text text = { 0 };
    session_print_outcome(subject_session(running_subject(running)), running->record->instance, step->step, &step->seen, &text);
    const char *outcome = instance_record_text(running->record, text.bytes);
    text_free(&text);
    return outcome;
}

/* The machine has to restart; between the steps of a `together` nobody could say what has happened by then. */
static void stop_at_restart(struct running *running, const struct step_record *step) {
    struct played *played = &running->played;
    running->record->stopped = step->together == NULL;
    if (running->record->stopped) return;
    played->result = STEP_UNSUPPORTED;
    snprintf(played->detail, sizeof played->detail, "no machine restarts inside a `together`");
}

/* Plays, records and judges step number `index`. False when the rest is not to be played. */
static bool play_step(struct running *running, const struct step_order *order, unsigned index) {
    struct instance_record *record = running->record;
    struct step_record *step = &record->steps[record->steps_count++];
    struct played *played = &running->played;
    step->step = order->steps[index];
    step->together = order->together[index];
    step->call = print_call(running, step->step);
    step->alternative = step->continued_with = -1;
    subject_step(running_subject(running), index, step->step, played);
    if (played->result == STEP_RESTART) stop_at_restart(running, step);
    step->result = played->result;
    step->seen = played->seen;
    trace_step(&running->trace, record->instance, step->step, step->together, played->result, played->line.bytes, played->detail);
    if (played->result == STEP_SEEN) step->outcome = print_outcome(running, step);
    if (played->result == STEP_SEEN || played->result == STEP_DONE) {
        record->steps_sent++;
        judge_played(running, step);
    } else {
        take_unseen(running, step);
    }
    instance_record_raise(record, step->verdict, step->note);
    return played->result == STEP_SEEN || played->result == STEP_DONE || played->result == STEP_NEEDS;
}

/* --- an instance ------------------------------------------------------------------------------------------------ */

static void raise_text(struct running *running, enum verdict verdict, const char *before, const char *reason) {
    struct text text = { 0 };
    text_add(&text, "%s%s", before, reason);
    instance_record_raise(running->record, verdict, instance_record_text(running->record, text.bytes));
    text_free(&text);
}

/* Where the plan wants the trace of the instance. False with errno when there is no such path. */
static bool find_trace_path(struct running *running) {
    char folder[FOLDER_PATH_MAX], path[FOLDER_PATH_MAX];
    const struct run_plan *plan = running->plan;
    bool named = plan->subjects_count > 1;
    assert(plan->record != NULL && running->record->trace_path == NULL);
    int length = snprintf(folder, sizeof folder, "%s%s%s", plan->record, named ? "/" : "", named ? running_subject(running)->name : "");
    if (length < 0 || length >= (int)sizeof folder || !trace_path(folder, running->record->id, path)) {
        errno = ENAMETOOLONG;
        return false;
    }
    running->record->trace_path = instance_record_text(running->record, path);
    return true;
}

static bool begin_trace(struct running *running, const char *path, const uint16_t *ports_first) {
    const struct fact_list *facts = subject_facts(running_subject(running));
    return trace_begin(&running->trace, path, running->record->instance, facts, ports_first);
}

/* Puts the new trace in the place of the one from before the restart. */
static void replace_trace(struct running *running) {
    if (running->part[0] == '\0') return;
    assert(running->record->trace_path != NULL);
    if (!folder_replace_file(running->part, running->record->trace_path))
        raise_text(running, VERDICT_HARNESS_BROKEN, "the trace cannot be written: ", strerror(errno));
    running->part[0] = '\0';
}

static void play_steps(struct running *running, const uint16_t *ports_first) {
    static struct step_order order; /* large */
    char reason[EXECUTOR_REASON_MAX] = "";
    struct instance_record *record = running->record;
    if (running_subject(running)->kind != SUBJECT_MODEL) {
        running->judge = judge_create(record->instance, ports_first, running->plan->judged_by, reason);
        if (running->judge == NULL) {
            raise_text(running, VERDICT_UNSUPPORTED, "it cannot be judged: ", reason);
            return;
        }
    }
    step_order_fill(&order, record->instance);
    record->steps = arena_allocate(record->arena, (order.count + 1) * sizeof *record->steps);
    for (unsigned i = 0; i < order.count; i++) {
        if (!play_step(running, &order, i)) break;
    }
    judge_free(running->judge);
    running->judge = NULL;
}

/* Ends what was begun, and its trace. What that tells of a stopped instance stands in its place before the host is left so
 * that it can go on. */
static void end_instance(struct running *running, bool keep) {
    char detail[EXECUTOR_REASON_MAX];
    struct instance_record *record = running->record;
    struct subject *subject = running_subject(running);
    bool can_go_on = running->plan->restart != NULL || record->trace_path != NULL;
    bool leave = keep && record->stopped && can_go_on && !running->trace.failed;
    if (leave) replace_trace(running);
    enum step_result ended = leave ? subject_leave(subject, detail) : subject_end(subject, detail);
    if (ended == STEP_BROKEN) {
        if (running->trace.text.length > 0) trace_ended_early(&running->trace, STEP_BROKEN, detail);
        raise_text(running, VERDICT_HARNESS_BROKEN, "", detail);
    }
    if (!trace_end(&running->trace)) raise_text(running, VERDICT_HARNESS_BROKEN, "the trace cannot be written: ", "a write failed");
    if (record->verdict == VERDICT_HARNESS_BROKEN) record->stopped = false;
    else replace_trace(running);
    if (running->part[0] != '\0') remove(running->part);
    running->part[0] = '\0';
    text_free(&record->trace);
    record->trace = running->trace.text;
    running->trace = (struct trace){ .file = NULL };
}

void running_play(struct running *running, bool keep) {
    uint16_t ports_first[PLAYER_PORTS_MAX];
    char detail[EXECUTOR_REASON_MAX];
    struct instance_record *record = running->record;
    bool write = keep && running->plan->record != NULL;
    enum step_result begun = subject_begin(running_subject(running), record->instance, record->id, ports_first, detail);
    if (begun != STEP_DONE) {
        raise_text(running, begun == STEP_UNSUPPORTED ? VERDICT_UNSUPPORTED : VERDICT_HARNESS_BROKEN, "", detail);
    } else if ((write && !find_trace_path(running)) || !begin_trace(running, record->trace_path, ports_first)) {
        raise_text(running, VERDICT_HARNESS_BROKEN, "the trace cannot be written: ", strerror(errno));
    } else {
        play_steps(running, ports_first);
    }
    end_instance(running, keep);
}

/* --- an instance that stopped -------------------------------------------------------------------------------------- */

static const char *stopped_path(const struct instance_record *record) {
    return record->trace_path != NULL ? record->trace_path : record->id;
}

/* The name under which the new trace is written until it is complete. */
static bool find_part(struct running *running) {
    if (running->record->trace_path == NULL) return true;
    int length = snprintf(running->part, sizeof running->part, "%s.part", running->record->trace_path);
    if (length > 0 && length < (int)sizeof running->part) return true;
    running->part[0] = '\0';
    errno = ENAMETOOLONG;
    return false;
}

/* The host did not go on. */
static void take_refusal(struct running *running, enum step_result begun, bool has_restarted, const char *detail) {
    char ignored[EXECUTOR_REASON_MAX];
    struct instance_record *record = running->record;
    bool broken = begun == STEP_BROKEN || has_restarted;
    assert(begun == STEP_BROKEN || begun == STEP_UNSUPPORTED);
    subject_end(running_subject(running), ignored);
    raise_text(running, broken ? VERDICT_HARNESS_BROKEN : VERDICT_INCONCLUSIVE, "it could not be resumed: ", detail);
    if (broken) record->stopped = false;
}

void running_resume(struct running *running, bool has_restarted) {
    uint16_t ports_first[PLAYER_PORTS_MAX];
    char detail[EXECUTOR_REASON_MAX];
    struct instance_record *record = running->record;
    assert(record->stopped && record->trace.length > 0);
    enum step_result begun = subject_resume(running_subject(running), record->instance, stopped_path(record), &record->trace, ports_first, detail);
    if (begun != STEP_DONE) {
        take_refusal(running, begun, has_restarted, detail);
        return;
    }
    record->stopped = false;
    record->verdict = VERDICT_CONFORM;
    record->reason = NULL;
    record->steps_count = record->steps_sent = 0;
    if (find_part(running) && begin_trace(running, running->part[0] == '\0' ? NULL : running->part, ports_first)) {
        play_steps(running, ports_first);
        end_instance(running, true);
        return;
    }
    raise_text(running, VERDICT_HARNESS_BROKEN, "the trace cannot be written: ", strerror(errno));
    subject_leave(running_subject(running), detail); /* it can be resumed again, where that can be written */
    running->part[0] = '\0';
}

/* The stopped trace with a further line, in the place of the stopped one. */
static bool write_given_up(struct running *running) {
    const struct instance_record *record = running->record;
    struct trace trace = { .file = NULL };
    if (record->trace_path == NULL) return true;
    if (!find_part(running) || (trace.file = folder_create_file(running->part)) == NULL) return false;
    bool good = fwrite(record->trace.bytes, 1, record->trace.length, trace.file) == record->trace.length;
    trace_ended_early(&trace, STEP_UNSUPPORTED, "given up at this restart of the machine");
    good = trace_end(&trace) && good && folder_replace_file(running->part, record->trace_path);
    trace_free(&trace);
    running->part[0] = '\0';
    return good;
}

bool running_abandon(struct running *running, char *detail) {
    uint16_t ports_first[PLAYER_PORTS_MAX];
    char ended[EXECUTOR_REASON_MAX];
    struct instance_record *record = running->record;
    assert(record->stopped && record->trace.length > 0);
    enum step_result begun = subject_resume(running_subject(running), record->instance, stopped_path(record), &record->trace, ports_first, detail);
    if (subject_end(running_subject(running), ended) == STEP_BROKEN) {
        snprintf(detail, EXECUTOR_REASON_MAX, "%s", ended);
        return false;
    }
    if (begun != STEP_DONE) return false;
    record->stopped = false;
    if (write_given_up(running)) return true;
    snprintf(detail, EXECUTOR_REASON_MAX, "it is removed, but its trace cannot be written: %s", strerror(errno));
    return false;
}

/* --- which instance -------------------------------------------------------------------------------------------------- */

static void name_instance(struct instance_record *record, const struct scenario_file *file) {
    const char *suffix = strchr(record->instance->name, '[');
    struct text id = { 0 };
    assert(record->instance != NULL);
    const char *own = strchr(file->id, '[');
    int length = own == NULL ? (int)strlen(file->id) : (int)(own - file->id);
    text_add(&id, "%.*s", length, file->id);
    record->scenario = instance_record_text(record, id.bytes);
    text_add(&id, "%s", suffix == NULL ? "" : suffix);
    record->id = instance_record_text(record, id.bytes);
    record->path = instance_record_text(record, file->path);
    text_free(&id);
}

void running_take(struct running *running, const struct scenario_file *file, unsigned instance) {
    running->record->instance = scenario_expand(file->scenario, instance);
    assert(running->record->instance != NULL);
    running->record->subject = running->subject;
    name_instance(running->record, file);
}
