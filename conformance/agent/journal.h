/* The journal of what scenarios made on a machine, as text and as what it says. Knows nothing of Windows: persistent.c keeps
 * it in a file.
 *
 * A line is written before, or as soon as, what it says comes true; what the lines say together is which blocks this
 * journal answers for:
 *   +tcp 20000 4     a persistent reservation is about to be made: it is ours, to be deleted at the end of its scenario
 *   -tcp 20000 4     it is gone, or was never made
 *   +tcp-exclusion 20000 4, -tcp-exclusion 20000 4     likewise netsh's exclusion, in whichever of its stores
 *   +tcp-ports 20000 4   ports of a scenario that stops for a restart: its own until it is resumed
 *   left MARK        all that is ours stays on the machine for a scenario that goes on after a restart
 *   back MARK        what was left under this mark is ours again
 * A last line without its end was not followed by anything and counts for nothing; neither does a line that says nothing
 * of these. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_JOURNAL_H
#define RESERVOIR_CONFORMANCE_AGENT_JOURNAL_H

#include <stdbool.h>

#include "conformance/agent/boot_mark.h"

enum { JOURNAL_BLOCKS_MAX = 256, JOURNAL_LINE_MAX = 96 };

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
    unsigned count;
    struct journal_row {
        struct journal_block block;
        char mark[RESTART_MARK_MAX + 1]; /* under which it was left; "": it is ours */
    } rows[JOURNAL_BLOCKS_MAX];
};

/* Follows all lines of a journal. */
void journal_read(struct journal *journal, const char *bytes);

/* Its kind and protocol as the journal has them: tcp, udp, tcp-exclusion, tcp-ports... */
const char *journal_block_kind(const struct journal_block *block);

/* Lines, with their end. `sign` is '+' or '-'; `verb` is `left` or `back`. */
void journal_print_block(char sign, const struct journal_block *block, char line[JOURNAL_LINE_MAX]);
void journal_print_mark(const char *verb, const char *mark, char line[JOURNAL_LINE_MAX]);

/* Is this very block ours? */
bool journal_owns(const struct journal *journal, const struct journal_block *block);

/* Was anything left under this mark? */
bool journal_left_under(const struct journal *journal, const char *mark);

/* Is a port of this range in a block that was left, of whatever kind and protocol? */
bool journal_left_meets(const struct journal *journal, unsigned first, unsigned count);

/* What the four kinds of line do. journal_add: false when there is no room. journal_remove: only what is ours. */
bool journal_add(struct journal *journal, const struct journal_block *block);
void journal_remove(struct journal *journal, const struct journal_block *block);
void journal_leave(struct journal *journal, const char *mark);
void journal_take_back(struct journal *journal, const char *mark);

/* How many blocks are ours; ours[i] is the index of the i-th one's row. */
unsigned journal_ours(const struct journal *journal, unsigned ours[JOURNAL_BLOCKS_MAX]);

#endif
