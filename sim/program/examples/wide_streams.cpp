#ifndef UNICODE
#define UNICODE
#endif
#ifndef _UNICODE
#define _UNICODE
#endif
#include <WinSock2.h>
#include <WS2tcpip.h>
#include <Windows.h>
#include <iostream>
#include <sstream>
#include <string>
#include <iomanip>
#include <vector>
#pragma comment(lib, "ws2_32")
std::wstring FormatError(DWORD code)
{
    LPWSTR text = nullptr;
    DWORD n = FormatMessage(
        FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, nullptr,
        code, MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT), reinterpret_cast<LPWSTR>(&text), 0, nullptr);
    std::wstring s(text, n);
    LocalFree(text);
    while (!s.empty() && iswspace(s.back()))
        s.pop_back();
    return s;
}
std::wostream &operator<<(std::wostream &os, const SOCKADDR_IN &a)
{
    wchar_t buf[INET_ADDRSTRLEN];
    InetNtopW(AF_INET, &a.sin_addr, buf, ARRAYSIZE(buf));
    return os << buf << L':' << ntohs(a.sin_port);
}
int wmain(int argc, wchar_t *argv[])
{
    (void)argv;
    WSADATA wd;
    if (WSAStartup(MAKEWORD(2, 2), &wd) != 0)
    {
        std::wcerr << L"WSAStartup failed" << std::endl;
        return 1;
    }
    std::wcout << L"arguments: " << argc << std::endl;
    ADDRINFOW hints = {}, *list = nullptr;
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST;
    INT rc = GetAddrInfoW(L"127.0.0.1", L"8080", &hints, &list);
    if (rc)
    {
        std::wcerr << L"GetAddrInfoW: " << rc << L'\n';
        return 1;
    }
    for (PADDRINFOW p = list; p; p = p->ai_next)
        std::wcout << *reinterpret_cast<SOCKADDR_IN *>(p->ai_addr) << std::endl;
    FreeAddrInfoW(list);
    std::wstringstream ss;
    ss << L"0x" << std::hex << std::setw(8) << std::setfill(L'0') << 0xBEEF << L" " << std::dec << 12.5
       << L" " << true << L" " << std::boolalpha << false;
    std::wcout << ss.str() << std::endl;
    std::wostringstream os;
    os << L"port " << 4433u << L' ' << (unsigned short)7 << " narrow " << std::wstring(L"wide");
    std::wstring line = os.str();
    std::wcout << line << L" (" << line.size() << L")" << L"\n";
    std::wstringstream in(L"10 20 thirty");
    int a = 0, b = 0;
    std::wstring w;
    in >> a >> b >> w;
    std::wcout << a + b << L" " << w << std::endl;
    std::wistringstream lines(L"first\nsecond");
    std::wstring l;
    while (std::getline(lines, l))
        std::wcout << L"[" << l << L"]";
    std::wcout << std::endl;
    std::wcout << (FormatError(WSAEADDRINUSE).empty() ? L"no text" : L"some text") << std::endl;
    std::wcout << std::to_wstring(42) << L" " << std::stoi(std::wstring(L"17")) << L" " << std::left
               << std::setw(6) << L"ab" << L"|" << std::right << std::setw(6) << L"ab" << L"|" << std::endl;
    WSACleanup();
    return 0;
}
