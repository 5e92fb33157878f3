/* netsh's three commands about excluded port ranges (`netsh interface ipv4 add|delete|show excludedportrange`), run by the
 * calling process with its token. One exclusion covers both families; TCP and UDP are apart (facts 8.4, W-facts 4.3).
 *
 * Two stores: `active` is what is in effect until the next restart, `persistent` is what every restart brings back. What is
 * added to or deleted from the persistent store takes effect at once as well: administrators' recipes add a persistent
 * exclusion and count on it without a restart (SQL Server, WinNAT).
 *
 * ONE REASON FOR EACH ERROR, which netsh prints as the system's text. add and delete: ERROR_INVALID_PARAMETER (port 0, no
 * ports, past port 65535), ERROR_ELEVATION_REQUIRED or ERROR_ACCESS_DENIED for a process without the privilege (Q101);
 * nobody has said which of the two kinds comes first. add: ERROR_NOT_ENOUGH_MEMORY (our tables are full, or the
 * machine is out of it); ERROR_SHARING_VIOLATION for a port in use (Q33), a reservation (Q95), another exclusion (Q94).
 * delete: ERROR_ACCESS_DENIED for a range without netsh's mark (Q98, Q100), ERROR_NOT_FOUND or another for what is not
 * there (Q96), and for a part (Q97). show cannot fail: of what netsh lists it tells the one row that has the port, as 8
 * bytes: enum netsh_row (2), first port (2), ports (4), little-endian. */
#ifndef RESERVOIR_STACK_PORTS_NETSH_H
#define RESERVOIR_STACK_PORTS_NETSH_H

#include "stack/system/context.h"

void call_netsh_add_excludedportrange(struct context *context);
void call_netsh_delete_excludedportrange(struct context *context);
void call_netsh_show_excludedportrange(struct context *context);

#endif
