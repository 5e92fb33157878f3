#include "conformance/agent/run.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conformance/agent/files.h"
#include "conformance/agent/host_block.h"
#include "conformance/agent/play_text.h"

enum { FACTS_MAX = 12 };

struct runner {
    struct play_text play;
    const char *folder;
    const char *out;
    struct text facts_text;           /* "key\0value\0"...: behind facts; owned */
    struct key_value facts[FACTS_MAX];
    uint32_t facts_count;
    unsigned played, unsupported, broken, steps;
};

/* --- the head of a trace ---------------------------------------------------------------------------------------------- */

/* Cuts the host block into the facts of a trace's head. */
static void collect_facts(struct runner *runner) {
    assert(runner->facts_count == 0);
    text_add(&runner->facts_text, "by agent\n");
    host_block_print(&runner->facts_text);
    if (strcmp(windows_functions()->kind, "real") == 0) {
        char date[16];
        time_t now = time(NULL);
        strftime(date, sizeof date, "%Y-%m-%d", gmtime(&now));
        text_add(&runner->facts_text, "date %s\n", date);
    }
    char *line = runner->facts_text.bytes;
    while (*line != '\0') {
        assert(runner->facts_count < FACTS_MAX);
        char *end = strchr(line, '\n');
        char *blank = strchr(line, ' ');
        assert(end != NULL && blank != NULL && blank < end);
        *end = '\0';
        *blank = '\0';
        struct key_value *fact = &runner->facts[runner->facts_count++];
        fact->key = line;
        fact->value = blank + 1;
        line = end + 1;
    }
}

static void print_head(struct runner *runner, struct scenario *scenario, struct text *out) {
    assert(scenario->dimensions_count == 0);
    uint32_t steps_count = scenario->steps_count;
    scenario->is_trace = true;
    scenario->facts = runner->facts;
    scenario->facts_count = runner->facts_count;
    scenario->steps_count = 0;
    scenario_print(scenario, out);
    text_add(out, "\n");
    scenario->steps_count = steps_count;
    scenario->facts = NULL;
    scenario->facts_count = 0;
    scenario->is_trace = false;
}

/* --- one instance ----------------------------------------------------------------------------------------------------- */

static bool write_text(FILE *file, struct text *text) {
    bool written = text->length == 0 || fwrite(text->bytes, 1, text->length, file) == text->length;
    text_free(text);
    return written && fflush(file) == 0;
}

/* Adds `lines`, each behind `indent`. */
static void add_indented(struct text *out, const char *indent, const struct text *lines) {
    const char *line = lines->bytes;
    const char *end = lines->bytes + lines->length;
    while (line < end) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        size_t length = newline == NULL ? (size_t)(end - line) : (size_t)(newline - line);
        text_add(out, "%s%.*s\n", indent, (int)length, line);
        line += length + 1;
    }
}

/* What the trace says of a step that was played with this result. */
static void print_step(struct runner *runner, const struct step *step, enum step_result result, struct text *line) {
    const struct scenario *scenario = runner->play.scenario;
    assert(scenario != NULL);
    if (result == STEP_SEEN) return; /* it stands there already */
    if (result == STEP_UNSUPPORTED || result == STEP_BROKEN) {
        const char *word = result == STEP_BROKEN ? "broken" : "unsupported";
        text_add(line, "# %s: %s\n", word, play_text_reason(&runner->play));
        return;
    }
    step_print_call(scenario, step, line);
    if (result == STEP_NEEDS) {
        text_add(line, " -> ...  # not sent: needs %s", runner->play.player.needed);
    }
    text_add(line, "\n");
}

/* Plays all steps into `file`. STEP_DONE, or what ended it early. */
static enum step_result play_steps(struct runner *runner, FILE *file) {
    const struct step_order *order = &runner->play.steps;
    for (unsigned i = 0; i < order->count; i++) {
        struct text answer = { 0 }, lines = { 0 };
        const struct step *step = order->steps[i];
        enum step_result result = play_text_step(&runner->play, i, &answer);
        print_step(runner, step, result, &answer);
        const struct step *together = order->together[i];
        if (together != NULL && step == together->children) text_add(&lines, "together\n");
        add_indented(&lines, together == NULL ? "" : "  ", &answer);
        text_free(&answer);
        runner->steps++;
        if (!write_text(file, &lines)) {
            fprintf(stderr, "agent: the trace cannot be written\n");
            return STEP_BROKEN;
        }
        if (result == STEP_UNSUPPORTED || result == STEP_BROKEN) return result;
    }
    return STEP_DONE;
}

/* Opens OUT/<folder of path>/<instance>.trace. */
static FILE *create_trace(const struct runner *runner, const char *path, const struct scenario *instance) {
    char name[PATH_BYTES_MAX];
    const char *slash = strrchr(path, '/');
    int folder_length = slash == NULL ? 0 : (int)(slash - path) + 1;
    const char *base = strrchr(instance->name, '/');
    base = base == NULL ? instance->name : base + 1;
    int length = snprintf(name, sizeof name, "%s/%.*s%s.trace", runner->out, folder_length, path, base);
    FILE *file = length > 0 && (size_t)length < sizeof name ? file_create(name) : NULL;
    if (file == NULL) fprintf(stderr, "agent: cannot write %s\n", name);
    return file;
}

static enum step_result record_begun(struct runner *runner, const char *path, struct scenario *instance) {
    FILE *file = create_trace(runner, path, instance);
    if (file == NULL) return STEP_BROKEN;
    struct text head = { 0 };
    print_head(runner, instance, &head);
    enum step_result result = write_text(file, &head) ? play_steps(runner, file) : STEP_BROKEN;
    if (fclose(file) != 0) result = STEP_BROKEN;
    return result;
}

static void play_instance(struct runner *runner, const char *path, struct scenario *instance) {
    enum step_result result = play_text_begin(&runner->play, instance);
    if (result == STEP_DONE) result = record_begun(runner, path, instance);
    char reason[EXECUTOR_REASON_MAX] = "";
    if (result != STEP_DONE) snprintf(reason, sizeof reason, ": %.250s", play_text_reason(&runner->play));
    if (play_text_end(&runner->play) != STEP_DONE) {
        result = STEP_BROKEN;
        snprintf(reason, sizeof reason, ": %.250s", runner->play.player.reason);
    }
    const char *word = result == STEP_DONE ? "played" : result == STEP_UNSUPPORTED ? "unsupported" : "broken";
    runner->played += result == STEP_DONE;
    runner->unsupported += result == STEP_UNSUPPORTED;
    runner->broken += result == STEP_BROKEN;
    const char *slash = strrchr(path, '/');
    const char *base = strrchr(instance->name, '/');
    printf("%-11s %.*s%s%s\n", word, slash == NULL ? 0 : (int)(slash - path) + 1, path,
           base == NULL ? instance->name : base + 1, reason);
    fflush(stdout);
}

/* --- one file, all files ------------------------------------------------------------------------------------------------- */

static void play_file(struct runner *runner, const char *path) {
    char full[PATH_BYTES_MAX];
    int length = snprintf(full, sizeof full, "%s/%s", runner->folder, path);
    size_t bytes_length = 0;
    char *bytes = length > 0 && (size_t)length < sizeof full ? file_read(full, FILE_BYTES_MAX, &bytes_length) : NULL;
    if (bytes == NULL) {
        printf("broken      %s: it cannot be read\n", path);
        runner->broken++;
        return;
    }
    static struct language_error error;
    struct scenario *scenario = scenario_parse(full, bytes, bytes_length, &error);
    free(bytes);
    if (scenario == NULL) {
        struct text message = { 0 };
        language_error_print(&error, &message);
        printf("broken      %s\n%s", path, message.bytes);
        text_free(&message);
        runner->broken++;
        return;
    }
    unsigned instances = scenario_instances_count(scenario);
    for (unsigned i = 0; i < instances; i++) {
        struct scenario *instance = scenario_expand(scenario, i);
        assert(instance != NULL);
        play_instance(runner, path, instance);
        scenario_free(instance);
    }
    scenario_free(scenario);
}

int run(struct native_host *host, const char *folder, const char *out) {
    assert(folder != NULL);
    assert(out != NULL);
    static struct runner runner;
    play_text_create(&runner.play, host);
    runner.folder = folder;
    runner.out = out;
    struct files files = { 0 };
    bool found = files_find(&files, folder, ".scn");
    if (!found || files.count == 0) {
        fprintf(stderr, "agent: %s: %s\n", folder, found ? "no scenario (*.scn) is below it" : "it cannot be read");
        files_free(&files);
        return 2;
    }
    collect_facts(&runner);
    for (size_t i = 0; i < files.count; i++) play_file(&runner, files.paths[i]);
    files_free(&files);
    text_free(&runner.facts_text);
    printf("%u played (%u steps), %u unsupported, %u broken; traces are below %s\n", runner.played, runner.steps,
           runner.unsupported, runner.broken, out);
    return runner.broken > 0 || runner.played + runner.unsupported == 0 ? 2 : 0;
}
