/* What Windows' C library has besides the standard's, as programs use it: numbers as text, functions with sizes, wide
 * text, paths, the environment. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <time.h>
#include <io.h>
#include <direct.h>

static void numbers(void)
{
    char text[72];
    wchar_t wide[40];
    errno_t error;
    DWORD bit = 0;
    printf("%s ", _itoa(-42, text, 10));
    printf("%s ", _itoa(-1, text, 16));
    printf("%s ", _ultoa(4000000000u, text, 10));
    printf("%s ", _i64toa(-1234567890123ll, text, 10));
    printf("%s\n", _ui64toa(~0ull, text, 36));
    error = _itoa_s(1234, text, 4, 10);
    printf("four digits in four bytes: %s, \"%s\"\n", error == ERANGE ? "ERANGE" : "another", text);
    _itow_s(77, wide, _countof(wide), 10);
    wprintf(L"%ls %d\n", wide, (int)_wcstoi64(L"-17rest", NULL, 10));
    if (_BitScanReverse(&bit, 0x100)) printf("bit %lu, %08lx\n", bit, _byteswap_ulong(0x01020304));
}

static void narrow_text(void)
{
    char text[64], word[8], *next = NULL, *part;
    int number = 0, other = 0, count;
    strcpy_s(text, sizeof(text), "one,two,,three");
    for (part = strtok_s(text, ",", &next); part != NULL; part = strtok_s(NULL, ",", &next)) printf("[%s]", part);
    printf("\n");
    strcpy_s(text, sizeof(text), "MiXed");
    _strupr(text);
    printf("%s ", text);
    _strlwr(text);
    printf("%s ", text);
    printf("%s %d\n", _strrev(text), _memicmp("ABC", "abd", 2));
    count = sscanf_s("12 abcdef 34", "%d %s %d", &number, word, (unsigned)sizeof(word), &other);
    printf("%d: %d, %s, %d\n", count, number, word, other);
    count = sscanf_s("12 abcdefgh 34", "%d %3s%*s %d", &number, word, (unsigned)sizeof(word), &other);
    printf("%d: %d, %s, %d\n", count, number, word, other);
    printf("%d %d\n", _scprintf("%s of %d", "length", 12), _snprintf_s(text, 5, _TRUNCATE, "%s", "longer"));
    printf("%s\n", text);
}

static void wide_text(void)
{
    wchar_t text[32], words[] = L"x;y", *next = NULL, *part;
    char narrow[32];
    size_t count = 0;
    mbstowcs_s(&count, text, _countof(text), "hello", _TRUNCATE);
    wprintf(L"%ls with its end: %d\n", text, (int)count);
    wcstombs_s(&count, narrow, sizeof(narrow), L"back", _TRUNCATE);
    printf("%s: %d\n", narrow, (int)count);
    for (part = wcstok_s(words, L";", &next); part != NULL; part = wcstok_s(NULL, L";", &next)) wprintf(L"[%ls]", part);
    wcsncpy_s(text, _countof(text), L"abcdef", 3);
    wcsncat_s(text, _countof(text), L"xyz", 1);
    wprintf(L" %ls %d\n", text, _wcsnicmp(L"ABCq", text, 3));
    wprintf(L"%d %ls\n", _scwprintf(L"%d%ls", 12, L"abc"), _wcsupr(text));
}

static void files(void)
{
    char drive[_MAX_DRIVE], folder[_MAX_DIR], name[_MAX_FNAME], extension[_MAX_EXT], path[_MAX_PATH], line[32];
    FILE *file = NULL;
    _splitpath_s("C:\\dir\\sub\\file.txt", drive, sizeof(drive), folder, sizeof(folder), name, sizeof(name), extension,
                 sizeof(extension));
    printf("%s|%s|%s|%s\n", drive, folder, name, extension);
    _makepath_s(path, sizeof(path), drive, "\\other", name, "log");
    printf("%s\n", path);
    if (_mkdir("c_library.folder") != 0) return;
    if (_wfopen_s(&file, L"c_library.folder\\a.txt", L"wb") == 0) {
        fprintf(file, "a line\n");
        fclose(file);
    }
    if (fopen_s(&file, "c_library.folder/a.txt", "r") == 0) {
        if (fgets(line, sizeof(line), file) != NULL) printf("%s", line);
        fclose(file);
    }
    printf("there: %d\n", _access("c_library.folder/a.txt", 0));
    _unlink("c_library.folder/a.txt");
    printf("gone: %d, folder: %d\n", _access("c_library.folder/a.txt", 0), _rmdir("c_library.folder"));
}

static int __cdecl backwards(void *context, const void *one, const void *other)
{
    ++*(int *)context;
    return *(const int *)other - *(const int *)one;
}

int main(void)
{
    char text[64];
    struct tm when;
    time_t zero = 0;
    size_t needed = 0;
    int numbers_sorted[] = { 3, 1, 4, 1, 5, 9, 2, 6 }, calls = 0;
    unsigned i;
    numbers();
    narrow_text();
    wide_text();
    files();
    _putenv_s("C_LIBRARY", "value");
    getenv_s(&needed, text, sizeof(text), "C_LIBRARY");
    printf("%s, %d\n", text, (int)needed);
    gmtime_s(&when, &zero);
    asctime_s(text, sizeof(text), &when);
    printf("%s", text);
    qsort_s(numbers_sorted, _countof(numbers_sorted), sizeof(int), backwards, &calls);
    for (i = 0; i < _countof(numbers_sorted); i++) printf("%d", numbers_sorted[i]);
    printf(" %d\n", calls > 0);
    return 0;
}
