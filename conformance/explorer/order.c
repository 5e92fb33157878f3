#include "conformance/explorer/order.h"

#include <string.h>

/* How far an order is from the ordinary one. */
static unsigned turns_of(const struct order *order) {
    unsigned turns = 0;
    for (unsigned i = 0; i < order->length; i++) turns += order->answers[i] != 0;
    return turns;
}

bool order_is_shorter(const struct order *one, const struct order *other) {
    unsigned turns = turns_of(one), others = turns_of(other);
    return turns != others ? turns < others : one->length < other->length;
}

void order_print(const struct order *order, struct text *out) {
    unsigned length = order->length;
    while (length > 0 && order->answers[length - 1] == 0) length--;
    if (length == 0) text_add(out, "-");
    for (unsigned i = 0; i < length; i++) text_add(out, "%s%u", i == 0 ? "" : ".", (unsigned)order->answers[i]);
}

bool order_parse(const char *text, struct order *order) {
    *order = (struct order){ .length = 0 };
    if (strcmp(text, "-") == 0) return true;
    for (;; text++) {
        unsigned answer = 0, digits = 0;
        for (; *text >= '0' && *text <= '9' && digits < 3; text++, digits++)
            answer = answer * 10 + (unsigned)(*text - '0');
        if (digits == 0 || answer >= UINT8_MAX || order->length == EXPLORE_DEPTH_MAX) return false;
        order->answers[order->length++] = (uint8_t)answer;
        if (*text == '\0') return true;
        if (*text != '.') return false;
    }
}
