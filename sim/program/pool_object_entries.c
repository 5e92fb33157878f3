/* Objects of a pool that call back: timers, waits, and files whose requests complete.
 *
 * One thread takes the packets of all files of the pool, from a port that no one else sees; each packet's routine runs
 * on a thread of its own. */
#include "sim/program/pool.h"

#include <assert.h>

#include "sim/program/objects.h"
#include "sim/program/stop.h"
#include "sim/program/threads.h"

enum { UNITS_PER_MS = 10000 };

/* A moment that a program names: from now if negative, else of the calendar, which no program here can know. */
static DWORD in_ms(const FILETIME *due, const char *function) {
    LARGE_INTEGER units = { .LowPart = due->dwLowDateTime, .HighPart = (LONG)due->dwHighDateTime };
    if (units.QuadPart > 0) stop_not_modelled(function, "a moment of the calendar");
    return (DWORD)(-units.QuadPart / UNITS_PER_MS);
}

/* --- timers ------------------------------------------------------------------------------------------------------- */

/* Its memory stays: a thread of an older setting may still sleep. */
struct _TP_TIMER {
    PTP_TIMER_CALLBACK routine;
    PVOID context;
    unsigned set; /* how often it was set: what an older setting does is void */
    bool is_set;
    unsigned running;
    DWORD due_ms, period_ms;
    PTP_POOL pool;
};

struct timer_setting {
    PTP_TIMER timer;
    unsigned set;
};

static DWORD WINAPI run_timer(LPVOID parameter) {
    const struct timer_setting setting = *(struct timer_setting *)parameter;
    PTP_TIMER timer = setting.timer;
    free(parameter);
    Sleep(timer->due_ms);
    while (timer->set == setting.set) {
        timer->running++;
        struct _TP_CALLBACK_INSTANCE instance = { .event = NULL };
        pool_enter(timer->pool, pool_ticket(timer->pool));
        timer->routine(&instance, timer->context, timer);
        pool_leave(timer->pool);
        timer->running--;
        pool_returned(&instance);
        if (timer->set != setting.set || timer->period_ms == 0) break;
        Sleep(timer->period_ms);
    }
    return 0;
}

PTP_TIMER CreateThreadpoolTimer(PTP_TIMER_CALLBACK routine, PVOID context, PTP_CALLBACK_ENVIRON environment) {
    threads_enter();
    PTP_TIMER timer = pool_item(sizeof *timer);
    timer->routine = routine;
    timer->context = context;
    timer->pool = pool_of(environment);
    pool_joins(environment, POOL_TIMER, timer);
    return timer;
}

VOID SetThreadpoolTimer(PTP_TIMER timer, PFILETIME due, DWORD period_ms, DWORD window_ms) {
    (void)window_ms;
    threads_enter();
    timer->set++;
    timer->is_set = due != NULL;
    if (due == NULL) return;
    timer->due_ms = in_ms(due, "SetThreadpoolTimer");
    timer->period_ms = period_ms;
    struct timer_setting *setting = pool_item(sizeof *setting);
    *setting = (struct timer_setting){ timer, timer->set };
    pool_run(run_timer, setting);
}

BOOL SetThreadpoolTimerEx(PTP_TIMER timer, PFILETIME due, DWORD period_ms, DWORD window_ms) {
    BOOL was_set = timer->is_set;
    SetThreadpoolTimer(timer, due, period_ms, window_ms);
    return was_set;
}

BOOL IsThreadpoolTimerSet(PTP_TIMER timer) { return timer->is_set; }

/* What has begun is not cancelled, and everything begins at once here. */
VOID WaitForThreadpoolTimerCallbacks(PTP_TIMER timer, BOOL cancel) {
    (void)cancel;
    while (timer->running > 0) Sleep(1);
}

VOID CloseThreadpoolTimer(PTP_TIMER timer) {
    pool_quits(timer);
    SetThreadpoolTimer(timer, NULL, 0, 0);
}

/* --- waits -------------------------------------------------------------------------------------------------------- */

/* Its memory stays, as a timer's does. */
struct _TP_WAIT {
    PTP_WAIT_CALLBACK routine;
    PVOID context;
    unsigned set;
    unsigned running;
    HANDLE object;
    DWORD limit_ms;
    PTP_POOL pool;
};

struct wait_setting {
    PTP_WAIT wait;
    unsigned set;
};

/* It calls back once: who wants more sets it again. */
static DWORD WINAPI run_wait(LPVOID parameter) {
    const struct wait_setting setting = *(struct wait_setting *)parameter;
    PTP_WAIT wait = setting.wait;
    free(parameter);
    DWORD result = WaitForSingleObject(wait->object, wait->limit_ms);
    if (wait->set != setting.set) return 0;
    wait->running++;
    struct _TP_CALLBACK_INSTANCE instance = { .event = NULL };
    pool_enter(wait->pool, pool_ticket(wait->pool));
    wait->routine(&instance, wait->context, wait, result);
    pool_leave(wait->pool);
    wait->running--;
    pool_returned(&instance);
    return 0;
}

PTP_WAIT CreateThreadpoolWait(PTP_WAIT_CALLBACK routine, PVOID context, PTP_CALLBACK_ENVIRON environment) {
    threads_enter();
    PTP_WAIT wait = pool_item(sizeof *wait);
    wait->routine = routine;
    wait->context = context;
    wait->pool = pool_of(environment);
    pool_joins(environment, POOL_WAIT, wait);
    return wait;
}

VOID SetThreadpoolWait(PTP_WAIT wait, HANDLE object, PFILETIME limit) {
    threads_enter();
    wait->set++;
    if (object == NULL) return;
    wait->object = object;
    wait->limit_ms = limit == NULL ? INFINITE : in_ms(limit, "SetThreadpoolWait");
    struct wait_setting *setting = pool_item(sizeof *setting);
    *setting = (struct wait_setting){ wait, wait->set };
    pool_run(run_wait, setting);
}

VOID WaitForThreadpoolWaitCallbacks(PTP_WAIT wait, BOOL cancel) {
    (void)cancel;
    while (wait->running > 0) Sleep(1);
}

VOID CloseThreadpoolWait(PTP_WAIT wait) {
    pool_quits(wait);
    SetThreadpoolWait(wait, NULL, NULL);
}

/* --- files -------------------------------------------------------------------------------------------------------- */

struct _TP_IO {
    PTP_WIN32_IO_CALLBACK routine;               /* of CreateThreadpoolIo, */
    LPOVERLAPPED_COMPLETION_ROUTINE own_routine; /* or of BindIoCompletionCallback */
    PVOID context;
    unsigned pending; /* StartThreadpoolIo was called so much more often than packets came */
    bool closed;      /* and freed when nothing is pending any more */
    PTP_POOL pool;
};

/* A packet on its way to its routine. */
struct arrival {
    PTP_IO io;
    LPOVERLAPPED overlapped;
    DWORD bytes, error;
    uint32_t ticket;
};

static HANDLE pool_port; /* NULL: no file has come yet */

static void free_if_closed(PTP_IO io) {
    if (io->closed && io->pending == 0) free(io);
}

static DWORD WINAPI run_arrival(LPVOID parameter) {
    const struct arrival arrival = *(struct arrival *)parameter;
    PTP_IO io = arrival.io;
    free(parameter);
    if (io->own_routine != NULL) {
        /* sources do not agree on whether its routine gets a status of the kernel's or an error */
        if (arrival.error != NO_ERROR) stop_not_modelled("BindIoCompletionCallback", "a request that fails");
        io->own_routine(NO_ERROR, arrival.bytes, arrival.overlapped);
        return 0;
    }
    struct _TP_CALLBACK_INSTANCE instance = { .event = NULL };
    PTP_POOL pool = io->pool;
    pool_enter(pool, arrival.ticket);
    if (!io->closed) io->routine(&instance, io->context, arrival.overlapped, arrival.error, arrival.bytes, io);
    pool_leave(pool);
    io->pending--;
    free_if_closed(io);
    pool_returned(&instance);
    return 0;
}

/* Waits for a packet. False: the port is gone. */
static bool take_packet(void) {
    ULONG_PTR key = 0;
    struct arrival arrival = { .overlapped = NULL };
    BOOL succeeded = GetQueuedCompletionStatus(pool_port, &arrival.bytes, &key, &arrival.overlapped, INFINITE);
    arrival.error = succeeded ? NO_ERROR : GetLastError();
    arrival.io = (PTP_IO)key;
    if (arrival.overlapped == NULL) return false;
    arrival.ticket = pool_ticket(arrival.io->pool);
    struct arrival *item = pool_item(sizeof *item);
    *item = arrival;
    pool_run(run_arrival, item);
    return true;
}

static DWORD WINAPI run_port(LPVOID unused) {
    (void)unused;
    while (take_packet()) continue;
    return 0;
}

/* NULL with the last error of CreateIoCompletionPort. */
static PTP_IO open_io(HANDLE file, const struct _TP_IO *asked) {
    threads_enter();
    if (pool_port == NULL) {
        pool_port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
        if (pool_port == NULL) return NULL;
        pool_run(run_port, NULL);
    }
    PTP_IO io = pool_item(sizeof *io);
    *io = *asked;
    if (CreateIoCompletionPort(file, pool_port, (ULONG_PTR)io, 0) != NULL) return io;
    free(io);
    return NULL;
}

PTP_IO CreateThreadpoolIo(HANDLE file, PTP_WIN32_IO_CALLBACK routine, PVOID context, PTP_CALLBACK_ENVIRON environment) {
    const struct _TP_IO asked = { .routine = routine, .context = context, .pool = pool_of(environment) };
    PTP_IO io = open_io(file, &asked);
    if (io != NULL) pool_joins(environment, POOL_IO, io);
    return io;
}

BOOL BindIoCompletionCallback(HANDLE file, LPOVERLAPPED_COMPLETION_ROUTINE routine, ULONG flags) {
    (void)flags;
    const struct _TP_IO asked = { .own_routine = routine };
    return open_io(file, &asked) != NULL;
}

VOID StartThreadpoolIo(PTP_IO io) { io->pending++; }

VOID CancelThreadpoolIo(PTP_IO io) {
    if (io->pending > 0) io->pending--;
    free_if_closed(io);
}

VOID WaitForThreadpoolIoCallbacks(PTP_IO io, BOOL cancel) {
    (void)cancel;
    while (io->pending > 0) Sleep(1);
}

VOID CloseThreadpoolIo(PTP_IO io) {
    threads_enter();
    pool_quits(io);
    io->closed = true;
    free_if_closed(io);
}
