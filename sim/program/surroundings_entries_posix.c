/* kernel32: what a program asks about itself and where it runs - its command line, its environment, its user, the names
 * of the machine, the version of Windows. */
#include "sim/program/paths.h"

#include <assert.h>
#include <unistd.h>

#include "sim/program/machine.h"
#include "sim/program/stop.h"
#include "sim/program/threads.h"
#include "sim/memory/utf16.h"

#undef free
#undef snprintf

extern char **environ;

static void *must_have(void *memory) {
    if (memory == NULL) stop(STOP_NO_ROOM, "there is no memory for the program's surroundings");
    return memory;
}

/* --- the command line --------------------------------------------------------------------------------------------- */

/* Text that grows. */
struct line {
    char *text;
    size_t used, room;
};

static void put(struct line *line, char character, size_t count) {
    if (line->used + count + 1 > line->room) {
        line->room = (line->room + count + 1) * 2;
        line->text = must_have(realloc(line->text, line->room));
    }
    memset(line->text + line->used, character, count);
    line->used += count;
    line->text[line->used] = '\0';
}

/* One argument, so that CommandLineToArgvW finds it again: in quotes where it has to be, a \ doubled before a quote. */
static void put_argument(struct line *line, const char *argument) {
    bool quoted = argument[0] == '\0' || strpbrk(argument, " \t\"") != NULL;
    size_t backslashes = 0;
    if (line->used > 0) put(line, ' ', 1);
    if (quoted) put(line, '"', 1);
    for (const char *at = argument; *at != '\0'; at++) {
        if (*at == '"') put(line, '\\', backslashes + 1);
        backslashes = *at == '\\' ? backslashes + 1 : 0;
        put(line, *at, 1);
    }
    if (quoted) put(line, '\\', backslashes), put(line, '"', 1);
}

LPSTR GetCommandLineA(void) {
    static char *kept;
    threads_enter();
    if (kept != NULL) return kept;
    FILE *file = fopen("/proc/self/cmdline", "rb");
    struct line whole = { NULL, 0, 0 };
    char *argument = NULL;
    size_t size = 0;
    put(&whole, '\0', 0);
    while (file != NULL && getdelim(&argument, &size, '\0', file) > 0) put_argument(&whole, argument);
    free(argument);
    if (file != NULL) fclose(file);
    return kept = whole.text;
}

static LPWSTR widened(const char *text, size_t bytes) {
    LPWSTR wide = must_have(malloc((bytes + 1) * sizeof(WCHAR)));
    utf16_from_utf8(text, (unsigned)bytes, wide, (unsigned)bytes + 1);
    return wide;
}

LPWSTR GetCommandLineW(void) {
    static LPWSTR kept;
    LPSTR narrow = GetCommandLineA();
    if (kept == NULL) kept = widened(narrow, strlen(narrow));
    return kept;
}

/* One argument after the first, by its page's rules: 2n \ before a quote are n \, and the quote begins or ends a part
 * in quotes; 2n + 1 are n \ and a quote. Two quotes inside such a part are one. */
static LPCWSTR take_argument(LPCWSTR at, LPWSTR *to) {
    bool inside = false;
    while (*at != 0 && (inside || (*at != ' ' && *at != '\t'))) {
        unsigned backslashes = 0;
        while (*at == '\\') at++, backslashes++;
        if (*at != '"') {
            while (backslashes-- > 0) *(*to)++ = '\\';
            if (*at != 0 && (inside || (*at != ' ' && *at != '\t'))) *(*to)++ = *at++;
            continue;
        }
        for (unsigned i = 0; i < backslashes / 2; i++) *(*to)++ = '\\';
        at++;
        if (backslashes % 2 != 0) *(*to)++ = '"';
        else if (inside && *at == '"') *(*to)++ = *at++;
        else inside = !inside;
    }
    *(*to)++ = 0;
    return at;
}

/* The program's name has no \ that escapes. */
static LPCWSTR take_name(LPCWSTR at, LPWSTR *to) {
    bool quoted = *at == '"';
    if (quoted) at++;
    while (*at != 0 && (quoted ? *at != '"' : *at != ' ' && *at != '\t')) *(*to)++ = *at++;
    *(*to)++ = 0;
    return quoted && *at == '"' ? at + 1 : at;
}

/* One block of memory, for LocalFree. */
LPWSTR *CommandLineToArgvW(LPCWSTR line, int *count) {
    threads_enter();
    if (count == NULL) return thread_set_last_error(ERROR_INVALID_PARAMETER), NULL;
    size_t most = (size_t)lstrlenW(line) / 2 + 3;
    LPWSTR *words = must_have(malloc(most * sizeof *words + ((size_t)lstrlenW(line) + most) * sizeof(WCHAR)));
    LPWSTR to = (LPWSTR)(void *)(words + most);
    words[0] = to;
    LPCWSTR at = take_name(line, &to);
    for (*count = 1;; (*count)++) {
        while (*at == ' ' || *at == '\t') at++;
        if (*at == 0) break;
        words[*count] = to;
        at = take_argument(at, &to);
    }
    words[*count] = NULL;
    return words;
}

/* --- the environment ---------------------------------------------------------------------------------------------- */

/* The variables, each with its 0, and another 0. *bytes: how many. */
static char *environment(size_t *bytes) {
    size_t used = 0;
    for (char **variable = environ; *variable != NULL; variable++) used += strlen(*variable) + 1;
    char *block = must_have(malloc(used + 2)), *to = block;
    for (char **variable = environ; *variable != NULL; variable++) to = stpcpy(to, *variable) + 1;
    to[0] = to[1] = '\0';
    *bytes = used + 1;
    return block;
}

LPCH GetEnvironmentStrings(void) {
    size_t bytes;
    threads_enter();
    return environment(&bytes);
}

LPWCH GetEnvironmentStringsW(void) {
    size_t bytes;
    threads_enter();
    char *narrow = environment(&bytes);
    LPWCH wide = widened(narrow, bytes);
    free(narrow);
    return wide;
}

BOOL FreeEnvironmentStringsA(LPCH block) {
    threads_enter();
    free(block);
    return TRUE;
}

BOOL FreeEnvironmentStringsW(LPWCH block) {
    threads_enter();
    free(block);
    return TRUE;
}

/* %NAME% by its value; what is no variable stays as it is. To be freed. */
static char *expanded(const char *text) {
    struct line whole = { NULL, 0, 0 };
    put(&whole, '\0', 0);
    for (const char *at = text; *at != '\0';) {
        const char *end = *at == '%' ? strchr(at + 1, '%') : NULL;
        char name[256] = "";
        if (end != NULL) snprintf(name, sizeof name, "%.*s", (int)(end - at - 1), at + 1);
        const char *value = name[0] == '\0' ? NULL : getenv(name);
        for (const char *from = value; from != NULL && *from != '\0'; from++) put(&whole, *from, 1);
        if (value == NULL) put(&whole, *at, 1);
        at = value == NULL ? at + 1 : end + 1;
    }
    return whole.text;
}

/* The size with the 0, whether it fits or not. */
static DWORD give_expanded(const char *text, LPSTR narrow, LPWSTR wide, DWORD size) {
    threads_enter();
    char *whole = expanded(text);
    DWORD length = path_give(whole, narrow, wide, size);
    free(whole);
    return length < size ? length + 1 : length;
}

DWORD ExpandEnvironmentStringsA(LPCSTR text, LPSTR to, DWORD size) { return give_expanded(text, to, NULL, size); }

DWORD ExpandEnvironmentStringsW(LPCWSTR text, LPWSTR to, DWORD size) {
    char narrow[PATH_UNITS_MAX];
    return give_expanded(path_narrow(text, narrow), NULL, to, size);
}

/* --- names -------------------------------------------------------------------------------------------------------- */

/* *size: in the size of the buffer, out the length without the 0, or the size that is needed. */
static BOOL give_name(const char *text, LPSTR narrow, LPWSTR wide, LPDWORD size, bool counts_end, DWORD error) {
    threads_enter();
    DWORD length = (DWORD)strlen(text), given = *size;
    bool fits = given > length;
    *size = !fits || counts_end ? length + 1 : length;
    if (fits) path_give(text, narrow, wide, given);
    else thread_set_last_error(error);
    return fits;
}

static const char own_name[] = "RESERVOIR";

BOOL GetComputerNameA(LPSTR name, LPDWORD size) {
    return give_name(own_name, name, NULL, size, false, ERROR_BUFFER_OVERFLOW);
}
BOOL GetComputerNameW(LPWSTR name, LPDWORD size) {
    return give_name(own_name, NULL, name, size, false, ERROR_BUFFER_OVERFLOW);
}

/* The account that the program runs under; its length has the 0. */
static const char *user_name(void) {
    static const char *const names[] = { [ACCOUNT_STANDARD_USER] = "standard",
                                         [ACCOUNT_ADMINISTRATOR] = "administrator",
                                         [ACCOUNT_BUILTIN_ADMINISTRATOR] = "Administrator",
                                         [ACCOUNT_LOCAL_SYSTEM] = "SYSTEM" };
    threads_enter();
    return names[machine_options()->account];
}

BOOL GetUserNameA(LPSTR name, LPDWORD size) {
    return give_name(user_name(), name, NULL, size, true, ERROR_INSUFFICIENT_BUFFER);
}
BOOL GetUserNameW(LPWSTR name, LPDWORD size) {
    return give_name(user_name(), NULL, name, size, true, ERROR_INSUFFICIENT_BUFFER);
}

/* --- the process, the version ------------------------------------------------------------------------------------- */

/* Of the program itself; there is no other process: ERROR_INVALID_PARAMETER. */
HANDLE OpenProcess(DWORD access, BOOL inherit, DWORD process) {
    HANDLE self = GetCurrentProcess(), opened = NULL;
    (void)access;
    threads_enter();
    if (process != GetCurrentProcessId()) return thread_set_last_error(ERROR_INVALID_PARAMETER), NULL;
    return DuplicateHandle(self, self, self, &opened, 0, inherit, DUPLICATE_SAME_ACCESS) ? opened : NULL;
}

BOOL IsWow64Process(HANDLE process, PBOOL is_wow64) {
    threads_enter();
    (void)process;
    *is_wow64 = FALSE;
    return TRUE;
}

/* Without a manifest that names a later Windows a program hears of 6.2, Windows 8, whatever it runs on (GetVersionEx,
 * GetVersion). 9200 is the build of Windows 8. */
enum { VERSION_MAJOR = 6, VERSION_MINOR = 2, VERSION_BUILD = 9200 };

DWORD GetVersion(void) { return VERSION_BUILD << 16 | VERSION_MINOR << 8 | VERSION_MAJOR; }

/* The structure is the caller's, short or long. */
#define GIVE_VERSION(info, short_type, long_type) \
    do { \
        threads_enter(); \
        DWORD size = (info)->dwOSVersionInfoSize; \
        if (size != sizeof(short_type) && size != sizeof(long_type)) \
            return thread_set_last_error(ERROR_INSUFFICIENT_BUFFER), FALSE; \
        memset((info), 0, size); \
        (info)->dwOSVersionInfoSize = size; \
        (info)->dwMajorVersion = VERSION_MAJOR; \
        (info)->dwMinorVersion = VERSION_MINOR; \
        (info)->dwBuildNumber = VERSION_BUILD; \
        (info)->dwPlatformId = VER_PLATFORM_WIN32_NT; \
        if (size == sizeof(long_type)) ((long_type *)(void *)(info))->wProductType = VER_NT_WORKSTATION; \
        return TRUE; \
    } while (0)

BOOL GetVersionExA(LPOSVERSIONINFOA info) { GIVE_VERSION(info, OSVERSIONINFOA, OSVERSIONINFOEXA); }
BOOL GetVersionExW(LPOSVERSIONINFOW info) { GIVE_VERSION(info, OSVERSIONINFOW, OSVERSIONINFOEXW); }
