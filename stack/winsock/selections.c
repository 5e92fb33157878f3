#include "stack/winsock/selections.h"

#include <string.h>

#include "stack/call/call.h"
#include "stack/winsock/machine.h"

enum { SELECTED_MAX = 256 };

static struct selected {
    HANDLE event; /* the caller's; NULL: the row is free */
    uint32_t process;
    uint64_t own; /* the model's */
} selected[SELECTED_MAX];

static WSPUPCALLTABLE upcalls;

void selections_use(const WSPUPCALLTABLE *table) { upcalls = *table; }

static uint64_t ask(enum function function, uint64_t first, uint64_t second) {
    struct call call;
    uint32_t error = 0;
    winsock_machine_record(&call, function, (const uint64_t[CALL_ARGUMENTS_MAX]){ first, second });
    return winsock_machine_call(&call, &error);
}

uint64_t selections_event(HANDLE event) {
    uint32_t process = winsock_machine_who().process;
    struct selected *room = NULL;
    if (event == NULL) return 0;
    for (unsigned i = 0; i < SELECTED_MAX; i++) {
        if (selected[i].event == event && selected[i].process == process) return selected[i].own;
        if (selected[i].event == NULL && room == NULL) room = &selected[i];
    }
    uint64_t own = room == NULL ? 0 : ask(FUNCTION_CreateEventW, 0, 1 /* reset by hand alone */);
    if (own != 0) *room = (struct selected){ .event = event, .process = process, .own = own };
    return own;
}

void selections_pass_on(void) {
    for (unsigned i = 0; i < SELECTED_MAX; i++) {
        int error = 0;
        if (selected[i].event == NULL) continue;
        winsock_machine_become(winsock_machine_own(selected[i].process));
        if (winsock_machine_event_state(selected[i].own) != 1) continue;
        (void)ask(FUNCTION_ResetEvent, selected[i].own, 0);
        (void)upcalls.lpWPUSetEvent(selected[i].event, &error); /* which its owner may have closed */
    }
}

void selections_give_back(uint32_t process) {
    for (unsigned i = 0; i < SELECTED_MAX; i++)
        if (selected[i].event != NULL && selected[i].process == process)
            (void)ask(FUNCTION_CloseHandle, selected[i].own, 0);
}

void selections_forget(uint32_t process) {
    for (unsigned i = 0; i < SELECTED_MAX; i++)
        if (selected[i].process == process) memset(&selected[i], 0, sizeof selected[i]);
}

void selections_forget_all(void) { memset(selected, 0, sizeof selected); }
