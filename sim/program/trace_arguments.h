/* How a trace says what a call was given. */
#ifndef RESERVOIR_SIM_PROGRAM_TRACE_ARGUMENTS_H
#define RESERVOIR_SIM_PROGRAM_TRACE_ARGUMENTS_H

#include "stack/call/call.h"
#include "stack/call/signature.h"

/* Adds the arguments of a call, separated by commas, without those that the language takes when nothing is said. Those
 * after one that was left out are said by their names. */
void trace_put_arguments(const struct call *call, const struct signature *signature);

#endif
