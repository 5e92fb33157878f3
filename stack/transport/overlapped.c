#include "stack/transport/overlapped.h"

#include <assert.h>

#include "stack/errors.h"
#include "stack/system/handles.h"

bool overlapped_counts(const struct context *context, unsigned socket, unsigned overlapped) {
    if (context->call->ranges[overlapped].state == RANGE_NULL) return false;
    return socket == NO_ROW || world_socket_at(context->world, socket)->overlapped;
}

/* The event that OVERLAPPED.hEvent names, or NO_ROW. The low bit asks for no packet (W123) and is no part of the
 * handle. */
void overlapped_fill(const struct context *context, unsigned overlapped, unsigned routine, struct request *request) {
    const uint8_t *given = call_read(context->call, overlapped, OVERLAPPED_SIZE);
    assert(given != NULL);
    uint64_t number = load_u64(given + OVERLAPPED_EVENT);
    uint64_t event = number & ~UINT64_C(1);
    bool with_routine = routine != NO_PARAMETER && context->call->ranges[routine].state == RANGE_GOOD;
    request->event =
        (uint16_t)(event == 0 ? (unsigned)NO_ROW : handle_find(context->world, context->process, HANDLE_EVENT, event));
    request->overlapped = (number & 1) != 0 ? NOTICE_WITHOUT_PACKET : NOTICE_OVERLAPPED;
    request->overlapped_address = context->call->arguments[overlapped];
    request->routine_address = with_routine ? context->call->arguments[routine] : 0;
}

void overlapped_store_pending(struct context *context, uint64_t address) {
    uint8_t stored[8];
    store_u64(stored, STATUS_PENDING);
    result_write(context->result, address, stored, sizeof stored);
}

void overlapped_fail_at_once(struct context *context, unsigned overlapped, uint64_t failure, uint32_t error) {
    enum { LEFT, PENDING, OUTCOMES };
    unsigned internal = choose(context->chooser, CHOICE_INTERNAL, OUTCOMES);
    if (internal == PENDING) overlapped_store_pending(context, context->call->arguments[overlapped]);
    fail(context, failure, error);
}

void overlapped_return_pending(struct context *context, unsigned request, uint64_t failure) {
    const struct request *row = world_request(context->world, request);
    assert(row->state == REQUEST_PENDING && row->overlapped != NOTICE_CALLER);
    overlapped_store_pending(context, row->overlapped_address);
    fail(context, failure, WSA_IO_PENDING);
}
