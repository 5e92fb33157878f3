/* Why something was not asked, in a list below a table whose cells name a reason by its number, from 1. */
#ifndef RESERVOIR_REPORTS_NUMBERED_REASONS_H
#define RESERVOIR_REPORTS_NUMBERED_REASONS_H

#include "conformance/base/folders.h"
#include "conformance/base/text.h"

/* The number of a reason, which is added where it is new. Which line of a scenario it was does not matter here. */
unsigned number_of_reason(struct path_list *reasons, const char *reason);

/* Adds the list, below `title`; nothing where there is none. */
void add_numbered_reasons(const struct path_list *reasons, const char *title, struct text *out);

#endif
