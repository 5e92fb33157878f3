/* A function of the catalogue in words, for language.md and `reservoir show function`. */
#ifndef RESERVOIR_CONFORMANCE_FUNCTION_WORDS_H
#define RESERVOIR_CONFORMANCE_FUNCTION_WORDS_H

#include "conformance/base/text.h"
#include "stack/call/signature.h"

/* sendto(s, buf, [len], [flags=0], to, [tolen]): in brackets what may be left out, with what it is then, unless that is
 * the size of what is passed or a good pointer. */
void function_add_call(const struct signature *signature, struct text *out);

/* What it returns when it succeeds: "0", "a socket". Static. */
const char *function_success(const struct signature *signature);

/* What a scenario can name of what it brings: "socket"; "" for nothing. Static. */
const char *function_product(const struct signature *signature);

/* What is observed of it besides `error`, which is of all: "bytes, value". Adds nothing where there is nothing. */
void function_add_observed(const struct signature *signature, struct text *out);

#endif
