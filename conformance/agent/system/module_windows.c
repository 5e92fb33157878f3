#include "conformance/agent/system/windows_headers.h"

#include "conformance/agent/system/module.h"

#include <assert.h>
#include <string.h>

#include "conformance/base/wide_path.h"

static bool is_full(const char *path) {
    bool drive = path[0] != '\0' && path[1] == ':' && (path[2] == '\\' || path[2] == '/');
    return drive || (path[0] == '\\' && path[1] == '\\');
}

/* Its own folder is looked in for what it needs, and the system's; no current folder and no PATH. */
struct module *module_load(const char *path, struct reason *reason) {
    wchar_t wide[FOLDER_PATH_MAX];
    if (!is_full(path)) {
        reason_set(reason, "%.180s: a provider is loaded by its full path only, such as C:\\providers\\mine.dll", path);
        return NULL;
    }
    if (!wide_path(path, wide)) {
        reason_set(reason, "%.180s: such a path cannot be had", path);
        return NULL;
    }
    HMODULE handle = LoadLibraryExW(wide, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (handle == NULL) reason_set(reason, "%.160s: it cannot be loaded: error %lu", path, GetLastError());
    return (struct module *)handle;
}

void module_find(struct module *module, const char *name, void *pointer, size_t pointer_bytes) {
    FARPROC address = GetProcAddress((HMODULE)module, name);
    assert(pointer_bytes == sizeof address);
    memcpy(pointer, &address, sizeof address);
}
