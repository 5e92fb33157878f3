/* The last error of a thread, which on Windows the system keeps. */
#include "conformance/agent/system/windows_headers.h"

static __thread DWORD last_error;

SEEN_BY_PROVIDERS DWORD WINAPI GetLastError(void) { return last_error; }

SEEN_BY_PROVIDERS void WINAPI SetLastError(DWORD error) { last_error = error; }
