/* select and network events at the edge: sets of sockets go in by the model's handles and come back by the client's,
 * and each event object of the client's has one of the model's beside it. */
#include "stack/winsock/tests/edge_double.h"

#include <CUnit/CUnit.h>
#include <string.h>

#include "sim/memory/pages.h"
#include "stack/sdk/wait_values.h"
#include "stack/winsock/requests.h"

enum { NONE_OF_OURS = 0x7FFFFFFC, EVENTS = 0x23 };

static INT stored;

/* --- select: sets ------------------------------------------------------------------------------------------------- */

static fd_set set_of(unsigned count, SOCKET first, SOCKET second, SOCKET third) {
    fd_set set;
    memset(&set, 0, sizeof set);
    set.fd_count = count;
    set.fd_array[0] = first;
    set.fd_array[1] = second;
    set.fd_array[2] = third;
    return set;
}

/* What the model sees of the three sets, and what it leaves in them: as many of the sockets from `skipped` on. */
static struct {
    uint64_t counts[3], sockets[3][SET_SOCKETS_MAX];
    uint64_t skipped[3], left[3];
} model;

static void see_sets(const struct call *call) {
    for (unsigned i = 0; i < 3; i++) {
        uint64_t *set = (uint64_t *)(uintptr_t)call->arguments[i];
        model.counts[i] = 0;
        if (set == NULL || call->ranges[i].state != RANGE_GOOD) continue;
        model.counts[i] = set[0];
        if (set[0] > SET_SOCKETS_MAX) continue;
        memcpy(model.sockets[i], set + 1, set[0] * sizeof set[0]);
        memcpy(set + 1, model.sockets[i] + model.skipped[i], model.left[i] * sizeof set[0]);
        set[0] = model.left[i];
    }
}

static void begin_select(void) {
    played_begin();
    memset(&model, 0, sizeof model);
    played.answers[FUNCTION_select].meanwhile = see_sets;
    played.answers[FUNCTION_select].value = 4;
    stored = UNTOUCHED;
}

static int select_all(fd_set *reading, fd_set *writing, fd_set *failing) {
    return edge.lpWSPSelect(0, reading, writing, failing, NULL, &stored);
}

static void sets_go_in_and_come_back_translated(void) {
    fd_set reading = set_of(3, CLIENTS(7), CLIENTS(9), CLIENTS(11)), writing = set_of(2, CLIENTS(12), CLIENTS(13), 0),
           failing = set_of(1, CLIENTS(14), 0, 0);
    begin_select();
    model.skipped[0] = 1, model.left[0] = 2;
    model.left[1] = 1;
    CU_ASSERT_EQUAL(select_all(&reading, &writing, &failing), 4);
    CU_ASSERT_EQUAL(stored, UNTOUCHED);
    EXPECT_JOURNAL("select");
    CU_ASSERT_EQUAL(model.counts[0], 3);
    CU_ASSERT_EQUAL(model.sockets[0][0], 7);
    CU_ASSERT_EQUAL(model.sockets[0][1], 9);
    CU_ASSERT_EQUAL(model.sockets[0][2], 11);
    CU_ASSERT_EQUAL(model.counts[1], 2);
    CU_ASSERT_EQUAL(model.sockets[1][0], 12);
    CU_ASSERT_EQUAL(model.sockets[1][1], 13);
    CU_ASSERT_EQUAL(model.counts[2], 1);
    CU_ASSERT_EQUAL(model.sockets[2][0], 14);
    CU_ASSERT_EQUAL(reading.fd_count, 2);
    CU_ASSERT_EQUAL(reading.fd_array[0], CLIENTS(9));
    CU_ASSERT_EQUAL(reading.fd_array[1], CLIENTS(11));
    CU_ASSERT_EQUAL(writing.fd_count, 1);
    CU_ASSERT_EQUAL(writing.fd_array[0], CLIENTS(12));
    CU_ASSERT_EQUAL(failing.fd_count, 0);
}

static void what_a_failing_select_leaves_is_all(void) {
    fd_set reading = set_of(3, 1, 2, CLIENTS(7)); /* the first two are no sockets of ours: to the model one number */
    begin_select();
    model.left[0] = 3;
    played.answers[FUNCTION_select].value = UINT64_MAX;
    played.answers[FUNCTION_select].error = WSAENOTSOCK;
    CU_ASSERT_EQUAL(select_all(&reading, NULL, NULL), SOCKET_ERROR);
    CU_ASSERT_EQUAL(stored, WSAENOTSOCK);
    CU_ASSERT_EQUAL(model.sockets[0][0], NONE_OF_OURS);
    CU_ASSERT_EQUAL(model.sockets[0][1], NONE_OF_OURS);
    CU_ASSERT_EQUAL(reading.fd_count, 3);
    CU_ASSERT_EQUAL(reading.fd_array[0], 1);
    CU_ASSERT_EQUAL(reading.fd_array[1], 2);
    CU_ASSERT_EQUAL(reading.fd_array[2], CLIENTS(7));
    EXPECT_CALL(select, played.last.arguments[select_readfds], 0, 0, INFINITE);
}

static void a_socket_that_the_model_made_up_is_left_out(void) {
    fd_set reading = set_of(2, CLIENTS(7), CLIENTS(9), 0);
    begin_select();
    model.skipped[0] = 1, model.left[0] = 2; /* 9, and one more that was not in the set */
    CU_ASSERT_EQUAL(select_all(&reading, NULL, NULL), 4);
    CU_ASSERT_EQUAL(reading.fd_count, 1);
    CU_ASSERT_EQUAL(reading.fd_array[0], CLIENTS(9));
}

static void a_socket_that_is_there_twice_is_left_as_often_as_the_model_leaves_it(void) {
    fd_set reading = set_of(3, CLIENTS(7), CLIENTS(7), CLIENTS(9));
    begin_select();
    model.left[0] = 1;
    CU_ASSERT_EQUAL(select_all(&reading, NULL, NULL), 4);
    CU_ASSERT_EQUAL(reading.fd_count, 1);
    CU_ASSERT_EQUAL(reading.fd_array[0], CLIENTS(7));
    reading = set_of(3, CLIENTS(7), CLIENTS(9), CLIENTS(7));
    model.left[0] = 3;
    CU_ASSERT_EQUAL(select_all(&reading, NULL, NULL), 4);
    CU_ASSERT_EQUAL(reading.fd_count, 3);
    CU_ASSERT_EQUAL(reading.fd_array[1], CLIENTS(9));
    CU_ASSERT_EQUAL(reading.fd_array[2], CLIENTS(7));
}

static void a_set_has_room_for_thirty_two(void) {
    for (unsigned which = 0; which < 3; which++)
        for (unsigned count = 32; count <= 33; count++) {
            fd_set sets[3];
            memset(sets, 0, sizeof sets);
            begin_select();
            sets[which].fd_count = count;
            for (unsigned i = 0; i < count; i++) sets[which].fd_array[i] = CLIENTS(1 + i);
            model.left[which] = 32;
            CU_ASSERT_EQUAL(select_all(&sets[0], &sets[1], &sets[2]), count == 32 ? 4 : SOCKET_ERROR);
            CU_ASSERT_EQUAL(stored, count == 32 ? (INT)UNTOUCHED : (INT)WSAEOPNOTSUPP);
            CU_ASSERT_EQUAL(sets[which].fd_count, count);
            for (unsigned i = 0; i < count; i++) CU_ASSERT_EQUAL(sets[which].fd_array[i], CLIENTS(1 + i));
            EXPECT_JOURNAL(count == 32 ? "select" : "not modelled");
            if (count == 32) CU_ASSERT_EQUAL(model.counts[which], 32);
            if (count == 32) CU_ASSERT_EQUAL(model.sockets[which][31], 32);
            if (count == 33) CU_ASSERT_STRING_EQUAL(played.words, "WSPSelect with more than 32 sockets in a set");
        }
}

/* A set at the end of the memory that is there: `bytes` of it can be read. Handed over as it is, unless it is there
 * with all its sockets. */
static void check_set_at_the_end(unsigned bytes, u_int count, bool is_there) {
    char *pages = pages_create(PAGE_BYTES, PAGE_BYTES);
    char *place = pages + PAGE_BYTES - bytes;
    memcpy(place, &count, sizeof count);
    for (unsigned i = 0; (i + 2) * sizeof(SOCKET) <= bytes; i++) {
        SOCKET s = CLIENTS(7 + i);
        memcpy(place + offsetof(fd_set, fd_array) + i * sizeof s, &s, sizeof s);
    }
    begin_select();
    model.left[1] = is_there ? count : 0;
    CU_ASSERT_EQUAL(select_all(NULL, (fd_set *)(void *)place, NULL), 4);
    CU_ASSERT_EQUAL(played.last.arguments[select_writefds] != ADDRESS(place), is_there);
    u_int after = 0;
    memcpy(&after, place, sizeof after);
    if (is_there) CU_ASSERT_EQUAL(after, count);
    EXPECT_JOURNAL("select");
    pages_free(pages, (size_t)2 * PAGE_BYTES);
}

static void a_set_that_is_not_there_is_handed_over_as_it_is(void) {
    void *nowhere = (void *)(uintptr_t)0x100;
    begin_select();
    CU_ASSERT_EQUAL(select_all(NULL, NULL, nowhere), 4);
    EXPECT_CALL(select, 0, 0, 0x100, INFINITE);
    CU_ASSERT_EQUAL(select_all(nowhere, NULL, NULL), 4);
    EXPECT_CALL(select, 0x100, 0, 0, INFINITE);
    check_set_at_the_end(24, 2, true);
    check_set_at_the_end(16, 2, false);
    check_set_at_the_end(16, 1, true);
    check_set_at_the_end(8, 0, true);
    check_set_at_the_end(8, 1, false);
    check_set_at_the_end(16, 33, false); /* nor is it said to be too long */
}

static u_int *shrinking;

static void shrink_set(const struct call *call) {
    (void)call;
    *shrinking = 1;
}

/* The model was given none of its sockets, so none is left: not those of a call before, either. */
static void a_set_that_comes_to_be_there_is_empty(void) {
    char *pages = pages_create(PAGE_BYTES, PAGE_BYTES);
    fd_set full, *set = (fd_set *)(void *)(pages + PAGE_BYTES - 16);
    memset(&full, 0, sizeof full);
    full.fd_count = SET_SOCKETS_MAX;
    begin_select();
    model.left[0] = SET_SOCKETS_MAX;
    CU_ASSERT_EQUAL(select_all(&full, NULL, NULL), 4);
    shrinking = &set->fd_count;
    set->fd_count = 2;
    played.answers[FUNCTION_select].meanwhile = shrink_set;
    CU_ASSERT_EQUAL(select_all(set, NULL, NULL), 4);
    CU_ASSERT_EQUAL(set->fd_count, 0);
    pages_free(pages, (size_t)2 * PAGE_BYTES);
}

/* --- select: time-outs -------------------------------------------------------------------------------------------- */

static void a_time_out_is_rounded_up_to_milliseconds(void) {
    static const struct {
        struct timeval limit;
        uint32_t ms;
    } rows[] = {
        { { 0, 0 }, 0 },
        { { 0, 1 }, 1 },
        { { 0, 999 }, 1 },
        { { 0, 1000 }, 1 },
        { { 0, 1001 }, 2 },
        { { 1, 0 }, 1000 },
        { { 3, 2000 }, 3002 },
        { { 4294967, 293000 }, INFINITE - 2 },
        { { 4294967, 294000 }, INFINITE - 1 },
        { { 4294967, 294001 }, INFINITE - 1 }, /* no limit is none that was not meant */
        { { INT32_MAX, INT32_MAX }, INFINITE - 1 },
    };
    begin_select();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct timeval limit = rows[i].limit;
        CU_ASSERT_EQUAL(edge.lpWSPSelect(0, NULL, NULL, NULL, &limit, &stored), 4);
        EXPECT_CALL(select, 0, 0, 0, rows[i].ms);
    }
}

static void a_time_out_below_nothing_is_refused(void) {
    static const struct timeval rows[] = { { -1, 0 }, { 0, -1 }, { -1, 5 }, { 5, -1 }, { INT32_MIN, INT32_MIN } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct timeval limit = rows[i];
        begin_select();
        CU_ASSERT_EQUAL(edge.lpWSPSelect(0, NULL, NULL, NULL, &limit, &stored), SOCKET_ERROR);
        CU_ASSERT_EQUAL(stored, WSAEINVAL);
        CU_ASSERT_EQUAL(edge.lpWSPSelect(0, NULL, NULL, NULL, &limit, NULL), SOCKET_ERROR);
        EXPECT_JOURNAL("");
    }
}

/* --- network events ----------------------------------------------------------------------------------------------- */

static int select_event(unsigned event, LONG events) {
    stored = UNTOUCHED;
    return edge.lpWSPEventSelect(CLIENTS(7), EVENT(event), events, &stored);
}

static void an_event_has_one_of_the_models_beside_it(void) {
    played_begin();
    played_says(FUNCTION_WSAEventSelect, UINT64_MAX, WSAEINPROGRESS);
    CU_ASSERT_EQUAL(select_event(51, EVENTS), SOCKET_ERROR);
    CU_ASSERT_EQUAL(stored, WSAEINPROGRESS);
    EXPECT_JOURNAL("CreateEventW 0 1 0 0 = 302; WSAEventSelect");
    EXPECT_CALL(WSAEventSelect, 7, 302, EVENTS);
    played_says(FUNCTION_WSAEventSelect, 0, (uint32_t)ERROR_UNTOUCHED);
    CU_ASSERT_EQUAL(select_event(51, EVENTS), 0); /* the same one */
    EXPECT_JOURNAL("WSAEventSelect");
    EXPECT_CALL(WSAEventSelect, 7, 302, EVENTS);
    CU_ASSERT_EQUAL(select_event(52, EVENTS), 0);
    EXPECT_JOURNAL("CreateEventW 0 1 0 0 = 304; WSAEventSelect");
    EXPECT_CALL(WSAEventSelect, 7, 304, EVENTS);
    played.self.process = 3; /* where the same number is another event */
    CU_ASSERT_EQUAL(select_event(51, EVENTS), 0);
    EXPECT_JOURNAL("CreateEventW 0 1 0 0 = 306; WSAEventSelect");
    EXPECT_CALL(WSAEventSelect, 7, 306, EVENTS);
    CU_ASSERT_EQUAL(edge.lpWSPEventSelect(CLIENTS(7), EVENT(51), EVENTS, NULL), 0);
}

static void no_event_needs_none_of_the_models(void) {
    played_begin();
    CU_ASSERT_EQUAL(select_event(51, 0), 0); /* which selects nothing */
    EXPECT_CALL(WSAEventSelect, 7, 0, 0);
    CU_ASSERT_EQUAL(select_event(0, EVENTS), 0);
    EXPECT_CALL(WSAEventSelect, 7, 0, EVENTS);
    EXPECT_JOURNAL("WSAEventSelect; WSAEventSelect");
    CU_ASSERT_EQUAL(select_event(51, 1), 0);
    EXPECT_CALL(WSAEventSelect, 7, 302, 1);
    CU_ASSERT_EQUAL(select_event(51, -1), 0);
    EXPECT_CALL(WSAEventSelect, 7, 302, SIGNED(-1));
}

static void where_the_model_has_no_event_it_is_asked_again(void) {
    played_begin();
    played.has_no_event = true;
    CU_ASSERT_EQUAL(select_event(51, EVENTS), 0);
    EXPECT_CALL(WSAEventSelect, 7, 0, EVENTS);
    played.has_no_event = false;
    CU_ASSERT_EQUAL(select_event(51, EVENTS), 0);
    EXPECT_CALL(WSAEventSelect, 7, 302, EVENTS);
    EXPECT_JOURNAL("CreateEventW 0 1 0 0 = 0; WSAEventSelect; CreateEventW 0 1 0 0 = 302; WSAEventSelect");
}

static int look(void) { return edge.lpWSPListen(CLIENTS(8), 1, NULL); }

static void an_event_that_the_model_sets_is_set(void) {
    played_begin();
    CU_ASSERT_EQUAL(select_event(51, EVENTS), 0);
    played.self.process = 3;
    CU_ASSERT_EQUAL(select_event(52, EVENTS), 0);
    played_skip();
    (void)look();
    EXPECT_JOURNAL("listen");
    played_set_event(302, true); /* another process's */
    played_set_event(304, true);
    (void)look();
    EXPECT_JOURNAL("listen; ResetEvent 302; set 51; ResetEvent 304; set 52");
    CU_ASSERT_EQUAL(played.self.process, 3);
    CU_ASSERT_EQUAL(played.self.thread, 5);
    (void)look();
    EXPECT_JOURNAL("listen");
    played.self.process = 2;
    played_set_event(304, true);
    (void)look();
    EXPECT_JOURNAL("listen; ResetEvent 304; set 52");
    CU_ASSERT_EQUAL(played.self.process, 2);
    CU_ASSERT_EQUAL(played.self.thread, 5);
}

/* The edge's own thread of each process has the same number here. */
static void who_looks_is_itself_again(void) {
    played_begin();
    CU_ASSERT_EQUAL(select_event(51, EVENTS), 0);
    played.self = (struct machine_thread){ .process = 3, .thread = PLAYED_OWN_THREAD };
    (void)look();
    CU_ASSERT_EQUAL(played.self.process, 3);
    CU_ASSERT_EQUAL(played.self.thread, PLAYED_OWN_THREAD);
    played.self = (struct machine_thread){ .process = 2, .thread = 6 };
    (void)look();
    CU_ASSERT_EQUAL(played.self.process, 2);
    CU_ASSERT_EQUAL(played.self.thread, 6);
}

static void an_event_is_reset_where_its_events_are_read(void) {
    WSANETWORKEVENTS events;
    played_begin();
    CU_ASSERT_EQUAL(edge.lpWSPEnumNetworkEvents(CLIENTS(7), EVENT(51), &events, &stored), 0);
    EXPECT_JOURNAL("CreateEventW 0 1 0 0 = 302; WSAEnumNetworkEvents; reset 51");
    EXPECT_CALL(WSAEnumNetworkEvents, 7, 302, ADDRESS(&events));
    CU_ASSERT_EQUAL(edge.lpWSPEnumNetworkEvents(CLIENTS(7), NULL, &events, &stored), 0);
    EXPECT_JOURNAL("WSAEnumNetworkEvents");
    EXPECT_CALL(WSAEnumNetworkEvents, 7, 0, ADDRESS(&events));
    played_says(FUNCTION_WSAEnumNetworkEvents, UINT64_MAX, WSAENOTSOCK);
    CU_ASSERT_EQUAL(edge.lpWSPEnumNetworkEvents(CLIENTS(7), EVENT(51), &events, &stored), SOCKET_ERROR);
    CU_ASSERT_EQUAL(stored, WSAENOTSOCK);
    EXPECT_JOURNAL("WSAEnumNetworkEvents");
}

/* --- network events: room, and an end ----------------------------------------------------------------------------- */

enum { ROWS = 256 };

/* Fills the table, half of it by each of two processes. */
static void fill_table(void) {
    for (unsigned i = 0; i < ROWS; i++) {
        played.self.process = 2 + i % 2;
        CU_ASSERT_EQUAL(select_event(1000 + i, EVENTS), 0);
        CU_ASSERT_EQUAL(played.last.arguments[WSAEventSelect_hEventObject], PLAYED_EVENTS + 2 * (1 + i));
    }
    played.self.process = 2;
    played_skip();
}

static void there_is_room_for_256_events(void) {
    played_begin();
    fill_table();
    CU_ASSERT_EQUAL(select_event(51, EVENTS), 0);
    EXPECT_CALL(WSAEventSelect, 7, 0, EVENTS);
    EXPECT_JOURNAL("WSAEventSelect");
    played.self.process = 3;
    CU_ASSERT_EQUAL(select_event(1000 + ROWS - 1, EVENTS), 0); /* one that has its place */
    EXPECT_CALL(WSAEventSelect, 7, PLAYED_EVENTS + 2 * ROWS, EVENTS);
    played_set_event(PLAYED_EVENTS + 2 * ROWS, true);
    (void)look();
    EXPECT_JOURNAL("WSAEventSelect; listen; ResetEvent 812; set 1255");
}

static void who_cleans_up_gives_its_events_back(void) {
    played_begin();
    fill_table();
    played_set_event(302, true); /* of process 2 */
    played_set_event(812, true); /* of process 3 */
    CU_ASSERT_EQUAL(edge.lpWSPCleanup(&stored), 0);
    played_skip(); /* half a table of events was closed */
    played_set_event(302, true);
    played_set_event(810, true);
    played_set_event(812, true);
    (void)look();
    EXPECT_JOURNAL("listen; ResetEvent 812; set 1255");
    for (unsigned i = 0; i <= ROWS / 2; i++) {
        CU_ASSERT_EQUAL(select_event(2000 + i, EVENTS), 0);
        CU_ASSERT_EQUAL(played.last.arguments[WSAEventSelect_hEventObject] != 0, i < ROWS / 2);
    }
}

/* A program may start and clean up as often as it likes: nothing of the model's is left each time. */
static void the_model_s_events_of_who_cleans_up_are_closed(void) {
    played_begin();
    CU_ASSERT_EQUAL(select_event(51, EVENTS), 0);
    played.self.process = 3;
    CU_ASSERT_EQUAL(select_event(51, EVENTS), 0);
    played.self.process = 2;
    CU_ASSERT_EQUAL(select_event(52, EVENTS), 0);
    played_skip();
    CU_ASSERT_EQUAL(edge.lpWSPCleanup(&stored), 0);
    EXPECT_JOURNAL("WSACleanup; CloseHandle 302; CloseHandle 306");
    CU_ASSERT_EQUAL(edge.lpWSPCleanup(&stored), 0);
    EXPECT_JOURNAL("WSACleanup");
}

static void who_cannot_clean_up_keeps_its_events(void) {
    played_begin();
    CU_ASSERT_EQUAL(select_event(51, EVENTS), 0);
    played_says(FUNCTION_WSACleanup, UINT64_MAX, WSANOTINITIALISED);
    CU_ASSERT_EQUAL(edge.lpWSPCleanup(&stored), SOCKET_ERROR);
    CU_ASSERT_EQUAL(stored, WSANOTINITIALISED);
    played_set_event(302, true);
    played_skip();
    (void)look();
    EXPECT_JOURNAL("listen; ResetEvent 302; set 51");
}

static void what_is_forgotten_is_not_set(void) {
    played_begin();
    fill_table();
    requests_pause();
    requests_forget_all();
    requests_resume();
    for (unsigned i = 1; i <= ROWS; i++) played_set_event(PLAYED_EVENTS + 2 * i, true);
    (void)look();
    EXPECT_JOURNAL("listen");
    CU_ASSERT_EQUAL(select_event(1000, EVENTS), 0);
    EXPECT_JOURNAL("CreateEventW 0 1 0 0 = 814; WSAEventSelect");
}

void register_edge_events_tests(void);

void register_edge_events_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/winsock events", NULL, NULL);
    CU_add_test(suite, "sets go in and come back translated", sets_go_in_and_come_back_translated);
    CU_add_test(suite, "what a failing select leaves is all", what_a_failing_select_leaves_is_all);
    CU_add_test(suite, "a socket that the model made up is left out", a_socket_that_the_model_made_up_is_left_out);
    CU_add_test(suite, "a socket that is there twice is left as often as the model leaves it",
                a_socket_that_is_there_twice_is_left_as_often_as_the_model_leaves_it);
    CU_add_test(suite, "a set has room for thirty-two", a_set_has_room_for_thirty_two);
    CU_add_test(suite, "a set that is not there is handed over as it is",
                a_set_that_is_not_there_is_handed_over_as_it_is);
    CU_add_test(suite, "a set that comes to be there is empty", a_set_that_comes_to_be_there_is_empty);
    CU_add_test(suite, "a time-out is rounded up to milliseconds", a_time_out_is_rounded_up_to_milliseconds);
    CU_add_test(suite, "a time-out below nothing is refused", a_time_out_below_nothing_is_refused);
    CU_add_test(suite, "an event has one of the model's beside it", an_event_has_one_of_the_models_beside_it);
    CU_add_test(suite, "no event needs none of the model's", no_event_needs_none_of_the_models);
    CU_add_test(suite, "where the model has no event it is asked again",
                where_the_model_has_no_event_it_is_asked_again);
    CU_add_test(suite, "an event that the model sets is set", an_event_that_the_model_sets_is_set);
    CU_add_test(suite, "who looks is itself again", who_looks_is_itself_again);
    CU_add_test(suite, "an event is reset where its events are read", an_event_is_reset_where_its_events_are_read);
    CU_add_test(suite, "there is room for 256 events", there_is_room_for_256_events);
    CU_add_test(suite, "who cleans up gives its events back", who_cleans_up_gives_its_events_back);
    CU_add_test(suite, "the model's events of who cleans up are closed",
                the_model_s_events_of_who_cleans_up_are_closed);
    CU_add_test(suite, "who cannot clean up keeps its events", who_cannot_clean_up_keeps_its_events);
    CU_add_test(suite, "what is forgotten is not set", what_is_forgotten_is_not_set);
}
