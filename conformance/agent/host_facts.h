/* What this machine says of itself, and whether a scenario's world lines hold on it. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_HOST_FACTS_H
#define RESERVOIR_CONFORMANCE_AGENT_HOST_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "conformance/agent/netsh.h"
#include "conformance/base/reason.h"
#include "conformance/language/tree.h"

/* One of netsh's listings. Where it is not known, its rows are part of one at most. */
struct host_listing {
    bool known;
    unsigned count;
    struct host_exclusion rows[HOST_EXCLUSIONS_MAX];
};

enum { HOST_FAMILIES = 2 };

struct host_facts {
    const char *system; /* windows, wine or posix */
    bool is_wine;
    bool has_netsh;        /* one that answers: not Wine's */
    char wine_version[32]; /* "" on Windows */
    uint32_t major, minor, build;
    uint32_t revision;   /* UBR: 26100 is Windows 11 and Server 2025 alike, and each month another */
    const char *product; /* workstation, server, domain-controller; NULL: not known, as all that follows */
    const char *architecture,
        *native_architecture; /* of this program, and of the machine: they differ where it is emulated */
    char ui_language[32];     /* such as de-DE */
    uint32_t oem_page, ansi_page;
    char uac[64]; /* its settings, such as `EnableLUA=1 ConsentPromptBehaviorAdmin=5` */
    bool elevated;
    bool dynamic_range_known;                   /* netsh answered for both protocols; on Wine its kernel did */
    uint32_t dynamic_first[2], dynamic_last[2]; /* tcp, udp */
    bool other_ranges_known;                    /* netsh answered for IPv6, too */
    bool has_other_ranges;                      /* IPv6 has dynamic ranges of its own, which are these */
    uint32_t other_first[2], other_last[2];
    /* by family (enum netsh_family), then tcp and udp: the range that the next restart brings, IPv6's where it is
     * told */
    bool stored_ranges_known;
    uint32_t stored_first[HOST_FAMILIES][2], stored_last[HOST_FAMILIES][2];
    /* by family, then tcp and udp: what netsh's two stores list */
    struct host_listing active[HOST_FAMILIES][2], stored[HOST_FAMILIES][2];
};

/* Found out at the first call (runs netsh on Windows, each with a time limit, up to three times where it does not tell;
 * never on Wine, whose netsh says nothing) and kept: nothing here changes while the agent runs, except by another
 * program. */
const struct host_facts *host_facts(void);

/* Asks for those listings that are not known. */
void host_facts_ask_again(void);

/* Do the world, needs and process lines of an expanded scenario hold here? Of one that is `resumed` behind a restart,
 * an exclusion of the active store need not be there any more. False: `reason` names the first line that does not. */
bool host_facts_allow(const struct scenario *scenario, bool resumed, struct reason *reason);

/* NULL when a line of the dynamic range holds with these facts, in both stores, else what is the matter. It is about
 * IPv4's, and about IPv6's too where the scenario opens sockets of IPv6 and has no line about that. */
const char *host_facts_dynamic_range_trouble(const struct host_facts *facts, const struct scenario *scenario,
                                             const struct world_line *line);

/* Is the stored range of a family another one than the active one? `transport`: 0 tcp, 1 udp. False when it is not
 * known. */
bool host_facts_stores_another_range(const struct host_facts *facts, enum netsh_family family, unsigned transport);

/* NULL, or why a scenario that restarts the machine cannot be judged here. */
const char *host_facts_restart_trouble(const struct host_facts *facts, const struct scenario *scenario);

/* Where free ports are sought: outside all known dynamic ranges where that leaves room; else `inside` one. */
struct trial_region {
    uint32_t first, last;
    bool inside;
};
struct trial_region host_facts_trial_region(const struct host_facts *facts);

/* Are `ports` lines about ports outside the dynamic ranges here? False with `reason` where these leave no room, or
 * netsh does not tell them: IPv6's count for a scenario that uses it. */
bool host_facts_ports_outside(bool uses_ipv6, struct reason *reason);

/* Does netsh list a port of this range for the transport, in a store, for a family? */
bool host_facts_avoids(const struct host_facts *facts, enum transport transport, struct port_range ports);

/* Is what these listings lack known to be absent from both stores? Those of IPv6 count where the machine has it. True
 * where there is no netsh that answers. */
bool host_facts_lists_all(const struct host_facts *facts, enum transport transport, bool has_ipv6);

/* Before the first host_facts(): netsh is there, whatever the system. Of the test build. */
void host_facts_run_netsh(void);

/* For host_facts.c: what differs by system. */
void host_facts_find(struct host_facts *facts);

/* Wine's ports are its kernel's. Takes over what Linux writes of its range, two numbers on a line (`text` of `length`
 * bytes): one range for both protocols and families, which no store changes. False, and nothing changes, when that is
 * no range. */
bool host_facts_take_kernel_range(struct host_facts *facts, const char *text, size_t length);

/* Is this setting of UAC so? One that is not set has its default; where there is no registry none is. */
bool host_facts_uac_is(const char *setting, uint64_t wanted);

#endif
