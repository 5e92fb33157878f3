/* The table of functions in conformance/language.md is what the catalogue gives (stack/call/functions.def). */
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/text.h"
#include "conformance/language/function_words.h"
#include "stack/call/signature.h"
#include "stack/errors.h"

void register_functions_page_tests(void);

static const char *const page_path = "conformance/language.md";
static const char *const page_begins = "| Function | Errors | Success | Product | Observed |\n";

/* --- what the page says ------------------------------------------------------------------------------------------- */

static bool has(const struct signature *signature, enum parameter_kind kind) {
    return signature_parameter_of_kind(signature, kind) >= 0;
}

static void add_page(struct text *out) {
    text_add(out, "%s|---|---|---|---|---|\n", page_begins);
    for (unsigned i = 1; i < FUNCTION_COUNT; i++) {
        const struct signature *signature = signature_of((enum function)i);
        text_add(out, "| `");
        function_add_call(signature, out);
        text_add(out, "` | %s | %s | %s | ", signature->family == ERROR_FAMILY_WIN32 ? "Win32" : "Winsock",
                 function_success(signature), function_product(signature));
        function_add_observed(signature, out);
        text_add(out, " |\n");
    }
}

/* --- the page ----------------------------------------------------------------------------------------------------- */

static void read_page(struct text *out) {
    char buffer[4096];
    FILE *file = fopen(page_path, "rb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    for (size_t length = fread(buffer, 1, sizeof buffer, file); length > 0;
         length = fread(buffer, 1, sizeof buffer, file))
        text_add_bytes(out, buffer, length);
    fclose(file);
}

/* The table on the page: from its head to the first line that is no row. */
static bool page_has_table(const char *page, const char *table) {
    const char *found = strstr(page, page_begins);
    size_t length = strlen(table);
    return found != NULL && strncmp(found, table, length) == 0 && found[length] != '|';
}

static void the_page_lists_the_catalogue(void) {
    struct text page = { 0 }, table = { 0 };
    read_page(&page);
    add_page(&table);
    bool same = page_has_table(page.bytes, table.bytes);
    if (!same)
        printf("\n%s: the table of functions is not the catalogue's. It should be:\n\n%s\n", page_path, table.bytes);
    CU_ASSERT_TRUE(same);
    text_free(&page);
    text_free(&table);
}

static void another_table_is_noticed(void) {
    struct text table = { 0 }, page = { 0 };
    add_page(&table);
    text_add(&page, "before\n\n%s\nafter\n", table.bytes);
    CU_ASSERT_TRUE(page_has_table(page.bytes, table.bytes));
    text_free(&page);
    text_add(&page, "before\n\n%s| `forgotten()` |\n", table.bytes);
    CU_ASSERT_FALSE(page_has_table(page.bytes, table.bytes));
    CU_ASSERT_FALSE(page_has_table("no table", table.bytes));
    table.bytes[table.length - 3] = 'x';
    text_free(&page);
    add_page(&page);
    CU_ASSERT_FALSE(page_has_table(page.bytes, table.bytes));
    text_free(&page);
    text_free(&table);
}

/* --- the catalogue itself ----------------------------------------------------------------------------------------- */

static void each_buffer_and_its_size_name_each_other(void) {
    for (unsigned i = 1; i < FUNCTION_COUNT; i++) {
        const struct signature *signature = signature_of((enum function)i);
        for (unsigned j = 0; j < signature->parameters_count; j++) {
            const struct parameter *parameter = &signature->parameters[j];
            bool size = parameter->kind == PARAMETER_SIZE || parameter->kind == PARAMETER_SIZE_DWORD ||
                        parameter->kind == PARAMETER_SIZE_POINTER;
            if (!size) continue;
            CU_ASSERT_TRUE(parameter->pair < signature->parameters_count);
            CU_ASSERT_EQUAL(signature->parameters[parameter->pair].pair, j);
        }
    }
}

static void what_binds_or_closes_has_a_handle(void) {
    for (unsigned i = 1; i < FUNCTION_COUNT; i++) {
        const struct signature *signature = signature_of((enum function)i);
        unsigned about_a_handle = TRAIT_BINDS | TRAIT_BINDS_IF_FAILED | TRAIT_CLOSES;
        if ((signature->traits & about_a_handle) != 0) CU_ASSERT_TRUE(has(signature, PARAMETER_HANDLE));
        if (signature->product == PRODUCT_ADDRESS) CU_ASSERT_TRUE(has(signature, PARAMETER_ADDRESS_OUT));
        if (signature->product == PRODUCT_TOKEN) CU_ASSERT_TRUE(has(signature, PARAMETER_TOKEN_OUT));
        if (signature->product == PRODUCT_VALUE)
            CU_ASSERT_EQUAL(has(signature, PARAMETER_OUT) + has(signature, PARAMETER_FLAG_OUT) +
                                has(signature, PARAMETER_POLLED),
                            1);
    }
}

static void an_ordinal_is_one_function_s(void) {
    CU_ASSERT_EQUAL(signature_of(FUNCTION_bind)->ordinal, 2);
    CU_ASSERT_STRING_EQUAL(signature_of(FUNCTION_bind)->provider, "WSPBind");
    CU_ASSERT_EQUAL(signature_of(FUNCTION_WSAIoctl)->ordinal, BY_NAME);
    CU_ASSERT_PTR_NULL(signature_of(FUNCTION_WSAGetLastError)->provider);
    bool taken[512] = { false };
    for (unsigned i = 1; i < FUNCTION_COUNT; i++) {
        const struct signature *signature = signature_of((enum function)i);
        if (signature->ordinal == BY_NAME) continue;
        CU_ASSERT_STRING_EQUAL(signature->module, "ws2_32");
        CU_ASSERT_FATAL(signature->ordinal < sizeof taken);
        CU_ASSERT_FALSE(taken[signature->ordinal]);
        taken[signature->ordinal] = true;
    }
}

static void success_is_the_function_s_own(void) {
    CU_ASSERT_TRUE(signature_succeeds(signature_of(FUNCTION_bind), 0));
    CU_ASSERT_FALSE(signature_succeeds(signature_of(FUNCTION_bind), UINT64_MAX));
    CU_ASSERT_FALSE(signature_succeeds(signature_of(FUNCTION_bind), UINT32_MAX)); /* an int is 32 bits */
    CU_ASSERT_TRUE(signature_succeeds(signature_of(FUNCTION_sendto), 0));
    CU_ASSERT_FALSE(signature_succeeds(signature_of(FUNCTION_CreateEventW), 0));
    CU_ASSERT_TRUE(signature_succeeds(signature_of(FUNCTION_CreateFileW), 0));
    CU_ASSERT_FALSE(signature_succeeds(signature_of(FUNCTION_CreateFileW), UINT64_MAX));
    CU_ASSERT_FALSE(signature_succeeds(signature_of(FUNCTION_WSAStartup), 10091));
    CU_ASSERT_FALSE(signature_succeeds(signature_of(FUNCTION_SetEvent), 0));
    CU_ASSERT_TRUE(signature_succeeds(signature_of(FUNCTION_WaitForSingleObject), 258));
    CU_ASSERT_TRUE(signature_succeeds(signature_of(FUNCTION_WSAGetLastError), UINT32_MAX));
}

/* What a function returns to say that it failed is no success of it. */
static void each_function_has_a_value_for_failure(void) {
    for (unsigned i = 1; i < FUNCTION_COUNT; i++) {
        const struct signature *signature = signature_of((enum function)i);
        bool fails = !signature_succeeds(signature, signature_failure(signature, 10022));
        CU_ASSERT_EQUAL(fails, signature->returns != RETURNS_NUMBER);
    }
    CU_ASSERT_EQUAL(signature_failure(signature_of(FUNCTION_WSAStartup), 10091), 10091);
}

void register_functions_page_tests(void) {
    CU_pSuite suite = CU_add_suite("catalogue of functions", NULL, NULL);
    CU_add_test(suite, "the page lists the catalogue", the_page_lists_the_catalogue);
    CU_add_test(suite, "another table is noticed", another_table_is_noticed);
    CU_add_test(suite, "each buffer and its size name each other", each_buffer_and_its_size_name_each_other);
    CU_add_test(suite, "what binds or closes has a handle", what_binds_or_closes_has_a_handle);
    CU_add_test(suite, "an ordinal is one function's", an_ordinal_is_one_function_s);
    CU_add_test(suite, "success is the function's own", success_is_the_function_s_own);
    CU_add_test(suite, "each function has a value for failure", each_function_has_a_value_for_failure);
}
