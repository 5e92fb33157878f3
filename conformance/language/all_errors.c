#include "conformance/language/all_errors.h"

#include <assert.h>
#include <string.h>

#include "conformance/language/parser.h"

enum { ROUNDS_MAX = 100 }; /* each parses the text anew: a hostile file must not take for ever */

/* The names that lines gave which have been taken out, each followed by a line end. */
struct removal {
    struct text text;
    struct text names;
};

/* Where line `number` (from 1) begins; the end of the text when there are fewer. */
static size_t line_start(const struct text *text, uint32_t number) {
    size_t at = 0;
    for (uint32_t line = 1; line < number && at < text->length; line++) {
        const char *newline = memchr(text->bytes + at, '\n', text->length - at);
        at = newline == NULL ? text->length : (size_t)(newline - text->bytes) + 1;
    }
    return at;
}

static size_t line_length(const struct text *text, size_t start) {
    const char *newline = memchr(text->bytes + start, '\n', text->length - start);
    return newline == NULL ? text->length - start : (size_t)(newline - text->bytes) - start;
}

static size_t indentation(const struct text *text, size_t start, size_t length) {
    size_t blanks = 0;
    while (blanks < length && text->bytes[start + blanks] == ' ') blanks++;
    return blanks;
}

static bool is_name_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_';
}

/* What the line may give: of a step (`app: s = ...`) every word before `=`, of a declaration every word. More than it
 * gives, never less. */
static void remember_names(struct removal *removal, const char *line, size_t length) {
    bool step = memchr(line, ':', length) != NULL;
    for (size_t i = 0; i < length;) {
        size_t end = i;
        while (end < length && is_name_byte(line[end])) end++;
        size_t after = end;
        while (after < length && line[after] == ' ') after++;
        bool gives = !step || (after < length && line[after] == '=');
        if (end > i && gives) text_add(&removal->names, "%.*s\n", (int)(end - i), line + i);
        i = end > i ? end : i + 1;
    }
}

/* Makes a line, and what is indented below it, empty. */
static void take_out(struct removal *removal, uint32_t number) {
    size_t start = line_start(&removal->text, number), length = line_length(&removal->text, start);
    size_t margin = indentation(&removal->text, start, length);
    for (bool first = true; start < removal->text.length; first = false) {
        length = line_length(&removal->text, start);
        size_t indented = indentation(&removal->text, start, length);
        if (!first && (indented <= margin || indented == length)) break;
        remember_names(removal, removal->text.bytes + start, length);
        memset(removal->text.bytes + start, ' ', length);
        start += length + 1;
    }
}

/* Is it a complaint about a name that only a line gave which has been taken out? */
static bool is_consequence(const struct removal *removal, const struct language_error *error) {
    static const char begin[] = "unknown name ";
    size_t prefix = sizeof begin - 1;
    if (strncmp(error->message, begin, prefix) != 0 || removal->names.length == 0) return false;
    const char *name = error->message + prefix;
    size_t length = 0;
    while (is_name_byte(name[length])) length++;
    for (const char *at = removal->names.bytes; *at != '\0'; at += strcspn(at, "\n") + 1) {
        if (strcspn(at, "\n") == length && memcmp(at, name, length) == 0) return true;
    }
    return false;
}

/* The first line that says something: without it there is no scenario to find errors in. */
static bool is_head(const struct text *text, uint32_t number) {
    size_t start = line_start(text, number);
    for (size_t i = 0; i < start;) {
        size_t length = line_length(text, i), blanks = indentation(text, i, length);
        if (blanks < length && text->bytes[i + blanks] != '#') return false;
        i += length + 1;
    }
    return true;
}

static void find_others(struct removal *removal, const char *path, struct language_error *error, struct text *errors) {
    unsigned count = 1;
    uint32_t before = 0;
    for (unsigned round = 0; round < ROUNDS_MAX; round++) {
        uint32_t line = error->position.line;
        if (is_head(&removal->text, line) || line <= before || line_start(&removal->text, line) >= removal->text.length)
            return;
        take_out(removal, line);
        before = line;
        struct scenario *scenario = scenario_parse(path, removal->text.bytes, removal->text.length, error);
        scenario_free(scenario);
        if (scenario != NULL) return;
        if (is_consequence(removal, error)) continue;
        if (error->position.line <= before) return; /* what is missing further up follows from what was taken out */
        if (count++ == ERRORS_MAX) {
            text_add(errors, "%s: there are more errors than these %d\n", path, ERRORS_MAX);
            return;
        }
        language_error_print(error, errors);
    }
}

struct scenario *scenario_parse_file_all(const char *path, struct known_parts *known, struct text *errors,
                                         struct text *source) {
    struct removal removal = { .text = { 0 } };
    struct language_error error;
    assert(path != NULL && errors != NULL);
    struct scenario *scenario = NULL;
    if (scenario_read(path, &removal.text, &error)) {
        if (source != NULL) text_add_bytes(source, removal.text.bytes, removal.text.length);
        scenario = scenario_parse_as(path, removal.text.bytes, removal.text.length, known, &error);
    }
    if (scenario == NULL) {
        language_error_print(&error, errors);
        if (removal.text.length > 0) find_others(&removal, path, &error, errors);
    }
    text_free(&removal.text);
    text_free(&removal.names);
    return scenario;
}
