#include "stack/winsock/requests.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "stack/errors.h"
#include "stack/winsock/handles.h"
#include "stack/winsock/machine.h"
#include "stack/winsock/selections.h"

enum request_state { REQUEST_FREE, REQUEST_BEGUN, REQUEST_OPEN, REQUEST_QUEUED };

struct open_request {
    enum request_state state;
    bool packet_came, routine_ran; /* while its call had not returned: passed on when that does */
    struct machine_thread who;
    SOCKET socket; /* the caller's handle */
    LPWSAOVERLAPPED overlapped;
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
    WSATHREADID thread; /* a copy (PAR-19) */
    bool has_thread;
    bool thread_is_own;        /* opened here; closed when the row is used again */
    HANDLE event;              /* the caller's; NULL: none */
    uint64_t own_event;        /* the model's in its place; 0: none */
    ULONG_PTR before;          /* Internal before the call, in whose place UNTOUCHED_INTERNAL stands meanwhile */
    DWORD error, bytes, flags; /* for the routine */
};

enum { PROCESSES_KNOWN_MAX = 64 };

/* No status of the kernel's. */
#define UNTOUCHED_INTERNAL ((ULONG_PTR)0x5EADE7A5u)

static struct open_request requests[EDGE_REQUESTS_MAX];

/* The model's port of each process; 0: none yet. */
static uint64_t ports[PROCESSES_KNOWN_MAX];

static WSPUPCALLTABLE upcalls;

/* An export of ws2_32; elsewhere than on Windows of the program that loaded the provider, NULL where that has none. */
#ifdef _WIN32
#define CLIENT_COMPLETES true
#else
extern int WSPAPI WPUCompleteOverlappedRequest(SOCKET, LPWSAOVERLAPPED, DWORD, DWORD, LPINT) __attribute__((weak));
#define CLIENT_COMPLETES (WPUCompleteOverlappedRequest != NULL)
#endif

void requests_use(const WSPUPCALLTABLE *table) {
    upcalls = *table;
    selections_use(table);
}

/* Has the calling thread the lock? Routines of the edge run on threads that have, and might on others. */
static __thread bool has_lock;

static void lock(void) {
    winsock_machine_lock();
    has_lock = true;
}

static void unlock(void) {
    has_lock = false;
    winsock_machine_unlock();
}

void requests_pause(void) { lock(); }
void requests_resume(void) { unlock(); }

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
    const uint32_t process = winsock_machine_who().process;
    if (process >= PROCESSES_KNOWN_MAX) return;
    lock();
    if (ports[process] == 0) ports[process] = ask(FUNCTION_CreateIoCompletionPort, UINT64_MAX, 0, 0);
    (void)ask(FUNCTION_CreateIoCompletionPort, handle_own(s), ports[process], s);
    unlock();
}

/* --- completion: all of this under the lock ----------------------------------------------------------------------- */

/* On the caller's thread, in an alertable wait of it. */
static VOID CALLBACK run_routine(DWORD_PTR context) {
    lock();
    struct open_request *request = &requests[context];
    const struct open_request done = *request;
    request->state = REQUEST_FREE;
    unlock();
    assert(done.state == REQUEST_QUEUED);
    done.routine(done.error, done.bytes, done.overlapped, done.flags);
}

/* Its thread may be gone, and its routine with it. */
static void queue_routine(struct open_request *request) {
    int error = 0;
    request->state = REQUEST_QUEUED;
    bool queued = request->has_thread &&
                  upcalls.lpWPUQueueApc(&request->thread, run_routine, (DWORD_PTR)(request - requests), &error) == 0;
    if (!queued) request->state = REQUEST_FREE;
}

/* Of a request that its call has made, or is about to: the row. NULL: there is none. */
static struct open_request *request_of(const void *overlapped) {
    for (unsigned i = 0; i < EDGE_REQUESTS_MAX; i++) {
        bool lives = requests[i].state == REQUEST_BEGUN || requests[i].state == REQUEST_OPEN;
        if (lives && requests[i].overlapped == overlapped) return &requests[i];
    }
    return NULL;
}

/* The routine of the edge, which the model runs. */
static void CALLBACK take_completion(DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags) {
    bool outside = !has_lock;
    if (outside) lock();
    struct open_request *request = request_of(overlapped);
    assert(request != NULL && request->routine != NULL);
    request->error = error;
    request->bytes = bytes;
    request->flags = flags;
    if (request->state == REQUEST_BEGUN) request->routine_ran = true;
    else queue_routine(request);
    if (outside) unlock();
}

/* The client learns that a request has completed. `event`: the caller's; NULL: none. */
static void inform(SOCKET s, LPWSAOVERLAPPED overlapped, HANDLE event) {
    int error = 0;
    if (CLIENT_COMPLETES)
        WPUCompleteOverlappedRequest(s, overlapped, winsock_error_of_status((uint32_t)overlapped->Internal),
                                     (DWORD)overlapped->InternalHigh, &error);
    else if (event != NULL) upcalls.lpWPUSetEvent(event, &error);
}

/* A packet that the model's port had for the caller's. Where the request has an event by which it is known to be done,
 * that says nothing new. */
static void take_packet(SOCKET s, LPWSAOVERLAPPED overlapped) {
    struct open_request *request = request_of(overlapped);
    if (request != NULL && request->own_event != 0) return;
    if (request != NULL && request->state == REQUEST_BEGUN) request->packet_came = true;
    else inform(s, overlapped, NULL);
}

/* All packets of a process's port, each of which has the caller's socket as its key. */
static void look_at_port(uint32_t process) {
    uint64_t s = 0, overlapped = 0;
    uint32_t bytes = 0;
    const uint64_t arguments[CALL_ARGUMENTS_MAX] = { ports[process], (uint64_t)(uintptr_t)&bytes,
                                                     (uint64_t)(uintptr_t)&s, (uint64_t)(uintptr_t)&overlapped };
    winsock_machine_become(winsock_machine_own(process));
    for (;;) {
        (void)ask_all(FUNCTION_GetQueuedCompletionStatus, arguments);
        if (overlapped == 0) break; /* no packet: all that come here are of requests */
        take_packet((SOCKET)s, (LPWSAOVERLAPPED)(uintptr_t)overlapped);
        overlapped = 0;
    }
}

/* Of an open request with an event: has it completed? Then it is over. */
static void look_at_event(struct open_request *request) {
    winsock_machine_become(winsock_machine_own(request->who.process));
    if (winsock_machine_event_state(request->own_event) != 1) return;
    close_event(request->own_event);
    request->state = REQUEST_FREE;
    inform(request->socket, request->overlapped, request->event);
}

static void pass_on(void) {
    const struct machine_thread self = winsock_machine_who();
    for (uint32_t i = 0; i < PROCESSES_KNOWN_MAX; i++)
        if (ports[i] != 0) look_at_port(i);
    for (unsigned i = 0; i < EDGE_REQUESTS_MAX; i++) {
        if (requests[i].state != REQUEST_OPEN) continue;
        if (requests[i].routine != NULL) winsock_machine_run_routines(requests[i].who);
        else look_at_event(&requests[i]);
    }
    selections_pass_on();
    const struct machine_thread now = winsock_machine_who();
    if (now.process != self.process || now.thread != self.thread) winsock_machine_become(self);
}

void requests_pass_on(void) {
    lock();
    pass_on();
    unlock();
}

/* --- from a call to its request ----------------------------------------------------------------------------------- */

static int take_row(const struct edge_request *asked) {
    int number = 0;
    while (number < EDGE_REQUESTS_MAX && requests[number].state != REQUEST_FREE) number++;
    if (number == EDGE_REQUESTS_MAX) return -1;
    struct open_request *request = &requests[number];
    int error = 0;
    if (request->thread_is_own) (void)upcalls.lpWPUCloseThread(&request->thread, &error);
    memset(request, 0, sizeof *request);
    request->state = REQUEST_BEGUN;
    request->who = winsock_machine_who();
    request->socket = asked->socket;
    request->overlapped = asked->overlapped;
    request->routine = asked->routine;
    request->has_thread = asked->thread != NULL;
    if (request->has_thread) request->thread = *asked->thread;
    else if (asked->routine != NULL) /* no extension hears of a thread */
        request->thread_is_own = upcalls.lpWPUOpenCurrentThread(&request->thread, &error) == 0;
    request->has_thread = request->has_thread || request->thread_is_own;
    return number;
}

/* Puts what is the edge's into the record. Under the lock. */
static int begin(struct call *call, uint8_t *event, unsigned routine, const struct edge_request *asked) {
    uint64_t handle = load_u64(event);
    int number = take_row(asked);
    if (number < 0) return handle == 0 && asked->routine == NULL ? (int)EDGE_REQUESTS_MAX : -1;
    requests[number].before = asked->overlapped->Internal;
    asked->overlapped->Internal = UNTOUCHED_INTERNAL;
    if (asked->routine != NULL) {
        call->arguments[routine] = call->ranges[routine].address = (uint64_t)(uintptr_t)take_completion;
    } else if (handle != 0) {
        requests[number].event = (HANDLE)(uintptr_t)(handle & ~(uint64_t)1);
        requests[number].own_event = make_event();
        store_u64(event, requests[number].own_event | (handle & 1)); /* the low bit keeps a packet from a port */
    }
    return number;
}

int request_begin(struct call *call, unsigned overlapped, unsigned routine, const struct edge_request *asked) {
    uint8_t *event = event_in(call, overlapped);
    if (event == NULL) return EDGE_REQUESTS_MAX;
    struct edge_request kept = *asked;
    if (call->ranges[routine].state != RANGE_GOOD) kept.routine = NULL;
    lock();
    int number = begin(call, event, routine, &kept);
    unlock();
    return number;
}

/* Did the model store to the OVERLAPPED? Whatever it was, what was there before is there again if it did not. */
static bool was_stored_to(struct open_request *request) {
    if (request->overlapped->Internal != UNTOUCHED_INTERNAL) return true;
    request->overlapped->Internal = request->before;
    return false;
}

/* It is a request. One that has neither event nor routine is known by its packet alone, which needs no row. */
static void open_request(struct open_request *request) {
    request->state = REQUEST_OPEN;
    if (request->routine_ran) queue_routine(request);
    else if (request->routine == NULL && request->own_event == 0) request->state = REQUEST_FREE;
}

static void end(struct open_request *request, bool succeeded, bool pending) {
    int error = 0;
    bool stored_to = was_stored_to(request);
    bool set = request->own_event != 0 && winsock_machine_event_state(request->own_event) == 1;
    if (request->own_event != 0 && !set && request->event != NULL) upcalls.lpWPUResetEvent(request->event, &error);
    if (request->packet_came) inform(request->socket, request->overlapped, NULL);
    if (pending || (succeeded && stored_to)) {
        open_request(request);
        return;
    }
    if (request->own_event != 0) close_event(request->own_event);
    request->state = REQUEST_FREE;
}

void request_end(int number, bool succeeded, bool pending) {
    lock();
    if (number >= 0 && number < EDGE_REQUESTS_MAX) end(&requests[number], succeeded, pending);
    pass_on();
    unlock();
}

void request_translate(struct call *call, unsigned overlapped) {
    uint8_t *event = event_in(call, overlapped);
    if (event == NULL) return;
    lock();
    const struct open_request *request = request_of((const void *)(uintptr_t)call->arguments[overlapped]);
    store_u64(event, request == NULL ? 0 : request->own_event);
    unlock();
}

void requests_give_back(void) {
    const struct machine_thread self = winsock_machine_who();
    winsock_machine_become(winsock_machine_own(self.process));
    for (unsigned i = 0; i < EDGE_REQUESTS_MAX; i++)
        if (requests[i].state == REQUEST_OPEN && requests[i].who.process == self.process && requests[i].own_event != 0)
            close_event(requests[i].own_event);
    selections_give_back(self.process);
    if (self.process < PROCESSES_KNOWN_MAX && ports[self.process] != 0)
        (void)ask(FUNCTION_CloseHandle, ports[self.process], 0, 0);
    winsock_machine_become(self);
    requests_forget(self.process);
}

void requests_forget(uint32_t process) {
    selections_forget(process);
    if (process < PROCESSES_KNOWN_MAX) ports[process] = 0;
    for (unsigned i = 0; i < EDGE_REQUESTS_MAX; i++)
        if (requests[i].who.process == process && requests[i].state != REQUEST_QUEUED) requests[i].state = REQUEST_FREE;
}

void requests_forget_thread(uint32_t thread) {
    for (unsigned i = 0; i < EDGE_REQUESTS_MAX; i++) {
        bool waits = requests[i].state == REQUEST_OPEN && requests[i].routine != NULL;
        if (waits && requests[i].who.thread == thread) requests[i].state = REQUEST_FREE;
    }
}

void requests_forget_all(void) {
    selections_forget_all();
    memset(ports, 0, sizeof ports);
    memset(requests, 0, sizeof requests);
}
