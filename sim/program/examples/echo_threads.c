/* An echo server with a thread for each connection, and clients that talk to it. */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <process.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLIENTS 4
#define BYTES 3000

static volatile LONG Served;
static CRITICAL_SECTION Console;

static void Fail(const char *What)
{
    fprintf(stderr, "%s failed: %d\n", What, WSAGetLastError());
    exit(1);
}

static unsigned __stdcall ServeClient(void *Parameter)
{
    SOCKET Connection = (SOCKET)(UINT_PTR)Parameter;
    char Buffer[512];
    int Count;

    while ((Count = recv(Connection, Buffer, sizeof(Buffer), 0)) > 0) {
        int Sent = 0;
        while (Sent < Count) {
            int n = send(Connection, Buffer + Sent, Count - Sent, 0);
            if (n == SOCKET_ERROR) Fail("send");
            Sent += n;
        }
    }
    shutdown(Connection, SD_SEND);
    closesocket(Connection);
    InterlockedIncrement(&Served);
    return 0;
}

static unsigned __stdcall Listen(void *Parameter)
{
    SOCKET Listener = (SOCKET)(UINT_PTR)Parameter;
    HANDLE Threads[CLIENTS];
    int i;

    for (i = 0; i < CLIENTS; i++) {
        struct sockaddr_storage From;
        int Length = sizeof(From);
        SOCKET Connection = accept(Listener, (struct sockaddr *)&From, &Length);
        if (Connection == INVALID_SOCKET) Fail("accept");
        Threads[i] = (HANDLE)_beginthreadex(NULL, 0, ServeClient, (void *)(UINT_PTR)Connection, 0, NULL);
        if (Threads[i] == NULL) Fail("_beginthreadex");
    }
    WaitForMultipleObjects(CLIENTS, Threads, TRUE, INFINITE);
    for (i = 0; i < CLIENTS; i++) CloseHandle(Threads[i]);
    return 0;
}

static DWORD WINAPI Talk(LPVOID Parameter)
{
    struct sockaddr_in Server = *(struct sockaddr_in *)Parameter;
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    char Out[BYTES], In[BYTES];
    int i, Received = 0;

    for (i = 0; i < BYTES; i++) Out[i] = (char)(i * 7 + (int)GetCurrentThreadId());
    if (connect(s, (struct sockaddr *)&Server, sizeof(Server)) == SOCKET_ERROR) Fail("connect");
    if (send(s, Out, BYTES, 0) != BYTES) Fail("send");
    if (shutdown(s, SD_SEND) == SOCKET_ERROR) Fail("shutdown");
    while (Received < BYTES) {
        int Count = recv(s, In + Received, BYTES - Received, 0);
        if (Count <= 0) Fail("recv");
        Received += Count;
    }
    closesocket(s);
    EnterCriticalSection(&Console);
    printf("%d bytes came back %s\n", Received, memcmp(Out, In, BYTES) == 0 ? "as they were" : "changed");
    LeaveCriticalSection(&Console);
    return 0;
}

int main(void)
{
    WSADATA Data;
    SOCKET Listener;
    struct sockaddr_in Address;
    int i, Length = sizeof(Address);
    HANDLE Server, Clients[CLIENTS];

    if (WSAStartup(MAKEWORD(2, 2), &Data) != 0) return 1;
    ZeroMemory(&Address, sizeof(Address));
    InitializeCriticalSection(&Console);
    Listener = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    Address.sin_family = AF_INET;
    Address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(Listener, (struct sockaddr *)&Address, sizeof(Address)) == SOCKET_ERROR) Fail("bind");
    if (listen(Listener, SOMAXCONN) == SOCKET_ERROR) Fail("listen");
    if (getsockname(Listener, (struct sockaddr *)&Address, &Length) == SOCKET_ERROR) Fail("getsockname");
    Server = (HANDLE)_beginthreadex(NULL, 0, Listen, (void *)(UINT_PTR)Listener, 0, NULL);
    for (i = 0; i < CLIENTS; i++) Clients[i] = CreateThread(NULL, 0, Talk, &Address, 0, NULL);
    WaitForMultipleObjects(CLIENTS, Clients, TRUE, INFINITE);
    WaitForSingleObject(Server, INFINITE);
    for (i = 0; i < CLIENTS; i++) CloseHandle(Clients[i]);
    CloseHandle(Server);
    printf("%ld clients were served\n", Served);
    closesocket(Listener);
    DeleteCriticalSection(&Console);
    WSACleanup();
    return 0;
}
