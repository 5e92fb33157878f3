/* WSAIoctl's control codes as the SDK's headers have them (winsock2.h, ws2tcpip.h, mstcpip.h, mswsock.h). Values: T1.1.
 *
 * Where a real header was included before, its own stay. */
#ifndef RESERVOIR_STACK_SDK_CONTROL_VALUES_H
#define RESERVOIR_STACK_SDK_CONTROL_VALUES_H

#ifndef _WINSOCK2API_
#define IOC_OUT 0x40000000u /* the code stores a result */
#define SIO_FLUSH 0x28000004u
#define SIO_ADDRESS_LIST_CHANGE 0x28000017u
#endif

#ifndef _WS2TCPIP_H_
#define SIO_GET_INTERFACE_LIST 0x4004747Fu
#endif

#ifndef _MSTCPIP_
#define SIO_KEEPALIVE_VALS 0x98000004u
#define SIO_CPU_AFFINITY 0x98000015u
#define SIO_ACQUIRE_PORT_RESERVATION 0x98000064u
#define SIO_RELEASE_PORT_RESERVATION 0x98000065u
#define SIO_ASSOCIATE_PORT_RESERVATION 0x98000066u
#define INVALID_PORT_RESERVATION_TOKEN UINT64_C(0)
#endif

#ifndef _MSWSOCK_
#define SIO_BASE_HANDLE 0x48000022u
#endif

#endif
