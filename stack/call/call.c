#include "stack/call/call.h"

#include <assert.h>

_Static_assert(sizeof(struct range) == 24, "ranges have no hidden padding");
_Static_assert(sizeof(struct result_routine) == 32, "routines have no hidden padding");
_Static_assert(sizeof(struct result_write) == 16 && sizeof(struct result_return) == 16, "nor have the others");

void call_clear(struct call *call) {
    assert(call != NULL);
    memset(call, 0, offsetof(struct call, bytes));
}

static bool put_bytes(struct call *call, struct range *range, const void *bytes, uint32_t length) {
    assert(range->bytes_length == 0);
    if (length > call_room(call)) return false;
    range->bytes_offset = call->bytes_used;
    range->bytes_length = length;
    if (length > 0) memcpy((uint8_t *)call + offsetof(struct call, bytes) + call->bytes_used, bytes, length);
    call->bytes_used += length;
    return true;
}

bool call_put_bytes(struct call *call, unsigned argument, const void *bytes, uint32_t length) {
    assert(argument < CALL_ARGUMENTS_MAX);
    return put_bytes(call, &call->ranges[argument], bytes, length);
}

bool call_put_buffer_bytes(struct call *call, unsigned buffer, const void *bytes, uint32_t length) {
    assert(buffer < CALL_BUFFERS_MAX);
    return put_bytes(call, &call->buffers[buffer].range, bytes, length);
}

bool call_buffers_hold(const struct call *call, unsigned argument, uint32_t count) {
    assert(argument < CALL_ARGUMENTS_MAX);
    if (count > call->buffers_count || !call_range_holds(call, argument, count * WSABUF_SIZE)) return false;
    for (uint32_t i = 0; i < count; i++) {
        const struct call_buffer *buffer = &call->buffers[i];
        bool there = buffer->range.state == RANGE_GOOD || buffer->range.state == RANGE_PARTLY_BAD;
        if (buffer->length > 0 && (!there || buffer->range.length < buffer->length)) return false;
    }
    return true;
}

bool call_range_holds(const struct call *call, unsigned argument, uint32_t length) {
    assert(argument < CALL_ARGUMENTS_MAX);
    const struct range *range = &call->ranges[argument];
    assert(range->state <= RANGE_PARTLY_BAD);
    if (length == 0) return true;
    if (range->state != RANGE_GOOD && range->state != RANGE_PARTLY_BAD) return false;
    return length <= range->length;
}

const uint8_t *call_read(const struct call *call, unsigned argument, uint32_t length) {
    assert(argument < CALL_ARGUMENTS_MAX);
    const struct range *range = &call->ranges[argument];
    if (!call_range_holds(call, argument, length) || length > range->bytes_length) return NULL;
    assert(range->bytes_offset + range->bytes_length <= CALL_BYTES_MAX + call->more_bytes);
    return call_bytes(call, range->bytes_offset);
}

bool call_range_is_cut(const struct range *range, uint32_t length) {
    return (range->state == RANGE_GOOD || range->state == RANGE_PARTLY_BAD) && range->length >= length &&
           range->bytes_length < length;
}

uint8_t *result_next_bytes(struct result *result) {
    return (uint8_t *)result + offsetof(struct result, bytes) + result->bytes_used;
}

void result_write(struct result *result, uint64_t address, const void *bytes, uint32_t length) {
    assert(result->writes_count < RESULT_WRITES_MAX);
    assert(length <= result_room(result));
    assert(address != 0);
    struct result_write *write = &result->writes[result->writes_count++];
    write->address = address;
    write->length = length;
    write->bytes_offset = result->bytes_used;
    if (length > 0 && bytes != result_next_bytes(result)) memcpy(result_next_bytes(result), bytes, length);
    result->bytes_used += length;
}

void result_routine(struct result *result, const struct result_routine *routine) {
    assert(result->routines_count < RESULT_ROUTINES_MAX);
    assert(routine->routine != 0);
    result->routines[result->routines_count++] = *routine;
}

void result_return(struct result *result, const struct result_return *back) {
    assert(result->returns_count < RESULT_RETURNS_MAX);
    assert(back->status != RESULT_BLOCKED);
    result->returns[result->returns_count++] = *back;
}
