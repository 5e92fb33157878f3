#define _POSIX_C_SOURCE 200809L

#include "conformance/agent/system/faults.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static __thread struct fault_guard *innermost_guard;

/* A signal that a call may raise, and the exception that it would be on Windows. */
static const struct {
    int signal;
    uint32_t code;
} exceptions[] = {
    { SIGSEGV, 0xC0000005u }, /* EXCEPTION_ACCESS_VIOLATION */
    { SIGBUS, 0xC0000006u },  /* EXCEPTION_IN_PAGE_ERROR */
    { SIGILL, 0xC000001Du },  /* EXCEPTION_ILLEGAL_INSTRUCTION */
    { SIGABRT, 0xC0000409u }, /* what abort() raises there */
    { SIGFPE, 0xC0000094u },  /* EXCEPTION_INT_DIVIDE_BY_ZERO */
};

enum { EXCEPTIONS_COUNT = sizeof exceptions / sizeof exceptions[0] };

static uint32_t code_of(int number) {
    for (unsigned i = 0; i < EXCEPTIONS_COUNT; i++)
        if (exceptions[i].signal == number) return exceptions[i].code;
    return 0;
}

/* The signal may come again: it is not blocked meanwhile. */
static void handle_exception(int number) {
    struct fault_guard *guard = innermost_guard;
    if (guard != NULL) {
        innermost_guard = guard->outer;
        guard->code = code_of(number);
        __builtin_longjmp(guard->context, 1);
    }
    char line[64];
    int length =
        snprintf(line, sizeof line, "agent: exception 0x%08lx outside a call\n", (unsigned long)code_of(number));
    if (write(STDERR_FILENO, line, (size_t)length) != length) _exit(FAULTS_EXIT_STATUS);
    _exit(FAULTS_EXIT_STATUS);
}

void faults_install(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handle_exception;
    action.sa_flags = SA_NODEFER;
    for (unsigned i = 0; i < EXCEPTIONS_COUNT; i++) sigaction(exceptions[i].signal, &action, NULL);
}

void faults_raise(uint32_t code) {
    int number = SIGSEGV;
    for (unsigned i = 0; i < EXCEPTIONS_COUNT; i++)
        if (exceptions[i].code == code) number = exceptions[i].signal;
    (void)raise(number);
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
