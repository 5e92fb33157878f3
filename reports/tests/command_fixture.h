/* For tests of commands: a folder of their own, a command run in it, and what it said. */
#ifndef RESERVOIR_REPORTS_TESTS_COMMAND_FIXTURE_H
#define RESERVOIR_REPORTS_TESTS_COMMAND_FIXTURE_H

#include <stddef.h>

#include "conformance/base/folders.h"

/* A suite's first and last function: the folder comes and goes. */
int command_begin(void);
int command_end(void);

/* The path of a name in the folder. */
void command_path(const char *name, char path[FOLDER_PATH_MAX]);

/* Writes a file in the folder; folders on the way are made. */
void command_file(const char *name, const char *bytes, size_t length);
void command_text(const char *name, const char *text);

/* Runs a command with the words of `line`, in which @ stands for the folder. Returns its exit status. */
int run_command(int (*command)(int, char **), const char *line);

/* What the last one wrote to standard output and to standard error. Valid until the next runs. */
const char *command_output(void);
const char *command_errors(void);

/* Fails the test, and shows what was said, unless the words are in it. */
void says(const char *where, const char *expected);

#endif
