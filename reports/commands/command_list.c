#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/language/expand.h"
#include "conformance/language/parser.h"
#include "conformance/player/trace_file.h"
#include "conformance/runner/scenario_set.h"
#include "conformance/verdicts/deviations.h"
#include "reports/catalogue/answer_lists.h"
#include "reports/catalogue/data.h"
#include "reports/commands/commands.h"
#include "reports/commands/options.h"
#include "stack/errors.h"

static const char help[] =
    "reservoir list [scenarios|clauses|readings|errors|profiles|hosts] [--scenarios DIR]\n"
    "\n"
    "Prints a table; scenarios when nothing is said. `reservoir show` tells more of one row.\n"
    "\n"
    "  scenarios   each with its runs (instances of its variants), steps and title\n"
    "  clauses     each with its scenarios, and of the steps that cite it how many conform / deviate / do not decide, by the\n"
    "              model under each profile, and by the recorded traces of each host (DIR/hosts/NAME/traces)\n"
    "  readings    each open question with its scenarios; of each profile the candidate and what the model then answers; of\n"
    "              each host the candidates that are left when all its traces are judged: a, a|c, open (all of them), none\n"
    "              (its traces contradict each other). A trace counts up to its first deviation.\n"
    "  errors      each with its value and meaning\n"
    "  profiles    each with what it answers\n"
    "  hosts       each with what its traces say of it, how many they are, and its recorded deviations\n"
    "\n"
    "What has no scenario is followed by why: the part of the work that it is planned for, or why no run can decide it.\n"
    "\n"
    "  --scenarios DIR   the tree of scenarios (scenarios)\n"
    "\n"
    "Examples:\n"
    "  reservoir list\n"
    "  reservoir list readings\n"
    "  reservoir list clauses\n"
    "\n"
    "Exit status: 0; 2 wrong usage, or a broken scenario or file of deviations.\n";

static const char *const known[] = { "--scenarios", "--help", NULL };

/* --- tables ------------------------------------------------------------------------------------------------------ */

static bool list_scenarios(const char *folder, struct text *out) {
    struct data data = { .folder = NULL };
    bool good = data_read_scenarios(&data, folder);
    text_add(out, "%-38s  %4s  %5s  %s\n", "scenario", "runs", "steps", "title");
    for (size_t i = 0; i < data.set.count; i++) {
        const struct scenario_file *file = &data.set.files[i];
        text_add(out, "%-38s  %4u  %5u  %s\n", file->id, scenario_instances_count(file->scenario), (unsigned)file->scenario->steps_count,
                 file->scenario->title == NULL ? "" : file->scenario->title);
    }
    data_free(&data);
    return good;
}

static bool list_errors(const char *folder, struct text *out) {
    static const char *const families[] = { "Winsock", "Win32", "NTSTATUS" };
    unsigned count = 0;
    (void)folder;
    const struct error_row *rows = error_rows(&count);
    text_add(out, "%-34s  %10s  %-8s  %s\n", "error", "value", "kind", "meaning");
    for (unsigned i = 0; i < count; i++) {
        char value[16];
        assert(rows[i].family <= ERROR_FAMILY_STATUS);
        snprintf(value, sizeof value, rows[i].family == ERROR_FAMILY_STATUS ? "0x%08X" : "%u", (unsigned)rows[i].value);
        text_add(out, "%-34s  %10s  %s", rows[i].name, value, families[rows[i].family]);
        if (rows[i].meaning[0] != '\0') text_add(out, "%*s  %s", 8 - (int)strlen(families[rows[i].family]), "", rows[i].meaning);
        text_add(out, "\n");
    }
    return true;
}

static bool list_profiles(const char *folder, struct text *out) {
    (void)folder;
    text_add(out, "%-12s  %s\n", "profile", "what it answers");
    text_add(out, "%-12s  %s\n", "documented", "the page read literally; the likeliest candidate where it is silent");
    text_add(out, "%-12s  %s\n", "windows", "what has been observed, what programs rely on, or else what is likeliest");
    text_add(out, "%-12s  %s\n", "any", "nothing: every reading is open, and the seed or the judge decides");
    return true;
}

/* What the first trace says of who answered. Its date is that trace's alone. */
static void add_facts(const struct path_list *traces, struct text *out) {
    static struct language_error error; /* large */
    bool any = false;
    struct scenario *trace = traces->count > 0 ? scenario_parse_file(traces->paths[0], &error) : NULL;
    for (uint32_t i = 0; trace != NULL && i < trace->facts_count; i++) {
        const struct key_value *fact = &trace->facts[i];
        if (strcmp(fact->key, "date") == 0) continue;
        text_add(out, "%s%s %s", any ? ", " : "    ", fact->key, fact->value);
        any = true;
    }
    if (any) text_add(out, "\n");
    scenario_free(trace);
}

/* False, having told why, when its deviations cannot be read. */
static bool read_deviations(const char *path, struct deviations *deviations) {
    static struct language_error error; /* large */
    if (path_kind_of(path) != PATH_FILE || deviations_read(deviations, path, &error)) return true;
    struct text message = { 0 };
    language_error_print(&error, &message);
    fputs(message.bytes, stderr);
    text_free(&message);
    return false;
}

static bool add_host(const char *folder, const char *name, struct text *out) {
    char path[FOLDER_PATH_MAX], trouble[FOLDER_PATH_MAX];
    struct deviations deviations = { .rules_count = 0 };
    struct path_list traces = { 0 };
    unsigned unreviewed = 0;
    snprintf(path, sizeof path, "%s/hosts/%s/deviations", folder, name);
    bool good = read_deviations(path, &deviations);
    for (uint32_t i = 0; i < deviations.rules_count; i++) unreviewed += !deviations.rules[i].reviewed;
    snprintf(path, sizeof path, "%s/hosts/%s/traces", folder, name);
    if (path_kind_of(path) == PATH_FOLDER) folder_find(path, ".trace", &traces, trouble);
    path_list_sort(&traces);
    text_add(out, "%-20s  %6u  %10u  %10u\n", name, (unsigned)traces.count, (unsigned)deviations.rules_count, unreviewed);
    add_facts(&traces, out);
    path_list_free(&traces);
    deviations_free(&deviations);
    return good;
}

static bool list_hosts(const char *folder, struct text *out) {
    char path[FOLDER_PATH_MAX];
    struct path_list hosts = { 0 };
    snprintf(path, sizeof path, "%s/hosts", folder);
    folder_children(path, &hosts);
    text_add(out, "%-20s  %6s  %10s  %10s\n", "host", "traces", "deviations", "unreviewed");
    bool good = true;
    for (size_t i = 0; i < hosts.count; i++) good &= add_host(folder, hosts.paths[i], out);
    path_list_free(&hosts);
    return good;
}

/* --- the command --------------------------------------------------------------------------------------------------- */

struct list { const char *name; bool (*print)(const char *folder, struct text *out); };

static const struct list lists[] = {
    { "scenarios", list_scenarios }, { "clauses", list_clauses }, { "readings", list_readings },
    { "errors", list_errors }, { "profiles", list_profiles }, { "hosts", list_hosts },
};

static const struct list *find_list(const char *name) {
    assert(name != NULL);
    for (unsigned i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (strcmp(lists[i].name, name) == 0) return &lists[i];
    }
    return NULL;
}

int command_list(int count, char **arguments) {
    struct options options = { .command = "list", .help = help, .count = count, .arguments = arguments };
    const char *folder = "scenarios", *what = NULL;
    struct text out = { 0 };
    while (options_next(&options)) {
        if (options_helped(&options)) return 0;
        if (options_is(&options, "--scenarios")) {
            if ((folder = options_value(&options)) == NULL) return 2;
        } else if (options.is_option) {
            return options_unknown(&options, known);
        } else if (what != NULL) {
            return options_wrong(&options, "one table at a time");
        } else {
            what = options.word;
        }
    }
    const struct list *list = find_list(what == NULL ? "scenarios" : what);
    if (list == NULL) return options_wrong(&options, "no table %s; expected scenarios, clauses, readings, errors, profiles or hosts", what);
    bool good = list->print(folder, &out);
    fputs(out.bytes, stdout);
    text_free(&out);
    return good ? 0 : 2;
}
