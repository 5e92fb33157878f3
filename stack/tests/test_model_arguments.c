/* The argument checks of the three codes and of WSAIoctl before them, and what a failure leaves behind. */
#include "stack/tests/fixture.h"

void register_model_arguments_tests(void);

static const uint32_t codes[] = { SIO_ACQUIRE_PORT_RESERVATION, SIO_ASSOCIATE_PORT_RESERVATION,
                                  SIO_RELEASE_PORT_RESERVATION };
enum { CODES_COUNT = 3 };

/* A call of the code that would succeed, but for the token of the last two. */
static void good_call(struct machine *m, uint64_t socket, uint32_t code) {
    if (code == SIO_ACQUIRE_PORT_RESERVATION) control_acquire(m, socket, 0, 1);
    else control_token(m, socket, code, NOT_GIVEN);
}

static void nothing_was_reserved(const struct machine *m) {
    for (unsigned i = 0; i < world_top(m->world, TABLE_RESERVATIONS); i++)
        CU_ASSERT_EQUAL(world_reservation_at(m->world, i)->kind, RESERVATION_FREE);
}

static void bytes_pointer_comes_before_the_code(void) {
    static const uint32_t all[] = { SIO_ACQUIRE_PORT_RESERVATION,
                                    SIO_ASSOCIATE_PORT_RESERVATION,
                                    SIO_RELEASE_PORT_RESERVATION,
                                    CODE_UNKNOWN,
                                    CODE_KEEPALIVE,
                                    CODE_FIONBIO,
                                    CODE_FIONREAD };
    static const enum range_state states[] = { RANGE_NULL, RANGE_BAD, RANGE_PARTLY_BAD };
    for (unsigned i = 0; i < sizeof all / sizeof all[0]; i++)
        for (unsigned k = 0; k < 3; k++)
            for (unsigned completion = 0; completion < 3; completion++) {
                struct machine m;
                good_call(&m, world_with_open_socket(&m), all[i]);
                with_bytes_state(&m, states[k]);
                if (completion > 0) with_overlapped(&m, 0, 0);
                if (completion > 1) with_routine(&m, RANGE_GOOD);
                expect_error(WSAEFAULT, perform(&m));
                CU_ASSERT_EQUAL(bytes_returned(&m), UNTOUCHED);
                CU_ASSERT_EQUAL(sleep_for(&m, 0, true), WAIT_OK);
                nothing_was_reserved(&m);
            }
}

static void a_handle_that_is_no_socket(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t closed = tcp(&m);
    expect_ok(close_socket(&m, closed));
    uint64_t event = new_event(&m, true, false);
    const uint64_t handles[] = { closed, event, NOT_GIVEN, 0, UINT64_MAX };
    for (unsigned i = 0; i < sizeof handles / sizeof handles[0]; i++)
        for (unsigned k = 0; k < CODES_COUNT; k++) {
            good_call(&m, handles[i], codes[k]);
            expect_error(WSAENOTSOCK, perform(&m));
            CU_ASSERT_FALSE(output_written(&m));
        }
}

/* WSAENOTSOCK does not depend on a provider that knows the codes: no one is there to be asked. */
static void no_socket_comes_before_not_implemented(void) {
    struct machine m;
    machine_with_reading(&m, Q89_IMPLEMENTED, Q89_NO);
    good_call(&m, NOT_GIVEN, SIO_ACQUIRE_PORT_RESERVATION);
    expect_error(WSAENOTSOCK, perform(&m));
}

static void foreign_handles_are_no_sockets(void) {
    struct machine m;
    machine_with_two_processes(&m);
    uint64_t s = tcp(&m);
    speak_as(&m, TOOL);
    good_call(&m, s, SIO_ACQUIRE_PORT_RESERVATION);
    expect_error(WSAENOTSOCK, perform(&m));
}

static void input_pointers(void) {
    static const enum range_state states[] = { RANGE_BAD, RANGE_PARTLY_BAD };
    for (unsigned i = 0; i < CODES_COUNT; i++)
        for (unsigned k = 0; k < 2; k++) {
            struct machine m;
            good_call(&m, world_with_open_socket(&m), codes[i]);
            with_input_state(&m, states[k], codes[i] == SIO_ACQUIRE_PORT_RESERVATION ? 4 : 8);
            expect_error(WSAEFAULT, perform(&m));
            CU_ASSERT_EQUAL(bytes_returned(&m), 0);
            nothing_was_reserved(&m);
        }
}

static void input_sizes(void) {
    static const uint8_t zeros[16];
    for (unsigned i = 0; i < CODES_COUNT; i++) {
        uint32_t size = codes[i] == SIO_ACQUIRE_PORT_RESERVATION ? 4 : 8;
        for (uint32_t given = 0; given < size; given++) {
            struct machine m;
            good_call(&m, world_with_open_socket(&m), codes[i]);
            with_input(&m, zeros, given);
            expect_error(WSAEFAULT, perform(&m));
        }
        struct machine m;
        good_call(&m, world_with_open_socket(&m), codes[i]);
        with_input_state(&m, RANGE_NULL, 0);
        expect_error(WSAEFAULT, perform(&m));
    }
}

/* "Must be at least": a longer token is none of anybody's business. */
static void long_tokens_are_accepted(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    struct grant grant = granted(&m, s, 0, 1);
    uint8_t bytes[16] = { 0 };
    store_u64(bytes, grant.token);
    control(&m, s, SIO_ASSOCIATE_PORT_RESERVATION);
    with_input(&m, bytes, sizeof bytes);
    expect_ok(perform(&m));
}

/* Only the beginning of a long input is looked at, so that a record need not have the rest. */
static void input_beyond_the_record_is_accepted(void) {
    struct machine m;
    good_call(&m, world_with_open_socket(&m), SIO_ACQUIRE_PORT_RESERVATION);
    m.call.ranges[WSAIoctl_in].length = CALL_BYTES_MAX + 1;
    m.call.arguments[WSAIoctl_cbIn] = CALL_BYTES_MAX + 1;
    expect_ok(perform(&m));
    m.call.arguments[WSAIoctl_cbIn]++; /* the memory ends before */
    expect_error(WSAEFAULT, perform(&m));
}

static void output_of_acquire(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    static const struct {
        enum range_state state;
        uint32_t size;
        uint32_t error;
    } rows[] = {
        { RANGE_GOOD, 0, WSAEFAULT },
        { RANGE_GOOD, 12, WSAEFAULT },
        { RANGE_GOOD, 15, WSAEFAULT },
        { RANGE_NULL, 0, WSAEFAULT },
        { RANGE_NULL, 16, WSAEFAULT },
        { RANGE_BAD, 16, WSAEFAULT },
        { RANGE_BAD, 0, WSAEFAULT },
        { RANGE_PARTLY_BAD, 16, WSAEFAULT },
        { RANGE_PARTLY_BAD, 64, WSAEFAULT },
        { RANGE_GOOD, 16, 0 },
        { RANGE_GOOD, 64, 0 },
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        control_acquire(&m, s, 0, 1);
        with_output_state(&m, rows[i].state, rows[i].size);
        expect_error(rows[i].error, perform(&m));
        CU_ASSERT_EQUAL(bytes_returned(&m), rows[i].error == 0 ? 16 : 0);
        CU_ASSERT_EQUAL(output_written(&m), rows[i].error == 0);
    }
}

static void the_overlapped_pointer(void) {
    static const enum range_state states[] = { RANGE_BAD, RANGE_PARTLY_BAD };
    for (unsigned i = 0; i < 2; i++) {
        struct machine m;
        control_acquire(&m, world_with_open_socket(&m), 0, 1);
        with_overlapped_state(&m, states[i]);
        expect_error(WSAEFAULT, perform(&m));
        nothing_was_reserved(&m);
    }
}

static void a_bad_routine(void) {
    struct machine m;
    control_acquire(&m, world_with_open_socket(&m), 0, 1);
    with_overlapped(&m, 0, 0);
    with_routine(&m, RANGE_BAD);
    expect_error(WSAEFAULT, perform(&m));
}

/* PAR-12, W120: on a socket without the attribute even a bad one is not looked at. */
static void a_socket_that_is_not_overlapped_ignores_it(void) {
    struct machine m;
    machine_begin(&m);
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_WSASocketW;
    call.arguments[WSASocketW_af] = AF_V4;
    call.arguments[WSASocketW_type] = STREAM;
    call.arguments[WSASocketW_protocol] = TCP;
    call.ranges[WSASocketW_lpProtocolInfo].state = RANGE_NULL;
    run_call(&m, &call);
    uint64_t s = m.result.value;
    control_acquire(&m, s, 0, 1);
    with_overlapped(&m, 0, 0);
    expect_ok(perform(&m));
    CU_ASSERT_EQUAL(bytes_returned(&m), 16);
    CU_ASSERT_EQUAL(internal_of(&m, 0), UINT64_C(0xA5A5A5A5A5A5A5A5));
    control_acquire(&m, s, 0, 1);
    with_overlapped_state(&m, RANGE_BAD);
    with_routine(&m, RANGE_GOOD);
    expect_ok(perform(&m));
    CU_ASSERT_EQUAL(sleep_for(&m, 0, true), WAIT_OK);
}

static void raw_sockets_are_refused_by_all_three(void) {
    struct machine m;
    uint64_t s = 0;
    machine_begin(&m);
    expect_ok(make_socket(&m, AF_V4, RAW, ICMP, &s));
    for (unsigned i = 0; i < CODES_COUNT; i++) {
        good_call(&m, s, codes[i]);
        expect_error(WSAEOPNOTSUPP, perform(&m));
    }
}

static void network_down(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    model_network_down(m.world, true);
    for (unsigned i = 0; i < CODES_COUNT; i++) {
        good_call(&m, s, codes[i]);
        expect_error(WSAENETDOWN, perform(&m));
    }
    expect_error(WSAENETDOWN, bind_port(&m, s, 0));
    model_network_down(m.world, false);
    granted(&m, s, 0, 1);
}

/* REM-01: from Windows Vista on. A build that is not known is taken as newer. */
static void before_vista_the_codes_are_unknown(void) {
    static const struct {
        uint32_t build, error;
    } rows[] = { { 3790, WSAEOPNOTSUPP }, { 6000, 0 }, { 22621, 0 }, { 0, 0 } };
    for (unsigned i = 0; i < 4; i++) {
        struct machine m;
        uint64_t s = world_with_open_socket(&m);
        m.world->build = rows[i].build;
        good_call(&m, s, SIO_ACQUIRE_PORT_RESERVATION);
        expect_error(rows[i].error, perform(&m));
    }
}

/* A host without the codes answers them as any code that it does not know, and looks at nothing but the gate. */
static void not_implemented(void) {
    for (unsigned i = 0; i < CODES_COUNT; i++) {
        struct machine m;
        machine_with_reading(&m, Q89_IMPLEMENTED, Q89_NO);
        good_call(&m, tcp(&m), codes[i]);
        with_input_state(&m, RANGE_BAD, 1);
        expect_error(WSAEOPNOTSUPP, perform(&m));
        CU_ASSERT_EQUAL(bytes_returned(&m), 0);
        CU_ASSERT_FALSE(output_written(&m));
    }
}

/* Several violated checks: any of their errors may be reported, and no other. */
static void violated_checks_are_parallel(void) {
    bool fault = false, invalid = false;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct machine m;
        machine_begin(&m);
        simulating_chooser_init(&m.simulating, &m.profile, seed);
        uint64_t s = tcp(&m);
        control_token(&m, s, SIO_ASSOCIATE_PORT_RESERVATION, NOT_GIVEN);
        with_input_state(&m, RANGE_BAD, 8); /* WSAEFAULT */
        with_output_room(&m, 4);            /* WSAEINVAL */
        uint32_t error = perform(&m);
        CU_ASSERT(error == WSAEFAULT || error == WSAEINVAL);
        fault |= error == WSAEFAULT;
        invalid |= error == WSAEINVAL;
    }
    CU_ASSERT(fault && invalid);
}

static void last_error_of_a_thread_is_its_own(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    expect_error(WSAEINVAL, listen_on(&m, s));
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_WSAGetLastError, 0, 0, 0), WSAEINVAL);
    speak_as(&m, APP_SECOND);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_WSAGetLastError, 0, 0, 0), 0);
    speak_as(&m, APP);
    expect_ok(bind_port(&m, s, 0));
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_WSAGetLastError, 0, 0, 0), 0);
}

void register_model_arguments_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model arguments", NULL, NULL);
    CU_add_test(suite, "the bytes pointer comes before the code", bytes_pointer_comes_before_the_code);
    CU_add_test(suite, "a handle that is no socket", a_handle_that_is_no_socket);
    CU_add_test(suite, "no socket comes before not implemented", no_socket_comes_before_not_implemented);
    CU_add_test(suite, "foreign handles are no sockets", foreign_handles_are_no_sockets);
    CU_add_test(suite, "input pointers", input_pointers);
    CU_add_test(suite, "input sizes", input_sizes);
    CU_add_test(suite, "long tokens are accepted", long_tokens_are_accepted);
    CU_add_test(suite, "input beyond the record is accepted", input_beyond_the_record_is_accepted);
    CU_add_test(suite, "output of ACQUIRE", output_of_acquire);
    CU_add_test(suite, "the OVERLAPPED pointer", the_overlapped_pointer);
    CU_add_test(suite, "a bad routine", a_bad_routine);
    CU_add_test(suite, "a socket that is not overlapped ignores it", a_socket_that_is_not_overlapped_ignores_it);
    CU_add_test(suite, "raw sockets are refused by all three", raw_sockets_are_refused_by_all_three);
    CU_add_test(suite, "network down", network_down);
    CU_add_test(suite, "before Vista the codes are unknown", before_vista_the_codes_are_unknown);
    CU_add_test(suite, "not implemented", not_implemented);
    CU_add_test(suite, "violated checks are parallel", violated_checks_are_parallel);
    CU_add_test(suite, "the last error of a thread is its own", last_error_of_a_thread_is_its_own);
}
