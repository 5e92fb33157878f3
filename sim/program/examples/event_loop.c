#define _WINSOCK_DEPRECATED_NO_WARNINGS
#define _CRT_SECURE_NO_WARNINGS
#include <WinSock2.h>
#include <WS2tcpip.h>
#include <MSTcpIP.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define MAX_CLIENTS WSA_MAXIMUM_WAIT_EVENTS
static void print_error(const char *what, int code) {
    LPSTR msg = NULL;
    FormatMessageA(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                   NULL, (DWORD)code, MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT), (LPSTR)&msg, 0, NULL);
    printf("%s: %d %s\n", what, code, msg ? "with a message" : "");
    LocalFree(msg);
}
static struct sockaddr_in target;
static DWORD CALLBACK client(void *p) {
    SOCKET s = socket(PF_INET, SOCK_STREAM, 0);
    struct linger l;
    int nodelay = 1;
    char b[10];
    (void)p;
    l.l_onoff = 1;
    l.l_linger = 5;
    setsockopt(s, SOL_SOCKET, SO_LINGER, (char *)&l, sizeof(l));
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, (char *)&nodelay, sizeof(nodelay));
    if (connect(s, (LPSOCKADDR)&target, sizeof(target)) != 0) {
        print_error("connect", WSAGetLastError());
        return 1;
    }
    send(s, "ping", 4, 0);
    recv(s, b, sizeof b, 0);
    printf("client got %.4s\n", b);
    closesocket(s);
    return 0;
}
static SOCKET socks[MAX_CLIENTS];
static WSAEVENT events[MAX_CLIENTS];
static DWORD total;

/* Until a client has closed. */
static void serve(void) {
    WSANETWORKEVENTS ne;
    BOOL run = TRUE;
    DWORD ret, idx;
    while (run) {
        ret = WSAWaitForMultipleEvents(total, events, FALSE, 10000, FALSE);
        if (ret == WSA_WAIT_TIMEOUT || ret == WSA_WAIT_FAILED) {
            printf("wait: %lu\n", ret);
            break;
        }
        idx = ret - WSA_WAIT_EVENT_0;
        if (WSAEnumNetworkEvents(socks[idx], events[idx], &ne) == SOCKET_ERROR) {
            print_error("enum", WSAGetLastError());
            break;
        }
        if (ne.lNetworkEvents & FD_ACCEPT) {
            if (ne.iErrorCode[FD_ACCEPT_BIT] != 0)
                break;
            socks[total] = accept(socks[idx], NULL, NULL);
            events[total] = WSACreateEvent();
            WSAEventSelect(socks[total], events[total], FD_READ | FD_WRITE | FD_CLOSE);
            total++;
            printf("accepted\n");
        }
        if (ne.lNetworkEvents & FD_READ) {
            char buf[100];
            int n = recv(socks[idx], buf, sizeof buf, 0);
            if (n > 0) {
                printf("read %d\n", n);
                send(socks[idx], "pong", 4, 0);
            }
        }
        if (ne.lNetworkEvents & FD_CLOSE) {
            printf("closed\n");
            closesocket(socks[idx]);
            WSACloseEvent(events[idx]);
            run = FALSE;
        }
    }
}

int main(int argc, char **argv) {
    WSADATA w;
    SOCKET owner;
    DWORD id, ret;
    BOOL excl = TRUE;
    HANDLE th;
    INET_PORT_RANGE r = {0};
    INET_PORT_RESERVATION_INSTANCE inst;
    INET_PORT_RESERVATION_TOKEN tok;
    (void)argc;
    (void)argv;
    ret = WSAStartup(0x0202, &w);
    if (ret) {
        print_error("WSAStartup", ret);
        return 1;
    }
    if (LOBYTE(w.wVersion) != 2 || HIBYTE(w.wVersion) != 2)
        return 1;
    owner = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    r.NumberOfPorts = 2;
    if (WSAIoctl(owner, SIO_ACQUIRE_PORT_RESERVATION, (LPVOID)&r, sizeof r, (LPVOID)&inst, sizeof inst, &ret, 0,
                 0) != NO_ERROR) {
        print_error("acquire", WSAGetLastError());
        return 1;
    }
    tok.Token = inst.Token;
    socks[0] =
        WSASocketA(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
    if (setsockopt(socks[0], SOL_SOCKET, SO_EXCLUSIVEADDRUSE, (char *)&excl, sizeof excl))
        print_error("SO_EXCLUSIVEADDRUSE", WSAGetLastError());
    if (WSAIoctl(socks[0], SIO_ASSOCIATE_PORT_RESERVATION, &tok, sizeof tok, NULL, 0, &ret, NULL, NULL)) {
        print_error("associate", WSAGetLastError());
        return 1;
    }
    target.sin_family = AF_INET;
    target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    target.sin_port = 0;
    if (bind(socks[0], (const struct sockaddr *)&target, sizeof target)) {
        print_error("bind", WSAGetLastError());
        return 1;
    }
    {
        int len = sizeof target;
        getsockname(socks[0], (struct sockaddr *)&target, &len);
    }
    events[0] = WSACreateEvent();
    if (events[0] == WSA_INVALID_EVENT)
        return 1;
    WSAEventSelect(socks[0], events[0], FD_ACCEPT | FD_CLOSE);
    listen(socks[0], 5);
    total = 1;
    th = CreateThread(0, 0, (LPTHREAD_START_ROUTINE)client, 0, 0, &id);
    serve();
    WaitForSingleObject(th, 5000);
    CloseHandle(th);
    closesocket(socks[0]);
    closesocket(owner);
    return WSACleanup();
}
