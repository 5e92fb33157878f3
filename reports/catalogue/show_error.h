/* What `show` says of an error: its value and meaning, the clauses that speak of it, and who answers it to which
 * call. */
#ifndef RESERVOIR_REPORTS_SHOW_ERROR_H
#define RESERVOIR_REPORTS_SHOW_ERROR_H

#include "reports/catalogue/data.h"

/* `id`: a name in any case, with or without WSA or ERROR_ before it (WSAEACCES, eacces), or a value. Adds to `out`,
 * having run all scenarios below `folder`; an NTSTATUS is shown without. Returns the exit status: 2 when there is no
 * such error or the tree is broken, which is reported on standard error. */
int show_error(const char *folder, const char *id, struct text *out);

/* Is it the name of an error, in any case? */
bool error_is_named(const char *id);

#endif
