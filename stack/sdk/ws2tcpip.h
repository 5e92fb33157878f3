/* Winsock's IPv6 addresses for programs that are compiled against the model.
 *
 * The guard is the real header's: whichever is included first stands for both. */
#ifndef _WS2TCPIP_H_

#include "stack/sdk/winsock2.h"

#define _WS2TCPIP_H_

struct in6_addr {
    union {
        u_char Byte[16];
        u_short Word[8];
    } u;
};
#define s6_addr u.Byte

/* Port, flow and address are in network order. */
struct sockaddr_in6 {
    int16_t sin6_family;
    u_short sin6_port;
    u_long sin6_flowinfo;
    struct in6_addr sin6_addr;
    u_long sin6_scope_id;
};

typedef struct in6_addr IN6_ADDR, *PIN6_ADDR;
typedef struct sockaddr_in6 SOCKADDR_IN6, *PSOCKADDR_IN6, *LPSOCKADDR_IN6;

#endif
