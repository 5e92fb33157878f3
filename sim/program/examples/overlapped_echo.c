/* A server that answers by a completion port, and a client in the same program: what the client says comes back, in two
 * buffers, until it has said all. */
#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>
#include <windows.h>
#include <stdio.h>
#include <string.h>

enum { Key = 7 };

struct Peer {
    WSAOVERLAPPED Overlapped; /* first: a packet names it */
    SOCKET Socket;
    char Head[2], Rest[62];
};

static SOCKET Listener(struct sockaddr_in *Address)
{
    int Length = sizeof(*Address);
    SOCKET s = WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, WSA_FLAG_OVERLAPPED);
    memset(Address, 0, sizeof(*Address));
    Address->sin_family = AF_INET;
    Address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(s, (struct sockaddr *)Address, sizeof(*Address)) != 0 || listen(s, 5) != 0 ||
        getsockname(s, (struct sockaddr *)Address, &Length) != 0)
        printf("no listener: error %d\n", WSAGetLastError());
    return s;
}

static void Receive(struct Peer *Peer)
{
    WSABUF Buffers[2];
    DWORD Flags = 0;
    Buffers[0].len = sizeof(Peer->Head);
    Buffers[0].buf = Peer->Head;
    Buffers[1].len = sizeof(Peer->Rest);
    Buffers[1].buf = Peer->Rest;
    memset(&Peer->Overlapped, 0, sizeof(Peer->Overlapped));
    if (WSARecv(Peer->Socket, Buffers, 2, NULL, &Flags, &Peer->Overlapped, NULL) != 0 &&
        WSAGetLastError() != WSA_IO_PENDING)
        printf("server: error %d\n", WSAGetLastError());
}

/* One packet: what it brought is sent back. FALSE: the client has said all. */
static BOOL Answer(HANDLE Port)
{
    DWORD Bytes = 0, Sent = 0;
    ULONG_PTR From = 0;
    LPOVERLAPPED Done = NULL;
    if (!GetQueuedCompletionStatus(Port, &Bytes, &From, &Done, 5000)) {
        printf("server: error %lu\n", (unsigned long)GetLastError());
        return FALSE;
    }
    struct Peer *Peer = (struct Peer *)Done;
    printf("server: %lu bytes by key %lu\n", (unsigned long)Bytes, (unsigned long)From);
    if (Bytes == 0) return FALSE;
    WSABUF Back[2] = { { Bytes < 2 ? Bytes : 2, Peer->Head }, { Bytes < 2 ? 0 : Bytes - 2, Peer->Rest } };
    if (WSASend(Peer->Socket, Back, 2, &Sent, 0, NULL, NULL) != 0) printf("server: error %d\n", WSAGetLastError());
    Receive(Peer);
    return TRUE;
}

int main(void)
{
    static struct Peer Peer;
    static const char *const Words[] = { "one", "two words", "x" };
    struct sockaddr_in Address;
    char Heard[64];
    WSADATA Data;
    if (WSAStartup(MAKEWORD(2, 2), &Data) != 0) return 1;
    HANDLE Port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    SOCKET Listening = Listener(&Address), Client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (connect(Client, (struct sockaddr *)&Address, sizeof(Address)) != 0) return 1;
    Peer.Socket = accept(Listening, NULL, NULL);
    CreateIoCompletionPort((HANDLE)Peer.Socket, Port, Key, 0);
    Receive(&Peer);
    for (unsigned i = 0; i < sizeof(Words) / sizeof(Words[0]); i++) {
        send(Client, Words[i], (int)strlen(Words[i]), 0);
        Answer(Port);
        int Count = recv(Client, Heard, sizeof(Heard) - 1, 0);
        if (Count < 0) return 1;
        Heard[Count] = 0;
        printf("client: %s\n", Heard);
    }
    shutdown(Client, SD_SEND);
    while (Answer(Port)) {}
    closesocket(Client);
    closesocket(Peer.Socket);
    closesocket(Listening);
    WSACleanup();
    return 0;
}
