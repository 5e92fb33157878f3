/* The options of `reservoir resume`: its own, and what the recording keeps of those of the run. */
#ifndef RESERVOIR_REPORTS_RESUME_OPTIONS_H
#define RESERVOIR_REPORTS_RESUME_OPTIONS_H

#include "reports/commands/run_options.h"

struct resume_options {
    const char *folder;     /* of the recording */
    struct path_list words; /* that the recording keeps; `run` points into them */
};

/* Reads the words, then what DIR/resume keeps of the run where they say nothing else. `run` becomes what it is for a
 * run on the host alone that is recorded in the folder. 0, or 2 having complained; -1 after --help. Free both. */
int resume_options_read(struct resume_options *resume, struct run_options *run, int count, char **arguments);
void resume_options_free(struct resume_options *resume);

#endif
