/* kernel32: things done once, barriers, waits for an address. */
#include "sim/program/include/win32.h"

#include "sim/program/machine.h"
#include "sim/program/threads.h"

static BOOL fail(uint32_t error) {
    threads_enter();
    thread_set_last_error(error);
    return FALSE;
}

/* --- once --------------------------------------------------------------------------------------------------------- */

/* 0: not yet; 1: a thread is at it; 3: threads are at it, of which the first to end counts; else done, with the context
 * beside two bits. */
enum { ONCE_BEGUN = 1, ONCE_DONE = 2, ONCE_BEGUN_BY_SEVERAL = 3, ONCE_BITS = 3 };

static uintptr_t state_of(const INIT_ONCE *once) { return (uintptr_t)once->Ptr & ONCE_BITS; }

static void set_state(PINIT_ONCE once, PVOID context, unsigned state) {
    once->Ptr = (PVOID)((uintptr_t)context | state);
}

static bool once_is_not_begun(void *context) { return state_of(context) != ONCE_BEGUN; }

static void wait_for_other(PINIT_ONCE once) {
    const struct thread_wait wait = { .is_over = once_is_not_begun,
                                      .context = once,
                                      .limit_ms = WAIT_WITHOUT_LIMIT,
                                      .text = "waits for what another thread does once" };
    threads_enter();
    if (!once_is_not_begun(once)) (void)thread_wait(&wait);
}

static void give_context(const INIT_ONCE *once, LPVOID *context) {
    if (context != NULL) *context = (PVOID)((uintptr_t)once->Ptr & ~(uintptr_t)ONCE_BITS);
}

void InitOnceInitialize(PINIT_ONCE once) { once->Ptr = NULL; }

BOOL InitOnceExecuteOnce(PINIT_ONCE once, PINIT_ONCE_FN routine, PVOID parameter, LPVOID *context) {
    wait_for_other(once);
    if (state_of(once) != ONCE_DONE) {
        PVOID made = NULL;
        set_state(once, NULL, ONCE_BEGUN);
        BOOL done = routine(once, parameter, &made);
        set_state(once, done ? made : NULL, done ? ONCE_DONE : 0);
        if (!done) return FALSE;
    }
    give_context(once, context);
    return TRUE;
}

BOOL InitOnceBeginInitialize(LPINIT_ONCE once, DWORD flags, PBOOL pending, LPVOID *context) {
    bool by_several = (flags & INIT_ONCE_ASYNC) != 0;
    threads_enter();
    if ((flags & INIT_ONCE_CHECK_ONLY) != 0) {
        if (flags != INIT_ONCE_CHECK_ONLY) return fail(ERROR_INVALID_PARAMETER);
        bool done = state_of(once) == ONCE_DONE;
        *pending = !done;
        if (!done) return fail(ERROR_GEN_FAILURE);
        give_context(once, context);
        return TRUE;
    }
    if (state_of(once) == (by_several ? ONCE_BEGUN : ONCE_BEGUN_BY_SEVERAL)) return fail(ERROR_INVALID_PARAMETER);
    if (!by_several) wait_for_other(once);
    *pending = state_of(once) != ONCE_DONE;
    if (*pending) set_state(once, NULL, by_several ? ONCE_BEGUN_BY_SEVERAL : ONCE_BEGUN);
    else give_context(once, context);
    return TRUE;
}

BOOL InitOnceComplete(LPINIT_ONCE once, DWORD flags, LPVOID context) {
    bool by_several = (flags & INIT_ONCE_ASYNC) != 0, failed = (flags & INIT_ONCE_INIT_FAILED) != 0;
    threads_enter();
    if ((by_several && failed) || (failed && context != NULL) || ((uintptr_t)context & ONCE_BITS) != 0)
        return fail(ERROR_INVALID_PARAMETER);
    if (state_of(once) != (by_several ? ONCE_BEGUN_BY_SEVERAL : ONCE_BEGUN)) return fail(ERROR_GEN_FAILURE);
    set_state(once, context, failed ? 0 : ONCE_DONE);
    return TRUE;
}

/* --- barriers ----------------------------------------------------------------------------------------------------- */

/* Reserved1: how many threads; Reserved2: how many have come; Reserved4: how often all had come. */
struct at_barrier {
    const SYNCHRONIZATION_BARRIER *barrier;
    DWORD round;
};

static bool all_have_come(void *context) {
    const struct at_barrier *at = context;
    return at->barrier->Reserved4 != at->round;
}

BOOL InitializeSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER barrier, LONG threads, LONG spins) {
    threads_enter();
    if (threads <= 0 || spins < -1) return fail(ERROR_INVALID_PARAMETER);
    memset(barrier, 0, sizeof *barrier);
    barrier->Reserved1 = (DWORD)threads;
    return TRUE;
}

/* TRUE for the last one to come. */
BOOL EnterSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER barrier, DWORD flags) {
    struct at_barrier at = { .barrier = barrier, .round = barrier->Reserved4 };
    const struct thread_wait wait = { .is_over = all_have_come,
                                      .context = &at,
                                      .limit_ms = WAIT_WITHOUT_LIMIT,
                                      .text = "waits at a barrier (EnterSynchronizationBarrier)" };
    (void)flags;
    threads_enter();
    if (++barrier->Reserved2 == barrier->Reserved1) {
        barrier->Reserved2 = 0;
        barrier->Reserved4++;
        return TRUE;
    }
    (void)thread_wait(&wait);
    return FALSE;
}

BOOL DeleteSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER barrier) {
    memset(barrier, 0, sizeof *barrier);
    return TRUE;
}

/* --- waits for an address ----------------------------------------------------------------------------------------- */

struct address_wait {
    const volatile void *address;
    struct address_wait *next;
    bool woken;
};

static struct address_wait *address_waits; /* in the order in which they began */

static bool is_woken(void *context) { return ((const struct address_wait *)context)->woken; }

BOOL WaitOnAddress(volatile VOID *address, PVOID compared, SIZE_T bytes, DWORD limit_ms) {
    struct address_wait here = { .address = address };
    const struct thread_wait wait = {
        .is_over = is_woken, .context = &here, .limit_ms = limit_ms, .text = "waits in WaitOnAddress"
    };
    threads_enter();
    if (bytes != 1 && bytes != 2 && bytes != 4 && bytes != 8) return fail(ERROR_INVALID_PARAMETER);
    if (memcmp((const void *)(uintptr_t)address, compared, bytes) != 0) return TRUE;
    struct address_wait **place = &address_waits;
    while (*place != NULL) place = &(*place)->next;
    *place = &here;
    bool came = thread_wait(&wait) == WAIT_CAME;
    for (place = &address_waits; *place != &here;) place = &(*place)->next;
    *place = here.next;
    return came || fail(ERROR_TIMEOUT);
}

static void wake(PVOID address, bool all) {
    threads_enter();
    for (struct address_wait *wait = address_waits; wait != NULL; wait = wait->next) {
        if (wait->address != address || wait->woken) continue;
        wait->woken = true;
        if (!all) return;
    }
}

void WakeByAddressSingle(PVOID address) { wake(address, false); }
void WakeByAddressAll(PVOID address) { wake(address, true); }

/* --- lists -------------------------------------------------------------------------------------------------------- */

VOID InitializeSListHead(PSLIST_HEADER list) { memset(list, 0, sizeof *list); }

PSLIST_ENTRY InterlockedPushEntrySList(PSLIST_HEADER list, PSLIST_ENTRY entry) {
    threads_enter();
    PSLIST_ENTRY before = list->reservoir.first;
    entry->Next = before;
    list->reservoir.first = entry;
    list->reservoir.depth++;
    return before;
}

PSLIST_ENTRY InterlockedPopEntrySList(PSLIST_HEADER list) {
    threads_enter();
    PSLIST_ENTRY first = list->reservoir.first;
    if (first == NULL) return NULL;
    list->reservoir.first = first->Next;
    list->reservoir.depth--;
    return first;
}

PSLIST_ENTRY InterlockedFlushSList(PSLIST_HEADER list) {
    threads_enter();
    PSLIST_ENTRY first = list->reservoir.first;
    InitializeSListHead(list);
    return first;
}

USHORT QueryDepthSList(PSLIST_HEADER list) {
    threads_enter();
    return (USHORT)list->reservoir.depth;
}
