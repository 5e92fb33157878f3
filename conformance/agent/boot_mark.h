/* A word that tells one boot of a machine from the others, and one stop of a scenario from the others.
 *
 * Windows tells when it booted and how long it has been up. Neither is enough: the first may move with the clock, for
 * all that Windows says how far it was set; the second says nothing once the machine has been up for longer than it was
 * then. Together they do. A shutdown with fast startup hibernates the kernel: the machine has not restarted then, and
 * its uptime continues, as it should. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_BOOT_MARK_H
#define RESERVOIR_CONFORMANCE_AGENT_BOOT_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include "conformance/player/restart_mark.h"

enum { CLOCK_SET_MS = 30000 }; /* by no more than this a moved time of boot is a clock that was set right */

/* When a machine booted. */
struct boot {
    uint64_t booted_ms; /* since 1970, as its clock had it then */
    uint64_t uptime_ms;
    bool exact; /* nothing can move booted_ms: every difference is another boot */
};

/* The word for this boot and this stop: printable, no blanks. `stop` differs between two stops in one boot. */
void boot_mark_print(const struct boot *boot, uint64_t stop, char mark[RESTART_MARK_MAX + 1]);

/* Has the machine restarted since the mark was made? Answers BOOT_MARK_FOREIGN for a word that is none of ours. */
enum boot_mark_answer { BOOT_MARK_SAME, BOOT_MARK_RESTARTED, BOOT_MARK_FOREIGN };
enum boot_mark_answer boot_mark_ask(const char *mark, const struct boot *now);

#endif
