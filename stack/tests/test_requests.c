/* Which of two requests on a socket comes first, for how many ends there is room, and what falls due next: rows put
 * there by hand. */
#include "stack/io/requests.h"

#include "stack/sdk/socket_values.h"
#include "stack/tests/fixture.h"

void register_requests_tests(void);

enum { MINE = 2, OTHERS = 1, SERIAL = 10 };

/* Row OTHERS is the earlier one, and waits for the same. Neither is in the first row of its table. */
static void two_receives(struct machine *m) {
    machine_begin(m);
    for (unsigned socket = 0; socket < 4; socket++) {
        world_take_at(m->world, TABLE_SOCKETS, socket);
        world_socket(m->world, socket)->state = SOCKET_OPEN;
        world_socket(m->world, socket)->connection = NO_ROW;
    }
    for (unsigned row = OTHERS; row <= MINE; row++) {
        world_take_at(m->world, TABLE_REQUESTS, row);
        world_take_at(m->world, TABLE_TRANSFERS, row);
        *world_request(m->world, row) = (struct request){
            .state = REQUEST_PENDING, .operation = OPERATION_RECEIVE, .socket = 3, .transfer = row + 1
        };
        *world_transfer(m->world, row) = (struct transfer){ .used = 1, .serial = SERIAL + row };
    }
}

static bool is_first(const struct machine *m) { return request_is_first(m->world, world_request_at(m->world, MINE)); }

static void the_one_issued_earlier_is_first(void) {
    struct machine m;
    two_receives(&m);
    CU_ASSERT_FALSE(is_first(&m));
    CU_ASSERT_TRUE(request_is_first(m.world, world_request_at(m.world, OTHERS)));
    world_transfer(m.world, OTHERS)->serial = SERIAL + MINE + 1;
    CU_ASSERT_TRUE(is_first(&m));
    CU_ASSERT_FALSE(request_is_first(m.world, world_request_at(m.world, OTHERS)));
    struct request not_issued = *world_request(m.world, MINE);
    not_issued.transfer = 0;
    CU_ASSERT_FALSE(request_is_first(m.world, &not_issued));
}

static void one_that_waits_for_something_else_is_passed(void) {
    struct machine m;
    two_receives(&m);
    struct request *other = world_request(m.world, OTHERS);
    const struct request same = *other;
    other->operation = OPERATION_SEND;
    CU_ASSERT_TRUE(is_first(&m));
    *other = same;
    other->code = MSG_OOB;
    CU_ASSERT_TRUE(is_first(&m));
    world_request(m.world, MINE)->code = MSG_OOB | MSG_PEEK;
    CU_ASSERT_FALSE(is_first(&m));
    *other = same;
    CU_ASSERT_TRUE(is_first(&m));
    world_request(m.world, MINE)->code = MSG_PEEK;
    CU_ASSERT_FALSE(is_first(&m));
    other->socket = 2;
    CU_ASSERT_TRUE(is_first(&m));
    *other = same;
    other->decided = 1;
    CU_ASSERT_TRUE(is_first(&m));
    *other = same;
    other->operation = world_request(m.world, MINE)->operation = OPERATION_SEND;
    other->code = MSG_OOB; /* of what is sent there is one stream */
    CU_ASSERT_FALSE(is_first(&m));
}

/* An AcceptEx whose socket is connected waits for data, and no one for it. */
static void an_accept_that_has_its_connection_is_passed(void) {
    struct machine m;
    two_receives(&m);
    for (unsigned row = OTHERS; row <= MINE; row++) {
        world_request(m.world, row)->operation = OPERATION_ACCEPT_EX;
        world_request(m.world, row)->code = row - 1; /* the accept socket */
    }
    CU_ASSERT_FALSE(is_first(&m));
    world_socket(m.world, OTHERS - 1)->connection = 0;
    CU_ASSERT_TRUE(is_first(&m));
    world_socket(m.world, OTHERS - 1)->connection = NO_ROW;
    CU_ASSERT_FALSE(is_first(&m));
    world_socket(m.world, MINE - 1)->connection = 0;
    CU_ASSERT_TRUE(is_first(&m));
}

/* --- room --------------------------------------------------------------------------------------------------------- */

/* So many requests that pend with a routine, so many routines that wait for an alertable wait. */
static void machine_with_routines(struct machine *m, unsigned pending, unsigned queued) {
    machine_begin(m);
    world_take_at(m->world, TABLE_SOCKETS, 3);
    world_socket(m->world, 3)->state = SOCKET_OPEN;
    for (unsigned row = 0; row < pending; row++) {
        world_take_at(m->world, TABLE_REQUESTS, row);
        *world_request(m->world, row) = (struct request){ .state = REQUEST_PENDING,
                                                          .overlapped = NOTICE_OVERLAPPED,
                                                          .thread = APP,
                                                          .process = PROCESS_APP,
                                                          .socket = 3,
                                                          .event = NO_ROW,
                                                          .overlapped_address = 4,
                                                          .routine_address = 8 };
    }
    for (unsigned row = 0; row < queued; row++) {
        world_take_at(m->world, TABLE_ROUTINES, row);
        *world_routine(m->world, row) = (struct routine_row){ .used = 1, .thread = APP };
    }
}

/* Each of them will need a row in the end; a request that is no routine's needs none. */
static void there_is_room_for_the_routine_of_each_request(void) {
    const unsigned limit = world_limits_small().routines;
    for (unsigned pending = 0; pending <= limit; pending++) {
        for (unsigned queued = 0; pending + queued <= limit; queued++) {
            struct machine m;
            machine_with_routines(&m, pending, queued);
            struct request one = { .overlapped = NOTICE_OVERLAPPED, .thread = APP, .socket = 3, .event = NO_ROW };
            one.overlapped_address = 4;
            bool requests_left = pending < m.world->limits.requests;
            CU_ASSERT_EQUAL(request_has_room(m.world, &one), requests_left);
            m.world->full = 0;
            one.routine_address = 8;
            bool room = pending + queued < limit;
            CU_ASSERT_EQUAL(request_has_room(m.world, &one), room && requests_left);
            CU_ASSERT_EQUAL(m.world->full == TABLE_ROUTINES + 1, !room);
            CU_ASSERT_EQUAL(request_issue(m.world, &one) != NO_ROW, room && requests_left);
            CU_ASSERT_EQUAL(world_top(m.world, TABLE_REQUESTS), pending + (room && requests_left));
        }
    }
}

/* --- what falls due ----------------------------------------------------------------------------------------------- */

static uint64_t next_with(unsigned row, uint64_t due_ns, bool decided) {
    struct machine m;
    machine_with_routines(&m, 3, 0);
    m.world->now_ns = 1000;
    for (unsigned i = 0; i < 3; i++) world_request(m.world, i)->due_ns = UINT64_MAX;
    world_request(m.world, row)->due_ns = due_ns;
    world_request(m.world, row)->decided = decided;
    return model_next_timeout(m.world);
}

static void the_earliest_instant_falls_due_next(void) {
    for (unsigned row = 0; row < 3; row++) {
        CU_ASSERT_EQUAL(next_with(row, 999, false), 0);
        CU_ASSERT_EQUAL(next_with(row, 1000, false), 0);
        CU_ASSERT_EQUAL(next_with(row, 1001, false), 1);
        CU_ASSERT_EQUAL(next_with(row, 5000, false), 4000);
        CU_ASSERT_EQUAL(next_with(row, 5000, true), UINT64_MAX);
        CU_ASSERT_EQUAL(next_with(row, UINT64_MAX, false), UINT64_MAX);
    }
}

/* --- cancelling --------------------------------------------------------------------------------------------------- */

/* The pages of CancelIo and CancelIoEx: that nothing pends is an error of the second alone (T10.1, T10.2). */
static void nothing_to_cancel_is_an_error_of_the_second_alone(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m), event = new_event(&m, true, false);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_CancelIo, s, 0, 0), TRUE);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_CancelIoEx, s, 0, 0), FALSE);
    CU_ASSERT_EQUAL(m.result.error, ERROR_NOT_FOUND);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_CancelIo, event, 0, 0), FALSE);
    CU_ASSERT_EQUAL(m.result.error, ERROR_INVALID_HANDLE);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_CancelIoEx, event, 0, 0), FALSE);
    CU_ASSERT_EQUAL(m.result.error, ERROR_INVALID_HANDLE);
    uint64_t pending = world_with_pending_address_change(&m);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_CancelIoEx, pending, OVERLAPPED_ADDRESS + 1, 0), FALSE);
    CU_ASSERT_EQUAL(m.result.error, ERROR_NOT_FOUND);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_CancelIo, pending, 0, 0), TRUE);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_REQUESTS), 0);
    pending = world_with_pending_address_change(&m);
    speak_as(&m, APP_SECOND);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_CancelIo, pending, 0, 0), TRUE); /* of another thread's nothing */
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_REQUESTS), 1);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_CancelIoEx, pending, OVERLAPPED_ADDRESS, 0), TRUE);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_REQUESTS), 0);
}

void register_requests_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/io requests in rows", NULL, NULL);
    CU_add_test(suite, "the one issued earlier is first", the_one_issued_earlier_is_first);
    CU_add_test(suite, "one that waits for something else is passed", one_that_waits_for_something_else_is_passed);
    CU_add_test(suite, "an accept that has its connection is passed", an_accept_that_has_its_connection_is_passed);
    CU_add_test(suite, "there is room for the routine of each request", there_is_room_for_the_routine_of_each_request);
    CU_add_test(suite, "the earliest instant falls due next", the_earliest_instant_falls_due_next);
    CU_add_test(suite, "nothing to cancel is an error of the second alone",
                nothing_to_cancel_is_an_error_of_the_second_alone);
}
