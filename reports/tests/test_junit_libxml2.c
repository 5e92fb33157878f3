#include <CUnit/CUnit.h>

#include <stdio.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <libxml/xpath.h>

#include "reports/formats/junit.h"
#include "reports/tests/report_fixture.h"

void register_junit_tests(void);

/* --- reading it back ---------------------------------------------------------------------------------------------- */

static xmlDocPtr document;

/* Writes the report, and parses what was written. */
static void reported(struct report_fixture *fixture) {
    CU_ASSERT_TRUE_FATAL(junit_can_be_written());
    CU_ASSERT_TRUE_FATAL(junit_report(&fixture->report, &fixture->out));
    document = xmlReadMemory(fixture->out.bytes, (int)fixture->out.length, "report.xml", NULL, XML_PARSE_NONET);
    CU_ASSERT_PTR_NOT_NULL_FATAL(document);
}

static void done(struct report_fixture *fixture) {
    xmlFreeDoc(document);
    document = NULL;
    report_done(fixture);
}

/* What an XPath says: a string, a number, a boolean. */
static void check_path(const char *path, const char *expected, unsigned line) {
    xmlXPathContextPtr context = xmlXPathNewContext(document);
    xmlXPathObjectPtr found = xmlXPathEvalExpression((const xmlChar *)path, context);
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    xmlChar *text = xmlXPathCastToString(found);
    if (strcmp((const char *)text, expected) != 0)
        printf("\n    line %u: %s is %s, not %s", line, path, (const char *)text, expected);
    CU_ASSERT_STRING_EQUAL((const char *)text, expected);
    xmlFree(text);
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
}
#define says(path, expected) check_path(path, expected, __LINE__)

static bool is_valid(xmlDocPtr checked) {
    xmlSchemaParserCtxtPtr parser = xmlSchemaNewParserCtxt("reports/schema/junit.xsd");
    xmlSchemaPtr schema = xmlSchemaParse(parser);
    CU_ASSERT_PTR_NOT_NULL_FATAL(schema);
    xmlSchemaValidCtxtPtr context = xmlSchemaNewValidCtxt(schema);
    int result = xmlSchemaValidateDoc(context, checked);
    xmlSchemaFreeValidCtxt(context);
    xmlSchemaFree(schema);
    xmlSchemaFreeParserCtxt(parser);
    return result == 0;
}

/* --- tests -------------------------------------------------------------------------------------------------------- */

static void test_nothing_new(void) {
    struct report_fixture fixture;
    given_nothing_new(&fixture);
    reported(&fixture);
    CU_ASSERT_TRUE(is_valid(document));
    says("string(/testsuites/@tests)", "4");
    says("string(/testsuites/@failures)", "0");
    says("count(/testsuites/testsuite)", "4");
    says("string(/testsuites/testsuite[1]/@name)", "model.associate");
    says("string(/testsuites/testsuite[4]/@name)", "wine-8.0.runtime");
    says("string(//testsuite[3]/testcase/@name)", "associate/after-bind[udp.v4]");
    says("string(//testsuite[3]/testcase/@file)", "scenarios/associate/after-bind.scn");
    says("count(//testcase/*)", "0");
    done(&fixture);
}

static void test_run_is_reported(void) {
    struct report_fixture fixture;
    given_nothing_new(&fixture);
    reported(&fixture);
    says("string(//testsuite[1]//property[@name='reservoir.version']/@value)", "1.2.3");
    says("string(//testsuite[1]//property[@name='run.reason']/@value)", "nightly");
    says("string(//testsuite[1]//property[@name='run.profile']/@value)", "windows");
    says("string(//testsuite[1]//property[@name='run.seed']/@value)", "42");
    says("string(//testsuite[1]//property[@name='environment.system']/@value)", "Linux 6.1.0");
    says("string(//testsuite[3]//property[@name='subject.build']/@value)", "17763");
    done(&fixture);
}

static void test_new_deviation(void) {
    struct report_fixture fixture;
    given_new_deviation(&fixture);
    reported(&fixture);
    CU_ASSERT_TRUE(is_valid(document));
    says("count(//failure)", "2");
    says("string(//testsuite[@name='wine-8.0.associate']/@failures)", "2");
    says("string(//testsuite[@name='model.associate']/@failures)", "0");
    says("string((//failure)[1]/@type)", "deviate-new");
    says(
        "contains((//failure)[1]/@message, 'answered WSAEOPNOTSUPP bytes=0; allowed: WSAEINVAL bytes=0|untouched | ok bytes=0')",
        "true");
    says("contains((//failure)[1], 'observed  WSAEOPNOTSUPP bytes=0')", "true");
    says("contains((//failure)[1], 'allowed   WSAEINVAL bytes=0|untouched  @ASC-02 @Q38=a (documented)')", "true");
    says("contains((//failure)[1], 'went on   as if it had been WSAEINVAL bytes=0')", "true");
    done(&fixture);
}

static void test_every_verdict(void) {
    struct report_fixture fixture;
    given_every_verdict(&fixture);
    reported(&fixture);
    CU_ASSERT_TRUE(is_valid(document));
    says("concat(/*/@tests, ' ', /*/@failures, ' ', /*/@errors, ' ', /*/@skipped)", "10 4 1 2");
    says("string(//testcase[@name='verdicts/conform']/system-out)",
         "1 call was refused as not implemented, which conforms\n");
    says("string(//testcase[@name='verdicts/unsupported']/skipped/@message)", "unsupported: no second account here");
    says("string(//testcase[@name='verdicts/inconclusive']/skipped/@message)",
         "inconclusive: not sent: needs r, line 7");
    says(
        "contains(//testcase[@name='verdicts/deviate-known']/system-out, 'known deviation event-never-set: Wine forgets the event')",
        "true");
    says("contains(//testcase[@name='verdicts/deviate-known[again]']/system-out, 'rule-7 (unreviewed)')", "true");
    says("string(//testcase[@name='verdicts/unseen-new']/failure/@type)", "unseen-new");
    says("string(//testcase[@name='verdicts/conform-unexpected']/failure/@type)", "conform-unexpected");
    says("contains(//testcase[@name='verdicts/flaky']/failure/@message, '2 of 5 runs')", "true");
    says("string(//testcase[@name='verdicts/harness-broken']/error/@message)", "the host exited");
    done(&fixture);
}

static void test_what_was_asked_to_fail_fails(void) {
    struct report_fixture fixture;
    given_every_verdict(&fixture);
    fixture.report.fail_on = 1u << VERDICT_UNSUPPORTED;
    reported(&fixture);
    says("string(/testsuites/@failures)", "5");
    says("string(//testcase[@name='verdicts/unsupported']/failure/@type)", "unsupported");
    done(&fixture);
}

static void test_hostile_texts(void) {
    struct report_fixture fixture;
    given_hostile_texts(&fixture);
    reported(&fixture);
    CU_ASSERT_TRUE(is_valid(document));
    says("string(//property[@name='run.reason']/@value)", "<b>\"R&D\"</b> | `x` ## no heading");
    says("string(//property[@name='subject.wine']/@value)", "8.0\u241B[31m & \"more\"");
    says("string((//testcase)[1]/@name)", "odd/<&\">");
    says("contains((//failure)[1], 'observed  ok ``<script>`` a|b & ]]>')", "true");
    says(
        "contains((//failure)[1], 'bell \u2407, half \uFFFD, none \uFFFD, surrogate \uFFFD\uFFFD\uFFFD, delete \u2421, sharp s \u00DF')",
        "true");
    done(&fixture);
}

/* A live host and its recorded traces go by the same name. */
static void test_subjects_of_one_name(void) {
    struct report_fixture fixture;
    given_nothing_new(&fixture);
    snprintf(fixture.model.name, sizeof fixture.model.name, "wine-8.0");
    fixture.model.kind = SUBJECT_TRACES;
    reported(&fixture);
    CU_ASSERT_TRUE(is_valid(document));
    says("string(//testsuite[1]/@name)", "wine-8.0 (traces).associate");
    says("string(//testsuite[3]/@name)", "wine-8.0 (host).associate");
    done(&fixture);
}

static void test_same_bytes_again(void) {
    struct report_fixture fixture;
    struct text again = { 0 };
    given_every_verdict(&fixture);
    reported(&fixture);
    CU_ASSERT_TRUE(junit_report(&fixture.report, &again));
    CU_ASSERT_STRING_EQUAL(fixture.out.bytes, again.bytes);
    text_free(&again);
    done(&fixture);
}

static void stay_silent(void *context, const char *format, ...) { (void)context, (void)format; }

static void test_schema_refuses(void) {
    static const char wrong[] =
        "<testsuites name='reservoir' tests='0' failures='0' errors='0' skipped='0'><testcase/></testsuites>";
    xmlDocPtr other = xmlReadMemory(wrong, sizeof wrong - 1, "wrong.xml", NULL, XML_PARSE_NONET);
    CU_ASSERT_PTR_NOT_NULL_FATAL(other);
    xmlSetGenericErrorFunc(NULL, stay_silent);
    CU_ASSERT_FALSE(is_valid(other));
    xmlSetGenericErrorFunc(NULL, NULL);
    xmlFreeDoc(other);
}

void register_junit_tests(void) {
    CU_pSuite suite = CU_add_suite("junit", NULL, NULL);
    CU_add_test(suite, "nothing new: suites by theme and subject", test_nothing_new);
    CU_add_test(suite, "the run is reported", test_run_is_reported);
    CU_add_test(suite, "a new deviation fails", test_new_deviation);
    CU_add_test(suite, "every verdict", test_every_verdict);
    CU_add_test(suite, "what was asked to fail fails", test_what_was_asked_to_fail_fails);
    CU_add_test(suite, "hostile texts", test_hostile_texts);
    CU_add_test(suite, "two subjects of one name", test_subjects_of_one_name);
    CU_add_test(suite, "the same run gives the same bytes", test_same_bytes_again);
    CU_add_test(suite, "the schema refuses what is wrong", test_schema_refuses);
}
