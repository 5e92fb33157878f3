#include "stack/io/completion_ports.h"

#include <assert.h>

#include "stack/system/handles.h"

unsigned completion_port_create(struct world *world) {
    unsigned index = world_take(world, TABLE_COMPLETION_PORTS);
    if (index == NO_ROW) return NO_ROW;
    world_completion_port(world, index)->used = 1;
    assert(world_completion_port(world, index)->references == 0);
    return index;
}

static bool is_awaited(const struct world *world, unsigned port) {
    for (unsigned i = thread_next_waiting(world, NO_ROW); i != NO_ROW; i = thread_next_waiting(world, i)) {
        const struct thread *thread = world_thread_at(world, i);
        if (thread->awaited == AWAITED_PORT && thread->object == port) return true;
    }
    return false;
}

void completion_port_release(struct world *world, unsigned port) {
    struct completion_port *row = world_completion_port(world, port);
    assert(row->used && row->references == 0);
    for (unsigned i = 0; i < world_top(world, TABLE_COMPLETIONS); i++) {
        const struct completion *packet = world_completion(world, i);
        if (packet->used && packet->port == port) world_free(world, TABLE_COMPLETIONS, i);
    }
    for (unsigned i = 0; i < world_top(world, TABLE_ASSOCIATIONS); i++) {
        struct association *association = world_association(world, i);
        if (association->used && association->port == port) association->port = PORT_GONE;
    }
    row->closed = 1;
    completion_port_leave(world, port);
}

void completion_port_leave(struct world *world, unsigned port) {
    const struct completion_port *row = world_completion_port(world, port);
    assert(row->used);
    if (!row->closed || is_awaited(world, port)) return;
    for (unsigned i = 0; i < world_top(world, TABLE_THREADS); i++)
        if (world_thread(world, i)->served_port == port + 1) world_thread(world, i)->served_port = 0;
    world_free(world, TABLE_COMPLETION_PORTS, port);
}

unsigned association_of(const struct world *world, unsigned socket) {
    for (unsigned i = 0; i < world_top(world, TABLE_ASSOCIATIONS); i++) {
        const struct association *row = world_association_at(world, i);
        if (row->used && row->socket == socket) return i;
    }
    return NO_ROW;
}

unsigned association_take(struct world *world, unsigned socket) {
    unsigned index = association_of(world, socket);
    assert(world_socket(world, socket)->state != SOCKET_FREE);
    if (index != NO_ROW) return index;
    index = world_take(world, TABLE_ASSOCIATIONS);
    if (index == NO_ROW) return NO_ROW;
    *world_association(world, index) = (struct association){ .used = 1, .socket = (uint16_t)socket, .port = NO_ROW };
    return index;
}

void association_drop(struct world *world, unsigned socket) {
    unsigned index = association_of(world, socket);
    if (index != NO_ROW) world_free(world, TABLE_ASSOCIATIONS, index);
    assert(association_of(world, socket) == NO_ROW);
}

bool has_completion_port(const struct world *world, unsigned socket) {
    unsigned index = association_of(world, socket);
    return index != NO_ROW && world_association_at(world, index)->port != NO_ROW;
}

/* A request may need a packet as long as it is pending, also where its socket has no port yet (W114). */
static unsigned rows_needed(const struct world *world) {
    unsigned needed = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        const struct request *row = world_request_at(world, i);
        needed += row->state == REQUEST_PENDING && row->overlapped == NOTICE_OVERLAPPED && row->routine_address == 0;
    }
    for (unsigned i = 0; i < world_top(world, TABLE_COMPLETIONS); i++) needed += world_completion_at(world, i)->used;
    return needed;
}

bool completion_has_room(const struct world *world) { return rows_needed(world) < world->limits.completions; }

void completion_queue(struct world *world, unsigned port, const struct completion *packet) {
    assert(world_completion_port(world, port)->used && !world_completion_port(world, port)->closed);
    unsigned index = world_take(world, TABLE_COMPLETIONS);
    assert(index != NO_ROW);
    struct completion *row = world_completion(world, index);
    *row = *packet;
    row->used = 1;
    row->port = (uint16_t)port;
    row->serial = ++world->completion_serial;
}

static unsigned oldest(const struct world *world, unsigned port) {
    unsigned found = NO_ROW;
    for (unsigned i = 0; i < world_top(world, TABLE_COMPLETIONS); i++) {
        const struct completion *row = world_completion_at(world, i);
        if (!row->used || row->port != port) continue;
        if (found == NO_ROW || row->serial < world_completion_at(world, found)->serial) found = i;
    }
    return found;
}

bool completion_is_queued(const struct world *world, unsigned port) { return oldest(world, port) != NO_ROW; }

struct completion completion_take(struct world *world, unsigned port, unsigned thread) {
    unsigned index = oldest(world, port);
    assert(index != NO_ROW);
    struct completion packet = *world_completion(world, index);
    world_thread(world, thread)->served_port = (uint16_t)(port + 1);
    world_free(world, TABLE_COMPLETIONS, index);
    return packet;
}

static const char *check_associations(const struct world *world) {
    for (unsigned i = 0; i < world_top(world, TABLE_ASSOCIATIONS); i++) {
        const struct association *row = world_association_at(world, i);
        if (!row->used) continue;
        if (association_of(world, row->socket) != i) return "C2: a socket has two associations";
        if (world_socket_at(world, row->socket)->state == SOCKET_FREE) return "C2: an association outlived its socket";
        if (row->port >= PORT_GONE) continue;
        const struct completion_port *port = world_completion_port_at(world, row->port);
        if (!port->used || port->closed) return "C2: an association with a port that is gone";
    }
    return NULL;
}

const char *completion_ports_check(const struct world *world) {
    assert(world != NULL);
    for (unsigned i = 0; i < world_top(world, TABLE_COMPLETIONS); i++) {
        const struct completion *row = world_completion_at(world, i);
        if (!row->used) continue;
        const struct completion_port *port = world_completion_port_at(world, row->port);
        if (!port->used || port->references == 0) return "C1: a packet waits at a port that no one can reach";
    }
    if (rows_needed(world) > world->limits.completions) return "C3: a pending request may find no row for its packet";
    for (unsigned i = 0; i < world_top(world, TABLE_COMPLETION_PORTS); i++) {
        const struct completion_port *row = world_completion_port_at(world, i);
        if (!row->used) continue;
        if (row->closed != (row->references == 0)) return "C4: a port is closed and has a handle, or the reverse";
        if (row->closed && !is_awaited(world, i)) return "C4: a closed port that no thread waits at";
    }
    for (unsigned i = 0; i < world_top(world, TABLE_THREADS); i++) {
        unsigned served = world_thread_at(world, i)->served_port;
        if (served != 0 && !world_completion_port_at(world, served - 1)->used)
            return "C5: a thread was served by a completion port that is gone";
    }
    return check_associations(world);
}
