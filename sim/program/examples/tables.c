/* The tables of iphlpapi as a program declares them, and names that programs of Winsock 1.1 use: what stands here is
 * true of the real headers and of the model's. */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <iphlpapi.h>
#include <stddef.h>
#include <stdio.h>

C_ASSERT(sizeof(IP_ADAPTER_UNICAST_ADDRESS) == 64);
C_ASSERT(sizeof(IP_ADAPTER_ANYCAST_ADDRESS) == 32);
C_ASSERT(sizeof(IP_ADAPTER_PREFIX) == 40);
C_ASSERT(sizeof(IP_ADAPTER_ADDRESSES) == 448);
C_ASSERT(offsetof(IP_ADAPTER_ADDRESSES, FriendlyName) == 72);
C_ASSERT(offsetof(IP_ADAPTER_ADDRESSES, OperStatus) == 104);
C_ASSERT(offsetof(IP_ADAPTER_ADDRESSES, FirstGatewayAddress) == 208);
C_ASSERT(offsetof(IP_ADAPTER_ADDRESSES, FirstDnsSuffix) == 440);
C_ASSERT(sizeof(MIB_TCPROW) == 20);
C_ASSERT(sizeof(MIB_TCPROW2) == 28);
C_ASSERT(sizeof(MIB_TCP6ROW) == 52);
C_ASSERT(sizeof(MIB_TCP6ROW_OWNER_PID) == 56);
C_ASSERT(sizeof(MIB_UDP6ROW_OWNER_PID) == 28);
C_ASSERT(sizeof(MIB_TCPSTATS) == 60);
C_ASSERT(sizeof(MIB_IPFORWARDROW) == 56);
C_ASSERT(MIB_TCP_STATE_TIME_WAIT == 11 && TCP_TABLE_OWNER_MODULE_ALL == 8 && UDP_TABLE_OWNER_PID == 1);
C_ASSERT(IfOperStatusLowerLayerDown == 7 && IpDadStatePreferred == 4 && GAA_FLAG_INCLUDE_GATEWAYS == 0x80);
C_ASSERT(HOST_NOT_FOUND == 11001 && TRY_AGAIN == 11002 && NO_RECOVERY == 11003 && NO_DATA == 11004);

static void ShowAddress(const char *Text) {
    IN6_ADDR Address;
    if (inet_pton(AF_INET6, Text, &Address) != 1) return;
    printf("%s%s%s%s%s%s%s%s\n", Text, IN6_IS_ADDR_UNSPECIFIED(&Address) ? " unspecified" : "",
           IN6_IS_ADDR_LOOPBACK(&Address) ? " loopback" : "", IN6_IS_ADDR_LINKLOCAL(&Address) ? " link-local" : "",
           IN6_IS_ADDR_SITELOCAL(&Address) ? " site-local" : "", IN6_IS_ADDR_V4MAPPED(&Address) ? " v4-mapped" : "",
           IN6_IS_ADDR_V4COMPAT(&Address) ? " v4-compatible" : "", IN6_IS_ADDR_MULTICAST(&Address) ? " multicast" : "");
}

int main(void) {
    static const char *const Addresses[] = { "::",      "::1",    "fe80::1",          "fec0::1",
                                             "ff02::1", "ff0e::", "::ffff:127.0.0.1", "::10.0.0.1" };
    WSADATA Data;
    char Name[16];
    if (WSAStartup(MAKEWORD(2, 2), &Data) != 0) return 1;
    for (int i = 0; i < (int)ARRAYSIZE(Addresses); i++) ShowAddress(Addresses[i]);
    WSASetLastError(WSAEFAULT);
    printf("%d\n", h_errno);
    /* A function that has no answer here is said to have none, and ends the program. */
    printf("%s\n", if_indextoname(1, Name) == NULL ? "no interface" : Name);
    WSACleanup();
    return 0;
}
