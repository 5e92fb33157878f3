/* How the end of an overlapped request reaches the program: its OVERLAPPED, and then its routine; or its event, and the
 * packet at its socket's completion port, which only ws2_32 can queue (WPUCompleteOverlappedRequest). */
#ifndef RESERVOIR_CONFORMANCE_LAYERED_COMPLETIONS_H
#define RESERVOIR_CONFORMANCE_LAYERED_COMPLETIONS_H

#include "conformance/layered/windows_headers.h"

#include <stdbool.h>

/* The memory of `overlapped` is the provider's from completion_pends to completion_report. */
struct completion {
    SOCKET socket;
    LPWSAOVERLAPPED overlapped;
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine; /* NULL: it is reported by event and packet */
    WSATHREADID thread;                         /* a copy: the caller's is gone when its call has returned */
    LPWSATHREADID callers;                      /* the caller's, during its call; else NULL */
};

/* `thread` may be NULL where there is no routine. */
struct completion completion_of(SOCKET s, LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                                LPWSATHREADID thread);

/* Its event is reset, and it says that it is pending. */
void completion_pends(const struct completion *completion);

/* It is over, with a Winsock error or 0. Once. */
void completion_report(const struct completion *completion, int error, DWORD bytes);

/* WSPGetOverlappedResult. */
BOOL WSPAPI layered_result(SOCKET s, LPWSAOVERLAPPED overlapped, LPDWORD bytes, BOOL wait, LPDWORD flags, LPINT error);

#endif
