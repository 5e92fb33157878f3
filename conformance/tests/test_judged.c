/* Traces that say themselves what the judge has to say of them (tests/judged/): facts of their heads.
 *
 *   expect-any      allowed, rejected LINE, undecided LINE or unreadable LINE, with every question open
 *   expect-windows  the same under the profile windows
 *   allowed, differs, because, follows
 *                   a row that the report has to have under the profile windows: what a rejection teaches
 *   rejects         so many steps are rejected under the profile windows
 *   decides         with every question open: what an allowed one decides, as `reservoir judge` prints it; `nothing` */
#include <CUnit/CUnit.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/judge/trace_judge.h"
#include "conformance/language/language_error.h"
#include "conformance/language/parser.h"
#include "stack/readings.h"

void register_judged_tests(void);

static const char *fact(const struct scenario *trace, const char *key) {
    for (uint32_t i = 0; i < trace->facts_count; i++)
        if (strcmp(trace->facts[i].key, key) == 0) return trace->facts[i].value;
    return NULL;
}

static void complain(const char *path, const char *expected, const char *text) {
    printf("\n    %s: expected %s, the judge says: %s", path, expected, text);
    CU_FAIL("a trace is not judged as its head says");
}

static void print_answer(const struct trace_verdict *verdict, char *out, size_t size) {
    static const char *const words[] = {
        [TRACE_ALLOWED] = "allowed",       [TRACE_REJECTED] = "rejected",     [TRACE_UNDECIDED] = "undecided",
        [TRACE_NOT_JUDGED] = "not judged", [TRACE_UNREADABLE] = "unreadable",
    };
    if (verdict->answer == TRACE_ALLOWED) snprintf(out, size, "%s", words[verdict->answer]);
    else snprintf(out, size, "%s %u", words[verdict->answer], verdict->line);
}

/* `Q6=a Q12=b Q17=a|b`, or `nothing`. */
static void print_decided(const struct trace_verdict *verdict, struct text *out) {
    for (unsigned question = 1; verdict->exhaustive && question < READINGS_MAX; question++) {
        const struct reading *row = reading_of(question);
        if (row == NULL || !row->modelled) continue;
        unsigned all = (1u << row->candidates_count) - 1;
        if ((verdict->candidates[question] & all) == all) continue;
        text_add(out, "%sQ%u=", out->length == 0 ? "" : " ", question);
        bool first = true;
        for (unsigned i = 0; i < row->candidates_count; i++) {
            if ((verdict->candidates[question] >> i & 1) == 0) continue;
            text_add(out, "%s%c", first ? "" : "|", 'a' + (int)i);
            first = false;
        }
    }
    if (out->length == 0) text_add(out, "nothing");
}

/* A row of the report: `    differs   bytes: 20 instead of 16`. */
static void expect_row(const char *path, const struct scenario *trace, const char *label, const struct text *report) {
    struct text row = { 0 };
    const char *expected = fact(trace, label);
    if (expected == NULL) return;
    text_add(&row, "    %-9s %s\n", label, expected);
    if (report->length == 0 || strstr(report->bytes, row.bytes) == NULL)
        complain(path, row.bytes, report->length == 0 ? "nothing" : report->bytes);
    text_free(&row);
}

static void expect_answer(const char *path, struct scenario *trace, const char *expected,
                          const struct profile *profile) {
    struct trace_verdict verdict;
    char answer[64];
    if (expected == NULL) return;
    trace_judge(trace, profile, &verdict);
    print_answer(&verdict, answer, sizeof answer);
    if (strcmp(answer, expected) != 0)
        complain(path, expected, verdict.report.length > 0 ? verdict.report.bytes : answer);
    static const char *const rows[] = { "allowed", "differs", "because", "follows" };
    for (size_t i = 0; profile != NULL && i < sizeof rows / sizeof rows[0]; i++)
        expect_row(path, trace, rows[i], &verdict.report);
    const char *rejects = fact(trace, "rejects");
    snprintf(answer, sizeof answer, "%u", (unsigned)verdict.rejected);
    if (profile != NULL && rejects != NULL && strcmp(answer, rejects) != 0) complain(path, rejects, answer);
    const char *decides = fact(trace, "decides");
    struct text decided = { 0 };
    if (profile == NULL && decides != NULL) {
        print_decided(&verdict, &decided);
        if (strcmp(decided.bytes, decides) != 0) complain(path, decides, decided.bytes);
    }
    text_free(&decided);
    trace_verdict_free(&verdict);
}

static void judge_file(const char *path) {
    struct language_error error;
    struct scenario *trace = scenario_parse_file(path, &error);
    if (trace == NULL) {
        complain(path, "a trace", error.message);
        return;
    }
    const char *any = fact(trace, "expect-any"), *windows = fact(trace, "expect-windows");
    if (any == NULL && windows == NULL) complain(path, "a fact `expect-any`", "there is none");
    expect_answer(path, trace, any, NULL);
    expect_answer(path, trace, windows, profile_named("windows"));
    scenario_free(trace);
}

static void traces_are_judged_as_their_heads_say(void) {
    struct path_list list = { 0 };
    char trouble[FOLDER_PATH_MAX];
    CU_ASSERT_TRUE_FATAL(folder_find("conformance/tests/judged", ".trace", &list, trouble));
    CU_ASSERT_TRUE(list.count > 0);
    path_list_sort(&list);
    for (size_t i = 0; i < list.count; i++) judge_file(list.paths[i]);
    path_list_free(&list);
}

void register_judged_tests(void) {
    CU_pSuite suite = CU_add_suite("conformance/judged", NULL, NULL);
    CU_add_test(suite, "traces are judged as their heads say", traces_are_judged_as_their_heads_say);
}
