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

/* What the machine says of a block. Only CHANGE_ABSENT is proof that it is gone. */
enum change_presence {
    /* Lookup says ERROR_NOT_FOUND; whole listings of both stores have no row with the mark that meets it */
    CHANGE_ABSENT,
    CHANGE_THERE, /* the very block; of an exclusion at least a part, and no row with the mark that reaches beyond it */
    CHANGE_BEYOND,  /* a row with the mark meets the exclusion and reaches beyond it: whose that is is unknown */
    CHANGE_MISSING, /* the function that would say so is missing, and with it those that make and delete */
    CHANGE_UNKNOWN  /* no answer that can be read */
};
enum change_presence change_look_up(const struct windows_functions *functions, const struct journal_block *block);

/* Deletes the block where it is CHANGE_THERE: of an exclusion every row with the mark that lies in it. Says what is the
 * case then, whatever the deletion answered. */
enum change_presence change_undo(const struct windows_functions *functions, const struct journal_block *block);

/* The rows of both stores, with the mark or without, that meet an exclusion. False: unknown. */
enum { CHANGE_ROWS_MAX = 128 };
bool change_lists(const struct windows_functions *functions, const struct journal_block *block,
                  struct host_exclusion rows[CHANGE_ROWS_MAX], unsigned *count);

#endif
