// Several threads reserve blocks of UDP ports at the same time, each for itself; no port belongs to two of them. Then
// they wait for one another, and each binds a socket to every port that is its own.
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mstcpip.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

constexpr int kThreads = 4;
constexpr u_short kPorts = 8;

std::mutex g_mutex;
std::condition_variable g_all_there;
std::vector<std::pair<int, int>> g_blocks;
int g_bound;

void Check(bool ok, const char *what) {
    if (!ok) throw std::runtime_error(std::string(what) + " failed with " + std::to_string(WSAGetLastError()));
}

SOCKET NewSocket() {
    SOCKET s = WSASocketW(AF_INET, SOCK_DGRAM, IPPROTO_UDP, nullptr, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
    Check(s != INVALID_SOCKET, "WSASocketW");
    return s;
}

int BindAll(INET_PORT_RESERVATION_TOKEN token) {
    std::vector<SOCKET> sockets;
    for (;;) {
        SOCKET s = NewSocket();
        DWORD bytes = 0;
        sockaddr_in any{};
        any.sin_family = AF_INET;
        sockets.push_back(s);
        Check(WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, &token, sizeof token, nullptr, 0, &bytes, nullptr, nullptr) == 0,
              "SIO_ASSOCIATE_PORT_RESERVATION");
        if (bind(s, reinterpret_cast<sockaddr *>(&any), sizeof any) == SOCKET_ERROR) break;
    }
    for (SOCKET s : sockets) closesocket(s);
    return static_cast<int>(sockets.size()) - 1;
}

void Run(int number) {
    static thread_local int mine = number; // each thread has its own
    SOCKET owner = NewSocket();
    INET_PORT_RANGE range{};
    INET_PORT_RESERVATION_INSTANCE instance{};
    DWORD bytes = 0;
    range.NumberOfPorts = kPorts;
    std::this_thread::sleep_for(std::chrono::milliseconds(number));
    Check(WSAIoctl(owner, SIO_ACQUIRE_PORT_RESERVATION, &range, sizeof range, &instance, sizeof instance, &bytes, nullptr,
                   nullptr) == 0,
          "SIO_ACQUIRE_PORT_RESERVATION");
    {
        std::unique_lock<std::mutex> lock(g_mutex);
        int first = ntohs(instance.Reservation.StartPort);
        g_blocks.emplace_back(first, first + instance.Reservation.NumberOfPorts - 1);
        g_all_there.notify_all();
        g_all_there.wait(lock, [] { return g_blocks.size() == kThreads; });
    }
    const int bound = BindAll(instance.Token);
    {
        std::lock_guard<std::mutex> lock(g_mutex);
        g_bound += bound;
        if (mine != number) std::cout << "a thread has another's variable\n";
    }
    closesocket(owner);
}

} // namespace

int main() {
    WSADATA data;
    if (WSAStartup(MAKEWORD(2, 2), &data) != 0) return 1;
    const auto before = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; i++) threads.emplace_back(Run, i);
    for (auto &thread : threads) thread.join();
    const auto passed = std::chrono::steady_clock::now() - before;

    std::sort(g_blocks.begin(), g_blocks.end());
    bool disjoint = true;
    for (size_t i = 1; i < g_blocks.size(); i++) disjoint = disjoint && g_blocks[i - 1].second < g_blocks[i].first;
    std::cout << g_blocks.size() << " blocks, " << (disjoint ? "no port in two of them" : "some overlap") << "\n";
    std::cout << g_bound << " sockets were bound at a time\n";
    std::cout << (passed >= std::chrono::milliseconds(kThreads - 1) ? "time passed" : "no time passed") << "\n";
    WSACleanup();
    return 0;
}
