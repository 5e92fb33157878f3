#include "conformance/agent/child.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "conformance/agent/functions.h"
#include "conformance/agent/native_executor.h"
#include "conformance/base/memory.h"
#include "conformance/base/reason.h"

enum { SECTION, REQUEST, ANSWER, PARENT }; /* the plumbing, in the order of the command line */

enum {
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

static bool create_shared(struct child *child) {
    child->section = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof *child->frame, NULL);
    child->request = CreateEventW(NULL, FALSE, FALSE, NULL);
    child->answer = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (child->section == NULL || child->request == NULL || child->answer == NULL) return false;
    protect(child->section, true);
    protect(child->request, true);
    protect(child->answer, true);
    child->frame = MapViewOfFile(child->section, FILE_MAP_ALL_ACCESS, 0, 0, sizeof *child->frame);
    return child->frame != NULL;
}

/* An inheritable copy of a handle of ours in the caller; 0 when it cannot be made. */
static uint64_t put_into(HANDLE caller, HANDLE handle, DWORD access) {
    HANDLE there = NULL;
    DWORD options = access == 0 ? DUPLICATE_SAME_ACCESS : 0;
    BOOL put = DuplicateHandle(GetCurrentProcess(), handle, caller, &there, access, TRUE, options);
    return put ? (uint64_t)(uintptr_t)there : 0;
}

void child_withdraw(HANDLE caller, const struct program_start *start) {
    for (unsigned i = 0; i < PLUMBING_HANDLES; i++) {
        HANDLE there = (HANDLE)(uintptr_t)start->plumbing[i];
        if (there != NULL) DuplicateHandle(caller, there, NULL, NULL, 0, FALSE, DUPLICATE_CLOSE_SOURCE);
    }
}

/* The command line, and the handles that it names, in the caller. */
static bool put_plumbing(const struct child *child, HANDLE caller, struct program_start *start) {
    wchar_t program[MAX_PATH];
    memset(start, 0, sizeof *start);
    if (!accounts_program(child->as.manifest, program)) return false;
    start->plumbing[SECTION] = put_into(caller, child->section, 0);
    start->plumbing[REQUEST] = put_into(caller, child->request, 0);
    start->plumbing[ANSWER] = put_into(caller, child->answer, 0);
    start->plumbing[PARENT] = put_into(caller, GetCurrentProcess(), SYNCHRONIZE);
    swprintf(start->command, START_COMMAND_MAX, L"\"%ls\" child %llu %llu %llu %llu", program,
             (unsigned long long)start->plumbing[SECTION], (unsigned long long)start->plumbing[REQUEST],
             (unsigned long long)start->plumbing[ANSWER], (unsigned long long)start->plumbing[PARENT]);
    for (unsigned i = 0; i < PLUMBING_HANDLES; i++)
        if (start->plumbing[i] == 0) return false;
    return true;
}

/* Waits for the answer; false with a reason when none comes. */
static bool await_answer(struct child *child, DWORD limit_ms, struct reason *reason) {
    assert(child->process != NULL);
    HANDLE either[2] = { child->answer, child->process };
    DWORD woken = WaitForMultipleObjects(2, either, FALSE, limit_ms);
    if (woken == WAIT_OBJECT_0) return true;
    DWORD status = 0;
    if (woken == WAIT_OBJECT_0 + 1 && GetExitCodeProcess(child->process, &status)) {
        reason_set(reason, "the child ended with exit status %lu (0x%08lx)", status, status);
    } else {
        reason_set(reason, "the child does not answer");
    }
    return false;
}

static bool cannot_start(struct child *child, DWORD error, struct reason *reason) {
    reason_set(reason, "a child process cannot be started (error %lu)", error);
    child_destroy(child);
    return false;
}

bool child_prepare(struct child *child, struct account_start as, HANDLE caller, struct program_start *start, struct reason *reason) {
    assert(child != NULL && start != NULL);
    assert(child->process == NULL);
    memset(child, 0, sizeof *child);
    child->as = as;
    if (!create_shared(child)) return cannot_start(child, GetLastError(), reason);
    if (put_plumbing(child, caller, start)) return true;
    DWORD error = GetLastError();
    child_withdraw(caller, start);
    return cannot_start(child, error, reason);
}

bool child_adopt(struct child *child, HANDLE caller, const struct program_start *start, struct reason *reason) {
    HANDLE there = (HANDLE)(uintptr_t)start->process;
    assert(there != NULL);
    if (!DuplicateHandle(caller, there, GetCurrentProcess(), &child->process, 0, FALSE, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE))
        return cannot_start(child, GetLastError(), reason);
    protect(child->process, true);
    if (await_answer(child, CHILD_GRACE_MS, reason)) return true;
    child_destroy(child);
    return false;
}

bool child_create(struct child *child, struct account_start as, struct reason *reason) {
    struct program_start start = { .inherited_count = 0 };
    HANDLE self = GetCurrentProcess();
    if (!child_prepare(child, as, self, &start, reason)) return false;
    BOOL started = program_start(&start, as.restricted ? accounts_restricted_token() : NULL);
    DWORD error = GetLastError();
    child_withdraw(self, &start);
    return started ? child_adopt(child, self, &start, reason) : cannot_start(child, error, reason);
}

bool child_ask(struct child *child, struct reason *reason) {
    assert(child->frame != NULL);
    DWORD limit_ms = child->frame->limit_ms + CHILD_GRACE_MS;
    SetEvent(child->request);
    if (await_answer(child, limit_ms, reason)) {
        child->frame->reason.text[REASON_BYTES - 1] = '\0';
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
    frame->reason = executor->reason;
}

/* A restricted token without effect would make every answer about privilege a wrong one. */
static bool start(struct child_frame *frame, struct native_executor *executor) {
    if (frame->restricted && accounts_own()->administrators_enabled) {
        reason_set(&executor->reason, "its restricted token has Administrators enabled all the same");
        return false;
    }
    if (!native_executor_start(executor, windows_functions(), frame->process, frame->thread, frame->startup)) return false;
    for (unsigned i = 0; i < frame->start.inherited_count; i++) native_executor_inherit(executor, &frame->start.inherited[i]);
    return true;
}

static void answer_question(struct child_frame *frame, struct native_executor *executor) {
    assert(frame->operation <= CHILD_EXIT);
    result_clear(&frame->result);
    switch ((enum child_operation)frame->operation) {
    case CHILD_START:
        frame->success = start(frame, executor);
        break;
    case CHILD_CALL:
        executor->start = &frame->start;
        native_executor_call(executor, &frame->call, frame->limit_ms, &frame->result);
        break;
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
    if (arguments_count != PLUMBING_HANDLES) {
        fprintf(stderr, "agent: `child` is for the agent itself\n");
        return 2;
    }
    HANDLE handles[PLUMBING_HANDLES];
    for (int i = 0; i < PLUMBING_HANDLES; i++) {
        handles[i] = (HANDLE)(uintptr_t)wcstoull(arguments[i], NULL, 10);
        SetHandleInformation(handles[i], HANDLE_FLAG_PROTECT_FROM_CLOSE | HANDLE_FLAG_INHERIT, HANDLE_FLAG_PROTECT_FROM_CLOSE);
    }
    struct child_frame *frame = MapViewOfFile(handles[SECTION], FILE_MAP_ALL_ACCESS, 0, 0, sizeof *frame);
    if (frame == NULL) {
        fprintf(stderr, "agent: `child` is for the agent itself\n");
        return 2;
    }
    struct native_executor *executor = memory_zeroed(sizeof *executor);
    SetEvent(handles[ANSWER]);
    HANDLE either[2] = { handles[REQUEST], handles[PARENT] };
    while (WaitForMultipleObjects(2, either, FALSE, INFINITE) == WAIT_OBJECT_0) {
        answer_question(frame, executor);
        SetEvent(handles[ANSWER]);
    }
    free(executor);
    return 0;
}
