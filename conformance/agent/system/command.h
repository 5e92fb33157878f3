/* Other programs of the system, and its words. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_SYSTEM_COMMAND_H
#define RESERVOIR_CONFORMANCE_AGENT_SYSTEM_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Runs a command, words of ASCII with a blank between them, whose first names a program of the system: on Windows one
 * of its own folder, elsewhere one of PATH. `text` receives what it says on both its streams as UTF-8 (on Windows:
 * whatever its code page; UTF-16 everywhere), NUL after it, cut where it is longer.
 * False when it cannot be run or did not end within the limit (then it is ended, as it is with this program); else
 * *end is how it ended. May be called by several threads. */
struct system_end {
    uint32_t status; /* its exit status */
    bool whole;      /* all that it said is in the text, to its last character */
};
bool system_run(const char *line, char *text, size_t size, uint32_t limit_ms, struct system_end *end);

/* What the system says for one of its errors, as UTF-8: in its own language; so, as the console's code page has it,
 * which lacks characters and puts others that are like them; or in English. False when it says nothing, or that page
 * has no such characters at all.
 *
 * Off Windows a stand-in says it, for tests. SYSTEM_WORDS names a file with lines of an error, own, page or english,
 * and words in UTF-8; SYSTEM_CODE_PAGE what iconv calls the code page in which other programs write. */
enum system_words { SYSTEM_WORDS_OWN, SYSTEM_WORDS_IN_PAGE, SYSTEM_WORDS_ENGLISH, SYSTEM_WORDS_KINDS };
bool system_says(uint32_t error, enum system_words kind, char *text, size_t size);

#endif
