#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <stdio.h>
static HANDLE stop;
static volatile LONG ran;
static BOOL WINAPI first(DWORD t)
{
    printf("first %lu\n", t);
    SetEvent(stop);
    return TRUE;
}
static BOOL WINAPI second(DWORD t)
{
    printf("second %lu\n", t);
    return FALSE;
}
static VOID CALLBACK work(PTP_CALLBACK_INSTANCE i, PVOID p, PTP_WORK w)
{
    (void)i;
    (void)w;
    Sleep(1);
    InterlockedIncrement((volatile LONG *)p);
}
static int order[20], orders;
static VOID CALLBACK serial(PTP_CALLBACK_INSTANCE i, PVOID p)
{
    (void)i;
    Sleep(20 - (int)(INT_PTR)p);
    order[orders++] = (int)(INT_PTR)p;
}
int main(void)
{
    BYTE sid[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof sid;
    BOOL member = 9;
    PTP_WORK w;
    PTP_POOL pool;
    TP_CALLBACK_ENVIRON env;
    int i, good = 1;
    timeBeginPeriod(1);
    stop = CreateEvent(NULL, TRUE, FALSE, NULL);
    SetConsoleCtrlHandler(first, TRUE);
    SetConsoleCtrlHandler(second, TRUE);
    GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, 0);
    printf("stopped %lu\n", WaitForSingleObject(stop, 1000));
    if (!CreateWellKnownSid(WinBuiltinAdministratorsSid, NULL, sid, &size))
        return 1;
    CheckTokenMembership(NULL, sid, &member);
    printf("administrator %d, %lu bytes\n", member, size);
    w = CreateThreadpoolWork(work, (PVOID)&ran, NULL);
    for (i = 0; i < 1000; i++)
        SubmitThreadpoolWork(w);
    WaitForThreadpoolWorkCallbacks(w, FALSE);
    CloseThreadpoolWork(w);
    printf("ran %ld\n", ran);
    InitializeThreadpoolEnvironment(&env);
    pool = CreateThreadpool(NULL);
    SetThreadpoolThreadMaximum(pool, 1);
    SetThreadpoolCallbackPool(&env, pool);
    for (i = 0; i < 10; i++)
        TrySubmitThreadpoolCallback(serial, (PVOID)(INT_PTR)i, &env);
    while (orders < 10)
        Sleep(10);
    for (i = 0; i < 10; i++)
        good = good && order[i] == i;
    printf("one after the other %d\n", good);
    CloseThreadpool(pool);
    {
        HGLOBAL g = GlobalAlloc(GMEM_MOVEABLE | GMEM_ZEROINIT, 10);
        char *p = (char *)GlobalLock(g);
        printf("%d %d\n", p[9], GlobalSize(g) >= 10);
        GlobalUnlock(g);
        GlobalFree(g);
    }
    printf("%d %d\n", MulDiv(7, 3, 2), MulDiv(1, 1, 0));
    timeEndPeriod(1);
    return 0;
}
