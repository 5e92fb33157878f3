#include "sim/program/threads.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/fibres/fibres.h"
#include "sim/program/machine.h"
#include "sim/program/owned.h"
#include "sim/program/preceded.h"
#include "sim/program/program_text.h"
#include "sim/program/stop.h"
#include "sim/program/watch.h"
#include "stack/call/signature.h"
#include "stack/io/requests.h"
#include "stack/model/model.h"

enum {
    NO_THREAD = PROGRAM_THREADS_MAX,
    NAME_BYTES = 64,
    POLL_NS = 10000,
    NANOSECONDS_PER_MILLISECOND = 1000000,
    STACK_BYTES = 1 << 20, /* Windows' ordinary one */
    STACK_LEAST_BYTES = 1 << 16,
};

enum turn { TURN_FREE, TURN_READY, TURN_PARKED, TURN_WAITING, TURN_ENDED };

struct thread_row {
    enum turn turn;
    struct fibre *fibre;
    unsigned suspensions;
    bool given_back;
    uint32_t (*routine)(void *parameter);
    void *parameter;
    uint32_t last_error, exit_code;
    char name[NAME_BYTES];
    const struct call *call; /* PARKED */
    bool returned;
    struct parked_return back;
    struct result_routine *inside; /* that are to run inside its call: `inside_count`, of room for `inside_room` */
    unsigned inside_count, inside_room;
    unsigned depth;                 /* routines that run inside calls of Winsock: one within the other */
    const struct thread_wait *wait; /* WAITING */
    uint64_t deadline_ns;
    void *slots[THREAD_SLOTS_MAX];
};

static struct {
    bool begun;
    void *system_thread;     /* on which all of them take turns */
    unsigned current, count; /* rows from `count` on are free */
    unsigned dead;           /* whose stack can be freed, or NO_THREAD */
    struct thread_row rows[PROGRAM_THREADS_MAX];
} threads = { .dead = NO_THREAD };

static struct thread_row *self(void) { return &threads.rows[threads.current]; }

static const char *words_of(unsigned thread) {
    static char text[NAME_BYTES + 32];
    const char *name = threads.rows[thread].name;
    if (thread == 0) snprintf(text, sizeof text, "main thread%s%.64s", name[0] ? " " : "", name);
    else snprintf(text, sizeof text, "thread %u%s%.64s", thread + 1, name[0] ? " " : "", name);
    return text;
}

/* --- what the watch asks ------------------------------------------------------------------------------------------ */

static bool others_live(void) {
    for (unsigned i = 0; i < threads.count; i++)
        if (i != threads.current && threads.rows[i].turn != TURN_FREE && threads.rows[i].turn != TURN_ENDED)
            return true;
    return false;
}

static const char *stack_of(uintptr_t address) {
    for (unsigned i = 0; i < threads.count; i++)
        if (threads.rows[i].fibre != NULL && fibre_guards(threads.rows[i].fibre, address)) return words_of(i);
    return NULL;
}

static const char *runs(void) { return words_of(threads.current); }

static void end_process(void) { machine_end(); }

static void begin(void) {
    static const struct watched watched = { .others_live = others_live, .stack_of = stack_of, .runs = runs };
    threads.begun = true;
    threads.system_thread = __builtin_thread_pointer();
    machine_create();
    threads.count = 1;
    threads.rows[0].turn = TURN_READY;
    threads.rows[0].fibre = fibre_adopt();
    if (threads.rows[0].fibre == NULL) stop(STOP_NO_ROOM, "there is no memory for the main thread");
    watch_begin(&watched, machine_options()->loop_seconds);
    atexit(end_process);
}

void threads_enter(void) {
    if (!threads.begun) begin();
    if (__builtin_thread_pointer() != threads.system_thread)
        stop(STOP_NOT_MODELLED, "a thread of the system's own calls Windows; threads are to be made by CreateThread, "
                                "_beginthreadex or std::thread");
    watch_call();
}

unsigned thread_current(void) { return threads.current; }
uint32_t thread_last_error(void) { return self()->last_error; }
void thread_set_last_error(uint32_t error) { self()->last_error = error; }
void **thread_slot(unsigned slot) {
    assert(slot < THREAD_SLOTS_MAX);
    return &self()->slots[slot];
}

void thread_name(unsigned thread, const char *name) {
    snprintf(threads.rows[thread].name, sizeof threads.rows[thread].name, "'%s'", name);
}

/* --- whose turn it is --------------------------------------------------------------------------------------------- */

/* What one result says of threads that were parked: which of them return. */
static void hand_out_returns(const struct result *result) {
    for (unsigned i = 0; i < result->returns_count; i++) {
        struct thread_row *row = &threads.rows[result->returns[i].thread];
        assert(!row->returned);
        row->returned = true;
        row->back.back = result->returns[i];
        row->back.routines_count = 0;
    }
}

static void keep_inside(struct thread_row *row, const struct result_routine *routine) {
    if (row->inside_count == row->inside_room) {
        row->inside_room += RESULT_ROUTINES_MAX;
        row->inside = realloc(row->inside, row->inside_room * sizeof *row->inside);
        if (row->inside == NULL) stop(STOP_NO_ROOM, "there is no memory for routines that are to run");
    }
    row->inside[row->inside_count++] = *routine;
}

/* The routines of a step are those of the one thread that it wakes; they end its wait, or run inside its call. */
static void hand_out_step(const struct result *step) {
    hand_out_returns(step);
    for (unsigned i = 0; i < step->routines_count; i++) {
        struct thread_row *row = &threads.rows[step->routines[i].thread];
        if (step->returns_count == 0) keep_inside(row, &step->routines[i]);
        else row->back.routines[row->back.routines_count++] = step->routines[i];
    }
}

void threads_settle(const struct result *result) {
    struct result step;
    if (result != NULL) hand_out_returns(result);
    while (machine_step(&step)) hand_out_step(&step);
}

static bool routines_are_queued(unsigned thread) { return routine_is_queued(machine_world(), thread); }

static bool wait_is_done(unsigned thread) {
    const struct thread_row *row = &threads.rows[thread];
    if (row->wait->alertable && routines_are_queued(thread)) return true;
    if (row->wait->is_over != NULL && row->wait->is_over(row->wait->context)) return true;
    return row->deadline_ns <= machine_world()->now_ns;
}

static bool can_run(unsigned thread) {
    const struct thread_row *row = &threads.rows[thread];
    if (row->suspensions > 0) return false;
    switch (row->turn) {
    case TURN_READY: return true;
    case TURN_PARKED: return row->returned || row->inside_count > 0;
    case TURN_WAITING: return wait_is_done(thread);
    case TURN_FREE:
    case TURN_ENDED: break;
    }
    return false;
}

/* Of those that can run, the next in the circle, or one at random; the calling thread last, or not at all. */
static unsigned next_turn(bool self_too) {
    unsigned found[PROGRAM_THREADS_MAX], count = 0;
    for (unsigned i = 1; i < threads.count + (self_too ? 1 : 0); i++) {
        unsigned thread = (threads.current + i) % threads.count;
        if (!can_run(thread)) continue;
        found[count++] = thread;
        if (machine_options()->seed == 0) break;
    }
    return count == 0 ? NO_THREAD : found[machine_draw(count)];
}

static void bury(void) {
    if (threads.dead == NO_THREAD || threads.dead == threads.current) return;
    struct thread_row *row = &threads.rows[threads.dead];
    fibre_destroy(row->fibre);
    row->fibre = NULL;
    if (row->given_back) memset(row, 0, sizeof *row);
    threads.dead = NO_THREAD;
}

static void switch_to(unsigned thread) {
    if (thread == threads.current) return;
    struct fibre *fibre = threads.rows[thread].fibre;
    threads.current = thread;
    fibre_switch(fibre);
    bury();
}

/* Everyone waits: on to the next moment at which something happens. False: there is none. */
static bool let_time_pass(void) {
    const uint64_t now_ns = machine_world()->now_ns;
    uint64_t next_ns = model_next_timeout(machine_world());
    for (unsigned i = 0; i < threads.count; i++) {
        const struct thread_row *row = &threads.rows[i];
        if (row->turn != TURN_WAITING || row->deadline_ns == UINT64_MAX) continue;
        if (row->deadline_ns - now_ns < next_ns) next_ns = row->deadline_ns - now_ns;
    }
    if (next_ns == UINT64_MAX) return false;
    machine_tick(next_ns);
    return true;
}

static void describe(unsigned thread) {
    const struct thread_row *row = &threads.rows[thread];
    char text[256] = "does not run: it is suspended, and no one resumes it";
    if (row->turn == TURN_PARKED) program_call_text(row->call, text, sizeof text);
    else if (row->turn == TURN_WAITING) snprintf(text, sizeof text, "%s", row->wait->text);
    else if (row->turn == TURN_FREE || row->turn == TURN_ENDED) return;
    fprintf(stderr, "    %-16s %s\n", words_of(thread), text);
}

static _Noreturn void stop_deadlocked(void) {
    fflush(stdout);
    fputs("reservoir: all threads wait, and nothing that could happen would wake one of them:\n", stderr);
    for (unsigned i = 0; i < threads.count; i++) describe(i);
    stop(STOP_DEADLOCK, "the program is ended");
}

/* Runs others until the calling thread can run, which may be at once. */
static void give_up_turn(void) {
    for (;;) {
        threads_settle(NULL);
        owned_check();
        unsigned next = next_turn(true);
        if (next != NO_THREAD) {
            switch_to(next);
            break;
        }
        if (!let_time_pass()) stop_deadlocked();
    }
    self()->turn = TURN_READY;
    watch_call();
}

void thread_poll(void) {
    machine_tick(POLL_NS);
    threads_settle(NULL);
    owned_check();
    unsigned next = next_turn(false);
    if (next != NO_THREAD) switch_to(next);
}

/* What becomes of a call that waits is undefined on Windows where a routine makes it that runs inside another one
 * (T9.4.5). */
static void must_not_wait_inside(const char *function) {
    if (self()->depth > 0) stop_not_modelled(function, "waiting in a routine that runs inside a call that waits");
}

/* The oldest routine that is to run inside the call that the calling thread is parked in. */
static void run_next_inside(const struct call *call) {
    struct thread_row *row = self();
    const struct result_routine routine = row->inside[0];
    uint32_t error = row->last_error;
    row->inside_count--;
    memmove(row->inside, row->inside + 1, row->inside_count * sizeof *row->inside);
    trace_runs_inside(call, &routine);
    row->turn = TURN_READY;
    row->depth++;
    thread_run_routines(&routine, 1);
    row->depth--;
    row->last_error = error;
    row->call = call;
}

struct parked_return thread_parked_by_model(const struct call *call, const struct result *result) {
    struct thread_row *row = self();
    must_not_wait_inside(signature_of((enum function)call->function)->name);
    row->turn = TURN_PARKED;
    row->call = call;
    threads_settle(result);
    while (row->inside_count > 0 || !row->returned) {
        if (row->inside_count > 0) run_next_inside(call);
        else give_up_turn();
        row->turn = TURN_PARKED;
    }
    row->turn = TURN_READY;
    row->returned = false;
    row->call = NULL;
    return row->back;
}

/* --- waits -------------------------------------------------------------------------------------------------------- */

void thread_run_routines(const struct result_routine *routines, unsigned count) {
    typedef void (*completion_routine)(uint32_t error, uint32_t bytes, void *overlapped, uint32_t flags);
    typedef void (*user_apc)(uintptr_t parameter);
    for (unsigned i = 0; i < count; i++) {
        if (routines[i].kind == RAN_APC) {
            ((user_apc)(uintptr_t)routines[i].routine)((uintptr_t)routines[i].overlapped);
            continue;
        }
        completion_routine routine = (completion_routine)(uintptr_t)routines[i].routine;
        uint32_t before = routines[i].error == 0 ? preceded_bytes(routines[i].overlapped) : 0;
        routine(routines[i].error, before + routines[i].bytes, (void *)(uintptr_t)routines[i].overlapped,
                routines[i].flags);
    }
}

/* The model's routines run in a SleepEx(0, TRUE) of the calling thread. */
static void run_routines_of_model(void) {
    struct call call;
    struct result result;
    call_clear(&call);
    call.function = FUNCTION_SleepEx;
    call.thread = (uint16_t)threads.current;
    call.arguments[SleepEx_bAlertable] = 1;
    trace_call(&call);
    machine_call(&call, &result);
    struct parked_return answer = { .back = { .value = result.value, .error = result.error },
                                    .routines_count = result.routines_count };
    memcpy(answer.routines, result.routines, result.routines_count * sizeof result.routines[0]);
    trace_returns(&call, &answer);
    thread_run_routines(answer.routines, answer.routines_count);
}

bool thread_has_queued(void) { return routines_are_queued(threads.current); }

void thread_run_queued(void) {
    while (routines_are_queued(threads.current)) run_routines_of_model();
}

void thread_run_queued_inside(void) {
    self()->depth++;
    thread_run_queued();
    self()->depth--;
}

enum wait_end thread_wait(const struct thread_wait *wait) {
    struct thread_row *row = self();
    const uint64_t limit_ns = (uint64_t)wait->limit_ms * NANOSECONDS_PER_MILLISECOND;
    row->wait = wait;
    row->deadline_ns = wait->limit_ms == WAIT_WITHOUT_LIMIT ? UINT64_MAX : machine_world()->now_ns + limit_ns;
    bool there = (wait->alertable && routines_are_queued(threads.current)) ||
                 (wait->is_over != NULL && wait->is_over(wait->context));
    if (!there && wait->limit_ms == 0) thread_poll();
    else if (!there) {
        if (wait->of_winsock != NULL) must_not_wait_inside(wait->of_winsock);
        row->turn = TURN_WAITING;
        give_up_turn();
    }
    row->wait = NULL;
    if (wait->is_over != NULL && wait->is_over(wait->context)) return WAIT_CAME;
    if (!wait->alertable || !routines_are_queued(threads.current)) return WAIT_TIMED_OUT;
    if (wait->of_winsock != NULL) thread_run_queued_inside();
    else thread_run_queued();
    return WAIT_RAN_ROUTINES;
}

/* --- threads come and go ------------------------------------------------------------------------------------------ */

static void run_thread(void *context) {
    bury();
    struct thread_row *row = context;
    row->turn = TURN_READY;
    thread_exits(row->routine(row->parameter));
}

struct fibre *thread_stack(void) {
    return self()->fibre;
}

struct fibre *thread_stack_create(size_t stack_bytes, void (*entry)(void *context), void *context) {
    if (stack_bytes == 0) stack_bytes = STACK_BYTES;
    if (stack_bytes < STACK_LEAST_BYTES) stack_bytes = STACK_LEAST_BYTES;
    return fibre_create(stack_bytes, entry, context);
}

void thread_change_stack(struct fibre *to) {
    self()->fibre = to;
    fibre_switch_within_thread(to);
}

int thread_create(uint32_t (*routine)(void *parameter), void *parameter, size_t stack_bytes, bool suspended) {
    unsigned thread = 0;
    while (thread < threads.count && threads.rows[thread].turn != TURN_FREE) thread++;
    if (thread == PROGRAM_THREADS_MAX) return -1;
    struct thread_row *row = &threads.rows[thread];
    memset(row, 0, sizeof *row);
    row->fibre = thread_stack_create(stack_bytes, run_thread, row);
    if (row->fibre == NULL) return -1;
    if (thread == threads.count) threads.count++;
    row->turn = TURN_READY;
    row->suspensions = suspended ? 1 : 0;
    row->routine = routine;
    row->parameter = parameter;
    machine_thread_starts(thread);
    return (int)thread;
}

void thread_set_parameter(unsigned thread, void *parameter) { threads.rows[thread].parameter = parameter; }

static void (*call_at_end)(unsigned thread);

void threads_end_calls(void (*routine)(unsigned thread)) { call_at_end = routine; }

_Noreturn void thread_exits(uint32_t exit_code) {
    struct result result;
    threads_enter();
    if (self()->depth > 0) stop_not_modelled("ExitThread", "in a routine that runs inside a call that waits");
    if (call_at_end != NULL) call_at_end(threads.current);
    struct thread_row *row = self();
    free(row->inside);
    row->inside = NULL;
    row->inside_room = 0;
    row->exit_code = exit_code;
    row->turn = TURN_ENDED;
    machine_thread_ends(threads.current, &result);
    threads_settle(&result);
    if (!others_live()) exit((int)exit_code);
    unsigned next = next_turn(false);
    while (next == NO_THREAD) {
        if (!let_time_pass()) stop_deadlocked();
        threads_settle(NULL);
        next = next_turn(false);
    }
    if (threads.current != 0) threads.dead = threads.current; /* the main thread's stack is the process's */
    struct fibre *fibre = threads.rows[next].fibre;
    threads.current = next;
    fibre_leave(fibre);
}

bool thread_has_ended(unsigned thread, uint32_t *exit_code) {
    const struct thread_row *row = &threads.rows[thread];
    if (row->turn != TURN_ENDED) return false;
    if (exit_code != NULL) *exit_code = row->exit_code;
    return true;
}

void thread_give_back(unsigned thread) {
    struct thread_row *row = &threads.rows[thread];
    row->given_back = true;
    if (row->turn == TURN_ENDED && row->fibre == NULL) memset(row, 0, sizeof *row);
}

unsigned thread_suspend(unsigned thread) {
    if (thread == threads.current) stop_not_modelled("SuspendThread", "of the calling thread itself");
    return threads.rows[thread].suspensions++;
}

unsigned thread_continue(unsigned thread) {
    struct thread_row *row = &threads.rows[thread];
    return row->suspensions == 0 ? 0 : row->suspensions--;
}
