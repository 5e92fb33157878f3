#include "stack/transport/socket_codes.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "stack/errors.h"
#include "stack/sdk/control_values.h"

enum { GUID_SIZE = 16, POINTER_BYTES = 8, BUILD_8 = 9200, INTERFACE_BYTES = 76, INTERFACES_MAX = 32 };

bool socket_code_is_immediate(const struct context *context, uint32_t code, bool overlapped) {
    uint32_t build = context->world->build;
    switch (code) {
    case SIO_UDP_CONNRESET:
    case SIO_UDP_NETRESET:
    case SIO_GET_EXTENSION_FUNCTION_POINTER: return true;
    case SIO_LOOPBACK_FAST_PATH: return build == 0 || build >= BUILD_8;
    case SIO_BASE_HANDLE: return !overlapped && (build == 0 || build >= BUILD_VISTA);
    default: return false;
    }
}

/* The first `size` bytes of the input, or NULL when they are not there. */
static const uint8_t *input(const struct context *context, uint32_t size) {
    if ((uint32_t)context->call->arguments[WSAIoctl_cbIn] < size) return NULL;
    return call_read(context->call, WSAIoctl_in, size);
}

static bool has_room(const struct context *context, uint32_t size) {
    return (uint32_t)context->call->arguments[WSAIoctl_cbOut] >= size &&
           call_range_holds(context->call, WSAIoctl_out, size);
}

static uint32_t store_number(struct context *context, uint64_t number, uint32_t *bytes) {
    uint8_t stored[POINTER_BYTES];
    if (!has_room(context, sizeof stored)) return WSAEFAULT;
    store_u64(stored, number);
    result_write(context->result, context->call->arguments[WSAIoctl_out], stored, sizeof stored);
    *bytes = sizeof stored;
    return 0;
}

/* One of the codes that switch something of a socket on or off. Of two of them nothing comes that a program can see: no
 * datagram of the model's wire dies of its TTL, and a fast path is only faster. */
static uint32_t set_flag(const struct context *context, struct socket_row *row, uint32_t code) {
    bool is_tcp = code == SIO_LOOPBACK_FAST_PATH;
    if (row->protocol != (is_tcp ? PROTOCOL_TCP : PROTOCOL_UDP)) return WSAEOPNOTSUPP;
    const uint8_t *value = input(context, is_tcp ? 4 : 1);
    if (value == NULL) return WSAEFAULT;
    if (code == SIO_UDP_CONNRESET) row->udp_connreset = *value != 0;
    return 0;
}

/* --- extension functions ------------------------------------------------------------------------------------------ */

/* In the order of bytes of a GUID in memory (mswsock.h). */
/* clang-format off */
static const uint8_t extensions[][GUID_SIZE] = {
    { 0xf1, 0x7d, 0x36, 0xb5, 0xac, 0xcb, 0xcf, 0x11, 0x95, 0xca, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92 }, /* AcceptEx */
    { 0xf2, 0x7d, 0x36, 0xb5, 0xac, 0xcb, 0xcf, 0x11, 0x95, 0xca, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92 }, /* GetAcceptExSockaddrs */
    { 0xf0, 0x7d, 0x36, 0xb5, 0xac, 0xcb, 0xcf, 0x11, 0x95, 0xca, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92 }, /* TransmitFile */
    { 0xb9, 0x07, 0xa2, 0x25, 0xf3, 0xdd, 0x60, 0x46, 0x8e, 0xe9, 0x76, 0xe5, 0x8c, 0x74, 0x06, 0x3e }, /* ConnectEx */
    { 0x11, 0x2e, 0xda, 0x7f, 0x30, 0x86, 0x6f, 0x43, 0xa0, 0x31, 0xf5, 0x36, 0xa6, 0xee, 0xc1, 0x57 }, /* DisconnectEx */
    { 0xa0, 0x9d, 0x68, 0xd9, 0x90, 0x1f, 0xd3, 0x11, 0x99, 0x71, 0x00, 0xc0, 0x4f, 0x68, 0xc8, 0x76 }, /* TransmitPackets */
    { 0xc8, 0xd7, 0x89, 0xf6, 0x1f, 0x6f, 0x6b, 0x43, 0x8a, 0x53, 0xe5, 0x4f, 0xe3, 0x51, 0xc3, 0x22 }, /* WSARecvMsg */
    { 0x12, 0xe7, 0x41, 0xa4, 0x4f, 0x75, 0xca, 0x43, 0x84, 0xa7, 0x0d, 0xee, 0x44, 0xcf, 0x60, 0x6d }, /* WSASendMsg */
};
/* clang-format on */

/* Where the functions are is the machine's own affair; no one but the program that calls them looks at the number. */
static const uint64_t EXTENSIONS_ADDRESS = UINT64_C(0x7FFB20001000);

static uint32_t answer_extension(struct context *context, uint32_t *bytes) {
    enum { APART = 64 };
    const uint8_t *guid = input(context, GUID_SIZE);
    if (guid == NULL) return WSAEFAULT;
    for (unsigned i = 0; i < sizeof extensions / sizeof extensions[0]; i++)
        if (memcmp(guid, extensions[i], GUID_SIZE) == 0)
            return store_number(context, EXTENSIONS_ADDRESS + (uint64_t)i * APART, bytes);
    return WSAEINVAL;
}

/* --- interfaces --------------------------------------------------------------------------------------------------- */

/* How many interfaces the machine has: asked for once. The loopback interface is always there. */
static unsigned interfaces_of(struct context *context) {
    struct world *world = context->world;
    if (world->interfaces == 0)
        world->interfaces = (uint8_t)(1 + choose(context->chooser, CHOICE_INTERFACES, INTERFACES_MAX));
    return world->interfaces;
}

/* INTERFACE_INFO of the loopback interface: flags @0 (4), then address, broadcast address and mask, 24 bytes each. What
 * the machine's other interfaces are called is its own affair. */
static void store_loopback(struct context *context, uint64_t address) {
    enum { UP_LOOPBACK_MULTICAST = 1 | 4 | 16, ADDRESS = 4, BROADCAST = 28, MASK = 52, FAMILY_INET = 2, IP = 4 };
    static const uint8_t loopback[4] = { 127, 0, 0, 1 }, broadcast[4] = { 127, 255, 255, 255 },
                         mask[4] = { 255, 0, 0, 0 };
    uint8_t row[INTERFACE_BYTES] = { 0 };
    store_u32(row, UP_LOOPBACK_MULTICAST);
    store_u16(row + ADDRESS, FAMILY_INET);
    store_u16(row + BROADCAST, FAMILY_INET);
    store_u16(row + MASK, FAMILY_INET);
    memcpy(row + ADDRESS + IP, loopback, sizeof loopback);
    memcpy(row + BROADCAST + IP, broadcast, sizeof broadcast);
    memcpy(row + MASK + IP, mask, sizeof mask);
    result_write(context->result, address, row, sizeof row);
}

uint32_t decide_interface_list(struct context *context, struct request *request) {
    assert(request->code == SIO_GET_INTERFACE_LIST);
    if (world_socket_at(context->world, request->socket)->family != 4) return WSAEINVAL; /* F14 */
    uint32_t wanted = 0;
    if (request->output_length >= INTERFACE_BYTES) wanted = interfaces_of(context) * INTERFACE_BYTES;
    if (wanted == 0 || request->output_length < wanted) return WSAEFAULT;
    store_loopback(context, request->output_address);
    request->information = wanted;
    return 0;
}

/* --- all of them -------------------------------------------------------------------------------------------------- */

uint32_t socket_code_answer(struct context *context, unsigned socket, uint32_t code, uint32_t *bytes) {
    switch (code) {
    case SIO_UDP_CONNRESET:
    case SIO_UDP_NETRESET:
    case SIO_LOOPBACK_FAST_PATH: return set_flag(context, world_socket(context->world, socket), code);
    case SIO_BASE_HANDLE: return store_number(context, context->call->arguments[WSAIoctl_s], bytes);
    case SIO_GET_EXTENSION_FUNCTION_POINTER: return answer_extension(context, bytes);
    default: break;
    }
    assert(!"a code that is not answered here");
    return WSAEOPNOTSUPP;
}
