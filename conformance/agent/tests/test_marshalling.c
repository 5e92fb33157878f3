/* Real arguments become a record, and the model answers it: what a pointer is like is found out by looking. */
#include "conformance/agent/system/windows_headers.h"

#include <CUnit/CUnit.h>
#include <string.h>

#include "conformance/agent/functions.h"
#include "conformance/agent/machine_model.h"
#include "conformance/agent/native_call.h"
#include "sim/memory/pages.h"
#include "stack/call/signature.h"
#include "sim/memory/record.h"

/* A good page, and after it one that is not. */
static uint8_t *pages;

static int make_pages(void) {
    pages = pages_create(PAGE_BYTES, PAGE_BYTES);
    return 0;
}

static int free_pages(void) {
    pages_free(pages, 2 * PAGE_BYTES);
    return 0;
}

static uint64_t at(size_t offset) { return (uint64_t)(uintptr_t)(pages + offset); }

static struct call record(enum function function, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e,
                          uint64_t f) {
    const uint64_t arguments[CALL_ARGUMENTS_MAX] = { a, b, c, d, e, f };
    struct call call;
    static const struct memory_view memory = { .readable = pages_readable, .writable = pages_readable };
    record_of_arguments(&call, function, arguments, &memory);
    return call;
}

static void a_good_address_is_read_whole(void) {
    memcpy(pages, "\2\0\0\120\177\0\0\1\0\0\0\0\0\0\0\0", SOCKADDR_IN_SIZE);
    struct call call = record(FUNCTION_bind, 0x84, at(0), SOCKADDR_IN_SIZE, 0, 0, 0);
    CU_ASSERT_EQUAL(call.arguments[bind_s], 0x84);
    CU_ASSERT_EQUAL(call.ranges[bind_name].state, RANGE_GOOD);
    CU_ASSERT_EQUAL(call.ranges[bind_name].bytes_length, SOCKADDR_IN_SIZE);
    CU_ASSERT_EQUAL(memcmp(call.bytes + call.ranges[bind_name].bytes_offset, pages, SOCKADDR_IN_SIZE), 0);
}

static void an_address_at_the_end_of_memory_is_partly_bad(void) {
    struct call call = record(FUNCTION_bind, 0x84, at(PAGE_BYTES - 5), SOCKADDR_IN_SIZE, 0, 0, 0);
    CU_ASSERT_EQUAL(call.ranges[bind_name].state, RANGE_PARTLY_BAD);
    CU_ASSERT_EQUAL(call.ranges[bind_name].length, 5);
    CU_ASSERT_EQUAL(call.ranges[bind_name].bytes_length, 5);
}

static void an_address_that_ends_with_the_page_is_good(void) {
    struct call call = record(FUNCTION_bind, 0x84, at(PAGE_BYTES - SOCKADDR_IN_SIZE), SOCKADDR_IN_SIZE, 0, 0, 0);
    CU_ASSERT_EQUAL(call.ranges[bind_name].state, RANGE_GOOD);
}

static void an_address_to_nowhere_is_bad_and_null_is_null(void) {
    struct call call = record(FUNCTION_bind, 0x84, at(PAGE_BYTES), SOCKADDR_IN_SIZE, 0, 0, 0);
    CU_ASSERT_EQUAL(call.ranges[bind_name].state, RANGE_BAD);
    CU_ASSERT_EQUAL(call.ranges[bind_name].address, at(PAGE_BYTES));
    call = record(FUNCTION_bind, 0x84, 0, SOCKADDR_IN_SIZE, 0, 0, 0);
    CU_ASSERT_EQUAL(call.ranges[bind_name].state, RANGE_NULL);
}

static void a_negative_size_has_no_bytes(void) {
    struct call call = record(FUNCTION_bind, 0x84, at(0), (uint32_t)-1, 0, 0, 0);
    CU_ASSERT_EQUAL(call.arguments[bind_namelen], UINT64_MAX);
    CU_ASSERT_EQUAL(call.ranges[bind_name].bytes_length, 0);
    CU_ASSERT_EQUAL(call.ranges[bind_name].state, RANGE_GOOD);
}

static void the_size_behind_a_pointer_is_that_of_its_buffer(void) {
    int length = 9;
    struct call call = record(FUNCTION_getsockname, 0x84, at(0), (uint64_t)(uintptr_t)&length, 0, 0, 0);
    CU_ASSERT_EQUAL(call.ranges[getsockname_name].length, 9);
    CU_ASSERT_EQUAL(call.ranges[getsockname_name].bytes_length, 0);
    call = record(FUNCTION_getsockname, 0x84, at(0), at(PAGE_BYTES - 2), 0, 0, 0); /* half a size is none */
    CU_ASSERT_EQUAL(call.ranges[getsockname_name].length, 0);
    CU_ASSERT_EQUAL(call.ranges[getsockname_namelen].state, RANGE_PARTLY_BAD);
}

static void a_long_buffer_leaves_room_for_the_address_behind_it(void) {
    struct call call = record(FUNCTION_sendto, 0x84, at(0), CALL_BYTES_MAX + 100, 0, at(64), SOCKADDR_IN_SIZE);
    CU_ASSERT_EQUAL(call.ranges[sendto_to].bytes_length, SOCKADDR_IN_SIZE);
    CU_ASSERT_EQUAL(call.ranges[sendto_buf].length, CALL_BYTES_MAX + 100);
    CU_ASSERT_EQUAL(call.ranges[sendto_buf].bytes_length, CALL_BYTES_MAX - SOCKADDR_IN_SIZE);
}

static void a_name_is_recorded_in_utf8(void) {
    static const WCHAR name[] = { 'd', 0xE9, 0xD83D, 0xDE00, 0 };
    struct call call = record(FUNCTION_CreateFileW, (uint64_t)(uintptr_t)name, 0, 0, 0, 0, 0);
    const struct range *range = &call.ranges[CreateFileW_lpFileName];
    CU_ASSERT_EQUAL(range->bytes_length, 7);
    CU_ASSERT_EQUAL(memcmp(call.bytes + range->bytes_offset, "d\303\251\360\237\230\200", 7), 0);
}

static void a_set_of_sockets_is_as_long_as_it_says(void) {
    uint64_t set[2 + SET_SOCKETS_MAX] = { 2, 0x84, 0x88 };
    uint64_t address = (uint64_t)(uintptr_t)set;
    struct call call = record(FUNCTION_select, address, 0, at(PAGE_BYTES), 0, 0, 0);
    CU_ASSERT_EQUAL(call.ranges[select_readfds].bytes_length, 3 * POINTER_SIZE);
    CU_ASSERT_EQUAL(call.ranges[select_writefds].state, RANGE_NULL);
    CU_ASSERT_EQUAL(call.ranges[select_exceptfds].state, RANGE_BAD);
    set[0] = SET_SOCKETS_MAX + 1; /* of too many the head alone */
    call = record(FUNCTION_select, address, 0, 0, 0, 0, 0);
    CU_ASSERT_EQUAL(call.ranges[select_readfds].bytes_length, SOCKET_SET_SOCKETS);
    memcpy(pages + PAGE_BYTES - 16, set, 16);
    pages[PAGE_BYTES - 16] = 2; /* one of two sockets is there */
    call = record(FUNCTION_select, at(PAGE_BYTES - 16), 0, 0, 0, 0, 0);
    CU_ASSERT_EQUAL(call.ranges[select_readfds].state, RANGE_PARTLY_BAD);
    set[0] = 2;
    uint32_t events[2] = { 16, 256 };
    call = record(FUNCTION_WSAPoll, address, (uint64_t)(uintptr_t)events, 0, 0, 0, 0);
    CU_ASSERT_EQUAL(call.ranges[WSAPoll_events].bytes_length, sizeof events);
}

/* --- the exact call ----------------------------------------------------------------------------------------------- */

static struct native_answer answer_to(enum function function, uint64_t a, uint64_t b, uint64_t c) {
    struct native_call call;
    struct native_answer answer;
    memset(&call, 0, sizeof call);
    call.function = function;
    const uint64_t arguments[] = { a, b, c };
    memcpy(call.arguments, arguments, sizeof arguments);
    native_call(windows_functions(), &call, &answer);
    return answer;
}

static void enter_the_machine(void) {
    machine_model_process_starts(0, 0);
    machine_model_enter(0, 0);
}

static void the_last_error_of_a_call_is_seen_and_one_that_is_left_alone(void) {
    WSADATA data;
    enter_the_machine();
    struct native_answer refused = answer_to(FUNCTION_socket, AF_INET, SOCK_STREAM, IPPROTO_TCP);
    CU_ASSERT_EQUAL(refused.value, UINT64_MAX);
    CU_ASSERT_EQUAL(refused.last_error, WSANOTINITIALISED);
    struct native_answer started = answer_to(FUNCTION_WSAStartup, 0x0202, (uint64_t)(uintptr_t)&data, 0);
    CU_ASSERT_EQUAL(started.value, 0);
    CU_ASSERT_EQUAL(data.wVersion, 0x0202);
    struct native_answer event = answer_to(FUNCTION_CreateEventW, 0, 0, 0);
    CU_ASSERT_NOT_EQUAL(event.value, 0);
    CU_ASSERT_EQUAL(event.fault, 0);
    machine_model_process_ends(0);
}

static void a_bind_tells_its_port(void) {
    WSADATA data;
    uint8_t name[SOCKADDR_IN_SIZE] = { AF_INET };
    enter_the_machine();
    answer_to(FUNCTION_WSAStartup, 0x0202, (uint64_t)(uintptr_t)&data, 0);
    uint64_t socket = answer_to(FUNCTION_socket, AF_INET, SOCK_STREAM, IPPROTO_TCP).value;
    store_u16_network(name + 2, 27015);
    struct native_answer bound = answer_to(FUNCTION_bind, socket, (uint64_t)(uintptr_t)name, sizeof name);
    CU_ASSERT_EQUAL(bound.value, 0);
    CU_ASSERT_EQUAL(bound.port, 27015);
    CU_ASSERT_EQUAL(answer_to(FUNCTION_listen, socket, 1, 0).port, 0);
    machine_model_process_ends(0);
}

/* It got its first time slice only then. */
static void a_thread_that_comes_when_its_process_has_ended_is_turned_away(void) {
    machine_model_process_starts(0, 0);
    machine_model_process_ends(0);
    machine_model_enter(0, 1);
    struct native_answer answer = answer_to(FUNCTION_socket, AF_INET, SOCK_STREAM, IPPROTO_TCP);
    CU_ASSERT_EQUAL(answer.value, UINT64_MAX);
    CU_ASSERT_EQUAL(answer.last_error, WSA_OPERATION_ABORTED);
}

static void every_function_is_there_in_the_model(void) {
    for (unsigned i = FUNCTION_NONE; i < FUNCTION_COUNT; i++)
        CU_ASSERT_TRUE(windows_function_is_there(windows_functions(), (enum function)i));
    struct windows_functions without = *windows_functions();
    without.listen = NULL;
    CU_ASSERT_FALSE(windows_function_is_there(&without, FUNCTION_listen));
}

void register_agent_marshalling_tests(void);

void register_agent_marshalling_tests(void) {
    CU_pSuite suite = CU_add_suite("agent: marshalling", make_pages, free_pages);
    CU_add_test(suite, "a good address is read whole", a_good_address_is_read_whole);
    CU_add_test(suite, "an address at the end of memory is partly bad", an_address_at_the_end_of_memory_is_partly_bad);
    CU_add_test(suite, "an address that ends with the page is good", an_address_that_ends_with_the_page_is_good);
    CU_add_test(suite, "an address to nowhere is bad, and NULL is NULL", an_address_to_nowhere_is_bad_and_null_is_null);
    CU_add_test(suite, "a negative size has no bytes", a_negative_size_has_no_bytes);
    CU_add_test(suite, "a pointer to a size has the size of its buffer",
                the_size_behind_a_pointer_is_that_of_its_buffer);
    CU_add_test(suite, "a long buffer leaves room for the address after it",
                a_long_buffer_leaves_room_for_the_address_behind_it);
    CU_add_test(suite, "a name is recorded in UTF-8", a_name_is_recorded_in_utf8);
    CU_add_test(suite, "a set of sockets is as long as it says", a_set_of_sockets_is_as_long_as_it_says);
    CU_add_test(suite, "the last error of a call is seen, and one that is left alone",
                the_last_error_of_a_call_is_seen_and_one_that_is_left_alone);
    CU_add_test(suite, "a bind tells its port", a_bind_tells_its_port);
    CU_add_test(suite, "a thread that comes when its process has ended is turned away",
                a_thread_that_comes_when_its_process_has_ended_is_turned_away);
    CU_add_test(suite, "every function is there in the model", every_function_is_there_in_the_model);
}
