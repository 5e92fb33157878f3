#include <windows.h>

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "reports/formats/environment.h"

static const char *processor_name(WORD architecture) {
    switch (architecture) {
    case PROCESSOR_ARCHITECTURE_AMD64: return "x86_64";
    case PROCESSOR_ARCHITECTURE_INTEL: return "x86";
    case 12 /* PROCESSOR_ARCHITECTURE_ARM64 */: return "arm64";
    default: return "unknown";
    }
}

void environment_find_system(struct environment *environment) {
    typedef LONG(NTAPI * version_function)(OSVERSIONINFOW *);
    OSVERSIONINFOW version = { .dwOSVersionInfoSize = sizeof version };
    SYSTEM_INFO information;
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    assert(environment != NULL && ntdll != NULL);
    FARPROC address =
        GetProcAddress(ntdll, "RtlGetVersion"); /* GetVersionEx tells each program what it wants to hear */
    version_function get_version;
    memcpy(&get_version, &address, sizeof get_version);
    if (get_version != NULL) get_version(&version);
    snprintf(environment->system, sizeof environment->system, "Windows %lu.%lu.%lu", version.dwMajorVersion,
             version.dwMinorVersion, version.dwBuildNumber);
    GetNativeSystemInfo(&information);
    snprintf(environment->machine, sizeof environment->machine, "%s",
             processor_name(information.wProcessorArchitecture));
}

uint64_t environment_clock_us(void) {
    LARGE_INTEGER now, frequency;
    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&frequency);
    uint64_t ticks = (uint64_t)now.QuadPart, each = (uint64_t)frequency.QuadPart;
    return ticks / each * 1000000 + ticks % each * 1000000 / each;
}
