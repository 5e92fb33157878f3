/* Winsock's socket options as the SDK's headers have them (winsock2.h, mswsock.h, ws2ipdef.h, ws2tcpip.h), those that
 * socket_values.h does not have. Values: T1.2 and the headers of mingw-w64.
 *
 * Where a real header was included before, its own stay. Not for a file that includes <netinet/in.h>, whose names have
 * other values. */
#ifndef RESERVOIR_STACK_SDK_OPTION_VALUES_H
#define RESERVOIR_STACK_SDK_OPTION_VALUES_H

#include "stack/sdk/socket_values.h"

#ifndef SO_LINGER
#define SO_DONTROUTE 0x0010
#define SO_LINGER 0x0080
#define SO_OOBINLINE 0x0100
#define SO_DONTLINGER ((int)(~SO_LINGER))
#define SO_SNDLOWAT 0x1003
#define SO_RCVLOWAT 0x1004
#define SO_SNDTIMEO 0x1005
#define SO_RCVTIMEO 0x1006
#endif

#ifndef SO_BSP_STATE
#define SO_BSP_STATE 0x1009
#endif
#ifndef SO_GROUP_ID
#define SO_GROUP_ID 0x2001
#endif
#ifndef SO_GROUP_PRIORITY
#define SO_GROUP_PRIORITY 0x2002
#endif
#ifndef SO_MAX_MSG_SIZE
#define SO_MAX_MSG_SIZE 0x2003
#endif
#ifndef SO_PROTOCOL_INFOA
#define SO_PROTOCOL_INFOA 0x2004
#endif
#ifndef SO_PROTOCOL_INFOW
#define SO_PROTOCOL_INFOW 0x2005
#endif
#ifndef SO_CONDITIONAL_ACCEPT
#define SO_CONDITIONAL_ACCEPT 0x3002
#endif
#ifndef SO_PAUSE_ACCEPT
#define SO_PAUSE_ACCEPT 0x3003
#endif
#ifndef SO_CONNDATA
#define SO_CONNDATA 0x7000
#endif
#ifndef SO_CONNOPT
#define SO_CONNOPT 0x7001
#endif
#ifndef SO_DISCDATA
#define SO_DISCDATA 0x7002
#endif
#ifndef SO_DISCOPT
#define SO_DISCOPT 0x7003
#endif
#ifndef SO_MAXDG
#define SO_MAXDG 0x7009
#endif
#ifndef SO_MAXPATHDG
#define SO_MAXPATHDG 0x700A
#endif
#ifndef SO_UPDATE_ACCEPT_CONTEXT
#define SO_UPDATE_ACCEPT_CONTEXT 0x700B
#endif
#ifndef SO_CONNECT_TIME
#define SO_CONNECT_TIME 0x700C
#endif
#ifndef SO_UPDATE_CONNECT_CONTEXT
#define SO_UPDATE_CONNECT_CONTEXT 0x7010
#endif

#ifndef TCP_EXPEDITED_1122
#define TCP_EXPEDITED_1122 2
#endif
#ifndef TCP_KEEPALIVE
#define TCP_KEEPALIVE 3
#endif
#ifndef TCP_KEEPIDLE
#define TCP_KEEPIDLE TCP_KEEPALIVE
#endif
#ifndef TCP_MAXSEG
#define TCP_MAXSEG 4
#endif
#ifndef TCP_MAXRT
#define TCP_MAXRT 5
#endif
#ifndef TCP_STDURG
#define TCP_STDURG 6
#endif
#ifndef TCP_NOURG
#define TCP_NOURG 7
#endif
#ifndef TCP_ATMARK
#define TCP_ATMARK 8
#endif
#ifndef TCP_NOSYNRETRIES
#define TCP_NOSYNRETRIES 9
#endif
#ifndef TCP_TIMESTAMPS
#define TCP_TIMESTAMPS 10
#endif
#ifndef TCP_OFFLOAD_PREFERENCE
#define TCP_OFFLOAD_PREFERENCE 11
#endif
#ifndef TCP_CONGESTION_ALGORITHM
#define TCP_CONGESTION_ALGORITHM 12
#endif
#ifndef TCP_DELAY_FIN_ACK
#define TCP_DELAY_FIN_ACK 13
#endif
#ifndef TCP_MAXRTMS
#define TCP_MAXRTMS 14
#endif
#ifndef TCP_FASTOPEN
#define TCP_FASTOPEN 15
#endif
#ifndef TCP_KEEPCNT
#define TCP_KEEPCNT 16
#endif
#ifndef TCP_KEEPINTVL
#define TCP_KEEPINTVL 17
#endif
#ifndef TCP_FAIL_CONNECT_ON_ICMP_ERROR
#define TCP_FAIL_CONNECT_ON_ICMP_ERROR 18
#endif
#ifndef TCP_ICMP_ERROR_INFO
#define TCP_ICMP_ERROR_INFO 19
#endif

#ifndef UDP_NOCHECKSUM
#define UDP_NOCHECKSUM 1
#endif
#ifndef UDP_SEND_MSG_SIZE
#define UDP_SEND_MSG_SIZE 2
#endif
#ifndef UDP_RECV_MAX_COALESCED_SIZE
#define UDP_RECV_MAX_COALESCED_SIZE 3
#endif
#ifndef UDP_CHECKSUM_COVERAGE
#define UDP_CHECKSUM_COVERAGE 20
#endif

#ifndef IP_OPTIONS
#define IP_OPTIONS 1
#endif
#ifndef IP_HDRINCL
#define IP_HDRINCL 2
#endif
#ifndef IP_TOS
#define IP_TOS 3
#endif
#ifndef IP_TTL
#define IP_TTL 4
#endif
#ifndef IP_MULTICAST_IF
#define IP_MULTICAST_IF 9
#endif
#ifndef IP_MULTICAST_TTL
#define IP_MULTICAST_TTL 10
#endif
#ifndef IP_MULTICAST_LOOP
#define IP_MULTICAST_LOOP 11
#endif
#ifndef IP_ADD_MEMBERSHIP
#define IP_ADD_MEMBERSHIP 12
#endif
#ifndef IP_DROP_MEMBERSHIP
#define IP_DROP_MEMBERSHIP 13
#endif
#ifndef IP_DONTFRAGMENT
#define IP_DONTFRAGMENT 14
#endif
#ifndef IP_ADD_SOURCE_MEMBERSHIP
#define IP_ADD_SOURCE_MEMBERSHIP 15
#endif
#ifndef IP_DROP_SOURCE_MEMBERSHIP
#define IP_DROP_SOURCE_MEMBERSHIP 16
#endif
#ifndef IP_BLOCK_SOURCE
#define IP_BLOCK_SOURCE 17
#endif
#ifndef IP_UNBLOCK_SOURCE
#define IP_UNBLOCK_SOURCE 18
#endif
#ifndef IP_PKTINFO
#define IP_PKTINFO 19
#endif
#ifndef IP_RECVTTL
#define IP_RECVTTL 21
#endif
#ifndef IP_RECEIVE_BROADCAST
#define IP_RECEIVE_BROADCAST 22
#endif
#ifndef IP_RECVIF
#define IP_RECVIF 24
#endif
#ifndef IP_RECVDSTADDR
#define IP_RECVDSTADDR 25
#endif
#ifndef IP_UNICAST_IF
#define IP_UNICAST_IF 31
#endif
#ifndef IP_RECVTOS
#define IP_RECVTOS 40
#endif
#ifndef IP_MTU_DISCOVER
#define IP_MTU_DISCOVER 71
#endif
#ifndef IP_MTU
#define IP_MTU 73
#endif
#ifndef IP_USER_MTU
#define IP_USER_MTU 76
#endif

#ifndef IPV6_HOPOPTS
#define IPV6_HOPOPTS 1
#endif
#ifndef IPV6_HDRINCL
#define IPV6_HDRINCL 2
#endif
#ifndef IPV6_UNICAST_HOPS
#define IPV6_UNICAST_HOPS 4
#endif
#ifndef IPV6_MULTICAST_IF
#define IPV6_MULTICAST_IF 9
#endif
#ifndef IPV6_MULTICAST_HOPS
#define IPV6_MULTICAST_HOPS 10
#endif
#ifndef IPV6_MULTICAST_LOOP
#define IPV6_MULTICAST_LOOP 11
#endif
#ifndef IPV6_ADD_MEMBERSHIP
#define IPV6_ADD_MEMBERSHIP 12
#endif
#ifndef IPV6_DROP_MEMBERSHIP
#define IPV6_DROP_MEMBERSHIP 13
#endif
#ifndef IPV6_DONTFRAG
#define IPV6_DONTFRAG 14
#endif
#ifndef IPV6_PKTINFO
#define IPV6_PKTINFO 19
#endif
#ifndef IPV6_HOPLIMIT
#define IPV6_HOPLIMIT 21
#endif
#ifndef IPV6_PROTECTION_LEVEL
#define IPV6_PROTECTION_LEVEL 23
#endif
#ifndef IPV6_RECVIF
#define IPV6_RECVIF 24
#endif
#ifndef IPV6_RECVDSTADDR
#define IPV6_RECVDSTADDR 25
#endif
#ifndef IPV6_CHECKSUM
#define IPV6_CHECKSUM 26
#endif
#ifndef IPV6_UNICAST_IF
#define IPV6_UNICAST_IF 31
#endif
#ifndef IPV6_RTHDR
#define IPV6_RTHDR 32
#endif
#ifndef IPV6_RECVRTHDR
#define IPV6_RECVRTHDR 38
#endif
#ifndef IPV6_TCLASS
#define IPV6_TCLASS 39
#endif
#ifndef IPV6_RECVTCLASS
#define IPV6_RECVTCLASS 40
#endif
#ifndef IPV6_MTU_DISCOVER
#define IPV6_MTU_DISCOVER 71
#endif
#ifndef IPV6_MTU
#define IPV6_MTU 72
#endif
#ifndef IPV6_USER_MTU
#define IPV6_USER_MTU 76
#endif

#endif
