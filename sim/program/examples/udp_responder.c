/* A UDP server that answers from the address that it was asked at, whichever of its own that is. */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mswsock.h>
#include <windows.h>
#include <stdio.h>
#include <string.h>

static LPFN_WSARECVMSG ReceiveMessage;
static LPFN_WSASENDMSG SendMessageTo;

static int Fail(const char *What)
{
    fprintf(stderr, "%s fails: %d\n", What, WSAGetLastError());
    return 1;
}

static BOOL LoadExtensions(SOCKET s)
{
    GUID ReceiveId = WSAID_WSARECVMSG, SendId = WSAID_WSASENDMSG;
    DWORD Bytes = 0;
    return WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &ReceiveId, sizeof ReceiveId, &ReceiveMessage,
                    sizeof ReceiveMessage, &Bytes, NULL, NULL) == 0 &&
           WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &SendId, sizeof SendId, &SendMessageTo,
                    sizeof SendMessageTo, &Bytes, NULL, NULL) == 0;
}

static IN_PKTINFO *PacketInfo(WSAMSG *Message)
{
    WSACMSGHDR *Header;
    for (Header = WSA_CMSG_FIRSTHDR(Message); Header != NULL; Header = WSA_CMSG_NXTHDR(Message, Header))
        if (Header->cmsg_level == IPPROTO_IP && Header->cmsg_type == IP_PKTINFO)
            return (IN_PKTINFO *)(void *)WSA_CMSG_DATA(Header);
    return NULL;
}

/* Asked with this much room for data and control data. */
static int Answer(SOCKET Server, ULONG Room, ULONG ControlRoom)
{
    char Bytes[64], Text[INET_ADDRSTRLEN];
    union {
        WSACMSGHDR Aligned;
        char Bytes[WSA_CMSG_SPACE(sizeof(IN_PKTINFO))];
    } Control;
    SOCKADDR_IN From;
    WSABUF Data;
    WSAMSG Message;
    WSAOVERLAPPED Overlapped;
    DWORD Received = 0, Sent = 0, Flags = 0;
    IN_PKTINFO *Info;

    memset(&Message, 0, sizeof Message);
    memset(&Overlapped, 0, sizeof Overlapped);
    Data.buf = Bytes;
    Data.len = Room;
    Message.name = (LPSOCKADDR)&From;
    Message.namelen = sizeof From;
    Message.lpBuffers = &Data;
    Message.dwBufferCount = 1;
    Message.Control.buf = Control.Bytes;
    Message.Control.len = ControlRoom;
    if (ReceiveMessage(Server, &Message, &Received, NULL, NULL) != 0) {
        printf("error %d%s%s\n", WSAGetLastError(), Message.dwFlags & MSG_TRUNC ? ", data is cut" : "",
               Message.dwFlags & MSG_CTRUNC ? ", control data is cut" : "");
        return 0;
    }
    Info = PacketInfo(&Message);
    if (Info == NULL) return Fail("packet information");
    printf("asked at %s\n", inet_ntop(AF_INET, &Info->ipi_addr, Text, sizeof Text));
    Info->ipi_ifindex = 0; /* by whichever interface leads there */
    Data.len = Received;
    Overlapped.hEvent = WSACreateEvent();
    if (SendMessageTo(Server, &Message, 0, NULL, &Overlapped, NULL) != 0 && WSAGetLastError() != WSA_IO_PENDING)
        return Fail("WSASendMsg");
    WSAWaitForMultipleEvents(1, &Overlapped.hEvent, TRUE, WSA_INFINITE, FALSE);
    if (!WSAGetOverlappedResult(Server, &Overlapped, &Sent, FALSE, &Flags)) return Fail("the answer");
    WSACloseEvent(Overlapped.hEvent);
    return 0;
}

int main(void)
{
    WSADATA Winsock;
    SOCKET Server, Client;
    SOCKADDR_IN Address, From;
    int Length = sizeof Address, On = TRUE, Got, Failed;
    char Bytes[64], Text[INET_ADDRSTRLEN];

    if (WSAStartup(MAKEWORD(2, 2), &Winsock) != 0) return 1;
    Server = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    Client = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    memset(&Address, 0, sizeof Address);
    Address.sin_family = AF_INET;
    if (!LoadExtensions(Server)) return Fail("SIO_GET_EXTENSION_FUNCTION_POINTER");
    if (setsockopt(Server, IPPROTO_IP, IP_PKTINFO, (char *)&On, sizeof On) != 0) return Fail("IP_PKTINFO");
    if (bind(Server, (SOCKADDR *)&Address, sizeof Address) != 0) return Fail("bind");
    getsockname(Server, (SOCKADDR *)&Address, &Length);
    Address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 6);
    sendto(Client, "ping", 4, 0, (SOCKADDR *)&Address, sizeof Address);
    Failed = Answer(Server, 64, WSA_CMSG_SPACE(sizeof(IN_PKTINFO)));
    if (Failed) return Failed;
    Length = sizeof From;
    Got = recvfrom(Client, Bytes, sizeof Bytes, 0, (SOCKADDR *)&From, &Length);
    printf("%d bytes from %s\n", Got, inet_ntop(AF_INET, &From.sin_addr, Text, sizeof Text));
    sendto(Client, "long", 4, 0, (SOCKADDR *)&Address, sizeof Address);
    Failed = Answer(Server, 2, 4);
    closesocket(Client);
    closesocket(Server);
    WSACleanup();
    return Failed;
}
