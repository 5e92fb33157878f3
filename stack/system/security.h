/* Accounts, tokens and User Account Control: who a thread is, and whether Administrators is enabled in its token.
 *
 * Facts: an account has a kind, a process a token and a manifest, a thread may impersonate. Each stands where it
 * belongs (struct world, struct process, struct thread); the functions below are the only ones that change them. What
 * follows from table T11.1 (DOC: a page says so, INF: inferred):
 *
 *   account                            token at logon                          source
 *   standard user                      full: it has nothing to take away       DOC
 *   member of Administrators           filtered; full with EnableLUA=0         DOC
 *   built-in Administrator             full; filtered with EnableLUA=1 and     DOC
 *                                      FilterAdministratorToken=1
 *   LocalSystem                        full                                    INF
 *
 *   what starts                        from a filtered token                   from any other
 *   asInvoker                          inherits it (DOC)                       inherits it (DOC)
 *   highestAvailable                   ERROR_ELEVATION_REQUIRED (INF)          inherits it (INF)
 *   requireAdministrator               ERROR_ELEVATION_REQUIRED (DOC)          inherits it where Administrators is
 *                                                                              enabled, else ERROR_ELEVATION_REQUIRED
 *                                                                              (INF)
 *   anything, `run as administrator`   the full token (DOC)                    the same, where Administrators is
 *   enabled
 *
 * With EnableLUA=0 no manifest asks for anything, and no one has a filtered token (DOC).
 *
 * An account without a name (number 0) is whoever runs the scenario. What it may do is not known: privilege.h asks.
 *
 * INVARIANTS
 *   A1  The token and the manifest of a live process are of a known kind.
 *   A2  Only a process of an account that logs on with a filtered token has one.
 *   A3  Where EnableLUA=1, a process that requires an administrator has Administrators enabled, or has no named
 *   account.
 *   A4  A thread impersonates no one, or an account that the world knows.
 *
 * TRANSITIONS
 *   an account gets its kind        security_name_account
 *   the machine's UAC is set up     security_set_uac (before there is a process)
 *   a process gets its token        security_log_on (process_start), security_launch, security_inherit
 *   a thread impersonates, reverts  security_impersonate, security_revert */
#ifndef RESERVOIR_STACK_SYSTEM_SECURITY_H
#define RESERVOIR_STACK_SYSTEM_SECURITY_H

#include <stdbool.h>
#include <stdint.h>

struct world;

enum account_kind {
    ACCOUNT_UNNAMED,
    ACCOUNT_STANDARD_USER,
    ACCOUNT_ADMINISTRATOR, /* a member of Administrators other than the built-in one */
    ACCOUNT_BUILTIN_ADMINISTRATOR,
    ACCOUNT_LOCAL_SYSTEM,
};

enum token {
    TOKEN_FULL,
    TOKEN_FILTERED, /* Administrators is there for denying only */
};

enum manifest {
    MANIFEST_AS_INVOKER, /* also a program without a manifest */
    MANIFEST_HIGHEST_AVAILABLE,
    MANIFEST_REQUIRE_ADMINISTRATOR,
};

/* Account `account` (1..ACCOUNTS_MAX-1, not named before: asserted) is of this kind. */
void security_name_account(struct world *world, unsigned account, enum account_kind kind);

/* EnableLUA and FilterAdministratorToken. No process may be alive: both are read when the machine starts. */
void security_set_uac(struct world *world, bool enable_lua, bool filter_administrator_token);

/* The kind of an account; ACCOUNT_UNNAMED for one that the world does not know. */
enum account_kind security_account_kind(const struct world *world, unsigned account);

/* The token that an account's logon gives to its programs. */
enum token security_logon_token(const struct world *world, unsigned account);

/* A process that has just been made gets its account's logon token and the manifest asInvoker. */
void security_log_on(struct world *world, unsigned process);

/* The process's program, started by a program of the same account with the token that it has now, has this manifest;
 * `elevated`: it was started by `run as administrator` and the user consented. Returns 0; or ERROR_ELEVATION_REQUIRED,
 * and nothing has changed. */
uint32_t security_launch(struct world *world, unsigned process, enum manifest manifest, bool elevated);

/* The same for a program that an account with this token starts, before there is a process: 0 or
 * ERROR_ELEVATION_REQUIRED. */
uint32_t security_launch_error(const struct world *world, unsigned account, enum token token, enum manifest manifest,
                               bool elevated);

/* The process was started by a program of `parent` and has the token that parent has, not the one that a thread of it
 * acts with; its program has this manifest. To be asked before: security_launch_error. */
void security_inherit(struct world *world, unsigned process, unsigned parent, enum manifest manifest);

/* The thread acts with the logon token of a known account (asserted), or with its process's token again. */
void security_impersonate(struct world *world, unsigned thread, unsigned account);
void security_revert(struct world *world, unsigned thread);

/* Is Administrators enabled in the process's token? True for an account without a name. */
bool security_process_is_administrator(const struct world *world, unsigned process);

/* Is Administrators enabled in the thread's effective token: the one it impersonates with, else its process's? A check
 * of privilege asks privilege.h instead, which knows the open questions. */
bool security_is_administrator(const struct world *world, unsigned thread);

/* The account of the thread's effective token. */
unsigned security_effective_account(const struct world *world, unsigned thread);

/* The invariants A1-A4; NULL, or the text of the broken one. */
const char *security_check(const struct world *world);

#endif
