#include "conformance/stage/model_executor.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/reason.h"
#include "conformance/stage/stage_exclusions.h"
#include "conformance/stage/stage_limits.h"
#include "conformance/stage/stage_links.h"
#include "sim/store/store_file.h"

/* The world of each scenario is made in the same memory, which grows where it has to. */
static bool make_room(struct model_executor *executor, size_t bytes) {
    if (bytes <= executor->memory_bytes) return true;
    free(executor->memory);
    executor->memory = malloc(bytes);
    executor->memory_bytes = executor->memory == NULL ? 0 : bytes;
    executor->world = NULL;
    return executor->memory != NULL;
}

bool model_executor_init(struct model_executor *executor, const struct profile *profile, uint64_t seed) {
    assert(executor != NULL && profile != NULL);
    memset(executor, 0, sizeof *executor);
    const struct world_limits limits = world_limits_small();
    executor->profile = profile;
    executor->seed = seed;
    executor->chooser = &executor->simulating.chooser;
    return make_room(executor, world_bytes(&limits));
}

void model_executor_keep_store(struct model_executor *executor, const char *path) {
    assert(executor->scenario == NULL && path != NULL);
    executor->store = path;
}

/* What is kept may be as much as the file holds. */
static struct world_limits limits_of(const struct model_executor *executor, const struct scenario *scenario) {
    struct world_limits limits = stage_limits(scenario, 0);
    if (executor->store == NULL) return limits;
    limits.stored = STORE_FILE_CAPACITY;
    limits.reservations = (uint16_t)(limits.reservations + 2 * STORE_FILE_CAPACITY); /* of both protocols */
    limits.exclusions = (uint16_t)(limits.exclusions + 2 * STORE_FILE_CAPACITY);
    return limits;
}

void model_executor_free(struct model_executor *executor) {
    assert(executor != NULL);
    free(executor->memory);
    memset(executor, 0, sizeof *executor);
}

void model_executor_use_chooser(struct model_executor *executor, struct chooser *chooser) {
    assert(executor->memory != NULL);
    assert(executor->scenario == NULL);
    executor->chooser = chooser != NULL ? chooser : &executor->simulating.chooser;
}

void model_executor_tap(struct model_executor *executor, const struct stage_tap *tap) {
    assert(executor->scenario == NULL);
    executor->tap = tap;
}

void model_executor_postpone(struct model_executor *executor) {
    assert(executor->scenario == NULL);
    executor->postpones = true;
}

static enum executor_answer store_answer(enum store_file_answer answer, const char *path, struct reason *reason) {
    char text[160];
    if (answer == STORE_FILE_DONE) return EXECUTOR_READY;
    store_file_text(answer, text, sizeof text);
    reason_set(reason, "%.80s: %s", path, text);
    return EXECUTOR_BROKEN;
}

/* The world that a process of the scenario is in. */
static struct world *world_of(const struct model_executor *executor, int process) {
    if (executor->network == NULL || process < 0) return executor->world;
    return network_machine(executor->network, (unsigned)executor->scenario->processes[process].machine);
}

static struct world *world_of_thread(const struct model_executor *executor, unsigned thread) {
    return world_of(executor, executor->scenario->threads[thread].process);
}

/* Makes the world, or the worlds, in the executor's memory. */
static bool create(struct model_executor *executor, struct reason *reason) {
    const struct scenario *scenario = executor->scenario;
    struct world_limits limits = limits_of(executor, scenario);
    bool single = scenario->machines_count == 0;
    struct network_limits network_limits;
    if (!single) network_limits = stage_network_limits(scenario, &limits);
    size_t bytes = single ? world_bytes(&limits) : network_bytes(&network_limits);
    executor->network = NULL;
    if (!make_room(executor, bytes)) {
        reason_set(reason, "no memory for a world of %lu bytes", (unsigned long)bytes);
        return false;
    }
    if (!single) {
        executor->network = network_create(executor->memory, &network_limits);
        stage_join(executor->network, scenario);
    }
    executor->world = single ? world_create(executor->memory, &limits) : network_machine(executor->network, 0);
    return true;
}

/* Each machine has all world lines. */
static bool apply_lines(struct model_executor *executor, struct reason *reason) {
    if (executor->network == NULL) return world_apply_lines(executor->world, executor->scenario, reason);
    for (unsigned i = 0; i < executor->network->machines_count; i++)
        if (!world_apply_lines(network_machine(executor->network, i), executor->scenario, reason)) return false;
    return true;
}

static enum executor_answer begin(void *self, const struct scenario *scenario, uint16_t *ports_first,
                                  struct reason *reason) {
    struct model_executor *executor = self;
    assert(executor->memory != NULL && executor->scenario == NULL);
    executor->scenario = scenario;
    if (!create(executor, reason)) return EXECUTOR_BROKEN;
    stage_begin(&executor->stage);
    executor->stage.tap = executor->tap;
    executor->stage.postpones = executor->postpones;
    executor->stage.network = executor->network;
    simulating_chooser_init(&executor->simulating, executor->profile, executor->seed);
    if (executor->network != NULL && (executor->store != NULL || executor->postpones)) {
        reason_set(reason, "machine: not modelled: %s of several machines",
                   executor->postpones ? "every order" : "a store that is kept in a file");
        return EXECUTOR_UNSUPPORTED;
    }
    if (executor->store != NULL) {
        enum executor_answer answer =
            store_answer(store_file_load(executor->store, executor->world), executor->store, reason);
        if (answer != EXECUTOR_READY) return answer;
    }
    executor->exclusions_kept = stage_exclusions_kept(executor->world, scenario);
    if (!apply_lines(executor, reason)) return EXECUTOR_UNSUPPORTED;
    if (!stage_choose_ports(executor->world, scenario, ports_first, reason)) return EXECUTOR_UNSUPPORTED;
    return EXECUTOR_READY;
}

static enum executor_answer process_start(void *self, unsigned process, struct reason *reason) {
    struct model_executor *executor = self;
    assert(executor->scenario != NULL && process < executor->scenario->processes_count);
    (void)reason; /* begin() has refused what has no room */
    stage_process_start(world_of(executor, (int)process), executor->scenario, process);
    return EXECUTOR_READY;
}

static void call(void *self, const struct call *record, unsigned limit_ms, struct result *result) {
    struct model_executor *executor = self;
    assert(executor->scenario != NULL);
    stage_call(world_of_thread(executor, record->thread), &executor->stage, executor->scenario, executor->chooser,
               record, limit_ms, result);
}

static void returns(void *self, unsigned thread, unsigned limit_ms, struct result *result) {
    struct model_executor *executor = self;
    assert(executor->scenario != NULL);
    stage_returns(world_of_thread(executor, thread), &executor->stage, executor->chooser, thread, limit_ms, result);
}

static void show(void *self, unsigned process, uint64_t address, uint64_t event, unsigned limit_ms,
                 struct result *result) {
    struct model_executor *executor = self;
    assert(executor->scenario != NULL);
    (void)address; /* its writes came with the results of earlier steps */
    (void)limit_ms;
    stage_show(world_of(executor, (int)process), process, event, result);
}

static enum executor_answer event(void *self, const struct step *step, struct result *result, struct reason *reason) {
    struct model_executor *executor = self;
    assert(executor->scenario != NULL);
    return stage_event(world_of(executor, step->process), &executor->stage, executor->chooser, executor->scenario, step,
                       result, reason);
}

static enum executor_answer packet(void *self, unsigned machine, const uint8_t *bytes, uint32_t count,
                                   struct result *result, struct reason *reason) {
    struct model_executor *executor = self;
    assert(executor->scenario != NULL && executor->scenario->machines[machine].bare);
    return stage_packet(executor->world, &executor->stage, executor->chooser, machine, bytes, count, result, reason);
}

static enum executor_answer end(void *self, struct reason *reason) {
    struct model_executor *executor = self;
    assert(executor->scenario != NULL);
    const char *broken = stage_check(executor->world, &executor->stage);
    stage_exclusions_withdraw(executor->world, executor->scenario, executor->exclusions_kept);
    executor->scenario = NULL;
    if (broken == NULL && executor->store != NULL)
        return store_answer(store_file_save(executor->store, executor->world), executor->store, reason);
    if (broken == NULL) return EXECUTOR_READY;
    reason_set(reason, "a broken invariant of the model at the end: %.180s", broken);
    return EXECUTOR_BROKEN;
}

struct executor model_executor_interface(struct model_executor *executor) {
    static const struct executor_operations operations = {
        .begin = begin,
        .process_start = process_start,
        .call = call,
        .returns = returns,
        .show = show,
        .event = event,
        .packet = packet,
        .end = end,
    };
    assert(executor->memory != NULL);
    return (struct executor){ .self = executor, .operations = &operations };
}
