/* The exclusions of a scenario's world lines, put into a world before it begins, and out of its store when it is
 * over. */
#ifndef RESERVOIR_CONFORMANCE_STAGE_EXCLUSIONS_H
#define RESERVOIR_CONFORMANCE_STAGE_EXCLUSIONS_H

#include "conformance/base/reason.h"
#include "conformance/language/tree.h"
#include "stack/world.h"

/* Excludes what the line says; an administered range goes into the persistent store too, unless the line says active.
 * One that is there already, in a store that was kept, is what the line asks for. False with a reason
 * when it overlaps another administered one, or when there is no room. */
bool stage_exclude(struct world *world, const struct world_line *line, struct reason *reason);

/* Which lines, by bits, ask for what the store of this world has already. Call before the lines are applied. */
uint64_t stage_exclusions_kept(const struct world *world, const struct scenario *scenario);

/* Takes what the other lines put into the store out of it: a store that is kept shows what calls have made. Nothing is
 * changed in a machine that has lost its power. */
void stage_exclusions_withdraw(struct world *world, const struct scenario *scenario, uint64_t kept);

#endif
