/* A shared library that is loaded when it is first needed. */
#include <CUnit/CUnit.h>
#include <math.h>

#include "sim/late/late_library.h"

void register_late_library_tests(void);

/* The mathematics of the C library, which is everywhere. */
#define FUNCTIONS(take) take(floor) take(sqrt)

struct mathematics {
    FUNCTIONS(LATE_MEMBER)
};

static const char *const names_there[] = { "libnowhere.so.7", "libm.so.6", NULL };
static const char *const names_not_there[] = { "libnowhere.so.7", NULL };
static const char *const functions[] = { FUNCTIONS(LATE_NAME) };

static void test_first_that_is_there(void) {
    struct mathematics library = { NULL, NULL };
    CU_ASSERT_TRUE_FATAL(late_library_load(names_there, functions, 2, &library));
    CU_ASSERT_EQUAL(library.floor(2.5), 2);
    CU_ASSERT_EQUAL(library.sqrt(9), 3);

    /* A second time it is there already, and no name is asked for. */
    CU_ASSERT_TRUE(late_library_load(names_not_there, functions, 2, &library));
}

static void test_not_there(void) {
    struct mathematics library = { NULL, NULL };
    CU_ASSERT_FALSE(late_library_load(names_not_there, functions, 2, &library));
    CU_ASSERT_PTR_NULL(library.floor);
}

static void test_lacks_a_function(void) {
    static const char *const wanted[] = { "floor", "no_such_function" };
    struct mathematics library = { NULL, NULL };
    CU_ASSERT_FALSE(late_library_load(names_there, wanted, 2, &library));
    CU_ASSERT_PTR_NULL(library.floor);
    CU_ASSERT_PTR_NULL(library.sqrt);
}

void register_late_library_tests(void) {
    CU_pSuite suite = CU_add_suite("libraries that are loaded late", NULL, NULL);
    CU_add_test(suite, "the first that is there is loaded, once", test_first_that_is_there);
    CU_add_test(suite, "one that is not there", test_not_there);
    CU_add_test(suite, "one that lacks a function gives none", test_lacks_a_function);
}
