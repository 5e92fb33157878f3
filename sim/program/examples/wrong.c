/* A program that goes wrong, in each of the ways that a run on the model reports.
 *
 *   wrong WAY
 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mstcpip.h>
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static SOCKET NewSocket(void) { return WSASocketW(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, WSA_FLAG_OVERLAPPED); }

/* Reserves a port; the call pends where the machine takes its time. */
static int Acquire(SOCKET s, WSAOVERLAPPED *Overlapped, INET_PORT_RESERVATION_INSTANCE *Instance)
{
    static INET_PORT_RANGE Range = { 0, 1 };
    DWORD Bytes = 0;
    int rc = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, &Range, sizeof(Range), Instance, sizeof(*Instance), &Bytes,
                      Overlapped, NULL);
    return rc == 0 || WSAGetLastError() == WSA_IO_PENDING;
}

static HANDLE Never;
static CRITICAL_SECTION One, Other;

static DWORD WINAPI WaitsForBoth(LPVOID Parameter)
{
    (void)Parameter;
    EnterCriticalSection(&Other);
    Sleep(10);
    EnterCriticalSection(&One);
    return 0;
}

static int Deadlock(void)
{
    InitializeCriticalSection(&One);
    InitializeCriticalSection(&Other);
    EnterCriticalSection(&One);
    CreateThread(NULL, 0, WaitsForBoth, NULL, 0, NULL);
    Sleep(10);
    EnterCriticalSection(&Other);
    return 0;
}

static int Wait(void)
{
    Never = CreateEvent(NULL, TRUE, FALSE, NULL);
    return (int)WaitForSingleObject(Never, INFINITE);
}

static SOCKET BoundSocket(void)
{
    SOCKET s = NewSocket();
    struct sockaddr_in Name;
    memset(&Name, 0, sizeof(Name));
    Name.sin_family = AF_INET;
    bind(s, (struct sockaddr *)&Name, sizeof(Name));
    return s;
}

static int Receive(void)
{
    SOCKET s = BoundSocket();
    char Byte;
    return recv(s, &Byte, 1, 0);
}

static void CALLBACK ReceivesToo(ULONG_PTR Socket)
{
    char Byte;
    recv((SOCKET)Socket, &Byte, 1, 0);
}

/* A call that waits, made by an APC that runs inside another one. */
static int Inside(void)
{
    SOCKET s = BoundSocket();
    char Byte;
    QueueUserAPC(ReceivesToo, GetCurrentThread(), (ULONG_PTR)s);
    return recv(s, &Byte, 1, 0);
}

static volatile int Flag;

static DWORD WINAPI SetsFlag(LPVOID Parameter)
{
    (void)Parameter;
    Flag = 1;
    return 0;
}

static int Loop(void)
{
    CreateThread(NULL, 0, SetsFlag, NULL, 0, NULL);
    while (!Flag)
        ;
    return 0;
}

static int Spin(void)
{
    static volatile LONG Lock;
    CreateThread(NULL, 0, SetsFlag, NULL, 0, NULL);
    while (!Flag) InterlockedCompareExchange(&Lock, 1, 0);
    return 0;
}

static DWORD UsesUp(UINT_PTR Depth)
{
    volatile char Bytes[4096];
    Bytes[0] = (char)Depth;
    if (Depth == (UINT_PTR)-1) return 0;
    return UsesUp(Depth + 1) + (DWORD)Bytes[0];
}

static DWORD WINAPI GoesDeep(LPVOID Parameter) { return UsesUp((UINT_PTR)Parameter); }

static int Stack(void)
{
    return (int)WaitForSingleObject(CreateThread(NULL, 0, GoesDeep, NULL, 0, NULL), INFINITE);
}

static int NotModelled(void)
{
    DWORD Bytes = 0;
    char Out[64];
    return WSAIoctl(NewSocket(), SIO_ADDRESS_LIST_QUERY, NULL, 0, Out, sizeof(Out), &Bytes, NULL, NULL);
}

static int Freed(void)
{
    static INET_PORT_RESERVATION_INSTANCE Instance;
    WSAOVERLAPPED *Overlapped = (WSAOVERLAPPED *)calloc(1, sizeof(*Overlapped));
    if (!Acquire(NewSocket(), Overlapped, &Instance)) return 1;
    free(Overlapped);
    return 0;
}

static __declspec(noinline) void Frame(SOCKET s)
{
    static INET_PORT_RESERVATION_INSTANCE Instance;
    WSAOVERLAPPED Overlapped;
    memset(&Overlapped, 0, sizeof(Overlapped));
    Acquire(s, &Overlapped, &Instance);
}

static __declspec(noinline) int Overwrite(void)
{
    volatile char Bytes[1024];
    unsigned i;
    for (i = 0; i < sizeof(Bytes); i++) Bytes[i] = (char)i;
    return Bytes[7];
}

static int Gone(void)
{
    Frame(NewSocket());
    Overwrite();
    Sleep(100);
    return 0;
}

static int Twice(void)
{
    static INET_PORT_RESERVATION_INSTANCE Instance;
    static WSAOVERLAPPED Overlapped;
    SOCKET s = NewSocket();
    Acquire(s, &Overlapped, &Instance);
    return Acquire(s, &Overlapped, &Instance) ? 0 : 1;
}

/* Not wrong at all: a bad pointer is an error that the call reports. */
static int Pointers(void)
{
    static const char Constant[] = "cannot be written";
    SOCKET s = NewSocket();
    int Length = sizeof(struct sockaddr_in);
    struct sockaddr_in Name;
    memset(&Name, 0, sizeof(Name));
    Name.sin_family = AF_INET;
    printf("bind: %d\n", bind(s, (struct sockaddr *)(UINT_PTR)0x10, 16) == 0 ? 0 : WSAGetLastError());
    bind(s, (struct sockaddr *)&Name, sizeof(Name));
    printf("getsockname: %d\n",
           getsockname(s, (struct sockaddr *)(UINT_PTR)Constant, &Length) == 0 ? 0 : WSAGetLastError());
    printf("sendto: %d\n", sendto(s, (char *)(UINT_PTR)0x10, 4, 0, (struct sockaddr *)&Name, sizeof(Name)) == 0
                               ? 0
                               : WSAGetLastError());
    return 0;
}

static int NotStarted(void)
{
    WSACleanup();
    printf("socket: %d\n", socket(AF_INET, SOCK_DGRAM, 0) == INVALID_SOCKET ? WSAGetLastError() : 0);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *Name;
        int (*Run)(void);
    } Ways[] = { { "deadlock", Deadlock },   { "wait", Wait },   { "receive", Receive }, { "loop", Loop },
                 { "spin", Spin },           { "stack", Stack }, { "freed", Freed },     { "gone", Gone },
                 { "not-modelled", NotModelled }, { "twice", Twice }, { "pointers", Pointers },
                 { "not-started", NotStarted }, { "inside", Inside } };
    WSADATA Data;
    unsigned i;

    WSAStartup(MAKEWORD(2, 2), &Data);
    for (i = 0; i < ARRAYSIZE(Ways); i++)
        if (argc == 2 && strcmp(argv[1], Ways[i].Name) == 0) return Ways[i].Run();
    return 2;
}
