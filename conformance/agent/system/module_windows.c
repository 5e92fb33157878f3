#include "conformance/agent/system/windows_headers.h"

#include "conformance/agent/system/module.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "conformance/base/wide_path.h"

/* Looked up: a Windows 7 without its updates has no such function. What is loaded by its full path is not meant. */
void modules_of_the_system_only(void) {
    typedef BOOL(WINAPI * set_function)(DWORD);
    HMODULE kernel = GetModuleHandleW(L"kernel32.dll");
    FARPROC address = kernel == NULL ? NULL : GetProcAddress(kernel, "SetDefaultDllDirectories");
    set_function set = NULL;
    memcpy(&set, &address, sizeof set);
    if (set != NULL) set(LOAD_LIBRARY_SEARCH_SYSTEM32);
}

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

/* The slots of a library's import table that the loader filled, by name and DLL (the format of a PE file). */
static void redirect_slots(uint8_t *base, const IMAGE_IMPORT_DESCRIPTOR *import, const char *name, FARPROC function) {
    const IMAGE_THUNK_DATA *wanted = (const IMAGE_THUNK_DATA *)(void *)(base + import->OriginalFirstThunk);
    IMAGE_THUNK_DATA *slot = (IMAGE_THUNK_DATA *)(void *)(base + import->FirstThunk);
    for (; wanted->u1.AddressOfData != 0; wanted++, slot++) {
        DWORD before = 0;
        if (IMAGE_SNAP_BY_ORDINAL(wanted->u1.Ordinal)) continue;
        const IMAGE_IMPORT_BY_NAME *by_name = (const IMAGE_IMPORT_BY_NAME *)(void *)(base + wanted->u1.AddressOfData);
        if (strcmp((const char *)by_name->Name, name) != 0) continue;
        if (!VirtualProtect(slot, sizeof *slot, PAGE_READWRITE, &before)) continue;
        memcpy(&slot->u1.Function, &function, sizeof slot->u1.Function);
        VirtualProtect(slot, sizeof *slot, before, &before);
    }
}

void module_redirect(struct module *module, const char *from, const char *name, void (*function)(void)) {
    uint8_t *base = (uint8_t *)module;
    const IMAGE_DOS_HEADER *dos = (const IMAGE_DOS_HEADER *)(void *)base;
    const IMAGE_NT_HEADERS *head = (const IMAGE_NT_HEADERS *)(void *)(base + dos->e_lfanew);
    const IMAGE_DATA_DIRECTORY *imports = &head->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
    if (imports->VirtualAddress == 0) return;
    const IMAGE_IMPORT_DESCRIPTOR *import = (const IMAGE_IMPORT_DESCRIPTOR *)(void *)(base + imports->VirtualAddress);
    for (; import->Name != 0; import++)
        if (_stricmp((const char *)base + import->Name, from) == 0 && import->OriginalFirstThunk != 0)
            redirect_slots(base, import, name, (FARPROC)(void *)function);
}
