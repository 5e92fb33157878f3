#include "stack/system/context.h"

#include <assert.h>

#include "stack/call/catalogue.h"
#include "stack/errors.h"
#include "stack/system/handles.h"

unsigned reading(struct context *context, enum question question) {
    return world_reading(context->world, context->chooser, question);
}

static void end(struct context *context, uint64_t value, uint32_t error) {
    assert(context->result->status == RESULT_RETURNED);
    context->result->value = value;
    context->result->error = error;
    if (error != ERROR_UNTOUCHED) world_thread(context->world, context->thread)->last_error = error;
}

static uint32_t error_of_success(struct context *context, enum choice what) {
    enum { CLEARED, LEFT, OUTCOMES };
    return choose(context->chooser, what, OUTCOMES) == CLEARED ? 0 : ERROR_UNTOUCHED;
}

uint32_t last_error_of_success(struct context *context) {
    return error_of_success(context, context->call == NULL ? CHOICE_LATER_ERROR : CHOICE_LAST_ERROR);
}

uint32_t last_error_of_later_success(struct context *context) { return error_of_success(context, CHOICE_LATER_ERROR); }

void succeed(struct context *context, uint64_t value) {
    end(context, value, context->error_argument != 0 ? (uint32_t)ERROR_UNTOUCHED : last_error_of_success(context));
}

/* What becomes of the last error of a provider's caller, when the error itself is in *lpErrno (PAR-21). */
static uint32_t report_elsewhere(struct context *context, uint32_t error) {
    uint8_t bytes[4];
    store_u32(bytes, error);
    bool there = call_range_holds(context->call, context->error_argument, sizeof bytes);
    if (there) result_write(context->result, context->call->arguments[context->error_argument], bytes, sizeof bytes);
    return reading(context, Q84_WSPIOCTL_ERROR) == Q84_ERRNO_ONLY ? (uint32_t)ERROR_UNTOUCHED : error;
}

void fail(struct context *context, uint64_t failure, uint32_t error) {
    assert(error != ERROR_UNTOUCHED);
    end(context, failure, context->error_argument != 0 ? report_elsewhere(context, error) : error);
}

void not_modelled(struct context *context, uint64_t what) {
    assert(what != 0);
    context->result->status = RESULT_NOT_MODELLED;
    context->result->value = what;
    context->result->error = ERROR_UNTOUCHED;
}

bool may_block(struct context *context) {
    if (world_thread(context->world, context->thread)->state == THREAD_RUNNING) return true;
    not_modelled(context, not_modelled_function(context->call->function));
    return false;
}

void fail_socket(struct context *context, uint32_t error) { fail(context, UINT64_MAX, error); }

void succeed_untouched(struct context *context, uint64_t value) { end(context, value, ERROR_UNTOUCHED); }

void fault(struct context *context) {
    context->result->status = RESULT_FAULT;
    context->result->error = STATUS_ACCESS_VIOLATION;
}

void violate(struct violations *violations, uint32_t error) {
    assert(error != 0);
    for (unsigned i = 0; i < violations->count; i++)
        if (violations->errors[i] == error) return;
    assert(violations->count < VIOLATIONS_MAX);
    violations->errors[violations->count++] = error;
}

void violate_if(struct violations *violations, bool violated, uint32_t error) {
    if (violated) violate(violations, error);
}

uint32_t violation_chosen(struct context *context, const struct violations *violations) {
    if (violations->count == 0) return 0;
    unsigned which = choose(context->chooser, CHOICE_CHECK, violations->count);
    assert(which < violations->count);
    return violations->errors[which];
}

bool winsock_started(const struct context *context) {
    const struct process *process = world_process_at(context->world, context->process);
    assert(process->alive);
    return process->startup_count > 0;
}

bool winsock_knows(struct context *context, uint64_t number) {
    if (!handle_is_duplicated(context->world, context->process, number)) return true;
    return reading(context, Q137_DUPLICATED_SOCKET) != Q137_NOTSOCK;
}

unsigned context_socket_of(struct context *context, uint64_t number) {
    unsigned socket = handle_find(context->world, context->process, HANDLE_SOCKET, number);
    return socket != NO_ROW && winsock_knows(context, number) ? socket : (unsigned)NO_ROW;
}

unsigned context_socket(struct context *context, unsigned argument) {
    assert(argument < CALL_ARGUMENTS_MAX);
    return context_socket_of(context, context->call->arguments[argument]);
}

unsigned context_event(const struct context *context, unsigned argument) {
    assert(argument < CALL_ARGUMENTS_MAX);
    return handle_find(context->world, context->process, HANDLE_EVENT, context->call->arguments[argument]);
}
