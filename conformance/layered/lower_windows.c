#include "conformance/layered/below.h"

#include "conformance/layered/lower_names.h"

#include <limits.h>
#include <string.h>

static struct below below;

/* Wine's own mark, which it shows to whoever asks. */
static bool is_wine(void) {
    HMODULE library = GetModuleHandleW(L"ntdll.dll");
    return library != NULL && GetProcAddress(library, "wine_get_version") != NULL;
}

/* The thread's last error is the program's. */
int lower_open(const void *upcalls) {
    DWORD kept = GetLastError();
    bool named = GetEnvironmentVariableW(L"LAYERED_BELOW", NULL, 0) != 0;
    memset(&below, 0, sizeof below);
    int error = is_wine() && !named ? below_open_winsock(&below) : below_open_base(&below, upcalls);
    SetLastError(kept);
    return error;
}

void lower_shut(void) {
    int error = 0;
    (void)below.table.lpWSPCleanup(&error);
}

/* --- sockets ------------------------------------------------------------------------------------------------------ */

/* 0, or the error of a call that failed; one without a code is no answer that a program could act on. */
static int answer(int status, const int *error) { return status == 0 ? 0 : *error != 0 ? *error : WSAEINVAL; }

/* Windows' handles have 32 bits that count, and are multiples of four. */
static int descriptor_of(SOCKET made, int error) {
    if (made == INVALID_SOCKET) return -answer(SOCKET_ERROR, &error);
    if (made <= INT_MAX) return (int)made;
    (void)below.table.lpWSPCloseSocket(made, &error);
    return -WSAEMFILE;
}

static SOCKET handle(int descriptor) { return (SOCKET)descriptor; }

/* A new socket, which does not block; it is closed where that cannot be had. */
static int made_nonblocking(int socket) {
    if (socket < 0) return socket;
    u_long value = 1;
    DWORD stored = 0;
    WSATHREADID thread = { 0 };
    int error = 0;
    int status = below.table.lpWSPIoctl(handle(socket), (DWORD)FIONBIO, &value, sizeof value, NULL, 0, &stored, NULL,
                                        NULL, &thread, &error);
    if (status == 0) return socket;
    lower_close(socket);
    return -answer(status, &error);
}

int lower_socket(bool v6, bool stream) {
    int error = 0;
    SOCKET made = below.table.lpWSPSocket(v6 ? AF_INET6 : AF_INET, stream ? SOCK_STREAM : SOCK_DGRAM,
                                          stream ? IPPROTO_TCP : IPPROTO_UDP, &below.entries[v6][stream], 0,
                                          WSA_FLAG_OVERLAPPED, &error);
    return made_nonblocking(descriptor_of(made, error));
}

int lower_accept(int socket, struct lower_address *from) {
    struct sockaddr_storage name;
    int length = sizeof name, error = 0;
    memset(&name, 0, sizeof name);
    SOCKET made = below.table.lpWSPAccept(handle(socket), (struct sockaddr *)&name, &length, NULL, 0, &error);
    if (made != INVALID_SOCKET) take(&name, from);
    return made_nonblocking(descriptor_of(made, error));
}

int lower_close(int socket) {
    int error = 0;
    return answer(below.table.lpWSPCloseSocket(handle(socket), &error), &error);
}

int lower_bind(int socket, const struct lower_address *address) {
    struct sockaddr_storage name;
    int length = put(address, &name), error = 0;
    return answer(below.table.lpWSPBind(handle(socket), (struct sockaddr *)&name, length, &error), &error);
}

int lower_name(int socket, bool of_peer, struct lower_address *address) {
    struct sockaddr_storage name;
    int length = sizeof name, error = 0;
    memset(&name, 0, sizeof name);
    int status = of_peer ? below.table.lpWSPGetPeerName(handle(socket), (struct sockaddr *)&name, &length, &error)
                         : below.table.lpWSPGetSockName(handle(socket), (struct sockaddr *)&name, &length, &error);
    if (status == 0) take(&name, address);
    return answer(status, &error);
}

int lower_listen(int socket, int backlog) {
    int error = 0;
    return answer(below.table.lpWSPListen(handle(socket), backlog, &error), &error);
}

int lower_connect(int socket, const struct lower_address *address) {
    struct sockaddr_storage name;
    int length = put(address, &name), error = 0;
    int status =
        below.table.lpWSPConnect(handle(socket), (struct sockaddr *)&name, length, NULL, NULL, NULL, NULL, &error);
    return answer(status, &error);
}

int lower_shutdown(int socket, int how) {
    int error = 0;
    return answer(below.table.lpWSPShutdown(handle(socket), how, &error), &error);
}

/* --- options ------------------------------------------------------------------------------------------------------ */

static int set_option(int socket, int level, int name, const void *value, int length) {
    char bytes[sizeof(struct linger) > sizeof(BOOL) ? sizeof(struct linger) : sizeof(BOOL)];
    int error = 0;
    memcpy(bytes, value, (size_t)length);
    return answer(below.table.lpWSPSetSockOpt(handle(socket), level, name, bytes, length, &error), &error);
}

static int get_option(int socket, int level, int name, void *value, int length) {
    char bytes[sizeof(struct linger) > sizeof(BOOL) ? sizeof(struct linger) : sizeof(BOOL)];
    int error = 0;
    memset(bytes, 0, sizeof bytes);
    int status = below.table.lpWSPGetSockOpt(handle(socket), level, name, bytes, &length, &error);
    memcpy(value, bytes, (size_t)length);
    return answer(status, &error);
}

int lower_error(int socket) {
    int error = 0;
    int wrong = get_option(socket, SOL_SOCKET, SO_ERROR, &error, sizeof error);
    return wrong != 0 ? wrong : error;
}

int lower_set(int socket, enum lower_option option, int value) {
    const struct linger linger = { .l_onoff = (u_short)value, .l_linger = 0 };
    bool lingers = option == LOWER_CUT_OFF;
    return set_option(socket, options[option].level, options[option].name, lingers ? (const void *)&linger : &value,
                      lingers ? (int)sizeof linger : (int)sizeof value);
}

int lower_get(int socket, enum lower_option option, int *value) {
    struct linger linger = { .l_onoff = 0 };
    bool lingers = option == LOWER_CUT_OFF;
    int error = get_option(socket, options[option].level, options[option].name, lingers ? (void *)&linger : value,
                           lingers ? (int)sizeof linger : (int)sizeof *value);
    if (lingers) *value = linger.l_onoff;
    return error;
}

int lower_keep_others_off(int socket) {
    const BOOL value = TRUE;
    return set_option(socket, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, &value, sizeof value);
}

/* --- data --------------------------------------------------------------------------------------------------------- */

/* A buffer of bytes that are not written to. */
static WSABUF buffer_of(const void *bytes, size_t length) {
    WSABUF buffer = { .len = length < INT_MAX ? (u_long)length : INT_MAX, .buf = NULL };
    memcpy(&buffer.buf, &bytes, sizeof buffer.buf);
    return buffer;
}

static DWORD message_flags(unsigned flags) {
    return (flags & LOWER_URGENT ? MSG_OOB : 0) | (flags & LOWER_PEEK ? MSG_PEEK : 0);
}

long lower_send(int socket, const void *bytes, size_t length, unsigned flags, const struct lower_address *to) {
    struct sockaddr_storage name;
    WSABUF buffer = buffer_of(bytes, length);
    WSATHREADID thread = { 0 };
    DWORD sent = 0, how = message_flags(flags);
    int name_length = to != NULL ? put(to, &name) : 0, error = 0, status = 0;
    if (to == NULL) status = below.table.lpWSPSend(handle(socket), &buffer, 1, &sent, how, NULL, NULL, &thread, &error);
    else
        status = below.table.lpWSPSendTo(handle(socket), &buffer, 1, &sent, how, (struct sockaddr *)&name, name_length,
                                         NULL, NULL, &thread, &error);
    return status == 0 ? (long)sent : -answer(status, &error);
}

long lower_receive(int socket, void *bytes, size_t length, unsigned flags, struct lower_address *from) {
    struct sockaddr_storage name;
    WSABUF buffer = buffer_of(bytes, length);
    WSATHREADID thread = { 0 };
    DWORD received = 0, how = message_flags(flags);
    int name_length = sizeof name, error = 0;
    memset(&name, 0, sizeof name);
    int status = below.table.lpWSPRecvFrom(handle(socket), &buffer, 1, &received, &how, (struct sockaddr *)&name,
                                           &name_length, NULL, NULL, &thread, &error);
    if (status != 0 && error != WSAEMSGSIZE) return -answer(status, &error);
    if (from != NULL && name.ss_family != 0) take(&name, from);
    return status == 0 ? (long)received : -WSAEMSGSIZE;
}

/* --- readiness ---------------------------------------------------------------------------------------------------- */

/* As fd_set, and longer. */
struct long_set {
    u_int count;
    SOCKET sockets[LOWER_WATCHES_MAX];
};

static bool is_in(const struct long_set *set, SOCKET s) {
    for (u_int i = 0; i < set->count; i++)
        if (set->sockets[i] == s) return true;
    return false;
}

int lower_wait(struct lower_watch *watches, unsigned count, uint32_t limit_ms) {
    static const uint8_t kinds[3] = { LOWER_READ, LOWER_WRITE, LOWER_EXCEPT };
    struct timeval limit = { .tv_sec = (long)(limit_ms / 1000), .tv_usec = (long)(limit_ms % 1000) * 1000 };
    struct long_set sets[3];
    int error = 0, ready = 0;
    for (unsigned kind = 0; kind < 3; kind++) {
        sets[kind].count = 0;
        for (unsigned i = 0; i < count; i++)
            if (!watches[i].idle && (watches[i].wanted & kinds[kind]) != 0)
                sets[kind].sockets[sets[kind].count++] = handle(watches[i].socket);
    }
    if (sets[0].count + sets[1].count + sets[2].count == 0) return lower_sleep_ms(limit_ms), 0;
    int status = below.table.lpWSPSelect(0, (fd_set *)(void *)&sets[0], (fd_set *)(void *)&sets[1],
                                         (fd_set *)(void *)&sets[2], &limit, &error);
    if (status == SOCKET_ERROR) return -answer(SOCKET_ERROR, &error);
    for (unsigned i = 0; i < count; i++) {
        watches[i].ready = 0;
        for (unsigned kind = 0; kind < 3; kind++)
            if (!watches[i].idle && (watches[i].wanted & kinds[kind]) != 0 &&
                is_in(&sets[kind], handle(watches[i].socket)))
                watches[i].ready |= kinds[kind];
        ready += watches[i].ready != 0;
    }
    return ready;
}

/* --- the rest ----------------------------------------------------------------------------------------------------- */

/* Nothing is moved: the caller's handle stays as it is, and means the placeholder from now on. */
int lower_become(int socket, int placeholder) {
    int error = lower_close(socket);
    return error == 0 ? placeholder : -error;
}

/* No byte is touched: whoever looks at exceptions would see one first. */
bool lower_readable(const void *address, size_t length) {
    const uint8_t *at = address, *end = at + (length < 1024 ? length : 1024);
    DWORD kept = GetLastError();
    bool good = end >= at;
    while (good && at < end) {
        MEMORY_BASIC_INFORMATION part;
        good = VirtualQuery(at, &part, sizeof part) == sizeof part && part.State == MEM_COMMIT &&
               (part.Protect & (PAGE_NOACCESS | PAGE_GUARD)) == 0;
        if (good) at = (const uint8_t *)part.BaseAddress + part.RegionSize;
    }
    SetLastError(kept);
    return good;
}

static SRWLOCK lock = SRWLOCK_INIT;

void lower_lock(void) { AcquireSRWLockExclusive(&lock); }
void lower_unlock(void) { ReleaseSRWLockExclusive(&lock); }

void lower_sleep_ms(unsigned milliseconds) { Sleep(milliseconds); }

uint64_t lower_clock_ms(void) { return GetTickCount64(); }

static HANDLE thread;

static DWORD WINAPI run_thread(LPVOID argument) {
    void (*run)(void);
    memcpy(&run, &argument, sizeof run);
    run();
    return 0;
}

bool lower_begin(void (*run)(void)) {
    LPVOID argument;
    lower_join();
    memcpy(&argument, &run, sizeof argument);
    thread = CreateThread(NULL, 0, run_thread, argument, 0, NULL);
    return thread != NULL;
}

void lower_join(void) {
    if (thread == NULL) return;
    (void)WaitForSingleObject(thread, INFINITE);
    (void)CloseHandle(thread);
    thread = NULL;
}
