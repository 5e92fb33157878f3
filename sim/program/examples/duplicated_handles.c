/* One object, two handles: what is pending belongs to the object, and ends with its last handle. */
#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>
#include <windows.h>
#include <mstcpip.h>
#include <stdio.h>

static HANDLE Duplicate(HANDLE Source, DWORD Options)
{
    HANDLE Copy = NULL, Self = GetCurrentProcess();
    if (!DuplicateHandle(Self, Source, Self, &Copy, 0, FALSE, Options)) {
        printf("DuplicateHandle: error %lu\n", GetLastError());
        ExitProcess(1);
    }
    return Copy;
}

static void Pend(SOCKET Socket, OVERLAPPED *Overlapped)
{
    DWORD Bytes = 0;
    int Result = WSAIoctl(Socket, SIO_ADDRESS_LIST_CHANGE, NULL, 0, NULL, 0, &Bytes, Overlapped, NULL);
    printf("issued: %d, error %d\n", Result, WSAGetLastError());
}

/* The port and its key are the socket's, whichever handle is used; so is what is pending. */
static void Ports(void)
{
    SOCKET Socket = WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, WSA_FLAG_OVERLAPPED);
    HANDLE Port = CreateIoCompletionPort((HANDLE)Socket, NULL, 7, 0);
    HANDLE SecondPort = Duplicate(Port, DUPLICATE_SAME_ACCESS);
    HANDLE Second = Duplicate((HANDLE)Socket, DUPLICATE_SAME_ACCESS);
    OVERLAPPED Overlapped, *Taken = NULL;
    DWORD Bytes = 0;
    ULONG_PTR Key = 0;

    ZeroMemory(&Overlapped, sizeof(Overlapped));
    Pend(Socket, &Overlapped);
    closesocket(Socket);
    BOOL Done = GetQueuedCompletionStatus(Port, &Bytes, &Key, &Taken, 0);
    printf("first handle closed: %s\n", Done || Taken != NULL ? "a packet" : "nothing");
    CloseHandle(Port);
    CloseHandle(Second);
    Done = GetQueuedCompletionStatus(SecondPort, &Bytes, &Key, &Taken, 0);
    printf("last handle closed: %d, error %lu, key %u, %s\n", Done, GetLastError(), (unsigned)Key,
           Taken == &Overlapped ? "its own OVERLAPPED" : "another one");
    CloseHandle(SecondPort);
}

/* An event whose first handle is given away is the same event. */
static void Events(void)
{
    HANDLE First = CreateEventW(NULL, TRUE, FALSE, NULL);
    HANDLE Second = Duplicate(First, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE);
    BOOL Set = SetEvent(First);
    printf("source closed: SetEvent %d, error %lu\n", Set, GetLastError());
    SetEvent(Second);
    printf("the other one: %lu\n", WaitForSingleObject(Second, 0));
    CloseHandle(Second);
}

static void CALLBACK Called(ULONG_PTR Number) { printf("called with %u\n", (unsigned)Number); }

static DWORD WINAPI Wakes(void *Thread)
{
    QueueUserAPC(Called, (HANDLE)Thread, 5);
    return 0;
}

/* GetCurrentThread() and GetCurrentProcess() stand for whoever uses them; others need handles. */
static void Callers(void)
{
    HANDLE Thread = Duplicate(GetCurrentThread(), DUPLICATE_SAME_ACCESS);
    HANDLE Process = Duplicate(GetCurrentProcess(), DUPLICATE_SAME_ACCESS);
    HANDLE Waker = CreateThread(NULL, 0, Wakes, Thread, 0, NULL), Third = NULL;
    printf("woken: %lu\n", SleepEx(INFINITE, TRUE));
    WaitForSingleObject(Waker, INFINITE);
    BOOL Made = DuplicateHandle(Process, Thread, Process, &Third, 0, FALSE, DUPLICATE_SAME_ACCESS);
    printf("by the process's handle: %d\n", Made);
    printf("the process still runs: %lu\n", WaitForSingleObject(Process, 10));
    CloseHandle(Waker);
    CloseHandle(Third);
    CloseHandle(Thread);
    CloseHandle(Process);
}

int main(void)
{
    WSADATA Data;
    if (WSAStartup(MAKEWORD(2, 2), &Data) != 0) return 1;
    Ports();
    Events();
    Callers();
    WSACleanup();
    return 0;
}
