/* Blocking hooks of Winsock 1.1 programs, which are ws2_32's and not a provider's: a provider asks for a callback
 * (WPUQueryBlockingCallback) and calls it again and again while a call blocks. Each thread has a hook of its own. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_PROVIDER_HOOKS_H
#define RESERVOIR_CONFORMANCE_AGENT_PROVIDER_HOOKS_H

#include "conformance/agent/system/windows_headers.h"

#include <stdbool.h>

/* The calling thread's hook from now on; returns the one before, which may be the ordinary one. */
FARPROC provider_hook_set(FARPROC hook);
void provider_hook_unset(void);

/* Does the calling thread run in its hook? */
bool provider_hook_runs(void);

/* The calling thread's blocking call has been cancelled by its hook: the callback says so when it returns. */
void provider_hook_cancelled(void);

/* What a provider is to call while it blocks; NULL: the calling thread has no hook. */
LPBLOCKINGCALLBACK provider_hook_callback(void);

#endif
