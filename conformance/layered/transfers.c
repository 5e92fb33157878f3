#include "conformance/layered/transfers.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/layered/completions.h"
#include "conformance/layered/connections.h"
#include "conformance/layered/events.h"
#include "conformance/layered/layered.h"
#include "conformance/layered/pump.h"

enum { CHUNK_BYTES = 65536, PENDING_MAX = 256 };

struct transfer {
    bool sends, waits_for_all;
    unsigned flags; /* LOWER_... */
    LPWSABUF buffers;
    DWORD count;
    size_t total, moved;
    bool has_to;
    struct lower_address to;
    struct sockaddr *from; /* the program's; may be NULL */
    LPINT from_length;
};

struct pending {
    uint64_t context; /* of its socket; 0: free */
    uint64_t serial;  /* in the order in which they were issued */
    struct transfer transfer;
    struct completion completion;
};

static struct pending pending[PENDING_MAX];

/* --- bytes -------------------------------------------------------------------------------------------------------- */

/* What passes between a host's socket and the program's buffers; with the lock. */
static uint8_t chunk[CHUNK_BYTES];

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* Between the chunk and the buffers, from byte `moved` of them on. */
static void copy_chunk(const struct transfer *transfer, size_t length) {
    size_t before = transfer->moved, done = 0;
    for (DWORD i = 0; i < transfer->count && done < length; i++) {
        const WSABUF *buffer = &transfer->buffers[i];
        if (before >= buffer->len) {
            before -= buffer->len;
            continue;
        }
        size_t part = least(buffer->len - before, length - done);
        if (transfer->sends) memcpy(chunk + done, buffer->buf + before, part);
        else memcpy(buffer->buf + before, chunk + done, part);
        done += part;
        before = 0;
    }
}

/* --- one try ------------------------------------------------------------------------------------------------------ */

/* What a stream has died of it says from then on; a host may say it once. */
static long fate(struct layered_socket *socket, long moved) {
    bool died = moved == -WSAECONNRESET || moved == -WSAECONNABORTED || moved == -WSAETIMEDOUT;
    if (socket->stream && died) socket->error = (int)-moved;
    if (!socket->stream && moved == -WSAECONNREFUSED) return -WSAECONNRESET; /* as Winsock names it */
    return moved;
}

static long try_to_send(struct layered_socket *socket, struct transfer *transfer) {
    if (!socket->stream && transfer->total > CHUNK_BYTES) return -WSAEMSGSIZE;
    do {
        size_t part = least(transfer->total - transfer->moved, CHUNK_BYTES);
        copy_chunk(transfer, part);
        long sent = lower_send(socket->lower, chunk, part, transfer->flags, transfer->has_to ? &transfer->to : NULL);
        if (sent == -WSAEWOULDBLOCK) events_enable(socket, FD_WRITE);
        if (sent < 0) return fate(socket, sent);
        transfer->moved += (size_t)sent;
    } while (socket->stream && transfer->moved < transfer->total);
    return (long)transfer->moved;
}

/* Of a stream no bytes are wanted: it is over when there are some. */
static long look_for_bytes(const struct layered_socket *socket) {
    struct lower_watch watch = { .socket = socket->lower, .wanted = LOWER_READ };
    return lower_wait(&watch, 1, 0) > 0 ? 0 : -WSAEWOULDBLOCK;
}

static long receive_bytes(struct layered_socket *socket, struct transfer *transfer) {
    struct lower_address from = { .port = 0 };
    size_t wanted = least(transfer->total - transfer->moved, CHUNK_BYTES);
    if (socket->stream && transfer->total == 0) return look_for_bytes(socket);
    long got = lower_receive(socket->lower, chunk, wanted, transfer->flags, &from);
    bool cut = got == -WSAEMSGSIZE;
    if (got < 0 && !cut) return fate(socket, got);
    copy_chunk(transfer, cut ? wanted : (size_t)got);
    transfer->moved += cut ? wanted : (size_t)got;
    if (!socket->stream && transfer->from != NULL)
        (void)layered_write_address(&from, transfer->from, transfer->from_length);
    return got;
}

static long try_to_receive(struct layered_socket *socket, struct transfer *transfer) {
    long got = 0;
    do got = receive_bytes(socket, transfer);
    while (got > 0 && transfer->waits_for_all && transfer->moved < transfer->total);
    if (got == -WSAEWOULDBLOCK || got == -WSAEMSGSIZE) return got;
    return got < 0 && transfer->moved == 0 ? got : (long)transfer->moved;
}

static long try_transfer(struct layered_socket *socket, struct transfer *transfer) {
    if (transfer->sends) return try_to_send(socket, transfer);
    long got = try_to_receive(socket, transfer);
    events_enable(socket, (transfer->flags & LOWER_URGENT) != 0 ? FD_READ | FD_OOB : FD_READ);
    return got;
}

/* May the socket do that at all? 0 or minus an error. */
static long allowed(struct layered_socket *socket, const struct transfer *transfer) {
    int wrong = socket->stream ? connection_is_there(socket) : 0;
    if (wrong != 0) return -wrong;
    if (transfer->sends ? socket->no_more_sends : socket->no_more_receives) return -WSAESHUTDOWN;
    if (socket->stream) return 0;
    if (transfer->has_to) return -layered_bind_implicitly(socket);
    return transfer->sends || socket->bound ? 0 : -WSAEINVAL;
}

/* --- what pends --------------------------------------------------------------------------------------------------- */

/* The next one to be tried; NULL: none. */
static struct pending *first_of(const struct layered_socket *socket, bool sends) {
    struct pending *first = NULL;
    for (unsigned i = 0; i < PENDING_MAX; i++) {
        struct pending *row = &pending[i];
        if (row->context != socket_context(socket) || row->transfer.sends != sends) continue;
        bool before = first == NULL || row->serial < first->serial;
        if (first != NULL && faulty(FAULT_receives_out_of_turn)) before = !before;
        if (before) first = row;
    }
    return first;
}

static uint8_t direction(bool sends) { return sends ? LOWER_WRITE : LOWER_READ; }

uint8_t transfers_wanted(const struct layered_socket *socket) {
    uint8_t reads = first_of(socket, false) != NULL ? LOWER_READ : 0;
    uint8_t writes = first_of(socket, true) != NULL ? LOWER_WRITE : 0;
    return (uint8_t)(reads | writes);
}

static void drop(struct pending *row) {
    struct layered_socket *socket = socket_at(row->context);
    if (socket != NULL && !row->transfer.sends) socket->receives_pending--;
    free(row->transfer.buffers);
    *row = (struct pending){ .context = 0 };
}

/* A row with buffers of its own; NULL when there is no room. */
static struct pending *keep(struct layered_socket *socket, const struct transfer *transfer,
                            const struct completion *completion) {
    static uint64_t serial;
    struct pending *row = NULL;
    for (unsigned i = 0; i < PENDING_MAX && row == NULL; i++)
        if (pending[i].context == 0) row = &pending[i];
    LPWSABUF buffers = row == NULL ? NULL : calloc(transfer->count, sizeof *buffers);
    if (buffers == NULL) return NULL;
    memcpy(buffers, transfer->buffers, transfer->count * sizeof *buffers);
    *row = (struct pending){ .context = socket_context(socket), .serial = ++serial, .transfer = *transfer };
    row->transfer.buffers = buffers;
    row->completion = *completion;
    row->completion.callers = NULL;
    if (!transfer->sends) socket->receives_pending++;
    return row;
}

/* It is over: with what was moved, or minus an error. */
static void end(struct pending *row, long moved) {
    const struct completion completion = row->completion;
    size_t bytes = moved >= 0 ? (size_t)moved : moved == -WSAEMSGSIZE ? row->transfer.moved : 0;
    drop(row);
    completion_report(&completion, moved < 0 ? (int)-moved : 0, (DWORD)bytes);
}

bool transfers_serve(struct layered_socket *socket) {
    bool ended = false;
    for (int sends = 0; sends < 2; sends++) {
        struct pending *row;
        while ((row = first_of(socket, sends != 0)) != NULL) {
            long moved = try_transfer(socket, &row->transfer);
            if (moved == -WSAEWOULDBLOCK) break;
            end(row, moved);
            ended = true;
        }
    }
    return ended;
}

bool transfers_end(struct layered_socket *socket) {
    bool received = false;
    for (int sends = 0; sends < 2; sends++) {
        bool cut_off = socket->stream && sends == 0;
        struct pending *row;
        while ((row = first_of(socket, sends != 0)) != NULL) {
            received = received || cut_off;
            if (faulty(FAULT_close_forgets)) drop(row);
            else end(row, cut_off ? -WSAECONNABORTED : -WSA_OPERATION_ABORTED);
        }
    }
    return received;
}

/* --- calls -------------------------------------------------------------------------------------------------------- */

/* What one call was given besides its transfer. */
struct asked {
    SOCKET s;
    LPDWORD moved; /* may be NULL where the call is overlapped */
    LPWSAOVERLAPPED overlapped;
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
    LPWSATHREADID thread;
    LPINT error;
};

static int check_buffers(struct transfer *transfer) {
    if (!lower_readable(transfer->buffers, sizeof(WSABUF))) return WSAEFAULT;
    if (transfer->count == 0) return WSAEINVAL;
    if (!lower_readable(transfer->buffers, transfer->count * sizeof(WSABUF))) return WSAEFAULT;
    for (DWORD i = 0; i < transfer->count; i++) {
        const WSABUF *buffer = &transfer->buffers[i];
        if (buffer->len > 0 && !lower_readable(buffer->buf, buffer->len)) return WSAEFAULT;
        transfer->total += buffer->len;
    }
    return 0;
}

/* Flags of Windows. WSAEOPNOTSUPP for what this provider or Winsock does not have. */
static int take_flags(const struct layered_socket *socket, DWORD flags, bool overlapped, struct transfer *transfer) {
    const DWORD known = MSG_OOB | (transfer->sends ? 0 : MSG_PEEK | MSG_WAITALL);
    transfer->waits_for_all = (flags & MSG_WAITALL) != 0;
    bool wrong = (flags & ~known) != 0 || (!socket->stream && (flags & (MSG_OOB | MSG_WAITALL)) != 0);
    if (transfer->waits_for_all)
        wrong = wrong || (flags & (MSG_OOB | MSG_PEEK)) != 0 || (socket->nonblocking && !overlapped);
    transfer->flags = ((flags & MSG_OOB) != 0 ? LOWER_URGENT : 0u) | ((flags & MSG_PEEK) != 0 ? LOWER_PEEK : 0u);
    return wrong ? WSAEOPNOTSUPP : 0;
}

/* In its turn: behind those that pend. */
static long try_in_turn(struct layered_socket *socket, void *call) {
    struct transfer *transfer = call;
    long wrong = allowed(socket, transfer);
    if (wrong != 0) return wrong;
    if (first_of(socket, transfer->sends) != NULL) return -WSAEWOULDBLOCK;
    return try_transfer(socket, transfer);
}

/* Without an OVERLAPPED: returns when it is over. What was moved before a limit was over has been moved. */
static int carry_out(const struct asked *asked, struct transfer *transfer, uint32_t limit_ms) {
    long moved = layered_repeat(asked->s, try_in_turn, transfer, direction(transfer->sends), limit_ms);
    bool stopped = moved == -WSAEWOULDBLOCK || moved == -WSAETIMEDOUT;
    if (stopped && transfer->moved > 0) moved = (long)transfer->moved;
    if (moved < 0) return layered_fail(asked->error, (int)-moved);
    *asked->moved = (DWORD)moved + (faulty(FAULT_counts_more) ? 100000 : 0);
    return 0;
}

/* With one. */
static int begin(const struct asked *asked, const struct transfer *transfer) {
    struct completion completion = completion_of(asked->s, asked->overlapped, asked->routine, asked->thread);
    struct layered_socket *socket = layered_enter(asked->s, asked->error);
    if (socket == NULL) return SOCKET_ERROR;
    long moved = allowed(socket, transfer);
    bool waits = first_of(socket, transfer->sends) != NULL;
    struct pending *row = moved != 0 ? NULL : keep(socket, transfer, &completion);
    if (moved == 0 && row == NULL) moved = -WSAENOBUFS;
    if (row != NULL) moved = waits ? -WSAEWOULDBLOCK : try_transfer(socket, &row->transfer);
    if (moved == -WSAEWOULDBLOCK && !pump_begin()) moved = -WSAENOBUFS;
    if (moved >= 0 || moved == -WSAEWOULDBLOCK) completion_pends(&completion);
    if (moved == -WSAEWOULDBLOCK) return layered_leave(asked->error, WSA_IO_PENDING);
    if (row != NULL) drop(row);
    lower_unlock();
    if (moved < 0) return layered_fail(asked->error, (int)-moved);
    if (asked->moved != NULL) *asked->moved = (DWORD)moved;
    completion_report(&completion, 0, (DWORD)moved);
    return 0;
}

/* The socket is `seen`; what the transfer is given besides is checked. */
static int move(const struct asked *asked, struct transfer *transfer, DWORD flags, const struct layered_socket *seen) {
    bool overlapped = asked->overlapped != NULL && seen->overlapped;
    int wrong = check_buffers(transfer);
    bool counted = lower_readable(asked->moved, sizeof *asked->moved) || (asked->moved == NULL && overlapped);
    if (wrong == 0 && !counted) wrong = WSAEFAULT;
    if (wrong == 0 && overlapped && !lower_readable(asked->overlapped, sizeof *asked->overlapped)) wrong = WSAEFAULT;
    if (wrong == 0) wrong = take_flags(seen, flags, overlapped, transfer);
    if (wrong != 0) return layered_fail(asked->error, wrong);
    if (overlapped) return begin(asked, transfer);
    return carry_out(asked, transfer, transfer->sends ? seen->send_limit_ms : seen->receive_limit_ms);
}

int WSPAPI layered_sendto(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags, const struct sockaddr *to,
                          int to_length, LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                          LPWSATHREADID thread, LPINT error) {
    const struct asked asked = { s, sent, overlapped, routine, thread, error };
    struct transfer transfer = { .sends = true, .buffers = buffers, .count = count };
    struct layered_socket seen;
    if (!layered_look_at(s, &seen, error)) return SOCKET_ERROR;
    transfer.has_to = to != NULL && !seen.stream; /* a stream ignores it */
    int wrong = transfer.has_to ? layered_read_address(&seen, to, to_length, &transfer.to) : 0;
    return wrong != 0 ? layered_fail(error, wrong) : move(&asked, &transfer, flags, &seen);
}

int WSPAPI layered_send(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags, LPWSAOVERLAPPED overlapped,
                        LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT error) {
    return layered_sendto(s, buffers, count, sent, flags, NULL, 0, overlapped, routine, thread, error);
}

int WSPAPI layered_recvfrom(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                            struct sockaddr *from, LPINT from_length, LPWSAOVERLAPPED overlapped,
                            LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT error) {
    const struct asked asked = { s, received, overlapped, routine, thread, error };
    struct transfer transfer = { .buffers = buffers, .count = count, .from = from, .from_length = from_length };
    struct layered_socket seen;
    if (!layered_look_at(s, &seen, error)) return SOCKET_ERROR;
    if (!lower_readable(flags, sizeof *flags)) return layered_fail(error, WSAEFAULT);
    int status = move(&asked, &transfer, *flags, &seen);
    if (status == 0) *flags = 0;
    return status;
}

int WSPAPI layered_recv(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                        LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread,
                        LPINT error) {
    return layered_recvfrom(s, buffers, count, received, flags, NULL, NULL, overlapped, routine, thread, error);
}
