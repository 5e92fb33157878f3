/* `--reading Q38=b`, of `run`, `judge` and `try`: questions that are answered otherwise than the profile answers
 * them. */
#ifndef RESERVOIR_REPORTS_READINGS_GIVEN_H
#define RESERVOIR_REPORTS_READINGS_GIVEN_H

#include "conformance/base/folders.h"
#include "reports/commands/options.h"
#include "stack/choice.h"

/* Zero-initialise; owns nothing. */
struct readings_given {
    unsigned count;                /* of the answers that are given */
    uint8_t answers[READINGS_MAX]; /* as in struct profile */
};

/* Takes the word of the option, `Q38=b` or `38=b`. 0, or 2 having complained: of a word of another form, a question or
 * a candidate that does not exist, a question that the model does not ask, or one that was given another answer
 * before. */
int readings_given_take(struct readings_given *given, struct options *options, const char *value);

/* Adds a word --reading=Qn=x for each, from which the same can be taken again. */
void readings_given_words(const struct readings_given *given, struct path_list *words);

/* A profile of another name and answers. The name is its own, so it must not be moved. */
struct switched_profile {
    struct profile profile;
    char name[32 + 8 * READINGS_MAX]; /* `windows with Q38=c Q70=b` */
};

/* `from` with what is given; with nothing it is the same by another name. */
void readings_given_switch(const struct readings_given *given, const struct profile *from,
                           struct switched_profile *switched);

#endif
