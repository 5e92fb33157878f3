/* Which adapters this machine has, and with which addresses: what a program asks before it chooses one to bind to. */
#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma comment(lib, "ws2_32.lib")
#pragma comment(lib, "iphlpapi.lib")

static PIP_ADAPTER_ADDRESSES adapters(ULONG family, ULONG flags)
{
    ULONG size = 16;
    PIP_ADAPTER_ADDRESSES all = NULL;
    ULONG status;

    do {
        free(all);
        all = (PIP_ADAPTER_ADDRESSES)malloc(size);
        if (all == NULL)
            return NULL;
        status = GetAdaptersAddresses(family, flags, NULL, all, &size);
    } while (status == ERROR_BUFFER_OVERFLOW);
    if (status == ERROR_SUCCESS)
        return all;
    printf("GetAdaptersAddresses: %lu\n", status);
    free(all);
    return NULL;
}

static void show(PIP_ADAPTER_ADDRESSES adapter)
{
    PIP_ADAPTER_UNICAST_ADDRESS address;
    PIP_ADAPTER_PREFIX prefix;
    char text[NI_MAXHOST];

    for (; adapter != NULL; adapter = adapter->Next) {
        printf("%ls: index %lu, %s\n", adapter->FriendlyName, adapter->IfIndex,
               adapter->OperStatus == IfOperStatusUp ? "up" : "not up");
        for (address = adapter->FirstUnicastAddress; address != NULL; address = address->Next) {
            LPSOCKADDR name = address->Address.lpSockaddr;
            if (getnameinfo(name, address->Address.iSockaddrLength, text, sizeof text, NULL, 0, NI_NUMERICHOST) == 0)
                printf("  %s/%u\n", text, (unsigned)address->OnLinkPrefixLength);
        }
        for (prefix = adapter->FirstPrefix; prefix != NULL; prefix = prefix->Next)
            printf("  a prefix of %lu bits\n", prefix->PrefixLength);
    }
}

static void show_table(void)
{
    ULONG size = 0;
    PMIB_IPADDRTABLE table;
    DWORD i;

    if (GetIpAddrTable(NULL, &size, FALSE) != ERROR_INSUFFICIENT_BUFFER)
        return;
    table = (PMIB_IPADDRTABLE)malloc(size);
    if (table != NULL && GetIpAddrTable(table, &size, TRUE) == NO_ERROR) {
        for (i = 0; i < table->dwNumEntries; i++) {
            struct in_addr address, mask;
            address.s_addr = table->table[i].dwAddr;
            mask.s_addr = table->table[i].dwMask;
            printf("%s", inet_ntoa(address));
            printf(" mask %s on %lu\n", inet_ntoa(mask), table->table[i].dwIndex);
        }
    }
    free(table);
}

/* The same as rows, of which one can be looked up. */
static void show_rows(void)
{
    PMIB_UNICASTIPADDRESS_TABLE table = NULL;
    MIB_UNICASTIPADDRESS_ROW row;
    NET_LUID luid;
    ULONG i;

    if (GetUnicastIpAddressTable(AF_UNSPEC, &table) != NO_ERROR)
        return;
    for (i = 0; i < table->NumEntries; i++) {
        row = table->Table[i];
        if (ConvertInterfaceIndexToLuid(row.InterfaceIndex, &luid) != NO_ERROR || luid.Value != row.InterfaceLuid.Value)
            continue;
        printf("a row of family %u, %u bits, %s\n", row.Address.si_family, row.OnLinkPrefixLength,
               row.DadState == IpDadStatePreferred ? "preferred" : "not preferred");
    }
    FreeMibTable(table);
    InitializeUnicastIpAddressEntry(&row);
    row.InterfaceIndex = 1;
    row.Address.Ipv4.sin_family = AF_INET;
    row.Address.Ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    printf("looked up: %lu", GetUnicastIpAddressEntry(&row));
    row.Address.Ipv4.sin_addr.s_addr = inet_addr("192.0.2.1");
    printf(", not there: %lu", GetUnicastIpAddressEntry(&row));
    printf(", of another family: %lu\n", GetUnicastIpAddressTable(AF_IRDA, &table));
}

int main(void)
{
    WSADATA data;
    PIP_ADAPTER_ADDRESSES all;
    ULONG size = 0;
    DWORD index = 0, count = 0, best;
    MEMORYSTATUSEX memory;

    if (WSAStartup(MAKEWORD(2, 2), &data) != 0)
        return 1;
    all = adapters(AF_UNSPEC, GAA_FLAG_INCLUDE_PREFIX);
    show(all);
    free(all);
    all = adapters(AF_INET6, GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER);
    show(all);
    free(all);
    adapters(AF_IRDA, 0);
    printf("GetAdaptersInfo: %s\n", GetAdaptersInfo(NULL, &size) == ERROR_NO_DATA ? "nothing but loopback" : "more");
    show_table();
    show_rows();
    best = GetBestInterface(htonl(INADDR_LOOPBACK), &index);
    printf("to loopback: %lu, index %lu\n", best, index);
    printf("elsewhere: %lu\n", GetBestInterface(inet_addr("192.0.2.1"), &index));
    if (GetNumberOfInterfaces(&count) == NO_ERROR)
        printf("interfaces: %lu\n", count);
    memory.dwLength = sizeof memory;
    if (GlobalMemoryStatusEx(&memory))
        printf("memory: %s\n", memory.ullAvailPhys <= memory.ullTotalPhys ? "some is free" : "too much is free");
    memory.dwLength = 1;
    if (!GlobalMemoryStatusEx(&memory))
        printf("of no size: %lu\n", GetLastError());
    WSACleanup();
    return 0;
}
