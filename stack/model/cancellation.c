/* Cancellation of what is pending: by thread and file, and by file and OVERLAPPED. */
#include <assert.h>

#include "stack/errors.h"
#include "stack/io/requests.h"
#include "stack/sdk/wait_values.h"
#include "stack/system/context.h"
#include "stack/system/handles.h"

/* What is cancelled. */
struct aim {
    unsigned socket; /* NO_ROW: a file, on which nothing is ever pending */
    unsigned process;
    unsigned thread;             /* NO_ROW: any of the process */
    uint64_t overlapped_address; /* 0: any, synchronous calls included where any thread is meant */
};

static bool is_aimed_at(const struct request *row, const struct aim *aim) {
    if (row->state != REQUEST_PENDING || row->socket != aim->socket || row->process != aim->process) return false;
    if (aim->thread != NO_ROW && (row->thread != aim->thread || row->overlapped == NOTICE_CALLER)) return false;
    return aim->overlapped_address == 0 || row->overlapped_address == aim->overlapped_address;
}

/* A call that another thread is blocked in: Q107. Not asked where there is none. */
static uint32_t error_of_blocked_call(struct context *context, const struct request *row) {
    if (row->overlapped != NOTICE_CALLER) return WSA_OPERATION_ABORTED;
    return reading(context, Q107_CANCELLED_MEANWHILE) == Q107_INTR ? WSAEINTR : WSA_OPERATION_ABORTED;
}

/* How many requests were found. One that is decided already ends as it was decided (T10.2). */
static unsigned cancel_all(struct context *context, const struct aim *aim) {
    unsigned found = 0;
    for (unsigned i = 0; i < world_top(context->world, TABLE_REQUESTS); i++) {
        const struct request *row = world_request(context->world, i);
        if (!is_aimed_at(row, aim)) continue;
        uint32_t error = error_of_blocked_call(context, row);
        request_cancel(context->world, i, error, context->result);
        found++;
    }
    return found;
}

/* The socket of a handle that can be cancelled, or NO_ROW; false: the handle is none of a file. */
static bool find_file(const struct context *context, unsigned argument, unsigned *socket) {
    uint64_t number = context->call->arguments[argument];
    *socket = handle_find(context->world, context->process, HANDLE_SOCKET, number);
    return *socket != NO_ROW || handle_kind_of(context->world, context->process, number) == HANDLE_FILE;
}

/* ERROR_INVALID_HANDLE. Only what the calling thread has issued is cancelled, and that there is nothing is no error
 * (T10.1). */
void call_CancelIo(struct context *context) {
    struct aim aim = { .process = context->process, .thread = context->thread };
    if (!find_file(context, CancelIo_hFile, &aim.socket)) {
        fail(context, FALSE, ERROR_INVALID_HANDLE);
        return;
    }
    cancel_all(context, &aim);
    succeed(context, TRUE);
}

/* ERROR_INVALID_HANDLE; ERROR_NOT_FOUND when nothing is pending (T10.2). Whichever thread of the process has issued
 * it. */
void call_CancelIoEx(struct context *context) {
    struct aim aim = { .process = context->process,
                       .thread = NO_ROW,
                       .overlapped_address = context->call->arguments[CancelIoEx_lpOverlapped] };
    if (!find_file(context, CancelIoEx_hFile, &aim.socket)) {
        fail(context, FALSE, ERROR_INVALID_HANDLE);
        return;
    }
    if (cancel_all(context, &aim) == 0) fail(context, FALSE, ERROR_NOT_FOUND);
    else succeed(context, TRUE);
}
