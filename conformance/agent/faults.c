#include "conformance/agent/windows_headers.h"

#include "conformance/agent/faults.h"

#include <assert.h>
#include <stdio.h>

static __thread struct fault_guard *innermost_guard;

static BOOL is_failure(DWORD code) {
    enum { STUB_CALLED = (int)0x80000100 };
    return (code & 0xC0000000u) == 0xC0000000u || code == (DWORD)STUB_CALLED;
}

static LONG CALLBACK handle_exception(EXCEPTION_POINTERS *exception) {
    assert(exception != NULL);
    DWORD code = exception->ExceptionRecord->ExceptionCode;
    struct fault_guard *guard = innermost_guard;
    if (guard == NULL || !is_failure(code)) return EXCEPTION_CONTINUE_SEARCH;
    innermost_guard = guard->outer;
    guard->code = code;
    __builtin_longjmp(guard->context, 1);
}

static LONG CALLBACK end_process(EXCEPTION_POINTERS *exception) {
    assert(exception != NULL);
    fprintf(stderr, "agent: exception 0x%08lx outside a call\n", exception->ExceptionRecord->ExceptionCode);
    fflush(stderr);
    TerminateProcess(GetCurrentProcess(), FAULTS_EXIT_STATUS);
    return EXCEPTION_EXECUTE_HANDLER;
}

void faults_install(void) {
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
    void *handler = AddVectoredExceptionHandler(1, handle_exception);
    assert(handler != NULL);
    (void)handler;
    SetUnhandledExceptionFilter(end_process);
}

void faults_arm(struct fault_guard *guard) {
    assert(guard != NULL);
    assert(innermost_guard != guard);
    guard->code = 0;
    guard->outer = innermost_guard;
    innermost_guard = guard;
}

void faults_disarm(struct fault_guard *guard) {
    assert(guard != NULL);
    assert(innermost_guard == guard);
    innermost_guard = guard->outer;
}
