/* Why something was refused, or failed: a short text for whoever reads the message, without file and line. */
#ifndef RESERVOIR_CONFORMANCE_REASON_H
#define RESERVOIR_CONFORMANCE_REASON_H

enum { REASON_BYTES = 256 };

/* NUL-terminated; "" when there is none. Plain data: it may be copied, and it lies in memory that processes share. A
 * function that takes one fills it only where it says so. */
struct reason {
    char text[REASON_BYTES];
};

/* Sets it as printf writes; a longer text is cut after a whole character. An argument may be the text that it has
 * now. */
void reason_set(struct reason *reason, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

#endif
