/* What netsh says about ports on a real Windows. Its words are translated in each edition, its numbers are not: only
 * those are read. An answer without numbers is no answer, whatever the exit status. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_NETSH_H
#define RESERVOIR_CONFORMANCE_AGENT_NETSH_H

#include "conformance/agent/host_facts.h"

/* `netsh int ipv4 show dynamicport`. False when it does not tell. */
bool netsh_dynamic_range(enum transport transport, uint32_t *first, uint32_t *last);

/* `netsh int ipv4 show excludedportrange`, of one of its stores: at most `room` of them. False when it does not tell, or has
 * more. May be called by several threads. */
bool netsh_exclusions(enum transport transport, enum netsh_store store, struct host_exclusion *out, unsigned room, unsigned *count);

/* The two readers of its text, which know nothing of processes. */
bool netsh_read_dynamic_range(const char *text, uint32_t *first, uint32_t *last);
bool netsh_read_exclusions(const char *text, enum transport transport, struct host_exclusion *out, unsigned room,
                           unsigned *count);

#endif
