/* ConnectEx and DisconnectEx: what they ask for, what is under way meanwhile, and what a cancellation leaves. */
#include <string.h>

#include "stack/sdk/socket_values.h"
#include "stack/tests/fixture_wire.h"

void register_extension_tests(void);

enum { OVERLAPPED_AT = 0x9000, NAME_AT = 0x9100, MEMORY_AT = 0x9200, CLOSED_PORT = 30999 };

static void put_overlapped(struct call *call, unsigned argument) {
    static const uint8_t overlapped[OVERLAPPED_SIZE];
    call->arguments[argument] = OVERLAPPED_AT;
    call->ranges[argument] = (struct range){ .state = RANGE_GOOD, .address = OVERLAPPED_AT, .length = OVERLAPPED_SIZE };
    call_put_bytes(call, argument, overlapped, OVERLAPPED_SIZE);
}

/* ConnectEx to 127.0.0.1 and this port, not called yet. */
static struct call connecting(uint64_t socket, unsigned port) {
    struct call call;
    uint8_t name[SOCKADDR_IN_SIZE] = { 0 };
    static const uint8_t loopback[4] = { 127, 0, 0, 1 };
    store_u16(name, AF_INET);
    store_u16_network(name + 2, (uint16_t)port);
    memcpy(name + 4, loopback, sizeof loopback);
    call_clear(&call);
    call.function = FUNCTION_ConnectEx;
    call.arguments[ConnectEx_s] = socket;
    call.arguments[ConnectEx_name] = NAME_AT;
    call.arguments[ConnectEx_namelen] = sizeof name;
    call.ranges[ConnectEx_name] = (struct range){ .state = RANGE_GOOD, .address = NAME_AT, .length = sizeof name };
    call_put_bytes(&call, ConnectEx_name, name, sizeof name);
    call.ranges[ConnectEx_lpSendBuffer].state = call.ranges[ConnectEx_lpdwBytesSent].state = RANGE_NULL;
    put_overlapped(&call, ConnectEx_lpOverlapped);
    return call;
}

static uint32_t begin(struct machine *m, struct call *call) {
    call->thread = (uint16_t)m->thread;
    result_clear(&m->result);
    model_call(m->world, m->chooser, call, &m->result);
    CU_ASSERT_EQUAL(m->result.value, 0); /* it never succeeds at once */
    CU_ASSERT_PTR_NULL(model_check(m->world));
    return m->result.error;
}

static uint32_t connect_ex(struct machine *m, uint64_t socket, unsigned port) {
    struct call call = connecting(socket, port);
    return begin(m, &call);
}

static uint64_t bound_client(struct machine *m) {
    uint64_t client = tcp(m);
    expect_ok(bind_at(m, client, LOOPBACK_V4, 0));
    return client;
}

static void an_unbound_socket_is_not_bound_by_it(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t client = tcp(&m);
    CU_ASSERT_EQUAL(connect_ex(&m, client, CLOSED_PORT), WSAEINVAL);
    expect_error(WSAEINVAL, listen_on(&m, client)); /* still not bound */
}

static void while_it_is_under_way_no_connect_begins(void) {
    struct machine m;
    char heard[64];
    machine_begin(&m);
    uint64_t client = bound_client(&m);
    CU_ASSERT_EQUAL(connect_ex(&m, client, CLOSED_PORT), WSA_IO_PENDING);
    CU_ASSERT_EQUAL(connect_ex(&m, client, CLOSED_PORT), WSAEINVAL);           /* W147 */
    expect_error(WSAEINVAL, connect_to(&m, client, LOOPBACK_V4, CLOSED_PORT)); /* W147 */
    expect_error(WSAENOTCONN, receive_text(&m, client, heard));                /* W148 */
}

static void a_refused_one_can_be_repeated(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t client = bound_client(&m);
    CU_ASSERT_EQUAL(connect_ex(&m, client, CLOSED_PORT), WSA_IO_PENDING);
    for (unsigned i = 0; i < 50; i++) pass_time(&m, 100);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_REQUESTS), 0);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_CONNECTIONS), 0);
    CU_ASSERT_EQUAL(connect_ex(&m, client, CLOSED_PORT), WSA_IO_PENDING); /* W150 */
}

/* What a record has no room for is memory that is there: a limit of ours, and no fault of the call. */
static void data_beyond_the_record_is_not_modelled(void) {
    struct machine m;
    machine_begin(&m);
    struct call call = connecting(bound_client(&m), CLOSED_PORT);
    uint8_t data[512] = { 0 };
    call.arguments[ConnectEx_lpSendBuffer] = MEMORY_AT;
    call.arguments[ConnectEx_dwSendDataLength] = CALL_BYTES_MAX + 1;
    call.ranges[ConnectEx_lpSendBuffer] =
        (struct range){ .state = RANGE_GOOD, .address = MEMORY_AT, .length = CALL_BYTES_MAX + 1 };
    call_put_bytes(&call, ConnectEx_lpSendBuffer, data, sizeof data);
    call.thread = (uint16_t)m.thread;
    result_clear(&m.result);
    model_call(m.world, m.chooser, &call, &m.result);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    call.arguments[ConnectEx_dwSendDataLength]++; /* the memory ends before */
    CU_ASSERT_EQUAL(begin(&m, &call), WSAEFAULT);
    CU_ASSERT_EQUAL(m.result.status, RESULT_RETURNED);
    call.arguments[ConnectEx_dwSendDataLength] = sizeof data; /* as much as the record has */
    CU_ASSERT_EQUAL(begin(&m, &call), WSA_IO_PENDING);
}

/* --- what is wrong with a call ------------------------------------------------------------------------------------ */

/* Memory of so many bytes, of which the call says that it has `said`. */
static void give_memory(struct call *call, unsigned argument, uint32_t bytes, enum range_state state) {
    call->arguments[argument] = state == RANGE_NULL ? 0 : MEMORY_AT;
    call->ranges[argument] =
        (struct range){ .state = (uint8_t)state, .address = call->arguments[argument], .length = bytes };
}

enum {
    GOOD,
    NETWORK_DOWN,
    NO_OVERLAPPED,
    HALF_AN_OVERLAPPED,
    NO_NAME,
    HALF_A_NAME,
    ANOTHER_FAMILY,
    PORT_ZERO,
    WILDCARD,
    BAD_DATA,
    DATAGRAMS,
    UNBOUND,
    LISTENING,
    CONNECTED,
    WRONGS
};

/* One thing is wrong, and it is said which. */
static void connect_ex_says_what_is_wrong(void) {
    static const uint32_t errors[WRONGS] = {
        [GOOD] = WSA_IO_PENDING,
        [NETWORK_DOWN] = WSAENETDOWN,
        [NO_OVERLAPPED] = ERROR_INVALID_PARAMETER, /* W145 */
        [HALF_AN_OVERLAPPED] = WSAEFAULT,
        [NO_NAME] = WSAEFAULT,
        [HALF_A_NAME] = WSAEFAULT,
        [ANOTHER_FAMILY] = WSAEAFNOSUPPORT,
        [PORT_ZERO] = WSAEADDRNOTAVAIL,
        [WILDCARD] = WSAEADDRNOTAVAIL,
        [BAD_DATA] = WSAEFAULT,
        [DATAGRAMS] = WSAEOPNOTSUPP,
        [UNBOUND] = WSAEINVAL,
        [LISTENING] = WSAEINVAL,
        [CONNECTED] = WSAEISCONN,
    };
    for (unsigned wrong = GOOD; wrong < WRONGS; wrong++) {
        struct machine m;
        machine_begin(&m);
        struct talk talk = talking(&m);
        uint64_t datagrams = udp(&m), client = bound_client(&m);
        expect_ok(bind_at(&m, datagrams, LOOPBACK_V4, 0));
        struct call call = connecting(wrong == DATAGRAMS   ? datagrams
                                      : wrong == UNBOUND   ? tcp(&m)
                                      : wrong == LISTENING ? talk.listener
                                      : wrong == CONNECTED ? talk.server
                                                           : client,
                                      talk.port);
        uint8_t *name = call.bytes + call.ranges[ConnectEx_name].bytes_offset;
        model_network_down(m.world, wrong == NETWORK_DOWN);
        if (wrong == NO_OVERLAPPED) give_memory(&call, ConnectEx_lpOverlapped, 0, RANGE_NULL);
        if (wrong == HALF_AN_OVERLAPPED) give_memory(&call, ConnectEx_lpOverlapped, 31, RANGE_PARTLY_BAD);
        if (wrong == NO_NAME) give_memory(&call, ConnectEx_name, 0, RANGE_BAD);
        if (wrong == HALF_A_NAME) call.arguments[ConnectEx_namelen] = SOCKADDR_IN_SIZE - 1;
        if (wrong == ANOTHER_FAMILY) store_u16(name, AF_INET6);
        if (wrong == PORT_ZERO) store_u16(name + 2, 0);
        if (wrong == WILDCARD) memset(name + 4, 0, 4);
        if (wrong == BAD_DATA) give_memory(&call, ConnectEx_lpSendBuffer, 4, RANGE_PARTLY_BAD);
        if (wrong == BAD_DATA) call.arguments[ConnectEx_dwSendDataLength] = 5;
        unsigned rows = world_top(m.world, TABLE_CONNECTIONS);
        expect_error(errors[wrong], begin(&m, &call));
        CU_ASSERT_EQUAL(world_top(m.world, TABLE_CONNECTIONS) > rows, wrong == GOOD);
        CU_ASSERT_EQUAL(world_top(m.world, TABLE_REQUESTS), wrong == GOOD ? 1 : 0);
    }
}

void register_extension_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/transport extensions", NULL, NULL);
    CU_add_test(suite, "ConnectEx binds no socket", an_unbound_socket_is_not_bound_by_it);
    CU_add_test(suite, "while it is under way no connect begins", while_it_is_under_way_no_connect_begins);
    CU_add_test(suite, "a refused one can be repeated", a_refused_one_can_be_repeated);
    CU_add_test(suite, "ConnectEx with more data than a record has is not modelled",
                data_beyond_the_record_is_not_modelled);
    CU_add_test(suite, "ConnectEx says what is wrong", connect_ex_says_what_is_wrong);
}
