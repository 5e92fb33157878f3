#define _POSIX_C_SOURCE 200809L

#include "conformance/agent/system/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/number.h"

bool registry_is_there(void) { return getenv("SYSTEM_REGISTRY") != NULL; }

bool registry_number(enum registry_key key, const char *name, uint32_t *value) {
    char line[256];
    bool found = false;
    size_t length = strlen(name);
    FILE *file = registry_is_there() ? fopen(getenv("SYSTEM_REGISTRY"), "r") : NULL;
    (void)key; /* no name stands in both */
    while (file != NULL && !found && fgets(line, sizeof line, file) != NULL) {
        uint64_t number = 0;
        line[strcspn(line, "\n")] = '\0';
        found = strncmp(line, name, length) == 0 && line[length] == ' ' &&
                number_read(line + length + 1, UINT32_MAX, &number);
        if (found) *value = (uint32_t)number;
    }
    if (file != NULL) fclose(file);
    return found;
}
