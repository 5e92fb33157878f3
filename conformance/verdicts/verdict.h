/* Verdicts: what a run says of a step, of an instance, of a scenario; and what the program's exit status says of all.
 *
 * The order of the enumeration is the order of severity: a scenario's verdict is the worst of its steps, a later name
 * being worse than an earlier one.
 * - unsupported, not-modelled and inconclusive stand below a known deviation: that one was seen, these saw nothing.
 * - unseen-new stands above it: what was seen yesterday is not any more (only where that is recorded).
 * - conform-unexpected stands above it: the records are wrong and have to be corrected.
 * - flaky stands above both but below a new deviation: several runs disagree, so that none of them is proof.
 * - harness-broken is the worst: nothing that was seen can be relied upon. */
#ifndef RESERVOIR_CONFORMANCE_VERDICT_H
#define RESERVOIR_CONFORMANCE_VERDICT_H

#include <stdbool.h>

enum verdict {
    VERDICT_CONFORM,
    VERDICT_UNSUPPORTED,        /* the subject cannot give what the scenario asks for */
    VERDICT_NOT_MODELLED,       /* Windows knows what was asked for, the model (or a provider that says so) does not */
    VERDICT_INCONCLUSIVE,       /* not sent, not modelled, or spoilt by a port of another program */
    VERDICT_DEVIATE_KNOWN,      /* recorded by a rule, with a reason */
    VERDICT_UNSEEN_NEW,         /* unsupported or inconclusive, which is not recorded */
    VERDICT_CONFORM_UNEXPECTED, /* a recorded deviation did not happen */
    VERDICT_FLAKY,              /* runs of one instance disagree */
    VERDICT_DEVIATE_NEW,
    VERDICT_HARNESS_BROKEN,
    VERDICTS_COUNT
};

/* conform, unsupported, ..., as reports and --fail-on write them. */
const char *verdict_name(enum verdict verdict);

/* What it means, in a sentence without its full stop. Static. */
const char *verdict_meaning(enum verdict verdict);

/* The verdict with this name (`length` bytes), or VERDICTS_COUNT. */
enum verdict verdict_named(const char *name, unsigned length);

enum verdict verdict_worst(enum verdict one, enum verdict other);

enum { EXIT_STATUS_GOOD = 0, EXIT_STATUS_DEVIATES = 1, EXIT_STATUS_BROKEN = 2 };

/* The verdicts with which a run fails: those that always do, and those of `fail_on`. */
unsigned verdict_failures(unsigned fail_on);

/* Exit status of a run: 2 when something is broken or nothing was run; else 1 after a new deviation, an unexpected
 * conformance, a flaky instance, or a verdict of the set `fail_on`; else 0. counts[v]: instances with verdict v. */
int verdict_exit_status(const unsigned counts[VERDICTS_COUNT], unsigned fail_on);

#endif
