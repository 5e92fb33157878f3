/* WSPSelect: what sockets are ready for. */
#include "conformance/layered/layered.h"

#include <stdlib.h>
#include <string.h>

enum { SETS = 3, SLICE_MS = 10 };

static const uint8_t wanted_of[SETS] = { LOWER_READ, LOWER_WRITE, LOWER_EXCEPT };

/* The program's sets, and what became of each of their sockets. A program may have sets that are longer than fd_set. */
struct selecting {
    fd_set *sets[SETS];
    SOCKET *sockets[SETS]; /* as they were passed */
    uint8_t *ready[SETS];
    u_int counts[SETS];
    struct lower_watch watches[LAYERED_SOCKETS_MAX];
    unsigned watched;
    uint64_t handles[LAYERED_SOCKETS_MAX]; /* of those watched */
    bool gone[LAYERED_SOCKETS_MAX];        /* closed since the first look */
    bool refused[LAYERED_SOCKETS_MAX];     /* its connect has failed */
    bool began;                            /* all were sockets at the first look */
    bool lost;                             /* one that is gone is in no set of readers */
};

/* --- the sets ----------------------------------------------------------------------------------------------------- */

static void forget(struct selecting *selecting) {
    for (unsigned i = 0; i < SETS; i++) {
        free(selecting->sockets[i]);
        free(selecting->ready[i]);
    }
    free(selecting);
}

/* 0, WSAEFAULT, WSAENOBUFS, or WSAEINVAL for no socket at all. */
static int take_sets(struct selecting *selecting) {
    unsigned all = 0;
    for (unsigned i = 0; i < SETS; i++) {
        const fd_set *set = selecting->sets[i];
        if (set == NULL) continue;
        if (!lower_readable(set, sizeof set->fd_count)) return WSAEFAULT;
        u_int count = set->fd_count;
        if (count > 0 && !lower_readable(set->fd_array, count * sizeof(SOCKET))) return WSAEFAULT;
        selecting->counts[i] = count;
        selecting->sockets[i] = calloc(count + 1u, sizeof(SOCKET));
        selecting->ready[i] = calloc(count + 1u, 1);
        if (selecting->sockets[i] == NULL || selecting->ready[i] == NULL) return WSAENOBUFS;
        memcpy(selecting->sockets[i], set->fd_array, count * sizeof(SOCKET));
        all += count;
    }
    return all == 0 ? WSAEINVAL : 0;
}

static bool stands_before(const SOCKET *sockets, u_int end) {
    for (u_int i = 0; i < end; i++)
        if (sockets[i] == sockets[end]) return true;
    return false;
}

/* Leaves what is ready in the sets, each once. Returns how many are left. */
static int give_sets(const struct selecting *selecting) {
    int left = 0;
    for (unsigned i = 0; i < SETS; i++) {
        if (selecting->sets[i] == NULL) continue;
        u_int kept = 0;
        for (u_int k = 0; k < selecting->counts[i]; k++) {
            bool is_left = selecting->ready[i][k] != 0 || faulty(FAULT_select_leaves_all);
            bool again = stands_before(selecting->sockets[i], k) && !faulty(FAULT_select_leaves_twice);
            if (is_left && !again) selecting->sets[i]->fd_array[kept++] = selecting->sockets[i][k];
        }
        selecting->sets[i]->fd_count = kept;
        left += (int)kept;
    }
    return left;
}

/* --- one look ----------------------------------------------------------------------------------------------------- */

/* The place of a socket among those watched, whose descriptor is as it is now. Minus an error. */
static int watch(struct selecting *selecting, SOCKET s) {
    int error = 0;
    for (unsigned i = 0; i < selecting->watched; i++)
        if (selecting->handles[i] == s) return (int)i;
    if (selecting->watched == LAYERED_SOCKETS_MAX) return -WSAENOBUFS;
    struct layered_socket *socket = layered_enter(s, &error);
    if (socket == NULL && !selecting->began) return -error;
    struct lower_watch *row = &selecting->watches[selecting->watched];
    selecting->handles[selecting->watched] = s;
    selecting->gone[selecting->watched] = socket == NULL;
    selecting->refused[selecting->watched] = false;
    *row = (struct lower_watch){ .idle = true };
    if (socket != NULL) {
        layered_settle(socket);
        row->socket = socket->lower;
        row->connecting = socket->phase == PHASE_CONNECTING;
        selecting->refused[selecting->watched] = socket->phase == PHASE_FAILED;
        /* Windows finds a stream that is new ready for nothing; one that was refused, for that only. */
        row->idle = socket->stream && (socket->phase == PHASE_NEW || socket->phase == PHASE_FAILED);
        lower_unlock();
    }
    return (int)selecting->watched++;
}

static int watch_all(struct selecting *selecting) {
    selecting->watched = 0;
    for (unsigned i = 0; i < SETS; i++)
        for (u_int k = 0; k < selecting->counts[i]; k++) {
            int place = watch(selecting, selecting->sockets[i][k]);
            if (place < 0) return -place;
            selecting->watches[place].wanted |= wanted_of[i];
        }
    selecting->began = true;
    return 0;
}

/* What was closed while the call waits is ready to be read from; where no one wants to, the call fails (W141). Returns
 * how many are gone. */
static int count_gone(struct selecting *selecting) {
    int gone = 0;
    for (unsigned i = 0; i < selecting->watched; i++) {
        if (!selecting->gone[i] || faulty(FAULT_select_waits_for_closed)) continue;
        selecting->lost = selecting->lost || (selecting->watches[i].wanted & LOWER_READ) == 0;
        gone++;
    }
    return gone;
}

/* A socket whose connect has failed is ready as an exception, for whoever wants to know. Returns how many are. */
static int count_refused(const struct selecting *selecting) {
    int refused = 0;
    for (unsigned i = 0; i < selecting->watched; i++)
        refused += selecting->refused[i] && (selecting->watches[i].wanted & LOWER_EXCEPT) != 0;
    return refused;
}

/* What the host does not know. */
static void add_ready(struct selecting *selecting) {
    for (unsigned i = 0; i < selecting->watched; i++) {
        if (selecting->gone[i]) selecting->watches[i].ready = LOWER_READ;
        if (selecting->refused[i]) selecting->watches[i].ready = LOWER_EXCEPT;
    }
}

static void take_ready(struct selecting *selecting) {
    for (unsigned i = 0; i < SETS; i++)
        for (u_int k = 0; k < selecting->counts[i]; k++) {
            int place = watch(selecting, selecting->sockets[i][k]); /* it is among them */
            if (place >= 0) selecting->ready[i][k] = selecting->watches[place].ready & wanted_of[i];
        }
}

/* How many are ready, or minus an error. */
static int look(struct selecting *selecting, uint32_t limit_ms) {
    int error = watch_all(selecting);
    if (error != 0) return -error;
    int gone = count_gone(selecting), refused = count_refused(selecting);
    if (selecting->lost) return -WSAENOTSOCK;
    int found = lower_wait(selecting->watches, selecting->watched, gone + refused > 0 ? 0 : limit_ms);
    /* The host noticed first that one was closed. */
    if (found == -WSAENOTSOCK && gone == 0 && watch_all(selecting) == 0 && count_gone(selecting) > 0)
        return look(selecting, 0);
    if (found < 0 || found + gone + refused == 0) return found;
    add_ready(selecting);
    take_ready(selecting);
    return found + gone + refused;
}

/* --- the call ----------------------------------------------------------------------------------------------------- */

/* Milliseconds, rounded up; UINT64_MAX without a limit. */
static uint64_t limit_of(const PTIMEVAL limit) {
    if (limit == NULL) return UINT64_MAX;
    uint64_t microseconds = (uint64_t)limit->tv_sec * 1000000u + (uint64_t)limit->tv_usec;
    return (microseconds + 999) / 1000;
}

/* As lower_wait, in slices. */
static int wait_for(struct selecting *selecting, uint64_t limit_ms) {
    for (uint64_t passed_ms = 0;; passed_ms += SLICE_MS) {
        uint64_t left_ms = passed_ms < limit_ms ? limit_ms - passed_ms : 0;
        int found = look(selecting, left_ms < SLICE_MS ? (uint32_t)left_ms : SLICE_MS);
        if (found != 0 || left_ms <= SLICE_MS) return found;
    }
}

int WSPAPI layered_select(int count, fd_set *reading, fd_set *writing, fd_set *failing, const PTIMEVAL limit,
                          LPINT error) {
    (void)count;
    if (limit != NULL && !lower_readable(limit, sizeof *limit)) return layered_fail(error, WSAEFAULT);
    struct selecting *selecting = calloc(1, sizeof *selecting);
    if (selecting == NULL) return layered_fail(error, WSAENOBUFS);
    selecting->sets[0] = reading;
    selecting->sets[1] = writing;
    selecting->sets[2] = failing;
    int wrong = take_sets(selecting);
    int found = wrong != 0 ? -wrong : wait_for(selecting, limit_of(limit));
    if (found == -WSAENOTSOCK && faulty(FAULT_select_skips_closed)) found = 0;
    bool changes = found >= 0 || selecting->lost; /* any other error leaves the sets as they were */
    int left = changes ? give_sets(selecting) : 0;
    if (found < 0) left = layered_fail(error, -found);
    forget(selecting);
    return left;
}
