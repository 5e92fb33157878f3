#include "sim/program/trace.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "sim/program/trace_answers.h"
#include "sim/program/trace_arguments.h"
#include "sim/program/trace_text.h"
#include "stack/call/catalogue.h"
#include "stack/call/signature.h"
#include "stack/sdk/wait_values.h"
#include "stack/system/handles.h"

enum { BUFFER_MAX = 512 };

/* How long a player waits for a call that `blocks`, and for any other (conformance/session/step_limit.h). */
static const uint64_t BLOCKS_NS = UINT64_C(300000000), RETURN_NS = UINT64_C(5000000000);

static struct {
    const char *path; /* NULL: none is wanted */
    const struct program_options *options;
    struct world *world;
    uint64_t passed_ns;
    uint64_t passed_before_ns; /* before the held call */
    const struct call *held;   /* a call that has begun to wait, of which nothing is written yet */
    bool held_must_be_undisturbed;
    struct trace_name *pending[PROGRAM_THREADS_MAX]; /* of a call that is blocked */
    bool is_blocked[PROGRAM_THREADS_MAX];
    struct {
        unsigned count;
        struct result_routine ran[RESULT_ROUTINES_MAX];
    } inside[PROGRAM_THREADS_MAX]; /* routines that ran inside the call of each, of which nothing is written yet */
} trace;

static bool is_on(void) { return trace.path != NULL && trace_why_over() == NULL; }

void trace_begin(const struct program_options *options, struct world *world) {
    trace.path = options->trace;
    trace.options = options;
    trace.world = world;
    trace_answers_begin(world);
}

void trace_stored(uint64_t address, const uint8_t *bytes, uint32_t length) {
    if (is_on() && !trace_answers_keep(address, bytes, length))
        trace_give_up("calls that wait get more data than a trace can have");
}

/* --- calls -------------------------------------------------------------------------------------------------------- */

/* What a wait with a limit passes of time, it passes itself when it is played; so does another call, up to the limit of
 * a step. */
static bool passes_time(const struct call *call) {
    int i = signature_parameter_of_kind(signature_of((enum function)call->function), PARAMETER_MILLISECONDS);
    return i >= 0 && (uint32_t)call->arguments[i] != INFINITE;
}

static void put_held(void);

static void begin_line(unsigned thread) {
    put_held();
    if (trace.passed_ns > 0) {
        trace_put("advance %" PRIu64 "ns", trace.passed_ns);
        trace.passed_ns = 0;
        trace_end_line();
    }
    trace_put_thread(thread);
    trace_put(": ");
}

/* An OVERLAPPED gets its line before the first call that has it, and another one when it begins a request again: the
 * program may have changed it meanwhile. */
static void name_overlapped(const struct call *call, const struct signature *signature) {
    int i = signature_parameter_of_kind(signature, PARAMETER_OVERLAPPED);
    if (i < 0 || call->ranges[i].state != RANGE_GOOD) return;
    uint64_t event = load_u64(call->bytes + call->ranges[i].bytes_offset + OVERLAPPED_EVENT);
    struct trace_name *name = trace_name_of(NAMED_OVERLAPPED, call->arguments[i]);
    if (name != NULL && !signature_starts_request(signature)) return;
    name = trace_new_name(NAMED_OVERLAPPED, call->arguments[i], 'o');
    const struct trace_name *handle = trace_name_of(NAMED_HANDLE, event & ~(uint64_t)1);
    begin_line(call->thread);
    trace_put("%s = overlapped(", name->text);
    if (handle != NULL) trace_put("event=%s%s", handle->text, (event & 1) != 0 ? "+1" : "");
    else if (event != 0) trace_give_up("an event of an OVERLAPPED that is no event");
    trace_put(")");
    trace_end_line();
}

/* A buffer of AcceptEx gets its line with each request: it can be told what it held before by no other means. */
static void name_buffer(const struct call *call, const struct signature *signature) {
    int i = signature_parameter_of_kind(signature, PARAMETER_PARTS_OUT);
    if (i < 0 || call->ranges[i].state != RANGE_GOOD || call->ranges[i].length == 0) return;
    if (call->ranges[i].length > BUFFER_MAX) trace_give_up("a buffer is longer than a trace can have");
    begin_line(call->thread);
    trace_put("%s = buffer(%" PRIu32 ")", trace_new_name(NAMED_BUFFER, call->arguments[i], 'b')->text,
              call->ranges[i].length);
    trace_end_line();
}

static void put_call(const struct call *call) {
    const struct signature *signature = signature_of((enum function)call->function);
    trace_put("%s(", signature->name);
    trace_put_arguments(call, signature);
    trace_put(")");
}

static bool waits(unsigned thread) {
    return trace.is_blocked[thread] || (trace.held != NULL && trace.held->thread == thread);
}

void trace_call(const struct call *call) {
    if (is_on() && waits(call->thread)) trace_give_up("a routine calls, inside a call that waits");
    if (!is_on()) return;
    const struct signature *signature = signature_of((enum function)call->function);
    trace_answers_forget();
    name_overlapped(call, signature);
    name_buffer(call, signature);
}

/* No trace can say what comes while a call waits that ends by itself as long as a player still looks whether it
 * `blocks`; nor while one does that waits for a decision, which may be another's then. */
static bool must_be_undisturbed(const struct call *call) {
    if (signature_is_control(signature_of((enum function)call->function))) return true;
    return world_thread(trace.world, call->thread)->deadline_ns - trace.world->now_ns <= BLOCKS_NS;
}

static void put_inside(unsigned thread) {
    trace_put_routines(trace.inside[thread].ran, trace.inside[thread].count);
    trace.inside[thread].count = 0;
}

/* It waits, and something else happens: now it counts as waiting. */
static void put_held(void) {
    const struct call *call = trace.held;
    if (call == NULL) return;
    if (trace.held_must_be_undisturbed)
        trace_give_up("a call waits that ends by itself, and another thread calls meanwhile");
    uint64_t passed_ns = trace.passed_ns;
    trace.held = NULL;
    trace.passed_ns = trace.passed_before_ns;
    begin_line(call->thread);
    trace.passed_ns = passed_ns - trace.passed_before_ns;
    trace.pending[call->thread] = NULL;
    if (trace_letter_of(call) == 's') {
        trace.pending[call->thread] = trace_new_name(NAMED_HANDLE, 0, 's'); /* the handle is known when it returns */
        trace_put("%s = ", trace.pending[call->thread]->text);
    }
    put_call(call);
    trace_put(" -> blocks");
    trace_end_line();
    put_inside(call->thread);
    trace.is_blocked[call->thread] = true;
}

void trace_blocks(const struct call *call) {
    if (!is_on()) return;
    put_held();
    trace.held = call;
    trace.held_must_be_undisturbed = must_be_undisturbed(call);
    trace_answers_await(call->thread, call);
    trace.passed_before_ns = trace.passed_ns;
}

void trace_runs_inside(const struct call *call, const struct result_routine *routine) {
    if (!is_on()) return;
    if (trace.inside[call->thread].count == RESULT_ROUTINES_MAX)
        trace_give_up("more routines run inside a call than a trace can have");
    else trace.inside[call->thread].ran[trace.inside[call->thread].count++] = *routine;
}

void trace_time(uint64_t nanoseconds) {
    if (!is_on()) return;
    trace.passed_ns += nanoseconds;
    bool shown = trace.held != NULL && !passes_time(trace.held);
    if (shown && trace.passed_ns - trace.passed_before_ns >= RETURN_NS) put_held();
}

void trace_returns(const struct call *call, const struct parked_return *answer) {
    if (!is_on()) return;
    if (trace.held == call) { /* nothing came between: it did not wait, or passed the time itself */
        trace.passed_ns = trace.passed_before_ns;
        trace.held = NULL;
    }
    begin_line(call->thread);
    bool succeeded = signature_succeeds(signature_of((enum function)call->function), answer->back.value);
    if (trace.is_blocked[call->thread]) {
        trace_put("returns");
        if (trace.pending[call->thread] != NULL && succeeded) trace.pending[call->thread]->value = answer->back.value;
    } else {
        trace_put_product_name(call, answer->back.value);
        put_call(call);
    }
    trace.is_blocked[call->thread] = false;
    trace_put_outcome(call, answer->back.value, answer->back.error);
    trace_end_line();
    put_inside(call->thread);
    trace_put_routines(answer->routines, answer->routines_count);
    if (succeeded) trace_put_packets(call);
    trace_answers_await(call->thread, NULL);
    trace_answers_forget();
}

/* --- the file ----------------------------------------------------------------------------------------------------- */

static const char *account_word(enum account_kind kind) {
    switch (kind) {
    case ACCOUNT_STANDARD_USER: return "standard-user";
    case ACCOUNT_BUILTIN_ADMINISTRATOR: return "builtin-administrator";
    case ACCOUNT_LOCAL_SYSTEM: return "local-system";
    default: return "administrator";
    }
}

static void write_head(FILE *file) {
    const struct program_options *options = trace.options;
    fprintf(file, "trace program\n  by      program\n  profile %s\n  seed    %" PRIu64 "\n\n", options->profile.name,
            options->seed);
    if (options->dynamic_first != 0)
        fprintf(file, "world dynamic-range tcp %u-%u\nworld dynamic-range udp %u-%u\n", options->dynamic_first,
                options->dynamic_last, options->dynamic_first, options->dynamic_last);
    for (unsigned i = 0; i < options->ranges_count; i++)
        fprintf(file, "world exclusion %s %u-%u%s\n", options->ranges[i].protocol == PROTOCOL_UDP ? "udp" : "tcp",
                options->ranges[i].first, options->ranges[i].last,
                options->ranges[i].administered ? " administered" : "");
    if (options->lua_off) fputs("world uac EnableLUA=0\n", file);
    if (options->delay_ns == UINT64_MAX) fputs("world completes never\n", file);
    else if (options->delay_ns > 0) fprintf(file, "world completes after %" PRIu64 "ns\n", options->delay_ns);
    fprintf(file, "user me is %s\nprocess app as me%s startup=none\n", account_word(options->account),
            options->elevated ? " elevated" : "");
    for (unsigned i = 1; i < PROGRAM_THREADS_MAX; i++)
        if (trace_has_thread(i)) fprintf(file, "thread app.t%u\n", i + 1);
    fputc('\n', file);
}

void trace_end(void) {
    if (trace.path == NULL) return;
    FILE *file = fopen(trace.path, "w");
    if (file == NULL) {
        fprintf(stderr, "reservoir: trace=%s: the file cannot be written\n", trace.path);
        return;
    }
    write_head(file);
    size_t length = 0;
    const char *text = trace_text(&length);
    if (length > 0) fwrite(text, 1, length, file);
    if (trace_why_over() != NULL) fprintf(file, "# unsupported: %s\n", trace_why_over());
    fclose(file);
    trace.path = NULL;
}
