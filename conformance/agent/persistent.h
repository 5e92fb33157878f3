/* Persistent reservations on a real machine: nothing that a run creates stays, and nothing else is touched.
 *
 * What a scenario creates is noted in a journal (journal.h) before it is created, when Lookup has said that it is not
 * there; so a note never names a block of another program. Blocks are deleted when their scenario ends, on Ctrl-C, and,
 * after a crash, at the next start with the same journal; the file goes with the last block. A Delete that would hit a
 * block which is there and not ours is not made. Only a scenario that waits for a restart of the machine leaves its
 * blocks there, under the mark with which it is resumed. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_PERSISTENT_H
#define RESERVOIR_CONFORMANCE_AGENT_PERSISTENT_H

#include "conformance/agent/functions.h"
#include "conformance/base/reason.h"
#include "stack/call/call.h"

/* From now on every call that would change the machine for good is refused (`--read-only`). */
void persistent_read_only(void);

/* Keeps the journal in this file (UTF-8), deletes what it names from a run that crashed, and watches for Ctrl-C. Once,
 * at the start. */
void persistent_keep_journal(const struct windows_functions *functions, const char *path);

/* Can the scenario be played here? False: `reason` says which function is missing or not
 * allowed. */
bool persistent_allow(const struct windows_functions *functions, const struct scenario *scenario, struct reason *reason);

/* A scenario begins or goes on: reads the journal anew. Agents for several accounts may share one, and take turns. */
void persistent_begin(void);

/* Before a call is made, by whichever process. False: it must not be made; `reason` says why. */
bool persistent_before(const struct call *call, struct reason *reason);

/* After it has returned: `succeeded` says whether with NO_ERROR. Not after an exception in it: then it is unknown, and
 * the note stays. */
void persistent_after(const struct call *call, bool succeeded);

/* A scenario is over: what it made is deleted. */
void persistent_clean(void);

/* Or it stopped for a restart: what it made stays, under this mark (boot_mark.h), and no other scenario gets the ports
 * of its `ports` lines (ports_first; NULL when an earlier stop has noted them). Where the journal cannot be written it
 * is deleted all the same. */
void persistent_leave(const struct scenario *scenario, const uint16_t *ports_first, const char *mark);

/* It goes on: what was left under this mark is to be deleted at its end. False, with nothing changed: `reason` says
 * why, such as a journal that knows nothing of that stop. */
bool persistent_take_back(const struct scenario *scenario, const char *mark, struct reason *reason);

/* Is a port of this range one of a stopped scenario's: of a block that it left, or of its `ports` lines? */
bool persistent_left_meets(unsigned first, unsigned count);

#endif
