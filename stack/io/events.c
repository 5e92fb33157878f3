#include "stack/io/events.h"

#include <assert.h>

#include "stack/system/handles.h"

unsigned event_create(struct world *world, bool manual_reset, bool set) {
    unsigned index = world_take(world, TABLE_EVENTS);
    if (index == NO_ROW) return NO_ROW;
    *world_event(world, index) = (struct event){ .used = 1, .manual_reset = manual_reset, .set = set };
    assert(world_event(world, index)->references == 0);
    return index;
}

void event_set(struct world *world, unsigned event) {
    assert(world_event(world, event)->used);
    world_event(world, event)->set = 1;
}

void event_reset(struct world *world, unsigned event) {
    assert(world_event(world, event)->used);
    world_event(world, event)->set = 0;
}

static bool is_awaited(const struct world *world, unsigned event) {
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        const struct request *request = world_request_at(world, i);
        if (request->state == REQUEST_PENDING && request->event == event) return true;
    }
    for (unsigned i = thread_next_waiting(world, NO_ROW); i != NO_ROW; i = thread_next_waiting(world, i)) {
        const struct thread *thread = world_thread_at(world, i);
        if (thread->awaited == AWAITED_EVENT && thread->object == event) return true;
    }
    for (unsigned i = 0; i < world_top(world, TABLE_EVENT_WAITS); i++) {
        const struct event_wait *wait = world_event_wait_at(world, i);
        if (wait->used && wait->event == event) return true;
    }
    for (unsigned i = 0; i < world_top(world, TABLE_SELECTIONS); i++) {
        const struct selection *selection = world_selection_at(world, i);
        if (selection->used && selection->event == event) return true;
    }
    return false;
}

void event_release(struct world *world, unsigned event) {
    const struct event *row = world_event(world, event);
    assert(row->used);
    if (row->references == 0 && !is_awaited(world, event)) world_free(world, TABLE_EVENTS, event);
}

void event_consume(struct world *world, unsigned event) {
    struct event *row = world_event(world, event);
    assert(row->used && row->set);
    if (!row->manual_reset) row->set = 0;
}

const char *events_check(const struct world *world) {
    for (unsigned i = 0; i < world_top(world, TABLE_EVENTS); i++) {
        const struct event *row = world_event_at(world, i);
        if (row->used && row->references == 0 && !is_awaited(world, i)) return "R4: an event that nothing names";
    }
    return NULL;
}
