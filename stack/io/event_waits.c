#include "stack/io/event_waits.h"

#include "stack/io/events.h"

static const struct event_wait *wait_of(const struct world *world, unsigned thread, unsigned place) {
    for (unsigned i = 0; i < world_top(world, TABLE_EVENT_WAITS); i++) {
        const struct event_wait *row = world_event_wait_at(world, i);
        if (row->used && row->thread == thread && row->place == place) return row;
    }
    return NULL;
}

bool event_wait_has_room(struct world *world, unsigned count) {
    unsigned room = world->limits.event_waits;
    for (unsigned i = 0; i < world_top(world, TABLE_EVENT_WAITS); i++) room -= world_event_wait(world, i)->used;
    if (room < count) world_note_full(world, TABLE_EVENT_WAITS);
    return room >= count;
}

void event_wait_add(struct world *world, unsigned thread, unsigned event) {
    unsigned place = 0;
    while (wait_of(world, thread, place) != NULL) place++;
    unsigned row = world_take(world, TABLE_EVENT_WAITS);
    assert(row != NO_ROW && place < MAXIMUM_WAIT_OBJECTS);
    *world_event_wait(world, row) =
        (struct event_wait){ .used = 1, .place = (uint8_t)place, .thread = (uint16_t)thread, .event = (uint16_t)event };
}

unsigned event_wait_list(const struct world *world, unsigned thread, uint16_t events[MAXIMUM_WAIT_OBJECTS]) {
    unsigned count = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_EVENT_WAITS); i++) {
        const struct event_wait *row = world_event_wait_at(world, i);
        if (!row->used || row->thread != thread) continue;
        events[row->place] = row->event;
        count++;
    }
    return count;
}

unsigned events_come(const struct world *world, const uint16_t *events, unsigned count, bool all) {
    for (unsigned place = 0; place < count; place++) {
        bool set = world_event_at(world, events[place])->set;
        if (set && !all) return place;
        if (!set && all) return NO_ROW;
    }
    return all ? 0 : (unsigned)NO_ROW;
}

void events_take(struct world *world, const uint16_t *events, unsigned count, bool all, unsigned place) {
    assert(place < count);
    for (unsigned i = 0; i < count; i++)
        if (all || i == place) event_consume(world, events[i]);
}

void event_wait_end(struct world *world, unsigned thread) {
    uint16_t events[MAXIMUM_WAIT_OBJECTS];
    unsigned count = event_wait_list(world, thread, events);
    for (unsigned i = 0; i < world_top(world, TABLE_EVENT_WAITS); i++) {
        const struct event_wait *row = world_event_wait(world, i);
        if (row->used && row->thread == thread) world_free(world, TABLE_EVENT_WAITS, i);
    }
    for (unsigned place = 0; place < count; place++)
        if (world_event(world, events[place])->used) event_release(world, events[place]);
}

static bool waits_for_several(const struct world *world, unsigned thread) {
    const struct thread *row = world_thread_at(world, thread);
    return row->state == THREAD_WAITING && (row->awaited == AWAITED_ONE_OF || row->awaited == AWAITED_ALL_OF);
}

const char *event_waits_check(const struct world *world) {
    for (unsigned i = 0; i < world_top(world, TABLE_EVENT_WAITS); i++) {
        const struct event_wait *row = world_event_wait_at(world, i);
        if (!row->used) continue;
        if (row->thread >= world_top(world, TABLE_THREADS) || !waits_for_several(world, row->thread))
            return "R6: an event is waited for by a thread that does not";
        if (row->event >= world_top(world, TABLE_EVENTS) || !world_event_at(world, row->event)->used)
            return "R6: a thread waits for one of several events that is gone";
        if (wait_of(world, row->thread, row->place) != row ||
            (row->place > 0 && wait_of(world, row->thread, row->place - 1u) == NULL))
            return "R6: the events of a wait are not in their places";
    }
    for (unsigned i = 0; i < world_top(world, TABLE_THREADS); i++)
        if (waits_for_several(world, i) && wait_of(world, i, 0) == NULL)
            return "R6: a thread waits for none of several";
    return NULL;
}
