#include "conformance/session/session.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "conformance/session/executor.h"

_Static_assert(sizeof(struct live_value) == 40, "live values have no hidden padding");
_Static_assert(sizeof(struct observed_value) == 16, "observed values have no hidden padding");
_Static_assert(offsetof(struct session, memory) + SESSION_MEMORY_MAX == sizeof(struct session), "memory comes last");
_Static_assert(offsetof(struct session, live) + NAMES_MAX * sizeof(struct live_value) == offsetof(struct session, late),
               "names come last of what is always there");

_Static_assert(PROCESSES_MAX <= 32, "a set of processes fits session.running");

/* Processes that the runner starts itself: no step creates them. */
static uint32_t running_from_the_beginning(const struct scenario *scenario) {
    uint32_t running = 0;
    for (uint32_t i = 0; i < scenario->processes_count; i++)
        if (scenario->processes[i].parent == NULL) running |= UINT32_C(1) << i;
    return running;
}

void session_begin(struct session *session, const struct scenario *scenario, const uint16_t *ports_first) {
    assert(session != NULL && scenario != NULL);
    assert(scenario->ports_count == 0 || ports_first != NULL);
    memset(session, 0, offsetof(struct session, late));
    session->running = running_from_the_beginning(scenario);
    for (uint32_t i = 0; i < scenario->ports_count; i++) {
        const struct ports_line *ports = &scenario->ports[i];
        assert(ports->name >= 0 && ports->name < NAMES_MAX);
        struct live_value *live = &session->live[ports->name];
        live->state = LIVE_PRODUCED;
        live->port_first = ports_first[i];
        live->ports_count = (uint16_t)ports->count;
        live->transport = strcmp(ports->transport, "udp") == 0 ? TRANSPORT_UDP : TRANSPORT_TCP;
    }
}

/* Everything before the late writes, without room for names that the scenario does not have. */
static size_t bytes_of_names(unsigned names_count) {
    assert(names_count <= NAMES_MAX);
    return offsetof(struct session, live) + names_count * sizeof(struct live_value);
}

void session_copy(struct session *to, const struct session *from, unsigned names_count) {
    assert(to != from && from->memory_used <= SESSION_MEMORY_MAX);
    memcpy(to, from, bytes_of_names(names_count));
    if (from->late_used > 0) memcpy(to->late, from->late, from->late_used * sizeof from->late[0]);
    memcpy(to->memory, from->memory, from->memory_used);
}

/* Do the images of two names lie alike in both sessions? Those of outputs that share a buffer are one. */
static bool lie_alike(const struct live_value *one_a, const struct live_value *one_b, const struct live_value *other_a,
                      const struct live_value *other_b) {
    bool one = one_a->memory_offset < one_b->memory_offset + one_b->memory_length &&
               one_b->memory_offset < one_a->memory_offset + one_a->memory_length;
    bool other = other_a->memory_offset < other_b->memory_offset + other_b->memory_length &&
                 other_b->memory_offset < other_a->memory_offset + other_a->memory_length;
    if (one != other) return false;
    return !one || one_a->memory_offset - one_b->memory_offset == other_a->memory_offset - other_b->memory_offset;
}

/* The same name in both: its image may lie elsewhere. */
static bool name_equal(const struct session *one, const struct session *other, unsigned name) {
    struct live_value moved = other->live[name];
    moved.memory_offset = one->live[name].memory_offset;
    if (memcmp(&one->live[name], &moved, sizeof moved) != 0) return false;
    if (memcmp(one->memory + moved.memory_offset, other->memory + other->live[name].memory_offset,
               moved.memory_length) != 0)
        return false;
    for (unsigned i = 0; i < name; i++)
        if (!lie_alike(&one->live[name], &one->live[i], &other->live[name], &other->live[i])) return false;
    return true;
}

static bool late_equal(const struct session *one, const struct session *other) {
    for (unsigned i = 0; i < one->late_used; i++) {
        const struct late_write *a = &one->late[i], *b = &other->late[i];
        if (a->address != b->address || a->length != b->length || memcmp(a->bytes, b->bytes, a->length) != 0)
            return false;
    }
    return true;
}

bool session_equal(const struct session *one, const struct session *other, unsigned names_count) {
    assert(names_count <= NAMES_MAX);
    if (memcmp(one, other, offsetof(struct session, live)) != 0 || !late_equal(one, other)) return false;
    for (unsigned i = 0; i < names_count; i++)
        if (!name_equal(one, other, i)) return false;
    return true;
}

void session_memory_take(struct session *session, struct live_value *live, uint32_t wanted) {
    assert(session->memory_used <= SESSION_MEMORY_MAX);
    uint32_t left = SESSION_MEMORY_MAX - session->memory_used;
    live->memory_offset = (uint16_t)session->memory_used;
    live->memory_length = (uint16_t)(wanted < left ? wanted : left);
    for (uint32_t i = 0; i < live->memory_length; i++) session->memory[session->memory_used + i] = poison_byte(i);
    session->memory_used += live->memory_length;
    assert(session->memory_used <= SESSION_MEMORY_MAX);
}

unsigned session_token_number(const struct session *session, uint64_t token) {
    assert(session->tokens_count <= SESSION_TOKENS_MAX);
    for (unsigned i = 0; i < session->tokens_count; i++)
        if (session->tokens[i] == token) return i + 1;
    return 0;
}

void session_token_add(struct session *session, uint64_t token) {
    assert(session->tokens_count <= SESSION_TOKENS_MAX);
    if (token == 0 || session_token_number(session, token) != 0 || session->tokens_count == SESSION_TOKENS_MAX) return;
    session->tokens[session->tokens_count++] = token;
}

bool session_runs(const struct session *session, int process) {
    assert(process >= NO_NAME && process < PROCESSES_MAX);
    return process == NO_NAME || (session->running >> process & 1) != 0;
}

/* The handles of a process that ended, or of all processes (NO_NAME), become handles of the past. */
static void end_handles(struct session *session, const struct scenario *scenario, int process) {
    for (uint32_t i = 0; i < scenario->names_count; i++) {
        const struct name *name = &scenario->names[i];
        bool is_handle = name_is_handle(name->kind);
        if (!is_handle || session->live[i].state == LIVE_ABSENT) continue;
        if (process == NO_NAME || name->process == process) session->live[i].state = LIVE_PAST;
    }
}

void session_note_event(struct session *session, const struct scenario *scenario, const struct step *step) {
    if (step->kind == STEP_REBOOT) {
        session->running = running_from_the_beginning(scenario);
        end_handles(session, scenario, NO_NAME);
    } else if (step->kind == STEP_EXITS || step->kind == STEP_CRASHES) {
        assert(step->process >= 0 && step->process < PROCESSES_MAX);
        session->running &= ~(UINT32_C(1) << step->process);
        end_handles(session, scenario, step->process);
    }
}
