/* The lowest layer of the language: lines, blanks, words, numbers; and errors with their place.
 *
 * The grammar needs no token list: a cursor walks along one line, and each function takes one thing from it or leaves
 * the cursor where it was. Functions that can refuse return false, or NULL, after filling the error once. */
#ifndef RESERVOIR_CONFORMANCE_LEXER_H
#define RESERVOIR_CONFORMANCE_LEXER_H

#include <stdbool.h>
#include <string.h>

#include "conformance/language/language_error.h"

/* Part of a line; not NUL-terminated. length 0: there was none. */
struct word {
    const char *start;
    unsigned length;
};

struct lexer {
    const char *file;
    struct language_error *error;
    const char *next; /* the first byte of the line after this one */
    const char *end;  /* of the whole text */
    const char *line; /* this line, without its end */
    const char *line_end;
    const char *at;       /* the cursor */
    uint32_t line_number; /* from 1 */
    struct word peeked;   /* the word that was looked at last, wherever the cursor is now */
};

enum line_result { LINE_READ, LINE_END, LINE_REFUSED };

/* Borrows everything. No line is read yet. */
void lexer_begin(struct lexer *lexer, const char *file, const char *text, size_t length, struct language_error *error);

/* Goes to the next line and checks its bytes: length, UTF-8, control characters. */
enum line_result lexer_next_line(struct lexer *lexer);

/* Fill the error, at the cursor or at a place in the current line. Always return false. */
bool lexer_fail(struct lexer *lexer, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;
bool lexer_fail_at(struct lexer *lexer, const char *place, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;
/* "expected X, found Y", where Y is what stands at the cursor. */
bool lexer_expected(struct lexer *lexer, const char *what);

struct position lexer_position(const struct lexer *lexer, const char *place);

/* Is nothing left on the line but blanks and perhaps a comment? Skips the blanks. These small steps are here because
 * the parser makes a hundred of them a line. */
static inline bool lexer_at_end(struct lexer *lexer) {
    while (lexer->at < lexer->line_end && *lexer->at == ' ') lexer->at++;
    if (lexer->at == lexer->line_end) return true;
    return *lexer->at == '#' && (lexer->at == lexer->line || lexer->at[-1] == ' ');
}
/* Refuses when something is left. */
bool lexer_expect_end(struct lexer *lexer);

/* After blanks; '\0' at the end of the line. */
static inline char lexer_peek(struct lexer *lexer) { return lexer_at_end(lexer) ? '\0' : *lexer->at; }

/* After blanks. */
static inline bool lexer_take(struct lexer *lexer, const char *punctuation) {
    size_t length = strlen(punctuation);
    if (lexer_at_end(lexer) || (size_t)(lexer->line_end - lexer->at) < length) return false;
    if (memcmp(lexer->at, punctuation, length) != 0) return false;
    lexer->at += length;
    return true;
}

/* No blanks skipped. */
static inline bool lexer_take_adjacent(struct lexer *lexer, char byte) {
    if (lexer->at == lexer->line_end || *lexer->at != byte) return false;
    lexer->at++;
    return true;
}

bool lexer_expected_punctuation(struct lexer *lexer, const char *punctuation); /* the error of the next one */
static inline bool lexer_expect(struct lexer *lexer, const char *punctuation) {
    return lexer_take(lexer, punctuation) || lexer_expected_punctuation(lexer, punctuation);
}

/* A word: a letter or underscore, then letters, digits, underscores, and hyphens with a letter after them: `partly-bad`
 * is a word, of `p-1` only the `p` is. */
struct word lexer_peek_word(struct lexer *lexer);
struct word lexer_take_word(struct lexer *lexer);
/* Everything up to the next blank or the end of the line. */
struct word lexer_take_until_blank(struct lexer *lexer);
/* The rest of the line, blanks trimmed, a '#' included. */
struct word lexer_take_rest(struct lexer *lexer);
/* The comment at the end of the line ('#' included, trimmed), or length 0. Call where lexer_at_end() is true. */
struct word lexer_comment(struct lexer *lexer);

/* Here, so that a text written out in the call is measured by the compiler. The first byte rules out most
 * texts of a table before they are measured. */
static inline bool word_is(struct word word, const char *text) {
    if (word.length == 0 || word.start[0] != text[0]) return word.length == 0 && text[0] == '\0';
    size_t length = strlen(text);
    return length == word.length && memcmp(word.start, text, length) == 0;
}
/* [a-z][a-z0-9_]*, at most LANGUAGE_NAME_BYTES_MAX bytes */
bool word_is_name(struct word word);

/* Digits, or 0x and hexadecimal digits; the cursor must stand before a digit. */
bool lexer_number(struct lexer *lexer, uint64_t *number, bool *hexadecimal);
/* The same, decimal only and limited; `what` names it in the message. Skips blanks. */
bool lexer_number_up_to(struct lexer *lexer, uint64_t max, const char *what, uint64_t *number);

enum { LANGUAGE_NAME_BYTES_MAX = 48 };

#endif
