/* How the agent introduces itself. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_HOST_BLOCK_H
#define RESERVOIR_CONFORMANCE_AGENT_HOST_BLOCK_H

#include "conformance/base/text.h"

/* `host`, `build`, `wine`, `elevation`, `dynamic-range`, `exclusions`, `functions`, `version`: one
 * `key value` a line. What the host does not tell is `unknown`. */
void host_block_print(struct text *out);

#endif
