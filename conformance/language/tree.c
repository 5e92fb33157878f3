#include "conformance/language/tree.h"

#include <assert.h>

void scenario_free(struct scenario *scenario) {
    if (scenario != NULL) arena_free(scenario->arena);
}

const char *observable_name(enum observable observable) {
    static const char *const names[OBSERVABLE_COUNT] = {
        "error",     "bytes",   "flags",      "key",      "overlapped",   "value", "readfds",   "writefds",
        "exceptfds", "revents", "iErrorCode", "address",  "port",         "row",   "StartPort", "NumberOfPorts",
        "padding",   "Token",   "out",        "Internal", "InternalHigh", "event", "handle",
    };
    assert((unsigned)observable < OBSERVABLE_COUNT);
    return names[observable];
}

const char *delivery_name(enum delivery delivery) {
    static const char *const names[DELIVERIES_COUNT] = { "routine", "packet", "apc" };
    assert((unsigned)delivery < DELIVERIES_COUNT);
    return names[delivery];
}

const char *member_name(enum member member) {
    static const char *const names[MEMBERS_COUNT] = { "error", "key", "bytes", "Internal" };
    assert((unsigned)member < MEMBERS_COUNT);
    return names[member];
}

unsigned delivery_members(enum delivery delivery) {
    static const unsigned members[DELIVERIES_COUNT] = {
        [DELIVERY_ROUTINE] = 1u << MEMBER_ERROR | 1u << MEMBER_BYTES,
        [DELIVERY_PACKET] = 1u << MEMBER_KEY | 1u << MEMBER_BYTES | 1u << MEMBER_INTERNAL,
    };
    assert((unsigned)delivery < DELIVERIES_COUNT);
    return members[delivery];
}

const char *outcome_word_name(enum outcome_word word) {
    static const char *const names[] = {
        "ok", "number", "error", "fails", "pending", "blocks", "fault", "none", "..."
    };
    assert((unsigned)word < sizeof names / sizeof names[0]);
    return names[word];
}

const char *provider_pace_name(enum provider_pace pace) {
    static const char *const names[PACES_COUNT] = { "at-once", "later", "never", "after" };
    assert((unsigned)pace < PACES_COUNT);
    return names[pace];
}

const char *netsh_row_name(enum netsh_row row) {
    static const char *const names[NETSH_ROWS_COUNT] = { "none", "unmarked", "administered" };
    assert((unsigned)row < NETSH_ROWS_COUNT);
    return names[row];
}

bool name_is_handle(enum name_kind kind) {
    return kind == NAME_SOCKET || kind == NAME_EVENT || kind == NAME_FILE || kind == NAME_PORT || kind == NAME_THREAD;
}

const char *packet_field_name(enum packet_field field) {
    static const char *const names[PACKET_FIELDS_COUNT] = {
        [PACKET_SEQ] = "seq",       [PACKET_ACK_NUMBER] = "ack", [PACKET_WINDOW] = "window",
        [PACKET_URGENT] = "urgent", [PACKET_MSS] = "mss",        [PACKET_SCALE] = "scale",
    };
    assert((unsigned)field < PACKET_FIELDS_COUNT);
    return names[field];
}

const char *link_setting_name(enum link_setting setting) {
    static const char *const names[LINK_SETTINGS_COUNT] = {
        [LINK_DELAY] = "delay",     [LINK_RATE] = "rate",       [LINK_LOSS] = "loss", [LINK_DUPLICATE] = "duplicate",
        [LINK_REORDER] = "reorder", [LINK_CORRUPT] = "corrupt", [LINK_LATE] = "late", [LINK_PARTITION] = "partition",
    };
    assert((unsigned)setting < LINK_SETTINGS_COUNT);
    return names[setting];
}
