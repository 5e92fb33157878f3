/* When two results say the same: byte for byte of what means something, and of nothing else. */
#include <CUnit/CUnit.h>
#include <string.h>

#include "stack/call/call.h"

void register_result_tests(void);

/* One of each: a write of three bytes, a routine, a thread that returns. What nothing counts is `garbage`. */
static struct result full_result(int garbage) {
    struct result result;
    static const uint8_t bytes[3] = { 1, 2, 3 };
    const struct result_routine ran = { .routine = 0x1000, .overlapped = 0x2000, .bytes = 3 };
    const struct result_return back = { .thread = 2, .status = RESULT_RETURNED, .value = 7, .error = 5 };
    memset(&result, garbage, sizeof result);
    result_clear(&result);
    result.value = 9;
    result_write(&result, 0x3000, bytes, sizeof bytes);
    result_routine(&result, &ran);
    result_return(&result, &back);
    return result;
}

static void what_nothing_counts_means_nothing(void) {
    const struct result one = full_result(0x55), other = full_result(0xaa);
    CU_ASSERT_TRUE(result_equal(&one, &other));
}

static void each_part_counts(void) {
    const struct result whole = full_result(0);
    for (unsigned part = 0; part < 6; part++) {
        struct result other = whole;
        switch (part) {
        case 0: other.value++; break;
        case 1: other.error++; break;
        case 2: other.writes[0].address++; break;
        case 3: other.routines[0].bytes++; break;
        case 4: other.returns[0].value++; break;
        default: other.bytes[other.bytes_used - 1]++; break;
        }
        CU_ASSERT_FALSE(result_equal(&whole, &other));
        CU_ASSERT_FALSE(result_equal(&other, &whole));
        CU_ASSERT_TRUE(result_equal(&other, &other));
    }
}

void register_result_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/call results", NULL, NULL);
    CU_add_test(suite, "what nothing counts means nothing", what_nothing_counts_means_nothing);
    CU_add_test(suite, "each part counts", each_part_counts);
}
