#define _GNU_SOURCE /* pipe2, vfork */

#include "conformance/agent/system/command.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/agent/system/process.h"
#include "conformance/agent/system/threads.h"
#include "conformance/agent/system/written_text.h"
#include "conformance/base/memory.h"

enum { COMMAND_MAX = 512, WORDS_MAX = 32, EXIT_NOT_FOUND = 127 };

/* The words of a line, by blanks. */
struct words {
    char copy[COMMAND_MAX];
    char *words[WORDS_MAX + 1];
};

static void split(const char *line, struct words *out) {
    char *rest = NULL;
    unsigned count = 0;
    strcpy(out->copy, line);
    for (char *word = strtok_r(out->copy, " ", &rest); word != NULL && count < WORDS_MAX;
         word = strtok_r(NULL, " ", &rest))
        out->words[count++] = word;
    out->words[count] = NULL;
}

/* The child's side. It has the memory of its parent, whose thread waits until it is the command. */
static _Noreturn void become_command(char *const *words, int output) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    if (words[0] != NULL) execvp(words[0], words);
    _exit(EXIT_NOT_FOUND);
}

/* Copying the memory of a process takes longer here than most commands do, hence no fork(). */
static __attribute__((noinline)) pid_t start(char *const *words, int output) {
    pid_t process = vfork();
    if (process == 0) become_command(words, output);
    return process;
}

/* Reads until the writing end is closed or the text is full. False when the time is over before. */
static bool read_text(int reading, char *text, size_t size, uint32_t limit_ms, size_t *length) {
    size_t used = 0;
    uint64_t until_ms = clock_ms() + limit_ms;
    bool in_time = true;
    while (used < size - 1 && in_time) {
        struct pollfd there = { .fd = reading, .events = POLLIN };
        uint64_t now_ms = clock_ms();
        in_time = now_ms < until_ms && poll(&there, 1, (int)(until_ms - now_ms)) > 0;
        ssize_t got = in_time ? read(reading, text + used, size - 1 - used) : 0;
        if (got <= 0) break;
        used += (size_t)got;
    }
    *length = used;
    return in_time;
}

/* As UTF-8, where a test has said what it is in. What cannot be read stays as it is; what does not fit is cut. False:
 * it is cut, or ends within a character. */
static bool make_utf8(char *text, size_t size) {
    const char *page = getenv("SYSTEM_CODE_PAGE");
    iconv_t changes = page == NULL ? (iconv_t)-1 : iconv_open("UTF-8", page);
    if (changes == (iconv_t)-1) return true;
    char *copy = memory_copy_text(text, strlen(text)), *in = copy, *out = text;
    size_t in_left = strlen(copy), out_left = size - 1;
    bool whole = iconv(changes, &in, &in_left, &out, &out_left) != (size_t)-1 || errno == EILSEQ;
    if (whole && in_left > 0) strcpy(text, copy);
    else *out = '\0';
    iconv_close(changes);
    free(copy);
    return whole;
}

bool system_run(const char *line, char *text, size_t size, uint32_t limit_ms, struct system_end *end) {
    struct words words;
    int ends[2], code = 0;
    size_t length = 0;
    bool encoded = false;
    assert(size > 0);
    text[0] = '\0';
    if (strlen(line) >= COMMAND_MAX || pipe2(ends, O_CLOEXEC) != 0) return false;
    split(line, &words);
    process_may_die();
    pid_t process = start(words.words, ends[1]);
    close(ends[1]);
    bool in_time = process > 0 && read_text(ends[0], text, size, limit_ms, &length);
    bool room = written_text(text, length, size, &encoded);
    close(ends[0]);
    if (process <= 0) return false;
    if (!in_time) kill(-process, SIGKILL);
    if (waitpid(process, &code, 0) != process || !in_time || !WIFEXITED(code)) return false;
    end->status = (uint32_t)WEXITSTATUS(code);
    end->whole = (encoded || make_utf8(text, size)) && room && length < size - 1;
    process_may_die();
    return end->status != EXIT_NOT_FOUND;
}

/* --- words -------------------------------------------------------------------------------------------------------- */

bool system_says(uint32_t error, enum system_words kind, char *text, size_t size) {
    static const char *const kinds[] = { "own", "page", "english" };
    const char *path = getenv("SYSTEM_WORDS");
    char line[1024], wanted[32];
    bool found = false;
    FILE *file = path == NULL ? NULL : fopen(path, "r");
    int length = snprintf(wanted, sizeof wanted, "%u %s ", (unsigned)error, kinds[kind]);
    while (file != NULL && !found && fgets(line, sizeof line, file) != NULL)
        found = strncmp(line, wanted, (size_t)length) == 0;
    if (file != NULL) fclose(file);
    snprintf(text, size, "%s", found ? line + length : "");
    return found;
}
