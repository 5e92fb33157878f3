/* An echo server in one thread: select tells it which of its sockets has something to say. The clients are in the same
 * thread too, and do not block. A second server does the same with WSAPoll, a third with event objects. */
#define FD_SETSIZE 128
#include <winsock2.h>
#include <ws2tcpip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLIENTS 6

struct conversation {
    SOCKET Listener, Clients[CLIENTS], Served[CLIENTS];
    int Count, Echoed;
};

static void Fail(const char *What)
{
    fprintf(stderr, "%s failed: %d\n", What, WSAGetLastError());
    exit(1);
}

static SOCKET Stream(void)
{
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (s == INVALID_SOCKET) Fail("socket");
    return s;
}

/* A listener, and clients that have connected without blocking and said a word each. */
static void Begin(struct conversation *c)
{
    struct sockaddr_in Address;
    int Length = sizeof(Address), i;
    u_long Yes = 1;

    memset(c, 0, sizeof(*c));
    memset(&Address, 0, sizeof(Address));
    c->Listener = Stream();
    Address.sin_family = AF_INET;
    Address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(c->Listener, (struct sockaddr *)&Address, sizeof(Address)) != 0) Fail("bind");
    if (getsockname(c->Listener, (struct sockaddr *)&Address, &Length) != 0) Fail("getsockname");
    if (listen(c->Listener, CLIENTS) != 0) Fail("listen");
    for (i = 0; i < CLIENTS; i++) {
        fd_set Connected;
        struct timeval Limit = { 5, 0 };
        c->Clients[i] = Stream();
        if (ioctlsocket(c->Clients[i], FIONBIO, &Yes) != 0) Fail("ioctlsocket");
        if (connect(c->Clients[i], (struct sockaddr *)&Address, sizeof(Address)) == 0 ||
            WSAGetLastError() != WSAEWOULDBLOCK)
            Fail("connect");
        FD_ZERO(&Connected);
        FD_SET(c->Clients[i], &Connected);
        if (select(0, NULL, &Connected, NULL, &Limit) != 1 || !FD_ISSET(c->Clients[i], &Connected)) Fail("select");
        if (send(c->Clients[i], "word", 4, 0) != 4) Fail("send");
    }
}

static void Accept(struct conversation *c)
{
    SOCKET s = accept(c->Listener, NULL, NULL);
    if (s == INVALID_SOCKET) Fail("accept");
    c->Served[c->Count++] = s;
}

static void Echo(struct conversation *c, SOCKET s)
{
    char Word[16];
    int Length = recv(s, Word, sizeof(Word), 0);
    if (Length != 4 || send(s, Word, Length, 0) != Length) Fail("echo");
    c->Echoed++;
}

static void End(struct conversation *c, const char *How)
{
    char Word[16];
    int i, Heard = 0;
    fd_set Reading;

    FD_ZERO(&Reading);
    for (i = 0; i < CLIENTS; i++) FD_SET(c->Clients[i], &Reading);
    while (Heard < CLIENTS) {
        fd_set Ready = Reading;
        if (select(0, &Ready, NULL, NULL, NULL) <= 0) Fail("select");
        for (i = 0; i < CLIENTS; i++) {
            if (!FD_ISSET(c->Clients[i], &Ready)) continue;
            if (recv(c->Clients[i], Word, sizeof(Word), 0) != 4) Fail("recv");
            FD_CLR(c->Clients[i], &Reading);
            Heard++;
        }
    }
    printf("%s: %d words echoed, %d heard\n", How, c->Echoed, Heard);
    for (i = 0; i < CLIENTS; i++) {
        closesocket(c->Clients[i]);
        closesocket(c->Served[i]);
    }
    closesocket(c->Listener);
}

static void ServeBySelect(void)
{
    struct conversation c;
    Begin(&c);
    while (c.Echoed < CLIENTS) {
        fd_set Reading;
        int i, Ready, Seen = 0;
        FD_ZERO(&Reading);
        FD_SET(c.Listener, &Reading);
        for (i = 0; i < c.Count; i++) FD_SET(c.Served[i], &Reading);
        Ready = select(0, &Reading, NULL, NULL, NULL);
        if (Ready <= 0) Fail("select");
        for (i = c.Count - 1; i >= 0; i--)
            if (FD_ISSET(c.Served[i], &Reading)) Echo(&c, c.Served[i]), Seen++;
        if (FD_ISSET(c.Listener, &Reading)) Accept(&c), Seen++;
        if (Seen != Ready) Fail("the count of select");
    }
    End(&c, "select");
}

static void ServeByPoll(void)
{
    struct conversation c;
    Begin(&c);
    while (c.Echoed < CLIENTS) {
        WSAPOLLFD Entries[CLIENTS + 1];
        int i, Count = c.Count;
        for (i = 0; i < Count; i++) Entries[i].fd = c.Served[i], Entries[i].events = POLLIN;
        Entries[Count].fd = c.Listener;
        Entries[Count].events = POLLIN;
        if (WSAPoll(Entries, (ULONG)Count + 1, -1) <= 0) Fail("WSAPoll");
        for (i = 0; i < Count; i++)
            if (Entries[i].revents & POLLRDNORM) Echo(&c, Entries[i].fd);
        if (Entries[Count].revents & POLLRDNORM) Accept(&c);
    }
    End(&c, "WSAPoll");
}

static void ServeByEvents(void)
{
    struct conversation c;
    WSAEVENT Events[CLIENTS + 1];
    int i;
    Begin(&c);
    for (i = 0; i <= CLIENTS; i++)
        if ((Events[i] = WSACreateEvent()) == WSA_INVALID_EVENT) Fail("WSACreateEvent");
    if (WSAEventSelect(c.Listener, Events[0], FD_ACCEPT) != 0) Fail("WSAEventSelect");
    while (c.Echoed < CLIENTS) {
        WSANETWORKEVENTS Happened;
        DWORD Which = WSAWaitForMultipleEvents((DWORD)c.Count + 1, Events, FALSE, WSA_INFINITE, FALSE);
        SOCKET s;
        if (Which == WSA_WAIT_FAILED) Fail("WSAWaitForMultipleEvents");
        i = (int)(Which - WSA_WAIT_EVENT_0);
        s = i == 0 ? c.Listener : c.Served[i - 1];
        if (WSAEnumNetworkEvents(s, Events[i], &Happened) != 0) Fail("WSAEnumNetworkEvents");
        if (Happened.lNetworkEvents & FD_ACCEPT) {
            Accept(&c);
            if (WSAEventSelect(c.Served[c.Count - 1], Events[c.Count], FD_READ | FD_CLOSE) != 0) Fail("WSAEventSelect");
        }
        if (Happened.lNetworkEvents & FD_READ && Happened.iErrorCode[FD_READ_BIT] == 0) Echo(&c, s);
    }
    for (i = 0; i <= CLIENTS; i++) WSACloseEvent(Events[i]);
    End(&c, "events");
}

static void Say(const char *What, int Result)
{
    int Error = WSAGetLastError();
    printf("%s: %d", What, Result);
    if (Result == SOCKET_ERROR) printf(", error %d", Error);
    printf("\n");
}

/* What these two say of what is wrong. */
static void AskWrongly(void)
{
    struct timeval Soon = { 0, 20000 }, Never = { -1, 0 };
    WSAPOLLFD Two[2];
    fd_set Set;
    SOCKET s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP), NoSocket = 12345;

    FD_ZERO(&Set);
    Say("no socket", select(0, &Set, NULL, NULL, &Soon));
    FD_SET(s, &Set);
    Say("no time", select(0, &Set, NULL, NULL, &Never));
    FD_SET(NoSocket, &Set);
    Say("one is no socket", select(0, &Set, NULL, NULL, &Soon));
    Say("both are left", (int)Set.fd_count);
    FD_ZERO(&Set);
    FD_SET(s, &Set);
    Set.fd_array[Set.fd_count++] = s;
    Say("the same twice", select(0, NULL, &Set, NULL, &Soon));
    Say("one is left", (int)Set.fd_count);
    Say("nothing comes", select(0, &Set, NULL, NULL, &Soon));
    Say("none is left", (int)Set.fd_count);
    Two[0].fd = s;
    Two[1].fd = NoSocket;
    Two[0].events = Two[1].events = POLLIN;
    Say("beside a quiet one", WSAPoll(Two, 2, 0));
    Say("what was found", Two[1].revents);
    Say("no socket at all", WSAPoll(Two + 1, 1, 0));
    Two[0].events = POLLHUP;
    Say("what can only be found", WSAPoll(Two, 1, 0));
    Say("no entry", WSAPoll(Two, 0, 0));
    closesocket(s);
}

int main(void)
{
    WSADATA Data;
    if (WSAStartup(MAKEWORD(2, 2), &Data) != 0) return 1;
    ServeBySelect();
    ServeByPoll();
    ServeByEvents();
    AskWrongly();
    WSACleanup();
    return 0;
}
