/* Winsock's extensions, for programs that are compiled against the model: the extensions that are modelled, by the
 * names that SIO_GET_EXTENSION_FUNCTION_POINTER takes.
 *
 * The guard is the real header's: whichever is included first stands for both. */
#ifndef _MSWSOCK_

#include "stack/sdk/winsock2.h"

#define _MSWSOCK_

#define WSAID_ACCEPTEX \
    { \
        0xb5367df1, 0xcbac, 0x11cf, { 0x95, 0xca, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92 } \
    }
#define WSAID_GETACCEPTEXSOCKADDRS \
    { \
        0xb5367df2, 0xcbac, 0x11cf, { 0x95, 0xca, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92 } \
    }
#define WSAID_CONNECTEX \
    { \
        0x25a207b9, 0xddf3, 0x4660, { 0x8e, 0xe9, 0x76, 0xe5, 0x8c, 0x74, 0x06, 0x3e } \
    }
#define WSAID_DISCONNECTEX \
    { \
        0x7fda2e11, 0x8630, 0x436f, { 0xa0, 0x31, 0xf5, 0x36, 0xa6, 0xee, 0xc1, 0x57 } \
    }
#define WSAID_WSARECVMSG \
    { \
        0xf689d7c8, 0x6f1f, 0x436b, { 0x8a, 0x53, 0xe5, 0x4f, 0xe3, 0x51, 0xc3, 0x22 } \
    }
#define WSAID_WSASENDMSG \
    { \
        0xa441e712, 0x754f, 0x43ca, { 0x84, 0xa7, 0x0d, 0xee, 0x44, 0xcf, 0x60, 0x6d } \
    }

typedef BOOL(WINAPI *LPFN_ACCEPTEX)(SOCKET listener, SOCKET accepted, PVOID output, DWORD data_size, DWORD local_size,
                                    DWORD remote_size, LPDWORD received, LPOVERLAPPED overlapped);
typedef VOID(WINAPI *LPFN_GETACCEPTEXSOCKADDRS)(PVOID output, DWORD data_size, DWORD local_size, DWORD remote_size,
                                                struct sockaddr **local, LPINT local_length, struct sockaddr **remote,
                                                LPINT remote_length);
typedef BOOL(WINAPI *LPFN_CONNECTEX)(SOCKET s, const struct sockaddr *name, int length, PVOID data, DWORD data_size,
                                     LPDWORD sent, LPOVERLAPPED overlapped);
typedef BOOL(WINAPI *LPFN_DISCONNECTEX)(SOCKET s, LPOVERLAPPED overlapped, DWORD flags, DWORD reserved);
typedef INT(WINAPI *LPFN_WSARECVMSG)(SOCKET s, LPWSAMSG message, LPDWORD received, LPWSAOVERLAPPED overlapped,
                                     LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);
typedef INT(WINAPI *LPFN_WSASENDMSG)(SOCKET s, LPWSAMSG message, DWORD flags, LPDWORD sent, LPWSAOVERLAPPED overlapped,
                                     LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);
#endif
