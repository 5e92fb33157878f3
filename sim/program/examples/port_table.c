/* Who has which port: what a tool like netstat asks of iphlpapi, about sockets of this program. */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *state_name(DWORD state)
{
    switch (state) {
    case MIB_TCP_STATE_LISTEN: return "LISTEN";
    case MIB_TCP_STATE_ESTAB: return "ESTABLISHED";
    case MIB_TCP_STATE_FIN_WAIT2: return "FIN-WAIT-2";
    case MIB_TCP_STATE_CLOSE_WAIT: return "CLOSE-WAIT";
    case MIB_TCP_STATE_TIME_WAIT: return "TIME-WAIT";
    default: return "another state";
    }
}

static SOCKET bound(int family, int type, USHORT port, BOOL both)
{
    SOCKADDR_STORAGE address;
    DWORD only = !both;
    SOCKET s = socket(family, type, 0);
    memset(&address, 0, sizeof(address));
    address.ss_family = (ADDRESS_FAMILY)family;
    SS_PORT(&address) = htons(port);
    if (family == AF_INET6) setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, (char *)&only, sizeof(only));
    else ((SOCKADDR_IN *)&address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(s, (SOCKADDR *)&address, family == AF_INET ? (int)sizeof(SOCKADDR_IN) : (int)sizeof(SOCKADDR_IN6)) != 0)
        printf("bind to %u: %d\n", port, WSAGetLastError());
    return s;
}

/* The client's port is one that Windows chose: it is named by what it is. */
static void print_port(DWORD port)
{
    USHORT number = ntohs((USHORT)port);
    if (number < 49152) printf("%u", number);
    else printf("dynamic");
}

static void print_connections(const char *when)
{
    PMIB_TCPTABLE_OWNER_PID table;
    DWORD size = 0, result, i;
    do {
        table = (PMIB_TCPTABLE_OWNER_PID)malloc(size + 1);
        result = GetExtendedTcpTable(table, &size, TRUE, AF_INET, TCP_TABLE_OWNER_PID_ALL, 0);
        if (result == ERROR_INSUFFICIENT_BUFFER) free(table);
    } while (result == ERROR_INSUFFICIENT_BUFFER);
    printf("%s: %lu, %lu rows\n", when, result, table->dwNumEntries);
    for (i = 0; i < table->dwNumEntries; i++) {
        const MIB_TCPROW_OWNER_PID *row = &table->table[i];
        IN_ADDR address;
        address.s_addr = row->dwLocalAddr;
        printf("  %s:", inet_ntoa(address));
        print_port(row->dwLocalPort);
        if (row->dwState != MIB_TCP_STATE_LISTEN) {
            printf(" to ");
            print_port(row->dwRemotePort);
        }
        printf(" %s, %s\n", state_name(row->dwState),
               row->dwOwningPid == GetCurrentProcessId() ? "own" : row->dwOwningPid == 0 ? "no one's" : "another's");
    }
    free(table);
}

static void print_v6(void)
{
    static const TCP_TABLE_CLASS classes[] = { TCP_TABLE_OWNER_PID_LISTENER, TCP_TABLE_OWNER_PID_CONNECTIONS };
    BYTE tcp[1000];
    DWORD size, i, j, result;
    for (i = 0; i < 2; i++) {
        PMIB_TCP6TABLE_OWNER_PID table = (PMIB_TCP6TABLE_OWNER_PID)tcp;
        size = sizeof(tcp);
        result = GetExtendedTcpTable(tcp, &size, TRUE, AF_INET6, classes[i], 0);
        printf("IPv6, %s: %lu, size as it was: %d\n", i == 0 ? "listeners" : "connections", result,
               size == sizeof(tcp));
        for (j = 0; j < table->dwNumEntries; j++)
            printf("  %s:%u\n", IN6_IS_ADDR_UNSPECIFIED((IN6_ADDR *)table->table[j].ucLocalAddr) ? "::" : "another",
                   ntohs((USHORT)table->table[j].dwLocalPort));
    }
}

static void print_udp(void)
{
    BYTE bytes[1000];
    PMIB_UDPTABLE all = (PMIB_UDPTABLE)bytes;
    PMIB_UDP6TABLE_OWNER_PID owners = (PMIB_UDP6TABLE_OWNER_PID)bytes;
    DWORD size = sizeof(bytes), i;
    printf("UDP: %lu\n", GetUdpTable(all, &size, TRUE));
    for (i = 0; i < all->dwNumEntries; i++)
        printf("  %08lx:%u\n", ntohl(all->table[i].dwLocalAddr), ntohs((USHORT)all->table[i].dwLocalPort));
    printf("UDP of IPv6: %lu\n", GetExtendedUdpTable(owners, &size, TRUE, AF_INET6, UDP_TABLE_OWNER_PID, 0));
    for (i = 0; i < owners->dwNumEntries; i++)
        printf("  %u, %s\n", ntohs((USHORT)owners->table[i].dwLocalPort),
               owners->table[i].dwOwningPid == GetCurrentProcessId() ? "own" : "another's");
}

static void print_sizes(void)
{
    DWORD size = 0, needed, rows, result;
    BYTE bytes[1000];
    result = GetTcpTable(NULL, &size, FALSE);
    needed = size;
    rows = (DWORD)((needed - FIELD_OFFSET(MIB_TCPTABLE, table)) / sizeof(MIB_TCPROW));
    printf("no table: %lu, room for %lu rows\n", result, rows);
    size = needed - 1;
    result = GetTcpTable((PMIB_TCPTABLE)bytes, &size, FALSE);
    printf("one byte less: %lu, size %s\n", result, size == needed ? "as needed" : "another");
    result = GetTcpTable((PMIB_TCPTABLE)bytes, &size, FALSE);
    printf("as much: %lu, rows %s\n", result,
           ((PMIB_TCPTABLE)bytes)->dwNumEntries == rows ? "as many" : "more or less");
    printf("no size: %lu %lu\n", GetTcpTable2((PMIB_TCPTABLE2)bytes, NULL, FALSE), GetTcp6Table2(NULL, NULL, TRUE));
    printf("another family: %lu %lu\n",
           GetExtendedTcpTable(bytes, &size, FALSE, AF_UNIX, TCP_TABLE_OWNER_PID_ALL, 0),
           GetExtendedUdpTable(bytes, &size, FALSE, AF_UNSPEC, UDP_TABLE_BASIC, 0));
}

int main(void)
{
    WSADATA data;
    SOCKADDR_IN address;
    SOCKET listener, idle, both, only, client, server, udp, udp_both;
    if (WSAStartup(MAKEWORD(2, 2), &data) != 0) return 1;
    idle = bound(AF_INET, SOCK_STREAM, 8082, FALSE);
    both = bound(AF_INET6, SOCK_STREAM, 8081, TRUE);
    only = bound(AF_INET6, SOCK_STREAM, 8079, FALSE);
    listener = bound(AF_INET, SOCK_STREAM, 8080, FALSE);
    listen(both, 5), listen(only, 5), listen(listener, 5);
    udp = bound(AF_INET, SOCK_DGRAM, 5353, FALSE);
    udp_both = bound(AF_INET6, SOCK_DGRAM, 5000, TRUE);
    client = socket(AF_INET, SOCK_STREAM, 0);
    memset(&address, 0, sizeof(address));
    address.sin_family = AF_INET;
    address.sin_port = htons(8080);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(client, (SOCKADDR *)&address, sizeof(address)) != 0) return 1;
    print_connections("before accept");
    server = accept(listener, NULL, NULL);
    closesocket(client);
    Sleep(100);
    print_connections("the client has closed");
    closesocket(server);
    Sleep(100);
    print_connections("both have closed");
    print_v6();
    print_udp();
    print_sizes();
    closesocket(idle), closesocket(both), closesocket(only);
    closesocket(listener), closesocket(udp), closesocket(udp_both);
    WSACleanup();
    return 0;
}
