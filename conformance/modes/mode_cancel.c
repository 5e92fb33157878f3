#include "conformance/modes/mode_cancel.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/explorer/explore.h"
#include "conformance/language/build.h"
#include "conformance/language/completion.h"
#include "conformance/language/expand.h"
#include "conformance/modes/mode_lines.h"

enum { ORDERS_MOST = 200000 };

/* --- instances ---------------------------------------------------------------------------------------------------- */

enum treatment { AWAITED, CANCELLED, LEFT_OUT };

/* Every answer is allowed: what is looked for are differences, not deviations. */
static void allow_all(struct scenario *to, struct step *step) {
    if (step->outcomes_count == 0) return;
    step->outcomes = arena_allocate(to->arena, sizeof *step->outcomes);
    step->outcomes[0] = (struct outcome){ .position = step->position, .word = OUTCOME_ANY };
    step->outcomes_count = 1;
}

static struct expression *copied(struct scenario *to, const struct expression *from) {
    struct expression *copy = arena_allocate(to->arena, sizeof *copy);
    *copy = *from;
    return copy;
}

/* The call, made overlapped; its cancellation, where it is to be; and the wait for its end. */
static void add_overlapped(struct scenario *to, const struct step *call, bool cancels) {
    struct completing completing = {
        .to = to, .completion = COMPLETION_POLLING, .prefix = MODE_PREFIX, .prepared = OUTCOME_ANY
    };
    struct step issued = *call;
    const struct expression *socket = argument_value(call, WSAIoctl_s);
    issued.arguments = NULL;
    issued.arguments_count = 0;
    for (uint32_t i = 0; i < call->arguments_count; i++)
        build_argument(to, &issued, call->arguments[i].parameter, call->arguments[i].named, call->arguments[i].value);
    completing_add_call(&completing, &issued, 1);
    struct expression *overlapped = build_name(to, call->position, completing.overlapped);
    if (cancels) {
        struct step cancel = build_call(to, call, FUNCTION_CancelIoEx, OUTCOME_ANY);
        build_argument(to, &cancel, CancelIoEx_hFile, false, copied(to, socket));
        build_argument(to, &cancel, CancelIoEx_lpOverlapped, false, overlapped);
        build_add_step(to, &cancel);
    }
    struct step ask = build_call(to, call, FUNCTION_WSAGetOverlappedResult, OUTCOME_ANY);
    build_argument(to, &ask, WSAGetOverlappedResult_s, false, copied(to, socket));
    build_argument(to, &ask, WSAGetOverlappedResult_ov, false, copied(to, overlapped));
    build_argument(to, &ask, WSAGetOverlappedResult_wait, true, build_constant(to, call->position, "TRUE"));
    build_add_step(to, &ask);
}

static bool says_pace(const struct scenario *scenario) {
    for (uint32_t i = 0; i < scenario->world_lines_count; i++)
        if (scenario->world_lines[i].kind == WORLD_COMPLETES) return true;
    return false;
}

/* A provider that takes its time, where the scenario does not say what kind it has. */
static void set_pace(struct scenario *to, enum provider_pace pace) {
    enum { TAKES_NS = 50000000 };
    if (says_pace(to)) return;
    to->world_lines = arena_append(to->arena, to->world_lines, to->world_lines_count, sizeof *to->world_lines);
    to->world_lines[to->world_lines_count++] = (struct world_line){ .kind = WORLD_COMPLETES,
                                                                    .number = pace,
                                                                    .duration_ns = pace == PACE_AFTER ? TAKES_NS : 0 };
}

static struct scenario *instance_with(const struct scenario *from, unsigned at, enum treatment treatment,
                                      enum provider_pace pace) {
    struct scenario *to = scenario_expand(from, 0);
    const struct step *steps = to->steps;
    uint32_t count = to->steps_count;
    to->steps = NULL;
    to->steps_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct step step = steps[i];
        allow_all(to, &step);
        if (i != at) build_add_step(to, &step);
        else if (treatment != LEFT_OUT) add_overlapped(to, &step, treatment == CANCELLED);
    }
    set_pace(to, pace);
    return to;
}

/* --- what was answered -------------------------------------------------------------------------------------------- */

/* The lines of an outcome, without live values, the call itself and what was made for it. */
struct rest {
    struct text lines;
    char ending[48]; /* the word of the call's end; "" where it was not sent */
};

static void take_word(char word[48], const char *line, size_t length) {
    const char *arrow = NULL;
    for (size_t i = 0; i + 4 < length; i++)
        if (strncmp(line + i, " -> ", 4) == 0) arrow = line + i + 4;
    size_t count = 0;
    while (arrow != NULL && arrow + count < line + length && arrow[count] != ' ' && count < 47) count++;
    if (arrow != NULL) memcpy(word, arrow, count);
    word[count] = '\0';
}

static bool has(const char *line, size_t length, const char *part) {
    size_t part_length = strlen(part);
    for (size_t i = 0; i + part_length <= length; i++)
        if (memcmp(line + i, part, part_length) == 0) return true;
    return false;
}

/* Tokens are numbered as they are first seen: without the number. */
static void add_line(struct text *out, const char *line, size_t length) {
    static const char token[] = "Token=t";
    size_t token_length = strlen(token);
    for (size_t i = 0; i < length; i++) {
        bool number = line[i] >= '0' && line[i] <= '9';
        bool of_token = i >= token_length && memcmp(line + i - token_length, token, token_length) == 0;
        if (number && of_token) {
            while (i + 1 < length && line[i + 1] >= '0' && line[i + 1] <= '9') i++;
            continue;
        }
        text_add_byte(out, line[i]);
    }
    text_add_byte(out, '\n');
}

/* Takes the lines apart: those with a name of the modes are the call's own. */
static void take_rest(const char *answers, struct rest *rest) {
    bool own = false;
    for (const char *line = answers; *line != '\0'; line += strcspn(line, "\n") + 1) {
        size_t length = strcspn(line, "\n"), shown = length;
        if (line[0] != ' ') own = has(line, length, MODE_PREFIX);
        for (size_t i = 0; i + 4 < length && shown == length; i++)
            if (strncmp(line + i, "  #~", 4) == 0) shown = i;
        bool issues = own && has(line, length, "Ioctl("), asks = own && has(line, length, "WSAGetOverlappedResult(");
        if (issues || (asks && strcmp(rest->ending, "pending") == 0)) take_word(rest->ending, line, shown);
        if (!own && !has(line, length, "WSAGetLastError(")) add_line(&rest->lines, line, shown);
        if (line[length] == '\0') break;
    }
}

static const char *answers_of(const struct explored_outcome *outcome) {
    return outcome->answers.length == 0 ? "" : outcome->answers.bytes;
}

/* Has some order of the baseline these lines, and (where `ending` is asked for) this end of the call? */
static bool is_among(const struct exploration *baseline, const struct rest *rest, const char *ending) {
    bool found = false;
    for (unsigned i = 0; i < baseline->outcomes_count && !found; i++) {
        struct rest other = { .ending = "" };
        take_rest(answers_of(&baseline->outcomes[i]), &other);
        found = other.lines.length == rest->lines.length &&
                (rest->lines.length == 0 || memcmp(other.lines.bytes, rest->lines.bytes, rest->lines.length) == 0) &&
                (ending == NULL || strcmp(other.ending, ending) == 0);
        text_free(&other.lines);
    }
    return found;
}

/* --- cancelling --------------------------------------------------------------------------------------------------- */

static void explore_with(const struct scenario *from, const struct profile *profile, unsigned at,
                         enum treatment treatment, enum provider_pace pace, struct exploration *exploration) {
    struct scenario *instance = instance_with(from, at, treatment, pace);
    const struct explore_limits limits = { .orders_most = ORDERS_MOST, .any_memory = true };
    explore(instance, profile, &limits, exploration);
    scenario_free(instance);
}

static void weigh(const struct exploration *awaited, const struct exploration *without,
                  const struct explored_outcome *outcome, struct mode_cancelled *cancelled) {
    const char *answers = answers_of(outcome);
    struct rest rest = { .ending = "" };
    take_rest(answers, &rest);
    bool aborted = strcmp(rest.ending, "WSA_OPERATION_ABORTED") == 0;
    bool right = aborted ? is_among(without, &rest, NULL) : is_among(awaited, &rest, rest.ending);
    *(aborted ? &cancelled->aborted : &cancelled->ended) += outcome->orders;
    cancelled->orders += outcome->orders;
    if (!right && cancelled->wrong.length == 0) text_add(&cancelled->wrong, "%s", answers);
    text_free(&rest.lines);
}

static void take_trouble(const struct exploration *exploration, struct reason *trouble) {
    if (exploration->trouble.length > 0) reason_set(trouble, "%s", exploration->trouble.bytes);
    else if (!exploration->exhaustive) reason_set(trouble, "more than %d orders", ORDERS_MOST);
}

/* By one pace of the provider. What is awaited may never end, so that the baseline cannot be played to its end: then a
 * cancellation that comes too late has nothing to be like, and is wrong. */
static void cancel_at_pace(const struct scenario *instance, const struct profile *profile, unsigned at,
                           enum provider_pace pace, struct mode_cancelled *cancelled) {
    struct exploration awaited, without, all;
    explore_with(instance, profile, at, AWAITED, pace, &awaited);
    explore_with(instance, profile, at, LEFT_OUT, pace, &without);
    explore_with(instance, profile, at, CANCELLED, pace, &all);
    take_trouble(&without, &cancelled->trouble);
    take_trouble(&all, &cancelled->trouble);
    for (unsigned i = 0; cancelled->trouble.text[0] == '\0' && i < all.outcomes_count; i++)
        weigh(&awaited, &without, &all.outcomes[i], cancelled);
    exploration_free(&awaited);
    exploration_free(&without);
    exploration_free(&all);
}

static bool can_be_cancelled(const struct scenario *instance, unsigned at, struct reason *trouble) {
    const struct step *call = &instance->steps[at];
    for (uint32_t i = 0; i < instance->steps_count; i++) {
        bool returns = instance->steps[i].kind == STEP_RETURNS && instance->steps[i].thread == call->thread;
        if (returns) reason_set(trouble, "its thread may be inside it in later lines");
        if (instance->steps[i].kind == STEP_REBOOT) reason_set(trouble, "the machine restarts");
    }
    if (instance->names_count == NAMES_MAX || instance->steps_count + 8 > STEPS_MAX)
        reason_set(trouble, "no room for one OVERLAPPED more");
    return trouble->text[0] == '\0';
}

void mode_cancel(const struct scenario *instance, const struct profile *profile, unsigned at,
                 struct mode_cancelled *cancelled) {
    memset(cancelled, 0, sizeof *cancelled);
    assert(at < instance->steps_count && mode_changes(instance, &instance->steps[at]));
    if (!can_be_cancelled(instance, at, &cancelled->trouble)) return;
    cancel_at_pace(instance, profile, at, PACE_LATER, cancelled);
    if (says_pace(instance) || cancelled->trouble.text[0] != '\0') return;
    cancel_at_pace(instance, profile, at, PACE_AFTER, cancelled);
}

void mode_cancelled_free(struct mode_cancelled *cancelled) {
    text_free(&cancelled->wrong);
    memset(cancelled, 0, sizeof *cancelled);
}
