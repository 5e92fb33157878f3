/* The functions of the provider's table, between a machine and a client that are played: each becomes the call record
 * that it is, with every argument in its place, and what the call returns comes back. */
#include "stack/winsock/tests/edge_double.h"

#include <CUnit/CUnit.h>
#include <string.h>

#include "stack/call/signature.h"
#include "stack/sdk/option_values.h"

enum { SEVEN = 7, MADE = 150, AN_ERROR = WSAEADDRNOTAVAIL, NONE_OF_OURS = 0x7FFFFFFC, ROUNDS = 3 };

/* Where nothing is: each number another address, none of which can be read. */
#define NOWHERE(number) ((void *)(uintptr_t)(0x100 + 8 * (number)))
#define NOWHERES(number) ADDRESS(NOWHERE(number))

static INT stored;
static LPINT place;

/* --- each function ------------------------------------------------------------------------------------------------ */

/* Three times: the call fails, and its error is stored; it fails, and there is no place to store it; it leaves its
 * error alone, and nothing is stored. */
static void prepare(enum function function, unsigned round, uint64_t value) {
    played_skip();
    stored = UNTOUCHED;
    place = round == 1 ? NULL : &stored;
    played_says(function, round < 2 ? UINT64_MAX : value, round < 2 ? (uint32_t)AN_ERROR : (uint32_t)ERROR_UNTOUCHED);
}

static void check(enum function function, unsigned round, int got, int line) {
    CU_assertImplementation(got == (round < 2 ? -1 : SEVEN), (unsigned)line, "the result comes back", __FILE__, "",
                            CU_FALSE);
    CU_assertImplementation(stored == (round == 0 ? (INT)AN_ERROR : (INT)UNTOUCHED), (unsigned)line,
                            "the error is stored where there is one and a place for it", __FILE__, "", CU_FALSE);
    CU_ASSERT_EQUAL(played.last_by.process, 2);
    CU_ASSERT_EQUAL(played.last_by.thread, 5);
    played_journal_is(signature_of(function)->name, __FILE__, line);
}

#define HANDS_ON(asked, function, ...) \
    for (unsigned round = 0; round < ROUNDS; round++) { \
        prepare(FUNCTION_##function, round, SEVEN); \
        int got = (int)(asked); \
        played_call_is(FUNCTION_##function, (const uint64_t[CALL_ARGUMENTS_MAX]){ __VA_ARGS__ }, __FILE__, __LINE__); \
        check(FUNCTION_##function, round, got, __LINE__); \
    }

static void names_and_sizes_are_handed_on(void) {
    played_begin();
    HANDS_ON(edge.lpWSPBind(CLIENTS(7), NOWHERE(1), -16, place), bind, 7, NOWHERES(1), SIGNED(-16));
    HANDS_ON(edge.lpWSPGetSockName(CLIENTS(8), NOWHERE(1), NOWHERE(2), place), getsockname, 8, NOWHERES(1),
             NOWHERES(2));
    HANDS_ON(edge.lpWSPGetPeerName(CLIENTS(9), NOWHERE(1), NOWHERE(2), place), getpeername, 9, NOWHERES(1),
             NOWHERES(2));
    HANDS_ON(edge.lpWSPGetSockOpt(CLIENTS(7), -3, -4, NOWHERE(1), NOWHERE(2), place), getsockopt, 7, SIGNED(-3),
             SIGNED(-4), NOWHERES(1), NOWHERES(2));
    HANDS_ON(edge.lpWSPSetSockOpt(CLIENTS(7), -3, -4, NOWHERE(1), -5, place), setsockopt, 7, SIGNED(-3), SIGNED(-4),
             NOWHERES(1), SIGNED(-5));
    HANDS_ON(edge.lpWSPListen(CLIENTS(11), -9, place), listen, 11, SIGNED(-9));
    HANDS_ON(edge.lpWSPShutdown(CLIENTS(12), -1, place), shutdown, 12, SIGNED(-1));
    HANDS_ON(edge.lpWSPDuplicateSocket(CLIENTS(13), 77, NOWHERE(3), place), WSADuplicateSocketW, 13, 77, NOWHERES(3));
    HANDS_ON(edge.lpWSPConnect(CLIENTS(14), NOWHERE(1), 28, NOWHERE(2), NOWHERE(3), NOWHERE(4), NOWHERE(5), place),
             WSAConnect, 14, NOWHERES(1), 28, NOWHERES(2), NOWHERES(3), NOWHERES(4), NOWHERES(5));
    HANDS_ON(edge.lpWSPCancelBlockingCall(place), WSACancelBlockingCall, 0);
    HANDS_ON(edge.lpWSPCloseSocket(CLIENTS(15), place), closesocket, 15);
    HANDS_ON(edge.lpWSPCleanup(place), WSACleanup, 0);
}

/* An OVERLAPPED that is not there makes no request: the routine stays the caller's. */
#define OVERLAPPED_AND_ROUTINE NOWHERE(6), (LPWSAOVERLAPPED_COMPLETION_ROUTINE)(uintptr_t)NOWHERES(7)

static void transfers_are_handed_on(void) {
    WSATHREADID thread = { .ThreadHandle = EVENT(66), .Reserved = 0 };
    played_begin();
    HANDS_ON(edge.lpWSPRecv(CLIENTS(7), NOWHERE(1), 2, NOWHERE(3), NOWHERE(4), OVERLAPPED_AND_ROUTINE, &thread, place),
             WSARecv, 7, NOWHERES(1), 2, NOWHERES(3), NOWHERES(4), NOWHERES(6), NOWHERES(7));
    HANDS_ON(edge.lpWSPRecvFrom(CLIENTS(7), NOWHERE(1), 2, NOWHERE(3), NOWHERE(4), NOWHERE(8), NOWHERE(9),
                                OVERLAPPED_AND_ROUTINE, &thread, place),
             WSARecvFrom, 7, NOWHERES(1), 2, NOWHERES(3), NOWHERES(4), NOWHERES(8), NOWHERES(9), NOWHERES(6),
             NOWHERES(7));
    HANDS_ON(edge.lpWSPSend(CLIENTS(7), NOWHERE(1), 2, NOWHERE(3), 4, OVERLAPPED_AND_ROUTINE, &thread, place), WSASend,
             7, NOWHERES(1), 2, NOWHERES(3), 4, NOWHERES(6), NOWHERES(7));
    HANDS_ON(edge.lpWSPSendTo(CLIENTS(7), NOWHERE(1), 2, NOWHERE(3), 4, NOWHERE(8), -9, OVERLAPPED_AND_ROUTINE, &thread,
                              place),
             WSASendTo, 7, NOWHERES(1), 2, NOWHERES(3), 4, NOWHERES(8), SIGNED(-9), NOWHERES(6), NOWHERES(7));
    HANDS_ON(edge.lpWSPIoctl(CLIENTS(7), 0x98000064, NOWHERE(1), 2, NOWHERE(3), 4, NOWHERE(5), OVERLAPPED_AND_ROUTINE,
                             &thread, place),
             WSAIoctl, 7, 0x98000064, NOWHERES(1), 2, NOWHERES(3), 4, NOWHERES(5), NOWHERES(6), NOWHERES(7));
    HANDS_ON(edge.lpWSPGetOverlappedResult(CLIENTS(7), NOWHERE(1), NOWHERE(2), TRUE, NOWHERE(3), place),
             WSAGetOverlappedResult, 7, NOWHERES(1), NOWHERES(2), TRUE, NOWHERES(3));
}

/* --- sockets and their two handles -------------------------------------------------------------------------------- */

static SOCKET make(LPWSAPROTOCOL_INFOW info) { return edge.lpWSPSocket(-2, -3, -4, info, 5, 6, place); }

static void a_socket_gets_a_handle_of_its_clients(void) {
    WSAPROTOCOL_INFOW info;
    memset(&info, 0, sizeof info);
    played_begin();
    for (unsigned round = 0; round < ROUNDS; round++) {
        prepare(FUNCTION_WSASocketW, round, MADE);
        CU_ASSERT_EQUAL(make(NULL), round < 2 ? INVALID_SOCKET : CLIENTS(MADE));
        CU_ASSERT_EQUAL(stored, round == 0 ? (INT)AN_ERROR : (INT)UNTOUCHED);
        EXPECT_CALL(WSASocketW, SIGNED(-2), SIGNED(-3), SIGNED(-4), 0, 5, 6);
        EXPECT_JOURNAL(round < 2 ? "WSASocketW" : "WSASocketW; open 150 = 1150");
    }
    (void)make(&info); /* of the catalogue: ws2_32 hands it over where the program gave none */
    EXPECT_CALL(WSASocketW, SIGNED(-2), SIGNED(-3), SIGNED(-4), 0, 5, 6);
    info.dwProviderReserved = 1;
    (void)make(&info);
    EXPECT_CALL(WSASocketW, SIGNED(-2), SIGNED(-3), SIGNED(-4), ADDRESS(&info), 5, 6);
}

static void a_socket_without_a_handle_is_closed(void) {
    played_begin();
    played_says(FUNCTION_WSASocketW, MADE, (uint32_t)ERROR_UNTOUCHED);
    played_says(FUNCTION_closesocket, UINT64_MAX, WSAENETDOWN);
    played.error_of_handle = WSAEMFILE;
    stored = UNTOUCHED;
    place = &stored;
    CU_ASSERT_EQUAL(make(NULL), INVALID_SOCKET);
    CU_ASSERT_EQUAL(stored, WSAEMFILE);
    EXPECT_JOURNAL("WSASocketW; open 150 refused; closesocket");
    EXPECT_CALL(closesocket, MADE);
}

static void a_handle_goes_with_its_socket(void) {
    played_begin();
    stored = UNTOUCHED;
    CU_ASSERT_EQUAL(edge.lpWSPCloseSocket(CLIENTS(7), &stored), 0);
    CU_ASSERT_EQUAL(stored, UNTOUCHED);
    EXPECT_JOURNAL("closesocket; close 1007");
    CU_ASSERT_EQUAL(edge.lpWSPListen(CLIENTS(7), 1, &stored), 0);
    EXPECT_CALL(listen, NONE_OF_OURS, 1);
}

static void what_is_no_socket_of_ours_is_none_of_the_models(void) {
    static const struct {
        SOCKET given;
        uint64_t asked;
    } rows[] = {
        { CLIENTS(1), 1 },
        { 1, NONE_OF_OURS },
        { CLIENTS(120), NONE_OF_OURS },
        { 0, 0 },
        { INVALID_SOCKET, UINT64_MAX },
        { INVALID_SOCKET - 1, NONE_OF_OURS },
    };
    played_begin();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CU_ASSERT_EQUAL(edge.lpWSPListen(rows[i].given, 1, &stored), 0);
        EXPECT_CALL(listen, rows[i].asked, 1);
    }
}

/* --- accept ------------------------------------------------------------------------------------------------------- */

static void an_accepted_socket_gets_a_handle(void) {
    played_begin();
    for (unsigned round = 0; round < ROUNDS; round++) {
        prepare(FUNCTION_accept, round, MADE);
        CU_ASSERT_EQUAL(edge.lpWSPAccept(CLIENTS(7), NOWHERE(1), NOWHERE(2), NULL, 0, place),
                        round < 2 ? INVALID_SOCKET : CLIENTS(MADE));
        CU_ASSERT_EQUAL(stored, round == 0 ? (INT)AN_ERROR : (INT)UNTOUCHED);
        EXPECT_CALL(accept, 7, NOWHERES(1), NOWHERES(2));
        EXPECT_JOURNAL(round < 2 ? "accept" : "accept; open 150 = 1150");
    }
}

/* Who comes, from where to where; and what the condition saw. */
static const char far_name[] = "who comes from afar, by IPv6", near_name[] = "a place near by";
static struct {
    int answer;
    unsigned calls;
    uint32_t error_of_look;
} condition_says;

/* The first of the two calls has no address of the caller's. Its own has room for the longest there is, in whole words
 * of eight bytes. */
static void look(const struct call *call) {
    const struct range *range = &call->ranges[WSAAccept_addr];
    INT length = 0;
    if (call->arguments[WSAAccept_lpfnCondition] != CONDITION_LOOK) {
        played_says(FUNCTION_WSAAccept, MADE, WSAENETRESET);
        return;
    }
    CU_ASSERT_EQUAL(call->arguments[WSAAccept_s], 7);
    CU_ASSERT_EQUAL(range->state, RANGE_GOOD);
    CU_ASSERT_EQUAL(range->length, (SOCKADDR_IN6_SIZE + 7) / 8 * 8);
    memcpy((void *)(uintptr_t)range->address, far_name, sizeof far_name - 1);
    length = (INT)sizeof far_name - 1;
    memcpy((void *)(uintptr_t)call->arguments[WSAAccept_addrlen], &length, sizeof length);
}

static void name_here(const struct call *call) {
    const struct range *range = &call->ranges[getsockname_name];
    INT length = (INT)sizeof near_name - 1;
    CU_ASSERT_EQUAL(call->arguments[getsockname_s], 7);
    CU_ASSERT_EQUAL(range->state, RANGE_GOOD);
    CU_ASSERT_EQUAL(range->length, (SOCKADDR_IN6_SIZE + 7) / 8 * 8);
    memcpy((void *)(uintptr_t)range->address, near_name, sizeof near_name - 1);
    memcpy((void *)(uintptr_t)call->arguments[getsockname_namelen], &length, sizeof length);
}

static int CALLBACK condition(LPWSABUF caller, LPWSABUF caller_data, LPQOS qos, LPQOS group_qos, LPWSABUF callee,
                              LPWSABUF callee_data, GROUP *group, DWORD_PTR data) {
    CU_ASSERT_EQUAL(played.locked, 0);
    CU_ASSERT_EQUAL(data, 4711);
    CU_ASSERT_TRUE(caller_data == NULL && qos == NULL && group_qos == NULL && callee_data == NULL && group == NULL);
    CU_ASSERT_EQUAL(caller->len, sizeof far_name - 1);
    CU_ASSERT_EQUAL(memcmp(caller->buf, far_name, sizeof far_name - 1), 0);
    CU_ASSERT_EQUAL(callee->len, sizeof near_name - 1);
    CU_ASSERT_EQUAL(memcmp(callee->buf, near_name, sizeof near_name - 1), 0);
    condition_says.calls++;
    return condition_says.answer;
}

static SOCKET accept_if(uint32_t error_of_look, uint32_t error_of_name, int answer) {
    played_begin();
    played_says(FUNCTION_WSAAccept, UINT64_MAX, error_of_look);
    played_says(FUNCTION_getsockname, error_of_name == 0 ? 0 : UINT64_MAX,
                error_of_name == 0 ? (uint32_t)ERROR_UNTOUCHED : error_of_name);
    played.answers[FUNCTION_WSAAccept].meanwhile = look;
    played.answers[FUNCTION_getsockname].meanwhile = name_here;
    condition_says.answer = answer;
    condition_says.calls = 0;
    stored = UNTOUCHED;
    return edge.lpWSPAccept(CLIENTS(7), NOWHERE(1), NOWHERE(2), condition, 4711, &stored);
}

static void the_model_acts_on_what_a_condition_answers(void) {
    static const struct {
        int answer;
        uint64_t asked;
    } rows[] = { { CF_ACCEPT, CONDITION_ACCEPT }, { CF_REJECT, CONDITION_REJECT }, { CF_DEFER, CONDITION_DEFER } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CU_ASSERT_EQUAL(accept_if(WSATRY_AGAIN, 0, rows[i].answer), CLIENTS(MADE));
        CU_ASSERT_EQUAL(condition_says.calls, 1);
        CU_ASSERT_EQUAL(stored, WSAENETRESET); /* of the second call */
        EXPECT_CALL(WSAAccept, 7, NOWHERES(1), NOWHERES(2), rows[i].asked);
        EXPECT_JOURNAL("WSAAccept; getsockname; WSAAccept; open 150 = 1150");
    }
}

static void a_condition_is_asked_only_of_who_comes(void) {
    static const struct {
        uint32_t error_of_look, error_of_name;
        int stored;
        const char *journal;
    } rows[] = {
        { WSAEWOULDBLOCK, 0, WSAEWOULDBLOCK, "WSAAccept" },
        { (uint32_t)ERROR_UNTOUCHED, 0, 0, "WSAAccept" }, /* a machine that says nothing */
        { WSATRY_AGAIN, WSAENETDOWN, WSAENETDOWN, "WSAAccept; getsockname" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CU_ASSERT_EQUAL(accept_if(rows[i].error_of_look, rows[i].error_of_name, CF_ACCEPT), INVALID_SOCKET);
        CU_ASSERT_EQUAL(condition_says.calls, 0);
        CU_ASSERT_EQUAL(stored, rows[i].stored);
        EXPECT_JOURNAL(rows[i].journal);
    }
}

static void what_no_condition_answers_is_not_modelled(void) {
    static const int wrong[] = { -1, 3 };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        CU_ASSERT_EQUAL(accept_if(WSATRY_AGAIN, 0, wrong[i]), INVALID_SOCKET);
        CU_ASSERT_EQUAL(condition_says.calls, 1);
        CU_ASSERT_EQUAL(stored, WSAEOPNOTSUPP);
        EXPECT_JOURNAL("WSAAccept; getsockname; not modelled");
        CU_ASSERT_STRING_EQUAL(played.words, "what a condition of WSPAccept answered");
    }
}

/* --- options ------------------------------------------------------------------------------------------------------ */

/* The value of SO_UPDATE_ACCEPT_CONTEXT is a socket: the client's handle becomes the model's. */
static void the_socket_that_an_option_names_is_translated(void) {
    static const struct {
        int level, name, length;
        bool translated;
    } rows[] = {
        { SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, 8, true },
        { SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, 7, false },
        { SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, 9, false },
        { SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, 0, false },
        { SOL_SOCKET, SO_RCVBUF, 8, false },
        { SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT - 1, 8, false },
        { IPPROTO_TCP, SO_UPDATE_ACCEPT_CONTEXT, 8, false },
        { SOL_SOCKET + 1, SO_UPDATE_ACCEPT_CONTEXT, 8, false },
    };
    const uint64_t value[2] = { CLIENTS(9), 0 };
    played_begin();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        (void)edge.lpWSPSetSockOpt(CLIENTS(7), rows[i].level, rows[i].name, (const char *)value, rows[i].length,
                                   &stored);
        const uint64_t asked = played.last.arguments[setsockopt_optval];
        CU_ASSERT_EQUAL(asked != ADDRESS(value), rows[i].translated);
        EXPECT_CALL(setsockopt, 7, SIGNED(rows[i].level), SIGNED(rows[i].name),
                    rows[i].translated ? asked : ADDRESS(value), SIGNED(rows[i].length));
        if (rows[i].length < 8) continue;
        CU_ASSERT_EQUAL(load_u64(played.last.bytes + played.last.ranges[setsockopt_optval].bytes_offset),
                        rows[i].translated ? 9 : CLIENTS(9));
    }
    (void)edge.lpWSPSetSockOpt(CLIENTS(7), SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, NOWHERE(1), 8, &stored);
    EXPECT_CALL(setsockopt, 7, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, NOWHERES(1), 8);
    (void)edge.lpWSPSetSockOpt(CLIENTS(7), SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, NULL, 8, &stored);
    EXPECT_CALL(setsockopt, 7, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, 0, 8);
}

/* --- what the model does not have --------------------------------------------------------------------------------- */

static void check_not_modelled(long long got, long long wanted, const char *words, int line) {
    CU_assertImplementation(got == wanted && stored == WSAEOPNOTSUPP && played.words != NULL &&
                                strcmp(played.words, words) == 0,
                            (unsigned)line, words, __FILE__, "", CU_FALSE);
    played_journal_is("not modelled", __FILE__, line);
    stored = UNTOUCHED;
    played.words = NULL;
}

#define NOT_MODELLED(asked, returned, words) check_not_modelled((long long)(asked), returned, words, __LINE__)

static void what_is_not_modelled_says_so(void) {
    played_begin();
    NOT_MODELLED(edge.lpWSPAddressToString(NULL, 0, NULL, NULL, NULL, &stored), SOCKET_ERROR, "WSPAddressToString");
    NOT_MODELLED(edge.lpWSPStringToAddress(NULL, 0, NULL, NULL, NULL, &stored), SOCKET_ERROR, "WSPStringToAddress");
    NOT_MODELLED(edge.lpWSPAsyncSelect(CLIENTS(7), NULL, 0, 0, &stored), SOCKET_ERROR, "WSPAsyncSelect");
    NOT_MODELLED(edge.lpWSPGetQOSByName(CLIENTS(7), NULL, NULL, &stored), FALSE, "WSPGetQOSByName");
    NOT_MODELLED(edge.lpWSPJoinLeaf(CLIENTS(7), NULL, 0, NULL, NULL, NULL, NULL, 0, &stored), -1, "WSPJoinLeaf");
    NOT_MODELLED(edge.lpWSPSendDisconnect(CLIENTS(7), NULL, &stored), SOCKET_ERROR,
                 "WSPSendDisconnect or WSPRecvDisconnect");
    NOT_MODELLED(edge.lpWSPRecvDisconnect(CLIENTS(7), NULL, &stored), SOCKET_ERROR,
                 "WSPSendDisconnect or WSPRecvDisconnect");
    CU_ASSERT_EQUAL(edge.lpWSPAsyncSelect(CLIENTS(7), NULL, 0, 0, NULL), SOCKET_ERROR);
}

/* --- startup ------------------------------------------------------------------------------------------------------ */

static void startup_wants_version_two(void) {
    static const struct {
        WORD wanted;
        int status;
    } rows[] = { { 0x0202, 0 },
                 { 0x0002, 0 },
                 { 0x0003, 0 },
                 { 0xFF02, 0 },
                 { 0x0201, WSAVERNOTSUPPORTED },
                 { 0x0200, WSAVERNOTSUPPORTED } };
    static const char description[] = "Reservoir";
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        WSPDATA data;
        WSPPROC_TABLE functions;
        played_clear();
        memset(&data, 0xA5, sizeof data);
        memset(&functions, 0, sizeof functions);
        CU_ASSERT_EQUAL(WSPStartup(rows[i].wanted, &data, NULL, played_upcalls(), &functions), rows[i].status);
        CU_ASSERT_EQUAL(functions.lpWSPBind != NULL, rows[i].status == 0);
        CU_ASSERT_EQUAL(data.wVersion, 0x0202);
        CU_ASSERT_EQUAL(data.wHighVersion, 0x0202);
        for (unsigned k = 0; k < sizeof data.szDescription / sizeof data.szDescription[0]; k++)
            CU_ASSERT_EQUAL(data.szDescription[k], k < sizeof description ? description[k] : 0);
        EXPECT_JOURNAL(rows[i].status == 0 ? "WSAStartup" : "");
    }
}

static void startup_is_the_models_for_the_version_of_the_process(void) {
    WSPDATA data;
    WSPPROC_TABLE functions;
    played_clear();
    memset(&functions, 0, sizeof functions);
    played.version = 0x0101;
    played_says(FUNCTION_WSAStartup, WSASYSNOTREADY, (uint32_t)ERROR_UNTOUCHED);
    CU_ASSERT_EQUAL(WSPStartup(0x0202, &data, NULL, played_upcalls(), &functions), WSASYSNOTREADY);
    CU_ASSERT_PTR_NULL((void *)(uintptr_t)functions.lpWSPBind);
    CU_ASSERT_EQUAL(played.last.arguments[WSAStartup_wVersionRequested], 0x0101);
    CU_ASSERT_EQUAL(played.last.ranges[WSAStartup_lpWSAData].state, RANGE_GOOD);
    EXPECT_JOURNAL("WSAStartup");
}

static void startup_without_a_place_is_refused(void) {
    WSPDATA data;
    WSPPROC_TABLE functions;
    played_clear();
    CU_ASSERT_EQUAL(WSPStartup(0x0202, NULL, NULL, played_upcalls(), &functions), WSAEFAULT);
    CU_ASSERT_EQUAL(WSPStartup(0x0202, &data, NULL, played_upcalls(), NULL), WSAEFAULT);
    EXPECT_JOURNAL("");
}

static void no_function_is_missing_in_the_table(void) {
    void (*functions[sizeof(WSPPROC_TABLE) / sizeof(void (*)(void))])(void);
    played_begin();
    memcpy(functions, &edge, sizeof functions);
    CU_ASSERT_EQUAL(sizeof functions / sizeof functions[0], 30);
    for (unsigned i = 0; i < 30; i++) CU_ASSERT_TRUE(functions[i] != NULL);
}

void register_edge_functions_tests(void);

void register_edge_functions_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/winsock functions", NULL, NULL);
    CU_add_test(suite, "names and sizes are handed on", names_and_sizes_are_handed_on);
    CU_add_test(suite, "transfers are handed on", transfers_are_handed_on);
    CU_add_test(suite, "a socket gets a handle of its client's", a_socket_gets_a_handle_of_its_clients);
    CU_add_test(suite, "a socket without a handle is closed", a_socket_without_a_handle_is_closed);
    CU_add_test(suite, "a handle goes with its socket", a_handle_goes_with_its_socket);
    CU_add_test(suite, "what is no socket of ours is none of the model's",
                what_is_no_socket_of_ours_is_none_of_the_models);
    CU_add_test(suite, "an accepted socket gets a handle", an_accepted_socket_gets_a_handle);
    CU_add_test(suite, "the model acts on what a condition answers", the_model_acts_on_what_a_condition_answers);
    CU_add_test(suite, "a condition is asked only of who comes", a_condition_is_asked_only_of_who_comes);
    CU_add_test(suite, "what no condition answers is not modelled", what_no_condition_answers_is_not_modelled);
    CU_add_test(suite, "the socket that an option names is translated", the_socket_that_an_option_names_is_translated);
    CU_add_test(suite, "what is not modelled says so", what_is_not_modelled_says_so);
    CU_add_test(suite, "startup wants version two", startup_wants_version_two);
    CU_add_test(suite, "startup is the model's, for the version of the process",
                startup_is_the_models_for_the_version_of_the_process);
    CU_add_test(suite, "startup without a place is refused", startup_without_a_place_is_refused);
    CU_add_test(suite, "no function is missing in the table", no_function_is_missing_in_the_table);
}
