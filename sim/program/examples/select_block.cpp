#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mstcpip.h>
#include <windows.h>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>
#include <utility>
#pragma comment(lib, "ws2_32.lib")

class WinsockError : public std::runtime_error {
  public:
    explicit WinsockError(const char *what, int code = WSAGetLastError())
        : std::runtime_error(std::string(what) + ": " + std::to_string(code)), code_(code) {}
    int code() const noexcept { return code_; }

  private:
    int code_;
};
struct SocketCloser {
    typedef SOCKET pointer;
    void operator()(SOCKET s) const {
        if (s != INVALID_SOCKET)
            ::closesocket(s);
    }
};
class Socket {
  public:
    Socket() = default;
    explicit Socket(SOCKET s) : s_(s) {
        if (s == INVALID_SOCKET)
            throw WinsockError("socket");
    }
    Socket(Socket &&o) noexcept : s_(std::exchange(o.s_, INVALID_SOCKET)) {}
    Socket &operator=(Socket &&o) noexcept {
        std::swap(s_, o.s_);
        return *this;
    }
    ~Socket() {
        if (s_ != INVALID_SOCKET)
            ::closesocket(s_);
    }
    SOCKET get() const { return s_; }

  private:
    SOCKET s_ = INVALID_SOCKET;
};
static INET_PORT_RESERVATION_INSTANCE acquire(SOCKET s, USHORT first, USHORT count) {
    INET_PORT_RANGE range{};
    range.StartPort = first;
    range.NumberOfPorts = count;
    INET_PORT_RESERVATION_INSTANCE res{};
    DWORD bytes = 0;
    if (::WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, &range, sizeof range, &res, sizeof res, &bytes, nullptr,
                   nullptr) == SOCKET_ERROR)
        throw WinsockError("SIO_ACQUIRE_PORT_RESERVATION");
    return res;
}
static std::string toString(const sockaddr_in &sin) {
    char text[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, const_cast<IN_ADDR *>(&sin.sin_addr), text, sizeof text);
    std::ostringstream os;
    os << text << ":" << ntohs(sin.sin_port);
    return os.str();
}
int main() {
    WSADATA wsa;
    if (WSAStartup(MAKEWORD(2, 2), &wsa))
        return 1;
    try {
        Socket owner(::socket(AF_INET, SOCK_STREAM, IPPROTO_TCP));
        auto block = acquire(owner.get(), 0, 4);
        std::cout << "block of " << block.Reservation.NumberOfPorts << std::endl;
        Socket listener(::WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, WSA_FLAG_OVERLAPPED));
        DWORD bytes = 0;
        if (::WSAIoctl(listener.get(), SIO_ASSOCIATE_PORT_RESERVATION, &block.Token, sizeof(block.Token), nullptr,
                       0, &bytes, nullptr, nullptr))
            throw WinsockError("associate");
        sockaddr_in addr{};
        addr.sin_family = AF_INET;
        addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::bind(listener.get(), reinterpret_cast<SOCKADDR *>(&addr), sizeof addr))
            throw WinsockError("bind");
        int len = sizeof addr;
        ::getsockname(listener.get(), reinterpret_cast<sockaddr *>(&addr), &len);
        USHORT base = ntohs(block.Reservation.StartPort);
        std::cout << "in block: " << (ntohs(addr.sin_port) >= base && ntohs(addr.sin_port) < base + 4) << std::endl;
        ::listen(listener.get(), 5);
        u_long nonblocking = 1;
        ::ioctlsocket(listener.get(), FIONBIO, &nonblocking);

        std::promise<std::string> done;
        auto answer = done.get_future();
        std::thread client([&] {
            Socket c(::socket(AF_INET, SOCK_STREAM, IPPROTO_TCP));
            if (::connect(c.get(), reinterpret_cast<sockaddr *>(&addr), sizeof addr)) {
                done.set_exception(std::make_exception_ptr(WinsockError("connect")));
                return;
            }
            ::send(c.get(), "hello", 5, 0);
            char buf[64];
            int n = ::recv(c.get(), buf, sizeof buf, 0);
            done.set_value(std::string(buf, n > 0 ? n : 0));
        });
        auto sum = std::async(
            std::launch::async,
            [](int a, int b) {
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
                return a + b;
            },
            20, 22);
        std::vector<SOCKET> clients;
        bool running = true;
        while (running) {
            fd_set readfds, writefds, exceptfds;
            FD_ZERO(&readfds);
            FD_ZERO(&writefds);
            FD_ZERO(&exceptfds);
            FD_SET(listener.get(), &readfds);
            for (SOCKET c : clients) {
                FD_SET(c, &readfds);
                FD_SET(c, &exceptfds);
            }
            timeval tv;
            tv.tv_sec = 5;
            tv.tv_usec = 0;
            int n = ::select(0, &readfds, &writefds, &exceptfds, &tv);
            if (n == SOCKET_ERROR)
                throw WinsockError("select");
            if (n == 0) {
                std::cout << "timeout" << std::endl;
                break;
            }
            if (FD_ISSET(listener.get(), &readfds)) {
                SOCKET c = ::accept(listener.get(), nullptr, nullptr);
                if (c == INVALID_SOCKET)
                    throw WinsockError("accept");
                clients.push_back(c);
            }
            for (size_t i = 0; i < clients.size();) {
                if (FD_ISSET(clients[i], &readfds)) {
                    char buf[64];
                    int got = ::recv(clients[i], buf, sizeof buf, 0);
                    if (got <= 0) {
                        ::closesocket(clients[i]);
                        clients.erase(clients.begin() + i);
                        running = false;
                        continue;
                    }
                    std::reverse(buf, buf + got);
                    ::send(clients[i], buf, got, 0);
                }
                ++i;
            }
        }
        std::cout << answer.get() << " " << sum.get() << std::endl;
        client.join();
        if (answer.valid())
            std::cout << "still valid" << std::endl;
        std::cout << toString(addr).substr(0, 10) << std::endl;
    } catch (const WinsockError &e) {
        std::cerr << e.what() << " (" << e.code() << ")" << std::endl;
        return 2;
    }
    WSACleanup();
    return 0;
}
