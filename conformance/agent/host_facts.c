#include "conformance/agent/host_facts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/agent/accounts.h"
#include "conformance/agent/host_codes.h"
#include "conformance/agent/netsh.h"
#include "conformance/agent/system/registry.h"
#include "conformance/base/reason.h"
#include "conformance/language/world_line.h"
#include "conformance/session/executor.h"

/* Which of the exclusions in effect stand in netsh's persistent store. */
static void find_stored(struct host_facts *facts, enum transport transport) {
    struct host_exclusion stored[HOST_EXCLUSIONS_MAX];
    unsigned count = 0;
    facts->stores_known &= netsh_exclusions(transport, NETSH_PERSISTENT, stored, HOST_EXCLUSIONS_MAX, &count);
    for (unsigned i = 0; i < count; i++) {
        for (unsigned k = 0; k < facts->exclusions_count; k++) {
            struct host_exclusion *one = &facts->exclusions[k];
            if (one->transport == transport && one->first == stored[i].first && one->last == stored[i].last)
                one->stored = true;
        }
    }
}

static void avoid(struct host_facts *facts, enum transport transport) {
    static const enum netsh_store stores[2] = { NETSH_ACTIVE, NETSH_PERSISTENT };
    for (unsigned i = 0; i < 4; i++) {
        unsigned found = 0, room = sizeof facts->avoided / sizeof facts->avoided[0] - facts->avoided_count;
        struct host_exclusion *out = facts->avoided + facts->avoided_count;
        if (room > HOST_EXCLUSIONS_MAX) room = HOST_EXCLUSIONS_MAX;
        char said[NETSH_TEXT_MAX];
        netsh_exclusions_in(i < 2 ? NETSH_IPV4 : NETSH_IPV6, transport, stores[i % 2], said, out, room, &found);
        facts->avoided_count += found;
    }
}

bool host_facts_avoids(const struct host_facts *facts, enum transport transport, struct port_range ports) {
    for (unsigned i = 0; i < facts->avoided_count; i++) {
        const struct host_exclusion *one = &facts->avoided[i];
        if (one->transport == transport && one->first < ports.first + ports.count && one->last >= ports.first)
            return true;
    }
    return false;
}

/* The longest part of these ports outside all dynamic ranges. */
static struct trial_region part_outside(const struct host_facts *facts, uint32_t first, uint32_t last) {
    struct trial_region best = { 1, 0, false };
    uint32_t begin = first;
    for (uint32_t port = first; port <= last + 1; port++) {
        bool dynamic = port == last + 1;
        for (unsigned i = 0; i < 2; i++) {
            dynamic |= facts->dynamic_range_known && port >= facts->dynamic_first[i] && port <= facts->dynamic_last[i];
            dynamic |= facts->has_other_ranges && port >= facts->other_first[i] && port <= facts->other_last[i];
        }
        if (!dynamic) continue;
        if (port - begin > best.last + 1 - best.first) best = (struct trial_region){ begin, port - 1, false };
        begin = port + 1;
    }
    return best;
}

struct trial_region host_facts_trial_region(const struct host_facts *facts) {
    enum { ROOM_MIN = 2000 };
    /* What services listen on is below 10000, what systems use for themselves above 32000. */
    static const struct trial_region places[] = { { 20000, 31999, false }, { 10000, 19999, false },
                                                  { 32000, 43999, false }, { 44000, 55999, false },
                                                  { 56000, 65535, false }, { 4000, 9999, false } };
    for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct trial_region part = part_outside(facts, places[i].first, places[i].last);
        if (part.last + 1 >= part.first + ROOM_MIN) return part;
    }
    return (struct trial_region){ places[0].first, places[0].last, true };
}

bool host_facts_ports_outside(void) { return !host_facts_trial_region(host_facts()).inside; }

/* IPv6 has ranges of its own: who changes only one family's has two. */
static void find_other_ranges(struct host_facts *facts) {
    static const enum transport transports[2] = { TRANSPORT_TCP, TRANSPORT_UDP };
    char said[NETSH_TEXT_MAX];
    facts->other_ranges_known = true;
    for (unsigned i = 0; i < 2; i++)
        facts->other_ranges_known &= netsh_dynamic_range_in(NETSH_IPV6, transports[i], NETSH_ACTIVE, said,
                                                            &facts->other_first[i], &facts->other_last[i]);
    for (unsigned i = 0; facts->other_ranges_known && i < 2; i++) {
        bool same = facts->other_first[i] == facts->dynamic_first[i] && facts->other_last[i] == facts->dynamic_last[i];
        facts->has_other_ranges |= !same;
    }
}

static void find_ranges(struct host_facts *facts) {
    assert(facts->has_netsh);
    static const enum transport transports[2] = { TRANSPORT_TCP, TRANSPORT_UDP };
    facts->dynamic_range_known = true;
    facts->exclusions_known = facts->stores_known = true;
    for (unsigned i = 0; i < 2; i++) {
        bool known = netsh_dynamic_range(transports[i], &facts->dynamic_first[i], &facts->dynamic_last[i]);
        facts->dynamic_range_known &= known;
        unsigned room = HOST_EXCLUSIONS_MAX - facts->exclusions_count;
        unsigned found = 0;
        known =
            netsh_exclusions(transports[i], NETSH_ACTIVE, facts->exclusions + facts->exclusions_count, room, &found);
        facts->exclusions_known &= known;
        facts->exclusions_count += found;
        find_stored(facts, transports[i]);
        avoid(facts, transports[i]);
    }
    find_other_ranges(facts);
}

/* --- settings ----------------------------------------------------------------------------------------------------- */

static void find_settings(struct host_facts *facts) {
    static const char *const names[] = { "EnableLUA", "ConsentPromptBehaviorAdmin" };
    uint32_t value = 0;
    if (registry_number(REGISTRY_VERSION, "UBR", &value)) facts->revision = value;
    for (unsigned i = 0; i < 2; i++) {
        size_t used = strlen(facts->uac);
        if (!registry_number(REGISTRY_UAC, names[i], &value)) continue;
        snprintf(facts->uac + used, sizeof facts->uac - used, "%s%s=%lu", used == 0 ? "" : " ", names[i],
                 (unsigned long)value);
    }
}

/* A value that is absent has its default, which UAC's settings have each on its own. */
bool host_facts_uac_is(const char *setting, uint64_t wanted) {
    uint32_t value = 0;
    assert(setting != NULL);
    if (!registry_is_there()) return false;
    if (registry_number(REGISTRY_UAC, setting, &value)) return value == wanted;
    if (strcmp(setting, "EnableLUA") == 0) return wanted == 1;
    if (strcmp(setting, "ConsentPromptBehaviorUser") == 0) return wanted == 3;
    return strcmp(setting, "ConsentPromptBehaviorAdmin") == 0 && wanted == 5;
}

static bool runs_netsh;

void host_facts_run_netsh(void) { runs_netsh = true; }

const struct host_facts *host_facts(void) {
    static struct host_facts facts;
    static bool found;
    if (found) return &facts;
    found = true;
    host_facts_find(&facts);
    find_settings(&facts);
    facts.has_netsh |= runs_netsh;
    if (facts.has_netsh) find_ranges(&facts);
    assert(facts.exclusions_count <= HOST_EXCLUSIONS_MAX);
    return &facts;
}

/* --- do the lines hold? ----------------------------------------------------------------------------------------- */

static const char *transport_name(enum transport transport) { return transport == TRANSPORT_TCP ? "tcp" : "udp"; }

static bool exclusion_holds(const struct host_facts *facts, const struct world_line *line) {
    assert(line->kind == WORLD_EXCLUSION);
    for (unsigned i = 0; i < facts->exclusions_count; i++) {
        const struct host_exclusion *one = &facts->exclusions[i];
        if (one->transport != line->transport || one->first != line->first || one->last != line->last) continue;
        if (one->administered != line->administered) continue;
        if (!line->administered || one->stored != line->active) return true;
    }
    return false;
}

static const char *implements_trouble(const struct world_line *line) {
    switch (host_codes()) {
    case HOST_CODES_MISSING: return line->number == 0 ? NULL : "this provider does not implement the three codes";
    case HOST_CODES_THERE: return line->number != 0 ? NULL : "this provider implements the three codes";
    case HOST_CODES_UNKNOWN: break;
    }
    return "no socket could be had to ask the provider";
}

const char *host_facts_dynamic_range_trouble(const struct host_facts *facts, const struct scenario *scenario,
                                             const struct world_line *line) {
    assert(facts != NULL && scenario != NULL && line != NULL);
    unsigned i = line->transport == TRANSPORT_UDP;
    const uint32_t *first = facts->has_other_ranges ? facts->other_first : facts->dynamic_first;
    const uint32_t *last = facts->has_other_ranges ? facts->other_last : facts->dynamic_last;
    if (!facts->dynamic_range_known) return "this host does not tell its dynamic range";
    if (line->kind == WORLD_DYNAMIC_RANGE &&
        (facts->dynamic_first[i] != line->first || facts->dynamic_last[i] != line->last))
        return "the dynamic range is another one here";
    bool is_of_v6 = world_line_is_of_v6(scenario, line);
    if (is_of_v6 && !facts->other_ranges_known) return "this host does not tell the dynamic range of IPv6";
    if (is_of_v6 && (first[i] != line->first || last[i] != line->last))
        return "the dynamic range of IPv6 is another one here";
    return NULL;
}

/* NULL when the line holds, else what is the matter. */
static const char *world_line_trouble(const struct host_facts *facts, const struct scenario *scenario,
                                      const struct world_line *line) {
    switch (line->kind) {
    case WORLD_DYNAMIC_RANGE:
    case WORLD_DYNAMIC_RANGE_V6: return host_facts_dynamic_range_trouble(facts, scenario, line);
    case WORLD_EXCLUSION:
        if (!facts->exclusions_known) return "this host does not tell its exclusions";
        if (line->administered && !facts->stores_known)
            return "this host does not tell which exclusions are persistent";
        return exclusion_holds(facts, line) ? NULL : "there is no such exclusion here";
    case WORLD_ADDRESS:
        return host_has_address(line->address->bytes, (unsigned)line->address->bytes_count)
                   ? NULL
                   : "this machine has no such address";
    case WORLD_UAC: return host_facts_uac_is(line->text, line->number) ? NULL : "UAC is set otherwise here";
    case WORLD_BUILD: return facts->build == line->number ? NULL : "this is another build";
    case WORLD_IMPLEMENTED: return implements_trouble(line);
    case WORLD_COMPLETES: return "a provider completes as it does, and cannot be ordered how";
    default: break;
    }
    return "this agent does not know such a line";
}

static void describe_world_line(const struct world_line *line, char *out, size_t size) {
    switch (line->kind) {
    case WORLD_DYNAMIC_RANGE:
        snprintf(out, size, "world dynamic-range %s %u-%u", transport_name(line->transport), (unsigned)line->first,
                 (unsigned)line->last);
        return;
    case WORLD_DYNAMIC_RANGE_V6:
        snprintf(out, size, "world dynamic-range-ipv6 %s %u-%u", transport_name(line->transport), (unsigned)line->first,
                 (unsigned)line->last);
        return;
    case WORLD_EXCLUSION:
        snprintf(out, size, "world exclusion %s %u-%u%s%s", transport_name(line->transport), (unsigned)line->first,
                 (unsigned)line->last, line->administered ? " administered" : "", line->active ? " active" : "");
        return;
    case WORLD_ADDRESS: snprintf(out, size, "world address %s", line->address->text); return;
    case WORLD_UAC: snprintf(out, size, "world uac %s=%u", line->text, (unsigned)line->number); return;
    case WORLD_BUILD: snprintf(out, size, "world build %u", (unsigned)line->number); return;
    case WORLD_IMPLEMENTED: snprintf(out, size, "world implements %s", line->number != 0 ? "yes" : "no"); return;
    case WORLD_COMPLETES:
        snprintf(out, size, "world completes %s", provider_pace_name((enum provider_pace)line->number));
        return;
    default: snprintf(out, size, "world line %u", (unsigned)line->position.line); return;
    }
}

bool host_facts_allow(const struct scenario *scenario, bool resumed, struct reason *reason) {
    assert(scenario != NULL);
    assert(scenario->dimensions_count == 0);
    const struct host_facts *facts = host_facts();
    for (uint32_t i = 0; i < scenario->world_lines_count; i++) {
        const struct world_line *said = &scenario->world_lines[i];
        if (resumed && said->kind == WORLD_EXCLUSION && said->active) continue;
        const char *trouble = world_line_trouble(facts, scenario, said);
        if (trouble == NULL) continue;
        char line[128];
        describe_world_line(said, line, sizeof line);
        reason_set(reason, "%s: %s", line, trouble);
        return false;
    }
    return accounts_allow(scenario, reason);
}
