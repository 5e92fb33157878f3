/* Which clauses were played, forwarded or unsupported (reports/catalogue/clause_table.h). */
#include <CUnit/CUnit.h>

#include "conformance/tests/run_fixture.h"
#include "reports/catalogue/clause_table.h"
#include "reports/tests/report_fixture.h"

static const char cases[] =
    "scenario cases\n"
    "\n"
    "process app\n"
    "\n"
    "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
    "app: e = CreateEventW() -> ok @SHR-01\n"
    "app: WSAIoctl(INVALID_SOCKET, SIO_ASSOCIATE_PORT_RESERVATION, in={1}) -> WSAENOTSOCK @ERR-NOTSOCK\n"
    "app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in={1}) -> WSAEFAULT @ERR-INVAL-PARAMETER\n"
    "app: bind(s, NULL) -> WSAEFAULT @ERR-FAULT-IN\n";

static struct run_fixture fixture;
static struct text out;

static int clean_up(void) {
    fixture_free(&fixture);
    text_free(&out);
    return 0;
}

static void report_of_run(bool of_a_provider) {
    const struct report report = { .record = &fixture.record };
    fixture_run(&fixture);
    if (of_a_provider) fact_list_add(&fixture.record.subjects[0]->facts, "provider", "fake");
    clause_table_report(&report, &out);
}

static void report_of_the_model(void) {
    clean_up();
    fixture_scenario(&fixture, cases);
    fixture_on_model(&fixture, "windows");
    report_of_run(false);
}

/* The row of a clause: its word, then how often a step about it was played, answered as the clause says or otherwise,
 * forwarded, unsupported. */
static void holds_row(const char *row) {
    struct text line = { 0 };
    text_add(&line, "  %s\n", row);
    holds(&out, line.bytes);
    text_free(&line);
}

static void what_the_model_answers_is_played(void) {
    report_of_the_model();
    holds_row(
        "ERR-NOTSOCK             played                        1           1           .           .           .");
    holds_row(
        "SHR-01                  played                        1           1           .           .           .");
}

static void an_answer_that_deviates_is_played_and_not_as_the_clause_says(void) {
    report_of_the_model();
    holds_row(
        "ERR-INVAL-PARAMETER     played                        1           .           1           .           .");
}

static void a_call_that_the_clause_is_not_about_does_not_count(void) {
    report_of_the_model();
    holds_row(
        "ERR-FAULT-IN            no step in this run           .           .           .           .           .");
    holds_row(
        "ASC-08                  undecidable                   .           .           .           .           .");
}

static void what_a_providers_client_answers_by_itself_is_forwarded(void) {
    clean_up();
    fixture_scenario(&fixture, cases);
    fixture_on_model(&fixture, "windows");
    report_of_run(true);
    holds_row(
        "SHR-01                  forwarded                     .           .           .           1           .");
    holds_row(
        "ERR-NOTSOCK             played                        1           1           .           .           .");
    holds(&out, "\n  2 played, 1 forwarded, 0 unsupported,");
}

static void what_was_not_asked_says_why(void) {
    clean_up();
    fixture_scenario(&fixture, cases);
    fixture_on_command(&fixture,
                       "printf 'host fake\\nready\\n'; while read word count; do head -c $((count + 1)) >/dev/null; "
                       "echo 'unsupported not today'; done");
    report_of_run(false);
    holds_row(
        "ERR-NOTSOCK             unsupported                   .           .           .           .           1  (1)");
    holds(&out, "\n  Unsupported, because\n  (1) not today\n");
    holds(&out, "\n  0 played, 0 forwarded, 3 unsupported,");
}

void register_clause_table_tests(void);
void register_clause_table_tests(void) {
    CU_pSuite suite = CU_add_suite("clauses played, forwarded, unsupported", NULL, clean_up);
    CU_add_test(suite, "what the model answers is played", what_the_model_answers_is_played);
    CU_add_test(suite, "an answer that deviates is played and not as the clause says",
                an_answer_that_deviates_is_played_and_not_as_the_clause_says);
    CU_add_test(suite, "a call that the clause is not about does not count",
                a_call_that_the_clause_is_not_about_does_not_count);
    CU_add_test(suite, "what a provider's client answers by itself is forwarded",
                what_a_providers_client_answers_by_itself_is_forwarded);
    CU_add_test(suite, "what was not asked says why", what_was_not_asked_says_why);
}
