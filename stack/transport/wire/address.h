/* Socket addresses as bytes, and what they mean: family, wildcard, loopback, mapped. */
#ifndef RESERVOIR_STACK_TRANSPORT_WIRE_ADDRESS_H
#define RESERVOIR_STACK_TRANSPORT_WIRE_ADDRESS_H

#include "stack/call/call.h"
#include "stack/sdk/socket_values.h"
#include "stack/world.h"

struct endpoint {
    uint8_t family; /* 4 or 6 */
    uint16_t port;  /* host order */
    struct local_address address;
};

/* Bytes of a sockaddr of this family (4 or 6). */
unsigned sockaddr_size(unsigned family);

/* The bytes of a sockaddr that a call is given by two arguments: pointer `name` and int `namelen`. NULL when fewer than
 * sockaddr_size(family) are there, or are said to be. */
const uint8_t *sockaddr_given(const struct call *call, unsigned family, unsigned name, unsigned namelen);

/* Reads / writes a sockaddr_in or sockaddr_in6 of sockaddr_size() bytes. The family field is not looked at. */
struct endpoint endpoint_load(const uint8_t *sockaddr, unsigned family);
void endpoint_store(const struct endpoint *endpoint, uint8_t *sockaddr);

bool endpoint_is_mapped(const struct endpoint *endpoint);    /* ::ffff:a.b.c.d */
bool endpoint_is_wildcard(const struct endpoint *endpoint);  /* 0.0.0.0, ::, or ::ffff:0.0.0.0 */
bool endpoint_is_broadcast(const struct endpoint *endpoint); /* 255.255.255.255 */
bool endpoint_is_multicast(const struct endpoint *endpoint); /* 224.0.0.0/4, ff00::/8 */
bool endpoint_is_loopback(const struct endpoint *endpoint);  /* 127.0.0.0/8, ::1 */

/* Broadcast or multicast, mapped or not: whom a packet reaches there is not modelled. */
bool endpoint_is_for_several(const struct endpoint *endpoint);

/* Is it one of the addresses that the machine has besides loopback? 4 or 16 bytes. */
bool address_is_own(const struct world *world, unsigned family, const uint8_t *address);

/* Is it an address of this machine: the wildcard, a loopback one, or one of its own? */
bool endpoint_is_local(const struct world *world, const struct endpoint *endpoint);

/* What this machine talks to `remote` from: that address itself where it is local, else the first own address of its
 * family, which is on the link that leads there. False: no route leads there. The port is left alone. */
bool route_to(const struct world *world, const struct endpoint *remote, struct endpoint *local);

/* A mapped address as the IPv4 address that it stands for; any other as it is. */
struct endpoint endpoint_unmapped(const struct endpoint *endpoint);

/* An endpoint as a socket of this family (4 or 6) shows it: an IPv4 one mapped on a dual-stack socket. */
struct endpoint endpoint_for_family(const struct endpoint *endpoint, unsigned family);

bool endpoint_same_address(const struct endpoint *one, const struct endpoint *other);

/* The endpoint that a bound socket occupies. */
struct endpoint socket_endpoint(const struct socket_row *socket);

#endif
