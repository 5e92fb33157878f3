/* TEST PROGRAM. Runs a command on a console and presses Ctrl-C there as soon as a file exists: what a person does who
 * interrupts the agent at the keyboard.
 *
 *   interrupt.exe FILE COMMAND...
 *
 * Such an event goes to all programs of a console. So it first starts itself again on a console of its own without a
 * window, which needs no display either. (Ctrl-Break, which could go to one group of them alone, Wine 8.0 does not
 * know.) Exit status:
 * the command's; 125 when there is no way to press Ctrl-C here, 124 when the command did not end. */
#include <windows.h>

#include <shellapi.h>
#include <stdbool.h>
#include <stdio.h>
#include <wchar.h>

enum { STATUS_LATE = 124, STATUS_NO_EVENT = 125, FILE_LIMIT_MS = 20000, END_LIMIT_MS = 10000, LOOK_MS = 20 };

static const wchar_t has_console[] = L"RESERVOIR_INTERRUPT_CONSOLE";

/* The command line behind so many words. None of ours has a quoted blank. */
static wchar_t *behind_words(unsigned count) {
    wchar_t *at = GetCommandLineW();
    for (; count > 0; count--) {
        bool quoted = *at == L'"';
        if (quoted) at++;
        while (*at != L'\0' && *at != (quoted ? L'"' : L' ')) at++;
        if (quoted && *at != L'\0') at++;
        while (*at == L' ') at++;
    }
    return at;
}

/* Starts a command with our own three streams. */
static bool start(wchar_t *command, DWORD flags, PROCESS_INFORMATION *process) {
    STARTUPINFOW startup = { .cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES };
    startup.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
    startup.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    return CreateProcessW(NULL, command, NULL, NULL, TRUE, flags, NULL, NULL, &startup, process) != 0;
}

static int end_of(HANDLE process, DWORD limit_ms) {
    DWORD status = STATUS_LATE;
    if (WaitForSingleObject(process, limit_ms) == WAIT_OBJECT_0) GetExitCodeProcess(process, &status);
    else TerminateProcess(process, STATUS_LATE);
    return (int)status;
}

static void await_file(const wchar_t *path) {
    for (unsigned waited = 0; waited < FILE_LIMIT_MS && GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES;
         waited += LOOK_MS)
        Sleep(LOOK_MS);
}

/* We are on that console as well. */
static BOOL WINAPI ignore(DWORD event) { return event == CTRL_C_EVENT; }

int main(void) {
    int count = 0;
    PROCESS_INFORMATION process;
    wchar_t **words = CommandLineToArgvW(GetCommandLineW(), &count);
    if (words == NULL || count < 3) {
        fprintf(stderr, "usage: interrupt.exe FILE COMMAND...\n");
        return 2;
    }
    if (GetEnvironmentVariableW(has_console, NULL, 0) == 0) {
        SetEnvironmentVariableW(has_console, L"yes");
        return start(GetCommandLineW(), CREATE_NO_WINDOW, &process) ? end_of(process.hProcess, INFINITE)
                                                                    : STATUS_NO_EVENT;
    }
    SetConsoleCtrlHandler(ignore, TRUE);
    if (!start(behind_words(2), 0, &process)) return 2;
    await_file(words[1]);
    if (GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0)) return end_of(process.hProcess, END_LIMIT_MS);
    TerminateProcess(process.hProcess, STATUS_NO_EVENT);
    return STATUS_NO_EVENT;
}
