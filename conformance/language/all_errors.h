/* All errors of a file at once: whoever writes a scenario mends them in one round, not in as many as there are. */
#ifndef RESERVOIR_CONFORMANCE_ALL_ERRORS_H
#define RESERVOIR_CONFORMANCE_ALL_ERRORS_H

#include "conformance/language/tree.h"

struct known_parts; /* parser_known.h */

enum { ERRORS_MAX = 20 }; /* of one file; then it says that there are more */

/* Reads and parses a file as scenario_parse_file() does; `-` is standard input. NULL when it is refused: `errors` gets
 * every error, as language_error_print() writes them.
 *
 * After an error its line is taken out, with the lines that are indented below it, and the rest is parsed again. What
 * follows only from that, a name which nothing gives any more, is not reported. An error of the head ends the search:
 * nothing below would be understood. `known`, when not NULL, has parts that were parsed before. `source`, when not
 * NULL, gets the bytes that were read; free it. */
struct scenario *scenario_parse_file_all(const char *path, struct known_parts *known, struct text *errors,
                                         struct text *source);

#endif
