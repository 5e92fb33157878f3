#include "conformance/agent/provider_sockets.h"

#include <assert.h>
#include <string.h>

#include "conformance/agent/provider_ports.h"
#include "conformance/agent/system/threads.h"
#include "stack/errors.h"

enum { SOCKETS_KNOWN_MAX = 1024, SKIP_PACKET = 1, SKIP_EVENT = 2 };

/* What handles of the same socket share. */
struct known_object {
    unsigned handles; /* 0: free */
    bool overlapped;
    HANDLE port; /* NULL: none */
    ULONG_PTR key;
    UCHAR modes;
    DWORD duplicate; /* by which WSPDuplicateSocket named it last; 0: none */
};

struct known_socket {
    SOCKET handle; /* 0: free */
    bool closed;   /* and another handle of the socket is not: its requests may still name it */
    unsigned process;
    struct known_object *object;
};

static struct {
    const struct windows_functions *kernel;
    struct monitor *lock;
    struct known_socket sockets[SOCKETS_KNOWN_MAX];
    struct known_object objects[SOCKETS_KNOWN_MAX];
    void (*tell)(SOCKET s); /* NULL: no one wants to know */
} known;

/* Of the calling thread: its process, and what it holds back. */
static __thread unsigned current_process = AGENT_PROCESS;
static __thread struct {
    LPWSAOVERLAPPED overlapped; /* NULL: nothing is held */
    unsigned completions;       /* that were said of it since */
    DWORD bytes;
} held;

/* --- sockets ------------------------------------------------------------------------------------------------------ */

/* Under the lock, as everything of the table. Of any process: a request may complete while a thread of another one is
 * inside the provider. */
static struct known_socket *find_anywhere(SOCKET s) {
    struct known_socket *found = NULL;
    for (unsigned i = 0; i < SOCKETS_KNOWN_MAX && s != 0; i++)
        if (known.sockets[i].handle == s && (found == NULL || found->closed)) found = &known.sockets[i];
    return found;
}

/* Of the calling process. */
static struct known_socket *find(SOCKET s) {
    struct known_socket *row = find_anywhere(s);
    return row != NULL && !row->closed && row->process == current_process ? row : NULL;
}

static struct known_socket *find_handle(HANDLE handle) { return find((SOCKET)(uintptr_t)handle); }

void provider_sockets_enter(unsigned process) { current_process = process; }

static void forget(struct known_socket *row) {
    const struct known_object *object = row->object;
    row->closed = true;
    row->object->handles--;
    for (unsigned i = 0; i < SOCKETS_KNOWN_MAX; i++)
        if (known.sockets[i].object == object && object->handles == 0) known.sockets[i] = (struct known_socket){ 0 };
}

void provider_sockets_process_ends(unsigned process) {
    monitor_enter(known.lock);
    for (unsigned i = 0; i < SOCKETS_KNOWN_MAX; i++)
        if (known.sockets[i].handle != 0 && !known.sockets[i].closed && known.sockets[i].process == process)
            forget(&known.sockets[i]);
    monitor_leave(known.lock);
}

static struct known_object *make_object(bool overlapped) {
    unsigned i = 0;
    while (i < SOCKETS_KNOWN_MAX && known.objects[i].handles > 0) i++;
    assert(i < SOCKETS_KNOWN_MAX); /* there are as many handles at most (provider_upcalls.c) */
    known.objects[i] = (struct known_object){ .overlapped = overlapped };
    return &known.objects[i];
}

/* A handle that is known already was closed without a word to us, by the end of a process below. */
static void add(SOCKET s, struct known_object *object) {
    struct known_socket *row = find_anywhere(s);
    if (row != NULL && !row->closed) forget(row);
    unsigned i = 0;
    while (i < SOCKETS_KNOWN_MAX && known.sockets[i].handle != 0) i++;
    assert(i < SOCKETS_KNOWN_MAX);
    known.sockets[i] = (struct known_socket){ .handle = s, .process = current_process, .object = object };
    object->handles++;
}

void provider_socket_opened(SOCKET s, bool overlapped) {
    monitor_enter(known.lock);
    add(s, make_object(overlapped));
    monitor_leave(known.lock);
}

void provider_socket_accepted(SOCKET s, SOCKET listener) {
    monitor_enter(known.lock);
    const struct known_socket *row = find(listener);
    add(s, make_object(row == NULL || row->object->overlapped));
    monitor_leave(known.lock);
}

void provider_socket_duplicated(SOCKET s, DWORD name) {
    monitor_enter(known.lock);
    const struct known_socket *row = find(s);
    if (row != NULL) row->object->duplicate = name;
    monitor_leave(known.lock);
}

bool provider_socket_shared(SOCKET s, DWORD name) {
    struct known_object *object = NULL;
    monitor_enter(known.lock);
    for (unsigned i = 0; name != 0 && object == NULL && i < SOCKETS_KNOWN_MAX; i++)
        if (known.objects[i].handles > 0 && known.objects[i].duplicate == name) object = &known.objects[i];
    if (object != NULL) add(s, object);
    monitor_leave(known.lock);
    return object != NULL;
}

void provider_socket_closed(SOCKET s) {
    monitor_enter(known.lock);
    struct known_socket *row = find(s);
    if (row != NULL) forget(row);
    monitor_leave(known.lock);
}

/* --- packets ------------------------------------------------------------------------------------------------------ */

/* Tells whoever waits for a completed request. */
static void deliver(SOCKET s, LPWSAOVERLAPPED overlapped, DWORD bytes, bool at_once) {
    const uint32_t status = (uint32_t)overlapped->Internal;
    uintptr_t event = (uintptr_t)overlapped->hEvent;
    if ((event & ~(uintptr_t)1) != 0) (void)known.kernel->SetEvent((HANDLE)(event & ~(uintptr_t)1));
    monitor_enter(known.lock);
    const struct known_socket *row = find_anywhere(s);
    HANDLE port = row == NULL || (event & 1) != 0 ? NULL : row->object->port;
    ULONG_PTR key = row == NULL ? 0 : row->object->key;
    if (port != NULL && at_once && (row->object->modes & SKIP_PACKET) != 0) port = NULL;
    monitor_leave(known.lock);
    const struct port_packet packet = { bytes, key, (LPOVERLAPPED)overlapped, status, win32_error_of_status(status) };
    if (port != NULL) (void)provider_port_queue(port, &packet);
}

/* A status that means this error and nothing else, in the facility of Win32's errors. */
static uint32_t status_of(DWORD error) {
    const uint32_t success = 0, cancelled = 0xC0000120u, of_win32 = 0xC0070000u; /* windows.h lacks their names */
    if (error == 0) return success;
    return error == WSA_OPERATION_ABORTED ? cancelled : of_win32 | (error & 0xFFFF);
}

int WSPAPI provider_complete(SOCKET s, LPWSAOVERLAPPED overlapped, DWORD error, DWORD bytes, LPINT error_out) {
    if (overlapped == NULL) {
        if (error_out != NULL) *error_out = WSAEINVAL;
        return SOCKET_ERROR;
    }
    if ((uint32_t)overlapped->Internal == STATUS_PENDING) {
        overlapped->InternalHigh = bytes;
        overlapped->Internal = status_of(error);
    }
    if (held.overlapped == overlapped) {
        held.completions++;
        held.bytes = bytes;
        return 0;
    }
    deliver(s, overlapped, bytes, false);
    return 0;
}

#ifndef _WIN32
/* A provider for this system finds the export here. */
SEEN_BY_PROVIDERS int WSPAPI WPUCompleteOverlappedRequest(SOCKET s, LPWSAOVERLAPPED overlapped, DWORD error,
                                                          DWORD bytes, LPINT error_out) {
    return provider_complete(s, overlapped, error, bytes, error_out);
}
#endif

void provider_sockets_hold(LPWSAOVERLAPPED overlapped) {
    held.overlapped = overlapped;
    held.completions = 0;
}

void provider_sockets_release(SOCKET s, bool succeeded) {
    LPWSAOVERLAPPED overlapped = held.overlapped;
    held.overlapped = NULL;
    /* As often as it said so: once is right, and twice is to be seen. */
    for (unsigned i = 0; overlapped != NULL && i < held.completions; i++) deliver(s, overlapped, held.bytes, succeeded);
}

/* --- ports -------------------------------------------------------------------------------------------------------- */

/* Of a socket of the provider's. ERROR_INVALID_HANDLE for what is no port; ERROR_INVALID_PARAMETER for a socket that
 * was not opened for overlapped use, or has a port already (T9.6.1). */
static DWORD may_associate(HANDLE file, HANDLE existing) {
    monitor_enter(known.lock);
    const struct known_socket *row = find_handle(file);
    DWORD error = 0;
    if (!row->object->overlapped || row->object->port != NULL) error = ERROR_INVALID_PARAMETER;
    monitor_leave(known.lock);
    return existing != NULL && !provider_port_is(existing) ? ERROR_INVALID_HANDLE : error;
}

static bool is_known(HANDLE file) {
    monitor_enter(known.lock);
    bool there = find_handle(file) != NULL;
    monitor_leave(known.lock);
    return there;
}

/* Of what is no socket the system says what is wrong with it. */
static DWORD wrong_with(HANDLE file, HANDLE existing) {
    if (file == INVALID_HANDLE_VALUE) return existing != NULL ? ERROR_INVALID_PARAMETER : 0;
    if (is_known(file)) return may_associate(file, existing);
    HANDLE port = known.kernel->CreateIoCompletionPort(file, NULL, 0, 1);
    if (port == NULL) return GetLastError();
    (void)known.kernel->CloseHandle(port);
    return ERROR_INVALID_PARAMETER; /* a file that could have one of the system's ports, and none of ours */
}

static HANDLE WINAPI sockets_CreateIoCompletionPort(HANDLE file, HANDLE existing, ULONG_PTR key, DWORD threads) {
    (void)threads;
    DWORD error = wrong_with(file, existing);
    HANDLE port = error != 0 ? NULL : existing != NULL ? existing : provider_port_create();
    if (error != 0) SetLastError(error);
    if (port == NULL || file == INVALID_HANDLE_VALUE) return port;
    monitor_enter(known.lock);
    struct known_socket *row = find_handle(file);
    if (row != NULL) row->object->port = port;
    if (row != NULL) row->object->key = key;
    monitor_leave(known.lock);
    if (known.tell != NULL) known.tell((SOCKET)(uintptr_t)file);
    return port;
}

static BOOL WINAPI sockets_PostQueuedCompletionStatus(HANDLE port, DWORD bytes, ULONG_PTR key,
                                                      LPOVERLAPPED overlapped) {
    const struct port_packet packet = { .bytes = bytes, .key = key, .overlapped = overlapped };
    DWORD error = provider_port_is(port) ? provider_port_queue(port, &packet) : ERROR_INVALID_HANDLE;
    if (error != 0) SetLastError(error);
    return error == 0;
}

/* Without a packet only *overlapped is stored (W45, W202): where the others are bad is seen with a packet. */
static BOOL WINAPI sockets_GetQueuedCompletionStatus(HANDLE port, LPDWORD bytes, PULONG_PTR key,
                                                     LPOVERLAPPED *overlapped, DWORD limit_ms) {
    struct port_packet packet;
    DWORD error = provider_port_take(port, limit_ms, &packet);
    if (error == 0) {
        *bytes = packet.bytes;
        *key = packet.key;
        error = packet.error;
    }
    *overlapped = packet.overlapped;
    if (error != 0) SetLastError(error);
    return error == 0;
}

/* --- waits that look again and again ------------------------------------------------------------------------------ */

enum { TURN_MS = 1 };

/* How long, and whether routines end it. */
struct turns {
    uint64_t until_ms;
    bool alertable;
};

static struct turns turns_of(DWORD limit_ms, BOOL alertable) {
    return (struct turns){ .until_ms = limit_ms == INFINITE ? UINT64_MAX : clock_ms() + limit_ms,
                           .alertable = alertable != FALSE };
}

/* Lets a moment pass: 0, WAIT_TIMEOUT when there is none left, WAIT_IO_COMPLETION when routines ran. */
static DWORD take_turn(const struct turns *turns) {
    bool over = clock_ms() >= turns->until_ms;
    if (turns->alertable && known.kernel->SleepEx(over ? 0 : TURN_MS, TRUE) == WAIT_IO_COMPLETION)
        return WAIT_IO_COMPLETION;
    if (!turns->alertable && !over) sleep_ms(TURN_MS);
    return over ? WAIT_TIMEOUT : 0;
}

/* What several take at once: the entries in the order of the packets. A port waits for the first of them alone, and
 * looks at routines where there is no packet (T9.7.3). */
static BOOL WINAPI sockets_GetQueuedCompletionStatusEx(HANDLE port, LPOVERLAPPED_ENTRY entries, ULONG room,
                                                       PULONG removed, DWORD limit_ms, BOOL alertable) {
    struct port_packet packet;
    const struct turns turns = turns_of(limit_ms, alertable);
    DWORD error = provider_port_take(port, alertable ? 0 : limit_ms, &packet);
    while (alertable && error == WAIT_TIMEOUT && (error = take_turn(&turns)) == 0)
        error = provider_port_take(port, 0, &packet);
    if (error != 0) {
        SetLastError(error);
        return FALSE;
    }
    ULONG count = 0;
    do {
        entries[count++] = (OVERLAPPED_ENTRY){ .lpCompletionKey = packet.key,
                                               .lpOverlapped = packet.overlapped,
                                               .Internal = packet.status,
                                               .dwNumberOfBytesTransferred = packet.bytes };
    } while (count < room && provider_port_take(port, 0, &packet) == 0);
    *removed = count;
    return TRUE;
}

/* As the OVERLAPPED says; a failure stores no count (N1.9.13). `pending`: the error while it says that it is
 * pending. */
static BOOL result_of(LPOVERLAPPED overlapped, LPDWORD bytes, DWORD pending) {
    const volatile ULONG_PTR *status = &overlapped->Internal;
    DWORD error = *status == STATUS_PENDING ? pending : win32_error_of_status((uint32_t)*status);
    if (error == 0) *bytes = (DWORD)overlapped->InternalHigh;
    else SetLastError(error);
    return error == 0;
}

/* ERROR_IO_INCOMPLETE while it is pending and is not waited for; WAIT_TIMEOUT, WAIT_IO_COMPLETION. A bad pointer raises
 * an exception whatever the request says: the model has it so. */
static BOOL WINAPI sockets_GetOverlappedResultEx(HANDLE file, LPOVERLAPPED overlapped, LPDWORD bytes, DWORD limit_ms,
                                                 BOOL alertable) {
    const struct turns turns = turns_of(limit_ms, alertable);
    const volatile ULONG_PTR *status = &overlapped->Internal;
    DWORD pending = limit_ms == 0 ? ERROR_IO_INCOMPLETE : 0;
    (void)*(const volatile DWORD *)bytes;
    while (pending == 0 && *status == STATUS_PENDING && is_known(file)) pending = take_turn(&turns);
    return result_of(overlapped, bytes, pending != 0 ? pending : ERROR_IO_INCOMPLETE);
}

static BOOL WINAPI sockets_GetOverlappedResult(HANDLE file, LPOVERLAPPED overlapped, LPDWORD bytes, BOOL wait) {
    return sockets_GetOverlappedResultEx(file, overlapped, bytes, wait ? INFINITE : 0, FALSE);
}

/* ERROR_INVALID_PARAMETER for unknown flags and for a socket that was not opened for overlapped use (W129). */
static BOOL WINAPI sockets_SetFileCompletionNotificationModes(HANDLE file, UCHAR modes) {
    if (!is_known(file)) {
        if (known.kernel->SetFileCompletionNotificationModes != NULL)
            return known.kernel->SetFileCompletionNotificationModes(file, modes);
        SetLastError(ERROR_INVALID_HANDLE);
        return FALSE;
    }
    monitor_enter(known.lock);
    struct known_socket *row = find_handle(file);
    bool good = row != NULL && row->object->overlapped && (modes & ~(SKIP_PACKET | SKIP_EVENT)) == 0;
    if (good) row->object->modes |= modes; /* what is set stays set */
    monitor_leave(known.lock);
    if (!good) SetLastError(ERROR_INVALID_PARAMETER);
    return good;
}

void provider_sockets_tell(void (*tell)(SOCKET s)) { known.tell = tell; }

void provider_sockets_put(struct windows_functions *table, const struct windows_functions *below) {
    known.kernel = below;
    if (known.lock == NULL) known.lock = monitor_create();
    provider_ports_use(below);
    table->GetOverlappedResult = sockets_GetOverlappedResult;
    table->PostQueuedCompletionStatus = sockets_PostQueuedCompletionStatus;
    table->CreateIoCompletionPort = sockets_CreateIoCompletionPort;
    table->GetQueuedCompletionStatus = sockets_GetQueuedCompletionStatus;
    table->GetQueuedCompletionStatusEx = sockets_GetQueuedCompletionStatusEx;
    table->GetOverlappedResultEx = sockets_GetOverlappedResultEx;
    table->SetFileCompletionNotificationModes = sockets_SetFileCompletionNotificationModes;
}
