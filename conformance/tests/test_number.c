/* Decimal digits to numbers. */
#include <CUnit/CUnit.h>

#include "conformance/base/number.h"

void register_number_tests(void);

static void takes(const char *text, size_t length, size_t count, uint64_t expected) {
    uint64_t number = 77;
    CU_ASSERT_EQUAL(number_take(text, length, &number), count);
    CU_ASSERT_EQUAL(number, expected);
}

static void digits_end_at_anything_else(void) {
    takes("50000", 5, 5, 50000);
    takes("50000 q", 7, 5, 50000);
    takes("007", 3, 3, 7);
    takes("12345", 3, 3, 123);
    takes("", 0, 0, 0);
    takes("x", 1, 0, 0);
    takes("-1", 2, 0, 0);
    takes("+1", 2, 0, 0);
    takes(" 1", 2, 0, 0);
    takes("0x10", 4, 1, 0);
}

static void what_is_too_large_stays_the_largest(void) {
    takes("18446744073709551614", 20, 20, UINT64_MAX - 1);
    takes("18446744073709551615", 20, 20, UINT64_MAX);
    takes("18446744073709551616", 20, 20, UINT64_MAX);
    takes("99999999999999999999999999", 26, 26, UINT64_MAX);
    takes("184467440737095516150", 21, 21, UINT64_MAX);
}

static void a_whole_text_is_a_number_or_not(void) {
    uint64_t number = 0;
    CU_ASSERT_TRUE(number_read("65535", 65535, &number));
    CU_ASSERT_EQUAL(number, 65535);
    CU_ASSERT_FALSE(number_read("65536", 65535, &number));
    CU_ASSERT_FALSE(number_read("", 65535, &number));
    CU_ASSERT_FALSE(number_read("12 ", 65535, &number));
    CU_ASSERT_FALSE(number_read("1e3", 65535, &number));
    CU_ASSERT_FALSE(number_read("18446744073709551616", UINT64_MAX - 1, &number));
}

void register_number_tests(void) {
    CU_pSuite suite = CU_add_suite("conformance/number", NULL, NULL);
    CU_add_test(suite, "digits end at anything else", digits_end_at_anything_else);
    CU_add_test(suite, "what is too large stays the largest", what_is_too_large_stays_the_largest);
    CU_add_test(suite, "a whole text is a number or not", a_whole_text_is_a_number_or_not);
}
