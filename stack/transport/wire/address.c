#include "stack/transport/wire/address.h"

#include <assert.h>
#include <string.h>

#include "stack/call/call.h"

enum { PORT_OFFSET = 2, ADDRESS_OFFSET_V4 = 4, ADDRESS_OFFSET_V6 = 8, MAPPED_PREFIX = 12 };

static const uint8_t mapped_prefix[MAPPED_PREFIX] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

unsigned sockaddr_size(unsigned family) {
    assert(family == 4 || family == 6);
    return family == 4 ? SOCKADDR_IN_SIZE : SOCKADDR_IN6_SIZE;
}

const uint8_t *sockaddr_given(const struct call *call, unsigned family, unsigned name, unsigned namelen) {
    unsigned size = sockaddr_size(family);
    bool long_enough = (int32_t)call->arguments[namelen] >= (int32_t)size;
    return long_enough ? call_read(call, name, size) : NULL;
}

struct endpoint endpoint_load(const uint8_t *sockaddr, unsigned family) {
    assert(sockaddr != NULL);
    assert(family == 4 || family == 6);
    struct endpoint endpoint = { .family = (uint8_t)family, .port = load_u16_network(sockaddr + PORT_OFFSET) };
    if (family == 4) memcpy(endpoint.address.bytes, sockaddr + ADDRESS_OFFSET_V4, 4);
    else memcpy(endpoint.address.bytes, sockaddr + ADDRESS_OFFSET_V6, 16);
    return endpoint;
}

void endpoint_store(const struct endpoint *endpoint, uint8_t *sockaddr) {
    assert(endpoint->family == 4 || endpoint->family == 6);
    memset(sockaddr, 0, sockaddr_size(endpoint->family));
    store_u16(sockaddr, endpoint->family == 4 ? AF_INET : AF_INET6);
    store_u16_network(sockaddr + PORT_OFFSET, endpoint->port);
    if (endpoint->family == 4) memcpy(sockaddr + ADDRESS_OFFSET_V4, endpoint->address.bytes, 4);
    else memcpy(sockaddr + ADDRESS_OFFSET_V6, endpoint->address.bytes, 16);
}

bool endpoint_is_mapped(const struct endpoint *endpoint) {
    return endpoint->family == 6 && memcmp(endpoint->address.bytes, mapped_prefix, MAPPED_PREFIX) == 0;
}

/* Of lengths that the compiler sees, so that no call is made. */
static bool same_bytes(unsigned family, const uint8_t *one, const uint8_t *other) {
    return family == 4 ? memcmp(one, other, 4) == 0 : memcmp(one, other, 16) == 0;
}

/* Of an endpoint that is not mapped. */
static bool is_wildcard(const struct endpoint *plain) {
    static const uint8_t zero[16];
    return same_bytes(plain->family, plain->address.bytes, zero);
}

bool endpoint_is_wildcard(const struct endpoint *endpoint) {
    struct endpoint plain = endpoint_unmapped(endpoint);
    return is_wildcard(&plain);
}

/* 127/8, ::1; of an endpoint that is not mapped. */
bool endpoint_is_loopback(const struct endpoint *plain) {
    static const uint8_t one[16] = { [15] = 1 };
    return plain->family == 4 ? plain->address.bytes[0] == 127 : same_bytes(6, plain->address.bytes, one);
}

bool endpoint_is_broadcast(const struct endpoint *endpoint) {
    static const uint8_t all_ones[4] = { 255, 255, 255, 255 };
    return endpoint->family == 4 && memcmp(endpoint->address.bytes, all_ones, sizeof all_ones) == 0;
}

bool endpoint_is_multicast(const struct endpoint *endpoint) {
    uint8_t first = endpoint->address.bytes[0];
    return endpoint->family == 4 ? (first & 0xf0) == 0xe0 : first == 0xff;
}

bool endpoint_is_for_several(const struct endpoint *endpoint) {
    struct endpoint plain = endpoint_unmapped(endpoint);
    return endpoint_is_broadcast(&plain) || endpoint_is_multicast(&plain);
}

/* The first own address of a family, or NULL. */
static const struct own_address *own_address_of_family(const struct world *world, unsigned family) {
    for (unsigned i = 0; i < world_top(world, TABLE_ADDRESSES); i++)
        if (world_own_address_at(world, i)->family == family) return world_own_address_at(world, i);
    return NULL;
}

bool address_is_own(const struct world *world, unsigned family, const uint8_t *address) {
    for (unsigned i = 0; i < world_top(world, TABLE_ADDRESSES); i++) {
        const struct own_address *row = world_own_address_at(world, i);
        if (row->family == family && same_bytes(family, row->address.bytes, address)) return true;
    }
    return false;
}

bool endpoint_is_local(const struct world *world, const struct endpoint *endpoint) {
    struct endpoint plain = endpoint_unmapped(endpoint);
    return is_wildcard(&plain) || endpoint_is_loopback(&plain) ||
           address_is_own(world, plain.family, plain.address.bytes);
}

bool route_to(const struct world *world, const struct endpoint *remote, struct endpoint *local) {
    struct endpoint plain = endpoint_unmapped(remote);
    local->family = plain.family;
    local->address = plain.address;
    if (endpoint_is_local(world, remote)) return true;
    const struct own_address *own = own_address_of_family(world, plain.family);
    if (own == NULL) return false;
    local->address = own->address;
    return true;
}

struct endpoint endpoint_unmapped(const struct endpoint *endpoint) {
    assert(endpoint->family == 4 || endpoint->family == 6);
    if (!endpoint_is_mapped(endpoint)) return *endpoint;
    struct endpoint plain = { .family = 4, .port = endpoint->port };
    memcpy(plain.address.bytes, endpoint->address.bytes + MAPPED_PREFIX, 4);
    return plain;
}

struct endpoint endpoint_for_family(const struct endpoint *endpoint, unsigned family) {
    if (endpoint->family == family) return *endpoint;
    assert(endpoint->family == 4 && family == 6);
    struct endpoint mapped = { .family = 6, .port = endpoint->port };
    memcpy(mapped.address.bytes, mapped_prefix, MAPPED_PREFIX);
    memcpy(mapped.address.bytes + MAPPED_PREFIX, endpoint->address.bytes, 4);
    return mapped;
}

bool endpoint_same_address(const struct endpoint *one, const struct endpoint *other) {
    struct endpoint first = endpoint_unmapped(one);
    struct endpoint second = endpoint_unmapped(other);
    return first.family == second.family && memcmp(first.address.bytes, second.address.bytes, 16) == 0;
}

struct endpoint socket_endpoint(const struct socket_row *socket) {
    assert(socket->state != SOCKET_FREE);
    return (struct endpoint){ .family = socket->family, .port = socket->port, .address = socket->address };
}
