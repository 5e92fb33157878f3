#include "reports/catalogue/data.h"
#include "reports/formats/terminal.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/runner/scenario_set.h"

enum { WRAP_COLUMNS = 100 };

bool data_read_scenarios(struct data *data, const char *folder) {
    assert(data != NULL && folder != NULL);
    data->folder = folder;
    scenario_set_add(&data->set, folder);
    errors_print(&data->set.errors);
    return data->set.broken_count == 0;
}

bool data_read_planned(struct data *data, const char *folder) {
    struct language_error error;
    char path[FOLDER_PATH_MAX];
    assert(data != NULL && folder != NULL);
    snprintf(path, sizeof path, "%s/planned.tsv", folder);
    if (catalogue_read_planned(&data->catalogue, path, &error)) return true;
    language_error_complain(&error);
    return false;
}

void data_free(struct data *data) {
    assert(data != NULL);
    scenario_set_free(&data->set);
    catalogue_free(&data->catalogue);
}

unsigned data_add_citing(const struct data *data, const struct source *source, const char *separator,
                         struct text *out) {
    unsigned count = 0;
    assert(data != NULL && source != NULL && separator != NULL);
    for (size_t i = 0; i < data->set.count; i++) {
        const struct scenario_file *file = &data->set.files[i];
        if (!scenario_cites(file->scenario, source)) continue;
        if (out != NULL) text_add(out, "%s%s", separator, file->id);
        count++;
    }
    return count;
}

void text_add_wrapped(struct text *out, const char *indent, const char *text) {
    size_t column = 0;
    assert(out != NULL && indent != NULL && text != NULL);
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        if (column > 0 && column + 1 + length > WRAP_COLUMNS) {
            text_add(out, "\n");
            column = 0;
        }
        text_add(out, "%s%.*s", column == 0 ? indent : " ", (int)length, text);
        column += length + (column == 0 ? strlen(indent) : 1);
        text += length;
        while (*text == ' ') text++;
    }
    if (column > 0) text_add(out, "\n");
}
