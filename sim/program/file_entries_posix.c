/* kernel32: files and the console, which are those of the system that the program runs on. Overlapped files are not
 * modelled, and files are no part of the machine that is. A path is taken as it is, with / for \. */
#include "sim/program/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "sim/program/objects.h"
#include "sim/program/stop.h"
#include "sim/program/threads.h"
#include "sim/program/transfers.h"
#include "sim/memory/utf16.h"

BOOL path_fails(void) {
    static const struct {
        int of_system;
        DWORD error;
    } rows[] = { { ENOENT, ERROR_FILE_NOT_FOUND },  { EACCES, ERROR_ACCESS_DENIED },
                 { EPERM, ERROR_ACCESS_DENIED },    { EEXIST, ERROR_FILE_EXISTS },
                 { ENOTDIR, ERROR_PATH_NOT_FOUND }, { EISDIR, ERROR_ACCESS_DENIED },
                 { ENOSPC, ERROR_DISK_FULL },       { EMFILE, ERROR_TOO_MANY_OPEN_FILES } };
    DWORD error = ERROR_GEN_FAILURE;
    for (unsigned i = 0; i < _countof(rows); i++)
        if (rows[i].of_system == errno) error = rows[i].error;
    thread_set_last_error(error);
    return FALSE;
}

const char *path_of(LPCSTR name, char path[PATH_UNITS_MAX]) {
    snprintf(path, PATH_UNITS_MAX, "%s", name);
    for (char *at = path; *at != '\0'; at++)
        if (*at == '\\') *at = '/';
    return path;
}

LPCSTR path_narrow(LPCWSTR name, char text[PATH_UNITS_MAX]) {
    unsigned length = utf8_from_utf16(name, (unsigned)lstrlenW(name), text, PATH_UNITS_MAX - 1);
    text[length] = '\0';
    return text;
}

DWORD path_give(const char *text, LPSTR narrow, LPWSTR wide, DWORD size) {
    DWORD length = (DWORD)strlen(text);
    threads_enter();
    if (length >= size) return length + 1;
    if (narrow != NULL) memcpy(narrow, text, length + 1);
    else utf16_from_utf8(text, length, wide, length + 1);
    return length;
}

/* --- handles ------------------------------------------------------------------------------------------------------ */

int path_descriptor(HANDLE handle) {
    threads_enter();
    const struct object *object = object_of((uint64_t)(uintptr_t)handle);
    if (object != NULL && object->kind == OBJECT_FILE) return object->count;
    for (int i = 0; i < 3; i++)
        if (handle == GetStdHandle(STD_INPUT_HANDLE - (DWORD)i)) return i;
    thread_set_last_error(ERROR_INVALID_HANDLE);
    return -1;
}

/* What `disposition` means to the system. */
static int flags_of(DWORD access, DWORD disposition) {
    static const int made[] = { [CREATE_NEW] = O_CREAT | O_EXCL,
                                [CREATE_ALWAYS] = O_CREAT | O_TRUNC,
                                [OPEN_EXISTING] = 0,
                                [OPEN_ALWAYS] = O_CREAT,
                                [TRUNCATE_EXISTING] = O_TRUNC };
    bool writes = (access & (GENERIC_WRITE | GENERIC_ALL | FILE_WRITE_DATA | FILE_APPEND_DATA)) != 0;
    bool reads = (access & (GENERIC_READ | GENERIC_ALL | FILE_READ_DATA)) != 0;
    int appends = (access & FILE_APPEND_DATA) != 0 && (access & (GENERIC_WRITE | FILE_WRITE_DATA)) == 0 ? O_APPEND : 0;
    int how = disposition < _countof(made) ? made[disposition] : 0;
    return how | appends | O_CLOEXEC | (writes ? (reads ? O_RDWR : O_WRONLY) : O_RDONLY);
}

HANDLE CreateFileA(LPCSTR name, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES attributes, DWORD disposition,
                   DWORD flags, HANDLE model) {
    char path[PATH_UNITS_MAX];
    uint64_t handle = 0;
    (void)share, (void)attributes, (void)model;
    threads_enter();
    if ((flags & FILE_FLAG_OVERLAPPED) != 0) stop_not_modelled("CreateFile", "an overlapped file");
    if (strncmp(name, "\\\\", 2) == 0) stop_not_modelled("CreateFile", "a device or a pipe");
    bool null_device = strcasecmp(name, "NUL") == 0;
    int file = open(null_device ? "/dev/null" : path_of(name, path), flags_of(access, disposition), 0666);
    if (file < 0) return path_fails(), INVALID_HANDLE_VALUE;
    struct object *object = object_create(OBJECT_FILE, &handle);
    if (object == NULL) stop(STOP_NO_ROOM, "there are too many handles");
    object->count = file;
    return (HANDLE)(uintptr_t)handle;
}

HANDLE CreateFileW(LPCWSTR name, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES attributes, DWORD disposition,
                   DWORD flags, HANDLE model) {
    char text[PATH_UNITS_MAX];
    return CreateFileA(path_narrow(name, text), access, share, attributes, disposition, flags, model);
}

/* --- reading and writing ------------------------------------------------------------------------------------------ */

BOOL ReadFile(HANDLE handle, LPVOID data, DWORD size, LPDWORD count, LPOVERLAPPED overlapped) {
    if (transfer_is_socket(handle)) return transfer_read((SOCKET)(uintptr_t)handle, data, size, count, overlapped);
    int file = path_descriptor(handle);
    if (overlapped != NULL) stop_not_modelled("ReadFile", "an OVERLAPPED of a file");
    if (file < 0) return FALSE;
    ssize_t got = read(file, data, size);
    if (got >= 0 && count != NULL) *count = (DWORD)got;
    return got >= 0 ? TRUE : path_fails();
}

BOOL WriteFile(HANDLE handle, LPCVOID data, DWORD size, LPDWORD count, LPOVERLAPPED overlapped) {
    if (transfer_is_socket(handle)) return transfer_write((SOCKET)(uintptr_t)handle, data, size, count, overlapped);
    int file = path_descriptor(handle);
    if (overlapped != NULL) stop_not_modelled("WriteFile", "an OVERLAPPED of a file");
    if (file < 0) return FALSE;
    if (file == STDOUT_FILENO) fflush(stdout); /* what was printed before comes before */
    ssize_t put = write(file, data, size);
    if (put >= 0 && count != NULL) *count = (DWORD)put;
    return put >= 0 ? TRUE : path_fails();
}

BOOL FlushFileBuffers(HANDLE handle) { return path_descriptor(handle) >= 0; }

BOOL SetFilePointerEx(HANDLE handle, LARGE_INTEGER distance, PLARGE_INTEGER now, DWORD from) {
    int file = path_descriptor(handle);
    off_t at = file < 0 ? -1 : lseek(file, distance.QuadPart, (int)from);
    if (at >= 0 && now != NULL) now->QuadPart = at;
    return at >= 0 ? TRUE : file < 0 ? FALSE : path_fails();
}

DWORD SetFilePointer(HANDLE handle, LONG distance, PLONG high, DWORD from) {
    LARGE_INTEGER whole = { .QuadPart = distance }, now;
    if (high != NULL) whole.HighPart = *high, whole.LowPart = (DWORD)distance;
    if (!SetFilePointerEx(handle, whole, &now, from)) return INVALID_SET_FILE_POINTER;
    if (high != NULL) *high = now.HighPart;
    return now.LowPart;
}

BOOL SetEndOfFile(HANDLE handle) {
    int file = path_descriptor(handle);
    return file >= 0 && (ftruncate(file, lseek(file, 0, SEEK_CUR)) == 0 ? TRUE : path_fails());
}

BOOL GetFileSizeEx(HANDLE handle, PLARGE_INTEGER size) {
    struct stat status;
    int file = path_descriptor(handle);
    if (file < 0) return FALSE;
    if (fstat(file, &status) != 0) return path_fails();
    size->QuadPart = status.st_size;
    return TRUE;
}

DWORD GetFileSize(HANDLE handle, LPDWORD high) {
    LARGE_INTEGER size;
    if (!GetFileSizeEx(handle, &size)) return INVALID_FILE_SIZE;
    if (high != NULL) *high = (DWORD)size.HighPart;
    return size.LowPart;
}

DWORD GetFileType(HANDLE handle) {
    struct stat status;
    int file = path_descriptor(handle);
    if (file < 0 || fstat(file, &status) != 0) return FILE_TYPE_UNKNOWN;
    if (S_ISCHR(status.st_mode)) return FILE_TYPE_CHAR;
    return S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) ? FILE_TYPE_PIPE : FILE_TYPE_DISK;
}

/* --- names -------------------------------------------------------------------------------------------------------- */

BOOL DeleteFileA(LPCSTR name) {
    char path[PATH_UNITS_MAX];
    threads_enter();
    return unlink(path_of(name, path)) == 0 ? TRUE : path_fails();
}

BOOL DeleteFileW(LPCWSTR name) {
    char text[PATH_UNITS_MAX];
    return DeleteFileA(path_narrow(name, text));
}

BOOL CreateDirectoryA(LPCSTR name, LPSECURITY_ATTRIBUTES attributes) {
    char path[PATH_UNITS_MAX];
    (void)attributes;
    threads_enter();
    if (mkdir(path_of(name, path), 0777) == 0) return TRUE;
    bool there = errno == EEXIST;
    path_fails();
    if (there) thread_set_last_error(ERROR_ALREADY_EXISTS);
    return FALSE;
}

DWORD GetFileAttributesA(LPCSTR name) {
    char path[PATH_UNITS_MAX];
    struct stat status;
    threads_enter();
    if (stat(path_of(name, path), &status) != 0) return path_fails(), INVALID_FILE_ATTRIBUTES;
    return S_ISDIR(status.st_mode) ? FILE_ATTRIBUTE_DIRECTORY : FILE_ATTRIBUTE_NORMAL;
}

DWORD GetFileAttributesW(LPCWSTR name) {
    char text[PATH_UNITS_MAX];
    return GetFileAttributesA(path_narrow(name, text));
}

DWORD GetTempPathA(DWORD size, LPSTR path) {
    const char *folder = getenv("TMPDIR");
    char text[PATH_UNITS_MAX];
    threads_enter();
    int length = snprintf(text, sizeof text, "%s/", folder != NULL ? folder : "/tmp");
    if (length < 0 || (DWORD)length >= size) return (DWORD)length + 1;
    memcpy(path, text, (size_t)length + 1);
    return (DWORD)length;
}

DWORD GetTempPathW(DWORD size, LPWSTR path) {
    char text[PATH_UNITS_MAX];
    DWORD length = GetTempPathA(sizeof text, text);
    return length >= size ? length + 1 : utf16_from_utf8(text, length, path, size);
}

DWORD GetCurrentDirectoryA(DWORD size, LPSTR path) {
    char text[PATH_UNITS_MAX];
    threads_enter();
    if (getcwd(text, sizeof text) == NULL) return path_fails(), 0;
    size_t length = strlen(text);
    if (length >= size) return (DWORD)length + 1;
    memcpy(path, text, length + 1);
    return (DWORD)length;
}

DWORD GetModuleFileNameA(HMODULE module, LPSTR name, DWORD size) {
    char text[PATH_UNITS_MAX];
    threads_enter();
    if (module != NULL && module != GetModuleHandleA(NULL)) stop_not_modelled("GetModuleFileName", "another module");
    ssize_t length = readlink("/proc/self/exe", text, sizeof text - 1);
    if (length < 0) return path_fails(), 0;
    text[length] = '\0';
    bool fits = (DWORD)length < size;
    if (size > 0) snprintf(name, size, "%s", text);
    if (!fits) thread_set_last_error(ERROR_INSUFFICIENT_BUFFER);
    return fits ? (DWORD)length : size;
}

DWORD GetModuleFileNameW(HMODULE module, LPWSTR name, DWORD size) {
    char text[PATH_UNITS_MAX];
    DWORD length = GetModuleFileNameA(module, text, sizeof text);
    return size == 0 ? 0 : utf16_from_utf8(text, length, name, size);
}

/* --- the console -------------------------------------------------------------------------------------------------- */

/* ERROR_INVALID_HANDLE for what is no console: then its output goes to a file or a pipe. */
static int console_of(HANDLE handle) {
    int file = path_descriptor(handle);
    if (file >= 0 && isatty(file)) return file;
    thread_set_last_error(ERROR_INVALID_HANDLE);
    return -1;
}

BOOL WriteConsoleA(HANDLE handle, LPCVOID text, DWORD length, LPDWORD count, LPVOID reserved) {
    (void)reserved;
    return console_of(handle) >= 0 && WriteFile(handle, text, length, count, NULL);
}

BOOL WriteConsoleW(HANDLE handle, LPCVOID text, DWORD length, LPDWORD count, LPVOID reserved) {
    char narrowed[PATH_UNITS_MAX];
    (void)reserved;
    if (console_of(handle) < 0) return FALSE;
    unsigned bytes = utf8_from_utf16(text, length, narrowed, sizeof narrowed);
    if (count != NULL) *count = length;
    return WriteFile(handle, narrowed, bytes, NULL, NULL);
}

BOOL GetConsoleMode(HANDLE handle, LPDWORD mode) {
    if (console_of(handle) < 0) return FALSE;
    *mode = ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING;
    return TRUE;
}

BOOL SetConsoleMode(HANDLE handle, DWORD mode) {
    (void)mode;
    return console_of(handle) >= 0;
}

BOOL SetConsoleTextAttribute(HANDLE handle, WORD attributes) {
    (void)attributes;
    return console_of(handle) >= 0;
}

BOOL GetConsoleScreenBufferInfo(HANDLE handle, PCONSOLE_SCREEN_BUFFER_INFO info) {
    if (console_of(handle) < 0) return FALSE;
    memset(info, 0, sizeof *info);
    info->dwSize.X = info->srWindow.Right = 80;
    info->dwSize.Y = info->srWindow.Bottom = 25;
    info->wAttributes = FOREGROUND_RED | FOREGROUND_GREEN | FOREGROUND_BLUE;
    return TRUE;
}

BOOL SetConsoleTitleA(LPCSTR title) { return title != NULL; }
BOOL SetConsoleTitleW(LPCWSTR title) { return title != NULL; }
BOOL SetConsoleCP(UINT code_page) { return code_page != 0; }
UINT GetConsoleOutputCP(void) { return CP_UTF8; }
UINT GetConsoleCP(void) { return CP_UTF8; }
UINT GetACP(void) { return CP_UTF8; }
