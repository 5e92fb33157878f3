/* winsock2.h for programs that are compiled for the model: its types (stack/sdk/winsock2.h) and the functions of
 * ws2_32. */
#ifndef RESERVOIR_PROGRAM_WINSOCK2_H
#define RESERVOIR_PROGRAM_WINSOCK2_H

#include "sim/program/include/win32.h"

#include "stack/sdk/network_event_values.h"
#include "stack/sdk/option_values.h"
#include "stack/sdk/poll_values.h"
#include "stack/sdk/winsock2.h"

#include "sim/program/include/network_values.h"

#define WINSOCK_VERSION MAKEWORD(2, 2)
#define WINSOCK_API_LINKAGE
#define PASCAL

#define AF_IPX 6
#define AF_NETBIOS 17
#define AF_IRDA 26
#define AF_BTH 32
#define AF_HYPERV 34
#define PF_UNSPEC AF_UNSPEC
#define PF_UNIX AF_UNIX
#define PF_INET AF_INET
#define PF_INET6 AF_INET6
#define IPPROTO_IGMP 2
#define IPPROTO_RAW 255
#define IPPORT_RESERVED 1024
#define INADDR_ANY ((ULONG)0x00000000)
#define INADDR_LOOPBACK ((ULONG)0x7f000001)
#define INADDR_BROADCAST ((ULONG)0xffffffff)
#define INADDR_NONE ((ULONG)0xffffffff)
#define ADDR_ANY INADDR_ANY
#define SOL_IP IPPROTO_IP
#define SOL_IPV6 IPPROTO_IPV6
#define SO_USELOOPBACK 0x0040
#define MSG_INTERRUPT 0x10
#define SOMAXCONN_HINT(backlog) (-(backlog))
#define MSG_MAXIOVLEN 16
#define MAXGETHOSTSTRUCT 1024
#define SG_UNCONSTRAINED_GROUP 0x01
#define SG_CONSTRAINED_GROUP 0x02

#define IOCPARM_MASK 0x7f
#define IOC_VOID 0x20000000u
#define IOC_IN 0x80000000u
#define IOC_INOUT (IOC_IN | IOC_OUT)
#define _IO(group, number) (IOC_VOID | ((group) << 8) | (number))
#define _IOR(group, number, type) (IOC_OUT | (((u_int)sizeof(type) & IOCPARM_MASK) << 16) | ((group) << 8) | (number))
#define _IOW(group, number, type) (IOC_IN | (((u_int)sizeof(type) & IOCPARM_MASK) << 16) | ((group) << 8) | (number))
#define IOC_UNIX 0x00000000u
#define IOC_WS2 0x08000000u
#define IOC_PROTOCOL 0x10000000u
#define IOC_VENDOR 0x18000000u
#define _WSAIO(group, number) (IOC_VOID | (group) | (number))
#define _WSAIOR(group, number) (IOC_OUT | (group) | (number))
#define _WSAIOW(group, number) (IOC_IN | (group) | (number))
#define _WSAIORW(group, number) (IOC_INOUT | (group) | (number))

#define WSA_INVALID_EVENT ((WSAEVENT)NULL)
#define WSA_MAXIMUM_WAIT_EVENTS MAXIMUM_WAIT_OBJECTS
#define WSA_WAIT_FAILED WAIT_FAILED
#define WSA_WAIT_EVENT_0 WAIT_OBJECT_0
#define WSA_WAIT_IO_COMPLETION WAIT_IO_COMPLETION
#define WSA_WAIT_TIMEOUT WAIT_TIMEOUT
#define WSA_INFINITE INFINITE

#define POLLIN (POLLRDNORM | POLLRDBAND)
#define POLLOUT POLLWRNORM

typedef struct in_addr IN_ADDR, *PIN_ADDR, *LPIN_ADDR;
typedef USHORT ADDRESS_FAMILY;
typedef fd_set FD_SET, *PFD_SET, *LPFD_SET;

struct linger {
    u_short l_onoff;
    u_short l_linger;
};
typedef struct linger LINGER, *PLINGER, *LPLINGER;

struct hostent {
    char *h_name;
    char **h_aliases;
    short h_addrtype;
    short h_length;
    char **h_addr_list;
};
#define h_addr h_addr_list[0]
typedef struct hostent HOSTENT, *PHOSTENT, *LPHOSTENT;

struct servent {
    char *s_name;
    char **s_aliases;
    char *s_proto;
    short s_port;
};
struct protoent {
    char *p_name;
    char **p_aliases;
    short p_proto;
};

typedef struct pollfd {
    SOCKET fd;
    SHORT events;
    SHORT revents;
} WSAPOLLFD, *PWSAPOLLFD, *LPWSAPOLLFD;

typedef struct _SOCKET_ADDRESS {
    LPSOCKADDR lpSockaddr;
    INT iSockaddrLength;
} SOCKET_ADDRESS, *PSOCKET_ADDRESS, *LPSOCKET_ADDRESS;
typedef struct _SOCKET_ADDRESS_LIST {
    INT iAddressCount;
    SOCKET_ADDRESS Address[1];
} SOCKET_ADDRESS_LIST, *PSOCKET_ADDRESS_LIST, *LPSOCKET_ADDRESS_LIST;

#define s_host S_un.S_un_b.s_b2
#define s_net S_un.S_un_b.s_b1
#define s_lh S_un.S_un_b.s_b3
#define s_impno S_un.S_un_b.s_b4
#define s_imp S_un.S_un_w.s_w2

#define FD_ZERO(set) ((void)((set)->fd_count = 0))
#define FD_SET(socket, set) reservoir_fd_set((socket), (set), FD_SETSIZE)
#define FD_CLR(socket, set) reservoir_fd_clr((socket), (set))
#define FD_ISSET(socket, set) __WSAFDIsSet((socket), (set))

#ifdef UNICODE
typedef WSAPROTOCOL_INFOW WSAPROTOCOL_INFO, *LPWSAPROTOCOL_INFO;
#else
typedef WSAPROTOCOL_INFOA WSAPROTOCOL_INFO, *LPWSAPROTOCOL_INFO;
#endif

RESERVOIR_BEGIN

/* --- startup, errors ---------------------------------------------------------------------------------------------- */

RESERVOIR_API(int, WSAStartup, WORD version, LPWSADATA data);
RESERVOIR_API(int, WSACleanup, void);
RESERVOIR_API(int, WSAGetLastError, void);
RESERVOIR_API(void, WSASetLastError, int error);

/* --- sockets ------------------------------------------------------------------------------------------------------ */

RESERVOIR_API(SOCKET, socket, int af, int type, int protocol);
RESERVOIR_API(SOCKET, WSASocketA, int af, int type, int protocol, LPWSAPROTOCOL_INFOA info, GROUP group, DWORD flags);
RESERVOIR_API(SOCKET, WSASocketW, int af, int type, int protocol, LPWSAPROTOCOL_INFOW info, GROUP group, DWORD flags);
RESERVOIR_API(int, WSADuplicateSocketA, SOCKET s, DWORD process, LPWSAPROTOCOL_INFOA info);
RESERVOIR_API(int, WSADuplicateSocketW, SOCKET s, DWORD process, LPWSAPROTOCOL_INFOW info);
/* The protocols of the machine: TCP and UDP, of IPv4 and IPv6 (protocol_entries.c). */
RESERVOIR_API(int, WSAEnumProtocolsA, LPINT protocols, LPWSAPROTOCOL_INFOA infos, LPDWORD size);
RESERVOIR_API(int, WSAEnumProtocolsW, LPINT protocols, LPWSAPROTOCOL_INFOW infos, LPDWORD size);
RESERVOIR_API(int, closesocket, SOCKET s);
RESERVOIR_API(int, bind, SOCKET s, const struct sockaddr *name, int length);
RESERVOIR_API(int, getsockname, SOCKET s, struct sockaddr *name, int *length);
RESERVOIR_API(int, getpeername, SOCKET s, struct sockaddr *name, int *length);
RESERVOIR_API(int, listen, SOCKET s, int backlog);
RESERVOIR_API(SOCKET, accept, SOCKET s, struct sockaddr *name, int *length);
RESERVOIR_API(SOCKET, WSAAccept, SOCKET s, struct sockaddr *name, LPINT length, LPCONDITIONPROC condition,
              DWORD_PTR data);
RESERVOIR_API(int, connect, SOCKET s, const struct sockaddr *name, int length);
RESERVOIR_API(int, WSAConnect, SOCKET s, const struct sockaddr *name, int length, LPWSABUF caller, LPWSABUF callee,
              LPQOS qos, LPQOS group_qos);
RESERVOIR_API(BOOL, WSAConnectByNameA, SOCKET s, LPCSTR node, LPCSTR service, LPDWORD local_size, LPSOCKADDR local,
              LPDWORD remote_size, LPSOCKADDR remote, const struct timeval *limit, LPWSAOVERLAPPED reserved);
RESERVOIR_API(BOOL, WSAConnectByNameW, SOCKET s, LPWSTR node, LPWSTR service, LPDWORD local_size, LPSOCKADDR local,
              LPDWORD remote_size, LPSOCKADDR remote, const struct timeval *limit, LPWSAOVERLAPPED reserved);
RESERVOIR_API(int, shutdown, SOCKET s, int how);
RESERVOIR_API(int, WSASendDisconnect, SOCKET s, LPWSABUF data);
RESERVOIR_API(int, WSARecvDisconnect, SOCKET s, LPWSABUF data);
RESERVOIR_API(BOOL, WSAIsBlocking, void);
RESERVOIR_API(int, WSACancelBlockingCall, void);
RESERVOIR_API(int, WSAUnhookBlockingHook, void);

/* --- data --------------------------------------------------------------------------------------------------------- */

RESERVOIR_API(int, send, SOCKET s, const char *data, int length, int flags);
RESERVOIR_API(int, sendto, SOCKET s, const char *data, int length, int flags, const struct sockaddr *to, int to_length);
RESERVOIR_API(int, recv, SOCKET s, char *data, int length, int flags);
RESERVOIR_API(int, recvfrom, SOCKET s, char *data, int length, int flags, struct sockaddr *from, int *from_length);
RESERVOIR_API(int, WSASend, SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
              LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);
RESERVOIR_API(int, WSASendTo, SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
              const struct sockaddr *to, int to_length, LPWSAOVERLAPPED overlapped,
              LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);
RESERVOIR_API(int, WSARecv, SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
              LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);
RESERVOIR_API(int, WSASendMsg, SOCKET s, LPWSAMSG message, DWORD flags, LPDWORD sent, LPWSAOVERLAPPED overlapped,
              LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);
RESERVOIR_API(int, WSARecvFrom, SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
              struct sockaddr *from, LPINT from_length, LPWSAOVERLAPPED overlapped,
              LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);

/* --- options, control codes, requests ----------------------------------------------------------------------------- */

RESERVOIR_API(int, getsockopt, SOCKET s, int level, int option, char *value, int *length);
RESERVOIR_API(int, setsockopt, SOCKET s, int level, int option, const char *value, int length);
RESERVOIR_API(int, ioctlsocket, SOCKET s, LONG command, u_long *argument);
RESERVOIR_API(int, WSAIoctl, SOCKET s, DWORD dwIoControlCode, LPVOID lpvInBuffer, DWORD cbInBuffer, LPVOID lpvOutBuffer,
              DWORD cbOutBuffer, LPDWORD lpcbBytesReturned, LPWSAOVERLAPPED lpOverlapped,
              LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine);
RESERVOIR_API(BOOL, WSAGetOverlappedResult, SOCKET s, LPWSAOVERLAPPED overlapped, LPDWORD bytes, BOOL wait,
              LPDWORD flags);

/* --- events ------------------------------------------------------------------------------------------------------- */

RESERVOIR_API(WSAEVENT, WSACreateEvent, void);
RESERVOIR_API(int, select, int count, fd_set *reading, fd_set *writing, fd_set *failing, const struct timeval *limit);
RESERVOIR_API(int, WSAPoll, LPWSAPOLLFD entries, ULONG count, INT limit_ms);
RESERVOIR_API(int, WSAEventSelect, SOCKET s, WSAEVENT event, LONG events);
RESERVOIR_API(int, WSAEnumNetworkEvents, SOCKET s, WSAEVENT event, LPWSANETWORKEVENTS events);
RESERVOIR_API(BOOL, WSACloseEvent, WSAEVENT event);
RESERVOIR_API(BOOL, WSASetEvent, WSAEVENT event);
RESERVOIR_API(BOOL, WSAResetEvent, WSAEVENT event);
RESERVOIR_API(DWORD, WSAWaitForMultipleEvents, DWORD count, const WSAEVENT *events, BOOL all, DWORD limit_ms,
              BOOL alertable);

/* --- names and numbers -------------------------------------------------------------------------------------------- */

RESERVOIR_API(u_short, htons, u_short port);
RESERVOIR_API(u_short, ntohs, u_short port);
RESERVOIR_API(u_long, htonl, u_long number);
RESERVOIR_API(u_long, ntohl, u_long number);
/* The same by the order of a socket's protocol, which is the network's: 0, or SOCKET_ERROR with WSANOTINITIALISED,
 * WSAENOTSOCK or WSAEFAULT. */
RESERVOIR_API(int, WSAHtons, SOCKET s, u_short port, u_short *network);
RESERVOIR_API(int, WSANtohs, SOCKET s, u_short port, u_short *host);
RESERVOIR_API(int, WSAHtonl, SOCKET s, u_long number, u_long *network);
RESERVOIR_API(int, WSANtohl, SOCKET s, u_long number, u_long *host);
RESERVOIR_API(unsigned long, inet_addr, const char *text);
RESERVOIR_API(char *, inet_ntoa, struct in_addr address);
RESERVOIR_API(INT, WSAAddressToStringA, LPSOCKADDR address, DWORD length, LPWSAPROTOCOL_INFOA info, LPSTR text,
              LPDWORD text_length);
RESERVOIR_API(INT, WSAAddressToStringW, LPSOCKADDR address, DWORD length, LPWSAPROTOCOL_INFOW info, LPWSTR text,
              LPDWORD text_length);
RESERVOIR_API(INT, WSAStringToAddressA, LPSTR text, INT family, LPWSAPROTOCOL_INFOA info, LPSOCKADDR address,
              LPINT length);
RESERVOIR_API(INT, WSAStringToAddressW, LPWSTR text, INT family, LPWSAPROTOCOL_INFOW info, LPSOCKADDR address,
              LPINT length);
int windows_gethostname(char *name, int length);
RESERVOIR_API(int, GetHostNameW, PWSTR name, int length);
RESERVOIR_API(struct hostent *, gethostbyname, const char *name);
RESERVOIR_API(struct hostent *, gethostbyaddr, const char *address, int length, int type);
RESERVOIR_API(struct protoent *, getprotobyname, const char *name);
RESERVOIR_API(struct protoent *, getprotobynumber, int number);
RESERVOIR_API(struct servent *, getservbyname, const char *name, const char *protocol);
RESERVOIR_API(struct servent *, getservbyport, int port, const char *protocol);

int reservoir_fd_is_set(SOCKET s, fd_set *set);
void reservoir_fd_set(SOCKET s, fd_set *set, u_int most);
void reservoir_fd_clr(SOCKET s, fd_set *set);
#define __WSAFDIsSet reservoir_fd_is_set

/* `unsigned long` has 32 bits on Windows and 64 here: whoever gives one instead of a u_long gets all of it written. */
int reservoir_ioctlsocket_long(SOCKET s, LONG command, unsigned long *argument);

RESERVOIR_END

#ifdef __cplusplus
inline int ioctlsocket(SOCKET s, LONG command, unsigned long *argument) {
    return reservoir_ioctlsocket_long(s, command, argument);
}
#else
static inline int reservoir_ioctlsocket_signed(SOCKET s, LONG command, long *argument) {
    return reservoir_ioctlsocket_long(s, command, (unsigned long *)argument);
}
static inline int reservoir_ioctlsocket_int(SOCKET s, LONG command, int *argument) {
    return ioctlsocket(s, command, (u_long *)argument);
}
#define ioctlsocket(s, command, argument) \
    _Generic((argument), unsigned long * : reservoir_ioctlsocket_long, long * : reservoir_ioctlsocket_signed, \
             int * : reservoir_ioctlsocket_int, default : ioctlsocket)((s), (LONG)(command), (argument))
#endif

#define WSASocket RESERVOIR_BOTH(WSASocket)
#define WSADuplicateSocket RESERVOIR_BOTH(WSADuplicateSocket)
#define WSAEnumProtocols RESERVOIR_BOTH(WSAEnumProtocols)
#define SO_PROTOCOL_INFO RESERVOIR_BOTH(SO_PROTOCOL_INFO)
#define WSAConnectByName RESERVOIR_BOTH(WSAConnectByName)
#define WSAAddressToString RESERVOIR_BOTH(WSAAddressToString)
#define WSAStringToAddress RESERVOIR_BOTH(WSAStringToAddress)

#include "sim/program/include/name_services.h"

typedef int(WSAAPI *LPFN_WSASTARTUP)(WORD version, LPWSADATA data);
typedef int(WSAAPI *LPFN_BIND)(SOCKET s, const struct sockaddr *name, int length);
typedef int(WSAAPI *LPFN_CLOSESOCKET)(SOCKET s);

#include "sim/program/include/reservoir_not_modelled_winsock.h"

#if defined(INCL_WINSOCK_API_TYPEDEFS) && INCL_WINSOCK_API_TYPEDEFS
#include "sim/program/include/winsock_typedefs.h"
#endif

/* --- names of Winsock 1.1, and orders of bytes -------------------------------------------------------------------- */

#ifndef WSAHOST_NOT_FOUND
#define WSAHOST_NOT_FOUND 11001
#endif
#define h_errno WSAGetLastError()
#define HOST_NOT_FOUND WSAHOST_NOT_FOUND
#define TRY_AGAIN WSATRY_AGAIN
#define NO_RECOVERY WSANO_RECOVERY
#define NO_DATA WSANO_DATA
#define NO_ADDRESS WSANO_DATA
#define WSANO_ADDRESS WSANO_DATA
#define BIGENDIAN 0x0000
#define LITTLEENDIAN 0x0001
static inline unsigned __int64 htonll(unsigned __int64 value) { return __builtin_bswap64(value); }
static inline unsigned __int64 ntohll(unsigned __int64 value) { return __builtin_bswap64(value); }
typedef LPHANDLE LPWSAEVENT;

#endif
