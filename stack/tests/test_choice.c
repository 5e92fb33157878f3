/* The choosers: simulating, and the odometer. */
#include <string.h>

#include "stack/tests/fixture.h"

void register_choice_tests(void);

/* --- a set: the multiples of a step between first and last -------------------------------------------------------- */

static const uint64_t TEN = 10;

static bool multiple_contains(const struct choice_set *set, uint64_t member) {
    return member >= set->first && member <= set->last && member % *(const uint64_t *)set->context == 0;
}

static bool multiple_next(const struct choice_set *set, uint64_t from, uint64_t *member) {
    uint64_t step = *(const uint64_t *)set->context, next = (from + step - 1) / step * step;
    if (next < set->first || next > set->last) return false;
    *member = next;
    return true;
}

static struct choice_set multiples(const uint64_t *step, uint64_t first, uint64_t last, uint64_t start) {
    return (struct choice_set){ .contains = multiple_contains,
                                .next = multiple_next,
                                .first = first,
                                .last = last,
                                .start = start,
                                .context = step };
}

static void sets_know_whether_they_are_empty(void) {
    struct choice_set set = multiples(&TEN, 11, 19, 11);
    CU_ASSERT_TRUE(choice_set_empty(&set));
    set = multiples(&TEN, 11, 20, 11);
    CU_ASSERT_FALSE(choice_set_empty(&set));
}

/* --- simulating --- */

static void seed_0_is_the_ordinary_machine(void) {
    static const struct profile open = { .name = "open" };
    struct simulating_chooser chooser;
    struct choice_set set = multiples(&TEN, 1, 100, 35);
    simulating_chooser_init(&chooser, &open, 0);
    for (unsigned i = 0; i < 20; i++) CU_ASSERT_EQUAL(choose(&chooser.chooser, CHOICE_CHECK, 3), 0);
    CU_ASSERT_EQUAL(choose_member(&chooser.chooser, CHOICE_PORT, &set), 40);
    set.start = 100;
    CU_ASSERT_EQUAL(choose_member(&chooser.chooser, CHOICE_PORT, &set), 100);
    set = multiples(&TEN, 1, 99, 95);
    CU_ASSERT_EQUAL(choose_member(&chooser.chooser, CHOICE_PORT, &set), 10); /* round the end */
    CU_ASSERT_EQUAL(chooser.asked_count, 23);
}

/* Of a machine with a seed ports, blocks, tokens and the like are drawn; handles are given in turn, and time passes
 * where a scenario lets it. */
static void a_seed_draws_neither_handles_nor_time(void) {
    static const struct profile open = { .name = "open" };
    for (unsigned what = CHOICE_PORT; what <= CHOICE_LINK; what++) {
        struct simulating_chooser chooser;
        const struct choice_set set = multiples(&TEN, 1, 100000, 35);
        bool ordinary = what == CHOICE_HANDLE || what == CHOICE_CONNECT_TIME;
        unsigned as_wanted = 0;
        simulating_chooser_init(&chooser, &open, 5);
        for (unsigned i = 0; i < 20; i++) as_wanted += choose_member(&chooser.chooser, (enum choice)what, &set) == 40;
        CU_ASSERT_EQUAL(as_wanted, ordinary ? 20 : 0);
    }
}

static void draw_all(uint64_t seed, unsigned *answers, unsigned count) {
    static const struct profile open = { .name = "open" };
    struct simulating_chooser chooser;
    simulating_chooser_init(&chooser, &open, seed);
    for (unsigned i = 0; i < count; i++) answers[i] = choose(&chooser.chooser, CHOICE_STEP, 4);
}

/* SplitMix64, as its author's program prints it for the seed 1234567: traces of one seed are the same everywhere. */
static void a_seed_draws_what_it_always_drew(void) {
    static const uint64_t published[] = { UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                          UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
                                          UINT64_C(16408922859458223821) };
    static const struct profile open = { .name = "open" };
    struct simulating_chooser chooser;
    simulating_chooser_init(&chooser, &open, 1234567);
    for (unsigned i = 0; i < sizeof published / sizeof published[0]; i++) {
        const unsigned count = 1u << 31;
        CU_ASSERT_EQUAL(choose(&chooser.chooser, CHOICE_STEP, count), published[i] % count);
    }
}

static void equal_seeds_give_equal_answers(void) {
    unsigned one[64], same[64], other[64];
    draw_all(7, one, 64);
    draw_all(7, same, 64);
    draw_all(8, other, 64);
    CU_ASSERT_EQUAL(memcmp(one, same, sizeof one), 0);
    CU_ASSERT_NOT_EQUAL(memcmp(one, other, sizeof one), 0);
    unsigned seen = 0;
    for (unsigned i = 0; i < 64; i++) seen |= 1u << one[i];
    CU_ASSERT_EQUAL(seen, 15);
}

static void a_profile_answers_readings_alone(void) {
    struct profile profile = { .name = "one" };
    struct simulating_chooser chooser;
    profile.answers[Q38_ASSOCIATE_AFTER_BIND] = Q38_IGNORED + 1;
    for (uint64_t seed = 0; seed < 10; seed++) {
        simulating_chooser_init(&chooser, &profile, seed);
        CU_ASSERT_EQUAL(choose(&chooser.chooser, (enum choice)Q38_ASSOCIATE_AFTER_BIND, 3), Q38_IGNORED);
    }
    unsigned seen = 0;
    for (uint64_t seed = 1; seed < 40; seed++) { /* left open: the seed decides */
        simulating_chooser_init(&chooser, &profile, seed);
        seen |= 1u << choose(&chooser.chooser, (enum choice)Q39_SECOND_ASSOCIATE, 3);
    }
    CU_ASSERT_EQUAL(seen, 7);
}

static void a_single_answer_is_not_asked_for(void) {
    struct odometer odometer;
    odometer_init(&odometer);
    CU_ASSERT_EQUAL(choose(&odometer.chooser, CHOICE_CHECK, 1), 0);
    CU_ASSERT_EQUAL(odometer.depth, 0);
}

/* --- the odometer --- */

/* Asks for two digits, and for a third when the first is 1: 3 + 3*2 + 3 = 12 sequences. */
static unsigned sequence(struct chooser *chooser) {
    unsigned first = choose(chooser, CHOICE_CHECK, 3);
    unsigned second = choose(chooser, CHOICE_STEP, 3);
    unsigned third = first == 1 ? choose(chooser, CHOICE_BYTES, 2) : 0;
    return first * 100 + second * 10 + third;
}

static void every_sequence_comes_exactly_once(void) {
    static const unsigned expected[] = { 0, 10, 20, 100, 101, 110, 111, 120, 121, 200, 210, 220 };
    struct odometer odometer;
    unsigned runs = 0;
    odometer_init(&odometer);
    do {
        CU_ASSERT_TRUE_FATAL(runs < 12);
        CU_ASSERT_EQUAL(sequence(&odometer.chooser), expected[runs]);
        runs++;
    } while (odometer_next(&odometer));
    CU_ASSERT_EQUAL(runs, 12);
    CU_ASSERT_FALSE(odometer.overflow);
    CU_ASSERT_EQUAL(sequence(&odometer.chooser), expected[0]); /* after the last it begins anew */
}

static void nothing_asked_is_one_run(void) {
    struct odometer odometer;
    odometer_init(&odometer);
    CU_ASSERT_FALSE(odometer_next(&odometer));
}

static void a_named_member_is_answered_or_refused(void) {
    struct choice_set set = multiples(&TEN, 1, 100, 35);
    struct odometer odometer;
    odometer_init(&odometer);
    CU_ASSERT_EQUAL(choose_member(&odometer.chooser, CHOICE_PORT, &set), 40);
    odometer_name(&odometer, CHOICE_PORT, 70);
    CU_ASSERT_EQUAL(choose_member(&odometer.chooser, CHOICE_PORT, &set), 70);
    CU_ASSERT_FALSE(odometer.refused);
    CU_ASSERT_EQUAL(choose_member(&odometer.chooser, CHOICE_TOKEN, &set), 40); /* another domain */
    odometer_name(&odometer, CHOICE_PORT, 71);
    CU_ASSERT_EQUAL(choose_member(&odometer.chooser, CHOICE_PORT, &set), 40); /* what contradicts goes no further */
    CU_ASSERT_TRUE(odometer.refused);
    CU_ASSERT_EQUAL(odometer.refused_what, CHOICE_PORT);
    CU_ASSERT_EQUAL(odometer.refused_member, 71);
    odometer_next(&odometer);
    CU_ASSERT_FALSE(odometer.refused);
}

/* Lest it be one that is named later. */
static void a_token_that_nothing_names_is_one_that_no_host_takes(void) {
    struct choice_set set = multiples(&TEN, 10, UINT64_MAX, 40);
    struct odometer odometer;
    odometer_init(&odometer);
    CU_ASSERT_EQUAL(choose_member(&odometer.chooser, CHOICE_TOKEN, &set), ((UINT64_C(1) << 63) + 40 + 9) / 10 * 10);
    CU_ASSERT_TRUE(odometer.unnamed);
    CU_ASSERT_FALSE(odometer.guessed);
    set.start = (UINT64_C(1) << 63) + 2;
    CU_ASSERT_EQUAL(choose_member(&odometer.chooser, CHOICE_TOKEN, &set), (UINT64_C(1) << 63) + 2);
    static const uint64_t eight = 8;
    set = multiples(&eight, 8, UINT64_MAX, UINT64_C(1) << 63); /* from the middle on it stays where it begins */
    CU_ASSERT_EQUAL(choose_member(&odometer.chooser, CHOICE_TOKEN, &set), UINT64_C(1) << 63);
}

/* How many members of a set come, one after another, where so many are tried; *guessed: one stood for all. */
static unsigned members_tried(uint8_t spread, uint64_t last, bool *guessed) {
    const struct choice_set set = multiples(&TEN, 10, last, 10);
    struct odometer odometer;
    unsigned runs = 0;
    uint64_t expected = 10;
    odometer_init(&odometer);
    odometer.spread = spread;
    *guessed = false;
    do {
        uint64_t member = choose_member(&odometer.chooser, CHOICE_PORT, &set);
        CU_ASSERT_EQUAL(member, expected);
        CU_ASSERT_TRUE(odometer.unnamed);
        *guessed = *guessed || odometer.guessed;
        expected += 10;
        runs++;
    } while (odometer_next(&odometer));
    return runs;
}

static void a_few_members_are_tried_each_and_of_many_one(void) {
    bool guessed;
    CU_ASSERT_EQUAL(members_tried(3, 29, &guessed), 2);
    CU_ASSERT_FALSE(guessed);
    CU_ASSERT_EQUAL(members_tried(3, 30, &guessed), 3);
    CU_ASSERT_FALSE(guessed);
    CU_ASSERT_EQUAL(members_tried(3, 39, &guessed), 3);
    CU_ASSERT_FALSE(guessed);
    CU_ASSERT_EQUAL(members_tried(3, 40, &guessed), 1);
    CU_ASSERT_TRUE(guessed);
    CU_ASSERT_EQUAL(members_tried(0, 10, &guessed), 1);
    CU_ASSERT_TRUE(guessed);
}

static void a_repair_continues_with_what_the_model_can_hold(void) {
    static const struct {
        uint64_t named, answered;
    } rows[] = { { 71, 71 }, { 5, 5 }, { 200, 200 }, { 4, 40 }, { 201, 40 }, { 0, 40 } };
    struct choice_set set = multiples(&TEN, 10, 100, 35);
    set.floor = 5;
    set.ceiling = 200;
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct odometer odometer;
        odometer_init(&odometer);
        odometer.repairs = true;
        odometer_name(&odometer, CHOICE_PORT, rows[i].named);
        CU_ASSERT_EQUAL(choose_member(&odometer.chooser, CHOICE_PORT, &set), rows[i].answered);
        CU_ASSERT_TRUE(odometer.refused);
    }
}

/* Under Q12=b callers see the first port of a block with its bytes exchanged. */
static void a_member_that_is_shown_swapped_is_named_so(void) {
    struct choice_set set = multiples(&TEN, 10, 65530, 40);
    struct odometer odometer;
    set.swapped = true;
    odometer_init(&odometer);
    odometer_name(&odometer, CHOICE_BLOCK_START, 0x3200); /* 0x0032 is 50 */
    CU_ASSERT_EQUAL(choose_member(&odometer.chooser, CHOICE_BLOCK_START, &set), 50);
    CU_ASSERT_FALSE(odometer.refused);
    odometer_name(&odometer, CHOICE_BLOCK_START, 51);
    CU_ASSERT_EQUAL(choose_member(&odometer.chooser, CHOICE_BLOCK_START, &set), 40);
    CU_ASSERT_TRUE(odometer.refused);
}

static void too_many_questions_overflow(void) {
    struct odometer odometer;
    odometer_init(&odometer);
    for (unsigned i = 0; i < ODOMETER_DEPTH_MAX; i++) choose(&odometer.chooser, CHOICE_CHECK, 2);
    CU_ASSERT_FALSE(odometer.overflow);
    CU_ASSERT_EQUAL(choose(&odometer.chooser, CHOICE_CHECK, 2), 0);
    CU_ASSERT_TRUE(odometer.overflow);
    CU_ASSERT_TRUE(odometer_next(&odometer));
}

/* The judge's use: every outcome that a second ASSOCIATE may have, whatever holds. */
static void the_odometer_finds_every_outcome_of_the_model(void) {
    struct machine before;
    uint64_t s = world_with_open_socket(&before);
    struct grant first = granted(&before, s, 50000, 1);
    struct grant second = granted(&before, s, 50001, 1);
    expect_ok(associate(&before, s, first.token));
    struct odometer odometer;
    bool accepted = false, refused = false;
    unsigned candidates = 0;
    odometer_init(&odometer);
    do {
        struct machine m = before;
        m.world = (void *)m.memory;
        m.chooser = &odometer.chooser;
        uint32_t error = associate(&m, s, second.token);
        CU_ASSERT(error == 0 || error == WSAEINVAL);
        accepted |= error == 0;
        refused |= error != 0;
        candidates |= 1u << (m.world->readings[Q39_SECOND_ASSOCIATE] - 1u);
    } while (odometer_next(&odometer));
    CU_ASSERT(accepted && refused);
    CU_ASSERT_EQUAL(candidates, 7);
}

/* A judge goes on with what a host did where it put a wildcard block of four outside the range: at port 1, but not
 * where the block would not fit. */
static void a_repaired_block_lies_at_any_port(void) {
    static const struct {
        unsigned named;
        bool goes_on;
    } rows[] = { { 1, true }, { 0, false }, { 65533, false } };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct machine m;
        struct odometer odometer;
        struct grant grant;
        uint64_t s = world_with_open_socket(&m);
        odometer_init(&odometer);
        odometer.repairs = true;
        odometer_settle(&odometer, (enum choice)Q17_WILDCARD_PLACEMENT, Q17_ANYWHERE);
        odometer_name(&odometer, CHOICE_BLOCK_START, rows[i].named);
        m.chooser = &odometer.chooser;
        expect_ok(acquire(&m, s, 0, 4, &grant));
        CU_ASSERT_TRUE(odometer.refused);
        CU_ASSERT_EQUAL(odometer.repaired, rows[i].goes_on);
        CU_ASSERT_EQUAL(grant.first == rows[i].named, rows[i].goes_on);
    }
}

void register_choice_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/choice", NULL, NULL);
    CU_add_test(suite, "a seed draws neither handles nor time", a_seed_draws_neither_handles_nor_time);
    CU_add_test(suite, "sets know whether they are empty", sets_know_whether_they_are_empty);
    CU_add_test(suite, "seed 0 is the ordinary machine", seed_0_is_the_ordinary_machine);
    CU_add_test(suite, "a seed draws what it always drew", a_seed_draws_what_it_always_drew);
    CU_add_test(suite, "equal seeds give equal answers", equal_seeds_give_equal_answers);
    CU_add_test(suite, "a profile answers readings alone", a_profile_answers_readings_alone);
    CU_add_test(suite, "a single answer is not asked for", a_single_answer_is_not_asked_for);
    CU_add_test(suite, "every sequence comes exactly once", every_sequence_comes_exactly_once);
    CU_add_test(suite, "nothing asked is one run", nothing_asked_is_one_run);
    CU_add_test(suite, "a named member is answered or refused", a_named_member_is_answered_or_refused);
    CU_add_test(suite, "a token that nothing names", a_token_that_nothing_names_is_one_that_no_host_takes);
    CU_add_test(suite, "few members are tried each", a_few_members_are_tried_each_and_of_many_one);
    CU_add_test(suite, "a repair continues with what the model can hold",
                a_repair_continues_with_what_the_model_can_hold);
    CU_add_test(suite, "a repaired block lies at any port", a_repaired_block_lies_at_any_port);
    CU_add_test(suite, "a member that is shown swapped is named so", a_member_that_is_shown_swapped_is_named_so);
    CU_add_test(suite, "too many questions overflow", too_many_questions_overflow);
    CU_add_test(suite, "the odometer finds every outcome of the model", the_odometer_finds_every_outcome_of_the_model);
}
