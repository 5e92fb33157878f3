/* Blocking hooks of Winsock 1.1: who may have one, when it runs, what it may ask, and what it ends. */
#include "stack/tests/fixture.h"
#include "stack/tests/fixture_calls.h"

void register_blocking_tests(void);

static uint64_t world_of_1_1(struct machine *m) {
    uint64_t s = world_with_open_socket(m);
    negotiate_1_1(m);
    return s;
}

/* The thread is inside a call that blocks, and its hook runs. */
static uint64_t world_in_a_hook(struct machine *m) {
    uint64_t s = world_of_1_1(m);
    expect_ok(set_blocking_hook(m, RANGE_GOOD));
    block_on(m, s);
    CU_ASSERT_EQUAL(model_blocking_hook(m->world, m->chooser, APP), HOOK_AT);
    return s;
}

static uint32_t cancel_blocking_call(struct machine *m) {
    plain_call(m, FUNCTION_WSACancelBlockingCall, 0, 0, 0);
    return m->result.value == 0 ? 0 : m->result.error;
}

static uint32_t unhook(struct machine *m) {
    plain_call(m, FUNCTION_WSAUnhookBlockingHook, 0, 0, 0);
    return m->result.value == 0 ? 0 : m->result.error;
}

static bool is_blocking(struct machine *m) { return plain_call(m, FUNCTION_WSAIsBlocking, 0, 0, 0) != FALSE; }

static void only_programs_of_1_1_have_hooks(void) {
    struct machine m;
    world_with_open_socket(&m);
    expect_error(WSAEOPNOTSUPP, set_blocking_hook(&m, RANGE_GOOD));
    expect_error(WSAEOPNOTSUPP, unhook(&m));
    expect_error(WSAEOPNOTSUPP, cancel_blocking_call(&m));
    negotiate_1_1(&m);
    expect_ok(set_blocking_hook(&m, RANGE_GOOD));
    expect_ok(unhook(&m));
    expect_error(WSAEINVAL, cancel_blocking_call(&m));
    expect_error(WSAEFAULT, set_blocking_hook(&m, RANGE_NULL));
    expect_error(WSAEFAULT, set_blocking_hook(&m, RANGE_BAD));
    model_network_down(m.world, true);
    expect_error(WSAENETDOWN, unhook(&m));
}

static void the_hook_before_is_given_back(void) {
    struct machine m;
    world_of_1_1(&m);
    expect_ok(set_blocking_hook(&m, RANGE_GOOD));
    CU_ASSERT_NOT_EQUAL(m.result.value, HOOK_AT);
    expect_ok(set_blocking_hook(&m, RANGE_GOOD));
    CU_ASSERT_EQUAL(m.result.value, HOOK_AT);
    expect_ok(unhook(&m));
    expect_ok(set_blocking_hook(&m, RANGE_GOOD));
    CU_ASSERT_NOT_EQUAL(m.result.value, HOOK_AT);
}

static void a_hook_runs_while_its_own_thread_blocks(void) {
    struct machine m;
    uint64_t s = world_of_1_1(&m);
    expect_ok(set_blocking_hook(&m, RANGE_GOOD));
    CU_ASSERT_EQUAL(model_blocking_hook(m.world, m.chooser, APP), 0);
    speak_as(&m, APP_SECOND);
    block_on(&m, s);
    CU_ASSERT_EQUAL(model_blocking_hook(m.world, m.chooser, APP_SECOND), 0);
    speak_as(&m, APP);
    CU_ASSERT_FALSE(is_blocking(&m));
    CU_ASSERT_EQUAL(model_blocking_hook(m.world, m.chooser, APP), 0);
}

static void no_hook_runs_on_a_nonblocking_socket(void) {
    struct machine m;
    uint64_t s = world_of_1_1(&m);
    m.world->provider_delay_ns = UINT64_MAX;
    expect_ok(set_blocking_hook(&m, RANGE_GOOD));
    world_socket(m.world, 0)->nonblocking = 1;
    control_token(&m, s, SIO_ASSOCIATE_PORT_RESERVATION, 1);
    run_call(&m, &m.call);
    CU_ASSERT_EQUAL(m.result.status, RESULT_BLOCKED);
    CU_ASSERT_EQUAL(model_blocking_hook(m.world, m.chooser, APP), 0);
}

static void no_hook_runs_in_a_wait_of_windows(void) {
    struct machine m;
    world_of_1_1(&m);
    expect_ok(set_blocking_hook(&m, RANGE_GOOD));
    CU_ASSERT_EQUAL(sleep_for(&m, INFINITE, false), WAIT_BLOCKS);
    CU_ASSERT_EQUAL(model_blocking_hook(m.world, m.chooser, APP), 0);
}

static void a_hook_may_ask_and_cancel_and_nothing_else(void) {
    struct machine m;
    uint64_t s = world_in_a_hook(&m);
    CU_ASSERT_TRUE(is_blocking(&m));
    expect_error(WSAEINPROGRESS, close_socket(&m, s));
    expect_error(WSAEINPROGRESS, set_blocking_hook(&m, RANGE_GOOD));
    uint64_t other = 0;
    expect_error(WSAEINPROGRESS, make_socket(&m, AF_V4, STREAM, TCP, &other));
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_WSAGetLastError, 0, 0, 0), WSAEINPROGRESS);
    plain_call(&m, FUNCTION_SetEvent, NOT_GIVEN, 0, 0);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    CU_ASSERT_TRUE(is_blocking(&m));
}

static void a_cancelled_call_ends_with_WSAEINTR(void) {
    struct machine m;
    uint64_t s = world_in_a_hook(&m);
    expect_ok(cancel_blocking_call(&m));
    CU_ASSERT_EQUAL(m.result.returns_count, 1);
    CU_ASSERT_EQUAL(m.result.returns[0].thread, APP);
    CU_ASSERT_EQUAL(m.result.returns[0].error, WSAEINTR);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_WSAGetLastError, 0, 0, 0), WSAEINTR);
    CU_ASSERT_FALSE(is_blocking(&m));
    expect_ok(close_socket(&m, s));
}

static void worlds_differ_by_their_hooks(void) {
    struct machine one, other;
    world_of_1_1(&one);
    world_of_1_1(&other);
    expect_ok(set_blocking_hook(&one, RANGE_GOOD));
    CU_ASSERT_FALSE(same_world(&one, &other));
    expect_ok(set_blocking_hook(&other, RANGE_GOOD));
    CU_ASSERT_TRUE(same_world(&one, &other));
}

/* Q80, Q113: while one thread blocks, another one of its process gets WSAEINPROGRESS only where that is kept up and the
 * process is the task. */
static void another_thread_is_refused_where_the_process_is_the_task(void) {
    for (unsigned i = 0; i < 4; i++) {
        struct machine m;
        bool kept_up = i % 2 == 0, process = i / 2 == 0;
        uint64_t s = world_of_1_1(&m), other = 0;
        also_read(&m, Q80_INPROGRESS, kept_up ? Q80_EMULATED : Q80_NEVER);
        also_read(&m, Q113_TASK, process ? Q113_PROCESS : Q113_THREAD);
        block_on(&m, s);
        speak_as(&m, APP_SECOND);
        expect_error(kept_up && process ? WSAEINPROGRESS : 0, make_socket(&m, AF_V4, STREAM, TCP, &other));
    }
}

void register_blocking_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model blocking hooks", NULL, NULL);
    CU_add_test(suite, "another thread is refused where the process is the task",
                another_thread_is_refused_where_the_process_is_the_task);
    CU_add_test(suite, "only programs of 1.1 have hooks", only_programs_of_1_1_have_hooks);
    CU_add_test(suite, "the hook before is given back", the_hook_before_is_given_back);
    CU_add_test(suite, "a hook runs while its own thread blocks", a_hook_runs_while_its_own_thread_blocks);
    CU_add_test(suite, "no hook runs on a non-blocking socket", no_hook_runs_on_a_nonblocking_socket);
    CU_add_test(suite, "no hook runs in a wait of Windows' own", no_hook_runs_in_a_wait_of_windows);
    CU_add_test(suite, "a hook may ask and cancel, and nothing else", a_hook_may_ask_and_cancel_and_nothing_else);
    CU_add_test(suite, "a cancelled call ends with WSAEINTR", a_cancelled_call_ends_with_WSAEINTR);
    CU_add_test(suite, "worlds differ by their hooks", worlds_differ_by_their_hooks);
}
