/* The host's own base provider, which ws2_32 hands TCP to: `--level spi` asks it through WSPStartup, as a provider of a
 * vendor's is asked. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_BASE_PROVIDER_H
#define RESERVOIR_CONFORMANCE_AGENT_BASE_PROVIDER_H

#include <stdbool.h>

#include "conformance/base/reason.h"

/* `--level spi` was said; was it? */
void base_provider_use(void);
bool base_provider_is_used(void);

#ifdef _WIN32
#include "conformance/agent/system/windows_headers.h"

/* Its catalogue entry for TCP over IPv4, and the full path of its file, to be kept. False: the host does not tell, or
 * what it names cannot be started, and why. The latter is found by starting it once: a stub raises an exception. */
bool base_provider_find(WSAPROTOCOL_INFOW *entry, char path[], unsigned path_bytes, struct reason *reason);
#endif

#endif
