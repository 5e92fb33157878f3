#include "sim/program/names.h"

#include "sim/program/stop.h"
#include "sim/program/threads.h"
#include "sim/memory/utf16.h"

enum { NAMED_HANDLES_MAX = 512, NAME_BYTES = 3 * MAX_PATH + 4 };

/* A handle of an object with a name. Those of one object have the same name and kind. */
struct named_handle {
    HANDLE handle; /* NULL: a free row */
    enum named_kind kind;
    char name[NAME_BYTES];
};

static struct named_handle rows[NAMED_HANDLES_MAX];

static HANDLE fails(DWORD error) {
    thread_set_last_error(error);
    return NULL;
}

/* Names with and without Local\ are the same (those of the session); those with Global\ are others. 0, or the error. */
static DWORD text_of(struct given_name given, char text[NAME_BYTES]) {
    size_t length = given.narrow != NULL ? strlen(given.narrow) : (size_t)lstrlenW(given.wide);
    if (length > MAX_PATH) return ERROR_FILENAME_EXCED_RANGE;
    if (given.narrow != NULL) memcpy(text, given.narrow, length);
    else length = utf8_from_utf16(given.wide, (unsigned)length, text, NAME_BYTES - 1);
    text[length] = '\0';
    if (strncmp(text, "Local\\", 6) == 0) memmove(text, text + 6, length - 5);
    const char *rest = strncmp(text, "Global\\", 7) == 0 ? text + 7 : text;
    return strchr(rest, '\\') == NULL ? 0 : ERROR_PATH_NOT_FOUND;
}

static const struct named_handle *row_named(const char *name) {
    for (unsigned i = 0; i < NAMED_HANDLES_MAX; i++)
        if (rows[i].handle != NULL && strcmp(rows[i].name, name) == 0) return &rows[i];
    return NULL;
}

static void keep(HANDLE handle, enum named_kind kind, const char *name) {
    unsigned i = 0;
    while (i < NAMED_HANDLES_MAX && rows[i].handle != NULL) i++;
    if (i == NAMED_HANDLES_MAX) stop(STOP_NO_ROOM, "there are too many handles of objects with names");
    rows[i].handle = handle;
    rows[i].kind = kind;
    snprintf(rows[i].name, sizeof rows[i].name, "%s", name);
}

static HANDLE another_handle(const struct named_handle *row, enum named_kind kind) {
    HANDLE copy = NULL;
    if (row->kind != kind) return fails(ERROR_INVALID_HANDLE);
    const HANDLE process = GetCurrentProcess();
    return DuplicateHandle(process, row->handle, process, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS) ? copy : NULL;
}

HANDLE named_create(enum named_kind kind, struct given_name given, HANDLE (*make)(const void *how), const void *how) {
    char name[NAME_BYTES];
    threads_enter();
    if (given.narrow == NULL && given.wide == NULL) return make(how);
    DWORD error = text_of(given, name);
    if (error != 0) return fails(error);
    const struct named_handle *there = row_named(name);
    HANDLE handle = there != NULL ? another_handle(there, kind) : make(how);
    if (handle == NULL) return NULL;
    if (there == NULL) keep(handle, kind, name);
    thread_set_last_error(there != NULL ? ERROR_ALREADY_EXISTS : NO_ERROR);
    return handle;
}

HANDLE named_open(enum named_kind kind, struct given_name given) {
    char name[NAME_BYTES];
    threads_enter();
    if (given.narrow == NULL && given.wide == NULL) return fails(ERROR_INVALID_PARAMETER);
    DWORD error = text_of(given, name);
    if (error != 0) return fails(error);
    const struct named_handle *there = row_named(name);
    return there != NULL ? another_handle(there, kind) : fails(ERROR_FILE_NOT_FOUND);
}

void named_duplicated(HANDLE from, HANDLE to) {
    for (unsigned i = 0; i < NAMED_HANDLES_MAX; i++) {
        if (rows[i].handle != from || from == NULL) continue;
        keep(to, rows[i].kind, rows[i].name);
        return;
    }
}

void named_closed(HANDLE handle) {
    for (unsigned i = 0; i < NAMED_HANDLES_MAX && handle != NULL; i++)
        if (rows[i].handle == handle) rows[i].handle = NULL;
}
