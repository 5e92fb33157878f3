/* Which scenarios listen where other machines can reach. Windows Firewall asks the user about a program that does so,
 * and keeps a rule for the program's path whatever is answered: the one thing that a run can leave which no journal
 * names. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_LISTENS_H
#define RESERVOIR_CONFORMANCE_AGENT_LISTENS_H

#include <stdbool.h>

#include "conformance/base/reason.h"
#include "conformance/language/tree.h"

/* Does this expanded scenario bind another address than a loopback one, and listen or receive datagrams? What cannot be
 * known before it is played, such as an address that a call stores, counts as another one. */
bool listens_widely(const struct scenario *scenario);

/* From now on scenarios that do are not played. */
void listens_loopback_only(void);

/* Can it be played? False: `reason` says why not. */
bool listens_allow(const struct scenario *scenario, struct reason *reason);

#endif
