/* Several machines in one simulation: where packets go, what links do to them, and that two programs hear each other
 * whatever a link does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <CUnit/CUnit.h>

#include "sim/capture/frames.h"
#include "sim/link/network.h"
#include "sim/link/program.h"
#include "sim/link/tests/conversation.h"
#include "stack/errors.h"
#include "stack/model/model.h"
#include "stack/transport/wire/segment.h"

void register_network_tests(void);

enum { ANN, BOB, CAT, PEOPLE, PORT = 7000, MILLISECOND_NS = 1000000 };

static const struct endpoint places[PEOPLE] = {
    { .family = 4, .port = PORT, .address = { { 10, 0, 0, 1 } } },
    { .family = 4, .port = PORT, .address = { { 10, 0, 0, 2 } } },
    { .family = 4, .port = PORT, .address = { { 10, 0, 0, 3 } } },
};

/* Ann, Bob and Cat, each with a datagram socket; Ann and Bob have a link, and Bob and Cat, but not Ann and Cat. */
static struct network *network;
static struct simulating_chooser chooser;
static struct program programs[PEOPLE];
static int64_t sockets[PEOPLE];
static struct frames seen;

static void keep(void *self, unsigned link, uint64_t now_ns, const uint8_t *bytes, uint32_t length) {
    (void)self;
    (void)link;
    frames_add(&seen, now_ns, bytes, length);
}

static void three_machines(const struct link_settings *settings, uint64_t seed) {
    struct network_limits limits = { .machine = world_limits_small(), .machines = PEOPLE, .flights = 32 };
    world_limits_add_wire(&limits.machine);
    network = network_create(malloc(network_bytes(&limits)), &limits);
    simulating_chooser_init(&chooser, profile_named("windows"), seed);
    for (unsigned i = 0; i < PEOPLE; i++) {
        model_add_address(network_machine(network, i), 4, places[i].address.bytes);
        program_start(&programs[i], network_machine(network, i), &chooser.chooser);
        sockets[i] = program_socket(&programs[i], 4, PROTOCOL_UDP);
        CU_ASSERT_EQUAL(program_bind(&programs[i], sockets[i], &places[i]), 0);
    }
    CU_ASSERT_EQUAL(network_join(network, ANN, BOB, settings), 0);
    CU_ASSERT_EQUAL(network_join(network, BOB, CAT, settings), 1);
}

static void forget(void) {
    frames_free(&seen);
    memset(&seen, 0, sizeof seen);
    free(network);
}

static void run_for(uint64_t nanoseconds) {
    const struct network_tap tap = { .packet = keep };
    struct result result;
    unsigned machine = 0;
    result_clear(&result);
    for (uint64_t left_ns = nanoseconds;;) {
        while (network_step(network, &chooser.chooser, &tap, &result, &machine)) {
            const char *broken = network_check(network);
            if (broken != NULL) CU_FAIL_FATAL(broken);
        }
        uint64_t next_ns = network_next_ns(network);
        if (next_ns > left_ns) next_ns = left_ns;
        if (left_ns == 0) return;
        network_tick(network, next_ns);
        left_ns -= next_ns;
    }
}

static void say(unsigned from, unsigned to, const char *words) {
    CU_ASSERT_EQUAL(
        program_send_to(&programs[from], sockets[from], (const uint8_t *)words, (uint32_t)strlen(words), &places[to]),
        (int64_t)strlen(words));
}

/* What the next datagram says; "" when there is none. */
static const char *heard_by(unsigned who) {
    static char words[PROGRAM_RECEIVE_MAX + 1];
    struct endpoint from;
    int64_t count = program_receive_from(&programs[who], sockets[who], (uint8_t *)words, PROGRAM_RECEIVE_MAX, &from);
    words[count < 0 ? 0 : count] = 0;
    return words;
}

/* --- where packets go --------------------------------------------------------------------------------------------- */

static void a_packet_takes_the_link_that_leads_to_its_address(void) {
    const struct link_settings link = { .delay_ns = 20 * MILLISECOND_NS };
    three_machines(&link, 0);
    say(ANN, BOB, "hello bob");
    run_for(19 * MILLISECOND_NS);
    CU_ASSERT_STRING_EQUAL(heard_by(BOB), "");
    run_for(1 * MILLISECOND_NS);
    CU_ASSERT_STRING_EQUAL(heard_by(BOB), "hello bob");
    CU_ASSERT_STRING_EQUAL(heard_by(CAT), "");
    CU_ASSERT_EQUAL(network->counts.sent, 1);
    forget();
}

static void a_machine_forwards_nothing(void) {
    const struct link_settings link = { 0 };
    three_machines(&link, 0);
    say(ANN, CAT, "hello cat");
    run_for(MILLISECOND_NS);
    CU_ASSERT_STRING_EQUAL(heard_by(CAT), "");
    CU_ASSERT_EQUAL(network->counts.nowhere, 1);
    CU_ASSERT_EQUAL(network->counts.sent, 0);
    forget();
}

static void there_are_as_many_links_as_there_is_room_for(void) {
    const struct link_settings link = { 0 };
    three_machines(&link, 0);
    for (unsigned i = 2; i < NETWORK_LINKS_MAX; i++) CU_ASSERT_EQUAL(network_join(network, ANN, CAT, &link), i);
    CU_ASSERT_EQUAL(network_join(network, ANN, CAT, &link), LINK_NONE);
    forget();
}

/* --- what links do ------------------------------------------------------------------------------------------------ */

static void a_slow_link_sends_one_packet_after_the_other(void) {
    const struct link_settings link = { .bits_per_second = 8000 }; /* a byte each millisecond */
    three_machines(&link, 0);
    say(ANN, BOB, "one"); /* 20 + 8 + 3 bytes */
    say(ANN, BOB, "two");
    run_for(30 * MILLISECOND_NS);
    CU_ASSERT_STRING_EQUAL(heard_by(BOB), "");
    run_for(1 * MILLISECOND_NS);
    CU_ASSERT_STRING_EQUAL(heard_by(BOB), "one");
    CU_ASSERT_STRING_EQUAL(heard_by(BOB), "");
    run_for(31 * MILLISECOND_NS);
    CU_ASSERT_STRING_EQUAL(heard_by(BOB), "two");
    forget();
}

static void a_cut_link_lets_nothing_through_until_it_is_mended(void) {
    struct link_settings link = { .cut = 1 };
    three_machines(&link, 0);
    say(ANN, BOB, "lost");
    run_for(MILLISECOND_NS);
    link.cut = 0;
    network_set(network, 0, &link);
    say(ANN, BOB, "found");
    run_for(MILLISECOND_NS);
    CU_ASSERT_STRING_EQUAL(heard_by(BOB), "found");
    CU_ASSERT_EQUAL(network->counts.lost, 1);
    forget();
}

static void a_link_may_deliver_twice(void) {
    const struct link_settings link = { .repeated = LINK_DRAWS };
    three_machines(&link, 0);
    say(ANN, BOB, "echo");
    run_for(MILLISECOND_NS);
    CU_ASSERT_STRING_EQUAL(heard_by(BOB), "echo");
    CU_ASSERT_STRING_EQUAL(heard_by(BOB), "echo");
    CU_ASSERT_STRING_EQUAL(heard_by(BOB), "");
    forget();
}

static void a_late_packet_is_overtaken(void) {
    struct link_settings link = { .overtaken = LINK_DRAWS, .late_ns = 50 * MILLISECOND_NS };
    three_machines(&link, 0);
    say(ANN, BOB, "first");
    run_for(0);
    link.overtaken = 0;
    network_set(network, 0, &link);
    say(ANN, BOB, "second");
    run_for(51 * MILLISECOND_NS);
    CU_ASSERT_STRING_EQUAL(heard_by(BOB), "second");
    CU_ASSERT_STRING_EQUAL(heard_by(BOB), "first");
    forget();
}

/* Each bit of a datagram in turn: IPv4 and UDP have a checksum over all of them, and the one bit of UDP's checksum
 * field that could make it say "none" is not alone there. */
static void any_flipped_bit_is_dropped_by_the_receiver(void) {
    const struct link_settings link = { 0 };
    uint32_t length = 0;
    three_machines(&link, 0);
    struct world *ann = network_machine(network, ANN), *bob = network_machine(network, BOB);
    say(ANN, BOB, "a bit");
    uint8_t packet[100];
    const uint8_t *sent = model_packet(ann, &length);
    CU_ASSERT_FATAL(sent != NULL && length == 33);
    memcpy(packet, sent, length);
    model_packet_taken(ann);
    for (unsigned bit = 0; bit < length * 8; bit++) {
        packet[bit / 8] ^= (uint8_t)(1u << bit % 8);
        CU_ASSERT(model_packet_arrives(bob, packet, length));
        run_for(0);
        packet[bit / 8] ^= (uint8_t)(1u << bit % 8);
        CU_ASSERT_STRING_EQUAL(heard_by(BOB), "");
    }
    CU_ASSERT(model_packet_arrives(bob, packet, length));
    run_for(0);
    CU_ASSERT_STRING_EQUAL(heard_by(BOB), "a bit");
    forget();
}

static void a_link_that_damages_everything_delivers_nothing(void) {
    const struct link_settings link = { .damaged = LINK_DRAWS };
    for (uint64_t seed = 0; seed < 50; seed++) {
        three_machines(&link, seed);
        say(ANN, BOB, "fragile");
        run_for(MILLISECOND_NS);
        CU_ASSERT_STRING_EQUAL(heard_by(BOB), "");
        CU_ASSERT_EQUAL(network->counts.damaged, 1);
        CU_ASSERT_EQUAL(network->counts.arrived, 1);
        forget();
    }
}

/* Also under seed 0, which draws nothing at random elsewhere. */
static void a_tenth_is_lost_where_a_tenth_is_to_be_lost(void) {
    const struct link_settings link = { .lost = LINK_DRAWS / 10 };
    for (uint64_t seed = 0; seed < 4; seed++) {
        three_machines(&link, seed);
        for (unsigned i = 0; i < 1000; i++) {
            say(ANN, BOB, "x");
            run_for(0);
            heard_by(BOB);
        }
        CU_ASSERT(network->counts.lost > 60 && network->counts.lost < 140);
        CU_ASSERT_EQUAL(network->counts.lost + network->counts.arrived, 1000);
        forget();
    }
}

static void a_copy_of_a_network_continues_alike(void) {
    const struct link_settings link = { .delay_ns = MILLISECOND_NS };
    three_machines(&link, 0);
    say(ANN, BOB, "under way");
    run_for(0);
    struct network *copy = malloc(network->bytes);
    CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
    memcpy(copy, network, network->bytes);
    run_for(MILLISECOND_NS);
    CU_ASSERT_STRING_EQUAL(heard_by(BOB), "under way");
    free(network);
    network = copy;
    programs[BOB].world = network_machine(network, BOB);
    CU_ASSERT_STRING_EQUAL(heard_by(BOB), "");
    run_for(MILLISECOND_NS);
    CU_ASSERT_STRING_EQUAL(heard_by(BOB), "under way");
    forget();
}

/* --- two programs ------------------------------------------------------------------------------------------------- */

static void expect_whole(const struct conversation_plan *plan) {
    struct conversation held = conversation_hold(plan, NULL);
    const char *broken = conversation_check(&held, plan);
    if (broken != NULL) CU_FAIL(broken);
    CU_ASSERT_EQUAL(held.errors[CLIENT], 0);
    CU_ASSERT_EQUAL(held.errors[SERVER], 0);
    CU_ASSERT_EQUAL(held.heard[CLIENT], plan->bytes[SERVER]);
    CU_ASSERT_EQUAL(held.heard[SERVER], plan->bytes[CLIENT]);
}

static struct conversation_plan good_link(unsigned family) {
    return (struct conversation_plan){ .family = family,
                                       .link = { .delay_ns = 10 * MILLISECOND_NS, .late_ns = 40 * MILLISECOND_NS },
                                       .bytes = { 30000, 20000 },
                                       .stream_bytes = 8192,
                                       .cut_ns = UINT64_MAX,
                                       .mended_ns = UINT64_MAX };
}

static void two_programs_hear_each_other(void) {
    const struct conversation_plan over_v4 = good_link(4), over_v6 = good_link(6);
    expect_whole(&over_v4);
    expect_whole(&over_v6);
}

static void they_do_over_a_link_that_loses_one_packet_in_ten(void) {
    struct conversation_plan plan = good_link(4);
    plan.link.lost = plan.link.overtaken = plan.link.damaged = LINK_DRAWS / 10;
    plan.link.repeated = LINK_DRAWS / 20;
    expect_whole(&plan);
}

static void a_link_that_is_cut_for_a_second_costs_time_only(void) {
    struct conversation_plan plan = good_link(4);
    plan.cut_ns = 50 * MILLISECOND_NS;
    plan.mended_ns = 1050 * (uint64_t)MILLISECOND_NS;
    expect_whole(&plan);
}

static void a_link_that_is_cut_for_good_is_an_error_for_both(void) {
    struct conversation_plan plan = good_link(4);
    plan.cut_ns = 50 * MILLISECOND_NS;
    struct conversation held = conversation_hold(&plan, NULL);
    CU_ASSERT_PTR_NULL(held.wrong);
    CU_ASSERT(held.met);
    CU_ASSERT_EQUAL(held.errors[CLIENT], WSAETIMEDOUT);
    CU_ASSERT_EQUAL(held.errors[SERVER], WSAETIMEDOUT);
}

static void a_program_that_finds_no_one_times_out(void) {
    struct conversation_plan plan = good_link(4);
    plan.cut_ns = 0;
    struct conversation held = conversation_hold(&plan, NULL);
    CU_ASSERT_PTR_NULL(held.wrong);
    CU_ASSERT(!held.met);
    CU_ASSERT_EQUAL(held.errors[CLIENT], WSAETIMEDOUT);
}

static struct frames packets_of(uint64_t seed) {
    const struct network_tap tap = { .packet = keep };
    struct conversation_plan plan = conversation_drawn(seed);
    plan.mended_ns = plan.cut_ns; /* not cut */
    memset(&seen, 0, sizeof seen);
    conversation_hold(&plan, &tap);
    struct frames packets = seen;
    memset(&seen, 0, sizeof seen);
    return packets;
}

static void one_seed_sends_the_same_packets_each_time(void) {
    struct frames one = packets_of(4), again = packets_of(4), another = packets_of(5);
    CU_ASSERT(one.count > 3);
    CU_ASSERT_EQUAL_FATAL(one.bytes_count, again.bytes_count);
    CU_ASSERT_EQUAL(memcmp(one.bytes, again.bytes, one.bytes_count), 0);
    CU_ASSERT(one.bytes_count != another.bytes_count || memcmp(one.bytes, another.bytes, one.bytes_count) != 0);
    frames_free(&one);
    frames_free(&again);
    frames_free(&another);
}

/* A sample of what `make soak` runs ten thousand times. */
static void whatever_links_do_every_byte_arrives_once_or_a_program_learns_why_not(void) {
    unsigned whole = 0, failed = 0;
    for (uint64_t seed = 1; seed <= 150; seed++) {
        struct conversation_plan plan = conversation_drawn(seed);
        struct conversation held = conversation_hold(&plan, NULL);
        const char *broken = conversation_check(&held, &plan);
        if (broken != NULL) {
            printf("\n    seed %u: %s", (unsigned)seed, broken);
            CU_FAIL(broken);
        }
        if (held.errors[CLIENT] == 0 && held.errors[SERVER] == 0) whole++;
        else failed++;
    }
    CU_ASSERT(whole > 100);
    CU_ASSERT(failed > 5);
}

void register_network_tests(void) {
    CU_pSuite suite = CU_add_suite("several machines and the links between them", NULL, NULL);
    CU_add_test(suite, "a packet takes the link that leads to its address",
                a_packet_takes_the_link_that_leads_to_its_address);
    CU_add_test(suite, "a machine forwards nothing", a_machine_forwards_nothing);
    CU_add_test(suite, "there are as many links as there is room for", there_are_as_many_links_as_there_is_room_for);
    CU_add_test(suite, "a slow link sends one packet after the other", a_slow_link_sends_one_packet_after_the_other);
    CU_add_test(suite, "a cut link lets nothing through until it is mended",
                a_cut_link_lets_nothing_through_until_it_is_mended);
    CU_add_test(suite, "a link may deliver twice", a_link_may_deliver_twice);
    CU_add_test(suite, "a late packet is overtaken", a_late_packet_is_overtaken);
    CU_add_test(suite, "any flipped bit is dropped by the receiver", any_flipped_bit_is_dropped_by_the_receiver);
    CU_add_test(suite, "a link that damages everything delivers nothing",
                a_link_that_damages_everything_delivers_nothing);
    CU_add_test(suite, "a tenth is lost where a tenth is to be lost", a_tenth_is_lost_where_a_tenth_is_to_be_lost);
    CU_add_test(suite, "a copy of a network continues alike", a_copy_of_a_network_continues_alike);
    CU_add_test(suite, "two programs hear each other", two_programs_hear_each_other);
    CU_add_test(suite, "they do over a link that loses one packet in ten",
                they_do_over_a_link_that_loses_one_packet_in_ten);
    CU_add_test(suite, "a link that is cut for a second costs time only",
                a_link_that_is_cut_for_a_second_costs_time_only);
    CU_add_test(suite, "a link that is cut for good is an error for both",
                a_link_that_is_cut_for_good_is_an_error_for_both);
    CU_add_test(suite, "a program that finds no one times out", a_program_that_finds_no_one_times_out);
    CU_add_test(suite, "one seed sends the same packets each time", one_seed_sends_the_same_packets_each_time);
    CU_add_test(suite, "whatever links do, every byte arrives once, or a program learns why not",
                whatever_links_do_every_byte_arrives_once_or_a_program_learns_why_not);
}
