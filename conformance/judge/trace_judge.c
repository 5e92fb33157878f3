#include "conformance/judge/trace_judge.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/reason.h"
#include "conformance/base/spares.h"
#include "conformance/judge/difference.h"
#include "conformance/judge/judge.h"
#include "conformance/language/printer.h"
#include "conformance/language/source_text.h"
#include "conformance/language/step_order.h"
#include "conformance/player/memory_watch.h"
#include "conformance/player/trace_file.h"
#include "conformance/session/executor.h"
#include "conformance/session/session.h"
#include "conformance/session/session_bind.h"
#include "conformance/session/session_objects.h"
#include "conformance/session/session_prepare.h"
#include "conformance/session/session_print.h"
#include "conformance/session/session_read.h"
#include "stack/readings.h"

struct judging {
    struct scenario *trace;
    struct judge *judge;
    struct judgement *judgement; /* large */
    struct session session;
    struct memory_watch memory; /* what the trace does to memory that is not its own */
    struct trace_verdict *verdict;
};

static void fail_unreadable(struct trace_verdict *verdict, unsigned line, const char *reason) {
    assert(reason != NULL);
    verdict->answer = TRACE_UNREADABLE;
    verdict->line = line;
    text_add(&verdict->report, "  line %u: %s\n", line, reason);
}

/* What was answered to a program that misuses memory proves nothing. */
static void fail_misused(struct trace_verdict *verdict, uint32_t line, const char *misuse) {
    verdict->answer = TRACE_UNREADABLE;
    verdict->line = line;
    text_add(&verdict->report, "  it misuses memory: %s\n", misuse);
}

/* The ports behind names, which `from` on the text shows none of: two outcomes may differ in nothing else. */
static void add_numbers(const struct observation *seen, size_t from, struct text *out) {
    static const enum observable ports[] = { OBSERVABLE_port, OBSERVABLE_StartPort };
    for (unsigned i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        char shown[40];
        const struct observed_value *value = &seen->values[ports[i]];
        snprintf(shown, sizeof shown, " %s=%u", observable_name(ports[i]), (unsigned)value->number);
        if (!value->present || value->untouched || strstr(out->bytes + from, shown) != NULL) continue;
        text_add(out, "  (%s %u)", observable_name(ports[i]), (unsigned)value->number);
    }
    const struct observed_value *token = &seen->values[OBSERVABLE_Token];
    if (token->present && !token->untouched && token->number == 0) text_add(out, "  (Token 0)");
}

static void add_readings(const struct allowed_outcome *allowed, struct text *out) {
    bool any = false;
    for (unsigned question = 1; question < READINGS_MAX; question++) {
        if (allowed->readings[question] == 0) continue;
        text_add(out, "%s@Q%u=%c", any ? " " : "  ", question, (char)('a' + allowed->readings[question] - 1));
        any = true;
    }
}

/* The nearest stands first, as the judge gives them. */
static void add_allowed(const struct allowed_outcome *allowed, bool first, struct text *out) {
    text_add(out, "    %-9s %s", first ? "allowed" : "", allowed->text);
    add_readings(allowed, out);
    text_add(out, "\n");
}

/* The same rows as in the reports of a run; a trace has no sources but the questions. */
static void add_lesson(const struct judgement *judgement, const char *printed, const struct observation *seen,
                       struct text *out) {
    struct answer allowed[JUDGE_ALLOWED_MAX];
    struct text differs = { 0 }, sources = { 0 }, says = { 0 };
    const struct answer answer = { printed, seen };
    for (unsigned i = 0; i < judgement->allowed_count; i++)
        allowed[i] = (struct answer){ judgement->outcomes[i].text, &judgement->outcomes[i].observation };
    difference_add(&answer, allowed, judgement->allowed_count, &differs);
    if (differs.length > 0) text_add(out, "    differs   %s\n", differs.bytes);
    if (judgement->why[0] != '\0') text_add(out, "    because   %s\n", judgement->why);
    if (judgement->allowed_count > 0) add_readings(&judgement->outcomes[0], &sources);
    if (sources.length > 0 && source_text_add(sources.bytes, &says)) text_add(out, "    says      %s\n", says.bytes);
    struct text follows = { 0 };
    judgement_add_follows(judgement, &follows);
    if (follows.length > 0) text_add(out, "    follows   %s\n", follows.bytes);
    text_free(&follows);
    text_free(&differs);
    text_free(&sources);
    text_free(&says);
}

/* `  line 12: ` and the call; below it what was observed, without the line's end. Returns where the outcome begins. */
static size_t add_observed(struct judging *judging, const struct step *step, const struct observation *seen) {
    struct text *out = &judging->verdict->report;
    text_add(out, "  line %u: ", (unsigned)step->position.line);
    step_print_call(judging->trace, step, out);
    text_add(out, "\n    observed  ");
    size_t from = out->length;
    session_print_outcome(&judging->session, judging->trace, step, seen, out);
    return from;
}

static void leave_undecided(struct trace_verdict *verdict, const struct step *step) {
    if (verdict->answer != TRACE_ALLOWED) return;
    verdict->answer = TRACE_UNDECIDED;
    verdict->line = step->position.line;
}

static void add_rejected(struct judging *judging, const struct step *step, const struct observation *seen) {
    struct trace_verdict *verdict = judging->verdict;
    const struct judgement *judgement = judging->judgement;
    struct text *out = &verdict->report;
    if (verdict->answer != TRACE_REJECTED) verdict->line = step->position.line;
    verdict->answer = TRACE_REJECTED;
    verdict->rejected++;
    size_t from = add_observed(judging, step, seen);
    const char *printed = arena_text(judging->trace->arena, out->bytes + from, out->length - from);
    add_numbers(seen, from, out);
    for (uint32_t i = 0; i < seen->routines_count; i++) {
        text_add(out, "  (and ");
        difference_add_delivery(&seen->routines[i], out);
        text_add(out, ")");
    }
    text_add(out, "\n");
    if (judgement->contradicted != NULL) {
        text_add(out, "    what has been reported after #~ of the call in line %u can be in no world\n",
                 (unsigned)judgement->contradicted->position.line);
        return;
    }
    for (unsigned i = 0; i < judgement->allowed_count; i++) add_allowed(&judgement->outcomes[i], i == 0, out);
    if (judgement->allowed_count == 0) text_add(out, "    allowed   nothing that could be found\n");
    add_lesson(judgement, printed, seen, out);
    if (!judgement->exhaustive) text_add(out, "              (the search was cut short; there may be more)\n");
}

/* The step is passed over: it is neither allowed nor rejected. */
static void add_not_modelled(struct judging *judging, const struct step *step, const struct observation *seen) {
    struct trace_verdict *verdict = judging->verdict;
    struct text *out = &verdict->report;
    leave_undecided(verdict, step);
    (void)add_observed(judging, step, seen);
    text_add(out, "\n    inconclusive (not modelled: %s)\n", judging->judgement->not_modelled);
}

/* The search was cut short, and no world that is left allows this step. */
static void stop_undecided(struct judging *judging, const struct step *step, const struct observation *seen) {
    struct trace_verdict *verdict = judging->verdict;
    struct text *out = &verdict->report;
    leave_undecided(verdict, step);
    (void)add_observed(judging, step, seen);
    const char *unknown = judging->judgement->after_not_modelled;
    if (unknown != NULL)
        text_add(out, "\n    an earlier call is not modelled (%s); not judged from here on\n", unknown);
    else
        text_add(
            out,
            "\n    the search was cut short before: more was possible than the judge keeps in mind; not judged from here on\n");
}

/* What is left of each question so far. After a deviation the judge continues from a guess, so nothing is learnt any
 * more. */
static void learn_candidates(struct judging *judging) {
    struct trace_verdict *verdict = judging->verdict;
    if (verdict->answer == TRACE_ALLOWED) judge_follow_candidates(judging->judge, verdict->candidates);
}

static void declare(struct judging *judging, const struct step *step) {
    int needed = NO_NAME;
    if (step->kind != STEP_OVERLAPPED && step->kind != STEP_BUFFER) return;
    session_declare(&judging->session, judging->trace, step, &needed); /* the judge finds out by itself */
}

/* False when the trace cannot be read on. */
static bool judge_one(struct judging *judging, const struct step *step) {
    struct language_error error;
    struct observation seen;
    const char *needed = NULL;
    enum step_result result = trace_step_result(step, &needed);
    memset(&seen, 0, sizeof seen);
    if (result == STEP_NEEDS && session_could_send(&judging->session, judging->trace, step)) {
        fail_unreadable(judging->verdict, step->position.line,
                        "the trace says that this step was not sent, and all that it needs is there");
        return false;
    }
    if (result == STEP_NEEDS) return true;
    memory_watch_before(&judging->memory, &judging->session, judging->trace, step);
    if (result == STEP_DONE) declare(judging, step);
    if (result == STEP_SEEN) {
        if (!session_read_answer(&judging->session, judging->trace, step, step, &seen, &error)) {
            fail_unreadable(judging->verdict, step->position.line, error.message);
            return false;
        }
        session_learn(&judging->session, judging->trace, step, &seen);
        judging->verdict->steps++;
    }
    memory_watch_after(&judging->memory, judging->trace, step, result, &seen);
    judge_step(judging->judge, step, result, &seen, &judging->session, judging->judgement);
    judging->verdict->exhaustive = judging->judgement->decided;
    if (result == STEP_SEEN && judging->judgement->not_modelled != NULL) add_not_modelled(judging, step, &seen);
    if (result == STEP_SEEN && judging->judgement->not_modelled == NULL && !judging->judgement->judged &&
        judging->judgement->decided && judging->verdict->answer == TRACE_ALLOWED) {
        fail_unreadable(
            judging->verdict, step->position.line,
            "this step could not be sent: it needs a value or a process that is not there, a thread that is not free, a "
            "port beyond 65535, or more memory than a call can pass");
        return false;
    }
    bool rejected = result == STEP_SEEN && !judging->judgement->allowed;
    if (rejected && !judging->judgement->decided) {
        stop_undecided(judging, step, &seen);
        return false;
    }
    if (rejected) add_rejected(judging, step, &seen);
    learn_candidates(judging);
    return true;
}

static void judge_steps(struct judging *judging, const uint16_t *ports_first) {
    struct step_order order;
    session_begin(&judging->session, judging->trace, ports_first);
    step_order_fill(&order, judging->trace);
    learn_candidates(judging);
    memory_watch_begin(&judging->memory, judging->trace);
    for (unsigned i = 0; i < order.count; i++) {
        if (!judge_one(judging, order.steps[i])) return;
    }
    uint32_t line;
    const char *misuse = memory_watch_misuse(&judging->memory, &line);
    if (misuse != NULL && judging->verdict->answer == TRACE_ALLOWED) fail_misused(judging->verdict, line, misuse);
}

void trace_judge(struct scenario *trace, const struct profile *profile, struct trace_verdict *verdict) {
    uint16_t ports_first[PORTS_MAX] = { 0 };
    struct reason reason = { "" };
    assert(trace != NULL && verdict != NULL);
    memset(verdict, 0, sizeof *verdict);
    verdict->exhaustive = true;
    if (!trace->is_trace) {
        fail_unreadable(verdict, 1, "this is a scenario; expected a trace, with `trace NAME` on its first line");
        return;
    }
    if (!trace_ports(trace, ports_first)) {
        fail_unreadable(verdict, trace->ports[0].position.line,
                        "a ports line does not report its port after #~, such as #~ p=50000");
        return;
    }
    if (trace->machines_count > 0) {
        verdict->answer = TRACE_NOT_JUDGED;
        verdict->line = trace->machines[0].position.line;
        return;
    }
    struct judging *judging = spare_take(sizeof *judging); /* the session begins with the steps */
    judging->trace = trace;
    judging->verdict = verdict;
    judging->judgement = spare_take(sizeof *judging->judgement);
    const struct machine_facts facts = { trace->facts, trace->facts_count };
    judging->judge = judge_create(trace, ports_first, facts, profile, &reason);
    if (judging->judge == NULL) fail_unreadable(verdict, 1, reason.text);
    else judge_steps(judging, ports_first);
    judge_free(judging->judge);
    spare_give(judging->judgement, sizeof *judging->judgement);
    spare_give(judging, sizeof *judging);
}

void trace_verdict_free(struct trace_verdict *verdict) {
    assert(verdict != NULL);
    text_free(&verdict->report);
}
