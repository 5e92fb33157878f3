/* What sends or receives by the handle of a file: TransmitFile, and ReadFile and WriteFile of a socket. */
#include "sim/program/include/winsock2.h"

#include <unistd.h>

#include "sim/program/include/mswsock.h"
#include "sim/program/machine.h"
#include "sim/program/paths.h"
#include "sim/program/stop.h"
#include "sim/program/threads.h"
#include "sim/program/transfers.h"
#include "stack/system/handles.h"

#undef free

/* --- TransmitFile ------------------------------------------------------------------------------------------------- */

struct transmission {
    char *data;
    size_t length, room;
};

static bool add(struct transmission *all, const void *bytes, size_t length) {
    if (all->length + length > all->room) {
        size_t room = 2 * all->room + length;
        char *moved = realloc(all->data, room);
        if (moved == NULL) return false;
        all->data = moved;
        all->room = room;
    }
    memcpy(all->data + all->length, bytes, length);
    all->length += length;
    return true;
}

/* From the OVERLAPPED's offset, or else from where the file stands, `wanted` bytes; 0: to its end. */
static bool add_file(struct transmission *all, HANDLE handle, DWORD wanted, const OVERLAPPED *overlapped) {
    char piece[4096];
    int file = path_descriptor(handle);
    if (file < 0) return false;
    off_t at = overlapped == NULL ? lseek(file, 0, SEEK_CUR)
                                  : (off_t)((uint64_t)overlapped->OffsetHigh << 32 | overlapped->Offset);
    uint64_t left = wanted == 0 ? UINT64_MAX : wanted;
    while (left > 0) {
        ssize_t got = pread(file, piece, left < sizeof piece ? left : sizeof piece, at);
        if (got < 0) return path_fails();
        if (got == 0) break;
        if (!add(all, piece, (size_t)got)) return false;
        at += got;
        left -= (uint64_t)got;
    }
    return true;
}

static bool gather(struct transmission *all, HANDLE file, DWORD wanted, const OVERLAPPED *overlapped,
                   const TRANSMIT_FILE_BUFFERS *buffers) {
    if (buffers != NULL && buffers->HeadLength > 0 && !add(all, buffers->Head, buffers->HeadLength)) return false;
    if (file != NULL && !add_file(all, file, wanted, overlapped)) return false;
    return buffers == NULL || buffers->TailLength == 0 || add(all, buffers->Tail, buffers->TailLength);
}

/* The file is read at once and sent as WSASend would; where it stands does not change. How large the pieces are, and on
 * which thread the kernel works, change nothing here. */
BOOL TransmitFile(SOCKET s, HANDLE file, DWORD bytes, DWORD piece, LPOVERLAPPED overlapped,
                  LPTRANSMIT_FILE_BUFFERS buffers, DWORD flags) {
    struct transmission all = { .data = NULL };
    (void)piece;
    threads_enter();
    if ((flags & TF_REUSE_SOCKET) != 0) stop_not_modelled("TransmitFile", "TF_REUSE_SOCKET");
    if ((flags & TF_DISCONNECT) != 0 && overlapped != NULL)
        stop_not_modelled("TransmitFile", "TF_DISCONNECT of an overlapped call");
    bool done = gather(&all, file, bytes, overlapped, buffers);
    WSABUF whole = { (ULONG)all.length, all.data != NULL ? all.data : (char *)&all };
    DWORD sent = 0;
    if (done) done = WSASend(s, &whole, 1, overlapped == NULL ? &sent : NULL, 0, overlapped, NULL) == 0;
    if (done && (flags & TF_DISCONNECT) != 0) done = shutdown(s, SD_SEND) == 0;
    free(all.data);
    return done;
}

/* --- ReadFile and WriteFile of a socket --------------------------------------------------------------------------- */

bool transfer_is_socket(HANDLE handle) {
    return handle_kind_of(machine_world(), PROGRAM_PROCESS, (uint64_t)(uintptr_t)handle) == HANDLE_SOCKET;
}

/* Without an OVERLAPPED the page of ReadFile promises nothing of a handle that is overlapped; a socket is. What fails
 * at once has an error of Winsock, which kernel32 tells in words of its own. */
static BOOL transferred(const char *function, int status) {
    if (status == 0) return TRUE;
    if (thread_last_error() != WSA_IO_PENDING) stop_not_modelled(function, "a socket's error");
    return FALSE;
}

BOOL transfer_read(SOCKET s, LPVOID data, DWORD size, LPDWORD count, LPOVERLAPPED overlapped) {
    WSABUF buffer = { size, data };
    DWORD flags = 0;
    if (overlapped == NULL) stop_not_modelled("ReadFile", "a socket without an OVERLAPPED");
    return transferred("ReadFile", WSARecv(s, &buffer, 1, count, &flags, overlapped, NULL));
}

BOOL transfer_write(SOCKET s, LPCVOID data, DWORD size, LPDWORD count, LPOVERLAPPED overlapped) {
    WSABUF buffer = { size, (char *)(uintptr_t)data };
    if (overlapped == NULL) stop_not_modelled("WriteFile", "a socket without an OVERLAPPED");
    return transferred("WriteFile", WSASend(s, &buffer, 1, count, 0, overlapped, NULL));
}
