/* The exclusions of world lines: what they put into a world, and what they leave in a store that is kept. */
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/reason.h"
#include "conformance/language/parser.h"
#include "conformance/session/executor.h"
#include "conformance/stage/stage_exclusions.h"
#include "stack/model/model.h"
#include "stack/ports/exclusions.h"
#include "stack/ports/port_store.h"

void register_stage_exclusions_tests(void);

static struct world *world;

static int make_world(void) {
    struct world_limits limits = world_limits_small();
    void *memory = malloc(world_bytes(&limits));
    if (memory != NULL) world = world_create(memory, &limits);
    return memory == NULL;
}

static int free_world(void) {
    free(world);
    return 0;
}

static void begin_again(void) {
    struct world_limits limits = world_limits_small();
    world_create(world, &limits);
}

static struct scenario *with_lines(const char *lines) {
    struct language_error error;
    struct text text = { 0 };
    text_add(&text, "scenario lines\n\n%sprocess app\n\napp: WSACleanup() -> ok\n", lines);
    struct scenario *scenario = scenario_parse("lines.scn", text.bytes, text.length, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    text_free(&text);
    return scenario;
}

static bool applied(const struct scenario *scenario, struct reason *reason) {
    reason->text[0] = '\0';
    for (uint32_t i = 0; i < scenario->world_lines_count; i++)
        if (!stage_exclude(world, &scenario->world_lines[i], reason)) return false;
    return true;
}

static void check_refused(const char *lines, const char *expected) {
    struct reason reason;
    struct scenario *scenario = with_lines(lines);
    begin_again();
    CU_ASSERT_FALSE(applied(scenario, &reason));
    CU_ASSERT_STRING_EQUAL(reason.text, expected);
    scenario_free(scenario);
}

static void each_kind_goes_where_it_belongs(void) {
    struct reason reason;
    struct scenario *scenario = with_lines("world exclusion tcp 10-19\nworld exclusion tcp 20-29 administered\n"
                                           "world exclusion tcp 30-39 administered active\n");
    begin_again();
    CU_ASSERT_TRUE(applied(scenario, &reason));
    CU_ASSERT_FALSE(world_exclusion(world, exclusion_overlapping(world, PROTOCOL_TCP, 10, 10, 0))->administered);
    CU_ASSERT_TRUE(world_exclusion(world, exclusion_exact(world, PROTOCOL_TCP, 20, 29))->stored);
    CU_ASSERT_FALSE(world_exclusion(world, exclusion_exact(world, PROTOCOL_TCP, 30, 39))->stored);
    model_boot(world, NULL);
    CU_ASSERT_NOT_EQUAL(exclusion_exact(world, PROTOCOL_TCP, 20, 29), NO_ROW);
    CU_ASSERT_EQUAL(exclusion_exact(world, PROTOCOL_TCP, 30, 39), NO_ROW);
    CU_ASSERT_NOT_EQUAL(exclusion_overlapping(world, PROTOCOL_TCP, 10, 10, 0), NO_ROW);
    scenario_free(scenario);
}

static void what_cannot_stand_is_refused(void) {
    check_refused("world exclusion udp 20-29 administered\nworld exclusion udp 29-30 administered active\n",
                  "world exclusion: it overlaps another administered one");
    check_refused("world exclusion udp 20-29 administered\nworld exclusion udp 20-29 administered active\n",
                  "world exclusion: it overlaps another administered one");
    struct text lines = { 0 };
    for (unsigned i = 0; i <= world->limits.exclusions; i++)
        text_add(&lines, "world exclusion tcp %u-%u\n", i + 1, i + 1);
    check_refused(lines.bytes, "world exclusion: more of them than the model has room for");
    text_free(&lines);
}

static void a_kept_store_shows_what_calls_have_made(void) {
    struct reason reason;
    struct scenario *scenario =
        with_lines("world exclusion tcp 20-29 administered\nworld exclusion tcp 40-49 administered\n");
    begin_again();
    unsigned before = exclusion_add(world, PROTOCOL_TCP, 20, 29, true); /* by netsh, in an earlier run */
    exclusion_change(world, before, EXCLUSION_ACTIVE, true);
    port_store_save(world, NULL, PROTOCOL_TCP);
    uint64_t kept = stage_exclusions_kept(world, scenario);
    CU_ASSERT_EQUAL(kept, 1);
    CU_ASSERT_TRUE(applied(scenario, &reason));
    unsigned made = exclusion_add(world, PROTOCOL_TCP, 60, 69, true); /* and in this one */
    exclusion_change(world, made, EXCLUSION_ACTIVE, true);
    model_power_fails(world, true);
    stage_exclusions_withdraw(world, scenario, kept);
    model_boot(world, NULL);
    CU_ASSERT_NOT_EQUAL(exclusion_exact(world, PROTOCOL_TCP, 20, 29), NO_ROW);
    CU_ASSERT_EQUAL(exclusion_exact(world, PROTOCOL_TCP, 40, 49), NO_ROW);
    CU_ASSERT_NOT_EQUAL(exclusion_exact(world, PROTOCOL_TCP, 60, 69), NO_ROW);
    scenario_free(scenario);
}

void register_stage_exclusions_tests(void) {
    CU_pSuite suite = CU_add_suite("conformance/exclusions of world lines", make_world, free_world);
    CU_add_test(suite, "each kind goes where it belongs", each_kind_goes_where_it_belongs);
    CU_add_test(suite, "what cannot stand is refused", what_cannot_stand_is_refused);
    CU_add_test(suite, "a kept store shows what calls have made", a_kept_store_shows_what_calls_have_made);
}
