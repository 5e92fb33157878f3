#include "conformance/agent/system/windows_headers.h"

#include "conformance/agent/system/process.h"

#include <fcntl.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>

uint32_t process_id(void) { return GetCurrentProcessId(); }

uint64_t process_started_ms(void) {
    FILETIME started, ended, kernel, user;
    const uint64_t ms_from_1601_to_1970 = UINT64_C(11644473600000);
    GetProcessTimes(GetCurrentProcess(), &started, &ended, &kernel, &user);
    return ((uint64_t)started.dwHighDateTime << 32 | started.dwLowDateTime) / 10000 - ms_from_1601_to_1970;
}

static void add_name(char word[MACHINE_WORD_MAX + 1]) {
    wchar_t name[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD size = MAX_COMPUTERNAME_LENGTH + 1;
    size_t used = strlen(word);
    if (!GetComputerNameW(name, &size) || used + 1 + size > MACHINE_WORD_MAX) return;
    word[used++] = '/';
    for (DWORD i = 0; i < size; i++) word[used++] = name[i] > ' ' && name[i] <= '~' ? (char)name[i] : '?';
    word[used] = '\0';
}

/* Made when Windows was installed. A 32-bit view of the registry has none. */
void process_machine(char word[MACHINE_WORD_MAX + 1]) {
    HKEY key = NULL;
    DWORD length = MACHINE_WORD_MAX, type = 0;
    LONG status =
        RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"SOFTWARE\\Microsoft\\Cryptography", 0, KEY_READ | KEY_WOW64_64KEY, &key);
    memset(word, 0, MACHINE_WORD_MAX + 1);
    if (status == ERROR_SUCCESS) status = RegQueryValueExA(key, "MachineGuid", NULL, &type, (BYTE *)word, &length);
    if (key != NULL) RegCloseKey(key);
    for (char *at = word; *at != '\0'; at++)
        if (*at <= ' ' || *at > '~') status = ERROR_INVALID_DATA;
    if (status != ERROR_SUCCESS || type != REG_SZ || word[0] == '\0') strcpy(word, "unknown");
    add_name(word);
}

_Noreturn void process_end(int status) {
    TerminateProcess(GetCurrentProcess(), (UINT)status);
    abort(); /* it does not come to that */
}

void process_may_die(void) {}

static void (*on_interrupt)(void);

static BOOL WINAPI interrupted(DWORD event) {
    (void)event;
    on_interrupt();
    return FALSE;
}

void process_on_interrupt(void (*act)(void)) {
    on_interrupt = act;
    SetConsoleCtrlHandler(interrupted, TRUE);
}
