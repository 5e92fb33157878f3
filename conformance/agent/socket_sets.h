/* Sets of sockets as a record has them (stack/call/call.h), for functions that take Windows' own. */
#ifndef RESERVOIR_AGENT_SOCKET_SETS_H
#define RESERVOIR_AGENT_SOCKET_SETS_H

#include "conformance/agent/functions.h"

/* select, or what a provider has in its place. */
typedef int select_function(fd_set *reading, fd_set *writing, fd_set *failing, struct timeval *limit);

/* Asks `function` with the sets and the time of a record (INFINITE: none); what it leaves is stored in the sets again.
 * A set that cannot be read is handed over as it is. */
int socket_sets_select(select_function *function, uint64_t *const sets[3], DWORD timeout_ms);

#endif
