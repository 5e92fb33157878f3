#include "conformance/judge/difference.h"

#include <assert.h>
#include <string.h>

#include "conformance/language/outcome_text.h"

enum { WORD_MAX = 256, ANOTHER_WORD = 64 };

/* The next word of an outcome, in `word`; NULL at the end. */
static const char *next_word(const char *at, char word[WORD_MAX]) {
    while (*at == ' ') at++;
    size_t length = strcspn(at, " ");
    if (length == 0) return NULL;
    size_t kept = length < WORD_MAX - 1 ? length : WORD_MAX - 1;
    memcpy(word, at, kept);
    word[kept] = '\0';
    return at + length;
}

/* The value of KEY=VALUE in an outcome, in `value`: whatever `word` has before `=`. False when the key is not there. */
static bool value_of(const char *outcome, const char *word, char value[WORD_MAX]) {
    char other[WORD_MAX];
    size_t key = strcspn(word, "=") + 1;
    for (const char *at = next_word(outcome, other); at != NULL; at = next_word(at, other)) {
        if (strlen(other) < key || memcmp(other, word, key) != 0) continue;
        memcpy(value, other + key, strlen(other + key) + 1);
        return true;
    }
    return false;
}

static bool same_first_word(const char *one, const char *other) {
    char first[WORD_MAX] = "", second[WORD_MAX] = "";
    (void)next_word(one, first);
    (void)next_word(other, second);
    return strcmp(first, second) == 0;
}

/* t1, t2: tokens have their names in the order in which they are seen, so that a new one differs from no other. */
static bool is_token_name(const char *value) {
    return value[0] == 't' && value[1] != '\0' && strspn(value + 1, "0123456789") == strlen(value + 1);
}

/* Is what `seen` says of this predicate, KEY=a|b, among its values? */
static bool holds(const char *seen, const char *predicate) {
    char word[WORD_MAX * 2], value[WORD_MAX];
    if (!value_of(seen, predicate, value)) return false;
    if (is_token_name(value) && is_token_name(strchr(predicate, '=') + 1)) return true;
    size_t key = strcspn(predicate, "=") + 1;
    memcpy(word, predicate, key);
    memcpy(word + key, value, strlen(value) + 1);
    return outcome_text_has(predicate, word);
}

unsigned difference_size(const char *seen, const char *allowed) {
    assert(seen != NULL && allowed != NULL);
    char word[WORD_MAX];
    if (!same_first_word(seen, allowed)) return ANOTHER_WORD;
    unsigned size = 0;
    const char *at = next_word(allowed, word);
    while (at != NULL && (at = next_word(at, word)) != NULL)
        if (strchr(word, '=') != NULL) size += !holds(seen, word);
    return size;
}

/* --- numbers ------------------------------------------------------------------------------------------------------ */

/* The number that a name in the text stands for. A port or a block that the answer itself brings may be any, so what
 * was allowed has none. */
static void add_number(const struct answer *answer, const char *key, const char *value, bool allowed,
                       struct text *out) {
    static const enum observable named[] = { OBSERVABLE_port, OBSERVABLE_StartPort, OBSERVABLE_Token };
    size_t length = strlen(value);
    bool brought = length > 5 && strcmp(value + length - 5, ".port") == 0;
    if (answer->observation == NULL || (value[0] >= '0' && value[0] <= '9')) return;
    for (unsigned i = 0; i < sizeof named / sizeof named[0]; i++) {
        const struct observed_value *number = &answer->observation->values[named[i]];
        const char *name = observable_name(named[i]);
        size_t name_length = strlen(name);
        if (strncmp(key, name, name_length) != 0 || key[name_length] != '=') continue;
        if (!number->present || number->untouched || (allowed && (brought || named[i] != OBSERVABLE_port))) return;
        if (named[i] == OBSERVABLE_Token) text_add(out, " (0x%llx)", (unsigned long long)number->number);
        else text_add(out, " (%u)", (unsigned)number->number);
    }
}

/* --- sentences ---------------------------------------------------------------------------------------------------- */

/* `a`, `a or b`, `a, b or c`: called with how many are there in all. */
static void add_separator(unsigned index, unsigned count, struct text *out) {
    if (index > 0) text_add(out, "%s", index + 1 == count ? " or " : ", ");
}

enum { VALUES_MAX = 8 };

/* The values that were allowed in the place of one: the nearest's, and those of alternatives that differ in nothing
 * else. Returns how many; each is to be freed. */
static unsigned list_values(const struct answer *seen, const struct answer *allowed, unsigned count, const char *word,
                            struct text values[VALUES_MAX]) {
    unsigned found = 0;
    for (unsigned i = 0; i < count && found < VALUES_MAX; i++) {
        char value[WORD_MAX];
        bool known = false;
        if (difference_size(seen->text, allowed[i].text) > (i == 0 ? ANOTHER_WORD : 1u)) continue;
        if (!value_of(allowed[i].text, word, value)) continue;
        struct text one = { 0 };
        text_add(&one, "%.*s%s", (int)(strcspn(word, "=") + 1), word, value);
        if (holds(seen->text, one.bytes)) known = true;
        text_free(&one);
        text_add(&one, "%s", value);
        add_number(&allowed[i], word, value, true, &one);
        for (unsigned j = 0; j < found && !known; j++) known = strcmp(values[j].bytes, one.bytes) == 0;
        if (known) text_free(&one);
        else values[found++] = one;
    }
    return found;
}

static void add_value(const struct answer *seen, const struct answer *allowed, unsigned count, const char *word,
                      struct text *out) {
    char value[WORD_MAX];
    struct text values[VALUES_MAX];
    text_add(out, "%s%.*s: ", out->length > 0 ? "; " : "", (int)strcspn(word, "="), word);
    if (value_of(seen->text, word, value)) {
        text_add(out, "%s", value);
        add_number(seen, word, value, false, out);
    } else {
        text_add(out, "nothing");
    }
    text_add(out, " instead of ");
    bool alone = difference_size(seen->text, allowed[0].text) == 1;
    unsigned found = list_values(seen, allowed, alone ? count : 1, word, values);
    if (found == 0) text_add(out, "nothing");
    for (unsigned i = 0; i < found; i++) {
        add_separator(i, found, out);
        text_add_bytes(out, values[i].bytes, values[i].length);
        text_free(&values[i]);
    }
}

/* Another word altogether: the words that were allowed, each once. */
static void add_words(const char *seen, const struct answer *allowed, unsigned count, struct text *out) {
    char word[WORD_MAX] = "";
    unsigned different = 0, listed = 0;
    for (unsigned pass = 0; pass < 2; pass++) {
        for (unsigned i = 0; i < count; i++) {
            bool before = false;
            for (unsigned j = 0; j < i && !before; j++) before = same_first_word(allowed[i].text, allowed[j].text);
            if (before) continue;
            if (pass == 0) {
                different++;
                continue;
            }
            if (listed == 0) {
                (void)next_word(seen, word);
                text_add(out, "%s instead of ", word);
            }
            add_separator(listed++, different, out);
            (void)next_word(allowed[i].text, word);
            text_add(out, "%s", word);
        }
    }
}

void difference_add_delivery(const struct observed_routine *routine, struct text *out) {
    typedef unsigned long long number;
    switch ((enum delivery)routine->delivery) {
    case DELIVERY_PACKET:
        text_add(out, "a packet with key %llu, status 0x%llX and %llu bytes", (number)routine->values[MEMBER_KEY],
                 (number)routine->values[MEMBER_INTERNAL], (number)routine->values[MEMBER_BYTES]);
        return;
    case DELIVERY_APC: text_add(out, "an APC runs, with %llu", (number)routine->number); return;
    default:
        text_add(out, "a routine runs, with error %llu and %llu bytes", (number)routine->values[MEMBER_ERROR],
                 (number)routine->values[MEMBER_BYTES]);
    }
}

/* The first in which two differ that have left their queues at the same place. */
static void add_delivery(const struct observed_routine *seen, const struct observed_routine *allowed,
                         struct text *out) {
    const char *name = delivery_name((enum delivery)seen->delivery);
    if (seen->delivery != allowed->delivery) {
        text_add(out, "%s instead of %s", name, delivery_name((enum delivery)allowed->delivery));
        return;
    }
    for (unsigned member = 0; member < MEMBERS_COUNT; member++) {
        if (seen->values[member] == allowed->values[member]) continue;
        text_add(out, "%s of a %s: %llu instead of %llu", member_name((enum member)member), name,
                 (unsigned long long)seen->values[member], (unsigned long long)allowed->values[member]);
        return;
    }
    text_add(out, "another %s", name);
}

static void add_routines(const struct observation *seen, const struct observation *allowed, struct text *out) {
    if (seen == NULL || allowed == NULL) return;
    const char *separator = out->length > 0 ? "; " : "";
    unsigned count = seen->routines_count, wanted = allowed->routines_count;
    const struct observation *more = count > wanted ? seen : allowed;
    if (count != wanted) {
        bool packets = more->routines[0].delivery == DELIVERY_PACKET;
        text_add(out, "%s%s: %u instead of %u", separator, packets ? "packets" : "routines that ran", count, wanted);
        return;
    }
    for (unsigned i = 0; i < count; i++) {
        if (memcmp(&seen->routines[i], &allowed->routines[i], sizeof seen->routines[i]) == 0) continue;
        text_add(out, "%s", separator);
        add_delivery(&seen->routines[i], &allowed->routines[i], out);
        return;
    }
}

/* What was observed and has no place in the nearest. A line of a scenario does not mention everything; what was
 * observed of the model does. */
static void add_surplus(const struct answer *seen, const struct answer *allowed, struct text *out) {
    char word[WORD_MAX], value[WORD_MAX];
    if (allowed[0].observation == NULL) return;
    const char *at = next_word(seen->text, word);
    while (at != NULL && (at = next_word(at, word)) != NULL)
        if (strchr(word, '=') != NULL && !value_of(allowed[0].text, word, value))
            add_value(seen, allowed, 1, word, out);
}

void difference_add(const struct answer *seen, const struct answer *allowed, unsigned allowed_count, struct text *out) {
    assert(seen != NULL && out != NULL);
    struct text sentence = { 0 };
    char word[WORD_MAX];
    if (allowed_count == 0) return;
    if (!same_first_word(seen->text, allowed[0].text)) {
        add_words(seen->text, allowed, allowed_count, out);
        return;
    }
    const char *at = next_word(allowed[0].text, word);
    while (at != NULL && (at = next_word(at, word)) != NULL)
        if (strchr(word, '=') != NULL && !holds(seen->text, word))
            add_value(seen, allowed, allowed_count, word, &sentence);
    add_surplus(seen, allowed, &sentence);
    add_routines(seen->observation, allowed[0].observation, &sentence);
    if (sentence.length > 0) text_add_bytes(out, sentence.bytes, sentence.length);
    text_free(&sentence);
}

void difference_mark(const char *text, const char *other, const char *begin, const char *end, struct text *out) {
    char word[WORD_MAX];
    const char *before = text;
    bool first = true;
    for (const char *at = next_word(text, word); at != NULL; at = next_word(at, word)) {
        size_t length = strcspn(before + strspn(before, " "), " ");
        const char *start = at - length;
        bool same = first                       ? same_first_word(text, other)
                    : strchr(word, '=') == NULL ? strstr(other, word) != NULL
                                                : holds(other, word) || outcome_text_has(other, word);
        text_add(out, "%.*s%s%.*s%s", (int)(start - before), before, same ? "" : begin, (int)length, start,
                 same ? "" : end);
        before = at;
        first = false;
    }
}
