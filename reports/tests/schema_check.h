/* A checker of JSON against a JSON Schema (draft 2020-12), of as much of it as reports/schema/run.schema.json uses:
 * type, const, enum, minimum, minItems, items, properties, required, additionalProperties (false alone), $ref into
 * $defs. A keyword that it does not know is a fault of the schema, so that nothing in there goes unchecked. */
#ifndef RESERVOIR_REPORTS_TESTS_SCHEMA_CHECK_H
#define RESERVOIR_REPORTS_TESTS_SCHEMA_CHECK_H

#include <stdbool.h>

#include <jansson.h>

#include "conformance/base/text.h"

/* Is `value` what the schema (its whole document) describes? `trouble` receives one line for each fault:
 * instances/3/verdict: MESSAGE. */
bool schema_check(const json_t *schema, const json_t *value, struct text *trouble);

#endif
