#include "reports/commands/host_folder.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/language/parser.h"
#include "conformance/subjects/subject.h"
#include "conformance/subjects/trace_shelf.h"

/* Facts that are the machine's, and so alike in all traces of a result. */
static const char *const machine_keys[] = { "host",     "build", "wine", "revision", "product", "native-architecture",
                                            "elevation" };
enum { MACHINE_KEYS = sizeof machine_keys / sizeof machine_keys[0] };

static bool same_text(const char *one, const char *other) {
    return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* The first trace's facts are those of all; a second machine's are refused. */
static bool take_facts(struct host_result *result, const struct scenario *trace, const char *path,
                       struct reason *reason) {
    struct fact_list facts = { .count = 0 };
    bool same = true;
    for (uint32_t i = 0; i < trace->facts_count; i++) fact_list_add(&facts, trace->facts[i].key, trace->facts[i].value);
    if (result->facts.count == 0) fact_list_copy(&result->facts, &facts);
    for (unsigned i = 0; same && i < MACHINE_KEYS; i++) {
        const char *key = machine_keys[i];
        same = same_text(fact_list_value(&result->facts, key), fact_list_value(&facts, key));
        if (!same)
            reason_set(reason, "%.200s is of another machine: its `%s` differs from the first trace's", path, key);
    }
    fact_list_free(&facts);
    return same;
}

static bool read_trace(struct host_result *result, const char *path, struct reason *reason) {
    struct language_error error;
    struct scenario *trace = scenario_parse_file(path, &error);
    if (trace == NULL) {
        reason_set(reason, "%.120s:%u:%u: %.100s", path, (unsigned)error.position.line, (unsigned)error.position.column,
                   error.message);
        return false;
    }
    bool good = trace->is_trace && trace->facts_count > 0;
    if (!good) reason_set(reason, "%.200s is no trace of a host: it has no head that says who answered", path);
    good = good && take_facts(result, trace, path, reason);
    scenario_free(trace);
    return good;
}

bool host_result_read(struct host_result *result, const char *folder, struct reason *reason) {
    char trouble[FOLDER_PATH_MAX];
    assert(result->facts.count == 0);
    snprintf(result->folder, sizeof result->folder, "%s", folder);
    if (!folder_find(folder, ".trace", &result->traces, trouble) || result->traces.count == 0) {
        reason_set(reason, "%.200s: no trace (*.trace) is below this folder", folder);
        return false;
    }
    path_list_sort(&result->traces);
    for (size_t i = 0; i < result->traces.count; i++)
        if (!read_trace(result, result->traces.paths[i], reason)) return false;
    struct subject *subject = subject_traces(folder);
    snprintf(result->name, sizeof result->name, "%s", subject->name);
    subject_free(subject);
    return true;
}

void host_result_free(struct host_result *result) {
    path_list_free(&result->traces);
    fact_list_free(&result->facts);
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

static bool write_file(const char *path, const char *bytes, size_t length, struct reason *reason) {
    if (file_write(path, bytes, length)) return true;
    reason_set(reason, "%.200s cannot be written: %s", path, strerror(errno));
    return false;
}

static bool write_facts(const struct host_result *result, const char *folder, struct reason *reason) {
    char path[FOLDER_PATH_MAX * 8];
    struct text text = { 0 };
    text_add(&text, "# What the host said of itself.\n");
    for (uint32_t i = 0; i < result->facts.count; i++)
        text_add(&text, "%-20s %s\n", result->facts.facts[i].key, result->facts.facts[i].value);
    snprintf(path, sizeof path, "%s/facts", folder);
    bool good = write_file(path, text.bytes, text.length, reason);
    text_free(&text);
    return good;
}

/* `associate/after-bind[tcp.v4]` of FOLDER/associate/after-bind[tcp.v4].trace. */
static void id_of(const struct host_result *result, const char *path, char id[FOLDER_PATH_MAX]) {
    const char *below = path + strlen(result->folder) + 1;
    snprintf(id, FOLDER_PATH_MAX, "%.*s", (int)(strlen(below) - strlen(".trace")), below);
}

/* Has the other host's trace the same words? */
static bool is_same(const char *tree, const char *like, const char *id, uint64_t hash) {
    char path[FOLDER_PATH_MAX * 8];
    size_t length = 0;
    snprintf(path, sizeof path, "%s/hosts/%s/traces/%s.trace", tree, like, id);
    char *bytes = file_read(path, FILE_BYTES_MAX, &length);
    bool same = bytes != NULL && trace_words_hash(bytes, length) == hash;
    free(bytes);
    return same;
}

/* What was recorded before goes; who looks meanwhile sees fewer traces, never a wrong one. */
static void remove_traces(const char *folder) {
    static const char *const endings[] = { ".trace", ".traces", "same" };
    char trouble[FOLDER_PATH_MAX];
    for (unsigned i = 0; i < 3 && path_kind_of(folder) == PATH_FOLDER; i++) {
        struct path_list list = { 0 };
        if (folder_find(folder, endings[i], &list, trouble))
            for (size_t k = 0; k < list.count; k++) remove(list.paths[k]);
        path_list_free(&list);
    }
}

/* What is written, while it is put together. */
struct shelving {
    const struct host_result *result;
    const char *tree, *like, *folder;
    char theme[FOLDER_PATH_MAX]; /* of `traces`; "" before the first */
    struct text traces;          /* a theme's own ones, one after the other */
    struct text same;
    unsigned same_count;
};

/* The theme's own traces as one file: a folder of hundreds of small ones is no one's to read. */
static bool write_theme(struct shelving *shelving, struct reason *reason) {
    char path[FOLDER_PATH_MAX * 8];
    snprintf(path, sizeof path, "%s/%s.traces", shelving->folder, shelving->theme);
    bool good =
        shelving->traces.length == 0 || write_file(path, shelving->traces.bytes, shelving->traces.length, reason);
    text_free(&shelving->traces);
    return good;
}

static const char *next_line(const char *line) {
    line += strcspn(line, "\n");
    return *line == '\n' ? line + 1 : line;
}

/* A line of a head as key and value. */
struct head_line {
    char key[64], value[256];
};

static bool read_line(const char *line, struct head_line *read) {
    char text[512];
    size_t length = strcspn(line, "\n");
    if (length >= sizeof text) return false;
    snprintf(text, sizeof text, "%.*s", (int)length, line);
    return sscanf(text, " %63s %255[^\r]", read->key, read->value) == 2;
}

/* The next fact of this key from `from` on; the count of all when there is none. */
static uint32_t next_fact(const struct fact_list *facts, const char *key, uint32_t from) {
    while (from < facts->count && strcmp(facts->facts[from].key, key) != 0) from++;
    return from;
}

/* Are all that the head says under this key, such as a range for each protocol, the facts that all traces share? */
static bool is_shared_key(const struct host_result *result, const char *bytes, const char *steps, const char *key) {
    const struct fact_list *facts = &result->facts;
    struct head_line line;
    uint32_t at = next_fact(facts, key, 0);
    for (; bytes < steps; bytes = next_line(bytes)) {
        if (!read_line(bytes, &line) || strcmp(line.key, key) != 0) continue;
        if (at == facts->count || strcmp(facts->facts[at].value, line.value) != 0) return false;
        at = next_fact(facts, key, at + 1);
    }
    return at == facts->count;
}

/* The trace without what stands in `facts`. */
static void add_trace(const struct host_result *result, const char *bytes, struct text *out) {
    const char *steps = strstr(bytes, "\n\n");
    struct head_line read;
    for (const char *line = bytes; *line != '\0';) {
        const char *next = next_line(line);
        bool head = steps != NULL && line < steps && read_line(line, &read);
        if (!head || !is_shared_key(result, bytes, steps, read.key)) text_add_bytes(out, line, (size_t)(next - line));
        line = next;
    }
}

/* One trace: its theme's, or a line of `same`. The first is always the host's own, since the host is named by it. */
static bool shelve(struct shelving *shelving, size_t index, struct reason *reason) {
    char id[FOLDER_PATH_MAX];
    const char *path = shelving->result->traces.paths[index];
    size_t length = 0;
    char *bytes = file_read(path, FILE_BYTES_MAX, &length);
    if (bytes == NULL) {
        reason_set(reason, "%.200s cannot be read", path);
        return false;
    }
    bool good = true;
    uint64_t hash = trace_words_hash(bytes, length);
    id_of(shelving->result, path, id);
    size_t theme_length = strrchr(id, '/') == NULL ? 0 : (size_t)(strrchr(id, '/') - id);
    bool other_theme = strlen(shelving->theme) != theme_length || memcmp(shelving->theme, id, theme_length) != 0;
    if (other_theme) {
        good = write_theme(shelving, reason);
        snprintf(shelving->theme, sizeof shelving->theme, "%.*s", (int)theme_length, id);
    }
    if (shelving->like != NULL && index > 0 && is_same(shelving->tree, shelving->like, id, hash)) {
        text_add(&shelving->same, "%s %016" PRIx64 "\n", id, hash);
        shelving->same_count++;
    } else {
        if (shelving->traces.length > 0) text_add(&shelving->traces, "\n");
        add_trace(shelving->result, bytes, &shelving->traces);
    }
    free(bytes);
    return good;
}

static int compare_lines(const void *one, const void *other) {
    const char *a = *(char *const *)one, *b = *(char *const *)other;
    size_t length = strcspn(a, " "), other_length = strcspn(b, " ");
    int order = memcmp(a, b, length < other_length ? length : other_length);
    return order != 0 ? order : length < other_length ? -1 : length > other_length;
}

/* Ids in order, whatever the order of paths with their endings. */
static bool write_same(char *lines, const char *like, const char *folder, struct reason *reason) {
    char path[FOLDER_PATH_MAX * 8];
    struct path_list list = { 0 };
    struct text text = { 0 };
    for (char *line = strtok(lines, "\n"); line != NULL; line = strtok(NULL, "\n")) path_list_add(&list, line);
    if (list.count > 0) qsort(list.paths, list.count, sizeof *list.paths, compare_lines);
    text_add(&text, "# What this host answered word for word as the other did, with a hash of those words.\nlike %s\n",
             like);
    for (size_t i = 0; i < list.count; i++) text_add(&text, "%s\n", list.paths[i]);
    snprintf(path, sizeof path, "%s/same", folder);
    bool good = write_file(path, text.bytes, text.length, reason);
    text_free(&text);
    path_list_free(&list);
    return good;
}

bool host_folder_write(const struct host_result *result, const char *tree, const char *like, unsigned *same_count,
                       struct reason *reason) {
    char folder[FOLDER_PATH_MAX * 4];
    struct shelving shelving = { .result = result, .tree = tree, .like = like, .folder = folder };
    snprintf(folder, sizeof folder, "%s/hosts/%s", tree, result->name);
    bool good = write_facts(result, folder, reason);
    snprintf(folder, sizeof folder, "%s/hosts/%s/traces", tree, result->name);
    if (good) remove_traces(folder);
    for (size_t i = 0; good && i < result->traces.count; i++) good = shelve(&shelving, i, reason);
    good = good && write_theme(&shelving, reason);
    text_add(&shelving.same, "%s", "");
    if (good && like != NULL) good = write_same(shelving.same.bytes, like, folder, reason);
    *same_count = shelving.same_count;
    text_free(&shelving.traces);
    text_free(&shelving.same);
    return good;
}

/* --- contradictions ----------------------------------------------------------------------------------------------- */

/* The words of a line: without live values. */
static size_t words_length(const char *line) {
    size_t length = strcspn(line, "\r\n");
    const char *live = strstr(line, "#~");
    if (live != NULL && (size_t)(live - line) < length) length = (size_t)(live - line);
    while (length > 0 && line[length - 1] == ' ') length--;
    return length;
}

static const char *steps_of(const char *bytes) {
    const char *below = strstr(bytes, "\n\n");
    return below == NULL ? "" : below + 2;
}

/* The first line with other words. */
static bool add_first_difference(const char *id, const char *other_name, const char *one, const char *other,
                                 struct text *out) {
    for (one = steps_of(one), other = steps_of(other); *one != '\0' && *other != '\0';
         one = next_line(one), other = next_line(other)) {
        size_t length = words_length(one), other_length = words_length(other);
        if (length == other_length && memcmp(one, other, length) == 0) continue;
        text_add(out, "  %s\n    here  %.*s\n    %s  %.*s\n", id, (int)length, one, other_name, (int)other_length,
                 other);
        return true;
    }
    return false;
}

static bool is_same_system(const struct host_result *result, const struct subject *other) {
    static const char *const keys[] = { "host", "build", "wine", "product", "elevation" };
    bool same = true;
    for (unsigned i = 0; i < sizeof keys / sizeof keys[0]; i++)
        same &= same_text(fact_list_value(&result->facts, keys[i]), fact_list_value(&other->facts, keys[i]));
    return same;
}

static unsigned compare_with(const struct host_result *result, const char *name, const char *folder, struct text *out) {
    unsigned count = 0;
    struct trace_shelf shelf = { .arena = NULL };
    struct reason ignored;
    bool open = trace_shelf_open(&shelf, folder, &ignored);
    for (size_t i = 0; open && i < result->traces.count; i++) {
        char id[FOLDER_PATH_MAX], path[FOLDER_PATH_MAX];
        size_t length = 0;
        id_of(result, result->traces.paths[i], id);
        char *other = trace_shelf_read(&shelf, id, path, &length, &ignored);
        char *one = file_read(result->traces.paths[i], FILE_BYTES_MAX, &length);
        if (one != NULL && other != NULL) count += add_first_difference(id, name, one, other, out);
        free(one);
        free(other);
    }
    trace_shelf_free(&shelf);
    return count;
}

unsigned host_folder_contradictions(const struct host_result *result, const char *tree, struct text *out) {
    char path[FOLDER_PATH_MAX * 8];
    struct path_list hosts = { 0 };
    unsigned count = 0;
    snprintf(path, sizeof path, "%s/hosts", tree);
    folder_children(path, &hosts);
    for (size_t i = 0; i < hosts.count; i++) {
        snprintf(path, sizeof path, "%s/hosts/%s/traces", tree, hosts.paths[i]);
        if (path_kind_of(path) != PATH_FOLDER) continue;
        struct subject *other = subject_traces(path);
        if (is_same_system(result, other)) count += compare_with(result, hosts.paths[i], path, out);
        subject_free(other);
    }
    path_list_free(&hosts);
    return count;
}
