/* A program's calls as a trace (conformance/language.md): what `reservoir judge` reads, and `reservoir run` plays again
 * on any subject. Kept in memory and written when the process ends, however it ends.
 *
 * The language has limits (threads, steps, names, bytes of data), and knows only calls of the catalogue: a trace ends
 * where the program goes beyond them, with a comment that says why. Waits that are not the model's (Sleep, mutexes)
 * show as time that passes. */
#ifndef RESERVOIR_SIM_PROGRAM_TRACE_H
#define RESERVOIR_SIM_PROGRAM_TRACE_H

#include <stdint.h>

#include "sim/program/options.h"
#include "stack/call/call.h"
#include "stack/world.h"

/* How a call of a thread ends, at once or after it waited, and the routines that ran in it. */
struct parked_return {
    struct result_return back;
    unsigned routines_count;
    struct result_routine routines[RESULT_ROUTINES_MAX];
};

/* Begins one, as the options say. Both are borrowed until the process ends. */
void trace_begin(const struct program_options *options, struct world *world);

/* A call is about to be made. */
void trace_call(const struct call *call);

/* It waits in the model. */
void trace_blocks(const struct call *call);

/* A routine runs inside it while it waits. */
void trace_runs_inside(const struct call *call, const struct result_routine *routine);

/* It has returned, at once or after it waited. */
void trace_returns(const struct call *call, const struct parked_return *answer);

/* Memory that a call or the end of a request has stored. */
void trace_stored(uint64_t address, const uint8_t *bytes, uint32_t length);

void trace_time(uint64_t nanoseconds);

/* Writes the file. */
void trace_end(void);

#endif
