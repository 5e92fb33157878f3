/* What kind of IPv6 address it is: IN6_IS_ADDR_LOOPBACK(&address) and its relatives. */
#ifndef RESERVOIR_PROGRAM_IPV6_ADDRESSES_H
#define RESERVOIR_PROGRAM_IPV6_ADDRESSES_H

static inline BOOLEAN IN6_ADDR_EQUAL(const struct in6_addr *one, const struct in6_addr *other) {
    return memcmp(one, other, sizeof *one) == 0;
}
static inline BOOLEAN IN6_IS_ADDR_UNSPECIFIED(const struct in6_addr *address) {
    return IN6_ADDR_EQUAL(address, &in6addr_any);
}
static inline BOOLEAN IN6_IS_ADDR_LOOPBACK(const struct in6_addr *address) {
    return IN6_ADDR_EQUAL(address, &in6addr_loopback);
}
static inline BOOLEAN IN6_IS_ADDR_V4MAPPED(const struct in6_addr *address) {
    return memcmp(address, "\0\0\0\0\0\0\0\0\0\0\377\377", 12) == 0;
}
/* ::a.b.c.d, but neither :: nor ::1. */
static inline BOOLEAN IN6_IS_ADDR_V4COMPAT(const struct in6_addr *address) {
    return memcmp(address, &in6addr_any, 12) == 0 && !IN6_IS_ADDR_UNSPECIFIED(address) &&
           !IN6_IS_ADDR_LOOPBACK(address);
}
static inline BOOLEAN IN6_IS_ADDR_MULTICAST(const struct in6_addr *address) { return address->s6_addr[0] == 0xFF; }
static inline BOOLEAN IN6_IS_ADDR_LINKLOCAL(const struct in6_addr *address) {
    return address->s6_addr[0] == 0xFE && (address->s6_addr[1] & 0xC0) == 0x80;
}
static inline BOOLEAN IN6_IS_ADDR_SITELOCAL(const struct in6_addr *address) {
    return address->s6_addr[0] == 0xFE && (address->s6_addr[1] & 0xC0) == 0xC0;
}
/* Of a multicast address: how far it reaches. */
#define RESERVOIR_REACH(name, reach) \
    static inline BOOLEAN name(const struct in6_addr *address) { \
        return IN6_IS_ADDR_MULTICAST(address) && (address->s6_addr[1] & 0xF) == (reach); \
    }
RESERVOIR_REACH(IN6_IS_ADDR_MC_NODELOCAL, 1)
RESERVOIR_REACH(IN6_IS_ADDR_MC_LINKLOCAL, 2)
RESERVOIR_REACH(IN6_IS_ADDR_MC_SITELOCAL, 5)
RESERVOIR_REACH(IN6_IS_ADDR_MC_ORGLOCAL, 8)
RESERVOIR_REACH(IN6_IS_ADDR_MC_GLOBAL, 14)
#undef RESERVOIR_REACH
static inline BOOLEAN IN6ADDR_ISANY(const SOCKADDR_IN6 *address) {
    return IN6_IS_ADDR_UNSPECIFIED(&address->sin6_addr);
}
static inline BOOLEAN IN6ADDR_ISLOOPBACK(const SOCKADDR_IN6 *address) {
    return IN6_IS_ADDR_LOOPBACK(&address->sin6_addr);
}

#endif
