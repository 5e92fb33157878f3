/* One scenario process on real threads: calls that fault, calls that do not return, and what is left of the process. */
#define _POSIX_C_SOURCE 200809L

#include "conformance/agent/system/windows_headers.h"

#include <CUnit/CUnit.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/agent/functions.h"
#include "conformance/agent/native_executor.h"
#include "conformance/agent/system/faults.h"
#include "sim/memory/pages.h"
#include "conformance/agent/system/threads.h"
#include "conformance/base/memory.h"

enum { MAIN_THREAD = 0, OTHER_THREAD = 1, LIMIT_MS = 5000 };

static struct windows_functions functions;
static struct sigaction before;
static volatile uint8_t *nowhere;
static struct wakeup *let_out, *is_out;
static struct native_executor *volatile given_up; /* its memory stays, as in the agent */

static int WSAAPI faulting_listen(SOCKET s, int backlog) {
    (void)s, (void)backlog;
    *nowhere = 1;
    return 0;
}

static int WSAAPI endless_listen(SOCKET s, int backlog) {
    (void)s, (void)backlog;
    wakeup_await(let_out, NO_LIMIT);
    wakeup_give(is_out);
    return 0;
}

static int WSAAPI refusing_startup(WORD version, LPWSADATA data) {
    (void)version, (void)data;
    return WSAVERNOTSUPPORTED;
}

static int prepare(void) {
    sigaction(SIGSEGV, NULL, &before);
    nowhere = pages_create(0, PAGE_BYTES);
    let_out = wakeup_create();
    is_out = wakeup_create();
    faults_install();
    return 0;
}

static int restore(void) {
    pages_free((void *)(uintptr_t)nowhere, PAGE_BYTES);
    wakeup_destroy(let_out);
    wakeup_destroy(is_out);
    return sigaction(SIGSEGV, &before, NULL);
}

/* A process of the model whose `listen` is this. */
static struct native_executor *started(int(WSAAPI *listens)(SOCKET, int)) {
    struct native_executor *executor = memory_zeroed(sizeof *executor);
    functions = *windows_functions();
    if (listens != NULL) functions.listen = listens;
    CU_ASSERT_TRUE(native_executor_start(executor, &functions, 0, MAIN_THREAD, 0x0202));
    return executor;
}

static struct result call(struct native_executor *executor, unsigned thread, enum function function, uint64_t a,
                          uint64_t b, uint64_t c, unsigned limit_ms) {
    struct call call;
    struct result result;
    call_clear(&call);
    call.thread = (uint16_t)thread;
    call.function = (uint16_t)function;
    const uint64_t arguments[] = { a, b, c };
    memcpy(call.arguments, arguments, sizeof arguments);
    native_executor_call(executor, &call, limit_ms, &result);
    return result;
}

static void what_a_scenario_leaves_is_closed(void) {
    struct native_executor *executor = started(NULL);
    call(executor, MAIN_THREAD, FUNCTION_socket, AF_INET, SOCK_STREAM, IPPROTO_TCP, LIMIT_MS);
    call(executor, OTHER_THREAD, FUNCTION_CreateEventW, 0, 1, 0, LIMIT_MS);
    CU_ASSERT_EQUAL(executor->created_count, 2);
    CU_ASSERT_EQUAL(executor->startups, 1);
    CU_ASSERT_TRUE(native_executor_end(executor, false));
    CU_ASSERT_EQUAL(executor->created_count, 0);
    CU_ASSERT_FALSE(executor->tainted);
    free(executor);
}

/* A library that is loaded into every process and uses Winsock in it. */
static void starts_before_us(unsigned process, unsigned main_thread) {
    WSADATA data;
    windows_functions()->process_starts(process, main_thread);
    windows_functions()->enter(process, main_thread);
    windows_functions()->WSAStartup(0x0202, &data);
}

static unsigned cleanups;

static int WSAAPI counted_cleanup(void) {
    cleanups++;
    return windows_functions()->WSACleanup();
}

static void a_count_that_is_not_ours_is_left_alone(void) {
    struct native_executor *executor = memory_zeroed(sizeof *executor);
    functions = *windows_functions();
    functions.process_starts = starts_before_us;
    functions.WSACleanup = counted_cleanup;
    cleanups = 0;
    CU_ASSERT_TRUE(native_executor_start(executor, &functions, 0, MAIN_THREAD, 0x0202));
    CU_ASSERT_TRUE(executor->others_started);
    CU_ASSERT_TRUE(native_executor_end(executor, false));
    CU_ASSERT_EQUAL(cleanups, 1);
    CU_ASSERT_FALSE(executor->tainted);
    free(executor);
}

static void a_count_that_does_not_come_back_taints_the_process(void) {
    struct native_executor *executor = started(NULL);
    functions.WSACleanup = counted_cleanup;
    CU_ASSERT_FALSE(executor->others_started);
    executor->startups = 0; /* as if a call had initialised it unseen */
    CU_ASSERT_FALSE(native_executor_end(executor, false));
    CU_ASSERT_TRUE(executor->tainted);
    free(executor);
}

static void a_fault_is_an_answer_and_taints_the_process(void) {
    struct native_executor *executor = started(faulting_listen);
    struct result result = call(executor, MAIN_THREAD, FUNCTION_listen, 0x84, 5, 0, LIMIT_MS);
    CU_ASSERT_EQUAL(result.status, RESULT_FAULT);
    CU_ASSERT_EQUAL(result.error, 0xC0000005u);
    CU_ASSERT_TRUE(executor->tainted);
    result = call(executor, MAIN_THREAD, FUNCTION_WSAGetLastError, 0, 0, 0, LIMIT_MS);
    CU_ASSERT_EQUAL(result.status, RESULT_RETURNED); /* the scenario continues all the same */
    native_executor_end(executor, false);
    free(executor);
}

/* The error that the call returned with is no answer of Windows's. */
static void what_is_not_modelled_is_no_answer(void) {
    struct reason reason;
    struct native_executor *executor = started(NULL);
    struct result result = call(executor, MAIN_THREAD, FUNCTION_CreateIoCompletionPort, UINT64_MAX, 0, 0, LIMIT_MS);
    CU_ASSERT_EQUAL(result.status, RESULT_RETURNED);
    result = call(executor, MAIN_THREAD, FUNCTION_WaitForSingleObject, result.value, 0, 0, LIMIT_MS);
    CU_ASSERT_EQUAL(result.status, RESULT_NOT_MODELLED);
    executor_tell_not_modelled(&result, &reason);
    CU_ASSERT_STRING_EQUAL(reason.text, "not modelled: what WaitForSingleObject does here");
    result = call(executor, MAIN_THREAD, FUNCTION_SleepEx, 0, 0, 0, LIMIT_MS);
    CU_ASSERT_EQUAL(result.status, RESULT_RETURNED); /* about that call alone */
    CU_ASSERT_TRUE(native_executor_end(executor, false));
    free(executor);
}

static void a_thread_inside_a_call_takes_no_other(void) {
    struct native_executor *executor = started(NULL);
    CU_ASSERT_EQUAL(call(executor, OTHER_THREAD, FUNCTION_SleepEx, 100, 0, 0, 1).status, RESULT_BLOCKED);
    CU_ASSERT_EQUAL(call(executor, OTHER_THREAD, FUNCTION_SleepEx, 0, 0, 0, 1).status, RESULT_BROKEN);
    CU_ASSERT_STRING_EQUAL(executor->reason.text,
                           "a call was made on a thread that has not returned from its last one");
    CU_ASSERT_EQUAL(call(executor, MAIN_THREAD, FUNCTION_SleepEx, 0, 0, 0, LIMIT_MS).status, RESULT_RETURNED);
    struct result result;
    native_executor_returns(executor, OTHER_THREAD, LIMIT_MS, &result);
    CU_ASSERT_EQUAL(result.status, RESULT_RETURNED);
    CU_ASSERT_TRUE(native_executor_end(executor, false));
    free(executor);
}

/* A model's process can be ended beneath a parked call, which returns then. */
static void a_parked_call_ends_with_its_process(void) {
    struct native_executor *executor = started(NULL);
    CU_ASSERT_EQUAL(call(executor, OTHER_THREAD, FUNCTION_SleepEx, INFINITE, 0, 0, 1).status, RESULT_BLOCKED);
    CU_ASSERT_TRUE(native_executor_end(executor, true));
    free(executor);
}

/* There is no way to end a thread here: it runs on, with all that it may touch, and the process is not clean. */
static void a_thread_that_does_not_return_leaves_the_process_unclean(void) {
    struct native_executor *executor = started(endless_listen);
    CU_ASSERT_EQUAL(call(executor, OTHER_THREAD, FUNCTION_listen, 0x84, 5, 0, 1).status, RESULT_BLOCKED);
    CU_ASSERT_FALSE(native_executor_end(executor, false));
    CU_ASSERT_TRUE(executor->tainted);
    CU_ASSERT_STRING_EQUAL(executor->reason.text, "a thread of the scenario does not return");
    wakeup_give(let_out);
    CU_ASSERT_TRUE(wakeup_await(is_out, LIMIT_MS));
    given_up = executor;
}

static void a_startup_that_fails_says_so(void) {
    struct native_executor *executor = memory_zeroed(sizeof *executor);
    functions = *windows_functions();
    functions.WSAStartup = refusing_startup;
    CU_ASSERT_FALSE(native_executor_start(executor, &functions, 0, MAIN_THREAD, 0x0303));
    CU_ASSERT_STRING_EQUAL(executor->reason.text, "WSAStartup(0x0303) failed: 10092");
    CU_ASSERT_TRUE(native_executor_end(executor, false));
    free(executor);
}

void register_agent_executor_tests(void);

void register_agent_executor_tests(void) {
    CU_pSuite suite = CU_add_suite("agent: a scenario process", prepare, restore);
    CU_add_test(suite, "what a scenario leaves is closed", what_a_scenario_leaves_is_closed);
    CU_add_test(suite, "a count that is not ours is left alone", a_count_that_is_not_ours_is_left_alone);
    CU_add_test(suite, "a count that does not come back taints the process",
                a_count_that_does_not_come_back_taints_the_process);
    CU_add_test(suite, "a fault is an answer, and taints the process", a_fault_is_an_answer_and_taints_the_process);
    CU_add_test(suite, "what is not modelled is no answer", what_is_not_modelled_is_no_answer);
    CU_add_test(suite, "a thread inside a call takes no other", a_thread_inside_a_call_takes_no_other);
    CU_add_test(suite, "a parked call ends with its process", a_parked_call_ends_with_its_process);
    CU_add_test(suite, "a thread that does not return leaves the process unclean",
                a_thread_that_does_not_return_leaves_the_process_unclean);
    CU_add_test(suite, "a startup that fails says so", a_startup_that_fails_says_so);
}
