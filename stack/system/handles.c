#include "stack/system/handles.h"

#include <assert.h>

#include "stack/chains.h"
#include "stack/call/call.h"
#include "stack/call/functions.h"
#include "stack/system/handle_index.h"
#include "stack/system/security.h"

static uint16_t *references_of(struct world *world, enum handle_kind kind, unsigned object) {
    switch (kind) {
    case HANDLE_SOCKET: return &world_socket(world, object)->references;
    case HANDLE_EVENT: return &world_event(world, object)->references;
    case HANDLE_FILE: return &world_file(world, object)->references;
    case HANDLE_PORT: return &world_completion_port(world, object)->references;
    case HANDLE_THREAD: return NULL;
    case HANDLE_FREE: break;
    }
    assert(!"a handle of no kind");
    return NULL;
}

static void refer(struct world *world, enum handle_kind kind, unsigned object) {
    uint16_t *references = references_of(world, kind, object);
    if (references != NULL) ++*references;
}

/* How many are left. */
static unsigned refer_no_more(struct world *world, enum handle_kind kind, unsigned object) {
    uint16_t *references = references_of(world, kind, object);
    if (references == NULL) return 1;
    assert(*references > 0);
    return --*references;
}

static const struct handle *find(const struct world *world, unsigned process, uint64_t number) {
    if (handle_index_present(world)) {
        unsigned index = handle_index_find(world, process, number);
        return index == NO_ROW ? NULL : world_handle_at(world, index);
    }
    for (unsigned i = 0; i < world_top(world, TABLE_HANDLES); i++) {
        const struct handle *handle = world_handle_at(world, i);
        if (handle->number == number && handle->process == process && handle->kind != HANDLE_FREE) return handle;
    }
    return NULL;
}

struct number_search {
    const struct world *world;
    unsigned process;
};

static bool number_is_free(const struct choice_set *set, uint64_t number) {
    const struct number_search *search = set->context;
    if (number < set->first || number > set->last || number % 4 != 0) return false;
    return find(search->world, search->process, number) == NULL;
}

static bool next_free_number(const struct choice_set *set, uint64_t from, uint64_t *member) {
    for (uint64_t number = (from + 3) & ~UINT64_C(3); number <= set->last; number += 4) {
        if (!number_is_free(set, number)) continue;
        *member = number;
        return true;
    }
    return false;
}

/* Its place in the chain is after the greatest smaller number: the last one's, unless numbers are drawn. */
static void enter(struct world *world, unsigned index) {
    const struct handle *row = world_handle(world, index);
    handle_index_add(world, index);
    if (!chains_present(world)) return;
    unsigned after = chain_before(world, CHAIN_HANDLES, row->process, NO_ROW);
    while (after != NO_ROW && world_handle(world, after)->number > row->number)
        after = chain_before(world, CHAIN_HANDLES, row->process, after);
    chain_link(world, CHAIN_HANDLES, row->process, index, after);
}

uint32_t handle_open(struct world *world, struct chooser *chooser, unsigned process, enum handle_kind kind,
                     unsigned object) {
    assert(kind != HANDLE_FREE);
    assert(world_process(world, process)->alive);
    unsigned index = world_take(world, TABLE_HANDLES);
    if (index == NO_ROW) return 0;
    struct process *owner = world_process(world, process);
    const struct number_search search = { world, process };
    const struct choice_set set = { .contains = number_is_free,
                                    .next = next_free_number,
                                    .first = 4,
                                    .last = HANDLE_LAST,
                                    .start = owner->handle_next,
                                    .floor = 1,
                                    .ceiling = 0,
                                    .context = &search };
    uint32_t number = (uint32_t)choose_member(chooser, CHOICE_HANDLE, &set);
    *world_handle(world, index) = (struct handle){
        .kind = kind & 7, .process = process & (HANDLE_PROCESSES_MAX - 1), .object = (uint16_t)object, .number = number
    };
    enter(world, index);
    if (number >= owner->handle_next && number < HANDLE_LAST) owner->handle_next = number + 4;
    refer(world, kind, object);
    return number;
}

static struct handle *find_to_change(struct world *world, unsigned process, uint64_t number) {
    const struct handle *found = find(world, process, number);
    assert(found != NULL);
    return world_handle(world, (unsigned)(found - world_handle_at(world, 0)));
}

void handle_set_inheritable(struct world *world, unsigned process, uint64_t number, bool inheritable) {
    find_to_change(world, process, number)->inheritable = inheritable;
}

void handle_set_duplicated(struct world *world, unsigned process, uint64_t number) {
    find_to_change(world, process, number)->duplicated = 1;
}

bool handle_is_duplicated(const struct world *world, unsigned process, uint64_t number) {
    const struct handle *handle = find(world, process, number);
    return handle != NULL && handle->duplicated;
}

void handle_bound_by(struct world *world, unsigned process, uint64_t number) {
    const struct handle *binder = find(world, process, number);
    assert(binder != NULL && binder->kind == HANDLE_SOCKET);
    if (world_socket(world, binder->object)->references == 1) return;
    for (unsigned i = 0; i < world_top(world, TABLE_HANDLES); i++) {
        struct handle *row = world_handle(world, i);
        bool same = row->kind == HANDLE_SOCKET && row->object == binder->object && row != binder;
        if (same && !row->duplicated) row->unaware = 1;
    }
}

bool handle_is_unaware(const struct world *world, unsigned process, uint64_t number) {
    const struct handle *handle = find(world, process, number);
    return handle != NULL && handle->unaware;
}

static bool is_inheritable_of(const struct handle *handle, unsigned process) {
    return handle->kind != HANDLE_FREE && handle->process == process && handle->inheritable;
}

static unsigned free_handles(const struct world *world) {
    unsigned used = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_HANDLES); i++)
        used += world_handle_at(world, i)->kind != HANDLE_FREE;
    return world->limits.handles - used;
}

bool handles_inherit(struct world *world, unsigned child, unsigned parent) {
    assert(child != parent);
    unsigned count = 0;
    unsigned parent_top = world_top(world, TABLE_HANDLES);
    for (unsigned i = 0; i < parent_top; i++) count += is_inheritable_of(world_handle(world, i), parent);
    if (handle_after(world, child, NO_ROW) != NO_ROW || count > free_handles(world)) return false;
    for (unsigned i = 0; i < parent_top; i++) {
        if (!is_inheritable_of(world_handle(world, i), parent)) continue;
        struct handle copy = *world_handle(world, i);
        unsigned index = world_take(world, TABLE_HANDLES);
        assert(index != NO_ROW);
        copy.process = child & (HANDLE_PROCESSES_MAX - 1);
        *world_handle(world, index) = copy;
        enter(world, index);
        refer(world, (enum handle_kind)copy.kind, copy.object);
    }
    struct process *row = world_process(world, child);
    uint32_t next = world_process(world, parent)->handle_next;
    if (row->handle_next < next) row->handle_next = next;
    return true;
}

unsigned handle_find(const struct world *world, unsigned process, enum handle_kind kind, uint64_t number) {
    assert(kind != HANDLE_FREE);
    const struct handle *handle = find(world, process, number);
    return handle != NULL && handle->kind == kind ? handle->object : (unsigned)NO_ROW;
}

enum handle_kind handle_kind_of(const struct world *world, unsigned process, uint64_t number) {
    const struct handle *handle = find(world, process, number);
    return handle == NULL ? HANDLE_FREE : (enum handle_kind)handle->kind;
}

unsigned handle_close(struct world *world, unsigned process, uint64_t number, unsigned *object) {
    const struct handle *found = find(world, process, number);
    assert(found != NULL);
    struct handle handle = *found;
    unsigned index = (unsigned)(found - world_handle_at(world, 0));
    unsigned left = refer_no_more(world, (enum handle_kind)handle.kind, handle.object);
    *object = handle.object;
    handle_index_remove(world, index);
    chain_remove(world, CHAIN_HANDLES, process, index);
    world_free(world, TABLE_HANDLES, index);
    return left;
}

unsigned handle_after(const struct world *world, unsigned process, unsigned after) {
    if (chains_present(world)) return chain_next(world, CHAIN_HANDLES, process, after);
    unsigned found = NO_ROW;
    uint32_t above = after == NO_ROW ? 0 : world_handle_at(world, after)->number;
    for (unsigned i = 0; i < world_top(world, TABLE_HANDLES); i++) {
        const struct handle *row = world_handle_at(world, i);
        if (row->kind == HANDLE_FREE || row->process != process || row->number <= above) continue;
        if (found == NO_ROW || row->number < world_handle_at(world, found)->number) found = i;
    }
    return found;
}

unsigned process_of_id(const struct world *world, uint64_t id) {
    uint64_t index = id - PROCESS_ID_FIRST;
    if (id < PROCESS_ID_FIRST || index >= world_top(world, TABLE_PROCESSES)) return NO_ROW;
    return world_process_at(world, (unsigned)index)->alive ? (unsigned)index : (unsigned)NO_ROW;
}

/* --- duplicates ----------------------------------------------------------------------------------------------- */

uint32_t duplicate_make(struct world *world, unsigned process, unsigned socket) {
    assert(world_process(world, process)->alive);
    assert(world_socket(world, socket)->state != SOCKET_FREE);
    unsigned index = world_take(world, TABLE_DUPLICATES);
    if (index == NO_ROW) return 0;
    world->duplicate_serial++;
    *world_duplicate(world, index) = (struct duplicate){ .process = (uint16_t)process,
                                                         .socket = (uint16_t)socket,
                                                         .serial = world->duplicate_serial };
    world_socket(world, socket)->references++;
    return world->duplicate_serial;
}

unsigned duplicate_find(const struct world *world, unsigned process, uint32_t serial) {
    for (unsigned i = 0; serial != 0 && i < world_top(world, TABLE_DUPLICATES); i++) {
        const struct duplicate *row = world_duplicate_at(world, i);
        if (row->serial == serial && row->process == process) return i;
    }
    return NO_ROW;
}

unsigned duplicate_of_process(const struct world *world, unsigned process) {
    for (unsigned i = 0; i < world_top(world, TABLE_DUPLICATES); i++) {
        const struct duplicate *row = world_duplicate_at(world, i);
        if (row->serial != 0 && row->process == process) return i;
    }
    return NO_ROW;
}

unsigned duplicate_drop(struct world *world, unsigned duplicate) {
    const struct duplicate *row = world_duplicate(world, duplicate);
    assert(row->serial != 0);
    unsigned socket = row->socket;
    assert(world_socket(world, socket)->references > 0);
    world_socket(world, socket)->references--;
    world_free(world, TABLE_DUPLICATES, duplicate);
    return socket;
}

unsigned handles_to_socket(const struct world *world, unsigned process, unsigned socket) {
    unsigned count = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_HANDLES); i++) {
        const struct handle *handle = world_handle_at(world, i);
        count += handle->kind == HANDLE_SOCKET && handle->process == process && handle->object == socket;
    }
    return count;
}

/* --- processes and threads ------------------------------------------------------------------------------------ */

void process_start(struct world *world, unsigned process, unsigned account) {
    assert(!world_process(world, process)->alive);
    world_take_at(world, TABLE_PROCESSES, process);
    *world_process(world, process) =
        (struct process){ .alive = 1, .account = (uint16_t)account, .handle_next = HANDLE_FIRST_ORDINARY };
    security_log_on(world, process);
}

void process_begin(struct world *world, unsigned process, unsigned main_thread, unsigned startup_version) {
    struct process *row = world_process(world, process);
    assert(row->alive && row->startup_count == 0);
    row->startup_count = startup_version != 0;
    row->startup_version = (uint16_t)startup_version;
    thread_start(world, main_thread, process);
}

void thread_start(struct world *world, unsigned thread, unsigned process) {
    assert(world_process(world, process)->alive);
    world_take_at(world, TABLE_THREADS, thread);
    *world_thread(world, thread) =
        (struct thread){ .state = THREAD_RUNNING, .process = (uint16_t)process, .object = NO_ROW, .request = NO_ROW };
}

void thread_park(struct world *world, unsigned thread, unsigned function, const struct wait *wait) {
    struct thread *row = world_thread(world, thread);
    assert(row->state == THREAD_RUNNING);
    assert(wait->deadline_ns >= world->now_ns);
    assert((wait->awaited == AWAITED_EVENT || wait->awaited == AWAITED_PORT) == (wait->object != NO_ROW));
    row->state = THREAD_WAITING;
    world->waiting++;
    row->function = (uint16_t)function;
    row->awaited = (uint8_t)wait->awaited;
    row->object = (uint16_t)wait->object;
    row->alertable = wait->alertable;
    row->deadline_ns = wait->deadline_ns;
    row->parked_serial = ++world->parked_serial;
    for (unsigned i = 0; i < THREAD_OUTPUTS; i++) row->outputs[i] = wait->outputs[i];
}

void thread_resume(struct world *world, unsigned thread) {
    struct thread *row = world_thread(world, thread);
    assert(row->state == THREAD_WAITING && world->waiting > 0);
    world->waiting--;
    *row = (struct thread){ .state = THREAD_RUNNING,
                            .process = row->process,
                            .object = NO_ROW,
                            .request = NO_ROW,
                            .impersonated = row->impersonated,
                            .last_error = row->last_error,
                            .served_port = row->served_port,
                            .blocking_hook = row->blocking_hook };
}

unsigned thread_of_handle(const struct world *world, unsigned process, uint64_t number) {
    uint64_t index = number - THREAD_HANDLE_FIRST;
    if (index >= world_top(world, TABLE_THREADS)) return NO_ROW;
    const struct thread *row = world_thread_at(world, (unsigned)index);
    return row->state != THREAD_FREE && row->process == process ? (unsigned)index : (unsigned)NO_ROW;
}

/* Handles to it name a thread that has ended. */
static void leave_handles(struct world *world, unsigned thread) {
    for (unsigned i = 0; i < world_top(world, TABLE_HANDLES); i++) {
        const struct handle *row = world_handle_at(world, i);
        if (row->kind == HANDLE_THREAD && row->object == thread) world_handle(world, i)->object = NO_ROW;
    }
}

void thread_end(struct world *world, unsigned thread) {
    assert(world_thread(world, thread)->state != THREAD_FREE);
    leave_handles(world, thread);
    if (world_thread(world, thread)->state == THREAD_WAITING) world->waiting--;
    world_free(world, TABLE_THREADS, thread);
}

unsigned thread_after(const struct world *world, unsigned after) {
    for (unsigned i = after == NO_ROW ? 0 : after + 1; i < world_top(world, TABLE_THREADS); i++)
        if (world_thread_at(world, i)->state == THREAD_WAITING) return i;
    return NO_ROW;
}

/* --- invariants ----------------------------------------------------------------------------------------------- */

/* A number for each object. Sums of such numbers agree when the objects do: H3 is a look at each handle and each
 * object, instead of at each pair of them. */
static uint64_t mixed(enum handle_kind kind, unsigned object) {
    uint64_t z = ((uint64_t)kind << 16 | object) * UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 31) * UINT64_C(0xBF58476D1CE4E5B9);
    return z ^ z >> 29;
}

static uint64_t named(const struct world *world) {
    uint64_t sum = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_HANDLES); i++) {
        const struct handle *row = world_handle_at(world, i);
        bool counted = row->kind != HANDLE_FREE && row->kind != HANDLE_THREAD;
        if (counted) sum += mixed((enum handle_kind)row->kind, row->object);
    }
    for (unsigned i = 0; i < world_top(world, TABLE_DUPLICATES); i++) {
        const struct duplicate *row = world_duplicate_at(world, i);
        if (row->serial != 0) sum += mixed(HANDLE_SOCKET, row->socket);
    }
    return sum;
}

static uint64_t referred_to(const struct world *world) {
    uint64_t sum = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKETS); i++)
        sum += world_socket_at(world, i)->references * mixed(HANDLE_SOCKET, i);
    for (unsigned i = 0; i < world_top(world, TABLE_EVENTS); i++)
        sum += world_event_at(world, i)->references * mixed(HANDLE_EVENT, i);
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKETS); i++) { /* a handle's own event is its socket's */
        unsigned own = world_socket_at(world, i)->handle_event;
        if (world_socket_at(world, i)->state != SOCKET_FREE && own != 0) sum -= mixed(HANDLE_EVENT, own - 1);
    }
    for (unsigned i = 0; i < world_top(world, TABLE_FILES); i++)
        sum += world_file_at(world, i)->references * mixed(HANDLE_FILE, i);
    for (unsigned i = 0; i < world_top(world, TABLE_COMPLETION_PORTS); i++)
        sum += world_completion_port_at(world, i)->references * mixed(HANDLE_PORT, i);
    return sum;
}

static const char *check_duplicates(const struct world *world) {
    for (unsigned i = 0; i < world_top(world, TABLE_DUPLICATES); i++) {
        const struct duplicate *row = world_duplicate_at(world, i);
        if (row->serial == 0) continue;
        if (!world_process_at(world, row->process)->alive) return "H5: a duplicate is promised to a dead process";
        if (world_socket_at(world, row->socket)->state == SOCKET_FREE) return "H5: a duplicate names a free socket";
    }
    return NULL;
}

static const char *check_handle(const struct world *world, const struct handle *handle) {
    if (!world_process_at(world, handle->process)->alive) return "H1: a handle names a dead process";
    if (handle->number == 0 || handle->number % 4 != 0) return "H2: a handle number is 0 or no multiple of 4";
    if (find(world, handle->process, handle->number) != handle) return "H2: two handles of a process share a number";
    if (handle->kind == HANDLE_SOCKET && world_socket_at(world, handle->object)->state == SOCKET_FREE)
        return "H1: a handle names a free socket";
    if (handle->kind == HANDLE_EVENT && !world_event_at(world, handle->object)->used)
        return "H1: a handle names a free event";
    if (handle->kind == HANDLE_PORT && !world_completion_port_at(world, handle->object)->used)
        return "H1: a handle names a free completion port";
    bool ended = handle->object == NO_ROW;
    if (handle->kind == HANDLE_THREAD && !ended && world_thread_at(world, handle->object)->state == THREAD_FREE)
        return "H1: a handle names a thread that has ended as one that runs";
    return NULL;
}

/* In a large world, where the chains are. */
static const char *check_order(const struct world *world) {
    unsigned chained = 0, used = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_HANDLES); i++)
        used += world_handle_at(world, i)->kind != HANDLE_FREE;
    for (unsigned process = 0; process < world->limits.processes; process++) {
        uint32_t above = 0;
        unsigned count = chain_count(world, CHAIN_HANDLES, process);
        for (unsigned i = handle_after(world, process, NO_ROW); i != NO_ROW && count <= used;
             i = handle_after(world, process, i)) {
            const struct handle *row = world_handle_at(world, i);
            if (row->kind == HANDLE_FREE || row->process != process || row->number <= above)
                return "H6: a process's chain does not hold its handles";
            above = row->number;
        }
        chained += count;
    }
    return chained == used ? NULL : "H6: a handle is in no chain";
}

const char *handles_check(const struct world *world) {
    assert(world != NULL);
    for (unsigned i = 0; i < world_top(world, TABLE_HANDLES); i++) {
        const struct handle *handle = world_handle_at(world, i);
        const char *broken = handle->kind == HANDLE_FREE ? NULL : check_handle(world, handle);
        if (broken != NULL) return broken;
    }
    if (named(world) != referred_to(world))
        return "H3: an object's references are not the number of its handles and duplicates";
    const char *broken_part = check_duplicates(world);
    if (broken_part == NULL && chains_present(world)) broken_part = check_order(world);
    if (broken_part != NULL) return broken_part;
    unsigned waiting = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_THREADS); i++) {
        const struct thread *thread = world_thread_at(world, i);
        if (thread->state == THREAD_FREE) continue;
        if (!world_process_at(world, thread->process)->alive) return "H4: a thread belongs to a dead process";
        if (thread->state != THREAD_WAITING) continue;
        waiting++;
        if (thread->awaited == AWAITED_EVENT && !world_event_at(world, thread->object)->used)
            return "H4: a thread waits for an event that is gone";
        if (thread->awaited == AWAITED_PORT && !world_completion_port_at(world, thread->object)->used)
            return "H4: a thread waits at a completion port that is gone";
    }
    return waiting == world->waiting ? NULL : "H7: the number of waiting threads is wrong";
}
