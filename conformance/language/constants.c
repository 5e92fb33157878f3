#include "conformance/language/constants.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "conformance/base/nearest.h"
#include "stack/errors.h"
#include "stack/sdk/control_values.h"
#include "stack/sdk/network_event_values.h"
#include "stack/sdk/option_values.h"
#include "stack/sdk/poll_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/sdk/wait_values.h"

#define CONSTANT(name) { #name, sizeof #name - 1, (int64_t)name },
#define ALL_ONES(name) { #name, sizeof #name - 1, -1 },
#define OPTION(level, name, ...) { #name, sizeof #name - 1, (int64_t)name },
#define KNOWN_OPTION(level, name) { #name, sizeof #name - 1, (int64_t)name },
#define CODE(name) { #name, sizeof #name - 1, (int64_t)name },
#define KNOWN_CODE(name) { #name, sizeof #name - 1, (int64_t)name },
static const struct constant constants[] = {
#include "stack/sdk/constants.def"
#include "stack/call/control_codes.def"
#include "stack/call/socket_options.def"
};
#undef CONSTANT
#undef ALL_ONES

enum { CONSTANTS_COUNT = sizeof constants / sizeof constants[0] };

/* An open-addressing table of rows + 1 by name, made when it is first asked: every upper-case word of a text is looked
 * up. Of two rows with one name the first counts. */
enum { SLOTS = 1024 };
static uint16_t slots[SLOTS];

_Static_assert(CONSTANTS_COUNT < SLOTS / 2, "the table is half empty, so that searches end soon");

/* Where the name stands, or the empty slot where it would. */
static uint16_t *slot_of(const char *name, unsigned length) {
    uint32_t hash = length;
    for (unsigned i = 0; i < length; i++) hash = (hash ^ (unsigned char)name[i]) * 0x01000193u; /* FNV-1a */
    unsigned at = (hash ^ hash >> 16) % SLOTS;
    for (; slots[at] != 0; at = (at + 1) % SLOTS) {
        const struct constant *row = &constants[slots[at] - 1];
        if (row->name_length == length && memcmp(row->name, name, length) == 0) break;
    }
    return &slots[at];
}

const struct constant *constant_named(const char *name, unsigned length) {
    assert(name != NULL);
    static bool filled;
    for (unsigned i = 0; !filled && i < CONSTANTS_COUNT; i++) {
        uint16_t *slot = slot_of(constants[i].name, constants[i].name_length);
        if (*slot == 0) *slot = (uint16_t)(i + 1);
    }
    filled = true;
    const uint16_t *slot = slot_of(name, length);
    return *slot == 0 ? NULL : &constants[*slot - 1];
}

static const char *name_with_prefix(const char *prefix, uint32_t value) {
    assert(prefix != NULL);
    size_t length = strlen(prefix);
    for (unsigned i = 0; i < CONSTANTS_COUNT; i++) {
        if (strncmp(constants[i].name, prefix, length) != 0) continue;
        if (constants[i].value == (int64_t)value) return constants[i].name;
    }
    return NULL;
}

const char *control_code_name(uint32_t code) {
    const char *name = name_with_prefix("SIO_", code);
    return name != NULL ? name : name_with_prefix("FIO", code);
}

const char *wait_result_name(uint32_t value) { return name_with_prefix("WAIT_", value); }

const char *constant_nearest(const char *name, unsigned length) {
    struct nearest nearest = nearest_to(name, length);
    for (unsigned i = 0; i < CONSTANTS_COUNT; i++) nearest_offer(&nearest, constants[i].name);
    unsigned rows_count = 0;
    const struct error_row *rows = error_rows(&rows_count);
    assert(rows_count > 0);
    for (unsigned i = 0; i < rows_count; i++) nearest_offer(&nearest, rows[i].name);
    return nearest.best;
}
