/* The whole machine runs out of something: what fails, with which error, and what still works. */
#include "stack/tests/fixture_calls.h"

void register_faults_tests(void);

static void without_buffers(void) {
    struct machine m;
    machine_with_two_processes(&m);
    uint64_t s = tcp(&m), bound = tcp(&m), datagram = udp(&m), other = 0;
    struct grant grant = granted(&m, s, 0, 2);
    struct protocol_info info;
    uint32_t sent = 0;
    expect_ok(bind_at(&m, bound, LOOPBACK_V4, 0));
    model_no_buffers(m.world, true);
    expect_error(WSAENOBUFS, make_socket(&m, AF_V4, STREAM, TCP, &other));
    expect_error(WSAENOBUFS, bind_port(&m, s, 0));
    expect_error(WSAENOBUFS, listen_on(&m, bound));
    expect_error(WSAENOBUFS, connect_to(&m, s, LOOPBACK_V4, 80));
    expect_error(WSAENOBUFS, send_byte(&m, datagram, TO_LOOPBACK, 80, &sent));
    expect_error(WSAENOBUFS, duplicate_socket(&m, s, PROCESS_TOOL, &info));
    struct grant refused;
    expect_error(WSAENOBUFS, acquire(&m, s, 0, 1, &refused));
    /* What needs nothing new still works. */
    expect_ok(associate(&m, s, grant.token));
    expect_ok(release(&m, s, grant.token));
    CU_ASSERT_NOT_EQUAL(port_of(&m, bound), 0);
    expect_ok(close_socket(&m, bound));
    model_no_buffers(m.world, false);
    expect_ok(make_socket(&m, AF_V4, STREAM, TCP, &other));
}

static void arguments_are_looked_at_before_resources(void) {
    struct machine m;
    uint64_t s = world_with_bound_socket(&m, 50000), other = 0;
    model_no_buffers(m.world, true);
    model_no_handles(m.world, true);
    expect_error(WSAEINVAL, bind_port(&m, s, 0));
    expect_error(WSAEPROTONOSUPPORT, make_socket(&m, AF_V4, STREAM, UDP, &other));
    expect_error(WSAEMFILE, make_socket(&m, AF_V4, STREAM, TCP, &other));
}

static void without_handles(void) {
    struct machine m;
    machine_with_two_processes(&m);
    uint64_t s = tcp(&m), other = 0;
    struct protocol_info info, refused;
    expect_ok(duplicate_socket(&m, s, PROCESS_APP, &info));
    model_no_handles(m.world, true);
    expect_error(WSAEMFILE, make_socket(&m, AF_V4, DATAGRAM, UDP, &other));
    expect_error(WSAEMFILE, duplicate_socket(&m, s, PROCESS_TOOL, &refused));
    expect_error(WSAEMFILE, open_duplicate_of(&m, &info, &other));
    expect_ok(bind_port(&m, s, 0));
    model_no_handles(m.world, false);
    expect_ok(open_duplicate_of(&m, &info, &other)); /* the failure has not used it up */
}

static void without_memory(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t file = 0;
    model_no_memory(m.world, true);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_CreateEventW, 0, 1, 0), 0);
    CU_ASSERT_EQUAL(m.result.error, ERROR_NOT_ENOUGH_MEMORY);
    expect_error(ERROR_NOT_ENOUGH_MEMORY, open_file(&m, "NUL", &file));
    expect_error(ERROR_FILE_NOT_FOUND, open_file(&m, "NIL", &file));
    tcp(&m); /* Winsock speaks of buffers and handles */
    model_no_memory(m.world, false);
    new_event(&m, true, false);
}

static void a_failed_bind_can_be_repeated(void) {
    struct machine m;
    uint64_t s = world_with_open_socket(&m);
    struct grant grant = granted(&m, s, 0, 1);
    expect_ok(associate(&m, s, grant.token));
    model_no_buffers(m.world, true);
    expect_error(WSAENOBUFS, bind_port(&m, s, 0));
    model_no_buffers(m.world, false);
    expect_ok(bind_port(&m, s, 0));
    CU_ASSERT_EQUAL(port_of(&m, s), grant.first);
}

static void a_restart_cures_all(void) {
    struct machine m;
    uint64_t s = 0;
    machine_begin(&m);
    model_no_buffers(m.world, true);
    model_no_handles(m.world, true);
    model_no_memory(m.world, true);
    model_reboot(m.world);
    model_process_start(m.world, PROCESS_APP, APP, 0, 0x0202);
    expect_ok(make_socket(&m, AF_V4, STREAM, TCP, &s));
    new_event(&m, true, false);
}

static void faults_are_part_of_the_world(void) {
    void (*const faults[])(struct world *, bool) = { model_network_down, model_no_buffers, model_no_handles,
                                                     model_no_memory };
    struct machine plain, faulty[4];
    machine_begin(&plain);
    for (unsigned i = 0; i < 4; i++) {
        machine_begin(&faulty[i]);
        faults[i](faulty[i].world, true);
        CU_ASSERT(!same_world(&plain, &faulty[i]));
        for (unsigned k = 0; k < i; k++) CU_ASSERT(!same_world(&faulty[k], &faulty[i]));
    }
}

void register_faults_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/faults", NULL, NULL);
    CU_add_test(suite, "without buffers", without_buffers);
    CU_add_test(suite, "arguments are looked at before resources", arguments_are_looked_at_before_resources);
    CU_add_test(suite, "without handles", without_handles);
    CU_add_test(suite, "without memory", without_memory);
    CU_add_test(suite, "a failed bind can be repeated", a_failed_bind_can_be_repeated);
    CU_add_test(suite, "a restart cures all", a_restart_cures_all);
    CU_add_test(suite, "faults are part of the world", faults_are_part_of_the_world);
}
