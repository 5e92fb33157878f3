/* What a source says, in a sentence. */
#ifndef RESERVOIR_CONFORMANCE_SOURCE_TEXT_H
#define RESERVOIR_CONFORMANCE_SOURCE_TEXT_H

#include <stdbool.h>

#include "conformance/base/text.h"

/* Adds what the first of these sources says that says anything: `ASC-04: If that reservation has no port available,
 * bind fails.` `sources` is text as verdicts have it, `@ASC-04 @Q46=a (silent)`. A clause, a fact or a client goes
 * before a question's candidate. False, and nothing added, when none says anything (@inferred). */
bool source_text_add(const char *sources, struct text *out);

#endif
