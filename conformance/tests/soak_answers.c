/* soak_answers COUNT SEED [SCENARIOS]: alters answers of the model, by the million, and looks whether the judge stands.
 *
 * Every scenario is played on the model under readings and seeds of the day, and its trace written. Then answers in it
 * are altered: other numbers, words, names and live values, predicates that come, go or change places, the outcomes of
 * other lines, nonsense. A line that the reader refuses is put back, so that the others reach the judge, with every
 * question open or under a profile. Of each scenario's batch the traces are also played, as they were altered, as
 * recordings of a host (`run --host-trace`), where every instance has to have its verdict.
 * Nothing may abort, and nothing take longer than SECONDS_MOST.
 *
 * Build it with the sanitizers. COUNT is the number of altered answers. Exit status: 0, or 1 with the trace in
 * build/soak/found.trace. */
#include <assert.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conformance/base/folders.h"
#include "conformance/base/memory.h"
#include "conformance/judge/trace_judge.h"
#include "conformance/language/expand.h"
#include "conformance/language/language_error.h"
#include "conformance/language/parser.h"
#include "conformance/runner/runner.h"
#include "stack/readings.h"

enum { SECONDS_MOST = 60, RECORDINGS_OF_ONE = 4 };

static const char *const FOUND = "build/soak/found.trace", *const FOLDER = "build/soak/recordings";

struct soak {
    uint64_t state, wanted, altered, refused, traces, unreadable, tally[TRACE_UNREADABLE + 1], recordings, verdicts;
};

static uint64_t draw(struct soak *soak, uint64_t below) {
    soak->state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t mixed = soak->state;
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
    return (mixed ^ mixed >> 31) % below;
}

static const char *one_of(struct soak *soak, const char *const *words, unsigned count) {
    return words[draw(soak, count)];
}
#define ONE_OF(soak, words) one_of(soak, words, sizeof words / sizeof words[0])

/* --- altering ----------------------------------------------------------------------------------------------------- */

static const char *const words[] = { "ok",
                                     "pending",
                                     "blocks",
                                     "fault",
                                     "fault(0xC0000005)",
                                     "WSAEINVAL",
                                     "WSAEACCES",
                                     "WSAEADDRINUSE",
                                     "WSAENOBUFS",
                                     "WSAEFAULT",
                                     "WSAENOTSOCK",
                                     "WSAEOPNOTSUPP",
                                     "WSAEADDRNOTAVAIL",
                                     "WSAEISCONN",
                                     "WSAECONNREFUSED",
                                     "WSAEWOULDBLOCK",
                                     "WSAENOPROTOOPT",
                                     "WSA_IO_INCOMPLETE",
                                     "WSA_OPERATION_ABORTED",
                                     "ERROR_NOT_FOUND",
                                     "ERROR_SHARING_VIOLATION",
                                     "ERROR_INVALID_PARAMETER",
                                     "ERROR_ACCESS_DENIED",
                                     "error(317)",
                                     "WAIT_TIMEOUT",
                                     "0",
                                     "1",
                                     "-1",
                                     "4294967295",
                                     "997" };
static const char *const numbers[] = { "0",
                                       "1",
                                       "2",
                                       "3",
                                       "4",
                                       "7",
                                       "12",
                                       "16",
                                       "80",
                                       "255",
                                       "256",
                                       "1023",
                                       "1024",
                                       "5000",
                                       "20000",
                                       "49151",
                                       "49152",
                                       "50000",
                                       "50001",
                                       "65533",
                                       "65534",
                                       "65535",
                                       "4294936576",
                                       "4294967295",
                                       "18446744073709551615",
                                       "0x7F01",
                                       "untouched",
                                       "s.port",
                                       "r",
                                       "r+1",
                                       "r+65535",
                                       "p",
                                       "p+1",
                                       "t1",
                                       "t2",
                                       "t9",
                                       "t33",
                                       "hex()",
                                       "hex(00)",
                                       "hex(ff ff ff ff)",
                                       "127.0.0.1",
                                       "[::1]",
                                       "set",
                                       "unset",
                                       "none",
                                       "STATUS_SUCCESS",
                                       "STATUS_PENDING",
                                       "s",
                                       "e",
                                       "a.port",
                                       "administered" };
static const char *const observables[] = { "error",    "bytes",        "flags",         "value",   "address", "port",
                                           "row",      "StartPort",    "NumberOfPorts", "padding", "Token",   "out",
                                           "Internal", "InternalHigh", "event",         "handle" };

/* The outcome in pieces: the word, the predicates, the live values after #~. */
enum { PIECES_MAX = 40 };
struct pieces {
    const char *start[PIECES_MAX];
    size_t length[PIECES_MAX];
    unsigned count, live_from;
};

static void cut(const char *at, const char *end, struct pieces *pieces) {
    pieces->count = 0;
    pieces->live_from = PIECES_MAX;
    while (at < end && pieces->count < PIECES_MAX) {
        while (at < end && *at == ' ') at++;
        const char *start = at;
        int depth = 0;
        for (; at < end && (*at != ' ' || depth > 0); at++)
            depth += *at == '(' || *at == '[' ? 1 : *at == ')' || *at == ']' ? -1 : 0;
        if (at == start) break;
        if (at - start == 2 && memcmp(start, "#~", 2) == 0) pieces->live_from = pieces->count;
        pieces->start[pieces->count] = start;
        pieces->length[pieces->count++] = (size_t)(at - start);
    }
}

static void add_altered_value(struct soak *soak, const char *start, size_t length, struct text *out) {
    const char *equals = memchr(start, '=', length);
    if (equals == NULL) text_add(out, "%s", ONE_OF(soak, words));
    else text_add(out, "%.*s%s", (int)(equals - start) + 1, start, ONE_OF(soak, numbers));
}

static void add_nonsense(struct soak *soak, struct text *out) {
    for (uint64_t i = draw(soak, 24); i-- > 0;) text_add(out, "%c", (int)(' ' + draw(soak, 95)));
}

/* One piece, perhaps altered, dropped, doubled, or with another beside it. */
static void add_piece(struct soak *soak, const struct pieces *pieces, unsigned i, bool alter, struct text *out) {
    const char *start = pieces->start[i];
    size_t length = pieces->length[i];
    bool live = i > pieces->live_from;
    uint64_t how = alter ? draw(soak, 16) : 16;
    if (i > 0) text_add(out, " ");
    if (how == 0 && i > 0) return;
    if (how <= 9) add_altered_value(soak, start, length, out);
    else text_add(out, "%.*s", (int)length, start);
    if (how == 10 && !live) text_add(out, " %.*s", (int)length, start);
    if (how == 11 && !live) text_add(out, " %s=%s", ONE_OF(soak, observables), ONE_OF(soak, numbers));
    if (how == 12) add_nonsense(soak, out);
}

/* An outcome with at least one piece altered. */
static void add_altered(struct soak *soak, const char *outcome, const char *end, struct text *out) {
    struct pieces pieces;
    cut(outcome, end, &pieces);
    soak->altered++;
    if (pieces.count == 0) return;
    unsigned which = (unsigned)draw(soak, pieces.count);
    bool many = draw(soak, 4) == 0;
    for (unsigned i = 0; i < pieces.count; i++) {
        bool alter = (i == which || (many && draw(soak, 3) == 0)) && i != pieces.live_from;
        add_piece(soak, &pieces, i, alter, out);
    }
}

/* Where the outcome of a line begins, or NULL. */
static const char *outcome_of(const char *line, const char *end) {
    for (const char *at = line; at + 4 <= end; at++)
        if (memcmp(at, " -> ", 4) == 0) return at + 4;
    return NULL;
}

static const char *line_end(const char *line) {
    const char *end = strchr(line, '\n');
    return end == NULL ? line + strlen(line) : end;
}

/* The outcome of some line of the trace. */
static const char *some_outcome(struct soak *soak, const char *trace) {
    const char *found = NULL;
    uint64_t seen = 0;
    for (const char *line = trace; *line != '\0';
         line = *line_end(line) == '\0' ? line_end(line) : line_end(line) + 1) {
        const char *outcome = outcome_of(line, line_end(line));
        if (outcome != NULL && draw(soak, ++seen) == 0) found = outcome;
    }
    return found;
}

static void add_head(struct soak *soak, struct text *out) {
    static const char *const facts[] = { "dynamic-range tcp 1025-5000",
                                         "dynamic-range tcp 49152-49160",
                                         "dynamic-range udp 65535-65535",
                                         "dynamic-range tcp 0-0",
                                         "dynamic-range tcp 9-1",
                                         "exclusions tcp 50000-50059* udp 1-65535",
                                         "exclusions tcp 49152-65535",
                                         "exclusions udp",
                                         "exclusions none",
                                         "build 7601",
                                         "host windows" };
    if (draw(soak, 32) == 0) text_add(out, "  %s\n", ONE_OF(soak, facts));
}

static void alter(struct soak *soak, const char *trace, struct text *out) {
    uint64_t one_in = 1 + draw(soak, 6);
    bool first = true;
    text_free(out);
    for (const char *line = trace; *line != '\0';) {
        const char *end = line_end(line), *outcome = outcome_of(line, end);
        if (outcome == NULL || draw(soak, one_in) != 0) {
            text_add(out, "%.*s", (int)(end - line), line);
        } else {
            const char *other = draw(soak, 8) == 0 ? some_outcome(soak, trace) : outcome;
            text_add(out, "%.*s", (int)(outcome - line), line);
            add_altered(soak, other, line_end(other), out);
        }
        text_add(out, "\n");
        if (first) add_head(soak, out);
        first = false;
        line = *end == '\0' ? end : end + 1;
    }
}

static unsigned lines_of(const char *text) {
    unsigned count = 0;
    for (; *text != '\0'; text++) count += *text == '\n';
    return count;
}

/* Line `number` of the text, counted from 1; what comes after its last one is empty. */
static const char *line_at(const char *text, uint32_t number) {
    for (const char *end; number > 1 && *text != '\0'; number--) {
        end = line_end(text);
        text = *end == '\0' ? end : end + 1;
    }
    return text;
}

/* Puts back the line that the reader refuses, so that the rest reaches the judge; a fact of the head goes. False: the
 * line is as it was, and another one is the cause. */
static bool mend(struct text *altered, const char *origin, uint32_t number) {
    bool has_fact = lines_of(altered->bytes) > lines_of(origin);
    bool is_fact = has_fact && number == 2;
    const char *line = line_at(altered->bytes, number), *end = line_end(line);
    const char *was = is_fact ? "" : line_at(origin, number - (has_fact && number > 2)), *was_end = line_end(was);
    if (number == 0 || *line == '\0') return false;
    if (!is_fact && end - line == was_end - was && memcmp(line, was, (size_t)(end - line)) == 0) return false;
    struct text mended = { 0 };
    text_add(&mended, "%.*s%.*s%s", (int)(line - altered->bytes), altered->bytes, (int)(was_end - was), was,
             is_fact ? end + 1 : end);
    text_free(altered);
    *altered = mended;
    return true;
}

/* --- judging ------------------------------------------------------------------------------------------------------ */

static struct text altered_now; /* what is judged: of the handler below */

static void keep(const char *why) {
    FILE *file = file_create(FOUND);
    fprintf(stderr, "\nsoak_answers: %s; the trace is %s\n", why, FOUND);
    if (file == NULL || altered_now.bytes == NULL) return;
    fwrite(altered_now.bytes, 1, altered_now.length, file);
    fclose(file);
}

static void died(int number) {
    signal(number, SIG_DFL);
    keep("a signal");
    raise(number);
}

/* NULL: it cannot be read, whatever altered line is put back. */
static struct scenario *read_altered(struct soak *soak, struct text *altered, const char *origin) {
    struct language_error error;
    for (;;) {
        struct scenario *trace = scenario_parse("soak", altered->bytes, altered->length, &error);
        if (trace != NULL || !mend(altered, origin, error.position.line)) return trace;
        soak->refused++;
    }
}

static void judge_trace(struct soak *soak, const char *origin) {
    time_t begun = time(NULL);
    struct trace_verdict verdict;
    struct scenario *trace = read_altered(soak, &altered_now, origin);
    soak->traces++;
    if (trace == NULL) {
        soak->unreadable++;
    } else {
        trace_judge(trace, draw(soak, 4) == 0 ? profile_named("windows") : NULL, &verdict);
        soak->tally[verdict.answer]++;
        trace_verdict_free(&verdict);
        scenario_free(trace);
    }
    if (time(NULL) - begun <= SECONDS_MOST) return;
    keep("it takes too long");
    exit(1);
}

/* --- as recordings ------------------------------------------------------------------------------------------------ */

/* A folder of its own for each scenario: few files are looked at each time. */
static void folder_of(const struct scenario_file *file, char *folder) {
    snprintf(folder, FOLDER_PATH_MAX, "%s/%s", FOLDER, file->id);
}

static void write_recording(const struct scenario_file *file, const char *id, const struct text *trace) {
    char path[FOLDER_PATH_MAX], folder[FOLDER_PATH_MAX];
    folder_of(file, folder);
    if (!trace_path(folder, id, path) || !file_write_at_once(path, trace->bytes, trace->length)) {
        perror(folder);
        exit(2);
    }
}

/* Plays the altered recordings of one scenario; each instance must have its verdict. */
static void play_recordings(struct soak *soak, struct scenario_file *file) {
    struct scenario_file copy = *file;
    struct scenario_set one = { .files = &copy, .count = 1 };
    struct run_record record = { .count = 0 };
    char folder[FOLDER_PATH_MAX];
    folder_of(file, folder);
    struct run_plan plan = { .subjects = { subject_traces(folder) }, .subjects_count = 1, .repeat = 1 };
    runner_run(&plan, &one, &record);
    soak->recordings++;
    soak->verdicts += record.count;
    if (record.count != scenario_file_count(file)) {
        keep("an instance has no verdict");
        exit(1);
    }
    run_record_free(&record);
    subject_free(plan.subjects[0]);
}

/* --- playing ------------------------------------------------------------------------------------------------------ */

/* Some readings answered, the others left to the seed. */
static struct profile some_profile(struct soak *soak) {
    struct profile profile = { .name = "any" };
    unsigned count = 0;
    const struct reading *rows = readings(&count);
    for (unsigned i = 0; i < count; i++)
        if (rows[i].modelled && draw(soak, 8) == 0)
            profile.answers[rows[i].question] = (uint8_t)(1 + draw(soak, rows[i].candidates_count));
    return profile;
}

static void soak_file(struct soak *soak, struct scenario_file *file) {
    struct profile profile = some_profile(soak);
    struct scenario_file copy = *file;
    struct scenario_set one = { .files = &copy, .count = 1 };
    struct run_record record = { .count = 0 };
    struct run_plan plan = { .subjects = { subject_model(&profile, draw(soak, 1000)) },
                             .subjects_count = 1,
                             .repeat = 1 };
    runner_run(&plan, &one, &record);
    for (unsigned round = 0; round < RECORDINGS_OF_ONE; round++) {
        for (size_t i = 0; i < record.count; i++) {
            const struct instance_record *instance = record.instances[i];
            if (instance->trace.length == 0) continue;
            alter(soak, instance->trace.bytes, &altered_now);
            if (round == 0) write_recording(file, instance->id, &altered_now);
            judge_trace(soak, instance->trace.bytes);
        }
        if (round == 0) play_recordings(soak, file);
    }
    run_record_free(&record);
    subject_free(plan.subjects[0]);
}

int main(int count, char **given) {
    struct scenario_set set = { .count = 0 };
    if (count < 3) return fputs("usage: soak_answers COUNT SEED [SCENARIOS]\n", stderr), 2;
    struct soak soak = { .wanted = strtoull(given[1], NULL, 10), .state = strtoull(given[2], NULL, 10) };
    scenario_set_add(&set, count > 3 ? given[3] : "scenarios");
    if (set.count == 0) return fputs("soak_answers: no scenarios\n", stderr), 2;
    signal(SIGABRT, died);
    signal(SIGSEGV, died);
    while (soak.altered < soak.wanted) soak_file(&soak, &set.files[draw(&soak, set.count)]);
    printf("%" PRIu64 " altered answers, of which the reader refuses %" PRIu64 " alone\n%" PRIu64 " traces: %" PRIu64
           " could not be read, %" PRIu64 " not be judged, %" PRIu64 " undecided, %" PRIu64 " rejected, %" PRIu64
           " allowed\n%" PRIu64 " scenarios as recordings of a host: %" PRIu64 " instances, each with its verdict\n",
           soak.altered, soak.refused, soak.traces, soak.unreadable, soak.tally[TRACE_UNREADABLE],
           soak.tally[TRACE_UNDECIDED], soak.tally[TRACE_REJECTED], soak.tally[TRACE_ALLOWED], soak.recordings,
           soak.verdicts);
    text_free(&altered_now);
    scenario_set_free(&set);
    return 0;
}
