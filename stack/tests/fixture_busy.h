/* A busy world for the tests: every kind of row is in use. */
#ifndef RESERVOIR_STACK_TESTS_FIXTURE_BUSY_H
#define RESERVOIR_STACK_TESTS_FIXTURE_BUSY_H

#include "stack/tests/fixture_wire.h"

enum { THIRD = TOOL_SECOND + 1 }; /* one more thread of the first process */

/* Begins a machine with two processes: sockets that talk, that wait to be accepted, that are shared and on their way to
 * the other process; datagrams that wait, a report that no one received one, a packet on its way; blocks at run time
 * and in the store, a tombstone, exclusions; completion ports with packets, with two threads that wait, with none;
 * requests that pend, one of them of a thread that has ended; routines that wait for an alertable wait; a thread in
 * select. `has_past`: much was there before and is gone, so numbers, serials and rows are others, and the clock. */
void busy_world(struct machine *machine, bool has_past);

#endif
