/* How fast the model is, and how large. Run from the top of the project: it plays what lies in scenarios/.
 *
 * Every figure is taken from several runs of a fixed amount of work: the best run and the median. README.md says what
 * each line means and what it is compared with. */
#define _DEFAULT_SOURCE /* clock_gettime, syscall */

#include <sys/syscall.h>
#include <unistd.h>

#include "conformance/base/memory.h"
#include "conformance/base/reason.h"
#include "conformance/judge/judge.h"
#include "conformance/language/expand.h"
#include "conformance/language/step_order.h"
#include "conformance/player/play.h"
#include "conformance/runner/scenario_set.h"
#include "conformance/stage/model_executor.h"
#include "sim/bench/benchmark.h"
#include "stack/model/model.h"
#include "stack/readings.h"
#include "stack/transport/reservation_control.h"

enum { ROUNDS = 20000, CLONES = 20000, CLONES_FULL = 40, ENCODINGS = 5000 };
enum { REPLAYS = 40, SYSTEM_CALLS = 200000 };

/* A second. */
enum { GOAL_SMALL = 9000000, GOAL_FULL = 6000000, GOAL_STEPS = 2500000 };

/* --- raw calls ------------------------------------------------------------------------------------------------- */

static void print_beside_goal(const char *what, struct figure figure, const char *unit, double goal) {
    print_rate(what, &figure, 1, unit, 1 / figure.median_s / goal, "the goal");
}

/* What a call of a kernel costs that does nothing: the peer of all calls here. */
static double work_system_calls(void *unused) {
    for (unsigned i = 0; i < SYSTEM_CALLS; i++) demand(syscall(SYS_getppid) > 0, "this process has no parent");
    (void)unused;
    return SYSTEM_CALLS;
}

/* The canonical runtime flow as records, prepared once; handles and the token are filled in as they come. */
enum { FLOW_SOCKET, FLOW_ACQUIRE, FLOW_ASSOCIATE, FLOW_BIND, FLOW_GETSOCKNAME, FLOW_RELEASE, FLOW_CLOSE, FLOW_CALLS };
enum { CALLS_PER_ROUND = 9 };

struct flow {
    struct world *world;
    struct simulating_chooser chooser;
    struct call calls[FLOW_CALLS];
    struct result result;
};

static void flow_prepare(struct flow *flow, struct world *world, const struct profile *profile) {
    static const uint8_t any_four[4] = { 0, 0, 4, 0 }, no_token[8], length[4] = { 16 }, name[16] = { 2 };
    memset(flow, 0, sizeof *flow);
    flow->world = world;
    simulating_chooser_init(&flow->chooser, profile, 0);
    model_process_start(world, 0, 0, 0, 0x0202);
    struct call *calls = flow->calls;
    calls[FLOW_SOCKET].function = FUNCTION_socket;
    calls[FLOW_SOCKET].arguments[socket_af] = 2;
    calls[FLOW_SOCKET].arguments[socket_type] = 1;
    calls[FLOW_SOCKET].arguments[socket_protocol] = 6;
    prepare_control(&calls[FLOW_ACQUIRE], SIO_ACQUIRE_PORT_RESERVATION, any_four, 4, PORT_INSTANCE_SIZE);
    prepare_control(&calls[FLOW_ASSOCIATE], SIO_ASSOCIATE_PORT_RESERVATION, no_token, 8, 0);
    prepare_control(&calls[FLOW_RELEASE], SIO_RELEASE_PORT_RESERVATION, no_token, 8, 0);
    calls[FLOW_BIND].function = FUNCTION_bind;
    point_at(&calls[FLOW_BIND], bind_name, name, sizeof name);
    calls[FLOW_BIND].arguments[bind_namelen] = sizeof name;
    calls[FLOW_GETSOCKNAME].function = FUNCTION_getsockname;
    point(&calls[FLOW_GETSOCKNAME], getsockname_name, 16);
    point_at(&calls[FLOW_GETSOCKNAME], getsockname_namelen, length, 4);
    calls[FLOW_CLOSE].function = FUNCTION_closesocket;
}

static uint64_t flow_call(struct flow *flow, unsigned which, uint64_t socket) {
    struct call *call = &flow->calls[which];
    if (which != FLOW_SOCKET) call->arguments[bind_s] = socket; /* the first of all three */
    model_call(flow->world, &flow->chooser.chooser, call, &flow->result);
    model_settle(flow->world, &flow->chooser.chooser, &flow->result);
    demand(flow->result.value != UINT64_MAX, "a call of the flow failed");
    return flow->result.value;
}

static void flow_round(struct flow *flow) {
    uint64_t acquirer = flow_call(flow, FLOW_SOCKET, 0);
    flow_call(flow, FLOW_ACQUIRE, acquirer);
    uint8_t *token = flow->result.bytes + flow->result.writes[0].bytes_offset + 8;
    memcpy(flow->calls[FLOW_ASSOCIATE].bytes, token, 8);
    memcpy(flow->calls[FLOW_RELEASE].bytes, token, 8);
    uint64_t user = flow_call(flow, FLOW_SOCKET, 0);
    flow_call(flow, FLOW_ASSOCIATE, user);
    flow_call(flow, FLOW_BIND, user);
    flow_call(flow, FLOW_GETSOCKNAME, user);
    flow_call(flow, FLOW_CLOSE, user);
    flow_call(flow, FLOW_RELEASE, acquirer);
    flow_call(flow, FLOW_CLOSE, acquirer);
}

static double work_flow(void *context) {
    for (unsigned i = 0; i < ROUNDS; i++) flow_round(context);
    return (double)ROUNDS * CALLS_PER_ROUND;
}

static void bench_flow(const char *what, struct world_limits limits, double goal) {
    void *memory = memory_of(world_bytes(&limits));
    struct flow *flow = memory_of(sizeof *flow);
    flow_prepare(flow, world_create(memory, &limits), profile_named("windows"));
    print_beside_goal(what, measure(work_flow, flow), "calls/s", goal);
    free(flow);
    free(memory);
}

/* --- worlds ---------------------------------------------------------------------------------------------------- */

struct copying {
    const struct world *source;
    void *destination;
    unsigned count;
};

static double work_clone(void *context) {
    struct copying *copying = context;
    for (unsigned i = 0; i < copying->count; i++) world_clone(copying->destination, copying->source);
    return copying->count;
}

/* The peer is a block of the same size that is no world. The call goes through a pointer, so that it is not left
 * out. */
static double work_memcpy(void *context) {
    static void *(*volatile copy)(void *, const void *, size_t) = memcpy;
    struct copying *copying = context;
    for (unsigned i = 0; i < copying->count; i++) copy(copying->destination, copying->source, copying->source->bytes);
    return copying->count;
}

static double work_encode(void *context) {
    struct copying *copying = context;
    size_t bytes = 0;
    for (unsigned i = 0; i < ENCODINGS; i++) bytes += world_encode(copying->source, copying->destination);
    demand(bytes > 0, "a world encodes to nothing");
    return ENCODINGS;
}

/* A world in the middle of things: `sockets` of them associated and bound. */
static struct world *lived_in_world(struct world_limits limits, unsigned sockets) {
    struct world *world = world_create(memory_of(world_bytes(&limits)), &limits);
    struct flow *flow = memory_of(sizeof *flow);
    flow_prepare(flow, world, profile_named("windows"));
    flow->calls[FLOW_ACQUIRE].bytes[2] = (uint8_t)sockets;
    flow_call(flow, FLOW_ACQUIRE, flow_call(flow, FLOW_SOCKET, 0));
    memcpy(flow->calls[FLOW_ASSOCIATE].bytes, flow->result.bytes + flow->result.writes[0].bytes_offset + 8, 8);
    for (unsigned i = 0; i < sockets; i++) {
        uint64_t user = flow_call(flow, FLOW_SOCKET, 0);
        flow_call(flow, FLOW_ASSOCIATE, user);
        flow_call(flow, FLOW_BIND, user);
    }
    demand(model_check(world) == NULL, "an invariant is broken");
    free(flow);
    return world;
}

static void bench_world(const char *name, struct world_limits limits, unsigned clones) {
    char what[64];
    struct world *world = lived_in_world(limits, 8);
    struct copying copying = { .source = world, .destination = memory_of((size_t)world->bytes * 2), .count = clones };
    snprintf(what, sizeof what, "%s world", name);
    print_line(what, world->bytes, world->bytes, "bytes", 0, NULL);
    struct figure clone = measure(work_clone, &copying);
    struct figure peer = measure(work_memcpy, &copying);
    snprintf(what, sizeof what, "%s world, clone", name);
    print_time(what, &clone, 1e9, "ns", clone.median_s / peer.median_s, "memcpy of as many bytes");
    if (clones == CLONES) {
        struct figure encode = measure(work_encode, &copying);
        snprintf(what, sizeof what, "%s world, encode", name);
        print_time(what, &encode, 1e9, "ns", encode.median_s / clone.median_s, "its clone");
        print_line("its encoding", (double)world_encode(world, copying.destination),
                   (double)world_encode(world, copying.destination), "bytes", 0, NULL);
    }
    free(copying.destination);
    free(world);
}

/* --- scenarios ------------------------------------------------------------------------------------------------- */

struct seen_step {
    enum step_result result;
    struct observation observation;
};

/* An instance of a scenario, its steps in order, and what the model answered to them once. */
struct instance_play {
    struct scenario *scenario;
    struct step_order order;
    uint16_t ports_first[PORTS_MAX];
    struct seen_step *seen;
    unsigned seen_count; /* steps that were sent */
};

struct replay {
    struct model_executor model;
    struct executor executor;
    struct player player;
    struct instance_play **plays;
    size_t plays_count, plays_capacity;
    const struct profile *judged_under;
    struct judgement judgement;
};

/* Plays an instance; returns how many steps it had. `keep`: what was seen goes into the instance. */
static unsigned play(struct replay *replay, struct instance_play *instance, bool keep) {
    unsigned played = 0;
    struct observation seen;
    enum step_result result = player_begin(&replay->player, instance->scenario, replay->executor);
    for (unsigned i = 0; i < instance->order.count && result == STEP_DONE; i++) {
        enum step_result answer = player_step(&replay->player, instance->order.steps[i], &seen);
        if (answer == STEP_UNSUPPORTED || answer == STEP_BROKEN) break;
        if (keep) instance->seen[i] = (struct seen_step){ answer, seen };
        played++;
    }
    if (keep) memcpy(instance->ports_first, replay->player.ports_first, sizeof instance->ports_first);
    player_end(&replay->player);
    return played;
}

static void add_instance(struct replay *replay, const struct scenario *scenario, unsigned index) {
    replay->plays = memory_grow(replay->plays, replay->plays_count, &replay->plays_capacity, sizeof *replay->plays);
    struct instance_play *instance = memory_of(sizeof *instance);
    instance->scenario = scenario_expand(scenario, index);
    step_order_fill(&instance->order, instance->scenario);
    instance->seen = memory_of((instance->order.count + 1) * sizeof instance->seen[0]);
    instance->seen_count = play(replay, instance, true);
    replay->plays[replay->plays_count++] = instance;
}

static double work_replay(void *context) {
    struct replay *replay = context;
    double steps = 0;
    for (unsigned round = 0; round < REPLAYS; round++)
        for (size_t i = 0; i < replay->plays_count; i++) steps += play(replay, replay->plays[i], false);
    return steps;
}

static unsigned judge_instance(struct replay *replay, const struct instance_play *instance) {
    struct reason reason;
    struct judge *judge = judge_create(instance->scenario, instance->ports_first, (struct machine_facts){ 0 },
                                       replay->judged_under, &reason);
    if (judge == NULL) return 0;
    for (unsigned i = 0; i < instance->seen_count; i++) {
        const struct seen_step *step = &instance->seen[i];
        if (step->result == STEP_NEEDS) continue;
        judge_step(judge, instance->order.steps[i], step->result, &step->observation, NULL, &replay->judgement);
        demand(replay->judgement.allowed, "the judge refuses what the model did");
    }
    judge_free(judge);
    return instance->seen_count;
}

static double work_judge(void *context) {
    struct replay *replay = context;
    double steps = 0;
    for (size_t i = 0; i < replay->plays_count; i++) steps += judge_instance(replay, replay->plays[i]);
    return steps;
}

static void replay_free(struct replay *replay) {
    for (size_t i = 0; i < replay->plays_count; i++) {
        scenario_free(replay->plays[i]->scenario);
        free(replay->plays[i]->seen);
        free(replay->plays[i]);
    }
    model_executor_free(&replay->model);
    free(replay->plays);
    free(replay);
}

static void bench_judge(struct replay *replay, const char *what, const struct profile *profile) {
    replay->judged_under = profile;
    struct figure figure = measure(work_judge, replay);
    print_rate(what, &figure, 1, "steps/s", 0, NULL);
}

static void bench_scenarios(void) {
    struct scenario_set set = { 0 };
    struct replay *replay = memory_of(sizeof *replay);
    scenario_set_add(&set, "scenarios");
    demand(set.count > 0, "no scenarios here: run this from the top of the project");
    demand(model_executor_init(&replay->model, profile_named("windows"), 0), "out of memory");
    replay->executor = model_executor_interface(&replay->model);
    unsigned steps = 0;
    for (size_t i = 0; i < set.count; i++)
        for (unsigned k = 0; k < scenario_instances_count(set.files[i].scenario); k++)
            add_instance(replay, set.files[i].scenario, k);
    for (size_t i = 0; i < replay->plays_count; i++) steps += replay->plays[i]->seen_count;
    printf("  %zu scenarios, %zu instances, %u steps\n", set.count, replay->plays_count, steps);
    print_beside_goal("replay on the model", measure(work_replay, replay), "steps/s", GOAL_STEPS);
    bench_judge(replay, "judged under profile windows", profile_named("windows"));
    bench_judge(replay, "judged with all readings open", NULL);
    replay_free(replay);
    scenario_set_free(&set);
}

int main(void) {
    print_heading();
    struct figure system_calls = measure(work_system_calls, NULL);
    print_rate("null system call", &system_calls, 1, "calls/s", 0, NULL);
    bench_flow("raw calls, small world", world_limits_small(), GOAL_SMALL);
    bench_flow("raw calls, full world", world_limits_full(), GOAL_FULL);
    bench_scenarios();
    bench_world("small", world_limits_small(), CLONES);
    bench_world("full", world_limits_full(), CLONES_FULL);
    return 0;
}
