/* `reservoir list`: scenarios, clauses, readings and the other things that can be listed. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/language/expand.h"
#include "conformance/language/parser.h"
#include "conformance/player/trace_file.h"
#include "conformance/runner/scenario_set.h"
#include "conformance/verdicts/deviations.h"
#include "conformance/verdicts/verdict.h"
#include "conformance/subjects/trace_shelf.h"
#include "reports/catalogue/answer_lists.h"
#include "reports/catalogue/data.h"
#include "reports/catalogue/function_list.h"
#include "reports/catalogue/known_lists.h"
#include "reports/catalogue/show_facts.h"
#include "reports/catalogue/translations.h"
#include "reports/commands/commands.h"
#include "reports/commands/options.h"
#include "reports/commands/place.h"
#include "reports/formats/terminal.h"
#include "stack/errors.h"

struct list_options {
    const char *scenarios, *what;
};

/* clang-format off */
static const struct option_row option_rows[] = {
    { .kind = OPTION_TITLE, .help = "Tables" },
    { .kind = OPTION_WORD, .name = "scenarios", .help = "each with its runs (instances of its variants), steps and title" },
    { .kind = OPTION_WORD, .name = "clauses",
      .help = "each with its scenarios, and of the steps that cite it how many conform / deviate / do not decide, by the model under "
              "each profile, and by the recorded traces of each host (DIR/hosts/NAME/traces)" },
    { .kind = OPTION_WORD, .name = "translations",
      .help = "where the page in other languages says something else, and the scenario that refutes it" },
    { .kind = OPTION_WORD, .name = "readings",
      .help = "each open question with its scenarios; of each profile the candidate and what the model then answers; of each host the "
              "candidates that are left when all its traces are judged: a, a|c, open (all of them), none (its traces contradict each "
              "other). A trace counts up to its first deviation" },
    { .kind = OPTION_WORD, .name = "facts",
      .help = "what is known of Windows, each with its kind of evidence and its scenarios, or why there is none" },
    { .kind = OPTION_WORD, .name = "clients", .help = "programs that scenarios cite, each with how many do" },
    { .kind = OPTION_WORD, .name = "functions",
      .help = "those that scenarios can call: where Windows has them, by which ordinal, and which of a provider's they are" },
    { .kind = OPTION_WORD, .name = "codes", .help = "the control codes of Windows, and which are modelled" },
    { .kind = OPTION_WORD, .name = "options", .help = "the socket options of Windows, which are modelled, and for which sockets" },
    { .kind = OPTION_WORD, .name = "errors", .help = "each with its value and meaning" },
    { .kind = OPTION_WORD, .name = "verdicts", .help = "what a run says of a scenario, from the best to the worst, and which fail it" },
    { .kind = OPTION_WORD, .name = "profiles", .help = "each with what it answers" },
    { .kind = OPTION_WORD, .name = "hosts", .help = "each with what its traces say of it, how many they are, and its recorded deviations" },
    { .kind = OPTION_TITLE, .help = "Options" },
    { .kind = OPTION_TEXT, .name = "--scenarios", .value = "DIR", .member = offsetof(struct list_options, scenarios),
      .offer = OFFER_FOLDERS, .help = "the tree of scenarios; when not said, the one that `reservoir help` describes" },
};
/* clang-format on */

static int take_table(void *target, struct options *options, const char *word) {
    struct list_options *list = target;
    if (list->what != NULL) return options_wrong(options, "one table at a time, not %s as well", word);
    if (command_word(&command_list_is, word) == NULL) return options_no_word(options, "table", word);
    list->what = word;
    return 0;
}

const struct command command_list_is = {
    .name = "list",
    .synopsis = "[TABLE] [--scenarios DIR]",
    .summary =
        "scenarios, clauses, translations, readings, facts, clients, functions, codes, options, errors, verdicts",
    .description =
        "Prints a table; scenarios when nothing is said. `reservoir show` says more about one row.\n"
        "What has no scenario is followed by why: the part of the work that it is planned for, or why no run can decide it.",
    .rows = option_rows,
    .rows_count = sizeof option_rows / sizeof option_rows[0],
    .examples = "reservoir list\nreservoir list readings\nreservoir list clauses",
    .status = "0; 2 wrong usage, or a broken scenario or file of deviations.",
    .take_word = take_table,
    .run = command_list,
};

/* --- tables ------------------------------------------------------------------------------------------------------ */

static bool list_scenarios(const char *folder, struct text *out) {
    struct data data = { .folder = NULL };
    bool good = data_read_scenarios(&data, folder);
    text_add(out, "%-38s  %4s  %5s  %s\n", "scenario", "runs", "steps", "title");
    for (size_t i = 0; i < data.set.count; i++) {
        const struct scenario_file *file = &data.set.files[i];
        text_add(out, "%-38s  %4u  %5u  %s\n", file->id, scenario_instances_count(file->scenario),
                 (unsigned)file->scenario->steps_count, file->scenario->title == NULL ? "" : file->scenario->title);
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
        if (rows[i].meaning[0] != '\0')
            text_add(out, "%*s  %s", 8 - (int)strlen(families[rows[i].family]), "", rows[i].meaning);
        text_add(out, "\n");
    }
    return true;
}

static bool list_verdicts(const char *folder, struct text *out) {
    (void)folder;
    text_add(out, "%-18s  %-11s  %s\n", "verdict", "exit status", "what it means");
    for (unsigned i = 0; i < VERDICTS_COUNT; i++) {
        unsigned counts[VERDICTS_COUNT] = { 0 };
        counts[i] = 1;
        text_add(out, "%-18s  %-11d  %s\n", verdict_name((enum verdict)i), verdict_exit_status(counts, 0),
                 verdict_meaning((enum verdict)i));
    }
    text_add(out, "\nA scenario's verdict is the worst of its steps. --fail-on makes others fail a run too.\n");
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

/* What the first trace says of who answered. Its date is only the trace's. */
static void add_facts(const struct trace_shelf *shelf, const struct path_list *ids, struct text *out) {
    struct reason ignored;
    bool any = false, broken = false;
    struct scenario *trace = ids->count > 0 ? trace_shelf_parse(shelf, ids->paths[0], &broken, &ignored) : NULL;
    for (uint32_t i = 0; trace != NULL && i < trace->facts_count; i++) {
        const struct key_value *fact = &trace->facts[i];
        if (strcmp(fact->key, "date") == 0) continue;
        text_add(out, "%s%s %s", any ? ", " : "    ", fact->key, fact->value);
        any = true;
    }
    if (any) text_add(out, "\n");
    scenario_free(trace);
}

/* False, having said why, when its deviations cannot be read. */
static bool read_deviations(const char *path, struct deviations *deviations) {
    struct language_error error;
    if (path_kind_of(path) != PATH_FILE || deviations_read(deviations, path, &error)) return true;
    language_error_complain(&error);
    return false;
}

static bool add_host(const char *folder, const char *name, struct text *out) {
    char path[FOLDER_PATH_MAX], trouble[FOLDER_PATH_MAX];
    struct deviations deviations = { .rules_count = 0 };
    struct path_list ids = { 0 };
    struct trace_shelf shelf = { .arena = NULL };
    struct reason reason;
    unsigned unreviewed = 0;
    snprintf(path, sizeof path, "%s/hosts/%s/deviations", folder, name);
    bool good = read_deviations(path, &deviations);
    for (uint32_t i = 0; i < deviations.rules_count; i++) unreviewed += !deviations.rules[i].reviewed;
    snprintf(path, sizeof path, "%s/hosts/%s/traces", folder, name);
    if (!trace_shelf_open(&shelf, path, &reason)) {
        errors_say("reservoir list: %s\n", reason.text);
        good = false;
    }
    if (path_kind_of(path) == PATH_FOLDER) trace_shelf_list(&shelf, &ids, trouble);
    text_add(out, "%-20s  %6u  %10u  %10u\n", name, (unsigned)ids.count, (unsigned)deviations.rules_count, unreviewed);
    add_facts(&shelf, &ids, out);
    path_list_free(&ids);
    trace_shelf_free(&shelf);
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

/* --- the command -------------------------------------------------------------------------------------------------- */

struct list {
    const char *name;
    bool (*print)(const char *folder, struct text *out);
};

/* clang-format off */
static const struct list lists[] = {
    { "scenarios", list_scenarios }, { "clauses", list_clauses }, { "translations", list_translations },
    { "readings", list_readings },   { "facts", list_facts },     { "clients", list_clients },
    { "errors", list_errors },       { "verdicts", list_verdicts }, { "profiles", list_profiles },
    { "hosts", list_hosts },         { "functions", list_functions },
    { "codes", list_codes },         { "options", list_options },
};
/* clang-format on */

static const struct list *find_list(const char *name) {
    unsigned i = 0;
    assert(name != NULL);
    while (strcmp(lists[i].name, name) != 0) i++; /* the table of options has no other */
    return &lists[i];
}

int command_list(int count, char **arguments) {
    struct list_options options = { .what = NULL };
    struct text out = { 0 };
    int status = options_read(&command_list_is, &options, count, arguments);
    if (status != 0) return status < 0 ? 0 : status;
    const struct list *list = find_list(options.what == NULL ? "scenarios" : options.what);
    bool good = list->print(options.scenarios == NULL ? place_of_scenarios() : options.scenarios, &out);
    output_print(&out);
    text_free(&out);
    return good ? 0 : 2;
}
