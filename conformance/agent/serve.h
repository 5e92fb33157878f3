/* The agent as a server: commands on standard input, answers on standard output, a line each (README.md). */
#ifndef RESERVOIR_CONFORMANCE_AGENT_SERVE_H
#define RESERVOIR_CONFORMANCE_AGENT_SERVE_H

#include "conformance/agent/native_host.h"

/* Until `quit` or the end of the input; leaves nothing begun. Both streams must be in binary mode. When no
 * byte of a command comes for so many seconds (0: no limit) the program cleans up and ends with status 2. Returns the
 * exit status: 0, or 2 when an answer could not be written. */
int serve(struct native_host *host, uint32_t idle_limit_s);

#endif
