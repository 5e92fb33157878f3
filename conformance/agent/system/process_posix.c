#define _POSIX_C_SOURCE 200809L

#include "conformance/agent/system/process.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

/* The number at this place in AGENT_STARTED, from 0; 0 where there is none. */
static uint64_t given_by_test(unsigned place) {
    const char *text = getenv("AGENT_STARTED");
    char *rest = NULL;
    uint64_t number = text == NULL ? 0 : strtoull(text, &rest, 10);
    return text != NULL && place == 1 ? strtoull(rest, NULL, 10) : number;
}

uint32_t process_id(void) {
    uint64_t given = given_by_test(1);
    return given != 0 ? (uint32_t)given : (uint32_t)getpid();
}

static uint64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* As good as when it started: main() asks first. */
uint64_t process_started_ms(void) {
    static uint64_t started_ms;
    if (started_ms == 0) started_ms = given_by_test(0);
    if (started_ms == 0) started_ms = now_ms();
    return started_ms;
}

static void add_name(char word[MACHINE_WORD_MAX + 1]) {
    struct utsname names;
    size_t used = strlen(word);
    if (uname(&names) != 0) return;
    snprintf(word + used, MACHINE_WORD_MAX + 1 - used, "/%s", names.nodename);
    for (char *at = word; *at != '\0'; at++)
        if (*at <= ' ' || *at > '~') *at = '?';
}

void process_machine(char word[MACHINE_WORD_MAX + 1]) {
    FILE *file = fopen("/etc/machine-id", "rb");
    if (file == NULL || fscanf(file, "%64[0-9a-fA-F-]", word) != 1) strcpy(word, "unknown");
    if (file != NULL) fclose(file);
    add_name(word);
}

_Noreturn void process_end(int status) { _exit(status); }

/* One thread at a time: a stop that another thread asks for meanwhile would be lost. raise() sends it to this thread,
 * which therefore goes no further. */
void process_may_die(void) {
    static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
    static unsigned long places;
    const char *dies_at = getenv("AGENT_DIES_AT"), *stops = getenv("AGENT_STOPS");
    if (dies_at == NULL && stops == NULL) return;
    pthread_mutex_lock(&one_at_a_time);
    places++;
    if (stops != NULL) raise(SIGSTOP);
    if (dies_at != NULL && places == strtoul(dies_at, NULL, 10)) raise(SIGKILL);
    pthread_mutex_unlock(&one_at_a_time);
}

static void (*on_interrupt)(void);

static sigset_t interrupting_signals(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    return signals;
}

static void *await_interrupt(void *unused) {
    const sigset_t signals = interrupting_signals();
    int number = 0;
    (void)unused;
    if (sigwait(&signals, &number) != 0) return NULL;
    on_interrupt();
    signal(number, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
    kill(getpid(), number);
    return NULL;
}

/* Threads that begin from now on inherit the mask: only that one sees the signals. */
void process_on_interrupt(void (*act)(void)) {
    const sigset_t signals = interrupting_signals();
    pthread_t thread;
    on_interrupt = act;
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    int error = pthread_create(&thread, NULL, await_interrupt, NULL);
    assert(error == 0);
    (void)error;
    pthread_detach(thread);
}
