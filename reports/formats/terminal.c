#define _POSIX_C_SOURCE 200809L /* fileno, isatty */

#include "reports/formats/terminal.h"

#include <assert.h>
#include <stdlib.h>
#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

static bool is_terminal(FILE *file) {
    assert(file != NULL);
#ifdef _WIN32
    return _isatty(_fileno(file)) != 0;
#else
    return isatty(fileno(file)) != 0;
#endif
}

bool terminal_has_colour(FILE *file) {
    const char *refused = getenv("NO_COLOR");
    if (refused != NULL && refused[0] != '\0') return false;
    return is_terminal(file);
}

const char *colour_begin(bool colourful, enum colour colour) {
    static const char *const sequences[] = { "", "\033[32m", "\033[1;31m", "\033[33m", "\033[2m", "\033[1m" };
    assert(colour < sizeof sequences / sizeof sequences[0]);
    return colourful ? sequences[colour] : "";
}

const char *colour_end(bool colourful) { return colourful ? "\033[0m" : ""; }

static bool progress_shown;

void terminal_progress(void *context, size_t done, size_t total, const char *id) {
    (void)context;
    assert(done <= total && id != NULL);
    if (!is_terminal(stderr)) return;
    fprintf(stderr, "\r\033[K%u of %u  %.60s", (unsigned)done, (unsigned)total, id);
    fflush(stderr);
    progress_shown = true;
}

void terminal_progress_end(void) {
    if (!progress_shown) return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    progress_shown = false;
}
