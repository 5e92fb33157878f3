/* netsh in thirty languages: listings and messages, in the code page of each edition and in UTF-8, with all kinds of
 * line ends and blanks. */
#define _POSIX_C_SOURCE 200809L

#include "conformance/agent/system/windows_headers.h"

#include <CUnit/CUnit.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/agent/netsh.h"
#include "conformance/agent/netsh_steps.h"
#include "conformance/agent/tests/netsh_languages.h"
#include "conformance/base/text.h"

/* How a text is laid out. */
struct manner {
    const char *line_end, *blank, *before; /* of the text */
};

static const struct manner manners[] = {
    { "\r\n", " ", "" },   { "\n", " ", "" },    { "\r", " ", "" },
    { "\r\r\n", " ", "" }, { "\r\n", "\t", "" }, { "\r\n", "            ", "" },
};
/* Those that only UTF-8 has: hard blanks, an ideographic one, one as wide as a digit, a joiner, a mark of bytes, marks
 * of direction. */
static const struct manner wide_manners[] = {
    { "\r\n", "\xE2\x80\x87", "" },
    { "\r\n", " \xE2\x81\xA0", "" },
    { "\r\n", "\xC2\xA0", "" },
    { "\r\n", "\xE2\x80\xAF", "" },
    { "\r\n", "\xE3\x80\x80", "" },
    { "\r\n", " ", "\xEF\xBB\xBF" },
    { "\r\n", "\xE2\x80\x8F ", "\xE2\x80\x8F" },
};

static void add_line(struct text *text, const struct manner *manner, const char *format, const char *a, const char *b) {
    text_add(text, format, a, b);
    text_add(text, "%s", manner->line_end);
}

/* 80-80, 5357-5357 and 50000-50059*. */
static void list_exclusions(struct text *text, const struct netsh_language *language, const struct manner *manner) {
    const char *blank = manner->blank;
    text_add(text, "%s%s", manner->before, manner->line_end);
    add_line(text, manner, language->title, "tcp", "");
    add_line(text, manner, "", "", "");
    text_add(text, "%s    %s%s", language->first, language->last, manner->line_end);
    text_add(text, "----------%s--------%s", blank, manner->line_end);
    text_add(text, "%s80%s80%s", blank, blank, manner->line_end);
    text_add(text, "%s5357%s5357%s%s", blank, blank, blank, manner->line_end);
    text_add(text, "%s50000%s50059%s*%s%s", blank, blank, blank, manner->line_end, manner->line_end);
    text_add(text, "%s%s%s", language->foot, manner->line_end, manner->line_end);
}

static void list_range(struct text *text, const struct netsh_language *language, const struct manner *manner) {
    text_add(text, "%s%s", manner->before, manner->line_end);
    add_line(text, manner, language->range, "tcp", "");
    add_line(text, manner, "---------------------------------", "", "");
    text_add(text, "%s%s1024%s", language->start, manner->blank, manner->line_end);
    text_add(text, "%s%s13977%s%s", language->count, manner->blank, manner->line_end, manner->line_end);
}

static bool convert(const char *text, const char *page, char *out, size_t size) {
    char *in = (char *)(uintptr_t)text;
    size_t in_left = strlen(text), out_left = size - 1;
    iconv_t changes = iconv_open(page, "UTF-8");
    if (changes == (iconv_t)-1) return false;
    bool good = iconv(changes, &in, &in_left, &out, &out_left) != (size_t)-1;
    *out = '\0';
    iconv_close(changes);
    return good;
}

static bool reads_exclusions(const char *text) {
    struct host_exclusion rows[4];
    unsigned count = 0;
    return netsh_read_exclusions(text, TRANSPORT_TCP, rows, 4, &count) && count == 3 && rows[0].first == 80 &&
           rows[1].last == 5357 && !rows[1].administered && rows[2].first == 50000 && rows[2].last == 50059 &&
           rows[2].administered;
}

static bool reads_range(const char *text) {
    uint32_t first = 0, last = 0;
    return netsh_read_dynamic_range(text, &first, &last) && first == 1024 && last == 15000;
}

static void read_so(const struct netsh_language *language, const struct manner *manner, const char *page) {
    struct text lists = { 0 }, tells = { 0 };
    char bytes[4096];
    list_exclusions(&lists, language, manner);
    list_range(&tells, language, manner);
    bool good = convert(lists.bytes, page, bytes, sizeof bytes) && reads_exclusions(bytes);
    good = convert(tells.bytes, page, bytes, sizeof bytes) && reads_range(bytes) && good;
    CU_ASSERT_TRUE(good);
    if (!good) printf("\n    %s in %s is not read", language->name, page);
    text_free(&lists);
    text_free(&tells);
}

static void listings_are_read_in_each_language_and_code_page(void) {
    for (unsigned i = 0; i < NETSH_LANGUAGES; i++) {
        for (unsigned k = 0; k < sizeof manners / sizeof manners[0]; k++) {
            read_so(&netsh_languages[i], &manners[k], netsh_languages[i].page);
            read_so(&netsh_languages[i], &manners[k], "UTF-8");
        }
        for (unsigned k = 0; k < sizeof wide_manners / sizeof wide_manners[0]; k++)
            read_so(&netsh_languages[i], &wide_manners[k], "UTF-8");
    }
}

/* A console has another page than its edition's by `chcp`, or where Windows is of another region than its language. */
static void listings_are_read_in_pages_of_other_consoles(void) {
    static const char *const pages[] = { "CP1250", "CP1251", "CP1252", "CP1253", "CP1254", "CP1255",    "CP1256",
                                         "CP1257", "CP852",  "CP855",  "CP858",  "CP860",  "CP862",     "CP863",
                                         "CP865",  "CP869",  "KOI8-U", "EUC-JP", "EUC-KR", "BIG5-HKSCS" };
    unsigned read = 0;
    for (unsigned i = 0; i < NETSH_LANGUAGES; i++) {
        const struct netsh_language *language = &netsh_languages[i];
        for (unsigned k = 0; k < sizeof pages / sizeof pages[0]; k++) {
            char all[1024], bytes[1024];
            snprintf(all, sizeof all, "%s%s%s%s%s%s", language->first, language->last, language->foot, language->range,
                     language->start, language->count);
            strcat(all, language->title);
            if (!convert(all, pages[k], bytes, sizeof bytes)) continue; /* it lacks the letters */
            read_so(language, &manners[0], pages[k]);
            read++;
        }
    }
    CU_ASSERT_TRUE(read >= 2 * NETSH_LANGUAGES);
}

/* Neither a range that begins with this port nor an exclusion from `first` to `last` is read. */
static void expect_no_numbers(const char *port, const char *first, const char *last) {
    char text[128];
    struct host_exclusion rows[4];
    unsigned count = 0;
    snprintf(text, sizeof text, "----\nA : %s\nB : 13977\n", port);
    CU_ASSERT_FALSE(reads_range(text));
    snprintf(text, sizeof text, "----------    --------\n  %s   %s\n\n", first, last);
    CU_ASSERT_FALSE(netsh_read_exclusions(text, TRANSPORT_TCP, rows, 4, &count));
}

/* A port is written without a separator: what has one may be two numbers, so it is none. */
static void numbers_with_separators_are_refused(void) {
    static const char *const separators[] = {
        " ", ",", ".", "'", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x99", "\xD9\xAC"
    };
    for (unsigned i = 0; i < sizeof separators / sizeof separators[0]; i++) {
        char port[16], first[16], last[16];
        snprintf(port, sizeof port, "1%s024", separators[i]);
        snprintf(first, sizeof first, "50%s000", separators[i]);
        snprintf(last, sizeof last, "50%s059", separators[i]);
        expect_no_numbers(port, first, last);
    }
}

/* Digits, a star, a colon and a rule of a full width are those of half. */
static void full_width_forms_are_read(void) {
    CU_ASSERT_TRUE(reads_exclusions(
        "\xEF\xBC\x8D\xEF\xBC\x8D\xEF\xBC\x8D\xEF\xBC\x8D\xE3\x80\x80----\n\xEF\xBC\x98\xEF\xBC\x90 80\n5357 5357\n"
        "50000 50059\xE3\x80\x80\xEF\xBC\x8A\n\n"));
    CU_ASSERT_TRUE(reads_range("----\nA\xEF\xBC\x9A\xEF\xBC\x91\xEF\xBC\x90\xEF\xBC\x92\xEF\xBC\x94\nB\xEF\xBC\x9A"
                               "13977\xE2\x80\x8F\n"));
    /* no digits of netsh's: Arabic, Persian, Devanagari, Thai */
    static const char *const digits[] = { "\xD9\xA1\xD9\xA0\xD9\xA2\xD9\xA4", "\xDB\xB1\xDB\xB0\xDB\xB2\xDB\xB4",
                                          "\xE0\xA5\xA7\xE0\xA5\xA6", "\xE0\xB9\x91\xE0\xB9\x90" };
    for (unsigned i = 0; i < sizeof digits / sizeof digits[0]; i++) expect_no_numbers(digits[i], digits[i], digits[i]);
}

/* --- through the program, in its code page ------------------------------------------------------------------------ */

static char folder[] = "build/agent-languages-XXXXXX";
static char program[64], says[64], words[64];
static char path_before[4096];

static int begin(void) {
    char path[sizeof path_before + sizeof folder];
    const char *before = getenv("PATH");
    if (mkdtemp(folder) == NULL || before == NULL || strlen(before) >= sizeof path_before) return 1;
    strcpy(path_before, before);
    snprintf(program, sizeof program, "%s/netsh", folder);
    snprintf(says, sizeof says, "%s/says", folder);
    snprintf(words, sizeof words, "%s/words", folder);
    snprintf(path, sizeof path, "%s:%s", folder, before);
    return setenv("PATH", path, 1) | setenv("SYSTEM_WORDS", words, 1);
}

static int end(void) {
    remove(program);
    remove(says);
    remove(words);
    rmdir(folder);
    return setenv("PATH", path_before, 1) | unsetenv("SYSTEM_WORDS") | unsetenv("SYSTEM_CODE_PAGE");
}

static void write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_TRUE(fputs(text, file) >= 0);
    CU_ASSERT_EQUAL(fclose(file), 0);
}

/* netsh says this from now on, in the code page, and fails. */
static void netsh_will_fail(const char *text, const char *page) {
    char command[256], bytes[1024];
    snprintf(command, sizeof command, "#!/bin/sh\ncat %s\nexit 1\n", says);
    write_file(program, command);
    CU_ASSERT_EQUAL(chmod(program, 0755), 0);
    CU_ASSERT_TRUE(convert(text, page, bytes, sizeof bytes));
    write_file(says, bytes);
    CU_ASSERT_EQUAL(setenv("SYSTEM_CODE_PAGE", page, 1), 0);
}

static ULONG error_of(const char *text, const char *page) {
    netsh_will_fail(text, page);
    return agent_netsh_add_excludedportrange(TRANSPORT_TCP, 50000, 60, NETSH_ACTIVE);
}

static void errors_are_understood_in_each_language_and_code_page(void) {
    for (unsigned i = 0; i < NETSH_LANGUAGES; i++) {
        const struct netsh_language *language = &netsh_languages[i];
        const char *const pages[2] = { language->page, "UTF-8" };
        char known[1024];
        snprintf(known, sizeof known, "5 own %s\n740 own %s\n5 english Access is denied.\n", language->system_denied,
                 language->system_elevation);
        write_file(words, known);
        for (unsigned k = 0; k < 2; k++) {
            CU_ASSERT_EQUAL(error_of(language->denied, pages[k]), ERROR_ACCESS_DENIED);
            CU_ASSERT_EQUAL(error_of(language->elevation, pages[k]), ERROR_ELEVATION_REQUIRED);
            CU_ASSERT_EQUAL(error_of("\r\nAccess is denied.\r\n\r\n", pages[k]), ERROR_ACCESS_DENIED);
            CU_ASSERT_EQUAL(error_of(language->title, pages[k]), NETSH_SAYS_NOTHING);
        }
    }
}

/* A Polish edition at a console of code page 437, which has none of its letters. */
static void letters_that_the_code_page_lacks_are_compared_as_it_has_them(void) {
    write_file(words, "5 own Odmowa dost\xC4\x99pu.\n5 page Odmowa dostepu.\n");
    CU_ASSERT_EQUAL(error_of("Odmowa dostepu.", "CP437"), ERROR_ACCESS_DENIED);
    CU_ASSERT_EQUAL(error_of("Odmowa", "CP437"), NETSH_SAYS_NOTHING);
}

/* What ends within a character of the page has been cut, though all that is left of it looks whole. */
static void a_listing_that_ends_within_a_character_is_none(void) {
    static const char *const pages[] = { "CP932", "CP936", "CP949", "BIG5", "UTF-8" };
    static const char rows[] = "\\n----------    --------\\n   80   80\\n\\n";
    for (unsigned i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        char command[256];
        struct host_exclusion found[4];
        unsigned count = 0;
        CU_ASSERT_EQUAL(setenv("SYSTEM_CODE_PAGE", pages[i], 1), 0);
        for (unsigned cut = 0; cut < 2; cut++) {
            snprintf(command, sizeof command, "#!/bin/sh\nprintf '%s%s'\n", rows, cut == 1 ? "\\345" : "");
            write_file(program, command);
            CU_ASSERT_EQUAL(chmod(program, 0755), 0);
            CU_ASSERT_EQUAL(netsh_exclusions(TRANSPORT_TCP, NETSH_ACTIVE, found, 4, &count), cut == 0);
        }
    }
}

/* The words of one error may be the beginning of another's; and two may have the same. */
static void the_longest_words_count_and_equal_ones_do_not(void) {
    write_file(words, "32 own The file is in use.\n5 own The file is in use.\n740 own The file is\n");
    CU_ASSERT_EQUAL(error_of("The file is.", "CP437"), ERROR_ELEVATION_REQUIRED);
    CU_ASSERT_EQUAL(error_of("The file is in use.", "CP437"), NETSH_SAYS_NOTHING);
    write_file(words, "5 own The file\n32 own The file is in use.\n");
    CU_ASSERT_EQUAL(error_of("The file is in use.", "CP437"), ERROR_SHARING_VIOLATION);
}

/* They are in the trace as UTF-8, whatever the code page. */
static void unknown_words_are_kept_as_utf8(void) {
    write_file(words, "");
    CU_ASSERT_EQUAL(error_of("\xE6\x93\x8D\xE4\xBD\x9C\xE3\x80\x82", "CP936"), NETSH_SAYS_NOTHING);
    CU_ASSERT_STRING_EQUAL(netsh_steps_words(), "\xE6\x93\x8D\xE4\xBD\x9C\xE3\x80\x82");
}

void register_agent_netsh_languages_tests(void);

void register_agent_netsh_languages_tests(void) {
    CU_pSuite suite = CU_add_suite("agent: netsh in thirty languages", begin, end);
    CU_add_test(suite, "listings are read in each language and code page",
                listings_are_read_in_each_language_and_code_page);
    CU_add_test(suite, "listings are read in pages of other consoles", listings_are_read_in_pages_of_other_consoles);
    CU_add_test(suite, "a listing that ends within a character is none",
                a_listing_that_ends_within_a_character_is_none);
    CU_add_test(suite, "full-width forms are read", full_width_forms_are_read);
    CU_add_test(suite, "numbers with separators are refused", numbers_with_separators_are_refused);
    CU_add_test(suite, "errors are understood in each language and code page",
                errors_are_understood_in_each_language_and_code_page);
    CU_add_test(suite, "letters that the code page lacks are compared as it has them",
                letters_that_the_code_page_lacks_are_compared_as_it_has_them);
    CU_add_test(suite, "the longest words count, and equal ones do not", the_longest_words_count_and_equal_ones_do_not);
    CU_add_test(suite, "unknown words are kept as UTF-8", unknown_words_are_kept_as_utf8);
}
