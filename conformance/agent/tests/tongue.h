/* What the netsh that lies (lying_netsh.c) needs of its system. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_TESTS_TONGUE_H
#define RESERVOIR_CONFORMANCE_AGENT_TESTS_TONGUE_H

#include <stdbool.h>
#include <stddef.h>

/* Standard output takes bytes as they are from now on. */
void tongue_prepare(void);

/* UTF-8 in another code page, named as iconv does. How many bytes; 0 when it cannot be said there. */
size_t tongue_convert(const char *page, const char *text, char *out, size_t size);

/* From now on no other process has this lock: netsh's changes are made one after the other. Held to our end. */
void tongue_lock(const char *path);

/* Puts a file in the place of another, at once or not at all. */
bool tongue_replace(const char *path, const char *by);

unsigned tongue_process(void);
void tongue_wait_ms(unsigned milliseconds);

/* Ends this process as someone else would. */
_Noreturn void tongue_die(void);

#endif
