#include "conformance/agent/persistent.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/agent/changes.h"
#include "conformance/agent/journal_file.h"
#include "conformance/agent/system/process.h"
#include "conformance/agent/system/threads.h"
#include "conformance/base/reason.h"

enum {
    TURN_LIMIT_MS = 8000, /* for another agent's scenario to end; a runner waits longer for `begin` */
    BY_NAME_MAX = 16,
};

/* A call that changes the machine, from before it is made until it has returned. */
struct change_under_way {
    bool there;
    enum change_verb verb;
    struct journal_block block;
    bool noted;   /* for this call: should it fail, the note goes */
    bool unclear; /* Lookup could not say whether its block is there: noted when it succeeds */
};

/* What is kept, where, and who asks the system. */
static struct {
    const struct windows_functions *functions; /* NULL: no journal is kept */
    struct journal_file file;
    struct change_under_way calls[THREADS_MAX];
    struct journal unreturned; /* blocks whose making never returned: that they are absent proves nothing */
    bool by_name;              /* the scenario is one of those named: it may delete what is not its own */
    struct monitor *lock;      /* Ctrl-C comes on a thread of its own */
} kept;

static bool read_only;
static const char *names[BY_NAME_MAX];
static unsigned names_count;

void persistent_read_only(void) { read_only = true; }

bool persistent_by_name(const char *name) {
    if (names_count == BY_NAME_MAX) return false;
    names[names_count++] = name;
    return true;
}

/* --- deleting, leaving, taking back ------------------------------------------------------------------------------- */

/* May a call that makes this block still be under way? */
static bool may_come(const struct journal_block *block) {
    for (unsigned i = 0; i < THREADS_MAX; i++) {
        const struct change_under_way *call = &kept.calls[i];
        bool makes_it = call->there && call->verb == CHANGE_MAKE && call->block.protocol == block->protocol;
        if (makes_it && call->block.first == block->first && call->block.count == block->count) return true;
    }
    return journal_owns(&kept.unreturned, block);
}

/* Deletes a block of ours, and closes its entry when it is proved to be gone. */
static bool undo(const struct journal_block *block) {
    if (change_undo(kept.functions, block) != CHANGE_ABSENT) return false;
    return !may_come(block) && journal_file_remove(&kept.file, block);
}

/* Deletes all blocks that are ours, once more as long as that closes one: a block may lie in another. */
static void delete_all(void) {
    bool closed = true;
    while (closed) {
        unsigned ours[JOURNAL_BLOCKS_MAX];
        closed = false;
        for (unsigned i = journal_ours(&kept.file.journal, ours); i-- > 0;) {
            const struct journal_block block = kept.file.journal.rows[ours[i]].block;
            closed |= undo(&block);
        }
    }
}

static bool is_open(void) { return kept.functions != NULL && journal_file_is_held(&kept.file); }

static bool is_named(const struct scenario *scenario) {
    size_t file_length = strcspn(scenario->name, "["); /* one name may stand for all variants */
    bool named = false;
    for (unsigned i = 0; i < names_count; i++)
        named |= strcmp(names[i], scenario->name) == 0 ||
                 (strlen(names[i]) == file_length && strncmp(names[i], scenario->name, file_length) == 0);
    return named;
}

bool persistent_begin(const struct scenario *scenario, struct reason *reason) {
    if (kept.functions == NULL) return true;
    monitor_enter(kept.lock);
    bool good = is_open() || journal_file_open(&kept.file, TURN_LIMIT_MS, reason);
    kept.by_name = is_named(scenario);
    monitor_leave(kept.lock);
    return good;
}

void persistent_end(void) {
    if (kept.functions == NULL) return;
    monitor_enter(kept.lock);
    for (unsigned i = 0; i < THREADS_MAX; i++) {
        if (kept.calls[i].there && kept.calls[i].verb == CHANGE_MAKE)
            journal_add(&kept.unreturned, &kept.calls[i].block);
    }
    memset(kept.calls, 0, sizeof kept.calls);
    journal_file_close(&kept.file);
    monitor_leave(kept.lock);
}

/* Notes the ports of the scenario's lines, which may be in no block yet. */
static bool remember_ports(const struct scenario *scenario, const uint16_t *ports_first) {
    bool noted = true;
    for (uint32_t i = 0; i < scenario->ports_count && noted; i++) {
        unsigned protocol = strcmp(scenario->ports[i].transport, "udp") == 0;
        const struct journal_block block = { JOURNAL_PORTS, protocol, ports_first[i],
                                             (unsigned)scenario->ports[i].count };
        noted = journal_file_add(&kept.file, &block);
    }
    return noted;
}

void persistent_leave(const struct scenario *scenario, const uint16_t *ports_first, const char *mark) {
    if (!is_open()) return;
    monitor_enter(kept.lock);
    bool noted = ports_first == NULL || remember_ports(scenario, ports_first);
    unsigned ours[JOURNAL_BLOCKS_MAX];
    if (noted && journal_ours(&kept.file.journal, ours) > 0) noted = journal_file_leave(&kept.file, mark);
    if (!noted) delete_all(); /* a block that no journal names would stay for ever */
    monitor_leave(kept.lock);
}

bool persistent_take_back(const struct scenario *scenario, const char *mark, struct reason *reason) {
    if (kept.functions == NULL) return true;
    monitor_enter(kept.lock);
    const char *path = kept.file.path;
    bool known =
        scenario->ports_count == 0 || journal_left_under(&kept.file.journal, mark); /* ports are always noted */
    bool noted = known && (kept.file.journal.count == 0 || journal_file_take_back(&kept.file, mark));
    if (known && !noted) reason_set(reason, "%.200s cannot be written, so nothing is taken back", path);
    else if (!known)
        reason_set(reason, "%.150s knows nothing of this stop: it was given up, or the journal is another", path);
    monitor_leave(kept.lock);
    return noted;
}

bool persistent_meets(unsigned first, unsigned count) {
    return is_open() && journal_meets(&kept.file.journal, first, count);
}

void persistent_clean(void) {
    if (!is_open()) return;
    monitor_enter(kept.lock);
    delete_all();
    monitor_leave(kept.lock);
}

void persistent_stop(void) {
    if (kept.functions == NULL) return;
    monitor_enter(kept.lock);
    if (is_open()) {
        delete_all();
        journal_file_close(&kept.file);
    }
    /* Not left: nothing is to be made any more. The program ends. */
}

static bool all_there(const struct windows_functions *functions) {
    bool tcp = functions->CreatePersistentTcpPortReservation != NULL &&
               functions->DeletePersistentTcpPortReservation != NULL &&
               functions->LookupPersistentTcpPortReservation != NULL;
    bool udp = functions->CreatePersistentUdpPortReservation != NULL &&
               functions->DeletePersistentUdpPortReservation != NULL &&
               functions->LookupPersistentUdpPortReservation != NULL;
    return tcp && udp;
}

bool persistent_keep_journal(const struct windows_functions *functions, const char *path, struct reason *reason) {
    assert(kept.functions == NULL);
    if (!all_there(functions) || read_only) return true;
    const struct boot now = functions->boot();
    journal_file_name(&kept.file, path, &now);
    if (!journal_file_open(&kept.file, TURN_LIMIT_MS, reason)) return false;
    kept.lock = monitor_create();
    kept.functions = functions;
    unsigned ours[JOURNAL_BLOCKS_MAX];
    if (journal_ours(&kept.file.journal, ours) > 0)
        fprintf(stderr, "agent: %s: deleting what an earlier run left behind (machine up since %s)\n", path,
                kept.file.journal.boot);
    persistent_clean();
    persistent_end();
    process_on_interrupt(persistent_stop);
    return true;
}

/* --- looking only ------------------------------------------------------------------------------------------------- */

void persistent_look_only(const struct windows_functions *functions) {
    if (all_there(functions) && !read_only) kept.functions = functions;
}

bool persistent_changes(const struct step *steps, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        unsigned function = steps[i].kind == STEP_CALL ? steps[i].signature->function : FUNCTION_NONE;
        if (change_verb_of(function) != CHANGE_NONE) return true;
        if (persistent_changes(steps[i].children, steps[i].children_count)) return true;
    }
    return false;
}

/* --- what remains ------------------------------------------------------------------------------------------------- */

static void tell_row(const struct journal_row *row, const char *path) {
    const struct journal_block *block = &row->block;
    static const char *const protocols[] = { "tcp", "udp" };
    fprintf(stderr, "agent: %s %u-%u %s\n", journal_block_kind(block), block->first, block->first + block->count - 1,
            row->mark[0] != '\0' ? "stays until its scenario is resumed or given up (agent.exe abandon)"
                                 : "may still be there: the next start deletes it, or by hand:");
    for (unsigned store = 0; row->mark[0] == '\0' && block->kind == JOURNAL_EXCLUSION && store < 2; store++)
        fprintf(stderr,
                "    netsh int ipv4 delete excludedportrange protocol=%s startport=%u numberofports=%u store=%s\n",
                protocols[block->protocol], block->first, block->count, store == 0 ? "persistent" : "active");
    if (row->mark[0] == '\0' && block->kind == JOURNAL_RESERVATION)
        fprintf(stderr, "    agent.exe serve, with %s\n", path);
}

bool persistent_tell_remains(void) {
    struct reason reason;
    if (kept.functions == NULL) return false;
    monitor_enter(kept.lock);
    bool open = journal_file_open(&kept.file, TURN_LIMIT_MS, &reason);
    unsigned reported = 0;
    if (!open) fprintf(stderr, "agent: what remains is unknown: %s\n", reason.text);
    for (unsigned i = 0; open && i < kept.file.journal.count; i++) {
        if (kept.file.journal.rows[i].block.kind == JOURNAL_PORTS) continue;
        tell_row(&kept.file.journal.rows[i], kept.file.path);
        reported++;
    }
    journal_file_close(&kept.file);
    monitor_leave(kept.lock);
    return reported > 0 || !open;
}

/* --- before and after calls --------------------------------------------------------------------------------------- */

static bool refuse(const struct journal_block *block, const char *why, struct reason *reason) {
    reason_set(reason, "%s ports %u-%u: %s", journal_block_kind(block), block->first, block->first + block->count - 1,
               why);
    return false;
}

/* Is every row that netsh lists there ours? Rows without the mark count when `unmarked` says so. */
static bool rows_are_ours(const struct journal_block *block, bool unmarked, bool *any_marked, const char **why) {
    struct host_exclusion rows[CHANGE_ROWS_MAX];
    unsigned count = 0;
    *any_marked = false;
    *why = "netsh gives no whole listing, so whose they are is unknown";
    if (!change_lists(kept.functions, block, rows, &count)) return false;
    *why = "netsh lists a range there that this run has not made";
    for (unsigned i = 0; i < count; i++) {
        *any_marked |= rows[i].administered;
        if (!rows[i].administered && !unmarked) continue;
        if (!journal_covers(&kept.file.journal, block->protocol, rows[i].first, rows[i].last)) return false;
    }
    return true;
}

static bool is_a_range(const struct journal_block *block) { return block->first > 0 && block->count > 0; }

static bool before_making(struct change_under_way *call, struct reason *reason) {
    const struct journal_block *block = &call->block;
    const char *why = NULL;
    bool marked = false;
    bool ours =
        journal_owns(&kept.file.journal, block); /* made before, and gone: a restart takes active exclusions away */
    if (ours || !is_a_range(block)) return true;
    bool listed = block->kind == JOURNAL_EXCLUSION || (kept.functions->exclusions != NULL && !kept.by_name);
    if (listed && !rows_are_ours(block, false, &marked, &why)) return refuse(block, why, reason);
    enum change_presence there =
        block->kind == JOURNAL_EXCLUSION ? CHANGE_ABSENT : change_look_up(kept.functions, block);
    call->unclear = there == CHANGE_UNKNOWN;
    call->noted = there == CHANGE_ABSENT && journal_file_add(&kept.file, block);
    if (there != CHANGE_ABSENT || call->noted) return true;
    reason_set(reason, "%.200s cannot be written, so nothing is created", kept.file.path);
    return false;
}

/* netsh may cut what it is asked to delete out of what lies there, so nothing of anyone else's may meet it. Within what
 * is ours a runtime block may lie as well, as long as netsh lists ours too. */
static bool before_deleting_exclusion(const struct journal_block *block, struct reason *reason) {
    const char *why = NULL;
    bool marked = false;
    unsigned last = block->first + block->count - 1;
    bool inside = journal_covers(&kept.file.journal, block->protocol, block->first, last);
    if (kept.by_name) return true;
    if (rows_are_ours(block, !inside, &marked, &why) &&
        (!inside || marked || rows_are_ours(block, true, &marked, &why)))
        return true;
    return refuse(block, why, reason);
}

/* A block that is not there: whether a deletion cuts what lies in its place is not documented, so nothing of anyone
 * else's may lie there. Where there is no netsh no one can say. */
static bool before_deleting_nothing(const struct journal_block *block, struct reason *reason) {
    const char *why = NULL;
    bool marked = false;
    if (kept.functions->exclusions == NULL || kept.by_name) return true;
    return rows_are_ours(block, true, &marked, &why) || refuse(block, why, reason);
}

static bool before_deleting(const struct journal_block *block, struct reason *reason) {
    if (!is_a_range(block)) return true; /* no block is like that */
    if (block->kind == JOURNAL_EXCLUSION) return before_deleting_exclusion(block, reason);
    if (journal_owns(&kept.file.journal, block)) return true;
    switch (change_look_up(kept.functions, block)) {
    case CHANGE_ABSENT: return before_deleting_nothing(block, reason);
    case CHANGE_MISSING: return true;
    case CHANGE_THERE:
    case CHANGE_BEYOND: return refuse(block, "a block is there, and this run has not made it", reason);
    case CHANGE_UNKNOWN: break;
    }
    return refuse(block, "whether a block is there is unknown", reason);
}

bool persistent_before(const struct call *call, struct reason *reason) {
    enum change_verb verb = change_verb_of(call->function);
    if (kept.functions == NULL || verb == CHANGE_NONE) return true;
    monitor_enter(kept.lock);
    struct change_under_way *under_way = &kept.calls[call->thread];
    *under_way = (struct change_under_way){ .verb = verb, .block = change_block_of(call) };
    bool go_on = verb == CHANGE_MAKE ? before_making(under_way, reason) : before_deleting(&under_way->block, reason);
    under_way->there = go_on;
    monitor_leave(kept.lock);
    return go_on;
}

/* A call failed, before which it was unknown whether its block is there. Where that is not gone now, no one can say
 * whose it is: it is named, and not deleted. */
static void tell_unclear(const struct journal_block *block) {
    if (change_look_up(kept.functions, block) == CHANGE_ABSENT) return;
    fprintf(stderr,
            "agent: %s %u-%u may be there, of this run or of another program: Lookup did not say so before a call "
            "that failed; it is not deleted\n",
            journal_block_kind(block), block->first, block->first + block->count - 1);
}

/* What the end of a call says of its block's entry. */
static void conclude(const struct change_under_way *call, bool succeeded) {
    const struct journal_block *block = &call->block;
    if (call->verb == CHANGE_MAKE && succeeded && !is_a_range(block))
        fprintf(stderr, "agent: a persistent block was made at an unknown place; it stays\n");
    else if (call->verb == CHANGE_MAKE && succeeded && call->unclear) journal_file_add(&kept.file, block);
    else if (call->unclear) tell_unclear(block);
    bool may_be_gone = call->verb == CHANGE_MAKE ? !succeeded && call->noted : succeeded;
    if (!may_be_gone || !journal_owns(&kept.file.journal, block)) return;
    if (change_look_up(kept.functions, block) == CHANGE_ABSENT) journal_file_remove(&kept.file, block);
}

void persistent_after(unsigned thread, enum persistent_end end) {
    if (kept.functions == NULL) return;
    monitor_enter(kept.lock);
    const struct change_under_way call = kept.calls[thread];
    kept.calls[thread].there = false;
    if (call.there && end != PERSISTENT_UNKNOWN) conclude(&call, end == PERSISTENT_SUCCEEDED);
    monitor_leave(kept.lock);
}

/* --- scenarios ---------------------------------------------------------------------------------------------------- */

/* Would what this function makes stay for ever if the agent died? */
static bool no_one_answers_for(const struct windows_functions *functions, unsigned function) {
    return functions->keep_store == NULL && kept.functions == NULL && change_verb_of(function) != CHANGE_NONE;
}

/* Why a step of this function is not played here; NULL: it may be. What moves a dynamic range moves it for all programs
 * of the machine, and nothing that is bound meanwhile comes back. */
static const char *refusal_of(const struct windows_functions *functions, unsigned function) {
    if (function == FUNCTION_NONE) return NULL;
    if (signature_of((enum function)function)->lasting == LASTS_MOVES_DYNAMIC_RANGE) return "is never asked of a host";
    if (!windows_function_is_there(functions, (enum function)function)) return "is not there on this system";
    if (read_only && change_verb_of(function) != CHANGE_NONE) return "is forbidden by --read-only";
    return no_one_answers_for(functions, function) ? "is not called without a journal" : NULL;
}

static bool steps_allow(const struct windows_functions *functions, const struct step *steps, uint32_t count,
                        struct reason *reason) {
    for (uint32_t i = 0; i < count; i++) {
        const struct step *step = &steps[i];
        const char *why = refusal_of(functions, step->kind == STEP_CALL ? step->signature->function : FUNCTION_NONE);
        if (why != NULL) {
            reason_set(reason, "%s %s", step->signature->name, why);
            return false;
        }
        if (!steps_allow(functions, step->children, step->children_count, reason)) return false;
    }
    return true;
}

/* The expression of the ports that a step makes or deletes; NULL of any other step. */
static const struct expression *ports_of(const struct step *step, enum change_verb verb) {
    if (step->kind != STEP_CALL || change_verb_of(step->signature->function) != verb) return NULL;
    for (uint32_t i = 0; i < step->arguments_count; i++) {
        const struct argument *argument = &step->arguments[i];
        enum parameter_kind kind = step->signature->parameters[argument->parameter].kind;
        if (kind == PARAMETER_PORT_NUMBER || kind == PARAMETER_PORT) return argument->value;
    }
    return NULL;
}

/* Of a number, or of two bytes as they lie in memory: in network order. */
static uint64_t number_of(const struct expression *port) {
    return port->kind == EXPRESSION_HEX && port->bytes_count == 2 ? (uint64_t)port->bytes[0] << 8 | port->bytes[1]
                                                                  : port->number;
}

static bool is_same_port(const struct expression *one, const struct expression *other) {
    bool named = one->kind == EXPRESSION_NAME;
    if (named != (other->kind == EXPRESSION_NAME)) return false;
    return named ? one->name == other->name && one->offset == other->offset : number_of(one) == number_of(other);
}

static bool adds(const struct step *steps, uint32_t count, const struct expression *ports) {
    for (uint32_t i = 0; i < count; i++) {
        const struct expression *added = ports_of(&steps[i], CHANGE_MAKE);
        if (added != NULL && is_same_port(added, ports)) return true;
        if (adds(steps[i].children, steps[i].children_count, ports)) return true;
    }
    return false;
}

/* Would this deletion, were it carried out, take away what the scenario has not made? What a world line asks for is
 * someone else's, and so is a port that is of no `ports` line and was never added. */
static bool is_foreign(const struct scenario *scenario, const struct expression *ports) {
    if (ports->kind == EXPRESSION_NAME && scenario->names[ports->name].kind == NAME_PORTS) return false;
    uint64_t port = number_of(ports);
    bool is_number = ports->kind != EXPRESSION_NAME;
    if (is_number && (ports->negative || port == 0 || port > 0xFFFF)) return false; /* no port at all */
    for (uint32_t i = 0; is_number && i < scenario->world_lines_count; i++) {
        const struct world_line *line = &scenario->world_lines[i];
        if (line->kind == WORLD_EXCLUSION && port >= line->first && port <= line->last) return true;
    }
    return !adds(scenario->steps, scenario->steps_count, ports);
}

static bool deletes_foreign(const struct scenario *scenario, const struct step *steps, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        const struct expression *ports = ports_of(&steps[i], CHANGE_DELETE);
        if (ports != NULL && is_foreign(scenario, ports)) return true;
        if (deletes_foreign(scenario, steps[i].children, steps[i].children_count)) return true;
    }
    return false;
}

bool persistent_allow(const struct windows_functions *functions, const struct scenario *scenario,
                      struct reason *reason) {
    assert(scenario != NULL && scenario->dimensions_count == 0);
    if (!steps_allow(functions, scenario->steps, scenario->steps_count, reason)) return false;
    bool asked_for = kept.functions == NULL || is_named(scenario) ||
                     !deletes_foreign(scenario, scenario->steps, scenario->steps_count);
    if (!asked_for)
        reason_set(reason, "it asks to delete what it has not made: --by-name %.80s plays it", scenario->name);
    return asked_for;
}
