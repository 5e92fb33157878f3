#include "reports/commands/readings_given.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/number.h"
#include "conformance/base/text.h"
#include "stack/readings.h"

int readings_given_take(struct readings_given *given, struct options *options, const char *value) {
    assert(given != NULL && options != NULL && value != NULL);
    uint64_t number = 0;
    const char *equals = strchr(value, '=');
    char digits[8] = "";
    const char *begin = value + (value[0] == 'Q' || value[0] == 'q');
    if (equals == NULL || equals - begin >= (int)sizeof digits || equals[1] == '\0' || equals[2] != '\0')
        return options_wrong(options, "--reading wants a question and a candidate, as in Q38=b, not %s", value);
    memcpy(digits, begin, (size_t)(equals - begin));
    const struct reading *reading =
        number_read(digits, QUESTION_LAST, &number) ? reading_of((enum question)number) : NULL;
    if (reading == NULL)
        return options_wrong(options, "there is no question %s; `reservoir list readings` has them all", value);
    unsigned candidate = (unsigned)(equals[1] - 'a');
    if (candidate >= reading->candidates_count)
        return options_wrong(options, "Q%u has the candidates a to %c, not %s", (unsigned)reading->question,
                             'a' + reading->candidates_count - 1, equals + 1);
    if (!reading->modelled) return options_wrong(options, "the model does not ask Q%u", (unsigned)reading->question);
    uint8_t before = given->answers[reading->question];
    if (before != 0 && before != candidate + 1)
        return options_wrong(options, "Q%u is given two answers, %c and %c", (unsigned)reading->question,
                             'a' + before - 1, 'a' + candidate);
    given->count += before == 0;
    given->answers[reading->question] = (uint8_t)(candidate + 1);
    return 0;
}

void readings_given_words(const struct readings_given *given, struct path_list *words) {
    assert(given != NULL && words != NULL);
    for (unsigned question = 1; question < READINGS_MAX; question++) {
        if (given->answers[question] == 0) continue;
        struct text word = { 0 };
        text_add(&word, "--reading=Q%u=%c", question, 'a' + given->answers[question] - 1);
        path_list_add(words, word.bytes);
        text_free(&word);
    }
}

void readings_given_switch(const struct readings_given *given, const struct profile *from,
                           struct switched_profile *switched) {
    assert(given != NULL && from != NULL && switched != NULL);
    switched->profile = *from;
    size_t used = (size_t)snprintf(switched->name, sizeof switched->name, "%s", from->name);
    for (unsigned question = 1, named = 0; question < READINGS_MAX; question++) {
        if (given->answers[question] == 0) continue;
        switched->profile.answers[question] = given->answers[question];
        used += (size_t)snprintf(switched->name + used, sizeof switched->name - used, "%sQ%u=%c",
                                 named++ == 0 ? " with " : " ", question, 'a' + given->answers[question] - 1);
        assert(used < sizeof switched->name);
    }
    switched->profile.name = switched->name;
}
