#include "conformance/agent/run.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conformance/agent/host_block.h"
#include "conformance/agent/listens.h"
#include "conformance/agent/persistent.h"
#include "conformance/agent/play_text.h"
#include "conformance/agent/system/process.h"
#include "conformance/base/folders.h"
#include "conformance/base/memory.h"
#include "conformance/base/reason.h"
#include "conformance/language/expand.h"
#include "conformance/language/parser.h"
#include "conformance/language/step_order.h"
#include "conformance/player/trace_file.h"

struct runner {
    struct play_text play;
    const char *folder;
    const char *out;
    enum run_mode mode;
    bool announced;         /* that scenarios listen where other machines can reach */
    bool restarts;          /* scenarios that restart the machine are played up to there */
    struct fact_list facts; /* of who answers */
    struct reason trouble;  /* what kept a trace from being written; "" when nothing did */
    unsigned played, stopped, unsupported, broken, steps;
};

/* --- who answers -------------------------------------------------------------------------------------------------- */

/* The host block as the facts of a trace's head. */
static void collect_facts(struct runner *runner) {
    struct text block = { 0 };
    assert(runner->facts.count == 0);
    text_add(&block, "by agent\n");
    host_block_print(&block);
    if (strcmp(windows_functions()->kind, "real") == 0) {
        char date[16];
        time_t now = time(NULL);
        strftime(date, sizeof date, "%Y-%m-%d", gmtime(&now));
        text_add(&block, "date %s\n", date);
    }
    for (char *line = block.bytes, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        char *blank = strchr(line, ' ');
        assert(blank != NULL && blank < end);
        *end = *blank = '\0';
        fact_list_add(&runner->facts, line, blank + 1);
    }
    text_free(&block);
}

/* Was the trace recorded on a machine like this one? NULL, or the key of the fact that differs. */
static const char *other_machine(const struct runner *runner, const struct scenario *trace) {
    static const char *const keys[] = { "host", "build", "wine", "product", "native-architecture", "functions" };
    for (unsigned i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const char *own = fact_list_value(&runner->facts, keys[i]);
        for (uint32_t k = 0; k < trace->facts_count; k++) {
            if (strcmp(trace->facts[k].key, keys[i]) != 0) continue;
            if (own == NULL || strcmp(trace->facts[k].value, own) != 0) return keys[i];
        }
    }
    return NULL;
}

/* --- traces ------------------------------------------------------------------------------------------------------- */

/* OUT/<folder of path>/<instance>.trace. False when that is too long. */
static bool name_trace(const struct runner *runner, const char *path, const struct scenario *instance,
                       char name[FOLDER_PATH_MAX]) {
    const char *slash = strrchr(path, '/');
    int folder_length = slash == NULL ? 0 : (int)(slash - path) + 1;
    const char *base = strrchr(instance->name, '/');
    base = base == NULL ? instance->name : base + 1;
    int length = snprintf(name, FOLDER_PATH_MAX, "%s/%.*s%s.trace", runner->out, folder_length, path, base);
    return length > 0 && length < FOLDER_PATH_MAX;
}

/* Says what the system says of the last file that could not be written. */
static void cannot_write(struct runner *runner, const char *name) {
    const char *why = errno == 0 ? "the disk took not all of it" : strerror(errno);
    reason_set(&runner->trouble, "%.150s cannot be written: %s", name, why);
}

/* Opens the file of a trace and writes what it has so far. */
static bool open_trace(struct runner *runner, struct trace *trace, const char *name, const char *bytes, size_t length) {
    errno = 0;
    trace->file = file_create(name);
    bool written = trace->file != NULL && fwrite(bytes, 1, length, trace->file) == length && fflush(trace->file) == 0;
    if (!written) cannot_write(runner, name);
    return written;
}

/* Closes it. False, with runner->trouble, when it lacks a byte. */
static bool close_trace(struct runner *runner, struct trace *trace, const char *name) {
    errno = 0;
    bool whole = trace_end(trace);
    if (!whole && runner->trouble.text[0] == '\0') cannot_write(runner, name);
    return whole;
}

/* Plays the steps from `next` on into the trace. STEP_DONE, or what ended it early. */
static enum step_result play_steps(struct runner *runner, struct trace *trace, const char *name, unsigned next) {
    const struct step_order *order = &runner->play.steps;
    for (unsigned i = next; i < order->count; i++) {
        struct text answer = { 0 };
        enum step_result result = play_text_step(&runner->play, i, &answer);
        trace_step(trace, runner->play.scenario, order->steps[i], order->together[i], result, answer.bytes,
                   play_text_reason(&runner->play));
        text_free(&answer);
        runner->steps++;
        if (trace->failed) {
            cannot_write(runner, name);
            return STEP_BROKEN;
        }
        if (result != STEP_SEEN && result != STEP_DONE && result != STEP_NEEDS) return result;
    }
    return STEP_DONE;
}

/* A scenario that has begun, from its first step on. */
static enum step_result record(struct runner *runner, const char *name) {
    struct trace trace = { .file = NULL };
    trace_begin(&trace, NULL, runner->play.scenario, &runner->facts, runner->play.player.ports_first);
    enum step_result result = STEP_BROKEN;
    if (open_trace(runner, &trace, name, trace.text.bytes, trace.text.length))
        result = play_steps(runner, &trace, name, 0);
    if (!close_trace(runner, &trace, name)) result = STEP_BROKEN;
    trace_free(&trace);
    return result;
}

/* A scenario that is resumed: its trace so far is written anew beside the old one, which it replaces when all of it
 * could be written. */
static enum step_result record_rest(struct runner *runner, const char *name, const char *so_far, size_t length,
                                    unsigned next) {
    char new_name[FOLDER_PATH_MAX + 8];
    struct trace trace = { .file = NULL };
    enum step_result result = STEP_BROKEN;
    snprintf(new_name, sizeof new_name, "%s.new", name);
    bool whole = open_trace(runner, &trace, new_name, so_far, length);
    if (whole) result = play_steps(runner, &trace, new_name, next);
    whole = close_trace(runner, &trace, new_name) && whole;
    trace_free(&trace);
    if (whole && file_replace(new_name, name)) return result;
    if (whole) reason_set(&runner->trouble, "%.150s cannot take the place of the trace so far", new_name);
    return STEP_BROKEN;
}

/* --- one instance ------------------------------------------------------------------------------------------------- */

/* What became of it, on a line. */
static void tell(struct runner *runner, const char *path, const struct scenario *instance, enum step_result result,
                 const char *reason) {
    static const char *const words[] = { [STEP_DONE] = "played",
                                         [STEP_UNSUPPORTED] = "unsupported",
                                         [STEP_NOT_MODELLED] = "unsupported",
                                         [STEP_BROKEN] = "broken",
                                         [STEP_RESTART] = "stopped" };
    const char *slash = strrchr(path, '/');
    const char *base = strrchr(instance->name, '/');
    runner->played += result == STEP_DONE;
    runner->stopped += result == STEP_RESTART;
    runner->unsupported += result == STEP_UNSUPPORTED || result == STEP_NOT_MODELLED;
    runner->broken += result == STEP_BROKEN;
    printf("%-11s %.*s%s%s%s\n", words[result], slash == NULL ? 0 : (int)(slash - path) + 1, path,
           base == NULL ? instance->name : base + 1, reason[0] == '\0' ? "" : ": ", reason);
    fflush(stdout);
}

/* The one who was asked may hold a lock for ever: the traces so far are whole, the rest is for another start. */
static void leave_if_cut_off(const struct runner *runner) {
    if (!native_host_is_cut_off(runner->play.host)) return;
    fprintf(stderr, "agent: an exception has cut off a call of this scenario, so that no other can be played in this "
                    "program; run the others without it, or let reservoir start the agent\n");
    process_end(2);
}

/* Ends what was begun or resumed, and tells. */
static void finish(struct runner *runner, const char *path, const struct scenario *instance, enum step_result result) {
    struct reason reason = { "" };
    if (result == STEP_RESTART) reason_set(&reason, "the machine has to restart");
    else if (runner->trouble.text[0] != '\0') reason = runner->trouble;
    else if (result != STEP_DONE) reason_set(&reason, "%s", play_text_reason(&runner->play));
    runner->trouble.text[0] = '\0';
    enum step_result ended = result == STEP_RESTART ? play_text_leave(&runner->play) : play_text_end(&runner->play);
    if (ended != STEP_DONE) {
        result = STEP_BROKEN;
        reason_set(&reason, "%s", runner->play.player.reason.text);
    }
    tell(runner, path, instance, result, reason.text);
    leave_if_cut_off(runner);
}

/* A trace that waits for a restart. */
struct stopped {
    char name[FOLDER_PATH_MAX];
    char *bytes;            /* owned */
    size_t so_far;          /* of these stand before the line that tells the mark */
    struct scenario *trace; /* owned */
    const char *mark;
};

static void stopped_free(struct stopped *stopped) {
    scenario_free(stopped->trace);
    free(stopped->bytes);
}

/* Reads the trace of this name. False when there is none, or it does not wait; to be freed in any case. */
static bool read_stopped(struct stopped *stopped) {
    struct language_error error;
    size_t length = 0;
    const char *comment = NULL;
    stopped->trace = NULL;
    stopped->bytes = file_read(stopped->name, FILE_BYTES_MAX, &length);
    if (stopped->bytes != NULL) stopped->trace = scenario_parse(stopped->name, stopped->bytes, length, &error);
    if (stopped->trace == NULL || trace_ending(stopped->trace, &stopped->mark) != STEP_RESTART) return false;
    for (const char *at = stopped->bytes; (at = strstr(at, "\n# restart: ")) != NULL; at++) comment = at;
    assert(comment != NULL);
    stopped->so_far = (size_t)(comment - stopped->bytes) + 1;
    return true;
}

/* A new trace in its place would take what the scenario left on the machine out of our sight. */
static bool waits_for_restart(const char *name) {
    struct stopped stopped = { .bytes = NULL };
    memcpy(stopped.name, name, strlen(name) + 1);
    bool waits = read_stopped(&stopped);
    stopped_free(&stopped);
    return waits;
}

/* Before the first one that does. */
static void announce_listening(struct runner *runner, const struct scenario *instance) {
    struct reason reason;
    bool concerns = strcmp(windows_functions()->kind, "real") == 0 && listens_widely(instance);
    if (runner->announced || !concerns || !listens_allow(instance, &reason)) return;
    runner->announced = true;
    fprintf(
        stderr,
        "agent: from here on scenarios listen where other machines can reach. At a desktop, Windows Firewall may ask, "
        "and keeps a rule for this program whatever is answered; agent.exe check says how it is removed, and "
        "--loopback-only plays none of these\n");
}

static void play_instance(struct runner *runner, const char *path, struct scenario *instance) {
    char name[FOLDER_PATH_MAX];
    if (!name_trace(runner, path, instance, name)) {
        tell(runner, path, instance, STEP_BROKEN, "the path of its trace is too long");
        return;
    }
    if (waits_for_restart(name)) {
        tell(runner, path, instance, STEP_BROKEN, "its trace waits for a restart: resume or abandon it first");
        return;
    }
    if (!runner->restarts && steps_restart_machine(instance->steps, instance->steps_count)) {
        tell(runner, path, instance, STEP_UNSUPPORTED, RUN_RESTARTS_ONLY_WHEN_ASKED);
        return;
    }
    announce_listening(runner, instance);
    enum step_result result = play_text_begin(&runner->play, instance);
    if (result == STEP_DONE) result = record(runner, name);
    finish(runner, path, instance, result);
}

/* Resumes an instance from its trace so far. */
static void resume_instance(struct runner *runner, const char *path, struct scenario *instance,
                            const struct stopped *stopped) {
    unsigned next = 0;
    enum step_result result = play_text_resume(&runner->play, instance, stopped->trace, stopped->mark, &next);
    if (result == STEP_DONE) result = record_rest(runner, stopped->name, stopped->bytes, stopped->so_far, next);
    finish(runner, path, instance, result);
}

/* Deletes what an instance left, and says so in its trace, which cannot be resumed any more. */
static void abandon_instance(struct runner *runner, const char *path, struct scenario *instance,
                             const struct stopped *stopped) {
    static const char end[] = "# unsupported: given up at a restart of the machine\n";
    struct reason reason = { "given up" };
    char new_name[FOLDER_PATH_MAX + 8];
    struct trace trace = { .file = NULL };
    bool done = persistent_begin(instance, &reason) && persistent_take_back(instance, stopped->mark, &reason);
    if (done) persistent_clean();
    persistent_end();
    snprintf(new_name, sizeof new_name, "%s.new", stopped->name);
    done = done && open_trace(runner, &trace, new_name, stopped->bytes, stopped->so_far) && fputs(end, trace.file) >= 0;
    done = close_trace(runner, &trace, new_name) && done && file_replace(new_name, stopped->name);
    if (runner->trouble.text[0] != '\0') reason = runner->trouble;
    runner->trouble.text[0] = '\0';
    tell(runner, path, instance, done ? STEP_UNSUPPORTED : STEP_BROKEN, reason.text);
}

/* If the instance's trace stopped for a restart: what the run does with such. */
static void take_up_instance(struct runner *runner, const char *path, struct scenario *instance) {
    struct stopped stopped = { .bytes = NULL };
    if (name_trace(runner, path, instance, stopped.name) && read_stopped(&stopped)) {
        const char *other = other_machine(runner, stopped.trace);
        struct reason reason;
        reason_set(&reason, "it was begun on another machine: `%s` was not the same", other == NULL ? "" : other);
        if (other != NULL) tell(runner, path, instance, STEP_BROKEN, reason.text);
        else if (runner->mode == RUN_RESUMED) resume_instance(runner, path, instance, &stopped);
        else abandon_instance(runner, path, instance, &stopped);
    }
    stopped_free(&stopped);
}

/* --- one file, all files ------------------------------------------------------------------------------------------ */

static void play_file(struct runner *runner, const char *full) {
    const char *path = path_below(runner->folder, full);
    size_t bytes_length = 0;
    errno = 0;
    char *bytes = file_read(full, FILE_BYTES_MAX, &bytes_length);
    if (bytes == NULL) {
        printf("broken      %s: it cannot be read: %s\n", path, errno == 0 ? "it is too long" : strerror(errno));
        runner->broken++;
        return;
    }
    struct language_error error;
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
        if (runner->mode == RUN_ALL) play_instance(runner, path, instance);
        else take_up_instance(runner, path, instance);
        scenario_free(instance);
    }
    scenario_free(scenario);
}

/* --- the most telling first --------------------------------------------------------------------------------------- */

static char *take_line(char **at) {
    char *line = *at;
    *at = line + strcspn(line, "\n");
    if (**at == '\n') *(*at)++ = '\0';
    line[strcspn(line, "\r")] = '\0';
    return line;
}

/* DIR/first.txt, where there is one, names files that are played first, in its order, a path a line. What it names and
 * is not there is no matter. */
static void put_first(struct path_list *files, const char *folder) {
    char path[FOLDER_PATH_MAX];
    size_t length = 0, done = 0;
    int printed = snprintf(path, sizeof path, "%s/first.txt", folder);
    char *bytes = printed > 0 && (size_t)printed < sizeof path ? file_read(path, FILE_BYTES_MAX, &length) : NULL;
    for (char *at = bytes; at != NULL && *at != '\0';) {
        const char *line = take_line(&at);
        for (size_t i = done; i < files->count; i++) {
            char *found = files->paths[i];
            if (strcmp(path_below(folder, found), line) != 0) continue;
            memmove(files->paths + done + 1, files->paths + done, (i - done) * sizeof *files->paths);
            files->paths[done++] = found;
            break;
        }
    }
    free(bytes);
}

/* The closing line, and what is to be done next. */
static int conclude(const struct runner *runner) {
    unsigned all = runner->played + runner->stopped + runner->unsupported + runner->broken;
    if (runner->mode != RUN_ALL && all == 0) {
        fprintf(stderr, "agent: %s: no scenario stopped for a restart there\n", runner->out);
        return 2;
    }
    printf("%u played (%u steps), %u unsupported, %u broken; traces are below %s\n", runner->played, runner->steps,
           runner->unsupported, runner->broken, runner->out);
    if (runner->stopped > 0)
        printf(
            "%u stopped for a restart, and what they made stays. Restart this machine, then: agent.exe resume %s --record %s\n"
            "To give them up and delete what they left: agent.exe abandon %s --record %s\n",
            runner->stopped, runner->folder, runner->out, runner->folder, runner->out);
    return runner->broken > 0 || all == 0 ? 2 : 0;
}

int run(struct native_host *host, const char *folder, const char *out, enum run_mode mode, bool restarts) {
    assert(folder != NULL);
    assert(out != NULL);
    struct path_list files = { 0 }, links = { 0 };
    char trouble[FOLDER_PATH_MAX];
    bool found = folder_find_unlinked(folder, ".scn", &files, &links, trouble);
    if (!found || files.count == 0) {
        fprintf(stderr, "agent: %s: %s\n", found ? folder : trouble,
                found ? "no scenario (*.scn) is below it" : "it cannot be read");
        path_list_free(&files);
        path_list_free(&links);
        return 2;
    }
    if (links.count > 0)
        fprintf(stderr, "agent: %s is a link to a folder, and passed over; of such there %s %zu\n", links.paths[0],
                links.count == 1 ? "is" : "are", links.count);
    path_list_free(&links);
    path_list_sort(&files);
    put_first(&files, folder);
    struct runner *runner = memory_zeroed(sizeof *runner);
    play_text_create(&runner->play, host);
    runner->folder = folder;
    runner->out = out;
    runner->mode = mode;
    runner->restarts = restarts;
    collect_facts(runner);
    for (size_t i = 0; i < files.count; i++) {
        if (i > 0 && i % 50 == 0) printf("-- %u of %u files --\n", (unsigned)i, (unsigned)files.count);
        play_file(runner, files.paths[i]);
    }
    int status = conclude(runner);
    path_list_free(&files);
    fact_list_free(&runner->facts);
    free(runner);
    return status;
}
