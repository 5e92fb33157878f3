#include "sim/link/tests/model_peer.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/link/program.h"
#include "stack/errors.h"
#include "stack/model/model.h"
#include "stack/sdk/socket_values.h"

enum { PATIENCE_S = 90, QUIET_NS = 1000000000 };

static const struct endpoint wildcard = { .family = 4, .port = PEER_PORT };
static const struct endpoint kernel = { .family = 4, .port = PEER_PORT, .address = { { 10, 77, 0, 1 } } };

/* One machine with one program, at the end of a link. */
struct peer {
    struct simulating_chooser chooser;
    struct program program;
    struct tun_link link;
};

static bool pass_packets(struct peer *peer) {
    struct result unseen;
    result_clear(&unseen);
    if (tun_link_pass(&peer->link, &unseen, 5)) return true;
    perror("the model's end: the device");
    return false;
}

static bool in_time(const struct peer *peer) { return peer->program.world->now_ns < PATIENCE_S * 1000000000ull; }

/* --- getting together --------------------------------------------------------------------------------------------- */

static int64_t accept_one(struct peer *peer) {
    int64_t listener = program_socket(&peer->program, 4, PROTOCOL_TCP);
    if (program_bind(&peer->program, listener, &wildcard) != 0) return -1;
    if (program_listen(&peer->program, listener, 5) != 0) return -1;
    while (in_time(peer)) {
        int64_t talker = program_accept(&peer->program, listener);
        if (talker != -1) return talker;
        if (peer->program.error != WSAEWOULDBLOCK || !pass_packets(peer)) return -1;
    }
    return -1;
}

/* The kernel may not listen yet: a refused connect is tried again. */
static int64_t connect_one(struct peer *peer) {
    int64_t talker = program_socket(&peer->program, 4, PROTOCOL_TCP);
    while (in_time(peer)) {
        if (program_connect(&peer->program, talker, &kernel) == 0) return talker;
        switch (peer->program.error) {
        case WSAEISCONN: return talker;
        case WSAEWOULDBLOCK:
        case WSAEALREADY:
        case WSAECONNREFUSED: break;
        default: return -1;
        }
        if (!pass_packets(peer)) return -1;
    }
    return -1;
}

/* --- talking ------------------------------------------------------------------------------------------------------ */

/* Says as much as fits. False: an error. */
static bool say(struct peer *peer, int64_t talker, uint32_t *said, uint32_t bytes) {
    while (*said < bytes) {
        uint8_t chunk[PROGRAM_SEND_MAX];
        uint32_t count = bytes - *said < sizeof chunk ? bytes - *said : (uint32_t)sizeof chunk;
        for (uint32_t i = 0; i < count; i++) chunk[i] = peer_byte(false, *said + i);
        int64_t taken = program_send(&peer->program, talker, chunk, count);
        if (taken < 0) return peer->program.error == WSAEWOULDBLOCK;
        *said += (uint32_t)taken;
    }
    return true;
}

/* Hears what is there. False: an error, or not what the kernel says. */
static bool hear(struct peer *peer, int64_t talker, uint32_t *heard, bool *ended) {
    while (!*ended) {
        uint8_t chunk[PROGRAM_RECEIVE_MAX];
        int64_t count = program_receive(&peer->program, talker, chunk, sizeof chunk);
        if (count < 0) return peer->program.error == WSAEWOULDBLOCK;
        *ended = count == 0;
        for (uint32_t i = 0; i < (uint32_t)count; i++)
            if (chunk[i] != peer_byte(true, *heard + i)) return false;
        *heard += (uint32_t)count;
    }
    return true;
}

static bool converse(struct peer *peer, int64_t talker, const struct peer_task *task) {
    uint32_t said = 0, heard = 0;
    bool ended = false, finished = false;
    if (talker == -1) return false;
    while (!ended || said < task->bytes || !finished) {
        if (!say(peer, talker, &said, task->bytes) || !hear(peer, talker, &heard, &ended)) return false;
        bool all = said == task->bytes && heard == task->bytes;
        if (!finished && all && (task->closes_first || ended)) {
            program_shutdown(&peer->program, talker, SD_SEND);
            finished = true;
        }
        if (!pass_packets(peer) || !in_time(peer)) return false;
    }
    return heard == task->bytes;
}

/* --- datagrams ---------------------------------------------------------------------------------------------------- */

/* Says each back, and ends when none has come for a second: what was lost on its way is said again before that. */
static bool say_back(struct peer *peer, const struct peer_task *task) {
    int64_t socket = program_socket(&peer->program, 4, PROTOCOL_UDP);
    const struct world *world = peer->program.world;
    uint64_t last_ns = world->now_ns;
    if (program_bind(&peer->program, socket, &wildcard) != 0) return false;
    for (uint32_t answered = 0; in_time(peer) && (answered < task->bytes || world->now_ns - last_ns < QUIET_NS);) {
        uint8_t chunk[PROGRAM_RECEIVE_MAX];
        struct endpoint from;
        int64_t count = program_receive_from(&peer->program, socket, chunk, sizeof chunk, &from);
        if (count < 0 && (peer->program.error != WSAEWOULDBLOCK || !pass_packets(peer))) return false;
        if (count < 0) continue;
        if (program_send_to(&peer->program, socket, chunk, (uint32_t)count, &from) != count) return false;
        answered++;
        last_ns = world->now_ns;
        if (!pass_packets(peer)) return false;
    }
    return true;
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

static void make_machine(struct peer *peer) {
    static const uint8_t here[4] = { 10, 77, 0, 2 };
    struct world_limits limits = world_limits_small();
    world_limits_add_wire(&limits);
    limits.packets = 512;
    limits.stream_bytes = 131072;
    void *memory = malloc(world_bytes(&limits));
    if (memory == NULL) abort();
    simulating_chooser_init(&peer->chooser, profile_named("windows"), 0);
    program_start(&peer->program, world_create(memory, &limits), &peer->chooser.chooser);
    model_add_address(peer->program.world, 4, here);
}

static bool do_task(struct peer *peer, const struct peer_task *task) {
    if (task->datagrams) return say_back(peer, task);
    int64_t talker = task->role == PEER_LISTENS ? accept_one(peer) : connect_one(peer);
    return converse(peer, talker, task);
}

bool model_peer_run(const struct peer_task *task, int device, const struct link_faults *faults) {
    static struct peer peer; /* large: it keeps packets */
    make_machine(&peer);
    struct world *world = peer.program.world;
    tun_link_begin(&peer.link, device, world, &peer.chooser.chooser);
    peer.link.faults = *faults;
    bool good = do_task(&peer, task);
    const char *broken = model_check(world);
    for (unsigned i = 0; i < 100 && good; i++) good = pass_packets(&peer); /* the last acknowledgement goes out */
    if (broken != NULL) fprintf(stderr, "the model's end: %s\n", broken);
    free(world);
    return good && broken == NULL;
}
