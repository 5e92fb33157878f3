/* Addresses that calls store: every byte of them, of both families, and what becomes of memory that does not hold
 * them. */
#include <string.h>

#include "stack/tests/fixture_wire.h"

void register_stored_addresses_tests(void);

enum { NAME_AT = 0x1000, LENGTH_AT = 0x2000, BUFFER_AT = 0x3000, OVERLAPPED_AT = 0x4000, ROOM = 64 };

/* What stores one, and where. */
static const struct {
    enum function function;
    uint8_t socket, name, length;
} stores[] = {
    { FUNCTION_getsockname, getsockname_s, getsockname_name, getsockname_namelen },
    { FUNCTION_getpeername, getpeername_s, getpeername_name, getpeername_namelen },
    { FUNCTION_accept, accept_s, accept_addr, accept_addrlen },
    { FUNCTION_recvfrom, recvfrom_s, recvfrom_from, recvfrom_fromlen },
};
enum { GETSOCKNAME, GETPEERNAME, ACCEPT, RECVFROM, STORES };

/* The memory of a call: so many bytes are there, and so many are said to be. */
struct memory {
    uint32_t there, said;
    enum range_state name_state, length_state;
};

static const struct memory ample = { ROOM, ROOM, RANGE_GOOD, RANGE_GOOD };

static void ask(struct machine *m, unsigned which, uint64_t socket, const struct memory *memory) {
    struct call call;
    uint8_t said[4];
    call_clear(&call);
    call.function = (uint16_t)stores[which].function;
    call.arguments[stores[which].socket] = socket;
    call.arguments[stores[which].name] = memory->name_state == RANGE_NULL ? 0 : NAME_AT;
    call.ranges[stores[which].name] = (struct range){ .address = call.arguments[stores[which].name],
                                                      .length = memory->there,
                                                      .state = (uint8_t)memory->name_state };
    call.arguments[stores[which].length] = LENGTH_AT;
    call.ranges[stores[which].length] =
        (struct range){ .address = LENGTH_AT, .length = 4, .state = (uint8_t)memory->length_state };
    store_u32(said, memory->said);
    if (memory->length_state == RANGE_GOOD) CU_ASSERT(call_put_bytes(&call, stores[which].length, said, sizeof said));
    if (which == RECVFROM) {
        call.arguments[recvfrom_buf] = BUFFER_AT;
        call.arguments[recvfrom_len] = 8;
        call.ranges[recvfrom_buf] = (struct range){ .address = BUFFER_AT, .length = 8, .state = RANGE_GOOD };
    }
    run_call(m, &call);
}

/* A sockaddr of the loopback address with this port, as Windows lays it out. */
static uint32_t loopback_name(unsigned family, unsigned port, uint8_t bytes[SOCKADDR_IN6_SIZE]) {
    memset(bytes, 0, SOCKADDR_IN6_SIZE);
    bytes[0] = family == 4 ? AF_INET : AF_INET6;
    bytes[2] = (uint8_t)(port >> 8);
    bytes[3] = (uint8_t)port;
    if (family == 4) bytes[4] = 127, bytes[7] = 1;
    else bytes[23] = 1;
    return family == 4 ? SOCKADDR_IN_SIZE : SOCKADDR_IN6_SIZE;
}

static void expect_loopback(const struct machine *m, unsigned family, unsigned port) {
    uint8_t expected[SOCKADDR_IN6_SIZE];
    uint32_t size = loopback_name(family, port, expected);
    const uint8_t *name = written(m, NAME_AT, size), *length = written(m, LENGTH_AT, 4);
    CU_ASSERT_PTR_NOT_NULL_FATAL(name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(length);
    CU_ASSERT_EQUAL(memcmp(name, expected, size), 0);
    CU_ASSERT_EQUAL(load_u32(length), size);
}

/* Sockets of one family, for each function the one that it is asked of; and the port that it has to store. */
struct scene {
    uint64_t sockets[STORES];
    unsigned ports[STORES];
};

static struct scene begin_scene(struct machine *m, unsigned family) {
    enum address loopback = family == 4 ? LOOPBACK_V4 : LOOPBACK_V6;
    uint64_t receiver, sender, accepted = 0;
    machine_begin(m);
    udp(m);
    uint64_t listener = family == 4 ? tcp(m) : tcp_v6(m), client = family == 4 ? tcp(m) : tcp_v6(m),
             late = family == 4 ? tcp(m) : tcp_v6(m);
    int af = family == 4 ? AF_V4 : AF_V6;
    expect_ok(make_socket(m, af, DATAGRAM, UDP, &receiver));
    expect_ok(make_socket(m, af, DATAGRAM, UDP, &sender));
    expect_ok(bind_at(m, listener, loopback, 21000));
    expect_ok(listen_on(m, listener));
    expect_ok(bind_at(m, client, loopback, 21001));
    expect_ok(connect_to(m, client, loopback, 21000));
    expect_ok(accept_on(m, listener, &accepted));
    expect_ok(bind_at(m, late, loopback, 21002));
    expect_ok(connect_to(m, late, loopback, 21000)); /* waits to be accepted */
    expect_ok(bind_at(m, receiver, loopback, 21003));
    expect_ok(bind_at(m, sender, loopback, 21004));
    expect_ok(connect_to(m, sender, loopback, 21003));
    expect_ok(send_text(m, sender, "x"));
    return (struct scene){ { client, accepted, listener, receiver }, { 21001, 21001, 21002, 21004 } };
}

static void every_byte_of_a_name_is_stored(void) {
    for (unsigned family = 4; family <= 6; family += 2)
        for (unsigned which = 0; which < STORES; which++) {
            struct machine m;
            struct scene scene = begin_scene(&m, family);
            ask(&m, which, scene.sockets[which], &ample);
            CU_ASSERT_NOT_EQUAL(m.result.value, UINT64_MAX);
            expect_loopback(&m, family, scene.ports[which]);
        }
}

/* A name that just fits is stored; what is a byte too short, in fact or as it is said, gets none. */
static void a_name_fits_or_is_not_stored(void) {
    for (unsigned family = 4; family <= 6; family += 2) {
        uint32_t size = family == 4 ? SOCKADDR_IN_SIZE : SOCKADDR_IN6_SIZE;
        const struct memory fits = { size, size, RANGE_GOOD, RANGE_GOOD };
        const struct memory bad[] = {
            { size, size - 1, RANGE_GOOD, RANGE_GOOD }, { size - 1, size, RANGE_PARTLY_BAD, RANGE_GOOD },
            { 0, size, RANGE_BAD, RANGE_GOOD },         { size, size, RANGE_GOOD, RANGE_BAD },
            { size, 0, RANGE_GOOD, RANGE_GOOD },
        };
        for (unsigned which = 0; which < STORES; which++) {
            struct machine m;
            struct scene scene = begin_scene(&m, family);
            ask(&m, which, scene.sockets[which], &fits);
            CU_ASSERT_NOT_EQUAL(m.result.value, UINT64_MAX);
            expect_loopback(&m, family, scene.ports[which]);
            for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
                scene = begin_scene(&m, family);
                ask(&m, which, scene.sockets[which], &bad[i]);
                CU_ASSERT_EQUAL(m.result.value, UINT64_MAX);
                CU_ASSERT_EQUAL(m.result.error, WSAEFAULT);
                CU_ASSERT_PTR_NULL(written(&m, NAME_AT, 1));
                CU_ASSERT_PTR_NULL(written(&m, LENGTH_AT, 4));
            }
        }
    }
}

/* --- what AcceptEx stores, and GetAcceptExSockaddrs finds there --------------------------------------------------- */

enum { DATA = 5, PART = SOCKADDR_IN6_SIZE + 16, PARTS = DATA + 2 * PART };

/* The buffer of an AcceptEx through which `late` came with five bytes. */
static void fill_parts(struct machine *m, unsigned family, uint8_t parts[PARTS]) {
    struct scene scene = begin_scene(m, family);
    uint64_t listener = scene.sockets[ACCEPT], acceptor = family == 4 ? tcp(m) : tcp_v6(m), accepted;
    uint64_t client = family == 4 ? tcp(m) : tcp_v6(m);
    expect_ok(accept_on(m, listener, &accepted));
    struct call call;
    static const uint8_t overlapped[OVERLAPPED_SIZE];
    call_clear(&call);
    call.function = FUNCTION_AcceptEx;
    call.arguments[AcceptEx_sListenSocket] = listener;
    call.arguments[AcceptEx_sAcceptSocket] = acceptor;
    call.arguments[AcceptEx_dwReceiveDataLength] = DATA;
    call.arguments[AcceptEx_dwLocalAddressLength] = call.arguments[AcceptEx_dwRemoteAddressLength] = PART;
    call.arguments[AcceptEx_lpOutputBuffer] = BUFFER_AT;
    call.ranges[AcceptEx_lpOutputBuffer] = (struct range){ .address = BUFFER_AT, .length = PARTS, .state = RANGE_GOOD };
    call.ranges[AcceptEx_lpdwBytesReceived].state = RANGE_NULL;
    call.arguments[AcceptEx_lpOverlapped] = OVERLAPPED_AT;
    call.ranges[AcceptEx_lpOverlapped] =
        (struct range){ .address = OVERLAPPED_AT, .length = OVERLAPPED_SIZE, .state = RANGE_GOOD };
    CU_ASSERT(call_put_bytes(&call, AcceptEx_lpOverlapped, overlapped, sizeof overlapped));
    run_call(m, &call);
    enum address loopback = family == 4 ? LOOPBACK_V4 : LOOPBACK_V6;
    expect_ok(bind_at(m, client, loopback, 21005));
    expect_ok(connect_to(m, client, loopback, 21000));
    expect_ok(send_text(m, client, "hello"));
    memset(parts, 0, PARTS);
    for (unsigned i = 0; i < m->result.writes_count; i++) {
        const struct result_write *write = &m->result.writes[i];
        if (write->address < BUFFER_AT || write->address >= BUFFER_AT + PARTS) continue;
        CU_ASSERT_FATAL(write->address + write->length <= BUFFER_AT + PARTS);
        memcpy(parts + (write->address - BUFFER_AT), m->result.bytes + write->bytes_offset, write->length);
    }
    CU_ASSERT_EQUAL(memcmp(parts, "hello", DATA), 0);
}

/* GetAcceptExSockaddrs of this buffer, with parts of these lengths. */
static void find_names(struct machine *m, const uint8_t *parts, uint32_t local, uint32_t remote) {
    struct call call;
    uint8_t said[4];
    static const uint8_t names[] = { GetAcceptExSockaddrs_LocalSockaddr, GetAcceptExSockaddrs_RemoteSockaddr };
    static const uint8_t lengths[] = { GetAcceptExSockaddrs_LocalSockaddrLength,
                                       GetAcceptExSockaddrs_RemoteSockaddrLength };
    call_clear(&call);
    call.function = FUNCTION_GetAcceptExSockaddrs;
    call.arguments[GetAcceptExSockaddrs_lpOutputBuffer] = BUFFER_AT;
    call.arguments[GetAcceptExSockaddrs_dwReceiveDataLength] = DATA;
    call.arguments[GetAcceptExSockaddrs_dwLocalAddressLength] = local;
    call.arguments[GetAcceptExSockaddrs_dwRemoteAddressLength] = remote;
    call.ranges[GetAcceptExSockaddrs_lpOutputBuffer] =
        (struct range){ .address = BUFFER_AT, .length = PARTS, .state = RANGE_GOOD };
    CU_ASSERT(call_put_bytes(&call, GetAcceptExSockaddrs_lpOutputBuffer, parts, PARTS));
    store_u32(said, ROOM);
    for (unsigned i = 0; i < 2; i++) {
        uint64_t name = NAME_AT + 0x200 * i, length = LENGTH_AT + 0x200 * i;
        call.arguments[names[i]] = name;
        call.arguments[lengths[i]] = length;
        call.ranges[names[i]] = (struct range){ .address = name, .length = ROOM, .state = RANGE_GOOD };
        call.ranges[lengths[i]] = (struct range){ .address = length, .length = 4, .state = RANGE_GOOD };
        CU_ASSERT(call_put_bytes(&call, lengths[i], said, sizeof said));
    }
    run_call(m, &call);
    if (m->result.status == RESULT_RETURNED) CU_ASSERT_EQUAL(m->result.value, 0); /* VOID on Windows */
}

static void what_accept_ex_stores_is_found(void) {
    for (unsigned family = 4; family <= 6; family += 2) {
        struct machine m;
        uint8_t parts[PARTS], remote[SOCKADDR_IN6_SIZE];
        fill_parts(&m, family, parts);
        find_names(&m, parts, PART, PART);
        expect_loopback(&m, family, 21000);
        uint32_t size = loopback_name(family, 21005, remote);
        const uint8_t *found = written(&m, NAME_AT + 0x200, size), *length = written(&m, LENGTH_AT + 0x200, 4);
        CU_ASSERT_PTR_NOT_NULL_FATAL(found);
        CU_ASSERT_PTR_NOT_NULL_FATAL(length);
        CU_ASSERT_EQUAL(memcmp(found, remote, size), 0);
        CU_ASSERT_EQUAL(load_u32(length), size);
    }
}

/* A buffer that no AcceptEx has filled so: nothing is known of what Windows finds there. */
static void what_accept_ex_has_not_stored_is_not_modelled(void) {
    struct machine m;
    uint8_t parts[PARTS];
    fill_parts(&m, 4, parts);
    static const uint8_t nothing[PARTS];
    find_names(&m, nothing, PART, PART);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    find_names(&m, parts, PART - 1, PART + 1);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    /* The last byte of the peer's address lies outside, or the family is of no kind. */
    find_names(&m, parts, PART, ACCEPT_ADDRESS_OFFSET + SOCKADDR_IN_SIZE - 1);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    for (unsigned part = 0; part < 2; part++) {
        uint8_t broken[PARTS];
        memcpy(broken, parts, PARTS);
        broken[DATA + part * PART + ACCEPT_ADDRESS_OFFSET] ^= 1;
        find_names(&m, broken, PART, PART);
        CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    }
    /* A family of no kind whose address is as long as one of IPv6. */
    struct machine other;
    uint8_t of_ipv6[PARTS];
    fill_parts(&other, 6, of_ipv6);
    of_ipv6[DATA + PART + ACCEPT_ADDRESS_OFFSET] ^= 1;
    find_names(&other, of_ipv6, PART, PART);
    CU_ASSERT_EQUAL(other.result.status, RESULT_NOT_MODELLED);
    /* A part that says of itself that it holds no address. */
    for (unsigned part = 0; part < 2; part++) {
        uint8_t empty[PARTS];
        memcpy(empty, parts, PARTS);
        empty[DATA + part * PART] = 0;
        find_names(&m, empty, PART, PART);
        CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    }
    find_names(&m, parts, PART, PART);
    CU_ASSERT_EQUAL(m.result.status, RESULT_RETURNED);
    find_names(&m, parts, PART, ACCEPT_ADDRESS_OFFSET + SOCKADDR_IN_SIZE); /* as long as the address */
    CU_ASSERT_EQUAL(m.result.status, RESULT_RETURNED);
    CU_ASSERT_PTR_NOT_NULL(written(&m, NAME_AT + 0x200, SOCKADDR_IN_SIZE));
}

/* As long as all that a record holds, and a byte longer: that is a limit of ours, and there is no room for the two
 * lengths then, so that nothing is stored. */
static void a_buffer_may_be_as_long_as_a_record(void) {
    for (uint32_t beyond = 0; beyond < 2; beyond++) {
        struct machine m;
        struct call call;
        uint8_t parts[CALL_BYTES_MAX] = { 0 };
        fill_parts(&m, 4, parts);
        call_clear(&call);
        call.function = FUNCTION_GetAcceptExSockaddrs;
        call.arguments[GetAcceptExSockaddrs_lpOutputBuffer] = BUFFER_AT;
        call.arguments[GetAcceptExSockaddrs_dwReceiveDataLength] = DATA;
        call.arguments[GetAcceptExSockaddrs_dwLocalAddressLength] = PART;
        call.arguments[GetAcceptExSockaddrs_dwRemoteAddressLength] = CALL_BYTES_MAX - DATA - PART + beyond;
        call.ranges[GetAcceptExSockaddrs_lpOutputBuffer] =
            (struct range){ .address = BUFFER_AT, .length = CALL_BYTES_MAX + beyond, .state = RANGE_GOOD };
        CU_ASSERT(call_put_bytes(&call, GetAcceptExSockaddrs_lpOutputBuffer, parts, CALL_BYTES_MAX));
        run_call(&m, &call);
        CU_ASSERT_EQUAL(m.result.status, beyond == 0 ? RESULT_RETURNED : RESULT_NOT_MODELLED);
        CU_ASSERT_EQUAL(m.result.writes_count, 0);
    }
}

void register_stored_addresses_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/transport addresses that are stored", NULL, NULL);
    CU_add_test(suite, "every byte of a name is stored", every_byte_of_a_name_is_stored);
    CU_add_test(suite, "a name fits, or is not stored", a_name_fits_or_is_not_stored);
    CU_add_test(suite, "what AcceptEx stores is found", what_accept_ex_stores_is_found);
    CU_add_test(suite, "what AcceptEx has not stored is not modelled", what_accept_ex_has_not_stored_is_not_modelled);
    CU_add_test(suite, "a buffer may be as long as a record", a_buffer_may_be_as_long_as_a_record);
}
