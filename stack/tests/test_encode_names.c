/* The encoding of a world under other names, which changes nothing, and with another reference, which does. */
#include <stdio.h>

#include "stack/sdk/option_values.h"
#include "stack/tests/fixture_busy.h"
#include "stack/tests/fixture_names.h"
#include "stack/tests/fixture_persistent.h"

void register_encode_names_tests(void);

static void passes(struct machine *m, unsigned milliseconds) {
    m->unchecked = true;
    pass_time(m, milliseconds);
}

/* Every kind of row is in use at first; then one after another ends. */
static void other_names_change_nothing(void) {
    static struct machine m;
    busy_world(&m, false);
    for (unsigned second = 0; second < 12; second++) {
        for (uint64_t dice = 1; dice <= 8; dice++) CU_ASSERT(encodes_alike_renamed(m.world, 100 * second + dice));
        passes(&m, 1000);
    }
}

/* A socket with several options that are numbers, set in any order. */
static void the_order_of_options_changes_nothing(void) {
    static const int options[] = { SO_RCVBUF, SO_SNDBUF, SO_SNDTIMEO };
    static struct machine one, other;
    for (unsigned first = 0; first < 3; first++) {
        machine_begin(&one);
        machine_begin(&other);
        uint64_t s = tcp(&one), t = tcp(&other);
        for (unsigned i = 0; i < 3; i++) {
            unsigned k = (first + i) % 3;
            expect_ok(set_option(&one, s, options[i], 100 + i));
            expect_ok(set_option(&other, t, options[k], 100 + k));
        }
        CU_ASSERT(same_world(&one, &other));
        expect_ok(set_option(&other, t, SO_SNDBUF, 7));
        CU_ASSERT_FALSE(same_world(&one, &other));
    }
}

/* RFC 5961 7: so many in five seconds. Once these are over they do not matter. */
static void challenges_count_for_a_while(void) {
    static struct machine m, other;
    static const uint64_t moments_ns[] = { 0, UINT64_C(4999999999), UINT64_C(5000000000) };
    for (unsigned i = 0; i < sizeof moments_ns / sizeof moments_ns[0]; i++) {
        busy_world(&m, false);
        unsigned row = 0;
        while (!world_connection_at(m.world, row)->used) row++;
        struct tcp_connection *tcp = &world_connection(m.world, row)->tcp;
        model_tick(m.world, UINT64_C(9000000000));
        other = m;
        other.world = (void *)other.memory;
        tcp->challenges = 3;
        tcp->challenges_from_ns = m.world->now_ns - moments_ns[i];
        CU_ASSERT_EQUAL(same_world(&m, &other), i == 2);
        CU_ASSERT(encodes_alike_renamed(m.world, 7));
    }
}

/* The store has what the pool has, in whatever order it was written; once the power is lost it is all that counts. */
static void a_store_counts_once_the_power_is_lost(void) {
    static struct machine one, other;
    machine_begin(&one);
    machine_begin(&other);
    created(&one, PROTOCOL_UDP, 30000, 3);
    created(&other, PROTOCOL_UDP, 30000, 3);
    world_store(other.world, PROTOCOL_UDP)[world_store_bytes(other.world) - 1] ^= 1;
    CU_ASSERT(same_world(&one, &other));
    one.world->power = other.world->power = POWER_LOST;
    CU_ASSERT_FALSE(same_world(&one, &other));
    world_store(other.world, PROTOCOL_UDP)[world_store_bytes(other.world) - 1] ^= 1;
    CU_ASSERT(same_world(&one, &other));
    world_store(other.world, PROTOCOL_TCP)[0] ^= 1;
    CU_ASSERT_FALSE(same_world(&one, &other));
}

/* Where a row names another one than it does, the encoding is another. */
static void each_reference_shows(void) {
    static struct machine m, other;
    unsigned tried = 0;
    busy_world(&m, false);
    for (unsigned i = 0; i < references_count; i++) {
        const struct reference *reference = &references[i];
        for (unsigned row = 0; !reference->derived && row < world_top(m.world, reference->table); row++) {
            unsigned now = reference_get(reference, any_row(m.world, reference->table, row));
            for (unsigned target = 0; now != NO_ROW && target < world_top(m.world, reference->target); target++) {
                if (target == now || world_row_is_free(m.world, reference->target, target)) continue;
                other = m;
                other.world = (void *)other.memory;
                reference_set(reference, any_row(other.world, reference->table, row), target);
                if (same_world(&m, &other)) {
                    char text[120];
                    snprintf(text, sizeof text, "%s of row %u: %u or %u", reference->name, row, now, target);
                    CU_assertImplementation(CU_FALSE, __LINE__, text, __FILE__, "", CU_FALSE);
                }
                tried++;
            }
        }
    }
    CU_ASSERT(tried > 300);
}

void register_encode_names_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model encoding of names", NULL, NULL);
    CU_add_test(suite, "other names change nothing", other_names_change_nothing);
    CU_add_test(suite, "the order of options changes nothing", the_order_of_options_changes_nothing);
    CU_add_test(suite, "challenges count for a while", challenges_count_for_a_while);
    CU_add_test(suite, "a store counts once the power is lost", a_store_counts_once_the_power_is_lost);
    CU_add_test(suite, "each reference shows", each_reference_shows);
}
