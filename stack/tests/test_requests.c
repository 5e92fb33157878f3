/* Which of two requests on a socket comes first, put into their rows by hand. */
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

void register_requests_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/io which request is first", NULL, NULL);
    CU_add_test(suite, "the one issued earlier is first", the_one_issued_earlier_is_first);
    CU_add_test(suite, "one that waits for something else is passed", one_that_waits_for_something_else_is_passed);
    CU_add_test(suite, "an accept that has its connection is passed", an_accept_that_has_its_connection_is_passed);
}
