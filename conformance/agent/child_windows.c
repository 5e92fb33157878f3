#include "conformance/agent/child.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "conformance/agent/base_provider.h"
#include "conformance/agent/functions.h"
#include "conformance/agent/native_executor.h"
#include "conformance/agent/provider_path.h"
#include "conformance/base/memory.h"

enum { SECTION, REQUEST, ANSWER, PARENT }; /* the plumbing, in the order of the command line */

/* --- the parent's side -------------------------------------------------------------------------------------------- */

static void protect(HANDLE handle, bool on) {
    assert(handle != NULL);
    SetHandleInformation(handle, HANDLE_FLAG_PROTECT_FROM_CLOSE, on ? HANDLE_FLAG_PROTECT_FROM_CLOSE : 0);
}

static HANDLE handle_of(uint64_t number) { return (HANDLE)(uintptr_t)number; }
static uint64_t number_of(HANDLE handle) { return (uint64_t)(uintptr_t)handle; }

static void close_protected(uint64_t *handle) {
    if (*handle == 0) return;
    protect(handle_of(*handle), false);
    CloseHandle(handle_of(*handle));
    *handle = 0;
}

/* The process of the caller: a child, or the agent itself. */
static HANDLE process_of(const struct child *caller) {
    return caller == NULL ? GetCurrentProcess() : handle_of(caller->process);
}

static bool create_shared(struct child *child) {
    HANDLE section = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof *child->frame, NULL);
    HANDLE request = CreateEventW(NULL, FALSE, FALSE, NULL), answer = CreateEventW(NULL, FALSE, FALSE, NULL);
    child->section = number_of(section);
    child->request = number_of(request);
    child->answer = number_of(answer);
    if (section == NULL || request == NULL || answer == NULL) return false;
    protect(section, true);
    protect(request, true);
    protect(answer, true);
    child->frame = MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, sizeof *child->frame);
    if (child->frame == NULL) return false;
    child->frame->base_provider = base_provider_is_used();
    if (provider_path() != NULL && !child->frame->base_provider)
        snprintf(child->frame->provider, sizeof child->frame->provider, "%s", provider_path());
    return true;
}

/* An inheritable copy of a handle of ours in the caller; 0 when it cannot be made. */
static uint64_t put_into(HANDLE caller, HANDLE handle, DWORD access) {
    HANDLE there = NULL;
    DWORD options = access == 0 ? DUPLICATE_SAME_ACCESS : 0;
    BOOL put = DuplicateHandle(GetCurrentProcess(), handle, caller, &there, access, TRUE, options);
    return put ? (uint64_t)(uintptr_t)there : 0;
}

void child_withdraw(const struct child *caller, const struct program_start *start) {
    for (unsigned i = 0; i < PLUMBING_HANDLES; i++) {
        HANDLE there = (HANDLE)(uintptr_t)start->plumbing[i];
        if (there != NULL) DuplicateHandle(process_of(caller), there, NULL, NULL, 0, FALSE, DUPLICATE_CLOSE_SOURCE);
    }
}

/* The command line, and the handles that it names, in the caller. */
static bool put_plumbing(const struct child *child, HANDLE caller, struct program_start *start) {
    wchar_t program[MAX_PATH];
    memset(start, 0, sizeof *start);
    if (!accounts_program(child->as.manifest, program)) return false;
    start->plumbing[SECTION] = put_into(caller, handle_of(child->section), 0);
    start->plumbing[REQUEST] = put_into(caller, handle_of(child->request), 0);
    start->plumbing[ANSWER] = put_into(caller, handle_of(child->answer), 0);
    start->plumbing[PARENT] = put_into(caller, GetCurrentProcess(), SYNCHRONIZE);
    swprintf(start->command, START_COMMAND_MAX, L"\"%ls\" child %llu %llu %llu %llu", program,
             (unsigned long long)start->plumbing[SECTION], (unsigned long long)start->plumbing[REQUEST],
             (unsigned long long)start->plumbing[ANSWER], (unsigned long long)start->plumbing[PARENT]);
    for (unsigned i = 0; i < PLUMBING_HANDLES; i++)
        if (start->plumbing[i] == 0) return false;
    return true;
}

bool child_await_answer(struct child *child, uint32_t limit_ms, struct reason *reason) {
    assert(child->process != 0);
    HANDLE either[2] = { handle_of(child->answer), handle_of(child->process) };
    DWORD woken = WaitForMultipleObjects(2, either, FALSE, limit_ms);
    if (woken == WAIT_OBJECT_0) return true;
    DWORD status = 0;
    if (woken == WAIT_OBJECT_0 + 1 && GetExitCodeProcess(handle_of(child->process), &status)) {
        child->died_of = status >= EXCEPTION_FIRST ? status : ENDED_ITSELF;
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

bool child_prepare(struct child *child, struct account_start as, const struct child *caller,
                   struct program_start *start, struct reason *reason) {
    assert(child != NULL && start != NULL);
    assert(child->process == 0);
    memset(child, 0, sizeof *child);
    child->as = as;
    if (!create_shared(child)) return cannot_start(child, GetLastError(), reason);
    if (put_plumbing(child, process_of(caller), start)) return true;
    DWORD error = GetLastError();
    child_withdraw(caller, start);
    return cannot_start(child, error, reason);
}

bool child_adopt(struct child *child, const struct child *caller, const struct program_start *start,
                 struct reason *reason) {
    HANDLE there = handle_of(start->process), process = NULL;
    DWORD options = DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE;
    assert(there != NULL);
    if (!DuplicateHandle(process_of(caller), there, GetCurrentProcess(), &process, 0, FALSE, options))
        return cannot_start(child, GetLastError(), reason);
    protect(process, true);
    child->process = number_of(process);
    if (child_await_answer(child, CHILD_GRACE_MS, reason)) return true;
    child_destroy(child);
    return false;
}

static bool start_once(struct child *child, struct account_start as, struct reason *reason) {
    struct program_start start = { .inherited_count = 0 };
    if (!child_prepare(child, as, NULL, &start, reason)) return false;
    BOOL started = program_start(&start, as.restricted ? accounts_restricted_token() : NULL);
    DWORD error = GetLastError();
    child_withdraw(NULL, &start);
    return started ? child_adopt(child, NULL, &start, reason) : cannot_start(child, error, reason);
}

/* Once more, as the runner does with a host that ends before it is ready: under load, Wine's loader sometimes fails. */
bool child_create(struct child *child, struct account_start as, struct reason *reason) {
    return start_once(child, as, reason) || start_once(child, as, reason);
}

void child_give_question(struct child *child) { SetEvent(handle_of(child->request)); }

uint64_t child_process_id(const struct child *child) { return GetProcessId(handle_of(child->process)); }

void child_destroy(struct child *child) {
    assert(child != NULL);
    if (child->process != 0) {
        TerminateProcess(handle_of(child->process), 1);
        WaitForSingleObject(handle_of(child->process), CHILD_END_MS);
    }
    if (child->frame != NULL) UnmapViewOfFile(child->frame);
    close_protected(&child->process);
    close_protected(&child->section);
    close_protected(&child->request);
    close_protected(&child->answer);
    memset(child, 0, sizeof *child);
}

bool child_await_exit(struct child *child) {
    assert(child->process != 0);
    child_give_question(child);
    bool ended = WaitForSingleObject(handle_of(child->process), CHILD_END_MS) == WAIT_OBJECT_0;
    child_destroy(child);
    return ended;
}

/* A child asks whom its parent asks. The frame is the parent's to clear once the child has answered. */
static void take_provider(const struct child_frame *frame) {
    static char provider[FOLDER_PATH_MAX];
    snprintf(provider, sizeof provider, "%s", frame->provider);
    if (provider[0] != '\0') provider_use(provider);
    if (frame->base_provider) base_provider_use();
}

int child_main(int arguments_count, char **arguments) {
    if (arguments_count != PLUMBING_HANDLES) {
        fprintf(stderr, "agent: `child` is for the agent itself\n");
        return 2;
    }
    HANDLE handles[PLUMBING_HANDLES];
    for (int i = 0; i < PLUMBING_HANDLES; i++) {
        handles[i] = (HANDLE)(uintptr_t)strtoull(arguments[i], NULL, 10);
        SetHandleInformation(handles[i], HANDLE_FLAG_PROTECT_FROM_CLOSE | HANDLE_FLAG_INHERIT,
                             HANDLE_FLAG_PROTECT_FROM_CLOSE);
    }
    struct child_frame *frame = MapViewOfFile(handles[SECTION], FILE_MAP_ALL_ACCESS, 0, 0, sizeof *frame);
    if (frame == NULL) {
        fprintf(stderr, "agent: `child` is for the agent itself\n");
        return 2;
    }
    take_provider(frame);
    struct native_executor *executor = memory_zeroed(sizeof *executor);
    SetEvent(handles[ANSWER]);
    HANDLE either[2] = { handles[REQUEST], handles[PARENT] };
    while (WaitForMultipleObjects(2, either, FALSE, INFINITE) == WAIT_OBJECT_0) {
        child_answer(frame, executor);
        SetEvent(handles[ANSWER]);
    }
    free(executor);
    return 0;
}
