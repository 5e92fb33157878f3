/* The SDK's headers in the one order that works, before any header of ours: winsock2.h wants to come before windows.h,
 * the lean variant leaves out nb30.h with its NAME_BUFFER, and stack/sdk/ gives way to what was there before. Elsewhere
 * than on Windows they are the model's own (stack/sdk/). */
#ifndef RESERVOIR_CONFORMANCE_AGENT_WINDOWS_HEADERS_H
#define RESERVOIR_CONFORMANCE_AGENT_WINDOWS_HEADERS_H

#ifdef _WIN32
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0601
#endif

#include <winsock2.h>
#include <ws2tcpip.h>
#include <ws2spi.h>
#include <mstcpip.h>
#include <mswsock.h>
#include <windows.h>
#else
#include "stack/sdk/winsock2.h"
#include "stack/sdk/ws2tcpip.h"
#include "stack/sdk/ws2spi.h"
#include "stack/sdk/mstcpip.h"
#include "stack/sdk/mswsock.h"
#include "stack/sdk/windows.h"

/* What a provider for this system finds in the program that has loaded it, as on Windows in ws2_32 and kernel32. */
#define SEEN_BY_PROVIDERS __attribute__((visibility("default")))
#endif

#undef CreateProcess /* a macro there; here the catalogue's name of a function of ours */

#endif
