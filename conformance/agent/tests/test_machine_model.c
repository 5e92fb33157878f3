/* The model as a machine of real threads: what a thread gets whose process is gone, routines in another's name, and
 * what is not modelled. */
#include "conformance/agent/system/windows_headers.h"

#include <CUnit/CUnit.h>
#include <signal.h>
#include <string.h>

#include "conformance/agent/functions.h"
#include "conformance/agent/machine_model.h"
#include "conformance/agent/system/faults.h"
#include "conformance/agent/system/threads.h"
#include "stack/call/signature.h"

enum { MAIN_THREAD = 0, OTHER_THREAD = 1, LIMIT_MS = 5000, TURN_MS = 2, HOUR_MS = 3600000 };

static unsigned routines_run;

static void CALLBACK count_routine(DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags) {
    (void)error, (void)bytes, (void)overlapped, (void)flags;
    routines_run++;
}

static uint64_t ask(enum function function, uint64_t a, uint64_t b, uint64_t c) {
    struct call call;
    call_clear(&call);
    call.function = (uint16_t)function;
    const uint64_t arguments[] = { a, b, c };
    memcpy(call.arguments, arguments, sizeof arguments);
    return machine_model_call(&call);
}

static void start_process(void) {
    machine_model_process_starts(0, MAIN_THREAD);
    machine_model_enter(0, MAIN_THREAD);
    routines_run = 0;
    (void)machine_model_not_modelled();
}

/* GetQueuedCompletionStatus that returned 1 here was a packet at NULL to whoever asked it. */
static void a_call_of_a_process_that_is_gone_fails_as_its_function_does(void) {
    start_process();
    machine_model_process_ends(0);
    CU_ASSERT_EQUAL(ask(FUNCTION_GetQueuedCompletionStatus, 4, 0, 0), FALSE);
    CU_ASSERT_EQUAL(GetLastError(), WSA_OPERATION_ABORTED);
    CU_ASSERT_EQUAL(ask(FUNCTION_CreateEventW, 0, 1, 0), 0);
    CU_ASSERT_EQUAL(ask(FUNCTION_socket, AF_INET, SOCK_STREAM, IPPROTO_TCP), UINT64_MAX);
    CU_ASSERT_EQUAL(ask(FUNCTION_closesocket, 4, 0, 0), UINT64_MAX);
    CU_ASSERT_EQUAL(ask(FUNCTION_CreatePersistentTcpPortReservation, 0, 1, 0), WSA_OPERATION_ABORTED);
}

static void queue_to(unsigned thread) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_QueueUserAPC;
    call.arguments[QueueUserAPC_pfnAPC] = (uint64_t)(uintptr_t)count_routine;
    call.ranges[QueueUserAPC_pfnAPC].address = call.arguments[QueueUserAPC_pfnAPC];
    call.ranges[QueueUserAPC_pfnAPC].length = 1;
    call.ranges[QueueUserAPC_pfnAPC].state = RANGE_GOOD;
    call.arguments[QueueUserAPC_hThread] = THREAD_HANDLE_FIRST + (uint64_t)thread;
    CU_ASSERT_NOT_EQUAL(machine_model_call(&call), 0);
}

static void sleep_long(void *started) {
    machine_model_enter(0, OTHER_THREAD);
    wakeup_give(started);
    CU_ASSERT_EQUAL(ask(FUNCTION_SleepEx, HOUR_MS, FALSE, 0), UINT64_MAX);
    CU_ASSERT_EQUAL(GetLastError(), WSA_OPERATION_ABORTED);
}

/* The thread is inside a call: no other may make one in its name, so what is due waits. */
static void routines_of_a_thread_inside_a_call_wait(void) {
    start_process();
    struct wakeup *started = wakeup_create();
    struct thread *sleeper = thread_begin(sleep_long, started);
    CU_ASSERT_TRUE(wakeup_await(started, LIMIT_MS));
    while (machine_model_quiescent()) sleep_ms(TURN_MS); /* until its sleep, which has an end, has begun */
    queue_to(OTHER_THREAD);
    for (int i = 0; i < 20; i++, sleep_ms(TURN_MS)) machine_model_run_routines(OTHER_THREAD);
    machine_model_process_ends(0);
    CU_ASSERT_TRUE(thread_join(sleeper, LIMIT_MS));
    CU_ASSERT_EQUAL(routines_run, 0);
    wakeup_destroy(started);
}

static void routines_of_a_thread_run_once_on_whoever_asks(void) {
    start_process();
    queue_to(MAIN_THREAD);
    machine_model_run_routines(MAIN_THREAD);
    CU_ASSERT_EQUAL(routines_run, 1);
    machine_model_run_routines(MAIN_THREAD);
    CU_ASSERT_EQUAL(routines_run, 1);
    machine_model_process_ends(0);
}

/* It does not start again by being asked for. */
static void a_thread_that_has_ended_runs_no_routine(void) {
    start_process();
    machine_model_enter(0, OTHER_THREAD);
    queue_to(OTHER_THREAD);
    machine_model_enter(0, MAIN_THREAD);
    machine_model_thread_ends(OTHER_THREAD);
    machine_model_run_routines(OTHER_THREAD);
    CU_ASSERT_EQUAL(routines_run, 0);
    machine_model_process_ends(0);
}

/* Each of the model's processes has one, which no scenario's thread is. */
static void own_threads_are_none_of_a_scenario_s(void) {
    start_process();
    for (unsigned i = 0; i <= AGENT_PROCESS; i++) {
        CU_ASSERT_TRUE(machine_model_own_thread(i) > AGENT_THREAD);
        for (unsigned j = 0; j < i; j++) CU_ASSERT_NOT_EQUAL(machine_model_own_thread(i), machine_model_own_thread(j));
    }
    machine_model_enter(0, machine_model_own_thread(0));
    uint64_t port = ask(FUNCTION_CreateIoCompletionPort, UINT64_MAX, 0, 0);
    CU_ASSERT_NOT_EQUAL(port, 0);
    machine_model_enter(0, MAIN_THREAD);
    CU_ASSERT_EQUAL(ask(FUNCTION_CloseHandle, port, 0, 0), TRUE);
    machine_model_process_ends(0);
}

/* Said once, to the thread that asked for it. */
static void what_is_not_modelled_is_said_once(void) {
    start_process();
    uint64_t port = ask(FUNCTION_CreateIoCompletionPort, UINT64_MAX, 0, 0);
    CU_ASSERT_PTR_NULL(machine_model_not_modelled());
    CU_ASSERT_EQUAL((uint32_t)ask(FUNCTION_WaitForSingleObject, port, 0, 0), WAIT_FAILED);
    CU_ASSERT_EQUAL(GetLastError(), WSAEOPNOTSUPP);
    const char *what = machine_model_not_modelled();
    CU_ASSERT_PTR_NOT_NULL_FATAL(what);
    CU_ASSERT_STRING_EQUAL(what, "what WaitForSingleObject does here");
    CU_ASSERT_PTR_NULL(machine_model_not_modelled());
    machine_model_say_not_modelled("WSPSelect");
    CU_ASSERT_STRING_EQUAL(machine_model_not_modelled(), "WSPSelect");
    machine_model_process_ends(0);
}

/* GetOverlappedResult without an OVERLAPPED: on Windows the caller's own thread looks at it. */
static void an_exception_is_raised_on_the_calling_thread(void) {
    static struct fault_guard guard;
    start_process();
    void (*before)(int) = signal(SIGSEGV, SIG_DFL);
    faults_install();
    if (FAULTS_GUARDED(&guard)) {
        ask(FUNCTION_GetOverlappedResult, 4, 0, 0);
        faults_disarm(&guard);
        CU_FAIL("the call returned");
    } else {
        CU_ASSERT_EQUAL(guard.code, STATUS_ACCESS_VIOLATION);
    }
    (void)signal(SIGSEGV, before);
    CU_ASSERT_NOT_EQUAL(ask(FUNCTION_CreateEventW, 0, 1, 0), 0); /* the machine is free for the next call */
    machine_model_process_ends(0);
}

void register_machine_model_tests(void);

void register_machine_model_tests(void) {
    CU_pSuite suite = CU_add_suite("agent: the model as a machine", NULL, NULL);
    CU_add_test(suite, "a call of a process that is gone fails as its function does",
                a_call_of_a_process_that_is_gone_fails_as_its_function_does);
    CU_add_test(suite, "routines of a thread inside a call wait", routines_of_a_thread_inside_a_call_wait);
    CU_add_test(suite, "routines of a thread run once, on whoever asks", routines_of_a_thread_run_once_on_whoever_asks);
    CU_add_test(suite, "a thread that has ended runs no routine", a_thread_that_has_ended_runs_no_routine);
    CU_add_test(suite, "own threads are none of a scenario's", own_threads_are_none_of_a_scenario_s);
    CU_add_test(suite, "an exception is raised on the calling thread", an_exception_is_raised_on_the_calling_thread);
    CU_add_test(suite, "what is not modelled is said once", what_is_not_modelled_is_said_once);
}
