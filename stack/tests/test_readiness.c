/* select and WSAPoll on the wire. */
#include <string.h>

#include "stack/model/model.h"
#include "stack/sdk/poll_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/tests/fixture_wire.h"
#include "stack/transport/socket_waits.h"

void register_readiness_tests(void);

enum { EVENTS_ADDRESS = 0xd000 };

enum { SETS = 3, MANY = SET_SOCKETS_MAX };

/* Sockets of one set. */
struct sockets {
    unsigned count;
    uint64_t handles[MANY];
};

/* select of sets, of which those without a socket are NULL. */
static void call_select_of(struct machine *m, const struct sockets sets[SETS], uint32_t ms) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_select;
    for (unsigned i = 0; i < SETS; i++)
        if (sets[i].count > 0) put_set(&call, i, sets[i].handles, sets[i].count);
    call.arguments[select_timeout] = ms;
    run_call(m, &call);
}

static struct sockets one_or_none(uint64_t handle) {
    return (struct sockets){ .count = handle != 0, .handles = { handle } };
}

/* select with no time at all: how many sets keep their socket. */
static unsigned ready(struct machine *m, uint64_t read, uint64_t write, uint64_t except) {
    call_select_of(m, (const struct sockets[SETS]){ one_or_none(read), one_or_none(write), one_or_none(except) }, 0);
    CU_ASSERT_EQUAL(m->result.status, RESULT_RETURNED);
    return (unsigned)m->result.value;
}

static void call_poll_of(struct machine *m, const struct sockets *sockets, const uint32_t *asked, uint32_t ms) {
    struct call call;
    uint8_t events[4 * MANY];
    call_clear(&call);
    call.function = FUNCTION_WSAPoll;
    put_set(&call, WSAPoll_fd, sockets->handles, sockets->count);
    for (unsigned i = 0; i < sockets->count; i++) store_u32(events + 4 * i, asked[i]);
    call.arguments[WSAPoll_events] = EVENTS_ADDRESS;
    call.ranges[WSAPoll_events] =
        (struct range){ .state = RANGE_GOOD, .address = EVENTS_ADDRESS, .length = 4 * sockets->count };
    bool put = call_put_bytes(&call, WSAPoll_events, events, 4 * sockets->count);
    CU_ASSERT_TRUE_FATAL(put);
    call.arguments[WSAPoll_timeout] = ms;
    run_call(m, &call);
}

static void call_waiting(struct machine *m, enum function function, uint64_t first, uint64_t third, uint32_t ms) {
    const struct sockets one = one_or_none(first);
    const uint32_t asked = (uint32_t)third;
    if (function == FUNCTION_select)
        call_select_of(m, (const struct sockets[SETS]){ one, { 0 }, one_or_none(third) }, ms);
    else call_poll_of(m, &one, &asked, ms);
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

static void who_has_not_started_winsock_is_refused(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = udp(&m);
    expect_ok((uint32_t)plain_call(&m, FUNCTION_WSACleanup, 0, 0, 0));
    call_waiting(&m, FUNCTION_select, s, 0, 0);
    expect_error(WSANOTINITIALISED, m.result.error);
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

/* The wait has not ended yet when a new socket takes the place of the closed one, for which nothing waits. */
static void a_new_socket_is_not_the_one_that_was_closed(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t closed = udp(&m);
    call_waiting(&m, FUNCTION_select, closed, 0, INFINITE);
    CU_ASSERT_EQUAL_FATAL(m.result.status, RESULT_BLOCKED);
    speak_as(&m, APP_SECOND);
    unsigned place = world_top(m.world, TABLE_SOCKETS);
    call_clear(&m.call);
    m.call.function = FUNCTION_closesocket;
    m.call.arguments[closesocket_s] = closed;
    expect_ok(issue(&m));
    call_clear(&m.call);
    m.call.function = FUNCTION_socket;
    m.call.arguments[socket_af] = AF_INET;
    m.call.arguments[socket_type] = SOCK_DGRAM;
    expect_ok(issue(&m));
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_SOCKETS), place);
    settle(&m);
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].value, 1);
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
        world_socket_wait(other.world, 0)->events ^= 1u << bit;
        CU_ASSERT(!same_world(&one, &other));
    }
}

static void expect_left(const struct machine *m, unsigned set, const struct sockets *expected) {
    uint64_t left[SET_SOCKETS_MAX];
    unsigned count = left_in_set(m, set, left);
    CU_ASSERT_EQUAL_FATAL(count, expected->count);
    for (unsigned i = 0; i < count; i++) CU_ASSERT_EQUAL(left[i], expected->handles[i]);
}

/* W174: the order stays, and what stands twice is left there once. */
static void sets_keep_what_is_ready(void) {
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    uint64_t u = udp(&m);
    expect_ok(send_text(&m, talk.client, "x"));
    const struct sockets sets[SETS] = { { 4, { talk.server, talk.client, talk.listener, talk.server } },
                                        { 3, { u, talk.listener, talk.client } },
                                        { 2, { u, talk.server } } };
    call_select_of(&m, sets, 500);
    CU_ASSERT_EQUAL(m.result.value, 3);
    expect_left(&m, 0, &(struct sockets){ 1, { talk.server } });
    expect_left(&m, 1, &(struct sockets){ 2, { u, talk.client } });
    expect_left(&m, 2, &(struct sockets){ 0, { 0 } });
}

/* W174: the sets stay as they were passed. */
static void an_error_leaves_the_sets_alone(void) {
    struct machine m;
    uint64_t left[SET_SOCKETS_MAX];
    machine_begin(&m);
    uint64_t u = udp(&m), gone = udp(&m);
    expect_ok(close_socket(&m, gone));
    call_select_of(&m, (const struct sockets[SETS]){ { 2, { u, gone } }, { 1, { u } }, { 0 } }, 0);
    CU_ASSERT_EQUAL(m.result.error, WSAENOTSOCK);
    for (unsigned i = 0; i < SETS; i++) CU_ASSERT_EQUAL(left_in_set(&m, i, left), UINT32_MAX);
}

/* Of a set that is not there; of one that says that it has more sockets than there are; of too many; of one that ends
 * in its count. */
static void sets_of_bad_memory_are_refused(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t u = udp(&m);
    for (unsigned way = 0; way < 4; way++) {
        struct call call;
        call_clear(&call);
        call.function = FUNCTION_select;
        put_set(&call, select_readfds, &u, 1);
        struct range *set = &call.ranges[select_readfds];
        if (way == 0) *set = (struct range){ .state = RANGE_BAD, .address = set_address(select_readfds) };
        if (way == 1) store_u64(call.bytes + set->bytes_offset, 2);
        if (way >= 2) store_u64(call.bytes + set->bytes_offset, UINT64_MAX);
        if (way == 3) set->length = set->bytes_length = 7;
        run_call(&m, &call);
        CU_ASSERT_EQUAL(m.result.status, way == 2 ? RESULT_NOT_MODELLED : RESULT_RETURNED);
        if (way != 2) CU_ASSERT_EQUAL(m.result.error, WSAEFAULT);
    }
}

static struct sockets copies_of(uint64_t handle, unsigned count) {
    struct sockets copies = { .count = count };
    for (unsigned i = 0; i < count; i++) copies.handles[i] = handle;
    return copies;
}

/* As many as a set may have are looked at, and each of them counts for WSAPoll; one more is not modelled. */
static void a_set_has_so_many_sockets_at_most(void) {
    struct machine m;
    struct call call;
    uint32_t asked[MANY];
    machine_begin(&m);
    uint64_t u = udp(&m);
    for (unsigned i = 0; i < MANY; i++) asked[i] = POLLWRNORM;
    for (unsigned count = MANY - 1; count <= MANY; count++) {
        const struct sockets copies = copies_of(u, count);
        call_select_of(&m, (const struct sockets[SETS]){ copies, copies, { 0 } }, 0);
        CU_ASSERT_EQUAL(m.result.status, RESULT_RETURNED);
        CU_ASSERT_EQUAL(m.result.value, 1);
        call_poll_of(&m, &copies, asked, 0);
        CU_ASSERT_EQUAL(m.result.status, RESULT_RETURNED);
        CU_ASSERT_EQUAL(m.result.value, count);
    }
    for (unsigned i = 0; i < 2; i++) {
        const unsigned set = i == 0 ? (unsigned)select_readfds : (unsigned)WSAPoll_fd;
        call_clear(&call);
        call.function = i == 0 ? FUNCTION_select : FUNCTION_WSAPoll;
        put_set(&call, set, copies_of(u, MANY).handles, MANY);
        store_u64(call.bytes + call.ranges[set].bytes_offset, MANY + 1);
        run_call(&m, &call);
        CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    }
}

static void a_wait_for_several_ends_with_any_of_them(void) {
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    uint64_t u = udp(&m);
    const struct sockets sets[SETS] = { { 2, { talk.listener, talk.server } }, { 0 }, { 2, { u, talk.server } } };
    call_select_of(&m, sets, INFINITE);
    CU_ASSERT_EQUAL(m.result.status, RESULT_BLOCKED);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_SOCKET_WAITS), 4);
    speak_as(&m, APP_SECOND);
    expect_ok(send_text(&m, talk.client, "x"));
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].value, 1);
    expect_left(&m, 0, &(struct sockets){ 1, { talk.server } });
    expect_left(&m, 2, &(struct sockets){ 0, { 0 } });
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_SOCKET_WAITS), 0);
}

/* Not an error of Windows: this world has no room for so many. */
static void a_wait_without_room_is_noted(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = tcp(&m);
    call_select_of(&m, (const struct sockets[SETS]){ copies_of(s, 8), { 1, { s } }, { 0 } }, 100);
    CU_ASSERT_EQUAL(m.result.error, WSAENOBUFS);
    CU_ASSERT_EQUAL(m.world->full, TABLE_SOCKET_WAITS + 1u);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_SOCKET_WAITS), 0);
}

/* W176, W177 */
static void a_poll_reports_each_and_counts_sockets(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t u = udp(&m), quiet = udp(&m), gone = udp(&m);
    expect_ok(close_socket(&m, gone));
    const struct {
        struct sockets sockets;
        uint32_t asked[3], error, found[3];
        unsigned value;
    } cases[] = {
        { { 3, { u, quiet, gone } }, { POLLWRNORM, POLLRDNORM, POLLRDNORM }, 0, { POLLWRNORM, 0, POLLNVAL }, 1 },
        { { 2, { quiet, gone } }, { POLLRDNORM, POLLRDNORM }, 0, { 0, POLLNVAL }, 0 },
        { { 2, { gone, gone } }, { POLLRDNORM, POLLPRI }, WSAENOTSOCK, { POLLNVAL, POLLNVAL }, 0 },
        { { 2, { u, gone } }, { POLLWRNORM, POLLPRI }, WSAEINVAL, { POLLWRNORM, POLLPRI }, 0 },
        { { 2, { u, UINT64_MAX } }, { POLLWRNORM, POLLPRI }, 0, { POLLWRNORM, POLLNVAL }, 1 },
        { { 0, { 0 } }, { 0 }, WSAEINVAL, { 0 }, 0 },
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        call_poll_of(&m, &cases[i].sockets, cases[i].asked, 0);
        CU_ASSERT_EQUAL(m.result.value, cases[i].error != 0 ? UINT64_MAX : cases[i].value);
        if (cases[i].error != 0) CU_ASSERT_EQUAL(m.result.error, cases[i].error);
        const uint8_t *events = written(&m, EVENTS_ADDRESS, 4 * cases[i].sockets.count);
        bool stores = cases[i].error == 0 || cases[i].error == WSAENOTSOCK;
        CU_ASSERT_EQUAL_FATAL(events != NULL, stores);
        for (unsigned k = 0; stores && k < cases[i].sockets.count; k++)
            CU_ASSERT_EQUAL(load_u32(events + 4 * k), cases[i].found[k]);
    }
}

/* What never was a socket is reported and does not end the wait; what is closed meanwhile does. */
static void a_poll_of_several_waits(void) {
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    uint64_t gone = udp(&m);
    expect_ok(close_socket(&m, gone));
    const struct sockets sockets = { 3, { gone, talk.listener, talk.server } };
    const uint32_t asked[] = { POLLRDNORM, POLLRDNORM, POLLRDNORM };
    call_poll_of(&m, &sockets, asked, INFINITE);
    CU_ASSERT_EQUAL(m.result.status, RESULT_BLOCKED);
    speak_as(&m, APP_SECOND);
    expect_ok(close_socket(&m, talk.server));
    CU_ASSERT_EQUAL_FATAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].value, 1);
    const uint8_t *events = written(&m, EVENTS_ADDRESS, 12);
    CU_ASSERT_PTR_NOT_NULL_FATAL(events);
    CU_ASSERT_EQUAL(load_u32(events), POLLNVAL);
    CU_ASSERT_EQUAL(load_u32(events + 4), 0);
    CU_ASSERT_EQUAL(load_u32(events + 8), POLLNVAL);
}

static void a_thread_that_ends_in_a_wait_leaves_nothing(void) {
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    struct result result;
    call_waiting(&m, FUNCTION_select, talk.server, 0, INFINITE);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_SOCKET_WAITS), 1);
    result_clear(&result);
    model_process_end(m.world, m.chooser, PROCESS_APP, &result);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_SOCKET_WAITS), 0);
    CU_ASSERT_PTR_NULL(model_check(m.world));
}

/* The rows of the wait that is over lie below those of the one that is not. */
static void one_of_two_waits_ends(void) {
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    call_waiting(&m, FUNCTION_select, talk.server, 0, 100);
    speak_as(&m, APP_SECOND);
    call_waiting(&m, FUNCTION_select, talk.client, 0, INFINITE);
    CU_ASSERT_EQUAL(m.result.status, RESULT_BLOCKED);
    pass_time(&m, 100);
    CU_ASSERT_EQUAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_SOCKET_WAITS), 2);
    CU_ASSERT_PTR_NULL(model_check(m.world));
}

/* A row of the wait that names no thread: the one after the last, or one that does not wait; and one that is in no
 * set, or whose place has none before it. */
static void who_waits_for_sockets_is_a_thread_that_waits(void) {
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    call_waiting(&m, FUNCTION_select, talk.client, 0, INFINITE);
    CU_ASSERT_PTR_NULL(socket_waits_check(m.world));
    const unsigned others[] = { world_top(m.world, TABLE_THREADS), APP_SECOND, UINT16_MAX };
    for (unsigned i = 0; i < sizeof others / sizeof others[0]; i++) {
        world_socket_wait(m.world, 0)->thread = (uint16_t)others[i];
        CU_ASSERT_STRING_EQUAL(socket_waits_check(m.world), "S7: a socket is waited for by a thread that does not");
    }
    static const struct {
        uint8_t set, place;
        bool is_one;
    } places[] = { { SOCKET_SETS - 1, 0, true }, { SOCKET_SETS, 0, false }, { 0, 1, false }, { 0, 0, true } };
    world_socket_wait(m.world, 0)->thread = APP;
    for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++) {
        world_socket_wait(m.world, 0)->set = places[i].set;
        world_socket_wait(m.world, 0)->place = places[i].place;
        const char *broken = socket_waits_check(m.world);
        CU_ASSERT_EQUAL(broken == NULL, places[i].is_one);
        if (broken != NULL) CU_ASSERT_STRING_EQUAL(broken, "S7: the sockets of a wait are not in their places");
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
    CU_add_test(suite, "who has not started Winsock is refused", who_has_not_started_winsock_is_refused);
    CU_add_test(suite, "a wait ends with what it waits for", a_wait_ends_with_what_it_waits_for_or_its_time);
    CU_add_test(suite, "a socket that is closed meanwhile", a_socket_that_is_closed_meanwhile_ends_the_wait);
    CU_add_test(suite, "a refused connect is an exception", a_refused_connect_is_an_exception);
    CU_add_test(suite, "a new socket is not the one that was closed", a_new_socket_is_not_the_one_that_was_closed);
    CU_add_test(suite, "what a poll asks for is part of the world", what_a_poll_asks_for_is_part_of_the_world);
    CU_add_test(suite, "a stream never connected is not polled", a_stream_that_was_never_connected_is_not_polled);
    CU_add_test(suite, "sets keep what is ready", sets_keep_what_is_ready);
    CU_add_test(suite, "an error leaves the sets alone", an_error_leaves_the_sets_alone);
    CU_add_test(suite, "sets of bad memory are refused", sets_of_bad_memory_are_refused);
    CU_add_test(suite, "a set has so many sockets at most", a_set_has_so_many_sockets_at_most);
    CU_add_test(suite, "a wait for several ends with any of them", a_wait_for_several_ends_with_any_of_them);
    CU_add_test(suite, "a wait without room is noted", a_wait_without_room_is_noted);
    CU_add_test(suite, "a poll reports each and counts sockets", a_poll_reports_each_and_counts_sockets);
    CU_add_test(suite, "a poll of several waits", a_poll_of_several_waits);
    CU_add_test(suite, "a thread that ends in a wait leaves nothing", a_thread_that_ends_in_a_wait_leaves_nothing);
    CU_add_test(suite, "who waits for sockets is a thread that waits", who_waits_for_sockets_is_a_thread_that_waits);
    CU_add_test(suite, "one of two waits ends", one_of_two_waits_ends);
    CU_add_test(suite, "waits for different sockets differ", waits_for_different_sockets_are_different_worlds);
}
