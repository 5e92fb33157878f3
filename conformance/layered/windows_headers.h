/* Windows' headers for this provider, in the order that works: the real ones on Windows, elsewhere the model's own. */
#ifndef RESERVOIR_CONFORMANCE_LAYERED_WINDOWS_HEADERS_H
#define RESERVOIR_CONFORMANCE_LAYERED_WINDOWS_HEADERS_H

#include "stack/winsock/headers.h"

#ifdef _WIN32
#include <ws2tcpip.h>
#include <mstcpip.h>
#include <windows.h>
#include "stack/sdk/socket_values.h" /* what these lack */
#else
#include "stack/sdk/mstcpip.h"
#include "stack/sdk/option_values.h"
#include "stack/sdk/ws2tcpip.h"
#endif

#endif
