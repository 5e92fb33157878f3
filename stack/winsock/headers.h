/* The SDK's headers for the edge, before any of ours: the real ones on Windows, elsewhere the model's own. */
#ifndef RESERVOIR_STACK_WINSOCK_HEADERS_H
#define RESERVOIR_STACK_WINSOCK_HEADERS_H

#ifdef _WIN32
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <winsock2.h>
#include <ws2spi.h>
#include <mswsock.h>
#else
#include "stack/sdk/winsock2.h"
#include "stack/sdk/ws2spi.h"
#include "stack/sdk/mswsock.h"
#endif

/* LONG, which the real prototypes of two functions spell in a way of their own. */
#ifdef _WIN32
#define LONG_OF_EVENTS __LONG32
#define PROVIDER_EXPORT __declspec(dllexport)
#else
#define LONG_OF_EVENTS LONG
#define PROVIDER_EXPORT __attribute__((visibility("default")))
#endif

#endif
