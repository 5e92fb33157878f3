/* What a person sees: colour only on a terminal and when NO_COLOR is not set, progress on standard error. */
#ifndef RESERVOIR_REPORTS_TERMINAL_H
#define RESERVOIR_REPORTS_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum colour { COLOUR_NONE, COLOUR_GOOD, COLOUR_BAD, COLOUR_DOUBT, COLOUR_QUIET, COLOUR_TITLE };

/* Is this a terminal that likes colour? */
bool terminal_has_colour(FILE *file);

/* The sequence that begins a colour, and the one that ends any; "" without colour. */
const char *colour_begin(bool colourful, enum colour colour);
const char *colour_end(bool colourful);

/* A line on standard error that is written over: how far a long run is. Nothing when that is no terminal. `context` is
 * not used. Fits the runner's progress; call terminal_progress_end before printing anything else. */
void terminal_progress(void *context, size_t done, size_t total, const char *id);
void terminal_progress_end(void);

#endif
