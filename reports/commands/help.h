/* What is made from the descriptions of the commands: help, manual pages, shell completion. */
#ifndef RESERVOIR_REPORTS_HELP_H
#define RESERVOIR_REPORTS_HELP_H

#include "conformance/base/text.h"
#include "reports/commands/command.h"

/* The help of a command, in lines of any length. */
void help_add(const struct command *command, struct text *out);
/* The list of all commands. */
void help_add_all(struct text *out);

/* Prints a command's help on standard output, fitted to the terminal, or to 100 columns where it is none. */
void help_print(const struct command *command);
void help_print_text(const struct text *text);

/* A manual page (man(7)): of one command, reservoir-NAME(1); with NULL of all, reservoir(1). */
void man_add(const struct command *command, struct text *out);

/* A script for bash, zsh or fish that completes commands, options, and the values that are known. False for another
 * shell. */
bool completion_add(const char *shell, struct text *out);

#endif
