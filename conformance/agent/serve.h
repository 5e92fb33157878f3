/* The agent as a server: commands on standard input, answers on standard output, a line each (README.md). */
#ifndef RESERVOIR_CONFORMANCE_AGENT_SERVE_H
#define RESERVOIR_CONFORMANCE_AGENT_SERVE_H

#include "conformance/agent/native_host.h"

/* Until `quit` or the end of the input; leaves nothing begun. Both streams must be in binary mode. Returns the exit
 * status: 0, or 2 when an answer could not be written. */
int serve(struct native_host *host);

#endif
