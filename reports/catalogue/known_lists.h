/* Control codes and socket options that Windows knows, modelled or not (stack/call/catalogue.h). */
#ifndef RESERVOIR_REPORTS_KNOWN_LISTS_H
#define RESERVOIR_REPORTS_KNOWN_LISTS_H

#include <stdbool.h>

#include "conformance/base/text.h"

/* A row for each, in the order of the catalogue, and how many of them are modelled. Always true; the folder is not
 * looked at. */
bool list_codes(const char *folder, struct text *out);
bool list_options(const char *folder, struct text *out);

#endif
