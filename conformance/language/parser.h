/* Text to tree. Every refusal fills the error with file, line, column, what was expected and what was found. */
#ifndef RESERVOIR_CONFORMANCE_PARSER_H
#define RESERVOIR_CONFORMANCE_PARSER_H

#include "conformance/language/tree.h"

struct known_parts; /* parser_known.h */

/* Parses `length` bytes of `text`. `file` names the source in messages. Returns a tree (free it with scenario_free()),
 * or NULL with *error filled. A scenario whose asserted outcomes lack a source is an error; in a trace it is not
 * (language.md, Outcomes). */
struct scenario *scenario_parse(const char *file, const char *text, size_t length, struct language_error *error);

/* Adds the bytes of a file (`-` is standard input), a little more than FILE_BYTES_MAX at most. False with *error
 * filled. */
bool scenario_read(const char *path, struct text *text, struct language_error *error);

/* Parses the bytes of the file `path`: associate/after-bind.scn has to hold after-bind. Of a trace what is in `known`
 * is not parsed again (parser_known.h says what that means for the tree); NULL: nothing is known. */
struct scenario *scenario_parse_as(const char *path, const char *text, size_t length, struct known_parts *known,
                                   struct language_error *error);

/* Reads and parses a file: both of the above. Also refuses what is larger than FILE_BYTES_MAX. */
struct scenario *scenario_parse_file(const char *path, struct language_error *error);

/* Parses one more step line in the context of an expanded scenario (names, processes), as the agent and the runner do
 * with lines from a pipe. When `expected` is not NULL it is the step that the line must repeat (same call, same
 * arguments as printed); its answer (outcomes, routines, live) is what is new. The step lives in `scenario`'s arena.
 * Indented routine(...) lines follow in `text` after a newline. Returns false with *error filled. */
bool step_parse_answer(struct scenario *scenario, const struct step *expected, const char *text, size_t length,
                       struct step *answer, struct language_error *error);

#endif
