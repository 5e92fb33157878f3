/* TEST BUILD ONLY. Real arguments become a call record, by the kinds of the function's parameters; memory is looked at
 * to learn whether it is good. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_RECORD_MODEL_H
#define RESERVOIR_CONFORMANCE_AGENT_RECORD_MODEL_H

#include "stack/call/call.h"

/* Fills `call`, all but its thread. arguments[i] is the i-th parameter as 64 bits, sign-extended; pointers are real. */
void record_of_arguments(struct call *call, enum function function, const uint64_t arguments[CALL_ARGUMENTS_MAX]);

#endif
