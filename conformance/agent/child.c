#include "conformance/agent/child.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "conformance/agent/functions.h"
#include "conformance/agent/native_executor.h"

enum {
    CHILD_HANDLES = 4,        /* section, request, answer, parent: in the order of the command line */
    CHILD_GRACE_MS = 10000,   /* on top of a question's own limit, before a child counts as hung */
    CHILD_END_MS = 2000,
};

/* --- the parent's side --------------------------------------------------------------------------------------------- */

static void protect(HANDLE handle, bool on) {
    assert(handle != NULL);
    SetHandleInformation(handle, HANDLE_FLAG_PROTECT_FROM_CLOSE, on ? HANDLE_FLAG_PROTECT_FROM_CLOSE : 0);
}

static void close_protected(HANDLE *handle) {
    if (*handle == NULL) return;
    protect(*handle, false);
    CloseHandle(*handle);
    *handle = NULL;
}

/* CreateProcess with exactly these handles inherited; with the restricted token, where one is wanted. */
static bool create_process(wchar_t *command, bool restricted, HANDLE *handles, PROCESS_INFORMATION *made) {
    char storage[256];
    SIZE_T size = sizeof storage;
    STARTUPINFOEXW startup;
    memset(&startup, 0, sizeof startup);
    startup.StartupInfo.cb = sizeof startup;
    startup.lpAttributeList = (LPPROC_THREAD_ATTRIBUTE_LIST)storage;
    if (!InitializeProcThreadAttributeList(startup.lpAttributeList, 1, 0, &size)) return false;
    BOOL done = UpdateProcThreadAttribute(startup.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles,
                                          CHILD_HANDLES * sizeof *handles, NULL, NULL);
    DWORD flags = EXTENDED_STARTUPINFO_PRESENT | CREATE_NO_WINDOW;
    if (done && restricted)
        done = CreateProcessAsUserW(accounts_restricted_token(), NULL, command, NULL, NULL, TRUE, flags, NULL, NULL,
                                    &startup.StartupInfo, made);
    else if (done)
        done = CreateProcessW(NULL, command, NULL, NULL, TRUE, flags, NULL, NULL, &startup.StartupInfo, made);
    DeleteProcThreadAttributeList(startup.lpAttributeList);
    return done != FALSE;
}

static bool create_shared(struct child *child) {
    SECURITY_ATTRIBUTES inheritable = { sizeof inheritable, NULL, TRUE };
    child->section = CreateFileMappingW(INVALID_HANDLE_VALUE, &inheritable, PAGE_READWRITE, 0, sizeof *child->frame, NULL);
    child->request = CreateEventW(&inheritable, FALSE, FALSE, NULL);
    child->answer = CreateEventW(&inheritable, FALSE, FALSE, NULL);
    if (child->section == NULL || child->request == NULL || child->answer == NULL) return false;
    protect(child->section, true);
    protect(child->request, true);
    protect(child->answer, true);
    child->frame = MapViewOfFile(child->section, FILE_MAP_ALL_ACCESS, 0, 0, sizeof *child->frame);
    return child->frame != NULL;
}

static bool start_process(struct child *child) {
    wchar_t program[MAX_PATH], command[MAX_PATH + 128];
    if (!accounts_program(child->as.manifest, program)) return false;
    HANDLE self = GetCurrentProcess(), parent = NULL;
    if (!DuplicateHandle(self, self, self, &parent, SYNCHRONIZE, TRUE, 0)) return false;
    HANDLE handles[CHILD_HANDLES] = { child->section, child->request, child->answer, parent };
    swprintf(command, sizeof command / sizeof command[0], L"\"%ls\" child %llu %llu %llu %llu", program,
             (unsigned long long)(uintptr_t)handles[0], (unsigned long long)(uintptr_t)handles[1],
             (unsigned long long)(uintptr_t)handles[2], (unsigned long long)(uintptr_t)handles[3]);
    PROCESS_INFORMATION made;
    bool done = create_process(command, child->as.restricted, handles, &made);
    CloseHandle(parent);
    if (!done) return false;
    CloseHandle(made.hThread);
    child->process = made.hProcess;
    protect(child->process, true);
    return true;
}

/* Waits for the answer; false with a reason when none comes. */
static bool await_answer(struct child *child, DWORD limit_ms, char *reason) {
    assert(child->process != NULL);
    HANDLE either[2] = { child->answer, child->process };
    DWORD woken = WaitForMultipleObjects(2, either, FALSE, limit_ms);
    if (woken == WAIT_OBJECT_0) return true;
    DWORD status = 0;
    if (woken == WAIT_OBJECT_0 + 1 && GetExitCodeProcess(child->process, &status)) {
        snprintf(reason, EXECUTOR_REASON_MAX, "the child ended with exit status %lu (0x%08lx)", status, status);
    } else {
        snprintf(reason, EXECUTOR_REASON_MAX, "the child does not answer");
    }
    return false;
}

bool child_create(struct child *child, struct account_start as, char *reason) {
    assert(child != NULL);
    assert(child->process == NULL);
    memset(child, 0, sizeof *child);
    child->as = as;
    if (!create_shared(child) || !start_process(child)) {
        snprintf(reason, EXECUTOR_REASON_MAX, "a child process cannot be started (error %lu)", GetLastError());
        child_destroy(child);
        return false;
    }
    if (await_answer(child, CHILD_GRACE_MS, reason)) return true;
    child_destroy(child);
    return false;
}

bool child_ask(struct child *child, char *reason) {
    assert(child->frame != NULL);
    DWORD limit_ms = child->frame->limit_ms + CHILD_GRACE_MS;
    SetEvent(child->request);
    if (await_answer(child, limit_ms, reason)) {
        child->frame->reason[EXECUTOR_REASON_MAX - 1] = '\0';
        return true;
    }
    child_destroy(child);
    return false;
}

void child_destroy(struct child *child) {
    assert(child != NULL);
    if (child->process != NULL) {
        TerminateProcess(child->process, 1);
        WaitForSingleObject(child->process, CHILD_END_MS);
    }
    if (child->frame != NULL) UnmapViewOfFile(child->frame);
    close_protected(&child->process);
    close_protected(&child->section);
    close_protected(&child->request);
    close_protected(&child->answer);
    memset(child, 0, sizeof *child);
}

bool child_await_exit(struct child *child) {
    assert(child->process != NULL);
    SetEvent(child->request);
    bool ended = WaitForSingleObject(child->process, CHILD_END_MS) == WAIT_OBJECT_0;
    child_destroy(child);
    return ended;
}

/* --- the child's side ---------------------------------------------------------------------------------------------- */

static void give_reason(struct child_frame *frame, const struct native_executor *executor) {
    snprintf(frame->reason, sizeof frame->reason, "%s", executor->reason);
}

/* A restricted token without effect would make every answer about privilege a wrong one. */
static bool start(struct child_frame *frame, struct native_executor *executor) {
    if (frame->restricted && accounts_own()->administrators_enabled) {
        snprintf(executor->reason, sizeof executor->reason, "its restricted token has Administrators enabled all the same");
        return false;
    }
    return native_executor_start(executor, windows_functions(), frame->process, frame->thread, frame->startup);
}

static void answer_question(struct child_frame *frame, struct native_executor *executor) {
    assert(frame->operation <= CHILD_EXIT);
    result_clear(&frame->result);
    switch ((enum child_operation)frame->operation) {
    case CHILD_START:
        frame->success = start(frame, executor);
        break;
    case CHILD_CALL: native_executor_call(executor, &frame->call, frame->limit_ms, &frame->result); break;
    case CHILD_RETURNS: native_executor_returns(executor, frame->thread, frame->limit_ms, &frame->result); break;
    case CHILD_SHOW:
        native_executor_show(executor, frame->address, frame->event, frame->limit_ms, &frame->result);
        break;
    case CHILD_END: frame->success = native_executor_end(executor, false) && !executor->tainted; break;
    case CHILD_EXIT: ExitProcess(0);
    }
    give_reason(frame, executor);
}

int child_main(int arguments_count, wchar_t **arguments) {
    if (arguments_count != CHILD_HANDLES) {
        fprintf(stderr, "agent: `child` is for the agent itself\n");
        return 2;
    }
    HANDLE handles[CHILD_HANDLES];
    for (int i = 0; i < CHILD_HANDLES; i++) {
        handles[i] = (HANDLE)(uintptr_t)wcstoull(arguments[i], NULL, 10);
        SetHandleInformation(handles[i], HANDLE_FLAG_PROTECT_FROM_CLOSE | HANDLE_FLAG_INHERIT, HANDLE_FLAG_PROTECT_FROM_CLOSE);
    }
    struct child_frame *frame = MapViewOfFile(handles[0], FILE_MAP_ALL_ACCESS, 0, 0, sizeof *frame);
    if (frame == NULL) {
        fprintf(stderr, "agent: `child` is for the agent itself\n");
        return 2;
    }
    static struct native_executor executor;
    SetEvent(handles[2]);
    HANDLE either[2] = { handles[1], handles[3] };
    while (WaitForMultipleObjects(2, either, FALSE, INFINITE) == WAIT_OBJECT_0) {
        answer_question(frame, &executor);
        SetEvent(handles[2]);
    }
    return 0;
}
