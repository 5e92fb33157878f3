#include <winsock2.h>
#include <windows.h>
#include <future>
#include <chrono>
#include <cstdio>
#include <thread>
#include <condition_variable>
#include <mutex>
#include <atomic>
int main() {
    WSADATA d;
    WSAStartup(0x202, &d);
    auto f = std::async(std::launch::async, [] {
        std::this_thread::sleep_for(std::chrono::seconds(3));
        return 7;
    });
    if (f.wait_for(std::chrono::milliseconds(100)) == std::future_status::timeout)
        puts("timeout");
    printf("%d\n", f.get());
    std::promise<int> p;
    auto g = p.get_future();
    std::thread t([&] {
        Sleep(50);
        p.set_value(3);
    });
    g.wait();
    printf("%d\n", g.get());
    t.join();
    std::packaged_task<int(int)> task([](int x) { return x * 2; });
    auto h = task.get_future();
    std::thread u(std::move(task), 21);
    printf("%d\n", h.get());
    u.join();
    std::shared_future<int> sf = std::async(std::launch::async, [] {
                                     Sleep(10);
                                     return 1;
                                 }).share();
    printf("%d\n", sf.get());
    std::once_flag o;
    std::call_once(o, [] { puts("once"); });
    static std::atomic<int> n{0};
    std::thread ts[3];
    for (auto &x : ts)
        x = std::thread([] { n++; });
    for (auto &x : ts)
        x.join();
    printf("%d\n", n.load());
    WSACleanup();
}
