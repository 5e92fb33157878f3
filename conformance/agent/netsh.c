#include "conformance/agent/netsh.h"

#include <assert.h>
#include <stdio.h>

#include "conformance/agent/system/command.h"

enum { NETSH_LIMIT_MS = 10000, COMMAND_MAX = 160 };

static const char *name_of(enum transport transport) { return transport == TRANSPORT_TCP ? "tcp" : "udp"; }

/* The output of a command, "" when it says nothing. What it tells of its success is not asked: it says 0 all too often. */
static void listen_to(const char *command, char *text) {
    uint32_t status = 0;
    system_run(command, text, NETSH_TEXT_MAX, NETSH_LIMIT_MS, &status);
}

bool netsh_dynamic_range(enum transport transport, uint32_t *first, uint32_t *last) {
    char command[COMMAND_MAX], text[NETSH_TEXT_MAX];
    snprintf(command, sizeof command, "netsh int ipv4 show dynamicport %s", name_of(transport));
    listen_to(command, text);
    return netsh_read_dynamic_range(text, first, last);
}

bool netsh_exclusions(enum transport transport, enum netsh_store store, struct host_exclusion *out, unsigned room, unsigned *count) {
    char command[COMMAND_MAX], text[NETSH_TEXT_MAX];
    snprintf(command, sizeof command, "netsh int ipv4 show excludedportrange protocol=%s store=%s", name_of(transport),
             store == NETSH_ACTIVE ? "active" : "persistent");
    listen_to(command, text);
    return netsh_read_exclusions(text, transport, out, room, count);
}

bool netsh_change(const char *verb, enum transport transport, unsigned first, unsigned count, const char *store, char *said,
                  bool *succeeded) {
    char command[COMMAND_MAX];
    uint32_t status = 0;
    snprintf(command, sizeof command, "netsh int ipv4 %s excludedportrange protocol=%s startport=%u numberofports=%u store=%s",
             verb, name_of(transport), first, count, store);
    bool ended = system_run(command, said, NETSH_TEXT_MAX, NETSH_LIMIT_MS, &status);
    *succeeded = status == 0;
    return ended;
}
