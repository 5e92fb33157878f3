/* WSAGetOverlappedResult: what became of an overlapped operation, read from its OVERLAPPED. */
#include <assert.h>

#include "stack/errors.h"
#include "stack/io/requests.h"
#include "stack/sdk/wait_values.h"
#include "stack/system/context.h"
#include "stack/transport/control.h"

/* What has to happen before a result can be reported: a pending request completes. */
static void await_request(struct context *context, uint64_t overlapped_address) {
    unsigned request = request_find(context->world, context->process, overlapped_address);
    if (request != NO_ROW) control_complete(context, request);
    assert(request_find(context->world, context->process, overlapped_address) == NO_ROW);
}

static void store_u32_at(struct context *context, unsigned argument, uint32_t value) {
    uint8_t stored[4];
    store_u32(stored, value);
    result_write(context->result, context->call->arguments[argument], stored, sizeof stored);
}

/* A NULL or bad pointer for the count or the flags raises an exception since Vista (T9.2.7). */
static void fault(struct context *context) {
    context->result->status = RESULT_FAULT;
    context->result->error = STATUS_ACCESS_VIOLATION;
}

/* The status that the OVERLAPPED shows; after a wait, the one that has just been written. */
static uint64_t internal_of(const struct context *context, uint64_t *information) {
    const uint8_t *overlapped = call_read(context->call, WSAGetOverlappedResult_ov, OVERLAPPED_SIZE);
    assert(overlapped != NULL);
    uint64_t status = load_u64(overlapped + OVERLAPPED_INTERNAL);
    *information = load_u64(overlapped + OVERLAPPED_INTERNAL_HIGH);
    for (unsigned i = 0; i < context->result->writes_count; i++) {
        const struct result_write *write = &context->result->writes[i];
        if (write->address != context->call->arguments[WSAGetOverlappedResult_ov] || write->length != 16) continue;
        status = load_u64(context->result->bytes + write->bytes_offset);
        *information = load_u64(context->result->bytes + write->bytes_offset + 8);
    }
    return status;
}

/* WSANOTINITIALISED, WSAENOTSOCK (W58), WSAEFAULT for a bad OVERLAPPED; WSA_IO_INCOMPLETE while pending (W71); then the
 * operation's own error through the status table (W60-W70). */
void call_WSAGetOverlappedResult(struct context *context) {
    const struct call *call = context->call;
    struct violations violations = { 0 };
    violate_if(&violations, !winsock_started(context), WSANOTINITIALISED);
    violate_if(&violations, context_socket(context, WSAGetOverlappedResult_s) == NO_ROW, WSAENOTSOCK);
    violate_if(&violations, call_read(call, WSAGetOverlappedResult_ov, OVERLAPPED_SIZE) == NULL, WSAEFAULT);
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
    bool wait = call->arguments[WSAGetOverlappedResult_wait] != 0;
    if (wait) await_request(context, call->arguments[WSAGetOverlappedResult_ov]);
    uint64_t information = 0;
    uint64_t status = internal_of(context, &information);
    if (status == STATUS_PENDING) {
        fail(context, FALSE, WSA_IO_INCOMPLETE);
        return;
    }
    error = winsock_error_of_status((uint32_t)status);
    if (error != 0) { /* the count stays as it was: T9.2.4 */
        fail(context, FALSE, error);
        return;
    }
    store_u32_at(context, WSAGetOverlappedResult_bytes, (uint32_t)information);
    store_u32_at(context, WSAGetOverlappedResult_flags, 0);
    succeed(context, TRUE);
}
