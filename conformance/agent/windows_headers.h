/* The SDK's headers in the one order that works, before any header of ours: winsock2.h wants to come before windows.h,
 * the lean variant leaves out nb30.h with its NAME_BUFFER, and stack/errors.h looks whether windows.h was here. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_WINDOWS_HEADERS_H
#define RESERVOIR_CONFORMANCE_AGENT_WINDOWS_HEADERS_H

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0601
#endif

#include <winsock2.h>
#include <ws2tcpip.h>
#include <mstcpip.h>
#include <windows.h>

#undef CreateProcess /* a macro there; here the catalogue's name of a function of ours */

#endif
