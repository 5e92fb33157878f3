/* Threads as WPUQueueApc names them: provider_threads_windows.c, and kernel_objects.c where the system has no alertable
 * waits. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_PROVIDER_THREADS_H
#define RESERVOIR_CONFORMANCE_AGENT_PROVIDER_THREADS_H

#include "conformance/agent/system/windows_headers.h"

#include <stdbool.h>

/* The calling thread. */
void provider_thread_open(LPWSATHREADID id);

/* What WPUOpenCurrentThread gave is closed; false: no such thread. */
bool provider_thread_close(const WSATHREADID *id);

/* Runs `routine` in the next alertable wait of that thread. False: no such thread. */
bool provider_thread_queue(const WSATHREADID *id, LPWSAUSERAPC routine, DWORD_PTR context);

#endif
