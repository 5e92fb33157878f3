/* Real arguments become a record (sim/memory/record.h): what of the caller's memory it has. */
#include "sim/memory/record.h"

#include <CUnit/CUnit.h>

#include "stack/sdk/poll_values.h"

void register_record_tests(void);

enum { SOCKETS = 3 };

/* What WSAPoll is given: a set as it lies in memory, and what is asked of each of its sockets. */
static struct {
    uint64_t count, sockets[SOCKETS];
    uint32_t events[SOCKETS];
} poll;

/* How much of the memory is there, from the set's head on; all else is. */
static uint32_t there_of_the_set;

static uint32_t there(uint64_t address, uint32_t wanted) {
    if (address != (uint64_t)(uintptr_t)&poll.count) return wanted;
    return there_of_the_set < wanted ? there_of_the_set : wanted;
}

static const struct memory_view view = { .readable = there, .writable = there };

static void record_poll(struct call *call, uint64_t count, uint32_t bytes) {
    const uint64_t arguments[CALL_ARGUMENTS_MAX] = { [WSAPoll_fd] = (uint64_t)(uintptr_t)&poll.count,
                                                     [WSAPoll_events] = (uint64_t)(uintptr_t)poll.events,
                                                     [WSAPoll_timeout] = 100 };
    poll.count = count;
    for (unsigned i = 0; i < SOCKETS; i++) {
        poll.sockets[i] = 100 + i;
        poll.events[i] = i == 0 ? POLLWRNORM : POLLRDNORM;
    }
    there_of_the_set = bytes;
    record_of_arguments(call, FUNCTION_WSAPoll, arguments, &view);
}

static void a_poll_has_as_many_events_as_sockets(void) {
    struct call call;
    for (unsigned count = 1; count <= SOCKETS; count++) {
        record_poll(&call, count, sizeof poll);
        CU_ASSERT_EQUAL(call.ranges[WSAPoll_fd].length, 8 + 8 * count);
        CU_ASSERT_EQUAL(call.ranges[WSAPoll_events].length, 4 * count);
        const uint8_t *events = call_read(&call, WSAPoll_events, 4 * count);
        CU_ASSERT_PTR_NOT_NULL_FATAL(events);
        for (unsigned i = 0; i < count; i++) CU_ASSERT_EQUAL(load_u32(events + 4 * i), poll.events[i]);
        CU_ASSERT_EQUAL(call.arguments[WSAPoll_timeout], 100);
    }
}

/* Nothing tells how many there would be. */
static void a_set_that_is_not_there_has_no_events(void) {
    struct call call;
    record_poll(&call, SOCKETS, 7);
    CU_ASSERT_EQUAL(call.ranges[WSAPoll_fd].state, RANGE_PARTLY_BAD);
    CU_ASSERT_EQUAL(call.ranges[WSAPoll_events].length, 0);
    record_poll(&call, SOCKETS, 0);
    CU_ASSERT_EQUAL(call.ranges[WSAPoll_fd].state, RANGE_BAD);
    CU_ASSERT_EQUAL(call.ranges[WSAPoll_events].length, 0);
}

/* Of more sockets than the model takes the head alone is looked at. */
static void too_many_sockets_have_no_events(void) {
    struct call call;
    record_poll(&call, SET_SOCKETS_MAX + 1, sizeof poll);
    CU_ASSERT_EQUAL(call.ranges[WSAPoll_fd].length, 8);
    CU_ASSERT_EQUAL(call.ranges[WSAPoll_events].length, 0);
}

void register_record_tests(void) {
    CU_pSuite suite = CU_add_suite("records of arguments", NULL, NULL);
    CU_add_test(suite, "a poll has as many events as sockets", a_poll_has_as_many_events_as_sockets);
    CU_add_test(suite, "a set that is not there has no events", a_set_that_is_not_there_has_no_events);
    CU_add_test(suite, "too many sockets have no events", too_many_sockets_have_no_events);
}
