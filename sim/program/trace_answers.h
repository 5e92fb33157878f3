/* How a trace says what a call answered: its outcome, what it brought, and what it stored. */
#ifndef RESERVOIR_SIM_PROGRAM_TRACE_ANSWERS_H
#define RESERVOIR_SIM_PROGRAM_TRACE_ANSWERS_H

#include <stdbool.h>
#include <stdint.h>

#include "stack/call/call.h"
#include "sim/memory/record.h"
#include "stack/world.h"

/* The world is borrowed until the process ends. */
void trace_answers_begin(const struct world *world);

/* Something was stored in the program's memory. False: there is no room for it. */
bool trace_answers_keep(uint64_t address, const uint8_t *bytes, uint32_t length);

/* The thread's call waits, or none (NULL): what is stored for it is kept until it returns. The call is borrowed. */
void trace_answers_await(unsigned thread, const struct call *call);

/* Forgets what was stored, except for calls that wait. */
void trace_answers_forget(void);

/* The letter that names of what a call brings begin with; 0: nothing that is named. */
char trace_letter_of(const struct call *call);

/* `s1 = `, if the call brought something that gets a name. */
void trace_put_product_name(const struct call *call, uint64_t value);

/* ` -> `, the outcome, and all that a step of a trace shows of it. */
void trace_put_outcome(const struct call *call, uint64_t value, uint32_t error);

/* A line for each routine that ran in the call, and for each packet that it took. */
void trace_put_routines(const struct result_routine *routines, unsigned count);
void trace_put_packets(const struct call *call);

#endif
