/* Random sequences of overlapped errands by the million: nothing lost, doubled, or delivered to the wrong thread, port
 * or key (owed.h). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "stack/io/tests/errands.h"

int main(int count, char **given) {
    if (count < 2) return fputs("usage: soak_errands SEQUENCES [FIRST-SEED]\n", stderr), 2;
    uint64_t wanted = strtoull(given[1], NULL, 10), first = count > 2 ? strtoull(given[2], NULL, 10) : 1;
    struct errands_tally tally = { .sequences = 0 };
    for (uint64_t seed = first; seed < first + wanted; seed++) {
        unsigned event = 0;
        const char *wrong = errands_play(seed, &tally, &event);
        if (wrong == NULL) continue;
        printf("seed %" PRIu64 ", after event %u: %s\n", seed, event, wrong);
        return 1;
    }
    printf("%" PRIu64 " sequences of %" PRIu64 " events, in %" PRIu64 " of which a request was pending: %" PRIu64
           " requests, %" PRIu64 " packets, %" PRIu64 " routines, %" PRIu64 " waits for events, %" PRIu64
           " results, %" PRIu64 " datagrams, %" PRIu64 " handles duplicated; nothing lost, doubled or misdelivered\n",
           tally.sequences, tally.events, tally.pending, tally.requests, tally.packets, tally.routines,
           tally.event_waits, tally.results, tally.datagrams, tally.duplicates);
    return 0;
}
