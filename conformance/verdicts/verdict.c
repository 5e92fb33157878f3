#include "conformance/verdicts/verdict.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

/* clang-format off */
static const char *const names[VERDICTS_COUNT] = {
    [VERDICT_CONFORM] = "conform",
    [VERDICT_UNSUPPORTED] = "unsupported",
    [VERDICT_NOT_MODELLED] = "not-modelled",
    [VERDICT_INCONCLUSIVE] = "inconclusive",
    [VERDICT_DEVIATE_KNOWN] = "deviate-known",
    [VERDICT_UNSEEN_NEW] = "unseen-new",
    [VERDICT_CONFORM_UNEXPECTED] = "conform-unexpected",
    [VERDICT_FLAKY] = "flaky",
    [VERDICT_DEVIATE_NEW] = "deviate-new",
    [VERDICT_HARNESS_BROKEN] = "harness-broken",
};
/* clang-format on */

/* clang-format off */
static const char *const meanings[VERDICTS_COUNT] = {
    [VERDICT_CONFORM] = "what was answered is allowed, by the line and by the model",
    [VERDICT_UNSUPPORTED] = "the one who was asked cannot give what the scenario needs, so that nothing was tested",
    [VERDICT_NOT_MODELLED] = "Windows knows what was asked for, and the one who was asked does not: no answer was made up",
    [VERDICT_INCONCLUSIVE] = "a step was not sent, or another program may have been in the way: it proves nothing",
    [VERDICT_DEVIATE_KNOWN] = "something else was answered, as a rule of the host's deviations says, with a reason",
    [VERDICT_UNSEEN_NEW] = "it showed nothing, and no record says that it does not",
    [VERDICT_CONFORM_UNEXPECTED] = "what is recorded of it did not happen: the record is to be corrected",
    [VERDICT_FLAKY] = "several runs of it disagree, so that none is proof",
    [VERDICT_DEVIATE_NEW] = "something was answered that is not allowed, and no rule says so",
    [VERDICT_HARNESS_BROKEN] = "the scenario, the host or its agent failed: nothing that was seen can be relied upon",
};
/* clang-format on */

const char *verdict_meaning(enum verdict verdict) {
    assert(verdict < VERDICTS_COUNT);
    assert(meanings[verdict] != NULL);
    return meanings[verdict];
}

const char *verdict_name(enum verdict verdict) {
    assert(verdict < VERDICTS_COUNT);
    assert(names[verdict] != NULL);
    return names[verdict];
}

enum verdict verdict_named(const char *name, unsigned length) {
    assert(name != NULL);
    for (unsigned i = 0; i < VERDICTS_COUNT; i++) {
        if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0) return (enum verdict)i;
    }
    return VERDICTS_COUNT;
}

enum verdict verdict_worst(enum verdict one, enum verdict other) {
    assert(one < VERDICTS_COUNT);
    assert(other < VERDICTS_COUNT);
    return one > other ? one : other;
}

unsigned verdict_failures(unsigned fail_on) {
    assert(fail_on < 1u << VERDICTS_COUNT);
    return fail_on | 1u << VERDICT_DEVIATE_NEW | 1u << VERDICT_UNSEEN_NEW | 1u << VERDICT_CONFORM_UNEXPECTED |
           1u << VERDICT_FLAKY | 1u << VERDICT_HARNESS_BROKEN;
}

int verdict_exit_status(const unsigned counts[VERDICTS_COUNT], unsigned fail_on) {
    unsigned total = 0, failed = 0;
    unsigned failures = verdict_failures(fail_on);
    assert(counts != NULL);
    for (unsigned i = 0; i < VERDICTS_COUNT; i++) {
        total += counts[i];
        if (failures & 1u << i) failed += counts[i];
    }
    if (total == 0 || counts[VERDICT_HARNESS_BROKEN] > 0) return EXIT_STATUS_BROKEN;
    return failed > 0 ? EXIT_STATUS_DEVIATES : EXIT_STATUS_GOOD;
}
