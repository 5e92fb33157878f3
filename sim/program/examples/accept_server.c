/* A server as they are written for completion ports: two AcceptEx wait, each with room for the client's first words; a
 * socket that has served is given to AcceptEx again. */
#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>
#include <mswsock.h>
#include <windows.h>
#include <stdio.h>
#include <string.h>

enum { Room = 32, AddressRoom = sizeof(struct sockaddr_in) + 16, Clients = 3 };

struct Accepting {
    OVERLAPPED Overlapped; /* first: a packet names it */
    SOCKET Socket;
    unsigned Number;
    char Buffer[Room + 2 * AddressRoom];
};

static LPFN_ACCEPTEX Accept;
static LPFN_GETACCEPTEXSOCKADDRS Sockaddrs;
static LPFN_DISCONNECTEX Disconnect;

static BOOL Find(SOCKET s, GUID Which, void *Function, DWORD Size)
{
    DWORD Bytes = 0;
    return WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &Which, sizeof(Which), Function, Size, &Bytes, NULL, NULL) ==
           0;
}

static void Wait(SOCKET Listening, struct Accepting *This)
{
    DWORD Bytes = 0;
    memset(&This->Overlapped, 0, sizeof(This->Overlapped));
    if (!Accept(Listening, This->Socket, This->Buffer, Room, AddressRoom, AddressRoom, &Bytes, &This->Overlapped) &&
        WSAGetLastError() != ERROR_IO_PENDING)
        printf("AcceptEx: error %d\n", WSAGetLastError());
}

static struct Accepting *Next(HANDLE Port, DWORD *Bytes)
{
    ULONG_PTR Key = 0;
    LPOVERLAPPED Done = NULL;
    if (GetQueuedCompletionStatus(Port, Bytes, &Key, &Done, 600000)) return (struct Accepting *)Done;
    printf("no packet: error %lu\n", (unsigned long)GetLastError());
    return NULL;
}

/* Answers the client that this one has accepted, and makes its socket ready for another. */
static BOOL Serve(SOCKET Listening, HANDLE Port, struct Accepting *This, DWORD Bytes, SOCKET Client)
{
    struct sockaddr *Local = NULL, *Remote = NULL;
    int LocalLength = 0, RemoteLength = 0, Named = sizeof(struct sockaddr_in);
    struct sockaddr_in Own, Peer;
    char Heard[Room + 1];
    Sockaddrs(This->Buffer, Room, AddressRoom, AddressRoom, &Local, &LocalLength, &Remote, &RemoteLength);
    if (setsockopt(This->Socket, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, (char *)&Listening, sizeof(Listening)) != 0)
        return FALSE;
    if (getsockname(This->Socket, (struct sockaddr *)&Own, &Named) != 0) return FALSE;
    if (getsockname(Client, (struct sockaddr *)&Peer, &Named) != 0) return FALSE;
    printf("%u: %.*s, at the listener's port: %s, from the client's: %s\n", This->Number, (int)Bytes, This->Buffer,
           ((struct sockaddr_in *)(void *)Local)->sin_port == Own.sin_port ? "yes" : "no",
           ((struct sockaddr_in *)(void *)Remote)->sin_port == Peer.sin_port ? "yes" : "no");
    send(This->Socket, This->Buffer, (int)Bytes, 0);
    int Count = recv(Client, Heard, Room, 0);
    if (Count < 0) return FALSE;
    Heard[Count] = 0;
    printf("client: %s\n", Heard);
    closesocket(Client); /* first, so that TIME_WAIT is the client's */
    memset(&This->Overlapped, 0, sizeof(This->Overlapped));
    if (!Disconnect(This->Socket, &This->Overlapped, TF_REUSE_SOCKET, 0) && WSAGetLastError() != ERROR_IO_PENDING)
        return FALSE;
    return Next(Port, &Bytes) == This;
}

int main(void)
{
    static struct Accepting Waiting[2];
    static const char *const Words[Clients] = { "one", "two", "three" };
    struct sockaddr_in Address;
    int Length = sizeof(Address);
    WSADATA Data;
    if (WSAStartup(MAKEWORD(2, 2), &Data) != 0) return 1;
    HANDLE Port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    SOCKET Listening = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    GUID IdOfAccept = WSAID_ACCEPTEX, IdOfSockaddrs = WSAID_GETACCEPTEXSOCKADDRS, IdOfDisconnect = WSAID_DISCONNECTEX;
    if (!Find(Listening, IdOfAccept, &Accept, sizeof(Accept)) ||
        !Find(Listening, IdOfSockaddrs, &Sockaddrs, sizeof(Sockaddrs)) ||
        !Find(Listening, IdOfDisconnect, &Disconnect, sizeof(Disconnect)))
        return 1;
    memset(&Address, 0, sizeof(Address));
    Address.sin_family = AF_INET;
    Address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(Listening, (struct sockaddr *)&Address, sizeof(Address)) != 0 || listen(Listening, 5) != 0 ||
        getsockname(Listening, (struct sockaddr *)&Address, &Length) != 0)
        return 1;
    CreateIoCompletionPort((HANDLE)Listening, Port, 1, 0);
    for (unsigned i = 0; i < 2; i++) {
        Waiting[i].Number = i;
        Waiting[i].Socket = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
        CreateIoCompletionPort((HANDLE)Waiting[i].Socket, Port, 2, 0);
        Wait(Listening, &Waiting[i]);
    }
    for (unsigned i = 0; i < Clients; i++) {
        DWORD Bytes = 0;
        SOCKET Client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
        if (connect(Client, (struct sockaddr *)&Address, sizeof(Address)) != 0) return 1;
        send(Client, Words[i], (int)strlen(Words[i]), 0);
        struct Accepting *This = Next(Port, &Bytes);
        if (This == NULL || !Serve(Listening, Port, This, Bytes, Client)) {
            printf("not served: error %d\n", WSAGetLastError());
            return 1;
        }
        Wait(Listening, This);
    }
    closesocket(Listening);
    for (unsigned i = 0; i < 2; i++) {
        DWORD Bytes = 0;
        ULONG_PTR Key = 0;
        LPOVERLAPPED Done = NULL;
        BOOL Ended = GetQueuedCompletionStatus(Port, &Bytes, &Key, &Done, 1000);
        printf("closed: %s\n", !Ended && Done != NULL && GetLastError() == ERROR_OPERATION_ABORTED ? "aborted" : "?");
        closesocket(Waiting[i].Socket);
    }
    WSACleanup();
    return 0;
}
