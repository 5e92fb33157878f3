#define _POSIX_C_SOURCE 200809L /* readlink */

#include "conformance/base/program.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char **program_words(int main_count, char **main_words, int *count) {
    *count = main_count;
    return main_words;
}

bool program_variable(const char *name, char value[FOLDER_PATH_MAX]) {
    const char *found = getenv(name);
    bool fits = found != NULL && strlen(found) < FOLDER_PATH_MAX;
    strcpy(value, fits ? found : "");
    return value[0] != '\0';
}

bool program_path(char path[FOLDER_PATH_MAX]) {
    ssize_t length = readlink("/proc/self/exe", path, FOLDER_PATH_MAX);
    if (length <= 0 || length >= FOLDER_PATH_MAX) return false;
    path[length] = '\0';
    return true;
}
