/* A run of many scenarios on the model, played by several processes. The result is the same as from one.
 *
 * The instances of a run are divided into parts, one after the other. The first is played by the run itself; each other
 * by a process that reports which instances conform, and the run takes these as played when it comes to them. Whatever
 * else an instance did, the run plays it again itself, so that its record is whole; so it does with all that a process
 * has not reported, because it died or could not be had. */
#ifndef RESERVOIR_REPORTS_RUN_AHEAD_H
#define RESERVOIR_REPORTS_RUN_AHEAD_H

#include "conformance/runner/runner.h"

struct run_ahead;

/* Starts the processes, at most `jobs` with this one, and makes the plan ask them. NULL, and nothing is changed, where
 * that would not pay or not be the same: the run is small, is to end after some failures, has another subject than the
 * model, or needs the steps of what conforms. The plan and the set are borrowed until run_ahead_end(). */
struct run_ahead *run_ahead_begin(struct run_plan *plan, const struct scenario_set *set, unsigned jobs);
void run_ahead_end(struct run_ahead *ahead); /* NULL is allowed */

#endif
