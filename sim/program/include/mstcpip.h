/* mstcpip.h for programs that are compiled for the model: port reservations, keep-alives. */
#ifndef RESERVOIR_PROGRAM_MSTCPIP_H
#define RESERVOIR_PROGRAM_MSTCPIP_H

#include "sim/program/include/ws2tcpip.h"

#include "stack/sdk/mstcpip.h"

#define IN4ADDR_ANY_INIT \
    { 0 }
#define IN4ADDR_LOOPBACK_INIT \
    { 0x0100007f }
#define SS_PORT(address) (((PSOCKADDR_IN)(void *)(address))->sin_port)

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

#define RCVALL_OFF 0
#define RCVALL_ON 1

#endif
