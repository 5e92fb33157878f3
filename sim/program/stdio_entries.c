/* printf, scanf and their kin in Windows' formats: %ld and %lu have 32 bits, %I64d and %I32d and %Id say their width,
 * %S and %ls are wide text of 16-bit units, and in a wide format %s is wide as well. */
#include "sim/program/stdio_entries.h"

#include <assert.h>

#include "sim/memory/utf16.h"

#undef printf
#undef fprintf
#undef sprintf
#undef snprintf
#undef vfprintf
#undef vsnprintf
#undef vsscanf
#undef free

enum width { WIDTH_INT, WIDTH_CHAR, WIDTH_SHORT, WIDTH_64, WIDTH_LONG_DOUBLE };

/* One conversion of a format. */
struct conversion {
    char flags[8];
    int width, precision; /* -1: none */
    enum width size;
    bool is_wide, is_narrow;
    char letter;
};

/* Where text goes; what does not fit is counted. */
struct sink {
    char *text;
    size_t size, used;
};

static void put(struct sink *sink, const char *text, size_t length) {
    for (size_t i = 0; i < length; i++, sink->used++)
        if (sink->used + 1 < sink->size) sink->text[sink->used] = text[i];
}

static bool begins(const char **format, const char *word) {
    size_t length = strlen(word);
    if (strncmp(*format, word, length) != 0) return false;
    *format += length;
    return true;
}

static void read_size(const char **format, struct conversion *conversion) {
    if (begins(format, "I64") || begins(format, "ll") || begins(format, "j") || begins(format, "z") ||
        begins(format, "t"))
        conversion->size = WIDTH_64;
    else if (begins(format, "I32")) conversion->size = WIDTH_INT;
    else if (begins(format, "I")) conversion->size = WIDTH_64; /* as wide as a pointer */
    else if (begins(format, "hh")) conversion->size = WIDTH_CHAR;
    else if (begins(format, "h")) conversion->size = WIDTH_SHORT, conversion->is_narrow = true;
    else if (begins(format, "l") || begins(format, "w")) conversion->is_wide = true; /* a long has 32 bits */
    else if (begins(format, "L")) conversion->size = WIDTH_LONG_DOUBLE;
}

/* What follows a '%'. The two numbers may be arguments. */
static struct conversion read_conversion(const char **format, va_list *arguments) {
    struct conversion conversion = { .width = -1, .precision = -1 };
    for (unsigned i = 0; **format != '\0' && strchr("-+ #0", **format) != NULL; ++*format)
        if (i < sizeof conversion.flags - 2) conversion.flags[i++] = **format;
    if (begins(format, "*")) conversion.width = va_arg(*arguments, int);
    else if (isdigit((unsigned char)**format)) conversion.width = (int)strtol(*format, (char **)(uintptr_t)format, 10);
    if (begins(format, ".")) {
        conversion.precision = 0;
        if (begins(format, "*")) conversion.precision = va_arg(*arguments, int);
        else if (isdigit((unsigned char)**format))
            conversion.precision = (int)strtol(*format, (char **)(uintptr_t)format, 10);
    }
    if (conversion.width < -1) {
        strcat(conversion.flags, "-");
        conversion.width = -conversion.width;
    }
    read_size(format, &conversion);
    conversion.letter = **format;
    if (**format != '\0') ++*format;
    return conversion;
}

/* The same conversion for the C library, with another size. */
static void rebuild(const struct conversion *conversion, const char *size, char letter, char text[64]) {
    int used = snprintf(text, 64, "%%%s", conversion->flags);
    if (conversion->width >= 0) used += snprintf(text + used, 64 - (size_t)used, "%d", conversion->width);
    if (conversion->precision >= 0) used += snprintf(text + used, 64 - (size_t)used, ".%d", conversion->precision);
    snprintf(text + used, 64 - (size_t)used, "%s%c", size, letter);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static void put_number(struct sink *sink, const struct conversion *conversion, va_list *arguments) {
    char format[64], text[512];
    bool is_signed = conversion->letter == 'd' || conversion->letter == 'i';
    long long value = conversion->size == WIDTH_64 ? va_arg(*arguments, long long)
                      : is_signed                  ? (long long)va_arg(*arguments, int)
                                                   : (long long)va_arg(*arguments, unsigned);
    if (conversion->size == WIDTH_SHORT) value = is_signed ? (short)value : (unsigned short)value;
    if (conversion->size == WIDTH_CHAR) value = is_signed ? (signed char)value : (unsigned char)value;
    rebuild(conversion, "ll", conversion->letter, format);
    int length = snprintf(text, sizeof text, format, value);
    put(sink, text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
}

static void put_real(struct sink *sink, const struct conversion *conversion, va_list *arguments) {
    char format[64], text[512];
    bool is_long = conversion->size == WIDTH_LONG_DOUBLE;
    rebuild(conversion, is_long ? "L" : "", conversion->letter, format);
    int length = is_long ? snprintf(text, sizeof text, format, va_arg(*arguments, long double))
                         : snprintf(text, sizeof text, format, va_arg(*arguments, double));
    put(sink, text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
}

static void put_pointer(struct sink *sink, va_list *arguments) {
    char text[32];
    int length = snprintf(text, sizeof text, "%016llX", (unsigned long long)(uintptr_t)va_arg(*arguments, void *));
    put(sink, text, (size_t)length);
}

#pragma GCC diagnostic pop

static void put_padded(struct sink *sink, const struct conversion *conversion, const char *text, size_t length) {
    size_t width = conversion->width > 0 ? (size_t)conversion->width : 0;
    bool is_left = strchr(conversion->flags, '-') != NULL;
    for (size_t i = length; !is_left && i < width; i++) put(sink, " ", 1);
    put(sink, text, length);
    for (size_t i = length; is_left && i < width; i++) put(sink, " ", 1);
}

static void put_wide(struct sink *sink, const struct conversion *conversion, const WCHAR *text) {
    unsigned length = 0, most = conversion->precision >= 0 ? (unsigned)conversion->precision : UINT_MAX;
    while (length < most && text[length] != 0) length++;
    char *narrow = malloc((size_t)length * 3 + 1);
    if (narrow == NULL) return;
    put_padded(sink, conversion, narrow, utf8_from_utf16(text, length, narrow, length * 3 + 1));
    free(narrow);
}

static void put_text(struct sink *sink, const struct conversion *conversion, bool is_wide, va_list *arguments) {
    const void *text = va_arg(*arguments, const void *);
    if (text == NULL) put_padded(sink, conversion, "(null)", 6);
    else if (is_wide) put_wide(sink, conversion, text);
    else
        put_padded(sink, conversion, text,
                   conversion->precision >= 0 ? strnlen(text, (size_t)conversion->precision) : strlen(text));
}

static void put_character(struct sink *sink, const struct conversion *conversion, bool is_wide, va_list *arguments) {
    int character = va_arg(*arguments, int);
    char narrow = (char)character;
    WCHAR wide[2] = { (WCHAR)character, 0 };
    if (is_wide) put_wide(sink, conversion, wide);
    else put_padded(sink, conversion, &narrow, 1);
}

/* `wide`: it is a wide function's format, in which %s is wide and %S narrow. */
static void put_conversion(struct sink *sink, const struct conversion *conversion, bool wide, va_list *arguments) {
    bool capital = conversion->letter == 'S' || conversion->letter == 'C';
    bool is_wide = conversion->is_wide || (!conversion->is_narrow && wide != capital);
    switch (conversion->letter) {
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X': put_number(sink, conversion, arguments); return;
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': put_real(sink, conversion, arguments); return;
    case 'p': put_pointer(sink, arguments); return;
    case 's':
    case 'S': put_text(sink, conversion, is_wide, arguments); return;
    case 'c':
    case 'C': put_character(sink, conversion, is_wide, arguments); return;
    case '\0': return;
    default: put(sink, &conversion->letter, 1); return; /* %% among them */
    }
}

static int format_text(struct sink *sink, const char *format, bool wide, va_list given) {
    va_list arguments;
    va_copy(arguments, given);
    while (*format != '\0') {
        size_t plain = strcspn(format, "%");
        put(sink, format, plain);
        format += plain;
        if (*format != '%') break;
        format++;
        struct conversion conversion = read_conversion(&format, &arguments);
        put_conversion(sink, &conversion, wide, &arguments);
    }
    va_end(arguments);
    if (sink->size > 0) sink->text[sink->used < sink->size ? sink->used : sink->size - 1] = '\0';
    return (int)sink->used;
}

int stdio_text(char *text, size_t size, const char *format, bool wide, va_list arguments) {
    struct sink sink = { .text = text, .size = size };
    return format_text(&sink, format, wide, arguments);
}

int windows_vsnprintf(char *text, size_t size, const char *format, va_list arguments) {
    return stdio_text(text, size, format, false, arguments);
}

int stdio_print(FILE *file, const char *format, bool wide, va_list arguments) {
    char small[1024];
    struct sink sink = { .text = small, .size = sizeof small };
    int length = format_text(&sink, format, wide, arguments);
    if ((size_t)length < sizeof small) return (int)fwrite(small, 1, (size_t)length, file) == length ? length : -1;
    struct sink large = { .text = malloc((size_t)length + 1), .size = (size_t)length + 1 };
    if (large.text == NULL) return -1;
    format_text(&large, format, wide, arguments);
    size_t written = fwrite(large.text, 1, (size_t)length, file);
    free(large.text);
    return written == (size_t)length ? length : -1;
}

int windows_vfprintf(FILE *file, const char *format, va_list arguments) {
    return stdio_print(file, format, false, arguments);
}
int windows_vprintf(const char *format, va_list arguments) { return stdio_print(stdout, format, false, arguments); }
int windows_vsprintf(char *text, const char *format, va_list arguments) {
    return windows_vsnprintf(text, INT_MAX, format, arguments);
}

#define WITH_ARGUMENTS(after, call) \
    va_list arguments; \
    va_start(arguments, after); \
    int done = call; \
    va_end(arguments); \
    return done

int windows_printf(const char *format, ...) { WITH_ARGUMENTS(format, windows_vprintf(format, arguments)); }
int windows_fprintf(FILE *file, const char *format, ...) {
    WITH_ARGUMENTS(format, windows_vfprintf(file, format, arguments));
}
int windows_sprintf(char *text, const char *format, ...) {
    WITH_ARGUMENTS(format, windows_vsprintf(text, format, arguments));
}
int windows_snprintf(char *text, size_t size, const char *format, ...) {
    WITH_ARGUMENTS(format, windows_vsnprintf(text, size, format, arguments));
}

/* What does not fit gives -1: the text is cut, and has no end; nor has one that just fits. */
int _vsnprintf(char *text, size_t most, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int length = stdio_text(NULL, 0, format, false, arguments);
    char *whole = length < 0 ? NULL : malloc((size_t)length + 1);
    if (whole != NULL) {
        stdio_text(whole, (size_t)length + 1, format, false, again);
        memcpy(text, whole, (size_t)length < most ? (size_t)length + 1 : most);
    }
    va_end(again);
    free(whole);
    return whole == NULL || (size_t)length > most ? -1 : length;
}

int _snprintf(char *text, size_t most, const char *format, ...) {
    WITH_ARGUMENTS(format, _vsnprintf(text, most, format, arguments));
}

/* --- scanf -------------------------------------------------------------------------------------------------------- */

/* The format with sizes that mean here what they mean there. */
static char *scan_format(const char *format) {
    char *text = malloc(strlen(format) * 2 + 1), *to = text;
    if (text == NULL) return NULL;
    while (*format != '\0') {
        if ((*to++ = *format++) != '%') continue;
        while (*format == '*' || isdigit((unsigned char)*format)) *to++ = *format++;
        if (begins(&format, "I64")) *to++ = 'l', *to++ = 'l';
        else if (begins(&format, "ll")) *to++ = 'l', *to++ = 'l';
        else if (!begins(&format, "I32") && *format == 'l' && strchr("diouxX", format[1]) != NULL) format++;
        if (*format != '\0') *to++ = *format++;
    }
    *to = '\0';
    return text;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static int scan(FILE *file, const char *from, const char *format, va_list arguments) {
    char *own = scan_format(format);
    if (own == NULL) return EOF;
    int count = from != NULL ? vsscanf(from, own, arguments) : vfscanf(file, own, arguments);
    free(own);
    return count;
}

#pragma GCC diagnostic pop

int stdio_scan(const char *text, const char *format, va_list arguments) { return scan(NULL, text, format, arguments); }

/* --- scanf with sizes --- */

enum { SCANNED_MAX = 12 };

/* A format for scanf, and the pointers that it stores through: what has a size gets it as its width. */
struct scanned {
    char format[512];
    size_t used;
    void *to[SCANNED_MAX];
    unsigned count;
};

static bool keep(struct scanned *scanned, const char *text, size_t length) {
    if (scanned->used + length >= sizeof scanned->format) return false;
    memcpy(scanned->format + scanned->used, text, length);
    scanned->used += length;
    return true;
}

/* The end of a conversion's letter: of %[...] the bracket. */
static const char *after_letter(const char *letter) {
    if (*letter != '[') return *letter == '\0' ? letter : letter + 1;
    const char *end = letter + 1;
    if (*end == '^') end++;
    if (*end == ']') end++;
    while (*end != '\0' && *end != ']') end++;
    return *end == '\0' ? end : end + 1;
}

/* One conversion, after its %. A text's width leaves room for its 0; one character needs none. */
static bool scan_conversion(struct scanned *scanned, const char **format, va_list *arguments) {
    const char *at = *format;
    bool is_suppressed = *at == '*', is_stored = !is_suppressed && *at != '%';
    size_t width = 0;
    if (*at == '*') at++;
    while (isdigit((unsigned char)*at)) width = width * 10 + (size_t)(*at++ - '0');
    const char *rest = at;
    while (*at != '\0' && strchr("hlLqjztI6432w", *at) != NULL) at++;
    bool has_size = is_stored && *at != '\0' && strchr("sc[", *at) != NULL;
    if (is_stored) {
        if (scanned->count == SCANNED_MAX) return false;
        scanned->to[scanned->count++] = va_arg(*arguments, void *);
    }
    if (has_size) {
        size_t size = va_arg(*arguments, unsigned), most = *at == 'c' ? size : size - 1;
        if (size == 0 || (*at != 'c' && most == 0) || (*at == 'c' && (width == 0 ? 1 : width) > size)) return false;
        if (*at != 'c' && (width == 0 || width > most)) width = most;
    }
    char number[24];
    int digits = width == 0 ? 0 : snprintf(number, sizeof number, "%zu", width);
    *format = after_letter(at);
    return keep(scanned, "%*", is_suppressed ? 2 : 1) && keep(scanned, number, (size_t)digits) &&
           keep(scanned, rest, (size_t)(*format - rest));
}

/* A size that is too small ends it, as what does not match does. */
int windows_sscanf_s(const char *text, const char *format, ...) {
    struct scanned scanned = { .used = 0 };
    va_list arguments;
    bool goes = true;
    va_start(arguments, format);
    while (goes && *format != '\0') {
        goes = keep(&scanned, format, *format == '%' ? 0 : 1);
        if (*format++ == '%') goes = goes && scan_conversion(&scanned, &format, &arguments);
    }
    va_end(arguments);
    void **to = scanned.to;
    return windows_sscanf(text, scanned.format, to[0], to[1], to[2], to[3], to[4], to[5], to[6], to[7], to[8], to[9],
                          to[10], to[11]);
}

int windows_scanf(const char *format, ...) { WITH_ARGUMENTS(format, scan(stdin, NULL, format, arguments)); }
int windows_fscanf(FILE *file, const char *format, ...) { WITH_ARGUMENTS(format, scan(file, NULL, format, arguments)); }
int windows_sscanf(const char *text, const char *format, ...) {
    WITH_ARGUMENTS(format, scan(NULL, text, format, arguments));
}
