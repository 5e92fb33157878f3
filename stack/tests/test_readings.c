#include <CUnit/CUnit.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "stack/readings.h"
#include "stack/world.h"

void register_readings_tests(void);

static unsigned candidates_of(enum question question) {
    const struct reading *reading = reading_of(question);
    return reading == NULL ? 0 : reading->candidates_count;
}

enum { NO_ANSWER = CANDIDATES_MAX };

static unsigned answer(const char *profile_name, enum question question) {
    const struct profile *profile = profile_named(profile_name);
    if (profile == NULL || profile->answers[question] == 0) return NO_ANSWER;
    return profile->answers[question] - 1u;
}

static void rows_are_numbered_without_a_gap(void) {
    unsigned count = 0;
    const struct reading *rows = readings(&count);
    CU_ASSERT_EQUAL_FATAL(count, QUESTION_LAST);
    for (unsigned i = 0; i < count; i++) {
        CU_ASSERT_EQUAL(rows[i].question, i + 1);
        CU_ASSERT_PTR_EQUAL(reading_of(i + 1), &rows[i]);
    }
}

/* The number that a name carries: 46 of "Q46_ADDRINUSE"; 0 of another text. */
static unsigned number_in(const char *name) {
    unsigned number = 0;
    if (*name++ != 'Q') return 0;
    while (*name >= '0' && *name <= '9') number = number * 10 + (unsigned)(*name++ - '0');
    return *name == '_' ? number : 0;
}

static void check_numbers_of(const char *question, ...) {
    va_list names;
    va_start(names, question);
    for (const char *name; (name = va_arg(names, const char *)) != NULL;)
        CU_ASSERT_EQUAL(number_in(name), number_in(question));
    va_end(names);
}

static void names_carry_the_number_of_their_question(void) {
#define CANDIDATE(name, meaning) #name,
#define READING(number, name, asked, provenance, documented, lean, title, evidence, candidates) \
    CU_ASSERT_EQUAL(number_in(#name), number); \
    CU_ASSERT_EQUAL(number_in(#documented), number); \
    CU_ASSERT_EQUAL(number_in(#lean), number); \
    check_numbers_of(#name, candidates NULL);
#include "stack/readings.def"
#undef READING
#undef CANDIDATE
}

static void unknown_questions_have_no_row(void) {
    CU_ASSERT_PTR_NULL(reading_of((enum question)0));
    CU_ASSERT_PTR_NULL(reading_of(QUESTION_AFTER_LAST));
    CU_ASSERT_PTR_NULL(reading_of((enum question)60000));
}

static void every_row_is_complete(void) {
    unsigned count = 0;
    const struct reading *rows = readings(&count);
    for (unsigned i = 0; i < count; i++) {
        const struct reading *row = &rows[i];
        CU_ASSERT_TRUE(row->candidates_count >= 2);
        CU_ASSERT_TRUE(row->candidates_count <= CANDIDATES_MAX);
        CU_ASSERT_TRUE(row->documented < row->candidates_count);
        CU_ASSERT_TRUE(row->lean < row->candidates_count);
        CU_ASSERT_TRUE(strlen(row->title) > 0);
        CU_ASSERT_TRUE(strlen(row->note) > 0);
        for (unsigned c = 0; c < CANDIDATES_MAX; c++) {
            CU_ASSERT_EQUAL(row->candidates[c] != NULL, c < row->candidates_count);
        }
    }
}

static void candidates_of_a_row_differ(void) {
    unsigned count = 0;
    const struct reading *rows = readings(&count);
    for (unsigned i = 0; i < count; i++) {
        for (unsigned c = 1; c < rows[i].candidates_count; c++) {
            for (unsigned d = 0; d < c; d++) {
                CU_ASSERT_STRING_NOT_EQUAL(rows[i].candidates[c], rows[i].candidates[d]);
            }
        }
    }
}

/* A profile must not wander off silently: where the pages are silent, reading them literally means taking the lean. */
static void documented_departs_from_the_lean_only_where_a_page_speaks(void) {
    static const enum question departures[] = {
        Q1_SHORT_OUTPUT,
        Q5_BYTES_WITHOUT_OUTPUT,
        Q73_OVERLAPPED_BYTES,
        Q77_UNKNOWN_CODE,
        Q84_WSPIOCTL_ERROR,
        Q87_ASSOCIATE_UNPRIVILEGED,
        Q88_UNUSED_OUTPUT_POINTER,
        Q102_RAW_SOCKET_OF_TCP_OR_UDP,
        Q103_REFUSED_CONNECT, /* RFC 9293 is the page here */
        Q109_BIND_TO_BROADCAST,
        Q110_FLUSH,
        Q112_UNKNOWN_OPTION_LEVEL,
        Q114_SHORT_TIME_OUT,
        Q116_TIME_WAIT, /* RFC 9293 again */
        Q118_EXCLUSIVE_BESIDE_ACCEPTED,
        Q119_SELECTED_AGAIN,
        Q120_CLOSE_BEFORE_READ,
        Q121_CLOSE_AFTER_RESET,
        Q122_MORE_OF_THE_SAME,
        Q123_TAKEN_BEFORE_LOOKED_AT,
        Q124_REUSE_UNICASTPORT,
        Q127_PACKET_OR_ROUTINE,
        Q128_AFTER_SILENCE,
        Q129_CANCEL_SYNCHRONOUS,
        Q131_ACCEPT_EX_AT_ONCE,
        Q134_HANDLE_TWICE,
        Q136_ACCEPT_WITHOUT_CONDITION,
        Q137_DUPLICATED_SOCKET,
        Q138_DUPLICATED_PORT,
        Q141_DYNAMIC_START,
        Q146_PENDING_DATAGRAMS,
        Q147_READY_ACCEPT,
        Q148_READY_POLL,
        Q150_BOUND_BY_ANOTHER,
        Q152_MESSAGE_BEFORE_BIND,
    };
    unsigned count = 0, found = 0;
    const struct reading *rows = readings(&count);
    for (unsigned i = 0; i < count; i++) {
        if (rows[i].documented == rows[i].lean) continue;
        CU_ASSERT_TRUE_FATAL(found < sizeof departures / sizeof departures[0]);
        CU_ASSERT_EQUAL(rows[i].question, departures[found]);
        found++;
    }
    CU_ASSERT_EQUAL(found, sizeof departures / sizeof departures[0]);
}

static void what_the_model_asks_is_marked(void) {
    static const enum question never_asked[] = {
        Q10_ORDER_OF_CHECKS,        Q18_QUOTAS,       Q37_BIND_INTO_EXCLUSION,
        Q51_TWO_ADDRESSES_ONE_PORT, Q65_DELETE_TOKEN, Q75_OVERLAPPED_ON_PLAIN_SOCKET,
        Q78_CANCELLED_CALL,         Q82_OUTPUT_BIT,   Q83_ERRNO_PARAMETER,
        Q85_SUPPORTED_SINCE,
    };
    unsigned next = 0;
    for (unsigned question = 1; question <= QUESTION_LAST; question++) {
        bool never = next < sizeof never_asked / sizeof never_asked[0] && never_asked[next] == question;
        if (never) next++;
        CU_ASSERT_EQUAL(reading_of(question)->modelled, !never);
    }
    CU_ASSERT_EQUAL(next, sizeof never_asked / sizeof never_asked[0]);
}

static void candidates_count_as_the_model_asks_them(void) {
    CU_ASSERT_EQUAL(candidates_of(Q1_SHORT_OUTPUT), 2);
    CU_ASSERT_EQUAL(candidates_of(Q13_ZERO_PORTS), 3);
    CU_ASSERT_EQUAL(candidates_of(Q17_WILDCARD_PLACEMENT), 3);
    CU_ASSERT_EQUAL(candidates_of(Q38_ASSOCIATE_AFTER_BIND), 3);
    CU_ASSERT_EQUAL(candidates_of(Q46_BLOCK_EXHAUSTED), 4);
    CU_ASSERT_EQUAL(candidates_of(Q49_EXPLICIT_OUTSIDE), 4);
    CU_ASSERT_EQUAL(candidates_of(Q54_RELEASE_WHILE_BOUND), 3);
    CU_ASSERT_EQUAL(candidates_of(Q76_OTHER_KIND_OF_SOCKET), 3);
    CU_ASSERT_EQUAL(candidates_of(Q89_IMPLEMENTED), 2);
    CU_ASSERT_STRING_EQUAL(reading_of(Q46_BLOCK_EXHAUSTED)->candidates[Q46_ADDRNOTAVAIL], "WSAEADDRNOTAVAIL");
    CU_ASSERT_STRING_EQUAL(reading_of(Q89_IMPLEMENTED)->candidates[Q89_NO], "no");
}

static void profiles_answer_every_question(void) {
    unsigned count = 0;
    const struct reading *rows = readings(&count);
    for (unsigned i = 0; i < count; i++) {
        CU_ASSERT_EQUAL(answer("documented", rows[i].question), rows[i].documented);
        CU_ASSERT_EQUAL(answer("windows", rows[i].question), rows[i].lean);
    }
}

static void profile_documented_takes_the_page_literally(void) {
    CU_ASSERT_EQUAL(answer("documented", Q1_SHORT_OUTPUT), Q1_INVAL);
    CU_ASSERT_EQUAL(answer("documented", Q5_BYTES_WITHOUT_OUTPUT), Q5_INPUT_SIZE);
    CU_ASSERT_EQUAL(answer("documented", Q77_UNKNOWN_CODE), Q77_INVAL);
    CU_ASSERT_EQUAL(answer("documented", Q41_ASSOCIATE_FOREIGN_TOKEN), answer("windows", Q41_ASSOCIATE_FOREIGN_TOKEN));
}

static void profile_windows_takes_what_was_observed(void) {
    CU_ASSERT_EQUAL(answer("windows", Q1_SHORT_OUTPUT), Q1_FAULT);
    CU_ASSERT_EQUAL(answer("windows", Q5_BYTES_WITHOUT_OUTPUT), Q5_ZERO);
    CU_ASSERT_EQUAL(answer("windows", Q77_UNKNOWN_CODE), Q77_OPNOTSUPP);
    CU_ASSERT_EQUAL(answer("windows", Q89_IMPLEMENTED), Q89_YES);
}

static void profiles_know_their_names(void) {
    CU_ASSERT_STRING_EQUAL(profile_named("documented")->name, "documented");
    CU_ASSERT_STRING_EQUAL(profile_named("windows")->name, "windows");
    CU_ASSERT_PTR_NULL(profile_named("Windows"));
    CU_ASSERT_PTR_NULL(profile_named("window"));
    CU_ASSERT_PTR_NULL(profile_named(""));
}

static void provenances_have_names(void) {
    CU_ASSERT_STRING_EQUAL(provenance_name(PROVENANCE_DOCUMENTED), "documented");
    CU_ASSERT_STRING_EQUAL(provenance_name(PROVENANCE_OBSERVED), "observed");
    CU_ASSERT_STRING_EQUAL(provenance_name(PROVENANCE_CLIENT), "client");
    CU_ASSERT_STRING_EQUAL(provenance_name(PROVENANCE_INFERRED), "inferred");
    CU_ASSERT_STRING_EQUAL(provenance_name(PROVENANCE_SILENT), "silent");
}

void register_readings_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/readings", NULL, NULL);
    CU_add_test(suite, "rows are numbered without a gap", rows_are_numbered_without_a_gap);
    CU_add_test(suite, "names carry the number of their question", names_carry_the_number_of_their_question);
    CU_add_test(suite, "unknown questions have no row", unknown_questions_have_no_row);
    CU_add_test(suite, "every row is complete", every_row_is_complete);
    CU_add_test(suite, "candidates of a row differ", candidates_of_a_row_differ);
    CU_add_test(suite, "documented departs from the lean only where a page speaks",
                documented_departs_from_the_lean_only_where_a_page_speaks);
    CU_add_test(suite, "what the model asks is marked", what_the_model_asks_is_marked);
    CU_add_test(suite, "candidates count as the model asks them", candidates_count_as_the_model_asks_them);
    CU_add_test(suite, "profiles answer every question", profiles_answer_every_question);
    CU_add_test(suite, "documented takes the page literally", profile_documented_takes_the_page_literally);
    CU_add_test(suite, "windows takes what was observed", profile_windows_takes_what_was_observed);
    CU_add_test(suite, "profiles know their names", profiles_know_their_names);
    CU_add_test(suite, "provenances have names", provenances_have_names);
}
