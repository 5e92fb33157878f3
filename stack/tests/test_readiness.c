/* select and WSAPoll on the wire. */
#include <string.h>

#include "stack/model/model.h"
#include "stack/sdk/poll_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/tests/fixture_wire.h"

void register_readiness_tests(void);

enum { EVENTS_ADDRESS = 0xd000 };

/* select with no time at all: how many sets keep their socket. */
static unsigned ready(struct machine *m, uint64_t read, uint64_t write, uint64_t except) {
    uint64_t value = plain_call(m, FUNCTION_select, read, write, except);
    CU_ASSERT_EQUAL(m->result.status, RESULT_RETURNED);
    return (unsigned)value;
}

static void call_waiting(struct machine *m, enum function function, uint64_t first, uint64_t third, uint32_t ms) {
    struct call call;
    call_clear(&call);
    call.function = (uint16_t)function;
    memcpy(call.arguments, &first, sizeof first);
    if (function == FUNCTION_select) {
        call.arguments[select_exceptfds] = third;
        call.arguments[select_timeout] = ms;
    } else {
        uint8_t asked[4];
        store_u32(asked, (uint32_t)third);
        call.arguments[WSAPoll_events] = EVENTS_ADDRESS;
        call.ranges[WSAPoll_events] = (struct range){ .state = RANGE_GOOD, .address = EVENTS_ADDRESS, .length = 4 };
        bool put = call_put_bytes(&call, WSAPoll_events, asked, sizeof asked);
        CU_ASSERT_TRUE_FATAL(put);
        call.arguments[WSAPoll_timeout] = ms;
    }
    run_call(m, &call);
}

static uint32_t found(const struct machine *m) {
    const uint8_t *events = written(m, EVENTS_ADDRESS, 4);
    return events == NULL ? UINT32_MAX : load_u32(events);
}

/* WSAPoll with no time at all: what it finds. */
static uint32_t polled(struct machine *m, uint64_t socket, uint32_t asked) {
    call_waiting(m, FUNCTION_WSAPoll, socket, asked, 0);
    CU_ASSERT_EQUAL(m->result.value, found(m) != 0);
    return found(m);
}

static void a_conversation_is_ready_when_it_is(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    struct talk talk = talking(&m);
    CU_ASSERT_EQUAL(ready(&m, talk.listener, 0, 0), 0);
    CU_ASSERT_EQUAL(ready(&m, talk.server, talk.server, talk.server), 1);
    CU_ASSERT_EQUAL(polled(&m, talk.server, POLLRDNORM | POLLWRNORM), POLLWRNORM);
    expect_ok(send_text(&m, talk.client, "x"));
    CU_ASSERT_EQUAL(ready(&m, talk.server, talk.server, 0), 2);
    CU_ASSERT_EQUAL(polled(&m, talk.server, POLLRDNORM), POLLRDNORM);
    expect_ok(shut_down(&m, talk.client, SD_SEND));
    CU_ASSERT_EQUAL(polled(&m, talk.server, POLLRDNORM | POLLWRNORM), POLLRDNORM | POLLWRNORM | POLLHUP);
    expect_ok(receive_text(&m, talk.server, heard));
    CU_ASSERT_EQUAL(ready(&m, talk.server, 0, 0), 1);
    CU_ASSERT_EQUAL(polled(&m, talk.server, POLLRDNORM), POLLHUP);
}

static void a_wait_ends_with_what_it_waits_for_or_its_time(void) {
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    call_waiting(&m, FUNCTION_select, talk.server, 0, 200);
    CU_ASSERT_EQUAL(m.result.status, RESULT_BLOCKED);
    pass_time(&m, 199);
    CU_ASSERT_EQUAL(m.result.returns_count, 0);
    pass_time(&m, 1);
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].value, 0);
    call_waiting(&m, FUNCTION_WSAPoll, talk.server, POLLRDNORM, INFINITE);
    CU_ASSERT_EQUAL(m.result.status, RESULT_BLOCKED);
    speak_as(&m, APP_SECOND);
    expect_ok(send_text(&m, talk.client, "x"));
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].value, 1);
    CU_ASSERT_EQUAL(found(&m), POLLRDNORM);
}

/* W141 */
static void a_socket_that_is_closed_meanwhile_ends_the_wait(void) {
    static const struct {
        enum function function;
        bool except;
        uint64_t value;
        uint32_t error;
    } cases[] = { { FUNCTION_select, false, 1, 0 },
                  { FUNCTION_select, true, UINT64_MAX, WSAENOTSOCK },
                  { FUNCTION_WSAPoll, false, 1, 0 } };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct machine m;
        machine_begin(&m);
        struct talk talk = talking(&m);
        bool polls = cases[i].function == FUNCTION_WSAPoll;
        call_waiting(&m, cases[i].function, cases[i].except ? 0 : talk.server,
                     polls             ? POLLRDNORM
                     : cases[i].except ? talk.server
                                       : 0,
                     INFINITE);
        CU_ASSERT_EQUAL(m.result.status, RESULT_BLOCKED);
        speak_as(&m, APP_SECOND);
        expect_ok(close_socket(&m, talk.server));
        CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
        CU_ASSERT_EQUAL(m.result.returns[0].value, cases[i].value);
        if (cases[i].error != 0) CU_ASSERT_EQUAL(m.result.returns[0].error, cases[i].error);
        if (polls) CU_ASSERT_EQUAL(found(&m), POLLNVAL);
    }
}

static void what_a_poll_asks_for_is_part_of_the_world(void) {
    static struct machine one, other;
    machine_begin(&one);
    struct talk talk = talking(&one);
    call_waiting(&one, FUNCTION_WSAPoll, talk.server, POLLRDNORM, INFINITE);
    CU_ASSERT_EQUAL_FATAL(one.result.status, RESULT_BLOCKED);
    for (unsigned bit = 0; bit < 16; bit++) {
        other = one;
        other.world = (void *)other.memory;
        CU_ASSERT(same_world(&one, &other));
        world_thread(other.world, APP)->outputs[1] ^= 1u << bit;
        CU_ASSERT(!same_world(&one, &other));
    }
}

/* W152 */
static void a_refused_connect_is_an_exception(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = tcp(&m);
    expect_ok(set_nonblocking(&m, s));
    expect_error(WSAEWOULDBLOCK, connect_to(&m, s, LOOPBACK_V4, 7));
    CU_ASSERT_EQUAL(ready(&m, s, s, s), 0);
    for (unsigned i = 0; i < 5; i++) pass_time(&m, 500);
    CU_ASSERT_EQUAL(ready(&m, s, s, s), 1);
    CU_ASSERT_EQUAL(ready(&m, 0, 0, s), 1);
    m.world->build = 9600;
    CU_ASSERT_EQUAL(polled(&m, s, POLLWRNORM), 0);
    static const uint32_t newer[] = { 0 /* not known */, 10240, 22621 };
    for (unsigned i = 0; i < sizeof newer / sizeof newer[0]; i++) {
        m.world->build = newer[i];
        CU_ASSERT_EQUAL(polled(&m, s, POLLWRNORM), POLLWRNORM | POLLERR | POLLHUP);
    }
}

/* What WSAPoll says of a stream that has done nothing, no source tells: so it gets no answer. */
static void a_stream_that_was_never_connected_is_not_polled(void) {
    struct machine m;
    machine_begin(&m);
    call_waiting(&m, FUNCTION_WSAPoll, tcp(&m), POLLRDNORM, 0);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
}

static void waits_for_different_sockets_are_different_worlds(void) {
    struct machine one, other;
    machine_begin(&one);
    machine_begin(&other);
    struct talk of_one = talking(&one), of_other = talking(&other);
    call_waiting(&one, FUNCTION_select, of_one.server, 0, INFINITE);
    call_waiting(&other, FUNCTION_select, of_other.client, 0, INFINITE);
    CU_ASSERT_FALSE(same_world(&one, &other));
    struct machine third;
    machine_begin(&third);
    struct talk of_third = talking(&third);
    call_waiting(&third, FUNCTION_select, of_third.server, 0, INFINITE);
    CU_ASSERT(same_world(&one, &third));
}

void register_readiness_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model select and WSAPoll", NULL, NULL);
    CU_add_test(suite, "a conversation is ready when it is", a_conversation_is_ready_when_it_is);
    CU_add_test(suite, "a wait ends with what it waits for", a_wait_ends_with_what_it_waits_for_or_its_time);
    CU_add_test(suite, "a socket that is closed meanwhile", a_socket_that_is_closed_meanwhile_ends_the_wait);
    CU_add_test(suite, "a refused connect is an exception", a_refused_connect_is_an_exception);
    CU_add_test(suite, "what a poll asks for is part of the world", what_a_poll_asks_for_is_part_of_the_world);
    CU_add_test(suite, "a stream never connected is not polled", a_stream_that_was_never_connected_is_not_polled);
    CU_add_test(suite, "waits for different sockets differ", waits_for_different_sockets_are_different_worlds);
}
