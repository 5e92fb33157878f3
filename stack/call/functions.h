/* The functions of the catalogue (functions.def) as numbers, and their parameters by name.
 *
 *   enum function         FUNCTION_sendto ..., in the order of the catalogue
 *   parameters            sendto_s = 0, sendto_buf = 1 ...: the index of a parameter in a call record's arguments and
 *                         ranges. No code writes such an index as a number.
 *   sendto_parameters_count, and sendto_ = 0 for 'no partner' in the catalogue's rows */
#ifndef RESERVOIR_STACK_CALL_FUNCTIONS_H
#define RESERVOIR_STACK_CALL_FUNCTIONS_H

#include "stack/call/each.h"

enum function {
    FUNCTION_NONE,
#define FUNCTION(result, name, ...) FUNCTION_##name,
#include "stack/call/functions.def"
    FUNCTION_COUNT
};

#define PARAMETER_INDEX(function, type, name, ...) function##_##name,
#define FUNCTION(result, name, module, family, returns, product, traits, lasting, ...) \
    enum { EACH(PARAMETER_INDEX, NOTHING, , name, __VA_ARGS__) name##_parameters_count, name##_ = 0 };
#include "stack/call/functions.def"

#endif
