/* Where a run takes place and why: what every report for machines states. No date and no name of a machine or person,
 * so that two runs of the same program at the same place report the same bytes. */
#ifndef RESERVOIR_REPORTS_ENVIRONMENT_H
#define RESERVOIR_REPORTS_ENVIRONMENT_H

#include "conformance/base/reason.h"
#include <stdint.h>

struct environment {
    char system[128];  /* Linux 6.1.0, Windows 10.0.22621 */
    char machine[64];  /* x86_64 */
    char compiler[96]; /* that built this program: gcc 12.2.0, 64 bits */
};

void environment_find(struct environment *environment);

/* Fills `system` and `machine`: one of them for each kind of system. */
void environment_find_system(struct environment *environment);

/* A clock that only runs forward, in microseconds from any start; of durations. One for each kind of system. */
uint64_t environment_clock_us(void);

/* What a CI service says in the environment variables of a run; NULL for what it does not. */
struct ci_service {
    const char *ci;    /* CI: "true" where there is one */
    const char *event; /* what started the run: push, schedule */
};

/* From CI, and from what GitHub, Gitea (GITHUB_EVENT_NAME) and GitLab (CI_PIPELINE_SOURCE) call the event. */
struct ci_service ci_service_find(void);

/* The reason of a run: what was `said` (NULL: nothing was), else `CI` with the event, else `by hand`. A longer text is
 * cut. */
void run_reason(const char *said, const struct ci_service *service, struct reason *reason);

#endif
