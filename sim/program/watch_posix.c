#define _DEFAULT_SOURCE

#include "sim/program/watch.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>

#include "sim/program/stop.h"

static const struct watched *watched;
static unsigned limit_seconds;
static volatile unsigned calls, calls_seen, seconds;

void watch_call(void) { calls++; }

static void look(int signal_number) {
    (void)signal_number;
    if (calls != calls_seen || !watched->others_live()) seconds = 0;
    calls_seen = calls;
    if (++seconds <= limit_seconds) return;
    stop(STOP_LOOP,
         "%s has run for %u seconds without a call, and other threads wait for their turn. Threads take turns at calls:"
         " a loop that waits for another thread has to call something (Sleep, YieldProcessor, an Interlocked function)",
         watched->runs(), limit_seconds);
}

static void fault(int signal_number, siginfo_t *info, void *context) {
    (void)context;
    const char *thread = watched->stack_of((uintptr_t)info->si_addr);
    if (thread != NULL) stop(STOP_STACK, "%s has used up its stack", thread);
    signal(signal_number, SIG_DFL); /* the program's own fault: once more, and the system does what it does */
}

/* Sets a handler where the program has none. */
static void handle(int signal_number, const struct sigaction *action) {
    struct sigaction before;
    if (sigaction(signal_number, NULL, &before) != 0) return;
    bool has_own = (before.sa_flags & SA_SIGINFO) != 0 || before.sa_handler != SIG_DFL;
    if (!has_own) sigaction(signal_number, action, NULL);
}

void watch_begin(const struct watched *watch, unsigned loop_seconds) {
    static uint8_t stack[65536];
    stack_t other = { .ss_sp = stack, .ss_size = sizeof stack };
    struct sigaction action = { .sa_sigaction = fault, .sa_flags = SA_SIGINFO | SA_ONSTACK };
    watched = watch;
    limit_seconds = loop_seconds;
    if (sigaltstack(&other, NULL) == 0) {
        handle(SIGSEGV, &action);
        handle(SIGBUS, &action);
    }
    if (loop_seconds == 0) return;
    struct sigaction tick = { .sa_handler = look, .sa_flags = SA_RESTART | SA_ONSTACK };
    const struct itimerval each_second = { .it_interval = { .tv_sec = 1 }, .it_value = { .tv_sec = 1 } };
    handle(SIGVTALRM, &tick);
    setitimer(ITIMER_VIRTUAL, &each_second, NULL);
}
