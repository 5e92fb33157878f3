#include "conformance/language/tree.h"

#include <assert.h>

void scenario_free(struct scenario *scenario) {
    if (scenario != NULL) arena_free(scenario->arena);
}

const char *observable_name(enum observable observable) {
    static const char *const names[OBSERVABLE_COUNT] = {
        "error",   "bytes", "flags", "value",    "address",      "port",  "row", "StartPort", "NumberOfPorts",
        "padding", "Token", "out",   "Internal", "InternalHigh", "event", "handle",
    };
    assert((unsigned)observable < OBSERVABLE_COUNT);
    return names[observable];
}

const char *outcome_word_name(enum outcome_word word) {
    static const char *const names[] = { "ok", "number", "error", "fails", "pending", "blocks", "fault", "..." };
    assert((unsigned)word < sizeof names / sizeof names[0]);
    return names[word];
}

const char *netsh_row_name(enum netsh_row row) {
    static const char *const names[NETSH_ROWS_COUNT] = { "none", "unmarked", "administered" };
    assert((unsigned)row < NETSH_ROWS_COUNT);
    return names[row];
}
