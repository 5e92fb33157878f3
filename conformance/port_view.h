/* What an administrator would see of a modelled machine's reserved ports: a table for each protocol, like the one of
 * `netsh interface ipv4 show excludedportrange`.
 *
 * A row is a range that bind to port 0 steps around: an exclusion, marked with `*` when it is administered (facts 8.4), or
 * a live runtime reservation, without the mark. That runtime reservations are listed so is a lean, not a fact: question
 * 36, reading a. Ports that are merely bound are not listed, there as here. */
#ifndef RESERVOIR_CONFORMANCE_PORT_VIEW_H
#define RESERVOIR_CONFORMANCE_PORT_VIEW_H

#include "conformance/language.h"
#include "stack/world.h"

/* Prints both tables, TCP first, rows by their first port. A protocol without rows has its heading alone. */
void port_view_print(const struct world *world, struct text *out);

#endif
