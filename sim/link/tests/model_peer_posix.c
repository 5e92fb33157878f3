#include "sim/link/tests/model_peer.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "stack/call/call.h"
#include "stack/call/functions.h"
#include "stack/errors.h"
#include "stack/model/model.h"
#include "stack/sdk/socket_values.h"

enum { BUFFER = 0x1000, NAME = 0x2000, FLAG = 0x3000, PATIENCE_S = 90, CHUNK_MAX = RESULT_BYTES_MAX };

/* One machine with one process and one thread, none of whose calls waits. */
struct peer {
    struct world *world;
    struct simulating_chooser chooser;
    struct tun_link link;
    struct call call;
    struct result result;
};

static void begin(struct peer *peer, enum function function, uint64_t first) {
    call_clear(&peer->call);
    peer->call.function = (uint16_t)function;
    memcpy(peer->call.arguments, &first, sizeof first);
}

static void give(struct peer *peer, unsigned argument, uint64_t address, const void *bytes, uint32_t length) {
    peer->call.arguments[argument] = address;
    peer->call.ranges[argument] = (struct range){ .address = address, .length = length, .state = RANGE_GOOD };
    if (bytes != NULL && !call_put_bytes(&peer->call, argument, bytes, length)) abort();
}

static void name_place(struct peer *peer, unsigned argument, unsigned length_argument, const uint8_t address[4]) {
    uint8_t name[SOCKADDR_IN_SIZE] = { AF_INET };
    store_u16_network(name + 2, PEER_PORT);
    memcpy(name + 4, address, 4);
    give(peer, argument, NAME, name, sizeof name);
    peer->call.arguments[length_argument] = sizeof name;
}

/* The value, and the error of a call that failed. */
static int64_t perform(struct peer *peer, uint32_t *error) {
    model_call(peer->world, &peer->chooser.chooser, &peer->call, &peer->result);
    assert(peer->result.status == RESULT_RETURNED);
    *error = peer->result.error;
    return (int64_t)peer->result.value;
}

static uint64_t open_socket(struct peer *peer, int type) {
    const uint8_t on[4] = { 1, 0, 0, 0 };
    uint32_t error = 0;
    begin(peer, FUNCTION_socket, AF_INET);
    peer->call.arguments[socket_type] = (uint64_t)type;
    uint64_t socket = (uint64_t)perform(peer, &error);
    begin(peer, FUNCTION_ioctlsocket, socket);
    peer->call.arguments[ioctlsocket_cmd] = FIONBIO;
    give(peer, ioctlsocket_argp, FLAG, on, sizeof on);
    if (perform(peer, &error) != 0) abort();
    return socket;
}

static bool pass_packets(struct peer *peer) {
    struct result unseen;
    result_clear(&unseen);
    if (tun_link_pass(&peer->link, &unseen, 5)) return true;
    perror("the model's end: the device");
    return false;
}

static bool in_time(const struct peer *peer) { return peer->world->now_ns < PATIENCE_S * 1000000000ull; }

/* --- getting together --------------------------------------------------------------------------------------------- */

static int64_t bind_here(struct peer *peer, uint64_t socket) {
    static const uint8_t any[4] = { 0, 0, 0, 0 };
    uint32_t error = 0;
    begin(peer, FUNCTION_bind, socket);
    name_place(peer, bind_name, bind_namelen, any);
    return perform(peer, &error);
}

static bool accept_one(struct peer *peer, uint64_t *talker) {
    uint64_t listener = open_socket(peer, SOCK_STREAM);
    uint32_t error = 0;
    if (bind_here(peer, listener) != 0) return false;
    begin(peer, FUNCTION_listen, listener);
    peer->call.arguments[listen_backlog] = 5;
    if (perform(peer, &error) != 0) return false;
    while (in_time(peer)) {
        begin(peer, FUNCTION_accept, listener);
        peer->call.ranges[accept_addr].state = peer->call.ranges[accept_addrlen].state = RANGE_NULL;
        int64_t accepted = perform(peer, &error);
        *talker = (uint64_t)accepted;
        if (accepted != -1) return true;
        if (error != WSAEWOULDBLOCK || !pass_packets(peer)) return false;
    }
    return false;
}

/* The kernel may not listen yet: a refused connect is tried again. */
static bool connect_one(struct peer *peer, uint64_t *talker) {
    static const uint8_t kernel[4] = { 10, 77, 0, 1 };
    *talker = open_socket(peer, SOCK_STREAM);
    while (in_time(peer)) {
        uint32_t error = 0;
        begin(peer, FUNCTION_connect, *talker);
        name_place(peer, connect_name, connect_namelen, kernel);
        int64_t value = perform(peer, &error);
        if (value == 0 || error == WSAEISCONN) return true;
        if (error != WSAEWOULDBLOCK && error != WSAEALREADY && error != WSAECONNREFUSED) return false;
        if (!pass_packets(peer)) return false;
    }
    return false;
}

/* --- talking ------------------------------------------------------------------------------------------------------ */

/* Says as much as fits. False: an error. */
static bool say(struct peer *peer, uint64_t talker, uint32_t *said, uint32_t bytes) {
    while (*said < bytes) {
        uint8_t chunk[CHUNK_MAX];
        uint32_t count = bytes - *said < CHUNK_MAX ? bytes - *said : CHUNK_MAX;
        uint32_t error = 0;
        for (uint32_t i = 0; i < count; i++) chunk[i] = peer_byte(false, *said + i);
        begin(peer, FUNCTION_send, talker);
        give(peer, send_buf, BUFFER, chunk, count);
        peer->call.arguments[send_len] = count;
        int64_t value = perform(peer, &error);
        if (value < 0) return error == WSAEWOULDBLOCK;
        *said += (uint32_t)value;
    }
    return true;
}

/* Hears what is there. False: an error, or not what the kernel says. */
static bool hear(struct peer *peer, uint64_t talker, uint32_t *heard, bool *ended) {
    while (!*ended) {
        uint32_t error = 0;
        begin(peer, FUNCTION_recv, talker);
        give(peer, recv_buf, BUFFER, NULL, CHUNK_MAX);
        peer->call.arguments[recv_len] = CHUNK_MAX;
        int64_t value = perform(peer, &error);
        if (value < 0) return error == WSAEWOULDBLOCK;
        *ended = value == 0;
        for (uint32_t i = 0; i < (uint32_t)value; i++)
            if (peer->result.bytes[i] != peer_byte(true, *heard + i)) return false;
        *heard += (uint32_t)value;
    }
    return true;
}

static void end_sending(struct peer *peer, uint64_t talker) {
    uint32_t error = 0;
    begin(peer, FUNCTION_shutdown, talker);
    peer->call.arguments[shutdown_how] = SD_SEND;
    perform(peer, &error);
}

static bool converse(struct peer *peer, uint64_t talker, const struct peer_task *task) {
    uint32_t said = 0, heard = 0;
    bool ended = false, finished = false;
    while (!ended || said < task->bytes || !finished) {
        if (!say(peer, talker, &said, task->bytes) || !hear(peer, talker, &heard, &ended)) return false;
        bool all = said == task->bytes && heard == task->bytes;
        if (!finished && all && (task->closes_first || ended)) {
            end_sending(peer, talker);
            finished = true;
        }
        if (!pass_packets(peer) || !in_time(peer)) return false;
    }
    return heard == task->bytes;
}

/* --- datagrams ---------------------------------------------------------------------------------------------------- */

static bool say_back(struct peer *peer, const struct peer_task *task) {
    uint64_t socket = open_socket(peer, SOCK_DGRAM);
    if (bind_here(peer, socket) != 0) return false;
    for (uint32_t answered = 0; answered < task->bytes && in_time(peer);) {
        uint8_t length[4], chunk[CHUNK_MAX], name[SOCKADDR_IN_SIZE];
        uint32_t error = 0;
        store_u32(length, sizeof name);
        begin(peer, FUNCTION_recvfrom, socket);
        give(peer, recvfrom_buf, BUFFER, NULL, CHUNK_MAX);
        peer->call.arguments[recvfrom_len] = CHUNK_MAX;
        give(peer, recvfrom_from, NAME, NULL, sizeof name);
        give(peer, recvfrom_fromlen, FLAG, length, sizeof length);
        int64_t count = perform(peer, &error);
        if (count < 0 && (error != WSAEWOULDBLOCK || !pass_packets(peer))) return false;
        if (count < 0) continue;
        for (unsigned i = 0; i < peer->result.writes_count; i++) {
            const struct result_write *write = &peer->result.writes[i];
            if (write->address == BUFFER) memcpy(chunk, peer->result.bytes + write->bytes_offset, write->length);
            if (write->address == NAME) memcpy(name, peer->result.bytes + write->bytes_offset, sizeof name);
        }
        begin(peer, FUNCTION_sendto, socket);
        give(peer, sendto_buf, BUFFER, chunk, (uint32_t)count);
        peer->call.arguments[sendto_len] = (uint64_t)count;
        give(peer, sendto_to, NAME, name, sizeof name);
        peer->call.arguments[sendto_tolen] = sizeof name;
        if (perform(peer, &error) != count) return false;
        answered++;
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
    peer->world = world_create(memory, &limits);
    simulating_chooser_init(&peer->chooser, profile_named("windows"), 0);
    model_process_start(peer->world, 0, 0, 0, 0x0202);
    model_add_address(peer->world, 4, here);
}

bool model_peer_run(const struct peer_task *task, int device, const struct link_faults *faults) {
    static struct peer peer; /* large: it keeps packets */
    uint64_t talker = 0;
    make_machine(&peer);
    tun_link_begin(&peer.link, device, peer.world, &peer.chooser.chooser);
    peer.link.faults = *faults;
    bool good = task->datagrams
                    ? say_back(&peer, task)
                    : (task->role == PEER_LISTENS ? accept_one(&peer, &talker) : connect_one(&peer, &talker)) &&
                          converse(&peer, talker, task);
    const char *broken = model_check(peer.world);
    for (unsigned i = 0; i < 100 && good; i++) good = pass_packets(&peer); /* the last acknowledgement goes out */
    if (broken != NULL) fprintf(stderr, "the model's end: %s\n", broken);
    free(peer.world);
    return good && broken == NULL;
}
