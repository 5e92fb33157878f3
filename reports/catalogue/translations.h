/* What the translations of the reference page make their readers believe (scenarios/translations.tsv), and which
 * scenario refutes it. */
#ifndef RESERVOIR_REPORTS_TRANSLATIONS_H
#define RESERVOIR_REPORTS_TRANSLATIONS_H

#include "conformance/base/text.h"
#include "conformance/citations/citations.h"
#include "reports/catalogue/answers.h"

/* `  translations` and a paragraph for each language that has the clause wrong; nothing where none has. */
void add_translations(const struct clause *clause, struct text *out);

/* All of them, a section for each language. Always true; the folder is not looked at. */
bool list_translations(const char *folder, struct text *out);

/* Does its scenario refute it: does a step that cites the clause answer as that alternative says, under a named
 * profile? `answers` are those of the profiles. False for one that names no scenario. */
bool translation_is_refuted(const struct answers *answers, const struct translation *translation);

#endif
