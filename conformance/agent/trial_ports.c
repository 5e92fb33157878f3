#include "conformance/agent/trial_ports.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/agent/host_facts.h"
#include "conformance/agent/persistent.h"
#include "conformance/agent/system/process.h"
#include "conformance/agent/system/threads.h"
#include "conformance/base/memory.h"
#include "conformance/base/reason.h"
#include "conformance/session/executor.h"

enum { TRIAL_PORTS_COUNT = 12000 };

/* Sockets that hold what was found so far. */
struct trial {
    const struct windows_functions *functions;
    bool has_ipv6;
    bool unlisted; /* netsh gave no whole listing, so no port is known to be free */
    SOCKET sockets[2 * TRIAL_PORTS_COUNT];
    unsigned sockets_count;
};

enum trial_result { TRIAL_BOUND, TRIAL_TAKEN, TRIAL_NO_FAMILY };

static enum trial_result try_port(struct trial *trial, int family, enum transport transport, uint16_t port) {
    const struct windows_functions *functions = trial->functions;
    assert(trial->sockets_count < 2 * TRIAL_PORTS_COUNT);
    int type = transport == TRANSPORT_TCP ? SOCK_STREAM : SOCK_DGRAM;
    SOCKET socket = functions->socket(family, type, (int)transport);
    if (socket == INVALID_SOCKET) return GetLastError() == WSAEAFNOSUPPORT ? TRIAL_NO_FAMILY : TRIAL_TAKEN;
    int on = 1;
    functions->setsockopt(socket, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, (const char *)&on, sizeof on);
    uint8_t address[SOCKADDR_IN6_SIZE];
    memset(address, 0, sizeof address);
    store_u16(address, (uint16_t)family);
    store_u16_network(address + 2, port);
    int length = family == AF_INET ? SOCKADDR_IN_SIZE : SOCKADDR_IN6_SIZE;
    if (functions->bind(socket, (const struct sockaddr *)address, length) != 0) {
        functions->closesocket(socket);
        return TRIAL_TAKEN;
    }
    trial->sockets[trial->sockets_count++] = socket;
    return TRIAL_BOUND;
}

/* Closes the newest sockets down to `keep`. */
static void let_go(struct trial *trial, unsigned keep) {
    assert(keep <= trial->sockets_count);
    while (trial->sockets_count > keep) trial->functions->closesocket(trial->sockets[--trial->sockets_count]);
}

/* Binds `count` ports from `first` on. Returns how many could be bound, one after another; all are held or none. */
static uint32_t try_block(struct trial *trial, enum transport transport, uint32_t first, uint32_t count) {
    assert(first + count <= 0x10000);
    unsigned held = trial->sockets_count;
    for (uint32_t i = 0; i < count; i++) {
        enum trial_result v4 = try_port(trial, AF_INET, transport, (uint16_t)(first + i));
        enum trial_result v6 = v4 == TRIAL_TAKEN ? v4 : try_port(trial, AF_INET6, transport, (uint16_t)(first + i));
        bool free = v4 != TRIAL_TAKEN && v6 != TRIAL_TAKEN && !(v4 == TRIAL_NO_FAMILY && v6 == TRIAL_NO_FAMILY);
        if (free) continue;
        let_go(trial, held);
        return i;
    }
    return count;
}

/* A line's number belongs to no other line, in whatever transport: what is written of p shall not be true of q by
 * chance. */
static bool meets_earlier_line(const struct scenario *scenario, const uint16_t *ports_first, uint32_t lines,
                               uint32_t first, uint32_t count) {
    for (uint32_t i = 0; i < lines; i++)
        if (first < ports_first[i] + scenario->ports[i].count && ports_first[i] < first + count) return true;
    return false;
}

/* Does a store list any of the ports now? The ranges of virtual networks move. */
enum listed { LISTED_NOT, LISTED, LISTED_UNKNOWN };

static enum listed ask_store(const struct windows_functions *functions, enum transport transport,
                             enum netsh_store store, struct port_range ports) {
    enum { ASKS_MAX = 3, ASKING_LIMIT_MS = 3000 };
    const uint64_t since_ms = clock_ms();
    for (unsigned asks = 0; asks < ASKS_MAX && clock_ms() - since_ms < ASKING_LIMIT_MS; asks++) {
        struct host_exclusion row;
        unsigned count = 0;
        bool whole = functions->exclusions(transport, store, ports, &row, 1, &count);
        if (count > 0) return LISTED;
        if (whole) return LISTED_NOT;
    }
    return LISTED_UNKNOWN;
}

static enum listed ask_stores(const struct windows_functions *functions, enum transport transport,
                              struct port_range ports) {
    if (functions->exclusions == NULL) return LISTED_NOT; /* there is no netsh */
    enum listed active = ask_store(functions, transport, NETSH_ACTIVE, ports);
    return active == LISTED_NOT ? ask_store(functions, transport, NETSH_PERSISTENT, ports) : active;
}

/* The first port of a free block for this line; 0 when there is none. The start differs between processes, so that two
 * agents on one machine seldom meet. */
static uint32_t find_block(struct trial *trial, const struct scenario *scenario, const uint16_t *ports_first,
                           uint32_t line) {
    uint32_t count = scenario->ports[line].count;
    if (count == 0 || count > TRIAL_PORTS_COUNT) return 0;
    enum transport transport = strcmp(scenario->ports[line].transport, "udp") == 0 ? TRANSPORT_UDP : TRANSPORT_TCP;
    const struct trial_region region = host_facts_trial_region(host_facts());
    if (count > region.last - region.first + 1) return 0;
    trial->unlisted = !host_facts_lists_all(host_facts(), transport, trial->has_ipv6);
    uint32_t places = region.last - region.first + 1 - count + 1;
    uint32_t start = (uint32_t)(process_id() * UINT64_C(61) % places);
    for (uint32_t tried = 0; tried < places && !trial->unlisted;) {
        uint32_t first = region.first + (start + tried) % places;
        bool taken = persistent_meets(first, count); /* whether a bind is refused there is a question */
        taken |= host_facts_avoids(host_facts(), transport, (struct port_range){ first, count });
        if (taken || meets_earlier_line(scenario, ports_first, line, first, count)) {
            tried++;
            continue;
        }
        unsigned held = trial->sockets_count;
        uint32_t bound = try_block(trial, transport, first, count);
        enum listed listed =
            bound < count ? LISTED : ask_stores(trial->functions, transport, (struct port_range){ first, count });
        if (listed == LISTED_NOT) return first;
        trial->unlisted = listed == LISTED_UNKNOWN;
        if (bound == count) let_go(trial, held), bound = 0;
        tried += bound + 1; /* no block that holds the port that is taken can do */
    }
    return 0;
}

static bool find_all(struct trial *trial, const struct scenario *scenario, uint16_t *ports_first,
                     struct reason *reason) {
    for (uint32_t i = 0; i < scenario->ports_count; i++) {
        const struct ports_line *line = &scenario->ports[i];
        uint32_t first = find_block(trial, scenario, ports_first, i);
        if (first == 0) {
            const struct trial_region region = host_facts_trial_region(host_facts());
            const char *name = scenario->names[line->name].text;
            if (trial->unlisted)
                reason_set(reason,
                           "ports %s: netsh gives no whole listing of what is excluded, so no port is known to be free",
                           name);
            else
                reason_set(reason, "ports %s: there are no %lu consecutive free ports from %u to %u", name,
                           (unsigned long)line->count, (unsigned)region.first, (unsigned)region.last);
            return false;
        }
        ports_first[i] = (uint16_t)first;
    }
    return true;
}

static bool has_ipv6(const struct windows_functions *functions) {
    SOCKET socket = functions->socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP);
    if (socket != INVALID_SOCKET) functions->closesocket(socket);
    return socket != INVALID_SOCKET || GetLastError() != WSAEAFNOSUPPORT;
}

bool trial_ports_find(const struct windows_functions *functions, const struct scenario *scenario, uint16_t *ports_first,
                      struct reason *reason) {
    assert(functions != NULL);
    assert(ports_first != NULL);
    if (scenario->ports_count == 0) return true;
    struct trial *trial = memory_zeroed(sizeof *trial);
    trial->functions = functions;
    functions->process_starts(AGENT_PROCESS, AGENT_THREAD);
    functions->enter(AGENT_PROCESS, AGENT_THREAD);
    WSADATA data;
    int error = functions->WSAStartup(0x0202, &data);
    bool found = false;
    if (error != 0) reason_set(reason, "WSAStartup failed: %d", error);
    else {
        host_facts_ask_again();
        trial->has_ipv6 = has_ipv6(functions);
        found = find_all(trial, scenario, ports_first, reason);
    }
    let_go(trial, 0);
    free(trial);
    if (error == 0) functions->WSACleanup();
    functions->process_ends(AGENT_PROCESS);
    return found;
}
