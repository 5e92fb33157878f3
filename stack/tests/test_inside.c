/* Routines and APCs that run inside a call of Winsock that blocks. */
#include <string.h>

#include "stack/io/requests.h"
#include "stack/sdk/control_values.h"
#include "stack/sdk/option_values.h"
#include "stack/tests/fixture_waits.h"
#include "stack/tests/fixture_wire.h"

void register_inside_tests(void);

enum { TEXT_ROOM = 64, PORT = 20000 };

/* The last call has run the APCs first to last inside the second thread's call, which has not returned. */
static void expect_ran_inside(const struct machine *m, unsigned first, unsigned last) {
    CU_ASSERT_EQUAL_FATAL(m->result.routines_count, last - first + 1);
    for (unsigned i = 0; i < m->result.routines_count; i++) {
        CU_ASSERT_EQUAL(m->result.routines[i].kind, RAN_APC);
        CU_ASSERT_EQUAL(m->result.routines[i].overlapped, first + i);
        CU_ASSERT_EQUAL(m->result.routines[i].thread, APP_SECOND);
    }
    CU_ASSERT_EQUAL(m->result.returns_count, 0);
}

/* The second thread is inside a control call that nothing ends; APP speaks. */
static uint64_t machine_with_blocked_thread(struct machine *m) {
    uint64_t s = world_with_open_socket(m);
    speak_as(m, APP_SECOND);
    block_on(m, s);
    speak_as(m, APP);
    return s;
}

static void what_is_queued_runs_at_once_and_the_call_blocks_on(void) {
    struct machine m;
    uint64_t s = machine_with_blocked_thread(&m);
    expect_ok(queue_apc(&m, APP_SECOND, 1));
    expect_ran_inside(&m, 1, 1);
    expect_ok(queue_apc(&m, APP_SECOND, 2));
    expect_ran_inside(&m, 2, 2);
    plain_call(&m, FUNCTION_CancelIoEx, s, 0, 0);
    expect_error(WSA_OPERATION_ABORTED, returned_to(&m, APP_SECOND));
    CU_ASSERT_EQUAL(m.result.routines_count, 0);
}

static void what_was_queued_before_runs_when_the_call_begins_to_block(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    expect_ok(queue_apc(&m, APP_SECOND, 1));
    expect_ok(queue_apc(&m, APP_SECOND, 2));
    CU_ASSERT_EQUAL(m.result.routines_count, 0);
    speak_as(&m, APP_SECOND);
    block_on(&m, s);
    expect_ran_inside(&m, 1, 2);
    CU_ASSERT_FALSE(routine_is_queued(m.world, APP_SECOND));
}

static void it_runs_before_all_else_that_could_happen(void) {
    struct machine m;
    uint64_t s = machine_with_blocked_thread(&m), own = udp(&m);
    control(&m, own, SIO_ADDRESS_LIST_CHANGE);
    with_overlapped(&m, 0, 0);
    expect_error(WSA_IO_PENDING, perform(&m));
    m.call.function = FUNCTION_CancelIoEx;
    m.call.arguments[CancelIoEx_hFile] = own;
    m.call.arguments[CancelIoEx_lpOverlapped] = 0;
    issue(&m);
    CU_ASSERT_EQUAL(model_steps_enabled(m.world), 1); /* the end of what was cancelled */
    CU_ASSERT_TRUE(apc_queue(m.world, APP_SECOND, HOOK_AT, 1));
    CU_ASSERT_EQUAL(model_steps_enabled(m.world), 1);
    result_clear(&m.result);
    model_step(m.world, m.chooser, &m.result);
    expect_ran_inside(&m, 1, 1);
    CU_ASSERT_EQUAL(m.result.writes_count, 0);
    settle(&m);
    CU_ASSERT_EQUAL(internal_of(&m, 0), STATUS_CANCELLED);
    expect_ok(close_socket(&m, s));
}

struct taking_step {
    struct chooser chooser;
    unsigned which;
};

static unsigned take_step(struct chooser *chooser, enum choice what, unsigned count) {
    unsigned which = ((struct taking_step *)(void *)chooser)->which;
    return what == CHOICE_STEP && which < count ? which : 0;
}

/* Two threads are inside calls when something is queued to each: which runs first may go either way. */
static void either_of_two_threads_may_be_first(void) {
    const unsigned threads[] = { APP_SECOND, TOOL };
    for (unsigned first = 0; first < 2; first++) {
        struct machine m;
        struct taking_step taking = { .chooser = { .choose = take_step }, .which = first };
        machine_with_two_processes(&m);
        for (unsigned i = 0; i < 2; i++) {
            speak_as(&m, threads[i]);
            block_on(&m, udp(&m));
        }
        for (unsigned i = 0; i < 2; i++) CU_ASSERT_TRUE(apc_queue(m.world, threads[i], HOOK_AT, i));
        CU_ASSERT_EQUAL(model_steps_enabled(m.world), 2);
        result_clear(&m.result);
        model_step(m.world, &taking.chooser, &m.result);
        CU_ASSERT_EQUAL_FATAL(m.result.routines_count, 1);
        CU_ASSERT_EQUAL(m.result.routines[0].thread, threads[first]);
    }
}

static void what_a_full_result_has_no_room_for_stays_queued(void) {
    struct machine m;
    struct result full = { .routines_count = RESULT_ROUTINES_MAX };
    machine_begin(&m);
    expect_ok(queue_apc(&m, APP, 1));
    routine_deliver_all(m.world, APP, &full);
    CU_ASSERT_EQUAL(full.routines_count, RESULT_ROUTINES_MAX);
    CU_ASSERT_TRUE(routine_is_queued(m.world, APP));
}

static void a_routine_of_a_request_runs_inside_another_call(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m), other = udp(&m);
    speak_as(&m, APP_SECOND);
    queue_routine(&m, s, 0);
    block_on(&m, other);
    CU_ASSERT_EQUAL_FATAL(m.result.routines_count, 1);
    CU_ASSERT_EQUAL(m.result.routines[0].kind, RAN_ROUTINE);
    CU_ASSERT_EQUAL(m.result.routines[0].thread, APP_SECOND);
    CU_ASSERT_EQUAL(m.result.returns_count, 0);
}

static void waits_of_the_kernel_leave_it(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t event = new_event(&m, true, false);
    speak_as(&m, APP_SECOND);
    CU_ASSERT_EQUAL(wait_for(&m, event, INFINITE), WAIT_BLOCKS);
    speak_as(&m, APP);
    expect_ok(queue_apc(&m, APP_SECOND, 1));
    CU_ASSERT_EQUAL(m.result.routines_count, 0);
    CU_ASSERT_TRUE(routine_is_queued(m.world, APP_SECOND));
}

static void a_limit_is_not_put_off(void) {
    struct machine m;
    char text[TEXT_ROOM];
    machine_begin(&m);
    uint64_t s = udp(&m);
    expect_ok(bind_at(&m, s, LOOPBACK_V4, PORT));
    expect_ok(set_option(&m, s, SO_RCVTIMEO, 1000));
    expect_ok(queue_apc(&m, APP_SECOND, 1));
    speak_as(&m, APP_SECOND);
    uint64_t began_ns = m.world->now_ns;
    expect_error(WSAETIMEDOUT, receive_text(&m, s, text));
    CU_ASSERT_EQUAL(m.world->now_ns - began_ns, UINT64_C(1000000000));
    CU_ASSERT_FALSE(routine_is_queued(m.world, APP_SECOND));
}

/* --- what a routine calls while it runs there --------------------------------------------------------------------- */

static void a_routine_may_call(void) {
    struct machine m;
    uint64_t s = machine_with_blocked_thread(&m);
    speak_as(&m, APP_SECOND); /* its routine speaks */
    uint64_t own = tcp(&m);
    expect_ok(bind_at(&m, own, LOOPBACK_V4, PORT));
    CU_ASSERT_EQUAL(port_of(&m, own), PORT);
    CU_ASSERT_EQUAL(sleep_for(&m, 0, true), 0);
    expect_ok(queue_apc(&m, APP_SECOND, 7));
    expect_ran_inside(&m, 7, 7);
    plain_call(&m, FUNCTION_CancelIoEx, s, 0, 0);
    expect_error(WSA_OPERATION_ABORTED, returned_to(&m, APP_SECOND));
    CU_ASSERT_EQUAL(world_thread(m.world, APP_SECOND)->state, THREAD_RUNNING);
}

/* Undefined on Windows (T9.4.5): nothing has happened. */
static void expect_no_second_block(struct machine *m, struct call *call) {
    struct machine before;
    memcpy(&before, m, sizeof before);
    before.world = (struct world *)(void *)before.memory;
    run_call(m, call);
    CU_ASSERT_EQUAL(m->result.status, RESULT_NOT_MODELLED);
    CU_ASSERT_TRUE(same_world(m, &before));
}

static struct call call_of(enum function function, uint64_t first, uint64_t second) {
    struct call call;
    call_clear(&call);
    call.function = (uint16_t)function;
    const uint64_t arguments[] = { first, second };
    memcpy(call.arguments, arguments, sizeof arguments);
    return call;
}

static void a_second_call_that_blocks_is_not_modelled(void) {
    struct machine m;
    uint64_t s = machine_with_blocked_thread(&m), event = new_event(&m, true, false);
    uint64_t port = plain_call(&m, FUNCTION_CreateIoCompletionPort, UINT64_MAX, 0, 0), l = tcp(&m);
    expect_ok(bind_at(&m, l, LOOPBACK_V4, PORT));
    expect_ok(listen_on(&m, l));
    speak_as(&m, APP_SECOND);
    struct call call = call_of(FUNCTION_SleepEx, 10, true);
    expect_no_second_block(&m, &call);
    call = call_of(FUNCTION_WaitForSingleObject, event, INFINITE);
    expect_no_second_block(&m, &call);
    call = call_of(FUNCTION_accept, l, 0);
    call.ranges[accept_addr].state = call.ranges[accept_addrlen].state = RANGE_NULL;
    expect_no_second_block(&m, &call);
    call = call_of(FUNCTION_GetQueuedCompletionStatus, port, 0);
    for (unsigned i = 1; i < 4; i++)
        call.ranges[i] = (struct range){ .state = RANGE_GOOD, .address = 0xb000 + 16 * i, .length = 8 };
    call.arguments[GetQueuedCompletionStatus_dwMilliseconds] = INFINITE;
    expect_no_second_block(&m, &call);
    control(&m, s, SIO_ADDRESS_LIST_CHANGE);
    expect_no_second_block(&m, &m.call);
    call = call_of(FUNCTION_select, 0, 0);
    put_set(&call, select_readfds, &l, 1);
    call.arguments[select_timeout] = INFINITE;
    expect_no_second_block(&m, &call);
    expect_ok(close_socket(&m, s)); /* that does not block, and ends the call that does */
    expect_error(WSAEINTR, returned_to(&m, APP_SECOND));
}

/* Sends until a call has waited for so long that it gives up: both sides' buffers are full. */
static void fill_buffers_of(struct machine *m, uint64_t socket) {
    uint32_t error = 0;
    expect_ok(set_option(m, socket, SO_SNDTIMEO, 600));
    while (error == 0) error = send_text(m, socket, "a word and another word, and so on");
    expect_error(WSAETIMEDOUT, error);
}

static void a_connect_and_a_close_that_lingers_are_refused_before_they_begin(void) {
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    uint64_t other = udp(&m), client = tcp(&m);
    expect_ok(bind_at(&m, client, LOOPBACK_V4, PORT));
    expect_ok(linger_for(&m, talk.client, 5));
    speak_as(&m, APP_SECOND);
    block_on(&m, other);
    struct call call;
    call_clear(&call);
    uint8_t name[SOCKADDR_IN_SIZE] = { AF_INET, 0, PORT >> 8, PORT & 0xff, 127, 0, 0, 1 };
    call.function = FUNCTION_connect;
    call.arguments[connect_s] = client;
    call.arguments[connect_namelen] = sizeof name;
    store_u16_network(name + 2, (uint16_t)talk.port);
    point_at_contents(&call, connect_name, 0xb000, name, sizeof name);
    expect_no_second_block(&m, &call);
    speak_as(&m, APP);
    fill_buffers_of(&m, talk.client);
    speak_as(&m, APP_SECOND);
    call = call_of(FUNCTION_closesocket, talk.client, 0);
    expect_no_second_block(&m, &call);
}

void register_inside_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model routines inside calls", NULL, NULL);
    CU_add_test(suite, "what is queued runs at once and the call blocks on",
                what_is_queued_runs_at_once_and_the_call_blocks_on);
    CU_add_test(suite, "what was queued before runs when the call begins to block",
                what_was_queued_before_runs_when_the_call_begins_to_block);
    CU_add_test(suite, "it runs before all else that could happen", it_runs_before_all_else_that_could_happen);
    CU_add_test(suite, "either of two threads may be first", either_of_two_threads_may_be_first);
    CU_add_test(suite, "what a full result has no room for stays queued",
                what_a_full_result_has_no_room_for_stays_queued);
    CU_add_test(suite, "a routine of a request runs inside another call",
                a_routine_of_a_request_runs_inside_another_call);
    CU_add_test(suite, "waits of the kernel leave it", waits_of_the_kernel_leave_it);
    CU_add_test(suite, "a limit is not put off", a_limit_is_not_put_off);
    CU_add_test(suite, "a routine may call", a_routine_may_call);
    CU_add_test(suite, "a second call that blocks is not modelled", a_second_call_that_blocks_is_not_modelled);
    CU_add_test(suite, "a connect and a close that lingers are refused before they begin",
                a_connect_and_a_close_that_lingers_are_refused_before_they_begin);
}
