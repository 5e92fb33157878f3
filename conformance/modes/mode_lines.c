#include "conformance/modes/mode_lines.h"

#include <assert.h>
#include <string.h>

#include "conformance/language/build.h"
#include "conformance/language/expand.h"
#include "conformance/session/step_limit.h"

enum { LINES_OF_A_CALL = 8 };

struct making {
    const struct scenario *from;
    struct mode_lines *lines;
    struct completing completing;
    unsigned original, number;
    /* of the last changed call of each thread: what its end is learnt by; overlapped NO_NAME: there is none */
    struct given {
        int event, overlapped, port;
        const struct step *call;
    } given[THREADS_MAX];
};

static bool inside_together(const struct scenario *instance, const struct step *step) {
    for (uint32_t i = 0; i < instance->steps_count; i++) {
        const struct step *top = &instance->steps[i];
        for (uint32_t k = 0; k < top->children_count; k++)
            if (&top->children[k] == step) return true;
    }
    return false;
}

bool mode_changes(const struct scenario *instance, const struct step *step) {
    if (step->kind != STEP_CALL || !signature_is_control(step->signature)) return false;
    if (argument_value(step, WSAIoctl_ov) != NULL || argument_value(step, WSAIoctl_routine) != NULL) return false;
    return !inside_together(instance, step);
}

/* --- lines that are made ------------------------------------------------------------------------------------------ */

/* What was added to the steps since there were `first` of them. */
static void note(struct making *making, uint32_t first, enum mode_role role) {
    for (uint32_t i = first; i < making->lines->instance->steps_count; i++) {
        assert(making->lines->count < STEPS_MAX);
        making->lines->lines[making->lines->count++] = (struct mode_line){ .role = role, .original = making->original };
    }
}

static void add(struct making *making, const struct step *step, enum mode_role role) {
    uint32_t first = making->lines->instance->steps_count;
    build_add_step(making->lines->instance, step);
    note(making, first, role);
}

static struct step wait_line(struct making *making, const struct step *like, const struct given *given, unsigned ms) {
    struct scenario *to = making->lines->instance;
    struct position place = like->position;
    struct step wait;
    switch (making->lines->completion) {
    case COMPLETION_EVENT:
        wait = build_call(to, like, FUNCTION_WaitForSingleObject, OUTCOME_ANY);
        build_argument(to, &wait, WaitForSingleObject_hHandle, false, build_name(to, place, given->event));
        build_argument(to, &wait, WaitForSingleObject_dwMilliseconds, false, build_number(to, place, ms));
        return wait;
    case COMPLETION_PORT:
        wait = build_call(to, like, FUNCTION_GetQueuedCompletionStatus, OUTCOME_ANY);
        build_argument(to, &wait, GetQueuedCompletionStatus_CompletionPort, false, build_name(to, place, given->port));
        build_argument(to, &wait, GetQueuedCompletionStatus_dwMilliseconds, true, build_number(to, place, ms));
        return wait;
    default:
        wait = build_call(to, like, FUNCTION_SleepEx, OUTCOME_ANY);
        build_argument(to, &wait, SleepEx_dwMilliseconds, false, build_number(to, place, ms));
        build_argument(to, &wait, SleepEx_bAlertable, false,
                       build_constant(to, place, making->lines->completion == COMPLETION_ROUTINE ? "TRUE" : "FALSE"));
        return wait;
    }
}

static void add_asking(struct making *making, const struct step *like, const struct given *given) {
    struct scenario *to = making->lines->instance;
    struct step ask = build_call(to, like, FUNCTION_WSAGetOverlappedResult, OUTCOME_ANY);
    struct step look = build_step(like, STEP_SHOW);
    struct expression *socket = arena_allocate(to->arena, sizeof *socket);
    *socket = *argument_value(given->call, WSAIoctl_s);
    build_argument(to, &ask, WSAGetOverlappedResult_s, false, socket);
    build_argument(to, &ask, WSAGetOverlappedResult_ov, false, build_name(to, like->position, given->overlapped));
    add(making, &ask, MODE_ASKS);
    look.subject = (int16_t)given->overlapped;
    look.outcomes = arena_allocate(to->arena, sizeof *look.outcomes);
    look.outcomes[0] = (struct outcome){ .position = like->position, .word = OUTCOME_ANY };
    look.outcomes_count = 1;
    add(making, &look, MODE_LOOKS);
}

/* The lines by which the end of a call is learnt, each played as far as it is needed (mode_play.c). The wait is shorter
 * than the limit of a call: both of a call that ends and of one that stays. */
static void add_learning(struct making *making, const struct step *like, const struct given *given) {
    unsigned ms = step_limit_ms(like) / 2;
    enum completion completion = making->lines->completion;
    if (completion == COMPLETION_POLLING) add_asking(making, like, given);
    struct step wait = wait_line(making, like, given, ms);
    add(making, &wait, MODE_WAITS);
    if (completion == COMPLETION_EVENT || completion == COMPLETION_POLLING) {
        add_asking(making, like, given);
    } else {
        struct step none = wait_line(making, like, given, 0);
        add(making, &none, MODE_ENDS);
    }
}

/* --- lines of the instance ---------------------------------------------------------------------------------------- */

static void add_call(struct making *making, const struct step *step) {
    struct scenario *to = making->lines->instance;
    struct step call = *step;
    uint32_t first = to->steps_count;
    making->lines->calls++;
    call.arguments = NULL;
    call.arguments_count = 0;
    for (uint32_t i = 0; i < step->arguments_count; i++)
        build_argument(to, &call, step->arguments[i].parameter, step->arguments[i].named, step->arguments[i].value);
    completing_add_call(&making->completing, &call, ++making->number);
    note(making, first, MODE_PREPARES);
    making->lines->lines[making->lines->count - 1].role = MODE_CALL;
    struct given *given = &making->given[step->thread];
    *given = (struct given){ .event = making->completing.event,
                             .overlapped = making->completing.overlapped,
                             .port = making->completing.port,
                             .call = step };
    if (making->lines->completion != COMPLETION_SYNC) add_learning(making, step, given);
}

static void add_line(struct making *making, const struct step_order *order, const struct step *step) {
    const struct given *given = step->thread == NO_NAME ? NULL : &making->given[step->thread];
    bool of_call = step->kind == STEP_RETURNS && given->call != NULL && step_order_call_of(order, step) == given->call;
    if (mode_changes(making->from, step)) {
        add_call(making, step);
        return;
    }
    add(making, step, of_call ? MODE_RETURNS : MODE_SAME);
    if (of_call && making->lines->completion != COMPLETION_SYNC) add_learning(making, step, given);
}

/* --- a whole instance --------------------------------------------------------------------------------------------- */

static bool calls(const struct step_order *order, enum function function) {
    for (unsigned i = 0; i < order->count; i++)
        if (order->steps[i]->kind == STEP_CALL && order->steps[i]->signature->function == function) return true;
    return false;
}

/* Does the mode attach this socket to a completion port? */
static bool attaches(const struct scenario *from, const struct step_order *order, int socket) {
    for (unsigned i = 0; socket != NO_NAME && i < order->count; i++)
        if (mode_changes(from, order->steps[i]) && completion_socket(order->steps[i]) == socket) return true;
    return false;
}

/* Does the instance itself attach the socket of a changed call to a completion port? Whatever is overlapped there ends
 * with a packet at that port, which its lines then take for one of theirs. */
static bool attaches_itself(const struct scenario *from, const struct step_order *order, const struct step *step,
                            struct reason *reason) {
    const struct expression *file = argument_value(step, CreateIoCompletionPort_FileHandle);
    bool attaching = step->kind == STEP_CALL && step->signature->function == FUNCTION_CreateIoCompletionPort;
    if (!attaching || file == NULL || file->kind != EXPRESSION_NAME || !attaches(from, order, file->name)) return false;
    reason_set(reason, "line %u: the scenario attaches this socket to a completion port itself",
               (unsigned)step->position.line);
    return true;
}

/* Can a line of the instance stay as it is beside sockets that are attached to completion ports? */
static bool fits_ports(const struct scenario *from, const struct step_order *order, const struct step *step,
                       struct reason *reason) {
    bool control = step->kind == STEP_CALL && signature_is_control(step->signature);
    unsigned line = step->position.line;
    if (!control) return true;
    int socket = completion_socket(step);
    if (argument_value(step, WSAIoctl_routine) != NULL && attaches(from, order, socket))
        reason_set(reason, "line %u: a routine and a completion port are not mixed", line);
    else if (mode_changes(from, step) && socket == NO_NAME)
        reason_set(reason, "line %u: what has no name cannot be attached to a completion port", line);
    else return true;
    return false;
}

/* Has the instance other modes, and do its lines fit? */
static bool check(const struct scenario *from, const struct step_order *order, enum completion completion,
                  struct reason *reason) {
    unsigned changed = 0, returning = 0;
    for (unsigned i = 0; i < order->count; i++) {
        changed += mode_changes(from, order->steps[i]);
        returning += order->steps[i]->kind == STEP_RETURNS;
        bool overlapped = completion != COMPLETION_SYNC;
        if (overlapped && attaches_itself(from, order, order->steps[i], reason)) return false;
        if (completion == COMPLETION_PORT && !fits_ports(from, order, order->steps[i], reason)) return false;
    }
    for (uint32_t i = 0; i < from->names_count; i++) {
        if (strncmp(from->names[i].text, MODE_PREFIX, strlen(MODE_PREFIX)) != 0) continue;
        reason_set(reason, "%s is a name as the modes give them", from->names[i].text);
        return false;
    }
    bool fits = from->names_count + changed * 2 <= NAMES_MAX &&
                order->count + (changed + returning) * (LINES_OF_A_CALL + COMPLETION_LINES_MAX) <= STEPS_MAX;
    if (calls(order, FUNCTION_WSASetBlockingHook)) reason_set(reason, "a blocking hook is about calls that block");
    else if (calls(order, FUNCTION_CancelSynchronousIo))
        reason_set(reason, "CancelSynchronousIo is about calls that block");
    else if (!fits) reason_set(reason, "the lines of this mode are too many for one scenario");
    else return true;
    return false;
}

/* A line of the new instance for each of its steps; children of a `together` count, it does not. */
static void find_steps(struct mode_lines *lines) {
    struct step_order order;
    step_order_fill(&order, lines->instance);
    assert(order.count == lines->count);
    for (unsigned i = 0; i < order.count; i++) lines->lines[i].step = order.steps[i];
}

bool mode_lines_make(const struct scenario *instance, enum completion completion, struct mode_lines *lines,
                     struct reason *reason) {
    struct step_order order;
    struct making making = { .lines = lines };
    memset(lines, 0, sizeof *lines);
    lines->completion = completion;
    lines->instance = scenario_expand(instance, 0);
    struct scenario *to = lines->instance;
    const struct step *steps = to->steps;
    uint32_t count = to->steps_count;
    const struct scenario from = *to; /* its steps stay where they are, in the arena */
    step_order_fill(&order, &from);
    if (!check(&from, &order, completion, reason)) return false;
    making.from = &from;
    making.completing =
        (struct completing){ .to = to, .completion = completion, .prefix = MODE_PREFIX, .prepared = OUTCOME_ANY };
    to->steps = NULL;
    to->steps_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct step *step = &steps[i];
        if (step->kind != STEP_TOGETHER) {
            add_line(&making, &order, step);
            making.original++;
            continue;
        }
        build_add_step(to, step);
        for (uint32_t k = 0; k < step->children_count; k++) {
            lines->lines[lines->count++] = (struct mode_line){ .role = MODE_SAME, .original = making.original++ };
        }
    }
    find_steps(lines);
    return true;
}

void mode_lines_free(struct mode_lines *lines) {
    scenario_free(lines->instance);
    memset(lines, 0, sizeof *lines);
}
