/* The constants of the real API that the language knows, by name and by value.
 * Names and values: stack/sdk/. Error names and NTSTATUS names stand in stack/errors.h. */
#ifndef RESERVOIR_CONFORMANCE_CONSTANTS_H
#define RESERVOIR_CONFORMANCE_CONSTANTS_H

#include <stdint.h>

struct constant {
    const char *name;
    unsigned name_length;
    int64_t value;
};

/* By name (`length` bytes), or NULL. Static memory. */
const struct constant *constant_named(const char *name, unsigned length);

/* The name of a control code or a wait result, or NULL. */
const char *control_code_name(uint32_t code);
const char *wait_result_name(uint32_t value);

/* The known constant or error or status name nearest to what was written (Levenshtein distance at most a third of its
 * length), or NULL when nothing is near. */
const char *constant_nearest(const char *name, unsigned length);

#endif
