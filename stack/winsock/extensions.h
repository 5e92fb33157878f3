/* ConnectEx, AcceptEx, GetAcceptExSockaddrs and DisconnectEx of the provider. They have no place in WSPPROC_TABLE: a
 * client asks for their addresses by SIO_GET_EXTENSION_FUNCTION_POINTER and calls them as any function of Windows, so
 * that their errors are the calling thread's last error and not in lpErrno. */
#ifndef RESERVOIR_STACK_WINSOCK_EXTENSIONS_H
#define RESERVOIR_STACK_WINSOCK_EXTENSIONS_H

#include <stdbool.h>

/* Stores the address of the function that these 16 bytes name, a pointer. False, and nothing is stored: this provider
 * has none that could be called. */
bool extension_give(const void *guid, void *out);

#endif
