/* select and WSAPoll: what sockets are ready for is the model's answer (transport/readiness.h), the wait is put
 * together here, as any wait for several things is. Like accept, both let routines of the thread run while they wait
 * (W140). */
#include "sim/program/include/winsock2.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/memory/pages.h"
#include "sim/program/calls.h"
#include "sim/program/machine.h"
#include "sim/program/stop.h"
#include "sim/program/threads.h"
#include "stack/system/handles.h"
#include "stack/transport/readiness.h"

enum { SETS = 3, EXCEPT_SET = 2 };

static const unsigned wanted[SETS] = { READY_READ, READY_WRITE, READY_EXCEPT };

static int fail(uint32_t error) {
    thread_set_last_error(error);
    return SOCKET_ERROR;
}

/* The model's socket of a handle, or NO_ROW. */
static unsigned socket_of(SOCKET s) { return handle_find(machine_world(), PROGRAM_PROCESS, HANDLE_SOCKET, s); }

static bool is_started(void) { return world_process(machine_world(), PROGRAM_PROCESS)->startup_count > 0; }

static void must_be_known(const char *function, unsigned socket) {
    if (world_socket(machine_world(), socket)->protocol >= PROTOCOLS_COUNT)
        stop_not_modelled(function, "a socket that is neither TCP nor UDP");
}

/* Waits until it is over or `limit_ms` have passed. Routines run on the way, and then the wait is resumed. */
static void wait_until(bool (*is_over)(void *context), void *context, uint32_t limit_ms, const char *function) {
    const uint64_t NANOSECONDS_PER_MILLISECOND = 1000000;
    uint64_t end_ns = machine_world()->now_ns + limit_ms * NANOSECONDS_PER_MILLISECOND;
    char text[32];
    snprintf(text, sizeof text, "waits in %s", function);
    struct thread_wait wait = { .is_over = is_over,
                                .context = context,
                                .limit_ms = limit_ms,
                                .alertable = true,
                                .text = text,
                                .of_winsock = function };
    while (thread_wait(&wait) == WAIT_RAN_ROUTINES) {
        uint64_t now_ns = machine_world()->now_ns;
        if (limit_ms == WAIT_WITHOUT_LIMIT) continue;
        wait.limit_ms = now_ns >= end_ns ? 0 : (uint32_t)((end_ns - now_ns) / NANOSECONDS_PER_MILLISECOND);
    }
}

/* --- select ------------------------------------------------------------------------------------------------------- */

/* The sockets of a set, as they were when the call was made; none where the program has no such set. */
struct taken_set {
    SOCKET *sockets;
    u_int count;
};

struct selecting {
    struct taken_set sets[SETS];
};

/* One that was closed meanwhile is ready to be read or written (W141). */
static bool is_ready(SOCKET s, unsigned set) {
    unsigned socket = socket_of(s);
    if (socket == NO_ROW) return set != EXCEPT_SET;
    return (socket_readiness(machine_world(), socket) & wanted[set]) != 0;
}

static bool one_is_lost(const struct selecting *selecting) {
    const struct taken_set *set = &selecting->sets[EXCEPT_SET];
    for (u_int i = 0; i < set->count; i++)
        if (socket_of(set->sockets[i]) == NO_ROW) return true;
    return false;
}

static bool select_is_over(void *context) {
    const struct selecting *selecting = context;
    for (unsigned i = 0; i < SETS; i++)
        for (u_int k = 0; k < selecting->sets[i].count; k++)
            if (is_ready(selecting->sets[i].sockets[k], i)) return true;
    return one_is_lost(selecting);
}

/* Copies the three sets. 0, or the error: WSAEFAULT, WSAEINVAL (all empty), WSAENOTSOCK; the sets stay as passed then
 * (W174). A set may be longer than FD_SETSIZE. */
static uint32_t take_sets(fd_set *const sets[SETS], struct selecting *selecting) {
    enum { HEAD_BYTES = offsetof(fd_set, fd_array) };
    uint64_t count = 0;
    for (unsigned i = 0; i < SETS; i++) {
        if (sets[i] == NULL) continue;
        if (pages_readable(PROGRAM_POINTER(sets[i]), HEAD_BYTES) < HEAD_BYTES) return WSAEFAULT;
        uint64_t bytes = HEAD_BYTES + (uint64_t)sets[i]->fd_count * sizeof(SOCKET);
        if (bytes > UINT32_MAX || pages_writable(PROGRAM_POINTER(sets[i]), (uint32_t)bytes) < bytes) return WSAEFAULT;
        count += sets[i]->fd_count;
    }
    if (count == 0) return WSAEINVAL;
    for (unsigned i = 0; i < SETS; i++) {
        if (sets[i] == NULL || sets[i]->fd_count == 0) continue;
        struct taken_set *taken = &selecting->sets[i];
        taken->sockets = malloc(sets[i]->fd_count * sizeof(SOCKET));
        if (taken->sockets == NULL) return WSAENOBUFS;
        taken->count = sets[i]->fd_count;
        memcpy(taken->sockets, sets[i]->fd_array, taken->count * sizeof(SOCKET));
        for (u_int k = 0; k < taken->count; k++) {
            unsigned socket = socket_of(taken->sockets[k]);
            if (socket == NO_ROW) return WSAENOTSOCK;
            must_be_known("select", socket);
        }
    }
    return 0;
}

/* Leaves in each set what is ready, each socket once. One set that was passed twice has what is ready for either. */
static int leave_ready(fd_set *const sets[SETS], const struct selecting *selecting) {
    int count = 0;
    for (unsigned i = 0; i < SETS; i++)
        if (sets[i] != NULL) sets[i]->fd_count = 0;
    for (unsigned i = 0; i < SETS; i++) {
        for (u_int k = 0; k < selecting->sets[i].count; k++) {
            SOCKET s = selecting->sets[i].sockets[k];
            if (!is_ready(s, i) || reservoir_fd_is_set(s, sets[i])) continue;
            reservoir_fd_set(s, sets[i], selecting->sets[i].count);
            count++;
        }
    }
    return count;
}

/* Milliseconds, rounded up, so that no wait is shorter than it was meant. False: it is no time. */
static bool milliseconds_of(const struct timeval *limit, uint32_t *limit_ms) {
    *limit_ms = WAIT_WITHOUT_LIMIT;
    if (limit == NULL) return true;
    if (limit->tv_sec < 0 || limit->tv_usec < 0) return false;
    uint64_t ms = (uint64_t)limit->tv_sec * 1000 + ((uint64_t)limit->tv_usec + 999) / 1000;
    *limit_ms = ms >= WAIT_WITHOUT_LIMIT ? WAIT_WITHOUT_LIMIT - 1 : (uint32_t)ms;
    return true;
}

static int select_from(fd_set *const sets[SETS], struct selecting *selecting, uint32_t limit_ms) {
    if (limit_ms == 0) thread_poll();
    if (!select_is_over(selecting) && limit_ms > 0) wait_until(select_is_over, selecting, limit_ms, "select");
    bool lost = one_is_lost(selecting);
    int count = leave_ready(sets, selecting);
    if (lost && count == 0) return fail(WSAENOTSOCK);
    thread_set_last_error(0);
    return count;
}

/* WSANOTINITIALISED; WSAEFAULT, WSAEINVAL (no socket at all, a time below 0), WSAENOTSOCK. The first argument is not
 * looked at, and the time stays as it is. */
int select(int count, fd_set *reading, fd_set *writing, fd_set *failing, const struct timeval *limit) {
    fd_set *const sets[SETS] = { reading, writing, failing };
    struct selecting selecting = { 0 };
    uint32_t limit_ms = 0;
    (void)count;
    threads_enter();
    bool time_there = limit == NULL || pages_readable(PROGRAM_POINTER(limit), sizeof *limit) == (uint32_t)sizeof *limit;
    uint32_t error = !is_started()                        ? WSANOTINITIALISED
                     : !time_there                        ? WSAEFAULT
                     : !milliseconds_of(limit, &limit_ms) ? WSAEINVAL
                                                          : take_sets(sets, &selecting);
    int ready = error != 0 ? fail(error) : select_from(sets, &selecting, limit_ms);
    for (unsigned i = 0; i < SETS; i++) free(selecting.sets[i].sockets);
    return ready;
}

/* --- WSAPoll ------------------------------------------------------------------------------------------------------ */

enum { ASKABLE = POLLRDNORM | POLLRDBAND | POLLWRNORM, ALWAYS = POLLERR | POLLHUP | POLLNVAL };

struct polling {
    WSAPOLLFD *entries;
    ULONG count;
};

/* What no source says: the events of a stream that was never connected. */
static void must_be_told(unsigned socket) {
    const struct socket_row *row = world_socket(machine_world(), socket);
    must_be_known("WSAPoll", socket);
    if (row->protocol == PROTOCOL_TCP && row->state != SOCKET_LISTENING && row->connection == NO_ROW)
        stop_not_modelled("WSAPoll", "a stream that was never connected");
}

/* An entry that was no socket from the beginning is marked, and not counted (W177); one that was closed meanwhile is
 * both (W141): `revents` of the first is POLLNVAL already. */
static bool was_a_socket(const WSAPOLLFD *entry) { return entry->revents != POLLNVAL; }

static SHORT found_events(const WSAPOLLFD *entry) {
    unsigned socket = socket_of(entry->fd);
    if (socket == NO_ROW) return POLLNVAL;
    uint32_t asked = (uint16_t)entry->events;
    return (SHORT)(socket_events(machine_world(), socket) & (asked | (uint32_t)ALWAYS));
}

static bool poll_is_over(void *context) {
    const struct polling *polling = context;
    for (ULONG i = 0; i < polling->count; i++)
        if (was_a_socket(&polling->entries[i]) && found_events(&polling->entries[i]) != 0) return true;
    return false;
}

/* Marks what is no socket. 0, or the error: WSAENOTSOCK when all are none; WSAEINVAL for events that can only be found,
 * which are not looked at in an entry of INVALID_SOCKET (W176, W177). */
static uint32_t mark_entries(const struct polling *polling) {
    ULONG good = 0;
    bool forbidden = false;
    for (ULONG i = 0; i < polling->count; i++) {
        WSAPOLLFD *entry = &polling->entries[i];
        unsigned socket = socket_of(entry->fd);
        if (socket != NO_ROW) good++;
        if (entry->fd != INVALID_SOCKET && ((uint16_t)entry->events & ~(uint32_t)ASKABLE) != 0) forbidden = true;
    }
    if (good > 0 && forbidden) return WSAEINVAL;
    for (ULONG i = 0; i < polling->count; i++) {
        unsigned socket = socket_of(polling->entries[i].fd);
        polling->entries[i].revents = socket == NO_ROW ? POLLNVAL : 0;
        if (socket != NO_ROW) must_be_told(socket);
    }
    return good == 0 ? WSAENOTSOCK : 0;
}

static int poll_entries(struct polling *polling, INT limit_ms) {
    int count = 0;
    uint32_t error = mark_entries(polling);
    if (error != 0) return fail(error);
    uint32_t limit = limit_ms < 0 ? WAIT_WITHOUT_LIMIT : (uint32_t)limit_ms;
    bool waits = limit > 0 && !poll_is_over(polling);
    if (!waits && thread_has_queued() && machine_reading(Q148_READY_POLL) == Q148_RUNS) thread_run_queued_inside();
    if (waits) wait_until(poll_is_over, polling, limit, "WSAPoll");
    else if (limit == 0) thread_poll();
    for (ULONG i = 0; i < polling->count; i++) {
        WSAPOLLFD *entry = &polling->entries[i];
        if (!was_a_socket(entry)) continue;
        entry->revents = found_events(entry);
        count += entry->revents != 0;
    }
    thread_set_last_error(0);
    return count;
}

/* WSANOTINITIALISED; WSAEINVAL (no entry; forbidden events), WSAEFAULT, WSAENOTSOCK (no entry is a socket). */
int WSAPoll(LPWSAPOLLFD entries, ULONG count, INT limit_ms) {
    struct polling polling = { .entries = entries, .count = count };
    threads_enter();
    uint64_t bytes = (uint64_t)count * sizeof *entries;
    if (!is_started()) return fail(WSANOTINITIALISED);
    if (count == 0) return fail(WSAEINVAL);
    if (bytes > UINT32_MAX || pages_writable(PROGRAM_POINTER(entries), (uint32_t)bytes) < bytes) return fail(WSAEFAULT);
    return poll_entries(&polling, limit_ms);
}
