/* Types of winsock2.h, ws2tcpip.h, ws2ipdef.h, mswsock.h and mstcpip.h that no call of the model takes: programs
 * declare them, and what is asked with them is not modelled. Included by ws2tcpip.h and mswsock.h. */
#ifndef RESERVOIR_PROGRAM_NETWORK_TYPES_H
#define RESERVOIR_PROGRAM_NETWORK_TYPES_H

#include "sim/program/include/network_values.h"

typedef struct in_pktinfo {
    struct in_addr ipi_addr;
    ULONG ipi_ifindex;
} IN_PKTINFO, *PIN_PKTINFO;
typedef struct in6_pktinfo {
    struct in6_addr ipi6_addr;
    ULONG ipi6_ifindex;
} IN6_PKTINFO, *PIN6_PKTINFO;
typedef struct ip_mreq IP_MREQ, *PIP_MREQ;
typedef struct ipv6_mreq IPV6_MREQ, *PIPV6_MREQ;
typedef struct ip_mreq_source {
    struct in_addr imr_multiaddr;
    struct in_addr imr_sourceaddr;
    struct in_addr imr_interface;
} IP_MREQ_SOURCE, *PIP_MREQ_SOURCE;
typedef struct group_req {
    ULONG gr_interface;
    SOCKADDR_STORAGE gr_group;
} GROUP_REQ, *PGROUP_REQ;
typedef struct group_source_req {
    ULONG gsr_interface;
    SOCKADDR_STORAGE gsr_group;
    SOCKADDR_STORAGE gsr_source;
} GROUP_SOURCE_REQ, *PGROUP_SOURCE_REQ;
typedef struct _sockaddr_in6_pair {
    PSOCKADDR_IN6 SourceAddress;
    PSOCKADDR_IN6 DestinationAddress;
} SOCKADDR_IN6_PAIR, *PSOCKADDR_IN6_PAIR;
typedef union sockaddr_gen {
    struct sockaddr Address;
    struct sockaddr_in AddressIn;
    BYTE AddressIn6Old[24];
} sockaddr_gen;
typedef struct _INTERFACE_INFO {
    ULONG iiFlags;
    sockaddr_gen iiAddress;
    sockaddr_gen iiBroadcastAddress;
    sockaddr_gen iiNetmask;
} INTERFACE_INFO, *LPINTERFACE_INFO;
typedef struct _WSACMSGHDR {
    SIZE_T cmsg_len;
    INT cmsg_level;
    INT cmsg_type;
} WSACMSGHDR, *PWSACMSGHDR, *LPWSACMSGHDR, CMSGHDR, *PCMSGHDR;
typedef struct _TCP_INITIAL_RTO_PARAMETERS {
    USHORT Rtt;
    UCHAR MaxSynRetransmissions;
} TCP_INITIAL_RTO_PARAMETERS, *PTCP_INITIAL_RTO_PARAMETERS;

typedef struct _TRANSMIT_FILE_BUFFERS {
    PVOID Head;
    DWORD HeadLength;
    PVOID Tail;
    DWORD TailLength;
} TRANSMIT_FILE_BUFFERS, *PTRANSMIT_FILE_BUFFERS, *LPTRANSMIT_FILE_BUFFERS;

typedef BOOL(WINAPI *LPFN_TRANSMITFILE)(SOCKET s, HANDLE file, DWORD bytes, DWORD piece, LPOVERLAPPED overlapped,
                                        LPTRANSMIT_FILE_BUFFERS buffers, DWORD flags);

/* Control data beside a message; each part begins at a multiple of eight bytes. */
#define WSA_CMSGHDR_ALIGN(length) (((length) + 7) & ~(SIZE_T)7)
#define WSA_CMSGDATA_ALIGN(length) (((length) + 7) & ~(SIZE_T)7)
#define WSA_CMSG_LEN(length) (WSA_CMSGDATA_ALIGN(sizeof(WSACMSGHDR)) + (length))
#define WSA_CMSG_SPACE(length) (WSA_CMSGDATA_ALIGN(sizeof(WSACMSGHDR)) + WSA_CMSGHDR_ALIGN(length))
#define WSA_CMSG_DATA(header) ((PUCHAR)(header) + WSA_CMSGDATA_ALIGN(sizeof(WSACMSGHDR)))
#define WSA_CMSG_FIRSTHDR(message) \
    ((message)->Control.len >= sizeof(WSACMSGHDR) ? (LPWSACMSGHDR)(message)->Control.buf : (LPWSACMSGHDR)NULL)
#define WSA_CMSG_NXTHDR(message, header) \
    ((header) == NULL ? WSA_CMSG_FIRSTHDR(message) \
     : (PUCHAR)(header) + WSA_CMSGHDR_ALIGN((header)->cmsg_len) + sizeof(WSACMSGHDR) > \
             (PUCHAR)(message)->Control.buf + (message)->Control.len \
         ? (LPWSACMSGHDR)NULL \
         : (LPWSACMSGHDR)((PUCHAR)(header) + WSA_CMSGHDR_ALIGN((header)->cmsg_len)))
#define CMSG_SPACE(length) WSA_CMSG_SPACE(length)
#define CMSG_LEN(length) WSA_CMSG_LEN(length)
#define CMSG_DATA(header) WSA_CMSG_DATA(header)
#define CMSG_FIRSTHDR(message) WSA_CMSG_FIRSTHDR(message)
#define CMSG_NXTHDR(message, header) WSA_CMSG_NXTHDR(message, header)

#define IN_CLASSA(address) (((ULONG)(address)&0x80000000u) == 0)
#define IN_CLASSB(address) (((ULONG)(address)&0xC0000000u) == 0x80000000u)
#define IN_CLASSC(address) (((ULONG)(address)&0xE0000000u) == 0xC0000000u)
#define IN_CLASSD(address) (((ULONG)(address)&0xF0000000u) == 0xE0000000u)
#define IN_MULTICAST(address) IN_CLASSD(address)
#define WSAGETSELECTEVENT(word) LOWORD(word)
#define WSAGETSELECTERROR(word) HIWORD(word)
#define WSAMAKESELECTREPLY(event, error) MAKELONG(event, error)

#define WSAGETASYNCBUFLEN(word) LOWORD(word)
#define WSAGETASYNCERROR(word) HIWORD(word)
#define WSAMAKEASYNCREPLY(size, error) MAKELONG(size, error)

#define IN6_ARE_ADDR_EQUAL IN6_ADDR_EQUAL

#include "sim/program/include/setting_types.h"

#include "sim/program/include/reservoir_not_modelled_settings.h"

#endif
