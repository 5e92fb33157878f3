#include "conformance/language/process_line.h"

#include <assert.h>
#include <string.h>

enum manifest process_line_manifest(const struct process_line *line) {
    if (line->manifest == NULL || strcmp(line->manifest, "asInvoker") == 0) return MANIFEST_AS_INVOKER;
    bool highest = strcmp(line->manifest, "highestAvailable") == 0;
    assert(highest || strcmp(line->manifest, "requireAdministrator") == 0);
    return highest ? MANIFEST_HIGHEST_AVAILABLE : MANIFEST_REQUIRE_ADMINISTRATOR;
}

unsigned process_line_startup(const struct process_line *line) {
    assert(line->startup != NULL);
    if (strcmp(line->startup, "none") == 0) return 0;
    return strcmp(line->startup, "1.1") == 0 ? 0x0101 : 0x0202;
}

int process_parent(const struct scenario *scenario, unsigned process) {
    assert(process < scenario->processes_count);
    const char *parent = scenario->processes[process].parent;
    for (unsigned i = 0; parent != NULL && i < process; i++)
        if (strcmp(scenario->processes[i].name, parent) == 0) return (int)i;
    assert(parent == NULL); /* the parser has seen it above */
    return NO_NAME;
}

unsigned process_ancestor(const struct scenario *scenario, unsigned process) {
    int parent = process_parent(scenario, process);
    while (parent != NO_NAME) {
        process = (unsigned)parent;
        parent = process_parent(scenario, process);
    }
    return process;
}

unsigned process_main_thread(const struct scenario *scenario, unsigned process) {
    for (uint32_t i = 0; i < scenario->threads_count; i++)
        if (scenario->threads[i].is_main && scenario->threads[i].process == (int)process) return i;
    assert(!"every process has a main thread");
    return 0;
}
