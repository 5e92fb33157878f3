/* Functions of Windows that programs may name and that have no answer here: a program that calls one is stopped, with
 * status 120. Those of Winsock are in reservoir_not_modelled_winsock.h. */
#ifndef RESERVOIR_NOT_MODELLED
#define RESERVOIR_NOT_MODELLED(result, name, ...) RESERVOIR_API(result, name, __VA_ARGS__);
#endif

RESERVOIR_BEGIN
/* clang-format off */
RESERVOIR_NOT_MODELLED(BOOL, CancelSynchronousIo, HANDLE thread)
RESERVOIR_NOT_MODELLED(BOOL, TerminateThread, HANDLE thread, DWORD code)
RESERVOIR_NOT_MODELLED(HANDLE, CreateFileA, LPCSTR name, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES attributes,
                       DWORD disposition, DWORD flags, HANDLE model)
RESERVOIR_NOT_MODELLED(HANDLE, CreateFileW, LPCWSTR name, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES attributes,
                       DWORD disposition, DWORD flags, HANDLE model)
RESERVOIR_NOT_MODELLED(BOOL, ReadFile, HANDLE file, LPVOID data, DWORD size, LPDWORD read, LPOVERLAPPED overlapped)
RESERVOIR_NOT_MODELLED(BOOL, WriteFile, HANDLE file, LPCVOID data, DWORD size, LPDWORD written, LPOVERLAPPED overlapped)
RESERVOIR_NOT_MODELLED(BOOL, DeviceIoControl, HANDLE device, DWORD code, LPVOID in, DWORD in_size, LPVOID out,
                       DWORD out_size, LPDWORD bytes, LPOVERLAPPED overlapped)
RESERVOIR_NOT_MODELLED(HANDLE, OpenEventA, DWORD access, BOOL inherit, LPCSTR name)
RESERVOIR_NOT_MODELLED(HANDLE, OpenEventW, DWORD access, BOOL inherit, LPCWSTR name)
RESERVOIR_NOT_MODELLED(BOOL, PulseEvent, HANDLE event)
RESERVOIR_NOT_MODELLED(HANDLE, OpenProcess, DWORD access, BOOL inherit, DWORD process)
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
RESERVOIR_NOT_MODELLED(LPSTR, GetCommandLineA, void)
RESERVOIR_NOT_MODELLED(LPWSTR, GetCommandLineW, void)
RESERVOIR_NOT_MODELLED(LPWSTR *, CommandLineToArgvW, LPCWSTR line, int *count)
RESERVOIR_NOT_MODELLED(DWORD, GetModuleFileNameA, HMODULE module, LPSTR name, DWORD size)
RESERVOIR_NOT_MODELLED(DWORD, GetModuleFileNameW, HMODULE module, LPWSTR name, DWORD size)
RESERVOIR_NOT_MODELLED(BOOL, GetUserNameA, LPSTR name, LPDWORD size)
RESERVOIR_NOT_MODELLED(BOOL, GetUserNameW, LPWSTR name, LPDWORD size)
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
RESERVOIR_NOT_MODELLED(PTP_WORK, CreateThreadpoolWork, PTP_WORK_CALLBACK routine, PVOID context, PVOID environment)
RESERVOIR_NOT_MODELLED(VOID, SubmitThreadpoolWork, PTP_WORK work)
RESERVOIR_NOT_MODELLED(VOID, WaitForThreadpoolWorkCallbacks, PTP_WORK work, BOOL cancel)
RESERVOIR_NOT_MODELLED(VOID, CloseThreadpoolWork, PTP_WORK work)
RESERVOIR_NOT_MODELLED(PTP_IO, CreateThreadpoolIo, HANDLE file, PTP_WIN32_IO_CALLBACK routine, PVOID context,
                       PVOID environment)
RESERVOIR_NOT_MODELLED(VOID, StartThreadpoolIo, PTP_IO io)
RESERVOIR_NOT_MODELLED(VOID, CancelThreadpoolIo, PTP_IO io)
RESERVOIR_NOT_MODELLED(VOID, WaitForThreadpoolIoCallbacks, PTP_IO io, BOOL cancel)
RESERVOIR_NOT_MODELLED(VOID, CloseThreadpoolIo, PTP_IO io)
RESERVOIR_NOT_MODELLED(BOOL, RegisterWaitForSingleObject, PHANDLE wait, HANDLE object, WAITORTIMERCALLBACK routine,
                       PVOID context, ULONG limit_ms, ULONG flags)
RESERVOIR_NOT_MODELLED(BOOL, UnregisterWait, HANDLE wait)
RESERVOIR_NOT_MODELLED(BOOL, CreateTimerQueueTimer, PHANDLE timer, HANDLE queue, WAITORTIMERCALLBACK routine, PVOID context,
                       DWORD due_ms, DWORD period_ms, ULONG flags)
RESERVOIR_NOT_MODELLED(BOOL, DeleteTimerQueueTimer, HANDLE queue, HANDLE timer, HANDLE event)
RESERVOIR_NOT_MODELLED(BOOL, GetOverlappedResultEx, HANDLE file, LPOVERLAPPED overlapped, LPDWORD bytes, DWORD limit_ms,
                       BOOL alertable)
RESERVOIR_NOT_MODELLED(HANDLE, CreateWaitableTimerA, LPSECURITY_ATTRIBUTES attributes, BOOL manual, LPCSTR name)
RESERVOIR_NOT_MODELLED(BOOL, SetWaitableTimer, HANDLE timer, const LARGE_INTEGER *due, LONG period_ms,
                       PTIMERAPCROUTINE routine, LPVOID context, BOOL resume)
RESERVOIR_NOT_MODELLED(BOOL, CancelWaitableTimer, HANDLE timer)
RESERVOIR_NOT_MODELLED(BOOL, OpenThreadToken, HANDLE thread, DWORD access, BOOL as_self, PHANDLE token)
RESERVOIR_NOT_MODELLED(BOOL, CheckTokenMembership, HANDLE token, PVOID sid, LPBOOL is_member)
RESERVOIR_NOT_MODELLED(HANDLE, CreateWaitableTimerW, LPSECURITY_ATTRIBUTES attributes, BOOL manual, LPCWSTR name)
RESERVOIR_NOT_MODELLED(BOOL, GetHandleInformation, HANDLE object, LPDWORD flags)
RESERVOIR_NOT_MODELLED(BOOL, QueueUserWorkItem, LPTHREAD_START_ROUTINE routine, PVOID parameter, ULONG flags)
RESERVOIR_NOT_MODELLED(BOOL, BindIoCompletionCallback, HANDLE file, LPOVERLAPPED_COMPLETION_ROUTINE routine, ULONG flags)
RESERVOIR_NOT_MODELLED(BOOL, ImpersonateLoggedOnUser, HANDLE token)
/* clang-format on */
RESERVOIR_END
