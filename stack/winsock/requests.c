#include "stack/winsock/requests.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "stack/winsock/machine.h"

enum request_state { REQUEST_FREE, REQUEST_BEGUN, REQUEST_OPEN, REQUEST_QUEUED };

struct open_request {
    enum request_state state;
    struct machine_thread who;
    LPWSAOVERLAPPED overlapped;
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
    WSATHREADID thread; /* a copy (PAR-19) */
    bool has_thread;
    HANDLE event;              /* the caller's; NULL: none */
    uint64_t own_event;        /* the model's in its place; 0: none */
    ULONG_PTR before;          /* Internal before the call, in whose place UNTOUCHED_INTERNAL stands meanwhile */
    DWORD error, bytes, flags; /* for the routine */
};

/* No status of the kernel's. */
#define UNTOUCHED_INTERNAL ((ULONG_PTR)0x5EADE7A5u)

static struct open_request requests[EDGE_REQUESTS_MAX];
static WSPUPCALLTABLE upcalls;

void requests_use(const WSPUPCALLTABLE *table) { upcalls = *table; }

/* --- the model's own objects -------------------------------------------------------------------------------------- */

static uint64_t ask(enum function function, uint64_t first, uint64_t second, uint64_t third) {
    const uint64_t arguments[CALL_ARGUMENTS_MAX] = { first, second, third, 0 };
    struct call call;
    uint32_t error = 0;
    winsock_machine_record(&call, function, arguments);
    return winsock_machine_call(&call, &error);
}

/* Set from the start: an event that is not set afterwards was reset by the call. */
static uint64_t make_event(void) { return ask(FUNCTION_CreateEventW, 0, 1, 1); }

static void close_event(uint64_t event) { (void)ask(FUNCTION_CloseHandle, event, 0, 0); }

/* The place of hEvent in a record, or NULL where the OVERLAPPED cannot be read. */
static uint8_t *event_in(struct call *call, unsigned overlapped) {
    if (call_read(call, overlapped, OVERLAPPED_SIZE) == NULL) return NULL;
    return call->bytes + call->ranges[overlapped].bytes_offset + OVERLAPPED_EVENT;
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

/* Of an open request with an event: has it completed? Then it is over. */
static void look_at_event(unsigned number) {
    winsock_machine_lock();
    struct open_request request = requests[number];
    winsock_machine_unlock();
    if (request.state != REQUEST_OPEN || request.own_event == 0) return;
    const struct machine_thread self = winsock_machine_who();
    winsock_machine_become(request.who);
    bool completed = winsock_machine_event_state(request.own_event) == 1;
    int error = 0;
    if (completed) {
        close_event(request.own_event);
        upcalls.lpWPUSetEvent(request.event, &error);
        requests[number].state = REQUEST_FREE;
    }
    winsock_machine_become(self);
}

void requests_pass_on(void) {
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
    requests[number].event = (HANDLE)(uintptr_t)handle;
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
    if (request->own_event != 0 && !set) upcalls.lpWPUResetEvent(request->event, &error);
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
    winsock_machine_lock();
    for (unsigned i = 0; i < EDGE_REQUESTS_MAX; i++)
        if (requests[i].who.process == process && requests[i].state != REQUEST_QUEUED) requests[i].state = REQUEST_FREE;
    winsock_machine_unlock();
}
