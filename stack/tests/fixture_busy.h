/* A busy world for the tests: every kind of row is in use. */
#ifndef RESERVOIR_STACK_TESTS_FIXTURE_BUSY_H
#define RESERVOIR_STACK_TESTS_FIXTURE_BUSY_H

#include "stack/tests/fixture_wire.h"

enum { THIRD = THREADS_OF_TWO, FOURTH }; /* more threads of the first process */

/* Begins a machine with two processes: sockets that talk, that wait to be accepted, that are shared and on their way to
 * the other process; datagrams that wait, a report that no one received one, a packet on its way; blocks at run time
 * and in the store, a tombstone, exclusions; completion ports with packets, with two threads that wait, with none;
 * requests that pend, one of them of a thread that has ended, and AcceptEx; routines that wait for an alertable wait; a
 * thread in select, one that waits for an event, and a handle of a thread. `has_past`: much was there before and is
 * gone, so numbers, serials and rows are others, and the clock. */
void busy_world(struct machine *machine, bool has_past);

/* The same world in `memory` (BUSY_BYTES, 8-aligned), with so many free rows in each table, except in one, which is
 * full (TABLES_COUNT: none is). Those of files, connections, datagrams and completions keep what they have. Who looks
 * past the last row of a full table meets an assertion. */
enum { BUSY_BYTES = MACHINE_WORLD_BYTES + 8192 };
struct world *world_with_spare_rows(const struct world *world, uint8_t *memory, unsigned spare, enum table full);

#endif
