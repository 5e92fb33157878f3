#include "conformance/agent/system/windows_headers.h"

#include "conformance/agent/host_facts.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static void find_version(struct host_facts *facts) {
    typedef LONG(NTAPI *version_function)(OSVERSIONINFOW *);
    typedef const char *(CDECL *wine_function)(void);
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    assert(ntdll != NULL);
    FARPROC address = GetProcAddress(ntdll, "RtlGetVersion"); /* GetVersionEx tells each program what it wants to hear */
    version_function get_version;
    memcpy(&get_version, &address, sizeof get_version);
    OSVERSIONINFOW version = { .dwOSVersionInfoSize = sizeof version };
    if (get_version != NULL && get_version(&version) == 0) {
        facts->major = version.dwMajorVersion;
        facts->minor = version.dwMinorVersion;
        facts->build = version.dwBuildNumber;
    }
    address = GetProcAddress(ntdll, "wine_get_version");
    wine_function wine_version;
    memcpy(&wine_version, &address, sizeof wine_version);
    facts->is_wine = wine_version != NULL;
    if (facts->is_wine) snprintf(facts->wine_version, sizeof facts->wine_version, "%s", wine_version());
}

static void find_elevation(struct host_facts *facts) {
    HANDLE token = NULL;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return;
    TOKEN_ELEVATION elevation = { 0 };
    DWORD length = 0;
    if (GetTokenInformation(token, TokenElevation, &elevation, sizeof elevation, &length)) {
        facts->elevated = elevation.TokenIsElevated != 0;
    }
    CloseHandle(token);
}

void host_facts_find(struct host_facts *facts) {
    find_version(facts);
    find_elevation(facts);
    facts->system = facts->is_wine ? "wine" : "windows";
    facts->has_netsh = !facts->is_wine;
}

bool host_facts_uac_is(const char *setting, uint64_t wanted) {
    assert(setting != NULL);
    HKEY key = NULL;
    const wchar_t *path = L"SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System";
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_READ, &key) != ERROR_SUCCESS) return false;
    DWORD value = 0, length = sizeof value, type = 0;
    LONG status = RegQueryValueExA(key, setting, NULL, &type, (BYTE *)&value, &length);
    RegCloseKey(key);
    return status == ERROR_SUCCESS && type == REG_DWORD && value == wanted;
}
