#include <CUnit/CUnit.h>

#include <stdlib.h>
#include <string.h>

#include "reports/formats/clean_text.h"
#include "reports/formats/markdown.h"
#include "reports/formats/markdown_text.h"
#include "reports/tests/report_fixture.h"

void register_markdown_tests(void);

static void report(struct report_fixture *fixture) { markdown_report(&fixture->report, &fixture->out); }

static void test_nothing_new(void) {
    struct report_fixture fixture;
    given_nothing_new(&fixture);
    report(&fixture);
    CU_ASSERT_PTR_EQUAL(strstr(fixture.out.bytes, "## ✅ Reservoir: nothing new\n\n"), fixture.out.bytes);
    holds(
        &fixture.out,
        "| subject | runs | conform | steps sent |\n|---|--:|--:|--:|\n| model | 2 | 2 | 4 of 4 |\n| wine-8.0 | 2 | 2 | 4 of 4 |\n");
    lacks(&fixture.out, "###");
    lacks(&fixture.out, "<details>");
    report_done(&fixture);
}

static void test_run_is_reported(void) {
    struct report_fixture fixture;
    given_nothing_new(&fixture);
    fixture.report.judged_by = "documented";
    fixture.report.repeat = 3;
    report(&fixture);
    holds(
        &fixture.out,
        "| reason | nightly |\n| Reservoir | 1.2.3 |\n| profile | windows; hosts are held to documented |\n| seed | 42 |\n"
        "| repeated | 3 times |\n| environment | Linux 6.1.0, x86\\_64, gcc 12.2.0, 64 bits |\n");
    holds(&fixture.out, "| wine-8.0 | by agent, build 17763 |\n");
    report_done(&fixture);
}

static void test_new_deviation(void) {
    struct report_fixture fixture;
    given_new_deviation(&fixture);
    report(&fixture);
    holds(&fixture.out, "## ❌ Reservoir: 2 runs with new deviations\n");
    holds(&fixture.out,
          "### New deviations\n\n"
          "- **associate/after-bind** on wine-8.0 `[udp.v4]` `[udp.v6]`\n"
          "  - scenarios/associate/after-bind.scn, line 7: `app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, ");
    holds(&fixture.out, "  - observed: `WSAEOPNOTSUPP bytes=0`\n"
                        "  - allowed: `WSAEINVAL bytes=0|untouched`, by `@ASC-02 @Q38=a (documented)`\n"
                        "  - allowed: `ok bytes=0`, by `@Q38=c`\n"
                        "  - went on as if it had been WSAEINVAL bytes=0\n");
    report_done(&fixture);
}

static void test_every_verdict_has_its_place(void) {
    struct report_fixture fixture;
    given_every_verdict(&fixture);
    report(&fixture);
    holds(&fixture.out, "## 💥 Reservoir: 1 run broken, 1 run with a new deviation, 1 run no longer seen, "
                        "1 stale record, 1 flaky run\n");
    holds(&fixture.out, "### Broken\n\n- **verdicts/harness-broken** on wine-8.0: the host exited\n");
    holds(&fixture.out,
          "### Recorded, and did not happen\n\n- **verdicts/conform-unexpected** on wine-8.0: the recorded");
    holds(&fixture.out,
          "### Flaky\n\n- **verdicts/flaky** on wine-8.0: flaky (2 of 5 runs went otherwise than most); one run");
    holds(&fixture.out,
          "<summary>1 run unsupported</summary>\n\n- **verdicts/unsupported** on wine-8.0: no second account here\n");
    holds(
        &fixture.out,
        "<summary>1 run inconclusive</summary>\n\n- **verdicts/inconclusive** on wine-8.0: not sent: needs r, line 7\n");
    holds(&fixture.out, "- wine-8.0: `SIO_ASSOCIATE_PORT_RESERVATION`, refused 1 time\n");
    report_done(&fixture);
}

static void test_known_is_folded(void) {
    struct report_fixture fixture;
    given_every_verdict(&fixture);
    report(&fixture);
    holds(
        &fixture.out,
        "<summary>2 steps deviate as recorded, by 2 rules; 1 of them by rules that were not reviewed</summary>\n\n| subject |");
    holds(&fixture.out, "| wine-8.0 | event-never-set | 1 | `app: WSAIoctl(");
    holds(&fixture.out, "| wine-8.0 | rule-7 (unreviewed) | 1 | ");
    report_done(&fixture);
}

static void test_what_was_asked_to_fail_is_in_the_headline(void) {
    struct report_fixture fixture;
    given_every_verdict(&fixture);
    fixture.report.fail_on = 1u << VERDICT_UNSUPPORTED;
    report(&fixture);
    holds(&fixture.out, "1 flaky run, 1 unsupported\n");
    report_done(&fixture);
}

static void test_nothing_was_run(void) {
    struct report_fixture fixture;
    given_empty_run(&fixture);
    fixture.report.status = EXIT_STATUS_BROKEN;
    report(&fixture);
    holds(&fixture.out, "## 💥 Reservoir: nothing was run\n");
    report_done(&fixture);
}

static void test_hostile_texts(void) {
    struct report_fixture fixture;
    given_hostile_texts(&fixture);
    report(&fixture);
    holds(&fixture.out, "| reason | \\<b\\>\"R\\&D\"\\</b\\> \\| \\`x\\` \\#\\# no heading |\n");
    holds(&fixture.out, "- **odd/\\<\\&\"\\>** on wine-8.0\n");
    holds(&fixture.out, "observed: ``` ok ``<script>`` a|b & ]]> ```\n");
    holds(&fixture.out, "bars \\| and \\<tags\\> \\*stars\\* |\n");
    holds(&fixture.out, "8.0\u241B\\[31m");
    lacks(&fixture.out, "\x1B");
    report_done(&fixture);
}

static void test_long_sections_are_cut(void) {
    struct report_fixture fixture;
    given_empty_run(&fixture);
    fixture.report.status = EXIT_STATUS_DEVIATES;
    for (unsigned i = 0; i < MARKDOWN_ENTRIES_MAX + 7; i++) {
        struct text scenario = { 0 };
        text_add(&scenario, "many/number-%u", i);
        deviates(add_instance(&fixture, scenario.bytes, "", 1), NULL);
        text_free(&scenario);
    }
    report(&fixture);
    holds(&fixture.out, "**many/number-49**");
    lacks(&fixture.out, "**many/number-50**");
    holds(&fixture.out, "- and 7 more; the JSON report has them all\n");
    report_done(&fixture);
}

static void test_code_in_a_table(void) {
    struct text out = { 0 };
    markdown_add_code("a|b", true, &out);
    markdown_add_code("", false, &out);
    CU_ASSERT_STRING_EQUAL(out.bytes, "`a\\|b`` `");
    text_free(&out);
}

/* --- text of unknown origin --------------------------------------------------------------------------------------- */

static void check_clean(const char *given, enum clean clean, const char *expected) {
    struct text out = { 0 };
    text_add(&out, "%s", "");
    text_add_clean(&out, given, clean);
    CU_ASSERT_STRING_EQUAL(out.bytes, expected);
    text_free(&out);
}

static void test_clean_text(void) {
    check_clean("plain, \xC3\x9F, \xE2\x82\xAC, \xF0\x9F\x92\xA5", CLEAN_ONE_LINE, "plain, \u00DF, \u20AC, \U0001F4A5");
    check_clean("a\tb\nc\rd\x1B", CLEAN_ONE_LINE, "a b c\u240Dd\u241B");
    check_clean("a\tb\nc\r", CLEAN_KEEPS_LINES, "a\tb\nc\u240D");
    check_clean("a\tb\x01\x7F", CLEAN_KEEPS_CONTROLS, "a\tb\x01\x7F");
    check_clean("\x7F", CLEAN_ONE_LINE, "\u2421");
}

static void test_no_utf8(void) {
    check_clean("\xFFx\x80", CLEAN_KEEPS_CONTROLS, "\uFFFDx\uFFFD");
    check_clean("cut \xE2\x82", CLEAN_KEEPS_CONTROLS, "cut \uFFFD\uFFFD");
    check_clean("long \xC0\xAF", CLEAN_KEEPS_CONTROLS, "long \uFFFD\uFFFD");
    check_clean("half \xED\xA0\x80", CLEAN_KEEPS_CONTROLS, "half \uFFFD\uFFFD\uFFFD");
    check_clean("beyond \xF4\x90\x80\x80", CLEAN_KEEPS_CONTROLS, "beyond \uFFFD\uFFFD\uFFFD\uFFFD");
    check_clean("no character in XML \xEF\xBF\xBF", CLEAN_ONE_LINE, "no character in XML \uFFFD");
}

void register_markdown_tests(void) {
    CU_pSuite suite = CU_add_suite("markdown", NULL, NULL);
    CU_add_test(suite, "nothing new: a headline and a table", test_nothing_new);
    CU_add_test(suite, "the run is reported", test_run_is_reported);
    CU_add_test(suite, "a new deviation, once for its instances", test_new_deviation);
    CU_add_test(suite, "every verdict has its place", test_every_verdict_has_its_place);
    CU_add_test(suite, "known deviations are folded", test_known_is_folded);
    CU_add_test(suite, "what was asked to fail is in the headline", test_what_was_asked_to_fail_is_in_the_headline);
    CU_add_test(suite, "nothing was run", test_nothing_was_run);
    CU_add_test(suite, "hostile texts", test_hostile_texts);
    CU_add_test(suite, "long sections are cut, and say so", test_long_sections_are_cut);
    CU_add_test(suite, "code in a table", test_code_in_a_table);
    CU_add_test(suite, "control characters become pictures", test_clean_text);
    CU_add_test(suite, "what is no UTF-8 is replaced", test_no_utf8);
}
