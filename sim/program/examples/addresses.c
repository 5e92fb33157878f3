/* Addresses as text, in the many ways that Windows has for them; masks; lists of addresses without a name service. */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mstcpip.h>
#include <iphlpapi.h>
#include <netioapi.h>
#include <stdio.h>

static void old_form(const char *text) {
    struct in_addr address;
    address.s_addr = inet_addr(text);
    if (address.s_addr == INADDR_NONE) printf("inet_addr(\"%s\"): INADDR_NONE\n", text);
    else printf("inet_addr(\"%s\"): %s\n", text, inet_ntoa(address));
}

static void strict_form(const char *text, BOOLEAN strict) {
    IN_ADDR address;
    LPSTR end = NULL;
    LONG status = RtlIpv4StringToAddressA(text, strict, &end, &address);
    char back[16];
    if (status != 0) printf("%s: 0x%08lx\n", text, (unsigned long)(ULONG)status);
    else *RtlIpv4AddressToStringA(&address, back) = '\0', printf("%s: %s, then '%s'\n", text, back, end);
}

static void v6_with_port(const char *text) {
    IN6_ADDR address = IN6ADDR_ANY_INIT;
    ULONG scope = 0, length = 80;
    USHORT port = 0;
    char back[80];
    LONG status = RtlIpv6StringToAddressExA(text, &address, &scope, &port);
    if (status != 0) {
        printf("%s: 0x%08lx\n", text, (unsigned long)(ULONG)status);
        return;
    }
    RtlIpv6AddressToStringExA(&address, scope, port, back, &length);
    printf("%s: %s, %u characters, scope %u, port %u\n", text, back, (unsigned)length, (unsigned)scope, ntohs(port));
    length = 4;
    status = RtlIpv6AddressToStringExA(&address, scope, port, back, &length);
    printf("  in 4: 0x%08lx, %u are needed\n", (unsigned long)(ULONG)status, (unsigned)length);
}

static void masks(void) {
    ULONG mask = 0;
    UINT8 length = 0;
    char text[16];
    for (ULONG bits = 0; bits <= 32; bits += 12) {
        ConvertLengthToIpv4Mask(bits, &mask);
        printf("/%u: %s", (unsigned)bits, inet_ntop(AF_INET, &mask, text, sizeof text));
        ConvertIpv4MaskToLength(mask, &length);
        printf(" /%u\n", length);
    }
    printf("/33: %u\n", (unsigned)ConvertLengthToIpv4Mask(33, &mask));
    printf("255.0.255.0: %u\n", (unsigned)ConvertIpv4MaskToLength(inet_addr("255.0.255.0"), &length));
}

static void extended_list(void) {
    ADDRINFOEXW hints, *list = NULL;
    WCHAR text[64];
    memset(&hints, 0, sizeof hints);
    hints.ai_flags = AI_NUMERICHOST;
    hints.ai_socktype = SOCK_STREAM;
    INT error = GetAddrInfoExW(L"127.0.0.1", L"8080", NS_DNS, NULL, &hints, &list, NULL, NULL, NULL, NULL);
    for (ADDRINFOEXW *at = list; at != NULL; at = (ADDRINFOEXW *)at->ai_next) {
        DWORD length = 64;
        WSAAddressToStringW(at->ai_addr, (DWORD)at->ai_addrlen, NULL, text, &length);
        printf("GetAddrInfoExW: %ls\n", text);
    }
    FreeAddrInfoExW(list);
    printf("error %d\n", error);
}

static void orders(void) {
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    u_short port = 0;
    u_long number = 0;
    printf("WSAHtons: %d", WSAHtons(s, 0x1234, &port));
    printf(" 0x%x, WSANtohl: %d", port, WSANtohl(s, 0x01020304, &number));
    printf(" 0x%lx\n", (unsigned long)number);
    closesocket(s);
    int failed = WSAHtons(s, 1, &port);
    printf("no socket: %d, error %d\n", failed, WSAGetLastError());
}

static void names(void) {
    struct protoent *protocol = getprotobyname("TCP");
    printf("%s is %d", protocol->p_name, protocol->p_proto);
    struct servent *service = getservbyname("https", "tcp");
    printf(", %s/%s is %u", service->s_name, service->s_proto, ntohs((u_short)service->s_port));
    service = getservbyport(htons(53), "udp");
    printf(", 53/%s is %s\n", service->s_proto, service->s_name);
}

int main(void) {
    WSADATA data;
    static const char *const olds[] = { "127.1", "0x7f000001", "010.1.2.3", "1.2.3.4.5", "256.1.1.1", "10.1.65536",
                                        "4294967295", "1.2.3.4 x", "", " " };
    WSAStartup(MAKEWORD(2, 2), &data);
    for (unsigned i = 0; i < sizeof olds / sizeof olds[0]; i++) old_form(olds[i]);
    strict_form("10.1.2.3:80", TRUE);
    strict_form("10.1", TRUE);
    strict_form("10.1/8", FALSE);
    v6_with_port("[fe80::1%7]:443");
    v6_with_port("::ffff:10.1.2.3");
    v6_with_port("fe80::200:5efe:10.1.2.3");
    v6_with_port("[::1");
    names();
    masks();
    extended_list();
    orders();
    WSACleanup();
    return 0;
}
