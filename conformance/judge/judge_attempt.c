#include "conformance/judge/judge_attempt.h"
#include "conformance/base/reason.h"
#include "conformance/judge/judge_reports.h"
#include "conformance/session/session_objects.h"
#include "conformance/session/session_observe.h"
#include "conformance/session/session_prepare.h"
#include "conformance/session/step_limit.h"
#include "conformance/session/session_refer.h"
#include "stack/call/catalogue.h"
#include "stack/sdk/control_values.h"

#include <assert.h>
#include <string.h>

/* --- what an observation names ---------------------------------------------------------------------------------- */

static const struct observed_value *shown(const struct observation *seen, enum observable observable) {
    return seen->values[observable].present ? &seen->values[observable] : NULL;
}

static void settle_if_shown(struct odometer *odometer, enum choice what, const struct observed_value *value,
                            bool untouched_is_one) {
    if (value != NULL) odometer_settle(odometer, what, value->untouched == untouched_is_one);
}

/* Large domains are answered by what was seen. */
static void name_members(struct odometer *odometer, const struct observation *seen, const struct session *session,
                         unsigned names_count) {
    const struct observed_value *port = shown(seen, OBSERVABLE_port);
    const struct observed_value *start = shown(seen, OBSERVABLE_StartPort);
    const struct observed_value *token = shown(seen, OBSERVABLE_Token);
    const struct observed_value *handle = shown(seen, OBSERVABLE_handle);
    if (port != NULL) odometer_name(odometer, CHOICE_PORT, port->number);
    if (start != NULL) odometer_name(odometer, CHOICE_BLOCK_START, start->number);
    if (token != NULL && !token->untouched) odometer_name(odometer, CHOICE_TOKEN, token->number);
    const struct observed_value *value = shown(seen, OBSERVABLE_value);
    if (value != NULL && !value->untouched) {
        odometer_name(odometer, CHOICE_OPTION, value->number);
        odometer_name(odometer, CHOICE_CONNECT_TIME, value->number);
    }
    if (handle != NULL && handle->number < names_count)
        odometer_name(odometer, CHOICE_HANDLE, session->live[handle->number].number);
}

/* Zeroed, left, or anything else, whose number the observation names. */
static void settle_padding(struct odometer *odometer, const struct observed_value *padding) {
    enum { ZEROED, LEFT, ANYTHING };
    if (padding == NULL) return;
    odometer_settle(odometer, CHOICE_PADDING, padding->untouched ? LEFT : padding->number == 0 ? ZEROED : ANYTHING);
    if (!padding->untouched && padding->number != 0) odometer_name(odometer, CHOICE_PADDING_BYTES, padding->number);
}

/* So are the plain questions whose answer shows. */
void judge_settle_shown(struct odometer *odometer, const struct observation *seen) {
    settle_if_shown(odometer, CHOICE_LAST_ERROR, shown(seen, OBSERVABLE_error), true);
    settle_padding(odometer, shown(seen, OBSERVABLE_padding));
    settle_if_shown(odometer, CHOICE_TOKEN_LEFT, shown(seen, OBSERVABLE_Token), false);
    settle_if_shown(odometer, CHOICE_BYTES, shown(seen, OBSERVABLE_bytes), false);
    settle_if_shown(odometer, CHOICE_INTERNAL, shown(seen, OBSERVABLE_Internal), false);
}

/* Readings whose answer is the count of bytes that a call of this code shows when it succeeds. */
static const struct {
    uint32_t code;
    enum question question;
    uint32_t bytes;
    unsigned candidate;
} shown_by_bytes[] = {
    { SIO_ACQUIRE_PORT_RESERVATION, Q6_BYTES_OF_ACQUIRE, 16, Q6_SIXTEEN },
    { SIO_ACQUIRE_PORT_RESERVATION, Q6_BYTES_OF_ACQUIRE, 12, Q6_TWELVE },
    { SIO_ASSOCIATE_PORT_RESERVATION, Q5_BYTES_WITHOUT_OUTPUT, 0, Q5_ZERO },
    { SIO_ASSOCIATE_PORT_RESERVATION, Q5_BYTES_WITHOUT_OUTPUT, PORT_TOKEN_SIZE, Q5_INPUT_SIZE },
    { SIO_RELEASE_PORT_RESERVATION, Q5_BYTES_WITHOUT_OUTPUT, 0, Q5_ZERO },
    { SIO_RELEASE_PORT_RESERVATION, Q5_BYTES_WITHOUT_OUTPUT, PORT_TOKEN_SIZE, Q5_INPUT_SIZE },
};

static void settle_readings_shown(struct odometer *odometer, const struct judge *judge, const struct session *session,
                                  const struct step *step, const struct observation *seen) {
    const struct observed_value *bytes = shown(seen, OBSERVABLE_bytes);
    if (step->kind != STEP_CALL || seen->word != OUTCOME_OK || bytes == NULL || bytes->untouched) return;
    uint64_t code = session_control_code(session, judge->scenario, step);
    for (unsigned i = 0; i < sizeof shown_by_bytes / sizeof shown_by_bytes[0]; i++)
        if (shown_by_bytes[i].code == code && shown_by_bytes[i].bytes == bytes->number)
            odometer_settle(odometer, (enum choice)shown_by_bytes[i].question, shown_by_bytes[i].candidate);
}

/* --- one attempt ------------------------------------------------------------------------------------------------ */

/* A world that is full answers as no host would: what it might have answered is not known. Nor is what is not
 * modelled. */
static bool is_answer(struct judge *judge, const struct result *result) {
    if (result->status == RESULT_NO_ROOM) judge->exhaustive = false;
    return result->status != RESULT_NO_ROOM && result->status != RESULT_NOT_MODELLED &&
           result->status != RESULT_BROKEN && result->status != RESULT_NOT_MADE;
}

bool judge_calls_in_hook(const struct judge *judge, const struct step *step) {
    const struct step *inside = step->kind == STEP_CALL ? judge->parked_steps[step->thread] : NULL;
    return inside != NULL && inside != step;
}

/* The address that an accept or a receive stores was not always observed. What an older recording lacks is not
 * compared: its absence says nothing. */
static bool lacks_address(const struct judge *judge, const struct step *step, const struct observation *seen) {
    if (seen == NULL || (step->kind != STEP_CALL && step->kind != STEP_RETURNS)) return false;
    const struct step *call = session_call_of(judge->scenario, step);
    if (call == NULL || call->signature->product == PRODUCT_ADDRESS) return false;
    return signature_shows_address(call->signature, 0) && shown(seen, OBSERVABLE_address) == NULL &&
           shown(seen, OBSERVABLE_port) == NULL;
}

static void forget_address(struct observation *seen) {
    memset(&seen->values[OBSERVABLE_address], 0, sizeof seen->values[OBSERVABLE_address]);
    memset(&seen->values[OBSERVABLE_port], 0, sizeof seen->values[OBSERVABLE_port]);
    memset(seen->address, 0, sizeof seen->address);
}

/* What all attempts at a step in one state begin with. Of a call the session has prepared the record: it is the same
 * whatever the model answers. */
struct beginning {
    const struct judged_state *from;
    const struct observation *wanted; /* NULL: whoever visits the attempts looks at all that was observed */
    const struct session *session;    /* from's own, or `prepared` */
    bool lacks_address;               /* see there */
    bool possible;                    /* a call could be prepared; true of other steps */
    struct call call;                 /* of a call */
    struct session prepared;          /* likewise */
};

static void begin_attempts(const struct judge *judge, const struct judged_state *from, const struct step *step,
                           const struct observation *seen, bool wanted, struct beginning *beginning) {
    int needed = NO_NAME;
    beginning->from = from;
    beginning->wanted = wanted ? seen : NULL;
    beginning->lacks_address = lacks_address(judge, step, seen);
    beginning->session = &from->session;
    beginning->possible = session_runs(&from->session, step->process);
    if (step->kind != STEP_CALL || !beginning->possible) return;
    session_copy(&beginning->prepared, &from->session, judge->pool.names_count);
    beginning->session = &beginning->prepared;
    enum session_answer answer =
        session_prepare(&beginning->prepared, judge->scenario, step, &beginning->call, &needed);
    beginning->possible = answer == SESSION_READY;
}

static bool ended_otherwise(const struct observation *one, const struct observation *other) {
    return one->word != other->word || one->code != other->code;
}

static void attempt_call(struct judge *judge, struct attempt *attempt, struct chooser *chooser, const struct step *step,
                         const struct beginning *beginning) {
    struct judged_state *state = attempt->state;
    struct result result;
    stage_call(state->world, &state->stage, judge->scenario, chooser, &beginning->call, step_limit_ms(step), &result);
    if (result.status == RESULT_NOT_MODELLED) judge->not_modelled = not_modelled_words(result.value);
    attempt->possible = is_answer(judge, &result);
    if (!attempt->possible) return;
    attempt->observed = true;
    session_observe_word(&state->session, judge->scenario, step, &beginning->call, &result, &attempt->observation);
    if (beginning->wanted != NULL && ended_otherwise(&attempt->observation, beginning->wanted)) return;
    session_observe(&state->session, judge->scenario, step, &beginning->call, &result, &attempt->observation);
    if (result.status == RESULT_BLOCKED && !judge_calls_in_hook(judge, step)) {
        judge->parked[step->thread] = beginning->call;
        judge->parked_steps[step->thread] = step;
    }
}

static void attempt_returns(struct judge *judge, struct attempt *attempt, struct chooser *chooser,
                            const struct step *step) {
    struct judged_state *state = attempt->state;
    struct result result;
    attempt->possible = judge->parked_steps[step->thread] != NULL;
    if (!attempt->possible) return;
    stage_returns(state->world, &state->stage, chooser, (unsigned)step->thread, step_limit_ms(step), &result);
    attempt->possible = is_answer(judge, &result);
    if (!attempt->possible) return;
    session_observe(&state->session, judge->scenario, step, &judge->parked[step->thread], &result,
                    &attempt->observation);
    attempt->observed = true;
}

static void attempt_show(struct judge *judge, struct attempt *attempt, const struct step *step) {
    struct judged_state *state = attempt->state;
    struct result result;
    uint64_t address = 0;
    uint64_t event = 0;
    int needed = NO_NAME;
    attempt->possible = session_subject(&state->session, judge->scenario, step, &address, &event, &needed);
    if (!attempt->possible) return;
    stage_show(state->world, (unsigned)step->process, event, &result);
    attempt->possible = is_answer(judge, &result);
    if (!attempt->possible) return;
    session_observe(&state->session, judge->scenario, step, NULL, &result, &attempt->observation);
    attempt->observed = true;
}

static void attempt_event(struct judge *judge, struct attempt *attempt, struct chooser *chooser,
                          const struct step *step) {
    struct judged_state *state = attempt->state;
    struct result result;
    struct reason reason;
    result_clear(&result);
    enum executor_answer answer =
        stage_event(state->world, &state->stage, chooser, judge->scenario, step, &result, &reason);
    attempt->possible = answer == EXECUTOR_READY;
    if (attempt->possible)
        session_observe(&state->session, judge->scenario, step, NULL, &result, &attempt->observation);
}

/* Plays `step` on attempt->state, answering questions by `chooser`. */
static void attempt_step(struct judge *judge, struct attempt *attempt, struct chooser *chooser, const struct step *step,
                         const struct beginning *beginning) {
    int needed = NO_NAME;
    attempt->observed = false;
    attempt->possible = beginning->possible;
    memset(&attempt->observation, 0, sizeof attempt->observation);
    if (!attempt->possible) return;
    switch (step->kind) {
    case STEP_CALL: attempt_call(judge, attempt, chooser, step, beginning); break;
    case STEP_RETURNS: attempt_returns(judge, attempt, chooser, step); break;
    case STEP_SHOW: attempt_show(judge, attempt, step); break;
    case STEP_OVERLAPPED:
    case STEP_BUFFER:
        attempt->possible = session_declare(&attempt->state->session, judge->scenario, step, &needed) == SESSION_READY;
        break;
    case STEP_FREE: break; /* what the system does to it no one sees */
    case STEP_CHECK:
    case STEP_ADVANCE:
    case STEP_REBOOT:
    case STEP_EXITS:
    case STEP_CRASHES:
    case STEP_THREAD_EXITS:
    case STEP_FAULT: attempt_event(judge, attempt, chooser, step); break;
    case STEP_LINK: assert(!"links are no business of the judge"); break;
    case STEP_PACKET:
    case STEP_EXPECT: assert(!"packets are no business of the judge"); break;
    case STEP_TOGETHER: assert(!"a together is judged child by child"); break;
    }
}

static void try_from(struct judge *judge, const struct odometer *prepared, const struct step *step,
                     const struct beginning *beginning, attempt_visitor *visit, void *self) {
    struct odometer odometer = *prepared;
    struct attempt attempt = { .state = NULL };
    do {
        if (attempt.state == NULL) attempt.state = state_copy_with(&judge->pool, beginning->from, beginning->session);
        else state_overwrite(&judge->pool, attempt.state, beginning->from, beginning->session);
        attempt_step(judge, &attempt, &odometer.chooser, step, beginning);
        if (beginning->lacks_address) forget_address(&attempt.observation);
        attempt.refused = odometer.refused;
        attempt.unnamed = odometer.unnamed;
        attempt.guessed = odometer.guessed;
        attempt.odometer = &odometer;
        visit(self, &attempt);
    } while (odometer_next(&odometer));
    if (odometer.overflow) judge->exhaustive = false;
    if (attempt.state != NULL) state_drop(&judge->pool, attempt.state);
}

void judge_try_prepared(struct judge *judge, const struct odometer *prepared, const struct judged_state *from,
                        const struct step *step, const struct observation *seen, attempt_visitor *visit, void *self) {
    struct beginning beginning;
    begin_attempts(judge, from, step, seen, false, &beginning);
    try_from(judge, prepared, step, &beginning, visit, self);
}

enum { SPREAD = 64 };

static void prepare(const struct judge *judge, const struct judged_state *from, const struct step *step,
                    const struct observation *seen, struct odometer *odometer) {
    odometer_init(odometer);
    odometer->spread = seen == NULL || seen->word == OUTCOME_PENDING || seen->word == OUTCOME_BLOCKS ? SPREAD : 0;
    judge_name_reported(judge, step, odometer);
    if (seen == NULL) return;
    name_members(odometer, seen, &from->session, judge->pool.names_count);
    judge_settle_shown(odometer, seen);
}

void judge_try_agreeing(struct judge *judge, const struct judged_state *from, const struct step *step,
                        const struct observation *seen, attempt_visitor *visit, void *self) {
    struct odometer odometer;
    struct beginning beginning;
    prepare(judge, from, step, seen, &odometer);
    if (seen != NULL) settle_readings_shown(&odometer, judge, &from->session, step, seen);
    begin_attempts(judge, from, step, seen, true, &beginning);
    try_from(judge, &odometer, step, &beginning, visit, self);
}

void judge_try_repairing(struct judge *judge, const struct judged_state *from, const struct step *step,
                         const struct observation *seen, attempt_visitor *visit, void *self) {
    struct odometer odometer;
    prepare(judge, from, step, seen, &odometer);
    odometer.repairs = true;
    judge_try_prepared(judge, &odometer, from, step, seen, visit, self);
}
