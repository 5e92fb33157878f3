/* The word under which a scenario stops for a restart of a machine, and is resumed. The agent on that machine chooses
 * it (agent/boot_mark.h); the recording keeps it. */
#ifndef RESERVOIR_CONFORMANCE_RESTART_MARK_H
#define RESERVOIR_CONFORMANCE_RESTART_MARK_H

#include <stdbool.h>

enum { RESTART_MARK_MAX = 64 };

/* Printable, without blanks, not empty, at most RESTART_MARK_MAX bytes. */
bool restart_mark_is_good(const char *mark);

#endif
