/* Handles, and duplicates on their way, beside a plain list of them: they come and go at random, with numbers in no
 * order, in a small world and in a large one; after each step both worlds have to answer as the list does. */
#include "stack/system/handles.h"

#include <stdlib.h>
#include <string.h>

#include "stack/tests/fixture.h"
#include "stack/tests/fixture_pair.h"

void register_handles_tests(void);

enum { ROWS = 24, DUPLICATES = 4, OBJECTS = 3, PROCESSES = 3, THREADS = 5, CHILD = PROCESSES, STEPS = 4000 };

struct plain {
    enum handle_kind kind; /* HANDLE_FREE: no handle */
    unsigned process, object;
    uint32_t number;
    bool inheritable, duplicated, unaware;
};

struct promise {
    unsigned process, socket;
    uint32_t serial; /* 0: none */
};

static struct plain list[ROWS];
static struct promise promises[DUPLICATES];
static uint32_t next_numbers[PROCESSES + 1], last_serial;

static struct world_limits limits_of_worlds(void) {
    struct world_limits limits = world_limits_small();
    limits.handles = ROWS;
    limits.duplicates = DUPLICATES;
    limits.threads = THREADS;
    limits.sockets = limits.events = limits.files = OBJECTS; /* so that they come to be full */
    return limits;
}

static int take_memory(void) {
    const struct world_limits limits = limits_of_worlds();
    return pair_take(&limits);
}

static void begin(uint64_t seed) {
    const struct world_limits limits = limits_of_worlds();
    pair_begin(&limits, seed);
    last_serial = 0;
    memset(list, 0, sizeof list);
    memset(promises, 0, sizeof promises);
    for (unsigned process = 0; process <= CHILD; process++) next_numbers[process] = HANDLE_FIRST_ORDINARY;
    for (unsigned i = 0; i < WORLDS; i++) {
        for (unsigned process = 0; process < PROCESSES; process++) process_start(worlds[i], process, 0);
        for (unsigned thread = 0; thread < THREADS; thread++) thread_start(worlds[i], thread, 0);
    }
}

/* --- objects ------------------------------------------------------------------------------------------------------ */

static enum table table_of(enum handle_kind kind) {
    static const enum table tables[] = { [HANDLE_SOCKET] = TABLE_SOCKETS,
                                         [HANDLE_EVENT] = TABLE_EVENTS,
                                         [HANDLE_FILE] = TABLE_FILES,
                                         [HANDLE_PORT] = TABLE_COMPLETION_PORTS };
    return tables[kind];
}

/* The object is there from now on. */
static void make_object(struct world *world, enum handle_kind kind, unsigned object) {
    if (kind == HANDLE_THREAD || !world_row_is_free(world, table_of(kind), object)) return;
    world_take_at(world, table_of(kind), object);
    if (kind == HANDLE_SOCKET) world_socket(world, object)->state = SOCKET_OPEN;
    if (kind == HANDLE_EVENT) world_event(world, object)->used = 1;
    if (kind == HANDLE_PORT) world_completion_port(world, object)->used = 1;
}

/* How many handles and promises name it. */
static unsigned named(enum handle_kind kind, unsigned object) {
    unsigned count = 0;
    for (unsigned i = 0; i < ROWS; i++) count += list[i].kind == kind && list[i].object == object;
    for (unsigned i = 0; kind == HANDLE_SOCKET && i < DUPLICATES; i++)
        count += promises[i].serial != 0 && promises[i].socket == object;
    return count;
}

/* It has so many references left. */
static void let_go(enum handle_kind kind, unsigned object, unsigned left) {
    CU_ASSERT_EQUAL(left, kind == HANDLE_THREAD ? 1 : named(kind, object));
    for (unsigned i = 0; i < WORLDS && left == 0; i++) {
        if (kind == HANDLE_SOCKET) world_socket(worlds[i], object)->state = SOCKET_FREE;
        world_free(worlds[i], table_of(kind), object);
    }
}

/* --- steps -------------------------------------------------------------------------------------------------------- */

static unsigned place_of(unsigned process, uint64_t number) {
    for (unsigned i = 0; i < ROWS; i++)
        if (list[i].kind != HANDLE_FREE && list[i].process == process && list[i].number == number) return i;
    return ROWS;
}

static unsigned free_place(void) {
    unsigned place = 0;
    while (place < ROWS && list[place].kind != HANDLE_FREE) place++;
    return place;
}

/* Seldom one of the last two. */
static uint32_t drawn_number(void) { return roll(400) == 0 ? HANDLE_LAST - 4 * roll(2) : 4 + 4 * roll(60); }

/* The next one that was never given; the first one that is free, when the last is not. */
static uint32_t ordinary_number(unsigned process) {
    uint32_t number = next_numbers[process];
    if (place_of(process, number) == ROWS) return number;
    for (number = 4; place_of(process, number) != ROWS;) number += 4;
    return number;
}

/* A number that is named, or the one that an ordinary machine gives. */
static void open_one(void) {
    unsigned process = roll(PROCESSES), place = free_place();
    struct plain made = { .kind = roll(2) ? HANDLE_SOCKET : HANDLE_SOCKET + roll(5),
                          .process = process,
                          .object = roll(OBJECTS) };
    if (made.kind == HANDLE_PORT) made.object %= 2;
    if (made.kind == HANDLE_THREAD && world_thread(worlds[SMALL], made.object)->state == THREAD_FREE) return;
    bool is_named = roll(3) > 0;
    uint32_t number = is_named ? drawn_number() : ordinary_number(process);
    if (place_of(process, number) != ROWS) return;
    for (unsigned i = 0; i < WORLDS; i++) {
        struct odometer odometer;
        odometer_init(&odometer);
        if (is_named) odometer_name(&odometer, CHOICE_HANDLE, number);
        if (place < ROWS) make_object(worlds[i], made.kind, made.object);
        uint32_t given = handle_open(worlds[i], &odometer.chooser, process, made.kind, made.object);
        CU_ASSERT_EQUAL(given, place < ROWS ? number : 0);
        CU_ASSERT_FALSE(odometer.refused);
    }
    if (place == ROWS) return;
    made.number = number;
    list[place] = made;
    if (number >= next_numbers[process] && number < HANDLE_LAST) next_numbers[process] = number + 4;
}

static void close_one(unsigned place) {
    const struct plain closed = list[place];
    list[place].kind = HANDLE_FREE;
    unsigned left[WORLDS], object = 0;
    for (unsigned i = 0; i < WORLDS; i++) {
        left[i] = handle_close(worlds[i], closed.process, closed.number, &object);
        CU_ASSERT_EQUAL(object, closed.object);
    }
    CU_ASSERT_EQUAL(left[SMALL], left[LARGE]);
    let_go(closed.kind, closed.object, left[SMALL]);
}

static void mark_one(unsigned place) {
    struct plain *one = &list[place];
    unsigned what = roll(4);
    if (what == 0) one->inheritable = roll(2);
    if (what == 1) one->duplicated = true;
    for (unsigned i = 0; i < WORLDS; i++) {
        if (what == 0) handle_set_inheritable(worlds[i], one->process, one->number, one->inheritable);
        if (what == 1) handle_set_duplicated(worlds[i], one->process, one->number);
        if (what >= 2 && one->kind == HANDLE_SOCKET) handle_bound_by(worlds[i], one->process, one->number);
    }
    for (unsigned i = 0; what >= 2 && one->kind == HANDLE_SOCKET && i < ROWS; i++)
        if (i != place && list[i].kind == HANDLE_SOCKET && list[i].object == one->object && !list[i].duplicated)
            list[i].unaware = true;
}

/* A child comes to be, inherits what it may, and ends. */
static void bear_a_child(void) {
    unsigned parent = roll(PROCESSES), count = 0, free_rows = 0;
    for (unsigned i = 0; i < ROWS; i++) {
        count += list[i].kind != HANDLE_FREE && list[i].process == parent && list[i].inheritable;
        free_rows += list[i].kind == HANDLE_FREE;
    }
    for (unsigned i = 0; i < WORLDS; i++) {
        process_start(worlds[i], CHILD, 0);
        CU_ASSERT_EQUAL(handles_inherit(worlds[i], CHILD, parent), count <= free_rows);
        uint32_t next = count <= free_rows ? next_numbers[parent] : HANDLE_FIRST_ORDINARY;
        CU_ASSERT_EQUAL(world_process(worlds[i], CHILD)->handle_next, next);
    }
    for (unsigned i = 0; count <= free_rows && i < ROWS; i++) {
        if (list[i].kind == HANDLE_FREE || list[i].process != parent || !list[i].inheritable) continue;
        unsigned place = free_place();
        list[place] = list[i];
        list[place].process = CHILD;
    }
}

static void the_child_ends(void) {
    for (unsigned i = 0; i < ROWS; i++)
        if (list[i].kind != HANDLE_FREE && list[i].process == CHILD) close_one(i);
    for (unsigned i = 0; i < WORLDS; i++) world_free(worlds[i], TABLE_PROCESSES, CHILD);
}

static void promise_one(void) {
    unsigned process = roll(PROCESSES), socket = roll(OBJECTS), place = 0;
    while (place < DUPLICATES && promises[place].serial != 0) place++;
    if (named(HANDLE_SOCKET, socket) == 0) return;
    if (place < DUPLICATES) promises[place] = (struct promise){ process, socket, ++last_serial };
    for (unsigned i = 0; i < WORLDS; i++)
        CU_ASSERT_EQUAL(duplicate_make(worlds[i], process, socket), place < DUPLICATES ? last_serial : 0);
}

static void drop_one(unsigned place) {
    const struct promise dropped = promises[place];
    if (dropped.serial == 0) return;
    promises[place].serial = 0;
    for (unsigned i = 0; i < WORLDS; i++) {
        unsigned row = duplicate_find(worlds[i], dropped.process, dropped.serial);
        CU_ASSERT_EQUAL(duplicate_drop(worlds[i], row), dropped.socket);
    }
    let_go(HANDLE_SOCKET, dropped.socket, world_socket(worlds[SMALL], dropped.socket)->references);
}

/* A thread ends, and another one begins in its row. */
static void end_a_thread(unsigned thread) {
    for (unsigned i = 0; i < WORLDS; i++) {
        thread_end(worlds[i], thread);
        thread_start(worlds[i], thread, 0);
    }
    for (unsigned i = 0; i < ROWS; i++)
        if (list[i].kind == HANDLE_THREAD && list[i].object == thread) list[i].object = NO_ROW;
}

static void step(void) {
    unsigned what = roll(16), place = roll(ROWS);
    bool there = list[place].kind != HANDLE_FREE;
    if (what < 7) open_one();
    else if (what < 9 && there) close_one(place);
    else if (what < 12 && there) mark_one(place);
    else if (what == 12) promise_one();
    else if (what == 13) drop_one(roll(DUPLICATES));
    else if (what == 14 && roll(4) == 0) end_a_thread(roll(OBJECTS));
}

/* --- questions ---------------------------------------------------------------------------------------------------- */

/* The least number above this one of a process, or ROWS. */
static unsigned place_after(unsigned process, uint32_t above) {
    unsigned found = ROWS;
    for (unsigned i = 0; i < ROWS; i++) {
        if (list[i].kind == HANDLE_FREE || list[i].process != process || list[i].number <= above) continue;
        if (found == ROWS || list[i].number < list[found].number) found = i;
    }
    return found;
}

static void ask_in_order(const struct world *world, unsigned process) {
    unsigned row = handle_after(world, process, NO_ROW), place = place_after(process, 0);
    while (row != NO_ROW && place != ROWS) {
        const struct handle *handle = world_handle_at(world, row);
        CU_ASSERT_EQUAL(handle->number, list[place].number);
        CU_ASSERT_EQUAL(handle->kind, list[place].kind);
        CU_ASSERT_EQUAL(handle->object, list[place].object);
        CU_ASSERT_EQUAL(handle->inheritable, list[place].inheritable);
        row = handle_after(world, process, row);
        place = place_after(process, list[place].number);
    }
    CU_ASSERT_EQUAL(row, NO_ROW);
    CU_ASSERT_EQUAL(place, ROWS);
    CU_ASSERT_EQUAL(world_process_at(world, process)->handle_next, next_numbers[process]);
}

static void ask_of_number(const struct world *world, unsigned process, uint64_t number) {
    unsigned place = place_of(process, number);
    enum handle_kind kind = place == ROWS ? HANDLE_FREE : list[place].kind;
    CU_ASSERT_EQUAL(handle_kind_of(world, process, number), kind);
    CU_ASSERT_EQUAL(handle_is_duplicated(world, process, number), place != ROWS && list[place].duplicated);
    CU_ASSERT_EQUAL(handle_is_unaware(world, process, number), place != ROWS && list[place].unaware);
    for (unsigned other = HANDLE_SOCKET; other <= HANDLE_THREAD; other++)
        CU_ASSERT_EQUAL(handle_find(world, process, other, number), other == kind ? list[place].object : NO_ROW);
}

static void ask_of_socket(const struct world *world, unsigned process, unsigned socket) {
    unsigned count = 0;
    for (unsigned i = 0; i < ROWS; i++)
        count += list[i].kind == HANDLE_SOCKET && list[i].process == process && list[i].object == socket;
    CU_ASSERT_EQUAL(handles_to_socket(world, process, socket), count);
    CU_ASSERT_EQUAL(world_socket_at(world, socket)->references, named(HANDLE_SOCKET, socket));
}

static void ask_of_promises(const struct world *world, unsigned process) {
    bool any = false;
    for (unsigned i = 0; i < DUPLICATES; i++) {
        unsigned row = duplicate_find(world, process, promises[i].serial);
        bool its = promises[i].serial != 0 && promises[i].process == process;
        any = any || its;
        CU_ASSERT_EQUAL(row != NO_ROW, its);
        if (its) CU_ASSERT_EQUAL(world_duplicate_at(world, row)->socket, promises[i].socket);
    }
    unsigned row = duplicate_of_process(world, process);
    CU_ASSERT_EQUAL(row != NO_ROW, any);
    if (any) CU_ASSERT_EQUAL(world_duplicate_at(world, row)->process, process);
}

static void ask(unsigned processes) {
    for (unsigned i = 0; i < WORLDS; i++) {
        CU_ASSERT_PTR_NULL(handles_check(worlds[i]));
        for (unsigned process = 0; process < processes; process++) {
            ask_in_order(worlds[i], process);
            ask_of_promises(worlds[i], process);
        }
        ask_of_number(worlds[i], roll(processes), 4 * roll(70));
        for (unsigned place = 0; place < ROWS; place++)
            ask_of_number(worlds[i], list[place].process, list[place].number);
        ask_of_socket(worlds[i], roll(processes), roll(OBJECTS));
    }
}

static void handles_are_as_a_plain_list(void) {
    unsigned failures = CU_get_number_of_failures();
    for (unsigned i = 0; i < STEPS && CU_get_number_of_failures() == failures; i++) {
        if (i % 1000 == 0) begin(i + 1);
        step();
        ask(PROCESSES);
        if (i % 8 != 0) continue;
        next_numbers[CHILD] = HANDLE_FIRST_ORDINARY;
        bear_a_child();
        next_numbers[CHILD] = world_process(worlds[SMALL], CHILD)->handle_next;
        ask(PROCESSES + 1);
        the_child_ends();
    }
}

/* What a judge names is no number of a handle, or another handle has it: something else is given. */
static void a_number_that_cannot_be_is_refused(void) {
    static const struct {
        uint64_t number;
        bool refused;
    } cases[] = { { 0, true },
                  { 1, true },
                  { 2, true },
                  { 3, true },
                  { 4, false },
                  { 8, false },
                  { 12, true },
                  { 13, true },
                  { 14, true },
                  { HANDLE_LAST, false },
                  { UINT64_C(0x100000000), true } };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0] * WORLDS; i++) {
        begin(1);
        struct world *world = worlds[i % WORLDS];
        struct odometer odometer;
        odometer_init(&odometer);
        odometer_name(&odometer, CHOICE_HANDLE, 12);
        make_object(world, HANDLE_EVENT, 0);
        CU_ASSERT_EQUAL(handle_open(world, &odometer.chooser, 0, HANDLE_EVENT, 0), 12);
        odometer_name(&odometer, CHOICE_HANDLE, cases[i / WORLDS].number);
        odometer.repairs = true; /* a number that cannot be is none that the model could go on with */
        uint32_t given = handle_open(world, &odometer.chooser, 0, HANDLE_EVENT, 0);
        CU_ASSERT_EQUAL(odometer.refused, cases[i / WORLDS].refused);
        CU_ASSERT_FALSE(odometer.repaired);
        if (odometer.refused) CU_ASSERT(odometer.refused_first == 4 && odometer.refused_last == HANDLE_LAST);
        CU_ASSERT_EQUAL(given, cases[i / WORLDS].refused ? HANDLE_FIRST_ORDINARY : cases[i / WORLDS].number);
        uint64_t elsewhere = cases[i / WORLDS].number == 12 ? 12 : given; /* in another process it is free */
        CU_ASSERT_EQUAL(handle_open(world, &odometer.chooser, 1, HANDLE_EVENT, 0), elsewhere);
    }
}

/* A thread is taken neither for another's, nor for one that has ended, nor for none; a process likewise. */
static void a_number_beyond_the_last_names_no_one(void) {
    for (unsigned i = 0; i < WORLDS; i++) {
        begin(1);
        thread_end(worlds[i], 1);
        CU_ASSERT_EQUAL(thread_of_handle(worlds[i], 0, THREAD_HANDLE_FIRST), 0);
        CU_ASSERT_EQUAL(thread_of_handle(worlds[i], 1, THREAD_HANDLE_FIRST), NO_ROW);
        CU_ASSERT_EQUAL(thread_of_handle(worlds[i], 0, THREAD_HANDLE_FIRST + 1), NO_ROW);
        CU_ASSERT_EQUAL(thread_of_handle(worlds[i], 0, THREAD_HANDLE_FIRST + THREADS - 1), THREADS - 1);
        CU_ASSERT_EQUAL(thread_of_handle(worlds[i], 0, THREAD_HANDLE_FIRST + THREADS), NO_ROW);
        CU_ASSERT_EQUAL(thread_of_handle(worlds[i], 0, THREAD_HANDLE_FIRST - 1), NO_ROW);
        CU_ASSERT_EQUAL(process_of_id(worlds[i], PROCESS_ID_FIRST - 1), NO_ROW);
        CU_ASSERT_EQUAL(process_of_id(worlds[i], PROCESS_ID_FIRST + PROCESSES), NO_ROW);
        for (unsigned process = 0; process < PROCESSES; process++)
            CU_ASSERT_EQUAL(process_of_id(worlds[i], PROCESS_ID_FIRST + process), process);
        world_process(worlds[i], 0)->alive = 0;
        CU_ASSERT_EQUAL(process_of_id(worlds[i], PROCESS_ID_FIRST), NO_ROW);
    }
}

/* What a thread is parked with is what its row says, and all of it is forgotten when it runs on, but what is its
 * own. */
static void a_parked_thread_keeps_what_is_its_own(void) {
    enum { LAST = THREADS - 1 };
    struct world *world = worlds[SMALL];
    begin(1);
    make_object(world, HANDLE_EVENT, 1);
    struct thread *row = world_thread(world, LAST);
    row->impersonated = 1, row->last_error = 2, row->served_port = 3, row->blocking_hook = 4;
    const struct thread before = *row;
    const struct wait wait = {
        .awaited = AWAITED_EVENT, .object = 1, .alertable = true, .deadline_ns = 5, .outputs = { 6, 7, 8 }
    };
    CU_ASSERT_EQUAL(thread_after(world, NO_ROW), NO_ROW);
    thread_park(world, LAST, FUNCTION_WSAWaitForMultipleEvents, &wait);
    const struct thread parked = *row;
    CU_ASSERT(parked.state == THREAD_WAITING && parked.function == FUNCTION_WSAWaitForMultipleEvents);
    CU_ASSERT(parked.awaited == AWAITED_EVENT && parked.object == 1 && parked.alertable == 1);
    CU_ASSERT(parked.deadline_ns == 5 && parked.parked_serial == 1 && world->waiting == 1);
    CU_ASSERT(parked.outputs[0] == 6 && parked.outputs[1] == 7 && parked.outputs[2] == 8);
    CU_ASSERT_EQUAL(thread_after(world, NO_ROW), LAST);
    CU_ASSERT_EQUAL(thread_after(world, LAST - 1), LAST);
    CU_ASSERT_EQUAL(thread_after(world, LAST), NO_ROW);
    thread_resume(world, LAST);
    CU_ASSERT(memcmp(row, &before, sizeof before) == 0);
    CU_ASSERT_EQUAL(world->waiting, 0);
    thread_park(world, LAST, FUNCTION_SleepEx, &(struct wait){ .object = NO_ROW, .deadline_ns = UINT64_MAX });
    CU_ASSERT(row->parked_serial == 2 && row->alertable == 0 && row->object == NO_ROW);
    thread_end(world, LAST);
    CU_ASSERT_EQUAL(world->waiting, 0);
    CU_ASSERT_PTR_NULL(handles_check(world));
}

static void a_program_begins_by_its_version(void) {
    static const unsigned versions[] = { 0, 1, 0x0101, 0x0202 };
    for (unsigned i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        struct world *world = worlds[SMALL];
        begin(1);
        thread_end(world, 1);
        process_begin(world, 2, 1, versions[i]);
        CU_ASSERT_EQUAL(world_process(world, 2)->startup_count, versions[i] != 0);
        CU_ASSERT_EQUAL(world_process(world, 2)->startup_version, versions[i]);
        CU_ASSERT_EQUAL(world_thread(world, 1)->process, 2);
        CU_ASSERT_EQUAL(world_thread(world, 1)->state, THREAD_RUNNING);
    }
}

void register_handles_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/system handles", take_memory, pair_give_back);
    CU_add_test(suite, "a number that cannot be is refused", a_number_that_cannot_be_is_refused);
    CU_add_test(suite, "a number beyond the last names no one", a_number_beyond_the_last_names_no_one);
    CU_add_test(suite, "a parked thread keeps what is its own", a_parked_thread_keeps_what_is_its_own);
    CU_add_test(suite, "a program begins by its version", a_program_begins_by_its_version);
    CU_add_test(suite, "handles are as a plain list", handles_are_as_a_plain_list);
}
