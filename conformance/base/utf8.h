/* UTF-8, as strictly as RFC 3629 has it. */
#ifndef RESERVOIR_CONFORMANCE_UTF8_H
#define RESERVOIR_CONFORMANCE_UTF8_H

/* Length in bytes of the character at `at`, which lies before `end`; 0 when there is none (overlong, surrogate, too
 * large, cut off). */
unsigned utf8_length(const char *at, const char *end);

#endif
