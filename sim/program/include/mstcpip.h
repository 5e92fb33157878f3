/* mstcpip.h for programs that are compiled for the model: port reservations, keep-alives. */
#ifndef RESERVOIR_PROGRAM_MSTCPIP_H
#define RESERVOIR_PROGRAM_MSTCPIP_H

#include "sim/program/include/ws2tcpip.h"

#include "stack/sdk/mstcpip.h"

#define IN4ADDR_ANY_INIT \
    { 0 }
#define IN4ADDR_LOOPBACK_INIT \
    { 0x0100007f }

RESERVOIR_BEGIN
/* The wildcard and the loopback address of the family, with port 0. */
static inline void INETADDR_SETANY(PSOCKADDR address) {
    u_short family = address->sa_family;
    memset(address, 0, family == AF_INET6 ? sizeof(SOCKADDR_IN6) : sizeof(SOCKADDR_IN));
    address->sa_family = family;
}
static inline void IN4ADDR_SETANY(PSOCKADDR_IN address) {
    memset(address, 0, sizeof *address);
    address->sin_family = AF_INET;
}
static inline void IN4ADDR_SETLOOPBACK(PSOCKADDR_IN address) {
    IN4ADDR_SETANY(address);
    address->sin_addr.s_addr = 0x0100007f;
}
static inline void IN6ADDR_SETLOOPBACK(PSOCKADDR_IN6 address) {
    memset(address, 0, sizeof *address);
    address->sin6_family = AF_INET6;
    address->sin6_addr.s6_addr[15] = 1;
}
static inline void INETADDR_SETLOOPBACK(PSOCKADDR address) {
    if (address->sa_family == AF_INET6) IN6ADDR_SETLOOPBACK((PSOCKADDR_IN6)(void *)address);
    else IN4ADDR_SETLOOPBACK((PSOCKADDR_IN)(void *)address);
}
RESERVOIR_END

/* ntdll's addresses as text: a text is ended with a null character; ports are in network order. Those that give only an
 * address return where its text ends. Those with Ex return STATUS_SUCCESS or STATUS_INVALID_PARAMETER; their length is
 * the size of the buffer, in characters, and becomes what is needed. `terminator` becomes what follows the address. */
RESERVOIR_BEGIN
RESERVOIR_API(LPSTR, RtlIpv4AddressToStringA, const IN_ADDR *address, LPSTR text);
RESERVOIR_API(LPWSTR, RtlIpv4AddressToStringW, const IN_ADDR *address, LPWSTR text);
RESERVOIR_API(LPSTR, RtlIpv6AddressToStringA, const IN6_ADDR *address, LPSTR text);
RESERVOIR_API(LPWSTR, RtlIpv6AddressToStringW, const IN6_ADDR *address, LPWSTR text);
RESERVOIR_API(LONG, RtlIpv4AddressToStringExA, const IN_ADDR *address, USHORT port, LPSTR text, PULONG length);
RESERVOIR_API(LONG, RtlIpv4AddressToStringExW, const IN_ADDR *address, USHORT port, LPWSTR text, PULONG length);
RESERVOIR_API(LONG, RtlIpv6AddressToStringExA, const IN6_ADDR *address, ULONG scope, USHORT port, LPSTR text,
              PULONG length);
RESERVOIR_API(LONG, RtlIpv6AddressToStringExW, const IN6_ADDR *address, ULONG scope, USHORT port, LPWSTR text,
              PULONG length);
RESERVOIR_API(LONG, RtlIpv4StringToAddressA, PCSTR text, BOOLEAN strict, LPCSTR *terminator, IN_ADDR *address);
RESERVOIR_API(LONG, RtlIpv4StringToAddressW, PCWSTR text, BOOLEAN strict, LPCWSTR *terminator, IN_ADDR *address);
RESERVOIR_API(LONG, RtlIpv6StringToAddressA, PCSTR text, LPCSTR *terminator, IN6_ADDR *address);
RESERVOIR_API(LONG, RtlIpv6StringToAddressW, PCWSTR text, LPCWSTR *terminator, IN6_ADDR *address);
RESERVOIR_API(LONG, RtlIpv4StringToAddressExA, PCSTR text, BOOLEAN strict, IN_ADDR *address, PUSHORT port);
RESERVOIR_API(LONG, RtlIpv4StringToAddressExW, PCWSTR text, BOOLEAN strict, IN_ADDR *address, PUSHORT port);
RESERVOIR_API(LONG, RtlIpv6StringToAddressExA, PCSTR text, IN6_ADDR *address, PULONG scope, PUSHORT port);
RESERVOIR_API(LONG, RtlIpv6StringToAddressExW, PCWSTR text, IN6_ADDR *address, PULONG scope, PUSHORT port);
RESERVOIR_END

/* The terminator is a PCSTR in Microsoft's headers and an LPSTR in mingw-w64's: both are taken. */
#ifdef __cplusplus
inline LONG RtlIpv4StringToAddressA(PCSTR text, BOOLEAN strict, LPSTR *terminator, IN_ADDR *address) {
    return RtlIpv4StringToAddressA(text, strict, const_cast<LPCSTR *>(terminator), address);
}
inline LONG RtlIpv4StringToAddressW(PCWSTR text, BOOLEAN strict, LPWSTR *terminator, IN_ADDR *address) {
    return RtlIpv4StringToAddressW(text, strict, const_cast<LPCWSTR *>(terminator), address);
}
inline LONG RtlIpv6StringToAddressA(PCSTR text, LPSTR *terminator, IN6_ADDR *address) {
    return RtlIpv6StringToAddressA(text, const_cast<LPCSTR *>(terminator), address);
}
inline LONG RtlIpv6StringToAddressW(PCWSTR text, LPWSTR *terminator, IN6_ADDR *address) {
    return RtlIpv6StringToAddressW(text, const_cast<LPCWSTR *>(terminator), address);
}
#else
#define RtlIpv4StringToAddressA(text, strict, terminator, address) \
    RtlIpv4StringToAddressA((text), (strict), (LPCSTR *)(terminator), (address))
#define RtlIpv4StringToAddressW(text, strict, terminator, address) \
    RtlIpv4StringToAddressW((text), (strict), (LPCWSTR *)(terminator), (address))
#define RtlIpv6StringToAddressA(text, terminator, address) \
    RtlIpv6StringToAddressA((text), (LPCSTR *)(terminator), (address))
#define RtlIpv6StringToAddressW(text, terminator, address) \
    RtlIpv6StringToAddressW((text), (LPCWSTR *)(terminator), (address))
#endif

#define RtlIpv4AddressToString RESERVOIR_BOTH(RtlIpv4AddressToString)
#define RtlIpv6AddressToString RESERVOIR_BOTH(RtlIpv6AddressToString)
#define RtlIpv4AddressToStringEx RESERVOIR_BOTH(RtlIpv4AddressToStringEx)
#define RtlIpv6AddressToStringEx RESERVOIR_BOTH(RtlIpv6AddressToStringEx)
#define RtlIpv4StringToAddress RESERVOIR_BOTH(RtlIpv4StringToAddress)
#define RtlIpv6StringToAddress RESERVOIR_BOTH(RtlIpv6StringToAddress)
#define RtlIpv4StringToAddressEx RESERVOIR_BOTH(RtlIpv4StringToAddressEx)
#define RtlIpv6StringToAddressEx RESERVOIR_BOTH(RtlIpv6StringToAddressEx)

#endif
