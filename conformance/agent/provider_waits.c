#include "conformance/agent/provider_waits.h"

#include <assert.h>
#include <stddef.h>

#include "conformance/agent/system/threads.h"
#include "conformance/agent/wait_forms.h"

enum { SLICE_MS = 5 };

static struct {
    struct windows_functions kernel; /* as the table was */
    volatile bool gone[AGENT_PROCESS + 1];
} waits;

static __thread unsigned current_process = AGENT_PROCESS;

/* One wait, from slice to slice. */
struct sliced {
    uint64_t until_ms;
    bool ended; /* its process has */
};

static struct sliced begin_wait(DWORD limit_ms) {
    return (struct sliced){ .until_ms = limit_ms == INFINITE ? UINT64_MAX : clock_ms() + limit_ms };
}

/* The next slice's length; 0 when the last one is over. */
static DWORD next_slice(struct sliced *wait) {
    wait->ended = waits.gone[current_process];
    uint64_t now_ms = clock_ms();
    if (wait->ended || now_ms >= wait->until_ms) return 0;
    uint64_t left_ms = wait->until_ms - now_ms;
    return left_ms < SLICE_MS ? (DWORD)left_ms : SLICE_MS;
}

static DWORD end_wait(const struct sliced *wait, DWORD answer) {
    if (!wait->ended || answer != WAIT_TIMEOUT) return answer;
    SetLastError(ERROR_OPERATION_ABORTED);
    return WAIT_FAILED;
}

static DWORD WINAPI waits_WaitForMultipleObjectsEx(DWORD count, const HANDLE *handles, BOOL all, DWORD limit_ms,
                                                   BOOL alertable) {
    struct sliced wait = begin_wait(limit_ms);
    DWORD answer = waits.kernel.WaitForMultipleObjectsEx(count, handles, all, 0, alertable);
    for (DWORD slice_ms; answer == WAIT_TIMEOUT && (slice_ms = next_slice(&wait)) != 0;)
        answer = waits.kernel.WaitForMultipleObjectsEx(count, handles, all, slice_ms, alertable);
    return end_wait(&wait, answer);
}

WAIT_FORMS(waits)

/* 0: the time is over. */
static DWORD WINAPI waits_SleepEx(DWORD limit_ms, BOOL alertable) {
    struct sliced wait = begin_wait(limit_ms);
    DWORD answer = waits.kernel.SleepEx(0, alertable);
    for (DWORD slice_ms; answer == 0 && (slice_ms = next_slice(&wait)) != 0;)
        answer = waits.kernel.SleepEx(slice_ms, alertable);
    return answer;
}

void provider_waits_enter(unsigned process) { current_process = process; }

void provider_waits_process(unsigned process, bool alive) { waits.gone[process] = !alive; }

void provider_waits_put(struct windows_functions *table) {
    assert(table != NULL);
    waits.kernel = *table;
    WAIT_FORMS_PUT(table, waits);
    table->SleepEx = waits_SleepEx;
}
