#include "conformance/agent/program_start.h"

#include <assert.h>
#include <string.h>

static unsigned all_handles(const struct program_start *start, HANDLE *handles) {
    unsigned count = 0;
    assert(start->inherited_count <= INHERITED_MAX);
    for (unsigned i = 0; i < PLUMBING_HANDLES; i++) handles[count++] = (HANDLE)(uintptr_t)start->plumbing[i];
    for (unsigned i = 0; i < start->inherited_count; i++)
        handles[count++] = (HANDLE)(uintptr_t)start->inherited[i].number;
    return count;
}

/* Without a console, which it has no use for: even without a window that is one more process, conhost.exe, for each of
 * ours. */
BOOL program_start(struct program_start *start, HANDLE token) {
    char storage[256];
    HANDLE handles[PLUMBING_HANDLES + INHERITED_MAX];
    SIZE_T size = sizeof storage;
    STARTUPINFOEXW startup;
    PROCESS_INFORMATION made;
    DWORD error = GetLastError(), flags = EXTENDED_STARTUPINFO_PRESENT | DETACHED_PROCESS;
    memset(&startup, 0, sizeof startup);
    startup.StartupInfo.cb = sizeof startup;
    startup.lpAttributeList = (LPPROC_THREAD_ATTRIBUTE_LIST)storage;
    start->process = 0;
    if (!InitializeProcThreadAttributeList(startup.lpAttributeList, 1, 0, &size)) return FALSE;
    BOOL done = UpdateProcThreadAttribute(startup.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles,
                                          all_handles(start, handles) * sizeof *handles, NULL, NULL);
    if (done) SetLastError(error); /* what the call itself leaves is to be seen */
    if (done && token != NULL)
        done = CreateProcessAsUserW(token, NULL, start->command, NULL, NULL, TRUE, flags, NULL, NULL,
                                    &startup.StartupInfo, &made);
    else if (done)
        done = CreateProcessW(NULL, start->command, NULL, NULL, TRUE, flags, NULL, NULL, &startup.StartupInfo, &made);
    error = GetLastError();
    DeleteProcThreadAttributeList(startup.lpAttributeList);
    if (done) {
        CloseHandle(made.hThread);
        start->process = (uint64_t)(uintptr_t)made.hProcess;
    }
    SetLastError(error);
    return done;
}

static struct program_start *offered;

void program_start_offer(struct program_start *start) { offered = start; }

BOOL program_start_offered(void) {
    assert(offered != NULL);
    struct program_start *start = offered;
    offered = NULL;
    return program_start(start, NULL);
}

bool program_start_inherits(uint64_t handle) {
    DWORD flags = 0;
    return GetHandleInformation((HANDLE)(uintptr_t)handle, &flags) && (flags & HANDLE_FLAG_INHERIT) != 0;
}
