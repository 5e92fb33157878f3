#include "conformance/agent/serve.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/agent/host_block.h"
#include "conformance/agent/persistent.h"
#include "conformance/agent/play_text.h"
#include "conformance/agent/system/process.h"
#include "conformance/agent/system/threads.h"
#include "conformance/base/memory.h"
#include "conformance/base/number.h"
#include "conformance/base/reason.h"
#include "conformance/language/parser.h"

enum { COMMAND_BYTES_MAX = 256 };

struct server {
    struct play_text play;
    struct scenario *scenario; /* NULL: nothing is begun; owned */
    unsigned next;             /* steps below were played before a restart */
    bool leaves;               /* what the scenario made stays when it is ended */
};

/* --- a connection that is none ------------------------------------------------------------------------------------ */

/* A client that is gone without an end of the input would hold what its scenario made for ever. */
static struct {
    uint64_t limit_ms;
    _Atomic uint64_t since_ms; /* the input has been waited for since then; 0: it is not */
} idle;

static void watch(void *unused) {
    enum { LOOK_MS = 100 };
    (void)unused;
    for (;; sleep_ms(LOOK_MS)) {
        uint64_t since_ms = idle.since_ms;
        if (since_ms == 0 || clock_ms() - since_ms < idle.limit_ms) continue;
        fprintf(stderr, "agent: no command for %u s (--idle-limit): cleaning up and leaving\n",
                (unsigned)(idle.limit_ms / 1000));
        persistent_stop();
        process_end(2);
    }
}

static void wait_begins(void) { idle.since_ms = clock_ms() + (clock_ms() == 0); }

static void wait_ends(void) { idle.since_ms = 0; }

/* --- the two streams ---------------------------------------------------------------------------------------------- */

static bool say(const char *bytes, size_t length) {
    if (length > 0 && fwrite(bytes, 1, length, stdout) != length) return false;
    return fflush(stdout) == 0;
}

static bool say_text(struct text *text) {
    bool said = say(text->bytes, text->length);
    text_free(text);
    return said;
}

/* `word`, then `reason` with its line ends made blanks. */
static void add_answer(struct text *out, const char *word, const char *reason) {
    assert(word != NULL);
    size_t start = out->length;
    text_add(out, "%s%s%s", word, reason == NULL ? "" : " ", reason == NULL ? "" : reason);
    for (size_t i = start; i < out->length; i++) {
        if (out->bytes[i] == '\n' || out->bytes[i] == '\r') out->bytes[i] = ' ';
    }
    text_add(out, "\n");
}

/* A line without its end. False at the end of the input. What is longer than the buffer is cut: no command is. A byte
 * of 0 is in none either, and ends no line. */
static bool read_line(char *line, size_t size) {
    assert(size > 1);
    size_t length = 0;
    wait_begins();
    int byte = getchar();
    bool there = byte != EOF;
    for (; byte != EOF && byte != '\n'; byte = getchar()) {
        if (byte != '\r' && length < size - 1) line[length++] = byte == '\0' ? '?' : (char)byte;
    }
    wait_ends();
    line[length] = '\0';
    return there;
}

/* --- the commands ------------------------------------------------------------------------------------------------- */

/* Ends what was begun. True when all is clean, or nothing was begun; else with a reason. */
static bool end_scenario(struct server *server, struct reason *reason) {
    if (server->scenario == NULL) return true;
    enum step_result ended = server->leaves ? play_text_leave(&server->play) : play_text_end(&server->play);
    if (ended != STEP_DONE) *reason = server->play.player.reason;
    scenario_free(server->scenario);
    server->scenario = NULL;
    return ended == STEP_DONE;
}

/* Reads and parses what follows a command: a `scenario` or a `trace`. NULL with an answer in `out`. */
static struct scenario *read_scenario(const char *what, unsigned long length, struct text *out) {
    char message[640];
    assert(length <= FILE_BYTES_MAX);
    char *bytes = malloc(length + 1);
    assert(bytes != NULL);
    wait_begins();
    size_t got = fread(bytes, 1, length, stdin);
    bool ended = got == length && getchar() == '\n';
    wait_ends();
    bytes[got] = '\0';
    if (!ended) {
        snprintf(message, sizeof message, "the %s is not as long as said, or no line end follows it", what);
        add_answer(out, "broken", message);
        free(bytes);
        return NULL;
    }
    struct language_error error;
    struct scenario *scenario = scenario_parse(what, bytes, length, &error);
    free(bytes);
    if (scenario == NULL) {
        snprintf(message, sizeof message, "%s:%u:%u: %s", what, (unsigned)error.position.line,
                 (unsigned)error.position.column, error.message);
        add_answer(out, "broken", message);
        return NULL;
    }
    if (scenario->dimensions_count == 0) return scenario;
    add_answer(out, "broken", "the scenario has variants; one expanded instance is wanted");
    scenario_free(scenario);
    return NULL;
}

/* Answers what became of a beginning. */
static void answer_begun(struct server *server, enum step_result result, struct text *out) {
    if (result == STEP_DONE) {
        play_text_ports(&server->play, out);
        add_answer(out, "ready", NULL);
        return;
    }
    add_answer(out, result == STEP_UNSUPPORTED ? "unsupported" : "broken", play_text_reason(&server->play));
    struct reason reason;
    if (!end_scenario(server, &reason)) fprintf(stderr, "agent: %s\n", reason.text);
}

/* Takes a scenario that was not begun; false with an answer. */
static bool take_scenario(struct server *server, struct scenario *scenario, struct text *out) {
    if (scenario == NULL) return false;
    if (server->scenario == NULL) {
        server->scenario = scenario;
        return true;
    }
    add_answer(out, "broken", "another scenario has not been ended");
    scenario_free(scenario);
    return false;
}

static void command_begin(struct server *server, unsigned long length, struct text *out) {
    server->next = 0;
    if (!take_scenario(server, read_scenario("scenario", length, out), out)) return;
    answer_begun(server, play_text_begin(&server->play, server->scenario), out);
}

/* `resume N M MARK` */
static void command_resume(struct server *server, const char *words, struct text *out) {
    unsigned long length = 0, trace_length = 0;
    char mark[RESTART_MARK_MAX + 1] = "", more = 0;
    int read = sscanf(words, "%7lu %7lu %64s%c", &length, &trace_length, mark, &more);
    if (read != 3 || length > FILE_BYTES_MAX || trace_length > FILE_BYTES_MAX) {
        add_answer(out, "broken", "resume wants two lengths and a mark");
        return;
    }
    struct scenario *scenario = read_scenario("scenario", length, out);
    struct scenario *trace = scenario == NULL ? NULL : read_scenario("trace", trace_length, out);
    if (trace == NULL) {
        scenario_free(scenario);
        return;
    }
    if (take_scenario(server, scenario, out))
        answer_begun(server, play_text_resume(&server->play, scenario, trace, mark, &server->next), out);
    scenario_free(trace);
}

static void command_step(struct server *server, unsigned long index, struct text *out) {
    if (server->scenario == NULL) {
        add_answer(out, "broken", "no scenario is begun");
    } else if (index >= server->play.steps.count) {
        add_answer(out, "broken", "the scenario has no such step");
    } else if (index < server->next) {
        add_answer(out, "broken", "this step was played before the machine restarted");
    } else if (server->play.last == STEP_RESTART) {
        add_answer(out, "broken", "the machine has to restart first: leave, or end");
    } else {
        enum step_result result = play_text_step(&server->play, (unsigned)index, out);
        const char *reason = play_text_reason(&server->play);
        if (result == STEP_DONE) add_answer(out, "done", NULL);
        if (result == STEP_NEEDS) add_answer(out, "needs", server->play.player.needed);
        if (result == STEP_UNSUPPORTED) add_answer(out, "unsupported", reason);
        if (result == STEP_NOT_MODELLED) add_answer(out, reason, NULL); /* "not modelled: WHAT" */
        if (result == STEP_BROKEN) add_answer(out, "broken", reason);
        if (result == STEP_RESTART) add_answer(out, "restart", reason);
    }
    text_add(out, ".\n");
}

static void command_end(struct server *server, struct text *out) {
    struct reason reason;
    bool clean = end_scenario(server, &reason);
    if (native_host_is_cut_off(server->play.host)) add_answer(out, "gone", "an exception has cut off a call of it");
    else add_answer(out, clean ? "clean" : "broken", clean ? NULL : reason.text);
}

static void command_leave(struct server *server, struct text *out) {
    if (server->scenario == NULL || server->play.last != STEP_RESTART) {
        add_answer(out, "broken", "no scenario has stopped for a restart");
        return;
    }
    server->leaves = true;
    command_end(server, out);
    server->leaves = false;
}

static void answer_command(struct server *server, const char *line, struct text *out) {
    assert(line != NULL);
    uint64_t number = 0;
    if (strncmp(line, "begin ", 6) == 0 && number_read(line + 6, FILE_BYTES_MAX, &number)) {
        command_begin(server, (unsigned long)number, out);
    } else if (strncmp(line, "resume ", 7) == 0) {
        command_resume(server, line + 7, out);
    } else if (strncmp(line, "step ", 5) == 0 && number_read(line + 5, STEPS_MAX, &number)) {
        command_step(server, (unsigned long)number, out);
    } else if (strcmp(line, "end") == 0) {
        command_end(server, out);
    } else if (strcmp(line, "leave") == 0) {
        command_leave(server, out);
    } else {
        add_answer(out, "broken",
                   "this is no command: begin BYTES, resume BYTES BYTES MARK, step NUMBER, end, leave, quit");
    }
}

int serve(struct native_host *host, uint32_t idle_limit_s) {
    assert(host != NULL);
    idle.limit_ms = (uint64_t)idle_limit_s * 1000;
    if (idle_limit_s > 0) thread_begin(watch, NULL);
    struct server *server = memory_zeroed(sizeof *server);
    play_text_create(&server->play, host);
    struct text hello = { 0 };
    host_block_print(&hello);
    text_add(&hello, "ready\n");
    bool alive = say_text(&hello);
    char line[COMMAND_BYTES_MAX];
    while (alive && read_line(line, sizeof line) && strcmp(line, "quit") != 0) {
        struct text out = { 0 };
        answer_command(server, line, &out);
        alive = say_text(&out);
        if (native_host_is_cut_off(host) && server->scenario == NULL) process_end(0);
    }
    struct reason reason;
    if (!end_scenario(server, &reason)) fprintf(stderr, "agent: %s\n", reason.text);
    free(server);
    return alive ? 0 : 2;
}
