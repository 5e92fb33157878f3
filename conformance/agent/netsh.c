#include "conformance/agent/windows_headers.h"

#include "conformance/agent/netsh.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { NETSH_LIMIT_MS = 10000 };

/* Starts the system's own netsh with its output going to `output`. NULL when it cannot be started. */
static HANDLE start_command(wchar_t *command, HANDLE output) {
    assert(command != NULL);
    wchar_t program[MAX_PATH];
    UINT length = GetSystemDirectoryW(program, MAX_PATH);
    const wchar_t name[] = L"\\netsh.exe";
    if (length == 0 || length + sizeof name / sizeof name[0] > MAX_PATH) return NULL;
    memcpy(program + length, name, sizeof name);
    STARTUPINFOW startup = { .cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES, .hStdOutput = output };
    startup.hStdError = output;
    PROCESS_INFORMATION process;
    if (!CreateProcessW(program, command, NULL, NULL, TRUE, CREATE_NO_WINDOW, NULL, NULL, &startup, &process)) {
        return NULL;
    }
    CloseHandle(process.hThread);
    return process.hProcess;
}

/* Reads until the writing end is closed, the text is full, or the time is over. */
static void read_text(HANDLE pipe, HANDLE process, char *text, DWORD size) {
    DWORD used = 0;
    ULONGLONG until = GetTickCount64() + NETSH_LIMIT_MS;
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

/* The output of a command, "" when it says nothing, and its exit status. False when it cannot be run or does not end. */
static bool run_command(wchar_t *command, char *text, DWORD size, DWORD *status) {
    assert(size > 0);
    text[0] = '\0';
    SECURITY_ATTRIBUTES inheritable = { sizeof inheritable, NULL, TRUE };
    HANDLE reading = NULL, writing = NULL;
    bool ended = false;
    if (!CreatePipe(&reading, &writing, &inheritable, 0)) return false;
    SetHandleInformation(reading, HANDLE_FLAG_INHERIT, 0);
    HANDLE process = start_command(command, writing);
    CloseHandle(writing);
    if (process != NULL) {
        read_text(reading, process, text, size);
        ended = WaitForSingleObject(process, NETSH_LIMIT_MS) == WAIT_OBJECT_0 && GetExitCodeProcess(process, status);
        CloseHandle(process);
    }
    CloseHandle(reading);
    return ended;
}

bool netsh_dynamic_range(enum transport transport, uint32_t *first, uint32_t *last) {
    wchar_t tcp[] = L"netsh int ipv4 show dynamicport tcp", udp[] = L"netsh int ipv4 show dynamicport udp";
    char text[NETSH_TEXT_MAX];
    DWORD status = 0;
    run_command(transport == TRANSPORT_TCP ? tcp : udp, text, sizeof text, &status);
    return netsh_read_dynamic_range(text, first, last);
}

bool netsh_exclusions(enum transport transport, enum netsh_store store, struct host_exclusion *out, unsigned room, unsigned *count) {
    wchar_t command[96]; /* CreateProcessW may write in it */
    char text[NETSH_TEXT_MAX];
    DWORD status = 0;
    swprintf(command, sizeof command / sizeof command[0], L"netsh int ipv4 show excludedportrange protocol=%ls store=%ls",
             transport == TRANSPORT_TCP ? L"tcp" : L"udp", store == NETSH_ACTIVE ? L"active" : L"persistent");
    run_command(command, text, sizeof text, &status);
    return netsh_read_exclusions(text, transport, out, room, count);
}

bool netsh_change(const char *verb, enum transport transport, unsigned first, unsigned count, const char *store, char *said,
                  bool *succeeded) {
    wchar_t command[160]; /* CreateProcessW may write in it */
    DWORD status = 0;
    swprintf(command, sizeof command / sizeof command[0],
             L"netsh int ipv4 %hs excludedportrange protocol=%hs startport=%u numberofports=%u store=%hs", verb,
             transport == TRANSPORT_TCP ? "tcp" : "udp", first, count, store);
    bool ended = run_command(command, said, NETSH_TEXT_MAX, &status);
    *succeeded = status == 0;
    return ended;
}
