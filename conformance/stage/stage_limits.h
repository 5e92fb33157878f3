/* How large a world a scenario needs: as many rows of each kind as its lines can ever fill.
 *
 * Each step is played once, so that steps can be counted: a scenario of three sockets gets a world of three, which is
 * copied faster than one of sixty-four, and one of two hundred gets two hundred. What the language allows therefore
 * never meets a limit of the model, except at one instant: requests, their routines, and packets under way. Where these
 * do not suffice the world says so (struct world, full), and no answer of the model is taken for one of Windows. */
#ifndef RESERVOIR_CONFORMANCE_STAGE_LIMITS_H
#define RESERVOIR_CONFORMANCE_STAGE_LIMITS_H

#include "conformance/language/tree.h"
#include "stack/world.h"

/* For an expanded scenario; with room for `exclusions` more than its own lines ask for. */
struct world_limits stage_limits(const struct scenario *scenario, unsigned exclusions);

#endif
