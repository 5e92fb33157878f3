#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include "conformance/base/program.h"

#include <shellapi.h>

#include "conformance/base/memory.h"

/* False when it does not fit. */
static bool narrow(const wchar_t *wide, char text[FOLDER_PATH_MAX]) {
    return WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, FOLDER_PATH_MAX, NULL, NULL) != 0;
}

/* Not main's: they are in a code page that may lack what they say. */
char **program_words(int main_count, char **main_words, int *count) {
    (void)main_count, (void)main_words;
    wchar_t **wide = CommandLineToArgvW(GetCommandLineW(), count);
    if (wide == NULL) return NULL;
    char **words = memory_zeroed(((size_t)*count + 1) * sizeof *words);
    for (int i = 0; i < *count; i++) {
        int size = WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, NULL, 0, NULL, NULL);
        words[i] = memory_zeroed((size_t)size + 1);
        WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, words[i], size, NULL, NULL);
    }
    LocalFree(wide);
    return words;
}

bool program_variable(const char *name, char value[FOLDER_PATH_MAX]) {
    wchar_t wide_name[64], wide[FOLDER_PATH_MAX];
    value[0] = '\0';
    if (MultiByteToWideChar(CP_UTF8, 0, name, -1, wide_name, 64) == 0) return false;
    DWORD length = GetEnvironmentVariableW(wide_name, wide, FOLDER_PATH_MAX);
    if (length > 0 && length < FOLDER_PATH_MAX && !narrow(wide, value)) value[0] = '\0';
    return value[0] != '\0';
}

bool program_path(char path[FOLDER_PATH_MAX]) {
    wchar_t wide[FOLDER_PATH_MAX];
    DWORD length = GetModuleFileNameW(NULL, wide, FOLDER_PATH_MAX);
    return length > 0 && length < FOLDER_PATH_MAX && narrow(wide, path);
}
