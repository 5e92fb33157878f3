/* Sockets that talk at random, in a world with the indexes of a whole machine and in one without, and four things that
 * hold whatever they do: both worlds answer alike; the invariants; what is heard is what was said, in its order; and
 * what WSAPoll says of a socket is what a call then meets. */
#include <stdlib.h>
#include <string.h>

#include "stack/model/model.h"
#include "stack/sdk/poll_values.h"
#include "stack/tests/fixture_names.h"
#include "stack/tests/fixture_wire.h"

void register_wire_walk_tests(void);

enum { STEPS = 2500, SEEDS = 6, SOCKETS = 12, LONGEST = 40, LONG_WORD = 700, EVENTS_ADDRESS = 0xd000 };

struct talker {
    uint64_t handle; /* 0: none */
    bool streams;
    unsigned said, heard; /* letters so far */
};

struct crowd {
    struct machine machine;
    uint64_t dice;
    struct talker talkers[SOCKETS];
    unsigned words, heard, accepted, refused, ends, polled;
};

/* At most one roll stands in an expression: compilers differ in their order. */
static unsigned roll(struct crowd *crowd, unsigned sides) {
    crowd->dice ^= crowd->dice << 13; /* xorshift64 */
    crowd->dice ^= crowd->dice >> 7;
    crowd->dice ^= crowd->dice << 17;
    return (unsigned)(crowd->dice >> 11) % sides;
}

static char letter(unsigned position) { return (char)('a' + position % 23); }

static unsigned some_port(struct crowd *crowd) {
    static const unsigned ports[] = { 50000, 50001, 50002, 50003 };
    return ports[roll(crowd, 4)];
}

/* --- what a socket can do ----------------------------------------------------------------------------------------- */

static uint32_t polled(struct machine *m, uint64_t socket) {
    struct call call;
    uint8_t asked[4];
    call_clear(&call);
    call.function = FUNCTION_WSAPoll;
    put_set(&call, WSAPoll_fd, &socket, 1);
    store_u32(asked, POLLRDNORM | POLLWRNORM);
    call.arguments[WSAPoll_events] = EVENTS_ADDRESS;
    call.ranges[WSAPoll_events] = (struct range){ .state = RANGE_GOOD, .address = EVENTS_ADDRESS, .length = 4 };
    bool put = call_put_bytes(&call, WSAPoll_events, asked, sizeof asked);
    CU_ASSERT_TRUE_FATAL(put);
    run_call(m, &call);
    const uint8_t *events = written(m, EVENTS_ADDRESS, 4);
    return events == NULL ? 0 : load_u32(events);
}

static void hear(struct crowd *crowd, struct talker *talker) {
    struct machine *m = &crowd->machine;
    char text[64];
    uint32_t events = talker->streams ? polled(m, talker->handle) : 0;
    uint32_t error = receive_at_most(m, talker->handle, 1 + roll(crowd, LONGEST), text);
    if (talker->streams && error != WSAENOTCONN && error != WSAESHUTDOWN /* said by this side itself */) {
        bool readable = (events & (POLLRDNORM | POLLHUP | POLLERR)) != 0;
        CU_ASSERT_EQUAL(readable, error != WSAEWOULDBLOCK);
        crowd->polled++;
    }
    crowd->refused += error != 0;
    if (error != 0) return;
    unsigned count = (unsigned)m->result.value;
    crowd->ends += talker->streams && count == 0;
    for (unsigned i = 0; i < count; i++) {
        unsigned position = talker->streams ? talker->heard + i : (unsigned)(text[0] - 'a') + i;
        CU_ASSERT_EQUAL(text[i], letter(position));
    }
    talker->heard += count;
    crowd->heard += count > 0;
}

static void say(struct crowd *crowd, struct talker *talker) {
    struct machine *m = &crowd->machine;
    char text[LONG_WORD + 1];
    unsigned longest = roll(crowd, 4) == 0 ? (unsigned)LONG_WORD : (unsigned)LONGEST;
    unsigned length = 1 + roll(crowd, longest);
    for (unsigned i = 0; i < length; i++) text[i] = letter(talker->said + i);
    text[length] = 0;
    uint32_t events = talker->streams ? polled(m, talker->handle) : 0;
    uint32_t error = send_text(m, talker->handle, text);
    if ((events & POLLWRNORM) != 0) CU_ASSERT_NOT_EQUAL(error, WSAEWOULDBLOCK);
    crowd->refused += error != 0;
    if (error != 0) return;
    crowd->words++;
    if (talker->streams) talker->said += (unsigned)m->result.value;
}

/* One that can, from a random place on; else the one that was drawn. */
static struct talker *able(struct crowd *crowd, struct talker *drawn, uint32_t events) {
    if (roll(crowd, 5) == 0) return drawn;
    unsigned first = roll(crowd, SOCKETS);
    for (unsigned i = 0; i < SOCKETS; i++) {
        struct talker *talker = &crowd->talkers[(first + i) % SOCKETS];
        if (talker->handle != 0 && talker->streams && (polled(&crowd->machine, talker->handle) & events) != 0)
            return talker;
    }
    return drawn;
}

static void hears(struct crowd *crowd, struct talker *talker) { hear(crowd, able(crowd, talker, POLLRDNORM)); }
static void says(struct crowd *crowd, struct talker *talker) { say(crowd, able(crowd, talker, POLLWRNORM)); }

/* --- steps -------------------------------------------------------------------------------------------------------- */

static void learn(struct crowd *crowd, uint64_t handle, bool streams) {
    struct talker *talker = &crowd->talkers[roll(crowd, SOCKETS)];
    for (unsigned i = 0; talker->handle != 0 && i < SOCKETS; i++)
        talker = &crowd->talkers[i]; /* a free place, if any */
    if (talker->handle != 0) close_socket(&crowd->machine, talker->handle);
    *talker = (struct talker){ .handle = handle, .streams = streams };
    set_nonblocking(&crowd->machine, handle);
}

static void opens(struct crowd *crowd, struct talker *talker) {
    bool streams = roll(crowd, 4) != 0, six = roll(crowd, 4) == 0;
    uint64_t handle = 0;
    (void)talker;
    if (make_socket(&crowd->machine, six ? AF_V6 : AF_V4, streams ? STREAM : DATAGRAM, streams ? TCP : UDP, &handle) ==
        0)
        learn(crowd, handle, streams);
}

static void binds(struct crowd *crowd, struct talker *talker) {
    unsigned port = roll(crowd, 3) == 0 ? 0 : some_port(crowd);
    enum address address = (enum address)roll(crowd, MAPPED_LOOPBACK + 1);
    crowd->refused += bind_at(&crowd->machine, talker->handle, address, port) != 0;
}

static void listens(struct crowd *crowd, struct talker *talker) {
    listen_on(&crowd->machine, talker->handle);
    (void)crowd;
}

static void connects(struct crowd *crowd, struct talker *talker) {
    enum address address = roll(crowd, 4) == 0 ? LOOPBACK_V6 : LOOPBACK_V4;
    uint32_t error = connect_to(&crowd->machine, talker->handle, address, some_port(crowd));
    crowd->refused += error != 0;
}

/* A server at one of the ports, or a client of one of them: what random steps alone seldom make. */
static void serves(struct crowd *crowd, struct talker *talker) {
    uint64_t handle = 0;
    (void)talker;
    if (make_socket(&crowd->machine, AF_V4, STREAM, TCP, &handle) != 0) return;
    learn(crowd, handle, true);
    bind_at(&crowd->machine, handle, roll(crowd, 2) == 0 ? LOOPBACK_V4 : ANY_V4, some_port(crowd));
    listen_on(&crowd->machine, handle);
}

static void calls(struct crowd *crowd, struct talker *talker) {
    uint64_t handle = 0;
    (void)talker;
    if (make_socket(&crowd->machine, AF_V4, STREAM, TCP, &handle) != 0) return;
    learn(crowd, handle, true);
    crowd->refused += connect_to(&crowd->machine, handle, LOOPBACK_V4, some_port(crowd)) != 0;
}

static void accepts(struct crowd *crowd, struct talker *talker) {
    uint64_t accepted = 0;
    if (accept_on(&crowd->machine, able(crowd, talker, POLLRDNORM)->handle, &accepted) != 0) return;
    crowd->accepted++;
    learn(crowd, accepted, true);
}

static void shuts(struct crowd *crowd, struct talker *talker) {
    shut_down(&crowd->machine, talker->handle, roll(crowd, 3));
}

static void lingers(struct crowd *crowd, struct talker *talker) {
    linger_for(&crowd->machine, talker->handle, roll(crowd, 2));
}

static void closes(struct crowd *crowd, struct talker *talker) {
    close_socket(&crowd->machine, talker->handle);
    talker->handle = 0;
}

static void time_passes(struct crowd *crowd, struct talker *talker) {
    static const unsigned milliseconds[] = { 1, 50, 300, 2000, 130000 };
    (void)talker;
    pass_time(&crowd->machine, milliseconds[roll(crowd, 5)]);
}

static void reserves(struct crowd *crowd, struct talker *talker) {
    struct grant grant;
    if (acquire(&crowd->machine, talker->handle, 0, 1 + roll(crowd, 3), &grant) == 0)
        associate(&crowd->machine, talker->handle, grant.token);
}

static void step(struct crowd *crowd) {
    static const struct {
        unsigned weight;
        void (*happens)(struct crowd *crowd, struct talker *talker);
    } steps[] = {
        { 3, opens },   { 4, binds },   { 3, listens },     { 4, connects }, { 4, serves },
        { 6, calls },   { 9, accepts }, { 14, says },       { 12, hears },   { 1, shuts },
        { 1, lingers }, { 2, closes },  { 2, time_passes }, { 1, reserves },
    };
    struct talker *talker = &crowd->talkers[roll(crowd, SOCKETS)];
    unsigned at = roll(crowd, 66), i = 0;
    while (at >= steps[i].weight) at -= steps[i++].weight;
    bool wants_none = steps[i].happens == opens || steps[i].happens == serves || steps[i].happens == calls;
    if (talker->handle != 0 || wants_none || steps[i].happens == time_passes) steps[i].happens(crowd, talker);
}

/* --- two worlds --------------------------------------------------------------------------------------------------- */

static void begin(struct crowd *crowd, uint64_t seed, void *memory, const struct world_limits *limits) {
    memset(crowd, 0, sizeof *crowd);
    machine_begin(&crowd->machine);
    crowd->dice = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    static const struct profile open = { .name = "open" };
    if (seed % 2 == 1) crowd->machine.profile = open;
    if (seed % 2 == 1) crowd->machine.profile.answers[Q89_IMPLEMENTED] = Q89_YES + 1;
    simulating_chooser_init(&crowd->machine.simulating, &crowd->machine.profile, seed / 2);
    if (memory == NULL) return;
    memset(memory, 0, world_bytes(limits));
    crowd->machine.world = world_create(memory, limits);
    model_process_start(crowd->machine.world, PROCESS_APP, APP, 0, 0x0202);
    model_thread_start(crowd->machine.world, APP_SECOND, PROCESS_APP);
}

static void much_was_said(const struct crowd *crowd) {
    CU_ASSERT(crowd->words > STEPS / 80);
    CU_ASSERT(crowd->heard > STEPS / 200);
    CU_ASSERT(crowd->accepted > STEPS / 200);
    CU_ASSERT(crowd->polled > STEPS / 200);
}

static bool alike(const struct crowd *plain, const struct crowd *indexed) {
    static _Alignas(8) uint8_t one[2 * MACHINE_WORLD_BYTES];
    static uint8_t *other;
    if (other == NULL) other = malloc(2 * (size_t)indexed->machine.world->bytes);
    if (other == NULL) return false;
    size_t length = world_encode(plain->machine.world, one);
    bool same = world_encode(indexed->machine.world, other) == length && memcmp(one, other, length) == 0;
    free(other);
    other = NULL;
    return same;
}

static void whatever_they_do(void) {
    struct world_limits limits = world_limits_small();
    world_limits_add_wire(&limits);
    limits.indexed = 1;
    void *memory = calloc(1, world_bytes(&limits));
    CU_ASSERT_PTR_NOT_NULL_FATAL(memory);
    unsigned ends = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        static struct crowd plain, indexed;
        unsigned different = 0, failures = CU_get_number_of_failures();
        begin(&plain, seed, NULL, &limits);
        begin(&indexed, seed, memory, &limits);
        for (unsigned i = 0; i < STEPS && different == 0 && CU_get_number_of_failures() == failures; i++) {
            indexed.machine.unchecked = i % 100 != 0; /* the check of the indexes is dear */
            step(&plain);
            step(&indexed);
            different += !same_result(&plain.machine.result, &indexed.machine.result);
            if (i % 200 == 0) CU_ASSERT(alike(&plain, &indexed));
            if (i % 50 == 0) CU_ASSERT(encodes_alike_renamed(plain.machine.world, i + 1));
        }
        CU_ASSERT_EQUAL(different, 0);
        CU_ASSERT_EQUAL(plain.machine.simulating.asked_count, indexed.machine.simulating.asked_count);
        much_was_said(&plain);
        ends += plain.ends;
    }
    CU_ASSERT(ends > SEEDS);
    free(memory);
}

void register_wire_walk_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/transport talking at random", NULL, NULL);
    CU_add_test(suite, "whatever they do", whatever_they_do);
}
