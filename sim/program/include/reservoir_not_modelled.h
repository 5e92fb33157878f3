/* Functions of Windows that programs may name and that have no answer here: a program that calls one is stopped, with
 * status 120. Those of Winsock are in reservoir_not_modelled_winsock.h. */
#ifndef RESERVOIR_NOT_MODELLED
#define RESERVOIR_NOT_MODELLED(result, name, ...) RESERVOIR_API(result, name, __VA_ARGS__);
#endif

RESERVOIR_BEGIN
/* clang-format off */
RESERVOIR_NOT_MODELLED(BOOL, TerminateThread, HANDLE thread, DWORD code)
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
RESERVOIR_NOT_MODELLED(VOID, SetThreadpoolThreadMaximum, PTP_POOL pool, DWORD most)
RESERVOIR_NOT_MODELLED(PTP_CLEANUP_GROUP, CreateThreadpoolCleanupGroup, void)
RESERVOIR_NOT_MODELLED(VOID, CloseThreadpoolCleanupGroup, PTP_CLEANUP_GROUP group)
RESERVOIR_NOT_MODELLED(VOID, CloseThreadpoolCleanupGroupMembers, PTP_CLEANUP_GROUP group, BOOL cancel, PVOID context)
RESERVOIR_NOT_MODELLED(VOID, SetEventWhenCallbackReturns, PTP_CALLBACK_INSTANCE instance, HANDLE event)
RESERVOIR_NOT_MODELLED(VOID, LeaveCriticalSectionWhenCallbackReturns, PTP_CALLBACK_INSTANCE instance,
                       LPCRITICAL_SECTION section)
RESERVOIR_NOT_MODELLED(VOID, DisassociateCurrentThreadFromCallback, PTP_CALLBACK_INSTANCE instance)
RESERVOIR_NOT_MODELLED(BOOL, OpenThreadToken, HANDLE thread, DWORD access, BOOL as_self, PHANDLE token)
RESERVOIR_NOT_MODELLED(BOOL, CheckTokenMembership, HANDLE token, PVOID sid, LPBOOL is_member)
RESERVOIR_NOT_MODELLED(BOOL, GetHandleInformation, HANDLE object, LPDWORD flags)
RESERVOIR_NOT_MODELLED(BOOL, ImpersonateLoggedOnUser, HANDLE token)
RESERVOIR_NOT_MODELLED(BOOL, ChangeTimerQueueTimer, HANDLE queue, HANDLE timer, ULONG due_ms, ULONG period_ms)
RESERVOIR_NOT_MODELLED(BOOL, WaitOnAddress, volatile VOID *address, PVOID compared, SIZE_T bytes, DWORD limit_ms)
RESERVOIR_NOT_MODELLED(VOID, WakeByAddressSingle, PVOID address)
RESERVOIR_NOT_MODELLED(VOID, WakeByAddressAll, PVOID address)
RESERVOIR_NOT_MODELLED(HANDLE, OpenMutexA, DWORD access, BOOL inherit, LPCSTR name)
RESERVOIR_NOT_MODELLED(HANDLE, OpenMutexW, DWORD access, BOOL inherit, LPCWSTR name)
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
RESERVOIR_NOT_MODELLED(HANDLE, FindFirstFileA, LPCSTR name, LPWIN32_FIND_DATAA data)
RESERVOIR_NOT_MODELLED(HANDLE, FindFirstFileW, LPCWSTR name, LPWIN32_FIND_DATAW data)
RESERVOIR_NOT_MODELLED(BOOL, FindNextFileA, HANDLE search, LPWIN32_FIND_DATAA data)
RESERVOIR_NOT_MODELLED(BOOL, FindNextFileW, HANDLE search, LPWIN32_FIND_DATAW data)
RESERVOIR_NOT_MODELLED(BOOL, FindClose, HANDLE search)
RESERVOIR_NOT_MODELLED(BOOL, GetVersionExA, LPOSVERSIONINFOA info)
RESERVOIR_NOT_MODELLED(BOOL, GetVersionExW, LPOSVERSIONINFOW info)
RESERVOIR_NOT_MODELLED(DWORD, GetVersion, void)
RESERVOIR_NOT_MODELLED(BOOL, GlobalMemoryStatusEx, LPMEMORYSTATUSEX status)
RESERVOIR_NOT_MODELLED(BOOL, GetComputerNameExA, COMPUTER_NAME_FORMAT format, LPSTR name, LPDWORD size)
RESERVOIR_NOT_MODELLED(BOOL, GetComputerNameExW, COMPUTER_NAME_FORMAT format, LPWSTR name, LPDWORD size)
RESERVOIR_NOT_MODELLED(BOOL, GetComputerNameW, LPWSTR name, LPDWORD size)
RESERVOIR_NOT_MODELLED(DWORD, GetEnvironmentVariableW, LPCWSTR name, LPWSTR value, DWORD size)
RESERVOIR_NOT_MODELLED(BOOL, SetEnvironmentVariableA, LPCSTR name, LPCSTR value)
RESERVOIR_NOT_MODELLED(DWORD, ExpandEnvironmentStringsA, LPCSTR text, LPSTR expanded, DWORD size)
RESERVOIR_NOT_MODELLED(BOOL, AllocateAndInitializeSid, PSID_IDENTIFIER_AUTHORITY authority, BYTE count, DWORD first, DWORD second,
                       DWORD third, DWORD fourth, DWORD fifth, DWORD sixth, DWORD seventh, DWORD eighth, PSID *sid)
RESERVOIR_NOT_MODELLED(PVOID, FreeSid, PSID sid)
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
RESERVOIR_NOT_MODELLED(BOOL, GenerateConsoleCtrlEvent, DWORD event, DWORD group)
/* clang-format on */
RESERVOIR_END
