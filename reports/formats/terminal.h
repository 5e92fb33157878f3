/* What a person sees: colour only on a terminal and when NO_COLOR is not set, progress on standard error. */
#ifndef RESERVOIR_REPORTS_TERMINAL_H
#define RESERVOIR_REPORTS_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "conformance/base/text.h"
#include "conformance/language/language_error.h"

enum colour { COLOUR_NONE, COLOUR_GOOD, COLOUR_BAD, COLOUR_DOUBT, COLOUR_QUIET, COLOUR_TITLE };

/* Does a person sit there? */
bool terminal_is(FILE *file);

/* Is this a terminal that likes colour? NO_COLOR and TERM=dumb say no; FORCE_COLOR says yes, whatever this is. */
bool terminal_has_colour(FILE *file);

/* How wide text for `file` should be: of a terminal its width, at most 120, or COLUMNS where that is set; 0 when it is
 * none. */
unsigned terminal_columns(FILE *file);

/* Writes text to standard output. On a terminal it is fitted to it, and what a terminal would obey is shown as pictures
 * (clean_text.h); a file or a pipe gets the bytes. What cannot be written is main's to notice. */
void output_print(const struct text *text);

/* The same of one text, as printf writes it. Lines are whole: a part of one cannot be fitted. */
void output_say(const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 1, 2)))
#endif
    ;

/* Writes a text that has been cleaned already (and may have colours) to standard output, fitted likewise. */
void output_print_cleaned(const struct text *text);

/* Writes a message to standard error, where control characters are always shown as pictures. */
void errors_print(const struct text *text);

/* The same of one message, as printf writes it: a file's name or a word of the command line may hold anything. */
void errors_say(const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 1, 2)))
#endif
    ;

/* Writes what is wrong with a text of the language likewise: FILE:LINE:COLUMN: message, the line, a caret. */
void language_error_complain(const struct language_error *error);

/* The sequence that begins a colour, and the one that ends any; "" without colour. */
const char *colour_begin(bool colourful, enum colour colour);
const char *colour_end(bool colourful);

/* A line on standard error that is written over: how far a long run is. Nothing when that is no terminal. `context` is
 * not used. Fits the runner's progress; call terminal_progress_end before printing anything else. */
void terminal_progress(void *context, size_t done, size_t total, const char *id);
void terminal_progress_end(void);

#endif
