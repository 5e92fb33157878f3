#include "conformance/session/session_objects.h"

#include <assert.h>
#include <string.h>

#include "conformance/session/session_addresses.h"

enum session_answer session_declare(struct session *session, const struct scenario *scenario, const struct step *step,
                                    int *needed) {
    assert(step->kind == STEP_OVERLAPPED || step->kind == STEP_BUFFER);
    assert(step->product >= 0 && (uint32_t)step->product < scenario->names_count);
    *needed = NO_NAME;
    struct live_value *live = &session->live[step->product];
    uint64_t event = 0;
    if (step->kind == STEP_OVERLAPPED && step->subject != NO_NAME) {
        if (session->live[step->subject].state == LIVE_ABSENT) {
            *needed = step->subject;
            return SESSION_NEEDS;
        }
        event = session->live[step->subject].number | step->number;
    }
    uint32_t length = step->kind == STEP_OVERLAPPED     ? OVERLAPPED_SIZE
                      : step->number < RANGE_LENGTH_MAX ? (uint32_t)step->number
                                                        : RANGE_LENGTH_MAX;
    session_memory_take(session, live, length);
    live->number = (uint64_t)OBJECT_ADDRESSES + (uint64_t)step->product * PAGE_STRIDE;
    live->state = LIVE_PRODUCED;
    live->shown = live->memory_length;
    if (step->kind == STEP_OVERLAPPED && live->memory_length == OVERLAPPED_SIZE) {
        /* Internal and InternalHigh stay poisoned, so that a store there is noticed; the rest is well-formed. */
        uint8_t *image = session->memory + live->memory_offset;
        memset(image + OVERLAPPED_INTERNAL_HIGH + 8, 0, OVERLAPPED_SIZE - OVERLAPPED_INTERNAL_HIGH - 8);
        store_u64(image + OVERLAPPED_EVENT, event);
    }
    return SESSION_READY;
}

bool session_subject(const struct session *session, const struct scenario *scenario, const struct step *step,
                     uint64_t *address, uint64_t *event, int *needed) {
    assert(step->kind == STEP_SHOW);
    assert(step->subject >= 0 && (uint32_t)step->subject < scenario->names_count);
    const struct live_value *live = &session->live[step->subject];
    *address = 0;
    *event = 0;
    *needed = NO_NAME;
    if (live->state == LIVE_ABSENT) {
        *needed = step->subject;
        return false;
    }
    enum name_kind kind = scenario->names[step->subject].kind;
    if (kind == NAME_EVENT) *event = live->number;
    if (kind == NAME_OVERLAPPED) {
        *address = live->number;
        if (live->memory_length == OVERLAPPED_SIZE)
            *event = load_u64(session->memory + live->memory_offset + OVERLAPPED_EVENT) & ~UINT64_C(1);
    }
    return true;
}
