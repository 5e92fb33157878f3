#include "sim/program/functions_by_name.h"

#include "sim/program/include/iphlpapi.h"
#include "sim/program/include/mswsock.h"
#include "sim/program/include/ws2tcpip.h"

#undef ioctlsocket
#undef CreatePersistentTcpPortReservation
#undef CreatePersistentUdpPortReservation
#undef LookupPersistentTcpPortReservation
#undef LookupPersistentUdpPortReservation

/* clang-format off */
#define NAMES(X) \
    X(AcceptEx) X(AcquireSRWLockExclusive) X(AcquireSRWLockShared) X(CancelIo) X(CancelIoEx) X(CancelSynchronousIo) \
    X(CloseHandle) X(CreateEventA) X(CreateEventExA) X(CreateEventExW) X(CreateEventW) X(CreateIoCompletionPort) \
    X(CreateMutexA) X(CreateMutexW) X(CreatePersistentTcpPortReservation) X(CreatePersistentUdpPortReservation) \
    X(CreateSemaphoreA) X(CreateSemaphoreW) X(CreateThread) X(DebugBreak) X(DeleteCriticalSection) \
    X(DeletePersistentTcpPortReservation) X(DeletePersistentUdpPortReservation) X(DuplicateHandle) \
    X(EnterCriticalSection) X(ExitProcess) X(ExitThread) X(FormatMessageA) X(FormatMessageW) X(FreeAddrInfoEx) \
    X(FreeAddrInfoExW) X(FreeAddrInfoW) X(FreeLibrary) X(FreeMibTable) X(GetUnicastIpAddressTable) X(GetActiveProcessorCount) X(GetAdaptersAddresses) X(GetAddrInfoExA) \
    X(GetAddrInfoExW) X(GetAddrInfoW) X(GetCurrentProcess) X(GetCurrentProcessId) X(GetCurrentProcessorNumber) \
    X(GetCurrentThread) X(GetCurrentThreadId) X(GetEnvironmentVariableA) X(GetExitCodeThread) X(GetHostNameW) \
    X(GetLocalTime) X(GetNameInfoW) X(GetModuleHandleA) X(GetModuleHandleW) X(GetNativeSystemInfo) \
    X(GetOverlappedResult) X(GetOverlappedResultEx) X(GetProcAddress) X(GetProcessHeap) \
    X(GetQueuedCompletionStatus) X(GetQueuedCompletionStatusEx) X(GetStdHandle) X(GetSystemInfo) X(GetSystemTime) \
    X(GetSystemTimeAsFileTime) X(GetSystemTimePreciseAsFileTime) X(GetThreadId) X(GetThreadPriority) \
    X(GetTickCount) X(GetTickCount64) X(GetTokenInformation) X(GlobalAlloc) X(GlobalFree) X(HeapAlloc) \
    X(HeapCreate) X(HeapDestroy) X(HeapFree) X(HeapReAlloc) X(InetNtopW) X(InetPtonW) X(InitOnceExecuteOnce) \
    X(InitializeConditionVariable) X(InitializeCriticalSection) X(InitializeCriticalSectionAndSpinCount) \
    X(InitializeCriticalSectionEx) X(InitializeSRWLock) X(IsDebuggerPresent) X(IsUserAnAdmin) \
    X(LeaveCriticalSection) X(LoadLibraryA) X(LoadLibraryW) X(LocalAlloc) X(LocalFree) \
    X(LookupPersistentTcpPortReservation) X(LookupPersistentUdpPortReservation) X(MultiByteToWideChar) \
    X(OpenProcessToken) X(OutputDebugStringA) X(OutputDebugStringW) X(PostQueuedCompletionStatus) \
    X(QueryPerformanceCounter) X(QueryPerformanceFrequency) X(QueueUserAPC) X(ReleaseMutex) \
    X(ReleaseSRWLockExclusive) X(ReleaseSRWLockShared) X(ReleaseSemaphore) X(ResetEvent) X(ResumeThread) \
    X(RevertToSelf) X(SetConsoleCtrlHandler) X(SetConsoleOutputCP) X(SetErrorMode) X(SetEvent) \
    X(SetFileCompletionNotificationModes) X(SetHandleInformation) X(SetThreadAffinityMask) X(SetThreadDescription) \
    X(SetThreadIdealProcessor) X(SetThreadPriority) X(SignalObjectAndWait) X(Sleep) X(SleepConditionVariableCS) \
    X(SleepConditionVariableSRW) X(SleepEx) X(SuspendThread) X(SwitchToThread) X(TerminateProcess) X(TlsAlloc) \
    X(TlsFree) X(TlsGetValue) X(TlsSetValue) X(TryAcquireSRWLockExclusive) X(TryAcquireSRWLockShared) \
    X(TryEnterCriticalSection) X(VirtualAlloc) X(VirtualFree) X(WSAAccept) X(WSAAddressToStringA) \
    X(WSAAddressToStringW) X(WSACleanup) X(WSACloseEvent) X(WSAConnect) X(WSACreateEvent) X(WSADuplicateSocketA) \
    X(WSADuplicateSocketW) X(WSAEnumNetworkEvents) X(WSAEnumProtocolsA) X(WSAEnumProtocolsW) X(WSAEventSelect) X(WSAGetLastError) X(WSAGetOverlappedResult) \
    X(WSAIoctl) X(WSAPoll) X(WSARecv) X(WSARecvFrom) X(WSAResetEvent) X(WSASend) X(WSASendMsg) X(WSASendTo) X(WSASetEvent) \
    X(WSASetLastError) X(WSASocketA) X(WSASocketW) X(WSAStartup) X(WSAStringToAddressA) X(WSAStringToAddressW) \
    X(WSAWaitForMultipleEvents) X(WaitForMultipleObjects) X(WaitForMultipleObjectsEx) X(WaitForSingleObject) \
    X(WaitForSingleObjectEx) X(WakeAllConditionVariable) X(WakeConditionVariable) X(WideCharToMultiByte) X(accept) \
    X(bind) X(closesocket) X(connect) X(freeaddrinfo) X(gai_strerrorA) X(gai_strerrorW) X(getaddrinfo) \
    X(gethostbyaddr) X(gethostbyname) X(getnameinfo) X(getpeername) X(getsockname) X(getsockopt) X(htonl) X(htons) X(inet_addr) \
    X(inet_ntoa) X(inet_ntop) X(inet_pton) X(ioctlsocket) X(listen) X(lstrcmpA) X(lstrcmpiA) X(lstrcpyA) \
    X(lstrlenA) X(lstrlenW) X(ntohl) X(ntohs) X(recv) X(recvfrom) X(select) X(send) X(sendto) X(setsockopt) \
    X(shutdown) X(socket) X(timeGetTime)
/* clang-format on */

void (*function_by_name(const char *name))(void) {
#define ROW(name) { #name, (void (*)(void))name },
    static const struct {
        const char *name;
        void (*function)(void);
    } rows[] = { NAMES(ROW) };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].name, name) == 0) return rows[i].function;
    return NULL;
}
