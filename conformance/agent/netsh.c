#include "conformance/agent/netsh.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/agent/system/command.h"

enum { COMMAND_MAX = 160 };

static const char *name_of(enum transport transport) { return transport == TRANSPORT_TCP ? "tcp" : "udp"; }

/* What a command lists. False when it did not end in time, says that it failed, or may have said more than is there:
 * then nothing follows from what the text lacks. */
static bool listen_to(const char *command, char *text) {
    struct system_end end = { 0, false };
    bool ended = system_run(command, text, NETSH_TEXT_MAX, NETSH_LIMIT_MS, &end);
    return ended && end.status == 0 && end.whole;
}

static const char *const families[] = { [NETSH_IPV4] = "ipv4", [NETSH_IPV6] = "ipv6" };

bool netsh_dynamic_range(enum transport transport, uint32_t *first, uint32_t *last) {
    char said[NETSH_TEXT_MAX];
    return netsh_dynamic_range_in(NETSH_IPV4, transport, NETSH_ACTIVE, said, first, last);
}

bool netsh_exclusions(enum transport transport, enum netsh_store store, struct host_exclusion *out, unsigned room,
                      unsigned *count) {
    char said[NETSH_TEXT_MAX];
    return netsh_exclusions_in(NETSH_IPV4, transport, store, said, out, room, count);
}

bool netsh_dynamic_range_in(enum netsh_family family, enum transport transport, enum netsh_store store, char *said,
                            uint32_t *first, uint32_t *last) {
    char command[COMMAND_MAX];
    snprintf(command, sizeof command, "netsh int %s show dynamicport %s%s", families[family], name_of(transport),
             store == NETSH_PERSISTENT ? " store=persistent" : "");
    return listen_to(command, said) && netsh_read_dynamic_range(said, first, last);
}

bool netsh_exclusions_in(enum netsh_family family, enum transport transport, enum netsh_store store, char *said,
                         struct host_exclusion *out, unsigned room, unsigned *count) {
    char command[COMMAND_MAX];
    snprintf(command, sizeof command, "netsh int %s show excludedportrange protocol=%s store=%s", families[family],
             name_of(transport), store == NETSH_ACTIVE ? "active" : "persistent");
    *count = 0;
    return listen_to(command, said) && netsh_read_exclusions(said, transport, out, room, count);
}

bool netsh_exclusions_of(enum transport transport, enum netsh_store store, struct port_range ports,
                         struct host_exclusion *out, unsigned room, unsigned *count) {
    struct host_exclusion all[HOST_EXCLUSIONS_MAX];
    unsigned listed = 0;
    *count = 0;
    if (!netsh_exclusions(transport, store, all, HOST_EXCLUSIONS_MAX, &listed)) return false;
    for (unsigned i = 0; i < listed; i++) {
        if (all[i].last < ports.first || all[i].first >= ports.first + ports.count) continue;
        if (*count == room) return false;
        out[(*count)++] = all[i];
    }
    return true;
}

bool netsh_change(const char *verb, enum transport transport, unsigned first, unsigned count, const char *store,
                  char *said, bool *succeeded) {
    char command[COMMAND_MAX];
    struct system_end end = { 1, false };
    snprintf(command, sizeof command,
             "netsh int ipv4 %s excludedportrange protocol=%s startport=%u numberofports=%u store=%s", verb,
             name_of(transport), first, count, store);
    bool ended = system_run(command, said, NETSH_TEXT_MAX, NETSH_LIMIT_MS, &end);
    *succeeded = end.status == 0;
    return ended;
}
