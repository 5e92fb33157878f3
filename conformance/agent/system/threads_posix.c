#define _POSIX_C_SOURCE 200809L

#include "conformance/agent/system/threads.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "conformance/base/memory.h"

struct monitor {
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

struct wakeup {
    struct monitor monitor;
    bool given;
};

struct thread {
    pthread_t id;
    void (*main)(void *);
    void *argument;
    struct wakeup ended;
};

/* --- waiting ------------------------------------------------------------------------------------------------------ */

static void initialise(struct monitor *monitor) {
    pthread_condattr_t attributes;
    pthread_mutex_init(&monitor->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&monitor->changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

static struct timespec end_of(uint32_t limit_ms) {
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += (time_t)(limit_ms / 1000);
    end.tv_nsec += (long)(limit_ms % 1000) * 1000000;
    if (end.tv_nsec >= 1000000000) {
        end.tv_nsec -= 1000000000;
        end.tv_sec++;
    }
    return end;
}

/* False when the end has come. */
static bool wait_until(struct monitor *monitor, uint32_t limit_ms, const struct timespec *end) {
    int error = limit_ms == NO_LIMIT ? pthread_cond_wait(&monitor->changed, &monitor->lock)
                                     : pthread_cond_timedwait(&monitor->changed, &monitor->lock, end);
    assert(error == 0 || error == ETIMEDOUT);
    return error == 0;
}

struct monitor *monitor_create(void) {
    struct monitor *monitor = memory_zeroed(sizeof *monitor);
    initialise(monitor);
    return monitor;
}

void monitor_enter(struct monitor *monitor) { pthread_mutex_lock(&monitor->lock); }
void monitor_leave(struct monitor *monitor) { pthread_mutex_unlock(&monitor->lock); }
void monitor_wake_all(struct monitor *monitor) { pthread_cond_broadcast(&monitor->changed); }

void monitor_wait(struct monitor *monitor, uint32_t limit_ms) {
    const struct timespec end = end_of(limit_ms == NO_LIMIT ? 0 : limit_ms);
    wait_until(monitor, limit_ms, &end);
}

struct wakeup *wakeup_create(void) {
    struct wakeup *wakeup = memory_zeroed(sizeof *wakeup);
    initialise(&wakeup->monitor);
    return wakeup;
}

static void finalise(struct wakeup *wakeup) {
    pthread_cond_destroy(&wakeup->monitor.changed);
    pthread_mutex_destroy(&wakeup->monitor.lock);
}

void wakeup_destroy(struct wakeup *wakeup) {
    finalise(wakeup);
    free(wakeup);
}

void wakeup_give(struct wakeup *wakeup) {
    monitor_enter(&wakeup->monitor);
    wakeup->given = true;
    monitor_wake_all(&wakeup->monitor); /* under the lock: who awaits may destroy it as soon as that is free */
    monitor_leave(&wakeup->monitor);
}

bool wakeup_await(struct wakeup *wakeup, uint32_t limit_ms) {
    const struct timespec end = end_of(limit_ms == NO_LIMIT ? 0 : limit_ms);
    monitor_enter(&wakeup->monitor);
    bool waits = true;
    while (!wakeup->given && waits) waits = wait_until(&wakeup->monitor, limit_ms, &end);
    bool given = wakeup->given;
    wakeup->given = false;
    monitor_leave(&wakeup->monitor);
    return given;
}

/* --- threads ------------------------------------------------------------------------------------------------------ */

static void *thread_main(void *parameter) {
    struct thread *thread = parameter;
    thread->main(thread->argument);
    wakeup_give(&thread->ended);
    return NULL;
}

struct thread *thread_begin(void (*main)(void *), void *argument) {
    struct thread *thread = memory_zeroed(sizeof *thread);
    thread->main = main;
    thread->argument = argument;
    initialise(&thread->ended.monitor);
    int error = pthread_create(&thread->id, NULL, thread_main, thread);
    assert(error == 0);
    (void)error;
    return thread;
}

bool thread_join(struct thread *thread, uint32_t limit_ms) {
    if (!wakeup_await(&thread->ended, limit_ms)) return false;
    pthread_join(thread->id, NULL);
    finalise(&thread->ended);
    free(thread);
    return true;
}

/* There is no way to end a thread: it keeps its own memory, this one too. */
void thread_abandon(struct thread *thread) { pthread_detach(thread->id); }

uint64_t thread_handle(const struct thread *thread) {
    (void)thread;
    return 0;
}

void thread_wake(struct thread *thread) { (void)thread; /* no wait here is alertable */ }

/* --- time --------------------------------------------------------------------------------------------------------- */

uint64_t clock_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t clock_ms(void) { return clock_ns() / 1000000u; }

void sleep_ms(uint32_t milliseconds) {
    struct timespec left = { .tv_sec = (time_t)(milliseconds / 1000),
                             .tv_nsec = (long)(milliseconds % 1000) * 1000000 };
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}

/* --- the end of a thread ------------------------------------------------------------------------------------------ */

static __thread struct {
    void (*function)(void *);
    void *argument;
} at_end;
static pthread_key_t end_key;

static void call_at_end(void *unused) {
    (void)unused;
    at_end.function(at_end.argument);
}

static void make_end_key(void) {
    int error = pthread_key_create(&end_key, call_at_end);
    assert(error == 0);
    (void)error;
}

void thread_at_end(void (*function)(void *), void *argument) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    assert(function != NULL);
    pthread_once(&once, make_end_key);
    at_end.function = function;
    at_end.argument = argument;
    pthread_setspecific(end_key, &at_end); /* anything but NULL */
}
