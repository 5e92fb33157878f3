#include "stack/winsock/handles.h"

#include <stddef.h>

/* Above every handle that the model gives. */
enum { NOT_OURS = 0x7FFFFFFC };

static WSPUPCALLTABLE upcalls;

void handles_use(const WSPUPCALLTABLE *table) { upcalls = *table; }

SOCKET handle_for(uint64_t own, LPINT error) {
    enum { CATALOGUE_ENTRY = 1 };
    return upcalls.lpWPUCreateSocketHandle(CATALOGUE_ENTRY, (DWORD_PTR)own, error);
}

uint64_t handle_own(SOCKET s) {
    DWORD_PTR own = 0;
    int error = 0;
    if (s == 0 || s == INVALID_SOCKET) return s;
    if (upcalls.lpWPUQuerySocketHandleContext == NULL) return NOT_OURS; /* no one has called WSPStartup yet */
    return upcalls.lpWPUQuerySocketHandleContext(s, &own, &error) == 0 ? own : (uint64_t)NOT_OURS;
}

void handle_gone(SOCKET s) {
    int error = 0;
    (void)upcalls.lpWPUCloseSocketHandle(s, &error);
}
