#include "conformance/base/bundle.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/number.h"
#include "conformance/base/text.h"

static const char head[] = "reservoir result 1\n";
static const char mark[] = "== ";

/* --- packing ------------------------------------------------------------------------------------------------------ */

static bool add_file(struct text *out, const char *folder, const char *path, struct reason *reason) {
    size_t length = 0;
    char *bytes = file_read(path, BUNDLE_FILE_BYTES_MAX, &length);
    if (bytes == NULL) {
        reason_set(reason, "%.200s cannot be read", path);
        return false;
    }
    text_add(out, "%s%s %lu\n", mark, path + strlen(folder) + 1, (unsigned long)length);
    text_add_bytes(out, bytes, length);
    if (length > 0 && bytes[length - 1] != '\n') text_add(out, "\n");
    free(bytes);
    return true;
}

bool bundle_write(const char *folder, const char *const *endings, const char *file, struct reason *reason) {
    char trouble[FOLDER_PATH_MAX];
    struct path_list list = { 0 };
    struct text out = { 0 };
    bool good = true;
    for (unsigned i = 0; good && endings[i] != NULL; i++) good = folder_find(folder, endings[i], &list, trouble);
    if (!good) reason_set(reason, "%.200s cannot be read", trouble);
    else if (list.count == 0)
        reason_set(reason, "%.200s: there is nothing below this folder that could be packed", folder);
    good = good && list.count > 0;
    path_list_sort(&list);
    text_add(&out, "%s", head);
    for (size_t i = 0; good && i < list.count; i++) good = add_file(&out, folder, list.paths[i], reason);
    text_add(&out, "%send %lu\n", mark, (unsigned long)list.count);
    if (good && !file_write(file, out.bytes, out.length)) {
        reason_set(reason, "%.200s cannot be written: %s", file, strerror(errno));
        good = false;
    }
    text_free(&out);
    path_list_free(&list);
    return good;
}

/* --- unpacking ---------------------------------------------------------------------------------------------------- */

bool bundle_is(const char *file) {
    char bytes[sizeof head] = "";
    FILE *stream = file_open(file, "rb");
    if (stream == NULL) return false;
    size_t length = fread(bytes, 1, sizeof head - 1, stream);
    fclose(stream);
    return length == sizeof head - 1 && memcmp(bytes, head, length) == 0;
}

/* No name may lead out of the folder, or mean something to a system or a terminal. */
static bool is_name(const char *name, size_t length) {
    if (length == 0 || length > 400 || name[0] == '/') return false;
    for (size_t i = 0; i < length; i++) {
        bool begins = i == 0 || name[i - 1] == '/';
        if (begins && (name[i] == '.' || name[i] == '/')) return false;
        if ((unsigned char)name[i] <= ' ' || (unsigned char)name[i] > '~' || strchr("\\:*?\"<>|", name[i]) != NULL)
            return false;
    }
    return name[length - 1] != '/';
}

/* What comes next in a bundle. */
struct bundle_entry {
    char name[FOLDER_PATH_MAX];
    const char *bytes;
    uint64_t length;
    bool is_end; /* `length` is how many files there were */
};

/* Takes the entry at *at. False: there is none. */
static bool take_entry(const char **at, const char *end, struct bundle_entry *entry) {
    const char *line_end = memchr(*at, '\n', (size_t)(end - *at));
    if (line_end == NULL || (size_t)(line_end - *at) < sizeof mark || memcmp(*at, mark, sizeof mark - 1) != 0)
        return false;
    const char *name = *at + sizeof mark - 1, *blank = memchr(name, ' ', (size_t)(line_end - name));
    if (blank == NULL || !is_name(name, (size_t)(blank - name))) return false;
    size_t digits = number_take(blank + 1, (size_t)(line_end - blank - 1), &entry->length);
    if (digits == 0 || blank + 1 + digits != line_end) return false;
    snprintf(entry->name, sizeof entry->name, "%.*s", (int)(blank - name), name);
    entry->bytes = *at = line_end + 1;
    entry->is_end = strcmp(entry->name, "end") == 0;
    if (entry->is_end) return *at == end;
    if (entry->length > (uint64_t)(end - *at)) return false;
    *at += entry->length;
    bool ends_line = entry->length == 0 || (*at)[-1] == '\n';
    if (!ends_line && (*at == end || **at != '\n')) return false;
    *at += !ends_line;
    return true;
}

static unsigned line_of(const char *bytes, const char *at) {
    unsigned line = 1;
    for (; bytes < at; bytes++) line += *bytes == '\n';
    return line;
}

/* Goes through all entries; writes them when there is a folder. */
static bool go_through(const char *file, const char *bytes, size_t length, const char *folder, struct reason *reason) {
    const char *at = bytes + sizeof head - 1, *end = bytes + length;
    struct bundle_entry entry = { .length = 0 };
    for (uint64_t count = 0;; count++) {
        const char *here = at;
        if (!take_entry(&at, end, &entry) || (entry.is_end && entry.length != count)) {
            reason_set(reason, "%.150s:%u: expected `== NAME BYTES` and so many bytes, and `== end COUNT` last", file,
                       line_of(bytes, here));
            return false;
        }
        char path[2 * FOLDER_PATH_MAX];
        if (entry.is_end) return true;
        snprintf(path, sizeof path, "%s/%s", folder == NULL ? "" : folder, entry.name);
        if (folder == NULL || file_write(path, entry.bytes, (size_t)entry.length)) continue;
        reason_set(reason, "%.200s cannot be written: %s", path, strerror(errno));
        return false;
    }
}

bool bundle_unpack(const char *file, const char *folder, struct reason *reason) {
    size_t length = 0;
    assert(folder != NULL);
    char *bytes = file_read(file, BUNDLE_BYTES_MAX, &length);
    bool good = bytes != NULL && length >= sizeof head - 1 && memcmp(bytes, head, sizeof head - 1) == 0;
    if (!good) reason_set(reason, "%.200s: it cannot be read, or does not begin with `reservoir result 1`", file);
    good = good && go_through(file, bytes, length, NULL, reason) && go_through(file, bytes, length, folder, reason);
    free(bytes);
    return good;
}
