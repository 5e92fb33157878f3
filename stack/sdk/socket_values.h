/* Winsock's families, types, protocols, options and flags as the SDK's headers have them (winsock2.h, ws2def.h,
 * ws2ipdef.h, mswsock.h). Values: T1.2.
 *
 * Where the real winsock2.h was included before, its own stay. Not for a file that includes <sys/socket.h>, whose names
 * have other values. */
#ifndef RESERVOIR_STACK_SDK_SOCKET_VALUES_H
#define RESERVOIR_STACK_SDK_SOCKET_VALUES_H

#ifndef _WINSOCK2API_

#define AF_UNSPEC 0
#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 23

#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOCK_RAW 3
#define SOCK_RDM 4
#define SOCK_SEQPACKET 5

#define IPPROTO_IP 0
#define IPPROTO_ICMP 1
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_IPV6 41
#define IPPROTO_ICMPV6 58
#define FROM_PROTOCOL_INFO (-1)
#define TF_REUSE_SOCKET 2

#define CF_ACCEPT 0
#define CF_REJECT 1
#define CF_DEFER 2

#define SOL_SOCKET 0xffff
#define SO_DEBUG 0x0001
#define SO_ACCEPTCONN 0x0002
#define SO_REUSEADDR 0x0004
#define SO_KEEPALIVE 0x0008
#define SO_BROADCAST 0x0020
#define SO_EXCLUSIVEADDRUSE ((int)(~SO_REUSEADDR))
#define SO_SNDBUF 0x1001
#define SO_RCVBUF 0x1002
#define SO_ERROR 0x1007
#define SO_TYPE 0x1008

#define IPV6_V6ONLY 27
#define TCP_NODELAY 0x0001

#define WSA_FLAG_OVERLAPPED 0x01
#define WSA_FLAG_MULTIPOINT_C_ROOT 0x02
#define WSA_FLAG_MULTIPOINT_C_LEAF 0x04
#define WSA_FLAG_MULTIPOINT_D_ROOT 0x08
#define WSA_FLAG_MULTIPOINT_D_LEAF 0x10
#define WSA_FLAG_ACCESS_SYSTEM_SECURITY 0x40
#define WSA_FLAG_NO_HANDLE_INHERIT 0x80
#define WSA_FLAG_REGISTERED_IO 0x100

/* ioctlsocket's commands */
#define FIONREAD 0x4004667Fu
#define FIONBIO 0x8004667Eu
#define FIOASYNC 0x8004667Du

#define MSG_OOB 0x1
#define MSG_PEEK 0x2
#define MSG_DONTROUTE 0x4
#define MSG_WAITALL 0x8
#define MSG_PARTIAL 0x8000
#define MSG_TRUNC 0x100 /* of a message that was received (WSARecvMsg), as the next */
#define MSG_CTRUNC 0x200
#define SD_RECEIVE 0
#define SD_SEND 1
#define SD_BOTH 2

#define SOCKET_ERROR (-1)
#define SOMAXCONN 0x7fffffff

#endif

/* mswsock.h, and what is newer than some SDKs */
#ifndef SO_OPENTYPE
#define SO_OPENTYPE 0x7008
#define SO_SYNCHRONOUS_ALERT 0x10
#define SO_SYNCHRONOUS_NONALERT 0x20
#endif
#ifndef SO_COMPARTMENT_ID
#define SO_COMPARTMENT_ID 0x3004
#endif
#ifndef SO_RANDOMIZE_PORT
#define SO_RANDOMIZE_PORT 0x3005
#define SO_PORT_SCALABILITY 0x3006
#define SO_REUSE_UNICASTPORT 0x3007
#define SO_REUSE_MULTICASTPORT 0x3008
#endif

#endif
