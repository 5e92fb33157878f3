/* Much data at once: WSASend with an OVERLAPPED and 100,000 bytes by a completion port, into a receiver that
 * begins late; WriteFile and ReadFile of a socket; recv that waits for all. */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <winsock2.h>
#include <ws2tcpip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#pragma comment(lib, "ws2_32.lib")
enum
{
    BULK = 100000,
    REST = 5000
};
static char out[BULK], in[BULK];
static SOCKET listener;
static int bulk_came, bulk_same, rest_came, rest_same;
static DWORD WINAPI receiver(LPVOID p)
{
    SOCKET s = accept(listener, NULL, NULL);
    int total = 0, n;
    (void)p;
    Sleep(100);
    while (total < BULK && (n = recv(s, in + total, BULK - total, 0)) > 0)
        total += n;
    bulk_came = total;
    bulk_same = memcmp(in, out, BULK) == 0;
    n = recv(s, in, REST, MSG_WAITALL);
    rest_came = n;
    rest_same = memcmp(in, out, REST) == 0;
    Sleep(50);
    send(s, "answer", 6, 0);
    shutdown(s, SD_SEND);
    while (recv(s, in, sizeof in, 0) > 0)
        continue;
    closesocket(s);
    return 0;
}
int main(void)
{
    WSADATA data;
    SOCKET s;
    struct sockaddr_in a;
    int length = sizeof a, i;
    HANDLE thread, port, file;
    OVERLAPPED ov, *done;
    WSABUF parts[3];
    DWORD bytes, flags;
    ULONG_PTR key;
    char answer[64];
    OVERLAPPED_ENTRY entries[8];
    ULONG count;
    if (WSAStartup(MAKEWORD(2, 2), &data) != 0)
        return 1;
    for (i = 0; i < BULK; i++)
        out[i] = (char)(i * 7 + i / 251);
    listener = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listener, (struct sockaddr *)&a, sizeof a);
    listen(listener, 1);
    getsockname(listener, (struct sockaddr *)&a, &length);
    thread = CreateThread(NULL, 0, receiver, NULL, 0, NULL);
    s = WSASocketW(AF_INET, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_OVERLAPPED);
    connect(s, (struct sockaddr *)&a, sizeof a);
    file = (HANDLE)s;
    port = CreateIoCompletionPort(file, NULL, 77, 0);
    memset(&ov, 0, sizeof ov);
    parts[0].buf = out, parts[0].len = 10;
    parts[1].buf = out + 10, parts[1].len = BULK - 20;
    parts[2].buf = out + BULK - 10, parts[2].len = 10;
    if (WSASend(s, parts, 3, NULL, 0, &ov, NULL) == SOCKET_ERROR && WSAGetLastError() != WSA_IO_PENDING)
        return printf("WSASend: %d\n", WSAGetLastError());
    if (!GetQueuedCompletionStatus(port, &bytes, &key, &done, INFINITE))
        return printf("failed: %lu\n", GetLastError());
    printf("sent %lu, key %d, its own: %d\n", bytes, (int)key, done == &ov);
    if (!WSAGetOverlappedResult(s, &ov, &bytes, FALSE, &flags))
        return 1;
    printf("result %lu, in it %d\n", bytes, (int)ov.InternalHigh);
    memset(&ov, 0, sizeof ov);
    if (!WriteFile(file, out, REST, NULL, &ov) && GetLastError() != ERROR_IO_PENDING)
        return printf("WriteFile: %lu\n", GetLastError());
    if (!GetQueuedCompletionStatusEx(port, entries, 8, &count, INFINITE, FALSE))
        return 1;
    printf("written %lu, %lu entry\n", entries[0].dwNumberOfBytesTransferred, count);
    memset(&ov, 0, sizeof ov);
    if (!ReadFile(file, answer, sizeof answer, NULL, &ov) && GetLastError() != ERROR_IO_PENDING)
        return printf("ReadFile: %lu\n", GetLastError());
    if (!GetQueuedCompletionStatus(port, &bytes, &key, &done, INFINITE))
        return 1;
    printf("read %.*s\n", (int)bytes, answer);
    memset(&ov, 0, sizeof ov);
    parts[0].buf = out, parts[0].len = 10;
    if (WSASend(s, parts, 1, &bytes, 0, &ov, NULL) == SOCKET_ERROR)
        return 1;
    GetQueuedCompletionStatus(port, &bytes, &key, &done, INFINITE);
    printf("small again: %lu\n", bytes);
    shutdown(s, SD_SEND);
    WaitForSingleObject(thread, INFINITE);
    printf("bulk: %d bytes, the same: %d\n", bulk_came, bulk_same);
    printf("rest: %d bytes, the same: %d\n", rest_came, rest_same);
    printf("nothing left: %d\n", !GetQueuedCompletionStatus(port, &bytes, &key, &done, 0) && done == NULL);
    closesocket(s);
    closesocket(listener);
    CloseHandle(port);
    CloseHandle(thread);
    WSACleanup();
    return 0;
}
