/* The page's errors by their causes (reports/catalogue/error_table.h). */
#include <CUnit/CUnit.h>

#include <string.h>

#include "conformance/tests/run_fixture.h"
#include "reports/catalogue/error_table.h"
#include "reports/tests/report_fixture.h"

static const char cases[] =
    "scenario cases\n"
    "  variants cause=code|socket|network|token|pointer\n"
    "\n"
    "process app\n"
    "\n"
    "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
    "[code] app: WSAIoctl(s, 0x98000FFF) -> WSAEINVAL @ERR-INVAL-CODE @Q77=b | WSAEOPNOTSUPP @ERR-OPNOTSUPP-CODE @Q77=a\n"
    "[socket] app: WSAIoctl(INVALID_SOCKET, SIO_ASSOCIATE_PORT_RESERVATION, in={1}) -> WSAENOTSOCK @ERR-NOTSOCK\n"
    "[network] fault network-down\n"
    "[network] app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in={1}) -> WSAENETDOWN @ERR-NETDOWN\n"
    "[token] app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in={1}) -> WSAEFAULT @ERR-INVAL-PARAMETER\n"
    "[pointer] app: bind(s, NULL) -> WSAEFAULT @ERR-FAULT-IN\n";

static struct run_fixture fixture;
static struct text out;

static int clean_up(void) {
    fixture_free(&fixture);
    text_free(&out);
    return 0;
}

/* The fixture's theme is `tests`; the table is about the theme `errors`. */
static void report_of(const struct catalogue *planned) {
    const struct report report = { .record = &fixture.record };
    fixture_run(&fixture);
    for (size_t i = 0; i < fixture.record.count; i++) {
        struct instance_record *instance = fixture.record.instances[i];
        CU_ASSERT_EQUAL_FATAL(strncmp(instance->scenario, "tests/", 6), 0);
        struct text name = { 0 };
        text_add(&name, "errors/%s", instance->scenario + 6);
        instance->scenario = instance_record_text(instance, name.bytes);
        text_free(&name);
    }
    error_table_report(&report, planned, &out);
}

static void a_case_tells_what_was_answered_and_whether_that_conforms(void) {
    clean_up();
    fixture_scenario(&fixture, cases);
    fixture_on_model(&fixture, "windows");
    report_of(NULL);
    holds(&out,
          "\nWSAENOTSOCK\n  s is not a socket. @ERR-NOTSOCK\n    socket                   WSAENOTSOCK   conform\n");
    holds(
        &out,
        "\nWSAENETDOWN\n  the network subsystem has failed. @ERR-NETDOWN\n    network                  WSAENETDOWN   conform\n");
    holds(&out, "\n    token                    WSAEINVAL     deviates\n");
}

static void another_error_by_a_reading_names_the_reading(void) {
    clean_up();
    fixture_scenario(&fixture, cases);
    fixture_on_model(&fixture, "windows");
    report_of(NULL);
    holds(&out, "@ERR-INVAL-CODE\n    code                     WSAEOPNOTSUPP by Q77=a\n");
    holds(&out, "@ERR-OPNOTSUPP-CODE\n    code                     WSAEOPNOTSUPP conform\n");
    holds(&out, "asked 5: 3 with that error, 1 otherwise by a reading, 1 deviating\n");
}

static void what_was_not_asked_says_why(void) {
    clean_up();
    fixture_scenario(&fixture, cases);
    fixture_on_command(&fixture,
                       "printf 'host fake\\nready\\n'; while read word count; do head -c $((count + 1)) >/dev/null; "
                       "echo 'unsupported not today'; done");
    report_of(NULL);
    holds(&out, "\n    socket                   not asked (1)\n");
    holds(&out, "\nNot asked, because\n  (1) not today\n");
    holds(&out, "asked 0: 0 with that error; 5 not asked\n");
}

static void a_call_that_is_none_of_the_page_is_no_case(void) {
    clean_up();
    fixture_scenario(&fixture, cases);
    fixture_on_model(&fixture, "windows");
    report_of(NULL);
    holds(&out, "@ERR-FAULT-IN\n    no case in this run\n");
}

static void what_is_planned_says_what_it_waits_for(void) {
    struct planned row = { "ERR-ABORT-CLOSE", "D", "needs a close" };
    struct catalogue planned = { .planned = &row, .planned_count = 1 };
    clean_up();
    fixture_scenario(&fixture, cases);
    fixture_on_model(&fixture, "documented");
    report_of(&planned);
    holds(&out, "@ERR-ABORT-CLOSE\n    not asked yet: needs a close\n");
}

static void without_the_theme_there_is_no_table(void) {
    const struct report report = { .record = &fixture.record };
    clean_up();
    fixture_scenario(&fixture, cases);
    fixture_on_model(&fixture, "windows");
    fixture_run(&fixture);
    error_table_report(&report, NULL, &out);
    CU_ASSERT_EQUAL(out.length, 0);
}

void register_error_table_tests(void);
void register_error_table_tests(void) {
    CU_pSuite suite = CU_add_suite("errors by their causes", NULL, clean_up);
    CU_add_test(suite, "a case tells what was answered and whether that conforms",
                a_case_tells_what_was_answered_and_whether_that_conforms);
    CU_add_test(suite, "another error by a reading names the reading", another_error_by_a_reading_names_the_reading);
    CU_add_test(suite, "what was not asked says why", what_was_not_asked_says_why);
    CU_add_test(suite, "a call that is none of the page is no case", a_call_that_is_none_of_the_page_is_no_case);
    CU_add_test(suite, "what is planned says what it waits for", what_is_planned_says_what_it_waits_for);
    CU_add_test(suite, "without the theme there is no table", without_the_theme_there_is_no_table);
}
