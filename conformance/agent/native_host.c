#include "conformance/agent/native_host.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/agent/host_facts.h"
#include "conformance/agent/listens.h"
#include "conformance/agent/persistent.h"
#include "conformance/agent/system/process.h"
#include "conformance/agent/system/threads.h"
#include "conformance/agent/trial_ports.h"
#include "conformance/base/reason.h"
#include "conformance/language/process_line.h"
#include "conformance/language/world_line.h"
#include "conformance/session/step_limit.h"

static struct native_host *host_of(void *self) {
    assert(self != NULL);
    return self;
}

static const char *process_name(const struct native_host *host, unsigned process) {
    assert(process < host->scenario->processes_count);
    return host->scenario->processes[process].name;
}

/* RESULT_BROKEN, with `why` said of a process. */
static void break_process(struct native_host *host, unsigned process, const char *why, struct result *result) {
    assert(why != NULL);
    result_clear(result);
    result->status = RESULT_BROKEN;
    reason_set(&host->reason, "process %s: %.200s", process_name(host, process), why);
}

/* --- beginning ---------------------------------------------------------------------------------------------------- */

/* False with `reason`: a `needs` line asks for what is not offered, such as virtual-clock: real time passes here, model
 * or not. */
static bool needs_are_met(const struct scenario *scenario, struct reason *reason) {
    if (scenario->machines_count > 0) {
        reason_set(reason, "machine %.40s: this host is one machine; several of them are the model's",
                   scenario->machines[0].name);
        return false;
    }
    for (uint32_t i = 0; i < scenario->needs_count; i++) {
        bool outside = strcmp(scenario->needs[i], "ports-outside") == 0;
        if (!outside) reason_set(reason, "needs %s: this agent does not offer it", scenario->needs[i]);
        if (!outside || !host_facts_ports_outside(scenario_names_v6(scenario), reason)) return false;
    }
    return true;
}

static bool calls_cleanup(const struct step *steps, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        bool here = steps[i].kind == STEP_CALL && steps[i].signature->function == FUNCTION_WSACleanup;
        if (here || calls_cleanup(steps[i].children, steps[i].children_count)) return true;
    }
    return false;
}

/* Is it about a process that has not initialised Winsock, or no longer? No other one can show what that answers, nor
 * one in which another scenario has left something: what Wine's last WSACleanup finds there to close decides the last
 * error. */
static bool is_about_startup(const struct scenario *scenario) {
    bool about = calls_cleanup(scenario->steps, scenario->steps_count);
    for (uint32_t i = 0; i < scenario->processes_count; i++)
        about |= process_line_startup(&scenario->processes[i]) == 0;
    return about;
}

/* Asked once, in the name of no process of a scenario. */
static bool others_started(const struct windows_functions *functions) {
    static bool asked, started;
    if (asked) return started;
    asked = true;
    functions->process_starts(AGENT_PROCESS, AGENT_THREAD);
    functions->enter(AGENT_PROCESS, AGENT_THREAD);
    started = native_executor_others_started(functions);
    functions->process_ends(AGENT_PROCESS);
    return started;
}

bool native_host_allows(const struct windows_functions *functions, const struct scenario *scenario, bool resumed,
                        struct reason *reason) {
    if (!needs_are_met(scenario, reason) || !listens_allow(scenario, reason)) return false;
    if (is_about_startup(scenario) && others_started(functions)) {
        reason_set(reason,
                   "a library in this process initialises Winsock, so what an uninitialised one answers is unknown");
        return false;
    }
    return persistent_allow(functions, scenario, reason) && functions->begin(scenario, resumed, reason);
}

/* What is alike whether a scenario begins or is resumed. */
static enum executor_answer take_scenario(struct native_host *host, const struct scenario *scenario, bool resumed,
                                          struct reason *reason) {
    assert(host->scenario == NULL);
    host->scenario = scenario;
    host->reason.text[0] = '\0';
    host->mark[0] = '\0';
    host->leaving = false;
    host->resumed = resumed;
    host->about_startup = is_about_startup(scenario);
    if (!persistent_begin(scenario, reason)) return EXECUTOR_BROKEN;
    return native_host_allows(host->functions, scenario, resumed, reason) ? EXECUTOR_READY : EXECUTOR_UNSUPPORTED;
}

static enum executor_answer host_begin(void *self, const struct scenario *scenario, uint16_t *ports_first,
                                       struct reason *reason) {
    struct native_host *host = host_of(self);
    enum executor_answer answer = take_scenario(host, scenario, false, reason);
    if (answer != EXECUTOR_READY) return answer;
    if (!trial_ports_find(host->functions, scenario, ports_first, reason)) return EXECUTOR_UNSUPPORTED;
    memcpy(host->ports_first, ports_first, scenario->ports_count * sizeof *ports_first);
    return EXECUTOR_READY;
}

static enum executor_answer host_resume(void *self, const struct scenario *scenario, const char *mark,
                                        struct reason *reason) {
    struct native_host *host = host_of(self);
    enum executor_answer answer = take_scenario(host, scenario, true, reason);
    if (answer != EXECUTOR_READY) return answer;
    const struct boot now = host->functions->boot();
    switch (boot_mark_ask(mark, &now)) {
    case BOOT_MARK_SAME: reason_set(reason, "the machine has not restarted since the scenario stopped"); break;
    case BOOT_MARK_FOREIGN: reason_set(reason, "the mark %.64s is none that this agent gives", mark); break;
    case BOOT_MARK_RESTARTED:
        return persistent_take_back(scenario, mark, reason) ? EXECUTOR_READY : EXECUTOR_UNSUPPORTED;
    }
    return EXECUTOR_UNSUPPORTED;
}

/* Does the scenario end this process on the way? Then the agent itself cannot be it. */
static bool steps_end_process(const struct step *steps, uint32_t count, int process) {
    for (uint32_t i = 0; i < count; i++) {
        const struct step *step = &steps[i];
        if ((step->kind == STEP_EXITS || step->kind == STEP_CRASHES) && step->process == process) return true;
        if (steps_end_process(step->children, step->children_count, process)) return true;
    }
    return false;
}

static bool keeps_apart;

void native_host_keep_apart(void) { keeps_apart = true; }

static bool is_local(const struct native_host *host, unsigned process) {
    assert(host->scenario != NULL);
    if (host->functions->processes_share_host) return true;
    if (host->functions->processes_apart || keeps_apart) return false;
    if (process != 0 || host->tainted || host->about_startup) return false;
    struct account_start as = accounts_start_of(host->scenario, process);
    if (as.restricted || as.manifest != MANIFEST_AS_INVOKER) return false;
    return !steps_end_process(host->scenario->steps, host->scenario->steps_count, (int)process);
}

/* A child in which no process plays and that was started so: one from before, if the scenario is not about startup, or
 * a new one, which takes the place of another where all are taken. NULL with a reason. */
static struct child *free_child(struct native_host *host, struct account_start as, struct reason *reason) {
    struct child *empty = NULL, *other = NULL;
    for (unsigned i = 0; i < PROCESSES_MAX; i++) {
        struct child *child = &host->pool[i];
        bool same = child->as.manifest == as.manifest && child->as.restricted == as.restricted;
        if (child->process != 0 && !child->playing && same && !host->about_startup) return child;
        if (child->process != 0 && !child->playing) other = child;
        if (child->process == 0 && empty == NULL) empty = child;
    }
    if (empty == NULL && other != NULL) child_destroy(empty = other);
    assert(empty != NULL);
    return child_create(empty, as, reason) ? empty : NULL;
}

/* A child that is there becomes the scenario's process; `born`: by the call of a step, or NULL. */
static bool begin_child(struct native_host *host, unsigned process, struct child *child,
                        const struct program_start *born, struct reason *reason) {
    child->playing = true;
    host->processes[process].child = child;
    memset(child->frame, 0, sizeof *child->frame);
    child->frame->operation = CHILD_START;
    child->frame->process = process;
    child->frame->thread = process_main_thread(host->scenario, process);
    child->frame->startup = process_line_startup(&host->scenario->processes[process]);
    child->frame->restricted = child->as.restricted && born == NULL; /* else what the host gave it is the answer */
    if (born != NULL) child->frame->start = *born;
    if (!child_ask(child, reason)) {
        host->processes[process].child = NULL;
        return false;
    }
    if (child->frame->success) return true;
    *reason = child->frame->reason;
    return false;
}

static bool start_local(struct native_host *host, unsigned process, struct reason *reason) {
    struct native_executor *local = malloc(sizeof *local);
    assert(local != NULL);
    host->processes[process].local = local;
    unsigned thread = process_main_thread(host->scenario, process);
    unsigned startup = process_line_startup(&host->scenario->processes[process]);
    if (native_executor_start(local, host->functions, process, thread, startup)) return true;
    *reason = local->reason;
    return false;
}

static enum executor_answer host_process_start(void *self, unsigned process, struct reason *reason) {
    struct native_host *host = host_of(self);
    assert(process < host->scenario->processes_count);
    struct reason why = { "" };
    bool started = false;
    if (is_local(host, process)) {
        started = start_local(host, process, &why);
    } else {
        struct child *child = free_child(host, accounts_start_of(host->scenario, process), &why);
        started = child != NULL && begin_child(host, process, child, NULL, &why);
    }
    if (started) return EXECUTOR_READY;
    reason_set(reason, "process %s: %.200s", process_name(host, process), why.text);
    return EXECUTOR_BROKEN;
}

/* --- steps -------------------------------------------------------------------------------------------------------- */

/* What is tested is in the process, so its death of an exception that nothing could catch is an answer. */
static bool has_died(const struct native_host *host, unsigned process, struct result *result) {
    if (host->processes[process].died_of == 0) return false;
    result_clear(result);
    result->status = RESULT_FAULT;
    result->error = host->processes[process].died_of;
    return true;
}

/* Asks the child of a process; its answer, or RESULT_BROKEN with a reason. */
static void ask(struct native_host *host, unsigned process, struct result *result) {
    struct child *child = host->processes[process].child;
    struct reason why = { "" };
    if (!child_ask(child, &why)) {
        host->processes[process].child = NULL;
        bool of_exception = host->functions->processes_apart || child->died_of >= EXCEPTION_FIRST;
        host->processes[process].died_of = of_exception ? child->died_of : 0;
        if (has_died(host, process, result)) return;
        break_process(host, process, why.text, result);
        return;
    }
    *result = child->frame->result;
    if (result->status == RESULT_BROKEN) break_process(host, process, child->frame->reason.text, result);
}

/* True when the process can be asked; RESULT_BROKEN else. */
static bool is_there(struct native_host *host, unsigned process, struct result *result) {
    assert(process < PROCESSES_MAX);
    if (host->processes[process].local != NULL || host->processes[process].child != NULL) return true;
    if (!has_died(host, process, result)) break_process(host, process, "it has ended", result);
    return false;
}

/* --- after an exception ------------------------------------------------------------------------------------------- */

static const char cut_off[] = "an exception has cut off an earlier call: what it held is held for ever";

/* True when no call can be made any more. */
static bool is_refused(const struct native_host *host, struct result *result) {
    if (host->cut_off) executor_say(result, RESULT_NOT_MADE, cut_off);
    return host->cut_off;
}

static void note_exception(struct native_host *host, const struct result *result) {
    host->cut_off |= host->functions->processes_share_host && result->status == RESULT_FAULT;
}

bool native_host_is_cut_off(const struct native_host *host) { return host->cut_off; }

/* The id that Windows gave a process; one that no process has when it has ended. The model knows processes by the
 * record's own. */
static uint64_t id_of_process(struct native_host *host, unsigned process) {
    enum { NO_PROCESS_ID = 0xfffffffc };
    struct host_process *known = &host->processes[process];
    if (host->functions->processes_share_host) return PROCESS_ID_FIRST + (uint64_t)process;
    if (known->local != NULL) return process_id();
    return known->child != NULL ? child_process_id(known->child) : (uint64_t)NO_PROCESS_ID;
}

/* The kind of an account: what a child knows nothing of. The model knows accounts by the record's own number. */
static uint64_t account_kind(const struct native_host *host, uint64_t account) {
    if (host->functions->processes_share_host) return account;
    assert(account > 0 && account <= host->scenario->users_count);
    return host->scenario->users[account - 1].kind;
}

/* The record with real ids for processes, and kinds for accounts. A process that a socket is promised to is used for
 * nothing else afterwards, and neither is one whose handles another one has changed. */
static struct call with_real_names(struct native_host *host, const struct call *call) {
    const struct signature *signature = signature_of((enum function)call->function);
    unsigned caller = (unsigned)host->scenario->threads[call->thread].process;
    struct call real = *call;
    for (unsigned i = 0; i < signature->parameters_count; i++) {
        if (signature->parameters[i].kind == PARAMETER_ACCOUNT)
            real.arguments[i] = account_kind(host, call->arguments[i]);
        uint64_t index = call->arguments[i] - PROCESS_ID_FIRST;
        if (signature->parameters[i].kind != PARAMETER_PROCESS || index >= host->scenario->processes_count) continue;
        real.arguments[i] = id_of_process(host, (unsigned)index);
        bool by_itself = call->function == FUNCTION_DuplicateHandle && index == caller;
        if (!by_itself) host->processes[index].promised_a_socket = !host->functions->processes_share_host;
    }
    return real;
}

static void call_process(struct native_host *host, const struct call *asked, unsigned limit_ms, struct result *result) {
    assert(asked->thread < host->scenario->threads_count);
    unsigned process = (unsigned)host->scenario->threads[asked->thread].process;
    if (!is_there(host, process, result)) return;
    const struct call real = with_real_names(host, asked);
    const struct call *call = &real;
    struct native_executor *local = host->processes[process].local;
    if (local != NULL) {
        local->start = &host->start;
        native_executor_call(local, call, limit_ms, result);
        if (result->status == RESULT_BROKEN) break_process(host, process, local->reason.text, result);
        return;
    }
    struct child_frame *frame = host->processes[process].child->frame;
    frame->operation = CHILD_CALL;
    frame->limit_ms = limit_ms;
    frame->call = *call;
    frame->start = host->start;
    ask(host, process, result);
    if (host->processes[process].child != NULL) host->start = frame->start;
}

/* --- processes that steps start ----------------------------------------------------------------------------------- */

static bool has_started(const struct result *result) { return result->status == RESULT_RETURNED && result->value != 0; }

static struct child *empty_child(struct native_host *host) {
    for (unsigned i = 0; i < PROCESSES_MAX; i++)
        if (host->pool[i].process == 0) return &host->pool[i];
    for (unsigned i = 0; i < PROCESSES_MAX; i++) {
        if (host->pool[i].playing) continue;
        child_destroy(&host->pool[i]);
        return &host->pool[i];
    }
    assert(!"a scenario has no more processes than the pool");
    return NULL;
}

/* CreateProcess of a process that has steps: made by the caller itself, with what the agent needs to talk to the new
 * one. */
static void call_create_process(struct native_host *host, const struct call *call, unsigned limit_ms,
                                struct result *result) {
    unsigned caller = (unsigned)host->scenario->threads[call->thread].process;
    unsigned process = (unsigned)(call->arguments[CreateProcess_lpApplicationName] - PROCESS_ID_FIRST);
    struct reason why = { "" };
    assert(process < host->scenario->processes_count && host->processes[process].child == NULL);
    if (!is_there(host, caller, result)) return;
    struct child *child = empty_child(host);
    const struct child *player = host->processes[caller].child;
    bool good = child_prepare(child, accounts_start_of(host->scenario, process), player, &host->start, &why);
    if (good) {
        call_process(host, call, limit_ms, result);
        bool gone = player != host->processes[caller].child; /* in the call */
        if (!gone) child_withdraw(player, &host->start);
        if (gone || !has_started(result)) {
            child_destroy(child);
            return;
        }
        good = child_adopt(child, player, &host->start, &why) && begin_child(host, process, child, &host->start, &why);
        host->processes[process].born_in_the_scenario = true;
    }
    if (!good) break_process(host, process, why.text, result);
}

/* The same where all processes share the host: the call has made it, here it begins to play. */
static void call_and_begin(struct native_host *host, const struct call *call, unsigned limit_ms,
                           struct result *result) {
    unsigned process = (unsigned)(call->arguments[CreateProcess_lpApplicationName] - PROCESS_ID_FIRST);
    struct reason why = { "" };
    call_process(host, call, limit_ms, result);
    if (has_started(result) && !start_local(host, process, &why)) break_process(host, process, why.text, result);
}

/* Nothing, while it is under way. */
static void call_ended(unsigned thread, const struct result *result) {
    if (result->status == RESULT_BLOCKED) return;
    bool returned = result->status == RESULT_RETURNED;
    persistent_after(thread, !returned                   ? PERSISTENT_UNKNOWN
                             : result->value == NO_ERROR ? PERSISTENT_SUCCEEDED
                                                         : PERSISTENT_FAILED);
}

/* netsh ends by a limit of its own, so that what it was asked for is not done after we have looked. */
static unsigned limit_of(const struct call *call, unsigned limit_ms) {
    enum { NETSH_ENDS_MS = NETSH_LIMIT_MS + 2000 };
    bool netsh = signature_parameter_of_kind(signature_of((enum function)call->function), PARAMETER_STORE) >= 0;
    return netsh && limit_ms < NETSH_ENDS_MS ? (unsigned)NETSH_ENDS_MS : limit_ms;
}

static void host_call(void *self, const struct call *asked, unsigned limit_ms, struct result *result) {
    struct native_host *host = host_of(self);
    struct reason why = { "" };
    if (is_refused(host, result)) return;
    if (!persistent_before(asked, &why)) {
        break_process(host, (unsigned)host->scenario->threads[asked->thread].process, why.text, result);
        return;
    }
    limit_ms = limit_of(asked, limit_ms);
    bool starts = asked->function == FUNCTION_CreateProcess && asked->arguments[CreateProcess_lpApplicationName] != 0;
    if (!starts) call_process(host, asked, limit_ms, result);
    else if (host->functions->processes_share_host) call_and_begin(host, asked, limit_ms, result);
    else call_create_process(host, asked, limit_ms, result);
    note_exception(host, result);
    call_ended(asked->thread, result);
}

static void host_returns(void *self, unsigned thread, unsigned limit_ms, struct result *result) {
    struct native_host *host = host_of(self);
    assert(thread < host->scenario->threads_count);
    unsigned process = (unsigned)host->scenario->threads[thread].process;
    if (is_refused(host, result) || !is_there(host, process, result)) return;
    struct native_executor *local = host->processes[process].local;
    if (local != NULL) {
        native_executor_returns(local, thread, limit_ms, result);
        if (result->status == RESULT_BROKEN) break_process(host, process, local->reason.text, result);
    } else {
        struct child_frame *frame = host->processes[process].child->frame;
        frame->operation = CHILD_RETURNS;
        frame->thread = thread;
        frame->limit_ms = limit_ms;
        ask(host, process, result);
    }
    note_exception(host, result);
    call_ended(thread, result);
}

static void host_show(void *self, unsigned process, uint64_t address, uint64_t event, unsigned limit_ms,
                      struct result *result) {
    struct native_host *host = host_of(self);
    if (is_refused(host, result) || !is_there(host, process, result)) return;
    struct native_executor *local = host->processes[process].local;
    if (local != NULL) {
        native_executor_show(local, address, event, limit_ms, result);
        if (result->status == RESULT_BROKEN) break_process(host, process, local->reason.text, result);
        return;
    }
    struct child_frame *frame = host->processes[process].child->frame;
    frame->operation = CHILD_SHOW;
    frame->address = address;
    frame->event = event;
    frame->limit_ms = limit_ms;
    ask(host, process, result);
}

/* `THREAD exits`. */
static enum executor_answer end_thread(struct native_host *host, const struct step *step, struct reason *reason) {
    struct host_process *process = &host->processes[step->process];
    if (process->local != NULL) {
        if (native_executor_thread_end(process->local, (unsigned)step->thread)) return EXECUTOR_READY;
        *reason = process->local->reason;
        return EXECUTOR_BROKEN;
    }
    assert(process->child != NULL);
    process->child->frame->operation = CHILD_THREAD_END;
    process->child->frame->thread = (uint32_t)step->thread;
    process->child->frame->limit_ms = LIMIT_RETURN_MS;
    if (!child_ask(process->child, reason)) return EXECUTOR_BROKEN;
    if (process->child->frame->success) return EXECUTOR_READY;
    *reason = process->child->frame->reason;
    return EXECUTOR_BROKEN;
}

/* Wine gives a process for ended some milliseconds before the system below lets go of its ports. */
enum { WINE_LETS_GO_MS = 20 };

/* `WHO exits`, `WHO crashes`. */
static enum executor_answer end_process(struct native_host *host, const struct step *step, struct reason *reason) {
    assert(step->process >= 0 && step->process < PROCESSES_MAX);
    struct host_process *process = &host->processes[step->process];
    bool ended = false;
    if (process->local != NULL) {
        assert(host->functions->processes_share_host);
        ended = native_executor_end(process->local, true);
        free(process->local);
        process->local = NULL;
    } else if (process->child != NULL) {
        process->child->frame->operation = CHILD_EXIT;
        ended = true;
        if (step->kind == STEP_EXITS) ended = child_await_exit(process->child);
        else child_destroy(process->child);
        process->child = NULL;
        if (host_facts()->is_wine) sleep_ms(WINE_LETS_GO_MS);
    }
    if (ended) return EXECUTOR_READY;
    reason_set(reason, "process %s: it cannot be ended", process_name(host, (unsigned)step->process));
    return EXECUTOR_BROKEN;
}

/* What comes behind can only be played when the machine has restarted; until then its processes are none of ours. */
static enum executor_answer stop_for_restart(struct native_host *host, struct reason *reason) {
    const struct boot now = host->functions->boot();
    uint64_t stop = clock_ms() * 1000 + ++host->stops % 1000;
    boot_mark_print(&now, stop, host->mark);
    reason_set(reason, "%s", host->mark);
    return EXECUTOR_RESTART;
}

/* A machine that can be restarted from here: its processes end, and those that run from the beginning start anew. */
static enum executor_answer restart(struct native_host *host, struct reason *reason) {
    for (unsigned i = 0; i < host->scenario->processes_count; i++) {
        if (host->processes[i].local == NULL) continue;
        (void)native_executor_end(host->processes[i].local, true);
        free(host->processes[i].local);
        host->processes[i].local = NULL;
    }
    if (!host->functions->reboot()) {
        reason_set(reason, "the machine does not restart");
        return EXECUTOR_BROKEN;
    }
    for (unsigned i = 0; i < host->scenario->processes_count; i++) {
        if (host->scenario->processes[i].parent != NULL) continue;
        enum executor_answer answer = host_process_start(host, i, reason);
        if (answer != EXECUTOR_READY) return answer;
    }
    return EXECUTOR_READY;
}

static enum executor_answer host_event(void *self, const struct step *step, struct result *result,
                                       struct reason *reason) {
    struct native_host *host = host_of(self);
    assert(step != NULL);
    result_clear(result);
    result->status = RESULT_RETURNED;
    result->error = ERROR_UNTOUCHED;
    if (host->cut_off) {
        reason_set(reason, "%s", cut_off);
        return EXECUTOR_UNSUPPORTED;
    }
    switch (step->kind) {
    case STEP_ADVANCE: host->functions->advance(step->number); return EXECUTOR_READY;
    case STEP_CHECK: return EXECUTOR_READY; /* invariants are the model's; a host has none to show */
    case STEP_EXITS:
    case STEP_CRASHES: return end_process(host, step, reason);
    case STEP_THREAD_EXITS: return end_thread(host, step, reason);
    case STEP_FAULT:
        if (host->functions->fault != NULL && host->functions->fault(step->text)) return EXECUTOR_READY;
        reason_set(reason, "fault %s: not on a host", step->text);
        break;
    case STEP_REBOOT: return host->functions->reboot != NULL ? restart(host, reason) : stop_for_restart(host, reason);
    default: reason_set(reason, "this agent does not know such a step"); break;
    }
    return EXECUTOR_UNSUPPORTED;
}

/* --- end ---------------------------------------------------------------------------------------------------------- */

/* A process that cannot be cleaned is not used again, which cleans it: what a child made goes with it, and this process
 * plays no more. So the machine is clean in any case, and a scenario cannot spoil the next. */
static void end_local(struct native_host *host, struct host_process *process) {
    assert(process->local != NULL);
    bool clean = native_executor_end(process->local, false);
    if (process->local->tainted || process->promised_a_socket) host->tainted = true;
    if (!clean)
        fprintf(stderr, "agent: %s; no scenario is played in the agent's own process any more\n",
                process->local->reason.text);
    if (clean) free(process->local); /* else a thread may still look at it */
    process->local = NULL;
}

static void end_child(struct host_process *process) {
    struct child *child = process->child;
    assert(child->playing);
    struct reason why = { "" };
    if (process->born_in_the_scenario) {
        child_destroy(child);
        process->child = NULL;
        return;
    }
    child->playing = false;
    child->frame->operation = CHILD_END;
    child->frame->limit_ms = 0;
    if (child_ask(child, &why) && (!child->frame->success || process->promised_a_socket)) child_destroy(child);
    process->child = NULL;
}

static enum executor_answer host_end(void *self, struct reason *reason) {
    struct native_host *host = host_of(self);
    assert(host->scenario != NULL);
    (void)reason;
    if (host->cut_off) { /* its memory, threads and journal stay: this program ends */
        host->scenario = NULL;
        return EXECUTOR_READY;
    }
    for (unsigned i = PROCESSES_MAX; i-- > 0;) {
        if (host->processes[i].local != NULL) end_local(host, &host->processes[i]);
        if (host->processes[i].child != NULL) end_child(&host->processes[i]);
        host->processes[i].promised_a_socket = host->processes[i].born_in_the_scenario = false;
        host->processes[i].died_of = 0;
    }
    if (host->leaving) persistent_leave(host->scenario, host->resumed ? NULL : host->ports_first, host->mark);
    else persistent_clean();
    persistent_end();
    host->functions->end();
    host->scenario = NULL;
    return EXECUTOR_READY;
}

static const struct executor_operations operations = {
    .begin = host_begin,
    .resume = host_resume,
    .process_start = host_process_start,
    .call = host_call,
    .returns = host_returns,
    .show = host_show,
    .event = host_event,
    .end = host_end,
};

void native_host_create(struct native_host *host) {
    assert(host != NULL);
    memset(host, 0, sizeof *host);
    host->functions = windows_functions();
    assert(host->functions != NULL);
}

void native_host_destroy(struct native_host *host) {
    assert(host->scenario == NULL);
    for (unsigned i = 0; i < PROCESSES_MAX; i++) child_destroy(&host->pool[i]);
}

struct executor native_host_executor(struct native_host *host) {
    assert(host != NULL);
    return (struct executor){ .self = host, .operations = &operations };
}

void native_host_leave(struct native_host *host) {
    assert(host->scenario != NULL && host->mark[0] != '\0');
    host->leaving = true;
}

const char *native_host_reason(const struct native_host *host) {
    assert(host != NULL);
    return host->reason.text;
}
