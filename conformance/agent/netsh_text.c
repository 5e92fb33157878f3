#include "conformance/agent/netsh.h"
#include "conformance/base/number.h"

#include <assert.h>
#include <string.h>

/* --- characters --------------------------------------------------------------------------------------------------- */

/* What one edition, or one code page, writes so and another so, beside the full-width forms of ASCII; '\0': nothing. */
/* clang-format off */
static const struct { const char *bytes; char plain; } likenesses[] = {
    { "\xE2\x80\x98", '\'' }, { "\xE2\x80\x99", '\'' }, { "\xE2\x80\x9A", '\'' }, { "\xCA\xBC", '\'' },
    { "\xC2\xB4", '\'' }, { "\xE2\x80\xB2", '\'' }, { "\xD7\xB3", '\'' },                 /* apostrophes, geresh */
    { "\xE2\x80\x9C", '"' }, { "\xE2\x80\x9D", '"' }, { "\xE2\x80\x9E", '"' },
    { "\xC2\xAB", '"' }, { "\xC2\xBB", '"' }, { "\xD7\xB4", '"' },                         /* quotation marks */
    { "\xE3\x80\x82", '.' }, { "\xEF\xBD\xA1", '.' }, { "\xE0\xA5\xA4", '.' },             /* full stops */
    { "\xD6\x89", '.' }, { "\xDB\x94", '.' }, { "\xE1\x81\x8B", '.' },                   /* Armenian, Urdu, Burmese, */
    { "\xE1\x8D\xA2", '.' }, { "\xE1\x9F\x94", '.' },                                     /* Ethiopic, Khmer */
    { "\xE2\x80\x90", '-' }, { "\xE2\x80\x91", '-' }, { "\xE2\x80\x92", '-' }, { "\xE2\x80\x93", '-' },
    { "\xE2\x80\x94", '-' }, { "\xE2\x80\x95", '-' }, { "\xE2\x88\x92", '-' },             /* dashes */
    { "\xC2\xA0", ' ' }, { "\xE2\x80\xAF", ' ' }, { "\xE2\x81\x9F", ' ' }, { "\xE3\x80\x80", ' ' }, /* blanks */
    { "\xE2\x80\x80", ' ' }, { "\xE2\x80\x81", ' ' }, { "\xE2\x80\x82", ' ' }, { "\xE2\x80\x83", ' ' },
    { "\xE2\x80\x84", ' ' }, { "\xE2\x80\x85", ' ' }, { "\xE2\x80\x86", ' ' }, { "\xE2\x80\x87", ' ' },
    { "\xE2\x80\x88", ' ' }, { "\xE2\x80\x89", ' ' }, { "\xE2\x80\x8A", ' ' },
    { "\xEF\xBB\xBF", '\0' }, { "\xC2\xAD", '\0' }, { "\xD8\x9C", '\0' },                /* mark of bytes, soft hyphen */
    { "\xE2\x80\x8B", '\0' }, { "\xE2\x80\x8C", '\0' }, { "\xE2\x80\x8D", '\0' },
    { "\xE2\x81\xA0", '\0' }, { "\xE2\x80\x8E", '\0' }, { "\xE2\x80\x8F", '\0' },         /* of no width, of direction */
    { "\xE2\x80\xAA", '\0' }, { "\xE2\x80\xAB", '\0' }, { "\xE2\x80\xAC", '\0' },
    { "\xE2\x80\xAD", '\0' }, { "\xE2\x80\xAE", '\0' },
    { "\xE2\x81\xA6", '\0' }, { "\xE2\x81\xA7", '\0' }, { "\xE2\x81\xA8", '\0' }, { "\xE2\x81\xA9", '\0' },
};
/* clang-format on */

/* The full-width form of a character of ASCII (U+FF01 to U+FF5E); '\0' when it is none. */
static char of_full_width(const char *text) {
    const uint8_t *bytes = (const uint8_t *)text;
    if (bytes[0] != 0xEF || (bytes[1] != 0xBC && bytes[1] != 0xBD) || (bytes[2] & 0xC0) != 0x80) return '\0';
    unsigned point = 0xF000u | (bytes[1] & 0x3Fu) << 6 | (bytes[2] & 0x3Fu);
    return point >= 0xFF01 && point <= 0xFF5E ? (char)(point - 0xFF01 + '!') : '\0';
}

/* The next character of a text, or what it is like; '\0': it counts for nothing. A line end is '\n', of whatever kind:
 * text that is translated twice has two CR before each LF. *length is how many bytes it takes. */
static char plain_character(const char *text, size_t *length) {
    *length = strspn(text, "\r");
    if (*length > 0 && text[*length] == '\n') ++*length;
    else if (*length > 1) *length = 1;
    if (*length > 0) return '\n';
    *length = 3;
    char plain = of_full_width(text);
    if (plain != '\0') return plain;
    for (unsigned i = 0; i < sizeof likenesses / sizeof likenesses[0]; i++) {
        *length = strlen(likenesses[i].bytes);
        if (strncmp(text, likenesses[i].bytes, *length) == 0) return likenesses[i].plain;
    }
    *length = 1;
    return *text;
}

/* The text with plain characters. False: it is too long. */
static bool make_plain(const char *text, char *plain, size_t size) {
    size_t used = 0, length = 0;
    for (; *text != '\0'; text += length) {
        char character = plain_character(text, &length);
        if (character == '\0') continue;
        if (used == size - 1) return false;
        plain[used++] = character;
    }
    plain[used] = '\0';
    return true;
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

static size_t line_length(const char *text) { return strcspn(text, "\n"); }

/* Behind the end of the line. */
static const char *next_line(const char *text) {
    text += line_length(text);
    return *text == '\n' ? text + 1 : text;
}

static bool is_blank(char byte) { return byte == ' ' || byte == '\t' || byte == '\n'; }

static bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

static bool is_empty(const char *line, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (!is_blank(line[i])) return false;
    return true;
}

/* How many columns the rule below a table's head has; 0: the line is no rule. */
static unsigned rule_columns(const char *line, size_t length) {
    enum { DASHES_MIN = 4 };
    unsigned columns = 0;
    for (size_t i = 0; i < length;) {
        size_t dashes = 0;
        while (i < length && is_blank(line[i])) i++;
        while (i + dashes < length && line[i + dashes] == '-') dashes++;
        if (dashes == 0 && i == length) break;
        if (dashes < DASHES_MIN) return 0;
        columns++;
        i += dashes;
    }
    return columns;
}

/* Behind the line of the rule, which must be the only one; NULL when there is none, or the last line of the text is not
 * whole: then more was to come. */
static const char *below_rule(const char *text, unsigned columns) {
    const char *below = NULL;
    size_t whole = strlen(text);
    if (whole == 0 || text[whole - 1] != '\n') return NULL;
    for (; *text != '\0'; text = next_line(text)) {
        if (rule_columns(text, line_length(text)) != columns) continue;
        if (below != NULL) return NULL;
        below = next_line(text);
    }
    return below;
}

/* May a number begin after this character? One with a sign, a point, or a letter of ASCII at its side is another one,
 * or none. A colon has many shapes. */
static bool may_stand_before_number(char byte) {
    bool is_letter = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
    return !is_letter && strchr("+-.,_", byte) == NULL;
}

/* The number at the end of a line that has no other digit. */
static bool take_last_number(const char *line, size_t length, uint64_t *number) {
    size_t at = 0;
    while (length > 0 && is_blank(line[length - 1])) length--;
    while (at < length && !is_digit(line[at])) at++;
    if (at == length || (at > 0 && !may_stand_before_number(line[at - 1]))) return false;
    return at + number_take(line + at, length - at, number) == length;
}

/* Two lines below the rule, each with a number at its end, whatever stands before it: a colon has many shapes. */
bool netsh_read_dynamic_range(const char *said, uint32_t *first, uint32_t *last) {
    assert(said != NULL);
    assert(first != NULL && last != NULL);
    char plain[NETSH_TEXT_MAX];
    uint64_t found[2] = { 0, 0 };
    unsigned found_count = 0;
    const char *text = make_plain(said, plain, sizeof plain) ? below_rule(plain, 1) : NULL;
    if (text == NULL) return false;
    for (; *text != '\0'; text = next_line(text)) {
        size_t length = line_length(text);
        if (is_empty(text, length)) continue;
        if (found_count == 2 || !take_last_number(text, length, &found[found_count++])) return false;
    }
    if (found_count != 2 || found[0] < 1 || found[0] > 0xFFFF || found[1] < 1 || found[1] > 0x10000 - found[0])
        return false;
    *first = (uint32_t)found[0];
    *last = (uint32_t)(found[0] + found[1] - 1);
    return true;
}

/* `  5357   5357   *`: two ports in order, then the mark or nothing. */
static bool take_row(const char *line, size_t length, struct host_exclusion *row) {
    uint64_t numbers[2] = { 0, 0 };
    size_t at = 0;
    for (unsigned i = 0; i < 2; i++) {
        size_t before = at;
        while (at < length && is_blank(line[at])) at++;
        if (i == 1 && at == before) return false;
        if (at == length || !is_digit(line[at])) return false;
        at += number_take(line + at, length - at, &numbers[i]);
    }
    while (at < length && is_blank(line[at])) at++;
    row->administered = at < length && line[at] == '*';
    if (row->administered) at++;
    row->first = (uint32_t)numbers[0];
    row->last = (uint32_t)numbers[1];
    return is_empty(line + at, length - at) && numbers[0] >= 1 && numbers[0] <= numbers[1] && numbers[1] <= 0xFFFF;
}

/* Rows follow the rule at once and end with an empty line or the text; nothing after that looks like one. */
bool netsh_read_exclusions(const char *said, enum transport transport, struct host_exclusion *out, unsigned room,
                           unsigned *count) {
    assert(said != NULL);
    assert(count != NULL);
    char plain[NETSH_TEXT_MAX];
    *count = 0;
    const char *text = make_plain(said, plain, sizeof plain) ? below_rule(plain, 2) : NULL;
    if (text == NULL) return false;
    bool in_table = true;
    for (; *text != '\0'; text = next_line(text)) {
        size_t length = line_length(text);
        struct host_exclusion row = { .transport = transport };
        bool is_row = take_row(text, length, &row);
        if (is_empty(text, length)) in_table = false;
        else if (in_table != is_row || (is_row && *count == room)) return false;
        else if (is_row) out[(*count)++] = row;
    }
    return true;
}

/* --- messages ----------------------------------------------------------------------------------------------------- */

/* One blank where there are more, and none at the ends. */
static void squeeze(char *text) {
    size_t used = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (!is_blank(*at)) text[used++] = *at;
        else if (used > 0 && text[used - 1] != ' ') text[used++] = ' ';
    }
    while (used > 0 && text[used - 1] == ' ') used--;
    text[used] = '\0';
}

size_t netsh_says(const char *text, const char *words) {
    char plain_text[2048], plain_words[1024];
    assert(text != NULL && words != NULL);
    if (!make_plain(text, plain_text, sizeof plain_text) || !make_plain(words, plain_words, sizeof plain_words))
        return 0;
    squeeze(plain_text);
    squeeze(plain_words);
    size_t length = strlen(plain_words);
    while (length > 0 && (plain_words[length - 1] == ' ' || plain_words[length - 1] == '.'))
        plain_words[--length] = '\0';
    return length > 0 && strstr(plain_text, plain_words) != NULL ? length : 0;
}
