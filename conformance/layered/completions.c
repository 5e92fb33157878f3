#include "conformance/layered/completions.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/layered/layered.h"

/* An export of ws2_32; elsewhere than on Windows of the program that loaded the provider, NULL where that has none. */
#ifdef _WIN32
#define CLIENT_COMPLETES true
#else
extern int WSPAPI WPUCompleteOverlappedRequest(SOCKET, LPWSAOVERLAPPED, DWORD, DWORD, LPINT) __attribute__((weak));
#define CLIENT_COMPLETES (WPUCompleteOverlappedRequest != NULL)
#endif

struct completion completion_of(SOCKET s, LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                                LPWSATHREADID thread) {
    struct completion completion = { .socket = s, .overlapped = overlapped, .routine = routine, .callers = thread };
    if (thread != NULL) completion.thread = *thread;
    return completion;
}

/* The program may look at Internal at any time, from any thread: who sees a status sees all that was stored before. */
static void store_status(LPWSAOVERLAPPED overlapped, ULONG_PTR status) {
    __atomic_store_n(&overlapped->Internal, status, __ATOMIC_RELEASE);
}

static ULONG_PTR load_status(const WSAOVERLAPPED *overlapped) {
    return __atomic_load_n(&overlapped->Internal, __ATOMIC_ACQUIRE);
}

void completion_pends(const struct completion *completion) {
    int error = 0;
    HANDLE event = completion->overlapped->hEvent;
    if (completion->routine == NULL && event != NULL) layered_upcalls()->lpWPUResetEvent(event, &error);
    completion->overlapped->InternalHigh = 0;
    store_status(completion->overlapped, STATUS_PENDING);
}

/* --- statuses ----------------------------------------------------------------------------------------------------- */

/* Internal has a status of the kernel's; windows.h lacks their names. An error without one of its own is itself, as
 * Win32's errors are written. */
#define STATUS_OF_WIN32 0xC0070000u

static const struct {
    int error;
    uint32_t status;
} statuses[] = {
    { 0, 0 },
    { WSA_OPERATION_ABORTED, 0xC0000120u }, /* STATUS_CANCELLED */
    { WSAEMSGSIZE, 0x80000005u },           /* STATUS_BUFFER_OVERFLOW */
    { WSAECONNRESET, 0xC000020Du },         /* STATUS_CONNECTION_RESET */
    { WSAECONNABORTED, 0xC0000241u },       /* STATUS_CONNECTION_ABORTED */
    { WSAETIMEDOUT, 0xC00000B5u },          /* STATUS_IO_TIMEOUT */
};

static uint32_t status_of(int error) {
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
        if (statuses[i].error == error) return statuses[i].status;
    return STATUS_OF_WIN32 | ((uint32_t)error & 0xFFFFu);
}

/* WSAEINVAL for a status that this provider never writes. */
static int error_of(uint32_t status) {
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
        if (statuses[i].status == status) return statuses[i].error;
    return (status & 0xFFFF0000u) == STATUS_OF_WIN32 ? (int)(status & 0xFFFFu) : WSAEINVAL;
}

/* --- routines ----------------------------------------------------------------------------------------------------- */

/* A routine on its way to the caller's thread. */
struct queued {
    LPWSAOVERLAPPED overlapped;
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
    DWORD error, bytes;
};

static VOID CALLBACK run_routine(DWORD_PTR context) {
    struct queued *queued = (struct queued *)context;
    const struct queued done = *queued;
    free(queued);
    done.routine(faulty(FAULT_routine_says_failed) ? WSAENOTCONN : done.error, done.bytes,
                 faulty(FAULT_routine_of_no_request) ? NULL : done.overlapped, 0);
}

static void queue_routine(const struct completion *completion, int ended_with, DWORD bytes) {
    static LPWSATHREADID kept;
    int error = 0;
    WSATHREADID thread = completion->thread;
    completion->overlapped->InternalHigh = bytes;
    store_status(completion->overlapped, faulty(FAULT_status_left_pending) ? STATUS_PENDING : status_of(ended_with));
    if (faulty(FAULT_thread_id_by_pointer) && completion->callers != NULL) {
        if (kept != NULL && lower_readable(kept, sizeof thread)) thread = *kept;
        else memset(&thread, 0, sizeof thread);
        kept = completion->callers;
    }
    for (unsigned times = faulty(FAULT_routine_lost) ? 0 : faulty(FAULT_routine_twice) ? 2 : 1; times > 0; times--) {
        struct queued *queued = malloc(sizeof *queued);
        if (queued == NULL) return;
        *queued = (struct queued){ .overlapped = completion->overlapped,
                                   .routine = completion->routine,
                                   .error = (DWORD)ended_with,
                                   .bytes = bytes };
        if (layered_upcalls()->lpWPUQueueApc(&thread, run_routine, (DWORD_PTR)queued, &error) != 0) free(queued);
    }
}

/* --- events and packets ------------------------------------------------------------------------------------------- */

/* ws2_32 takes the status that it finds, unless that says pending. */
static void inform(const struct completion *completion, int ended_with, DWORD bytes) {
    int error = 0;
    LPWSAOVERLAPPED overlapped = completion->overlapped;
    overlapped->InternalHigh = bytes;
    store_status(overlapped, faulty(FAULT_status_left_pending) ? STATUS_PENDING : status_of(ended_with));
    if (faulty(FAULT_event_not_set)) return;
    if (CLIENT_COMPLETES && !faulty(FAULT_status_left_pending))
        (void)WPUCompleteOverlappedRequest(completion->socket, overlapped, (DWORD)ended_with, bytes, &error);
    else if (overlapped->hEvent != NULL) layered_upcalls()->lpWPUSetEvent(overlapped->hEvent, &error);
}

void completion_report(const struct completion *completion, int error, DWORD bytes) {
    if (completion->routine == NULL) inform(completion, error, bytes);
    else queue_routine(completion, error, bytes);
}

/* --- results ------------------------------------------------------------------------------------------------------ */

/* Waits for a request that another thread of ours ends. */
static void await(const WSAOVERLAPPED *overlapped) {
    enum { TURN_MS = 1 };
    while (load_status(overlapped) == STATUS_PENDING) lower_sleep_ms(TURN_MS);
}

/* Where there is no place for a result this faults, as Windows does since Vista (T9.2.7). */
static void touch(const volatile DWORD *place) { (void)*place; }

BOOL WSPAPI layered_result(SOCKET s, LPWSAOVERLAPPED overlapped, LPDWORD bytes, BOOL wait, LPDWORD flags, LPINT error) {
    struct layered_socket seen;
    if (!layered_look_at(s, &seen, error)) return FALSE;
    if (!lower_readable(overlapped, sizeof *overlapped)) return layered_fail(error, WSAEFAULT), FALSE;
    touch(bytes);
    touch(flags);
    if (wait) await(overlapped);
    const ULONG_PTR status = load_status(overlapped);
    if (status == STATUS_PENDING) return layered_fail(error, WSA_IO_INCOMPLETE), FALSE;
    int ended_with = error_of((uint32_t)status);
    if (ended_with != 0) return layered_fail(error, ended_with), FALSE;
    *bytes = (DWORD)overlapped->InternalHigh;
    *flags = 0;
    return TRUE;
}
