#include "conformance/player/play.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/reason.h"
#include "conformance/player/rehearse.h"
#include "conformance/session/session_evaluate.h"
#include "conformance/session/session_objects.h"
#include "conformance/session/session_packet.h"
#include "conformance/session/session_observe.h"
#include "conformance/session/session_prepare.h"
#include "conformance/session/session_refer.h"
#include "conformance/session/step_limit.h"
#include "stack/sdk/error_values.h"

static enum step_result result_of(enum executor_answer answer) {
    static const enum step_result results[] = { [EXECUTOR_READY] = STEP_DONE,
                                                [EXECUTOR_UNSUPPORTED] = STEP_UNSUPPORTED,
                                                [EXECUTOR_BROKEN] = STEP_BROKEN,
                                                [EXECUTOR_RESTART] = STEP_RESTART };
    assert(answer <= EXECUTOR_RESTART);
    return results[answer];
}

static void set_up(struct player *player, const struct scenario *scenario, struct executor executor) {
    assert(player != NULL && scenario != NULL);
    assert(executor.operations != NULL);
    player->scenario = scenario;
    player->executor = executor;
    player->begun = false;
    player->needed = NULL;
    player->reason.text[0] = '\0';
    memset(player->ports_first, 0, sizeof player->ports_first);
    memset(player->parked_steps, 0, sizeof player->parked_steps); /* the records beside them are empty words then */
    memset(player->hooked, 0, sizeof player->hooked);
    ownership_begin(&player->ownership, scenario);
    assert(scenario->ports_count <= PORTS_MAX); /* the parser has counted them */
}

static enum executor_answer start_processes(struct player *player) {
    const struct executor *executor = &player->executor;
    enum executor_answer answer = EXECUTOR_READY;
    for (unsigned i = 0; i < player->scenario->processes_count && answer == EXECUTOR_READY; i++)
        if (player->scenario->processes[i].parent == NULL)
            answer = executor->operations->process_start(executor->self, i, &player->reason);
    return answer;
}

enum step_result player_begin(struct player *player, const struct scenario *scenario, struct executor executor) {
    set_up(player, scenario, executor);
    player->begun = true;
    enum executor_answer answer =
        executor.operations->begin(executor.self, scenario, player->ports_first, &player->reason);
    if (answer == EXECUTOR_READY) answer = start_processes(player);
    session_begin(&player->session, scenario, player->ports_first);
    return result_of(answer);
}

enum step_result player_resume(struct player *player, struct scenario *scenario, const struct scenario *trace,
                               const char *mark, struct executor executor) {
    assert(executor.operations->resume != NULL);
    set_up(player, scenario, executor);
    if (!rehearse(trace, scenario, player->ports_first, &player->session, &player->reason)) return STEP_BROKEN;
    player->begun = true;
    enum executor_answer answer = executor.operations->resume(executor.self, scenario, mark, &player->reason);
    if (answer == EXECUTOR_READY) answer = start_processes(player);
    return result_of(answer);
}

/* --- what is not sent ------------------------------------------------------------------------------------------ */

static enum step_result needs_name(struct player *player, const struct step *step, int name) {
    if (name == NEEDS_A_PORT) {
        reason_set(&player->reason, "line %u: a port is counted on beyond 65535, or down to 0",
                   (unsigned)step->position.line);
        return STEP_BROKEN;
    }
    assert(name < (int)player->scenario->names_count);
    player->needed = name < 0 ? "a live value that nothing explains" : player->scenario->names[name].text;
    return STEP_NEEDS;
}

static enum step_result passes_too_much(struct player *player) {
    reason_set(&player->reason, "the call passes more than %d bytes of memory", CALL_BYTES_MAX);
    return STEP_UNSUPPORTED;
}

/* Whoever plays the scenario for others may have recorded packets; the player has not. */
static enum step_result needs_capture(struct player *player) {
    player->needed = "a capture";
    return STEP_NEEDS;
}

static enum step_result needs_process(struct player *player, const struct step *step) {
    assert(step->process >= 0 && (uint32_t)step->process < player->scenario->processes_count);
    player->needed = player->scenario->processes[step->process].name;
    return STEP_NEEDS;
}

/* --- steps ---------------------------------------------------------------------------------------------------- */

static enum step_result finish(struct player *player, const struct step *step, const struct call *call,
                               const struct result *result, struct observation *seen) {
    assert(result->status <= RESULT_NOT_MADE);
    if (result->status == RESULT_NOT_MADE) {
        executor_tell_not_made(result, &player->reason);
        return STEP_UNSUPPORTED;
    }
    if (result->status == RESULT_NO_ROOM) {
        executor_tell_no_room(result, &player->reason);
        return STEP_UNSUPPORTED;
    }
    if (result->status == RESULT_NOT_MODELLED) {
        executor_tell_not_modelled(result, &player->reason);
        return STEP_NOT_MODELLED;
    }
    if (result->status == RESULT_BROKEN) {
        reason_set(&player->reason, "line %u: the executor could not carry out this step",
                   (unsigned)step->position.line);
        return STEP_BROKEN;
    }
    session_observe(&player->session, player->scenario, step, call, result, seen);
    return STEP_SEEN;
}

/* Can the call be made now? A parked thread calls from its blocking hook. */
static bool can_call(struct player *player, const struct step *step) {
    const struct step *inside = player->parked_steps[step->thread];
    int child = session_child(step);
    if (inside != NULL && !player->hooked[step->thread])
        reason_set(&player->reason, "thread %s is still inside %s of line %u",
                   player->scenario->threads[step->thread].name, inside->signature->name,
                   (unsigned)inside->position.line);
    else if (child != NO_NAME && session_runs(&player->session, child))
        reason_set(&player->reason, "process %s is running already", player->scenario->processes[child].name);
    else return true;
    return false;
}

/* Takes note of whose blocking hook is set. */
static void note_hook(struct player *player, const struct call *call, const struct result *result) {
    bool sets = call->function == FUNCTION_WSASetBlockingHook, takes = call->function == FUNCTION_WSAUnhookBlockingHook;
    bool done = result->status == RESULT_RETURNED &&
                signature_succeeds(signature_of((enum function)call->function), result->value);
    if (done && (sets || takes)) player->hooked[call->thread] = sets;
}

static enum step_result play_call(struct player *player, const struct step *step, struct observation *seen) {
    struct call call;
    struct result result;
    int needed = NO_NAME;
    assert(step->thread >= 0 && step->thread < THREADS_MAX);
    if (!can_call(player, step)) return STEP_UNSUPPORTED;
    switch (session_prepare(&player->session, player->scenario, step, &call, &needed)) {
    case SESSION_NEEDS: return needs_name(player, step, needed);
    case SESSION_TOO_LARGE: return passes_too_much(player);
    case SESSION_READY: break;
    }
    ownership_before(&player->ownership, &player->session, player->scenario, step, &call);
    player->executor.operations->call(player->executor.self, &call, step_limit_ms(step), &result);
    note_hook(player, &call, &result);
    if (result.status == RESULT_RETURNED) ownership_after(&player->ownership, step, &call, &result);
    if (result.status == RESULT_BLOCKED) ownership_ran(&player->ownership, step, &result);
    if (result.status == RESULT_BLOCKED && player->parked_steps[step->thread] == NULL) {
        player->parked[step->thread] = call;
        player->parked_steps[step->thread] = step;
    }
    return finish(player, step, &call, &result, seen);
}

static enum step_result play_returns(struct player *player, const struct step *step, struct observation *seen) {
    struct result result;
    assert(step->thread >= 0 && step->thread < THREADS_MAX);
    if (player->parked_steps[step->thread] == NULL) {
        reason_set(&player->reason, "thread %s is not inside a call, so nothing can return there",
                   player->scenario->threads[step->thread].name);
        return STEP_UNSUPPORTED;
    }
    player->executor.operations->returns(player->executor.self, (unsigned)step->thread, step_limit_ms(step), &result);
    if (result.status == RESULT_RETURNED)
        ownership_after(&player->ownership, step, &player->parked[step->thread], &result);
    if (result.status == RESULT_BLOCKED) ownership_ran(&player->ownership, step, &result);
    if (result.status != RESULT_BLOCKED && result.status != RESULT_NOT_MADE) player->parked_steps[step->thread] = NULL;
    return finish(player, step, &player->parked[step->thread], &result, seen);
}

static enum step_result play_show(struct player *player, const struct step *step, struct observation *seen) {
    struct result result;
    uint64_t address = 0, event = 0;
    int needed = NO_NAME;
    assert(step->process >= 0);
    if (!session_subject(&player->session, player->scenario, step, &address, &event, &needed))
        return needs_name(player, step, needed);
    player->executor.operations->show(player->executor.self, (unsigned)step->process, address, event,
                                      step_show_limit_ms(step), &result);
    enum step_result answer = finish(player, step, NULL, &result, seen);
    const struct observed_value *status = &seen->values[OBSERVABLE_Internal];
    bool pending = status->present && !status->untouched && status->number == STATUS_PENDING;
    ownership_look(&player->ownership, step, player->session.live[step->subject].number, pending);
    return answer;
}

static enum step_result play_declaration(struct player *player, const struct step *step) {
    int needed = NO_NAME;
    enum session_answer answer = session_declare(&player->session, player->scenario, step, &needed);
    return answer == SESSION_NEEDS ? needs_name(player, step, needed) : STEP_DONE;
}

/* No one takes the memory away: what is done to it afterwards is said, and harms no one. */
static enum step_result play_free(struct player *player, const struct step *step) {
    if (player->session.live[step->subject].state != LIVE_PRODUCED) return needs_name(player, step, step->subject);
    ownership_free(&player->ownership, step, player->session.live[step->subject].number);
    return STEP_DONE;
}

/* Threads of a process that ended, or of all of them, are inside nothing any more. */
static void forget_parked(struct player *player, const struct step *step) {
    bool all = step->kind == STEP_REBOOT;
    if (!all && step->kind != STEP_EXITS && step->kind != STEP_CRASHES) return;
    for (unsigned i = 0; i < player->scenario->threads_count; i++)
        if (all || player->scenario->threads[i].process == step->process) player->parked_steps[i] = NULL;
}

static enum step_result play_event(struct player *player, const struct step *step) {
    struct result result;
    struct observation ignored;
    if (step->kind == STEP_THREAD_EXITS && player->parked_steps[step->thread] != NULL) {
        reason_set(&player->reason, "thread %s is inside %s and cannot end",
                   player->scenario->threads[step->thread].name, player->parked_steps[step->thread]->signature->name);
        return STEP_UNSUPPORTED;
    }
    result_clear(&result);
    result.status = RESULT_RETURNED;
    enum executor_answer answer =
        player->executor.operations->event(player->executor.self, step, &result, &player->reason);
    if (answer != EXECUTOR_READY) return result_of(answer);
    forget_parked(player, step);
    ownership_event(&player->ownership, step);
    session_observe(&player->session, player->scenario, step, NULL, &result, &ignored);
    return STEP_DONE;
}

/* What a bare machine sends. It may end what pends, and what that writes to memory counts. An executor that has no such
 * machines has refused the scenario before. */
static enum step_result play_packet(struct player *player, const struct step *step) {
    struct packet_values values;
    struct result result;
    struct observation ignored;
    uint8_t bytes[PACKET_BYTES_MAX];
    int needed = NO_NAME;
    const struct executor_operations *operations = player->executor.operations;
    if (operations->packet == NULL) {
        reason_set(&player->reason, "packets are sent by bare machines, which the model alone has");
        return STEP_UNSUPPORTED;
    }
    if (!packet_values_of(&player->session, player->scenario, step->packet, &values, &needed))
        return needs_name(player, step, needed);
    uint32_t count = packet_bytes_write(step->packet, &values, bytes);
    result_clear(&result);
    enum executor_answer answer = operations->packet(player->executor.self, (unsigned)step->packet->machine, bytes,
                                                     count, &result, &player->reason);
    if (answer != EXECUTOR_READY) return result_of(answer);
    session_observe(&player->session, player->scenario, step, NULL, &result, &ignored);
    return STEP_DONE;
}

enum step_result player_step(struct player *player, const struct step *step, struct observation *seen) {
    assert(player->scenario != NULL && step != NULL);
    assert(step->kind != STEP_TOGETHER);
    memset(seen, 0, sizeof *seen);
    player->needed = NULL;
    if (!session_runs(&player->session, step->process)) return needs_process(player, step);
    switch (step->kind) {
    case STEP_CALL: return play_call(player, step, seen);
    case STEP_RETURNS: return play_returns(player, step, seen);
    case STEP_SHOW: return play_show(player, step, seen);
    case STEP_OVERLAPPED:
    case STEP_BUFFER: return play_declaration(player, step);
    case STEP_FREE: return play_free(player, step);
    case STEP_EXPECT: return needs_capture(player);
    case STEP_PACKET: return play_packet(player, step);
    default: return play_event(player, step);
    }
}

const char *player_misuse(struct player *player) {
    ownership_end(&player->ownership);
    return player->ownership.misuse_line == 0 ? NULL : player->ownership.misuse.text;
}

enum step_result player_end(struct player *player) {
    struct reason reason = { "" };
    assert(player->executor.operations != NULL);
    if (!player->begun) return STEP_DONE;
    enum executor_answer answer = player->executor.operations->end(player->executor.self, &reason);
    if (answer != EXECUTOR_BROKEN) return STEP_DONE;
    player->reason = reason;
    return STEP_BROKEN;
}
