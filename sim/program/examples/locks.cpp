// What threads share: things done once, values with an end, locks, barriers, waits for an address, counters.
#include <windows.h>
#include <process.h>
#include <cstdio>
#include <thread>

static INIT_ONCE once = INIT_ONCE_STATIC_INIT, lazily = INIT_ONCE_STATIC_INIT;
static CRITICAL_SECTION section;
static SRWLOCK lock = SRWLOCK_INIT;
static SYNCHRONIZATION_BARRIER barrier;
static volatile LONG counter, ended, last_at_barrier;
static volatile LONGLONG wide;
static int queued;
static DWORD tls, fls;

static BOOL CALLBACK do_once(PINIT_ONCE, PVOID parameter, PVOID *) {
    ++*static_cast<int *>(parameter);
    return TRUE;
}

static VOID WINAPI value_ends(PVOID value) { InterlockedIncrement(static_cast<volatile LONG *>(value)); }

static DWORD WINAPI work(LPVOID parameter) {
    TlsSetValue(tls, parameter);
    FlsSetValue(fls, const_cast<LONG *>(&ended));
    for (int i = 0; i < 100; i++) {
        InterlockedIncrement(&counter);
        InterlockedExchangeAdd64(&wide, 2);
        EnterCriticalSection(&section);
        queued++;
        LeaveCriticalSection(&section);
        if (i % 10 == 0) SwitchToThread();
    }
    if (EnterSynchronizationBarrier(&barrier, 0)) InterlockedIncrement(&last_at_barrier);
    AcquireSRWLockShared(&lock);
    ReleaseSRWLockShared(&lock);
    return static_cast<DWORD>(reinterpret_cast<INT_PTR>(TlsGetValue(tls)));
}

static void things_done_once() {
    int times = 0;
    BOOL pending = FALSE;
    PVOID context = nullptr;
    InitOnceExecuteOnce(&once, do_once, &times, nullptr);
    InitOnceExecuteOnce(&once, do_once, &times, nullptr);
    BOOL found = InitOnceBeginInitialize(&lazily, INIT_ONCE_CHECK_ONLY, &pending, &context);
    std::printf("once %d; not yet: %d\n", times, found);
    if (InitOnceBeginInitialize(&lazily, 0, &pending, &context) && pending)
        InitOnceComplete(&lazily, 0, reinterpret_cast<PVOID>(0x40));
    found = InitOnceBeginInitialize(&lazily, INIT_ONCE_CHECK_ONLY, &pending, &context);
    std::printf("found %d, pending %d, context 0x%x\n", found, pending,
                static_cast<unsigned>(reinterpret_cast<UINT_PTR>(context)));
}

static void several_threads() {
    HANDLE threads[4];
    InitializeSynchronizationBarrier(&barrier, 4, -1);
    for (INT_PTR i = 0; i < 4; i++)
        threads[i] = CreateThread(nullptr, 0, work, reinterpret_cast<LPVOID>(10 + i), CREATE_SUSPENDED, nullptr);
    for (HANDLE thread : threads) ResumeThread(thread);
    DWORD end = WaitForMultipleObjects(ARRAYSIZE(threads), threads, TRUE, 5000);
    std::printf("wait %d counter %d wide %d queued %d ended %d last %d\n", (int)end, (int)counter, (int)wide, queued,
                (int)ended, (int)last_at_barrier);
    for (HANDLE thread : threads) {
        DWORD code = 0;
        GetExitCodeThread(thread, &code);
        std::printf("ended with %d\n", (int)code);
        CloseHandle(thread);
    }
    DeleteSynchronizationBarrier(&barrier);
}

static void an_address() {
    LONG value = 0, undesired = 0;
    std::thread setter([&] {
        Sleep(20);
        InterlockedExchange(&value, 7);
        WakeByAddressAll(&value);
    });
    while (value == undesired) WaitOnAddress(&value, &undesired, sizeof value, INFINITE);
    setter.join();
    BOOL came = WaitOnAddress(&value, &value, sizeof value, 5);
    std::printf("value %d; nothing comes: %d, timeout %d\n", (int)value, came, GetLastError() == ERROR_TIMEOUT);
}

static void objects() {
    HANDLE semaphore = CreateSemaphoreEx(nullptr, 0, 3, nullptr, 0, SEMAPHORE_ALL_ACCESS);
    HANDLE mutex = CreateMutexEx(nullptr, nullptr, CREATE_MUTEX_INITIAL_OWNER, MUTEX_ALL_ACCESS);
    LONG before = -1;
    ReleaseSemaphore(semaphore, 2, &before);
    DWORD taken = WaitForSingleObjectEx(semaphore, 0, FALSE);
    std::printf("semaphore %d %d, mutex %d\n", (int)before, (int)taken, ReleaseMutex(mutex));
    LPVOID memory = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, 100);
    std::printf("heap %d\n", HeapSize(GetProcessHeap(), 0, memory) >= 100);
    HeapFree(GetProcessHeap(), 0, memory);
    CloseHandle(semaphore);
    CloseHandle(mutex);
}

int main() {
    InitializeCriticalSectionAndSpinCount(&section, 4000);
    tls = TlsAlloc();
    fls = FlsAlloc(value_ends);
    things_done_once();
    several_threads();
    an_address();
    objects();
    FlsFree(fls);
    TlsFree(tls);
    DeleteCriticalSection(&section);
    return 0;
}
