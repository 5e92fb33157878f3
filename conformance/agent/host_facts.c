#include "conformance/agent/host_facts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/agent/accounts.h"
#include "conformance/agent/functions.h"
#include "conformance/agent/host_codes.h"
#include "conformance/agent/netsh.h"
#include "conformance/agent/system/registry.h"
#include "conformance/agent/system/threads.h"
#include "conformance/base/number.h"
#include "conformance/base/reason.h"
#include "conformance/language/step_order.h"
#include "conformance/language/world_line.h"
#include "conformance/session/executor.h"

/* --- what netsh lists --------------------------------------------------------------------------------------------- */

static const enum transport transports[2] = { TRANSPORT_TCP, TRANSPORT_UDP };

/* Asks netsh again where it did not tell: what failed once need not fail twice. What takes long is not tried again, for
 * whoever waits for our answer has a limit. */
enum { ASKS_MAX = 3, ASKING_LIMIT_MS = 8000 };

static bool may_ask_again(unsigned asks, uint64_t since_ms) {
    return asks < ASKS_MAX && clock_ms() - since_ms < ASKING_LIMIT_MS;
}

static bool find_listing(struct host_listing *listing, enum netsh_family family, enum transport transport,
                         enum netsh_store store, uint64_t since_ms) {
    char said[NETSH_TEXT_MAX];
    for (unsigned asks = 0; !listing->known && may_ask_again(asks, since_ms); asks++)
        listing->known =
            netsh_exclusions_in(family, transport, store, said, listing->rows, HOST_EXCLUSIONS_MAX, &listing->count);
    return listing->known;
}

/* Those that are not known yet. */
static void find_listings(struct host_facts *facts) {
    const uint64_t since_ms = clock_ms();
    for (unsigned family = 0; family < HOST_FAMILIES; family++) {
        for (unsigned i = 0; i < 2; i++) {
            find_listing(&facts->active[family][i], (enum netsh_family)family, transports[i], NETSH_ACTIVE, since_ms);
            find_listing(&facts->stored[family][i], (enum netsh_family)family, transports[i], NETSH_PERSISTENT,
                         since_ms);
        }
    }
}

static bool lists(const struct host_listing *listing, struct port_range ports) {
    for (unsigned i = 0; i < listing->count; i++) {
        const struct host_exclusion *one = &listing->rows[i];
        if (one->first < ports.first + ports.count && one->last >= ports.first) return true;
    }
    return false;
}

bool host_facts_avoids(const struct host_facts *facts, enum transport transport, struct port_range ports) {
    unsigned i = transport == TRANSPORT_UDP;
    bool listed = false;
    for (unsigned family = 0; family < HOST_FAMILIES; family++)
        listed |= lists(&facts->active[family][i], ports) || lists(&facts->stored[family][i], ports);
    return listed;
}

bool host_facts_lists_all(const struct host_facts *facts, enum transport transport, bool has_ipv6) {
    unsigned i = transport == TRANSPORT_UDP;
    bool known = true;
    for (unsigned family = 0; family < (has_ipv6 ? HOST_FAMILIES : 1u); family++)
        known &= facts->active[family][i].known && facts->stored[family][i].known;
    return known || !facts->has_netsh;
}

/* Does the persistent store list this very range of IPv4? `transport`: 0 tcp, 1 udp. */
static bool stores(const struct host_facts *facts, unsigned transport, const struct host_exclusion *exclusion) {
    const struct host_listing *stored = &facts->stored[NETSH_IPV4][transport];
    for (unsigned i = 0; i < stored->count; i++)
        if (stored->rows[i].first == exclusion->first && stored->rows[i].last == exclusion->last) return true;
    return false;
}

/* --- ports to try ------------------------------------------------------------------------------------------------- */

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

bool host_facts_ports_outside(bool uses_ipv6, struct reason *reason) {
    const struct host_facts *facts = host_facts();
    bool told = facts->dynamic_range_known && (facts->other_ranges_known || !uses_ipv6);
    bool outside = (told || !facts->has_netsh) && !host_facts_trial_region(facts).inside;
    if (!outside)
        reason_set(reason, "needs ports-outside: %s",
                   told ? "the dynamic ranges of this machine leave no room outside them"
                        : "this machine does not tell its dynamic ranges");
    return outside;
}

static bool find_range(enum netsh_family family, enum transport transport, enum netsh_store store, uint32_t *first,
                       uint32_t *last, uint64_t since_ms) {
    char said[NETSH_TEXT_MAX];
    bool known = false;
    for (unsigned asks = 0; !known && may_ask_again(asks, since_ms); asks++)
        known = netsh_dynamic_range_in(family, transport, store, said, first, last);
    return known;
}

/* What `netsh ... set dynamicport ... store=active` has moved comes back with the next restart. */
static void find_stored_ranges(struct host_facts *facts) {
    const uint64_t since_ms = clock_ms();
    unsigned families = facts->other_ranges_known ? HOST_FAMILIES : 1;
    facts->stored_ranges_known = facts->dynamic_range_known;
    for (unsigned i = 0; i < 2 * families; i++)
        facts->stored_ranges_known &=
            find_range((enum netsh_family)(i / 2), transports[i % 2], NETSH_PERSISTENT,
                       &facts->stored_first[i / 2][i % 2], &facts->stored_last[i / 2][i % 2], since_ms);
}

bool host_facts_stores_another_range(const struct host_facts *facts, enum netsh_family family, unsigned transport) {
    bool v6 = family == NETSH_IPV6 && facts->has_other_ranges;
    uint32_t first = v6 ? facts->other_first[transport] : facts->dynamic_first[transport],
             last = v6 ? facts->other_last[transport] : facts->dynamic_last[transport];
    return facts->stored_ranges_known && (facts->other_ranges_known || family == NETSH_IPV4) &&
           (facts->stored_first[family][transport] != first || facts->stored_last[family][transport] != last);
}

/* IPv6 has ranges of its own: who changes only one family's has two. */
static void find_ranges(struct host_facts *facts) {
    assert(facts->has_netsh);
    const uint64_t since_ms = clock_ms();
    facts->dynamic_range_known = facts->other_ranges_known = true;
    for (unsigned i = 0; i < 2; i++) {
        facts->dynamic_range_known &= find_range(NETSH_IPV4, transports[i], NETSH_ACTIVE, &facts->dynamic_first[i],
                                                 &facts->dynamic_last[i], since_ms);
        facts->other_ranges_known &= find_range(NETSH_IPV6, transports[i], NETSH_ACTIVE, &facts->other_first[i],
                                                &facts->other_last[i], since_ms);
    }
    for (unsigned i = 0; facts->other_ranges_known && i < 2; i++) {
        bool same = facts->other_first[i] == facts->dynamic_first[i] && facts->other_last[i] == facts->dynamic_last[i];
        facts->has_other_ranges |= !same;
    }
}

bool host_facts_take_kernel_range(struct host_facts *facts, const char *text, size_t length) {
    uint64_t first = 0, last = 0;
    size_t used = number_take(text, length, &first), blanks = 0;
    if (used == 0) return false;
    while (used + blanks < length && (text[used + blanks] == '\t' || text[used + blanks] == ' ')) blanks++;
    used += blanks;
    size_t digits = number_take(text + used, length - used, &last);
    used += digits;
    if (blanks == 0 || digits == 0 || used + 1 != length || text[used] != '\n') return false;
    if (first < 1 || last < first || last > 65535) return false;
    facts->dynamic_range_known = facts->other_ranges_known = facts->stored_ranges_known = true;
    for (unsigned i = 0; i < 2; i++) {
        facts->dynamic_first[i] = (uint32_t)first, facts->dynamic_last[i] = (uint32_t)last;
        for (unsigned family = 0; family < HOST_FAMILIES; family++)
            facts->stored_first[family][i] = (uint32_t)first, facts->stored_last[family][i] = (uint32_t)last;
    }
    return true;
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
static struct host_facts kept;

void host_facts_run_netsh(void) { runs_netsh = true; }

const struct host_facts *host_facts(void) {
    static bool found;
    if (found) return &kept;
    found = true;
    host_facts_find(&kept);
    find_settings(&kept);
    kept.has_netsh |= runs_netsh;
    if (windows_functions()->has_own_machine)
        kept.has_netsh = kept.dynamic_range_known = kept.other_ranges_known = kept.stored_ranges_known = false;
    if (kept.has_netsh) find_ranges(&kept);
    if (kept.has_netsh) find_stored_ranges(&kept);
    if (kept.has_netsh) find_listings(&kept);
    return &kept;
}

void host_facts_ask_again(void) {
    if (host_facts()->has_netsh) find_listings(&kept);
}

/* --- do the lines hold? ----------------------------------------------------------------------------------------- */

static const char *transport_name(enum transport transport) { return transport == TRANSPORT_TCP ? "tcp" : "udp"; }

static bool exclusion_holds(const struct host_facts *facts, const struct world_line *line) {
    assert(line->kind == WORLD_EXCLUSION);
    unsigned transport = line->transport == TRANSPORT_UDP;
    const struct host_listing *active = &facts->active[NETSH_IPV4][transport];
    for (unsigned i = 0; i < active->count; i++) {
        const struct host_exclusion *one = &active->rows[i];
        if (one->first != line->first || one->last != line->last || one->administered != line->administered) continue;
        if (!line->administered || stores(facts, transport, one) != line->active) return true;
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
    if (host_facts_stores_another_range(facts, is_of_v6 ? NETSH_IPV6 : NETSH_IPV4, i))
        return "the stored dynamic range is another one here, and comes with the next restart";
    return NULL;
}

/* NULL when the line holds, else what is the matter. */
static const char *world_line_trouble(const struct host_facts *facts, const struct scenario *scenario,
                                      const struct world_line *line) {
    switch (line->kind) {
    case WORLD_DYNAMIC_RANGE:
    case WORLD_DYNAMIC_RANGE_V6: return host_facts_dynamic_range_trouble(facts, scenario, line);
    case WORLD_EXCLUSION:
        if (!facts->active[NETSH_IPV4][line->transport == TRANSPORT_UDP].known)
            return "this host does not tell its exclusions";
        if (line->administered && !facts->stored[NETSH_IPV4][line->transport == TRANSPORT_UDP].known)
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

const char *host_facts_restart_trouble(const struct host_facts *facts, const struct scenario *scenario) {
    if (!facts->has_netsh || facts->stored_ranges_known ||
        !steps_restart_machine(scenario->steps, scenario->steps_count))
        return NULL;
    return "it restarts the machine, which does not tell the dynamic range that comes with that";
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
    const char *trouble = host_facts_restart_trouble(facts, scenario);
    if (trouble != NULL) reason_set(reason, "%s", trouble);
    return trouble == NULL && accounts_allow(scenario, reason);
}
