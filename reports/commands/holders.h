/* Who holds which ports of a modelled machine: a line for each block, each exclusion, and each bound port outside of
 * them.
 *
 *     tcp 49152         bound by plain
 *     tcp 49153-49154   block of app, acquired on keeper, token t1; 49153 bound by a
 *     udp 50000-50059   excluded, administered */
#ifndef RESERVOIR_REPORTS_HOLDERS_H
#define RESERVOIR_REPORTS_HOLDERS_H

#include "conformance/base/text.h"
#include "conformance/session/session.h"
#include "stack/world.h"

/* Adds the lines, by protocol and first port. `scenario` is what the world was staged for, and `session` knows its
 * names. */
void holders_add(const struct world *world, const struct scenario *scenario, const struct session *session,
                 struct text *out);

/* Adds the lines of `now` that `before` has not, and for each range that is only in `before` that it is held no longer;
 * every line after `indent`. Both as holders_add wrote them; NULL is an empty one. */
void holders_add_changes(const char *before, const char *now, const char *indent, struct text *out);

#endif
