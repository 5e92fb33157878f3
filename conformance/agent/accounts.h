/* Who the agent is, whom it can stand for, and its programs of other manifest levels.
 *
 * An agent has one account and one token. A scenario that names accounts is played as it is where they fit: the
 * runner's --host-as sends it to the agent of that account. With `--approximate` an agent stands for others as well: an
 * elevated one with its own token for whoever has Administrators enabled, and with a restricted token (Administrators
 * for denying only, no privileges, medium integrity) for a standard user and for a member's filtered token. That is
 * close to the real thing and not the same: the user stays who it is. The host block says which of the two an agent
 * does. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_ACCOUNTS_H
#define RESERVOIR_CONFORMANCE_AGENT_ACCOUNTS_H

#include "conformance/agent/system/windows_headers.h"
#include "conformance/base/reason.h"
#include "conformance/language/tree.h"

#include <stdbool.h>

/* The agent's own account, and whether Administrators is enabled in its token. Found out once. */
struct own_account {
    enum account_kind kind;
    bool administrators_enabled;
    bool unknown; /* its token cannot be read: the other two say nothing */
};
const struct own_account *accounts_own(void);

/* Standing for others is allowed from now on. */
void accounts_approximate(void);
bool accounts_are_approximated(void);

/* Can the processes and the impersonation of this expanded scenario be played here? False: `reason` names
 * the line that cannot. */
bool accounts_allow(const struct scenario *scenario, struct reason *reason);

/* How a process of an allowed scenario is to be started. */
struct account_start {
    enum manifest manifest;
    bool restricted; /* with accounts_restricted_token() */
};
struct account_start accounts_start_of(const struct scenario *scenario, unsigned process);

/* Can the agent make its own token without Administrators and privileges, at medium integrity? */
bool accounts_have_restricted_token(void);

/* Does the agent's program with this manifest stand beside the one that runs? */
bool accounts_program_is_there(enum manifest manifest);

/* For accounts.c: finds out the agent's account. For tests: it is this one from now on. */
void accounts_find_own(struct own_account *own);
void accounts_assume(const struct own_account *assumed);

/* --- on Windows only ---------------------------------------------------------------------------------------------- */

/* That token; NULL when it cannot be made. Made once, never closed. */
HANDLE accounts_restricted_token(void);

/* The path of that program. False when it is too long. */
bool accounts_program(enum manifest manifest, WCHAR path[MAX_PATH]);

/* What the language calls CreateProcess and ImpersonateLoggedOnUser, by Windows' own: the child that
 * program_start_offer() has offered, or with 0 a program of this manifest that ends at once; the stand-in for the logon
 * token of an account of this kind. TRUE, or FALSE and a last error. */
BOOL WINAPI agent_CreateProcess(uint64_t child, BOOL inherits, uint32_t manifest);
BOOL WINAPI agent_ImpersonateLoggedOnUser(uint64_t kind);

#endif
