// What bindresvport() of other systems does: a socket with a port of a range that no one else gets. The range is
// reserved once, and each socket takes a port of it.
#define WIN32_LEAN_AND_MEAN
#include <WinSock2.h>
#include <WS2tcpip.h>
#include <Mstcpip.h>

#include <cstdio>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#pragma comment(lib, "Ws2_32.lib")

class WinsockError : public std::runtime_error {
public:
    explicit WinsockError(const char *what) : std::runtime_error(what), code_(WSAGetLastError()) {}
    int code() const { return code_; }

private:
    int code_;
};

class Startup {
public:
    Startup() {
        WSADATA data;
        if (int error = WSAStartup(MAKEWORD(2, 2), &data)) {
            WSASetLastError(error);
            throw WinsockError("WSAStartup");
        }
    }
    ~Startup() { WSACleanup(); }
    Startup(const Startup &) = delete;
    Startup &operator=(const Startup &) = delete;
};

class Socket {
public:
    Socket(int type, int protocol) : s_(::socket(AF_INET, type, protocol)) {
        if (s_ == INVALID_SOCKET) throw WinsockError("socket");
    }
    Socket(Socket &&other) noexcept : s_(other.s_) { other.s_ = INVALID_SOCKET; }
    ~Socket() {
        if (s_ != INVALID_SOCKET) ::closesocket(s_);
    }
    Socket(const Socket &) = delete;
    Socket &operator=(const Socket &) = delete;
    SOCKET get() const { return s_; }

private:
    SOCKET s_;
};

// Holds a block for as long as it lives.
class Reservation {
public:
    Reservation(u_short first, u_short count) : socket_(SOCK_STREAM, IPPROTO_TCP) {
        INET_PORT_RANGE range = {};
        DWORD bytes = 0;
        range.StartPort = htons(first);
        range.NumberOfPorts = count;
        if (WSAIoctl(socket_.get(), SIO_ACQUIRE_PORT_RESERVATION, &range, sizeof range, &instance_, sizeof instance_,
                     &bytes, nullptr, nullptr) == SOCKET_ERROR)
            throw WinsockError("SIO_ACQUIRE_PORT_RESERVATION");
    }

    Socket bindresvport() const {
        Socket s(SOCK_STREAM, IPPROTO_TCP);
        INET_PORT_RESERVATION_TOKEN token = instance_.Token;
        DWORD bytes = 0;
        if (WSAIoctl(s.get(), SIO_ASSOCIATE_PORT_RESERVATION, &token, sizeof token, nullptr, 0, &bytes, nullptr,
                     nullptr) == SOCKET_ERROR)
            throw WinsockError("SIO_ASSOCIATE_PORT_RESERVATION");
        sockaddr_in any = {};
        any.sin_family = AF_INET;
        any.sin_addr.s_addr = htonl(INADDR_ANY);
        any.sin_port = 0;
        if (::bind(s.get(), reinterpret_cast<sockaddr *>(&any), sizeof any) == SOCKET_ERROR) throw WinsockError("bind");
        return s;
    }

    u_short first() const { return ntohs(instance_.Reservation.StartPort); }
    u_short count() const { return instance_.Reservation.NumberOfPorts; }

private:
    Socket socket_;
    INET_PORT_RESERVATION_INSTANCE instance_ = {};
};

static u_short port_of(const Socket &s) {
    sockaddr_in name = {};
    int length = sizeof name;
    if (::getsockname(s.get(), reinterpret_cast<sockaddr *>(&name), &length) == SOCKET_ERROR)
        throw WinsockError("getsockname");
    return ntohs(name.sin_port);
}

static void stranger(u_short port) {
    Socket s(SOCK_STREAM, IPPROTO_TCP);
    sockaddr_in name = {};
    name.sin_family = AF_INET;
    name.sin_port = htons(port);
    if (::bind(s.get(), reinterpret_cast<sockaddr *>(&name), sizeof name) == 0)
        std::cout << "a stranger was bound to " << port << "\n";
    else std::cout << "a stranger's bind to " << port << " fails: " << WSAGetLastError() << "\n";
}

int main() {
    try {
        Startup startup;
        Reservation reservation(600, 3);
        std::cout << "reserved " << reservation.count() << " ports from " << reservation.first() << "\n";
        std::vector<Socket> sockets;
        for (int i = 0; i < 3; i++) {
            sockets.push_back(reservation.bindresvport());
            u_short port = port_of(sockets.back());
            std::cout << (port >= 600 && port < 603 ? "a port of the block" : "a port from elsewhere") << "\n";
        }
        try {
            Socket fourth = reservation.bindresvport();
            std::cout << "a fourth port: " << port_of(fourth) << "\n";
        } catch (const WinsockError &error) {
            std::cout << "no fourth port: " << error.what() << " fails\n";
        }
        sockets.pop_back();
        std::cout << "after one was closed: "
                  << (port_of(reservation.bindresvport()) < 603 ? "a port again" : "a port from elsewhere") << "\n";
        stranger(600);
    } catch (const WinsockError &error) {
        std::cerr << error.what() << " fails: " << error.code() << "\n";
        return 1;
    }
    return 0;
}
