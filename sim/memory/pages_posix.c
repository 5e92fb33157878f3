#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, syscall */

#include "sim/memory/pages.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

void *pages_create(size_t good, size_t bad) {
    assert(good % PAGE_BYTES == 0 && bad % PAGE_BYTES == 0 && good + bad > 0);
    void *pages = mmap(NULL, good + bad, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert(pages != MAP_FAILED);
    if (good == 0) return pages;
    int error = mprotect(pages, good, PROT_READ | PROT_WRITE);
    assert(error == 0);
    (void)error;
    return pages;
}

void pages_free(void *pages, size_t size) { munmap(pages, size); }

/* The system is asked to write the byte to a pipe: it refuses where nothing can be read. Then to read it back to where
 * it was: it refuses where nothing can be written, and the byte stays in the pipe. Not through write() and read(): a
 * sanitizer would look at the memory before the system does. */
static bool byte_is_there(const int pipe_ends[2], uint64_t address, bool written) {
    char byte;
    if (syscall(SYS_write, pipe_ends[1], address, (size_t)1) != 1) return false;
    if (written && syscall(SYS_read, pipe_ends[0], address, (size_t)1) == 1) return true;
    return read(pipe_ends[0], &byte, 1) == 1 && !written;
}

static uint32_t there(uint64_t address, uint32_t wanted, bool written) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static int pipe_ends[2] = { -1, -1 };
    uint64_t end = address;
    pthread_mutex_lock(&lock);
    if (pipe_ends[0] < 0) {
        int error = pipe(pipe_ends);
        assert(error == 0);
        (void)error;
    }
    while (end - address < wanted && end >= address && byte_is_there(pipe_ends, end, written))
        end = (end / PAGE_BYTES + 1) * PAGE_BYTES;
    pthread_mutex_unlock(&lock);
    return end - address < wanted ? (uint32_t)(end - address) : wanted;
}

uint32_t pages_readable(uint64_t address, uint32_t wanted) { return there(address, wanted, false); }
uint32_t pages_writable(uint64_t address, uint32_t wanted) { return there(address, wanted, true); }
