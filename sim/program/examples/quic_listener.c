/* A QUIC-like listener: one port, reserved before it is used, and a dual-stack UDP socket for each processor that
 * shares it. Each socket gets its completion port before anything else, and asks for no packet where a call succeeds at
 * once. */
#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mstcpip.h>
#include <windows.h>
#include <stdio.h>
#include <string.h>

#ifndef SIO_CPU_AFFINITY
#define SIO_CPU_AFFINITY _WSAIOW(IOC_VENDOR, 21)
#endif

#define PORT 4433
#define SOCKETS 3

static SOCKET MakeSocket(HANDLE Port)
{
    SOCKET Socket = WSASocketW(AF_INET6, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, WSA_FLAG_OVERLAPPED);
    DWORD Option = FALSE;

    if (Socket == INVALID_SOCKET) {
        printf("WSASocketW failed: %d\n", WSAGetLastError());
        return INVALID_SOCKET;
    }
    if (CreateIoCompletionPort((HANDLE)Socket, Port, (ULONG_PTR)Socket, 0) == NULL) {
        printf("CreateIoCompletionPort failed: %lu\n", GetLastError());
        closesocket(Socket);
        return INVALID_SOCKET;
    }
    if (!SetFileCompletionNotificationModes((HANDLE)Socket,
            FILE_SKIP_COMPLETION_PORT_ON_SUCCESS | FILE_SKIP_SET_EVENT_ON_HANDLE)) {
        printf("SetFileCompletionNotificationModes failed: %lu\n", GetLastError());
    }
    if (setsockopt(Socket, IPPROTO_IPV6, IPV6_V6ONLY, (char*)&Option, sizeof(Option)) == SOCKET_ERROR) {
        printf("IPV6_V6ONLY failed: %d\n", WSAGetLastError());
    }
    return Socket;
}

static int BindAll(void)
{
    HANDLE CompletionPort = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    SOCKET Sockets[SOCKETS];
    INET_PORT_RANGE Range;
    INET_PORT_RESERVATION_INSTANCE Instance;
    ULONG64 Token;
    DWORD Bytes = 0;
    int Failed = 0;
    USHORT i;

    Range.StartPort = htons(PORT);
    Range.NumberOfPorts = 1;
    for (i = 0; i < SOCKETS; i++) {
        SOCKADDR_IN6 Address;
        int Length = sizeof(Address);

        Sockets[i] = MakeSocket(CompletionPort);
        if (Sockets[i] == INVALID_SOCKET) return 1;
        if (WSAIoctl(Sockets[i], SIO_CPU_AFFINITY, &i, sizeof(i), NULL, 0, &Bytes, NULL, NULL) == SOCKET_ERROR) {
            printf("SIO_CPU_AFFINITY: %d\n", WSAGetLastError());
        }
        if (i == 0 &&
            WSAIoctl(Sockets[0], SIO_ACQUIRE_PORT_RESERVATION, &Range, sizeof(Range), &Instance, sizeof(Instance),
                &Bytes, NULL, NULL) == SOCKET_ERROR) {
            printf("SIO_ACQUIRE_PORT_RESERVATION: %d\n", WSAGetLastError());
            return 1;
        }
        memcpy(&Token, &Instance.Token, sizeof(Token));
        if (WSAIoctl(Sockets[i], SIO_ASSOCIATE_PORT_RESERVATION, &Token, sizeof(Token), NULL, 0, &Bytes, NULL,
                NULL) == SOCKET_ERROR) {
            printf("SIO_ASSOCIATE_PORT_RESERVATION: %d\n", WSAGetLastError());
            return 1;
        }
        ZeroMemory(&Address, sizeof(Address));
        Address.sin6_family = AF_INET6;
        Address.sin6_port = htons(PORT);
        if (bind(Sockets[i], (SOCKADDR*)&Address, sizeof(Address)) == SOCKET_ERROR) {
            printf("socket %d: bind failed: %d\n", i, WSAGetLastError());
            Failed = 1;
        } else if (getsockname(Sockets[i], (SOCKADDR*)&Address, &Length) == 0) {
            printf("socket %d: bound to port %d by the reservation\n", i, ntohs(Address.sin6_port));
        }
    }

    /* Whoever is not part of it is kept out. */
    {
        SOCKET Stranger = MakeSocket(CompletionPort);
        INET_PORT_RESERVATION_INSTANCE Second;
        if (WSAIoctl(Stranger, SIO_ACQUIRE_PORT_RESERVATION, &Range, sizeof(Range), &Second, sizeof(Second), &Bytes,
                NULL, NULL) == SOCKET_ERROR) {
            printf("a second reservation of the port: %s\n",
                WSAGetLastError() == WSAEADDRINUSE ? "WSAEADDRINUSE" : "another error");
        }
        closesocket(Stranger);
    }
    for (i = 0; i < SOCKETS; i++) closesocket(Sockets[i]);
    CloseHandle(CompletionPort);
    return Failed;
}

int main(void)
{
    WSADATA Data;
    int Status;

    if (WSAStartup(MAKEWORD(2, 2), &Data) != 0) return 1;
    Status = BindAll();
    WSACleanup();
    return Status;
}
