#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "conformance/base/folders.h"
#include "reports/formats/clean_text.h"
#include "reports/formats/json.h"
#include "reports/formats/run_file.h"

enum { PLACE_MAX = 96 };

/* A file that is being read. `place` says where: `instances[3].steps[0]`, or "" at the top. */
struct reading {
    struct run_file *file;
    struct text *trouble;
    char place[PLACE_MAX];
};

/* --- members ------------------------------------------------------------------------------------------------------ */

/* FILE: PLACE.KEY: MESSAGE */
static bool refuse(struct reading *reading, const char *key, const char *message) {
    assert(message != NULL);
    text_add(reading->trouble, "%s: %s%s%s: %s", reading->file->path, reading->place,
             reading->place[0] == '\0' ? "" : ".", key, message);
    return false;
}

static const char *keep(struct reading *reading, const char *text) {
    struct text clean = { 0 };
    text_add(&clean, "%s", "");
    text_add_clean(&clean, text, CLEAN_ONE_LINE);
    const char *kept = arena_text(reading->file->arena, clean.bytes, clean.length);
    text_free(&clean);
    return kept;
}

static bool read_text(struct reading *reading, const json_t *object, const char *key, const char **text) {
    const json_t *member = json_object_get(object, key);
    if (!json_is_string(member)) return refuse(reading, key, member == NULL ? "is missing" : "is no string");
    *text = keep(reading, json_string_value(member));
    return true;
}

static bool read_text_if(struct reading *reading, const json_t *object, const char *key, const char **text) {
    *text = NULL;
    return json_object_get(object, key) == NULL || read_text(reading, object, key, text);
}

static bool read_number(struct reading *reading, const json_t *object, const char *key, unsigned *number) {
    const json_t *member = json_object_get(object, key);
    json_int_t value = json_integer_value(member);
    if (!json_is_integer(member)) return refuse(reading, key, member == NULL ? "is missing" : "is no whole number");
    if (value < 0 || value > INT32_MAX) return refuse(reading, key, "is out of range");
    *number = (unsigned)value;
    return true;
}

static bool read_verdict(struct reading *reading, const json_t *object, enum verdict *verdict) {
    const char *name = NULL;
    if (!read_text(reading, object, "verdict", &name)) return false;
    *verdict = verdict_named(name, (unsigned)strlen(name));
    return *verdict != VERDICTS_COUNT || refuse(reading, "verdict", "is no verdict");
}

static bool read_array(struct reading *reading, const json_t *object, const char *key, const json_t **array) {
    *array = json_object_get(object, key);
    if (json_is_array(*array)) return true;
    return refuse(reading, key, *array == NULL ? "is missing" : "is no array");
}

/* --- steps and instances ------------------------------------------------------------------------------------------ */

static const char *with_routines(struct reading *reading, const json_t *object, const char *seen) {
    struct text text = { 0 };
    const json_t *routines = json_object_get(object, "routines");
    text_add(&text, "%s", seen);
    for (size_t i = 0; i < json_array_size(routines); i++) {
        const char *routine = json_string_value(json_array_get(routines, i));
        if (routine != NULL) text_add(&text, ", %s", routine);
    }
    const char *kept = keep(reading, text.bytes);
    text_free(&text);
    return kept;
}

/* What was seen; else the note that says why not, else what came of it. */
static bool read_answer(struct reading *reading, const json_t *object, struct run_file_step *step) {
    const char *outcome = NULL, *seen_as = NULL, *note = NULL, *result = NULL;
    bool good = read_text_if(reading, object, "outcome", &outcome) &&
                read_text_if(reading, object, "seen_as", &seen_as) && read_text_if(reading, object, "note", &note) &&
                read_text(reading, object, "result", &result);
    if (!good) return false;
    step->seen = outcome != NULL;
    step->answer = with_routines(reading, object, outcome != NULL ? outcome : note != NULL ? note : result);
    step->shown = seen_as == NULL ? step->answer : with_routines(reading, object, seen_as);
    return true;
}

static bool read_step(struct reading *reading, const json_t *object, struct run_file_step *step) {
    step->sometimes = json_is_true(json_object_get(json_object_get(object, "rule"), "sometimes"));
    return read_number(reading, object, "line", &step->line) && read_text(reading, object, "call", &step->call) &&
           read_answer(reading, object, step) && read_verdict(reading, object, &step->verdict);
}

static bool read_steps(struct reading *reading, const json_t *object, struct run_file_instance *instance) {
    const json_t *steps = NULL;
    if (!read_array(reading, object, "steps", &steps)) return false;
    instance->steps_count = (unsigned)json_array_size(steps);
    instance->steps = arena_allocate(reading->file->arena, (instance->steps_count + 1) * sizeof *instance->steps);
    for (unsigned i = 0; i < instance->steps_count; i++) {
        snprintf(reading->place, PLACE_MAX, "instances[%u].steps[%u]", instance->position, i);
        if (!read_step(reading, json_array_get(steps, i), &instance->steps[i])) return false;
        /* The reason is this step's, with numbers that differ from run to run. */
        if (instance->steps[i].verdict == instance->verdict) instance->reason = NULL;
    }
    return true;
}

static bool find_subject(struct reading *reading, const char *name, unsigned *subject) {
    const struct run_file *file = reading->file;
    for (*subject = 0; *subject < file->subjects_count; (*subject)++) {
        if (strcmp(file->subjects[*subject].name, name) == 0) return true;
    }
    return refuse(reading, "subject", "is none of the subjects");
}

static bool read_instance(struct reading *reading, const json_t *object, struct run_file_instance *instance) {
    const char *subject = NULL;
    snprintf(reading->place, PLACE_MAX, "instances[%u]", instance->position);
    return read_text(reading, object, "id", &instance->id) && read_text(reading, object, "subject", &subject) &&
           find_subject(reading, subject, &instance->subject) && read_verdict(reading, object, &instance->verdict) &&
           read_text_if(reading, object, "reason", &instance->reason) && read_steps(reading, object, instance);
}

static bool read_instances(struct reading *reading, const json_t *top) {
    const json_t *array = NULL;
    struct run_file *file = reading->file;
    reading->place[0] = '\0';
    if (!read_array(reading, top, "instances", &array)) return false;
    file->instances_count = (unsigned)json_array_size(array);
    file->instances = arena_allocate(file->arena, (file->instances_count + 1) * sizeof *file->instances);
    for (unsigned i = 0; i < file->instances_count; i++) {
        file->instances[i].position = i;
        if (!read_instance(reading, json_array_get(array, i), &file->instances[i])) return false;
    }
    return true;
}

/* --- the head ----------------------------------------------------------------------------------------------------- */

static bool read_subjects(struct reading *reading, const json_t *top) {
    const json_t *array = NULL;
    struct run_file *file = reading->file;
    if (!read_array(reading, top, "subjects", &array)) return false;
    if (json_array_size(array) > SUBJECTS_IN_FILE_MAX) return refuse(reading, "subjects", "are too many");
    file->subjects_count = (unsigned)json_array_size(array);
    for (unsigned i = 0; i < file->subjects_count; i++) {
        struct run_file_subject *subject = &file->subjects[i];
        const json_t *object = json_array_get(array, i);
        snprintf(reading->place, PLACE_MAX, "subjects[%u]", i);
        if (!read_text(reading, object, "name", &subject->name) || !read_text(reading, object, "kind", &subject->kind))
            return false;
    }
    return true;
}

static bool read_format(struct reading *reading, const json_t *top) {
    const char *format = NULL;
    unsigned version = 0;
    if (!json_is_object(top)) {
        text_add(reading->trouble, "%s: is JSON, but no object; expected a run that --report json wrote",
                 reading->file->path);
        return false;
    }
    if (!read_text(reading, top, "format", &format)) return false;
    if (strcmp(format, RUN_FORMAT_NAME) != 0) return refuse(reading, "format", "is not " RUN_FORMAT_NAME);
    if (!read_number(reading, top, "format_version", &version)) return false;
    return version <= RUN_FORMAT_VERSION || refuse(reading, "format_version", "is newer than this program");
}

static bool read_run(struct reading *reading, const json_t *top) {
    struct run_file *file = reading->file;
    return read_format(reading, top) && read_text(reading, top, "reservoir", &file->version) &&
           read_text(reading, top, "profile", &file->profile) && read_text(reading, top, "seed", &file->seed) &&
           read_text(reading, top, "reason", &file->reason) && read_subjects(reading, top) &&
           read_instances(reading, top);
}

/* --- the file ----------------------------------------------------------------------------------------------------- */

bool run_file_read(struct run_file *file, const char *path, struct text *trouble) {
    struct reading reading = { .file = file, .trouble = trouble };
    json_error_t error;
    size_t length = 0;
    assert(file != NULL && file->arena == NULL);
    assert(path != NULL && trouble != NULL);
    file->arena = arena_create();
    file->path = keep(&reading, path);
    if (path_kind_of(path) != PATH_FILE) {
        text_add(trouble, "%s: %s", file->path,
                 path_kind_of(path) == PATH_FOLDER ? "is a folder" : "there is no such file");
        return false;
    }
    char *bytes = file_read(path, RUN_FILE_BYTES_MAX, &length);
    if (bytes == NULL) {
        text_add(trouble, "%s: cannot be read, or is longer than %d MiB", file->path, RUN_FILE_BYTES_MAX >> 20);
        return false;
    }
    json_t *top = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &error);
    free(bytes);
    if (top == NULL)
        text_add(trouble, "%s:%d:%d: %s", file->path, error.line, error.column, keep(&reading, error.text));
    bool good = top != NULL && read_run(&reading, top);
    json_decref(top);
    return good;
}

void run_file_free(struct run_file *file) {
    assert(file != NULL);
    arena_free(file->arena);
    *file = (struct run_file){ .arena = NULL };
}
