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
RESERVOIR_NOT_MODELLED(HANDLE, CreateWaitableTimerW, LPSECURITY_ATTRIBUTES attributes, BOOL manual, LPCWSTR name)
RESERVOIR_NOT_MODELLED(BOOL, GetHandleInformation, HANDLE object, LPDWORD flags)
RESERVOIR_NOT_MODELLED(BOOL, QueueUserWorkItem, LPTHREAD_START_ROUTINE routine, PVOID parameter, ULONG flags)
RESERVOIR_NOT_MODELLED(BOOL, BindIoCompletionCallback, HANDLE file, LPOVERLAPPED_COMPLETION_ROUTINE routine, ULONG flags)
RESERVOIR_NOT_MODELLED(BOOL, ImpersonateLoggedOnUser, HANDLE token)
/* clang-format on */
RESERVOIR_END
