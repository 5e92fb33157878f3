/* mswsock.h for programs that are compiled for the model: the extensions' names. ConnectEx, DisconnectEx, AcceptEx and
 * GetAcceptExSockaddrs are modelled. */
#ifndef RESERVOIR_PROGRAM_MSWSOCK_H
#define RESERVOIR_PROGRAM_MSWSOCK_H

#include "sim/program/include/mstcpip.h"
#include "sim/program/include/winsock2.h"

#include "stack/sdk/mswsock.h"

#define WSAID_TRANSMITFILE \
    { \
        0xb5367df0, 0xcbac, 0x11cf, { 0x95, 0xca, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92 } \
    }
#define WSAID_WSARECVMSG \
    { \
        0xf689d7c8, 0x6f1f, 0x436b, { 0x8a, 0x53, 0xe5, 0x4f, 0xe3, 0x51, 0xc3, 0x22 } \
    }
#define WSAID_WSASENDMSG \
    { \
        0xa441e712, 0x754f, 0x43ca, { 0x84, 0xa7, 0x0d, 0xee, 0x44, 0xcf, 0x60, 0x6d } \
    }

typedef INT(WINAPI *LPFN_WSARECVMSG)(SOCKET s, LPWSAMSG message, LPDWORD received, LPWSAOVERLAPPED overlapped,
                                     LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);
typedef INT(WINAPI *LPFN_WSASENDMSG)(SOCKET s, LPWSAMSG message, DWORD flags, LPDWORD sent, LPWSAOVERLAPPED overlapped,
                                     LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);

RESERVOIR_BEGIN
RESERVOIR_API(BOOL, AcceptEx, SOCKET listener, SOCKET accepted, PVOID output, DWORD data_size, DWORD local_size,
              DWORD remote_size, LPDWORD received, LPOVERLAPPED overlapped);
RESERVOIR_API(VOID, GetAcceptExSockaddrs, PVOID output, DWORD data_size, DWORD local_size, DWORD remote_size,
              struct sockaddr **local, LPINT local_length, struct sockaddr **remote, LPINT remote_length);
RESERVOIR_API(BOOL, TransmitFile, SOCKET s, HANDLE file, DWORD bytes, DWORD piece, LPOVERLAPPED overlapped,
              PVOID buffers, DWORD flags);
RESERVOIR_END

#endif
