/* The door of a provider, beside a provider that lies, dawdles, keeps what it should copy and hands rubbish through
 * each upcall. The provider is in this file: `says` is what it does next, `saw` what it was given. Events, files and
 * waits are those of kernel_objects.h. */
#include "conformance/agent/provider_door.h"

#include <CUnit/CUnit.h>
#include <string.h>

#include "conformance/agent/extensions.h"
#include "conformance/agent/kernel_objects.h"
#include "conformance/agent/provider_sockets.h"
#include "conformance/agent/provider_upcalls.h"
#include "stack/errors.h"

enum { PROCESS = 0, OTHER = 1, THREAD = 0, CONTEXT = 42, RUBBISH = 0x666, HANDLES = 1024, NO_ORDER = 0xFFFF };

static struct {
    int startup_status;
    WORD version;
    bool leaves_one_out; /* of its table */
    int status, error;   /* of its next call; no error: 0 leaves *lpErrno alone */
    bool makes_no_handle;
    unsigned completes;                         /* its next WSPIoctl: so many times, before it returns */
    unsigned refuses;                           /* the order that it refuses, or NO_ORDER */
    char reason[PROVIDER_CONTROL_REASON_BYTES]; /* with which it refuses, without an end */
    DWORD cancel_error;
    bool not_modelled;
    bool extends;          /* it has ConnectEx, */
    bool gives_nothing;    /* and stores no address */
    SOCKET knows_not;      /* a socket that it takes for none */
    BOOL connects;         /* what its ConnectEx returns, */
    int connect_error;     /* with this last error */
    unsigned connect_ends; /* after so many completions */
} says;

static struct {
    unsigned startups, cleanups, closed;
    WSAPROTOCOL_INFOW entry;
    WSPUPCALLTABLE upcalls;
    LPWSATHREADID kept_id; /* the pointer, which is good during the call only */
    WSATHREADID copied_id;
    SOCKET last;
    unsigned orders[PROVIDER_CONTROL_NOT_MODELLED + 1];
    uint64_t number;
    char text[256];
    unsigned extensions_asked;
    SOCKET connected;
} saw;

static struct windows_functions kernel, table;

/* --- the provider ------------------------------------------------------------------------------------------------- */

static int answer(LPINT error) {
    if (says.error != 0) *error = says.error;
    return says.status;
}

static SOCKET WSPAPI lying_socket(int af, int type, int protocol, LPWSAPROTOCOL_INFOW info, GROUP group, DWORD flags,
                                  LPINT error) {
    (void)af, (void)type, (void)protocol, (void)group, (void)flags;
    saw.entry = *info;
    if (says.makes_no_handle) return answer(error), INVALID_SOCKET;
    return saw.last = saw.upcalls.lpWPUCreateSocketHandle(1, CONTEXT, error);
}

static int WSPAPI lying_close(SOCKET s, LPINT error) {
    saw.closed++;
    return says.status != 0 ? answer(error) : saw.upcalls.lpWPUCloseSocketHandle(s, error);
}

static int WSPAPI lying_bind(SOCKET s, const struct sockaddr *name, int length, LPINT error) {
    (void)s, (void)name, (void)length;
    return answer(error);
}

static int WSPAPI lying_cleanup(LPINT error) {
    saw.cleanups++;
    return answer(error);
}

static BOOL WINAPI lying_connect_ex(SOCKET s, const struct sockaddr *name, int length, PVOID data, DWORD data_size,
                                    LPDWORD sent, LPOVERLAPPED overlapped) {
    int ignored = 0;
    (void)name, (void)length, (void)data, (void)data_size, (void)sent;
    saw.connected = s;
    for (unsigned i = 0; i < says.connect_ends; i++) provider_complete(s, (LPWSAOVERLAPPED)overlapped, 0, 0, &ignored);
    if (says.connect_error != 0) WSASetLastError(says.connect_error);
    return says.connects;
}

/* SIO_GET_EXTENSION_FUNCTION_POINTER. */
static int give_extension(SOCKET s, void *out, LPINT error) {
    LPFN_CONNECTEX function = lying_connect_ex;
    saw.extensions_asked++;
    if (!says.extends || s == says.knows_not) {
        *error = s == says.knows_not ? WSAENOTSOCK : WSAEOPNOTSUPP;
        return SOCKET_ERROR;
    }
    if (!says.gives_nothing) memcpy(out, &function, sizeof function);
    return 0;
}

static int WSPAPI lying_ioctl(SOCKET s, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size, LPDWORD bytes,
                              LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID id,
                              LPINT error) {
    int ignored = 0;
    (void)in, (void)in_size, (void)out_size, (void)bytes, (void)routine;
    if (code == SIO_GET_EXTENSION_FUNCTION_POINTER) return give_extension(s, out, error);
    saw.kept_id = id;
    saw.copied_id = *id;
    for (unsigned i = 0; i < says.completes; i++) provider_complete(s, overlapped, 0, 16, &ignored);
    return answer(error);
}

static int never(void) {
    CU_FAIL("a function of the table that no test calls");
    return 0;
}

static int WSPAPI lying_startup(WORD wanted, LPWSPDATA data, LPWSAPROTOCOL_INFOW entry, WSPUPCALLTABLE upcalls,
                                LPWSPPROC_TABLE functions) {
    int (*filler)(void) = never;
    saw.startups++;
    saw.entry = *entry;
    saw.upcalls = upcalls;
    CU_ASSERT_EQUAL(wanted, 0x0202);
    for (size_t i = 0; i < sizeof *functions / sizeof filler; i++)
        memcpy((char *)functions + i * sizeof filler, &filler, sizeof filler);
    functions->lpWSPSocket = lying_socket;
    functions->lpWSPCloseSocket = lying_close;
    functions->lpWSPBind = lying_bind;
    functions->lpWSPCleanup = lying_cleanup;
    functions->lpWSPIoctl = lying_ioctl;
    if (says.leaves_one_out) functions->lpWSPStringToAddress = NULL;
    data->wVersion = says.version;
    return says.startup_status;
}

static int lying_control(uint32_t code, struct provider_control *control) {
    saw.orders[code]++;
    saw.number = control->number;
    if (control->text != NULL && control->text_bytes < sizeof saw.text) {
        memcpy(saw.text, control->text, control->text_bytes);
        saw.text[control->text_bytes] = '\0';
    }
    memcpy(control->reason, says.reason, sizeof says.reason);
    if (code == says.refuses) return 0;
    if (code == PROVIDER_CONTROL_CANCEL || code == PROVIDER_CONTROL_CANCEL_OWN) control->number = says.cancel_error;
    if (code == PROVIDER_CONTROL_NOT_MODELLED) control->number = says.not_modelled;
    return 1;
}

/* --- the agent's side --------------------------------------------------------------------------------------------- */

static bool allow_all(const struct scenario *scenario, bool resumed, struct reason *reason) {
    (void)scenario, (void)resumed, (void)reason;
    return true;
}

static void open_door(provider_control_function *orders) {
    kernel = (struct windows_functions){ .begin = allow_all,
                                         .end = kernel_objects_end,
                                         .process_starts = kernel_objects_process_starts,
                                         .process_ends = kernel_objects_process_ends,
                                         .thread_ends = kernel_objects_thread_ends,
                                         .enter = kernel_objects_enter,
                                         .event_state = kernel_objects_event_state };
    kernel_objects_put(&kernel);
    table = kernel;
    memset(&saw, 0, sizeof saw);
    memset(&says, 0, sizeof says);
    says.version = 0x0202;
    says.refuses = NO_ORDER;
    provider_door_put(&table, lying_startup, orders);
    table.process_starts(PROCESS, THREAD);
    table.enter(PROCESS, THREAD);
}

static void close_door(void) {
    table.process_ends(OTHER);
    table.process_ends(PROCESS);
    kernel_objects_end();
}

static int start(void) {
    WSADATA data;
    return table.WSAStartup(0x0202, &data);
}

/* A door with a provider that was started. */
static void begin(void) {
    open_door(NULL);
    CU_ASSERT_EQUAL_FATAL(start(), 0);
}

static SOCKET a_socket(void) {
    return table.WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, WSA_FLAG_OVERLAPPED);
}

static int bind_it(void) {
    SetLastError(RUBBISH);
    return table.bind(100, NULL, 0);
}

/* --- threads ------------------------------------------------------------------------------------------------------ */

static unsigned ran;

static void NTAPI count_it(ULONG_PTR number) { ran += (unsigned)number; }

/* A child of the agent plays one scenario after another on threads of the same numbers. */
static void what_was_left_queued_does_not_run_in_the_next_process(void) {
    const HANDLE thread = (HANDLE)(uintptr_t)(THREAD_HANDLE_FIRST + THREAD);
    open_door(NULL);
    ran = 0;
    CU_ASSERT_EQUAL(table.QueueUserAPC(count_it, thread, 1), TRUE);
    table.process_ends(PROCESS);
    table.process_starts(PROCESS, THREAD);
    table.enter(PROCESS, THREAD);
    CU_ASSERT_EQUAL(table.SleepEx(0, TRUE), 0);
    CU_ASSERT_EQUAL(ran, 0);
    CU_ASSERT_EQUAL(table.QueueUserAPC(count_it, thread, 1), TRUE);
    CU_ASSERT_EQUAL(table.SleepEx(0, TRUE), WAIT_IO_COMPLETION);
    CU_ASSERT_EQUAL(ran, 1);
    close_door();
}

/* --- startup ------------------------------------------------------------------------------------------------------ */

static void a_table_with_a_hole_is_refused(void) {
    open_door(NULL);
    says.leaves_one_out = true;
    CU_ASSERT_EQUAL(start(), WSAEINVALIDPROCTABLE);
    says.leaves_one_out = false;
    CU_ASSERT_EQUAL(start(), 0);
    CU_ASSERT_EQUAL(saw.startups, 2);
    close_door();
}

static void another_version_is_refused(void) {
    open_door(NULL);
    says.version = 0x0101;
    CU_ASSERT_EQUAL(start(), WSAVERNOTSUPPORTED);
    CU_ASSERT_EQUAL(a_socket(), INVALID_SOCKET);
    CU_ASSERT_EQUAL(GetLastError(), WSANOTINITIALISED);
    close_door();
}

static void its_own_refusal_is_what_startup_returns(void) {
    open_door(NULL);
    says.startup_status = WSAEPROVIDERFAILEDINIT;
    CU_ASSERT_EQUAL(start(), WSAEPROVIDERFAILEDINIT);
    close_door();
}

static void it_is_started_once_and_cleaned_up_once(void) {
    begin();
    CU_ASSERT_EQUAL(start(), 0);
    CU_ASSERT_EQUAL(saw.startups, 1);
    CU_ASSERT_EQUAL(table.WSACleanup(), 0);
    CU_ASSERT_EQUAL(saw.cleanups, 0);
    says.status = SOCKET_ERROR;
    says.error = WSAENETDOWN;
    CU_ASSERT_EQUAL(table.WSACleanup(), SOCKET_ERROR);
    CU_ASSERT_EQUAL(GetLastError(), WSAENETDOWN);
    CU_ASSERT_EQUAL(saw.cleanups, 1);
    says.status = 0; /* it had refused, so it is still there */
    CU_ASSERT_EQUAL(table.WSACleanup(), 0);
    CU_ASSERT_EQUAL(saw.cleanups, 2);
    CU_ASSERT_EQUAL(table.WSACleanup(), SOCKET_ERROR);
    CU_ASSERT_EQUAL(GetLastError(), WSANOTINITIALISED);
    CU_ASSERT_EQUAL(saw.cleanups, 2);
    close_door();
}

static unsigned ran;
static void CALLBACK run(DWORD_PTR context) { ran += (unsigned)context; }
static BOOL CALLBACK blocks(DWORD_PTR context) { return context != 0; }

/* --- what a call returns ------------------------------------------------------------------------------------------ */

static void a_failure_without_a_code_is_no_known_error(void) {
    begin();
    says.status = SOCKET_ERROR;
    CU_ASSERT_EQUAL(bind_it(), SOCKET_ERROR);
    CU_ASSERT_EQUAL(GetLastError(), 0); /* which no scenario allows */
    says.error = WSAEADDRINUSE;
    CU_ASSERT_EQUAL(bind_it(), SOCKET_ERROR);
    CU_ASSERT_EQUAL(GetLastError(), WSAEADDRINUSE);
    close_door();
}

static void a_code_with_a_success_is_not_passed_on(void) {
    begin();
    says.error = WSAEADDRINUSE;
    CU_ASSERT_EQUAL(bind_it(), 0);
    CU_ASSERT_EQUAL(GetLastError(), RUBBISH);
    close_door();
}

static void another_status_is_handed_on_as_it_is(void) {
    begin();
    says.status = 7;
    says.error = WSAEADDRINUSE;
    CU_ASSERT_EQUAL(bind_it(), 7);
    CU_ASSERT_EQUAL(GetLastError(), RUBBISH);
    close_door();
}

static void a_pointer_that_it_keeps_names_no_thread(void) {
    int error = 0;
    begin();
    DWORD bytes = 0;
    CU_ASSERT_EQUAL(table.WSAIoctl(100, 0, NULL, 0, NULL, 0, &bytes, NULL, NULL), 0);
    CU_ASSERT_NOT_EQUAL(saw.copied_id.ThreadHandle, (HANDLE)0);
    WSATHREADID overwritten;
    memset(&overwritten, 0xA5, sizeof overwritten);
    CU_ASSERT_EQUAL(saw.upcalls.lpWPUQueueApc(&overwritten, run, 0, &error), SOCKET_ERROR);
    CU_ASSERT_EQUAL(error, WSAEINVAL);
    close_door();
}

/* --- handles ------------------------------------------------------------------------------------------------------ */

static void a_handle_has_its_context_and_closes_once(void) {
    DWORD_PTR context = 0;
    int error = 0;
    begin();
    SOCKET s = a_socket();
    CU_ASSERT_EQUAL(saw.upcalls.lpWPUQuerySocketHandleContext(s, &context, &error), 0);
    CU_ASSERT_EQUAL(context, CONTEXT);
    CU_ASSERT_TRUE(provider_upcalls_made((HANDLE)(uintptr_t)s));
    CU_ASSERT_EQUAL(table.closesocket(s), 0);
    CU_ASSERT_EQUAL(table.closesocket(s), SOCKET_ERROR);
    CU_ASSERT_EQUAL(GetLastError(), WSAENOTSOCK);
    CU_ASSERT_EQUAL(saw.upcalls.lpWPUQuerySocketHandleContext(s, &context, &error), SOCKET_ERROR);
    CU_ASSERT_EQUAL(error, WSAENOTSOCK);
    close_door();
}

static void a_handle_is_of_one_process(void) {
    DWORD_PTR context = 0;
    int error = 0;
    begin();
    SOCKET s = a_socket();
    table.process_starts(OTHER, THREAD + 1);
    table.enter(OTHER, THREAD + 1);
    CU_ASSERT_EQUAL(saw.upcalls.lpWPUQuerySocketHandleContext(s, &context, &error), SOCKET_ERROR);
    CU_ASSERT_EQUAL(saw.upcalls.lpWPUCloseSocketHandle(s, &error), SOCKET_ERROR);
    CU_ASSERT_EQUAL(error, WSAENOTSOCK);
    table.enter(PROCESS, THREAD);
    CU_ASSERT_EQUAL(table.closesocket(s), 0);
    close_door();
}

static void rubbish_is_no_handle(void) {
    static const SOCKET rubbish[] = { 0, RUBBISH, INVALID_SOCKET };
    DWORD_PTR context = 0;
    begin();
    for (unsigned i = 0; i < sizeof rubbish / sizeof rubbish[0]; i++) {
        int error = 0;
        CU_ASSERT_EQUAL(saw.upcalls.lpWPUQuerySocketHandleContext(rubbish[i], &context, &error), SOCKET_ERROR);
        CU_ASSERT_EQUAL(error, WSAENOTSOCK);
        error = 0;
        CU_ASSERT_EQUAL(saw.upcalls.lpWPUCloseSocketHandle(rubbish[i], &error), SOCKET_ERROR);
        CU_ASSERT_EQUAL(error, WSAENOTSOCK);
        CU_ASSERT_EQUAL(saw.upcalls.lpWPUCloseSocketHandle(rubbish[i], NULL), SOCKET_ERROR);
    }
    CU_ASSERT_FALSE(provider_upcalls_made(NULL));
    close_door();
}

static void handles_without_end_get_no_room(void) {
    int error = 0;
    unsigned made = 0;
    begin();
    while (made <= HANDLES && saw.upcalls.lpWPUCreateSocketHandle(1, made, &error) != INVALID_SOCKET) made++;
    CU_ASSERT_EQUAL(made, HANDLES);
    CU_ASSERT_EQUAL(error, WSAENOBUFS);
    table.process_ends(PROCESS); /* all of them are its own */
    table.process_starts(PROCESS, THREAD);
    CU_ASSERT_NOT_EQUAL(saw.upcalls.lpWPUCreateSocketHandle(1, 0, &error), INVALID_SOCKET);
    close_door();
}

static void no_socket_and_no_code_is_no_known_error(void) {
    begin();
    says.makes_no_handle = true;
    CU_ASSERT_EQUAL(a_socket(), INVALID_SOCKET);
    CU_ASSERT_EQUAL(GetLastError(), 0);
    says.error = WSAEMFILE;
    CU_ASSERT_EQUAL(a_socket(), INVALID_SOCKET);
    CU_ASSERT_EQUAL(GetLastError(), WSAEMFILE);
    close_door();
}

static void closehandle_of_a_socket_is_the_providers(void) {
    begin();
    HANDLE s = (HANDLE)(uintptr_t)a_socket(), event = table.CreateEventW(NULL, TRUE, FALSE, NULL);
    CU_ASSERT_TRUE(table.CloseHandle(event));
    CU_ASSERT_EQUAL(saw.closed, 0);
    SetLastError(RUBBISH);
    CU_ASSERT_TRUE(table.CloseHandle(s));
    CU_ASSERT_EQUAL(saw.closed, 1);
    CU_ASSERT_EQUAL(GetLastError(), RUBBISH);
    CU_ASSERT_FALSE(table.CloseHandle(s));
    CU_ASSERT_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    close_door();
}

/* --- the other upcalls -------------------------------------------------------------------------------------------- */

static void events_are_the_systems(void) {
    int error = 0;
    begin();
    WSAEVENT event = saw.upcalls.lpWPUCreateEvent(&error);
    CU_ASSERT_EQUAL(table.event_state(event), 0);
    CU_ASSERT_TRUE(saw.upcalls.lpWPUSetEvent(event, &error));
    CU_ASSERT_EQUAL(table.event_state(event), 1);
    CU_ASSERT_TRUE(saw.upcalls.lpWPUResetEvent(event, &error));
    CU_ASSERT_EQUAL(table.event_state(event), 0);
    CU_ASSERT_TRUE(saw.upcalls.lpWPUCloseEvent(event, &error));
    CU_ASSERT_EQUAL(error, 0);
    CU_ASSERT_FALSE(saw.upcalls.lpWPUSetEvent(event, &error));
    CU_ASSERT_EQUAL(error, WSA_INVALID_HANDLE);
    error = 0;
    CU_ASSERT_FALSE(saw.upcalls.lpWPUResetEvent((WSAEVENT)RUBBISH, &error));
    CU_ASSERT_EQUAL(error, WSA_INVALID_HANDLE);
    error = 0;
    CU_ASSERT_FALSE(saw.upcalls.lpWPUCloseEvent(NULL, &error));
    CU_ASSERT_EQUAL(error, WSA_INVALID_HANDLE);
    CU_ASSERT_FALSE(saw.upcalls.lpWPUCloseEvent(NULL, NULL));
    close_door();
}

static void a_routine_runs_in_an_alertable_wait_only(void) {
    int error = 0;
    WSATHREADID self;
    begin();
    ran = 0;
    CU_ASSERT_EQUAL(saw.upcalls.lpWPUOpenCurrentThread(&self, &error), 0);
    CU_ASSERT_EQUAL(saw.upcalls.lpWPUQueueApc(&self, run, 3, &error), 0);
    table.SleepEx(0, FALSE);
    CU_ASSERT_EQUAL(ran, 0);
    table.SleepEx(0, TRUE);
    CU_ASSERT_EQUAL(ran, 3);
    CU_ASSERT_EQUAL(saw.upcalls.lpWPUCloseThread(&self, &error), 0);
    close_door();
}

static void no_thread_and_no_routine_are_refused(void) {
    int error = 0;
    WSATHREADID self, rubbish;
    begin();
    memset(&rubbish, 0x5A, sizeof rubbish);
    saw.upcalls.lpWPUOpenCurrentThread(&self, &error);
    CU_ASSERT_EQUAL(saw.upcalls.lpWPUQueueApc(NULL, run, 0, &error), SOCKET_ERROR);
    CU_ASSERT_EQUAL(error, WSAEFAULT);
    error = 0;
    CU_ASSERT_EQUAL(saw.upcalls.lpWPUQueueApc(&self, NULL, 0, &error), SOCKET_ERROR);
    CU_ASSERT_EQUAL(error, WSAEFAULT);
    CU_ASSERT_EQUAL(saw.upcalls.lpWPUQueueApc(&rubbish, run, 0, &error), SOCKET_ERROR);
    CU_ASSERT_EQUAL(error, WSAEINVAL);
    error = 0;
    CU_ASSERT_EQUAL(saw.upcalls.lpWPUCloseThread(&rubbish, &error), SOCKET_ERROR);
    CU_ASSERT_EQUAL(error, WSAEINVAL);
    CU_ASSERT_EQUAL(saw.upcalls.lpWPUCloseThread(NULL, NULL), SOCKET_ERROR);
    close_door();
}

static void what_there_is_not_is_said_to_be_not_there(void) {
    int error = 0, length = 0;
    LPBLOCKINGCALLBACK callback = blocks;
    DWORD_PTR context = RUBBISH;
    fd_set set;
    begin();
    CU_ASSERT_EQUAL(saw.upcalls.lpWPUGetProviderPath(NULL, NULL, &length, &error), SOCKET_ERROR);
    CU_ASSERT_EQUAL(error, WSAEINVAL);
    CU_ASSERT_FALSE(saw.upcalls.lpWPUPostMessage(NULL, 0, 0, 0));
    CU_ASSERT_EQUAL(saw.upcalls.lpWPUModifyIFSHandle(1, 400, &error), 400);
    CU_ASSERT_EQUAL(saw.upcalls.lpWPUQueryBlockingCallback(1, &callback, &context, &error), 0);
    CU_ASSERT_PTR_NULL((void *)(uintptr_t)callback);
    CU_ASSERT_EQUAL(context, 0);
    set.fd_count = 1;
    set.fd_array[0] = 100;
    CU_ASSERT_EQUAL(saw.upcalls.lpWPUFDIsSet(100, &set), 1);
    CU_ASSERT_EQUAL(saw.upcalls.lpWPUFDIsSet(104, &set), 0);
    set.fd_count = 0xFFFFFFFF; /* more than it has room for */
    CU_ASSERT_EQUAL(saw.upcalls.lpWPUFDIsSet(INVALID_SOCKET, &set), 0);
    close_door();
}

/* --- what completes ----------------------------------------------------------------------------------------------- */

/* How many packets wait at a port. */
static unsigned packets(HANDLE port) {
    unsigned count = 0;
    DWORD bytes = 0;
    ULONG_PTR key = 0;
    LPOVERLAPPED overlapped = NULL;
    while (table.GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0) || overlapped != NULL) {
        count++;
        overlapped = NULL;
    }
    return count;
}

static unsigned packets_of(unsigned completions, int status, int error) {
    begin();
    SOCKET s = a_socket();
    HANDLE port = table.CreateIoCompletionPort((HANDLE)(uintptr_t)s, NULL, 1, 0);
    CU_ASSERT_PTR_NOT_NULL(port);
    OVERLAPPED overlapped;
    DWORD bytes = 0;
    memset(&overlapped, 0, sizeof overlapped);
    overlapped.Internal = STATUS_PENDING;
    says.completes = completions;
    says.status = status;
    says.error = error;
    CU_ASSERT_EQUAL(table.WSAIoctl(s, 0, NULL, 0, NULL, 0, &bytes, (LPWSAOVERLAPPED)&overlapped, NULL), status);
    unsigned count = packets(port);
    says.status = says.error = 0;
    table.closesocket(s);
    close_door();
    return count;
}

static void what_completes_inside_the_call_comes_after_it(void) {
    CU_ASSERT_EQUAL(packets_of(1, SOCKET_ERROR, WSA_IO_PENDING), 1);
}

static void each_completion_is_a_packet_even_the_second(void) {
    CU_ASSERT_EQUAL(packets_of(2, SOCKET_ERROR, WSA_IO_PENDING), 2); /* so that a scenario sees what it did */
}

static void one_that_never_completes_brings_nothing(void) {
    CU_ASSERT_EQUAL(packets_of(0, SOCKET_ERROR, WSA_IO_PENDING), 0);
}

/* --- extensions --------------------------------------------------------------------------------------------------- */

static BOOL connect_it(SOCKET s, LPOVERLAPPED overlapped) {
    DWORD sent = 0;
    SetLastError(RUBBISH);
    return table.ConnectEx(s, NULL, 0, NULL, 0, &sent, overlapped);
}

static void an_extension_is_the_providers_own(void) {
    begin();
    says.extends = true;
    says.connects = TRUE;
    SOCKET s = a_socket();
    CU_ASSERT_EQUAL(connect_it(s, NULL), TRUE);
    CU_ASSERT_EQUAL(saw.connected, s);
    CU_ASSERT_EQUAL(GetLastError(), RUBBISH); /* it has set none, and the search for it neither */
    says.connects = FALSE;
    says.connect_error = WSAEADDRNOTAVAIL;
    CU_ASSERT_EQUAL(connect_it(s, NULL), FALSE);
    CU_ASSERT_EQUAL(GetLastError(), WSAEADDRNOTAVAIL);
    struct reason reason = { "" };
    CU_ASSERT_FALSE(table.not_modelled(&reason));
    close_door();
}

static void of_what_is_no_socket_another_one_is_asked(void) {
    begin();
    says.extends = true;
    says.knows_not = 100;
    says.connect_error = WSAENOTSOCK;
    CU_ASSERT_EQUAL(connect_it(100, NULL), FALSE);
    CU_ASSERT_EQUAL(saw.extensions_asked, 2);
    CU_ASSERT_EQUAL(saw.closed, 1); /* and not kept */
    CU_ASSERT_EQUAL(saw.connected, 100);
    CU_ASSERT_EQUAL(GetLastError(), WSAENOTSOCK);
    close_door();
}

static void an_extension_that_is_not_there_is_no_answer(void) {
    struct reason reason = { "" };
    begin();
    SOCKET s = a_socket();
    CU_ASSERT_EQUAL(connect_it(s, NULL), FALSE);
    CU_ASSERT_EQUAL(GetLastError(), WSAEOPNOTSUPP);
    CU_ASSERT_TRUE(table.not_modelled(&reason));
    CU_ASSERT_STRING_EQUAL(reason.text, "ConnectEx, an extension that the provider does not have");
    CU_ASSERT_FALSE(table.not_modelled(&reason)); /* said once, of that call */
    CU_ASSERT_EQUAL(saw.connected, 0);
    close_door();
}

static void a_provider_that_gives_no_address_is_not_called(void) {
    struct reason reason = { "" };
    begin();
    says.extends = says.gives_nothing = true;
    CU_ASSERT_EQUAL(connect_it(a_socket(), NULL), FALSE);
    CU_ASSERT_TRUE(table.not_modelled(&reason));
    close_door();
}

/* Packets that are there while the call runs would be seen by another thread too early. */
static unsigned packets_of_connect(unsigned completions, BOOL connects, int error) {
    OVERLAPPED overlapped;
    begin();
    SOCKET s = a_socket();
    HANDLE port = table.CreateIoCompletionPort((HANDLE)(uintptr_t)s, NULL, 1, 0);
    memset(&overlapped, 0, sizeof overlapped);
    overlapped.Internal = STATUS_PENDING;
    says.extends = true;
    says.connects = connects;
    says.connect_error = error;
    says.connect_ends = completions;
    CU_ASSERT_EQUAL(connect_it(s, &overlapped), connects);
    if (error != 0) CU_ASSERT_EQUAL(GetLastError(), (DWORD)error);
    unsigned count = packets(port);
    table.closesocket(s);
    close_door();
    return count;
}

static void an_extensions_end_comes_once_and_after_its_call(void) {
    CU_ASSERT_EQUAL(packets_of_connect(1, FALSE, ERROR_IO_PENDING), 1);
    CU_ASSERT_EQUAL(packets_of_connect(1, TRUE, 0), 1);
    CU_ASSERT_EQUAL(packets_of_connect(2, FALSE, ERROR_IO_PENDING), 2); /* twice is to be seen */
    CU_ASSERT_EQUAL(packets_of_connect(0, TRUE, 0), 0);
}

static void before_startup_no_extension_is_asked_for(void) {
    struct reason reason = { "" };
    open_door(NULL);
    says.extends = true;
    CU_ASSERT_EQUAL(connect_it(100, NULL), FALSE);
    CU_ASSERT_EQUAL(GetLastError(), WSANOTINITIALISED);
    CU_ASSERT_EQUAL(saw.extensions_asked, 0);
    CU_ASSERT_FALSE(table.not_modelled(&reason)); /* that is an answer */
    close_door();
}

/* --- orders ------------------------------------------------------------------------------------------------------- */

static void a_provider_that_takes_none_is_asked_nothing(void) {
    open_door(NULL);
    CU_ASSERT_FALSE(table.processes_share_host);
    CU_ASSERT_FALSE(table.has_own_machine);
    CU_ASSERT_PTR_NULL((void *)(uintptr_t)table.CancelIoEx);
    CU_ASSERT_PTR_NULL((void *)(uintptr_t)table.reboot);
    CU_ASSERT_STRING_EQUAL(table.kind, "provider");
    close_door();
}

static void it_hears_which_process_and_version(void) {
    open_door(lying_control);
    CU_ASSERT_TRUE(table.processes_share_host);
    CU_ASSERT_TRUE(table.has_own_machine);
    CU_ASSERT_EQUAL(saw.orders[PROVIDER_CONTROL_START], 1);
    CU_ASSERT_EQUAL(saw.orders[PROVIDER_CONTROL_ATTACH], 1);
    WSADATA data;
    CU_ASSERT_EQUAL(table.WSAStartup(0x0101, &data), 0);
    CU_ASSERT_EQUAL(saw.orders[PROVIDER_CONTROL_STARTUP], 1);
    CU_ASSERT_EQUAL(saw.number, 0x0101);
    CU_ASSERT_EQUAL(data.wVersion, 0x0101);
    table.advance(1500);
    CU_ASSERT_EQUAL(saw.orders[PROVIDER_CONTROL_ADVANCE], 1);
    CU_ASSERT_EQUAL(saw.number, 1500);
    table.thread_ends(THREAD);
    CU_ASSERT_EQUAL(saw.orders[PROVIDER_CONTROL_THREAD_ENDS], 1);
    close_door();
    CU_ASSERT_EQUAL(saw.orders[PROVIDER_CONTROL_STOP], 2);
}

static void a_fault_that_it_has_not_is_none(void) {
    open_door(lying_control);
    CU_ASSERT_TRUE(table.fault("network-down"));
    CU_ASSERT_STRING_EQUAL(saw.text, "network-down");
    says.refuses = PROVIDER_CONTROL_FAULT;
    CU_ASSERT_FALSE(table.fault("network-down"));
    says.refuses = PROVIDER_CONTROL_REBOOT;
    CU_ASSERT_FALSE(table.reboot());
    close_door();
}

static void a_reason_without_an_end_is_cut(void) {
    struct reason reason = { "" };
    open_door(lying_control);
    says.not_modelled = true;
    memset(says.reason, 'x', sizeof says.reason);
    CU_ASSERT_TRUE(table.not_modelled(&reason));
    CU_ASSERT_EQUAL(strspn(reason.text, "x"), strlen(reason.text));
    CU_ASSERT_TRUE(strlen(reason.text) > 0 && strlen(reason.text) < PROVIDER_CONTROL_REASON_BYTES);
    says.not_modelled = false;
    CU_ASSERT_FALSE(table.not_modelled(&reason));
    says.not_modelled = true;
    says.refuses = PROVIDER_CONTROL_NOT_MODELLED; /* it answers to everything */
    CU_ASSERT_FALSE(table.not_modelled(&reason));
    close_door();
}

static void what_is_cancelled_is_the_providers_or_the_systems(void) {
    open_door(lying_control);
    CU_ASSERT_TRUE(table.CancelIoEx((HANDLE)100, NULL));
    CU_ASSERT_EQUAL(saw.orders[PROVIDER_CONTROL_CANCEL], 1);
    says.cancel_error = ERROR_NOT_FOUND;
    CU_ASSERT_FALSE(table.CancelIoEx((HANDLE)100, NULL));
    CU_ASSERT_EQUAL(GetLastError(), ERROR_NOT_FOUND);
    says.cancel_error = ERROR_INVALID_HANDLE; /* no socket of the provider's: the system knows none either */
    CU_ASSERT_FALSE(table.CancelIo((HANDLE)100));
    CU_ASSERT_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CU_ASSERT_EQUAL(saw.orders[PROVIDER_CONTROL_CANCEL_OWN], 1);
    says.cancel_error = 0;
    says.refuses = PROVIDER_CONTROL_CANCEL_OWN;
    CU_ASSERT_FALSE(table.CancelIo((HANDLE)100));
    CU_ASSERT_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    close_door();
}

/* --- WSPIoctl itself ---------------------------------------------------------------------------------------------- */

static void wspioctl_is_handed_on_with_all_that_is_wrong(void) {
    int error = RUBBISH;
    DWORD bytes = 0;
    WSATHREADID own;
    open_door(NULL);
    CU_ASSERT_EQUAL(table.WSPIoctl(100, 0, NULL, 0, NULL, 0, &bytes, NULL, NULL, &own, &error), SOCKET_ERROR);
    CU_ASSERT_EQUAL(error, WSANOTINITIALISED);
    CU_ASSERT_EQUAL(table.WSPIoctl(100, 0, NULL, 0, NULL, 0, &bytes, NULL, NULL, &own, NULL), SOCKET_ERROR);
    CU_ASSERT_EQUAL_FATAL(start(), 0);
    memset(&own, 0, sizeof own);
    error = RUBBISH;
    SetLastError(RUBBISH);
    says.status = SOCKET_ERROR;
    CU_ASSERT_EQUAL(table.WSPIoctl(100, 0, NULL, 0, NULL, 0, &bytes, NULL, NULL, &own, &error), SOCKET_ERROR);
    CU_ASSERT_PTR_EQUAL(saw.kept_id, &own); /* the caller's, not the door's */
    CU_ASSERT_EQUAL(error, RUBBISH);        /* it has said nothing, and that shows (PAR-21) */
    CU_ASSERT_EQUAL(GetLastError(), RUBBISH);
    close_door();
}

void register_agent_provider_door_tests(void);

void register_agent_provider_door_tests(void) {
    CU_pSuite suite = CU_add_suite("agent: the door of a provider", NULL, NULL);
    CU_add_test(suite, "a table with a hole is refused", a_table_with_a_hole_is_refused);
    CU_add_test(suite, "another version is refused", another_version_is_refused);
    CU_add_test(suite, "its own refusal is what startup returns", its_own_refusal_is_what_startup_returns);
    CU_add_test(suite, "it is started once and cleaned up once", it_is_started_once_and_cleaned_up_once);
    CU_add_test(suite, "a failure without a code is no known error", a_failure_without_a_code_is_no_known_error);
    CU_add_test(suite, "a code with a success is not passed on", a_code_with_a_success_is_not_passed_on);
    CU_add_test(suite, "another status is handed on as it is", another_status_is_handed_on_as_it_is);
    CU_add_test(suite, "a pointer that it keeps names no thread", a_pointer_that_it_keeps_names_no_thread);
    CU_add_test(suite, "a handle has its context and closes once", a_handle_has_its_context_and_closes_once);
    CU_add_test(suite, "a handle is of one process", a_handle_is_of_one_process);
    CU_add_test(suite, "rubbish is no handle", rubbish_is_no_handle);
    CU_add_test(suite, "handles without end get no room", handles_without_end_get_no_room);
    CU_add_test(suite, "no socket and no code is no known error", no_socket_and_no_code_is_no_known_error);
    CU_add_test(suite, "CloseHandle of a socket is the provider's", closehandle_of_a_socket_is_the_providers);
    CU_add_test(suite, "events are the system's", events_are_the_systems);
    CU_add_test(suite, "a routine runs in an alertable wait only", a_routine_runs_in_an_alertable_wait_only);
    CU_add_test(suite, "no thread and no routine are refused", no_thread_and_no_routine_are_refused);
    CU_add_test(suite, "what there is not is said to be not there", what_there_is_not_is_said_to_be_not_there);
    CU_add_test(suite, "what completes inside the call comes after it", what_completes_inside_the_call_comes_after_it);
    CU_add_test(suite, "each completion is a packet, even the second", each_completion_is_a_packet_even_the_second);
    CU_add_test(suite, "one that never completes brings nothing", one_that_never_completes_brings_nothing);
    CU_add_test(suite, "an extension is the provider's own", an_extension_is_the_providers_own);
    CU_add_test(suite, "of what is no socket another one is asked", of_what_is_no_socket_another_one_is_asked);
    CU_add_test(suite, "an extension that is not there is no answer", an_extension_that_is_not_there_is_no_answer);
    CU_add_test(suite, "a provider that gives no address is not called",
                a_provider_that_gives_no_address_is_not_called);
    CU_add_test(suite, "an extension's end comes once, and after its call",
                an_extensions_end_comes_once_and_after_its_call);
    CU_add_test(suite, "before startup no extension is asked for", before_startup_no_extension_is_asked_for);
    CU_add_test(suite, "a provider that takes no orders is asked nothing", a_provider_that_takes_none_is_asked_nothing);
    CU_add_test(suite, "it hears which process, and which version", it_hears_which_process_and_version);
    CU_add_test(suite, "a fault that it has not is none", a_fault_that_it_has_not_is_none);
    CU_add_test(suite, "a reason without an end is cut", a_reason_without_an_end_is_cut);
    CU_add_test(suite, "what is cancelled is the provider's or the system's",
                what_is_cancelled_is_the_providers_or_the_systems);
    CU_add_test(suite, "what was left queued does not run in the next process",
                what_was_left_queued_does_not_run_in_the_next_process);
    CU_add_test(suite, "WSPIoctl is handed on with all that is wrong", wspioctl_is_handed_on_with_all_that_is_wrong);
}
