/* Functions of Windows that programs may name and that have no answer here: a program that calls one is stopped, with
 * status 120. Those of Winsock are in reservoir_not_modelled_winsock.h. */
#ifndef RESERVOIR_NOT_MODELLED
#define RESERVOIR_NOT_MODELLED(result, name, ...) RESERVOIR_API(result, name, __VA_ARGS__);
#endif

RESERVOIR_BEGIN
/* clang-format off */
RESERVOIR_NOT_MODELLED(SIZE_T, VirtualQuery, LPCVOID address, PMEMORY_BASIC_INFORMATION info, SIZE_T size)
RESERVOIR_NOT_MODELLED(BOOL, GetProcessMemoryInfo, HANDLE process, PPROCESS_MEMORY_COUNTERS counters, DWORD size)
RESERVOIR_NOT_MODELLED(BOOL, SetProcessPriorityBoost, HANDLE process, BOOL disabled)
RESERVOIR_NOT_MODELLED(BOOL, QueryThreadCycleTime, HANDLE thread, ULONGLONG *cycles)
RESERVOIR_NOT_MODELLED(BOOL, QueryProcessCycleTime, HANDLE process, ULONGLONG *cycles)
RESERVOIR_NOT_MODELLED(BOOL, TerminateThread, HANDLE thread, DWORD code)
RESERVOIR_NOT_MODELLED(BOOL, DeviceIoControl, HANDLE device, DWORD code, LPVOID in, DWORD in_size, LPVOID out,
                       DWORD out_size, LPDWORD bytes, LPOVERLAPPED overlapped)
RESERVOIR_NOT_MODELLED(BOOL, PulseEvent, HANDLE event)
RESERVOIR_NOT_MODELLED(BOOL, CreateProcessA, LPCSTR program, LPSTR line, LPSECURITY_ATTRIBUTES process,
                       LPSECURITY_ATTRIBUTES thread, BOOL inherit, DWORD flags, LPVOID environment, LPCSTR folder,
                       LPSTARTUPINFOA startup, LPPROCESS_INFORMATION info)
RESERVOIR_NOT_MODELLED(BOOL, CreateProcessW, LPCWSTR program, LPWSTR line, LPSECURITY_ATTRIBUTES process,
                       LPSECURITY_ATTRIBUTES thread, BOOL inherit, DWORD flags, LPVOID environment, LPCWSTR folder,
                       LPSTARTUPINFOW startup, LPPROCESS_INFORMATION info)
RESERVOIR_NOT_MODELLED(BOOL, GetExitCodeProcess, HANDLE process, LPDWORD code)
RESERVOIR_NOT_MODELLED(HINSTANCE, ShellExecuteA, HWND window, LPCSTR verb, LPCSTR file, LPCSTR parameters, LPCSTR folder, INT show)
RESERVOIR_NOT_MODELLED(HINSTANCE, ShellExecuteW, HWND window, LPCWSTR verb, LPCWSTR file, LPCWSTR parameters, LPCWSTR folder,
                       INT show)
RESERVOIR_NOT_MODELLED(SERVICE_STATUS_HANDLE, RegisterServiceCtrlHandlerA, LPCSTR name, LPHANDLER_FUNCTION handler)
RESERVOIR_NOT_MODELLED(SERVICE_STATUS_HANDLE, RegisterServiceCtrlHandlerW, LPCWSTR name, LPHANDLER_FUNCTION handler)
RESERVOIR_NOT_MODELLED(SERVICE_STATUS_HANDLE, RegisterServiceCtrlHandlerExA, LPCSTR name, LPHANDLER_FUNCTION_EX handler,
                       LPVOID context)
RESERVOIR_NOT_MODELLED(SERVICE_STATUS_HANDLE, RegisterServiceCtrlHandlerExW, LPCWSTR name, LPHANDLER_FUNCTION_EX handler,
                       LPVOID context)
RESERVOIR_NOT_MODELLED(BOOL, SetServiceStatus, SERVICE_STATUS_HANDLE service, LPSERVICE_STATUS status)
RESERVOIR_NOT_MODELLED(LSTATUS, RegOpenKeyExA, HKEY key, LPCSTR name, DWORD options, DWORD access, HKEY *opened)
RESERVOIR_NOT_MODELLED(LSTATUS, RegOpenKeyExW, HKEY key, LPCWSTR name, DWORD options, DWORD access, HKEY *opened)
RESERVOIR_NOT_MODELLED(LSTATUS, RegQueryValueExA, HKEY key, LPCSTR name, LPDWORD reserved, LPDWORD type, LPBYTE data,
                       LPDWORD size)
RESERVOIR_NOT_MODELLED(LSTATUS, RegQueryValueExW, HKEY key, LPCWSTR name, LPDWORD reserved, LPDWORD type, LPBYTE data,
                       LPDWORD size)
RESERVOIR_NOT_MODELLED(LSTATUS, RegCloseKey, HKEY key)
RESERVOIR_NOT_MODELLED(VOID, DisassociateCurrentThreadFromCallback, PTP_CALLBACK_INSTANCE instance)
RESERVOIR_NOT_MODELLED(BOOL, OpenThreadToken, HANDLE thread, DWORD access, BOOL as_self, PHANDLE token)
RESERVOIR_NOT_MODELLED(BOOL, GetHandleInformation, HANDLE object, LPDWORD flags)
RESERVOIR_NOT_MODELLED(BOOL, ImpersonateLoggedOnUser, HANDLE token)
RESERVOIR_NOT_MODELLED(BOOL, ChangeTimerQueueTimer, HANDLE queue, HANDLE timer, ULONG due_ms, ULONG period_ms)
RESERVOIR_NOT_MODELLED(HANDLE, OpenThread, DWORD access, BOOL inherit, DWORD thread)
RESERVOIR_NOT_MODELLED(HANDLE, CreateNamedPipeA, LPCSTR name, DWORD access, DWORD mode, DWORD most, DWORD out_size,
                       DWORD in_size, DWORD limit_ms, LPSECURITY_ATTRIBUTES attributes)
RESERVOIR_NOT_MODELLED(BOOL, ConnectNamedPipe, HANDLE pipe, LPOVERLAPPED overlapped)
RESERVOIR_NOT_MODELLED(BOOL, CreatePipe, PHANDLE reading, PHANDLE writing, LPSECURITY_ATTRIBUTES attributes, DWORD size)
RESERVOIR_NOT_MODELLED(HANDLE, CreateFileMappingA, HANDLE file, LPSECURITY_ATTRIBUTES attributes, DWORD protection,
                       DWORD size_high, DWORD size_low, LPCSTR name)
RESERVOIR_NOT_MODELLED(HANDLE, CreateFileMappingW, HANDLE file, LPSECURITY_ATTRIBUTES attributes, DWORD protection,
                       DWORD size_high, DWORD size_low, LPCWSTR name)
RESERVOIR_NOT_MODELLED(LPVOID, MapViewOfFile, HANDLE mapping, DWORD access, DWORD high, DWORD low, SIZE_T bytes)
RESERVOIR_NOT_MODELLED(BOOL, UnmapViewOfFile, LPCVOID address)
RESERVOIR_NOT_MODELLED(BOOL, GetComputerNameExA, COMPUTER_NAME_FORMAT format, LPSTR name, LPDWORD size)
RESERVOIR_NOT_MODELLED(BOOL, GetComputerNameExW, COMPUTER_NAME_FORMAT format, LPWSTR name, LPDWORD size)
RESERVOIR_NOT_MODELLED(BOOL, LookupPrivilegeValueA, LPCSTR system, LPCSTR name, PLUID luid)
RESERVOIR_NOT_MODELLED(BOOL, LookupPrivilegeValueW, LPCWSTR system, LPCWSTR name, PLUID luid)
RESERVOIR_NOT_MODELLED(BOOL, AdjustTokenPrivileges, HANDLE token, BOOL disable_all, PTOKEN_PRIVILEGES state, DWORD size,
                       PTOKEN_PRIVILEGES before, PDWORD needed)
RESERVOIR_NOT_MODELLED(BOOL, LogonUserA, LPCSTR name, LPCSTR domain, LPCSTR password, DWORD type, DWORD provider, PHANDLE token)
RESERVOIR_NOT_MODELLED(BOOL, LogonUserW, LPCWSTR name, LPCWSTR domain, LPCWSTR password, DWORD type, DWORD provider,
                       PHANDLE token)
RESERVOIR_NOT_MODELLED(BOOL, DuplicateTokenEx, HANDLE token, DWORD access, LPSECURITY_ATTRIBUTES attributes, INT level, INT type,
                       PHANDLE duplicate)
RESERVOIR_NOT_MODELLED(SC_HANDLE, OpenSCManagerA, LPCSTR machine, LPCSTR database, DWORD access)
RESERVOIR_NOT_MODELLED(SC_HANDLE, OpenSCManagerW, LPCWSTR machine, LPCWSTR database, DWORD access)
RESERVOIR_NOT_MODELLED(SC_HANDLE, OpenServiceA, SC_HANDLE manager, LPCSTR name, DWORD access)
RESERVOIR_NOT_MODELLED(SC_HANDLE, OpenServiceW, SC_HANDLE manager, LPCWSTR name, DWORD access)
RESERVOIR_NOT_MODELLED(SC_HANDLE, CreateServiceA, SC_HANDLE manager, LPCSTR name, LPCSTR shown, DWORD access, DWORD type,
                       DWORD start, DWORD errors, LPCSTR path, LPCSTR group, LPDWORD tag, LPCSTR needs, LPCSTR account,
                       LPCSTR password)
RESERVOIR_NOT_MODELLED(SC_HANDLE, CreateServiceW, SC_HANDLE manager, LPCWSTR name, LPCWSTR shown, DWORD access, DWORD type,
                       DWORD start, DWORD errors, LPCWSTR path, LPCWSTR group, LPDWORD tag, LPCWSTR needs, LPCWSTR account,
                       LPCWSTR password)
RESERVOIR_NOT_MODELLED(BOOL, StartServiceA, SC_HANDLE service, DWORD count, LPCSTR *arguments)
RESERVOIR_NOT_MODELLED(BOOL, StartServiceW, SC_HANDLE service, DWORD count, LPCWSTR *arguments)
RESERVOIR_NOT_MODELLED(BOOL, ControlService, SC_HANDLE service, DWORD control, LPSERVICE_STATUS status)
RESERVOIR_NOT_MODELLED(BOOL, DeleteService, SC_HANDLE service)
RESERVOIR_NOT_MODELLED(BOOL, QueryServiceStatus, SC_HANDLE service, LPSERVICE_STATUS status)
RESERVOIR_NOT_MODELLED(BOOL, QueryServiceStatusEx, SC_HANDLE service, SC_STATUS_TYPE what, LPBYTE data, DWORD size,
                       LPDWORD needed)
RESERVOIR_NOT_MODELLED(BOOL, CloseServiceHandle, SC_HANDLE handle)
RESERVOIR_NOT_MODELLED(LSTATUS, RegCreateKeyExA, HKEY key, LPCSTR name, DWORD reserved, LPSTR type, DWORD options, DWORD access,
                       LPSECURITY_ATTRIBUTES attributes, HKEY *opened, LPDWORD made)
RESERVOIR_NOT_MODELLED(LSTATUS, RegCreateKeyExW, HKEY key, LPCWSTR name, DWORD reserved, LPWSTR type, DWORD options,
                       DWORD access, LPSECURITY_ATTRIBUTES attributes, HKEY *opened, LPDWORD made)
RESERVOIR_NOT_MODELLED(LSTATUS, RegSetValueExA, HKEY key, LPCSTR name, DWORD reserved, DWORD type, const BYTE *data, DWORD size)
RESERVOIR_NOT_MODELLED(LSTATUS, RegSetValueExW, HKEY key, LPCWSTR name, DWORD reserved, DWORD type, const BYTE *data, DWORD size)
RESERVOIR_NOT_MODELLED(LSTATUS, RegDeleteValueA, HKEY key, LPCSTR name)
RESERVOIR_NOT_MODELLED(LSTATUS, RegDeleteValueW, HKEY key, LPCWSTR name)
RESERVOIR_NOT_MODELLED(BOOL, GetMessageA, LPMSG message, HWND window, UINT first, UINT last)
RESERVOIR_NOT_MODELLED(BOOL, GetMessageW, LPMSG message, HWND window, UINT first, UINT last)
RESERVOIR_NOT_MODELLED(BOOL, PeekMessageA, LPMSG message, HWND window, UINT first, UINT last, UINT flags)
RESERVOIR_NOT_MODELLED(BOOL, PeekMessageW, LPMSG message, HWND window, UINT first, UINT last, UINT flags)
RESERVOIR_NOT_MODELLED(BOOL, TranslateMessage, const MSG *message)
RESERVOIR_NOT_MODELLED(LRESULT, DispatchMessageA, const MSG *message)
RESERVOIR_NOT_MODELLED(LRESULT, DispatchMessageW, const MSG *message)
RESERVOIR_NOT_MODELLED(VOID, PostQuitMessage, int code)
RESERVOIR_NOT_MODELLED(int, MessageBoxA, HWND window, LPCSTR text, LPCSTR caption, UINT type)
RESERVOIR_NOT_MODELLED(int, MessageBoxW, HWND window, LPCWSTR text, LPCWSTR caption, UINT type)
RESERVOIR_NOT_MODELLED(BOOL, ReadConsoleA, HANDLE console, LPVOID text, DWORD size, LPDWORD count, LPVOID control)
RESERVOIR_NOT_MODELLED(BOOL, ReadConsoleW, HANDLE console, LPVOID text, DWORD size, LPDWORD count, LPVOID control)
RESERVOIR_NOT_MODELLED(BOOL, SetConsoleCursorPosition, HANDLE console, COORD position)
RESERVOIR_NOT_MODELLED(BOOL, VirtualProtect, LPVOID lpAddress, SIZE_T dwSize, DWORD flNewProtect,
                       PDWORD lpflOldProtect)
RESERVOIR_NOT_MODELLED(BOOL, VirtualLock, LPVOID lpAddress, SIZE_T dwSize)
RESERVOIR_NOT_MODELLED(BOOL, VirtualUnlock, LPVOID lpAddress, SIZE_T dwSize)
RESERVOIR_NOT_MODELLED(BOOL, ReadFileEx, HANDLE hFile, LPVOID lpBuffer, DWORD nNumberOfBytesToRead,
                       LPOVERLAPPED lpOverlapped, LPOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine)
RESERVOIR_NOT_MODELLED(BOOL, WriteFileEx, HANDLE hFile, LPCVOID lpBuffer, DWORD nNumberOfBytesToWrite,
                       LPOVERLAPPED lpOverlapped, LPOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine)
RESERVOIR_NOT_MODELLED(BOOL, LockFile, HANDLE hFile, DWORD dwFileOffsetLow, DWORD dwFileOffsetHigh,
                       DWORD nNumberOfBytesToLockLow, DWORD nNumberOfBytesToLockHigh)
RESERVOIR_NOT_MODELLED(BOOL, UnlockFile, HANDLE hFile, DWORD dwFileOffsetLow, DWORD dwFileOffsetHigh,
                       DWORD nNumberOfBytesToUnlockLow, DWORD nNumberOfBytesToUnlockHigh)
RESERVOIR_NOT_MODELLED(BOOL, LockFileEx, HANDLE hFile, DWORD dwFlags, DWORD dwReserved,
                       DWORD nNumberOfBytesToLockLow, DWORD nNumberOfBytesToLockHigh, LPOVERLAPPED lpOverlapped)
RESERVOIR_NOT_MODELLED(BOOL, UnlockFileEx, HANDLE hFile, DWORD dwReserved, DWORD nNumberOfBytesToUnlockLow,
                       DWORD nNumberOfBytesToUnlockHigh, LPOVERLAPPED lpOverlapped)
RESERVOIR_NOT_MODELLED(BOOL, SetFileAttributesA, LPCSTR lpFileName, DWORD dwFileAttributes)
RESERVOIR_NOT_MODELLED(BOOL, SetFileAttributesW, LPCWSTR lpFileName, DWORD dwFileAttributes)
RESERVOIR_NOT_MODELLED(DWORD, GetLogicalDrives, void)
RESERVOIR_NOT_MODELLED(UINT, GetDriveTypeA, LPCSTR lpRootPathName)
RESERVOIR_NOT_MODELLED(UINT, GetDriveTypeW, LPCWSTR lpRootPathName)
RESERVOIR_NOT_MODELLED(DWORD, SearchPathA, LPCSTR lpPath, LPCSTR lpFileName, LPCSTR lpExtension, DWORD nBufferLength,
                       LPSTR lpBuffer, LPSTR *lpFilePart)
RESERVOIR_NOT_MODELLED(DWORD, SearchPathW, LPCWSTR lpPath, LPCWSTR lpFileName, LPCWSTR lpExtension,
                       DWORD nBufferLength, LPWSTR lpBuffer, LPWSTR *lpFilePart)
RESERVOIR_NOT_MODELLED(BOOL, SetFileTime, HANDLE hFile, const FILETIME *lpCreationTime,
                       const FILETIME *lpLastAccessTime, const FILETIME *lpLastWriteTime)
RESERVOIR_NOT_MODELLED(BOOL, GetProcessAffinityMask, HANDLE hProcess, PDWORD_PTR lpProcessAffinityMask,
                       PDWORD_PTR lpSystemAffinityMask)
RESERVOIR_NOT_MODELLED(BOOL, SetProcessAffinityMask, HANDLE hProcess, DWORD_PTR dwProcessAffinityMask)
RESERVOIR_NOT_MODELLED(HANDLE, CreateRemoteThread, HANDLE hProcess, LPSECURITY_ATTRIBUTES lpThreadAttributes,
                       SIZE_T dwStackSize, LPTHREAD_START_ROUTINE lpStartAddress, LPVOID lpParameter,
                       DWORD dwCreationFlags, LPDWORD lpThreadId)
RESERVOIR_NOT_MODELLED(VOID, FreeLibraryAndExitThread, HMODULE hLibModule, DWORD dwExitCode)
RESERVOIR_NOT_MODELLED(BOOL, DisableThreadLibraryCalls, HMODULE hLibModule)
RESERVOIR_NOT_MODELLED(VOID, RaiseException, DWORD dwExceptionCode, DWORD dwExceptionFlags, DWORD nNumberOfArguments,
                       const ULONG_PTR *lpArguments)
RESERVOIR_NOT_MODELLED(LONG, UnhandledExceptionFilter, struct _EXCEPTION_POINTERS *ExceptionInfo)
RESERVOIR_NOT_MODELLED(PVOID, AddVectoredExceptionHandler, ULONG First, PVECTORED_EXCEPTION_HANDLER Handler)
RESERVOIR_NOT_MODELLED(ULONG, RemoveVectoredExceptionHandler, PVOID Handle)
RESERVOIR_NOT_MODELLED(BOOL, PeekNamedPipe, HANDLE hNamedPipe, LPVOID lpBuffer, DWORD nBufferSize,
                       LPDWORD lpBytesRead, LPDWORD lpTotalBytesAvail, LPDWORD lpBytesLeftThisMessage)
RESERVOIR_NOT_MODELLED(BOOL, WaitNamedPipeA, LPCSTR lpNamedPipeName, DWORD nTimeOut)
RESERVOIR_NOT_MODELLED(BOOL, WaitNamedPipeW, LPCWSTR lpNamedPipeName, DWORD nTimeOut)
RESERVOIR_NOT_MODELLED(BOOL, SetNamedPipeHandleState, HANDLE hNamedPipe, LPDWORD lpMode,
                       LPDWORD lpMaxCollectionCount, LPDWORD lpCollectDataTimeout)
RESERVOIR_NOT_MODELLED(BOOL, DisconnectNamedPipe, HANDLE hNamedPipe)
RESERVOIR_NOT_MODELLED(HANDLE, CreateNamedPipeW, LPCWSTR lpName, DWORD dwOpenMode, DWORD dwPipeMode,
                       DWORD nMaxInstances, DWORD nOutBufferSize, DWORD nInBufferSize, DWORD nDefaultTimeOut,
                       LPSECURITY_ATTRIBUTES lpSecurityAttributes)
RESERVOIR_NOT_MODELLED(BOOL, TransactNamedPipe, HANDLE hNamedPipe, LPVOID lpInBuffer, DWORD nInBufferSize,
                       LPVOID lpOutBuffer, DWORD nOutBufferSize, LPDWORD lpBytesRead, LPOVERLAPPED lpOverlapped)
RESERVOIR_NOT_MODELLED(BOOL, GetNamedPipeInfo, HANDLE hNamedPipe, LPDWORD lpFlags, LPDWORD lpOutBufferSize,
                       LPDWORD lpInBufferSize, LPDWORD lpMaxInstances)
RESERVOIR_NOT_MODELLED(HANDLE, OpenWaitableTimerA, DWORD dwDesiredAccess, BOOL bInheritHandle, LPCSTR lpTimerName)
RESERVOIR_NOT_MODELLED(HANDLE, OpenWaitableTimerW, DWORD dwDesiredAccess, BOOL bInheritHandle, LPCWSTR lpTimerName)
RESERVOIR_NOT_MODELLED(HANDLE, OpenFileMappingA, DWORD dwDesiredAccess, BOOL bInheritHandle, LPCSTR lpName)
RESERVOIR_NOT_MODELLED(HANDLE, OpenFileMappingW, DWORD dwDesiredAccess, BOOL bInheritHandle, LPCWSTR lpName)
RESERVOIR_NOT_MODELLED(HANDLE, CreateJobObjectA, LPSECURITY_ATTRIBUTES lpJobAttributes, LPCSTR lpName)
RESERVOIR_NOT_MODELLED(HANDLE, CreateJobObjectW, LPSECURITY_ATTRIBUTES lpJobAttributes, LPCWSTR lpName)
RESERVOIR_NOT_MODELLED(BOOL, AssignProcessToJobObject, HANDLE hJob, HANDLE hProcess)
RESERVOIR_NOT_MODELLED(BOOL, TerminateJobObject, HANDLE hJob, UINT uExitCode)
RESERVOIR_NOT_MODELLED(BOOL, ProcessIdToSessionId, DWORD dwProcessId, DWORD *pSessionId)
RESERVOIR_NOT_MODELLED(BOOL, IsProcessorFeaturePresent, DWORD ProcessorFeature)
RESERVOIR_NOT_MODELLED(BOOL, FlushViewOfFile, LPCVOID lpBaseAddress, SIZE_T dwNumberOfBytesToFlush)
RESERVOIR_NOT_MODELLED(BOOL, Beep, DWORD dwFreq, DWORD dwDuration)
RESERVOIR_NOT_MODELLED(BOOL, GetFileInformationByHandle, HANDLE hFile,
                       LPBY_HANDLE_FILE_INFORMATION lpFileInformation)
RESERVOIR_NOT_MODELLED(HANDLE, FindFirstChangeNotificationA, LPCSTR lpPathName, BOOL bWatchSubtree,
                       DWORD dwNotifyFilter)
RESERVOIR_NOT_MODELLED(HANDLE, FindFirstChangeNotificationW, LPCWSTR lpPathName, BOOL bWatchSubtree,
                       DWORD dwNotifyFilter)
RESERVOIR_NOT_MODELLED(BOOL, FindNextChangeNotification, HANDLE hChangeHandle)
RESERVOIR_NOT_MODELLED(BOOL, FindCloseChangeNotification, HANDLE hChangeHandle)
RESERVOIR_NOT_MODELLED(HANDLE, RegisterEventSourceA, LPCSTR lpUNCServerName, LPCSTR lpSourceName)
RESERVOIR_NOT_MODELLED(HANDLE, RegisterEventSourceW, LPCWSTR lpUNCServerName, LPCWSTR lpSourceName)
RESERVOIR_NOT_MODELLED(BOOL, ReportEventA, HANDLE hEventLog, WORD wType, WORD wCategory, DWORD dwEventID,
                       PSID lpUserSid, WORD wNumStrings, DWORD dwDataSize, LPCSTR *lpStrings, LPVOID lpRawData)
RESERVOIR_NOT_MODELLED(BOOL, ReportEventW, HANDLE hEventLog, WORD wType, WORD wCategory, DWORD dwEventID,
                       PSID lpUserSid, WORD wNumStrings, DWORD dwDataSize, LPCWSTR *lpStrings, LPVOID lpRawData)
RESERVOIR_NOT_MODELLED(BOOL, DeregisterEventSource, HANDLE hEventLog)
RESERVOIR_NOT_MODELLED(LONG, RegDeleteKeyA, HKEY hKey, LPCSTR lpSubKey)
RESERVOIR_NOT_MODELLED(LONG, RegDeleteKeyW, HKEY hKey, LPCWSTR lpSubKey)
RESERVOIR_NOT_MODELLED(LONG, RegEnumKeyExA, HKEY hKey, DWORD dwIndex, LPSTR lpName, LPDWORD lpcchName,
                       LPDWORD lpReserved, LPSTR lpClass, LPDWORD lpcchClass, PFILETIME lpftLastWriteTime)
RESERVOIR_NOT_MODELLED(LONG, RegEnumKeyExW, HKEY hKey, DWORD dwIndex, LPWSTR lpName, LPDWORD lpcchName,
                       LPDWORD lpReserved, LPWSTR lpClass, LPDWORD lpcchClass, PFILETIME lpftLastWriteTime)
RESERVOIR_NOT_MODELLED(LONG, RegEnumValueA, HKEY hKey, DWORD dwIndex, LPSTR lpValueName, LPDWORD lpcchValueName,
                       LPDWORD lpReserved, LPDWORD lpType, LPBYTE lpData, LPDWORD lpcbData)
RESERVOIR_NOT_MODELLED(LONG, RegEnumValueW, HKEY hKey, DWORD dwIndex, LPWSTR lpValueName, LPDWORD lpcchValueName,
                       LPDWORD lpReserved, LPDWORD lpType, LPBYTE lpData, LPDWORD lpcbData)
RESERVOIR_NOT_MODELLED(LONG, RegGetValueA, HKEY hkey, LPCSTR lpSubKey, LPCSTR lpValue, DWORD dwFlags,
                       LPDWORD pdwType, PVOID pvData, LPDWORD pcbData)
RESERVOIR_NOT_MODELLED(LONG, RegGetValueW, HKEY hkey, LPCWSTR lpSubKey, LPCWSTR lpValue, DWORD dwFlags,
                       LPDWORD pdwType, PVOID pvData, LPDWORD pcbData)
RESERVOIR_NOT_MODELLED(LONG, RegFlushKey, HKEY hKey)
RESERVOIR_NOT_MODELLED(BOOL, GetProcessHandleCount, HANDLE hProcess, PDWORD pdwHandleCount)
RESERVOIR_NOT_MODELLED(BOOL, FlushConsoleInputBuffer, HANDLE hConsoleInput)
RESERVOIR_NOT_MODELLED(BOOL, AllocConsole, void)
RESERVOIR_NOT_MODELLED(BOOL, FreeConsole, void)
RESERVOIR_NOT_MODELLED(BOOL, AttachConsole, DWORD dwProcessId)
RESERVOIR_NOT_MODELLED(HWND, GetConsoleWindow, void)
RESERVOIR_NOT_MODELLED(BOOL, SetStdHandle, DWORD nStdHandle, HANDLE hHandle)
RESERVOIR_NOT_MODELLED(DWORD, GetConsoleTitleA, LPSTR lpConsoleTitle, DWORD nSize)
RESERVOIR_NOT_MODELLED(DWORD, GetConsoleTitleW, LPWSTR lpConsoleTitle, DWORD nSize)
RESERVOIR_NOT_MODELLED(BOOL, GetNumberOfConsoleInputEvents, HANDLE hConsoleInput, LPDWORD lpNumberOfEvents)
RESERVOIR_NOT_MODELLED(BOOL, GetDiskFreeSpaceExA, LPCSTR lpDirectoryName,
                       PULARGE_INTEGER lpFreeBytesAvailableToCaller, PULARGE_INTEGER lpTotalNumberOfBytes,
                       PULARGE_INTEGER lpTotalNumberOfFreeBytes)
RESERVOIR_NOT_MODELLED(BOOL, GetDiskFreeSpaceExW, LPCWSTR lpDirectoryName,
                       PULARGE_INTEGER lpFreeBytesAvailableToCaller, PULARGE_INTEGER lpTotalNumberOfBytes,
                       PULARGE_INTEGER lpTotalNumberOfFreeBytes)
RESERVOIR_NOT_MODELLED(BOOL, SetThreadPriorityBoost, HANDLE hThread, BOOL bDisablePriorityBoost)
RESERVOIR_NOT_MODELLED(BOOL, GetThreadPriorityBoost, HANDLE hThread, PBOOL pDisablePriorityBoost)
RESERVOIR_NOT_MODELLED(BOOL, SetThreadStackGuarantee, PULONG StackSizeInBytes)
RESERVOIR_NOT_MODELLED(VOID, FlushProcessWriteBuffers, void)
RESERVOIR_NOT_MODELLED(BOOL, SetSystemTime, const SYSTEMTIME *lpSystemTime)
RESERVOIR_NOT_MODELLED(BOOL, SetLocalTime, const SYSTEMTIME *lpSystemTime)
RESERVOIR_NOT_MODELLED(BOOL, QueryFullProcessImageNameA, HANDLE hProcess, DWORD dwFlags, LPSTR lpExeName,
                       PDWORD lpdwSize)
RESERVOIR_NOT_MODELLED(BOOL, QueryFullProcessImageNameW, HANDLE hProcess, DWORD dwFlags, LPWSTR lpExeName,
                       PDWORD lpdwSize)
RESERVOIR_NOT_MODELLED(BOOL, GetVolumeInformationA, LPCSTR lpRootPathName, LPSTR lpVolumeNameBuffer,
                       DWORD nVolumeNameSize, LPDWORD lpVolumeSerialNumber, LPDWORD lpMaximumComponentLength,
                       LPDWORD lpFileSystemFlags, LPSTR lpFileSystemNameBuffer, DWORD nFileSystemNameSize)
RESERVOIR_NOT_MODELLED(BOOL, GetVolumeInformationW, LPCWSTR lpRootPathName, LPWSTR lpVolumeNameBuffer,
                       DWORD nVolumeNameSize, LPDWORD lpVolumeSerialNumber, LPDWORD lpMaximumComponentLength,
                       LPDWORD lpFileSystemFlags, LPWSTR lpFileSystemNameBuffer, DWORD nFileSystemNameSize)
RESERVOIR_NOT_MODELLED(SIZE_T, HeapCompact, HANDLE hHeap, DWORD dwFlags)
RESERVOIR_NOT_MODELLED(DWORD, GetProcessHeaps, DWORD NumberOfHeaps, PHANDLE ProcessHeaps)
RESERVOIR_NOT_MODELLED(HANDLE, OpenJobObjectA, DWORD dwDesiredAccess, BOOL bInheritHandle, LPCSTR lpName)
RESERVOIR_NOT_MODELLED(BOOL, CreateProcessAsUserA, HANDLE hToken, LPCSTR lpApplicationName, LPSTR lpCommandLine,
                       LPSECURITY_ATTRIBUTES lpProcessAttributes, LPSECURITY_ATTRIBUTES lpThreadAttributes,
                       BOOL bInheritHandles, DWORD dwCreationFlags, LPVOID lpEnvironment, LPCSTR lpCurrentDirectory,
                       LPSTARTUPINFOA lpStartupInfo, LPPROCESS_INFORMATION lpProcessInformation)
RESERVOIR_NOT_MODELLED(BOOL, CreateProcessAsUserW, HANDLE hToken, LPCWSTR lpApplicationName, LPWSTR lpCommandLine,
                       LPSECURITY_ATTRIBUTES lpProcessAttributes, LPSECURITY_ATTRIBUTES lpThreadAttributes,
                       BOOL bInheritHandles, DWORD dwCreationFlags, LPVOID lpEnvironment, LPCWSTR lpCurrentDirectory,
                       LPSTARTUPINFOW lpStartupInfo, LPPROCESS_INFORMATION lpProcessInformation)
RESERVOIR_NOT_MODELLED(DWORD, WaitForInputIdle, HANDLE hProcess, DWORD dwMilliseconds)
RESERVOIR_NOT_MODELLED(BOOL, SetThreadToken, PHANDLE Thread, HANDLE Token)
RESERVOIR_NOT_MODELLED(BOOL, IsTokenRestricted, HANDLE TokenHandle)
RESERVOIR_NOT_MODELLED(BOOL, ControlServiceExA, SC_HANDLE hService, DWORD dwControl, DWORD dwInfoLevel,
                       PVOID pControlParams)
RESERVOIR_NOT_MODELLED(BOOL, ChangeServiceConfigA, SC_HANDLE hService, DWORD dwServiceType, DWORD dwStartType,
                       DWORD dwErrorControl, LPCSTR lpBinaryPathName, LPCSTR lpLoadOrderGroup, LPDWORD lpdwTagId,
                       LPCSTR lpDependencies, LPCSTR lpServiceStartName, LPCSTR lpPassword, LPCSTR lpDisplayName)
RESERVOIR_NOT_MODELLED(HANDLE, CreateMailslotA, LPCSTR lpName, DWORD nMaxMessageSize, DWORD lReadTimeout,
                       LPSECURITY_ATTRIBUTES lpSecurityAttributes)
RESERVOIR_NOT_MODELLED(LANGID, GetUserDefaultLangID, void)
RESERVOIR_NOT_MODELLED(LCID, GetUserDefaultLCID, void)
RESERVOIR_NOT_MODELLED(int, WSCWriteProviderOrder, LPDWORD lpwdCatalogEntryId, DWORD dwNumberOfEntries)
RESERVOIR_NOT_MODELLED(HRESULT, CoInitialize, LPVOID reserved)
RESERVOIR_NOT_MODELLED(HRESULT, CoInitializeEx, LPVOID reserved, DWORD model)
RESERVOIR_NOT_MODELLED(VOID, CoUninitialize, void)
RESERVOIR_NOT_MODELLED(BOOL, ConvertStringSecurityDescriptorToSecurityDescriptorA, LPCSTR text, DWORD revision,
                       PSECURITY_DESCRIPTOR *descriptor, PULONG size)
RESERVOIR_NOT_MODELLED(BOOL, ConvertStringSecurityDescriptorToSecurityDescriptorW, LPCWSTR text, DWORD revision,
                       PSECURITY_DESCRIPTOR *descriptor, PULONG size)
RESERVOIR_NOT_MODELLED(BOOL, ConvertSidToStringSidA, PSID sid, LPSTR *text)
RESERVOIR_NOT_MODELLED(BOOL, ConvertSidToStringSidW, PSID sid, LPWSTR *text)
RESERVOIR_NOT_MODELLED(DWORD, GetPrivateProfileStringA, LPCSTR section, LPCSTR key, LPCSTR otherwise, LPSTR text, DWORD size,
                       LPCSTR file)
RESERVOIR_NOT_MODELLED(DWORD, GetPrivateProfileStringW, LPCWSTR section, LPCWSTR key, LPCWSTR otherwise, LPWSTR text, DWORD size,
                       LPCWSTR file)
RESERVOIR_NOT_MODELLED(UINT, GetPrivateProfileIntA, LPCSTR section, LPCSTR key, INT otherwise, LPCSTR file)
RESERVOIR_NOT_MODELLED(UINT, GetPrivateProfileIntW, LPCWSTR section, LPCWSTR key, INT otherwise, LPCWSTR file)
RESERVOIR_NOT_MODELLED(BOOL, WritePrivateProfileStringA, LPCSTR section, LPCSTR key, LPCSTR text, LPCSTR file)
RESERVOIR_NOT_MODELLED(BOOL, WritePrivateProfileStringW, LPCWSTR section, LPCWSTR key, LPCWSTR text, LPCWSTR file)
/* clang-format on */
RESERVOIR_END
