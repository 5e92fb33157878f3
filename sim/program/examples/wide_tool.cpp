#ifndef UNICODE
#define UNICODE
#endif
#ifndef _UNICODE
#define _UNICODE
#endif
#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
#include <windows.h>
#include <strsafe.h>
#include <stdio.h>
#include <string>
#include <vector>
#include <map>
#include <fstream>
#include <iomanip>
#pragma comment(lib, "iphlpapi.lib")
#pragma comment(lib, "ws2_32.lib")
static std::wstring ErrorText(DWORD code) {
    LPWSTR buffer = nullptr;
    DWORD n =
        FormatMessageW(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                       nullptr, code, 0, (LPWSTR)&buffer, 0, nullptr);
    std::wstring text(buffer, n);
    LocalFree(buffer);
    while (!text.empty() && (text.back() == L'\r' || text.back() == L'\n'))
        text.pop_back();
    return text;
}
static std::string Narrow(const std::wstring &w) {
    int n = WideCharToMultiByte(CP_UTF8, 0, w.c_str(), (int)w.size(), nullptr, 0, nullptr, nullptr);
    std::string s(n, '\0');
    WideCharToMultiByte(CP_UTF8, 0, w.c_str(), (int)w.size(), &s[0], n, nullptr, nullptr);
    return s;
}
int wmain(int argc, wchar_t **argv) {
    WSADATA d;
    WSAStartup(MAKEWORD(2, 2), &d);
    ULONG64 token = 0;
    ULONG status = CreatePersistentTcpPortReservation(htons(5000), 10, &token);
    if (status != NO_ERROR)
        wprintf(L"CreatePersistentTcpPortReservation: %u %s\n", status, ErrorText(status).empty() ? L"" : L"said");
    else
        wprintf(L"created\n");
    status = LookupPersistentTcpPortReservation(htons(5000), 10, &token);
    wprintf(L"lookup %lu\n", status);
    std::wstring s = L"port ";
    s += std::to_wstring(5000);
    s.append(L"-").append(std::to_wstring(5009));
    wprintf(L"%ls %zu %d\n", s.c_str(), s.size(), (int)s.find(L"5009"));
    std::map<std::wstring, int> m;
    m[L"b"] = 2;
    m[L"a"] = 1;
    for (auto &p : m)
        printf("%s=%d\n", Narrow(p.first).c_str(), p.second);
    ADDRINFOW hints = {};
    PADDRINFOW res = nullptr;
    hints.ai_family = AF_INET6;
    hints.ai_flags = AI_NUMERICHOST;
    if (GetAddrInfoW(L"::1", L"80", &hints, &res) == 0) {
        WCHAR text[INET6_ADDRSTRLEN];
        DWORD len = INET6_ADDRSTRLEN;
        WSAAddressToStringW(res->ai_addr, (DWORD)res->ai_addrlen, NULL, text, &len);
        wprintf(L"%s\n", text);
        InetNtopW(AF_INET6, &((SOCKADDR_IN6 *)res->ai_addr)->sin6_addr, text, INET6_ADDRSTRLEN);
        _putws(text);
        FreeAddrInfoW(res);
    }
    SOCKADDR_STORAGE ss;
    int sslen = sizeof ss;
    WCHAR addr[] = L"10.1.2.3:4567";
    if (WSAStringToAddressW(addr, AF_INET, NULL, (LPSOCKADDR)&ss, &sslen) == 0)
        wprintf(L"port %hu\n", ntohs(((SOCKADDR_IN *)&ss)->sin_port));
    WCHAR host[NI_MAXHOST], serv[NI_MAXSERV];
    if (GetNameInfoW((SOCKADDR *)&ss, sslen, host, NI_MAXHOST, serv, NI_MAXSERV, NI_NUMERICHOST | NI_NUMERICSERV) ==
        0)
        wprintf(L"%s %s\n", host, serv);
    WCHAR buf[64];
    StringCchPrintfW(buf, ARRAYSIZE(buf), L"%s-%d", L"x", 7);
    _putws(buf);
    wcscpy_s(buf, L"abc");
    wcscat_s(buf, ARRAYSIZE(buf), L"def");
    wprintf(L"%s %zu\n", buf, wcslen(buf));
    swprintf_s(buf, 64, L"%04x", 255);
    _putws(buf);
    printf("%s %d\n", _wcsicmp(L"ABC", L"abc") == 0 ? "same" : "other", argc);
    std::wstring sub = s.substr(0, 4);
    std::wstring cmp = L"port";
    printf("%d %d\n", sub == cmp, sub < std::wstring(L"q"));
    (void)argv;
    WSACleanup();
    return 0;
}
