/* iphlpapi: the tables of TCP and UDP endpoints, from the sockets and connections of the machine. On a real Windows
 * other programs and services have rows, too; here nothing but the program runs.
 *
 * What stands in a table:
 *   - a TCP socket that listens, and every TCP connection that is not closed, whoever has it: its socket, a listener
 *     that has not handed it out yet, or no one any more while it closes;
 *   - a UDP socket that has a port. A TCP socket that is bound and neither listens nor connects has no row.
 *   - A socket of IPv6 that takes IPv4, too, and is bound to the wildcard stands in both families' tables; one that is
 *     bound to a mapped address stands in IPv4's. Inferred from netstat, which reads these tables: it shows a server
 *     that listens on [::] for both families under 0.0.0.0 and under [::].
 *   - The owner is the process; a connection in TIME-WAIT belongs to process 0, as netstat shows it.
 *
 * The size, the order of a sorted table and the errors are those of the functions' pages (GetTcpTable2, GetTcp6Table2,
 * GetExtendedTcpTable, GetExtendedUdpTable, GetUdpTable). An unsorted one has listeners before connections, each kind
 * in the order of the machine's rows: a program cannot rely on it, and it is the same in each run. */
#include "sim/program/include/iphlpapi.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/memory/pages.h"
#include "sim/program/calls.h"
#include "sim/program/machine.h"
#include "sim/program/stop.h"
#include "sim/program/threads.h"
#include "stack/ports/pool.h"
#include "stack/transport/wire/tcp.h"

struct table_row {
    uint8_t local[16], remote[16]; /* IPv4 in the first 4 bytes, the rest 0; a listener's remote one is 0 */
    uint16_t local_port, remote_port;
    DWORD state; /* MIB_TCP_STATE */
    DWORD owner; /* a process's identifier */
};

struct table_rows {
    struct table_row *rows;
    unsigned count;
    uint8_t family; /* 4 or 6: whose endpoints these are */
};

/* How one kind of table is laid out. */
struct shape {
    uint8_t family;
    size_t rows_at, row_bytes;
    void (*write)(void *row, const struct table_row *from);
};

enum part { LISTENERS = 1, CONNECTIONS = 2, ALL = LISTENERS | CONNECTIONS };

/* --- what there is ------------------------------------------------------------------------------------------------ */

static const uint8_t wildcard[16], mapped_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF };

static void add(struct table_rows *all, const uint8_t *address, unsigned bytes, uint16_t port, DWORD state) {
    struct table_row *row = &all->rows[all->count++];
    *row = (struct table_row){ .local_port = port, .state = state, .owner = GetCurrentProcessId() };
    memcpy(row->local, address, bytes);
}

/* A socket's own row, if it has one among these. */
static void add_socket(struct table_rows *all, const struct socket_row *socket, DWORD state) {
    const uint8_t *address = socket->address.bytes;
    bool is_mapped = socket->family == 6 && memcmp(address, mapped_prefix, sizeof mapped_prefix) == 0;
    bool takes_both = socket->family == 6 && !socket->v6only && memcmp(address, wildcard, sizeof wildcard) == 0;
    if (all->family == 6 && socket->family == 6 && !is_mapped) add(all, address, 16, socket->port, state);
    if (all->family != 4) return;
    if (socket->family == 4) add(all, address, 4, socket->port, state);
    else if (is_mapped) add(all, address + sizeof mapped_prefix, 4, socket->port, state);
    else if (takes_both) add(all, wildcard, 4, socket->port, state);
}

static void add_sockets(struct table_rows *all, enum protocol protocol) {
    const struct world *world = machine_world();
    for (unsigned i = 0; i < world->tops[TABLE_SOCKETS]; i++) {
        const struct socket_row *socket = world_socket_at(world, i);
        if (socket->state == SOCKET_FREE || socket->protocol != protocol || socket->port == 0) continue;
        if (protocol == PROTOCOL_UDP) add_socket(all, socket, 0);
        else if (socket->state == SOCKET_LISTENING) add_socket(all, socket, MIB_TCP_STATE_LISTEN);
    }
}

static void add_connections(struct table_rows *all) {
    static const DWORD states[TCP_STATES_COUNT] = {
        [TCP_SYN_SENT] = MIB_TCP_STATE_SYN_SENT,    [TCP_SYN_RECEIVED] = MIB_TCP_STATE_SYN_RCVD,
        [TCP_ESTABLISHED] = MIB_TCP_STATE_ESTAB,    [TCP_FIN_WAIT_1] = MIB_TCP_STATE_FIN_WAIT1,
        [TCP_FIN_WAIT_2] = MIB_TCP_STATE_FIN_WAIT2, [TCP_CLOSE_WAIT] = MIB_TCP_STATE_CLOSE_WAIT,
        [TCP_CLOSING] = MIB_TCP_STATE_CLOSING,      [TCP_LAST_ACK] = MIB_TCP_STATE_LAST_ACK,
        [TCP_TIME_WAIT] = MIB_TCP_STATE_TIME_WAIT
    };
    const struct world *world = machine_world();
    for (unsigned i = 0; i < world->tops[TABLE_CONNECTIONS]; i++) {
        const struct connection_row *connection = world_connection_at(world, i);
        const struct tcp_connection *tcp = &connection->tcp;
        if (!connection->used || tcp->state == TCP_CLOSED || tcp->family != all->family) continue;
        unsigned bytes = tcp->family == 4 ? 4 : 16;
        add(all, tcp->local_address, bytes, tcp->local_port, states[tcp->state]);
        struct table_row *row = &all->rows[all->count - 1];
        memcpy(row->remote, tcp->remote_address, bytes);
        row->remote_port = tcp->remote_port;
        if (tcp->state == TCP_TIME_WAIT) row->owner = 0;
    }
}

/* By local address, local port, remote address, remote port, as numbers. (A scope is 0 here: no address is
 * link-local.) */
static int compare(const void *one_row, const void *other_row) {
    const struct table_row *one = one_row, *other = other_row;
    int order = memcmp(one->local, other->local, sizeof one->local);
    if (order == 0) order = (int)one->local_port - (int)other->local_port;
    if (order == 0) order = memcmp(one->remote, other->remote, sizeof one->remote);
    return order != 0 ? order : (int)one->remote_port - (int)other->remote_port;
}

/* rows is to be freed. */
static struct table_rows rows_of(uint8_t family, enum protocol protocol, enum part part, bool sorted) {
    const struct world *world = machine_world();
    struct table_rows all = { .family = family };
    size_t most = world->tops[TABLE_SOCKETS] + world->tops[TABLE_CONNECTIONS];
    all.rows = calloc(most + 1, sizeof all.rows[0]);
    if (all.rows == NULL) stop(STOP_NO_ROOM, "there is no memory for a table");
    if ((part & LISTENERS) != 0) add_sockets(&all, protocol);
    if ((part & CONNECTIONS) != 0 && protocol == PROTOCOL_TCP) add_connections(&all);
    if (sorted) qsort(all.rows, all.count, sizeof all.rows[0], compare);
    return all;
}

/* --- how it is laid out ------------------------------------------------------------------------------------------- */

static DWORD address_v4(const uint8_t bytes[16]) {
    DWORD address;
    memcpy(&address, bytes, sizeof address); /* both are in the network's order */
    return address;
}

static DWORD port_of(uint16_t port) { return htons(port); }

/* `write_NAME`: a row of this type, of IPv4. */
#define V4(type, ...) \
    static void write_##type(void *to, const struct table_row *from) { \
        type row = { .dwLocalAddr = address_v4(from->local), .dwLocalPort = port_of(from->local_port), __VA_ARGS__ }; \
        memcpy(to, &row, sizeof row); \
    }
#define V4_REMOTE .dwRemoteAddr = address_v4(from->remote), .dwRemotePort = port_of(from->remote_port)
V4(MIB_TCPROW, .dwState = from->state, V4_REMOTE)
V4(MIB_TCPROW2, .dwState = from->state, V4_REMOTE, .dwOwningPid = from->owner,
   .dwOffloadState = TcpConnectionOffloadStateInHost)
V4(MIB_TCPROW_OWNER_PID, .dwState = from->state, V4_REMOTE, .dwOwningPid = from->owner)
V4(MIB_UDPROW, )
V4(MIB_UDPROW_OWNER_PID, .dwOwningPid = from->owner)
#undef V4
#undef V4_REMOTE

/* The same of IPv6, whose rows call their addresses by two names. */
#define V6(type, local_member, ...) \
    static void write_##type(void *to, const struct table_row *from) { \
        type row = { .dwLocalPort = port_of(from->local_port), __VA_ARGS__ }; \
        memcpy(&row.local_member, from->local, 16); \
        memcpy(to, &row, sizeof row); \
    }
#define V6_TCP(type, local_member, remote_member, ...) \
    static void write_##type(void *to, const struct table_row *from) { \
        type row = { .dwLocalPort = port_of(from->local_port), \
                     .dwRemotePort = port_of(from->remote_port), \
                     __VA_ARGS__ }; \
        memcpy(&row.local_member, from->local, 16); \
        memcpy(&row.remote_member, from->remote, 16); \
        memcpy(to, &row, sizeof row); \
    }
V6_TCP(MIB_TCP6ROW, LocalAddr, RemoteAddr, .State = (MIB_TCP_STATE)from->state)
V6_TCP(MIB_TCP6ROW2, LocalAddr, RemoteAddr, .State = (MIB_TCP_STATE)from->state, .dwOwningPid = from->owner,
       .dwOffloadState = TcpConnectionOffloadStateInHost)
V6_TCP(MIB_TCP6ROW_OWNER_PID, ucLocalAddr, ucRemoteAddr, .dwState = from->state, .dwOwningPid = from->owner)
V6(MIB_UDP6ROW, dwLocalAddr, .dwLocalScopeId = 0)
V6(MIB_UDP6ROW_OWNER_PID, ucLocalAddr, .dwOwningPid = from->owner)
#undef V6
#undef V6_TCP

/* NO_ERROR with the table; ERROR_INSUFFICIENT_BUFFER with the size that it needs, in bytes, in *size; or
 * ERROR_INVALID_PARAMETER: no size, or none that can be written. */
static DWORD give(const struct shape *shape, enum protocol protocol, enum part part, void *table, DWORD *size,
                  BOOL sorted) {
    threads_enter();
    if (pages_writable(PROGRAM_POINTER(size), sizeof *size) < sizeof *size) return ERROR_INVALID_PARAMETER;
    struct table_rows all = rows_of(shape->family, protocol, part, sorted != 0);
    DWORD needed = (DWORD)(shape->rows_at + all.count * shape->row_bytes);
    bool fits = table != NULL && *size >= needed;
    for (unsigned i = 0; fits && i < all.count; i++)
        shape->write((char *)table + shape->rows_at + i * shape->row_bytes, &all.rows[i]);
    if (fits) memcpy(table, &(DWORD){ all.count }, sizeof(DWORD));
    else *size = needed;
    free(all.rows);
    return fits ? NO_ERROR : ERROR_INSUFFICIENT_BUFFER;
}

#define SHAPE(address_family, table_type, row) \
    { address_family, offsetof(table_type, table), sizeof(row), write_##row }

/* --- the functions ------------------------------------------------------------------------------------------------ */

DWORD GetTcpTable(PMIB_TCPTABLE table, PDWORD size, BOOL sorted) {
    static const struct shape shape = SHAPE(4, MIB_TCPTABLE, MIB_TCPROW);
    return give(&shape, PROTOCOL_TCP, ALL, table, size, sorted);
}

DWORD GetTcpTable2(PMIB_TCPTABLE2 table, PULONG size, BOOL sorted) {
    static const struct shape shape = SHAPE(4, MIB_TCPTABLE2, MIB_TCPROW2);
    return give(&shape, PROTOCOL_TCP, ALL, table, size, sorted);
}

DWORD GetTcp6Table(PMIB_TCP6TABLE table, PULONG size, BOOL sorted) {
    static const struct shape shape = SHAPE(6, MIB_TCP6TABLE, MIB_TCP6ROW);
    return give(&shape, PROTOCOL_TCP, ALL, table, size, sorted);
}

ULONG GetTcp6Table2(PMIB_TCP6TABLE2 table, PULONG size, BOOL sorted) {
    static const struct shape shape = SHAPE(6, MIB_TCP6TABLE2, MIB_TCP6ROW2);
    return give(&shape, PROTOCOL_TCP, ALL, table, size, sorted);
}

DWORD GetUdpTable(PMIB_UDPTABLE table, PDWORD size, BOOL sorted) {
    static const struct shape shape = SHAPE(4, MIB_UDPTABLE, MIB_UDPROW);
    return give(&shape, PROTOCOL_UDP, ALL, table, size, sorted);
}

ULONG GetUdp6Table(PMIB_UDP6TABLE table, PULONG size, BOOL sorted) {
    static const struct shape shape = SHAPE(6, MIB_UDP6TABLE, MIB_UDP6ROW);
    return give(&shape, PROTOCOL_UDP, ALL, table, size, sorted);
}

/* The classes are three kinds of rows, each for listeners, connections and all. The page gives no table of IPv6 for the
 * basic ones. */
DWORD GetExtendedTcpTable(PVOID table, PDWORD size, BOOL sorted, ULONG family, TCP_TABLE_CLASS what, ULONG reserved) {
    static const char name[] = "GetExtendedTcpTable";
    static const enum part parts[] = { LISTENERS, CONNECTIONS, ALL };
    static const struct shape basic = SHAPE(4, MIB_TCPTABLE, MIB_TCPROW);
    static const struct shape owners = SHAPE(4, MIB_TCPTABLE_OWNER_PID, MIB_TCPROW_OWNER_PID);
    static const struct shape owners6 = SHAPE(6, MIB_TCP6TABLE_OWNER_PID, MIB_TCP6ROW_OWNER_PID);
    (void)reserved;
    threads_enter();
    bool is_v4 = family == AF_INET, is_basic = what <= TCP_TABLE_BASIC_ALL;
    if ((!is_v4 && family != AF_INET6) || what > TCP_TABLE_OWNER_MODULE_ALL) return ERROR_INVALID_PARAMETER;
    if (what >= TCP_TABLE_OWNER_MODULE_LISTENER) stop_not_modelled(name, "the modules of owners");
    if (is_basic && !is_v4) stop_not_modelled(name, "a basic table of IPv6");
    const struct shape *shape = is_basic ? &basic : is_v4 ? &owners : &owners6;
    return give(shape, PROTOCOL_TCP, parts[what % 3], table, size, sorted);
}

DWORD GetExtendedUdpTable(PVOID table, PDWORD size, BOOL sorted, ULONG family, UDP_TABLE_CLASS what, ULONG reserved) {
    static const char name[] = "GetExtendedUdpTable";
    static const struct shape shapes[][2] = {
        [UDP_TABLE_BASIC] = { SHAPE(4, MIB_UDPTABLE, MIB_UDPROW), SHAPE(6, MIB_UDP6TABLE, MIB_UDP6ROW) },
        [UDP_TABLE_OWNER_PID] = { SHAPE(4, MIB_UDPTABLE_OWNER_PID, MIB_UDPROW_OWNER_PID),
                                  SHAPE(6, MIB_UDP6TABLE_OWNER_PID, MIB_UDP6ROW_OWNER_PID) },
    };
    (void)reserved;
    threads_enter();
    if ((family != AF_INET && family != AF_INET6) || what > UDP_TABLE_OWNER_MODULE) return ERROR_INVALID_PARAMETER;
    if (what == UDP_TABLE_OWNER_MODULE) stop_not_modelled(name, "the modules of owners");
    return give(&shapes[what][family == AF_INET6], PROTOCOL_UDP, ALL, table, size, sorted);
}
