/* How long may a datagram be, and what becomes of one that is longer than the buffer? Over IPv4 and IPv6, in one buffer
 * and in several, at once and overlapped. */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma comment(lib, "ws2_32.lib")

enum { ROOM = 70000, JUMBO = 9000 };

static char *Out, *In;

static void Check(const char *What, int True)
{
    printf("%s: %s\n", What, True ? "yes" : "no");
}

static int Failed(int Status, int Error)
{
    return Status == SOCKET_ERROR && WSAGetLastError() == Error;
}

/* A socket that is bound to loopback, and where. */
static SOCKET BoundSocket(int Family, SOCKADDR_STORAGE *Where, int *Length)
{
    SOCKET s = socket(Family, SOCK_DGRAM, IPPROTO_UDP);
    struct sockaddr_in *v4 = (struct sockaddr_in *)Where;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)Where;

    memset(Where, 0, sizeof(*Where));
    Where->ss_family = (ADDRESS_FAMILY)Family;
    if (Family == AF_INET)
        v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else
        v6->sin6_addr = in6addr_loopback;
    *Length = Family == AF_INET ? (int)sizeof(*v4) : (int)sizeof(*v6);
    if (bind(s, (SOCKADDR *)Where, *Length) == SOCKET_ERROR ||
        getsockname(s, (SOCKADDR *)Where, Length) == SOCKET_ERROR)
        exit(1);
    return s;
}

static void Longest(void)
{
    SOCKADDR_STORAGE Where;
    int Length, Size, Most = 0;
    SOCKET Receiver = BoundSocket(AF_INET, &Where, &Length), Sender = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);

    Size = sizeof(Most);
    if (getsockopt(Sender, SOL_SOCKET, SO_MAX_MSG_SIZE, (char *)&Most, &Size) == SOCKET_ERROR)
        exit(1);
    printf("SO_MAX_MSG_SIZE is %d\n", Most);
    Check("as many bytes are sent", sendto(Sender, Out, Most, 0, (SOCKADDR *)&Where, Length) == Most);
    Check("one more is WSAEMSGSIZE",
          Failed(sendto(Sender, Out, Most + 1, 0, (SOCKADDR *)&Where, Length), WSAEMSGSIZE));
    Check("a peek at 100 of them is WSAEMSGSIZE", Failed(recv(Receiver, In, 100, MSG_PEEK), WSAEMSGSIZE));
    Check("and has them", memcmp(In, Out, 100) == 0);
    Check("all arrive", recv(Receiver, In, ROOM, 0) == Most && memcmp(In, Out, (size_t)Most) == 0);
    Check("half of a datagram is WSAEMSGSIZE", sendto(Sender, Out, JUMBO, 0, (SOCKADDR *)&Where, Length) == JUMBO &&
                                                   Failed(recv(Receiver, In, JUMBO / 2, 0), WSAEMSGSIZE));
    Check("the rest is gone",
          sendto(Sender, "x", 1, 0, (SOCKADDR *)&Where, Length) == 1 && recv(Receiver, In, ROOM, 0) == 1);
    closesocket(Receiver);
    closesocket(Sender);
}

/* The receive is there first; the datagram is in six buffers. */
static void Overlapped(int Family, const char *Name)
{
    enum { BUFFERS = 6, TOTAL = BUFFERS * 10000 };
    SOCKADDR_STORAGE Where, From;
    int Length, FromLength = sizeof(From), Status;
    SOCKET Receiver = BoundSocket(Family, &Where, &Length), Sender = socket(Family, SOCK_DGRAM, 0);
    WSAOVERLAPPED Receive, Send;
    WSABUF Whole, Parts[BUFFERS];
    DWORD Bytes = 0, Flags = 0, i;

    memset(&Receive, 0, sizeof(Receive));
    memset(&Send, 0, sizeof(Send));
    Receive.hEvent = WSACreateEvent();
    Send.hEvent = WSACreateEvent();
    Whole.buf = In;
    Whole.len = ROOM;
    memset(In, 0, ROOM);
    Status = WSARecvFrom(Receiver, &Whole, 1, NULL, &Flags, (SOCKADDR *)&From, &FromLength, &Receive, NULL);
    Check("a receive pends", Failed(Status, WSA_IO_PENDING));
    for (i = 0; i < BUFFERS; i++) {
        Parts[i].buf = Out + i * 10000;
        Parts[i].len = 10000;
    }
    Status = WSASendTo(Sender, Parts, BUFFERS, NULL, 0, (SOCKADDR *)&Where, Length, &Send, NULL);
    Check("six buffers are sent", Status == 0 || Failed(Status, WSA_IO_PENDING));
    Check("with all their bytes", WSAGetOverlappedResult(Sender, &Send, &Bytes, TRUE, &Flags) && Bytes == TOTAL);
    Status = WSAGetOverlappedResult(Receiver, &Receive, &Bytes, TRUE, &Flags);
    printf("%lu bytes over %s, %s\n", Bytes, Name, Status && memcmp(In, Out, TOTAL) == 0 ? "equal" : "different");
    WSACloseEvent(Receive.hEvent);
    WSACloseEvent(Send.hEvent);
    closesocket(Receiver);
    closesocket(Sender);
}

int main(void)
{
    WSADATA Data;
    int i;

    if (WSAStartup(MAKEWORD(2, 2), &Data) != 0)
        return 1;
    Out = (char *)malloc(ROOM);
    In = (char *)malloc(ROOM);
    if (Out == NULL || In == NULL)
        return 1;
    for (i = 0; i < ROOM; i++)
        Out[i] = (char)(i ^ (i >> 8));
    Longest();
    Overlapped(AF_INET, "IPv4");
    Overlapped(AF_INET6, "IPv6");
    free(In);
    free(Out);
    WSACleanup();
    return 0;
}
