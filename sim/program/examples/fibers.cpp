// Connections served by fibers: each is written as if it had the thread to itself, and one thread runs them all by select. What
// is the thread's (its last error, thread_local) they share; values of fibers (Fls...) each has of its own.
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#pragma comment(lib, "ws2_32.lib")

namespace {

thread_local int turns;
DWORD slot;
void *scheduler;
unsigned values_given_back;

struct Task {
    void *fiber = nullptr;
    SOCKET waits_for = INVALID_SOCKET;
    bool done = false;
    std::string name;
    virtual void Run() = 0;
    virtual ~Task() { DeleteFiber(fiber); }

    void Start(const char *called) {
        name = called;
        fiber = CreateFiber(0, Begin, this);
    }

    static void CALLBACK Begin(void *) {
        auto *self = static_cast<Task *>(GetFiberData());
        FlsSetValue(slot, self);
        try {
            self->Run();
        } catch (const std::exception &error) {
            std::printf("%s: %s\n", self->name.c_str(), error.what());
        }
        self->done = true;
        SwitchToFiber(scheduler);
    }
};

Task *Current() { return static_cast<Task *>(FlsGetValue(slot)); }

// Until there is something to read, others run.
int Receive(SOCKET s, char *data, int size) {
    for (;;) {
        int count = recv(s, data, size, 0);
        if (count >= 0) return count;
        if (WSAGetLastError() != WSAEWOULDBLOCK) throw std::runtime_error("recv fails");
        Current()->waits_for = s;
        SwitchToFiber(scheduler);
    }
}

SOCKET NonBlocking(SOCKET s) {
    u_long on = 1;
    ioctlsocket(s, FIONBIO, &on);
    return s;
}

struct Server : Task {
    SOCKET socket;
    explicit Server(SOCKET s) : socket(s) {}
    void Run() override {
        char data[64];
        int count;
        while ((count = Receive(socket, data, sizeof data)) > 0) send(socket, data, count, 0);
        closesocket(socket);
    }
};

struct Client : Task {
    SOCKET socket;
    explicit Client(SOCKET s) : socket(s) {}
    void Run() override {
        std::string all;
        for (int i = 0; i < 3; i++) {
            std::string line = " " + name + std::to_string(i);
            char data[64];
            send(socket, line.data(), static_cast<int>(line.size()), 0);
            all.append(data, static_cast<size_t>(Receive(socket, data, sizeof data)));
        }
        std::printf("%s heard%s\n", name.c_str(), all.c_str());
        closesocket(socket);
        if (name == "c") throw std::runtime_error("an exception of a fiber's own");
    }
};

void Schedule(std::vector<Task *> &tasks) {
    for (;;) {
        fd_set readable;
        bool waits = false, runs = false;
        FD_ZERO(&readable);
        for (Task *task : tasks) {
            if (task->done) continue;
            if (task->waits_for == INVALID_SOCKET) {
                runs = true;
                continue;
            }
            FD_SET(task->waits_for, &readable);
            waits = true;
        }
        if (!waits && !runs) return;
        timeval at_once = {0, 0};
        if (waits && select(0, &readable, nullptr, nullptr, runs ? &at_once : nullptr) == SOCKET_ERROR) return;
        for (Task *task : tasks) {
            if (task->done) continue;
            if (task->waits_for != INVALID_SOCKET && !FD_ISSET(task->waits_for, &readable)) continue;
            task->waits_for = INVALID_SOCKET;
            turns++;
            SwitchToFiber(task->fiber);
        }
    }
}

void CALLBACK GivenBack(void *) { values_given_back++; }

DWORD WINAPI EndsAsFiber(void *) {
    ConvertThreadToFiber(nullptr);
    SwitchToFiber(CreateFiber(0, [](void *) {}, nullptr));
    return 1; // the fiber's end was the thread's
}

} // namespace

int main() {
    WSADATA data;
    if (WSAStartup(MAKEWORD(2, 2), &data) != 0) return 1;
    slot = FlsAlloc(GivenBack);
    std::printf("a fiber: %d", IsThreadAFiber());
    scheduler = ConvertThreadToFiber(nullptr);
    void *again = ConvertThreadToFiber(nullptr);
    DWORD error = GetLastError();
    std::printf(", then %d; once more: %d, %lu\n", IsThreadAFiber(), again != nullptr, error);

    SOCKET listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    int length = sizeof address;
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof address);
    listen(listener, 3);
    getsockname(listener, reinterpret_cast<sockaddr *>(&address), &length);
    std::vector<Task *> tasks;
    for (const char *name : {"a", "b", "c"}) {
        SOCKET client = socket(AF_INET, SOCK_STREAM, 0);
        connect(client, reinterpret_cast<sockaddr *>(&address), sizeof address);
        tasks.push_back(new Client(NonBlocking(client)));
        tasks.back()->Start(name);
        tasks.push_back(new Server(NonBlocking(accept(listener, nullptr, nullptr))));
        tasks.back()->Start("server");
    }
    Schedule(tasks);
    std::printf("the thread has seen its turns: %s\n", turns >= 12 ? "yes" : "no");
    for (Task *task : tasks) delete task;
    std::printf("values given back: %u\n", values_given_back);
    std::printf("a thread again: %d", ConvertFiberToThread());
    std::printf(", %d\n", IsThreadAFiber());

    HANDLE thread = CreateThread(nullptr, 0, EndsAsFiber, nullptr, 0, nullptr);
    DWORD code = 99;
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    std::printf("a thread ended with its fiber: %s\n", code != 1 ? "yes" : "no");
    CloseHandle(thread);
    closesocket(listener);
    WSACleanup();
}
