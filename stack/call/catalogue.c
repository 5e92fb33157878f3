#include "stack/call/catalogue.h"

#include <assert.h>
#include <stddef.h>

#include "stack/call/functions.h"
#include "stack/sdk/control_values.h"
#include "stack/sdk/option_values.h"
#include "stack/world.h"

/* clang-format off */
static const struct option_row options[OPTIONS_END] = {
#define OPTION(at, of, what, who, where, first) \
    [OPTION_##of] = { .text = #of, .level_text = #at, .level = at, .name = of, .ordinary = first, .value = what, .sockets = who, .kept = where },
#define KNOWN_OPTION(at, of) [OPTION_##of] = { .text = #of, .level_text = #at, .level = at, .name = of },
#include "stack/call/socket_options.def"
};
/* clang-format on */

/* clang-format off */
static const struct code_row codes[] = {
#define CODE(name) { #name, name, true },
#define KNOWN_CODE(name) { #name, name, false },
#include "stack/call/control_codes.def"
};
/* clang-format on */

#define OPTION(at, of, what, who, where, first) +((where) == KEPT_AS_NUMBER)
#define KNOWN_OPTION(at, of)
_Static_assert(0
#include "stack/call/socket_options.def"
                   == SOCKET_NUMBERS,
               "a socket's row has room for each number");

enum { CODES_COUNT = sizeof codes / sizeof codes[0] };

const struct option_row *option_row(enum socket_option option) {
    assert(option > OPTION_NONE && option < OPTIONS_END);
    return &options[option];
}

enum socket_option option_of(int32_t level, int32_t name) {
    for (unsigned i = OPTION_NONE + 1; i < OPTIONS_END; i++)
        if (options[i].level == level && options[i].name == name) return (enum socket_option)i;
    return OPTION_NONE;
}

unsigned option_place(enum socket_option option) {
    unsigned place = 0;
    for (unsigned i = OPTION_NONE + 1; i < (unsigned)option; i++) place += options[i].kept == options[option].kept;
    return place;
}

bool option_level_is_known(int32_t level) {
    for (unsigned i = OPTION_NONE + 1; i < OPTIONS_END; i++)
        if (options[i].level == level) return true;
    return false;
}

const struct code_row *code_rows(unsigned *count) {
    assert(count != NULL);
    *count = CODES_COUNT;
    return codes;
}

const struct code_row *code_row(uint32_t code) {
    for (unsigned i = 0; i < CODES_COUNT; i++)
        if (codes[i].code == code) return &codes[i];
    return NULL;
}

uint64_t not_modelled_option(enum socket_option option) {
    assert(option_row(option)->text != NULL);
    return option;
}

uint64_t not_modelled_code(const struct code_row *row) {
    assert(row >= codes && row < codes + CODES_COUNT);
    return OPTIONS_END + (uint64_t)(row - codes);
}

uint64_t not_modelled_function(unsigned function) {
    assert(function > FUNCTION_NONE && function < FUNCTION_COUNT);
    return OPTIONS_END + (uint64_t)CODES_COUNT + function;
}

const char *not_modelled_words(uint64_t value) {
    static const char *const functions[FUNCTION_COUNT] = {
#define FUNCTION(result, name, ...) [FUNCTION_##name] = "what " #name " does here",
#include "stack/call/functions.def"
    };
    const uint64_t before_functions = OPTIONS_END + (uint64_t)CODES_COUNT;
    assert(value > OPTION_NONE && value < before_functions + FUNCTION_COUNT);
    if (value >= before_functions) return functions[value - before_functions];
    return value < OPTIONS_END ? options[value].text : codes[value - OPTIONS_END].text;
}
