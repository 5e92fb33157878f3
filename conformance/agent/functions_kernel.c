/* The table where the system has no Windows in it: a provider in the place of ws2_32 (provider_door.h), over a kernel32
 * of our own (kernel_objects.h). Real time passes. What neither has is NULL: scenarios that call it are not played. */
#include "conformance/agent/functions.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/agent/host_facts.h"
#include "conformance/agent/kernel_objects.h"
#include "conformance/agent/provider_door.h"
#include "conformance/agent/provider_path.h"
#include "conformance/agent/system/process.h"
#include "conformance/agent/system/threads.h"

enum { NANOSECONDS_PER_MILLISECOND = 1000000 };

static void advance(uint64_t nanoseconds) {
    sleep_ms((uint32_t)((nanoseconds + NANOSECONDS_PER_MILLISECOND - 1) / NANOSECONDS_PER_MILLISECOND));
}

static struct boot boot(void) { return (struct boot){ .booted_ms = process_started_ms(), .exact = true }; }

static struct windows_functions table = {
    .threads_by_number = true,
    .begin = host_facts_allow,
    .end = kernel_objects_end,
    .process_starts = kernel_objects_process_starts,
    .process_ends = kernel_objects_process_ends,
    .thread_ends = kernel_objects_thread_ends,
    .enter = kernel_objects_enter,
    .event_state = kernel_objects_event_state,
    .advance = advance,
    .boot = boot,
};

const struct windows_functions *windows_functions(void) {
    struct reason reason = { "" };
    if (table.kind != NULL) return &table;
    kernel_objects_put(&table);
    const char *path = provider_path();
    if (path == NULL) reason_set(&reason, "this system has no Winsock of its own: --provider FILE names one");
    if (path == NULL || !provider_door_open(&table, path, &reason)) {
        fprintf(stderr, "agent: %s\n", reason.text);
        exit(2);
    }
    table.processes_apart = !table.processes_share_host;
    return &table;
}
