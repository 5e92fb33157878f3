#include "reports/commands/provider_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/files.h"
#include "conformance/base/memory.h"
#include "conformance/base/program.h"

static bool find_agent(char path[FOLDER_PATH_MAX], struct reason *reason) {
    static const char *const places[] = { "agent-kernel", "../agent-kernel", "../share/reservoir/agent-kernel" };
    char program[FOLDER_PATH_MAX] = "";
    if (!program_path(program)) program[0] = '\0';
    size_t folder = (size_t)(path_base(program) - program);
    for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++) {
        int length = snprintf(path, FOLDER_PATH_MAX, "%.*s%s", (int)folder, program, places[i]);
        if (length > 0 && length < FOLDER_PATH_MAX && path_kind_of(path) == PATH_FILE) return true;
    }
    reason_set(reason, "the program agent-kernel is not beside this one; `make build/agent-kernel` makes it");
    return false;
}

char *provider_command(const char *file, struct reason *reason) {
    char agent[FOLDER_PATH_MAX], full[FOLDER_PATH_MAX], command[2 * FOLDER_PATH_MAX + 32];
    if (!find_agent(agent, reason)) return NULL;
    if (path_kind_of(file) != PATH_FILE || !path_full(file, full)) {
        reason_set(reason, "%.180s: there is no such file", file);
        return NULL;
    }
    if (strchr(full, '\'') != NULL || strchr(agent, '\'') != NULL) {
        reason_set(reason, "%.180s: a path with ' in it cannot be written on a command line", full);
        return NULL;
    }
    int length = snprintf(command, sizeof command, "'%s' --provider '%s'", agent, full);
    return memory_copy_text(command, (size_t)length);
}
