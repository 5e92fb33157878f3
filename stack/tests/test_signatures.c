/* The table of signatures: what it says of a function's parameters in two ways is the same. */
#include <CUnit/CUnit.h>

#include "stack/call/signature.h"

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

void register_signatures_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/signatures", NULL, NULL);
    CU_add_test(suite, "the set of kinds is its parameters'", the_set_of_kinds_is_its_parameters);
    CU_add_test(suite, "the first of a kind is found", the_first_of_a_kind_is_found);
}
