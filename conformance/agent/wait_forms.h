/* The three other functions of kernel32 that wait for objects, each a form of WaitForMultipleObjectsEx. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_WAIT_FORMS_H
#define RESERVOIR_CONFORMANCE_AGENT_WAIT_FORMS_H

#include "conformance/agent/functions.h"

/* Defines them for whoever has a PREFIX_WaitForMultipleObjectsEx, as PREFIX_WaitForMultipleObjects and so on. */
#define WAIT_FORMS(prefix) \
    static DWORD WINAPI prefix##_WaitForMultipleObjects(DWORD count, const HANDLE *handles, BOOL all, \
                                                        DWORD limit_ms) { \
        return prefix##_WaitForMultipleObjectsEx(count, handles, all, limit_ms, FALSE); \
    } \
    static DWORD WINAPI prefix##_WaitForSingleObject(HANDLE handle, DWORD limit_ms) { \
        return prefix##_WaitForMultipleObjectsEx(1, &handle, FALSE, limit_ms, FALSE); \
    } \
    static DWORD WINAPI prefix##_WaitForSingleObjectEx(HANDLE handle, DWORD limit_ms, BOOL alertable) { \
        return prefix##_WaitForMultipleObjectsEx(1, &handle, FALSE, limit_ms, alertable); \
    }

/* Puts all four into a table. */
#define WAIT_FORMS_PUT(table, prefix) \
    ((table)->WaitForSingleObject = prefix##_WaitForSingleObject, \
     (table)->WaitForSingleObjectEx = prefix##_WaitForSingleObjectEx, \
     (table)->WaitForMultipleObjects = prefix##_WaitForMultipleObjects, \
     (table)->WaitForMultipleObjectsEx = prefix##_WaitForMultipleObjectsEx)

#endif
