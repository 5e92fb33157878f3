/* ws2_32: protocols and services by name and number. Those that every host's files have, from IANA's registries; any
 * other is not modelled: what a machine's own files say is the machine's. Aliases of services differ between releases
 * and are left out. */
#include "sim/program/include/winsock2.h"

#include "sim/program/service_names.h"
#include "sim/program/stop.h"
#include "sim/program/threads.h"

static const struct {
    const char *name, *alias;
    short number;
} protocols[] = {
    { "ip", "IP", 0 },    { "icmp", "ICMP", 1 },  { "tcp", "TCP", 6 },
    { "udp", "UDP", 17 }, { "ipv6", "IPv6", 41 }, { "ipv6-icmp", "IPv6-ICMP", 58 },
};

/* `on`: 1 TCP, 2 UDP, 3 both. */
static const struct {
    const char *name;
    unsigned short port;
    unsigned on;
} services[] = {
    { "echo", 7, 3 },   { "discard", 9, 3 }, { "daytime", 13, 3 }, { "chargen", 19, 3 },
    { "ftp", 21, 1 },   { "ssh", 22, 1 },    { "telnet", 23, 1 },  { "smtp", 25, 1 },
    { "time", 37, 3 },  { "domain", 53, 3 }, { "tftp", 69, 2 },    { "http", 80, 1 },
    { "pop3", 110, 1 }, { "ntp", 123, 2 },   { "snmp", 161, 2 },   { "https", 443, 1 },
};

enum { ON_TCP = 1, ON_UDP = 2, ON_BOTH = 3 };

/* What is handed out is the library's, until the next call. */
static struct protoent *protocol_of(unsigned row) {
    static char name[16], alias[16];
    static char *aliases[2] = { alias, NULL };
    static struct protoent entry = { name, aliases, 0 };
    strcpy(name, protocols[row].name);
    strcpy(alias, protocols[row].alias);
    entry.p_proto = protocols[row].number;
    return &entry;
}

struct protoent *getprotobyname(const char *name) {
    threads_enter();
    if (name == NULL) return thread_set_last_error(WSAEFAULT), NULL;
    for (unsigned i = 0; i < _countof(protocols); i++)
        if (strcasecmp(name, protocols[i].name) == 0) return protocol_of(i);
    stop_not_modelled("getprotobyname", name);
}

struct protoent *getprotobynumber(int number) {
    threads_enter();
    for (unsigned i = 0; i < _countof(protocols); i++)
        if (protocols[i].number == number) return protocol_of(i);
    stop_not_modelled("getprotobynumber", "a protocol other than IP, ICMP, TCP and UDP");
}

static unsigned on_of(const char *function, const char *protocol) {
    if (protocol == NULL) return ON_BOTH;
    if (strcasecmp(protocol, "tcp") == 0) return ON_TCP;
    if (strcasecmp(protocol, "udp") == 0) return ON_UDP;
    stop_not_modelled(function, "a service of another protocol than tcp and udp");
}

static struct servent *service_of(unsigned row, unsigned on) {
    static char name[16], protocol[4];
    static char *aliases[1];
    static struct servent entry;
    strcpy(name, services[row].name);
    strcpy(protocol, (services[row].on & on & ON_TCP) != 0 ? "tcp" : "udp");
    entry.s_name = name;
    entry.s_aliases = aliases;
    entry.s_proto = protocol;
    entry.s_port = (short)htons(services[row].port);
    return &entry;
}

struct servent *getservbyname(const char *name, const char *protocol) {
    threads_enter();
    if (name == NULL) return thread_set_last_error(WSAEFAULT), NULL;
    unsigned on = on_of("getservbyname", protocol);
    for (unsigned i = 0; i < _countof(services); i++)
        if (strcmp(name, services[i].name) == 0 && (services[i].on & on) != 0) return service_of(i, on);
    stop_not_modelled("getservbyname", name);
}

struct servent *getservbyport(int port, const char *protocol) {
    threads_enter();
    unsigned on = on_of("getservbyport", protocol);
    for (unsigned i = 0; i < _countof(services); i++)
        if (htons(services[i].port) == (u_short)port && (services[i].on & on) != 0) return service_of(i, on);
    stop_not_modelled("getservbyport", "the port of a service that not every host knows");
}

const char *service_name(unsigned port, bool is_datagram) {
    for (unsigned i = 0; i < _countof(services); i++)
        if (services[i].port == port && (services[i].on & (is_datagram ? ON_UDP : ON_TCP)) != 0)
            return services[i].name;
    return NULL;
}

int service_port(const char *name) {
    for (unsigned i = 0; i < _countof(services); i++)
        if (strcmp(name, services[i].name) == 0) return services[i].port;
    return -1;
}
