/* WaitForMultipleObjects, its Ex form and WSAWaitForMultipleEvents: one of several events, or all. */
#include "stack/io/event_waits.h"
#include "stack/io/events.h"
#include "stack/io/requests.h"
#include "stack/model/model.h"
#include "stack/tests/fixture_waits.h"

void register_event_waits_tests(void);

static uint64_t event_that(struct machine *m, bool manual_reset, bool set) {
    return plain_call(m, FUNCTION_CreateEventW, 0, manual_reset, set);
}

static void set(struct machine *m, uint64_t event) {
    CU_ASSERT_EQUAL(plain_call(m, FUNCTION_SetEvent, event, 0, 0), TRUE);
}

static bool is_set(struct machine *m, uint64_t event) {
    return plain_call(m, FUNCTION_WaitForSingleObject, event, 0, 0) == WAIT_OBJECT_0;
}

static const struct several any_at_once = { .count = 3 }, all_at_once = { .count = 3, .all = true },
                            any_for_ever = { .count = 3, .milliseconds = INFINITE },
                            all_for_ever = { .count = 3, .all = true, .milliseconds = INFINITE };

/* Three events that reset themselves, of which none is set. */
static void world_with_three_events(struct machine *m, uint64_t events[3]) {
    machine_begin(m);
    for (unsigned i = 0; i < 3; i++) events[i] = event_that(m, false, false);
}

static void the_lowest_that_is_set_ends_a_wait_for_one(void) {
    struct machine m;
    uint64_t events[3];
    world_with_three_events(&m, events);
    CU_ASSERT_EQUAL(wait_for_several(&m, events, &any_at_once), WAIT_TIMEOUT);
    set(&m, events[2]);
    set(&m, events[1]);
    CU_ASSERT_EQUAL(wait_for_several(&m, events, &any_at_once), WAIT_OBJECT_0 + 1);
    CU_ASSERT_EQUAL(wait_for_several(&m, events, &any_at_once), WAIT_OBJECT_0 + 2);
    CU_ASSERT_EQUAL(wait_for_several(&m, events, &any_at_once), WAIT_TIMEOUT);
}

/* Whatever of three events is set, of as many as are looked at: the first that is set ends a wait for one, and each has
 * to be set for a wait for all; what is taken resets itself, and no other. */
static void whatever_is_set_is_found_and_taken(void) {
    for (unsigned i = 0; i < 8 * 3 * 2; i++) {
        struct machine m;
        unsigned bits = i % 8, count = 1 + i / 8 % 3, first = 0;
        bool all = i / 24 != 0, each = true;
        uint16_t rows[3];
        machine_begin(&m);
        for (unsigned k = 0; k < 3; k++) {
            rows[k] = (uint16_t)event_create(m.world, false, bits >> k & 1);
            each = each && (k >= count || (bits >> k & 1) != 0);
        }
        while (first < count && (bits >> first & 1) == 0) first++;
        unsigned expected = all ? (each ? 0 : (unsigned)NO_ROW) : first < count ? first : (unsigned)NO_ROW;
        CU_ASSERT_EQUAL(events_come(m.world, rows, count, all), expected);
        if (expected == NO_ROW) continue;
        events_take(m.world, rows, count, all, expected);
        for (unsigned k = 0; k < 3; k++) {
            bool taken = k < count && (all || k == expected);
            CU_ASSERT_EQUAL(world_event(m.world, rows[k])->set, (bits >> k & 1) != 0 && !taken);
        }
    }
}

/* Whatever event is in the first row of the table. */
static void who_sleeps_takes_no_event(void) {
    for (unsigned alertable = 0; alertable < 2; alertable++) {
        struct machine m;
        machine_begin(&m);
        uint64_t event = event_that(&m, false, true);
        speak_as(&m, APP_SECOND);
        CU_ASSERT_EQUAL(sleep_for(&m, 10, alertable), WAIT_BLOCKS);
        speak_as(&m, APP);
        pass_time(&m, 10);
        CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
        CU_ASSERT_EQUAL(m.result.returns[0].value, 0);
        CU_ASSERT_TRUE(is_set(&m, event));
    }
}

/* As many as the table has rows, and not one more, which is noted. */
static void there_is_room_for_as_many_as_there_are_rows(void) {
    const unsigned limit = 8;
    for (unsigned used = 0; used <= limit; used++) {
        for (unsigned count = 0; count <= limit + 1; count++) {
            struct machine m;
            machine_begin(&m);
            CU_ASSERT_EQUAL_FATAL(m.world->limits.event_waits, limit);
            for (unsigned k = 0; k < used; k++) event_wait_add(m.world, APP, event_create(m.world, true, false));
            CU_ASSERT_EQUAL(event_wait_has_room(m.world, count), used + count <= limit);
            CU_ASSERT_EQUAL(m.world->full, used + count <= limit ? 0 : TABLE_EVENT_WAITS + 1);
        }
    }
}

static void all_are_taken_at_one_instant_or_none(void) {
    struct machine m;
    uint64_t events[3];
    world_with_three_events(&m, events);
    set(&m, events[0]);
    set(&m, events[2]);
    CU_ASSERT_EQUAL(wait_for_several(&m, events, &all_at_once), WAIT_TIMEOUT);
    set(&m, events[1]);
    CU_ASSERT_EQUAL(wait_for_several(&m, events, &all_at_once), WAIT_OBJECT_0);
    for (unsigned i = 0; i < 3; i++) CU_ASSERT_FALSE(is_set(&m, events[i]));
}

static void a_parked_wait_for_all_leaves_events_to_others(void) {
    struct machine m;
    uint64_t events[3];
    world_with_three_events(&m, events);
    speak_as(&m, APP_SECOND);
    CU_ASSERT_EQUAL(wait_for_several(&m, events, &all_for_ever), WAIT_BLOCKS);
    speak_as(&m, APP);
    set(&m, events[0]);
    set(&m, events[1]);
    CU_ASSERT_TRUE(is_set(&m, events[1])); /* taken from under it */
    set(&m, events[2]);
    CU_ASSERT_EQUAL(m.result.returns_count, 0);
    set(&m, events[1]);
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].value, WAIT_OBJECT_0);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_EVENT_WAITS), 0);
}

static void a_parked_wait_for_one_ends_by_what_is_set_or_by_time(void) {
    struct machine m;
    uint64_t events[3];
    world_with_three_events(&m, events);
    speak_as(&m, APP_SECOND);
    CU_ASSERT_EQUAL(wait_for_several(&m, events, &any_for_ever), WAIT_BLOCKS);
    speak_as(&m, APP);
    set(&m, events[2]);
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].value, WAIT_OBJECT_0 + 2);
    speak_as(&m, APP_SECOND);
    CU_ASSERT_EQUAL(wait_for_several(&m, events, &(struct several){ .count = 3, .milliseconds = 20 }), WAIT_BLOCKS);
    pass_time(&m, 19);
    CU_ASSERT_EQUAL(m.result.returns_count, 0);
    pass_time(&m, 1);
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].value, WAIT_TIMEOUT);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_EVENT_WAITS), 0);
}

/* Whichever of them it is: the wait still names it. */
static void an_event_that_is_closed_lasts_as_long_as_the_wait(void) {
    for (unsigned i = 0; i < 3; i++) {
        struct machine m;
        uint64_t events[3];
        world_with_three_events(&m, events);
        speak_as(&m, APP_SECOND);
        CU_ASSERT_EQUAL(wait_for_several(&m, events, &any_for_ever), WAIT_BLOCKS);
        speak_as(&m, APP);
        expect_ok(close_handle(&m, events[i]));
        CU_ASSERT_TRUE(world_event(m.world, i)->used);
        CU_ASSERT_EQUAL(world_top(m.world, TABLE_EVENTS), 3);
        CU_ASSERT_PTR_NULL(model_check(m.world));
        set(&m, events[(i + 1) % 3]);
        CU_ASSERT_EQUAL(m.result.returns_count, 1);
        CU_ASSERT_FALSE(world_event(m.world, i)->used);
    }
}

/* Of a process whose threads wait for events that it has closed, nothing is left: for one, for several, for a request
 * that signals one. */
static void a_process_leaves_no_event_behind(void) {
    struct machine m;
    machine_with_two_processes(&m);
    unsigned others = world_top(m.world, TABLE_EVENTS); /* the other process's */
    speak_as(&m, TOOL_SECOND);
    uint64_t event = event_that(&m, false, false),
             events[3] = { event_that(&m, true, false), event_that(&m, true, false) };
    CU_ASSERT_EQUAL(wait_for(&m, event, INFINITE), WAIT_BLOCKS);
    speak_as(&m, TOOL);
    uint64_t s = udp(&m), signalled = event_that(&m, true, false);
    control(&m, s, SIO_ADDRESS_LIST_CHANGE);
    with_overlapped(&m, 0, signalled);
    expect_error(WSA_IO_PENDING, perform(&m));
    expect_ok(close_handle(&m, signalled));
    expect_ok(close_handle(&m, event));
    CU_ASSERT_EQUAL(wait_for_several(&m, events, &(struct several){ .count = 2, .milliseconds = INFINITE }),
                    WAIT_BLOCKS);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_EVENTS), others + 4);
    result_clear(&m.result);
    model_process_end(m.world, m.chooser, PROCESS_TOOL, &m.result);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_EVENTS), others);
    CU_ASSERT_PTR_NULL(model_check(m.world));
}

static void a_process_that_ends_waits_no_more(void) {
    struct machine m;
    uint64_t events[3];
    world_with_three_events(&m, events);
    CU_ASSERT_EQUAL(wait_for_several(&m, events, &any_for_ever), WAIT_BLOCKS);
    model_process_end(m.world, m.chooser, PROCESS_APP, &m.result);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_EVENT_WAITS), 0);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_EVENTS), 0);
    CU_ASSERT_PTR_NULL(model_check(m.world));
}

static void routines_end_an_alertable_wait_and_take_no_event(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m), events[3];
    for (unsigned i = 0; i < 3; i++) events[i] = event_that(&m, false, i != 1);
    queue_routine(&m, s, 0);
    CU_ASSERT_EQUAL(wait_for_several(&m, events, &all_at_once), WAIT_TIMEOUT);
    CU_ASSERT_EQUAL(m.result.routines_count, 0);
    CU_ASSERT_EQUAL(wait_for_several(&m, events, &(struct several){ .count = 3, .all = true, .alertable = true }),
                    WAIT_IO_COMPLETION);
    CU_ASSERT_EQUAL(m.result.routines_count, 1);
    CU_ASSERT_TRUE(is_set(&m, events[0]));
    CU_ASSERT_TRUE(is_set(&m, events[2]));
}

static void a_count_that_is_none_comes_before_what_is_in_the_array(void) {
    struct machine m;
    uint64_t events[3];
    world_with_three_events(&m, events);
    const struct several none = { .count = 0 }, many = { .count = MAXIMUM_WAIT_OBJECTS + 1 };
    expect_error(ERROR_INVALID_PARAMETER, wait_error(&m, events, &none));
    expect_error(ERROR_INVALID_PARAMETER, wait_error(&m, events, &many));
    events[1] = 0x4444;
    set(&m, events[0]);
    expect_error(ERROR_INVALID_HANDLE, wait_error(&m, events, &any_at_once));
    CU_ASSERT_TRUE(is_set(&m, events[0]));
    events[1] = tcp(&m);
    (void)wait_for_several(&m, events, &any_at_once);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
}

/* MAXIMUM_WAIT_OBJECTS is a count that is allowed (T9.9.2). */
static void as_many_as_may_be_are_waited_for(void) {
    struct machine m;
    uint64_t events[MAXIMUM_WAIT_OBJECTS];
    const struct several all = { .count = MAXIMUM_WAIT_OBJECTS }, half = { .count = MAXIMUM_WAIT_OBJECTS / 2 };
    machine_begin(&m);
    also_read(&m, Q134_HANDLE_TWICE, Q134_LIKE_OTHERS);
    events[0] = event_that(&m, false, false);
    for (unsigned i = 1; i < MAXIMUM_WAIT_OBJECTS - 1; i++) events[i] = events[0];
    events[MAXIMUM_WAIT_OBJECTS - 1] = event_that(&m, false, true);
    CU_ASSERT_EQUAL(wait_for_several(&m, events, &half), WAIT_TIMEOUT);
    CU_ASSERT_EQUAL(wait_for_several(&m, events, &all), WAIT_OBJECT_0 + MAXIMUM_WAIT_OBJECTS - 1);
}

static void copies_are_refused_where_all_are_waited_for(void) {
    struct machine m;
    uint64_t events[3];
    world_with_three_events(&m, events);
    also_read(&m, Q134_HANDLE_TWICE, Q134_LIKE_OTHERS);
    events[2] = events[1];
    set(&m, events[0]);
    set(&m, events[1]);
    expect_error(ERROR_INVALID_PARAMETER, wait_error(&m, events, &all_at_once));
    CU_ASSERT_EQUAL(wait_for_several(&m, events, &any_at_once), WAIT_OBJECT_0);
    CU_ASSERT_EQUAL(wait_for_several(&m, events, &any_at_once), WAIT_OBJECT_0 + 1);
    CU_ASSERT_EQUAL(wait_for_several(&m, events, &any_for_ever), WAIT_BLOCKS);
}

static void winsocks_own_wants_to_be_started(void) {
    struct machine m;
    uint64_t events[3];
    world_with_three_events(&m, events);
    set(&m, events[1]);
    CU_ASSERT_EQUAL(wait_for_winsock_events(&m, events, &any_at_once), WAIT_OBJECT_0 + 1);
    expect_ok((uint32_t)plain_call(&m, FUNCTION_WSACleanup, 0, 0, 0));
    CU_ASSERT_EQUAL(wait_for_winsock_events(&m, events, &any_at_once), WAIT_FAILED);
    expect_error(WSANOTINITIALISED, m.result.error);
}

static void a_wait_needs_a_row_for_each_of_its_events(void) {
    struct machine m;
    machine_begin(&m);
    unsigned rows = m.world->limits.event_waits;
    CU_ASSERT_TRUE(event_wait_has_room(m.world, rows));
    CU_ASSERT_EQUAL(m.world->full, 0);
    CU_ASSERT_FALSE(event_wait_has_room(m.world, rows + 1));
    CU_ASSERT_EQUAL(m.world->full, TABLE_EVENT_WAITS + 1u);
}

void register_event_waits_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/io event waits", NULL, NULL);
    CU_add_test(suite, "who sleeps takes no event", who_sleeps_takes_no_event);
    CU_add_test(suite, "whatever is set is found and taken", whatever_is_set_is_found_and_taken);
    CU_add_test(suite, "there is room for as many as there are rows", there_is_room_for_as_many_as_there_are_rows);
    CU_add_test(suite, "the lowest that is set ends a wait for one", the_lowest_that_is_set_ends_a_wait_for_one);
    CU_add_test(suite, "all are taken at one instant, or none", all_are_taken_at_one_instant_or_none);
    CU_add_test(suite, "a parked wait for all leaves events to others", a_parked_wait_for_all_leaves_events_to_others);
    CU_add_test(suite, "a parked wait for one ends by what is set, or by time",
                a_parked_wait_for_one_ends_by_what_is_set_or_by_time);
    CU_add_test(suite, "an event that is closed lasts as long as the wait",
                an_event_that_is_closed_lasts_as_long_as_the_wait);
    CU_add_test(suite, "a process leaves no event behind", a_process_leaves_no_event_behind);
    CU_add_test(suite, "a process that ends waits no more", a_process_that_ends_waits_no_more);
    CU_add_test(suite, "routines end an alertable wait, and take no event",
                routines_end_an_alertable_wait_and_take_no_event);
    CU_add_test(suite, "a count that is none comes before what is in the array",
                a_count_that_is_none_comes_before_what_is_in_the_array);
    CU_add_test(suite, "as many as may be are waited for", as_many_as_may_be_are_waited_for);
    CU_add_test(suite, "copies are refused where all are waited for", copies_are_refused_where_all_are_waited_for);
    CU_add_test(suite, "a wait needs a row for each of its events", a_wait_needs_a_row_for_each_of_its_events);
    CU_add_test(suite, "Winsock's own wants to be started", winsocks_own_wants_to_be_started);
}
