/* From a function that the program calls to what it returns: the arguments become a record, the model answers, the
 * calling thread waits if the model says so, and its last error is set. */
#ifndef RESERVOIR_SIM_PROGRAM_CALLS_H
#define RESERVOIR_SIM_PROGRAM_CALLS_H

#include <stdint.h>

#include "stack/call/call.h"

/* arguments[i] is the i-th parameter as 64 bits, sign-extended; pointers are real. Returns the value. */
uint64_t program_call(enum function function, const uint64_t arguments[CALL_ARGUMENTS_MAX]);

#define PROGRAM_WORD(value) (uint64_t)(int64_t)(value)
#define PROGRAM_POINTER(value) (uint64_t)(uintptr_t)(value)

/* The same of a datagram that is longer than a record. It must not wait (asserted): there is one record for all. */
uint64_t program_call_of_datagram(enum function function, const uint64_t arguments[CALL_ARGUMENTS_MAX]);

/* PROGRAM_CALL(bind, s, PROGRAM_POINTER(name), PROGRAM_WORD(namelen)) */
#define PROGRAM_CALL(function, ...) \
    program_call(FUNCTION_##function, (const uint64_t[CALL_ARGUMENTS_MAX]){ __VA_ARGS__ })
#define PROGRAM_SEND(is_long, function, ...) \
    ((is_long) ? program_call_of_datagram : program_call)(FUNCTION_##function, \
                                                          (const uint64_t[CALL_ARGUMENTS_MAX]){ __VA_ARGS__ })

#endif
