/* Paths of Windows as the system has them, and its errors as Windows'. */
#ifndef RESERVOIR_SIM_PROGRAM_PATHS_H
#define RESERVOIR_SIM_PROGRAM_PATHS_H

#include "sim/program/include/win32.h"

enum { PATH_UNITS_MAX = 1024 }; /* with the 0; what is longer is cut */

/* Sets the thread's last error by errno. Returns FALSE. */
BOOL path_fails(void);

/* With / for \. Returns `path`. */
const char *path_of(LPCSTR name, char path[PATH_UNITS_MAX]);

/* As UTF-8. Returns `text`. */
LPCSTR path_narrow(LPCWSTR name, char text[PATH_UNITS_MAX]);

/* The length without the 0; or, where it does not fit, the size with it that is needed. Either narrow or wide, the
 * other is NULL. */
DWORD path_give(const char *text, LPSTR narrow, LPWSTR wide, DWORD size);

/* The descriptor of a file, or of a standard stream; -1 with the last error. */
int path_descriptor(HANDLE handle);

#endif
