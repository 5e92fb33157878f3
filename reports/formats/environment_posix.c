#include <assert.h>
#include <stdio.h>
#include <sys/utsname.h>

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
