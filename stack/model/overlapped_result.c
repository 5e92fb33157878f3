#include "stack/model/overlapped_result.h"

#include <assert.h>

#include "stack/call/catalogue.h"
#include "stack/errors.h"
#include "stack/io/requests.h"
#include "stack/model/park.h"
#include "stack/sdk/wait_values.h"

static void store_u32_of(struct result *result, uint64_t address, uint32_t value) {
    uint8_t stored[4];
    store_u32(stored, value);
    result_write(result, address, stored, sizeof stored);
}

/* What a finished operation gives: its own error through the status table (W60-W70), and the count stays as it was
 * (T9.2.5); or the count and no flags. Returns the error, or 0. */
static uint32_t tell(struct result *result, uint32_t status, uint32_t information, uint64_t bytes_address,
                     uint64_t flags_address) {
    uint32_t error = winsock_error_of_status(status);
    if (error != 0) return error;
    store_u32_of(result, bytes_address, information);
    store_u32_of(result, flags_address, 0);
    return 0;
}

/* Parks the thread until the request has ended. With a routine no page says how that ends (T9.2.3). */
static void await(struct context *context, unsigned request) {
    const uint64_t *arguments = context->call->arguments;
    if (world_request(context->world, request)->routine_address != 0) {
        not_modelled(context, not_modelled_function(context->call->function));
        return;
    }
    const struct wait wait = { .awaited = AWAITED_REQUEST,
                               .object = NO_ROW,
                               .outputs = { arguments[WSAGetOverlappedResult_bytes],
                                            arguments[WSAGetOverlappedResult_flags] } };
    wait_park(context, &wait, INFINITE);
    world_thread(context->world, context->thread)->request = (uint16_t)request;
}

/* WSANOTINITIALISED, WSAENOTSOCK (W58), WSAEFAULT for a bad OVERLAPPED; WSA_IO_INCOMPLETE while pending (W71), or
 * blocks until it is not; then the operation's own error. A NULL or bad pointer for the count or the flags raises an
 * exception since Vista (T9.2.7). */
void call_WSAGetOverlappedResult(struct context *context) {
    const struct call *call = context->call;
    struct violations violations = { 0 };
    violate_if(&violations, !winsock_started(context), WSANOTINITIALISED);
    violate_if(&violations, context_socket(context, WSAGetOverlappedResult_s) == NO_ROW, WSAENOTSOCK);
    const uint8_t *overlapped = call_read(call, WSAGetOverlappedResult_ov, OVERLAPPED_SIZE);
    violate_if(&violations, overlapped == NULL, WSAEFAULT);
    uint32_t error = violation_chosen(context, &violations);
    if (error != 0) {
        fail(context, FALSE, error);
        return;
    }
    bool storable = call_range_holds(call, WSAGetOverlappedResult_bytes, 4);
    if (!storable || !call_range_holds(call, WSAGetOverlappedResult_flags, 4)) {
        fault(context);
        return;
    }
    unsigned request = request_find(context->world, context->process, call->arguments[WSAGetOverlappedResult_ov]);
    if (request != NO_ROW && call->arguments[WSAGetOverlappedResult_wait] != 0) {
        await(context, request);
        return;
    }
    uint32_t status = (uint32_t)load_u64(overlapped + OVERLAPPED_INTERNAL);
    uint32_t information = (uint32_t)load_u64(overlapped + OVERLAPPED_INTERNAL_HIGH);
    error = status == STATUS_PENDING
                ? (uint32_t)WSA_IO_INCOMPLETE
                : tell(context->result, status, information, call->arguments[WSAGetOverlappedResult_bytes],
                       call->arguments[WSAGetOverlappedResult_flags]);
    if (error != 0) fail(context, FALSE, error);
    else succeed(context, TRUE);
}

void result_wait_finish(struct context *context, unsigned thread) {
    struct thread row = *world_thread(context->world, thread);
    struct result_return back = { .thread = (uint16_t)thread, .status = RESULT_RETURNED };
    assert(row.awaited == AWAITED_RESULT);
    uint32_t status = (uint32_t)(row.outputs[THREAD_STATUS] >> 32), information = (uint32_t)row.outputs[THREAD_STATUS];
    uint32_t error = tell(context->result, status, information, row.outputs[0], row.outputs[1]);
    back.value = error == 0;
    back.error = error != 0 ? error : last_error_of_success(context);
    if (back.error != ERROR_UNTOUCHED) world_thread(context->world, thread)->last_error = back.error;
    thread_resume(context->world, thread);
    result_return(context->result, &back);
}
