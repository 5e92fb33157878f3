#include "conformance/agent/journal_file.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/agent/system/process.h"
#include "conformance/agent/system/threads.h"

enum {
    JOURNAL_BYTES_MAX = 1 << 20,
    BUSY_LIMIT_MS = 2000, /* another program, such as a backup, may have the file open for a moment */
    PAUSE_MS = 50,
};

_Static_assert((int)MACHINE_WORD_MAX <= (int)JOURNAL_MACHINE_MAX, "the head holds each machine's word");

void journal_file_name(struct journal_file *file, const char *path, const struct boot *boot) {
    assert(strlen(path) < FOLDER_PATH_MAX && file->lock == NULL);
    strcpy(file->path, path);
    boot_mark_print(boot, 0, file->boot);
}

bool journal_file_is_held(const struct journal_file *file) { return file->lock != NULL; }

/* --- opening ------------------------------------------------------------------------------------------------------ */

static bool take_lock(struct journal_file *file, uint32_t limit_ms, struct reason *reason) {
    char name[FOLDER_PATH_MAX];
    int length = snprintf(name, sizeof name, "%s.lock", file->path);
    uint64_t until_ms = clock_ms() + limit_ms;
    if (length >= (int)sizeof name) {
        reason_set(reason, "the path of the journal is too long");
        return false;
    }
    file_make_folders(name);
    while ((file->lock = file_lock_take(name)) == NULL) {
        bool other = path_kind_of(name) != PATH_MISSING;
        if (other && clock_ms() < until_ms) {
            sleep_ms(PAUSE_MS);
            continue;
        }
        if (other)
            reason_set(reason, "another agent plays with the journal %.150s; try again when it has ended", file->path);
        else reason_set(reason, "%.200s cannot be made: nothing is played without a journal", name);
        return false;
    }
    return true;
}

/* The bytes of a file that is there; NULL when they cannot be had. Owned by the caller. */
static char *read_patiently(const char *path, size_t *length) {
    uint64_t until_ms = clock_ms() + BUSY_LIMIT_MS;
    char *bytes = NULL;
    while ((bytes = file_read(path, JOURNAL_BYTES_MAX, length)) == NULL && clock_ms() < until_ms &&
           path_kind_of(path) != PATH_MISSING)
        sleep_ms(PAUSE_MS);
    return bytes;
}

static bool read_text(struct journal_file *file, const char *bytes, size_t length, struct reason *reason) {
    char machine[MACHINE_WORD_MAX + 1];
    const char *path = file->path;
    unsigned wrong = strlen(bytes) == length ? journal_read(&file->journal, bytes) : 1;
    if (wrong != 0) {
        reason_set(reason,
                   "%.150s:%u: this is no line of a journal; what it answers for is unknown, so nothing is played: see "
                   "what stands there, undo it by hand, then move the file away",
                   path, wrong);
        return false;
    }
    process_machine(machine);
    if (file->journal.machine[0] == '\0' || strcmp(file->journal.machine, machine) == 0) return true;
    reason_set(reason,
               "%.150s is the journal of another machine: what it names is not here to be deleted; finish there, or "
               "choose another folder",
               path);
    return false;
}

static bool read_file(struct journal_file *file, struct reason *reason) {
    size_t length = 0;
    memset(&file->journal, 0, sizeof file->journal);
    if (path_kind_of(file->path) == PATH_MISSING) return true;
    char *bytes = read_patiently(file->path, &length);
    if (bytes == NULL) {
        reason_set(reason, "%.200s cannot be read, so what an earlier run left is unknown and nothing is played",
                   file->path);
        return false;
    }
    bool good = read_text(file, bytes, length, reason);
    free(bytes);
    return good;
}

bool journal_file_open(struct journal_file *file, uint32_t limit_ms, struct reason *reason) {
    assert(file->lock == NULL && file->path[0] != '\0');
    if (!take_lock(file, limit_ms, reason)) return false;
    if (read_file(file, reason)) return true;
    file_lock_release(file->lock);
    file->lock = NULL;
    return false;
}

void journal_file_close(struct journal_file *file) {
    if (file->lock == NULL) return;
    if (file->journal.count == 0 && path_kind_of(file->path) != PATH_MISSING) {
        file_remove(file->path);
        file->boot_told = false;
    }
    file_lock_release(file->lock);
    file->lock = NULL;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

static FILE *append_patiently(const char *path) {
    uint64_t until_ms = clock_ms() + BUSY_LIMIT_MS;
    FILE *file = NULL;
    while ((file = file_open(path, "a+b")) == NULL && clock_ms() < until_ms) sleep_ms(PAUSE_MS);
    return file;
}

/* Does a file of this length end within a line? A crash has cut it short then, and what it announced has not been
 * done. */
static bool ends_torn(FILE *file, long length) {
    return length > 0 && fseek(file, -1, SEEK_END) == 0 && getc(file) != '\n' && fseek(file, 0, SEEK_END) == 0;
}

/* What must stand above the next entry. */
static void print_head(const struct journal_file *file, char head[2 * JOURNAL_LINE_MAX]) {
    char machine[MACHINE_WORD_MAX + 1];
    head[0] = '\0';
    if (file->journal.machine[0] == '\0') {
        process_machine(machine);
        journal_print_mark("machine", machine, head);
    }
    if (!file->boot_told) journal_print_mark("boot", file->boot, head + strlen(head));
}

/* Appends a line and waits until the disk has it. What the disk has of one that is not all there goes again: it would
 * claim for us what another program may make later. */
static bool note(struct journal_file *file, const char *line) {
    char head[2 * JOURNAL_LINE_MAX];
    assert(file->lock != NULL);
    FILE *stream = append_patiently(file->path);
    if (stream == NULL) return false;
    print_head(file, head);
    long length = fseek(stream, 0, SEEK_END) == 0 ? ftell(stream) : 0;
    bool torn = ends_torn(stream, length);
    bool written =
        fseek(stream, 0, SEEK_END) == 0 && fprintf(stream, "%s%s%s", torn ? JOURNAL_TORN_END : "", head, line) > 0;
    process_may_die();
    written = file_commit(stream) && written;
    process_may_die();
    written = fclose(stream) == 0 && written;
    if (!written) {
        file_cut(file->path, length);
        return false;
    }
    process_machine(file->journal.machine);
    file->boot_told = true;
    return true;
}

static bool note_block(struct journal_file *file, char sign, const struct journal_block *block) {
    char line[JOURNAL_LINE_MAX];
    journal_print_block(sign, block, line);
    return note(file, line);
}

static bool note_mark(struct journal_file *file, const char *verb, const char *mark) {
    char line[JOURNAL_LINE_MAX];
    journal_print_mark(verb, mark, line);
    return note(file, line);
}

bool journal_file_add(struct journal_file *file, const struct journal_block *block) {
    return file->journal.count < JOURNAL_BLOCKS_MAX && note_block(file, '+', block) &&
           journal_add(&file->journal, block);
}

bool journal_file_remove(struct journal_file *file, const struct journal_block *block) {
    if (!note_block(file, '-', block)) return false;
    journal_remove(&file->journal, block);
    return true;
}

bool journal_file_leave(struct journal_file *file, const char *mark) {
    if (!note_mark(file, "left", mark)) return false;
    journal_leave(&file->journal, mark);
    return true;
}

bool journal_file_take_back(struct journal_file *file, const char *mark) {
    if (!note_mark(file, "back", mark)) return false;
    journal_take_back(&file->journal, mark);
    return true;
}
