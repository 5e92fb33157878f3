#include "conformance/agent/system/windows_headers.h"

#include "conformance/agent/system/command.h"
#include "conformance/agent/system/threads.h"
#include "conformance/agent/system/written_text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
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

/* A program that runs. It ends with its job, and the job with the last handle to it: with us, however we end. */
struct running {
    HANDLE process, job;
};

static HANDLE job_that_ends_with_us(void) {
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
    memset(&limits, 0, sizeof limits);
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    HANDLE job = CreateJobObjectW(NULL, NULL);
    if (job != NULL) SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
    return job;
}

/* Starts it with its output going to `output`, the one handle that it inherits: what a scenario has open would stay
 * open in it. */
static bool start_command(const char *line, HANDLE output, struct running *running) {
    wchar_t program[MAX_PATH], command[COMMAND_MAX]; /* CreateProcessW may write in it */
    char storage[128];
    SIZE_T size = sizeof storage;
    STARTUPINFOEXW startup;
    PROCESS_INFORMATION process;
    const DWORD flags = EXTENDED_STARTUPINFO_PRESENT | CREATE_NO_WINDOW | CREATE_SUSPENDED;
    if (strlen(line) >= COMMAND_MAX || !find_program(line, program)) return false;
    swprintf(command, COMMAND_MAX, L"%hs", line);
    memset(&startup, 0, sizeof startup);
    startup.StartupInfo = (STARTUPINFOW){ .cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES, .hStdOutput = output };
    startup.StartupInfo.hStdError = output;
    startup.lpAttributeList = (LPPROC_THREAD_ATTRIBUTE_LIST)storage;
    if (!InitializeProcThreadAttributeList(startup.lpAttributeList, 1, 0, &size)) return false;
    bool started =
        UpdateProcThreadAttribute(startup.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, &output, sizeof output,
                                  NULL, NULL) &&
        CreateProcessW(program, command, NULL, NULL, TRUE, flags, NULL, NULL, &startup.StartupInfo, &process);
    DeleteProcThreadAttributeList(startup.lpAttributeList);
    if (!started) return false;
    running->process = process.hProcess;
    running->job = job_that_ends_with_us();
    if (running->job != NULL) AssignProcessToJobObject(running->job, process.hProcess);
    ResumeThread(process.hThread);
    CloseHandle(process.hThread);
    return true;
}

/* Reads until the writing end is closed, the text is full, or the time is over: then false, and the program is
 * ended. */
static bool read_text(HANDLE pipe, HANDLE process, char *text, DWORD size, uint32_t limit_ms, size_t *length) {
    DWORD used = 0;
    bool in_time = true;
    uint64_t until_ms = clock_ms() + limit_ms;
    while (used < size - 1 && in_time) {
        DWORD there = 0;
        if (!PeekNamedPipe(pipe, NULL, 0, NULL, &there, NULL)) break;
        if (there == 0) {
            in_time = clock_ms() <= until_ms;
            if (!in_time) TerminateProcess(process, 1);
            Sleep(5);
            continue;
        }
        DWORD got = 0;
        if (!ReadFile(pipe, text + used, size - 1 - used, &got, NULL) || got == 0) break;
        used += got;
    }
    *length = used;
    return in_time;
}

/* Programs write in the console's code page, some in UTF-8; ours is UTF-8. False: it does not fit, and is cut. */
static bool make_utf8(char *text, size_t size) {
    bool fits = true;
    int length = (int)strlen(text) + 1;
    wchar_t *wide = malloc(sizeof *wide * (size_t)length);
    assert(wide != NULL);
    bool is_utf8 = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, length, wide, length) > 0;
    if (!is_utf8 && MultiByteToWideChar(CP_OEMCP, 0, text, length, wide, length) > 0) {
        fits = WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, (int)size, NULL, NULL) > 0;
        if (!fits) text[size - 1] = '\0';
    }
    free(wide);
    return fits;
}

bool system_run(const char *line, char *text, size_t size, uint32_t limit_ms, struct system_end *end) {
    assert(size > 0);
    text[0] = '\0';
    SECURITY_ATTRIBUTES inheritable = { sizeof inheritable, NULL, TRUE };
    HANDLE reading = NULL, writing = NULL;
    struct running running = { NULL, NULL };
    bool ended = false;
    if (!CreatePipe(&reading, &writing, &inheritable, 0)) return false;
    SetHandleInformation(reading, HANDLE_FLAG_INHERIT, 0);
    bool started = start_command(line, writing, &running);
    CloseHandle(writing);
    if (started) {
        DWORD code = 0;
        size_t length = 0;
        bool encoded = false;
        bool in_time = read_text(reading, running.process, text, (DWORD)size, limit_ms, &length);
        bool room = written_text(text, length, size, &encoded);
        ended = WaitForSingleObject(running.process, limit_ms) == WAIT_OBJECT_0 &&
                GetExitCodeProcess(running.process, &code) && in_time;
        end->status = code;
        end->whole = (encoded || make_utf8(text, size)) && room && length < size - 1;
        if (running.job != NULL) CloseHandle(running.job);
        CloseHandle(running.process);
    }
    CloseHandle(reading);
    return ended;
}

/* There and back. False when the page lacks a character, and has none that is like it. */
static bool pass_through_page(wchar_t *wide, int room) {
    char bytes[1024];
    BOOL lost = FALSE;
    bool utf8 = GetOEMCP() == CP_UTF8; /* which lacks none */
    int length = WideCharToMultiByte(CP_OEMCP, 0, wide, -1, bytes, sizeof bytes, NULL, utf8 ? NULL : &lost);
    return length > 0 && !lost && MultiByteToWideChar(CP_OEMCP, 0, bytes, -1, wide, room) > 0;
}

bool system_says(uint32_t error, enum system_words kind, char *text, size_t size) {
    enum { ROOM = 512 };
    wchar_t wide[ROOM];
    DWORD flags = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS;
    DWORD language = kind == SYSTEM_WORDS_ENGLISH ? MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US) : 0;
    if (FormatMessageW(flags, NULL, error, language, wide, ROOM, NULL) == 0) return false;
    if (kind == SYSTEM_WORDS_IN_PAGE && !pass_through_page(wide, ROOM)) return false;
    return WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, (int)size, NULL, NULL) > 0;
}
