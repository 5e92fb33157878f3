#include "conformance/agent/functions.h"

#include "conformance/agent/machine_model.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/agent/system/process.h"
#include "conformance/agent/system/faults.h"
#include "conformance/agent/system/threads.h"
#include "conformance/base/files.h"
#include "conformance/base/reason.h"
#include "conformance/stage/model_stage.h"
#include "conformance/stage/stage_exclusions.h"
#include "sim/store/store_file.h"
#include "stack/choice.h"
#include "stack/ports/pool.h"
#include "stack/model/model.h"
#include "stack/readings.h"
#include "stack/call/catalogue.h"
#include "stack/world.h"

enum {
    MACHINE_PROCESSES = PROCESSES_MAX + 1,
    SCENARIO_THREADS = THREADS_MAX + 1, /* and the agent's own */
    MACHINE_THREADS = SCENARIO_THREADS + MACHINE_PROCESSES,
    MACHINE_LEFT = 64,     /* blocks of other scenarios, which stay until these are resumed after a restart */
    MACHINE_SOCKETS = 512, /* trial sockets for `ports` lines besides the scenario's */
    NANOSECONDS_PER_MILLISECOND = 1000000,
    BOOT_MS = 16,
    BOOT_TOKENS = 1024,
};

/* What waits for a real thread that is parked. */
struct parked_return {
    bool there;
    bool gone; /* its process has ended */
    struct result_return back;
    unsigned routines_count;
    struct result_routine routines[RESULT_ROUTINES_MAX];
};

static struct {
    struct monitor *lock; /* changed: a thread that is parked may have its return */
    struct world *world;
    struct simulating_chooser chooser;
    const struct scenario *scenario;
    char store[FOLDER_PATH_MAX]; /* "": the store goes with the world */
    uint64_t exclusions_kept;    /* of the scenario's lines: those that the store had before */
    uint64_t clock_ns;           /* real time at which the model's clock was last set */
    struct parked_return parked[MACHINE_THREADS];
    unsigned thread_processes[MACHINE_THREADS];
} machine;

static __thread unsigned current_process, current_thread;
static __thread const char *not_modelled; /* of the calling real thread; NULL: nothing */

/* --- the machine and its store ------------------------------------------------------------------------------------ */

/* What happens to the file of a store; the program cannot continue when it went wrong. */
static void must_be_done(enum store_file_answer answer) {
    if (answer == STORE_FILE_DONE) return;
    char text[160];
    store_file_text(answer, text, sizeof text);
    fprintf(stderr, "agent: %s: %s\n", machine.store, text);
    exit(2);
}

/* An ordinary machine with room for so many world lines. */
static void make_world(unsigned lines) {
    struct world_limits limits = world_limits_small();
    limits.processes = MACHINE_PROCESSES;
    limits.threads = MACHINE_THREADS;
    limits.sockets = MACHINE_SOCKETS;
    limits.handles = MACHINE_SOCKETS + 64;
    limits.events = (uint16_t)(limits.events + MACHINE_SOCKETS); /* each socket's handle may have one of its own */
    limits.reservations = (uint16_t)(limits.reservations + MACHINE_LEFT);
    limits.exclusions = (uint16_t)(limits.exclusions + MACHINE_LEFT + lines);
    limits.stored = (uint16_t)(limits.stored + MACHINE_LEFT + lines);
    world_limits_add_wire(&limits);
    if (machine.lock == NULL) machine.lock = monitor_create();
    free(machine.world);
    void *memory = malloc(world_bytes(&limits));
    assert(memory != NULL);
    machine.world = world_create(memory, &limits);
    simulating_chooser_init(&machine.chooser, profile_named("windows"), 0);
    machine.clock_ns = clock_ns();
    memset(machine.parked, 0, sizeof machine.parked);
}

/* Each start of this program is a boot, with tokens of its own: no boot is shorter than BOOT_MS, and none gives more
 * than BOOT_TOKENS in a scenario that has persistent reservations. */
static void load_store(void) {
    if (machine.store[0] == '\0') return;
    uint64_t boot = machine_model_boot().booted_ms / BOOT_MS;
    reservations_count_from(machine.world, (uint32_t)(boot * BOOT_TOKENS & 0x7FFFFFFF));
    must_be_done(store_file_load(machine.store, machine.world));
}

static void save_store(void) {
    if (machine.store[0] != '\0') must_be_done(store_file_save(machine.store, machine.world));
}

bool machine_model_keep_store(const char *path) {
    struct store_findings findings = { .count = 0 };
    assert(machine.world == NULL);
    enum store_file_answer answer = store_file_check(path, &findings);
    if (answer == STORE_FILE_DONE && strlen(path) < sizeof machine.store) {
        strcpy(machine.store, path);
        sleep_ms(BOOT_MS);
        return true;
    }
    char text[160] = "the path is too long";
    if (answer != STORE_FILE_DONE) store_file_text(answer, text, sizeof text);
    fprintf(stderr, "agent: %s: %s\n", path, text);
    return false;
}

struct boot machine_model_boot(void) {
    return (struct boot){ .booted_ms = process_started_ms(), .exact = true };
}

bool machine_model_begin(const struct scenario *scenario, bool resumed, struct reason *reason) {
    assert(scenario != NULL);
    assert(reason != NULL);
    make_world(scenario->world_lines_count);
    load_store(); /* before the lines: what is booted drops exclusions that the store does not have */
    machine.scenario = scenario;
    machine.exclusions_kept = stage_exclusions_kept(machine.world, scenario);
    if (!world_apply_lines(machine.world, scenario, reason)) return false;
    if (resumed) model_reboot(machine.world);
    return true;
}

void machine_model_end(void) {
    if (machine.world == NULL) return; /* the scenario was refused before there was a machine */
    const char *broken = model_check(machine.world);
    (void)broken;
    assert(broken == NULL);
    if (machine.scenario != NULL) stage_exclusions_withdraw(machine.world, machine.scenario, machine.exclusions_kept);
    save_store();
    machine.scenario = NULL;
}

/* --- what the model answers --------------------------------------------------------------------------------------- */

/* Stores writes, hands returns and routines to the threads that they belong to. Under the lock. */
static void distribute(const struct result *result) {
    for (unsigned i = 0; i < result->writes_count; i++) {
        const struct result_write *write = &result->writes[i];
        memcpy((void *)(uintptr_t)write->address, result->bytes + write->bytes_offset, write->length);
    }
    for (unsigned i = 0; i < result->returns_count; i++) {
        assert(result->returns[i].thread < MACHINE_THREADS);
        struct parked_return *parked = &machine.parked[result->returns[i].thread];
        assert(!parked->there);
        parked->there = true;
        parked->back = result->returns[i];
    }
    if (result->returns_count > 0) monitor_wake_all(machine.lock);
}

/* Hands the routines of a step to the thread that they ran in: it returns with them, or runs them inside its call. */
static void distribute_routines(const struct result *result) {
    for (unsigned i = 0; i < result->routines_count; i++) {
        struct parked_return *parked = &machine.parked[result->routines[i].thread];
        assert(parked->routines_count < RESULT_ROUTINES_MAX);
        parked->routines[parked->routines_count++] = result->routines[i];
    }
    if (result->routines_count > 0) monitor_wake_all(machine.lock);
}

/* Runs all internal steps. */
static void settle(void) {
    struct result result;
    while (model_steps_enabled(machine.world) > 0) {
        result_clear(&result);
        model_step(machine.world, &machine.chooser.chooser, &result);
        distribute(&result);
        distribute_routines(&result);
    }
}

/* Sets the model's clock to the real one, at least `least_ns` on: from timer to timer, because what one of them does
 * may start the next (a refused connect is tried again every half second). */
static void follow_clock(uint64_t least_ns) {
    uint64_t now_ns = clock_ns();
    assert(now_ns >= machine.clock_ns);
    uint64_t left_ns = now_ns - machine.clock_ns > least_ns ? now_ns - machine.clock_ns : least_ns;
    do {
        uint64_t next_ns = model_next_timeout(machine.world);
        uint64_t step_ns = next_ns > 0 && next_ns < left_ns ? next_ns : left_ns;
        model_tick(machine.world, step_ns);
        left_ns -= step_ns;
        settle();
    } while (left_ns > 0);
    machine.clock_ns = now_ns;
}

static void run_routines(const struct result_routine *routines, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        if (routines[i].kind == RAN_APC) {
            ((PAPCFUNC)(uintptr_t)routines[i].routine)((ULONG_PTR)routines[i].overlapped);
            continue;
        }
        LPWSAOVERLAPPED_COMPLETION_ROUTINE routine = (LPWSAOVERLAPPED_COMPLETION_ROUTINE)(uintptr_t)routines[i].routine;
        routine(routines[i].error, routines[i].bytes, (LPWSAOVERLAPPED)(uintptr_t)routines[i].overlapped,
                routines[i].flags);
    }
}

/* Runs the blocking hook of the calling thread once, where it has one that runs now. Under the lock, which it lets go.
 */
static bool run_hook(void) {
    FARPROC hook = NULL;
    uint64_t address = model_blocking_hook(machine.world, &machine.chooser.chooser, current_thread);
    if (address == 0) return false;
    assert(sizeof hook == sizeof address);
    memcpy(&hook, &address, sizeof hook);
    monitor_leave(machine.lock);
    hook();
    monitor_enter(machine.lock);
    return true;
}

/* Runs what is to run inside the call that the calling thread is parked in. Under the lock, which it lets go. */
static bool run_routines_inside(struct parked_return *parked) {
    struct parked_return now = *parked;
    parked->routines_count = 0;
    if (now.routines_count == 0) return false;
    monitor_leave(machine.lock);
    run_routines(now.routines, now.routines_count);
    monitor_enter(machine.lock);
    return true;
}

/* Waits until the parked calling thread has its return. Under the lock, which the wait lets go. */
static void await_return(struct parked_return *parked) {
    while (!parked->there && !parked->gone) {
        if (run_routines_inside(parked) || run_hook()) {
            if (!parked->gone) follow_clock(0);
            continue;
        }
        uint64_t timeout_ns = model_next_timeout(machine.world);
        uint32_t timeout_ms = NO_LIMIT;
        if (timeout_ns != UINT64_MAX) timeout_ms = (uint32_t)(timeout_ns / NANOSECONDS_PER_MILLISECOND + 1);
        monitor_wait(machine.lock, timeout_ms);
        if (!parked->gone) follow_clock(0);
    }
}

static uint64_t finish(uint64_t value, uint32_t error, const struct result_routine *routines, unsigned routines_count) {
    DWORD before = GetLastError();
    run_routines(routines, routines_count);
    SetLastError(error == ERROR_UNTOUCHED ? before : error);
    return value;
}

/* A thread that a call names may have made none yet. Under the lock. */
static void start_named_thread(const struct call *call) {
    int thread = call_named_thread(call);
    if (thread < 0 || thread >= SCENARIO_THREADS) return;
    if (world_thread(machine.world, (unsigned)thread)->state != THREAD_FREE) return;
    model_thread_start(machine.world, (unsigned)thread, current_process);
    machine.thread_processes[thread] = current_process;
    machine.parked[thread].gone = false;
}

/* What the agent asks on the way out of a call that its process's end has cut off, and that call itself. */
static uint64_t cut_off(const struct call *call) {
    const struct signature *signature = signature_of((enum function)call->function);
    return finish(signature_failure(signature, WSA_OPERATION_ABORTED), WSA_OPERATION_ABORTED, NULL, 0);
}

/* The caller has to be given something; who asks machine_model_not_modelled() learns that it is none. */
static uint64_t answer_nothing(const struct call *call, uint64_t what) {
    const struct signature *signature = signature_of((enum function)call->function);
    machine_model_say_not_modelled(not_modelled_words(what));
    return finish(signature_failure(signature, WSAEOPNOTSUPP), WSAEOPNOTSUPP, NULL, 0);
}

uint64_t machine_model_call(struct call *call) {
    assert(machine.world != NULL);
    assert(current_thread < MACHINE_THREADS);
    DWORD last_error = GetLastError(); /* waiting for the lock must not change it */
    struct result result;
    monitor_enter(machine.lock);
    follow_clock(0);
    call->thread = (uint16_t)current_thread;
    struct parked_return *parked = &machine.parked[current_thread];
    if (parked->gone) {
        monitor_leave(machine.lock);
        return cut_off(call);
    }
    start_named_thread(call);
    bool in_hook = world_thread(machine.world, current_thread)->state == THREAD_WAITING;
    if (!in_hook) memset(parked, 0, sizeof *parked);
    model_call(machine.world, &machine.chooser.chooser, call, &result);
    distribute(&result);
    settle();
    save_store();
    if (result.status == RESULT_BLOCKED) await_return(parked);
    struct parked_return returned = *parked;
    monitor_leave(machine.lock);
    SetLastError(last_error);
    if (result.status == RESULT_NOT_MODELLED) return answer_nothing(call, result.value);
    if (result.status == RESULT_FAULT) faults_raise(result.error);
    if (result.status != RESULT_BLOCKED) {
        assert(result.status == RESULT_RETURNED || result.status == RESULT_FAULT);
        return finish(result.value, result.error, result.routines, result.routines_count);
    }
    if (returned.gone) return cut_off(call);
    return finish(returned.back.value, returned.back.error, returned.routines, returned.routines_count);
}

void machine_model_run_routines(unsigned thread) {
    struct call call;
    struct result result;
    assert(machine.world != NULL && thread < MACHINE_THREADS);
    call_clear(&call);
    result_clear(&result);
    call.function = FUNCTION_SleepEx;
    call.arguments[SleepEx_bAlertable] = TRUE;
    call.thread = (uint16_t)thread;
    monitor_enter(machine.lock);
    if (world_thread(machine.world, thread)->state == THREAD_RUNNING) {
        model_call(machine.world, &machine.chooser.chooser, &call, &result);
        distribute(&result);
        settle();
    }
    monitor_leave(machine.lock);
    run_routines(result.routines, result.routines_count);
}

void machine_model_say_not_modelled(const char *what) { not_modelled = what; }

const char *machine_model_not_modelled(void) {
    const char *what = not_modelled;
    not_modelled = NULL;
    return what;
}

/* --- processes, threads, time ------------------------------------------------------------------------------------- */

bool machine_model_is_there(void) { return machine.world != NULL; }

void machine_model_process_starts(unsigned process, unsigned main_thread) {
    assert(process < MACHINE_PROCESSES);
    assert(main_thread < MACHINE_THREADS);
    if (machine.world == NULL) {
        make_world(0);
        load_store();
    }
    monitor_enter(machine.lock);
    bool staged = machine.scenario != NULL && process < machine.scenario->processes_count;
    bool created = world_process_at(machine.world, process)->alive; /* by a CreateProcess */
    if (created) model_process_begin(machine.world, process, main_thread, 0);
    else if (staged) stage_log_on(machine.world, machine.scenario, process, main_thread, 0);
    else model_process_start(machine.world, process, main_thread, 0, 0);
    machine.thread_processes[main_thread] = process;
    machine.parked[main_thread].gone = false;
    monitor_leave(machine.lock);
}

void machine_model_process_ends(unsigned process) {
    assert(process < MACHINE_PROCESSES);
    struct result result;
    result_clear(&result);
    monitor_enter(machine.lock);
    for (unsigned i = 0; i < MACHINE_THREADS; i++) {
        bool is_its = world_thread(machine.world, i)->state != THREAD_FREE && machine.thread_processes[i] == process;
        if (is_its) machine.parked[i].gone = true;
    }
    model_process_end(machine.world, &machine.chooser.chooser, process, &result);
    distribute(&result);
    settle();
    monitor_wake_all(machine.lock);
    monitor_leave(machine.lock);
}

unsigned machine_model_own_thread(unsigned process) {
    assert(process < MACHINE_PROCESSES);
    return SCENARIO_THREADS + process;
}

void machine_model_thread_ends(unsigned thread) {
    struct result result;
    result_clear(&result);
    monitor_enter(machine.lock);
    if (world_thread(machine.world, thread)->state == THREAD_RUNNING) model_thread_end(machine.world, thread, &result);
    distribute(&result);
    settle();
    monitor_leave(machine.lock);
}

void machine_model_enter(unsigned process, unsigned thread) {
    assert(process < MACHINE_PROCESSES);
    assert(thread < MACHINE_THREADS);
    monitor_enter(machine.lock);
    if (world_thread(machine.world, thread)->state == THREAD_FREE) {
        /* A thread may get its first time slice when its process has ended. */
        bool alive = world_process_at(machine.world, process)->alive;
        if (alive) model_thread_start(machine.world, thread, process);
        machine.thread_processes[thread] = process;
        machine.parked[thread].gone = !alive;
    }
    monitor_leave(machine.lock);
    current_process = process;
    current_thread = thread;
}

int machine_model_event_state(uint64_t handle) {
    assert(machine.world != NULL);
    monitor_enter(machine.lock);
    int state = model_event_state(machine.world, current_process, handle);
    monitor_leave(machine.lock);
    return state;
}

void machine_model_advance(uint64_t nanoseconds) {
    assert(machine.world != NULL);
    sleep_ms((uint32_t)((nanoseconds + NANOSECONDS_PER_MILLISECOND - 1) / NANOSECONDS_PER_MILLISECOND));
    monitor_enter(machine.lock);
    follow_clock(nanoseconds);
    monitor_leave(machine.lock);
}

bool machine_model_quiescent(void) {
    assert(machine.world != NULL);
    monitor_enter(machine.lock);
    bool quiet = model_steps_enabled(machine.world) == 0 && model_next_timeout(machine.world) == UINT64_MAX;
    monitor_leave(machine.lock);
    return quiet;
}

void machine_model_reboot(void) {
    assert(machine.world != NULL);
    monitor_enter(machine.lock);
    model_reboot(machine.world);
    memset(machine.parked, 0, sizeof machine.parked);
    monitor_leave(machine.lock);
}

bool machine_model_fault(const char *name) {
    assert(machine.world != NULL && name != NULL);
    if (strncmp(name, "power-", 6) == 0) return false;
    monitor_enter(machine.lock);
    bool known = stage_fault(machine.world, name);
    monitor_leave(machine.lock);
    return known;
}
