#include "conformance/agent/system/windows_headers.h"

#include "conformance/agent/system/command.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { COMMAND_MAX = 512 };

/* The system's own program of that name. */
static bool find_program(const char *line, wchar_t program[MAX_PATH]) {
    int name_length = (int)strcspn(line, " ");
    UINT length = GetSystemDirectoryW(program, MAX_PATH);
    if (length == 0 || length >= MAX_PATH) return false;
    int added = swprintf(program + length, MAX_PATH - length, L"\\%.*hs.exe", name_length, line);
    return added > 0;
}

/* Starts it with its output going to `output`. NULL when it cannot be started. */
static HANDLE start_command(const char *line, HANDLE output) {
    wchar_t program[MAX_PATH], command[COMMAND_MAX]; /* CreateProcessW may write in it */
    if (strlen(line) >= COMMAND_MAX || !find_program(line, program)) return NULL;
    swprintf(command, COMMAND_MAX, L"%hs", line);
    STARTUPINFOW startup = { .cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES, .hStdOutput = output };
    startup.hStdError = output;
    PROCESS_INFORMATION process;
    if (!CreateProcessW(program, command, NULL, NULL, TRUE, CREATE_NO_WINDOW, NULL, NULL, &startup, &process)) return NULL;
    CloseHandle(process.hThread);
    return process.hProcess;
}

/* Reads until the writing end is closed, the text is full, or the time is over. */
static void read_text(HANDLE pipe, HANDLE process, char *text, DWORD size, uint32_t limit_ms) {
    DWORD used = 0;
    ULONGLONG until = GetTickCount64() + limit_ms;
    while (used < size - 1) {
        DWORD there = 0;
        if (!PeekNamedPipe(pipe, NULL, 0, NULL, &there, NULL)) break;
        if (there == 0) {
            if (GetTickCount64() > until) {
                TerminateProcess(process, 1);
                break;
            }
            Sleep(5);
            continue;
        }
        DWORD got = 0;
        if (!ReadFile(pipe, text + used, size - 1 - used, &got, NULL) || got == 0) break;
        used += got;
    }
    text[used] = '\0';
}

bool system_run(const char *line, char *text, size_t size, uint32_t limit_ms, uint32_t *status) {
    assert(size > 0);
    text[0] = '\0';
    SECURITY_ATTRIBUTES inheritable = { sizeof inheritable, NULL, TRUE };
    HANDLE reading = NULL, writing = NULL;
    bool ended = false;
    if (!CreatePipe(&reading, &writing, &inheritable, 0)) return false;
    SetHandleInformation(reading, HANDLE_FLAG_INHERIT, 0);
    HANDLE process = start_command(line, writing);
    CloseHandle(writing);
    if (process != NULL) {
        DWORD code = 0;
        read_text(reading, process, text, (DWORD)size, limit_ms);
        ended = WaitForSingleObject(process, limit_ms) == WAIT_OBJECT_0 && GetExitCodeProcess(process, &code);
        *status = code;
        CloseHandle(process);
    }
    CloseHandle(reading);
    return ended;
}

bool system_says(uint32_t error, char *text, size_t size) {
    wchar_t wide[512];
    DWORD flags = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS;
    DWORD length = FormatMessageW(flags, NULL, error, 0, wide, sizeof wide / sizeof wide[0], NULL);
    if (length == 0) return false;
    return WideCharToMultiByte(CP_OEMCP, 0, wide, -1, text, (int)size, NULL, NULL) > 0;
}
