/* The agent alone: plays all scenarios below a folder and records their traces. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_RUN_H
#define RESERVOIR_CONFORMANCE_AGENT_RUN_H

#include "conformance/agent/native_host.h"

/* Plays every *.scn below `folder` in order of name and writes one trace an instance below `out`, line by line as the
 * answers come, so that what was recorded stays when something dies. A scenario stops at its `reboot`; with `resumes` only
 * those are played, from there on, whose traces below `out` stopped so, and their traces completed: the old one stays until
 * the new one is whole. Says what it does on standard output. Returns the exit status: 0; 2 when nothing was found or
 * something broke. */
int run(struct native_host *host, const char *folder, const char *out, bool resumes);

#endif
