/* More words of the dialogue (fixture.h): waits for several things, and what ends them. */
#ifndef RESERVOIR_STACK_TESTS_FIXTURE_WAITS_H
#define RESERVOIR_STACK_TESTS_FIXTURE_WAITS_H

#include "stack/tests/fixture.h"

/* How GetQueuedCompletionStatusEx is called. */
struct taking {
    unsigned room; /* entries */
    uint32_t milliseconds;
    bool alertable;
};

/* By the speaker: the error, 0 for a success; WAIT_BLOCKS while it waits. */
uint32_t take_packets(struct machine *machine, uint64_t port, const struct taking *taking);

/* What the last result says of that: *ulNumEntriesRemoved, UNTOUCHED when it was left; and the n-th entry
 * (asserted). */
struct entry {
    uint64_t key, overlapped, status;
    uint32_t bytes;
};
uint32_t packets_taken(const struct machine *machine);
struct entry packet_taken(const struct machine *machine, unsigned n);

/* GetOverlappedResultEx of an OVERLAPPED of the fixture's: the error, 0 for a success; WAIT_BLOCKS while it waits. */
uint32_t result_within(struct machine *machine, uint64_t file, unsigned which, uint32_t milliseconds, bool alertable);

/* QueueUserAPC by the speaker, to a thread of its process: the error, 0 for a success. */
uint32_t queue_apc(struct machine *machine, unsigned thread, uint64_t number);

/* A request of the speaker's that has failed, whose routine waits to run. */
void queue_routine(struct machine *machine, uint64_t socket, unsigned which);

/* How a wait for several events is called. */
struct several {
    unsigned count; /* of the array, as it is said; 3 of them are there */
    bool all;
    uint32_t milliseconds;
    bool alertable;
};

/* WaitForMultipleObjectsEx of three events, or of as many as are counted, where there may be so many: what it returns;
 * WAIT_BLOCKS while it waits. Its error, when it fails (asserted). */
uint32_t wait_for_several(struct machine *machine, const uint64_t *events, const struct several *several);
uint32_t wait_error(struct machine *machine, const uint64_t *events, const struct several *several);

/* WSAWaitForMultipleEvents, likewise. */
uint32_t wait_for_winsock_events(struct machine *machine, const uint64_t *events, const struct several *several);

#endif
