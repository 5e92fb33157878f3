/* Pools of a program's own, and groups of what was made with one environment. */
#include "sim/program/pool.h"

#include "sim/program/stop.h"
#include "sim/program/threads.h"

/* The places of an environment's members (TP_CALLBACK_ENVIRON_V3 of winnt.h), in units of 8 bytes. */
enum { ENVIRON_POOL = 1, ENVIRON_GROUP = 2, ENVIRON_CANCEL = 3 };

static void *member_of(PTP_CALLBACK_ENVIRON environment, unsigned place) {
    return environment == NULL ? NULL : (void *)(uintptr_t)environment->Reserved[place];
}

/* --- pools -------------------------------------------------------------------------------------------------------- */

PTP_POOL pool_of(PTP_CALLBACK_ENVIRON environment) { return member_of(environment, ENVIRON_POOL); }

uint32_t pool_ticket(PTP_POOL pool) { return pool == NULL ? 0 : pool->next_ticket++; }

struct place {
    const struct _TP_POOL *pool;
    uint32_t ticket;
};

static bool has_turn(void *context) {
    const struct place *place = context;
    const struct _TP_POOL *pool = place->pool;
    return pool->turn == place->ticket && (pool->most == 0 || pool->running < pool->most);
}

void pool_enter(PTP_POOL pool, uint32_t ticket) {
    if (pool == NULL) return;
    struct place place = { pool, ticket };
    const struct thread_wait wait = { .is_over = has_turn,
                                      .context = &place,
                                      .limit_ms = WAIT_WITHOUT_LIMIT,
                                      .text = "waits for its turn in a pool of threads" };
    threads_enter();
    if (!has_turn(&place)) (void)thread_wait(&wait);
    pool->turn++;
    pool->running++;
}

void pool_leave(PTP_POOL pool) {
    if (pool != NULL) pool->running--;
}

PTP_POOL CreateThreadpool(PVOID reserved) {
    (void)reserved;
    threads_enter();
    return pool_item(sizeof(struct _TP_POOL));
}

/* Its memory stays: what was submitted may still wait for its turn. */
VOID CloseThreadpool(PTP_POOL pool) {
    (void)pool;
    threads_enter();
}

/* Threads that wait for work cannot be seen. */
BOOL SetThreadpoolThreadMinimum(PTP_POOL pool, DWORD least) {
    (void)pool, (void)least;
    return TRUE;
}

VOID SetThreadpoolThreadMaximum(PTP_POOL pool, DWORD most) { pool->most = most; }

BOOL CallbackMayRunLong(PTP_CALLBACK_INSTANCE instance) {
    (void)instance;
    return TRUE;
}

/* --- groups ------------------------------------------------------------------------------------------------------- */

struct member {
    enum pool_kind kind;
    void *item;
    struct member *next;
};

struct _TP_CLEANUP_GROUP {
    struct member *first;
    struct _TP_CLEANUP_GROUP *next;
    bool has_routine; /* for what is cancelled */
};

static PTP_CLEANUP_GROUP groups; /* all that there ever were */

PTP_CLEANUP_GROUP CreateThreadpoolCleanupGroup(void) {
    threads_enter();
    PTP_CLEANUP_GROUP group = pool_item(sizeof *group);
    group->next = groups;
    groups = group;
    return group;
}

void pool_joins(PTP_CALLBACK_ENVIRON environment, enum pool_kind kind, void *item) {
    PTP_CLEANUP_GROUP group = member_of(environment, ENVIRON_GROUP);
    if (group == NULL) return;
    struct member *member = pool_item(sizeof *member);
    *member = (struct member){ kind, item, group->first };
    group->first = member;
    group->has_routine = group->has_routine || member_of(environment, ENVIRON_CANCEL) != NULL;
}

void pool_quits(const void *item) {
    for (PTP_CLEANUP_GROUP group = groups; group != NULL; group = group->next) {
        struct member **place = &group->first;
        while (*place != NULL && (*place)->item != item) place = &(*place)->next;
        if (*place == NULL) continue;
        struct member *gone = *place;
        *place = gone->next;
        free(gone);
        return;
    }
}

/* What has not begun is cancelled or not: everything begins at once here. */
static void wait_for(const struct member *member) {
    switch (member->kind) {
    case POOL_WORK: WaitForThreadpoolWorkCallbacks(member->item, FALSE); break;
    case POOL_TIMER:
        SetThreadpoolTimer(member->item, NULL, 0, 0);
        WaitForThreadpoolTimerCallbacks(member->item, FALSE);
        break;
    case POOL_WAIT:
        SetThreadpoolWait(member->item, NULL, NULL);
        WaitForThreadpoolWaitCallbacks(member->item, FALSE);
        break;
    case POOL_IO: WaitForThreadpoolIoCallbacks(member->item, FALSE); break;
    }
}

static void close_item(enum pool_kind kind, void *item) {
    switch (kind) {
    case POOL_WORK: CloseThreadpoolWork(item); break;
    case POOL_TIMER: CloseThreadpoolTimer(item); break;
    case POOL_WAIT: CloseThreadpoolWait(item); break;
    case POOL_IO: CloseThreadpoolIo(item); break;
    }
}

VOID CloseThreadpoolCleanupGroupMembers(PTP_CLEANUP_GROUP group, BOOL cancel, PVOID context) {
    (void)context;
    threads_enter();
    if (cancel && group->has_routine && group->first != NULL)
        stop_not_modelled("CloseThreadpoolCleanupGroupMembers", "a routine for what is cancelled");
    while (group->first != NULL) {
        wait_for(group->first);
        close_item(group->first->kind, group->first->item); /* leaves the group */
    }
}

VOID CloseThreadpoolCleanupGroup(PTP_CLEANUP_GROUP group) {
    (void)group;
    threads_enter();
}
