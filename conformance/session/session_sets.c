#include "conformance/session/session_sets.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "conformance/language/printer.h"
#include "conformance/session/session_refer.h"

bool session_is_set(enum observable observable) {
    return observable >= OBSERVABLE_readfds && observable <= OBSERVABLE_revents;
}

const struct expression *session_set_argument(const struct step *call, enum observable observable) {
    const char *name = observable == OBSERVABLE_revents ? "fd" : observable_name(observable);
    assert(session_is_set(observable));
    int parameter = call == NULL || call->signature == NULL
                        ? -1
                        : signature_parameter(call->signature, name, (unsigned)strlen(name));
    if (parameter < 0 || call->signature->parameters[parameter].kind != PARAMETER_SOCKETS) return NULL;
    const struct expression *argument = session_argument(call, (unsigned)parameter);
    return argument != NULL && argument->kind == EXPRESSION_RECORD ? argument : NULL;
}

static bool is_same(const struct expression *one, const struct expression *other) {
    if (one->kind != other->kind) return false;
    if (one->kind == EXPRESSION_NAME) return one->name == other->name && one->offset == other->offset;
    return one->number == other->number;
}

static bool places_left(const struct expression *argument, const struct expression *said, uint64_t *number) {
    for (uint32_t i = 0; i < said->items_count; i++) {
        uint32_t place = 0;
        while (place < argument->items_count && !is_same(argument->items[place], said->items[i])) place++;
        if (said->items[i]->kind == EXPRESSION_POINTER) place = SET_HAS_ANOTHER;
        else if (place == argument->items_count) return false;
        *number |= UINT64_C(1) << place;
    }
    return true;
}

static bool events_found(const struct expression *argument, const struct expression *said, uint64_t *number) {
    if (said->items_count != argument->items_count) return false;
    for (uint32_t i = 0; i < said->items_count; i++) {
        const struct expression *item = said->items[i];
        if (item->kind == EXPRESSION_NAME || item->kind == EXPRESSION_POINTER || item->number > UINT16_MAX)
            return false;
        *number |= item->number << (i * POLLED_EVENTS_BITS);
    }
    return true;
}

bool session_set_number(const struct step *call, enum observable observable, const struct expression *said,
                        uint64_t *number) {
    const struct expression *argument = session_set_argument(call, observable);
    *number = 0;
    if (argument == NULL || said->kind != EXPRESSION_RECORD) return false;
    return observable == OBSERVABLE_revents ? events_found(argument, said, number)
                                            : places_left(argument, said, number);
}

void session_set_print(const struct scenario *scenario, const struct step *call, enum observable observable,
                       uint64_t number, struct text *out) {
    const struct expression *argument = session_set_argument(call, observable);
    bool any = false;
    assert(argument != NULL);
    text_add(out, "{");
    for (uint32_t i = 0; i < argument->items_count; i++) {
        bool is_left = (number >> i & 1) != 0;
        if (observable != OBSERVABLE_revents && !is_left) continue;
        text_add(out, "%s", any ? "," : "");
        any = true;
        if (observable != OBSERVABLE_revents) expression_print(scenario, argument->items[i], out);
        else text_add(out, "%" PRIu64, number >> (i * POLLED_EVENTS_BITS) & UINT16_MAX);
    }
    bool has_another = observable != OBSERVABLE_revents && number >> SET_HAS_ANOTHER != 0;
    text_add(out, "%s}", !has_another ? "" : any ? ",good" : "good");
}
