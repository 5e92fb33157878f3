#define _POSIX_C_SOURCE 200809L

#include "conformance/base/standard_streams.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void standard_streams_prepare(void) {
    /* In rising order: open gives the lowest free number, and those below are taken by then. */
    for (int number = STDIN_FILENO; number <= STDERR_FILENO; number++) {
        if (fcntl(number, F_GETFD) >= 0 || errno != EBADF) continue;
        if (open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY) != number) _exit(2);
    }
}
