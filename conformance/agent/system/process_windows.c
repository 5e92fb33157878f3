#include "conformance/agent/system/windows_headers.h"

#include "conformance/agent/system/process.h"

#include <assert.h>
#include <fcntl.h>
#include <io.h>
#include <shellapi.h>
#include <stdlib.h>
#include <string.h>

static bool narrow(const wchar_t *text, char out[PATH_BYTES_MAX]) {
    return WideCharToMultiByte(CP_UTF8, 0, text, -1, out, PATH_BYTES_MAX, NULL, NULL) != 0;
}

uint32_t process_id(void) { return GetCurrentProcessId(); }

uint64_t process_started_ms(void) {
    FILETIME started, ended, kernel, user;
    const uint64_t ms_from_1601_to_1970 = UINT64_C(11644473600000);
    GetProcessTimes(GetCurrentProcess(), &started, &ended, &kernel, &user);
    return ((uint64_t)started.dwHighDateTime << 32 | started.dwLowDateTime) / 10000 - ms_from_1601_to_1970;
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
}

bool process_program(char path[PATH_BYTES_MAX]) {
    wchar_t program[PATH_BYTES_MAX / 4];
    DWORD length = GetModuleFileNameW(NULL, program, PATH_BYTES_MAX / 4);
    return length > 0 && length < PATH_BYTES_MAX / 4 && narrow(program, path);
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

char **process_words(int main_count, char **main_words, int *count) {
    (void)main_count, (void)main_words; /* in a code page that may lack what they say */
    wchar_t **wide = CommandLineToArgvW(GetCommandLineW(), count);
    if (wide == NULL) return NULL;
    char **words = calloc((size_t)*count + 1, sizeof *words);
    assert(words != NULL);
    for (int i = 0; i < *count; i++) {
        int size = WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, NULL, 0, NULL, NULL);
        words[i] = calloc((size_t)size + 1, 1);
        assert(words[i] != NULL);
        WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, words[i], size, NULL, NULL);
    }
    LocalFree(wide);
    return words;
}
