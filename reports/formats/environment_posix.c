#define _POSIX_C_SOURCE 200809L /* clock_gettime */

#include <assert.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <time.h>

#include "reports/formats/environment.h"

void environment_find_system(struct environment *environment) {
    struct utsname name;
    assert(environment != NULL);
    if (uname(&name) < 0) {
        snprintf(environment->system, sizeof environment->system, "unknown");
        snprintf(environment->machine, sizeof environment->machine, "unknown");
        return;
    }
    snprintf(environment->system, sizeof environment->system, "%.40s %.80s", name.sysname, name.release);
    snprintf(environment->machine, sizeof environment->machine, "%.60s", name.machine);
}

uint64_t environment_clock_us(void) {
    struct timespec now = { .tv_sec = 0 };
    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* every system that we know has it */
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}
