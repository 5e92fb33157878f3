#include "conformance/agent/system/windows_headers.h"

#include "conformance/agent/system/registry.h"

bool registry_is_there(void) { return true; }

bool registry_number(enum registry_key key, const char *name, uint32_t *value) {
    static const wchar_t *const paths[] = {
        [REGISTRY_VERSION] = L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion",
        [REGISTRY_UAC] = L"SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System",
    };
    HKEY opened = NULL;
    DWORD number = 0, length = sizeof number, type = 0;
    LONG status = RegOpenKeyExW(HKEY_LOCAL_MACHINE, paths[key], 0, KEY_READ | KEY_WOW64_64KEY, &opened);
    if (status != ERROR_SUCCESS) return false;
    status = RegQueryValueExA(opened, name, NULL, &type, (BYTE *)&number, &length);
    RegCloseKey(opened);
    if (status != ERROR_SUCCESS || type != REG_DWORD || length != sizeof number) return false;
    *value = number;
    return true;
}
