#include <CUnit/CUnit.h>
#include <string.h>

#include "conformance/language/constants.h"
#include "conformance/language/layouts.h"

void register_constants_tests(void);

static int64_t value_of(const char *name) {
    const struct constant *constant = constant_named(name, (unsigned)strlen(name));
    CU_ASSERT_PTR_NOT_NULL_FATAL(constant);
    return constant->value;
}

static void the_three_codes_have_their_numbers(void) {
    CU_ASSERT_EQUAL(value_of("SIO_ACQUIRE_PORT_RESERVATION"), 0x98000064);
    CU_ASSERT_EQUAL(value_of("SIO_RELEASE_PORT_RESERVATION"), 0x98000065);
    CU_ASSERT_EQUAL(value_of("SIO_ASSOCIATE_PORT_RESERVATION"), 0x98000066);
    CU_ASSERT_STRING_EQUAL(control_code_name(0x98000066), "SIO_ASSOCIATE_PORT_RESERVATION");
    CU_ASSERT_STRING_EQUAL(control_code_name(0x8004667E), "FIONBIO");
    CU_ASSERT_PTR_NULL(control_code_name(0x98000067));
}

static void some_constants_are_negative(void) {
    CU_ASSERT_EQUAL(value_of("SO_EXCLUSIVEADDRUSE"), -5);
    CU_ASSERT_EQUAL(value_of("INVALID_SOCKET"), -1);
    CU_ASSERT_EQUAL(value_of("INFINITE"), 0xffffffff);
    CU_ASSERT_EQUAL(value_of("INVALID_PORT_RESERVATION_TOKEN"), 0);
}

static void wait_results_have_names(void) {
    CU_ASSERT_STRING_EQUAL(wait_result_name(0), "WAIT_OBJECT_0");
    CU_ASSERT_STRING_EQUAL(wait_result_name(258), "WAIT_TIMEOUT");
    CU_ASSERT_STRING_EQUAL(wait_result_name(192), "WAIT_IO_COMPLETION");
    CU_ASSERT_PTR_NULL(wait_result_name(7));
}

static void a_prefix_is_not_a_name(void) {
    CU_ASSERT_PTR_NULL(constant_named("AF_INET6", 3));
    CU_ASSERT_STRING_EQUAL(constant_named("AF_INET6", 7)->name, "AF_INET");
}

static void the_nearest_is_near(void) {
    CU_ASSERT_STRING_EQUAL(constant_nearest("SIO_AQUIRE_PORT_RESERVATION", 27), "SIO_ACQUIRE_PORT_RESERVATION");
    CU_ASSERT_STRING_EQUAL(constant_nearest("WSAEINVALL", 10), "WSAEINVAL");
    CU_ASSERT_PTR_NULL(constant_nearest("NOTHING_LIKE_IT_AT_ALL", 22));
}

static void layouts_know_their_fields(void) {
    struct control_layout acquire = control_layout_of(0x98000064);
    CU_ASSERT_EQUAL(acquire.input, LAYOUT_PORT_RANGE);
    CU_ASSERT_EQUAL(layout_size(acquire.input), 4);
    CU_ASSERT_EQUAL(layout_size(acquire.output), 16);
    CU_ASSERT_STRING_EQUAL(layout_field_name(acquire.output, 2), "Token");
    CU_ASSERT_PTR_NULL(layout_field_name(acquire.output, 3));
    CU_ASSERT_EQUAL(control_layout_of(0x98000065).output, LAYOUT_NONE);
    CU_ASSERT_EQUAL(layout_size(control_layout_of(0x98000004).input), 12);
    CU_ASSERT_EQUAL(control_layout_of(0x12345678).input, LAYOUT_BYTES);
    CU_ASSERT_EQUAL(layout_fields_count(LAYOUT_BYTES), 0);
}

void register_constants_tests(void) {
    CU_pSuite suite = CU_add_suite("constants", NULL, NULL);
    if (suite == NULL) return;
    CU_add_test(suite, "the three codes have their numbers", the_three_codes_have_their_numbers);
    CU_add_test(suite, "some constants are negative", some_constants_are_negative);
    CU_add_test(suite, "wait results have names", wait_results_have_names);
    CU_add_test(suite, "a prefix is not a name", a_prefix_is_not_a_name);
    CU_add_test(suite, "the nearest is near", the_nearest_is_near);
    CU_add_test(suite, "layouts know their fields", layouts_know_their_fields);
}
