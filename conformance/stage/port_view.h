/* What an administrator would see of a modelled machine's reserved ports: a table for each protocol, like the one of
 * `netsh interface ipv4 show excludedportrange`.
 *
 * A row is a range that bind to port 0 steps around: an exclusion in effect, marked with `*` when it is administered,
 * or a reservation. How reservations are listed is question 36; while the world has not asked it, reading a: without
 * the mark. It is the listing (stack/ports/listing.h) of which a step `netsh_show_excludedportrange` reports one
 * row. */
#ifndef RESERVOIR_CONFORMANCE_PORT_VIEW_H
#define RESERVOIR_CONFORMANCE_PORT_VIEW_H

#include "conformance/base/text.h"
#include "stack/world.h"

/* Prints both tables, TCP first, rows by their first port. A protocol without rows has only its heading. */
void port_view_print(const struct world *world, struct text *out);

#endif
