#include "conformance/runner.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/compare.h"
#include "conformance/folders.h"
#include "conformance/memory.h"
#include "conformance/text_arena.h"

/* One run of one instance on one subject. */
struct running {
    const struct run_plan *plan;
    unsigned subject;
    struct instance_record *record;
    struct judge *judge;          /* of hosts and traces; owned */
    struct judgement *judgement;  /* large; shared by all steps */
    struct trace trace;
    struct played played;
};

static struct subject *subject_of(const struct running *running) { return running->plan->subjects[running->subject]; }

/* --- a step ---------------------------------------------------------------------------------------------------- */

static void judge_played(struct running *running, struct step_record *step) {
    struct comparison comparison = {
        .record = running->record, .subject = subject_of(running), .judge = running->judge,
        .deviations = running->plan->deviations[running->subject],
    };
    assert(step->result == STEP_SEEN || step->result == STEP_DONE);
    memset(running->judgement, 0, sizeof *running->judgement);
    if (running->judge != NULL) judge_step(running->judge, step->step, step->result, &step->seen, running->judgement);
    if (step->result == STEP_DONE) return;
    if (running->judge == NULL) compare_on_model(&comparison, step);
    else compare_on_host(&comparison, step, running->judgement);
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
    session_print_outcome(subject_session(subject_of(running)), running->record->instance, step->step, &step->seen, &text);
    const char *outcome = instance_record_text(running->record, text.bytes);
    text_free(&text);
    return outcome;
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
    subject_step(subject_of(running), index, step->step, played);
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
    return played->result != STEP_UNSUPPORTED && played->result != STEP_BROKEN;
}

/* --- an instance ------------------------------------------------------------------------------------------------ */

static bool begin_trace(struct running *running, bool write, const uint16_t *ports_first) {
    char folder[FOLDER_PATH_MAX], path[FOLDER_PATH_MAX];
    const struct run_plan *plan = running->plan;
    const struct subject *subject = subject_of(running);
    bool named = plan->subjects_count > 1;
    write = write && plan->record != NULL;
    if (write) {
        int length = snprintf(folder, sizeof folder, "%s%s%s", plan->record, named ? "/" : "", named ? subject->name : "");
        if (length < 0 || length >= (int)sizeof folder || !trace_path(folder, running->record->id, path)) {
            errno = ENAMETOOLONG;
            return false;
        }
    }
    return trace_begin(&running->trace, write ? path : NULL, running->record->instance, subject_facts(subject), ports_first);
}

static void raise_text(struct running *running, enum verdict verdict, const char *before, const char *reason) {
    struct text text = { 0 };
    text_add(&text, "%s%s", before, reason);
    instance_record_raise(running->record, verdict, instance_record_text(running->record, text.bytes));
    text_free(&text);
}

static void play_steps(struct running *running, const uint16_t *ports_first) {
    static struct step_order order; /* large */
    char reason[EXECUTOR_REASON_MAX] = "";
    struct instance_record *record = running->record;
    if (subject_of(running)->kind != SUBJECT_MODEL) {
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

static void play_instance(struct running *running, bool write) {
    uint16_t ports_first[PLAYER_PORTS_MAX];
    char detail[EXECUTOR_REASON_MAX];
    struct instance_record *record = running->record;
    struct subject *subject = subject_of(running);
    enum step_result begun = subject_begin(subject, record->instance, record->id, ports_first, detail);
    if (begun != STEP_DONE) {
        raise_text(running, begun == STEP_UNSUPPORTED ? VERDICT_UNSUPPORTED : VERDICT_HARNESS_BROKEN, "", detail);
    } else if (!begin_trace(running, write, ports_first)) {
        raise_text(running, VERDICT_HARNESS_BROKEN, "the trace cannot be written: ", strerror(errno));
    } else {
        play_steps(running, ports_first);
    }
    if (subject_end(subject, detail) == STEP_BROKEN) {
        if (running->trace.text.length > 0) trace_ended_early(&running->trace, STEP_BROKEN, detail);
        raise_text(running, VERDICT_HARNESS_BROKEN, "", detail);
    }
    if (!trace_end(&running->trace)) raise_text(running, VERDICT_HARNESS_BROKEN, "the trace cannot be written: ", "a write failed");
    record->trace = running->trace.text;
    running->trace = (struct trace){ .file = NULL };
}

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

static void run_once(struct running *running, const struct scenario_file *file, unsigned instance, bool write) {
    running->record->instance = scenario_expand(file->scenario, instance);
    assert(running->record->instance != NULL);
    running->record->subject = running->subject;
    name_instance(running->record, file);
    play_instance(running, write);
}

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
    run_once(running, file, instance, false);
    struct instance_record *again = running->record;
    running->record = first;
    bool live = subject_of(running)->kind == SUBJECT_MODEL;
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

/* --- rules that did not happen ------------------------------------------------------------------------------------ */

/* Did this instance send the rule's call conclusively; did the rule explain anything in it? */
static void look_for_rule(const struct instance_record *record, const struct deviation_rule *rule, bool *concerned, bool *matched) {
    for (unsigned i = 0; i < record->steps_count; i++) {
        const struct step_record *step = &record->steps[i];
        if (step->result != STEP_SEEN || step->verdict == VERDICT_INCONCLUSIVE) continue;
        *concerned |= rule_concerns(rule, record->instance, step->step);
        *matched |= step->rule == rule;
    }
}

/* Asks the records from `first` on whether a rule that is recorded for them happened. */
static void find_stale_rule(const struct deviation_rule *rule, unsigned subject, struct run_record *record, size_t first) {
    struct instance_record *witness = NULL;
    bool concerned = false, matched = false, broken = false;
    for (size_t i = first; i < record->count; i++) {
        struct instance_record *instance = record->instances[i];
        if (instance->subject != subject || !rule_lists(rule, instance->scenario)) continue;
        if (witness == NULL) witness = instance;
        broken |= instance->verdict == VERDICT_HARNESS_BROKEN;
        look_for_rule(instance, rule, &concerned, &matched);
    }
    if (!concerned || matched || broken) return;
    struct text text = { 0 };
    text_add(&text, "the recorded deviation %s did not happen %s", rule->name, rule->sometimes ? "anywhere" : "here");
    instance_record_raise(witness, VERDICT_CONFORM_UNEXPECTED, instance_record_text(witness, text.bytes));
    text_free(&text);
}

/* Rules that always happen are asked for scenario by scenario, the others of the whole run. */
static void find_stale_rules(const struct run_plan *plan, bool sometimes, struct run_record *record, size_t first) {
    for (unsigned subject = 0; subject < plan->subjects_count; subject++) {
        const struct deviations *deviations = plan->deviations[subject];
        for (uint32_t i = 0; deviations != NULL && i < deviations->rules_count; i++) {
            if (deviations->rules[i].sometimes == sometimes) find_stale_rule(&deviations->rules[i], subject, record, first);
        }
    }
}

/* --- all -------------------------------------------------------------------------------------------------------- */

static size_t instances_total(const struct run_plan *plan, const struct scenario_set *set) {
    size_t total = 0;
    for (size_t i = 0; i < set->count; i++) total += scenario_instances_count(set->files[i].scenario);
    return total * plan->subjects_count;
}

static void run_file(struct running *running, const struct scenario_file *file, struct run_record *record, size_t total) {
    const struct run_plan *plan = running->plan;
    size_t first = record->count;
    unsigned instances = scenario_instances_count(file->scenario);
    for (unsigned i = 0; i < instances; i++) {
        for (unsigned subject = 0; subject < plan->subjects_count; subject++) {
            size_t done = record->count;
            running->subject = subject;
            running->record = run_record_add(record);
            if (plan->progress != NULL) plan->progress(plan->progress_context, done, total, file->id);
            run_once(running, file, i, true);
            for (unsigned again = 1; again < plan->repeat; again++) run_again(running, file, i);
        }
    }
    find_stale_rules(plan, false, record, first);
}

void runner_run(const struct run_plan *plan, const struct scenario_set *set, struct run_record *record) {
    struct judgement *judgement = memory_resize(NULL, 1, sizeof *judgement);
    assert(plan != NULL && plan->subjects_count >= 1 && plan->subjects_count <= SUBJECTS_MAX);
    assert(plan->repeat >= 1 && record->count == 0);
    struct running running = { .plan = plan, .judgement = judgement };
    size_t total = instances_total(plan, set);
    record->subjects_count = plan->subjects_count;
    for (unsigned i = 0; i < plan->subjects_count; i++) record->subjects[i] = plan->subjects[i];
    for (size_t i = 0; i < set->count; i++) run_file(&running, &set->files[i], record, total);
    find_stale_rules(plan, true, record, 0);
    played_free(&running.played);
    free(judgement);
}
