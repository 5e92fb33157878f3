/* Threads, what they wait for, and time, as the agent needs them: on Windows its own, elsewhere POSIX threads. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_SYSTEM_THREADS_H
#define RESERVOIR_CONFORMANCE_AGENT_SYSTEM_THREADS_H

#include <stdbool.h>
#include <stdint.h>

#define NO_LIMIT UINT32_MAX /* as a limit in milliseconds: waits for ever */

/* One thread lets another continue: each give() ends one await(), also one that comes later. Where these are handles of
 * the process, a scenario that closes wild numbers cannot close them. */
struct wakeup;
struct wakeup *wakeup_create(void);
void wakeup_destroy(struct wakeup *wakeup);
void wakeup_give(struct wakeup *wakeup);
bool wakeup_await(struct wakeup *wakeup, uint32_t limit_ms); /* false: the limit has passed. Not alertable. */

/* A lock, and one thing that its holders wait for: that something has changed. Not recursive. */
struct monitor;
struct monitor *monitor_create(void); /* never destroyed */
void monitor_enter(struct monitor *monitor);
void monitor_leave(struct monitor *monitor);
void monitor_wait(struct monitor *monitor, uint32_t limit_ms); /* lets go of the lock meanwhile; may return early */
void monitor_wake_all(struct monitor *monitor);

struct thread;
struct thread *thread_begin(void (*main)(void *), void *argument);

/* True when the thread has ended within the limit: then its memory is freed. */
bool thread_join(struct thread *thread, uint32_t limit_ms);

/* Gives up a thread that does not return. It is ended by force where the system can do that; elsewhere it runs on, and
 * all that it may still touch has to stay. In both cases what it holds is held for ever: the process has to be thrown
 * away. */
void thread_abandon(struct thread *thread);

/* Its handle, for functions of Windows; 0 where the system has none. */
uint64_t thread_handle(const struct thread *thread);

/* Ends an alertable wait of the thread, where the system has such. */
void thread_wake(struct thread *thread);

/* When the calling thread ends, whoever began it, the function is called with the argument, on that thread. Only what
 * was said last of a thread counts. The library that this is part of is never unloaded from then on. */
void thread_at_end(void (*function)(void *), void *argument);

uint64_t clock_ns(void); /* of a clock that only goes forwards */
uint64_t clock_ms(void);
void sleep_ms(uint32_t milliseconds);

#endif
