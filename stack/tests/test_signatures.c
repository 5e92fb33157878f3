/* The table of signatures: what it says of a function's parameters in two ways is the same. */
#include <CUnit/CUnit.h>
#include <string.h>

#include "stack/call/signature.h"
#include "stack/errors.h"

void register_signatures_tests(void);

static uint64_t kinds_of(const struct signature *signature) {
    uint64_t kinds = 0;
    for (unsigned i = 0; i < signature->parameters_count; i++) kinds |= UINT64_C(1) << signature->parameters[i].kind;
    return kinds;
}

/* A kind that no parameter has would be looked for past the last one, and one that is left out never found. */
static void the_set_of_kinds_is_its_parameters(void) {
    for (unsigned i = 1; i < FUNCTION_COUNT; i++) {
        const struct signature *signature = signature_of((enum function)i);
        CU_ASSERT_EQUAL(signature->kinds, kinds_of(signature));
    }
}

static void the_first_of_a_kind_is_found(void) {
    for (unsigned i = 1; i < FUNCTION_COUNT; i++) {
        const struct signature *signature = signature_of((enum function)i);
        for (unsigned k = signature->parameters_count; k-- > 0;) {
            enum parameter_kind kind = (enum parameter_kind)signature->parameters[k].kind;
            int first = signature_parameter_of_kind(signature, kind);
            CU_ASSERT_TRUE_FATAL(first >= 0 && first <= (int)k);
            CU_ASSERT_EQUAL(signature->parameters[first].kind, kind);
        }
    }
}

static void a_parameter_is_found_by_its_whole_name(void) {
    for (unsigned i = 1; i < FUNCTION_COUNT; i++) {
        const struct signature *signature = signature_of((enum function)i);
        for (unsigned k = 0; k < signature->parameters_count; k++) {
            const char *name = signature->parameters[k].name;
            CU_ASSERT_EQUAL(signature_parameter(signature, name, (unsigned)strlen(name)), (int)k);
        }
        CU_ASSERT_EQUAL(signature_parameter(signature, "", 0), -1);
        CU_ASSERT_EQUAL(signature_parameter(signature, "none of its own", 15), -1);
        CU_ASSERT_PTR_EQUAL(signature_named(signature->name, (unsigned)strlen(signature->name)), signature);
        CU_ASSERT_PTR_NULL(signature_named(signature->name, (unsigned)strlen(signature->name) - 1));
    }
}

/* What the pages call a failure, by the way in which a function returns: SOCKET_ERROR, INVALID_SOCKET,
 * INVALID_HANDLE_VALUE, WSA_WAIT_FAILED are all ones, NULL and FALSE 0, and the error may be the value. */
static void each_way_of_returning_has_its_failure(void) {
    static const struct {
        enum returns returns;
        uint64_t failure, success, also; /* a success that looks the most like a failure */
    } ways[] = {
        { RETURNS_STATUS, UINT64_MAX, 0, 1 }, { RETURNS_SOCKET, UINT64_MAX, 4, UINT32_MAX - 1 },
        { RETURNS_HANDLE, 0, 4, UINT32_MAX }, { RETURNS_POINTER, 0, 4, UINT32_MAX },
        { RETURNS_FILE, UINT64_MAX, 4, 0 },   { RETURNS_BOOL, 0, 1, UINT32_MAX },
        { RETURNS_ERROR, WSAEFAULT, 0, 0 },   { RETURNS_WAIT, UINT64_MAX, 0, 258 },
        { RETURNS_COUNT, UINT64_MAX, 0, 3 },
    };
    for (unsigned i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        const struct signature signature = { .returns = (uint8_t)ways[i].returns };
        CU_ASSERT_EQUAL(signature_failure(&signature, WSAEFAULT), ways[i].failure);
        CU_ASSERT_FALSE(signature_succeeds(&signature, ways[i].failure));
        CU_ASSERT_TRUE(signature_succeeds(&signature, ways[i].success));
        CU_ASSERT_TRUE(signature_succeeds(&signature, ways[i].also));
    }
    const struct signature number = { .returns = RETURNS_NUMBER };
    CU_ASSERT_TRUE(signature_succeeds(&number, 0) && signature_succeeds(&number, UINT64_MAX));
}

/* An address is stored by a success, and by a receive that had no room for the whole message. */
static void an_address_is_shown_where_one_was_stored(void) {
    for (unsigned i = 1; i < FUNCTION_COUNT; i++) {
        const struct signature *signature = signature_of((enum function)i);
        bool has = signature_parameter_of_kind(signature, PARAMETER_ADDRESS_OUT) >= 0;
        CU_ASSERT_EQUAL(signature_shows_address(signature, 0), has);
        CU_ASSERT_EQUAL(signature_shows_address(signature, WSAEMSGSIZE), has && signature->product != PRODUCT_ADDRESS);
        CU_ASSERT_FALSE(signature_shows_address(signature, 1));
        CU_ASSERT_FALSE(signature_shows_address(signature, WSAEFAULT));
    }
}

void register_signatures_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/signatures", NULL, NULL);
    CU_add_test(suite, "a parameter is found by its whole name", a_parameter_is_found_by_its_whole_name);
    CU_add_test(suite, "each way of returning has its failure", each_way_of_returning_has_its_failure);
    CU_add_test(suite, "an address is shown where one was stored", an_address_is_shown_where_one_was_stored);
    CU_add_test(suite, "the set of kinds is its parameters'", the_set_of_kinds_is_its_parameters);
    CU_add_test(suite, "the first of a kind is found", the_first_of_a_kind_is_found);
}
