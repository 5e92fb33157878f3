/* A power failure as a word of the language: what the player says of it, and what the judge makes of it. */
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/reason.h"
#include "conformance/judge/judge.h"
#include "conformance/language/parser.h"
#include "conformance/player/play.h"
#include "conformance/stage/model_executor.h"
#include "stack/errors.h"
#include "stack/readings.h"

void register_power_tests(void);

enum { WRITTEN, LOST, TORN };

/* Answers every question in the ordinary way, but what becomes of a sector as it is reported. */
struct failing_chooser {
    struct chooser chooser;
    struct simulating_chooser ordinary;
    unsigned sector;
};

static unsigned choose_failing(struct chooser *chooser, enum choice what, unsigned count) {
    struct failing_chooser *self = (struct failing_chooser *)chooser;
    return what == CHOICE_CRASH ? self->sector : choose(&self->ordinary.chooser, what, count);
}

static uint64_t choose_member_as_ever(struct chooser *chooser, enum choice what, const struct choice_set *set) {
    return choose_member(&((struct failing_chooser *)chooser)->ordinary.chooser, what, set);
}

/* A machine whose first sector is written, lost or torn while the power fails, and one scenario that is played on
 * it. */
struct failing_machine {
    struct failing_chooser failing;
    struct model_executor model;
    struct player player;
    struct scenario *scenario;
};

static void begin(struct failing_machine *machine, const char *steps, unsigned sector) {
    struct language_error error = { 0 };
    struct text text = { 0 };
    text_add(&text,
             "scenario power\n\nports p = 4 tcp\nuser admin is administrator\nprocess app as admin elevated\n"
             "process other as admin elevated\nthread app.t2\n\n%s",
             steps);
    machine->scenario = scenario_parse("power.scn", text.bytes, text.length, &error);
    CU_ASSERT_STRING_EQUAL(error.message, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(machine->scenario);
    text_free(&text);
    machine->failing =
        (struct failing_chooser){ .chooser = { choose_failing, choose_member_as_ever }, .sector = sector };
    simulating_chooser_init(&machine->failing.ordinary, profile_named("windows"), 0);
    CU_ASSERT_TRUE_FATAL(model_executor_init(&machine->model, profile_named("windows"), 0));
    model_executor_use_chooser(&machine->model, &machine->failing.chooser);
    CU_ASSERT_EQUAL(player_begin(&machine->player, machine->scenario, model_executor_interface(&machine->model)),
                    STEP_DONE);
}

static void end(struct failing_machine *machine) {
    CU_ASSERT_EQUAL(player_end(&machine->player), STEP_DONE);
    model_executor_free(&machine->model);
    scenario_free(machine->scenario);
}

#define CREATE "app: CreatePersistentTcpPortReservation(p, 2) -> ok | blocks @inferred\n"
#define LOOK_UP "app: LookupPersistentTcpPortReservation(p, 2) -> ok | ERROR_NOT_FOUND @inferred\n"

static void a_call_that_loses_the_power_does_not_return(void) {
    static const enum outcome_word words[] = {
        [WRITTEN] = OUTCOME_OK, [LOST] = OUTCOME_BLOCKS, [TORN] = OUTCOME_BLOCKS
    };
    for (unsigned sector = WRITTEN; sector <= TORN; sector++) {
        static struct failing_machine machine;
        struct observation seen;
        begin(&machine, "fault power-failing\n" CREATE "reboot\n" LOOK_UP, sector);
        CU_ASSERT_EQUAL(player_step(&machine.player, &machine.scenario->steps[0], &seen), STEP_DONE);
        CU_ASSERT_EQUAL(player_step(&machine.player, &machine.scenario->steps[1], &seen), STEP_SEEN);
        CU_ASSERT_EQUAL(seen.word, words[sector]);
        CU_ASSERT_EQUAL(player_step(&machine.player, &machine.scenario->steps[2], &seen), STEP_DONE);
        CU_ASSERT_EQUAL(player_step(&machine.player, &machine.scenario->steps[3], &seen), STEP_SEEN);
        CU_ASSERT_TRUE(seen.word == OUTCOME_OK || sector != WRITTEN);
        CU_ASSERT_TRUE(seen.word != OUTCOME_OK || sector != LOST); /* torn: all that mattered may have arrived */
        end(&machine);
    }
}

/* `then` is played behind a Create that has lost the power. */
static void is_refused(const char *then, const char *reason) {
    static struct failing_machine machine;
    struct observation seen;
    struct text steps = { 0 };
    text_add(&steps, "app: e = CreateEventW() -> ok\nfault power-failing\n" CREATE "%sreboot\n" LOOK_UP, then);
    begin(&machine, steps.bytes, LOST);
    for (unsigned i = 0; i < 3; i++) player_step(&machine.player, &machine.scenario->steps[i], &seen);
    CU_ASSERT_EQUAL(player_step(&machine.player, &machine.scenario->steps[3], &seen), STEP_UNSUPPORTED);
    CU_ASSERT_STRING_EQUAL(machine.player.reason.text, reason);
    CU_ASSERT_EQUAL(player_step(&machine.player, &machine.scenario->steps[4], &seen), STEP_DONE);
    CU_ASSERT_EQUAL(player_step(&machine.player, &machine.scenario->steps[5], &seen), STEP_SEEN);
    end(&machine);
    text_free(&steps);
}

static void nothing_but_reboot_follows(void) {
    static const char no_power[] = "the power is lost: nothing but reboot can follow";
    is_refused("other: CreateEventW() -> ok\n", no_power);
    is_refused("app.t2: SleepEx(0) -> ok\n", no_power);
    is_refused("app: returns -> blocks @inferred\n", no_power);
    is_refused("app: show e -> ok\n", no_power);
    is_refused("advance 1ms\n", no_power);
    is_refused("check invariants\n", no_power);
    is_refused("fault power-stable\n", no_power);
    is_refused("app crashes\n", no_power);
    is_refused("app: SleepEx(0) -> ok\n", "thread app is still inside CreatePersistentTcpPortReservation of line 11");
}

static void a_power_that_is_stable_again_fails_no_one(void) {
    static struct failing_machine machine;
    struct observation seen;
    begin(&machine, "fault power-failing\nfault power-stable\n" CREATE, LOST);
    for (unsigned i = 0; i < 3; i++) player_step(&machine.player, &machine.scenario->steps[i], &seen);
    CU_ASSERT_EQUAL(seen.word, OUTCOME_OK);
    end(&machine);
    begin(&machine, "fault power-failing\nreboot\n" CREATE, LOST);
    for (unsigned i = 0; i < 3; i++) player_step(&machine.player, &machine.scenario->steps[i], &seen);
    CU_ASSERT_EQUAL(seen.word, OUTCOME_OK);
    end(&machine);
}

/* Create answered by `created`, then after the restart Lookup by the error `found`. */
static bool judged(enum outcome_word created, uint32_t found) {
    static struct failing_machine machine;
    static struct judgement judgement;
    struct reason reason;
    struct observation seen[4];
    begin(&machine, "fault power-failing\n" CREATE "reboot\n" LOOK_UP, created == OUTCOME_OK ? WRITTEN : LOST);
    struct judge *judge =
        judge_create(machine.scenario, machine.player.ports_first, (struct machine_facts){ 0 }, NULL, &reason);
    CU_ASSERT_PTR_NOT_NULL_FATAL(judge);
    bool allowed = true;
    for (unsigned i = 0; allowed && i < 4; i++) {
        enum step_result result = player_step(&machine.player, &machine.scenario->steps[i], &seen[i]);
        if (i == 3 && found != 0) {
            seen[i] = (struct observation){ .word = OUTCOME_ERROR, .code = found };
            seen[i].values[OBSERVABLE_Token] = (struct observed_value){ .present = 1, .untouched = 1 };
        }
        if (i == 3 && found == 0) {
            seen[i] = (struct observation){ .word = OUTCOME_OK };
            seen[i].values[OBSERVABLE_error] = (struct observed_value){ .present = 1 };
            seen[i].values[OBSERVABLE_Token] = (struct observed_value){ .present = 1, .number = 77 };
        }
        judge_step(judge, &machine.scenario->steps[i], result, &seen[i], NULL, &judgement);
        allowed = judgement.judged && judgement.allowed;
    }
    judge_free(judge);
    end(&machine);
    return allowed;
}

static void the_judge_follows_every_way_it_can_go(void) {
    CU_ASSERT_TRUE(judged(OUTCOME_OK, 0));
    CU_ASSERT_FALSE(judged(OUTCOME_OK, ERROR_NOT_FOUND)); /* what Create has answered is there to stay */
    CU_ASSERT_TRUE(judged(OUTCOME_BLOCKS, 0));
    CU_ASSERT_TRUE(judged(OUTCOME_BLOCKS, ERROR_NOT_FOUND));
    CU_ASSERT_FALSE(judged(OUTCOME_BLOCKS, ERROR_ACCESS_DENIED));
}

void register_power_tests(void) {
    CU_pSuite suite = CU_add_suite("conformance/power", NULL, NULL);
    CU_add_test(suite, "a call that loses the power does not return", a_call_that_loses_the_power_does_not_return);
    CU_add_test(suite, "nothing but reboot follows", nothing_but_reboot_follows);
    CU_add_test(suite, "a power that is stable again fails no one", a_power_that_is_stable_again_fails_no_one);
    CU_add_test(suite, "the judge follows every way it can go", the_judge_follows_every_way_it_can_go);
}
