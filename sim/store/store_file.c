#define _POSIX_C_SOURCE 200809L /* fdopen */

#include "sim/store/store_file.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <fcntl.h>
#endif

#include "stack/model/model.h"
#include "stack/ports/port_store.h"

_Static_assert((STORE_HEADER_BYTES + STORE_FILE_CAPACITY * STORE_ENTRY_BYTES + STORE_SECTOR_BYTES) <=
                   STORE_FILE_COPY_BYTES,
               "a copy fits its place in the file");

/* The stores of a file in memory, one after the other as store.h wants them. */
struct contents {
    uint8_t *bytes[PROTOCOLS_COUNT]; /* owned; store_bytes(STORE_FILE_CAPACITY) each, zero where the file has nothing */
    uint32_t length[PROTOCOLS_COUNT];
};

/* The blocks of one protocol. */
struct blocks {
    unsigned count;
    struct store_entry entries[STORE_FILE_CAPACITY];
};

static uint32_t copy_bytes(void) { return store_bytes(STORE_FILE_CAPACITY) / STORE_COPIES; }

static long place_in_file(unsigned protocol, uint32_t offset) {
    uint32_t copy = offset / copy_bytes();
    assert(copy < STORE_COPIES);
    return (long)((protocol * STORE_COPIES + copy) * (uint32_t)STORE_FILE_COPY_BYTES + offset % copy_bytes());
}

static struct store store_in(const struct contents *contents, unsigned protocol) {
    return (struct store){ .bytes = contents->bytes[protocol],
                           .length = contents->length[protocol],
                           .capacity = STORE_FILE_CAPACITY,
                           .protocol = (uint8_t)protocol };
}

/* The path is UTF-8 on each system. */
static FILE *open_file(const char *path, const char *mode) {
#ifdef _WIN32
    wchar_t wide[MAX_PATH], wide_mode[MAX_PATH];
    if (MultiByteToWideChar(CP_UTF8, 0, path, -1, wide, MAX_PATH) == 0) return NULL;
    if (MultiByteToWideChar(CP_UTF8, 0, mode, -1, wide_mode, MAX_PATH) == 0) return NULL;
    return _wfopen(wide, wide_mode);
#else
    return fopen(path, mode);
#endif
}

/* A pipe, which fopen() would wait for, is opened at once, and found to have no places to go to. */
static FILE *open_to_read(const char *path) {
#ifdef _WIN32
    return open_file(path, "rb");
#else
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    return file < 0 ? NULL : fdopen(file, "rb");
#endif
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static void free_contents(struct contents *contents) {
    for (unsigned protocol = 0; protocol < PROTOCOLS_COUNT; protocol++) free(contents->bytes[protocol]);
    memset(contents, 0, sizeof *contents);
}

/* Reads one store; its length is what of it is there without a gap. False on an error. */
static bool read_store(FILE *file, struct contents *contents, unsigned protocol) {
    contents->length[protocol] = 0;
    for (unsigned copy = 0; copy < STORE_COPIES; copy++) {
        uint32_t offset = copy * copy_bytes();
        if (fseek(file, place_in_file(protocol, offset), SEEK_SET) != 0) return false;
        size_t there = fread(contents->bytes[protocol] + offset, 1, copy_bytes(), file);
        if (ferror(file)) return false;
        contents->length[protocol] = offset + (uint32_t)there;
        if (there < copy_bytes()) break;
    }
    return true;
}

static enum store_file_answer read_contents(const char *path, struct contents *contents) {
    memset(contents, 0, sizeof *contents);
    for (unsigned protocol = 0; protocol < PROTOCOLS_COUNT; protocol++) {
        contents->bytes[protocol] = calloc(1, store_bytes(STORE_FILE_CAPACITY));
        contents->length[protocol] = store_bytes(STORE_FILE_CAPACITY);
        if (contents->bytes[protocol] == NULL) return STORE_FILE_UNREADABLE;
    }
    errno = 0;
    FILE *file = open_to_read(path);
    if (file == NULL) return errno == ENOENT ? STORE_FILE_DONE : STORE_FILE_UNREADABLE;
    bool read = true;
    for (unsigned protocol = 0; read && protocol < PROTOCOLS_COUNT; protocol++)
        read = read_store(file, contents, protocol);
    fclose(file);
    return read ? STORE_FILE_DONE : STORE_FILE_UNREADABLE;
}

static bool is_blank(const struct contents *contents) {
    for (unsigned protocol = 0; protocol < PROTOCOLS_COUNT; protocol++)
        for (uint32_t i = 0; i < store_bytes(STORE_FILE_CAPACITY); i++)
            if (contents->bytes[protocol][i] != 0) return false;
    return true;
}

/* Is there something, and nothing of it a copy of a store, not even a damaged one? A write that was cut off leaves no
 * such thing: it begins a copy, and leaves the other store alone. */
static bool is_foreign(const struct contents *contents, const struct store_findings *findings) {
    unsigned lost = 0, ours = 0;
    for (unsigned i = 0; i < findings->count && i < STORE_FINDINGS_MAX; i++) {
        enum store_finding_kind kind = (enum store_finding_kind)findings->list[i].kind;
        lost += kind == STORE_LOST;
        ours += kind == STORE_COPY_DAMAGED || kind == STORE_COPY_VERSION;
    }
    return lost == PROTOCOLS_COUNT && ours == 0 && !is_blank(contents);
}

enum store_file_answer store_file_check(const char *path, struct store_findings *findings) {
    struct contents contents;
    struct blocks blocks;
    assert(findings->count == 0);
    enum store_file_answer answer = read_contents(path, &contents);
    for (unsigned protocol = 0; answer == STORE_FILE_DONE && protocol < PROTOCOLS_COUNT; protocol++) {
        const struct store store = store_in(&contents, protocol);
        blocks.count = store_load(&store, blocks.entries, findings);
    }
    if (answer == STORE_FILE_DONE && is_foreign(&contents, findings)) answer = STORE_FILE_FOREIGN;
    free_contents(&contents);
    return answer;
}

/* --- into a world ------------------------------------------------------------------------------------------------- */

struct memory_medium {
    struct store_medium medium;
    uint8_t *bytes;
};

static bool write_to_memory(struct store_medium *medium, uint32_t offset, const uint8_t *bytes, uint32_t length) {
    memcpy(((struct memory_medium *)medium)->bytes + offset, bytes, length);
    return true;
}

enum store_file_answer store_file_load(const char *path, struct world *world) {
    struct contents contents;
    struct blocks blocks;
    enum store_file_answer answer = read_contents(path, &contents);
    for (unsigned protocol = 0; answer == STORE_FILE_DONE && protocol < PROTOCOLS_COUNT; protocol++) {
        const struct store from = store_in(&contents, protocol), to = port_store_of(world, (enum protocol)protocol);
        struct memory_medium medium = { { write_to_memory }, world_store(world, (enum protocol)protocol) };
        blocks.count = store_load(&from, blocks.entries, NULL);
        if (blocks.count > to.capacity) answer = STORE_FILE_TOO_MANY;
        else if (to.capacity > 0) store_write(&medium.medium, &to, blocks.entries, blocks.count);
    }
    free_contents(&contents);
    if (answer == STORE_FILE_DONE) model_boot(world, NULL);
    return answer;
}

/* --- into the file ------------------------------------------------------------------------------------------------ */

struct file_medium {
    struct store_medium medium;
    FILE *file;
    unsigned protocol;
};

static bool write_to_file(struct store_medium *medium, uint32_t offset, const uint8_t *bytes, uint32_t length) {
    struct file_medium *self = (struct file_medium *)medium;
    if (fseek(self->file, place_in_file(self->protocol, offset), SEEK_SET) != 0) return false;
    return fwrite(bytes, 1, length, self->file) == length && fflush(self->file) == 0;
}

static bool same_blocks(const struct blocks *one, const struct blocks *other) {
    return one->count == other->count && memcmp(one->entries, other->entries, one->count * sizeof one->entries[0]) == 0;
}

/* A new file gets its full length first, so that it never looks cut short. */
static FILE *open_to_write(const char *path) {
    static const uint8_t last = 0;
    FILE *file = open_file(path, "r+b");
    if (file != NULL || errno != ENOENT) return file;
    file = open_file(path, "w+b");
    if (file == NULL) return NULL;
    long end = (long)PROTOCOLS_COUNT * STORE_COPIES * STORE_FILE_COPY_BYTES;
    if (fseek(file, end - 1, SEEK_SET) == 0 && fwrite(&last, 1, 1, file) == 1 && fflush(file) == 0) return file;
    fclose(file);
    return NULL;
}

static bool save_blocks(const char *path, const struct store *store, const struct blocks *blocks) {
    struct file_medium medium = { { write_to_file }, open_to_write(path), store->protocol };
    if (medium.file == NULL) return false;
    bool written = store_write(&medium.medium, store, blocks->entries, blocks->count);
    return fclose(medium.file) == 0 && written;
}

enum store_file_answer store_file_save(const char *path, const struct world *world) {
    struct contents contents;
    struct blocks there, wanted;
    enum store_file_answer answer = read_contents(path, &contents);
    for (unsigned protocol = 0; answer == STORE_FILE_DONE && protocol < PROTOCOLS_COUNT; protocol++) {
        const struct store from = port_store_of(world, (enum protocol)protocol);
        struct store store = store_in(&contents, protocol);
        there.count = store_load(&store, there.entries, NULL);
        wanted.count = store_load(&from, wanted.entries, NULL);
        store.length = store_bytes(STORE_FILE_CAPACITY); /* what was cut off is blank in memory, and soon in the file */
        if (!same_blocks(&there, &wanted) && !save_blocks(path, &store, &wanted)) answer = STORE_FILE_UNWRITABLE;
    }
    free_contents(&contents);
    return answer;
}

void store_file_text(enum store_file_answer answer, char *text, unsigned text_size) {
    assert(answer != STORE_FILE_DONE);
    assert(text_size >= 160);
    if (answer == STORE_FILE_TOO_MANY)
        snprintf(text, text_size, "the store holds more blocks than the model has room for");
    else if (answer == STORE_FILE_FOREIGN)
        snprintf(text, text_size,
                 "this is no store; expected a file that an earlier run has kept one in, or a new one");
    else
        snprintf(text, text_size, "the store cannot be %s: %.100s",
                 answer == STORE_FILE_UNREADABLE ? "read" : "written", strerror(errno));
}
