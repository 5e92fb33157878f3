#include "conformance/runner/agreement.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"

/* Live values after `#~` differ between two runs on a host; the rest may not. FNV-1a. */
static uint64_t hash_of(const struct text *trace, bool live) {
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    bool skipping = false;
    for (size_t i = 0; i < trace->length; i++) {
        char byte = trace->bytes[i];
        if (byte == '\n') skipping = false;
        else if (!live && byte == '#' && i + 1 < trace->length && trace->bytes[i + 1] == '~') skipping = true;
        if (!skipping) hash = (hash ^ (unsigned char)byte) * UINT64_C(0x100000001B3);
    }
    return hash;
}

static bool is_accounted_for(const struct instance_record *run) {
    if (run->verdict == VERDICT_INCONCLUSIVE) return true;
    for (unsigned i = 0; i < run->steps_count; i++) {
        if (run->steps[i].rule != NULL && run->steps[i].rule->sometimes) return run->verdict <= VERDICT_DEVIATE_KNOWN;
    }
    return false;
}

/* Groups stand in the order of their verdicts, so that nothing depends on the order of the runs. */
static struct alike *group_of(struct agreement *agreement, enum verdict verdict, uint64_t trace) {
    size_t at = 0;
    for (; at < agreement->count; at++) {
        struct alike *group = &agreement->groups[at];
        if (group->verdict == verdict && group->trace == trace) return group;
        if (group->verdict > verdict || (group->verdict == verdict && group->trace > trace)) break;
    }
    agreement->groups =
        memory_grow(agreement->groups, agreement->count, &agreement->capacity, sizeof *agreement->groups);
    memmove(agreement->groups + at + 1, agreement->groups + at, (agreement->count - at) * sizeof *agreement->groups);
    agreement->groups[at] = (struct alike){ .verdict = verdict, .trace = trace };
    agreement->count++;
    return &agreement->groups[at];
}

void agreement_add(struct agreement *agreement, const struct instance_record *run, bool traces, bool live) {
    assert(agreement != NULL && run != NULL);
    if (agreement->runs == 0 || run->verdict > agreement->worst_verdict) {
        agreement->worst = agreement->runs;
        agreement->worst_verdict = run->verdict;
    }
    agreement->runs++;
    if (is_accounted_for(run)) agreement->accounted_for++;
    else group_of(agreement, run->verdict, traces ? hash_of(&run->trace, live) : 0)->count++;
}

unsigned agreement_others(const struct agreement *agreement) {
    unsigned most = 0, all = 0;
    assert(agreement != NULL);
    for (size_t i = 0; i < agreement->count; i++) {
        all += agreement->groups[i].count;
        if (agreement->groups[i].count > most) most = agreement->groups[i].count;
    }
    return all - most;
}

void agreement_print(const struct agreement *agreement, struct text *out) {
    assert(agreement != NULL && out != NULL);
    text_add(out, "of %u runs", agreement->runs);
    const struct alike *before = NULL;
    for (size_t i = 0; i < agreement->count; i++) {
        const struct alike *group = &agreement->groups[i];
        bool other_trace = before != NULL && before->verdict == group->verdict;
        text_add(out, "%s %u %s%s", i == 0 ? "" : ",", group->count, verdict_name(group->verdict),
                 other_trace ? " with another trace" : "");
        before = group;
    }
    if (agreement->accounted_for > 0) text_add(out, ", %u accounted for", agreement->accounted_for);
}

void agreement_free(struct agreement *agreement) {
    assert(agreement != NULL);
    free(agreement->groups);
    *agreement = (struct agreement){ .count = 0 };
}
