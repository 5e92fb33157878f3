/* What kernel32 does on threads of a pool: work items, and the timers and waits of before Vista. Timers that can be
 * waited for are events that such a thread sets. */
#include "sim/program/pool.h"

#include <assert.h>

#include "sim/program/stop.h"
#include "sim/program/threads.h"

/* --- an item, of whichever kind ----------------------------------------------------------------------------------- */

struct _TP_WORK {
    PTP_WORK_CALLBACK routine;
    PVOID context;
    unsigned running;
    PTP_POOL pool;
};

/* What was submitted once. */
struct submitted {
    PTP_WORK work;
    uint32_t ticket;
};

/* A timer, or a wait that calls back. */
struct pool_timer {
    WAITORTIMERCALLBACK routine;
    PVOID context;
    HANDLE object; /* that it waits for; NULL: only time */
    DWORD due_ms, period_ms;
    bool once;
    bool cancelled, ended;
    HANDLE queue; /* NULL: the default one, or it is a wait */
    struct pool_timer *next;
};

static struct pool_timer *pool_timers; /* all that there ever were */

/* A timer that can be waited for. */
struct alarm_clock {
    HANDLE event; /* its handle, too */
    unsigned set; /* how often it was set: what an older setting does is void */
    uint64_t due_ms;
    DWORD period_ms;
    PTIMERAPCROUTINE routine;
    LPVOID context;
    HANDLE thread; /* that set it, for its routine */
};

enum { ALARM_CLOCKS_MAX = 64 };

static struct alarm_clock alarm_clocks[ALARM_CLOCKS_MAX];

void pool_run(LPTHREAD_START_ROUTINE routine, void *item) {
    HANDLE thread = CreateThread(NULL, 0, routine, item, 0, NULL);
    if (thread == NULL) stop(STOP_NO_ROOM, "there are too many threads for another item of a pool");
    CloseHandle(thread);
}

/* --- work that is queued where there are many threads already ----------------------------------------------------- */

enum { WORKERS_MAX = 64 };

struct queued {
    LPTHREAD_START_ROUTINE routine;
    void *item;
    struct queued *next;
};

static struct queued *first_queued, **last_queued = &first_queued;
static unsigned workers;

/* Runs the one that it is given, and then what has been queued meanwhile. */
static DWORD WINAPI run_worker(LPVOID parameter) {
    struct queued *queued = parameter;
    while (queued != NULL) {
        const struct queued one = *queued;
        free(queued);
        one.routine(one.item);
        queued = first_queued;
        if (queued == NULL) break;
        first_queued = queued->next;
        if (first_queued == NULL) last_queued = &first_queued;
    }
    workers--;
    return 0;
}

/* As pool_run, of what ends by itself: beyond WORKERS_MAX at a time it waits for one of them to end. */
static void run_soon(LPTHREAD_START_ROUTINE routine, void *item) {
    struct queued *queued = pool_item(sizeof *queued);
    *queued = (struct queued){ .routine = routine, .item = item };
    if (workers < WORKERS_MAX) {
        workers++;
        pool_run(run_worker, queued);
        return;
    }
    *last_queued = queued;
    last_queued = &queued->next;
}

void *pool_item(size_t size) {
    void *item = calloc(1, size);
    if (item == NULL) stop(STOP_NO_ROOM, "there is no memory for another item of a pool");
    return item;
}

/* --- what a routine wants done when it has returned --------------------------------------------------------------- */

void pool_returned(const struct _TP_CALLBACK_INSTANCE *instance) {
    if (instance->section != NULL) LeaveCriticalSection(instance->section);
    if (instance->mutex != NULL) ReleaseMutex(instance->mutex);
    if (instance->semaphore != NULL) ReleaseSemaphore(instance->semaphore, (LONG)instance->count, NULL);
    if (instance->event != NULL) SetEvent(instance->event);
}

VOID SetEventWhenCallbackReturns(PTP_CALLBACK_INSTANCE instance, HANDLE event) { instance->event = event; }
VOID ReleaseMutexWhenCallbackReturns(PTP_CALLBACK_INSTANCE instance, HANDLE mutex) { instance->mutex = mutex; }
VOID ReleaseSemaphoreWhenCallbackReturns(PTP_CALLBACK_INSTANCE instance, HANDLE semaphore, DWORD count) {
    instance->semaphore = semaphore;
    instance->count = count;
}
VOID LeaveCriticalSectionWhenCallbackReturns(PTP_CALLBACK_INSTANCE instance, PCRITICAL_SECTION section) {
    instance->section = section;
}

/* --- work --------------------------------------------------------------------------------------------------------- */

static DWORD WINAPI run_work(LPVOID parameter) {
    const struct submitted submitted = *(struct submitted *)parameter;
    struct _TP_WORK *work = submitted.work;
    PTP_POOL pool = work->pool;
    struct _TP_CALLBACK_INSTANCE instance = { .event = NULL };
    free(parameter);
    pool_enter(pool, submitted.ticket);
    work->routine(&instance, work->context, work);
    pool_leave(pool);
    work->running--;
    pool_returned(&instance);
    return 0;
}

PTP_WORK CreateThreadpoolWork(PTP_WORK_CALLBACK routine, PVOID context, PTP_CALLBACK_ENVIRON environment) {
    threads_enter();
    struct _TP_WORK *work = pool_item(sizeof *work);
    work->routine = routine;
    work->context = context;
    work->pool = pool_of(environment);
    pool_joins(environment, POOL_WORK, work);
    return work;
}

VOID SubmitThreadpoolWork(PTP_WORK work) {
    struct submitted *submitted = pool_item(sizeof *submitted);
    *submitted = (struct submitted){ work, pool_ticket(work->pool) };
    work->running++;
    run_soon(run_work, submitted);
}

/* What has begun is not cancelled, and everything begins at once here. */
VOID WaitForThreadpoolWorkCallbacks(PTP_WORK work, BOOL cancel) {
    (void)cancel;
    while (work->running > 0) Sleep(1);
}

/* An item that still runs stays. */
VOID CloseThreadpoolWork(PTP_WORK work) {
    threads_enter();
    pool_quits(work);
    if (work->running == 0) free(work);
}

BOOL QueueUserWorkItem(LPTHREAD_START_ROUTINE routine, PVOID parameter, ULONG flags) {
    (void)flags;
    threads_enter();
    run_soon(routine, parameter);
    return TRUE;
}

struct simple_item {
    PTP_SIMPLE_CALLBACK routine;
    PVOID context;
    PTP_POOL pool;
    uint32_t ticket;
};

static DWORD WINAPI run_simple(LPVOID parameter) {
    struct simple_item item = *(struct simple_item *)parameter;
    free(parameter);
    struct _TP_CALLBACK_INSTANCE instance = { .event = NULL };
    pool_enter(item.pool, item.ticket);
    item.routine(&instance, item.context);
    pool_leave(item.pool);
    pool_returned(&instance);
    return 0;
}

BOOL TrySubmitThreadpoolCallback(PTP_SIMPLE_CALLBACK routine, PVOID context, PTP_CALLBACK_ENVIRON environment) {
    threads_enter();
    struct simple_item *item = pool_item(sizeof *item);
    PTP_POOL pool = pool_of(environment);
    *item = (struct simple_item){ routine, context, pool, pool_ticket(pool) };
    run_soon(run_simple, item);
    return TRUE;
}

/* --- timers and waits that call back ------------------------------------------------------------------------------ */

/* Waits for the object or the time, until it is cancelled. */
static DWORD WINAPI run_timer(LPVOID parameter) {
    struct pool_timer *timer = parameter;
    DWORD limit_ms = timer->due_ms;
    while (!timer->cancelled) {
        bool came = false;
        if (timer->object != NULL) came = WaitForSingleObject(timer->object, limit_ms) == WAIT_OBJECT_0;
        else Sleep(limit_ms);
        if (timer->cancelled) break;
        timer->routine(timer->context, !came);
        if (timer->once || (timer->object == NULL && timer->period_ms == 0)) break;
        if (timer->object == NULL) limit_ms = timer->period_ms;
    }
    timer->ended = true;
    return 0;
}

static HANDLE begin_timer(const struct pool_timer *asked) {
    threads_enter();
    struct pool_timer *timer = pool_item(sizeof *timer);
    *timer = *asked;
    timer->next = pool_timers;
    pool_timers = timer;
    pool_run(run_timer, timer);
    return timer;
}

/* Its memory stays: its thread may still sleep. `wait`: until a routine that runs has returned. */
static void cancel_timer(HANDLE handle, bool wait) {
    struct pool_timer *timer = handle;
    threads_enter();
    timer->cancelled = true;
    bool sleeps = timer->object == NULL && timer->due_ms == INFINITE;
    while (wait && !sleeps && !timer->ended) Sleep(1);
}

HANDLE CreateTimerQueue(void) {
    threads_enter();
    return pool_item(1);
}

/* With its timers. INVALID_HANDLE_VALUE: returns when none of their routines runs any more. */
BOOL DeleteTimerQueueEx(HANDLE queue, HANDLE event) {
    threads_enter();
    for (struct pool_timer *timer = pool_timers; timer != NULL; timer = timer->next)
        if (timer->queue == queue && timer->object == NULL) cancel_timer(timer, event == INVALID_HANDLE_VALUE);
    if (event != NULL && event != INVALID_HANDLE_VALUE) SetEvent(event);
    return TRUE;
}
BOOL DeleteTimerQueue(HANDLE queue) { return DeleteTimerQueueEx(queue, NULL); }

BOOL CreateTimerQueueTimer(PHANDLE timer, HANDLE queue, WAITORTIMERCALLBACK routine, PVOID context, DWORD due_ms,
                           DWORD period_ms, ULONG flags) {
    const struct pool_timer asked = { .queue = queue,
                                      .routine = routine,
                                      .context = context,
                                      .due_ms = due_ms,
                                      .period_ms = period_ms,
                                      .once = (flags & WT_EXECUTEONLYONCE) != 0 };
    *timer = begin_timer(&asked);
    return TRUE;
}

BOOL DeleteTimerQueueTimer(HANDLE queue, HANDLE timer, HANDLE event) {
    (void)queue;
    cancel_timer(timer, event == INVALID_HANDLE_VALUE);
    if (event != NULL && event != INVALID_HANDLE_VALUE) SetEvent(event);
    return TRUE;
}

BOOL RegisterWaitForSingleObject(PHANDLE wait, HANDLE object, WAITORTIMERCALLBACK routine, PVOID context,
                                 ULONG limit_ms, ULONG flags) {
    const struct pool_timer asked = { .routine = routine,
                                      .context = context,
                                      .object = object,
                                      .due_ms = limit_ms,
                                      .once = (flags & WT_EXECUTEONLYONCE) != 0 };
    *wait = begin_timer(&asked);
    return TRUE;
}

BOOL UnregisterWait(HANDLE wait) {
    cancel_timer(wait, false);
    return TRUE;
}

BOOL UnregisterWaitEx(HANDLE wait, HANDLE event) {
    cancel_timer(wait, false);
    if (event != NULL && event != INVALID_HANDLE_VALUE) SetEvent(event);
    return TRUE;
}

/* --- timers that can be waited for -------------------------------------------------------------------------------- */

static struct alarm_clock *clock_of(HANDLE handle) {
    for (unsigned i = 0; i < ALARM_CLOCKS_MAX && handle != NULL; i++)
        if (alarm_clocks[i].event == handle) return &alarm_clocks[i];
    thread_set_last_error(ERROR_INVALID_HANDLE);
    return NULL;
}

HANDLE CreateWaitableTimerW(LPSECURITY_ATTRIBUTES attributes, BOOL manual, LPCWSTR name) {
    if (name != NULL) stop_not_modelled("CreateWaitableTimer", "a name");
    HANDLE event = CreateEventW(attributes, manual, FALSE, NULL);
    unsigned i = 0;
    while (i < ALARM_CLOCKS_MAX && alarm_clocks[i].event != NULL && alarm_clocks[i].event != event) i++;
    if (i == ALARM_CLOCKS_MAX) stop(STOP_NO_ROOM, "there are too many timers that can be waited for");
    alarm_clocks[i].event = event;
    alarm_clocks[i].set++;
    return event;
}

HANDLE CreateWaitableTimerA(LPSECURITY_ATTRIBUTES attributes, BOOL manual, LPCSTR name) {
    if (name != NULL) stop_not_modelled("CreateWaitableTimer", "a name");
    return CreateWaitableTimerW(attributes, manual, NULL);
}

/* One setting of a timer. */
struct setting {
    struct alarm_clock *timer;
    unsigned set;
};

struct rung {
    PTIMERAPCROUTINE routine;
    LPVOID context;
};

static void CALLBACK run_routine(ULONG_PTR parameter) {
    struct rung rung = *(struct rung *)parameter;
    free((void *)parameter);
    rung.routine(rung.context, 0, 0);
}

static void ring(struct alarm_clock *timer) {
    SetEvent(timer->event);
    if (timer->routine == NULL) return;
    struct rung *rung = pool_item(sizeof *rung);
    *rung = (struct rung){ timer->routine, timer->context };
    QueueUserAPC(run_routine, timer->thread, (ULONG_PTR)rung);
}

static DWORD WINAPI run_alarm(LPVOID parameter) {
    struct setting setting = *(struct setting *)parameter;
    free(parameter);
    uint64_t now_ms = GetTickCount64();
    if (setting.timer->due_ms > now_ms) Sleep((DWORD)(setting.timer->due_ms - now_ms));
    while (setting.timer->set == setting.set) {
        ring(setting.timer);
        if (setting.timer->period_ms == 0) break;
        Sleep(setting.timer->period_ms);
    }
    return 0;
}

/* `due` in units of 100 ns: from now if negative, else a moment of the calendar. */
BOOL SetWaitableTimer(HANDLE handle, const LARGE_INTEGER *due, LONG period_ms, PTIMERAPCROUTINE routine, LPVOID context,
                      BOOL resume) {
    enum { UNITS_PER_MS = 10000 };
    (void)resume;
    threads_enter();
    struct alarm_clock *timer = clock_of(handle);
    if (timer == NULL) return FALSE;
    if (due->QuadPart > 0) stop_not_modelled("SetWaitableTimer", "a moment of the calendar");
    ResetEvent(timer->event);
    timer->set++;
    timer->due_ms = GetTickCount64() + (uint64_t)(-due->QuadPart / UNITS_PER_MS);
    timer->period_ms = (DWORD)period_ms;
    timer->routine = routine;
    timer->context = context;
    HANDLE self = GetCurrentProcess();
    if (routine != NULL)
        DuplicateHandle(self, GetCurrentThread(), self, &timer->thread, 0, FALSE, DUPLICATE_SAME_ACCESS);
    struct setting *setting = pool_item(sizeof *setting);
    *setting = (struct setting){ timer, timer->set };
    pool_run(run_alarm, setting);
    return TRUE;
}

BOOL CancelWaitableTimer(HANDLE handle) {
    threads_enter();
    struct alarm_clock *timer = clock_of(handle);
    if (timer != NULL) timer->set++;
    return timer != NULL;
}
