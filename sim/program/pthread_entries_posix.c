/* The C++ library's threads: std::thread, std::mutex and their kin come down to these functions of the C library, which
 * a program of the model takes from here, so that they are threads that take turns as well. Time is the model's.
 *
 * A mutex and a lock for readers lie in their own memory, of which the first numbers are used as said below; one that
 * is all zero is free, as the C library has it. */
#define _GNU_SOURCE /* pthread_cond_clockwait */

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/program/machine.h"
#include "sim/program/stop.h"
#include "sim/program/threads.h"

enum { NANOSECONDS_PER_SECOND = 1000000000, NANOSECONDS_PER_MILLISECOND = 1000000 };

/* --- time --------------------------------------------------------------------------------------------------------- */

#define UP_SECONDS 3600      /* since the machine started */
#define BEGINNING 1704067200 /* 1 January 2024, 0:00 */

int clock_gettime(clockid_t clock, struct timespec *now) {
    threads_enter();
    uint64_t now_ns = machine_world()->now_ns;
    bool is_calendar = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
    now->tv_sec = (time_t)(now_ns / NANOSECONDS_PER_SECOND) + (is_calendar ? BEGINNING : UP_SECONDS);
    now->tv_nsec = (long)(now_ns % NANOSECONDS_PER_SECOND);
    return 0;
}

static uint32_t milliseconds(int64_t nanoseconds) {
    int64_t rounded = (nanoseconds + NANOSECONDS_PER_MILLISECOND - 1) / NANOSECONDS_PER_MILLISECOND;
    if (nanoseconds <= 0) return 0;
    return rounded < WAIT_WITHOUT_LIMIT ? (uint32_t)rounded : WAIT_WITHOUT_LIMIT - 1;
}

/* From now until this moment of a clock. */
static uint32_t milliseconds_until(clockid_t clock, const struct timespec *when) {
    struct timespec now;
    clock_gettime(clock, &now);
    int64_t seconds = when->tv_sec - now.tv_sec;
    if (seconds > WAIT_WITHOUT_LIMIT / 1000) return WAIT_WITHOUT_LIMIT - 1;
    return milliseconds(seconds * NANOSECONDS_PER_SECOND + when->tv_nsec - now.tv_nsec);
}

static void sleep_for(uint32_t limit_ms) {
    const struct thread_wait wait = { .limit_ms = limit_ms, .text = "sleeps" };
    threads_enter();
    (void)thread_wait(&wait);
}

int nanosleep(const struct timespec *time, struct timespec *left) {
    sleep_for(milliseconds((int64_t)time->tv_sec * NANOSECONDS_PER_SECOND + time->tv_nsec));
    if (left != NULL) *left = (struct timespec){ 0, 0 };
    return 0;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time, struct timespec *left) {
    if ((flags & TIMER_ABSTIME) == 0) return nanosleep(time, left);
    sleep_for(milliseconds_until(clock, time));
    return 0;
}

int sched_yield(void) {
    threads_enter();
    thread_poll();
    return 0;
}

/* --- threads ------------------------------------------------------------------------------------------------------ */

struct started {
    void *(*routine)(void *argument);
    void *argument, *result;
};

static struct started started[PROGRAM_THREADS_MAX];

/* The number of a thread from pthread_create: none of the system's own are so small. */
static pthread_t name_of(unsigned thread) { return (pthread_t)thread + 1; }
static unsigned thread_of(pthread_t name) { return (unsigned)(name - 1); }

static uint32_t run(void *context) {
    struct started *start = context;
    start->result = start->routine(start->argument);
    return 0;
}

int pthread_create(pthread_t *name, const pthread_attr_t *attributes, void *(*routine)(void *argument),
                   void *argument) {
    size_t stack = 0;
    int detached = PTHREAD_CREATE_JOINABLE;
    threads_enter();
    if (attributes != NULL) pthread_attr_getstacksize(attributes, &stack);
    if (attributes != NULL) pthread_attr_getdetachstate(attributes, &detached);
    struct started *row = NULL;
    int thread = thread_create(run, NULL, stack, true);
    if (thread < 0) return EAGAIN;
    row = &started[thread];
    *row = (struct started){ .routine = routine, .argument = argument };
    thread_set_parameter((unsigned)thread, row);
    thread_continue((unsigned)thread);
    *name = name_of((unsigned)thread);
    if (detached == PTHREAD_CREATE_DETACHED) thread_give_back((unsigned)thread);
    return 0;
}

static bool has_ended(void *context) { return thread_has_ended(*(const unsigned *)context, NULL); }

int pthread_join(pthread_t name, void **result) {
    unsigned thread = thread_of(name);
    if (thread >= PROGRAM_THREADS_MAX)
        stop_not_modelled("pthread_join", "a thread that was not made by pthread_create");
    const struct thread_wait wait = { .is_over = has_ended,
                                      .context = &thread,
                                      .limit_ms = WAIT_WITHOUT_LIMIT,
                                      .text = "waits for the end of a thread" };
    threads_enter();
    (void)thread_wait(&wait);
    if (result != NULL) *result = started[thread].result;
    thread_give_back(thread);
    return 0;
}

int pthread_detach(pthread_t name) {
    threads_enter();
    thread_give_back(thread_of(name));
    return 0;
}

pthread_t pthread_self(void) { return name_of(thread_current()); }

/* --- a mutex: [0] 1 while it is locked, [1] how often, [2] by whom ------------------------------------------------ */

enum { LOCKED, TIMES, OWNER };

static int *numbers(pthread_mutex_t *mutex) { return (int *)(void *)mutex; }
static bool is_free(void *context) { return numbers(context)[LOCKED] == 0; }

int pthread_mutex_trylock(pthread_mutex_t *mutex) {
    int *all = numbers(mutex), self = (int)thread_current() + 1;
    bool is_recursive = mutex->__data.__kind == PTHREAD_MUTEX_RECURSIVE;
    if (all[LOCKED] != 0 && !(is_recursive && all[OWNER] == self)) return EBUSY;
    all[LOCKED] = 1;
    all[TIMES]++;
    all[OWNER] = self;
    return 0;
}

static int lock_within(pthread_mutex_t *mutex, uint32_t limit_ms) {
    const struct thread_wait wait = {
        .is_over = is_free, .context = mutex, .limit_ms = limit_ms, .text = "waits for a mutex"
    };
    while (pthread_mutex_trylock(mutex) != 0) {
        threads_enter();
        if (thread_wait(&wait) == WAIT_TIMED_OUT) return ETIMEDOUT;
    }
    return 0;
}

int pthread_mutex_lock(pthread_mutex_t *mutex) { return lock_within(mutex, WAIT_WITHOUT_LIMIT); }

int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until) {
    return lock_within(mutex, milliseconds_until(clock, until));
}

int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until) {
    return pthread_mutex_clocklock(mutex, CLOCK_REALTIME, until);
}

int pthread_mutex_unlock(pthread_mutex_t *mutex) {
    int *all = numbers(mutex);
    if (all[TIMES] > 0 && --all[TIMES] > 0) return 0;
    all[LOCKED] = all[OWNER] = 0;
    return 0;
}

/* --- a condition: who waits for it is in a list ------------------------------------------------------------------- */

struct waiter {
    pthread_cond_t *condition;
    struct waiter *next;
    bool woken;
};

static struct waiter *waiters; /* in the order in which they began to wait */

static bool is_woken(void *context) { return ((const struct waiter *)context)->woken; }

static int wait_within(pthread_cond_t *condition, pthread_mutex_t *mutex, uint32_t limit_ms) {
    struct waiter self = { .condition = condition }, **place = &waiters;
    const struct thread_wait wait = {
        .is_over = is_woken, .context = &self, .limit_ms = limit_ms, .text = "waits for a condition"
    };
    threads_enter();
    while (*place != NULL) place = &(*place)->next;
    *place = &self;
    pthread_mutex_unlock(mutex);
    bool came = thread_wait(&wait) == WAIT_CAME;
    for (place = &waiters; *place != &self;) place = &(*place)->next;
    *place = self.next;
    pthread_mutex_lock(mutex);
    return came ? 0 : ETIMEDOUT;
}

int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex) {
    return wait_within(condition, mutex, WAIT_WITHOUT_LIMIT);
}

int pthread_cond_clockwait(pthread_cond_t *condition, pthread_mutex_t *mutex, clockid_t clock,
                           const struct timespec *until) {
    return wait_within(condition, mutex, milliseconds_until(clock, until));
}

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until) {
    return pthread_cond_clockwait(condition, mutex, CLOCK_REALTIME, until);
}

static int wake(const pthread_cond_t *condition, bool all) {
    for (struct waiter *waiter = waiters; waiter != NULL; waiter = waiter->next) {
        if (waiter->condition != condition || waiter->woken) continue;
        waiter->woken = true;
        if (!all) break;
    }
    return 0;
}

int pthread_cond_signal(pthread_cond_t *condition) { return wake(condition, false); }
int pthread_cond_broadcast(pthread_cond_t *condition) { return wake(condition, true); }

/* --- a lock for readers: [0] -1 while one thread writes, else how many read --------------------------------------- */

static int *readers(pthread_rwlock_t *lock) { return (int *)(void *)lock; }
static bool can_be_written(void *context) { return *readers(context) == 0; }
static bool can_be_read(void *context) { return *readers(context) >= 0; }

int pthread_rwlock_trywrlock(pthread_rwlock_t *lock) {
    if (!can_be_written(lock)) return EBUSY;
    *readers(lock) = -1;
    return 0;
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock) {
    if (!can_be_read(lock)) return EBUSY;
    ++*readers(lock);
    return 0;
}

static void wait_for_lock(pthread_rwlock_t *lock, bool (*is_over)(void *context), const char *text) {
    const struct thread_wait wait = {
        .is_over = is_over, .context = lock, .limit_ms = WAIT_WITHOUT_LIMIT, .text = text
    };
    threads_enter();
    (void)thread_wait(&wait);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock) {
    while (pthread_rwlock_trywrlock(lock) != 0) wait_for_lock(lock, can_be_written, "waits to write under a lock");
    return 0;
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock) {
    while (pthread_rwlock_tryrdlock(lock) != 0) wait_for_lock(lock, can_be_read, "waits to read under a lock");
    return 0;
}

int pthread_rwlock_unlock(pthread_rwlock_t *lock) {
    *readers(lock) -= *readers(lock) < 0 ? -1 : 1;
    return 0;
}

/* --- std::future: a number that changes when it is there (what libstdc++ calls from its templates) ---------------- */

/* A member of std::__atomic_futex_unsigned_base with these parameters, as the C++ ABI spells it. */
#define FUTURE_NAME(member) \
    "_ZNSt28__atomic_futex_unsigned_base" member "EPjjbNSt6chrono8durationIlSt5ratioILl1ELl1EEEENS2_IlS3_" \
    "ILl1ELl1000000000EEEE"

struct watched {
    const volatile unsigned *number;
    unsigned value;
};

static bool has_changed(void *context) {
    const struct watched *watched = context;
    return *watched->number != watched->value;
}

/* False: the moment of that clock has come. */
static bool wait_for_change(clockid_t clock, const unsigned *number, unsigned value, bool limited, int64_t seconds,
                            int64_t nanoseconds) {
    struct watched watched = { number, value };
    const struct timespec moment = { .tv_sec = seconds, .tv_nsec = nanoseconds };
    const struct thread_wait wait = { .is_over = has_changed,
                                      .context = &watched,
                                      .limit_ms = limited ? milliseconds_until(clock, &moment) : WAIT_WITHOUT_LIMIT,
                                      .text = "waits for a std::future" };
    threads_enter();
    return thread_wait(&wait) != WAIT_TIMED_OUT;
}

bool reservoir_future_wait(void *self, unsigned *number, unsigned value, bool limited, int64_t seconds,
                           int64_t nanoseconds) __asm__(FUTURE_NAME("19_M_futex_wait_until"));
bool reservoir_future_wait(void *self, unsigned *number, unsigned value, bool limited, int64_t seconds,
                           int64_t nanoseconds) {
    (void)self;
    return wait_for_change(CLOCK_REALTIME, number, value, limited, seconds, nanoseconds);
}

bool reservoir_future_wait_steady(void *self, unsigned *number, unsigned value, bool limited, int64_t seconds,
                                  int64_t nanoseconds) __asm__(FUTURE_NAME("26_M_futex_wait_until_steady"));
bool reservoir_future_wait_steady(void *self, unsigned *number, unsigned value, bool limited, int64_t seconds,
                                  int64_t nanoseconds) {
    (void)self;
    return wait_for_change(CLOCK_MONOTONIC, number, value, limited, seconds, nanoseconds);
}

/* Whoever waits looks for himself. */
void reservoir_future_notify(unsigned *number) __asm__("_ZNSt28__atomic_futex_unsigned_base19_M_futex_notify_allEPj");
void reservoir_future_notify(unsigned *number) { (void)number; }
