#define _XOPEN_SOURCE 700 /* readlink, realpath */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reports/commands/place.h"

bool place_of_executable(char *path, size_t size) {
    ssize_t length = readlink("/proc/self/exe", path, size);
    if (length <= 0 || (size_t)length >= size) return false;
    path[length] = '\0';
    return true;
}

bool place_full(const char *file, char *path, size_t size) {
    char *full = realpath(file, NULL);
    bool fits = full != NULL && strlen(full) < size;
    if (fits) strcpy(path, full);
    free(full);
    return fits;
}
