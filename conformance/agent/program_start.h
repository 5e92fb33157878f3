/* How a child process of the agent is created, also when a scenario's own CreateProcess does it.
 *
 * Such a call is made by the scenario's thread, in whichever Windows process plays it, so that token, inherited handles
 * and errors are those that Windows gives. What the agent adds is a command line and the handles by which the new
 * process will talk to it; they are valid in the process that makes the call, and inherited whatever the call says. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_PROGRAM_START_H
#define RESERVOIR_CONFORMANCE_AGENT_PROGRAM_START_H

#include "conformance/agent/system/windows_headers.h"

#include <stdbool.h>
#include <stdint.h>

enum { PLUMBING_HANDLES = 4, INHERITED_MAX = 64, START_COMMAND_MAX = MAX_PATH + 128 };

struct inherited_handle {
    uint64_t number;
    uint32_t product; /* enum product: PRODUCT_SOCKET, PRODUCT_EVENT or PRODUCT_FILE */
    uint32_t padding;
};

/* Plain data: it travels to the process that makes the call, and back with the answer. */
struct program_start {
    WCHAR command[START_COMMAND_MAX];
    uint64_t plumbing[PLUMBING_HANDLES]; /* of the agent, inheritable */
    uint32_t inherited_count;
    struct inherited_handle inherited[INHERITED_MAX]; /* of the scenario */
    uint64_t process; /* answer: a handle of the new process in the process that made the call; 0: there is none */
};

/* CreateProcess with exactly these handles inherited, with `token` (NULL: the caller's own). TRUE with start->process,
 * or FALSE; either way with the last error that Windows left. */
BOOL program_start(struct program_start *start, HANDLE token);

/* What the next program_start_offered() in this process is to start; borrowed until then. */
void program_start_offer(struct program_start *start);
BOOL program_start_offered(void);

/* Is a handle of this process one that Windows calls inheritable? */
bool program_start_inherits(uint64_t handle);

#endif
