#include "conformance/stage/model_stage.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/reason.h"
#include "conformance/language/process_line.h"
#include "conformance/session/executor.h"
#include "conformance/stage/stage_exclusions.h"
#include "conformance/stage/stage_links.h"
#include "stack/ports/dynamic_range.h"
#include "stack/ports/pool.h"
#include "stack/model/model.h"
#include "stack/system/security.h"
#include "stack/transport/wire/packets.h"

enum { PORTS_FROM = 20000, PORTS_APART = 100, PORT_LAST = 65535, NO_THREAD = -1 };

static const uint64_t NANOSECONDS_PER_MILLISECOND = 1000000;

/* --- world lines ---------------------------------------------------------------------------------------------- */

static enum protocol protocol_of(enum transport transport) {
    assert(transport == TRANSPORT_TCP || transport == TRANSPORT_UDP);
    return transport == TRANSPORT_TCP ? PROTOCOL_TCP : PROTOCOL_UDP;
}

static bool refuse(struct reason *reason, const char *text) {
    assert(reason != NULL);
    reason_set(reason, "%s", text);
    return false;
}

/* A line is one of the two settings; the other stays as it is. */
static void apply_uac(struct world *world, const struct world_line *line) {
    assert(line->text != NULL && line->number <= 1);
    bool enable_lua = strcmp(line->text, "EnableLUA") == 0;
    assert(enable_lua || strcmp(line->text, "FilterAdministratorToken") == 0);
    security_set_uac(world, enable_lua ? line->number : world->enable_lua,
                     enable_lua ? world->filter_administrator_token : line->number);
}

/* Settles a reading, unless a line above has settled it otherwise. */
static bool settle_line(struct world *world, unsigned question, unsigned candidate) {
    if (world_asked(world, question)) return world_remembers(world, question, candidate);
    world_settle_reading(world, question, candidate);
    return true;
}

/* A provider that hands its requests on hands on all of them, those that must fail as well. */
static bool settle_completion(struct world *world, const struct world_line *line) {
    bool later = line->number != PACE_AT_ONCE;
    if (line->number == PACE_NEVER) world->provider_delay_ns = UINT64_MAX;
    if (line->number == PACE_AFTER) world->provider_delay_ns = line->duration_ns;
    return settle_line(world, Q70_OVERLAPPED_SUCCESS, later ? Q70_PENDING : Q70_AT_ONCE) &&
           settle_line(world, Q72_OVERLAPPED_FAILURE, later ? Q72_PENDING : Q72_AT_ONCE);
}

static bool apply_line(struct world *world, const struct world_line *line, struct reason *reason) {
    switch (line->kind) {
    case WORLD_DYNAMIC_RANGE:
        assert(line->first <= line->last && line->last <= PORT_LAST);
        world->dynamic_first[protocol_of(line->transport)] = (uint16_t)line->first;
        world->dynamic_last[protocol_of(line->transport)] = (uint16_t)line->last;
        return true;
    case WORLD_DYNAMIC_RANGE_V6:
        assert(line->first <= line->last && line->last <= PORT_LAST);
        world->dynamic_v6_first[protocol_of(line->transport)] = (uint16_t)line->first;
        world->dynamic_v6_last[protocol_of(line->transport)] = (uint16_t)line->last;
        return true;
    case WORLD_EXCLUSION: return stage_exclude(world, line, reason);
    case WORLD_ADDRESS:
        return model_add_address(world, line->address->bytes_count == 4 ? 4 : 6, line->address->bytes) ||
               refuse(reason, "world address: there is no room for so many");
    case WORLD_BUILD: world->build = line->number; return true;
    case WORLD_UAC: apply_uac(world, line); return true;
    case WORLD_IMPLEMENTED:
        return settle_line(world, Q89_IMPLEMENTED, line->number != 0 ? Q89_YES : Q89_NO) ||
               refuse(reason, "world implements: said twice, once yes and once no");
    case WORLD_COMPLETES:
        return settle_completion(world, line) ||
               refuse(reason, "world completes: said twice, once at-once and once otherwise");
    }
    return refuse(reason, "world: a line of a kind that the model does not know");
}

/* --- accounts ------------------------------------------------------------------------------------------------- */

static unsigned account_of(const struct scenario *scenario, const struct process_line *line) {
    if (line->user == NULL) return 0;
    for (uint32_t i = 0; i < scenario->users_count; i++)
        if (strcmp(scenario->users[i].name, line->user) == 0) return i + 1;
    assert(!"the parser knows every user");
    return 0;
}

/* A process line stands for a start that succeeds, by a program that has the token of its account's logon. */
static bool can_start(const struct world *world, const struct scenario *scenario, const struct process_line *line,
                      struct reason *reason) {
    unsigned account = account_of(scenario, line);
    enum token token = security_logon_token(world, account);
    if (security_launch_error(world, account, token, process_line_manifest(line), line->elevated) == 0) return true;
    const char *why = line->elevated || token == TOKEN_FULL ? "its account cannot be elevated" : "it must be elevated";
    reason_set(reason, "process %.60s: %s to start so", line->name, why);
    return false;
}

bool world_apply_lines(struct world *world, const struct scenario *scenario, struct reason *reason) {
    assert(world != NULL && scenario != NULL);
    assert(scenario->users_count < ACCOUNTS_MAX);
    if (scenario->processes_count > world->limits.processes || scenario->threads_count > world->limits.threads)
        return refuse(reason, "process: more processes or threads than this world has room for");
    for (uint32_t i = 0; i < scenario->world_lines_count; i++)
        if (!apply_line(world, &scenario->world_lines[i], reason)) return false;
    for (uint32_t i = 0; i < scenario->users_count; i++) security_name_account(world, i + 1, scenario->users[i].kind);
    for (uint32_t i = 0; i < scenario->processes_count; i++)
        if (scenario->processes[i].parent == NULL && !can_start(world, scenario, &scenario->processes[i], reason))
            return false;
    return true;
}

/* --- ports ---------------------------------------------------------------------------------------------------- */

static bool overlap(uint32_t first, uint32_t last, uint32_t other_first, uint32_t other_last) {
    assert(first <= last);
    return first <= other_last && other_first <= last;
}

static bool is_settled_ground(const struct world *world, enum protocol protocol, uint32_t first, uint32_t last) {
    assert(protocol < PROTOCOLS_COUNT);
    for (unsigned v6 = 0; v6 < 2; v6++) {
        const struct dynamic_range range = dynamic_range_shown(world, protocol, v6 == 1);
        if (overlap(first, last, range.first, range.last)) return false;
    }
    for (unsigned i = 0; i < world_top(world, TABLE_EXCLUSIONS); i++) {
        const struct exclusion *exclusion = world_exclusion_at(world, i);
        if (exclusion->state == EXCLUSION_FREE || exclusion->protocol != protocol) continue;
        if (overlap(first, last, exclusion->first, exclusion->last)) return false;
    }
    for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++) { /* of a store that was kept */
        const struct reservation *row = world_reservation_at(world, i);
        if (!reservation_is_live(row) || row->protocol != protocol) continue;
        if (overlap(first, last, row->first, row->first + row->count - 1)) return false;
    }
    return true;
}

bool stage_choose_ports(const struct world *world, const struct scenario *scenario, uint16_t *ports_first,
                        struct reason *reason) {
    assert(world != NULL && scenario != NULL);
    uint32_t first = PORTS_FROM;
    for (uint32_t i = 0; i < scenario->ports_count; i++) {
        const struct ports_line *line = &scenario->ports[i];
        assert(line->count > 0);
        enum protocol protocol = strcmp(line->transport, "udp") == 0 ? PROTOCOL_UDP : PROTOCOL_TCP;
        while (first + line->count - 1 <= PORT_LAST &&
               !is_settled_ground(world, protocol, first, first + line->count - 1))
            first += PORTS_APART;
        if (first + line->count - 1 > PORT_LAST) {
            reason_set(reason, "ports %.40s: no %u consecutive ports are left outside the dynamic ranges",
                       scenario->names[line->name].text, (unsigned)line->count);
            return false;
        }
        ports_first[i] = (uint16_t)first;
        first += (line->count + PORTS_APART - 1) / PORTS_APART * PORTS_APART;
    }
    return true;
}

/* --- processes ------------------------------------------------------------------------------------------------ */

void stage_log_on(struct world *world, const struct scenario *scenario, unsigned process, unsigned main_thread,
                  unsigned startup) {
    assert(process < scenario->processes_count);
    const struct process_line *line = &scenario->processes[process];
    model_process_start(world, process, main_thread, account_of(scenario, line), startup);
    uint32_t error = security_launch(world, process, process_line_manifest(line), line->elevated);
    assert(error == 0); /* world_apply_lines saw to it */
    (void)error;
}

static void start_threads(struct world *world, const struct scenario *scenario, unsigned process) {
    for (uint32_t i = 0; i < scenario->threads_count; i++)
        if (scenario->threads[i].process == (int)process && !scenario->threads[i].is_main)
            model_thread_start(world, i, process);
}

void stage_process_start(struct world *world, const struct scenario *scenario, unsigned process) {
    assert(process < scenario->processes_count);
    unsigned startup = process_line_startup(&scenario->processes[process]);
    stage_log_on(world, scenario, process, process_main_thread(scenario, process), startup);
    start_threads(world, scenario, process);
}

void stage_processes_start(struct world *world, const struct scenario *scenario) {
    for (unsigned i = 0; i < scenario->processes_count; i++)
        if (scenario->processes[i].parent == NULL) stage_process_start(world, scenario, i);
}

/* The process that a call has started, which then is to begin (model_process_begin), or NO_NAME. */
static int stage_started_child(const struct call *call, const struct result *result) {
    if (call->function != FUNCTION_CreateProcess || result->value == 0) return NO_NAME;
    uint64_t child = call->arguments[CreateProcess_lpApplicationName];
    assert(child == 0 || (child >= PROCESS_ID_FIRST && child < PROCESS_ID_FIRST + PROCESSES_MAX));
    return child == 0 ? NO_NAME : (int)(child - PROCESS_ID_FIRST);
}

/* A child that a call has started begins, with all its threads. */
static void begin_child(struct world *world, const struct scenario *scenario, const struct call *call,
                        const struct result *result) {
    int child = stage_started_child(call, result);
    if (child == NO_NAME) return;
    unsigned process = (unsigned)child;
    model_process_begin(world, process, process_main_thread(scenario, process),
                        process_line_startup(&scenario->processes[process]));
    start_threads(world, scenario, process);
}

/* --- calls ---------------------------------------------------------------------------------------------------- */

void stage_begin(struct stage *stage) {
    assert(stage != NULL);
    memset(stage, 0, sizeof *stage);
}

/* Moves what returned in a parked thread into the stage. */
static void keep_return(struct stage *stage, const struct result_return *back) {
    assert(back->thread < THREADS_MAX);
    assert(!stage->returned[back->thread]);
    stage->returned[back->thread] = 1;
    stage->returns[back->thread] = *back;
}

/* The same for what a call did to threads that are parked in others: it has cancelled their calls. */
static void keep_returns(struct stage *stage, const struct result *result) {
    for (unsigned i = 0; i < result->returns_count; i++) keep_return(stage, &result->returns[i]);
}

/* Moves the routines that ran in parked threads, from `first` on, into the stage; those of the caller stay. */
static void keep_routines(struct stage *stage, int caller, struct result *result, unsigned first) {
    unsigned left = first;
    for (unsigned i = first; i < result->routines_count; i++) {
        if (result->routines[i].thread == caller) {
            result->routines[left++] = result->routines[i];
        } else if (stage->routines_count == STAGE_ROUTINES_MAX) {
            stage->overflow = 1;
        } else {
            stage->routines[stage->routines_count++] = result->routines[i];
        }
    }
    result->routines_count = (uint8_t)left;
}

/* Shows the packets that this machine has sent since the last look. */
static void show_packets_of(const struct world *world, struct stage *stage, unsigned machine) {
    for (unsigned i = 0; i < world->packets_count; i++) {
        const struct packet_row *packet = packet_nth(world, i);
        if (packet->serial <= stage->packet_seen[machine]) continue;
        stage->packet_seen[machine] = packet->serial;
        if (packet->inbound) continue; /* it was shown where it was sent */
        const uint8_t *bytes = packet_nth_bytes(world, i);
        unsigned link = stage->network == NULL ? (unsigned)LINK_NONE : network_link_of(stage->network, machine, bytes);
        stage->tap->packet(stage->tap->self, world->now_ns, machine, link, bytes, packet->bytes);
    }
}

static void show_packets(const struct world *world, struct stage *stage) {
    if (stage->tap == NULL) return;
    if (stage->network == NULL) show_packets_of(world, stage, 0);
    for (unsigned i = 0; stage->network != NULL && i < stage->network->machines_count; i++)
        show_packets_of(network_machine(stage->network, i), stage, i);
}

/* Can something happen at this instant? Of several machines network_step() says so. */
static bool is_enabled(const struct world *world, const struct stage *stage) {
    return stage->network != NULL || model_steps_enabled(world) > 0;
}

/* One thing happens. False: nothing could, on any machine or link. */
static bool step_once(struct world *world, struct stage *stage, struct chooser *chooser, struct result *result) {
    unsigned machine;
    if (stage->network != NULL) return network_step(stage->network, chooser, NULL, result, &machine);
    model_step(world, chooser, result);
    return true;
}

static uint64_t next_ns(const struct world *world, const struct stage *stage) {
    return stage->network != NULL ? network_next_ns(stage->network) : model_next_timeout(world);
}

static void tick(struct world *world, struct stage *stage, uint64_t nanoseconds) {
    if (stage->network != NULL) network_tick(stage->network, nanoseconds);
    else model_tick(world, nanoseconds);
}

/* A world that had no room for something, or NULL. */
static const struct world *full_world(const struct world *world, const struct stage *stage) {
    if (world->full != 0) return world;
    for (unsigned i = 0; stage->network != NULL && i < stage->network->machines_count; i++)
        if (network_machine(stage->network, i)->full != 0) return network_machine(stage->network, i);
    return NULL;
}

/* May the rest wait? Not while a call has not returned, nor for the clock, for whoever waits for a thread, or for a
 * process's end. */
static bool is_put_off(const struct world *world, const struct stage *stage, struct chooser *chooser, int caller,
                       const struct result *result) {
    enum { NOW, LATER, OUTCOMES };
    if (model_step_cannot_wait(world)) return false;
    if (!stage->postpones || caller == NO_THREAD || result->status == RESULT_BLOCKED) return false;
    return choose(chooser, CHOICE_POSTPONE, OUTCOMES) == LATER;
}

/* Who returned in a step, from `first` on: the caller, where its call was parked, has simply returned; the others are
 * kept. They may be several: a close that waited ends, and with it what else blocks on its socket. */
static void keep_returns_of_step(struct stage *stage, int caller, struct result *result, unsigned first) {
    unsigned left = first;
    for (unsigned i = first; i < result->returns_count; i++) {
        const struct result_return back = result->returns[i];
        if (back.thread == caller && result->status == RESULT_BLOCKED) {
            result->status = (uint8_t)back.status;
            result->error = back.error;
            result->value = back.value;
        } else {
            keep_return(stage, &back);
            result->returns[left++] = back;
        }
    }
    result->returns_count = (uint8_t)left;
}

/* Internal steps until none is enabled. `caller` is the thread whose call this is, or NO_THREAD: when it was parked and
 * continues at once: its call has simply returned. */
static void settle(struct world *world, struct stage *stage, struct chooser *chooser, int caller,
                   struct result *result) {
    for (show_packets(world, stage); is_enabled(world, stage); show_packets(world, stage)) {
        if (is_put_off(world, stage, chooser, caller, result)) return;
        unsigned returns_before = result->returns_count;
        unsigned routines_before = result->routines_count;
        if (!step_once(world, stage, chooser, result)) return;
        keep_routines(stage, caller, result, routines_before);
        keep_returns_of_step(stage, caller, result, returns_before);
    }
}

/* Adds the local port of the call's socket to the result of a bind, connect or sendto that succeeded
 * (OBSERVED_PORT_ADDRESS). */
static void stage_add_observed_port(const struct world *world, const struct call *call, struct result *result) {
    assert(world != NULL && result != NULL);
    const struct signature *signature = signature_of((enum function)call->function);
    if (result->status != RESULT_RETURNED) return;
    if (!signature_binds(signature, signature_succeeds(signature, result->value))) return;
    int socket = signature_parameter_of_kind(signature, PARAMETER_HANDLE);
    assert(socket >= 0);
    unsigned process = world_thread_at(world, call->thread)->process;
    for (unsigned i = 0; i < world_top(world, TABLE_HANDLES); i++) {
        const struct handle *handle = world_handle_at(world, i);
        if (handle->kind != HANDLE_SOCKET || handle->process != process || handle->number != call->arguments[socket])
            continue;
        uint8_t port[2];
        unsigned number = world_socket_at(world, handle->object)->port;
        if (number == 0) return;
        store_u16_network(port, (uint16_t)number);
        result_write(result, OBSERVED_PORT_ADDRESS, port, sizeof port);
        return;
    }
}

/* A host waits in real time, the model in virtual time: the clock goes to the next time-out, as long as the limit
 * lasts. */
static bool skip_to_next_timeout(struct world *world, struct stage *stage, uint64_t *limit_ns) {
    uint64_t next = next_ns(world, stage);
    if (next > *limit_ns) return false;
    tick(world, stage, next);
    *limit_ns -= next;
    return true;
}

#define NO_POWER "the power is lost: nothing but reboot can follow"

static bool has_power(const struct world *world, struct result *result) {
    if (world->power != POWER_LOST) return true;
    executor_say(result, RESULT_NOT_MADE, NO_POWER);
    return false;
}

/* Has the thread, which is inside a call as far as the scenario knows, a blocking hook that does not run? It would make
 * this call if it did. */
static bool hook_is_idle(struct world *world, const struct stage *stage, struct chooser *chooser, unsigned thread) {
    const struct thread *row = world_thread_at(world, thread);
    if (row->blocking_hook == 0) return false;
    if (stage->returned[thread]) return true;
    return row->state == THREAD_WAITING && model_blocking_hook(world, chooser, thread) == 0;
}

/* The thread runs again and what it returned has been shown, or its blocking hook runs; and the process that it is to
 * start does not run. */
static bool can_call(const struct world *world, const struct stage *stage, const struct call *call) {
    if (stage->returned[call->thread]) return false;
    uint64_t child = call->function == FUNCTION_CreateProcess ? call->arguments[CreateProcess_lpApplicationName] : 0;
    if (child != 0 && world_process_at(world, (unsigned)(child - PROCESS_ID_FIRST))->alive) return false;
    const struct thread *row = world_thread_at(world, call->thread);
    return row->state == THREAD_RUNNING || (row->state == THREAD_WAITING && row->blocking_hook != 0);
}

/* Which table, and its limit, stand where the answer would. */
static void refuse_full(const struct world *world, struct stage *stage, struct result *result) {
    world = full_world(world, stage);
    if (world == NULL) return;
    result->status = RESULT_NO_ROOM;
    result->error = world->full - 1u;
    result->value = world_table_limit(world, (enum table)result->error);
}

/* A call by a thread that has ended is the first one of a new thread. */
static void begin_thread(struct world *world, const struct scenario *scenario, unsigned thread) {
    unsigned process = (unsigned)scenario->threads[thread].process;
    bool gone = world_thread_at(world, thread)->state == THREAD_FREE && world_process_at(world, process)->alive;
    if (gone) model_thread_start(world, thread, process);
}

/* So is one that a call names, where it has ended: what is queued to it is queued to the new one. */
static void begin_named_thread(struct world *world, const struct scenario *scenario, const struct call *call) {
    int thread = call_named_thread(call);
    if (thread >= 0 && (unsigned)thread < scenario->threads_count) begin_thread(world, scenario, (unsigned)thread);
}

void stage_call(struct world *world, struct stage *stage, const struct scenario *scenario, struct chooser *chooser,
                const struct call *call, unsigned limit_ms, struct result *result) {
    assert(call->thread < THREADS_MAX);
    if (!has_power(world, result)) return;
    begin_thread(world, scenario, call->thread);
    begin_named_thread(world, scenario, call);
    if (hook_is_idle(world, stage, chooser, call->thread)) {
        result_clear(result);
        result->status = RESULT_BLOCKED;
        result->error = ERROR_UNTOUCHED;
        return;
    }
    if (!can_call(world, stage, call)) {
        result_clear(result);
        result->status = RESULT_BROKEN;
        return;
    }
    model_call(world, chooser, call, result);
    begin_child(world, scenario, call, result);
    keep_returns(stage, result);
    settle(world, stage, chooser, call->thread, result);
    uint64_t limit_ns = limit_ms * NANOSECONDS_PER_MILLISECOND;
    while (result->status == RESULT_BLOCKED && skip_to_next_timeout(world, stage, &limit_ns))
        settle(world, stage, chooser, call->thread, result);
    stage_add_observed_port(world, call, result);
    if (stage->overflow) result->status = RESULT_BROKEN;
    refuse_full(world, stage, result);
}

/* The routines that ran in the thread and were not shown yet, as many as a result holds. */
static void take_routines(struct stage *stage, unsigned thread, struct result *result) {
    uint32_t left = 0;
    for (uint32_t i = 0; i < stage->routines_count; i++) {
        bool its = stage->routines[i].thread == thread && result->routines_count < RESULT_ROUTINES_MAX;
        if (its) result_routine(result, &stage->routines[i]);
        else stage->routines[left++] = stage->routines[i];
    }
    memset(&stage->routines[left], 0, (stage->routines_count - left) * sizeof stage->routines[0]);
    stage->routines_count = left;
}

/* What the thread returned, or RESULT_BLOCKED. */
static void take_return(struct stage *stage, unsigned thread, struct result *result) {
    take_routines(stage, thread, result);
    result->status = RESULT_BLOCKED;
    result->error = ERROR_UNTOUCHED;
    if (!stage->returned[thread]) return;
    result->status = (uint8_t)stage->returns[thread].status;
    result->error = stage->returns[thread].error;
    result->value = stage->returns[thread].value;
    stage->returned[thread] = 0;
    memset(&stage->returns[thread], 0, sizeof stage->returns[thread]);
}

void stage_returns(struct world *world, struct stage *stage, struct chooser *chooser, unsigned thread,
                   unsigned limit_ms, struct result *result) {
    assert(thread < THREADS_MAX);
    if (!has_power(world, result)) return;
    result_clear(result);
    uint64_t limit_ns = limit_ms * NANOSECONDS_PER_MILLISECOND;
    settle(world, stage, chooser, NO_THREAD, result);
    while (!stage->returned[thread] && skip_to_next_timeout(world, stage, &limit_ns))
        settle(world, stage, chooser, NO_THREAD, result);
    take_return(stage, thread, result);
    refuse_full(world, stage, result);
}

void stage_show(const struct world *world, unsigned process, uint64_t event, struct result *result) {
    assert(result != NULL);
    if (!has_power(world, result)) return;
    result_clear(result);
    result->error = ERROR_UNTOUCHED;
    result->value = UINT64_MAX;
    int state = event == 0 ? -1 : model_event_state(world, process, event);
    if (state >= 0) result->value = (uint64_t)state;
}

const char *stage_check(const struct world *world, const struct stage *stage) {
    return stage->network != NULL ? network_check(stage->network) : model_check(world);
}

/* --- events --------------------------------------------------------------------------------------------------- */

/* Skips from time-out to time-out, so that each takes effect at its own instant. */
static void advance(struct world *world, struct stage *stage, struct chooser *chooser, uint64_t nanoseconds,
                    struct result *result) {
    settle(world, stage, chooser, NO_THREAD, result);
    while (nanoseconds > 0) {
        uint64_t next = next_ns(world, stage);
        assert(next > 0);
        uint64_t skip = next < nanoseconds ? next : nanoseconds;
        tick(world, stage, skip);
        settle(world, stage, chooser, NO_THREAD, result);
        nanoseconds -= skip;
    }
}

/* What the threads of a process that ended have returned: no step can ask for it any more. */
static void forget_threads(struct stage *stage, const struct scenario *scenario, int process) {
    struct result ignored;
    for (uint32_t i = 0; i < scenario->threads_count; i++) {
        assert(i < THREADS_MAX);
        if (scenario->threads[i].process == process) {
            result_clear(&ignored);
            take_return(stage, i, &ignored);
        }
    }
}

static enum executor_answer end_process(struct world *world, struct stage *stage, struct chooser *chooser,
                                        const struct scenario *scenario, const struct step *step, struct result *result,
                                        struct reason *reason) {
    assert(step->process >= 0 && (uint32_t)step->process < scenario->processes_count);
    if (!world_process_at(world, (unsigned)step->process)->alive) {
        reason_set(reason, "process %.60s has ended already", scenario->processes[step->process].name);
        return EXECUTOR_UNSUPPORTED;
    }
    model_process_end(world, chooser, (unsigned)step->process, result);
    keep_returns(stage, result);
    settle(world, stage, chooser, NO_THREAD, result);
    forget_threads(stage, scenario, step->process);
    return EXECUTOR_READY;
}

/* A thread that ends by itself. Its next call is made by a new thread of this name. */
static enum executor_answer end_thread(struct world *world, struct stage *stage, struct chooser *chooser,
                                       const struct scenario *scenario, const struct step *step, struct result *result,
                                       struct reason *reason) {
    unsigned thread = (unsigned)step->thread;
    if (world_thread_at(world, thread)->state == THREAD_WAITING) {
        reason_set(reason, "thread %.60s is inside a call and cannot end", scenario->threads[thread].name);
        return EXECUTOR_UNSUPPORTED;
    }
    if (world_thread_at(world, thread)->state == THREAD_RUNNING) model_thread_end(world, thread, result);
    settle(world, stage, chooser, NO_THREAD, result);
    return EXECUTOR_READY;
}

bool stage_fault(struct world *world, const char *name) {
    assert(world != NULL && name != NULL);
    static const struct {
        const char *begins, *is_over;
        void (*set)(struct world *world, bool on);
    } faults[] = {
        { "network-down", "network-up", model_network_down },   { "no-buffers", "buffers-back", model_no_buffers },
        { "no-handles", "handles-back", model_no_handles },     { "no-memory", "memory-back", model_no_memory },
        { "power-failing", "power-stable", model_power_fails },
    };
    for (unsigned i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        bool begins = strcmp(name, faults[i].begins) == 0;
        if (!begins && strcmp(name, faults[i].is_over) != 0) continue;
        faults[i].set(world, begins);
        return true;
    }
    return false;
}

static enum executor_answer switch_fault(struct world *world, const struct step *step, struct reason *reason) {
    assert(step->text != NULL);
    if (stage_fault(world, step->text)) return EXECUTOR_READY;
    reason_set(reason, "fault %.60s: not one that the model knows", step->text);
    return EXECUTOR_UNSUPPORTED;
}

static void reboot(struct world *world, struct stage *stage, const struct scenario *scenario) {
    struct stage kept = { .tap = stage->tap, .postpones = stage->postpones };
    kept.packet_seen[0] = stage->packet_seen[0];
    model_reboot(world);
    *stage = kept;
    stage_processes_start(world, scenario);
}

static enum executor_answer check(const struct world *world, const struct stage *stage, const struct step *step,
                                  struct reason *reason) {
    assert(step->text != NULL);
    if (strcmp(step->text, "invariants") != 0) {
        reason_set(reason, "check %.60s: the model knows `check invariants`", step->text);
        return EXECUTOR_UNSUPPORTED;
    }
    const char *broken = stage_check(world, stage);
    if (broken == NULL) return EXECUTOR_READY;
    reason_set(reason, "a broken invariant of the model: %.200s", broken);
    return EXECUTOR_BROKEN;
}

/* What an event that was carried out comes to. */
static enum executor_answer event_answer(const struct world *world, struct stage *stage, struct result *result,
                                         struct reason *reason) {
    if (full_world(world, stage) != NULL) {
        refuse_full(world, stage, result);
        executor_tell_no_room(result, reason);
        return EXECUTOR_UNSUPPORTED;
    }
    if (!stage->overflow) return EXECUTOR_READY;
    refuse(reason, "more completion routines ran in parked threads than can be kept");
    return EXECUTOR_BROKEN;
}

enum executor_answer stage_event(struct world *world, struct stage *stage, struct chooser *chooser,
                                 const struct scenario *scenario, const struct step *step, struct result *result,
                                 struct reason *reason) {
    assert(step != NULL && reason != NULL);
    enum executor_answer answer = EXECUTOR_READY;
    result_clear(result);
    result->error = ERROR_UNTOUCHED;
    if (world->power == POWER_LOST && step->kind != STEP_REBOOT) {
        refuse(reason, NO_POWER);
        return EXECUTOR_UNSUPPORTED;
    }
    if (stage->network != NULL && (step->kind == STEP_REBOOT || step->kind == STEP_FAULT)) {
        refuse(reason, "not modelled: with several machines no line says which one restarts or fails");
        return EXECUTOR_UNSUPPORTED;
    }
    switch (step->kind) {
    case STEP_ADVANCE: advance(world, stage, chooser, step->number, result); break;
    case STEP_EXITS:
    case STEP_CRASHES: answer = end_process(world, stage, chooser, scenario, step, result, reason); break;
    case STEP_THREAD_EXITS: answer = end_thread(world, stage, chooser, scenario, step, result, reason); break;
    case STEP_FAULT: answer = switch_fault(world, step, reason); break;
    case STEP_REBOOT: reboot(world, stage, scenario); break;
    case STEP_CHECK: answer = check(world, stage, step, reason); break;
    case STEP_LINK: stage_set_link(stage->network, (unsigned)step->number, step->link); break;
    default: refuse(reason, "a step of a kind that the model does not know"); return EXECUTOR_UNSUPPORTED;
    }
    return answer == EXECUTOR_READY ? event_answer(world, stage, result, reason) : answer;
}

enum executor_answer stage_packet(struct world *world, struct stage *stage, struct chooser *chooser, unsigned machine,
                                  const uint8_t *bytes, uint32_t count, struct result *result, struct reason *reason) {
    assert(stage->network != NULL);
    result_clear(result);
    result->error = ERROR_UNTOUCHED;
    unsigned link = network_bare_link(stage->network, machine);
    if (stage->tap != NULL) stage->tap->packet(stage->tap->self, world->now_ns, machine, link, bytes, count);
    network_transmit(stage->network, chooser, machine, bytes, count);
    settle(world, stage, chooser, NO_THREAD, result);
    return event_answer(world, stage, result, reason);
}
