/* What kernel32 would know of a provider's sockets, beside a provider that completes what it should, twice, too late,
 * or of sockets that are none. Sockets and files are numbers here. */
#include "conformance/agent/system/windows_headers.h"

#include <CUnit/CUnit.h>
#include <string.h>

#include "conformance/agent/provider_ports.h"
#include "conformance/agent/provider_sockets.h"
#include "stack/errors.h"

enum { SKIP_PACKET = 1, KEY = 7, OTHER_PROCESS = 1, NAME = 77 };

static struct windows_functions below, table;
static uintptr_t last_file;
static unsigned events_set;
static SOCKET told;

static HANDLE WINAPI open_file(const WCHAR *name) {
    (void)name;
    return (HANDLE)(last_file += 4);
}

static BOOL WINAPI close_file(HANDLE file) {
    (void)file;
    return TRUE;
}

static BOOL WINAPI set_event(HANDLE event) {
    (void)event;
    events_set++;
    return TRUE;
}

/* Nothing is the system's own. */
static HANDLE WINAPI no_port(HANDLE file, HANDLE existing, ULONG_PTR key, DWORD threads) {
    (void)file, (void)existing, (void)key, (void)threads;
    SetLastError(ERROR_INVALID_HANDLE);
    return NULL;
}

static void tell(SOCKET s) { told = s; }

static int prepare(void) {
    last_file = 0x7000;
    below = (struct windows_functions){
        .CreateFileW = open_file, .CloseHandle = close_file, .SetEvent = set_event, .CreateIoCompletionPort = no_port
    };
    provider_sockets_put(&table, &below);
    provider_sockets_tell(tell);
    return 0;
}

static int restore(void) {
    provider_sockets_tell(NULL);
    return 0;
}

static void enter(unsigned process) {
    provider_sockets_enter(process);
    provider_ports_enter(process);
}

static void begin(void) {
    enter(0);
    events_set = 0;
    told = 0;
}

static void end(void) {
    for (unsigned i = 0; i <= OTHER_PROCESS; i++) {
        provider_sockets_process_ends(i);
        provider_ports_process_ends(i);
    }
}

static HANDLE associate(SOCKET s, HANDLE port) {
    return table.CreateIoCompletionPort((HANDLE)(uintptr_t)s, port, KEY, 0);
}

/* A socket that was opened for overlapped use, with a port. */
static HANDLE socket_with_port(SOCKET s) {
    provider_socket_opened(s, true);
    HANDLE port = associate(s, NULL);
    CU_ASSERT_PTR_NOT_NULL(port);
    return port;
}

static OVERLAPPED pending(uintptr_t event) {
    OVERLAPPED overlapped;
    memset(&overlapped, 0, sizeof overlapped);
    overlapped.Internal = STATUS_PENDING;
    overlapped.hEvent = (HANDLE)event;
    return overlapped;
}

static int complete(SOCKET s, OVERLAPPED *overlapped, DWORD error, DWORD bytes) {
    int failure = 0;
    return provider_complete(s, (LPWSAOVERLAPPED)overlapped, error, bytes, &failure) == 0 ? 0 : failure;
}

/* The next packet's OVERLAPPED, with *error 0 or what the taker gets; NULL: there is none. */
static OVERLAPPED *take(HANDLE port, DWORD *error) {
    DWORD bytes = 0;
    ULONG_PTR key = 0;
    LPOVERLAPPED overlapped = NULL;
    BOOL taken = table.GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0);
    *error = taken ? 0 : GetLastError();
    if (overlapped != NULL) CU_ASSERT_EQUAL(key, KEY);
    return overlapped;
}

static void expect_no_packet(HANDLE port) {
    DWORD error = 0;
    CU_ASSERT_PTR_NULL(take(port, &error));
    CU_ASSERT_EQUAL(error, WAIT_TIMEOUT);
}

/* S1. */
static void a_socket_has_one_port(void) {
    begin();
    HANDLE port = socket_with_port(100);
    CU_ASSERT_EQUAL(told, 100);
    CU_ASSERT_PTR_NULL(associate(100, port));
    CU_ASSERT_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    provider_socket_opened(104, false);
    CU_ASSERT_PTR_NULL(associate(104, port)); /* not for overlapped use */
    CU_ASSERT_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    provider_socket_opened(108, true);
    CU_ASSERT_PTR_NULL(associate(108, (HANDLE)(uintptr_t)108)); /* that is no port */
    CU_ASSERT_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CU_ASSERT_PTR_EQUAL(associate(108, port), port);
    CU_ASSERT_PTR_NULL(associate(112, port)); /* that is no socket */
    CU_ASSERT_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    end();
}

static void a_completion_is_a_packet_and_an_event(void) {
    DWORD error = 0;
    begin();
    HANDLE port = socket_with_port(100);
    OVERLAPPED overlapped = pending(0x40);
    CU_ASSERT_EQUAL(complete(100, &overlapped, 0, 12), 0);
    CU_ASSERT_EQUAL(overlapped.Internal, 0);
    CU_ASSERT_EQUAL(overlapped.InternalHigh, 12);
    CU_ASSERT_EQUAL(events_set, 1);
    CU_ASSERT_PTR_EQUAL(take(port, &error), &overlapped);
    CU_ASSERT_EQUAL(error, 0);
    expect_no_packet(port);
    end();
}

/* S2: the lowest bit of hEvent; the event is set all the same. */
static void the_low_bit_keeps_the_packet_away(void) {
    begin();
    HANDLE port = socket_with_port(100);
    OVERLAPPED overlapped = pending(0x41);
    CU_ASSERT_EQUAL(complete(100, &overlapped, 0, 0), 0);
    CU_ASSERT_EQUAL(events_set, 1);
    expect_no_packet(port);
    end();
}

/* A call that completes what it was given before it returns. */
static void call_that_completes(SOCKET s, OVERLAPPED *overlapped, bool succeeds) {
    provider_sockets_hold((LPWSAOVERLAPPED)overlapped);
    CU_ASSERT_EQUAL(complete(s, overlapped, 0, 3), 0);
    provider_sockets_release(s, succeeds);
}

/* S2: FILE_SKIP_COMPLETION_PORT_ON_SUCCESS is about calls that succeed at once. */
static void a_success_at_once_can_be_skipped(void) {
    DWORD error = 0;
    begin();
    HANDLE port = socket_with_port(100);
    OVERLAPPED at_once = pending(0), pends = pending(0), later = pending(0);
    call_that_completes(100, &at_once, true);
    CU_ASSERT_PTR_EQUAL(take(port, &error), &at_once); /* no mode is set yet */
    CU_ASSERT_TRUE(table.SetFileCompletionNotificationModes((HANDLE)100, SKIP_PACKET));
    call_that_completes(100, &at_once, true);
    expect_no_packet(port);
    call_that_completes(100, &pends, false); /* it said ERROR_IO_PENDING */
    CU_ASSERT_PTR_EQUAL(take(port, &error), &pends);
    CU_ASSERT_EQUAL(complete(100, &later, 0, 0), 0);
    CU_ASSERT_PTR_EQUAL(take(port, &error), &later);
    end();
}

static void modes_stay_and_unknown_ones_are_refused(void) {
    begin();
    (void)socket_with_port(100);
    CU_ASSERT_FALSE(table.SetFileCompletionNotificationModes((HANDLE)100, 4));
    CU_ASSERT_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    provider_socket_opened(104, false);
    CU_ASSERT_FALSE(table.SetFileCompletionNotificationModes((HANDLE)104, SKIP_PACKET));
    CU_ASSERT_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CU_ASSERT_FALSE(table.SetFileCompletionNotificationModes((HANDLE)108, SKIP_PACKET));
    CU_ASSERT_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    end();
}

/* S3. */
static void a_failure_comes_as_its_error(void) {
    DWORD error = 0, bytes = 99;
    begin();
    HANDLE port = socket_with_port(100);
    OVERLAPPED overlapped = pending(0);
    CU_ASSERT_FALSE(table.GetOverlappedResult((HANDLE)100, &overlapped, &bytes, FALSE));
    CU_ASSERT_EQUAL(GetLastError(), ERROR_IO_INCOMPLETE);
    CU_ASSERT_EQUAL(complete(100, &overlapped, WSA_OPERATION_ABORTED, 0), 0);
    CU_ASSERT_PTR_EQUAL(take(port, &error), &overlapped);
    CU_ASSERT_EQUAL(error, ERROR_OPERATION_ABORTED);
    CU_ASSERT_FALSE(table.GetOverlappedResult((HANDLE)100, &overlapped, &bytes, TRUE));
    CU_ASSERT_EQUAL(GetLastError(), ERROR_OPERATION_ABORTED);
    CU_ASSERT_EQUAL(bytes, 99); /* a failure stores no count */
    end();
}

/* A hostile provider: without an OVERLAPPED, twice, of a socket that is closed, of one that never was. */
static void a_provider_completes_what_it_should_not(void) {
    DWORD error = 0;
    begin();
    HANDLE port = socket_with_port(100);
    OVERLAPPED overlapped = pending(0x40);
    CU_ASSERT_EQUAL(complete(100, NULL, 0, 0), WSAEINVAL);
    CU_ASSERT_EQUAL(complete(100, &overlapped, WSAECONNRESET, 0), 0);
    CU_ASSERT_EQUAL(complete(100, &overlapped, 0, 5), 0);
    CU_ASSERT_EQUAL(overlapped.InternalHigh, 0); /* what it was first, it stays */
    CU_ASSERT_PTR_EQUAL(take(port, &error), &overlapped);
    CU_ASSERT_PTR_EQUAL(take(port, &error), &overlapped);
    provider_socket_closed(100);
    CU_ASSERT_EQUAL(complete(100, &overlapped, 0, 0), 0);
    CU_ASSERT_EQUAL(complete(0, &overlapped, 0, 0), 0);
    CU_ASSERT_EQUAL(complete(9999, &overlapped, 0, 0), 0);
    expect_no_packet(port);
    end();
}

/* The port is closed while a request is on its way. */
static void a_port_that_is_gone_gets_nothing(void) {
    DWORD error = 0;
    begin();
    HANDLE port = socket_with_port(100);
    OVERLAPPED overlapped = pending(0x40);
    CU_ASSERT_TRUE(provider_port_close(port));
    CU_ASSERT_EQUAL(complete(100, &overlapped, 0, 0), 0);
    CU_ASSERT_EQUAL(events_set, 1);
    CU_ASSERT_PTR_NULL(take(port, &error));
    CU_ASSERT_EQUAL(error, ERROR_INVALID_HANDLE);
    end();
}

/* Requests of the one are known by the other's port, also when the one is closed. */
static void handles_of_one_socket_share_its_port(void) {
    DWORD error = 0;
    begin();
    HANDLE port = socket_with_port(100);
    OVERLAPPED one = pending(0), other = pending(0);
    CU_ASSERT_FALSE(provider_socket_shared(104, NAME));
    provider_socket_duplicated(100, NAME);
    enter(OTHER_PROCESS);
    CU_ASSERT_TRUE(provider_socket_shared(104, NAME));
    CU_ASSERT_EQUAL(complete(104, &other, 0, 0), 0);
    enter(0);
    CU_ASSERT_PTR_EQUAL(take(port, &error), &other);
    provider_socket_closed(100);
    CU_ASSERT_EQUAL(complete(100, &one, 0, 0), 0);
    CU_ASSERT_PTR_EQUAL(take(port, &error), &one);
    provider_sockets_process_ends(OTHER_PROCESS);
    CU_ASSERT_FALSE(provider_socket_shared(108, NAME));
    end();
}

static void what_is_accepted_is_as_its_listener(void) {
    begin();
    provider_socket_opened(100, false);
    provider_socket_accepted(104, 100);
    CU_ASSERT_PTR_NULL(associate(104, NULL));
    CU_ASSERT_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    provider_socket_opened(108, true);
    provider_socket_accepted(112, 108);
    CU_ASSERT_PTR_NOT_NULL(associate(112, NULL));
    end();
}

/* A handle belongs to its process, and ends with it; its number may come again. */
static void a_socket_is_of_one_process(void) {
    begin();
    (void)socket_with_port(100);
    enter(OTHER_PROCESS);
    CU_ASSERT_PTR_NULL(associate(100, NULL));
    CU_ASSERT_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    provider_sockets_process_ends(0);
    (void)socket_with_port(100);
    end();
}

void register_agent_provider_sockets_tests(void);

void register_agent_provider_sockets_tests(void) {
    CU_pSuite suite = CU_add_suite("agent: sockets of a provider", prepare, restore);
    CU_add_test(suite, "a socket has one port", a_socket_has_one_port);
    CU_add_test(suite, "a completion is a packet and an event", a_completion_is_a_packet_and_an_event);
    CU_add_test(suite, "the low bit keeps the packet away", the_low_bit_keeps_the_packet_away);
    CU_add_test(suite, "a success at once can be skipped", a_success_at_once_can_be_skipped);
    CU_add_test(suite, "modes stay, and unknown ones are refused", modes_stay_and_unknown_ones_are_refused);
    CU_add_test(suite, "a failure comes as its error", a_failure_comes_as_its_error);
    CU_add_test(suite, "a provider completes what it should not", a_provider_completes_what_it_should_not);
    CU_add_test(suite, "a port that is gone gets nothing", a_port_that_is_gone_gets_nothing);
    CU_add_test(suite, "handles of one socket share its port", handles_of_one_socket_share_its_port);
    CU_add_test(suite, "what is accepted is as its listener", what_is_accepted_is_as_its_listener);
    CU_add_test(suite, "a socket is of one process", a_socket_is_of_one_process);
}
