/* `reservoir show`: one scenario, clause, reading, fact or client in full. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/number.h"
#include "conformance/citations/citations.h"
#include "conformance/language/printer.h"
#include "conformance/runner/scenario_set.h"
#include "conformance/verdicts/verdict.h"
#include "reports/catalogue/answer_lists.h"
#include "reports/catalogue/clause_shown.h"
#include "reports/catalogue/data.h"
#include "reports/catalogue/show_error.h"
#include "reports/catalogue/show_facts.h"
#include "reports/catalogue/show_function.h"
#include "reports/catalogue/translations.h"
#include "reports/commands/commands.h"
#include "reports/commands/options.h"
#include "reports/commands/place.h"
#include "reports/formats/terminal.h"
#include "stack/call/signature.h"
#include "stack/readings.h"

struct show_options {
    const char *scenarios, *words[2];
    unsigned words_count;
};

/* clang-format off */
static const struct option_row option_rows[] = {
    { .kind = OPTION_TITLE, .help = "What" },
    { .kind = OPTION_WORD, .name = "clause", .help = "a statement of the page: ASC-02" },
    { .kind = OPTION_WORD, .name = "reading", .help = "an open question with its candidates: Q38" },
    { .kind = OPTION_WORD, .name = "fact", .help = "what is known, its kind of evidence and where it was seen: W22, T8.2.1" },
    { .kind = OPTION_WORD, .name = "table", .help = "all rows of a documented table or all notes of a chapter: 8.2, N4.3" },
    { .kind = OPTION_WORD, .name = "client", .help = "a program that is cited by name: msquic" },
    { .kind = OPTION_WORD, .name = "error", .help = "who answers it to which call, and the clauses about it; by its name or number: WSAEOPNOTSUPP, eacces, 0xC00000BB" },
    { .kind = OPTION_WORD, .name = "function", .help = "how a scenario calls it, where Windows has it, and who answered it how: WSASend" },
    { .kind = OPTION_WORD, .name = "verdict", .help = "what a run means by it: inconclusive" },
    { .kind = OPTION_WORD, .name = "scenario", .help = "its text: associate/after-bind" },
    { .kind = OPTION_TITLE, .help = "Options" },
    { .kind = OPTION_TEXT, .name = "--scenarios", .value = "DIR", .member = offsetof(struct show_options, scenarios),
      .offer = OFFER_FOLDERS, .help = "the tree of scenarios; when not said, the one that `reservoir help` describes" },
};
/* clang-format on */

static const struct thing *find_thing(const char *name);

static int take_word(void *target, struct options *options, const char *word) {
    struct show_options *show = target;
    if (show->words_count == 2) return options_wrong(options, "one thing at a time, not %s as well", word);
    if (show->words_count == 1 && find_thing(show->words[0]) == NULL)
        return options_no_word(options, "kind", show->words[0]);
    show->words[show->words_count++] = word;
    return 0;
}

const struct command command_show_is = {
    .name = "show",
    .synopsis = "[WHAT] ID [--scenarios DIR]",
    .summary = "one clause, reading, fact, table, client, error, function or scenario in full",
    .description =
        "Prints everything about one of them, and which scenarios are about it. Of a clause or a reading also what each profile and each "
        "host with recorded traces answered; `reservoir help list` says how that is to be read.\n"
        "Upper and lower case are the same, except in the name of a scenario. What kind of thing it is can be left out where the name shows it.",
    .rows = option_rows,
    .rows_count = sizeof option_rows / sizeof option_rows[0],
    .examples =
        "reservoir show clause ASC-02\nreservoir show reading Q38\nreservoir show W22\nreservoir show table 8.2\n"
        "reservoir show client msquic\nreservoir show error WSAEOPNOTSUPP\nreservoir show function bind\n"
        "reservoir show scenario associate/after-bind",
    .status = "0; 2 wrong usage, or there is no such thing.",
    .take_word = take_word,
    .run = command_show,
};

static void add_clause(const struct data *data, const struct clause *clause, struct text *out) {
    const struct source source = { .kind = SOURCE_CLAUSE, .text = clause->id };
    struct answers answers = { .count = 0 };
    text_add(out, "%s  (%s)\n", clause->id, clause->section);
    text_add_wrapped(out, "  ", clause->statement);
    if (strcmp(clause->contradicted, "-") != 0) text_add(out, "  see also  %s\n", clause->contradicted);
    text_add(out, "  %s\n", clause->decidable);
    add_planned(data, clause->id, out);
    text_add(out, "  answers\n");
    answers_read_about(&answers, &data->set, data->folder, &source);
    add_clause_answers(&answers, clause->id, out);
    struct text shown = { 0 };
    add_clause_shown(&answers, data, clause, &shown);
    if (shown.length > 0) text_add(out, "  shown\n%s", shown.bytes);
    text_free(&shown);
    answers_free(&answers);
    add_translations(clause, out);
    show_citing(data, &source, out);
}

static int show_clause(const char *folder, const char *id, struct text *out) {
    struct data data = { .folder = NULL };
    const struct clause *clause = clause_named(id);
    if (clause == NULL) return show_missing("clause", id, clause_nearest(id, strlen(id)));
    bool good = data_read_scenarios(&data, folder);
    good &= data_read_planned(&data, folder);
    add_clause(&data, clause, out);
    data_free(&data);
    return good ? 0 : 2;
}

static void add_reading(const struct reading *reading, struct text *out) {
    text_add(out, "Q%u  %s\n", (unsigned)reading->question, reading->title);
    for (unsigned i = 0; i < reading->candidates_count; i++) {
        text_add(out, "  %c  %s", 'a' + i, reading->candidates[i]);
        if (i == reading->documented) text_add(out, "  [documented]");
        if (i == reading->lean) text_add(out, "  [windows: %s]", provenance_name((enum provenance)reading->provenance));
        text_add(out, "\n");
    }
    if (!reading->modelled) text_add(out, "  not modelled\n");
    text_add_wrapped(out, "  ", reading->note);
}

static void add_what_was_answered(const struct data *data, const struct reading *reading, struct text *out) {
    const struct source source = { .kind = SOURCE_READING, .number = reading->question };
    struct answers answers = { .count = 0 };
    char name[8];
    snprintf(name, sizeof name, "Q%u", (unsigned)reading->question);
    add_planned(data, name, out);
    text_add(out, "  answers\n");
    answers_read_about(&answers, &data->set, data->folder, &source);
    add_reading_answers(&answers, reading, out);
    answers_free(&answers);
}

/* Q38, q38, 38 */
static int show_reading(const char *folder, const char *id, struct text *out) {
    struct data data = { .folder = NULL };
    const char *digits = id[0] == 'Q' || id[0] == 'q' ? id + 1 : id;
    uint64_t number = 0;
    const struct reading *reading =
        number_read(digits, QUESTION_LAST, &number) ? reading_of((enum question)number) : NULL;
    if (reading == NULL) {
        errors_say("reservoir show: there is no reading %s; `reservoir list readings` has them all\n", id);
        return 2;
    }
    bool good = data_read_scenarios(&data, folder);
    good &= data_read_planned(&data, folder);
    add_reading(reading, out);
    add_what_was_answered(&data, reading, out);
    show_citing(&data, &(struct source){ .kind = SOURCE_READING, .number = reading->question }, out);
    data_free(&data);
    return good ? 0 : 2;
}

static int show_verdict(const char *folder, const char *id, struct text *out) {
    (void)folder;
    for (unsigned i = 0; i < VERDICTS_COUNT; i++) {
        if (!words_are_alike(verdict_name((enum verdict)i), id)) continue;
        text_add(out, "%s\n  %s\n", verdict_name((enum verdict)i), verdict_meaning((enum verdict)i));
        return 0;
    }
    return show_missing("verdict", id, NULL);
}

static int show_scenario(const char *folder, const char *id, struct text *out) {
    struct scenario_set set = { .count = 0 };
    place_add_named(&set, folder, id);
    if (set.errors.length > 0) errors_say("reservoir show: %s", set.errors.bytes);
    for (size_t i = 0; i < set.count; i++) {
        text_add(out, "%s# %s\n", i == 0 ? "" : "\n", set.files[i].path);
        scenario_print(set.files[i].scenario, out);
    }
    int status = set.broken_count == 0 ? 0 : 2;
    scenario_set_free(&set);
    return status;
}

struct thing {
    const char *name, *example;
    int (*show)(const char *folder, const char *id, struct text *out);
};

/* clang-format off */
static const struct thing things[] = {
    { "clause", "ASC-02", show_clause },   { "reading", "Q38", show_reading },         { "fact", "W22", show_fact },
    { "table", "8.2", show_table },        { "client", "msquic", show_client },        { "error", "WSAEACCES", show_error },
    { "function", "bind", show_function }, { "verdict", "inconclusive", show_verdict }, { "scenario", "after-bind", show_scenario },
};
/* clang-format on */

static const struct thing *find_thing(const char *name) {
    for (unsigned i = 0; i < sizeof things / sizeof things[0]; i++)
        if (words_are_alike(things[i].name, name)) return &things[i];
    return NULL;
}

/* What a lone word is, by its form: ASC-02, Q38, W22, T8.2, msquic, WSASend, WSAEINVAL, 10022, after-bind. */
static const char *kind_of(const char *id) {
    size_t letters = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    if (verdict_named(id, (unsigned)strlen(id)) != VERDICTS_COUNT) return "verdict";
    if (clause_named(id) != NULL) return "clause";
    if (client_named(id) != NULL) return "client";
    if (function_is_named(id) || function_is_known(id, (unsigned)strlen(id))) return "function";
    if (letters == 1 && strchr("Qq", id[0]) != NULL) return "reading";
    if (letters == 1 && strchr("FNRTWfnrtw", id[0]) != NULL) return "fact";
    if (letters == 0 || error_is_named(id) || strchr(id, '_') != NULL || words_begin_alike(id, "WSA")) return "error";
    if (strchr(id, '/') == NULL && clause_nearest(id, strlen(id)) != NULL) return "clause";
    if (strchr(id, '/') == NULL && client_nearest(id, strlen(id)) != NULL) return "client";
    return "scenario";
}

int command_show(int count, char **arguments) {
    const struct options words = { .command = &command_show_is };
    struct show_options options = { .words_count = 0 };
    struct text out = { 0 };
    int status = options_read(&command_show_is, &options, count, arguments);
    if (status != 0) return status < 0 ? 0 : status;
    if (options.words_count == 0) return options_wrong(&words, "show what? for example: reservoir show reading Q38");
    const struct thing *thing = find_thing(options.words[0]);
    if (thing != NULL && options.words_count < 2)
        return options_wrong(&words, "which %s? for example: reservoir show %s %s", thing->name, thing->name,
                             thing->example);
    if (thing == NULL) thing = find_thing(kind_of(options.words[0]));
    const char *id = options.words[options.words_count - 1];
    status = thing->show(options.scenarios == NULL ? place_of_scenarios() : options.scenarios, id, &out);
    if (out.length > 0) output_print(&out);
    text_free(&out);
    return status;
}
