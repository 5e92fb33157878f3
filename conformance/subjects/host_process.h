/* A host that was started by a command and speaks lines over two pipes: the agent, or anything that answers like it.
 *
 * Nothing here blocks for ever: every wait has a limit, and what goes beyond it, dies, or says more than a line may
 * hold is an error with a reason. The command runs in a process group of its own, which is killed at the end, so that
 * what it started goes too. Writing to a host that has died is an error, not a signal: SIGPIPE is ignored from the
 * first start on. On Windows a host cannot be driven: starting one says so. */
#ifndef RESERVOIR_CONFORMANCE_HOST_PROCESS_H
#define RESERVOIR_CONFORMANCE_HOST_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "conformance/base/reason.h"

enum { HOST_LINE_MAX = 16384 };

struct host_process; /* opaque */

/* Starts `sh -c COMMAND`. NULL with a reason. End it with host_process_end. */
struct host_process *host_process_start(const char *command, struct reason *reason);

/* Writes all bytes, waiting at most limit_ms for the host to take them. */
bool host_process_send(struct host_process *host, const char *bytes, size_t length, unsigned limit_ms,
                       struct reason *reason);

/* The next line without its end (LF or CRLF), waiting at most limit_ms for the whole of it. NULL with a reason. Valid
 * until the next call. */
const char *host_process_line(struct host_process *host, unsigned limit_ms, struct reason *reason);

/* Runs `sh -c COMMAND` and waits for its end, however long that takes. What it prints goes to standard error. False
 * with a reason when it cannot be run or fails. */
bool host_command_run(const char *command, struct reason *reason);

/* Has it ended by itself? Does not wait. */
bool host_process_ended(const struct host_process *host);

/* Closes its input, gives it grace_ms to end by itself, then kills its group. NULL is allowed. */
void host_process_end(struct host_process *host, unsigned grace_ms);

#endif
