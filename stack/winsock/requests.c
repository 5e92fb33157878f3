#include "stack/winsock/requests.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "stack/errors.h"
#include "stack/winsock/handles.h"
#include "stack/winsock/machine.h"

enum request_state { REQUEST_FREE, REQUEST_BEGUN, REQUEST_OPEN, REQUEST_QUEUED };

struct open_request {
    enum request_state state;
    struct machine_thread who;
    SOCKET socket; /* the caller's handle */
    LPWSAOVERLAPPED overlapped;
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
    WSATHREADID thread; /* a copy (PAR-19) */
    bool has_thread;
    HANDLE event;              /* the caller's; NULL: none */
    uint64_t own_event;        /* the model's in its place; 0: none */
    ULONG_PTR before;          /* Internal before the call, in whose place UNTOUCHED_INTERNAL stands meanwhile */
    DWORD error, bytes, flags; /* for the routine */
};

enum { PROCESSES_KNOWN_MAX = 64 };

/* No status of the kernel's. */
#define UNTOUCHED_INTERNAL ((ULONG_PTR)0x5EADE7A5u)

static struct open_request requests[EDGE_REQUESTS_MAX];

/* The model's port of a process, and a thread of it that lives. */
struct own_port {
    uint64_t handle; /* 0: none yet */
    struct machine_thread who;
};
static struct own_port ports[PROCESSES_KNOWN_MAX];

static WSPUPCALLTABLE upcalls;

/* An export of ws2_32; elsewhere than on Windows of the program that loaded the provider, NULL where that has none. */
#ifdef _WIN32
#define CLIENT_COMPLETES true
#else
extern int WSPAPI WPUCompleteOverlappedRequest(SOCKET, LPWSAOVERLAPPED, DWORD, DWORD, LPINT) __attribute__((weak));
#define CLIENT_COMPLETES (WPUCompleteOverlappedRequest != NULL)
#endif

void requests_use(const WSPUPCALLTABLE *table) { upcalls = *table; }

/* --- the model's own objects -------------------------------------------------------------------------------------- */

static uint64_t ask_all(enum function function, const uint64_t arguments[CALL_ARGUMENTS_MAX]) {
    struct call call;
    uint32_t error = 0;
    winsock_machine_record(&call, function, arguments);
    return winsock_machine_call(&call, &error);
}

static uint64_t ask(enum function function, uint64_t first, uint64_t second, uint64_t third) {
    return ask_all(function, (const uint64_t[CALL_ARGUMENTS_MAX]){ first, second, third });
}

/* Set from the start: an event that is not set afterwards was reset by the call. */
static uint64_t make_event(void) { return ask(FUNCTION_CreateEventW, 0, 1, 1); }

static void close_event(uint64_t event) { (void)ask(FUNCTION_CloseHandle, event, 0, 0); }

/* The place of hEvent in a record, or NULL where the OVERLAPPED cannot be read. */
static uint8_t *event_in(struct call *call, unsigned overlapped) {
    if (call_read(call, overlapped, OVERLAPPED_SIZE) == NULL) return NULL;
    return call->bytes + call->ranges[overlapped].bytes_offset + OVERLAPPED_EVENT;
}

/* --- completion ports --------------------------------------------------------------------------------------------- */

void requests_associate(SOCKET s) {
    const struct machine_thread self = winsock_machine_who();
    if (self.process >= PROCESSES_KNOWN_MAX) return;
    struct own_port *port = &ports[self.process];
    port->who = self;
    if (port->handle == 0) port->handle = ask(FUNCTION_CreateIoCompletionPort, UINT64_MAX, 0, 0);
    (void)ask(FUNCTION_CreateIoCompletionPort, handle_own(s), port->handle, s);
}

/* --- completion --------------------------------------------------------------------------------------------------- */

/* On the caller's thread, in an alertable wait of it. */
static VOID CALLBACK run_routine(DWORD_PTR context) {
    winsock_machine_lock();
    struct open_request *request = &requests[context];
    const struct open_request done = *request;
    request->state = REQUEST_FREE;
    winsock_machine_unlock();
    assert(done.state == REQUEST_QUEUED);
    done.routine(done.error, done.bytes, done.overlapped, done.flags);
}

/* The routine of the edge, which the model runs. */
static void CALLBACK take_completion(DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags) {
    unsigned number = 0;
    winsock_machine_lock();
    while (number < EDGE_REQUESTS_MAX &&
           !(requests[number].state != REQUEST_FREE && requests[number].state != REQUEST_QUEUED &&
             requests[number].overlapped == overlapped && requests[number].routine != NULL))
        number++;
    assert(number < EDGE_REQUESTS_MAX);
    struct open_request *request = &requests[number];
    request->state = REQUEST_QUEUED;
    request->error = error;
    request->bytes = bytes;
    request->flags = flags;
    WSATHREADID thread = request->thread;
    bool has_thread = request->has_thread;
    winsock_machine_unlock();
    int upcall_error = 0;
    bool queued = has_thread && upcalls.lpWPUQueueApc(&thread, run_routine, number, &upcall_error) == 0;
    if (!queued) request->state = REQUEST_FREE; /* its thread is gone, and its routine with it */
}

/* Lets the model run the routine of the edge, in the name of the thread that made the request. */
static void run_own_routines(struct machine_thread who) {
    const struct machine_thread self = winsock_machine_who();
    winsock_machine_become(who);
    (void)ask(FUNCTION_SleepEx, 0, 1, 0);
    winsock_machine_become(self);
}

/* The client learns that a request has completed. `event`: the caller's; NULL: none. */
static void inform(SOCKET s, LPWSAOVERLAPPED overlapped, HANDLE event) {
    int error = 0;
    if (CLIENT_COMPLETES)
        WPUCompleteOverlappedRequest(s, overlapped, winsock_error_of_status((uint32_t)overlapped->Internal),
                                     (DWORD)overlapped->InternalHigh, &error);
    else if (event != NULL) upcalls.lpWPUSetEvent(event, &error);
}

/* Has this request an event by which it is known to be done? Then its packet says nothing new. */
static bool has_own_event(uint64_t overlapped) {
    for (unsigned i = 0; i < EDGE_REQUESTS_MAX; i++) {
        bool its = (uint64_t)(uintptr_t)requests[i].overlapped == overlapped;
        if (requests[i].state == REQUEST_OPEN && its && requests[i].own_event != 0) return true;
    }
    return false;
}

/* All packets of a process's port, each of which has the caller's socket as its key. */
static void look_at_port(const struct own_port *port) {
    uint64_t s = 0, overlapped = 0;
    uint32_t bytes = 0;
    const uint64_t arguments[CALL_ARGUMENTS_MAX] = { port->handle, (uint64_t)(uintptr_t)&bytes, (uint64_t)(uintptr_t)&s,
                                                     (uint64_t)(uintptr_t)&overlapped };
    const struct machine_thread self = winsock_machine_who();
    winsock_machine_become(port->who);
    while (ask_all(FUNCTION_GetQueuedCompletionStatus, arguments) != 0 || overlapped != 0) {
        if (!has_own_event(overlapped)) inform((SOCKET)s, (LPWSAOVERLAPPED)(uintptr_t)overlapped, NULL);
        overlapped = 0;
    }
    winsock_machine_become(self);
}

/* One thread passes a request on, whoever else looks at the same time. */
static bool claim(unsigned number, const struct open_request *seen) {
    winsock_machine_lock();
    struct open_request *request = &requests[number];
    bool mine = request->state == REQUEST_OPEN && request->own_event == seen->own_event;
    if (mine) request->state = REQUEST_FREE;
    winsock_machine_unlock();
    return mine;
}

/* Of an open request with an event: has it completed? Then it is over. */
static void look_at_event(unsigned number) {
    winsock_machine_lock();
    const struct open_request request = requests[number];
    winsock_machine_unlock();
    if (request.state != REQUEST_OPEN || request.own_event == 0) return;
    const struct machine_thread self = winsock_machine_who();
    winsock_machine_become(request.who);
    bool completed = winsock_machine_event_state(request.own_event) == 1 && claim(number, &request);
    if (completed) close_event(request.own_event);
    winsock_machine_become(self);
    if (completed) inform(request.socket, request.overlapped, request.event);
}

void requests_pass_on(void) {
    const struct machine_thread self = winsock_machine_who();
    if (self.process < PROCESSES_KNOWN_MAX) ports[self.process].who = self;
    for (unsigned i = 0; i < PROCESSES_KNOWN_MAX; i++)
        if (ports[i].handle != 0) look_at_port(&ports[i]);
    for (unsigned i = 0; i < EDGE_REQUESTS_MAX; i++) {
        if (requests[i].state != REQUEST_OPEN) continue;
        if (requests[i].routine != NULL) run_own_routines(requests[i].who);
        else look_at_event(i);
    }
}

/* --- from a call to its request ----------------------------------------------------------------------------------- */

static int take_row(const struct edge_request *asked) {
    int number = 0;
    winsock_machine_lock();
    while (number < EDGE_REQUESTS_MAX && requests[number].state != REQUEST_FREE) number++;
    if (number < EDGE_REQUESTS_MAX) {
        struct open_request *request = &requests[number];
        memset(request, 0, sizeof *request);
        request->state = REQUEST_BEGUN;
        request->who = winsock_machine_who();
        request->socket = asked->socket;
        request->overlapped = asked->overlapped;
        request->routine = asked->routine;
        request->has_thread = asked->thread != NULL;
        if (request->has_thread) request->thread = *asked->thread;
    }
    winsock_machine_unlock();
    return number < EDGE_REQUESTS_MAX ? number : -1;
}

int request_begin(struct call *call, unsigned overlapped, unsigned routine, const struct edge_request *asked) {
    uint8_t *event = event_in(call, overlapped);
    if (event == NULL) return EDGE_REQUESTS_MAX;
    uint64_t handle = load_u64(event);
    bool has_routine = asked->routine != NULL && call->ranges[routine].state == RANGE_GOOD;
    if (handle == 0 && !has_routine) return EDGE_REQUESTS_MAX;
    struct edge_request kept = *asked;
    if (!has_routine) kept.routine = NULL;
    int number = take_row(&kept);
    if (number < 0) return number;
    requests[number].before = asked->overlapped->Internal;
    asked->overlapped->Internal = UNTOUCHED_INTERNAL;
    if (has_routine) {
        call->arguments[routine] = call->ranges[routine].address = (uint64_t)(uintptr_t)take_completion;
        return number;
    }
    requests[number].event = (HANDLE)(uintptr_t)(handle & ~(uint64_t)1);
    requests[number].own_event = make_event();
    store_u64(event, requests[number].own_event | (handle & 1)); /* the low bit keeps a packet from a port */
    return number;
}

/* Did the model store to the OVERLAPPED? Whatever it was, what was there before is there again if it did not. */
static bool was_stored_to(struct open_request *request) {
    if (request->overlapped->Internal != UNTOUCHED_INTERNAL) return true;
    request->overlapped->Internal = request->before;
    return false;
}

void request_end(int number, bool succeeded, bool pending) {
    if (number < 0 || number == EDGE_REQUESTS_MAX) return;
    struct open_request *request = &requests[number];
    int error = 0;
    bool stored_to = was_stored_to(request);
    bool set = request->own_event != 0 && winsock_machine_event_state(request->own_event) == 1;
    if (request->own_event != 0 && !set && request->event != NULL) upcalls.lpWPUResetEvent(request->event, &error);
    if (pending || (succeeded && stored_to)) {
        request->state = REQUEST_OPEN;
        return;
    }
    if (request->own_event != 0) close_event(request->own_event);
    request->state = REQUEST_FREE;
}

void request_translate(struct call *call, unsigned overlapped) {
    uint8_t *event = event_in(call, overlapped);
    if (event == NULL) return;
    uint64_t own = 0;
    winsock_machine_lock();
    for (unsigned i = 0; i < EDGE_REQUESTS_MAX; i++) {
        bool its = (uint64_t)(uintptr_t)requests[i].overlapped == call->arguments[overlapped];
        if (requests[i].state == REQUEST_OPEN && its) own = requests[i].own_event;
    }
    winsock_machine_unlock();
    store_u64(event, own);
}

void requests_forget(uint32_t process) {
    if (process < PROCESSES_KNOWN_MAX) ports[process].handle = 0;
    winsock_machine_lock();
    for (unsigned i = 0; i < EDGE_REQUESTS_MAX; i++)
        if (requests[i].who.process == process && requests[i].state != REQUEST_QUEUED) requests[i].state = REQUEST_FREE;
    winsock_machine_unlock();
}
