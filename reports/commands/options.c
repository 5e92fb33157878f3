#include "reports/commands/options.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/nearest.h"

bool options_next(struct options *options) {
    assert(options != NULL && options->at <= options->count);
    if (options->at == options->count) return false;
    options->word = options->arguments[options->at++];
    options->value = NULL;
    options->word_length = (unsigned)strlen(options->word);
    if (!options->ended && strcmp(options->word, "--") == 0) {
        options->ended = true;
        return options_next(options);
    }
    options->is_option = !options->ended && options->word[0] == '-' && options->word[1] != '\0';
    const char *equals = options->is_option ? strchr(options->word, '=') : NULL;
    if (equals != NULL) {
        options->value = equals + 1;
        options->word_length = (unsigned)(equals - options->word);
    }
    return true;
}

bool options_is(const struct options *options, const char *name) {
    assert(options->word != NULL && name != NULL);
    return options->is_option && strlen(name) == options->word_length && memcmp(options->word, name, options->word_length) == 0;
}

const char *options_value(struct options *options) {
    assert(options->is_option);
    if (options->value == NULL && options->at < options->count) options->value = options->arguments[options->at++];
    if (options->value == NULL || options->value[0] == '\0') {
        options_wrong(options, "%.*s wants a value", (int)options->word_length, options->word);
        return NULL;
    }
    return options->value;
}

bool options_number(struct options *options, uint64_t limit, uint64_t *number) {
    char *end = NULL;
    const char *value = options_value(options);
    assert(number != NULL);
    if (value == NULL) return false;
    bool digits = strspn(value, "0123456789") == strlen(value) && strlen(value) <= 19;
    *number = digits ? strtoull(value, &end, 10) : 0;
    if (digits && *number <= limit) return true;
    options_wrong(options, "%.*s wants a number from 0 to %llu, not %s", (int)options->word_length, options->word,
                  (unsigned long long)limit, value);
    return false;
}

int options_wrong(const struct options *options, const char *format, ...) {
    va_list values;
    assert(options->command != NULL && format != NULL);
    fprintf(stderr, "reservoir %s: ", options->command);
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fprintf(stderr, "\nTry `reservoir %s --help`.\n", options->command);
    return 2;
}

int options_unknown(const struct options *options, const char *const *known) {
    assert(known != NULL);
    struct nearest nearest = nearest_to(options->word, options->word_length);
    for (unsigned i = 0; known[i] != NULL; i++) nearest_offer(&nearest, known[i]);
    if (nearest.best == NULL) return options_wrong(options, "unknown option %.*s", (int)options->word_length, options->word);
    return options_wrong(options, "unknown option %.*s; did you mean %s?", (int)options->word_length, options->word, nearest.best);
}

bool options_helped(const struct options *options) {
    if (!options_is(options, "--help") && !options_is(options, "-h")) return false;
    fputs(options->help, stdout);
    return true;
}
