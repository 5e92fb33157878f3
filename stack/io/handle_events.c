#include "stack/io/handle_events.h"

#include <assert.h>

#include "stack/io/completion_ports.h"
#include "stack/io/events.h"
#include "stack/sdk/wait_values.h"

static bool events_have_room(const struct world *world) {
    if (world_top(world, TABLE_EVENTS) < world->limits.events) return true;
    for (unsigned i = 0; i < world_top(world, TABLE_EVENTS); i++)
        if (!world_event_at(world, i)->used) return true;
    return false;
}

/* The event of the handle, made where there is room; NO_ROW where there is none. */
static unsigned own_event(struct world *world, unsigned socket) {
    struct socket_row *row = world_socket(world, socket);
    if (row->handle_event != 0) return row->handle_event - 1u;
    if (!events_have_room(world)) return NO_ROW;
    unsigned event = event_create(world, true, false);
    assert(event != NO_ROW);
    world_event(world, event)->references = 1;
    row->handle_event = (uint16_t)(event + 1);
    return event;
}

void handle_event_begins(struct world *world, const struct request *request) {
    assert(request->overlapped != NOTICE_CALLER);
    if (request->event != NO_ROW || request->routine_address != 0) return;
    unsigned event = own_event(world, request->socket);
    if (event == NO_ROW) return;
    world_socket(world, request->socket)->handle_unknown = 0;
    event_reset(world, event);
}

/* Does the socket leave its handle alone when a request ends? */
static bool skips(const struct world *world, unsigned socket) {
    unsigned association = association_of(world, socket);
    return association != NO_ROW &&
           (world_association_at(world, association)->modes & FILE_SKIP_SET_EVENT_ON_HANDLE) != 0;
}

void handle_event_signals(struct world *world, const struct request *request) {
    struct socket_row *row = world_socket(world, request->socket);
    assert(request->overlapped != NOTICE_CALLER);
    if (request->routine_address != 0) row->handle_unknown = 1;
    else if (request->event == NO_ROW && row->handle_event != 0 && !skips(world, request->socket))
        event_set(world, row->handle_event - 1u);
}

unsigned handle_event_of(const struct world *world, unsigned socket) {
    const struct socket_row *row = world_socket_at(world, socket);
    return row->handle_event == 0 || row->handle_unknown ? (unsigned)NO_ROW : row->handle_event - 1u;
}

void handle_event_drop(struct world *world, unsigned socket) {
    struct socket_row *row = world_socket(world, socket);
    if (row->handle_event == 0) return;
    unsigned event = row->handle_event - 1u;
    row->handle_event = 0;
    world_event(world, event)->references = 0;
    event_release(world, event);
}

const char *handle_events_check(const struct world *world) {
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKETS); i++) {
        const struct socket_row *row = world_socket_at(world, i);
        if (row->state == SOCKET_FREE || row->handle_event == 0) continue;
        if (row->handle_event > world_top(world, TABLE_EVENTS)) return "R7: the event of a handle is gone";
        const struct event *event = world_event_at(world, row->handle_event - 1u);
        if (!event->used || event->references != 1) return "R7: a handle's event is not used, or another's too";
    }
    return NULL;
}
