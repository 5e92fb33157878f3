/* ws2tcpip.h for programs that are compiled for the model. */
#ifndef RESERVOIR_PROGRAM_WS2TCPIP_H
#define RESERVOIR_PROGRAM_WS2TCPIP_H

#include "sim/program/include/winsock2.h"

#include "stack/sdk/ws2tcpip.h"

#define INET_ADDRSTRLEN 22
#define INET6_ADDRSTRLEN 65
#define NI_MAXHOST 1025
#define NI_MAXSERV 32
#define NI_NOFQDN 0x01
#define NI_NUMERICHOST 0x02
#define NI_NAMEREQD 0x04
#define NI_NUMERICSERV 0x08
#define NI_DGRAM 0x10
#define AI_PASSIVE 0x00000001
#define AI_CANONNAME 0x00000002
#define AI_NUMERICHOST 0x00000004
#define AI_NUMERICSERV 0x00000008
#define AI_ALL 0x00000100
#define AI_ADDRCONFIG 0x00000400
#define AI_V4MAPPED 0x00000800
#define EAI_AGAIN 11002
#define EAI_BADFLAGS WSAEINVAL
#define EAI_FAIL 11003
#define EAI_FAMILY WSAEAFNOSUPPORT
#define EAI_MEMORY 8
#define EAI_NONAME 11001
#define EAI_NODATA EAI_NONAME
#define EAI_SERVICE 10109
#define EAI_SOCKTYPE 10044
#ifndef WSAHOST_NOT_FOUND
#define WSAHOST_NOT_FOUND 11001
#endif

typedef struct addrinfo {
    int ai_flags;
    int ai_family;
    int ai_socktype;
    int ai_protocol;
    size_t ai_addrlen;
    char *ai_canonname;
    struct sockaddr *ai_addr;
    struct addrinfo *ai_next;
} ADDRINFOA, *PADDRINFOA;
typedef struct addrinfoW {
    int ai_flags;
    int ai_family;
    int ai_socktype;
    int ai_protocol;
    size_t ai_addrlen;
    PWSTR ai_canonname;
    struct sockaddr *ai_addr;
    struct addrinfoW *ai_next;
} ADDRINFOW, *PADDRINFOW;
#ifdef UNICODE
typedef ADDRINFOW ADDRINFOT, ADDRINFO, *PADDRINFOT, *LPADDRINFO;
#else
typedef ADDRINFOA ADDRINFOT, ADDRINFO, *PADDRINFOT, *LPADDRINFO;
#endif

typedef union _SOCKADDR_INET {
    SOCKADDR_IN Ipv4;
    SOCKADDR_IN6 Ipv6;
    ADDRESS_FAMILY si_family;
} SOCKADDR_INET, *PSOCKADDR_INET;
typedef struct in6_addr *LPIN6_ADDR;
typedef struct {
    union {
        struct {
            ULONG Zone : 28;
            ULONG Level : 4;
        };
        ULONG Value;
    };
} SCOPE_ID, *PSCOPE_ID;
struct ip_mreq {
    struct in_addr imr_multiaddr;
    struct in_addr imr_interface;
};
struct ipv6_mreq {
    struct in6_addr ipv6mr_multiaddr;
    ULONG ipv6mr_interface;
};

#include "sim/program/include/network_types.h"

#define IN6ADDR_ANY_INIT \
    { \
        { \
            { 0 } \
        } \
    }
#define IN6ADDR_LOOPBACK_INIT \
    { \
        { \
            { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } \
        } \
    }
#define _S6_un u
#define _S6_u8 Byte

RESERVOIR_BEGIN

extern const struct in6_addr in6addr_any __asm__("reservoir_in6addr_any");
extern const struct in6_addr in6addr_loopback __asm__("reservoir_in6addr_loopback");

RESERVOIR_API(INT, getaddrinfo, PCSTR node, PCSTR service, const ADDRINFOA *hints, PADDRINFOA *result);
RESERVOIR_API(VOID, freeaddrinfo, PADDRINFOA list);
RESERVOIR_API(INT, getnameinfo, const SOCKADDR *address, int length, PCHAR node, DWORD node_size, PCHAR service,
              DWORD service_size, INT flags);
RESERVOIR_API(INT, GetNameInfoW, const SOCKADDR *address, int length, PWCHAR node, DWORD node_size, PWCHAR service,
              DWORD service_size, INT flags);
RESERVOIR_API(INT, GetAddrInfoW, PCWSTR node, PCWSTR service, const ADDRINFOW *hints, PADDRINFOW *result);
RESERVOIR_API(VOID, FreeAddrInfoW, PADDRINFOW list);
RESERVOIR_API(INT, GetAddrInfoExA, PCSTR node, PCSTR service, DWORD name_space, LPGUID provider,
              const ADDRINFOEXA *hints, PADDRINFOEXA *result, struct timeval *limit, LPOVERLAPPED overlapped,
              LPLOOKUPSERVICE_COMPLETION_ROUTINE routine, LPHANDLE handle);
RESERVOIR_API(INT, GetAddrInfoExW, PCWSTR node, PCWSTR service, DWORD name_space, LPGUID provider,
              const ADDRINFOEXW *hints, PADDRINFOEXW *result, struct timeval *limit, LPOVERLAPPED overlapped,
              LPLOOKUPSERVICE_COMPLETION_ROUTINE routine, LPHANDLE handle);
RESERVOIR_API(VOID, FreeAddrInfoEx, PADDRINFOEXA list);
RESERVOIR_API(VOID, FreeAddrInfoExW, PADDRINFOEXW list);
RESERVOIR_API(INT, inet_pton, INT family, PCSTR text, PVOID address);
RESERVOIR_API(INT, InetPtonW, INT family, PCWSTR text, PVOID address);
RESERVOIR_API(PCSTR, inet_ntop, INT family, const VOID *address, PSTR text, size_t size);
RESERVOIR_API(PCWSTR, InetNtopW, INT family, const VOID *address, PWSTR text, size_t size);
RESERVOIR_API(char *, gai_strerrorA, int error);
RESERVOIR_API(WCHAR *, gai_strerrorW, int error);

RESERVOIR_END

#define InetPtonA inet_pton
#define InetNtopA inet_ntop
#define GetAddrInfoA getaddrinfo
#define FreeAddrInfoA freeaddrinfo
#define GetNameInfoA getnameinfo
#define FreeAddrInfoExA FreeAddrInfoEx
#define GetAddrInfoEx RESERVOIR_BOTH(GetAddrInfoEx)
#define gai_strerror RESERVOIR_BOTH(gai_strerror)
#ifdef UNICODE
#define InetPton InetPtonW
#define InetNtop InetNtopW
#define GetAddrInfo GetAddrInfoW
#define GetNameInfo GetNameInfoW
#define FreeAddrInfo FreeAddrInfoW
#else
#define InetPton inet_pton
#define InetNtop inet_ntop
#define GetAddrInfo getaddrinfo
#define GetNameInfo getnameinfo
#define FreeAddrInfo freeaddrinfo
#endif

#include "sim/program/include/ipv6_addresses.h"

#define IN6ADDR_SETANY(address) ((void)(memset((address), 0, sizeof(SOCKADDR_IN6)), (address)->sin6_family = AF_INET6))
#define IN6_SET_ADDR_UNSPECIFIED(address) ((void)(*(address) = in6addr_any))
#define IN6_SET_ADDR_LOOPBACK(address) ((void)(*(address) = in6addr_loopback))
#define in_addr6 in6_addr
#define s6_bytes u.Byte
#define s6_words u.Word
#define SS_PORT(address) (((PSOCKADDR_IN)(void *)(address))->sin_port)

#endif
