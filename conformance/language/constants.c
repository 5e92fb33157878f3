#include "conformance/language/constants.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "conformance/base/nearest.h"
#include "stack/errors.h"

/* Values: facts 1.1 and 1.2; wait results and file-control codes as the SDK documents them. */
#define CONSTANT(name, value) { #name, sizeof #name - 1, value }
static const struct constant constants[] = {
    CONSTANT(AF_UNSPEC, 0), CONSTANT(AF_INET, 2), CONSTANT(AF_INET6, 23),
    CONSTANT(SOCK_STREAM, 1), CONSTANT(SOCK_DGRAM, 2), CONSTANT(SOCK_RAW, 3), CONSTANT(SOCK_RDM, 4), CONSTANT(SOCK_SEQPACKET, 5),
    CONSTANT(IPPROTO_IP, 0), CONSTANT(IPPROTO_ICMP, 1), CONSTANT(IPPROTO_TCP, 6), CONSTANT(IPPROTO_UDP, 17), CONSTANT(IPPROTO_IPV6, 41),
    CONSTANT(IPPROTO_ICMPV6, 58), CONSTANT(FROM_PROTOCOL_INFO, -1),
    CONSTANT(SOL_SOCKET, 0xffff),
    CONSTANT(SO_DEBUG, 0x0001), CONSTANT(SO_ACCEPTCONN, 0x0002), CONSTANT(SO_REUSEADDR, 0x0004), CONSTANT(SO_KEEPALIVE, 0x0008),
    CONSTANT(SO_SYNCHRONOUS_ALERT, 0x10), CONSTANT(SO_BROADCAST, 0x0020), CONSTANT(SO_SYNCHRONOUS_NONALERT, 0x20),
    CONSTANT(SO_EXCLUSIVEADDRUSE, -5), CONSTANT(SO_SNDBUF, 0x1001), CONSTANT(SO_RCVBUF, 0x1002), CONSTANT(SO_ERROR, 0x1007),
    CONSTANT(SO_TYPE, 0x1008), CONSTANT(SO_COMPARTMENT_ID, 0x3004), CONSTANT(SO_RANDOMIZE_PORT, 0x3005),
    CONSTANT(SO_PORT_SCALABILITY, 0x3006), CONSTANT(SO_REUSE_UNICASTPORT, 0x3007), CONSTANT(SO_REUSE_MULTICASTPORT, 0x3008),
    CONSTANT(SO_OPENTYPE, 0x7008), CONSTANT(IPV6_V6ONLY, 27), CONSTANT(TCP_NODELAY, 1),
    CONSTANT(WSA_FLAG_OVERLAPPED, 0x01), CONSTANT(WSA_FLAG_MULTIPOINT_C_ROOT, 0x02), CONSTANT(WSA_FLAG_MULTIPOINT_C_LEAF, 0x04),
    CONSTANT(WSA_FLAG_MULTIPOINT_D_ROOT, 0x08), CONSTANT(WSA_FLAG_MULTIPOINT_D_LEAF, 0x10),
    CONSTANT(WSA_FLAG_ACCESS_SYSTEM_SECURITY, 0x40), CONSTANT(WSA_FLAG_NO_HANDLE_INHERIT, 0x80),
    CONSTANT(WSA_FLAG_REGISTERED_IO, 0x100),
    CONSTANT(FIONBIO, 0x8004667E), CONSTANT(FIONREAD, 0x4004667F), CONSTANT(FIOASYNC, 0x8004667D),
    CONSTANT(SIO_ACQUIRE_PORT_RESERVATION, 0x98000064), CONSTANT(SIO_RELEASE_PORT_RESERVATION, 0x98000065),
    CONSTANT(SIO_ASSOCIATE_PORT_RESERVATION, 0x98000066), CONSTANT(SIO_KEEPALIVE_VALS, 0x98000004),
    CONSTANT(SIO_FLUSH, 0x28000004), CONSTANT(SIO_BASE_HANDLE, 0x48000022), CONSTANT(SIO_CPU_AFFINITY, 0x98000015),
    CONSTANT(SIO_ADDRESS_LIST_CHANGE, 0x28000017), CONSTANT(SIO_GET_INTERFACE_LIST, 0x4004747F),
    CONSTANT(INVALID_SOCKET, -1), CONSTANT(INVALID_HANDLE_VALUE, -1), CONSTANT(SOCKET_ERROR, -1), CONSTANT(SOMAXCONN, 0x7fffffff),
    CONSTANT(INVALID_PORT_RESERVATION_TOKEN, 0), CONSTANT(INFINITE, 0xffffffff), CONSTANT(TRUE, 1), CONSTANT(FALSE, 0),
    CONSTANT(WAIT_OBJECT_0, 0), CONSTANT(WAIT_ABANDONED, 0x80), CONSTANT(WAIT_IO_COMPLETION, 0xC0), CONSTANT(WAIT_TIMEOUT, 258),
    CONSTANT(WAIT_FAILED, 0xffffffff),
};

enum { CONSTANTS_COUNT = sizeof constants / sizeof constants[0] };

const struct constant *constant_named(const char *name, unsigned length) {
    assert(name != NULL);
    for (unsigned i = 0; i < CONSTANTS_COUNT; i++) {
        if (constants[i].name_length == length && memcmp(constants[i].name, name, length) == 0) return &constants[i];
    }
    return NULL;
}

static const char *name_with_prefix(const char *prefix, uint32_t value) {
    assert(prefix != NULL);
    size_t length = strlen(prefix);
    for (unsigned i = 0; i < CONSTANTS_COUNT; i++) {
        if (strncmp(constants[i].name, prefix, length) != 0) continue;
        if (constants[i].value == (int64_t)value) return constants[i].name;
    }
    return NULL;
}

const char *control_code_name(uint32_t code) {
    const char *name = name_with_prefix("SIO_", code);
    return name != NULL ? name : name_with_prefix("FIO", code);
}

const char *wait_result_name(uint32_t value) { return name_with_prefix("WAIT_", value); }

const char *constant_nearest(const char *name, unsigned length) {
    struct nearest nearest = nearest_to(name, length);
    for (unsigned i = 0; i < CONSTANTS_COUNT; i++) nearest_offer(&nearest, constants[i].name);
    unsigned rows_count = 0;
    const struct error_row *rows = error_rows(&rows_count);
    assert(rows_count > 0);
    for (unsigned i = 0; i < rows_count; i++) nearest_offer(&nearest, rows[i].name);
    return nearest.best;
}
