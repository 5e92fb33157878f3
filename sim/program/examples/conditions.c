/* A server that looks who comes before it accepts: the first client is rejected, the second has to wait once. */
#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>
#include <windows.h>
#include <stdio.h>
#include <string.h>

struct Gate {
    unsigned Asked;
    unsigned short Seen[4];
};

static int CALLBACK Ask(LPWSABUF Caller, LPWSABUF CallerData, LPQOS Qos, LPQOS GroupQos, LPWSABUF Callee,
                        LPWSABUF CalleeData, GROUP *Group, DWORD_PTR Data)
{
    struct Gate *Gate = (struct Gate *)Data;
    (void)CallerData, (void)Qos, (void)GroupQos, (void)Callee, (void)CalleeData, (void)Group;
    Gate->Seen[Gate->Asked & 3] = ((struct sockaddr_in *)(void *)Caller->buf)->sin_port;
    Gate->Asked++;
    return Gate->Asked == 1 ? CF_REJECT : Gate->Asked == 2 ? CF_DEFER : CF_ACCEPT;
}

static SOCKET Connected(const struct sockaddr_in *Address, unsigned short *Port)
{
    struct sockaddr_in Own;
    int Length = sizeof(Own);
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (WSAConnect(s, (const struct sockaddr *)Address, sizeof(*Address), NULL, NULL, NULL, NULL) != 0 ||
        getsockname(s, (struct sockaddr *)&Own, &Length) != 0)
        printf("not connected: error %d\n", WSAGetLastError());
    *Port = Own.sin_port;
    return s;
}

int main(void)
{
    struct sockaddr_in Address;
    struct Gate Gate = { 0, { 0 } };
    unsigned short Ports[2] = { 0, 0 };
    int Length = sizeof(Address);
    char Heard[8];
    WSADATA Data;
    if (WSAStartup(MAKEWORD(2, 2), &Data) != 0) return 1;
    SOCKET Listening = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    memset(&Address, 0, sizeof(Address));
    Address.sin_family = AF_INET;
    Address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(Listening, (struct sockaddr *)&Address, sizeof(Address)) != 0 || listen(Listening, 5) != 0 ||
        getsockname(Listening, (struct sockaddr *)&Address, &Length) != 0)
        return 1;
    SOCKET First = Connected(&Address, &Ports[0]), Second = Connected(&Address, &Ports[1]);
    for (unsigned i = 0; i < 3; i++) {
        SOCKET Server = WSAAccept(Listening, NULL, NULL, Ask, (DWORD_PTR)&Gate);
        if (Server == INVALID_SOCKET) {
            printf("asked about %s: error %d\n", Gate.Seen[i] == Ports[0] ? "the first" : "the second",
                   WSAGetLastError());
            continue;
        }
        printf("asked about %s: accepted\n", Gate.Seen[i] == Ports[0] ? "the first" : "the second");
        send(Server, "hello", 5, 0);
        closesocket(Server);
    }
    printf("the second hears %d bytes\n", (int)recv(Second, Heard, sizeof(Heard), 0));
    int Count = recv(First, Heard, sizeof(Heard), 0);
    printf("the first: %d, error %d\n", Count, Count < 0 ? WSAGetLastError() : 0);
    closesocket(First);
    closesocket(Second);
    closesocket(Listening);
    WSACleanup();
    return 0;
}
