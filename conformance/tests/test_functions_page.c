/* The table of functions in conformance/language.md is what the catalogue gives (stack/call/functions.def). */
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/text.h"
#include "stack/call/signature.h"
#include "stack/errors.h"

void register_functions_page_tests(void);

static const char *const page_path = "conformance/language.md";
static const char *const page_begins = "| Function | Errors | Success | Product | Observed |\n";

/* --- what a row says ---------------------------------------------------------------------------------------------- */

static const char *success_word(const struct signature *signature) {
    static const char *const words[] = {
        [RETURNS_STATUS] = "0",
        [RETURNS_SOCKET] = "a socket",
        [RETURNS_HANDLE] = "a handle",
        [RETURNS_POINTER] = "a pointer",
        [RETURNS_FILE] = "a handle",
        [RETURNS_BOOL] = "TRUE",
        [RETURNS_ERROR] = "0, else the error",
        [RETURNS_WAIT] = "WAIT_...",
        [RETURNS_NUMBER] = "any number",
        [RETURNS_COUNT] = "a count",
    };
    return words[signature->returns];
}

static const char *product_word(const struct signature *signature) {
    static const char *const words[] = {
        [PRODUCT_NONE] = "",        [PRODUCT_SOCKET] = "socket",      [PRODUCT_EVENT] = "event",
        [PRODUCT_FILE] = "file",    [PRODUCT_OUTPUT] = "output",      [PRODUCT_ADDRESS] = "address, `.port`",
        [PRODUCT_VALUE] = "number", [PRODUCT_TOKEN] = "`.Token`",     [PRODUCT_PROTOCOL_INFO] = "protocol info",
        [PRODUCT_PORT] = "port",    [PRODUCT_COPY] = "as its source",
    };
    return words[signature->product];
}

static void add_ordinary(const struct parameter *parameter, struct text *out) {
    switch ((enum parameter_kind)parameter->kind) {
    case PARAMETER_U32:
    case PARAMETER_I32: text_add(out, parameter->ordinary > 255 ? "=0x%04X" : "=%u", parameter->ordinary); return;
    case PARAMETER_BOOL: text_add(out, parameter->ordinary != 0 ? "=TRUE" : "=FALSE"); return;
    case PARAMETER_FLAGS: text_add(out, "=%u", parameter->ordinary); return;
    case PARAMETER_STORE: text_add(out, parameter->ordinary == NETSH_ACTIVE ? "=active" : "=persistent"); return;
    case PARAMETER_FAMILY: text_add(out, parameter->ordinary == NETSH_IPV4 ? "=ipv4" : "=ipv6"); return;
    case PARAMETER_NULL:
    case PARAMETER_OVERLAPPED:
    case PARAMETER_ROUTINE:
    case PARAMETER_PROTOCOL_INFO: text_add(out, "=NULL"); return;
    default: return; /* the size of what is passed, or a good pointer */
    }
}

/* sendto(s, buf, [len], [flags=0], to, [tolen]) */
static void add_call(const struct signature *signature, struct text *out) {
    text_add(out, "%s(", signature->name);
    for (unsigned i = 0; i < signature->parameters_count; i++) {
        const struct parameter *parameter = &signature->parameters[i];
        if (parameter->kind == PARAMETER_ROW_OUT || parameter->kind == PARAMETER_RANGE_OUT)
            continue; /* no scenario says it */
        text_add(out, "%s%s%s", i == 0 ? "" : ", ", parameter->optional ? "[" : "", parameter->name);
        if (parameter->optional) add_ordinary(parameter, out);
        text_add(out, "%s", parameter->optional ? "]" : "");
    }
    text_add(out, ")");
}

static bool has(const struct signature *signature, enum parameter_kind kind) {
    return signature_parameter_of_kind(signature, kind) >= 0;
}

/* Besides `error`, which all have. */
static void add_observed(const struct signature *signature, struct text *out) {
    unsigned counts = 0;
    for (unsigned i = 0; i < signature->parameters_count; i++)
        counts += signature->parameters[i].kind == PARAMETER_COUNT_OUT;
    const struct {
        bool there;
        const char *word;
    } words[] = {
        { counts > 0, "bytes" },
        { counts > 1 || has(signature, PARAMETER_FLAGS), "flags" },
        { has(signature, PARAMETER_KEY_OUT), "key" },
        { has(signature, PARAMETER_OVERLAPPED_OUT), "overlapped" },
        { has(signature, PARAMETER_ENTRIES_OUT), "packets" },
        { (signature->traits & TRAIT_SHOWS_VALUE) != 0 || signature->product == PRODUCT_VALUE, "value" },
        { has(signature, PARAMETER_SOCKETS) && !has(signature, PARAMETER_POLLED), "readfds, writefds, exceptfds" },
        { has(signature, PARAMETER_POLLED), "revents" },
        { (signature->traits & TRAIT_SHOWS_EVENTS) != 0, "value, iErrorCode" },
        { signature->product == PRODUCT_ADDRESS, "address" },
        { (signature->traits & TRAIT_BINDS) != 0 || signature->product == PRODUCT_ADDRESS, "port" },
        { has(signature, PARAMETER_ROW_OUT), "row, StartPort, NumberOfPorts" },
        { has(signature, PARAMETER_RANGE_OUT), "StartPort, NumberOfPorts" },
        { signature->product == PRODUCT_OUTPUT, "fields or out" },
        { has(signature, PARAMETER_BUFFERS_OUT), "out" },
        { has(signature, PARAMETER_TOKEN_OUT), "Token" },
        { signature_starts_request(signature), "Internal" },
        { signature_starts_request(signature), "InternalHigh" },
    };
    const char *between = "";
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!words[i].there) continue;
        text_add(out, "%s%s", between, words[i].word);
        between = ", ";
    }
    if ((signature->traits & TRAIT_BINDS_IF_FAILED) != 0) text_add(out, " (port after a failure too)");
}

static void add_page(struct text *out) {
    text_add(out, "%s|---|---|---|---|---|\n", page_begins);
    for (unsigned i = 1; i < FUNCTION_COUNT; i++) {
        const struct signature *signature = signature_of((enum function)i);
        text_add(out, "| `");
        add_call(signature, out);
        text_add(out, "` | %s | %s | %s | ", signature->family == ERROR_FAMILY_WIN32 ? "Win32" : "Winsock",
                 success_word(signature), product_word(signature));
        add_observed(signature, out);
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
