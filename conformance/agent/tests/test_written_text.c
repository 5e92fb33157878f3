/* What another program wrote becomes text: nothing that it wrote is lost without a word. */
#include <CUnit/CUnit.h>
#include <string.h>

#include "conformance/agent/netsh.h"
#include "conformance/agent/system/written_text.h"

static char text[512];
static bool encoded, fits;

/* So many bytes have been read into a buffer of this size. */
static const char *written(const char *bytes, size_t length, size_t size) {
    memcpy(text, bytes, length);
    fits = written_text(text, length, size, &encoded);
    return text;
}

/* As UTF-16, in this order of bytes. */
static size_t widen(const char *ascii, bool big, char *out) {
    size_t length = strlen(ascii);
    for (size_t i = 0; i < length; i++) {
        out[2 * i + big] = ascii[i];
        out[2 * i + !big] = '\0';
    }
    return 2 * length;
}

static void bytes_stay_as_they_are(void) {
    CU_ASSERT_STRING_EQUAL(written("Ok.\r\n\xE6\x93", 7, sizeof text), "Ok.\r\n\xE6\x93");
    CU_ASSERT_FALSE(encoded);
    CU_ASSERT_TRUE(fits);
    CU_ASSERT_STRING_EQUAL(written("", 0, 1), "");
    CU_ASSERT_TRUE(fits);
}

/* Else a listing would be whole before it, and lack what follows. */
static void a_byte_of_0_ends_no_text(void) {
    static const char cut[] = "----------    --------\n     80          80\n\0  47001       47001\n\n";
    struct host_exclusion rows[4];
    unsigned count = 0;
    written(cut, sizeof cut - 1, sizeof text);
    CU_ASSERT_FALSE(encoded);
    CU_ASSERT_EQUAL(strlen(text), sizeof cut - 1);
    CU_ASSERT_FALSE(netsh_read_exclusions(text, TRANSPORT_TCP, rows, 4, &count));
}

static void utf_16_is_read(void) {
    static const char listing[] =
        "\r\nStart Port    End Port\r\n----------    --------\r\n  50000   50059     *\r\n\r\n";
    struct host_exclusion rows[4];
    char wide[300] = "";
    for (unsigned i = 0; i < 3; i++) {
        unsigned count = 0;
        bool big = i == 2, marked = i > 0; /* without a mark of bytes only the little end first is known */
        memcpy(wide, big ? "\xFE\xFF" : "\xFF\xFE", 2);
        size_t length = widen(listing, big, wide + (marked ? 2 : 0)) + (marked ? 2 : 0);
        CU_ASSERT_STRING_EQUAL(written(wide, length, sizeof text), listing);
        CU_ASSERT_TRUE(encoded && fits);
        CU_ASSERT_TRUE(netsh_read_exclusions(text, TRANSPORT_TCP, rows, 4, &count));
        CU_ASSERT_EQUAL(count, 1);
    }
    CU_ASSERT_STRING_EQUAL(written("\xFF\xFE\xCD\x64\xFC\x00\x3D\xD8\x00\xDE", 10, sizeof text),
                           "\xE6\x93\x8D\xC3\xBC\xF0\x9F\x98\x80");
}

static void half_a_character_is_a_question_mark(void) {
    CU_ASSERT_STRING_EQUAL(written("\xFF\xFE\x3D\xD8\x41\x00", 6, sizeof text), "?A");
    CU_ASSERT_STRING_EQUAL(written("\xFF\xFE\x00\xDE\x41\x00\x3D\xD8", 8, sizeof text), "?A?");
    CU_ASSERT_STRING_EQUAL(written("\xFF\xFE\x41\x00\x42", 5, sizeof text), "A?"); /* cut within a unit */
    CU_ASSERT_STRING_EQUAL(written("\xFF\xFE\x00\x00\x41\x00", 6, sizeof text), "?A");
}

static void what_has_no_room_is_said_to_be_lacking(void) {
    CU_ASSERT_STRING_EQUAL(written("\xFF\xFE\xCD\x64\xCD\x64", 6, 7), "\xE6\x93\x8D\xE6\x93\x8D");
    CU_ASSERT_TRUE(fits);
    CU_ASSERT_STRING_EQUAL(written("\xFF\xFE\xCD\x64\xCD\x64\xCD\x64", 8, 9), "\xE6\x93\x8D\xE6\x93\x8D");
    CU_ASSERT_FALSE(fits);
}

void register_agent_written_text_tests(void);

void register_agent_written_text_tests(void) {
    CU_pSuite suite = CU_add_suite("agent: what programs write", NULL, NULL);
    CU_add_test(suite, "bytes stay as they are", bytes_stay_as_they_are);
    CU_add_test(suite, "a byte of 0 ends no text", a_byte_of_0_ends_no_text);
    CU_add_test(suite, "UTF-16 is read", utf_16_is_read);
    CU_add_test(suite, "half a character is a question mark", half_a_character_is_a_question_mark);
    CU_add_test(suite, "what has no room is said to be lacking", what_has_no_room_is_said_to_be_lacking);
}
