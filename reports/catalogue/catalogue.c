#include "reports/catalogue/catalogue.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/arena.h"
#include "conformance/base/folders.h"

static bool fail(struct language_error *error, const char *path, unsigned line, unsigned column, const char *message,
                 const char *text, size_t length) {
    return language_error_set(error, path, (struct position){ line, column }, text, length, "%s", message);
}

/* Cuts a line at its tabs. Returns the number of fields; more than PLANNED_FIELDS are counted only. */
static unsigned cut(struct arena *arena, const char *line, size_t length, const char *fields[PLANNED_FIELDS]) {
    unsigned count = 0;
    for (size_t start = 0; start <= length; count++) {
        const char *tab = memchr(line + start, '\t', length - start);
        size_t end = tab == NULL ? length : (size_t)(tab - line);
        if (count < PLANNED_FIELDS) fields[count] = arena_text(arena, line + start, end - start);
        start = end + 1;
    }
    return count;
}

static const char *add_planned(struct catalogue *catalogue, const char *const *fields) {
    if (catalogue_find_planned(catalogue, fields[0]) != NULL) return "this row is there already";
    if (strlen(fields[1]) != 1 || strchr("CDE", fields[1][0]) == NULL) return "the part is to be C, D or E";
    if (fields[2][0] == '\0') return "a reason is wanted";
    catalogue->planned =
        arena_append(catalogue->arena, catalogue->planned, catalogue->planned_count, sizeof *catalogue->planned);
    catalogue->planned[catalogue->planned_count++] = (struct planned){ fields[0], fields[1], fields[2] };
    return NULL;
}

static bool add_line(struct catalogue *catalogue, const char *path, unsigned number, const char *line, size_t length,
                     struct language_error *error) {
    const char *fields[PLANNED_FIELDS] = { NULL };
    if (length > 0 && line[length - 1] == '\r') length--;
    if (length == 0 || line[0] == '#') return true;
    unsigned count = cut(catalogue->arena, line, length, fields);
    if (count != PLANNED_FIELDS) {
        char message[120];
        snprintf(message, sizeof message, "expected %d fields with tabs between (id, part, reason), found %u",
                 PLANNED_FIELDS, count);
        return fail(error, path, number, 1, message, line, length);
    }
    const char *wrong = add_planned(catalogue, fields);
    return wrong == NULL || fail(error, path, number, 1, wrong, line, length);
}

bool catalogue_read_planned(struct catalogue *catalogue, const char *path, struct language_error *error) {
    static const char missing[] = "the table of what is planned cannot be read; --scenarios DIR says where it is";
    size_t length = 0;
    assert(catalogue != NULL && path != NULL && error != NULL);
    char *bytes = file_read(path, FILE_BYTES_MAX, &length);
    if (bytes == NULL) return fail(error, path, 1, 1, missing, "", 0);
    if (catalogue->arena == NULL) catalogue->arena = arena_create();
    bool good = true;
    unsigned number = 0;
    for (size_t start = 0; good && start < length;) {
        const char *newline = memchr(bytes + start, '\n', length - start);
        size_t end = newline == NULL ? length : (size_t)(newline - bytes);
        good = add_line(catalogue, path, ++number, bytes + start, end - start, error);
        start = end + 1;
    }
    free(bytes);
    return good;
}

const struct planned *catalogue_find_planned(const struct catalogue *catalogue, const char *id) {
    assert(catalogue != NULL && id != NULL);
    for (uint32_t i = 0; i < catalogue->planned_count; i++) {
        if (strcmp(catalogue->planned[i].id, id) == 0) return &catalogue->planned[i];
    }
    return NULL;
}

void catalogue_free(struct catalogue *catalogue) {
    assert(catalogue != NULL);
    arena_free(catalogue->arena);
    *catalogue = (struct catalogue){ .planned_count = 0 };
}
