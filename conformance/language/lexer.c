#include "conformance/language/lexer.h"

#include <assert.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/utf8.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
static bool is_letter(char c) { return is_lower((char)(c | 0x20)) || c == '_'; } /* 0x20 makes a capital small */
static bool is_plain(char c) { return c >= ' ' && c <= '~'; }

/* Letters, digits and underscores: a table, for most bytes of a text stand in words. */
/* clang-format off */
static const bool in_word[UCHAR_MAX + 1] = {
    ['0'] = true, ['1'] = true, ['2'] = true, ['3'] = true, ['4'] = true, ['5'] = true, ['6'] = true, ['7'] = true, ['8'] = true, ['9'] = true,
    ['a'] = true, ['b'] = true, ['c'] = true, ['d'] = true, ['e'] = true, ['f'] = true, ['g'] = true, ['h'] = true, ['i'] = true, ['j'] = true, ['k'] = true, ['l'] = true, ['m'] = true,
    ['n'] = true, ['o'] = true, ['p'] = true, ['q'] = true, ['r'] = true, ['s'] = true, ['t'] = true, ['u'] = true, ['v'] = true, ['w'] = true, ['x'] = true, ['y'] = true, ['z'] = true,
    ['A'] = true, ['B'] = true, ['C'] = true, ['D'] = true, ['E'] = true, ['F'] = true, ['G'] = true, ['H'] = true, ['I'] = true, ['J'] = true, ['K'] = true, ['L'] = true, ['M'] = true,
    ['N'] = true, ['O'] = true, ['P'] = true, ['Q'] = true, ['R'] = true, ['S'] = true, ['T'] = true, ['U'] = true, ['V'] = true, ['W'] = true, ['X'] = true, ['Y'] = true, ['Z'] = true,
    ['_'] = true,
};
/* clang-format on */

/* The same as is_plain() of eight bytes at once: none has its highest bit, is below a blank, or is DEL. */
static bool are_plain(const char *bytes) {
    const uint64_t each = UINT64_C(0x0101010101010101);
    uint64_t eight;
    memcpy(&eight, bytes, sizeof eight);
    uint64_t not_del = eight ^ each * 0x7F;
    uint64_t wrong = eight | ((eight - each * ' ') & ~eight) | ((not_del - each) & ~not_del);
    return (wrong & each * 0x80) == 0;
}

void lexer_begin(struct lexer *lexer, const char *file, const char *text, size_t length, struct language_error *error) {
    assert(file != NULL && error != NULL);
    assert(text != NULL || length == 0);
    if (text == NULL) text = "";
    *lexer = (struct lexer){
        .file = file, .error = error, .next = text, .end = text + length, .line = text, .line_end = text, .at = text
    };
}

/* --- errors ----------------------------------------------------------------------------------------------------- */

struct position lexer_position(const struct lexer *lexer, const char *place) {
    assert(place >= lexer->line);
    return (struct position){ lexer->line_number, (uint32_t)(place - lexer->line) + 1 };
}

static void fill_error(struct lexer *lexer, const char *place, const char *format, va_list arguments) {
    struct position position = lexer_position(lexer, place);
    if (position.line == 0) position.line = 1; /* nothing was read yet */
    language_error_set_list(lexer->error, lexer->file, position, lexer->line, (size_t)(lexer->line_end - lexer->line),
                            format, arguments);
}

bool lexer_fail(struct lexer *lexer, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fill_error(lexer, lexer->at, format, arguments);
    va_end(arguments);
    return false;
}

bool lexer_fail_at(struct lexer *lexer, const char *place, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fill_error(lexer, place, format, arguments);
    va_end(arguments);
    return false;
}

/* The thing at the cursor as a person would point at it: a word or number whole, else one character. */
static struct word thing_at_cursor(struct lexer *lexer) {
    struct word word = lexer_peek_word(lexer);
    if (word.length > 0) return word;
    word.start = lexer->at;
    word.length = 1;
    if (is_digit(*lexer->at)) {
        while (word.start + word.length < lexer->line_end &&
               (is_digit(word.start[word.length]) || is_letter(word.start[word.length])))
            word.length++;
        return word;
    }
    while (word.start + word.length < lexer->line_end && ((unsigned char)word.start[word.length] & 0xC0) == 0x80)
        word.length++;
    return word;
}

bool lexer_expected(struct lexer *lexer, const char *what) {
    assert(what != NULL);
    if (lexer_at_end(lexer)) return lexer_fail(lexer, "expected %s, found the end of the line", what);
    struct word found = thing_at_cursor(lexer);
    int length = found.length > 60 ? 60 : (int)found.length;
    return lexer_fail(lexer, "expected %s, found %.*s", what, length, found.start);
}

/* --- lines ------------------------------------------------------------------------------------------------------ */

static bool check_characters(struct lexer *lexer) {
    const char *at = lexer->line;
    bool has_eight = lexer->line_end - lexer->line >= 8;
    for (;;) {
        while (lexer->line_end - at >= 8 && are_plain(at)) at += 8;
        /* Fewer than eight are left: looked at with some of those before. */
        if (has_eight && lexer->line_end - at < 8 && are_plain(lexer->line_end - 8)) return true;
        while (at < lexer->line_end && is_plain(*at)) at++;
        if (at == lexer->line_end) return true;
        unsigned char byte = (unsigned char)*at;
        unsigned length = utf8_length(at, lexer->line_end);
        if (length == 0) return lexer_fail_at(lexer, at, "byte 0x%02X is not valid UTF-8", byte);
        if (byte == 0) return lexer_fail_at(lexer, at, "a NUL byte; a file of this language is text");
        if (byte == '\t') return lexer_fail_at(lexer, at, "a tab; use blanks");
        if (byte < 0x20 || byte == 0x7F) return lexer_fail_at(lexer, at, "control character 0x%02X", byte);
        if (byte == 0xC2 && (unsigned char)at[1] < 0xA0)
            return lexer_fail_at(lexer, at, "control character U+00%02X", (unsigned char)at[1]);
        if (length == 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
            return lexer_fail_at(lexer, at, "a byte order mark; remove it");
        at += length;
    }
}

enum line_result lexer_next_line(struct lexer *lexer) {
    if (lexer->next == lexer->end) return LINE_END;
    size_t left = (size_t)(lexer->end - lexer->next);
    const char *newline = memchr(lexer->next, '\n', left);
    lexer->line = lexer->at = lexer->next;
    lexer->line_end = newline != NULL ? newline : lexer->end;
    lexer->next = newline != NULL ? newline + 1 : lexer->end;
    lexer->line_number++;
    if (newline != NULL && lexer->line_end > lexer->line && lexer->line_end[-1] == '\r') lexer->line_end--;
    size_t length = (size_t)(lexer->line_end - lexer->line);
    if (length > LINE_BYTES_MAX) {
        lexer_fail_at(lexer, lexer->line + LINE_BYTES_MAX, "a line of %lu bytes; at most %d are allowed",
                      (unsigned long)length, LINE_BYTES_MAX);
        return LINE_REFUSED;
    }
    return check_characters(lexer) ? LINE_READ : LINE_REFUSED;
}

/* --- along a line ----------------------------------------------------------------------------------------------- */

bool lexer_expect_end(struct lexer *lexer) {
    return lexer_at_end(lexer) || lexer_expected(lexer, "the end of the line");
}

bool lexer_expected_punctuation(struct lexer *lexer, const char *punctuation) {
    char what[24];
    snprintf(what, sizeof what, "'%s'", punctuation);
    return lexer_expected(lexer, what);
}

struct word lexer_peek_word(struct lexer *lexer) {
    struct word word = { lexer->at, 0 };
    if (lexer_at_end(lexer)) return word;
    const char *at = lexer->at;
    const char *end = lexer->line_end;
    if (at == lexer->peeked.start) return lexer->peeked; /* the grammar looks at most words several times */
    word.start = at;
    if (!is_letter(*at)) return word;
    while (at < end && (in_word[(unsigned char)*at] || (*at == '-' && at + 1 < end && is_letter(at[1])))) at++;
    word.length = (unsigned)(at - word.start);
    lexer->peeked = word;
    return word;
}

struct word lexer_take_word(struct lexer *lexer) {
    struct word word = lexer_peek_word(lexer);
    lexer->at += word.length;
    return word;
}

struct word lexer_take_until_blank(struct lexer *lexer) {
    struct word word = { lexer->at, 0 };
    if (lexer_at_end(lexer)) return word;
    word.start = lexer->at;
    while (lexer->at < lexer->line_end && *lexer->at != ' ') lexer->at++;
    word.length = (unsigned)(lexer->at - word.start);
    return word;
}

struct word lexer_take_rest(struct lexer *lexer) {
    (void)lexer_at_end(lexer);
    struct word word = { lexer->at, 0 };
    const char *end = lexer->line_end;
    while (end > word.start && end[-1] == ' ') end--;
    word.length = (unsigned)(end - word.start);
    lexer->at = lexer->line_end;
    return word;
}

struct word lexer_comment(struct lexer *lexer) {
    assert(lexer->at == lexer->line_end || *lexer->at == '#');
    return lexer_take_rest(lexer);
}

bool word_is_name(struct word word) {
    if (word.length == 0 || word.length > LANGUAGE_NAME_BYTES_MAX || !is_lower(word.start[0])) return false;
    for (unsigned i = 0; i < word.length; i++) {
        char c = word.start[i];
        if (!is_lower(c) && !is_digit(c) && c != '_') return false;
    }
    return true;
}

/* --- numbers ---------------------------------------------------------------------------------------------------- */

static int digit_value(char c, unsigned base) {
    int value = is_digit(c) ? c - '0' : is_lower(c) ? c - 'a' + 10 : c >= 'A' && c <= 'Z' ? c - 'A' + 10 : 99;
    return value < (int)base ? value : -1;
}

bool lexer_number(struct lexer *lexer, uint64_t *number, bool *hexadecimal) {
    assert(lexer->at < lexer->line_end && is_digit(*lexer->at));
    const char *start = lexer->at;
    const char *end = lexer->line_end;
    const char *at = start;
    unsigned base = 10;
    if (*at == '0' && at + 1 < end && (at[1] == 'x' || at[1] == 'X')) {
        base = 16;
        at += 2;
    }
    const char *digits = at;
    uint64_t value = 0;
    for (; at < end && digit_value(*at, base) >= 0; at++) {
        unsigned digit = (unsigned)digit_value(*at, base);
        if (value > (UINT64_MAX - digit) / base)
            return lexer_fail_at(lexer, start, "the number is larger than 18446744073709551615");
        value = value * base + digit;
    }
    if (at == digits) return lexer_fail_at(lexer, start, "expected hexadecimal digits after 0x");
    if (base == 10 && at - digits > 1 && *digits == '0')
        return lexer_fail_at(lexer, start, "a number does not begin with 0; there are no octal numbers");
    if (at < end && (is_letter(*at) || is_digit(*at)))
        return lexer_fail_at(lexer, at, "%c does not belong into a number", *at);
    lexer->at = at;
    *number = value;
    *hexadecimal = base == 16;
    return true;
}

bool lexer_number_up_to(struct lexer *lexer, uint64_t max, const char *what, uint64_t *number) {
    bool hexadecimal = false;
    if (!is_digit(lexer_peek(lexer))) return lexer_expected(lexer, what);
    const char *start = lexer->at;
    if (!lexer_number(lexer, number, &hexadecimal)) return false;
    if (hexadecimal) return lexer_fail_at(lexer, start, "%s is written as a decimal number", what);
    if (*number > max) return lexer_fail_at(lexer, start, "%s is at most %lu", what, (unsigned long)max);
    return true;
}
