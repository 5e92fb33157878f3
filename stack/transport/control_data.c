#include "stack/transport/control_data.h"

#include <assert.h>
#include <string.h>

#include "stack/call/catalogue.h"
#include "stack/sdk/option_values.h"
#include "stack/transport/kept_options.h"

/* cmsg_len @0 (8), cmsg_level @8 (4), cmsg_type @12 (4), then data: of packet information an address, and the number of
 * an interface (4). Objects are padded to 8 bytes. */
enum { LEVEL = 8, TYPE = 12, DATA = 16, ALIGNMENT = 8, INDEX_BYTES = 4 };

static unsigned address_bytes(unsigned family) { return family == 4 ? 4 : 16; }

uint32_t control_data_padded(uint32_t length) { return (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT; }

bool control_data_is_known(const struct world *world, const struct socket_row *row) {
    bool wanted = socket_flag(row, OPTION_IP_PKTINFO) || socket_flag(row, OPTION_IPV6_PKTINFO);
    struct endpoint held = socket_endpoint(row);
    struct endpoint plain = endpoint_unmapped(&held);
    return !wanted || world_top(world, TABLE_ADDRESSES) == 0 || endpoint_is_loopback(&plain);
}

/* Does this datagram bring packet information, and of which family? 0: none. Of one that came over IPv4 to an IPv6
 * socket on which only IPV6_PKTINFO is set: Q153. */
static unsigned family_of_information(struct context *context, const struct socket_row *row, unsigned family) {
    if (family == 6) return socket_flag(row, OPTION_IPV6_PKTINFO) ? 6 : 0;
    if (socket_flag(row, OPTION_IP_PKTINFO)) return 4;
    if (!socket_flag(row, OPTION_IPV6_PKTINFO)) return 0;
    return reading(context, Q153_MAPPED_PACKET_INFORMATION) == Q153_MAPPED ? 6 : 0;
}

uint32_t control_data_of(struct context *context, const struct socket_row *row, const struct datagram_row *datagram,
                         uint8_t bytes[CONTROL_DATA_MAX]) {
    unsigned family = family_of_information(context, row, datagram->family);
    if (family == 0) return 0;
    struct endpoint came_to = { .family = datagram->family };
    memcpy(came_to.address.bytes, datagram->destination_address, sizeof datagram->destination_address);
    came_to = endpoint_for_family(&came_to, family);
    uint32_t length = DATA + address_bytes(family) + INDEX_BYTES;
    assert(control_data_padded(length) <= CONTROL_DATA_MAX);
    memset(bytes, 0, CONTROL_DATA_MAX);
    store_u64(bytes, length);
    store_u32(bytes + LEVEL, family == 4 ? IPPROTO_IP : IPPROTO_IPV6);
    store_u32(bytes + TYPE, family == 4 ? IP_PKTINFO : IPV6_PKTINFO);
    memcpy(bytes + DATA, came_to.address.bytes, address_bytes(family));
    store_u32(bytes + DATA + address_bytes(family), LOOPBACK_INTERFACE);
    return length;
}

enum control_wish control_data_read(const uint8_t *bytes, uint32_t length, struct endpoint *source) {
    if (length == 0) return CONTROL_WISHES_NOTHING;
    if (length < DATA) return CONTROL_NOT_MODELLED;
    uint32_t level = load_u32(bytes + LEVEL), type = load_u32(bytes + TYPE);
    bool four = level == IPPROTO_IP && type == IP_PKTINFO, six = level == IPPROTO_IPV6 && type == IPV6_PKTINFO;
    unsigned family = four ? 4 : 6;
    uint32_t whole = DATA + address_bytes(family) + INDEX_BYTES;
    bool alone = load_u64(bytes) == whole && length >= whole && length < control_data_padded(whole) + DATA;
    if ((!four && !six) || !alone) return CONTROL_NOT_MODELLED;
    uint32_t index = load_u32(bytes + DATA + address_bytes(family));
    *source = (struct endpoint){ .family = (uint8_t)family };
    memcpy(source->address.bytes, bytes + DATA, address_bytes(family));
    struct endpoint plain = endpoint_unmapped(source);
    if (index != 0 && (index != LOOPBACK_INTERFACE || !endpoint_is_loopback(&plain))) return CONTROL_NOT_MODELLED;
    *source = plain;
    return endpoint_is_wildcard(&plain) ? CONTROL_WISHES_NOTHING : CONTROL_WISHES_SOURCE;
}
