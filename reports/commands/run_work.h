/* What `reservoir run` and `reservoir resume` have in common: from options to a plan, and from a record to reports.
 * Messages go to standard error and begin with `reservoir COMMAND:`. */
#ifndef RESERVOIR_REPORTS_RUN_WORK_H
#define RESERVOIR_REPORTS_RUN_WORK_H

#include "conformance/runner/scenario_set.h"
#include "reports/commands/run_options.h"

/* Everything that one run holds. Zero-initialise, set the command's name; free with run_work_free. */
struct run_work {
    const char *command; /* run, resume */
    struct run_options options;
    unsigned player; /* which process of --agents this is (players.h); 0: the run itself, which alone complains */
    struct scenario_set set;
    struct run_plan plan;
    struct deviations deviations[SUBJECTS_MAX];
    struct run_record record;
};

/* Reads the scenarios that the options select. False, having said why, when none is left. */
bool run_work_select(struct run_work *work);

/* Makes the subjects and the plan. False, having said why. */
bool run_work_plan(struct run_work *work);

/* After the run: writes what --accept wants and the reports; returns the exit status. */
int run_work_finish(struct run_work *work);

void run_work_free(struct run_work *work);

#endif
