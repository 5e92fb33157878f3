/* Reading the words after a command's name, by the command's description of itself (command.h).
 *
 * Options stand anywhere among the words; `--` ends them. `--name=VALUE` and `--name VALUE` are the same; letters can
 * be joined (`-xv`), and a letter's value may follow it (`-j4`). Every command has `-h` and `--help`. Wrong usage is
 * reported on standard error, and the status is 2. */
#ifndef RESERVOIR_REPORTS_OPTIONS_H
#define RESERVOIR_REPORTS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conformance/base/folders.h"
#include "reports/commands/command.h"

/* The words being read. */
struct options {
    const struct command *command;
    const char *keeper; /* the file that the words are from, for messages; NULL: the command line */
    int count, at;
    char **arguments;
    bool ended; /* `--` was seen */
};

/* Reads all words into `target`. 0; 2 having complained; -1 after --help, which was printed. */
int options_read(const struct command *command, void *target, int count, char **arguments);

/* The same for words that a file kept: `keeper` is its name. */
int options_read_kept(const struct command *command, void *target, const struct path_list *words, const char *keeper);

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

/* Reads a number as the table of options does, decimal or with 0x, for a row of kind OPTION_TAKEN. 0; or 2 having
 * complained of another word or of a number beyond the bounds. */
int options_take_number(const struct options *options, const char *name, const char *value, uint64_t least,
                        uint64_t most, uint64_t *number);

/* Complains that the command has no such plain word: `no WHAT WORD; did you mean ...?`, or which there are. Returns
 * 2. */
int options_no_word(const struct options *options, const char *what, const char *word);

#endif
