#include <CUnit/CUnit.h>
#include <string.h>

#include "stack/errors.h"

void register_errors_tests(void);

static void every_row_is_found_by_its_name(void) {
    unsigned count = 0;
    const struct error_row *rows = error_rows(&count);
    CU_ASSERT_FATAL(count > 80);
    for (unsigned i = 0; i < count; i++) {
        CU_ASSERT_PTR_EQUAL(error_named(rows[i].name, (unsigned)strlen(rows[i].name)), &rows[i]);
        CU_ASSERT_STRING_EQUAL(error_name(rows[i].value, rows[i].family), rows[i].name);
        bool has_meaning = rows[i].meaning[0] != '\0';
        CU_ASSERT_EQUAL(has_meaning, rows[i].family != ERROR_FAMILY_STATUS);
    }
    CU_ASSERT_PTR_NULL(error_named("WSAEINVA", 8));
}

static void shared_numbers_are_named_by_family(void) {
    CU_ASSERT_STRING_EQUAL(error_name(6, ERROR_FAMILY_WINSOCK), "WSA_INVALID_HANDLE");
    CU_ASSERT_STRING_EQUAL(error_name(6, ERROR_FAMILY_WIN32), "ERROR_INVALID_HANDLE");
    CU_ASSERT_STRING_EQUAL(error_name(997, ERROR_FAMILY_WINSOCK), "WSA_IO_PENDING");
    CU_ASSERT_STRING_EQUAL(error_name(997, ERROR_FAMILY_WIN32), "ERROR_IO_PENDING");
}

static void families_fall_back_on_each_other(void) {
    CU_ASSERT_STRING_EQUAL(error_name(1168, ERROR_FAMILY_WINSOCK), "ERROR_NOT_FOUND");
    CU_ASSERT_STRING_EQUAL(error_name(10022, ERROR_FAMILY_WIN32), "WSAEINVAL");
    CU_ASSERT_PTR_NULL(error_name(10022, ERROR_FAMILY_STATUS));
    CU_ASSERT_PTR_NULL(error_name(317, ERROR_FAMILY_WINSOCK));
}

static void statuses_surface_as_windows_was_seen_to_do_it(void) {
    CU_ASSERT_EQUAL(winsock_error_of_status(STATUS_SUCCESS), NO_ERROR);
    CU_ASSERT_EQUAL(winsock_error_of_status(STATUS_SHARING_VIOLATION), WSAEADDRINUSE);
    CU_ASSERT_EQUAL(winsock_error_of_status(STATUS_BUFFER_TOO_SMALL), WSAEFAULT);
    CU_ASSERT_EQUAL(winsock_error_of_status(STATUS_NOT_FOUND), WSAEINVAL);
    CU_ASSERT_EQUAL(winsock_error_of_status(STATUS_CANCELLED), WSA_OPERATION_ABORTED);
    CU_ASSERT_EQUAL(win32_error_of_status(STATUS_NOT_FOUND), ERROR_NOT_FOUND);
    CU_ASSERT_EQUAL(win32_error_of_status(STATUS_PENDING), ERROR_IO_INCOMPLETE);
}

static void unknown_statuses_have_a_rule(void) {
    CU_ASSERT_EQUAL(winsock_error_of_status(0xC0009999u), WSAEINVAL);
    CU_ASSERT_EQUAL(win32_error_of_status(0xC0009999u), ERROR_INVALID_PARAMETER);
    CU_ASSERT_EQUAL(winsock_error_of_status(0x00000102u), NO_ERROR);
    CU_ASSERT_EQUAL(win32_error_of_status(0x40000000u), NO_ERROR);
}

void register_errors_tests(void) {
    CU_pSuite suite = CU_add_suite("errors", NULL, NULL);
    if (suite == NULL) return;
    CU_add_test(suite, "every row is found by its name", every_row_is_found_by_its_name);
    CU_add_test(suite, "shared numbers are named by family", shared_numbers_are_named_by_family);
    CU_add_test(suite, "families fall back on each other", families_fall_back_on_each_other);
    CU_add_test(suite, "statuses surface as Windows was seen to do it", statuses_surface_as_windows_was_seen_to_do_it);
    CU_add_test(suite, "unknown statuses have a rule", unknown_statuses_have_a_rule);
}
