#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "reports/tests/schema_check.h"

enum { PATH_BYTES_MAX = 512 };

struct check {
    const json_t *document; /* the schema's */
    struct text *trouble;
    char path[PATH_BYTES_MAX];
    bool good;
};

static void check_value(struct check *check, const json_t *schema, const json_t *value);

static void fault(struct check *check, const char *message, const char *detail) {
    text_add(check->trouble, "%s: %s %s\n", check->path[0] == '\0' ? "the document" : check->path, message, detail);
    check->good = false;
}

/* Checks a member or an element under its own path. */
static void check_below(struct check *check, const char *name, const json_t *schema, const json_t *value) {
    size_t length = strlen(check->path);
    snprintf(check->path + length, PATH_BYTES_MAX - length, "%s%s", length == 0 ? "" : "/", name);
    check_value(check, schema, value);
    check->path[length] = '\0';
}

/* --- keywords ----------------------------------------------------------------------------------------------------- */

static void check_type(struct check *check, const json_t *type, const json_t *value) {
    const char *name = json_string_value(type);
    bool good = name != NULL && ((strcmp(name, "object") == 0 && json_is_object(value)) ||
                                 (strcmp(name, "array") == 0 && json_is_array(value)) ||
                                 (strcmp(name, "string") == 0 && json_is_string(value)) ||
                                 (strcmp(name, "integer") == 0 && json_is_integer(value)) ||
                                 (strcmp(name, "boolean") == 0 && json_is_boolean(value)));
    if (!good) fault(check, "is not of type", name == NULL ? "?" : name);
}

static void check_const(struct check *check, const json_t *constant, const json_t *value) {
    if (!json_equal(constant, value)) fault(check, "is not the constant", "");
}

static void check_enum(struct check *check, const json_t *list, const json_t *value) {
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (json_equal(json_array_get(list, i), value)) return;
    }
    fault(check, "is none of the enumerated values:", json_is_string(value) ? json_string_value(value) : "");
}

static void check_minimum(struct check *check, const json_t *minimum, const json_t *value) {
    if (json_is_integer(value) && json_integer_value(value) < json_integer_value(minimum))
        fault(check, "is too small", "");
}

static void check_items_count(struct check *check, const json_t *minimum, const json_t *value) {
    if (json_is_array(value) && (json_int_t)json_array_size(value) < json_integer_value(minimum))
        fault(check, "has too few items", "");
}

static void check_items(struct check *check, const json_t *schema, const json_t *value) {
    for (size_t i = 0; i < json_array_size(value); i++) {
        char name[24];
        snprintf(name, sizeof name, "%u", (unsigned)i);
        check_below(check, name, schema, json_array_get(value, i));
    }
}

static void check_required(struct check *check, const json_t *names, const json_t *value) {
    if (!json_is_object(value)) return;
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        assert(name != NULL);
        if (json_object_get(value, name) == NULL) fault(check, "lacks", name);
    }
}

/* Walking over an object changes nothing in it, but the library asks for one that could be changed. */
static json_t *walked(const json_t *object) { return (json_t *)(uintptr_t)object; }

static void check_properties(struct check *check, const json_t *properties, const json_t *value) {
    const char *name;
    json_t *member;
    json_object_foreach(walked(value), name, member) {
        const json_t *schema = json_object_get(properties, name);
        if (schema != NULL) check_below(check, name, schema, member);
    }
}

static void check_no_more(struct check *check, const json_t *properties, const json_t *value) {
    const char *name;
    json_t *member;
    json_object_foreach(walked(value), name, member) {
        if (json_object_get(properties, name) == NULL) fault(check, "has an unknown member", name);
    }
}

static void check_reference(struct check *check, const char *reference, const json_t *value) {
    static const char prefix[] = "#/$defs/";
    bool local = reference != NULL && strncmp(reference, prefix, sizeof prefix - 1) == 0;
    const json_t *schema =
        local ? json_object_get(json_object_get(check->document, "$defs"), reference + sizeof prefix - 1) : NULL;
    if (schema == NULL) fault(check, "schema: a reference leads nowhere:", reference == NULL ? "" : reference);
    else check_value(check, schema, value);
}

/* --- all of a schema ---------------------------------------------------------------------------------------------- */

static bool is_remark(const char *keyword) {
    static const char *const remarks[] = { "$schema", "$id", "$defs", "title", "description" };
    for (unsigned i = 0; i < sizeof remarks / sizeof remarks[0]; i++) {
        if (strcmp(keyword, remarks[i]) == 0) return true;
    }
    return false;
}

static void check_keyword(struct check *check, const json_t *schema, const char *keyword, const json_t *operand,
                          const json_t *value) {
    if (is_remark(keyword)) return;
    if (strcmp(keyword, "type") == 0) check_type(check, operand, value);
    else if (strcmp(keyword, "const") == 0) check_const(check, operand, value);
    else if (strcmp(keyword, "enum") == 0) check_enum(check, operand, value);
    else if (strcmp(keyword, "minimum") == 0) check_minimum(check, operand, value);
    else if (strcmp(keyword, "minItems") == 0) check_items_count(check, operand, value);
    else if (strcmp(keyword, "items") == 0) check_items(check, operand, value);
    else if (strcmp(keyword, "required") == 0) check_required(check, operand, value);
    else if (strcmp(keyword, "properties") == 0) check_properties(check, operand, value);
    else if (strcmp(keyword, "$ref") == 0) check_reference(check, json_string_value(operand), value);
    else if (strcmp(keyword, "additionalProperties") == 0 && json_is_false(operand))
        check_no_more(check, json_object_get(schema, "properties"), value);
    else fault(check, "schema: the checker does not know", keyword);
}

static void check_value(struct check *check, const json_t *schema, const json_t *value) {
    const char *keyword;
    json_t *operand;
    assert(value != NULL);
    if (!json_is_object(schema)) fault(check, "schema: is no object", "");
    json_object_foreach(walked(schema), keyword, operand) check_keyword(check, schema, keyword, operand, value);
}

bool schema_check(const json_t *schema, const json_t *value, struct text *trouble) {
    assert(schema != NULL && value != NULL);
    struct check check = { .document = schema, .trouble = trouble, .good = true };
    check_value(&check, schema, value);
    return check.good;
}
