/* A host as a subject: one agent for those who name no account, and one for each account that was given. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/host_agent.h"
#include "conformance/memory.h"
#include "conformance/subject_parts.h"

struct host_subject {
    struct host_limits limits;
    unsigned agents_count;
    struct host_agent agents[HOST_ACCOUNTS_MAX + 1];
    struct host_agent *playing; /* the agent of the instance that is begun, or NULL */
};

struct host_limits host_limits_ordinary(void) {
    return (struct host_limits){ .ready_ms = 30000, .step_ms = 15000, .call_ms = LIMIT_RETURN_MS, .end_ms = 2000 };
}

/* --- an instance ------------------------------------------------------------------------------------------------ */

/* The agent for the account of the first process, or NULL. */
static struct host_agent *agent_for(struct host_subject *host, const struct scenario *instance) {
    const char *account = instance->processes_count == 0 ? NULL : instance->processes[0].user;
    for (unsigned i = 0; i < host->agents_count; i++) {
        const char *own = host->agents[i].account;
        if (account == NULL ? own == NULL : own != NULL && strcmp(own, account) == 0) return &host->agents[i];
    }
    return NULL;
}

/* The agent that plays this instance, running; STEP_DONE, or why there is none. */
static enum step_result find_agent(struct host_subject *host, const struct scenario *instance, struct host_agent **found,
                                   char *detail) {
    struct host_agent *agent = *found = agent_for(host, instance);
    if (agent == NULL) {
        const char *account = instance->processes_count == 0 ? NULL : instance->processes[0].user;
        snprintf(detail, EXECUTOR_REASON_MAX, "no agent for account %s (--host-as %s='COMMAND')", account == NULL ? "-" : account,
                 account == NULL ? "ACCOUNT" : account);
        return STEP_UNSUPPORTED;
    }
    bool runs = agent->process != NULL || host_agent_start(agent, &host->limits, detail);
    return runs ? STEP_DONE : STEP_BROKEN;
}

static enum step_result begin(struct subject *subject, struct scenario *instance, const char *id, uint16_t *ports_first,
                              char *detail) {
    struct host_subject *host = subject->self;
    struct host_agent *agent = NULL;
    (void)id;
    assert(host->playing == NULL);
    enum step_result result = find_agent(host, instance, &agent, detail);
    if (result != STEP_DONE) return result;
    result = host_agent_begin(agent, &host->limits, instance, ports_first, detail);
    if (result != STEP_DONE) return result;
    host->playing = agent;
    subject->playing_facts = &agent->facts;
    subject_session_begin(subject, ports_first);
    return STEP_DONE;
}

/* --- a step ----------------------------------------------------------------------------------------------------- */

static unsigned limit_of(const struct host_subject *host, const struct step *step) {
    uint64_t advance_ms = step->kind == STEP_ADVANCE ? step->number / 1000000 : 0;
    return host->limits.step_ms + host->limits.call_ms + (unsigned)(advance_ms > 3600000 ? 3600000 : advance_ms);
}

/* Answers that are a word; false when it is something else. */
static bool take_word(struct subject *subject, const struct step *step, char *line, struct played *played) {
    static const struct { const char *word; enum step_result result; } words[] = {
        { "needs", STEP_NEEDS }, { "unsupported", STEP_UNSUPPORTED }, { "broken", STEP_BROKEN }
    };
    if (strcmp(line, "done") == 0 && !step_has_answer(step)) {
        subject_take_done(subject, step, played);
        return true;
    }
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        const char *rest = host_line_behind(line, words[i].word);
        if (rest == NULL) continue;
        played->result = words[i].result;
        snprintf(played->detail, sizeof played->detail, "%s", rest);
        return true;
    }
    return false;
}

static void take_lines(struct subject *subject, const struct step *step, struct text *lines, struct played *played) {
    const struct host_subject *host = subject->self;
    size_t first_length = lines->length == 0 ? 0 : strcspn(lines->bytes, "\n");
    if (lines->length > 0 && first_length + 1 == lines->length) {
        lines->bytes[first_length] = '\0';
        if (take_word(subject, step, lines->bytes, played)) return;
        lines->bytes[first_length] = '\n';
    }
    if (step_has_answer(step) && lines->length > 0) {
        if (subject_take_answer(subject, step, lines->bytes, lines->length, played)) return;
    } else {
        host_line_unexpected(lines->length == 0 ? "" : lines->bytes, "an answer to the step", played->detail);
    }
    played->result = host_agent_give_up(host->playing);
}

static void step(struct subject *subject, unsigned index, const struct step *step, struct played *played) {
    struct host_subject *host = subject->self;
    struct text lines = { 0 };
    assert(host->playing != NULL && host->playing->process != NULL);
    played->result = host_agent_step(host->playing, index, limit_of(host, step), &lines, played->detail);
    if (played->result == STEP_DONE) take_lines(subject, step, &lines, played);
    text_free(&lines);
}

static enum step_result end(struct subject *subject, char *detail) {
    struct host_subject *host = subject->self;
    struct host_agent *agent = host->playing;
    host->playing = NULL;
    if (agent == NULL || agent->process == NULL) return STEP_DONE; /* what was wrong has been said */
    return host_agent_finish(agent, &host->limits, detail);
}

/* --- all of it -------------------------------------------------------------------------------------------------- */

static void destroy(struct subject *subject) {
    struct host_subject *host = subject->self;
    for (unsigned i = 0; i < host->agents_count; i++) host_agent_end(&host->agents[i], &host->limits);
    free(host);
}

struct subject *subject_host(const struct host_command *commands, unsigned count, struct host_limits limits) {
    static const struct subject_operations operations = { begin, step, end, destroy };
    char reason[EXECUTOR_REASON_MAX];
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
    if (!host_agent_start(&host->agents[0], &limits, reason)) snprintf(subject->trouble, sizeof subject->trouble, "%s", reason);
    fact_list_copy(&subject->facts, &host->agents[0].facts);
    subject_name_by_facts(subject);
    return subject;
}
