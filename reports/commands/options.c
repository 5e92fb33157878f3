#include "reports/commands/options.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/nearest.h"
#include "conformance/base/text.h"
#include "reports/commands/help.h"
#include "reports/formats/terminal.h"

/* --- complaints --------------------------------------------------------------------------------------------------- */

int options_wrong(const struct options *options, const char *format, ...) {
    struct text message = { 0 };
    va_list values;
    assert(options->command != NULL && format != NULL);
    const char *name = options->command->name;
    text_add(&message, "reservoir %s: ", name);
    va_start(values, format);
    text_add_values(&message, format, values);
    va_end(values);
    if (options->keeper != NULL) text_add(&message, "\nreservoir %s: that was in %s\n", name, options->keeper);
    else text_add(&message, "\nTry `reservoir help %s`.\n", name);
    errors_print(&message);
    text_free(&message);
    return 2;
}

static int unknown_option(const struct options *options, const char *name, size_t length) {
    struct nearest nearest = nearest_to(name, (unsigned)length);
    const struct command *command = options->command;
    for (unsigned i = 0; i < command->rows_count; i++) {
        const struct option_row *row = &command->rows[i];
        if (option_row_is_option(row) && command_has(command, row)) nearest_offer(&nearest, row->name);
    }
    nearest_offer(&nearest, "--help");
    if (nearest.best == NULL) return options_wrong(options, "unknown option %.*s", (int)length, name);
    return options_wrong(options, "unknown option %.*s; did you mean %s?", (int)length, name, nearest.best);
}

int options_no_word(const struct options *options, const char *what, const char *word) {
    const struct command *command = options->command;
    struct nearest nearest = nearest_to(word, (unsigned)strlen(word));
    struct text all = { 0 };
    for (unsigned i = 0; i < command->rows_count; i++) {
        if (command->rows[i].kind != OPTION_WORD) continue;
        nearest_offer(&nearest, command->rows[i].name);
        text_add(&all, "%s%s", all.length == 0 ? "" : ", ", command->rows[i].name);
    }
    if (nearest.best != NULL) options_wrong(options, "no %s %s; did you mean %s?", what, word, nearest.best);
    else options_wrong(options, "no %s %s; expected one of %s", what, word, all.bytes);
    text_free(&all);
    return 2;
}

/* --- values ------------------------------------------------------------------------------------------------------- */

int options_take_number(const struct options *options, const char *name, const char *value, uint64_t least,
                        uint64_t most, uint64_t *number) {
    assert(options != NULL && name != NULL && value != NULL && number != NULL);
    bool hexadecimal = value[0] == '0' && (value[1] == 'x' || value[1] == 'X');
    const char *digits = hexadecimal ? value + 2 : value;
    size_t length = strspn(digits, hexadecimal ? "0123456789abcdefABCDEF" : "0123456789");
    errno = 0;
    *number = strtoull(digits, NULL, hexadecimal ? 16 : 10);
    if (length > 0 && digits[length] == '\0' && errno == 0 && *number >= least && *number <= most) return 0;
    return options_wrong(options, "%s wants a number from %llu to %llu, not %s", name, (unsigned long long)least,
                         (unsigned long long)most, value);
}

/* Of two files one would be left out without a word. */
static bool is_second_path(const struct option_row *row, const char *value, const char *before) {
    bool path = row->offer == OFFER_FILES || row->offer == OFFER_FOLDERS;
    return path && before != NULL && strcmp(before, value) != 0;
}

static int take_text(const struct options *options, const struct option_row *row, const char *value,
                     const char **text) {
    if (is_second_path(row, value, *text))
        return options_wrong(options, "%s was given twice: %s and %s", row->name, *text, value);
    *text = value;
    if (row->choices == NULL) return 0;
    struct nearest nearest = nearest_to(value, (unsigned)strlen(value));
    struct text all = { 0 };
    for (unsigned i = 0; row->choices[i] != NULL; i++) {
        if (strcmp(row->choices[i], value) == 0) {
            text_free(&all);
            return 0;
        }
        nearest_offer(&nearest, row->choices[i]);
        text_add(&all, "%s%s", i == 0 ? "" : row->choices[i + 1] == NULL ? " or " : ", ", row->choices[i]);
    }
    const char *best = nearest.best;
    options_wrong(options, "%s: no %s; expected %s%s%s%s", row->name, value, all.bytes,
                  best == NULL ? "" : "; did you mean ", best == NULL ? "" : best, best == NULL ? "" : "?");
    text_free(&all);
    return 2;
}

/* `value` is NULL for a flag. */
static int take_value(struct options *options, const struct option_row *row, void *target, const char *value) {
    void *member = (char *)target + row->member;
    switch (row->kind) {
    case OPTION_FLAG: *(bool *)member = true; return 0;
    case OPTION_TEXT: return take_text(options, row, value, member);
    case OPTION_NUMBER: return options_take_number(options, row->name, value, row->least, row->most, member);
    case OPTION_TAKEN: return row->take(target, options, value);
    case OPTION_WORD:
    case OPTION_TITLE: break;
    }
    assert(!"only options take values");
    return 2;
}

/* The value of an option: `given` after `=` or after its letter, else the next word. */
static int take_option(struct options *options, const struct option_row *row, void *target, const char *given) {
    if (row->value == NULL) {
        if (given != NULL) return options_wrong(options, "%s takes no value", row->name);
        return take_value(options, row, target, NULL);
    }
    if (given == NULL && options->at < options->count) given = options->arguments[options->at++];
    if (given == NULL || given[0] == '\0') return options_wrong(options, "%s wants a value: %s", row->name, row->value);
    return take_value(options, row, target, given);
}

/* --- words -------------------------------------------------------------------------------------------------------- */

enum { HELPED = -1 };

static int give_help(const struct options *options) {
    help_print(options->command);
    return HELPED;
}

/* -v, -xv, -j4, -k EXPR */
static int take_letters(struct options *options, void *target, const char *word) {
    for (const char *at = word + 1; *at != '\0'; at++) {
        const struct option_row *row = command_letter(options->command, *at);
        if (*at == 'h' && row == NULL) return give_help(options);
        if (row == NULL) return options_wrong(options, "unknown option -%c", *at);
        if (row->value != NULL) return take_option(options, row, target, at[1] == '\0' ? NULL : at + 1);
        int status = take_option(options, row, target, NULL);
        if (status != 0) return status;
    }
    return 0;
}

static int take_word(struct options *options, void *target, const char *word) {
    bool plain = options->ended || word[0] != '-' || word[1] == '\0';
    if (!plain && strcmp(word, "--") == 0) {
        options->ended = true;
        return 0;
    }
    if (plain && options->command->take_word == NULL)
        return options_wrong(options, "%s is one word too many: only options are expected", word);
    if (plain) return options->command->take_word(target, options, word);
    if (word[1] != '-') return take_letters(options, target, word);
    size_t length = strcspn(word, "=");
    if (length == 6 && memcmp(word, "--help", 6) == 0) return give_help(options);
    const struct option_row *row = command_option(options->command, word, length);
    if (row == NULL) return unknown_option(options, word, length);
    return take_option(options, row, target, word[length] == '=' ? word + length + 1 : NULL);
}

static int read_words(struct options *options, void *target) {
    int status = 0;
    while (status == 0 && options->at < options->count) {
        const char *word = options->arguments[options->at++];
        status = take_word(options, target, word);
    }
    return status;
}

int options_read(const struct command *command, void *target, int count, char **arguments) {
    struct options options = { .command = command, .count = count, .arguments = arguments };
    assert(command != NULL && target != NULL);
    return read_words(&options, target);
}

int options_read_kept(const struct command *command, void *target, const struct path_list *words, const char *keeper) {
    struct options options = {
        .command = command, .keeper = keeper, .count = (int)words->count, .arguments = words->paths
    };
    assert(command != NULL && target != NULL && keeper != NULL);
    int status = read_words(&options, target);
    return status == HELPED ? options_wrong(&options, "--help is no option of a run that can be kept") : status;
}

/* --- what is kept ------------------------------------------------------------------------------------------------- */

void options_keep(const struct command *command, const void *target, struct path_list *words) {
    assert(command != NULL && target != NULL && words != NULL);
    for (unsigned i = 0; i < command->rows_count; i++) {
        const struct option_row *row = &command->rows[i];
        if ((row->marks & OPTION_KEPT) == 0 || !command_has(command, row)) continue;
        if (row->kind == OPTION_TAKEN) {
            row->keep(target, words);
            continue;
        }
        assert(row->kind == OPTION_TEXT);
        const char *value = *(const char *const *)((const char *)target + row->member);
        if (value == NULL) continue;
        struct text word = { 0 };
        text_add(&word, "%s=%s", row->name, value);
        path_list_add(words, word.bytes);
        text_free(&word);
    }
}

void options_inherit(const struct command *command, void *target, const void *kept) {
    assert(command != NULL && target != NULL && kept != NULL);
    for (unsigned i = 0; i < command->rows_count; i++) {
        const struct option_row *row = &command->rows[i];
        if ((row->marks & OPTION_KEPT) == 0 || row->kind != OPTION_TEXT || !command_has(command, row)) continue;
        const char **own = (const char **)(void *)((char *)target + row->member);
        if (*own == NULL) *own = *(const char *const *)((const char *)kept + row->member);
    }
}
