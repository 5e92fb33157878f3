/* An echo server on the pool: requests of its sockets complete on threads of the pool, whose ports come from a block of
 * its own; a timer of the pool ends it, and a wait of the pool sees that. */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mstcpip.h>
#include <windows.h>
#include <stdio.h>

#pragma comment(lib, "ws2_32.lib")

typedef struct _CONNECTION {
    OVERLAPPED Overlapped;
    SOCKET Socket;
    PTP_IO Io;
    WSABUF Buffer;
    CHAR Bytes[64];
    BOOL Sending;
} CONNECTION, *PCONNECTION;

static HANDLE ServerDone, WaitSaw;
static LONG Echoed;

static BOOL Receive(PCONNECTION Connection) {
    DWORD Flags = 0;
    Connection->Sending = FALSE;
    Connection->Buffer.buf = Connection->Bytes;
    Connection->Buffer.len = sizeof(Connection->Bytes);
    ZeroMemory(&Connection->Overlapped, sizeof(OVERLAPPED));
    StartThreadpoolIo(Connection->Io);
    if (WSARecv(Connection->Socket, &Connection->Buffer, 1, NULL, &Flags, &Connection->Overlapped, NULL) == 0)
        return TRUE;
    if (WSAGetLastError() == WSA_IO_PENDING) return TRUE;
    CancelThreadpoolIo(Connection->Io);
    return FALSE;
}

static VOID CALLBACK OnCompletion(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PVOID Overlapped, ULONG IoResult,
                                  ULONG_PTR Bytes, PTP_IO Io) {
    PCONNECTION Connection = CONTAINING_RECORD(Overlapped, CONNECTION, Overlapped);
    UNREFERENCED_PARAMETER(Instance);
    UNREFERENCED_PARAMETER(Context);
    if (IoResult != NO_ERROR || Bytes == 0) {
        printf("the client has gone after %ld bytes\n", Echoed);
        SetEvent(ServerDone);
        return;
    }
    if (Connection->Sending) {
        InterlockedExchangeAdd(&Echoed, (LONG)Bytes);
        Receive(Connection);
        return;
    }
    Connection->Sending = TRUE;
    Connection->Buffer.len = (ULONG)Bytes;
    ZeroMemory(&Connection->Overlapped, sizeof(OVERLAPPED));
    StartThreadpoolIo(Io);
    if (WSASend(Connection->Socket, &Connection->Buffer, 1, NULL, 0, &Connection->Overlapped, NULL) == SOCKET_ERROR &&
        WSAGetLastError() != WSA_IO_PENDING)
        CancelThreadpoolIo(Io);
}

static VOID CALLBACK OnTimer(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_TIMER Timer) {
    UNREFERENCED_PARAMETER(Instance);
    UNREFERENCED_PARAMETER(Timer);
    shutdown((SOCKET)Context, SD_SEND);
}

static VOID CALLBACK OnWait(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_WAIT Wait, TP_WAIT_RESULT Result) {
    UNREFERENCED_PARAMETER(Instance);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Wait);
    printf("the wait saw it: %lu\n", Result);
    SetEvent(WaitSaw);
}

static SOCKET Listen(SOCKADDR_IN *Address) {
    INET_PORT_RANGE Range = { 0, 4 };
    INET_PORT_RESERVATION_INSTANCE Block;
    DWORD Bytes = 0;
    int Length = sizeof(*Address);
    SOCKET Socket = WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, WSA_FLAG_OVERLAPPED);
    if (WSAIoctl(Socket, SIO_ACQUIRE_PORT_RESERVATION, &Range, sizeof(Range), &Block, sizeof(Block), &Bytes, NULL,
                 NULL) == SOCKET_ERROR)
        printf("SIO_ACQUIRE_PORT_RESERVATION: %d\n", WSAGetLastError());
    else printf("a block of %u ports\n", Range.NumberOfPorts);
    ZeroMemory(Address, sizeof(*Address));
    Address->sin_family = AF_INET;
    Address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(Socket, (PSOCKADDR)Address, sizeof(*Address)) == SOCKET_ERROR) printf("bind: %d\n", WSAGetLastError());
    getsockname(Socket, (PSOCKADDR)Address, &Length);
    listen(Socket, SOMAXCONN);
    return Socket;
}

int main(void) {
    WSADATA Data;
    SOCKADDR_IN Address;
    CHAR Answer[64];
    ULARGE_INTEGER Due;
    FILETIME When;
    static CONNECTION Connection;

    if (WSAStartup(MAKEWORD(2, 2), &Data) != NO_ERROR) return 1;
    ServerDone = CreateEventW(NULL, TRUE, FALSE, NULL);
    WaitSaw = CreateEventW(NULL, TRUE, FALSE, NULL);
    SOCKET Listener = Listen(&Address);
    SOCKET Client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (connect(Client, (PSOCKADDR)&Address, sizeof(Address)) == SOCKET_ERROR) return 2;
    Connection.Socket = accept(Listener, NULL, NULL);
    Connection.Io = CreateThreadpoolIo((HANDLE)Connection.Socket, OnCompletion, NULL, NULL);
    if (Connection.Io == NULL || !Receive(&Connection)) return 3;

    PTP_WAIT Wait = CreateThreadpoolWait(OnWait, NULL, NULL);
    SetThreadpoolWait(Wait, ServerDone, NULL);
    PTP_TIMER Timer = CreateThreadpoolTimer(OnTimer, (PVOID)Client, NULL);
    Due.QuadPart = (ULONGLONG)(-(LONGLONG)200 * 10000);
    When.dwLowDateTime = Due.LowPart;
    When.dwHighDateTime = Due.HighPart;
    SetThreadpoolTimer(Timer, &When, 0, 0);

    for (int i = 0; i < 3; i++) {
        send(Client, "ping", 4, 0);
        int Count = recv(Client, Answer, sizeof(Answer), 0);
        printf("%.*s\n", Count, Answer);
    }
    WaitForSingleObject(WaitSaw, INFINITE);
    WaitForThreadpoolIoCallbacks(Connection.Io, FALSE);
    CloseThreadpoolIo(Connection.Io);
    WaitForThreadpoolTimerCallbacks(Timer, TRUE);
    CloseThreadpoolTimer(Timer);
    CloseThreadpoolWait(Wait);
    closesocket(Connection.Socket);
    closesocket(Client);
    closesocket(Listener);
    WSACleanup();
    return 0;
}
