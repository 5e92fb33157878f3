// A service in the manner of RPC: its installer has reserved a block of TCP ports for good; each time it starts, it
// looks the token up (it changes with the boot), and every endpoint takes a port of the block.
#ifndef UNICODE
#define UNICODE
#endif
#include <WinSock2.h>
#include <Ws2tcpip.h>
#include <Windows.h>
#include <mstcpip.h>
#include <iphlpapi.h>

#include <array>
#include <cwchar>
#include <iostream>
#include <vector>

namespace {

constexpr USHORT kFirst = 5000;
constexpr USHORT kCount = 8;

bool IsElevated() {
    HANDLE token = nullptr;
    TOKEN_ELEVATION elevation = {};
    DWORD size = 0;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return false;
    const BOOL known = GetTokenInformation(token, TokenElevation, &elevation, sizeof elevation, &size);
    CloseHandle(token);
    return known && elevation.TokenIsElevated;
}

struct Endpoint {
    SOCKET listener = INVALID_SOCKET;
    sockaddr_in6 name = {};
    HANDLE ready = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    ~Endpoint() {
        if (listener != INVALID_SOCKET) closesocket(listener);
        CloseHandle(ready);
    }

    bool Open(ULONG64 token) {
        DWORD bytes = 0, off = 0;
        listener = WSASocketW(AF_INET6, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, WSA_FLAG_OVERLAPPED);
        if (listener == INVALID_SOCKET) return false;
        setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, reinterpret_cast<const char *>(&off), sizeof off);
        if (WSAIoctl(listener, SIO_ASSOCIATE_PORT_RESERVATION, &token, sizeof token, nullptr, 0, &bytes, nullptr,
                     nullptr) == SOCKET_ERROR)
            return false;
        name.sin6_family = AF_INET6;
        name.sin6_addr = in6addr_any;
        int length = sizeof name;
        return bind(listener, reinterpret_cast<SOCKADDR *>(&name), sizeof name) == 0 && listen(listener, 5) == 0 &&
               getsockname(listener, reinterpret_cast<SOCKADDR *>(&name), &length) == 0;
    }
};

// Answers one call: twice the number that was sent.
DWORD WINAPI Serve(void *parameter) {
    auto &endpoint = *static_cast<Endpoint *>(parameter);
    SetEvent(endpoint.ready);
    const SOCKET call = accept(endpoint.listener, nullptr, nullptr);
    int number = 0;
    if (recv(call, reinterpret_cast<char *>(&number), sizeof number, MSG_PEEK) > 0 &&
        recv(call, reinterpret_cast<char *>(&number), sizeof number, 0) == sizeof number) {
        number *= 2;
        send(call, reinterpret_cast<const char *>(&number), sizeof number, 0);
    }
    closesocket(call);
    return static_cast<DWORD>(number);
}

int Call(const Endpoint &endpoint, int number) {
    const SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    sockaddr_in name = {};
    name.sin_family = AF_INET;
    name.sin_port = endpoint.name.sin6_port;
    InetPtonW(AF_INET, L"127.0.0.1", &name.sin_addr);
    int answer = -1;
    if (connect(s, reinterpret_cast<SOCKADDR *>(&name), sizeof name) == 0 &&
        send(s, reinterpret_cast<const char *>(&number), sizeof number, 0) == sizeof number)
        recv(s, reinterpret_cast<char *>(&answer), sizeof answer, 0);
    closesocket(s);
    return answer;
}

int Run() {
    ULONG64 token = 0;
    ULONG error = CreatePersistentTcpPortReservation(htons(kFirst), kCount, &token);
    if (error == ERROR_ACCESS_DENIED) {
        wprintf(L"the installer has to be run as administrator (%ls)\n", L"error 5");
        return 5;
    }
    if (error != NO_ERROR && error != ERROR_SHARING_VIOLATION) return 1;
    if (LookupPersistentTcpPortReservation(htons(kFirst), kCount, &token) != NO_ERROR) return 1;

    std::array<Endpoint, 3> endpoints;
    std::vector<HANDLE> threads;
    for (auto &endpoint : endpoints) {
        if (!endpoint.Open(token)) {
            std::cout << "an endpoint cannot be opened: " << WSAGetLastError() << std::endl;
            return 1;
        }
        const USHORT port = ntohs(endpoint.name.sin6_port);
        std::cout << "an endpoint on a port " << (port >= kFirst && port < kFirst + kCount ? "of the block" : "of no block")
                  << std::endl;
        threads.push_back(CreateThread(nullptr, 0, Serve, &endpoint, 0, nullptr));
    }
    for (auto &endpoint : endpoints) WaitForSingleObject(endpoint.ready, INFINITE);
    for (size_t i = 0; i < endpoints.size(); i++)
        std::cout << "twice " << i + 20 << " is " << Call(endpoints[i], static_cast<int>(i) + 20) << std::endl;
    WaitForMultipleObjects(static_cast<DWORD>(threads.size()), threads.data(), TRUE, INFINITE);
    for (HANDLE thread : threads) {
        DWORD code = 0;
        GetExitCodeThread(thread, &code);
        std::cout << "a thread ended with " << code << std::endl;
        CloseHandle(thread);
    }
    error = DeletePersistentTcpPortReservation(htons(kFirst), kCount);
    std::cout << "deleted: " << error << std::endl;
    return 0;
}

} // namespace

int main() {
    WSADATA data;
    if (WSAStartup(MAKEWORD(2, 2), &data) != 0) return 1;
    wprintf(L"%s\n", IsElevated() ? L"elevated" : L"not elevated");
    fflush(stdout);
    const int status = Run();
    WSACleanup();
    return status;
}
