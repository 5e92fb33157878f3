/* Lets a session learn from a trace that ends at a `reboot`, as if its steps had just been played. */
#ifndef RESERVOIR_CONFORMANCE_REHEARSE_H
#define RESERVOIR_CONFORMANCE_REHEARSE_H

#include "conformance/base/reason.h"
#include "conformance/language/tree.h"
#include "conformance/session/session.h"

/* Begins the session of an expanded instance with the ports of its trace so far and lets it learn from each step of it.
 * The trace ends with a `reboot`. False when it is of another version of the scenario, or does not end so: `reason`
 * says which. What is read lives in the instance's arena. */
bool rehearse(const struct scenario *trace, struct scenario *instance, uint16_t *ports_first, struct session *session,
              struct reason *reason);

#endif
