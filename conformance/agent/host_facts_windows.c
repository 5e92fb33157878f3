#include "conformance/agent/system/windows_headers.h"

#include "conformance/agent/host_facts.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static void find_version(struct host_facts *facts) {
    typedef LONG(NTAPI * version_function)(OSVERSIONINFOW *);
    typedef const char *(CDECL * wine_function)(void);
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    assert(ntdll != NULL);
    FARPROC address =
        GetProcAddress(ntdll, "RtlGetVersion"); /* GetVersionEx tells each program what it wants to hear */
    version_function get_version;
    memcpy(&get_version, &address, sizeof get_version);
    OSVERSIONINFOEXW version = { .dwOSVersionInfoSize = sizeof version };
    if (get_version != NULL && get_version((OSVERSIONINFOW *)&version) == 0) {
        static const char *const products[] = { NULL, "workstation", "domain-controller", "server" };
        facts->major = version.dwMajorVersion;
        facts->minor = version.dwMinorVersion;
        facts->build = version.dwBuildNumber;
        if (version.wProductType < sizeof products / sizeof products[0])
            facts->product = products[version.wProductType];
    }
    address = GetProcAddress(ntdll, "wine_get_version");
    wine_function wine_version;
    memcpy(&wine_version, &address, sizeof wine_version);
    facts->is_wine = wine_version != NULL;
    if (facts->is_wine) snprintf(facts->wine_version, sizeof facts->wine_version, "%s", wine_version());
}

static const char *architecture_name(USHORT machine) {
    switch (machine) {
    case IMAGE_FILE_MACHINE_AMD64: return "x64";
    case IMAGE_FILE_MACHINE_ARM64: return "arm64";
    case IMAGE_FILE_MACHINE_I386: return "x86";
    default: return NULL;
    }
}

/* What the machine is, Windows says since Windows 10 only: before, it was never another one than a 64-bit program's. */
static void find_architectures(struct host_facts *facts) {
    typedef BOOL(WINAPI * wow64_function)(HANDLE, USHORT *, USHORT *);
    FARPROC address = GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "IsWow64Process2");
    USHORT process = 0, native = 0;
    wow64_function ask;
    memcpy(&ask, &address, sizeof ask);
    facts->architecture = facts->native_architecture = "x64";
    if (ask != NULL && ask(GetCurrentProcess(), &process, &native))
        facts->native_architecture = architecture_name(native);
}

static void find_language(struct host_facts *facts) {
    wchar_t name[LOCALE_NAME_MAX_LENGTH];
    facts->oem_page = GetOEMCP();
    facts->ansi_page = GetACP();
    if (LCIDToLocaleName(MAKELCID(GetUserDefaultUILanguage(), SORT_DEFAULT), name, LOCALE_NAME_MAX_LENGTH, 0) == 0)
        return;
    WideCharToMultiByte(CP_UTF8, 0, name, -1, facts->ui_language, sizeof facts->ui_language, NULL, NULL);
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

/* Below this prefix Wine has the files of the system that it runs on. On another system than Linux this one is not
 * there, and the range stays unknown. */
static void find_range_of_kernel(struct host_facts *facts) {
    static const wchar_t path[] = L"\\\\?\\unix\\proc\\sys\\net\\ipv4\\ip_local_port_range";
    char text[64];
    DWORD length = 0;
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return;
    if (ReadFile(file, text, sizeof text, &length, NULL)) host_facts_take_kernel_range(facts, text, length);
    CloseHandle(file);
}

void host_facts_find(struct host_facts *facts) {
    find_version(facts);
    find_elevation(facts);
    find_architectures(facts);
    find_language(facts);
    facts->system = facts->is_wine ? "wine" : "windows";
    facts->has_netsh = !facts->is_wine;
    if (facts->is_wine) find_range_of_kernel(facts);
}
