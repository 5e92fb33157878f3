#include "conformance/agent/functions.h"

#include "conformance/agent/provider_upcalls.h"

#include <assert.h>
#include <string.h>

#include "conformance/agent/provider_hooks.h"
#include "conformance/agent/provider_threads.h"
#include "conformance/agent/system/threads.h"

enum { SOCKET_HANDLES_MAX = 1024 };

/* Handles of providers that have none of the system's: an open file carries each, so that the system knows it and gives
 * its number to nothing else. */
static struct {
    SOCKET handle;
    DWORD_PTR context;
    unsigned process;
} carried[SOCKET_HANDLES_MAX];

static const struct windows_functions *kernel;
static struct monitor *lock;
static __thread unsigned current_process = AGENT_PROCESS;

static BOOL fail(LPINT error_out, int error) {
    if (error_out != NULL) *error_out = error;
    return FALSE;
}

/* --- events ------------------------------------------------------------------------------------------------------- */

static BOOL WSPAPI close_event(WSAEVENT event, LPINT error) {
    return kernel->CloseHandle(event) || fail(error, WSA_INVALID_HANDLE);
}
static BOOL WSPAPI reset_event(WSAEVENT event, LPINT error) {
    return kernel->ResetEvent(event) || fail(error, WSA_INVALID_HANDLE);
}
static BOOL WSPAPI set_event(WSAEVENT event, LPINT error) {
    return kernel->SetEvent(event) || fail(error, WSA_INVALID_HANDLE);
}

static WSAEVENT WSPAPI create_event(LPINT error) {
    HANDLE event = kernel->CreateEventW(NULL, TRUE, FALSE, NULL);
    if (event == NULL) fail(error, WSA_NOT_ENOUGH_MEMORY);
    return event;
}

/* --- handles ------------------------------------------------------------------------------------------------------ */

static int row_of(SOCKET handle) {
    for (int i = 0; i < SOCKET_HANDLES_MAX; i++)
        if (carried[i].handle == handle && (handle == 0 || carried[i].process == current_process)) return i;
    return -1;
}

void provider_upcalls_enter(unsigned process) { current_process = process; }

void provider_upcalls_process_ends(unsigned process) {
    if (lock == NULL) return; /* no provider has been started yet */
    monitor_enter(lock);
    for (int i = 0; i < SOCKET_HANDLES_MAX; i++) {
        if (carried[i].handle == 0 || carried[i].process != process) continue;
        (void)kernel->CloseHandle((HANDLE)(uintptr_t)carried[i].handle);
        carried[i].handle = 0;
    }
    monitor_leave(lock);
}

bool provider_upcalls_made(HANDLE handle) {
    if (lock == NULL || handle == NULL) return false;
    monitor_enter(lock);
    bool made = row_of((SOCKET)(uintptr_t)handle) >= 0;
    monitor_leave(lock);
    return made;
}

static SOCKET WSPAPI create_socket_handle(DWORD entry, DWORD_PTR context, LPINT error) {
    static const WCHAR null_device[] = { 'N', 'U', 'L', 0 };
    (void)entry;
    SOCKET handle = (SOCKET)(uintptr_t)kernel->CreateFileW(null_device);
    monitor_enter(lock);
    int row = handle == INVALID_SOCKET ? -1 : row_of(0);
    if (row >= 0) {
        carried[row].handle = handle;
        carried[row].context = context;
        carried[row].process = current_process;
    }
    monitor_leave(lock);
    if (row >= 0) return handle;
    if (handle != INVALID_SOCKET) (void)kernel->CloseHandle((HANDLE)(uintptr_t)handle);
    fail(error, WSAENOBUFS);
    return INVALID_SOCKET;
}

static int WSPAPI close_socket_handle(SOCKET s, LPINT error) {
    monitor_enter(lock);
    int row = s == 0 ? -1 : row_of(s);
    if (row >= 0) carried[row].handle = 0;
    monitor_leave(lock);
    if (row >= 0 && kernel->CloseHandle((HANDLE)(uintptr_t)s)) return 0;
    fail(error, WSAENOTSOCK);
    return SOCKET_ERROR;
}

static int WSPAPI query_socket_handle(SOCKET s, PDWORD_PTR context, LPINT error) {
    monitor_enter(lock);
    int row = s == 0 ? -1 : row_of(s);
    if (row >= 0) *context = carried[row].context;
    monitor_leave(lock);
    if (row >= 0) return 0;
    fail(error, WSAENOTSOCK);
    return SOCKET_ERROR;
}

/* The system's own handle stays what it is. */
static SOCKET WSPAPI modify_handle(DWORD entry, SOCKET proposed, LPINT error) {
    (void)entry, (void)error;
    return proposed;
}

/* --- threads and the rest ----------------------------------------------------------------------------------------- */

static int WSPAPI queue_apc(LPWSATHREADID thread, LPWSAUSERAPC routine, DWORD_PTR context, LPINT error) {
    if (thread != NULL && routine != NULL && provider_thread_queue(thread, routine, context)) return 0;
    fail(error, thread == NULL || routine == NULL ? WSAEFAULT : WSAEINVAL);
    return SOCKET_ERROR;
}

static int WSPAPI open_thread(LPWSATHREADID thread, LPINT error) {
    (void)error;
    provider_thread_open(thread);
    return 0;
}

static int WSPAPI close_thread(LPWSATHREADID thread, LPINT error) {
    if (thread != NULL && provider_thread_close(thread)) return 0;
    fail(error, WSAEINVAL);
    return SOCKET_ERROR;
}

static int WSPAPI is_in_set(SOCKET s, fd_set *set) {
    for (u_int i = 0; i < set->fd_count && i < FD_SETSIZE; i++)
        if (set->fd_array[i] == s) return 1;
    return 0;
}

static int WSPAPI provider_file(LPGUID id, WCHAR *path, LPINT length, LPINT error) {
    (void)id, (void)path, (void)length;
    fail(error, WSAEINVAL); /* no other provider is installed here */
    return SOCKET_ERROR;
}

static BOOL WSPAPI post_message(HWND window, UINT message, WPARAM first, LPARAM second) {
    (void)window, (void)message, (void)first, (void)second;
    return FALSE; /* no scenario has a window */
}

static int WSPAPI query_blocking(DWORD entry, LPBLOCKINGCALLBACK *callback, PDWORD_PTR context, LPINT error) {
    (void)entry, (void)error;
    *callback = provider_hook_callback();
    *context = 0;
    return 0;
}

WSPUPCALLTABLE provider_upcalls(const struct windows_functions *table) {
    kernel = table;
    if (lock == NULL) lock = monitor_create();
    return (WSPUPCALLTABLE){
        .lpWPUCloseEvent = close_event,
        .lpWPUCloseSocketHandle = close_socket_handle,
        .lpWPUCreateEvent = create_event,
        .lpWPUCreateSocketHandle = create_socket_handle,
        .lpWPUFDIsSet = is_in_set,
        .lpWPUGetProviderPath = provider_file,
        .lpWPUModifyIFSHandle = modify_handle,
        .lpWPUPostMessage = post_message,
        .lpWPUQueryBlockingCallback = query_blocking,
        .lpWPUQuerySocketHandleContext = query_socket_handle,
        .lpWPUQueueApc = queue_apc,
        .lpWPUResetEvent = reset_event,
        .lpWPUSetEvent = set_event,
        .lpWPUOpenCurrentThread = open_thread,
        .lpWPUCloseThread = close_thread,
    };
}
