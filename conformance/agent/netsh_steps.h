/* netsh's commands as steps of a scenario on a real machine, run by the process that makes the call, with its token.
 *
 * netsh tells an error in words, in the language of its edition, and those are the system's own for that error: they
 * are compared with what the system says for each error that may come (netsh.h), in its own language and in English,
 * since the two programs may not speak the same. Words that are none of these are no answer. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_NETSH_STEPS_H
#define RESERVOIR_CONFORMANCE_AGENT_NETSH_STEPS_H

#include "conformance/agent/functions.h"
#include "conformance/agent/system/command.h"

/* Adds a range to a store (enum netsh_store), or deletes it. NO_ERROR, the error that netsh tells, or
 * NETSH_SAYS_NOTHING. */
ULONG WINAPI agent_netsh_add_excludedportrange(uint32_t protocol, unsigned first, unsigned count, unsigned store);
ULONG WINAPI agent_netsh_delete_excludedportrange(uint32_t protocol, unsigned first, unsigned count, unsigned store);

/* Of a netsh that has `succeeded`, by its exit status, NO_ERROR; of one that has not, the error whose words it has
 * said, of those that may come, with `says` for what the system says to each (system_says). NETSH_SAYS_NOTHING when
 * they are no such words, or those of two errors alike; or when it has succeeded with more than a line, or with an
 * error's words. */
ULONG netsh_steps_error(const char *said, bool succeeded,
                        bool (*says)(uint32_t error, enum system_words kind, char *text, size_t size));

/* What netsh said when last it said nothing that can be read, in this process: one line of UTF-8, "" before. */
const char *netsh_steps_words(void);

/* The row of netsh's listing that has the port, as NETSH_ROW_SIZE bytes. NO_ERROR, or NETSH_SAYS_NOTHING. The last
 * error stays as it was, with all three. */
ULONG WINAPI agent_netsh_show_excludedportrange(uint32_t protocol, unsigned port, unsigned store, uint8_t *row);

/* The dynamic range that netsh shows of a family (enum netsh_family), as NETSH_RANGE_SIZE bytes. NO_ERROR, or
 * NETSH_SAYS_NOTHING. The last error stays as it was. */
ULONG WINAPI agent_netsh_show_dynamicport(uint32_t protocol, unsigned family, unsigned store, uint8_t *range);

#endif
