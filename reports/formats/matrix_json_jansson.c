#include <assert.h>
#include <stdlib.h>

#include <jansson.h>

#include "reports/formats/matrix.h"

/* jansson takes a member that could not be made along as NULL, and refuses to set it. */
static bool set_text(json_t *object, const char *key, const char *text) {
    return json_object_set_new(object, key, json_string(text)) == 0;
}

static json_t *verdicts_of(const struct matrix *matrix, const struct matrix_row *row) {
    json_t *array = json_array();
    for (unsigned i = 0; i < matrix->columns_count; i++) {
        const struct run_file_instance *cell = row->cells[i];
        json_t *verdict = cell == NULL ? json_null() : json_string(verdict_name(cell->verdict));
        if (json_array_append_new(array, verdict) != 0) return json_decref(array), NULL;
    }
    return array;
}

static json_t *rows_of(const struct matrix *matrix) {
    json_t *array = json_array();
    for (size_t i = 0; i < matrix->rows_count; i++) {
        json_t *row = json_object();
        bool good = set_text(row, "id", matrix->rows[i].id) &&
                    json_object_set_new(row, "verdicts", verdicts_of(matrix, &matrix->rows[i])) == 0;
        if (json_array_append_new(array, row) != 0 || !good) return json_decref(array), NULL;
    }
    return array;
}

static json_t *flip_of(const struct matrix *matrix, const struct matrix_flip *flip) {
    json_t *object = json_object(), *ids = json_array();
    bool good = set_text(object, "from", matrix->columns[flip->column - 1].name) &&
                set_text(object, "to", matrix->columns[flip->column].name) &&
                set_text(object, "function", flip->function) && set_text(object, "call", flip->before->call) &&
                set_text(object, "was", flip->before->answer) && set_text(object, "now", flip->after->answer);
    for (unsigned i = 0; i < flip->count; i++)
        good &= json_array_append_new(ids, json_string(matrix->rows[flip->rows[i]].id)) == 0;
    good &= json_object_set_new(object, "instances", ids) == 0;
    if (good) return object;
    json_decref(object);
    return NULL;
}

static json_t *flips_of(const struct matrix *matrix) {
    json_t *array = json_array();
    for (size_t i = 0; i < matrix->flips_count; i++)
        if (json_array_append_new(array, flip_of(matrix, &matrix->flips[i])) != 0) return json_decref(array), NULL;
    return array;
}

static json_t *hosts_of(const struct matrix *matrix) {
    json_t *array = json_array();
    for (unsigned i = 0; i < matrix->columns_count; i++)
        if (json_array_append_new(array, json_string(matrix->columns[i].name)) != 0) return json_decref(array), NULL;
    return array;
}

bool matrix_json(const struct matrix *matrix, struct text *out) {
    assert(matrix != NULL && out != NULL);
    json_t *top = json_object();
    bool good = set_text(top, "format", "reservoir-matrix") &&
                json_object_set_new(top, "format_version", json_integer(1)) == 0 &&
                json_object_set_new(top, "hosts", hosts_of(matrix)) == 0 &&
                json_object_set_new(top, "flips", flips_of(matrix)) == 0 &&
                json_object_set_new(top, "instances", rows_of(matrix)) == 0;
    char *text = good ? json_dumps(top, JSON_INDENT(1)) : NULL;
    good = text != NULL;
    if (good) text_add(out, "%s\n", text);
    free(text);
    json_decref(top);
    return good;
}
