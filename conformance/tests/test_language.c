#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/text.h"
#include "conformance/language/expand.h"
#include "conformance/language/language_error.h"
#include "conformance/language/parser.h"
#include "conformance/language/printer.h"
#include "conformance/language/tree.h"

void register_language_tests(void);

/* --- dialogue ----------------------------------------------------------------------------------------------------- */

#define HEAD "scenario x\n\nports   p = 20 tcp\nprocess app\nthread  app.t2\n\n"
#define SOCKET "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
#define RESERVED HEAD SOCKET "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 4}, cbOut=16) -> ok\n"

static struct scenario *parsed(const char *text) {
    struct language_error error;
    struct scenario *scenario = scenario_parse("x.scn", text, strlen(text), &error);
    if (scenario == NULL) {
        struct text message = { 0 };
        language_error_print(&error, &message);
        fprintf(stderr, "\nunexpectedly refused:\n%s", message.bytes);
        text_free(&message);
    }
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    return scenario;
}

/* Refused at a place, with words in the message. */
static void refused_bytes(const char *text, size_t length, unsigned line, unsigned column, const char *words) {
    struct language_error error;
    struct scenario *scenario = scenario_parse("x.scn", text, length, &error);
    CU_ASSERT_PTR_NULL_FATAL(scenario);
    bool as_said =
        error.position.line == line && error.position.column == column && strstr(error.message, words) != NULL;
    if (!as_said)
        fprintf(stderr, "\nrefused at %u:%u: %s\n expected %u:%u: %s\n", (unsigned)error.position.line,
                (unsigned)error.position.column, error.message, line, column, words);
    CU_ASSERT_TRUE(as_said);
}

static void refused(const char *text, unsigned line, unsigned column, const char *words) {
    refused_bytes(text, strlen(text), line, column, words);
}

static void prints(const char *text, const char *expected) {
    struct scenario *scenario = parsed(text);
    struct text out = { 0 };
    scenario_print(scenario, &out);
    if (strcmp(out.bytes, expected) != 0) fprintf(stderr, "\nprinted:\n%s\nexpected:\n%s\n", out.bytes, expected);
    CU_ASSERT_STRING_EQUAL(out.bytes, expected);
    text_free(&out);
    scenario_free(scenario);
}

static void stays(const char *text) { prints(text, text); }

/* A line at the end of RESERVED, refused in it. */
static void line_refused(const char *line, unsigned column, const char *words) {
    struct text text = { 0 };
    text_add(&text, "%s%s\n", RESERVED, line);
    refused(text.bytes, 9, column, words);
    text_free(&text);
}

static void line_accepted(const char *line) {
    struct text text = { 0 };
    text_add(&text, "%s%s\n", RESERVED, line);
    scenario_free(parsed(text.bytes));
    text_free(&text);
}

/* --- the tree ----------------------------------------------------------------------------------------------------- */

static void a_call_becomes_a_tree(void) {
    struct scenario *scenario =
        parsed(RESERVED "app: bind(s, 127.0.0.1:r+2) -> WSAEACCES port in r @ASC-02 @Q38=c | fails @client:msquic\n");
    CU_ASSERT_EQUAL_FATAL(scenario->steps_count, 3);
    CU_ASSERT_EQUAL_FATAL(scenario->names_count, 3);
    CU_ASSERT_EQUAL(scenario->names[2].kind, NAME_OUTPUT);
    CU_ASSERT_EQUAL(scenario->names[2].control_code, 0x98000064);
    const struct step *step = &scenario->steps[2];
    CU_ASSERT_EQUAL(step->kind, STEP_CALL);
    CU_ASSERT_STRING_EQUAL(step->signature->name, "bind");
    CU_ASSERT_EQUAL_FATAL(step->arguments_count, 2);
    const struct expression *address = step->arguments[1].value;
    CU_ASSERT_EQUAL_FATAL(address->kind, EXPRESSION_ADDRESS);
    CU_ASSERT_EQUAL(memcmp(address->items[0]->bytes, "\x7f\0\0\1", 4), 0);
    CU_ASSERT_EQUAL(address->items[1]->name, 2);
    CU_ASSERT_EQUAL(address->items[1]->offset, 2);
    CU_ASSERT_EQUAL_FATAL(step->outcomes_count, 2);
    const struct outcome *outcome = &step->outcomes[0];
    CU_ASSERT_EQUAL(outcome->word, OUTCOME_ERROR);
    CU_ASSERT_EQUAL(outcome->value->number, 10013);
    CU_ASSERT_EQUAL(outcome->predicates[0].relation, RELATION_IN);
    CU_ASSERT_EQUAL(outcome->sources[1].kind, SOURCE_READING);
    CU_ASSERT_EQUAL(outcome->sources[1].number, 38);
    CU_ASSERT_EQUAL(outcome->sources[1].candidate, 2);
    scenario_free(scenario);
}

/* What is cited has to be there: the column is the @'s. */
static void what_is_cited_is_there(void) {
    line_refused("app: closesocket(s) -> ok | fails @W9999", 35, "there is no fact W9999; the nearest is W207");
    line_refused("app: closesocket(s) -> fails @inferred @T8.2.99", 40,
                 "there is no fact T8.2.99; the nearest is T8.2.1");
    line_refused("app: closesocket(s) -> fails @ASC-99", 30, "there is no clause ASC-99; the nearest is ASC-09");
    line_refused("app: closesocket(s) -> fails @MINE-1", 30,
                 "there is no clause MINE-1; `reservoir list clauses` has them all");
    line_refused("app: closesocket(s) -> fails @client:msquick", 30,
                 "there is no client msquick; the nearest is msquic");
    line_refused("app: closesocket(s) -> fails @client:unheard", 30,
                 "there is no client unheard; expected one of msquic, ms-nfs41, ");
    line_refused("app: closesocket(s) -> fails @Q38=z", 30, "Q38 has no candidate z; it has a to c");
    line_refused("app: closesocket(s) -> fails @Q38=A", 30, "Q38 has no candidate A; it has a to c");
    line_refused("app: closesocket(s) -> fails @Q999=a", 30, "there is no question Q999; the nearest is Q");
    line_accepted("app: closesocket(s) -> fails @W207 @T8.2.1 @N4.3.6 @F16 @META-01 @ERR-INTR-ANY @client:wsl @Q38=c");
}

static void named_arguments_find_their_parameters(void) {
    struct scenario *scenario = parsed(
        RESERVED "app: WSAIoctl(s, SIO_RELEASE_PORT_RESERVATION, cbOut=16, out=NULL, in=unaligned(r.Token)) -> ...\n");
    const struct step *step = &scenario->steps[2];
    CU_ASSERT_EQUAL_FATAL(step->arguments_count, 5);
    CU_ASSERT_EQUAL(step->arguments[2].parameter, 5);
    CU_ASSERT_EQUAL(step->arguments[3].parameter, 4);
    CU_ASSERT_EQUAL(step->arguments[4].parameter, 2);
    CU_ASSERT_EQUAL(step->arguments[4].value->number, POINTER_UNALIGNED);
    CU_ASSERT_STRING_EQUAL(step->arguments[4].value->items[0]->field, "Token");
    scenario_free(scenario);
}

static void ipv6_hosts_become_network_bytes(void) {
    struct scenario *scenario =
        parsed(HEAD SOCKET "app: bind(s, [::ffff:127.0.0.1]:5) -> ok\napp: bind(s, [1:2::fE]:5) -> ok\n");
    const uint8_t mapped[16] = { [10] = 0xff, 0xff, 127, 0, 0, 1 };
    const uint8_t gap[16] = { 0, 1, 0, 2, [15] = 0xfe };
    CU_ASSERT_EQUAL(memcmp(scenario->steps[1].arguments[1].value->items[0]->bytes, mapped, 16), 0);
    CU_ASSERT_EQUAL(memcmp(scenario->steps[2].arguments[1].value->items[0]->bytes, gap, 16), 0);
    scenario_free(scenario);
}

static void processes_have_a_main_thread(void) {
    struct scenario *scenario = parsed(HEAD "app.main: WSAGetLastError() -> ok\napp.t2: WSAGetLastError() -> ok\n");
    CU_ASSERT_EQUAL(scenario->threads_count, 2);
    CU_ASSERT_EQUAL(scenario->steps[0].thread, 0);
    CU_ASSERT_EQUAL(scenario->steps[1].thread, 1);
    CU_ASSERT_STRING_EQUAL(scenario->processes[0].startup, "2.2");
    scenario_free(scenario);
}

/* --- the layout --------------------------------------------------------------------------------------------------- */

static void the_canonical_layout_stays(void) {
    stays("# above\nscenario x  # behind\n"
          "  title    A title # with its number sign\n"
          "  # about the note\n"
          "  note     One\n"
          "  note     Two\n"
          "  variants transport=tcp|udp family=v4|v6|dual\n"
          "  except   udp.dual\n"
          "  needs    administrator\n"
          "\n"
          "world   dynamic-range $transport 49152-65535\n"
          "[udp] world   exclusion udp 5-6 administered  # why\n"
          "world   uac EnableLUA=1\n"
          "world   build 22621\n"
          "ports   p = 20 $transport\n"
          "# alice\n"
          "user    alice is standard-user\n"
          "process app\n"
          "process tool as alice elevated manifest=asInvoker startup=none\n"
          "thread  app.t2\n"
          "\n"
          "# first\n"
          "app: s = socket($socket) -> ok\n"
          "app: bind(s, $any:p)     -> ok\n"
          "\n"
          "app.t2: closesocket(s) -> ok | [udp.v4] fails @W1  # last\n"
          "reboot\n"
          "\n# trailing\n");
}

static void arrows_stand_below_each_other(void) {
    prints(HEAD
           "app:s=socket( AF_INET ,SOCK_STREAM,0x6 )->ok\napp:closesocket(s)->ok|fails@W1\n\napp:closesocket(s)->...\n",
           HEAD "app: s = socket(AF_INET, SOCK_STREAM, 0x6) -> ok\n"
                "app: closesocket(s)                        -> ok | fails @W1\n"
                "\n"
                "app: closesocket(s) -> ...\n");
}

static void blank_lines_become_one(void) {
    prints("\n\n# a\n\n\n# b\n\nscenario x\n\n\nprocess app\n\n\n\n# c\n\n\napp exits\n\n\n\nreboot\n\n\n",
           "# a\n\n# b\nscenario x\n\nprocess app\n\n# c\n\napp exits\n\nreboot\n");
}

static void together_and_routines_are_indented(void) {
    stays(HEAD "app: o = overlapped()\n"
               "app: SleepEx(0) -> WAIT_IO_COMPLETION @W1\n"
               "  routine(o) error=WSAEOPNOTSUPP bytes=0\n"
               "  routine(NULL)\n"
               "together\n"
               "  # child\n"
               "  app: SleepEx(0) -> 192 @W1\n"
               "    routine(o) error=5\n"
               "\n"
               "  app.t2: SleepEx(0) -> ok\n");
}

static void numbers_keep_their_base(void) {
    prints(HEAD "app: closesocket(0xABcd00) -> -1 @W1\nadvance 1000us\nadvance 60s\nadvance 1500ms\n",
           HEAD "app: closesocket(0xABCD00) -> -1 @W1\nadvance 1ms\nadvance 60s\nadvance 1500ms\n");
}

static void quotes_are_escaped_again(void) {
    stays(HEAD "app: f = CreateFileW(\"C:\\\\a b\\\"c\\x01 \xc3\xa9 # d\") -> ok\n");
}

static void line_ends_of_windows_are_read(void) { prints("scenario x\r\n\r\nreboot\r\n", "scenario x\n\nreboot\n"); }

/* --- traces ------------------------------------------------------------------------------------------------------- */

static void a_trace_has_facts_and_live_values(void) {
    stays("trace associate/x[udp.v6]\n"
          "  by         model windows\n"
          "  exclusions\n"
          "  seed       7\n"
          "\n"
          "ports   p = 20 udp  #~ p=50000\n"
          "process app\n"
          "\n"
          "app: s = socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP) -> ok error=untouched\n"
          "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 4}, cbOut=16) -> ok bytes=16 StartPort=r "
          "Token=t1  #~ r=50123 t1=0x7f01\n"
          "app: bind(s, [::]:0) -> ok port=s.port  #~ s.port=50127\n");
    struct scenario *scenario =
        parsed("trace x\nprocess app\napp: closesocket(0) -> ok Token=t7 port=base+2  #~ base=5\n");
    const struct outcome *outcome = &scenario->steps[0].outcomes[0];
    CU_ASSERT_EQUAL(outcome->predicates[0].value->name, NO_NAME);
    CU_ASSERT_STRING_EQUAL(outcome->predicates[0].value->text, "t7");
    CU_ASSERT_EQUAL(outcome->predicates[1].value->offset, 2);
    CU_ASSERT_STRING_EQUAL(scenario->steps[0].live, "base=5");
    scenario_free(scenario);
}

static void traces_are_stricter_where_answers_are(void) {
    refused("trace x\nprocess app\napp: closesocket(0) -> ok | fails\n", 3, 29, "one outcome");
    refused("trace x\n  variants transport=tcp|udp\n", 2, 1, "no variants");
    refused("trace x\nprocess app\napp: closesocket(0) -> WSAENOTSOCK @Q38=b\n", 3, 36, "no source");
    refused("trace x\nprocess app\napp: closesocket(0) -> WSAENOTSOCK @W22\n", 3, 36, "no source");
    refused("scenario x\n  seed 7\n", 2, 3, "expected title, note, variants, except or needs");
    refused(HEAD SOCKET "app: bind(s, 1.2.3.4:5) -> ok port=s.port @W1\n", 8, 38, "s has no fields");
    refused(HEAD SOCKET "app: bind(s, 1.2.3.4:5) -> ok #~ nonsense\n", 8, 34, "expected name=value after #~");
}

/* --- refusals ----------------------------------------------------------------------------------------------------- */

static void bytes_that_are_no_text(void) {
    refused_bytes("scenario x\n# a\0b\n", 17, 2, 4, "a NUL byte");
    refused("\xef\xbb\xbfscenario x\n", 1, 1, "byte order mark");
    refused("scenario x\n\treboot\n", 2, 1, "a tab");
    refused("scenario x\n# \x01\n", 2, 3, "control character 0x01");
    refused("scenario x\n# \xc2\x85\n", 2, 3, "control character U+0085");
    refused("scenario x\n# \xc3(\n", 2, 3, "byte 0xC3 is not valid UTF-8");
    refused("scenario x\n# \xed\xa0\x80\n", 2, 3, "not valid UTF-8");
    refused("scenario x\rreboot\n", 1, 11, "control character 0x0D");
}

static void lines_that_are_too_long(void) {
    struct text text = { 0 };
    text_add(&text, "scenario x\n#");
    for (unsigned i = 0; i < 10000000 / 8; i++) text_add(&text, "%s", "12345678");
    refused_bytes(text.bytes, text.length, 1, 1, "a text of more than 4194304 bytes, the most that is allowed");
    refused_bytes(text.bytes, 1000000, 2, 4097, "a line of 999989 bytes; at most 4096 are allowed");
    text_free(&text);
}

static void misspellings_offer_the_nearest(void) {
    line_refused("app: WSAIoctl(s, SIO_AQUIRE_PORT_RESERVATION) -> ok", 18,
                 "unknown constant SIO_AQUIRE_PORT_RESERVATION; the nearest is SIO_ACQUIRE_PORT_RESERVATION");
    line_refused("app: closesocket(s) -> WSAENOTSOC @W1", 24, "the nearest is WSAENOTSOCK");
    line_refused("app: closesoket(s) -> ok", 6, "unknown function closesoket; the nearest is closesocket");
    line_refused("app: TransmitFile(s, 1.2.3.4:80) -> ok", 6, "TransmitFile is known, and not modelled");
    line_refused("app: bind(s, [fe80::1%8]:80) -> ok", 22,
                 "scope identifiers of IPv6 addresses (%N, %name) are known, and not modelled");
    line_refused("app: bind(s, 1.2.3.4:pp) -> ok", 22, "unknown name pp; no line above gives it");
    line_refused("app: WSAIoctl(s, 5, cbout=1) -> ok", 21, "WSAIoctl has no parameter cbout; the nearest is cbOut");
    line_refused("app: closesocket(s) -> ok byte=1 @W1", 27, "unknown predicate byte; the nearest is bytes");
    line_refused("ap: closesocket(s) -> ok", 1, "unknown process ap");
    line_accepted("app: select({s, 4}, {}, exceptfds=s, timeout=0) -> ok readfds={s,4} writefds={} @W174");
    line_accepted("app: WSAPoll({s, s}, {POLLRDNORM, 16}, timeout=0) -> ok revents={256,POLLNVAL} @W177");
    line_refused("app: select({s, r}, timeout=0) -> ok", 17, "parameter readfds: expected a handle");
    line_refused("app: select(good, timeout=0) -> ok", 13, "parameter readfds: expected a socket, or several in {...}");
    line_refused("app: select({s}, timeout=0) -> ok readfds=s @W174", 43,
                 "readfds: expected sockets of the call in {...}");
    line_refused("app: select({s}, timeout=0) -> ok readfds={r} @W174", 43, "readfds: expected sockets of the call");
    line_refused("app: select({s}, timeout=0) -> ok readfds={s,NULL} @W174", 43,
                 "readfds: expected sockets of the call");
    line_refused("app: select({1, 2, 3, 4, 5, 6, 7, 8, 9}, timeout=0) -> ok", 39, "more than 8 fields in a record");
    line_refused("app: WSAPoll({s, s}, {16}, timeout=0) -> ok", 22,
                 "parameter events: expected events for each socket");
    line_refused("app: WSAPoll({s}, 16, timeout=0) -> ok", 19, "parameter events: expected events for each socket");
    line_refused("app: WSAPoll(s, {16}, timeout=0) -> ok", 17, "parameter events: expected events for each socket");
    line_refused("app: WSAPoll({s}, {65536}, timeout=0) -> ok", 20, "parameter events: expected events: a constant");
    line_refused("app: WSAPoll({s}, bad, timeout=0) -> ok", 19, "parameter events: expected events, or several");
    line_refused("app: WSAPoll(NULL, NULL, timeout=0) -> ok", 14, "parameter fd: expected a socket, or several");
    line_refused("app: WSAPoll({1, 2, 3, 4, 5}, {1, 2, 3, 4, 5}, timeout=0) -> ok", 14, "expected at most 4 sockets");
    line_refused("app: WSAPoll({s}, {16}, timeout=0) -> ok revents={s} @W177", 50,
                 "the events of each socket in {...}");
    line_refused("app: WSAPoll({s}, {16}, timeout=0) -> ok revents={65536} @W177", 50, "the events of each socket");
    line_refused("app: WSARecv(s, {}) -> ok", 17, "expected at least one buffer");
    line_refused("app: WaitForMultipleObjects(0, {}, FALSE, 0) -> ok", 32, "expected handles in {...}");
    line_refused("app.t3: closesocket(s) -> ok", 5, "unknown thread t3 of app");
}

static void routine_line_refused(const char *line, unsigned column, const char *words) {
    struct text text = { 0 };
    text_add(&text, "%sapp: closesocket(s) -> ok\n  %s\n", RESERVED, line);
    refused(text.bytes, 10, column, words);
    text_free(&text);
}

static void routine_lines_that_do_not_fit(void) {
    routine_line_refused("routine(NULL) bytes=0 @W1", 25, "a routine line takes readings alone, such as @Q5=a");
    routine_line_refused("routine(NULL) @Q5=a bytes=0", 23, "expected the end of the line");
    routine_line_refused("routine(NULL) key=7", 17, "expected error= or bytes= on a routine line");
    routine_line_refused("packet(NULL) error=0", 16, "expected key=, bytes= or Internal= on a packet line");
    routine_line_refused("packet(NULL) key=1 key=2", 22, "key is said twice");
    routine_line_refused("packet(s) key=1", 10, "s is not an overlapped");
    routine_line_refused("packet(NULL) bytes=0x100000000", 22, "expected a number of 32 bits");
    routine_line_refused("apc(s)", 7, "expected a number");
    routine_line_refused("apc(5) bytes=0", 10, "expected nothing more on an apc line");
}

static void arguments_that_do_not_fit(void) {
    line_refused("app: closesocket(s -> ok", 20, "expected ',' or ')', found -");
    line_refused("app: closesocket() -> ok", 18, "closesocket needs its parameter s");
    line_refused("app: closesocket(s, 1) -> ok", 21, "closesocket has 1 parameters; this is one too many");
    line_refused("app: bind(s, 1.2.3.4:1, name=NULL) -> ok", 25, "parameter name is given twice");
    line_refused("app: WSAIoctl(s, code=5, NULL) -> ok", 26, "an argument without a name after one with a name");
    line_refused("app: closesocket(r) -> ok", 18, "parameter s: expected a handle");
    line_refused("app: WSAIoctl(s, 5, cbOut=-1) -> ok", 27, "parameter cbOut: expected a number without a minus");
    line_refused("app: listen(s, 4294967296) -> ok", 16, "parameter backlog: expected a signed number of 32 bits");
    line_refused("app: listen(s, s) -> ok", 16, "parameter backlog: expected a number");
    line_refused("app: WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={1}) -> ok", 51,
                 "parameter in: expected a record {StartPort, NumberOfPorts}");
    line_refused("app: WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={1, any}) -> ok", 55, "only a port can be any");
    line_refused("app: WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={65536, 1}) -> ok", 52, "a port up to 65535");
    line_refused("app: WSAIoctl(s, 5, in=7) -> ok", 24, "hex(...)");
    line_refused("app: bind(s, 1.2.3:5) -> ok", 14, "this is not an address");
    line_refused("app: bind(s, [::1]) -> ok", 19, "expected ':' and a port");
    line_refused("app: bind(s, 1.2.3.4:65536) -> ok", 22, "expected a port");
    line_refused("app: closesocket(010) -> ok", 18, "there are no octal numbers");
    line_refused("app: closesocket(18446744073709551616) -> ok", 18, "larger than 18446744073709551615");
    line_refused("app: CreateFileW(\"NUL) -> ok", 18, "expected '\"' before the end of the line");
}

static void names_and_their_kinds(void) {
    line_refused("app: s = socket(2, 1, 6) -> ok", 6, "s was given already, in line 7");
    line_refused("app: t1 = socket(2, 1, 6) -> ok", 6, "live token of traces");
    line_refused("app: any = socket(2, 1, 6) -> ok", 6, "any is a word of the language");
    line_refused("app: x = closesocket(s) -> ok", 6, "closesocket has no product to name");
    line_refused("app: x = WSAIoctl(s, SIO_RELEASE_PORT_RESERVATION, in=r.Token) -> ok", 6,
                 "SIO_RELEASE_PORT_RESERVATION has no output to name");
    line_refused("app: bind(s, 1.2.3.4:s.Token) -> ok", 24, "s has no fields");
    line_refused("app: bind(s, 1.2.3.4:r.token) -> ok", 24, "expected StartPort, NumberOfPorts or Token");
    line_refused("app: bind(s, 1.2.3.4:r.Token+1) -> ok", 29, "only ports can be counted on from");
    line_refused("app: show s -> ok", 11, "s is not an overlapped, an event or a buffer");
    line_refused("app: free s", 11, "s is no overlapped or buffer of this process");
    line_refused("app: free", 10, "the name of an overlapped or a buffer");
    line_refused("app: o = overlapped(event=s)", 27, "s is not an event");
    line_refused("app: bind(s, 1.2.3.4:1) -> ok port in s @W1", 39,
                 "port: expected the name of a ports line or of a reservation");
}

static void outcomes_say_where_they_come_from(void) {
    line_refused("app: closesocket(s)", 20, "expected '->' and an outcome, found the end of the line");
    line_refused("app: closesocket(s) -> WSAENOTSOCK", 24, "needs a source");
    line_refused("app: closesocket(s) -> ok bytes=1", 24, "needs a source");
    line_refused("app: closesocket(s) -> fails @asc", 30, "expected a source");
    line_refused("app: closesocket(s) -> fails @W022", 30, "there is no fact W022; the nearest is W22");
    line_refused("app: closesocket(s) -> fails @W1 bytes=1", 34, "predicates stand before the sources");
    line_refused("app: closesocket(s) -> fails bytes=1 bytes=2 @W1", 38, "bytes is said twice");
    line_refused("app: closesocket(s) -> STATUS_PENDING @W1", 24, "kernel status");
    line_refused("app: closesocket(s) -> NO_ERROR", 24, "write ok");
    line_refused("app: closesocket(s) -> fails event=1 @W1", 36, "event: expected set or unset");
    line_refused("reboot -> ok", 8, "this step has no outcome");
    line_accepted(
        "app: closesocket(s) -> ok | ... | error(317) @W99 | pending @inferred | blocks @ERR-OPNOTSUPP-CODE | "
        "fault(0xC0000005) @Q1=b");
}

static void starts_and_impersonation_have_words_of_their_own(void) {
    static const char text[] =
        "scenario x\n\nuser    bob is standard-user\nprocess app\n\n"
        "app: CreateProcess(manifest=requireAdministrator) -> ERROR_ELEVATION_REQUIRED @inferred\n"
        "app: ImpersonateLoggedOnUser(bob)                 -> ok\n"
        "app: RevertToSelf()                               -> ok\n";
    stays(text);
    struct scenario *scenario = parsed(text);
    CU_ASSERT_EQUAL(scenario->steps[0].arguments[0].value->number, MANIFEST_REQUIRE_ADMINISTRATOR);
    CU_ASSERT_EQUAL(scenario->steps[1].arguments[0].value->number, 1); /* the first user */
    scenario_free(scenario);
    line_refused("app: CreateProcess() -> ok", 21,
                 "CreateProcess starts a process, whose line has its manifest, or manifest=LEVEL");
    line_refused("app: CreateProcess(manifest=asinvoker) -> ok", 29,
                 "expected asInvoker, highestAvailable or requireAdministrator");
    line_refused("app: CreateProcess(manifest=0) -> ok", 29,
                 "expected asInvoker, highestAvailable or requireAdministrator");
    line_refused("app: c = CreateProcess(manifest=asInvoker) -> ok", 6, "CreateProcess");
    line_refused("app: ImpersonateLoggedOnUser(bob) -> ok", 30, "expected a user that a line `user` above gives");
    refused("scenario x\nuser bob is standard-user\nprocess app\napp: ImpersonateLoggedOnUser(bop) -> ok\n", 4, 30,
            "unknown user; the nearest is bob");
}

static void words_of_later_parts_are_reserved(void) {
    line_refused("link a-b loss=10%", 6, "expected a machine that a line `machine` above gives");
}

static void packets_that_are_expected(void) {
    line_accepted("expect packet tcp -> ok");
    line_accepted("expect packet udp from r+1 data -> none @inferred");
    stays(HEAD
          "expect packet tcp from p+2 to 127.0.0.1:p+1 flags=SYN,ACK data -> ok address=127.0.0.1 port in p @ASC-03\n");
    prints(HEAD "expect packet tcp flags=ACK,FIN to p from 5000 -> ok\n",
           HEAD "expect packet tcp from 5000 to p flags=FIN,ACK -> ok\n");
    prints(
        "scenario x\n  variants transport=tcp|udp\n\nports   p = 1 $transport\nexpect packet $transport to p -> ok\n",
        "scenario x\n  variants transport=tcp|udp\n\nports p = 1 $transport\n\nexpect packet $transport to p -> ok\n");
}

static void packets_that_no_line_can_expect(void) {
    line_refused("expect packets tcp -> ok", 8, "expected packet or next packet, found packets");
    line_refused("expect packet syn -> ok", 15, "expected tcp, udp or $transport, found syn");
    line_refused("expect packet $transport -> ok", 15, "needs the dimension transport");
    line_refused("expect packet tcp to -> ok", 22, "expected a value");
    line_refused("expect packet tcp to s -> ok", 22, "to: expected a port such as p, r+1 or 5000, or an address");
    line_refused("expect packet tcp to 0 -> ok", 22, "to: expected a port");
    line_refused("expect packet tcp to q -> ok", 22, "unknown name q");
    line_refused("expect packet tcp to p to p -> ok", 26, "to is said twice");
    line_refused("expect packet tcp port in r -> ok", 19,
                 "expected from, to, flags=, seq=, ack=, window=, urgent=, mss=, scale=, data, or '->' and an outcome, "
                 "found port");
    line_refused("expect packet udp flags=SYN -> ok", 24, "flags are TCP's");
    line_refused("expect packet tcp flags=SYN,ECE -> ok", 29,
                 "expected flags: SYN, ACK, FIN, RST, PSH or URG, with commas between; or none, found ECE");
    line_refused("expect packet tcp damaged -> ok", 19, "expected from, to, flags=");
    line_refused("expect packet tcp flags=SYN,SYN -> ok", 29, "this flag is said twice");
    line_refused("expect packet tcp", 18, "expected '->' and an outcome");
    line_refused("expect packet tcp -> blocks @inferred", 22,
                 "of a packet: expected ok (there is one), none or ..., found blocks");
    line_refused("expect packet tcp -> ok bytes=5 @inferred", 25, "bytes is not observed of a packet");
    line_refused("expect packet tcp -> none port in r @inferred", 27, "port is not observed of no packet");
    line_refused("expect packet tcp -> none", 22, "an asserted outcome needs a source");
    line_refused("app: closesocket(s) -> none @inferred", 24, "none is an outcome of `expect packet`");
    refused(RESERVED "together\n  expect packet tcp -> ok\n", 10, 9, "`expect` cannot stand inside `together`");
}

static void the_order_of_a_file(void) {
    refused("", 1, 1, "found the end of the file");
    refused("process app\n", 1, 1, "expected the first line");
    refused("scenario x\n", 1, 11, "at least one step");
    refused("scenario X\n", 1, 10, "expected a name such as after-bind");
    line_refused("process b", 1, "process lines stand before the first step");
    line_refused("  closesocket(s) -> ok", 3, "an indented line");
    refused(HEAD "together\nreboot\n", 8, 1, "the `together` in line 7 has no steps");
    refused("scenario x\nprocess app as bob\nreboot\n", 2, 16, "expected a user that a line `user` above gives");
    refused("scenario x\nprocess app\nprocess app\nreboot\n", 3, 9, "the process app was given already");
    refused("scenario x\nworld address 127.0.0.2\nreboot\n", 2, 15,
            "no machine has this address for its own; expected one such as 10.0.0.1");
    refused("scenario x\nworld address [::ffff:10.0.0.1]\nreboot\n", 2, 15, "no machine has this address");
    refused("scenario x\nworld address 10.0.0.1\nworld address 10.0.0.1\nreboot\n", 3, 15,
            "this address is said twice");
    refused("scenario x\nworld address 10.0.0.1\nworld address 10.0.0.2\nworld address 10.0.0.3\n"
            "world address 10.0.0.4\nworld address 10.0.0.5\nreboot\n",
            6, 15, "more than 4 addresses of a machine");
    refused("scenario x\nworld address\nreboot\n", 2, 14, "this is not an address");
    refused("scenario x\nmachine a 10.0.0.1\nworld address 10.0.0.2\nreboot\n", 3, 15,
            "where machines have lines, their addresses stand in these");
    refused("scenario x\nworld address 10.0.0.2\nmachine a 10.0.0.1\nreboot\n", 3, 9,
            "a line `world address` is of the only machine");
    refused("scenario x\nworld dynamic-range tcp 9-8\nreboot\n", 2, 25,
            "the first port of a range is not above its last");
}

static void limits_are_errors(void) {
    struct text text = { 0 };
    text_add(&text, "scenario x\n");
    for (int i = 0; i <= STEPS_MAX; i++) text_add(&text, "reboot\n");
    refused(text.bytes, STEPS_MAX + 2, 1, "more than 512 steps");
    text.length = 0;
    text_add(&text, "scenario x\nprocess app\n");
    for (int i = 0; i <= NAMES_MAX; i++) text_add(&text, "app: b%d = buffer(1)\n", i);
    refused(text.bytes, NAMES_MAX + 3, 6, "more than 96 names");
    text.length = 0;
    text_add(&text, "scenario x\n");
    for (int i = 0; i <= THREADS_MAX; i++) text_add(&text, "process p%d\n", i);
    refused(text.bytes, THREADS_MAX + 2, 11, "more than 8 threads in all");
    text.length = 0;
    text_add(&text, "scenario x\n  variants a=a0|a1|a2|a3|a4|a5|a6|a7 b=b0|b1|b2\n");
    for (int i = 0; i <= PROCESSES_MAX; i++) text_add(&text, "[a%d.b%d] process app\n", i % 8, i / 8);
    refused(text.bytes, PROCESSES_MAX + 3, 17, "more than 16 process lines");
    text_free(&text);
}

static void an_error_is_shown_with_a_caret(void) {
    struct language_error error;
    struct text out = { 0 };
    const char *text = "scenario x\nprocess app\napp: f(\"\xc3\xa9\", ) -> ok\n";
    CU_ASSERT_PTR_NULL_FATAL(scenario_parse("a/x.scn", text, strlen(text), &error));
    language_error_print(&error, &out);
    CU_ASSERT_STRING_EQUAL(out.bytes,
                           "a/x.scn:3:6: unknown function f\n    app: f(\"\xc3\xa9\", ) -> ok\n         ^\n");
    text_free(&out);
}

/* Of a long line what is around the error is kept, in whole characters, with the caret below its place. */
static void a_long_line_is_shown_around_its_error(void) {
    struct language_error error;
    struct text out = { 0 };
    char line[1000];
    for (unsigned i = 0; i < sizeof line; i += 2) memcpy(line + i, "\xc3\xa9", 2);
    line[500] = line[501] = '!';
    CU_ASSERT_FALSE(language_error_set(&error, "a/x.scn", (struct position){ 7, 501 }, line, sizeof line, "%s", "no"));
    language_error_print(&error, &out);
    const char *shown = strstr(out.bytes, "\n    ...\xc3\xa9");
    const char *end = strstr(out.bytes, "\xc3\xa9...\n"), *caret = strchr(out.bytes, '^');
    CU_ASSERT_FATAL(shown != NULL && end != NULL && caret != NULL);
    CU_ASSERT_EQUAL(strlen(end),
                    strlen("\xc3\xa9...\n") + strlen("    ...") + 40 + strlen("^\n")); /* 40 of 2 bytes each */
    CU_ASSERT(sizeof error < 1024);
    text_free(&out);
}

static void an_error_without_a_line_shows_none(void) {
    struct language_error error;
    struct text out = { 0 };
    language_error_set(&error, "a/x.scn", (struct position){ 1, 1 }, NULL, 0, "cannot %s", "read");
    language_error_print(&error, &out);
    CU_ASSERT_STRING_EQUAL(out.bytes, "a/x.scn:1:1: cannot read\n");
    text_free(&out);
}

static void files_that_cannot_be_read(void) {
    struct language_error error;
    CU_ASSERT_PTR_NULL_FATAL(scenario_parse_file("no-such-folder/no-such.scn", &error));
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "cannot read: "));
    CU_ASSERT_PTR_NULL_FATAL(scenario_parse_file(".", &error));
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "cannot read: "));
}

/* --- variants ----------------------------------------------------------------------------------------------------- */

static void instance_prints(const char *text, unsigned index, const char *expected) {
    struct scenario *scenario = parsed(text);
    CU_ASSERT_FATAL(index < scenario_instances_count(scenario));
    struct scenario *instance = scenario_expand(scenario, index);
    scenario_free(scenario); /* the instance is a tree of its own */
    struct text out = { 0 };
    scenario_print(instance, &out);
    if (strcmp(out.bytes, expected) != 0) fprintf(stderr, "\nprinted:\n%s\nexpected:\n%s\n", out.bytes, expected);
    CU_ASSERT_STRING_EQUAL(out.bytes, expected);
    text_free(&out);
    scenario_free(instance);
}

static void variants_are_a_product_with_exceptions(void) {
    static const char *const text =
        "scenario x\n  variants transport=tcp|udp family=v4|v6|dual\n  except udp.dual\nreboot\n";
    static const char *const names[] = { "x[tcp.v4]", "x[tcp.v6]", "x[tcp.dual]", "x[udp.v4]", "x[udp.v6]" };
    struct scenario *scenario = parsed(text);
    CU_ASSERT_EQUAL_FATAL(scenario_instances_count(scenario), 5);
    for (unsigned i = 0; i < 5; i++) {
        struct scenario *instance = scenario_expand(scenario, i);
        CU_ASSERT_STRING_EQUAL(instance->name, names[i]);
        CU_ASSERT_EQUAL(instance->dimensions_count, 0);
        scenario_free(instance);
    }
    scenario_free(scenario);
}

static void an_instance_has_no_variants_left(void) {
    instance_prints(
        "scenario x\n  variants transport=tcp|udp family=v4|v6\nworld exclusion $transport 5-6\n[tcp] world build 1\n"
        "ports p = 2 $transport\nprocess app\n"
        "app: s = socket($socket) -> ok\n[udp] app: u = socket($family, $type, $protocol) -> ok\n[v4] reboot\n"
        "app: bind(s, $loopback:p) -> [udp] ok address=$any @W1 | [tcp] fails @W2 | ...\n",
        3,
        "scenario x[udp.v6]\n\nworld   exclusion udp 5-6\nports   p = 2 udp\nprocess app\n\n"
        "app: s = socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP) -> ok\n"
        "app: u = socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP) -> ok\n"
        "app: bind(s, [::1]:p)                              -> ok address=[::] @W1 | ...\n");
}

static void completion_by_event_brings_its_overlapped(void) {
    instance_prints("scenario x\n  variants completion=sync|event\nprocess app\napp: s = socket(2, 1, 6) -> ok\n\n"
                    "# why\napp: WSAIoctl(s, SIO_FLUSH) by $completion -> ok\n",
                    1,
                    "scenario x[event]\n\nprocess app\n\napp: s = socket(2, 1, 6) -> ok\n\n# why\n"
                    "app: e_1 = CreateEventW()           -> ok\napp: o_1 = overlapped(event=e_1)\n"
                    "app: WSAIoctl(s, SIO_FLUSH, ov=o_1) -> ok\n");
}

#define COMPLETED \
    "scenario x\n  variants completion=sync|event|routine|port|polling\nprocess app\napp: s = socket(2, 1, 6) -> ok\n" \
    "app: WSAIoctl(s, SIO_FLUSH) by $completion -> ok\napp: WSAIoctl(s, SIO_FLUSH) by $completion -> ok\n"

static void completion_by_routine_brings_its_routine(void) {
    instance_prints(COMPLETED "[routine] app: SleepEx(0) -> WAIT_IO_COMPLETION @W7\n  routine(o_1) error=0\n", 2,
                    "scenario x[routine]\n\nprocess app\n\napp: s = socket(2, 1, 6)                          -> ok\n"
                    "app: o_1 = overlapped()\napp: WSAIoctl(s, SIO_FLUSH, ov=o_1, routine=good) -> ok\n"
                    "app: o_2 = overlapped()\napp: WSAIoctl(s, SIO_FLUSH, ov=o_2, routine=good) -> ok\n"
                    "app: SleepEx(0)                                   -> WAIT_IO_COMPLETION @W7\n"
                    "  routine(o_1) error=0\n");
}

static void completion_by_port_attaches_each_socket_once(void) {
    instance_prints(COMPLETED "[port] app: GetQueuedCompletionStatus(p_1, dwMilliseconds=0) -> ok overlapped=o_2 @W5\n",
                    3,
                    "scenario x[port]\n\nprocess app\n\n"
                    "app: s = socket(2, 1, 6)                                -> ok\n"
                    "app: p_1 = CreateIoCompletionPort(INVALID_HANDLE_VALUE) -> ok\n"
                    "app: CreateIoCompletionPort(s, p_1, 1)                  -> ok\n"
                    "app: o_1 = overlapped()\n"
                    "app: WSAIoctl(s, SIO_FLUSH, ov=o_1)                     -> ok\n"
                    "app: o_2 = overlapped()\n"
                    "app: WSAIoctl(s, SIO_FLUSH, ov=o_2)                     -> ok\n"
                    "app: GetQueuedCompletionStatus(p_1, dwMilliseconds=0)   -> ok overlapped=o_2 @W5\n");
}

static void what_completion_gives_is_there_under_its_guard_alone(void) {
    refused(COMPLETED "app: WaitForSingleObject(e_1, 0) -> ok\n", 7, 26, "e_1 is not given in [sync]");
    refused(COMPLETED "[port] app: GetQueuedCompletionStatus(p_2, dwMilliseconds=0) -> ok\n", 7, 39,
            "unknown name p_2");
    refused(COMPLETED "[polling] app: p_1 = CreateEventW() -> ok\n", 7, 16, "a name that `by $completion` gives");
    refused("scenario x\n  variants completion=port\nprocess app\napp: WSAIoctl(0, SIO_FLUSH) by $completion -> ok\n",
            4, 28, "attaches the socket to a completion port: expected its name as s");
    refused("scenario x\n  variants completion=sync\nprocess app\n"
            "app: WSAIoctl(0, SIO_FLUSH, routine=good) by $completion -> ok\n",
            4, 42, "brings its own ov and routine");
}

static void a_process_may_differ_by_guard(void) {
    instance_prints(
        "scenario x\n  variants startup=2.2|1.1\n[2.2] process app\nprocess b\n[1.1] process app startup=$startup\n"
        "app: WSAGetLastError() -> ok\nb: WSAGetLastError() -> ok\n",
        1,
        "scenario x[1.1]\n\nprocess b\nprocess app startup=1.1\n\napp: WSAGetLastError() -> ok\nb: WSAGetLastError()   "
        "-> ok\n");
}

static void what_an_instance_would_miss_is_refused(void) {
#define VARIED "scenario x\n  variants transport=tcp|udp\nprocess app\n"
    refused(VARIED "[sctp] reboot\n", 4, 2, "no dimension of `variants` has the value sctp");
    refused(VARIED "[tcp.udp] reboot\n", 4, 6, "a second value of transport");
    refused(VARIED "app: bind(0, $any:0) -> ok\n", 4, 14, "$any needs the dimension family");
    refused(VARIED "[tcp] app: b = buffer(1)\napp: show b -> ok\n", 5, 11, "b is not given in [udp]");
    refused(VARIED "[tcp] app: b = buffer(1)\n[udp] app: b = buffer(1)\n[udp] app: b = buffer(1)\n", 6, 12,
            "b was given already");
    refused(VARIED "app: closesocket(0) -> [tcp] ok\n", 4, 32, "no alternative is left in [udp]");
    refused(VARIED "[tcp] reboot\n", 4, 13, "there is no step in [udp]");
    refused("scenario x\n  variants transport=tcp|udp\n[tcp] process app\napp exits\n", 4, 1,
            "there is no process app in [udp]");
    refused("scenario x\n  variants a=1|2 b=2\n", 2, 20, "stands here twice");
    refused("scenario x\n  variants transport=tcp|sctp\n", 2, 26, "expected tcp or udp");
    refused("scenario x\n  variants completion=sync|apc\n", 2, 28, "expected sync, event, routine, port or polling");
    refused("scenario x\n  variants a=1\n  except 1\nreboot\n", 4, 1, "leave no instance");
    refused("scenario x\nreboot\n[udp] reboot\n", 3, 2, "there is no `variants` line");
#undef VARIED
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

static void an_answer_repeats_its_step(void) {
    struct scenario *scenario = parsed(RESERVED "app: o = overlapped()\napp: SleepEx(0) -> ...\n");
    struct language_error error;
    struct step answer;
    const char *line = "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 4}, cbOut=16) -> ok bytes=16 "
                       "Token=t1  #~ r=5 t1=0x7\n";
    CU_ASSERT_TRUE(step_parse_answer(scenario, &scenario->steps[1], line, strlen(line), &answer, &error));
    CU_ASSERT_EQUAL(answer.product, scenario->steps[1].product);
    CU_ASSERT_STRING_EQUAL(answer.live, "r=5 t1=0x7");
    const char *routines = "app: SleepEx(0) -> 192\n  routine(o) error=0 bytes=4\n  routine(NULL)\n";
    CU_ASSERT_TRUE(step_parse_answer(scenario, &scenario->steps[3], routines, strlen(routines), &answer, &error));
    CU_ASSERT_EQUAL(answer.routines_count, 2);
    CU_ASSERT_EQUAL(answer.routines[1].overlapped, NO_NAME);
    const char *packets =
        "app: SleepEx(0) -> 192\n  packet(good) key=0xFFFFFFFFFFFFFFFF bytes=4 Internal=0\n  apc(9)\n";
    CU_ASSERT_TRUE(step_parse_answer(scenario, &scenario->steps[3], packets, strlen(packets), &answer, &error));
    CU_ASSERT_EQUAL_FATAL(answer.routines_count, 2);
    CU_ASSERT_EQUAL(answer.routines[0].delivery, DELIVERY_PACKET);
    CU_ASSERT_EQUAL(answer.routines[0].overlapped, NAME_OF_NONE);
    CU_ASSERT_EQUAL(answer.routines[0].values[MEMBER_KEY]->number, UINT64_MAX);
    CU_ASSERT_EQUAL(answer.routines[1].delivery, DELIVERY_APC);
    CU_ASSERT_EQUAL(answer.routines[1].number, 9);
    scenario_free(scenario);
}

static void an_answer_to_something_else_is_refused(void) {
    struct scenario *scenario = parsed(RESERVED);
    struct language_error error;
    struct step answer;
    const struct {
        const char *line;
        const char *words;
    } refusals[] = {
        { "app: zz = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n",
          "the answer repeats another step; expected app: s = socket" },
        { "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok | fails\n", "an answer has one outcome" },
        { "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)\n", "an answer has one outcome" },
        { "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\nnonsense\n", "expected a routine line" },
        { "", "found nothing" },
        { "\x80", "not valid UTF-8" },
        { "Segmentation fault\n", "unknown process Segmentation" },
    };
    for (unsigned i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        uint32_t names_count = scenario->names_count;
        CU_ASSERT_FALSE(step_parse_answer(scenario, &scenario->steps[0], refusals[i].line, strlen(refusals[i].line),
                                          &answer, &error));
        CU_ASSERT_PTR_NOT_NULL(strstr(error.message, refusals[i].words));
        CU_ASSERT_EQUAL(scenario->names_count, names_count);
    }
    scenario_free(scenario);
}

void register_language_tests(void) {
    CU_pSuite suite = CU_add_suite("language", NULL, NULL);
    if (suite == NULL) return;
    CU_add_test(suite, "a call becomes a tree", a_call_becomes_a_tree);
    CU_add_test(suite, "what is cited is there", what_is_cited_is_there);
    CU_add_test(suite, "named arguments find their parameters", named_arguments_find_their_parameters);
    CU_add_test(suite, "IPv6 hosts become network bytes", ipv6_hosts_become_network_bytes);
    CU_add_test(suite, "processes have a main thread", processes_have_a_main_thread);
    CU_add_test(suite, "the canonical layout stays", the_canonical_layout_stays);
    CU_add_test(suite, "arrows stand below each other", arrows_stand_below_each_other);
    CU_add_test(suite, "blank lines become one", blank_lines_become_one);
    CU_add_test(suite, "together and routines are indented", together_and_routines_are_indented);
    CU_add_test(suite, "numbers keep their base", numbers_keep_their_base);
    CU_add_test(suite, "quotes are escaped again", quotes_are_escaped_again);
    CU_add_test(suite, "line ends of Windows are read", line_ends_of_windows_are_read);
    CU_add_test(suite, "a trace has facts and live values", a_trace_has_facts_and_live_values);
    CU_add_test(suite, "traces are stricter where answers are", traces_are_stricter_where_answers_are);
    CU_add_test(suite, "bytes that are no text", bytes_that_are_no_text);
    CU_add_test(suite, "lines that are too long", lines_that_are_too_long);
    CU_add_test(suite, "misspellings offer the nearest", misspellings_offer_the_nearest);
    CU_add_test(suite, "routine lines that do not fit", routine_lines_that_do_not_fit);
    CU_add_test(suite, "arguments that do not fit", arguments_that_do_not_fit);
    CU_add_test(suite, "names and their kinds", names_and_their_kinds);
    CU_add_test(suite, "outcomes say where they come from", outcomes_say_where_they_come_from);
    CU_add_test(suite, "starts and impersonation have words of their own",
                starts_and_impersonation_have_words_of_their_own);
    CU_add_test(suite, "words of later parts are reserved", words_of_later_parts_are_reserved);
    CU_add_test(suite, "packets that are expected", packets_that_are_expected);
    CU_add_test(suite, "packets that no line can expect", packets_that_no_line_can_expect);
    CU_add_test(suite, "the order of a file", the_order_of_a_file);
    CU_add_test(suite, "limits are errors", limits_are_errors);
    CU_add_test(suite, "an error is shown with a caret", an_error_is_shown_with_a_caret);
    CU_add_test(suite, "a long line is shown around its error", a_long_line_is_shown_around_its_error);
    CU_add_test(suite, "an error without a line shows none", an_error_without_a_line_shows_none);
    CU_add_test(suite, "files that cannot be read", files_that_cannot_be_read);
    CU_add_test(suite, "variants are a product with exceptions", variants_are_a_product_with_exceptions);
    CU_add_test(suite, "an instance has no variants left", an_instance_has_no_variants_left);
    CU_add_test(suite, "completion by event brings its overlapped", completion_by_event_brings_its_overlapped);
    CU_add_test(suite, "completion by routine brings its routine", completion_by_routine_brings_its_routine);
    CU_add_test(suite, "completion by port attaches each socket once", completion_by_port_attaches_each_socket_once);
    CU_add_test(suite, "what completion gives is there under its guard alone",
                what_completion_gives_is_there_under_its_guard_alone);
    CU_add_test(suite, "a process may differ by guard", a_process_may_differ_by_guard);
    CU_add_test(suite, "what an instance would miss is refused", what_an_instance_would_miss_is_refused);
    CU_add_test(suite, "an answer repeats its step", an_answer_repeats_its_step);
    CU_add_test(suite, "an answer to something else is refused", an_answer_to_something_else_is_refused);
}
