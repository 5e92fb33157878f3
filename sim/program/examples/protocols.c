/* Which protocols this machine has, and a socket of each entry of the catalogue; how the machine calls itself. */
#ifndef UNICODE
#define UNICODE
#endif
#include <winsock2.h>
#include <ws2tcpip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma comment(lib, "ws2_32.lib")

static const char *IdentityOf(const GUID *id)
{
    static char text[40];

    sprintf(text, "%08lX-%04X-%04X-%02X%02X", (unsigned long)id->Data1, id->Data2, id->Data3, id->Data4[0],
            id->Data4[1]);
    return text;
}

static void ShowEntry(LPWSAPROTOCOL_INFO entry)
{
    WSAPROTOCOL_INFO own;
    int size = sizeof(own), same;
    SOCKET s;

    printf("%ls\n", entry->szProtocol);
    printf("  %s, version %d, family %d, type %d, protocol %d\n", IdentityOf(&entry->ProviderId),
           entry->iVersion, entry->iAddressFamily, entry->iSocketType, entry->iProtocol);
    printf("  addresses of %d bytes, flags 0x%lX, %s", entry->iMaxSockAddr, (unsigned long)entry->dwServiceFlags1,
           entry->dwServiceFlags1 & XP1_CONNECTIONLESS ? "connectionless" : "connections");
    if (entry->dwMessageSize != 0)
        printf(", messages of %lu bytes", (unsigned long)entry->dwMessageSize);
    printf("\n");
    s = WSASocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, entry, 0, WSA_FLAG_OVERLAPPED);
    if (s == INVALID_SOCKET) {
        printf("  WSASocket: %d\n", WSAGetLastError());
        return;
    }
    same = getsockopt(s, SOL_SOCKET, SO_PROTOCOL_INFO, (char *)&own, &size) == 0 &&
           own.dwCatalogEntryId == entry->dwCatalogEntryId && wcscmp(own.szProtocol, entry->szProtocol) == 0;
    printf("  a socket of it is %s\n", same ? "of the same protocol" : "of another protocol");
    size = 4;
    if (getsockopt(s, SOL_SOCKET, SO_PROTOCOL_INFO, (char *)&own, &size) == SOCKET_ERROR &&
        WSAGetLastError() == WSAEFAULT)
        printf("  4 bytes have no room for that\n");
    closesocket(s);
}

/* Both twice: first for the size. */
static void ShowAll(void)
{
    DWORD size = 0;
    LPWSAPROTOCOL_INFO all = NULL;
    int count, i;

    count = WSAEnumProtocols(NULL, NULL, &size);
    if (count != SOCKET_ERROR || WSAGetLastError() != WSAENOBUFS)
        return;
    all = (LPWSAPROTOCOL_INFO)malloc(size);
    count = all == NULL ? 0 : WSAEnumProtocols(NULL, all, &size);
    for (i = 0; i < count; i++) {
        /* Others that a machine may have, and providers that lie above these. */
        if (all[i].ProtocolChain.ChainLen == BASE_PROTOCOL && all[i].iSocketType != SOCK_RAW &&
            wcsncmp(all[i].szProtocol, L"MSAFD Tcpip", 11) == 0)
            ShowEntry(&all[i]);
    }
    free(all);
}

static void ShowDatagramsOnly(void)
{
    INT wanted[] = { IPPROTO_UDP, 0 };
    WSAPROTOCOL_INFOA some[16];
    DWORD size = sizeof(some);
    int count = WSAEnumProtocolsA(wanted, some, &size), i, others = 0;

    for (i = 0; i < count; i++)
        others += some[i].iProtocol != IPPROTO_UDP;
    printf("of UDP alone: %s\n", count > 0 && others == 0 ? "only those" : "others too");
}

static void ShowNames(void)
{
    char name[256], host[NI_MAXHOST], service[NI_MAXSERV];
    struct sockaddr_in address;
    struct hostent *found;

    memset(&address, 0, sizeof(address));
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(443);
    if (gethostname(name, sizeof(name)) != 0)
        return;
    found = gethostbyaddr((const char *)&address.sin_addr, sizeof(address.sin_addr), AF_INET);
    printf("the name of loopback: %s\n",
           found != NULL && strcmp(found->h_name, name) == 0 ? "the machine's own" : "another");
    found = gethostbyaddr((const char *)&address.sin_addr, 3, AF_INET);
    printf("of three bytes: %s\n", found == NULL && WSAGetLastError() == WSAEFAULT ? "WSAEFAULT" : "?");
    if (getnameinfo((struct sockaddr *)&address, sizeof(address), host, sizeof(host), service, sizeof(service), 0) == 0)
        printf("with a port: %s, %s\n", strcmp(host, name) == 0 ? "the machine's own" : host, service);
}

int main(void)
{
    WSADATA data;

    if (WSAStartup(MAKEWORD(2, 2), &data) != 0)
        return 1;
    ShowAll();
    ShowDatagramsOnly();
    ShowNames();
    WSACleanup();
    return 0;
}
