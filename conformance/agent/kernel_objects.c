#include "conformance/agent/functions.h"

#include "conformance/agent/kernel_objects.h"

#include <assert.h>
#include <string.h>

#include "conformance/agent/provider_threads.h"
#include "conformance/agent/system/threads.h"
#include "conformance/agent/wait_forms.h"

enum { OBJECTS_MAX = 2048, ROUTINES_QUEUED_MAX = 64, HANDLE_FIRST = 0x7E000004 };

enum object_kind { OBJECT_FREE, OBJECT_EVENT, OBJECT_FILE, OBJECT_THREAD };

struct queued_routine {
    LPWSAUSERAPC routine;
    DWORD_PTR context;
};

struct object {
    enum object_kind kind;
    uint64_t handle;
    bool resets_itself, set; /* of an event */
    unsigned queued_count;   /* of a thread */
    struct queued_routine *queued;
};

static struct {
    struct monitor *lock;
    uint64_t last_handle;
    bool gone[AGENT_PROCESS + 1];       /* processes that have ended, */
    bool alive[AGENT_PROCESS + 1];      /* and those that have begun and not ended */
    uint64_t threads[AGENT_THREAD + 1]; /* the handle of each of the scenario's threads; 0: none yet */
    struct object objects[OBJECTS_MAX];
} kernel;

static __thread unsigned current_process = AGENT_PROCESS, current_thread = AGENT_THREAD;
static __thread uint64_t own_thread; /* its handle; 0: none yet */

static void lock(void) {
    if (kernel.lock == NULL) kernel.lock = monitor_create(); /* by the first process_starts, before there are threads */
    monitor_enter(kernel.lock);
}

static void unlock(void) { monitor_leave(kernel.lock); }

/* The rest under the lock. */
static struct object *find(uint64_t handle, enum object_kind kind) {
    for (unsigned i = 0; i < OBJECTS_MAX; i++) {
        struct object *object = &kernel.objects[i];
        if (object->kind != OBJECT_FREE && object->handle == handle) return object->kind == kind ? object : NULL;
    }
    return NULL;
}

static struct object *make(enum object_kind kind) {
    for (unsigned i = 0; i < OBJECTS_MAX; i++) {
        struct object *object = &kernel.objects[i];
        if (object->kind != OBJECT_FREE) continue;
        memset(object, 0, sizeof *object);
        object->kind = kind;
        kernel.last_handle += kernel.last_handle == 0 ? HANDLE_FIRST : 4;
        object->handle = kernel.last_handle;
        return object;
    }
    return NULL;
}

static BOOL fail(DWORD error) {
    SetLastError(error);
    return FALSE;
}

/* --- events and files --------------------------------------------------------------------------------------------- */

static HANDLE WINAPI create(enum object_kind kind, bool resets_itself, bool set, uint64_t failure) {
    lock();
    struct object *object = make(kind);
    if (object != NULL) object->resets_itself = resets_itself;
    if (object != NULL) object->set = set;
    uint64_t handle = object != NULL ? object->handle : failure;
    unlock();
    if (object == NULL) SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return (HANDLE)(uintptr_t)handle;
}

static HANDLE WINAPI kernel_CreateEventW(LPSECURITY_ATTRIBUTES attributes, BOOL manual, BOOL set, LPCWSTR name) {
    (void)attributes, (void)name; /* the language has NULL only */
    return create(OBJECT_EVENT, !manual, set, 0);
}

/* The one file that every Windows has. */
static HANDLE WINAPI kernel_CreateFileW(LPCWSTR name) {
    static const WCHAR null_device[] = { 'N', 'U', 'L', 0 };
    if (memcmp(name, null_device, sizeof null_device) == 0) return create(OBJECT_FILE, false, false, UINT64_MAX);
    SetLastError(ERROR_FILE_NOT_FOUND);
    return INVALID_HANDLE_VALUE;
}

static BOOL set_state(HANDLE event, bool set) {
    lock();
    struct object *object = find((uint64_t)(uintptr_t)event, OBJECT_EVENT);
    if (object != NULL) object->set = set;
    monitor_wake_all(kernel.lock);
    unlock();
    return object != NULL ? TRUE : fail(ERROR_INVALID_HANDLE);
}

static BOOL WINAPI kernel_SetEvent(HANDLE event) { return set_state(event, true); }
static BOOL WINAPI kernel_ResetEvent(HANDLE event) { return set_state(event, false); }

static BOOL WINAPI kernel_CloseHandle(HANDLE handle) {
    lock();
    struct object *object = find((uint64_t)(uintptr_t)handle, OBJECT_EVENT);
    if (object == NULL) object = find((uint64_t)(uintptr_t)handle, OBJECT_FILE);
    if (object != NULL) object->kind = OBJECT_FREE;
    unlock();
    return object != NULL ? TRUE : fail(ERROR_INVALID_HANDLE);
}

int kernel_objects_event_state(HANDLE event) {
    lock();
    const struct object *object = find((uint64_t)(uintptr_t)event, OBJECT_EVENT);
    int state = object == NULL ? -1 : object->set;
    unlock();
    return state;
}

/* --- waits -------------------------------------------------------------------------------------------------------- */

/* Lets the lock go for a moment. False: `until_ms` is past, or the process has ended. */
static bool wait_on(uint64_t until_ms) {
    uint64_t now_ms = clock_ms();
    if (kernel.gone[current_process] || now_ms >= until_ms) return false;
    uint64_t left_ms = until_ms - now_ms;
    monitor_wait(kernel.lock, left_ms < NO_LIMIT ? (uint32_t)left_ms : NO_LIMIT);
    return true;
}

static uint64_t end_of(DWORD limit_ms) { return limit_ms == INFINITE ? UINT64_MAX : clock_ms() + limit_ms; }

/* Runs what is queued to the calling thread. Under the lock, which it lets go meanwhile. */
static bool run_queued(void) {
    bool ran = false;
    for (;;) {
        struct object *self = own_thread == 0 ? NULL : find(own_thread, OBJECT_THREAD);
        if (self == NULL || self->queued_count == 0) return ran;
        struct queued_routine next = self->queued[0];
        self->queued_count--;
        memmove(&self->queued[0], &self->queued[1], self->queued_count * sizeof self->queued[0]);
        unlock();
        next.routine(next.context);
        lock();
        ran = true;
    }
}

/* Takes what is set: the lowest place, or all and 0; WAIT_TIMEOUT when they are not; WAIT_FAILED when one is no
 * event. */
static DWORD take_events(DWORD count, const HANDLE *handles, bool all) {
    struct object *events[MAXIMUM_WAIT_OBJECTS];
    DWORD set = 0, lowest = count;
    for (DWORD i = count; i-- > 0;) {
        events[i] = find((uint64_t)(uintptr_t)handles[i], OBJECT_EVENT);
        if (events[i] == NULL) return WAIT_FAILED;
        set += events[i]->set;
        if (events[i]->set) lowest = i;
    }
    if (all ? set < count : set == 0) return WAIT_TIMEOUT;
    for (DWORD i = 0; i < count; i++)
        if ((all || i == lowest) && events[i]->resets_itself) events[i]->set = false;
    return WAIT_OBJECT_0 + (all ? 0 : lowest);
}

static bool has_copies(DWORD count, const HANDLE *handles) {
    for (DWORD i = 0; i < count; i++)
        for (DWORD j = 0; j < i; j++)
            if (handles[i] == handles[j]) return true;
    return false;
}

/* WAIT_IO_COMPLETION when routines of the thread ran. */
static DWORD WINAPI kernel_WaitForMultipleObjectsEx(DWORD count, const HANDLE *handles, BOOL all, DWORD limit_ms,
                                                    BOOL alertable) {
    uint64_t until_ms = end_of(limit_ms);
    DWORD answer = WAIT_IO_COMPLETION;
    if (count == 0 || count > MAXIMUM_WAIT_OBJECTS || (all && has_copies(count, handles))) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return WAIT_FAILED;
    }
    lock();
    while (!alertable || !run_queued()) {
        answer = take_events(count, handles, all);
        if (answer != WAIT_TIMEOUT || !wait_on(until_ms)) break;
        answer = WAIT_IO_COMPLETION;
    }
    bool gone = kernel.gone[current_process];
    unlock();
    if (answer == WAIT_FAILED) SetLastError(ERROR_INVALID_HANDLE);
    if (answer != WAIT_TIMEOUT || !gone) return answer;
    SetLastError(ERROR_OPERATION_ABORTED);
    return WAIT_FAILED;
}

WAIT_FORMS(kernel)

static DWORD WINAPI kernel_SleepEx(DWORD limit_ms, BOOL alertable) {
    uint64_t until_ms = end_of(limit_ms);
    bool ran = false;
    lock();
    do ran = alertable && run_queued();
    while (!ran && wait_on(until_ms));
    unlock();
    return ran ? WAIT_IO_COMPLETION : 0;
}

/* --- overlapped use ----------------------------------------------------------------------------------------------- */

/* No file here was opened for overlapped use. */
static HANDLE WINAPI kernel_CreateIoCompletionPort(HANDLE file, HANDLE existing, ULONG_PTR key, DWORD threads) {
    (void)existing, (void)key, (void)threads;
    lock();
    bool is_file = find((uint64_t)(uintptr_t)file, OBJECT_FILE) != NULL;
    unlock();
    SetLastError(is_file ? ERROR_INVALID_PARAMETER : ERROR_INVALID_HANDLE);
    return NULL;
}

/* Nothing of the kernel's own is ever pending. */
static BOOL WINAPI kernel_CancelIo(HANDLE file) {
    lock();
    bool there = find((uint64_t)(uintptr_t)file, OBJECT_FILE) != NULL;
    unlock();
    return there ? TRUE : fail(ERROR_INVALID_HANDLE);
}

static BOOL WINAPI kernel_CancelIoEx(HANDLE file, LPOVERLAPPED overlapped) {
    (void)overlapped;
    return kernel_CancelIo(file) ? fail(ERROR_NOT_FOUND) : FALSE;
}

/* --- threads ------------------------------------------------------------------------------------------------------ */

/* The object of one of the scenario's threads, which may not have called yet. Under the lock. */
static struct object *object_of_thread(unsigned thread) {
    static struct queued_routine queues[OBJECTS_MAX][ROUTINES_QUEUED_MAX];
    struct object *object = kernel.threads[thread] == 0 ? NULL : find(kernel.threads[thread], OBJECT_THREAD);
    if (object != NULL) return object;
    object = make(OBJECT_THREAD);
    assert(object != NULL);
    object->queued = queues[object - kernel.objects];
    kernel.threads[thread] = object->handle;
    return object;
}

void provider_thread_open(LPWSATHREADID id) {
    lock();
    own_thread = object_of_thread(current_thread)->handle;
    unlock();
    memset(id, 0, sizeof *id);
    id->ThreadHandle = (HANDLE)(uintptr_t)own_thread;
}

/* A thread keeps its object as long as it lives: this only says whether there is such a thread. */
bool provider_thread_close(const WSATHREADID *id) {
    lock();
    bool there = find((uint64_t)(uintptr_t)id->ThreadHandle, OBJECT_THREAD) != NULL;
    unlock();
    return there;
}

static bool queue(struct object *thread, LPWSAUSERAPC routine, DWORD_PTR context) {
    if (thread == NULL || thread->queued_count == ROUTINES_QUEUED_MAX) return false;
    thread->queued[thread->queued_count++] = (struct queued_routine){ .routine = routine, .context = context };
    monitor_wake_all(kernel.lock);
    return true;
}

bool provider_thread_queue(const WSATHREADID *id, LPWSAUSERAPC routine, DWORD_PTR context) {
    lock();
    bool queued = queue(find((uint64_t)(uintptr_t)id->ThreadHandle, OBJECT_THREAD), routine, context);
    unlock();
    return queued;
}

/* A thread by its number (call.h, THREAD_HANDLE_FIRST). */
static DWORD WINAPI kernel_QueueUserAPC(PAPCFUNC function, HANDLE handle, ULONG_PTR number) {
    uint64_t thread = (uint64_t)(uintptr_t)handle - THREAD_HANDLE_FIRST;
    if (thread >= AGENT_THREAD) return (DWORD)fail(ERROR_INVALID_HANDLE);
    lock();
    bool queued = queue(object_of_thread((unsigned)thread), (LPWSAUSERAPC)function, number);
    unlock();
    return queued ? TRUE : (DWORD)fail(ERROR_NOT_ENOUGH_MEMORY);
}

/* --- processes ---------------------------------------------------------------------------------------------------- */

/* What a scenario has left queued to its threads must not run in those of the next one: a child of the agent plays one
 * scenario after another, and only its processes begin and end there. */
static void forget_threads(void) {
    for (unsigned i = 0; i < AGENT_PROCESS; i++)
        if (kernel.alive[i]) return;
    for (unsigned i = 0; i < OBJECTS_MAX; i++)
        if (kernel.objects[i].kind == OBJECT_THREAD) kernel.objects[i].kind = OBJECT_FREE;
    memset(kernel.threads, 0, sizeof kernel.threads);
}

void kernel_objects_process_starts(unsigned process, unsigned main_thread) {
    (void)main_thread;
    lock();
    forget_threads();
    kernel.alive[process] = true;
    kernel.gone[process] = false;
    unlock();
}

void kernel_objects_process_ends(unsigned process) {
    lock();
    kernel.gone[process] = true;
    kernel.alive[process] = false;
    monitor_wake_all(kernel.lock);
    unlock();
}

/* Its object stays until the scenario ends, as if there were a handle to it; what was queued to it never runs. Another
 * thread of its number gets another one. */
void kernel_objects_thread_ends(unsigned thread) {
    lock();
    kernel.threads[thread] = 0;
    unlock();
}

void kernel_objects_enter(unsigned process, unsigned thread) {
    current_process = process;
    current_thread = thread;
    lock();
    own_thread = object_of_thread(thread)->handle;
    unlock();
}

/* The scenario's threads have ended. */
void kernel_objects_end(void) {
    lock();
    for (unsigned i = 0; i < OBJECTS_MAX; i++) kernel.objects[i].kind = OBJECT_FREE;
    memset(kernel.threads, 0, sizeof kernel.threads);
    unlock();
}

void kernel_objects_put(struct windows_functions *table) {
    table->CreateEventW = kernel_CreateEventW;
    table->SetEvent = kernel_SetEvent;
    table->ResetEvent = kernel_ResetEvent;
    WAIT_FORMS_PUT(table, kernel);
    table->SleepEx = kernel_SleepEx;
    table->QueueUserAPC = kernel_QueueUserAPC;
    table->CreateIoCompletionPort = kernel_CreateIoCompletionPort;
    table->CancelIo = kernel_CancelIo;
    table->CancelIoEx = kernel_CancelIoEx;
    table->CreateFileW = kernel_CreateFileW;
    table->CloseHandle = kernel_CloseHandle;
}
