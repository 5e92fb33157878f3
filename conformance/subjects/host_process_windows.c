/* On Windows the agent runs by itself (`agent.exe run DIR --record OUT`) and its traces are judged; driving a host
 * through a pipe is not offered there. */
#include "conformance/base/reason.h"
#include "conformance/subjects/host_process.h"

#include <assert.h>
#include <stdio.h>

static const char no_hosts[] = "a host cannot be driven from Windows; let agent.exe record traces and judge these";

struct host_process *host_process_start(const char *command, struct reason *reason) {
    assert(command != NULL && reason != NULL);
    reason_set(reason, "%s", no_hosts);
    return NULL;
}

bool host_process_send(struct host_process *host, const char *bytes, size_t length, unsigned limit_ms,
                       struct reason *reason) {
    (void)host, (void)bytes, (void)length, (void)limit_ms;
    reason_set(reason, "%s", no_hosts);
    return false;
}

const char *host_process_line(struct host_process *host, unsigned limit_ms, struct reason *reason) {
    (void)host, (void)limit_ms;
    reason_set(reason, "%s", no_hosts);
    return NULL;
}

bool host_process_ended(const struct host_process *host) {
    (void)host;
    return true;
}

void host_process_end(struct host_process *host, unsigned grace_ms) { (void)host, (void)grace_ms; }

bool host_command_run(const char *command, struct reason *reason) {
    (void)command;
    reason_set(reason, "%s", no_hosts);
    return false;
}
