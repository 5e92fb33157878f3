/* On Windows alone: a UTF-8 path as Windows itself takes it. */
#ifndef RESERVOIR_CONFORMANCE_BASE_WIDE_PATH_H
#define RESERVOIR_CONFORMANCE_BASE_WIDE_PATH_H

#include <stdbool.h>
#include <wchar.h>

#include "conformance/base/files.h"

/* With backslashes, and where it is long in the form that has no limit of 260 characters. False with errno when it is
 * no UTF-8 or longer than there is room. */
bool wide_path(const char *path, wchar_t wide[FOLDER_PATH_MAX]);

#endif
