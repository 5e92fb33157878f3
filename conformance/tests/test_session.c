#include <CUnit/CUnit.h>
#include <string.h>

#include "conformance/language/parser.h"
#include "conformance/language/printer.h"
#include "conformance/session/executor.h"
#include "conformance/session/session.h"
#include "conformance/session/session_bind.h"
#include "conformance/session/session_match.h"
#include "conformance/session/session_objects.h"
#include "conformance/session/session_observe.h"

#include "conformance/session/session_prepare.h"
#include "conformance/session/session_print.h"
#include "conformance/session/session_read.h"
#include "stack/sdk/error_values.h"

void register_session_tests(void);

/* --- a stage: a scenario, its session, and the record between them ------------------------------------------------ */

struct fixture {
    struct scenario *scenario;
    struct session session;
    struct call call;
    struct result result;
    struct observation seen;
    struct text text;
    int needed;
};

static void given(struct fixture *fixture, const char *lines) {
    struct language_error error;
    struct text text = { 0 };
    uint16_t ports_first[4] = { 20000, 20100, 20200, 20300 };
    memset(fixture, 0, sizeof *fixture);
    memset(&error, 0, sizeof error);
    text_add(&text, "scenario session\n\n%s", lines);
    fixture->scenario = scenario_parse("session.scn", text.bytes, text.length, &error);
    CU_ASSERT_STRING_EQUAL(error.message, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(fixture->scenario);
    text_free(&text);
    session_begin(&fixture->session, fixture->scenario, ports_first);
}

static void done(struct fixture *fixture) {
    scenario_free(fixture->scenario);
    text_free(&fixture->text);
}

static const struct step *step_at(const struct fixture *fixture, unsigned index) {
    CU_ASSERT_FATAL(index < fixture->scenario->steps_count);
    return &fixture->scenario->steps[index];
}

static int name_of(const struct fixture *fixture, const char *text) {
    for (uint32_t i = 0; i < fixture->scenario->names_count; i++)
        if (strcmp(fixture->scenario->names[i].text, text) == 0) return (int)i;
    CU_FAIL_FATAL("unknown name");
    return NO_NAME;
}

static struct live_value *live_of(struct fixture *fixture, const char *text) {
    return &fixture->session.live[name_of(fixture, text)];
}

static void has_handle(struct fixture *fixture, const char *name, uint64_t number) {
    live_of(fixture, name)->state = LIVE_PRODUCED;
    live_of(fixture, name)->number = number;
}

static enum session_answer prepare(struct fixture *fixture, unsigned index) {
    return session_prepare(&fixture->session, fixture->scenario, step_at(fixture, index), &fixture->call,
                           &fixture->needed);
}

static void prepared(struct fixture *fixture, unsigned index) {
    CU_ASSERT_EQUAL_FATAL(prepare(fixture, index), SESSION_READY);
    result_clear(&fixture->result);
    fixture->result.error = ERROR_UNTOUCHED;
}

static void declared(struct fixture *fixture, unsigned index) {
    CU_ASSERT_EQUAL(session_declare(&fixture->session, fixture->scenario, step_at(fixture, index), &fixture->needed),
                    SESSION_READY);
}

static void writes_u32(struct fixture *fixture, unsigned argument, uint32_t value) {
    uint8_t bytes[4];
    store_u32(bytes, value);
    result_write(&fixture->result, fixture->call.arguments[argument], bytes, sizeof bytes);
}

static void writes_instance(struct fixture *fixture, uint64_t address, uint16_t first, uint16_t count, uint64_t token) {
    uint8_t bytes[PORT_INSTANCE_SIZE] = { 0 };
    store_u16_network(bytes, first);
    store_u16(bytes + 2, count);
    store_u64(bytes + 8, token);
    result_write(&fixture->result, address, bytes, sizeof bytes);
}

static void fails_with(struct fixture *fixture, uint32_t error) {
    fixture->result.value = UINT64_MAX;
    fixture->result.error = error;
}

static void observe(struct fixture *fixture, unsigned index) {
    memset(&fixture->seen, 0, sizeof fixture->seen);
    session_observe(&fixture->session, fixture->scenario, step_at(fixture, index), &fixture->call, &fixture->result,
                    &fixture->seen);
}

static const char *outcome(struct fixture *fixture, unsigned index) {
    text_free(&fixture->text);
    memset(&fixture->text, 0, sizeof fixture->text);
    session_print_outcome(&fixture->session, fixture->scenario, step_at(fixture, index), &fixture->seen,
                          &fixture->text);
    return fixture->text.bytes;
}

static const char *answer(struct fixture *fixture, unsigned index) {
    text_free(&fixture->text);
    memset(&fixture->text, 0, sizeof fixture->text);
    session_print_answer(&fixture->session, fixture->scenario, step_at(fixture, index), &fixture->seen, &fixture->text);
    return fixture->text.bytes;
}

/* What was printed, parsed and read by a session that was not there, is what was seen. */
static void reads_back(struct fixture *fixture, unsigned index, const struct session *before) {
    struct language_error error;
    struct step answered;
    struct observation read;
    struct session reader = *before;
    const char *line = answer(fixture, index);
    memset(&error, 0, sizeof error);
    bool parsed = step_parse_answer(fixture->scenario, step_at(fixture, index), line, strlen(line), &answered, &error);
    CU_ASSERT_TRUE(parsed);
    if (parsed)
        CU_ASSERT_TRUE(
            session_read_answer(&reader, fixture->scenario, step_at(fixture, index), &answered, &read, &error));
    CU_ASSERT_STRING_EQUAL(error.message, "");
    if (error.message[0] == '\0') CU_ASSERT_EQUAL(memcmp(&read, &fixture->seen, sizeof read), 0);
}

#define ACQUIRE "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 4}, cbOut=16) -> ok\n"
#define SOCKET "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"

/* --- preparing ---------------------------------------------------------------------------------------------------- */

static void test_left_out_arguments_are_ordinary(void) {
    struct fixture fixture;
    given(&fixture, "process app\n\n" SOCKET ACQUIRE);
    has_handle(&fixture, "s", 0x84);
    prepared(&fixture, 1);
    const struct call *call = &fixture.call;
    CU_ASSERT_EQUAL(call->arguments[WSAIoctl_s], 0x84);
    CU_ASSERT_EQUAL(call->arguments[WSAIoctl_code], 0x98000064);
    CU_ASSERT_EQUAL(call->arguments[WSAIoctl_cbIn], 4);
    CU_ASSERT_EQUAL(memcmp(call_read(call, WSAIoctl_in, 4), "\x00\x00\x04\x00", 4), 0);
    CU_ASSERT_EQUAL(call->ranges[WSAIoctl_out].state, RANGE_GOOD);
    CU_ASSERT_EQUAL(call->ranges[WSAIoctl_out].length, 16);
    CU_ASSERT_EQUAL(call->arguments[WSAIoctl_cbOut], 16);
    CU_ASSERT_TRUE(call_range_holds(call, WSAIoctl_bytes, 4));
    CU_ASSERT_EQUAL(call->ranges[WSAIoctl_ov].state, RANGE_NULL);
    CU_ASSERT_EQUAL(call->ranges[WSAIoctl_routine].state, RANGE_NULL);
    CU_ASSERT_EQUAL(call->ranges[WSAIoctl_out].address % 8, 0);
    done(&fixture);
}

static void test_a_port_is_written_in_network_order(void) {
    struct fixture fixture;
    given(&fixture, "ports p = 4 tcp\n\nprocess app\n\n" SOCKET
                    "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={p+1, 2}, cbOut=16) -> ok\n");
    has_handle(&fixture, "s", 0x84);
    prepared(&fixture, 1);
    CU_ASSERT_EQUAL(memcmp(call_read(&fixture.call, WSAIoctl_in, 4), "\x4e\x21\x02\x00", 4), 0);
    done(&fixture);
}

static void test_a_longer_size_has_as_much_memory(void) {
    struct fixture fixture;
    given(&fixture, "process app\n\n" SOCKET ACQUIRE
                    "app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in=r.Token, cbIn=64) -> ok\n"
                    "app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in=r.Token, cbIn=4) -> ok\n");
    has_handle(&fixture, "s", 0x84);
    has_handle(&fixture, "r", 0x1122334455667788);
    prepared(&fixture, 2);
    const uint8_t *bytes = call_read(&fixture.call, WSAIoctl_in, 64);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    CU_ASSERT_EQUAL(load_u64(bytes), 0x1122334455667788);
    CU_ASSERT_EQUAL(bytes[8], poison_byte(8));
    CU_ASSERT_EQUAL(bytes[63], poison_byte(63));
    CU_ASSERT_EQUAL(fixture.call.arguments[WSAIoctl_cbIn], 64);
    prepared(&fixture, 3);
    CU_ASSERT_EQUAL(fixture.call.arguments[WSAIoctl_cbIn], 4);
    CU_ASSERT_PTR_NOT_NULL(call_read(&fixture.call, WSAIoctl_in, 8)); /* only the size is wrong */
    done(&fixture);
}

static void test_pointers_are_as_bad_as_asked(void) {
    struct fixture fixture;
    given(&fixture, "process app\n\n" SOCKET ACQUIRE "app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in=NULL) -> ok\n"
                    "app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in=bad, bytes=bad, routine=bad) -> ok\n"
                    "app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in=partly-bad(r.Token), bytes=partly-bad) -> ok\n"
                    "app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in=unaligned(r.Token), routine=good) -> ok\n");
    has_handle(&fixture, "s", 0x84);
    has_handle(&fixture, "r", 0x77);
    prepared(&fixture, 2);
    CU_ASSERT_EQUAL(fixture.call.ranges[WSAIoctl_in].state, RANGE_NULL);
    CU_ASSERT_EQUAL(fixture.call.arguments[WSAIoctl_cbIn], 8);
    CU_ASSERT_EQUAL(fixture.call.arguments[WSAIoctl_cbOut], 0);
    prepared(&fixture, 3);
    CU_ASSERT_EQUAL(fixture.call.ranges[WSAIoctl_in].state, RANGE_BAD);
    CU_ASSERT_EQUAL(fixture.call.arguments[WSAIoctl_cbIn], 8);
    CU_ASSERT_EQUAL(fixture.call.ranges[WSAIoctl_bytes].state, RANGE_BAD);
    CU_ASSERT_EQUAL(fixture.call.ranges[WSAIoctl_routine].state, RANGE_BAD);
    prepared(&fixture, 4);
    CU_ASSERT_EQUAL(fixture.call.ranges[WSAIoctl_in].state, RANGE_PARTLY_BAD);
    CU_ASSERT_EQUAL(fixture.call.ranges[WSAIoctl_in].length, 4);
    CU_ASSERT_EQUAL(load_u32(call_read(&fixture.call, WSAIoctl_in, 4)), 0x77);
    CU_ASSERT_EQUAL(fixture.call.arguments[WSAIoctl_cbIn], 8);
    CU_ASSERT_EQUAL(fixture.call.ranges[WSAIoctl_bytes].length, 2);
    prepared(&fixture, 5);
    CU_ASSERT_EQUAL(fixture.call.ranges[WSAIoctl_in].address % 8, 1);
    CU_ASSERT_EQUAL(load_u64(call_read(&fixture.call, WSAIoctl_in, 8)), 0x77);
    CU_ASSERT_EQUAL(fixture.call.ranges[WSAIoctl_routine].state, RANGE_GOOD);
    CU_ASSERT_NOT_EQUAL(fixture.call.arguments[WSAIoctl_routine], 0);
    done(&fixture);
}

static void test_an_input_that_was_never_produced_is_needed(void) {
    struct fixture fixture;
    given(&fixture,
          "process app\n\n" SOCKET ACQUIRE "app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in=r.Token) -> ok\n");
    CU_ASSERT_EQUAL(prepare(&fixture, 1), SESSION_NEEDS);
    CU_ASSERT_EQUAL(fixture.needed, name_of(&fixture, "s"));
    has_handle(&fixture, "s", 0x84);
    CU_ASSERT_EQUAL(prepare(&fixture, 2), SESSION_NEEDS);
    CU_ASSERT_EQUAL(fixture.needed, name_of(&fixture, "r"));
    done(&fixture);
}

static void test_addresses_are_sockaddrs(void) {
    struct fixture fixture;
    given(&fixture, "ports p = 4 tcp\n\nprocess app\n\n" SOCKET "app: bind(s, 127.0.0.1:p+2) -> ok\n"
                    "app: bind(s, [::1]:any) -> ok\n"
                    "app: bind(s, 127.0.0.1:80, namelen=8) -> ok\n");
    has_handle(&fixture, "s", 0x84);
    prepared(&fixture, 1);
    const uint8_t *bytes = call_read(&fixture.call, bind_name, 16);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    CU_ASSERT_EQUAL(memcmp(bytes, "\x02\x00\x4e\x22\x7f\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00", 16), 0);
    CU_ASSERT_EQUAL(fixture.call.arguments[bind_namelen], 16);
    prepared(&fixture, 2);
    bytes = call_read(&fixture.call, bind_name, 28);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    CU_ASSERT_EQUAL(load_u16(bytes), 23);
    CU_ASSERT_EQUAL(bytes[23], 1);
    CU_ASSERT_EQUAL(fixture.call.arguments[bind_namelen], 28);
    prepared(&fixture, 3);
    CU_ASSERT_EQUAL(fixture.call.arguments[bind_namelen], 8);
    CU_ASSERT_EQUAL(fixture.call.ranges[bind_name].length, 16);
    done(&fixture);
}

static void test_options_have_four_bytes(void) {
    struct fixture fixture;
    given(&fixture, "process app\n\n" SOCKET "app: setsockopt(s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 1) -> ok\n"
                    "app: v = getsockopt(s, SOL_SOCKET, SO_TYPE) -> ok\n"
                    "app: n = getsockname(s) -> ok\n");
    has_handle(&fixture, "s", 0x84);
    prepared(&fixture, 1);
    CU_ASSERT_EQUAL(fixture.call.arguments[setsockopt_optname], (uint64_t)-5);
    CU_ASSERT_EQUAL(load_u32(call_read(&fixture.call, setsockopt_optval, 4)), 1);
    CU_ASSERT_EQUAL(fixture.call.arguments[setsockopt_optlen], 4);
    prepared(&fixture, 2);
    CU_ASSERT_EQUAL(fixture.call.ranges[getsockopt_optval].length, 4);
    CU_ASSERT_EQUAL(load_u32(call_read(&fixture.call, getsockopt_optlen, 4)), 4);
    prepared(&fixture, 3);
    CU_ASSERT_EQUAL(fixture.call.ranges[getsockname_name].length, 128);
    CU_ASSERT_EQUAL(load_u32(call_read(&fixture.call, getsockname_namelen, 4)), 128);
    done(&fixture);
}

static void test_an_overlapped_is_fresh_once(void) {
    struct fixture fixture;
    given(&fixture, "process app\n\n" SOCKET "app: e1 = CreateEventW() -> ok\n"
                    "app: o1 = overlapped(event=e1)\n"
                    "app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in={7}, ov=o1) -> ok\n");
    has_handle(&fixture, "s", 0x84);
    CU_ASSERT_EQUAL(session_declare(&fixture.session, fixture.scenario, step_at(&fixture, 2), &fixture.needed),
                    SESSION_NEEDS);
    CU_ASSERT_EQUAL(fixture.needed, name_of(&fixture, "e1"));
    has_handle(&fixture, "e1", 0x90);
    declared(&fixture, 2);
    prepared(&fixture, 3);
    uint64_t address = fixture.call.arguments[WSAIoctl_ov];
    CU_ASSERT_EQUAL(fixture.call.ranges[WSAIoctl_ov].fresh, 1);
    CU_ASSERT_EQUAL(load_u64(call_read(&fixture.call, WSAIoctl_ov, 32) + OVERLAPPED_EVENT), 0x90);
    CU_ASSERT_EQUAL(call_read(&fixture.call, WSAIoctl_ov, 32)[0], poison_byte(0));
    prepared(&fixture, 3);
    CU_ASSERT_EQUAL(fixture.call.arguments[WSAIoctl_ov], address);
    CU_ASSERT_EQUAL(fixture.call.ranges[WSAIoctl_ov].fresh, 0);
    done(&fixture);
}

/* --- observing and printing --------------------------------------------------------------------------------------- */

static void test_an_acquired_block_is_shown_in_symbols(void) {
    struct fixture fixture;
    given(&fixture, "process app\n\n" SOCKET ACQUIRE);
    has_handle(&fixture, "s", 0x84);
    prepared(&fixture, 1);
    struct session before = fixture.session;
    fixture.result.error = 0;
    writes_u32(&fixture, 6, 16);
    writes_instance(&fixture, fixture.call.arguments[WSAIoctl_out], 50123, 4, 0x7f01);
    observe(&fixture, 1);
    CU_ASSERT_STRING_EQUAL(outcome(&fixture, 1), "ok error=0 bytes=16 StartPort=r NumberOfPorts=4 padding=0 Token=t1");
    CU_ASSERT_EQUAL(live_of(&fixture, "r")->number, 0x7f01);
    struct session after = fixture.session;
    CU_ASSERT_STRING_EQUAL(
        answer(&fixture, 1),
        "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 4}, cbOut=16) -> "
        "ok error=0 bytes=16 StartPort=r NumberOfPorts=4 padding=0 Token=t1  #~ r=50123 t1=0x7f01\n");
    CU_ASSERT_PTR_NULL(strstr(answer(&fixture, 1), "#~")); /* reported once */
    fixture.session = after;
    reads_back(&fixture, 1, &before);
    done(&fixture);
}

static void test_a_block_inside_a_ports_line_counts_from_it(void) {
    struct fixture fixture;
    given(&fixture, "ports p = 20 tcp\n\nprocess app\n\n" SOCKET
                    "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={p+2, 4}, cbOut=16) -> ok\n");
    has_handle(&fixture, "s", 0x84);
    prepared(&fixture, 1);
    struct session before = fixture.session;
    writes_u32(&fixture, 6, 16);
    writes_instance(&fixture, fixture.call.arguments[WSAIoctl_out], 20002, 4, 5);
    observe(&fixture, 1);
    CU_ASSERT_STRING_EQUAL(outcome(&fixture, 1),
                           "ok error=untouched bytes=16 StartPort=p+2 NumberOfPorts=4 padding=0 Token=t1");
    reads_back(&fixture, 1, &before);
    done(&fixture);
}

static void test_untouched_memory_is_reported(void) {
    struct fixture fixture;
    given(&fixture, "process app\n\n" SOCKET ACQUIRE);
    has_handle(&fixture, "s", 0x84);
    prepared(&fixture, 1);
    struct session before = fixture.session;
    fails_with(&fixture, 10045);
    observe(&fixture, 1);
    CU_ASSERT_STRING_EQUAL(outcome(&fixture, 1), "WSAEOPNOTSUPP bytes=untouched out=untouched");
    CU_ASSERT_EQUAL(live_of(&fixture, "r")->state, LIVE_ABSENT);
    reads_back(&fixture, 1, &before);
    uint8_t some[3] = { 1, 2, 3 };
    result_write(&fixture.result, fixture.call.arguments[WSAIoctl_out], some, 3);
    fixture.result.error = 1;
    observe(&fixture, 1);
    CU_ASSERT_STRING_EQUAL(outcome(&fixture, 1), "error(1) bytes=untouched out=hex(01 02 03)");
    CU_ASSERT_EQUAL(live_of(&fixture, "r")->state, LIVE_ABSENT);
    reads_back(&fixture, 1, &before);
    done(&fixture);
}

/* An address, and its length in the argument that follows. */
static void stores_name(struct fixture *fixture, unsigned argument, const void *name, uint32_t length) {
    uint8_t bytes[4];
    store_u32(bytes, length);
    result_write(&fixture->result, fixture->call.arguments[argument], name, length);
    result_write(&fixture->result, fixture->call.arguments[argument + 1], bytes, sizeof bytes);
}

static void test_a_bound_port_becomes_the_sockets(void) {
    struct fixture fixture;
    given(&fixture, "ports p = 4 tcp\n\nprocess app\n\n" SOCKET
                    "app: bind(s, 0.0.0.0:any) -> ok\napp: n = getsockname(s) -> ok\n");
    has_handle(&fixture, "s", 0x84);
    prepared(&fixture, 1);
    struct session before = fixture.session;
    result_write(&fixture.result, OBSERVED_PORT_ADDRESS, "\x8d\x29", 2);
    observe(&fixture, 1);
    struct session after = fixture.session;
    CU_ASSERT_STRING_EQUAL(answer(&fixture, 1),
                           "app: bind(s, 0.0.0.0:any) -> ok error=untouched port=s.port  #~ s.port=36137\n");
    fixture.session = after;
    reads_back(&fixture, 1, &before);
    prepared(&fixture, 2);
    stores_name(&fixture, getsockname_name, "\x02\x00\x8d\x29\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 16);
    before = fixture.session;
    observe(&fixture, 2);
    CU_ASSERT_STRING_EQUAL(answer(&fixture, 2),
                           "app: n = getsockname(s) -> ok error=untouched address=0.0.0.0 port=s.port\n");
    reads_back(&fixture, 2, &before);
    CU_ASSERT_EQUAL(live_of(&fixture, "n")->port_first, 36137);
    done(&fixture);
}

/* What a receive stores of its sender: nothing, an address, or bytes that are none. */
static void test_a_receive_shows_its_sender(void) {
    static const struct {
        const char *sockaddr;
        const char *text;
    } rows[] = {
        { NULL, "ok error=untouched value=0 address=untouched port=untouched out=untouched" },
        { "\x02\0\x1f\x90\x7f\0\0\x02", "ok error=untouched value=0 address=127.0.0.2 port=8080 out=untouched" },
        { "\x03\0\x1f\x90\x7f\0\0\x02", "ok error=untouched value=0 address=none out=untouched" },
    };
    struct fixture fixture;
    given(&fixture, "process app\n\n" SOCKET "app: recvfrom(s, len=4) -> ok\n");
    has_handle(&fixture, "s", 0x84);
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t sockaddr[16] = { 0 };
        prepared(&fixture, 1);
        struct session before = fixture.session;
        if (rows[i].sockaddr != NULL) {
            memcpy(sockaddr, rows[i].sockaddr, 8);
            stores_name(&fixture, recvfrom_from, sockaddr, sizeof sockaddr);
        }
        observe(&fixture, 1);
        CU_ASSERT_STRING_EQUAL(outcome(&fixture, 1), rows[i].text);
        reads_back(&fixture, 1, &before);
    }
    done(&fixture);
}

/* A length that is not the address's makes it none, in whichever direction it errs; a call that leaves it as it was
 * passed has found that it is right. */
static void test_a_wrong_length_is_no_address(void) {
    static const struct {
        uint32_t length;
        const char *text;
    } rows[] = {
        { 16, "ok error=untouched address=127.0.0.1 port=s.port" },
        { 28, "ok error=untouched address=none" },
        { 15, "ok error=untouched address=none" },
        { 128, "ok error=untouched address=none" },
        { 0x10000010, "ok error=untouched address=none" },
    };
    static const uint8_t name[16] = { 2, 0, 0x1f, 0x90, 127, 0, 0, 1 };
    struct fixture fixture;
    given(&fixture, "process app\n\n" SOCKET "app: getsockname(s) -> ok\n");
    has_handle(&fixture, "s", 0x84);
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t length[4];
        prepared(&fixture, 1);
        store_u32(length, rows[i].length);
        result_write(&fixture.result, fixture.call.arguments[getsockname_name], name, sizeof name);
        result_write(&fixture.result, fixture.call.arguments[getsockname_namelen], length, sizeof length);
        observe(&fixture, 1);
        CU_ASSERT_STRING_EQUAL(outcome(&fixture, 1), rows[i].text);
    }
    done(&fixture);
}

static void test_ipv6_addresses_are_short(void) {
    static const struct {
        const char *bytes;
        const char *text;
    } rows[] = {
        { "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "[::]" },
        { "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", "[::1]" },
        { "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "[fe80::]" },
        { "\x20\x01\x0d\xb8\0\0\0\1\0\0\0\0\0\0\0\1", "[2001:db8:0:1::1]" },
        { "\0\1\0\2\0\3\0\4\0\5\0\6\0\7\0\0", "[1:2:3:4:5:6:7:0]" },
    };
    struct fixture fixture;
    given(&fixture, "process app\n\n" SOCKET "app: n = getsockname(s) -> ok\n");
    has_handle(&fixture, "s", 0x84);
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t sockaddr[28] = { 23, 0, 0, 0 };
        char expected[80] = "ok error=untouched address=";
        prepared(&fixture, 1);
        struct session before = fixture.session;
        memcpy(sockaddr + 8, rows[i].bytes, 16);
        stores_name(&fixture, getsockname_name, sockaddr, sizeof sockaddr);
        observe(&fixture, 1);
        strcat(strcat(expected, rows[i].text), " port=0");
        CU_ASSERT_STRING_EQUAL(outcome(&fixture, 1), expected);
        reads_back(&fixture, 1, &before);
    }
    done(&fixture);
}

static void test_a_late_output_binds_its_name(void) {
    struct fixture fixture;
    given(&fixture, "process app\n\n" SOCKET "app: o1 = overlapped()\n"
                    "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 4}, cbOut=16, ov=o1) -> ok\n"
                    "app: show o1 -> ok\n");
    has_handle(&fixture, "s", 0x84);
    declared(&fixture, 1);
    prepared(&fixture, 2);
    uint64_t out = fixture.call.arguments[WSAIoctl_out], overlapped = fixture.call.arguments[WSAIoctl_ov];
    struct session before = fixture.session;
    fails_with(&fixture, 997);
    observe(&fixture, 2);
    CU_ASSERT_STRING_EQUAL(outcome(&fixture, 2), "pending bytes=untouched");
    CU_ASSERT_EQUAL(live_of(&fixture, "r")->state, LIVE_ABSENT);
    reads_back(&fixture, 2, &before);
    result_clear(&fixture.result);
    fixture.result.value = UINT64_MAX;
    writes_instance(&fixture, out, 50000, 4, 0x99);
    uint8_t status[16] = { 0 };
    status[8] = 16;
    result_write(&fixture.result, overlapped, status, sizeof status);
    before = fixture.session;
    memset(&fixture.seen, 0, sizeof fixture.seen);
    session_observe(&fixture.session, fixture.scenario, step_at(&fixture, 3), NULL, &fixture.result, &fixture.seen);
    CU_ASSERT_EQUAL(live_of(&fixture, "r")->state, LIVE_PRODUCED);
    struct session after = fixture.session;
    CU_ASSERT_STRING_EQUAL(answer(&fixture, 3), "app: show o1 -> ok Internal=STATUS_SUCCESS InternalHigh=16"
                                                "  #~ r=50000 r.NumberOfPorts=4 r.Token=0x99 t1=0x99\n");
    fixture.session = after;
    reads_back(&fixture, 3, &before);
    done(&fixture);
}

static void test_a_peer_leaves_the_socket_its_own_port(void) {
    struct fixture fixture;
    given(&fixture, "process app\n\n" SOCKET "app: connect(s, 127.0.0.1:9000) -> ok\n"
                    "app: p = getpeername(s) -> ok\n");
    has_handle(&fixture, "s", 0x84);
    prepared(&fixture, 1);
    result_write(&fixture.result, OBSERVED_PORT_ADDRESS, "\x8d\x29", 2);
    observe(&fixture, 1);
    CU_ASSERT_EQUAL(live_of(&fixture, "s")->port_first, 36137);
    prepared(&fixture, 2);
    stores_name(&fixture, getpeername_name, "\x02\x00\x23\x28\x7f\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00", 16);
    observe(&fixture, 2);
    CU_ASSERT_STRING_EQUAL(outcome(&fixture, 2), "ok error=untouched address=127.0.0.1 port=9000");
    CU_ASSERT_EQUAL(live_of(&fixture, "p")->port_first, 9000);
    CU_ASSERT_EQUAL(live_of(&fixture, "s")->port_first, 36137);
    done(&fixture);
}

static void test_memory_of_a_parked_call_waits_for_its_return(void) {
    struct fixture fixture;
    given(&fixture, "process app\nthread app.t2\n\n" SOCKET "app: o1 = overlapped()\n"
                    "app.t2: WSAGetOverlappedResult(s, o1, wait=TRUE) -> blocks @inferred\n"
                    "app: closesocket(s) -> ok\n"
                    "app.t2: returns -> ok\n");
    has_handle(&fixture, "s", 0x84);
    declared(&fixture, 1);
    prepared(&fixture, 2);
    struct call parked = fixture.call;
    fixture.result.status = RESULT_BLOCKED;
    observe(&fixture, 2);
    CU_ASSERT_STRING_EQUAL(outcome(&fixture, 2), "blocks");
    prepared(&fixture, 3);
    uint8_t bytes[4] = { 8, 0, 0, 0 };
    result_write(&fixture.result, parked.arguments[WSAGetOverlappedResult_bytes], bytes, sizeof bytes);
    observe(&fixture, 3);
    CU_ASSERT_EQUAL(live_of(&fixture, "s")->state, LIVE_STALE);
    result_clear(&fixture.result);
    fixture.result.value = 1;
    fixture.call = parked;
    observe(&fixture, 4);
    CU_ASSERT_STRING_EQUAL(outcome(&fixture, 4), "ok error=0 bytes=8 flags=untouched");
    CU_ASSERT_EQUAL(fixture.session.parked[1], 0);
    done(&fixture);
}

static void test_a_stale_number_that_comes_back_is_noticed(void) {
    struct fixture fixture;
    given(&fixture, "process app\n\n" SOCKET "app: closesocket(s) -> ok\n"
                    "app: z = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n");
    has_handle(&fixture, "s", 0x84);
    prepared(&fixture, 1);
    observe(&fixture, 1);
    CU_ASSERT_EQUAL(prepare(&fixture, 1), SESSION_READY); /* a stale name is sent */
    CU_ASSERT_EQUAL(fixture.call.arguments[closesocket_s], 0x84);
    prepared(&fixture, 2);
    struct session before = fixture.session;
    fixture.result.value = 0x84;
    observe(&fixture, 2);
    CU_ASSERT_STRING_EQUAL(outcome(&fixture, 2), "ok error=untouched handle=s");
    reads_back(&fixture, 2, &before);
    session_learn(&before, fixture.scenario, step_at(&fixture, 2), &fixture.seen);
    CU_ASSERT_EQUAL(before.live[name_of(&fixture, "z")].number, 0x84);
    done(&fixture);
}

static void test_numbers_waits_and_faults(void) {
    struct fixture fixture;
    given(&fixture, "process app\n\n" SOCKET "app: SleepEx(0) -> ok\napp: WSAGetLastError() -> ok\n"
                    "app: WSAStartup() -> ok\n");
    struct session before = fixture.session;
    prepared(&fixture, 1);
    fixture.result.value = 192;
    fixture.result.routines_count = 1;
    fixture.result.routines[0].routine = 1;
    fixture.result.routines[0].error = 10045;
    observe(&fixture, 1);
    CU_ASSERT_STRING_EQUAL(answer(&fixture, 1), "app: SleepEx(0) -> WAIT_IO_COMPLETION error=untouched\n"
                                                "  routine(NULL) error=WSAEOPNOTSUPP bytes=0\n");
    reads_back(&fixture, 1, &before);
    result_clear(&fixture.result);
    fixture.result.status = RESULT_FAULT;
    fixture.result.error = 0xC0000005;
    observe(&fixture, 1);
    CU_ASSERT_STRING_EQUAL(outcome(&fixture, 1), "fault(0xC0000005)");
    reads_back(&fixture, 1, &before);
    prepared(&fixture, 2);
    fixture.result.value = 10022;
    observe(&fixture, 2);
    CU_ASSERT_STRING_EQUAL(outcome(&fixture, 2), "ok value=10022");
    reads_back(&fixture, 2, &before);
    prepared(&fixture, 3);
    CU_ASSERT_EQUAL(fixture.call.ranges[WSAStartup_lpWSAData].length, 408);
    fixture.result.value = 10092;
    observe(&fixture, 3);
    CU_ASSERT_STRING_EQUAL(outcome(&fixture, 3), "WSAVERNOTSUPPORTED");
    reads_back(&fixture, 3, &before);
    done(&fixture);
}

static void test_error_zero_with_a_failure_is_still_an_error(void) {
    struct fixture fixture;
    given(&fixture, "process app\n\n" SOCKET "app: closesocket(s) -> ok\n");
    has_handle(&fixture, "s", 0x84);
    prepared(&fixture, 1);
    struct session before = fixture.session;
    fails_with(&fixture, 0);
    observe(&fixture, 1);
    CU_ASSERT_STRING_EQUAL(outcome(&fixture, 1), "error(0)");
    CU_ASSERT_EQUAL(live_of(&fixture, "s")->state, LIVE_PRODUCED);
    reads_back(&fixture, 1, &before);
    done(&fixture);
}

static void test_learning_does_what_observing_did(void) {
    struct fixture fixture;
    given(&fixture,
          "process app\n\n" SOCKET ACQUIRE "app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in=r.Token) -> ok\n");
    has_handle(&fixture, "s", 0x84);
    prepared(&fixture, 1);
    struct session learner = fixture.session;
    writes_instance(&fixture, fixture.call.arguments[WSAIoctl_out], 50123, 4, 0x7f01);
    observe(&fixture, 1);
    session_learn(&learner, fixture.scenario, step_at(&fixture, 1), &fixture.seen);
    CU_ASSERT_EQUAL(memcmp(&learner, &fixture.session, sizeof learner), 0);
    done(&fixture);
}

/* --- matching ----------------------------------------------------------------------------------------------------- */

/* The words for why the first alternative of the step is not met; "" when it is. */
static const char *why(struct fixture *fixture, unsigned index) {
    text_free(&fixture->text);
    memset(&fixture->text, 0, sizeof fixture->text);
    bool matches = session_matches(&fixture->session, fixture->scenario, step_at(fixture, index),
                                   &step_at(fixture, index)->outcomes[0], &fixture->seen, &fixture->text);
    return matches ? "" : fixture->text.bytes;
}

static void test_what_differs_is_said_in_words(void) {
    static const struct {
        const char *outcome;
        const char *why;
    } rows[] = {
        { "ok bytes=16 @inferred", "" },
        { "ok bytes=0 @inferred", "expected bytes=0, saw bytes=16" },
        { "ok bytes=untouched @inferred", "expected bytes=untouched, saw bytes=16" },
        { "ok error=untouched @inferred", "" },
        { "0 @inferred", "" },
        { "...", "" },
        { "fails @inferred", "expected fails, saw ok" },
        { "WSAEINVAL @inferred", "expected WSAEINVAL, saw ok" },
        { "pending @inferred", "expected pending, saw ok" },
        { "ok StartPort in p @inferred", "" },
        { "ok StartPort=p+2 NumberOfPorts=4 @inferred", "" },
        { "ok StartPort=p+3 @inferred", "expected StartPort=p+3, saw StartPort=p+2" },
        { "ok Token=r.Token @inferred", "" },
        { "ok port=p @inferred", "no port was observed" },
        { "ok port in p @inferred", "no port was observed" },
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture fixture;
        struct text lines = { 0 };
        text_add(&lines,
                 "ports p = 20 tcp\n\nprocess app\n\n" SOCKET
                 "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={p+2, 4}, cbOut=16) -> %s\n",
                 rows[i].outcome);
        given(&fixture, lines.bytes);
        text_free(&lines);
        has_handle(&fixture, "s", 0x84);
        prepared(&fixture, 1);
        writes_u32(&fixture, 6, 16);
        writes_instance(&fixture, fixture.call.arguments[WSAIoctl_out], 20002, 4, 5);
        observe(&fixture, 1);
        CU_ASSERT_STRING_EQUAL(why(&fixture, 1), rows[i].why);
        done(&fixture);
    }
}

static void test_routines_are_compared_one_by_one(void) {
    struct fixture fixture;
    given(&fixture, "process app\n\n" SOCKET "app: o1 = overlapped()\n"
                    "app: SleepEx(0) -> WAIT_IO_COMPLETION @inferred\n"
                    "  routine(o1) error=WSAEINVAL bytes=0\n");
    const struct step *step = step_at(&fixture, 2);
    struct text text = { 0 };
    CU_ASSERT_FALSE(session_matches_routines(&fixture.session, fixture.scenario, step, &fixture.seen, &text));
    CU_ASSERT_STRING_EQUAL(text.bytes, "expected completion routines to run: 1, saw none");
    text_free(&text);
    memset(&text, 0, sizeof text);
    fixture.seen.routines_count = 1;
    fixture.seen.routines[0].overlapped = name_of(&fixture, "o1");
    fixture.seen.routines[0].values[MEMBER_ERROR] = 10045;
    CU_ASSERT_FALSE(session_matches_routines(&fixture.session, fixture.scenario, step, &fixture.seen, &text));
    CU_ASSERT_STRING_EQUAL(text.bytes, "expected routine(o1) error=WSAEINVAL, saw error=WSAEOPNOTSUPP");
    text_free(&text);
    fixture.seen.routines[0].values[MEMBER_ERROR] = 10022;
    CU_ASSERT_TRUE(session_matches_routines(&fixture.session, fixture.scenario, step, &fixture.seen, NULL));
    done(&fixture);
}

static void test_packets_and_apcs_are_told_and_read_back(void) {
    struct fixture fixture;
    given(&fixture, "process app\n\n"
                    "app: o1 = overlapped()\n"
                    "app: GetQueuedCompletionStatusEx(0x84, ulCount=2, dwMilliseconds=0) -> ok bytes=1 @inferred\n"
                    "  packet(o1) key=8\n"
                    "app: SleepEx(0) -> ...\n");
    struct session before = fixture.session;
    prepared(&fixture, 1);
    CU_ASSERT_EQUAL(fixture.call.ranges[GetQueuedCompletionStatusEx_lpCompletionPortEntries].length,
                    2 * OVERLAPPED_ENTRY_SIZE);
    uint8_t entry[OVERLAPPED_ENTRY_SIZE] = { 0 };
    store_u64(entry + ENTRY_KEY, 7);
    store_u64(entry + ENTRY_OVERLAPPED, 0x1234);
    store_u64(entry + ENTRY_INTERNAL, STATUS_CANCELLED);
    fixture.result.value = 1;
    writes_u32(&fixture, GetQueuedCompletionStatusEx_ulNumEntriesRemoved, 1);
    result_write(&fixture.result, fixture.call.arguments[GetQueuedCompletionStatusEx_lpCompletionPortEntries], entry,
                 sizeof entry);
    observe(&fixture, 1);
    CU_ASSERT_STRING_EQUAL(
        answer(&fixture, 1),
        "app: GetQueuedCompletionStatusEx(0x84, ulCount=2, dwMilliseconds=0) -> ok error=untouched bytes=1\n"
        "  packet(good) key=7 bytes=0 Internal=STATUS_CANCELLED\n");
    reads_back(&fixture, 1, &before);
    struct text text = { 0 };
    CU_ASSERT_FALSE(
        session_matches_routines(&fixture.session, fixture.scenario, step_at(&fixture, 1), &fixture.seen, &text));
    CU_ASSERT_STRING_EQUAL(text.bytes, "expected packet(o1), saw packet(good)");
    text_free(&text);
    prepared(&fixture, 2);
    result_clear(&fixture.result);
    fixture.result.value = 192;
    result_routine(&fixture.result,
                   &(struct result_routine){ .routine = 1, .overlapped = UINT64_MAX, .kind = RAN_APC });
    observe(&fixture, 2);
    CU_ASSERT_STRING_EQUAL(answer(&fixture, 2), "app: SleepEx(0) -> WAIT_IO_COMPLETION error=0\n"
                                                "  apc(18446744073709551615)\n");
    reads_back(&fixture, 2, &before);
    done(&fixture);
}

#define SELECT "app: select({s, 8, s}, exceptfds={8}, timeout=0) -> ok readfds={8} exceptfds={} @W174\n"
#define POLL "app: WSAPoll({s, 8}, {POLLRDNORM, POLLWRNORM}, timeout=0) -> ok revents={0,16} @W177\n"

/* Stores a set of `count` sockets in the place of an argument. */
static void leaves(struct fixture *fixture, unsigned argument, uint64_t count, uint64_t first) {
    uint8_t set[SOCKET_SET_SOCKETS + POINTER_SIZE];
    store_u64(set, count);
    store_u64(set + SOCKET_SET_SOCKETS, first);
    result_write(&fixture->result, fixture->call.arguments[argument], set, sizeof set);
}

static void test_what_select_leaves_is_told_and_read_back(void) {
    static const struct {
        uint64_t count, first;
        const char *answer;
        bool matches;
    } cases[] = {
        { 1, 8, "value=1 readfds={8} exceptfds={}", true },
        { 1, 0x84, "value=1 readfds={s} exceptfds={}", false },
        { 0, 0, "value=0 readfds={} exceptfds={}", false },
        { 1, 12, "value=1 readfds={good} exceptfds={}", false },         /* no socket of ours */
        { UINT64_MAX, 8, "value=0 readfds={good} exceptfds={}", false }, /* nor so many */
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture fixture;
        given(&fixture, "process app\n\n" SOCKET SELECT);
        has_handle(&fixture, "s", 0x84);
        struct session before = fixture.session;
        prepared(&fixture, 1);
        CU_ASSERT_EQUAL(load_u64(call_read(&fixture.call, select_readfds, SOCKET_SET_SOCKETS)), 3);
        CU_ASSERT_EQUAL(fixture.call.ranges[select_writefds].state, RANGE_NULL);
        fixture.result.value = cases[i].count == UINT64_MAX ? 0 : cases[i].count;
        leaves(&fixture, select_readfds, cases[i].count, cases[i].first);
        leaves(&fixture, select_exceptfds, 0, 0);
        observe(&fixture, 1);
        struct text expected = { 0 };
        text_add(&expected, "app: select({s, 8, s}, exceptfds={8}, timeout=0) -> ok error=untouched %s\n",
                 cases[i].answer);
        CU_ASSERT_STRING_EQUAL(answer(&fixture, 1), expected.bytes);
        reads_back(&fixture, 1, &before);
        CU_ASSERT_EQUAL(session_matches(&fixture.session, fixture.scenario, step_at(&fixture, 1),
                                        &step_at(&fixture, 1)->outcomes[0], &fixture.seen, NULL),
                        cases[i].matches);
        text_free(&expected);
        done(&fixture);
    }
}

static void test_what_a_poll_finds_is_told_and_read_back(void) {
    struct fixture fixture;
    given(&fixture, "process app\n\n" SOCKET POLL);
    has_handle(&fixture, "s", 0x84);
    struct session before = fixture.session;
    prepared(&fixture, 1);
    uint8_t found[8];
    store_u32(found, 0);
    store_u32(found + 4, 16);
    result_write(&fixture.result, fixture.call.arguments[WSAPoll_events], found, sizeof found);
    fixture.result.value = 1;
    observe(&fixture, 1);
    CU_ASSERT_STRING_EQUAL(outcome(&fixture, 1), "ok error=untouched value=1 revents={0,16}");
    reads_back(&fixture, 1, &before);
    CU_ASSERT_TRUE(session_matches(&fixture.session, fixture.scenario, step_at(&fixture, 1),
                                   &step_at(&fixture, 1)->outcomes[0], &fixture.seen, NULL));
    prepared(&fixture, 1);
    fails_with(&fixture, WSAEINVAL);
    observe(&fixture, 1);
    CU_ASSERT_STRING_EQUAL(outcome(&fixture, 1), "WSAEINVAL revents=untouched");
    done(&fixture);
}

/* --- reading answers that are wrong ------------------------------------------------------------------------------- */

static void test_an_answer_that_tells_too_little_is_refused(void) {
    static const struct {
        const char *outcome;
        const char *message;
    } rows[] = {
        { "fails", "an answer names its outcome; expected ok, an error, pending, blocks or fault, found fails" },
        { "ok port=z.port", "nothing has reported the value of z.port" },
        { "ok Token=t1  #~ t1=none", "expected live values as NAME=NUMBER after #~, found t1=none" },
        { "ok port=s.port  #~ s.port=0", "s.port=0 after #~: a port is a number from 1 to 65535" },
        { "ok port=s.port  #~ s.port=65536", "s.port=65536 after #~: a port is a number from 1 to 65535" },
        { "ok port=s.port  #~ s.port=5000 zz=3", "zz=3 after #~: no line gives this name" },
        { "ok port=s.port  #~ s.Token=3", "s.Token=3 after #~: it has no such field" },
        { "ok port=s.port  #~ t99=3", "t99=3 after #~: no line gives this name" },
        { "ok port=s.port  #~ s.port=5000 s.port=5001", "s.port=5001 after #~: it is said twice" },
        { "ok port=s.port  #~ s.port=5000 t1=2 t1=0x3", "t1=0x3 after #~: it is said twice" },
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture fixture;
        struct text line = { 0 };
        struct step answered;
        struct observation read;
        struct language_error error;
        given(&fixture, "process app\n\n" SOCKET "app: bind(s, 0.0.0.0:0) -> ok\n");
        text_add(&line, "app: bind(s, 0.0.0.0:0) -> %s", rows[i].outcome);
        memset(&error, 0, sizeof error);
        CU_ASSERT_TRUE_FATAL(
            step_parse_answer(fixture.scenario, step_at(&fixture, 1), line.bytes, line.length, &answered, &error));
        CU_ASSERT_FALSE(
            session_read_answer(&fixture.session, fixture.scenario, step_at(&fixture, 1), &answered, &read, &error));
        CU_ASSERT_STRING_EQUAL(error.message, rows[i].message);
        text_free(&line);
        done(&fixture);
    }
}

/* A host may say anything: a socket that the call has not in this set, more events than sockets, a set of another
 * call. */
static void test_a_set_that_cannot_be_left_is_refused(void) {
    static const struct {
        unsigned step;
        const char *outcome, *message;
    } rows[] = {
        { 1, "ok readfds={12}", "expected sockets that the call has in this set, in {...}" },
        { 1, "ok exceptfds={s}", "expected sockets that the call has in this set, in {...}" },
        { 1, "ok writefds={}", "expected sockets that the call has in this set, in {...}" },
        { 1, "ok revents={1}", "expected the events of each socket of the call in {...}" },
        { 2, "ok revents={1}", "expected the events of each socket of the call in {...}" },
        { 2, "ok revents={1,2,3}", "expected the events of each socket of the call in {...}" },
        { 2, "ok readfds={s}", "expected sockets that the call has in this set, in {...}" },
        { 3, "ok readfds={s}", "expected sockets that the call has in this set, in {...}" },
        { 4, "ok readfds={s}", "expected sockets that the call has in this set, in {...}" },
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture fixture;
        struct text line = { 0 };
        struct step answered;
        struct observation read;
        struct language_error error;
        given(&fixture, "process app\n\n" SOCKET SELECT POLL "app: closesocket(s) -> ok\n"
                        "app: select(s, timeout=0) -> ok\n");
        step_print_call(fixture.scenario, step_at(&fixture, rows[i].step), &line);
        text_add(&line, " -> %s", rows[i].outcome);
        memset(&error, 0, sizeof error);
        CU_ASSERT_TRUE_FATAL(step_parse_answer(fixture.scenario, step_at(&fixture, rows[i].step), line.bytes,
                                               line.length, &answered, &error));
        CU_ASSERT_FALSE(session_read_answer(&fixture.session, fixture.scenario, step_at(&fixture, rows[i].step),
                                            &answered, &read, &error));
        CU_ASSERT_STRING_EQUAL(error.message, rows[i].message);
        text_free(&line);
        done(&fixture);
    }
}

/* What a good line says that answers a step. */
static struct observation read_from(struct fixture *fixture, unsigned index, const char *line) {
    const struct step *step = step_at(fixture, index);
    struct step answered;
    struct observation read;
    struct language_error error;
    memset(&error, 0, sizeof error);
    CU_ASSERT_TRUE_FATAL(step_parse_answer(fixture->scenario, step, line, strlen(line), &answered, &error));
    CU_ASSERT_TRUE(session_read_answer(&fixture->session, fixture->scenario, step, &answered, &read, &error));
    return read;
}

static void test_a_token_without_a_value_gets_its_number(void) {
    struct fixture fixture;
    const char *line =
        "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 4}, cbOut=16) -> ok StartPort=50000 Token=t2";
    given(&fixture, "process app\n\n" SOCKET ACQUIRE);
    struct observation read = read_from(&fixture, 1, line);
    CU_ASSERT_EQUAL(read.values[OBSERVABLE_Token].number, 2);
    CU_ASSERT_EQUAL(read.values[OBSERVABLE_StartPort].number, 50000);
    CU_ASSERT_EQUAL(fixture.session.tokens_count, 2);
    done(&fixture);
}

/* Which call has ended the step says, not the line: the thread makes others later. */
static void test_what_returned_is_the_call_before_it(void) {
    struct fixture fixture;
    const char *line = "app: returns -> ok value=1 readfds={s}";
    given(&fixture, "process app\n\n" SOCKET "app: select({s}, timeout=INFINITE) -> blocks @inferred\n"
                    "app: returns -> ok\napp: WSACleanup() -> ok\n");
    struct observation read = read_from(&fixture, 2, line);
    CU_ASSERT_EQUAL(read.values[OBSERVABLE_readfds].number, 1);
    done(&fixture);
}

void register_session_tests(void) {
    CU_pSuite suite = CU_add_suite("session", NULL, NULL);
    CU_add_test(suite, "what returned is the call before it", test_what_returned_is_the_call_before_it);
    CU_add_test(suite, "left-out arguments are ordinary", test_left_out_arguments_are_ordinary);
    CU_add_test(suite, "a port is written in network order", test_a_port_is_written_in_network_order);
    CU_add_test(suite, "a longer size has as much memory", test_a_longer_size_has_as_much_memory);
    CU_add_test(suite, "pointers are as bad as asked", test_pointers_are_as_bad_as_asked);
    CU_add_test(suite, "an input that was never produced is needed", test_an_input_that_was_never_produced_is_needed);
    CU_add_test(suite, "addresses are sockaddrs", test_addresses_are_sockaddrs);
    CU_add_test(suite, "options have four bytes", test_options_have_four_bytes);
    CU_add_test(suite, "an overlapped is fresh once", test_an_overlapped_is_fresh_once);
    CU_add_test(suite, "an acquired block is shown in symbols", test_an_acquired_block_is_shown_in_symbols);
    CU_add_test(suite, "a block inside a ports line counts from it", test_a_block_inside_a_ports_line_counts_from_it);
    CU_add_test(suite, "untouched memory is reported", test_untouched_memory_is_reported);
    CU_add_test(suite, "a bound port becomes the socket's", test_a_bound_port_becomes_the_sockets);
    CU_add_test(suite, "a receive shows its sender", test_a_receive_shows_its_sender);
    CU_add_test(suite, "a wrong length is no address", test_a_wrong_length_is_no_address);
    CU_add_test(suite, "IPv6 addresses are short", test_ipv6_addresses_are_short);
    CU_add_test(suite, "a late output binds its name", test_a_late_output_binds_its_name);
    CU_add_test(suite, "a peer leaves the socket its own port", test_a_peer_leaves_the_socket_its_own_port);
    CU_add_test(suite, "memory of a parked call waits for its return",
                test_memory_of_a_parked_call_waits_for_its_return);
    CU_add_test(suite, "a stale number that comes back is noticed", test_a_stale_number_that_comes_back_is_noticed);
    CU_add_test(suite, "numbers, waits and faults", test_numbers_waits_and_faults);
    CU_add_test(suite, "error 0 with a failure is still an error", test_error_zero_with_a_failure_is_still_an_error);
    CU_add_test(suite, "learning does what observing did", test_learning_does_what_observing_did);
    CU_add_test(suite, "what differs is said in words", test_what_differs_is_said_in_words);
    CU_add_test(suite, "routines are compared one by one", test_routines_are_compared_one_by_one);
    CU_add_test(suite, "packets and APCs are printed and read back", test_packets_and_apcs_are_told_and_read_back);
    CU_add_test(suite, "what select leaves is printed and read back", test_what_select_leaves_is_told_and_read_back);
    CU_add_test(suite, "what a poll finds is printed and read back", test_what_a_poll_finds_is_told_and_read_back);
    CU_add_test(suite, "a set that cannot be left is refused", test_a_set_that_cannot_be_left_is_refused);
    CU_add_test(suite, "an answer that tells too little is refused", test_an_answer_that_tells_too_little_is_refused);
    CU_add_test(suite, "a token without a value gets its number", test_a_token_without_a_value_gets_its_number);
}
