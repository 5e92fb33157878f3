/* What a provider gives besides its table: control codes whose answers name handles, functions by their GUIDs, and the
 * blocking hook of its client. */
#include "stack/winsock/tests/edge_double.h"

#include <CUnit/CUnit.h>
#include <string.h>

#include "sim/memory/pages.h"
#include "stack/sdk/control_values.h"

enum { FILLED = 0xA5, AN_ERROR = WSAENOTCONN, ROWS = 256, NONE_OF_OURS = 0x7FFFFFFC };

#define NOWHERE(number) ((void *)(uintptr_t)(0x100 + 8 * (number)))
#define NOWHERES(number) ADDRESS(NOWHERE(number))

static INT stored;

/* --- control codes ------------------------------------------------------------------------------------------------ */

static uint64_t output[2];
static uint64_t found;

static void store_handle(const struct call *call) {
    memcpy((void *)(uintptr_t)call->arguments[WSAIoctl_out], &found, sizeof found);
}

static void check_base_handle(DWORD code, uint64_t stores, bool succeeds, uint64_t expected) {
    played_begin();
    found = stores;
    played_says(FUNCTION_WSAIoctl, succeeds ? 0 : UINT64_MAX, succeeds ? ERROR_UNTOUCHED : (uint32_t)AN_ERROR);
    played.answers[FUNCTION_WSAIoctl].meanwhile = store_handle;
    memset(output, FILLED, sizeof output);
    stored = UNTOUCHED;
    CU_ASSERT_EQUAL(edge.lpWSPIoctl(CLIENTS(7), code, NULL, 0, output, 16, NULL, NULL, NULL, NULL, &stored),
                    succeeds ? 0 : SOCKET_ERROR);
    CU_ASSERT_EQUAL(stored, succeeds ? (INT)UNTOUCHED : (INT)AN_ERROR);
    CU_ASSERT_EQUAL(output[0], expected);
    CU_ASSERT_EQUAL(output[1], 0xA5A5A5A5A5A5A5A5);
    EXPECT_JOURNAL("WSAIoctl");
}

static void the_handle_of_the_base_is_the_clients(void) {
    check_base_handle(SIO_BASE_HANDLE, 7, true, CLIENTS(7));
    check_base_handle(SIO_BASE_HANDLE, 8, true, 8); /* what is not the socket's own */
    check_base_handle(SIO_BASE_HANDLE, 7, false, 7);
    check_base_handle(SIO_BASE_HANDLE + 1, 7, true, 7);
}

/* --- functions by their GUIDs ------------------------------------------------------------------------------------- */

static int ask_for(GUID guid, void *place) {
    stored = UNTOUCHED;
    return edge.lpWSPIoctl(CLIENTS(7), SIO_GET_EXTENSION_FUNCTION_POINTER, &guid, sizeof guid, place, sizeof(void *),
                           NULL, NULL, NULL, NULL, &stored);
}

static void a_guid_that_we_have_not_is_not_modelled(void) {
    GUID guid = WSAID_CONNECTEX;
    guid.Data4[7]++;
    played_begin();
    memset(output, FILLED, sizeof output);
    CU_ASSERT_EQUAL(ask_for(guid, output), SOCKET_ERROR);
    CU_ASSERT_EQUAL(stored, WSAEOPNOTSUPP);
    EXPECT_JOURNAL("WSAIoctl; not modelled");
    CU_ASSERT_STRING_EQUAL(played.words, "TransmitFile and TransmitPackets of a provider");
    CU_ASSERT_EQUAL(output[0], 0);
    CU_ASSERT_EQUAL(output[1], 0xA5A5A5A5A5A5A5A5);
}

static void what_the_model_refuses_is_not_given(void) {
    played_begin();
    memset(output, FILLED, sizeof output);
    played_says(FUNCTION_WSAIoctl, UINT64_MAX, WSAENOTSOCK);
    CU_ASSERT_EQUAL(ask_for((GUID)WSAID_CONNECTEX, output), SOCKET_ERROR);
    CU_ASSERT_EQUAL(stored, WSAENOTSOCK);
    CU_ASSERT_EQUAL(output[0], 0xA5A5A5A5A5A5A5A5);
    EXPECT_JOURNAL("WSAIoctl");
}

/* An order that succeeded in the model and is not modelled here is no request, and leaves no row. */
static void store_status(const struct call *call) {
    const uint64_t internal = 0;
    memcpy((void *)(uintptr_t)call->arguments[WSAIoctl_ov], &internal, sizeof internal);
}

static void what_is_not_given_is_no_request(void) {
    GUID guid = WSAID_CONNECTEX;
    WSAOVERLAPPED overlapped = { .hEvent = EVENT(54) };
    guid.Data1++;
    played_begin();
    played.answers[FUNCTION_WSAIoctl].meanwhile = store_status;
    CU_ASSERT_EQUAL(edge.lpWSPIoctl(CLIENTS(7), SIO_GET_EXTENSION_FUNCTION_POINTER, &guid, sizeof guid, output,
                                    sizeof(void *), NULL, &overlapped, NULL, NULL, &stored),
                    SOCKET_ERROR);
    EXPECT_JOURNAL("CreateEventW 0 1 1 0 = 302; WSAIoctl; not modelled; CloseHandle 302");
    played.answers[FUNCTION_WSAIoctl].meanwhile = NULL;
    played_says(FUNCTION_WSAIoctl, UINT64_MAX, WSA_IO_PENDING);
    CU_ASSERT_EQUAL(edge.lpWSPIoctl(CLIENTS(7), 1, NULL, 0, NULL, 0, NULL, &overlapped, NULL, NULL, &stored),
                    SOCKET_ERROR);
    EXPECT_JOURNAL("CreateEventW 0 1 1 0 = 302; WSAIoctl; CloseHandle 302; complete 1007 0 0");
    played_says(FUNCTION_WSAIoctl, 0, ERROR_UNTOUCHED);
    played.answers[FUNCTION_WSAIoctl].meanwhile = store_status;
    CU_ASSERT_EQUAL(edge.lpWSPIoctl(CLIENTS(7), 1, NULL, 0, NULL, 0, NULL, &overlapped, NULL, NULL, &stored), 0);
    EXPECT_JOURNAL("CreateEventW 0 1 1 0 = 302; WSAIoctl; CloseHandle 302; complete 1007 0 0");
    played_says(FUNCTION_WSAIoctl, UINT64_MAX, WSAENOTSOCK);
    CU_ASSERT_EQUAL(edge.lpWSPIoctl(CLIENTS(7), 1, NULL, 0, NULL, 0, NULL, &overlapped, NULL, NULL, &stored),
                    SOCKET_ERROR);
    EXPECT_JOURNAL("CreateEventW 0 1 1 0 = 302; WSAIoctl; CloseHandle 302");
}

/* WSAIoctl's request is of the socket, and its routine runs on the thread that was named. */
static void CALLBACK never(DWORD error, DWORD bytes, LPWSAOVERLAPPED of, DWORD flags) {
    (void)error, (void)bytes, (void)of, (void)flags;
    CU_FAIL("a routine that no one runs");
}

static void a_control_call_has_a_routine_too(void) {
    WSAOVERLAPPED overlapped = { .hEvent = NULL };
    WSATHREADID thread = { .ThreadHandle = EVENT(66), .Reserved = 0 };
    played_begin();
    played_says(FUNCTION_WSAIoctl, UINT64_MAX, WSA_IO_PENDING);
    CU_ASSERT_EQUAL(edge.lpWSPIoctl(CLIENTS(7), 1, NULL, 0, NULL, 0, NULL, &overlapped, never, &thread, &stored),
                    SOCKET_ERROR);
    EXPECT_JOURNAL("WSAIoctl; routines 2.5");
    played.due[played.due_count++] = (struct played_routine){ .routine = played.last.arguments[WSAIoctl_routine],
                                                              .overlapped = ADDRESS(&overlapped),
                                                              .who = { .process = 2, .thread = 5 } };
    (void)edge.lpWSPListen(CLIENTS(8), 1, NULL);
    EXPECT_JOURNAL("listen; routines 2.5; apc 66");
}

/* --- each of these functions -------------------------------------------------------------------------------------- */

/* Twice: it fails, which becomes the thread's last error; it succeeds, and the last error is left alone. */
static void prepare(enum function function, unsigned round, uint64_t failure) {
    played_skip();
    played_says(function, round == 0 ? failure : 1, round == 0 ? (uint32_t)AN_ERROR : (uint32_t)ERROR_UNTOUCHED);
}

#define EXTENDS(asked, function, failure, ...) \
    for (unsigned round = 0; round < 2; round++) { \
        prepare(FUNCTION_##function, round, (uint64_t)(failure)); \
        CU_ASSERT_EQUAL(asked, round == 0 ? (failure) : 1); \
        EXPECT_CALL(function, __VA_ARGS__); \
        EXPECT_JOURNAL(round == 0 ? #function "; last error 10057" : #function); \
    }

static void connections_are_made_and_taken_and_ended(void) {
    LPFN_CONNECTEX connect_ex = NULL;
    LPFN_ACCEPTEX accept_ex = NULL;
    LPFN_DISCONNECTEX disconnect_ex = NULL;
    played_begin();
    CU_ASSERT_EQUAL(ask_for((GUID)WSAID_CONNECTEX, &connect_ex), 0);
    CU_ASSERT_EQUAL(ask_for((GUID)WSAID_ACCEPTEX, &accept_ex), 0);
    CU_ASSERT_EQUAL(ask_for((GUID)WSAID_DISCONNECTEX, &disconnect_ex), 0);
    CU_ASSERT_EQUAL(stored, UNTOUCHED);
    EXTENDS(connect_ex(CLIENTS(7), NOWHERE(1), -2, NOWHERE(3), 4, NOWHERE(5), NOWHERE(6)), ConnectEx, FALSE, 7,
            NOWHERES(1), SIGNED(-2), NOWHERES(3), 4, NOWHERES(5), NOWHERES(6));
    EXTENDS(accept_ex(CLIENTS(7), CLIENTS(8), NOWHERE(1), 2, 3, 4, NOWHERE(5), NOWHERE(6)), AcceptEx, FALSE, 7, 8,
            NOWHERES(1), 2, 3, 4, NOWHERES(5), NOWHERES(6));
    EXTENDS(disconnect_ex(CLIENTS(7), NOWHERE(1), 2, 3), DisconnectEx, FALSE, 7, NOWHERES(1), 2, 3);
}

static void a_last_error_of_nothing_is_one(void) {
    LPFN_DISCONNECTEX disconnect_ex = NULL;
    played_begin();
    CU_ASSERT_EQUAL(ask_for((GUID)WSAID_DISCONNECTEX, &disconnect_ex), 0);
    played_skip();
    played_says(FUNCTION_DisconnectEx, TRUE, 0);
    CU_ASSERT_EQUAL(disconnect_ex(CLIENTS(7), NULL, 0, 0), TRUE);
    EXPECT_JOURNAL("DisconnectEx; last error 0");
}

static WSAMSG message_of(void) {
    return (WSAMSG){ .name = NOWHERE(1),
                     .namelen = -2,
                     .lpBuffers = NOWHERE(3),
                     .dwBufferCount = 4,
                     .Control = { .len = 5, .buf = NOWHERE(6) },
                     .dwFlags = 7 };
}

static void the_members_of_a_message_are_arguments(void) {
    LPFN_WSARECVMSG receive = NULL;
    LPFN_WSASENDMSG send_message = NULL;
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine = (LPWSAOVERLAPPED_COMPLETION_ROUTINE)(uintptr_t)NOWHERES(11);
    WSAMSG message = message_of();
    played_begin();
    CU_ASSERT_EQUAL(ask_for((GUID)WSAID_WSARECVMSG, &receive), 0);
    CU_ASSERT_EQUAL(ask_for((GUID)WSAID_WSASENDMSG, &send_message), 0);
    EXTENDS(receive(CLIENTS(7), &message, NOWHERE(9), NOWHERE(10), routine), WSARecvMsg, SOCKET_ERROR, 7, NOWHERES(3),
            4, NOWHERES(9), ADDRESS(&message.dwFlags), NOWHERES(1), ADDRESS(&message.namelen), NOWHERES(6),
            ADDRESS(&message.Control.len), NOWHERES(10), NOWHERES(11));
    EXTENDS(send_message(CLIENTS(7), &message, 8, NOWHERE(9), NOWHERE(10), routine), WSASendMsg, SOCKET_ERROR, 7,
            NOWHERES(3), 4, 8, NOWHERES(9), NOWHERES(1), SIGNED(-2), NOWHERES(6), 5, NOWHERES(10), NOWHERES(11));
}

static void a_message_that_is_not_there_is_refused(void) {
    LPFN_WSARECVMSG receive = NULL;
    LPFN_WSASENDMSG send_message = NULL;
    char *pages = pages_create(PAGE_BYTES, PAGE_BYTES);
    const WSAMSG message = message_of();
    played_begin();
    CU_ASSERT_EQUAL(ask_for((GUID)WSAID_WSARECVMSG, &receive), 0);
    CU_ASSERT_EQUAL(ask_for((GUID)WSAID_WSASENDMSG, &send_message), 0);
    played_skip();
    for (unsigned missing = 0; missing <= sizeof(WSAMSG); missing += 8) {
        char *place = pages + PAGE_BYTES - sizeof(WSAMSG) + missing;
        LPWSAMSG cut = (LPWSAMSG)(void *)place;
        memcpy(place, &message, sizeof message - missing);
        CU_ASSERT_EQUAL(receive(CLIENTS(7), cut, NULL, NULL, NULL), missing == 0 ? 0 : SOCKET_ERROR);
        EXPECT_JOURNAL(missing == 0 ? "WSARecvMsg" : "last error 10014");
        CU_ASSERT_EQUAL(send_message(CLIENTS(7), cut, 0, NULL, NULL, NULL), missing == 0 ? 0 : SOCKET_ERROR);
        EXPECT_JOURNAL(missing == 0 ? "WSASendMsg" : "last error 10014");
    }
    CU_ASSERT_EQUAL(receive(CLIENTS(7), NULL, NULL, NULL, NULL), SOCKET_ERROR);
    EXPECT_JOURNAL("last error 10014");
    pages_free(pages, (size_t)2 * PAGE_BYTES);
}

/* --- requests by these functions ---------------------------------------------------------------------------------- */

static void pends(const struct call *call) {
    const struct range *range =
        &call->ranges[call->function == FUNCTION_DisconnectEx ? (unsigned)DisconnectEx_lpOverlapped
                      : call->function == FUNCTION_AcceptEx   ? (unsigned)AcceptEx_lpOverlapped
                      : call->function == FUNCTION_ConnectEx  ? (unsigned)ConnectEx_lpOverlapped
                      : call->function == FUNCTION_WSARecvMsg ? (unsigned)WSARecvMsg_lpOverlapped
                                                              : (unsigned)WSASendMsg_lpOverlapped];
    played_set_event(load_u64(call->bytes + range->bytes_offset + OVERLAPPED_EVENT), false);
}

static void say_pending(enum function function, bool returns_false) {
    played_skip();
    played.answers[function] = (struct played_answer){ returns_false ? 0 : UINT64_MAX, WSA_IO_PENDING, pends };
}

static WSAOVERLAPPED of;

/* The request of the function that was asked last ends. */
static void check_end(const char *name, int line) {
    char text[128] = "CreateEventW 0 1 1 0 = 302; ";
    strcat(text, name);
    strcat(text, "; reset 54; last error 997");
    played_journal_is(text, __FILE__, line);
    of.Internal = 0;
    of.InternalHigh = 9;
    played_set_event(302, true);
    (void)edge.lpWSPListen(CLIENTS(8), 1, NULL);
    played_journal_is("listen; CloseHandle 302; complete 1007 0 9", __FILE__, line);
    CU_ASSERT_PTR_EQUAL(played.completed, &of);
}

static void each_of_them_makes_a_request(void) {
    LPFN_CONNECTEX connect_ex = NULL;
    LPFN_ACCEPTEX accept_ex = NULL;
    LPFN_DISCONNECTEX disconnect_ex = NULL;
    LPFN_WSARECVMSG receive = NULL;
    LPFN_WSASENDMSG send_message = NULL;
    LPOVERLAPPED overlapped = (LPOVERLAPPED)&of;
    WSAMSG message = message_of();
    played_begin();
    of = (WSAOVERLAPPED){ .hEvent = EVENT(54) };
    CU_ASSERT_EQUAL(ask_for((GUID)WSAID_CONNECTEX, &connect_ex), 0);
    CU_ASSERT_EQUAL(ask_for((GUID)WSAID_ACCEPTEX, &accept_ex), 0);
    CU_ASSERT_EQUAL(ask_for((GUID)WSAID_DISCONNECTEX, &disconnect_ex), 0);
    CU_ASSERT_EQUAL(ask_for((GUID)WSAID_WSARECVMSG, &receive), 0);
    CU_ASSERT_EQUAL(ask_for((GUID)WSAID_WSASENDMSG, &send_message), 0);
    say_pending(FUNCTION_ConnectEx, true);
    CU_ASSERT_EQUAL(connect_ex(CLIENTS(7), NULL, 0, NULL, 0, NULL, overlapped), FALSE);
    check_end("ConnectEx", __LINE__);
    say_pending(FUNCTION_AcceptEx, true);
    CU_ASSERT_EQUAL(accept_ex(CLIENTS(7), CLIENTS(8), NULL, 0, 0, 0, NULL, overlapped), FALSE);
    check_end("AcceptEx", __LINE__); /* at the listener */
    say_pending(FUNCTION_DisconnectEx, true);
    CU_ASSERT_EQUAL(disconnect_ex(CLIENTS(7), overlapped, 0, 0), FALSE);
    check_end("DisconnectEx", __LINE__);
    say_pending(FUNCTION_WSARecvMsg, false);
    CU_ASSERT_EQUAL(receive(CLIENTS(7), &message, NULL, &of, NULL), SOCKET_ERROR);
    check_end("WSARecvMsg", __LINE__);
    say_pending(FUNCTION_WSASendMsg, false);
    CU_ASSERT_EQUAL(send_message(CLIENTS(7), &message, 0, NULL, &of, NULL), SOCKET_ERROR);
    check_end("WSASendMsg", __LINE__);
}

/* A routine of theirs runs on the thread that called: no one named one. */
static void messages_have_routines(void) {
    LPFN_WSARECVMSG receive = NULL;
    LPFN_WSASENDMSG send_message = NULL;
    WSAMSG message = message_of();
    played_begin();
    of = (WSAOVERLAPPED){ .hEvent = NULL };
    CU_ASSERT_EQUAL(ask_for((GUID)WSAID_WSARECVMSG, &receive), 0);
    CU_ASSERT_EQUAL(ask_for((GUID)WSAID_WSASENDMSG, &send_message), 0);
    played_skip();
    CU_ASSERT_EQUAL(receive(CLIENTS(7), &message, NULL, &of, never), 0);
    EXPECT_JOURNAL("thread = 801; WSARecvMsg");
    CU_ASSERT_NOT_EQUAL(played.last.arguments[WSARecvMsg_lpCompletionRoutine], ADDRESS((void *)(uintptr_t)never));
    CU_ASSERT_EQUAL(send_message(CLIENTS(7), &message, 0, NULL, &of, never), 0);
    EXPECT_JOURNAL("thread 801 closed; thread = 802; WSASendMsg");
    CU_ASSERT_NOT_EQUAL(played.last.arguments[WSASendMsg_lpCompletionRoutine], ADDRESS((void *)(uintptr_t)never));
}

static void without_room_they_fail_as_they_do(void) {
    static WSAOVERLAPPED many[ROWS];
    LPFN_DISCONNECTEX disconnect_ex = NULL;
    LPFN_WSARECVMSG receive = NULL;
    WSAMSG message = message_of();
    played_begin();
    of = (WSAOVERLAPPED){ .hEvent = EVENT(54) };
    CU_ASSERT_EQUAL(ask_for((GUID)WSAID_DISCONNECTEX, &disconnect_ex), 0);
    CU_ASSERT_EQUAL(ask_for((GUID)WSAID_WSARECVMSG, &receive), 0);
    say_pending(FUNCTION_DisconnectEx, true);
    for (unsigned i = 0; i < ROWS; i++) {
        many[i].hEvent = EVENT(60);
        CU_ASSERT_EQUAL(disconnect_ex(CLIENTS(7), (LPOVERLAPPED)&many[i], 0, 0), FALSE);
    }
    played_skip();
    CU_ASSERT_EQUAL(disconnect_ex(CLIENTS(7), (LPOVERLAPPED)&of, 0, 0), FALSE);
    EXPECT_JOURNAL("last error 10055");
    CU_ASSERT_EQUAL(receive(CLIENTS(7), &message, NULL, &of, NULL), SOCKET_ERROR);
    EXPECT_JOURNAL("last error 10055");
}

/* --- the addresses of an AcceptEx --------------------------------------------------------------------------------- */

static INT near_found, far_found, near_room, far_room;

static void store_lengths(const struct call *call) {
    memcpy(&near_room, (void *)(uintptr_t)call->arguments[GetAcceptExSockaddrs_LocalSockaddrLength], sizeof near_room);
    memcpy(&far_room, (void *)(uintptr_t)call->arguments[GetAcceptExSockaddrs_RemoteSockaddrLength], sizeof far_room);
    memcpy((void *)(uintptr_t)call->arguments[GetAcceptExSockaddrs_LocalSockaddrLength], &near_found,
           sizeof near_found);
    memcpy((void *)(uintptr_t)call->arguments[GetAcceptExSockaddrs_RemoteSockaddrLength], &far_found, sizeof far_found);
    CU_ASSERT_EQUAL(call->ranges[GetAcceptExSockaddrs_RemoteSockaddr].state, RANGE_GOOD);
    CU_ASSERT_EQUAL(call->ranges[GetAcceptExSockaddrs_RemoteSockaddr].length, sizeof(SOCKADDR_STORAGE));
}

static void addresses_are_found_in_the_buffer(void) {
    static const struct {
        DWORD data_size, local_size;
        INT near, far, near_room;
    } rows[] = {
        { 10, 32, 16, 28, sizeof(SOCKADDR_STORAGE) },
        { 0, 44, 28, 16, sizeof(SOCKADDR_STORAGE) },
        { 3, 0, 0, 16, 0 },
        { 3, 1, 1, 0, sizeof(SOCKADDR_STORAGE) },
    };
    static char buffer[256];
    LPFN_GETACCEPTEXSOCKADDRS sockaddrs = NULL;
    played_begin();
    CU_ASSERT_EQUAL(ask_for((GUID)WSAID_GETACCEPTEXSOCKADDRS, &sockaddrs), 0);
    played.answers[FUNCTION_GetAcceptExSockaddrs] = (struct played_answer){ 0, AN_ERROR, store_lengths };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sockaddr *local = NOWHERE(1), *remote = NOWHERE(2);
        INT local_length = 0, remote_length = 0;
        near_found = rows[i].near;
        far_found = rows[i].far;
        played_skip();
        sockaddrs(buffer, rows[i].data_size, rows[i].local_size, 40, &local, &local_length, &remote, &remote_length);
        char *parts = buffer + rows[i].data_size;
        CU_ASSERT_PTR_EQUAL(local, rows[i].near == 0 ? NULL : parts + ACCEPT_ADDRESS_OFFSET);
        CU_ASSERT_PTR_EQUAL(remote, rows[i].far == 0 ? NULL : parts + rows[i].local_size + ACCEPT_ADDRESS_OFFSET);
        CU_ASSERT_EQUAL(local_length, rows[i].near);
        CU_ASSERT_EQUAL(remote_length, rows[i].far);
        CU_ASSERT_EQUAL(near_room, rows[i].near_room);
        CU_ASSERT_EQUAL(far_room, sizeof(SOCKADDR_STORAGE));
        const uint64_t *asked = played.last.arguments;
        EXPECT_CALL(GetAcceptExSockaddrs, ADDRESS(buffer), rows[i].data_size, rows[i].local_size, 40, asked[4],
                    asked[5], asked[6], asked[7]);
        CU_ASSERT_NOT_EQUAL(asked[4], asked[6]);
        EXPECT_JOURNAL("GetAcceptExSockaddrs");
    }
}

/* --- the client's last error -------------------------------------------------------------------------------------- */

static void without_an_upcall_for_it_the_last_error_is_the_systems(void) {
    LPFN_DISCONNECTEX disconnect_ex = NULL;
    played_begin_silent();
    CU_ASSERT_EQUAL(ask_for((GUID)WSAID_DISCONNECTEX, &disconnect_ex), 0);
    played_says(FUNCTION_DisconnectEx, FALSE, AN_ERROR);
    SetLastError(UNTOUCHED);
    CU_ASSERT_EQUAL(disconnect_ex(CLIENTS(7), NULL, 0, 0), FALSE);
    CU_ASSERT_EQUAL(GetLastError(), AN_ERROR);
    played_says(FUNCTION_DisconnectEx, TRUE, ERROR_UNTOUCHED);
    SetLastError(UNTOUCHED);
    CU_ASSERT_EQUAL(disconnect_ex(CLIENTS(7), NULL, 0, 0), TRUE);
    CU_ASSERT_EQUAL(GetLastError(), UNTOUCHED);
}

/* No test before this one starts the silent edge: its suite comes first of those that do. */
static void before_startup_no_socket_is_known(void) {
    played_clear();
    CU_ASSERT_EQUAL(silent_handle_own(CLIENTS(7)), NONE_OF_OURS);
    CU_ASSERT_EQUAL(silent_handle_own(0), 0);
    played_begin_silent();
    CU_ASSERT_EQUAL(silent_handle_own(CLIENTS(7)), 7);
}

/* --- blocking hooks ----------------------------------------------------------------------------------------------- */

static DWORD_PTR hook_ran_with;

static BOOL CALLBACK clients_hook(DWORD_PTR context) {
    hook_ran_with = context;
    return TRUE;
}

static void run_hook(void) {
    INT_PTR(CALLBACK * hook)(void) = (INT_PTR(CALLBACK *)(void))(uintptr_t)played.hook_of_edge;
    hook_ran_with = 0;
    CU_ASSERT_EQUAL(hook(), FALSE); /* which cancels nothing, whatever the client's says */
}

static void listen_once(void) { CU_ASSERT_EQUAL(edge.lpWSPListen(CLIENTS(7), 1, NULL), 0); }

static void a_hook_of_the_client_runs_while_the_model_blocks(void) {
    played_begin();
    listen_once();
    EXPECT_JOURNAL("listen");
    played.hook = clients_hook;
    played.hook_context = 33;
    listen_once();
    EXPECT_JOURNAL("WSASetBlockingHook; listen");
    run_hook();
    CU_ASSERT_EQUAL(hook_ran_with, 33);
    played.hook_context = 34;
    listen_once();
    EXPECT_JOURNAL("WSASetBlockingHook; listen");
    run_hook();
    CU_ASSERT_EQUAL(hook_ran_with, 34);
    played.hook = NULL;
    listen_once();
    EXPECT_JOURNAL("WSAUnhookBlockingHook; listen");
    listen_once();
    EXPECT_JOURNAL("listen");
}

static void a_client_that_cannot_tell_has_no_hook(void) {
    played_begin();
    played.hook = clients_hook;
    played.error_of_hook = WSAEINVAL;
    listen_once();
    EXPECT_JOURNAL("listen");
    played.error_of_hook = 0;
    listen_once();
    EXPECT_JOURNAL("WSASetBlockingHook; listen");
    played.error_of_hook = WSAEINVAL;
    listen_once();
    EXPECT_JOURNAL("WSAUnhookBlockingHook; listen");
    listen_once();
    EXPECT_JOURNAL("listen");
}

static void transfers_and_control_calls_have_hooks_too(void) {
    played_begin();
    played.hook = clients_hook;
    (void)edge.lpWSPRecv(CLIENTS(7), NULL, 0, NULL, NULL, NULL, NULL, NULL, &stored);
    EXPECT_JOURNAL("WSASetBlockingHook; WSARecv");
    (void)edge.lpWSPIoctl(CLIENTS(7), 1, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL, &stored);
    EXPECT_JOURNAL("WSASetBlockingHook; WSAIoctl");
    played.hook = NULL;
    listen_once();
    EXPECT_JOURNAL("WSAUnhookBlockingHook; listen");
}

void register_edge_extensions_tests(void);

void register_edge_extensions_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/winsock extensions", NULL, NULL);
    CU_add_test(suite, "before startup no socket is known", before_startup_no_socket_is_known);
    CU_add_test(suite, "the handle of the base is the client's", the_handle_of_the_base_is_the_clients);
    CU_add_test(suite, "a GUID that we have not is not modelled", a_guid_that_we_have_not_is_not_modelled);
    CU_add_test(suite, "what the model refuses is not given", what_the_model_refuses_is_not_given);
    CU_add_test(suite, "what is not given is no request", what_is_not_given_is_no_request);
    CU_add_test(suite, "a control call has a routine too", a_control_call_has_a_routine_too);
    CU_add_test(suite, "connections are made and taken and ended", connections_are_made_and_taken_and_ended);
    CU_add_test(suite, "a last error of nothing is one", a_last_error_of_nothing_is_one);
    CU_add_test(suite, "the members of a message are arguments", the_members_of_a_message_are_arguments);
    CU_add_test(suite, "a message that is not there is refused", a_message_that_is_not_there_is_refused);
    CU_add_test(suite, "each of them makes a request", each_of_them_makes_a_request);
    CU_add_test(suite, "messages have routines", messages_have_routines);
    CU_add_test(suite, "without room they fail as they do", without_room_they_fail_as_they_do);
    CU_add_test(suite, "addresses are found in the buffer", addresses_are_found_in_the_buffer);
    CU_add_test(suite, "without an upcall for it the last error is the system's",
                without_an_upcall_for_it_the_last_error_is_the_systems);
    CU_add_test(suite, "a hook of the client's runs while the model blocks",
                a_hook_of_the_client_runs_while_the_model_blocks);
    CU_add_test(suite, "a client that cannot tell has no hook", a_client_that_cannot_tell_has_no_hook);
    CU_add_test(suite, "transfers and control calls have hooks too", transfers_and_control_calls_have_hooks_too);
}
