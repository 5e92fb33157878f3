#include "conformance/agent/system/windows_headers.h"

#include "conformance/agent/tests/tongue.h"

#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void tongue_prepare(void) { _setmode(_fileno(stdout), _O_BINARY); }

size_t tongue_convert(const char *page, const char *text, char *out, size_t size) {
    enum { ROOM = 16384 };
    static wchar_t wide[ROOM];
    UINT number = strcmp(page, "BIG5") == 0    ? 950
                  : strcmp(page, "UTF-8") == 0 ? CP_UTF8
                                               : (UINT)strtoul(page + strlen("CP"), NULL, 10);
    if (MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, ROOM) == 0) return 0;
    int length = WideCharToMultiByte(number, 0, wide, -1, out, (int)size, NULL, NULL);
    return length > 0 ? (size_t)length - 1 : 0;
}

/* It dies with us. */
void tongue_lock(const char *path) {
    while (CreateFileA(path, GENERIC_WRITE, 0, NULL, OPEN_ALWAYS, 0, NULL) == INVALID_HANDLE_VALUE) Sleep(5);
}

bool tongue_replace(const char *path, const char *by) {
    return MoveFileExA(by, path, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH) != 0;
}

unsigned tongue_process(void) { return (unsigned)GetCurrentProcessId(); }

void tongue_wait_ms(unsigned milliseconds) { Sleep(milliseconds); }

_Noreturn void tongue_die(void) {
    TerminateProcess(GetCurrentProcess(), 1);
    exit(1);
}
