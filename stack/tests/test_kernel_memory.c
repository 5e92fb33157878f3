/* Which memory of a call is the kernel's until the caller has learnt of its end (call/kernel_memory.h). */
#include <CUnit/CUnit.h>

#include "stack/call/kernel_memory.h"

void register_kernel_memory_tests(void);

enum { OVERLAPPED_AT = 0x1000, ROUTINE_AT = 0x2000, BUFFERS_AT = 0x3000, FIRST_AT = 0x4000, SECOND_AT = 0x5000 };

static void give(struct call *call, unsigned argument, uint64_t address, uint32_t length) {
    call->arguments[argument] = address;
    call->ranges[argument] = (struct range){ .address = address, .length = length, .state = RANGE_GOOD };
}

/* WSARecv into two buffers of 10 and of 20 bytes. */
static struct call receiving(void) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_WSARecv;
    call.thread = 3;
    give(&call, WSARecv_lpBuffers, BUFFERS_AT, 2 * WSABUF_SIZE);
    give(&call, WSARecv_lpOverlapped, OVERLAPPED_AT, OVERLAPPED_SIZE);
    call.arguments[WSARecv_dwBufferCount] = call.buffers_count = 2;
    call.buffers[0].range = (struct range){ .address = FIRST_AT, .length = 10, .state = RANGE_GOOD };
    call.buffers[1].range = (struct range){ .address = SECOND_AT, .length = 20, .state = RANGE_GOOD };
    return call;
}

static void expect_part(const struct kernel_memory *memory, uint64_t first, uint64_t bytes, enum kernel_part part) {
    CU_ASSERT_EQUAL(kernel_memory_part(memory, first - 1, 1), KERNEL_NOTHING);
    CU_ASSERT_EQUAL(kernel_memory_part(memory, first - 1, 2), part);
    CU_ASSERT_EQUAL(kernel_memory_part(memory, first, 1), part);
    CU_ASSERT_EQUAL(kernel_memory_part(memory, first + 1, 0), KERNEL_NOTHING);
    CU_ASSERT_EQUAL(kernel_memory_part(memory, first + bytes - 1, 1), part);
    CU_ASSERT_EQUAL(kernel_memory_part(memory, first + bytes - 1, 100), part);
    CU_ASSERT_EQUAL(kernel_memory_part(memory, first + bytes, 1), KERNEL_NOTHING);
}

static void overlapped_and_buffers_are_the_kernel_s(void) {
    struct kernel_memory memory;
    struct call call = receiving();
    CU_ASSERT_TRUE(kernel_memory_of(&call, &memory));
    CU_ASSERT_EQUAL(memory.overlapped, OVERLAPPED_AT);
    CU_ASSERT_EQUAL(memory.outputs_count, 2);
    CU_ASSERT_EQUAL(memory.thread, 3);
    CU_ASSERT_EQUAL(memory.function, FUNCTION_WSARecv);
    expect_part(&memory, OVERLAPPED_AT, OVERLAPPED_SIZE, KERNEL_OVERLAPPED);
    expect_part(&memory, FIRST_AT, 10, KERNEL_OUTPUT);
    expect_part(&memory, SECOND_AT, 20, KERNEL_OUTPUT);
    CU_ASSERT_EQUAL(kernel_memory_part(&memory, BUFFERS_AT, WSABUF_SIZE), KERNEL_NOTHING); /* copied by the call */
}

static void memory_that_is_not_there_is_no_one_s(void) {
    struct kernel_memory memory;
    struct call call = receiving();
    call.buffers[0].range.state = RANGE_BAD;
    call.buffers[1].range.length = 0;
    CU_ASSERT_TRUE(kernel_memory_of(&call, &memory));
    CU_ASSERT_EQUAL(memory.outputs_count, 0);
}

/* What a record still holds of an earlier call is not looked at. */
static void buffers_beyond_the_count_are_no_one_s(void) {
    struct kernel_memory memory;
    struct call call = receiving();
    call.arguments[WSARecv_dwBufferCount] = call.buffers_count = 1;
    CU_ASSERT_TRUE(kernel_memory_of(&call, &memory));
    CU_ASSERT_EQUAL(memory.outputs_count, 1);
    CU_ASSERT_EQUAL(kernel_memory_part(&memory, SECOND_AT, 20), KERNEL_NOTHING);
}

static void without_an_overlapped_nothing_is(void) {
    struct kernel_memory memory;
    struct call call = receiving();
    call.arguments[WSARecv_lpOverlapped] = 0;
    CU_ASSERT_FALSE(kernel_memory_of(&call, &memory));
    call_clear(&call);
    call.function = FUNCTION_closesocket;
    CU_ASSERT_FALSE(kernel_memory_of(&call, &memory));
}

/* WSAIoctl has one output, AcceptEx its parts. */
static void outputs_of_any_kind_are_the_kernel_s(void) {
    struct kernel_memory memory;
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_WSAIoctl;
    give(&call, WSAIoctl_out, FIRST_AT, 16);
    give(&call, WSAIoctl_ov, OVERLAPPED_AT, OVERLAPPED_SIZE);
    CU_ASSERT_TRUE(kernel_memory_of(&call, &memory));
    expect_part(&memory, FIRST_AT, 16, KERNEL_OUTPUT);
    call_clear(&call);
    call.function = FUNCTION_AcceptEx;
    give(&call, AcceptEx_lpOutputBuffer, SECOND_AT, 64);
    give(&call, AcceptEx_lpOverlapped, OVERLAPPED_AT, OVERLAPPED_SIZE);
    CU_ASSERT_TRUE(kernel_memory_of(&call, &memory));
    expect_part(&memory, SECOND_AT, 64, KERNEL_OUTPUT);
}

/* A call that asks about a request does not begin another one. */
static void only_another_request_uses_it_again(void) {
    struct kernel_memory memory;
    struct call call = receiving(), asking;
    CU_ASSERT_TRUE(kernel_memory_of(&call, &memory));
    CU_ASSERT_TRUE(kernel_memory_used_again(&memory, &call));
    call.arguments[WSARecv_lpOverlapped]++;
    CU_ASSERT_FALSE(kernel_memory_used_again(&memory, &call));
    call_clear(&asking);
    asking.function = FUNCTION_WSAGetOverlappedResult;
    asking.arguments[WSAGetOverlappedResult_ov] = OVERLAPPED_AT;
    CU_ASSERT_FALSE(kernel_memory_used_again(&memory, &asking));
    CU_ASSERT_FALSE(kernel_memory_of(&asking, &memory));
}

void register_kernel_memory_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/call kernel memory", NULL, NULL);
    CU_add_test(suite, "OVERLAPPED and buffers are the kernel's", overlapped_and_buffers_are_the_kernel_s);
    CU_add_test(suite, "memory that is not there is no one's", memory_that_is_not_there_is_no_one_s);
    CU_add_test(suite, "buffers beyond the count are no one's", buffers_beyond_the_count_are_no_one_s);
    CU_add_test(suite, "without an OVERLAPPED nothing is", without_an_overlapped_nothing_is);
    CU_add_test(suite, "outputs of any kind are the kernel's", outputs_of_any_kind_are_the_kernel_s);
    CU_add_test(suite, "only another request uses it again", only_another_request_uses_it_again);
}
