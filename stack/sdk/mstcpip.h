/* What the port reservation codes and SIO_KEEPALIVE_VALS carry, for programs that are compiled against the model. In C
 * the members of an INET_PORT_RESERVATION_INSTANCE are its own: instance.StartPort, instance.Token; in C++ it has
 * two members: instance.Reservation.StartPort, instance.Token.Token.
 *
 * The guard is the real header's: whichever is included first stands for both. */
#ifndef _MSTCPIP_

#include "stack/sdk/winsock2.h"

#define _MSTCPIP_

/* StartPort is in network order. */
typedef struct _INET_PORT_RANGE {
    USHORT StartPort;
    USHORT NumberOfPorts;
} INET_PORT_RANGE, *PINET_PORT_RANGE, INET_PORT_RESERVATION, *PINET_PORT_RESERVATION;

typedef struct {
    ULONG64 Token;
} INET_PORT_RESERVATION_TOKEN, *PINET_PORT_RESERVATION_TOKEN;

typedef struct {
#ifdef __cplusplus
    INET_PORT_RESERVATION Reservation;
    INET_PORT_RESERVATION_TOKEN Token;
#else
    struct {
        USHORT StartPort;
        USHORT NumberOfPorts;
    };
    struct {
        ULONG64 Token;
    };
#endif
} INET_PORT_RESERVATION_INSTANCE, *PINET_PORT_RESERVATION_INSTANCE;

typedef struct {
    ULONG OwningPid;
} INET_PORT_RESERVATION_INFORMATION, *PINET_PORT_RESERVATION_INFORMATION;

/* Times are in milliseconds. */
struct tcp_keepalive {
    u_long onoff;
    u_long keepalivetime;
    u_long keepaliveinterval;
};

#endif
