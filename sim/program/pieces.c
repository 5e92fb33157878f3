#include "sim/program/pieces.h"

#include <string.h>

#include "sim/program/calls.h"
#include "sim/program/machine.h"
#include "sim/program/stop.h"
#include "sim/program/threads.h"
#include "stack/sdk/error_values.h"
#include "stack/system/handles.h"
#include "stack/transport/stream_state.h"

enum { PIECES_MAX = 1024, OVERLAPPED_WORDS = OVERLAPPED_SIZE / 8 };

/* The OVERLAPPEDs of pieces. One can be used again once it is not pending. */
static uint64_t own[PIECES_MAX][OVERLAPPED_WORDS];

bool pieces_own(uint64_t overlapped) {
    return overlapped >= (uint64_t)(uintptr_t)own && overlapped < (uint64_t)(uintptr_t)(own + PIECES_MAX);
}

static uint64_t own_overlapped(void) {
    static unsigned next; /* the one that has rested longest */
    for (unsigned tried = 0; tried < PIECES_MAX; tried++) {
        uint64_t *words = own[next++ % PIECES_MAX];
        if (words[0] == STATUS_PENDING) continue;
        memset(words, 0, OVERLAPPED_SIZE);
        return (uint64_t)(uintptr_t)words;
    }
    stop(STOP_NO_ROOM, "there are too many overlapped sends of more than %d bytes", PIECE_BYTES);
}

/* Would a send return at once? */
static bool has_room(uint64_t socket) {
    unsigned row = handle_find(machine_world(), PROGRAM_PROCESS, HANDLE_SOCKET, socket);
    const struct connection_row *connection = row == NO_ROW ? NULL : connection_of_stream(machine_world(), row);
    return connection == NULL || connection_has_room(machine_world(), &connection->tcp);
}

struct piece_buffer {
    uint32_t length;
    const char *bytes;
};

static bool send_piece(uint64_t socket, const char *data) {
    if (has_room(socket))
        return (int)PROGRAM_CALL(send, socket, PROGRAM_POINTER(data), PROGRAM_WORD(PIECE_BYTES), 0) >= 0;
    const struct piece_buffer buffer = { PIECE_BYTES, data };
    int status = (int)PROGRAM_CALL(WSASend, socket, PROGRAM_POINTER(&buffer), 1, 0, 0, own_overlapped(), 0);
    return status == 0 || thread_last_error() == WSA_IO_PENDING;
}

int64_t pieces_send(uint64_t socket, const char *data, size_t length) {
    size_t sent = 0;
    for (; length - sent > PIECE_BYTES; sent += PIECE_BYTES)
        if (!send_piece(socket, data + sent)) return -1;
    return (int64_t)sent;
}
