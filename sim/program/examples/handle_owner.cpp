// Handles that are owned, copied and moved: each copy of an owner is a handle of its own, by DuplicateHandle.
#include <winsock2.h>
#include <windows.h>
#include <mstcpip.h>

#include <cstdio>
#include <thread>
#include <utility>
#include <vector>

class Handle {
public:
    explicit Handle(HANDLE owned = nullptr) : handle(owned) {}
    Handle(const Handle &other) : handle(copy(other.handle)) {}
    Handle(Handle &&other) noexcept : handle(std::exchange(other.handle, nullptr)) {}
    Handle &operator=(Handle other) noexcept
    {
        std::swap(handle, other.handle);
        return *this;
    }
    ~Handle()
    {
        if (handle != nullptr) CloseHandle(handle);
    }
    HANDLE get() const { return handle; }

private:
    HANDLE handle;

    static HANDLE copy(HANDLE source)
    {
        HANDLE made = nullptr;
        if (source != nullptr)
            DuplicateHandle(GetCurrentProcess(), source, GetCurrentProcess(), &made, 0, FALSE, DUPLICATE_SAME_ACCESS);
        return made;
    }
};

// A worker has handles of its own, and outlives those of whoever made it.
static std::thread worker(Handle port, Handle done)
{
    return std::thread([port = std::move(port), done = std::move(done)] {
        DWORD bytes = 0;
        ULONG_PTR key = 0;
        OVERLAPPED *taken = nullptr;
        while (GetQueuedCompletionStatus(port.get(), &bytes, &key, &taken, INFINITE) && key != 0)
            std::printf("a packet of %lu bytes\n", bytes);
        SetEvent(done.get());
    });
}

int main()
{
    WSADATA data;
    if (WSAStartup(MAKEWORD(2, 2), &data) != 0) return 1;
    Handle done(CreateEventW(nullptr, TRUE, FALSE, nullptr));
    std::vector<std::thread> workers;
    {
        Handle port(CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 0));
        workers.push_back(worker(port, done));
        Handle second = port;
        PostQueuedCompletionStatus(second.get(), 3, 1, nullptr);
        PostQueuedCompletionStatus(port.get(), 4, 1, nullptr);
        second = Handle();
        PostQueuedCompletionStatus(port.get(), 0, 0, nullptr);
    }
    std::printf("the worker is done: %lu\n", WaitForSingleObject(done.get(), INFINITE));
    for (std::thread &each : workers) each.join();
    Handle moved = std::move(done);
    std::printf("moved: %s, reset: %d\n", done.get() == nullptr ? "away" : "still here", ResetEvent(moved.get()));
    WSACleanup();
    return 0;
}
