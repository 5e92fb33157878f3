/* `reservoir try`: lines of the language, each answered at once by the model, with the reason. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/files.h"
#include "conformance/language/expand.h"
#include "conformance/language/parser.h"
#include "reports/commands/commands.h"
#include "reports/commands/options.h"
#include "reports/commands/place.h"
#include "reports/commands/played.h"
#include "reports/commands/readings_given.h"
#include "reports/commands/reasons.h"
#include "reports/commands/run_options.h"
#include "reports/formats/terminal.h"

enum { LINE_LENGTH_MAX = 4096 };

struct try_options {
    const char *profile_name, *scenarios, *word;
    uint64_t seed;
    struct readings_given readings;
};

static int take_reading(void *target, struct options *options, const char *value) {
    struct try_options *trying = target;
    return readings_given_take(&trying->readings, options, value);
}

/* clang-format off */
static const struct option_row option_rows[] = {
    { .kind = OPTION_TAKEN, .name = "--reading", .value = "Q38=b", .take = take_reading,
      .help = "answer this question so; what the profile alone answers is shown beside it where that differs; repeatable" },
    { .kind = OPTION_TEXT, .name = "--profile", .value = "NAME", .member = offsetof(struct try_options, profile_name),
      .choices = profile_names, .help = "documented, windows (when not said) or any" },
    { .kind = OPTION_NUMBER, .name = "--seed", .value = "N", .member = offsetof(struct try_options, seed), .most = UINT64_MAX,
      .help = "for what the profile leaves open; 0 (when not said) is the ordinary machine" },
    { .kind = OPTION_TEXT, .name = "--scenarios", .value = "DIR", .member = offsetof(struct try_options, scenarios),
      .offer = OFFER_FOLDERS, .help = "the tree in which names are looked for" },
};
/* clang-format on */

static int take_path(void *target, struct options *options, const char *word) {
    struct try_options *trying = target;
    if (trying->word != NULL) return options_wrong(options, "one file or scenario at a time, not %s as well", word);
    trying->word = word;
    return 0;
}

const struct command command_try_is = {
    .name = "try",
    .synopsis = "[OPTION...] [FILE|SCENARIO|-]",
    .summary = "answers lines of the language one by one, each with the reason",
    .description =
        "Reads lines as in a scenario, without outcomes, and answers each at once as the model does. No header is needed, and no process "
        "line where the process is called app. Below an answer stands why: what an error means; each open question on which the answer "
        "depends, with what it would be otherwise; the sentence of the page; and after a conflict who holds the ports.\n"
        "Lines come from a file, or from standard input (-, or nothing said), typed or piped. A scenario of the tree is explained "
        "in the same way, line by line; of variants the first instance, unless one is named. Its outcomes are not looked at: that is "
        "`reservoir run`.\n"
        "A line that is wrong, or that the model cannot play, is reported and left out.",
    .rows = option_rows,
    .rows_count = sizeof option_rows / sizeof option_rows[0],
    .examples = "reservoir try\nreservoir try lessons/1-pool\nreservoir try 'after-bind[udp.v4]' --reading Q38=c\n"
                "echo 'app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)' | reservoir try",
    .status = "0; 2 wrong usage, or a line that was left out.",
    .take_word = take_path,
    .run = command_try,
};

/* --- answering ---------------------------------------------------------------------------------------------------- */

struct trying {
    const struct try_options *options;
    const struct profile *plain; /* the profile as it is */
    struct switched_profile switched;
};

static void add_answer(const struct played_step *step, const char *before, struct text *out) {
    const char *answer = step->answer != NULL ? step->answer : step->unsent;
    if (answer == NULL) return;
    text_add(out, "  %s%s%s", before, step->answer != NULL ? "-> " : "# ", answer);
    if (step->live[0] != '\0') text_add(out, "  # %s", step->live);
    text_add(out, "\n");
    text_add_indented(out, "       ", step->routines);
}

/* Prints the answers from step `first` on. False when one was not played. */
static bool print_answers(const struct trying *trying, const struct scenario *instance, unsigned first,
                          const struct played *played, const struct played *plain) {
    struct reasons *reasons = reasons_find(instance, &trying->switched.profile, trying->options->seed, played);
    bool good = true;
    for (unsigned i = first; i < played->count; i++) {
        const struct played_step *step = &played->steps[i];
        struct text text = { 0 };
        text_add(&text, "%s\n", step->call);
        add_answer(step, "", &text);
        bool other = i < plain->count && !played_alike(step, &plain->steps[i]);
        if (other) add_answer(&plain->steps[i], "without --reading ", &text);
        reasons_add(reasons, i, "       ", &text);
        output_print(&text);
        text_free(&text);
        good &= step->unsent == NULL;
    }
    reasons_free(reasons);
    return good;
}

/* Plays all, prints what was answered from step `first` on. *played_count: how many were played. */
static bool answer(const struct trying *trying, const struct scenario *instance, unsigned first,
                   unsigned *played_count) {
    struct played played, plain;
    bool good = played_by(instance, &trying->switched.profile, trying->options->seed, &played);
    if (!good) errors_say("reservoir try: %s: %s\n", instance->name, played.reason.text);
    played_by(instance, trying->plain, trying->options->seed, &plain);
    if (good) good = print_answers(trying, instance, first, &played, &plain);
    *played_count = played.count;
    played_free(&plain);
    played_free(&played);
    return good;
}

/* --- scenarios ---------------------------------------------------------------------------------------------------- */

static bool answer_file(const struct trying *trying, const struct scenario_file *file) {
    unsigned first = 0, count = 0;
    if (scenario_file_count(file) == 0) return true; /* a variant that it does not have: the set has said so */
    while (!scenario_file_has(file, first)) first++;
    struct scenario *instance = scenario_expand(file->scenario, first);
    output_say("%s\n\n", instance->name);
    bool good = answer(trying, instance, 0, &count);
    scenario_free(instance);
    return good;
}

static bool answer_named(const struct trying *trying, const char *word) {
    const char *tree = trying->options->scenarios != NULL ? trying->options->scenarios : place_of_scenarios();
    struct scenario_set set = { .count = 0 };
    place_add_named(&set, tree, word);
    errors_print(&set.errors);
    bool good = set.broken_count == 0;
    for (size_t i = 0; i < set.count; i++) good &= answer_file(trying, &set.files[i]);
    scenario_set_free(&set);
    return good;
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

/* What was accepted so far. Declarations stand above all steps, whenever they were typed. */
struct lines {
    const struct trying *trying;
    const char *name;  /* of their file */
    unsigned number;   /* of the line being read */
    unsigned answered; /* steps */
    bool good, has_app;
    struct text declarations, steps;
};

static bool begins_with_word(const char *line, const char *word) {
    size_t length = strlen(word);
    return strncmp(line, word, length) == 0 && line[length] == ' ';
}

static bool is_declaration(const char *line) {
    static const char *const words[] = { "world", "ports", "user", "process", "thread" };
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
        if (begins_with_word(line, words[i])) return true;
    return false;
}

/* The process app is there without a line. */
static bool declares_app(const char *line) {
    return strcmp(line, "process app") == 0 || begins_with_word(line, "process app");
}

/* The length of a line without its outcomes and its comment. */
static size_t bare_length(const char *line) {
    bool quoted = false;
    size_t end = 0;
    for (; line[end] != '\0'; end++) {
        if (line[end] == '"') quoted = !quoted;
        if (quoted) continue;
        if (line[end] == '#' && (end == 0 || line[end - 1] == ' ')) break;
        if (strncmp(line + end, " ->", 3) == 0) break;
    }
    while (end > 0 && line[end - 1] == ' ') end--;
    return end;
}

/* Parses what was accepted, with one more line; a scenario has a step, so that declarations get one to stand above.
 * NULL with *error filled; the error's place is in the input. */
static struct scenario *parse_with(const struct lines *lines, const char *line, const char *end,
                                   struct language_error *error) {
    struct text text = { 0 };
    bool declares = is_declaration(line);
    bool has_app = lines->has_app || declares_app(line);
    text_add(&text, "scenario try\n\n%s%s%s%s", lines->declarations.length > 0 ? lines->declarations.bytes : "",
             declares ? line : "", declares ? "\n" : "", has_app ? "" : "process app\n");
    text_add(&text, "\n%s", lines->steps.length > 0 ? lines->steps.bytes : declares ? "advance 1ns\n" : "");
    if (!declares) text_add(&text, "%s%s\n", line, end);
    struct scenario *scenario = scenario_parse(lines->name, text.bytes, text.length, error);
    if (scenario == NULL) error->position.line = lines->number;
    if (scenario == NULL && strlen(line) < sizeof error->excerpt.bytes) error->excerpt.bytes[strlen(line)] = '\0';
    text_free(&text);
    return scenario;
}

/* With the outcome that everything has that can have one; steps that have none are tried without. */
static struct scenario *parse(const struct lines *lines, const char *line, const char **end,
                              struct language_error *error) {
    struct language_error without;
    *end = " -> ...";
    struct scenario *scenario = parse_with(lines, line, *end, error);
    if (scenario != NULL || is_declaration(line)) return scenario;
    *end = "";
    scenario = parse_with(lines, line, *end, &without);
    if (scenario == NULL && error->position.column > strlen(line)) *error = without;
    return scenario;
}

static void take_line(struct lines *lines, const char *line) {
    struct language_error error;
    const char *end = "";
    unsigned played = 0;
    struct scenario *scenario = parse(lines, line, &end, &error);
    if (scenario == NULL) {
        language_error_complain(&error);
        lines->good = false;
        return;
    }
    struct scenario *instance = scenario_expand(scenario, 0);
    bool good = is_declaration(line) || answer(lines->trying, instance, lines->answered, &played);
    scenario_free(instance);
    scenario_free(scenario);
    lines->good &= good;
    if (!good) return;
    if (!is_declaration(line)) lines->answered = played;
    lines->has_app |= declares_app(line);
    if (is_declaration(line)) text_add(&lines->declarations, "%s\n", line);
    else text_add(&lines->steps, "%s%s\n", line, end);
}

/* A declaration after the first step would change what was answered: it is refused. */
static bool comes_too_late(const struct lines *lines, const char *line) {
    if (lines->answered == 0 || !is_declaration(line)) return false;
    errors_say("reservoir try: %s:%u: declarations come before the first step\n", lines->name, lines->number);
    return true;
}

/* Routines that a scenario expects stand indented, and are not asked for. */
static void take_raw_line(struct lines *lines, char *line) {
    lines->number++;
    if (line[0] == ' ') return;
    line[bare_length(line)] = '\0';
    if (line[0] == '\0') return;
    if (comes_too_late(lines, line)) lines->good = false;
    else take_line(lines, line);
}

/* False at the end of the file. */
static bool read_line(FILE *file, struct text *line) {
    text_free(line);
    for (int byte = getc(file); byte != EOF; byte = getc(file)) {
        if (byte == '\n') return text_add(line, "%s", ""), true;
        if (byte != '\r' && line->length <= LINE_LENGTH_MAX) text_add_byte(line, byte == '\0' ? '?' : (char)byte);
    }
    return line->length > 0;
}

/* Typed lines get a prompt, and their answers come at once. */
static bool answer_lines(const struct trying *trying, const char *name, FILE *file) {
    struct lines lines = { .trying = trying, .name = name, .good = true };
    struct text line = { 0 };
    bool typed = terminal_is(file) && terminal_is(stdout);
    if (typed)
        printf("A call a line, such as  app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)  and Ctrl-D at the end.\n");
    for (;;) {
        if (typed) fputs("> ", stdout);
        fflush(stdout);
        if (!read_line(file, &line)) break;
        take_raw_line(&lines, line.bytes);
    }
    if (typed) putchar('\n');
    text_free(&line);
    text_free(&lines.declarations);
    text_free(&lines.steps);
    return lines.good;
}

/* --- the command -------------------------------------------------------------------------------------------------- */

/* Has a file the head of a scenario or a trace? */
static bool has_head(FILE *file) {
    struct text line = { 0 };
    bool found = false;
    while (read_line(file, &line) && !found && (line.bytes[0] == '#' || line.bytes[0] == '\0')) continue;
    found = line.length > 0 && (begins_with_word(line.bytes, "scenario") || begins_with_word(line.bytes, "trace"));
    text_free(&line);
    rewind(file);
    return found;
}

static bool answer_word(const struct trying *trying, const char *word) {
    if (word == NULL || strcmp(word, "-") == 0) return answer_lines(trying, "-", stdin);
    FILE *file = path_kind_of(word) == PATH_FILE ? file_open(word, "rb") : NULL;
    if (file == NULL || has_head(file)) {
        if (file != NULL) fclose(file);
        return answer_named(trying, word);
    }
    bool good = answer_lines(trying, word, file);
    fclose(file);
    return good;
}

int command_try(int count, char **arguments) {
    struct try_options options = { .seed = 0 };
    int status = options_read(&command_try_is, &options, count, arguments);
    if (status != 0) return status < 0 ? 0 : status;
    struct trying trying = { .options = &options };
    trying.plain = profile_for(options.profile_name == NULL ? "windows" : options.profile_name);
    readings_given_switch(&options.readings, trying.plain, &trying.switched);
    return answer_word(&trying, options.word) ? 0 : 2;
}
