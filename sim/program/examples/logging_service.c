#include <winsock2.h>
#include <windows.h>
#include <ws2tcpip.h>
#include <mstcpip.h>
#include <stdio.h>
#include <stdarg.h>
#include <time.h>
#include <signal.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdbool.h>
#include <sys/types.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <io.h>
static HANDLE g_log = INVALID_HANDLE_VALUE;
static HANDLE g_stop;
static void Log(const char *fmt, ...) {
    char line[512];
    DWORD written;
    SYSTEMTIME st;
    va_list ap;
    int n;
    GetLocalTime(&st);
    n = _snprintf(line, sizeof(line), "[%02d] ", st.wMonth > 0 ? 0 : 1);
    va_start(ap, fmt);
    n += _vsnprintf(line + n, sizeof(line) - n, fmt, ap);
    va_end(ap);
    if (g_log != INVALID_HANDLE_VALUE)
        WriteFile(g_log, line, (DWORD)n, &written, NULL);
    OutputDebugStringA(line);
}
static BOOL WINAPI CtrlHandler(DWORD type) {
    if (type == CTRL_C_EVENT) {
        SetEvent(g_stop);
        return TRUE;
    }
    return FALSE;
}
static VOID CALLBACK OnTimer(PVOID ctx, BOOLEAN fired) {
    (void)fired;
    InterlockedIncrement((LONG *)ctx);
    SetEvent(g_stop);
}
static DWORD WINAPI Pool(LPVOID p) {
    InterlockedAdd((LONG volatile *)p, 5);
    return 0;
}
static VOID CALLBACK Work(PTP_CALLBACK_INSTANCE i, PVOID ctx, PTP_WORK w) {
    (void)i;
    (void)w;
    InterlockedIncrement((LONG *)ctx);
}
static void timers_and_pools(void) {
    LONG count = 0, sum = 0;
    LARGE_INTEGER due;
    PTP_WORK work;
    HANDLE queueTimer = NULL, timer, wt;
    CreateTimerQueueTimer(&queueTimer, NULL, OnTimer, &count, 50, 0, WT_EXECUTEONLYONCE);
    printf("wait %lu\n", WaitForSingleObject(g_stop, 1000));
    printf("timer %ld\n", count);
    DeleteTimerQueueTimer(NULL, queueTimer, INVALID_HANDLE_VALUE);
    timer = CreateWaitableTimer(NULL, TRUE, NULL);
    due.QuadPart = -10000LL * 20;
    SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE);
    printf("waitable %lu\n", WaitForSingleObject(timer, 1000));
    CloseHandle(timer);
    QueueUserWorkItem(Pool, &sum, WT_EXECUTEDEFAULT);
    work = CreateThreadpoolWork(Work, &sum, NULL);
    SubmitThreadpoolWork(work);
    WaitForThreadpoolWorkCallbacks(work, FALSE);
    CloseThreadpoolWork(work);
    Sleep(50);
    printf("sum %ld\n", sum);
    RegisterWaitForSingleObject(&wt, g_stop, OnTimer, &count, INFINITE, WT_EXECUTEONLYONCE);
    SetEvent(g_stop);
    Sleep(20);
    UnregisterWait(wt);
    printf("waited %ld\n", count);
}

int main(int argc, char *argv[]) {
    WSADATA wsa;
    LARGE_INTEGER f, a, b;
    FILETIME ft;
    ULARGE_INTEGER u;
    char path[MAX_PATH], text[64];
    DWORD n, attr;
    CONSOLE_SCREEN_BUFFER_INFO csbi;
    HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE);
    BOOL tty = GetConsoleScreenBufferInfo(out, &csbi);
    (void)argc;
    (void)argv;
    (void)tty;
    SetConsoleCtrlHandler(CtrlHandler, TRUE);
    SetConsoleTitleA("reserver");
    SetConsoleOutputCP(CP_UTF8);
    if (WSAStartup(MAKEWORD(2, 2), &wsa))
        return 1;
    g_stop = CreateEventA(NULL, FALSE, FALSE, NULL);
    GetTempPathA(sizeof path, path);
    strcat_s(path, sizeof path, "reserver-test.log");
    g_log = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS,
                        FILE_ATTRIBUTE_NORMAL, NULL);
    if (g_log == INVALID_HANDLE_VALUE) {
        printf("CreateFile %lu\n", GetLastError());
        return 2;
    }
    Log("started %d\n", 7);
    printf("log of %lu bytes\n", GetFileSize(g_log, NULL));
    SetFilePointer(g_log, 0, NULL, FILE_BEGIN);
    ReadFile(g_log, text, sizeof text, &n, NULL);
    printf("%.*s", (int)n, text);
    CloseHandle(g_log);
    attr = GetFileAttributesA(path);
    printf("there %d\n", attr != INVALID_FILE_ATTRIBUTES);
    DeleteFileA(path);
    QueryPerformanceFrequency(&f);
    QueryPerformanceCounter(&a);
    Sleep(100);
    QueryPerformanceCounter(&b);
    printf("slept at least 90 ms: %d\n", (b.QuadPart - a.QuadPart) * 1000 / f.QuadPart >= 90);
    GetSystemTimeAsFileTime(&ft);
    u.LowPart = ft.dwLowDateTime;
    u.HighPart = ft.dwHighDateTime;
    printf("time %d\n", u.QuadPart > 0);
    timers_and_pools();
    WriteConsoleA(out, "console\n", 8, &n, NULL);
    WriteFile(out, "file\n", 5, &n, NULL);
    WSACleanup();
    return 0;
}
