#define _DEFAULT_SOURCE /* fileno, isatty, TIOCGWINSZ */

#include "reports/formats/terminal.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
#include <io.h>
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <sys/ioctl.h>
#include <unistd.h>
#endif

#include "conformance/base/number.h"
#include "reports/formats/clean_text.h"
#include "reports/formats/fit.h"

enum { COLUMNS_MOST = 120 };

bool terminal_is(FILE *file) {
    assert(file != NULL);
#ifdef _WIN32
    return _isatty(_fileno(file)) != 0;
#else
    return isatty(fileno(file)) != 0;
#endif
}

static bool is_set(const char *variable) {
    const char *value = getenv(variable);
    return value != NULL && value[0] != '\0';
}

static bool is_dumb(void) {
    const char *kind = getenv("TERM");
    return kind != NULL && strcmp(kind, "dumb") == 0;
}

/* The order of the two is https://force-color.org's: a wish for colour counts, unless colour is refused. */
bool terminal_has_colour(FILE *file) {
    if (is_set("NO_COLOR")) return false;
    if (is_set("FORCE_COLOR") && strcmp(getenv("FORCE_COLOR"), "0") != 0) return true;
    return terminal_is(file) && !is_dumb();
}

/* What the terminal itself says; 0 when it does not. */
static unsigned window_columns(FILE *file) {
#ifdef _WIN32
    CONSOLE_SCREEN_BUFFER_INFO info;
    HANDLE handle = (HANDLE)_get_osfhandle(_fileno(file));
    return GetConsoleScreenBufferInfo(handle, &info) ? (unsigned)(info.srWindow.Right - info.srWindow.Left + 1) : 0;
#else
    struct winsize size;
    return ioctl(fileno(file), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
#endif
}

unsigned terminal_columns(FILE *file) {
    const char *said = getenv("COLUMNS");
    if (!terminal_is(file)) return 0;
    uint64_t columns = 0;
    if (said != NULL) number_take(said, strlen(said), &columns);
    if (columns == 0) columns = window_columns(file);
    if (columns == 0) columns = 80;
    return columns < COLUMNS_MOST ? (unsigned)columns : (unsigned)COLUMNS_MOST;
}

void errors_print(const struct text *text) {
    struct text clean = { 0 };
    assert(text != NULL);
    if (text->length == 0) return;
    text_add_clean(&clean, text->bytes, CLEAN_KEEPS_LINES);
    fputs(clean.bytes, stderr);
    text_free(&clean);
}

typedef void text_printer(const struct text *text);

static void say(text_printer *print, const char *format, va_list values) {
    struct text text = { 0 };
    text_add_values(&text, format, values);
    print(&text);
    text_free(&text);
}

void errors_say(const char *format, ...) {
    va_list values;
    va_start(values, format);
    say(errors_print, format, values);
    va_end(values);
}

void language_error_complain(const struct language_error *error) {
    struct text message = { 0 };
    language_error_print(error, &message);
    errors_print(&message);
    text_free(&message);
}

void output_print(const struct text *text) {
    struct text clean = { 0 };
    assert(text != NULL);
    if (text->length == 0) return;
    if (terminal_columns(stdout) == 0) {
        fputs(text->bytes, stdout);
        return;
    }
    text_add_clean(&clean, text->bytes, CLEAN_KEEPS_LINES);
    output_print_cleaned(&clean);
    text_free(&clean);
}

void output_say(const char *format, ...) {
    va_list values;
    va_start(values, format);
    say(output_print, format, values);
    va_end(values);
}

void output_print_cleaned(const struct text *text) {
    struct text fitted = { 0 };
    assert(text != NULL);
    if (text->length == 0) return;
    text_fit(text->bytes, terminal_columns(stdout), &fitted);
    fputs(fitted.bytes, stdout);
    text_free(&fitted);
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
    if (!terminal_is(stderr) || is_dumb()) return;
    struct text shown = { 0 }, clean = { 0 };
    text_add(&shown, "%u of %u  %.60s", (unsigned)done, (unsigned)total, id);
    text_add_clean(&clean, shown.bytes, CLEAN_ONE_LINE); /* a folder's name may hold anything */
    fprintf(stderr, "\r\033[K%s", clean.bytes);
    text_free(&shown);
    text_free(&clean);
    fflush(stderr);
    progress_shown = true;
}

void terminal_progress_end(void) {
    if (!progress_shown) return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    progress_shown = false;
}
