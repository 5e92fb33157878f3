#include "reports/environment.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void environment_find(struct environment *environment) {
    assert(environment != NULL);
    memset(environment, 0, sizeof *environment);
    environment_find_system(environment);
#if defined(__clang__)
    const char *family = "clang", *version = __clang_version__;
#elif defined(__GNUC__)
    const char *family = "gcc", *version = __VERSION__;
#else
    const char *family = "an unknown compiler", *version = "";
#endif
    int version_length = (int)strcspn(version, " "); /* clang adds a blank, distributions more */
    snprintf(environment->compiler, sizeof environment->compiler, "%s %.*s, %u bits", family, version_length, version,
             (unsigned)sizeof(void *) * 8);
    assert(environment->system[0] != '\0');
}

void run_reason(const char *said, char *reason) {
    /* What GitHub, Gitea and GitLab call the event that started a run. */
    static const char *const events[] = { "GITHUB_EVENT_NAME", "CI_PIPELINE_SOURCE" };
    const char *ci = getenv("CI"), *event = NULL;
    assert(reason != NULL);
    if (said != NULL) {
        snprintf(reason, RUN_REASON_MAX, "%s", said);
        return;
    }
    if (ci == NULL || (strcmp(ci, "true") != 0 && strcmp(ci, "1") != 0)) {
        snprintf(reason, RUN_REASON_MAX, "by hand");
        return;
    }
    for (unsigned i = 0; i < sizeof events / sizeof events[0] && event == NULL; i++) event = getenv(events[i]);
    bool named = event != NULL && event[0] != '\0';
    snprintf(reason, RUN_REASON_MAX, "CI%s%s", named ? ": " : "", named ? event : "");
}
