/* The agent alone: plays all scenarios below a folder and records their traces. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_RUN_H
#define RESERVOIR_CONFORMANCE_AGENT_RUN_H

#include "conformance/agent/native_host.h"

/* What is said of a scenario that restarts the machine when that is not asked for. */
#define RUN_RESTARTS_ONLY_WHEN_ASKED "it restarts the machine, and what it makes stays meanwhile: --restarts plays it"

enum run_mode {
    RUN_ALL,
    RUN_RESUMED, /* only what stopped for a restart, from there on; its trace is completed, and the old one stays until
                      the new one is whole */
    RUN_ABANDONED, /* only what stopped so: what it left is deleted, and its trace says that it was given up */
    RUN_MODES_NONE,
};

/* Plays every *.scn below `folder` in order of name, but first those that folder/first.txt names, and writes one trace
 * an instance below `out`, line by line as the answers come, so that what was recorded stays when something dies. A
 * scenario stops at its `reboot`; without `restarts` one that has any is not begun, since what it makes would stay.
 * Says what it does on standard output. Returns the exit status: 0; 2 when nothing was found or something broke. */
int run(struct native_host *host, const char *folder, const char *out, enum run_mode mode, bool restarts);

#endif
