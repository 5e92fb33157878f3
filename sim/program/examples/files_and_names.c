/* A tool that looks after old logs: its command line, its environment, its own name and the machine's, files by their
 * names, and a list that its threads share. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <shellapi.h>

static void command_line(void)
{
    static const WCHAR line[] = L"\"C:\\a b\\tool.exe\" plain \"with space\" a\\\\b \"c\\\\\" d\\\"e \"\" last";
    int count = 0, i;
    LPWSTR *words = CommandLineToArgvW(line, &count);
    for (i = 0; i < count; i++) wprintf(L"[%ls]", words[i]);
    wprintf(L"\n");
    LocalFree(words);
    words = CommandLineToArgvW(GetCommandLineW(), &count);
    printf("own arguments: %d, %ls, %ls\n", count - 1, count > 1 ? words[1] : L"", count > 2 ? words[2] : L"");
    LocalFree(words);
}

static void environment(void)
{
    char text[64];
    LPWCH block, at;
    DWORD length, variables = 0;
    SetLastError(0);
    length = GetEnvironmentVariableA("NO_SUCH_THING", text, sizeof(text));
    printf("no variable: %lu, error %lu\n", length, GetLastError());
    SetEnvironmentVariableW(L"TOOL_MODE", L"fast");
    length = ExpandEnvironmentStringsA("%TOOL_MODE%er %NO_SUCH_THING%", text, sizeof(text));
    printf("%s, %lu\n", text, length);
    block = GetEnvironmentStringsW();
    for (at = block; *at != 0; at += lstrlenW(at) + 1)
        if (wcscmp(at, L"TOOL_MODE=fast") == 0) variables++;
    FreeEnvironmentStringsW(block);
    printf("in the block: %lu\n", variables);
}

static void names(void)
{
    char text[64];
    WCHAR wide[64];
    DWORD size = 3;
    BOOL done;
    OSVERSIONINFOA version;
    HANDLE process;
    done = GetComputerNameA(text, &size);
    printf("computer in 3: %d, error %lu, size %d\n", done, GetLastError(), size > 3);
    size = _countof(wide);
    done = GetComputerNameW(wide, &size);
    printf("computer: %d, length without the end: %d\n", done, size == (DWORD)lstrlenW(wide));
    size = sizeof(text);
    done = GetUserNameA(text, &size);
    printf("user: %d, length with the end: %d\n", done, size == strlen(text) + 1);
    version.dwOSVersionInfoSize = sizeof(version);
    done = GetVersionExA(&version);
    printf("version: %d, %lu.%lu, platform %lu\n", done, version.dwMajorVersion, version.dwMinorVersion,
           version.dwPlatformId);
    process = OpenProcess(SYNCHRONIZE, FALSE, GetCurrentProcessId());
    printf("own process: %d\n", process != NULL);
    CloseHandle(process);
    process = OpenProcess(SYNCHRONIZE, FALSE, 0);
    printf("process 0: %d, error %lu\n", process != NULL, GetLastError());
}

static void make_file(const char *name, const char *text)
{
    DWORD count;
    HANDLE file = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    WriteFile(file, text, (DWORD)strlen(text), &count, NULL);
    CloseHandle(file);
}

static void files(void)
{
    char folder[MAX_PATH], full[MAX_PATH], *name = NULL;
    WIN32_FIND_DATAW found;
    HANDLE search;
    BOOL done;
    GetTempPathA(sizeof(full), full);
    if (GetTempFileNameA(full, "tool", 0, folder) == 0) return;
    DeleteFileA(folder);
    CreateDirectoryA(folder, NULL);
    SetCurrentDirectoryA(folder);
    make_file("b.LOG", "second");
    make_file("a.log", "1");
    make_file("c.txt", "no log");
    search = FindFirstFileW(L"*.log", &found);
    if (search != INVALID_HANDLE_VALUE) {
        do wprintf(L"%ls of %lu bytes\n", found.cFileName, found.nFileSizeLow);
        while (FindNextFileW(search, &found));
        printf("then error %lu\n", GetLastError());
        FindClose(search);
    }
    search = FindFirstFileW(L"*.exe", &found);
    printf("none: %d, error %lu\n", search != INVALID_HANDLE_VALUE, GetLastError());
    done = CopyFileA("a.log", "b.LOG", TRUE);
    printf("copy over: %d, error %lu\n", done, GetLastError());
    done = MoveFileA("a.log", "b.LOG");
    printf("move over: %d, error %lu\n", done, GetLastError());
    done = MoveFileExA("a.log", "b.LOG", MOVEFILE_REPLACE_EXISTING);
    printf("move over it: %d, is there: %d\n", done, GetFileAttributesA("a.log") != INVALID_FILE_ATTRIBUTES);
    SetCurrentDirectoryA("..");
    done = RemoveDirectoryA(folder);
    printf("full folder: %d, error %lu\n", done, GetLastError());
    SetCurrentDirectoryA(folder);
    if (GetFullPathNameA("x\\y.txt", sizeof(full), full, &name) > 0) printf("name: %s\n", name);
    DeleteFileA("b.LOG"), DeleteFileA("c.txt");
    SetCurrentDirectoryA("..");
    printf("empty folder: %d\n", RemoveDirectoryA(folder));
}

static void list(void)
{
    PSLIST_HEADER head = (PSLIST_HEADER)_aligned_malloc(sizeof(SLIST_HEADER), MEMORY_ALLOCATION_ALIGNMENT);
    PSLIST_ENTRY entries = (PSLIST_ENTRY)_aligned_malloc(2 * sizeof(SLIST_ENTRY), MEMORY_ALLOCATION_ALIGNMENT);
    InitializeSListHead(head);
    printf("first: %d ", InterlockedPushEntrySList(head, &entries[0]) == NULL);
    printf("%d ", InterlockedPushEntrySList(head, &entries[1]) == &entries[0]);
    printf("depth %u ", QueryDepthSList(head));
    printf("last: %d ", InterlockedPopEntrySList(head) == &entries[1]);
    printf("rest: %d, ", InterlockedFlushSList(head) == &entries[0]);
    printf("depth %u\n", QueryDepthSList(head));
    _aligned_free(entries);
    _aligned_free(head);
}

static VOID CALLBACK work(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
    SetEventWhenCallbackReturns(instance, (HANDLE)context);
}

static VOID CALLBACK tick(PVOID context, BOOLEAN timed_out)
{
    *(int *)context += timed_out ? 1 : 0;
}

static void pool(void)
{
    int ticks = 0, after;
    HANDLE queue = CreateTimerQueue(), timer, event = CreateEventA(NULL, TRUE, FALSE, NULL);
    TrySubmitThreadpoolCallback(work, event, NULL);
    printf("after the callback: %lu\n", WaitForSingleObject(event, 1000));
    CreateTimerQueueTimer(&timer, queue, tick, &ticks, 10, 10, WT_EXECUTEDEFAULT);
    Sleep(55);
    DeleteTimerQueueEx(queue, INVALID_HANDLE_VALUE);
    after = ticks;
    Sleep(50);
    printf("ticks: %d, later: %d\n", after > 3, ticks - after);
    CloseHandle(event);
}

int main(int argc, char **argv)
{
    if (argc < 3 || strcmp(argv[1], "keep") != 0) return 2;
    command_line();
    environment();
    names();
    files();
    list();
    pool();
    return 0;
}
