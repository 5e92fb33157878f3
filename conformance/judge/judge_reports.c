#include "conformance/judge/judge_reports.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"

/* --- reports ------------------------------------------------------------------------------------------------------ */

static struct report *report_of(const struct judge *judge, const struct step *step) {
    for (size_t i = 0; i < judge->reports_count; i++)
        if (judge->reports[i].step == step) return &judge->reports[i];
    return NULL;
}

static bool add_report(struct judge *judge, struct report report) {
    if (report_of(judge, report.step) != NULL) return false;
    judge->reports =
        memory_grow(judge->reports, judge->reports_count, &judge->reports_capacity, sizeof *judge->reports);
    judge->reports[judge->reports_count++] = report;
    return true;
}

static const struct step *call_that_returns(const struct judge *judge, const struct step *step) {
    return step->kind == STEP_RETURNS ? judge->parked_steps[step->thread] : NULL;
}

static uint64_t shown(const struct observation *seen, enum observable observable, bool *has) {
    const struct observed_value *value = &seen->values[observable];
    *has = value->present && !value->untouched;
    return *has ? value->number : 0;
}

/* What `returns` shows was taken when the call began. */
static bool hear_return(struct judge *judge, const struct step *step, const struct observation *seen) {
    struct report report = { .step = call_that_returns(judge, step) };
    if (report.step == NULL) return false;
    /* an accept or a receive shows the port of another socket */
    if (signature_binds(report.step->signature, seen->word == OUTCOME_OK))
        report.port = shown(seen, OBSERVABLE_port, &report.has_port);
    report.start = shown(seen, OBSERVABLE_StartPort, &report.has_start);
    report.token = shown(seen, OBSERVABLE_Token, &report.has_token);
    return (report.has_port || report.has_start || report.has_token) && add_report(judge, report);
}

static bool shows_nothing_yet(const struct step *step, const struct observation *seen) {
    return step->kind == STEP_CALL && step->product != NO_NAME && seen->word == OUTCOME_PENDING;
}

static bool hear_output(struct judge *judge, const struct step *step, const struct session *reader) {
    struct report report = { .step = step, .has_block = true };
    return session_reported_block(reader, judge->scenario, step->product, &report.block) && add_report(judge, report);
}

/* Outputs of earlier calls. */
static bool hear_late_outputs(struct judge *judge, const struct session *reader) {
    bool heard = false;
    for (size_t i = judge->unreported_count; i-- > 0;) {
        if (!hear_output(judge, judge->unreported[i], reader)) continue;
        judge->unreported[i] = judge->unreported[--judge->unreported_count];
        heard = true;
    }
    return heard;
}

bool judge_hear(struct judge *judge, const struct step *step, const struct observation *seen,
                const struct session *reader) {
    bool heard = judge->unreported_count > 0 && hear_late_outputs(judge, reader);
    heard = hear_return(judge, step, seen) || heard;
    if (shows_nothing_yet(step, seen) && !hear_output(judge, step, reader)) {
        judge->unreported = memory_grow(judge->unreported, judge->unreported_count, &judge->unreported_capacity,
                                        sizeof *judge->unreported);
        judge->unreported[judge->unreported_count++] = step;
    }
    return heard;
}

/* In a `together` the states differ in the order of the children; without this no two of them would be the same. */
void judge_number_tokens(struct judge *judge, const struct session *reader) {
    for (unsigned i = 0; i < judge->current.count; i++) {
        struct session *session = &judge->current.states[i]->session;
        memcpy(session->tokens, reader->tokens, sizeof session->tokens);
        session->tokens_count = reader->tokens_count;
    }
}

void judge_name_reported(const struct judge *judge, const struct step *step, struct odometer *odometer) {
    const struct report *report = report_of(judge, step);
    if (report == NULL) return;
    if (report->has_block || report->has_start)
        odometer_name(odometer, CHOICE_BLOCK_START, report->has_block ? report->block.first : report->start);
    if (report->has_block || report->has_token)
        odometer_name(odometer, CHOICE_TOKEN, report->has_block ? report->block.token : report->token);
    if (report->has_port) odometer_name(odometer, CHOICE_PORT, report->port);
}

bool judge_report_holds(const struct judge *judge, const struct step *step, const struct session *session) {
    const struct report *report = report_of(judge, step);
    struct reported_block block;
    if (report == NULL || !report->has_block) return true;
    if (!session_reported_block(session, judge->scenario, step->product, &block)) return false;
    return block.token == report->block.token && block.first == report->block.first &&
           block.count == report->block.count;
}

static bool all_reports_hold(const struct judge *judge, const struct session *session) {
    for (size_t i = 0; i < judge->reports_count; i++)
        if (!judge_report_holds(judge, judge->reports[i].step, session)) return false;
    return true;
}

void judge_drop_contradicted(struct judge *judge) {
    struct state_list next = { 0 };
    for (unsigned i = 0; i < judge->current.count; i++) {
        if (!all_reports_hold(judge, &judge->current.states[i]->session)) continue;
        state_list_add(&judge->pool, &next, state_copy(&judge->pool, judge->current.states[i]));
    }
    if (next.count > 0) {
        judge_continue_with(judge, next);
        return;
    }
    judge->contradicted = judge->reports[judge->reports_count - 1].step;
}

/* --- judging anew ------------------------------------------------------------------------------------------------- */

void judge_keep_for_rewind(struct judge *judge, struct state_list *before, bool exhaustive) {
    struct rewind *rewind = &judge->rewind;
    assert(!rewind->taken);
    rewind->states = *before;
    *before = (struct state_list){ 0 };
    rewind->taken = true;
    rewind->exhaustive = exhaustive;
    memcpy(rewind->parked_steps, judge->parked_steps, sizeof rewind->parked_steps);
    rewind->parked = memory_resize(NULL, THREADS_MAX, sizeof *rewind->parked);
    for (unsigned i = 0; i < THREADS_MAX; i++)
        if (judge->parked_steps[i] != NULL) rewind->parked[i] = judge->parked[i];
}

void judge_note_history(struct judge *judge, const struct waiting_child *played) {
    struct rewind *rewind = &judge->rewind;
    rewind->steps = memory_grow(rewind->steps, rewind->steps_count, &rewind->steps_capacity, sizeof *rewind->steps);
    rewind->steps[rewind->steps_count++] = *played;
}

void judge_go_back(struct judge *judge) {
    const struct rewind *rewind = &judge->rewind;
    struct state_list states = { 0 };
    assert(rewind->taken);
    for (unsigned i = 0; i < rewind->states.count; i++)
        state_list_add(&judge->pool, &states, state_copy(&judge->pool, rewind->states.states[i]));
    judge_continue_with(judge, states);
    judge_continue_otherwise(judge, (struct state_list){ 0 });
    judge->exhaustive = rewind->exhaustive;
    judge->waiting_count = 0;
    memcpy(judge->parked_steps, rewind->parked_steps, sizeof rewind->parked_steps);
    for (unsigned i = 0; i < THREADS_MAX; i++)
        if (rewind->parked_steps[i] != NULL) judge->parked[i] = rewind->parked[i];
}

void judge_reports_free(struct judge *judge) {
    state_list_free(&judge->pool, &judge->rewind.states);
    free(judge->rewind.parked);
    free(judge->rewind.steps);
    free(judge->reports);
    free(judge->unreported);
}
