/* `reservoir pack` and `reservoir add-host`: what a host answered, as one file, and into the tree of scenarios. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/bundle.h"
#include "reports/catalogue/answers.h"
#include "reports/catalogue/data.h"
#include "reports/commands/commands.h"
#include "reports/commands/host_folder.h"
#include "reports/commands/options.h"
#include "reports/commands/place.h"
#include "reports/formats/terminal.h"
#include "stack/readings.h"

/* --- pack --------------------------------------------------------------------------------------------------------- */

struct pack_options {
    const char *folder, *file;
};

static int take_pack_word(void *target, struct options *options, const char *word) {
    struct pack_options *pack = target;
    if (pack->file != NULL) return options_wrong(options, "one folder and one file; %s is a third", word);
    if (pack->folder == NULL) pack->folder = word;
    else pack->file = word;
    return 0;
}

const struct command command_pack_is = {
    .name = "pack",
    .synopsis = "FOLDER FILE",
    .summary = "a folder of traces as one file, to be sent",
    .description =
        "Writes all traces (*.trace) and texts (*.txt) below the folder into one text file, which `reservoir judge` and `reservoir "
        "add-host` take.",
    .examples = "reservoir pack traces result.reservoir",
    .status = "0; 2 wrong usage, or something cannot be read or written.",
    .take_word = take_pack_word,
    .run = command_pack,
};

int command_pack(int count, char **arguments) {
    static const char *const endings[] = { ".trace", ".txt", NULL };
    const struct options words = { .command = &command_pack_is };
    struct pack_options options = { .folder = NULL };
    struct reason reason = { "" };
    int status = options_read(&command_pack_is, &options, count, arguments);
    if (status != 0) return status < 0 ? 0 : status;
    if (options.file == NULL) return options_wrong(&words, "which folder, and into which file?");
    if (bundle_write(options.folder, endings, options.file, &reason)) return 0;
    errors_say("reservoir pack: %s\n", reason.text);
    return 2;
}

/* --- add-host ----------------------------------------------------------------------------------------------------- */

struct add_host_options {
    const char *result, *like, *name, *scenarios;
};

static int take_result(void *target, struct options *options, const char *word) {
    struct add_host_options *add = target;
    if (add->result != NULL) return options_wrong(options, "one result at a time; %s is a second", word);
    add->result = word;
    return 0;
}

#define MEMBER(name) .member = offsetof(struct add_host_options, name)

static const struct option_row rows[] = {
    { .kind = OPTION_TEXT,
      .name = "--like",
      .value = "HOST",
      MEMBER(like),
      .help =
          "a host of the tree that this one is a version of: it inherits that one's deviations, and only the traces whose words "
          "differ are kept" },
    { .kind = OPTION_TEXT,
      .name = "--name",
      .value = "NAME",
      MEMBER(name),
      .help = "of the host's folder; when not said, what the host says of itself, such as windows-26100" },
    { .kind = OPTION_TEXT,
      .name = "--scenarios",
      .value = "DIR",
      MEMBER(scenarios),
      .offer = OFFER_FOLDERS,
      .help = "the tree with hosts/ in it" },
};

const struct command command_add_host_is = {
    .name = "add-host",
    .synopsis = "[OPTION...] RESULT",
    .summary = "takes what a host answered into the tree of scenarios",
    .description =
        "RESULT is a folder of traces, or one file as `reservoir pack` and the archive's run.cmd write it. Every trace is read; one that "
        "is broken, or traces of two machines, are refused. Then hosts/NAME gets the host's facts, its traces in the place of those that "
        "were there, and a rule to be reviewed for each new deviation. Of run.cmd's result what was answered to an ordinary user becomes a host of its "
        "own, NAME-user. Said is what the traces contradict of other hosts of the same "
        "build, and which open questions they settle.",
    .rows = rows,
    .rows_count = sizeof rows / sizeof rows[0],
    .examples =
        "reservoir add-host result.reservoir\nreservoir add-host --like wine-8.0 build/reports/wine-10.0/traces",
    .status = "0; 1 something of it deviates in a new way; 2 wrong usage, or the result cannot be taken.",
    .take_word = take_result,
    .run = command_add_host,
};

/* The folder that a result is, or is unpacked into. */
static bool find_folder(const char *result, char folder[FOLDER_PATH_MAX], struct reason *reason) {
    snprintf(folder, FOLDER_PATH_MAX, "%.900s%s", result, path_kind_of(result) == PATH_FOLDER ? "" : ".unpacked");
    return path_kind_of(result) == PATH_FOLDER || bundle_unpack(result, folder, reason);
}

/* A file of deviations that says from whom it inherits, where there is none yet. */
static bool begin_deviations(const char *path, const char *name, const char *like, struct reason *reason) {
    struct text text = { 0 };
    if (path_kind_of(path) != PATH_MISSING) return true;
    text_add(&text, "# What %s does otherwise than it may. conformance/deviations.md describes this file.\n", name);
    if (like != NULL) text_add(&text, "\ninherits %s\n", like);
    bool good = file_write(path, text.bytes, text.length);
    if (!good) reason_set(reason, "%.200s cannot be written", path);
    text_free(&text);
    return good;
}

/* Judges the new traces: what deviates is shown, and becomes rules to be reviewed. */
static int judge(const char *tree, const char *name) {
    char traces[4 * FOLDER_PATH_MAX], accept[2 * FOLDER_PATH_MAX], own_tree[FOLDER_PATH_MAX], own_name[FOLDER_PATH_MAX];
    snprintf(traces, sizeof traces, "%s/hosts/%s/traces", tree, name);
    snprintf(accept, sizeof accept, "%s/hosts/%s/deviations", tree, name);
    snprintf(own_tree, sizeof own_tree, "%s", tree);
    snprintf(own_name, sizeof own_name, "%s", name);
    char on[] = "--on", host[] = "host", host_trace[] = "--host-trace", host_name[] = "--host-name",
         accepting[] = "--accept", scenarios[] = "--scenarios", quiet[] = "--quiet";
    char *words[] = { own_tree, on,        host,   host_trace, traces,   host_name,
                      own_name, accepting, accept, scenarios,  own_tree, quiet };
    return command_run(sizeof words / sizeof words[0], words);
}

static void add_left(unsigned left, const struct reading *reading, struct text *out) {
    for (unsigned i = 0; i < reading->candidates_count; i++)
        if ((left & 1u << i) != 0) text_add(out, " %c %s;", (char)('a' + i), reading->candidates[i]);
}

/* Open questions of which these traces leave fewer candidates. */
static bool tell_settled(const char *tree, const char *name) {
    struct data data = { .folder = NULL };
    struct answers answers = { .count = 0 };
    struct text text = { 0 };
    unsigned count = 0, settled = 0;
    const struct reading *all = readings(&count);
    bool good = data_read_scenarios(&data, tree);
    answers_read(&answers, &data.set, tree, ANSWERS_ABOUT_READINGS);
    for (size_t i = 0; i < answers.count; i++) {
        const struct answerer *answerer = &answers.answerers[i];
        if (answerer->profile != NULL || strcmp(answerer->name, name) != 0) continue;
        for (unsigned k = 0; k < count; k++) {
            unsigned left = answerer->candidates[all[k].question], open = (1u << all[k].candidates_count) - 1;
            if (!all[k].modelled || left == open) continue;
            text_add(&text, "  Q%u  %s\n      ", (unsigned)all[k].question, all[k].title);
            if (left == 0) text_add(&text, " none: its traces contradict each other");
            add_left(left, &all[k], &text);
            text_add(&text, "\n");
            settled++;
        }
    }
    output_say("\n%u open questions are settled, or have fewer candidates, by what it answered%s\n", settled,
               settled == 0 ? "." : ":");
    if (settled > 0) output_print(&text);
    text_free(&text);
    answers_free(&answers);
    data_free(&data);
    return good;
}

/* One host of a result: its folder, judged and described. */
static int add_one(const struct add_host_options *options, const char *folder, const char *suffix,
                   struct reason *reason) {
    char path[4 * FOLDER_PATH_MAX];
    const char *tree = options->scenarios != NULL ? options->scenarios : place_of_scenarios();
    struct host_result result = { .name = "" };
    struct text contradictions = { 0 };
    unsigned same = 0;
    bool good = host_result_read(&result, folder, reason);
    if (good && options->name != NULL) snprintf(result.name, sizeof result.name, "%s", options->name);
    strncat(result.name, suffix, sizeof result.name - strlen(result.name) - 1);
    if (good) {
        unsigned count = host_folder_contradictions(&result, tree, &contradictions);
        if (count > 0) output_say("In %u scenarios it contradicts hosts of the same build:\n", count);
        if (count > 0) output_print(&contradictions);
        snprintf(path, sizeof path, "%s/hosts/%s/deviations", tree, result.name);
        good = host_folder_write(&result, tree, options->like, &same, reason) &&
               begin_deviations(path, result.name, options->like, reason);
    }
    int status = 2;
    if (good) {
        status = judge(tree, result.name);
        output_say("\n%s/hosts/%s: %lu traces, %u of them the words of %s\n", tree, result.name,
                   (unsigned long)result.traces.count, same, options->like == NULL ? "no other host" : options->like);
        if (!tell_settled(tree, result.name)) status = 2;
    }
    text_free(&contradictions);
    host_result_free(&result);
    return status;
}

/* What run.cmd brings home has what an elevated agent was answered in `admin`, and an ordinary one in `user`: two
 * hosts, as far as answers go. */
static int add(const struct add_host_options *options, struct reason *reason) {
    static const char *const parts[] = { "admin", "user" };
    char folder[FOLDER_PATH_MAX], path[2 * FOLDER_PATH_MAX];
    int worst = 0;
    unsigned added = 0;
    if (!find_folder(options->result, folder, reason)) return 2;
    for (unsigned i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, parts[i]);
        if (path_kind_of(path) != PATH_FOLDER) continue;
        int status = add_one(options, path, added > 0 ? "-user" : "", reason);
        if (status > worst) worst = status;
        added++;
    }
    return added > 0 ? worst : add_one(options, folder, "", reason);
}

int command_add_host(int count, char **arguments) {
    const struct options words = { .command = &command_add_host_is };
    struct add_host_options options = { .result = NULL };
    struct reason reason = { "" };
    int status = options_read(&command_add_host_is, &options, count, arguments);
    if (status != 0) return status < 0 ? 0 : status;
    if (options.result == NULL) return options_wrong(&words, "which result?");
    if (options.like != NULL && strpbrk(options.like, "/\\") != NULL)
        return options_wrong(&words, "--like wants the name of a host, not a path");
    if (options.name != NULL && (strpbrk(options.name, "/\\") != NULL || options.name[0] == '.'))
        return options_wrong(&words, "--name wants a name, not a path");
    status = add(&options, &reason);
    if (reason.text[0] != '\0') errors_say("reservoir add-host: %s\n", reason.text);
    return status;
}
