#define _DEFAULT_SOURCE /* _exit */

#include "sim/program/stop.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static void (*called_before)(void);

void stop_calls(void (*before)(void)) { called_before = before; }

_Noreturn void stop(enum stop_status status, const char *format, ...) {
    va_list arguments;
    fflush(stdout);
    va_start(arguments, format);
    fputs("reservoir: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    fflush(stderr);
    if (called_before != NULL) called_before();
    _exit((int)status);
}

_Noreturn void stop_not_modelled(const char *function, const char *what) {
    stop(STOP_NOT_MODELLED,
         "%s%s%s is not modelled. Windows has an answer to this call; Reservoir does not know it, and gives none.",
         function, what[0] == '\0' ? "" : ": ", what);
}
