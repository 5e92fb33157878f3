/* A host as a subject: one agent for those who name no account, and one for each account that was given. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/arena.h"
#include "conformance/base/memory.h"
#include "conformance/base/reason.h"
#include "conformance/language/printer.h"
#include "conformance/player/rehearse.h"
#include "conformance/player/restart_mark.h"
#include "conformance/session/step_limit.h"
#include "conformance/subjects/host_agent.h"
#include "conformance/subjects/subject_parts.h"
#include "conformance/subjects/trace_replay.h"

struct host_subject {
    struct host_limits limits;
    unsigned agents_count;
    struct host_agent agents[HOST_ACCOUNTS_MAX + 1];
    struct host_agent *playing;      /* the agent of the instance that is begun, or NULL */
    struct trace_replay replay;      /* of an instance that is resumed: answers its steps up to the last `reboot` */
    struct fact_list recorded_facts; /* what stands in its head: a finished trace looks as if nothing had happened */
};

struct host_limits host_limits_ordinary(void) {
    return (struct host_limits){ .ready_ms = 120000, .step_ms = 15000, .call_ms = LIMIT_RETURN_MS, .end_ms = 2000 };
}

/* --- an instance ------------------------------------------------------------------------------------------------ */

/* A provider that takes orders has accounts of its own, as the model does. */
static bool speaks_for_all(const struct host_subject *host) {
    const char *accounts = fact_list_value(&host->agents[0].facts, "accounts");
    return host->agents[0].account == NULL && accounts != NULL && strcmp(accounts, "all") == 0;
}

/* The agent for the account of the first process, or NULL. */
static struct host_agent *agent_for(struct host_subject *host, const struct scenario *instance) {
    const char *account = instance->processes_count == 0 ? NULL : instance->processes[0].user;
    for (unsigned i = 0; i < host->agents_count; i++) {
        const char *own = host->agents[i].account;
        if (account == NULL ? own == NULL : own != NULL && strcmp(own, account) == 0) return &host->agents[i];
    }
    return speaks_for_all(host) ? &host->agents[0] : NULL;
}

/* The agent that plays this instance, running; STEP_DONE, or why there is none. */
static enum step_result find_agent(struct host_subject *host, const struct scenario *instance,
                                   struct host_agent **found, struct reason *detail) {
    struct host_agent *agent = *found = agent_for(host, instance);
    if (agent == NULL) {
        const char *account = instance->processes_count == 0 ? NULL : instance->processes[0].user;
        reason_set(detail, "no agent for account %s (--host-as %s='COMMAND')", account == NULL ? "-" : account,
                   account == NULL ? "ACCOUNT" : account);
        return STEP_UNSUPPORTED;
    }
    bool runs = agent->process != NULL || host_agent_start(agent, &host->limits, detail);
    return runs ? STEP_DONE : STEP_BROKEN;
}

/* The step with one more alternative. */
static void let_block(struct arena *arena, struct step *step) {
    static struct source inferred = { .kind = SOURCE_INFERRED };
    const struct outcome blocks = { .word = OUTCOME_BLOCKS, .sources = &inferred, .sources_count = 1 };
    struct outcome *outcomes = arena_allocate(arena, (step->outcomes_count + 1) * sizeof *outcomes);
    memcpy(outcomes, step->outcomes, step->outcomes_count * sizeof *outcomes);
    outcomes[step->outcomes_count++] = blocks;
    step->outcomes = outcomes;
}

static struct step *steps_for_host(const struct subject *subject, struct arena *arena, const struct step *steps,
                                   uint32_t count) {
    struct step *sent = arena_allocate(arena, count * sizeof *sent);
    memcpy(sent, steps, count * sizeof *sent);
    for (uint32_t i = 0; i < count; i++) {
        if (steps[i].kind == STEP_TOGETHER)
            sent[i].children = steps_for_host(subject, arena, steps[i].children, steps[i].children_count);
        else if (steps[i].kind != STEP_EXPECT && steps[i].outcomes_count > 0 &&
                 subject->waits_in_vain(subject->known, &steps[i]))
            let_block(arena, &sent[i]);
    }
    return sent;
}

/* The instance as the host gets it. How long it waits for a call follows from the line; so the lines of those that it
 * is known to block in let it, whatever Windows does. What it answers is judged by the lines as they are. */
static void print_for_host(const struct subject *subject, const struct scenario *instance, struct text *body) {
    struct scenario sent = *instance;
    if (subject->waits_in_vain != NULL && instance->steps_count > 0)
        sent.steps = steps_for_host(subject, instance->arena, instance->steps, instance->steps_count);
    scenario_print(&sent, body);
}

static enum step_result begin(struct subject *subject, struct scenario *instance, const char *id, uint16_t *ports_first,
                              struct reason *detail) {
    struct host_subject *host = subject->self;
    struct host_agent *agent = NULL;
    (void)id;
    assert(host->playing == NULL);
    enum step_result result = find_agent(host, instance, &agent, detail);
    if (result != STEP_DONE) return result;
    struct text body = { 0 };
    print_for_host(subject, instance, &body);
    result = host_agent_begin(agent, &host->limits, instance, &body, ports_first, detail);
    text_free(&body);
    if (result != STEP_DONE) return result;
    host->playing = agent;
    subject->playing_facts = &agent->facts;
    subject_session_begin(subject, ports_first);
    return STEP_DONE;
}

/* --- an instance that stopped ------------------------------------------------------------------------------------- */

/* It has to be the same machine, and an agent that is allowed as much; dates and versions of the agent may differ. */
static bool same_host(const struct fact_list *recorded, const struct fact_list *own, struct reason *detail) {
    static const char *const keys[] = { "host", "build", "wine", "functions", "provider", "elevation" };
    for (unsigned i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const char *was = fact_list_value(recorded, keys[i]), *is = fact_list_value(own, keys[i]);
        if (was == NULL) was = "nothing";
        if (is == NULL) is = "nothing";
        if (strcmp(was, is) == 0) continue;
        reason_set(detail, "it stopped on another host: its trace says %s %.60s, this agent says %.60s", keys[i], was,
                   is);
        return false;
    }
    return true;
}

/* Takes the trace of the instance that is to be resumed; false with `detail`. It is sure of all that is recorded before
 * the host is asked for anything. */
static bool take_recorded(struct subject *subject, struct scenario *trace, const char **mark, uint16_t *ports_first,
                          struct reason *detail) {
    struct host_subject *host = subject->self;
    if (!trace_replay_take(&host->replay, trace, subject->instance, ports_first, detail)) return false;
    for (uint32_t i = 0; i < trace->facts_count; i++)
        fact_list_add(&host->recorded_facts, trace->facts[i].key, trace->facts[i].value);
    if (trace_ending(trace, mark) == STEP_RESTART && restart_mark_is_good(*mark))
        return rehearse(trace, subject->instance, ports_first, &subject->session, detail);
    reason_set(detail, "%.120s does not end at a restart of the machine", trace->file);
    return false;
}

static enum step_result resume(struct subject *subject, struct scenario *trace, const struct text *so_far,
                               uint16_t *ports_first, struct reason *detail) {
    struct host_subject *host = subject->self;
    struct host_agent *agent = NULL;
    uint16_t ports_found[PORTS_MAX] = { 0 };
    const char *mark = NULL;
    assert(host->playing == NULL);
    if (!take_recorded(subject, trace, &mark, ports_first, detail)) return STEP_BROKEN;
    enum step_result result = find_agent(host, subject->instance, &agent, detail);
    if (result != STEP_DONE) return result;
    if (!same_host(&host->recorded_facts, &agent->facts, detail)) return STEP_BROKEN;
    struct text body = { 0 };
    print_for_host(subject, subject->instance, &body);
    result = host_agent_resume(agent, &host->limits, subject->instance, &body, so_far, mark, ports_found, detail);
    text_free(&body);
    if (result != STEP_DONE) return result;
    if (memcmp(ports_found, ports_first, subject->instance->ports_count * sizeof *ports_found) != 0) {
        reason_set(detail, "the host resumed with other ports than the trace reports");
        return host_agent_give_up(agent);
    }
    host->playing = agent;
    subject->playing_facts = &host->recorded_facts;
    subject_session_begin(subject, ports_first);
    return STEP_DONE;
}

/* --- a step ----------------------------------------------------------------------------------------------------- */

static unsigned limit_of(const struct host_subject *host, const struct step *step) {
    uint64_t advance_ms = step->kind == STEP_ADVANCE ? step->number / 1000000 : 0;
    return host->limits.step_ms + host->limits.call_ms + (unsigned)(advance_ms > 3600000 ? 3600000 : advance_ms);
}

/* Answers that are a word; false when it is something else. */
static bool take_word(struct subject *subject, const struct step *step, char *line, struct step_answer *answer) {
    static const struct {
        const char *word;
        enum step_result result;
    } words[] = { { "needs", STEP_NEEDS },
                  { "unsupported", STEP_UNSUPPORTED },
                  { "broken", STEP_BROKEN },
                  { "not modelled:", STEP_NOT_MODELLED },
                  { "restart", STEP_RESTART } };
    if (strcmp(line, "done") == 0 && !step_has_answer(step)) {
        subject_take_done(subject, step, answer);
        return true;
    }
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        const char *rest = host_line_behind(line, words[i].word);
        if (rest == NULL) continue;
        if (words[i].result == STEP_RESTART && (step->kind != STEP_REBOOT || !restart_mark_is_good(rest))) return false;
        answer->result = words[i].result;
        reason_set(&answer->detail, "%s", answer->result == STEP_NOT_MODELLED ? line : rest);
        return true;
    }
    return false;
}

static void take_lines(struct subject *subject, const struct step *step, struct text *lines,
                       struct step_answer *answer) {
    const struct host_subject *host = subject->self;
    size_t first_length = lines->length == 0 ? 0 : strcspn(lines->bytes, "\n");
    if (lines->length > 0 && first_length + 1 == lines->length) {
        lines->bytes[first_length] = '\0';
        if (take_word(subject, step, lines->bytes, answer)) return;
        lines->bytes[first_length] = '\n';
    }
    if (step_has_answer(step) && lines->length > 0) {
        if (subject_take_answer(subject, step, lines->bytes, lines->length, answer)) return;
    } else {
        host_line_unexpected(lines->length == 0 ? "" : lines->bytes, "an answer to the step", &answer->detail);
    }
    answer->result = host_agent_give_up(host->playing);
}

/* A step from before the restart; what the trace ends with is over. */
static void step_recorded(struct subject *subject, unsigned index, const struct step *step,
                          struct step_answer *answer) {
    const struct host_subject *host = subject->self;
    trace_replay_step(&host->replay, subject, index, step, answer);
    if (answer->result != STEP_RESTART) return;
    answer->detail.text[0] = '\0';
    subject_take_done(subject, step, answer);
}

static void step(struct subject *subject, unsigned index, const struct step *step, struct step_answer *answer) {
    struct host_subject *host = subject->self;
    struct text lines = { 0 };
    assert(host->playing != NULL && host->playing->process != NULL);
    if (index < host->replay.order.count) {
        step_recorded(subject, index, step, answer);
        return;
    }
    if (step->kind == STEP_EXPECT && subject->watch != NULL) {
        subject_expect(subject, step, answer);
        return;
    }
    answer->result = host_agent_step(host->playing, index, limit_of(host, step), &lines, &answer->detail);
    if (answer->result == STEP_DONE) take_lines(subject, step, &lines, answer);
    text_free(&lines);
}

static enum step_result finish(struct subject *subject, bool leave, struct reason *detail) {
    struct host_subject *host = subject->self;
    struct host_agent *agent = host->playing;
    host->playing = NULL;
    trace_replay_free(&host->replay);
    fact_list_free(&host->recorded_facts);
    if (agent == NULL || agent->process == NULL) return STEP_DONE; /* what was wrong has been said */
    return host_agent_finish(agent, &host->limits, leave, detail);
}

static enum step_result end(struct subject *subject, struct reason *detail) { return finish(subject, false, detail); }
static enum step_result leave(struct subject *subject, struct reason *detail) { return finish(subject, true, detail); }

/* --- all of it -------------------------------------------------------------------------------------------------- */

static void quit(struct subject *subject) {
    struct host_subject *host = subject->self;
    for (unsigned i = 0; i < host->agents_count; i++) host_agent_quit(&host->agents[i], &host->limits);
}

static void destroy(struct subject *subject) {
    struct host_subject *host = subject->self;
    for (unsigned i = 0; i < host->agents_count; i++) host_agent_end(&host->agents[i], &host->limits);
    free(host);
}

struct subject *subject_host(const struct host_command *commands, unsigned count, struct host_limits limits) {
    static const struct subject_operations operations = {
        .begin = begin,
        .step = step,
        .end = end,
        .destroy = destroy,
        .leave = leave,
        .resume = resume,
        .quit = quit,
    };
    struct reason reason;
    assert(commands != NULL && count >= 1 && count <= HOST_ACCOUNTS_MAX + 1);
    struct subject *subject = subject_create(SUBJECT_HOST, &operations);
    struct host_subject *host = memory_resize(NULL, 1, sizeof *host);
    memset(host, 0, sizeof *host);
    subject->self = host;
    host->limits = limits;
    host->agents_count = count;
    for (unsigned i = 0; i < count; i++) {
        host->agents[i].account = commands[i].account;
        host->agents[i].command = commands[i].command;
    }
    if (!host_agent_start(&host->agents[0], &limits, &reason)) subject->unusable_reason = reason;
    fact_list_copy(&subject->facts, &host->agents[0].facts);
    subject_name_by_facts(subject);
    return subject;
}
