/* Text in Windows' formats, for narrow functions and wide ones. `wide`: the format, in UTF-8, is one of a wide
 * function, in which %s is wide text. */
#ifndef RESERVOIR_SIM_PROGRAM_STDIO_ENTRIES_H
#define RESERVOIR_SIM_PROGRAM_STDIO_ENTRIES_H

#include "sim/program/include/win32.h"

#include <stdbool.h>

/* As snprintf: the length that it would have, whatever fits. */
int stdio_text(char *text, size_t size, const char *format, bool wide, va_list arguments);

/* The length, or -1. */
int stdio_print(FILE *file, const char *format, bool wide, va_list arguments);

/* As vsscanf. */
int stdio_scan(const char *text, const char *format, va_list arguments);

#endif
