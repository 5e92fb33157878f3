/* What a run would do on this machine, and what it may not, without doing it. No file is made, no journal opened, no
 * call made that a scenario makes; netsh is asked to show, and one socket is opened and closed to learn whether the
 * provider has the three codes. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_CHECK_H
#define RESERVOIR_CONFORMANCE_AGENT_CHECK_H

#include <stdbool.h>

#include "conformance/agent/functions.h"

struct check {
    const struct windows_functions *functions;
    const char *folder;  /* of scenarios; NULL: only the machine is described */
    const char *journal; /* that a run would keep; NULL: its path cannot be had */
    bool restarts;       /* scenarios that restart the machine would be played */
};

/* Says it all on standard output. Returns the exit status: 0; 2 when a scenario cannot be read, or there is none, or a
 * run would not begin. */
int check_run(const struct check *check);

#endif
