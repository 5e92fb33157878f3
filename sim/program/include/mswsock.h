/* mswsock.h for programs that are compiled for the model: the extensions' names. ConnectEx, DisconnectEx, AcceptEx,
 * GetAcceptExSockaddrs, WSARecvMsg, WSASendMsg and TransmitFile are modelled. */
#ifndef RESERVOIR_PROGRAM_MSWSOCK_H
#define RESERVOIR_PROGRAM_MSWSOCK_H

#include "sim/program/include/mstcpip.h"
#include "sim/program/include/winsock2.h"

#include "stack/sdk/mswsock.h"

#define WSAID_TRANSMITFILE \
    { \
        0xb5367df0, 0xcbac, 0x11cf, { 0x95, 0xca, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92 } \
    }

RESERVOIR_BEGIN
RESERVOIR_API(BOOL, AcceptEx, SOCKET listener, SOCKET accepted, PVOID output, DWORD data_size, DWORD local_size,
              DWORD remote_size, LPDWORD received, LPOVERLAPPED overlapped);
RESERVOIR_API(VOID, GetAcceptExSockaddrs, PVOID output, DWORD data_size, DWORD local_size, DWORD remote_size,
              struct sockaddr **local, LPINT local_length, struct sockaddr **remote, LPINT remote_length);
RESERVOIR_API(BOOL, TransmitFile, SOCKET s, HANDLE file, DWORD bytes, DWORD piece, LPOVERLAPPED overlapped,
              LPTRANSMIT_FILE_BUFFERS buffers, DWORD flags);
RESERVOIR_END

#endif
