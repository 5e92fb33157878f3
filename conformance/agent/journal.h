/* The journal of what scenarios made on a machine, as text and as what it says. Knows nothing of Windows: persistent.c
 * keeps it in a file.
 *
 * A line is written before, or as soon as, what it says comes true; what the lines say together is which blocks this
 * journal answers for:
 *   machine WORD     the head: on which machine all this is; of another one nothing here is true
 *   boot MARK        what follows was made since this boot of it (boot_mark.h)
 *   +tcp 20000 4     a persistent reservation is about to be made: it is ours, to be deleted at the end of its scenario
 *   -tcp 20000 4     it is gone, or was never made: proved, not supposed
 *   +tcp-exclusion 20000 4, -tcp-exclusion 20000 4     likewise netsh's exclusion, in whichever of its stores
 *   +tcp-ports 20000 4   ports of a scenario that stops for a restart: its own until it is resumed
 *   left MARK        all that is ours stays on the machine for a scenario that is resumed after a restart
 *   back MARK        what was left under this mark is ours again
 * A last line without its end was not followed by anything and counts for nothing, nor does a line that was cut short
 * before another was written (JOURNAL_TORN_END). Any other line makes the text no journal: what it answers for is
 * unknown then. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_JOURNAL_H
#define RESERVOIR_CONFORMANCE_AGENT_JOURNAL_H

#include <stdbool.h>

#include "conformance/agent/boot_mark.h"

enum { JOURNAL_BLOCKS_MAX = 256, JOURNAL_LINE_MAX = 96, JOURNAL_MACHINE_MAX = 64 };

/* Behind a line that was cut short before another is written: it makes a line that says nothing of every beginning of
 * one. */
#define JOURNAL_TORN_END " ? ?\n"

enum journal_kind { JOURNAL_RESERVATION, JOURNAL_EXCLUSION, JOURNAL_PORTS, JOURNAL_KINDS_COUNT };

struct journal_block {
    unsigned kind;     /* enum journal_kind */
    unsigned protocol; /* 0 tcp, 1 udp */
    unsigned first, count;
};

/* Zero-initialise. */
struct journal {
    char machine[JOURNAL_MACHINE_MAX + 1]; /* "": it has no head */
    char boot[RESTART_MARK_MAX + 1];       /* the newest; "": none is named */
    unsigned count;
    struct journal_row {
        struct journal_block block;
        char mark[RESTART_MARK_MAX + 1]; /* under which it was left; "": it is ours */
    } rows[JOURNAL_BLOCKS_MAX];
};

/* Follows all lines of a journal. 0, or the number of the first line that is none of a journal's: then what was read
 * says nothing. A block before the head is such a line. */
unsigned journal_read(struct journal *journal, const char *bytes);

/* Its kind and protocol as the journal has them: tcp, udp, tcp-exclusion, tcp-ports... */
const char *journal_block_kind(const struct journal_block *block);

/* Lines, with their end. `sign` is '+' or '-'; `verb` is `machine`, `boot`, `left` or `back`, with a word of printable
 * characters. */
void journal_print_block(char sign, const struct journal_block *block, char line[JOURNAL_LINE_MAX]);
void journal_print_mark(const char *verb, const char *mark, char line[JOURNAL_LINE_MAX]);

/* Is this very block ours? */
bool journal_owns(const struct journal *journal, const struct journal_block *block);

/* Does all of this range of ports lie in one exclusion or reservation of this protocol that is ours? */
bool journal_covers(const struct journal *journal, unsigned protocol, unsigned first, unsigned last);

/* Was anything left under this mark? */
bool journal_left_under(const struct journal *journal, const char *mark);

/* Is a port of this range in any block of the journal, left or ours, of whatever kind and protocol? */
bool journal_meets(const struct journal *journal, unsigned first, unsigned count);

/* What the four kinds of line do. journal_add: false when there is no room. journal_remove: only what is ours. */
bool journal_add(struct journal *journal, const struct journal_block *block);
void journal_remove(struct journal *journal, const struct journal_block *block);
void journal_leave(struct journal *journal, const char *mark);
void journal_take_back(struct journal *journal, const char *mark);

/* How many blocks are ours; ours[i] is the index of the i-th one's row. */
unsigned journal_ours(const struct journal *journal, unsigned ours[JOURNAL_BLOCKS_MAX]);

#endif
