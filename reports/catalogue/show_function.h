/* What `show` says of a function of Windows. */
#ifndef RESERVOIR_REPORTS_SHOW_FUNCTION_H
#define RESERVOIR_REPORTS_SHOW_FUNCTION_H

#include "reports/catalogue/data.h"

/* How it is called, where Windows has it, and who answered it how: adds to `out` and returns the exit status: 2 when
 * there is no such function, or the tree below `folder` is broken, which is reported on standard error. `id` in any
 * case. Of one that is known and not modelled it says so. */
int show_function(const char *folder, const char *id, struct text *out);

/* Is it the name of a function that is modelled, in any case? */
bool function_is_named(const char *id);

#endif
