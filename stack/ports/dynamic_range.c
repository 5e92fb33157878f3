#include "stack/ports/dynamic_range.h"

#include <assert.h>

struct dynamic_range dynamic_range_shown(const struct world *world, enum protocol protocol, bool v6) {
    assert(world != NULL && protocol < PROTOCOLS_COUNT);
    struct dynamic_range range = { world->dynamic_first[protocol], world->dynamic_last[protocol] };
    if (v6 && world->dynamic_v6_first[protocol] != 0)
        range = (struct dynamic_range){ world->dynamic_v6_first[protocol], world->dynamic_v6_last[protocol] };
    return range;
}

struct dynamic_range dynamic_range_of(struct context *context, enum protocol protocol, bool v6) {
    struct dynamic_range both = dynamic_range_shown(context->world, protocol, false),
                         own = dynamic_range_shown(context->world, protocol, v6);
    if (own.first == both.first && own.last == both.last) return both;
    return reading(context, Q130_RANGE_OF_V6) == Q130_ITS_OWN ? own : both;
}
