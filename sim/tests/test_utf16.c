/* Text of records and of Windows. */
#include <CUnit/CUnit.h>
#include <string.h>

#include "sim/memory/record.h"
#include "sim/memory/utf16.h"

enum { ROOM = 16 };

static uint16_t units[ROOM];

static unsigned widened(const char *text) { return utf16_from_utf8(text, (unsigned)strlen(text), units, ROOM); }

static void every_length_of_character_goes_there_and_back(void) {
    static const char text[] = "a\303\251\342\202\254\360\237\230\200";
    static const uint16_t expected[] = { 'a', 0xE9, 0x20AC, 0xD83D, 0xDE00, 0 };
    char back[ROOM];
    CU_ASSERT_EQUAL(widened(text), 5);
    CU_ASSERT_EQUAL(memcmp(units, expected, sizeof expected), 0);
    CU_ASSERT_EQUAL(utf8_from_utf16(units, 5, back, sizeof back), 10);
    CU_ASSERT_EQUAL(memcmp(back, text, 10), 0);
}

/* RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
static void what_is_no_utf8_is_replaced(void) {
    static const char *const bad[] = { "\xFF", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                       "\xC3", "\xC3(" };
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CU_ASSERT_TRUE(widened(bad[i]) > 0);
        CU_ASSERT_EQUAL(units[0], 0xFFFD);
    }
    CU_ASSERT_EQUAL(units[1], '('); /* and reading continues after it */
}

static void half_a_pair_is_replaced(void) {
    static const uint16_t halves[][2] = { { 0xD83D, 'x' }, { 0xDE00, 'x' } };
    char out[ROOM];
    for (unsigned i = 0; i < 2; i++) {
        CU_ASSERT_EQUAL(utf8_from_utf16(halves[i], 2, out, sizeof out), 4);
        CU_ASSERT_EQUAL(memcmp(out, "\357\277\275x", 4), 0);
    }
}

/* The first and the last of each half, and what stands next to them, which needs no pair. */
static void the_ends_of_the_halves_are_halves(void) {
    static const struct {
        uint16_t units[2];
        const char *text;
    } rows[] = {
        { { 0xD7FF, 'x' }, "\355\237\277x" },       { { 0xD800, 'x' }, "\357\277\275x" },
        { { 0xDBFF, 'x' }, "\357\277\275x" },       { { 0xDFFF, 'x' }, "\357\277\275x" },
        { { 0xE000, 'x' }, "\356\200\200x" },       { { 0xD800, 0xDC00 }, "\360\220\200\200" },
        { { 0xDBFF, 0xDFFF }, "\364\217\277\277" },
    };
    char out[ROOM];
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CU_ASSERT_EQUAL(utf8_from_utf16(rows[i].units, 2, out, sizeof out), 4);
        CU_ASSERT_EQUAL(memcmp(out, rows[i].text, 4), 0);
    }
}

static void text_is_cut_between_characters(void) {
    CU_ASSERT_EQUAL(utf16_from_utf8("ab\360\237\230\200", 6, units, 4), 2); /* the pair and the 0 want three */
    CU_ASSERT_EQUAL(units[2], 0);
    char out[3];
    static const uint16_t euro[] = { 'a', 0x20AC };
    CU_ASSERT_EQUAL(utf8_from_utf16(euro, 2, out, sizeof out), 1);
}

/* --- the text of a record ----------------------------------------------------------------------------------------- */

static const uint16_t name[] = { 'd', 0xE9, 0xD83D, 0xDE00, 0, 'x', 0 };

/* The name is there, and nothing else. */
static uint32_t there(uint64_t address, uint32_t wanted) { return address == (uint64_t)(uintptr_t)name ? wanted : 0; }

static uint32_t nowhere(uint64_t address, uint32_t wanted) {
    (void)address, (void)wanted;
    return 0;
}

static struct call opened(uint64_t address) {
    static const struct memory_view memory = { .readable = there, .writable = nowhere };
    const uint64_t arguments[CALL_ARGUMENTS_MAX] = { address };
    struct call call;
    record_of_arguments(&call, FUNCTION_CreateFileW, arguments, &memory);
    return call;
}

static void a_name_is_recorded_up_to_its_end(void) {
    struct call call = opened((uint64_t)(uintptr_t)name);
    const struct range *range = &call.ranges[CreateFileW_lpFileName];
    CU_ASSERT_EQUAL(range->state, RANGE_GOOD);
    CU_ASSERT_EQUAL(range->length, 7);
    CU_ASSERT_EQUAL_FATAL(range->bytes_length, 7);
    CU_ASSERT_EQUAL(memcmp(call.bytes + range->bytes_offset, "d\303\251\360\237\230\200", 7), 0);
}

static void no_name_is_read_where_there_is_none(void) {
    static const struct {
        uint64_t address;
        enum range_state state;
    } rows[] = { { 0, RANGE_NULL }, { 0x1000, RANGE_BAD } };
    for (unsigned i = 0; i < 2; i++) {
        struct call call = opened(rows[i].address);
        CU_ASSERT_EQUAL(call.ranges[CreateFileW_lpFileName].state, rows[i].state);
        CU_ASSERT_EQUAL(call.ranges[CreateFileW_lpFileName].bytes_length, 0);
    }
}

void register_agent_utf16_tests(void);

void register_agent_utf16_tests(void) {
    CU_pSuite suite = CU_add_suite("text of records and of Windows", NULL, NULL);
    CU_add_test(suite, "every length of character goes there and back", every_length_of_character_goes_there_and_back);
    CU_add_test(suite, "what is no UTF-8 is replaced", what_is_no_utf8_is_replaced);
    CU_add_test(suite, "half a pair is replaced", half_a_pair_is_replaced);
    CU_add_test(suite, "the ends of the halves are halves", the_ends_of_the_halves_are_halves);
    CU_add_test(suite, "text is cut between characters", text_is_cut_between_characters);
    CU_add_test(suite, "a name is recorded up to its end", a_name_is_recorded_up_to_its_end);
    CU_add_test(suite, "no name is read where there is none", no_name_is_read_where_there_is_none);
}
