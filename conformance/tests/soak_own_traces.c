/* soak_own_traces ROUNDS [SCENARIOS]: the judge has to allow what the model does (own_traces.h), round after round.
 * Exit status: 0, or 1 with the traces that were not allowed on standard output. */
#include <stdio.h>
#include <stdlib.h>

#include "conformance/tests/own_traces.h"

int main(int count, char **given) {
    struct scenario_set set = { .count = 0 };
    struct own_traces counts = { 0 };
    if (count < 2) return fputs("usage: soak_own_traces ROUNDS [SCENARIOS]\n", stderr), 2;
    unsigned rounds = (unsigned)strtoul(given[1], NULL, 10);
    scenario_set_add(&set, count > 2 ? given[2] : "scenarios");
    if (set.count == 0) return fputs("soak_own_traces: no scenarios\n", stderr), 2;
    for (unsigned round = 1; round <= rounds; round++) own_traces_round(&set, round, &counts);
    printf("%u seeds and as many pairs of readings: %lu traces of the model, %lu undecided, %lu not allowed\n", rounds,
           counts.traces, counts.undecided, counts.wrong);
    scenario_set_free(&set);
    return counts.wrong > 0;
}
