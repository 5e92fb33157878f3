/* WSAStartup and WSACleanup: which version is granted to which request, and that they count. */
#include "stack/call/functions.h"
#include "stack/tests/fixture_calls.h"

void register_startup_tests(void);

enum { DATA_AT = 0x1000, DATA_BYTES = 408, COUNT_MAX = 255 };

static uint32_t start_up(struct machine *m, uint32_t version) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_WSAStartup;
    call.arguments[WSAStartup_wVersionRequested] = version;
    call.arguments[WSAStartup_lpWSAData] = DATA_AT;
    call.ranges[WSAStartup_lpWSAData] = (struct range){ .state = RANGE_GOOD, .address = DATA_AT, .length = DATA_BYTES };
    run_call(m, &call);
    CU_ASSERT_EQUAL(m->result.error, ERROR_UNTOUCHED); /* the error is the value */
    return (uint32_t)m->result.value;
}

static unsigned count_of(const struct machine *m) { return world_process_at(m->world, PROCESS_APP)->startup_count; }

static uint32_t clean_up(struct machine *m) {
    return plain_call(m, FUNCTION_WSACleanup, 0, 0, 0) == 0 ? 0 : m->result.error;
}

/* The page of WSAStartup, its table of versions: 1.0 and 1.1 are granted as they are asked for, a later 1 as 1.1, and
 * from 2 on the highest there is, 2.2. 0 is no version. */
static void each_request_is_granted_what_the_page_says(void) {
    static struct machine fresh, m;
    machine_begin(&fresh);
    for (uint32_t wanted = 0; wanted <= 0xffff; wanted += wanted < 0x800 ? 1 : 251) {
        uint32_t major = wanted & 0xff, minor = wanted >> 8;
        uint32_t granted = major == 1 && minor == 0 ? 0x0001 : major == 1 ? 0x0101 : 0x0202;
        m = fresh;
        m.world = (void *)m.memory;
        m.simulating.profile = &m.profile;
        m.chooser = &m.simulating.chooser;
        uint32_t error = start_up(&m, wanted);
        const uint8_t *data = written(&m, DATA_AT, 4);
        CU_ASSERT_EQUAL(error, major == 0 ? WSAVERNOTSUPPORTED : 0);
        CU_ASSERT_EQUAL(data != NULL, error == 0);
        CU_ASSERT_EQUAL(count_of(&m), count_of(&fresh) + (error == 0));
        if (data == NULL) continue;
        CU_ASSERT_EQUAL(load_u16(data), granted);
        CU_ASSERT_EQUAL(load_u16(data + 2), 0x0202);
        CU_ASSERT_EQUAL(world_process_at(m.world, PROCESS_APP)->startup_version, granted);
    }
}

/* What the versions are stored in has to be there, all four bytes. */
static void no_room_for_the_versions_is_a_fault(void) {
    struct machine m;
    machine_begin(&m);
    for (uint32_t length = 0; length < 4; length++) {
        struct call call;
        call_clear(&call);
        call.function = FUNCTION_WSAStartup;
        call.arguments[WSAStartup_wVersionRequested] = 0x0202;
        call.arguments[WSAStartup_lpWSAData] = DATA_AT;
        call.ranges[WSAStartup_lpWSAData] = (struct range){ .state = RANGE_GOOD, .address = DATA_AT, .length = length };
        run_call(&m, &call);
        CU_ASSERT_EQUAL(m.result.value, WSAEFAULT);
        CU_ASSERT_PTR_NULL(written(&m, DATA_AT, 1));
    }
}

/* The upper half of the argument is no part of a WORD. */
static void only_the_lower_half_is_looked_at(void) {
    struct machine m;
    machine_begin(&m);
    CU_ASSERT_EQUAL(start_up(&m, 0xabcd0101), 0);
    CU_ASSERT_EQUAL(world_process_at(m.world, PROCESS_APP)->startup_version, 0x0101);
    CU_ASSERT_EQUAL(start_up(&m, 0x01010000), WSAVERNOTSUPPORTED);
}

static void each_startup_wants_a_cleanup(void) {
    struct machine m;
    machine_begin(&m); /* which has started once */
    uint64_t s = tcp(&m), event = new_event(&m, true, false);
    CU_ASSERT_EQUAL(start_up(&m, 0x0202), 0);
    CU_ASSERT_EQUAL(count_of(&m), 2);
    CU_ASSERT_EQUAL(clean_up(&m), 0);
    expect_ok(bind_port(&m, s, 0));
    CU_ASSERT_EQUAL(clean_up(&m), 0);
    CU_ASSERT_EQUAL(count_of(&m), 0);
    CU_ASSERT_EQUAL(clean_up(&m), WSANOTINITIALISED);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_SOCKETS), 0); /* the last one closes all sockets (W98), and nothing else */
    CU_ASSERT_EQUAL(wait_for(&m, event, 0), WAIT_RAN_OUT);
    CU_ASSERT_EQUAL(start_up(&m, 0x0202), 0);
    expect_error(WSAENOTSOCK, bind_port(&m, s, 0));
}

static void there_is_an_end_of_counting(void) {
    struct machine m;
    machine_begin(&m);
    for (unsigned count = count_of(&m); count < COUNT_MAX; count++) CU_ASSERT_EQUAL(start_up(&m, 0x0202), 0);
    CU_ASSERT_EQUAL(start_up(&m, 0x0202), WSAEPROCLIM);
    CU_ASSERT_EQUAL(count_of(&m), COUNT_MAX);
    CU_ASSERT_EQUAL(clean_up(&m), 0);
    CU_ASSERT_EQUAL(start_up(&m, 0x0202), 0);
}

static void what_cannot_be_written_is_refused(void) {
    struct machine m;
    struct call call;
    machine_begin(&m);
    call_clear(&call);
    call.function = FUNCTION_WSAStartup;
    call.arguments[WSAStartup_wVersionRequested] = 0x0202;
    call.ranges[WSAStartup_lpWSAData].state = RANGE_NULL;
    run_call(&m, &call);
    CU_ASSERT_EQUAL(m.result.value, WSAEFAULT);
    CU_ASSERT_EQUAL(count_of(&m), 1);
    model_network_down(m.world, true);
    CU_ASSERT_EQUAL(start_up(&m, 0x0202), WSASYSNOTREADY);
}

void register_startup_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model startup", NULL, NULL);
    CU_add_test(suite, "no room for the versions is a fault", no_room_for_the_versions_is_a_fault);
    CU_add_test(suite, "each request is granted what the page says", each_request_is_granted_what_the_page_says);
    CU_add_test(suite, "only the lower half is looked at", only_the_lower_half_is_looked_at);
    CU_add_test(suite, "each startup wants a cleanup", each_startup_wants_a_cleanup);
    CU_add_test(suite, "there is an end of counting", there_is_an_end_of_counting);
    CU_add_test(suite, "what cannot be written is refused", what_cannot_be_written_is_refused);
}
