/* Reading a command's words: options anywhere, `--` ends them. Wrong usage is told on standard error. */
#ifndef RESERVOIR_REPORTS_OPTIONS_H
#define RESERVOIR_REPORTS_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct options {
    const char *command;  /* run, judge...: for messages */
    const char *help;     /* its whole help */
    int count, at;
    char **arguments;
    bool ended;           /* `--` was seen */
    const char *word;     /* the current option's name with its dashes, or the plain word */
    unsigned word_length;
    const char *value;    /* of --option=VALUE, or NULL */
    bool is_option;
};

/* Makes the next word current; false behind the last. */
bool options_next(struct options *options);

/* Is the current word this option? */
bool options_is(const struct options *options, const char *name);

/* The value of the current option, from `=` or the next word; NULL, having complained, when there is none. */
const char *options_value(struct options *options);

/* A number from 0 to `limit`; false, having complained. */
bool options_number(struct options *options, uint64_t limit, uint64_t *number);

/* Complains `reservoir COMMAND: MESSAGE` and where help is; returns 2. */
int options_wrong(const struct options *options, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* For an option that nobody knows: offers the nearest of `known` (NULL-terminated). Returns 2. */
int options_unknown(const struct options *options, const char *const *known);

/* Is the current word --help? Then prints the help. */
bool options_helped(const struct options *options);

#endif
