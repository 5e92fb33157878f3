/* A table that is full: each call that wants a row of it says so by the error that its function documents for want of
 * room, changes nothing, and succeeds once there is a row. What is full is noted, so that no one takes the answer for
 * Windows's. */
#include <string.h>

#include "stack/model/model.h"
#include "stack/sdk/option_values.h"
#include "stack/tests/fixture_busy.h"
#include "stack/tests/fixture_calls.h"
#include "stack/tests/fixture_events.h"
#include "stack/tests/fixture_netsh.h"
#include "stack/tests/fixture_persistent.h"
#include "stack/tests/fixture_waits.h"

void register_full_tables_tests(void);

/* What the calls are about: a machine in which most of them would succeed. */
static struct {
    struct machine machine;
    uint64_t open, datagrams, listener, acquirer, events[3], selected;
    struct protocol_info promised;
} scene;

static void set_scene(void) {
    struct machine *m = &scene.machine;
    machine_with_two_processes(m);
    scene.open = tcp(m);
    scene.datagrams = udp(m);
    scene.acquirer = tcp(m);
    for (unsigned i = 0; i < 3; i++) scene.events[i] = plain_call(m, FUNCTION_CreateEventW, 0, 1, 0);
    scene.selected = plain_call(m, FUNCTION_CreateEventW, 0, 1, 0);
    expect_ok(bind_at(m, scene.datagrams, LOOPBACK_V4, 20001));
    scene.listener = tcp(m);
    uint64_t client = tcp(m), promised = tcp(m);
    expect_ok(bind_at(m, scene.listener, LOOPBACK_V4, 20000));
    expect_ok(listen_on(m, scene.listener));
    expect_ok(connect_to(m, client, LOOPBACK_V4, 20000)); /* waits to be accepted */
    expect_ok(select_events(m, scene.listener, scene.selected, FD_ACCEPT));
    expect_ok(duplicate_socket(m, promised, PROCESS_APP, &scene.promised));
}

/* In place: with three spare rows in each table but one. */
static void fill(enum table table) {
    static _Alignas(8) uint8_t memory[BUSY_BYTES];
    struct machine *m = &scene.machine;
    const struct world *resized = world_with_spare_rows(m->world, memory, 3, table);
    CU_ASSERT_FATAL(resized->bytes <= sizeof m->memory);
    memset(m->memory, 0, sizeof m->memory);
    world_clone(m->memory, resized);
}

/* --- the calls: each gives its error, 0 when it succeeds ---------------------------------------------------------- */

static uint32_t opens_a_socket(struct machine *m) {
    uint64_t socket;
    return make_socket(m, AF_V4, STREAM, TCP, &socket);
}
static uint32_t opens_a_file(struct machine *m) {
    uint64_t file;
    return open_file(m, "NUL", &file);
}
static uint32_t made(const struct machine *m, uint64_t handle) { return handle == 0 ? m->result.error : 0; }
static uint32_t makes_an_event(struct machine *m) { return made(m, plain_call(m, FUNCTION_CreateEventW, 0, 1, 0)); }
static uint32_t makes_a_winsock_event(struct machine *m) {
    return made(m, plain_call(m, FUNCTION_WSACreateEvent, 0, 0, 0));
}
static uint32_t makes_a_port(struct machine *m) {
    return made(m, plain_call(m, FUNCTION_CreateIoCompletionPort, UINT64_MAX, 0, 0));
}
static uint32_t makes_a_port_for_a_socket(struct machine *m) {
    uint64_t port = plain_call(m, FUNCTION_CreateIoCompletionPort, UINT64_MAX, 0, 0);
    return port == 0 ? m->result.error : made(m, plain_call(m, FUNCTION_CreateIoCompletionPort, scene.open, port, 1));
}
static uint32_t makes_a_port_with_a_socket(struct machine *m) {
    return made(m, plain_call(m, FUNCTION_CreateIoCompletionPort, scene.open, 0, 1));
}
static uint32_t accepts(struct machine *m) {
    uint64_t accepted;
    return accept_on(m, scene.listener, &accepted);
}
static uint32_t selects(struct machine *m) { return select_events(m, scene.datagrams, scene.selected, FD_READ); }
static uint32_t duplicates(struct machine *m) {
    struct protocol_info info;
    return duplicate_socket(m, scene.open, PROCESS_TOOL, &info);
}
static uint32_t opens_a_duplicate(struct machine *m) {
    uint64_t handle;
    return open_duplicate_of(m, &scene.promised, &handle);
}
static uint32_t acquires(struct machine *m) {
    struct grant grant;
    return acquire(m, scene.acquirer, 0, 2, &grant);
}
static uint32_t pended(uint32_t error) { return error == WSA_IO_PENDING ? 0 : error; }
static uint32_t asks_overlapped(struct machine *m) {
    control(m, scene.open, SIO_ADDRESS_LIST_CHANGE);
    with_overlapped(m, 0, 0);
    return pended(perform(m));
}
static uint32_t asks_for_an_unknown_code(struct machine *m) {
    control(m, scene.open, CODE_UNKNOWN);
    with_overlapped(m, 0, 0);
    return pended(perform(m));
}
static uint32_t reads_what_is_there_overlapped(struct machine *m) {
    control(m, scene.datagrams, CODE_FIONREAD);
    with_output_room(m, 4);
    with_overlapped(m, 0, 0);
    return pended(perform(m));
}
static uint32_t asks_with_a_routine(struct machine *m) {
    control(m, scene.open, CODE_UNKNOWN);
    with_overlapped(m, 0, 0);
    with_routine(m, RANGE_GOOD);
    return pended(perform(m));
}
static uint32_t receives(struct machine *m) {
    char text[64];
    uint32_t error = receive_text(m, scene.datagrams, text);
    return error == STILL_INSIDE ? 0 : error;
}
static uint32_t sends_overlapped(struct machine *m) {
    enum { BUFFERS_AT = 0x30000, DATA_AT = 0x31000, NAME_AT = 0x32000, OVERLAPPED_AT = 0x33000 };
    static const uint8_t to[SOCKADDR_IN_SIZE] = { AF_INET, 0, 20001 >> 8, 20001 & 255, 127, 0, 0, 1 },
                         overlapped[OVERLAPPED_SIZE] = { 0 };
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_WSASendTo;
    call.arguments[WSASendTo_s] = scene.datagrams;
    call.arguments[WSASendTo_lpBuffers] = BUFFERS_AT;
    call.ranges[WSASendTo_lpBuffers] =
        (struct range){ .address = BUFFERS_AT, .length = WSABUF_SIZE, .state = RANGE_GOOD };
    call.arguments[WSASendTo_dwBufferCount] = call.buffers_count = call.buffers[0].length = 1;
    call.buffers[0].range = (struct range){ .address = DATA_AT, .length = 1, .state = RANGE_GOOD };
    CU_ASSERT_TRUE(call_put_buffer_bytes(&call, 0, "x", 1));
    call.ranges[WSASendTo_lpNumberOfBytesSent].state = call.ranges[WSASendTo_lpCompletionRoutine].state = RANGE_NULL;
    point_at_contents(&call, WSASendTo_lpTo, NAME_AT, to, sizeof to);
    call.arguments[WSASendTo_iTolen] = sizeof to;
    point_at_contents(&call, WSASendTo_lpOverlapped, OVERLAPPED_AT, overlapped, sizeof overlapped);
    run_to_return(m, &call);
    return m->result.value == 0 ? 0 : m->result.error;
}
static uint32_t lingers_not(struct machine *m) { return set_option(m, scene.open, SO_DONTLINGER, 1); }
static uint32_t keeps_a_number(struct machine *m) { return set_option(m, scene.open, 0x1006 /* SO_RCVTIMEO */, 700); }
static uint32_t lingers(struct machine *m) { return linger_for(m, scene.open, 3); }
static void asks_to_keep_alive(struct machine *m) {
    uint8_t values[12];
    store_u32(values, 1);
    store_u32(values + 4, 1000);
    store_u32(values + 8, 1000);
    control(m, scene.open, CODE_KEEPALIVE);
    with_input(m, values, sizeof values);
}
static uint32_t keeps_alive(struct machine *m) {
    asks_to_keep_alive(m);
    return perform(m);
}
/* It is answered at once, and its end is reported as any other's: a row is wanted before anything is done. */
static uint32_t keeps_alive_overlapped(struct machine *m) {
    asks_to_keep_alive(m);
    with_overlapped(m, 0, 0);
    return perform(m);
}
static uint32_t duplicates_a_handle(struct machine *m) {
    uint64_t handle;
    return duplicate_handle(m, &(struct duplicating){ .source = scene.events[0], .target = PROCESS_TOOL }, &handle);
}
static uint32_t queues_a_function(struct machine *m) { return queue_apc(m, APP, 1); }
static uint32_t sets_a_mode(struct machine *m) {
    bool set = plain_call(m, FUNCTION_SetFileCompletionNotificationModes, scene.open, 1, 0) != 0;
    return set ? 0 : m->result.error;
}
static uint32_t waits_for_a_socket(struct machine *m) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_select;
    put_set(&call, select_readfds, &scene.datagrams, 1);
    call.arguments[select_timeout] = INFINITE;
    run_call(m, &call);
    return m->result.status == RESULT_BLOCKED ? 0 : m->result.error;
}
static uint32_t creates_a_block(struct machine *m) {
    uint64_t token;
    return create_block(m, PROTOCOL_TCP, 30000, 2, &token);
}
static uint32_t excludes(struct machine *m) { return add_range(m, 31000, 2, NETSH_ACTIVE); }

static uint32_t waits_for_events(struct machine *m) {
    const struct several several = { .count = 3, .milliseconds = INFINITE };
    return wait_for_several(m, scene.events, &several) == WAIT_BLOCKS ? 0 : m->result.error;
}

/* --- all of them -------------------------------------------------------------------------------------------------- */

static const struct {
    enum table table;
    uint32_t (*call)(struct machine *m);
    uint32_t error;
    bool reads; /* something new was asked before it was known that there is no room: the world may differ by that */
} wishes[] = {
    { TABLE_SOCKETS, opens_a_socket, WSAENOBUFS, false },
    { TABLE_HANDLES, opens_a_socket, WSAEMFILE, false },
    { TABLE_HANDLES, opens_a_file, ERROR_NOT_ENOUGH_MEMORY, false },
    { TABLE_HANDLES, makes_an_event, ERROR_NOT_ENOUGH_MEMORY, false },
    { TABLE_HANDLES, makes_a_winsock_event, WSA_NOT_ENOUGH_MEMORY, false },
    { TABLE_EVENTS, makes_a_winsock_event, WSA_NOT_ENOUGH_MEMORY, false },
    { TABLE_HANDLES, makes_a_port, ERROR_NOT_ENOUGH_MEMORY, false },
    { TABLE_EVENTS, makes_an_event, ERROR_NOT_ENOUGH_MEMORY, false },
    { TABLE_COMPLETION_PORTS, makes_a_port, ERROR_NOT_ENOUGH_MEMORY, false },
    { TABLE_ASSOCIATIONS, makes_a_port_for_a_socket, ERROR_NOT_ENOUGH_MEMORY, true },
    { TABLE_COMPLETION_PORTS, makes_a_port_with_a_socket, ERROR_NOT_ENOUGH_MEMORY, false },
    { TABLE_HANDLES, makes_a_port_with_a_socket, ERROR_NOT_ENOUGH_MEMORY, false },
    { TABLE_ASSOCIATIONS, makes_a_port_with_a_socket, ERROR_NOT_ENOUGH_MEMORY, false },
    { TABLE_SOCKETS, accepts, WSAENOBUFS, false },
    { TABLE_HANDLES, accepts, WSAENOBUFS, false },
    { TABLE_SELECTIONS, accepts, WSAENOBUFS, true },
    { TABLE_SELECTIONS, selects, WSAENOBUFS, false },
    { TABLE_DUPLICATES, duplicates, WSAENOBUFS, false },
    { TABLE_HANDLES, opens_a_duplicate, WSAEMFILE, false },
    { TABLE_RESERVATIONS, acquires, WSAENOBUFS, false },
    { TABLE_REQUESTS, acquires, WSAENOBUFS, false },
    { TABLE_REQUESTS, asks_overlapped, WSAENOBUFS, false },
    { TABLE_REQUESTS, asks_for_an_unknown_code, WSAENOBUFS, false },
    { TABLE_REQUESTS, reads_what_is_there_overlapped, WSAENOBUFS, false },
    { TABLE_ROUTINES, asks_with_a_routine, WSAENOBUFS, false },
    { TABLE_REQUESTS, keeps_alive_overlapped, WSAENOBUFS, false },
    { TABLE_REQUESTS, receives, WSAENOBUFS, true },
    { TABLE_NUMBERS, keeps_a_number, WSAENOBUFS, false },
    { TABLE_NUMBERS, lingers, WSAENOBUFS, false },
    { TABLE_NUMBERS, lingers_not, WSAENOBUFS, false },
    { TABLE_NUMBERS, keeps_alive, WSAENOBUFS, true },
    { TABLE_RESERVATIONS, creates_a_block, ERROR_NOT_ENOUGH_MEMORY, true },
    { TABLE_EXCLUSIONS, excludes, ERROR_NOT_ENOUGH_MEMORY, true },
    { TABLE_EVENT_WAITS, waits_for_events, ERROR_NOT_ENOUGH_MEMORY, false },
    { TABLE_SOCKET_WAITS, waits_for_a_socket, WSAENOBUFS, false },
    { TABLE_FILES, opens_a_file, ERROR_NOT_ENOUGH_MEMORY, false },
    { TABLE_HANDLES, duplicates_a_handle, ERROR_NOT_ENOUGH_MEMORY, false },
    { TABLE_ROUTINES, queues_a_function, ERROR_NOT_ENOUGH_MEMORY, false },
    { TABLE_ASSOCIATIONS, sets_a_mode, ERROR_NOT_ENOUGH_MEMORY, false },
};

static void each_wish_is_refused_and_changes_nothing(void) {
    static struct machine before;
    struct machine *m = &scene.machine;
    for (unsigned i = 0; i < sizeof wishes / sizeof wishes[0]; i++) {
        set_scene();
        fill(wishes[i].table);
        before = *m;
        expect_error(wishes[i].error, wishes[i].call(m));
        CU_ASSERT_EQUAL(m->world->full, wishes[i].table + 1u);
        CU_ASSERT_PTR_NULL(model_check(m->world));
        world_thread(m->world, APP)->last_error = world_thread((void *)before.memory, APP)->last_error;
        if (!wishes[i].reads) CU_ASSERT(same_world(&before, m));
        for (unsigned table = 0; table < TABLES_COUNT; table++)
            if (table != TABLE_COMPLETION_PORTS && table != TABLE_HANDLES)
                CU_ASSERT_EQUAL(world_top(m->world, (enum table)table),
                                world_top((const void *)before.memory, (enum table)table));
    }
}

static void each_wish_is_granted_where_there_is_room(void) {
    for (unsigned i = 0; i < sizeof wishes / sizeof wishes[0]; i++) {
        set_scene();
        fill(TABLES_COUNT);
        expect_ok(wishes[i].call(&scene.machine));
        CU_ASSERT_EQUAL(scene.machine.world->full, 0);
    }
}

/* No row lies beyond the last one of a full table: who looked there would be stopped by an assertion. */
static void who_looks_at_a_full_table_stays_within(void) {
    static const enum table tables[] = { TABLE_RESERVATIONS, TABLE_SOCKETS, TABLE_EXCLUSIONS };
    struct machine *m = &scene.machine;
    for (unsigned i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        uint64_t token;
        set_scene();
        granted(m, scene.acquirer, 0, 2);
        created(m, PROTOCOL_TCP, 30000, 2);
        expect_ok(add_range(m, 31000, 2, NETSH_PERSISTENT));
        fill(tables[i]);
        expect_error(ERROR_NOT_FOUND, look_up_block(m, PROTOCOL_TCP, 32000, 2, &token));
        expect_error(ERROR_NOT_FOUND, look_up_block(m, PROTOCOL_UDP, 30000, 2, &token));
        expect_error(ERROR_NOT_FOUND, delete_block(m, PROTOCOL_TCP, 32000, 2));
        expect_error(ERROR_NOT_FOUND, delete_range(m, 32000, 2, NETSH_PERSISTENT));
        CU_ASSERT_EQUAL(row_of(m, 32000, NETSH_ACTIVE), NETSH_ROW_NONE);
        CU_ASSERT_EQUAL(row_of(m, 31001, NETSH_PERSISTENT), NETSH_ROW_ADMINISTERED);
        expect_ok(delete_block(m, PROTOCOL_TCP, 30000, 2));
        expect_ok(bind_port(m, scene.open, 32000));
        expect_ok(delete_range(m, 31000, 2, NETSH_PERSISTENT));
        expect_error(WSAEINVAL, associate(m, scene.open, 12345));
        if (tables[i] == TABLE_SOCKETS) {
            created(m, PROTOCOL_TCP, 33000, 2);
            granted(m, scene.acquirer, 0, 2);
        }
        expect_ok(close_socket(m, scene.acquirer));
    }
}

/* The datagram is on its way by then; that there was no room for its end is noted. */
static void a_send_without_room_for_its_end_is_refused(void) {
    struct machine *m = &scene.machine;
    set_scene();
    fill(TABLE_REQUESTS);
    expect_error(WSAENOBUFS, sends_overlapped(m));
    CU_ASSERT_EQUAL(m->world->full, TABLE_REQUESTS + 1u);
    set_scene();
    fill(TABLES_COUNT);
    expect_ok(sends_overlapped(m));
    CU_ASSERT_EQUAL(m->world->full, 0);
}

void register_full_tables_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model full tables", NULL, NULL);
    CU_add_test(suite, "each wish is refused and changes nothing", each_wish_is_refused_and_changes_nothing);
    CU_add_test(suite, "each wish is granted where there is room", each_wish_is_granted_where_there_is_room);
    CU_add_test(suite, "who looks at a full table stays within", who_looks_at_a_full_table_stays_within);
    CU_add_test(suite, "a send without room for its end is refused", a_send_without_room_for_its_end_is_refused);
}
