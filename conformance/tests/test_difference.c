/* In what an answer differs from what was allowed, and what a source says, in words. */
#include <CUnit/CUnit.h>

#include <stdio.h>
#include <string.h>

#include "conformance/judge/difference.h"
#include "conformance/language/source_text.h"

void register_difference_tests(void);

static void expect_text(struct text *text, const char *expected) {
    const char *found = text->length == 0 ? "" : text->bytes;
    if (strcmp(found, expected) != 0) printf("\n    expected %s, found %s", expected, found);
    CU_ASSERT_STRING_EQUAL(found, expected);
    text_free(text);
}

/* `seen` against one or two allowed outcomes, without observations behind them. */
static void expect_difference(const char *seen, const char *first, const char *second, const char *expected) {
    struct text out = { 0 };
    const struct answer answer = { seen, NULL }, allowed[2] = { { first, NULL }, { second, NULL } };
    difference_add(&answer, allowed, second == NULL ? 1 : 2, &out);
    expect_text(&out, expected);
}

static void values_that_differ_are_named(void) {
    expect_difference("ok error=0 bytes=77", "ok error=0 bytes=0", NULL, "bytes: 77 instead of 0");
    expect_difference("ok error=0 bytes=77", "ok error=0 bytes=0", "ok error=0 bytes=8", "bytes: 77 instead of 0 or 8");
    expect_difference("ok error=5 bytes=1", "ok error=0 bytes=0", NULL, "error: 5 instead of 0; bytes: 1 instead of 0");
    expect_difference("ok error=5", "ok error=0|untouched", NULL, "error: 5 instead of 0|untouched");
    expect_difference("ok", "ok bytes=0", NULL, "bytes: nothing instead of 0");
}

/* What was observed of the model mentions everything, a line of a scenario does not. */
static void what_has_no_place_there_is_named(void) {
    struct observation none;
    struct text out = { 0 };
    memset(&none, 0, sizeof none);
    const struct answer seen = { "ok error=0 bytes=3 event=set", &none }, judged = { "ok error=0", &none };
    const struct answer written = { "ok error=0", NULL };
    difference_add(&seen, &judged, 1, &out);
    expect_text(&out, "bytes: 3 instead of nothing; event: set instead of nothing");
    difference_add(&seen, &written, 1, &out);
    expect_text(&out, "");
}

static void what_another_alternative_differs_in_is_not_listed(void) {
    expect_difference("ok error=0 bytes=77", "ok error=0 bytes=0", "ok error=1 bytes=77", "bytes: 77 instead of 0");
    expect_difference("ok error=0 bytes=77", "ok error=0 bytes=0", "WSAEACCES bytes=0", "bytes: 77 instead of 0");
}

static void another_word_is_named_once(void) {
    expect_difference("ok bytes=0", "WSAEACCES bytes=0", "WSAEACCES bytes=untouched", "ok instead of WSAEACCES");
    expect_difference("ok", "WSAEACCES", "WSAEINVAL", "ok instead of WSAEACCES or WSAEINVAL");
}

static void names_of_tokens_differ_in_nothing(void) {
    CU_ASSERT_EQUAL(difference_size("ok Token=t1", "ok Token=t2"), 0);
    CU_ASSERT_EQUAL(difference_size("ok Token=7", "ok Token=t2"), 1);
    CU_ASSERT_TRUE(difference_size("ok a=1 b=2", "ok a=2 b=1") < difference_size("ok", "WSAEINVAL"));
}

static void numbers_stand_beside_names(void) {
    struct observation seen, other;
    struct text out = { 0 };
    memset(&seen, 0, sizeof seen);
    memset(&other, 0, sizeof other);
    seen.values[OBSERVABLE_port] = (struct observed_value){ .present = 1, .number = 60001 };
    other.values[OBSERVABLE_port] = (struct observed_value){ .present = 1, .number = 49152 };
    const struct answer answer = { "ok port=s.port", &seen }, known = { "ok port=r", &other };
    difference_add(&answer, &known, 1, &out);
    expect_text(&out, "port: s.port (60001) instead of r (49152)");
    /* A port that the answer itself brings may be any. */
    const struct answer in_block = { "ok port=r", &other }, any = { "ok port=s.port", &seen };
    difference_add(&in_block, &any, 1, &out);
    expect_text(&out, "port: r (49152) instead of s.port");
}

static void routines_that_ran_are_counted(void) {
    struct observation none, one;
    struct text out = { 0 };
    memset(&none, 0, sizeof none);
    memset(&one, 0, sizeof one);
    one.routines_count = 1;
    const struct answer seen = { "ok", &none }, allowed = { "ok", &one };
    difference_add(&seen, &allowed, 1, &out);
    expect_text(&out, "routines that ran: 0 instead of 1");
}

static void words_that_differ_are_marked(void) {
    struct text out = { 0 };
    difference_mark("ok error=0 bytes=77", "ok error=0 bytes=0", "<", ">", &out);
    expect_text(&out, "ok error=0 <bytes=77>");
    difference_mark("ok  bytes=0", "WSAEINVAL bytes=0", "<", ">", &out);
    expect_text(&out, "<ok>  bytes=0");
}

static void expect_source(const char *sources, const char *expected) {
    struct text out = { 0 };
    CU_ASSERT_EQUAL(source_text_add(sources, &out), expected[0] != '\0');
    expect_text(&out, expected);
}

static void the_first_source_that_says_something_speaks(void) {
    expect_source("@ASC-04 @Q46=a (silent)", "ASC-04: If that reservation has no port available, bind fails.");
    expect_source("@Q46=a (silent) @ASC-04", "ASC-04: If that reservation has no port available, bind fails.");
    expect_source("@inferred", "");
    expect_source("", "");
    expect_source("@Q999=a", "");
    /* A name in a list of other pages is no sentence. */
    expect_source("@SEE-10", "");
}

void register_difference_tests(void) {
    CU_pSuite suite = CU_add_suite("conformance/difference", NULL, NULL);
    CU_add_test(suite, "values that differ are named", values_that_differ_are_named);
    CU_add_test(suite, "what has no place there is named", what_has_no_place_there_is_named);
    CU_add_test(suite, "what another alternative differs in is not listed",
                what_another_alternative_differs_in_is_not_listed);
    CU_add_test(suite, "another word is named once", another_word_is_named_once);
    CU_add_test(suite, "names of tokens differ in nothing", names_of_tokens_differ_in_nothing);
    CU_add_test(suite, "numbers stand beside names", numbers_stand_beside_names);
    CU_add_test(suite, "routines that ran are counted", routines_that_ran_are_counted);
    CU_add_test(suite, "words that differ are marked", words_that_differ_are_marked);
    CU_add_test(suite, "the first source that says something speaks", the_first_source_that_says_something_speaks);
}
