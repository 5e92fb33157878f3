/* Persistent reservations on a real machine: nothing that a run creates stays, and nothing else is touched.
 *
 *  1. What a scenario creates is noted in a journal (journal_file.h) before it is created, when the machine has said
 *     that nothing is there; so a note never names what another program made.
 *  2. An entry is closed on proof alone: Lookup says that the block is not there, or whole listings lack it. A call
 *     that failed is none, silence is none, and of a call that has not returned nothing is.
 *  3. Only what the machine shows as ours is deleted: a block that is noted, a row with netsh's mark that lies in one.
 *
 * Blocks are deleted when their scenario ends, on Ctrl-C, and, after a crash, at the next start with the same journal.
 * A deletion that could hit anything else is not made. Only a scenario that waits for a restart of the machine leaves
 * its blocks there, under the mark with which it is resumed. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_PERSISTENT_H
#define RESERVOIR_CONFORMANCE_AGENT_PERSISTENT_H

#include "conformance/agent/functions.h"
#include "conformance/base/reason.h"
#include "stack/call/call.h"

/* From now on every call that would change the machine for good is refused (`--read-only`). */
void persistent_read_only(void);

/* The scenario of this name, with its variant or without, may ask to delete what is not its own; others that do are not
 * played. False: there are too many. The name is kept. */
bool persistent_by_name(const char *name);

/* Keeps the journal in this file (UTF-8), deletes what it names from a run that crashed, and watches for Ctrl-C. Once,
 * at the start. False, with nothing done, when the journal cannot be read or is not ours; `reason` says why. */
bool persistent_keep_journal(const struct windows_functions *functions, const char *path, struct reason *reason);

/* Instead of a journal, for who only looks: persistent_allow() answers as if one were kept. No file is made or read,
 * and no scenario may begin. */
void persistent_look_only(const struct windows_functions *functions);

/* Does one of these steps make or delete what outlives the scenario? */
bool persistent_changes(const struct step *steps, uint32_t count);

/* Can the scenario be played here? False: `reason` says which function is missing or not
 * allowed. */
bool persistent_allow(const struct windows_functions *functions, const struct scenario *scenario,
                      struct reason *reason);

/* A scenario begins or resumes: waits for its turn and reads the journal anew. False: it must not be played. */
bool persistent_begin(const struct scenario *scenario, struct reason *reason);

/* It has ended, been left or refused: another agent may have its turn. Harmless without a beginning. */
void persistent_end(void);

/* Before a call is made, by whichever process. False: it must not be made; `reason` says why. */
bool persistent_before(const struct call *call, struct reason *reason);

/* The call that this thread made has ended. Not to be said of one that is still under way. */
enum persistent_end {
    PERSISTENT_SUCCEEDED,
    PERSISTENT_FAILED,
    PERSISTENT_UNKNOWN /* a fault, a death, words without sense */
};
void persistent_after(unsigned thread, enum persistent_end end);

/* A scenario is over: what it made is deleted. */
void persistent_clean(void);

/* The program is about to end, wherever it is: what is ours is deleted, and nothing is made any more. */
void persistent_stop(void);

/* Or it stopped for a restart: what it made stays, under this mark (boot_mark.h), and no other scenario gets the ports
 * of its `ports` lines (ports_first; NULL when an earlier stop has noted them). Where the journal cannot be written it
 * is deleted all the same. */
void persistent_leave(const struct scenario *scenario, const uint16_t *ports_first, const char *mark);

/* It is resumed: what was left under this mark is to be deleted at its end. False, with nothing changed: `reason` says
 * why, such as a journal that knows nothing of that stop. */
bool persistent_take_back(const struct scenario *scenario, const char *mark, struct reason *reason);

/* Is a port of this range in any block that the journal names, or of a stopped scenario's `ports` lines? */
bool persistent_meets(unsigned first, unsigned count);

/* At the end: names on standard error whatever the journal still answers for, each with what removes it. True: there
 * is. */
bool persistent_tell_remains(void);

#endif
