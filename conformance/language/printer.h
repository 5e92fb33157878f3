/* Tree to text, in the one canonical layout: parsing what was printed gives an equal tree, and printing that gives
 * equal bytes. Everything is added to `out`. `scenario` is the tree that the printed part belongs to. */
#ifndef RESERVOIR_CONFORMANCE_PRINTER_H
#define RESERVOIR_CONFORMANCE_PRINTER_H

#include "conformance/base/text.h"
#include "conformance/language/tree.h"

void scenario_print(const struct scenario *scenario, struct text *out);
void step_print(const struct scenario *scenario, const struct step *step, struct text *out); /* with its line end */
/* Without outcomes and comments: `app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)`. No line end. */
void step_print_call(const struct scenario *scenario, const struct step *step, struct text *out);
void outcome_print(const struct scenario *scenario, const struct outcome *outcome, struct text *out);
void source_print(const struct source *source, struct text *out); /* @ASC-02 */
/* What a line below a step begins with: routine(o1), packet(NULL), apc(5). `overlapped` and `number` as struct
 * routine_line has them. */
void delivery_print(const struct scenario *scenario, enum delivery delivery, int overlapped, uint64_t number,
                    struct text *out);

void expression_print(const struct scenario *scenario, const struct expression *expression, struct text *out);

#endif
