#include "conformance/agent/persistent.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/agent/changes.h"
#include "conformance/agent/system/files.h"
#include "conformance/agent/system/process.h"
#include "conformance/agent/system/threads.h"
#include "conformance/base/reason.h"
#include "conformance/session/executor.h"

enum { JOURNAL_BYTES_MAX = 1 << 20 };

/* What is kept, where, and who asks the system. */
static struct {
    const struct windows_functions *functions; /* NULL: no journal is kept */
    char path[PATH_BYTES_MAX];
    struct journal journal;
    bool noted;                      /* the Create that is under way was noted: should it fail, the note goes */
    bool unclear;                    /* Lookup could not say whether its block is there: noted when it succeeds */
    struct monitor *lock;            /* Ctrl-C comes on a thread of its own */
} kept;

static bool read_only;

void persistent_read_only(void) { read_only = true; }

/* --- the file ----------------------------------------------------------------------------------------------------- */

/* Does the file end within a line? A crash has cut it short then, and what it announced has not been done. */
static bool ends_torn(FILE *file) {
    long length = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : 0;
    return length > 0 && fseek(file, -1, SEEK_END) == 0 && getc(file) != '\n' && fseek(file, 0, SEEK_END) == 0;
}

/* Appends a line and waits until the disk has it. */
static bool note(const char *line) {
    FILE *file = file_append(kept.path);
    if (file == NULL) return false;
    bool torn = ends_torn(file);
    bool written = fseek(file, 0, SEEK_END) == 0 && fputs(torn ? JOURNAL_TORN_END : "", file) >= 0 && fputs(line, file) >= 0;
    written = file_commit(file) && written;
    return fclose(file) == 0 && written;
}

static bool note_block(char sign, const struct journal_block *block) {
    char line[JOURNAL_LINE_MAX];
    journal_print_block(sign, block, line);
    return note(line);
}

static bool note_mark(const char *verb, const char *mark) {
    char line[JOURNAL_LINE_MAX];
    journal_print_mark(verb, mark, line);
    return note(line);
}

static bool remember(const struct journal_block *block) {
    return kept.journal.count < JOURNAL_BLOCKS_MAX && note_block('+', block) && journal_add(&kept.journal, block);
}

static void forget(const struct journal_block *block) {
    if (!journal_owns(&kept.journal, block)) return;
    journal_remove(&kept.journal, block);
    if (kept.journal.count == 0) file_remove(kept.path);
    else note_block('-', block);
}

static void read_file(void) {
    size_t length = 0;
    memset(&kept.journal, 0, sizeof kept.journal);
    char *bytes = file_read(kept.path, JOURNAL_BYTES_MAX, &length);
    if (bytes == NULL) return;
    journal_read(&kept.journal, bytes);
    free(bytes);
}

/* --- deleting, leaving, taking back ------------------------------------------------------------------------------- */

/* Deletes all blocks that are ours. What is not there is forgotten, save on Ctrl-C, when its making may be under
 * way. */
static void delete_all(bool interrupted) {
    unsigned ours[JOURNAL_BLOCKS_MAX];
    for (unsigned i = journal_ours(&kept.journal, ours); i-- > 0;) {
        const struct journal_block block = kept.journal.rows[ours[i]].block;
        ULONG error = change_undo(kept.functions, &block);
        if (error == NO_ERROR || (error == ERROR_NOT_FOUND && !interrupted)) forget(&block);
        else if (error != ERROR_NOT_FOUND)
            fprintf(stderr, "agent: %s block of %u ports from %u on cannot be deleted (error %u); %s keeps its name\n",
                    journal_block_kind(&block), block.count, block.first, (unsigned)error, kept.path);
    }
}

void persistent_begin(void) {
    if (kept.functions == NULL) return;
    monitor_enter(kept.lock);
    read_file();
    monitor_leave(kept.lock);
}

/* Notes the ports of the scenario's lines, which may be in no block yet. */
static bool remember_ports(const struct scenario *scenario, const uint16_t *ports_first) {
    bool noted = true;
    for (uint32_t i = 0; i < scenario->ports_count && noted; i++) {
        unsigned protocol = strcmp(scenario->ports[i].transport, "udp") == 0;
        const struct journal_block block = { JOURNAL_PORTS, protocol, ports_first[i], (unsigned)scenario->ports[i].count };
        noted = remember(&block);
    }
    return noted;
}

void persistent_leave(const struct scenario *scenario, const uint16_t *ports_first, const char *mark) {
    if (kept.functions == NULL) return;
    monitor_enter(kept.lock);
    bool noted = ports_first == NULL || remember_ports(scenario, ports_first);
    unsigned ours[JOURNAL_BLOCKS_MAX];
    if (noted && journal_ours(&kept.journal, ours) > 0) noted = note_mark("left", mark);
    if (noted) journal_leave(&kept.journal, mark);
    else delete_all(false); /* a block that no journal names would stay for ever */
    monitor_leave(kept.lock);
}

bool persistent_take_back(const struct scenario *scenario, const char *mark, struct reason *reason) {
    if (kept.functions == NULL) return true;
    monitor_enter(kept.lock);
    bool known = scenario->ports_count == 0 || journal_left_under(&kept.journal, mark); /* ports are always noted */
    bool noted = known && (kept.journal.count == 0 || note_mark("back", mark));
    if (noted) journal_take_back(&kept.journal, mark);
    else if (known) reason_set(reason, "%.200s cannot be written, so nothing is taken back", kept.path);
    else reason_set(reason, "%.150s knows nothing of this stop: it was given up, or the journal is another", kept.path);
    monitor_leave(kept.lock);
    return noted;
}

bool persistent_left_meets(unsigned first, unsigned count) {
    return kept.functions != NULL && journal_left_meets(&kept.journal, first, count);
}

void persistent_clean(void) {
    if (kept.functions == NULL) return;
    monitor_enter(kept.lock);
    delete_all(false);
    monitor_leave(kept.lock);
}

static void interrupted(void) {
    monitor_enter(kept.lock);
    delete_all(true);
    monitor_leave(kept.lock);
}

static bool all_there(const struct windows_functions *functions) {
    bool tcp = functions->CreatePersistentTcpPortReservation != NULL && functions->DeletePersistentTcpPortReservation != NULL &&
               functions->LookupPersistentTcpPortReservation != NULL;
    bool udp = functions->CreatePersistentUdpPortReservation != NULL && functions->DeletePersistentUdpPortReservation != NULL &&
               functions->LookupPersistentUdpPortReservation != NULL;
    return tcp && udp;
}

void persistent_keep_journal(const struct windows_functions *functions, const char *path) {
    assert(kept.functions == NULL);
    assert(strlen(path) < PATH_BYTES_MAX);
    if (!all_there(functions) || read_only) return;
    strcpy(kept.path, path);
    kept.lock = monitor_create();
    kept.functions = functions;
    read_file();
    unsigned ours[JOURNAL_BLOCKS_MAX];
    if (journal_ours(&kept.journal, ours) > 0) fprintf(stderr, "agent: %s: deleting what an earlier run left behind\n", path);
    persistent_clean();
    process_on_interrupt(interrupted);
}

/* --- before and after calls --------------------------------------------------------------------------------------- */

static bool before_making(const struct journal_block *block, struct reason *reason) {
    ULONG there = change_look_up(kept.functions, block);
    kept.unclear = there != NO_ERROR && there != ERROR_NOT_FOUND;
    bool ours = journal_owns(&kept.journal, block); /* made before, and gone: a restart takes active exclusions away */
    kept.noted = there == ERROR_NOT_FOUND && !ours && remember(block);
    if (there != ERROR_NOT_FOUND || ours || kept.noted) return true;
    reason_set(reason, "%.200s cannot be written, so nothing is created", kept.path);
    return false;
}

static bool before_deleting(const struct journal_block *block, struct reason *reason) {
    ULONG there = change_look_up(kept.functions, block);
    if (journal_owns(&kept.journal, block) || there == ERROR_NOT_FOUND) return true;
    if (there == ERROR_PROC_NOT_FOUND) return true; /* the function that would delete it is missing as well */
    if (block->first == 0 || block->count == 0) return true; /* no block is like that */
    reason_set(reason, "a %s block of %u ports from %u on is there, and this run has not made it",
             journal_block_kind(block), block->count, block->first);
    return false;
}

/* An exclusion may be in the other store still. */
static bool is_gone(const struct journal_block *block) {
    return block->kind != JOURNAL_EXCLUSION || change_look_up(kept.functions, block) == ERROR_NOT_FOUND;
}

bool persistent_before(const struct call *call, struct reason *reason) {
    enum change_verb verb = change_verb_of(call->function);
    if (kept.functions == NULL || verb == CHANGE_NONE) return true;
    const struct journal_block block = change_block_of(call);
    monitor_enter(kept.lock);
    bool go_on = verb == CHANGE_MAKE ? before_making(&block, reason) : before_deleting(&block, reason);
    monitor_leave(kept.lock);
    return go_on;
}

void persistent_after(const struct call *call, bool succeeded) {
    enum change_verb verb = change_verb_of(call->function);
    if (kept.functions == NULL || verb == CHANGE_NONE) return;
    const struct journal_block block = change_block_of(call);
    monitor_enter(kept.lock);
    if (verb == CHANGE_MAKE && succeeded && block.first == 0)
        fprintf(stderr, "agent: a persistent block was made at an unknown place; it stays\n");
    else if (verb == CHANGE_MAKE && succeeded && kept.unclear) remember(&block);
    bool gone = verb == CHANGE_MAKE ? !succeeded && kept.noted : succeeded && is_gone(&block);
    if (gone) forget(&block);
    kept.noted = kept.unclear = false;
    monitor_leave(kept.lock);
}

/* --- scenarios ---------------------------------------------------------------------------------------------------- */

/* Would what this function makes stay for ever if the agent died? */
static bool nobody_answers_for(const struct windows_functions *functions, unsigned function) {
    return functions->keep_store == NULL && kept.functions == NULL && change_verb_of(function) != CHANGE_NONE;
}

static bool steps_allow(const struct windows_functions *functions, const struct step *steps, uint32_t count, struct reason *reason) {
    for (uint32_t i = 0; i < count; i++) {
        const struct step *step = &steps[i];
        unsigned function = step->kind == STEP_CALL ? step->signature->function : FUNCTION_NONE;
        const char *why = !windows_function_is_there(functions, (enum function)function)     ? "is not there on this system"
                          : read_only && change_verb_of(function) != CHANGE_NONE           ? "is forbidden by --read-only"
                          : nobody_answers_for(functions, function)                        ? "is not called without a journal"
                                                                                           : NULL;
        if (why != NULL) {
            reason_set(reason, "%s %s", step->signature->name, why);
            return false;
        }
        if (!steps_allow(functions, step->children, step->children_count, reason)) return false;
    }
    return true;
}

bool persistent_allow(const struct windows_functions *functions, const struct scenario *scenario, struct reason *reason) {
    assert(scenario != NULL && scenario->dimensions_count == 0);
    return steps_allow(functions, scenario->steps, scenario->steps_count, reason);
}
