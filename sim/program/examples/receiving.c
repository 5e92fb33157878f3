/* What a receive leaves in its buffer: by each of the four calls, when there is nothing, too much, or no one to hear
 * from; and what runs inside a call while it waits. */
#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>
#include <windows.h>
#include <stdio.h>
#include <string.h>

static const char *const Names[] = { "recv", "recvfrom", "WSARecv", "WSARecvFrom" };

enum { CALLS = 4, ROOM = 8 };

static void Receive(unsigned Call, SOCKET s, const char *When)
{
    char Buffer[ROOM];
    struct sockaddr_in From;
    int Length = sizeof(From), Result = SOCKET_ERROR, Kept = 0;
    DWORD Received = 0, Flags = 0;
    WSABUF Parts[2] = { { 2, Buffer }, { ROOM - 2, Buffer + 2 } };
    memset(Buffer, '.', sizeof(Buffer));
    switch (Call) {
    case 0: Result = recv(s, Buffer, ROOM, 0); break;
    case 1: Result = recvfrom(s, Buffer, ROOM, 0, (struct sockaddr *)&From, &Length); break;
    case 2: Result = WSARecv(s, Parts, 2, &Received, &Flags, NULL, NULL); break;
    default:
        Result = WSARecvFrom(s, Parts, 2, &Received, &Flags, (struct sockaddr *)&From, &Length, NULL, NULL);
    }
    if (Result == 0 && Call >= 2) Result = (int)Received;
    int Error = Result < 0 ? WSAGetLastError() : 0;
    while (Kept < ROOM && Buffer[Kept] != '.') Kept++;
    printf("%s, %s: %d, error %d, %.*s\n", When, Names[Call], Result, Error, Kept, Buffer);
}

static SOCKET Bound(int Type, struct sockaddr_in *Address)
{
    int Length = sizeof(*Address);
    SOCKET s = socket(AF_INET, Type, 0);
    memset(Address, 0, sizeof(*Address));
    Address->sin_family = AF_INET;
    Address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(s, (struct sockaddr *)Address, Length) != 0 ||
        getsockname(s, (struct sockaddr *)Address, &Length) != 0)
        printf("not bound: error %d\n", WSAGetLastError());
    return s;
}

static void Datagrams(unsigned Call)
{
    struct sockaddr_in Address;
    u_long On = 1;
    SOCKET s = Bound(SOCK_DGRAM, &Address);
    sendto(s, "short", 5, 0, (struct sockaddr *)&Address, sizeof(Address));
    sendto(s, "far too long", 12, 0, (struct sockaddr *)&Address, sizeof(Address));
    Receive(Call, s, "a datagram");
    Receive(Call, s, "a long one");
    ioctlsocket(s, FIONBIO, &On);
    Receive(Call, s, "none");
    closesocket(s);
}

static struct sockaddr_in Waiting;

/* Runs inside the call that its thread waits in, and sends what that waits for. */
static void CALLBACK Interrupt(ULONG_PTR Socket)
{
    printf("inside the call: %d bytes are sent\n",
           sendto((SOCKET)Socket, "inside", 6, 0, (struct sockaddr *)&Waiting, sizeof(Waiting)));
}

static void Interrupted(unsigned Call)
{
    SOCKET s = Bound(SOCK_DGRAM, &Waiting);
    QueueUserAPC(Interrupt, GetCurrentThread(), (ULONG_PTR)s);
    Receive(Call, s, "interrupted");
    closesocket(s);
}

static void InterruptedWaits(void)
{
    SOCKET s = Bound(SOCK_DGRAM, &Waiting);
    fd_set Set;
    WSAPOLLFD Entry = { s, POLLRDNORM, 0 };
    QueueUserAPC(Interrupt, GetCurrentThread(), (ULONG_PTR)s);
    FD_ZERO(&Set);
    FD_SET(s, &Set);
    printf("select: %d\n", select(0, &Set, NULL, NULL, NULL));
    QueueUserAPC(Interrupt, GetCurrentThread(), (ULONG_PTR)s);
    printf("select, ready: %d\n", select(0, &Set, NULL, NULL, NULL));
    printf("WSAPoll, ready: %d\n", WSAPoll(&Entry, 1, 0));
    closesocket(s);
}

static DWORD WINAPI Close(LPVOID Socket)
{
    Sleep(10);
    closesocket(*(SOCKET *)Socket);
    return 0;
}

static void Streams(unsigned Call)
{
    struct sockaddr_in Address;
    struct linger Abort = { 1, 0 };
    SOCKET Client = socket(AF_INET, SOCK_STREAM, 0), Listening = Bound(SOCK_STREAM, &Address);
    Receive(Call, Client, "not connected");
    if (listen(Listening, 1) != 0 || connect(Client, (struct sockaddr *)&Address, sizeof(Address)) != 0) return;
    SOCKET Server = accept(Listening, NULL, NULL);
    send(Server, "hello", 5, 0);
    Receive(Call, Client, "a word");
    HANDLE Thread = CreateThread(NULL, 0, Close, &Client, 0, NULL);
    Receive(Call, Client, "closed while it waits");
    WaitForSingleObject(Thread, INFINITE);
    CloseHandle(Thread);
    Client = socket(AF_INET, SOCK_STREAM, 0);
    closesocket(Server);
    if (connect(Client, (struct sockaddr *)&Address, sizeof(Address)) != 0) return;
    Server = accept(Listening, NULL, NULL);
    setsockopt(Server, SOL_SOCKET, SO_LINGER, (const char *)&Abort, sizeof(Abort));
    closesocket(Server);
    Receive(Call, Client, "reset");
    closesocket(Client);
    closesocket(Listening);
}

int main(void)
{
    WSADATA Data;
    if (WSAStartup(MAKEWORD(2, 2), &Data) != 0) return 1;
    for (unsigned Call = 0; Call < CALLS; Call++) {
        Datagrams(Call);
        Streams(Call);
        Interrupted(Call);
    }
    InterruptedWaits();
    WSACleanup();
    return 0;
}
