/* netsh's exclusions: two stores, what is in effect, restarts, and a power that fails. */
#include <string.h>

#include "stack/ports/exclusions.h"
#include "stack/ports/pool.h"
#include "stack/tests/fixture_netsh.h"

void register_netsh_tests(void);

enum { FIRST = 5000, COUNT = 4, LAST = FIRST + COUNT - 1 };

static void expect_row(struct shown expected, struct shown shown) {
    CU_ASSERT_EQUAL(shown.row, expected.row);
    CU_ASSERT_EQUAL(shown.first, expected.first);
    CU_ASSERT_EQUAL(shown.count, expected.count);
}

static const struct shown nothing = { NETSH_ROW_NONE, 0, 0 };
static const struct shown the_range = { NETSH_ROW_ADMINISTERED, FIRST, COUNT };

/* --- add and show --- */

static void an_active_exclusion_is_in_effect_until_the_restart(void) {
    struct machine m;
    struct grant grant;
    machine_begin(&m);
    expect_ok(add_range(&m, FIRST, COUNT, NETSH_ACTIVE));
    expect_row(the_range, show_range(&m, PROTOCOL_TCP, LAST, NETSH_ACTIVE));
    expect_row(nothing, show_range(&m, PROTOCOL_TCP, LAST, NETSH_PERSISTENT));
    expect_row(nothing, show_range(&m, PROTOCOL_TCP, LAST + 1, NETSH_ACTIVE));
    expect_row(nothing, show_range(&m, PROTOCOL_UDP, LAST, NETSH_ACTIVE));
    expect_ok(bind_port(&m, tcp(&m), FIRST));
    expect_error(WSAEADDRINUSE, acquire(&m, tcp(&m), LAST, 1, &grant));
    restart(&m);
    expect_row(nothing, show_range(&m, PROTOCOL_TCP, LAST, NETSH_ACTIVE));
    expect_ok(acquire(&m, tcp(&m), LAST, 1, &grant));
}

static void a_persistent_exclusion_is_in_effect_at_once_and_after_the_restart(void) {
    struct machine m;
    struct grant grant;
    machine_begin(&m);
    expect_ok(add_range(&m, FIRST, COUNT, NETSH_PERSISTENT));
    for (unsigned round = 0; round < 2; round++) {
        expect_row(the_range, show_range(&m, PROTOCOL_TCP, FIRST, NETSH_ACTIVE));
        expect_row(the_range, show_range(&m, PROTOCOL_TCP, FIRST, NETSH_PERSISTENT));
        expect_error(WSAEADDRINUSE, acquire(&m, tcp(&m), LAST, 1, &grant));
        restart(&m);
    }
}

static void exclusions_leave_the_dynamic_range(void) {
    struct machine m;
    machine_begin(&m);
    m.world->dynamic_first[PROTOCOL_TCP] = FIRST;
    expect_ok(add_range(&m, FIRST, COUNT, NETSH_PERSISTENT));
    uint64_t s = tcp(&m), other = udp(&m);
    expect_ok(bind_port(&m, s, 0));
    CU_ASSERT_EQUAL(port_of(&m, s), LAST + 1);
    expect_ok(bind_port(&m, other, FIRST));
}

static void what_is_in_the_way_is_refused(void) {
    struct machine m;
    machine_begin(&m);
    CU_ASSERT_NOT_EQUAL(exclusion_add(m.world, PROTOCOL_TCP, 6000, 6009, false), NO_ROW);
    expect_ok(add_range(&m, FIRST, COUNT, NETSH_ACTIVE));
    expect_error(ERROR_SHARING_VIOLATION, add_range(&m, LAST, 2, NETSH_PERSISTENT));
    expect_error(ERROR_SHARING_VIOLATION, add_range(&m, 6009, 1, NETSH_ACTIVE));
    expect_ok(bind_port(&m, tcp(&m), 7000));
    expect_error(ERROR_SHARING_VIOLATION, add_range(&m, 6999, 2, NETSH_ACTIVE));
    expect_ok(add_range_of(&m, PROTOCOL_UDP, 6999, 2, NETSH_ACTIVE));
    expect_ok(add_range(&m, LAST + 1, 1, NETSH_ACTIVE));
}

static void zeros_and_ends_are_refused(void) {
    struct machine m;
    machine_begin(&m);
    expect_error(ERROR_INVALID_PARAMETER, add_range(&m, 0, 1, NETSH_ACTIVE));
    expect_error(ERROR_INVALID_PARAMETER, add_range(&m, FIRST, 0, NETSH_ACTIVE));
    expect_error(ERROR_INVALID_PARAMETER, delete_range(&m, 65535, 2, NETSH_ACTIVE));
    expect_ok(add_range(&m, 65535, 1, NETSH_PERSISTENT));
    expect_ok(delete_range(&m, 65535, 1, NETSH_PERSISTENT));
}

static void a_machine_without_memory_or_room_refuses(void) {
    struct machine m;
    machine_begin(&m);
    model_no_memory(m.world, true);
    expect_error(ERROR_NOT_ENOUGH_MEMORY, add_range(&m, FIRST, 1, NETSH_ACTIVE));
    model_no_memory(m.world, false);
    for (unsigned i = 1; i < m.world->limits.stored; i++) created(&m, PROTOCOL_TCP, 6000 + i, 1);
    expect_ok(add_range(&m, FIRST, 1, NETSH_PERSISTENT)); /* the last that there is room for */
    expect_ok(delete_range(&m, FIRST, 1, NETSH_PERSISTENT));
    created(&m, PROTOCOL_TCP, 5999, 1);
    expect_error(ERROR_NOT_ENOUGH_MEMORY, add_range(&m, FIRST, 1, NETSH_PERSISTENT));
    for (unsigned i = 0; i < m.world->limits.exclusions; i++) expect_ok(add_range(&m, FIRST + i, 1, NETSH_ACTIVE));
    expect_error(ERROR_NOT_ENOUGH_MEMORY, add_range(&m, 7000, 1, NETSH_ACTIVE));
}

/* --- who may --- */

static void only_a_process_with_the_privilege_changes_exclusions(void) {
    struct machine m;
    machine_begin(&m);
    start_as_user(&m);
    speak_as(&m, TOOL);
    expect_error(ERROR_ELEVATION_REQUIRED, add_range(&m, FIRST, COUNT, NETSH_ACTIVE));
    expect_error(ERROR_ELEVATION_REQUIRED, delete_range(&m, FIRST, COUNT, NETSH_ACTIVE));
    expect_row(nothing, show_range(&m, PROTOCOL_TCP, FIRST, NETSH_ACTIVE));
}

/* netsh is started with the process's token, whatever the thread impersonates. */
static void a_thread_that_impersonates_runs_netsh_as_its_process(void) {
    struct machine m;
    machine_begin(&m);
    security_name_account(m.world, 2, ACCOUNT_STANDARD_USER);
    start_as_administrator(&m);
    speak_as(&m, TOOL);
    security_impersonate(m.world, TOOL, 2);
    expect_ok(add_range(&m, FIRST, COUNT, NETSH_ACTIVE));
}

/* --- delete --- */

static void deleted_from_the_persistent_store_is_deleted_at_once(void) {
    struct machine m;
    machine_begin(&m);
    expect_ok(add_range(&m, FIRST, COUNT, NETSH_PERSISTENT));
    expect_ok(delete_range(&m, FIRST, COUNT, NETSH_PERSISTENT));
    expect_row(nothing, show_range(&m, PROTOCOL_TCP, FIRST, NETSH_ACTIVE));
    restart(&m);
    expect_row(nothing, show_range(&m, PROTOCOL_TCP, FIRST, NETSH_ACTIVE));
}

static void deleted_from_the_active_store_is_back_after_the_restart(void) {
    struct machine m;
    struct grant grant;
    machine_begin(&m);
    expect_ok(add_range(&m, FIRST, COUNT, NETSH_PERSISTENT));
    expect_ok(delete_range(&m, FIRST, COUNT, NETSH_ACTIVE));
    expect_row(nothing, show_range(&m, PROTOCOL_TCP, FIRST, NETSH_ACTIVE));
    expect_row(the_range, show_range(&m, PROTOCOL_TCP, FIRST, NETSH_PERSISTENT));
    expect_error(ERROR_NOT_FOUND, delete_range(&m, FIRST, COUNT, NETSH_ACTIVE));
    expect_ok(acquire(&m, tcp(&m), FIRST, COUNT, &grant));
    restart(&m);
    expect_row(the_range, show_range(&m, PROTOCOL_TCP, FIRST, NETSH_ACTIVE));
}

static void what_sleeps_in_the_store_is_woken_by_add(void) {
    struct machine m;
    machine_begin(&m);
    expect_ok(add_range(&m, FIRST, COUNT, NETSH_PERSISTENT));
    expect_ok(delete_range(&m, FIRST, COUNT, NETSH_ACTIVE));
    expect_error(ERROR_SHARING_VIOLATION, add_range(&m, FIRST, COUNT, NETSH_PERSISTENT));
    expect_ok(add_range(&m, FIRST, COUNT, NETSH_ACTIVE));
    expect_row(the_range, show_range(&m, PROTOCOL_TCP, FIRST, NETSH_PERSISTENT));
    restart(&m);
    expect_row(the_range, show_range(&m, PROTOCOL_TCP, FIRST, NETSH_ACTIVE));
}

static void an_accepted_repetition_goes_to_the_named_store(void) {
    struct machine m;
    machine_with_reading(&m, Q94_NETSH_ADD_AGAIN, Q94_ACCEPTED);
    expect_ok(add_range(&m, FIRST, COUNT, NETSH_ACTIVE));
    expect_ok(add_range(&m, FIRST, COUNT, NETSH_PERSISTENT));
    expect_ok(add_range(&m, FIRST, COUNT, NETSH_PERSISTENT));
    restart(&m);
    expect_row(the_range, show_range(&m, PROTOCOL_TCP, FIRST, NETSH_ACTIVE));
}

static void parts_are_deleted_where_the_reading_says_so(void) {
    struct machine m;
    machine_with_reading(&m, Q97_NETSH_DELETE_PART, Q97_PART_DELETED);
    expect_ok(add_range(&m, FIRST, 10, NETSH_PERSISTENT));
    expect_ok(delete_range(&m, FIRST + 2, 3, NETSH_PERSISTENT));
    for (unsigned round = 0; round < 2; round++) {
        expect_row((struct shown){ NETSH_ROW_ADMINISTERED, FIRST, 2 },
                   show_range(&m, PROTOCOL_TCP, FIRST + 1, NETSH_ACTIVE));
        expect_row(nothing, show_range(&m, PROTOCOL_TCP, FIRST + 2, NETSH_ACTIVE));
        expect_row(nothing, show_range(&m, PROTOCOL_TCP, FIRST + 4, NETSH_ACTIVE));
        expect_row((struct shown){ NETSH_ROW_ADMINISTERED, FIRST + 5, 5 },
                   show_range(&m, PROTOCOL_TCP, FIRST + 9, NETSH_ACTIVE));
        restart(&m);
    }
    expect_ok(delete_range(&m, FIRST - 1, 20, NETSH_PERSISTENT)); /* more than there is */
    expect_row(nothing, show_range(&m, PROTOCOL_TCP, FIRST + 9, NETSH_PERSISTENT));
}

/* The store has room for so many entries; of an exclusion that falls apart no more parts are kept than there is room
 * for, and all that is kept is there after the restart. */
static void parts_are_kept_as_far_as_there_is_room(void) {
    for (unsigned others = 5; others < 8; others++) {
        struct machine m;
        machine_with_reading(&m, Q97_NETSH_DELETE_PART, Q97_PART_DELETED);
        CU_ASSERT_EQUAL(m.world->limits.stored, 8);
        for (unsigned i = 0; i < others; i++) created(&m, PROTOCOL_TCP, FIRST + 100 + 10 * i, 2);
        expect_ok(add_range_of(&m, PROTOCOL_UDP, FIRST, 10, NETSH_PERSISTENT)); /* in a store of its own */
        expect_ok(add_range(&m, FIRST, 10, NETSH_PERSISTENT));
        expect_ok(delete_range(&m, FIRST + 4, 2, NETSH_PERSISTENT));
        for (unsigned round = 0; round < 2; round++) {
            CU_ASSERT_EQUAL(show_range(&m, PROTOCOL_TCP, FIRST, NETSH_PERSISTENT).row, NETSH_ROW_ADMINISTERED);
            enum netsh_row second = others < 7 ? NETSH_ROW_ADMINISTERED : NETSH_ROW_NONE;
            CU_ASSERT_EQUAL(show_range(&m, PROTOCOL_TCP, FIRST + 9, NETSH_PERSISTENT).row, second);
            CU_ASSERT_EQUAL(show_range(&m, PROTOCOL_TCP, FIRST + 9, NETSH_ACTIVE).row, second);
            restart(&m);
        }
    }
}

/* Two exclusions are cut by one command: the store is written once, so that a crash leaves both or neither. */
static void parts_of_two_exclusions_go_together(void) {
    struct machine m;
    machine_with_reading(&m, Q97_NETSH_DELETE_PART, Q97_PART_DELETED);
    expect_ok(add_range(&m, FIRST, 4, NETSH_PERSISTENT));
    expect_ok(add_range(&m, FIRST + 4, 4, NETSH_PERSISTENT));
    expect_ok(delete_range(&m, FIRST + 2, 4, NETSH_PERSISTENT));
    for (unsigned round = 0; round < 2; round++) {
        expect_row((struct shown){ NETSH_ROW_ADMINISTERED, FIRST, 2 },
                   show_range(&m, PROTOCOL_TCP, FIRST, NETSH_ACTIVE));
        expect_row(nothing, show_range(&m, PROTOCOL_TCP, FIRST + 3, NETSH_ACTIVE));
        expect_row(nothing, show_range(&m, PROTOCOL_TCP, FIRST + 4, NETSH_PERSISTENT));
        expect_row((struct shown){ NETSH_ROW_ADMINISTERED, FIRST + 6, 2 },
                   show_range(&m, PROTOCOL_TCP, FIRST + 7, NETSH_ACTIVE));
        restart(&m);
    }
}

static void a_part_deleted_from_the_active_store_sleeps(void) {
    struct machine m;
    machine_with_reading(&m, Q97_NETSH_DELETE_PART, Q97_PART_DELETED);
    expect_ok(add_range(&m, FIRST, 10, NETSH_PERSISTENT));
    expect_ok(delete_range(&m, FIRST, 3, NETSH_ACTIVE));
    expect_row(nothing, show_range(&m, PROTOCOL_TCP, FIRST + 2, NETSH_ACTIVE));
    expect_row((struct shown){ NETSH_ROW_ADMINISTERED, FIRST, 3 },
               show_range(&m, PROTOCOL_TCP, FIRST + 2, NETSH_PERSISTENT));
    restart(&m);
    expect_row((struct shown){ NETSH_ROW_ADMINISTERED, FIRST, 3 },
               show_range(&m, PROTOCOL_TCP, FIRST + 2, NETSH_ACTIVE));
}

/* Each write goes to the older of two copies, so that none goes unseen. */
static void what_the_active_store_alone_has_is_not_written(void) {
    static uint8_t before[4096];
    struct machine m;
    machine_with_reading(&m, Q97_NETSH_DELETE_PART, Q97_PART_DELETED);
    expect_ok(add_range(&m, FIRST, 10, NETSH_PERSISTENT));
    uint32_t bytes = world_store_bytes(m.world);
    CU_ASSERT_FATAL(bytes > 0 && bytes <= sizeof before);
    memcpy(before, world_store_at(m.world, PROTOCOL_TCP), bytes);
    expect_ok(add_range(&m, FIRST + 40, 4, NETSH_ACTIVE));
    expect_ok(delete_range(&m, FIRST, 10, NETSH_ACTIVE));
    expect_ok(delete_range(&m, FIRST + 41, 1, NETSH_ACTIVE));
    CU_ASSERT_EQUAL(memcmp(before, world_store_at(m.world, PROTOCOL_TCP), bytes), 0);
    expect_ok(delete_range(&m, FIRST, 10, NETSH_PERSISTENT));
    CU_ASSERT_NOT_EQUAL(memcmp(before, world_store_at(m.world, PROTOCOL_TCP), bytes), 0);
}

static void unmarked_ranges_are_refused(void) {
    struct machine m;
    machine_begin(&m);
    CU_ASSERT_NOT_EQUAL(exclusion_add(m.world, PROTOCOL_TCP, 6000, 6009, false), NO_ROW);
    granted(&m, tcp(&m), 7000, 2);
    created(&m, PROTOCOL_TCP, 8000, 2);
    expect_error(ERROR_ACCESS_DENIED, delete_range(&m, 6000, 10, NETSH_PERSISTENT));
    expect_error(ERROR_ACCESS_DENIED, delete_range(&m, 6005, 1, NETSH_ACTIVE));
    expect_error(ERROR_ACCESS_DENIED, delete_range(&m, 7000, 2, NETSH_ACTIVE));
    expect_error(ERROR_ACCESS_DENIED, delete_range(&m, 8000, 2, NETSH_PERSISTENT));
    expect_error(ERROR_NOT_FOUND, delete_range(&m, 6010, 2, NETSH_ACTIVE));
}

/* --- beside persistent reservations --- */

static void blocks_and_exclusions_share_the_store(void) {
    struct machine m;
    machine_with_reading(&m, Q32_PERSISTENT_OVER_EXCLUSION, Q32_ALLOWED);
    also_read(&m, Q36_NETSH_LIST, Q36_PERSISTENT_MARKED);
    expect_ok(add_range(&m, FIRST, COUNT, NETSH_PERSISTENT));
    created(&m, PROTOCOL_TCP, FIRST, 2);
    created(&m, PROTOCOL_UDP, FIRST, 2);
    restart(&m);
    looked_up(&m, PROTOCOL_TCP, FIRST, 2);
    expect_ok(delete_block(&m, PROTOCOL_TCP, FIRST, 2));
    expect_row(the_range, show_range(&m, PROTOCOL_TCP, FIRST, NETSH_PERSISTENT));
    expect_row((struct shown){ NETSH_ROW_ADMINISTERED, FIRST, 2 }, show_range(&m, PROTOCOL_UDP, FIRST, NETSH_ACTIVE));
    expect_error(ERROR_NOT_FOUND, delete_block(&m, PROTOCOL_TCP, FIRST, COUNT));
}

/* Q98: it is refused, and yet gone, where it is the range that was named, with its first port and its last. */
static void what_is_refused_may_be_gone_as_a_whole_alone(void) {
    static const struct {
        unsigned first, count;
        bool gone;
    } cases[] = { { 6000, 4, true },  { 6000, 3, false }, { 6000, 5, false }, { 6001, 4, false },
                  { 5999, 4, false }, { 6001, 3, false }, { 5999, 5, false } };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0] * 2; i++) {
        struct machine m;
        const struct port_space space = { .protocol = PROTOCOL_TCP, .families = FAMILY_BOTH };
        machine_with_reading(&m, Q98_NETSH_DELETE_UNMARKED, Q98_DENIED_YET_GONE);
        if (i % 2 == 0) CU_ASSERT_NOT_EQUAL(exclusion_add(m.world, PROTOCOL_TCP, 6000, 6003, false), NO_ROW);
        if (i % 2 == 1) granted(&m, tcp(&m), 6000, 4);
        expect_error(ERROR_ACCESS_DENIED, delete_range(&m, cases[i / 2].first, cases[i / 2].count, NETSH_ACTIVE));
        for (unsigned port = 6000; port < 6004; port++)
            CU_ASSERT_EQUAL(pool_port_free(m.world, space, port), cases[i / 2].gone);
    }
}

static void netsh_deletes_a_block_where_the_reading_says_so(void) {
    struct machine m;
    machine_with_reading(&m, Q100_EACH_OTHERS_ENTRIES, Q100_DELETED);
    also_read(&m, Q64_DELETE_IN_USE, Q64_SHARING_VIOLATION);
    take_port(&m, created(&m, PROTOCOL_TCP, FIRST, COUNT));
    created(&m, PROTOCOL_TCP, 6000, 1);
    expect_error(ERROR_SHARING_VIOLATION, delete_range(&m, FIRST, COUNT, NETSH_PERSISTENT));
    expect_error(ERROR_ACCESS_DENIED, delete_range(&m, 6000, 1, NETSH_ACTIVE));
    expect_ok(delete_range(&m, 6000, 1, NETSH_PERSISTENT));
    restart(&m);
    expect_ok(bind_port(&m, tcp(&m), 6000));
    expect_ok(add_range(&m, 7000, 1, NETSH_ACTIVE));
    expect_error(ERROR_NOT_FOUND, delete_block(&m, PROTOCOL_TCP, 7000, 1)); /* not in the store */
}

/* --- worlds and power --- */

static void the_order_of_making_does_not_show(void) {
    struct machine one, other;
    machine_begin(&one);
    machine_begin(&other);
    expect_ok(add_range(&one, FIRST, COUNT, NETSH_ACTIVE));
    expect_ok(add_range(&one, 6000, 1, NETSH_PERSISTENT));
    expect_ok(add_range(&other, 6000, 1, NETSH_PERSISTENT));
    CU_ASSERT_FALSE(same_world(&one, &other));
    expect_ok(add_range(&other, FIRST, COUNT, NETSH_ACTIVE));
    CU_ASSERT_TRUE(same_world(&one, &other));
    expect_ok(delete_range(&one, 6000, 1, NETSH_ACTIVE));
    CU_ASSERT_FALSE(same_world(&one, &other));
}

/* A delete (or an add) that loses the power at a sector. True when it lost it. */
static bool power_fails_during(bool deletes, unsigned sector, unsigned answer) {
    struct machine m;
    machine_begin(&m);
    created(&m, PROTOCOL_TCP, 9000, 1);
    expect_ok(add_range(&m, 8000, 2, NETSH_PERSISTENT));
    if (deletes) expect_ok(add_range(&m, FIRST, COUNT, NETSH_PERSISTENT));
    struct failing_chooser failing;
    failing_chooser_init(&failing, m.chooser, sector, answer);
    struct call call;
    call_clear(&call);
    call.thread = APP;
    call.function = deletes ? FUNCTION_netsh_delete_excludedportrange : FUNCTION_netsh_add_excludedportrange;
    memcpy(call.arguments, (uint64_t[]){ 6, FIRST, COUNT, NETSH_PERSISTENT }, 4 * sizeof *call.arguments);
    model_power_fails(m.world, true);
    model_call(m.world, &failing.chooser, &call, &m.result);
    bool crashed = m.world->power == POWER_LOST;
    CU_ASSERT_EQUAL(m.result.status, crashed ? RESULT_BLOCKED : RESULT_RETURNED);
    CU_ASSERT_PTR_NULL(model_check(m.world));
    restart(&m);
    looked_up(&m, PROTOCOL_TCP, 9000, 1);
    CU_ASSERT_EQUAL(row_of(&m, 8001, NETSH_ACTIVE), NETSH_ROW_ADMINISTERED);
    struct shown active = show_range(&m, PROTOCOL_TCP, FIRST, NETSH_ACTIVE);
    expect_row(active, show_range(&m, PROTOCOL_TCP, FIRST, NETSH_PERSISTENT));
    if (!crashed || active.row != NETSH_ROW_NONE) expect_row(crashed || !deletes ? the_range : nothing, active);
    return crashed;
}

static void the_old_or_the_new_store_is_there_after_the_restart(void) {
    for (unsigned round = 0; round < 4; round++) {
        unsigned sector = 0;
        while (power_fails_during(round % 2 == 0, sector, 1 + round / 2)) sector++;
        CU_ASSERT_TRUE(sector > 0);
    }
}

/* --- the dynamic range --- */

static void expect_range(unsigned first, unsigned count, struct shown shown) {
    CU_ASSERT_EQUAL(shown.first, first);
    CU_ASSERT_EQUAL(shown.count, count);
}

static void a_dynamic_range_that_is_set_is_used_at_once_and_after_restarts(void) {
    struct machine m;
    machine_begin(&m);
    expect_range(49152, 16384, show_dynamic(&m, NETSH_IPV4, NETSH_ACTIVE));
    expect_ok(set_dynamic(&m, 20000, 255, NETSH_IPV4, NETSH_PERSISTENT));
    uint64_t s = tcp(&m);
    expect_ok(bind_port(&m, s, 0));
    CU_ASSERT_EQUAL(port_of(&m, s), 20000);
    for (unsigned boot = 0; boot < 2; boot++) {
        expect_range(20000, 255, show_dynamic(&m, NETSH_IPV4, NETSH_ACTIVE));
        expect_range(20000, 255, show_dynamic(&m, NETSH_IPV4, NETSH_PERSISTENT));
        expect_range(49152, 16384, show_dynamic(&m, NETSH_IPV6, NETSH_ACTIVE));
        restart(&m);
    }
}

static void an_active_dynamic_range_lasts_until_the_restart(void) {
    struct machine m;
    machine_begin(&m);
    expect_ok(set_dynamic(&m, 20000, 255, NETSH_IPV6, NETSH_PERSISTENT));
    expect_ok(set_dynamic(&m, 30000, 255, NETSH_IPV6, NETSH_ACTIVE));
    expect_range(30000, 255, show_dynamic(&m, NETSH_IPV6, NETSH_ACTIVE));
    expect_range(20000, 255, show_dynamic(&m, NETSH_IPV6, NETSH_PERSISTENT));
    restart(&m);
    expect_range(20000, 255, show_dynamic(&m, NETSH_IPV6, NETSH_ACTIVE));
    expect_range(49152, 16384, show_dynamic(&m, NETSH_IPV4, NETSH_PERSISTENT));
}

static void a_dynamic_range_has_limits(void) {
    struct machine m;
    machine_begin(&m);
    expect_error(ERROR_INVALID_PARAMETER, set_dynamic(&m, 1023, 5000, NETSH_IPV4, NETSH_ACTIVE));
    expect_error(ERROR_INVALID_PARAMETER, set_dynamic(&m, 0, 5000, NETSH_IPV4, NETSH_ACTIVE));
    expect_error(ERROR_INVALID_PARAMETER, set_dynamic(&m, 20000, 254, NETSH_IPV4, NETSH_ACTIVE));
    expect_error(ERROR_INVALID_PARAMETER, set_dynamic(&m, 65281, 256, NETSH_IPV4, NETSH_ACTIVE));
    expect_range(49152, 16384, show_dynamic(&m, NETSH_IPV4, NETSH_ACTIVE));
    expect_ok(set_dynamic(&m, 65281, 255, NETSH_IPV4, NETSH_ACTIVE));
    expect_ok(set_dynamic(&m, 1025, 64511, NETSH_IPV4, NETSH_ACTIVE));
    expect_range(1025, 64511, show_dynamic(&m, NETSH_IPV4, NETSH_ACTIVE));
}

static void whoever_has_no_privilege_sets_no_dynamic_range(void) {
    struct machine m;
    machine_begin(&m);
    start_as_user(&m);
    speak_as(&m, TOOL);
    expect_error(ERROR_ELEVATION_REQUIRED, set_dynamic(&m, 20000, 255, NETSH_IPV4, NETSH_ACTIVE));
    expect_range(49152, 16384, show_dynamic(&m, NETSH_IPV4, NETSH_ACTIVE));
}

/* Q101: each command that changes something says it by the same error. */
static void a_missing_privilege_is_said_as_the_reading_has_it(void) {
    struct machine m;
    machine_with_reading(&m, Q101_NETSH_PRIVILEGE, Q101_ACCESS_DENIED);
    start_as_user(&m);
    speak_as(&m, TOOL);
    expect_error(ERROR_ACCESS_DENIED, set_dynamic(&m, 20000, 255, NETSH_IPV4, NETSH_ACTIVE));
    expect_error(ERROR_ACCESS_DENIED, add_range(&m, FIRST, COUNT, NETSH_ACTIVE));
    expect_error(ERROR_ACCESS_DENIED, delete_range(&m, FIRST, COUNT, NETSH_ACTIVE));
}

/* Two machines that came to the same ranges in different ways are the same. */
static void equal_dynamic_ranges_are_encoded_alike(void) {
    struct machine one, other;
    machine_begin(&one);
    machine_begin(&other);
    expect_ok(set_dynamic(&one, 20000, 255, NETSH_IPV4, NETSH_ACTIVE));
    expect_ok(set_dynamic(&one, 20000, 255, NETSH_IPV6, NETSH_ACTIVE));
    expect_ok(set_dynamic(&other, 30000, 255, NETSH_IPV6, NETSH_ACTIVE));
    expect_ok(set_dynamic(&other, 20000, 255, NETSH_IPV6, NETSH_ACTIVE));
    CU_ASSERT_FALSE(same_world(&one, &other));
    expect_ok(set_dynamic(&other, 20000, 255, NETSH_IPV4, NETSH_ACTIVE));
    CU_ASSERT_TRUE(same_world(&one, &other));
    expect_ok(set_dynamic(&other, 20000, 255, NETSH_IPV4, NETSH_PERSISTENT));
    CU_ASSERT_FALSE(same_world(&one, &other));
}

void register_netsh_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/netsh", NULL, NULL);
    CU_add_test(suite, "an active exclusion is in effect until the restart",
                an_active_exclusion_is_in_effect_until_the_restart);
    CU_add_test(suite, "a persistent exclusion is in effect at once and after the restart",
                a_persistent_exclusion_is_in_effect_at_once_and_after_the_restart);
    CU_add_test(suite, "a missing privilege is said as the reading has it",
                a_missing_privilege_is_said_as_the_reading_has_it);
    CU_add_test(suite, "what is refused may be gone as a whole alone", what_is_refused_may_be_gone_as_a_whole_alone);
    CU_add_test(suite, "parts are kept as far as there is room", parts_are_kept_as_far_as_there_is_room);
    CU_add_test(suite, "exclusions leave the dynamic range", exclusions_leave_the_dynamic_range);
    CU_add_test(suite, "what is in the way is refused", what_is_in_the_way_is_refused);
    CU_add_test(suite, "zeros and ends are refused", zeros_and_ends_are_refused);
    CU_add_test(suite, "a machine without memory or room refuses", a_machine_without_memory_or_room_refuses);
    CU_add_test(suite, "only a process with the privilege changes exclusions",
                only_a_process_with_the_privilege_changes_exclusions);
    CU_add_test(suite, "a thread that impersonates runs netsh as its process",
                a_thread_that_impersonates_runs_netsh_as_its_process);
    CU_add_test(suite, "deleted from the persistent store is deleted at once",
                deleted_from_the_persistent_store_is_deleted_at_once);
    CU_add_test(suite, "deleted from the active store is back after the restart",
                deleted_from_the_active_store_is_back_after_the_restart);
    CU_add_test(suite, "what sleeps in the store is woken by add", what_sleeps_in_the_store_is_woken_by_add);
    CU_add_test(suite, "an accepted repetition goes to the named store",
                an_accepted_repetition_goes_to_the_named_store);
    CU_add_test(suite, "parts are deleted where the reading says so", parts_are_deleted_where_the_reading_says_so);
    CU_add_test(suite, "parts of two exclusions go together", parts_of_two_exclusions_go_together);
    CU_add_test(suite, "a part deleted from the active store sleeps", a_part_deleted_from_the_active_store_sleeps);
    CU_add_test(suite, "what the active store alone has is not written",
                what_the_active_store_alone_has_is_not_written);
    CU_add_test(suite, "unmarked ranges are refused", unmarked_ranges_are_refused);
    CU_add_test(suite, "blocks and exclusions share the store", blocks_and_exclusions_share_the_store);
    CU_add_test(suite, "netsh deletes a block where the reading says so",
                netsh_deletes_a_block_where_the_reading_says_so);
    CU_add_test(suite, "the order of making does not show", the_order_of_making_does_not_show);
    CU_add_test(suite, "the old or the new store is there after the restart",
                the_old_or_the_new_store_is_there_after_the_restart);
    CU_add_test(suite, "a dynamic range that is set is used at once and after restarts",
                a_dynamic_range_that_is_set_is_used_at_once_and_after_restarts);
    CU_add_test(suite, "an active dynamic range lasts until the restart",
                an_active_dynamic_range_lasts_until_the_restart);
    CU_add_test(suite, "a dynamic range has limits", a_dynamic_range_has_limits);
    CU_add_test(suite, "whoever has no privilege sets no dynamic range",
                whoever_has_no_privilege_sets_no_dynamic_range);
    CU_add_test(suite, "equal dynamic ranges are encoded alike", equal_dynamic_ranges_are_encoded_alike);
}
