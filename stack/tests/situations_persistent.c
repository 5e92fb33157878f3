#include "stack/ports/exclusions.h"
#include "stack/ports/pool.h"
#include "stack/tests/fixture_calls.h"
#include "stack/tests/fixture_persistent.h"
#include "stack/tests/situations.h"

enum { FIRST = 5000, COUNT = 4 };
enum { SAME_TOKEN = 1, OTHER_TOKEN };

static uint32_t create_at(struct machine *m, unsigned first, unsigned count) {
    uint64_t token = 0;
    return create_block(m, PROTOCOL_TCP, first, count, &token);
}

/* --- arguments --- */

static uint32_t create_at_port_0(struct machine *m) { return create_at(m, 0, COUNT); }
static uint32_t create_past_65535(struct machine *m) { return create_at(m, 65534, COUNT); }

static uint32_t create_past_the_dynamic_range(struct machine *m) {
    m->world->dynamic_last[PROTOCOL_TCP] = 60000;
    return create_at(m, 60000, COUNT);
}

static uint32_t user_creates_nothing(struct machine *m) {
    start_as_user(m);
    speak_as(m, TOOL);
    return create_at(m, FIRST, 0);
}

static uint32_t create_before_vista(struct machine *m) {
    m->world->build = BUILD_VISTA - 1;
    return create_at(m, FIRST, COUNT);
}

static uint32_t look_up_before_vista(struct machine *m) {
    m->world->build = BUILD_VISTA - 1;
    return ask_oddly(m, FUNCTION_LookupPersistentTcpPortReservation, 0x8813, COUNT, RANGE_GOOD);
}

static uint32_t create_without_token(struct machine *m) {
    return ask_oddly(m, FUNCTION_CreatePersistentTcpPortReservation, 0x8813, COUNT, RANGE_NULL);
}

static uint32_t look_up_into_bad_memory(struct machine *m) {
    created(m, PROTOCOL_TCP, FIRST, COUNT);
    return ask_oddly(m, FUNCTION_LookupPersistentTcpPortReservation, 0x8813, COUNT, RANGE_PARTLY_BAD);
}

/* --- conflicts --- */

static uint32_t create_over_runtime(struct machine *m) {
    granted(m, tcp(m), FIRST, COUNT);
    return create_at(m, FIRST + 1, COUNT);
}

static uint32_t create_over_exclusion(struct machine *m) {
    CU_ASSERT_NOT_EQUAL(exclusion_add(m->world, PROTOCOL_TCP, FIRST, FIRST, true), NO_ROW);
    return create_at(m, FIRST, COUNT);
}

static uint32_t create_over_port_of_one_family(struct machine *m) {
    expect_ok(bind_port(m, tcp(m), FIRST));
    return create_at(m, FIRST, COUNT);
}

static uint32_t stranger_binds_persistent(struct machine *m) {
    created(m, PROTOCOL_TCP, FIRST, COUNT);
    return bind_port(m, tcp(m), FIRST);
}

/* --- privilege --- */

static uint32_t user_associates_persistent(struct machine *m) {
    uint64_t token = created(m, PROTOCOL_TCP, FIRST, COUNT);
    start_as_user(m);
    speak_as(m, TOOL);
    return associate(m, tcp(m), token);
}

/* The socket was associated by an administrator and is bound by a user who got it. */
static uint32_t user_binds_associated(struct machine *m) {
    uint64_t s = tcp(m);
    expect_ok(associate(m, s, created(m, PROTOCOL_TCP, FIRST, COUNT)));
    start_as_user(m);
    uint64_t shared = shared_with_tool(m, s);
    speak_as(m, TOOL);
    return bind_port(m, shared, 0);
}

static uint32_t user_looks_up(struct machine *m) {
    uint64_t token = 0;
    created(m, PROTOCOL_TCP, FIRST, COUNT);
    start_as_user(m);
    speak_as(m, TOOL);
    return look_up_block(m, PROTOCOL_TCP, FIRST, COUNT, &token);
}

/* --- the end of a block --- */

static uint32_t release_persistent(struct machine *m) {
    return release(m, tcp(m), created(m, PROTOCOL_TCP, FIRST, COUNT));
}

static uint32_t delete_the_middle(struct machine *m) {
    created(m, PROTOCOL_TCP, FIRST, COUNT);
    return delete_block(m, PROTOCOL_TCP, FIRST + 1, 2);
}

static uint32_t delete_while_associated(struct machine *m) {
    expect_ok(associate(m, tcp(m), created(m, PROTOCOL_TCP, FIRST, COUNT)));
    return delete_block(m, PROTOCOL_TCP, FIRST, COUNT);
}

static uint32_t delete_while_bound(struct machine *m) {
    take_port(m, created(m, PROTOCOL_TCP, FIRST, COUNT));
    return delete_block(m, PROTOCOL_TCP, FIRST, COUNT);
}

static uint32_t look_up_part(struct machine *m) {
    uint64_t token = 0;
    created(m, PROTOCOL_TCP, FIRST, COUNT);
    return look_up_block(m, PROTOCOL_TCP, FIRST + 1, 2, &token);
}

/* --- tokens --- */

static uint32_t look_up_at_once(struct machine *m) {
    uint64_t token = created(m, PROTOCOL_TCP, FIRST, COUNT);
    return looked_up(m, PROTOCOL_TCP, FIRST, COUNT) == token ? SAME_TOKEN : OTHER_TOKEN;
}

static uint32_t look_up_after_restart(struct machine *m) {
    uint64_t token = created(m, PROTOCOL_TCP, FIRST, COUNT);
    restart(m);
    return looked_up(m, PROTOCOL_TCP, FIRST, COUNT) == token ? SAME_TOKEN : OTHER_TOKEN;
}

/* Under candidate c a seed decides: from this one on the token stays. */
static uint32_t associate_after_restart(struct machine *m) {
    uint64_t token = created(m, PROTOCOL_TCP, FIRST, COUNT);
    restart(m);
    return associate(m, tcp(m), token);
}

/* A question of two machines: do they differ? */
static uint32_t tokens_of_two_seeds(struct machine *m) {
    unsigned kept = 0, runs = 16;
    struct machine copy = *m;
    for (unsigned seed = 1; seed <= runs; seed++) {
        machine_begin(m);
        m->profile = copy.profile;
        simulating_chooser_init(&m->simulating, &m->profile, seed);
        also_read(m, Q40_UNKNOWN_TOKEN, Q40_INVAL);
        kept += associate_after_restart(m) == 0;
    }
    return kept == 0 ? OTHER_TOKEN : kept == runs ? SAME_TOKEN : 0;
}

/* clang-format off */
static const struct situation situations[] = {
    { Q20_PERSISTENT_PORT_0, create_at_port_0, { ERROR_INVALID_PARAMETER, 0 } },
    { Q21_PERSISTENT_TOO_LARGE, create_past_65535, { ERROR_INVALID_PARAMETER, ERROR_INVALID_PARAMETER, ERROR_SHARING_VIOLATION } },
    { Q21_PERSISTENT_TOO_LARGE, create_past_the_dynamic_range, { 0, ERROR_INVALID_PARAMETER, 0 } },
    { Q22_ARGUMENT_OR_ACCESS, user_creates_nothing, { ERROR_INVALID_PARAMETER, ERROR_ACCESS_DENIED } },
    { Q31_PERSISTENT_OVER_RUNTIME, create_over_runtime, { ERROR_SHARING_VIOLATION, 0 } },
    { Q32_PERSISTENT_OVER_EXCLUSION, create_over_exclusion, { ERROR_SHARING_VIOLATION, 0 } },
    { Q33_PERSISTENT_OVER_ONE_FAMILY, create_over_port_of_one_family, { ERROR_SHARING_VIOLATION, 0 } },
    { Q44_PRIVILEGE_CHECKED, user_associates_persistent, { WSAEACCES, 0 } },
    { Q44_PRIVILEGE_CHECKED, user_binds_associated, { 0, WSAEACCES } },
    { Q45_PRIVILEGE_CHECKED_AGAIN, user_binds_associated, { 0, WSAEACCES } },
    { Q59_RELEASE_PERSISTENT, release_persistent, { WSAEINVAL, WSAEACCES, 0, WSAEOPNOTSUPP } },
    { Q63_DELETE_PART, delete_the_middle, { ERROR_NOT_FOUND, 0 } },
    { Q64_DELETE_IN_USE, delete_while_associated, { 0, ERROR_SHARING_VIOLATION } },
    { Q64_DELETE_IN_USE, delete_while_bound, { 0, ERROR_SHARING_VIOLATION } },
    { Q66_LOOKUP_PRIVILEGE, user_looks_up, { 0, ERROR_ACCESS_DENIED } },
    { Q67_LOOKUP_PART, look_up_part, { ERROR_NOT_FOUND, 0 } },
    { Q68_TOKENS_IN_ONE_BOOT, look_up_at_once, { SAME_TOKEN, OTHER_TOKEN } },
    { Q91_BAD_TOKEN_POINTER, create_without_token, { ERROR_INVALID_PARAMETER, FAULTED } },
    { Q91_BAD_TOKEN_POINTER, look_up_into_bad_memory, { ERROR_INVALID_PARAMETER, FAULTED } },
    { Q92_BIND_INTO_PERSISTENT, stranger_binds_persistent, { WSAEACCES, 0 } },
    { Q93_TOKENS_AFTER_RESTART, look_up_after_restart, { OTHER_TOKEN, SAME_TOKEN, OTHER_TOKEN } },
    { Q93_TOKENS_AFTER_RESTART, associate_after_restart, { WSAEINVAL, 0, WSAEINVAL } },
    { Q104_PERSISTENT_BEFORE_VISTA, create_before_vista, { ERROR_PROC_NOT_FOUND, FAULTED } },
    { Q104_PERSISTENT_BEFORE_VISTA, look_up_before_vista, { ERROR_PROC_NOT_FOUND, FAULTED } },
    { Q93_TOKENS_AFTER_RESTART, tokens_of_two_seeds, { OTHER_TOKEN, SAME_TOKEN, 0 } },
};
/* clang-format on */

const struct situation *persistent_situations(unsigned *count) {
    *count = sizeof situations / sizeof situations[0];
    return situations;
}
