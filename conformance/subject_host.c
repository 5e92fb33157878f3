/* A host as a subject: one agent for those who name no account, and one for each account that was given.
 *
 * The agent's lines, from our side:
 *   (start)              host NAME, further `key value` lines, ready
 *   begin BYTES          `ports ...` lines, then ready | unsupported REASON | broken REASON
 *   step NUMBER          trace lines, or done | needs NAME | unsupported REASON | broken REASON; then `.`
 *   end                  clean | broken REASON
 *   quit
 * Whatever else it says, or does not say in time, ends it: what it would say next could not be trusted either. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conformance/host_process.h"
#include "conformance/memory.h"
#include "conformance/subject_parts.h"

enum { BLOCK_LINES_MAX = 64, ANSWER_LINES_MAX = 32, FAILURES_IN_A_ROW_MAX = 3 };

struct agent {
    const char *account;          /* NULL: for instances that name none; borrowed */
    const char *command;          /* borrowed */
    struct host_process *process; /* NULL: not running */
    unsigned failures;            /* in a row */
};

struct host_subject {
    struct host_limits limits;
    unsigned agents_count;
    struct agent agents[HOST_ACCOUNTS_MAX + 1];
    struct agent *playing; /* the agent of the instance that is begun, or NULL */
};

struct host_limits host_limits_ordinary(void) {
    return (struct host_limits){ .ready_ms = 30000, .step_ms = 15000, .call_ms = LIMIT_RETURN_MS, .end_ms = 2000 };
}

/* --- talking --------------------------------------------------------------------------------------------------- */

/* What stands behind `word ` at the start of a line, "" when the line is just the word, or NULL. */
static const char *behind_word(const char *line, const char *word) {
    size_t length = strlen(word);
    assert(length > 0);
    if (strncmp(line, word, length) != 0) return NULL;
    if (line[length] == '\0') return line + length;
    return line[length] == ' ' ? line + length + 1 : NULL;
}

/* A line as it may stand in a reason: short and printable. */
static void fail_nonsense(const char *line, const char *expected, char *detail) {
    char shown[100];
    snprintf(shown, sizeof shown, "%.90s", line);
    for (char *at = shown; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || (unsigned char)*at >= 0x7F) *at = '?';
    }
    snprintf(detail, EXECUTOR_REASON_MAX, "the host said \"%s\"; expected %s", shown, expected);
}

static void stop(struct agent *agent, unsigned grace_ms) {
    host_process_end(agent->process, grace_ms);
    agent->process = NULL;
}

/* The agent cannot be trusted any more. */
static enum step_result give_up(struct agent *agent) {
    assert(agent->process != NULL);
    agent->failures++;
    stop(agent, 0);
    return STEP_BROKEN;
}

/* --- starting -------------------------------------------------------------------------------------------------- */

/* `key value`; the first key is `host`. */
static bool take_block_line(struct subject *subject, char *line, bool first, bool keep, char *detail) {
    char *blank = strchr(line, ' ');
    size_t length = blank == NULL ? strlen(line) : (size_t)(blank - line);
    bool good = length > 0 && strspn(line, "abcdefghijklmnopqrstuvwxyz0123456789-") >= length;
    if (!good || (first && (length != 4 || memcmp(line, "host", 4) != 0))) {
        fail_nonsense(line, "a line `host NAME`, further `key value` lines, and `ready`", detail);
        return false;
    }
    if (blank != NULL) *blank = '\0';
    if (keep) fact_list_add(&subject->facts, line, blank == NULL ? "" : blank + 1);
    return true;
}

static bool read_block(struct subject *subject, struct agent *agent, bool keep, char *detail) {
    const struct host_subject *host = subject->self;
    for (unsigned i = 0; i < BLOCK_LINES_MAX; i++) {
        const char *line = host_process_line(agent->process, host->limits.ready_ms, detail);
        if (line == NULL) return false;
        if (i > 0 && strcmp(line, "ready") == 0) return true;
        char *copy = memory_copy_text(line, strlen(line));
        bool good = take_block_line(subject, copy, i == 0, keep, detail);
        free(copy);
        if (!good) return false;
    }
    snprintf(detail, EXECUTOR_REASON_MAX, "the host said %d lines without `ready`", BLOCK_LINES_MAX);
    return false;
}

/* Starts an agent that is not running. The first one's facts are the subject's. */
static bool start(struct subject *subject, struct agent *agent, bool keep, char *detail) {
    assert(agent->process == NULL);
    if (agent->failures >= FAILURES_IN_A_ROW_MAX) {
        snprintf(detail, EXECUTOR_REASON_MAX, "the host failed %d times in a row and is not started again", FAILURES_IN_A_ROW_MAX);
        return false;
    }
    agent->process = host_process_start(agent->command, detail);
    if (agent->process == NULL) {
        agent->failures++;
        return false;
    }
    if (read_block(subject, agent, keep, detail)) return true;
    give_up(agent);
    return false;
}

/* --- an instance ------------------------------------------------------------------------------------------------ */

/* The agent for the account of the first process, or NULL. */
static struct agent *agent_for(struct host_subject *host, const struct scenario *instance) {
    const char *account = instance->processes_count == 0 ? NULL : instance->processes[0].user;
    for (unsigned i = 0; i < host->agents_count; i++) {
        const char *own = host->agents[i].account;
        if (account == NULL ? own == NULL : own != NULL && strcmp(own, account) == 0) return &host->agents[i];
    }
    return NULL;
}

static bool send_begin(struct agent *agent, const struct scenario *instance, unsigned limit_ms, char *detail) {
    struct text message = { 0 }, body = { 0 };
    scenario_print(instance, &body);
    text_add(&message, "begin %u\n%s\n", (unsigned)body.length, body.bytes);
    bool sent = host_process_send(agent->process, message.bytes, message.length, limit_ms, detail);
    text_free(&message);
    text_free(&body);
    return sent;
}

/* `ports p = 20 tcp  #~ p=50000` */
static bool take_ports(const char *line, uint16_t *port) {
    const char *live = strstr(line, "#~ ");
    const char *equals = live == NULL ? NULL : strchr(live, '=');
    if (equals == NULL) return false;
    char *end = NULL;
    unsigned long number = strtoul(equals + 1, &end, 10);
    *port = (uint16_t)number;
    return end > equals + 1 && number > 0 && number <= 65535;
}

static enum step_result read_begun(struct subject *subject, uint16_t *ports_first, char *detail) {
    struct host_subject *host = subject->self;
    struct agent *agent = host->playing;
    unsigned ports = 0;
    for (;;) {
        const char *line = host_process_line(agent->process, host->limits.step_ms, detail);
        if (line == NULL) return give_up(agent);
        const char *unsupported = behind_word(line, "unsupported"), *broken = behind_word(line, "broken");
        if (unsupported != NULL || broken != NULL) {
            snprintf(detail, EXECUTOR_REASON_MAX, "%s", unsupported != NULL ? unsupported : broken);
            host->playing = NULL; /* it has ended what it could not begin */
            return unsupported != NULL ? STEP_UNSUPPORTED : STEP_BROKEN;
        }
        if (strcmp(line, "ready") == 0 && ports == subject->instance->ports_count) return STEP_DONE;
        bool good = behind_word(line, "ports") != NULL && ports < subject->instance->ports_count &&
                    take_ports(line, &ports_first[ports]);
        if (!good) {
            fail_nonsense(line, "the scenario's `ports` lines with their values, and `ready`", detail);
            return give_up(agent);
        }
        ports++;
    }
}

static enum step_result begin(struct subject *subject, struct scenario *instance, const char *id, uint16_t *ports_first,
                              char *detail) {
    struct host_subject *host = subject->self;
    (void)id;
    struct agent *agent = agent_for(host, instance);
    host->playing = NULL;
    if (agent == NULL) {
        const char *account = instance->processes_count == 0 ? NULL : instance->processes[0].user;
        snprintf(detail, EXECUTOR_REASON_MAX, "no agent for account %s (--host-as %s='COMMAND')", account == NULL ? "-" : account,
                 account == NULL ? "ACCOUNT" : account);
        return STEP_UNSUPPORTED;
    }
    if (agent->process == NULL && !start(subject, agent, false, detail)) return STEP_BROKEN;
    host->playing = agent;
    if (!send_begin(agent, instance, host->limits.step_ms, detail)) return give_up(agent);
    enum step_result result = read_begun(subject, ports_first, detail);
    if (result == STEP_DONE) subject_session_begin(subject, ports_first);
    return result;
}

/* --- a step ----------------------------------------------------------------------------------------------------- */

static unsigned limit_of(const struct host_subject *host, const struct step *step) {
    uint64_t advance_ms = step->kind == STEP_ADVANCE ? step->number / 1000000 : 0;
    return host->limits.step_ms + host->limits.call_ms + (unsigned)(advance_ms > 3600000 ? 3600000 : advance_ms);
}

/* Lines up to `.`; false with a reason. */
static bool read_lines(struct agent *agent, unsigned limit_ms, struct text *lines, char *detail) {
    for (unsigned i = 0; i < ANSWER_LINES_MAX; i++) {
        const char *line = host_process_line(agent->process, limit_ms, detail);
        if (line == NULL) return false;
        if (strcmp(line, ".") == 0) return true;
        text_add(lines, "%s\n", line);
    }
    snprintf(detail, EXECUTOR_REASON_MAX, "the host answered one step with more than %d lines", ANSWER_LINES_MAX);
    return false;
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
        const char *rest = behind_word(line, words[i].word);
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
        fail_nonsense(lines->length == 0 ? "" : lines->bytes, "an answer to the step", played->detail);
    }
    played->result = give_up(host->playing);
}

static void step(struct subject *subject, unsigned index, const struct step *step, struct played *played) {
    struct host_subject *host = subject->self;
    char command[32];
    struct text lines = { 0 };
    assert(host->playing != NULL && host->playing->process != NULL);
    int length = snprintf(command, sizeof command, "step %u\n", index);
    unsigned limit_ms = limit_of(host, step);
    bool answered = host_process_send(host->playing->process, command, (size_t)length, limit_ms, played->detail) &&
                    read_lines(host->playing, limit_ms, &lines, played->detail);
    if (answered) take_lines(subject, step, &lines, played);
    else played->result = give_up(host->playing);
    text_free(&lines);
}

static enum step_result end(struct subject *subject, char *detail) {
    struct host_subject *host = subject->self;
    struct agent *agent = host->playing;
    host->playing = NULL;
    if (agent == NULL || agent->process == NULL) return STEP_DONE; /* what was wrong has been said */
    const char *line = NULL;
    if (host_process_send(agent->process, "end\n", 4, host->limits.step_ms, detail))
        line = host_process_line(agent->process, host->limits.step_ms, detail);
    if (line == NULL) return give_up(agent);
    if (strcmp(line, "clean") == 0) {
        agent->failures = 0;
        return STEP_DONE;
    }
    const char *broken = behind_word(line, "broken");
    if (broken == NULL) {
        fail_nonsense(line, "`clean`, or `broken` and a reason", detail);
        return give_up(agent);
    }
    snprintf(detail, EXECUTOR_REASON_MAX, "%s", broken);
    return STEP_BROKEN;
}

/* --- all of it -------------------------------------------------------------------------------------------------- */

static void destroy(struct subject *subject) {
    struct host_subject *host = subject->self;
    char ignored[HOST_REASON_MAX];
    for (unsigned i = 0; i < host->agents_count; i++) {
        struct agent *agent = &host->agents[i];
        if (agent->process == NULL) continue;
        host_process_send(agent->process, "quit\n", 5, host->limits.end_ms, ignored);
        stop(agent, host->limits.end_ms);
    }
    free(host);
}

/* Only what a real host answers has a date; everything else is the same on every day. */
static void add_date(struct subject *subject) {
    const char *functions = fact_list_value(&subject->facts, "functions");
    char date[16];
    if (functions == NULL || strcmp(functions, "real") != 0) return;
    time_t now = time(NULL);
    strftime(date, sizeof date, "%Y-%m-%d", gmtime(&now));
    fact_list_add(&subject->facts, "date", date);
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
    fact_list_add(&subject->facts, "by", "agent");
    if (!start(subject, &host->agents[0], true, reason)) snprintf(subject->trouble, sizeof subject->trouble, "%s", reason);
    add_date(subject);
    subject_name_by_facts(subject);
    return subject;
}
