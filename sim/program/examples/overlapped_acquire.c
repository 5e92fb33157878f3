/* A block is reserved by overlapped calls, and its end is learned in each of the three ways: by an event, by a
 * completion routine, by a completion port. */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <winsock2.h>
#include <mstcpip.h>
#include <stdio.h>
#include <tchar.h>

struct Request {
    WSAOVERLAPPED Overlapped; /* first: a routine finds the rest by it */
    INET_PORT_RANGE Range;
    INET_PORT_RESERVATION_INSTANCE Instance;
    const TCHAR *How;
};

static SOCKET NewSocket(void) { return WSASocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, WSA_FLAG_OVERLAPPED); }

static void Prepare(struct Request *Request, const TCHAR *How)
{
    ZeroMemory(Request, sizeof(*Request));
    Request->Range.NumberOfPorts = 16; /* wherever there is room */
    Request->How = How;
}

static int Issue(SOCKET s, struct Request *Request, LPWSAOVERLAPPED_COMPLETION_ROUTINE Routine)
{
    DWORD Bytes = 0;
    int rc = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, &Request->Range, sizeof(Request->Range), &Request->Instance,
                      sizeof(Request->Instance), &Bytes, &Request->Overlapped, Routine);
    if (rc == SOCKET_ERROR && WSAGetLastError() != WSA_IO_PENDING) {
        _tprintf(_T("%s: error %d\n"), Request->How, WSAGetLastError());
        return 0;
    }
    _tprintf(_T("%s: %s\n"), Request->How, rc == 0 ? _T("done at once") : _T("pending"));
    return 1;
}

static void Report(const struct Request *Request, DWORD Error, DWORD Bytes)
{
    INET_PORT_RANGE Range;
    memcpy(&Range, &Request->Instance, sizeof(Range));
    _tprintf(_T("%s: error %lu, %lu bytes, %u ports from %s\n"), Request->How, Error, Bytes, Range.NumberOfPorts,
             ntohs(Range.StartPort) >= 49152 ? _T("the dynamic range") : _T("elsewhere"));
}

static void CALLBACK Routine(DWORD Error, DWORD Bytes, LPWSAOVERLAPPED Overlapped, DWORD Flags)
{
    (void)Flags;
    Report((struct Request *)Overlapped, Error, Bytes);
}

static void ByEvent(void)
{
    struct Request Request;
    DWORD Bytes = 0, Flags = 0;
    SOCKET s = NewSocket();

    Prepare(&Request, _T("event"));
    Request.Overlapped.hEvent = WSACreateEvent();
    if (Issue(s, &Request, NULL)) {
        DWORD rc = WSAWaitForMultipleEvents(1, &Request.Overlapped.hEvent, TRUE, 5000, FALSE);
        if (rc != WSA_WAIT_EVENT_0) _tprintf(_T("the event was not set: %lu\n"), rc);
        if (!GetOverlappedResult((HANDLE)s, &Request.Overlapped, &Bytes, TRUE) || Bytes != sizeof(Request.Instance))
            _tprintf(_T("event: Win32 sees error %lu\n"), GetLastError());
        if (WSAGetOverlappedResult(s, &Request.Overlapped, &Bytes, FALSE, &Flags)) Report(&Request, 0, Bytes);
        else _tprintf(_T("event: error %d\n"), WSAGetLastError());
    }
    WSACloseEvent(Request.Overlapped.hEvent);
    closesocket(s);
}

static void ByRoutine(void)
{
    struct Request Request;
    SOCKET s = NewSocket();

    Prepare(&Request, _T("routine"));
    if (Issue(s, &Request, Routine)) {
        DWORD rc = SleepEx(5000, TRUE);
        if (rc != WAIT_IO_COMPLETION) _tprintf(_T("no routine ran: %lu\n"), rc);
    }
    closesocket(s);
}

static void ByPort(void)
{
    struct Request Request;
    DWORD Bytes = 0;
    ULONG_PTR Key = 0;
    LPOVERLAPPED Done = NULL;
    SOCKET s = NewSocket();
    HANDLE Port = CreateIoCompletionPort((HANDLE)s, NULL, 77, 0);

    Prepare(&Request, _T("port"));
    if (Issue(s, &Request, NULL)) {
        BOOL rc = GetQueuedCompletionStatus(Port, &Bytes, &Key, &Done, 5000);
        if (Done == NULL) _tprintf(_T("port: nothing came, error %lu\n"), GetLastError());
        else if (Key != 77) _tprintf(_T("port: another key\n"));
        else Report(CONTAINING_RECORD(Done, struct Request, Overlapped), rc ? 0 : GetLastError(), Bytes);
    }
    closesocket(s);
    CloseHandle(Port);
}

int _tmain(int argc, _TCHAR *argv[])
{
    WSADATA Data;

    (void)argc, (void)argv;
    if (WSAStartup(MAKEWORD(2, 2), &Data) != 0) return 1;
    ByEvent();
    ByRoutine();
    ByPort();
    WSACleanup();
    return 0;
}
