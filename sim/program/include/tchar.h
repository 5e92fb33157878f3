/* tchar.h for programs that are compiled for the model: text that is wide with _UNICODE. */
#ifndef RESERVOIR_PROGRAM_TCHAR_H
#define RESERVOIR_PROGRAM_TCHAR_H

#if defined(_UNICODE) && !defined(UNICODE)
#define UNICODE
#endif
#include <locale.h>

#include "sim/program/include/windows.h"

#ifdef _UNICODE
#define _T(quoted) L##quoted
#define _TEXT(quoted) L##quoted
#define _tmain wmain
#define _tprintf wprintf
#define _ftprintf fwprintf
#define _stprintf_s swprintf
#define _sntprintf swprintf
#define _sntprintf_s(text, size, count, ...) swprintf((text), (size), __VA_ARGS__)
#define _tcscat wcscat
#define _tcsncpy wcsncpy
#define _tcsrchr wcsrchr
#define _tcsstr wcsstr
#define _tcsncmp wcsncmp
#define _tcscpy_s wcscpy_s
#define _tcscat_s wcscat_s
#define _vtprintf vwprintf
#define _vftprintf vfwprintf
#define _tcslen wcslen
#define _tcscmp wcscmp
#define _tcsicmp _wcsicmp
#define _tcscpy wcscpy
#define _tcschr wcschr
#define _ttoi _wtoi
#define _tstoi _wtoi
#define _tstol(text) wcstol((text), NULL, 10)
#define _tcsdup _wcsdup
#define _tsetlocale _wsetlocale
#define _tcstol wcstol
#define _tcstoul wcstoul
#define _fputts fputws
#define _putts _putws
typedef wchar_t _TCHAR;
#else
#define _T(quoted) quoted
#define _TEXT(quoted) quoted
#define _tmain main
#define _tprintf printf
#define _ftprintf fprintf
#define _stprintf_s snprintf
#define _sntprintf snprintf
#define _sntprintf_s _snprintf_s
#define _tcscat strcat
#define _tcsncpy strncpy
#define _tcsrchr strrchr
#define _tcsstr strstr
#define _tcsncmp strncmp
#define _tcscpy_s strcpy_s
#define _tcscat_s strcat_s
#define _vtprintf vprintf
#define _vftprintf vfprintf
#define _tcslen strlen
#define _tcscmp strcmp
#define _tcsicmp strcasecmp
#define _tcscpy strcpy
#define _tcschr strchr
#define _ttoi atoi
#define _tstoi atoi
#define _tstol atol
#define _tcsdup strdup
#define _tsetlocale setlocale
#define _tcstol strtol
#define _tcstoul strtoul
#define _fputts fputs
#define _putts puts
typedef char _TCHAR;
#endif

#endif
