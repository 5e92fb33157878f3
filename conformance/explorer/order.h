/* A sequence of answers, one for each moment of a run at which the order of things is open. */
#ifndef RESERVOIR_CONFORMANCE_ORDER_H
#define RESERVOIR_CONFORMANCE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "conformance/base/text.h"

enum { EXPLORE_DEPTH_MAX = 96 };

/* From `length` on the answers are 0. */
struct order {
    unsigned length;
    uint8_t answers[EXPLORE_DEPTH_MAX];
};

/* Is it nearer to the ordinary order: less often put off or turned, then with less steps? */
bool order_is_shorter(const struct order *one, const struct order *other);

/* 0.1.0.2, and back; `-` is the ordinary order. False for any other text. */
void order_print(const struct order *order, struct text *out);
bool order_parse(const char *text, struct order *order);

#endif
