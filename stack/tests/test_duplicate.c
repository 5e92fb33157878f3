/* One socket in two processes: WSADuplicateSocketW, what it gives, who may open it, and what becomes of
 * reservations. */
#include <string.h>

#include "stack/system/handles.h"
#include "stack/tests/fixture_wire.h"
#include "stack/transport/wire/address.h"

void register_duplicate_tests(void);

enum { FIRST = 50000 };

static void the_duplicate_is_the_same_socket(void) {
    struct machine m;
    machine_with_two_processes(&m);
    uint64_t s = tcp(&m);
    uint64_t shared = shared_with_tool(&m, s);
    expect_ok(bind_at(&m, s, LOOPBACK_V4, FIRST));
    speak_as(&m, TOOL);
    CU_ASSERT_EQUAL(port_of(&m, shared), FIRST);
    expect_ok(close_socket(&m, shared));
    speak_as(&m, APP);
    CU_ASSERT_EQUAL(port_of(&m, s), FIRST);
}

/* Q150 is about datagrams: a stream that another descriptor has bound, and connected, is received from by either. */
static void a_stream_is_received_from_by_either(void) {
    struct machine m;
    char heard[64];
    machine_with_two_processes(&m);
    also_read(&m, Q150_BOUND_BY_ANOTHER, Q150_OWN_STATE);
    uint64_t listener = tcp(&m), s = tcp(&m), server;
    uint64_t shared = shared_with_tool(&m, s);
    expect_ok(bind_at(&m, listener, LOOPBACK_V4, FIRST));
    expect_ok(listen_on(&m, listener));
    expect_ok(connect_to(&m, s, LOOPBACK_V4, FIRST));
    expect_ok(accept_on(&m, listener, &server));
    expect_ok(send_text(&m, server, "x"));
    speak_as(&m, TOOL);
    expect_ok(receive_text(&m, shared, heard));
    CU_ASSERT_STRING_EQUAL(heard, "x");
}

/* What a program may read of WSAPROTOCOL_INFOW, which is documented: iVersion, iAddressFamily, iSocketType,
 * iProtocol. What the model has no use for is 0, all but the promise in dwProviderReserved. */
static void the_structure_says_what_socket_it_is(void) {
    static const struct {
        int family, type, protocol;
        uint32_t members[4];
    } kinds[] = {
        { AF_V4, STREAM, TCP, { 2, 2, 1, 6 } },    { AF_V6, STREAM, TCP, { 2, 23, 1, 6 } },
        { AF_V4, DATAGRAM, UDP, { 2, 2, 2, 17 } }, { AF_V6, DATAGRAM, UDP, { 2, 23, 2, 17 } },
        { AF_V4, RAW, ICMP, { 2, 2, 3, 0 } },
    };
    static const unsigned offsets[] = { 72, 76, 88, 92 };
    enum { PROVIDER_RESERVED = 112 };
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct machine m;
        machine_with_two_processes(&m);
        struct protocol_info info;
        uint64_t socket;
        expect_ok(make_socket(&m, kinds[i].family, kinds[i].type, kinds[i].protocol, &socket));
        expect_ok(duplicate_socket(&m, socket, PROCESS_TOOL, &info));
        for (unsigned j = 0; j < 4; j++) CU_ASSERT_EQUAL(load_u32(info.bytes + offsets[j]), kinds[i].members[j]);
        CU_ASSERT_NOT_EQUAL(load_u32(info.bytes + PROVIDER_RESERVED), 0);
        for (unsigned j = 0; j < 4; j++) store_u32(info.bytes + offsets[j], 0);
        store_u32(info.bytes + PROVIDER_RESERVED, 0);
        for (unsigned j = 0; j < sizeof info.bytes; j++) CU_ASSERT_EQUAL(info.bytes[j], 0);
    }
}

/* The page of WSASocket: a flag of the call that opens it, not of the socket. */
static void whether_children_inherit_it_is_said_when_it_is_opened(void) {
    for (unsigned kept = 0; kept < 2; kept++) {
        struct machine m;
        machine_begin(&m);
        struct protocol_info info;
        struct call call;
        expect_ok(duplicate_socket(&m, tcp(&m), PROCESS_APP, &info));
        call_to_open(&call, &info);
        call.arguments[WSASocketW_dwFlags] = kept ? WSA_FLAG_NO_HANDLE_INHERIT : 0;
        run_call(&m, &call);
        unsigned top = world_top(m.world, TABLE_HANDLES), found = 0;
        for (unsigned i = 0; i < top; i++) {
            const struct handle *row = world_handle_at(m.world, i);
            if (row->number != m.result.value) continue;
            CU_ASSERT_EQUAL(row->inheritable, !kept);
            found++;
        }
        CU_ASSERT_EQUAL(found, 1);
    }
}

static void it_is_opened_once(void) {
    struct machine m;
    machine_with_two_processes(&m);
    struct protocol_info info;
    uint64_t shared = 0, again = 0;
    expect_ok(duplicate_socket(&m, tcp(&m), PROCESS_TOOL, &info));
    speak_as(&m, TOOL);
    expect_ok(open_duplicate_of(&m, &info, &shared));
    expect_error(WSAEINVAL, open_duplicate_of(&m, &info, &again));
}

static void only_the_named_process_opens_it(void) {
    struct machine m;
    machine_with_two_processes(&m);
    struct protocol_info info;
    uint64_t shared = 0;
    expect_ok(duplicate_socket(&m, tcp(&m), PROCESS_TOOL, &info));
    expect_error(WSAEINVAL, open_duplicate_of(&m, &info, &shared));
    speak_as(&m, TOOL);
    expect_ok(open_duplicate_of(&m, &info, &shared));
}

/* What Windows's structure has in these places. It is laid out as WSAPROTOCOL_INFOW. */
static void the_structure_is_a_protocol_info(void) {
    enum { VERSION = 72, FAMILY = 76, TYPE = 88, PROTOCOL = 92, MESSAGE_SIZE = 108, PROVIDER_RESERVED = 112 };
    struct machine m;
    machine_with_two_processes(&m);
    struct protocol_info info;
    expect_ok(duplicate_socket(&m, tcp_v6(&m), PROCESS_TOOL, &info));
    CU_ASSERT_EQUAL(load_u32(info.bytes + VERSION), 2);
    CU_ASSERT_EQUAL(load_u32(info.bytes + FAMILY), AF_V6);
    CU_ASSERT_EQUAL(load_u32(info.bytes + TYPE), STREAM);
    CU_ASSERT_EQUAL(load_u32(info.bytes + PROTOCOL), TCP);
    CU_ASSERT_EQUAL(load_u32(info.bytes + MESSAGE_SIZE), 0);
    CU_ASSERT_NOT_EQUAL(load_u32(info.bytes + PROVIDER_RESERVED), 0);
    expect_ok(duplicate_socket(&m, udp(&m), PROCESS_TOOL, &info));
    CU_ASSERT_EQUAL(load_u32(info.bytes + FAMILY), AF_V4);
    CU_ASSERT_EQUAL(load_u32(info.bytes + TYPE), DATAGRAM);
    CU_ASSERT_EQUAL(load_u32(info.bytes + PROTOCOL), UDP);
}

static void a_process_may_share_with_itself(void) {
    struct machine m;
    uint64_t s = world_with_bound_socket(&m, FIRST);
    struct protocol_info info;
    uint64_t second = 0;
    expect_ok(duplicate_socket(&m, s, PROCESS_APP, &info));
    expect_ok(open_duplicate_of(&m, &info, &second));
    CU_ASSERT_NOT_EQUAL(second, s);
    expect_ok(close_socket(&m, s));
    CU_ASSERT_EQUAL(port_of(&m, second), FIRST);
}

static void what_is_on_its_way_keeps_the_socket_open(void) {
    struct machine m;
    machine_with_two_processes(&m);
    uint64_t s = tcp(&m);
    struct protocol_info info;
    uint64_t shared = 0;
    expect_ok(bind_at(&m, s, LOOPBACK_V4, FIRST));
    expect_ok(duplicate_socket(&m, s, PROCESS_TOOL, &info));
    expect_ok(close_socket(&m, s));
    speak_as(&m, TOOL);
    expect_ok(open_duplicate_of(&m, &info, &shared));
    CU_ASSERT_EQUAL(port_of(&m, shared), FIRST);
}

static void what_no_one_opens_ends_with_the_process_it_was_for(void) {
    struct machine m;
    machine_with_two_processes(&m);
    uint64_t s = tcp(&m);
    struct protocol_info info;
    expect_ok(bind_at(&m, s, ANY_V4, FIRST));
    expect_ok(duplicate_socket(&m, s, PROCESS_TOOL, &info));
    expect_ok(close_socket(&m, s));
    expect_error(WSAEADDRINUSE, bind_port(&m, tcp(&m), FIRST));
    result_clear(&m.result);
    model_process_end(m.world, m.chooser, PROCESS_TOOL, &m.result);
    settle(&m);
    expect_ok(bind_port(&m, tcp(&m), FIRST));
}

static void odd_arguments(void) {
    struct machine m;
    machine_with_two_processes(&m);
    uint64_t s = tcp(&m);
    expect_error(WSAENOTSOCK, duplicate_socket_oddly(&m, NOT_GIVEN, PROCESS_ID_FIRST + PROCESS_TOOL, RANGE_GOOD));
    expect_error(WSAEINVAL, duplicate_socket_oddly(&m, s, PROCESS_ID_FIRST + 2, RANGE_GOOD));
    expect_error(WSAEINVAL, duplicate_socket_oddly(&m, s, 0, RANGE_GOOD));
    expect_error(WSAEFAULT, duplicate_socket_oddly(&m, s, PROCESS_ID_FIRST + PROCESS_TOOL, RANGE_NULL));
    expect_error(WSAEFAULT, duplicate_socket_oddly(&m, s, PROCESS_ID_FIRST + PROCESS_TOOL, RANGE_BAD));
    struct protocol_info nothing;
    uint64_t shared = 0;
    memset(&nothing, 0, sizeof nothing);
    expect_error(WSAEINVAL, open_duplicate_of(&m, &nothing, &shared));
}

static void promises_are_finite(void) {
    struct machine m;
    machine_with_two_processes(&m);
    uint64_t s = tcp(&m);
    struct protocol_info info;
    for (unsigned i = 0; i < m.world->limits.duplicates; i++) expect_ok(duplicate_socket(&m, s, PROCESS_TOOL, &info));
    expect_error(WSAENOBUFS, duplicate_socket(&m, s, PROCESS_TOOL, &info));
}

/* --- reservations and Q62 ----------------------------------------------------------------------------------------- */

static void the_reservation_ends_with_the_last_handle(void) {
    struct machine m;
    machine_with_two_processes(&m);
    uint64_t keeper = tcp(&m);
    struct grant grant = granted(&m, keeper, FIRST, 1);
    uint64_t shared = shared_with_tool(&m, keeper);
    expect_ok(close_socket(&m, keeper));
    expect_ok(associate(&m, tcp(&m), grant.token));
    speak_as(&m, TOOL);
    expect_ok(close_socket(&m, shared));
    expect_ok(bind_port(&m, tcp(&m), FIRST));
}

static void a_second_handle_of_the_owner_counts_as_its_own(void) {
    struct machine m;
    machine_with_reading(&m, Q62_DUPLICATES, Q62_OWNER);
    start_tool(&m, 0);
    uint64_t keeper = tcp(&m);
    struct grant grant = granted(&m, keeper, FIRST, 1);
    struct protocol_info info;
    uint64_t second = 0;
    shared_with_tool(&m, keeper);
    expect_ok(duplicate_socket(&m, keeper, PROCESS_APP, &info));
    expect_ok(open_duplicate_of(&m, &info, &second));
    expect_ok(close_socket(&m, keeper));
    expect_ok(associate(&m, tcp(&m), grant.token));
    expect_ok(close_socket(&m, second));
    expect_error(WSAEINVAL, associate(&m, tcp(&m), grant.token));
}

static void a_stranger_that_closes_its_duplicate_ends_nothing(void) {
    struct machine m;
    machine_with_reading(&m, Q62_DUPLICATES, Q62_OWNER);
    start_tool(&m, 0);
    uint64_t keeper = tcp(&m);
    struct grant grant = granted(&m, keeper, FIRST, 1);
    uint64_t shared = shared_with_tool(&m, keeper);
    speak_as(&m, TOOL);
    expect_ok(close_socket(&m, shared));
    speak_as(&m, APP);
    expect_ok(associate(&m, tcp(&m), grant.token));
    CU_ASSERT_FALSE(world_asked(m.world, Q62_DUPLICATES));
}

/* The owner is gone, the block stays taken, and no one may use it: its process is no more. */
static void the_owner_ends_and_the_duplicate_lives(void) {
    struct machine m;
    machine_with_two_processes(&m);
    uint64_t keeper = tcp(&m);
    struct grant grant = granted(&m, keeper, FIRST, 1);
    uint64_t shared = shared_with_tool(&m, keeper);
    speak_as(&m, TOOL);
    result_clear(&m.result);
    model_process_end(m.world, m.chooser, PROCESS_APP, &m.result);
    settle(&m);
    uint64_t s = tcp(&m);
    expect_error(WSAEACCES, bind_port(&m, s, FIRST));
    expect_error(WSAEINVAL, associate(&m, s, grant.token));
    expect_error(WSAEINVAL, release(&m, shared, grant.token));
    expect_ok(close_socket(&m, shared));
    expect_ok(bind_port(&m, s, FIRST));
}

static void the_owner_ends_and_so_does_the_reservation(void) {
    struct machine m;
    machine_with_reading(&m, Q62_DUPLICATES, Q62_OWNER);
    start_tool(&m, 0);
    uint64_t keeper = tcp(&m);
    granted(&m, keeper, FIRST, 1);
    shared_with_tool(&m, keeper);
    speak_as(&m, TOOL);
    result_clear(&m.result);
    model_process_end(m.world, m.chooser, PROCESS_APP, &m.result);
    settle(&m);
    expect_ok(bind_port(&m, tcp(&m), FIRST));
}

static void who_acquires_on_the_duplicate_owns_it(void) {
    struct machine m;
    machine_with_two_processes(&m);
    uint64_t shared = shared_with_tool(&m, tcp(&m));
    speak_as(&m, TOOL);
    struct grant grant = granted(&m, shared, FIRST, 1);
    expect_ok(associate(&m, tcp(&m), grant.token));
    speak_as(&m, APP);
    expect_error(WSAEINVAL, associate(&m, tcp(&m), grant.token));
}

static void a_close_that_ends_the_block_unbinds_under_q54(void) {
    struct machine m;
    machine_with_reading(&m, Q62_DUPLICATES, Q62_OWNER);
    also_read(&m, Q54_RELEASE_WHILE_BOUND, Q54_BINDING_LOST);
    start_tool(&m, 0);
    uint64_t keeper = tcp(&m), s = tcp(&m);
    struct grant grant = granted(&m, keeper, FIRST, 1);
    expect_ok(associate(&m, s, grant.token));
    expect_ok(bind_port(&m, s, 0));
    shared_with_tool(&m, keeper);
    expect_ok(close_socket(&m, keeper));
    CU_ASSERT_EQUAL(port_of(&m, s), 0);
}

static void a_close_unbinds_what_its_own_process_reserved(void) {
    struct machine m;
    machine_with_reading(&m, Q62_DUPLICATES, Q62_OWNER);
    also_read(&m, Q54_RELEASE_WHILE_BOUND, Q54_BINDING_LOST);
    start_tool(&m, 0);
    uint64_t keeper = tcp(&m), bound_by_app = tcp(&m);
    expect_ok(associate(&m, bound_by_app, granted(&m, keeper, FIRST, 1).token));
    expect_ok(bind_port(&m, bound_by_app, 0));
    uint64_t shared = shared_with_tool(&m, keeper);
    speak_as(&m, TOOL);
    uint64_t bound_by_tool = tcp(&m);
    expect_ok(associate(&m, bound_by_tool, granted(&m, shared, FIRST + 1, 1).token));
    expect_ok(bind_port(&m, bound_by_tool, 0));
    speak_as(&m, APP);
    expect_ok(close_socket(&m, keeper));
    CU_ASSERT_EQUAL(port_of(&m, bound_by_app), 0);
    speak_as(&m, TOOL);
    CU_ASSERT_EQUAL(port_of(&m, bound_by_tool), FIRST + 1);
}

static void a_restart_forgets_what_was_on_its_way(void) {
    struct machine m;
    machine_with_two_processes(&m);
    struct protocol_info info;
    uint64_t shared = 0;
    uint64_t keeper = tcp(&m);
    granted(&m, keeper, FIRST, 1);
    shared_with_tool(&m, keeper);
    expect_ok(duplicate_socket(&m, keeper, PROCESS_TOOL, &info));
    model_reboot(m.world);
    model_process_start(m.world, PROCESS_TOOL, TOOL, 0, 0x0202);
    speak_as(&m, TOOL);
    expect_error(WSAEINVAL, open_duplicate_of(&m, &info, &shared));
    expect_ok(bind_port(&m, tcp(&m), FIRST));
}

static void promises_are_part_of_the_world(void) {
    struct machine one, other;
    struct protocol_info info;
    machine_with_two_processes(&one);
    machine_with_two_processes(&other);
    uint64_t s = tcp(&one);
    tcp(&other);
    CU_ASSERT(same_world(&one, &other));
    expect_ok(duplicate_socket(&one, s, PROCESS_TOOL, &info));
    CU_ASSERT(!same_world(&one, &other));
}

void register_duplicate_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/duplicate", NULL, NULL);
    CU_add_test(suite, "the duplicate is the same socket", the_duplicate_is_the_same_socket);
    CU_add_test(suite, "the structure says what socket it is", the_structure_says_what_socket_it_is);
    CU_add_test(suite, "a stream is received from by either", a_stream_is_received_from_by_either);
    CU_add_test(suite, "it is opened once", it_is_opened_once);
    CU_add_test(suite, "whether children inherit it is said when it is opened",
                whether_children_inherit_it_is_said_when_it_is_opened);
    CU_add_test(suite, "only the named process opens it", only_the_named_process_opens_it);
    CU_add_test(suite, "the structure is a protocol info", the_structure_is_a_protocol_info);
    CU_add_test(suite, "a process may share with itself", a_process_may_share_with_itself);
    CU_add_test(suite, "what is on its way keeps the socket open", what_is_on_its_way_keeps_the_socket_open);
    CU_add_test(suite, "what no one opens ends with the process it was for",
                what_no_one_opens_ends_with_the_process_it_was_for);
    CU_add_test(suite, "odd arguments", odd_arguments);
    CU_add_test(suite, "promises are finite", promises_are_finite);
    CU_add_test(suite, "the reservation ends with the last handle", the_reservation_ends_with_the_last_handle);
    CU_add_test(suite, "a second handle of the owner counts as its own",
                a_second_handle_of_the_owner_counts_as_its_own);
    CU_add_test(suite, "a stranger that closes its duplicate ends nothing",
                a_stranger_that_closes_its_duplicate_ends_nothing);
    CU_add_test(suite, "the owner ends and the duplicate lives", the_owner_ends_and_the_duplicate_lives);
    CU_add_test(suite, "the owner ends and so does the reservation", the_owner_ends_and_so_does_the_reservation);
    CU_add_test(suite, "who acquires on the duplicate owns it", who_acquires_on_the_duplicate_owns_it);
    CU_add_test(suite, "a close that ends the block unbinds under Q54=b",
                a_close_that_ends_the_block_unbinds_under_q54);
    CU_add_test(suite, "a close unbinds what its own process reserved", a_close_unbinds_what_its_own_process_reserved);
    CU_add_test(suite, "a restart forgets what was on its way", a_restart_forgets_what_was_on_its_way);
    CU_add_test(suite, "promises are part of the world", promises_are_part_of_the_world);
}
