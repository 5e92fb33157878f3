#include "conformance/agent/system/windows_headers.h"

#include "conformance/agent/system/faults.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>

static __thread struct fault_guard *innermost_guard;

/* The head of the thread's list of exception frames, the first word of its information block, which gs names. 64-bit
 * Windows keeps none there; Wine's own libraries do, and those of a call that was cut off must not stay. */
static void *frames_now(void) {
    void *frames;
    __asm__ volatile("movq %%gs:0, %0" : "=r"(frames));
    return frames;
}

static void frames_restore(void *frames) { __asm__ volatile("movq %0, %%gs:0" : : "r"(frames) : "memory"); }

static void end_process(DWORD code) {
    fprintf(stderr, "agent: exception 0x%08lx outside a call\n", code);
    fflush(stderr);
    TerminateProcess(GetCurrentProcess(), FAULTS_EXIT_STATUS);
}

static LONG WINAPI handle_exception(EXCEPTION_POINTERS *exception) {
    assert(exception != NULL);
    DWORD code = exception->ExceptionRecord->ExceptionCode;
    struct fault_guard *guard = innermost_guard;
    if (guard == NULL) {
        end_process(code);
        return EXCEPTION_EXECUTE_HANDLER;
    }
    innermost_guard = guard->outer;
    guard->code = code;
    frames_restore(guard->frames);
    __builtin_longjmp(guard->context, 1);
}

/* This C library's abort() leaves with status 3 in the middle of a call; newer ones raise this. */
static void on_abort(int number) {
    enum { FAIL_FAST = 0xC0000409 };
    (void)number;
    RaiseException((DWORD)FAIL_FAST, EXCEPTION_NONCONTINUABLE, 0, NULL);
}

void faults_install(void) {
    signal(SIGABRT, on_abort);
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
    SetUnhandledExceptionFilter(handle_exception);
}

void faults_raise(uint32_t code) { RaiseException(code, 0, 0, NULL); }

void faults_arm(struct fault_guard *guard) {
    assert(guard != NULL);
    assert(innermost_guard != guard);
    guard->code = 0;
    guard->frames = frames_now();
    guard->outer = innermost_guard;
    innermost_guard = guard;
}

void faults_disarm(struct fault_guard *guard) {
    assert(guard != NULL);
    assert(innermost_guard == guard);
    innermost_guard = guard->outer;
}
