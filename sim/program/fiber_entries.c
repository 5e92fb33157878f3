/* kernel32: fibers, and values of fibers. A fiber has a stack and values (Fls...) of its own; thread-local variables,
 * values of threads (Tls...) and the last error are those of the thread that runs it. A thread that never made itself a
 * fiber has values all the same.
 *
 * What goes wrong with them has no error on Windows: a switch out of a thread that is no fiber, to the fiber that runs,
 * or to one that another thread runs. Such a program is stopped. */
#include "sim/program/include/win32.h"

#include "sim/fibres/fibres.h"
#include "sim/program/stop.h"
#include "sim/program/threads.h"

#undef free

enum { FLS_MAX = 128 };

struct fiber {
    struct fibre *stack; /* NULL: it ended with its thread */
    LPFIBER_START_ROUTINE routine;
    void *data;
    bool runs;
    PVOID values[FLS_MAX]; /* while it does not run */
    struct fiber *next;
};

static struct fiber *fibers;                        /* all of them */
static struct fiber *fiber_of[PROGRAM_THREADS_MAX]; /* the one that each thread runs, or NULL */

static struct {
    bool used;
    PFLS_CALLBACK_FUNCTION routine;
    PVOID values[PROGRAM_THREADS_MAX]; /* of the fibers that threads run, and of threads that are none */
} fls[FLS_MAX];

static BOOL fail(uint32_t error) {
    threads_enter();
    thread_set_last_error(error);
    return FALSE;
}

/* --- values ------------------------------------------------------------------------------------------------------- */

static bool index_is_used(DWORD index) {
    threads_enter();
    if (index < FLS_MAX && fls[index].used) return true;
    return fail(ERROR_INVALID_PARAMETER);
}

/* Gives the value to the routine, once. */
static void give_back(DWORD index, PVOID *place) {
    PVOID value = *place;
    *place = NULL;
    if (value != NULL && fls[index].routine != NULL) fls[index].routine(value);
}

/* The fiber that it runs loses its stack with it. */
static void thread_ends(unsigned thread) {
    for (DWORD i = 0; i < FLS_MAX; i++)
        if (fls[i].used) give_back(i, &fls[i].values[thread]);
    if (fiber_of[thread] == NULL) return;
    fiber_of[thread]->stack = NULL;
    fiber_of[thread]->runs = false;
    fiber_of[thread] = NULL;
}

DWORD FlsAlloc(PFLS_CALLBACK_FUNCTION routine) {
    threads_enter();
    for (DWORD i = 0; i < FLS_MAX; i++) {
        if (fls[i].used) continue;
        memset(&fls[i], 0, sizeof fls[i]);
        fls[i].used = true;
        fls[i].routine = routine;
        threads_end_calls(thread_ends);
        return i;
    }
    (void)fail(ERROR_NO_SYSTEM_RESOURCES);
    return FLS_OUT_OF_INDEXES;
}

BOOL FlsFree(DWORD index) {
    if (!index_is_used(index)) return FALSE;
    for (unsigned i = 0; i < PROGRAM_THREADS_MAX; i++) give_back(index, &fls[index].values[i]);
    for (struct fiber *fiber = fibers; fiber != NULL; fiber = fiber->next) give_back(index, &fiber->values[index]);
    fls[index].used = false;
    return TRUE;
}

PVOID FlsGetValue(DWORD index) {
    if (!index_is_used(index)) return NULL;
    thread_set_last_error(NO_ERROR);
    return fls[index].values[thread_current()];
}

BOOL FlsSetValue(DWORD index, PVOID value) {
    if (!index_is_used(index)) return FALSE;
    fls[index].values[thread_current()] = value;
    return TRUE;
}

/* --- fibers ------------------------------------------------------------------------------------------------------- */

static struct fiber *make_fiber(LPFIBER_START_ROUTINE routine, void *data) {
    struct fiber *fiber = calloc(1, sizeof *fiber);
    if (fiber == NULL) return NULL;
    fiber->routine = routine;
    fiber->data = data;
    fiber->next = fibers;
    fibers = fiber;
    threads_end_calls(thread_ends);
    return fiber;
}

static void forget(struct fiber *fiber) {
    struct fiber **place = &fibers;
    while (*place != fiber) place = &(*place)->next;
    *place = fiber->next;
    free(fiber);
}

static struct fiber *known(const char *function, LPVOID address) {
    struct fiber *fiber = fibers;
    while (fiber != NULL && fiber != address) fiber = fiber->next;
    if (fiber == NULL) stop_not_modelled(function, "a fiber that there is not");
    return fiber;
}

/* A fiber whose routine returns ends its thread. */
static void run_fiber(void *context) {
    struct fiber *fiber = context;
    fiber->routine(fiber->data);
    thread_exits(0);
}

LPVOID CreateFiberEx(SIZE_T commit, SIZE_T reserve, DWORD flags, LPFIBER_START_ROUTINE routine, LPVOID data) {
    (void)commit, (void)flags; /* all registers are kept */
    threads_enter();
    struct fiber *fiber = make_fiber(routine, data);
    if (fiber != NULL) fiber->stack = thread_stack_create(reserve, run_fiber, fiber);
    if (fiber != NULL && fiber->stack != NULL) return fiber;
    if (fiber != NULL) forget(fiber);
    (void)fail(ERROR_NOT_ENOUGH_MEMORY);
    return NULL;
}

LPVOID CreateFiber(SIZE_T stack_bytes, LPFIBER_START_ROUTINE routine, LPVOID data) {
    return CreateFiberEx(0, stack_bytes, 0, routine, data);
}

BOOL IsThreadAFiber(void) {
    threads_enter();
    return fiber_of[thread_current()] != NULL;
}

LPVOID ConvertThreadToFiberEx(LPVOID data, DWORD flags) {
    (void)flags;
    if (IsThreadAFiber()) return fail(ERROR_ALREADY_FIBER), NULL;
    struct fiber *fiber = make_fiber(NULL, data);
    if (fiber == NULL) return fail(ERROR_NOT_ENOUGH_MEMORY), NULL;
    fiber->stack = thread_stack();
    fiber->runs = true;
    fiber_of[thread_current()] = fiber;
    return fiber;
}

LPVOID ConvertThreadToFiber(LPVOID data) { return ConvertThreadToFiberEx(data, 0); }

/* Its stack stays the thread's. */
BOOL ConvertFiberToThread(void) {
    if (!IsThreadAFiber()) return fail(ERROR_ALREADY_THREAD);
    forget(fiber_of[thread_current()]);
    fiber_of[thread_current()] = NULL;
    return TRUE;
}

PVOID GetCurrentFiber(void) {
    if (!IsThreadAFiber()) stop_not_modelled("GetCurrentFiber", "in a thread that is no fiber");
    return fiber_of[thread_current()];
}

PVOID GetFiberData(void) { return ((const struct fiber *)GetCurrentFiber())->data; }

VOID SwitchToFiber(LPVOID address) {
    threads_enter();
    const unsigned thread = thread_current();
    struct fiber *from = fiber_of[thread], *to = known("SwitchToFiber", address);
    if (from == NULL) stop_not_modelled("SwitchToFiber", "out of a thread that is no fiber");
    if (to->runs) stop_not_modelled("SwitchToFiber", "to a fiber that a thread runs");
    if (to->stack == NULL) stop_not_modelled("SwitchToFiber", "to a fiber that has ended");
    for (DWORD i = 0; i < FLS_MAX; i++) {
        from->values[i] = fls[i].values[thread];
        fls[i].values[thread] = to->values[i];
        to->values[i] = NULL;
    }
    from->runs = false;
    to->runs = true;
    fiber_of[thread] = to;
    thread_change_stack(to->stack);
}

/* The fiber that runs ends its thread so. */
VOID DeleteFiber(LPVOID address) {
    threads_enter();
    struct fiber *fiber = known("DeleteFiber", address);
    if (fiber == fiber_of[thread_current()]) {
        for (DWORD i = 0; i < FLS_MAX; i++)
            if (fls[i].used) give_back(i, &fls[i].values[thread_current()]);
        fiber_of[thread_current()] = NULL;
        forget(fiber);
        thread_exits(0);
    }
    if (fiber->runs) stop_not_modelled("DeleteFiber", "of a fiber that another thread runs");
    for (DWORD i = 0; i < FLS_MAX; i++)
        if (fls[i].used) give_back(i, &fiber->values[i]);
    fibre_destroy(fiber->stack);
    forget(fiber);
}
