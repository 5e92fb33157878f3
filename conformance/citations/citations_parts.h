/* The rows that the build writes from the tables in scenarios/ (build/citations.c, by .make/citations.awk). Only
 * citations.c looks at them; everybody else asks citations.h. */
#ifndef RESERVOIR_CONFORMANCE_CITATIONS_PARTS_H
#define RESERVOIR_CONFORMANCE_CITATIONS_PARTS_H

#include "conformance/citations/citations.h"

extern const struct clause clause_rows[];
extern const unsigned clause_rows_count;
extern const struct fact fact_rows[];
extern const unsigned fact_rows_count;
extern const struct client client_rows[];
extern const unsigned client_rows_count;
extern const struct translation translation_rows[];
extern const unsigned translation_rows_count;

#endif
