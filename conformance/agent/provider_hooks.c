#include "conformance/agent/provider_hooks.h"

#include <stddef.h>

static __thread FARPROC own_hook;
static __thread bool runs, cancelled;

/* The hook of a thread that has set none: it has nothing to do, since no scenario has a window. */
static INT_PTR WINAPI ordinary_hook(void) { return FALSE; }

FARPROC provider_hook_set(FARPROC hook) {
    FARPROC before = own_hook != NULL ? own_hook : (FARPROC)ordinary_hook;
    own_hook = hook;
    return before;
}

void provider_hook_unset(void) { own_hook = NULL; }

bool provider_hook_runs(void) { return runs; }

void provider_hook_cancelled(void) { cancelled = true; }

/* FALSE: the call that blocks is to end. */
static BOOL CALLBACK run_hook(DWORD_PTR context) {
    (void)context;
    bool outer = runs;
    cancelled = false;
    runs = true;
    while (own_hook != NULL && !cancelled && own_hook() != FALSE) continue;
    runs = outer;
    return !cancelled;
}

LPBLOCKINGCALLBACK provider_hook_callback(void) { return own_hook != NULL ? run_hook : NULL; }
