/* iphlpapi: the adapters of the machine and their addresses. A program's machine has loopback and nothing else: one
 * adapter, which is always up, with 127.0.0.1 and ::1. Its names are this machine's; what functions say of it and in
 * which words they fail is from their pages (GetAdaptersAddresses, GetAdaptersInfo, GetIpAddrTable, GetBestInterface,
 * GetNumberOfInterfaces, GetUnicastIpAddressTable, GetUnicastIpAddressEntry, ConvertInterfaceLuidToIndex and its twin).
 * That no way leads elsewhere is what connect says, too (WSAENETUNREACH). */
#include "sim/program/include/iphlpapi.h"

#include <string.h>

#include "sim/memory/pages.h"
#include "sim/program/calls.h"
#include "sim/program/threads.h"

enum { LOOPBACK_INDEX = 1, LOOPBACK_METRIC = 75, LONGEST_DATAGRAM = 65535 };

static bool can_store(const void *place, size_t bytes) {
    return pages_writable(PROGRAM_POINTER(place), (uint32_t)bytes) == bytes;
}

static NET_LUID loopback_luid(void) { return (NET_LUID){ .Info = { .IfType = IF_TYPE_SOFTWARE_LOOPBACK } }; }

/* --- GetAdaptersAddresses ----------------------------------------------------------------------------------------- */

/* All that is said of the one adapter, as it lies in the program's buffer. */
struct told {
    IP_ADAPTER_ADDRESSES adapter;
    IP_ADAPTER_UNICAST_ADDRESS unicast[2]; /* IPv4, IPv6 */
    IP_ADAPTER_PREFIX prefixes[2];
    struct sockaddr_in own4, prefix4;
    struct sockaddr_in6 own6, prefix6;
    WCHAR friendly[32], description[32], suffix[1];
    char name[40];
};

static void copy_text(WCHAR *to, const char *from) {
    do *to++ = (WCHAR)(unsigned char)*from;
    while (*from++ != '\0');
}

static void tell_unicast(IP_ADAPTER_UNICAST_ADDRESS *row, void *address, int length, UINT8 prefix) {
    row->Length = sizeof *row;
    row->Flags = IP_ADAPTER_ADDRESS_DNS_ELIGIBLE;
    row->Address.lpSockaddr = (struct sockaddr *)address;
    row->Address.iSockaddrLength = length;
    row->PrefixOrigin = IpPrefixOriginWellKnown;
    row->SuffixOrigin = IpSuffixOriginWellKnown;
    row->DadState = IpDadStatePreferred;
    row->ValidLifetime = row->PreferredLifetime = row->LeaseLifetime = 0xFFFFFFFFu; /* for ever */
    row->OnLinkPrefixLength = prefix;
}

static void tell_prefix(IP_ADAPTER_PREFIX *row, void *address, int length, ULONG prefix) {
    row->Length = sizeof *row;
    row->Address.lpSockaddr = (struct sockaddr *)address;
    row->Address.iSockaddrLength = length;
    row->PrefixLength = prefix;
}

static void tell_addresses(struct told *told) {
    told->own4.sin_family = told->prefix4.sin_family = AF_INET;
    told->own4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    told->prefix4.sin_addr.s_addr = htonl(0x7F000000u);
    told->own6.sin6_family = told->prefix6.sin6_family = AF_INET6;
    told->own6.sin6_addr = told->prefix6.sin6_addr = in6addr_loopback;
    tell_unicast(&told->unicast[0], &told->own4, sizeof told->own4, 8);
    tell_unicast(&told->unicast[1], &told->own6, sizeof told->own6, 128);
    tell_prefix(&told->prefixes[0], &told->prefix4, sizeof told->prefix4, 8);
    tell_prefix(&told->prefixes[1], &told->prefix6, sizeof told->prefix6, 128);
}

/* The rows of the families that are asked for, linked. */
static void link_addresses(struct told *told, bool v4, bool v6, ULONG flags) {
    IP_ADAPTER_ADDRESSES *adapter = &told->adapter;
    if ((flags & GAA_FLAG_SKIP_UNICAST) == 0) adapter->FirstUnicastAddress = &told->unicast[v4 ? 0 : 1];
    if ((flags & GAA_FLAG_INCLUDE_PREFIX) != 0) adapter->FirstPrefix = &told->prefixes[v4 ? 0 : 1];
    if (!v4 || !v6) return;
    told->unicast[0].Next = &told->unicast[1];
    told->prefixes[0].Next = &told->prefixes[1];
}

static void tell(struct told *told, bool v4, bool v6, ULONG flags) {
    IP_ADAPTER_ADDRESSES *adapter = &told->adapter;
    memset(told, 0, sizeof *told);
    strcpy(told->name, "{00000000-0000-0000-0000-000000000001}");
    copy_text(told->friendly, "Loopback Pseudo-Interface 1");
    copy_text(told->description, "Software Loopback Interface 1");
    adapter->Length = sizeof *adapter;
    adapter->IfIndex = v4 ? LOOPBACK_INDEX : 0;
    adapter->Ipv6IfIndex = v6 ? LOOPBACK_INDEX : 0;
    adapter->AdapterName = told->name;
    if ((flags & GAA_FLAG_SKIP_FRIENDLY_NAME) == 0) adapter->FriendlyName = told->friendly;
    adapter->Description = told->description;
    adapter->DnsSuffix = told->suffix;
    adapter->Ipv4Enabled = v4;
    adapter->Ipv6Enabled = v6;
    adapter->Mtu = 0xFFFFFFFFu;
    adapter->IfType = IF_TYPE_SOFTWARE_LOOPBACK;
    adapter->OperStatus = IfOperStatusUp;
    adapter->Ipv4Metric = adapter->Ipv6Metric = LOOPBACK_METRIC;
    adapter->Luid = loopback_luid();
    adapter->CompartmentId = 1;
    adapter->ConnectionType = NET_IF_CONNECTION_DEDICATED;
    tell_addresses(told);
    link_addresses(told, v4, v6, flags);
}

/* Errors: ERROR_INVALID_PARAMETER, no place for the size or another family; ERROR_BUFFER_OVERFLOW, with the size that
 * is needed in *size, also where `addresses` is NULL. */
ULONG GetAdaptersAddresses(ULONG family, ULONG flags, PVOID reserved, PIP_ADAPTER_ADDRESSES addresses, PULONG size) {
    (void)reserved;
    threads_enter();
    bool v4 = family == AF_UNSPEC || family == AF_INET, v6 = family == AF_UNSPEC || family == AF_INET6;
    if (!can_store(size, sizeof *size) || (!v4 && !v6)) return ERROR_INVALID_PARAMETER;
    bool fits = addresses != NULL && *size >= sizeof(struct told) && can_store(addresses, sizeof(struct told));
    if (fits) tell((struct told *)addresses, v4, v6, flags);
    else *size = sizeof(struct told);
    return fits ? ERROR_SUCCESS : ERROR_BUFFER_OVERFLOW;
}

/* --- the older functions ------------------------------------------------------------------------------------------ */

/* Loopback is none of its adapters. */
DWORD GetAdaptersInfo(PIP_ADAPTER_INFO info, PULONG size) {
    (void)info;
    threads_enter();
    return can_store(size, sizeof *size) ? ERROR_NO_DATA : ERROR_INVALID_PARAMETER;
}

/* One row, in whichever order. Errors: ERROR_INVALID_PARAMETER; ERROR_INSUFFICIENT_BUFFER, with the size in *size. */
DWORD GetIpAddrTable(PMIB_IPADDRTABLE table, PULONG size, BOOL sorted) {
    (void)sorted;
    threads_enter();
    if (!can_store(size, sizeof *size)) return ERROR_INVALID_PARAMETER;
    if (table == NULL || *size < sizeof *table || !can_store(table, sizeof *table)) {
        *size = sizeof *table;
        return ERROR_INSUFFICIENT_BUFFER;
    }
    table->dwNumEntries = 1;
    table->table[0] = (MIB_IPADDRROW){ .dwAddr = htonl(INADDR_LOOPBACK),
                                       .dwIndex = LOOPBACK_INDEX,
                                       .dwMask = htonl(0xFF000000u),
                                       .dwBCastAddr = 1,
                                       .dwReasmSize = LONGEST_DATAGRAM,
                                       .wType = MIB_IPADDR_PRIMARY };
    return NO_ERROR;
}

static DWORD best(bool is_loopback, PDWORD index) {
    if (!can_store(index, sizeof *index)) return ERROR_INVALID_PARAMETER;
    if (!is_loopback) return ERROR_NETWORK_UNREACHABLE;
    *index = LOOPBACK_INDEX;
    return NO_ERROR;
}

DWORD GetBestInterface(DWORD address, PDWORD index) {
    threads_enter();
    return best((ntohl(address) >> 24) == 127, index);
}

DWORD GetBestInterfaceEx(struct sockaddr *address, PDWORD index) {
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    threads_enter();
    if (pages_readable(PROGRAM_POINTER(address), sizeof four) < sizeof four) return ERROR_INVALID_PARAMETER;
    memcpy(&four, address, sizeof four);
    if (four.sin_family == AF_INET) return best((ntohl(four.sin_addr.s_addr) >> 24) == 127, index);
    bool is_six = four.sin_family == AF_INET6 && pages_readable(PROGRAM_POINTER(address), sizeof six) == sizeof six;
    if (!is_six) return ERROR_INVALID_PARAMETER;
    memcpy(&six, address, sizeof six);
    return best(memcmp(&six.sin6_addr, &in6addr_loopback, sizeof six.sin6_addr) == 0, index);
}

DWORD GetNumberOfInterfaces(PDWORD count) {
    threads_enter();
    if (!can_store(count, sizeof *count)) return ERROR_INVALID_PARAMETER;
    *count = 1;
    return NO_ERROR;
}

/* --- addresses as rows -------------------------------------------------------------------------------------------- */

/* When the address was made no one can tell here: with the machine. */
static void tell_row(MIB_UNICASTIPADDRESS_ROW *row, bool is_v6) {
    *row = (MIB_UNICASTIPADDRESS_ROW){ .InterfaceLuid = loopback_luid(),
                                       .InterfaceIndex = LOOPBACK_INDEX,
                                       .PrefixOrigin = IpPrefixOriginWellKnown,
                                       .SuffixOrigin = IpSuffixOriginWellKnown,
                                       .ValidLifetime = 0xFFFFFFFFu, /* for ever */
                                       .PreferredLifetime = 0xFFFFFFFFu,
                                       .OnLinkPrefixLength = is_v6 ? 128 : 8,
                                       .DadState = IpDadStatePreferred };
    row->Address.si_family = is_v6 ? AF_INET6 : AF_INET;
    if (is_v6) row->Address.Ipv6.sin6_addr = in6addr_loopback;
    else row->Address.Ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
}

/* The caller gives it back by FreeMibTable. Errors: ERROR_INVALID_PARAMETER, no place for it or another family. */
DWORD GetUnicastIpAddressTable(ADDRESS_FAMILY family, PMIB_UNICASTIPADDRESS_TABLE *table) {
    threads_enter();
    bool v4 = family == AF_UNSPEC || family == AF_INET, v6 = family == AF_UNSPEC || family == AF_INET6;
    if (!can_store(table, sizeof *table) || (!v4 && !v6)) return ERROR_INVALID_PARAMETER;
    PMIB_UNICASTIPADDRESS_TABLE made = calloc(1, sizeof *made + sizeof made->Table[0]);
    if (made == NULL) return ERROR_NOT_ENOUGH_MEMORY;
    if (v4) tell_row(&made->Table[made->NumEntries++], false);
    if (v6) tell_row(&made->Table[made->NumEntries++], true);
    *table = made;
    return NO_ERROR;
}

VOID FreeMibTable(PVOID table) {
    threads_enter();
    free(table);
}

/* The interface is found by its LUID, or where that is 0 by its index. Errors: ERROR_INVALID_PARAMETER, another family
 * or no interface; ERROR_NOT_FOUND, no such address there. */
DWORD GetUnicastIpAddressEntry(PMIB_UNICASTIPADDRESS_ROW row) {
    threads_enter();
    if (!can_store(row, sizeof *row)) return ERROR_INVALID_PARAMETER;
    const ADDRESS_FAMILY family = row->Address.si_family;
    const ULONG64 luid = row->InterfaceLuid.Value;
    bool named = luid != 0 || row->InterfaceIndex != 0;
    if (!named || (family != AF_INET && family != AF_INET6)) return ERROR_INVALID_PARAMETER;
    if (luid != 0 ? luid != loopback_luid().Value : row->InterfaceIndex != LOOPBACK_INDEX) return ERROR_NOT_FOUND;
    bool is_v6 = family == AF_INET6;
    bool is_there = is_v6 ? memcmp(&row->Address.Ipv6.sin6_addr, &in6addr_loopback, sizeof in6addr_loopback) == 0
                          : row->Address.Ipv4.sin_addr.s_addr == htonl(INADDR_LOOPBACK);
    if (!is_there) return ERROR_NOT_FOUND;
    tell_row(row, is_v6);
    return NO_ERROR;
}

/* Its page has these values; `an illegal value` of a length is more than 128. */
VOID InitializeUnicastIpAddressEntry(PMIB_UNICASTIPADDRESS_ROW row) {
    threads_enter();
    *row = (MIB_UNICASTIPADDRESS_ROW){ .PrefixOrigin = IpPrefixOriginUnchanged,
                                       .SuffixOrigin = IpSuffixOriginUnchanged,
                                       .ValidLifetime = 0xFFFFFFFFu,
                                       .PreferredLifetime = 0xFFFFFFFFu,
                                       .OnLinkPrefixLength = 255 };
}

DWORD ConvertInterfaceLuidToIndex(const NET_LUID *luid, PNET_IFINDEX index) {
    threads_enter();
    bool readable = pages_readable(PROGRAM_POINTER(luid), sizeof *luid) == sizeof *luid;
    if (!readable || !can_store(index, sizeof *index) || luid->Value != loopback_luid().Value)
        return ERROR_INVALID_PARAMETER;
    *index = LOOPBACK_INDEX;
    return NO_ERROR;
}

DWORD ConvertInterfaceIndexToLuid(NET_IFINDEX index, PNET_LUID luid) {
    threads_enter();
    if (!can_store(luid, sizeof *luid)) return ERROR_INVALID_PARAMETER;
    if (index != LOOPBACK_INDEX) return ERROR_FILE_NOT_FOUND;
    *luid = loopback_luid();
    return NO_ERROR;
}
