#include "stack/ports/exclusions.h"
#include "stack/tests/fixture_netsh.h"
#include "stack/tests/situations.h"

enum { FIRST = 5000, COUNT = 4, LAST = FIRST + COUNT - 1 };
enum { STAYED = 1, GONE };

static void another_holds_the_range(struct machine *m) {
    CU_ASSERT_NOT_EQUAL(exclusion_add(m->world, PROTOCOL_TCP, FIRST, LAST, false), NO_ROW);
}

/* --- what is listed --- */

static uint32_t show_runtime(struct machine *m) {
    granted(m, tcp(m), FIRST, COUNT);
    return row_of(m, FIRST, NETSH_ACTIVE);
}

static uint32_t show_persistent(struct machine *m) {
    created(m, PROTOCOL_TCP, FIRST, COUNT);
    return row_of(m, LAST, NETSH_PERSISTENT);
}

/* --- add --- */

static uint32_t add_twice(struct machine *m) {
    expect_ok(add_range(m, FIRST, COUNT, NETSH_ACTIVE));
    return add_range(m, FIRST, COUNT, NETSH_ACTIVE);
}

static uint32_t add_over_runtime(struct machine *m) {
    granted(m, tcp(m), FIRST, COUNT);
    return add_range(m, FIRST, 1, NETSH_PERSISTENT);
}

static uint32_t add_over_persistent(struct machine *m) {
    created(m, PROTOCOL_TCP, FIRST, COUNT);
    return add_range(m, LAST, COUNT, NETSH_PERSISTENT);
}

static uint32_t add_over_port_of_one_family(struct machine *m) {
    expect_ok(bind_port(m, tcp(m), LAST));
    return add_range(m, FIRST, COUNT, NETSH_ACTIVE);
}

/* --- delete --- */

static uint32_t delete_nothing(struct machine *m) { return delete_range(m, FIRST, COUNT, NETSH_PERSISTENT); }

static uint32_t delete_part(struct machine *m) {
    expect_ok(add_range(m, FIRST, COUNT, NETSH_PERSISTENT));
    return delete_range(m, FIRST + 1, 2, NETSH_PERSISTENT);
}

static uint32_t delete_foreign(struct machine *m) {
    another_holds_the_range(m);
    expect_error(ERROR_ACCESS_DENIED, delete_range(m, FIRST, COUNT, NETSH_PERSISTENT));
    return row_of(m, FIRST, NETSH_ACTIVE) == NETSH_ROW_UNMARKED ? STAYED : GONE;
}

static uint32_t delete_runtime(struct machine *m) {
    granted(m, tcp(m), FIRST, COUNT);
    expect_error(ERROR_ACCESS_DENIED, delete_range(m, FIRST, COUNT, NETSH_ACTIVE));
    return row_of(m, FIRST, NETSH_ACTIVE) == NETSH_ROW_UNMARKED ? STAYED : GONE;
}

static uint32_t delete_persistent_as_active(struct machine *m) {
    expect_ok(add_range(m, FIRST, COUNT, NETSH_PERSISTENT));
    expect_ok(delete_range(m, FIRST, COUNT, NETSH_ACTIVE));
    return row_of(m, FIRST, NETSH_PERSISTENT) == NETSH_ROW_ADMINISTERED ? STAYED : GONE;
}

static uint32_t delete_active_as_persistent(struct machine *m) {
    expect_ok(add_range(m, FIRST, COUNT, NETSH_ACTIVE));
    return delete_range(m, FIRST, COUNT, NETSH_PERSISTENT);
}

static uint32_t function_deletes_exclusion(struct machine *m) {
    expect_ok(add_range(m, FIRST, COUNT, NETSH_PERSISTENT));
    return delete_block(m, PROTOCOL_TCP, FIRST, COUNT);
}

static uint32_t netsh_deletes_block(struct machine *m) {
    created(m, PROTOCOL_TCP, FIRST, COUNT);
    return delete_range(m, FIRST, COUNT, NETSH_PERSISTENT);
}

/* --- privilege --- */

static uint32_t user_adds(struct machine *m) {
    start_as_user(m);
    speak_as(m, TOOL);
    return add_range(m, FIRST, COUNT, NETSH_ACTIVE);
}

/* --- the dynamic range --- */

static uint32_t set_from_1024(struct machine *m) { return set_dynamic(m, 1024, 13977, NETSH_IPV4, NETSH_PERSISTENT); }

static uint32_t set_of_one_family(struct machine *m) {
    expect_ok(set_dynamic(m, 20000, 1000, NETSH_IPV4, NETSH_PERSISTENT));
    return show_dynamic(m, NETSH_IPV6, NETSH_ACTIVE).first;
}

/* clang-format off */
static const struct situation situations[] = {
    { Q33_PERSISTENT_OVER_ONE_FAMILY, add_over_port_of_one_family, { ERROR_SHARING_VIOLATION, 0 } },
    { Q36_NETSH_LIST, show_runtime, { NETSH_ROW_UNMARKED, NETSH_ROW_UNMARKED, NETSH_ROW_NONE } },
    { Q36_NETSH_LIST, show_persistent, { NETSH_ROW_UNMARKED, NETSH_ROW_ADMINISTERED, NETSH_ROW_UNMARKED } },
    { Q94_NETSH_ADD_AGAIN, add_twice, { ERROR_SHARING_VIOLATION, ERROR_OBJECT_ALREADY_EXISTS, 0 } },
    { Q95_NETSH_ADD_OVER_RESERVATION, add_over_runtime, { ERROR_SHARING_VIOLATION, 0, ERROR_SHARING_VIOLATION } },
    { Q95_NETSH_ADD_OVER_RESERVATION, add_over_persistent, { ERROR_SHARING_VIOLATION, ERROR_SHARING_VIOLATION, 0 } },
    { Q96_NETSH_DELETE_MISSING, delete_nothing, { ERROR_NOT_FOUND, ERROR_FILE_NOT_FOUND } },
    { Q97_NETSH_DELETE_PART, delete_part, { ERROR_NOT_FOUND, 0 } },
    { Q98_NETSH_DELETE_UNMARKED, delete_foreign, { STAYED, GONE } },
    { Q98_NETSH_DELETE_UNMARKED, delete_runtime, { STAYED, GONE } },
    { Q99_NETSH_DELETE_STORE, delete_persistent_as_active, { STAYED, GONE } },
    { Q99_NETSH_DELETE_STORE, delete_active_as_persistent, { ERROR_NOT_FOUND, 0 } },
    { Q100_EACH_OTHERS_ENTRIES, function_deletes_exclusion, { ERROR_NOT_FOUND, 0 } },
    { Q100_EACH_OTHERS_ENTRIES, netsh_deletes_block, { ERROR_ACCESS_DENIED, 0 } },
    { Q141_DYNAMIC_START, set_from_1024, { ERROR_INVALID_PARAMETER, 0 } },
    { Q142_DYNAMIC_FAMILIES, set_of_one_family, { 49152, 20000 } },
    { Q101_NETSH_PRIVILEGE, user_adds, { ERROR_ELEVATION_REQUIRED, ERROR_ACCESS_DENIED } },
};
/* clang-format on */

const struct situation *netsh_situations(unsigned *count) {
    *count = sizeof situations / sizeof situations[0];
    return situations;
}
