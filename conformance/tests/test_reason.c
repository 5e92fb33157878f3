/* Reasons: set as printf writes, cut in one place. */
#include <CUnit/CUnit.h>
#include <string.h>

#include "conformance/base/reason.h"

void register_reason_tests(void);

static void a_reason_is_set_as_printf_writes(void) {
    struct reason reason = { "" };
    reason_set(&reason, "port %u of %s", 5000u, "app");
    CU_ASSERT_STRING_EQUAL(reason.text, "port 5000 of app");
    reason_set(&reason, "%s", "");
    CU_ASSERT_STRING_EQUAL(reason.text, "");
}

static void a_reason_can_be_set_from_its_own_text(void) {
    struct reason reason = { "it is gone" };
    reason_set(&reason, "process app: %s", reason.text);
    CU_ASSERT_STRING_EQUAL(reason.text, "process app: it is gone");
}

static void a_text_that_just_fits_is_whole(void) {
    struct reason reason = { "" };
    char text[REASON_BYTES];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    reason_set(&reason, "%s", text);
    CU_ASSERT_STRING_EQUAL(reason.text, text);
}

/* Characters of 1 to 4 bytes across the end: none is torn, and no whole one before it is lost. */
static void a_longer_text_is_cut_after_a_whole_character(void) {
    static const char *const characters[] = { "x", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9d\x84\x9e" };
    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++) {
        size_t size = strlen(characters[i]);
        for (size_t before = 0; before < size; before++) {
            char text[2 * REASON_BYTES] = "";
            memset(text, '-', before);
            while (strlen(text) < REASON_BYTES + size) strcat(text, characters[i]);
            struct reason reason = { "" };
            reason_set(&reason, "%s", text);
            size_t length = strlen(reason.text);
            CU_ASSERT_EQUAL((length - before) % size, 0);
            CU_ASSERT(length <= REASON_BYTES - 1 && length + size > REASON_BYTES - 1);
            CU_ASSERT_EQUAL(memcmp(reason.text, text, length), 0);
        }
    }
}

/* What is no UTF-8 is cut by bytes. */
static void stray_bytes_are_cut_anywhere(void) {
    struct reason reason = { "" };
    char text[2 * REASON_BYTES];
    memset(text, 0x80, sizeof text);
    text[sizeof text - 1] = '\0';
    reason_set(&reason, "%s", text);
    CU_ASSERT(strlen(reason.text) >= REASON_BYTES - 5);
}

void register_reason_tests(void) {
    CU_pSuite suite = CU_add_suite("conformance/reason", NULL, NULL);
    CU_add_test(suite, "a reason is set as printf writes", a_reason_is_set_as_printf_writes);
    CU_add_test(suite, "a reason can be set from its own text", a_reason_can_be_set_from_its_own_text);
    CU_add_test(suite, "a text that just fits is whole", a_text_that_just_fits_is_whole);
    CU_add_test(suite, "a longer text is cut after a whole character", a_longer_text_is_cut_after_a_whole_character);
    CU_add_test(suite, "stray bytes are cut anywhere", stray_bytes_are_cut_anywhere);
}
