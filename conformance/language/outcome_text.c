#include "conformance/language/outcome_text.h"

#include <assert.h>
#include <string.h>

static size_t word_length(const char *text) { return strcspn(text, " "); }

/* Is `value` one of the values `a|b|c`? */
static bool has_value(const char *values, size_t values_length, const char *value, size_t length) {
    for (size_t start = 0; start <= values_length;) {
        const char *bar = memchr(values + start, '|', values_length - start);
        size_t end = bar == NULL ? values_length : (size_t)(bar - values);
        if (end - start == length && memcmp(values + start, value, length) == 0) return true;
        start = end + 1;
    }
    return false;
}

/* The length of KEY= in KEY=VALUE; 0 when there is none. */
static size_t key_length(const char *word, size_t length) {
    const char *equals = memchr(word, '=', length);
    return equals == NULL ? 0 : (size_t)(equals - word) + 1;
}

bool outcome_text_has(const char *outcome, const char *word) {
    assert(outcome != NULL && word != NULL);
    size_t length = strlen(word), key = key_length(word, length);
    assert(length > 0);
    for (const char *at = outcome; *at != '\0';) {
        size_t found = word_length(at);
        if (key == 0 && found == length && memcmp(at, word, length) == 0) return true;
        bool same_key = key > 0 && found >= key && memcmp(at, word, key) == 0;
        if (same_key && has_value(at + key, found - key, word + key, length - key)) return true;
        at += found;
        while (*at == ' ') at++;
    }
    return false;
}

/* Adds KEY=a|b for two predicates of one key; false when they are not. */
static bool join_words(const char *one, size_t one_length, const char *other, size_t other_length,
                       struct text *joined) {
    size_t key = key_length(one, one_length);
    if (key == 0 || other_length < key || memcmp(one, other, key) != 0) return false;
    text_add(joined, "%.*s", (int)one_length, one);
    if (!has_value(one + key, one_length - key, other + key, other_length - key))
        text_add(joined, "|%.*s", (int)(other_length - key), other + key);
    return true;
}

bool outcome_text_join(const char *one, const char *other, struct text *joined) {
    unsigned differences = 0;
    assert(one != NULL && other != NULL);
    assert(joined != NULL && joined->length == 0);
    while (*one != '\0' && *other != '\0') {
        size_t one_length = word_length(one), other_length = word_length(other);
        bool same = one_length == other_length && memcmp(one, other, one_length) == 0;
        if (joined->length > 0) text_add(joined, " ");
        if (same) text_add(joined, "%.*s", (int)one_length, one);
        else if (++differences > 1 || !join_words(one, one_length, other, other_length, joined)) break;
        one += one_length + (one[one_length] == ' ');
        other += other_length + (other[other_length] == ' ');
    }
    if (*one == '\0' && *other == '\0' && differences <= 1) return true;
    joined->length = 0;
    return false;
}
