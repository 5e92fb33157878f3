/* A tool like netsh, for persistent reservations.
 *
 *   persistent_ports create|lookup|delete tcp|udp FIRST COUNT
 *   persistent_ports use tcp|udp FIRST COUNT       binds a socket to a port of the block
 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mstcpip.h>
#include <iphlpapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma comment(lib, "iphlpapi.lib")
#pragma comment(lib, "ws2_32.lib")

static void PrintError(const char *what, ULONG error)
{
    char text[256];

    if (FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, error,
                       MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT), text, sizeof(text), NULL) == 0)
        strcpy(text, "no text\r\n");
    fprintf(stderr, "%s failed with %lu: %s", what, error, text);
}

static ULONG Lookup(int udp, USHORT first, USHORT count, ULONG64 *token)
{
    return udp ? LookupPersistentUdpPortReservation(htons(first), count, token)
               : LookupPersistentTcpPortReservation(htons(first), count, token);
}

static int Use(int udp, USHORT first, USHORT count)
{
    WSADATA data;
    SOCKET s;
    ULONG64 token = 0;
    DWORD bytes = 0;
    struct sockaddr_in address;
    int length = sizeof(address), status = 1;
    ULONG error = Lookup(udp, first, count, &token);

    if (error != NO_ERROR) {
        PrintError("Lookup", error);
        return 1;
    }
    if (WSAStartup(MAKEWORD(2, 2), &data) != 0) return 1;
    s = udp ? socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) : socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    memset(&address, 0, sizeof(address));
    address.sin_family = AF_INET;
    if (WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, &token, sizeof(ULONG64), NULL, 0, &bytes, NULL, NULL) ==
        SOCKET_ERROR)
        PrintError("SIO_ASSOCIATE_PORT_RESERVATION", WSAGetLastError());
    else if (bind(s, (struct sockaddr *)&address, sizeof(address)) == SOCKET_ERROR)
        PrintError("bind", WSAGetLastError());
    else if (getsockname(s, (struct sockaddr *)&address, &length) == 0) {
        int port = ntohs(address.sin_port);
        printf("bound to a port %s\n", port >= first && port < first + count ? "of the block" : "from elsewhere");
        status = 0;
    }
    closesocket(s);
    WSACleanup();
    return status;
}

int main(int argc, char **argv)
{
    int udp;
    USHORT first, count;
    ULONG64 token = 0;
    ULONG error;

    if (argc != 5) {
        fprintf(stderr, "usage: persistent_ports create|lookup|delete|use tcp|udp FIRST COUNT\n");
        return 2;
    }
    udp = _stricmp(argv[2], "udp") == 0;
    first = (USHORT)atoi(argv[3]);
    count = (USHORT)atoi(argv[4]);
    if (_stricmp(argv[1], "use") == 0) return Use(udp, first, count);
    if (_stricmp(argv[1], "create") == 0)
        error = udp ? CreatePersistentUdpPortReservation(htons(first), count, &token)
                    : CreatePersistentTcpPortReservation(htons(first), count, &token);
    else if (_stricmp(argv[1], "delete") == 0)
        error = udp ? DeletePersistentUdpPortReservation(htons(first), count)
                    : DeletePersistentTcpPortReservation(htons(first), count);
    else
        error = Lookup(udp, first, count, &token);
    if (error != NO_ERROR) {
        PrintError(argv[1], error);
        return 1;
    }
    if (token != 0) printf("%s: ports %u to %u, token %I64u\n", argv[1], first, first + count - 1, token);
    else printf("%s: ports %u to %u\n", argv[1], first, first + count - 1);
    return 0;
}
