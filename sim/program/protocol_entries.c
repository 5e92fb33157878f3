/* ws2_32: the catalogue of protocols, and what it says of a socket's own.
 *
 * Sources. Identities, families, lengths, service flags: what `netsh winsock show catalog` prints (Windows Internals,
 * 6th edition, part 1, chapter 7, of IPv4; python-trio/trio#52 on GitHub, of both). The longest datagram of IPv4: KB
 * 822061; the longest of IPv6, whose length does not count its own header, is inferred from it. The rest: the pages of
 * WSAPROTOCOL_INFO and socket. A Windows machine lists raw sockets, AF_UNIX and others besides, which have no answer
 * here. */
#include "sim/program/include/ws2tcpip.h"

#include "sim/memory/pages.h"
#include "sim/program/calls.h"
#include "sim/program/machine.h"
#include "sim/program/protocols.h"
#include "sim/program/threads.h"
#include "stack/system/handles.h"

#define STREAM_FLAGS \
    (XP1_GUARANTEED_DELIVERY | XP1_GUARANTEED_ORDER | XP1_GRACEFUL_CLOSE | XP1_EXPEDITED_DATA | XP1_IFS_HANDLES)
#define DATAGRAM_FLAGS \
    (XP1_CONNECTIONLESS | XP1_MESSAGE_ORIENTED | XP1_SUPPORT_BROADCAST | XP1_SUPPORT_MULTIPOINT | XP1_IFS_HANDLES)

static const struct protocol_row {
    DWORD id, flags;
    int family, type, protocol, address_bytes;
    DWORD message_bytes; /* 0: a stream has none */
    const char *name;
} catalogue[] = {
    { 1001, STREAM_FLAGS, AF_INET, SOCK_STREAM, IPPROTO_TCP, 16, 0, "MSAFD Tcpip [TCP/IP]" },
    { 1002, DATAGRAM_FLAGS, AF_INET, SOCK_DGRAM, IPPROTO_UDP, 16, 65507, "MSAFD Tcpip [UDP/IP]" },
    { 1004, STREAM_FLAGS, AF_INET6, SOCK_STREAM, IPPROTO_TCP, 28, 0, "MSAFD Tcpip [TCP/IPv6]" },
    { 1005, DATAGRAM_FLAGS, AF_INET6, SOCK_DGRAM, IPPROTO_UDP, 28, 65527, "MSAFD Tcpip [UDP/IPv6]" },
};

static int fails(uint32_t error) {
    thread_set_last_error(error);
    return SOCKET_ERROR;
}

static void describe(const struct protocol_row *row, WSAPROTOCOL_INFOW *info) {
    static const GUID of_v4 = { 0xe70f1aa0, 0xab8b, 0x11cf, { 0x8c, 0xa3, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92 } };
    static const GUID of_v6 = { 0xf9eab0c0, 0x26d4, 0x11d0, { 0xbb, 0xbf, 0x00, 0xaa, 0x00, 0x6c, 0x34, 0xe4 } };
    *info = (WSAPROTOCOL_INFOW){ .dwServiceFlags1 = row->flags,
                                 .dwProviderFlags = PFL_MATCHES_PROTOCOL_ZERO,
                                 .ProviderId = row->family == AF_INET ? of_v4 : of_v6,
                                 .dwCatalogEntryId = row->id,
                                 .ProtocolChain = { .ChainLen = BASE_PROTOCOL },
                                 .iVersion = 2,
                                 .iAddressFamily = row->family,
                                 .iMaxSockAddr = row->address_bytes,
                                 .iMinSockAddr = row->address_bytes,
                                 .iSocketType = row->type,
                                 .iProtocol = row->protocol,
                                 .iNetworkByteOrder = BIGENDIAN,
                                 .iSecurityScheme = SECURITY_PROTOCOL_NONE,
                                 .dwMessageSize = row->message_bytes };
    for (unsigned i = 0; row->name[i] != '\0'; i++) info->szProtocol[i] = (WCHAR)row->name[i];
}

/* The two differ in the name's characters only. */
static void narrow(const WSAPROTOCOL_INFOW *wide, WSAPROTOCOL_INFOA *info) {
    _Static_assert(offsetof(WSAPROTOCOL_INFOA, szProtocol) == offsetof(WSAPROTOCOL_INFOW, szProtocol), "one layout");
    memset(info, 0, sizeof *info);
    memcpy(info, wide, offsetof(WSAPROTOCOL_INFOA, szProtocol));
    for (unsigned i = 0; wide->szProtocol[i] != 0; i++) info->szProtocol[i] = (char)wide->szProtocol[i];
}

static void store(const struct protocol_row *row, bool is_wide, void *place) {
    WSAPROTOCOL_INFOW info;
    describe(row, &info);
    if (is_wide) memcpy(place, &info, sizeof info);
    else narrow(&info, place);
}

/* --- all of them -------------------------------------------------------------------------------------------------- */

static bool can_store(const void *place, size_t bytes) {
    return pages_writable(PROGRAM_POINTER(place), (uint32_t)bytes) == bytes;
}

/* Is it in the list, which a 0 ends? No list has all. False in *there: the list is not. */
static bool is_wanted(const INT *list, int protocol, bool *there) {
    if (list == NULL) return true;
    for (;; list++) {
        *there = pages_readable(PROGRAM_POINTER(list), sizeof *list) == sizeof *list;
        if (!*there || *list == 0) return false;
        if (*list == protocol) return true;
    }
}

/* WSANOTINITIALISED; WSAEFAULT for memory that is not there; WSAENOBUFS, with the size that is needed in *size. */
static int enumerate(const INT *list, bool is_wide, void *buffer, LPDWORD size) {
    const DWORD each = is_wide ? (DWORD)sizeof(WSAPROTOCOL_INFOW) : (DWORD)sizeof(WSAPROTOCOL_INFOA);
    const struct protocol_row *found[_countof(catalogue)];
    DWORD count = 0;
    bool there = true;
    threads_enter();
    if (world_process(machine_world(), PROGRAM_PROCESS)->startup_count == 0) return fails(WSANOTINITIALISED);
    for (unsigned i = 0; i < _countof(catalogue) && there; i++)
        if (is_wanted(list, catalogue[i].protocol, &there)) found[count++] = &catalogue[i];
    if (!there || !can_store(size, sizeof *size)) return fails(WSAEFAULT);
    const DWORD given = *size;
    *size = count * each;
    if (given < count * each) return fails(WSAENOBUFS);
    if (!can_store(buffer, count * each)) return fails(WSAEFAULT);
    for (DWORD i = 0; i < count; i++) store(found[i], is_wide, (char *)buffer + i * each);
    return (int)count;
}

int WSAEnumProtocolsW(LPINT protocols, LPWSAPROTOCOL_INFOW infos, LPDWORD size) {
    return enumerate(protocols, true, infos, size);
}

int WSAEnumProtocolsA(LPINT protocols, LPWSAPROTOCOL_INFOA infos, LPDWORD size) {
    return enumerate(protocols, false, infos, size);
}

/* --- of one socket ------------------------------------------------------------------------------------------------ */

static const struct protocol_row *protocol_of(SOCKET s) {
    unsigned row = handle_find(machine_world(), PROGRAM_PROCESS, HANDLE_SOCKET, s);
    if (row == NO_ROW) return NULL;
    const struct socket_row *socket = world_socket(machine_world(), row);
    for (unsigned i = 0; i < _countof(catalogue); i++) {
        bool stream = catalogue[i].type == SOCK_STREAM;
        bool fits = socket->protocol == (stream ? PROTOCOL_TCP : PROTOCOL_UDP);
        if (fits && (catalogue[i].family == AF_INET) == (socket->family == 4)) return &catalogue[i];
    }
    return NULL;
}

bool protocol_option_is_known(SOCKET s, int level, int option) {
    if (level != SOL_SOCKET || protocol_of(s) == NULL) return false;
    if (option == SO_MAX_MSG_SIZE) return protocol_of(s)->type == SOCK_DGRAM; /* of a stream it says nothing */
    return option == SO_PROTOCOL_INFOW || option == SO_PROTOCOL_INFOA;
}

int protocol_option(SOCKET s, int option, void *value, int *length) {
    const struct protocol_row *row = protocol_of(s);
    const int needed = option == SO_MAX_MSG_SIZE     ? (int)sizeof row->message_bytes
                       : option == SO_PROTOCOL_INFOW ? (int)sizeof(WSAPROTOCOL_INFOW)
                                                     : (int)sizeof(WSAPROTOCOL_INFOA);
    threads_enter();
    if (!can_store(length, sizeof *length) || *length < needed || !can_store(value, (size_t)needed))
        return fails(WSAEFAULT);
    *length = needed;
    if (option == SO_MAX_MSG_SIZE) memcpy(value, &row->message_bytes, sizeof row->message_bytes);
    else store(row, option == SO_PROTOCOL_INFOW, value);
    return 0;
}
