#define _POSIX_C_SOURCE 200809L /* readlink */

#include <unistd.h>

#include "reports/commands/place.h"

bool place_of_executable(char *path, size_t size) {
    ssize_t length = readlink("/proc/self/exe", path, size);
    if (length <= 0 || (size_t)length >= size) return false;
    path[length] = '\0';
    return true;
}
