/* Control codes that nearly every program uses: SIO_UDP_CONNRESET and kin, SIO_BASE_HANDLE, extension functions,
 * interfaces. */
#include <string.h>

#include "stack/sdk/control_values.h"
#include "stack/tests/fixture_calls.h"
#include "stack/call/catalogue.h"

void register_socket_codes_tests(void);

static uint32_t with_bytes(struct machine *m, uint64_t s, uint32_t code, uint32_t count) {
    static const uint8_t zeroes[4];
    control(m, s, code);
    with_input(m, zeroes, count);
    return perform(m);
}

/* F09: a BOOL, and one byte of it is enough. */
static void datagram_errors_are_switched_off(void) {
    static const uint32_t codes[] = { SIO_UDP_CONNRESET, SIO_UDP_NETRESET };
    for (unsigned i = 0; i < 2; i++) {
        struct machine m;
        machine_begin(&m);
        uint64_t s = udp(&m);
        const struct socket_row *row = world_socket_at(m.world, 0);
        CU_ASSERT_TRUE(row->udp_connreset);
        expect_ok(with_bytes(&m, s, codes[i], 1));
        CU_ASSERT_EQUAL(bytes_returned(&m), 0);
        CU_ASSERT_EQUAL(row->udp_connreset, codes[i] != SIO_UDP_CONNRESET);
        expect_error(WSAEFAULT, with_bytes(&m, s, codes[i], 0));
        expect_ok(bind_port(&m, s, 5000));
        expect_ok(with_bytes(&m, s, codes[i], 4));
        expect_error(WSAEOPNOTSUPP, with_bytes(&m, tcp(&m), codes[i], 4));
    }
}

/* F10. */
static void the_fast_path_came_with_windows_8(void) {
    enum { WINDOWS_8 = 9200 };
    struct machine m;
    machine_begin(&m);
    uint64_t s = tcp(&m);
    expect_ok(with_bytes(&m, s, SIO_LOOPBACK_FAST_PATH, 4));
    expect_error(WSAEFAULT, with_bytes(&m, s, SIO_LOOPBACK_FAST_PATH, 3));
    expect_error(WSAEOPNOTSUPP, with_bytes(&m, udp(&m), SIO_LOOPBACK_FAST_PATH, 4));
    m.world->build = 7601;
    CU_ASSERT_FALSE(world_asked(m.world, Q77_UNKNOWN_CODE));
    expect_error(WSAEOPNOTSUPP, with_bytes(&m, s, SIO_LOOPBACK_FAST_PATH, 4));
    CU_ASSERT_TRUE(world_asked(m.world, Q77_UNKNOWN_CODE)); /* an unknown code like others */
    m.world->build = WINDOWS_8 - 1;
    expect_error(WSAEOPNOTSUPP, with_bytes(&m, s, SIO_LOOPBACK_FAST_PATH, 4));
    m.world->build = WINDOWS_8;
    expect_ok(with_bytes(&m, s, SIO_LOOPBACK_FAST_PATH, 4));
}

/* W34, W35, F12. */
static void the_base_handle_is_the_handle(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = tcp(&m);
    control(&m, s, SIO_BASE_HANDLE);
    with_output_room(&m, 8);
    expect_ok(perform(&m));
    CU_ASSERT_EQUAL(bytes_returned(&m), 8);
    const uint8_t *stored = written(&m, m.call.arguments[WSAIoctl_out], 8);
    CU_ASSERT_PTR_NOT_NULL_FATAL(stored);
    CU_ASSERT_EQUAL(load_u64(stored), s);
    with_output_room(&m, 7);
    expect_error(WSAEFAULT, perform(&m));
    CU_ASSERT_EQUAL(bytes_returned(&m), 0);
    with_output_room(&m, 8);
    with_overlapped(&m, 0, 0);
    expect_error(WSA_IO_PENDING, perform(&m));
    CU_ASSERT_EQUAL((uint32_t)internal_of(&m, 0), STATUS_NOT_SUPPORTED);
    for (unsigned of_vista = 0; of_vista < 2; of_vista++) { /* the first with WSAIoctl's code (its page) */
        control(&m, s, SIO_BASE_HANDLE);
        with_output_room(&m, 8);
        m.world->build = BUILD_VISTA - 1 + of_vista;
        expect_error(of_vista ? 0u : WSAEOPNOTSUPP, perform(&m));
    }
}

/* W29 to W31. */
static void extension_functions_are_known_by_their_guids(void) {
    static const uint8_t connect_ex[16] = { 0xb9, 0x07, 0xa2, 0x25, 0xf3, 0xdd, 0x60, 0x46,
                                            0x8e, 0xe9, 0x76, 0xe5, 0x8c, 0x74, 0x06, 0x3e };
    static const uint8_t nothing[16] = { 1 };
    struct machine m;
    machine_begin(&m);
    control(&m, tcp(&m), SIO_GET_EXTENSION_FUNCTION_POINTER);
    with_input(&m, connect_ex, 16);
    with_output_room(&m, 8);
    expect_ok(perform(&m));
    CU_ASSERT_EQUAL(bytes_returned(&m), 8);
    with_output_room(&m, 4);
    expect_error(WSAEFAULT, perform(&m));
    with_output_room(&m, 8);
    with_input(&m, connect_ex, 15);
    expect_error(WSAEFAULT, perform(&m));
    with_input(&m, nothing, 16);
    expect_error(WSAEINVAL, perform(&m));
    with_overlapped(&m, 0, 0);
    expect_error(WSAEINVAL, perform(&m));
    CU_ASSERT_EQUAL(bytes_returned(&m), UNTOUCHED);
    with_input(&m, connect_ex, 16);
    expect_ok(perform(&m));
    CU_ASSERT_EQUAL(bytes_returned(&m), 8);
    CU_ASSERT_EQUAL(internal_high_of(&m, 0), 0);
}

/* Each GUID as mswsock.h has it. Each function has a place of its own, and one GUID that differs in its last byte, or
 * its first, has none. */
static void each_extension_function_has_a_guid(void) {
    static const struct {
        uint32_t first;
        uint16_t second, third;
        uint8_t last[8];
    } guids[] = {
        { 0xb5367df0, 0xcbac, 0x11cf, { 0x95, 0xca, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92 } }, /* TransmitFile */
        { 0xb5367df1, 0xcbac, 0x11cf, { 0x95, 0xca, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92 } }, /* AcceptEx */
        { 0xb5367df2, 0xcbac, 0x11cf, { 0x95, 0xca, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92 } }, /* GetAcceptExSockaddrs */
        { 0xd9689da0, 0x1f90, 0x11d3, { 0x99, 0x71, 0x00, 0xc0, 0x4f, 0x68, 0xc8, 0x76 } }, /* TransmitPackets */
        { 0x25a207b9, 0xddf3, 0x4660, { 0x8e, 0xe9, 0x76, 0xe5, 0x8c, 0x74, 0x06, 0x3e } }, /* ConnectEx */
        { 0x7fda2e11, 0x8630, 0x436f, { 0xa0, 0x31, 0xf5, 0x36, 0xa6, 0xee, 0xc1, 0x57 } }, /* DisconnectEx */
        { 0xf689d7c8, 0x6f1f, 0x436b, { 0x8a, 0x53, 0xe5, 0x4f, 0xe3, 0x51, 0xc3, 0x22 } }, /* WSARecvMsg */
        { 0xa441e712, 0x754f, 0x43ca, { 0x84, 0xa7, 0x0d, 0xee, 0x44, 0xcf, 0x60, 0x6d } }, /* WSASendMsg */
    };
    enum { GUIDS = sizeof guids / sizeof guids[0] };
    uint64_t places[GUIDS];
    struct machine m;
    machine_begin(&m);
    control(&m, tcp(&m), SIO_GET_EXTENSION_FUNCTION_POINTER);
    with_output_room(&m, 8);
    for (unsigned i = 0; i < GUIDS; i++) {
        uint8_t guid[16];
        store_u32(guid, guids[i].first);
        store_u16(guid + 4, guids[i].second);
        store_u16(guid + 6, guids[i].third);
        memcpy(guid + 8, guids[i].last, 8);
        with_input(&m, guid, sizeof guid);
        expect_ok(perform(&m));
        const uint8_t *stored = written(&m, m.call.arguments[WSAIoctl_out], 8);
        CU_ASSERT_PTR_NOT_NULL_FATAL(stored);
        places[i] = load_u64(stored);
        CU_ASSERT_NOT_EQUAL(places[i], 0);
        for (unsigned j = 0; j < i; j++) CU_ASSERT_NOT_EQUAL(places[i], places[j]);
        for (unsigned odd = 0; odd < sizeof guid; odd += sizeof guid - 1) {
            guid[odd] ^= 0x40;
            with_input(&m, guid, sizeof guid);
            expect_error(WSAEINVAL, perform(&m));
            guid[odd] ^= 0x40;
        }
    }
}

/* F13, F14, W52 to W55. */
static void interfaces_are_listed_whole_or_not_at_all(void) {
    struct machine m;
    machine_begin(&m);
    control(&m, tcp(&m), SIO_GET_INTERFACE_LIST);
    with_output_room(&m, 75);
    expect_error(WSAEFAULT, perform(&m));
    CU_ASSERT_EQUAL(bytes_returned(&m), 0);
    with_output_room(&m, 76);
    expect_ok(perform(&m));
    CU_ASSERT_EQUAL(bytes_returned(&m), 76);
    with_output_room(&m, 512);
    expect_ok(perform(&m));
    CU_ASSERT_EQUAL(bytes_returned(&m), 76);
    /* Flags: up, loopback, multicast; then address, broadcast address and mask. */
    static const uint8_t loopback[76] = { [0] = 1 | 4 | 16, [4] = 2,    [8] = 127,  [11] = 1, [28] = 2,  [32] = 127,
                                          [33] = 255,       [34] = 255, [35] = 255, [52] = 2, [56] = 255 };
    const uint8_t *stored = written(&m, m.call.arguments[WSAIoctl_out], sizeof loopback);
    CU_ASSERT_PTR_NOT_NULL_FATAL(stored);
    CU_ASSERT_EQUAL(memcmp(stored, loopback, sizeof loopback), 0);
    with_overlapped(&m, 0, 0);
    expect_error(WSA_IO_PENDING, perform(&m));
    CU_ASSERT_EQUAL(bytes_returned(&m), UNTOUCHED);
    CU_ASSERT_EQUAL((uint32_t)internal_of(&m, 0), 0);
    CU_ASSERT_EQUAL(internal_high_of(&m, 0), 76);
    with_output_room(&m, 75);
    expect_error(WSA_IO_PENDING, perform(&m));
    CU_ASSERT_EQUAL((uint32_t)internal_of(&m, 0), STATUS_BUFFER_TOO_SMALL);
    control(&m, tcp_v6(&m), SIO_GET_INTERFACE_LIST);
    with_output_room(&m, 512);
    expect_error(WSAEINVAL, perform(&m));
}

static void a_code_that_is_known_and_not_modelled_has_no_answer(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = tcp(&m);
    control(&m, s, SIO_TCP_INFO);
    run_call(&m, &m.call);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    CU_ASSERT_STRING_EQUAL(not_modelled_words(m.result.value), "SIO_TCP_INFO");
    CU_ASSERT_FALSE(world_asked(m.world, Q77_UNKNOWN_CODE));
    control(&m, NOT_GIVEN, SIO_TCP_INFO);
    expect_error(WSAENOTSOCK, perform(&m)); /* the code is not looked at */
}

void register_socket_codes_tests(void) {
    CU_pSuite suite = CU_add_suite("socket codes", NULL, NULL);
    if (suite == NULL) return;
    CU_add_test(suite, "errors of datagrams are switched off", datagram_errors_are_switched_off);
    CU_add_test(suite, "the fast path came with Windows 8", the_fast_path_came_with_windows_8);
    CU_add_test(suite, "the base handle is the handle", the_base_handle_is_the_handle);
    CU_add_test(suite, "extension functions are known by their GUIDs", extension_functions_are_known_by_their_guids);
    CU_add_test(suite, "each extension function has a GUID", each_extension_function_has_a_guid);
    CU_add_test(suite, "interfaces are listed whole or not at all", interfaces_are_listed_whole_or_not_at_all);
    CU_add_test(suite, "a code that is known and not modelled has no answer",
                a_code_that_is_known_and_not_modelled_has_no_answer);
}
