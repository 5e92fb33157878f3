#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef _WIN32_WINNT
#define _WIN32_WINNT _WIN32_WINNT_WIN7
#endif
#include <sdkddkver.h>
#include <winsock2.h>
#include <windows.h>
#include <ws2tcpip.h>
#include <threadpoolapiset.h>
#include <cassert>
#include <iostream>
#include <mutex>
#include <string>
#include <utility>
template <typename Traits> class unique_handle
{
    typename Traits::type v;

  public:
    explicit unique_handle(typename Traits::type x = Traits::invalid()) noexcept : v(x)
    {
    }
    ~unique_handle()
    {
        reset();
    }
    unique_handle(unique_handle &&o) noexcept : v(std::exchange(o.v, Traits::invalid()))
    {
    }
    unique_handle &operator=(unique_handle &&o) noexcept
    {
        reset(std::exchange(o.v, Traits::invalid()));
        return *this;
    }
    void reset(typename Traits::type x = Traits::invalid()) noexcept
    {
        if (v != Traits::invalid())
            Traits::close(v);
        v = x;
    }
    typename Traits::type get() const noexcept
    {
        return v;
    }
    explicit operator bool() const noexcept
    {
        return v != Traits::invalid();
    }
};
struct event_traits
{
    using type = HANDLE;
    static type invalid() noexcept
    {
        return nullptr;
    }
    static void close(type h) noexcept
    {
        CloseHandle(h);
    }
};
struct socket_traits
{
    using type = SOCKET;
    static type invalid() noexcept
    {
        return INVALID_SOCKET;
    }
    static void close(type s) noexcept
    {
        closesocket(s);
    }
};
struct work_traits
{
    using type = PTP_WORK;
    static type invalid() noexcept
    {
        return nullptr;
    }
    static void close(type h) noexcept
    {
        CloseThreadpoolWork(h);
    }
};
struct timer_traits
{
    using type = PTP_TIMER;
    static type invalid() noexcept
    {
        return nullptr;
    }
    static void close(type h) noexcept
    {
        CloseThreadpoolTimer(h);
    }
};
struct io_traits
{
    using type = PTP_IO;
    static type invalid() noexcept
    {
        return nullptr;
    }
    static void close(type h) noexcept
    {
        CloseThreadpoolIo(h);
    }
};
static SRWLOCK g_lock = SRWLOCK_INIT;
static CONDITION_VARIABLE g_cv = CONDITION_VARIABLE_INIT;
static int g_done;
static volatile LONG g_ticks;
static VOID CALLBACK OnWork(PTP_CALLBACK_INSTANCE, PVOID ctx, PTP_WORK)
{
    AcquireSRWLockExclusive(&g_lock);
    *static_cast<int *>(ctx) += 1;
    ++g_done;
    ReleaseSRWLockExclusive(&g_lock);
    WakeConditionVariable(&g_cv);
}
static VOID CALLBACK OnTimer(PTP_CALLBACK_INSTANCE instance, PVOID ctx, PTP_TIMER)
{
    if (InterlockedIncrement(&g_ticks) == 3)
        SetEventWhenCallbackReturns(instance, (HANDLE)ctx);
}
static VOID NTAPI OnWait(PTP_CALLBACK_INSTANCE, PVOID ctx, PTP_WAIT, TP_WAIT_RESULT r)
{
    *(DWORD *)ctx = r;
}
static VOID WINAPI OnIo(PTP_CALLBACK_INSTANCE instance, PVOID ctx, PVOID ov, ULONG result, ULONG_PTR bytes,
                        PTP_IO)
{
    assert(ov);
    (void)ov;
    std::cout << "io " << result << ' ' << bytes << '\n';
    SetEventWhenCallbackReturns(instance, ctx);
}
int main()
{
    WSADATA wsa;
    (void)WSAStartup(WINSOCK_VERSION, &wsa);
    TP_CALLBACK_ENVIRON env;
    InitializeThreadpoolEnvironment(&env);
    PTP_POOL pool = CreateThreadpool(nullptr);
    if (!SetThreadpoolThreadMinimum(pool, 1))
        std::cout << "minimum " << GetLastError() << '\n';
    SetThreadpoolThreadMaximum(pool, 4);
    SetThreadpoolCallbackPool(&env, pool);
    PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();
    SetThreadpoolCallbackCleanupGroup(&env, group, nullptr);
    int sum = 0;
    PTP_WORK grouped = CreateThreadpoolWork(OnWork, &sum, &env);
    for (int i = 0; i < 5; i++)
        SubmitThreadpoolWork(grouped);
    AcquireSRWLockExclusive(&g_lock);
    while (g_done < 5)
        SleepConditionVariableSRW(&g_cv, &g_lock, INFINITE, 0);
    ReleaseSRWLockExclusive(&g_lock);
    std::cout << "sum " << sum << '\n';
    CloseThreadpoolCleanupGroupMembers(group, FALSE, nullptr);
    CloseThreadpoolCleanupGroup(group);
    CloseThreadpool(pool);
    DestroyThreadpoolEnvironment(&env);
    unique_handle<event_traits> done{CreateEventW(nullptr, FALSE, FALSE, nullptr)};
    {
        unique_handle<timer_traits> timer{CreateThreadpoolTimer(OnTimer, done.get(), nullptr)};
        ULARGE_INTEGER due;
        due.QuadPart = (ULONGLONG) - (10LL * 10000);
        FILETIME ft;
        ft.dwLowDateTime = due.LowPart;
        ft.dwHighDateTime = due.HighPart;
        SetThreadpoolTimer(timer.get(), &ft, 10, 0);
        std::cout << "timer " << WaitForSingleObject(done.get(), 5000) << '\n';
        SetThreadpoolTimer(timer.get(), nullptr, 0, 0);
        WaitForThreadpoolTimerCallbacks(timer.get(), TRUE);
    }
    DWORD waited = 99;
    PTP_WAIT wait = CreateThreadpoolWait(OnWait, &waited, nullptr);
    SetThreadpoolWait(wait, done.get(), nullptr);
    SetEvent(done.get());
    Sleep(10);
    WaitForThreadpoolWaitCallbacks(wait, FALSE);
    CloseThreadpoolWait(wait);
    std::cout << "wait " << waited << '\n';
    unique_handle<socket_traits> s{
        WSASocketW(AF_INET, SOCK_DGRAM, IPPROTO_UDP, nullptr, 0, WSA_FLAG_OVERLAPPED)},
        c{socket(AF_INET, SOCK_DGRAM, 0)};
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(s.get(), (sockaddr *)&a, sizeof a);
    int al = sizeof a;
    getsockname(s.get(), (sockaddr *)&a, &al);
    {
        unique_handle<io_traits> io{CreateThreadpoolIo((HANDLE)s.get(), OnIo, done.get(), nullptr)};
        char b[16];
        WSABUF wb{sizeof b, b};
        DWORD fl = 0;
        OVERLAPPED ov{};
        StartThreadpoolIo(io.get());
        if (WSARecv(s.get(), &wb, 1, nullptr, &fl, &ov, nullptr) == SOCKET_ERROR &&
            WSAGetLastError() != WSA_IO_PENDING)
        {
            CancelThreadpoolIo(io.get());
            std::cout << "WSARecv " << WSAGetLastError() << '\n';
        }
        sendto(c.get(), "ping", 4, 0, (sockaddr *)&a, sizeof a);
        WaitForSingleObject(done.get(), INFINITE);
        WaitForThreadpoolIoCallbacks(io.get(), FALSE);
    }
    c = unique_handle<socket_traits>();
    std::cout << "closed " << !c << '\n';
    if (TrySubmitThreadpoolCallback(
            [](PTP_CALLBACK_INSTANCE inst, PVOID p) {
                CallbackMayRunLong(inst);
                SetEvent(p);
            },
            done.get(), nullptr))
        std::cout << "simple " << WaitForSingleObject(done.get(), INFINITE) << '\n';
    WSACleanup();
}
