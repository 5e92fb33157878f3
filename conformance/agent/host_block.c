#include "conformance/agent/functions.h"

#include "conformance/agent/host_block.h"

#include <assert.h>
#include <string.h>

#include "conformance/agent/accounts.h"
#include "conformance/agent/host_facts.h"
#include "conformance/agent/provider_path.h"
#include "conformance/base/version.h"

/* `tcp 5357-5357 50000-50059* udp 50000-50059*`: those of netsh's list, TCP's first, a star for administered ones. The
 * judge reads it (conformance/stage/stage_facts.h). */
static void print_exclusions(const struct host_facts *facts, struct text *out) {
    static const char *const names[2] = { "tcp", "udp" };
    const struct host_listing *active = facts->active[NETSH_IPV4];
    bool known = active[0].known && active[1].known;
    text_add(out, "exclusions");
    if (!known) text_add(out, " unknown");
    else if (active[0].count + active[1].count == 0) text_add(out, " none");
    for (unsigned i = 0; known && i < 2; i++) {
        for (unsigned k = 0; k < active[i].count; k++) {
            const struct host_exclusion *one = &active[i].rows[k];
            text_add(out, "%s%s %u-%u%s", k == 0 ? " " : "", k == 0 ? names[i] : "", (unsigned)one->first,
                     (unsigned)one->last, one->administered ? "*" : "");
        }
    }
    text_add(out, "\n");
}

static void print_ranges(const struct host_facts *facts, struct text *out) {
    assert(facts != NULL);
    static const char *const names[2] = { "tcp", "udp" };
    for (unsigned i = 0; facts->dynamic_range_known && i < 2; i++) {
        text_add(out, "dynamic-range %s %u-%u\n", names[i], (unsigned)facts->dynamic_first[i],
                 (unsigned)facts->dynamic_last[i]);
    }
    for (unsigned i = 0; facts->has_other_ranges && i < 2; i++)
        text_add(out, "dynamic-range-ipv6 %s %u-%u\n", names[i], (unsigned)facts->other_first[i],
                 (unsigned)facts->other_last[i]);
    for (unsigned i = 0; i < 2 * HOST_FAMILIES; i++) {
        unsigned family = i / 2, transport = i % 2;
        if (!host_facts_stores_another_range(facts, (enum netsh_family)family, transport)) continue;
        text_add(out, "dynamic-range-stored%s %s %u-%u\n", family == NETSH_IPV6 ? "-ipv6" : "", names[transport],
                 (unsigned)facts->stored_first[family][transport], (unsigned)facts->stored_last[family][transport]);
    }
    if (!facts->dynamic_range_known) text_add(out, "dynamic-range unknown\n");
    else if (!facts->other_ranges_known) text_add(out, "dynamic-range-ipv6 unknown\n");
    if (facts->dynamic_range_known && !facts->stored_ranges_known) text_add(out, "dynamic-range-stored unknown\n");
    print_exclusions(facts, out);
}

/* Its file's name, without the folder and the ending. */
static void print_provider(struct text *out) {
    const char *name = provider_path();
    for (const char *at = name; *at != '\0'; at++)
        if (*at == '/' || *at == '\\') name = at + 1;
    text_add(out, "provider %.*s\n", (int)strcspn(name, "."), name);
    if (windows_functions()->processes_share_host) text_add(out, "accounts all\n");
}

/* What else tells one machine of a build from another. */
static void print_system(const struct host_facts *facts, struct text *out) {
    if (facts->revision != 0) text_add(out, "revision %u\n", (unsigned)facts->revision);
    if (facts->product != NULL) text_add(out, "product %s\n", facts->product);
    if (facts->architecture != NULL) text_add(out, "architecture %s\n", facts->architecture);
    if (facts->native_architecture != NULL) text_add(out, "native-architecture %s\n", facts->native_architecture);
    if (facts->ui_language[0] != '\0') text_add(out, "ui-language %s\n", facts->ui_language);
    if (facts->oem_page != 0)
        text_add(out, "code-pages %u %u\n", (unsigned)facts->oem_page, (unsigned)facts->ansi_page);
    if (facts->uac[0] != '\0') text_add(out, "uac %s\n", facts->uac);
}

void host_block_print(struct text *out) {
    assert(out != NULL);
    const struct host_facts *facts = host_facts();
    text_add(out, "host %s\n", facts->system);
    text_add(out, "build %u\n", (unsigned)facts->build);
    if (facts->is_wine) text_add(out, "wine %s\n", facts->wine_version);
    print_system(facts, out);
    text_add(out, "elevation %s\n", facts->elevated ? "yes" : "no");
    if (accounts_are_approximated()) text_add(out, "accounts approximated, by restricted tokens\n");
    print_ranges(facts, out);
    const struct trial_region ports = host_facts_trial_region(facts);
    if (ports.inside)
        text_add(out, "trial-ports %u-%u, inside a dynamic range\n", (unsigned)ports.first, (unsigned)ports.last);
    text_add(out, "functions %s\n", windows_functions()->kind);
    if (provider_path() != NULL) print_provider(out);
    text_add(out, "version %s\n", RESERVOIR_VERSION);
}
