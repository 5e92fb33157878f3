/* ws2_32: addresses and names as text. Only what needs no name service has an answer: numbers, "localhost", and the
 * machine's own name. */
#include "sim/program/include/iphlpapi.h"

#include <assert.h>

#include "sim/program/address_text.h"
#include "sim/program/machine.h"
#include "sim/program/service_names.h"
#include "sim/program/stop.h"
#include "sim/program/threads.h"
#include "stack/system/handles.h"
#include "sim/memory/utf16.h"

#undef gethostname

static const char own_name[] = "RESERVOIR";

const struct in6_addr in6addr_any = IN6ADDR_ANY_INIT;
const struct in6_addr in6addr_loopback = IN6ADDR_LOOPBACK_INIT;

u_short htons(u_short port) { return (u_short)(port << 8 | port >> 8); }
u_short ntohs(u_short port) { return htons(port); }
u_long htonl(u_long number) { return __builtin_bswap32(number); }
u_long ntohl(u_long number) { return __builtin_bswap32(number); }

/* The order of a socket's protocol is the network's, for every protocol there is here. */
static int check_order(SOCKET s, const void *out) {
    struct world *world = machine_world();
    threads_enter();
    uint32_t error = 0;
    if (world_process(world, PROGRAM_PROCESS)->startup_count == 0) error = WSANOTINITIALISED;
    else if (handle_find(world, PROGRAM_PROCESS, HANDLE_SOCKET, s) == NO_ROW) error = WSAENOTSOCK;
    else if (out == NULL) error = WSAEFAULT;
    if (error == 0) return 0;
    thread_set_last_error(error);
    return SOCKET_ERROR;
}

int WSAHtons(SOCKET s, u_short port, u_short *network) {
    if (check_order(s, network) != 0) return SOCKET_ERROR;
    *network = htons(port);
    return 0;
}

int WSANtohs(SOCKET s, u_short port, u_short *host) { return WSAHtons(s, port, host); }

int WSAHtonl(SOCKET s, u_long number, u_long *network) {
    if (check_order(s, network) != 0) return SOCKET_ERROR;
    *network = htonl(number);
    return 0;
}

int WSANtohl(SOCKET s, u_long number, u_long *host) { return WSAHtonl(s, number, host); }

DWORD ConvertLengthToIpv4Mask(ULONG length, PULONG mask) {
    threads_enter();
    if (mask == NULL) return ERROR_INVALID_PARAMETER;
    *mask = length > 32 ? INADDR_NONE : length == 0 ? 0 : htonl(0xFFFFFFFFu << (32 - length));
    return length > 32 ? ERROR_INVALID_PARAMETER : NO_ERROR;
}

DWORD ConvertIpv4MaskToLength(ULONG mask, PUINT8 length) {
    threads_enter();
    ULONG bits = ntohl(mask);
    if (length == NULL || (~bits & (~bits + 1)) != 0) return ERROR_INVALID_PARAMETER;
    *length = (UINT8)__builtin_popcount(bits);
    return NO_ERROR;
}

/* --- numbers as text ---------------------------------------------------------------------------------------------- */

INT inet_pton(INT family, PCSTR text, PVOID address) {
    const char *end = NULL;
    uint8_t bytes[16];
    threads_enter();
    if (text == NULL || address == NULL) return thread_set_last_error(WSAEFAULT), -1;
    if (family != AF_INET && family != AF_INET6) return thread_set_last_error(WSAEAFNOSUPPORT), -1;
    bool read = family == AF_INET ? text_read_v4(text, bytes, &end) : text_read_v6(text, bytes, &end);
    if (!read || *end != '\0') return 0;
    memcpy(address, bytes, family == AF_INET ? 4 : 16);
    return 1;
}

PCSTR inet_ntop(INT family, const VOID *address, PSTR text, size_t size) {
    char written[INET6_ADDRSTRLEN];
    threads_enter();
    if (family != AF_INET && family != AF_INET6) return thread_set_last_error(WSAEAFNOSUPPORT), NULL;
    if (family == AF_INET) text_write_v4(address, written, sizeof written);
    else text_write_v6(address, written, sizeof written);
    if (strlen(written) >= size) return thread_set_last_error(ERROR_INVALID_PARAMETER), NULL;
    return strcpy(text, written);
}

static bool narrow(PCWSTR wide, char *text, unsigned size) {
    unsigned length = utf8_from_utf16(wide, (unsigned)lstrlenW(wide), text, size - 1);
    text[length] = '\0';
    return (int)length >= lstrlenW(wide);
}

INT InetPtonW(INT family, PCWSTR text, PVOID address) {
    char bytes[INET6_ADDRSTRLEN * 3];
    return narrow(text, bytes, sizeof bytes) ? inet_pton(family, bytes, address) : 0;
}

PCWSTR InetNtopW(INT family, const VOID *address, PWSTR text, size_t size) {
    char bytes[INET6_ADDRSTRLEN];
    if (inet_ntop(family, address, bytes, size < sizeof bytes ? size : sizeof bytes) == NULL) return NULL;
    utf16_from_utf8(bytes, (unsigned)strlen(bytes), text, (unsigned)size);
    return text;
}

/* A text that ends with a space after its numbers is taken, as the documentation of inet_addr has it. */
unsigned long inet_addr(const char *text) {
    uint8_t bytes[4];
    uint32_t address = INADDR_NONE;
    const char *end = NULL;
    if (text == NULL) return INADDR_NONE;
    if (text[0] == ' ') return INADDR_ANY;
    if (text_read_v4_parts(text, bytes, &end) && (*end == '\0' || isspace((unsigned char)*end)))
        memcpy(&address, bytes, sizeof address);
    return address;
}

char *inet_ntoa(struct in_addr address) {
    static char text[16];
    text_write_v4((const uint8_t *)&address, text, sizeof text);
    return text;
}

/* --- addresses with ports ----------------------------------------------------------------------------------------- */

INT WSAAddressToStringA(LPSOCKADDR address, DWORD length, LPWSAPROTOCOL_INFOA info, LPSTR text, LPDWORD text_length) {
    char number[INET6_ADDRSTRLEN], written[INET6_ADDRSTRLEN + 16];
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)address;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)address;
    bool is_v6 = address->sa_family == AF_INET6;
    (void)info;
    threads_enter();
    if ((!is_v6 && address->sa_family != AF_INET) || length < (is_v6 ? sizeof *v6 : sizeof *v4))
        return thread_set_last_error(WSAEINVAL), SOCKET_ERROR;
    if (is_v6) text_write_v6((const uint8_t *)&v6->sin6_addr, number, sizeof number);
    else text_write_v4((const uint8_t *)&v4->sin_addr, number, sizeof number);
    u_short port = ntohs(is_v6 ? v6->sin6_port : v4->sin_port);
    if (port == 0) snprintf(written, sizeof written, "%s", number);
    else snprintf(written, sizeof written, is_v6 ? "[%s]:%u" : "%s:%u", number, port);
    DWORD needed = (DWORD)strlen(written) + 1;
    bool fits = needed <= *text_length;
    if (fits) strcpy(text, written);
    *text_length = needed;
    return fits ? 0 : (thread_set_last_error(WSAEFAULT), SOCKET_ERROR);
}

INT WSAAddressToStringW(LPSOCKADDR address, DWORD length, LPWSAPROTOCOL_INFOW info, LPWSTR text, LPDWORD text_length) {
    char written[INET6_ADDRSTRLEN + 16];
    DWORD needed = sizeof written;
    (void)info;
    if (WSAAddressToStringA(address, length, NULL, written, &needed) != 0) return SOCKET_ERROR;
    bool fits = needed <= *text_length;
    if (fits) utf16_from_utf8(written, needed - 1, text, needed);
    *text_length = needed;
    return fits ? 0 : (thread_set_last_error(WSAEFAULT), SOCKET_ERROR);
}

INT WSAStringToAddressA(LPSTR text, INT family, LPWSAPROTOCOL_INFOA info, LPSOCKADDR address, LPINT length) {
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    const char *end = NULL;
    bool is_v6 = family == AF_INET6, in_brackets = is_v6 && text[0] == '[';
    (void)info;
    threads_enter();
    bool read = is_v6 ? text_read_v6(text + in_brackets, (uint8_t *)&v6.sin6_addr, &end)
                      : text_read_v4(text, (uint8_t *)&v4.sin_addr, &end);
    if (read && in_brackets) read = *end++ == ']';
    if (!read || !text_read_port(end, is_v6 ? &v6.sin6_port : &v4.sin_port))
        return thread_set_last_error(WSAEINVAL), SOCKET_ERROR;
    INT needed = is_v6 ? (INT)sizeof v6 : (INT)sizeof v4;
    if (*length < needed) return thread_set_last_error(WSAEFAULT), SOCKET_ERROR;
    memcpy(address, is_v6 ? (const void *)&v6 : (const void *)&v4, (size_t)needed);
    *length = needed;
    return 0;
}

INT WSAStringToAddressW(LPWSTR text, INT family, LPWSAPROTOCOL_INFOW info, LPSOCKADDR address, LPINT length) {
    char bytes[256];
    (void)info;
    threads_enter();
    if (!narrow(text, bytes, sizeof bytes)) return thread_set_last_error(WSAEINVAL), SOCKET_ERROR;
    return WSAStringToAddressA(bytes, family, NULL, address, length);
}

/* --- names -------------------------------------------------------------------------------------------------------- */

int windows_gethostname(char *name, int length) {
    threads_enter();
    if (length < (int)sizeof own_name) return thread_set_last_error(WSAEFAULT), SOCKET_ERROR;
    strcpy(name, own_name);
    return 0;
}

int GetHostNameW(PWSTR name, int length) {
    threads_enter();
    if (name == NULL || length < (int)sizeof own_name) return thread_set_last_error(WSAEFAULT), SOCKET_ERROR;
    utf16_from_utf8(own_name, sizeof own_name, name, (unsigned)length);
    return 0;
}

/* What a list is made of. */
struct answer {
    ADDRINFOA info;
    SOCKADDR_INET address;
    char name[sizeof own_name];
};

struct wanted {
    const ADDRINFOA *hints;
    u_short port; /* in network order */
    PADDRINFOA *last;
};

static int add(struct wanted *wanted, int family, const void *address) {
    struct answer *answer = calloc(1, sizeof *answer);
    if (answer == NULL) return EAI_MEMORY;
    bool is_v6 = family == AF_INET6;
    answer->info.ai_family = family;
    answer->info.ai_socktype = wanted->hints->ai_socktype;
    answer->info.ai_protocol = wanted->hints->ai_protocol;
    answer->info.ai_addr = (struct sockaddr *)&answer->address;
    answer->info.ai_addrlen = is_v6 ? sizeof answer->address.Ipv6 : sizeof answer->address.Ipv4;
    answer->address.si_family = (ADDRESS_FAMILY)family;
    if (is_v6) memcpy(&answer->address.Ipv6.sin6_addr, address, 16);
    else memcpy(&answer->address.Ipv4.sin_addr, address, 4);
    if (is_v6) answer->address.Ipv6.sin6_port = wanted->port;
    else answer->address.Ipv4.sin_port = wanted->port;
    *wanted->last = &answer->info;
    wanted->last = &answer->info.ai_next;
    return 0;
}

/* Both families, IPv6 first, as far as they are wanted. */
static int add_both(struct wanted *wanted, const void *v6, const void *v4) {
    int family = wanted->hints->ai_family;
    int error = family != AF_INET ? add(wanted, AF_INET6, v6) : 0;
    return error == 0 && family != AF_INET6 ? add(wanted, AF_INET, v4) : error;
}

static int find_node(PCSTR node, struct wanted *wanted) {
    static const uint8_t v4_any[4], v4_loopback[4] = { 127, 0, 0, 1 };
    uint8_t bytes[16];
    const char *end = NULL;
    bool passive = node == NULL && (wanted->hints->ai_flags & AI_PASSIVE) != 0;
    if (passive || (node != NULL && node[0] == '\0')) return add_both(wanted, &in6addr_any, v4_any);
    if (node == NULL || strcasecmp(node, "localhost") == 0) return add_both(wanted, &in6addr_loopback, v4_loopback);
    int family = wanted->hints->ai_family;
    if (text_read_v4(node, bytes, &end) && *end == '\0')
        return family == AF_INET6 ? EAI_NONAME : add(wanted, AF_INET, bytes);
    if (text_read_v6(node, bytes, &end) && *end == '\0')
        return family == AF_INET ? EAI_NONAME : add(wanted, AF_INET6, bytes);
    if ((wanted->hints->ai_flags & AI_NUMERICHOST) != 0) return EAI_NONAME;
    if (strcasecmp(node, own_name) == 0) return add_both(wanted, &in6addr_loopback, v4_loopback);
    stop_not_modelled("getaddrinfo", "a name other than localhost and the machine's own, which a name service answers");
}

INT getaddrinfo(PCSTR node, PCSTR service, const ADDRINFOA *hints, PADDRINFOA *result) {
    static const ADDRINFOA none;
    PADDRINFOA list = NULL;
    struct wanted wanted = { .hints = hints != NULL ? hints : &none, .last = &list };
    char *end = NULL;
    threads_enter();
    *result = NULL;
    int family = wanted.hints->ai_family, error = 0;
    unsigned long port = service != NULL ? strtoul(service, &end, 10) : 0;
    if (node == NULL && service == NULL) error = EAI_NONAME;
    else if (family != AF_UNSPEC && family != AF_INET && family != AF_INET6) error = EAI_FAMILY;
    else if (service != NULL && service[0] != '\0' && (*end != '\0' || port > 65535)) {
        bool is_number = (wanted.hints->ai_flags & AI_NUMERICSERV) != 0;
        int known = is_number ? -1 : service_port(service);
        if (!is_number && known < 0)
            stop_not_modelled("getaddrinfo", "the name of a service that not every host knows; say its port");
        port = (unsigned long)known;
        if (is_number) error = EAI_NONAME;
    }
    wanted.port = htons((u_short)port);
    if (error == 0) error = find_node(node, &wanted);
    if (error == 0 && (wanted.hints->ai_flags & AI_CANONNAME) != 0 && list != NULL) {
        struct answer *first = (struct answer *)list;
        strcpy(first->name, own_name);
        list->ai_canonname = first->name;
    }
    if (error != 0) {
        thread_set_last_error((uint32_t)error);
        freeaddrinfo(list);
        return error;
    }
    *result = list;
    return 0;
}

VOID freeaddrinfo(PADDRINFOA list) {
    while (list != NULL) {
        PADDRINFOA next = list->ai_next;
        free(list);
        list = next;
    }
}

/* Both kinds of list differ in the type of a pointer only. */
_Static_assert(sizeof(ADDRINFOA) == sizeof(ADDRINFOW), "one layout");

INT GetAddrInfoW(PCWSTR node, PCWSTR service, const ADDRINFOW *hints, PADDRINFOW *result) {
    char nodes[NI_MAXHOST], services[NI_MAXSERV];
    if ((node != NULL && !narrow(node, nodes, sizeof nodes)) ||
        (service != NULL && !narrow(service, services, sizeof services)))
        return EAI_NONAME;
    if (hints != NULL && (hints->ai_flags & AI_CANONNAME) != 0) stop_not_modelled("GetAddrInfoW", "AI_CANONNAME");
    return getaddrinfo(node != NULL ? nodes : NULL, service != NULL ? services : NULL,
                       (const ADDRINFOA *)(const void *)hints, (PADDRINFOA *)(void *)result);
}

VOID FreeAddrInfoW(PADDRINFOW list) { freeaddrinfo((PADDRINFOA)(void *)list); }

/* --- names, extended ---------------------------------------------------------------------------------------------- */

/* Both kinds of list differ in the type of a pointer only. */
_Static_assert(sizeof(ADDRINFOEXA) == sizeof(ADDRINFOEXW), "one layout");

struct answer_ex {
    ADDRINFOEXA info;
    SOCKADDR_INET address;
    WCHAR name[sizeof own_name]; /* of bytes where the list is */
};

/* The rest of what may be asked for goes to a provider of names, or ends later. */
static void must_be_plain(const char *function, DWORD name_space, LPGUID provider, bool ends_later) {
    if (provider != NULL || (name_space != NS_ALL && name_space != NS_DNS))
        stop_not_modelled(function, "a provider of names, or a name space other than NS_ALL and NS_DNS");
    if (ends_later) stop_not_modelled(function, "an overlapped call");
}

/* The list of getaddrinfo once more, with the larger members. */
static INT extend(PADDRINFOA list, bool is_wide, PADDRINFOEXA *result) {
    *result = NULL;
    for (PADDRINFOEXA *last = result; list != NULL; list = list->ai_next) {
        struct answer_ex *answer = calloc(1, sizeof *answer);
        if (answer == NULL) return EAI_MEMORY;
        answer->info.ai_family = list->ai_family;
        answer->info.ai_socktype = list->ai_socktype;
        answer->info.ai_protocol = list->ai_protocol;
        answer->info.ai_addrlen = list->ai_addrlen;
        answer->info.ai_addr = (struct sockaddr *)&answer->address;
        memcpy(&answer->address, list->ai_addr, list->ai_addrlen);
        if (list->ai_canonname != NULL) {
            answer->info.ai_canonname = (LPCSTR)answer->name;
            if (is_wide) utf16_from_utf8(own_name, sizeof own_name, answer->name, sizeof own_name);
            else memcpy(answer->name, own_name, sizeof own_name);
        }
        *last = &answer->info;
        last = &answer->info.ai_next;
    }
    return 0;
}

static INT find_extended(PCSTR node, PCSTR service, const ADDRINFOEXA *hints, bool is_wide, PADDRINFOEXA *result) {
    ADDRINFOA plain = { 0 };
    PADDRINFOA list = NULL;
    *result = NULL;
    if (hints != NULL) {
        plain.ai_flags = hints->ai_flags;
        plain.ai_family = hints->ai_family;
        plain.ai_socktype = hints->ai_socktype;
        plain.ai_protocol = hints->ai_protocol;
    }
    INT error = getaddrinfo(node, service, &plain, &list);
    if (error == 0) error = extend(list, is_wide, result);
    freeaddrinfo(list);
    if (error == 0) return 0;
    FreeAddrInfoEx(*result);
    *result = NULL;
    return error;
}

INT GetAddrInfoExA(PCSTR node, PCSTR service, DWORD name_space, LPGUID provider, const ADDRINFOEXA *hints,
                   PADDRINFOEXA *result, struct timeval *limit, LPOVERLAPPED overlapped,
                   LPLOOKUPSERVICE_COMPLETION_ROUTINE routine, LPHANDLE handle) {
    (void)limit; /* it answers at once */
    must_be_plain("GetAddrInfoExA", name_space, provider, overlapped != NULL || routine != NULL || handle != NULL);
    return find_extended(node, service, hints, false, result);
}

INT GetAddrInfoExW(PCWSTR node, PCWSTR service, DWORD name_space, LPGUID provider, const ADDRINFOEXW *hints,
                   PADDRINFOEXW *result, struct timeval *limit, LPOVERLAPPED overlapped,
                   LPLOOKUPSERVICE_COMPLETION_ROUTINE routine, LPHANDLE handle) {
    char nodes[NI_MAXHOST], services[NI_MAXSERV];
    (void)limit;
    must_be_plain("GetAddrInfoExW", name_space, provider, overlapped != NULL || routine != NULL || handle != NULL);
    if ((node != NULL && !narrow(node, nodes, sizeof nodes)) ||
        (service != NULL && !narrow(service, services, sizeof services)))
        return EAI_NONAME;
    return find_extended(node != NULL ? nodes : NULL, service != NULL ? services : NULL,
                         (const ADDRINFOEXA *)(const void *)hints, true, (PADDRINFOEXA *)(void *)result);
}

VOID FreeAddrInfoEx(PADDRINFOEXA list) {
    while (list != NULL) {
        PADDRINFOEXA next = list->ai_next;
        free(list);
        list = next;
    }
}

VOID FreeAddrInfoExW(PADDRINFOEXW list) { FreeAddrInfoEx((PADDRINFOEXA)(void *)list); }

/* --- addresses as names ------------------------------------------------------------------------------------------- */

/* The name of an address: 127.0.0.1 has the machine's own (Perl/perl5#10724 on GitHub); others a name service knows. */
static const char *name_of(const char *function, int family, const void *address) {
    static const uint8_t v4_loopback[4] = { 127, 0, 0, 1 };
    if (family == AF_INET && memcmp(address, v4_loopback, sizeof v4_loopback) == 0) return own_name;
    stop_not_modelled(function, "the name of another address than 127.0.0.1, which a name service answers");
}

/* Of ports that are for every program's own use no list has a name. */
static const char *service_of(u_short port, bool is_datagram, char digits[NI_MAXSERV]) {
    enum { FIRST_WITHOUT_NAME = 49152 };
    const char *name = service_name(port, is_datagram);
    if (name != NULL) return name;
    if (port < FIRST_WITHOUT_NAME)
        stop_not_modelled("getnameinfo", "the port of a service that not every host knows; say NI_NUMERICSERV");
    snprintf(digits, NI_MAXSERV, "%u", port);
    return digits;
}

INT getnameinfo(const SOCKADDR *address, int length, PCHAR node, DWORD node_size, PCHAR service, DWORD service_size,
                INT flags) {
    char number[INET6_ADDRSTRLEN], digits[NI_MAXSERV];
    const SOCKADDR_INET *any = (const SOCKADDR_INET *)(const void *)address;
    threads_enter();
    bool is_v6 = address->sa_family == AF_INET6;
    if ((!is_v6 && address->sa_family != AF_INET) || length < (int)(is_v6 ? sizeof any->Ipv6 : sizeof any->Ipv4))
        return EAI_FAMILY;
    if (is_v6) text_write_v6((const uint8_t *)&any->Ipv6.sin6_addr, number, sizeof number);
    else text_write_v4((const uint8_t *)&any->Ipv4.sin_addr, number, sizeof number);
    u_short port = ntohs(is_v6 ? any->Ipv6.sin6_port : any->Ipv4.sin_port);
    const char *host = number, *port_text = digits;
    snprintf(digits, sizeof digits, "%u", port);
    if (node != NULL && (flags & NI_NUMERICHOST) == 0)
        host = name_of("getnameinfo", address->sa_family, &any->Ipv4.sin_addr);
    if (service != NULL && (flags & NI_NUMERICSERV) == 0) port_text = service_of(port, (flags & NI_DGRAM) != 0, digits);
    if (node != NULL && (DWORD)snprintf(node, node_size, "%s", host) >= node_size) return WSAEFAULT;
    if (service != NULL && (DWORD)snprintf(service, service_size, "%s", port_text) >= service_size) return WSAEFAULT;
    return 0;
}

INT GetNameInfoW(const SOCKADDR *address, int length, PWCHAR node, DWORD node_size, PWCHAR service, DWORD service_size,
                 INT flags) {
    char nodes[NI_MAXHOST], services[NI_MAXSERV];
    INT error = getnameinfo(address, length, node == NULL ? NULL : nodes, sizeof nodes,
                            service == NULL ? NULL : services, sizeof services, flags);
    if (error != 0) return error;
    if (node != NULL && strlen(nodes) >= node_size) return WSAEFAULT;
    if (service != NULL && strlen(services) >= service_size) return WSAEFAULT;
    if (node != NULL) utf16_from_utf8(nodes, (unsigned)strlen(nodes), node, node_size);
    if (service != NULL) utf16_from_utf8(services, (unsigned)strlen(services), service, service_size);
    return 0;
}

/* Of IPv4, in memory that the next call of the kind uses again. */
static struct hostent *host_of(const void *address) {
    static char *no_aliases[1], own[] = "RESERVOIR";
    static uint8_t bytes[4];
    static char *addresses[2] = { (char *)bytes, NULL };
    static struct hostent host = { own, no_aliases, AF_INET, sizeof bytes, addresses };
    memcpy(bytes, address, sizeof bytes);
    return &host;
}

struct hostent *gethostbyname(const char *name) {
    const ADDRINFOA hints = { .ai_family = AF_INET };
    PADDRINFOA list = NULL;
    if (getaddrinfo(name, NULL, &hints, &list) != 0) return thread_set_last_error(WSAHOST_NOT_FOUND), NULL;
    struct hostent *host = host_of(&((const struct sockaddr_in *)(const void *)list->ai_addr)->sin_addr);
    freeaddrinfo(list);
    return host;
}

/* WSAEFAULT: the address is not there, or its length is another one; WSAEAFNOSUPPORT. */
struct hostent *gethostbyaddr(const char *address, int length, int type) {
    threads_enter();
    if (type != AF_INET && type != AF_INET6) return thread_set_last_error(WSAEAFNOSUPPORT), NULL;
    if (address == NULL || length != (type == AF_INET ? 4 : 16)) return thread_set_last_error(WSAEFAULT), NULL;
    (void)name_of("gethostbyaddr", type, address);
    return host_of(address);
}

char *gai_strerrorA(int error) {
    static char text[40];
    snprintf(text, sizeof text, "getaddrinfo error %d", error);
    return text;
}

WCHAR *gai_strerrorW(int error) {
    static WCHAR text[40];
    const char *bytes = gai_strerrorA(error);
    utf16_from_utf8(bytes, (unsigned)strlen(bytes), text, 40);
    return text;
}

/* --- connections by name ------------------------------------------------------------------------------------------ */

/* AF_UNSPEC: it is no socket. */
static int family_of(SOCKET s) {
    unsigned row = handle_find(machine_world(), PROGRAM_PROCESS, HANDLE_SOCKET, s);
    if (row == NO_ROW) return AF_UNSPEC;
    return world_socket(machine_world(), row)->family == 4 ? AF_INET : AF_INET6;
}

/* An end of the connection, where it is asked for. */
static void store_end(const ADDRINFOA *reached, LPDWORD size, LPSOCKADDR address) {
    if (size == NULL || address == NULL || *size < reached->ai_addrlen) return;
    memcpy(address, reached->ai_addr, reached->ai_addrlen);
    *size = (DWORD)reached->ai_addrlen;
}

/* One address after the other, as its page has it. Connections here are made or refused before a limit can be over. */
BOOL WSAConnectByNameA(SOCKET s, LPCSTR node, LPCSTR service, LPDWORD local_size, LPSOCKADDR local, LPDWORD remote_size,
                       LPSOCKADDR remote, const struct timeval *limit, LPWSAOVERLAPPED reserved) {
    const ADDRINFOA hints = { .ai_family = family_of(s), .ai_socktype = SOCK_STREAM };
    PADDRINFOA list = NULL;
    (void)limit;
    threads_enter();
    if (reserved != NULL) stop_not_modelled("WSAConnectByName", "an OVERLAPPED");
    if (hints.ai_family == AF_UNSPEC) {
        WSASetLastError(WSAENOTSOCK);
        return FALSE;
    }
    if (hints.ai_family == AF_INET6) stop_not_modelled("WSAConnectByName", "a socket of IPv6, which reaches both");
    INT error = getaddrinfo(node, service, &hints, &list);
    BOOL connected = FALSE;
    const ADDRINFOA *at = list;
    for (; at != NULL; at = at->ai_next) {
        connected = connect(s, at->ai_addr, (int)at->ai_addrlen) == 0;
        if (connected) break;
        error = WSAGetLastError();
    }
    if (connected) {
        int size = local_size == NULL ? 0 : (int)*local_size;
        store_end(at, remote_size, remote);
        if (local != NULL && getsockname(s, local, &size) == 0) *local_size = (DWORD)size;
    }
    freeaddrinfo(list);
    if (!connected) WSASetLastError(error);
    return connected;
}

/* Both in UTF-8; a name of the network has no more than NI_MAXHOST characters. */
BOOL WSAConnectByNameW(SOCKET s, LPWSTR node, LPWSTR service, LPDWORD local_size, LPSOCKADDR local, LPDWORD remote_size,
                       LPSOCKADDR remote, const struct timeval *limit, LPWSAOVERLAPPED reserved) {
    char narrow_node[3 * NI_MAXHOST], narrow_service[3 * NI_MAXSERV];
    threads_enter();
    narrow_node[utf8_from_utf16(node, (unsigned)lstrlenW(node), narrow_node, sizeof narrow_node - 1)] = '\0';
    narrow_service[utf8_from_utf16(service, (unsigned)lstrlenW(service), narrow_service, sizeof narrow_service - 1)] =
        '\0';
    return WSAConnectByNameA(s, narrow_node, narrow_service, local_size, local, remote_size, remote, limit, reserved);
}
