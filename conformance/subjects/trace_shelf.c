#include "conformance/subjects/trace_shelf.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/text.h"
#include "conformance/language/parser.h"
#include "conformance/player/trace_file.h"

/* --- words -------------------------------------------------------------------------------------------------------- */

static bool is_space(char byte) { return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n'; }

/* Behind the head: the first empty line. */
static const char *below_head(const char *at, const char *end) {
    for (; at < end; at++)
        if (*at == '\n' && end - at > 1 && (at[1] == '\n' || (at[1] == '\r' && end - at > 2 && at[2] == '\n')))
            return at;
    return end;
}

/* FNV-1a of 64 bits. */
uint64_t trace_words_hash(const char *bytes, size_t length) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    const char *end = bytes + length;
    bool live = false;
    assert(bytes != NULL);
    for (const char *at = below_head(bytes, end); at < end; at++) {
        live = *at != '\n' && (live || (*at == '#' && end - at > 1 && at[1] == '~'));
        if (live || (is_space(*at) && *at != '\n')) continue;
        hash = (hash ^ (uint8_t)*at) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* --- the file `same` ---------------------------------------------------------------------------------------------- */

static bool is_name(const char *name, bool slashes) {
    bool good = name[0] != '\0' && name[0] != '/' && strstr(name, "..") == NULL && strlen(name) < 240;
    for (; *name != '\0'; name++) good &= (*name != '/' || slashes) && *name != '\\' && *name != ':';
    return good;
}

static void take_like(struct trace_shelf *shelf, const char *name) {
    char path[FOLDER_PATH_MAX + 256];
    snprintf(path, sizeof path, "%s/../../%s/traces", shelf->folder, name);
    shelf->like = arena_text(shelf->arena, path, strlen(path));
}

/* One line without its end. */
static bool take_line(struct trace_shelf *shelf, const char *line) {
    char word[256], more = 0;
    uint64_t hash = 0;
    if (line[0] == '#' || line[0] == '\0') return true;
    if (shelf->like == NULL) {
        bool good = sscanf(line, "like %240s %c", word, &more) == 1 && is_name(word, false);
        if (good) take_like(shelf, word);
        return good;
    }
    if (sscanf(line, "%240s %16" SCNx64 " %c", word, &hash, &more) != 2 || !is_name(word, true)) return false;
    if (shelf->same_count > 0 && strcmp(shelf->same[shelf->same_count - 1].id, word) >= 0) return false;
    shelf->same = arena_append(shelf->arena, shelf->same, shelf->same_count, sizeof *shelf->same);
    shelf->same[shelf->same_count++] = (struct same_trace){ arena_text(shelf->arena, word, strlen(word)), hash };
    return true;
}

static bool take_lines(struct trace_shelf *shelf, char *text, const char *path, struct reason *reason) {
    unsigned number = 0;
    for (char *line = text, *end; *line != '\0'; line = end) {
        end = line + strcspn(line, "\n");
        if (*end == '\n') *end++ = '\0';
        size_t length = strlen(line);
        if (length > 0 && line[length - 1] == '\r') line[length - 1] = '\0';
        number++;
        if (take_line(shelf, line)) continue;
        reason_set(reason,
                   "%.120s:%u: expected `like HOST` first, then `ID HASH` in order, a hash being 16 hexadecimal digits",
                   path, number);
        return false;
    }
    return true;
}

static bool open_same(struct trace_shelf *shelf, struct reason *reason) {
    char path[FOLDER_PATH_MAX + 8];
    size_t length = 0;
    snprintf(path, sizeof path, "%s/same", shelf->folder);
    if (path_kind_of(path) != PATH_FILE) return true;
    char *text = file_read(path, FILE_BYTES_MAX, &length);
    bool good = text != NULL && strlen(text) == length;
    if (!good) reason_set(reason, "%.200s cannot be read", path);
    good = good && take_lines(shelf, text, path, reason);
    free(text);
    if (!good) shelf->same_count = 0, shelf->like = NULL;
    return good;
}

/* --- files of many traces ----------------------------------------------------------------------------------------- */

static const char begins[] = "trace ";

/* The next line that begins a trace, or the end. */
static const char *next_beginning(const char *at, const char *end) {
    while (at < end) {
        if ((size_t)(end - at) > strlen(begins) && memcmp(at, begins, strlen(begins)) == 0) return at;
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        at = line_end == NULL ? end : line_end + 1;
    }
    return end;
}

static void take_bundled(struct trace_shelf *shelf, const char *file, const char *bytes, size_t length) {
    const char *theme = file + strlen(shelf->folder) + 1;
    const char *name = bytes + strlen(begins);
    size_t name_length = 0;
    while (name + name_length < bytes + length && !is_space(name[name_length])) name_length++;
    char id[FOLDER_PATH_MAX];
    snprintf(id, sizeof id, "%.*s/%.*s", (int)(strlen(theme) - strlen(".traces")), theme, (int)name_length, name);
    shelf->bundled = arena_append(shelf->arena, shelf->bundled, shelf->bundled_count, sizeof *shelf->bundled);
    shelf->bundled[shelf->bundled_count++] =
        (struct bundled_trace){ arena_text(shelf->arena, id, strlen(id)), arena_text(shelf->arena, file, strlen(file)),
                                arena_text(shelf->arena, bytes, length), length };
}

static bool open_bundle(struct trace_shelf *shelf, const char *file, struct reason *reason) {
    enum { BUNDLE_MAX = 64 << 20 };
    size_t length = 0;
    char *bytes = file_read(file, BUNDLE_MAX, &length);
    if (bytes == NULL || memchr(bytes, '\0', length) != NULL) {
        reason_set(reason, "%.200s cannot be read, or holds a NUL byte", file);
        free(bytes);
        return false;
    }
    const char *end = bytes + length;
    for (const char *at = next_beginning(bytes, end), *next; at < end; at = next) {
        next = next_beginning(at + 1, end);
        take_bundled(shelf, file, at, (size_t)(next - at));
    }
    free(bytes);
    return true;
}

static int compare_bundled(const void *one, const void *other) {
    return strcmp(((const struct bundled_trace *)one)->id, ((const struct bundled_trace *)other)->id);
}

static bool open_bundles(struct trace_shelf *shelf, struct reason *reason) {
    char trouble[FOLDER_PATH_MAX];
    struct path_list list = { 0 };
    bool good = path_kind_of(shelf->folder) != PATH_FOLDER || folder_find(shelf->folder, ".traces", &list, trouble);
    if (!good) reason_set(reason, "%.200s: the folder cannot be read", trouble);
    path_list_sort(&list);
    for (size_t i = 0; good && i < list.count; i++) good = open_bundle(shelf, list.paths[i], reason);
    path_list_free(&list);
    if (shelf->bundled_count > 0) qsort(shelf->bundled, shelf->bundled_count, sizeof *shelf->bundled, compare_bundled);
    return good;
}

/* What the head of each bundled trace says besides: the lines of FOLDER/../facts, as a head has them. */
static bool open_facts(struct trace_shelf *shelf, struct reason *reason) {
    char path[FOLDER_PATH_MAX + 16];
    size_t length = 0;
    struct text text = { 0 };
    snprintf(path, sizeof path, "%s/../facts", shelf->folder);
    text_add(&text, "%s", "");
    char *bytes = path_kind_of(path) == PATH_FILE ? file_read(path, FILE_BYTES_MAX, &length) : NULL;
    bool good = bytes == NULL || strlen(bytes) == length;
    if (!good) reason_set(reason, "%.200s holds a NUL byte", path);
    for (char *line = bytes, *end; good && line != NULL && *line != '\0'; line = end) {
        end = line + strcspn(line, "\n");
        if (*end == '\n') *end++ = '\0';
        if (line[0] != '#' && line[0] != '\0') text_add(&text, "\n  %s", line);
    }
    shelf->facts = arena_text(shelf->arena, text.bytes, text.length);
    text_free(&text);
    free(bytes);
    return good;
}

bool trace_shelf_open(struct trace_shelf *shelf, const char *folder, struct reason *reason) {
    assert(shelf->arena == NULL && folder != NULL);
    shelf->arena = arena_create();
    shelf->folder = arena_text(shelf->arena, folder, strlen(folder));
    return open_same(shelf, reason) && open_facts(shelf, reason) && open_bundles(shelf, reason);
}

void trace_shelf_free(struct trace_shelf *shelf) {
    arena_free(shelf->arena);
    *shelf = (struct trace_shelf){ .arena = NULL };
}

/* --- traces ------------------------------------------------------------------------------------------------------- */

static int compare_ids(const void *id, const void *same) { return strcmp(id, ((const struct same_trace *)same)->id); }

static const struct same_trace *same_of(const struct trace_shelf *shelf, const char *id) {
    if (shelf->same_count == 0) return NULL;
    return bsearch(id, shelf->same, shelf->same_count, sizeof *shelf->same, compare_ids);
}

static const struct bundled_trace *bundled_of(const struct trace_shelf *shelf, const char *id) {
    const struct bundled_trace wanted = { .id = id };
    if (shelf->bundled_count == 0) return NULL;
    return bsearch(&wanted, shelf->bundled, shelf->bundled_count, sizeof wanted, compare_bundled);
}

/* The other host's trace, if it still has these words. */
static char *read_same(const struct trace_shelf *shelf, const struct same_trace *same, char *file, size_t *length,
                       struct reason *reason) {
    char *bytes = trace_path(shelf->like, same->id, file) ? file_read(file, FILE_BYTES_MAX, length) : NULL;
    if (bytes != NULL && trace_words_hash(bytes, *length) == same->hash) return bytes;
    free(bytes);
    reason_set(reason, "no trace recorded since the scenario was changed");
    return NULL;
}

/* Does the head have a line of this key? */
static bool head_has(const char *head, size_t length, const char *key, size_t key_length) {
    for (const char *at = head, *end = head + length; at < end;) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        const char *word = at;
        if (line_end == NULL) line_end = end;
        while (word < line_end && is_space(*word)) word++;
        bool has =
            (size_t)(line_end - word) > key_length && memcmp(word, key, key_length) == 0 && is_space(word[key_length]);
        if (has) return true;
        at = line_end + 1;
    }
    return false;
}

/* A trace of a bundle, with the facts at the end of its head: those that it does not say itself. */
static char *with_facts(const struct trace_shelf *shelf, const struct bundled_trace *bundled, size_t *length) {
    size_t head = (size_t)(below_head(bundled->bytes, bundled->bytes + bundled->length) - bundled->bytes);
    struct text text = { 0 };
    text_add_bytes(&text, bundled->bytes, head);
    for (const char *fact = shelf->facts, *next; *fact != '\0'; fact = next) {
        const char *key = fact + strlen("\n  ");
        next = key + strcspn(key, "\n");
        if (!head_has(bundled->bytes, head, key, strcspn(key, " "))) text_add_bytes(&text, fact, (size_t)(next - fact));
    }
    text_add_bytes(&text, bundled->bytes + head, bundled->length - head);
    *length = text.length;
    text_add_bytes(&text, "", 1); /* a NUL after it */
    return text.bytes;
}

char *trace_shelf_read(const struct trace_shelf *shelf, const char *id, char *file, size_t *length,
                       struct reason *reason) {
    assert(shelf->arena != NULL && id != NULL && file != NULL);
    const struct bundled_trace *bundled = bundled_of(shelf, id);
    const struct same_trace *same = same_of(shelf, id);
    if (trace_path(shelf->folder, id, file) && path_kind_of(file) == PATH_FILE) {
        char *bytes = file_read(file, FILE_BYTES_MAX, length);
        if (bytes == NULL) reason_set(reason, "%.200s cannot be read", file);
        return bytes;
    }
    if (bundled == NULL && same != NULL) return read_same(shelf, same, file, length, reason);
    if (bundled == NULL) {
        reason_set(reason, "no trace recorded");
        return NULL;
    }
    snprintf(file, FOLDER_PATH_MAX, "%s", bundled->file);
    return with_facts(shelf, bundled, length);
}

struct scenario *trace_shelf_parse(const struct trace_shelf *shelf, const char *id, bool *broken,
                                   struct reason *reason) {
    char file[FOLDER_PATH_MAX];
    struct language_error error;
    size_t length = 0;
    char *bytes = trace_shelf_read(shelf, id, file, &length, reason);
    *broken = false;
    if (bytes == NULL) return NULL;
    struct scenario *trace = scenario_parse(file, bytes, length, &error);
    free(bytes);
    *broken = trace == NULL;
    if (trace == NULL)
        reason_set(reason, "%.100s:%u:%u: %.100s", file, (unsigned)error.position.line, (unsigned)error.position.column,
                   error.message);
    return trace;
}

/* IDs of the traces that are files of their own. */
static bool list_files(const struct trace_shelf *shelf, struct path_list *ids, char *trouble) {
    struct path_list list = { 0 };
    bool good = folder_find(shelf->folder, ".trace", &list, trouble);
    path_list_sort(&list);
    for (size_t i = 0; i < list.count; i++) {
        char *id = list.paths[i] + strlen(shelf->folder) + 1;
        id[strlen(id) - strlen(".trace")] = '\0';
        path_list_add(ids, id);
    }
    path_list_free(&list);
    return good;
}

bool trace_shelf_list(const struct trace_shelf *shelf, struct path_list *ids, char *trouble) {
    char file[FOLDER_PATH_MAX];
    struct reason ignored;
    size_t length = 0;
    if (!list_files(shelf, ids, trouble)) return false;
    for (uint32_t i = 0; i < shelf->bundled_count; i++) path_list_add(ids, shelf->bundled[i].id);
    for (uint32_t i = 0; i < shelf->same_count; i++) {
        char *bytes = read_same(shelf, &shelf->same[i], file, &length, &ignored);
        if (bytes != NULL) path_list_add(ids, shelf->same[i].id);
        free(bytes);
    }
    return true;
}
