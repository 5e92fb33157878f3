#define _POSIX_C_SOURCE 200809L

#include "conformance/base/reason.h"
#include "conformance/subjects/host_process.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "conformance/base/memory.h"

struct host_process {
    pid_t pid;
    int input;    /* we write; non-blocking */
    int output;   /* we read */
    size_t start; /* of what was not handed out yet */
    size_t end;
    char bytes[HOST_LINE_MAX + 1];
};

/* --- starting ------------------------------------------------------------------------------------------------- */

static void close_pair(const int pair[2]) {
    close(pair[0]);
    close(pair[1]);
}

/* In the child: never returns. */
static void become_shell(const char *command, const int input[2], const int output[2]) {
    setpgid(0, 0);
    signal(SIGPIPE, SIG_DFL);
    if (dup2(input[0], STDIN_FILENO) < 0 || dup2(output[1], STDOUT_FILENO) < 0) _exit(127);
    close_pair(input);
    close_pair(output);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

static void keep_from_children(int descriptor) {
    int flags = fcntl(descriptor, F_GETFD);
    assert(flags >= 0);
    fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC);
}

struct host_process *host_process_start(const char *command, struct reason *reason) {
    int input[2], output[2];
    assert(command != NULL && reason != NULL);
    if (pipe(input) != 0) {
        reason_set(reason, "no pipe to the host: %s", strerror(errno));
        return NULL;
    }
    if (pipe(output) != 0) {
        reason_set(reason, "no pipe from the host: %s", strerror(errno));
        close_pair(input);
        return NULL;
    }
    signal(SIGPIPE, SIG_IGN);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) become_shell(command, input, output);
    if (pid < 0) {
        reason_set(reason, "the host cannot be started: %s", strerror(errno));
        close_pair(input);
        close_pair(output);
        return NULL;
    }
    setpgid(pid, pid); /* the child does it too: whoever comes first */
    close(input[0]);
    close(output[1]);
    keep_from_children(input[1]);
    keep_from_children(output[0]);
    fcntl(input[1], F_SETFL, fcntl(input[1], F_GETFL) | O_NONBLOCK);
    struct host_process *host = memory_resize(NULL, 1, sizeof *host);
    host->pid = pid;
    host->input = input[1];
    host->output = output[0];
    host->start = host->end = 0;
    return host;
}

/* --- waiting -------------------------------------------------------------------------------------------------- */

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits for an event on a pipe: true, or false when the deadline has passed. */
static bool wait_for(int descriptor, short events, int64_t deadline_ms) {
    for (;;) {
        int64_t left_ms = deadline_ms - now_ms();
        if (left_ms < 0) left_ms = 0;
        struct pollfd one = { .fd = descriptor, .events = events, .revents = 0 };
        int count = poll(&one, 1, left_ms > INT32_MAX ? INT32_MAX : (int)left_ms);
        if (count > 0) return true;
        if (count == 0 && left_ms == 0) return false;
        assert(count == 0 || errno == EINTR);
    }
}

/* Has the host ended? Its number stays taken until the end, so that its group can be killed safely. */
static bool ended_within(const struct host_process *host, unsigned limit_ms, siginfo_t *info) {
    int64_t deadline_ms = now_ms() + limit_ms;
    for (;;) {
        memset(info, 0, sizeof *info);
        if (waitid(P_PID, (id_t)host->pid, info, WEXITED | WNOHANG | WNOWAIT) == 0 && info->si_pid == host->pid)
            return true;
        if (now_ms() >= deadline_ms) return false;
        struct timespec pause = { .tv_sec = 0, .tv_nsec = 2000000 };
        nanosleep(&pause, NULL);
    }
}

/* Says how the host ended, when its pipe is closed. */
static void describe_end(const struct host_process *host, struct reason *reason) {
    siginfo_t info;
    assert(host->pid > 0);
    if (!ended_within(host, 1000, &info)) reason_set(reason, "the host closed its end of the pipe");
    else if (info.si_code == CLD_EXITED) reason_set(reason, "the host ended with exit status %d", info.si_status);
    else reason_set(reason, "the host was killed by signal %d", info.si_status);
}

bool host_process_send(struct host_process *host, const char *bytes, size_t length, unsigned limit_ms,
                       struct reason *reason) {
    assert(host != NULL && reason != NULL);
    assert(bytes != NULL || length == 0);
    int64_t deadline_ms = now_ms() + limit_ms;
    while (length > 0) {
        ssize_t written = write(host->input, bytes, length);
        if (written > 0) {
            bytes += written;
            length -= (size_t)written;
        } else if (written < 0 && errno != EAGAIN && errno != EINTR) {
            describe_end(host, reason);
            return false;
        } else if (!wait_for(host->input, POLLOUT, deadline_ms)) {
            reason_set(reason, "the host did not take a command within %u ms", limit_ms);
            return false;
        }
    }
    return true;
}

/* --- lines ---------------------------------------------------------------------------------------------------- */

/* A whole line from the buffer, or NULL. */
static const char *take_line(struct host_process *host) {
    char *line = host->bytes + host->start;
    char *newline = memchr(line, '\n', host->end - host->start);
    if (newline == NULL) return NULL;
    host->start = (size_t)(newline - host->bytes) + 1;
    assert(host->start <= host->end);
    *newline = '\0';
    if (newline > line && newline[-1] == '\r') newline[-1] = '\0';
    return line;
}

static void make_room(struct host_process *host) {
    if (host->start == 0) return;
    memmove(host->bytes, host->bytes + host->start, host->end - host->start);
    host->end -= host->start;
    host->start = 0;
}

const char *host_process_line(struct host_process *host, unsigned limit_ms, struct reason *reason) {
    assert(host != NULL && reason != NULL);
    int64_t deadline_ms = now_ms() + limit_ms;
    for (;;) {
        const char *line = take_line(host);
        if (line != NULL) return line;
        make_room(host);
        if (host->end == HOST_LINE_MAX) {
            reason_set(reason, "the host printed a line of more than %d bytes", HOST_LINE_MAX);
            return NULL;
        }
        if (!wait_for(host->output, POLLIN, deadline_ms)) {
            reason_set(reason, "the host did not answer within %u ms", limit_ms);
            return NULL;
        }
        ssize_t got = read(host->output, host->bytes + host->end, HOST_LINE_MAX - host->end);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) {
            describe_end(host, reason);
            return NULL;
        }
        host->end += (size_t)got;
    }
}

/* --- ending --------------------------------------------------------------------------------------------------- */

bool host_process_ended(const struct host_process *host) {
    siginfo_t ignored;
    assert(host != NULL);
    return ended_within(host, 0, &ignored);
}

void host_process_end(struct host_process *host, unsigned grace_ms) {
    if (host == NULL) return;
    assert(host->pid > 0);
    close(host->input);
    siginfo_t info;
    ended_within(host, grace_ms, &info);
    kill(-host->pid, SIGKILL);
    waitpid(host->pid, NULL, 0);
    close(host->output);
    free(host);
}

/* --- a single command --------------------------------------------------------------------------------------------- */

/* In the child: never returns. */
static void become_command(const char *command) {
    signal(SIGPIPE, SIG_DFL);
    if (dup2(STDERR_FILENO, STDOUT_FILENO) < 0) _exit(127);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

bool host_command_run(const char *command, struct reason *reason) {
    int status = 0;
    assert(command != NULL && reason != NULL);
    fflush(NULL);
    pid_t pid = fork(), waited = pid;
    if (pid == 0) become_command(command);
    while (pid > 0 && (waited = waitpid(pid, &status, 0)) < 0 && errno == EINTR) continue;
    if (waited < 0) reason_set(reason, "it cannot be run: %s", strerror(errno));
    else if (WIFSIGNALED(status)) reason_set(reason, "it was killed by signal %d", WTERMSIG(status));
    else reason_set(reason, "it ended with exit status %d", WEXITSTATUS(status));
    return waited > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
