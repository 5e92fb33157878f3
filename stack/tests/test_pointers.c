/* Pointers of the functions that end a wait: memory that does not hold what they store raises an exception, nothing is
 * stored, and nothing is taken. */
#include "stack/sdk/option_values.h"
#include "stack/tests/fixture_wire.h"

void register_pointers_tests(void);

enum { AT = 0x8000, POINTERS_MAX = 3, KEY = 9 };

struct pointer {
    uint8_t parameter;
    uint8_t bytes;
    bool is_read;
};

/* All pointers of each function, in the order in which `prepare` makes them good. */
static const struct pointing {
    enum function function;
    unsigned subject; /* the parameter that names the port, the socket or the file */
    struct pointer pointers[POINTERS_MAX];
} functions[] = {
    { FUNCTION_GetQueuedCompletionStatus,
      GetQueuedCompletionStatus_CompletionPort,
      { { GetQueuedCompletionStatus_lpNumberOfBytesTransferred, 4, false },
        { GetQueuedCompletionStatus_lpCompletionKey, 8, false },
        { GetQueuedCompletionStatus_lpOverlapped, 8, false } } },
    { FUNCTION_GetQueuedCompletionStatusEx,
      GetQueuedCompletionStatusEx_CompletionPort,
      { { GetQueuedCompletionStatusEx_lpCompletionPortEntries, OVERLAPPED_ENTRY_SIZE, false },
        { GetQueuedCompletionStatusEx_ulNumEntriesRemoved, 4, false } } },
    { FUNCTION_WSAGetOverlappedResult,
      WSAGetOverlappedResult_s,
      { { WSAGetOverlappedResult_bytes, 4, false }, { WSAGetOverlappedResult_flags, 4, false } } },
    { FUNCTION_GetOverlappedResult,
      GetOverlappedResult_hFile,
      { { GetOverlappedResult_lpNumberOfBytesTransferred, 4, false },
        { GetOverlappedResult_lpOverlapped, OVERLAPPED_SIZE, true } } },
};
enum { FUNCTIONS = sizeof functions / sizeof functions[0] };

static void point(struct call *call, const struct pointer *pointer, unsigned number) {
    static const uint8_t zeros[OVERLAPPED_SIZE];
    uint64_t address = AT + 0x100 * number;
    call->arguments[pointer->parameter] = address;
    call->ranges[pointer->parameter] =
        (struct range){ .address = address, .length = pointer->bytes, .state = RANGE_GOOD };
    if (pointer->is_read) CU_ASSERT(call_put_bytes(call, pointer->parameter, zeros, pointer->bytes));
}

/* A port with one packet, a socket, and a call that is good. */
static struct call prepare(struct machine *m, const struct pointing *pointing, uint64_t *port) {
    static const uint8_t zeros[OVERLAPPED_SIZE];
    struct call call;
    machine_begin(m);
    udp(m);
    uint64_t s = udp(m);
    *port = plain_call(m, FUNCTION_CreateIoCompletionPort, UINT64_MAX, 0, 0);
    CU_ASSERT_EQUAL(plain_call(m, FUNCTION_PostQueuedCompletionStatus, *port, 5, KEY), TRUE);
    call_clear(&call);
    call.function = (uint16_t)pointing->function;
    bool of_port = pointing->function == FUNCTION_GetQueuedCompletionStatus ||
                   pointing->function == FUNCTION_GetQueuedCompletionStatusEx;
    call.arguments[pointing->subject] = of_port ? *port : s;
    if (pointing->function == FUNCTION_GetQueuedCompletionStatusEx)
        call.arguments[GetQueuedCompletionStatusEx_ulCount] = 1;
    if (pointing->function == FUNCTION_WSAGetOverlappedResult) {
        call.arguments[WSAGetOverlappedResult_ov] = OVERLAPPED_ADDRESS;
        call.ranges[WSAGetOverlappedResult_ov] =
            (struct range){ .address = OVERLAPPED_ADDRESS, .length = OVERLAPPED_SIZE, .state = RANGE_GOOD };
        CU_ASSERT(call_put_bytes(&call, WSAGetOverlappedResult_ov, zeros, sizeof zeros));
    }
    for (unsigned i = 0; i < POINTERS_MAX && pointing->pointers[i].bytes > 0; i++)
        point(&call, &pointing->pointers[i], i);
    return call;
}

static void good_memory_is_stored_to(void) {
    for (unsigned i = 0; i < FUNCTIONS; i++) {
        struct machine m;
        uint64_t port;
        struct call call = prepare(&m, &functions[i], &port);
        run_call(&m, &call);
        CU_ASSERT_EQUAL(m.result.status, RESULT_RETURNED);
        CU_ASSERT_EQUAL(m.result.value, TRUE);
        for (unsigned k = 0; k < POINTERS_MAX && functions[i].pointers[k].bytes > 0; k++)
            CU_ASSERT_EQUAL(written(&m, AT + 0x100 * k, 4) != NULL, !functions[i].pointers[k].is_read);
    }
}

static void bad_memory_raises_an_exception(void) {
    static const enum range_state states[] = { RANGE_NULL, RANGE_BAD, RANGE_PARTLY_BAD };
    for (unsigned i = 0; i < FUNCTIONS; i++)
        for (unsigned k = 0; k < POINTERS_MAX && functions[i].pointers[k].bytes > 0; k++)
            for (unsigned state = 0; state < 3; state++) {
                struct machine m;
                uint64_t port;
                struct call call = prepare(&m, &functions[i], &port);
                struct range *range = &call.ranges[functions[i].pointers[k].parameter];
                range->state = (uint8_t)states[state];
                range->length = states[state] == RANGE_PARTLY_BAD ? functions[i].pointers[k].bytes - 1u : 0;
                range->bytes_length = range->length < range->bytes_length ? range->length : range->bytes_length;
                if (states[state] == RANGE_NULL)
                    range->address = call.arguments[functions[i].pointers[k].parameter] = 0;
                run_call(&m, &call);
                CU_ASSERT_NOT_EQUAL(m.result.value, TRUE);
                CU_ASSERT_EQUAL(m.result.writes_count, 0);
                CU_ASSERT_EQUAL(world_top(m.world, TABLE_COMPLETIONS), 1); /* the packet is still there */
                call = prepare(&m, &functions[i], &port);
                run_call(&m, &call);
                CU_ASSERT_EQUAL(m.result.value, TRUE);
            }
}

/* --- SO_UPDATE_ACCEPT_CONTEXT ------------------------------------------------------------------------------------- */

static uint32_t update_with(struct machine *m, uint64_t acceptor, uint64_t number, uint32_t length, uint32_t there) {
    struct call call;
    uint8_t bytes[8];
    call_clear(&call);
    call.function = FUNCTION_setsockopt;
    call.arguments[setsockopt_s] = acceptor;
    call.arguments[setsockopt_level] = SOL_SOCKET;
    call.arguments[setsockopt_optname] = SO_UPDATE_ACCEPT_CONTEXT;
    call.arguments[setsockopt_optval] = AT;
    call.arguments[setsockopt_optlen] = length;
    call.ranges[setsockopt_optval] = (struct range){ .address = AT, .length = there, .state = RANGE_GOOD };
    store_u64(bytes, number);
    CU_ASSERT(call_put_bytes(&call, setsockopt_optval, bytes, there));
    run_call(m, &call);
    return m->result.value == 0 ? 0 : m->result.error;
}

/* Its value is a SOCKET of either kind of program. */
static void the_context_of_an_accept_is_its_listener_s(void) {
    struct machine m;
    machine_begin(&m);
    struct talk talk = talking(&m);
    uint64_t acceptor = tcp(&m);
    expect_error(WSA_IO_PENDING, accept_ex(&m, talk.listener, acceptor, 0));
    expect_error(WSAENOTCONN, update_with(&m, acceptor, talk.listener, 8, 8));
    expect_ok(connect_to(&m, tcp(&m), LOOPBACK_V4, talk.port));
    expect_error(WSAEFAULT, update_with(&m, acceptor, talk.listener, 3, 8));
    expect_error(WSAEFAULT, update_with(&m, acceptor, talk.listener, 7, 8));
    expect_error(WSAEFAULT, update_with(&m, acceptor, talk.listener, 8, 7));
    expect_error(WSAENOTSOCK, update_with(&m, acceptor, NOT_GIVEN, 8, 8));
    expect_error(WSAENOTSOCK, update_with(&m, acceptor, talk.listener | UINT64_C(1) << 32, 8, 8));
    expect_error(WSAEINVAL, update_with(&m, acceptor, talk.client, 8, 8));
    expect_ok(update_with(&m, acceptor, talk.listener | UINT64_C(1) << 32, 4, 8));
    expect_ok(update_with(&m, acceptor, talk.listener, 8, 8));
}

/* What the accept socket had of its own gives way to what the listener has. */
static void the_listener_s_numbers_are_the_accepted_socket_s(void) {
    struct machine m;
    uint32_t value = 0;
    machine_begin(&m);
    struct talk talk = talking(&m);
    uint64_t acceptor = tcp(&m), second = tcp(&m);
    expect_ok(set_option(&m, talk.listener, SO_RCVTIMEO, 700));
    expect_ok(set_option(&m, acceptor, SO_SNDTIMEO, 900));
    expect_ok(set_option(&m, acceptor, SO_RCVTIMEO, 800));
    for (unsigned i = 0; i < 2; i++) {
        expect_error(WSA_IO_PENDING, accept_ex(&m, talk.listener, i == 0 ? acceptor : second, 0));
        expect_ok(connect_to(&m, tcp(&m), LOOPBACK_V4, talk.port));
    }
    expect_ok(update_accept_context(&m, acceptor, talk.listener));
    expect_ok(get_option(&m, acceptor, SO_RCVTIMEO, &value));
    CU_ASSERT_EQUAL(value, 700);
    expect_ok(get_option(&m, acceptor, SO_SNDTIMEO, &value));
    CU_ASSERT_EQUAL(value, 0);
    expect_ok(get_option(&m, second, SO_RCVTIMEO, &value)); /* it does not know of its listener yet */
    CU_ASSERT_EQUAL(value, 0);
    expect_ok(update_accept_context(&m, second, talk.listener));
    expect_ok(set_option(&m, talk.listener, SO_RCVTIMEO, 600));
    expect_ok(get_option(&m, second, SO_RCVTIMEO, &value));
    CU_ASSERT_EQUAL(value, 700);
}

/* --- ioctlsocket -------------------------------------------------------------------------------------------------- */

/* A code that Windows knows and the model does not has no answer here. */
static void codes_of_ioctlsocket_are_known_unknown_or_not_modelled(void) {
    static const uint32_t not_modelled[] = { SIO_KEEPALIVE_VALS, SIO_GET_INTERFACE_LIST };
    static const uint32_t unknown[] = { SIO_ACQUIRE_PORT_RESERVATION, FIOASYNC, SIO_FLUSH, CODE_UNKNOWN };
    struct machine m;
    machine_begin(&m);
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_ioctlsocket;
    call.arguments[ioctlsocket_s] = tcp(&m);
    call.arguments[ioctlsocket_argp] = AT;
    call.ranges[ioctlsocket_argp] = (struct range){ .address = AT, .length = 4, .state = RANGE_GOOD };
    CU_ASSERT(call_put_bytes(&call, ioctlsocket_argp, "\1\0\0", 4));
    for (unsigned i = 0; i < sizeof not_modelled / sizeof not_modelled[0]; i++) {
        call.arguments[ioctlsocket_cmd] = not_modelled[i];
        run_call(&m, &call);
        CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    }
    for (unsigned i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        call.arguments[ioctlsocket_cmd] = unknown[i];
        run_call(&m, &call);
        CU_ASSERT_EQUAL(m.result.status, RESULT_RETURNED);
        CU_ASSERT_EQUAL(m.result.error, WSAEOPNOTSUPP);
    }
}

void register_pointers_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model pointers", NULL, NULL);
    CU_add_test(suite, "good memory is stored to", good_memory_is_stored_to);
    CU_add_test(suite, "bad memory raises an exception", bad_memory_raises_an_exception);
    CU_add_test(suite, "the context of an accept is its listener's", the_context_of_an_accept_is_its_listener_s);
    CU_add_test(suite, "the listener's numbers are the accepted socket's",
                the_listener_s_numbers_are_the_accepted_socket_s);
    CU_add_test(suite, "codes of ioctlsocket", codes_of_ioctlsocket_are_known_unknown_or_not_modelled);
}
