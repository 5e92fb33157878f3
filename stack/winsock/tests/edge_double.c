#include "stack/winsock/tests/edge_double.h"

#include <CUnit/CUnit.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/memory/pages.h"
#include "sim/memory/record.h"
#include "stack/call/signature.h"
#include "stack/winsock/requests.h"

struct played played;
WSPPROC_TABLE edge;

static struct {
    bool lives, set;
    uint32_t process;
} events[PLAYED_EVENTS_MAX];
static uint32_t port_of[PLAYED_PORTS_MAX + 1]; /* whose each is: a process */
static bool has_called[PLAYED_PROCESSES_MAX];
static unsigned ports_made, threads_opened, looks;
static bool open_handles[PLAYED_SOCKETS_MAX]; /* by the model's socket */

/* --- the journal -------------------------------------------------------------------------------------------------- */

enum { JOURNAL_BYTES = 1 << 16 };
static char journal[JOURNAL_BYTES];
static size_t journal_used;

#if defined __GNUC__
__attribute__((format(printf, 1, 2)))
#endif
static void
note(const char *form, ...) {
    va_list arguments;
    va_start(arguments, form);
    size_t room = sizeof journal - journal_used;
    const char *between = journal_used == 0 ? "" : "; ";
    int written = snprintf(journal + journal_used, room, "%s", between);
    if (written >= 0 && (size_t)written < room) journal_used += (size_t)written;
    room = sizeof journal - journal_used;
    written = vsnprintf(journal + journal_used, room, form, arguments);
    if (written >= 0 && (size_t)written < room) journal_used += (size_t)written;
    va_end(arguments);
}

static void fail(const char *file, int line, const char *form, const char *got, const char *wanted) {
    static char text[2048];
    (void)snprintf(text, sizeof text, form, got, wanted);
    CU_assertImplementation(CU_FALSE, (unsigned)line, text, file, "", CU_FALSE);
}

void played_skip(void) {
    journal[0] = '\0';
    journal_used = 0;
}

void played_journal_is(const char *expected, const char *file, int line) {
    CU_assertImplementation(CU_TRUE, (unsigned)line, "journal", file, "", CU_FALSE);
    if (strcmp(journal, expected) != 0)
        fail(file, line, "the journal is \"%.900s\", not \"%.900s\"", journal, expected);
    if (played.locked != 0) fail(file, line, "%s%s", "the lock was not given back", "");
    played_skip();
}

void played_call_is(enum function function, const uint64_t expected[CALL_ARGUMENTS_MAX], const char *file, int line) {
    const struct signature *signature = signature_of(function);
    CU_assertImplementation(CU_TRUE, (unsigned)line, "call", file, "", CU_FALSE);
    if (played.last.function != function) {
        fail(file, line, "the last call is %s, not %s", signature_of((enum function)played.last.function)->name,
             signature->name);
        return;
    }
    for (unsigned i = 0; i < signature->parameters_count; i++) {
        char got[32], wanted[64];
        if (played.last.arguments[i] == expected[i]) continue;
        (void)snprintf(got, sizeof got, "%#llx", (unsigned long long)played.last.arguments[i]);
        (void)snprintf(wanted, sizeof wanted, "%#llx for %.30s", (unsigned long long)expected[i],
                       signature->parameters[i].name);
        fail(file, line, "an argument is %s, not %s", got, wanted);
    }
}

/* --- the machine -------------------------------------------------------------------------------------------------- */

void winsock_machine_record(struct call *call, enum function function, const uint64_t arguments[CALL_ARGUMENTS_MAX]) {
    static const struct memory_view memory = { .readable = pages_readable, .writable = pages_readable };
    memset(call, 0xA5, sizeof *call); /* what the edge does not have recorded is rubbish */
    record_of_arguments(call, function, arguments, &memory);
}

static uint64_t make_event(const struct call *call) {
    if (played.has_no_event) return 0;
    for (unsigned i = 1; i < PLAYED_EVENTS_MAX; i++) {
        if (events[i].lives) continue;
        events[i].lives = true;
        events[i].set = call->arguments[CreateEventW_bInitialState] != 0;
        events[i].process = played.self.process;
        return PLAYED_EVENTS + 2 * i;
    }
    CU_FAIL("more events than there is room for");
    return 0;
}

/* The event of the calling process, or 0. */
static unsigned event_of(uint64_t own) {
    uint64_t i = (own - PLAYED_EVENTS) / 2;
    if (own % 2 != 0 || i == 0 || i >= PLAYED_EVENTS_MAX || !events[i].lives ||
        events[i].process != played.self.process)
        return 0;
    return (unsigned)i;
}

void played_set_event(uint64_t own, bool set) { events[(own - PLAYED_EVENTS) / 2].set = set; }

static void store(uint64_t address, uint64_t value) { memcpy((void *)(uintptr_t)address, &value, sizeof value); }

/* The first packet of the port. Where there is none the OVERLAPPED's place stays as it is. */
static uint64_t take_packet(const struct call *call) {
    const uint64_t port = call->arguments[GetQueuedCompletionStatus_CompletionPort];
    CU_ASSERT_EQUAL(call->arguments[GetQueuedCompletionStatus_dwMilliseconds], 0); /* it never waits */
    CU_ASSERT_EQUAL(played.self.thread, PLAYED_OWN_THREAD);
    CU_ASSERT_EQUAL(played.self.process, port_of[port - PLAYED_PORTS]);
    for (unsigned i = 0; i < played.packets_count; i++) {
        const struct played_packet packet = played.packets[i];
        if (packet.port != port) continue;
        memmove(&played.packets[i], &played.packets[i + 1], (--played.packets_count - i) * sizeof packet);
        looks = 0;
        store(call->arguments[GetQueuedCompletionStatus_lpCompletionKey], packet.key);
        store(call->arguments[GetQueuedCompletionStatus_lpOverlapped], packet.overlapped);
        return 1;
    }
    if (++looks < 8) return 0;
    CU_FAIL("an empty port is looked at without an end");
    store(call->arguments[GetQueuedCompletionStatus_lpOverlapped], 0);
    return 0;
}

/* What the edge asks of itself, under its lock: true. */
static bool is_for_the_edge(enum function function) {
    return function == FUNCTION_CreateEventW || function == FUNCTION_CloseHandle || function == FUNCTION_ResetEvent ||
           function == FUNCTION_CreateIoCompletionPort || function == FUNCTION_GetQueuedCompletionStatus;
}

static bool closes_port(uint64_t port) {
    if (port <= PLAYED_PORTS || port > PLAYED_PORTS + ports_made) return false;
    return port_of[port - PLAYED_PORTS] == played.self.process;
}

static bool close_own(uint64_t handle) {
    unsigned event = event_of(handle);
    if (event == 0) return closes_port(handle);
    events[event].lives = false;
    return true;
}

static bool reset_own(uint64_t handle) {
    unsigned event = event_of(handle);
    if (event != 0) events[event].set = false;
    return event != 0;
}

static uint64_t make_port(const struct call *call) {
    const uint64_t existing = call->arguments[CreateIoCompletionPort_ExistingCompletionPort];
    if (played.has_no_port || existing != 0) return existing;
    port_of[++ports_made] = played.self.process;
    return PLAYED_PORTS + ports_made;
}

static uint64_t answer_the_edge(const struct call *call) {
    if (call->function == FUNCTION_CreateEventW) return make_event(call);
    if (call->function == FUNCTION_CreateIoCompletionPort) return make_port(call);
    if (call->function == FUNCTION_GetQueuedCompletionStatus) return take_packet(call);
    if (call->function == FUNCTION_CloseHandle) return close_own(call->arguments[CloseHandle_hObject]);
    return reset_own(call->arguments[ResetEvent_hEvent]);
}

static void note_for_the_edge(const struct call *call, uint64_t value) {
    const struct signature *signature = signature_of((enum function)call->function);
    const bool makes = call->function == FUNCTION_CreateEventW || call->function == FUNCTION_CreateIoCompletionPort;
    const bool fails = value == 0 && call->function != FUNCTION_GetQueuedCompletionStatus;
    int given[4];
    for (unsigned i = 0; i < 4; i++) given[i] = (int)call->arguments[i];
    if (makes) note("%s %d %d %d %d = %d", signature->name, given[0], given[1], given[2], given[3], (int)value);
    else note("%s %d%s", signature->name, given[0], fails ? " fails" : "");
}

uint64_t winsock_machine_call(struct call *call, uint32_t *error) {
    const enum function function = (enum function)call->function;
    if (is_for_the_edge(function)) {
        CU_ASSERT_EQUAL(played.locked, 1);
        uint64_t value = answer_the_edge(call);
        note_for_the_edge(call, value);
        return value;
    }
    const struct played_answer *answer = &played.answers[function];
    looks = 0;
    CU_ASSERT_EQUAL(played.locked, 0);
    note("%s", signature_of(function)->name);
    if (function == FUNCTION_WSASetBlockingHook) played.hook_of_edge = call->arguments[WSASetBlockingHook_lpBlockFunc];
    else if (function != FUNCTION_WSAUnhookBlockingHook) played.last = *call, played.last_by = played.self;
    if (answer->meanwhile != NULL) answer->meanwhile(call);
    *error = answer->error;
    return answer->value;
}

void played_says(enum function function, uint64_t value, uint32_t error) {
    played.answers[function] = (struct played_answer){ .value = value, .error = error };
}

void winsock_machine_not_modelled(const char *what) {
    note("not modelled");
    played.words = what;
}

void winsock_machine_run_routines(struct machine_thread who) {
    CU_ASSERT_EQUAL(played.locked, 1);
    note("routines %u.%u", who.process, who.thread);
    for (unsigned i = 0; i < played.due_count;) {
        const struct played_routine due = played.due[i];
        if (due.who.process != who.process || due.who.thread != who.thread) {
            i++;
            continue;
        }
        LPWSAOVERLAPPED_COMPLETION_ROUTINE routine = (LPWSAOVERLAPPED_COMPLETION_ROUTINE)(uintptr_t)due.routine;
        memmove(&played.due[i], &played.due[i + 1], (--played.due_count - i) * sizeof due);
        routine(due.error, due.bytes, (LPWSAOVERLAPPED)(uintptr_t)due.overlapped, due.flags);
    }
}

int winsock_machine_event_state(uint64_t handle) {
    unsigned event = event_of(handle);
    CU_ASSERT_EQUAL(played.locked, 1);
    return event == 0 ? -1 : events[event].set;
}

struct machine_thread winsock_machine_who(void) {
    has_called[played.self.process] = true;
    return played.self;
}
void winsock_machine_become(struct machine_thread who) { played.self = who; }

struct machine_thread winsock_machine_own(uint32_t process) {
    CU_ASSERT_EQUAL(played.locked, 1);
    CU_ASSERT_TRUE(has_called[process]); /* nothing is done for any other */
    return (struct machine_thread){ .process = process, .thread = PLAYED_OWN_THREAD };
}

uint16_t winsock_machine_version(void) { return played.version; }

void winsock_machine_lock(void) {
    CU_ASSERT_EQUAL(played.locked, 0);
    played.locked++;
}

void winsock_machine_unlock(void) {
    CU_ASSERT_EQUAL(played.locked, 1);
    if (played.locked > 0) played.locked--;
}

/* --- the client --------------------------------------------------------------------------------------------------- */

static SOCKET WSPAPI create_handle(DWORD entry, DWORD_PTR context, LPINT error) {
    CU_ASSERT_EQUAL(entry, 1);
    if (played.error_of_handle != 0) {
        note("open %d refused", (int)context);
        if (error != NULL) *error = played.error_of_handle;
        return INVALID_SOCKET;
    }
    note("open %d = %d", (int)context, (int)context + PLAYED_HANDLES);
    if (context < PLAYED_SOCKETS_MAX) open_handles[context] = true;
    return (SOCKET)context + PLAYED_HANDLES;
}

static int WSPAPI query_context(SOCKET s, PDWORD_PTR context, LPINT error) {
    uint64_t own = s - PLAYED_HANDLES;
    if (own < PLAYED_SOCKETS_MAX && open_handles[own]) {
        *context = (DWORD_PTR)own;
        return 0;
    }
    *error = WSAENOTSOCK;
    return SOCKET_ERROR;
}

static int WSPAPI close_handle(SOCKET s, LPINT error) {
    note("close %d", (int)s);
    *error = 0;
    if (s - PLAYED_HANDLES < PLAYED_SOCKETS_MAX) open_handles[s - PLAYED_HANDLES] = false;
    return 0;
}

static BOOL WSPAPI set_event(WSAEVENT event, LPINT error) {
    note("set %d", (int)(intptr_t)event);
    *error = 0;
    return TRUE;
}

static BOOL WSPAPI reset_event(WSAEVENT event, LPINT error) {
    note("reset %d", (int)(intptr_t)event);
    *error = 0;
    return TRUE;
}

static int WSPAPI open_thread(LPWSATHREADID thread, LPINT error) {
    *error = played.error_of_thread;
    if (played.error_of_thread != 0) return note("no thread"), SOCKET_ERROR;
    *thread = (WSATHREADID){ .ThreadHandle = EVENT(PLAYED_THREADS + ++threads_opened), .Reserved = 17 };
    note("thread = %d", (int)(intptr_t)thread->ThreadHandle);
    return 0;
}

static int WSPAPI close_thread(LPWSATHREADID thread, LPINT error) {
    note("thread %d closed", (int)(intptr_t)thread->ThreadHandle);
    CU_ASSERT_EQUAL(thread->Reserved, 17);
    *error = 0;
    return 0;
}

static int WSPAPI queue_apc(LPWSATHREADID thread, LPWSAUSERAPC function, DWORD_PTR context, LPINT error) {
    CU_ASSERT_EQUAL(played.locked, 1);
    note("apc %d%s", (int)(intptr_t)thread->ThreadHandle, played.error_of_queue != 0 ? " refused" : "");
    *error = played.error_of_queue;
    if (played.error_of_queue != 0) return SOCKET_ERROR;
    played.apcs[played.apcs_count++] = (struct played_apc){ *thread, function, context };
    return 0;
}

static int WSPAPI query_hook(DWORD entry, LPBLOCKINGCALLBACK *callback, PDWORD_PTR context, LPINT error) {
    CU_ASSERT_EQUAL(entry, 1);
    *callback = played.hook;
    *context = played.hook_context;
    *error = played.error_of_hook;
    return played.error_of_hook == 0 ? 0 : SOCKET_ERROR;
}

WSPUPCALLTABLE played_upcalls(void) {
    return (WSPUPCALLTABLE){ .lpWPUCreateSocketHandle = create_handle,
                             .lpWPUQuerySocketHandleContext = query_context,
                             .lpWPUCloseSocketHandle = close_handle,
                             .lpWPUSetEvent = set_event,
                             .lpWPUResetEvent = reset_event,
                             .lpWPUOpenCurrentThread = open_thread,
                             .lpWPUCloseThread = close_thread,
                             .lpWPUQueueApc = queue_apc,
                             .lpWPUQueryBlockingCallback = query_hook };
}

/* WPUCompleteOverlappedRequest and WSASetLastError, as edge.sh calls them. */
int WSPAPI client_completes(SOCKET s, LPWSAOVERLAPPED overlapped, DWORD error, DWORD bytes, LPINT failed);
void WSAAPI client_sets_error(int error);

int WSPAPI client_completes(SOCKET s, LPWSAOVERLAPPED overlapped, DWORD error, DWORD bytes, LPINT failed) {
    CU_ASSERT_EQUAL(played.locked, 1);
    note("complete %d %u %u", (int)s, (unsigned)error, (unsigned)bytes);
    CU_ASSERT_FALSE(played.lacks_complete);
    played.completed = overlapped;
    *failed = 0;
    return 0;
}

void WSAAPI client_sets_error(int error) {
    note("last error %d", error);
    CU_ASSERT_FALSE(played.lacks_complete);
}

/* --- beginning ---------------------------------------------------------------------------------------------------- */

void played_clear(void) {
    memset(&played, 0, sizeof played);
    memset(events, 0, sizeof events);
    memset(has_called, 0, sizeof has_called);
    for (unsigned i = 0; i < PLAYED_SOCKETS_MAX; i++) open_handles[i] = i > 0 && i < 100;
    for (unsigned i = 0; i < FUNCTION_COUNT; i++) played.answers[i].error = (uint32_t)ERROR_UNTOUCHED;
    ports_made = threads_opened = looks = 0;
    played.self = (struct machine_thread){ .process = 2, .thread = 5 };
    played.version = 0x0202;
    played_skip();
}

void played_begin(void) {
    WSPDATA data;
    played_clear();
    requests_pause();
    requests_forget_all();
    requests_resume();
    memset(&edge, 0, sizeof edge);
    CU_ASSERT_EQUAL(WSPStartup(0x0202, &data, NULL, played_upcalls(), &edge), 0);
    played_skip();
}

void played_begin_silent(void) {
    WSPDATA data;
    int error = 0;
    played_clear();
    memset(&edge, 0, sizeof edge);
    CU_ASSERT_EQUAL(silent_WSPStartup(0x0202, &data, NULL, played_upcalls(), &edge), 0);
    (void)edge.lpWSPCleanup(&error); /* what is left of a test before */
    played_skip();
    played.lacks_complete = true;
}
