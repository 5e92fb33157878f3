#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include "reports/commands/place.h"

bool place_of_executable(char *path, size_t size) {
    DWORD length = GetModuleFileNameA(NULL, path, (DWORD)size);
    if (length == 0 || length >= size) return false;
    for (char *at = path; *at != '\0'; at++) {
        if (*at == '\\') *at = '/';
    }
    return true;
}

bool place_full(const char *file, char *path, size_t size) {
    DWORD length = GetFullPathNameA(file, (DWORD)size, path, NULL);
    return length > 0 && length < size;
}
