/* The checks of privilege, with the questions that the pages leave open about them.
 *
 * Table T11.3 (DOC: a page says so, INF: inferred). `persistent` is what Create, Delete and ASSOCIATE of a
 * persistent token ask for; Lookup asks for nothing, or for the same (Q66, the business of its caller); `runtime` is
 * what ASSOCIATE of a runtime token asks for; ACQUIRE and RELEASE ask for nothing.
 *
 *   caller                                                persistent           runtime
 *   standard user                                         no (DOC)             yes; no with Q87=b
 *   member of Administrators, filtered token              no (DOC)             yes; no with Q87=b
 *   member of Administrators, elevated, manifest          yes (DOC)            yes
 *     requireAdministrator
 *   the same, elevated without that manifest              yes; no with Q86=b   yes; no with Q86=b and Q87=b
 *   built-in Administrator, FilterAdministratorToken=0    yes (DOC)            yes
 *   the same with 1, not elevated                         no (INF)             yes; no with Q87=b
 *   member of Administrators, EnableLUA=0                 yes (INF)            yes
 *   LocalSystem                                           yes (INF)            yes
 *   elevated thread that impersonates a standard user     no; yes with Q90=b   yes; no with Q87=b and Q90=a
 *   a process without a named account                     not known: asked once (CHOICE_ACCOUNT), yes on the ordinary
 *   machine */
#ifndef RESERVOIR_STACK_SYSTEM_PRIVILEGE_H
#define RESERVOIR_STACK_SYSTEM_PRIVILEGE_H

#include <stdbool.h>

#include "stack/system/context.h"
#include "stack/system/security.h"

/* May the calling thread create, delete and associate persistent reservations? REM-22..26; Q86, Q90. A caller that gets
 * `no` fails with ERROR_ACCESS_DENIED or WSAEACCES. */
bool may_use_persistent(struct context *context);

/* May the calling thread associate runtime reservations? Q87. */
bool may_use_runtime(struct context *context);

/* May a netsh that the calling process runs change excluded port ranges? It is a program of its own, with the process's
 * token: what the thread impersonates does not reach it, nor does Q86, which is about the pages of the functions. */
bool may_run_netsh(struct context *context);

/* May the calling process start a program with this manifest? Otherwise ERROR_ELEVATION_REQUIRED. */
bool may_start(struct context *context, enum manifest manifest);

#endif
