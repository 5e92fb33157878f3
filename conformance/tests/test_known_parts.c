/* Parts of lines that are not parsed again: whoever reads a text must not notice. */
#include <CUnit/CUnit.h>

#include <stdio.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/base/text.h"
#include "conformance/language/language_error.h"
#include "conformance/language/parser_known.h"
#include "conformance/language/parser.h"
#include "conformance/language/printer.h"

void register_known_parts_tests(void);

#define HEAD "trace x\n\nprocess app\n\n"
#define SOCKET(name) "app: " name " = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok error=0\n"
#define ACQUIRE(name) \
    "app: " name \
    " = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 4}, cbOut=16) -> ok error=0 bytes=16 StartPort=" name \
    ".StartPort NumberOfPorts=4 padding=0 Token=t1  #~ " name ".StartPort=50000 t1=0x1\n"

/* --- dialogue ----------------------------------------------------------------------------------------------------- */

/* The tree as text, or the refusal. */
static void add_read(const char *text, size_t length, struct known_parts *known, struct text *out) {
    struct language_error error;
    struct scenario *scenario = scenario_parse_as("x.trace", text, length, known, &error);
    if (scenario == NULL) {
        language_error_print(&error, out);
        return;
    }
    scenario_print(scenario, out);
    for (uint32_t i = 0; i < scenario->names_count; i++)
        text_add(out, "%s line %u\n", scenario->names[i].text, (unsigned)scenario->names[i].line);
    for (uint32_t i = 0; i < scenario->steps_count; i++)
        text_add(out, "%u:%u process %d thread %d product %d\n", (unsigned)scenario->steps[i].position.line,
                 (unsigned)scenario->steps[i].position.column, scenario->steps[i].process, scenario->steps[i].thread,
                 scenario->steps[i].product);
    scenario_free(scenario);
}

static void read_alike_bytes(struct known_parts *known, const char *text, size_t length) {
    struct text alone = { 0 }, with_known = { 0 };
    add_read(text, length, NULL, &alone);
    add_read(text, length, known, &with_known);
    if (strcmp(alone.bytes, with_known.bytes) != 0)
        fprintf(stderr, "\nalone:\n%s\nwith what is known:\n%s\n", alone.bytes, with_known.bytes);
    CU_ASSERT_STRING_EQUAL(alone.bytes, with_known.bytes);
    text_free(&alone);
    text_free(&with_known);
}

static void read_alike(struct known_parts *known, const char *text) { read_alike_bytes(known, text, strlen(text)); }

/* How many parts of this text are known, and how many not. */
static struct known_parts_counts counted(struct known_parts *known, const char *text) {
    struct known_parts_counts before = known_parts_counts(known);
    read_alike(known, text);
    struct known_parts_counts after = known_parts_counts(known);
    return (struct known_parts_counts){ after.hits - before.hits, after.misses - before.misses };
}

static void line_reads_alike(struct known_parts *known, const char *head, const char *line) {
    struct text text = { 0 };
    text_add(&text, "%s%s", head, line);
    read_alike(known, text.bytes);
    text_free(&text);
}

static void expect_counts(struct known_parts *known, const char *text, unsigned hits, unsigned misses) {
    struct known_parts_counts counts = counted(known, text);
    CU_ASSERT_EQUAL(counts.hits, hits);
    CU_ASSERT_EQUAL(counts.misses, misses);
}

/* --- tests -------------------------------------------------------------------------------------------------------- */

static void what_was_parsed_is_known(void) {
    struct known_parts *known = known_parts_create();
    expect_counts(known, HEAD SOCKET("s") SOCKET("keeper") ACQUIRE("r"), 1, 5);
    expect_counts(known, HEAD SOCKET("s") SOCKET("keeper") ACQUIRE("r"), 6, 0);
    /* Elsewhere in its file, with a comment, inside a `together`. */
    expect_counts(known, "trace y\n\n# why\nprocess app\n\n# what\n" SOCKET("s") "\ntogether\n  " SOCKET("keeper"), 4,
                  0);
    known_parts_free(known);
}

static void a_name_that_is_something_else_now_is_not_known(void) {
    struct known_parts *known = known_parts_create();
    static const char show[] = "app: closesocket(s) -> ok error=0\n";
    char text[1024];
    snprintf(text, sizeof text, "%s%s%s", HEAD, SOCKET("s"), show);
    expect_counts(known, text, 1, 3);
    expect_counts(known, text, 4, 0);
    snprintf(text, sizeof text, "%s%s%s%s", HEAD, SOCKET("a"), SOCKET("s"), show); /* the second name, not the first */
    expect_counts(known, text, 4, 2);
    snprintf(text, sizeof text, "%s%s", HEAD, show); /* no name */
    expect_counts(known, text, 0, 1);
    snprintf(text, sizeof text, "%sapp: s = overlapped()\n%s", HEAD, show); /* not a handle */
    expect_counts(known, text, 0, 1);
    snprintf(text, sizeof text, "%s%s%s", HEAD, SOCKET("s"), SOCKET("s")); /* given already */
    expect_counts(known, text, 2, 1);
    known_parts_free(known);
}

/* `q.port` speaks of a live value as long as no name is called q. */
static void a_name_that_was_not_there_is_looked_for(void) {
    struct known_parts *known = known_parts_create();
    static const char live[] =
        "app: WSAGetLastError() -> ok value=0\napp: bind(s, 127.0.0.1:0) -> ok error=0 port=q.port\n";
    char text[1024];
    snprintf(text, sizeof text, "%s%s%s", HEAD, SOCKET("s"), live);
    expect_counts(known, text, 0, 6);
    expect_counts(known, text, 6, 0);
    snprintf(text, sizeof text, "%s%s%s%s", HEAD, SOCKET("s"), SOCKET("q"), live);
    expect_counts(known, text, 6, 2);
    snprintf(text, sizeof text, "%s%sapp: q = buffer(4)\n%s", HEAD, SOCKET("s"), live); /* has no port */
    read_alike(known, text);
    known_parts_free(known);
}

static void other_processes_are_another_cast(void) {
    struct known_parts *known = known_parts_create();
    static const char steps[] = "app: WSAGetLastError() -> ok value=0\nb: WSAGetLastError() -> ok value=0\n"
                                "b.t2: WSAGetLastError() -> ok value=0\n";
    static const char *const casts[] = {
        "process app\nprocess b\nthread  b.t2\n",
        "process b\nprocess app\nthread  b.t2\n",
        "process app\nprocess b\n",
        "process app\nprocess b of app\nthread  b.t2\n",
        "process app\nthread  app.t2\n",
        "process app\nprocess b\nthread  app.t2\nthread  b.t2\n",
    };
    for (unsigned i = 0; i < 2 * sizeof casts / sizeof casts[0]; i++) {
        char text[1024];
        snprintf(text, sizeof text, "trace x\n\n%s\n%s", casts[i / 2], steps);
        read_alike(known, text);
    }
    CU_ASSERT_TRUE(known_parts_counts(known).hits > 0);
    known_parts_free(known);
}

/* The arrow and the comment that end a part can stand inside of a text. */
static void parts_end_where_the_parser_says(void) {
    struct known_parts *known = known_parts_create();
    static const char *const lines[] = {
        "app: CreateFileA(\"a -> b\") -> ok error=0\n",
        "app: CreateFileA(\"a\") -> ok error=0  # a comment -> ok\n",
        "app: CreateFileA(\"a\")  ->  ok   error=0\n",
        "app: CreateFileA(\"a\")-> ok error=0\n",
        "app: CreateFileA(\"a\" -> ok error=0\n",
        "app: CreateFileA(\"a\") # -> ok error=0\n",
        "app: CreateFileA(\"a\") -> ok error=0#\n",
        "app: CreateFileA(\"a\") -> ok error=0 #~\n",
        "app: CreateFileA(\"a\") -> ok error=0 | ok\n",
        "app: CreateFileA(\"a\") -> \n",
        "app: CreateFileA(\"a\") ->\n",
        "app: CreateFileA(\"a -> ok error=0\n",
        "app: -> ok\n",
        "app -> ok\n",
        "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)  #~ s=1 -> 2\n",
    };
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < sizeof lines / sizeof lines[0]; i++) line_reads_alike(known, HEAD, lines[i]);
    }
    known_parts_free(known);
}

/* `ok error=0` is an outcome of a call and not of a packet, `none` the other way round, and no packet is sent by
 * children of a `together`; each refusal stands at its own place. */
static void packets_are_known_as_packets(void) {
    struct known_parts *known = known_parts_create();
    static const char head[] =
        "trace x\n\nmachine a 10.0.0.1\nmachine far 10.0.0.2 bare\nlink a-far\nprocess app on a\n\n";
    static const char *const lines[] = {
        "app: WSAGetLastError() -> ok error=0\n",
        "expect packet tcp flags=SYN -> ok error=0\n",
        "expect packet tcp flags=SYN -> none\n",
        "app: WSAGetLastError() -> none\n",
        "y = expect packet tcp flags=SYN -> ok value=0\n",
        "packet udp from 10.0.0.2:7 to 10.0.0.1:9 data=4\n",
        "packet tcp from 10.0.0.2:7 to 10.0.0.1:9 flags=SYN  # why\n",
        "together\n  packet tcp from 10.0.0.2:7 to 10.0.0.1:9 flags=SYN\n",
        "together\n  expect packet tcp flags=SYN -> none\n",
    };
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < sizeof lines / sizeof lines[0]; i++) {
            line_reads_alike(known, HEAD, lines[i]);
            line_reads_alike(known, head, lines[i]);
        }
    }
    CU_ASSERT_TRUE(known_parts_counts(known).hits > 0);
    known_parts_free(known);
}

/* Scenarios have guards and variants, which parts know nothing of. */
static void of_scenarios_nothing_is_known(void) {
    struct known_parts *known = known_parts_create();
    struct language_error error;
    static const char text[] = "scenario x\n\nprocess app\n\n" SOCKET("s") SOCKET("t");
    struct scenario *scenario = scenario_parse_as("x.scn", text, sizeof text - 1, known, &error);
    CU_ASSERT_PTR_NULL(scenario); /* error=0 has no source */
    scenario_free(scenario);
    CU_ASSERT_EQUAL(known_parts_counts(known).hits + known_parts_counts(known).misses, 0);
    known_parts_free(known);
}

/* A tree that was parsed before still stands. */
static void it_is_emptied_when_it_is_full(void) {
    struct known_parts *known = known_parts_create();
    struct language_error error;
    struct text before = { 0 }, after = { 0 };
    static const char first[] = HEAD SOCKET("s") ACQUIRE("r");
    struct scenario *scenario = scenario_parse_as("x.trace", first, sizeof first - 1, known, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    scenario_print(scenario, &before);
    for (unsigned i = 0; i < 9000; i++) {
        char text[256];
        snprintf(text, sizeof text, "%sapp: SleepEx(%u, FALSE) -> ok value=%u\n", HEAD, i, i);
        struct scenario *other = scenario_parse_as("x.trace", text, strlen(text), known, &error);
        CU_ASSERT_PTR_NOT_NULL_FATAL(other);
        scenario_free(other);
    }
    expect_counts(known, first, 0, 4); /* what came first is gone */
    known_parts_free(known);
    scenario_print(scenario, &after);
    CU_ASSERT_STRING_EQUAL(before.bytes, after.bytes);
    scenario_free(scenario);
    text_free(&before);
    text_free(&after);
}

/* Those of the tests, which are refused, too, and each with every one of its lines taken out. */
static void traces_of_all_kinds_read_alike(void) {
    struct known_parts *known = known_parts_create();
    struct path_list list = { 0 };
    char trouble[FOLDER_PATH_MAX];
    CU_ASSERT_TRUE_FATAL(folder_find("conformance/tests/judged", ".trace", &list, trouble));
    for (size_t i = 0; i < list.count; i++) {
        struct text text = { 0 }, shorter = { 0 };
        struct language_error error;
        CU_ASSERT_TRUE_FATAL(scenario_read(list.paths[i], &text, &error));
        read_alike_bytes(known, text.bytes, text.length);
        for (size_t line = 0; line < text.length;) {
            const char *newline = memchr(text.bytes + line, '\n', text.length - line);
            size_t next = newline == NULL ? text.length : (size_t)(newline - text.bytes) + 1;
            shorter.length = 0;
            text_add_bytes(&shorter, text.bytes, line);
            text_add_bytes(&shorter, text.bytes + next, text.length - next);
            read_alike_bytes(known, shorter.bytes, shorter.length);
            line = next;
        }
        text_free(&text);
        text_free(&shorter);
    }
    struct known_parts_counts counts = known_parts_counts(known);
    CU_ASSERT_TRUE(list.count > 0 && counts.hits > counts.misses);
    path_list_free(&list);
    known_parts_free(known);
}

void register_known_parts_tests(void) {
    CU_pSuite suite = CU_add_suite("known parts of lines", NULL, NULL);
    CU_add_test(suite, "what was parsed is known", what_was_parsed_is_known);
    CU_add_test(suite, "a name that is something else now is not known",
                a_name_that_is_something_else_now_is_not_known);
    CU_add_test(suite, "a name that was not there is looked for", a_name_that_was_not_there_is_looked_for);
    CU_add_test(suite, "other processes are another cast", other_processes_are_another_cast);
    CU_add_test(suite, "parts end where the parser says", parts_end_where_the_parser_says);
    CU_add_test(suite, "packets are known as packets", packets_are_known_as_packets);
    CU_add_test(suite, "of scenarios nothing is known", of_scenarios_nothing_is_known);
    CU_add_test(suite, "it is emptied when it is full", it_is_emptied_when_it_is_full);
    CU_add_test(suite, "traces of all kinds read alike", traces_of_all_kinds_read_alike);
}
