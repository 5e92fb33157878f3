#include "sim/program/calls.h"

#include <string.h>

#include "sim/memory/pages.h"
#include "sim/program/machine.h"
#include "sim/program/owned.h"
#include "sim/program/preceded.h"
#include "sim/program/threads.h"
#include "sim/program/trace.h"
#include "stack/call/signature.h"
#include "stack/sdk/error_values.h"
#include "stack/sdk/wait_values.h"
#include "stack/winsock/record.h"

/* Does this answer say that the caller will ask again? Then others have a turn, and time passes. */
static bool asks_again(const struct call *call, uint64_t value, uint32_t error) {
    const struct signature *signature = signature_of((enum function)call->function);
    if (signature->returns == RETURNS_WAIT) return (uint32_t)value == WAIT_TIMEOUT;
    if (signature_succeeds(signature, value)) return false;
    return error == WSAEWOULDBLOCK || error == WSA_IO_INCOMPLETE || error == WAIT_TIMEOUT;
}

static struct parked_return answered(const struct result *result) {
    struct parked_return answer = { .back = { .value = result->value, .error = result->error } };
    answer.routines_count = result->routines_count;
    memcpy(answer.routines, result->routines, result->routines_count * sizeof result->routines[0]);
    return answer;
}

uint64_t program_call(enum function function, const uint64_t arguments[CALL_ARGUMENTS_MAX]) {
    static const struct memory_view memory = { .readable = pages_readable, .writable = pages_writable };
    struct call call;
    struct result result;
    threads_enter();
    record_of_arguments(&call, function, arguments, &memory);
    call.thread = (uint16_t)thread_current();
    owned_check();
    owned_before(&call);
    preceded_call(&call);
    trace_call(&call);
    machine_call(&call, &result);
    if (result.status == RESULT_BLOCKED) trace_blocks(&call);
    owned_after(&call, result.status == RESULT_RETURNED && result.error == WSA_IO_PENDING);
    struct parked_return answer =
        result.status == RESULT_BLOCKED ? thread_parked_by_model(&call, &result) : answered(&result);
    if (result.status != RESULT_BLOCKED) threads_settle(&result);
    if (answer.back.error != ERROR_UNTOUCHED) thread_set_last_error(answer.back.error);
    trace_returns(&call, &answer);
    uint32_t error = thread_last_error();
    if (answer.routines_count > 0) {
        thread_run_routines(answer.routines, answer.routines_count);
        thread_run_queued();
        thread_set_last_error(error);
    }
    if (asks_again(&call, answer.back.value, error)) thread_poll();
    return answer.back.value;
}
