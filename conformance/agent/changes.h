/* Calls that change a machine for longer than they last: persistent reservations, and netsh's exclusions. What each of
 * them makes or takes away, whether that is there, and how it is taken away again.
 *
 * The agent asks and deletes as itself (AGENT_PROCESS), not as a process of the scenario. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_CHANGES_H
#define RESERVOIR_CONFORMANCE_AGENT_CHANGES_H

#include "conformance/agent/functions.h"
#include "conformance/agent/journal.h"
#include "stack/call/call.h"

enum change_verb { CHANGE_NONE, CHANGE_MAKE, CHANGE_DELETE };

/* Does a function make or delete something? */
enum change_verb change_verb_of(unsigned function);

/* What a call of such a function (asserted) makes or deletes, whatever its arguments are. */
struct journal_block change_block_of(const struct call *call);

/* NO_ERROR: the block is there. ERROR_NOT_FOUND: it is not. Anything else: unknown. */
ULONG change_look_up(const struct windows_functions *functions, const struct journal_block *block);

/* NO_ERROR; ERROR_NOT_FOUND: it was not there; else why it is there still. */
ULONG change_undo(const struct windows_functions *functions, const struct journal_block *block);

#endif
