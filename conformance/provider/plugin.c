/* The machine that the edge stands on: a world behind a lock, called by real threads
 * (conformance/agent/machine_model.h).
 * A program that loads the plug-in and gives no orders is one process of an ordinary machine. Each of its threads is
 * one of the model's from its first call on until it ends, THREADS_MAX of them at a time. */
#include "conformance/agent/system/windows_headers.h"

#include "stack/winsock/machine.h"

#include "conformance/provider/plugin.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>

#include "conformance/agent/machine_model.h"
#include "conformance/agent/system/threads.h"
#include "conformance/language/tree.h"
#include "sim/memory/pages.h"
#include "stack/call/signature.h"
#include "sim/memory/record.h"

static __thread struct machine_thread self;
static __thread bool is_placed;              /* `self` has been given to this thread */
static uint16_t versions[PROCESSES_MAX + 1]; /* by process; 0: no one said */
static bool takes_orders;                    /* ReservoirProviderControl has been called */
static _Atomic bool taken[THREADS_MAX];      /* numbers of threads, where no one gives orders */

void plugin_ordered(void) { takes_orders = true; }

void plugin_version(uint32_t process, uint16_t version) {
    if (process < sizeof versions / sizeof versions[0]) versions[process] = version;
}

uint16_t winsock_machine_version(void) { return versions[self.process] != 0 ? versions[self.process] : 0x0202; }

void winsock_machine_record(struct call *call, enum function function, const uint64_t arguments[CALL_ARGUMENTS_MAX]) {
    static const struct memory_view memory = { .readable = pages_readable, .writable = pages_readable };
    record_of_arguments(call, function, arguments, &memory);
}

/* Where no one gives orders, no one asks either. */
static void say_aloud(void) {
    const char *what = takes_orders ? NULL : machine_model_not_modelled();
    if (what != NULL) fprintf(stderr, "provider: not modelled: %s; WSAEOPNOTSUPP stands for no answer\n", what);
}

/* A thread that had a number ends, and so does the model's. */
static void give_back(void *place) {
    unsigned thread = (unsigned)((_Atomic bool *)place - taken);
    machine_model_thread_ends(thread);
    taken[thread] = false;
}

/* Makes the calling thread one of the model's, where no one gives orders. False: there are too many. */
static bool place(void) {
    if (takes_orders || is_placed) return true;
    unsigned thread = 0;
    while (thread < THREADS_MAX && atomic_exchange(&taken[thread], true)) thread++;
    if (thread == THREADS_MAX) return false;
    if (!machine_model_is_there()) machine_model_process_starts(self.process, thread);
    winsock_machine_become((struct machine_thread){ .process = self.process, .thread = thread });
    thread_at_end(give_back, &taken[thread]);
    return true;
}

/* What a thread that is none of the model's is given. */
static uint64_t refuse_thread(const struct call *call, uint32_t *error) {
    winsock_machine_not_modelled("a ninth thread");
    *error = WSAEOPNOTSUPP;
    return signature_failure(signature_of((enum function)call->function), WSAEOPNOTSUPP);
}

uint64_t winsock_machine_call(struct call *call, uint32_t *error) {
    enum { BEFORE = 0x5EADBEE0 };
    if (!place()) return refuse_thread(call, error);
    DWORD kept = GetLastError(); /* Q84: the caller's stays as it is */
    SetLastError(BEFORE);
    uint64_t value = machine_model_call(call);
    *error = GetLastError() == BEFORE ? (uint32_t)ERROR_UNTOUCHED : GetLastError();
    SetLastError(kept);
    say_aloud();
    return value;
}

void winsock_machine_not_modelled(const char *what) {
    machine_model_say_not_modelled(what);
    say_aloud();
}

void winsock_machine_run_routines(struct machine_thread who) {
    DWORD kept = GetLastError();
    machine_model_run_routines(who.thread);
    SetLastError(kept);
}

struct machine_thread winsock_machine_own(uint32_t process) {
    return (struct machine_thread){ .process = process, .thread = machine_model_own_thread(process) };
}

int winsock_machine_event_state(uint64_t handle) { return machine_model_event_state(handle); }

struct machine_thread winsock_machine_who(void) {
    (void)place();
    return self;
}

void winsock_machine_become(struct machine_thread who) {
    self = who;
    is_placed = true;
    machine_model_enter(who.process, who.thread);
}

static struct monitor *edge_lock(void) {
    static struct monitor *lock;
    if (lock == NULL) lock = monitor_create(); /* by WSPStartup, which ws2_32 calls before anything else */
    return lock;
}

void winsock_machine_lock(void) { monitor_enter(edge_lock()); }
void winsock_machine_unlock(void) { monitor_leave(edge_lock()); }
