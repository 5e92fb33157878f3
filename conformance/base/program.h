/* What a program was started with, in UTF-8 on each system. */
#ifndef RESERVOIR_CONFORMANCE_BASE_PROGRAM_H
#define RESERVOIR_CONFORMANCE_BASE_PROGRAM_H

#include "conformance/base/files.h"

/* The words of the command line, *count of them, from main's arguments; NULL when they cannot be had. Kept until the
 * program ends. */
char **program_words(int main_count, char **main_words, int *count);

/* Is the variable of the environment set, and not empty? If it fits, `value` gets it, "" otherwise. */
bool program_variable(const char *name, char value[FOLDER_PATH_MAX]);

/* The path of the program's file, as the system writes it. False when that is too long or not to be had. */
bool program_path(char path[FOLDER_PATH_MAX]);

#endif
