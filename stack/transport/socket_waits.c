#include "stack/transport/socket_waits.h"

bool socket_wait_has_room(struct world *world, unsigned count) {
    unsigned room = world->limits.socket_waits;
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKET_WAITS); i++)
        room -= world_socket_wait(world, i)->state != SOCKET_WAIT_FREE;
    if (room < count) world_note_full(world, TABLE_SOCKET_WAITS);
    return room >= count;
}

void socket_wait_add(struct world *world, unsigned thread, const struct awaited_sockets *awaited) {
    for (unsigned i = 0; i < awaited->count; i++) {
        unsigned row = world_take(world, TABLE_SOCKET_WAITS);
        assert(row != NO_ROW && awaited->rows[i].state != SOCKET_WAIT_FREE);
        *world_socket_wait(world, row) = awaited->rows[i];
        world_socket_wait(world, row)->thread = (uint16_t)thread;
    }
}

/* A thread takes its rows from the lowest free one on, so that they stand in the order in which they were added. */
void socket_wait_list(const struct world *world, unsigned thread, struct awaited_sockets *awaited) {
    awaited->count = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKET_WAITS); i++) {
        const struct socket_wait *row = world_socket_wait_at(world, i);
        if (row->state == SOCKET_WAIT_FREE || row->thread != thread) continue;
        assert(awaited->count < SOCKET_WAITS_MAX);
        awaited->rows[awaited->count++] = *row;
    }
}

void socket_wait_lose(struct world *world, unsigned socket) {
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKET_WAITS); i++) {
        struct socket_wait *row = world_socket_wait(world, i);
        if (row->state != SOCKET_WAIT_LIVE || row->socket != socket) continue;
        row->state = SOCKET_WAIT_GONE;
        row->socket = NO_ROW;
    }
}

void socket_wait_end(struct world *world, unsigned thread) {
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKET_WAITS); i++) {
        const struct socket_wait *row = world_socket_wait(world, i);
        if (row->state != SOCKET_WAIT_FREE && row->thread == thread) world_free(world, TABLE_SOCKET_WAITS, i);
    }
}

/* --- the invariant ------------------------------------------------------------------------------------------------ */

static bool waits_for_sockets(const struct world *world, unsigned thread) {
    if (thread >= world_top(world, TABLE_THREADS)) return false;
    const struct thread *row = world_thread_at(world, thread);
    return row->state == THREAD_WAITING && row->awaited == AWAITED_SOCKETS;
}

static unsigned rows_at(const struct world *world, const struct socket_wait *place, unsigned number) {
    unsigned count = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKET_WAITS); i++) {
        const struct socket_wait *row = world_socket_wait_at(world, i);
        count += row->state != SOCKET_WAIT_FREE && row->thread == place->thread && row->set == place->set &&
                 row->place == number;
    }
    return count;
}

static bool has_rows(const struct world *world, unsigned thread) {
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKET_WAITS); i++) {
        const struct socket_wait *row = world_socket_wait_at(world, i);
        if (row->state != SOCKET_WAIT_FREE && row->thread == thread) return true;
    }
    return false;
}

const char *socket_waits_check(const struct world *world) {
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKET_WAITS); i++) {
        const struct socket_wait *row = world_socket_wait_at(world, i);
        if (row->state == SOCKET_WAIT_FREE) continue;
        if (!waits_for_sockets(world, row->thread)) return "S7: a socket is waited for by a thread that does not";
        bool is_there = row->socket != NO_ROW && world_socket_at(world, row->socket)->state != SOCKET_FREE;
        if (is_there != (row->state == SOCKET_WAIT_LIVE)) return "S7: a thread waits for a socket that is gone";
        if (row->set >= SOCKET_SETS || rows_at(world, row, row->place) != 1 ||
            (row->place > 0 && rows_at(world, row, row->place - 1u) != 1))
            return "S7: the sockets of a wait are not in their places";
    }
    for (unsigned i = 0; i < world_top(world, TABLE_THREADS); i++)
        if (waits_for_sockets(world, i) && !has_rows(world, i)) return "S7: a thread waits for no socket";
    return NULL;
}
