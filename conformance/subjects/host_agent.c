#include "conformance/subjects/host_agent.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conformance/base/memory.h"
#include "conformance/base/reason.h"
#include "conformance/player/restart_mark.h"
#include "conformance/player/trace_file.h"

enum { BLOCK_LINES_MAX = 64, ANSWER_LINES_MAX = 32, FAILURES_IN_A_ROW_MAX = 3 };

/* --- lines ------------------------------------------------------------------------------------------------------ */

const char *host_line_behind(const char *line, const char *word) {
    size_t length = strlen(word);
    assert(length > 0);
    if (strncmp(line, word, length) != 0) return NULL;
    if (line[length] == '\0') return line + length;
    return line[length] == ' ' ? line + length + 1 : NULL;
}

/* The line as it may stand in a reason: short and printable. */
void host_line_unexpected(const char *line, const char *expected, struct reason *detail) {
    char shown[100];
    assert(line != NULL && expected != NULL);
    snprintf(shown, sizeof shown, "%.90s", line);
    for (char *at = shown; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || (unsigned char)*at >= 0x7F) *at = '?';
    }
    reason_set(detail, "the host said \"%s\"; expected %s", shown, expected);
}

static void stop(struct host_agent *agent, unsigned grace_ms) {
    host_process_end(agent->process, grace_ms);
    agent->process = NULL;
}

enum step_result host_agent_give_up(struct host_agent *agent) {
    assert(agent->process != NULL);
    agent->failures++;
    stop(agent, 0);
    return STEP_BROKEN;
}

/* --- starting and quitting ---------------------------------------------------------------------------------------- */

/* `key value`; the first key is `host`. */
static bool take_block_line(struct host_agent *agent, char *line, bool first, struct reason *detail) {
    char *blank = strchr(line, ' ');
    size_t length = blank == NULL ? strlen(line) : (size_t)(blank - line);
    bool good = length > 0 && strspn(line, "abcdefghijklmnopqrstuvwxyz0123456789-") >= length;
    if (!good || (first && (length != 4 || memcmp(line, "host", 4) != 0))) {
        host_line_unexpected(line, "a line `host NAME`, further `key value` lines, and `ready`", detail);
        return false;
    }
    if (blank != NULL) *blank = '\0';
    fact_list_add(&agent->facts, line, blank == NULL ? "" : blank + 1);
    return true;
}

static bool read_block(struct host_agent *agent, unsigned limit_ms, struct reason *detail) {
    for (unsigned i = 0; i < BLOCK_LINES_MAX; i++) {
        const char *line = host_process_line(agent->process, limit_ms, detail);
        if (line == NULL) return false;
        if (i > 0 && strcmp(line, "ready") == 0) return true;
        char *copy = memory_copy_text(line, strlen(line));
        bool good = take_block_line(agent, copy, i == 0, detail);
        free(copy);
        if (!good) return false;
    }
    reason_set(detail, "the host said %d lines without `ready`", BLOCK_LINES_MAX);
    return false;
}

/* Only what a real host answers has a date; everything else is the same on every day. */
static void add_date(struct host_agent *agent) {
    const char *functions = fact_list_value(&agent->facts, "functions");
    char date[16];
    if (functions == NULL || strcmp(functions, "real") != 0) return;
    time_t now = time(NULL);
    strftime(date, sizeof date, "%Y-%m-%d", gmtime(&now));
    fact_list_add(&agent->facts, "date", date);
}

/* Starts the command and hears who it is. *gone: it ended by itself before it was ready. */
static bool come_up(struct host_agent *agent, unsigned limit_ms, bool *gone, struct reason *detail) {
    *gone = false;
    agent->process = host_process_start(agent->command, detail);
    if (agent->process == NULL) return false;
    fact_list_free(&agent->facts);
    fact_list_add(&agent->facts, "by", "agent");
    if (read_block(agent, limit_ms, detail)) {
        add_date(agent);
        return true;
    }
    *gone = host_process_ended(agent->process);
    stop(agent, 0);
    return false;
}

bool host_agent_start(struct host_agent *agent, const struct host_limits *limits, struct reason *detail) {
    bool gone = false;
    assert(agent->process == NULL);
    if (agent->failures >= FAILURES_IN_A_ROW_MAX) {
        reason_set(detail, "the host failed %d times in a row and is not started again", FAILURES_IN_A_ROW_MAX);
        return false;
    }
    if (come_up(agent, limits->ready_ms, &gone, detail)) return true;
    /* Nothing has been asked of it: a connection that was refused, a Wine that was still starting, is worth a second
     * try. */
    if (gone && agent->failures == 0) {
        fprintf(stderr, "reservoir: %s before it was ready; starting it once more\n", detail->text);
        if (come_up(agent, limits->ready_ms, &gone, detail)) return true;
    }
    agent->failures++;
    return false;
}

void host_agent_quit(struct host_agent *agent, const struct host_limits *limits) {
    struct reason ignored;
    assert(agent != NULL && limits != NULL);
    agent->failures = 0;
    if (agent->process == NULL) return;
    host_process_send(agent->process, "quit\n", 5, limits->end_ms, &ignored);
    stop(agent, limits->end_ms);
}

void host_agent_end(struct host_agent *agent, const struct host_limits *limits) {
    host_agent_quit(agent, limits);
    fact_list_free(&agent->facts);
}

/* --- an instance ------------------------------------------------------------------------------------------------ */

/* `ports p = 20 tcp  #~ p=50000` */
static bool take_ports(const char *line, uint16_t *port) {
    const char *live = strstr(line, "#~ ");
    return live != NULL && live_port(live, port);
}

/* What follows `begin` and `resume`: ports lines and `ready`, or a refusal. */
static enum step_result read_begun(struct host_agent *agent, unsigned limit_ms, const struct scenario *instance,
                                   uint16_t *ports_first, struct reason *detail) {
    for (unsigned ports = 0;; ports++) {
        const char *line = host_process_line(agent->process, limit_ms, detail);
        if (line == NULL) return host_agent_give_up(agent);
        const char *unsupported = host_line_behind(line, "unsupported"), *broken = host_line_behind(line, "broken");
        if (unsupported != NULL || broken != NULL) {
            reason_set(detail, "%s", unsupported != NULL ? unsupported : broken);
            return unsupported != NULL ? STEP_UNSUPPORTED : STEP_BROKEN;
        }
        if (strcmp(line, "ready") == 0 && ports == instance->ports_count) return STEP_DONE;
        bool good = host_line_behind(line, "ports") != NULL && ports < instance->ports_count &&
                    take_ports(line, &ports_first[ports]);
        if (good) continue;
        host_line_unexpected(line, "the scenario's `ports` lines with their values, and `ready`", detail);
        return host_agent_give_up(agent);
    }
}

/* Sends a command with what it carries, and reads how that was begun. */
static enum step_result send_beginning(struct host_agent *agent, const struct host_limits *limits,
                                       const struct scenario *instance, const struct text *message,
                                       uint16_t *ports_first, struct reason *detail) {
    assert(agent->process != NULL && instance->dimensions_count == 0);
    if (!host_process_send(agent->process, message->bytes, message->length, limits->step_ms, detail))
        return host_agent_give_up(agent);
    return read_begun(agent, limits->step_ms, instance, ports_first, detail);
}

enum step_result host_agent_begin(struct host_agent *agent, const struct host_limits *limits,
                                  const struct scenario *instance, const struct text *body, uint16_t *ports_first,
                                  struct reason *detail) {
    struct text message = { 0 };
    text_add(&message, "begin %u\n%s\n", (unsigned)body->length, body->bytes);
    enum step_result result = send_beginning(agent, limits, instance, &message, ports_first, detail);
    text_free(&message);
    return result;
}

enum step_result host_agent_resume(struct host_agent *agent, const struct host_limits *limits,
                                   const struct scenario *instance, const struct text *body, const struct text *so_far,
                                   const char *mark, uint16_t *ports_first, struct reason *detail) {
    struct text message = { 0 };
    assert(restart_mark_is_good(mark) && so_far->length > 0);
    text_add(&message, "resume %u %u %s\n%s\n", (unsigned)body->length, (unsigned)so_far->length, mark, body->bytes);
    text_add(&message, "%s\n", so_far->bytes);
    enum step_result result = send_beginning(agent, limits, instance, &message, ports_first, detail);
    text_free(&message);
    return result;
}

/* Lines up to `.`; false with a reason. */
static bool read_lines(struct host_agent *agent, unsigned limit_ms, struct text *lines, struct reason *detail) {
    for (unsigned i = 0; i < ANSWER_LINES_MAX; i++) {
        const char *line = host_process_line(agent->process, limit_ms, detail);
        if (line == NULL) return false;
        if (strcmp(line, ".") == 0) return true;
        text_add(lines, "%s\n", line);
    }
    reason_set(detail, "the host answered one step with more than %d lines", ANSWER_LINES_MAX);
    return false;
}

enum step_result host_agent_step(struct host_agent *agent, unsigned index, unsigned limit_ms, struct text *lines,
                                 struct reason *detail) {
    char command[32];
    assert(agent->process != NULL && lines != NULL);
    int length = snprintf(command, sizeof command, "step %u\n", index);
    bool answered = host_process_send(agent->process, command, (size_t)length, limit_ms, detail) &&
                    read_lines(agent, limit_ms, lines, detail);
    return answered ? STEP_DONE : host_agent_give_up(agent);
}

enum step_result host_agent_finish(struct host_agent *agent, const struct host_limits *limits, bool leave,
                                   struct reason *detail) {
    const char *line = NULL, *command = leave ? "leave\n" : "end\n";
    assert(agent->process != NULL);
    if (host_process_send(agent->process, command, strlen(command), limits->step_ms, detail))
        line = host_process_line(agent->process, limits->step_ms, detail);
    if (line == NULL) return host_agent_give_up(agent);
    if (strcmp(line, "clean") == 0) {
        agent->failures = 0;
        return STEP_DONE;
    }
    if (host_line_behind(line, "gone") != NULL) { /* it was the last that this agent could play */
        agent->failures = 0;
        stop(agent, limits->end_ms);
        return STEP_DONE;
    }
    const char *broken = host_line_behind(line, "broken");
    if (broken == NULL) {
        host_line_unexpected(line, "`clean`, `gone`, or `broken` and a reason", detail);
        return host_agent_give_up(agent);
    }
    reason_set(detail, "%s", broken);
    return STEP_BROKEN;
}
