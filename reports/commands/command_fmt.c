#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/base/text.h"
#include "conformance/language/language_error.h"
#include "conformance/language/parser.h"
#include "conformance/language/printer.h"
#include "conformance/language/tree.h"
#include "reports/commands/commands.h"
#include "reports/commands/options.h"

static const char help[] =
    "reservoir fmt [--check] FILE...\n"
    "\n"
    "Brings scenarios and traces into the canonical layout, in place. A folder stands for all *.scn below it.\n"
    "Formatting twice is formatting once. A file that is in order is not touched.\n"
    "\n"
    "  --check   change nothing; name the files that would change, and end with status 1 if there are any\n"
    "\n"
    "Examples:\n"
    "  reservoir fmt scenarios/associate/after-bind.scn\n"
    "  reservoir fmt --check scenarios\n"
    "\n"
    "Exit status: 0; 1 with --check, when something would change; 2 a file that cannot be read, parsed or written.\n";

static const char *const known_options[] = { "--check", "--help", NULL };

struct formatting { bool check; unsigned changed, broken; };

static bool write_file(const char *path, const struct text *text) {
    FILE *file = fopen(path, "wb");
    if (file == NULL) return false;
    bool written = fwrite(text->bytes, 1, text->length, file) == text->length;
    return fclose(file) == 0 && written;
}

static void take_changed(struct formatting *formatting, const char *path, const struct text *text) {
    formatting->changed++;
    if (formatting->check) {
        printf("%s\n", path);
    } else if (write_file(path, text)) {
        printf("formatted %s\n", path);
    } else {
        fprintf(stderr, "%s: cannot write: %s\n", path, strerror(errno));
        formatting->broken++;
    }
}

static void format_file(struct formatting *formatting, const char *path) {
    static struct language_error error; /* large */
    size_t length = 0;
    struct text text = { 0 };
    assert(path != NULL);
    struct scenario *scenario = scenario_parse_file(path, &error);
    if (scenario == NULL) {
        language_error_print(&error, &text);
        fputs(text.bytes, stderr);
        formatting->broken++;
    } else {
        char *bytes = folder_read_file(path, FILE_BYTES_MAX, &length);
        scenario_print(scenario, &text);
        bool same = bytes != NULL && length == text.length && memcmp(bytes, text.bytes, length) == 0;
        if (!same) take_changed(formatting, path, &text);
        free(bytes);
    }
    scenario_free(scenario);
    text_free(&text);
}

static void format_folder(struct formatting *formatting, const char *path) {
    struct path_list list = { 0 };
    char trouble[FOLDER_PATH_MAX];
    if (!folder_find(path, ".scn", &list, trouble)) {
        fprintf(stderr, "%s: the folder cannot be read\n", trouble);
        formatting->broken++;
    } else if (list.count == 0) {
        fprintf(stderr, "%s: no scenario (*.scn) is in this folder or below it\n", path);
        formatting->broken++;
    }
    path_list_sort(&list);
    for (size_t i = 0; i < list.count; i++) format_file(formatting, list.paths[i]);
    path_list_free(&list);
}

int command_fmt(int count, char **arguments) {
    struct options options = { .command = "fmt", .help = help, .count = count, .arguments = arguments };
    struct formatting formatting = { .check = false };
    struct path_list paths = { 0 };
    int status = 0;
    while (status == 0 && options_next(&options)) {
        if (options_helped(&options)) return 0;
        if (!options.is_option) path_list_add(&paths, options.word);
        else if (options_is(&options, "--check")) formatting.check = true;
        else status = options_unknown(&options, known_options);
    }
    if (status == 0 && paths.count == 0) status = options_wrong(&options, "which files?");
    for (size_t i = 0; status == 0 && i < paths.count; i++) {
        if (path_kind_of(paths.paths[i]) == PATH_FOLDER) format_folder(&formatting, paths.paths[i]);
        else format_file(&formatting, paths.paths[i]);
    }
    path_list_free(&paths);
    if (status != 0 || formatting.broken > 0) return 2;
    return formatting.check && formatting.changed > 0 ? 1 : 0;
}
