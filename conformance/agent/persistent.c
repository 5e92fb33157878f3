#include "conformance/agent/persistent.h"

#include <assert.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/agent/files.h"
#include "conformance/executor.h"

enum { BLOCKS_MAX = 256, JOURNAL_BYTES_MAX = 1 << 20 };

struct block {
    unsigned protocol; /* 0 tcp, 1 udp */
    unsigned first, count;
};

static struct journal {
    const struct windows_functions *functions; /* NULL: no journal is kept */
    char path[PATH_BYTES_MAX];
    struct block blocks[BLOCKS_MAX]; /* ours, or about to be */
    unsigned count;
    bool noted;                      /* the Create that is under way was noted: should it fail, the note goes */
    bool unclear;                    /* Lookup could not say whether its block is there: noted when it succeeds */
    CRITICAL_SECTION lock;           /* Ctrl-C comes on a thread of its own */
} journal;

static bool read_only;

static const char *const protocol_names[] = { "tcp", "udp" };

void persistent_read_only(void) { read_only = true; }

/* --- calls as blocks ------------------------------------------------------------------------------------------------ */

enum verb { VERB_NONE, VERB_CREATE, VERB_DELETE, VERB_LOOKUP };

static enum verb verb_of(unsigned function, unsigned *protocol) {
    *protocol = function == FUNCTION_CreatePersistentUdpPortReservation || function == FUNCTION_DeletePersistentUdpPortReservation ||
                function == FUNCTION_LookupPersistentUdpPortReservation;
    switch (function) {
    case FUNCTION_CreatePersistentTcpPortReservation:
    case FUNCTION_CreatePersistentUdpPortReservation: return VERB_CREATE;
    case FUNCTION_DeletePersistentTcpPortReservation:
    case FUNCTION_DeletePersistentUdpPortReservation: return VERB_DELETE;
    case FUNCTION_LookupPersistentTcpPortReservation:
    case FUNCTION_LookupPersistentUdpPortReservation: return VERB_LOOKUP;
    default: return VERB_NONE;
    }
}

/* StartPort's bytes lie in network order. */
static USHORT swapped(unsigned port) { return (USHORT)((port & 0xff) << 8 | (port >> 8 & 0xff)); }

static struct block block_of(const struct call *call, unsigned protocol) {
    return (struct block){ protocol, swapped((unsigned)call->arguments[0]), (USHORT)call->arguments[1] };
}

static ULONG look_up(const struct block *block) {
    ULONG64 token = 0;
    assert(journal.functions != NULL);
    return journal.functions->persistent.lookup[block->protocol](swapped(block->first), (USHORT)block->count, &token);
}

static unsigned place_of(const struct block *block) {
    unsigned place = 0;
    while (place < journal.count && memcmp(&journal.blocks[place], block, sizeof *block) != 0) place++;
    return place;
}

/* --- the file --------------------------------------------------------------------------------------------------------- */

/* Appends a line and waits until the disk has it. */
static bool note(char sign, const struct block *block) {
    wchar_t path[PATH_BYTES_MAX];
    if (MultiByteToWideChar(CP_UTF8, 0, journal.path, -1, path, PATH_BYTES_MAX) == 0) return false;
    FILE *file = _wfopen(path, L"ab");
    if (file == NULL) return false;
    bool written = fprintf(file, "%c%s %u %u\n", sign, protocol_names[block->protocol], block->first, block->count) > 0;
    written = fflush(file) == 0 && _commit(_fileno(file)) == 0 && written;
    return fclose(file) == 0 && written;
}

static void remove_file(void) {
    wchar_t path[PATH_BYTES_MAX];
    if (MultiByteToWideChar(CP_UTF8, 0, journal.path, -1, path, PATH_BYTES_MAX) != 0) DeleteFileW(path);
}

static bool remember(const struct block *block) {
    if (journal.count == BLOCKS_MAX || !note('+', block)) return false;
    journal.blocks[journal.count++] = *block;
    return true;
}

static void forget(const struct block *block) {
    unsigned place = place_of(block);
    if (place == journal.count) return;
    journal.blocks[place] = journal.blocks[--journal.count];
    if (journal.count == 0) remove_file();
    else note('-', block);
}

/* Takes what a line says; a line that is not whole was not followed by anything. */
static void take_line(const char *line) {
    char sign = 0, name[4] = "";
    struct block block = { 0, 0, 0 };
    if (sscanf(line, "%c%3s %u %u", &sign, name, &block.first, &block.count) != 4) return;
    if (block.first == 0 || block.first > 65535 || block.count == 0 || block.count > 65535) return;
    block.protocol = strcmp(name, protocol_names[1]) == 0;
    unsigned place = place_of(&block);
    if (sign == '+' && place == journal.count && place < BLOCKS_MAX) journal.blocks[journal.count++] = block;
    if (sign == '-' && place < journal.count) journal.blocks[place] = journal.blocks[--journal.count];
}

static void read_journal(void) {
    size_t length = 0;
    char *bytes = file_read(journal.path, JOURNAL_BYTES_MAX, &length);
    if (bytes == NULL) return;
    for (char *line = bytes, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        take_line(line);
    }
    free(bytes);
}

/* --- deleting --------------------------------------------------------------------------------------------------------- */

/* Deletes all blocks of the journal. What is not there is forgotten, save on Ctrl-C, when a Create may be under way. */
static void delete_all(bool interrupted) {
    for (unsigned i = journal.count; i-- > 0;) {
        const struct block block = journal.blocks[i];
        ULONG error = journal.functions->persistent.remove[block.protocol](swapped(block.first), (USHORT)block.count);
        if (error == NO_ERROR || (error == ERROR_NOT_FOUND && !interrupted)) forget(&block);
        else if (error != ERROR_NOT_FOUND)
            fprintf(stderr, "agent: the persistent %s block of %u ports from %u on cannot be deleted (error %lu); %s keeps its name\n",
                    protocol_names[block.protocol], block.count, block.first, error, journal.path);
    }
}

void persistent_clean(void) {
    if (journal.functions == NULL) return;
    EnterCriticalSection(&journal.lock);
    delete_all(false);
    LeaveCriticalSection(&journal.lock);
}

static BOOL WINAPI interrupted(DWORD event) {
    (void)event;
    EnterCriticalSection(&journal.lock);
    delete_all(true);
    LeaveCriticalSection(&journal.lock);
    return FALSE; /* and then what always happens */
}

static bool all_there(const struct windows_functions *functions) {
    for (unsigned protocol = 0; protocol < 2; protocol++) {
        if (functions->persistent.create[protocol] == NULL || functions->persistent.remove[protocol] == NULL) return false;
        if (functions->persistent.lookup[protocol] == NULL) return false;
    }
    return true;
}

void persistent_keep_journal(const struct windows_functions *functions, const char *path) {
    assert(journal.functions == NULL);
    assert(strlen(path) < PATH_BYTES_MAX);
    if (functions->processes_share_host || !all_there(functions) || read_only) return;
    strcpy(journal.path, path);
    InitializeCriticalSection(&journal.lock);
    journal.functions = functions;
    read_journal();
    if (journal.count > 0) fprintf(stderr, "agent: %s: deleting what an earlier run left behind\n", path);
    persistent_clean();
    SetConsoleCtrlHandler(interrupted, TRUE);
}

/* --- before and after calls ------------------------------------------------------------------------------------------- */

static bool before_create(const struct block *block, char *reason) {
    ULONG there = look_up(block);
    journal.unclear = there != NO_ERROR && there != ERROR_NOT_FOUND;
    journal.noted = there == ERROR_NOT_FOUND && place_of(block) == journal.count && remember(block);
    if (there != ERROR_NOT_FOUND || journal.noted) return true;
    snprintf(reason, EXECUTOR_REASON_MAX, "%.200s cannot be written, so nothing is created", journal.path);
    return false;
}

static bool before_delete(const struct block *block, char *reason) {
    if (place_of(block) < journal.count || look_up(block) == ERROR_NOT_FOUND) return true;
    if (block->first == 0 || block->count == 0) return true; /* no block is like that */
    snprintf(reason, EXECUTOR_REASON_MAX, "a persistent block of %u ports from %u on is there, and this run has not made it",
             block->count, block->first);
    return false;
}

bool persistent_before(const struct call *call, char *reason) {
    unsigned protocol = 0;
    enum verb verb = verb_of(call->function, &protocol);
    if (journal.functions == NULL || (verb != VERB_CREATE && verb != VERB_DELETE)) return true;
    const struct block block = block_of(call, protocol);
    EnterCriticalSection(&journal.lock);
    bool go_on = verb == VERB_CREATE ? before_create(&block, reason) : before_delete(&block, reason);
    LeaveCriticalSection(&journal.lock);
    return go_on;
}

void persistent_after(const struct call *call, bool succeeded) {
    unsigned protocol = 0;
    enum verb verb = verb_of(call->function, &protocol);
    if (journal.functions == NULL || (verb != VERB_CREATE && verb != VERB_DELETE)) return;
    const struct block block = block_of(call, protocol);
    EnterCriticalSection(&journal.lock);
    if (verb == VERB_CREATE && succeeded && block.first == 0)
        fprintf(stderr, "agent: a persistent block was made at a place that nobody tells; it stays\n");
    else if (verb == VERB_CREATE && succeeded && journal.unclear) remember(&block);
    if (verb == VERB_CREATE ? !succeeded && journal.noted : succeeded) forget(&block);
    journal.noted = journal.unclear = false;
    LeaveCriticalSection(&journal.lock);
}

/* --- scenarios -------------------------------------------------------------------------------------------------------- */

static bool function_is_there(const struct windows_functions *functions, enum verb verb, unsigned protocol) {
    switch (verb) {
    case VERB_CREATE: return functions->persistent.create[protocol] != NULL;
    case VERB_DELETE: return functions->persistent.remove[protocol] != NULL;
    case VERB_LOOKUP: return functions->persistent.lookup[protocol] != NULL;
    default: return true;
    }
}

static bool steps_allow(const struct windows_functions *functions, const struct step *steps, uint32_t count, char *reason) {
    for (uint32_t i = 0; i < count; i++) {
        const struct step *step = &steps[i];
        unsigned protocol = 0;
        enum verb verb = step->kind == STEP_CALL ? verb_of(step->signature->function, &protocol) : VERB_NONE;
        if (!function_is_there(functions, verb, protocol)) {
            snprintf(reason, EXECUTOR_REASON_MAX, "iphlpapi has no %s", step->signature->name);
            return false;
        }
        if (read_only && (verb == VERB_CREATE || verb == VERB_DELETE)) {
            snprintf(reason, EXECUTOR_REASON_MAX, "--read-only forbids %s", step->signature->name);
            return false;
        }
        if (!steps_allow(functions, step->children, step->children_count, reason)) return false;
    }
    return true;
}

bool persistent_allow(const struct windows_functions *functions, const struct scenario *scenario, char *reason) {
    assert(scenario != NULL && scenario->dimensions_count == 0);
    return steps_allow(functions, scenario->steps, scenario->steps_count, reason);
}
