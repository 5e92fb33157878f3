#include "reports/catalogue.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/folders.h"
#include "conformance/text_arena.h"

static bool fail(struct language_error *error, const char *path, unsigned line, unsigned column, const char *message,
                 const char *text, size_t length) {
    memset(error, 0, sizeof *error);
    error->file = path;
    error->position = (struct position){ line, column };
    snprintf(error->message, sizeof error->message, "%s", message);
    if (length > LINE_BYTES_MAX) length = LINE_BYTES_MAX;
    if (length > 0) memcpy(error->text, text, length);
    return false;
}

/* Cuts a line at its tabs. Returns the number of fields; more than CLAUSE_FIELDS are counted only. */
static unsigned cut(struct arena *arena, const char *line, size_t length, const char *fields[CLAUSE_FIELDS]) {
    unsigned count = 0;
    for (size_t start = 0; start <= length; count++) {
        const char *tab = memchr(line + start, '\t', length - start);
        size_t end = tab == NULL ? length : (size_t)(tab - line);
        if (count < CLAUSE_FIELDS) fields[count] = arena_text(arena, line + start, end - start);
        start = end + 1;
    }
    return count;
}

static bool add_line(struct catalogue *catalogue, const char *path, unsigned number, const char *line, size_t length,
                     struct language_error *error) {
    const char *fields[CLAUSE_FIELDS] = { NULL };
    if (length > 0 && line[length - 1] == '\r') length--;
    if (length == 0 || line[0] == '#') return true;
    unsigned count = cut(catalogue->arena, line, length, fields);
    if (count != CLAUSE_FIELDS) {
        char message[120];
        snprintf(message, sizeof message, "expected %d fields with tabs between (id, section, statement, contradicted by, decidable), found %u",
                 CLAUSE_FIELDS, count);
        return fail(error, path, number, 1, message, line, length);
    }
    if (catalogue_find(catalogue, fields[0]) != NULL) return fail(error, path, number, 1, "this clause is there already", line, length);
    catalogue->clauses = arena_append(catalogue->arena, catalogue->clauses, catalogue->count, sizeof *catalogue->clauses);
    catalogue->clauses[catalogue->count++] = (struct clause){ fields[0], fields[1], fields[2], fields[3], fields[4] };
    return true;
}

bool catalogue_read(struct catalogue *catalogue, const char *path, struct language_error *error) {
    assert(catalogue != NULL && path != NULL && error != NULL);
    size_t length = 0;
    char *bytes = folder_read_file(path, FILE_BYTES_MAX, &length);
    if (bytes == NULL) return fail(error, path, 1, 1, "the clause catalogue cannot be read; --scenarios DIR says where it is", "", 0);
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

const struct clause *catalogue_find(const struct catalogue *catalogue, const char *id) {
    assert(catalogue != NULL && id != NULL);
    for (uint32_t i = 0; i < catalogue->count; i++) {
        if (strcmp(catalogue->clauses[i].id, id) == 0) return &catalogue->clauses[i];
    }
    return NULL;
}

void catalogue_free(struct catalogue *catalogue) {
    assert(catalogue != NULL);
    arena_free(catalogue->arena);
    *catalogue = (struct catalogue){ .count = 0 };
}
