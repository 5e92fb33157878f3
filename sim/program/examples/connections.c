#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mswsock.h>
#include <windows.h>
#include <stdio.h>
/* WSAConnectByName, WSASendDisconnect, WSARecvDisconnect, WSAHtons, out-of-band data, WSAGetOverlappedResult
 * with alertable routines. */
static void CALLBACK Recvd(DWORD err, DWORD n, LPWSAOVERLAPPED ov, DWORD fl)
{
    printf("recvd %lu %lu flags %lu event %d\n", err, n, fl, (int)(INT_PTR)ov->hEvent);
}
int main(void)
{
    WSADATA w;
    SOCKET l, c, a;
    struct sockaddr_in sa;
    int sl = sizeof sa;
    char b[32];
    WSABUF wb;
    DWORD fl = 0, n;
    WSAOVERLAPPED ov;
    char port[8];
    SOCKADDR_STORAGE la, ra;
    DWORD ll = sizeof la, rl = sizeof ra;
    struct timeval tv = {3, 0};
    BOOL oob = TRUE;
    u_long mark = 0;
    WSAStartup(MAKEWORD(2, 2), &w);
    l = socket(AF_INET, SOCK_STREAM, 0);
    ZeroMemory(&sa, sizeof sa);
    sa.sin_family = AF_INET;
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(l, (SOCKADDR *)&sa, sizeof sa);
    listen(l, 2);
    getsockname(l, (SOCKADDR *)&sa, &sl);
    c = socket(AF_INET, SOCK_STREAM, 0);
    sprintf(port, "%u", ntohs(sa.sin_port));
    if (!WSAConnectByNameA(c, "127.0.0.1", port, &ll, (SOCKADDR *)&la, &rl, (SOCKADDR *)&ra, &tv, NULL))
        printf("WSAConnectByName %d\n", WSAGetLastError());
    printf("remote %s\n", inet_ntoa(((SOCKADDR_IN *)&ra)->sin_addr));
    setsockopt(c, SOL_SOCKET, SO_UPDATE_CONNECT_CONTEXT, NULL, 0);
    a = accept(l, NULL, NULL);
    ZeroMemory(&ov, sizeof ov);
    ov.hEvent = (HANDLE)(INT_PTR)77;
    wb.buf = b;
    wb.len = sizeof b;
    if (WSARecv(a, &wb, 1, NULL, &fl, &ov, Recvd) == SOCKET_ERROR)
        printf("pending %d\n", WSAGetLastError() == WSA_IO_PENDING);
    send(c, "12345", 5, 0);
    while (SleepEx(INFINITE, TRUE) != WAIT_IO_COMPLETION)
        ;
    printf("SendDisconnect %d\n", WSASendDisconnect(c, NULL));
    printf("recv %d\n", recv(a, b, sizeof b, 0));
    printf("RecvDisconnect %d\n", WSARecvDisconnect(a, NULL));
    shutdown(a, SD_BOTH);
    ioctlsocket(a, SIOCATMARK, &mark);
    printf("mark %d\n", mark != 0);
    setsockopt(a, SOL_SOCKET, SO_OOBINLINE, (char *)&oob, sizeof oob);
    closesocket(a);
    closesocket(c);
    c = socket(AF_INET, SOCK_STREAM, 0);
    connect(c, (SOCKADDR *)&sa, sl);
    a = accept(l, NULL, NULL);
    {
        struct linger lin = {1, 0};
        setsockopt(c, SOL_SOCKET, SO_LINGER, (char *)&lin, sizeof lin);
        closesocket(c);
        n = recv(a, b, sizeof b, 0);
        printf("%d %d\n", (int)n, WSAGetLastError());
    }
    closesocket(a);
    closesocket(l);
    c = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(c, (SOCKADDR *)&sa, sl) == SOCKET_ERROR)
        printf("refused %d\n", WSAGetLastError());
    closesocket(c);
    printf("%d\n", WSACleanup());
    if (WSACleanup() == SOCKET_ERROR)
        printf("%d\n", WSAGetLastError());
    return 0;
}
