/* A command's description of itself, as data: parsing, help, manual page and shell completion are made from its rows.
 *
 * A row says where its value goes: `member` is the offset in the command's own structure of options (the target).
 *   OPTION_FLAG    bool           set by the option, which takes no value
 *   OPTION_TEXT    const char *   the last one counts, but a path is given once; borrowed from the command line
 *   OPTION_NUMBER  uint64_t       decimal or 0x..., from `least` to `most`
 *   OPTION_TAKEN   nothing        `take` gets the value
 *   OPTION_WORD    nothing        no option: a plain word that the command knows, for help and completion
 *   OPTION_TITLE   nothing        begins a group in the help; only `help` is filled */
#ifndef RESERVOIR_REPORTS_COMMAND_H
#define RESERVOIR_REPORTS_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conformance/base/folders.h"

struct options;

enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_NUMBER, OPTION_TAKEN, OPTION_WORD, OPTION_TITLE };

/* What shell completion offers for a value, where `choices` has no words. */
enum option_offer { OFFER_NOTHING, OFFER_FILES, OFFER_FOLDERS, OFFER_COMMANDS };

enum { OPTION_KEPT = 1u << 0 }; /* `reservoir resume` needs it again. Further marks are the command's own */

struct option_row {
    enum option_kind kind;
    char letter;       /* of the short form -v; 0: it has none */
    const char *name;  /* --seed; of a OPTION_WORD the word */
    const char *value; /* how the help writes the value: N, FILE; NULL: takes none */
    const char *help;  /* one paragraph, of any length */
    size_t member;
    uint64_t least, most;
    const char *const *choices; /* of OPTION_TEXT: the only values, NULL at the end; or NULL */
    enum option_offer offer;
    unsigned marks;
    int (*take)(void *target, struct options *options, const char *value); /* 0, or 2 having complained */
    void (*keep)(const void *target, struct path_list *words);             /* of a kept OPTION_TAKEN: writes it back */
};

struct command {
    const char *name;
    const char *synopsis;    /* what follows the name: [OPTION...] [PATH...] */
    const char *summary;     /* at most 80 columns, for the list of commands */
    const char *description; /* paragraphs, each a line */
    const struct option_row *rows;
    unsigned rows_count;
    unsigned marks;       /* only rows with one of these marks are this command's; 0: all */
    const char *examples; /* a line each */
    const char *status;   /* what its exit status means; one paragraph */
    int (*take_word)(void *target, struct options *options, const char *word); /* NULL: no plain words */
    int (*run)(int count, char **arguments);
};

/* Is the row one of the command's? */
bool command_has(const struct command *command, const struct option_row *row);

/* Does the row describe an option, not a plain word or a title? */
bool option_row_is_option(const struct option_row *row);

/* The command's option with this name (`length` bytes, with dashes) or letter, or its plain word; NULL when it has
 * none. */
const struct option_row *command_option(const struct command *command, const char *name, size_t length);
const struct option_row *command_letter(const struct command *command, char letter);
const struct option_row *command_word(const struct command *command, const char *word);

#endif
