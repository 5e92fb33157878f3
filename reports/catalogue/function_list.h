/* The functions of the catalogue (stack/call/functions.def): where Windows has them, and which of a provider's they
 * are. */
#ifndef RESERVOIR_REPORTS_FUNCTION_LIST_H
#define RESERVOIR_REPORTS_FUNCTION_LIST_H

#include <stdbool.h>

#include "conformance/base/text.h"

/* A row for each function, in the order of the catalogue. Always true; the folder is not looked at. */
bool list_functions(const char *folder, struct text *out);

#endif
