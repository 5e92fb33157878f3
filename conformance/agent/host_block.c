#include "conformance/agent/functions.h"

#include "conformance/agent/host_block.h"

#include <assert.h>

#include "conformance/agent/host_facts.h"

static void print_ranges(const struct host_facts *facts, const char *indent, struct text *out) {
    assert(facts != NULL);
    static const char *const names[2] = { "tcp", "udp" };
    for (unsigned i = 0; facts->dynamic_range_known && i < 2; i++) {
        text_add(out, "%sdynamic-range %s %u-%u\n", indent, names[i], (unsigned)facts->dynamic_first[i],
                     (unsigned)facts->dynamic_last[i]);
    }
    if (!facts->dynamic_range_known) text_add(out, "%sdynamic-range unknown\n", indent);
    if (facts->exclusions_known) text_add(out, "%sexclusions %u\n", indent, facts->exclusions_count);
    else text_add(out, "%sexclusions unknown\n", indent);
}

void host_block_print(const char *indent, struct text *out) {
    assert(indent != NULL);
    assert(out != NULL);
    const struct host_facts *facts = host_facts();
    text_add(out, "%shost %s\n", indent, facts->is_wine ? "wine" : "windows");
    text_add(out, "%sbuild %u\n", indent, (unsigned)facts->build);
    if (facts->is_wine) text_add(out, "%swine %s\n", indent, facts->wine_version);
    text_add(out, "%selevation %s\n", indent, facts->elevated ? "yes" : "no");
    print_ranges(facts, indent, out);
    text_add(out, "%sfunctions %s\n", indent, windows_functions()->kind);
    text_add(out, "%sversion %s\n", indent, RESERVOIR_VERSION);
}
