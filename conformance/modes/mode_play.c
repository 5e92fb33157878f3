#include "conformance/modes/mode_play.h"

#include <assert.h>
#include <string.h>

#include "conformance/session/session_print.h"
#include "stack/errors.h"

/* A request under way, found by the name of its OVERLAPPED. */
struct asked {
    struct learnt learnt;
    bool inside;  /* its thread is parked in the call */
    bool looks;   /* its socket cannot be asked any more */
    bool arrived; /* its completion came, by a routine or a packet */
};

struct playing {
    struct subject *subject;
    const struct mode_lines *lines;
    struct mode_played *played;
    struct step_answer answer;
    struct asked asked[NAMES_MAX + 1]; /* the last one is a synchronous call's */
    unsigned given;                    /* the OVERLAPPED that the last line has made */
    unsigned current[THREADS_MAX];     /* the request of each thread's last control call */
};

/* --- what came ---------------------------------------------------------------------------------------------------- */

static const struct observed_value *value_of(const struct observation *seen, enum observable observable) {
    const struct observed_value *value = &seen->values[observable];
    return value->present && !value->untouched ? value : NULL;
}

static void end_ok(struct asked *asked, const struct observed_value *bytes) {
    asked->learnt.ending = ENDING_OK;
    asked->learnt.bytes_are_said = bytes != NULL;
    asked->learnt.bytes = bytes == NULL ? 0 : (uint32_t)bytes->number;
}

static void end_failed(struct asked *asked, uint32_t error) {
    asked->learnt.ending = ENDING_FAILED;
    asked->learnt.error = error;
}

/* A completion has come by itself, as routine or packet. */
static void arrive(struct playing *playing, uint64_t name, uint32_t error, uint32_t bytes) {
    if (name >= NAMES_MAX) return;
    struct asked *asked = &playing->asked[name];
    const struct observed_value count = { .present = 1, .number = bytes };
    bool refused = asked->learnt.ending == ENDING_FAILED && asked->learnt.at_once;
    if (asked->arrived || refused) {
        asked->learnt.ending = ENDING_TWICE;
        return;
    }
    asked->arrived = true;
    if (error == 0) end_ok(asked, &count);
    else end_failed(asked, error);
}

/* Routines run in whatever line waits alertably. */
static void take_routines(struct playing *playing) {
    const struct observation *seen = &playing->answer.seen;
    for (uint32_t i = 0; playing->answer.result == STEP_SEEN && i < seen->routines_count; i++) {
        const struct observed_routine *routine = &seen->routines[i];
        if (routine->delivery != DELIVERY_ROUTINE || routine->overlapped < 0) continue;
        arrive(playing, (uint64_t)routine->overlapped, (uint32_t)routine->values[MEMBER_ERROR],
               (uint32_t)routine->values[MEMBER_BYTES]);
    }
}

static void take_packet(struct playing *playing) {
    const struct observation *seen = &playing->answer.seen;
    const struct observed_value *overlapped = value_of(seen, OBSERVABLE_overlapped);
    const struct observed_value *bytes = value_of(seen, OBSERVABLE_bytes);
    if (overlapped == NULL || overlapped->number == 0) return;
    arrive(playing, overlapped->number - 1, seen->word == OUTCOME_OK ? 0 : seen->code,
           bytes == NULL ? 0 : (uint32_t)bytes->number);
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

/* Plays a line. False when the rest cannot be played. */
static bool send(struct playing *playing, unsigned index) {
    const struct mode_line *line = &playing->lines->lines[index];
    subject_step(playing->subject, index, line->step, &playing->answer);
    enum step_result result = playing->answer.result;
    take_routines(playing);
    if (result == STEP_SEEN || result == STEP_DONE || result == STEP_NEEDS) return true;
    reason_set(&playing->played->trouble, "line %u: %s", (unsigned)line->step->position.line,
               playing->answer.detail.text);
    return false;
}

static void keep_text(struct playing *playing, struct mode_answer *answer) {
    struct text text = { 0 };
    if (playing->answer.result != STEP_SEEN) return;
    session_print_outcome(subject_session(playing->subject), playing->lines->instance, answer->step,
                          &playing->answer.seen, &text);
    const char *routines = strchr(playing->answer.line.bytes, '\n');
    if (routines != NULL && routines[1] != '\0') text_add(&text, "%s", routines);
    answer->text = arena_text(playing->played->arena, text.bytes, text.length);
    text_free(&text);
}

/* Of a call that returns, or of its `returns`: what its return says. */
static void take_return(struct asked *asked, const struct step_answer *answer, bool overlapped) {
    const struct observation *seen = &answer->seen;
    const struct observed_value *bytes = value_of(seen, OBSERVABLE_bytes);
    bool pends = seen->word == OUTCOME_PENDING || seen->word == OUTCOME_BLOCKS;
    asked->inside = seen->word == OUTCOME_BLOCKS;
    asked->learnt.at_once = overlapped && !pends;
    if (pends) asked->learnt.ending = ENDING_STAYS;
    else if (seen->word == OUTCOME_FAULT)
        asked->learnt = (struct learnt){ .ending = ENDING_FAULT, .error = seen->code };
    else if (seen->word == OUTCOME_ERROR) end_failed(asked, seen->code);
    else if (!overlapped) end_ok(asked, bytes);
    else asked->learnt.ending = ENDING_UNREPORTED; /* until its completion comes */
    asked->learnt.left_alone = overlapped && !pends && seen->values[OBSERVABLE_bytes].untouched;
}

/* --- learning ----------------------------------------------------------------------------------------------------- */

static bool is_open(const struct asked *asked) {
    return asked->learnt.ending == ENDING_STAYS || asked->learnt.ending == ENDING_UNREPORTED;
}

static void take_asking(struct asked *asked, const struct step_answer *answer) {
    const struct observation *seen = &answer->seen;
    asked->looks = answer->result == STEP_SEEN && seen->word == OUTCOME_ERROR && seen->code == WSAENOTSOCK;
    if (answer->result != STEP_SEEN || asked->looks) return;
    if (seen->word == OUTCOME_OK) end_ok(asked, value_of(seen, OBSERVABLE_bytes));
    else if (seen->word == OUTCOME_ERROR && seen->code != WSA_IO_INCOMPLETE) end_failed(asked, seen->code);
}

static void take_look(struct asked *asked, const struct step_answer *answer) {
    const struct observed_value *status = value_of(&answer->seen, OBSERVABLE_Internal);
    if (answer->result != STEP_SEEN || status == NULL || status->number == STATUS_PENDING) return;
    uint32_t error = winsock_error_of_status((uint32_t)status->number);
    if (error == 0) end_ok(asked, value_of(&answer->seen, OBSERVABLE_InternalHigh));
    else end_failed(asked, error);
}

/* Is a line by which an end is learnt to be played now? */
static bool is_needed(const struct playing *playing, enum mode_role role, const struct asked *asked, bool waited,
                      bool signalled) {
    enum completion completion = playing->lines->completion;
    if (asked->inside || asked->learnt.ending == ENDING_NOT_SENT) return false;
    if (role == MODE_ENDS) return true;
    if (!is_open(asked)) return false;
    if (role == MODE_LOOKS) return asked->looks;
    if (role == MODE_ASKS && completion == COMPLETION_EVENT) return waited && signalled;
    return true;
}

/* Has the wait ended by nothing but APCs, which have to do with no request? Then it has to be waited again. */
static bool only_apcs_ran(const struct playing *playing) {
    const struct observation *seen = &playing->answer.seen;
    if (playing->answer.result != STEP_SEEN || seen->routines_count == 0) return false;
    for (uint32_t i = 0; i < seen->routines_count; i++)
        if (seen->routines[i].delivery != DELIVERY_APC) return false;
    return true;
}

/* Plays the lines after number `index` that learn of the end of a request; returns the number of the last one. */
static unsigned learn(struct playing *playing, unsigned index, struct asked *asked) {
    const struct mode_lines *lines = playing->lines;
    unsigned original = lines->lines[index].original;
    bool waited = false, signalled = false;
    for (; index + 1 < lines->count && lines->lines[index + 1].original == original; index++) {
        enum mode_role role = lines->lines[index + 1].role;
        if (!is_needed(playing, role, asked, waited, signalled)) continue;
        do
            if (!send(playing, index + 1)) return index + 1;
        while (role == MODE_WAITS && only_apcs_ran(playing));
        const struct observation *seen = &playing->answer.seen;
        bool seen_at_all = playing->answer.result == STEP_SEEN;
        if (role == MODE_ASKS) take_asking(asked, &playing->answer);
        if (role == MODE_LOOKS) take_look(asked, &playing->answer);
        if (role != MODE_WAITS && role != MODE_ENDS) continue;
        waited = true;
        signalled = seen_at_all && seen->word == OUTCOME_OK;
        if (seen_at_all && lines->completion == COMPLETION_PORT) take_packet(playing);
    }
    return index;
}

/* What the product holds: the same on one machine, however its call ended. */
static void keep_stored(struct playing *playing, const struct step *step, struct learnt *learnt) {
    const struct session *session = subject_session(playing->subject);
    struct text text = { 0 };
    if (learnt->ending != ENDING_OK || step->product == NO_NAME || playing->subject->kind != SUBJECT_MODEL) return;
    const struct live_value *live = &session->live[step->product];
    for (unsigned i = 0; live->state == LIVE_PRODUCED && i < live->memory_length; i++)
        text_add(&text, "%02x", session->memory[live->memory_offset + i]);
    learnt->stored = text.length == 0 ? "" : arena_text(playing->played->arena, text.bytes, text.length);
    text_free(&text);
}

/* A control call, or its `returns`, and the lines that learn of its end. Returns the number of the last line. */
static unsigned play_control(struct playing *playing, unsigned index, struct mode_answer *answer) {
    const struct mode_line *line = &playing->lines->lines[index];
    bool overlapped = playing->lines->completion != COMPLETION_SYNC;
    if (line->role == MODE_CALL) {
        playing->current[line->step->thread] = overlapped ? playing->given : NAMES_MAX;
        memset(&playing->asked[playing->current[line->step->thread]], 0, sizeof playing->asked[0]);
    }
    struct asked *asked = &playing->asked[playing->current[line->step->thread]];
    answer->is_control = true;
    bool sends = line->role == MODE_CALL || asked->inside || !overlapped;
    if (sends && !send(playing, index)) return index;
    if (sends && playing->answer.result == STEP_SEEN) take_return(asked, &playing->answer, overlapped);
    if (line->role == MODE_CALL) playing->played->calls += playing->answer.result == STEP_SEEN;
    unsigned last = overlapped ? learn(playing, index, asked) : index;
    answer->learnt = asked->learnt;
    keep_stored(playing, answer->step, &answer->learnt);
    return last;
}

/* False when what this mode needs cannot be made. */
static bool play_preparation(struct playing *playing, unsigned index) {
    const struct step *step = playing->lines->lines[index].step;
    if (!send(playing, index)) return false;
    if (step->kind == STEP_OVERLAPPED) playing->given = (unsigned)step->product;
    bool refused = playing->answer.result == STEP_SEEN && playing->answer.seen.word != OUTCOME_OK;
    if (!refused) return true;
    reason_set(&playing->played->trouble, "line %u: %s is refused here", (unsigned)step->position.line,
               step->signature->name);
    return false;
}

/* Returns the number of the last line that was played. */
static unsigned play_line(struct playing *playing, unsigned index) {
    const struct mode_line *line = &playing->lines->lines[index];
    struct mode_answer *answer = &playing->played->answers[line->original];
    if (line->role == MODE_PREPARES) {
        (void)play_preparation(playing, index);
        return index;
    }
    answer->step = line->step;
    if (line->role == MODE_CALL || line->role == MODE_RETURNS) return play_control(playing, index, answer);
    assert(line->role == MODE_SAME);
    if (send(playing, index)) keep_text(playing, answer);
    return index;
}

void mode_play(struct subject *subject, const struct mode_lines *lines, const char *id, struct mode_played *played) {
    struct playing playing = { .subject = subject, .lines = lines, .played = played };
    uint16_t ports_first[PORTS_MAX];
    struct reason end = { "" };
    *played = (struct mode_played){ .arena = arena_create() };
    played->count = lines->count == 0 ? 0 : lines->lines[lines->count - 1].original + 1;
    played->answers = arena_allocate(played->arena, (played->count + 1) * sizeof *played->answers);
    enum step_result begun = subject_begin(subject, lines->instance, id, ports_first, &played->trouble);
    for (unsigned i = 0; begun == STEP_DONE && i < lines->count && played->trouble.text[0] == '\0'; i++)
        i = play_line(&playing, i);
    bool ended = subject_end(subject, &end) == STEP_DONE;
    if (!ended && played->trouble.text[0] == '\0') played->trouble = end;
    step_answer_free(&playing.answer);
}

void mode_played_free(struct mode_played *played) {
    arena_free(played->arena);
    *played = (struct mode_played){ .count = 0 };
}

void learnt_print(const struct learnt *learnt, struct text *out) {
    static const char *const words[] = { [ENDING_NOT_SENT] = "not sent",
                                         [ENDING_OK] = "ok",
                                         [ENDING_FAILED] = "fails",
                                         [ENDING_STAYS] = "does not end",
                                         [ENDING_FAULT] = "fault",
                                         [ENDING_UNREPORTED] = "ok, and its end is not reported",
                                         [ENDING_TWICE] = "its end is reported twice" };
    const char *name = error_name(learnt->error, ERROR_FAMILY_WINSOCK);
    if (learnt->ending == ENDING_FAILED && name != NULL) text_add(out, "%s", name);
    else if (learnt->ending == ENDING_FAILED) text_add(out, "error %u", (unsigned)learnt->error);
    else text_add(out, "%s", words[learnt->ending]);
    if (learnt->ending == ENDING_OK && learnt->bytes_are_said) text_add(out, " bytes=%u", (unsigned)learnt->bytes);
}
