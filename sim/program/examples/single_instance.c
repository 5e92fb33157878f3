#define _CRT_SECURE_NO_WARNINGS
#include <winsock2.h>
#include <windows.h>
#include <mstcpip.h>
#include <iphlpapi.h>
#include <sddl.h>
#include <aclapi.h>
#include <stdio.h>
#include <stdlib.h>
#pragma comment(lib, "iphlpapi.lib")
#pragma comment(lib, "advapi32.lib")
static BOOL IsAdmin(VOID)
{
    SID_IDENTIFIER_AUTHORITY NtAuthority = SECURITY_NT_AUTHORITY;
    PSID AdministratorsGroup = NULL;
    BOOL b = AllocateAndInitializeSid(&NtAuthority, 2, SECURITY_BUILTIN_DOMAIN_RID, DOMAIN_ALIAS_RID_ADMINS,
                                      0, 0, 0, 0, 0, 0, &AdministratorsGroup);
    if (b)
    {
        if (!CheckTokenMembership(NULL, AdministratorsGroup, &b))
            b = FALSE;
        FreeSid(AdministratorsGroup);
    }
    return b;
}
static BOOL IsElevated(void)
{
    HANDLE tok = NULL;
    TOKEN_ELEVATION e = {0};
    DWORD n = sizeof e;
    BOOL r = FALSE;
    if (OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &tok) &&
        GetTokenInformation(tok, TokenElevation, &e, sizeof e, &n))
        r = e.TokenIsElevated != 0;
    if (tok)
        CloseHandle(tok);
    return r;
}
int main(void)
{
    SECURITY_DESCRIPTOR sd;
    SECURITY_ATTRIBUTES sa;
    HANDLE ev, mx;
    ULONG64 token = 0, found = 0;
    ULONG rc;
    WSADATA w;
    SOCKET s;
    DWORD bytes;
    struct sockaddr_in a;
    int al = sizeof a;
    WSAStartup(MAKEWORD(2, 2), &w);
    printf("admin %d elevated %d\n", IsAdmin(), IsElevated());
    if (!InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION))
        printf("InitializeSecurityDescriptor %lu\n", GetLastError());
    if (!SetSecurityDescriptorDacl(&sd, TRUE, NULL, FALSE))
        printf("SetSecurityDescriptorDacl %lu\n", GetLastError());
    sa.nLength = sizeof sa;
    sa.lpSecurityDescriptor = &sd;
    sa.bInheritHandle = FALSE;
    ev = CreateEventA(&sa, TRUE, FALSE, "Global\\PortTool.Stop");
    printf("event %d %lu\n", ev != NULL, ev ? GetLastError() : 0);
    mx = CreateMutexA(&sa, TRUE, "Global\\PortTool.Single");
    printf("mutex %d, already there: %d\n", mx != NULL, GetLastError() == ERROR_ALREADY_EXISTS);
    {
        HANDLE again = CreateMutexA(NULL, FALSE, "Global\\PortTool.Single");
        printf("again %d, already there: %d\n", again != NULL, GetLastError() == ERROR_ALREADY_EXISTS);
        CloseHandle(again);
        again = OpenEventA(EVENT_MODIFY_STATE | SYNCHRONIZE, FALSE, "Global\\PortTool.Stop");
        if (again)
        {
            SetEvent(again);
            CloseHandle(again);
        }
        printf("set by name: %lu\n", WaitForSingleObject(ev, 0));
        again = OpenEventA(SYNCHRONIZE, FALSE, "Global\\PortTool.Nothing");
        printf("none: %d %lu\n", again == NULL, GetLastError());
    }
    if ((rc = CreatePersistentTcpPortReservation(htons(7000), 8, &token)) != NO_ERROR)
    {
        printf("create: %lu\n", rc);
        return 1;
    }
    if ((rc = LookupPersistentTcpPortReservation(htons(7000), 8, &found)) != NO_ERROR)
    {
        printf("lookup: %lu\n", rc);
        return 1;
    }
    printf("same token: %d\n", token == found);
    s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, &found, sizeof(found), NULL, 0, &bytes, NULL, NULL) ==
        SOCKET_ERROR)
    {
        printf("associate: %d\n", WSAGetLastError());
        return 1;
    }
    ZeroMemory(&a, sizeof a);
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = INADDR_ANY;
    a.sin_port = 0;
    if (bind(s, (struct sockaddr *)&a, sizeof a))
    {
        printf("bind: %d\n", WSAGetLastError());
        return 1;
    }
    getsockname(s, (struct sockaddr *)&a, &al);
    printf("in the block: %s\n", ntohs(a.sin_port) >= 7000 && ntohs(a.sin_port) < 7008 ? "yes" : "no");
    closesocket(s);
    printf("delete: %lu\n", DeletePersistentTcpPortReservation(htons(7000), 8));
    printf("lookup: %lu\n", LookupPersistentTcpPortReservation(htons(7000), 8, &found));
    ReleaseMutex(mx);
    CloseHandle(mx);
    CloseHandle(ev);
    WSACleanup();
    return 0;
}
