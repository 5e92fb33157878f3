/* kernel32: handles, events, waits, completion ports, cancellation. Events and ports are the model's; threads, mutexes
 * and semaphores are ours (objects.h). A wait for one event is the model's, any other one is put together here. */
#include "sim/program/include/win32.h"

#include <assert.h>

#include "sim/memory/pages.h"
#include "sim/program/calls.h"
#include "sim/program/machine.h"
#include "sim/program/names.h"
#include "sim/program/objects.h"
#include "sim/program/pieces.h"
#include "sim/program/preceded.h"
#include "sim/program/stop.h"
#include "sim/program/threads.h"
#include "stack/io/completion_ports.h"
#include "stack/model/model.h"
#include "stack/system/handles.h"

#define WORD_OF PROGRAM_WORD
#define POINTER PROGRAM_POINTER

#define CURRENT_PROCESS ((uint64_t)-1)
#define CURRENT_THREAD ((uint64_t)-2)

static uint64_t number_of(HANDLE handle) { return (uint64_t)(uintptr_t)handle; }
static HANDLE handle_of(uint64_t number) { return (HANDLE)(uintptr_t)number; }

static BOOL fail(uint32_t error) {
    thread_set_last_error(error);
    return FALSE;
}

DWORD GetLastError(void) {
    threads_enter();
    return thread_last_error();
}

void SetLastError(DWORD error) {
    threads_enter();
    thread_set_last_error(error);
}

/* --- handles ------------------------------------------------------------------------------------------------------ */

static bool is_own(HANDLE handle) { return object_of(number_of(handle)) != NULL; }

/* What a handle of ours or one that stands for the caller itself names. */
static struct object *found(HANDLE handle) {
    if (number_of(handle) == CURRENT_THREAD) return object_of_thread(thread_current());
    return object_of(number_of(handle));
}

/* Does it name the process of the program: by what stands for it, or as DuplicateHandle made it? */
static bool is_own_process(HANDLE handle) {
    const struct object *object = object_of(number_of(handle));
    return number_of(handle) == CURRENT_PROCESS || (object != NULL && object->kind == OBJECT_PROCESS);
}

BOOL CloseHandle(HANDLE handle) {
    threads_enter();
    if (number_of(handle) == CURRENT_PROCESS || number_of(handle) == CURRENT_THREAD) return TRUE;
    named_closed(handle);
    if (object_close(number_of(handle))) return TRUE;
    return (BOOL)PROGRAM_CALL(CloseHandle, number_of(handle));
}

BOOL SetHandleInformation(HANDLE handle, DWORD mask, DWORD flags) {
    threads_enter();
    if (is_own(handle)) return TRUE; /* whether a child inherits it: there are none */
    return (BOOL)PROGRAM_CALL(SetHandleInformation, number_of(handle), mask, flags);
}

BOOL DuplicateHandle(HANDLE from_process, HANDLE from, HANDLE to_process, LPHANDLE to, DWORD access, BOOL inherit,
                     DWORD options) {
    (void)access; /* DUPLICATE_SAME_ACCESS, or the model stops */
    threads_enter();
    struct object *object = number_of(from) == CURRENT_PROCESS ? object_of_process() : found(from);
    if (!is_own_process(from_process) || !is_own_process(to_process))
        stop_not_modelled("DuplicateHandle", "between processes");
    if (to == NULL) stop_not_modelled("DuplicateHandle", "without lpTargetHandle");
    if (object == NULL) {
        uint64_t copy = PROGRAM_CALL(DuplicateHandle, PROCESS_ID_FIRST + PROGRAM_PROCESS, number_of(from),
                                     PROCESS_ID_FIRST + PROGRAM_PROCESS, WORD_OF(inherit), options);
        if (copy == 0) return FALSE;
        *to = handle_of(copy);
    } else {
        uint64_t number = object_open(object);
        if (number == 0) return fail(ERROR_NOT_ENOUGH_MEMORY);
        *to = handle_of(number);
        if ((options & DUPLICATE_CLOSE_SOURCE) != 0) object_close(number_of(from));
    }
    named_duplicated(from, *to);
    if ((options & DUPLICATE_CLOSE_SOURCE) != 0) named_closed(from);
    return TRUE;
}

/* --- events ------------------------------------------------------------------------------------------------------- */

struct event_made {
    BOOL manual, set;
};

static HANDLE make_event(const void *how) {
    const struct event_made *made = how;
    return handle_of(PROGRAM_CALL(CreateEventW, 0, WORD_OF(made->manual), WORD_OF(made->set), 0));
}

/* Whether a child inherits it, and who else may use it, are of no account: there are no others. */
static HANDLE create_event(struct given_name name, BOOL manual, BOOL set) {
    const struct event_made made = { manual, set };
    return named_create(NAMED_EVENT, name, make_event, &made);
}

HANDLE CreateEventW(LPSECURITY_ATTRIBUTES attributes, BOOL manual, BOOL set, LPCWSTR name) {
    (void)attributes;
    return create_event((struct given_name){ .wide = name }, manual, set);
}

HANDLE CreateEventA(LPSECURITY_ATTRIBUTES attributes, BOOL manual, BOOL set, LPCSTR name) {
    (void)attributes;
    return create_event((struct given_name){ .narrow = name }, manual, set);
}

HANDLE CreateEventExW(LPSECURITY_ATTRIBUTES attributes, LPCWSTR name, DWORD flags, DWORD access) {
    (void)access;
    return CreateEventW(attributes, (flags & CREATE_EVENT_MANUAL_RESET) != 0, (flags & CREATE_EVENT_INITIAL_SET) != 0,
                        name);
}

HANDLE CreateEventExA(LPSECURITY_ATTRIBUTES attributes, LPCSTR name, DWORD flags, DWORD access) {
    (void)access;
    return CreateEventA(attributes, (flags & CREATE_EVENT_MANUAL_RESET) != 0, (flags & CREATE_EVENT_INITIAL_SET) != 0,
                        name);
}

HANDLE OpenEventW(DWORD access, BOOL inherit, LPCWSTR name) {
    (void)access, (void)inherit;
    return named_open(NAMED_EVENT, (struct given_name){ .wide = name });
}

HANDLE OpenEventA(DWORD access, BOOL inherit, LPCSTR name) {
    (void)access, (void)inherit;
    return named_open(NAMED_EVENT, (struct given_name){ .narrow = name });
}

BOOL SetEvent(HANDLE event) { return (BOOL)PROGRAM_CALL(SetEvent, number_of(event)); }
BOOL ResetEvent(HANDLE event) { return (BOOL)PROGRAM_CALL(ResetEvent, number_of(event)); }

/* Winsock's own are the same events, with errors of Winsock. */
HANDLE WSACreateEvent(void) __asm__("reservoir_WSACreateEvent");
BOOL WSACloseEvent(HANDLE event) __asm__("reservoir_WSACloseEvent");
BOOL WSASetEvent(HANDLE event) __asm__("reservoir_WSASetEvent");
BOOL WSAResetEvent(HANDLE event) __asm__("reservoir_WSAResetEvent");
DWORD WSAWaitForMultipleEvents(DWORD count, const HANDLE *events, BOOL all, DWORD limit_ms,
                               BOOL alertable) __asm__("reservoir_WSAWaitForMultipleEvents");

HANDLE WSACreateEvent(void) { return handle_of(PROGRAM_CALL(WSACreateEvent, 0)); }
BOOL WSACloseEvent(HANDLE event) {
    named_closed(event);
    return (BOOL)PROGRAM_CALL(WSACloseEvent, number_of(event));
}
BOOL WSASetEvent(HANDLE event) { return (BOOL)PROGRAM_CALL(WSASetEvent, number_of(event)); }
BOOL WSAResetEvent(HANDLE event) { return (BOOL)PROGRAM_CALL(WSAResetEvent, number_of(event)); }

/* --- waits -------------------------------------------------------------------------------------------------------- */

/* Does the model know how to wait for all of them? Winsock has it say what is wrong, too. */
static bool are_the_models(DWORD count, const HANDLE *handles) {
    bool there = count <= MAXIMUM_WAIT_OBJECTS && count > 0 && handles != NULL &&
                 pages_readable(POINTER(handles), count * (DWORD)sizeof *handles) == count * sizeof *handles;
    if (!there) return true;
    for (DWORD i = 0; i < count; i++)
        if (number_of(handles[i]) == CURRENT_PROCESS || found(handles[i]) != NULL) return false;
    return true;
}

struct several {
    const HANDLE *handles;
    unsigned count;
    bool all;
    unsigned thread; /* who waits */
};

enum handle_state { STATE_NONE, STATE_NOT_SET, STATE_SET };

/* Of a handle that can be waited for; the process's own is never signalled while it runs. */
static enum handle_state state_of(HANDLE handle, unsigned thread) {
    if (number_of(handle) == CURRENT_PROCESS) return STATE_NOT_SET;
    const struct object *object = found(handle);
    if (object != NULL) return object_is_signalled(object, thread) ? STATE_SET : STATE_NOT_SET;
    int state = model_event_state(machine_world(), PROGRAM_PROCESS, number_of(handle));
    return state < 0 ? STATE_NONE : state == 1 ? STATE_SET : STATE_NOT_SET;
}

/* The first that is set, or all of them; -1: they are not. */
static int signalled(const struct several *several) {
    for (unsigned i = 0; i < several->count; i++) {
        bool is_set = state_of(several->handles[i], several->thread) == STATE_SET;
        if (is_set && !several->all) return (int)i;
        if (!is_set && several->all) return -1;
    }
    return several->all ? 0 : -1;
}

static bool is_over(void *context) { return signalled(context) >= 0; }

/* The wait's effect on what ended it: an event that resets itself does. */
static void take(HANDLE handle, unsigned thread) {
    struct object *object = found(handle);
    if (object != NULL) object_take(object, thread);
    else (void)PROGRAM_CALL(WaitForSingleObject, number_of(handle), 0);
}

static DWORD wait_for_several(const struct several *several, DWORD limit_ms, bool alertable) {
    char text[160];
    int used = snprintf(text, sizeof text, "waits for %s of %u handles:", several->all ? "all" : "one", several->count);
    for (unsigned i = 0; i < several->count && used < (int)sizeof text - 24; i++)
        used += snprintf(text + used, sizeof text - (size_t)used, " 0x%llx",
                         (unsigned long long)number_of(several->handles[i]));
    const struct thread_wait wait = { .is_over = is_over,
                                      .context = (void *)(uintptr_t)several,
                                      .limit_ms = limit_ms,
                                      .alertable = alertable,
                                      .text = text };
    switch (thread_wait(&wait)) {
    case WAIT_TIMED_OUT: return WAIT_TIMEOUT;
    case WAIT_RAN_ROUTINES: return WAIT_IO_COMPLETION;
    case WAIT_CAME: break;
    }
    int first = signalled(several);
    assert(first >= 0);
    for (unsigned i = 0; i < several->count; i++)
        if (several->all || i == (unsigned)first) take(several->handles[i], several->thread);
    return WAIT_OBJECT_0 + (several->all ? 0 : (DWORD)first);
}

/* A socket, a file or a completion port can be waited for on Windows. */
static void must_be_waitable(const char *function, HANDLE handle) {
    enum handle_kind kind = handle_kind_of(machine_world(), PROGRAM_PROCESS, number_of(handle));
    if (kind == HANDLE_SOCKET || kind == HANDLE_FILE || kind == HANDLE_PORT)
        stop_not_modelled(function, "a wait for a socket or a completion port");
}

/* Among them is a thread, a mutex or a semaphore, of which the model knows nothing. */
static DWORD wait_for_ours(DWORD count, const HANDLE *handles, BOOL all, DWORD limit_ms, BOOL alertable) {
    const struct several several = {
        .handles = handles, .count = count, .all = all != FALSE, .thread = thread_current()
    };
    for (DWORD i = 0; i < count; i++) {
        if (state_of(handles[i], several.thread) != STATE_NONE) continue;
        must_be_waitable("WaitForMultipleObjects", handles[i]);
        (void)fail(ERROR_INVALID_HANDLE);
        return WAIT_FAILED;
    }
    return wait_for_several(&several, limit_ms, alertable != FALSE);
}

DWORD WaitForMultipleObjectsEx(DWORD count, const HANDLE *handles, BOOL all, DWORD limit_ms, BOOL alertable) {
    threads_enter();
    if (!are_the_models(count, handles)) return wait_for_ours(count, handles, all, limit_ms, alertable);
    return (DWORD)PROGRAM_CALL(WaitForMultipleObjectsEx, count, POINTER(handles), WORD_OF(all), limit_ms,
                               WORD_OF(alertable));
}

DWORD WaitForMultipleObjects(DWORD count, const HANDLE *handles, BOOL all, DWORD limit_ms) {
    threads_enter();
    if (!are_the_models(count, handles)) return wait_for_ours(count, handles, all, limit_ms, FALSE);
    return (DWORD)PROGRAM_CALL(WaitForMultipleObjects, count, POINTER(handles), WORD_OF(all), limit_ms);
}

DWORD WSAWaitForMultipleEvents(DWORD count, const HANDLE *events, BOOL all, DWORD limit_ms, BOOL alertable) {
    threads_enter();
    if (!are_the_models(count, events)) return wait_for_ours(count, events, all, limit_ms, alertable);
    return (DWORD)PROGRAM_CALL(WSAWaitForMultipleEvents, count, POINTER(events), WORD_OF(all), limit_ms,
                               WORD_OF(alertable));
}

DWORD WaitForSingleObjectEx(HANDLE handle, DWORD limit_ms, BOOL alertable) {
    threads_enter();
    if (!are_the_models(1, &handle)) return wait_for_ours(1, &handle, FALSE, limit_ms, alertable);
    if (!alertable) return (DWORD)PROGRAM_CALL(WaitForSingleObject, number_of(handle), limit_ms);
    return (DWORD)PROGRAM_CALL(WaitForSingleObjectEx, number_of(handle), limit_ms, WORD_OF(alertable));
}

DWORD WaitForSingleObject(HANDLE handle, DWORD limit_ms) { return WaitForSingleObjectEx(handle, limit_ms, FALSE); }

DWORD SignalObjectAndWait(HANDLE given, HANDLE waited, DWORD limit_ms, BOOL alertable) {
    struct object *object = object_of(number_of(given));
    BOOL done = object == NULL                 ? SetEvent(given)
                : object->kind == OBJECT_MUTEX ? ReleaseMutex(given)
                                               : ReleaseSemaphore(given, 1, NULL);
    return done ? WaitForSingleObjectEx(waited, limit_ms, alertable) : WAIT_FAILED;
}

DWORD SleepEx(DWORD limit_ms, BOOL alertable) {
    threads_enter();
    const struct thread_wait wait = { .limit_ms = limit_ms,
                                      .alertable = alertable != FALSE,
                                      .text = "waits in SleepEx" };
    return thread_wait(&wait) == WAIT_RAN_ROUTINES ? WAIT_IO_COMPLETION : 0;
}

void Sleep(DWORD limit_ms) { (void)SleepEx(limit_ms, FALSE); }

/* --- mutexes, semaphores ------------------------------------------------------------------------------------------ */

static HANDLE create_object(enum object_kind kind, struct object **object) {
    uint64_t handle = 0;
    *object = object_create(kind, &handle);
    if (*object == NULL) (void)fail(ERROR_NOT_ENOUGH_MEMORY);
    return handle_of(handle);
}

/* Who makes it owns it at once; who finds it there does not. */
static HANDLE make_mutex(const void *how) {
    struct object *mutex = NULL;
    HANDLE handle = create_object(OBJECT_MUTEX, &mutex);
    if (mutex != NULL && *(const BOOL *)how) object_take(mutex, thread_current());
    return handle;
}

HANDLE CreateMutexW(LPSECURITY_ATTRIBUTES attributes, BOOL owned, LPCWSTR name) {
    (void)attributes;
    return named_create(NAMED_MUTEX, (struct given_name){ .wide = name }, make_mutex, &owned);
}

HANDLE CreateMutexA(LPSECURITY_ATTRIBUTES attributes, BOOL owned, LPCSTR name) {
    (void)attributes;
    return named_create(NAMED_MUTEX, (struct given_name){ .narrow = name }, make_mutex, &owned);
}

HANDLE OpenMutexW(DWORD access, BOOL inherit, LPCWSTR name) {
    (void)access, (void)inherit;
    return named_open(NAMED_MUTEX, (struct given_name){ .wide = name });
}

HANDLE OpenMutexA(DWORD access, BOOL inherit, LPCSTR name) {
    (void)access, (void)inherit;
    return named_open(NAMED_MUTEX, (struct given_name){ .narrow = name });
}

BOOL ReleaseMutex(HANDLE handle) {
    threads_enter();
    struct object *mutex = object_of(number_of(handle));
    if (mutex == NULL || mutex->kind != OBJECT_MUTEX) return fail(ERROR_INVALID_HANDLE);
    if (mutex->count == 0 || mutex->thread != thread_current()) return fail(ERROR_NOT_OWNER);
    mutex->count--;
    return TRUE;
}

struct semaphore_made {
    LONG count, most;
};

static HANDLE make_semaphore(const void *how) {
    const struct semaphore_made *made = how;
    struct object *semaphore = NULL;
    HANDLE handle = create_object(OBJECT_SEMAPHORE, &semaphore);
    if (semaphore != NULL) {
        semaphore->count = made->count;
        semaphore->most = made->most;
    }
    return handle;
}

static HANDLE create_semaphore(struct given_name name, LONG count, LONG most) {
    const struct semaphore_made made = { count, most };
    threads_enter();
    if (most > 0 && count >= 0 && count <= most) return named_create(NAMED_SEMAPHORE, name, make_semaphore, &made);
    (void)fail(ERROR_INVALID_PARAMETER);
    return NULL;
}

HANDLE CreateSemaphoreW(LPSECURITY_ATTRIBUTES attributes, LONG count, LONG most, LPCWSTR name) {
    (void)attributes;
    return create_semaphore((struct given_name){ .wide = name }, count, most);
}

HANDLE CreateSemaphoreA(LPSECURITY_ATTRIBUTES attributes, LONG count, LONG most, LPCSTR name) {
    (void)attributes;
    return create_semaphore((struct given_name){ .narrow = name }, count, most);
}

HANDLE OpenSemaphoreW(DWORD access, BOOL inherit, LPCWSTR name) {
    (void)access, (void)inherit;
    return named_open(NAMED_SEMAPHORE, (struct given_name){ .wide = name });
}

HANDLE OpenSemaphoreA(DWORD access, BOOL inherit, LPCSTR name) {
    (void)access, (void)inherit;
    return named_open(NAMED_SEMAPHORE, (struct given_name){ .narrow = name });
}

BOOL ReleaseSemaphore(HANDLE handle, LONG count, LPLONG before) {
    threads_enter();
    struct object *semaphore = object_of(number_of(handle));
    if (semaphore == NULL || semaphore->kind != OBJECT_SEMAPHORE) return fail(ERROR_INVALID_HANDLE);
    if (count <= 0) return fail(ERROR_INVALID_PARAMETER);
    if (count > semaphore->most - semaphore->count) return fail(ERROR_TOO_MANY_POSTS);
    if (before != NULL) *before = semaphore->count;
    semaphore->count += count;
    return TRUE;
}

/* --- completion ports, requests ----------------------------------------------------------------------------------- */

HANDLE CreateIoCompletionPort(HANDLE file, HANDLE port, ULONG_PTR key, DWORD threads) {
    return handle_of(PROGRAM_CALL(CreateIoCompletionPort, number_of(file), number_of(port), key, threads));
}

/* Packets of pieces (pieces.h) are none of the program's: the next one. */
BOOL GetQueuedCompletionStatus(HANDLE port, LPDWORD bytes, PULONG_PTR key, LPOVERLAPPED *overlapped, DWORD limit_ms) {
    for (;;) {
        BOOL taken = (BOOL)PROGRAM_CALL(GetQueuedCompletionStatus, number_of(port), POINTER(bytes), POINTER(key),
                                        POINTER(overlapped), limit_ms);
        const uint64_t whose =
            pages_readable(POINTER(overlapped), sizeof *overlapped) == sizeof *overlapped ? POINTER(*overlapped) : 0;
        if (pieces_own(whose)) continue;
        if (taken) *bytes += preceded_bytes(whose);
        return taken;
    }
}

static bool completion_is_queued_at(HANDLE port) {
    unsigned row = handle_find(machine_world(), PROGRAM_PROCESS, HANDLE_PORT, number_of(port));
    return row != NO_ROW && completion_is_queued(machine_world(), row);
}

/* How many of these are the program's: they come to stand in front, with the bytes of all their pieces. */
static ULONG keep_the_programs(LPOVERLAPPED_ENTRY entries, ULONG count) {
    ULONG kept = 0;
    for (ULONG i = 0; i < count; i++) {
        if (pieces_own(POINTER(entries[i].lpOverlapped))) continue;
        entries[kept] = entries[i];
        if ((DWORD)entries[i].Internal == 0)
            entries[kept].dwNumberOfBytesTransferred += preceded_bytes(POINTER(entries[i].lpOverlapped));
        kept++;
    }
    return kept;
}

/* One record has PACKETS_TAKEN_MAX of them: what else is there comes without waiting. */
BOOL GetQueuedCompletionStatusEx(HANDLE port, LPOVERLAPPED_ENTRY entries, ULONG count, PULONG removed, DWORD limit_ms,
                                 BOOL alertable) {
    ULONG taken = 0;
    while (taken == 0) {
        BOOL came = (BOOL)PROGRAM_CALL(GetQueuedCompletionStatusEx, number_of(port), POINTER(entries), count,
                                       POINTER(removed), limit_ms, WORD_OF(alertable));
        if (!came) return FALSE;
        taken = keep_the_programs(entries, *removed);
    }
    uint32_t error = thread_last_error();
    while (taken < count && completion_is_queued_at(port)) {
        ULONG more = 0;
        (void)PROGRAM_CALL(GetQueuedCompletionStatusEx, number_of(port), POINTER(&entries[taken]), count - taken,
                           POINTER(&more), 0, 0);
        taken += keep_the_programs(&entries[taken], more);
    }
    *removed = taken;
    thread_set_last_error(error);
    return TRUE;
}

BOOL PostQueuedCompletionStatus(HANDLE port, DWORD bytes, ULONG_PTR key, LPOVERLAPPED overlapped) {
    return (BOOL)PROGRAM_CALL(PostQueuedCompletionStatus, number_of(port), bytes, key, POINTER(overlapped));
}

BOOL SetFileCompletionNotificationModes(HANDLE file, UCHAR flags) {
    return (BOOL)PROGRAM_CALL(SetFileCompletionNotificationModes, number_of(file), flags);
}

BOOL CancelIo(HANDLE file) { return (BOOL)PROGRAM_CALL(CancelIo, number_of(file)); }

BOOL CancelIoEx(HANDLE file, LPOVERLAPPED overlapped) {
    return (BOOL)PROGRAM_CALL(CancelIoEx, number_of(file), POINTER(overlapped));
}

/* Where the bytes of several pieces count, they stand in the OVERLAPPED. */
static BOOL counted(BOOL ended, const OVERLAPPED *overlapped, LPDWORD bytes) {
    if (ended && preceded_bytes(POINTER(overlapped)) > 0) *bytes = (DWORD)overlapped->InternalHigh;
    return ended;
}

BOOL GetOverlappedResult(HANDLE file, LPOVERLAPPED overlapped, LPDWORD bytes, BOOL wait) {
    BOOL ended =
        (BOOL)PROGRAM_CALL(GetOverlappedResult, number_of(file), POINTER(overlapped), POINTER(bytes), WORD_OF(wait));
    return counted(ended, overlapped, bytes);
}

BOOL GetOverlappedResultEx(HANDLE file, LPOVERLAPPED overlapped, LPDWORD bytes, DWORD limit_ms, BOOL alertable) {
    BOOL ended = (BOOL)PROGRAM_CALL(GetOverlappedResultEx, number_of(file), POINTER(overlapped), POINTER(bytes),
                                    limit_ms, WORD_OF(alertable));
    return counted(ended, overlapped, bytes);
}
