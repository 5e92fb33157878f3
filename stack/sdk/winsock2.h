/* Winsock's types for programs that are compiled against the model. u_long has 32 bits, SOCKET the width of a pointer.
 *
 * The guard is the real header's: whichever is included first stands for both. Not beside <sys/socket.h>. */
#ifndef _WINSOCK2API_

#include "stack/sdk/control_values.h"
#include "stack/sdk/network_event_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/sdk/windows.h"

#define _WINSOCK2API_

#define WSAAPI
#define FAR

typedef uint8_t u_char;
typedef uint16_t u_short;
typedef uint32_t u_int, u_long;

typedef UINT_PTR SOCKET;
typedef unsigned int GROUP;
#define INVALID_SOCKET ((SOCKET) ~(SOCKET)0)

typedef HANDLE WSAEVENT;
typedef OVERLAPPED WSAOVERLAPPED, *LPWSAOVERLAPPED;
typedef void(CALLBACK *LPWSAOVERLAPPED_COMPLETION_ROUTINE)(DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped,
                                                           DWORD flags);

typedef int(WSAAPI *LPFN_WSAIOCTL)(SOCKET s, DWORD dwIoControlCode, LPVOID lpvInBuffer, DWORD cbInBuffer,
                                   LPVOID lpvOutBuffer, DWORD cbOutBuffer, LPDWORD lpcbBytesReturned,
                                   LPWSAOVERLAPPED lpOverlapped,
                                   LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine);

/* s_addr is in network order. */
struct in_addr {
    union {
        struct {
            u_char s_b1, s_b2, s_b3, s_b4;
        } S_un_b;
        struct {
            u_short s_w1, s_w2;
        } S_un_w;
        u_long S_addr;
    } S_un;
};
#define s_addr S_un.S_addr

struct sockaddr {
    u_short sa_family;
    CHAR sa_data[14];
};

/* Port and address are in network order. */
struct sockaddr_in {
    int16_t sin_family;
    u_short sin_port;
    struct in_addr sin_addr;
    CHAR sin_zero[8];
};

struct sockaddr_storage {
    int16_t ss_family;
    CHAR __ss_pad1[6];
    int64_t __ss_align;
    CHAR __ss_pad2[112];
};

typedef struct sockaddr SOCKADDR, *PSOCKADDR, *LPSOCKADDR;
typedef struct sockaddr_in SOCKADDR_IN, *PSOCKADDR_IN, *LPSOCKADDR_IN;
typedef struct sockaddr_storage SOCKADDR_STORAGE, *PSOCKADDR_STORAGE, *LPSOCKADDR_STORAGE;

#define WSADESCRIPTION_LEN 256
#define WSASYS_STATUS_LEN 128

/* With 64-bit pointers the texts come last. */
typedef struct WSAData {
    WORD wVersion;
    WORD wHighVersion;
#if UINTPTR_MAX > UINT32_MAX
    u_short iMaxSockets;
    u_short iMaxUdpDg;
    CHAR *lpVendorInfo;
    CHAR szDescription[WSADESCRIPTION_LEN + 1];
    CHAR szSystemStatus[WSASYS_STATUS_LEN + 1];
#else
    CHAR szDescription[WSADESCRIPTION_LEN + 1];
    CHAR szSystemStatus[WSASYS_STATUS_LEN + 1];
    u_short iMaxSockets;
    u_short iMaxUdpDg;
    CHAR *lpVendorInfo;
#endif
} WSADATA, *LPWSADATA;

typedef struct _WSABUF {
    u_long len;
    CHAR *buf;
} WSABUF, *LPWSABUF;

typedef struct _WSAMSG {
    LPSOCKADDR name;
    INT namelen;
    LPWSABUF lpBuffers;
    ULONG dwBufferCount;
    WSABUF Control;
    ULONG dwFlags;
} WSAMSG, *PWSAMSG, *LPWSAMSG;

#define MAX_PROTOCOL_CHAIN 7
#define WSAPROTOCOL_LEN 255

typedef struct _WSAPROTOCOLCHAIN {
    int ChainLen;
    DWORD ChainEntries[MAX_PROTOCOL_CHAIN];
} WSAPROTOCOLCHAIN, *LPWSAPROTOCOLCHAIN;

/* The two differ in the type of szProtocol. */
#define PROTOCOL_INFO_MEMBERS(character) \
    DWORD dwServiceFlags1; \
    DWORD dwServiceFlags2; \
    DWORD dwServiceFlags3; \
    DWORD dwServiceFlags4; \
    DWORD dwProviderFlags; \
    GUID ProviderId; \
    DWORD dwCatalogEntryId; \
    WSAPROTOCOLCHAIN ProtocolChain; \
    int iVersion; \
    int iAddressFamily; \
    int iMaxSockAddr; \
    int iMinSockAddr; \
    int iSocketType; \
    int iProtocol; \
    int iProtocolMaxOffset; \
    int iNetworkByteOrder; \
    int iSecurityScheme; \
    DWORD dwMessageSize; \
    DWORD dwProviderReserved; \
    character szProtocol[WSAPROTOCOL_LEN + 1];

typedef struct _WSAPROTOCOL_INFOA {
    PROTOCOL_INFO_MEMBERS(CHAR)
} WSAPROTOCOL_INFOA, *LPWSAPROTOCOL_INFOA;

typedef struct _WSAPROTOCOL_INFOW {
    PROTOCOL_INFO_MEMBERS(WCHAR)
} WSAPROTOCOL_INFOW, *LPWSAPROTOCOL_INFOW;

#undef PROTOCOL_INFO_MEMBERS

#ifndef FD_SETSIZE
#define FD_SETSIZE 64
#endif

typedef struct fd_set {
    u_int fd_count;
    SOCKET fd_array[FD_SETSIZE];
} fd_set;

struct timeval {
    LONG tv_sec;
    LONG tv_usec;
};
typedef struct timeval TIMEVAL, *PTIMEVAL, *LPTIMEVAL;

typedef struct _WSANETWORKEVENTS {
    LONG lNetworkEvents;
    int iErrorCode[FD_MAX_EVENTS];
} WSANETWORKEVENTS, *LPWSANETWORKEVENTS;

typedef struct _flowspec {
    ULONG TokenRate;
    ULONG TokenBucketSize;
    ULONG PeakBandwidth;
    ULONG Latency;
    ULONG DelayVariation;
    ULONG ServiceType;
    ULONG MaxSduSize;
    ULONG MinimumPolicedSize;
} FLOWSPEC, *PFLOWSPEC, *LPFLOWSPEC;

typedef struct _QualityOfService {
    FLOWSPEC SendingFlowspec;
    FLOWSPEC ReceivingFlowspec;
    WSABUF ProviderSpecific;
} QOS, *LPQOS;

typedef int(CALLBACK *LPCONDITIONPROC)(LPWSABUF caller_id, LPWSABUF caller_data, LPQOS qos, LPQOS group_qos,
                                       LPWSABUF callee_id, LPWSABUF callee_data, GROUP *group, DWORD_PTR callback_data);

#endif
