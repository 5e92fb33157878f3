#include <CUnit/CUnit.h>

#include <string.h>

#include "conformance/tests/run_fixture.h"
#include "reports/formats/table.h"
#include "reports/tests/report_fixture.h"

static const char table[] = "scenario table-two\n"
                            "  title    A table of three cells\n"
                            "  variants call=name|listen|close\n"
                            "\n"
                            "process app\n"
                            "\n"
                            "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                            "[name] app: getsockname(s) -> WSAEINVAL @ASC-02\n"
                            "[listen] app: listen(s, 1) -> WSAEINVAL @W79\n"
                            "[close] app: closesocket(s) -> ok @inferred\n";

static struct run_fixture fixture;
static struct text out;

static int clean_up(void) {
    fixture_free(&fixture);
    text_free(&out);
    return 0;
}

static void report_of(void) {
    const struct report report = { .record = &fixture.record };
    fixture_run(&fixture);
    table_report(&report, &out);
}

static void a_cell_says_what_is_expected_what_was_seen_and_whence(void) {
    clean_up();
    fixture_scenario(&fixture, table);
    fixture_on_model(&fixture, "windows");
    report_of();
    holds(&out, "tests/table-two\n  A table of three cells\n\n  cell ");
    holds(
        &out,
        "\n  name                                            WSAEINVAL              WSAEINVAL              @ASC-02\n");
    holds(&out,
          "\n  listen                                          WSAEINVAL              WSAEINVAL              @W79\n");
    holds(
        &out,
        "\n  close                                           ok                     ok                     @inferred\n");
    holds(&out, "\n  model: 1 of 1 documented and 1 of 1 observed and 1 of 1 inferred cells as expected\n");
}

static void what_is_not_as_expected_is_marked(void) {
    struct text wrong = { 0 };
    clean_up();
    text_add(&wrong, "%s", table);
    memcpy(strstr(wrong.bytes, "WSAEINVAL @ASC-02"), "WSAEFAULT", 9);
    fixture_scenario(&fixture, wrong.bytes);
    fixture_on_model(&fixture, "windows");
    report_of();
    holds(
        &out,
        "\n  name                                            WSAEFAULT            ! WSAEINVAL              @ASC-02\n");
    holds(&out, "\n  model: 0 of 1 documented and 1 of 1 observed");
    text_free(&wrong);
}

/* Two facts may differ, and no open question choose between them: either is as expected, and the table says by what. */
static void what_another_source_says_is_as_expected(void) {
    static const char before[] = "[name] app: getsockname(s) -> ";
    struct text both = { 0 };
    clean_up();
    const char *name = strstr(table, before), *rest = strchr(name, '\n');
    text_add(&both, "%.*s%sWSAEFAULT @W26 | WSAEINVAL @W30 @W50%s", (int)(name - table), table, before, rest);
    fixture_scenario(&fixture, both.bytes);
    fixture_on_model(&fixture, "windows");
    report_of();
    holds(&out, "\n  name                                            WSAEFAULT            | WSAEINVAL              "
                "@W26, or as | by @W30 @W50\n");
    holds(&out, "\n  model: 2 of 2 observed and 1 of 1 inferred cells as expected\n");
    text_free(&both);
}

static void what_a_host_could_not_play_is_a_dash(void) {
    clean_up();
    fixture_scenario(&fixture, table);
    fixture_on_command(&fixture,
                       "printf 'host fake\\nready\\n'; while read word count; do head -c $((count + 1)) >/dev/null; "
                       "echo 'unsupported not today'; done");
    report_of();
    holds(
        &out,
        "\n  close                                           ok                     -                      @inferred\n");
    holds(
        &out,
        "\n  fake: 0 of 1 documented and 0 of 1 observed and 0 of 1 inferred cells as expected, 3 could not be played\n");
}

static void a_run_without_tables_says_so(void) {
    clean_up();
    fixture_scenario(&fixture,
                     "scenario tiny\n\nprocess app\n\napp: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n");
    fixture_on_model(&fixture, "windows");
    report_of();
    holds(&out, "No table is among the selected scenarios: those whose names begin with table- are.\n");
}

void register_table_tests(void);

void register_table_tests(void) {
    CU_pSuite suite = CU_add_suite("reports: tables", NULL, clean_up);
    CU_add_test(suite, "a cell says what is expected, what was seen, and whence",
                a_cell_says_what_is_expected_what_was_seen_and_whence);
    CU_add_test(suite, "what is not as expected is marked", what_is_not_as_expected_is_marked);
    CU_add_test(suite, "what another source says is as expected", what_another_source_says_is_as_expected);
    CU_add_test(suite, "what a host could not play is a dash", what_a_host_could_not_play_is_a_dash);
    CU_add_test(suite, "a run without tables says so", a_run_without_tables_says_so);
}
