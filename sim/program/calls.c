#include "sim/program/calls.h"

#include <assert.h>
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
#include "sim/memory/record.h"

/* Does this answer say that the caller will ask again? Then others have a turn, and time passes. */
static bool asks_again(enum function function, uint64_t value, uint32_t error) {
    const struct signature *signature = signature_of(function);
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

/* The record is filled, the machine answers, the thread's last error is set. */
static struct parked_return make_call(struct call *call) {
    struct result result;
    call->thread = (uint16_t)thread_current();
    owned_check();
    owned_before(call);
    preceded_call(call);
    trace_call(call);
    machine_call(call, &result);
    bool waits = result.status == RESULT_BLOCKED;
    assert(!waits || call->more_bytes == 0);
    if (waits) trace_blocks(call);
    owned_after(call, result.status == RESULT_RETURNED && result.error == WSA_IO_PENDING);
    struct parked_return answer = waits ? thread_parked_by_model(call, &result) : answered(&result);
    if (!waits) threads_settle(&result);
    if (answer.back.error != ERROR_UNTOUCHED) thread_set_last_error(answer.back.error);
    trace_returns(call, &answer);
    return answer;
}

/* What comes of a call before it returns to the program. */
static uint64_t finish_call(enum function function, const struct parked_return *answer) {
    uint32_t error = thread_last_error();
    if (answer->routines_count > 0) {
        thread_run_routines(answer->routines, answer->routines_count);
        thread_run_queued();
        thread_set_last_error(error);
    }
    if (asks_again(function, answer->back.value, error)) thread_poll();
    return answer->back.value;
}

uint64_t program_call(enum function function, const uint64_t arguments[CALL_ARGUMENTS_MAX]) {
    static const struct memory_view memory = { .readable = pages_readable, .writable = pages_writable };
    struct call call;
    threads_enter();
    record_of_arguments(&call, function, arguments, &memory);
    struct parked_return answer = make_call(&call);
    return finish_call(function, &answer);
}

uint64_t program_call_of_datagram(enum function function, const uint64_t arguments[CALL_ARGUMENTS_MAX]) {
    static const struct memory_view memory = { .readable = pages_readable,
                                               .writable = pages_writable,
                                               .more_bytes = MACHINE_MORE_BYTES };
    static struct {
        struct call call;
        uint8_t more[MACHINE_MORE_BYTES];
    } large;
    threads_enter();
    record_of_arguments(&large.call, function, arguments, &memory);
    struct parked_return answer = make_call(&large.call);
    return finish_call(function, &answer);
}
