/* A child is a copy of the agent that runs by itself: it needs no program file, and it cannot have another token. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#include "conformance/agent/child.h"

#include <assert.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/agent/native_executor.h"
#include "conformance/agent/system/process.h"
#include "conformance/agent/system/threads.h"
#include "conformance/base/memory.h"

enum { READING, WRITING };

/* --- the child's side --------------------------------------------------------------------------------------------- */

/* Until the agent closes its end, or is gone. */
static _Noreturn void answer_questions(struct child_frame *frame, int request, int answer) {
    struct native_executor *executor = memory_zeroed(sizeof *executor);
    char byte = 0;
    while (write(answer, &byte, 1) == 1 && read(request, &byte, 1) == 1) child_answer(frame, executor);
    process_end(0);
}

int child_main(int arguments_count, char **arguments) {
    (void)arguments_count, (void)arguments;
    fprintf(stderr, "agent: `child` is for the agent itself\n");
    return 2;
}

/* --- the parent's side -------------------------------------------------------------------------------------------- */

static bool cannot_start(struct child *child, struct reason *reason) {
    reason_set(reason, "a child process cannot be started");
    child_destroy(child);
    return false;
}

bool child_create(struct child *child, struct account_start as, struct reason *reason) {
    int request[2], answer[2];
    assert(child->process == 0);
    memset(child, 0, sizeof *child);
    child->as = as;
    if (as.restricted || as.manifest != MANIFEST_AS_INVOKER) {
        reason_set(reason, "this system has neither restricted tokens nor manifests");
        return false;
    }
    void *shared = mmap(NULL, sizeof *child->frame, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return cannot_start(child, reason);
    child->frame = shared;
    if (pipe(request) != 0 || pipe(answer) != 0) return cannot_start(child, reason);
    fflush(NULL); /* or both would write what waits there */
    pid_t process = fork();
    if (process == 0) {
        close(request[WRITING]);
        close(answer[READING]);
        answer_questions(child->frame, request[READING], answer[WRITING]);
    }
    close(request[READING]);
    close(answer[WRITING]);
    child->request = (uint64_t)request[WRITING];
    child->answer = (uint64_t)answer[READING];
    if (process < 0) return cannot_start(child, reason);
    child->process = (uint64_t)process;
    if (child_await_answer(child, CHILD_GRACE_MS, reason)) return true;
    child_destroy(child);
    return false;
}

bool child_prepare(struct child *child, struct account_start as, const struct child *caller,
                   struct program_start *start, struct reason *reason) {
    (void)child, (void)as, (void)caller, (void)start;
    reason_set(reason, "only on Windows can a call of a scenario start a process of the system");
    return false;
}

void child_withdraw(const struct child *caller, const struct program_start *start) { (void)caller, (void)start; }

bool child_adopt(struct child *child, const struct child *caller, const struct program_start *start,
                 struct reason *reason) {
    (void)child, (void)caller, (void)start, (void)reason;
    assert(!"after child_prepare() has refused");
    return false;
}

/* A child that is gone cannot be asked; child_await_answer() finds out. */
void child_give_question(struct child *child) {
    const char byte = 0;
    signal(SIGPIPE, SIG_IGN);
    ssize_t written = write((int)child->request, &byte, 1);
    (void)written;
}

/* What abort() raises on Windows. */
enum { FAIL_FAST = 0xC0000409u };

/* How it ended. It is collected. */
static void tell_end(struct child *child, struct reason *reason) {
    int status = 0;
    if (waitpid((pid_t)child->process, &status, 0) == (pid_t)child->process) child->process = 0;
    child->died_of = !WIFSIGNALED(status)          ? ENDED_ITSELF
                     : WTERMSIG(status) == SIGKILL ? 0 /* from outside */
                                                   : FAIL_FAST;
    if (WIFSIGNALED(status)) reason_set(reason, "the child was ended by signal %d", WTERMSIG(status));
    else reason_set(reason, "the child ended with exit status %d", WEXITSTATUS(status));
}

bool child_await_answer(struct child *child, uint32_t limit_ms, struct reason *reason) {
    struct pollfd there = { .fd = (int)child->answer, .events = POLLIN };
    char byte = 0;
    assert(child->process != 0);
    if (poll(&there, 1, (int)limit_ms) <= 0) {
        reason_set(reason, "the child does not answer");
        return false;
    }
    if (read(there.fd, &byte, 1) == 1) return true;
    tell_end(child, reason);
    return false;
}

uint64_t child_process_id(const struct child *child) { return child->process; }

void child_destroy(struct child *child) {
    assert(child != NULL);
    if (child->process != 0) {
        kill((pid_t)child->process, SIGKILL);
        waitpid((pid_t)child->process, NULL, 0);
    }
    if (child->request != 0) close((int)child->request);
    if (child->answer != 0) close((int)child->answer);
    if (child->frame != NULL) munmap(child->frame, sizeof *child->frame);
    memset(child, 0, sizeof *child);
}

bool child_await_exit(struct child *child) {
    bool ended = false;
    assert(child->process != 0);
    child_give_question(child);
    for (unsigned waited_ms = 0; waited_ms < CHILD_END_MS && !ended; waited_ms += 5) {
        ended = waitpid((pid_t)child->process, NULL, WNOHANG) == (pid_t)child->process;
        if (!ended) sleep_ms(5);
    }
    if (ended) child->process = 0;
    child_destroy(child);
    return ended;
}
