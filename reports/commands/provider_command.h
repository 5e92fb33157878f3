/* `--provider FILE`: the command of the agent that plays scenarios on it. */
#ifndef RESERVOIR_REPORTS_PROVIDER_COMMAND_H
#define RESERVOIR_REPORTS_PROVIDER_COMMAND_H

#include "conformance/base/reason.h"

/* The agent is the program agent-kernel beside this one, or in ../share/reservoir; the file is found from the current
 * folder.
 * Owned by the caller. NULL with a reason: what is not there, or a path that no command line can carry. */
char *provider_command(const char *file, struct reason *reason);

#endif
