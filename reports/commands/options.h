/* The words after a command's name. Each command describes itself once, in a `struct command`: from its rows come the
 * parsing, the help, the manual page, shell completion, "did you mean", and what `reservoir resume` keeps of a run.
 *
 * A row says where its value goes: `member` is the offset in the command's own structure of options (the target).
 *   OPTION_FLAG    bool           set by the option, which takes no value
 *   OPTION_TEXT    const char *   the last one counts; borrowed from the command line
 *   OPTION_NUMBER  uint64_t       decimal or 0x..., from `least` to `most`
 *   OPTION_TAKEN   nothing        `take` gets the value
 *   OPTION_WORD    nothing        no option: a plain word that the command knows, for help and completion
 *   OPTION_TITLE   nothing        begins a group in the help; only `help` is filled
 *
 * Options stand anywhere among the words; `--` ends them. `--name=VALUE` and `--name VALUE` are the same; letters can be
 * joined (`-xv`), and a letter's value may follow it (`-j4`). Every command has `-h` and `--help`. Wrong usage is reported
 * on standard error, and the status is 2. */
#ifndef RESERVOIR_REPORTS_OPTIONS_H
#define RESERVOIR_REPORTS_OPTIONS_H

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
    char letter;              /* of the short form -v; 0: it has none */
    const char *name;         /* --seed; of a OPTION_WORD the word */
    const char *value;        /* how the help writes the value: N, FILE; NULL: takes none */
    const char *help;         /* one paragraph, of any length */
    size_t member;
    uint64_t least, most;
    const char *const *choices; /* of OPTION_TEXT: the only values, NULL at the end; or NULL */
    enum option_offer offer;
    unsigned marks;
    int (*take)(void *target, struct options *options, const char *value); /* 0, or 2 having complained */
    void (*keep)(const void *target, struct path_list *words); /* of a kept OPTION_TAKEN: writes it back */
};

struct command {
    const char *name;
    const char *synopsis;     /* what follows the name: [OPTION...] [PATH...] */
    const char *summary;      /* at most 80 columns, for the list of commands */
    const char *description;  /* paragraphs, each a line */
    const struct option_row *rows;
    unsigned rows_count;
    unsigned marks;           /* only rows with one of these marks are this command's; 0: all */
    const char *examples;     /* a line each */
    const char *status;       /* what its exit status means; one paragraph */
    int (*take_word)(void *target, struct options *options, const char *word); /* NULL: no plain words */
    int (*run)(int count, char **arguments);
};

/* The words being read. */
struct options {
    const struct command *command;
    const char *keeper;       /* the file that the words are from, for messages; NULL: the command line */
    int count, at;
    char **arguments;
    bool ended;               /* `--` was seen */
};

/* Reads all words into `target`. 0; 2 having complained; -1 after --help, which was printed. */
int options_read(const struct command *command, void *target, int count, char **arguments);

/* The same for words that a file kept: `keeper` is its name. */
int options_read_kept(const struct command *command, void *target, const struct path_list *words, const char *keeper);

/* Is the row one of the command's? */
bool command_has(const struct command *command, const struct option_row *row);

/* The command's option with this name (`length` bytes, with dashes) or letter, or its plain word; NULL when it has none. */
const struct option_row *command_option(const struct command *command, const char *name, size_t length);
const struct option_row *command_letter(const struct command *command, char letter);
const struct option_row *command_word(const struct command *command, const char *word);

/* Writes what the rows marked OPTION_KEPT hold in `target` as words that options_read_kept understands. */
void options_keep(const struct command *command, const void *target, struct path_list *words);

/* Gives each OPTION_TEXT marked OPTION_KEPT that `target` lacks the value that `kept` has. */
void options_inherit(const struct command *command, void *target, const void *kept);

/* Complains `reservoir COMMAND: MESSAGE`, and where help is; returns 2. */
int options_wrong(const struct options *options, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* Complains that the command has no such plain word: `no WHAT WORD; did you mean ...?`, or which there are. Returns 2. */
int options_no_word(const struct options *options, const char *what, const char *word);

#endif
