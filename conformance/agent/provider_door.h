/* A provider in the place of ws2_32: loaded by its full path, asked through the table that its WSPStartup fills.
 *
 * What ws2_32 does above a provider is done here: WSAStartup's counts, WSANOTINITIALISED, from *lpErrno to the thread's
 * last error, a WSATHREADID for each call. The provider validates its own parameters: handles and pointers are passed
 * as they are. The WSATHREADID is overwritten when the call has returned, so that a provider that keeps the pointer and
 * not a copy (PAR-19) is found out. lpErrno is preset to a value that no error has. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_PROVIDER_DOOR_H
#define RESERVOIR_CONFORMANCE_AGENT_PROVIDER_DOOR_H

#include "conformance/agent/functions.h"
#include "stack/winsock/control.h"

/* Puts the provider in this file behind the rows of `table` that are ws2_32's and iphlpapi's; the six of the latter are
 * NULL when it does not export them. All else of the table is borrowed: events and handles are those of its kernel32.
 * With ReservoirProviderControl all processes of a scenario share the host. False with a reason that names the file. */
bool provider_door_open(struct windows_functions *table, const char *path, struct reason *reason);

/* The same with a provider that is in this program. `orders_function`: NULL, or it takes orders.
 * iphlpapi's rows stay as they are. */
void provider_door_put(struct windows_functions *table, LPWSPSTARTUP startup,
                       provider_control_function *orders_function);

/* Before that: the provider is started with this entry of the catalogue, and its sockets name it. Without it the entry
 * is made up. */
void provider_door_entry(const WSAPROTOCOL_INFOW *entry);

#endif
