#include "reports/formats/environment.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/reason.h"

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

struct ci_service ci_service_find(void) {
    struct ci_service service = { getenv("CI"), getenv("GITHUB_EVENT_NAME") };
    if (service.event == NULL) service.event = getenv("CI_PIPELINE_SOURCE");
    return service;
}

void run_reason(const char *said, const struct ci_service *service, struct reason *reason) {
    assert(service != NULL && reason != NULL);
    bool is_ci = service->ci != NULL && (strcmp(service->ci, "true") == 0 || strcmp(service->ci, "1") == 0);
    bool named = service->event != NULL && service->event[0] != '\0';
    if (said != NULL) reason_set(reason, "%s", said);
    else if (!is_ci) reason_set(reason, "by hand");
    else reason_set(reason, "CI%s%s", named ? ": " : "", named ? service->event : "");
}
