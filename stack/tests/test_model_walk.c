/* A long walk at random: whatever is called in whatever order, the invariants hold, and equal seeds give equal
 * worlds. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "stack/ports/exclusions.h"
#include "stack/ports/pool.h"
#include "stack/system/handles.h"
#include "stack/tests/fixture.h"
#include "stack/tests/fixture_names.h"

void register_model_walk_tests(void);

enum { STEPS = 10000, PROCESSES = 3, THREADS = 6, KNOWN_MAX = 12 };
enum { PORT_SCALABILITY = 0x3006 };

static const uint32_t CODE_CPU_AFFINITY = 0x98000015;

/* The walker's own dice, and what it has seen: handles and tokens of anybody, stale ones among them. */
struct walk {
    struct machine machine;
    uint64_t dice;
    uint64_t handles[PROCESSES][KNOWN_MAX], tokens[KNOWN_MAX];
    uint32_t refused, granted_blocks, blocked, pended;
};

/* At most one roll stands in an expression: compilers differ in their order. */
static unsigned roll(struct walk *walk, unsigned sides) {
    assert(sides > 0);
    walk->dice ^= walk->dice << 13; /* xorshift64 */
    walk->dice ^= walk->dice >> 7;
    walk->dice ^= walk->dice << 17;
    return (unsigned)(walk->dice >> 11) % sides;
}

/* Mostly one of the process that speaks. */
static uint64_t some_handle(struct walk *walk) {
    unsigned process = walk->machine.thread / 2;
    if (roll(walk, 8) == 0) process = roll(walk, PROCESSES);
    return walk->handles[process][roll(walk, KNOWN_MAX)];
}

static uint64_t some_token(struct walk *walk) { return walk->tokens[roll(walk, KNOWN_MAX)]; }

static unsigned some_port(struct walk *walk) {
    static const unsigned ports[] = { 0, 0, 0, 50000, 50001, 50002, 50005, 49152, 49153, 65535, 600 };
    return ports[roll(walk, sizeof ports / sizeof ports[0])];
}

static enum address some_address(struct walk *walk) { return (enum address)roll(walk, MAPPED_LOOPBACK + 1); }

/* What is forgotten is closed, lest all tables fill up. */
static void learn_handle(struct walk *walk, uint64_t handle) {
    uint64_t *place = &walk->handles[walk->machine.thread / 2][roll(walk, KNOWN_MAX)];
    close_handle(&walk->machine, *place);
    *place = handle;
}

/* --- kinds of steps --- */

static void step_socket(struct walk *walk) {
    static const int families[] = { AF_V4, AF_V4, AF_V6, AF_V6, 0, 7 },
                     types[] = { STREAM, STREAM, DATAGRAM, DATAGRAM, 0, RAW };
    static const int protocols[] = { 0, 0, TCP, UDP, ICMP };
    uint64_t handle = 0;
    int family = families[roll(walk, 6)];
    int type = types[roll(walk, 6)];
    int protocol = protocols[roll(walk, 5)];
    if (make_socket(&walk->machine, family, type, protocol, &handle) == 0) learn_handle(walk, handle);
}

/* Not a raw socket of the speaker's: what becomes of its addresses is not modelled. */
static bool is_of_transport(const struct walk *walk, uint64_t handle) {
    const struct world *world = walk->machine.world;
    unsigned socket = handle_find(world, walk->machine.thread / 2, HANDLE_SOCKET, handle);
    return socket == NO_ROW || world_socket_at(world, socket)->protocol != PROTOCOLS_COUNT;
}

static void step_bind(struct walk *walk) {
    uint64_t socket = some_handle(walk);
    enum address address = some_address(walk);
    if (is_of_transport(walk, socket)) bind_at(&walk->machine, socket, address, some_port(walk));
}

static void step_connect(struct walk *walk) {
    uint64_t socket = some_handle(walk);
    enum address address = some_address(walk);
    if (roll(walk, 2) == 0) listen_on(&walk->machine, socket);
    else if (address != BROADCAST_V4 && is_of_transport(walk, socket))
        connect_to(&walk->machine, socket, address, some_port(walk));
}

static void step_option(struct walk *walk) {
    static const int options[] = { REUSE_ADDRESS, EXCLUSIVE_ADDRESS, V6_ONLY, V6_ONLY, RANDOMIZE_PORT, SOCKET_TYPE };
    uint64_t socket = some_handle(walk);
    int option = options[roll(walk, 6)];
    uint32_t value = roll(walk, 2);
    if (roll(walk, 3) == 0) get_option(&walk->machine, socket, option, &value);
    else set_option(&walk->machine, socket, option, value);
}

static void make_odd(struct walk *walk) {
    static const enum range_state states[] = { RANGE_NULL, RANGE_BAD, RANGE_PARTLY_BAD };
    enum range_state state = states[roll(walk, 3)];
    switch (roll(walk, 10)) {
    case 0: with_input_state(&walk->machine, state, roll(walk, 9)); break;
    case 1: with_output_state(&walk->machine, state, roll(walk, 20)); break;
    case 2: with_bytes_state(&walk->machine, state); break;
    case 3: with_output_at(&walk->machine, 0x20004); break;
    case 4: with_routine(&walk->machine, RANGE_GOOD); break;
    default: break;
    }
}

static void learn_token(struct walk *walk, uint32_t error) {
    const uint8_t *instance = written(&walk->machine, walk->machine.call.arguments[WSAIoctl_out], PORT_INSTANCE_SIZE);
    if (error != 0 || instance == NULL) return;
    walk->tokens[roll(walk, KNOWN_MAX)] = load_u64(instance + 8);
    walk->granted_blocks++;
}

static void step_control(struct walk *walk) {
    static const unsigned counts[] = { 0, 1, 1, 2, 4, 100, 65535 };
    static const uint32_t codes[] = { SIO_ASSOCIATE_PORT_RESERVATION,
                                      SIO_ASSOCIATE_PORT_RESERVATION,
                                      SIO_RELEASE_PORT_RESERVATION,
                                      CODE_UNKNOWN,
                                      CODE_FIONBIO,
                                      CODE_KEEPALIVE,
                                      CODE_FIONREAD };
    struct machine *m = &walk->machine;
    uint64_t socket = some_handle(walk);
    unsigned kind = roll(walk, 12);
    unsigned port = some_port(walk);
    if (kind >= 7) control_acquire(m, socket, port, counts[roll(walk, 7)]);
    else control_token(m, socket, codes[kind], some_token(walk));
    uint64_t event = some_handle(walk);
    if (roll(walk, 3) == 0) with_overlapped(m, roll(walk, OVERLAPPEDS_MAX), event);
    if (roll(walk, 4) == 0) make_odd(walk);
    uint32_t error = roll(walk, 4) == 0 ? issue(m) : perform(m);
    walk->pended += error == WSA_IO_PENDING;
    walk->refused += error != 0 && error != WSA_IO_PENDING;
    if (kind >= 7) learn_token(walk, error);
    settle(m);
}

static void step_wait(struct walk *walk) {
    static const uint32_t times[] = { 0, 0, 1, 50 };
    struct machine *m = &walk->machine;
    uint64_t event = some_handle(walk);
    uint32_t time = times[roll(walk, 4)];
    bool alertable = roll(walk, 2) == 0;
    unsigned outcome = roll(walk, 2) == 0 ? wait_for(m, event, time) : sleep_for(m, time, alertable);
    walk->blocked += outcome == WAIT_BLOCKS;
}

static void step_event(struct walk *walk) {
    struct machine *m = &walk->machine;
    uint64_t handle = some_handle(walk);
    unsigned number = roll(walk, OVERLAPPEDS_MAX);
    switch (roll(walk, 4)) {
    case 0: learn_handle(walk, plain_call(m, FUNCTION_CreateEventW, 0, number & 1, number >> 1)); break;
    case 1: plain_call(m, FUNCTION_SetEvent, handle, 0, 0); break;
    case 2: plain_call(m, FUNCTION_ResetEvent, handle, 0, 0); break;
    default: overlapped_result(m, handle, number, false); break;
    }
}

static void step_close(struct walk *walk) {
    uint64_t handle = some_handle(walk);
    if (roll(walk, 4) == 0) close_handle(&walk->machine, handle);
    else close_socket(&walk->machine, handle);
}

static void start_process(struct walk *walk, unsigned process) {
    model_process_start(walk->machine.world, process, 2 * process, process, 0x0202);
    model_thread_start(walk->machine.world, 2 * process + 1, process);
}

static void step_machine(struct walk *walk) {
    struct machine *m = &walk->machine;
    unsigned process = roll(walk, PROCESSES);
    switch (roll(walk, 12)) {
    case 0:
        result_clear(&m->result);
        model_process_end(m->world, m->chooser, process, &m->result);
        settle(m);
        start_process(walk, process);
        break;
    case 1: model_network_down(m->world, roll(walk, 8) == 0); break;
    case 2:
        if (roll(walk, 2) == 0) plain_call(m, FUNCTION_WSACleanup, 0, 0, 0);
        break;
    default: pass_time(m, roll(walk, 60)); break;
    }
}

/* A cleaned-up process starts up again before long. */
static void step_startup(struct walk *walk) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_WSAStartup;
    call.arguments[WSAStartup_wVersionRequested] = 0x0202;
    call.arguments[WSAStartup_lpWSAData] = call.ranges[WSAStartup_lpWSAData].address = 0x1000;
    call.ranges[WSAStartup_lpWSAData].state = RANGE_GOOD;
    call.ranges[WSAStartup_lpWSAData].length = 408;
    run_call(&walk->machine, &call);
}

static void walk_on(struct walk *walk) {
    typedef void step_function(struct walk * walk);
    static step_function *const steps[] = {
        step_socket,  step_socket, step_socket,  step_socket,  step_socket,  step_bind,    step_bind,
        step_connect, step_option, step_control, step_control, step_control, step_control, step_control,
        step_control, step_wait,   step_event,   step_close,   step_machine, step_startup,
    };
    unsigned thread = roll(walk, THREADS);
    if (world_thread_at(walk->machine.world, thread)->state != THREAD_RUNNING) {
        pass_time(&walk->machine, roll(walk, 10));
        return;
    }
    speak_as(&walk->machine, thread);
    steps[roll(walk, sizeof steps / sizeof steps[0])](walk);
}

/* An empty world of these limits, such as one with the indexes of a whole machine, in memory of the caller. */
static void give_world(struct walk *walk, void *memory, const struct world_limits *limits) {
    memset(memory, 0, world_bytes(limits));
    walk->machine.world = world_create(memory, limits);
    for (unsigned process = 0; process < PROCESSES; process++) start_process(walk, process);
}

static void walk_begin(struct walk *walk, uint64_t dice) {
    memset(walk, 0, sizeof *walk);
    machine_begin(&walk->machine);
    walk->dice = dice * UINT64_C(0x9E3779B97F4A7C15) + 1;
    for (unsigned i = 0; i < KNOWN_MAX; i++) {
        walk->tokens[i] = NOT_GIVEN;
        for (unsigned process = 0; process < PROCESSES; process++) walk->handles[process][i] = NOT_GIVEN;
    }
    const struct world_limits limits = walk->machine.world->limits;
    give_world(walk, walk->machine.memory, &limits);
}

static void walk_all(struct walk *walk, uint64_t dice, const struct profile *profile, uint64_t seed) {
    walk_begin(walk, dice);
    walk->machine.profile = *profile;
    simulating_chooser_init(&walk->machine.simulating, &walk->machine.profile, seed);
    unsigned failures = CU_get_number_of_failures();
    for (unsigned i = 0; i < STEPS && CU_get_number_of_failures() == failures; i++) {
        walk_on(walk);
        if (i % 100 == 0) CU_ASSERT(encodes_alike_renamed(walk->machine.world, i + 1));
    }
}

/* A walk that goes nowhere would prove nothing. */
static void something_happened(const struct walk *walk) {
    CU_ASSERT(walk->refused > STEPS / 100);
    CU_ASSERT(walk->granted_blocks > STEPS / 200);
    CU_ASSERT(walk->blocked > STEPS / 1000);
    CU_ASSERT(walk->pended > STEPS / 1000);
}

static void both_profiles_walk(void) {
    static const char *const names[] = { "windows", "documented" };
    for (unsigned i = 0; i < 2; i++)
        for (uint64_t seed = 0; seed < 2; seed++) {
            struct walk walk;
            walk_all(&walk, seed + 1, profile_named(names[i]), seed);
            something_happened(&walk);
        }
}

/* All questions open, but whether the codes are there at all: any mixture of readings keeps the invariants. */
static void open_profiles_walk(void) {
    struct profile open = { .name = "open" };
    open.answers[Q89_IMPLEMENTED] = Q89_YES + 1;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        struct walk walk;
        walk_all(&walk, 100 + seed, &open, seed);
        CU_ASSERT(walk.refused > STEPS / 100);
    }
}

static void equal_seeds_walk_to_equal_worlds(void) {
    static const struct profile open = { .name = "open" };
    for (uint64_t seed = 0; seed < 2; seed++) {
        struct walk one, same;
        walk_all(&one, 7, &open, seed);
        walk_all(&same, 7, &open, seed);
        CU_ASSERT_EQUAL(memcmp(one.machine.memory, same.machine.memory, one.machine.world->bytes), 0);
        CU_ASSERT_EQUAL(one.machine.simulating.asked_count, same.machine.simulating.asked_count);
        CU_ASSERT_TRUE(same_world(&one.machine, &same.machine));
    }
}

/* Tables of a few rows, each of its own size and most of them full: whoever looks one row too far looks outside his
 * table, which world.h asserts. What is refused for want of room leaves the invariants as they were. */
static struct world_limits tight_limits(struct walk *walk) {
    struct world_limits limits = world_limits_small();
    uint16_t *const scarce[] = { &limits.sockets,          &limits.events,       &limits.requests,    &limits.routines,
                                 &limits.reservations,     &limits.exclusions,   &limits.duplicates,  &limits.numbers,
                                 &limits.completion_ports, &limits.associations, &limits.completions, &limits.files };
    limits.processes = PROCESSES;
    limits.threads = THREADS;
    for (unsigned i = 0; i < sizeof scarce / sizeof scarce[0]; i++) *scarce[i] = (uint16_t)(1 + roll(walk, 4));
    limits.sockets = (uint16_t)(limits.sockets + 3);
    limits.handles = (uint16_t)(limits.sockets + 2);
    return limits;
}

static void every_table_runs_full(void) {
    enum { SEEDS = 12, STEPS_TIGHT = 2500 };
    static const struct profile open = { .name = "open" };
    static _Alignas(8) uint8_t memory[MACHINE_WORLD_BYTES];
    unsigned full = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct walk walk;
        walk_begin(&walk, 300 + seed);
        struct world_limits limits = tight_limits(&walk);
        CU_ASSERT_FATAL(world_bytes(&limits) <= sizeof memory);
        give_world(&walk, memory, &limits);
        if (seed % 2 == 0) walk.machine.profile = open;
        if (seed % 2 == 0) walk.machine.profile.answers[Q89_IMPLEMENTED] = Q89_YES + 1;
        simulating_chooser_init(&walk.machine.simulating, &walk.machine.profile, seed);
        unsigned failures = CU_get_number_of_failures();
        for (unsigned i = 0; i < STEPS_TIGHT && CU_get_number_of_failures() == failures; i++) {
            walk_on(&walk);
            full += world_top(walk.machine.world, TABLE_HANDLES) == limits.handles;
        }
    }
    CU_ASSERT(full > SEEDS * STEPS_TIGHT / 20);
}

/* With the port index and the handle index the model answers as without them, call by call. */
static void indexes_change_no_answer(void) {
    enum { STEPS_INDEXED = 3000 };
    struct world_limits limits = world_limits_small();
    world_limits_add_wire(&limits);
    limits.indexed = 1;
    void *memory = calloc(1, world_bytes(&limits));
    CU_ASSERT_PTR_NOT_NULL_FATAL(memory);
    static _Alignas(8) uint8_t plainly[2 * MACHINE_WORLD_BYTES];
    uint8_t *encoded = malloc(2 * world_bytes(&limits));
    CU_ASSERT_PTR_NOT_NULL_FATAL(encoded);
    struct profile open = { .name = "open" };
    open.answers[Q89_IMPLEMENTED] = Q89_YES + 1;
    for (uint64_t seed = 0; seed < 6; seed++) {
        struct walk plain, indexed;
        walk_begin(&plain, 55 + seed);
        walk_begin(&indexed, 55 + seed);
        give_world(&indexed, memory, &limits);
        if (seed >= 2) plain.machine.profile = indexed.machine.profile = open;
        simulating_chooser_init(&plain.machine.simulating, &plain.machine.profile, seed);
        simulating_chooser_init(&indexed.machine.simulating, &indexed.machine.profile, seed);
        unsigned different = 0;
        for (unsigned i = 0; i < STEPS_INDEXED; i++) {
            plain.machine.unchecked = indexed.machine.unchecked = i % 50 != 0; /* the check of the indexes is dear */
            walk_on(&plain);
            walk_on(&indexed);
            different += !same_result(&plain.machine.result, &indexed.machine.result);
        }
        CU_ASSERT_EQUAL(different, 0);
        CU_ASSERT_EQUAL(plain.machine.simulating.asked_count, indexed.machine.simulating.asked_count);
        CU_ASSERT(seed >= 2 || plain.granted_blocks > 0);
        size_t length = world_encode(indexed.machine.world, encoded);
        CU_ASSERT_EQUAL(world_encode(plain.machine.world, plainly), length);
        CU_ASSERT_EQUAL(memcmp(encoded, plainly, length), 0);
    }
    free(encoded);
    free(memory);
}

/* --- a crowd: many sockets on few ports, under all that lets them share --- */

static void crowd_pin(struct walk *walk) {
    uint8_t processor[2];
    uint64_t socket = some_handle(walk);
    store_u16(processor, (uint16_t)roll(walk, 3));
    control(&walk->machine, socket, CODE_CPU_AFFINITY);
    with_input(&walk->machine, processor, sizeof processor);
    perform(&walk->machine);
}

static void crowd_option(struct walk *walk) {
    static const int options[] = { REUSE_ADDRESS, REUSE_ADDRESS, EXCLUSIVE_ADDRESS, V6_ONLY, PORT_SCALABILITY };
    uint64_t socket = some_handle(walk);
    int option = options[roll(walk, 5)];
    uint32_t value = roll(walk, 3) != 0;
    set_option(&walk->machine, socket, option, value);
}

static void crowd_bind(struct walk *walk) {
    static const unsigned ports[] = { 50000, 50000, 50001, 50001, 50002, 0 };
    uint64_t socket = some_handle(walk);
    enum address address = some_address(walk);
    unsigned port = ports[roll(walk, 6)];
    walk->refused += is_of_transport(walk, socket) && bind_at(&walk->machine, socket, address, port) != 0;
}

static void crowd_on(struct walk *walk) {
    unsigned thread = roll(walk, THREADS);
    speak_as(&walk->machine, thread);
    switch (roll(walk, 10)) {
    case 0:
    case 1:
    case 2: step_socket(walk); break;
    case 3:
    case 4: crowd_option(walk); break;
    case 5: crowd_pin(walk); break;
    case 6: step_connect(walk); break;
    default: crowd_bind(walk); break;
    }
}

/* All questions open; on an old build, whose exclusions forget SO_REUSEADDR (N4.3.6), one lies over a port. */
static void crowd_begin(struct walk *walk, uint64_t seed) {
    static const struct profile open = { .name = "open" };
    walk->machine.profile = open;
    walk->machine.unchecked = true;
    simulating_chooser_init(&walk->machine.simulating, &walk->machine.profile, seed);
    walk->machine.world->build = seed % 2 == 0 ? 9600 : 22621;
    CU_ASSERT_NOT_EQUAL(exclusion_add(walk->machine.world, PROTOCOL_TCP, 50001, 50001, true), NO_ROW);
}

/* Who binds where others are looks at their sockets in the same order, found by the index or by looking at all. */
static void a_crowd_is_answered_alike(void) {
    enum { STEPS_CROWDED = 4000, SEEDS = 4 };
    struct world_limits limits = world_limits_small();
    world_limits_add_wire(&limits);
    limits.indexed = 1;
    void *memory = calloc(1, world_bytes(&limits));
    CU_ASSERT_PTR_NOT_NULL_FATAL(memory);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct walk plain, indexed;
        walk_begin(&plain, 77 + seed);
        walk_begin(&indexed, 77 + seed);
        give_world(&indexed, memory, &limits);
        crowd_begin(&plain, seed);
        crowd_begin(&indexed, seed);
        unsigned different = 0;
        for (unsigned i = 0; i < STEPS_CROWDED; i++) {
            crowd_on(&plain);
            crowd_on(&indexed);
            different += !same_result(&plain.machine.result, &indexed.machine.result);
            if (i % 200 == 0) CU_ASSERT_PTR_NULL(model_check(indexed.machine.world));
        }
        CU_ASSERT_EQUAL(different, 0);
        CU_ASSERT_EQUAL(plain.machine.simulating.asked_count, indexed.machine.simulating.asked_count);
        CU_ASSERT(plain.refused > STEPS_CROWDED / 20);
    }
    free(memory);
}

void register_model_walk_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model walk", NULL, NULL);
    CU_add_test(suite, "both profiles walk", both_profiles_walk);
    CU_add_test(suite, "open profiles walk", open_profiles_walk);
    CU_add_test(suite, "every table runs full", every_table_runs_full);
    CU_add_test(suite, "indexes change no answer", indexes_change_no_answer);
    CU_add_test(suite, "a crowd is answered alike", a_crowd_is_answered_alike);
    CU_add_test(suite, "equal seeds walk to equal worlds", equal_seeds_walk_to_equal_worlds);
}
