#include "reports/catalogue/numbered_reasons.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/reason.h"

unsigned number_of_reason(struct path_list *reasons, const char *reason) {
    char text[REASON_BYTES];
    assert(reasons != NULL && reason != NULL);
    const char *line = strstr(reason, ", line ");
    size_t length = line == NULL ? strlen(reason) : (size_t)(line - reason);
    snprintf(text, sizeof text, "%.*s", (int)length, reason);
    for (size_t i = 0; i < reasons->count; i++)
        if (strcmp(reasons->paths[i], text) == 0) return (unsigned)i + 1;
    path_list_add(reasons, text);
    return (unsigned)reasons->count;
}

void add_numbered_reasons(const struct path_list *reasons, const char *title, struct text *out) {
    if (reasons->count == 0) return;
    text_add(out, "\n%s\n", title);
    for (size_t i = 0; i < reasons->count; i++) text_add(out, "  (%u) %s\n", (unsigned)i + 1, reasons->paths[i]);
}
