#undef UNICODE
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mswsock.h>
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#pragma comment(lib, "Mswsock.lib")
static DWORD WINAPI sink(LPVOID p)
{
    SOCKET l = (SOCKET)p;
    char buf[4096];
    int n, total = 0;
    unsigned sum = 0;
    SOCKET c = accept(l, NULL, NULL);
    while ((n = recv(c, buf, sizeof(buf), 0)) > 0)
    {
        int i;
        for (i = 0; i < n; i++)
            sum += (unsigned char)buf[i];
        total += n;
    }
    printf("received %d bytes, sum %u\n", total, sum);
    closesocket(c);
    return 0;
}
int __cdecl main(void)
{
    WSADATA wsa;
    SOCKET l, s;
    struct sockaddr_in a = {0};
    int len = sizeof a;
    HANDLE th, f;
    char path[MAX_PATH], name[MAX_PATH];
    DWORD wrote;
    int i;
    TRANSMIT_FILE_BUFFERS tfb;
    LPFN_TRANSMITFILE pTransmitFile = NULL;
    GUID g = WSAID_TRANSMITFILE;
    DWORD b;
    OVERLAPPED ov = {0};
    char data[1000];
    if (WSAStartup(MAKEWORD(2, 2), &wsa))
        return 1;
    l = socket(AF_INET, SOCK_STREAM, 0);
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = inet_addr("127.0.0.1");
    bind(l, (struct sockaddr *)&a, sizeof a);
    listen(l, 1);
    getsockname(l, (struct sockaddr *)&a, &len);
    th = CreateThread(NULL, 0, sink, (LPVOID)l, 0, NULL);
    s = WSASocket(AF_INET, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_OVERLAPPED);
    connect(s, (struct sockaddr *)&a, len);
    GetTempPath(sizeof path, path);
    GetTempFileName(path, "tf", 0, name);
    f = CreateFile(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS,
                   FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_SEQUENTIAL_SCAN, NULL);
    if (f == INVALID_HANDLE_VALUE)
    {
        printf("CreateFile %lu\n", GetLastError());
        return 1;
    }
    for (i = 0; i < 1000; i++)
        data[i] = (char)('a' + i % 26);
    for (i = 0; i < 5; i++)
        WriteFile(f, data, sizeof data, &wrote, NULL);
    SetFilePointer(f, 0, NULL, FILE_BEGIN);
    tfb.Head = "HEAD";
    tfb.HeadLength = 4;
    tfb.Tail = "TAIL!";
    tfb.TailLength = 5;
    if (WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &g, sizeof g, &pTransmitFile, sizeof pTransmitFile,
                 &b, NULL, NULL))
    {
        printf("ioctl %d\n", WSAGetLastError());
        return 1;
    }
    if (!pTransmitFile(s, f, 0, 0, NULL, &tfb, 0))
    {
        printf("TransmitFile %d\n", WSAGetLastError());
        return 1;
    }
    /* overlapped, from an offset */
    ov.hEvent = CreateEvent(NULL, TRUE, FALSE, NULL);
    ov.Offset = 4000;
    if (!TransmitFile(s, f, 500, 0, &ov, NULL, TF_USE_KERNEL_APC))
    {
        if (WSAGetLastError() != WSA_IO_PENDING && WSAGetLastError() != ERROR_IO_PENDING)
        {
            printf("overlapped TransmitFile %d\n", WSAGetLastError());
            return 1;
        }
        WaitForSingleObject(ov.hEvent, INFINITE);
    }
    if (!GetOverlappedResult((HANDLE)s, &ov, &b, FALSE))
        printf("result %lu\n", GetLastError());
    printf("overlapped: %lu bytes\n", b);
    shutdown(s, SD_SEND);
    WaitForSingleObject(th, INFINITE);
    CloseHandle(th);
    CloseHandle(ov.hEvent);
    CloseHandle(f);
    DeleteFile(name);
    closesocket(s);
    closesocket(l);
    WSACleanup();
    return 0;
}
