#include "conformance/agent/provider_threads.h"

#include <string.h>

/* One handle a thread, kept as long as the thread lives: a provider may queue to it long after its call. */
void provider_thread_open(LPWSATHREADID id) {
    static __thread HANDLE own;
    HANDLE process = GetCurrentProcess();
    if (own == NULL) DuplicateHandle(process, GetCurrentThread(), process, &own, 0, FALSE, DUPLICATE_SAME_ACCESS);
    memset(id, 0, sizeof *id);
    id->ThreadHandle = own;
}

bool provider_thread_close(const WSATHREADID *id) { return GetThreadId(id->ThreadHandle) != 0; }

bool provider_thread_queue(const WSATHREADID *id, LPWSAUSERAPC routine, DWORD_PTR context) {
    return QueueUserAPC((PAPCFUNC)routine, id->ThreadHandle, context) != 0;
}
