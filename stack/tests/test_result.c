/* When two results say the same: byte for byte of what means something, and of nothing else. And when the buffers of a
 * call are there. */
#include <string.h>

#include "stack/tests/fixture.h"

void register_result_tests(void);

/* One of each: a write of three bytes, a routine, a thread that returns. What nothing counts is `garbage`. */
static struct result full_result(int garbage) {
    struct result result;
    static const uint8_t bytes[3] = { 1, 2, 3 };
    const struct result_routine ran = { .routine = 0x1000, .overlapped = 0x2000, .bytes = 3 };
    const struct result_return back = { .thread = 2, .status = RESULT_RETURNED, .value = 7, .error = 5 };
    memset(&result, garbage, sizeof result);
    result_clear(&result);
    result.value = 9;
    result_write(&result, 0x3000, bytes, sizeof bytes);
    result_routine(&result, &ran);
    result_return(&result, &back);
    return result;
}

static void what_nothing_counts_means_nothing(void) {
    const struct result one = full_result(0x55), other = full_result(0xaa);
    CU_ASSERT_TRUE(same_result(&one, &other));
}

static void each_part_counts(void) {
    const struct result whole = full_result(0);
    for (unsigned part = 0; part < 6; part++) {
        struct result other = whole;
        switch (part) {
        case 0: other.value++; break;
        case 1: other.error++; break;
        case 2: other.writes[0].address++; break;
        case 3: other.routines[0].bytes++; break;
        case 4: other.returns[0].value++; break;
        default: other.bytes[other.bytes_used - 1]++; break;
        }
        CU_ASSERT_FALSE(same_result(&whole, &other));
        CU_ASSERT_FALSE(same_result(&other, &whole));
        CU_ASSERT_TRUE(same_result(&other, &other));
    }
}

/* Two buffers of 8 bytes, and an array that has both. */
static struct call call_with_two_buffers(void) {
    struct call call;
    const struct range good = { .address = 0x1000, .length = 8, .state = RANGE_GOOD };
    call_clear(&call);
    call.ranges[WSARecv_lpBuffers] = good;
    call.ranges[WSARecv_lpBuffers].length = 2 * WSABUF_SIZE;
    for (unsigned i = 0; i < 2; i++) call.buffers[i] = (struct call_buffer){ .range = good, .length = 8 };
    call.buffers_count = 2;
    return call;
}

/* The array has to hold as many as are asked for, each has to be read, and each has to have its memory. */
static void buffers_hold_when_all_of_them_are_there(void) {
    const struct call whole = call_with_two_buffers();
    for (unsigned count = 0; count < 3; count++) CU_ASSERT_TRUE(call_buffers_hold(&whole, WSARecv_lpBuffers, count));
    CU_ASSERT_FALSE(call_buffers_hold(&whole, WSARecv_lpBuffers, 3));
    for (unsigned part = 0; part < 5; part++) {
        struct call other = whole;
        switch (part) {
        case 0: other.ranges[WSARecv_lpBuffers].length--; break;
        case 1: other.buffers_count = 1; break;
        case 2: other.buffers[1].range.state = RANGE_BAD; break;
        case 3: other.buffers[1].range.length = 7; break;
        default: other.buffers[1].range.state = RANGE_NULL; break;
        }
        CU_ASSERT_TRUE(call_buffers_hold(&other, WSARecv_lpBuffers, 1));
        CU_ASSERT_FALSE(call_buffers_hold(&other, WSARecv_lpBuffers, 2));
    }
    struct call bad = whole;
    bad.ranges[WSARecv_lpBuffers].state = RANGE_BAD;
    CU_ASSERT_FALSE(call_buffers_hold(&bad, WSARecv_lpBuffers, 1));
}

void register_result_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/call results", NULL, NULL);
    CU_add_test(suite, "what nothing counts means nothing", what_nothing_counts_means_nothing);
    CU_add_test(suite, "each part counts", each_part_counts);
    CU_add_test(suite, "buffers hold when all of them are there", buffers_hold_when_all_of_them_are_there);
}
