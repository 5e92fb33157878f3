/* What the invariants allow: the other side of each bound that test_invariants.c oversteps. A busy world
 * (fixture_busy.h) is changed in each row that can be changed so, and its check has to say nothing; and one step on it
 * has to speak. */
#include <stdio.h>
#include <string.h>

#include "stack/io/completion_ports.h"
#include "stack/io/event_waits.h"
#include "stack/io/handle_events.h"
#include "stack/ports/exclusions.h"
#include "stack/ports/pool.h"
#include "stack/tests/fixture_busy.h"

void register_invariants_kept_tests(void);

typedef const char *check_function(const struct world *world);

/* Changes the row of the table; false where that row cannot be changed so. */
typedef bool change_function(struct world *world, unsigned row);

#define CHANGES(name) static bool name(struct world *world, unsigned row)

static struct reservation *live(struct world *world, unsigned row) {
    struct reservation *one = world_reservation(world, row);
    return reservation_is_live(one) ? one : NULL;
}

/* The persistent block in `row`, as one of the ports beside row 0's, which is of TCP. */
static struct reservation *beside_first(struct world *world, unsigned row) {
    struct reservation *one = live(world, row), *first = live(world, 0);
    if (row == 0 || one == NULL || one->kind != RESERVATION_PERSISTENT || first->kind != RESERVATION_RUNTIME)
        return NULL;
    world->live_reservations[one->protocol]--;
    one->protocol = first->protocol;
    world->live_reservations[one->protocol]++;
    one->first = (uint16_t)(first->first + first->count);
    one->count = 2;
    return one;
}

/* --- reservations ------------------------------------------------------------------------------------------------- */

CHANGES(up_to_the_last_port) {
    struct reservation *one = live(world, row);
    if (one != NULL) one->first = (uint16_t)(PORTS_END - one->count);
    return one != NULL;
}
CHANGES(no_ports_from_port_zero) {
    struct reservation *one = live(world, row);
    if (one != NULL) one->first = 0, one->count = 0;
    return one != NULL;
}
CHANGES(from_port_one) {
    struct reservation *one = live(world, row);
    if (one != NULL) one->first = 1, one->count = 1;
    return one != NULL;
}
CHANGES(of_no_process) {
    struct reservation *one = live(world, row);
    if (one != NULL) one->process = NO_ROW;
    return one != NULL;
}
CHANGES(serial_given_last) {
    struct reservation *one = live(world, row);
    if (one == NULL) return false;
    one->serial = ++world->reservation_serial;
    return true;
}
CHANGES(no_token_yet) {
    struct reservation *one = live(world, row);
    if (one == NULL) return false;
    one->token_state = TOKEN_CHANGED;
    one->token = 0;
    return true;
}
/* Of a token that is not reported it does not matter whose else it is. */
CHANGES(old_token_of_another) {
    struct reservation *one = live(world, row);
    if (row == 0 || one == NULL) return false;
    one->token_state = TOKEN_OLD;
    one->token = world_reservation(world, 0)->token;
    return true;
}
CHANGES(token_of_the_other_protocol) {
    struct reservation *one = live(world, row), *first = live(world, 0);
    if (row == 0 || one == NULL || one->protocol == first->protocol) return false;
    one->token_state = TOKEN_REPORTED;
    one->token = first->token;
    world->readings[Q23_TOKEN_VALUES] = Q23_MAY_COLLIDE + 1;
    return true;
}
CHANGES(token_of_the_other_protocol_where_none_may) {
    if (!token_of_the_other_protocol(world, row)) return false;
    world->readings[Q23_TOKEN_VALUES] = 0;
    return true;
}
CHANGES(token_of_its_protocol_where_others_may) {
    if (beside_first(world, row) == NULL) return false;
    world_reservation(world, row)->token_state = TOKEN_REPORTED;
    world_reservation(world, row)->token = world_reservation(world, 0)->token;
    world->readings[Q23_TOKEN_VALUES] = Q23_MAY_COLLIDE + 1;
    return true;
}

/* --- two reservations --------------------------------------------------------------------------------------------- */

CHANGES(right_after_another) { return beside_first(world, row) != NULL; }
CHANGES(right_before_another) {
    struct reservation *one = beside_first(world, row);
    if (one == NULL) return false;
    one->first = (uint16_t)(world_reservation(world, 0)->first - 2);
    return true;
}
CHANGES(one_port_over_its_end) {
    struct reservation *one = beside_first(world, row);
    if (one == NULL) return false;
    one->first--;
    return true;
}
CHANGES(one_port_over_its_beginning) {
    if (!right_before_another(world, row)) return false;
    world_reservation(world, row)->first++;
    return true;
}
CHANGES(same_ports_of_the_other_protocol) {
    struct reservation *one = live(world, row), *first = live(world, 0);
    if (row == 0 || one == NULL || one->protocol == first->protocol) return false;
    one->first = first->first;
    return true;
}
CHANGES(no_ports_within_another) {
    if (!one_port_over_its_end(world, row)) return false;
    world_reservation(world, row)->count = 0;
    return true;
}
CHANGES(around_one_of_no_ports) {
    struct reservation *one = beside_first(world, row);
    if (one == NULL) return false;
    one->first = (uint16_t)(world_reservation(world, 0)->first - 1);
    one->count = 3;
    world_reservation(world, 0)->count = 0;
    return true;
}
CHANGES(persistent_over_runtime) {
    if (!one_port_over_its_end(world, row)) return false;
    world->readings[Q31_PERSISTENT_OVER_RUNTIME] = Q31_ALLOWED + 1;
    return true;
}
CHANGES(persistent_over_persistent) {
    struct reservation *first = live(world, 0);
    if (!persistent_over_runtime(world, row)) return false;
    world->granted[first->protocol][first->families == FAMILY_V6]--;
    first->kind = RESERVATION_PERSISTENT;
    first->process = first->socket = NO_ROW;
    return true;
}
CHANGES(same_port_of_another_family) {
    if (!one_port_over_its_end(world, row)) return false;
    world_reservation(world, row)->families = FAMILY_BOTH ^ world_reservation(world, 0)->families;
    world->readings[Q34_FAMILIES] = Q34_APART + 1;
    return true;
}
CHANGES(same_port_of_both_families) {
    if (!same_port_of_another_family(world, row)) return false;
    world_reservation(world, row)->families = FAMILY_BOTH;
    return true;
}

/* --- exclusions, packets ------------------------------------------------------------------------------------------ */

CHANGES(exclusion_in_the_store) {
    struct exclusion *one = world_exclusion(world, row);
    if (one->state == EXCLUSION_FREE) return false;
    one->stored = one->administered = 1;
    return true;
}
CHANGES(exclusion_asleep_in_the_store) {
    if (!exclusion_in_the_store(world, row)) return false;
    world_exclusion(world, row)->state = EXCLUSION_DORMANT;
    return true;
}
CHANGES(exclusion_of_a_stranger) {
    struct exclusion *one = world_exclusion(world, row);
    if (one->state == EXCLUSION_FREE) return false;
    one->stored = one->administered = 0;
    return true;
}

/* Packets that are queued, and those that a request may bring: it is pending, is no call, has no routine and lets its
 * end be a packet. */
static unsigned packets_to_come(const struct world *world) {
    unsigned count = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_COMPLETIONS); i++) count += world_completion_at(world, i)->used;
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        const struct request *one = world_request_at(world, i);
        if (one->state != REQUEST_PENDING || one->routine_address != 0) continue;
        count += one->overlapped == NOTICE_OVERLAPPED;
    }
    return count;
}

CHANGES(as_many_packets_as_there_is_room_for) {
    if (row > 0) return false;
    world->limits.completions = (uint16_t)packets_to_come(world);
    return true;
}
CHANGES(one_packet_too_many) {
    if (row > 0) return false;
    world->limits.completions = (uint16_t)(packets_to_come(world) - 1);
    return true;
}

/* --- events ------------------------------------------------------------------------------------------------------- */

/* Its row is one below the top. */
CHANGES(event_waited_for_is_not_used) {
    if (!world_event_wait(world, row)->used) return false;
    world_event(world, world_event_wait(world, row)->event)->used = 0;
    return true;
}
CHANGES(event_of_a_handle_is_not_used) {
    const struct socket_row *socket = world_socket(world, row);
    if (socket->state == SOCKET_FREE || socket->handle_event == 0) return false;
    world_event(world, socket->handle_event - 1u)->used = 0;
    return true;
}

/* --- all of them -------------------------------------------------------------------------------------------------- */

static const struct {
    check_function *check;
    enum table table;
    change_function *changes;
    const char *text; /* what the check says; NULL: nothing */
} ways[] = {
    { pool_check, TABLE_RESERVATIONS, up_to_the_last_port, NULL },
    { pool_check, TABLE_RESERVATIONS, no_ports_from_port_zero, NULL },
    { pool_check, TABLE_RESERVATIONS, from_port_one, NULL },
    { pool_check, TABLE_RESERVATIONS, of_no_process, NULL },
    { pool_check, TABLE_RESERVATIONS, serial_given_last, NULL },
    { pool_check, TABLE_RESERVATIONS, no_token_yet, NULL },
    { pool_check, TABLE_RESERVATIONS, old_token_of_another, NULL },
    { pool_check, TABLE_RESERVATIONS, token_of_the_other_protocol, NULL },
    { pool_check, TABLE_RESERVATIONS, token_of_the_other_protocol_where_none_may,
      "P3: two reservations have the same" },
    { pool_check, TABLE_RESERVATIONS, token_of_its_protocol_where_others_may, "P3: two reservations have the same" },
    { pool_check, TABLE_RESERVATIONS, right_after_another, NULL },
    { pool_check, TABLE_RESERVATIONS, right_before_another, NULL },
    { pool_check, TABLE_RESERVATIONS, one_port_over_its_end, "P2: two live reservations overlap" },
    { pool_check, TABLE_RESERVATIONS, one_port_over_its_beginning, "P2: two live reservations overlap" },
    { pool_check, TABLE_RESERVATIONS, same_ports_of_the_other_protocol, NULL },
    { pool_check, TABLE_RESERVATIONS, no_ports_within_another, NULL },
    { pool_check, TABLE_RESERVATIONS, around_one_of_no_ports, NULL },
    { pool_check, TABLE_RESERVATIONS, persistent_over_runtime, NULL },
    { pool_check, TABLE_RESERVATIONS, persistent_over_persistent, "P2: two live reservations overlap" },
    { pool_check, TABLE_RESERVATIONS, same_port_of_another_family, NULL },
    { pool_check, TABLE_RESERVATIONS, same_port_of_both_families, "P2: two live reservations overlap" },
    { exclusions_check, TABLE_EXCLUSIONS, exclusion_in_the_store, NULL },
    { exclusions_check, TABLE_EXCLUSIONS, exclusion_asleep_in_the_store, NULL },
    { exclusions_check, TABLE_EXCLUSIONS, exclusion_of_a_stranger, NULL },
    { event_waits_check, TABLE_EVENT_WAITS, event_waited_for_is_not_used,
      "R6: a thread waits for one of several events" },
    { handle_events_check, TABLE_SOCKETS, event_of_a_handle_is_not_used, "R7: a handle's event is not used" },
    { completion_ports_check, TABLE_COMPLETIONS, as_many_packets_as_there_is_room_for, NULL },
    { completion_ports_check, TABLE_COMPLETIONS, one_packet_too_many, "C3: a pending request may find no row" },
};

static void expect_text(unsigned way, unsigned row, const char *said) {
    const char *wanted = ways[way].text;
    bool is_it = wanted == NULL ? said == NULL : said != NULL && strncmp(said, wanted, strlen(wanted)) == 0;
    char text[300];
    snprintf(text, sizeof text, "way %u, row %u: the check says \"%s\", expected \"%s\"", way, row,
             said == NULL ? "all is well" : said, wanted == NULL ? "all is well" : wanted);
    CU_assertImplementation(is_it, __LINE__, text, __FILE__, "", CU_FALSE);
}

static void each_bound_is_where_it_is(void) {
    static struct machine machine;
    static _Alignas(8) uint8_t kept[BUSY_BYTES], memory[BUSY_BYTES];
    busy_world(&machine, false);
    const struct world *whole = world_with_spare_rows(machine.world, kept, 1, TABLES_COUNT);
    struct world *changed = (void *)memory;
    for (unsigned way = 0; way < sizeof ways / sizeof ways[0]; way++) {
        unsigned changed_rows = 0;
        for (unsigned row = 0; row < world_top(whole, ways[way].table); row++) {
            world_clone(changed, whole);
            if (!ways[way].changes(changed, row)) continue;
            changed_rows++;
            expect_text(way, row, ways[way].check(changed));
        }
        if (changed_rows == 0) printf("\n    no row can be changed in way %u", way);
        CU_ASSERT(changed_rows > 0);
    }
}

void register_invariants_kept_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model invariants at their bounds", NULL, NULL);
    CU_add_test(suite, "each bound is where it is", each_bound_is_where_it_is);
}
