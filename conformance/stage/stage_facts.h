/* What the head of a trace says of the machine that answered, put into a world as if the scenario had said it.
 *
 *   dynamic-range tcp 49152-65535        for both families; a line for each protocol
 *   dynamic-range-ipv6 tcp 1025-5000     only where IPv6 has others
 *   dynamic-range-stored tcp 1024-65535    only where the next restart brings another one; and -stored-ipv6
 *   exclusions tcp 5357-5357 50000-50059* udp 50000-50059*    all that netsh lists, `*` for administered; or `none`
 *   build 22631                          where `host` is windows: other systems have a number of Windows without its
 *                                        faults
 *
 * `unknown` says nothing, and neither does a number of exclusions without their ports. What contradicts a world line of
 * the scenario cannot be a recording of it. */
#ifndef RESERVOIR_CONFORMANCE_STAGE_FACTS_H
#define RESERVOIR_CONFORMANCE_STAGE_FACTS_H

#include "conformance/base/reason.h"
#include "conformance/language/tree.h"
#include "stack/world.h"

struct machine_facts {
    const struct key_value *facts;
    uint32_t count;
};

/* How many exclusions the facts list, so that the world has room for them. */
unsigned stage_facts_exclusions(struct machine_facts facts);

/* Call before the scenario's own world lines are applied. False with a reason that names the fact which cannot be read,
 * or which contradicts a line. */
bool stage_apply_facts(struct world *world, const struct scenario *scenario, struct machine_facts facts,
                       struct reason *reason);

#endif
