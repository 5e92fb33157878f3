/* The one modelled machine that a program runs on: an ordinary Windows of its own, on which nothing else runs. It comes
 * into being with the program's first call, after the options (options.h). */
#ifndef RESERVOIR_SIM_PROGRAM_MACHINE_H
#define RESERVOIR_SIM_PROGRAM_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/program/options.h"
#include "stack/call/call.h"
#include "stack/world.h"

/* Contents that a record may have beside a record's own (stack/call/call.h): a datagram's, of whatever length. */
enum { MACHINE_MORE_BYTES = 65535 };

/* Makes the machine; the calling thread is thread 0 of the program's process. Once. */
void machine_create(void);

/* The program has ended: its handles close, the store is written. Stops the process when an invariant of the model does
 * not hold. */
void machine_end(void);

const struct program_options *machine_options(void);
struct world *machine_world(void);

/* What the model answers to a record; what it stores is stored, and is not in *result. Stops the process when that is
 * not modelled, or when a table of the world is full. */
void machine_call(const struct call *call, struct result *result);

/* One internal step of the model, with what it stores stored; false: none is enabled. */
bool machine_step(struct result *result);

void machine_thread_starts(unsigned thread);
void machine_thread_ends(unsigned thread, struct result *result);

/* Lets time pass. */
void machine_tick(uint64_t nanoseconds);

/* The reading of an open question: one of its candidates. */
unsigned machine_reading(enum question question);

/* A number below `count`: 0 with seed 0, else drawn at random. */
unsigned machine_draw(unsigned count);

#endif
