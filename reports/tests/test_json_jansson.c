#include <CUnit/CUnit.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/language/parser.h"
#include "conformance/runner/runner.h"
#include "conformance/runner/scenario_set.h"
#include "reports/formats/json.h"
#include "reports/formats/run_file.h"
#include "reports/tests/report_fixture.h"
#include "reports/tests/schema_check.h"
#include "stack/readings.h"

void register_json_tests(void);

static const char file_path[] = "build/test-run.json";

/* --- reading it back ---------------------------------------------------------------------------------------------- */

static json_t *loaded(const char *text, size_t length) {
    json_error_t error;
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL) printf("\n    %d:%d: %s", error.line, error.column, error.text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(json);
    return json;
}

static json_t *reported(struct report_fixture *fixture) {
    CU_ASSERT_TRUE_FATAL(json_is_built_in());
    CU_ASSERT_TRUE_FATAL(json_report(&fixture->report, &fixture->out));
    return loaded(fixture->out.bytes, fixture->out.length);
}

/* Text at a path such as instances/0/id. */
static const char *text_at(const json_t *json, const char *path) {
    char name[64];
    while (*path != '\0') {
        size_t length = strcspn(path, "/");
        snprintf(name, sizeof name, "%.*s", (int)length, path);
        json = json_is_array(json) ? json_array_get(json, strtoul(name, NULL, 10)) : json_object_get(json, name);
        path += length + (path[length] == '/');
    }
    return json_is_string(json) ? json_string_value(json) : "(no string there)";
}

static void check_schema(const json_t *json, bool expected, const char *words) {
    size_t length = 0;
    struct text trouble = { 0 };
    char *bytes = file_read("reports/schema/run.schema.json", 1 << 20, &length);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    json_t *schema = loaded(bytes, length);
    bool good = schema_check(schema, json, &trouble);
    if (good != expected) printf("\n    %s", trouble.length == 0 ? "no trouble" : trouble.bytes);
    CU_ASSERT_EQUAL(good, expected);
    if (words != NULL) holds(&trouble, words);
    json_decref(schema);
    free(bytes);
    text_free(&trouble);
}

static void check_state(void (*given)(struct report_fixture *)) {
    struct report_fixture fixture;
    given(&fixture);
    json_t *json = reported(&fixture);
    check_schema(json, true, NULL);
    json_decref(json);
    report_done(&fixture);
}

/* --- tests -------------------------------------------------------------------------------------------------------- */

static void test_every_state_fits_the_schema(void) {
    check_state(given_empty_run);
    check_state(given_nothing_new);
    check_state(given_new_deviation);
    check_state(given_every_verdict);
    check_state(given_hostile_texts);
}

static void test_new_deviation(void) {
    struct report_fixture fixture;
    given_new_deviation(&fixture);
    json_t *json = reported(&fixture);
    CU_ASSERT_STRING_EQUAL(text_at(json, "reason"), "nightly");
    CU_ASSERT_STRING_EQUAL(text_at(json, "seed"), "42");
    CU_ASSERT_STRING_EQUAL(text_at(json, "environment/system"), "Linux 6.1.0");
    CU_ASSERT_STRING_EQUAL(text_at(json, "subjects/1/facts/1/value"), "17763");
    CU_ASSERT_STRING_EQUAL(text_at(json, "instances/2/id"), "associate/after-bind[udp.v4]");
    CU_ASSERT_STRING_EQUAL(text_at(json, "instances/2/subject"), "wine-8.0");
    CU_ASSERT_STRING_EQUAL(text_at(json, "instances/2/verdict"), "deviate-new");
    CU_ASSERT_STRING_EQUAL(text_at(json, "instances/2/trace"), "trace associate/after-bind[udp.v4]\n");
    CU_ASSERT_STRING_EQUAL(text_at(json, "instances/2/steps/1/outcome"), "WSAEOPNOTSUPP bytes=0");
    CU_ASSERT_STRING_EQUAL(text_at(json, "instances/2/steps/1/allowed/1/why"), "@Q38=c");
    CU_ASSERT_STRING_EQUAL(text_at(json, "instances/2/steps/1/continued_as"), "WSAEINVAL bytes=0");
    json_decref(json);
    report_done(&fixture);
}

static void test_lines(void) {
    struct report_fixture fixture;
    given_nothing_new(&fixture);
    json_decref(reported(&fixture));
    static const char head[] =
        "{\n  \"format\": \"reservoir-run\",\n  \"format_version\": 1,\n  \"reservoir\": \"1.2.3\",\n";
    CU_ASSERT_EQUAL(strncmp(fixture.out.bytes, head, sizeof head - 1), 0);
    holds(&fixture.out, "\n{\"id\": \"runtime/canonical\", \"scenario\": \"runtime/canonical\", \"path\": ");
    report_done(&fixture);
}

static void test_hostile_texts(void) {
    struct report_fixture fixture;
    given_hostile_texts(&fixture);
    json_t *json = reported(&fixture);
    CU_ASSERT_STRING_EQUAL(text_at(json, "reason"), "<b>\"R&D\"</b> | `x`\n## no heading");
    CU_ASSERT_STRING_EQUAL(text_at(json, "subjects/1/facts/2/value"), "8.0\x1B[31m & \"more\"");
    CU_ASSERT_STRING_EQUAL(
        text_at(json, "instances/0/steps/1/note"),
        "bell \x07, half \uFFFD, none \uFFFD, surrogate \uFFFD\uFFFD\uFFFD, delete \x7F, sharp s \u00DF");
    lacks(&fixture.out, "\x1B");
    json_decref(json);
    report_done(&fixture);
}

static void test_no_instances(void) {
    struct report_fixture fixture;
    given_empty_run(&fixture);
    json_decref(reported(&fixture));
    holds(&fixture.out, "\"instances\": [\n]\n}\n");
    report_done(&fixture);
}

/* A seed of 64 bits survives. */
static void test_great_seed(void) {
    struct report_fixture fixture;
    given_empty_run(&fixture);
    fixture.report.seed = UINT64_MAX;
    json_t *json = reported(&fixture);
    CU_ASSERT_STRING_EQUAL(text_at(json, "seed"), "18446744073709551615");
    json_decref(json);
    report_done(&fixture);
}

static void test_schema_refuses(void) {
    struct report_fixture fixture;
    given_nothing_new(&fixture);
    json_t *json = reported(&fixture);
    json_t *step = json_array_get(json_object_get(json_array_get(json_object_get(json, "instances"), 1), "steps"), 0);
    json_object_set_new(step, "verdict", json_string("fine"));
    check_schema(json, false, "instances/1/steps/0/verdict: is none of the enumerated values: fine\n");
    json_object_set_new(step, "verdict", json_string("conform"));
    json_object_set_new(step, "line", json_real(1.5));
    check_schema(json, false, "instances/1/steps/0/line: is not of type integer\n");
    json_object_set_new(step, "line", json_integer(0));
    check_schema(json, false, "instances/1/steps/0/line: is too small");
    json_object_set_new(step, "line", json_integer(6));
    json_object_set_new(step, "more", json_null());
    check_schema(json, false, "instances/1/steps/0: has an unknown member more\n");
    json_object_del(step, "more");
    json_object_del(step, "call");
    check_schema(json, false, "instances/1/steps/0: lacks call\n");
    json_decref(json);
    report_done(&fixture);
}

static void test_unknown_keyword(void) {
    json_t *schema = loaded("{\"pattern\": \"a\"}", 16), *value = json_string("a");
    struct text trouble = { 0 };
    CU_ASSERT_FALSE(schema_check(schema, value, &trouble));
    holds(&trouble, "the document: schema: the checker does not know pattern\n");
    text_free(&trouble);
    json_decref(schema);
    json_decref(value);
}

/* --- a real run --------------------------------------------------------------------------------------------------- */

static const char tiny[] =
    "scenario tiny\n"
    "\n"
    "process app\n"
    "\n"
    "app: s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) -> ok\n"
    "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 2}, cbOut=16) -> ok NumberOfPorts=2 @REM-09\n";

static void test_real_run(void) {
    struct language_error error;
    struct report_fixture fixture;
    given_empty_run(&fixture);
    char path[] = "tiny.scn", id[] = "tests/tiny";
    struct scenario_file file = { .path = path,
                                  .id = id,
                                  .scenario = scenario_parse("tiny.scn", tiny, sizeof tiny - 1, &error) };
    CU_ASSERT_PTR_NOT_NULL_FATAL(file.scenario);
    file.instances_count = 1;
    struct scenario_set set = { .files = &file, .count = 1 };
    struct run_plan plan = { .subjects = { subject_model(profile_named("windows"), 0) },
                             .subjects_count = 1,
                             .repeat = 1 };
    runner_run(&plan, &set, &fixture.record);
    json_t *json = reported(&fixture);
    check_schema(json, true, NULL);
    CU_ASSERT_STRING_EQUAL(text_at(json, "instances/0/id"), "tests/tiny");
    CU_ASSERT_STRING_EQUAL(text_at(json, "instances/0/verdict"), "conform");
    CU_ASSERT_EQUAL(strncmp(text_at(json, "instances/0/steps/1/outcome"), "ok error=0 bytes=", 17), 0);
    json_decref(json);
    report_done(&fixture);
    subject_free(plan.subjects[0]);
    scenario_free(file.scenario);
}

static void test_stopped_instance(void) {
    struct report_fixture fixture;
    given_nothing_new(&fixture);
    struct step_record *step = &fixture.record.instances[0]->steps[1];
    step->result = STEP_RESTART;
    step->outcome = NULL;
    step->verdict = VERDICT_INCONCLUSIVE;
    step->note = "the machine has to restart here";
    instance_record_raise(fixture.record.instances[0], step->verdict, step->note);
    json_t *json = reported(&fixture);
    check_schema(json, true, NULL);
    CU_ASSERT_STRING_EQUAL(text_at(json, "instances/0/steps/1/result"), "restart");
    json_decref(json);
    report_done(&fixture);
}

/* --- read as a run ------------------------------------------------------------------------------------------------ */

static void write_text(const char *text) {
    FILE *file = file_create(file_path);
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fwrite(text, 1, strlen(text), file), strlen(text));
    CU_ASSERT_EQUAL(fclose(file), 0);
}

static void test_read_back(void) {
    struct report_fixture fixture;
    struct run_file file = { .arena = NULL };
    struct text trouble = { 0 };
    given_every_verdict(&fixture);
    json_decref(reported(&fixture));
    write_text(fixture.out.bytes);
    CU_ASSERT_TRUE_FATAL(run_file_read(&file, file_path, &trouble));
    CU_ASSERT_EQUAL(file.subjects_count, 2);
    CU_ASSERT_EQUAL(file.instances_count, 10);
    CU_ASSERT_STRING_EQUAL(file.reason, "nightly");
    CU_ASSERT_STRING_EQUAL(file.subjects[1].name, "wine-8.0");
    CU_ASSERT_EQUAL(file.instances[3].verdict, VERDICT_DEVIATE_KNOWN);
    CU_ASSERT_STRING_EQUAL(file.instances[3].steps[1].answer, "WSAEOPNOTSUPP bytes=0");
    CU_ASSERT_STRING_EQUAL(file.instances[2].steps[1].answer, "not sent: needs r, line 7");
    CU_ASSERT_PTR_NULL(file.instances[2].reason); /* a step says so */
    CU_ASSERT_STRING_EQUAL(file.instances[7].reason, "one run was conform, another deviate-new");
    run_file_free(&file);
    report_done(&fixture);
    remove(file_path);
}

/* What the terminal shows of a foreign file cannot command it. */
static void test_read_hostile(void) {
    struct report_fixture fixture;
    struct run_file file = { .arena = NULL };
    struct text trouble = { 0 };
    given_hostile_texts(&fixture);
    fixture.report.reason = "\x1B[2J";
    json_decref(reported(&fixture));
    write_text(fixture.out.bytes);
    CU_ASSERT_TRUE_FATAL(run_file_read(&file, file_path, &trouble));
    CU_ASSERT_STRING_EQUAL(file.reason, "\u241B[2J");
    run_file_free(&file);
    report_done(&fixture);
    remove(file_path);
}

static void check_refused(const char *text, const char *expected) {
    struct run_file file = { .arena = NULL };
    struct text trouble = { 0 };
    write_text(text);
    CU_ASSERT_FALSE(run_file_read(&file, file_path, &trouble));
    if (strcmp(trouble.bytes, expected) != 0) printf("\n    said: %s", trouble.bytes);
    CU_ASSERT_STRING_EQUAL(trouble.bytes, expected);
    run_file_free(&file);
    text_free(&trouble);
    remove(file_path);
}

#define HEAD \
    "{\"format\": \"reservoir-run\", \"format_version\": 1, \"reservoir\": \"1\", \"profile\": \"p\", \"seed\": \"0\", \"reason\": \"r\", "
#define ONE HEAD "\"subjects\": [{\"name\": \"model\", \"kind\": \"model\"}], \"instances\": ["

static void test_bad_files(void) {
    check_refused("", "build/test-run.json:1:0: '[' or '{' expected near end of file");
    check_refused("{\"a\": 1,\n \"b\": }", "build/test-run.json:2:7: unexpected token near '}'");
    check_refused("{\"a\": 1, \"a\": 2}", "build/test-run.json:1:12: duplicate object key near '\"a\"'");
    check_refused("[]", "build/test-run.json: is JSON, but no object; expected a run that --report json wrote");
    check_refused("{}", "build/test-run.json: format: is missing");
    check_refused("{\"format\": 3}", "build/test-run.json: format: is no string");
    check_refused("{\"format\": \"tap\"}", "build/test-run.json: format: is not reservoir-run");
    check_refused("{\"format\": \"reservoir-run\", \"format_version\": 2}",
                  "build/test-run.json: format_version: is newer than this program");
    check_refused(HEAD "\"subjects\": {}}", "build/test-run.json: subjects: is no array");
    check_refused(HEAD "\"subjects\": [1]}", "build/test-run.json: subjects[0].name: is missing");
    check_refused(ONE "{\"id\": \"a\", \"subject\": \"wine\"}]}",
                  "build/test-run.json: instances[0].subject: is none of the subjects");
    check_refused(ONE "{\"id\": \"a\", \"subject\": \"model\", \"verdict\": \"good\"}]}",
                  "build/test-run.json: instances[0].verdict: is no verdict");
    check_refused(ONE
                  "{\"id\": \"a\", \"subject\": \"model\", \"verdict\": \"conform\", \"steps\": [{\"line\": -1}]}]}",
                  "build/test-run.json: instances[0].steps[0].line: is out of range");
}

static void test_missing_file(void) {
    struct run_file file = { .arena = NULL };
    struct text trouble = { 0 };
    CU_ASSERT_FALSE(run_file_read(&file, "build/no-such-run.json", &trouble));
    CU_ASSERT_STRING_EQUAL(trouble.bytes, "build/no-such-run.json: there is no such file");
    run_file_free(&file);
    trouble.length = 0;
    CU_ASSERT_FALSE(run_file_read(&file, "build", &trouble));
    CU_ASSERT_STRING_EQUAL(trouble.bytes, "build: is a folder");
    run_file_free(&file);
    text_free(&trouble);
}

void register_json_tests(void) {
    CU_pSuite suite = CU_add_suite("json", NULL, NULL);
    CU_add_test(suite, "every state fits the schema", test_every_state_fits_the_schema);
    CU_add_test(suite, "a new deviation, field by field", test_new_deviation);
    CU_add_test(suite, "the head is indented, an instance has a line", test_lines);
    CU_add_test(suite, "hostile texts", test_hostile_texts);
    CU_add_test(suite, "no instances", test_no_instances);
    CU_add_test(suite, "a seed of 64 bits", test_great_seed);
    CU_add_test(suite, "the schema refuses what is wrong", test_schema_refuses);
    CU_add_test(suite, "the checker refuses a keyword that it does not know", test_unknown_keyword);
    CU_add_test(suite, "a real run fits the schema", test_real_run);
    CU_add_test(suite, "an instance that stopped for a restart", test_stopped_instance);
    CU_add_test(suite, "read back", test_read_back);
    CU_add_test(suite, "read back, hostile texts are shown and not obeyed", test_read_hostile);
    CU_add_test(suite, "files that are no runs", test_bad_files);
    CU_add_test(suite, "no file, and a folder", test_missing_file);
}
