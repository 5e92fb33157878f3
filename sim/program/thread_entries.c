/* kernel32 and the C library: threads, their own values, and locks. */
#include "sim/program/include/process.h"

#include <assert.h>

#include "sim/program/calls.h"
#include "sim/program/objects.h"
#include "sim/program/stop.h"
#include "sim/program/threads.h"
#include "sim/memory/utf16.h"

enum { THREAD_ID_FIRST = 1000, THREAD_ID_STEP = 4, PROCESS_ID = 4000 };

static HANDLE handle_of(uint64_t number) { return (HANDLE)(uintptr_t)number; }

static struct object *thread_object(HANDLE handle) {
    uint64_t number = (uint64_t)(uintptr_t)handle;
    struct object *object = number == (uint64_t)-2 ? object_of_thread(thread_current()) : object_of(number);
    if (object != NULL && object->kind == OBJECT_THREAD) return object;
    thread_set_last_error(ERROR_INVALID_HANDLE);
    return NULL;
}

/* --- threads ------------------------------------------------------------------------------------------------------ */

static uint64_t begin_thread(uint32_t (*routine)(void *parameter), void *parameter, size_t stack, DWORD flags,
                             unsigned *id) {
    threads_enter();
    int thread = thread_create(routine, parameter, stack, (flags & CREATE_SUSPENDED) != 0);
    if (thread < 0) {
        thread_set_last_error(ERROR_NOT_ENOUGH_MEMORY);
        return 0;
    }
    uint64_t handle = 0;
    struct object *object = object_create(OBJECT_THREAD, &handle);
    if (object == NULL) stop(STOP_NO_ROOM, "there are too many handles of threads, mutexes and semaphores");
    object->thread = (uint32_t)thread;
    if (id != NULL) *id = (unsigned)(THREAD_ID_FIRST + thread * THREAD_ID_STEP);
    return handle;
}

HANDLE CreateThread(LPSECURITY_ATTRIBUTES attributes, SIZE_T stack, LPTHREAD_START_ROUTINE routine, LPVOID parameter,
                    DWORD flags, LPDWORD id) {
    (void)attributes;
    return handle_of(begin_thread(routine, parameter, stack, flags, id));
}

uintptr_t _beginthreadex(void *attributes, unsigned stack, unsigned(__stdcall *routine)(void *parameter),
                         void *parameter, unsigned flags, unsigned *id) {
    (void)attributes;
    return (uintptr_t)begin_thread(routine, parameter, stack, flags, id);
}

struct without_code {
    void (*routine)(void *parameter);
    void *parameter;
};

static uint32_t run_without_code(void *context) {
    struct without_code start = *(struct without_code *)context;
    free(context);
    start.routine(start.parameter);
    return 0;
}

/* Its handle is closed when it ends: no one may use it after that. */
uintptr_t _beginthread(void(__cdecl *routine)(void *parameter), unsigned stack, void *parameter) {
    struct without_code *start = malloc(sizeof *start);
    if (start == NULL) return (uintptr_t)-1;
    *start = (struct without_code){ .routine = routine, .parameter = parameter };
    uint64_t handle = begin_thread(run_without_code, start, stack, 0, NULL);
    return handle == 0 ? (uintptr_t)-1 : (uintptr_t)handle;
}

void ExitThread(DWORD code) { thread_exits(code); }
void _endthreadex(unsigned code) { thread_exits(code); }
void _endthread(void) { thread_exits(0); }

BOOL GetExitCodeThread(HANDLE handle, LPDWORD code) {
    threads_enter();
    const struct object *object = thread_object(handle);
    if (object == NULL) return FALSE;
    if (!thread_has_ended(object->thread, code)) *code = STILL_ACTIVE;
    return TRUE;
}

DWORD SuspendThread(HANDLE handle) {
    threads_enter();
    const struct object *object = thread_object(handle);
    return object == NULL ? (DWORD)-1 : thread_suspend(object->thread);
}

DWORD ResumeThread(HANDLE handle) {
    threads_enter();
    const struct object *object = thread_object(handle);
    return object == NULL ? (DWORD)-1 : thread_continue(object->thread);
}

DWORD QueueUserAPC(PAPCFUNC routine, HANDLE handle, ULONG_PTR parameter) {
    threads_enter();
    const struct object *object = thread_object(handle);
    if (object == NULL) return FALSE;
    return (DWORD)PROGRAM_CALL(QueueUserAPC, (uint64_t)(uintptr_t)routine, THREAD_HANDLE_FIRST + object->thread,
                               parameter);
}

BOOL CancelSynchronousIo(HANDLE handle) {
    threads_enter();
    const struct object *object = thread_object(handle);
    return object != NULL && (BOOL)PROGRAM_CALL(CancelSynchronousIo, THREAD_HANDLE_FIRST + object->thread);
}

BOOL SwitchToThread(void) {
    threads_enter();
    thread_poll();
    return TRUE;
}

void reservoir_spin(void) {
    enum { SPINS = 64 };
    static unsigned spins;
    threads_enter();
    if (++spins % SPINS == 0) thread_poll();
}

HANDLE GetCurrentThread(void) { return handle_of((uint64_t)-2); }
HANDLE GetCurrentProcess(void) { return handle_of((uint64_t)-1); }
DWORD GetCurrentProcessId(void) { return PROCESS_ID; }

DWORD GetCurrentThreadId(void) {
    threads_enter();
    return THREAD_ID_FIRST + thread_current() * THREAD_ID_STEP;
}

DWORD GetThreadId(HANDLE handle) {
    threads_enter();
    const struct object *object = thread_object(handle);
    return object == NULL ? 0 : THREAD_ID_FIRST + object->thread * THREAD_ID_STEP;
}

/* Priorities and processors change nothing that a program sees: one runs at a time. */
BOOL SetThreadPriority(HANDLE handle, int priority) {
    (void)priority;
    threads_enter();
    return thread_object(handle) != NULL;
}

int GetThreadPriority(HANDLE handle) {
    threads_enter();
    return thread_object(handle) == NULL ? 0x7fffffff : THREAD_PRIORITY_NORMAL;
}

DWORD_PTR SetThreadAffinityMask(HANDLE handle, DWORD_PTR mask) {
    (void)mask;
    threads_enter();
    return thread_object(handle) != NULL;
}

DWORD SetThreadIdealProcessor(HANDLE handle, DWORD processor) {
    (void)processor;
    threads_enter();
    return thread_object(handle) == NULL ? (DWORD)-1 : 0;
}

HRESULT SetThreadDescription(HANDLE handle, PCWSTR description) {
    threads_enter();
    const struct object *object = thread_object(handle);
    char text[64];
    if (object == NULL) return E_FAIL;
    unsigned length = utf8_from_utf16(description, (unsigned)lstrlenW(description), text, sizeof text - 1);
    text[length] = '\0';
    thread_name(object->thread, text);
    return S_OK;
}

void ExitProcess(UINT code) { exit((int)code); }

BOOL TerminateProcess(HANDLE process, UINT code) {
    const struct object *object = object_of((uint64_t)(uintptr_t)process);
    bool own = process == GetCurrentProcess() || (object != NULL && object->kind == OBJECT_PROCESS);
    if (!own) stop_not_modelled("TerminateProcess", "another process");
    exit((int)code);
}

/* --- a thread's own values ---------------------------------------------------------------------------------------- */

static bool slots_used[THREAD_SLOTS_MAX];

DWORD TlsAlloc(void) {
    threads_enter();
    for (DWORD i = 0; i < THREAD_SLOTS_MAX; i++) {
        if (slots_used[i]) continue;
        slots_used[i] = true;
        return i;
    }
    thread_set_last_error(ERROR_NO_SYSTEM_RESOURCES);
    return TLS_OUT_OF_INDEXES;
}

static bool slot_is_used(DWORD index) {
    threads_enter();
    bool used = index < THREAD_SLOTS_MAX && slots_used[index];
    if (!used) thread_set_last_error(ERROR_INVALID_PARAMETER);
    return used;
}

BOOL TlsFree(DWORD index) {
    if (!slot_is_used(index)) return FALSE;
    slots_used[index] = false;
    return TRUE;
}

LPVOID TlsGetValue(DWORD index) {
    if (!slot_is_used(index)) return NULL;
    thread_set_last_error(NO_ERROR);
    return *thread_slot(index);
}

BOOL TlsSetValue(DWORD index, LPVOID value) {
    if (!slot_is_used(index)) return FALSE;
    *thread_slot(index) = value;
    return TRUE;
}

/* --- locks -------------------------------------------------------------------------------------------------------- */

static void wait_until(bool (*is_over)(void *context), void *context, const char *text) {
    threads_enter();
    const struct thread_wait wait = {
        .is_over = is_over, .context = context, .limit_ms = WAIT_WITHOUT_LIMIT, .text = text
    };
    if (!is_over(context)) (void)thread_wait(&wait);
}

void InitializeCriticalSection(LPCRITICAL_SECTION section) {
    memset(section, 0, sizeof *section);
    section->LockCount = -1;
}

BOOL InitializeCriticalSectionAndSpinCount(LPCRITICAL_SECTION section, DWORD spins) {
    InitializeCriticalSection(section);
    section->SpinCount = spins;
    return TRUE;
}

BOOL InitializeCriticalSectionEx(LPCRITICAL_SECTION section, DWORD spins, DWORD flags) {
    (void)flags;
    return InitializeCriticalSectionAndSpinCount(section, spins);
}

static HANDLE owner(void) { return handle_of(GetCurrentThreadId()); }

static bool section_is_free(void *context) {
    const CRITICAL_SECTION *section = context;
    return section->RecursionCount == 0;
}

BOOL TryEnterCriticalSection(LPCRITICAL_SECTION section) {
    if (section->RecursionCount > 0 && section->OwningThread != owner()) return FALSE;
    section->OwningThread = owner();
    section->RecursionCount++;
    section->LockCount++;
    return TRUE;
}

void EnterCriticalSection(LPCRITICAL_SECTION section) {
    char text[80];
    while (!TryEnterCriticalSection(section)) {
        unsigned thread = ((unsigned)(uintptr_t)section->OwningThread - THREAD_ID_FIRST) / THREAD_ID_STEP;
        snprintf(text, sizeof text,
                 thread == 0 ? "waits for a critical section of the main thread's"
                             : "waits for a critical section of thread %u's",
                 thread + 1);
        wait_until(section_is_free, section, text);
    }
}

void LeaveCriticalSection(LPCRITICAL_SECTION section) {
    section->LockCount--;
    if (--section->RecursionCount == 0) section->OwningThread = NULL;
}

DWORD SetCriticalSectionSpinCount(LPCRITICAL_SECTION section, DWORD spins) {
    DWORD before = (DWORD)section->SpinCount;
    section->SpinCount = spins;
    return before;
}

void DeleteCriticalSection(LPCRITICAL_SECTION section) { memset(section, 0, sizeof *section); }

/* 0: free; 1: one thread has it alone; else 2 for each that shares it. */
static uintptr_t holders(const SRWLOCK *lock) { return (uintptr_t)lock->Ptr; }
static void set_holders(PSRWLOCK lock, uintptr_t count) { lock->Ptr = (PVOID)count; }
static bool lock_is_free(void *context) { return holders(context) == 0; }
static bool lock_can_be_shared(void *context) { return holders(context) != 1; }

void InitializeSRWLock(PSRWLOCK lock) { set_holders(lock, 0); }

BOOLEAN TryAcquireSRWLockExclusive(PSRWLOCK lock) {
    if (holders(lock) != 0) return FALSE;
    set_holders(lock, 1);
    return TRUE;
}

void AcquireSRWLockExclusive(PSRWLOCK lock) {
    while (!TryAcquireSRWLockExclusive(lock)) wait_until(lock_is_free, lock, "waits for a lock (SRWLOCK)");
}

void ReleaseSRWLockExclusive(PSRWLOCK lock) { set_holders(lock, 0); }

BOOLEAN TryAcquireSRWLockShared(PSRWLOCK lock) {
    if (holders(lock) == 1) return FALSE;
    set_holders(lock, holders(lock) + 2);
    return TRUE;
}

void AcquireSRWLockShared(PSRWLOCK lock) {
    while (!TryAcquireSRWLockShared(lock)) wait_until(lock_can_be_shared, lock, "waits to share a lock (SRWLOCK)");
}

void ReleaseSRWLockShared(PSRWLOCK lock) { set_holders(lock, holders(lock) - 2); }

/* A sleeper has the number of its turn: those up to the number that was woken last continue. */
struct sleeper {
    PCONDITION_VARIABLE variable;
    struct sleeper *next;
    bool woken;
};

static struct sleeper *sleepers; /* in the order in which they began to sleep */

void InitializeConditionVariable(PCONDITION_VARIABLE variable) { variable->Ptr = NULL; }

static void wake(PCONDITION_VARIABLE variable, bool all) {
    threads_enter();
    for (struct sleeper *sleeper = sleepers; sleeper != NULL; sleeper = sleeper->next) {
        if (sleeper->variable != variable || sleeper->woken) continue;
        sleeper->woken = true;
        if (!all) return;
    }
}

void WakeConditionVariable(PCONDITION_VARIABLE variable) { wake(variable, false); }
void WakeAllConditionVariable(PCONDITION_VARIABLE variable) { wake(variable, true); }

static bool is_woken(void *context) { return ((const struct sleeper *)context)->woken; }

static void begin_sleep(struct sleeper *sleeper) {
    struct sleeper **last = &sleepers;
    while (*last != NULL) last = &(*last)->next;
    *last = sleeper;
}

static BOOL end_sleep(struct sleeper *sleeper, DWORD limit_ms) {
    const struct thread_wait wait = {
        .is_over = is_woken, .context = sleeper, .limit_ms = limit_ms, .text = "waits for a condition variable"
    };
    bool came = thread_wait(&wait) == WAIT_CAME;
    struct sleeper **place = &sleepers;
    while (*place != sleeper) place = &(*place)->next;
    *place = sleeper->next;
    if (!came) thread_set_last_error(ERROR_TIMEOUT);
    return came;
}

BOOL SleepConditionVariableCS(PCONDITION_VARIABLE variable, PCRITICAL_SECTION section, DWORD limit_ms) {
    struct sleeper sleeper = { .variable = variable };
    threads_enter();
    begin_sleep(&sleeper);
    LeaveCriticalSection(section);
    BOOL came = end_sleep(&sleeper, limit_ms);
    EnterCriticalSection(section);
    return came;
}

BOOL SleepConditionVariableSRW(PCONDITION_VARIABLE variable, PSRWLOCK lock, DWORD limit_ms, ULONG flags) {
    struct sleeper sleeper = { .variable = variable };
    bool shared = (flags & CONDITION_VARIABLE_LOCKMODE_SHARED) != 0;
    threads_enter();
    begin_sleep(&sleeper);
    if (shared) ReleaseSRWLockShared(lock);
    else ReleaseSRWLockExclusive(lock);
    BOOL came = end_sleep(&sleeper, limit_ms);
    if (shared) AcquireSRWLockShared(lock);
    else AcquireSRWLockExclusive(lock);
    return came;
}
