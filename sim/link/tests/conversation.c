#include "sim/link/tests/conversation.h"

#include <stdlib.h>
#include <string.h>

#include "sim/link/program.h"
#include "stack/errors.h"
#include "stack/model/model.h"
#include "stack/sdk/socket_values.h"

enum { SERVER_PORT = 49001, FLIGHTS = 64, STEPS_MAX = 2000000 };

static const uint64_t MILLISECOND_NS = 1000000, SECOND_NS = 1000000000;

/* Longer than any connection can last that does nothing: keep-alive gives it up after two hours and some minutes. */
static const uint64_t PATIENCE_NS = 24 * 3600 * UINT64_C(1000000000);

/* One of the two, in the middle of the conversation. */
struct side {
    struct program program;
    int64_t listener, talker; /* -1: none */
    bool connecting, told_all, heard_end, over;
    uint32_t said, heard, error;
};

struct talk {
    const struct conversation_plan *plan;
    struct network *network;
    struct side sides[SPEAKERS];
    const char *wrong;
};

static const struct endpoint places[2][SPEAKERS] = {
    { { .family = 4, .address = { { 10, 0, 0, 1 } } },
      { .family = 4, .port = SERVER_PORT, .address = { { 10, 0, 0, 2 } } } },
    { { .family = 6, .address = { { 0xfd, [15] = 1 } } },
      { .family = 6, .port = SERVER_PORT, .address = { { 0xfd, [15] = 2 } } } },
};

static const struct endpoint *place_of(const struct talk *talk, enum speaker speaker) {
    return &places[talk->plan->family == 6][speaker];
}

/* The byte at a position of what each says; the two differ. */
static uint8_t spoken(enum speaker speaker, uint32_t position) {
    return (uint8_t)(position * 31u + position / 251u + (speaker == CLIENT ? 0 : 7));
}

/* --- what a program does ------------------------------------------------------------------------------------------ */

static void give_up(struct side *side, uint32_t error) {
    side->error = error;
    side->over = true;
    program_close(&side->program, side->talker);
}

static void get_together(struct talk *talk, enum speaker speaker) {
    struct side *side = &talk->sides[speaker];
    if (speaker == SERVER) {
        side->talker = program_accept(&side->program, side->listener);
        if (side->talker != -1) program_keep_alive(&side->program, side->talker);
        return;
    }
    uint32_t late = program_late_error(&side->program, side->talker);
    if (late != 0) {
        give_up(side, late);
        return;
    }
    int64_t value = program_connect(&side->program, side->talker, place_of(talk, SERVER));
    uint32_t error = side->program.error;
    side->connecting = value != 0 && error != WSAEISCONN;
    if (side->connecting && error != WSAEWOULDBLOCK && error != WSAEALREADY) give_up(side, error);
}

static void say(struct talk *talk, enum speaker speaker) {
    struct side *side = &talk->sides[speaker];
    uint32_t total = talk->plan->bytes[speaker];
    while (side->said < total && !side->over) {
        uint8_t chunk[700];
        uint32_t count = total - side->said < sizeof chunk ? total - side->said : (uint32_t)sizeof chunk;
        for (uint32_t i = 0; i < count; i++) chunk[i] = spoken(speaker, side->said + i);
        int64_t taken = program_send(&side->program, side->talker, chunk, count);
        if (taken == -1 && side->program.error == WSAEWOULDBLOCK) return;
        if (taken == -1) give_up(side, side->program.error);
        else side->said += (uint32_t)taken;
    }
    if (side->over || side->told_all) return;
    side->told_all = true;
    if (program_shutdown(&side->program, side->talker, SD_SEND) != 0) give_up(side, side->program.error);
}

static void hear(struct talk *talk, enum speaker speaker) {
    struct side *side = &talk->sides[speaker];
    while (!side->heard_end && !side->over) {
        uint8_t chunk[PROGRAM_RECEIVE_MAX];
        int64_t count = program_receive(&side->program, side->talker, chunk, sizeof chunk);
        if (count == -1 && side->program.error == WSAEWOULDBLOCK) return;
        if (count == -1) {
            give_up(side, side->program.error);
            return;
        }
        for (uint32_t i = 0; i < (uint32_t)count; i++)
            if (chunk[i] != spoken(speaker == CLIENT ? SERVER : CLIENT, side->heard + i))
                talk->wrong = "a byte arrived that was not said there";
        side->heard += (uint32_t)count;
        side->heard_end = count == 0;
    }
}

/* The program does what it can do now. */
static void act(struct talk *talk, enum speaker speaker) {
    struct side *side = &talk->sides[speaker];
    if (side->over) return;
    if (side->talker == -1 || side->connecting) get_together(talk, speaker);
    if (side->over || side->talker == -1 || side->connecting) return;
    say(talk, speaker);
    hear(talk, speaker);
    if (side->over || !side->told_all || !side->heard_end) return;
    side->over = true;
    program_close(&side->program, side->talker);
}

/* --- driving ------------------------------------------------------------------------------------------------------ */

static void check(struct talk *talk) {
    const char *broken = network_check(talk->network);
    if (broken != NULL && talk->wrong == NULL) talk->wrong = broken;
}

static void settle(struct talk *talk, struct chooser *chooser, const struct network_tap *tap, unsigned *steps) {
    struct result result;
    unsigned machine = 0;
    result_clear(&result);
    while (talk->wrong == NULL && network_step(talk->network, chooser, tap, &result, &machine)) {
        check(talk);
        if (machine < SPEAKERS) act(talk, (enum speaker)machine);
        if (++*steps > STEPS_MAX) talk->wrong = "the conversation does not come to an end";
    }
}

/* The link is cut, or works again, at the instants of the plan. */
static uint64_t switch_link(struct talk *talk) {
    const struct conversation_plan *plan = talk->plan;
    uint64_t now_ns = network_now_ns(talk->network);
    struct link_settings settings = plan->link;
    settings.cut = now_ns >= plan->cut_ns && now_ns < plan->mended_ns;
    network_set(talk->network, 0, &settings);
    if (now_ns < plan->cut_ns) return plan->cut_ns - now_ns;
    return now_ns < plan->mended_ns ? plan->mended_ns - now_ns : UINT64_MAX;
}

/* Until nothing happens any more: TIME_WAIT is over, too, and no timer is left. */
static void converse(struct talk *talk, struct chooser *chooser, const struct network_tap *tap) {
    unsigned steps = 0;
    while (talk->wrong == NULL && network_now_ns(talk->network) < PATIENCE_NS) {
        uint64_t switch_ns = switch_link(talk);
        settle(talk, chooser, tap, &steps);
        uint64_t next_ns = network_next_ns(talk->network);
        if (next_ns == UINT64_MAX) return;
        network_tick(talk->network, switch_ns < next_ns ? switch_ns : next_ns);
    }
    if (talk->wrong == NULL) talk->wrong = "something still happens after a day";
}

static struct network *machines(const struct conversation_plan *plan) {
    struct network_limits limits = { .machine = world_limits_small(), .machines = SPEAKERS, .flights = FLIGHTS };
    world_limits_add_wire(&limits.machine);
    if (plan->stream_bytes > limits.machine.stream_bytes) limits.machine.stream_bytes = plan->stream_bytes;
    void *memory = malloc(network_bytes(&limits));
    if (memory == NULL) abort();
    struct network *network = network_create(memory, &limits);
    if (network_join(network, CLIENT, SERVER, &plan->link) == LINK_NONE) abort();
    return network;
}

static void start(struct talk *talk, struct chooser *chooser) {
    unsigned family = talk->plan->family;
    for (unsigned i = 0; i < SPEAKERS; i++) {
        struct side *side = &talk->sides[i];
        struct world *world = network_machine(talk->network, i);
        side->listener = side->talker = -1;
        model_add_address(world, family, place_of(talk, (enum speaker)i)->address.bytes);
        program_start(&side->program, world, chooser);
    }
    struct side *server = &talk->sides[SERVER], *client = &talk->sides[CLIENT];
    server->listener = program_socket(&server->program, family, PROTOCOL_TCP);
    if (program_bind(&server->program, server->listener, place_of(talk, SERVER)) != 0 ||
        program_listen(&server->program, server->listener, 5) != 0)
        talk->wrong = "the server cannot listen";
    client->talker = program_socket(&client->program, family, PROTOCOL_TCP);
    client->connecting = true;
    program_keep_alive(&client->program, client->talker);
    act(talk, CLIENT);
}

struct conversation conversation_hold(const struct conversation_plan *plan, const struct network_tap *tap) {
    struct simulating_chooser chooser;
    struct talk talk = { .plan = plan, .network = machines(plan) };
    simulating_chooser_init(&chooser, profile_named("windows"), plan->seed);
    start(&talk, &chooser.chooser);
    converse(&talk, &chooser.chooser, tap);
    struct conversation held = { .wrong = talk.wrong, .met = talk.sides[SERVER].talker != -1 };
    for (unsigned i = 0; i < SPEAKERS; i++) {
        held.errors[i] = talk.sides[i].error;
        held.said[i] = talk.sides[i].said;
        held.heard[i] = talk.sides[i].heard;
    }
    held.took_ns = network_now_ns(talk.network);
    held.counts = talk.network->counts;
    free(talk.network);
    return held;
}

const char *conversation_check(const struct conversation *held, const struct conversation_plan *plan) {
    if (held->wrong != NULL) return held->wrong;
    if (held->heard[CLIENT] > held->said[SERVER] || held->heard[SERVER] > held->said[CLIENT])
        return "more was heard than was said";
    bool all = held->heard[CLIENT] == plan->bytes[SERVER] && held->heard[SERVER] == plan->bytes[CLIENT];
    bool failed = held->errors[CLIENT] != 0 || held->errors[SERVER] != 0;
    if (!all && !failed) return "bytes are missing, and no program learnt of an error";
    for (unsigned i = 0; i < SPEAKERS; i++) {
        uint32_t error = held->errors[i];
        bool explained = error == WSAECONNRESET || error == WSAETIMEDOUT || error == WSAECONNABORTED ||
                         error == WSAENETRESET; /* by keep-alives */
        if (error != 0 && !explained) return "an error that no fault of a link explains";
    }
    return NULL;
}

/* --- plans -------------------------------------------------------------------------------------------------------- */

static uint64_t draw(uint64_t *state, uint64_t count) {
    *state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t mixed = *state;
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
    return (mixed ^ mixed >> 31) % count;
}

/* Up to so many of a hundred packets; none in every third plan. */
static uint32_t drawn_share(uint64_t *state, unsigned of_hundred) {
    if (draw(state, 3) == 0) return 0;
    return (uint32_t)draw(state, (uint64_t)of_hundred * (LINK_DRAWS / 100) + 1);
}

struct conversation_plan conversation_drawn(uint64_t seed) {
    uint64_t state = seed;
    struct conversation_plan plan = { .seed = seed, .family = draw(&state, 2) == 0 ? 4 : 6 };
    plan.link.delay_ns = draw(&state, 200) * MILLISECOND_NS;
    plan.link.bits_per_second = draw(&state, 2) == 0 ? 0 : 10000 + draw(&state, 10000000);
    plan.link.late_ns = (1 + draw(&state, 300)) * MILLISECOND_NS;
    plan.link.lost = drawn_share(&state, 30);
    plan.link.repeated = drawn_share(&state, 20);
    plan.link.overtaken = drawn_share(&state, 40);
    plan.link.damaged = drawn_share(&state, 10);
    plan.bytes[CLIENT] = (uint32_t)draw(&state, draw(&state, 4) == 0 ? 20000 : 3000);
    plan.bytes[SERVER] = (uint32_t)draw(&state, draw(&state, 4) == 0 ? 20000 : 3000);
    plan.stream_bytes = 2048 + (uint32_t)draw(&state, 8) * 1024;
    plan.cut_ns = plan.mended_ns = UINT64_MAX;
    if (draw(&state, 4) != 0) return plan;
    plan.cut_ns = draw(&state, 3000) * MILLISECOND_NS;
    if (draw(&state, 2) == 0) plan.mended_ns = plan.cut_ns + draw(&state, 60) * SECOND_NS;
    return plan;
}
