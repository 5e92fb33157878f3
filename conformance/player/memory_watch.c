#include "conformance/player/memory_watch.h"

#include <assert.h>
#include <string.h>

#include "conformance/language/build.h"
#include "conformance/session/session_objects.h"
#include "conformance/session/session_prepare.h"
#include "conformance/session/session_refer.h"
#include "stack/call/signature.h"
#include "stack/sdk/error_values.h"

enum { HANDLES_FROM = 0x7000000 }; /* a handle is known by its name; these are their numbers, whatever the host's are */

/* The records of parked calls are empty words where no thread is parked. */
void memory_watch_begin(struct memory_watch *watch, const struct scenario *scenario) {
    ownership_begin(&watch->ownership, scenario);
    watch->is_prepared = false;
    memset(watch->parked_steps, 0, sizeof watch->parked_steps);
}

/* --- before ------------------------------------------------------------------------------------------------------- */

static uint64_t number_of_handle(uint32_t name) { return HANDLES_FROM + (uint64_t)name * 4; }

/* An OVERLAPPED holds the number of its event. */
static void name_event(struct session *session, const struct step *step) {
    const struct live_value *live = &session->live[step->product];
    if (live->state == LIVE_ABSENT || live->memory_length != OVERLAPPED_SIZE || step->subject == NO_NAME) return;
    store_u64(session->memory + live->memory_offset + OVERLAPPED_EVENT,
              number_of_handle((uint32_t)step->subject) | step->number);
}

static void number_handles(struct session *session, const struct scenario *scenario) {
    for (uint32_t i = 0; i < scenario->names_count; i++)
        if (name_is_handle(scenario->names[i].kind)) session->live[i].number = number_of_handle(i);
    for (uint32_t i = 0; i < scenario->steps_count; i++)
        if (scenario->steps[i].kind == STEP_OVERLAPPED) name_event(session, &scenario->steps[i]);
}

void memory_watch_before(struct memory_watch *watch, const struct session *session, const struct scenario *scenario,
                         const struct step *step) {
    int needed = NO_NAME;
    if (!watch->ownership.follows) return;
    watch->is_prepared = false;
    session_copy(&watch->scratch, session, scenario->names_count);
    number_handles(&watch->scratch, scenario);
    if (step->kind != STEP_CALL || !session_runs(&watch->scratch, step->process)) return;
    watch->is_prepared = session_prepare(&watch->scratch, scenario, step, &watch->call, &needed) == SESSION_READY;
    if (watch->is_prepared) ownership_before(&watch->ownership, &watch->scratch, scenario, step, &watch->call);
}

/* --- after -------------------------------------------------------------------------------------------------------- */

/* A value that means the call's documented success. */
static uint64_t success_of(const struct signature *signature) {
    for (uint64_t value = 0; value < 2; value++)
        if (signature_succeeds(signature, value)) return value;
    return HANDLES_FROM;
}

static uint64_t address_of(const struct memory_watch *watch, int64_t name) {
    return name < 0 || name >= NAMES_MAX ? 0 : watch->scratch.live[name].number;
}

/* The OVERLAPPED that a packet is of, where the call stores it. */
static void write_overlapped(const struct memory_watch *watch, const struct call *call, const struct observation *seen,
                             struct result *result) {
    const struct observed_value *value = &seen->values[OBSERVABLE_overlapped];
    uint8_t bytes[POINTER_SIZE];
    int place = signature_parameter_of_kind(signature_of((enum function)call->function), PARAMETER_OVERLAPPED_OUT);
    if (place < 0 || !value->present || value->untouched || call->arguments[place] == 0) return;
    store_u64(bytes, value->number == 0 ? 0 : address_of(watch, (int64_t)value->number - 1));
    result_write(result, call->arguments[place], bytes, sizeof bytes);
}

/* Routines that ran, and the entries of packets that were taken. */
static void add_deliveries(const struct memory_watch *watch, const struct call *call, const struct observation *seen,
                           struct result *result) {
    uint8_t entries[RESULT_ROUTINES_MAX * OVERLAPPED_ENTRY_SIZE] = { 0 };
    uint32_t length = 0;
    for (uint32_t i = 0; i < seen->routines_count; i++) {
        const struct observed_routine *one = &seen->routines[i];
        const struct result_routine ran = { .routine = 1, .overlapped = address_of(watch, one->overlapped) };
        if (one->delivery == DELIVERY_ROUTINE) result_routine(result, &ran);
        if (one->delivery != DELIVERY_PACKET) continue;
        store_u64(entries + length + ENTRY_OVERLAPPED, ran.overlapped);
        length += OVERLAPPED_ENTRY_SIZE;
    }
    int place = signature_parameter_of_kind(signature_of((enum function)call->function), PARAMETER_ENTRIES_OUT);
    if (place >= 0 && length > 0 && call->arguments[place] != 0)
        result_write(result, call->arguments[place], entries, length);
}

/* The result that such an observation may have been made of. */
static void rebuild(const struct memory_watch *watch, const struct call *call, const struct observation *seen,
                    struct result *result) {
    const struct signature *signature = signature_of((enum function)call->function);
    result_clear(result);
    result->status = RESULT_RETURNED;
    result->error = ERROR_UNTOUCHED;
    switch ((enum outcome_word)seen->word) {
    case OUTCOME_NUMBER: result->value = seen->code; break;
    case OUTCOME_ERROR:
    case OUTCOME_PENDING:
        result->error = seen->word == OUTCOME_PENDING ? (uint32_t)WSA_IO_PENDING : seen->code;
        result->value = signature_failure(signature, result->error);
        break;
    case OUTCOME_FAULT: result->status = RESULT_FAULT; break;
    case OUTCOME_BLOCKS: result->status = RESULT_BLOCKED; break;
    default: result->value = success_of(signature); break;
    }
    write_overlapped(watch, call, seen, result);
    add_deliveries(watch, call, seen, result);
}

static void after_call(struct memory_watch *watch, const struct step *step, const struct call *call,
                       const struct observation *seen) {
    struct result result;
    rebuild(watch, call, seen, &result);
    if (result.status == RESULT_RETURNED) ownership_after(&watch->ownership, step, call, &result);
    else ownership_ran(&watch->ownership, step, &result);
}

static void after_show(struct memory_watch *watch, const struct step *step, const struct observation *seen) {
    const struct observed_value *status = &seen->values[OBSERVABLE_Internal];
    bool pending = status->present && !status->untouched && status->number == STATUS_PENDING;
    ownership_look(&watch->ownership, step, address_of(watch, step->subject), pending);
}

static void after_seen(struct memory_watch *watch, const struct scenario *scenario, const struct step *step,
                       const struct observation *seen) {
    const struct step **parked = &watch->parked_steps[step->thread < 0 ? 0 : step->thread];
    if (step->kind == STEP_SHOW) {
        after_show(watch, step, seen);
    } else if (step->kind == STEP_CALL && watch->is_prepared && *parked == NULL) {
        after_call(watch, step, &watch->call, seen);
        if (seen->word != OUTCOME_BLOCKS) return;
        watch->parked[step->thread] = watch->call;
        *parked = step;
    } else if (step->kind == STEP_RETURNS && *parked != NULL && *parked == session_call_of(scenario, step)) {
        after_call(watch, step, &watch->parked[step->thread], seen);
        if (seen->word != OUTCOME_BLOCKS) *parked = NULL;
    }
}

void memory_watch_after(struct memory_watch *watch, const struct scenario *scenario, const struct step *step,
                        enum step_result result, const struct observation *seen) {
    if (!watch->ownership.follows) return;
    if (result == STEP_SEEN) after_seen(watch, scenario, step, seen);
    if (result != STEP_DONE) return;
    if (step->kind == STEP_FREE) ownership_free(&watch->ownership, step, address_of(watch, step->subject));
    else ownership_event(&watch->ownership, step);
    bool ends = step->kind == STEP_EXITS || step->kind == STEP_CRASHES || step->kind == STEP_REBOOT;
    for (uint32_t i = 0; ends && i < scenario->threads_count; i++)
        if (step->kind == STEP_REBOOT || scenario->threads[i].process == step->process) watch->parked_steps[i] = NULL;
}

const char *memory_watch_misuse(struct memory_watch *watch, uint32_t *line) {
    ownership_end(&watch->ownership);
    *line = watch->ownership.misuse_line;
    return watch->ownership.misuse_line == 0 ? NULL : watch->ownership.misuse.text;
}
