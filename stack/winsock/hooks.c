#include "stack/winsock/hooks.h"

#include <stdbool.h>
#include <stddef.h>

#include "stack/winsock/machine.h"

static WSPUPCALLTABLE upcalls;

/* Of the calling thread. */
static __thread LPBLOCKINGCALLBACK callback;
static __thread DWORD_PTR callback_context;
static __thread bool hooked;

void hooks_use(const WSPUPCALLTABLE *table) { upcalls = *table; }

/* Its client cancels the blocking call by WSPCancelBlockingCall; what the callback returns says so once more. */
static INT_PTR WINAPI run_callback(void) {
    (void)callback(callback_context);
    return FALSE;
}

static void ask(enum function function, uint64_t first) {
    const uint64_t arguments[CALL_ARGUMENTS_MAX] = { first };
    struct call call;
    uint32_t error = 0;
    winsock_machine_record(&call, function, arguments);
    (void)winsock_machine_call(&call, &error);
}

void hook_follow(void) {
    LPBLOCKINGCALLBACK now = NULL;
    int error = 0;
    if (upcalls.lpWPUQueryBlockingCallback(1, &now, &callback_context, &error) != 0) now = NULL;
    callback = now;
    if (now != NULL) ask(FUNCTION_WSASetBlockingHook, (uint64_t)(uintptr_t)run_callback);
    else if (hooked) ask(FUNCTION_WSAUnhookBlockingHook, 0);
    hooked = now != NULL;
}
